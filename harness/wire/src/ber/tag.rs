//! Identifier octets: class and number (X.690, 8.1.2).

use core::fmt;

/// Tag class (X.690, table 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Types of ASN.1 itself.
    Universal,
    /// Types of one application.
    Application,
    /// Alternatives and components.
    Context,
    /// Types of one enterprise.
    Private,
}

/// A tag: class and number, without the primitive or constructed bit.
///
/// Packed in 32 bits so that constants can be matched on. Numbers go up to [`Tag::MAX_NUMBER`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(u32);

const CLASS_SHIFT: u32 = 30;

impl Tag {
    /// The largest tag number that can be read or written.
    pub const MAX_NUMBER: u32 = (1 << CLASS_SHIFT) - 1;

    /// End-of-contents of an indefinite length.
    pub const END_OF_CONTENTS: Self = Self::universal(0);
    /// BOOLEAN.
    pub const BOOLEAN: Self = Self::universal(1);
    /// INTEGER.
    pub const INTEGER: Self = Self::universal(2);
    /// BIT STRING.
    pub const BIT_STRING: Self = Self::universal(3);
    /// OCTET STRING.
    pub const OCTET_STRING: Self = Self::universal(4);
    /// NULL.
    pub const NULL: Self = Self::universal(5);
    /// OBJECT IDENTIFIER.
    pub const OID: Self = Self::universal(6);
    /// EXTERNAL.
    pub const EXTERNAL: Self = Self::universal(8);
    /// UTF8String.
    pub const UTF8_STRING: Self = Self::universal(12);
    /// SEQUENCE and SEQUENCE OF.
    pub const SEQUENCE: Self = Self::universal(16);
    /// SET and SET OF.
    pub const SET: Self = Self::universal(17);
    /// GraphicString.
    pub const GRAPHIC_STRING: Self = Self::universal(25);
    /// VisibleString.
    pub const VISIBLE_STRING: Self = Self::universal(26);

    /// The tag of `class` and `number`; numbers above [`Tag::MAX_NUMBER`] are cut to it.
    #[must_use]
    pub const fn new(class: Class, number: u32) -> Self {
        let class_bits: u32 = match class {
            Class::Universal => 0,
            Class::Application => 1,
            Class::Context => 2,
            Class::Private => 3,
        };
        let number = if number > Self::MAX_NUMBER {
            Self::MAX_NUMBER
        } else {
            number
        };
        Self((class_bits << CLASS_SHIFT) | number)
    }

    /// `[UNIVERSAL number]`.
    #[must_use]
    pub const fn universal(number: u32) -> Self {
        Self::new(Class::Universal, number)
    }

    /// `[APPLICATION number]`.
    #[must_use]
    pub const fn application(number: u32) -> Self {
        Self::new(Class::Application, number)
    }

    /// `[number]`.
    #[must_use]
    pub const fn context(number: u32) -> Self {
        Self::new(Class::Context, number)
    }

    /// Class of the tag.
    #[must_use]
    pub const fn class(self) -> Class {
        match self.0 >> CLASS_SHIFT {
            0 => Class::Universal,
            1 => Class::Application,
            2 => Class::Context,
            _ => Class::Private,
        }
    }

    /// Number of the tag.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0 & Self::MAX_NUMBER
    }

    /// The number, if this is a context tag.
    #[must_use]
    pub const fn context_number(self) -> Option<u32> {
        match self.class() {
            Class::Context => Some(self.number()),
            _ => None,
        }
    }

    /// From an identifier octet in low tag number form.
    #[inline]
    pub(super) const fn from_low_identifier(identifier: u8) -> Self {
        let identifier = identifier as u32;
        Self(((identifier >> 6) << CLASS_SHIFT) | (identifier & 0x1f))
    }

    /// The class bits of the identifier octet.
    #[inline]
    pub(super) const fn class_bits(self) -> u8 {
        match self.class() {
            Class::Universal => 0x00,
            Class::Application => 0x40,
            Class::Context => 0x80,
            Class::Private => 0xc0,
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number();
        let name = match self.class() {
            Class::Context => return write!(f, "[{number}]"),
            Class::Application => return write!(f, "[APPLICATION {number}]"),
            Class::Private => return write!(f, "[PRIVATE {number}]"),
            Class::Universal => match number {
                0 => "end-of-contents",
                1 => "BOOLEAN",
                2 => "INTEGER",
                3 => "BIT STRING",
                4 => "OCTET STRING",
                5 => "NULL",
                6 => "OBJECT IDENTIFIER",
                7 => "ObjectDescriptor",
                8 => "EXTERNAL",
                9 => "REAL",
                10 => "ENUMERATED",
                12 => "UTF8String",
                16 => "SEQUENCE",
                17 => "SET",
                19 => "PrintableString",
                22 => "IA5String",
                23 => "UTCTime",
                24 => "GeneralizedTime",
                25 => "GraphicString",
                26 => "VisibleString",
                27 => "GeneralString",
                _ => return write!(f, "[UNIVERSAL {number}]"),
            },
        };
        f.write_str(name)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
