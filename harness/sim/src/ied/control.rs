//! The controllable objects of the IED: from writes to the state machine and from there to the process.

mod around;
mod command;
mod misread;
mod momentary;
mod moving;
mod noticing;
mod telling;

use std::sync::Arc;

use iedassay_model::{
    Fc,
    tree::{Node, NodeId, NodeKind, Triggers},
};
use iedassay_wire::mms::{Data, DataAccessError};

use command::parse;
pub(super) use momentary::Momentary;
use noticing::why;

use super::{
    Ied, Update,
    limits::within_limits,
    store::{cells, is_cell},
    tracking::Service,
};
use crate::{
    Fault,
    client::AssociationId,
    control::{AddCause, Command, Effect, Machine, Refusal},
    process::ControlService,
    report::Time,
};

/// A controllable object.
#[derive(Debug)]
pub(crate) struct Control {
    domain: String,
    ln: String,
    /// Name of the data object, below `LN$CO$`.
    object: String,
    machine: Machine,
}

impl Control {
    pub(crate) fn deadline(&self) -> Option<Time> {
        self.machine.deadline()
    }

    /// `LN$FC$object$rest`.
    fn item(&self, fc: Fc, rest: &str) -> String {
        let Self { ln, object, .. } = self;
        if rest.is_empty() {
            format!("{ln}${fc}${object}")
        } else {
            format!("{ln}${fc}${object}${rest}")
        }
    }
}

/// The ways to control an object, by the attribute that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Oper,
    SboWith,
    Cancel,
}

impl Verb {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "Oper" => Some(Self::Oper),
            "SBOw" => Some(Self::SboWith),
            "Cancel" => Some(Self::Cancel),
            _ => None,
        }
    }

    const fn service(self) -> ControlService {
        match self {
            Self::Oper => ControlService::Operate,
            Self::SboWith => ControlService::Select,
            Self::Cancel => ControlService::Cancel,
        }
    }

    /// As service tracking names it.
    const fn tracked(self, command: Option<&Command>) -> Service {
        match self {
            Self::Oper => match command {
                Some(Command {
                    oper_tm: Some(_), ..
                }) => Service::TIME_ACTIVATED_OPERATE,
                _ => Service::OPERATE,
            },
            Self::SboWith => Service::SELECT_WITH_VALUE,
            Self::Cancel => Service::CANCEL,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Oper => "Oper",
            Self::SboWith => "SBOw",
            Self::Cancel => "Cancel",
        }
    }
}

impl Ied {
    /// Finds the controllable objects; all are idle.
    pub(super) fn start_controls(&mut self) {
        let model = Arc::clone(&self.model);
        self.controls.clear();
        self.control_at.clear();
        self.momentary.clear();
        for node in model.variables() {
            if node.kind() != NodeKind::DataObject || node.fc() != Some(Fc::CO) {
                continue;
            }
            let ln = node.logical_node_name();
            let object = node.item().get(ln.len() + 4..).unwrap_or("");
            self.control_at.insert(node.id(), self.controls.len());
            self.controls.push(Control {
                domain: node.domain().to_owned(),
                ln: ln.to_owned(),
                object: object.to_owned(),
                machine: Machine::new(Arc::clone(&self.faults)),
            });
        }
    }

    /// After a power cycle nothing is selected.
    pub(super) fn unselect_all(&mut self) {
        let updates = (0..self.controls.len())
            .filter_map(|at| self.selection_update(at))
            .collect();
        self.commit(updates, self.now);
    }

    /// What is selected, `LD/LN.DO`.
    pub(super) fn selections(&self) -> impl Iterator<Item = String> {
        let selected = |control: &&Control| control.machine.selected_by().is_some();
        let name =
            |control: &Control| format!("{}/{}.{}", control.domain, control.ln, control.object);
        self.controls.iter().filter(selected).map(name)
    }

    /// Domain and `LN$CO$object` of a controllable object.
    pub(super) fn control_name(&self, at: usize) -> Option<(String, String)> {
        let control = self.controls.get(at)?;
        Some((control.domain.clone(), control.item(Fc::CO, "")))
    }

