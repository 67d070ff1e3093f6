//! Known deviations.

use jiff::civil::Date;

use super::firmware::FirmwareCondition;
use crate::cel::{BadValue, FieldValue};
use crate::diagnostic::Spanned;
use crate::yaml::{Decoder, FromNode, Node, yaml_struct};

yaml_struct! {
    /// A deviation that is known and accepted for a time: its failure does not fail the run.
    pub struct KnownDeviation {
        /// The case: its id, or its id with the instance in square brackets.
        pub case: Spanned<String>,
        /// Why it is accepted.
        pub reason: Spanned<String>,
        /// Who answers for it.
        pub owner: Spanned<String>,
        /// The last day on which it holds, `2027-03-31`.
        pub expires: Option<Spanned<Day>>,
        /// The firmware for which it holds: a revision with `*` and `?`, or bounds such as `>= 4.2, < 4.5`. It is held against what
        /// the device tells: `LPHD.PhyNam.swRev`, else `LLN0.NamPlt.swRev`, else the revision of Identify.
        pub firmware: Option<Spanned<FirmwareCondition>>,
    }
}

/// A calendar day, `2027-03-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl FieldValue for Day {
    const WHAT: &'static str = "day such as `2027-03-31`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        text.parse()
            .map(Self)
            .map_err(|_| BadValue::expected(Self::WHAT, &format!("`{text}`")))
    }
}

impl FromNode for Day {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        crate::cel::from_scalar(node, cx)
    }
}

impl schemars::JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date"})
    }
}
