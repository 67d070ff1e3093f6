//! ARU and ARP (ISO 8823-1, 8.4.3).

use crate::ber::{Reader, Tag, Writer};
use crate::error::{ErrorKind, Layer, WireError};
use crate::presentation::UserData;

/// What a session ABORT carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AbortPpdu<'a> {
    /// ARU: abort by the user.
    User {
        /// ACSE data.
        user_data: Option<UserData<'a>>,
    },
    /// ARP: abort by the provider.
    Provider {
        /// Why.
        reason: Option<AbortReason>,
        /// The event that caused it.
        event: Option<i64>,
    },
}

/// Reason of an ARP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AbortReason(pub i64);

impl AbortReason {
    /// Not specified.
    pub const NOT_SPECIFIED: Self = Self(0);
    /// A PPDU that was not recognised.
    pub const UNRECOGNIZED_PPDU: Self = Self(1);
    /// A PPDU that was not expected.
    pub const UNEXPECTED_PPDU: Self = Self(2);
    /// A session primitive that was not expected.
    pub const UNEXPECTED_PRIMITIVE: Self = Self(3);
    /// A parameter that was not recognised.
    pub const UNRECOGNIZED_PARAMETER: Self = Self(4);
    /// A parameter that was not expected.
    pub const UNEXPECTED_PARAMETER: Self = Self(5);
    /// A parameter with an invalid value.
    pub const INVALID_PARAMETER: Self = Self(6);
}

impl core::fmt::Display for AbortReason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let name = match self.0 {
            0 => "not specified",
            1 => "unrecognized PPDU",
            2 => "unexpected PPDU",
            3 => "unexpected session primitive",
            4 => "unrecognized PPDU parameter",
            5 => "unexpected PPDU parameter",
            6 => "invalid PPDU parameter value",
            _ => "unknown reason",
        };
        write!(f, "{name} ({})", self.0)
    }
}

impl<'a> AbortPpdu<'a> {
    /// Decodes an ARU or ARP; `offset` is the place of `octets` in what errors count from.
    ///
    /// # Errors
    /// When it is neither.
    pub fn decode(octets: &'a [u8], offset: usize) -> Result<Self, WireError> {
        let mut outer = Reader::new(Layer::Presentation, octets).at_offset(offset);
        let tlv = outer.any("Abort-type")?;
        outer.finish()?;
        if tlv.tag() == Tag::context(0) {
            let mut user_data = None;
            let mut parameters = tlv.reader()?;
            while let Some(parameter) = parameters.next()? {
                // The context list repeats what is known, and the rest is not known.
                if UserData::is(&parameter) {
                    user_data = Some(UserData::from_tlv(&parameter)?);
                }
            }
            return Ok(Self::User { user_data });
        }
        if tlv.tag() != Tag::SEQUENCE {
            return Err(tlv.error(ErrorKind::NoAlternative {
                choice: "Abort-type",
            }));
        }
        let mut parameters = tlv.reader()?;
        let reason = match parameters.optional(Tag::context(0))? {
            Some(tlv) => Some(AbortReason(tlv.i64()?)),
            None => None,
        };
        let event = match parameters.optional(Tag::context(1))? {
            Some(tlv) => Some(tlv.i64()?),
            None => None,
        };
        parameters.finish()?;
        Ok(Self::Provider { reason, event })
    }

    /// Encodes it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        match self {
            Self::User { user_data } => w.constructed(Tag::context(0), |w| {
                if let Some(data) = user_data {
                    data.encode_into(w);
                }
            }),
            Self::Provider { reason, event } => w.constructed(Tag::SEQUENCE, |w| {
                if let Some(event) = event {
                    w.integer(Tag::context(1), *event);
                }
                if let Some(AbortReason(reason)) = reason {
                    w.integer(Tag::context(0), *reason);
                }
            }),
        }
        w.into_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_both() {
        let user = AbortPpdu::User {
            user_data: Some(UserData::single(1, &[0x64, 3, 0x80, 1, 0])),
        };
        let octets = user.encode();
        let AbortPpdu::User {
            user_data: Some(data),
        } = AbortPpdu::decode(&octets, 0).unwrap()
        else {
            panic!("not an ARU with data")
        };
        assert_eq!(data.in_context(1).unwrap().0, [0x64, 3, 0x80, 1, 0]);

        let provider = AbortPpdu::Provider {
            reason: Some(AbortReason::UNEXPECTED_PPDU),
            event: None,
        };
        assert_eq!(AbortPpdu::decode(&provider.encode(), 0).unwrap(), provider);
    }

    #[test]
    fn rejects_what_is_neither() {
        assert!(AbortPpdu::decode(&[0x31, 0], 0).is_err());
        assert!(AbortPpdu::decode(&[], 0).is_err());
    }
}
