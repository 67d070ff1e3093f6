//! What faults make of the model before it is served.

use std::sync::Arc;

use iedassay_model::{
    Fc,
    tree::{BType, Child, DataAttribute, DataObject, LogicalDevice, LogicalNode, ServerModel},
};

use crate::{Fault, FaultSet};

/// The model that is served, which without a fault is the one of the configuration.
pub(super) fn misshapen(model: &Arc<ServerModel>, faults: &FaultSet) -> Arc<ServerModel> {
    let edits: Vec<Edit> = faults
        .among(|fault| edit(fault).is_some())
        .filter_map(edit)
        .collect();
    if edits.is_empty() {
        return Arc::clone(model);
    }
    let mut edited = ServerModel::clone(model);
    for edit in edits {
        // A model that becomes too large stays as it is.
        let _ = edited.edit(edit);
    }
    Arc::new(edited)
}

type Edit = fn(&mut Vec<LogicalDevice>);

fn edit(fault: Fault) -> Option<Edit> {
    Some(match fault {
        Fault::RcbInstanceMissing => |devices| {
            for ln in nodes(devices) {
                ln.report_controls
                    .retain(|block| block.instance.is_none_or(|instance| instance <= 1));
            }
        },
        Fault::ExtraDevice => |devices| {
            if let Some(mut extra) = devices.first().cloned() {
                extra.name.push_str("XTRA");
                extra.inst.push_str("XTRA");
                for ln in &mut extra.logical_nodes {
                    forget_blocks(ln);
                }
                devices.push(extra);
            }
        },
        Fault::ExtraObject => |devices| {
            if let Some((ln, at)) = of_class(devices, "SPS")
                && let Some(mut extra) = ln.data_objects.get(at).cloned()
            {
                "Extra1".clone_into(&mut extra.name);
                ln.data_objects.push(extra);
            }
        },
        Fault::ExtraStatusAttribute => |devices| {
            if let Some(object) = first(devices, "SPS") {
                let extra = DataAttribute::leaf("extra", Fc::ST, BType::Boolean);
                object.children.push(Child::Attribute(extra));
            }
        },
        Fault::DescribedAttributeMissing => |devices| {
            for object in objects(devices) {
                object.children.retain(|child| child.name() != "db");
            }
        },
        Fault::MandatoryAttributeMissing => |devices| {
            if let Some(object) = first(devices, "SPS") {
                object.children.retain(|child| child.name() != "t");
            }
        },
        Fault::MandatoryObjectMissing => |devices| {
            for ln in nodes(devices).filter(|ln| ln.class == "LPHD") {
                ln.data_objects.retain(|object| object.name != "PhyHealth");
            }
        },
        Fault::StatusAttributesSwapped => |devices| {
            if let Some(object) = first(devices, "SPS")
                && object.children.len() > 1
            {
                object.children.swap(0, 1);
            }
        },
        Fault::IntegerWiderThanDescribed => |devices| {
            for object in objects(devices)
                .into_iter()
                .filter(|object| object.cdc == "INS")
            {
                each(object, "stVal", |attribute| attribute.btype = BType::Int64);
            }
        },
        Fault::DescriptionAsMmsString => |devices| {
            for object in objects(devices) {
                each(object, "d", |attribute| {
                    attribute.btype = BType::Unicode(255)
                });
            }
        },
        Fault::DescriptionUnderConfiguration => |devices| {
            for object in objects(devices) {
                each(object, "d", |attribute| attribute.fc = Fc::CF);
            }
        },
        Fault::MembersSwapped => |devices| {
            let mut sets = nodes(devices).flat_map(|ln| &mut ln.data_sets);
            if let Some(set) = sets.find(|set| set.members.len() > 1) {
                set.members.swap(0, 1);
            }
        },
        Fault::ConfiguredValuesIgnored => |devices| {
            for object in objects(devices) {
                for attribute in attributes(object).filter(|a| matches!(a.fc, Fc::CF | Fc::DC)) {
                    // Without a control model nothing could be operated, which is another fault.
                    if attribute.name != "ctlModel" {
                        forget(attribute);
                    }
                }
            }
        },
        Fault::MemberOfNothing => |devices| {
            let mut members = nodes(devices)
                .flat_map(|ln| &mut ln.data_sets)
                .flat_map(|set| &mut set.members);
            if let Some(step) = members.find_map(|member| member.path.first_mut()) {
                "Nothing".clone_into(&mut step.name);
            }
        },
        Fault::ConfRevNotLoaded => |devices| {
            for block in nodes(devices).flat_map(|ln| &mut ln.report_controls) {
                block.conf_rev = 0;
            }
        },
        Fault::ConfigRevKept => |devices| {
            for object in objects(devices) {
                each(object, "configRev", |attribute| {
                    attribute.initial = Some("0".to_owned());
                });
            }
        },
        Fault::PlateOfOtherHardware => |devices| {
            for object in objects(devices) {
                each(object, "hwRev", |attribute| {
                    attribute.initial = Some("another".to_owned());
                });
            }
        },
        Fault::PreviousDataSetKept => |devices| {
            let mut nodes = nodes(devices);
            if let Some(ln) = nodes.find(|ln| !ln.data_sets.is_empty())
                && let Some(mut set) = ln.data_sets.first().cloned()
            {
                "dsPrevious".clone_into(&mut set.name);
                ln.data_sets.push(set);
            }
        },
        Fault::GooseAddressNotLoaded => |devices| {
            for block in nodes(devices).flat_map(|ln| &mut ln.goose_controls) {
                if let Some(address) = &mut block.address {
                    address.app_id = address.app_id.wrapping_add(1);
                }
            }
        },
        Fault::SupervisionOfNothing => |devices| {
            for ln in nodes(devices).filter(|ln| ln.class == "LGOS") {
                for object in &mut ln.data_objects {
                    match object.name.as_str() {
                        "St" => each(object, "stVal", |value| {
                            value.initial = Some("true".to_owned());
                        }),
                        "GoCBRef" => each(object, "setSrcRef", |value| {
                            value.initial = Some(String::new());
                        }),
                        _ => {}
                    }
                }
            }
        },
        Fault::NameSpaceOfOtherEdition => |devices| {
            for object in objects(devices) {
                each(object, "ldNs", |attribute| {
                    attribute.initial = Some("IEC 61850-7-4:1999".to_owned());
                });
            }
        },
        Fault::ObjectNameTooLong => |devices| {
            if let Some((ln, at)) = of_class(devices, "SPS")
                && let Some(mut extra) = ln.data_objects.get(at).cloned()
            {
                "IndicationOfNothing".clone_into(&mut extra.name);
                ln.data_objects.push(extra);
            }
        },
        Fault::GooseBlockOutsideLln0 => |devices| {
            let blocks: Vec<_> = nodes(devices)
                .flat_map(|ln| core::mem::take(&mut ln.goose_controls))
                .collect();
            if let Some(ln) = nodes(devices).find(|ln| ln.name != "LLN0") {
                ln.goose_controls = blocks;
            }
        },
        Fault::OperMissing => |devices| {
            let controlled = |object: &&mut DataObject| {
                object.children.iter().any(|child| child.name() == "Oper")
            };
            if let Some(object) = objects(devices).into_iter().find(controlled) {
                object.children.retain(|child| child.name() != "Oper");
            }
        },
        Fault::SubstitutionIncomplete => |devices| {
            for object in objects(devices) {
                object.children.retain(|child| child.name() != "subQ");
            }
        },
        Fault::LdNsOutsideLln0 => |devices| {
            for ln in nodes(devices).filter(|ln| ln.name != "LLN0") {
                let plates = ln.data_objects.iter_mut().filter(|o| o.name == "NamPlt");
                for plate in plates {
                    let extra = DataAttribute::leaf("ldNs", Fc::EX, BType::VisString(255));
                    plate.children.push(Child::Attribute(extra));
                }
            }
        },
        Fault::ExtensionWithoutNameSpace => |devices| {
            if let Some(device) = devices.first_mut()
                && let Some(ln) = device.logical_nodes.iter().find(|ln| ln.class == "GGIO")
            {
                let mut extra = ln.clone();
                "GXYZ1".clone_into(&mut extra.name);
                "GXYZ".clone_into(&mut extra.class);
                forget_blocks(&mut extra);
                device.logical_nodes.push(extra);
            }
        },
        Fault::HealthBeyondEnumeration => |devices| {
            for object in objects(devices).into_iter().filter(|o| o.name == "Health") {
                each(object, "stVal", |attribute| {
                    attribute.btype = BType::Int8;
                    attribute.initial = Some("7".to_owned());
                });
            }
        },
        Fault::PhysicalDeviceMissing => |devices| {
            for device in devices {
                device.logical_nodes.retain(|ln| ln.class != "LPHD");
            }
        },
        _ => return None,
    })
}

