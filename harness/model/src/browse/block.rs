//! Control blocks of a live server: what their attributes and values tell.

use iedassay_wire::mms::Data;

use super::Values;
use crate::{
    BlockKind, DataSetReference,
    tree::{
        DataAttribute, Edition, GooseControl, LogControl, LogicalNode, OptFlds, ReportControl,
        SampledValueControl, SeenBlock, SettingGroupControl, TrgOps, blocks,
    },
};

/// Adds the block to its logical node; answers what is odd about it.
pub(super) fn add(
    domain: &str,
    node: &mut LogicalNode,
    path: &str,
    seen: &SeenBlock,
    values: &Values<'_>,
) -> Vec<String> {
    let mut reader = Reader {
        domain,
        node: node.name.clone(),
        path,
        seen,
        values,
        notes: Vec::new(),
    };
    match seen.kind {
        BlockKind::Urcb | BlockKind::Brcb => node.report_controls.push(reader.report_control()),
        BlockKind::Lcb => node.log_controls.push(LogControl {
            name: seen.name.clone(),
            dat_set: reader.data_set(),
            log_ref: reader.text("LogRef"),
            log_ena: reader.flag("LogEna"),
            reason_code: true,
            trg_ops: reader.trg_ops(),
            intg_pd: reader.number("IntgPd"),
            buf_tm: 0,
        }),
        BlockKind::Sgcb => {
            node.setting_group = Some(SettingGroupControl {
                num_of_sgs: reader.number("NumOfSG"),
                act_sg: reader.number("ActSG"),
                resv_tms: reader.has("ResvTms").then(|| reader.number("ResvTms")),
            });
        }
        BlockKind::Gocb => node.goose_controls.push(GooseControl {
            name: seen.name.clone(),
            app_id: reader.text("GoID"),
            dat_set: reader.data_set(),
            conf_rev: reader.number("ConfRev"),
            fixed_offs: reader.flag("FixedOffs"),
            min_time: reader.has("MinTime").then(|| reader.number("MinTime")),
            max_time: reader.has("MaxTime").then(|| reader.number("MaxTime")),
            address: None,
        }),
        BlockKind::Msvcb | BlockKind::Usvcb => {
            node.sampled_value_controls.push(SampledValueControl {
                name: seen.name.clone(),
                smv_id: reader.text(if seen.kind == BlockKind::Msvcb {
                    "MsvID"
                } else {
                    "UsvID"
                }),
                dat_set: reader.data_set(),
                conf_rev: reader.number("ConfRev"),
                multicast: seen.kind == BlockKind::Msvcb,
                smp_rate: reader.number("SmpRate"),
                smp_mod: u8::try_from(reader.number("SmpMod")).unwrap_or(0),
                no_asdu: reader.number("noASDU"),
                ..SampledValueControl::default()
            })
        }
    }
    reader.notes
}

/// Puts attributes whose order nobody told into that of the standard; what the standard does not know comes last.
pub(super) fn standard_order(kind: BlockKind, attributes: &mut [DataAttribute]) {
    let edition = Edition::Ed2;
    let standard = match kind {
        BlockKind::Urcb | BlockKind::Brcb => {
            let buffered = kind == BlockKind::Brcb;
            let block = ReportControl {
                buffered,
                has_resv_tms: true,
                has_owner: true,
                ..ReportControl::default()
            };
            blocks::report_control("", "", &block, edition)
        }
        BlockKind::Lcb => blocks::log_control("", "", &LogControl::default(), edition),
        BlockKind::Gocb => blocks::goose_control("", "", &GooseControl::default(), edition),
        BlockKind::Sgcb => blocks::setting_group(&SettingGroupControl {
            resv_tms: Some(0),
            ..SettingGroupControl::default()
        }),
        BlockKind::Msvcb | BlockKind::Usvcb => {
            let block = SampledValueControl {
                multicast: kind == BlockKind::Msvcb,
                ..SampledValueControl::default()
            };
            blocks::sampled_value_control("", "", &block, edition)
        }
    };
    attributes.sort_by_key(|attribute| {
        standard
            .iter()
            .position(|known| known.name.eq_ignore_ascii_case(&attribute.name))
            .unwrap_or(usize::MAX)
    });
}

