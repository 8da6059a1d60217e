//! What came of tests, written down: a tree for people, JSON and JUnit for programs, coverage beside or within them.
//!
//! Each is a pure function of one [`super::TestReport`]. Times are told only where they are asked for, so that two runs of the same
//! tests give the same bytes.

mod coverage;
mod json;
mod junit;
mod lcov;
mod text;

pub use text::TestText;
