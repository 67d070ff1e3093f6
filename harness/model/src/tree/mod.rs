//! The resolved server tree: what a server offers, whether read from SCL or browsed live.
//!
//! The ACSI side is plain data ([`LogicalDevice`] and what is in it). The MMS side is an index over it, built once:
//! [`ServerModel::resolve`] finds any item and answers a [`Node`], a cheap handle that knows its type, its parent, its leaves.

pub mod blocks;
mod btype;
mod build;
mod controls;
mod node;
mod types;

use std::sync::Arc;

pub use btype::{BType, EnumType};
pub use build::MAX_NODES;
pub use controls::{
    ClientReservation, GooseControl, LogControl, MulticastAddress, OptFlds, ReportControl,
    SampledValueControl, SettingGroupControl, TrgOps,
};
pub use node::{Leaves, Node, NodeId, NodeKind};

use crate::{BlockKind, BlockReference, DataSetReference, Fc, ObjectReference};

/// Edition of IEC 61850 that a server follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// Edition 1 (SCL 2003 and 2005).
    Ed1,
    /// Edition 2 (SCL 2007A and 2007B up to release 3).
    #[default]
    Ed2,
    /// Edition 2.1 (SCL 2007B4 and 2007C5).
    Ed2_1,
}

impl Edition {
    /// `1`, `2` or `2.1`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ed1 => "1",
            Self::Ed2 => "2",
            Self::Ed2_1 => "2.1",
        }
    }
}

/// Trigger conditions that a data attribute can raise (IEC 61850-7-2, TrgOp).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Triggers {
    /// Data change.
    pub dchg: bool,
    /// Quality change.
    pub qchg: bool,
    /// Data update.
    pub dupd: bool,
}

impl Triggers {
    /// What either of two can raise.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self {
            dchg: self.dchg || other.dchg,
            qchg: self.qchg || other.qchg,
            dupd: self.dupd || other.dupd,
        }
    }
}

/// One server: an access point of one IED.
///
/// The logical devices can be read but not changed in place, so that the index always agrees; [`ServerModel::edit`] changes them.
#[derive(Clone, Debug, Default)]
pub struct ServerModel {
    /// Name of the IED; empty when a live browse could not tell.
    pub ied_name: String,
    /// Edition of the model.
    pub edition: Edition,
    /// What the IED claims it can do.
    pub services: crate::services::Services,
    /// Where the IED is found, when the description says so.
    pub address: Option<ServerAddress>,
    devices: Vec<LogicalDevice>,
    index: build::Index,
}

/// The address of an access point (SCL `ConnectedAP`), as the P elements give it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerAddress {
    /// Name of the access point.
    pub access_point: String,
    /// `IP`.
    pub ip: Option<String>,
    /// `MMS-Port` or a port given another way; 102 when absent.
    pub port: Option<u16>,
    /// `OSI-TSEL`, octets.
    pub tsel: Option<Vec<u8>>,
    /// `OSI-SSEL`, octets.
    pub ssel: Option<Vec<u8>>,
    /// `OSI-PSEL`, octets.
    pub psel: Option<Vec<u8>>,
    /// `OSI-AP-Title`, arcs.
    pub ap_title: Option<Vec<u32>>,
    /// `OSI-AE-Qualifier`.
    pub ae_qualifier: Option<i64>,
    /// Every P element: type and text.
    pub parameters: Vec<(String, String)>,
}

/// A logical device; one MMS domain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogicalDevice {
    /// MMS domain name: `ldName`, or IED name and instance together.
    pub name: String,
    /// Instance as in SCL; for a browsed model the part of the name after the IED name, when known.
    pub inst: String,
    /// Logical nodes, LLN0 first as SCL has it.
    pub logical_nodes: Vec<LogicalNode>,
}

/// A logical node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogicalNode {
    /// Prefix, class and instance together.
    pub name: String,
    /// Prefix.
    pub prefix: String,
    /// Class: four letters.
    pub class: String,
    /// Instance number as text; empty for LLN0.
    pub inst: String,
    /// Data objects.
    pub data_objects: Vec<DataObject>,
    /// Configured data sets.
    pub data_sets: Vec<DataSet>,
    /// Report control blocks, one for each instance.
    pub report_controls: Vec<ReportControl>,
    /// Log control blocks.
    pub log_controls: Vec<LogControl>,
    /// Names of logs.
    pub logs: Vec<String>,
    /// Setting group control block.
    pub setting_group: Option<SettingGroupControl>,
    /// GOOSE control blocks.
    pub goose_controls: Vec<GooseControl>,
    /// Sampled value control blocks.
    pub sampled_value_controls: Vec<SampledValueControl>,
    /// Functional constraints in the order in which the server has them; empty for our usual order.
    pub fc_order: Vec<Fc>,
    /// Control blocks whose attributes are known from the server itself, and may differ from those of the standard.
    pub seen_blocks: Vec<SeenBlock>,
}

