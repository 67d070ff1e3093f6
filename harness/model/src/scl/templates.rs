//! `DataTypeTemplates`: types found by identifier, and resolved into trees.

use std::{
    cell::RefCell,
    collections::{HashMap, hash_map::Entry},
    rc::Rc,
    sync::Arc,
};

use roxmltree::Node;

use super::{
    error::{SclErrorKind, TypeKind},
    values::{NAME_REMEDY, count, val_kind, values},
    xml::{Context, attr, children, elements, shorten, text},
};
use crate::{
    Fc,
    tree::{BType, Child, DataAttribute, DataObject, Edition, EnumType, MAX_NODES, Triggers},
};

/// Most things in one type. Real ones have up to some thousand (GGIO).
pub(crate) const MAX_CHILDREN: usize = 5_000;

/// Deepest nesting of types.
const MAX_NESTING: usize = 16;

/// The types that are being resolved, outermost first.
pub(crate) type Open<'a> = Vec<(TypeKind, &'a str)>;

/// A DOType with everything in it, and how many nodes that is.
pub(crate) struct ObjectType {
    pub(crate) cdc: String,
    pub(crate) children: Vec<Child>,
    pub(crate) size: usize,
}

struct Components {
    list: Vec<DataAttribute>,
    size: usize,
}

