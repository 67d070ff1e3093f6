//! What changed in the model of the device.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::ModelRecord;

/// What changed between the models of two runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelComparison {
    /// Where the models are from, where that is not the same or not known of both: then nothing is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_compared: Option<String>,
    /// What is another, in the order of references.
    pub changes: Vec<ModelChange>,
}

/// One thing of the model that is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelChange {
    /// What became of it.
    pub kind: ModelChangeKind,
    /// What it is: logical device, logical node, data object, data attribute, data set, control block.
    pub what: String,
    /// Its reference.
    pub name: String,
    /// What it was; empty when it is new.
    pub old: String,
    /// What it is; empty when it is gone.
    pub new: String,
}

/// What became of a thing of the model.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ModelChangeKind {
    /// It was there and is no more.
    Gone,
    /// It is there otherwise.
    Changed,
    /// It was not there.
    New,
}

impl ModelChangeKind {
    pub(super) const ALL: [Self; 3] = [Self::Gone, Self::Changed, Self::New];

    /// The heading of its changes.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Gone => "gone from the model",
            Self::Changed => "changed in the model",
            Self::New => "new in the model",
        }
    }
}

pub(super) fn compare(old: Option<&ModelRecord>, new: Option<&ModelRecord>) -> ModelComparison {
    let (Some(old), Some(new)) = (old, new) else {
        let which = match (old, new) {
            (None, None) => "neither record holds",
            (None, _) => "the old record does not hold",
            _ => "the new record does not hold",
        };
        return ModelComparison {
            not_compared: Some(format!("{which} the model of its device")),
            changes: Vec::new(),
        };
    };
    if old.source != new.source {
        let text = format!(
            "the model of the old record is {}, that of the new one {}",
            old.source.name(),
            new.source.name()
        );
        return ModelComparison {
            not_compared: Some(text),
            changes: Vec::new(),
        };
    }
    let mut changes = Changes::default();
    changes.nodes(old, new);
    let members = |sets: &BTreeMap<String, Vec<String>>| -> BTreeMap<String, String> {
        let sets = sets.iter();
        sets.map(|(name, members)| (name.clone(), members.join(", ")))
            .collect()
    };
    changes.each(
        "data set",
        &members(&old.data_sets),
        &members(&new.data_sets),
    );
    changes.blocks(&old.blocks, &new.blocks);
    let mut changes = changes.0;
    changes.sort_by(|a, b| a.name.cmp(&b.name));
    ModelComparison {
        not_compared: None,
        changes,
    }
}

#[derive(Default)]
struct Changes(Vec<ModelChange>);

impl Changes {
    fn add(&mut self, what: &str, name: &str, old: &str, new: &str) {
        let kind = match (old.is_empty(), new.is_empty()) {
            (true, _) => ModelChangeKind::New,
            (_, true) => ModelChangeKind::Gone,
            _ => ModelChangeKind::Changed,
        };
        self.0.push(ModelChange {
            kind,
            what: what.to_owned(),
            name: name.to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
        });
    }

    /// What stands in one of two lists only, or with another value.
    fn each(&mut self, what: &str, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) {
        for name in names(old, new) {
            let told = |map: &BTreeMap<String, String>| match map.get(name) {
                Some(value) if value.is_empty() => "none".to_owned(),
                Some(value) => value.clone(),
                None => String::new(),
            };
            let (was, is) = (told(old), told(new));
            if was != is {
                self.add(what, name, &was, &is);
            }
        }
    }

    /// Logical devices that are gone or new are told as a whole, and so are logical nodes and data objects.
    fn nodes(&mut self, old: &ModelRecord, new: &ModelRecord) {
        let devices = |model: &ModelRecord| -> BTreeMap<String, String> {
            let nodes = model.nodes.keys();
            nodes
                .map(|node| (device(node).to_owned(), "there".to_owned()))
                .collect()
        };
        let (before, after) = (devices(old), devices(new));
        self.each("logical device", &before, &after);
        for node in names(&old.nodes, &new.nodes) {
            if !before.contains_key(device(node)) || !after.contains_key(device(node)) {
                continue;
            }
            match (old.nodes.get(node), new.nodes.get(node)) {
                (Some(was), Some(is)) => self.objects(node, was, is, old, new),
                (was, _) => {
                    let there = |is: bool| if is { "there" } else { "" };
                    self.add(
                        "logical node",
                        node,
                        there(was.is_some()),
                        there(was.is_none()),
                    );
                }
            }
        }
    }

