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
use crate::{
    Fault, FaultSet,
    client::AssociationId,
    persistence::{octets_of, reading},
    report::Time,
    value::CLOCK_QUALITY,
};

const UNAVAILABLE: DataAccessError = DataAccessError::TEMPORARILY_UNAVAILABLE;

/// The setting groups of all logical devices that have them.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    devices: Vec<Device>,
    faults: Arc<FaultSet>,
}

#[derive(Debug)]
struct Device {
    domain: String,
    active: u32,
    configured: u32,
    last_active: UtcTime,
    /// Seconds for which an idle edit is kept; none for ever.
    resv_tms: Option<u32>,
    /// Whether an idle edit ends at all.
    reserves: bool,
    edit: Option<Edit>,
    /// The last thing that an editor did was to confirm.
    confirmed: bool,
    /// For each group the values of the cells of SE, and of those of SG that cannot be edited.
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
            .filter(|s| *s > 0 && self.reserves)
            .map(|s| now.saturating_add(Duration::from_secs(u64::from(s))));
        if let Some(edit) = &mut self.edit {
            edit.until = until;
        }
    }
}

impl Groups {
    /// As configured; the active groups are active since `now`.
    pub(crate) fn new(model: &ServerModel, faults: &Arc<FaultSet>, now: Time) -> Self {
        let reserves = !faults.has(Fault::ResvTmsIgnored);
        let devices = model.nodes().filter_map(|(ld, ln)| {
            let block = ln.setting_group.as_ref()?;
            let group = |number| {
                let under = |fc: Fc| {
                    model
                        .roots(&ld.name)
                        .filter_map(move |root| root.child(fc.as_str()))
                        .flat_map(cells)
                };
                let fixed = under(Fc::SG).filter(|cell| edit_of(model, *cell).is_none());
                under(Fc::SE)
                    .chain(fixed)
                    .map(|cell| (cell.id(), cell.group_data(number)))
                    .collect()
            };
            Some(Device {
                domain: ld.name.clone(),
                active: block.act_sg,
                configured: block.act_sg,
                last_active: UtcTime::from_since_epoch(now, CLOCK_QUALITY),
                resv_tms: block.resv_tms,
                reserves,
                edit: None,
                confirmed: false,
                values: (1..=block.num_of_sgs.min(255)).map(group).collect(),
            })
        });
        Self {
            devices: devices.collect(),
            faults: Arc::clone(faults),
        }
    }

