//! What a control changes in the process and in the status.

use iedassay_model::{Fc, tree::BType};
use iedassay_wire::{ber::BitString, mms::Data};

use super::{Ied, OFF, ON, Update, scatter, update};
use crate::{Fault, control::Command, report::Time, value::check};

impl Ied {
    /// `origin` and `ctlNum` in the status show the command.
    pub(super) fn mirror(&self, at: usize, command: &Command) -> Vec<Update> {
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
    pub(super) fn move_process(&self, at: usize, value: &Data, now: Time) -> Vec<Update> {
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

    pub(super) fn status_updates(
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
                updates.push(update(stamp, Data::UtcTime(self.clock.stamp(now))));
            }
        }
        updates
    }
}
