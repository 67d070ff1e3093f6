//! A whole run: probe, plan, case after case, end.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use iedassay_client::Anchor;
use iedassay_client::capture::Capture;
use iedassay_model::tree::ServerModel;
use iedassay_reports::{
    Attempt, Capability, CaseRecord, Finding, ModelSource, Options, Origin, PlanRecord,
    Requirement, Skipped, Suites, Target as TargetRecord, Tool, Verdict, millis,
};
use tokio::time::Instant;

use super::earlier::Earlier;
use super::evidence::Evidence;
use super::execute::Finished;
use super::head::head;
use super::ladder::messages;
use super::lane::{Early, Lane};
use super::model_brief::brief;
use super::probe::{ProbeError, Probed, probe};
use super::shared::{Operator, Processes, Shared};
use super::survey::survey;
use crate::answers::Answers;
use crate::cancel::CancelToken;
use crate::connector::Connector;
use crate::event::{Emitter, Event, EventSink, RunHeader};
use crate::plan::{Decision, Plan, PlanOptions, PlannedCase, SkipKind, plan};
use crate::record_builder::rfc3339;
use crate::suite::Library;
use crate::target::Target;
use crate::time_server::TimeServers;
use crate::waiver::{Deviation, Waivers};

/// Cases in a row without an association after which the device counts as gone.
const GIVE_UP_AFTER: usize = 3;

/// Everything a run needs.
pub struct RunInput {
    /// The suites.
    pub library: Arc<Library>,
    /// The device under test.
    pub target: Arc<Target>,
    /// Its model from SCL; `None` browses it.
    pub model: Option<Arc<ServerModel>>,
    /// What to select, and in which order.
    pub plan: PlanOptions,
    /// How to reach it.
    pub connector: Arc<dyn Connector>,
    /// Wall-clock time, handed in once.
    pub anchor: Anchor,
    /// How many cases may run at the same time, where they cannot disturb each other; 1 runs them in their order.
    pub jobs: usize,
    /// The waits that cases demand by [`CaseRecord::key`], where an earlier run has shown them.
    pub known_waits: BTreeMap<String, Duration>,
    /// Asks for an early end.
    pub cancel: CancelToken,
    /// The person at the device, if there is one.
    pub operator: Option<Arc<dyn Operator>>,
    /// Answers to the questions of guided cases.
    pub answers: Arc<Answers>,
    /// Where captures and transcripts go; `None` keeps none.
    pub evidence: Option<PathBuf>,
    /// The tool, for the record.
    pub tool: Tool,
    /// The target, for the record.
    pub target_record: TargetRecord,
    /// The suites, for the record.
    pub suites: Option<Suites>,
    /// Who runs it, for the record; nobody is guessed.
    pub run_by: Option<String>,
    /// How the run was asked for. Of it the runner itself follows [`Options::retries`].
    pub options: Options,
    /// The run whose cases without a pass this one runs again, for the record.
    pub reruns: Option<Origin>,
    /// What is left of the run that goes on.
    pub earlier: Option<Earlier>,
    /// Ask about the capabilities on which no case comes to a verdict, when the cases are done.
    pub survey: bool,
    /// Capabilities with what is required and claimed, for the record.
    pub capabilities: Vec<Capability>,
    /// The buyer's own requirements.
    pub requirements: Vec<Requirement>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunEnd {
    /// Every planned case has its verdict.
    Completed,
    /// It was cancelled; the device was put back as far as possible.
    Interrupted,
    /// The target cannot be tested.
    CouldNotTest(ProbeError),
    /// The target went away.
    Lost {
        /// What is known about it.
        reason: String,
    },
}

/// Runs everything that the plan says, and tells it to `sink`.
pub async fn run(input: RunInput, sink: Box<dyn EventSink>) -> RunEnd {
    let emitter = Emitter::new(sink);
    let started = Instant::now();
    let cancel = input.cancel.clone();
    let mut runner = Runner::new(input, emitter, started);
    let end = runner.run().await;
    let interrupted = cancel.is_cancelled();
    runner.shared.emitter.emit(&Event::RunFinished {
        interrupted,
        finished: runner.shared.anchor.wall(Instant::now()),
        duration: runner.before + started.elapsed(),
    });
    if interrupted {
        RunEnd::Interrupted
    } else {
        end
    }
}

pub(super) struct Runner {
    pub(super) input: RunInput,
    pub(super) shared: Arc<Shared>,
    evidence: Option<Evidence>,
    /// Time between the start of the run and that of this part of it.
    before: Duration,
    /// The firmware that the device says it has.
    firmware: Option<String>,
}

impl Runner {
    fn new(input: RunInput, emitter: Emitter, started: Instant) -> Self {
        let target = Arc::clone(&input.target);
        let shared = Shared {
            sources: Arc::new(input.library.sources.clone()),
            time: Arc::new(TimeServers::new(
                &target,
                Arc::clone(&input.connector),
                input.anchor,
            )),
            timeouts: target.timeouts(),
            tolerances: target.tolerances(),
            target,
            connector: Arc::clone(&input.connector),
            anchor: input.anchor,
            started,
            model: input.model.clone().unwrap_or_default(),
            emitter,
            cancel: input.cancel.clone(),
            processes: Arc::new(Processes::new(Arc::clone(&input.connector))),
            operator: input.operator.clone(),
            answers: Arc::clone(&input.answers),
        };
        let mut evidence = input.evidence.as_deref().map(Evidence::new);
        let earlier = input.earlier.as_ref();
        if let (Some(evidence), Some(earlier)) = (&mut evidence, earlier) {
            evidence.keep(earlier.record.evidence().into_keys());
        }
        let since = earlier.and_then(|earlier| earlier.record.started.parse().ok());
        let since = since.map(|since: jiff::Timestamp| std::time::SystemTime::from(since));
        let wall = shared.anchor.wall(started);
        let before = since.and_then(|since| wall.duration_since(since).ok());
        Self {
            input,
            shared: Arc::new(shared),
            evidence,
            before: before.unwrap_or_default(),
            firmware: None,
        }
    }

