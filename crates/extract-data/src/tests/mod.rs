//! What people rely on when they declare inputs, format by format.

mod documents;
mod hostile;
mod markup;
mod samples;
mod tables;
mod workbooks;
