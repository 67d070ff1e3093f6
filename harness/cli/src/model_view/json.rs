//! The model as JSON. Empty lists and absent values are left out.

use iedassay_model::scl::Warning;
use iedassay_model::tree::{
    Child, DataAttribute, DataObject, GooseControl, LogControl, LogicalDevice, LogicalNode,
    OptFlds, ReportControl, SampledValueControl, ServerModel, TrgOps, Triggers,
};
use schemars::JsonSchema;
use serde::Serialize;

/// A server.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ModelView {
    pub(crate) ied: String,
    pub(crate) edition: &'static str,
    /// Where the model is from: a file, an address, or `built in`.
    pub(crate) source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<String>,
    pub(crate) logical_devices: Vec<Device>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Device {
    pub(crate) name: String,
    pub(crate) logical_nodes: Vec<Node>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) class: String,
    pub(crate) data_objects: Vec<Object>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) data_sets: Vec<DataSet>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) report_controls: Vec<Report>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) log_controls: Vec<Log>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) logs: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) setting_groups: Option<SettingGroups>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) goose_controls: Vec<Published>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) sampled_value_controls: Vec<Published>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Object {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) cdc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) attributes: Vec<Attribute>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) sub_objects: Vec<Object>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) fc: String,
    #[serde(rename = "type")]
    pub(crate) basic_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) triggers: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) components: Vec<Attribute>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DataSet {
    pub(crate) name: String,
    pub(crate) members: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Report {
    pub(crate) name: String,
    pub(crate) buffered: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rpt_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data_set: Option<String>,
    pub(crate) conf_rev: u32,
    pub(crate) trg_ops: Vec<&'static str>,
    pub(crate) opt_flds: Vec<&'static str>,
    pub(crate) buf_tm_ms: u32,
    pub(crate) intg_pd_ms: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reserved_for: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Log {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data_set: Option<String>,
    pub(crate) log: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SettingGroups {
    pub(crate) count: u32,
    pub(crate) active: u32,
}

/// A GOOSE or sampled value control block.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Published {
    pub(crate) name: String,
    pub(crate) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data_set: Option<String>,
    pub(crate) conf_rev: u32,
}

impl ModelView {
    pub(crate) fn of(model: &ServerModel, source: String, warnings: &[Warning]) -> Self {
        Self {
            ied: model.ied_name.clone(),
            edition: model.edition.as_str(),
            source,
            address: model.address.as_ref().and_then(|address| {
                let port = address.port.unwrap_or(102);
                address.ip.as_ref().map(|ip| {
                    if ip.contains(':') {
                        format!("[{ip}]:{port}")
                    } else {
                        format!("{ip}:{port}")
                    }
                })
            }),
            logical_devices: model.logical_devices().iter().map(device).collect(),
            warnings: warnings.iter().map(ToString::to_string).collect(),
        }
    }
}

fn device(device: &LogicalDevice) -> Device {
    Device {
        name: device.name.clone(),
        logical_nodes: device.logical_nodes.iter().map(node).collect(),
    }
}

fn node(node: &LogicalNode) -> Node {
    Node {
        name: node.name.clone(),
        class: node.class.clone(),
        data_objects: node.data_objects.iter().map(object).collect(),
        data_sets: node
            .data_sets
            .iter()
            .map(|set| DataSet {
                name: set.name.clone(),
                members: set.members.iter().map(ToString::to_string).collect(),
            })
            .collect(),
        report_controls: node.report_controls.iter().map(report).collect(),
        log_controls: node.log_controls.iter().map(log).collect(),
        logs: node.logs.clone(),
        setting_groups: node.setting_group.map(|groups| SettingGroups {
            count: groups.num_of_sgs,
            active: groups.act_sg,
        }),
        goose_controls: node.goose_controls.iter().map(goose).collect(),
        sampled_value_controls: node
            .sampled_value_controls
            .iter()
            .map(sampled_values)
            .collect(),
    }
}

fn object(object: &DataObject) -> Object {
    let mut view = Object {
        name: object.name.clone(),
        cdc: object.cdc.clone(),
        count: object.count,
        attributes: Vec::new(),
        sub_objects: Vec::new(),
    };
    for child in &object.children {
        match child {
            Child::Object(child) => view.sub_objects.push(self::object(child)),
            Child::Attribute(child) => view.attributes.push(attribute(child)),
        }
    }
    view
}

fn attribute(attribute: &DataAttribute) -> Attribute {
    Attribute {
        name: attribute.name.clone(),
        fc: attribute.fc.to_string(),
        basic_type: attribute.btype.scl_name(),
        count: attribute.count,
        triggers: triggers(attribute.triggers),
        components: attribute.components.iter().map(self::attribute).collect(),
    }
}

fn report(block: &ReportControl) -> Report {
    Report {
        name: block.name.clone(),
        buffered: block.buffered,
        rpt_id: block.rpt_id.clone().filter(|id| !id.is_empty()),
        data_set: block.dat_set.clone(),
        conf_rev: block.conf_rev,
        trg_ops: trg_ops(block.trg_ops),
        opt_flds: opt_flds(block.opt_flds),
        buf_tm_ms: block.buf_tm,
        intg_pd_ms: block.intg_pd,
        reserved_for: block.client.as_ref().map(|client| client.ied.clone()),
    }
}

fn log(block: &LogControl) -> Log {
    Log {
        name: block.name.clone(),
        data_set: block.dat_set.clone(),
        log: block.log_ref.clone(),
    }
}

fn goose(block: &GooseControl) -> Published {
    Published {
        name: block.name.clone(),
        id: block.app_id.clone(),
        data_set: block.dat_set.clone(),
        conf_rev: block.conf_rev,
    }
}

fn sampled_values(block: &SampledValueControl) -> Published {
    Published {
        name: block.name.clone(),
        id: block.smv_id.clone(),
        data_set: block.dat_set.clone(),
        conf_rev: block.conf_rev,
    }
}

fn triggers(triggers: Triggers) -> Vec<&'static str> {
    set([
        ("dchg", triggers.dchg),
        ("qchg", triggers.qchg),
        ("dupd", triggers.dupd),
    ])
}

fn trg_ops(ops: TrgOps) -> Vec<&'static str> {
    set([
        ("dchg", ops.dchg),
        ("qchg", ops.qchg),
        ("dupd", ops.dupd),
        ("integrity", ops.integrity),
        ("gi", ops.gi),
    ])
}

fn opt_flds(flds: OptFlds) -> Vec<&'static str> {
    set([
        ("seq-num", flds.seq_num),
        ("time-stamp", flds.time_stamp),
        ("reason-code", flds.reason_code),
        ("data-set", flds.data_set),
        ("data-ref", flds.data_ref),
        ("buf-ovfl", flds.buf_ovfl),
        ("entry-id", flds.entry_id),
        ("conf-rev", flds.conf_rev),
        ("segmentation", flds.segmentation),
    ])
}

fn set<const N: usize>(flags: [(&'static str, bool); N]) -> Vec<&'static str> {
    flags
        .into_iter()
        .filter(|(_, on)| *on)
        .map(|(name, _)| name)
        .collect()
}
