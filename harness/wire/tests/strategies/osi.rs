//! Proptest strategies of every message from COTP to ACSE, valid values only.

use iedassay_wire::acse::{
    self, AeQualifier, ApTitle, Apdu, AssociateRequest, AssociateResponse, AssociateResult,
    AuthenticationValue, EntityName, Release, ReleaseReason,
};
use iedassay_wire::ber::{RawTlv, Tag};
use iedassay_wire::cotp::{self, DisconnectReason, RejectCause, Tpdu, TpduSize};
use iedassay_wire::presentation::{
    self, AbortPpdu, AbortReason, Context, ContextOutcome, ContextResult, Pdv, PdvEncoding,
    ProviderReason, UserData,
};
use iedassay_wire::session::{self, RefuseReason, Spdu, TransportDisconnect};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::{bits, oid};

fn octets() -> BoxedStrategy<Vec<u8>> {
    prop_oneof![8 => vec(any::<u8>(), 0..12), 1 => vec(any::<u8>(), 250..700)].boxed()
}

pub(crate) fn selector() -> BoxedStrategy<Option<Vec<u8>>> {
    of(vec(any::<u8>(), 0..17)).boxed()
}

pub(crate) fn cotp_parameters() -> BoxedStrategy<cotp::Parameters> {
    let unknown = (0xc3u8..=0xc9, vec(any::<u8>(), 0..10))
        .prop_map(|(code, value)| cotp::UnknownParameter { code, value });
    (
        of(any::<u8>().prop_map(TpduSize)),
        of(any::<u32>()),
        selector(),
        selector(),
        vec(unknown, 0..4),
    )
        .prop_map(
            |(tpdu_size, preferred_max, calling_tsap, called_tsap, unknown)| cotp::Parameters {
                tpdu_size,
                preferred_max,
                calling_tsap,
                called_tsap,
                unknown,
            },
        )
        .boxed()
}

pub(crate) fn cotp_connect() -> BoxedStrategy<cotp::Connect> {
    let numbers = (any::<u16>(), any::<u16>(), any::<u8>());
    (numbers, cotp_parameters())
        .prop_map(
            |((destination, source, class_option), parameters)| cotp::Connect {
                destination,
                source,
                class_option,
                parameters,
            },
        )
        .boxed()
}

/// A TPDU; of data only the header, since its payload is borrowed.
pub(crate) fn tpdu() -> BoxedStrategy<Tpdu<'static>> {
    prop_oneof![
        cotp_connect().prop_map(Tpdu::ConnectRequest),
        cotp_connect().prop_map(Tpdu::ConnectConfirm),
        (any::<u16>(), any::<u16>(), any::<u8>(), cotp_parameters()).prop_map(
            |(destination, source, reason, parameters)| {
                Tpdu::DisconnectRequest(cotp::DisconnectRequest {
                    destination,
                    source,
                    reason: DisconnectReason(reason),
                    parameters,
                })
            }
        ),
        (any::<u16>(), any::<u16>()).prop_map(|(destination, source)| Tpdu::DisconnectConfirm {
            destination,
            source
        }),
        (any::<bool>(), 0u8..128).prop_map(|(end, number)| Tpdu::Data(cotp::Data {
            end,
            number,
            payload: &[1, 2, 3],
        })),
        (any::<u16>(), any::<u8>(), cotp_parameters()).prop_map(
            |(destination, cause, parameters)| Tpdu::Error(cotp::TpduError {
                destination,
                cause: RejectCause(cause),
                parameters,
            })
        ),
        vec(any::<u8>(), 0..200).prop_map(|rest| Tpdu::Unknown { code: 0x10, rest }),
    ]
    .boxed()
}

pub(crate) fn session_parameters() -> BoxedStrategy<Vec<session::Parameter>> {
    // Identifiers that mean something nowhere.
    vec(
        (60u8..80, octets()).prop_map(|(code, value)| session::Parameter { code, value }),
        0..4,
    )
    .boxed()
}

pub(crate) fn session_connect(user_data: &[u8]) -> impl Strategy<Value = session::Connect<'_>> {
    (
        of(any::<u8>()),
        of(any::<u32>()),
        of(any::<u8>()),
        of(any::<u16>()),
        selector(),
        selector(),
        session_parameters(),
        session_parameters(),
    )
        .prop_map(
            move |(
                protocol_options,
                tsdu_max,
                version,
                requirements,
                calling_selector,
                called_selector,
                unknown_in_item,
                unknown,
            )| session::Connect {
                protocol_options,
                tsdu_max,
                version,
                requirements,
                calling_selector,
                called_selector,
                user_data,
                unknown_in_item,
                unknown,
            },
        )
}

pub(crate) fn disconnect() -> impl Strategy<Value = Option<TransportDisconnect>> {
    of(any::<u8>().prop_map(TransportDisconnect))
}

