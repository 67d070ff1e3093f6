//! What a server may have beyond its description, or leave out.

use super::{Aspect, Difference};
use crate::Fc;
use crate::tree::{Child, DataObject, LogicalNode, ServerModel, ValKind};

impl Difference {
    /// What it is about.
    #[must_use]
    pub const fn aspect(&self) -> Aspect {
        match self {
            Self::Type { .. } => Aspect::Types,
            Self::Order { .. } => Aspect::Order,
            Self::MissingDataSet(_) | Self::UnexpectedDataSet(_) | Self::Members { .. } => {
                Aspect::DataSets
            }
            Self::ReportControl { .. } => Aspect::ControlBlocks,
            Self::MissingDevice(_)
            | Self::UnexpectedDevice(_)
            | Self::MissingVariable(..)
            | Self::UnexpectedVariable(..)
            | Self::MissingLog(..)
            | Self::UnexpectedLog(..) => Aspect::Objects,
        }
    }

    /// Whether a server may differ so from its description, and why: in optional attributes that no report or command
    /// holds, further attributes and instances of control blocks, data sets that clients have created, a ConfRev that has grown
    /// since, and configuration that is not visible on line.
    #[must_use]
    pub fn permitted(&self, described: &ServerModel, live: &ServerModel) -> Option<&'static str> {
        match self {
            Self::UnexpectedVariable(domain, item) => unexpected(described, live, domain, item),
            Self::MissingVariable(domain, item) => hidden(described, domain, item)
                .then_some("its valKind says that it is not visible on line"),
            Self::UnexpectedDataSet(name) => live
                .data_set(name)
                .is_some_and(|at| at.data_set.deletable)
                .then_some("a client has created it"),
            // Each new DatSet adds one, as IEC 61850-7-2 wants it of the server, whoever wrote it.
            Self::ReportControl {
                attribute: "ConfRev",
                first,
                second,
                ..
            } => {
                let settings = described.services.effective_report_settings();
                let grown = matches!((number(first), number(second)), (Some(a), Some(b)) if a < b);
                (settings.dat_set.is_dynamic() && grown)
                    .then_some("it counts the data sets that clients have given to the block")
            }
            _ => None,
        }
    }
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok()
}

/// Why a variable may be there that is not described.
fn unexpected(
    described: &ServerModel,
    live: &ServerModel,
    domain: &str,
    item: &str,
) -> Option<&'static str> {
    let mut parts = item.split('$');
    let ln = described.logical_node(domain, parts.next()?)?;
    let fc: Fc = parts.next()?.parse().ok()?;
    let path: Vec<&str> = parts.collect();
    match fc {
        Fc::RP | Fc::BR => match path.as_slice() {
            [name] => instance(ln, name, fc == Fc::BR),
            [] => None,
            _ => Some("an attribute of a control block that is optional"),
        },
        Fc::GO | Fc::MS | Fc::US | Fc::LG => {
            (path.len() > 1).then_some("an attribute of a control block that is optional")
        }
        // What is in reports, commands and settings is told apart by its place: there nothing may be added.
        Fc::CF | Fc::DC | Fc::EX | Fc::SV | Fc::BL | Fc::OR => {
            let objects: Vec<&str> = match path.first() {
                Some(object) => vec![object],
                None => live
                    .resolve(domain, item)
                    .map(|node| node.children().map(|child| child.name()).collect())?,
            };
            let known = |name: &&str| ln.data_objects.iter().any(|object| object.name == **name);
            objects
                .iter()
                .all(known)
                .then_some("an optional attribute outside of what reports and commands hold")
        }
        _ => None,
    }
}

/// A further instance of a described block whose instances have numbers.
fn instance(ln: &LogicalNode, name: &str, buffered: bool) -> Option<&'static str> {
    let (base, number) = name.split_at_checked(name.len().checked_sub(2)?)?;
    let numbered = number.bytes().all(|digit| digit.is_ascii_digit());
    let known = ln
        .report_controls
        .iter()
        .any(|block| block.indexed && block.base_name == base && block.buffered == buffered);
    (numbered && known).then_some("a further instance of a report control block")
}

/// Whether an attribute is described as one that is not visible on line.
fn hidden(described: &ServerModel, domain: &str, item: &str) -> bool {
    let mut parts = item.split('$');
    let (Some(ln), Some(fc)) = (parts.next(), parts.next()) else {
        return false;
    };
    let Some(ln) = described.logical_node(domain, ln) else {
        return false;
    };
    let path: Vec<&str> = parts.collect();
    let Some((object, rest)) = path.split_first() else {
        return false;
    };
    ln.data_objects
        .iter()
        .find(|candidate| candidate.name == *object)
        .is_some_and(|object| all_hidden(object, rest, fc))
}

