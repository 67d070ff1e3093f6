//! The first association of a run: whether the target can be tested at all, who it is, and what its model is.

use std::sync::Arc;
use std::time::Duration;

use iedassay_client::Client;
use iedassay_client::capture::Capture;
use iedassay_client::tls::TlsError;
use iedassay_model::browse::build;
use iedassay_model::tree::ServerModel;
use iedassay_reports::Firmware;
use iedassay_wire::association::ReleaseWay;
use iedassay_wire::mms::{IdentifyResponse, Initiate, Response};
use tokio::time::timeout;

use super::firmware::firmware;
use super::{refused, shared::Shared};
use crate::connector::remedy;
use crate::outcome::{Outcome, RefusalLayer};
use crate::step::associate::{Attempt, Stage, Way, connect, target_configuration};
use crate::step::directory::who;

/// Why a target cannot be tested.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// Nothing listens at the address.
    #[error(
        "{address} refuses TCP connections: nothing listens there (hint: is the address right, is the MMS server on?)"
    )]
    Refused {
        /// Where.
        address: String,
    },
    /// The TCP connection does not come about.
    #[error("{address} does not answer: no TCP connection within {} ms (hint: route, firewall, power)", .within.as_millis())]
    Unreachable {
        /// Where.
        address: String,
        /// How long was waited.
        within: Duration,
    },
    /// The network says no.
    #[error("{address} cannot be reached: {why} (hint: check `address` in the target file)")]
    Network {
        /// Where.
        address: String,
        /// What the operating system said.
        why: String,
    },
    /// TLS does not come about.
    #[error("{address}: {error} (hint: {})", remedy(error))]
    Tls {
        /// Where.
        address: String,
        /// Why.
        error: TlsError,
    },
    /// TCP is accepted, and then nothing.
    #[error("{address} accepts TCP and says nothing within {} ms (hint: is it an MMS server, is it out of associations?)", .within.as_millis())]
    Silent {
        /// Where.
        address: String,
        /// How long was waited.
        within: Duration,
    },
    /// TCP is accepted and closed again.
    #[error(
        "{address} closes the connection instead of associating: {how} (hint: selectors and titles under `association` of the target file; is it the port of TLS, usually 3782, without `tls` in the target file?)"
    )]
    Closed {
        /// Where.
        address: String,
        /// How.
        how: String,
    },
    /// What comes is TLS, and the target is to be spoken to without.
    #[error(
        "{address} speaks TLS, and the target file has no `tls` (hint: give `tls` in the target file, or the port without TLS, usually 102)"
    )]
    SpeaksTls {
        /// Where.
        address: String,
    },
    /// What comes is not MMS.
    #[error(
        "{address} answers what is not MMS over ISO transport: {what} (hint: is this the port of the MMS server, usually 102?)"
    )]
    Garbage {
        /// Where.
        address: String,
        /// What is wrong with it.
        what: String,
    },
    /// A layer refuses the association.
    #[error("{address} refuses the association at the {layer} layer: {how} (hint: {remedy})")]
    NotAssociated {
        /// Where.
        address: String,
        /// Which layer.
        layer: &'static str,
        /// How.
        how: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// The model cannot be read from the device.
    #[error(
        "the model of {address} cannot be browsed: {why} (hint: give an SCL file under `scl` of the target file)"
    )]
    Browse {
        /// Where.
        address: String,
        /// Why.
        why: String,
    },
}

/// What the probe found.
pub(crate) struct Probed {
    /// Who the server says it is; `None` when it does not say.
    pub(crate) identity: Option<IdentifyResponse>,
    /// The firmware that it says it has.
    pub(crate) firmware: Option<Firmware>,
    /// What it answered to Initiate.
    pub(crate) announced: Initiate,
    /// The browsed model, when one was asked for.
    pub(crate) model: Option<Arc<ServerModel>>,
    /// What was odd about it.
    pub(crate) notes: Vec<String>,
}

/// Associates, identifies, browses if asked, and releases.
pub(crate) async fn probe(
    shared: &Shared,
    browse: bool,
    capture: &Capture,
) -> Result<Probed, ProbeError> {
    let config = target_configuration(shared);
    let attempt = connect(shared, "probe", &config, Way::default(), capture).await;
    let Attempt {
        client: Some(client),
        ..
    } = attempt
    else {
        return Err(failure(shared, &attempt));
    };
    let mut notes = Vec::new();
    let reply = who(&client, shared.timeouts.request()).await;
    let identity = match reply.response {
        Some(Response::Identify(identity)) => Some(identity),
        _ => {
            notes.push(format!("Identify: {}", reply.outcome));
            None
        }
    };
    let model = if browse {
        Some(browsed(shared, &client, &mut notes).await?)
    } else {
        None
    };
    let tree = model.as_ref().unwrap_or(&shared.model);
    let within = shared.timeouts.request();
    let firmware = firmware(&client, tree, identity.as_ref(), within).await;
    let announced = client.established().answer.clone();
    // A probe that cannot be released is no reason not to test.
    let _ = timeout(
        shared.timeouts.release(),
        client.release(ReleaseWay::default()),
    )
    .await;
    Ok(Probed {
        identity,
        firmware,
        announced,
        model,
        notes,
    })
}

async fn browsed(
    shared: &Shared,
    client: &Client,
    notes: &mut Vec<String>,
) -> Result<Arc<ServerModel>, ProbeError> {
    let failed = |why: String| ProbeError::Browse {
        address: shared.connector.describe(),
        why,
    };
    let browse = client
        .browse()
        .await
        .map_err(|error| failed(error.to_string()))?;
    notes.extend(
        browse
            .problems
            .iter()
            .map(|(what, error)| format!("{what}: {error}")),
    );
    let built = build(&browse.browsed).map_err(|error| failed(error.to_string()))?;
    notes.extend(built.notes);
    Ok(Arc::new(built.model))
}

pub(super) fn failure(shared: &Shared, attempt: &Attempt) -> ProbeError {
    let address = shared.connector.describe();
    if let Some(error) = &attempt.tls_error {
        return ProbeError::Tls {
            address,
            error: error.clone(),
        };
    }
    match (&attempt.outcome, attempt.stage) {
        (Outcome::Timeout, Stage::Connection) => ProbeError::Unreachable {
            address,
            within: shared.timeouts.connect(),
        },
        (Outcome::Timeout, Stage::Security | Stage::Association) => ProbeError::Silent {
            address,
            within: shared.timeouts.associate(),
        },
        (
            Outcome::Refused {
                layer: RefusalLayer::Tcp,
                ..
            },
            Stage::Connection,
        ) => ProbeError::Refused { address },
        (
            Outcome::Refused {
                layer: RefusalLayer::Tcp,
                detail,
            },
            Stage::Security | Stage::Association,
        ) => ProbeError::Closed {
            address,
            how: detail.clone(),
        },
        (Outcome::Refused { layer, detail }, _) => ProbeError::NotAssociated {
            address,
            layer: layer.name(),
            how: detail.clone(),
            remedy: refused::remedy(
                attempt.refusal.as_ref(),
                shared.target.association().password.is_some(),
            ),
        },
        (Outcome::Malformed(_), _) if attempt.speaks_tls => ProbeError::SpeaksTls { address },
        (Outcome::Malformed(what), _) => ProbeError::Garbage {
            address,
            what: what.clone(),
        },
        (other, _) => ProbeError::Network {
            address,
            why: other.to_string(),
        },
    }
}
