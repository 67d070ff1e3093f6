//! Setting groups (IEC 61850-7-2, SGCB): the active group in SG, the edit buffer in SE.

use std::{sync::Arc, time::Duration};

use iedassay_model::{
    Fc,
    tree::{Node, NodeId, ServerModel},
};
use iedassay_wire::mms::{Data, DataAccessError, UtcTime, WriteResult};

use super::{
    Ied,
    control::update,
    store::{Store, cells},
};
use crate::{client::AssociationId, report::Time, value::CLOCK_QUALITY};

const UNAVAILABLE: DataAccessError = DataAccessError::TEMPORARILY_UNAVAILABLE;

/// The setting groups of all logical devices that have them.
#[derive(Debug, Default)]
pub(crate) struct Groups(Vec<Device>);

#[derive(Debug)]
struct Device {
    domain: String,
    active: u32,
    last_active: Time,
    /// Seconds for which an idle edit is kept; none for ever.
    resv_tms: Option<u32>,
    edit: Option<Edit>,
    /// For each group the values of the cells of SE.
    values: Vec<Vec<(NodeId, Data)>>,
}

#[derive(Clone, Copy, Debug)]
struct Edit {
    group: u32,
    editor: AssociationId,
    until: Option<Time>,
}

impl Device {
    fn group_mut(&mut self, group: u32) -> Option<&mut Vec<(NodeId, Data)>> {
        self.values
            .get_mut(usize::try_from(group).ok()?.checked_sub(1)?)
    }

    fn group(&self, group: u32) -> Option<&Vec<(NodeId, Data)>> {
        self.values
            .get(usize::try_from(group).ok()?.checked_sub(1)?)
    }

    fn touch(&mut self, now: Time) {
        let until = self
            .resv_tms
            .filter(|s| *s > 0)
            .map(|s| now.saturating_add(Duration::from_secs(u64::from(s))));
        if let Some(edit) = &mut self.edit {
            edit.until = until;
        }
    }
}

impl Groups {
    pub(crate) fn new(model: &ServerModel) -> Self {
        let devices = model.nodes().filter_map(|(ld, ln)| {
            let block = ln.setting_group.as_ref()?;
            let group = |number| {
                let edited = model
                    .roots(&ld.name)
                    .filter_map(|root| root.child(Fc::SE.as_str()));
                edited
                    .flat_map(cells)
                    .map(|cell| (cell.id(), cell.group_data(number)))
                    .collect()
            };
            Some(Device {
                domain: ld.name.clone(),
                active: block.act_sg,
                last_active: Time::ZERO,
                resv_tms: block.resv_tms,
                edit: None,
                values: (1..=block.num_of_sgs.min(255)).map(group).collect(),
            })
        });
        Self(devices.collect())
    }

    /// At start the values of the active groups act, where the description has values for groups.
    pub(crate) fn begin(&self, store: &mut Store) {
        let model = Arc::clone(store.model());
        for device in &self.0 {
            for (cell, value) in device.group(device.active).into_iter().flatten() {
                let described = model.node(*cell).filter(|node| {
                    node.leaves_within()
                        .any(|leaf| !leaf.group_values().is_empty())
                });
                if let Some(node) = described.and_then(|node| active_of(&model, node)) {
                    store.replace(node.id(), value.clone());
                }
            }
        }
    }

    fn device(&self, domain: &str) -> Option<&Device> {
        self.0.iter().find(|device| device.domain == domain)
    }

    fn device_mut(&mut self, domain: &str) -> Option<&mut Device> {
        self.0.iter_mut().find(|device| device.domain == domain)
    }

    pub(crate) fn power_cycle(&mut self) {
        self.0.iter_mut().for_each(|device| device.edit = None);
    }

    pub(crate) fn association_ended(&mut self, id: AssociationId) {
        for device in &mut self.0 {
            device.edit = device.edit.filter(|edit| edit.editor != id);
        }
    }

    pub(crate) fn deadline(&self) -> Option<Time> {
        self.0.iter().filter_map(|device| device.edit?.until).min()
    }

    pub(crate) fn advance(&mut self, now: Time) {
        for device in &mut self.0 {
            device.edit = device
                .edit
                .filter(|edit| edit.until.is_none_or(|until| until > now));
        }
    }

    /// Whether the edit buffer can be read.
    pub(crate) fn may_read(&self, domain: &str, _id: AssociationId) -> Result<(), DataAccessError> {
        match self.device(domain) {
            Some(device) if device.edit.is_some() => Ok(()),
            _ => Err(UNAVAILABLE),
        }
    }

