//! Enumerated codes. Each is a newtype over its integer with named constants, so that a code
//! nobody has seen before is kept and can be printed.

use core::fmt;

/// Defines a code: a newtype, its constants, `name`, `Display` as `name(7)` or `unknown(7)`.
macro_rules! code {
    ($(#[$doc:meta])* $name:ident($int:ty) { $($(#[$cdoc:meta])* $constant:ident = $value:literal $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub $int);

        impl $name {
            $($(#[$cdoc])* #[doc = concat!("`", $text, "`")] pub const $constant: Self = Self($value);)*

            /// Every code that has a name.
            pub const NAMED: &'static [Self] = &[$(Self::$constant,)*];

            /// The name in the standard, if the code has one.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some($text),)*
                    _ => None,
                }
            }

            /// The code of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$constant),)*
                    _ => None,
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}({})", self.name().unwrap_or("unknown"), self.0)
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }
    };
}

pub(crate) use code;

code! {
    /// Why a variable could not be read or written (ISO 9506-2, DataAccessError).
    DataAccessError(i64) {
        OBJECT_INVALIDATED = 0 "object-invalidated",
        HARDWARE_FAULT = 1 "hardware-fault",
        TEMPORARILY_UNAVAILABLE = 2 "temporarily-unavailable",
        OBJECT_ACCESS_DENIED = 3 "object-access-denied",
        OBJECT_UNDEFINED = 4 "object-undefined",
        INVALID_ADDRESS = 5 "invalid-address",
        TYPE_UNSUPPORTED = 6 "type-unsupported",
        TYPE_INCONSISTENT = 7 "type-inconsistent",
        OBJECT_ATTRIBUTE_INCONSISTENT = 8 "object-attribute-inconsistent",
        OBJECT_ACCESS_UNSUPPORTED = 9 "object-access-unsupported",
        OBJECT_NON_EXISTENT = 10 "object-non-existent",
        OBJECT_VALUE_INVALID = 11 "object-value-invalid",
    }
}

impl core::error::Error for DataAccessError {}

code! {
    /// Class of named objects (ISO 9506-2, ObjectClass).
    ObjectClass(i64) {
        NAMED_VARIABLE = 0 "namedVariable",
        SCATTERED_ACCESS = 1 "scatteredAccess",
        NAMED_VARIABLE_LIST = 2 "namedVariableList",
        NAMED_TYPE = 3 "namedType",
        SEMAPHORE = 4 "semaphore",
        EVENT_CONDITION = 5 "eventCondition",
        EVENT_ACTION = 6 "eventAction",
        EVENT_ENROLLMENT = 7 "eventEnrollment",
        JOURNAL = 8 "journal",
        DOMAIN = 9 "domain",
        PROGRAM_INVOCATION = 10 "programInvocation",
        OPERATOR_STATION = 11 "operatorStation",
        DATA_EXCHANGE = 12 "dataExchange",
        ACCESS_CONTROL_LIST = 13 "accessControlList",
    }
}

code! {
    /// Whether the VMD accepts changes (ISO 9506-2, vmdLogicalStatus).
    VmdLogicalStatus(i64) {
        STATE_CHANGES_ALLOWED = 0 "state-changes-allowed",
        NO_STATE_CHANGES_ALLOWED = 1 "no-state-changes-allowed",
        LIMITED_SERVICES_ALLOWED = 2 "limited-services-allowed",
        SUPPORT_SERVICES_ALLOWED = 3 "support-services-allowed",
    }
}

code! {
    /// Whether the device works (ISO 9506-2, vmdPhysicalStatus).
    VmdPhysicalStatus(i64) {
        OPERATIONAL = 0 "operational",
        PARTIALLY_OPERATIONAL = 1 "partially-operational",
        INOPERABLE = 2 "inoperable",
        NEEDS_COMMISSIONING = 3 "needs-commissioning",
    }
}

code! {
    /// What a deletion is about (ISO 9506-2, scopeOfDelete).
    ScopeOfDelete(i64) {
        SPECIFIC = 0 "specific",
        AA_SPECIFIC = 1 "aa-specific",
        DOMAIN = 2 "domain",
        VMD = 3 "vmd",
    }
}

code! {
    /// State of an event condition (ISO 9506-2, EC-State).
    EventConditionState(i64) {
        DISABLED = 0 "disabled",
        IDLE = 1 "idle",
        ACTIVE = 2 "active",
    }
}

/// A set of names that `[a, b, c]` prints compactly.
pub(crate) fn write_list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    open: &str,
    items: impl IntoIterator<Item = T>,
    close: &str,
) -> fmt::Result {
    f.write_str(open)?;
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    f.write_str(close)
}
