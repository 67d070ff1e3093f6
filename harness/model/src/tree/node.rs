//! Handles into the MMS view of a model.

use core::fmt;

use super::{BType, LogicalDevice, ServerModel, Triggers, ValKind, build::Entry};
use crate::{BlockKind, Fc, ObjectReference, Selection, Step};

/// Number of a node: dense from 0, valid for one model until it is edited. Good as an index into a table of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The number as an index.
    #[must_use]
    pub fn index(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// A logical node: `LLN0`.
    LogicalNode,
    /// All of a functional constraint: `LLN0$ST`.
    Constraint,
    /// A data object or sub data object.
    DataObject,
    /// A data attribute or a component of one.
    Attribute,
    /// A control block.
    Block(BlockKind),
    /// An attribute of a control block, or a component of one.
    BlockAttribute,
}

/// A named variable of the MMS view, or a place inside an array.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    model: &'a ServerModel,
    id: u32,
    entry: &'a Entry,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && core::ptr::eq(self.entry, other.entry)
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({}/{})", self.domain(), self.item())
    }
}

impl ServerModel {
    /// Number of nodes; every [`NodeId`] index is below it.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.index.entries.len()
    }

    /// The node of a number.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        self.handle(id.0)
    }

    /// The node of an MMS variable: `resolve("LD0", "GGIO1$ST$Ind1$stVal")`. Names inside arrays are found through
    /// [`Node::child`] only.
    #[must_use]
    pub fn resolve(&self, domain: &str, item: &str) -> Option<Node<'_>> {
        let device = usize::try_from(*self.index.domains.get(domain)?).ok()?;
        self.handle(*self.index.items.get(device)?.get(item)?)
    }

    /// The node of a reference. One without functional constraint is found when exactly one constraint has it (for a
    /// logical node: always). An array index answers the node of the element's type.
    #[must_use]
    pub fn resolve_reference(&self, reference: &ObjectReference) -> Option<Node<'_>> {
        let root = self.resolve(&reference.ld, &reference.ln)?;
        if reference.path.is_empty() {
            return match reference.fc {
                Some(fc) => root.child(fc.as_str()),
                None => Some(root),
            };
        }
        match reference.fc {
            Some(fc) => descend(root.child(fc.as_str())?, &reference.path),
            None => {
                let mut found = root
                    .children()
                    .filter_map(|fc| descend(fc, &reference.path));
                let first = found.next()?;
                found.next().is_none().then_some(first)
            }
        }
    }

    /// The logical nodes of a domain as nodes, in order.
    pub fn roots(&self, domain: &str) -> impl Iterator<Item = Node<'_>> {
        self.index
            .domains
            .get(domain)
            .and_then(|device| self.index.roots.get(usize::try_from(*device).ok()?))
            .into_iter()
            .flatten()
            .filter_map(|id| self.handle(*id))
    }

    /// Every node of every domain that is a named variable, in name-list order: a node before what is in it.
    pub fn variables(&self) -> impl Iterator<Item = Node<'_>> {
        self.all().filter(|node| !node.entry.in_array)
    }

    /// The MMS names of a domain, in the order of [`Self::variables`].
    pub fn names<'a>(&'a self, domain: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let device = self.index.domains.get(domain).copied();
        self.variables()
            .filter(move |node| Some(node.entry.device) == device)
            .map(|node| node.entry.item.as_str())
    }

    /// Every leaf: attributes without components, inside arrays too (once, as the type of each element).
    pub fn leaves(&self) -> impl Iterator<Item = Node<'_>> {
        self.all().filter(|node| node.is_leaf())
    }

    fn all(&self) -> impl Iterator<Item = Node<'_>> {
        (0u32..).zip(&self.index.entries).map(|(id, entry)| Node {
            model: self,
            id,
            entry,
        })
    }

    fn handle(&self, id: u32) -> Option<Node<'_>> {
        Some(Node {
            model: self,
            id,
            entry: self.index.entries.get(usize::try_from(id).ok()?)?,
        })
    }
}

fn descend<'a>(from: Node<'a>, path: &[Step]) -> Option<Node<'a>> {
    path.iter().try_fold(from, |node, step| {
        let child = node.child(&step.name)?;
        match step.index {
            Some(index) if child.count().is_none_or(|count| index >= count) => None,
            _ => Some(child),
        }
    })
}

impl<'a> Node<'a> {
    /// Its number.
    #[must_use]
    pub fn id(self) -> NodeId {
        NodeId(self.id)
    }

    /// What it stands for.
    #[must_use]
    pub fn kind(self) -> NodeKind {
        self.entry.kind
    }

