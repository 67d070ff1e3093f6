//! The whole IED without sockets and clocks: requests, process events and the time go in, PDUs and the next deadline come out.

mod access;
mod control;
mod data_sets;
mod files;
mod fingerprint;
mod groups;
mod keeping;
mod limits;
mod logs;
mod measurand;
mod misshapen;
mod naming;
mod obtain;
mod process;
mod publishers;
mod reading;
mod service;
mod sets;
mod store;
mod substitution;
mod tracking;
mod variables;
mod world;
mod writing;

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    net::IpAddr,
    sync::Arc,
};

use iedassay_model::tree::{self, NodeId, ServerModel};
use iedassay_wire::{
    ber::BitString,
    mms::{Data, Pdu},
};

use crate::{
    Fault, FaultSet, SimConfig,
    client::{AssociationId, Client},
    clock::Clock,
    control::AddCause,
    persistence::Record,
    process::{ControlNotice, Motions},
    report::{Block, Change, Slip, Time, Triggers},
};
use control::{Control, Momentary};
use data_sets::DataSets;
use files::{Files, OpenFiles};
use groups::Groups;
use logs::Logs;
use publishers::Publishers;
use store::Store;
use substitution::Beneath;
use tracking::Tracking;
use world::World;

/// Octets that may wait for a client before reports have to wait too.
const OUTBOX_LIMIT: usize = 8 * 1024;

/// What an association is to do.
#[derive(Debug)]
pub(crate) enum Output {
    /// Send this MMS PDU.
    Pdu(Vec<u8>),
    /// Abort.
    Abort,
}

/// One association as the IED sees it.
#[derive(Debug)]
struct Association {
    client: Client,
    /// Negotiated.
    max_pdu: usize,
    outbox: VecDeque<Queued>,
    waiting: usize,
    /// There is output that nobody has been told of.
    news: bool,
    files: OpenFiles,
}

/// What waits for an association to take it.
#[derive(Debug)]
struct Queued {
    output: Output,
    /// With the last PDU of a report: its block and what that has to know when the report is not taken.
    report: Option<(usize, Slip)>,
}

impl Association {
    fn push(&mut self, pdu: Vec<u8>) {
        self.push_last(pdu, None);
    }

    fn push_last(&mut self, pdu: Vec<u8>, report: Option<(usize, Slip)>) {
        self.news = true;
        self.waiting += pdu.len();
        let output = Output::Pdu(pdu);
        self.outbox.push_back(Queued { output, report });
    }

    /// The reports of a block that nobody took.
    fn untaken(&self, block: usize) -> Vec<Slip> {
        let reports = self.outbox.iter().filter_map(|queued| queued.report);
        reports
            .filter(|(of, _)| *of == block)
            .map(|(_, slip)| slip)
            .collect()
    }
}

/// A new value for a cell.
#[derive(Clone, Debug)]
struct Update {
    cell: NodeId,
    data: Data,
    /// What a change of exactly this part triggers.
    triggers: tree::Triggers,
}

/// The simulated IED.
#[derive(Debug)]
pub(crate) struct Ied {
    config: Arc<SimConfig>,
    faults: Arc<FaultSet>,
    model: Arc<ServerModel>,
    store: Store,
    /// Values at start.
    initial: Store,
    sets: DataSets,
    blocks: Vec<Block>,
    block_at: HashMap<NodeId, usize>,
    controls: Vec<Control>,
    control_at: HashMap<NodeId, usize>,
    momentary: Vec<Momentary>,
    groups: Groups,
    logs: Logs,
    publishers: Publishers,
    files: Files,
    tracking: Tracking,
    associations: BTreeMap<AssociationId, Association>,
    next_association: u64,
    /// Objects that the process refuses to control, and those that accept and do not move.
    refused: HashSet<NodeId>,
    stuck: HashSet<NodeId>,
    /// What the process holds against a controllable object.
    held: HashMap<NodeId, Vec<AddCause>>,
    /// Qualities as the process gives them, where they are not good; what is shown also tells mode and range.
    process_quality: HashMap<NodeId, BitString>,
    /// Qualities of measurands whose value, as the process has it, is out of range.
    out_of_range: HashSet<NodeId>,
    /// What the process does to values that are substituted or blocked.
    beneath: Beneath,
    /// Values of the process that go on moving by themselves.
    motions: Motions,
    /// Controls that the process side has not been told of.
    notices: Vec<ControlNotice>,
    now: Time,
    clock: Clock,
    /// What is to survive the end of the process, when somebody keeps it.
    records: Option<Vec<Record>>,
}

