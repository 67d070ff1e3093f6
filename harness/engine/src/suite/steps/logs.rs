//! `query-log`.

use super::step;
use crate::cel::{Field, Hex, ObjectName};

step! {
    /// Asks for entries of a log (MMS ReadJournal): between two times (QueryLogByTime), or after an entry
    /// (QueryLogAfter, with `after` and `after-time`). Times are milliseconds since 1970, such as `utc` of a result.
    ///
    /// Result: `entries` (list of maps `id` in hexadecimal, `time` in milliseconds since 1970, `members`, `values` and
    /// `reasons` (bit strings), in the order of the entry), `ids`, `moreFollows`.
    pub struct QueryLog {
        /// The log: `LD/LN$name`, or one of the model.
        pub log: Field<ObjectName>,
        /// The beginning of the range; the oldest entry if absent.
        pub from: Option<Field<i64>>,
        /// The end of the range; the newest entry if absent.
        pub to: Option<Field<i64>>,
        /// The identifier of the entry after which to begin.
        pub after: Option<Field<Hex>>,
        /// The time of that entry.
        pub after_time: Option<Field<i64>>,
    }
}
