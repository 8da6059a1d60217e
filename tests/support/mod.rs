//! What the product tests are made of: a sandbox to run the binary in, pages that say what to run, and a comparison
//! that knows placeholders.

pub mod examples;
pub mod matching;
pub mod page;
pub mod runner;
pub mod sandbox;

use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
