//! The controllable objects of the IED: from writes to the state machine and from there to the process.

use std::{sync::Arc, time::Duration};

use iedassay_model::{
    Fc,
    tree::{BType, Node, NodeId, NodeKind, Triggers},
};
use iedassay_wire::{
    ber::BitString,
    mms::{
        Data, DataAccessError, InformationReport, ListedVariable, ObjectName, Pdu, Unconfirmed,
        UtcTime, VariableAccess,
    },
};

use super::{
    Ied, Update,
    store::{cells, is_cell},
};
use crate::{
    Fault,
    client::AssociationId,
    control::{AddCause, Command, Conditions, ControlModel, Effect, Machine, Refusal},
    report::Time,
    value::{CLOCK_QUALITY, check},
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
        let accepted = control
            .machine
            .select(client, None, now, &conditions)
            .is_ok();
        if accepted {
            self.selected(id, at);
        }
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
        let command = parse(node, data).ok_or(wrong)?;
        let client = self.client(id).ok_or(wrong)?;
        let conditions = self.conditions(at).ok_or(wrong)?;
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
                Ok(())
            }
            Err(refusal) => {
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

    /// LastApplError for a refused control.
    fn explain(
        &mut self,
        id: AssociationId,
        at: usize,
        verb: Verb,
        command: &Command,
        refusal: Refusal,
    ) {
        if self.faults.has(Fault::LastApplErrorMissing) {
            return;
        }
        let Some(value) = self.last_appl_error(at, verb, command, refusal.cause) else {
            return;
        };
        self.send(
            id,
            &report([(ObjectName::Vmd("LastApplError".to_owned()), value)]),
        );
    }

    fn last_appl_error(
        &self,
        at: usize,
        verb: Verb,
        command: &Command,
        cause: AddCause,
    ) -> Option<Data> {
        let control = self.controls.get(at)?;
        let shown = if self.faults.has(Fault::AddCauseUnknown) {
            AddCause::UNKNOWN
        } else {
            cause
        };
        Some(Data::Structure(vec![
            Data::VisibleString(format!(
                "{}/{}",
                control.domain,
                control.item(Fc::CO, verb.name())
            )),
            Data::Integer(cause.error()),
            Data::Structure(vec![
                Data::Integer(command.or_cat),
                Data::OctetString(command.or_ident.clone()),
            ]),
            Data::Unsigned(command.ctl_num),
            Data::Integer(i64::from(shown.0)),
        ]))
    }

    /// CommandTermination: of a negative one LastApplError is the first of two variables.
    fn terminate(
        &mut self,
        id: AssociationId,
        at: usize,
        command: &Command,
        cause: Option<AddCause>,
    ) {
        let Some(control) = self.controls.get(at) else {
            return;
        };
        let oper = ObjectName::domain(
            control.domain.clone(),
            control.item(Fc::CO, Verb::Oper.name()),
        );
        let cause = cause.filter(|_| !self.faults.has(Fault::TerminationAlwaysPositive));
        let mut variables = Vec::new();
        if let Some(value) =
            cause.and_then(|cause| self.last_appl_error(at, Verb::Oper, command, cause))
        {
            variables.push((ObjectName::Vmd("LastApplError".to_owned()), value));
        }
        variables.push((oper, command.whole.clone()));
        let told = report(variables);
        let mut receivers = vec![id];
        if self.faults.has(Fault::TerminationToEveryone) {
            receivers.extend(
                self.associations
                    .keys()
                    .copied()
                    .filter(|other| *other != id),
            );
        }
        if self.faults.has(Fault::TerminationTwice) {
            receivers.push(id);
        }
        if self.faults.has(Fault::TerminationMissing) {
            receivers.clear();
        }
        for receiver in receivers {
            self.send(receiver, &told);
        }
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
                Effect::Move(command) => updates.extend(self.move_process(at, &command.value, now)),
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
            let effects = control.machine.advance(now, &conditions);
            let mut updates = self.effects(effects, at, now);
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

    /// Whether the process refuses an object, or accepts and does not move it.
    fn conditions(&self, at: usize) -> Option<Conditions> {
        let control = self.controls.get(at)?;
        let (domain, ln) = (control.domain.as_str(), control.ln.as_str());
        let number = |fc, rest| {
            self.store
                .value(domain, &control.item(fc, rest))
                .and_then(Data::as_u64)
        };
        let millis = |number: Option<u64>, default| {
            number
                .filter(|n| *n > 0)
                .map_or(default, Duration::from_millis)
        };
        let of_node =
            |ln: &str, object| self.store.value(domain, &format!("{ln}$ST${object}$stVal"));
        let is_true = |ln, object| of_node(ln, object) == Some(&Data::Boolean(true));
        let config = &self.config.control;
        let object = self.model.resolve(domain, &control.item(Fc::CO, ""))?.id();
        Some(Conditions {
            model: self.control_model(control),
            operate_many: number(Fc::CF, "sboClass") == Some(1),
            beh: of_node(ln, "Beh").and_then(Data::as_i64).unwrap_or(1),
            local: [ln, "LLN0"]
                .into_iter()
                .any(|ln| is_true(ln, "Loc") || is_true(ln, "LocKey")),
            alarm: of_node(ln, "Health").and_then(Data::as_i64) == Some(3),
            blocked: self.refused.contains(&object),
            stuck: self.stuck.contains(&object),
            position: if config.refuse_position_reached {
                self.position(control)
            } else {
                None
            },
            sbo_timeout: millis(number(Fc::CF, "sboTimeout"), config.sbo_timeout),
            oper_timeout: millis(number(Fc::CF, "operTimeout"), config.oper_timeout),
            switching_time: config.switching_time,
        })
    }

    fn control_model(&self, control: &Control) -> ControlModel {
        let stated = self
            .store
            .value(&control.domain, &control.item(Fc::CF, "ctlModel"))
            .and_then(Data::as_i64);
        let has = |name| {
            self.model
                .resolve(&control.domain, &control.item(Fc::CO, name))
                .is_some()
        };
        match stated {
            Some(number) => ControlModel::from_number(number),
            None if has("SBOw") => ControlModel::SboEnhanced,
            None if has("SBO") => ControlModel::SboNormal,
            None => ControlModel::DirectNormal,
        }
    }

    /// The present status as a value of control, for single and double points.
    fn position(&self, control: &Control) -> Option<Data> {
        match self
            .store
            .value(&control.domain, &control.item(Fc::ST, "stVal"))?
        {
            Data::Boolean(on) => Some(Data::Boolean(*on)),
            Data::BitString(bits) => match bits.to_uint() {
                Some(OFF) => Some(Data::Boolean(false)),
                Some(ON) => Some(Data::Boolean(true)),
                _ => None,
            },
            _ => None,
        }
    }

    /// `origin` and `ctlNum` in the status show the command.
    fn mirror(&self, at: usize, command: &Command) -> Vec<Update> {
        let Some(control) = self.controls.get(at) else {
            return Vec::new();
        };
        let mut shown = Vec::new();
        if !self.faults.has(Fault::OriginNotMirrored) {
            shown.push(("origin$orCat", Data::Integer(command.or_cat)));
            shown.push((
                "origin$orIdent",
                Data::OctetString(command.or_ident.clone()),
            ));
        }
        if !self.faults.has(Fault::CtlNumNotMirrored) {
            shown.push(("ctlNum", Data::Unsigned(command.ctl_num)));
        }
        [Fc::ST, Fc::MX]
            .into_iter()
            .flat_map(|fc| {
                shown
                    .iter()
                    .map(move |(rest, data)| (control.item(fc, rest), data))
            })
            .filter_map(|(item, data)| {
                Some(update(
                    self.model.resolve(&control.domain, &item)?,
                    data.clone(),
                ))
            })
            .collect()
    }

    /// The process goes where the command says.
    fn move_process(&self, at: usize, value: &Data, now: Time) -> Vec<Update> {
        let Some(control) = self.controls.get(at) else {
            return Vec::new();
        };
        let mut updates =
            self.status_updates(&control.domain, &control.ln, &control.object, value, now);
        if self.config.control.switch_follows
            && let Some(inst) = control
                .ln
                .rsplit("CSWI")
                .next()
                .filter(|inst| inst.len() < control.ln.len())
        {
            for class in ["XCBR", "XSWI"] {
                let switch = format!("{class}{inst}");
                updates.extend(self.status_updates(
                    &control.domain,
                    &switch,
                    &control.object,
                    value,
                    now,
                ));
                let counter = self
                    .model
                    .resolve(&control.domain, &format!("{switch}$ST$OpCnt$stVal"));
                if let Some((node, Data::Integer(count))) =
                    counter.and_then(|n| Some((n, self.store.cell(n.id())?)))
                {
                    updates.push(update(node, Data::Integer(count.saturating_add(1))));
                }
            }
        }
        updates
    }

    fn status_updates(
        &self,
        domain: &str,
        ln: &str,
        object: &str,
        value: &Data,
        now: Time,
    ) -> Vec<Update> {
        let mut updates = Vec::new();
        for (fc, name) in [(Fc::ST, "stVal"), (Fc::MX, "mxVal")] {
            let Some(node) = self
                .model
                .resolve(domain, &format!("{ln}${fc}${object}${name}"))
            else {
                continue;
            };
            let status = match (node.btype(), value) {
                (Some(BType::Dbpos), Data::Boolean(on)) => {
                    Data::BitString(BitString::from_uint(if *on { ON } else { OFF }, 2))
                }
                _ => value.clone(),
            };
            if check(node, &status).is_err() {
                continue;
            }
            let before = updates.len();
            scatter(node, &status, &mut updates);
            updates.retain(|update| self.store.cell(update.cell) != Some(&update.data));
            if updates.len() > before
                && let Some(stamp) = node.sibling("t")
            {
                updates.push(update(
                    stamp,
                    Data::UtcTime(UtcTime::from_since_epoch(now, CLOCK_QUALITY)),
                ));
            }
        }
        updates
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

fn report(variables: impl IntoIterator<Item = (ObjectName, Data)>) -> Pdu {
    let (names, values): (Vec<_>, Vec<_>) = variables.into_iter().unzip();
    Pdu::Unconfirmed(Unconfirmed::InformationReport(InformationReport {
        access: VariableAccess::ListOfVariable(
            names
                .into_iter()
                .map(|name| ListedVariable::new(name, None))
                .collect(),
        ),
        results: values.into_iter().map(Ok).collect(),
    }))
}

/// What `Oper`, `SBOw` or `Cancel` says; none when it is not of the type of the node. The originator is checked later, since
/// an illegal one has an answer of its own.
fn parse(node: Node<'_>, data: &Data) -> Option<Command> {
    let Data::Structure(components) = data else {
        return None;
    };
    if components.len() != node.children().count() {
        return None;
    }
    let find = |name: &str| {
        node.children()
            .zip(components)
            .find(|(child, _)| child.name() == name)
            .map(|(_, component)| component)
    };
    for (child, component) in node.children().zip(components) {
        if child.name() != "origin" {
            check(child, component).ok()?;
        }
    }
    let Data::Structure(origin) = find("origin")? else {
        return None;
    };
    let [Data::Integer(or_cat), Data::OctetString(or_ident)] = origin.as_slice() else {
        return None;
    };
    // Zero means now.
    let oper_tm = find("operTm")
        .and_then(Data::as_utc_time)
        .filter(|time| (time.seconds, time.fraction) != (0, 0));
    let mut whole = components.clone();
    if let Some(at) = node.children().position(|child| child.name() == "operTm")
        && let Some(slot) = whole.get_mut(at)
    {
        *slot = Data::UtcTime(UtcTime::default());
    }
    Some(Command {
        value: find("ctlVal")?.clone(),
        oper_tm: oper_tm.map(UtcTime::since_epoch),
        or_cat: *or_cat,
        or_ident: or_ident.clone(),
        ctl_num: find("ctlNum").and_then(Data::as_u64)?,
        time: find("T").and_then(Data::as_utc_time).unwrap_or_default(),
        test: find("Test").and_then(Data::as_bool)?,
        check: find("Check").and_then(Data::as_bits).cloned(),
        whole: Data::Structure(whole),
    })
}

/// The object that a reference of the process side means, at its `CO` node.
pub(super) fn object_node(ied: &Ied, domain: &str, item: &str) -> Option<NodeId> {
    let mut parts = item.split('$');
    let (ln, _fc, object) = (parts.next()?, parts.next()?, parts.next()?);
    Some(
        ied.model
            .resolve(domain, &format!("{ln}$CO${object}"))?
            .id(),
    )
}

/// The leaves of a node, for those who copy them.
pub(super) fn leaf_cells(node: Node<'_>) -> Vec<NodeId> {
    cells(node).into_iter().map(Node::id).collect()
}
