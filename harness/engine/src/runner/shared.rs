//! What all cases of a run share.

use std::sync::Arc;

use iedassay_client::Anchor;
use iedassay_model::tree::ServerModel;
use tokio::time::Instant;

use crate::cancel::CancelToken;
use crate::connector::Connector;
use crate::diagnostic::Sources;
use crate::event::Emitter;
use crate::target::{Target, Timeouts, Tolerances};

/// What all cases of a run share.
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
}
