//! The APDUs (ISO 8650-1, clause 9).

use core::fmt;

use crate::acse::associate::{decode_request, decode_response, encode_request, encode_response};
use crate::acse::{AssociateRequest, AssociateResponse};
use crate::ber::{Reader, Tag, Tlv, Writer};
use crate::error::{ErrorKind, Layer, WireError};
use crate::presentation::MMS_CONTEXT;

/// User information, in every APDU.
const USER_INFORMATION: Tag = Tag::context(30);

/// One APDU; user information is borrowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Apdu<'a> {
    /// AARQ.
    AssociateRequest(AssociateRequest<'a>),
    /// AARE.
    AssociateResponse(AssociateResponse<'a>),
    /// RLRQ.
    ReleaseRequest(Release<'a>),
    /// RLRE.
    ReleaseResponse(Release<'a>),
    /// ABRT.
    Abort(Abort<'a>),
}

/// RLRQ or RLRE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release<'a> {
    /// Why, if said.
    pub reason: Option<ReleaseReason>,
    /// User information and its offset.
    pub user_information: Option<(&'a [u8], usize)>,
}

/// Reason of a release request or response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReleaseReason(pub i64);

impl ReleaseReason {
    /// Normal.
    pub const NORMAL: Self = Self(0);
    /// Urgent in a request, not finished in a response.
    pub const URGENT_OR_NOT_FINISHED: Self = Self(1);
    /// User defined.
    pub const USER_DEFINED: Self = Self(30);
}

/// ABRT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abort<'a> {
    /// Who aborted.
    pub source: AbortSource,
    /// Why, if said.
    pub diagnostic: Option<i64>,
    /// User information and its offset.
    pub user_information: Option<(&'a [u8], usize)>,
}

/// Source of an abort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AbortSource(pub i64);

impl AbortSource {
    /// The ACSE service user.
    pub const USER: Self = Self(0);
    /// The ACSE service provider.
    pub const PROVIDER: Self = Self(1);
}

impl fmt::Display for AbortSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("service user"),
            1 => f.write_str("service provider"),
            other => write!(f, "source {other}"),
        }
    }
}

impl<'a> Apdu<'a> {
    /// Decodes one APDU; `offset` is the place of `octets` in what errors count from.
    ///
    /// # Errors
    /// When it is none of the five, or a mandatory field is missing.
    pub fn decode(octets: &'a [u8], offset: usize) -> Result<Self, WireError> {
        let mut outer = Reader::new(Layer::Acse, octets).at_offset(offset);
        let tlv = outer.any("ACSE-apdu")?;
        outer.finish()?;
        if tlv.tag() == Tag::application(0) {
            Ok(Self::AssociateRequest(decode_request(&tlv)?))
        } else if tlv.tag() == Tag::application(1) {
            Ok(Self::AssociateResponse(decode_response(&tlv)?))
        } else if tlv.tag() == Tag::application(2) {
            Ok(Self::ReleaseRequest(decode_release(&tlv)?))
        } else if tlv.tag() == Tag::application(3) {
            Ok(Self::ReleaseResponse(decode_release(&tlv)?))
        } else if tlv.tag() == Tag::application(4) {
            Ok(Self::Abort(decode_abort(&tlv)?))
        } else {
            Err(tlv.error(ErrorKind::NoAlternative {
                choice: "ACSE-apdu",
            }))
        }
    }

    /// Encodes it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(256);
        match self {
            Self::AssociateRequest(request) => {
                w.constructed(Tag::application(0), |w| encode_request(request, w));
            }
            Self::AssociateResponse(response) => {
                w.constructed(Tag::application(1), |w| encode_response(response, w));
            }
            Self::ReleaseRequest(release) => {
                w.constructed(Tag::application(2), |w| encode_release(release, w));
            }
            Self::ReleaseResponse(release) => {
                w.constructed(Tag::application(3), |w| encode_release(release, w));
            }
            Self::Abort(abort) => w.constructed(Tag::application(4), |w| {
                put_information(w, abort.user_information, MMS_CONTEXT);
                if let Some(diagnostic) = abort.diagnostic {
                    w.integer(Tag::context(1), diagnostic);
                }
                w.integer(Tag::context(0), abort.source.0);
            }),
        }
        w.into_vec()
    }
}

fn decode_release<'a>(apdu: &Tlv<'a>) -> Result<Release<'a>, WireError> {
    let mut release = Release::default();
    let mut fields = apdu.reader()?;
    while let Some(tlv) = fields.next()? {
        if tlv.tag() == Tag::context(0) {
            release.reason = Some(ReleaseReason(tlv.i64()?));
        } else if tlv.tag() == USER_INFORMATION {
            release.user_information = user_information(&tlv)?;
        }
    }
    Ok(release)
}

fn encode_release(release: &Release<'_>, w: &mut Writer) {
    put_information(w, release.user_information, MMS_CONTEXT);
    if let Some(ReleaseReason(reason)) = release.reason {
        w.integer(Tag::context(0), reason);
    }
}

fn decode_abort<'a>(apdu: &Tlv<'a>) -> Result<Abort<'a>, WireError> {
    let mut fields = apdu.reader()?;
    let source = AbortSource(fields.expect(Tag::context(0))?.i64()?);
    let mut abort = Abort {
        source,
        diagnostic: None,
        user_information: None,
    };
    while let Some(tlv) = fields.next()? {
        if tlv.tag() == Tag::context(1) {
            abort.diagnostic = Some(tlv.i64()?);
        } else if tlv.tag() == USER_INFORMATION {
            abort.user_information = user_information(&tlv)?;
        }
    }
    Ok(abort)
}

