//! The model of the server as expressions see it: plain maps and lists, built once for a run.
//!
//! Every object has `ref` (the name people use, which steps take) and `mms` (the name on the wire).

mod controls;
mod publishers;

use std::collections::BTreeMap;

use iedassay_model::services::{Services, Setting};
use iedassay_model::tree::{
    BType, DataSetAt, LogicalDevice, LogicalNode, Node, NodeKind, OptFlds, ReportControlAt,
    ServerAddress, ServerModel, TrgOps, Triggers, ValKind,
};
use iedassay_model::{Fc, ObjectReference};

use super::Value;
use crate::suite::{OptFld, StimulusKind, TrgOp};
use crate::target::Target;
use crate::value::{list, main_leaf, map};

/// What the view takes for granted. The plan asks twice to tell "not in the model" from "no stimulus".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Assume {
    /// Every change can be stimulated.
    pub stimuli: bool,
    /// Every control may be operated, everything may be written.
    pub allowed: bool,
    /// Somebody answers prompts.
    pub attended: bool,
}

/// `model`.
#[must_use]
pub fn model(model: &ServerModel, target: &Target, assume: Assume) -> Value {
    let view = View {
        model,
        target,
        assume,
        data_sets: BTreeMap::new(),
    }
    .with_data_sets();
    let devices = model.logical_devices();
    map([
        ("iedName", text(&model.ied_name)),
        ("edition", text(model.edition.as_str())),
        ("lds", list(devices.iter().map(|ld| view.device(ld)))),
        (
            "lns",
            list(model.nodes().map(|(ld, ln)| view.logical_node(ld, ln))),
        ),
        ("fcds", list(view.top_objects().map(|n| view.object(n)))),
        (
            "leaves",
            list(
                model
                    .leaves()
                    .filter(|n| !n.in_array() && n.block().is_none())
                    .map(|n| view.leaf(n)),
            ),
        ),
        ("dataSets", list(view.data_sets.values().cloned())),
        ("rcbs", list(model.report_controls().map(|r| view.rcb(r)))),
        (
            "urcbs",
            list(
                model
                    .report_controls()
                    .filter(|r| !r.block.buffered)
                    .map(|r| view.rcb(r)),
            ),
        ),
        (
            "brcbs",
            list(
                model
                    .report_controls()
                    .filter(|r| r.block.buffered)
                    .map(|r| view.rcb(r)),
            ),
        ),
        ("controls", list(view.controls())),
        ("settingGroups", list(view.setting_groups())),
        ("logs", list(view.logs())),
        ("lcbs", list(view.log_controls())),
        ("gocbs", list(view.goose_controls())),
        ("svcbs", list(view.sampled_value_controls())),
        ("services", services(&model.services)),
        (
            "address",
            model.address.as_ref().map_or(Value::Null, address),
        ),
    ])
}

pub(super) fn text(s: &str) -> Value {
    Value::String(s.to_owned().into())
}

fn int(n: impl Into<i64>) -> Value {
    Value::Int(n.into())
}

fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Value {
    list(words.into_iter().map(text))
}

struct View<'a> {
    model: &'a ServerModel,
    target: &'a Target,
    assume: Assume,
    /// By reference.
    data_sets: BTreeMap<String, Value>,
}

impl<'a> View<'a> {
    fn with_data_sets(mut self) -> Self {
        self.data_sets = self
            .model
            .data_sets()
            .map(|d| (d.reference().to_string(), self.data_set(d)))
            .collect();
        self
    }

    fn device(&self, ld: &LogicalDevice) -> Value {
        let names: Vec<&str> = self.model.names(&ld.name).collect();
        let sets = ld.logical_nodes.iter().flat_map(|ln| {
            ln.data_sets
                .iter()
                .map(move |d| format!("{}${}", ln.name, d.name))
        });
        map([
            ("kind", text("ld")),
            ("ref", text(&ld.name)),
            ("mms", text(&ld.name)),
            ("name", text(&ld.name)),
            ("inst", text(&ld.inst)),
            (
                "lns",
                list(ld.logical_nodes.iter().map(|ln| self.logical_node(ld, ln))),
            ),
            // Names on the wire, as GetNameList gives them.
            ("variables", words(names)),
            ("variableLists", list(sets.map(|s| text(&s)))),
        ])
    }

