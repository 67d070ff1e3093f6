//! A look at a device outside of any run: who it is, and its model as it tells it itself.

use std::sync::Arc;

use iedassay_client::Anchor;
use iedassay_client::capture::Capture;
use iedassay_model::tree::ServerModel;
use iedassay_reports::Capability;
use iedassay_wire::mms::IdentifyResponse;
use tokio::time::Instant;

use super::announced::with_announced;
use super::probe::{ProbeError, probe};
use super::shared::{Processes, Shared};
use super::survey::survey;
use crate::cancel::CancelToken;
use crate::connector::Connector;
use crate::diagnostic::Sources;
use crate::event::{Emitter, Event};
use crate::target::Target;
use crate::time_server::TimeServers;

/// What a look at a device found.
#[derive(Debug, Clone)]
pub struct Look {
    /// Who the server says it is; `None` when it does not say.
    pub identity: Option<IdentifyResponse>,
    /// Its model.
    pub model: Arc<ServerModel>,
    /// What was odd about it.
    pub notes: Vec<String>,
}

/// Associates with a device, browses it, and releases. Only reads.
///
/// # Errors
/// Why the device cannot be reached, associated with, or browsed.
pub async fn look(
    target: Arc<Target>,
    connector: Arc<dyn Connector>,
    anchor: Anchor,
) -> Result<Look, ProbeError> {
    let shared = alone(target, connector, anchor);
    let probed = probe(&shared, true, &Capture::new(anchor)).await?;
    Ok(Look {
        identity: probed.identity,
        model: probed.model.unwrap_or_default(),
        notes: probed.notes,
    })
}

/// What a look at a device found with all its capabilities asked about.
#[derive(Debug, Clone)]
pub struct Surveyed {
    /// Who the server says it is; `None` when it does not say.
    pub identity: Option<IdentifyResponse>,
    /// The capabilities with what was announced and what the probes found.
    pub capabilities: Vec<Capability>,
}

/// Associates with a device and asks about every capability (see `survey`), without running any case. Changes nothing.
///
/// # Errors
/// Why the device cannot be reached or associated with.
pub async fn look_and_survey(
    target: Arc<Target>,
    connector: Arc<dyn Connector>,
    anchor: Anchor,
    capabilities: &[Capability],
) -> Result<Surveyed, ProbeError> {
    let shared = alone(target, connector, anchor);
    let capture = Capture::new(anchor);
    let probed = probe(&shared, false, &capture).await?;
    let announced = with_announced(capabilities, &probed.announced);
    let findings = survey(&shared, &capture).await?;
    Ok(Surveyed {
        identity: probed.identity,
        capabilities: findings.fill(&announced),
    })
}

/// What a run shares, where there is no run.
pub(crate) fn alone(target: Arc<Target>, connector: Arc<dyn Connector>, anchor: Anchor) -> Shared {
    Shared {
        sources: Arc::new(Sources::new()),
        time: Arc::new(TimeServers::new(&target, Arc::clone(&connector), anchor)),
        timeouts: target.timeouts(),
        tolerances: target.tolerances(),
        target,
        processes: Arc::new(Processes::new(Arc::clone(&connector))),
        connector,
        anchor,
        started: Instant::now(),
        model: Arc::default(),
        emitter: Emitter::new(Box::new(|_: &Event| {})),
        cancel: CancelToken::never(),
        operator: None,
        answers: Arc::default(),
    }
}
