//! Control blocks and logs of a logical node.

use roxmltree::Node;

use super::{
    communication::Communication,
    devices::Devices,
    xml::{Context, attr, children, shorten},
};
use crate::{
    services::Services,
    tree::{
        ClientReservation, DataSet, Edition, GooseControl, LogControl, LogicalDevice, OptFlds,
        ReportControl, SampledValueControl, SettingGroupControl, TrgOps,
    },
};

/// Most instances of one report control block: two digits.
const MAX_INSTANCES: u32 = 99;

/// Where the blocks stand.
pub(crate) struct Place<'m, 'a, 'i> {
    pub(crate) devices: &'m Devices<'a, 'i>,
    pub(crate) device: &'m LogicalDevice,
    pub(crate) edition: Edition,
    pub(crate) services: &'m Services,
}

/// The blocks of a logical node.
#[derive(Default)]
pub(crate) struct Blocks {
    pub(crate) report_controls: Vec<ReportControl>,
    pub(crate) log_controls: Vec<LogControl>,
    pub(crate) logs: Vec<String>,
    pub(crate) setting_group: Option<SettingGroupControl>,
    pub(crate) goose_controls: Vec<GooseControl>,
    pub(crate) sampled_value_controls: Vec<SampledValueControl>,
}

pub(crate) fn read<'a, 'i: 'a>(
    context: &mut Context<'a, 'i>,
    node: Node<'a, 'i>,
    place: &Place<'_, '_, '_>,
    communication: &Communication<'a, 'i>,
    data_sets: &[DataSet],
) -> Blocks {
    let mut blocks = Blocks::default();
    for element in node.children().filter(|node| node.is_element()) {
        match element.tag_name().name() {
            "ReportControl" => report_control(
                context,
                element,
                place,
                data_sets,
                &mut blocks.report_controls,
            ),
            "LogControl" => {
                let block = log_control(context, element, place, data_sets);
                blocks.log_controls.push(block);
            }
            "Log" => {
                // Edition 1 allows one log without a name; it then has that of the device.
                let name = attr(element, "name")
                    .filter(|name| !name.is_empty())
                    .unwrap_or(&place.device.inst);
                blocks.logs.push(name.to_owned());
            }
            "SettingControl" => {
                let num_of_sgs = context.number(element, "numOfSGs").unwrap_or(1);
                let act_sg = context.number(element, "actSG").unwrap_or(1);
                if act_sg == 0 || act_sg > num_of_sgs {
                    context.warn(
                        element,
                        format!("active setting group {act_sg} of {num_of_sgs}"),
                    );
                }
                let has_resv = place.edition != Edition::Ed1
                    && (attr(element, "resvTms").is_some()
                        || place.services.setting_groups.is_some_and(|sg| sg.resv_tms));
                let resv_tms = context.number(element, "resvTms");
                blocks.setting_group = Some(SettingGroupControl {
                    num_of_sgs,
                    act_sg,
                    resv_tms: has_resv.then(|| resv_tms.unwrap_or(0)),
                });
            }
            "GSEControl" => {
                if attr(element, "type") == Some("GSSE") {
                    context.warn(element, "GSSE is left out: Edition 2 dropped it".to_owned());
                    continue;
                }
                let name = attr(element, "name").unwrap_or_default();
                let sent = communication.publication(context, "GSE", &place.device.inst, name);
                blocks.goose_controls.push(GooseControl {
                    name: name.to_owned(),
                    app_id: attr(element, "appID").unwrap_or_default().to_owned(),
                    dat_set: data_set(context, element, data_sets),
                    conf_rev: context.number(element, "confRev").unwrap_or(0),
                    fixed_offs: context.flag(element, "fixedOffs", false),
                    address: sent.address,
                    min_time: sent.min_time,
                    max_time: sent.max_time,
                });
            }
            "SampledValueControl" => {
                let block = sampled_values(context, element, place, communication, data_sets);
                blocks.sampled_value_controls.push(block);
            }
            _ => {}
        }
    }
    blocks
}

