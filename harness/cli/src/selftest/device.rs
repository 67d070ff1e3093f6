//! The simulated IEDs that the suites are proved on.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use iedassay_client::Anchor;
use iedassay_engine::cancel::CancelToken;
use iedassay_engine::cel::Value;
use iedassay_engine::plan::{PlanOptions, PlannedCase};
use iedassay_engine::runner::Bench;
use iedassay_engine::suite::Library;
use iedassay_engine::target::Target;
use iedassay_reports::CaseRecord;
use iedassay_sim::{Fault, Sim, SimConfig};
use tokio::runtime::Builder;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::{InProcess, Subject};

/// When every case begins, since 1970: the same each time, so that nothing depends on the day of the proof.
const EPOCH: Duration = Duration::from_secs(1_767_225_600);

/// Password of the device that asks for one.
const PASSWORD: &str = "selftest";

/// A simulated IED and the suites planned for it.
pub(super) struct Device {
    /// In what it differs from the first one, in a few words.
    pub(super) name: &'static str,
    pub(super) bench: Bench,
    config: SimConfig,
}

impl Device {
    /// All of them. The first is the one of `iedassay run`; a case that does not apply to it is proved on the first of
    /// the others that it applies to.
    pub(super) fn all(
        library: &Library,
        options: &PlanOptions,
        console: &Console,
    ) -> Result<Vec<Self>, Failure> {
        type Change = fn(&mut Target, &mut SimConfig);
        let kinds: [(&'static str, Change); 2] =
            [("usual", |_, _| {}), ("with a password", ask_for_password)];
        let mut devices = Vec::new();
        for (name, change) in kinds {
            let subject = Subject::load(None, &[], console)?;
            let description = subject.description.ok_or_else(|| {
                Failure::new(Exit::CouldNotTest, "the simulated IED has no model")
            })?;
            let model = Arc::new(description.model);
            let mut target = subject.target;
            let mut config = SimConfig::new(Arc::clone(&model), EPOCH);
            change(&mut target, &mut config);
            devices.push(Self {
                name,
                bench: Bench::new(library, Arc::new(target), model, options),
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
    ) -> std::io::Result<Option<CaseRecord>> {
        // Nothing here has a file descriptor: only the clock is needed.
        let runtime = Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()?;
        Ok(runtime.block_on(async {
            let mut config = self.config.clone();
            if let Some(fault) = fault {
                config.faults.insert(fault);
            }
            let connector = Arc::new(InProcess::new(Sim::new(config)));
            let anchor = Anchor::now(SystemTime::UNIX_EPOCH + EPOCH);
            tokio::select! {
                biased;
                () = give_up.cancelled() => None,
                record = self.bench.judge(planned, connector, anchor) => record,
            }
        }))
    }
}

fn ask_for_password(target: &mut Target, config: &mut SimConfig) {
    config.password = Some(PASSWORD.as_bytes().to_vec());
    let mut association = target.association();
    association.password = Some(PASSWORD.to_owned());
    target.association = Some(association);
    for (question, answer) in &mut target.pixit.0.0 {
        if question.value == "As4" {
            answer.value = Value::Bool(true);
        }
    }
}