impl Ied {
    /// Switches the IED on.
    pub(crate) fn new(config: Arc<SimConfig>, now: Time) -> Self {
        let faults = Arc::new(config.faults.clone());
        let model = misshapen::misshapen(&config.model, &faults);
        let mut store = Store::new(Arc::clone(&model));
        let groups = Groups::new(&model, &faults, now);
        groups.begin(&mut store);
        let mut ied = Self {
            initial: store.clone(),
            sets: DataSets::new(&model),
            blocks: Vec::new(),
            block_at: HashMap::new(),
            controls: Vec::new(),
            control_at: HashMap::new(),
            momentary: Vec::new(),
            groups,
            logs: Logs::new(&model, config.log_capacity, &faults),
            publishers: Publishers::new(&model, config.publishers, &faults),
            files: Files::new(config.files.clone(), now),
            tracking: Tracking::new(&model),
            associations: BTreeMap::new(),
            next_association: 1,
            refused: HashSet::new(),
            stuck: HashSet::new(),
            held: HashMap::new(),
            process_quality: HashMap::new(),
            out_of_range: HashSet::new(),
            beneath: Beneath::default(),
            motions: Motions::default(),
            notices: Vec::new(),
            clock: Clock::new(config.time, Arc::clone(&faults), now),
            now,
            records: None,
            store,
            model,
            faults,
            config,
        };
        ied.stamp_all(now);
        ied.start(now);
        ied
    }

    /// What is volatile begins.
    fn start(&mut self, now: Time) {
        let model = Arc::clone(&self.model);
        let seed = u64::try_from(now.as_micros()).unwrap_or(u64::MAX / 2);
        let rules = model.services.effective_report_settings();
        self.blocks.clear();
        self.block_at.clear();
        for at in model.report_controls() {
            let reference = at.reference();
            let Some(node) = model.resolve(&reference.ld, &reference.mms_item()) else {
                continue;
            };
            let assigned = at.block.client.as_ref();
            let assigned = assigned.and_then(|client| self.config.known_clients.get(&client.ied));
            let mut block = Block::new(
                &at,
                model.edition,
                rules,
                self.config.reports,
                assigned.map(IpAddr::to_canonical),
                seed,
                &self.faults,
            );
            block.start(now, &self.world());
            self.block_at.insert(node.id(), self.blocks.len());
            self.blocks.push(block);
        }
        self.start_controls();
        self.logs.start(now);
        self.start_publishers();
    }

    /// A power cycle: associations and everything volatile are gone. Settings, configuration and the process stay.
    pub(crate) fn power_cycle(&mut self, now: Time) {
        self.advance(now);
        self.clock.restart(now);
        for (_, association) in core::mem::take(&mut self.associations) {
            for (at, block) in self.blocks.iter_mut().enumerate() {
                block.take_back(&association.untaken(at));
            }
        }
        let kept = if self.is_kept() {
            let blocks = core::mem::take(&mut self.blocks).into_iter();
            blocks
                .map(|block| (block.reference().to_owned(), block.into_kept()))
                .collect()
        } else {
            HashMap::new()
        };
        if self.faults.has(Fault::RestartLosesSettings) {
            self.forget_settings();
            self.follow_every_hold(now);
        }
        if self.faults.has(Fault::SubstitutionLapsesOnRestart) {
            self.show_through(now);
        }
        self.sets.power_cycle();
        if self.faults.has(Fault::DataSetLostOnRestart) {
            self.sets.forget_defined();
        }
        if self.faults.has(Fault::LogLostOnRestart) {
            self.logs.forget_entries();
        }
        self.groups.power_cycle(&mut self.store);
        self.start(now);
        if self.is_kept() {
            self.restore_blocks(kept, now);
        }
        self.unselect_all();
    }

    /// The clock, which asks time servers and takes their answers.
    pub(crate) fn clock(&mut self) -> &mut Clock {
        &mut self.clock
    }

