//! A look at a device outside of any run: who it is, and its model as it tells it itself.

use std::sync::Arc;

use iedassay_client::Anchor;
use iedassay_client::capture::Capture;
use iedassay_model::tree::ServerModel;
use iedassay_wire::mms::IdentifyResponse;
use tokio::time::Instant;

use super::probe::{ProbeError, probe};
use super::shared::{Processes, Shared};
use crate::cancel::CancelToken;
use crate::connector::Connector;
use crate::diagnostic::Sources;
use crate::event::{Emitter, Event};
use crate::target::Target;

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
    let shared = Shared {
        sources: Arc::new(Sources::new()),
        timeouts: target.timeouts(),
        tolerances: target.tolerances(),
        target,
        processes: Processes::new(Arc::clone(&connector)),
        connector,
        anchor,
        started: Instant::now(),
        model: Arc::default(),
        emitter: Emitter::new(Box::new(|_: &Event| {})),
        cancel: CancelToken::never(),
        operator: None,
    };
    let probed = probe(&shared, true, &Capture::new(anchor)).await?;
    Ok(Look {
        identity: probed.identity,
        model: probed.model.unwrap_or_default(),
        notes: probed.notes,
    })
}
