//! Messages of the layers below MMS. What they carry is borrowed from the octets of the fuzzer.

use arbitrary::{Result, Unstructured};

use crate::acse::{
    self, AeQualifier, ApTitle, Apdu, AssociateRequest, AssociateResponse, AssociateResult,
    AuthenticationValue, EntityName, Release, ReleaseReason,
};
use crate::ber::{RawTlv, Tag};
use crate::cotp::{self, DisconnectReason, RejectCause, Tpdu, TpduSize};
use crate::fuzzing::shape::{any, bits, list, octets, oid, option, raw, slice};
use crate::presentation::{
    self, AbortPpdu, AbortReason, Context, ContextOutcome, ContextResult, MMS_CONTEXT, Pdv,
    PdvEncoding, ProviderReason, UserData,
};
use crate::session::{self, RefuseReason, Spdu, TransportDisconnect};

/// One element, as values of a single ASN.1 type have to be.
const ELEMENT: &[u8] = &[0x60, 3, 0x80, 1, 0];

fn selector(u: &mut Unstructured<'_>) -> Result<Option<Vec<u8>>> {
    option(u, |u| {
        let len = u.int_in_range(0..=16)?;
        u.bytes(usize::min(len, u.len())).map(<[u8]>::to_vec)
    })
}

fn cotp_parameters(u: &mut Unstructured<'_>) -> Result<cotp::Parameters> {
    Ok(cotp::Parameters {
        tpdu_size: option(u, any)?.map(TpduSize),
        preferred_max: option(u, any)?,
        calling_tsap: selector(u)?,
        called_tsap: selector(u)?,
        unknown: list(u, |u| {
            let code = u.int_in_range(0xc3..=0xc9)?;
            let value = selector(u)?.unwrap_or_default();
            Ok(cotp::UnknownParameter { code, value })
        })?,
    })
}

fn cotp_connect(u: &mut Unstructured<'_>) -> Result<cotp::Connect> {
    Ok(cotp::Connect {
        destination: any(u)?,
        source: any(u)?,
        class_option: any(u)?,
        parameters: cotp_parameters(u)?,
    })
}

/// Any TPDU.
pub(in crate::fuzzing) fn tpdu<'a>(u: &mut Unstructured<'a>) -> Result<Tpdu<'a>> {
    Ok(match u.int_in_range(0..=6)? {
        0 => Tpdu::Data(cotp::Data {
            end: any(u)?,
            number: u.int_in_range(0..=127)?,
            payload: slice(u)?,
        }),
        1 => Tpdu::ConnectRequest(cotp_connect(u)?),
        2 => Tpdu::ConnectConfirm(cotp_connect(u)?),
        3 => Tpdu::DisconnectRequest(cotp::DisconnectRequest {
            destination: any(u)?,
            source: any(u)?,
            reason: DisconnectReason(any(u)?),
            parameters: cotp_parameters(u)?,
        }),
        4 => Tpdu::DisconnectConfirm {
            destination: any(u)?,
            source: any(u)?,
        },
        5 => Tpdu::Error(cotp::TpduError {
            destination: any(u)?,
            cause: RejectCause(any(u)?),
            parameters: cotp_parameters(u)?,
        }),
        _ => Tpdu::Unknown {
            code: 0x10,
            rest: selector(u)?.unwrap_or_default(),
        },
    })
}

/// Parameters of identifiers that mean something nowhere.
fn session_parameters(u: &mut Unstructured<'_>) -> Result<Vec<session::Parameter>> {
    list(u, |u| {
        Ok(session::Parameter {
            code: u.int_in_range(60..=79)?,
            value: octets(u)?,
        })
    })
}

fn session_connect<'a>(u: &mut Unstructured<'a>) -> Result<session::Connect<'a>> {
    Ok(session::Connect {
        protocol_options: option(u, any)?,
        tsdu_max: option(u, any)?,
        version: option(u, any)?,
        requirements: option(u, any)?,
        calling_selector: selector(u)?,
        called_selector: selector(u)?,
        user_data: slice(u)?,
        unknown_in_item: session_parameters(u)?,
        unknown: session_parameters(u)?,
    })
}

