//! Session, presentation, ACSE and MMS, nested as an association nests them.

use crate::acse::{
    self, AbortSource, AeQualifier, ApTitle, Apdu, AssociateRequest, AssociateResponse,
    AssociateResult, Diagnostic, EntityName, Release, ReleaseReason,
};
use crate::association::channel::violation;
use crate::association::{
    Abort, AssociateIndication, Authentication, EndAddress, InitiatorConfig, Refusal,
    ResponderConfig, negotiate,
};
use crate::ber::Oid;
use crate::error::{Layer, WireError};
use crate::mms::{Initiate, Pdu};
use crate::presentation::{
    self, ACSE_CONTEXT, AbortPpdu, AbortReason, Context, ContextOutcome, ContextResult,
    MMS_CONTEXT, UserData, acse_syntax, ber_syntax, decode_single, encode_data, mms_syntax,
};
use crate::session::{self, Refuse, RefuseReason, Spdu, TransportDisconnect, data_prefix};

/// The presentation contexts in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contexts {
    pub(super) acse: i64,
    pub(super) mms: i64,
}

impl Default for Contexts {
    fn default() -> Self {
        Self {
            acse: ACSE_CONTEXT,
            mms: MMS_CONTEXT,
        }
    }
}

/// CONNECT with CP, AARQ and Initiate request.
pub(super) fn connect(config: &InitiatorConfig) -> Result<Vec<u8>, WireError> {
    let initiate = Pdu::InitiateRequest(config.mms.clone()).encode();
    let mut request = AssociateRequest {
        called: entity(&config.called),
        calling: entity(&config.calling),
        user_information: Some((&initiate, 0)),
        ..AssociateRequest::default()
    };
    if let Authentication::Password(password) = &config.authentication {
        request = request.with_password(password);
    }
    let request = Apdu::AssociateRequest(request).encode();
    let connect = presentation::Connect {
        calling_selector: some(&config.calling.psel),
        called_selector: some(&config.called.psel),
        contexts: Context::usual(),
        user_data: Some(UserData::single(ACSE_CONTEXT, &request)),
        ..presentation::Connect::default()
    };
    let connect = connect.encode();
    Spdu::Connect(session::Connect {
        calling_selector: some(&config.calling.ssel),
        called_selector: some(&config.called.ssel),
        user_data: &connect,
        ..session::Connect::usual()
    })
    .encode()
}

/// What the answer to CONNECT says.
pub(super) enum Answer {
    Accepted {
        initiate: Initiate,
        peer: EndAddress,
    },
    Refused(Refusal),
    Aborted(Abort),
}

/// Reads the answer to CONNECT.
pub(super) fn answer(tsdu: &[u8]) -> Result<Answer, WireError> {
    match Spdu::decode(tsdu)? {
        Spdu::Accept(accept) => accepted(tsdu, &accept),
        Spdu::Refuse(refuse) => Ok(Answer::Refused(refused(tsdu, &refuse))),
        Spdu::Abort(abort) => Ok(Answer::Aborted(aborted(tsdu, &abort))),
        _ => Err(violation(Layer::Session, "SPDU in answer to CONNECT")),
    }
}

fn accepted(tsdu: &[u8], session: &session::Connect<'_>) -> Result<Answer, WireError> {
    let offset = offset_of(tsdu, session.user_data);
    let accept = presentation::Accept::decode(session.user_data, offset)?;
    // The results stand in the order of the contexts proposed: ACSE, then MMS.
    if accept
        .results
        .get(1)
        .is_some_and(|result| result.outcome != ContextOutcome::ACCEPTANCE)
    {
        return Ok(Answer::Refused(Refusal::Presentation(None)));
    }
    let response = associate_response(accept.user_data.as_ref())?;
    let initiate = match judge(&response)? {
        Ok(initiate) => initiate,
        Err(refusal) => return Ok(Answer::Refused(refusal)),
    };
    let peer = EndAddress {
        ssel: session.called_selector.clone().unwrap_or_default(),
        psel: accept.responding_selector.unwrap_or_default(),
        ..address(&response.responding)
    };
    Ok(Answer::Accepted { initiate, peer })
}

