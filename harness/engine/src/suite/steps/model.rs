//! `compare`, `judge-model`.

use iedassay_model::standard::Rule;

use super::step;
use crate::cel::{Field, Fields};
use crate::yaml::words;

words! {
    /// What of the server is compared with its description.
    pub enum CompareWhat ("part of the model") {
        /// Which logical devices, logical nodes, data objects, attributes and logs there are.
        Objects = "objects",
        /// The types of attributes.
        Types = "types",
        /// The order of components.
        Order = "order",
        /// Data sets, and their members in order.
        DataSets = "data-sets",
        /// What is configured in control blocks.
        ControlBlocks = "control-blocks",
        /// Configured values of settings, configuration and descriptions.
        InitialValues = "initial-values",
    }
}

step! {
    /// Browses the server and compares it with its description, the SCL file of the target. Each difference is told by
    /// itself; one that is permitted (optional attributes, further instances of report control blocks) is a finding.
    ///
    /// Result: `differences`, `permitted` (lists of texts).
    pub struct Compare {
        /// What is compared: `objects`, `types`, `order`, `data-sets`, `control-blocks`, `initial-values`.
        pub what: Fields<CompareWhat>,
    }
}

words! {
    /// A rule of the standard for models.
    pub enum ModelRule ("rule for models") {
        /// What is always mandatory is there.
        Mandatory = "mandatory",
        /// What a condition makes mandatory is there.
        Conditional = "conditional",
        /// What a condition forbids is not there.
        Forbidden = "forbidden",
        /// Names are short enough and of permitted characters.
        Names = "names",
        /// Attributes stand under their functional constraint.
        Constraints = "constraints",
        /// Control blocks stand where they belong.
        Blocks = "blocks",
        /// Attributes have the type of their common data class.
        Types = "types",
        /// Enumerations have the numbers of the standard.
        Enumerations = "enumerations",
        /// Values and qualities trigger; only a description tells.
        Triggers = "triggers",
        /// Extensions name their name space.
        NameSpaces = "name-spaces",
        /// Members of data sets and data sets of control blocks exist.
        References = "references",
    }
}

impl ModelRule {
    /// The rule of the model crate.
    #[must_use]
    pub const fn rule(self) -> Rule {
        match self {
            Self::Mandatory => Rule::Mandatory,
            Self::Conditional => Rule::Conditional,
            Self::Forbidden => Rule::Forbidden,
            Self::Names => Rule::Names,
            Self::Constraints => Rule::Constraints,
            Self::Blocks => Rule::Blocks,
            Self::Types => Rule::Types,
            Self::Enumerations => Rule::Enumerations,
            Self::Triggers => Rule::Triggers,
            Self::NameSpaces => Rule::NameSpaces,
            Self::References => Rule::References,
        }
    }
}

words! {
    /// Whose model is judged.
    pub enum ModelSource ("source of a model") {
        /// The server, browsed.
        Server = "server",
        /// The SCL file of the target; nothing is judged without one.
        Description = "description",
        /// Both.
        Both = "both",
    }
}

step! {
    /// Judges the model by rules of the standard: the description, and the server as it is browsed. Each place that breaks a rule is
    /// told by itself.
    ///
    /// Result: `violations` (list of texts).
    pub struct JudgeModel {
        /// The rules.
        pub rule: Fields<ModelRule>,
        /// `server`, `description`, or `both`, which is meant if absent.
        pub of: Option<Field<ModelSource>>,
    }
}
