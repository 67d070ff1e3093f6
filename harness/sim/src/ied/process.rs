//! The process side: inputs with quality and time stamp, mode and behaviour.

use std::{collections::HashSet, sync::Arc};

use iedassay_model::{
    Fc,
    tree::{BType, Node, NodeId},
    value::{Quality, Validity, format_value},
};
use iedassay_wire::mms::Data;

use super::{Ied, Update, control::update, store::part};
use crate::{
    Fault,
    process::{
        Answer, Change, Command, CommandError, CommandErrorKind, How, Motion, Place, controllable,
        list,
    },
    report::{Time, Triggers},
};

impl Ied {
    /// Obeys a command of the process side that is about data or control.
    pub(crate) fn process_command(
        &mut self,
        command: &Command,
        now: Time,
    ) -> Result<Answer, CommandError> {
        self.advance(now);
        let result = self.process_obey(command, now);
        self.advance(now);
        result
    }

    fn process_obey(&mut self, command: &Command, now: Time) -> Result<Answer, CommandError> {
        let model = Arc::clone(&self.model);
        match command {
            Command::Set { reference, value } => {
                let place = Place::find(&model, reference)?;
                let data = place.value(value)?;
                self.motions.end(&place.target());
                self.process_set(&place, data, now);
            }
            Command::Update(reference) => {
                self.process_update(&Place::find(&model, reference)?, now)
            }
            Command::Ramp {
                reference,
                from,
                to,
                over,
                every,
            } => {
                let place = Place::find(&model, reference)?;
                place.number(*from, "from")?;
                place.number(*to, "to")?;
                let how = How::Ramp {
                    from: *from,
                    to: *to,
                    over: *over,
                };
                self.motions.begin(Motion::new(
                    reference.clone(),
                    place.target(),
                    how,
                    *every,
                    now,
                ))?;
            }
            Command::Toggle {
                reference,
                every,
                times,
            } => {
                let place = Place::find(&model, reference)?;
                place.other_state(&place.btype()?.zero())?;
                let every = every.unwrap_or_default();
                let how = How::Toggle(*times);
                self.motions.begin(Motion::new(
                    reference.clone(),
                    place.target(),
                    how,
                    every,
                    now,
                ))?;
            }
            Command::Stop(Some(reference)) => {
                self.motions.end(&Place::find(&model, reference)?.target());
            }
            Command::Stop(None) => self.motions.end_all(),
            Command::Block { reference, on } => {
                switch(&mut self.refused, controllable(&model, reference)?, *on);
            }
            Command::Stick { reference, on } => {
                switch(&mut self.stuck, controllable(&model, reference)?, *on);
            }
            Command::Hold {
                reference,
                cause,
                on,
            } => self.hold(controllable(&model, reference)?, cause.add_cause, *on, now),
            Command::Get(reference) => {
                let place = Place::find(&model, reference)?;
                let value = self.process_get(&place)?;
                return Ok(Answer::Value(format_value(place.leaf.btype(), &value)));
            }
            Command::Scan(pattern) => {
                let (found, of) = list(&model, pattern, false);
                let lines = found.into_iter().map(|listed| {
                    let value = self.store.read(listed.node);
                    format!(
                        "{} {}",
                        listed.reference,
                        format_value(listed.node.btype(), &value)
                    )
                });
                return Ok(Answer::Lines {
                    lines: lines.collect(),
                    of,
                });
            }
            Command::List(pattern) => {
                let (found, of) = list(&model, pattern, true);
                let lines = found.into_iter().map(|listed| {
                    let what = listed
                        .node
                        .btype()
                        .map_or_else(|| "control".to_owned(), BType::scl_name);
                    format!("{} {what}", listed.reference)
                });
                return Ok(Answer::Lines {
                    lines: lines.collect(),
                    of,
                });
            }
            Command::Blackhole(_)
            | Command::Restart(_)
            | Command::Subscribe(_)
            | Command::Help(_)
            | Command::Ping => {
                let message = format!("`{}` is not for the IED", command.verb().name);
                return Err(CommandError::new(CommandErrorKind::NotHere, message));
            }
        }
        Ok(Answer::Done)
    }

    /// The values that are to move now do.
    pub(super) fn move_values(&mut self, now: Time) {
        let model = Arc::clone(&self.model);
        for (reference, change) in self.motions.take(now) {
            // What could begin to move can go on: the model stays.
            let Ok(place) = Place::find(&model, &reference) else {
                continue;
            };
            let data = match change {
                Change::To(number) => place.number(number, "to"),
                Change::ToOther => self
                    .process_get(&place)
                    .and_then(|present| place.other_state(&present)),
            };
            if let Ok(data) = data {
                self.process_set(&place, data, now);
            }
        }
    }

