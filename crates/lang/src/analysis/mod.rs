//! Whole-program analyses. What is least fixed point is Datalog, written with `crepe`; what needs an order (strongly
//! connected components) is not.

mod cycles;
mod depend;
mod evidence;
pub(crate) mod reads;
mod tarjan;

pub(crate) use cycles::{Edge, negative_cycles};
pub use depend::{Dependency, dependencies};
pub(crate) use depend::{reach, reached_by};
pub use evidence::{Evidence, evidence};
pub(crate) use tarjan::components;
