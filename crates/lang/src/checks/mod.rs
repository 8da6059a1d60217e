//! What can be wrong with policies: one file a family of diagnostics, each built by a function that takes what it
//! speaks of. Who calls them knows when; they know how it is said.
//!
//! | codes | family |
//! |---|---|
//! | E0201–E0219 | names that lead nowhere ([`unknown`]) |
//! |  | … and what they are called in other languages ([`habits`]) |
//! | E0220–E0239 | names declared twice or reserved ([`declared`]) |
//! | E0301–E0319 | types ([`types`]) |
//! | E0401–E0419 | the form of clauses ([`clauses`]) |
//! | E0420–E0429 | variables without a value ([`safety`]) |
//! | E0501 | recursion through negation ([`cycles`]) |
//! | E0601–E0619 | controls ([`controls`]) |
//! | E0630–E0659 | inputs ([`inputs`]) |
//! | E0701–E0719 | tests ([`tests`]) |
//! | W0701–W0739 | what is allowed and probably not meant ([`crate::lints`]) |

#[cfg(test)]
mod cascades;
pub(crate) mod clauses;
pub(crate) mod controls;
pub(crate) mod cycles;
pub(crate) mod declared;
pub(crate) mod habits;
pub(crate) mod inputs;
pub(crate) mod safety;
pub(crate) mod tests;
pub(crate) mod types;
pub(crate) mod unknown;
