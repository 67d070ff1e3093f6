//! The PDUs (ISO 9506-2, MMSpdu).

use core::fmt;

use crate::ber::{Limits, RawTlv, Reader, Tag, Tlv, Writer};
use crate::error::{ErrorKind, Layer, WireError};
use crate::mms::{Initiate, Reject, Request, Response, ServiceError, Unconfirmed};
use crate::observe::{ObservationKind, Observations};

/// A PDU (ISO 9506-2, MMSpdu).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pdu {
    /// `[0]`
    ConfirmedRequest(ConfirmedRequest),
    /// `[1]`
    ConfirmedResponse(ConfirmedResponse),
    /// `[2]`
    ConfirmedError(ConfirmedError),
    /// `[3]`
    Unconfirmed(Unconfirmed),
    /// `[4]`
    Reject(Reject),
    /// `[5]` withdraws a request.
    CancelRequest {
        /// The request.
        original_invoke_id: u32,
    },
    /// `[6]` the request is withdrawn.
    CancelResponse {
        /// The request.
        original_invoke_id: u32,
    },
    /// `[7]` the request is not withdrawn.
    CancelError {
        /// `[0]` the request.
        original_invoke_id: u32,
        /// `[1]` why not.
        error: ServiceError,
    },
    /// `[8]`
    InitiateRequest(Initiate),
    /// `[9]`
    InitiateResponse(Initiate),
    /// `[10]`
    InitiateError(ServiceError),
    /// `[11]`
    ConcludeRequest,
    /// `[12]`
    ConcludeResponse,
    /// `[13]`
    ConcludeError(ServiceError),
    /// Another tag. A receiver answers it with reject `unknown-pdu-type`.
    Unknown(RawTlv),
}

/// A request of a confirmed service (ISO 9506-2, Confirmed-RequestPDU).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfirmedRequest {
    /// Matches the response with the request.
    pub invoke_id: u32,
    /// listOfModifier, kept raw; `None` in IEC 61850.
    pub modifiers: Option<Vec<RawTlv>>,
    /// What is asked.
    pub service: Request,
    /// `[79]` cs-request-detail of a companion standard, kept raw.
    pub detail: Option<RawTlv>,
}

/// A response of a confirmed service (ISO 9506-2, Confirmed-ResponsePDU).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfirmedResponse {
    /// Invoke id of the request.
    pub invoke_id: u32,
    /// What is answered.
    pub service: Response,
    /// `[79]` cs-response-detail of a companion standard, kept raw.
    pub detail: Option<RawTlv>,
}

/// Failure of a confirmed service (ISO 9506-2, Confirmed-ErrorPDU).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConfirmedError {
    /// `[0]` invoke id of the request.
    pub invoke_id: u32,
    /// `[1]` the modifier that failed.
    pub modifier_position: Option<u32>,
    /// `[2]` why.
    pub error: ServiceError,
}

/// The kind of a PDU, by its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PduKind {
    /// `[0]`
    ConfirmedRequest,
    /// `[1]`
    ConfirmedResponse,
    /// `[2]`
    ConfirmedError,
    /// `[3]`
    Unconfirmed,
    /// `[4]`
    Reject,
    /// `[5]`
    CancelRequest,
    /// `[6]`
    CancelResponse,
    /// `[7]`
    CancelError,
    /// `[8]`
    InitiateRequest,
    /// `[9]`
    InitiateResponse,
    /// `[10]`
    InitiateError,
    /// `[11]`
    ConcludeRequest,
    /// `[12]`
    ConcludeResponse,
    /// `[13]`
    ConcludeError,
    /// Another tag.
    Unknown,
}