    /// A client has associated.
    pub(crate) fn associate(
        &mut self,
        address: IpAddr,
        max_pdu: usize,
        now: Time,
    ) -> AssociationId {
        self.advance(now);
        let id = AssociationId(self.next_association);
        self.next_association += 1;
        self.associations.insert(
            id,
            Association {
                client: Client {
                    association: id,
                    address: address.to_canonical(),
                },
                max_pdu,
                outbox: VecDeque::new(),
                waiting: 0,
                news: false,
                files: OpenFiles::default(),
            },
        );
        id
    }

    /// An association has ended; `orderly` when it was released.
    pub(crate) fn ended(&mut self, id: AssociationId, orderly: bool, now: Time) {
        self.advance(now);
        let Some(association) = self.associations.remove(&id) else {
            return;
        };
        let Self {
            blocks,
            store,
            sets,
            faults,
            clock,
            ..
        } = self;
        let world = World {
            store,
            sets,
            faults,
            clock,
        };
        for (at, block) in blocks.iter_mut().enumerate() {
            block.take_back(&association.untaken(at));
            block.association_ended(id, orderly, now, &world);
        }
        if self.faults.has(Fault::SubstitutionLapsesWithAssociation) {
            self.show_through(now);
        }
        if self.faults.has(Fault::AssociationDataSetsLeft) {
            self.sets.leave(id);
        }
        if self.faults.has(Fault::DataSetEndsWithAssociation) {
            self.sets.forget_defined();
        }
        self.sets.association_ended(id);
        self.groups.association_ended(id);
        self.publishers.association_ended(id);
        self.controls_of_ended(id, now);
        self.files_of_ended(association.files);
    }

    /// The next thing that an association is to do.
    pub(crate) fn poll_output(&mut self, id: AssociationId) -> Option<Output> {
        let association = self.associations.get_mut(&id)?;
        let output = association.outbox.pop_front()?.output;
        if let Output::Pdu(pdu) = &output {
            association.waiting = association.waiting.saturating_sub(pdu.len());
        }
        if association.waiting < OUTBOX_LIMIT {
            self.pump();
        }
        Some(output)
    }

    /// The association that came last.
    pub(crate) fn newest_association(&self) -> Option<AssociationId> {
        self.associations.keys().next_back().copied()
    }

    /// The other associations that have got output since this was last asked.
    pub(crate) fn take_news(&mut self, own: Option<AssociationId>) -> Vec<AssociationId> {
        let mut told = Vec::new();
        for (id, association) in &mut self.associations {
            if core::mem::take(&mut association.news) && Some(*id) != own {
                told.push(*id);
            }
        }
        told
    }

    /// When [`Self::advance`] is wanted.
    pub(crate) fn deadline(&self) -> Option<Time> {
        let blocks = self.blocks.iter().filter_map(Block::deadline);
        let controls = self.controls.iter().filter_map(Control::deadline);
        blocks
            .chain(controls)
            .chain(self.groups.deadline())
            .chain(self.logs.deadline())
            .chain(self.obtaining_deadline())
            .chain(self.momentary_deadline())
            .chain(self.next_motion())
            .min()
    }

    /// Time has come to `now`: everything that was due happens in its order, at its time.
    pub(crate) fn advance(&mut self, now: Time) {
        while let Some(due) = self.deadline().filter(|due| *due <= now) {
            self.now = self.now.max(due);
            let at = self.now;
            let Self {
                blocks,
                store,
                sets,
                faults,
                clock,
                logs,
                ..
            } = self;
            let world = World {
                store,
                sets,
                faults,
                clock,
            };
            for block in blocks
                .iter_mut()
                .filter(|block| block.deadline().is_some_and(|due| due <= at))
            {
                block.advance(at, &world);
            }
            logs.advance(at, &world);
            self.groups.advance(at);
            self.give_up_obtaining(at);
            self.advance_controls(at);
            self.advance_momentary(at);
            self.move_values(at);
        }
        self.now = self.now.max(now);
        self.pump();
    }

    /// Moves reports to the clients that can take them.
    fn pump(&mut self) {
        let blocks = self.blocks.iter_mut().enumerate();
        for (at, block) in blocks.filter(|(_, block)| block.has_report()) {
            let Some(association) = block
                .recipient()
                .and_then(|id| self.associations.get_mut(&id))
            else {
                continue;
            };
            while association.waiting < OUTBOX_LIMIT
                && let Some(mut report) = block.poll(association.max_pdu)
            {
                let last = report.pdus.pop();
                report
                    .pdus
                    .into_iter()
                    .for_each(|pdu| association.push(pdu));
                if let Some(pdu) = last {
                    association.push_last(pdu, Some((at, report.slip)));
                }
            }
        }
    }