    /// The object of a node of `CO`, when it is controllable.
    pub(super) fn control_of(&self, node: Node<'_>) -> Option<usize> {
        self.control_at.get(&node.id()).copied()
    }

    /// A read of `SBO`: the reference for success, an empty string for refusal.
    pub(super) fn select(&mut self, id: AssociationId, at: usize, now: Time) -> Data {
        let Some((client, conditions)) = self.client(id).zip(self.conditions(at)) else {
            return Data::VisibleString(String::new());
        };
        let Some(control) = self.controls.get_mut(at) else {
            return Data::VisibleString(String::new());
        };
        let reference = format!("{}/{}", control.domain, control.item(Fc::CO, ""));
        let result = control.machine.select(client, None, now, &conditions);
        let told = result.map_err(why);
        self.notice(ControlService::Select, at, Some(id), None, told);
        let accepted = result.is_ok();
        if accepted {
            self.selected(id, at);
        }
        self.track_control(id, at, Service::SELECT, None, result);
        self.show_selections(now);
        let told = accepted || self.faults.has(Fault::RefusedSelectNotEmpty);
        Data::VisibleString(if told { reference } else { String::new() })
    }

    /// An object has been selected.
    fn selected(&mut self, id: AssociationId, at: usize) {
        if self.faults.has(Fault::SingleSelection) {
            for (other, control) in self.controls.iter_mut().enumerate() {
                if other != at && control.machine.selected_by() == Some(id) {
                    control.machine.unselect();
                }
            }
        }
    }

    /// A write of `Oper`, `SBOw` or `Cancel`. A refusal is explained before it is answered.
    pub(super) fn control(
        &mut self,
        id: AssociationId,
        at: usize,
        verb: Verb,
        node: Node<'_>,
        data: &Data,
        now: Time,
    ) -> Result<(), DataAccessError> {
        let wrong = DataAccessError::TYPE_INCONSISTENT;
        self.misread(at, verb, node, data, now);
        let Some(command) = parse(node, data) else {
            let why = Err(wrong.to_string());
            self.notice(verb.service(), at, Some(id), None, why);
            let refusal = Refusal {
                error: wrong,
                cause: AddCause::UNKNOWN,
            };
            self.track_control(id, at, verb.tracked(None), None, Err(refusal));
            return Err(wrong);
        };
        let client = self.client(id).ok_or(wrong)?;
        let mut conditions = self.conditions(at).ok_or(wrong)?;
        conditions.beyond_limits = node
            .child("ctlVal")
            .is_some_and(|wanted| !within_limits(&self.store, wanted, &command.value));
        if verb == Verb::Oper {
            self.operate_received(at, now);
        }
        let control = self.controls.get_mut(at).ok_or(wrong)?;
        let result = match verb {
            Verb::Cancel => control.machine.cancel(&client).map(|()| None),
            Verb::SboWith => control
                .machine
                .select(client, Some(command.clone()), now, &conditions)
                .map(|()| None),
            Verb::Oper => control
                .machine
                .operate(client, command.clone(), now, &conditions),
        };
        let told = result.as_ref().map(|_| ()).map_err(|refusal| why(*refusal));
        self.notice(verb.service(), at, Some(id), Some(&command), told);
        let service = verb.tracked(Some(&command));
        let tracked = result.as_ref().map(|_| ()).map_err(|refusal| *refusal);
        self.track_control(id, at, service, Some(&command), tracked);
        let outcome = match result {
            Ok(effect) => {
                if verb == Verb::SboWith {
                    self.selected(id, at);
                }
                let mut updates = if verb == Verb::Oper {
                    self.mirror(at, &command)
                } else {
                    Vec::new()
                };
                updates.extend(self.effects(effect, at, now));
                updates.extend(self.selection_update(at));
                self.commit(updates, now);
                if verb == Verb::Oper && command.oper_tm.is_none() {
                    self.operate_accepted(at, now);
                }
                Ok(())
            }
            Err(refusal) => {
                if verb == Verb::Oper && self.faults.has(Fault::OpOkOfRefused) {
                    self.operate_accepted(at, now);
                }
                let enhanced = conditions.model.is_enhanced();
                if enhanced || self.config.control.last_appl_error_with_normal_security {
                    self.explain(id, at, verb, &command, refusal);
                }
                Err(refusal.error)
            }
        };
        self.show_selections(now);
        outcome
    }

