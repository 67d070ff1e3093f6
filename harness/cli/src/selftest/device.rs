//! The simulated IEDs that the suites are proved on.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use iedassay_client::Anchor;
use iedassay_engine::cancel::CancelToken;
use iedassay_engine::cel::Value;
use iedassay_engine::connector::Connector;
use iedassay_engine::plan::{PlanOptions, PlannedCase};
use iedassay_engine::runner::Bench;
use iedassay_engine::suite::{EditionWord, Library};
use iedassay_engine::target::Target;
use iedassay_model::services::{
    GooseSettings, LogSettings, ReportSettings, SampledValueSettings, Setting,
};
use iedassay_model::tree::ServerModel;
use iedassay_reports::CaseRecord;
use iedassay_sim::{Fault, MemoryStore, Sim, SimConfig};
use tokio::runtime::Builder;
use tokio::time::sleep;

use super::door::Door;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::{InProcess, Subject, usual};

/// When every case begins, since 1970: the same each time, so that nothing depends on the day of the proof.
const EPOCH: Duration = Duration::from_secs(1_767_225_600);

/// Time in which an IED notices that a client has gone, before it is looked at.
const SETTLE: Duration = Duration::from_secs(1);

/// Password of the device that asks for one.
const PASSWORD: &str = "selftest";

/// A simulated IED and the suites planned for it.
pub(super) struct Device {
    /// In what it differs from the first one, in a few words.
    pub(super) name: &'static str,
    pub(super) bench: Bench,
    config: SimConfig,
    kind: Kind,
}

/// In what the devices differ.
enum Kind {
    Usual,
    WithPassword,
    BehindTls(Box<Door>),
    /// What it buffers outlives an interruption of its supply.
    KeepsBuffers,
    /// A report control block has to be reserved before it is written.
    Edition21,
    /// Clients may set nothing of its control blocks.
    Fixed,
}

impl Kind {
    const fn name(&self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::WithPassword => "with a password",
            Self::BehindTls(_) => "behind TLS",
            Self::KeepsBuffers => "that keeps its buffers",
            Self::Edition21 => "of edition 2.1",
            Self::Fixed => "whose control blocks are fixed",
        }
    }

    fn change(&self, target: &mut Target, config: &mut SimConfig) {
        match self {
            Self::Usual | Self::Fixed => {}
            Self::WithPassword => ask_for_password(target, config),
            Self::BehindTls(door) => target.tls = Some(door.section()),
            Self::KeepsBuffers => state(
                target,
                "Rp7",
                &[
                    ("reports", Value::Int(100)),
                    ("persistent", Value::Bool(true)),
                ],
            ),
            Self::Edition21 => {
                if let Some(edition) = &mut target.edition {
                    edition.value = EditionWord::Ed21;
                }
                config.reports.implicit_reservation = Some(false);
            }
        }
    }

    fn ied(&self, config: SimConfig) -> std::io::Result<Sim> {
        match self {
            Self::KeepsBuffers => Sim::with_persistence(config, Box::new(MemoryStore::default()))
                .map_err(std::io::Error::other),
            _ => Ok(Sim::new(config)),
        }
    }

    /// What the description says otherwise.
    fn describe(&self, model: &mut ServerModel) {
        if !matches!(self, Self::Fixed) {
            return;
        }
        let services = &mut model.services;
        services.report_settings = Some(ReportSettings {
            rpt_id: Setting::Conf,
            resv_tms: true,
            owner: true,
            ..ReportSettings::default()
        });
        services.log_settings = Some(LogSettings::default());
        services.goose_settings = Some(GooseSettings::default());
        services.sampled_value_settings = Some(SampledValueSettings::default());
    }

    /// The way to an IED of this kind.
    fn way_to(&self, sim: Sim) -> std::io::Result<Arc<dyn Connector>> {
        match self {
            Self::BehindTls(door) => door.before(sim).map_err(std::io::Error::other),
            _ => Ok(Arc::new(InProcess::new(sim))),
        }
    }
}

