//! A [`ServerModel`] from what a live server tells of itself: name lists, types, data-set directories, values.
//!
//! Pure: whoever talks to the server collects a [`Browsed`] and hands it over. Servers that refuse the type of a whole logical
//! node are understood as far as the types of smaller things, or the names alone, go.

mod block;
mod edition;
mod guess;
mod item;
mod order;

use std::collections::{HashMap, HashSet};

use iedassay_wire::mms::{Data, TypeSpecification};

use crate::{
    BlockKind, DataSetReference, Fc, ObjectReference,
    services::Services,
    tree::{
        BType, Child, DataAttribute, DataObject, DataSet, Edition, LogicalDevice, LogicalNode,
        ModelTooLarge, SeenBlock, ServerModel,
    },
    value::format_value,
};
use item::Item;

/// What a server told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Browsed {
    /// Name of the IED, when it is known from elsewhere.
    pub ied_name: Option<String>,
    /// The domains in the order of the server.
    pub domains: Vec<BrowsedDomain>,
}

/// One domain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BrowsedDomain {
    /// Name.
    pub name: String,
    /// Named variables (`GetNameList`): `LLN0`, `LLN0$ST`, ...
    pub variables: Vec<String>,
    /// Named variable lists with their directories.
    pub data_sets: Vec<BrowsedDataSet>,
    /// Journals.
    pub journals: Vec<String>,
    /// Types by item: of whole logical nodes where the server gives them, else of what it gives.
    pub types: Vec<(String, TypeSpecification)>,
    /// Values by item: control blocks whole or by attribute, and whatever else was read (`LLN0$EX$NamPlt$ldNs`, `CF`, ...).
    pub values: Vec<(String, Data)>,
}

/// One data set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrowsedDataSet {
    /// Item: `LLN0$name`.
    pub item: String,
    /// Whether the server says that it can be deleted.
    pub deletable: bool,
    /// Members: domain and item, an array index written as `(n)`.
    pub members: Vec<(String, String)>,
}

/// The model, and what was odd about what the server told.
#[derive(Clone, Debug)]
pub struct Built {
    /// The model.
    pub model: ServerModel,
    /// Oddities, each a sentence.
    pub notes: Vec<String>,
}

/// Most notes kept.
const MAX_NOTES: usize = 1_000;

/// Builds the model.
///
/// # Errors
/// [`ModelTooLarge`] when the server has more names than any real one.
pub fn build(browsed: &Browsed) -> Result<Built, ModelTooLarge> {
    let total: usize = browsed
        .domains
        .iter()
        .map(|domain| domain.variables.len())
        .sum();
    if total > crate::tree::MAX_NODES {
        return Err(ModelTooLarge);
    }
    let mut builder = Builder {
        notes: Vec::new(),
        edition: edition::tell(browsed),
    };
    let ied_name = ied_name(browsed);
    let mut devices = Vec::new();
    for domain in &browsed.domains {
        devices.push(builder.device(domain, &ied_name));
    }
    let mut model = ServerModel::new(ied_name, builder.edition, Services::default(), devices)?;
    // A block tells by its attributes what the settings of a description would have told.
    model.services.stated = false;
    Ok(Built {
        model,
        notes: builder.notes,
    })
}