    /// Sends a PDU that is no response.
    fn send(&mut self, id: AssociationId, pdu: &Pdu) {
        if let Some(association) = self.associations.get_mut(&id) {
            association.push(pdu.encode());
        }
    }

    fn client(&self, id: AssociationId) -> Option<Client> {
        self.associations
            .get(&id)
            .map(|association| association.client)
    }

    fn start_publishers(&mut self) {
        let Self {
            publishers,
            store,
            sets,
            faults,
            clock,
            ..
        } = self;
        publishers.start(&World {
            store,
            sets,
            faults,
            clock,
        });
    }

    fn world(&self) -> World<'_> {
        World {
            store: &self.store,
            sets: &self.sets,
            faults: &self.faults,
            clock: &self.clock,
        }
    }

    /// Takes values of the process that belong to one instant.
    fn commit(&mut self, mut updates: Vec<Update>, now: Time) {
        updates.extend(self.watch_range(&updates));
        let shown = self.withhold(updates);
        self.commit_shown(shown, now);
    }

    /// Stores values that belong to one instant, and tells everybody who reports or logs them.
    fn commit_shown(&mut self, mut updates: Vec<Update>, now: Time) {
        updates.extend(self.show_range(&updates));
        let changes = self.store_all(updates);
        if changes.is_empty() {
            return;
        }
        self.tell(&changes, now);
        self.follow_mode(&changes, now);
    }

    /// Tells changes of one instant to everybody who reports or logs them.
    fn tell(&mut self, changes: &[(NodeId, Triggers)], now: Time) {
        let stray_quality = self.faults.has(Fault::QchgOfValueMember);
        let Self {
            blocks,
            store,
            sets,
            faults,
            clock,
            model,
            logs,
            ..
        } = self;
        let world = World {
            store,
            sets,
            faults,
            clock,
        };
        for block in blocks {
            let members = Arc::clone(block.members());
            let mut found = Vec::new();
            for (cell, reasons) in changes {
                for member in members.by_leaf.get(cell).into_iter().flatten() {
                    found.push(Change {
                        member: *member,
                        reasons: *reasons,
                    });
                }
                if stray_quality && reasons.contains(Triggers::QCHG) {
                    let object = |id| {
                        model
                            .node(id)
                            .and_then(tree::Node::data_object)
                            .map(tree::Node::id)
                    };
                    let changed = object(*cell);
                    for (at, member) in members.members.iter().enumerate() {
                        let value = model.node(member.node).is_some_and(|node| node.is_leaf());
                        if value && member.node != *cell && object(member.node) == changed {
                            found.push(Change {
                                member: at,
                                reasons: *reasons,
                            });
                        }
                    }
                }
            }
            if !found.is_empty() {
                block.changed(now, &found, &world);
            }
        }
        logs.changed(now, changes, &world);
    }

    /// Stores values and answers what that triggers.
    fn store_all(&mut self, updates: Vec<Update>) -> Vec<(NodeId, Triggers)> {
        let mut changes = Vec::new();
        for update in updates {
            let Some(before) = self.store.replace(update.cell, update.data) else {
                continue;
            };
            let differs = self.store.cell(update.cell) != Some(&before);
            if differs {
                self.keep_value(update.cell);
            }
            let mut reasons = Triggers::NONE;
            for (raised, reason) in [
                (differs && update.triggers.dchg, Triggers::DCHG),
                (differs && update.triggers.qchg, Triggers::QCHG),
                (update.triggers.dupd, Triggers::DUPD),
            ] {
                if raised {
                    reasons = reasons.union(reason);
                }
            }
            if !reasons.is_empty() {
                changes.push((update.cell, reasons));
            }
        }
        changes
    }

    /// Whether a data set is bound to a control block.
    fn is_bound(&self, text: &str) -> bool {
        self.blocks.iter().any(|block| block.dat_set() == text)
            || self.logs.is_bound(text)
            || self.publishers.is_bound(text)
    }
}