/// Any SPDU.
pub(in crate::fuzzing) fn spdu<'a>(u: &mut Unstructured<'a>) -> Result<Spdu<'a>> {
    let disconnect =
        |u: &mut Unstructured<'a>| option(u, any).map(|octet| octet.map(TransportDisconnect));
    Ok(match u.int_in_range(0..=7)? {
        0 => Spdu::Connect(session_connect(u)?),
        1 => Spdu::Accept(session_connect(u)?),
        2 => Spdu::Refuse(session::Refuse {
            transport_disconnect: disconnect(u)?,
            reason: Some(RefuseReason(any(u)?)),
            user_data: slice(u)?,
            unknown: session_parameters(u)?,
        }),
        3 => Spdu::Finish {
            transport_disconnect: disconnect(u)?,
            user_data: slice(u)?,
        },
        4 => Spdu::Disconnect {
            user_data: slice(u)?,
        },
        5 => Spdu::Abort(session::Abort {
            transport_disconnect: disconnect(u)?,
            user_data: slice(u)?,
            unknown: session_parameters(u)?,
        }),
        6 => Spdu::AbortAccept,
        _ => Spdu::Data {
            user_data: slice(u)?,
        },
    })
}

fn user_data<'a>(u: &mut Unstructured<'a>) -> Result<UserData<'a>> {
    if u.ratio(1, 5)? {
        return Ok(UserData::Simple(slice(u)?));
    }
    let pdvs = list(u, |u| {
        let transfer_syntax = option(u, oid)?;
        let context = any(u)?;
        let (encoding, values) = match u.int_in_range(0..=2)? {
            0 => (PdvEncoding::SingleAsn1, ELEMENT),
            1 => (PdvEncoding::OctetAligned, slice(u)?),
            _ => (PdvEncoding::Arbitrary, slice(u)?),
        };
        Ok(Pdv {
            transfer_syntax,
            context,
            encoding,
            values,
            offset: 0,
        })
    })?;
    Ok(UserData::Full(pdvs))
}

/// Elements of tags that mean something nowhere.
fn unknown(u: &mut Unstructured<'_>) -> Result<Vec<RawTlv>> {
    list(u, |u| raw(u, 100..=199))
}

fn results(u: &mut Unstructured<'_>) -> Result<Vec<ContextResult>> {
    list(u, |u| {
        Ok(ContextResult {
            outcome: ContextOutcome(any(u)?),
            transfer_syntax: option(u, oid)?,
            provider_reason: option(u, any)?,
        })
    })
}

/// Any CP PPDU.
pub(in crate::fuzzing) fn cp<'a>(u: &mut Unstructured<'a>) -> Result<presentation::Connect<'a>> {
    Ok(presentation::Connect {
        protocol_version: option(u, bits)?,
        calling_selector: selector(u)?,
        called_selector: selector(u)?,
        contexts: list(u, |u| {
            Ok(Context {
                id: any(u)?,
                abstract_syntax: oid(u)?,
                transfer_syntaxes: list(u, oid)?,
            })
        })?,
        requirements: option(u, bits)?,
        user_data: option(u, user_data)?,
        unknown: unknown(u)?,
    })
}

/// Any CPA PPDU.
pub(in crate::fuzzing) fn cpa<'a>(u: &mut Unstructured<'a>) -> Result<presentation::Accept<'a>> {
    Ok(presentation::Accept {
        protocol_version: option(u, bits)?,
        responding_selector: selector(u)?,
        results: results(u)?,
        requirements: option(u, bits)?,
        user_data: option(u, user_data)?,
        unknown: unknown(u)?,
    })
}