impl PduKind {
    /// The kind that `tag` stands for.
    #[must_use]
    pub const fn of(tag: Tag) -> Self {
        match tag.context_number() {
            Some(0) => Self::ConfirmedRequest,
            Some(1) => Self::ConfirmedResponse,
            Some(2) => Self::ConfirmedError,
            Some(3) => Self::Unconfirmed,
            Some(4) => Self::Reject,
            Some(5) => Self::CancelRequest,
            Some(6) => Self::CancelResponse,
            Some(7) => Self::CancelError,
            Some(8) => Self::InitiateRequest,
            Some(9) => Self::InitiateResponse,
            Some(10) => Self::InitiateError,
            Some(11) => Self::ConcludeRequest,
            Some(12) => Self::ConcludeResponse,
            Some(13) => Self::ConcludeError,
            _ => Self::Unknown,
        }
    }

    /// The name as it is printed, such as `confirmed-request`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConfirmedRequest => "confirmed-request",
            Self::ConfirmedResponse => "confirmed-response",
            Self::ConfirmedError => "confirmed-error",
            Self::Unconfirmed => "unconfirmed",
            Self::Reject => "reject",
            Self::CancelRequest => "cancel-request",
            Self::CancelResponse => "cancel-response",
            Self::CancelError => "cancel-error",
            Self::InitiateRequest => "initiate-request",
            Self::InitiateResponse => "initiate-response",
            Self::InitiateError => "initiate-error",
            Self::ConcludeRequest => "conclude-request",
            Self::ConcludeResponse => "conclude-response",
            Self::ConcludeError => "conclude-error",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for PduKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a look at the first octets of a PDU tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peek {
    /// The kind of PDU.
    pub kind: PduKind,
    /// The invoke id that it carries or refers to; `None` when the kind has none or it cannot be
    /// read.
    pub invoke_id: Option<u32>,
}

/// Tells the kind and the invoke id of a PDU without decoding the rest, which may be invalid.
///
/// # Errors
/// When not even the outermost tag and length are valid.
pub fn peek(bytes: &[u8]) -> Result<Peek, WireError> {
    let tlv = Reader::new(Layer::Mms, bytes).any(CHOICE)?;
    let kind = PduKind::of(tlv.tag());
    let first = || tlv.reader().ok()?.next().ok().flatten();
    let invoke_id = match kind {
        PduKind::ConfirmedRequest | PduKind::ConfirmedResponse => first()
            .filter(|id| id.tag() == Tag::INTEGER)
            .and_then(|id| id.u32().ok()),
        PduKind::ConfirmedError | PduKind::Reject | PduKind::CancelError => first()
            .filter(|id| id.tag() == Tag::context(0))
            .and_then(|id| id.u32().ok()),
        PduKind::CancelRequest | PduKind::CancelResponse => tlv.u32().ok(),
        _ => None,
    };
    Ok(Peek { kind, invoke_id })
}

const CHOICE: &str = "MMSpdu";

/// Tag of cs-request-detail and cs-response-detail.
const DETAIL: Tag = Tag::context(79);

impl Pdu {
    /// A request without modifiers.
    #[must_use]
    pub const fn request(invoke_id: u32, service: Request) -> Self {
        Self::ConfirmedRequest(ConfirmedRequest {
            invoke_id,
            modifiers: None,
            service,
            detail: None,
        })
    }

    /// A response.
    #[must_use]
    pub const fn response(invoke_id: u32, service: Response) -> Self {
        Self::ConfirmedResponse(ConfirmedResponse {
            invoke_id,
            service,
            detail: None,
        })
    }

