//! The values of all leaves.

use std::sync::Arc;

use iedassay_model::{
    Selection,
    tree::{Node, NodeId, ServerModel},
};
use iedassay_wire::mms::{Data, DataAccessError};

/// One value for each leaf that is not inside an array, and one for each array.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    model: Arc<ServerModel>,
    values: Vec<Option<Data>>,
}

impl Store {
    /// Every value as configured.
    pub(crate) fn new(model: Arc<ServerModel>) -> Self {
        let mut values = vec![None; model.node_count()];
        for node in model.variables().filter(|node| is_cell(*node)) {
            if let Some(value) = values.get_mut(node.id().index()) {
                *value = Some(node.default_data());
            }
        }
        Self { model, values }
    }

    pub(crate) const fn model(&self) -> &Arc<ServerModel> {
        &self.model
    }

    /// The value of a node with everything in it.
    pub(crate) fn read(&self, node: Node<'_>) -> Data {
        match self.cell(node.id()) {
            Some(data) => data.clone(),
            None => Data::Structure(node.children().map(|child| self.read(child)).collect()),
        }
    }

    /// The part of a node that a selection means.
    pub(crate) fn read_part(
        &self,
        node: Node<'_>,
        selection: &[Selection],
    ) -> Result<Data, DataAccessError> {
        if selection.is_empty() {
            return Ok(self.read(node));
        }
        let mut whole = self.read(node);
        part(node, &mut whole, selection).map(|(_, data)| data.clone())
    }

    /// The value of a leaf or an array; none for anything else.
    pub(crate) fn cell(&self, id: NodeId) -> Option<&Data> {
        self.values.get(id.index())?.as_ref()
    }

    /// Sets the value of a leaf or an array, and answers the value from before.
    pub(crate) fn replace(&mut self, id: NodeId, data: Data) -> Option<Data> {
        self.values
            .get_mut(id.index())?
            .as_mut()
            .map(|cell| core::mem::replace(cell, data))
    }

    /// The value of a leaf by its name, `LN$FC$DO$DA`.
    pub(crate) fn value(&self, domain: &str, item: &str) -> Option<&Data> {
        self.cell(self.model.resolve(domain, item)?.id())
    }
}

/// Whether a node has a value of its own in the store.
pub(crate) fn is_cell(node: Node<'_>) -> bool {
    !node.in_array() && (node.is_leaf() || node.count().is_some())
}

/// The cells in a node, itself included when it is one.
pub(crate) fn cells(node: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if is_cell(node) {
            found.push(node);
        } else {
            let mut children: Vec<Node<'_>> = node.children().collect();
            children.reverse();
            stack.extend(children);
        }
    }
    found
}

/// Follows names and indices from a node and its value to a part of both.
pub(crate) fn part<'a, 'd>(
    node: Node<'a>,
    data: &'d mut Data,
    selection: &[Selection],
) -> Result<(Node<'a>, &'d mut Data), DataAccessError> {
    let unknown = DataAccessError::OBJECT_NON_EXISTENT;
    let Some((first, rest)) = selection.split_first() else {
        return Ok((node, data));
    };
    let Selection::Index(index) = first else {
        return if node.count().is_none() {
            component(node, data, selection)
        } else {
            Err(unknown)
        };
    };
    let Data::Array(elements) = data else {
        return Err(unknown);
    };
    let element = usize::try_from(*index)
        .ok()
        .and_then(|index| elements.get_mut(index))
        .ok_or(unknown)?;
    // The node stands for its element now; only a component can follow.
    match rest.first() {
        Some(Selection::Component(_)) => component(node, element, rest),
        Some(Selection::Index(_)) => Err(unknown),
        None => Ok((node, element)),
    }
}

fn component<'a, 'd>(
    node: Node<'a>,
    data: &'d mut Data,
    selection: &[Selection],
) -> Result<(Node<'a>, &'d mut Data), DataAccessError> {
    let unknown = DataAccessError::OBJECT_NON_EXISTENT;
    let (Some((Selection::Component(name), rest)), Data::Structure(components)) =
        (selection.split_first(), data)
    else {
        return Err(unknown);
    };
    let at = node
        .children()
        .position(|child| child.name() == name)
        .ok_or(unknown)?;
    let child = node.child(name).ok_or(unknown)?;
    part(child, components.get_mut(at).ok_or(unknown)?, rest)
}
