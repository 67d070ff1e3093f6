//! Presentation (ISO 8823-1) and ACSE (ISO 8650-1).

use crate::annotate::leaf::{BITS, INTEGER, OCTETS, OID, TEXT};
use crate::annotate::mms;
use crate::annotate::schema::{Field, Type, at, c, join, u};
use crate::ber::{Tag, Tlv};
use crate::error::{Layer, WireError};
use crate::{acse, presentation};

/// What stands alone: CP or CPA, CPR or ARP, ARU, user data.
pub(super) static PPDU: &[Field] = &[
    u(Tag::SET, "CP-type or CPA-PPDU", &NORMAL_MODE_SET),
    u(Tag::SEQUENCE, "CPR-PPDU", &REJECT),
    c(0, "ARU-PPDU", &ABORT_USER),
    u(Tag::application(0), "simply-encoded-data", &OCTETS),
    u(Tag::application(1), "fully-encoded-data", &FULLY_ENCODED),
];

/// In CONNECT.
pub(super) static CP: &[Field] = &[u(Tag::SET, "CP-type", &NORMAL_MODE_SET)];
/// In ACCEPT.
pub(super) static CPA: &[Field] = &[u(Tag::SET, "CPA-PPDU", &NORMAL_MODE_SET)];
/// In ABORT.
pub(super) static ABORT: &[Field] = &[
    c(0, "ARU-PPDU", &ABORT_USER),
    u(Tag::SEQUENCE, "ARP-PPDU", &ABORT_PROVIDER),
];
/// In REFUSE.
pub(super) static CPR: &[Field] = &[u(Tag::SEQUENCE, "CPR-PPDU", &REJECT)];
/// In every other SPDU.
pub(super) static USER_DATA: &[Field] = &[
    u(Tag::application(0), "simply-encoded-data", &OCTETS),
    u(Tag::application(1), "fully-encoded-data", &FULLY_ENCODED),
];

static NORMAL_MODE_SET: Type = Type::Fields(&[
    c(
        0,
        "mode-selector",
        &Type::Fields(&[c(0, "mode-value", &MODE)]),
    ),
    c(2, "normal-mode-parameters", &NORMAL_MODE),
]);

static MODE: Type = Type::Leaf(|tlv| named(tlv, &[(0, "x410-1984-mode"), (1, "normal-mode")]));

static NORMAL_MODE: Type = Type::Fields(&[
    c(0, "protocol-version", &BITS),
    c(1, "calling-presentation-selector", &OCTETS),
    c(2, "called-presentation-selector", &OCTETS),
    c(3, "responding-presentation-selector", &OCTETS),
    c(4, "presentation-context-definition-list", &CONTEXTS),
    c(5, "presentation-context-definition-result-list", &RESULTS),
    c(6, "default-context-name", &Type::Any),
    c(8, "presentation-requirements", &BITS),
    c(9, "user-session-requirements", &BITS),
    c(10, "protocol-options", &BITS),
    c(11, "nominated-context", &INTEGER),
    u(Tag::application(0), "simply-encoded-data", &OCTETS),
    u(Tag::application(1), "fully-encoded-data", &FULLY_ENCODED),
]);

static CONTEXTS: Type = Type::List(&[u(Tag::SEQUENCE, "context", &CONTEXT)]);

static CONTEXT: Type = Type::Fields(&[
    u(Tag::INTEGER, "presentation-context-identifier", &INTEGER),
    u(Tag::OID, "abstract-syntax-name", &OID),
    u(
        Tag::SEQUENCE,
        "transfer-syntax-name-list",
        &Type::List(&[u(Tag::OID, "transfer-syntax-name", &OID)]),
    ),
]);

static RESULTS: Type = Type::List(&[u(
    Tag::SEQUENCE,
    "result",
    &Type::Fields(&[
        c(0, "result", &CONTEXT_RESULT),
        c(1, "transfer-syntax-name", &OID),
        c(2, "provider-reason", &INTEGER),
    ]),
)]);

