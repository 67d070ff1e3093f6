//! BER (ITU-T X.690) as the stack from ACSE to MMS uses it.
//!
//! Reading: a [`Reader`] walks the elements of a slice and hands out [`Tlv`]s that borrow from it.
//! It knows the absolute offset of every octet, how deep it is, and where to tell oddities
//! ([`crate::Observations`]). Reading allocates nothing.
//!
//! Writing: a [`Writer`] writes **back to front**, so that every length is known when it is
//! written and no octet is moved: the last element of a sequence is written first.
//!
//! ```
//! use iedassay_wire::ber::{Reader, Tag, Writer};
//! use iedassay_wire::Layer;
//!
//! let mut w = Writer::new();
//! w.constructed(Tag::SEQUENCE, |w| {
//!     w.boolean(Tag::context(1), true);
//!     w.unsigned(Tag::INTEGER, 1576);
//! });
//! assert_eq!(w.as_slice(), [0x30, 0x07, 0x02, 0x02, 0x06, 0x28, 0x81, 0x01, 0xff]);
//!
//! let mut outer = Reader::new(Layer::Mms, w.as_slice());
//! let mut r = outer.expect(Tag::SEQUENCE)?.reader()?;
//! outer.finish()?;
//! assert_eq!(r.expect(Tag::INTEGER)?.u32()?, 1576);
//! assert!(r.expect(Tag::context(1))?.boolean()?);
//! r.finish()?;
//! # Ok::<(), iedassay_wire::WireError>(())
//! ```

mod bits;
mod header;
mod oid;
mod raw;
mod reader;
mod string;
mod tag;
mod tlv;
mod writer;

pub use bits::{BitStr, BitString};
pub(crate) use header::Plain;
pub use oid::Oid;
pub(crate) use raw::write_hex;
pub use raw::{RawTlv, RawView};
pub use reader::{Limits, Reader};
pub use string::{Octets, Text};
pub use tag::{Class, Tag};
pub use tlv::Tlv;
pub use writer::Writer;