fn nodes(devices: &mut [LogicalDevice]) -> impl Iterator<Item = &mut LogicalNode> {
    devices
        .iter_mut()
        .flat_map(|device| &mut device.logical_nodes)
}

/// Every data object of logical nodes; those inside others are left alone.
fn objects(devices: &mut [LogicalDevice]) -> Vec<&mut DataObject> {
    nodes(devices).flat_map(|ln| &mut ln.data_objects).collect()
}

/// The first logical node with a data object of a class, and the place of that.
fn of_class<'a>(
    devices: &'a mut [LogicalDevice],
    cdc: &str,
) -> Option<(&'a mut LogicalNode, usize)> {
    nodes(devices).find_map(|ln| {
        let at = ln
            .data_objects
            .iter()
            .position(|object| object.cdc == cdc)?;
        Some((ln, at))
    })
}

fn first<'a>(devices: &'a mut [LogicalDevice], cdc: &str) -> Option<&'a mut DataObject> {
    let (ln, at) = of_class(devices, cdc)?;
    ln.data_objects.get_mut(at)
}

fn attributes(object: &mut DataObject) -> impl Iterator<Item = &mut DataAttribute> {
    object.children.iter_mut().filter_map(|child| match child {
        Child::Attribute(attribute) => Some(attribute),
        Child::Object(_) => None,
    })
}

fn each(object: &mut DataObject, name: &str, change: impl Fn(&mut DataAttribute)) {
    attributes(object)
        .filter(|attribute| attribute.name == name)
        .for_each(change);
}

fn forget(attribute: &mut DataAttribute) {
    attribute.initial = None;
    attribute.components.iter_mut().for_each(forget);
}

fn forget_blocks(ln: &mut LogicalNode) {
    ln.report_controls.clear();
    ln.log_controls.clear();
    ln.logs.clear();
    ln.setting_group = None;
    ln.goose_controls.clear();
    ln.data_sets.clear();
}
