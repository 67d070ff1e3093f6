//! Both roles against each other, in memory and on virtual time.

mod deadlines;
mod establish;
mod hostile;
mod pair;
mod refuse;
mod release;