/// Accepted or not: the result of ACSE, and the Initiate PDU in it, which may refuse in either.
fn judge(response: &AssociateResponse<'_>) -> Result<Result<Initiate, Refusal>, WireError> {
    let rejected = response.result != AssociateResult::ACCEPTED;
    let refusal = Refusal::Acse(response.result, response.diagnostic);
    let Some((octets, offset)) = response.user_information else {
        if rejected {
            return Ok(Err(refusal));
        }
        return Err(violation(Layer::Acse, "user information"));
    };
    match Pdu::decode(octets).map_err(|error| error.shifted(offset)) {
        Ok(Pdu::InitiateError(error)) => Ok(Err(Refusal::Initiate(error))),
        Ok(Pdu::Reject(reject)) => Ok(Err(Refusal::Reject(reject.reason))),
        _ if rejected => Ok(Err(refusal)),
        Ok(Pdu::InitiateResponse(initiate)) => Ok(Ok(initiate)),
        Ok(_) => Err(violation(Layer::Mms, "PDU in answer to Initiate").shifted(offset)),
        Err(error) => Err(error),
    }
}

fn associate_response<'a>(data: Option<&UserData<'a>>) -> Result<AssociateResponse<'a>, WireError> {
    let values = data.and_then(first_values);
    let Some((octets, offset)) = values else {
        return Err(violation(Layer::Presentation, "user data"));
    };
    match Apdu::decode(octets, offset)? {
        Apdu::AssociateResponse(response) => Ok(response),
        _ => Err(violation(Layer::Acse, "APDU in answer to AARQ").shifted(offset)),
    }
}

/// The values in the context of ACSE. There is only one in an answer to CONNECT, so a wrong number
/// is not held against it.
fn first_values<'a>(data: &UserData<'a>) -> Option<(&'a [u8], usize)> {
    match data {
        UserData::Simple(octets) => Some((octets, 0)),
        UserData::Full(values) => data
            .in_context(ACSE_CONTEXT)
            .or_else(|| values.first().map(|pdv| (pdv.values, pdv.offset))),
    }
}

/// A REFUSE refuses whatever it carries; what cannot be read of it is left out.
fn refused(tsdu: &[u8], refuse: &Refuse<'_>) -> Refusal {
    if refuse.user_data.is_empty() {
        return Refusal::Session(refuse.reason);
    }
    let offset = offset_of(tsdu, refuse.user_data);
    let Ok(reject) = presentation::Reject::decode(refuse.user_data, offset) else {
        return Refusal::Session(refuse.reason);
    };
    if reject.provider_reason.is_some() {
        return Refusal::Presentation(reject.provider_reason);
    }
    match associate_response(reject.user_data.as_ref()) {
        Ok(response) => match judge(&response) {
            Ok(Err(refusal)) => refusal,
            _ => Refusal::Acse(response.result, response.diagnostic),
        },
        Err(_) => Refusal::Presentation(None),
    }
}

/// An ABORT aborts whatever it carries.
pub(super) fn aborted(tsdu: &[u8], abort: &session::Abort<'_>) -> Abort {
    let offset = offset_of(tsdu, abort.user_data);
    match AbortPpdu::decode(abort.user_data, offset) {
        Ok(AbortPpdu::Provider { reason, .. }) => Abort::Presentation(reason),
        Ok(AbortPpdu::User { user_data }) => {
            let values = user_data.as_ref().and_then(first_values);
            match values.map(|(octets, offset)| Apdu::decode(octets, offset)) {
                Some(Ok(Apdu::Abort(abort))) => Abort::Acse {
                    source: Some(abort.source),
                    diagnostic: abort.diagnostic,
                },
                _ => Abort::Acse {
                    source: None,
                    diagnostic: None,
                },
            }
        }
        Err(_) => Abort::Session,
    }
}

/// What a CONNECT asks for, as far as the protocol permits it.
pub(super) enum Request {
    Acceptable {
        contexts: Contexts,
        results: Vec<ContextResult>,
        indication: Box<AssociateIndication>,
    },
    /// It has to be refused, and how.
    Refusable(Refusal),
    Aborted(Abort),
}

