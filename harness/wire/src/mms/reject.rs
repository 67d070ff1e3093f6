//! Refusal of a PDU (ISO 9506-2, RejectPDU).

use core::fmt;

use crate::ber::{Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::mms::code::code;
use crate::observe::ObservationKind;

/// Refusal of a PDU (ISO 9506-2, RejectPDU).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reject {
    /// `[0]` invoke id of the refused PDU, if it had one that could be read.
    pub original_invoke_id: Option<u32>,
    /// Why.
    pub reason: RejectReason,
}

code! {
    /// The kind of PDU that was refused (ISO 9506-2, rejectReason).
    RejectClass(u32) {
        CONFIRMED_REQUEST = 1 "confirmed-request",
        CONFIRMED_RESPONSE = 2 "confirmed-response",
        CONFIRMED_ERROR = 3 "confirmed-error",
        UNCONFIRMED = 4 "unconfirmed",
        PDU_ERROR = 5 "pdu-error",
        CANCEL_REQUEST = 6 "cancel-request",
        CANCEL_RESPONSE = 7 "cancel-response",
        CANCEL_ERROR = 8 "cancel-error",
        CONCLUDE_REQUEST = 9 "conclude-request",
        CONCLUDE_RESPONSE = 10 "conclude-response",
        CONCLUDE_ERROR = 11 "conclude-error",
    }
}

/// Why a PDU was refused: the kind of PDU and the code for it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RejectReason {
    /// The kind of PDU.
    pub class: RejectClass,
    /// The code, whose meaning depends on the kind.
    pub code: i64,
}

/// Defines the named reasons of each kind of PDU.
macro_rules! reasons {
    ($($class:ident { $($constant:ident = $value:literal $text:literal,)* })*) => {
        impl RejectReason {
            $($(
                #[doc = concat!("`", $text, "` of the class `", stringify!($class), "`")]
                pub const $constant: Self = Self { class: RejectClass::$class, code: $value };
            )*)*

            /// Every reason that has a name.
            pub const NAMED: &'static [Self] = &[$($(Self::$constant,)*)*];

            /// The name in the standard, without the kind, if the reason has one.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match (self.class, self.code) {
                    $($((RejectClass::$class, $value) => Some($text),)*)*
                    _ => None,
                }
            }
        }
    };
}