/// The value of the first EXTERNAL of user information: for MMS its PDU, in one ASN.1 type or as
/// octets. An empty list is none.
fn user_information<'a>(tlv: &Tlv<'a>) -> Result<Option<(&'a [u8], usize)>, WireError> {
    Ok(external(tlv)?.map(|external| (external.value, external.offset)))
}

/// What an EXTERNAL holds.
pub(super) struct External<'a> {
    pub(super) value: &'a [u8],
    pub(super) offset: usize,
    /// Its presentation context, if said.
    pub(super) context: Option<i64>,
}

pub(super) fn external<'a>(tlv: &Tlv<'a>) -> Result<Option<External<'a>>, WireError> {
    let mut list = tlv.reader()?;
    let Some(external) = list.next()? else {
        return Ok(None);
    };
    let mut context = None;
    if external.tag() != Tag::EXTERNAL {
        return Err(external.error(ErrorKind::UnexpectedTag {
            expected: Tag::EXTERNAL,
            found: external.tag(),
        }));
    }
    let mut fields = external.reader()?;
    while let Some(field) = fields.next()? {
        match field.tag().context_number() {
            Some(0) if field.is_constructed() => {
                return Ok(Some(External {
                    value: field.content(),
                    offset: field.content_offset(),
                    context,
                }));
            }
            Some(0) => return Err(field.error(ErrorKind::NotConstructed)),
            Some(1) => {
                return Ok(Some(External {
                    value: field.primitive()?,
                    offset: field.content_offset(),
                    context,
                }));
            }
            Some(2) => {
                return Err(field.error(ErrorKind::Unsupported {
                    what: "user information as a bit string",
                }));
            }
            None if field.tag() == Tag::INTEGER => context = field.integer()?,
            // The direct reference and the descriptor say nothing that the context list has not said.
            _ => {}
        }
    }
    Err(external.error(ErrorKind::NoAlternative { choice: "encoding" }))
}

pub(super) fn put_information(w: &mut Writer, information: Option<(&[u8], usize)>, context: i64) {
    if let Some((value, _)) = information {
        w.constructed(USER_INFORMATION, |w| {
            w.constructed(Tag::EXTERNAL, |w| {
                w.element(Tag::context(0), true, value);
                w.integer(Tag::INTEGER, context);
            });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acse::{
        AeQualifier, ApTitle, AssociateResult, AuthenticationValue, Diagnostic, EntityName,
    };
    use crate::ber::Oid;

    fn name() -> EntityName {
        EntityName {
            ap_title: Some(ApTitle::Oid(Oid::from_arcs(&[1, 1, 1, 999, 1]).unwrap())),
            ae_qualifier: Some(AeQualifier::Number(12)),
            ap_invocation: Some(3),
            ae_invocation: Some(4),
        }
    }

    #[test]
    fn round_trips_a_request_with_a_password() {
        let request = AssociateRequest {
            called: name(),
            calling: name(),
            user_information: Some((&[0xa8, 0], 0)),
            ..AssociateRequest::default()
        }
        .with_password(b"secret");
        let octets = Apdu::AssociateRequest(request.clone()).encode();
        let Apdu::AssociateRequest(mut decoded) = Apdu::decode(&octets, 0).unwrap() else {
            panic!("not AARQ")
        };
        let (value, offset) = decoded.user_information.unwrap();
        assert_eq!(&octets[offset..offset + value.len()], value);
        decoded.user_information = Some((value, 0));
        assert_eq!(decoded, request);
        assert_eq!(
            decoded.authentication,
            Some(AuthenticationValue::Password(b"secret".to_vec()))
        );
    }

    #[test]
    fn round_trips_a_rejection() {
        let response = AssociateResponse {
            result: AssociateResult::REJECTED_PERMANENT,
            diagnostic: Diagnostic::AUTHENTICATION_FAILURE,
            responding: name(),
            ..AssociateResponse::default()
        };
        let octets = Apdu::AssociateResponse(response.clone()).encode();
        assert_eq!(
            Apdu::decode(&octets, 0).unwrap(),
            Apdu::AssociateResponse(response)
        );
    }

    #[test]
    fn round_trips_release_and_abort() {
        for apdu in [
            Apdu::ReleaseRequest(Release {
                reason: Some(ReleaseReason::NORMAL),
                user_information: None,
            }),
            Apdu::ReleaseResponse(Release::default()),
            Apdu::Abort(Abort {
                source: AbortSource::PROVIDER,
                diagnostic: Some(2),
                user_information: None,
            }),
        ] {
            assert_eq!(Apdu::decode(&apdu.encode(), 0).unwrap(), apdu);
        }
    }

    #[test]
    fn survives_fields_of_no_length_at_the_end() {
        for tag in [0xa6, 0xa7, 0xbe] {
            let octets = [0x60, 6, 0xa1, 2, 6, 0, tag, 0];
            assert!(Apdu::decode(&octets, 0).is_err());
        }
        let context = [0xa1, 7, 6, 5, 0x28, 0xca, 0x22, 2, 3];
        let mut octets = vec![0x60, 11];
        octets.extend_from_slice(&context);
        octets.extend_from_slice(&[0xbe, 0]);
        let Apdu::AssociateRequest(request) = Apdu::decode(&octets, 0).unwrap() else {
            panic!("not AARQ")
        };
        assert_eq!(request.user_information, None);
    }

    #[test]
    fn rejects_a_response_without_result() {
        let octets = [0x61, 9, 0xa1, 7, 6, 5, 0x28, 0xca, 0x22, 2, 3];
        assert!(Apdu::decode(&octets, 0).is_err());
    }
}
