//! What a command brings about for a time only: pulses of an output, the signals of control testing, and what is told late.

use std::time::Duration;

use iedassay_model::{Fc, tree::NodeId};
use iedassay_wire::mms::{Data, Pdu};

use super::{Ied, update};
use crate::{Fault, client::AssociationId, report::Time};

/// How long `opRcvd` and `opOk` are TRUE, and a pulse of no stated duration lasts.
const MOMENT: Duration = Duration::from_millis(100);
/// How long after the response comes what should have come before it.
const LATE: Duration = Duration::from_millis(10);
/// `cmdQual` pulse (IEC 61850-7-3, PulseConfig).
const PULSE: i64 = 0;
/// Changes of one output that may still be to come, whatever is configured.
const MAX_CHANGES: u64 = 2_000;

/// Something that happens by itself.
#[derive(Debug)]
pub(in crate::ied) struct Momentary {
    due: Time,
    what: What,
}

#[derive(Debug)]
enum What {
    /// The output of an object changes.
    Output(Output),
    /// A signal ends.
    Signal(NodeId),
    /// A message goes out.
    Tell(AssociationId, Pdu),
}

/// An output that gives pulses.
#[derive(Debug)]
struct Output {
    /// The object.
    at: usize,
    /// To what it changes.
    on: bool,
    /// Changes after this one.
    left: u64,
    on_dur: Duration,
    off_dur: Duration,
}

impl Ied {
    pub(in crate::ied) fn momentary_deadline(&self) -> Option<Time> {
        self.momentary.iter().map(|momentary| momentary.due).min()
    }

    pub(in crate::ied) fn advance_momentary(&mut self, now: Time) {
        let (mut due, later): (Vec<Momentary>, Vec<Momentary>) =
            core::mem::take(&mut self.momentary)
                .into_iter()
                .partition(|momentary| momentary.due <= now);
        self.momentary = later;
        due.sort_by_key(|momentary| momentary.due);
        for Momentary { due, what } in due {
            match what {
                What::Output(output) => self.change_output(output, due, now),
                What::Signal(cell) => {
                    if let Some(node) = self.model.node(cell) {
                        let off = update(node, Data::Boolean(false));
                        self.commit(vec![off], now);
                    }
                }
                What::Tell(id, pdu) => self.send(id, &pdu),
            }
        }
    }

    fn change_output(&mut self, output: Output, due: Time, now: Time) {
        let updates = self.move_process(output.at, &Data::Boolean(output.on), now);
        self.commit(updates, now);
        if let Some(left) = output.left.checked_sub(1) {
            let lasts = if output.on {
                output.on_dur
            } else {
                output.off_dur
            };
            self.momentary.push(Momentary {
                due: due.saturating_add(lasts),
                what: What::Output(Output {
                    on: !output.on,
                    left,
                    ..output
                }),
            });
        }
    }

    /// A command has switched an output: it gives pulses when its `pulseConfig` says so. What pulsed before pulses no more.
    pub(super) fn begin_pulses(&mut self, at: usize, value: &Data, now: Time) {
        self.momentary.retain(
            |momentary| !matches!(&momentary.what, What::Output(output) if output.at == at),
        );
        let Some(control) = self.controls.get(at) else {
            return;
        };
        let configured = |part: &str| {
            let item = control.item(Fc::CF, &format!("pulseConfig${part}"));
            self.store.value(&control.domain, &item)
        };
        let pulsed = configured("cmdQual").and_then(Data::as_i64) == Some(PULSE);
        if !pulsed || *value != Data::Boolean(true) || self.faults.has(Fault::PulseIgnored) {
            return;
        }
        let lasts = |part: &str| {
            let stated = configured(part).and_then(Data::as_u64).filter(|n| *n > 0);
            stated.map_or(MOMENT, Duration::from_millis)
        };
        let pulses = configured("numPls").and_then(Data::as_u64).unwrap_or(1);
        let on_dur = if self.faults.has(Fault::PulseHalved) {
            lasts("onDur") / 2
        } else {
            lasts("onDur")
        };
        self.momentary.push(Momentary {
            due: now.saturating_add(on_dur),
            what: What::Output(Output {
                at,
                on: false,
                left: pulses.saturating_mul(2).saturating_sub(2).min(MAX_CHANGES),
                on_dur,
                off_dur: lasts("offDur"),
            }),
        });
    }

    /// `opRcvd` of an object is TRUE for a moment (IEC 61850-7-3, control testing).
    pub(super) fn operate_received(&mut self, at: usize, now: Time) {
        self.signal(at, "opRcvd", now);
    }

    /// `opOk` of an object is TRUE for a moment, and `tOpOk` tells since when.
    pub(super) fn operate_accepted(&mut self, at: usize, now: Time) {
        self.signal(at, "opOk", now);
        if self.faults.has(Fault::TOpOkStuck) {
            return;
        }
        let stamp = self.clock.stamp(now);
        if let Some(node) = self.controls.get(at).and_then(|control| {
            self.model
                .resolve(&control.domain, &control.item(Fc::OR, "tOpOk"))
        }) {
            let stamp = update(node, Data::UtcTime(stamp));
            self.commit(vec![stamp], now);
        }
    }

    fn signal(&mut self, at: usize, name: &str, now: Time) {
        let node = self.controls.get(at).and_then(|control| {
            self.model
                .resolve(&control.domain, &control.item(Fc::OR, name))
        });
        let Some(node) = node else {
            return;
        };
        let (on, cell) = (update(node, Data::Boolean(true)), node.id());
        self.commit(vec![on], now);
        self.momentary
            .retain(|momentary| !matches!(momentary.what, What::Signal(other) if other == cell));
        self.momentary.push(Momentary {
            due: now.saturating_add(MOMENT),
            what: What::Signal(cell),
        });
    }

    /// Sends what belongs before a response after it.
    pub(super) fn send_late(&mut self, id: AssociationId, pdu: Pdu) {
        self.momentary.push(Momentary {
            due: self.now.saturating_add(LATE),
            what: What::Tell(id, pdu),
        });
    }
}
