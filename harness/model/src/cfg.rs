//! Writer of the `.cfg` model format of libiec61850, so that its servers can serve the same model.
//!
//! One element a line, blocks in braces, `-` for none. Values of types for which the format has no text (quality, time stamps,
//! double points, octets) are left at their defaults. Arrays of structures and of data objects are left out: the library serves
//! those of a model made this way with empty elements.

use core::fmt::Write as _;

use crate::{
    Fc, ObjectReference, Selection,
    tree::{
        BType, Child, DataAttribute, DataObject, DataSet, LogicalDevice, LogicalNode,
        MulticastAddress, Node, OptFlds, ReportControl, ServerModel, TrgOps, Triggers,
    },
};

/// Longest line that the reader of the format takes.
const MAX_LINE: usize = 900;

/// The model as a `.cfg` text.
#[must_use]
pub fn write(model: &ServerModel) -> String {
    let mut writer = Writer {
        model,
        text: String::new(),
    };
    writer.line(&format!("MODEL({}){{", model.ied_name));
    for device in model.logical_devices() {
        writer.device(device);
    }
    writer.line("}");
    writer.text
}

struct Writer<'m> {
    model: &'m ServerModel,
    text: String,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn device(&mut self, device: &LogicalDevice) {
        let inst = instance(self.model, device);
        if format!("{}{inst}", self.model.ied_name) == device.name {
            self.line(&format!("LD({inst}){{"));
        } else {
            self.line(&format!("LD({inst} {}){{", device.name));
        }
        for node in &device.logical_nodes {
            self.node(device, node);
        }
        self.line("}");
    }

    fn node(&mut self, device: &LogicalDevice, node: &LogicalNode) {
        self.line(&format!("LN({}){{", node.name));
        if let Some(block) = &node.setting_group {
            self.line(&format!("SG({} {});", block.act_sg, block.num_of_sgs));
        }
        for object in &node.data_objects {
            self.object(object);
        }
        for set in &node.data_sets {
            self.data_set(device, set);
        }
        for block in &node.report_controls {
            self.report_control(block);
        }
        for block in &node.log_controls {
            let line = format!(
                "LC({} {} {} {} {} {} {});",
                block.name,
                word(block.dat_set.as_deref()),
                word(Some(self.without_ied_name(&block.log_ref))),
                trg_ops(block.trg_ops),
                block.intg_pd,
                u8::from(block.log_ena),
                u8::from(block.reason_code),
            );
            self.line(&line);
        }
        for log in &node.logs {
            self.line(&format!("LOG({log});"));
        }
        for block in &node.goose_controls {
            let line = format!(
                "GC({} {} {} {} {} {} {}){{",
                block.name,
                word(Some(&block.app_id)),
                word(block.dat_set.as_deref()),
                block.conf_rev,
                u8::from(block.fixed_offs),
                block.min_time.map_or(-1, i64::from),
                block.max_time.map_or(-1, i64::from),
            );
            self.published(&line, block.address);
        }
        for block in &node.sampled_value_controls {
            let flags = block
                .opt_flds
                .iter()
                .rev()
                .fold(0_u8, |bits, bit| (bits << 1) | u8::from(*bit));
            let line = format!(
                "SMVC({} {} {} {} {} {} {flags} {}){{",
                block.name,
                word(Some(&block.smv_id)),
                word(block.dat_set.as_deref()),
                block.conf_rev,
                block.smp_mod,
                block.smp_rate,
                u8::from(!block.multicast),
            );
            self.published(&line, block.address);
        }
        self.line("}");
    }

    fn published(&mut self, head: &str, address: Option<MulticastAddress>) {
        self.line(head);
        if let Some(address) = address {
            let mac = address.mac.map(|octet| format!("{octet:02x}")).join("");
            self.line(&format!(
                "PA({} {} {} {mac});",
                address.priority, address.vlan, address.app_id
            ));
        }
        self.line("}");
    }

    fn object(&mut self, object: &DataObject) {
        if object.count.is_some() {
            return;
        }
        self.line(&format!("DO({} 0){{", object.name));
        for child in &object.children {
            match child {
                Child::Object(sub) => self.object(sub),
                Child::Attribute(attribute) => self.attribute(attribute, Triggers::default()),
            }
        }
        self.line("}");
    }

    fn attribute(&mut self, attribute: &DataAttribute, inherited: Triggers) {
        let Some(fc) = constraint(attribute.fc) else {
            return;
        };
        if attribute.count.is_some() && !attribute.components.is_empty() {
            return;
        }
        let triggers = attribute.triggers.union(inherited);
        let mut line = format!(
            "DA({} {} {} {fc} {} 0)",
            attribute.name,
            attribute.count.unwrap_or(0),
            type_number(&attribute.btype),
            trigger_number(triggers),
        );
        if attribute.components.is_empty() {
            if let Some(value) =
                value(attribute).filter(|value| line.len().saturating_add(value.len()) < MAX_LINE)
            {
                let _ = write!(line, "={value}");
            }
            line.push(';');
            self.line(&line);
            return;
        }
        line.push('{');
        self.line(&line);
        for component in &attribute.components {
            self.attribute(component, triggers);
        }
        self.line("}");
    }

    fn data_set(&mut self, device: &LogicalDevice, set: &DataSet) {
        self.line(&format!("DS({}){{", set.name));
        for member in &set.members {
            if member.path.iter().any(|step| step.index.is_some())
                && self
                    .model
                    .resolve_reference(member)
                    .is_some_and(Node::in_array)
            {
                continue;
            }
            let line = format!("DE({});", self.member(device, member));
            self.line(&line);
        }
        self.line("}");
    }

    /// `LN$FC$DO$DA`; of an array element the index and what is below it follow after spaces.
    fn member(&self, device: &LogicalDevice, member: &ObjectReference) -> String {
        let mut text = String::new();
        if member.ld != device.name {
            let other = self.model.logical_device(&member.ld);
            let inst = other.map_or_else(
                || self.without_ied_name(&member.ld),
                |other| instance(self.model, other),
            );
            let _ = write!(text, "{inst}/");
        }
        let Ok(name) = member.to_mms() else {
            return text;
        };
        text.push_str(&name.item);
        let mut component = String::new();
        for step in &name.selection {
            match step {
                Selection::Index(index) => {
                    let _ = write!(text, " {index}");
                }
                Selection::Component(name) => {
                    component.push(if component.is_empty() { ' ' } else { '$' });
                    component.push_str(name);
                }
            }
        }
        text.push_str(&component);
        text
    }

    fn report_control(&mut self, block: &ReportControl) {
        let line = format!(
            "RC({} {} {} {} {} {} {} {} {});",
            block.name,
            word(block.rpt_id.as_deref()),
            u8::from(block.buffered),
            word(block.dat_set.as_deref()),
            block.conf_rev,
            trg_ops(block.trg_ops),
            opt_flds(block.opt_flds),
            block.buf_tm,
            block.intg_pd,
        );
        self.line(&line);
    }

    fn without_ied_name<'t>(&self, text: &'t str) -> &'t str {
        text.strip_prefix(self.model.ied_name.as_str())
            .unwrap_or(text)
    }
}

