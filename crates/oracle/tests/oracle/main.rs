//! The engine against the naive interpreter on random programs, and against `crepe` on classic ones.

mod changes;
mod checker;
mod large;
mod policies;
mod random;
mod twins;
