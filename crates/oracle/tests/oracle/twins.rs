//! Classic programs, written a second time with `crepe`.