    /// When the next value is to move.
    pub(crate) fn next_motion(&self) -> Option<Time> {
        self.motions.deadline()
    }

    fn process_set(&mut self, place: &Place<'_>, data: Data, now: Time) {
        if place.leaf.name() == "q" && place.leaf.btype() == Some(&BType::Quality) {
            self.set_quality(place, &data, now);
            return;
        }
        if place.leaf.fc() == Some(Fc::MX) && self.faults.has(Fault::MeasurandStuck) {
            return;
        }
        let mut updates: Vec<Update> = self.place_update(place, data).into_iter().collect();
        updates.extend(self.stamp(place.cell, now));
        updates.extend(self.follow_measurand(place, &updates));
        self.commit(updates, now);
    }

    fn process_update(&mut self, place: &Place<'_>, now: Time) {
        let data = self.process_cell(place.cell);
        let mut updates = vec![Update {
            cell: place.cell.id(),
            data,
            triggers: place.leaf.member_triggers(),
        }];
        updates.extend(self.stamp(place.cell, now));
        self.commit(updates, now);
    }

    /// What the process has there, also while clients see a substituted value.
    fn process_get(&self, place: &Place<'_>) -> Result<Data, CommandError> {
        let mut whole = self.process_cell(place.cell);
        match part(place.cell, &mut whole, &place.selection) {
            Ok((_, data)) => Ok(data.clone()),
            Err(_) => Err(place.outside()),
        }
    }

    /// A new value of a leaf, which may be part of an array.
    fn place_update(&self, place: &Place<'_>, data: Data) -> Option<Update> {
        let mut whole = self.process_cell(place.cell);
        let (_, slot) = part(place.cell, &mut whole, &place.selection).ok()?;
        *slot = data;
        Some(Update {
            cell: place.cell.id(),
            data: whole,
            triggers: place.leaf.triggers(),
        })
    }

    /// The time stamp beside a value shows now.
    pub(super) fn stamp(&self, node: Node<'_>, now: Time) -> Option<Update> {
        if self.faults.has(Fault::TimestampFrozen) || node.name() == "t" {
            return None;
        }
        let object = node.data_object()?;
        let stamp = object.child("t")?;
        Some(update(stamp, Data::UtcTime(self.clock.stamp(now))))
    }

    /// At start every time stamp of the process shows the start.
    pub(super) fn stamp_all(&mut self, now: Time) {
        let model = Arc::clone(&self.model);
        for node in model.variables() {
            let process = matches!(node.fc(), Some(Fc::ST | Fc::MX));
            if process && node.name() == "t" && node.btype() == Some(&BType::Timestamp) {
                let stamp = Data::UtcTime(self.clock.stamp(now));
                self.store.replace(node.id(), stamp);
            }
        }
        self.initial = self.store.clone();
    }

    /// The process gives a quality; what is shown also tells the behaviour.
    fn set_quality(&mut self, place: &Place<'_>, data: &Data, now: Time) {
        let Data::BitString(bits) = data else {
            return;
        };
        if self.faults.has(Fault::QualityNotUpdated) {
            return;
        }
        self.process_quality.insert(place.cell.id(), bits.clone());
        let shown = self.shown_quality(place.cell);
        let mut updates = vec![update(place.cell, shown)];
        updates.extend(self.stamp(place.cell, now));
        self.commit(updates, now);
    }

    /// A quality as the process gives it.
    pub(super) fn process_quality(&self, node: Node<'_>) -> Quality {
        let given = self.process_quality.get(&node.id());
        let mut quality = given.map_or(Quality::GOOD, Quality::from_bits);
        if self.out_of_range.contains(&node.id()) {
            quality.detail.out_of_range = true;
            if quality.validity == Validity::Good {
                quality.validity = Validity::Questionable;
            }
        }
        quality
    }

    /// A quality as it is shown: that of the process or of substitution, with test and invalid as the behaviour wants it.
    pub(super) fn shown_quality(&self, node: Node<'_>) -> Data {
        let mut quality = self.held_quality(node);
        let ln = node.logical_node_name();
        let beh = self
            .store
            .value(node.domain(), &format!("{ln}$ST$Beh$stVal"))
            .and_then(Data::as_i64);
        let told = node
            .data_object()
            .is_none_or(|object| !matches!(object.name(), "Mod" | "Beh" | "Health"));
        if told
            && matches!(beh, Some(TEST | TEST_BLOCKED))
            && !self.faults.has(Fault::TestQualityMissing)
        {
            quality.test = true;
        }
        if told && beh == Some(OFF) {
            quality.validity = Validity::Invalid;
        }
        Data::BitString(quality.to_bits())
    }

