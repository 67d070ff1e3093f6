//! What the profile, the statement and the device say about one capability, before anybody compares them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One capability with what is known of it. Columns that nobody filled in are absent, which differs from "no".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Capability {
    /// Stable id: a PICS item (`M7`, `S21`), an MMS service (`mms/read`), a parameter CBB (`cbb/vlis`), an association
    /// parameter (`association/max`) or an option of a report control block (`rcb/ASSAYLD0/LLN0.brcb01/entry-id`).
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Table of the report that it belongs to.
    pub kind: CapabilityKind,
    /// The row that it is a part of, as `M10` of `S32`: neither goes without the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// What the buyer's profile asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<Statement>,
    /// What the PICS or the SCL `Services` section says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<Statement>,
    /// What the SCL file says, where a PICS statement says something too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub described: Option<Statement>,
    /// What the Initiate-Response said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<Statement>,
    /// What a probe outside the cases found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probed: Option<Statement>,
    /// Why no probe could tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unprobed: Option<String>,
    /// Ids of the known cases that exercise it, run or not. What was observed follows from their verdicts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<String>,
    /// Ids of cases that cannot pass without it, while their failure says nothing about it: a report that comes too
    /// late shows nothing wrong with the MMS read that asked for the control block.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown_by: Vec<String>,
}

/// The tables of a PICS gap report.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CapabilityKind {
    /// An ACSI conformance statement about roles and basics (B items).
    AcsiBasic,
    /// An ACSI model (M items).
    AcsiModel,
    /// An ACSI service (S items).
    AcsiService,
    /// Time (T items).
    Time,
    /// An application or transport profile.
    Profile,
    /// An MMS service of the initiate exchange.
    MmsService,
    /// An MMS parameter conformance building block of the initiate exchange.
    ParameterCbb,
    /// A parameter of the association: sizes, counts, number of associations.
    AssociationParameter,
    /// An option of one report control block.
    RcbOption,
}

impl CapabilityKind {
    /// Heading of its table.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::AcsiBasic => "ACSI basics",
            Self::AcsiModel => "ACSI models",
            Self::AcsiService => "ACSI services",
            Self::Time => "Time",
            Self::Profile => "Profiles",
            Self::MmsService => "MMS services",
            Self::ParameterCbb => "MMS parameter CBBs",
            Self::AssociationParameter => "Association parameters",
            Self::RcbOption => "Report control block options",
        }
    }

    /// The word used in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AcsiBasic => "acsi-basic",
            Self::AcsiModel => "acsi-model",
            Self::AcsiService => "acsi-service",
            Self::Time => "time",
            Self::Profile => "profile",
            Self::MmsService => "mms-service",
            Self::ParameterCbb => "parameter-cbb",
            Self::AssociationParameter => "association-parameter",
            Self::RcbOption => "rcb-option",
        }
    }
}

/// What one source says about a capability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Statement {
    /// Supported (or asked for), yes or no.
    pub supported: bool,
    /// The value where yes and no do not say it, as `5` associations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Where it is said, as `pics.yaml:14` or `SCL Services`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Statement {
    /// A bare yes or no.
    #[must_use]
    pub fn flag(supported: bool) -> Self {
        Self {
            supported,
            value: None,
            source: None,
        }
    }

    /// A yes with a value.
    #[must_use]
    pub fn value(value: impl ToString) -> Self {
        Self {
            supported: true,
            value: Some(value.to_string()),
            source: None,
        }
    }

    /// The same, with its source.
    #[must_use]
    pub fn from_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }
}
