//! `get-rcb`, `set-rcb`.

use super::step;
use crate::cel::{Field, Fields, Hex, Millis, ObjectName};
use crate::suite::{NamedBits, OptFld, TrgOp, WriteValue};

step! {
    /// Reads a report control block.
    ///
    /// Result: `rptId`, `rptEna`, `resv`, `datSet`, `confRev`, `optFlds`, `bufTm`, `sqNum`, `trgOps`, `intgPd`, `gi`,
    /// `purgeBuf`, `entryId`, `timeOfEntry`, `resvTms`, `owner` (those it has), `attributes` (names in the order of the
    /// wire), `fits` (whether order and types are those of 8-1).
    pub struct GetRcb {
        /// The report control block.
        pub rcb: Field<ObjectName>,
    }
}

step! {
    /// Writes attributes of a report control block, one by one in the order of this list, `enable` and `gi` last.
    ///
    /// A block that needs it is reserved first, unless the step sets `resv`, `resv-tms` or `reserve`. The block is
    /// disabled, released and put back as it was when the case ends.
    ///
    /// Result: `errors` (map by attribute name of the wire, empty text for success), `enabledAt`.
    pub struct SetRcb {
        /// The report control block.
        pub rcb: Field<ObjectName>,
        /// `false`: never reserve by itself.
        pub reserve: Option<Field<bool>>,
        /// Resv (URCB): reservation.
        pub resv: Option<Field<bool>>,
        /// ResvTms (BRCB): seconds the reservation is kept after the association is lost.
        pub resv_tms: Option<Field<i64>>,
        /// RptEna written as `false` before the other attributes.
        pub disable: Option<Field<bool>>,
        /// PurgeBuf (BRCB).
        pub purge_buf: Option<Field<bool>>,
        /// RptID.
        pub rpt_id: Option<Field<String>>,
        /// DatSet: a data set or an empty text.
        pub dat_set: Option<Field<ObjectName>>,
        /// OptFlds: words, `all` or `none`.
        pub opt_flds: Option<Fields<NamedBits<OptFld>>>,
        /// BufTm.
        pub buf_tm: Option<Field<Millis>>,
        /// TrgOps: words, `all` or `none`.
        pub trg_ops: Option<Fields<NamedBits<TrgOp>>>,
        /// IntgPd.
        pub intg_pd: Option<Field<Millis>>,
        /// EntryID (BRCB): octets of the last entry that is known.
        pub entry_id: Option<Field<Hex>>,
        /// Any one attribute by its name on the wire (`ConfRev`, `Owner`); with `value`.
        pub attribute: Option<Field<String>>,
        /// The value of `attribute`.
        pub value: Option<WriteValue>,
        /// RptEna.
        pub enable: Option<Field<bool>>,
        /// GI.
        pub gi: Option<Field<bool>>,
    }
}