/// Reads a CONNECT.
pub(super) fn request(tsdu: &[u8], config: &ResponderConfig) -> Result<Request, WireError> {
    let session = match Spdu::decode(tsdu)? {
        Spdu::Connect(connect) => connect,
        Spdu::Abort(abort) => return Ok(Request::Aborted(aborted(tsdu, &abort))),
        _ => return Err(violation(Layer::Session, "SPDU before CONNECT")),
    };
    let offset = offset_of(tsdu, session.user_data);
    let connect = presentation::Connect::decode(session.user_data, offset)?;
    let Some(contexts) = contexts(&connect.contexts) else {
        return Ok(Request::Refusable(Refusal::Presentation(Some(
            presentation::ProviderReason::NOT_SPECIFIED,
        ))));
    };
    let Some((octets, offset)) = connect
        .user_data
        .as_ref()
        .and_then(|data| data.in_context(contexts.acse))
    else {
        return Err(violation(Layer::Presentation, "user data"));
    };
    let Apdu::AssociateRequest(request) = Apdu::decode(octets, offset)? else {
        return Err(violation(Layer::Acse, "APDU before AARQ").shifted(offset));
    };
    if config.check_application_context
        && request.application_context != acse::mms_application_context()
    {
        return Ok(Request::Refusable(Refusal::Acse(
            AssociateResult::REJECTED_PERMANENT,
            Diagnostic::CONTEXT_NOT_SUPPORTED,
        )));
    }
    let Some((octets, offset)) = request.user_information else {
        return Err(violation(Layer::Acse, "user information").shifted(offset));
    };
    let proposed = match Pdu::decode(octets).map_err(|error| error.shifted(offset))? {
        Pdu::InitiateRequest(initiate) => initiate,
        _ => return Err(violation(Layer::Mms, "PDU before Initiate").shifted(offset)),
    };
    let results = connect
        .contexts
        .iter()
        .map(|context| outcome(context, contexts))
        .collect();
    let indication = Box::new(AssociateIndication {
        calling: EndAddress {
            ssel: session.calling_selector.unwrap_or_default(),
            psel: connect.calling_selector.unwrap_or_default(),
            ..address(&request.calling)
        },
        called: EndAddress {
            ssel: session.called_selector.unwrap_or_default(),
            psel: connect.called_selector.unwrap_or_default(),
            ..address(&request.called)
        },
        application_context: request.application_context,
        mechanism: request.mechanism,
        authentication: request.authentication,
        answer: negotiate(&config.limits, &proposed),
        proposed,
    });
    Ok(Request::Acceptable {
        contexts,
        results,
        indication,
    })
}

/// The identifiers under which ACSE and MMS in BER were proposed. A peer that proposes nothing
/// means the usual ones.
fn contexts(proposed: &[Context]) -> Option<Contexts> {
    if proposed.is_empty() {
        return Some(Contexts::default());
    }
    let find = |syntax: Oid| {
        let fits = |context: &&Context| {
            context.abstract_syntax == syntax && context.transfer_syntaxes.contains(&ber_syntax())
        };
        proposed.iter().find(fits).map(|context| context.id)
    };
    Some(Contexts {
        acse: find(acse_syntax())?,
        mms: find(mms_syntax())?,
    })
}

fn outcome(context: &Context, contexts: Contexts) -> ContextResult {
    if context.id == contexts.acse || context.id == contexts.mms {
        return ContextResult::accepted();
    }
    // Reason 1: abstract syntax not supported.
    ContextResult {
        outcome: ContextOutcome::PROVIDER_REJECTION,
        transfer_syntax: None,
        provider_reason: Some(1),
    }
}

/// ACCEPT with CPA, AARE and these octets in place of the Initiate response.
pub(super) fn accept(
    local: &EndAddress,
    contexts: Contexts,
    results: Vec<ContextResult>,
    called_ssel: &[u8],
    initiate: &[u8],
) -> Result<Vec<u8>, WireError> {
    let response = Apdu::AssociateResponse(AssociateResponse {
        responding: entity(local),
        user_information: Some((initiate, 0)),
        information_context: contexts.mms,
        ..AssociateResponse::default()
    })
    .encode();
    let accept = presentation::Accept {
        responding_selector: some(&local.psel),
        results,
        user_data: Some(UserData::single(contexts.acse, &response)),
        ..presentation::Accept::default()
    };
    let accept = accept.encode();
    Spdu::Accept(session::Connect {
        called_selector: some(called_ssel),
        user_data: &accept,
        ..session::Connect::usual()
    })
    .encode()
}

