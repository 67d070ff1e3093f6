//! Why a service failed (ISO 9506-2, ServiceError).

use core::fmt;

use crate::ber::{RawTlv, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::mms::code::code;
use crate::observe::ObservationKind;

/// Why a service failed (ISO 9506-2, ServiceError).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ServiceError {
    /// `[0]` class and code.
    pub code: ErrorCode,
    /// `[1]` code of the implementation.
    pub additional_code: Option<i64>,
    /// `[2]` text of the implementation.
    pub additional_description: Option<String>,
    /// `[3]` what the service adds, kept raw.
    pub service_specific: Option<RawTlv>,
}

impl ServiceError {
    /// The error without further information.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            additional_code: None,
            additional_description: None,
            service_specific: None,
        }
    }

    /// The ServiceError that `tlv` is, whatever its tag.
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let code = ErrorCode::from_tlv(&r.expect(Tag::context(0))?.inner("errorClass")?)?;
        let additional_code = r
            .optional(Tag::context(1))?
            .map(|tlv| tlv.i64())
            .transpose()?;
        let additional_description = match r.optional(Tag::context(2))? {
            Some(tlv) => Some(tlv.visible()?.into()),
            None => None,
        };
        let service_specific = match r.optional(Tag::context(3))? {
            Some(tlv) => Some(tlv.inner("serviceSpecificInfo")?.to_raw()),
            None => None,
        };
        r.finish()?;
        Ok(Self {
            code,
            additional_code,
            additional_description,
            service_specific,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if let Some(raw) = &self.service_specific {
                w.constructed(Tag::context(3), |w| raw.encode_into(w));
            }
            if let Some(text) = &self.additional_description {
                w.text(Tag::context(2), text);
            }
            if let Some(code) = self.additional_code {
                w.integer(Tag::context(1), code);
            }
            w.constructed(Tag::context(0), |w| {
                w.integer(Tag::context(self.code.class.0), self.code.code);
            });
        });
    }
}

impl From<ErrorCode> for ServiceError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl core::error::Error for ServiceError {}

/// `access/object-non-existent(7/2)`, then what is additional.
impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(code) = self.additional_code {
            write!(f, ", additional code {code}")?;
        }
        if let Some(text) = &self.additional_description {
            write!(f, ", {}", super::data::Quoted(text))?;
        }
        if let Some(raw) = &self.service_specific {
            write!(f, ", service specific {raw}")?;
        }
        Ok(())
    }
}

code! {
    /// Class of a service error (ISO 9506-2, errorClass).
    ErrorClass(u32) {
        VMD_STATE = 0 "vmd-state",
        APPLICATION_REFERENCE = 1 "application-reference",
        DEFINITION = 2 "definition",
        RESOURCE = 3 "resource",
        SERVICE = 4 "service",
        SERVICE_PREEMPT = 5 "service-preempt",
        TIME_RESOLUTION = 6 "time-resolution",
        ACCESS = 7 "access",
        INITIATE = 8 "initiate",
        CONCLUDE = 9 "conclude",
        CANCEL = 10 "cancel",
        FILE = 11 "file",
        OTHERS = 12 "others",
    }
}

/// Class of a service error and the code in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ErrorCode {
    /// The class.
    pub class: ErrorClass,
    /// The code, whose meaning depends on the class.
    pub code: i64,
}

/// Defines the named codes of each class.
macro_rules! error_codes {
    ($($class:ident { $($constant:ident = $value:literal $text:literal,)* })*) => {
        impl ErrorCode {
            $($(
                #[doc = concat!("`", $text, "` of the class `", stringify!($class), "`")]
                pub const $constant: Self = Self { class: ErrorClass::$class, code: $value };
            )*)*

            /// Every code that has a name.
            pub const NAMED: &'static [Self] = &[$($(Self::$constant,)*)*];

            /// The name in the standard, without the class, if the code has one. Code 0 is
            /// `other` in every class.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match (self.class, self.code) {
                    $($((ErrorClass::$class, $value) => Some($text),)*)*
                    (_, 0) => Some("other"),
                    _ => None,
                }
            }
        }
    };
}

