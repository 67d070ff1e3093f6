//! What holds around a controllable object when a control arrives.

use std::time::Duration;

use iedassay_model::Fc;
use iedassay_wire::mms::Data;

use super::{Control, Ied, OFF, ON};
use crate::control::{Conditions, ControlModel};

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

    pub(super) fn control_model(&self, control: &Control) -> ControlModel {
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
