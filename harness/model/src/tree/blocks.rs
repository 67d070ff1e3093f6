//! Attributes of control blocks on MMS: names, types and order (IEC 61850-8-1, mapping of control block classes).

use super::{
    BType, DataAttribute, Edition, GooseControl, LogControl, MulticastAddress, ReportControl,
    SampledValueControl, SettingGroupControl,
};
use crate::Fc;

/// Attributes of a report control block in wire order.
#[must_use]
pub fn report_control(
    domain: &str,
    ln: &str,
    block: &ReportControl,
    edition: Edition,
) -> Vec<DataAttribute> {
    let fc = if block.buffered { Fc::BR } else { Fc::RP };
    let list = Attributes { fc };
    let reference = reference_type(edition);
    let mut attributes = vec![
        list.text(
            "RptID",
            reference.clone(),
            block.rpt_id.clone().unwrap_or_default(),
        ),
        list.flag("RptEna", false),
    ];
    if !block.buffered {
        attributes.push(list.flag("Resv", block.client.is_some()));
    }
    attributes.extend([
        list.text(
            "DatSet",
            reference,
            data_set_text(domain, ln, block.dat_set.as_deref()),
        ),
        list.number("ConfRev", BType::Int32U, block.conf_rev),
        list.text(
            "OptFlds",
            BType::OptFlds,
            block.opt_flds.to_bits().to_string(),
        ),
        list.number("BufTm", BType::Int32U, block.buf_tm),
        list.number(
            "SqNum",
            if block.buffered {
                BType::Int16U
            } else {
                BType::Int8U
            },
            0,
        ),
        list.text("TrgOps", BType::TrgOps, block.trg_ops.to_bits().to_string()),
        list.number("IntgPd", BType::Int32U, block.intg_pd),
        list.flag("GI", false),
    ]);
    if block.buffered {
        attributes.extend([
            list.flag("PurgeBuf", false),
            list.leaf("EntryID", BType::OctetFixed(8)),
            list.leaf("TimeofEntry", BType::EntryTime),
        ]);
        if block.has_resv_tms {
            let reserved = if block.client.is_some() { "-1" } else { "0" };
            attributes.push(list.text("ResvTms", BType::Int16, reserved.to_owned()));
        }
    }
    if block.has_owner {
        attributes.push(list.leaf("Owner", BType::Octet(64)));
    }
    attributes
}

/// Attributes of a log control block in wire order.
#[must_use]
pub fn log_control(
    domain: &str,
    ln: &str,
    block: &LogControl,
    edition: Edition,
) -> Vec<DataAttribute> {
    let list = Attributes { fc: Fc::LG };
    let reference = reference_type(edition);
    vec![
        list.flag("LogEna", block.log_ena),
        list.text("LogRef", reference.clone(), block.log_ref.clone()),
        list.text(
            "DatSet",
            reference,
            data_set_text(domain, ln, block.dat_set.as_deref()),
        ),
        list.leaf("OldEntrTm", BType::EntryTime),
        list.leaf("NewEntrTm", BType::EntryTime),
        list.leaf("OldEntr", BType::OctetFixed(8)),
        list.leaf("NewEntr", BType::OctetFixed(8)),
        list.text("TrgOps", BType::TrgOps, block.trg_ops.to_bits().to_string()),
        list.number("IntgPd", BType::Int32U, block.intg_pd),
    ]
}

/// Attributes of the setting group control block in wire order.
#[must_use]
pub fn setting_group(block: &SettingGroupControl) -> Vec<DataAttribute> {
    let list = Attributes { fc: Fc::SP };
    let mut attributes = vec![
        list.number("NumOfSG", BType::Int8U, block.num_of_sgs),
        list.number("ActSG", BType::Int8U, block.act_sg),
        list.number("EditSG", BType::Int8U, 0),
        list.flag("CnfEdit", false),
        list.leaf("LActTm", BType::Timestamp),
    ];
    if block.resv_tms.is_some() {
        attributes.push(list.number("ResvTms", BType::Int16U, 0));
    }
    attributes
}

