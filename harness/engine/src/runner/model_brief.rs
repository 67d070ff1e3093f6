//! The model of a device in brief, for the record.

use std::collections::{BTreeMap, HashMap};

use iedassay_model::tree::{
    Child, DataAttribute, DataObject, LogicalNode, OptFlds, ServerModel, TrgOps,
};
use iedassay_reports::{ModelRecord, ModelSource};

/// Data objects that a record holds; of the logical nodes beyond them it holds the number.
const MOST_OBJECTS: usize = 50_000;

/// Attributes of a type that a record holds.
const MOST_ATTRIBUTES: usize = 2_000;

/// What of a model another firmware can change: names, types, data sets, control blocks.
///
/// What clients may set on line is told as described or, of a device that was read, as it was then.
pub(crate) fn brief(model: &ServerModel, source: ModelSource) -> ModelRecord {
    let mut brief = ModelRecord {
        source,
        ..ModelRecord::default()
    };
    let mut types: HashMap<BTreeMap<String, String>, String> = HashMap::new();
    let mut objects = 0_usize;
    for device in model.logical_devices() {
        for node in &device.logical_nodes {
            objects = objects.saturating_add(node.data_objects.len());
            if objects > MOST_OBJECTS {
                brief.left_out += 1;
                continue;
            }
            let name = format!("{}/{}", device.name, node.name);
            let of = node.data_objects.iter().map(|object| {
                let attributes = attributes_of(object);
                let next = format!("T{}", types.len() + 1);
                let id = types.entry(attributes).or_insert(next);
                (object.name.clone(), id.clone())
            });
            let of = of.collect();
            for set in &node.data_sets {
                let members = set.members.iter().map(ToString::to_string).collect();
                brief
                    .data_sets
                    .insert(format!("{name}.{}", set.name), members);
            }
            blocks_of(&name, node, &mut brief.blocks);
            brief.nodes.insert(name, of);
        }
    }
    brief.types = types.into_iter().map(|(of, id)| (id, of)).collect();
    brief
}

/// The attributes of a data object and of the objects in it.
fn attributes_of(object: &DataObject) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    object_into("", object, &mut out);
    out
}

// The depth of both is that of the model, which its readers bound.
fn object_into(path: &str, object: &DataObject, out: &mut BTreeMap<String, String>) {
    for child in &object.children {
        match child {
            Child::Object(child) => {
                object_into(&format!("{path}{}.", child.name), child, out);
            }
            Child::Attribute(child) => attribute_into(path, child, out),
        }
    }
}

fn attribute_into(path: &str, attribute: &DataAttribute, out: &mut BTreeMap<String, String>) {
    if out.len() >= MOST_ATTRIBUTES {
        return;
    }
    let name = format!("{path}{}", attribute.name);
    if attribute.components.is_empty() {
        let count = attribute.count.map(|count| format!(" ({count})"));
        let basic = format!(
            "{}{}",
            attribute.btype.scl_name(),
            count.unwrap_or_default()
        );
        out.insert(format!("{name}[{}]", attribute.fc), basic);
    }
    for component in &attribute.components {
        attribute_into(&format!("{name}."), component, out);
    }
}

fn blocks_of(
    node_name: &str,
    node: &LogicalNode,
    blocks: &mut BTreeMap<String, BTreeMap<String, String>>,
) {
    let mut add = |name: &str, attributes: Vec<(&str, String)>| {
        let attributes = attributes.into_iter();
        let attributes = attributes.map(|(key, value)| (key.to_owned(), value));
        blocks.insert(format!("{node_name}.{name}"), attributes.collect());
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    for block in &node.report_controls {
        let kind = if block.buffered { "BRCB" } else { "URCB" };
        add(
            &block.name,
            vec![
                ("kind", kind.to_owned()),
                ("rptID", text(&block.rpt_id)),
                ("datSet", text(&block.dat_set)),
                ("confRev", block.conf_rev.to_string()),
                ("trgOps", trg_ops(&block.trg_ops)),
                ("optFlds", opt_flds(&block.opt_flds)),
                ("bufTm", block.buf_tm.to_string()),
                ("intgPd", block.intg_pd.to_string()),
            ],
        );
    }
    for block in &node.log_controls {
        let log = ("logRef", block.log_ref.clone());
        add(
            &block.name,
            vec![
                ("kind", "LCB".to_owned()),
                ("datSet", text(&block.dat_set)),
                log,
            ],
        );
    }
    for block in &node.goose_controls {
        add(
            &block.name,
            vec![
                ("kind", "GoCB".to_owned()),
                ("goID", block.app_id.clone()),
                ("datSet", text(&block.dat_set)),
                ("confRev", block.conf_rev.to_string()),
            ],
        );
    }
    for block in &node.sampled_value_controls {
        add(
            &block.name,
            vec![
                ("kind", "SVCB".to_owned()),
                ("smvID", block.smv_id.clone()),
                ("datSet", text(&block.dat_set)),
                ("confRev", block.conf_rev.to_string()),
            ],
        );
    }
}

fn trg_ops(of: &TrgOps) -> String {
    said([
        ("dchg", of.dchg),
        ("qchg", of.qchg),
        ("dupd", of.dupd),
        ("integrity", of.integrity),
        ("gi", of.gi),
    ])
}

fn opt_flds(of: &OptFlds) -> String {
    said([
        ("seq-num", of.seq_num),
        ("time-stamp", of.time_stamp),
        ("reason-code", of.reason_code),
        ("data-set", of.data_set),
        ("data-ref", of.data_ref),
        ("buf-ovfl", of.buf_ovfl),
        ("entry-id", of.entry_id),
        ("conf-rev", of.conf_rev),
        ("segmentation", of.segmentation),
    ])
}

fn said<const N: usize>(flags: [(&'static str, bool); N]) -> String {
    let set = flags.into_iter().filter(|(_, on)| *on);
    let words: Vec<&str> = set.map(|(word, _)| word).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_model::scl;

    #[test]
    fn holds_every_object_and_block_and_tells_each_type_once() {
        let model = scl::builtin().unwrap().model;
        let brief = brief(&model, ModelSource::Described);
        let nodes = model
            .logical_devices()
            .iter()
            .flat_map(|device| &device.logical_nodes);
        assert_eq!(brief.nodes.len(), nodes.count());
        assert_eq!(brief.left_out, 0);
        let objects: usize = brief.nodes.values().map(BTreeMap::len).sum();
        assert!(
            brief.types.len() < objects / 3,
            "{} of {objects}",
            brief.types.len()
        );
        for id in brief.nodes.values().flat_map(BTreeMap::values) {
            assert!(brief.types.contains_key(id), "{id}");
        }
        let of_mod = &brief.types[&brief.nodes["ASSAYLD0/LLN0"]["Mod"]];
        assert_eq!(of_mod["q[ST]"], "Quality");
        assert_eq!(brief.blocks.len(), {
            let nodes = model.logical_devices().iter();
            let nodes = nodes.flat_map(|device| &device.logical_nodes);
            nodes
                .map(|node| {
                    node.report_controls.len()
                        + node.log_controls.len()
                        + node.goose_controls.len()
                        + node.sampled_value_controls.len()
                })
                .sum::<usize>()
        });
    }

    #[test]
    fn is_the_same_every_time() {
        let model = scl::builtin().unwrap().model;
        let first = brief(&model, ModelSource::Described);
        assert_eq!(first, brief(&model, ModelSource::Described));
    }
}