/// REFUSE with what says the refusal. A transport refusal has no place here.
pub(super) fn refuse(
    refusal: &Refusal,
    local: &EndAddress,
    contexts: Contexts,
) -> Result<Vec<u8>, WireError> {
    let mut initiate = None;
    let (result, diagnostic) = match refusal {
        Refusal::Transport(_) | Refusal::TransportError(_) => return refuse_session(None, &[]),
        Refusal::Session(reason) => return refuse_session(*reason, &[]),
        Refusal::Presentation(reason) => {
            let reject = presentation::Reject {
                responding_selector: some(&local.psel),
                provider_reason: Some(
                    reason.unwrap_or(presentation::ProviderReason::NOT_SPECIFIED),
                ),
                ..presentation::Reject::default()
            };
            return refuse_session(Some(RefuseReason::USER_WITH_DATA), &reject.encode());
        }
        Refusal::Acse(result, diagnostic) => (*result, *diagnostic),
        Refusal::Initiate(error) => {
            initiate = Some(Pdu::InitiateError(error.clone()).encode());
            (AssociateResult::REJECTED_PERMANENT, Diagnostic::NO_REASON)
        }
        Refusal::Reject(reason) => {
            let reject = crate::mms::Reject {
                original_invoke_id: None,
                reason: *reason,
            };
            initiate = Some(Pdu::Reject(reject).encode());
            (AssociateResult::REJECTED_PERMANENT, Diagnostic::NO_REASON)
        }
    };
    let response = Apdu::AssociateResponse(AssociateResponse {
        result,
        diagnostic,
        responding: entity(local),
        user_information: initiate.as_deref().map(|octets| (octets, 0)),
        information_context: contexts.mms,
        ..AssociateResponse::default()
    })
    .encode();
    let reject = presentation::Reject {
        responding_selector: some(&local.psel),
        user_data: Some(UserData::single(contexts.acse, &response)),
        ..presentation::Reject::default()
    };
    refuse_session(Some(RefuseReason::USER_WITH_DATA), &reject.encode())
}

fn refuse_session(reason: Option<RefuseReason>, user_data: &[u8]) -> Result<Vec<u8>, WireError> {
    Spdu::Refuse(Refuse {
        transport_disconnect: Some(TransportDisconnect::RELEASE),
        reason,
        user_data,
        ..Refuse::default()
    })
    .encode()
}

/// A TSDU of the data phase.
pub(super) enum Signal {
    /// MMS PDUs.
    Data(Vec<Vec<u8>>),
    /// FINISH.
    Finish,
    /// DISCONNECT.
    Disconnect,
    Abort(Abort),
    AbortAccept,
}

/// Reads a TSDU of the data phase.
pub(super) fn signal(mut tsdu: Vec<u8>, contexts: Contexts) -> Result<Signal, WireError> {
    let user_data = match Spdu::decode(&tsdu)? {
        Spdu::Data { user_data } => user_data,
        Spdu::Finish { .. } => return Ok(Signal::Finish),
        Spdu::Disconnect { .. } => return Ok(Signal::Disconnect),
        Spdu::Abort(abort) => return Ok(Signal::Abort(aborted(&tsdu, &abort))),
        Spdu::AbortAccept => return Ok(Signal::AbortAccept),
        _ => return Err(violation(Layer::Session, "SPDU in the data phase")),
    };
    let offset = offset_of(&tsdu, user_data);
    if let Some(value) = decode_single(user_data, offset)?
        && value.context == contexts.mms
    {
        // One PDU, at the end of the TSDU: cut it free in place.
        let (from, length) = (value.offset, value.values.len());
        tsdu.truncate(from.saturating_add(length));
        tsdu.drain(..from.min(tsdu.len()));
        return Ok(Signal::Data(vec![tsdu]));
    }
    let UserData::Full(values) = UserData::decode(user_data, offset)? else {
        return Err(
            violation(Layer::Presentation, "user data in the default context").shifted(offset),
        );
    };
    let mut pdus = Vec::new();
    for value in values {
        if value.context != contexts.mms {
            return Err(
                violation(Layer::Presentation, "presentation context").shifted(value.offset)
            );
        }
        pdus.push(value.values.to_vec());
    }
    Ok(Signal::Data(pdus))
}