    /// A failure.
    #[must_use]
    pub fn error(invoke_id: u32, error: impl Into<ServiceError>) -> Self {
        let error = error.into();
        Self::ConfirmedError(ConfirmedError {
            invoke_id,
            modifier_position: None,
            error,
        })
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> PduKind {
        match self {
            Self::ConfirmedRequest(_) => PduKind::ConfirmedRequest,
            Self::ConfirmedResponse(_) => PduKind::ConfirmedResponse,
            Self::ConfirmedError(_) => PduKind::ConfirmedError,
            Self::Unconfirmed(_) => PduKind::Unconfirmed,
            Self::Reject(_) => PduKind::Reject,
            Self::CancelRequest { .. } => PduKind::CancelRequest,
            Self::CancelResponse { .. } => PduKind::CancelResponse,
            Self::CancelError { .. } => PduKind::CancelError,
            Self::InitiateRequest(_) => PduKind::InitiateRequest,
            Self::InitiateResponse(_) => PduKind::InitiateResponse,
            Self::InitiateError(_) => PduKind::InitiateError,
            Self::ConcludeRequest => PduKind::ConcludeRequest,
            Self::ConcludeResponse => PduKind::ConcludeResponse,
            Self::ConcludeError(_) => PduKind::ConcludeError,
            Self::Unknown(_) => PduKind::Unknown,
        }
    }

    /// The invoke id that it carries or refers to.
    #[must_use]
    pub const fn invoke_id(&self) -> Option<u32> {
        match self {
            Self::ConfirmedRequest(pdu) => Some(pdu.invoke_id),
            Self::ConfirmedResponse(pdu) => Some(pdu.invoke_id),
            Self::ConfirmedError(pdu) => Some(pdu.invoke_id),
            Self::Reject(pdu) => pdu.original_invoke_id,
            Self::CancelRequest { original_invoke_id }
            | Self::CancelResponse { original_invoke_id }
            | Self::CancelError {
                original_invoke_id, ..
            } => Some(*original_invoke_id),
            _ => None,
        }
    }

    /// Decodes the PDU that is all of `bytes`, within [`Limits::DEFAULT`].
    ///
    /// # Errors
    /// When the bytes are not one valid PDU, or too many.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        Self::decode_from(Reader::with_limits(Layer::Mms, bytes, Limits::DEFAULT)?)
    }

    /// Decodes the PDU that is all of `bytes`, telling oddities to `sink`.
    ///
    /// # Errors
    /// When the bytes are not one valid PDU.
    pub fn decode_observed(bytes: &[u8], sink: &Observations) -> Result<Self, WireError> {
        let r = Reader::with_limits(Layer::Mms, bytes, Limits::DEFAULT)?;
        Self::decode_from(r.observed(sink))
    }

    /// Decodes the PDU that is all that is left in `r`, with its limits and its sink.
    ///
    /// # Errors
    /// When that is not one valid PDU.
    pub fn decode_from(mut r: Reader<'_>) -> Result<Self, WireError> {
        let tlv = r.any(CHOICE)?;
        r.finish()?;
        Ok(match PduKind::of(tlv.tag()) {
            PduKind::ConfirmedRequest => Self::ConfirmedRequest(ConfirmedRequest::from_tlv(&tlv)?),
            PduKind::ConfirmedResponse => {
                Self::ConfirmedResponse(ConfirmedResponse::from_tlv(&tlv)?)
            }
            PduKind::ConfirmedError => Self::ConfirmedError(ConfirmedError::from_tlv(&tlv)?),
            PduKind::Unconfirmed => {
                Self::Unconfirmed(Unconfirmed::from_tlv(&tlv.inner("UnconfirmedService")?)?)
            }
            PduKind::Reject => Self::Reject(Reject::from_tlv(&tlv)?),
            PduKind::CancelRequest => Self::CancelRequest {
                original_invoke_id: tlv.u32()?,
            },
            PduKind::CancelResponse => Self::CancelResponse {
                original_invoke_id: tlv.u32()?,
            },
            PduKind::CancelError => {
                let mut r = tlv.reader()?;
                let original_invoke_id = r.expect(Tag::context(0))?.u32()?;
                let error = ServiceError::from_tlv(&r.expect(Tag::context(1))?)?;
                r.finish()?;
                Self::CancelError {
                    original_invoke_id,
                    error,
                }
            }
            PduKind::InitiateRequest => Self::InitiateRequest(Initiate::from_tlv(&tlv)?),
            PduKind::InitiateResponse => Self::InitiateResponse(Initiate::from_tlv(&tlv)?),
            PduKind::InitiateError => Self::InitiateError(ServiceError::from_tlv(&tlv)?),
            PduKind::ConcludeRequest => tlv.null().map(|()| Self::ConcludeRequest)?,
            PduKind::ConcludeResponse => tlv.null().map(|()| Self::ConcludeResponse)?,
            PduKind::ConcludeError => Self::ConcludeError(ServiceError::from_tlv(&tlv)?),
            PduKind::Unknown => {
                if tlv.tag().context_number().is_none() {
                    return Err(tlv.error(ErrorKind::NoAlternative { choice: CHOICE }));
                }
                tlv.observe(ObservationKind::UnknownElement);
                Self::Unknown(tlv.to_raw())
            }
        })
    }

