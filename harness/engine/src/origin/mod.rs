//! Where the values of a case stand in the PDU that they came from, so that a failed expectation can point at what it
//! read, and at nothing else.
//!
//! A step that makes a value of a PDU makes its [`Origin`] beside it, of the same shape. An expression that does not hold
//! tells the [`Path`]s that it read; a path that leads to an element becomes a [`Mark`] on the octets of it.

mod data;
mod element;
mod path;
mod report;
mod result;

pub(crate) use data::{main_way, of_data};
pub(crate) use element::{Element, refusal};
pub(crate) use path::{Aliases, Key, Path, path_of, reads_of};
pub(crate) use report::{of_report, reason_of};
pub(crate) use result::{of_block, of_identity, of_list, of_read, of_write};

use std::sync::Arc;

/// A PDU that a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pdu {
    /// The MMS PDU.
    pub(crate) octets: Arc<[u8]>,
    /// Its frame in the capture of the case.
    pub(crate) frame: Option<u64>,
}

/// Where a value and its parts stand in a PDU.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The PDU, where it is not that of what this is a part of.
    pdu: Option<Pdu>,
    /// The element that the whole value was made of; nothing for what the harness put together.
    element: Option<Element>,
    /// Its parts, as expressions call them. What is not listed is read off the element itself.
    parts: Vec<(Key, Origin)>,
    /// The parts of a list are the elements in this one.
    each: bool,
}

/// What a path leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The PDU, where it is not that of the value that the path begins with.
    pub(crate) pdu: Option<Pdu>,
    /// The element, if it is one.
    pub(crate) element: Option<Element>,
}

impl Origin {
    /// A value made of one element.
    pub(crate) fn at(element: Element) -> Self {
        Self {
            element: Some(element),
            ..Self::default()
        }
    }

    /// A list made of an element, each member of an element in it.
    pub(crate) fn each(element: Element) -> Self {
        Self {
            each: true,
            ..Self::at(element)
        }
    }

    /// The same with a part of this name.
    pub(crate) fn with(mut self, name: &str, part: Self) -> Self {
        self.parts.push((Key::Name(name.to_owned()), part));
        self
    }

    /// A list of values that may come from other PDUs.
    pub(crate) fn list(items: impl IntoIterator<Item = Self>) -> Self {
        let parts = items.into_iter().enumerate();
        Self {
            parts: parts
                .map(|(index, part)| (Key::Index(index), part))
                .collect(),
            ..Self::default()
        }
    }

    /// The same, said to be of this PDU wherever it is put.
    pub(crate) fn of(mut self, pdu: Option<Pdu>) -> Self {
        if self.pdu.is_none() {
            self.pdu = pdu;
        }
        self
    }

    /// Whether it points at nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.element.is_none() && self.parts.iter().all(|(_, part)| part.is_empty())
    }

    /// What a path leads to: the element of the part, or that which the part was read off or is missing in.
    pub(crate) fn find(&self, keys: &[Key]) -> Found {
        let part = self.part(keys);
        Found {
            pdu: part.pdu,
            element: part.element,
        }
    }

    /// The origin of a part. It knows its PDU where that is not the one of the whole.
    pub(crate) fn part(&self, keys: &[Key]) -> Self {
        let mut pdu = self.pdu.clone();
        let mut at = self;
        for key in keys {
            match at.parts.iter().find(|(known, _)| known == key) {
                Some((_, part)) => {
                    at = part;
                    pdu = part.pdu.clone().or(pdu);
                }
                None => {
                    let element = match (key, &at.element) {
                        (Key::Index(index), Some(element)) if at.each => {
                            Some(element.child(*index))
                        }
                        (_, element) => element.clone(),
                    };
                    return Self {
                        pdu,
                        element,
                        ..Self::default()
                    };
                }
            }
        }
        Self { pdu, ..at.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        text.split('.')
            .map(|part| match part.parse() {
                Ok(index) => Key::Index(index),
                Err(_) => Key::Name(part.to_owned()),
            })
            .collect()
    }

    #[test]
    fn a_path_ends_at_the_innermost_element_that_it_reads() {
        let leaf = |index| Origin::at(Element::of("list", [index]));
        let origin = Origin::default()
            .with(
                "value",
                leaf(0).with("q", Origin::at(Element::of("list", [0, 1]))),
            )
            .with("ref", Origin::default())
            .with("names", Origin::each(Element::of("names", [])));
        let found = |text: &str| origin.find(&keys(text)).element;
        assert_eq!(found("value"), Some(Element::of("list", [0])));
        assert_eq!(found("value.q"), Some(Element::of("list", [0, 1])));
        assert_eq!(found("value.q.validity"), Some(Element::of("list", [0, 1])));
        assert_eq!(found("value.missing"), Some(Element::of("list", [0])));
        assert_eq!(found("names.7"), Some(Element::of("names", [7])));
        assert_eq!(found("ref"), None, "a word of the harness");
        assert_eq!(found("octets"), None);
    }

    #[test]
    fn a_part_keeps_the_pdu_that_it_came_from() {
        let pdu = |frame| Pdu {
            octets: Arc::from([0u8].as_slice()),
            frame: Some(frame),
        };
        let report = |frame| {
            Origin::default()
                .with("sqNum", Origin::at(Element::of("list", [2])))
                .of(Some(pdu(frame)))
        };
        let reports = Origin::default().with("reports", Origin::list([report(3), report(9)]));
        let found = reports.find(&keys("reports.1.sqNum"));
        assert_eq!(found.pdu, Some(pdu(9)));
        assert_eq!(found.element, Some(Element::of("list", [2])));
        assert_eq!(
            reports.part(&keys("reports.0")).find(&keys("sqNum")).pdu,
            Some(pdu(3))
        );
    }
}