/// What precedes an MMS PDU of `len` octets in DATA TRANSFER.
pub(super) fn data_header(len: usize, contexts: Contexts) -> Vec<u8> {
    let mut header = data_prefix().to_vec();
    header.extend_from_slice(&presentation::data_header(contexts.mms, len));
    header
}

/// FINISH with RLRQ.
pub(super) fn finish(contexts: Contexts) -> Result<Vec<u8>, WireError> {
    let release = Release {
        reason: Some(ReleaseReason::NORMAL),
        user_information: None,
    };
    let request = Apdu::ReleaseRequest(release).encode();
    let user_data = encode_data(contexts.acse, &request);
    Spdu::Finish {
        transport_disconnect: Some(TransportDisconnect::RELEASE),
        user_data: &user_data,
    }
    .encode()
}

/// DISCONNECT with RLRE.
pub(super) fn disconnect(contexts: Contexts) -> Result<Vec<u8>, WireError> {
    let release = Release {
        reason: Some(ReleaseReason::NORMAL),
        user_information: None,
    };
    let response = Apdu::ReleaseResponse(release).encode();
    let user_data = encode_data(contexts.acse, &response);
    Spdu::Disconnect {
        user_data: &user_data,
    }
    .encode()
}

/// ABORT with ARU and ABRT by the user.
pub(super) fn abort_by_user(contexts: Contexts) -> Result<Vec<u8>, WireError> {
    let abort = acse::Abort {
        source: AbortSource::USER,
        diagnostic: None,
        user_information: None,
    };
    let abort = Apdu::Abort(abort).encode();
    let user_data = AbortPpdu::User {
        user_data: Some(UserData::single(contexts.acse, &abort)),
    }
    .encode();
    let reason =
        TransportDisconnect(TransportDisconnect::RELEASE.0 | TransportDisconnect::USER_ABORT);
    abort_session(reason, &user_data)
}

/// ABORT with ARP, because the peer sent what is not permitted.
pub(super) fn abort_by_provider(reason: AbortReason) -> Result<Vec<u8>, WireError> {
    let user_data = AbortPpdu::Provider {
        reason: Some(reason),
        event: None,
    }
    .encode();
    let reason =
        TransportDisconnect(TransportDisconnect::RELEASE.0 | TransportDisconnect::USER_ABORT);
    abort_session(reason, &user_data)
}

fn abort_session(reason: TransportDisconnect, user_data: &[u8]) -> Result<Vec<u8>, WireError> {
    Spdu::Abort(session::Abort {
        transport_disconnect: Some(reason),
        user_data,
        ..session::Abort::default()
    })
    .encode()
}

fn entity(address: &EndAddress) -> EntityName {
    EntityName {
        ap_title: address.ap_title.clone().map(ApTitle::Oid),
        ae_qualifier: address.ae_qualifier.map(AeQualifier::Number),
        ap_invocation: None,
        ae_invocation: None,
    }
}

/// The titles of an entity; directory names are left out.
fn address(entity: &EntityName) -> EndAddress {
    EndAddress {
        ap_title: match &entity.ap_title {
            Some(ApTitle::Oid(oid)) => Some(oid.clone()),
            _ => None,
        },
        ae_qualifier: match &entity.ae_qualifier {
            Some(AeQualifier::Number(number)) => Some(*number),
            _ => None,
        },
        ..EndAddress::default()
    }
}

fn some(selector: &[u8]) -> Option<Vec<u8>> {
    (!selector.is_empty()).then(|| selector.to_vec())
}

/// Where user data begin in their TSDU: they are the last parameter of every SPDU.
fn offset_of(tsdu: &[u8], user_data: &[u8]) -> usize {
    tsdu.len().saturating_sub(user_data.len())
}