error_codes! {
    VMD_STATE {
        VMD_STATE_CONFLICT = 1 "vmd-state-conflict",
        VMD_OPERATIONAL_PROBLEM = 2 "vmd-operational-problem",
        DOMAIN_TRANSFER_PROBLEM = 3 "domain-transfer-problem",
        STATE_MACHINE_ID_INVALID = 4 "state-machine-id-invalid",
    }
    APPLICATION_REFERENCE {
        APPLICATION_UNREACHABLE = 1 "application-unreachable",
        CONNECTION_LOST = 2 "connection-lost",
        APPLICATION_REFERENCE_INVALID = 3 "application-reference-invalid",
        CONTEXT_UNSUPPORTED = 4 "context-unsupported",
    }
    DEFINITION {
        OBJECT_UNDEFINED = 1 "object-undefined",
        INVALID_ADDRESS = 2 "invalid-address",
        TYPE_UNSUPPORTED = 3 "type-unsupported",
        TYPE_INCONSISTENT = 4 "type-inconsistent",
        OBJECT_EXISTS = 5 "object-exists",
        OBJECT_ATTRIBUTE_INCONSISTENT = 6 "object-attribute-inconsistent",
    }
    RESOURCE {
        MEMORY_UNAVAILABLE = 1 "memory-unavailable",
        PROCESSOR_RESOURCE_UNAVAILABLE = 2 "processor-resource-unavailable",
        MASS_STORAGE_UNAVAILABLE = 3 "mass-storage-unavailable",
        CAPABILITY_UNAVAILABLE = 4 "capability-unavailable",
        CAPABILITY_UNKNOWN = 5 "capability-unknown",
    }
    SERVICE {
        PRIMITIVES_OUT_OF_SEQUENCE = 1 "primitives-out-of-sequence",
        OBJECT_STATE_CONFLICT = 2 "object-state-conflict",
        PDU_SIZE = 3 "pdu-size",
        CONTINUATION_INVALID = 4 "continuation-invalid",
        OBJECT_CONSTRAINT_CONFLICT = 5 "object-constraint-conflict",
    }
    SERVICE_PREEMPT {
        PREEMPT_TIMEOUT = 1 "timeout",
        PREEMPT_DEADLOCK = 2 "deadlock",
        PREEMPT_CANCEL = 3 "cancel",
    }
    TIME_RESOLUTION {
        UNSUPPORTABLE_TIME_RESOLUTION = 1 "unsupportable-time-resolution",
    }
    ACCESS {
        OBJECT_ACCESS_UNSUPPORTED = 1 "object-access-unsupported",
        OBJECT_NON_EXISTENT = 2 "object-non-existent",
        OBJECT_ACCESS_DENIED = 3 "object-access-denied",
        OBJECT_INVALIDATED = 4 "object-invalidated",
    }
    INITIATE {
        VERSION_INCOMPATIBLE = 1 "version-incompatible",
        MAX_SEGMENT_INSUFFICIENT = 2 "max-segment-insufficient",
        MAX_SERVICES_OUTSTANDING_CALLING_INSUFFICIENT = 3 "max-services-outstanding-calling-insufficient",
        MAX_SERVICES_OUTSTANDING_CALLED_INSUFFICIENT = 4 "max-services-outstanding-called-insufficient",
        SERVICE_CBB_INSUFFICIENT = 5 "service-CBB-insufficient",
        PARAMETER_CBB_INSUFFICIENT = 6 "parameter-CBB-insufficient",
        NESTING_LEVEL_INSUFFICIENT = 7 "nesting-level-insufficient",
    }
    CONCLUDE {
        FURTHER_COMMUNICATION_REQUIRED = 1 "further-communication-required",
    }
    CANCEL {
        INVOKE_ID_UNKNOWN = 1 "invoke-id-unknown",
        CANCEL_NOT_POSSIBLE = 2 "cancel-not-possible",
    }
    FILE {
        FILENAME_AMBIGUOUS = 1 "filename-ambiguous",
        FILE_BUSY = 2 "file-busy",
        FILENAME_SYNTAX_ERROR = 3 "filename-syntax-error",
        CONTENT_TYPE_INVALID = 4 "content-type-invalid",
        POSITION_INVALID = 5 "position-invalid",
        FILE_ACCESS_DENIED = 6 "file-access-denied",
        FILE_NON_EXISTENT = 7 "file-non-existent",
        DUPLICATE_FILENAME = 8 "duplicate-filename",
        INSUFFICIENT_SPACE_IN_FILESTORE = 9 "insufficient-space-in-filestore",
    }
}

impl ErrorCode {
    /// `other` of a class.
    #[must_use]
    pub const fn other(class: ErrorClass) -> Self {
        Self { class, code: 0 }
    }

    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let Some(class) = tlv.tag().context_number() else {
            return Err(tlv.error(ErrorKind::NoAlternative {
                choice: "errorClass",
            }));
        };
        let class = ErrorClass(class);
        if class.name().is_none() {
            tlv.observe(ObservationKind::UnknownElement);
        }
        Ok(Self {
            class,
            code: tlv.i64()?,
        })
    }
}

/// `access/object-non-existent(7/2)`.
impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = self.class.name().unwrap_or("unknown");
        let code = self.name().unwrap_or("unknown");
        write!(f, "{class}/{code}({}/{})", self.class.0, self.code)
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