pub(crate) fn spdu(user_data: &'static [u8]) -> BoxedStrategy<Spdu<'static>> {
    prop_oneof![
        session_connect(user_data).prop_map(Spdu::Connect),
        session_connect(user_data).prop_map(Spdu::Accept),
        (disconnect(), any::<u8>(), session_parameters()).prop_map(
            move |(transport_disconnect, reason, unknown)| Spdu::Refuse(session::Refuse {
                transport_disconnect,
                reason: Some(RefuseReason(reason)),
                user_data,
                unknown,
            })
        ),
        disconnect().prop_map(move |transport_disconnect| Spdu::Finish {
            transport_disconnect,
            user_data
        }),
        Just(Spdu::Disconnect { user_data }),
        (disconnect(), session_parameters()).prop_map(move |(transport_disconnect, unknown)| {
            Spdu::Abort(session::Abort {
                transport_disconnect,
                user_data,
                unknown,
            })
        }),
        Just(Spdu::AbortAccept),
        Just(Spdu::Data { user_data }),
    ]
    .boxed()
}

/// User data whose values are borrowed from a constant.
pub(crate) fn user_data() -> BoxedStrategy<UserData<'static>> {
    const VALUES: &[u8] = &[0x60, 3, 0x80, 1, 0];
    let encoding = prop_oneof![
        Just(PdvEncoding::SingleAsn1),
        Just(PdvEncoding::OctetAligned),
        Just(PdvEncoding::Arbitrary),
    ];
    let pdv =
        (of(oid()), any::<i64>(), encoding).prop_map(|(transfer_syntax, context, encoding)| Pdv {
            transfer_syntax,
            context,
            encoding,
            values: VALUES,
            offset: 0,
        });
    prop_oneof![
        1 => Just(UserData::Simple(VALUES)),
        4 => vec(pdv, 0..4).prop_map(UserData::Full),
    ]
    .boxed()
}

/// The same without offsets, which are those of the input.
pub(crate) fn without_offsets(data: &mut Option<UserData<'_>>) {
    if let Some(UserData::Full(pdvs)) = data {
        pdvs.iter_mut().for_each(|pdv| pdv.offset = 0);
    }
}

pub(crate) fn contexts() -> impl Strategy<Value = Vec<Context>> {
    let context = (any::<i64>(), oid(), vec(oid(), 0..3)).prop_map(
        |(id, abstract_syntax, transfer_syntaxes)| Context {
            id,
            abstract_syntax,
            transfer_syntaxes,
        },
    );
    vec(context, 0..4)
}

pub(crate) fn results() -> impl Strategy<Value = Vec<ContextResult>> {
    let result = (any::<i64>(), of(oid()), of(any::<i64>())).prop_map(
        |(outcome, transfer_syntax, provider_reason)| ContextResult {
            outcome: ContextOutcome(outcome),
            transfer_syntax,
            provider_reason,
        },
    );
    vec(result, 0..4)
}

/// Elements of tags that mean something nowhere.
pub(crate) fn unknown() -> impl Strategy<Value = Vec<RawTlv>> {
    let raw = (100u32..200, octets()).prop_map(|(number, content)| RawTlv {
        tag: Tag::context(number),
        constructed: false,
        content,
    });
    vec(raw, 0..3)
}

pub(crate) fn cp() -> BoxedStrategy<presentation::Connect<'static>> {
    (
        of(bits()),
        selector(),
        selector(),
        contexts(),
        of(bits()),
        of(user_data()),
        unknown(),
    )
        .prop_map(
            |(
                protocol_version,
                calling_selector,
                called_selector,
                contexts,
                requirements,
                user_data,
                unknown,
            )| {
                presentation::Connect {
                    protocol_version,
                    calling_selector,
                    called_selector,
                    contexts,
                    requirements,
                    user_data,
                    unknown,
                }
            },
        )
        .boxed()
}

pub(crate) fn cpa() -> BoxedStrategy<presentation::Accept<'static>> {
    (
        of(bits()),
        selector(),
        results(),
        of(bits()),
        of(user_data()),
        unknown(),
    )
        .prop_map(
            |(protocol_version, responding_selector, results, requirements, user_data, unknown)| {
                presentation::Accept {
                    protocol_version,
                    responding_selector,
                    results,
                    requirements,
                    user_data,
                    unknown,
                }
            },
        )
        .boxed()
}

pub(crate) fn cpr() -> BoxedStrategy<presentation::Reject<'static>> {
    (
        selector(),
        results(),
        of(any::<i64>().prop_map(ProviderReason)),
        of(user_data()),
        unknown(),
    )
        .prop_map(
            |(responding_selector, results, provider_reason, user_data, unknown)| {
                presentation::Reject {
                    responding_selector,
                    results,
                    provider_reason,
                    user_data,
                    unknown,
                }
            },
        )
        .boxed()
}

