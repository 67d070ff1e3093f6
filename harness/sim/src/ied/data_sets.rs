//! Data sets: configured ones, those that clients define for good, and those of one association.

use std::collections::BTreeMap;

use iedassay_model::{
    DataSetReference, ObjectReference, Selection,
    tree::{Node, ServerModel},
};

use crate::client::AssociationId;

/// A data set as it is served.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DataSet {
    pub(crate) members: Vec<ObjectReference>,
    /// Whether a client may delete it: it was defined by one.
    pub(crate) deletable: bool,
}

/// Every data set of the server. Names are those of the MMS: domain and `LN$name`.
#[derive(Clone, Debug, Default)]
pub(crate) struct DataSets {
    persistent: BTreeMap<String, Vec<(String, DataSet)>>,
    of_association: BTreeMap<AssociationId, Vec<(String, DataSet)>>,
    /// Those that outlive their association, with the fault.
    left: Vec<(String, DataSet)>,
    /// How many clients have defined, also those that are gone.
    made: usize,
}

impl DataSets {
    /// The configured data sets.
    pub(crate) fn new(model: &ServerModel) -> Self {
        let mut sets = Self::default();
        for at in model.data_sets() {
            let item = format!("{}${}", at.ln.name, at.data_set.name);
            let set = DataSet {
                members: at.data_set.members.clone(),
                deletable: false,
            };
            sets.persistent
                .entry(at.ld.name.clone())
                .or_default()
                .push((item, set));
        }
        sets
    }

    /// Those of a domain, in the order in which they came.
    pub(crate) fn of_domain(&self, domain: &str) -> &[(String, DataSet)] {
        self.persistent.get(domain).map_or(&[], Vec::as_slice)
    }

    /// Those of an association.
    pub(crate) fn of_association(&self, association: AssociationId) -> &[(String, DataSet)] {
        self.of_association
            .get(&association)
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn persistent(&self, domain: &str, item: &str) -> Option<&DataSet> {
        find(self.of_domain(domain), item)
    }

    pub(crate) fn own(&self, association: AssociationId, name: &str) -> Option<&DataSet> {
        find(self.of_association(association), name).or_else(|| find(&self.left, name))
    }

    /// The first of a name in any association.
    pub(crate) fn of_anybody(&self, name: &str) -> Option<&DataSet> {
        self.of_association
            .values()
            .find_map(|sets| find(sets, name))
    }

    /// The data set that the `DatSet` of a control block names: `LD/LN$name`, or `@name` of the association.
    pub(crate) fn of_block(
        &self,
        text: &str,
        association: Option<AssociationId>,
    ) -> Option<&DataSet> {
        // Other spellings that the parser also reads are not those of IEC 61850-8-1.
        let reference: DataSetReference = text.parse().ok()?;
        if reference.mms_text() != text {
            return None;
        }
        match reference.to_mms() {
            (Some(domain), item) => self.persistent(domain, &item),
            (None, name) => self.own(association?, &name),
        }
    }

    /// How many data sets clients have ever defined.
    pub(crate) const fn made(&self) -> usize {
        self.made
    }

    pub(crate) fn define(&mut self, domain: &str, item: &str, members: Vec<ObjectReference>) {
        let set = DataSet {
            members,
            deletable: true,
        };
        self.made += 1;
        self.persistent
            .entry(domain.to_owned())
            .or_default()
            .push((item.to_owned(), set));
    }

    pub(crate) fn define_own(
        &mut self,
        association: AssociationId,
        name: &str,
        members: Vec<ObjectReference>,
    ) {
        let set = DataSet {
            members,
            deletable: true,
        };
        self.made += 1;
        self.of_association
            .entry(association)
            .or_default()
            .push((name.to_owned(), set));
    }

    pub(crate) fn delete(&mut self, domain: &str, item: &str) {
        if let Some(sets) = self.persistent.get_mut(domain) {
            sets.retain(|(name, _)| name != item);
        }
    }

    pub(crate) fn delete_own(&mut self, association: AssociationId, name: &str) {
        if let Some(sets) = self.of_association.get_mut(&association) {
            sets.retain(|(own, _)| own != name);
        }
    }

    /// Data sets of associations are gone.
    pub(crate) fn power_cycle(&mut self) {
        self.of_association.clear();
    }

    pub(crate) fn association_ended(&mut self, association: AssociationId) {
        self.of_association.remove(&association);
    }

    /// What an association had stays behind.
    pub(crate) fn leave(&mut self, association: AssociationId) {
        self.left
            .extend(self.of_association.remove(&association).unwrap_or_default());
    }

    /// Everything that clients defined for good is gone.
    pub(crate) fn forget_defined(&mut self) {
        for sets in self.persistent.values_mut() {
            sets.retain(|(_, set)| !set.deletable);
        }
    }
}

fn find<'a>(sets: &'a [(String, DataSet)], item: &str) -> Option<&'a DataSet> {
    sets.iter()
        .find(|(name, _)| name == item)
        .map(|(_, set)| set)
}

/// The node of a member, and the way inside it when it is part of an array.
pub(crate) fn locate<'a>(
    model: &'a ServerModel,
    member: &ObjectReference,
) -> Option<(Node<'a>, Vec<Selection>)> {
    let name = member.to_mms().ok()?;
    let node = model.resolve(&name.domain, &name.item)?;
    // Names inside an array are found by selection only.
    node.select(&name.selection)?;
    Some((node, name.selection))
}