static CONTEXT_RESULT: Type = Type::Leaf(|tlv| {
    named(
        tlv,
        &[
            (0, "acceptance"),
            (1, "user-rejection"),
            (2, "provider-rejection"),
        ],
    )
});

static REJECT: Type = Type::Fields(&[
    c(0, "protocol-version", &BITS),
    c(3, "responding-presentation-selector", &OCTETS),
    c(5, "presentation-context-definition-result-list", &RESULTS),
    c(7, "default-context-result", &CONTEXT_RESULT),
    c(
        10,
        "provider-reason",
        &Type::Leaf(|tlv| Ok(presentation::ProviderReason(tlv.i64()?).to_string())),
    ),
    u(Tag::application(0), "simply-encoded-data", &OCTETS),
    u(Tag::application(1), "fully-encoded-data", &FULLY_ENCODED),
]);

static ABORT_USER: Type = Type::Fields(&[
    c(0, "presentation-context-identifier-list", &Type::Any),
    u(Tag::application(0), "simply-encoded-data", &OCTETS),
    u(Tag::application(1), "fully-encoded-data", &FULLY_ENCODED),
]);

static ABORT_PROVIDER: Type = Type::Fields(&[
    c(
        0,
        "provider-reason",
        &Type::Leaf(|tlv| Ok(presentation::AbortReason(tlv.i64()?).to_string())),
    ),
    c(1, "event-identifier", &INTEGER),
]);

static FULLY_ENCODED: Type = Type::Fields(&[u(
    Tag::SEQUENCE,
    "PDV-list",
    &Type::Fields(&[
        u(Tag::OID, "transfer-syntax-name", &OID),
        u(Tag::INTEGER, "presentation-context-identifier", &INTEGER),
        c(0, "single-ASN1-type", &VALUES),
        c(1, "octet-aligned", &OCTETS),
        c(2, "arbitrary", &BITS),
    ]),
)]);

/// ACSE and MMS share no tags, so the value tells which it is.
static VALUES: Type = Type::Fields(&join::<19>(mms::PDU, APDU));

pub(super) static APDU: &[Field] = &[
    at(Layer::Acse, u(Tag::application(0), "AARQ", &AARQ)),
    at(Layer::Acse, u(Tag::application(1), "AARE", &AARE)),
    at(Layer::Acse, u(Tag::application(2), "RLRQ", &RELEASE)),
    at(Layer::Acse, u(Tag::application(3), "RLRE", &RELEASE)),
    at(Layer::Acse, u(Tag::application(4), "ABRT", &ABRT)),
];

static AARQ: Type = Type::Fields(&[
    c(0, "protocol-version", &BITS),
    c(1, "application-context-name", &EXPLICIT_OID),
    c(2, "called-AP-title", &AP_TITLE),
    c(3, "called-AE-qualifier", &AE_QUALIFIER),
    c(4, "called-AP-invocation-identifier", &EXPLICIT_INTEGER),
    c(5, "called-AE-invocation-identifier", &EXPLICIT_INTEGER),
    c(6, "calling-AP-title", &AP_TITLE),
    c(7, "calling-AE-qualifier", &AE_QUALIFIER),
    c(8, "calling-AP-invocation-identifier", &EXPLICIT_INTEGER),
    c(9, "calling-AE-invocation-identifier", &EXPLICIT_INTEGER),
    c(10, "sender-acse-requirements", &BITS),
    c(11, "mechanism-name", &OID),
    c(12, "calling-authentication-value", &AUTHENTICATION),
    c(13, "application-context-name-list", &Type::Any),
    c(29, "implementation-information", &TEXT),
    c(30, "user-information", &USER_INFORMATION),
]);