impl Device {
    /// All of them. The first is the one of `iedassay run`; a case that does not apply to it is proved on the first of
    /// the others that it applies to.
    pub(super) fn all(
        library: &Library,
        options: &PlanOptions,
        console: &Console,
    ) -> Result<Vec<Self>, Failure> {
        // Suites of somebody else ask other questions.
        let known = library
            .cases()
            .any(|(_, case)| case.id.value == "documentation/versions");
        let answers = Arc::new(if known {
            crate::session::built_in_answers(library, console)?
        } else {
            iedassay_engine::answers::Answers::default()
        });
        let kinds = [
            Kind::Usual,
            Kind::WithPassword,
            Kind::BehindTls(Box::new(Door::new(EPOCH)?)),
            Kind::KeepsBuffers,
            Kind::Edition21,
            Kind::Fixed,
        ];
        let mut devices = Vec::new();
        for kind in kinds {
            let subject = Subject::load(None, &[], console)?;
            let description = subject.description.ok_or_else(|| {
                Failure::new(Exit::CouldNotTest, "the simulated IED has no model")
            })?;
            let mut model = description.model;
            kind.describe(&mut model);
            let model = Arc::new(model);
            let mut target = subject.target;
            let mut config = usual(Arc::clone(&model), EPOCH);
            kind.change(&mut target, &mut config);
            devices.push(Self {
                name: kind.name(),
                kind,
                bench: Bench::new(library, Arc::new(target), model, options)
                    .answered(Arc::clone(&answers)),
                config,
            });
        }
        Ok(devices)
    }

    /// Judges one case on an IED of its own; nothing when it was given up.
    pub(super) fn judge(
        &self,
        planned: &PlannedCase,
        fault: Option<Fault>,
        give_up: &CancelToken,
    ) -> std::io::Result<Option<Judged>> {
        // Nothing here has a file descriptor: only the clock is needed.
        let runtime = Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()?;
        runtime.block_on(async {
            let mut config = self.config.clone();
            if let Some(fault) = fault {
                config.faults.insert(fault);
            }
            let consulted = config.faults.watch();
            let sim = self.kind.ied(config)?;
            let mut reached = consulted.take();
            let found = fault.is_none().then(|| sim.fingerprint());
            // What the fingerprint asks about is no doing of the case.
            let _ = consulted.take();
            let connector = self.kind.way_to(sim.clone())?;
            let anchor = Anchor::now(SystemTime::UNIX_EPOCH + EPOCH);
            let record = tokio::select! {
                biased;
                () = give_up.cancelled() => None,
                record = self.bench.judge(planned, connector, anchor) => record,
            };
            let Some(record) = record else {
                return Ok(None);
            };
            reached.extend(consulted.take());
            let mut left = Vec::new();
            if let Some(found) = found {
                sleep(SETTLE).await;
                left = differences(&found, &sim.fingerprint());
            }
            Ok(Some(Judged {
                record,
                left,
                reached,
            }))
        })
    }
}

/// A case that was judged.
pub(super) struct Judged {
    pub(super) record: CaseRecord,
    /// What it left otherwise than it found it, on an IED without a fault.
    pub(super) left: Vec<String>,
    /// The faults that the IED was asked about, from its making on: the case can notice no other.
    pub(super) reached: Vec<Fault>,
}

fn differences(found: &BTreeMap<String, String>, left: &BTreeMap<String, String>) -> Vec<String> {
    let names: BTreeSet<&String> = found.keys().chain(left.keys()).collect();
    let shown = |value: Option<&String>| value.map_or("nothing", String::as_str).to_owned();
    names
        .into_iter()
        .filter(|name| found.get(*name) != left.get(*name))
        .map(|name| {
            format!(
                "{name} was {}, is {}",
                shown(found.get(name)),
                shown(left.get(name))
            )
        })
        .collect()
}

fn ask_for_password(target: &mut Target, config: &mut SimConfig) {
    config.password = Some(PASSWORD.as_bytes().to_vec());
    let mut association = target.association();
    association.password = Some(PASSWORD.to_owned());
    target.association = Some(association);
    answer(target, "As4", Value::Bool(true));
}

/// Answers a question of the PIXIT otherwise.
fn answer(target: &mut Target, question: &str, value: Value) {
    for (asked, answer) in &mut target.pixit.0.0 {
        if asked.value == question {
            answer.value = value.clone();
        }
    }
}

fn state(target: &mut Target, question: &str, answers: &[(&str, Value)]) {
    let answers = answers
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()));
    answer(
        target,
        question,
        Value::from(answers.collect::<HashMap<_, _>>()),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_what_went_and_what_changed_is_different() {
        let of = |pairs: &[(&str, &str)]| {
            let owned = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            owned.collect::<BTreeMap<_, _>>()
        };
        let found = of(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let left = of(&[("a", "1"), ("b", "7"), ("d", "4")]);
        assert_eq!(
            differences(&found, &left),
            [
                "b was 2, is 7",
                "c was 3, is nothing",
                "d was nothing, is 4"
            ]
        );
    }
}