    fn logical_node(&self, ld: &LogicalDevice, ln: &LogicalNode) -> Value {
        let reference = format!("{}/{}", ld.name, ln.name);
        let root = self.model.resolve(&ld.name, &ln.name);
        let fcs = root
            .into_iter()
            .flat_map(Node::children)
            .map(|fc| text(fc.name()));
        map([
            ("kind", text("ln")),
            ("ref", text(&reference)),
            ("mms", text(&reference)),
            ("ld", text(&ld.name)),
            ("name", text(&ln.name)),
            ("prefix", text(&ln.prefix)),
            ("class", text(&ln.class)),
            ("inst", text(&ln.inst)),
            ("fcs", list(fcs)),
            (
                "dos",
                words(ln.data_objects.iter().map(|d| d.name.as_str())),
            ),
            (
                "urcbs",
                words(
                    ln.report_controls
                        .iter()
                        .filter(|r| !r.buffered)
                        .map(|r| r.name.as_str()),
                ),
            ),
            (
                "brcbs",
                words(
                    ln.report_controls
                        .iter()
                        .filter(|r| r.buffered)
                        .map(|r| r.name.as_str()),
                ),
            ),
        ])
    }

    /// Data objects below their functional constraint: FCD.
    fn top_objects(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let model = self.model;
        model
            .variables()
            .filter(|n| n.kind() == NodeKind::DataObject)
            .filter(|n| n.parent().is_some_and(|p| p.kind() == NodeKind::Constraint))
    }

    /// What leaves and data objects share.
    fn common(&self, node: Node<'a>) -> Vec<(&'static str, Value)> {
        let reference = node.reference();
        let object = top_object(node);
        vec![
            ("ref", text(&reference.to_string())),
            ("mms", text(&format!("{}/{}", node.domain(), node.item()))),
            ("ld", text(node.domain())),
            ("ln", text(node.logical_node_name())),
            ("lnClass", text(self.class_of(node))),
            ("do", text(object.map_or("", Node::name))),
            ("cdc", text(object.and_then(Node::cdc).unwrap_or(""))),
            ("fc", text(node.fc().map_or("", Fc::as_str))),
            ("name", text(node.name())),
            ("analogue", Value::Bool(node.is_analogue())),
            ("triggers", triggers(node.member_triggers())),
            ("can", self.can(node)),
        ]
    }

    fn class_of(&self, node: Node<'a>) -> &'a str {
        node.logical_device()
            .and_then(|ld| {
                ld.logical_nodes
                    .iter()
                    .find(|ln| ln.name == node.logical_node_name())
            })
            .map_or("", |ln| &ln.class)
    }

    fn object(&self, node: Node<'a>) -> Value {
        let leaves = node
            .leaves_within()
            .map(|l| text(&l.reference().to_string()));
        let mut entries = self.common(node);
        entries.push(("kind", text("fcd")));
        entries.push(("leaves", list(leaves)));
        entries.push(("components", list(node.children().map(|c| text(c.name())))));
        entries.push(("main", self.main_ref(node)));
        map(entries)
    }

    fn leaf(&self, node: Node<'a>) -> Value {
        let mut entries = self.common(node);
        entries.push(("kind", text("leaf")));
        entries.push((
            "type",
            text(&node.btype().map(BType::scl_name).unwrap_or_default()),
        ));
        entries.push(("mmsType", text(node.btype().map_or("", mms_type))));
        entries.push(("array", Value::Bool(node.count().is_some())));
        entries.push(("enum", enum_ords(node)));
        entries.push(("q", sibling(node, "q")));
        entries.push(("t", sibling(node, "t")));
        entries.push((
            "readOnly",
            Value::Bool(node.val_kind() == ValKind::ReadOnly),
        ));
        entries.push(("initial", node.initial().map_or(Value::Null, text)));
        let allowed = self.assume.allowed
            || self
                .target
                .allow
                .as_ref()
                .is_some_and(|a| a.may_write(&node.reference().to_string()));
        entries.push(("mayWrite", Value::Bool(allowed)));
        map(entries)
    }

    fn main_ref(&self, node: Node<'a>) -> Value {
        text(&main_leaf(node).reference().to_string())
    }

    /// Which changes of the value or quality of this member can be brought about.
    fn can(&self, node: Node<'a>) -> Value {
        let triggers = node.member_triggers();
        let main = main_leaf(node);
        let quality = if node.is_leaf() {
            (node.btype() == Some(&BType::Quality)).then_some(node)
        } else {
            node.leaves_within()
                .find(|l| l.btype() == Some(&BType::Quality))
        };
        let mut can = Vec::new();
        let mut offer = |leaf: Option<Node<'a>>, change: StimulusKind, triggered: bool| {
            let Some(leaf) = leaf.filter(|_| triggered) else {
                return;
            };
            let reference = leaf.reference().to_string();
            let offered =
                self.assume.stimuli
                    || self.target.stimuli.as_ref().is_some_and(|s| {
                        s.find(&reference, change, self.assume.attended).is_some()
                    });
            if offered {
                can.push(change.as_str());
            }
        };
        let value = (main.is_leaf() && main.btype() != Some(&BType::Quality)).then_some(main);
        // A model read from the device knows no triggers: what is status or measured is taken to trigger.
        let unknown = triggers == Triggers::default()
            && matches!(node.fc(), Some(Fc::ST | Fc::MX))
            && main.name() != "t";
        offer(value, StimulusKind::Dchg, triggers.dchg || unknown);
        offer(quality, StimulusKind::Qchg, triggers.qchg || unknown);
        offer(value, StimulusKind::Dupd, triggers.dupd);
        words(can)
    }

