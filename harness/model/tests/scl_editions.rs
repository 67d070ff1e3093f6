//! Small SCL files of our own, one for each schema, and what the reader has to find in them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

use iedassay_model::{
    scl::{self, Description, MissingTypes, Options},
    services::{ReportModes, Setting},
    tree::{Edition, ReportControl, ServerModel},
    value::format_value,
};

const EDITION_1: &str = include_str!("scl/edition1.icd");
const EDITION_2A: &str = include_str!("scl/edition2a.cid");
const EDITION_2: &str = include_str!("scl/edition2.scd");
const EDITION_2_1: &str = include_str!("scl/edition2_1.cid");

fn read(text: &str, ied: &str, access_point: &str) -> Description {
    let options = Options {
        ied: Some(ied),
        access_point: Some(access_point),
        missing_types: MissingTypes::Error,
    };
    scl::read(text, &options).unwrap_or_else(|errors| panic!("{errors}"))
}

fn warnings(description: &Description) -> Vec<String> {
    description
        .warnings
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn block<'m>(model: &'m ServerModel, name: &str) -> &'m ReportControl {
    model
        .report_controls()
        .find(|at| at.block.name == name)
        .unwrap_or_else(|| panic!("no block {name}"))
        .block
}

fn names(model: &ServerModel) -> Vec<&str> {
    model
        .report_controls()
        .map(|at| at.block.name.as_str())
        .collect()
}

fn value(model: &ServerModel, domain: &str, item: &str) -> String {
    let node = model
        .resolve(domain, item)
        .unwrap_or_else(|| panic!("no {item}"));
    format_value(node.btype(), &node.default_data())
}

