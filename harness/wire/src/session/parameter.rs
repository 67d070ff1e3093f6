//! Parameters and parameter groups of an SPDU (ISO 8327-1, 8.2).

use crate::error::{ErrorKind, Layer, WireError};

/// A parameter or group that this implementation does not interpret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Parameter identifier or parameter group identifier.
    pub code: u8,
    /// Its value.
    pub value: Vec<u8>,
}

/// One parameter as it lies in the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw<'a> {
    pub(crate) code: u8,
    pub(crate) value: &'a [u8],
    /// Offset of the code.
    pub(crate) offset: usize,
    /// Offset of the value.
    pub(crate) value_offset: usize,
}

impl Raw<'_> {
    pub(super) fn keep(&self) -> Parameter {
        Parameter {
            code: self.code,
            value: self.value.to_vec(),
        }
    }

    /// The value as one octet.
    pub(super) fn octet(&self) -> Result<u8, WireError> {
        match self.value {
            [octet] => Ok(*octet),
            _ => Err(self.bad_size()),
        }
    }

    /// The value as two octets.
    pub(super) fn pair(&self) -> Result<u16, WireError> {
        match self.value {
            [high, low] => Ok(u16::from_be_bytes([*high, *low])),
            _ => Err(self.bad_size()),
        }
    }

    fn bad_size(&self) -> WireError {
        WireError::new(
            Layer::Session,
            ErrorKind::InvalidSize {
                found: self.value.len(),
            },
            self.offset,
        )
    }
}

/// Takes one parameter from the front of `rest`, which begins at `offset`.
pub(crate) fn take<'a>(
    rest: &mut &'a [u8],
    offset: &mut usize,
) -> Result<Option<Raw<'a>>, WireError> {
    let at = *offset;
    let Some((code, after)) = rest.split_first() else {
        return Ok(None);
    };
    let (length, header) = read_length(after, at.saturating_add(1))?;
    let body = after.get(header..).unwrap_or_default();
    let value_offset = at.saturating_add(1).saturating_add(header);
    let Some((value, remaining)) = body.split_at_checked(length) else {
        return Err(truncated(value_offset, length, body.len()));
    };
    *rest = remaining;
    *offset = value_offset.saturating_add(length);
    Ok(Some(Raw {
        code: *code,
        value,
        offset: at,
        value_offset,
    }))
}

/// A length indicator and how many octets it takes: one, or 255 and two more (8.2.5).
pub(crate) fn read_length(octets: &[u8], offset: usize) -> Result<(usize, usize), WireError> {
    match octets {
        [255, high, low, ..] => Ok((usize::from(u16::from_be_bytes([*high, *low])), 3)),
        [255, ..] => Err(truncated(offset, 3, octets.len())),
        [length, ..] => Ok((usize::from(*length), 1)),
        [] => Err(truncated(offset, 1, 0)),
    }
}

/// Writes one parameter.
pub(super) fn put(out: &mut Vec<u8>, code: u8, value: &[u8]) -> Result<(), WireError> {
    out.push(code);
    put_length(out, value.len())?;
    out.extend_from_slice(value);
    Ok(())
}

/// Writes a length indicator.
pub(super) fn put_length(out: &mut Vec<u8>, length: usize) -> Result<(), WireError> {
    match u8::try_from(length) {
        Ok(short @ 0..=254) => out.push(short),
        _ => {
            let [high, low] = u16::try_from(length)
                .map_err(|_| {
                    WireError::new(
                        Layer::Session,
                        ErrorKind::SizeExceeded { limit: 0xffff },
                        out.len(),
                    )
                })?
                .to_be_bytes();
            out.extend_from_slice(&[255, high, low]);
        }
    }
    Ok(())
}

pub(super) fn truncated(offset: usize, needed: usize, available: usize) -> WireError {
    WireError::new(
        Layer::Session,
        ErrorKind::Truncated { needed, available },
        offset,
    )
}
