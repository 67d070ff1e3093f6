//! TLS: what the device must show, and what is shown to it (IEC 62351-3).

use crate::diagnostic::{Code, Spanned};
use crate::suite::OneOrMore;
use crate::yaml::{Decoder, words, yaml_struct};

yaml_struct! {
    /// TLS below the association. All files are PEM (or DER), relative to the target file; keys without a passphrase.
    pub struct Tls {
        /// Certificates of the authorities that issue for the station: the device must show a certificate of one of them. The
        /// authorities of the web do not count. The certificate of a device that signs for itself can stand here too.
        pub ca: Spanned<String>,
        /// Certificate of this tool, followed by those between it and its authority. IEC 62351-3 wants both sides to show one.
        pub certificate: Option<Spanned<String>>,
        /// Private key of `certificate`.
        pub key: Option<Spanned<String>>,
        /// Revocation lists: a certificate that one of them names does not count. Without a list of its authority a certificate
        /// is not checked for revocation.
        #[schemars(default)]
        pub crl: OneOrMore<Spanned<String>>,
        /// Versions to offer; both if absent.
        #[schemars(default)]
        pub versions: OneOrMore<Spanned<TlsVersion>>,
        /// Name that the certificate of the device must be for: a DNS name or an IP address. If absent the name is not checked,
        /// since devices are addressed by IP address and their certificates name them otherwise: the authority counts, and
        /// `peer-certificate`.
        pub server_name: Option<Spanned<String>>,
        /// The certificate that the device must show and no other (pinning), besides being valid.
        pub peer_certificate: Option<Spanned<String>>,
        /// Certificates that the device must refuse, for the cases that try.
        pub bad_certificates: Option<BadCertificates>,
    }
}

yaml_struct! {
    /// Certificates that the device must refuse.
    #[derive(Default)]
    pub struct BadCertificates {
        /// One of an authority that the device trusts, which has expired.
        pub expired: Option<Holder>,
        /// One of an authority that the device trusts, which is not yet valid.
        pub not_yet_valid: Option<Holder>,
        /// One of an authority that the device does not know.
        pub untrusted: Option<Holder>,
        /// One of an authority that the device trusts, which is on the revocation list that the device has.
        pub revoked: Option<Holder>,
    }
}

yaml_struct! {
    /// A certificate with its key.
    pub struct Holder {
        /// The certificate, followed by those between it and its authority.
        pub certificate: Spanned<String>,
        /// Its private key.
        pub key: Spanned<String>,
    }
}

words! {
    /// A version of TLS.
    pub enum TlsVersion ("TLS version") {
        /// RFC 5246.
        Tls12 = "1.2",
        /// RFC 8446.
        Tls13 = "1.3",
    }
}

words! {
    /// Whether and how an association is secured.
    pub enum TlsUse ("use of TLS") {
        /// As the target says.
        Right = "right",
        /// Without TLS, on the port of TLS.
        Off = "off",
        /// Without a certificate of the client.
        NoCertificate = "no-certificate",
        /// With a certificate that has expired.
        Expired = "expired",
        /// With a certificate that is not yet valid.
        NotYetValid = "not-yet-valid",
        /// With a certificate of an authority that the device does not know.
        Untrusted = "untrusted",
        /// With a certificate that is revoked.
        Revoked = "revoked",
    }
}

impl From<TlsVersion> for iedassay_client::tls::Version {
    fn from(version: TlsVersion) -> Self {
        match version {
            TlsVersion::Tls12 => Self::Tls12,
            TlsVersion::Tls13 => Self::Tls13,
        }
    }
}

impl Tls {
    /// The bad certificates that are given, by the use that presents them.
    pub fn bad(&self) -> impl Iterator<Item = (TlsUse, &Holder)> {
        let bad = self.bad_certificates.as_ref();
        let all = bad.map(|bad| {
            [
                (TlsUse::Expired, &bad.expired),
                (TlsUse::NotYetValid, &bad.not_yet_valid),
                (TlsUse::Untrusted, &bad.untrusted),
                (TlsUse::Revoked, &bad.revoked),
            ]
        });
        all.into_iter()
            .flatten()
            .filter_map(|(how, holder)| Some((how, holder.as_ref()?)))
    }
}

/// A certificate is of no use without its key, nor a key without its certificate.
pub(super) fn check(tls: &Tls, cx: &mut Decoder) {
    let lonely = match (&tls.certificate, &tls.key) {
        (Some(certificate), None) => Some((certificate.span, "`certificate` needs a `key`")),
        (None, Some(key)) => Some((key.span, "`key` needs a `certificate`")),
        _ => None,
    };
    if let Some((span, message)) = lonely {
        cx.error(Code::MissingKey, span, message);
    }
}