fn report_control(
    context: &mut Context<'_, '_>,
    element: Node<'_, '_>,
    place: &Place<'_, '_, '_>,
    data_sets: &[DataSet],
    found: &mut Vec<ReportControl>,
) {
    let base_name = attr(element, "name").unwrap_or_default().to_owned();
    if base_name.is_empty() {
        context.warn(
            element,
            "a report control block without name is left out".to_owned(),
        );
        return;
    }
    let enabled = children(element, "RptEnabled").next();
    let mut max = enabled
        .and_then(|enabled| context.number(enabled, "max"))
        .unwrap_or(1);
    if max == 0 || max > MAX_INSTANCES {
        context.warn(
            element,
            format!(
                "{max} instances of report control block `{}`",
                shorten(&base_name)
            ),
        );
        max = max.clamp(1, MAX_INSTANCES);
    }
    let indexed = context.flag(element, "indexed", true);
    if !indexed && max > 1 {
        context.warn(
            element,
            format!(
                "report control block `{}` is not indexed, so it has one instance and not {max}",
                shorten(&base_name)
            ),
        );
    }
    let buffered = context.flag(element, "buffered", false);
    let settings = place.services.effective_report_settings();
    let since_edition_2 = place.edition != Edition::Ed1;
    let block = ReportControl {
        name: base_name.clone(),
        instance: None,
        buffered,
        rpt_id: attr(element, "rptID").map(str::to_owned),
        dat_set: data_set(context, element, data_sets),
        conf_rev: context.number(element, "confRev").unwrap_or(0),
        trg_ops: trg_ops(context, element),
        opt_flds: opt_flds(context, element),
        buf_tm: context.number(element, "bufTime").unwrap_or(0),
        intg_pd: context.number(element, "intgPd").unwrap_or(0),
        indexed,
        max,
        client: None,
        has_resv_tms: buffered && since_edition_2 && settings.resv_tms,
        has_owner: since_edition_2 && settings.owner,
        base_name,
    };
    let mut clients: Vec<_> = enabled
        .into_iter()
        .flat_map(|enabled| children(enabled, "ClientLN"))
        .map(client)
        .collect();
    clients.reverse();
    let instances = if indexed { 1..=max } else { 1..=1 };
    for instance in instances {
        let mut block = ReportControl {
            client: clients.pop(),
            ..block.clone()
        };
        if indexed {
            block.instance = Some(instance);
            block.name = format!("{}{instance:02}", block.base_name);
        }
        if found
            .iter()
            .any(|other| other.name == block.name && other.buffered == block.buffered)
        {
            context.warn(
                element,
                format!(
                    "report control block `{}` is described twice",
                    shorten(&block.name)
                ),
            );
            continue;
        }
        found.push(block);
    }
}

fn client(element: Node<'_, '_>) -> ClientReservation {
    let part = |name| attr(element, name).unwrap_or_default();
    let ln = format!("{}{}{}", part("prefix"), part("lnClass"), part("lnInst"));
    ClientReservation {
        ied: part("iedName").to_owned(),
        access_point: attr(element, "apRef").map(str::to_owned),
        logical_node: format!("{}/{ln}", part("ldInst")),
    }
}

fn log_control(
    context: &mut Context<'_, '_>,
    element: Node<'_, '_>,
    place: &Place<'_, '_, '_>,
    data_sets: &[DataSet],
) -> LogControl {
    let device = match attr(element, "ldInst") {
        Some(inst) => place
            .devices
            .number(inst)
            .and_then(|at| place.devices.list.get(at))
            .unwrap_or(place.device),
        None => place.device,
    };
    let part = |name| attr(element, name).unwrap_or_default();
    let class = attr(element, "lnClass").unwrap_or("LLN0");
    let log_name = attr(element, "logName").unwrap_or(&device.inst);
    // Without any LN attribute the log is that of LLN0.
    let log_ref = format!(
        "{}/{}{class}{}${log_name}",
        device.name,
        part("prefix"),
        part("lnInst")
    );
    LogControl {
        name: part("name").to_owned(),
        dat_set: data_set(context, element, data_sets),
        log_ref,
        log_ena: context.flag(element, "logEna", true),
        reason_code: context.flag(element, "reasonCode", true),
        trg_ops: trg_ops(context, element),
        intg_pd: context.number(element, "intgPd").unwrap_or(0),
        buf_tm: context.number(element, "bufTime").unwrap_or(0),
    }
}

