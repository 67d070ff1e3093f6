//! Association control (ISO 8650-1, ITU-T X.227).

mod apdu;
mod associate;
mod name;

pub use apdu::{Abort, AbortSource, Apdu, Release, ReleaseReason};
pub use associate::{AssociateRequest, AssociateResponse, AssociateResult, Diagnostic};
pub use name::{AeQualifier, ApTitle, AuthenticationValue, EntityName};

use crate::ber::Oid;

/// Application context of MMS: 1.0.9506.2.3.
#[must_use]
pub fn mms_application_context() -> Oid {
    Oid::from_valid(&[0x28, 0xca, 0x22, 2, 3])
}

/// Authentication mechanism of a password: 2.2.3.1.
#[must_use]
pub fn password_mechanism() -> Oid {
    Oid::from_valid(&[0x52, 3, 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_are_those_of_the_standard() {
        assert_eq!(mms_application_context().arcs(), [1, 0, 9506, 2, 3]);
        assert_eq!(password_mechanism().arcs(), [2, 2, 3, 1]);
    }
}