    /// Whether an association may write the edit buffer.
    pub(crate) fn may_edit(&self, domain: &str, id: AssociationId) -> Result<(), DataAccessError> {
        match self.device(domain).and_then(|device| device.edit) {
            Some(edit) if edit.editor == id => Ok(()),
            _ => Err(UNAVAILABLE),
        }
    }

    /// The edit buffer was written.
    pub(crate) fn edited(&mut self, domain: &str, now: Time) {
        if let Some(device) = self.device_mut(domain) {
            device.touch(now);
        }
    }

    /// An attribute of the SGCB of a logical device.
    pub(crate) fn read(&self, domain: &str, attribute: &str) -> Option<Data> {
        let device = self.device(domain)?;
        let number = |number: u32| Data::Unsigned(u64::from(number));
        Some(match attribute {
            "NumOfSG" => Data::Unsigned(u64::try_from(device.values.len()).unwrap_or(0)),
            "ActSG" => number(device.active),
            "EditSG" => number(device.edit.map_or(0, |edit| edit.group)),
            "CnfEdit" => Data::Boolean(false),
            "LActTm" => Data::UtcTime(UtcTime::from_since_epoch(device.last_active, CLOCK_QUALITY)),
            "ResvTms" => number(if device.edit.is_some() {
                device.resv_tms.unwrap_or(0)
            } else {
                0
            }),
            _ => return None,
        })
    }
}

impl Ied {
    /// A write of an attribute of an SGCB, whose type has been checked.
    pub(super) fn write_groups(
        &mut self,
        node: Node<'_>,
        data: &Data,
        id: AssociationId,
        now: Time,
    ) -> WriteResult {
        let invalid = DataAccessError::OBJECT_VALUE_INVALID;
        let domain = node.domain();
        let model = Arc::clone(&self.model);
        let device = self
            .groups
            .device_mut(domain)
            .ok_or(DataAccessError::OBJECT_NON_EXISTENT)?;
        let held = device.edit.is_some_and(|edit| edit.editor != id);
        let number = data.as_u64().and_then(|number| u32::try_from(number).ok());
        let mut updates = Vec::new();
        match (node.name(), number) {
            ("ActSG", Some(group)) => {
                let values = device.group(group).ok_or(invalid)?.clone();
                device.active = group;
                device.last_active = now;
                self.activate(&model, &values, now);
                return Ok(());
            }
            ("EditSG", _) if held => return Err(UNAVAILABLE),
            ("EditSG", Some(0)) => device.edit = None,
            ("EditSG", Some(group)) => {
                for (cell, value) in device.group(group).ok_or(invalid)? {
                    updates.extend(model.node(*cell).map(|node| update(node, value.clone())));
                }
                device.edit = Some(Edit {
                    group,
                    editor: id,
                    until: None,
                });
                device.touch(now);
            }
            ("CnfEdit", _) => {
                let edit = device
                    .edit
                    .filter(|edit| edit.editor == id)
                    .ok_or(UNAVAILABLE)?;
                if data == &Data::Boolean(false) {
                    return Ok(());
                }
                device.edit = None;
                let active = device.active == edit.group;
                let store = &self.store;
                let values = device.group_mut(edit.group).ok_or(invalid)?;
                for (cell, value) in values.iter_mut() {
                    if let Some(edited) = store.cell(*cell) {
                        value.clone_from(edited);
                    }
                }
                let values = values.clone();
                if active {
                    self.activate(&model, &values, now);
                }
                return Ok(());
            }
            _ => return Err(DataAccessError::OBJECT_ACCESS_DENIED),
        }
        self.commit(updates, now);
        Ok(())
    }

    /// The values of a group act: those of SE become those of SG.
    fn activate(&mut self, model: &ServerModel, values: &[(NodeId, Data)], now: Time) {
        let active = values.iter().filter_map(|(cell, value)| {
            let node = active_of(model, model.node(*cell)?)?;
            Some(update(node, value.clone()))
        });
        let updates = active.collect();
        self.commit(updates, now);
    }
}

/// The active value (SG) of an edited one (SE).
fn active_of<'m>(model: &'m ServerModel, edited: Node<'_>) -> Option<Node<'m>> {
    model.resolve(edited.domain(), &edited.item().replacen("$SE$", "$SG$", 1))
}
