//! TLS around a simulated IED, with certificates made for the occasion.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use iedassay_engine::connector::{Connector, TargetTls, TlsConnector};
use iedassay_engine::diagnostic::Sources;
use iedassay_engine::target::{self, Tls, TlsUse};
use iedassay_pki::{Pem, Station};
use iedassay_sim::Sim;
use iedassay_sim::tls::{
    ClientSettings, ClientTls, Clock, Identity, MaterialError, ServerSettings, Versions,
    authorities, identity, revocation_lists,
};
use tokio::time::Instant;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::InProcess;

/// What the target file of such an IED would say. The files are never looked for: what would be in them is in memory.
const TARGET: &str = "
target: simulated IED
address: localhost
tls:
  ca: ca.pem
  certificate: client.pem
  key: client.key
  bad-certificates:
    expired: {certificate: expired.pem, key: expired.key}
    not-yet-valid: {certificate: not-yet-valid.pem, key: not-yet-valid.key}
    untrusted: {certificate: untrusted.pem, key: untrusted.key}
    revoked: {certificate: revoked.pem, key: revoked.key}
";

/// Certificates of both sides.
pub(super) struct Door {
    station: Station,
    section: Tls,
    now: Duration,
}

impl Door {
    /// Makes the certificates, as of a time since 1970.
    pub(super) fn new(now: Duration) -> Result<Self, Failure> {
        let failed = |why: String| {
            Failure::new(
                Exit::CouldNotTest,
                "the certificates of the selftest cannot be made",
            )
            .cause(why)
        };
        let mut sources = Sources::new();
        let file = sources.add("selftest".to_owned(), TARGET.to_owned());
        let section = target::load::load(&sources, file)
            .ok()
            .and_then(|(target, _)| target.tls)
            .ok_or_else(|| failed("their target does not load".to_owned()))?;
        let station = Station::new(now).map_err(|error| failed(error.to_string()))?;
        Ok(Self {
            station,
            section,
            now,
        })
    }

    /// The section of the target.
    pub(super) fn section(&self) -> Tls {
        self.section.clone()
    }

    /// Puts an IED behind TLS and gives the way to it. Call it on the runtime that will serve.
    pub(super) fn before(&self, sim: Sim) -> Result<Arc<dyn Connector>, MaterialError> {
        let station = &self.station;
        let trusted: Vec<_> = authorities(station.ca.as_bytes())?
            .into_iter()
            .map(|(der, _)| der)
            .collect();
        let secure = sim.secure(&ServerSettings {
            identity: holder(&station.server)?,
            authorities: trusted.clone(),
            revocation_lists: revocation_lists(station.crl.as_bytes())?,
            versions: Versions::Both,
        })?;
        let usual = ClientTls::new(ClientSettings {
            authorities: trusted,
            identity: Some(holder(&station.client)?),
            revocation_lists: revocation_lists(station.crl.as_bytes())?,
            versions: Versions::Both,
            server_name: None,
            pinned: Vec::new(),
            clock: Clock::new(self.now, Instant::now()),
        })?;
        let bad = BTreeMap::from([
            (TlsUse::Expired, holder(&station.expired)?),
            (TlsUse::NotYetValid, holder(&station.future)?),
            (TlsUse::Untrusted, holder(&station.untrusted)?),
            (TlsUse::Revoked, holder(&station.revoked)?),
        ]);
        let inner = Arc::new(InProcess::new(sim).secured(secure));
        let tls = TargetTls::new(usual, &bad)?;
        Ok(Arc::new(TlsConnector::new(inner, tls)))
    }
}

fn holder(pem: &Pem) -> Result<Identity, MaterialError> {
    identity(pem.certificate.as_bytes(), pem.key.as_bytes())
}
