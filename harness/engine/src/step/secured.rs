//! What TLS agreed on, as expressions see it.

use std::time::Duration;

use iedassay_client::tls::{Certificate, Session};

use crate::cel::Value;
use crate::connector::version_text;
use crate::value::{list, map};

/// The facts of a session: `version`, `cipher`, `group`, `certificateAsked`, and `peer` with `subject`, `issuer`, `serial`,
/// `names`, `fingerprint`, `notBefore` and `notAfter` (milliseconds since 1970).
pub(super) fn facts(session: &Session) -> Value {
    let text = |text: &str| Value::from(text);
    map([
        ("version", Value::from(version_text(session.version))),
        ("cipher", text(&session.cipher)),
        (
            "group",
            session.group.as_deref().map_or(Value::Null, Value::from),
        ),
        (
            "certificateAsked",
            Value::Bool(session.client_certificate_asked),
        ),
        ("peer", session.peer.as_ref().map_or(Value::Null, peer)),
    ])
}

fn peer(certificate: &Certificate) -> Value {
    let ms = |time: Duration| Value::Int(i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
    let text = |text: &str| Value::from(text);
    map([
        ("subject", text(&certificate.subject)),
        ("issuer", text(&certificate.issuer)),
        ("serial", text(&certificate.serial)),
        (
            "names",
            list(certificate.names.iter().map(|name| text(name))),
        ),
        ("fingerprint", Value::from(certificate.fingerprint_text())),
        ("notBefore", ms(certificate.not_before)),
        ("notAfter", ms(certificate.not_after)),
    ])
}
