//! Both roles against each other, in memory and on virtual time.

mod deadlines;
mod establish;
mod exchanges;
mod hostile;
mod out_of_place;
mod pair;
mod refuse;
mod release;
