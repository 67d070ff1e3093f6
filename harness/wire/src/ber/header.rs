//! Identifier and length octets (X.690, 8.1.2 and 8.1.3).

use crate::ber::Tag;
use crate::ber::reader::Context;
use crate::error::{ErrorKind, WireError};
use crate::observe::ObservationKind;

/// An element with one identifier octet and a definite length of at most 64 KiB, as nearly all are.
#[derive(Clone, Copy)]
pub(crate) struct Plain<'a> {
    pub(crate) identifier: u8,
    /// Octets of identifier and length.
    pub(crate) header: usize,
    pub(crate) content: &'a [u8],
    /// What follows it.
    pub(crate) rest: &'a [u8],
}

impl<'a> Plain<'a> {
    /// The first element of `input`, if it is plain and all there.
    #[inline]
    pub(crate) fn first_of(input: &'a [u8]) -> Option<Self> {
        let (identifier, header, length, rest) = match input {
            [identifier, length @ 0..=0x7f, rest @ ..] => {
                (*identifier, 2, usize::from(*length), rest)
            }
            [identifier, 0x81, length, rest @ ..] => (*identifier, 3, usize::from(*length), rest),
            [identifier, 0x82, high, low, rest @ ..] => (
                *identifier,
                4,
                usize::from(u16::from_be_bytes([*high, *low])),
                rest,
            ),
            _ => return None,
        };
        if identifier & 0x1f == 0x1f {
            return None;
        }
        let (content, rest) = rest.split_at_checked(length)?;
        Some(Self {
            identifier,
            header,
            content,
            rest,
        })
    }
}

pub(super) struct Identifier {
    pub(super) tag: Tag,
    pub(super) constructed: bool,
    pub(super) octets: usize,
}

impl Identifier {
    pub(super) fn read(
        input: &[u8],
        offset: usize,
        context: Context<'_>,
    ) -> Result<Self, WireError> {
        let truncated = || {
            let kind = ErrorKind::Truncated {
                needed: 1,
                available: 0,
            };
            context.error(kind, offset.saturating_add(input.len()))
        };
        let Some((&first, rest)) = input.split_first() else {
            return Err(truncated());
        };
        let constructed = first & 0x20 != 0;
        if first & 0x1f != 0x1f {
            return Ok(Self {
                tag: Tag::from_low_identifier(first),
                constructed,
                octets: 1,
            });
        }
        let class = Tag::from_low_identifier(first).class();
        let mut number: u32 = 0;
        let mut octets: usize = 1;
        for &octet in rest {
            octets = octets.saturating_add(1);
            // A first subsequent octet of 0x80 is a leading zero (X.690, 8.1.2.4.2 c).
            if (octets == 2 && octet == 0x80) || number > (Tag::MAX_NUMBER >> 7) {
                return Err(context.error(ErrorKind::InvalidTag, offset));
            }
            number = (number << 7) | u32::from(octet & 0x7f);
            if octet & 0x80 == 0 {
                if number < 31 {
                    context.observe(ObservationKind::HighTagForm, offset);
                }
                return Ok(Self {
                    tag: Tag::new(class, number),
                    constructed,
                    octets,
                });
            }
        }
        Err(truncated())
    }
}

pub(super) struct Header {
    pub(super) tag: Tag,
    pub(super) constructed: bool,
    pub(super) octets: usize,
    /// `None` when indefinite.
    pub(super) length: Option<usize>,
}

impl Header {
    pub(super) fn read(
        input: &[u8],
        offset: usize,
        context: Context<'_>,
    ) -> Result<Self, WireError> {
        let Identifier {
            tag,
            constructed,
            octets,
        } = Identifier::read(input, offset, context)?;
        let length_offset = offset.saturating_add(octets);
        let rest = input.get(octets..).unwrap_or_default();
        let Some((&first, rest)) = rest.split_first() else {
            let kind = ErrorKind::Truncated {
                needed: 1,
                available: 0,
            };
            return Err(context.error(kind, length_offset));
        };
        let octets = octets.saturating_add(1);
        match first {
            0..=0x7f => Ok(Self {
                tag,
                constructed,
                octets,
                length: Some(usize::from(first)),
            }),
            0x80 if constructed => Ok(Self {
                tag,
                constructed,
                octets,
                length: None,
            }),
            0x80 => Err(context.error(ErrorKind::IndefinitePrimitive, length_offset)),
            // X.690, 8.1.3.5 c reserves it.
            0xff => Err(context.error(ErrorKind::InvalidLength, length_offset)),
            _ => {
                let count = usize::from(first & 0x7f);
                let Some(digits) = rest.get(..count) else {
                    let kind = ErrorKind::Truncated {
                        needed: count,
                        available: rest.len(),
                    };
                    return Err(context.error(kind, length_offset.saturating_add(1)));
                };
                let mut length: usize = 0;
                for &digit in digits {
                    if length > usize::MAX >> 8 {
                        return Err(context.error(ErrorKind::InvalidLength, length_offset));
                    }
                    length = (length << 8) | usize::from(digit);
                }
                if digits.first() == Some(&0) || length < 0x80 {
                    context.observe(ObservationKind::LongFormLength, length_offset);
                }
                let octets = octets.saturating_add(count);
                Ok(Self {
                    tag,
                    constructed,
                    octets,
                    length: Some(length),
                })
            }
        }
    }
}

/// Length of the contents of an indefinite element, without its end-of-contents octets.
///
/// Iterative, so that a bomb of opening octets costs no stack; a definite element inside is
/// stepped over whole, so each level of nesting reads its octets once.
pub(super) fn end_of_contents(
    body: &[u8],
    body_offset: usize,
    context: Context<'_>,
) -> Result<usize, WireError> {
    let silent = Context {
        sink: None,
        ..context
    };
    let mut open: u16 = 1;
    let mut position: usize = 0;
    loop {
        let rest = body.get(position..).unwrap_or_default();
        let offset = body_offset.saturating_add(position);
        if rest.is_empty() {
            return Err(context.error(ErrorKind::NoEndOfContents, offset));
        }
        let header = Header::read(rest, offset, silent)?;
        if header.tag == Tag::END_OF_CONTENTS {
            if header.constructed || header.length != Some(0) {
                return Err(context.error(ErrorKind::InvalidTag, offset));
            }
            open = open.saturating_sub(1);
            if open == 0 {
                return Ok(position);
            }
        }
        let length = match header.length {
            Some(length) => length,
            None => {
                open = open.saturating_add(1);
                if open > context.depth {
                    return Err(context.error(ErrorKind::DepthExceeded, offset));
                }
                0
            }
        };
        let available = rest.len().saturating_sub(header.octets);
        if length > available {
            let kind = ErrorKind::Truncated {
                needed: length,
                available,
            };
            return Err(context.error(kind, offset.saturating_add(header.octets)));
        }
        position = position
            .saturating_add(header.octets)
            .saturating_add(length);
    }
}