/// Any CPR PPDU.
pub(in crate::fuzzing) fn cpr<'a>(u: &mut Unstructured<'a>) -> Result<presentation::Reject<'a>> {
    Ok(presentation::Reject {
        responding_selector: selector(u)?,
        results: results(u)?,
        provider_reason: option(u, any)?.map(ProviderReason),
        user_data: option(u, user_data)?,
        unknown: unknown(u)?,
    })
}

/// ARU or ARP PPDU.
pub(in crate::fuzzing) fn abort_ppdu<'a>(u: &mut Unstructured<'a>) -> Result<AbortPpdu<'a>> {
    Ok(if any(u)? {
        AbortPpdu::User {
            user_data: option(u, user_data)?,
        }
    } else {
        AbortPpdu::Provider {
            reason: option(u, any)?.map(AbortReason),
            event: option(u, any)?,
        }
    })
}

fn entity(u: &mut Unstructured<'_>) -> Result<EntityName> {
    let name = || RawTlv {
        tag: Tag::SEQUENCE,
        constructed: true,
        content: vec![0x31, 0],
    };
    Ok(EntityName {
        ap_title: option(u, |u| {
            Ok(match any(u)? {
                true => ApTitle::Name(name()),
                false => ApTitle::Oid(oid(u)?),
            })
        })?,
        ae_qualifier: option(u, |u| {
            Ok(match any(u)? {
                true => AeQualifier::Name(name()),
                false => AeQualifier::Number(any(u)?),
            })
        })?,
        ap_invocation: option(u, any)?,
        ae_invocation: option(u, any)?,
    })
}

fn authentication(u: &mut Unstructured<'_>) -> Result<AuthenticationValue> {
    Ok(match u.int_in_range(0..=2)? {
        0 => AuthenticationValue::Password(octets(u)?),
        1 => AuthenticationValue::Bits(bits(u)?),
        _ => AuthenticationValue::Other(RawTlv {
            tag: Tag::context(3),
            constructed: true,
            content: octets(u)?,
        }),
    })
}

/// Any APDU of ACSE.
pub(in crate::fuzzing) fn apdu<'a>(u: &mut Unstructured<'a>) -> Result<Apdu<'a>> {
    let information = |u: &mut Unstructured<'a>| option(u, |_| Ok((ELEMENT, 0)));
    Ok(match u.int_in_range(0..=4)? {
        0 => {
            let user_information = information(u)?;
            let context = u.int_in_range(1..=199)?;
            Apdu::AssociateRequest(AssociateRequest {
                protocol_version: option(u, bits)?,
                application_context: oid(u)?,
                called: entity(u)?,
                calling: entity(u)?,
                requirements: option(u, bits)?,
                mechanism: option(u, oid)?,
                authentication: option(u, authentication)?,
                // Without information there is no context to tell.
                information_context: user_information.map_or(MMS_CONTEXT, |_| context),
                user_information,
                unknown: unknown(u)?,
            })
        }
        1 => Apdu::AssociateResponse(AssociateResponse {
            protocol_version: option(u, bits)?,
            application_context: oid(u)?,
            result: AssociateResult(any(u)?),
            diagnostic: match any(u)? {
                true => acse::Diagnostic::User(any(u)?),
                false => acse::Diagnostic::Provider(any(u)?),
            },
            responding: entity(u)?,
            requirements: option(u, bits)?,
            mechanism: option(u, oid)?,
            authentication: option(u, authentication)?,
            user_information: information(u)?,
            information_context: MMS_CONTEXT,
            unknown: unknown(u)?,
        }),
        2 => Apdu::ReleaseRequest(release(u)?),
        3 => Apdu::ReleaseResponse(release(u)?),
        _ => Apdu::Abort(acse::Abort {
            source: acse::AbortSource(any(u)?),
            diagnostic: option(u, any)?,
            user_information: None,
        }),
    })
}

fn release<'a>(u: &mut Unstructured<'a>) -> Result<Release<'a>> {
    Ok(Release {
        reason: option(u, any)?.map(ReleaseReason),
        user_information: None,
    })
}