/// Attributes of a GOOSE control block in wire order.
#[must_use]
pub fn goose_control(
    domain: &str,
    ln: &str,
    block: &GooseControl,
    edition: Edition,
) -> Vec<DataAttribute> {
    let list = Attributes { fc: Fc::GO };
    let reference = reference_type(edition);
    vec![
        list.flag("GoEna", true),
        list.text("GoID", reference.clone(), block.app_id.clone()),
        list.text(
            "DatSet",
            reference,
            data_set_text(domain, ln, block.dat_set.as_deref()),
        ),
        list.number("ConfRev", BType::Int32U, block.conf_rev),
        list.flag("NdsCom", block.dat_set.is_none()),
        list.destination(block.address),
        list.number("MinTime", BType::Int32U, block.min_time.unwrap_or(0)),
        list.number("MaxTime", BType::Int32U, block.max_time.unwrap_or(0)),
        list.flag("FixedOffs", block.fixed_offs),
    ]
}

/// Attributes of a sampled value control block in wire order.
#[must_use]
pub fn sampled_value_control(
    domain: &str,
    ln: &str,
    block: &SampledValueControl,
    edition: Edition,
) -> Vec<DataAttribute> {
    let list = Attributes {
        fc: if block.multicast { Fc::MS } else { Fc::US },
    };
    let reference = reference_type(edition);
    let mut bits = String::from("0b");
    bits.extend(
        block
            .opt_flds
            .iter()
            .map(|bit| if *bit { '1' } else { '0' }),
    );
    bits.push_str("000");
    let mut attributes = vec![list.flag("SvEna", false)];
    if !block.multicast {
        attributes.push(list.flag("Resv", false));
    }
    attributes.extend([
        list.text(
            if block.multicast { "MsvID" } else { "UsvID" },
            reference.clone(),
            block.smv_id.clone(),
        ),
        list.text(
            "DatSet",
            reference,
            data_set_text(domain, ln, block.dat_set.as_deref()),
        ),
        list.number("ConfRev", BType::Int32U, block.conf_rev),
        list.number("SmpRate", BType::Int16U, block.smp_rate),
        list.text("OptFlds", BType::SvOptFlds, bits),
        list.number("SmpMod", BType::Int8, u32::from(block.smp_mod)),
        list.destination(block.address),
        list.number("noASDU", BType::Int16U, block.no_asdu),
    ]);
    attributes
}

fn data_set_text(domain: &str, ln: &str, name: Option<&str>) -> String {
    name.filter(|name| !name.is_empty())
        .map_or_else(String::new, |name| format!("{domain}/{ln}${name}"))
}

/// References grew from 65 to 129 characters with Edition 2.
fn reference_type(edition: Edition) -> BType {
    BType::VisString(if edition == Edition::Ed1 { 65 } else { 129 })
}

struct Attributes {
    fc: Fc,
}

impl Attributes {
    fn leaf(&self, name: &str, btype: BType) -> DataAttribute {
        DataAttribute::leaf(name, self.fc, btype)
    }

    fn text(&self, name: &str, btype: BType, value: String) -> DataAttribute {
        DataAttribute {
            initial: Some(value),
            ..self.leaf(name, btype)
        }
    }

    fn number(&self, name: &str, btype: BType, value: u32) -> DataAttribute {
        self.text(name, btype, value.to_string())
    }

    fn flag(&self, name: &str, value: bool) -> DataAttribute {
        self.text(name, BType::Boolean, value.to_string())
    }

    fn destination(&self, address: Option<MulticastAddress>) -> DataAttribute {
        let address = address.unwrap_or_default();
        let mac = address.mac.map(|octet| format!("{octet:02X}")).join("");
        DataAttribute {
            components: vec![
                self.text("Addr", BType::OctetFixed(6), mac),
                self.number("PRIORITY", BType::Int8U, u32::from(address.priority)),
                self.number("VID", BType::Int16U, u32::from(address.vlan)),
                self.number("APPID", BType::Int16U, u32::from(address.app_id)),
            ],
            ..self.leaf("DstAddress", BType::PhyComAddr)
        }
    }
}
