//! The only thing that leaves the runner while it runs.
//!
//! Progress displays and the run record read the same events; nobody asks the runner anything.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use iedassay_reports::{
    Capability, CaseRecord, Finding, LeftBehind, ModelRecord, Options, Origin, Parallel, Phase,
    PlanRecord, Requirement, Resumption, RunRecord, StepRecord, Suites, Target, Tool,
};

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The plan is fixed and the first connection is about to be opened. Exactly once, first.
    RunStarted {
        /// Wall time of the start; virtual under virtual time.
        started: SystemTime,
        /// What is known before the first packet.
        header: Box<RunHeader>,
    },
    /// The probe association answered. At most once, before the first case.
    TargetProbed {
        /// The target with vendor, model and revision filled in.
        target: Box<Target>,
        /// Capabilities with what the Initiate-Response announced, replacing those of the header.
        capabilities: Vec<Capability>,
    },
    /// The model that the run is held against, in brief: after the probe as it is described or was browsed for lack of a
    /// description, and again when a case has read it from the device.
    ModelKnown(Box<ModelRecord>),
    /// The capabilities were asked about, after the last case. At most once.
    CapabilitiesAsked {
        /// The capabilities with what was found, replacing those of [`Event::TargetProbed`].
        capabilities: Vec<Capability>,
    },
    /// Several cases run at the same time: told before the first with the waits that are expected, and after the last with
    /// those that were demanded, replacing it.
    RanParallel(Parallel),
    /// Evidence was kept that belongs to no case.
    EvidenceKept {
        /// SHA-256 by the name of the file.
        digests: BTreeMap<String, String>,
    },
    /// A case begins.
    CaseStarted {
        /// [`CaseRecord::key`] of the case instance.
        key: String,
        /// Title in words.
        title: String,
        /// Position in the plan, from 1.
        number: usize,
        /// Case instances in the plan.
        of: usize,
    },
    /// A step begins.
    StepStarted {
        /// Key of the case instance.
        key: String,
        /// Part of the case.
        phase: Phase,
        /// Verb of the step.
        verb: String,
        /// What it does, in words.
        text: String,
    },
    /// A step ended.
    StepFinished {
        /// Key of the case instance.
        key: String,
        /// Everything about it.
        step: Box<StepRecord>,
    },
    /// Something legal but odd was seen.
    FindingMade {
        /// Key of the case instance.
        key: String,
        /// What.
        finding: Finding,
    },
    /// Something could not be put back on the device.
    LeftBehind(LeftBehind),
    /// A case has its verdict, waiver applied. Said again of the same case when it was tried again: what it says then replaces
    /// what it said before.
    CaseFinished(Box<CaseRecord>),
    /// Testing stopped, or never began, for the lack of a working device or harness.
    CouldNotTest {
        /// Why, in a sentence.
        reason: String,
    },
    /// The run is over. Exactly once, last.
    RunFinished {
        /// Whether it was cancelled.
        interrupted: bool,
        /// Wall time of the end.
        finished: SystemTime,
        /// From start to end.
        duration: Duration,
    },
}

/// What is known of a run before the first packet.
#[derive(Debug, Clone, PartialEq)]
pub struct RunHeader {
    /// The tool.
    pub tool: Tool,
    /// The target, as its file describes it.
    pub target: Target,
    /// The suites that it is held against.
    pub suites: Option<Suites>,
    /// Who runs it.
    pub operator: Option<String>,
    /// How the run was asked for.
    pub options: Options,
    /// The run whose cases without a pass this one runs again.
    pub reruns: Option<Origin>,
    /// The run that goes on; its options and its start stay, and so do its verdicts.
    pub resumed: Option<Resumed>,
    /// What was decided.
    pub plan: PlanRecord,
    /// Capabilities with what is required and claimed.
    pub capabilities: Vec<Capability>,
    /// The buyer's own requirements.
    pub requirements: Vec<Requirement>,
    /// Cases the plan left out, as `not-applicable` with their reason.
    pub left_out: Vec<CaseRecord>,
}

/// A run that goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct Resumed {
    /// Its record with the cases that have their verdict.
    pub record: Box<RunRecord>,
    /// That it goes on.
    pub resumption: Resumption,
}

/// Takes events as they happen. Must not block for long: the runner waits for it.
pub trait EventSink: Send {
    /// One event.
    fn event(&mut self, event: &Event);
}

impl<F: FnMut(&Event) + Send> EventSink for F {
    fn event(&mut self, event: &Event) {
        self(event);
    }
}

/// The sending side that everything inside the runner holds. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Emitter(Arc<Mutex<Box<dyn EventSink>>>);

impl Emitter {
    pub(crate) fn new(sink: Box<dyn EventSink>) -> Self {
        Self(Arc::new(Mutex::new(sink)))
    }

    pub(crate) fn emit(&self, event: &Event) {
        // A sink that panicked has lost an event; the others are still worth delivering.
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .event(event);
    }
}