    fn data_set(&self, at: DataSetAt<'a>) -> Value {
        let reference = at.reference().to_string();
        let members = self.model.members(at.data_set);
        let members = members
            .into_iter()
            .enumerate()
            .map(|(i, (reference, node))| self.member(i, reference, node));
        map([
            ("kind", text("data-set")),
            ("ref", text(&reference)),
            (
                "mms",
                text(&format!(
                    "{}/{}${}",
                    at.ld.name, at.ln.name, at.data_set.name
                )),
            ),
            ("ld", text(&at.ld.name)),
            ("ln", text(&at.ln.name)),
            ("name", text(&at.data_set.name)),
            ("members", list(members)),
            ("deletable", Value::Bool(at.data_set.deletable)),
        ])
    }

    fn member(&self, index: usize, reference: &ObjectReference, node: Option<Node<'a>>) -> Value {
        let mut entries = match node {
            Some(node) => self.common(node),
            None => vec![
                ("mms", text(&reference.to_string())),
                ("ld", text(&reference.ld)),
                ("ln", text(&reference.ln)),
                ("fc", text(reference.fc.map_or("", Fc::as_str))),
                ("can", list([])),
                ("triggers", list([])),
                ("analogue", Value::Bool(false)),
            ],
        };
        // The reference as written, with an array index the node does not know.
        entries.push(("ref", text(&reference.to_string())));
        entries.push(("kind", text("member")));
        entries.push(("index", int(i64::try_from(index).unwrap_or(i64::MAX))));
        let leaf = node.filter(|n| n.is_leaf());
        entries.push(("fcd", Value::Bool(node.is_some() && leaf.is_none())));
        entries.push((
            "type",
            text(
                &leaf
                    .and_then(Node::btype)
                    .map(BType::scl_name)
                    .unwrap_or_default(),
            ),
        ));
        entries.push(("main", node.map_or(Value::Null, |n| self.main_ref(n))));
        let resolved = node.is_some();
        entries.push(("inModel", Value::Bool(resolved)));
        map(entries)
    }