/// The attributes of a control block as a server showed them.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenBlock {
    /// Kind of block.
    pub kind: BlockKind,
    /// Its name.
    pub name: String,
    /// Its attributes in wire order.
    pub attributes: Vec<DataAttribute>,
}

/// A data object or sub data object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataObject {
    /// Name.
    pub name: String,
    /// Common data class (`SPS`, `DPC`, ...); empty when a browse could not tell.
    pub cdc: String,
    /// Number of elements when it is an array.
    pub count: Option<u32>,
    /// The attribute beside it that tells the number of elements, where the description says so.
    pub count_of: Option<String>,
    /// Sub data objects and data attributes in order.
    pub children: Vec<Child>,
}

/// What is in a data object.
#[derive(Clone, Debug, PartialEq)]
pub enum Child {
    /// A sub data object.
    Object(DataObject),
    /// A data attribute.
    Attribute(DataAttribute),
}

impl Child {
    /// Name of either.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Object(object) => &object.name,
            Self::Attribute(attribute) => &attribute.name,
        }
    }
}

/// What a configured value means (IEC 61850-6, tValKindEnum).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ValKind {
    /// Specified only, in the design phase.
    Spec,
    /// A configuration value, not visible on line.
    Conf,
    /// Visible on line and read-only.
    ReadOnly,
    /// Set by configuration or on line.
    #[default]
    Set,
}

/// A data attribute, or a component of one.
#[derive(Clone, Debug, PartialEq)]
pub struct DataAttribute {
    /// Name.
    pub name: String,
    /// Functional constraint; components have that of their attribute.
    pub fc: Fc,
    /// Basic type; [`BType::Structure`] when there are components.
    pub btype: BType,
    /// Number of elements when it is an array.
    pub count: Option<u32>,
    /// The attribute beside it that tells the number of elements, where the description says so.
    pub count_of: Option<String>,
    /// What a change of it can trigger.
    pub triggers: Triggers,
    /// Configured value as SCL has it; for an array, of every element.
    pub initial: Option<String>,
    /// Configured values of single elements of the array that it is or is in: index and text. Of two, the later holds.
    pub element_values: Vec<(u32, String)>,
    /// Configured values of setting groups: number and text.
    pub group_values: Vec<(u32, String)>,
    /// Who sets the configured value.
    pub val_kind: ValKind,
    /// Whether a tool may import a changed configured value.
    pub val_import: bool,
    /// Components of a structure.
    pub components: Vec<DataAttribute>,
}

impl DataAttribute {
    /// A leaf without configured value or triggers.
    #[must_use]
    pub fn leaf(name: impl Into<String>, fc: Fc, btype: BType) -> Self {
        Self {
            name: name.into(),
            fc,
            btype,
            count: None,
            count_of: None,
            triggers: Triggers::default(),
            initial: None,
            element_values: Vec::new(),
            group_values: Vec::new(),
            val_kind: ValKind::default(),
            val_import: false,
            components: Vec::new(),
        }
    }
}

/// A data set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataSet {
    /// Name without logical node.
    pub name: String,
    /// Members in order; each has a functional constraint.
    pub members: Vec<ObjectReference>,
    /// Whether a client may delete it; not in SCL, from the directory of a live server.
    pub deletable: bool,
}

/// A data set with the place where it stands.
#[derive(Clone, Copy, Debug)]
pub struct DataSetAt<'a> {
    /// Logical device.
    pub ld: &'a LogicalDevice,
    /// Logical node.
    pub ln: &'a LogicalNode,
    /// The data set.
    pub data_set: &'a DataSet,
}

impl DataSetAt<'_> {
    /// Its reference.
    #[must_use]
    pub fn reference(&self) -> DataSetReference {
        DataSetReference::new(&self.ld.name, &self.ln.name, &self.data_set.name)
    }
}

/// A report control block with the place where it stands.
#[derive(Clone, Copy, Debug)]
pub struct ReportControlAt<'a> {
    /// Logical device.
    pub ld: &'a LogicalDevice,
    /// Logical node.
    pub ln: &'a LogicalNode,
    /// The block.
    pub block: &'a ReportControl,
}