/// Instance of a device: as described, or what is left of its name.
fn instance<'d>(model: &ServerModel, device: &'d LogicalDevice) -> &'d str {
    if device.inst.is_empty() {
        device
            .name
            .strip_prefix(model.ied_name.as_str())
            .unwrap_or(&device.name)
    } else {
        &device.inst
    }
}

/// A word of a line; the format has no quotes, so white space and brackets cannot be told.
fn word(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    if text.is_empty() {
        return "-".to_owned();
    }
    text.chars()
        .map(|c| {
            if c.is_whitespace() || "(){};".contains(c) {
                '_'
            } else {
                c
            }
        })
        .collect()
}

/// Number of a functional constraint; control blocks are no attributes of the format.
fn constraint(fc: Fc) -> Option<u8> {
    Some(match fc {
        Fc::ST => 0,
        Fc::MX => 1,
        Fc::SP => 2,
        Fc::SV => 3,
        Fc::CF => 4,
        Fc::DC => 5,
        Fc::SG => 6,
        Fc::SE => 7,
        Fc::SR => 8,
        Fc::OR => 9,
        Fc::BL => 10,
        Fc::EX => 11,
        Fc::CO => 12,
        Fc::US | Fc::MS | Fc::RP | Fc::BR | Fc::LG | Fc::GO => return None,
    })
}