    fn rcb(&self, at: ReportControlAt<'a>) -> Value {
        let block = at.block;
        let reference = at.reference();
        let fc = if block.buffered { "BR" } else { "RP" };
        let mms = format!("{}/{}${fc}${}", at.ld.name, at.ln.name, block.name);
        let data_set = at
            .data_set()
            .and_then(|d| self.data_sets.get(&d.to_string()).cloned());
        let members = match &data_set {
            Some(Value::Map(m)) => m.map.get(&cel::objects::Key::from("members")).cloned(),
            _ => None,
        }
        .unwrap_or_else(|| list([]));
        let settings = self.model.services.effective_report_settings();
        let dynamic = |s: Setting| Value::Bool(s.is_dynamic());
        let attributes = self
            .model
            .resolve(&at.ld.name, &format!("{}${fc}${}", at.ln.name, block.name))
            .into_iter()
            .flat_map(Node::children)
            .map(|c| text(c.name()));
        map([
            ("kind", text("rcb")),
            ("ref", text(&reference.to_string())),
            ("mms", text(&mms)),
            ("ld", text(&at.ld.name)),
            ("ln", text(&at.ln.name)),
            ("name", text(&block.name)),
            ("baseName", text(&block.base_name)),
            ("instance", int(block.instance.unwrap_or(0))),
            ("indexed", Value::Bool(block.indexed)),
            ("max", int(block.max)),
            ("buffered", Value::Bool(block.buffered)),
            // INT16U in buffered blocks, INT8U in others (IEC 61850-8-1, 17.2.2 and 17.2.3): how many values SqNum has.
            ("sqNums", int(if block.buffered { 65536 } else { 256 })),
            ("rptId", text(block.rpt_id.as_deref().unwrap_or(""))),
            (
                "datSet",
                at.data_set().map_or_else(
                    || text(""),
                    |_| {
                        let name = block.dat_set.as_deref().unwrap_or("");
                        text(&format!("{}/{}${name}", at.ld.name, at.ln.name))
                    },
                ),
            ),
            ("dataSet", data_set.unwrap_or(Value::Null)),
            ("members", members.clone()),
            ("confRev", int(block.conf_rev)),
            ("trgOps", trg_ops(&block.trg_ops)),
            ("optFlds", opt_flds(&block.opt_flds)),
            ("bufTm", int(block.buf_tm)),
            ("intgPd", int(block.intg_pd)),
            ("hasResvTms", Value::Bool(block.has_resv_tms)),
            ("hasOwner", Value::Bool(block.has_owner)),
            ("preassigned", Value::Bool(block.client.is_some())),
            ("attributes", list(attributes)),
            (
                "dyn",
                map([
                    ("datSet", dynamic(settings.dat_set)),
                    ("rptId", dynamic(settings.rpt_id)),
                    ("optFlds", dynamic(settings.opt_fields)),
                    ("bufTm", dynamic(settings.buf_time)),
                    ("trgOps", dynamic(settings.trg_ops)),
                    ("intgPd", dynamic(settings.intg_pd)),
                ]),
            ),
            ("statusMember", pick(&members, false)),
            ("analogueMember", pick(&members, true)),
        ])
    }

    fn setting_groups(&self) -> Vec<Value> {
        self.model
            .nodes()
            .filter_map(|(ld, ln)| ln.setting_group.as_ref().map(|sg| (ld, ln, sg)))
            .map(|(ld, ln, sg)| {
                map([
                    ("kind", text("setting-group")),
                    ("ref", text(&format!("{}/{}.SGCB[SP]", ld.name, ln.name))),
                    ("mms", text(&format!("{}/{}$SP$SGCB", ld.name, ln.name))),
                    ("ld", text(&ld.name)),
                    ("count", int(sg.num_of_sgs)),
                    ("active", int(sg.act_sg)),
                ])
            })
            .collect()
    }

    /// Log control blocks.
    fn log_controls(&self) -> Vec<Value> {
        let blocks = self.model.nodes().flat_map(|(ld, ln)| {
            ln.log_controls
                .iter()
                .map(move |block| (&ld.name, &ln.name, block))
        });
        blocks
            .map(|(ld, ln, block)| {
                let reference = format!("{ld}/{ln}.{}[LG]", block.name);
                let of = |name: &String| format!("{ld}/{ln}${name}");
                let dat_set = block.dat_set.as_ref().map(of).unwrap_or_default();
                let set = self.model.data_sets().find(|at| {
                    format!("{}/{}${}", at.ld.name, at.ln.name, at.data_set.name) == dat_set
                });
                let members = set.map(|at| self.model.members(at.data_set));
                let members = members.into_iter().flatten().enumerate();
                let allowed = self.assume.allowed
                    || self
                        .target
                        .allow
                        .as_ref()
                        .is_some_and(|allow| allow.may_write(&reference));
                map([
                    ("kind", text("lcb")),
                    ("ref", text(&reference)),
                    ("mms", text(&format!("{ld}/{ln}$LG${}", block.name))),
                    ("ld", text(ld)),
                    ("ln", text(ln)),
                    ("name", text(&block.name)),
                    ("log", text(&block.log_ref)),
                    ("datSet", text(&dat_set)),
                    (
                        "members",
                        list(members.map(|(i, (reference, node))| self.member(i, reference, node))),
                    ),
                    ("trgOps", trg_ops(&block.trg_ops)),
                    ("intgPd", int(block.intg_pd)),
                    ("reasonCode", Value::Bool(block.reason_code)),
                    ("mayWrite", Value::Bool(allowed)),
                ])
            })
            .collect()
    }

