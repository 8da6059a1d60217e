//! Globs as `like` and `input` understand them: over the whole text, `*` stops at `/`.

use globset::{Error, GlobBuilder};

/// Whether the glob compiles.
pub(crate) fn compile(pattern: &str) -> Result<(), Error> {
    GlobBuilder::new(pattern).literal_separator(true).build().map(drop)
}