    /// Carries out what the state machine says; the answer are the values that change by it.
    fn effects(
        &mut self,
        effects: impl IntoIterator<Item = Effect>,
        at: usize,
        now: Time,
    ) -> Vec<Update> {
        let mut updates = Vec::new();
        for effect in effects {
            match effect {
                Effect::Move(command) => {
                    updates.extend(self.move_process(at, &command.value, now));
                    self.begin_pulses(at, &command.value, now);
                }
                Effect::Terminate {
                    client,
                    command,
                    cause,
                } => {
                    // The change of status is told before the end of the command.
                    self.commit(core::mem::take(&mut updates), now);
                    self.pump();
                    self.terminate(client.association, at, &command, cause);
                }
            }
        }
        updates
    }

    pub(super) fn advance_controls(&mut self, now: Time) {
        for at in 0..self.controls.len() {
            let due = self
                .controls
                .get(at)
                .and_then(Control::deadline)
                .is_some_and(|due| due <= now);
            let Some(conditions) = due.then(|| self.conditions(at)).flatten() else {
                continue;
            };
            let Some(control) = self.controls.get_mut(at) else {
                continue;
            };
            let waited = control.machine.is_waiting();
            let effects = control.machine.advance(now, &conditions);
            let begun = control.machine.is_executing()
                || effects
                    .iter()
                    .any(|effect| matches!(effect, Effect::Move(_)));
            let mut updates = self.effects(effects, at, now);
            if waited && begun {
                self.operate_accepted(at, now);
            }
            updates.extend(self.selection_update(at));
            self.commit(updates, now);
        }
    }

    pub(super) fn controls_of_ended(&mut self, id: AssociationId, now: Time) {
        let one = self.faults.has(Fault::LossUnselectsOne);
        for control in &mut self.controls {
            let selected = control.machine.selected_by() == Some(id);
            control.machine.association_ended(id);
            if selected && one {
                break;
            }
        }
        self.show_selections(now);
    }

    /// Brings every `stSeld` to what holds.
    fn show_selections(&mut self, now: Time) {
        let updates = (0..self.controls.len())
            .filter_map(|at| self.selection_update(at))
            .collect();
        self.commit(updates, now);
    }

    fn selection_update(&self, at: usize) -> Option<Update> {
        if self.faults.has(Fault::StSeldStuck) {
            return None;
        }
        let control = self.controls.get(at)?;
        let node = self
            .model
            .resolve(&control.domain, &control.item(Fc::ST, "stSeld"))?;
        let selected = Data::Boolean(control.machine.is_selected(self.control_model(control)));
        (self.store.cell(node.id()) != Some(&selected)).then(|| update(node, selected))
    }
}

/// Dbpos off.
const OFF: u64 = 1;
/// Dbpos on.
const ON: u64 = 2;

/// An update of a leaf or array.
pub(super) fn update(node: Node<'_>, data: Data) -> Update {
    let triggers: Triggers = if node.is_leaf() {
        node.triggers()
    } else {
        node.member_triggers()
    };
    Update {
        cell: node.id(),
        data,
        triggers,
    }
}

/// Gives a value, whose type has been checked, to all cells of a node.
pub(super) fn scatter(node: Node<'_>, data: &Data, updates: &mut Vec<Update>) {
    if is_cell(node) {
        updates.push(update(node, data.clone()));
    } else if let Data::Structure(components) = data {
        for (child, component) in node.children().zip(components) {
            scatter(child, component, updates);
        }
    }
}

/// The leaves of a node, for those who copy them.
pub(super) fn leaf_cells(node: Node<'_>) -> Vec<NodeId> {
    cells(node).into_iter().map(Node::id).collect()
}