    fn logs(&self) -> Vec<Value> {
        self.model
            .nodes()
            .flat_map(|(ld, ln)| ln.logs.iter().map(move |log| (ld, ln, log)))
            .map(|(ld, ln, log)| {
                map([
                    ("kind", text("log")),
                    ("ref", text(&format!("{}/{}${log}", ld.name, ln.name))),
                    ("mms", text(&format!("{}/{}${log}", ld.name, ln.name))),
                    ("ld", text(&ld.name)),
                    ("name", text(log)),
                ])
            })
            .collect()
    }
}

/// The data object directly below the logical node that a node is in.
fn top_object(node: Node<'_>) -> Option<Node<'_>> {
    core::iter::successors(Some(node), |n| n.parent())
        .filter(|n| n.kind() == NodeKind::DataObject)
        .last()
}

fn sibling(node: Node<'_>, name: &str) -> Value {
    // `q` stands beside `stVal`, or beside the structure that holds `f`.
    core::iter::successors(Some(node), |n| n.parent())
        .take_while(|n| n.kind() == NodeKind::Attribute)
        .find_map(|n| n.sibling(name))
        .map_or(Value::Null, |s| text(&s.reference().to_string()))
}

fn enum_ords(node: Node<'_>) -> Value {
    match node.btype() {
        Some(BType::Enum(e)) => list(e.literals.iter().map(|(ord, _)| int(*ord))),
        _ => list([]),
    }
}

/// MMS type of a basic type (IEC 61850-8-1, mapping of basic types).
fn mms_type(btype: &BType) -> &'static str {
    match btype {
        BType::Boolean => "boolean",
        BType::Int8
        | BType::Int16
        | BType::Int24
        | BType::Int32
        | BType::Int64
        | BType::Int128
        | BType::Enum(_) => "integer",
        BType::Int8U | BType::Int16U | BType::Int24U | BType::Int32U => "unsigned",
        BType::Float32 | BType::Float64 => "float",
        BType::Timestamp => "utc-time",
        BType::VisString(_) | BType::ObjRef | BType::Currency => "visible-string",
        BType::Unicode(_) => "mms-string",
        BType::Octet(_) | BType::OctetFixed(_) => "octet-string",
        BType::EntryTime => "binary-time",
        BType::PhyComAddr | BType::Structure => "structure",
        _ => "bit-string",
    }
}

/// The first member of this kind whose change can be brought about.
fn pick(members: &Value, analogue: bool) -> Value {
    let Value::List(members) = members else {
        return Value::Null;
    };
    let get = |member: &Value, key: &str| match member {
        Value::Map(m) => m.map.get(&cel::objects::Key::from(key)).cloned(),
        _ => None,
    };
    members
        .iter()
        .find(|m| {
            get(m, "analogue") == Some(Value::Bool(analogue))
                && matches!(get(m, "can"), Some(Value::List(can)) if can.contains(&text("dchg")))
        })
        .cloned()
        .unwrap_or(Value::Null)
}

fn triggers(t: Triggers) -> Value {
    words(
        [("dchg", t.dchg), ("qchg", t.qchg), ("dupd", t.dupd)]
            .into_iter()
            .filter_map(|(w, on)| on.then_some(w)),
    )
}

fn trg_ops(t: &TrgOps) -> Value {
    let on = [t.dchg, t.qchg, t.dupd, t.integrity, t.gi];
    words(TrgOp::words().zip(on).filter_map(|(w, on)| on.then_some(w)))
}

fn opt_flds(o: &OptFlds) -> Value {
    let on = [
        o.seq_num,
        o.time_stamp,
        o.reason_code,
        o.data_set,
        o.data_ref,
        o.buf_ovfl,
        o.entry_id,
        o.conf_rev,
        o.segmentation,
    ];
    words(
        OptFld::words()
            .zip(on)
            .filter_map(|(w, on)| on.then_some(w)),
    )
}

