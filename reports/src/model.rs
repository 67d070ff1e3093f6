//! The model of a device in brief: enough to tell what another firmware changed in it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The model that a run was held against. Types are told once: objects with the same attributes share one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelRecord {
    /// Where it is from.
    pub source: ModelSource,
    /// Type of each data object, by logical node (`LD/LN`) and name.
    #[serde(default)]
    pub nodes: BTreeMap<String, BTreeMap<String, String>>,
    /// Attributes of each type, as `stVal[ST]`, with their basic types.
    #[serde(default)]
    pub types: BTreeMap<String, BTreeMap<String, String>>,
    /// Members of each data set, by its reference.
    #[serde(default)]
    pub data_sets: BTreeMap<String, Vec<String>>,
    /// Attributes of each control block, by its reference: what the description configures, what a device shows.
    #[serde(default)]
    pub blocks: BTreeMap<String, BTreeMap<String, String>>,
    /// Logical nodes that are left out because the model is too large.
    #[serde(default)]
    pub left_out: usize,
}

/// Where a model is from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModelSource {
    /// The SCL file, and no case has read it from the device.
    #[default]
    Described,
    /// The device itself.
    Browsed,
}

impl ModelSource {
    /// The word used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Described => "described",
            Self::Browsed => "browsed",
        }
    }
}

impl ModelRecord {
    /// The attributes of a data object, with their basic types.
    pub(crate) fn attributes(&self, node: &str, object: &str) -> Option<&BTreeMap<String, String>> {
        self.types.get(self.nodes.get(node)?.get(object)?)
    }
}