/// Whether everything that a path in a data object names has a value that is for configuration only.
fn all_hidden(object: &DataObject, path: &[&str], fc: &str) -> bool {
    let mut children = object
        .children
        .iter()
        .filter(|child| path.first().is_none_or(|name| child.name() == *name));
    let rest = path.get(1..).unwrap_or(&[]);
    let mut any = false;
    let all = children.all(|child| match child {
        Child::Object(object) => {
            any = true;
            all_hidden(object, rest, fc)
        }
        Child::Attribute(attribute) if attribute.fc.as_str() == fc => {
            any = true;
            matches!(attribute.val_kind, ValKind::Conf | ValKind::Spec)
        }
        Child::Attribute(_) => true,
    });
    any && all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::diff;
    use crate::scl;
    use crate::services::Setting;
    use crate::tree::{BType, DataAttribute, DataSet};

    fn told(change: impl FnOnce(&mut LogicalNode)) -> Vec<(String, bool)> {
        let described = scl::builtin().unwrap().model;
        let mut live = described.clone();
        live.edit(|devices| change(&mut devices[0].logical_nodes[0]))
            .unwrap();
        diff(&described, &live)
            .iter()
            .map(|difference| {
                let permitted = difference.permitted(&described, &live).is_some();
                (difference.to_string(), permitted)
            })
            .collect()
    }

    fn added(fc: Fc) -> Vec<(String, bool)> {
        told(|ln| {
            let leaf = DataAttribute::leaf("added", fc, BType::Boolean);
            let beh = ln.data_objects.iter_mut().find(|o| o.name == "Beh");
            beh.unwrap().children.push(Child::Attribute(leaf));
        })
    }

    #[test]
    fn what_no_report_holds_may_be_added_to_a_described_object() {
        for (fc, permitted) in [(Fc::DC, true), (Fc::EX, true), (Fc::ST, false)] {
            let told = added(fc);
            assert_eq!(told.len(), 1, "{told:?}");
            assert_eq!(told[0].1, permitted, "{told:?}");
        }
        let object = told(|ln| {
            let mut copy = ln.data_objects[0].clone();
            copy.name = "Added".into();
            ln.data_objects.push(copy);
        });
        assert!(!object.is_empty() && object.iter().all(|(_, permitted)| !permitted));
    }

    #[test]
    fn instances_and_data_sets_of_clients_may_come_to_what_is_described() {
        let instances = |name: &str| {
            told(|ln| {
                let mut block = ln.report_controls[0].clone();
                block.name = name.into();
                ln.report_controls.push(block);
            })
        };
        assert!(
            instances("urcbStatus77")
                .iter()
                .all(|(_, permitted)| *permitted)
        );
        assert!(
            instances("urcbOther01")
                .iter()
                .any(|(_, permitted)| !permitted)
        );
        for deletable in [true, false] {
            let told = told(|ln| {
                ln.data_sets.push(DataSet {
                    name: "dsOfSomebody".into(),
                    members: ln.data_sets[0].members.clone(),
                    deletable,
                });
            });
            assert_eq!(told.len(), 1);
            assert_eq!(told[0].1, deletable);
        }
    }

    #[test]
    fn conf_rev_may_have_grown_where_clients_choose_data_sets() {
        for (now, dynamic, permitted) in [(4, true, true), (4, false, false), (2, true, false)] {
            let mut described = scl::builtin().unwrap().model;
            let mut settings = described.services.effective_report_settings();
            settings.dat_set = if dynamic { Setting::Dyn } else { Setting::Conf };
            described.services.report_settings = Some(settings);
            let set = |model: &mut ServerModel, rev| {
                model
                    .edit(|devices| {
                        devices[0].logical_nodes[0].report_controls[0].conf_rev = rev;
                    })
                    .unwrap();
            };
            let mut live = described.clone();
            set(&mut described, 3);
            set(&mut live, now);
            let differences = diff(&described, &live);
            assert_eq!(differences.len(), 1, "{differences:?}");
            let told = differences[0].permitted(&described, &live);
            assert_eq!(told.is_some(), permitted, "{differences:?}");
        }
    }

    #[test]
    fn configuration_that_is_not_visible_on_line_may_be_missing() {
        for (kind, permitted) in [(ValKind::Conf, true), (ValKind::Set, false)] {
            let mut described = scl::builtin().unwrap().model;
            let live = described.clone();
            described
                .edit(|devices| {
                    let beh = devices[0].logical_nodes[0].data_objects.iter_mut();
                    let mut leaf = DataAttribute::leaf("added", Fc::CF, BType::Boolean);
                    leaf.val_kind = kind;
                    let beh = beh.into_iter().find(|o| o.name == "Beh").unwrap();
                    beh.children.push(Child::Attribute(leaf));
                })
                .unwrap();
            let differences = diff(&described, &live);
            assert_eq!(differences.len(), 1, "{differences:?}");
            let told = differences[0].permitted(&described, &live);
            assert_eq!(told.is_some(), permitted, "{differences:?}");
        }
    }
}
