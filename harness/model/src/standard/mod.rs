//! What the standard demands of a model, whoever describes it: rules that can be decided without a device.
//!
//! Each rule is judged on the described model or on one that was browsed. Only what holds for sure is a violation: tables
//! hold what every edition demands, and what they do not know is not judged.

mod attributes;
mod naming;
mod objects;
mod tables;
#[cfg(test)]
mod tests;

use core::fmt;

use crate::tree::{Child, DataAttribute, DataObject, LogicalDevice, LogicalNode, ServerModel};

/// Most violations told of one rule.
pub const MAX_VIOLATIONS: usize = 1_000;

/// A rule for models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Logical nodes have the data objects, and data objects the attributes, that are always mandatory (IEC 61850-7-3, 7-4).
    Mandatory,
    /// What a condition makes mandatory is there: control, substitution, name plate, setting groups (IEC 61850-7-3, presence conditions).
    Conditional,
    /// What a condition forbids is not there (IEC 61850-7-2, 7-3).
    Forbidden,
    /// Names are short enough and of permitted characters (IEC 61850-7-2, 22.2; IEC 61850-8-1).
    Names,
    /// Attributes stand under the functional constraint of their common data class (IEC 61850-7-3).
    Constraints,
    /// Control blocks stand in the logical nodes where they belong (IEC 61850-7-2, 8-1).
    Blocks,
    /// Attributes have the type of their common data class (IEC 61850-7-3, 8-1).
    Types,
    /// Enumerations have the numbers of the standard (IEC 61850-7-3, 7-4).
    Enumerations,
    /// Values and qualities trigger (IEC 61850-7-3, trigger options); not known of a model that was browsed.
    Triggers,
    /// Extensions name their name space (IEC 61850-7-1, extension rules).
    NameSpaces,
    /// Members of data sets, and data sets of control blocks, exist (IEC 61850-6).
    References,
}

/// A place that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The object.
    pub place: String,
    /// What is wrong with it.
    pub text: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place, self.text)
    }
}

/// The violations of a rule in a model, at most [`MAX_VIOLATIONS`]. A browsed model cannot tell classes for sure; they are
/// taken from `described` where it has the same object.
#[must_use]
pub fn judge(rule: Rule, model: &ServerModel, described: Option<&ServerModel>) -> Vec<Violation> {
    let mut judge = Judge {
        model,
        described,
        found: Vec::new(),
    };
    match rule {
        Rule::Mandatory => judge.mandatory(),
        Rule::Conditional => judge.conditional(),
        Rule::Forbidden => judge.forbidden(),
        Rule::Names => judge.names(),
        Rule::Constraints => judge.constraints(),
        Rule::Blocks => judge.blocks(),
        Rule::Types => judge.types(),
        Rule::Enumerations => judge.enumerations(),
        Rule::Triggers => judge.triggers(),
        Rule::NameSpaces => judge.name_spaces(),
        Rule::References => judge.references(),
    }
    judge.found
}

struct Judge<'a> {
    model: &'a ServerModel,
    described: Option<&'a ServerModel>,
    found: Vec<Violation>,
}

/// A data object, and where it stands.
struct Place<'a> {
    ld: &'a LogicalDevice,
    ln: &'a LogicalNode,
    /// Names from the data object down to this one.
    path: Vec<&'a str>,
    object: &'a DataObject,
    /// As described, when that is known; else as it seems.
    cdc: &'a str,
}

impl Place<'_> {
    /// `LD/LN.DO.SDO`.
    fn reference(&self) -> String {
        format!("{}/{}.{}", self.ld.name, self.ln.name, self.path.join("."))
    }

    fn has(&self, name: &str) -> bool {
        self.object
            .children
            .iter()
            .any(|child| child.name() == name)
    }

    fn attribute(&self, name: &str) -> Option<&DataAttribute> {
        self.attributes().find(|attribute| attribute.name == name)
    }

    fn attributes(&self) -> impl Iterator<Item = &DataAttribute> {
        self.object.children.iter().filter_map(|child| match child {
            Child::Attribute(attribute) => Some(attribute),
            Child::Object(_) => None,
        })
    }
}

impl<'a> Judge<'a> {
    fn add(&mut self, place: impl Into<String>, text: impl Into<String>) {
        if self.found.len() < MAX_VIOLATIONS {
            self.found.push(Violation {
                place: place.into(),
                text: text.into(),
            });
        }
    }

    /// The class of a logical node.
    fn class(&self, ld: &'a LogicalDevice, ln: &'a LogicalNode) -> &'a str {
        self.described
            .and_then(|described| described.logical_node(&ld.name, &ln.name))
            .map_or(&ln.class, |described| &described.class)
    }

    /// Every data object and sub data object.
    fn objects(&self) -> Vec<Place<'a>> {
        let mut places = Vec::new();
        for (ld, ln) in self.model.nodes() {
            let described = self
                .described
                .and_then(|described| described.logical_node(&ld.name, &ln.name));
            for object in &ln.data_objects {
                let same = described.and_then(|node| {
                    let objects = node.data_objects.iter();
                    objects.into_iter().find(|other| other.name == object.name)
                });
                below(ld, ln, &[], object, same, &mut places);
            }
        }
        places
    }
}

/// A data object and those in it. The nesting of models is bounded when they are built.
fn below<'a>(
    ld: &'a LogicalDevice,
    ln: &'a LogicalNode,
    above: &[&'a str],
    object: &'a DataObject,
    described: Option<&'a DataObject>,
    places: &mut Vec<Place<'a>>,
) {
    let mut path = above.to_vec();
    path.push(&object.name);
    places.push(Place {
        ld,
        ln,
        path: path.clone(),
        object,
        cdc: described.map_or(&object.cdc, |described| &described.cdc),
    });
    for child in &object.children {
        let Child::Object(child) = child else {
            continue;
        };
        let same = described.and_then(|described| {
            described.children.iter().find_map(|other| match other {
                Child::Object(other) if other.name == child.name => Some(other),
                _ => None,
            })
        });
        below(ld, ln, &path, child, same, places);
    }
}