struct Reader<'r> {
    domain: &'r str,
    node: String,
    path: &'r str,
    seen: &'r SeenBlock,
    values: &'r Values<'r>,
    notes: Vec<String>,
}

impl Reader<'_> {
    fn report_control(&mut self) -> ReportControl {
        let name = self.seen.name.clone();
        let digits = name
            .len()
            .checked_sub(2)
            .and_then(|at| Some((name.get(..at)?, name.get(at..)?)));
        let instance = digits.and_then(|(_, digits)| {
            let number: u32 = digits.parse().ok()?;
            (digits.bytes().all(|byte| byte.is_ascii_digit()) && number > 0).then_some(number)
        });
        let base_name = match (digits, instance) {
            (Some((base, _)), Some(_)) => base.to_owned(),
            _ => name.clone(),
        };
        let reserved = self.value("ResvTms").and_then(Data::as_i64) == Some(-1);
        ReportControl {
            base_name,
            instance,
            buffered: self.seen.kind == BlockKind::Brcb,
            rpt_id: Some(self.text("RptID")).filter(|text| !text.is_empty()),
            dat_set: self.data_set(),
            conf_rev: self.number("ConfRev"),
            trg_ops: self.trg_ops(),
            opt_flds: self
                .value("OptFlds")
                .and_then(Data::as_bits)
                .map(OptFlds::from_bits)
                .unwrap_or_default(),
            buf_tm: self.number("BufTm"),
            intg_pd: self.number("IntgPd"),
            indexed: instance.is_some(),
            max: 1,
            client: reserved.then(crate::tree::ClientReservation::default),
            has_resv_tms: self.has("ResvTms"),
            has_owner: self.has("Owner"),
            name,
        }
    }

    fn has(&self, attribute: &str) -> bool {
        self.seen
            .attributes
            .iter()
            .any(|candidate| candidate.name == attribute)
    }

    /// The value of an attribute: read by itself, or as a component of the whole block.
    fn value(&self, attribute: &str) -> Option<&Data> {
        if let Some(data) = self
            .values
            .get(format!("{}${attribute}", self.path).as_str())
        {
            return Some(data);
        }
        let at = self
            .seen
            .attributes
            .iter()
            .position(|candidate| candidate.name == attribute)?;
        match self.values.get(self.path)? {
            Data::Structure(list) if list.len() == self.seen.attributes.len() => list.get(at),
            _ => None,
        }
    }

    fn text(&self, attribute: &str) -> String {
        self.value(attribute)
            .and_then(Data::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    fn number(&self, attribute: &str) -> u32 {
        self.value(attribute)
            .and_then(Data::as_u64)
            .and_then(|number| u32::try_from(number).ok())
            .unwrap_or(0)
    }

    fn flag(&self, attribute: &str) -> bool {
        self.value(attribute)
            .and_then(Data::as_bool)
            .unwrap_or(false)
    }

    fn trg_ops(&self) -> TrgOps {
        self.value("TrgOps")
            .and_then(Data::as_bits)
            .map(TrgOps::from_bits)
            .unwrap_or_default()
    }

    /// The data set, when it is one of the same logical node.
    fn data_set(&mut self) -> Option<String> {
        let text = self.text("DatSet");
        if text.is_empty() {
            return None;
        }
        match text.parse() {
            Ok(DataSetReference::Persistent { ld, ln, name })
                if ld == self.domain && ln == self.node =>
            {
                Some(name)
            }
            _ => {
                self.notes.push(format!(
                    "{}/{} has the data set `{text}`, not of its logical node",
                    self.domain, self.path
                ));
                None
            }
        }
    }
}
