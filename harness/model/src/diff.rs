//! Differences of two models: what a description promises and what a live server shows.

mod permitted;

use core::fmt;
use std::collections::{HashMap, HashSet};

use iedassay_wire::mms::TypeSpecification;

use crate::{
    BlockReference, DataSetReference,
    tree::{BType, Node, NodeKind, ReportControlAt, ServerModel},
};

/// How many bits the options of sampled values have: that depends on the edition of the mapping (IEC 61850-9-2), in the control block as
/// in the data object that tracks it.
pub const SV_OPT_FLDS: [u32; 2] = [5, 8];

/// Most differences told.
pub const MAX_DIFFERENCES: usize = 10_000;

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// Which objects there are.
    Objects,
    /// Types of attributes.
    Types,
    /// The order of components.
    Order,
    /// Data sets and their members.
    DataSets,
    /// Configuration of control blocks.
    ControlBlocks,
}

/// One difference. "Missing" is what the first model has and the second lacks, "unexpected" the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// A logical device (domain) is missing.
    MissingDevice(String),
    /// A logical device is unexpected.
    UnexpectedDevice(String),
    /// A named variable is missing, with everything in it: domain and item.
    MissingVariable(String, String),
    /// A named variable is unexpected, with everything in it: domain and item.
    UnexpectedVariable(String, String),
    /// A variable has another type.
    Type {
        /// Domain.
        domain: String,
        /// Item.
        item: String,
        /// Type in the first model.
        first: String,
        /// Type in the second.
        second: String,
    },
    /// The components of a variable are the same and their order is not.
    Order {
        /// Domain.
        domain: String,
        /// Item.
        item: String,
    },
    /// A data set is missing.
    MissingDataSet(DataSetReference),
    /// A data set is unexpected.
    UnexpectedDataSet(DataSetReference),
    /// A data set has other members, or in another order.
    Members {
        /// The data set.
        data_set: DataSetReference,
        /// Members in the first model.
        first: Vec<String>,
        /// Members in the second.
        second: Vec<String>,
    },
    /// A report control block is configured otherwise.
    ReportControl {
        /// The block.
        block: BlockReference,
        /// MMS name of the attribute.
        attribute: &'static str,
        /// Value in the first model.
        first: String,
        /// Value in the second.
        second: String,
    },
    /// A log is missing: domain and journal.
    MissingLog(String, String),
    /// A log is unexpected: domain and journal.
    UnexpectedLog(String, String),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingDevice(name) => write!(f, "missing logical device {name}"),
            Self::UnexpectedDevice(name) => write!(f, "unexpected logical device {name}"),
            Self::MissingVariable(domain, item) => write!(f, "missing {domain}/{item}"),
            Self::UnexpectedVariable(domain, item) => write!(f, "unexpected {domain}/{item}"),
            Self::Type {
                domain,
                item,
                first,
                second,
            } => write!(f, "{domain}/{item} is {second} and not {first}"),
            Self::Order { domain, item } => write!(
                f,
                "the components of {domain}/{item} stand in another order"
            ),
            Self::MissingDataSet(name) => write!(f, "missing data set {name}"),
            Self::UnexpectedDataSet(name) => write!(f, "unexpected data set {name}"),
            Self::Members {
                data_set,
                first,
                second,
            } => {
                write!(
                    f,
                    "data set {data_set} has the members {} and not {}",
                    second.join(", "),
                    first.join(", ")
                )
            }
            Self::ReportControl {
                block,
                attribute,
                first,
                second,
            } => {
                write!(f, "{block} has {attribute} `{second}` and not `{first}`")
            }
            Self::MissingLog(domain, journal) => write!(f, "missing log {domain}/{journal}"),
            Self::UnexpectedLog(domain, journal) => write!(f, "unexpected log {domain}/{journal}"),
        }
    }
}

