//! How a service ended, as `errorCode` tells it.

use iedassay_wire::mms::{DataAccessError, ErrorCode};

use super::super::service::Outcome;
use crate::control::{AddCause, Refusal};

/// An outcome (IEC 61850-7-2, ServiceError), by the errors of MMS that IEC 61850-8-1 maps to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ied) struct ServiceError(pub(super) u8);

impl ServiceError {
    pub(in crate::ied) const NONE: Self = Self(0);
    pub(in crate::ied) const INSTANCE_NOT_AVAILABLE: Self = Self(1);
    pub(in crate::ied) const INSTANCE_IN_USE: Self = Self(2);
    pub(in crate::ied) const ACCESS_VIOLATION: Self = Self(3);
    const ACCESS_NOT_ALLOWED_IN_CURRENT_STATE: Self = Self(4);
    const PARAMETER_VALUE_INAPPROPRIATE: Self = Self(5);
    const PARAMETER_VALUE_INCONSISTENT: Self = Self(6);
    const INSTANCE_LOCKED_BY_OTHER_CLIENT: Self = Self(8);
    const CONTROL_MUST_BE_SELECTED: Self = Self(9);
    const TYPE_CONFLICT: Self = Self(10);
    const FAILED_DUE_TO_SERVER_CONSTRAINT: Self = Self(12);
}

impl From<DataAccessError> for ServiceError {
    fn from(error: DataAccessError) -> Self {
        match error {
            DataAccessError::OBJECT_NON_EXISTENT => Self::INSTANCE_NOT_AVAILABLE,
            DataAccessError::OBJECT_ACCESS_DENIED => Self::ACCESS_VIOLATION,
            DataAccessError::TEMPORARILY_UNAVAILABLE => Self::ACCESS_NOT_ALLOWED_IN_CURRENT_STATE,
            DataAccessError::OBJECT_VALUE_INVALID => Self::PARAMETER_VALUE_INAPPROPRIATE,
            DataAccessError::OBJECT_ATTRIBUTE_INCONSISTENT => Self::PARAMETER_VALUE_INCONSISTENT,
            DataAccessError::TYPE_INCONSISTENT => Self::TYPE_CONFLICT,
            _ => Self::FAILED_DUE_TO_SERVER_CONSTRAINT,
        }
    }
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> Self {
        match refusal.cause {
            AddCause::OBJECT_NOT_SELECTED => Self::CONTROL_MUST_BE_SELECTED,
            AddCause::LOCKED_BY_OTHER_CLIENT | AddCause::OBJECT_ALREADY_SELECTED => {
                Self::INSTANCE_LOCKED_BY_OTHER_CLIENT
            }
            _ => refusal.error.into(),
        }
    }
}

impl From<&Outcome> for ServiceError {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Done(_) => Self::NONE,
            Outcome::Failed(code) => match *code {
                ErrorCode::OBJECT_NON_EXISTENT => Self::INSTANCE_NOT_AVAILABLE,
                ErrorCode::OBJECT_ACCESS_DENIED => Self::ACCESS_VIOLATION,
                ErrorCode::OBJECT_EXISTS => Self::INSTANCE_IN_USE,
                ErrorCode::OBJECT_UNDEFINED => Self::PARAMETER_VALUE_INCONSISTENT,
                _ => Self::FAILED_DUE_TO_SERVER_CONSTRAINT,
            },
            Outcome::Rejected(_) => Self::PARAMETER_VALUE_INAPPROPRIATE,
            Outcome::Silence | Outcome::Abort | Outcome::Later => {
                Self::FAILED_DUE_TO_SERVER_CONSTRAINT
            }
        }
    }
}
