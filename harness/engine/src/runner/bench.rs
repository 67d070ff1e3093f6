//! Cases judged one by one, each on a device of its own: what a selftest is made of.

use std::sync::Arc;

use iedassay_client::Anchor;
use iedassay_model::tree::ServerModel;
use iedassay_reports::CaseRecord;
use tokio::time::Instant;

use super::execute::{Instance, run_case};
use super::head::head;
use super::shared::{Processes, Shared};
use crate::answers::Answers;
use crate::cancel::CancelToken;
use crate::connector::Connector;
use crate::diagnostic::Sources;
use crate::event::{Emitter, Event};
use crate::plan::{Decision, Plan, PlanOptions, PlannedCase, plan};
use crate::suite::Library;
use crate::target::Target;
use crate::time_server::TimeServers;

/// Suites planned once for many devices that all have the same description. Threads may share it.
#[derive(Debug)]
pub struct Bench {
    sources: Arc<Sources>,
    target: Arc<Target>,
    model: Arc<ServerModel>,
    plan: Plan,
    answers: Arc<Answers>,
}

impl Bench {
    /// Plans the suites for a target with this model.
    #[must_use]
    pub fn new(
        library: &Library,
        target: Arc<Target>,
        model: Arc<ServerModel>,
        options: &PlanOptions,
    ) -> Self {
        let plan = plan(library, &target, &model, options);
        Self {
            sources: Arc::new(library.sources.clone()),
            target,
            model,
            plan,
            answers: Arc::default(),
        }
    }

    /// With answers to the questions of guided cases.
    #[must_use]
    pub fn answered(mut self, answers: Arc<Answers>) -> Self {
        self.answers = answers;
        self
    }

    /// What runs here, and what does not and why.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Judges one case on the device behind the connector; nothing when the plan does not run it. There is no probe
    /// before it and no evidence after it. Call it on the runtime whose clock shall count.
    pub async fn judge(
        &self,
        planned: &PlannedCase,
        connector: Arc<dyn Connector>,
        anchor: Anchor,
    ) -> Option<CaseRecord> {
        let Decision::Run { bindings } = &planned.decision else {
            return None;
        };
        let mut scope = self.plan.globals.clone();
        for (name, value) in bindings {
            scope.set(name.clone(), value.clone());
        }
        let shared = Shared {
            sources: Arc::clone(&self.sources),
            target: Arc::clone(&self.target),
            time: Arc::new(TimeServers::new(
                &self.target,
                Arc::clone(&connector),
                anchor,
            )),
            timeouts: self.target.timeouts(),
            tolerances: self.target.tolerances(),
            processes: Arc::new(Processes::new(Arc::clone(&connector))),
            connector,
            anchor,
            started: Instant::now(),
            model: Arc::clone(&self.model),
            emitter: Emitter::new(Box::new(|_: &Event| {})),
            cancel: CancelToken::never(),
            operator: None,
            answers: Arc::clone(&self.answers),
        };
        let instance = Instance {
            case: Arc::clone(&planned.case),
            scope,
            head: head(&self.sources, planned),
        };
        Some(run_case(&shared, &instance).await.record)
    }
}
