//! The language server: the Language Server Protocol spoken for the functions of `ide`.
//!
//! One thread owns all state ([`server`]): it takes messages in their order, applies edits and compiles what changed.
//! Requests are answered by workers from an immutable snapshot ([`tasks`]), behind a fence: a defect in one feature answers
//! with an error, and the server lives on. Files are read through `audit`; the one folder written to is the cache.
// The rim: core crates are forbidden these calls (clippy.toml).
#![allow(clippy::disallowed_methods)]

mod ask;
mod capabilities;
mod commands;
mod context;
mod convert;
mod declare;
mod evaluate;
mod findings;
mod handlers;
mod live;
mod notify;
mod overlay;
mod places;
mod registration;
mod results;
mod server;
mod settings;
mod tasks;
mod transport;
mod uri;
mod waive;
mod workspace;

use std::path::PathBuf;

use audit::Extractors;
use lsp_server::Connection;

pub use server::serve;
pub use transport::stdio;

/// What the binary hands to the server.
#[derive(Clone)]
pub struct Setup {
    /// Makes the extractors that the binary links.
    pub extractors: fn() -> Extractors,
    /// The folder where built-in policies and explanations are laid out for the editor to open; none where there is none.
    pub cache: Option<PathBuf>,
    /// The version that the server tells.
    pub version: &'static str,
}

/// Speaks over stdin and stdout until the client says `exit`. Whether it said `shutdown` before.
pub fn run_stdio(setup: &Setup) -> bool {
    let (connection, threads) = stdio();
    let clean = serve(connection, setup);
    threads.join();
    clean
}

/// Speaks over a connection in memory: for tests.
pub fn memory() -> (Connection, Connection) {
    Connection::memory()
}