fn members(model: &ServerModel, name: &str) -> Vec<String> {
    let set = model
        .data_sets()
        .find(|at| at.data_set.name == name)
        .unwrap();
    set.data_set
        .members
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// The attributes of a block in wire order.
fn attributes(model: &ServerModel, domain: &str, item: &str) -> Vec<String> {
    let block = model.resolve(domain, item).unwrap();
    block
        .children()
        .map(|child| child.name().to_owned())
        .collect()
}

#[test]
fn edition_1_reads_with_its_own_attribute_sets() {
    let description = read(EDITION_1, "FEEDER", "AP1");
    assert_eq!(
        warnings(&description),
        ["78:13: GSSE is left out: Edition 2 dropped it (make it GOOSE, or delete it)"]
    );
    let model = &description.model;
    assert_eq!(model.edition, Edition::Ed1);
    let urcb = attributes(model, "FEEDERCTRL", "LLN0$RP$urcbEvents01");
    assert_eq!(urcb.last().unwrap(), "GI");
    let brcb = attributes(model, "FEEDERCTRL", "LLN0$BR$brcbEvents");
    assert_eq!(brcb.last().unwrap(), "TimeofEntry");
    let dat_set = model
        .resolve("FEEDERCTRL", "LLN0$BR$brcbEvents$DatSet")
        .unwrap();
    assert_eq!(dat_set.type_spec().to_string(), "visible-string(-65)");
}

#[test]
fn edition_1_reads_its_blocks_addresses_and_services() {
    let description = read(EDITION_1, "FEEDER", "AP1");
    let model = &description.model;
    assert_eq!(
        names(model),
        ["urcbEvents01", "urcbEvents02", "brcbEvents"],
        "indexed unless told otherwise"
    );
    let urcb = block(model, "urcbEvents01");
    assert_eq!(urcb.client.as_ref().unwrap().ied, "SCADA");
    assert_eq!(
        (urcb.conf_rev, urcb.buf_tm, urcb.intg_pd, urcb.instance),
        (3, 100, 2000, Some(1))
    );
    assert!(urcb.trg_ops.dchg && urcb.trg_ops.integrity && urcb.trg_ops.gi);
    assert!(block(model, "urcbEvents02").client.is_none());
    let brcb = block(model, "brcbEvents");
    assert!(brcb.buffered && !brcb.indexed && brcb.opt_flds.entry_id && brcb.opt_flds.data_ref);
    assert!(!brcb.has_resv_tms && !brcb.has_owner);

    let lln0 = model.logical_node("FEEDERCTRL", "LLN0").unwrap();
    assert_eq!(
        lln0.logs,
        ["CTRL"],
        "a log without name has that of its device"
    );
    assert_eq!(lln0.log_controls[0].log_ref, "FEEDERCTRL/LLN0$CTRL");
    assert_eq!(lln0.goose_controls.len(), 1);
    let goose = &lln0.goose_controls[0];
    let sent = goose.address.unwrap();
    assert_eq!(
        (sent.mac, sent.app_id, sent.vlan, sent.priority),
        ([1, 0x0c, 0xcd, 1, 0, 7], 7, 10, 4)
    );
    assert_eq!((goose.min_time, goose.max_time), (Some(4), Some(1000)));

    let address = model.address.as_ref().unwrap();
    assert_eq!(address.access_point, "AP1");
    assert_eq!(address.ip.as_deref(), Some("10.0.0.11"));
    assert_eq!(
        (&address.tsel, &address.ssel, &address.psel),
        (
            &Some(vec![0, 1]),
            &Some(vec![0, 1]),
            &Some(vec![0, 0, 0, 1])
        ),
        "as `type`, as `tP_`, and as the schema type alone"
    );
    assert_eq!(address.ap_title, Some(vec![1, 3, 9999, 11]));
    assert_eq!(address.ae_qualifier, Some(11));

    let services = &model.services;
    assert!(services.dyn_association && services.max_associations.is_none());
    assert_eq!(services.dyn_data_set, None, "that is in another namespace");
    assert_eq!(services.conf_data_set.unwrap().max_attributes, Some(20));
    assert_eq!(services.report_settings.unwrap().dat_set, Setting::Conf);
    assert_eq!(services.goose_settings.unwrap().app_id, Setting::Conf);
    assert!(services.conf_lns.unwrap().fix_prefix);
}

#[test]
fn edition_1_reads_arrays_and_values_of_their_elements() {
    let description = read(EDITION_1, "FEEDER", "AP1");
    let model = &description.model;
    assert_eq!(
        members(model, "dsMeasured"),
        [
            "FEEDERCTRL/MHAI1.HA.phsAHar(2).cVal.mag[MX]",
            "FEEDERCTRL/MHAI1.HA.phsAHar(1)[MX]"
        ]
    );
    let array = model.resolve("FEEDERCTRL", "MHAI1$MX$HA$phsAHar").unwrap();
    assert_eq!(array.count(), Some(4));
    let shown = array.default_data().to_string();
    assert_eq!(shown.matches("1.5").count(), 1, "{shown}");
    assert!(shown.find("1.5").unwrap() > shown.find("0").unwrap());
    assert_eq!(value(model, "FEEDERCTRL", "Q0XCBR1$ST$Pos$stVal"), "on");
    assert_eq!(
        value(model, "FEEDERCTRL", "Q0XCBR1$CF$Pos$ctlModel"),
        "sbo-with-normal-security"
    );
    assert_eq!(
        model
            .logical_device("FEEDERCTRL")
            .unwrap()
            .logical_nodes
            .len(),
        5,
        "a logical node of a vendor's namespace is none"
    );
}

#[test]
fn edition_2_of_the_first_schema_reads_names_groups_and_counts() {
    let description = read(EDITION_2A, "RELAY", "S1");
    assert_eq!(warnings(&description), [""; 0]);
    let model = &description.model;
    assert_eq!(model.edition, Edition::Ed2);
    assert_eq!(model.address.as_ref().unwrap().port, Some(10102));
    assert_eq!(
        members(model, "ds"),
        [
            "BAY7_PROT/PTOC1.Beh[ST]",
            "RELAYMEAS/MHAI1.HA.phsAHar(5).cVal[MX]",
            "BAY7_PROT/PTOC1.StrVal.setMag.f[SG]"
        ],
        "ldInst means the device, whatever its name on the wire"
    );
    assert_eq!(names(model), ["brcb01", "brcb02", "brcb03", "urcb"]);
    assert!(block(model, "brcb02").has_resv_tms && !block(model, "brcb02").has_owner);
    assert!(!block(model, "brcb01").trg_ops.gi);
    assert_eq!(
        attributes(model, "BAY7_PROT", "LLN0$BR$brcb01")
            .last()
            .unwrap(),
        "ResvTms"
    );

    let lln0 = model.logical_node("BAY7_PROT", "LLN0").unwrap();
    let groups = lln0.setting_group.unwrap();
    assert_eq!(
        (groups.num_of_sgs, groups.act_sg, groups.resv_tms),
        (2, 2, Some(60))
    );
    let setting = model
        .resolve("BAY7_PROT", "PTOC1$SG$StrVal$setMag$f")
        .unwrap();
    assert_eq!(setting.group_data(1).to_string(), "1.25");
    assert_eq!(setting.group_data(2).to_string(), "2.5");
    assert!(
        model
            .resolve("BAY7_PROT", "PTOC1$SE$StrVal$setMag$f")
            .is_some()
    );
    let curve = model
        .resolve("BAY7_PROT", "PTOC1$SG$TmACrv$setVal")
        .unwrap();
    assert_eq!(
        format_value(curve.btype(), &curve.group_data(1)),
        "ANSI Normal Inverse"
    );
    assert_eq!(
        format_value(curve.btype(), &curve.group_data(2)),
        "ANSI Extremely Inverse"
    );

    // `count` names an attribute: of the type where the instance says nothing, else of the instance.
    let points = model
        .resolve("BAY7_PROT", "PTOC1$SP$TmAChr33$crvPts")
        .unwrap();
    assert_eq!(points.count(), Some(3));
    assert_eq!(
        points.default_data().to_string(),
        "array[structure{0.5, 10.0}, structure{0.0, 0.0}, structure{4.0, 0.0}]"
    );
    let harmonics = model.resolve("RELAYMEAS", "MHAI1$MX$HA$phsAHar").unwrap();
    assert_eq!(harmonics.count(), Some(6));

    let services = &model.services;
    assert_eq!(services.max_associations, Some(3));
    assert_eq!(services.dyn_data_set.unwrap().max, Some(5));
    let groups = services.setting_groups.unwrap();
    assert!(groups.edit && groups.resv_tms && groups.conf);
    assert!(services.file_handling.unwrap().mms);
    assert_eq!(services.log_settings.unwrap().log_ena, Setting::Dyn);
}

#[test]
fn edition_2_reads_every_access_point_by_its_name() {
    let ieds = scl::ieds(EDITION_2).unwrap();
    assert_eq!(
        ieds.iter()
            .map(|ied| (ied.name.as_str(), ied.servers.join(" ")))
            .collect::<Vec<_>>(),
        [("BCU", "S1 S2 S3".to_owned()), ("HMI", String::new())]
    );
    let first = read(EDITION_2, "BCU", "S1");
    assert_eq!(
        warnings(&first),
        [
            "53:13: report control block `urcb` has more clients than instances, the last are left out (raise `max` of `RptEnabled`)"
        ]
    );
    assert_eq!(first.model.edition, Edition::Ed2);
    assert_eq!(
        block(&first.model, "urcb01").client.as_ref().unwrap().ied,
        "HMI"
    );
    assert_eq!(
        block(&first.model, "urcb02").client.as_ref().unwrap().ied,
        "GATEWAY"
    );
    let address = first.model.address.as_ref().unwrap();
    assert_eq!(
        (
            address.ip.as_deref(),
            &address.ap_title,
            address.ae_qualifier
        ),
        (Some("10.0.0.31"), &Some(vec![1, 1, 9999, 31]), Some(31)),
        "the address is that of the station bus"
    );
    let lln0 = first.model.logical_node("BCULD0", "LLN0").unwrap();
    let [multicast, unicast] = lln0.sampled_value_controls.as_slice() else {
        panic!("{:?}", lln0.sampled_value_controls)
    };
    assert_eq!(
        multicast.address.unwrap().app_id,
        0x4001,
        "and the destination is on the process bus"
    );
    assert!(multicast.multicast && !unicast.multicast);
    assert_eq!((unicast.smp_mod, unicast.no_asdu), (1, 2));
    assert_eq!(multicast.opt_flds, [true, true, true, false, false]);
    assert!(
        first
            .model
            .resolve("BCULD0", "LLN0$US$usvcb$UsvID")
            .is_some()
    );
    let client = first.model.services.client_services.unwrap();
    assert!(client.goose && client.sv && client.supports_ld_name && !client.buf_report);
    assert_eq!(client.max_goose, Some(12));

    // The same server at another access point, whose services go over those of the IED.
    let second = read(EDITION_2, "BCU", "S2");
    assert_eq!(second.access_point, "S2");
    assert_eq!(
        second.model.address.as_ref().unwrap().tsel,
        Some(vec![0, 2])
    );
    let settings = |description: &Description| description.model.services.report_settings.unwrap();
    assert_eq!(settings(&first).rpt_id, Setting::Fix);
    assert_eq!(settings(&second).rpt_id, Setting::Dyn);
    assert!(block(&first.model, "urcb01").has_owner);
    assert_eq!(second.model.logical_devices()[0].name, "BCULD0");

    let third = read(EDITION_2, "BCU", "S3");
    assert_eq!(third.model.logical_devices()[0].name, "BCUAUX");
    assert_eq!(
        third.model.address.as_ref().unwrap().ip.as_deref(),
        Some("fd00::31")
    );

    // Without a name it is the first, and that is told.
    let any = scl::parse(EDITION_2, None).unwrap();
    assert_eq!(any.access_point, "S1");
    assert!(
        warnings(&any).iter().any(|line| line.contains(
            "servers at several access points (S1, S2, S3), the first is used (say which access point is meant)"
        )),
        "{:?}",
        warnings(&any)
    );
    let none = Options {
        ied: Some("BCU"),
        access_point: Some("S4"),
        ..Options::default()
    };
    let shown = scl::read(EDITION_2, &none).unwrap_err().to_string();
    assert!(
        shown.contains("name an access point that has a server: `S1`, `S2`, `S3`"),
        "{shown}"
    );
}

#[test]
fn edition_2_1_reads_reservation_tracking_and_logs() {
    let description = read(EDITION_2_1, "GATE", "P1");
    assert_eq!(
        warnings(&description),
        [
            "9:11: `xyz` is no value for OSI-TSEL, it is left out (write hexadecimal digits, two for each octet)"
        ]
    );
    let model = &description.model;
    assert_eq!(model.edition, Edition::Ed2_1);
    assert!(block(model, "brcb01").client.is_some());
    let brcb = attributes(model, "GATELD0", "LLN0$BR$brcb02");
    assert_eq!(brcb[brcb.len() - 2..], ["ResvTms", "Owner"]);
    assert_eq!(value(model, "GATELD0", "LLN0$BR$brcb01$ResvTms"), "-1");
    let urcb = attributes(model, "GATELD0", "LLN0$RP$urcb01");
    assert_eq!(urcb.last().unwrap(), "Owner");
    assert!(
        model
            .resolve("GATELD0", "LTRK1$SR$BrcbTrk$objRef")
            .is_some()
    );
    let lln0 = model.logical_node("GATELD0", "LLN0").unwrap();
    assert_eq!(lln0.logs, ["events"]);
    let log = &lln0.log_controls[0];
    assert!(!log.log_ena && !log.reason_code && log.trg_ops.dchg && !log.trg_ops.gi);
    assert_eq!(log.log_ref, "GATELD0/LLN0$events");
    let services = &model.services;
    assert_eq!(services.report_modes, ReportModes::Both);
    assert_eq!(services.conf_report_control_buffered, Some(4));
    assert_eq!(services.supervised_goose, Some(3));
    assert!(services.set_to_read_only && services.redundancy.unwrap().prp);
    assert!(!services.conf_data_set.unwrap().modify);
}

#[test]
fn editions_are_told_apart_by_version_revision_and_release() {
    let base = EDITION_2_1.replace(
        " originalSclVersion=\"2007\" originalSclRevision=\"B\" originalSclRelease=\"4\"",
        "",
    );
    let of = |stated: &str| {
        let text = base.replace("version=\"2007\" revision=\"B\" release=\"4\"", stated);
        let description = scl::parse(&text, None).unwrap();
        (
            description.model.edition,
            warnings(&description)
                .iter()
                .any(|line| line.contains("no version of SCL")),
        )
    };
    for (stated, edition) in [
        ("", Edition::Ed1),
        ("version=\"2003\"", Edition::Ed1),
        ("version=\"2005\" revision=\"A\"", Edition::Ed1),
        ("version=\"2007\" revision=\"A\"", Edition::Ed2),
        ("version=\"2007\" revision=\"B\"", Edition::Ed2),
        (
            "version=\"2007\" revision=\"B\" release=\"3\"",
            Edition::Ed2,
        ),
        (
            "version=\"2007\" revision=\"B\" release=\"4\"",
            Edition::Ed2_1,
        ),
        (
            "version=\"2007\" revision=\"C\" release=\"5\"",
            Edition::Ed2_1,
        ),
    ] {
        assert_eq!(of(stated), (edition, false), "{stated}");
    }
    assert_eq!(of("version=\"II\""), (Edition::Ed2, true));
    // An IED that was made for an older edition keeps it in the file of a whole station.
    let older = base.replace(
        "<IED name=\"GATE\"",
        "<IED name=\"GATE\" originalSclVersion=\"2003\"",
    );
    assert_eq!(
        scl::parse(&older, None).unwrap().model.edition,
        Edition::Ed1
    );
}

#[test]
fn what_has_a_missing_type_is_left_out_when_asked_for() {
    let lenient = Options {
        missing_types: MissingTypes::LeaveOut,
        ..Options::default()
    };
    // A data object, and a whole logical node.
    let text = EDITION_2_1
        .replace("<LNodeType id=\"LTRK\"", "<LNodeType id=\"LTRKS\"")
        .replace(
            "<DOType id=\"SPS\" cdc=\"SPS\">",
            "<DOType id=\"SPX\" cdc=\"SPS\">",
        );
    assert_eq!(scl::parse(&text, None).unwrap_err().0.len(), 2);
    let description = scl::read(&text, &lenient).unwrap();
    let shown = warnings(&description);
    for part in [
        "there is no LNodeType `LTRK`, LN `LTRK1` is left out (did you mean `LTRKS`?)",
        "there is no DOType `SPS`, DO `Ind1` is left out",
        "there is no `GATELD0/GGIO1.Ind1` with ST, the member is left out",
    ] {
        assert!(
            shown.iter().any(|line| line.contains(part)),
            "{part}: {shown:#?}"
        );
    }
    assert!(description.model.resolve("GATELD0", "LTRK1").is_none());
    assert!(
        description
            .model
            .resolve("GATELD0", "GGIO1$ST$Beh")
            .is_some()
    );
    // A type that contains itself likewise.
    let text = EDITION_2_1.replace(
        "<DA name=\"objRef\" fc=\"SR\"",
        "<SDO name=\"again\" type=\"BTS\"/><DA name=\"objRef\" fc=\"SR\"",
    );
    assert!(scl::parse(&text, None).is_err());
    let description = scl::read(&text, &lenient).unwrap();
    assert!(
        warnings(&description)
            .iter()
            .any(|line| line.contains("DOType `BTS` contains itself, SDO `again` is left out")),
        "{:#?}",
        warnings(&description)
    );
    assert!(
        description
            .model
            .resolve("GATELD0", "LTRK1$SR$BrcbTrk$objRef")
            .is_some()
    );
    // Nothing left to serve is an error all the same.
    let text = EDITION_2_1.replace("LNodeType", "LNodeTyp");
    let errors = scl::read(&text, &lenient).unwrap_err();
    assert_eq!(errors.0.len(), 3, "{errors}");
}

#[test]
fn values_that_their_attribute_cannot_have_are_told() {
    let text = EDITION_2A
        .replace("<Val>0.5</Val>", "<Val>half</Val>")
        .replace("<Val sGroup=\"2\">1</Val>", "<Val sGroup=\"2\">Fast</Val>")
        .replace(
            "<SDI name=\"crvPts\" ix=\"2\">",
            "<SDI name=\"crvPts\" ix=\"3\">",
        );
    let description = scl::parse(&text, None).unwrap();
    let shown = warnings(&description);
    for part in [
        "`half` is no FLOAT32: expected a floating-point number; the value of `xVal` is left out (correct the `Val`)",
        "there is no element 3, its values are left out (the array has 3 elements, counted from 0)",
        "`Fast` is no Enum: expected one of ANSI Extremely Inverse, ANSI Normal Inverse",
    ] {
        assert!(
            shown.iter().any(|line| line.contains(part)),
            "{part}: {shown:#?}"
        );
    }
}

#[test]
fn a_log_control_block_without_its_log_is_told() {
    let text = EDITION_2_1.replace("<Log name=\"events\"/>", "<Log name=\"alarms\"/>");
    let description = scl::parse(&text, None).unwrap();
    let shown = warnings(&description);
    assert!(
        shown.iter().any(|line| line.contains(
            "there is no log `events` in `GATELD0/LLN0`, the block has nowhere to log to (add the `Log`, or correct `logName`)"
        )),
        "{shown:#?}"
    );
}

#[test]
fn settings_are_told_apart_as_the_edition_of_the_file_has_it() {
    let constraints = |text: &str| {
        let description = read(text, "RELAY", "S1");
        ["SG", "SE"].map(|fc| {
            let item = format!("PTOC1${fc}$StrVal$setMag$f");
            description.model.resolve("BAY7_PROT", &item).is_some()
        })
    };
    let editable = EDITION_2A;
    assert_eq!(constraints(editable), [true, true]);
    let visible = editable.replace(r#"name="setMag" fc="SE""#, r#"name="setMag" fc="SG""#);
    assert_eq!(constraints(&visible), [true, false]);
    let edition_1 = visible.replace(r#" version="2007" revision="A""#, "");
    assert_eq!(constraints(&edition_1), [true, true]);
}
