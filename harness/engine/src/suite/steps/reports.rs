//! `expect-report`, `collect-reports`, `quiet-for`.

use super::step;
use super::{Common, checks};
use crate::cel::{Expr, ExprList, Field, Fields, Millis, Name, ObjectName};
use crate::diagnostic::Spanned;
use crate::suite::{NamedBits, Reason};
use crate::yaml::yaml_struct;

step! {
    /// Waits for the next report; each report is handed out once.
    ///
    /// Result, a report: `rptId`, `sqNum`, `subSqNum`, `moreSegments`, `timeOfEntry` (milliseconds since 1970), `datSet`,
    /// `bufOvfl`, `entryId`, `confRev` (those it has), `optFlds` (words), `inclusion` (list of booleans), `members`
    /// (references of the included members), `entries` (list of maps `ref`, `value`, `data`, `reason`, `dataRef`),
    /// `segments` (how many PDUs), `octets` (of all of them). Functions: `r.includes(m)`, `r.value(m)`, `r.data(m)`, `r.reason(m)`.
    pub struct ExpectReport {
        /// The report control block it must come from.
        pub from: Field<ObjectName>,
        /// Exactly these members are included.
        pub members: Option<Fields<ObjectName>>,
        /// At least these members are included.
        pub includes: Option<Fields<ObjectName>>,
        /// Every included member has exactly these reasons.
        pub reason: Option<Fields<NamedBits<Reason>>>,
        /// Expression: reports for which it is false are passed over. The report is `report`.
        pub skip_until: Option<Expr>,
        /// `true`: one segment of a segmented report, instead of the whole report put together.
        pub segment: Option<bool>,
    }
}

yaml_struct! {
    /// Collects every report that comes within a time, also none.
    ///
    /// Result: `reports` (as `expect-report` has them, in order), `count`, `ended` (whether the association ended meanwhile).
    pub struct CollectReports {
        /// The report control block; all of this association if absent.
        pub from: Option<Field<ObjectName>>,
        /// How long.
        pub time: Field<Millis>,
        /// `true`: the server may end the association meanwhile.
        pub may_end: Option<bool>,
        /// Which association; `main` if absent.
        pub client: Option<Field<Name>>,
        /// A name for the result.
        pub r#as: Option<Spanned<Name>>,
        /// Expressions that must be true afterwards.
        #[schemars(default)]
        pub check: ExprList,
        /// A sentence for the report when the step fails.
        pub why: Option<Field<String>>,
    }
}

yaml_struct! {
    /// Nothing may be reported for a time. This is a check by itself.
    pub struct QuietFor {
        /// The report control block; all of this association if absent.
        pub from: Option<Field<ObjectName>>,
        /// How long.
        pub time: Field<Millis>,
        /// Which association; `main` if absent.
        pub client: Option<Field<Name>>,
        /// A name for the instant at which the time was over.
        pub r#as: Option<Spanned<Name>>,
        /// A sentence for the report when the step fails.
        pub why: Option<Field<String>>,
    }
}

impl CollectReports {
    /// The keys it shares with other steps.
    #[must_use]
    pub fn common(&self) -> Common<'_> {
        Common {
            client: self.client.as_ref(),
            bind: self.r#as.as_ref(),
            check: checks(&self.check),
            why: self.why.as_ref(),
            ..Common::default()
        }
    }
}

impl QuietFor {
    /// The keys it shares with other steps.
    #[must_use]
    pub fn common(&self) -> Common<'_> {
        Common {
            client: self.client.as_ref(),
            bind: self.r#as.as_ref(),
            why: self.why.as_ref(),
            ..Common::default()
        }
    }
}
