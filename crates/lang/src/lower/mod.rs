//! From resolved rules to an [`ir::Program`]: only what somebody asks for, params and `today()` by value, strata in
//! the order of evaluation.

mod program;
mod specialize;
#[cfg(test)]
mod tests;

pub(crate) use program::program;