    /// Encodes into a vector of its own.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(256);
        self.encode_into(&mut w);
        w.into_vec()
    }

    /// Puts the encoding before what `w` holds.
    pub fn encode_into(&self, w: &mut Writer) {
        match self {
            Self::ConfirmedRequest(pdu) => pdu.encode(w, Tag::context(0)),
            Self::ConfirmedResponse(pdu) => pdu.encode(w, Tag::context(1)),
            Self::ConfirmedError(pdu) => pdu.encode(w, Tag::context(2)),
            Self::Unconfirmed(service) => w.constructed(Tag::context(3), |w| service.encode(w)),
            Self::Reject(pdu) => pdu.encode(w, Tag::context(4)),
            Self::CancelRequest { original_invoke_id } => {
                w.unsigned(Tag::context(5), u64::from(*original_invoke_id));
            }
            Self::CancelResponse { original_invoke_id } => {
                w.unsigned(Tag::context(6), u64::from(*original_invoke_id));
            }
            Self::CancelError {
                original_invoke_id,
                error,
            } => {
                w.constructed(Tag::context(7), |w| {
                    error.encode(w, Tag::context(1));
                    w.unsigned(Tag::context(0), u64::from(*original_invoke_id));
                });
            }
            Self::InitiateRequest(pdu) => pdu.encode(w, Tag::context(8)),
            Self::InitiateResponse(pdu) => pdu.encode(w, Tag::context(9)),
            Self::InitiateError(error) => error.encode(w, Tag::context(10)),
            Self::ConcludeRequest => w.null(Tag::context(11)),
            Self::ConcludeResponse => w.null(Tag::context(12)),
            Self::ConcludeError(error) => error.encode(w, Tag::context(13)),
            Self::Unknown(raw) => raw.encode_into(w),
        }
    }
}

fn detail(r: &mut Reader<'_>) -> Result<Option<RawTlv>, WireError> {
    Ok(r.optional(DETAIL)?.map(|tlv| tlv.to_raw()))
}

impl ConfirmedRequest {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let invoke_id = r.expect(Tag::INTEGER)?.u32()?;
        let modifiers = match r.optional(Tag::SEQUENCE)? {
            None => None,
            Some(tlv) => {
                let mut list = tlv.reader()?;
                let mut modifiers = Vec::new();
                while let Some(tlv) = list.next()? {
                    modifiers.push(tlv.to_raw());
                }
                Some(modifiers)
            }
        };
        let service = Request::from_tlv(&r.any("ConfirmedServiceRequest")?)?;
        let detail = detail(&mut r)?;
        r.finish()?;
        Ok(Self {
            invoke_id,
            modifiers,
            service,
            detail,
        })
    }

    fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if let Some(detail) = &self.detail {
                detail.encode_into(w);
            }
            self.service.encode(w);
            if let Some(modifiers) = &self.modifiers {
                w.constructed(Tag::SEQUENCE, |w| {
                    for modifier in modifiers.iter().rev() {
                        modifier.encode_into(w);
                    }
                });
            }
            w.unsigned(Tag::INTEGER, u64::from(self.invoke_id));
        });
    }
}

