//! An element kept as it came.

use core::fmt;

use crate::ber::{Reader, Tag, Tlv, Writer};
use crate::error::Layer;

/// An owned element that nothing here interprets.
///
/// The length form is not kept: it is written back with the shortest definite length.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawTlv {
    /// The tag.
    pub tag: Tag,
    /// True in constructed form.
    pub constructed: bool,
    /// The contents octets.
    pub content: Vec<u8>,
}

impl RawTlv {
    /// Writes it.
    pub fn encode_into(&self, w: &mut Writer) {
        w.element(self.tag, self.constructed, &self.content);
    }
}

/// An element that nothing here interprets, borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawView<'a> {
    /// The tag.
    pub tag: Tag,
    /// True in constructed form.
    pub constructed: bool,
    /// The contents octets.
    pub content: &'a [u8],
}

impl RawView<'_> {
    /// An owned copy.
    #[must_use]
    pub fn to_raw(&self) -> RawTlv {
        RawTlv {
            tag: self.tag,
            constructed: self.constructed,
            content: self.content.to_vec(),
        }
    }
}

impl<'a> From<Tlv<'a>> for RawView<'a> {
    fn from(tlv: Tlv<'a>) -> Self {
        Self {
            tag: tlv.tag(),
            constructed: tlv.is_constructed(),
            content: tlv.content(),
        }
    }
}

impl From<Tlv<'_>> for RawTlv {
    fn from(tlv: Tlv<'_>) -> Self {
        tlv.to_raw()
    }
}

/// `[5] 0a0b` in primitive form, `[5]{[0] 01, INTEGER 02}` in constructed form.
impl fmt::Display for RawTlv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_element(f, self.tag, self.constructed, &self.content, 16)
    }
}

impl fmt::Debug for RawTlv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn write_element(
    f: &mut fmt::Formatter<'_>,
    tag: Tag,
    constructed: bool,
    content: &[u8],
    depth: u16,
) -> fmt::Result {
    write!(f, "{tag}")?;
    if let Some(depth) = depth.checked_sub(1)
        && constructed
        && let Some(elements) = elements(content)
    {
        f.write_str("{")?;
        for (i, tlv) in elements.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write_element(f, tlv.tag(), tlv.is_constructed(), tlv.content(), depth)?;
        }
        return f.write_str("}");
    }
    if content.is_empty() {
        return Ok(());
    }
    f.write_str(" ")?;
    write_hex(f, content)
}

/// The elements of `content`, if it is nothing but elements.
fn elements(content: &[u8]) -> Option<Vec<Tlv<'_>>> {
    let mut reader = Reader::new(Layer::Mms, content);
    let mut elements = Vec::new();
    while let Some(tlv) = reader.next().ok()? {
        elements.push(tlv);
    }
    Some(elements)
}

/// Writes octets as hex digits without spaces.
pub(crate) fn write_hex(f: &mut fmt::Formatter<'_>, octets: &[u8]) -> fmt::Result {
    octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
}