    async fn run(&mut self) -> RunEnd {
        // With a description the plan stands before the first packet; without one there is nothing to plan with.
        let mut planned = self.input.model.is_some().then(|| self.plan());
        if let Some(planned) = &planned
            && let Some(end) = self.begin(planned)
        {
            return end;
        }
        let capture = Capture::new(self.shared.anchor);
        let browse = planned.is_none();
        let cancel = self.shared.cancel.clone();
        let probed = tokio::select! {
            biased;
            () = cancel.cancelled() => {
                if planned.is_none() {
                    self.announce(None);
                }
                return RunEnd::Interrupted;
            }
            probed = probe(&self.shared, browse, &capture) => probed,
        };
        // The probe judges nothing; what it says about the target is in its events.
        self.keep_aside("probe", &capture);
        let probed = match probed {
            Ok(probed) => probed,
            Err(error) => {
                if planned.is_none() {
                    self.announce(None);
                }
                let reason = error.to_string();
                self.shared.emitter.emit(&Event::CouldNotTest { reason });
                return RunEnd::CouldNotTest(error);
            }
        };
        if let Some(model) = &probed.model {
            Arc::make_mut(&mut self.shared).model = Arc::clone(model);
        }
        let source = match probed.model {
            Some(_) => ModelSource::Browsed,
            None => ModelSource::Described,
        };
        let known = Box::new(brief(&self.shared.model, source));
        self.shared.emitter.emit(&Event::ModelKnown(known));
        let planned = match planned.take() {
            Some(planned) => planned,
            None => {
                let planned = self.plan();
                if let Some(end) = self.begin(&planned) {
                    return end;
                }
                planned
            }
        };
        let announced = self.tell_probed(&probed);
        if let Some(end) = self.is_another_device(&probed) {
            return end;
        }
        let end = self.cases(&planned).await;
        if end == RunEnd::Completed && self.input.survey && !self.shared.cancel.is_cancelled() {
            self.survey(&announced).await;
        }
        end
    }

