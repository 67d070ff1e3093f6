//! TLS below the association.

/// Hands the faults of this area on to the next list.
macro_rules! security {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Security {
                    /// A client that presents no certificate is let in.
                    ClientCertificateNotDemanded = "client-certificate-not-demanded", "IEC 62351-3, mutual authentication of the peers";
                    /// A client certificate that has expired is let in.
                    ExpiredClientAccepted = "expired-client-accepted", "IEC 62351-3, expired certificates; RFC 5280, validity";
                    /// A client certificate that is not yet valid is let in.
                    FutureClientAccepted = "future-client-accepted", "IEC 62351-3, certificate validation; RFC 5280, validity";
                    /// A client certificate that the revocation list names is let in.
                    RevokedClientAccepted = "revoked-client-accepted", "IEC 62351-3, certificate revocation";
                    /// A client certificate of any authority is let in.
                    UntrustedClientAccepted = "untrusted-client-accepted", "IEC 62351-3, multiple certification authorities; RFC 5280, path validation";
                    /// MMS without TLS is served on the port of TLS too.
                    PlainOnTlsPort = "plain-on-tls-port", "IEC 62351-4, secure and non-secure profiles on ports of their own";
                    /// TLS 1.2 is not served.
                    Tls12NotServed = "tls12-not-served", "IEC 62351-3, TLS versions";
                }
            }
            $($rest)*
        }
    };
}