fn sampled_values<'a, 'i: 'a>(
    context: &mut Context<'a, 'i>,
    element: Node<'a, 'i>,
    place: &Place<'_, '_, '_>,
    communication: &Communication<'a, 'i>,
    data_sets: &[DataSet],
) -> SampledValueControl {
    let name = attr(element, "name").unwrap_or_default();
    let options = children(element, "SmvOpts").next();
    let mut option = |name: &str, default: bool| {
        options.map_or(default, |options| context.flag(options, name, default))
    };
    let opt_flds = [
        option("refreshTime", false),
        option("sampleSynchronized", true),
        option("sampleRate", false),
        option("dataSet", false),
        option("security", false),
    ];
    SampledValueControl {
        name: name.to_owned(),
        smv_id: attr(element, "smvID").unwrap_or_default().to_owned(),
        dat_set: data_set(context, element, data_sets),
        conf_rev: context.number(element, "confRev").unwrap_or(0),
        multicast: context.flag(element, "multicast", true),
        smp_rate: context.number(element, "smpRate").unwrap_or(0),
        smp_mod: match attr(element, "smpMod") {
            Some("SmpPerSec") => 1,
            Some("SecPerSmp") => 2,
            _ => 0,
        },
        no_asdu: context.number(element, "nofASDU").unwrap_or(1),
        opt_flds,
        address: communication
            .publication(context, "SMV", &place.device.inst, name)
            .address,
    }
}

/// The data set that a block names; one that does not exist is kept, for the server would show it too, and warned about.
fn data_set(
    context: &mut Context<'_, '_>,
    element: Node<'_, '_>,
    data_sets: &[DataSet],
) -> Option<String> {
    let name = attr(element, "datSet").filter(|name| !name.is_empty())?;
    if !data_sets.iter().any(|set| set.name == name) {
        context.warn(
            element,
            format!(
                "there is no data set `{}` in this logical node",
                shorten(name)
            ),
        );
    }
    Some(name.to_owned())
}

fn trg_ops(context: &mut Context<'_, '_>, element: Node<'_, '_>) -> TrgOps {
    let Some(ops) = children(element, "TrgOps").next() else {
        return TrgOps {
            gi: true,
            ..TrgOps::default()
        };
    };
    TrgOps {
        dchg: context.flag(ops, "dchg", false),
        qchg: context.flag(ops, "qchg", false),
        dupd: context.flag(ops, "dupd", false),
        integrity: context.flag(ops, "period", false),
        gi: context.flag(ops, "gi", true),
    }
}

fn opt_flds(context: &mut Context<'_, '_>, element: Node<'_, '_>) -> OptFlds {
    let Some(fields) = children(element, "OptFields").next() else {
        return OptFlds {
            buf_ovfl: true,
            ..OptFlds::default()
        };
    };
    OptFlds {
        seq_num: context.flag(fields, "seqNum", false),
        time_stamp: context.flag(fields, "timeStamp", false),
        reason_code: context.flag(fields, "reasonCode", false),
        data_set: context.flag(fields, "dataSet", false),
        data_ref: context.flag(fields, "dataRef", false),
        buf_ovfl: context.flag(fields, "bufOvfl", true),
        entry_id: context.flag(fields, "entryID", false),
        conf_rev: context.flag(fields, "configRef", false),
        segmentation: false,
    }
}
