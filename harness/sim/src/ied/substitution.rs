//! What clients see instead of the process: substituted values (IEC 61850-7-2, clause 13; IEC 61850-7-3, attributes of FC SV)
//! and values whose update is blocked (IEC 61850-7-3, blkEna and operatorBlocked).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use iedassay_model::{
    Fc,
    tree::{Node, NodeId, NodeKind, ServerModel},
    value::{Quality, Source, Validity},
};
use iedassay_wire::mms::Data;

use super::{
    Ied, Update,
    control::{leaf_cells, update},
    store::cells,
};
use crate::{Fault, report::Time};

/// What substitution replaces: the constraint and the name of what is shown, and the attribute that replaces it.
const REPLACED: [(Fc, &str, &str); 7] = [
    (Fc::ST, "stVal", "subVal"),
    (Fc::ST, "valWTr", "subVal"),
    (Fc::MX, "mxVal", "subVal"),
    (Fc::MX, "instMag", "subMag"),
    (Fc::MX, "mag", "subMag"),
    (Fc::MX, "instCVal", "subCVal"),
    (Fc::MX, "cVal", "subCVal"),
];

/// What holds the values of a data object against the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hold {
    substituted: bool,
    blocked: bool,
}

impl Hold {
    pub(super) const fn any(self) -> bool {
        self.substituted || self.blocked
    }
}

/// What goes on beneath values that something holds.
#[derive(Debug, Default)]
pub(super) struct Beneath {
    /// Values as the process has them.
    process: BTreeMap<NodeId, Data>,
    /// Values and qualities from when their update was blocked.
    frozen: BTreeMap<NodeId, Data>,
}

impl Ied {
    pub(super) fn holding(&self, object: Node<'_>) -> Hold {
        let enabled = |fc, name| {
            let node = beside(&self.model, object, fc).and_then(|object| object.child(name));
            node.and_then(|node| self.store.cell(node.id())) == Some(&Data::Boolean(true))
        };
        Hold {
            substituted: enabled(Fc::SV, "subEna") && !self.faults.has(Fault::SubstitutionIgnored),
            blocked: enabled(Fc::BL, "blkEna") && !self.faults.has(Fault::BlockedUpdateIgnored),
        }
    }

    /// The value of a cell as the process has it, whatever is shown.
    pub(super) fn process_cell(&self, cell: Node<'_>) -> Data {
        match self.beneath.process.get(&cell.id()) {
            Some(data) => data.clone(),
            None => self.store.read(cell),
        }
    }

    /// Takes out of the updates what the process gives to values that something holds, and remembers it.
    pub(super) fn withhold(&mut self, updates: Vec<Update>) -> Vec<Update> {
        let model = Arc::clone(&self.model);
        let mut shown = Vec::new();
        for update in updates {
            let node = model.node(update.cell);
            let held = node
                .filter(|node| is_replaced(*node) || is_stamp(*node))
                .and_then(Node::data_object)
                .is_some_and(|object| self.holding(object).any());
            if !held {
                shown.push(update);
            } else if !node.is_some_and(is_stamp) {
                if self.faults.has(Fault::SubstitutedValueFollowsProcess) {
                    shown.push(update.clone());
                }
                if !self.faults.has(Fault::ProcessLostUnderSubstitution) {
                    self.beneath.process.insert(update.cell, update.data);
                }
            }
        }
        shown
    }

    /// A client wrote into `SV` or `BL`: what is shown becomes the substituted value, the one from before the block, or that
    /// of the process again.
    pub(super) fn follow_hold(&mut self, written: Node<'_>, now: Time) {
        let mut seen = BTreeSet::new();
        for cell in cells(written) {
            if let Some(object) = cell.data_object().filter(|object| seen.insert(object.id())) {
                self.follow_hold_of(object, written, now);
            }
        }
    }

    fn follow_hold_of(&mut self, object: Node<'_>, written: Node<'_>, now: Time) {
        let model = Arc::clone(&self.model);
        let mut hold = self.holding(object);
        if hold.substituted
            && written.fc() == Some(Fc::SV)
            && written.name() != "subEna"
            && self.faults.has(Fault::SubstitutedValueFixed)
        {
            return;
        }
        hold.substituted |= written.fc() == Some(Fc::SV)
            && written.name() != "subEna"
            && self.faults.has(Fault::SubstitutedWithoutEnable);
        let mut updates = Vec::new();
        for fc in [Fc::ST, Fc::MX] {
            if let Some(shown) = beside(&model, object, fc) {
                updates.extend(self.held_updates(&model, shown, hold, now));
            }
        }
        if self.faults.has(Fault::SubstitutionUnreported) {
            self.store_all(updates);
        } else {
            self.commit_shown(updates, now);
        }
    }

    /// Brings a data object to what it has to show, under `ST` or `MX`.
    fn held_updates(
        &mut self,
        model: &ServerModel,
        shown: Node<'_>,
        hold: Hold,
        now: Time,
    ) -> Vec<Update> {
        let mut updates = Vec::new();
        let of = REPLACED.iter().filter(|(fc, ..)| Some(*fc) == shown.fc());
        for (_, value, substitute) in of {
            let Some(node) = shown.child(value) else {
                continue;
            };
            if value.starts_with("inst") && self.faults.has(Fault::InstantaneousNotSubstituted) {
                continue;
            }
            let source = beside(model, shown, Fc::SV)
                .and_then(|object| object.child(substitute))
                .filter(|_| hold.substituted);
            let sources = source.map(leaf_cells);
            for (at, cell) in leaf_cells(node).into_iter().enumerate() {
                let beneath = self.value_beneath(cell, hold);
                let from = sources.as_ref().and_then(|cells| cells.get(at));
                let data = from.and_then(|from| self.store.cell(*from)).cloned();
                if let (Some(data), Some(leaf)) = (data.or(beneath), model.node(cell)) {
                    updates.push(update(leaf, data));
                }
            }
        }
        if let Some(quality) = shown.child("q") {
            if hold.blocked {
                let process = Data::BitString(self.process_quality(quality).to_bits());
                self.beneath.frozen.entry(quality.id()).or_insert(process);
            } else {
                self.beneath.frozen.remove(&quality.id());
            }
            let data = self.shown_quality(quality);
            updates.push(update(quality, data));
        }
        updates.retain(|update| self.store.cell(update.cell) != Some(&update.data));
        if !updates.is_empty() {
            updates.extend(
                shown
                    .children()
                    .next()
                    .and_then(|node| self.stamp(node, now)),
            );
        }
        updates
    }

