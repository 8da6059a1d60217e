//! Sessions over the wire: an editor in memory speaks with the server as a real one would, and what comes back is held
//! against what the protocol and the language ask for.
#![allow(clippy::disallowed_methods)]

mod client;
mod comings;
mod documents;
mod random;
mod sessions;