fn type_number(btype: &BType) -> u8 {
    match btype {
        BType::Boolean => 0,
        BType::Int8 => 1,
        BType::Int16 => 2,
        BType::Int24 | BType::Int32 => 3,
        BType::Int64 => 4,
        BType::Int128 => 5,
        BType::Int8U => 6,
        BType::Int16U => 7,
        BType::Int24U => 8,
        BType::Int32U => 9,
        BType::Float32 => 10,
        BType::Float64 => 11,
        BType::Enum(_) => 12,
        BType::Octet(6) | BType::OctetFixed(6) => 14,
        BType::OctetFixed(8) => 15,
        BType::Octet(_) | BType::OctetFixed(_) => 13,
        BType::VisString(size) => match size {
            0..=32 => 16,
            33..=64 => 17,
            65 => 18,
            66..=129 => 19,
            _ => 20,
        },
        BType::ObjRef => 19,
        BType::Unicode(_) => 21,
        BType::Timestamp => 22,
        BType::Quality => 23,
        BType::Check => 24,
        BType::Dbpos | BType::Tcmd => 25,
        BType::BitString(_) | BType::SvOptFlds | BType::LogOptFlds => 26,
        BType::Structure | BType::PhyComAddr | BType::Other(_) | BType::Unknown => 27,
        BType::EntryTime => 28,
        BType::Currency => 30,
        BType::OptFlds => 31,
        BType::TrgOps => 32,
    }
}

fn trigger_number(triggers: Triggers) -> u8 {
    u8::from(triggers.dchg) | (u8::from(triggers.qchg) << 1) | (u8::from(triggers.dupd) << 2)
}

fn trg_ops(ops: TrgOps) -> u8 {
    let TrgOps {
        dchg,
        qchg,
        dupd,
        integrity,
        gi,
    } = ops;
    trigger_number(Triggers { dchg, qchg, dupd }) | (u8::from(integrity) << 3) | (u8::from(gi) << 4)
}

fn opt_flds(flds: OptFlds) -> u8 {
    [
        flds.conf_rev,
        flds.entry_id,
        flds.buf_ovfl,
        flds.data_ref,
        flds.data_set,
        flds.reason_code,
        flds.time_stamp,
        flds.seq_num,
    ]
    .into_iter()
    .fold(0, |bits, bit| (bits << 1) | u8::from(bit))
}

/// The configured value as the format writes it, for the types that it can.
fn value(attribute: &DataAttribute) -> Option<String> {
    let group = attribute.group_values.first().map(|(_, text)| text);
    let text = attribute.initial.as_ref().or(group)?.trim();
    match &attribute.btype {
        BType::Boolean => match text {
            "true" | "1" => Some("1".to_owned()),
            "false" | "0" => Some("0".to_owned()),
            _ => None,
        },
        BType::Enum(literals) => {
            let ord = literals
                .ord(text)
                .map(i64::from)
                .or_else(|| text.parse().ok())?;
            Some(ord.to_string())
        }
        BType::Int8
        | BType::Int16
        | BType::Int24
        | BType::Int32
        | BType::Int64
        | BType::Int8U
        | BType::Int16U
        | BType::Int24U
        | BType::Int32U => text.parse::<i64>().ok().map(|number| number.to_string()),
        BType::Float32 | BType::Float64 => text
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .map(|number| number.to_string()),
        BType::VisString(_) | BType::Unicode(_) | BType::ObjRef | BType::Currency => {
            let plain = !text
                .chars()
                .any(|c| c.is_control() || c == '"' || c == '\\');
            plain.then(|| format!("\"{text}\""))
        }
        _ => None,
    }
}
