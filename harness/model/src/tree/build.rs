//! Builds the MMS view: every named variable of every domain as one arena, in the order in which a server lists them.

use std::collections::{BTreeMap, HashMap};

use super::{
    BType, Child, DataAttribute, DataObject, Edition, LogicalDevice, LogicalNode, ModelTooLarge,
    NodeKind, Triggers, ValKind, blocks,
};
use crate::{BlockKind, Fc};

/// Most names that a model may have in its MMS view. Large real servers have some ten thousand.
pub const MAX_NODES: usize = 1_000_000;

/// Most values, with every element of every array. Every one of them takes memory in a server.
const MAX_VALUES: u64 = 4_000_000;

/// Deepest nesting below the logical node.
pub(crate) const MAX_DEPTH: usize = 24;

/// Functional constraints in the order in which they stand under a logical node.
const ORDER: [Fc; 19] = [
    Fc::MX,
    Fc::ST,
    Fc::CO,
    Fc::CF,
    Fc::DC,
    Fc::SP,
    Fc::SG,
    Fc::SE,
    Fc::SV,
    Fc::SR,
    Fc::OR,
    Fc::BL,
    Fc::EX,
    Fc::RP,
    Fc::BR,
    Fc::LG,
    Fc::GO,
    Fc::MS,
    Fc::US,
];

/// One name of the MMS view.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) item: String,
    pub(crate) kind: NodeKind,
    pub(crate) device: u32,
    pub(crate) parent: Option<u32>,
    pub(crate) children: Vec<u32>,
    pub(crate) fc: Option<Fc>,
    pub(crate) cdc: String,
    pub(crate) btype: Option<BType>,
    pub(crate) count: Option<u32>,
    /// Below an array, so not a name of its own.
    pub(crate) in_array: bool,
    pub(crate) triggers: Triggers,
    pub(crate) initial: Option<String>,
    /// Sorted by index.
    pub(crate) element_values: Vec<(u32, String)>,
    pub(crate) group_values: Vec<(u32, String)>,
    pub(crate) val_kind: ValKind,
}

/// The arena, and for each device the items by name and the logical nodes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    pub(crate) entries: Vec<Entry>,
    pub(crate) domains: HashMap<String, u32>,
    pub(crate) items: Vec<HashMap<String, u32>>,
    pub(crate) roots: Vec<Vec<u32>>,
    values: u64,
}

pub(crate) fn index(devices: &[LogicalDevice], edition: Edition) -> Result<Index, ModelTooLarge> {
    let mut index = Index::default();
    for device in devices {
        let number = u32::try_from(index.roots.len()).map_err(|_| ModelTooLarge)?;
        index.domains.entry(device.name.clone()).or_insert(number);
        index.items.push(HashMap::new());
        index.roots.push(Vec::new());
        let mut builder = Builder {
            index: &mut index,
            device: number,
            edition,
            domain: &device.name,
        };
        let mut roots = Vec::new();
        for node in &device.logical_nodes {
            roots.push(builder.logical_node(node)?);
        }
        if let Some(slot) = index.roots.last_mut() {
            *slot = roots;
        }
    }
    Ok(index)
}

/// What a new entry hangs under.
#[derive(Clone, Copy)]
struct Place<'a> {
    parent: Option<u32>,
    item: &'a str,
    fc: Option<Fc>,
    in_array: bool,
    triggers: Triggers,
    depth: usize,
    /// How often what is here is there: the elements of the arrays around it.
    times: u64,
}

impl<'a> Place<'a> {
    fn below(self, parent: u32, item: &'a str, count: Option<u32>) -> Self {
        Self {
            parent: Some(parent),
            item,
            in_array: self.in_array || count.is_some(),
            times: self.times.saturating_mul(u64::from(count.unwrap_or(1))),
            depth: self.depth.saturating_add(1),
            ..self
        }
    }
}

struct Builder<'m> {
    index: &'m mut Index,
    device: u32,
    edition: Edition,
    domain: &'m str,
}

