//! Parts of variables (ISO 9506-2, AlternateAccess).

use core::fmt;

use crate::ber::{Reader, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::mms::code::write_list;

/// Parts of a variable (ISO 9506-2, AlternateAccess).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AlternateAccess {
    /// The parts in order.
    pub items: Vec<AlternateAccessItem>,
}

/// One part, which may get a name of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AlternateAccessItem {
    /// `[5]` name that the part gets in the derived type.
    pub name: Option<String>,
    /// Which part.
    pub selection: AccessSelection,
}

/// Which part (ISO 9506-2, AlternateAccessSelection).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AccessSelection {
    /// The whole of what the selector selects.
    Select(Selector),
    /// `[0]` parts of what the selector selects.
    Nested(Selector, AlternateAccess),
}

/// What is selected from a structure or an array.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selector {
    /// A component by its name.
    Component(String),
    /// An array element, from 0.
    Index(u32),
    /// Consecutive array elements.
    IndexRange {
        /// The first.
        low: u32,
        /// How many.
        count: u32,
    },
    /// All array elements.
    AllElements,
}

impl AlternateAccess {
    /// The whole of what `selector` selects.
    #[must_use]
    pub fn select(selector: Selector) -> Self {
        let selection = AccessSelection::Select(selector);
        Self {
            items: vec![AlternateAccessItem {
                name: None,
                selection,
            }],
        }
    }

    /// One component.
    #[must_use]
    pub fn component(name: impl Into<String>) -> Self {
        Self::select(Selector::Component(name.into()))
    }

    /// One array element.
    #[must_use]
    pub fn index(index: u32) -> Self {
        Self::select(Selector::Index(index))
    }

    /// Consecutive array elements.
    #[must_use]
    pub fn index_range(low: u32, count: u32) -> Self {
        Self::select(Selector::IndexRange { low, count })
    }

    /// `self`, taken of what `selector` selects: `component("mag").of(Selector::Index(3))`.
    #[must_use]
    pub fn of(self, selector: Selector) -> Self {
        let selection = AccessSelection::Nested(selector, self);
        Self {
            items: vec![AlternateAccessItem {
                name: None,
                selection,
            }],
        }
    }

    /// The AlternateAccess that `tlv` is, whatever its tag.
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let mut items = Vec::new();
        while let Some(tlv) = r.next()? {
            items.push(AlternateAccessItem::from_tlv(&tlv)?);
        }
        Ok(Self { items })
    }

    pub(crate) fn encode_as(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            for item in self.items.iter().rev() {
                item.encode(w);
            }
        });
    }
}

impl AlternateAccessItem {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        if tlv.tag() != Tag::context(5) {
            return Ok(Self {
                name: None,
                selection: AccessSelection::from_tlv(tlv)?,
            });
        }
        let mut r = tlv.reader()?;
        let name = r.expect(Tag::context(0))?.visible()?.into();
        let selection = AccessSelection::from_tlv(&r.any(CHOICE)?)?;
        r.finish()?;
        Ok(Self {
            name: Some(name),
            selection,
        })
    }

    fn encode(&self, w: &mut Writer) {
        match &self.name {
            None => self.selection.encode(w),
            Some(name) => w.constructed(Tag::context(5), |w| {
                self.selection.encode(w);
                w.text(Tag::context(0), name);
            }),
        }
    }
}

const CHOICE: &str = "AlternateAccessSelection";

impl AccessSelection {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        if tlv.tag() != Tag::context(0) {
            return Selector::from_tlv(tlv, 1).map(Self::Select);
        }
        let mut r = tlv.reader()?;
        let selector = Selector::from_tlv(&r.any(CHOICE)?, 0)?;
        let parts = AlternateAccess::from_tlv(&r.expect(Tag::SEQUENCE)?)?;
        r.finish()?;
        Ok(Self::Nested(selector, parts))
    }

    fn encode(&self, w: &mut Writer) {
        match self {
            Self::Select(selector) => selector.encode(w, 1),
            Self::Nested(selector, parts) => w.constructed(Tag::context(0), |w| {
                parts.encode_as(w, Tag::SEQUENCE);
                selector.encode(w, 0);
            }),
        }
    }
}

impl Selector {
    /// `first` is the tag number of `component`: 0 when parts follow, 1 otherwise.
    fn from_tlv(tlv: &Tlv<'_>, first: u32) -> Result<Self, WireError> {
        let alternative = tlv
            .tag()
            .context_number()
            .and_then(|number| number.checked_sub(first));
        match alternative {
            Some(0) => Ok(Self::Component(tlv.visible()?.into())),
            Some(1) => tlv.u32().map(Self::Index),
            Some(2) => {
                let mut r: Reader<'_> = tlv.reader()?;
                let low = r.expect(Tag::context(0))?.u32()?;
                let count = r.expect(Tag::context(1))?.u32()?;
                r.finish()?;
                Ok(Self::IndexRange { low, count })
            }
            Some(3) => tlv.null().map(|()| Self::AllElements),
            _ => Err(tlv.error(ErrorKind::NoAlternative { choice: CHOICE })),
        }
    }

    fn encode(&self, w: &mut Writer, first: u32) {
        let tag = |alternative: u32| Tag::context(alternative.saturating_add(first));
        match self {
            Self::Component(name) => w.text(tag(0), name),
            Self::Index(index) => w.unsigned(tag(1), u64::from(*index)),
            Self::IndexRange { low, count } => w.constructed(tag(2), |w| {
                w.unsigned(Tag::context(1), u64::from(*count));
                w.unsigned(Tag::context(0), u64::from(*low));
            }),
            Self::AllElements => w.null(tag(3)),
        }
    }
}

/// `.mag`, `(3)`, `(3).mag`, `(0..4)`, `{.a, (2)}` when there are several.
impl fmt::Display for AlternateAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.items.as_slice() {
            [item] => write!(f, "{item}"),
            items => write_list(f, "{", items, "}"),
        }
    }
}

impl fmt::Display for AlternateAccessItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name}=")?;
        }
        match &self.selection {
            AccessSelection::Select(selector) => write!(f, "{selector}"),
            AccessSelection::Nested(selector, parts) => write!(f, "{selector}{parts}"),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Component(name) => write!(f, ".{name}"),
            Self::Index(index) => write!(f, "({index})"),
            Self::IndexRange { low, count } => {
                write!(
                    f,
                    "({low}..{})",
                    u64::from(*low).saturating_add(u64::from(*count))
                )
            }
            Self::AllElements => f.write_str("(*)"),
        }
    }
}
