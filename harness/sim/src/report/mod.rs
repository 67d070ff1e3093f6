//! Report control blocks without sockets and clocks (IEC 61850-7-2, report control block models).
//!
//! * [`Block`]: the attributes that clients read and write, reservation, enabling.
//! * [`Engine`]: from changes of members and the passage of time to report entries.
//! * [`Buffer`]: entries that wait, for a buffered block also those already sent.
//! * [`message`]: from an entry to the PDUs that carry it.

mod block;
mod buffer;
mod engine;
mod keeping;
mod kept;
pub(crate) mod message;

use std::{collections::HashMap, time::Duration};

use iedassay_model::{Selection, tree::NodeId};
use iedassay_wire::{ber::BitString, mms::Data};

pub(crate) use block::{Access, Block, Slip};
pub(crate) use buffer::{Buffer, Capacity, Entry, EntryId, EntryKind, Included};
pub(crate) use engine::{Engine, Pending, Policy, Settings};
pub(crate) use keeping::{ENTRY, PENDING, SETTINGS, TOLD, parse_entry_key};
pub(crate) use kept::{Kept, Told};

/// Time since 1970-01-01T00:00:00Z.
pub(crate) type Time = Duration;

/// A set of trigger conditions, as TrgOps enables them and ReasonCode tells them: both have the same bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Triggers(u8);

impl Triggers {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const DCHG: Self = Self(1 << 1);
    pub(crate) const QCHG: Self = Self(1 << 2);
    pub(crate) const DUPD: Self = Self(1 << 3);
    pub(crate) const INTEGRITY: Self = Self(1 << 4);
    pub(crate) const GI: Self = Self(1 << 5);
    /// Bit 0 is reserved.
    const ALL: u8 = 0b11_1110;

    pub(crate) const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 & Self::ALL == 0
    }

    pub(crate) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// From TrgOps as written; `keep_reserved` keeps bit 0.
    pub(crate) fn from_bits(bits: &BitString, keep_reserved: bool) -> Self {
        let mask = if keep_reserved { 0xff } else { Self::ALL };
        Self((0..6).fold(0, |sum, at| sum | u8::from(bits.is_set(at)) << at) & mask)
    }

    /// As a bit string of so many bits: 6 for TrgOps, 6 or 7 for ReasonCode.
    pub(crate) fn to_bits(self, length: usize) -> BitString {
        (0..length)
            .map(|at| at < 8 && self.0 >> at & 1 == 1)
            .collect()
    }
}

/// Optional fields of reports, as in OptFlds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct OptFlds(u16);

impl OptFlds {
    pub(crate) const SEQ_NUM: Self = Self(1 << 1);
    pub(crate) const TIME_STAMP: Self = Self(1 << 2);
    pub(crate) const REASON_CODE: Self = Self(1 << 3);
    pub(crate) const DATA_SET: Self = Self(1 << 4);
    pub(crate) const DATA_REF: Self = Self(1 << 5);
    pub(crate) const BUF_OVFL: Self = Self(1 << 6);
    pub(crate) const ENTRY_ID: Self = Self(1 << 7);
    pub(crate) const CONF_REV: Self = Self(1 << 8);
    pub(crate) const SEGMENTATION: Self = Self(1 << 9);
    /// Bit 0 is reserved, bit 9 is the server's.
    const SETTABLE: u16 = 0b1_1111_1110;

    pub(crate) const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// From OptFlds as written; `keep_reserved` keeps bits 0 and 9.
    pub(crate) fn from_bits(bits: &BitString, keep_reserved: bool) -> Self {
        let mask = if keep_reserved {
            u16::MAX
        } else {
            Self::SETTABLE
        };
        Self((0..10).fold(0, |sum, at| sum | u16::from(bits.is_set(at)) << at) & mask)
    }

    pub(crate) fn to_bits(self) -> BitString {
        (0..10).map(|at| self.0 >> at & 1 == 1).collect()
    }
}

/// The members of a data set, resolved.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemberSet {
    pub(crate) members: Vec<Member>,
    /// For each leaf of the model the members that it is in.
    pub(crate) by_leaf: HashMap<NodeId, Vec<usize>>,
}

/// A member of a data set.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) node: NodeId,
    pub(crate) selection: Vec<Selection>,
    /// `LD/LN$FC$DO$DA`.
    pub(crate) reference: String,
}

/// The present values of the members of a data set.
pub(crate) trait Values {
    fn count(&self) -> usize;
    fn value(&self, member: usize) -> Data;
    /// Whether a member is a measurand, of which a newer value may take the place of an older one.
    fn is_analogue(&self, member: usize) -> bool;
    /// What the clock of the IED shows at an instant.
    fn time_of_entry(&self, now: Time) -> Time {
        now
    }
}

/// What happened to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) member: usize,
    pub(crate) reasons: Triggers,
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use std::cell::RefCell;

    /// Members that are integers.
    pub(crate) struct Integers(pub(crate) RefCell<Vec<i64>>);

    impl Integers {
        pub(crate) fn new(count: usize) -> Self {
            Self(RefCell::new(vec![0; count]))
        }

        pub(crate) fn set(&self, member: usize, value: i64) {
            self.0.borrow_mut()[member] = value;
        }
    }

    impl Values for Integers {
        fn count(&self) -> usize {
            self.0.borrow().len()
        }

        fn value(&self, member: usize) -> Data {
            Data::Integer(self.0.borrow()[member])
        }

        /// Those from the fourth on.
        fn is_analogue(&self, member: usize) -> bool {
            member >= 3
        }
    }

    pub(crate) fn change(member: usize, reasons: Triggers) -> Change {
        Change { member, reasons }
    }

    pub(crate) const fn ms(millis: u64) -> Time {
        Time::from_millis(millis)
    }
}