/// The differences of a described and a live model, at most [`MAX_DIFFERENCES`].
///
/// Two [`spelling`]s of an attribute count as one, and so do the widths that servers give to enumerations.
#[must_use]
pub fn diff(first: &ServerModel, second: &ServerModel) -> Vec<Difference> {
    let mut found = Differences { list: Vec::new() };
    let theirs: HashMap<&str, ()> = second
        .logical_devices()
        .iter()
        .map(|device| (device.name.as_str(), ()))
        .collect();
    for device in first.logical_devices() {
        if theirs.contains_key(device.name.as_str()) {
            found.variables(
                &device.name,
                first.roots(&device.name),
                second.roots(&device.name),
            );
        } else {
            found.add(Difference::MissingDevice(device.name.clone()));
        }
    }
    for device in second.logical_devices() {
        if first.logical_device(&device.name).is_none() {
            found.add(Difference::UnexpectedDevice(device.name.clone()));
        }
    }
    found.data_sets(first, second);
    found.report_controls(first, second);
    found.logs(first, second);
    found.list
}

struct Differences {
    list: Vec<Difference>,
}

impl Differences {
    fn add(&mut self, difference: Difference) {
        if self.list.len() < MAX_DIFFERENCES {
            self.list.push(difference);
        }
    }

    fn variables<'a>(
        &mut self,
        domain: &str,
        first: impl Iterator<Item = Node<'a>>,
        second: impl Iterator<Item = Node<'a>>,
    ) {
        let first: Vec<_> = first.collect();
        let second: Vec<_> = second.collect();
        let theirs: HashMap<&str, Node<'a>> = second
            .iter()
            .map(|node| (spelling(node.name()), *node))
            .collect();
        let ours: HashMap<&str, ()> = first
            .iter()
            .map(|node| (spelling(node.name()), ()))
            .collect();
        for node in &first {
            match theirs.get(spelling(node.name())) {
                None => self.add(Difference::MissingVariable(
                    domain.to_owned(),
                    node.item().to_owned(),
                )),
                Some(other) => self.node(domain, *node, *other),
            }
        }
        for node in &second {
            if !ours.contains_key(spelling(node.name())) {
                self.add(Difference::UnexpectedVariable(
                    domain.to_owned(),
                    node.item().to_owned(),
                ));
            }
        }
    }

    fn node(&mut self, domain: &str, first: Node<'_>, second: Node<'_>) {
        let leaf = |node: Node<'_>| node.children().next().is_none();
        let same = if leaf(first) && leaf(second) {
            first.count() == second.count() && same_type(first, second)
        } else {
            leaf(first) == leaf(second) && first.count() == second.count()
        };
        if !same {
            self.add(Difference::Type {
                domain: domain.to_owned(),
                item: first.item().to_owned(),
                first: type_name(first),
                second: type_name(second),
            });
        }
        if leaf(first) || leaf(second) {
            return;
        }
        self.variables(domain, first.children(), second.children());
        // From data objects on order is part of the value; above, it is the server's own affair.
        let ordered = first.kind() == NodeKind::DataObject
            || first.btype().is_some()
            || first.block().is_some_and(|(block, _)| block == first);
        let names = |node: Node<'_>| {
            node.children()
                .map(|child| spelling(child.name()).to_owned())
                .collect::<Vec<_>>()
        };
        if ordered {
            let (ours, theirs) = (names(first), names(second));
            let common = |list: &[String], other: &[String]| {
                let other: HashSet<&String> = other.iter().collect();
                list.iter()
                    .filter(|name| other.contains(name))
                    .cloned()
                    .collect::<Vec<_>>()
            };
            if common(&ours, &theirs) != common(&theirs, &ours) {
                self.add(Difference::Order {
                    domain: domain.to_owned(),
                    item: first.item().to_owned(),
                });
            }
        }
    }

    fn data_sets(&mut self, first: &ServerModel, second: &ServerModel) {
        let members = |model: &ServerModel| -> HashMap<DataSetReference, Vec<String>> {
            let of =
                |set: &crate::tree::DataSet| set.members.iter().map(ToString::to_string).collect();
            model
                .data_sets()
                .map(|at| (at.reference(), of(at.data_set)))
                .collect()
        };
        let (ours, mut theirs) = (members(first), members(second));
        for at in first.data_sets() {
            let name = at.reference();
            match (ours.get(&name), theirs.remove(&name)) {
                (Some(first), Some(second)) if *first != second => {
                    self.add(Difference::Members {
                        data_set: name,
                        first: first.clone(),
                        second,
                    });
                }
                (Some(_), None) if second.logical_device(&at.ld.name).is_some() => {
                    self.add(Difference::MissingDataSet(name));
                }
                _ => {}
            }
        }
        for at in second.data_sets() {
            if theirs.contains_key(&at.reference()) && first.logical_device(&at.ld.name).is_some() {
                self.add(Difference::UnexpectedDataSet(at.reference()));
            }
        }
    }

    /// Compares what a server must not change by itself. Blocks that only one has are told as variables.
    fn report_controls(&mut self, first: &ServerModel, second: &ServerModel) {
        let theirs: HashMap<BlockReference, ReportControlAt<'_>> = second
            .report_controls()
            .map(|at| (at.reference(), at))
            .collect();
        for at in first.report_controls() {
            let reference = at.reference();
            let Some(other) = theirs.get(&reference) else {
                continue;
            };
            let mut compare = |attribute, first: String, second: String| {
                if first != second {
                    self.add(Difference::ReportControl {
                        block: reference.clone(),
                        attribute,
                        first,
                        second,
                    });
                }
            };
            let data_set = |at: &ReportControlAt<'_>| {
                at.data_set().map(|set| set.mms_text()).unwrap_or_default()
            };
            // An empty RptID stands for the reference of the block, and servers may show either.
            let rpt_id = |at: &ReportControlAt<'_>| {
                let stated = at.block.rpt_id.clone().filter(|text| !text.is_empty());
                stated.unwrap_or_else(|| at.reference().mms_text())
            };
            compare("DatSet", data_set(&at), data_set(other));
            compare(
                "ConfRev",
                at.block.conf_rev.to_string(),
                other.block.conf_rev.to_string(),
            );
            compare("RptID", rpt_id(&at), rpt_id(other));
        }
    }

    fn logs(&mut self, first: &ServerModel, second: &ServerModel) {
        let journals = |model: &ServerModel| -> Vec<(String, String)> {
            let of = |(ld, ln): (&crate::tree::LogicalDevice, &crate::tree::LogicalNode)| {
                ln.logs
                    .iter()
                    .map(|log| (ld.name.clone(), format!("{}${log}", ln.name)))
                    .collect::<Vec<_>>()
            };
            model.nodes().flat_map(of).collect()
        };
        let (ours, theirs) = (journals(first), journals(second));
        for (domain, journal) in ours.iter().filter(|log| !theirs.contains(log)) {
            self.add(Difference::MissingLog(domain.clone(), journal.clone()));
        }
        for (domain, journal) in theirs.iter().filter(|log| !ours.contains(log)) {
            self.add(Difference::UnexpectedLog(domain.clone(), journal.clone()));
        }
    }
}

