//! The files that the TLS section of a target names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use iedassay_client::tls::{
    Certificate, ClientSettings, ClientTls, Clock, Identity, MaterialError, RevocationList,
    Standing, Version, Versions, authorities, certificates, identity, revocation_lists,
    rustls::pki_types::{CertificateDer, ServerName},
};

use super::tls::{Tls, TlsUse};
use crate::connector::TargetTls;
use crate::diagnostic::{Code, Diagnostic, Span, Spanned};

/// Octets of a file of certificates.
const MAX_FILE: u64 = 4 << 20;

/// Reads the files that a TLS section names, relative to the folder `base`, and prepares TLS with them. Everything that is wrong
/// with them is told at its place in the target file; without an error there is the result.
#[must_use]
pub fn load_tls(tls: &Tls, base: &Path, clock: Clock) -> (Option<TargetTls>, Vec<Diagnostic>) {
    let mut files = Files {
        base,
        now: clock.now(),
        found: Vec::new(),
    };
    let prepared = prepare(tls, &mut files, clock);
    (prepared, files.found)
}

fn prepare(tls: &Tls, files: &mut Files<'_>, clock: Clock) -> Option<TargetTls> {
    let trusted = files.read(&tls.ca, authorities);
    if let Some(trusted) = &trusted {
        for (_, certificate) in trusted {
            files.in_date(certificate, &tls.ca);
        }
    }
    let own = match (&tls.certificate, &tls.key) {
        (Some(certificate), Some(key)) => {
            let identity = files.identity(certificate, key);
            if let Some(identity) = &identity {
                files.in_date(identity.certificate(), certificate);
            }
            Some(identity)
        }
        _ => None,
    };
    let mut lists: Vec<RevocationList> = Vec::new();
    for name in tls.crl.iter() {
        let read = files.read(name, revocation_lists).unwrap_or_default();
        for list in &read {
            files.list_in_date(list, name);
        }
        lists.extend(read);
    }
    let pinned = match &tls.peer_certificate {
        Some(name) => files.read(name, certificates)?,
        None => Vec::new(),
    };
    let server_name = match &tls.server_name {
        Some(name) => Some(files.server_name(name)?),
        None => None,
    };
    let bad: BTreeMap<TlsUse, Identity> = tls
        .bad()
        .filter_map(|(how, holder)| {
            let identity = files.identity(&holder.certificate, &holder.key)?;
            files.is_bad(how, identity.certificate(), &lists, &holder.certificate);
            Some((how, identity))
        })
        .collect();
    if files.found.iter().any(Diagnostic::is_error) {
        return None;
    }
    let versions: Vec<Version> = tls.versions.iter().map(|v| v.value.into()).collect();
    let ders = |found: Vec<(CertificateDer<'static>, Certificate)>| {
        found.into_iter().map(|(der, _)| der).collect()
    };
    let settings = ClientSettings {
        authorities: ders(trusted?),
        identity: own.flatten(),
        revocation_lists: lists,
        versions: Versions::of(&versions).unwrap_or_default(),
        server_name,
        pinned: ders(pinned),
        clock,
    };
    let prepared = ClientTls::new(settings).and_then(|usual| TargetTls::new(usual, &bad));
    files.usable(prepared, tls.ca.span)
}

struct Files<'a> {
    base: &'a Path,
    now: Duration,
    found: Vec<Diagnostic>,
}