    fn plan(&self) -> Plan {
        plan(
            &self.input.library,
            &self.shared.target,
            &self.shared.model,
            &PlanOptions {
                person: self.shared.operator.is_some(),
                ..self.input.plan.clone()
            },
        )
    }

    /// Tells the plan. Gives the end of a run that cannot go on because its plan is another one now.
    fn begin(&self, planned: &Plan) -> Option<RunEnd> {
        let keys = keys_of(planned);
        let earlier = self.input.earlier.as_ref();
        let differs = earlier.is_some_and(|earlier| !earlier.force && earlier.plan_differs(&keys));
        if !differs {
            self.announce(Some(planned));
            return None;
        }
        // The record stays as it was, with the reason.
        self.announce(None);
        Some(self.lost("the run cannot go on, because other cases apply now than at its start (hint: `--force` goes on with those that apply now)"))
    }

    /// Gives the end of a run that cannot go on because the device is another one now.
    fn is_another_device(&self, probed: &Probed) -> Option<RunEnd> {
        let earlier = self.input.earlier.as_ref()?;
        let why = earlier.device_differs(&self.identified(probed))?;
        (!earlier.force).then(|| {
            self.lost(&format!(
                "the run cannot go on, because {why} (hint: start a new run, or accept it with `--force`)"
            ))
        })
    }

    /// Tells what is known before the first case; without a plan because there is no model.
    fn announce(&self, planned: Option<&Plan>) {
        let mut record = PlanRecord::default();
        let mut left_out = Vec::new();
        match planned {
            None => {
                record.known = self.input.library.cases().count();
                // Nobody can tell which of them apply; none was left out.
                record.selected = record.known;
                if let Some(earlier) = &self.input.earlier {
                    record = earlier.record.plan.clone();
                    let cases = earlier.record.cases.iter();
                    left_out.extend(
                        cases
                            .filter(|case| !record.to_run.contains(&case.key()))
                            .cloned(),
                    );
                }
            }
            Some(planned) => {
                record.known = planned.known;
                record.selected = planned.selected;
                for case in &planned.cases {
                    match &case.decision {
                        Decision::Run { .. } => record.to_run.push(case.key()),
                        Decision::Skip {
                            kind: SkipKind::NotSelected,
                            ..
                        } => {}
                        Decision::Skip { reason, .. } => {
                            record.skipped.push(Skipped {
                                id: case.key(),
                                reason: reason.clone(),
                            });
                            left_out.push(CaseRecord {
                                verdict: Verdict::NotApplicable,
                                reason: Some(reason.clone()),
                                ..head(&self.shared.sources, case)
                            });
                        }
                        Decision::Broken(error) => left_out.push(CaseRecord {
                            verdict: Verdict::Error,
                            reason: Some(error.to_string()),
                            ..head(&self.shared.sources, case)
                        }),
                    }
                }
            }
        }
        let started = self.shared.anchor.wall(self.shared.started);
        let earlier = self.input.earlier.as_ref();
        let header = RunHeader {
            tool: self.input.tool.clone(),
            target: self.input.target_record.clone(),
            suites: self.input.suites.clone(),
            operator: self.input.run_by.clone(),
            options: self.input.options.clone(),
            reruns: self.input.reruns.clone(),
            resumed: earlier.map(|earlier| earlier.resumed(&record.to_run, rfc3339(started))),
            plan: record,
            capabilities: self.input.capabilities.clone(),
            requirements: self.input.requirements.clone(),
            left_out,
        };
        self.shared.emitter.emit(&Event::RunStarted {
            started,
            header: Box::new(header),
        });
    }

