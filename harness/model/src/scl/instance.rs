//! Logical nodes: their type from the templates, with the values of the instance laid over it.

use std::collections::{HashMap, HashSet};

use roxmltree::Node;

use super::{
    error::{SclErrorKind, TypeKind},
    overlay,
    templates::{MAX_CHILDREN, Templates},
    values::NAME_REMEDY,
    xml::{Context, attr, children, shorten},
};
use crate::{
    Fc,
    tree::{Child, DataAttribute, DataObject, LogicalNode, MAX_NODES},
};

/// Makes logical nodes.
pub(crate) struct Reader<'t, 'a, 'i> {
    templates: &'t Templates<'a, 'i>,
    types: HashMap<&'a str, (Vec<DataObject>, usize)>,
    total: usize,
}

impl<'t, 'a, 'i: 'a> Reader<'t, 'a, 'i> {
    pub(crate) fn new(templates: &'t Templates<'a, 'i>) -> Self {
        Self {
            templates,
            types: HashMap::new(),
            total: 0,
        }
    }

    /// The logical node of an `LN0` or `LN` element. With setting groups, what can be edited is there with FC SG and with FC SE.
    pub(crate) fn logical_node(
        &mut self,
        context: &mut Context<'a, 'i>,
        node: Node<'a, 'i>,
        has_groups: bool,
    ) -> Option<LogicalNode> {
        let is_ln0 = node.tag_name().name() == "LN0";
        let class = attr(node, "lnClass").unwrap_or(if is_ln0 { "LLN0" } else { "" });
        let prefix = attr(node, "prefix").unwrap_or_default();
        let inst = attr(node, "inst").unwrap_or_default();
        let name = format!("{prefix}{class}{inst}");
        if name.is_empty() || name.chars().any(|c| !c.is_ascii_alphanumeric() && c != '_') {
            context.warn(
                node,
                format!(
                    "`{}` is no name of a logical node, it is left out",
                    shorten(&name)
                ),
                "give it `prefix`, `lnClass` and `inst` of letters and digits",
            );
            return None;
        }
        if class.len() != 4 {
            context.warn(
                node,
                format!("the class of `{name}` does not have four letters"),
                "correct `lnClass`",
            );
        }
        let mut data_objects = self.objects(context, node)?;
        for instance in children(node, "DOI") {
            let wanted = attr(instance, "name").unwrap_or_default();
            match data_objects.iter_mut().find(|object| object.name == wanted) {
                Some(object) => overlay::object(context, instance, object),
                None => overlay::missing(
                    context,
                    instance,
                    data_objects.iter().map(|object| object.name.as_str()),
                ),
            }
        }
        if has_groups {
            for object in &mut data_objects {
                complete_settings(object, self.templates.edition_1);
            }
        }
        Some(LogicalNode {
            name,
            prefix: prefix.to_owned(),
            class: class.to_owned(),
            inst: inst.to_owned(),
            data_objects,
            ..LogicalNode::default()
        })
    }

    /// The data objects of the type, before any value of the instance.
    fn objects(
        &mut self,
        context: &mut Context<'a, 'i>,
        node: Node<'a, 'i>,
    ) -> Option<Vec<DataObject>> {
        let id = attr(node, "lnType").unwrap_or_default();
        if !self.types.contains_key(id) {
            let element = self
                .templates
                .find(context, node, TypeKind::LNodeType, id)?;
            let mut size = 1_usize;
            let mut list: Vec<DataObject> = Vec::new();
            let mut names = HashSet::new();
            for object in children(element, "DO") {
                let name = attr(object, "name").unwrap_or_default();
                if name.is_empty() || name.chars().any(|c| !c.is_ascii_alphanumeric() && c != '_') {
                    context.warn(
                        object,
                        format!(
                            "`{}` is no name of a data object, it is left out",
                            shorten(name)
                        ),
                        NAME_REMEDY,
                    );
                    continue;
                }
                if !names.insert(name) {
                    context.warn(
                        object,
                        format!("data object `{name}` is there twice, the second is left out"),
                        "rename or delete one of them",
                    );
                    continue;
                }
                let type_id = attr(object, "type").unwrap_or_default();
                let Some(resolved) =
                    self.templates
                        .object(context, object, type_id, &mut Vec::new())
                else {
                    continue;
                };
                size = size.saturating_add(resolved.size);
                if size > MAX_NODES || list.len() >= MAX_CHILDREN {
                    context.error(object, SclErrorKind::ModelTooLarge);
                    return None;
                }
                list.push(DataObject {
                    name: name.to_owned(),
                    cdc: resolved.cdc.clone(),
                    count: None,
                    count_of: None,
                    children: resolved.children.clone(),
                });
            }
            self.types.insert(id, (list, size));
        }
        let (list, size) = self.types.get(id)?;
        self.total = self.total.saturating_add(*size);
        if self.total > MAX_NODES {
            context.error(node, SclErrorKind::ModelTooLarge);
            return None;
        }
        Some(list.clone())
    }
}

/// A setting is described once, and is there on line as SG (active) and SE (edit). Since Edition 2 of SCL `SE` says so and `SG` is a
/// setting that can be seen but not edited; in Edition 1 `SG` says it (IEC 61850-6, `fc` of DA).
fn complete_settings(object: &mut DataObject, edition_1: bool) {
    let described = core::mem::take(&mut object.children);
    // A type that has both keeps its own.
    let has = |name: &str, fc: Fc| {
        described.iter().any(
            |child| matches!(child, Child::Attribute(other) if other.name == name && other.fc == fc),
        )
    };
    let mut children = Vec::with_capacity(described.len());
    for child in &described {
        match child {
            Child::Object(sub) => {
                let mut sub = sub.clone();
                complete_settings(&mut sub, edition_1);
                children.push(Child::Object(sub));
            }
            Child::Attribute(attribute) => {
                let with = |fc| {
                    let mut twin = attribute.clone();
                    set_fc(&mut twin, fc);
                    Child::Attribute(twin)
                };
                let missing = |fc| !has(&attribute.name, fc);
                if attribute.fc == Fc::SE && missing(Fc::SG) {
                    children.push(with(Fc::SG));
                }
                children.push(child.clone());
                if attribute.fc == Fc::SG && edition_1 && missing(Fc::SE) {
                    children.push(with(Fc::SE));
                }
            }
        }
    }
    object.children = children;
}

fn set_fc(attribute: &mut DataAttribute, fc: Fc) {
    attribute.fc = fc;
    for component in &mut attribute.components {
        set_fc(component, fc);
    }
}
