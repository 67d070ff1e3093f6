//! What holds around a controllable object when a control arrives.

use std::time::Duration;

use iedassay_model::{
    Fc,
    tree::{Node, NodeId},
};
use iedassay_wire::mms::{Data, DataAccessError};

use super::{Control, Ied, OFF, ON};
use crate::{
    Fault,
    control::{AddCause, Conditions, ControlModel},
    report::Time,
};

impl Ied {
    /// Whether the process refuses an object, or accepts and does not move it.
    pub(super) fn conditions(&self, at: usize) -> Option<Conditions> {
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
            local: self
                .held
                .get(&object)
                .is_some_and(|held| held.contains(&AddCause::BLOCKED_BY_SWITCHING_HIERARCHY))
                || [ln, "LLN0"]
                    .into_iter()
                    .any(|ln| is_true(ln, "Loc") || is_true(ln, "LocKey")),
            alarm: of_node(ln, "Health").and_then(Data::as_i64) == Some(3),
            held: self.held_against(at, object),
            station: [ln, "LLN0"].into_iter().any(|ln| is_true(ln, "LocSta")),
            blocked: self.refused.contains(&object),
            stuck: self.stuck.contains(&object),
            beyond_limits: false,
            position: if config.refuse_position_reached {
                self.position(control)
            } else {
                None
            },
            sbo_timeout: millis(number(Fc::CF, "sboTimeout"), config.sbo_timeout),
            oper_timeout: millis(number(Fc::CF, "operTimeout"), config.oper_timeout),
            switching_time: config.switching_time,
            shown: self.clock.read(self.now),
        })
    }

    /// What the process holds against an object, with `CmdBlk` of its logical node.
    fn held_against(&self, at: usize, object: NodeId) -> Vec<AddCause> {
        let of = |object| self.held.get(&object).into_iter().flatten().copied();
        let rival = || {
            self.control_at.iter().any(|(other, place)| {
                *place != at
                    && of(*other).any(|cause| cause == AddCause::ONE_OF_N_CONTROL)
                    && self
                        .controls
                        .get(*place)
                        .is_some_and(|other| other.machine.is_busy())
            })
        };
        let mut held: Vec<AddCause> = of(object)
            .filter(|cause| *cause != AddCause::ONE_OF_N_CONTROL || rival())
            .collect();
        let block = self.controls.get(at).and_then(|control| {
            self.store
                .value(&control.domain, &format!("{}$ST$CmdBlk$stVal", control.ln))
        });
        if block == Some(&Data::Boolean(true)) {
            held.push(AddCause::BLOCKED_BY_COMMAND);
        }
        held
    }

    /// The process side brings about a cause for an object, or ends it. What ends a command ends it now.
    pub(in crate::ied) fn hold(&mut self, object: NodeId, cause: AddCause, on: bool, now: Time) {
        let held = self.held.entry(object).or_default();
        held.retain(|other| *other != cause);
        if on {
            held.push(cause);
            let control = self.control_at.get(&object);
            if let Some(control) = control.and_then(|at| self.controls.get_mut(*at))
                && AddCause::ENDING.contains(&cause)
            {
                control.machine.disturb(now);
            }
        }
    }

    /// Whether an object can be controlled by another model now: it needs the services of that model, and must be idle.
    pub(in crate::ied) fn may_change_model(
        &self,
        node: Node<'_>,
        data: &Data,
    ) -> Result<(), DataAccessError> {
        let Some(object) = node.parent().and_then(|object| {
            let item = object.item().replacen("$CF$", "$CO$", 1);
            self.model.resolve(object.domain(), &item)
        }) else {
            return Ok(());
        };
        let control = self.control_of(object).and_then(|at| self.controls.get(at));
        if control.is_some_and(|control| control.machine.is_busy()) {
            return Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
        }
        let has = |name| object.child(name).is_some();
        let number = data.as_i64().unwrap_or(-1);
        let served = match ControlModel::from_number(number) {
            ControlModel::StatusOnly => number == 0,
            ControlModel::DirectNormal | ControlModel::DirectEnhanced => has("Oper"),
            ControlModel::SboNormal => has("Oper") && has("SBO"),
            ControlModel::SboEnhanced => has("Oper") && has("SBOw"),
        };
        if served {
            Ok(())
        } else {
            Err(DataAccessError::OBJECT_VALUE_INVALID)
        }
    }

    pub(super) fn control_model(&self, control: &Control) -> ControlModel {
        let store = if self.faults.has(Fault::CtlModelWithoutEffect) {
            &self.initial
        } else {
            &self.store
        };
        let stated = store
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
    pub(super) fn position(&self, control: &Control) -> Option<Data> {
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
}
