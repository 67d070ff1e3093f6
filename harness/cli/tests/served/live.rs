//! A simulated IED in process, and our client on it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use iedassay_client::services::notification::Notification;
use iedassay_client::services::report::Report;
use iedassay_client::{Client, ClientConfig, Subscription};
use iedassay_model::browse;
use iedassay_model::tree::ServerModel;
use iedassay_sim::{CalledAddress, Sim, SimConfig};
use iedassay_wire::association::InitiatorConfig;
use iedassay_wire::ber::Oid;
use tokio::time::Instant;

/// 2023-11-14T22:13:20Z.
const EPOCH: Duration = Duration::from_secs(1_700_000_000);

/// How long a report may take on the clock that jumps.
const REPORT: Duration = Duration::from_secs(30);

pub(crate) fn serve(model: &Arc<ServerModel>) -> Sim {
    Sim::new(SimConfig::new(Arc::clone(model), EPOCH))
}

/// Associates, calling the address that the description gives.
pub(crate) async fn connect(sim: &Sim) -> Client {
    connect_from(sim, 1).await
}

/// As [`connect`], as a client at 127.0.0.`host`.
pub(crate) async fn connect_from(sim: &Sim, host: u8) -> Client {
    let (near, far) = tokio::io::duplex(64 * 1024);
    tokio::spawn(sim.serve_stream_from(far, IpAddr::from([127, 0, 0, host])));
    let address = CalledAddress::of(&sim.config().model);
    let mut association = InitiatorConfig::default();
    let called = &mut association.called;
    called.tsel = address.tsel.unwrap();
    called.ssel = address.ssel.unwrap();
    called.psel = address.psel.unwrap();
    called.ap_title = Oid::from_arcs(&address.ap_title.unwrap());
    called.ae_qualifier = address.ae_qualifier;
    let config = ClientConfig {
        association,
        ..ClientConfig::default()
    };
    Client::connect(near, config).await.unwrap()
}

/// The model that the server shows, which must not be odd in any way.
pub(crate) async fn browse(client: &Client) -> ServerModel {
    let browsed = client.browse().await.unwrap();
    assert_eq!(browsed.problems, []);
    let built = browse::build(&browsed.browsed).unwrap();
    assert_eq!(built.notes, [""; 0]);
    built.model
}

/// The next report; none within the time that any takes.
pub(crate) async fn report(subscription: &mut Subscription) -> Option<Report> {
    let deadline = Instant::now() + REPORT;
    loop {
        let inbound = subscription.next_before(deadline).await?;
        if let Ok(Notification::Report(report)) = inbound.notification() {
            return Some(*report);
        }
    }
}