    /// Asks about the capabilities. It judges no case, so that what goes wrong is told and no more.
    async fn survey(&mut self, announced: &[Capability]) {
        let capture = Capture::new(self.shared.anchor);
        let findings = survey(&self.shared, &capture).await;
        // The probes judge nothing; what they found stands in the record.
        self.keep_aside("survey", &capture);
        let capabilities = match findings {
            Ok(findings) => findings.fill(announced),
            Err(error) => announced
                .iter()
                .cloned()
                .map(|capability| Capability {
                    unprobed: Some(format!("the device could not be asked: {error}")),
                    ..capability
                })
                .collect(),
        };
        self.shared
            .emitter
            .emit(&Event::CapabilitiesAsked { capabilities });
    }

    /// The target with what it told of itself.
    fn identified(&self, probed: &Probed) -> TargetRecord {
        let mut target = self.input.target_record.clone();
        if let Some(identity) = &probed.identity {
            target.vendor = Some(identity.vendor.clone());
            target.model = Some(identity.model.clone());
            target.revision = Some(identity.revision.clone());
        }
        target.firmware.clone_from(&probed.firmware);
        if !probed.notes.is_empty() {
            target
                .details
                .insert("browse".to_owned(), probed.notes.join("; "));
        }
        target
    }

    /// Tells who the target is; gives the capabilities with what it announced.
    fn tell_probed(&mut self, probed: &Probed) -> Vec<Capability> {
        let mut target = self.identified(probed);
        let earlier = self.input.earlier.as_ref();
        if let Some(why) = earlier.and_then(|earlier| earlier.device_differs(&target)) {
            target.details.insert("not the same device".to_owned(), why);
        }
        let firmware = target.firmware.as_ref();
        self.firmware = firmware.map(|firmware| firmware.revision.clone());
        let capabilities =
            super::announced::with_announced(&self.input.capabilities, &probed.announced);
        self.shared.emitter.emit(&Event::TargetProbed {
            target: Box::new(target),
            capabilities: capabilities.clone(),
        });
        capabilities
    }

    async fn cases(&mut self, planned: &Plan) -> RunEnd {
        let to_run: Vec<&PlannedCase> = planned.to_run().map(|(case, _)| case).collect();
        let keys: Vec<(String, String)> = to_run
            .iter()
            .map(|case| (case.case.id.value.clone(), case.key()))
            .collect();
        let mut waivers = self.waivers(&keys);
        if let Some(earlier) = &self.input.earlier {
            for case in earlier.decided(&keys_of(planned)).into_values() {
                // Its record says what became of it; this is for the cases that share its waiver.
                let _ = waivers.apply(case);
            }
        }
        let mut lane = Lane::new(self, planned);
        let deadline = self
            .shared
            .timeouts
            .run()
            .map(|limit| self.shared.started + limit);
        let mut without_association = 0;
        let mut end = None;
        loop {
            if end.is_none() && self.shared.cancel.is_cancelled() {
                end = Some(Early::Interrupted);
            }
            if end.is_none() && deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                end = Some(Early::Lost("the time of the run is over"));
            }
            if end.is_some() {
                // What runs comes to its end and puts back what it changed.
                lane.stop();
            }
            lane.fill(&self.shared, planned);
            let Some((job, finished)) = lane.next().await else {
                break;
            };
            without_association = if finished.associated {
                0
            } else {
                without_association + 1
            };
            if without_association >= GIVE_UP_AFTER && end.is_none() {
                end = Some(Early::Lost("the target no longer associates"));
            }
            for left in &finished.left_behind {
                self.shared.emitter.emit(&Event::LeftBehind(left.clone()));
            }
            let goes_on = end.is_none() && !self.shared.cancel.is_cancelled();
            let again = goes_on && finished.worth_another_try;
            let key = finished.record.key();
            if goes_on && lane.needs_to_be_alone(job, finished.record.verdict) {
                let record = self.with_evidence(finished, &format!("{key} beside others"));
                lane.repeat_alone(job, &record);
                continue;
            }
            let record = self.with_evidence(finished, &lane.evidence_name(job, &key));
            lane.waited(job, record.demanded_wait_ms);
            let mut record = lane.decided(job, record);
            if let Some(first) = lane.was_beside(job) {
                record.findings.push(repeated_alone(first));
            }
            record.waiver = waivers.apply(&record);
            if again {
                lane.tries_again(job, &record);
            }
            self.shared
                .emitter
                .emit(&Event::CaseFinished(Box::new(record)));
        }
        if let Some(parallel) = lane.summary() {
            self.shared.emitter.emit(&Event::RanParallel(parallel));
        }
        match end {
            None => RunEnd::Completed,
            Some(Early::Interrupted) => RunEnd::Interrupted,
            Some(Early::Lost(reason)) => self.lost(reason),
        }
    }

