//! What every command that talks to a device needs: a runtime and a way to reach it.

use std::sync::Arc;

use iedassay_client::tls::MMS_TLS_PORT;
use iedassay_engine::connector::{Connector, TargetTls, TcpConnector, TlsConnector};
use iedassay_engine::target::{HostPort, MMS_PORT, Target};
use tokio::runtime::{Builder, Runtime};

use crate::exit::Exit;
use crate::failure::Failure;

/// The address of a target with its port.
pub(crate) fn address_of(target: &Target) -> String {
    let address = &target.address.value;
    HostPort {
        host: address.host.clone(),
        port: Some(address.port_or(match target.tls {
            Some(_) => MMS_TLS_PORT,
            None => MMS_PORT,
        })),
    }
    .to_string()
}

/// Connects to a target over TCP, and over TLS when it has that.
pub(crate) fn connector(target: &Target, tls: Option<TargetTls>) -> Arc<dyn Connector> {
    let process = target
        .process_side
        .as_ref()
        .map(|address| address.value.to_string());
    let tcp = Arc::new(TcpConnector::new(address_of(target), process));
    match tls {
        Some(tls) => Arc::new(TlsConnector::new(tcp, tls)),
        None => tcp,
    }
}

/// A runtime. Virtual time needs one thread: the clock moves when everybody waits.
pub(crate) fn runtime(virtual_time: bool) -> Result<Runtime, Failure> {
    let mut builder = if virtual_time {
        Builder::new_current_thread()
    } else {
        Builder::new_multi_thread()
    };
    builder.enable_all();
    if virtual_time {
        builder.start_paused(true);
    }
    builder
        .build()
        .map_err(|error| Failure::new(Exit::CouldNotTest, "cannot start the runtime").cause(error))
}