/// One spelling for attributes of control blocks whose names are written in two ways, in the standard and in the field: `TimeofEntry`,
/// `OldEntr`, `NewEntr`. Other names stay as they are.
#[must_use]
pub fn spelling(name: &str) -> &str {
    match name {
        "TimeOfEntry" => "TimeofEntry",
        "OldEnt" => "OldEntr",
        "NewEnt" => "NewEntr",
        other => other,
    }
}

fn same_type(first: Node<'_>, second: Node<'_>) -> bool {
    use TypeSpecification as T;
    let enumerated = |node: Node<'_>| matches!(node.btype(), Some(BType::Enum(_)));
    let either = |btype: &BType| [first, second].iter().any(|n| n.btype() == Some(btype));
    if either(&BType::Unknown) {
        return true;
    }
    match (first.element_type_spec(), second.element_type_spec()) {
        (T::Integer(_), T::Integer(_)) if enumerated(first) || enumerated(second) => true,
        (T::BitString(a), T::BitString(b)) if either(&BType::SvOptFlds) => [a, b]
            .iter()
            .all(|size| SV_OPT_FLDS.contains(&size.unsigned_abs())),
        // Whether a length is fixed or a limit, servers state as they like.
        (T::BitString(a), T::BitString(b))
        | (T::OctetString(a), T::OctetString(b))
        | (T::VisibleString(a), T::VisibleString(b))
        | (T::MmsString(a), T::MmsString(b)) => a.unsigned_abs() == b.unsigned_abs(),
        // The mappings of Edition 1 and 2 give the time of activation another type.
        (T::BinaryTime { .. }, T::UtcTime) | (T::UtcTime, T::BinaryTime { .. }) => {
            first.name() == "LActTm"
        }
        (a, b) => a == b,
    }
}