/// The name given, or what all domains begin with when there are several.
fn ied_name(browsed: &Browsed) -> String {
    if let Some(name) = &browsed.ied_name {
        return name.clone();
    }
    let mut names = browsed.domains.iter().map(|domain| domain.name.as_str());
    let Some(first) = names.next() else {
        return String::new();
    };
    let mut common = first;
    let mut several = false;
    for name in names {
        several = true;
        let length = common
            .bytes()
            .zip(name.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        common = common.get(..length).unwrap_or("");
    }
    let whole = browsed.domains.iter().any(|domain| domain.name == common);
    if several && !whole {
        common.to_owned()
    } else {
        String::new()
    }
}

struct Builder {
    notes: Vec<String>,
    edition: Edition,
}

/// The values of one domain by item.
type Values<'v> = HashMap<&'v str, &'v Data>;

impl Builder {
    fn note(&mut self, note: String) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(note);
        }
    }

    fn device(&mut self, domain: &BrowsedDomain, ied_name: &str) -> LogicalDevice {
        let mut nodes = Item::from_names(domain.variables.iter().map(String::as_str));
        let types: HashMap<&str, &TypeSpecification> = domain
            .types
            .iter()
            .map(|(item, spec)| (item.as_str(), spec))
            .collect();
        for node in &mut nodes {
            let before = node.clone();
            let name = node.name.clone();
            node.refine(&name, &types);
            for missing in before.names_not_in(node) {
                self.note(format!(
                    "{}/{missing} is in the name list and not in the type",
                    domain.name
                ));
            }
        }
        let values: Values<'_> = domain
            .values
            .iter()
            .map(|(item, data)| (item.as_str(), data))
            .collect();
        let mut device = LogicalDevice {
            name: domain.name.clone(),
            inst: domain
                .name
                .strip_prefix(ied_name)
                .unwrap_or(&domain.name)
                .to_owned(),
            logical_nodes: Vec::new(),
        };
        for node in &nodes {
            let built = self.logical_node(&domain.name, node, &values);
            device.logical_nodes.push(built);
        }
        // LLN0 first, as descriptions have it; name lists are sorted.
        device.logical_nodes.sort_by_key(|node| node.name != "LLN0");
        let places: HashMap<String, usize> = device
            .logical_nodes
            .iter()
            .enumerate()
            .map(|(at, node)| (node.name.clone(), at))
            .collect();
        let find = |name: &str| places.get(name).copied();
        self.data_sets(domain, &mut device, find);
        for journal in &domain.journals {
            let Some((node, log)) = journal.split_once('$') else {
                self.note(format!(
                    "journal {}/{journal} has no logical node in its name",
                    domain.name
                ));
                continue;
            };
            match find(node).and_then(|at| device.logical_nodes.get_mut(at)) {
                Some(node) => node.logs.push(log.to_owned()),
                None => self.note(format!(
                    "journal {}/{journal} is in no logical node",
                    domain.name
                )),
            }
        }
        device
    }

    fn data_sets(
        &mut self,
        domain: &BrowsedDomain,
        device: &mut LogicalDevice,
        find: impl Fn(&str) -> Option<usize>,
    ) {
        for set in &domain.data_sets {
            let Ok(DataSetReference::Persistent { ln, name, .. }) =
                DataSetReference::from_mms(&domain.name, &set.item)
            else {
                self.note(format!(
                    "{}/{} is no name of a data set",
                    domain.name, set.item
                ));
                continue;
            };
            let mut members = Vec::new();
            for (member_domain, item) in &set.members {
                match ObjectReference::from_mms(member_domain, item) {
                    Ok(member) => members.push(member),
                    Err(error) => {
                        self.note(format!("a member of {}/{}: {error}", domain.name, set.item))
                    }
                }
            }
            let built = DataSet {
                name,
                members,
                deletable: set.deletable,
            };
            match find(&ln).and_then(|at| device.logical_nodes.get_mut(at)) {
                Some(node) => node.data_sets.push(built),
                None => self.note(format!(
                    "data set {}/{} is in no logical node",
                    domain.name, set.item
                )),
            }
        }
    }

    fn logical_node(&mut self, domain: &str, item: &Item, values: &Values<'_>) -> LogicalNode {
        let (prefix, class, inst) = guess::split_node_name(&item.name);
        let mut node = LogicalNode {
            name: item.name.clone(),
            prefix: prefix.to_owned(),
            class: class.to_owned(),
            inst: inst.to_owned(),
            ..LogicalNode::default()
        };
        let mut parts = Vec::new();
        for part in &item.children {
            let Ok(fc) = part.name.parse::<Fc>() else {
                self.note(format!(
                    "{domain}/{}${} is no functional constraint",
                    item.name, part.name
                ));
                continue;
            };
            node.fc_order.push(fc);
            let mut data = Part {
                fc,
                path: format!("{}${fc}", item.name),
                ordered: part.ordered,
                items: Vec::new(),
            };
            for object in &part.children {
                let block = match BlockKind::from_fc(fc) {
                    Some(kind) => Some(kind),
                    None if fc == Fc::SP && object.name == "SGCB" => Some(BlockKind::Sgcb),
                    None => None,
                };
                match block {
                    Some(kind) => {
                        let path = format!("{}${}", data.path, object.name);
                        self.block(domain, &mut node, kind, &path, object, values);
                    }
                    None => data.items.push(object),
                }
            }
            parts.push(data);
        }
        node.data_objects = data_objects(&parts, values);
        for object in &mut node.data_objects {
            guess::complete(object);
        }
        node
    }

    fn block(
        &mut self,
        domain: &str,
        node: &mut LogicalNode,
        kind: BlockKind,
        path: &str,
        item: &Item,
        values: &Values<'_>,
    ) {
        let mut attributes: Vec<_> = item
            .children
            .iter()
            .map(|part| attribute(part, kind.fc(), &format!("{path}${}", part.name), values))
            .collect();
        if !item.ordered {
            block::standard_order(kind, &mut attributes);
        }
        if attributes.is_empty() {
            self.note(format!("{domain}/{path} has no attributes"));
        }
        let seen = SeenBlock {
            kind,
            name: item.name.clone(),
            attributes,
        };
        let notes = block::add(domain, node, path, &seen, values);
        for note in notes {
            self.note(note);
        }
        node.seen_blocks.push(seen);
    }
}

