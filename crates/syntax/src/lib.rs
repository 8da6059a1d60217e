//! Text → pieces → tree with errors in place. Nothing above sees a `pest` pair.

pub mod ast;
