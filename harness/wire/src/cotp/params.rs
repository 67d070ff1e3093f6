//! The variable part of connection and error TPDUs (ISO 8073, 13.3.4).

use crate::error::{ErrorKind, Layer, WireError};

/// Code of the calling transport selector.
const CALLING_TSAP: u8 = 0xc1;
/// Code of the called transport selector.
const CALLED_TSAP: u8 = 0xc2;
/// Code of the TPDU size.
const TPDU_SIZE: u8 = 0xc0;
/// Code of the preferred maximum TPDU size.
const PREFERRED_MAX: u8 = 0xf0;

/// TPDU size as a power of two, from 7 (128 octets) to 13 (8192 octets); class 0 ends at 11
/// (2048 octets), but RFC 1006 and every stack in the field go further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TpduSize(pub u8);

impl TpduSize {
    /// 128 octets: what holds when nothing is said.
    pub const DEFAULT: Self = Self(7);
    /// 1024 octets.
    pub const S1024: Self = Self(10);
    /// 8192 octets, the largest.
    pub const MAX: Self = Self(13);

    /// Octets of a TPDU, header included; `None` for a code outside 7 to 13.
    #[must_use]
    pub const fn octets(self) -> Option<usize> {
        match self.0 {
            7 => Some(128),
            8 => Some(256),
            9 => Some(512),
            10 => Some(1024),
            11 => Some(2048),
            12 => Some(4096),
            13 => Some(8192),
            _ => None,
        }
    }
}

/// A parameter that this implementation does not interpret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownParameter {
    /// Its code.
    pub code: u8,
    /// Its value.
    pub value: Vec<u8>,
}

/// The variable part. What is absent is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// Maximum TPDU size; the code is kept even when it is out of range.
    pub tpdu_size: Option<TpduSize>,
    /// Preferred maximum TPDU size in units of 128 octets.
    pub preferred_max: Option<u32>,
    /// Transport selector of the calling side.
    pub calling_tsap: Option<Vec<u8>>,
    /// Transport selector of the called side.
    pub called_tsap: Option<Vec<u8>>,
    /// All others, in order.
    pub unknown: Vec<UnknownParameter>,
}

impl Parameters {
    /// Decodes the variable part; `offset` is its place in the packet, for errors.
    ///
    /// # Errors
    /// When a parameter reaches past the end or has an impossible length.
    pub fn decode(mut rest: &[u8], mut offset: usize) -> Result<Self, WireError> {
        let mut parameters = Self::default();
        while let [code, more @ ..] = rest {
            let (length, value) = match more {
                [length, value @ ..] => (usize::from(*length), value),
                [] => return Err(truncated(offset, 2, 1)),
            };
            let Some((value, after)) = value.split_at_checked(length) else {
                return Err(truncated(offset.saturating_add(2), length, value.len()));
            };
            parameters.take(*code, value, offset)?;
            offset = offset.saturating_add(2).saturating_add(length);
            rest = after;
        }
        Ok(parameters)
    }

    fn take(&mut self, code: u8, value: &[u8], offset: usize) -> Result<(), WireError> {
        let bad_size = || {
            WireError::new(
                Layer::Cotp,
                ErrorKind::InvalidSize { found: value.len() },
                offset,
            )
        };
        match code {
            TPDU_SIZE => match value {
                [size] => self.tpdu_size = Some(TpduSize(*size)),
                _ => return Err(bad_size()),
            },
            PREFERRED_MAX => {
                if value.is_empty() || value.len() > 4 {
                    return Err(bad_size());
                }
                let number = value
                    .iter()
                    .fold(0u32, |sum, octet| (sum << 8) | u32::from(*octet));
                self.preferred_max = Some(number);
            }
            CALLING_TSAP => self.calling_tsap = Some(value.to_vec()),
            CALLED_TSAP => self.called_tsap = Some(value.to_vec()),
            _ => self.unknown.push(UnknownParameter {
                code,
                value: value.to_vec(),
            }),
        }
        Ok(())
    }

    /// Encodes in the order that most stacks send: size, calling, called, then the rest.
    ///
    /// # Errors
    /// [`ErrorKind::SizeExceeded`] when a value is longer than 254 octets.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), WireError> {
        if let Some(TpduSize(code)) = self.tpdu_size {
            put(out, TPDU_SIZE, &[code])?;
        }
        if let Some(tsap) = &self.calling_tsap {
            put(out, CALLING_TSAP, tsap)?;
        }
        if let Some(tsap) = &self.called_tsap {
            put(out, CALLED_TSAP, tsap)?;
        }
        if let Some(units) = self.preferred_max {
            let octets = units.to_be_bytes();
            let skip = octets
                .iter()
                .take(3)
                .take_while(|octet| **octet == 0)
                .count();
            put(out, PREFERRED_MAX, octets.get(skip..).unwrap_or_default())?;
        }
        for unknown in &self.unknown {
            put(out, unknown.code, &unknown.value)?;
        }
        Ok(())
    }
}

fn put(out: &mut Vec<u8>, code: u8, value: &[u8]) -> Result<(), WireError> {
    let length = u8::try_from(value.len())
        .ok()
        .filter(|length| *length < 255)
        .ok_or(WireError::new(
            Layer::Cotp,
            ErrorKind::SizeExceeded { limit: 254 },
            out.len(),
        ))?;
    out.extend_from_slice(&[code, length]);
    out.extend_from_slice(value);
    Ok(())
}

fn truncated(offset: usize, needed: usize, available: usize) -> WireError {
    WireError::new(
        Layer::Cotp,
        ErrorKind::Truncated { needed, available },
        offset,
    )
}
