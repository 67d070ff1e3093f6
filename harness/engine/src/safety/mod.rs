//! Putting back what a case changed on the device: also after a failure, when time ran out, and on Ctrl-C.
//!
//! Steps note in the [`Ledger`] what they are about to change, with what stood there before; [`restore`] puts it back,
//! last change first, over the association that made the change or, when that is gone, over one of its own. What cannot
//! be put back is told.

mod ledger;
mod rcb;
mod restore;

pub(crate) use ledger::{Change, Ledger};
pub(crate) use rcb::{RcbState, attribute_object, read_state};
pub(crate) use restore::restore;