/// What stands in one place under one functional constraint.
struct Part<'i> {
    fc: Fc,
    path: String,
    ordered: bool,
    items: Vec<&'i Item>,
}

impl<'i> Part<'i> {
    /// What is in one of the items.
    fn inside(&self, item: &'i Item) -> Self {
        Self {
            fc: self.fc,
            path: format!("{}${}", self.path, item.name),
            ordered: item.ordered,
            items: item.children.iter().collect(),
        }
    }
}

/// The data objects of a logical node: each has its parts under several functional constraints.
fn data_objects(parts: &[Part<'_>], values: &Values<'_>) -> Vec<DataObject> {
    let mut found: HashMap<&str, (Option<u32>, Vec<Part<'_>>)> = HashMap::new();
    for part in parts {
        for item in &part.items {
            let (count, inside) = found.entry(item.name.as_str()).or_default();
            *count = count.or(item.count);
            inside.push(part.inside(item));
        }
    }
    let sequences: Vec<Vec<&str>> = parts
        .iter()
        .map(|part| part.items.iter().map(|item| item.name.as_str()).collect())
        .collect();
    order::merge(&sequences)
        .into_iter()
        .filter_map(|name| {
            let (count, inside) = found.remove(name)?;
            Some(DataObject {
                name: name.to_owned(),
                cdc: String::new(),
                count,
                count_of: None,
                children: children(&inside, values),
            })
        })
        .collect()
}

/// Sub data objects (which may have parts under several constraints) and attributes (which have one each).
fn children(parts: &[Part<'_>], values: &Values<'_>) -> Vec<Child> {
    let subs: HashSet<&str> = parts
        .iter()
        .flat_map(|part| &part.items)
        .filter(|item| guess::is_sub_object(item))
        .map(|item| item.name.as_str())
        .collect();
    let mut sequences: Vec<Vec<(&str, Option<Fc>)>> = Vec::new();
    let mut attributes: HashMap<(&str, Option<Fc>), DataAttribute> = HashMap::new();
    let mut of_subs: Vec<Part<'_>> = Vec::new();
    for part in parts {
        let mut sequence = Vec::new();
        let mut objects = Part {
            fc: part.fc,
            path: part.path.clone(),
            ordered: part.ordered,
            items: Vec::new(),
        };
        for item in &part.items {
            if subs.contains(item.name.as_str()) {
                sequence.push((item.name.as_str(), None));
                objects.items.push(item);
            } else {
                let key = (item.name.as_str(), Some(part.fc));
                let path = format!("{}${}", part.path, item.name);
                attributes.insert(key, attribute(item, part.fc, &path, values));
                sequence.push(key);
            }
        }
        sequences.push(sequence);
        of_subs.push(objects);
    }
    let mut objects: HashMap<String, DataObject> = data_objects(&of_subs, values)
        .into_iter()
        .map(|object| (object.name.clone(), object))
        .collect();
    order::merge(&sequences)
        .into_iter()
        .filter_map(|key| match key {
            (name, None) => objects.remove(name).map(Child::Object),
            key => attributes.remove(&key).map(Child::Attribute),
        })
        .collect()
}

fn attribute(item: &Item, fc: Fc, path: &str, values: &Values<'_>) -> DataAttribute {
    let mut attribute = DataAttribute::leaf(&item.name, fc, guess::basic_type(item, path));
    attribute.count = item.count;
    attribute.triggers = guess::triggers(&item.name, fc);
    attribute.components = item
        .children
        .iter()
        .map(|part| self::attribute(part, fc, &format!("{path}${}", part.name), values))
        .collect();
    if let Some(data) = values.get(path).filter(|_| item.is_ordered()) {
        set_initial(&mut attribute, data);
    }
    attribute
}

/// Keeps a value that was read, as the text that a description would have.
fn set_initial(attribute: &mut DataAttribute, data: &Data) {
    if attribute.components.is_empty() {
        if attribute.count.is_none() {
            attribute.initial = plain_text(&attribute.btype, data);
        }
    } else if let Data::Structure(list) = data {
        for (component, value) in attribute.components.iter_mut().zip(list) {
            set_initial(component, value);
        }
    }
}

fn plain_text(btype: &BType, data: &Data) -> Option<String> {
    match data {
        Data::VisibleString(text) | Data::MmsString(text) => Some(text.clone()),
        Data::Array(_) | Data::Structure(_) | Data::Unknown(_) => None,
        _ => Some(format_value(Some(btype), data)),
    }
}