    /// The record of a case with its evidence, which gets this name, and its messages.
    fn with_evidence(&mut self, finished: Finished, name: &str) -> CaseRecord {
        let mut record = finished.record;
        record.started_ms += millis(self.before);
        match self.keep(name, &finished.capture) {
            Ok(files) => {
                (record.capture, record.transcript) = (files.capture, files.transcript);
                record.digests = files.digests;
            }
            Err(why) => record.findings.push(finding(
                "evidence",
                format!("the evidence could not be written: {why}"),
            )),
        }
        if matches!(
            record.verdict,
            Verdict::Fail | Verdict::Error | Verdict::Inconclusive
        ) {
            let frame = record.deciding_step().and_then(|step| step.frame);
            record.messages = messages(&finished.capture, frame);
        }
        record
    }

    fn lost(&self, reason: &str) -> RunEnd {
        self.shared.emitter.emit(&Event::CouldNotTest {
            reason: reason.to_owned(),
        });
        RunEnd::Lost {
            reason: reason.to_owned(),
        }
    }

    fn keep(&mut self, key: &str, capture: &Capture) -> Result<super::evidence::Files, String> {
        match &mut self.evidence {
            Some(evidence) => evidence
                .write(key, capture)
                .map_err(|error| error.to_string()),
            None => Ok(super::evidence::Files::default()),
        }
    }

    /// Keeps the evidence of what is no verdict, and tells its digests.
    fn keep_aside(&mut self, key: &str, capture: &Capture) {
        if let Ok(files) = self.keep(key, capture) {
            self.shared.emitter.emit(&Event::EvidenceKept {
                digests: files.digests,
            });
        }
    }

    fn waivers(&self, keys: &[(String, String)]) -> Waivers {
        let deviations = self
            .shared
            .target
            .known_deviations
            .iter()
            .map(|known| Deviation {
                case: known.case.value.clone(),
                reason: known.reason.value.clone(),
                owner: known.owner.value.clone(),
                expires: known.expires.as_ref().map(|day| day.value.0),
                firmware: known.firmware.as_ref().map(|only| only.value.clone()),
            })
            .collect();
        let wall = self.shared.anchor.wall(self.shared.started);
        let today = jiff::Timestamp::try_from(wall).map_or(jiff::civil::Date::ZERO, |now| {
            now.to_zoned(jiff::tz::TimeZone::UTC).date()
        });
        Waivers::new(deviations, today, self.firmware.as_deref(), keys)
    }
}

/// The keys of the cases that run, in order.
fn keys_of(planned: &Plan) -> Vec<String> {
    planned.to_run().map(|(case, _)| case.key()).collect()
}

/// Something about how a case was run.
fn finding(code: &str, text: String) -> Finding {
    Finding {
        code: code.to_owned(),
        text,
        clause: None,
        frame: None,
        count: 1,
    }
}

/// That a case was run again by itself, and what came of it beside others.
fn repeated_alone(first: &Attempt) -> Finding {
    let reason = first.reason.as_deref().unwrap_or_default();
    let seen = first.capture.as_ref();
    let seen = seen.map_or(String::new(), |file| format!(", {file}"));
    finding(
        "repeated-alone",
        format!(
            "this is the verdict of the case by itself; beside other cases it was {} ({reason}){seen}",
            first.verdict
        ),
    )
}