impl ConfirmedResponse {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let invoke_id = r.expect(Tag::INTEGER)?.u32()?;
        let service = Response::from_tlv(&r.any("ConfirmedServiceResponse")?)?;
        let detail = detail(&mut r)?;
        r.finish()?;
        Ok(Self {
            invoke_id,
            service,
            detail,
        })
    }

    fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if let Some(detail) = &self.detail {
                detail.encode_into(w);
            }
            self.service.encode(w);
            w.unsigned(Tag::INTEGER, u64::from(self.invoke_id));
        });
    }
}

impl ConfirmedError {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let invoke_id = r.expect(Tag::context(0))?.u32()?;
        let modifier_position = r
            .optional(Tag::context(1))?
            .map(|tlv| tlv.u32())
            .transpose()?;
        let error = ServiceError::from_tlv(&r.expect(Tag::context(2))?)?;
        r.finish()?;
        Ok(Self {
            invoke_id,
            modifier_position,
            error,
        })
    }

    fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            self.error.encode(w, Tag::context(2));
            if let Some(position) = self.modifier_position {
                w.unsigned(Tag::context(1), u64::from(position));
            }
            w.unsigned(Tag::context(0), u64::from(self.invoke_id));
        });
    }
}

/// `read-response #12: [success structure{...}, failure object-non-existent(10)]`.
impl fmt::Display for Pdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConfirmedRequest(pdu) => {
                let (service, id) = (pdu.service.service(), pdu.invoke_id);
                write_service(f, service.name(), "request", id, &pdu.service)?;
                match &pdu.modifiers {
                    Some(list) => super::code::write_list(f, ", modifiers [", list, "]"),
                    None => Ok(()),
                }
            }
            Self::ConfirmedResponse(pdu) => {
                let (service, id) = (pdu.service.service(), pdu.invoke_id);
                write_service(f, service.name(), "response", id, &pdu.service)
            }
            Self::ConfirmedError(pdu) => {
                write!(f, "confirmed-error #{}: {}", pdu.invoke_id, pdu.error)?;
                match pdu.modifier_position {
                    Some(position) => write!(f, ", modifier {position}"),
                    None => Ok(()),
                }
            }
            Self::Unconfirmed(service) => write!(f, "{service}"),
            Self::Reject(reject) => write!(f, "{reject}"),
            Self::CancelRequest { original_invoke_id }
            | Self::CancelResponse { original_invoke_id } => {
                write!(f, "{} #{original_invoke_id}", self.kind())
            }
            Self::CancelError {
                original_invoke_id,
                error,
            } => {
                write!(f, "cancel-error #{original_invoke_id}: {error}")
            }
            Self::InitiateRequest(initiate) | Self::InitiateResponse(initiate) => {
                write!(f, "{}: {initiate}", self.kind())
            }
            Self::InitiateError(error) | Self::ConcludeError(error) => {
                write!(f, "{}: {error}", self.kind())
            }
            Self::ConcludeRequest | Self::ConcludeResponse => write!(f, "{}", self.kind()),
            Self::Unknown(raw) => write!(f, "unknown PDU {raw}"),
        }
    }
}

/// Writes `get-name-list-request #12: ...`, the service in words with hyphens.
fn write_service(
    f: &mut fmt::Formatter<'_>,
    service: Option<&str>,
    suffix: &str,
    invoke_id: u32,
    body: &dyn fmt::Display,
) -> fmt::Result {
    for c in service.unwrap_or("unknown").chars() {
        if c.is_ascii_uppercase() {
            write!(f, "-{}", c.to_ascii_lowercase())?;
        } else {
            write!(f, "{c}")?;
        }
    }
    write!(f, "-{suffix} #{invoke_id}")?;
    let body = body.to_string();
    if body.is_empty() {
        Ok(())
    } else {
        write!(f, ": {body}")
    }
}