    /// What a cell shows without substitution, and the bookkeeping of what holds it; none when that changes nothing.
    fn value_beneath(&mut self, cell: NodeId, hold: Hold) -> Option<Data> {
        let Beneath { process, frozen } = &mut self.beneath;
        if hold.any() {
            let present = self.store.cell(cell)?;
            process.entry(cell).or_insert_with(|| present.clone());
        }
        if hold.blocked {
            let present = process.get(&cell)?;
            return Some(
                frozen
                    .entry(cell)
                    .or_insert_with(|| present.clone())
                    .clone(),
            );
        }
        let before = frozen.remove(&cell);
        if hold.substituted {
            return None;
        }
        let given = process.remove(&cell);
        if before.is_some() && self.faults.has(Fault::BlockedUpdateNotEnded)
            || before.is_none() && self.faults.has(Fault::SubstitutionNotEnded)
        {
            return None;
        }
        given
    }

    /// After the substitution itself has changed without a client: everything held shows what it has to.
    pub(super) fn follow_every_hold(&mut self, now: Time) {
        let model = Arc::clone(&self.model);
        let held: Vec<NodeId> = self.beneath.process.keys().copied().collect();
        for cell in held {
            for fc in [Fc::SV, Fc::BL] {
                let object = model.node(cell).and_then(Node::data_object);
                if let Some(object) = object.and_then(|object| beside(&model, object, fc)) {
                    self.follow_hold(object, now);
                }
            }
        }
    }

    /// The values of the process show through, though clients still read that they are substituted.
    pub(super) fn show_through(&mut self, now: Time) {
        let model = Arc::clone(&self.model);
        let held = core::mem::take(&mut self.beneath.process).into_iter();
        let updates = held
            .filter_map(|(cell, data)| Some(update(model.node(cell)?, data)))
            .collect();
        self.commit_shown(updates, now);
    }

    /// The quality that the process gives, or gave when its update was blocked.
    fn quality_beneath(&self, node: Node<'_>) -> Quality {
        match self.beneath.frozen.get(&node.id()).and_then(Data::as_bits) {
            Some(bits) => Quality::from_bits(bits),
            None => self.process_quality(node),
        }
    }

    /// The quality with what substitution and blocking make of it, before the behaviour has its say (IEC 61850-7-3, q, subQ).
    pub(super) fn held_quality(&self, node: Node<'_>) -> Quality {
        let beneath = self.quality_beneath(node);
        let Some(object) = node.data_object() else {
            return beneath;
        };
        let hold = self.holding(object);
        let mut quality = beneath;
        if hold.substituted {
            if !self.faults.has(Fault::SubstitutedQualityIgnored) {
                let given = beside(&self.model, object, Fc::SV)
                    .and_then(|object| object.child("subQ"))
                    .and_then(|node| self.store.cell(node.id()))
                    .and_then(Data::as_bits);
                quality = given.map_or(Quality::GOOD, Quality::from_bits);
            }
            // Whatever subQ says of it.
            quality.source = if self.faults.has(Fault::SubstitutedSourceNotSet) {
                Source::Process
            } else {
                Source::Substituted
            };
        } else if self.faults.has(Fault::SubstitutedSourceNotReset) {
            let shown = self.store.cell(node.id()).and_then(Data::as_bits);
            quality.source = shown.map_or(Source::Process, |bits| Quality::from_bits(bits).source);
        }
        if hold.blocked && !self.faults.has(Fault::BlockedQualityNotSet) {
            quality.operator_blocked = true;
            // A substituted value is not old; one from before the block is.
            if !hold.substituted {
                quality.detail.old_data = true;
                if quality.validity == Validity::Good {
                    quality.validity = Validity::Questionable;
                }
            }
        }
        quality
    }
}

/// The same data object under another functional constraint.
pub(super) fn beside<'a>(model: &'a ServerModel, object: Node<'_>, fc: Fc) -> Option<Node<'a>> {
    let mut parts = object.item().splitn(3, '$');
    let (ln, _, path) = (parts.next()?, parts.next()?, parts.next()?);
    model.resolve(object.domain(), &format!("{ln}${}${path}", fc.as_str()))
}

/// The attribute of a data object that a node is in, itself included.
fn attribute(node: Node<'_>) -> Option<Node<'_>> {
    core::iter::successors(Some(node), |node| node.parent()).find(|node| {
        let parent = node.parent().map(Node::kind);
        parent == Some(NodeKind::DataObject) && node.kind() != NodeKind::DataObject
    })
}

/// Whether a node is a value that substitution replaces and a block holds.
fn is_replaced(node: Node<'_>) -> bool {
    attribute(node).is_some_and(|attribute| {
        REPLACED
            .iter()
            .any(|(fc, name, _)| Some(*fc) == node.fc() && *name == attribute.name())
    })
}

fn is_stamp(node: Node<'_>) -> bool {
    node.name() == "t" && matches!(node.fc(), Some(Fc::ST | Fc::MX))
}
