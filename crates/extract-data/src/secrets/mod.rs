//! Credentials in text: patterns come from the facts of `std.secret.pattern`, what they find becomes rows of `secret.match`, and
//! the places are masked before any other extractor sees the text.
//!
//! A pattern is *distinctive* if what it matches begins with letters of its own (`sk-ant-`, `hf_`). The others (a long value under
//! a telling name) match much that is no secret: hashes, names, settings. They are held to more, and count for nothing in lock
//! files and minified code.

mod judge;
mod name;
mod pattern;
mod scanner;

pub use pattern::SecretPattern;
pub use scanner::Scanner;

#[cfg(test)]
mod tests;