pub(crate) fn abort_ppdu() -> BoxedStrategy<AbortPpdu<'static>> {
    prop_oneof![
        of(user_data()).prop_map(|user_data| AbortPpdu::User { user_data }),
        (of(any::<i64>().prop_map(AbortReason)), of(any::<i64>()))
            .prop_map(|(reason, event)| AbortPpdu::Provider { reason, event }),
    ]
    .boxed()
}

pub(crate) fn entity() -> BoxedStrategy<EntityName> {
    let name = RawTlv {
        tag: Tag::SEQUENCE,
        constructed: true,
        content: vec![0x31, 0],
    };
    let title = prop_oneof![
        4 => oid().prop_map(ApTitle::Oid),
        1 => Just(ApTitle::Name(name.clone())),
    ];
    let qualifier = prop_oneof![
        4 => any::<i64>().prop_map(AeQualifier::Number),
        1 => Just(AeQualifier::Name(name)),
    ];
    (of(title), of(qualifier), of(any::<i64>()), of(any::<i64>()))
        .prop_map(
            |(ap_title, ae_qualifier, ap_invocation, ae_invocation)| EntityName {
                ap_title,
                ae_qualifier,
                ap_invocation,
                ae_invocation,
            },
        )
        .boxed()
}

pub(crate) fn authentication() -> BoxedStrategy<AuthenticationValue> {
    prop_oneof![
        octets().prop_map(AuthenticationValue::Password),
        bits().prop_map(AuthenticationValue::Bits),
        octets().prop_map(|content| AuthenticationValue::Other(RawTlv {
            tag: Tag::context(3),
            constructed: true,
            content,
        })),
    ]
    .boxed()
}

const INITIATE: Option<(&[u8], usize)> = Some((&[0xa8, 3, 0x80, 1, 5], 0));

pub(crate) fn apdu() -> BoxedStrategy<Apdu<'static>> {
    let common = || {
        (
            of(bits()),
            oid(),
            entity(),
            of(bits()),
            of(oid()),
            of(authentication()),
            of(Just(INITIATE)),
            unknown(),
        )
    };
    let request = (common(), entity(), 1i64..200).prop_map(|(common, calling, context)| {
        let user_information = common.6.flatten();
        Apdu::AssociateRequest(AssociateRequest {
            protocol_version: common.0,
            application_context: common.1,
            called: common.2,
            calling,
            requirements: common.3,
            mechanism: common.4,
            authentication: common.5,
            user_information,
            information_context: if user_information.is_some() {
                context
            } else {
                presentation::MMS_CONTEXT
            },
            unknown: common.7,
        })
    });
    let diagnostic = prop_oneof![
        any::<i64>().prop_map(acse::Diagnostic::User),
        any::<i64>().prop_map(acse::Diagnostic::Provider),
    ];
    let response = (common(), any::<i64>(), diagnostic).prop_map(|(common, result, diagnostic)| {
        Apdu::AssociateResponse(AssociateResponse {
            protocol_version: common.0,
            application_context: common.1,
            result: AssociateResult(result),
            diagnostic,
            responding: common.2,
            requirements: common.3,
            mechanism: common.4,
            authentication: common.5,
            user_information: common.6.flatten(),
            information_context: presentation::MMS_CONTEXT,
            unknown: common.7,
        })
    });
    let release = || {
        of(any::<i64>().prop_map(ReleaseReason)).prop_map(|reason| Release {
            reason,
            user_information: None,
        })
    };
    prop_oneof![
        4 => request,
        4 => response,
        1 => release().prop_map(Apdu::ReleaseRequest),
        1 => release().prop_map(Apdu::ReleaseResponse),
        1 => (any::<i64>(), of(any::<i64>())).prop_map(|(source, diagnostic)| {
            Apdu::Abort(acse::Abort {
                source: acse::AbortSource(source),
                diagnostic,
                user_information: None,
            })
        }),
    ]
    .boxed()
}

/// The same without the offset of user information, which is that of the input.
pub(crate) fn without_information_offset(mut apdu: Apdu<'_>) -> Apdu<'_> {
    let information = match &mut apdu {
        Apdu::AssociateRequest(request) => &mut request.user_information,
        Apdu::AssociateResponse(response) => &mut response.user_information,
        _ => return apdu,
    };
    if let Some((_, offset)) = information {
        *offset = 0;
    }
    apdu
}

/// A valid message of some layer.
pub(crate) fn message() -> BoxedStrategy<Vec<u8>> {
    prop_oneof![
        tpdu().prop_filter_map("header too long", |tpdu| tpdu.encode().ok()),
        spdu(&[0x61, 0]).prop_filter_map("too long", |spdu| spdu.encode().ok()),
        cp().prop_map(|ppdu| ppdu.encode()),
        cpa().prop_map(|ppdu| ppdu.encode()),
        cpr().prop_map(|ppdu| ppdu.encode()),
        apdu().prop_map(|apdu| apdu.encode()),
    ]
    .boxed()
}
