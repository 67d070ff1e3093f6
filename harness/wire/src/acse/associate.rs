//! AARQ and AARE (ISO 8650-1, 9.1).

use core::fmt;

use crate::acse::apdu::{external, put_information};
use crate::acse::{AuthenticationValue, EntityName, mms_application_context, password_mechanism};
use crate::ber::{BitString, Oid, RawTlv, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::presentation::MMS_CONTEXT;

/// AARQ: association request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociateRequest<'a> {
    /// Version bits; absent means version 1.
    pub protocol_version: Option<BitString>,
    /// What the association is for.
    pub application_context: Oid,
    /// Whom it is for.
    pub called: EntityName,
    /// Who asks.
    pub calling: EntityName,
    /// Functional units; bit 0 is authentication.
    pub requirements: Option<BitString>,
    /// How the caller authenticates.
    pub mechanism: Option<Oid>,
    /// With what.
    pub authentication: Option<AuthenticationValue>,
    /// The MMS PDU and its offset.
    pub user_information: Option<(&'a [u8], usize)>,
    /// The presentation context of the MMS PDU.
    pub information_context: i64,
    /// All other fields, in order.
    pub unknown: Vec<RawTlv>,
}

impl Default for AssociateRequest<'_> {
    fn default() -> Self {
        Self {
            protocol_version: None,
            application_context: mms_application_context(),
            called: EntityName::default(),
            calling: EntityName::default(),
            requirements: None,
            mechanism: None,
            authentication: None,
            user_information: None,
            information_context: MMS_CONTEXT,
            unknown: Vec::new(),
        }
    }
}

impl AssociateRequest<'_> {
    /// Adds a password with its mechanism and requirement bit.
    #[must_use]
    pub fn with_password(mut self, password: &[u8]) -> Self {
        self.requirements = Some(BitString::from_bits([true]));
        self.mechanism = Some(password_mechanism());
        self.authentication = Some(AuthenticationValue::Password(password.to_vec()));
        self
    }
}

/// AARE: association response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociateResponse<'a> {
    /// Version bits; absent means version 1.
    pub protocol_version: Option<BitString>,
    /// What the association is for.
    pub application_context: Oid,
    /// Accepted or not.
    pub result: AssociateResult,
    /// By whom and why.
    pub diagnostic: Diagnostic,
    /// Who answers.
    pub responding: EntityName,
    /// Functional units; bit 0 is authentication.
    pub requirements: Option<BitString>,
    /// How the responder authenticates.
    pub mechanism: Option<Oid>,
    /// With what.
    pub authentication: Option<AuthenticationValue>,
    /// The MMS PDU and its offset.
    pub user_information: Option<(&'a [u8], usize)>,
    /// The presentation context of the MMS PDU.
    pub information_context: i64,
    /// All other fields, in order.
    pub unknown: Vec<RawTlv>,
}

impl Default for AssociateResponse<'_> {
    fn default() -> Self {
        Self {
            protocol_version: None,
            application_context: mms_application_context(),
            result: AssociateResult::ACCEPTED,
            diagnostic: Diagnostic::User(0),
            responding: EntityName::default(),
            requirements: None,
            mechanism: None,
            authentication: None,
            user_information: None,
            information_context: MMS_CONTEXT,
            unknown: Vec::new(),
        }
    }
}

/// Result of an association request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AssociateResult(pub i64);

impl AssociateResult {
    /// Accepted.
    pub const ACCEPTED: Self = Self(0);
    /// Rejected, and asking again is of no use.
    pub const REJECTED_PERMANENT: Self = Self(1);
    /// Rejected for now.
    pub const REJECTED_TRANSIENT: Self = Self(2);
}

impl fmt::Display for AssociateResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("accepted"),
            1 => f.write_str("rejected permanently"),
            2 => f.write_str("rejected transiently"),
            other => write!(f, "result {other}"),
        }
    }
}

/// Source of a result, and its diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Diagnostic {
    /// By the ACSE service user.
    User(i64),
    /// By the ACSE service provider.
    Provider(i64),
}

impl Diagnostic {
    /// No reason given.
    pub const NO_REASON: Self = Self::User(1);
    /// Application context not supported.
    pub const CONTEXT_NOT_SUPPORTED: Self = Self::User(2);
    /// Called AP-title not recognised.
    pub const CALLED_AP_TITLE: Self = Self::User(7);
    /// Called AE-qualifier not recognised.
    pub const CALLED_AE_QUALIFIER: Self = Self::User(9);
    /// Authentication failed.
    pub const AUTHENTICATION_FAILURE: Self = Self::User(13);
    /// Authentication is required.
    pub const AUTHENTICATION_REQUIRED: Self = Self::User(14);
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (source, code) = match self {
            Self::User(code) => ("user", *code),
            Self::Provider(code) => ("provider", *code),
        };
        let name = match self {
            Self::User(0) | Self::Provider(0) => "null",
            Self::User(1) | Self::Provider(1) => "no reason given",
            Self::User(2) => "application context name not supported",
            Self::User(3) => "calling AP-title not recognized",
            Self::User(4) => "calling AP invocation identifier not recognized",
            Self::User(5) => "calling AE-qualifier not recognized",
            Self::User(6) => "calling AE invocation identifier not recognized",
            Self::User(7) => "called AP-title not recognized",
            Self::User(8) => "called AP invocation identifier not recognized",
            Self::User(9) => "called AE-qualifier not recognized",
            Self::User(10) => "called AE invocation identifier not recognized",
            Self::User(11) => "authentication mechanism name not recognized",
            Self::User(12) => "authentication mechanism name required",
            Self::User(13) => "authentication failure",
            Self::User(14) => "authentication required",
            Self::Provider(2) => "no common ACSE version",
            _ => "unknown diagnostic",
        };
        write!(f, "{name} ({source} {code})")
    }
}