fn type_name(node: Node<'_>) -> String {
    let text = match node.btype() {
        _ if node.children().next().is_some() => "structure".to_owned(),
        Some(_) => node.element_type_spec().to_string(),
        None => "structure".to_owned(),
    };
    match node.count() {
        Some(count) => format!("array of {count} {text}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{scl, tree::Child};

    #[test]
    fn a_model_does_not_differ_from_itself() {
        let model = scl::builtin().unwrap().model;
        assert_eq!(diff(&model, &model), []);
    }

    #[test]
    fn what_changed_is_told_once_and_at_the_top() {
        let first = scl::builtin().unwrap().model;
        let mut second = first.clone();
        second
            .edit(|devices| {
                devices.pop();
                let node = devices[0]
                    .logical_nodes
                    .iter_mut()
                    .find(|node| node.name == "GGIO1")
                    .unwrap();
                node.data_objects.retain(|object| object.name != "Ind8");
                let object = node
                    .data_objects
                    .iter_mut()
                    .find(|object| object.name == "IntIn1")
                    .unwrap();
                if let Child::Attribute(value) = &mut object.children[0] {
                    value.btype = BType::Int64;
                }
                let lln0 = &mut devices[0].logical_nodes[0];
                lln0.data_sets[0].members.swap(0, 1);
                lln0.report_controls[0].conf_rev = 7;
            })
            .unwrap();
        let told: Vec<_> = diff(&first, &second)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(
            told.contains(&"missing logical device ASSAYMEAS".to_owned()),
            "{told:?}"
        );
        assert!(
            told.contains(&"missing ASSAYLD0/GGIO1$ST$Ind8".to_owned()),
            "{told:?}"
        );
        assert!(
            told.contains(
                &"ASSAYLD0/GGIO1$ST$IntIn1$stVal is integer(64) and not integer(32)".to_owned()
            ),
            "{told:?}"
        );
        assert!(
            told.iter()
                .any(|line| line.starts_with("data set ASSAYLD0/LLN0.dsStatus has the members")),
            "{told:?}"
        );
        assert!(
            told.contains(&"ASSAYLD0/LLN0.urcbStatus01[RP] has ConfRev `7` and not `1`".to_owned()),
            "{told:?}"
        );
        assert!(
            !told.iter().any(|line| line.contains("Ind8$stVal")),
            "{told:?}"
        );
    }

    #[test]
    fn options_of_sampled_values_have_five_bits_or_eight_wherever_they_stand() {
        let first = scl::builtin().unwrap().model;
        let with = |size| {
            let mut second = first.clone();
            second
                .edit(|devices| {
                    let object = devices
                        .iter_mut()
                        .flat_map(|device| &mut device.logical_nodes)
                        .flat_map(|node| &mut node.data_objects)
                        .find(|object| object.name == "MsvcbTrk")
                        .unwrap();
                    let options = object.children.iter_mut().find_map(|child| match child {
                        Child::Attribute(it) if it.name == "optFlds" => Some(it),
                        _ => None,
                    });
                    options.unwrap().btype = BType::BitString(size);
                })
                .unwrap();
            diff(&first, &second).len()
        };
        assert_eq!([with(5), with(8), with(3)], [0, 0, 1]);
    }
}