impl Builder<'_> {
    fn logical_node(&mut self, node: &LogicalNode) -> Result<u32, ModelTooLarge> {
        let root = Place {
            parent: None,
            item: "",
            fc: None,
            in_array: false,
            triggers: Triggers::default(),
            depth: 0,
            times: 1,
        };
        let (id, item) = self.push(root, &node.name, NodeKind::LogicalNode)?;
        let mut present = FcSet::default();
        for object in &node.data_objects {
            collect(object, &mut present, 0)?;
        }
        let rest = ORDER.into_iter().filter(|fc| !node.fc_order.contains(fc));
        for fc in node.fc_order.iter().copied().chain(rest) {
            let place = Place {
                parent: Some(id),
                item: &item,
                fc: Some(fc),
                in_array: false,
                triggers: Triggers::default(),
                depth: 1,
                times: 1,
            };
            let blocks = self.all_blocks_of(node, fc);
            if !present.has(fc) && blocks.is_empty() {
                continue;
            }
            let (fc_id, fc_item) = self.push(place, fc.as_str(), NodeKind::Constraint)?;
            let below = place.below(fc_id, &fc_item, None);
            for (name, kind, attributes) in blocks {
                let (block_id, block_item) = self.push(below, &name, NodeKind::Block(kind))?;
                let inside = below.below(block_id, &block_item, None);
                for attribute in &attributes {
                    self.attribute(inside, attribute, NodeKind::BlockAttribute)?;
                }
            }
            for object in node
                .data_objects
                .iter()
                .filter(|object| contains(object, fc))
            {
                self.object(below, object, fc)?;
            }
        }
        Ok(id)
    }

    /// The control blocks that a node has under a functional constraint, as the server showed them where it did.
    fn all_blocks_of(
        &self,
        node: &LogicalNode,
        fc: Fc,
    ) -> Vec<(String, BlockKind, Vec<DataAttribute>)> {
        let mut blocks = self.blocks_of(node, fc);
        for seen in node.seen_blocks.iter().filter(|seen| seen.kind.fc() == fc) {
            match blocks.iter_mut().find(|(name, ..)| *name == seen.name) {
                Some((_, _, attributes)) => attributes.clone_from(&seen.attributes),
                None => blocks.push((seen.name.clone(), seen.kind, seen.attributes.clone())),
            }
        }
        blocks
    }

    /// The control blocks that a node has under a functional constraint, with the attributes of the standard.
    fn blocks_of(
        &self,
        node: &LogicalNode,
        fc: Fc,
    ) -> Vec<(String, BlockKind, Vec<DataAttribute>)> {
        let (domain, edition) = (self.domain, self.edition);
        let mut found = Vec::new();
        match fc {
            Fc::RP | Fc::BR => {
                for block in node
                    .report_controls
                    .iter()
                    .filter(|block| block.buffered == (fc == Fc::BR))
                {
                    let kind = if block.buffered {
                        BlockKind::Brcb
                    } else {
                        BlockKind::Urcb
                    };
                    found.push((
                        block.name.clone(),
                        kind,
                        blocks::report_control(domain, &node.name, block, edition),
                    ));
                }
            }
            Fc::LG => {
                for block in &node.log_controls {
                    let attributes = blocks::log_control(domain, &node.name, block, edition);
                    found.push((block.name.clone(), BlockKind::Lcb, attributes));
                }
            }
            Fc::GO => {
                for block in &node.goose_controls {
                    let attributes = blocks::goose_control(domain, &node.name, block, edition);
                    found.push((block.name.clone(), BlockKind::Gocb, attributes));
                }
            }
            Fc::MS | Fc::US => {
                for block in node
                    .sampled_value_controls
                    .iter()
                    .filter(|block| block.multicast == (fc == Fc::MS))
                {
                    let kind = if block.multicast {
                        BlockKind::Msvcb
                    } else {
                        BlockKind::Usvcb
                    };
                    found.push((
                        block.name.clone(),
                        kind,
                        blocks::sampled_value_control(domain, &node.name, block, edition),
                    ));
                }
            }
            Fc::SP => {
                if let Some(block) = &node.setting_group {
                    found.push((
                        "SGCB".to_owned(),
                        BlockKind::Sgcb,
                        blocks::setting_group(block),
                    ));
                }
            }
            _ => {}
        }
        found
    }

    fn object(
        &mut self,
        place: Place<'_>,
        object: &DataObject,
        fc: Fc,
    ) -> Result<(), ModelTooLarge> {
        let (id, item) = self.push(place, &object.name, NodeKind::DataObject)?;
        if let Some(entry) = self.entry(id) {
            entry.cdc.clone_from(&object.cdc);
            entry.count = object.count;
        }
        let below = place.below(id, &item, object.count);
        for child in &object.children {
            match child {
                Child::Object(sub) if contains(sub, fc) => self.object(below, sub, fc)?,
                Child::Attribute(attribute) if attribute.fc == fc => {
                    self.attribute(below, attribute, NodeKind::Attribute)?;
                }
                Child::Object(_) | Child::Attribute(_) => {}
            }
        }
        Ok(())
    }

    fn attribute(
        &mut self,
        place: Place<'_>,
        attribute: &DataAttribute,
        kind: NodeKind,
    ) -> Result<(), ModelTooLarge> {
        let (id, item) = self.push(place, &attribute.name, kind)?;
        if let Some(entry) = self.entry(id) {
            entry.btype = Some(attribute.btype.clone());
            entry.count = attribute.count;
            entry.triggers = attribute.triggers.union(place.triggers);
            entry.initial.clone_from(&attribute.initial);
            entry.element_values = sorted(&attribute.element_values);
            entry.group_values.clone_from(&attribute.group_values);
            entry.val_kind = attribute.val_kind;
        }
        // The options of a structured attribute hold for all its components.
        let triggers = attribute.triggers.union(place.triggers);
        let below = Place {
            triggers,
            ..place.below(id, &item, attribute.count)
        };
        if attribute.components.is_empty() {
            self.index.values = self.index.values.saturating_add(below.times);
            if self.index.values > MAX_VALUES {
                return Err(ModelTooLarge);
            }
        }
        for component in &attribute.components {
            self.attribute(below, component, kind)?;
        }
        Ok(())
    }

    fn entry(&mut self, id: u32) -> Option<&mut Entry> {
        self.index.entries.get_mut(usize::try_from(id).ok()?)
    }

    fn push(
        &mut self,
        place: Place<'_>,
        name: &str,
        kind: NodeKind,
    ) -> Result<(u32, String), ModelTooLarge> {
        let number = self.index.entries.len();
        if number >= MAX_NODES || place.depth > MAX_DEPTH {
            return Err(ModelTooLarge);
        }
        let id = u32::try_from(number).map_err(|_| ModelTooLarge)?;
        let item = if place.item.is_empty() {
            name.to_owned()
        } else {
            format!("{}${name}", place.item)
        };
        if let Some(parent) = place.parent.and_then(|parent| self.entry(parent)) {
            parent.children.push(id);
        }
        if !place.in_array
            && let Some(items) = self.index.items.last_mut()
        {
            // Of two of the same name the first is served; the reader has already warned.
            items.entry(item.clone()).or_insert(id);
        }
        self.index.entries.push(Entry {
            name: name.to_owned(),
            item: item.clone(),
            kind,
            device: self.device,
            parent: place.parent,
            children: Vec::new(),
            fc: place.fc,
            cdc: String::new(),
            btype: None,
            count: None,
            in_array: place.in_array,
            triggers: Triggers::default(),
            initial: None,
            element_values: Vec::new(),
            group_values: Vec::new(),
            val_kind: ValKind::default(),
        });
        Ok((id, item))
    }
}

