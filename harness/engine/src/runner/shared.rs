//! What all cases of a run share.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use iedassay_client::Anchor;
use iedassay_model::tree::ServerModel;
use tokio::time::Instant;

use crate::answers::Answers;
use crate::cancel::CancelToken;
use crate::connector::{Connector, Endpoint};
use crate::diagnostic::Sources;
use crate::event::Emitter;
use crate::process::line::LineProcess;
use crate::target::{Target, Timeouts, Tolerances};
use crate::time_server::TimeServers;

/// What all cases of a run share. Cheap to clone; the clones share it still.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) sources: Arc<Sources>,
    pub(crate) target: Arc<Target>,
    pub(crate) timeouts: Timeouts,
    pub(crate) tolerances: Tolerances,
    pub(crate) connector: Arc<dyn Connector>,
    pub(crate) anchor: Anchor,
    /// When the run began.
    pub(crate) started: Instant,
    /// The model of the server, from SCL or browsed.
    pub(crate) model: Arc<ServerModel>,
    pub(crate) emitter: Emitter,
    pub(crate) cancel: CancelToken,
    /// Process sides, connected once for the whole run.
    pub(crate) processes: Arc<Processes>,
    /// The harness as the time server of the device.
    pub(crate) time: Arc<TimeServers>,
    /// The person at the device, if there is one.
    pub(crate) operator: Option<Arc<dyn Operator>>,
    /// What is known of questions to people.
    pub(crate) answers: Arc<Answers>,
}

impl Shared {
    /// Whether somebody answers prompts.
    pub(crate) fn attended(&self) -> bool {
        self.target.attended(self.operator.is_some())
    }
}

/// A person at the device, who does what is asked and answers.
pub trait Operator: Send + Sync {
    /// Shows `text` and waits for the answer; `None` when nobody answers. The caller bounds the time.
    fn ask<'a>(
        &'a self,
        text: &'a str,
    ) -> Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>>;
}

/// Process sides by their endpoint.
pub(crate) struct Processes {
    connector: Arc<dyn Connector>,
    open: Mutex<HashMap<Endpoint, Arc<LineProcess>>>,
}

impl Processes {
    pub(crate) fn new(connector: Arc<dyn Connector>) -> Self {
        Self {
            connector,
            open: Mutex::default(),
        }
    }

    pub(crate) fn get(&self, endpoint: Endpoint) -> Arc<LineProcess> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let connector = &self.connector;
        Arc::clone(
            open.entry(endpoint.clone())
                .or_insert_with(|| Arc::new(LineProcess::new(Arc::clone(connector), endpoint))),
        )
    }
}
