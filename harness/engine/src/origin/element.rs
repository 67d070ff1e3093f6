//! An element of a PDU: by name and number, as the decoder shows it.

use iedassay_reports::Mark;
use iedassay_wire::annotate::{Node, Start, annotate_from};

use crate::outcome::Outcome;

/// An element of a PDU: the first of this name, or what stands in it at these numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    under: &'static str,
    way: Vec<usize>,
}

impl Element {
    pub(crate) fn of(under: &'static str, way: impl IntoIterator<Item = usize>) -> Self {
        Self {
            under,
            way: way.into_iter().collect(),
        }
    }

    /// An element in this one, by number.
    pub(crate) fn child(&self, index: usize) -> Self {
        Self::of(self.under, self.way.iter().copied().chain([index]))
    }

    /// The mark on it in a PDU; nothing where the PDU has no such element.
    pub(crate) fn mark(&self, octets: &[u8], read: &str) -> Option<Mark> {
        let tree = annotate_from(octets, Start::Mms);
        let mut names = Vec::new();
        let mut at = find(&tree, self.under, &mut names)?;
        for index in &self.way {
            at = at.children.get(*index)?;
            names.push(at.name.as_ref());
        }
        mark(at, &names, read)
    }
}

/// What of a PDU says no: the mark on the error that an outcome was read off. `index` of `of` results it is.
pub(crate) fn refusal(octets: &[u8], outcome: &Outcome, index: usize, of: usize) -> Option<Mark> {
    let tree = annotate_from(octets, Start::Mms);
    let mut names = Vec::new();
    let node = match outcome {
        Outcome::DataAccessError(_) => {
            let mut list = find(&tree, "listOfAccessResult", &mut names);
            if list.is_none() {
                list = find(&tree, "write", &mut names);
            }
            let list = list?;
            // Outcomes that are about the answer as a whole stand before those of its results.
            let ahead = of.checked_sub(list.children.len())?;
            let result = list.children.get(index.checked_sub(ahead)?)?;
            if !result.name.ends_with("failure") {
                return None;
            }
            names.push(result.name.as_ref());
            result
        }
        // One PDU says no to all that was asked in it; with several answers this may be the PDU of another.
        Outcome::ServiceError { .. } if of == 1 => find(&tree, "serviceError", &mut names)?,
        Outcome::Reject { .. } if of == 1 => {
            let reject = find(&tree, "rejectPDU", &mut names)?;
            let reason = reject.children.last()?;
            names.push(reason.name.as_ref());
            reason
        }
        Outcome::Malformed(_) if of == 1 => return broken(octets),
        _ => return None,
    };
    mark(node, &names, &outcome.to_string())
}

/// Where a PDU cannot be decoded.
fn broken(octets: &[u8]) -> Option<Mark> {
    fn walk<'a>(nodes: &'a [Node], names: &mut Vec<&'a str>) -> Option<&'a Node> {
        for node in nodes {
            names.push(node.name.as_ref());
            if let Some(inner) = walk(&node.children, names) {
                return Some(inner);
            }
            if node.error.is_some() {
                return Some(node);
            }
            names.pop();
        }
        None
    }
    let tree = annotate_from(octets, Start::Mms);
    let mut names = Vec::new();
    let node = walk(&tree, &mut names)?;
    let error = node.error?;
    mark(node, &names, &error.to_string())
}

/// The first node of a name, and the names on the way to it, itself included.
fn find<'a>(nodes: &'a [Node], name: &str, names: &mut Vec<&'a str>) -> Option<&'a Node> {
    for node in nodes {
        names.push(node.name.as_ref());
        if node.name == name {
            return Some(node);
        }
        if let Some(found) = find(&node.children, name, names) {
            return Some(found);
        }
        names.pop();
    }
    None
}

fn mark(node: &Node, names: &[&str], read: &str) -> Option<Mark> {
    let length = u32::try_from(node.length).ok()?;
    // The kind of the PDU stands at the top of the decoded tree anyway.
    let inner = names.get(1..).filter(|inner| !inner.is_empty());
    (length > 0).then_some(Mark {
        read: read.to_owned(),
        element: inner.unwrap_or(names).join("/"),
        offset: u32::try_from(node.offset).ok()?,
        length,
        frame: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_wire::mms::{
        ConfirmedResponse, Data, DataAccessError, Pdu, ReadResponse, Response, WriteResponse,
    };

    fn pdu(service: Response) -> Vec<u8> {
        Pdu::ConfirmedResponse(ConfirmedResponse {
            invoke_id: 5,
            service,
            detail: None,
        })
        .encode()
    }

    fn read() -> Vec<u8> {
        pdu(Response::Read(ReadResponse {
            access: None,
            results: vec![
                Ok(Data::Boolean(true)),
                Err(DataAccessError(10)),
                Ok(Data::Structure(vec![
                    Data::Integer(3),
                    Data::VisibleString("ab".into()),
                ])),
            ],
        }))
    }

    #[test]
    fn marks_the_octets_of_the_element_and_no_others() {
        let octets = read();
        let mark = Element::of("listOfAccessResult", [2, 1])
            .mark(&octets, "r.value.d")
            .unwrap();
        let from = mark.offset as usize;
        assert_eq!(
            octets[from..from + mark.length as usize],
            [0x8a, 2, b'a', b'b']
        );
        assert_eq!(mark.last() as usize, octets.len() - 1);
        assert_eq!(
            mark.element,
            "read/listOfAccessResult/2: structure/1: visible-string"
        );
        assert_eq!(mark.read, "r.value.d");
        let beyond = Element::of("listOfAccessResult", [7]);
        assert_eq!(beyond.mark(&octets, "x"), None);
        assert_eq!(Element::of("vendorName", []).mark(&octets, "x"), None);
    }

    #[test]
    fn marks_the_error_that_an_outcome_was_read_off() {
        let octets = read();
        let outcome = Outcome::DataAccessError(10);
        let mark = refusal(&octets, &outcome, 1, 3).unwrap();
        let from = mark.offset as usize;
        assert_eq!(octets[from..from + mark.length as usize], [0x80, 1, 10]);
        assert_eq!(
            refusal(&octets, &outcome, 2, 4),
            refusal(&octets, &outcome, 1, 3)
        );
        assert_eq!(
            refusal(&octets, &outcome, 0, 3),
            None,
            "that one is a value"
        );
        let written = pdu(Response::Write(WriteResponse {
            results: vec![Err(DataAccessError(3))],
        }));
        let mark = refusal(&written, &Outcome::DataAccessError(3), 0, 1).unwrap();
        assert_eq!(mark.element, "write/0: failure");
        assert_eq!(refusal(&written, &Outcome::Timeout, 0, 1), None);
    }

    #[test]
    fn marks_where_the_decoder_gave_up() {
        let mut octets = read();
        octets.truncate(octets.len() - 1);
        assert!(broken(&octets).is_some());
        assert_eq!(broken(&read()), None);
    }
}