    fn objects(
        &mut self,
        node: &str,
        was: &BTreeMap<String, String>,
        is: &BTreeMap<String, String>,
        old: &ModelRecord,
        new: &ModelRecord,
    ) {
        let none = BTreeMap::new();
        for object in names(was, is) {
            let name = format!("{node}.{object}");
            let (before, after) = (was.contains_key(object), is.contains_key(object));
            if !before || !after {
                let there = |is: bool| if is { "there" } else { "" };
                self.add("data object", &name, there(before), there(after));
                continue;
            }
            let attributes = |model: &'_ ModelRecord| -> BTreeMap<String, String> {
                let found = model.attributes(node, object).unwrap_or(&none);
                let found = found.iter();
                found
                    .map(|(attribute, of)| (format!("{name}.{attribute}"), of.clone()))
                    .collect()
            };
            self.each("data attribute", &attributes(old), &attributes(new));
        }
    }

    fn blocks(
        &mut self,
        old: &BTreeMap<String, BTreeMap<String, String>>,
        new: &BTreeMap<String, BTreeMap<String, String>>,
    ) {
        for name in names(old, new) {
            match (old.get(name), new.get(name)) {
                (Some(was), Some(is)) => {
                    let of = |block: &BTreeMap<String, String>| -> BTreeMap<String, String> {
                        let block = block.iter();
                        block
                            .map(|(attribute, value)| {
                                (format!("{name}.{attribute}"), value.clone())
                            })
                            .collect()
                    };
                    self.each("control block", &of(was), &of(is));
                }
                (was, _) => {
                    let there = |is: bool| if is { "there" } else { "" };
                    self.add(
                        "control block",
                        name,
                        there(was.is_some()),
                        there(was.is_none()),
                    );
                }
            }
        }
    }
}

fn device(node: &str) -> &str {
    node.split('/').next().unwrap_or(node)
}

fn names<'a, T, U>(
    old: &'a BTreeMap<String, T>,
    new: &'a BTreeMap<String, U>,
) -> BTreeSet<&'a str> {
    old.keys().chain(new.keys()).map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ModelSource;

    fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        let entries = entries.iter();
        entries
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn model() -> ModelRecord {
        let mut model = ModelRecord::default();
        let nodes = [
            ("LD0/LLN0", map(&[("Mod", "T1"), ("Beh", "T2")])),
            ("LD0/GGIO1", map(&[("Ind1", "T2")])),
            ("LD1/LLN0", map(&[("Mod", "T1")])),
        ];
        model.nodes = nodes.map(|(name, node)| (name.to_owned(), node)).into();
        model.types.insert(
            "T1".into(),
            map(&[("stVal[ST]", "INT8"), ("q[ST]", "Quality")]),
        );
        model
            .types
            .insert("T2".into(), map(&[("stVal[ST]", "BOOLEAN")]));
        model
            .data_sets
            .insert("LD0/LLN0.ds".into(), vec!["LD0/GGIO1.Ind1[ST]".into()]);
        model.blocks.insert(
            "LD0/LLN0.urcb01".into(),
            map(&[("confRev", "1"), ("datSet", "")]),
        );
        model
    }

    fn told(new: &ModelRecord) -> Vec<String> {
        let found = compare(Some(&model()), Some(new));
        let line = |change: &ModelChange| {
            format!(
                "{} {}: {} -> {}",
                change.what, change.name, change.old, change.new
            )
        };
        found.changes.iter().map(line).collect()
    }

    #[test]
    fn the_same_model_is_no_change() {
        assert!(told(&model()).is_empty());
    }

    #[test]
    fn what_is_gone_new_or_another_is_told_once_and_as_a_whole() {
        let mut new = model();
        new.nodes.remove("LD1/LLN0");
        new.nodes
            .get_mut("LD0/GGIO1")
            .unwrap()
            .insert("Ind2".into(), "T2".into());
        new.nodes.insert("LD0/GGIO2".into(), map(&[("Ind1", "T2")]));
        new.types.insert(
            "T1".into(),
            map(&[("stVal[ST]", "INT32"), ("t[ST]", "Timestamp")]),
        );
        new.data_sets.insert("LD0/LLN0.ds".into(), Vec::new());
        new.blocks.insert(
            "LD0/LLN0.urcb01".into(),
            map(&[("confRev", "2"), ("datSet", "")]),
        );
        new.blocks.insert("LD0/LLN0.urcb02".into(), map(&[]));
        assert_eq!(
            told(&new),
            [
                "data object LD0/GGIO1.Ind2:  -> there",
                "logical node LD0/GGIO2:  -> there",
                "data attribute LD0/LLN0.Mod.q[ST]: Quality -> ",
                "data attribute LD0/LLN0.Mod.stVal[ST]: INT8 -> INT32",
                "data attribute LD0/LLN0.Mod.t[ST]:  -> Timestamp",
                "data set LD0/LLN0.ds: LD0/GGIO1.Ind1[ST] -> none",
                "control block LD0/LLN0.urcb01.confRev: 1 -> 2",
                "control block LD0/LLN0.urcb02:  -> there",
                "logical device LD1: there -> ",
            ]
        );
    }

    #[test]
    fn models_of_different_sources_are_not_compared() {
        let mut browsed = model();
        browsed.source = ModelSource::Browsed;
        let found = compare(Some(&model()), Some(&browsed));
        assert!(found.changes.is_empty());
        assert!(found.not_compared.unwrap().contains("browsed"));
        assert!(compare(None, Some(&model())).not_compared.is_some());
    }
}
