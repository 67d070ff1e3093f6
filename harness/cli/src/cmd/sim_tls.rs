//! What the simulated IED needs to be behind TLS, from its files.

use std::path::Path;

use iedassay_sim::tls::{
    Certificate, MaterialError, ServerSettings, Standing, Versions, authorities, identity,
    revocation_lists,
};

use crate::args::SimTlsArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::targets::today;

/// The settings, when TLS is asked for. A certificate that is out of date is told: the IED of a test may have one on purpose.
pub(super) fn settings(
    args: &SimTlsArgs,
    warn: impl Fn(&str),
) -> Result<Option<ServerSettings>, Failure> {
    let (Some(cert), Some(key), Some(ca)) = (&args.tls_cert, &args.tls_key, &args.tls_ca) else {
        return Ok(None);
    };
    let (chain, secret) = (files::read(cert)?, files::read(key)?);
    // A mistake in the certificate is told with its file, not with that of the key.
    usable(cert, iedassay_sim::tls::certificates(&chain))?;
    let identity = usable(key, identity(&chain, &secret))?;
    out_of_date(cert, identity.certificate(), &warn);
    let trusted = usable(ca, authorities(&files::read(ca)?))?;
    for (_, certificate) in &trusted {
        out_of_date(ca, certificate, &warn);
    }
    let mut lists = Vec::new();
    for path in &args.tls_crl {
        lists.extend(usable(path, revocation_lists(&files::read(path)?))?);
    }
    Ok(Some(ServerSettings {
        identity,
        authorities: trusted.into_iter().map(|(der, _)| der).collect(),
        revocation_lists: lists,
        versions: Versions::of(&args.tls_versions).unwrap_or_default(),
    }))
}

/// Sends the log to standard error: there stands why a client was refused.
pub(super) fn log() {
    // A log that is set up already is as good.
    let _ = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .without_time()
        .try_init();
}

fn usable<T>(path: &Path, read: Result<T, MaterialError>) -> Result<T, Failure> {
    read.map_err(|error| {
        let message = format!("`{}` cannot be used: {error}", path.display());
        Failure::new(Exit::Usage, message).hint(error.remedy())
    })
}

fn out_of_date(path: &Path, certificate: &Certificate, warn: &impl Fn(&str)) {
    let what = match certificate.standing(today().now()) {
        Standing::Valid => return,
        Standing::Expired => "has expired",
        Standing::NotYet => "is not yet valid",
    };
    warn(&format!(
        "the certificate {} in `{}` {what}",
        certificate.short(),
        path.display()
    ));
}
