//! Faults: what is no command, or a broken one, and moves the process all the same.

use iedassay_model::tree::Node;
use iedassay_wire::mms::Data;

use super::{Ied, Verb};
use crate::{Fault, control::MAX_OR_IDENT, report::Time};

impl Ied {
    /// Something is written to `Oper` that a server should refuse: with a fault the process goes to the other position.
    pub(super) fn misread(
        &mut self,
        at: usize,
        verb: Verb,
        node: Node<'_>,
        data: &Data,
        now: Time,
    ) {
        let misreads = match mistake(node, data) {
            Some(fault) if verb == Verb::Oper => self.faults.has(fault),
            _ => false,
        };
        let Some(control) = self.controls.get(at).filter(|_| misreads) else {
            return;
        };
        let (domain, ln, object) = (&control.domain, &control.ln, &control.object);
        let moved = [true, false]
            .into_iter()
            .map(|on| self.status_updates(domain, ln, object, &Data::Boolean(on), now))
            .find(|updates| !updates.is_empty());
        self.commit(moved.unwrap_or_default(), now);
    }
}

/// The fault that a broken command shows.
fn mistake(node: Node<'_>, data: &Data) -> Option<Fault> {
    let components = match data {
        Data::Structure(components) if components.len() == node.children().count() => components,
        _ => return Some(Fault::NoCommandMoves),
    };
    node.children()
        .zip(components)
        .find_map(|(child, component)| match (child.name(), component) {
            ("ctlNum", Data::Unsigned(256..)) => Some(Fault::WideCtlNumMoves),
            ("Check", Data::BitString(bits)) if bits.len() != 2 => Some(Fault::OddCheckMoves),
            ("origin", Data::Structure(origin)) => match origin.as_slice() {
                [_, Data::OctetString(ident)] if ident.len() > MAX_OR_IDENT => {
                    Some(Fault::LongOrIdentMoves)
                }
                _ => None,
            },
            _ => None,
        })
}