impl Files<'_> {
    fn path(&self, name: &Spanned<String>) -> PathBuf {
        self.base.join(&name.value)
    }

    fn octets(&mut self, name: &Spanned<String>) -> Option<Vec<u8>> {
        let path = self.path(name);
        let size = fs::metadata(&path).map(|file| file.len());
        let why = match size {
            Ok(size) if size > MAX_FILE => format!("it has {size} octets, more than {MAX_FILE}"),
            Ok(_) => match fs::read(&path) {
                Ok(octets) => return Some(octets),
                Err(error) => error.to_string(),
            },
            Err(error) => error.to_string(),
        };
        let message = format!("cannot read `{}`: {why}", path.display());
        let diagnostic = Diagnostic::error(Code::Io, name.span, message);
        self.found
            .push(diagnostic.help("the path is relative to the target file"));
        None
    }

    fn read<T>(
        &mut self,
        name: &Spanned<String>,
        parse: impl Fn(&[u8]) -> Result<T, MaterialError>,
    ) -> Option<T> {
        let octets = self.octets(name)?;
        match parse(&octets) {
            Ok(read) => Some(read),
            Err(error) => {
                self.bad_file(name, &error);
                None
            }
        }
    }

    fn identity(
        &mut self,
        certificate: &Spanned<String>,
        key: &Spanned<String>,
    ) -> Option<Identity> {
        let chain = self.octets(certificate);
        let secret = self.octets(key);
        let (chain, secret) = (chain?, secret?);
        // A mistake in the certificate is told where it stands.
        if let Err(error) = certificates(&chain) {
            self.bad_file(certificate, &error);
            return None;
        }
        match identity(&chain, &secret) {
            Ok(identity) => Some(identity),
            Err(error) => {
                self.bad_file(key, &error);
                None
            }
        }
    }

    fn bad_file(&mut self, name: &Spanned<String>, error: &MaterialError) {
        let message = format!("`{}` cannot be used: {error}", self.path(name).display());
        let diagnostic = Diagnostic::error(Code::Invalid, name.span, message);
        self.found.push(diagnostic.help(error.remedy()));
    }

    /// What is presented or trusted must be valid today.
    fn in_date(&mut self, certificate: &Certificate, name: &Spanned<String>) {
        let (what, when) = match certificate.standing(self.now) {
            Standing::Valid => return,
            Standing::Expired => ("has expired", day(certificate.not_after)),
            Standing::NotYet => ("is not yet valid", day(certificate.not_before)),
        };
        let message = format!(
            "the certificate {} in `{}` {what}: {when}",
            certificate.short(),
            self.path(name).display()
        );
        let help = "have it issued again; if the date of this computer is wrong, set it";
        self.found
            .push(Diagnostic::error(Code::Invalid, name.span, message).help(help));
    }

    fn list_in_date(&mut self, list: &RevocationList, name: &Spanned<String>) {
        let Some(next) = list.next_update.filter(|next| *next < self.now) else {
            return;
        };
        let message = format!(
            "the revocation list of `{}` in `{}` should have been renewed by {}",
            list.issuer,
            self.path(name).display(),
            day(next)
        );
        let help = "it counts all the same; certificates revoked since are not on it";
        self.found
            .push(Diagnostic::warning(Code::Invalid, name.span, message).help(help));
    }

    /// A certificate that is not as bad as it should be would prove nothing.
    fn is_bad(
        &mut self,
        how: TlsUse,
        certificate: &Certificate,
        lists: &[RevocationList],
        name: &Spanned<String>,
    ) {
        let standing = certificate.standing(self.now);
        let wanted = match how {
            TlsUse::Expired => Standing::Expired,
            TlsUse::NotYetValid => Standing::NotYet,
            _ => Standing::Valid,
        };
        if standing != wanted {
            let is = match standing {
                Standing::Valid => "is valid",
                Standing::NotYet => "is not yet valid",
                Standing::Expired => "has expired",
            };
            let message = format!("the certificate {} under `{how}` {is}", certificate.short());
            let help = format!(
                "only one that is wrong in nothing but being {how} shows whether the device looks at that"
            );
            self.found
                .push(Diagnostic::error(Code::Invalid, name.span, message).help(help));
        }
        let listed = lists.iter().any(|list| list.revokes(certificate));
        let known = lists.iter().any(|list| list.issuer == certificate.issuer);
        if how == TlsUse::Revoked && known && !listed {
            let message = format!(
                "the certificate {} under `revoked` is on no revocation list under `crl`",
                certificate.short()
            );
            let help = "give one that the list names, and make sure that the device has this list";
            self.found
                .push(Diagnostic::error(Code::Invalid, name.span, message).help(help));
        }
    }

    fn server_name(&mut self, name: &Spanned<String>) -> Option<ServerName<'static>> {
        match ServerName::try_from(name.value.clone()) {
            Ok(name) => Some(name),
            Err(_) => {
                let message = format!("`{name}` is neither a DNS name nor an IP address");
                let help = "it must stand among the alternative names of the certificate";
                self.found
                    .push(Diagnostic::error(Code::Invalid, name.span, message).help(help));
                None
            }
        }
    }

    fn usable<T>(&mut self, made: Result<T, MaterialError>, span: Span) -> Option<T> {
        match made {
            Ok(made) => Some(made),
            Err(error) => {
                let message = format!("TLS cannot be set up with these files: {error}");
                self.found
                    .push(Diagnostic::error(Code::Invalid, span, message).help(error.remedy()));
                None
            }
        }
    }
}

fn day(since_epoch: Duration) -> String {
    let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |t| t.to_string())
}