/// The address of the description; what it leaves open is as the target says.
fn address(address: &ServerAddress) -> Value {
    let right = || text("right");
    let selector = |octets: &Option<Vec<u8>>| {
        octets
            .as_ref()
            .map_or_else(right, |octets| text(&crate::value::hex(octets)))
    };
    let title = |arcs: &Vec<u32>| {
        let arcs: Vec<String> = arcs.iter().map(ToString::to_string).collect();
        text(&arcs.join("."))
    };
    map([
        ("accessPoint", text(&address.access_point)),
        ("ip", text(address.ip.as_deref().unwrap_or_default())),
        ("port", int(address.port.unwrap_or(102))),
        ("tsel", selector(&address.tsel)),
        ("ssel", selector(&address.ssel)),
        ("psel", selector(&address.psel)),
        (
            "apTitle",
            address.ap_title.as_ref().map_or_else(right, title),
        ),
        (
            "aeQualifier",
            address
                .ae_qualifier
                .map_or_else(right, |qualifier| text(&qualifier.to_string())),
        ),
    ])
}

/// Who may set which attribute: `Fix`, `Conf` or `Dyn`.
fn settings(of: &[(&'static str, Setting)]) -> Value {
    map(of.iter().map(|(name, who)| (*name, text(who.as_str()))))
}

fn services(s: &Services) -> Value {
    let limit = |n: Option<u32>| n.map_or(Value::Null, int);
    map([
        ("stated", Value::Bool(s.stated)),
        ("maxAssociations", limit(s.max_associations)),
        ("elements", words(s.elements.iter().map(String::as_str))),
        ("timeActivated", Value::Bool(s.timer_activated_control)),
        (
            "reports",
            s.report_settings.map_or(Value::Null, |r| {
                settings(&[
                    ("RptID", r.rpt_id),
                    ("DatSet", r.dat_set),
                    ("OptFlds", r.opt_fields),
                    ("BufTm", r.buf_time),
                    ("TrgOps", r.trg_ops),
                    ("IntgPd", r.intg_pd),
                ])
            }),
        ),
        (
            "logs",
            s.log_settings.map_or(Value::Null, |l| {
                settings(&[
                    ("LogEna", l.log_ena),
                    ("DatSet", l.dat_set),
                    ("TrgOps", l.trg_ops),
                    ("IntgPd", l.intg_pd),
                ])
            }),
        ),
        (
            "goose",
            s.goose_settings.map_or(Value::Null, |g| {
                settings(&[("id", g.app_id), ("DatSet", g.dat_set)])
            }),
        ),
        (
            "samples",
            s.sampled_value_settings.map_or(Value::Null, |v| {
                settings(&[
                    ("id", v.sv_id),
                    ("DatSet", v.dat_set),
                    ("OptFlds", v.opt_fields),
                    ("SmpRate", v.smp_rate),
                ])
            }),
        ),
        ("confDataSets", limit(s.conf_data_set.and_then(|d| d.max))),
        (
            "confMembers",
            limit(s.conf_data_set.and_then(|d| d.max_attributes)),
        ),
        ("confReports", limit(s.conf_report_control)),
        ("confLogs", limit(s.conf_log_control)),
        ("gooseBlocks", limit(s.goose)),
        ("svBlocks", limit(s.sampled_values)),
        (
            "resvTms",
            Value::Bool(s.report_settings.is_some_and(|r| r.resv_tms)),
        ),
        (
            "owner",
            Value::Bool(s.report_settings.is_some_and(|r| r.owner)),
        ),
        (
            "groupResvTms",
            Value::Bool(s.setting_groups.is_some_and(|g| g.resv_tms)),
        ),
        (
            "filesOverMms",
            Value::Bool(s.file_handling.is_some_and(|f| f.mms)),
        ),
        ("dynDataSets", limit(s.dyn_data_set.and_then(|d| d.max))),
        (
            "maxMembers",
            limit(
                s.dyn_data_set
                    .or(s.conf_data_set)
                    .and_then(|d| d.max_attributes),
            ),
        ),
    ])
}
