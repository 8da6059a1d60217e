//! The product, driven as a person would drive it: the built binary, real folders, what comes out.
//!
//! Most tests are pages (`tests/cases/*/*.md`): a page lays out files, runs commands and shows what they print, so that
//! one reads input and output together. `support` runs pages; the same runner executes the README and `docs/`. What
//! cannot be said by comparing text is a module here: schemas, identities, secrets, threads.
//!
//! `UPDATE_PAGES=1 cargo test -p lawbook --test product` writes the outputs anew: read the difference before keeping it.
// Tests of the product stand at the rim: they make folders and start the binary.
#![allow(clippy::disallowed_methods)]

mod codes;
mod corpus;
mod determinism;
mod documentation;
mod features;
mod lsp;
mod pages;
mod policies;
mod sarif;
mod secrets;
mod support;