impl ReportControlAt<'_> {
    /// Its reference.
    #[must_use]
    pub fn reference(&self) -> BlockReference {
        BlockReference {
            ld: self.ld.name.clone(),
            ln: self.ln.name.clone(),
            kind: if self.block.buffered {
                BlockKind::Brcb
            } else {
                BlockKind::Urcb
            },
            name: self.block.name.clone(),
        }
    }

    /// The data set that it is configured with.
    #[must_use]
    pub fn data_set(&self) -> Option<DataSetReference> {
        let name = self
            .block
            .dat_set
            .as_deref()
            .filter(|name| !name.is_empty())?;
        Some(DataSetReference::new(&self.ld.name, &self.ln.name, name))
    }
}

impl ServerModel {
    /// A model of these logical devices, indexed.
    ///
    /// # Errors
    /// [`ModelTooLarge`] when the MMS view would have more than [`MAX_NODES`] names.
    pub fn new(
        ied_name: impl Into<String>,
        edition: Edition,
        services: crate::services::Services,
        devices: Vec<LogicalDevice>,
    ) -> Result<Self, ModelTooLarge> {
        let index = build::index(&devices, edition)?;
        Ok(Self {
            ied_name: ied_name.into(),
            edition,
            services,
            address: None,
            devices,
            index,
        })
    }

    /// The logical devices.
    #[must_use]
    pub fn logical_devices(&self) -> &[LogicalDevice] {
        &self.devices
    }

    /// Changes the logical devices and indexes them again. [`NodeId`]s of before are void.
    ///
    /// # Errors
    /// [`ModelTooLarge`]; the model is then unchanged.
    pub fn edit(
        &mut self,
        change: impl FnOnce(&mut Vec<LogicalDevice>),
    ) -> Result<(), ModelTooLarge> {
        let mut devices = self.devices.clone();
        change(&mut devices);
        self.index = build::index(&devices, self.edition)?;
        self.devices = devices;
        Ok(())
    }

    /// The logical device of an MMS domain.
    #[must_use]
    pub fn logical_device(&self, domain: &str) -> Option<&LogicalDevice> {
        self.devices.iter().find(|device| device.name == domain)
    }

    /// A logical node by domain and name.
    #[must_use]
    pub fn logical_node(&self, domain: &str, name: &str) -> Option<&LogicalNode> {
        self.logical_device(domain)?
            .logical_nodes
            .iter()
            .find(|node| node.name == name)
    }

    /// Every data set.
    pub fn data_sets(&self) -> impl Iterator<Item = DataSetAt<'_>> {
        self.nodes().flat_map(|(ld, ln)| {
            ln.data_sets
                .iter()
                .map(move |data_set| DataSetAt { ld, ln, data_set })
        })
    }

    /// A configured data set by reference; never one of an association.
    #[must_use]
    pub fn data_set(&self, reference: &DataSetReference) -> Option<DataSetAt<'_>> {
        let DataSetReference::Persistent { ld, ln, name } = reference else {
            return None;
        };
        let ld = self.logical_device(ld)?;
        let ln = ld.logical_nodes.iter().find(|node| node.name == *ln)?;
        let data_set = ln.data_sets.iter().find(|set| set.name == *name)?;
        Some(DataSetAt { ld, ln, data_set })
    }

    /// The members of a data set, each resolved to its node where the model has it.
    #[must_use]
    pub fn members<'a>(
        &'a self,
        data_set: &'a DataSet,
    ) -> Vec<(&'a ObjectReference, Option<Node<'a>>)> {
        data_set
            .members
            .iter()
            .map(|member| (member, self.resolve_reference(member)))
            .collect()
    }

    /// Every report control block, each instance by itself.
    pub fn report_controls(&self) -> impl Iterator<Item = ReportControlAt<'_>> {
        self.nodes().flat_map(|(ld, ln)| {
            ln.report_controls
                .iter()
                .map(move |block| ReportControlAt { ld, ln, block })
        })
    }

    /// A report control block by reference.
    #[must_use]
    pub fn report_control(&self, reference: &BlockReference) -> Option<ReportControlAt<'_>> {
        self.report_controls().find(|at| {
            at.block.name == reference.name
                && at.ln.name == reference.ln
                && at.ld.name == reference.ld
                && at.block.buffered == (reference.kind == BlockKind::Brcb)
        })
    }

    /// Every logical node with its device.
    pub fn nodes(&self) -> impl Iterator<Item = (&LogicalDevice, &LogicalNode)> {
        self.devices
            .iter()
            .flat_map(|ld| ld.logical_nodes.iter().map(move |ln| (ld, ln)))
    }
}

/// A model with more names than any real IED has; a hostile file can describe one in a few lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the model has more than {MAX_NODES} names or nests deeper than {} levels",
    build::MAX_DEPTH
)]
pub struct ModelTooLarge;

/// Literals of an enumeration, shared by all attributes that have it.
pub type SharedEnum = Arc<EnumType>;