static AARE: Type = Type::Fields(&[
    c(0, "protocol-version", &BITS),
    c(1, "application-context-name", &EXPLICIT_OID),
    c(
        2,
        "result",
        &Type::Fields(&[u(
            Tag::INTEGER,
            "Associate-result",
            &Type::Leaf(|tlv| Ok(acse::AssociateResult(tlv.i64()?).to_string())),
        )]),
    ),
    c(3, "result-source-diagnostic", &DIAGNOSTIC),
    c(4, "responding-AP-title", &AP_TITLE),
    c(5, "responding-AE-qualifier", &AE_QUALIFIER),
    c(6, "responding-AP-invocation-identifier", &EXPLICIT_INTEGER),
    c(7, "responding-AE-invocation-identifier", &EXPLICIT_INTEGER),
    c(8, "responder-acse-requirements", &BITS),
    c(9, "mechanism-name", &OID),
    c(10, "responding-authentication-value", &AUTHENTICATION),
    c(11, "application-context-name-list", &Type::Any),
    c(29, "implementation-information", &TEXT),
    c(30, "user-information", &USER_INFORMATION),
]);

static DIAGNOSTIC: Type = Type::Fields(&[
    c(
        1,
        "acse-service-user",
        &Type::Fields(&[u(
            Tag::INTEGER,
            "diagnostic",
            &Type::Leaf(|tlv| Ok(acse::Diagnostic::User(tlv.i64()?).to_string())),
        )]),
    ),
    c(
        2,
        "acse-service-provider",
        &Type::Fields(&[u(
            Tag::INTEGER,
            "diagnostic",
            &Type::Leaf(|tlv| Ok(acse::Diagnostic::Provider(tlv.i64()?).to_string())),
        )]),
    ),
]);

static RELEASE: Type = Type::Fields(&[
    c(
        0,
        "reason",
        &Type::Leaf(|tlv| {
            named(
                tlv,
                &[
                    (0, "normal"),
                    (1, "urgent or not-finished"),
                    (30, "user-defined"),
                ],
            )
        }),
    ),
    c(30, "user-information", &USER_INFORMATION),
]);

static ABRT: Type = Type::Fields(&[
    c(
        0,
        "abort-source",
        &Type::Leaf(|tlv| Ok(acse::AbortSource(tlv.i64()?).to_string())),
    ),
    c(1, "abort-diagnostic", &INTEGER),
    c(30, "user-information", &USER_INFORMATION),
]);

static EXPLICIT_OID: Type = Type::Fields(&[u(Tag::OID, "OBJECT IDENTIFIER", &OID)]);
static EXPLICIT_INTEGER: Type = Type::Fields(&[u(Tag::INTEGER, "INTEGER", &INTEGER)]);
static AP_TITLE: Type = Type::Fields(&[u(Tag::OID, "AP-title-form2", &OID)]);
static AE_QUALIFIER: Type = Type::Fields(&[u(Tag::INTEGER, "AE-qualifier-form2", &INTEGER)]);
static AUTHENTICATION: Type = Type::Fields(&[
    c(0, "charstring", &TEXT),
    c(1, "bitstring", &BITS),
    c(2, "external", &Type::Any),
    c(3, "other", &Type::Any),
]);

static USER_INFORMATION: Type = Type::Fields(&[u(
    Tag::EXTERNAL,
    "EXTERNAL",
    &Type::Fields(&[
        u(Tag::OID, "direct-reference", &OID),
        u(Tag::INTEGER, "indirect-reference", &INTEGER),
        c(0, "single-ASN1-type", &Type::Fields(mms::PDU)),
        c(1, "octet-aligned", &OCTETS),
        c(2, "arbitrary", &BITS),
    ]),
)]);

fn named(tlv: &Tlv<'_>, names: &[(i64, &str)]) -> Result<String, WireError> {
    let value = tlv.i64()?;
    let name = names.iter().find(|(known, _)| *known == value);
    Ok(format!(
        "{}({value})",
        name.map_or("unknown", |(_, name)| *name)
    ))
}
