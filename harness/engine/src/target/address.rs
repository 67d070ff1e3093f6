//! Addresses.

use core::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::cel::{BadValue, FieldValue};
use crate::yaml::{Decoder, FromNode, Node};

/// The port of MMS over TCP (RFC 1006).
pub const MMS_PORT: u16 = 102;

/// A host (name or address) and a port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostPort {
    /// Name or address, without brackets.
    pub host: String,
    /// Port; nothing if none was given.
    pub port: Option<u16>,
}

impl HostPort {
    /// The port, or `default`.
    #[must_use]
    pub fn port_or(&self, default: u16) -> u16 {
        self.port.unwrap_or(default)
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v6 = self.host.parse::<Ipv6Addr>().is_ok();
        match (v6, self.port) {
            (true, Some(port)) => write!(f, "[{}]:{port}", self.host),
            (false, Some(port)) => write!(f, "{}:{port}", self.host),
            (_, None) => f.write_str(&self.host),
        }
    }
}

impl FieldValue for HostPort {
    const WHAT: &'static str =
        "address such as `192.0.2.10`, `ied.example:102` or `[2001:db8::1]:102`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        let bad = || BadValue::expected(Self::WHAT, &format!("`{text}`"));
        if text.contains("://") {
            return Err(BadValue::invalid(format!(
                "`{text}` is a URL; write only host and port"
            )));
        }
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            let (host, port) = rest.split_once(']').ok_or_else(bad)?;
            host.parse::<Ipv6Addr>().map_err(|_| bad())?;
            match port {
                "" => (host, None),
                port => (host, Some(port.strip_prefix(':').ok_or_else(bad)?)),
            }
        } else if text.parse::<Ipv6Addr>().is_ok() {
            (text, None)
        } else {
            match text.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            }
        };
        let port = match port {
            None => None,
            Some(port) => {
                let port: u16 = port.parse().map_err(|_| {
                    BadValue::invalid(format!("`{port}` is not a port (0 to 65535)"))
                })?;
                Some(port)
            }
        };
        let numeric = host.chars().all(|c| c.is_ascii_digit() || c == '.');
        let good = host.contains(':')
            || (numeric && host.parse::<IpAddr>().is_ok())
            || (!numeric
                && host
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')));
        if host.is_empty() || !good {
            return Err(bad());
        }
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string"})
    }
}

impl FromNode for HostPort {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        crate::cel::from_scalar(node, cx)
    }
}

impl schemars::JsonSchema for HostPort {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Address".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Self::literal_schema(generator)
    }
}

impl FieldValue for IpAddr {
    const WHAT: &'static str = "IP address";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        text.parse()
            .map_err(|_| BadValue::expected(Self::WHAT, &format!("`{text}`")))
    }
}

impl FromNode for IpAddr {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        crate::cel::from_scalar(node, cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_of_address() {
        let cases = [
            ("192.0.2.10", "192.0.2.10", None),
            ("192.0.2.10:10102", "192.0.2.10", Some(10102)),
            (
                "ied-7.substation.example:102",
                "ied-7.substation.example",
                Some(102),
            ),
            ("[2001:db8::1]:102", "2001:db8::1", Some(102)),
            ("2001:db8::1", "2001:db8::1", None),
        ];
        for (text, host, port) in cases {
            let parsed = HostPort::from_text(text).unwrap();
            assert_eq!((parsed.host.as_str(), parsed.port), (host, port), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_address() {
        for text in [
            "",
            ":102",
            "192.0.2.300",
            "a b",
            "host:70000",
            "http://x",
            "[::1",
            "192.0.2.1:x",
        ] {
            assert!(HostPort::from_text(text).is_err(), "{text}");
        }
    }
}