reasons! {
    CONFIRMED_REQUEST {
        REQUEST_OTHER = 0 "other",
        REQUEST_UNRECOGNIZED_SERVICE = 1 "unrecognized-service",
        REQUEST_UNRECOGNIZED_MODIFIER = 2 "unrecognized-modifier",
        REQUEST_INVALID_INVOKE_ID = 3 "invalid-invokeID",
        REQUEST_INVALID_ARGUMENT = 4 "invalid-argument",
        REQUEST_INVALID_MODIFIER = 5 "invalid-modifier",
        REQUEST_MAX_SERV_OUTSTANDING_EXCEEDED = 6 "max-serv-outstanding-exceeded",
        REQUEST_MAX_RECURSION_EXCEEDED = 8 "max-recursion-exceeded",
        REQUEST_VALUE_OUT_OF_RANGE = 9 "value-out-of-range",
    }
    CONFIRMED_RESPONSE {
        RESPONSE_OTHER = 0 "other",
        RESPONSE_UNRECOGNIZED_SERVICE = 1 "unrecognized-service",
        RESPONSE_INVALID_INVOKE_ID = 2 "invalid-invokeID",
        RESPONSE_INVALID_RESULT = 3 "invalid-result",
        RESPONSE_MAX_RECURSION_EXCEEDED = 5 "max-recursion-exceeded",
        RESPONSE_VALUE_OUT_OF_RANGE = 6 "value-out-of-range",
    }
    CONFIRMED_ERROR {
        ERROR_OTHER = 0 "other",
        ERROR_UNRECOGNIZED_SERVICE = 1 "unrecognized-service",
        ERROR_INVALID_INVOKE_ID = 2 "invalid-invokeID",
        ERROR_INVALID_SERVICE_ERROR = 3 "invalid-serviceError",
        ERROR_VALUE_OUT_OF_RANGE = 4 "value-out-of-range",
    }
    UNCONFIRMED {
        UNCONFIRMED_OTHER = 0 "other",
        UNCONFIRMED_UNRECOGNIZED_SERVICE = 1 "unrecognized-service",
        UNCONFIRMED_INVALID_ARGUMENT = 2 "invalid-argument",
        UNCONFIRMED_MAX_RECURSION_EXCEEDED = 3 "max-recursion-exceeded",
        UNCONFIRMED_VALUE_OUT_OF_RANGE = 4 "value-out-of-range",
    }
    PDU_ERROR {
        UNKNOWN_PDU_TYPE = 0 "unknown-pdu-type",
        INVALID_PDU = 1 "invalid-pdu",
        ILLEGAL_ACSE_MAPPING = 2 "illegal-acse-mapping",
    }
    CANCEL_REQUEST {
        CANCEL_REQUEST_OTHER = 0 "other",
        CANCEL_REQUEST_INVALID_INVOKE_ID = 1 "invalid-invokeID",
    }
    CANCEL_RESPONSE {
        CANCEL_RESPONSE_OTHER = 0 "other",
        CANCEL_RESPONSE_INVALID_INVOKE_ID = 1 "invalid-invokeID",
    }
    CANCEL_ERROR {
        CANCEL_ERROR_OTHER = 0 "other",
        CANCEL_ERROR_INVALID_INVOKE_ID = 1 "invalid-invokeID",
        CANCEL_ERROR_INVALID_SERVICE_ERROR = 2 "invalid-serviceError",
        CANCEL_ERROR_VALUE_OUT_OF_RANGE = 3 "value-out-of-range",
    }
    CONCLUDE_REQUEST {
        CONCLUDE_REQUEST_OTHER = 0 "other",
        CONCLUDE_REQUEST_INVALID_ARGUMENT = 1 "invalid-argument",
    }
    CONCLUDE_RESPONSE {
        CONCLUDE_RESPONSE_OTHER = 0 "other",
        CONCLUDE_RESPONSE_INVALID_RESULT = 1 "invalid-result",
    }
    CONCLUDE_ERROR {
        CONCLUDE_ERROR_OTHER = 0 "other",
        CONCLUDE_ERROR_INVALID_SERVICE_ERROR = 1 "invalid-serviceError",
        CONCLUDE_ERROR_VALUE_OUT_OF_RANGE = 2 "value-out-of-range",
    }
}

impl Reject {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        const CHOICE: &str = "rejectReason";
        let mut r = tlv.reader()?;
        let original_invoke_id = r
            .optional(Tag::context(0))?
            .map(|tlv| tlv.u32())
            .transpose()?;
        let reason = r.any(CHOICE)?;
        r.finish()?;
        let Some(class @ 1..) = reason.tag().context_number() else {
            return Err(reason.error(ErrorKind::NoAlternative { choice: CHOICE }));
        };
        let class = RejectClass(class);
        if class.name().is_none() {
            reason.observe(ObservationKind::UnknownElement);
        }
        let reason = RejectReason {
            class,
            code: reason.i64()?,
        };
        Ok(Self {
            original_invoke_id,
            reason,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            w.integer(Tag::context(self.reason.class.0), self.reason.code);
            if let Some(id) = self.original_invoke_id {
                w.unsigned(Tag::context(0), u64::from(id));
            }
        });
    }
}

/// `reject #12: confirmed-request/unrecognized-service(1/1)`.
impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.original_invoke_id {
            Some(id) => write!(f, "reject #{id}: {}", self.reason),
            None => write!(f, "reject: {}", self.reason),
        }
    }
}

/// `confirmed-request/unrecognized-service(1/1)`.
impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = self.class.name().unwrap_or("unknown");
        let code = self.name().unwrap_or("unknown");
        write!(f, "{class}/{code}({}/{})", self.class.0, self.code)
    }
}

impl fmt::Debug for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
