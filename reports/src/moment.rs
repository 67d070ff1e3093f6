//! What a case brought about and what came of it, on one scale of time: what pictures are drawn of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that happened at one instant of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moment {
    /// When, counted from the start of the case.
    pub at_ms: f64,
    /// Whose it is: the name of an association, a reference of the model, or a report control block.
    pub of: String,
    /// What happened.
    pub what: Happening,
}

/// What can happen at an instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", rename_all_fields = "snake_case")]
pub enum Happening {
    /// An association was opened.
    Opened,
    /// An association was refused.
    Refused,
    /// An association ended.
    Ended,
    /// A value was made to change.
    Changed,
    /// A report control block was enabled.
    Enabled {
        /// BufTm, the time in which changes are gathered.
        buf_tm_ms: f64,
        /// IntgPd, the period of integrity reports; 0 without them.
        intg_pd_ms: f64,
    },
    /// A report came.
    Reported {
        /// Members that it holds.
        entries: u32,
    },
}
