//! Control blocks and logs of a logical node.

use std::collections::HashSet;

use roxmltree::Node;

use super::{
    communication::Communication,
    devices::Devices,
    error::{SclErrorKind, SclErrors},
    values::NAME_REMEDY,
    xml::{Context, attr, children, elements, is_name, shorten},
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

/// The blocks in a logical node element. `room` is how many report control blocks the server may still get.
pub(crate) fn read<'a, 'i: 'a>(
    context: &mut Context<'a, 'i>,
    node: Node<'a, 'i>,
    place: &Place<'_, '_, '_>,
    communication: &Communication<'a, 'i>,
    data_sets: &[DataSet],
    room: &mut usize,
) -> Result<Blocks, SclErrors> {
    let mut blocks = Blocks::default();
    let mut names = HashSet::new();
    let mut instances = HashSet::new();
    for element in elements(node) {
        match element.tag_name().name() {
            "ReportControl" | "LogControl" | "GSEControl" | "SampledValueControl"
                if !is_named(context, element, &mut names) => {}
            "ReportControl" => {
                let found = &mut blocks.report_controls;
                let before = found.len();
                report_control(context, element, place, data_sets, &mut instances, found);
                let new = found.len().saturating_sub(before);
                *room = room
                    .checked_sub(new)
                    .ok_or_else(|| context.fail(element, SclErrorKind::ModelTooLarge))?;
            }
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
                        "make `actSG` a number from 1 to `numOfSGs`",
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
                    context.warn(
                        element,
                        "GSSE is left out: Edition 2 dropped it",
                        "make it GOOSE, or delete it",
                    );
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
    Ok(blocks)
}

/// Whether a control block has a name, and one that no other block of its kind has.
fn is_named<'a>(
    context: &mut Context<'_, '_>,
    element: Node<'a, '_>,
    names: &mut HashSet<(&'a str, &'a str)>,
) -> bool {
    let kind = element.tag_name().name();
    let name = attr(element, "name").unwrap_or_default();
    if !is_name(name) {
        context.warn(
            element,
            format!("`{}` is no name of a {kind}, it is left out", shorten(name)),
            NAME_REMEDY,
        );
        return false;
    }
    // A buffered and an unbuffered block of one name stand under different constraints.
    let free = kind == "ReportControl" || names.insert((kind, name));
    if !free {
        context.warn(
            element,
            format!(
                "{kind} `{}` is described twice, the second is left out",
                shorten(name)
            ),
            "give each control block of a logical node a name of its own",
        );
    }
    free
}

fn report_control(
    context: &mut Context<'_, '_>,
    element: Node<'_, '_>,
    place: &Place<'_, '_, '_>,
    data_sets: &[DataSet],
    names: &mut HashSet<(String, bool)>,
    found: &mut Vec<ReportControl>,
) {
    let base_name = attr(element, "name").unwrap_or_default().to_owned();
    let enabled = children(element, "RptEnabled").next();
    let mut max = enabled
        .and_then(|enabled| context.number(enabled, "max"))
        .unwrap_or(1);
    if max == 0 || max > MAX_INSTANCES {
        context.warn(
            element,
            format!(
                "report control block `{}` cannot have {max} instances, it gets {}",
                shorten(&base_name),
                max.clamp(1, MAX_INSTANCES)
            ),
            "make `max` of `RptEnabled` a number from 1 to 99",
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
            "make `indexed` true, or `max` 1",
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
    if clients.len() > usize::try_from(*instances.end()).unwrap_or(usize::MAX) {
        context.warn(
            element,
            format!(
                "report control block `{}` has more clients than instances, the last are left out",
                shorten(&block.base_name)
            ),
            "raise `max` of `RptEnabled`",
        );
        clients.drain(
            ..clients
                .len()
                .saturating_sub(usize::try_from(*instances.end()).unwrap_or(usize::MAX)),
        );
    }
    for instance in instances {
        let mut block = ReportControl {
            client: clients.pop(),
            ..block.clone()
        };
        if indexed {
            block.instance = Some(instance);
            block.name = format!("{}{instance:02}", block.base_name);
        }
        if !names.insert((block.name.clone(), block.buffered)) {
            context.warn(
                element,
                format!(
                    "report control block `{}` is described twice, the second is left out",
                    shorten(&block.name)
                ),
                "give the blocks of a logical node names that stay apart with their two digits",
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
    let device = match attr(element, "ldInst").filter(|inst| !inst.is_empty()) {
        Some(inst) => {
            let found = place.devices.number(inst);
            if found.is_none() {
                context.warn(
                    element,
                    format!(
                        "there is no logical device `{}`, the log is taken to be in this one",
                        shorten(inst)
                    ),
                    "correct `ldInst`",
                );
            }
            found
                .and_then(|at| place.devices.list.get(at))
                .unwrap_or(place.device)
        }
        None => place.device,
    };
    let part = |name| attr(element, name).unwrap_or_default();
    let class = attr(element, "lnClass").unwrap_or("LLN0");
    let log_name = attr(element, "logName").unwrap_or(&device.inst);
    // Without any LN attribute the log is that of LLN0.
    let node = format!("{}{class}{}", part("prefix"), part("lnInst"));
    if !place.devices.has_log(&device.name, &node, log_name) {
        context.warn(
            element,
            format!(
                "there is no log `{}` in `{}/{}`, the block has nowhere to log to",
                shorten(log_name),
                device.name,
                shorten(&node)
            ),
            "add the `Log`, or correct `logName`",
        );
    }
    let log_ref = format!("{}/{node}${log_name}", device.name);
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
        let known = data_sets.iter().map(|set| set.name.as_str());
        let remedy = context.did_you_mean(name, known, "add the `DataSet`, or correct `datSet`");
        context.warn(
            element,
            format!(
                "there is no data set `{}` in this logical node",
                shorten(name)
            ),
            remedy,
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
