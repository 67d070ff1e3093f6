//! Words of report control blocks.

use crate::cel::{BadValue, FieldValue, Value};
use crate::yaml::words;

words! {
    /// Trigger options (IEC 61850-7-2, TrgOps; bits of 8-1 in this order from 1).
    pub enum TrgOp ("trigger option") {
        /// Bit 1: data change.
        Dchg = "dchg",
        /// Bit 2: quality change.
        Qchg = "qchg",
        /// Bit 3: data update.
        Dupd = "dupd",
        /// Bit 4: integrity period.
        Integrity = "integrity",
        /// Bit 5: general interrogation.
        Gi = "gi",
    }
}

words! {
    /// Optional fields of a report (IEC 61850-7-2, OptFlds; bits of 8-1 in this order from 1).
    pub enum OptFld ("optional field") {
        /// Bit 1: sequence number.
        SeqNum = "seq-num",
        /// Bit 2: time of entry.
        TimeStamp = "time-stamp",
        /// Bit 3: reason for inclusion.
        ReasonCode = "reason-code",
        /// Bit 4: name of the data set.
        DataSet = "data-set",
        /// Bit 5: references of the members.
        DataRef = "data-ref",
        /// Bit 6: buffer overflow.
        BufOvfl = "buf-ovfl",
        /// Bit 7: entry identification.
        EntryId = "entry-id",
        /// Bit 8: configuration revision.
        ConfRev = "conf-rev",
        /// Bit 9: segmentation; set by the server in segmented reports.
        Segmentation = "segmentation",
    }
}

words! {
    /// Why a member is in a report (reason for inclusion; bits of 8-1 in this order from 1).
    pub enum Reason ("reason for inclusion") {
        /// Bit 1: data change.
        Dchg = "dchg",
        /// Bit 2: quality change.
        Qchg = "qchg",
        /// Bit 3: data update.
        Dupd = "dupd",
        /// Bit 4: integrity period.
        Integrity = "integrity",
        /// Bit 5: general interrogation.
        Gi = "gi",
        /// Bit 6: application trigger.
        Application = "application",
    }
}

macro_rules! bit_numbers {
    ($($ty:ty),*) => { $(
        impl $ty {
            /// Number of the bit, the first being 0 (which is reserved).
            #[must_use]
            pub fn bit(self) -> usize {
                Self::ALL.iter().position(|w| *w == self).map_or(0, |i| i.saturating_add(1))
            }
        }
    )* };
}
bit_numbers!(TrgOp, OptFld, Reason);

/// What is written to an attribute that is a row of named bits: words, or bits as they are (`0b0010000000`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBits<W> {
    /// A bit by its word.
    Word(W),
    /// All words of the attribute (`all`).
    All,
    /// Nothing (`none`).
    None,
}

impl<W: FieldValue + Copy> FieldValue for NamedBits<W> {
    const WHAT: &'static str = W::WHAT;

    fn from_text(text: &str) -> Result<Self, BadValue> {
        match text {
            "all" => Ok(Self::All),
            "none" => Ok(Self::None),
            _ => W::from_text(text).map(Self::Word),
        }
    }

    fn from_value(value: &Value) -> Result<Self, BadValue> {
        match crate::cel::functions::scalar_text(value) {
            Some(text) => Self::from_text(&text),
            None => W::from_value(value).map(Self::Word),
        }
    }

    fn literal_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        W::literal_schema(generator)
    }
}