    /// Last part of its name.
    #[must_use]
    pub fn name(self) -> &'a str {
        &self.entry.name
    }

    /// MMS domain.
    #[must_use]
    pub fn domain(self) -> &'a str {
        self.logical_device().map_or("", |device| &device.name)
    }

    /// MMS item; inside an array, the names without the index.
    #[must_use]
    pub fn item(self) -> &'a str {
        &self.entry.item
    }

    /// The logical device that it is in.
    #[must_use]
    pub fn logical_device(self) -> Option<&'a LogicalDevice> {
        self.model
            .devices
            .get(usize::try_from(self.entry.device).ok()?)
    }

    /// Name of the logical node that it is in.
    #[must_use]
    pub fn logical_node_name(self) -> &'a str {
        self.entry.item.split('$').next().unwrap_or("")
    }

    /// The ACSI reference, with functional constraint. Inside an array the index is left out.
    #[must_use]
    pub fn reference(self) -> ObjectReference {
        let mut names = self.entry.item.split('$');
        let ln = names.next().unwrap_or("");
        let path = names.skip(1).map(Step::new).collect();
        ObjectReference {
            ld: self.domain().to_owned(),
            ln: ln.to_owned(),
            fc: self.entry.fc,
            path,
        }
    }

    /// Functional constraint; none for a logical node.
    #[must_use]
    pub fn fc(self) -> Option<Fc> {
        self.entry.fc
    }

    /// Common data class of a data object.
    #[must_use]
    pub fn cdc(self) -> Option<&'a str> {
        Some(self.entry.cdc.as_str()).filter(|cdc| !cdc.is_empty())
    }

    /// Basic type of an attribute; none for what is above attributes.
    #[must_use]
    pub fn btype(self) -> Option<&'a BType> {
        self.entry.btype.as_ref()
    }

    /// Number of elements when it is an array; its children are then those of an element.
    #[must_use]
    pub fn count(self) -> Option<u32> {
        self.entry.count
    }

    /// Whether it stands inside an array.
    #[must_use]
    pub fn in_array(self) -> bool {
        self.entry.in_array
    }

    /// Whether it is an attribute without components (perhaps an array of a basic type).
    #[must_use]
    pub fn is_leaf(self) -> bool {
        self.entry.children.is_empty()
            && self
                .entry
                .btype
                .as_ref()
                .is_some_and(|btype| !matches!(btype, BType::Structure))
    }

    /// What a change of exactly this attribute triggers. For anything larger see [`Self::member_triggers`].
    #[must_use]
    pub fn triggers(self) -> Triggers {
        self.entry.triggers
    }

    /// What a change anywhere in it can trigger: as a member of a data set.
    #[must_use]
    pub fn member_triggers(self) -> Triggers {
        self.leaves_within()
            .fold(self.entry.triggers, |sum, leaf| sum.union(leaf.triggers()))
    }

    /// Whether as a member it counts as analogue: FC MX. Everything else is status.
    #[must_use]
    pub fn is_analogue(self) -> bool {
        self.entry.fc == Some(Fc::MX)
    }

    /// Configured value, as the description has it.
    #[must_use]
    pub fn initial(self) -> Option<&'a str> {
        self.entry.initial.as_deref()
    }

    /// Configured value of one element of the array that it is or is in, where the description gives one for that element alone.
    #[must_use]
    pub fn element_value(self, index: u32) -> Option<&'a str> {
        let values = &self.entry.element_values;
        let at = values.binary_search_by_key(&index, |(of, _)| *of).ok()?;
        values.get(at).map(|(_, text)| text.as_str())
    }

    /// Configured values of setting groups: number and text.
    #[must_use]
    pub fn group_values(self) -> &'a [(u32, String)] {
        &self.entry.group_values
    }

    /// What the configured value means; [`ValKind::ReadOnly`] attributes refuse a write.
    #[must_use]
    pub fn val_kind(self) -> ValKind {
        self.entry.val_kind
    }

    /// The node above.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.model.handle(self.entry.parent?)
    }

    /// The nodes above, nearest first.
    pub fn parents(self) -> impl Iterator<Item = Self> {
        core::iter::successors(self.parent(), |node| node.parent())
    }

    /// What is directly in it, in wire order.
    pub fn children(self) -> impl Iterator<Item = Self> {
        self.entry
            .children
            .iter()
            .filter_map(move |id| self.model.handle(*id))
    }

    /// The child of a name.
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.entry.name == name)
    }

    /// The node of the same parent that has this name: `q` or `t` beside `stVal`.
    #[must_use]
    pub fn sibling(self, name: &str) -> Option<Self> {
        self.parent()?.child(name)
    }

    /// Follows names and indices as MMS alternate access does.
    #[must_use]
    pub fn select(self, selection: &[Selection]) -> Option<Self> {
        let mut indexed = false;
        selection.iter().try_fold(self, |node, step| match step {
            Selection::Index(index) => {
                let once = !indexed && node.count().is_some_and(|count| *index < count);
                indexed = true;
                once.then_some(node)
            }
            Selection::Component(name) => {
                let reachable = node.count().is_none() || indexed;
                indexed = false;
                if reachable { node.child(name) } else { None }
            }
        })
    }

    /// The data object (the innermost) that it is in, itself included.
    #[must_use]
    pub fn data_object(self) -> Option<Self> {
        core::iter::successors(Some(self), |node| node.parent())
            .find(|node| node.kind() == NodeKind::DataObject)
    }

    /// The control block that it is in, itself included.
    #[must_use]
    pub fn block(self) -> Option<(Self, BlockKind)> {
        core::iter::successors(Some(self), |node| node.parent()).find_map(|node| {
            match node.kind() {
                NodeKind::Block(kind) => Some((node, kind)),
                _ => None,
            }
        })
    }

    /// The leaves in it, itself included when it is one.
    #[must_use]
    pub fn leaves_within(self) -> Leaves<'a> {
        Leaves { stack: vec![self] }
    }
}

/// Iterator over leaves, in wire order.
#[derive(Debug)]
pub struct Leaves<'a> {
    stack: Vec<Node<'a>>,
}

impl<'a> Iterator for Leaves<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        while let Some(node) = self.stack.pop() {
            if node.is_leaf() {
                return Some(node);
            }
            let model = node.model;
            self.stack.extend(
                node.entry
                    .children
                    .iter()
                    .rev()
                    .filter_map(|id| model.handle(*id)),
            );
        }
        None
    }
}
