//! What report control blocks see of the IED: data sets and values.

use std::sync::Arc;

use iedassay_model::{
    Fc,
    tree::{Node, NodeId, NodeKind},
};
use iedassay_wire::mms::Data;

use super::{
    data_sets::{DataSet, DataSets, locate},
    store::{Store, cells},
};
use crate::{
    Fault, FaultSet,
    client::Client,
    clock::Clock,
    report::{Access, Member, MemberSet, Time, Values},
};

/// Values and data sets, borrowed together.
pub(crate) struct World<'a> {
    pub(crate) store: &'a Store,
    pub(crate) sets: &'a DataSets,
    pub(crate) faults: &'a FaultSet,
    pub(crate) clock: &'a Clock,
}

impl World<'_> {
    fn member_set(&self, set: &DataSet) -> MemberSet {
        let model = self.store.model();
        let mut resolved = MemberSet::default();
        for member in &set.members {
            let Some((node, selection)) = locate(model, member) else {
                continue;
            };
            let at = resolved.members.len();
            for cell in leaves_of(node) {
                resolved.by_leaf.entry(cell).or_default().push(at);
            }
            let (node, selection) = match node.data_object() {
                Some(object)
                    if node.kind() == NodeKind::Attribute
                        && self.faults.has(Fault::AttributeMemberExpanded) =>
                {
                    (object, Vec::new())
                }
                _ => (node, selection),
            };
            resolved.members.push(Member {
                node: node.id(),
                selection,
                reference: member.mms_text(),
            });
        }
        resolved
    }
}

/// The cells of a member: those in it, or the array that it is part of.
fn leaves_of(node: Node<'_>) -> Vec<NodeId> {
    cells(node).into_iter().map(Node::id).collect()
}

impl Access for World<'_> {
    fn data_set(&self, text: &str, client: Option<&Client>) -> Option<Arc<MemberSet>> {
        let set = self
            .sets
            .of_block(text, client.map(|client| client.association))?;
        Some(Arc::new(self.member_set(set)))
    }

    fn values<'a>(&'a self, members: &'a MemberSet) -> Box<dyn Values + 'a> {
        Box::new(Present {
            store: self.store,
            clock: self.clock,
            members,
        })
    }
}

struct Present<'a> {
    store: &'a Store,
    clock: &'a Clock,
    members: &'a MemberSet,
}

impl Values for Present<'_> {
    fn time_of_entry(&self, now: Time) -> Time {
        self.clock.of_report(now)
    }

    fn count(&self) -> usize {
        self.members.members.len()
    }

    fn value(&self, member: usize) -> Data {
        self.members
            .members
            .get(member)
            .and_then(|member| {
                let node = self.store.model().node(member.node)?;
                self.store.read_part(node, &member.selection).ok()
            })
            .unwrap_or(Data::Structure(Vec::new()))
    }

    fn is_analogue(&self, member: usize) -> bool {
        let member = self.members.members.get(member);
        let node = member.and_then(|member| self.store.model().node(member.node));
        node.and_then(Node::fc) == Some(Fc::MX)
    }
}