/// The types of a file.
pub(crate) struct Templates<'a, 'i> {
    /// Whether the types are written as in Edition 1, whatever the IED was made for.
    pub(crate) edition_1: bool,
    elements: HashMap<(TypeKind, &'a str), Node<'a, 'i>>,
    objects: RefCell<HashMap<&'a str, Rc<ObjectType>>>,
    structures: RefCell<HashMap<(&'a str, Fc), Rc<Components>>>,
    enums: RefCell<HashMap<&'a str, Arc<EnumType>>>,
}

impl<'a, 'i: 'a> Templates<'a, 'i> {
    pub(crate) fn new(context: &mut Context<'a, 'i>, root: Node<'a, 'i>) -> Self {
        let mut types = HashMap::new();
        for section in children(root, "DataTypeTemplates") {
            for element in elements(section) {
                let kind = match element.tag_name().name() {
                    "LNodeType" => TypeKind::LNodeType,
                    "DOType" => TypeKind::DoType,
                    "DAType" => TypeKind::DaType,
                    "EnumType" => TypeKind::EnumType,
                    _ => continue,
                };
                let id = attr(element, "id").unwrap_or_default();
                match types.entry((kind, id)) {
                    Entry::Vacant(free) => {
                        free.insert(element);
                    }
                    Entry::Occupied(_) => {
                        let message = format!(
                            "{} `{}` is defined twice, the first holds",
                            kind.as_str(),
                            shorten(id)
                        );
                        context.warn(element, message, "give it an `id` of its own, or delete it");
                    }
                }
            }
        }
        Self {
            edition_1: super::edition_of_file(root) == Some(Edition::Ed1),
            elements: types,
            objects: RefCell::default(),
            structures: RefCell::default(),
            enums: RefCell::default(),
        }
    }

    /// The element of a type; an error at the place that refers to it when there is none.
    pub(crate) fn find(
        &self,
        context: &mut Context<'a, 'i>,
        user: Node<'a, 'i>,
        kind: TypeKind,
        id: &str,
    ) -> Option<Node<'a, 'i>> {
        let found = self.elements.get(&(kind, id)).copied();
        if found.is_none() {
            let known = self
                .elements
                .keys()
                .filter(|(of, _)| *of == kind)
                .map(|(_, id)| *id);
            let suggestion = context.nearest(id, known).map(str::to_owned);
            context.flaw(
                user,
                SclErrorKind::MissingType {
                    kind,
                    id: shorten(id),
                    suggestion,
                },
            );
        }
        found
    }

    /// The DOType of an identifier.
    pub(crate) fn object(
        &self,
        context: &mut Context<'a, 'i>,
        user: Node<'a, 'i>,
        id: &'a str,
        open: &mut Open<'a>,
    ) -> Option<Rc<ObjectType>> {
        if let Some(done) = self.objects.borrow().get(id) {
            return Some(done.clone());
        }
        let element = self.find(context, user, TypeKind::DoType, id)?;
        enter(context, user, TypeKind::DoType, id, open)?;
        let mut size = 1_usize;
        let mut list: Vec<Child> = Vec::new();
        let mut names = Names::default();
        for node in elements(element) {
            let child = match node.tag_name().name() {
                "SDO" => self
                    .sub_object(context, element, node, &mut size, open)
                    .map(Child::Object),
                "DA" => self
                    .attribute(context, element, node, None, &mut size, open)
                    .map(Child::Attribute),
                _ => None,
            };
            let Some(child) = child else { continue };
            let fc = match &child {
                Child::Object(_) => None,
                Child::Attribute(attribute) => Some(attribute.fc),
            };
            if !names.insert(child.name(), fc) {
                twice(context, node, child.name());
                continue;
            }
            if size > MAX_NODES || list.len() >= MAX_CHILDREN || context.failed() {
                context.error(node, SclErrorKind::ModelTooLarge);
                break;
            }
            list.push(child);
        }
        open.pop();
        let cdc = attr(element, "cdc").unwrap_or_default().to_owned();
        let done = Rc::new(ObjectType {
            cdc,
            children: list,
            size,
        });
        self.objects.borrow_mut().insert(id, done.clone());
        Some(done)
    }

    fn sub_object(
        &self,
        context: &mut Context<'a, 'i>,
        owner: Node<'a, 'i>,
        node: Node<'a, 'i>,
        size: &mut usize,
        open: &mut Open<'a>,
    ) -> Option<DataObject> {
        let resolved = self.object(context, node, attr(node, "type").unwrap_or_default(), open)?;
        *size = size.saturating_add(resolved.size);
        if *size > MAX_NODES {
            return None;
        }
        let (count, count_of) = count(context, owner, node);
        Some(DataObject {
            name: name(context, node)?,
            cdc: resolved.cdc.clone(),
            count,
            count_of,
            children: resolved.children.clone(),
        })
    }

    /// A `DA` (constraint of its own) or a `BDA` (that of the attribute it is in).
    fn attribute(
        &self,
        context: &mut Context<'a, 'i>,
        owner: Node<'a, 'i>,
        node: Node<'a, 'i>,
        inherited: Option<Fc>,
        size: &mut usize,
        open: &mut Open<'a>,
    ) -> Option<DataAttribute> {
        let name = name(context, node)?;
        let fc = match inherited {
            Some(fc) => fc,
            None => constraint(context, node, &name)?,
        };
        let mut attribute = DataAttribute::leaf(name, fc, BType::Structure);
        (attribute.count, attribute.count_of) = count(context, owner, node);
        *size = size.saturating_add(1);
        let type_id = attr(node, "type").unwrap_or_default();
        match attr(node, "bType").unwrap_or_default() {
            "Struct" => {
                let components = self.structure(context, node, type_id, fc, open)?;
                *size = size.saturating_add(components.size);
                if *size > MAX_NODES {
                    return None;
                }
                attribute.components.clone_from(&components.list);
            }
            "Enum" => attribute.btype = BType::Enum(self.enumeration(context, node, type_id)),
            other => {
                attribute.btype = self.basic(context, node, other, fc, &mut attribute.components)
            }
        }
        attribute.triggers = Triggers {
            dchg: context.flag(node, "dchg", false),
            qchg: context.flag(node, "qchg", false),
            dupd: context.flag(node, "dupd", false),
        };
        attribute.val_kind = val_kind(context, node).unwrap_or_default();
        attribute.val_import = context.flag(node, "valImport", false);
        (attribute.initial, attribute.group_values) = values(context, node, &attribute);
        Some(attribute)
    }

    fn basic(
        &self,
        context: &mut Context<'a, 'i>,
        node: Node<'a, 'i>,
        name: &str,
        fc: Fc,
        components: &mut Vec<DataAttribute>,
    ) -> BType {
        match BType::from_scl(name) {
            Some(BType::PhyComAddr) => {
                components.extend([
                    DataAttribute::leaf("Addr", fc, BType::OctetFixed(6)),
                    DataAttribute::leaf("PRIORITY", fc, BType::Int8U),
                    DataAttribute::leaf("VID", fc, BType::Int16U),
                    DataAttribute::leaf("APPID", fc, BType::Int16U),
                ]);
                BType::PhyComAddr
            }
            Some(known) => known,
            None => {
                let size = |prefix: &str| {
                    name.strip_prefix(prefix)
                        .and_then(|digits| digits.parse().ok())
                };
                let taken = if let Some(size) = size("VisString") {
                    BType::VisString(size)
                } else if let Some(size) = size("Octet") {
                    BType::Octet(size)
                } else if let Some(size) = size("Unicode") {
                    BType::Unicode(size)
                } else {
                    BType::VisString(255)
                };
                let known = taken.scl_name();
                context.warn(
                    node,
                    format!(
                        "`bType=\"{}\"` is no basic type, taken as {known}",
                        shorten(name)
                    ),
                    "use a basic type of IEC 61850-6, such as INT32 or VisString255",
                );
                taken
            }
        }
    }

    fn structure(
        &self,
        context: &mut Context<'a, 'i>,
        user: Node<'a, 'i>,
        id: &'a str,
        fc: Fc,
        open: &mut Open<'a>,
    ) -> Option<Rc<Components>> {
        if let Some(done) = self.structures.borrow().get(&(id, fc)) {
            return Some(done.clone());
        }
        let element = self.find(context, user, TypeKind::DaType, id)?;
        enter(context, user, TypeKind::DaType, id, open)?;
        let mut size = 0_usize;
        let mut list: Vec<DataAttribute> = Vec::new();
        let mut names = Names::default();
        for node in children(element, "BDA") {
            let Some(component) = self.attribute(context, element, node, Some(fc), &mut size, open)
            else {
                continue;
            };
            if !names.insert(&component.name, None) {
                twice(context, node, &component.name);
                continue;
            }
            if size > MAX_NODES || list.len() >= MAX_CHILDREN || context.failed() {
                context.error(node, SclErrorKind::ModelTooLarge);
                break;
            }
            list.push(component);
        }
        open.pop();
        if list.is_empty() {
            context.warn(
                element,
                format!("DAType `{}` has no components", shorten(id)),
                "give it `BDA` elements",
            );
        }
        let done = Rc::new(Components { list, size });
        self.structures.borrow_mut().insert((id, fc), done.clone());
        Some(done)
    }

    /// The literals of an enumeration. Without them the numbers still work, so a missing type is only warned about.
    fn enumeration(
        &self,
        context: &mut Context<'a, 'i>,
        user: Node<'a, 'i>,
        id: &'a str,
    ) -> Arc<EnumType> {
        if let Some(done) = self.enums.borrow().get(id) {
            return done.clone();
        }
        let element = self.elements.get(&(TypeKind::EnumType, id)).copied();
        if element.is_none() {
            let message = format!(
                "there is no EnumType `{}`, its values are known by number only",
                shorten(id)
            );
            let known = self.elements.keys();
            let known = known
                .filter(|(kind, _)| *kind == TypeKind::EnumType)
                .map(|(_, id)| *id);
            let remedy =
                context.did_you_mean(id, known, "add the `EnumType` to `DataTypeTemplates`");
            context.warn(user, message, remedy);
        }
        let mut literals = Vec::new();
        for value in element
            .into_iter()
            .flat_map(|element| children(element, "EnumVal"))
        {
            match attr(value, "ord").and_then(|ord| ord.trim().parse().ok()) {
                Some(ord) => literals.push((ord, text(value))),
                None => context.warn(
                    value,
                    "an enumeration literal without number is left out",
                    "give it an `ord`, a whole number",
                ),
            }
        }
        let done = Arc::new(EnumType {
            id: id.to_owned(),
            literals,
        });
        self.enums.borrow_mut().insert(id, done.clone());
        done
    }
}

fn enter<'a, 'i>(
    context: &mut Context<'a, 'i>,
    user: Node<'a, 'i>,
    kind: TypeKind,
    id: &'a str,
    open: &mut Open<'a>,
) -> Option<()> {
    if open.contains(&(kind, id)) {
        context.flaw(
            user,
            SclErrorKind::RecursiveType {
                kind,
                id: shorten(id),
            },
        );
        return None;
    }
    if open.len() >= MAX_NESTING {
        context.error(user, SclErrorKind::ModelTooLarge);
        return None;
    }
    open.push((kind, id));
    Some(())
}

fn name(context: &mut Context<'_, '_>, node: Node<'_, '_>) -> Option<String> {
    let name = attr(node, "name").unwrap_or_default();
    if name.is_empty() || name.chars().any(|c| !c.is_ascii_alphanumeric() && c != '_') {
        context.warn(
            node,
            format!("`{}` is no name, it is left out", shorten(name)),
            NAME_REMEDY,
        );
        return None;
    }
    Some(name.to_owned())
}

fn constraint(context: &mut Context<'_, '_>, node: Node<'_, '_>, name: &str) -> Option<Fc> {
    let text = attr(node, "fc").unwrap_or_default().trim();
    match text.parse::<Fc>() {
        Ok(fc) if !fc.is_control_block() => Some(fc),
        _ => {
            context.warn(
                node,
                format!(
                    "`{name}` has no functional constraint of data (`{}`), it is left out",
                    shorten(text)
                ),
                "give it an `fc` such as ST, MX or CF",
            );
            None
        }
    }
}

/// Names that are taken, each with its constraints: a setting may be described once for SG and once for SE.
#[derive(Default)]
struct Names(HashMap<String, Vec<Option<Fc>>>);

impl Names {
    /// Whether the name was free. What has no constraint shares its name with nothing.
    fn insert(&mut self, name: &str, fc: Option<Fc>) -> bool {
        let taken = self.0.entry(name.to_owned()).or_default();
        let free =
            taken.is_empty() || fc.is_some() && !taken.contains(&None) && !taken.contains(&fc);
        if free {
            taken.push(fc);
        }
        free
    }
}

fn twice(context: &mut Context<'_, '_>, node: Node<'_, '_>, name: &str) {
    context.warn(
        node,
        format!("`{}` is there twice, the second is left out", shorten(name)),
        "rename or delete one of them",
    );
}