    /// At start the values of the active groups act, where the description has values for groups.
    pub(crate) fn begin(&self, store: &mut Store) {
        let model = Arc::clone(store.model());
        for device in &self.devices {
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
        self.devices.iter().find(|device| device.domain == domain)
    }

    fn device_mut(&mut self, domain: &str) -> Option<&mut Device> {
        self.devices
            .iter_mut()
            .find(|device| device.domain == domain)
    }

    /// What of a logical device survives the end of the process: under its name the active group, under name and number the
    /// values of each group.
    pub(crate) fn to_kept(&self, model: &ServerModel, domain: &str) -> Vec<(String, Vec<u8>)> {
        let Some(device) = self.device(domain) else {
            return Vec::new();
        };
        let active = vec![
            Data::Unsigned(u64::from(device.active)),
            Data::Unsigned(device.last_active.since_epoch().as_secs()),
            Data::Unsigned(u64::from(device.last_active.since_epoch().subsec_nanos())),
        ];
        let mut kept = vec![(domain.to_owned(), octets_of(active))];
        for (number, values) in (1..).zip(&device.values) {
            let cells = values.iter().filter_map(|(cell, value)| {
                let item = Data::VisibleString(model.node(*cell)?.item().to_owned());
                Some(Data::Structure(vec![item, value.clone()]))
            });
            let key = format!("{domain}/{number}");
            kept.push((key, octets_of(cells.collect())));
        }
        kept
    }

    /// Takes back what was kept; none when it cannot be understood.
    pub(crate) fn take_back(
        &mut self,
        model: &ServerModel,
        key: &str,
        octets: &[u8],
    ) -> Option<()> {
        let mut read = reading(octets)?;
        let Some((domain, number)) = key.split_once('/') else {
            let device = self.device_mut(key)?;
            device.active = read.number()?;
            device.last_active = UtcTime::from_since_epoch(read.time()?, CLOCK_QUALITY);
            return Some(());
        };
        let group = self.device_mut(domain)?.group_mut(number.parse().ok()?)?;
        while !read.is_over() {
            let mut cell = read.list()?;
            let node = model.resolve(domain, &cell.text()?)?.id();
            let (_, value) = group.iter_mut().find(|(cell, _)| *cell == node)?;
            *value = cell.next()?;
        }
        Some(())
    }

    pub(crate) fn power_cycle(&mut self, store: &mut Store) {
        self.devices
            .iter_mut()
            .for_each(|device| device.edit = None);
        if self.faults.has(Fault::ActiveGroupForgotten) {
            for device in &mut self.devices {
                device.active = device.configured;
            }
            self.begin(store);
        }
    }

    pub(crate) fn association_ended(&mut self, id: AssociationId) {
        if self.faults.has(Fault::EditOutlivesAssociation) {
            return;
        }
        for device in &mut self.devices {
            device.edit = device.edit.filter(|edit| edit.editor != id);
        }
    }

    pub(crate) fn deadline(&self) -> Option<Time> {
        self.devices
            .iter()
            .filter_map(|device| device.edit?.until)
            .min()
    }

    pub(crate) fn advance(&mut self, now: Time) {
        for device in &mut self.devices {
            device.edit = device
                .edit
                .filter(|edit| edit.until.is_none_or(|until| until > now));
        }
    }

    /// Whether the edit buffer can be read.
    pub(crate) fn may_read(&self, domain: &str, _id: AssociationId) -> Result<(), DataAccessError> {
        match self.device(domain) {
            Some(device) if device.edit.is_some() => Ok(()),
            Some(_) if self.faults.has(Fault::EditReadableInIdle) => Ok(()),
            _ => Err(UNAVAILABLE),
        }
    }

    /// Whether an association may write the edit buffer.
    pub(crate) fn may_edit(&self, domain: &str, id: AssociationId) -> Result<(), DataAccessError> {
        match self.device(domain).and_then(|device| device.edit) {
            Some(edit) if edit.editor == id => Ok(()),
            Some(_) if self.faults.has(Fault::OtherClientEdits) => Ok(()),
            None if self.faults.has(Fault::EditWritableInIdle) => Ok(()),
            _ => Err(UNAVAILABLE),
        }
    }

    /// An attribute of the SGCB of a logical device.
    pub(crate) fn read(&self, domain: &str, attribute: &str) -> Option<Data> {
        let device = self.device(domain)?;
        let number = |number: u32| Data::Unsigned(u64::from(number));
        Some(match attribute {
            "NumOfSG" => {
                let surplus = usize::from(self.faults.has(Fault::NumOfSgTooLarge));
                Data::Unsigned(u64::try_from(device.values.len() + surplus).unwrap_or(0))
            }
            "ActSG" => number(device.active),
            "EditSG" => number(device.edit.map_or(0, |edit| edit.group)),
            "CnfEdit" => Data::Boolean(device.confirmed && self.faults.has(Fault::CnfEditNotReset)),
            "LActTm" => Data::UtcTime(device.last_active),
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
        let faults = Arc::clone(&self.faults);
        let shown = self.clock.stamp(now);
        let device = self
            .groups
            .device_mut(domain)
            .ok_or(DataAccessError::OBJECT_NON_EXISTENT)?;
        let held = device.edit.is_some_and(|edit| edit.editor != id)
            && !faults.has(Fault::SecondEditorAccepted);
        let number = data.as_u64().and_then(|number| u32::try_from(number).ok());
        match (node.name(), number) {
            ("ActSG", Some(group)) => {
                let Some(values) = device.group(group).cloned() else {
                    return unless(faults.has(Fault::ActSgOutOfRangeAccepted), invalid);
                };
                device.active = group;
                if !faults.has(Fault::LActTmFrozen) {
                    device.last_active = shown;
                }
                if !faults.has(Fault::ActSgWithoutEffect) {
                    self.activate(&model, &values, now);
                }
                Ok(())
            }
            ("EditSG", _) if held => Err(UNAVAILABLE),
            ("EditSG", Some(0)) => {
                let edit = device.edit.take();
                device.confirmed = false;
                match edit {
                    Some(edit) if faults.has(Fault::AbandonedEditStored) => {
                        self.keep_edit(domain, edit.group, now);
                    }
                    _ => {}
                }
                Ok(())
            }
            ("EditSG", Some(group)) => {
                let Some(own) = device.group(group) else {
                    return unless(faults.has(Fault::EditSgOutOfRangeAccepted), invalid);
                };
                let values = match device.group(device.active) {
                    Some(active) if faults.has(Fault::EditBufferOfActive) => active,
                    _ => own,
                };
                let copies = values.iter().filter_map(|(cell, value)| {
                    let node = model.node(*cell).filter(|node| is_edited(*node))?;
                    Some(update(node, value.clone()))
                });
                let updates = copies.collect();
                device.edit = Some(Edit {
                    group,
                    editor: id,
                    until: None,
                });
                device.confirmed = false;
                device.touch(now);
                self.commit(updates, now);
                Ok(())
            }
            ("CnfEdit", _) => {
                let Some(edit) = device.edit else {
                    return unless(faults.has(Fault::ConfirmInIdleAccepted), UNAVAILABLE);
                };
                if edit.editor != id && !faults.has(Fault::OtherClientConfirms) {
                    return Err(UNAVAILABLE);
                }
                if data == &Data::Boolean(true) {
                    device.edit = None;
                    device.confirmed = true;
                    if !faults.has(Fault::ConfirmWithoutEffect) {
                        self.keep_edit(domain, edit.group, now);
                    }
                }
                Ok(())
            }
            _ => Err(DataAccessError::OBJECT_ACCESS_DENIED),
        }
    }

    /// What is in the edit buffer becomes the values of a group, and acts when the group is active.
    fn keep_edit(&mut self, domain: &str, group: u32, now: Time) {
        let Some(device) = self.groups.device_mut(domain) else {
            return;
        };
        let acts = device.active == group && !self.faults.has(Fault::ConfirmedNotActing);
        let Some(values) = device.group_mut(group) else {
            return;
        };
        let model = &self.model;
        let edited = |cell: &NodeId| model.node(*cell).is_some_and(is_edited);
        for (cell, value) in values.iter_mut().filter(|(cell, _)| edited(cell)) {
            if let Some(edited) = self.store.cell(*cell) {
                value.clone_from(edited);
            }
        }
        let values = values.clone();
        if acts {
            self.activate(&Arc::clone(&self.model), &values, now);
        }
    }

    /// The edit buffer was written.
    pub(super) fn edited(&mut self, domain: &str, now: Time) {
        let Some(device) = self.groups.device_mut(domain) else {
            return;
        };
        device.touch(now);
        if self.faults.has(Fault::EditActsUnconfirmed) {
            let cells = device.values.first().into_iter().flatten();
            let values: Vec<_> = cells
                .filter_map(|(cell, _)| Some((*cell, self.store.cell(*cell)?.clone())))
                .collect();
            self.activate(&Arc::clone(&self.model), &values, now);
        }
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

/// The edited value (SE) of an active one (SG); none where it can only be seen.
fn edit_of<'m>(model: &'m ServerModel, active: Node<'_>) -> Option<Node<'m>> {
    model.resolve(active.domain(), &active.item().replacen("$SG$", "$SE$", 1))
}

fn is_edited(node: Node<'_>) -> bool {
    node.fc() == Some(Fc::SE)
}

/// A refusal, unless a fault lets it pass.
fn unless(fault: bool, refusal: DataAccessError) -> WriteResult {
    if fault { Ok(()) } else { Err(refusal) }
}