pub(super) fn decode_request<'a>(apdu: &Tlv<'a>) -> Result<AssociateRequest<'a>, WireError> {
    let mut request = AssociateRequest::default();
    let mut context = None;
    let mut fields = apdu.reader()?;
    while let Some(tlv) = fields.next()? {
        if request.called.take(2, &tlv)? || request.calling.take(6, &tlv)? {
            continue;
        }
        match tlv.tag().context_number() {
            Some(0) => request.protocol_version = Some(tlv.bits()?.to_bit_string()),
            Some(1) => context = Some(tlv.inner("application-context-name")?.oid()?),
            Some(10) => request.requirements = Some(tlv.bits()?.to_bit_string()),
            Some(11) => request.mechanism = Some(tlv.oid()?),
            Some(12) => request.authentication = Some(AuthenticationValue::decode(&tlv)?),
            Some(30) => {
                if let Some(external) = external(&tlv)? {
                    request.user_information = Some((external.value, external.offset));
                    request.information_context = external.context.unwrap_or(MMS_CONTEXT);
                }
            }
            _ => request.unknown.push(tlv.to_raw()),
        }
    }
    request.application_context = context.ok_or_else(|| missing(apdu, 1))?;
    Ok(request)
}

pub(super) fn decode_response<'a>(apdu: &Tlv<'a>) -> Result<AssociateResponse<'a>, WireError> {
    let mut response = AssociateResponse::default();
    let (mut context, mut result, mut diagnostic) = (None, None, None);
    let mut fields = apdu.reader()?;
    while let Some(tlv) = fields.next()? {
        if response.responding.take(4, &tlv)? {
            continue;
        }
        match tlv.tag().context_number() {
            Some(0) => response.protocol_version = Some(tlv.bits()?.to_bit_string()),
            Some(1) => context = Some(tlv.inner("application-context-name")?.oid()?),
            Some(2) => result = Some(AssociateResult(tlv.inner("Associate-result")?.i64()?)),
            Some(3) => diagnostic = Some(decode_diagnostic(&tlv)?),
            Some(8) => response.requirements = Some(tlv.bits()?.to_bit_string()),
            Some(9) => response.mechanism = Some(tlv.oid()?),
            Some(10) => response.authentication = Some(AuthenticationValue::decode(&tlv)?),
            Some(30) => {
                if let Some(external) = external(&tlv)? {
                    response.user_information = Some((external.value, external.offset));
                    response.information_context = external.context.unwrap_or(MMS_CONTEXT);
                }
            }
            _ => response.unknown.push(tlv.to_raw()),
        }
    }
    response.application_context = context.ok_or_else(|| missing(apdu, 1))?;
    response.result = result.ok_or_else(|| missing(apdu, 2))?;
    response.diagnostic = diagnostic.ok_or_else(|| missing(apdu, 3))?;
    Ok(response)
}

fn decode_diagnostic(tlv: &Tlv<'_>) -> Result<Diagnostic, WireError> {
    let source = tlv.inner("Associate-source-diagnostic")?;
    let code = source.inner("diagnostic")?.i64()?;
    match source.tag().context_number() {
        Some(1) => Ok(Diagnostic::User(code)),
        Some(2) => Ok(Diagnostic::Provider(code)),
        _ => Err(source.error(ErrorKind::NoAlternative {
            choice: "Associate-source-diagnostic",
        })),
    }
}

fn missing(apdu: &Tlv<'_>, number: u32) -> WireError {
    apdu.error(ErrorKind::Missing {
        expected: Tag::context(number),
    })
}

pub(super) fn encode_request(request: &AssociateRequest<'_>, w: &mut Writer) {
    put_information(w, request.user_information, request.information_context);
    put_unknown(w, &request.unknown);
    if let Some(value) = &request.authentication {
        value.encode_into(12, w);
    }
    if let Some(mechanism) = &request.mechanism {
        w.oid(Tag::context(11), mechanism);
    }
    if let Some(bits) = &request.requirements {
        w.bits(Tag::context(10), bits);
    }
    request.calling.encode_into(6, w);
    request.called.encode_into(2, w);
    put_context(w, &request.application_context);
    put_version(w, request.protocol_version.as_ref());
}

pub(super) fn encode_response(response: &AssociateResponse<'_>, w: &mut Writer) {
    put_information(w, response.user_information, response.information_context);
    put_unknown(w, &response.unknown);
    if let Some(value) = &response.authentication {
        value.encode_into(10, w);
    }
    if let Some(mechanism) = &response.mechanism {
        w.oid(Tag::context(9), mechanism);
    }
    if let Some(bits) = &response.requirements {
        w.bits(Tag::context(8), bits);
    }
    response.responding.encode_into(4, w);
    let (number, code) = match response.diagnostic {
        Diagnostic::User(code) => (1, code),
        Diagnostic::Provider(code) => (2, code),
    };
    w.constructed(Tag::context(3), |w| {
        w.constructed(Tag::context(number), |w| w.integer(Tag::INTEGER, code));
    });
    w.constructed(Tag::context(2), |w| {
        w.integer(Tag::INTEGER, response.result.0);
    });
    put_context(w, &response.application_context);
    put_version(w, response.protocol_version.as_ref());
}

fn put_context(w: &mut Writer, context: &Oid) {
    w.constructed(Tag::context(1), |w| w.oid(Tag::OID, context));
}

fn put_version(w: &mut Writer, version: Option<&BitString>) {
    if let Some(version) = version {
        w.bits(Tag::context(0), version);
    }
}

fn put_unknown(w: &mut Writer, unknown: &[RawTlv]) {
    for tlv in unknown.iter().rev() {
        tlv.encode_into(w);
    }
}