    /// After a change of a mode the behaviour follows, and with it the quality of the data.
    pub(super) fn follow_mode(&mut self, changes: &[(NodeId, Triggers)], now: Time) {
        let model = Arc::clone(&self.model);
        let mut updates = Vec::new();
        for (cell, _) in changes {
            let Some(node) = model.node(*cell) else {
                continue;
            };
            let ln = node.logical_node_name();
            if node.fc() != Some(Fc::ST) || node.item().strip_prefix(ln) != Some("$ST$Mod$stVal") {
                continue;
            }
            let whole = ln == "LLN0";
            for root in model.roots(node.domain()) {
                if whole || root.name() == ln {
                    updates.extend(self.behaviour(root, now));
                }
            }
        }
        if updates.is_empty() {
            return;
        }
        let changes = self.store_all(updates);
        // The quality depends on the behaviour that is stored now.
        let mut qualities = Vec::new();
        for (cell, _) in &changes {
            let Some(root) = model.node(*cell).and_then(|node| node.parents().last()) else {
                continue;
            };
            for leaf in root.leaves_within().filter(|leaf| is_quality(*leaf)) {
                let shown = self.shown_quality(leaf);
                if self.store.cell(leaf.id()) != Some(&shown) {
                    qualities.push(update(leaf, shown));
                }
            }
        }
        let mut all = changes;
        all.extend(self.store_all(qualities));
        if !self.faults.has(Fault::ModeChangeUnreported) {
            self.tell(&all, now);
        }
    }

    /// `Beh` of a logical node, from its mode and that of the logical device (IEC 61850-7-4, annex A).
    fn behaviour(&self, root: Node<'_>, now: Time) -> Vec<Update> {
        let mode = |ln: &str| {
            let value = self
                .store
                .value(root.domain(), &format!("{ln}$ST$Mod$stVal"));
            value.and_then(Data::as_i64).unwrap_or(ON)
        };
        let Some(node) = self
            .model
            .resolve(root.domain(), &format!("{}$ST$Beh$stVal", root.name()))
        else {
            return Vec::new();
        };
        let device = if self.faults.has(Fault::BehNotPropagated) {
            ON
        } else {
            mode("LLN0")
        };
        let beh = Data::Integer(combine(device, mode(root.name())));
        if self.store.cell(node.id()) == Some(&beh) {
            return Vec::new();
        }
        let mut updates = vec![update(node, beh)];
        updates.extend(self.stamp(node, now));
        updates
    }

    /// A power cycle with amnesia: what clients wrote is gone.
    pub(super) fn forget_settings(&mut self) {
        let model = Arc::clone(&self.model);
        for node in model.variables() {
            let kept = matches!(
                node.fc(),
                Some(Fc::SP | Fc::SG | Fc::SE | Fc::CF | Fc::DC | Fc::SV | Fc::BL)
            );
            if let Some(data) = self.initial.cell(node.id()).filter(|_| kept) {
                self.store.replace(node.id(), data.clone());
            }
        }
    }
}

/// Values of Mod and Beh.
const ON: i64 = 1;
const ON_BLOCKED: i64 = 2;
const TEST: i64 = 3;
const TEST_BLOCKED: i64 = 4;
const OFF: i64 = 5;

/// The behaviour that comes of the modes of a logical device and of a logical node in it.
fn combine(device: i64, node: i64) -> i64 {
    let any = |modes: &[i64]| modes.contains(&device) || modes.contains(&node);
    match (
        any(&[OFF]),
        any(&[TEST, TEST_BLOCKED]),
        any(&[ON_BLOCKED, TEST_BLOCKED]),
    ) {
        (true, _, _) => OFF,
        (false, true, true) => TEST_BLOCKED,
        (false, true, false) => TEST,
        (false, false, true) => ON_BLOCKED,
        (false, false, false) => ON,
    }
}

fn is_quality(node: Node<'_>) -> bool {
    node.name() == "q"
        && node.btype() == Some(&BType::Quality)
        && matches!(node.fc(), Some(Fc::ST | Fc::MX))
        && !node.in_array()
}

fn switch(set: &mut HashSet<NodeId>, object: NodeId, on: bool) {
    if on {
        set.insert(object);
    } else {
        set.remove(&object);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behaviour_is_the_stricter_of_both_modes() {
        for (device, node, beh) in [
            (1, 1, 1),
            (1, 3, 3),
            (3, 1, 3),
            (2, 1, 2),
            (2, 3, 4),
            (3, 2, 4),
            (1, 5, 5),
            (5, 3, 5),
            (4, 1, 4),
        ] {
            assert_eq!(combine(device, node), beh, "{device} {node}");
        }
    }
}