/// One text for each index, the later of two.
fn sorted(values: &[(u32, String)]) -> Vec<(u32, String)> {
    let latest: BTreeMap<u32, &String> =
        values.iter().map(|(index, text)| (*index, text)).collect();
    latest
        .into_iter()
        .map(|(index, text)| (index, text.clone()))
        .collect()
}

/// A set of functional constraints.
#[derive(Clone, Copy, Default)]
struct FcSet([bool; 19]);

impl FcSet {
    fn insert(&mut self, fc: Fc) {
        for (slot, candidate) in self.0.iter_mut().zip(ORDER) {
            *slot |= candidate == fc;
        }
    }

    fn has(self, fc: Fc) -> bool {
        self.0
            .iter()
            .zip(ORDER)
            .any(|(slot, candidate)| *slot && candidate == fc)
    }
}

fn collect(object: &DataObject, present: &mut FcSet, depth: usize) -> Result<(), ModelTooLarge> {
    if depth > MAX_DEPTH {
        return Err(ModelTooLarge);
    }
    for child in &object.children {
        match child {
            Child::Object(sub) => collect(sub, present, depth.saturating_add(1))?,
            Child::Attribute(attribute) => present.insert(attribute.fc),
        }
    }
    Ok(())
}

fn contains(object: &DataObject, fc: Fc) -> bool {
    object.children.iter().any(|child| match child {
        Child::Object(sub) => contains(sub, fc),
        Child::Attribute(attribute) => attribute.fc == fc,
    })
}
