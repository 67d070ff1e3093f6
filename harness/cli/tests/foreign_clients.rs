//! Clients nobody here wrote, against the simulated IED: what they find, read and receive is what it serves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod support;

use std::process::Command;
use std::time::Duration;

use support::peer::{Peer, finish};
use support::tools;

/// How long one client may take.
const LIMIT: Duration = Duration::from_secs(90);

/// Everything the client of libiec61850 prints about the IED.
fn libiec61850(peer: &Peer, arguments: &[&str]) -> Option<String> {
    script(peer, "client.py", arguments)
}

/// Everything a script with the client of libiec61850 prints.
fn script(peer: &Peer, name: &str, arguments: &[&str]) -> Option<String> {
    let python = tools::python()?;
    let output = finish(
        Command::new(python)
            .arg(tools::repository().join("ci/peers/libiec61850").join(name))
            .arg(peer.mms.to_string())
            .args(["--process", &peer.process_side.to_string()])
            .args(arguments),
        LIMIT,
    );
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.ends_with(" passed, 0 failed\n"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(said)
}

/// What `ied mms ...` prints about the IED.
fn ied(peer: &Peer, command: &str, arguments: &[&str]) -> Option<String> {
    let ied = tools::ied()?;
    let output = finish(
        Command::new(ied)
            .args(["mms", command, &peer.mms.to_string()])
            .args(arguments),
        LIMIT,
    );
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "ied mms {command} {arguments:?}: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(said)
}

#[track_caller]
fn assert_says(said: &str, expected: &[&str]) {
    for line in expected {
        assert!(said.contains(line), "no `{line}` in:\n{said}");
    }
}

/// How many data sets the built-in description has.
fn data_sets() -> usize {
    let model = iedassay_model::scl::builtin().unwrap().model;
    model.data_sets().count()
}

#[test]
fn libiec61850_browses_and_reads_the_simulated_ied() {
    let peer = Peer::simulated(&[]);
    let Some(said) = libiec61850(
        &peer,
        &[
            "--read",
            "ASSAYLD0/GGIO1.Ind1.stVal[ST]",
            "--read",
            "ASSAYLD0/LLN0.NamPlt.vendor[DC]",
            "--read",
            "ASSAYMEAS/MMXU1.TotW.mag.f[MX]",
            "--read",
            "ASSAYCTRL/GGIO1.SPCSO2.ctlModel[CF]",
        ],
    ) else {
        return;
    };
    assert_says(
        &said,
        &[
            "ok   directory of ASSAYLD0/GGIO1\n",
            "ok   directory of ASSAYPROT/PTOC1\n",
            "ok   directory of ASSAYCTRL/XCBR1\n",
            "ok   directory of ASSAYMEAS/MHAI1\n",
            &format!("ok   read {} data sets\n", data_sets()),
            "value ASSAYLD0/GGIO1.Ind1.stVal[ST] = false\n",
            "value ASSAYLD0/LLN0.NamPlt.vendor[DC] = iedassay\n",
            "value ASSAYMEAS/MMXU1.TotW.mag.f[MX] = 100.000000\n",
            "value ASSAYCTRL/GGIO1.SPCSO2.ctlModel[CF] = 2\n",
        ],
    );
}

#[test]
fn libiec61850_gets_reports_of_an_interrogation_and_of_a_change() {
    let peer = Peer::simulated(&[]);
    let Some(said) = libiec61850(
        &peer,
        &[
            "--change",
            "ASSAYLD0/GGIO1.Ind2.stVal[ST]=true",
            "--urcb",
            "ASSAYLD0/LLN0.RP.urcbStatus01",
        ],
    ) else {
        return;
    };
    assert_says(
        &said,
        &[
            "report {'id': 'ASSAY/status', 'sequence': 0, 'reasons': [16, 16, 16, 16]}\n",
            "report {'id': 'ASSAY/status', 'sequence': 1, 'reasons': [0, 1, 0, 0]}\n",
        ],
    );
}

#[test]
fn libiec61850_resynchronises_a_buffered_block_and_gets_every_event_once() {
    let peer = Peer::simulated(&[]);
    let Some(said) = libiec61850(
        &peer,
        &[
            "--brcb",
            "ASSAYLD0/LLN0.BR.brcbStatus01",
            "--event",
            "ASSAYLD0/GGIO1.Ind2.stVal[ST]",
        ],
    ) else {
        return;
    };
    assert_says(
        &said,
        &[
            "ok   what happened meanwhile comes once and in order\n",
            "ok   nothing was lost\n",
            "ok   the third comes again, and only that\n",
            "ok   an unknown EntryID is refused\n",
        ],
    );
}

#[test]
fn libiec61850_operates_every_control_model() {
    let peer = Peer::simulated(&[]);
    let Some(said) = libiec61850(
        &peer,
        &[
            "--control",
            "ASSAYCTRL/GGIO1.SPCSO1",
            "--control",
            "ASSAYCTRL/GGIO1.SPCSO2",
            "--control",
            "ASSAYCTRL/GGIO1.SPCSO3",
            "--control",
            "ASSAYCTRL/GGIO1.SPCSO4",
            "--control",
            "ASSAYCTRL/GGIO1.DPCSO1",
            "--control",
            "ASSAYCTRL/CSWI1.Pos",
        ],
    ) else {
        return;
    };
    assert_says(
        &said,
        &[
            "ok   operate ASSAYCTRL/GGIO1.SPCSO1 (control model 1)\n",
            "ok   operate ASSAYCTRL/GGIO1.SPCSO2 (control model 2)\n",
            "ok   operate ASSAYCTRL/GGIO1.SPCSO3 (control model 3)\n",
            "ok   operate ASSAYCTRL/GGIO1.SPCSO4 (control model 4)\n",
            "ok   operate ASSAYCTRL/GGIO1.DPCSO1 (control model 1)\n",
            "ok   operate ASSAYCTRL/CSWI1.Pos (control model 4)\n",
        ],
    );
    assert_eq!(
        said.matches("its positive command termination arrives")
            .count(),
        3
    );
}

#[test]
fn libiec61850_uses_every_further_service_of_the_simulated_ied() {
    let peer = Peer::simulated(&[]);
    let Some(said) = script(&peer, "services.py", &[]) else {
        return;
    };
    assert_says(
        &said,
        &[
            "ok   ASSAYLD0/LLN0.BR.brcbStatus01 with SqNum+TimeOfEntry+ReasonCode+DatSet+DataRef+BufOvfl+EntryID+ConfRev\n",
            "ok   their reasons\n",
            "ok   active when it is confirmed\n",
            "ok   write it: the setting is taken, the status is not\n",
            "ok   three entries, and no more\n",
            "ok   query after the first\n",
            "ok   its contents\n",
            "ok   the status is the substitute\n",
            "ok   GoEna := False\n",
            "ok   ASSAYCTRL/GGIO1.SPCSO3 refuses with additional cause 10\n",
            "ok   ASSAYCTRL/GGIO1.SPCSO4 refuses with additional cause 18\n",
        ],
    );
}

#[test]
fn iec61850_rs_browses_and_reads_the_simulated_ied() {
    let peer = Peer::simulated(&[]);
    let Some(names) = ied(&peer, "browse", &[]) else {
        return;
    };
    assert_says(
        &names,
        &[
            "ASSAYLD0\n",
            "ASSAYPROT\n",
            "ASSAYCTRL\n",
            "ASSAYMEAS\n",
            "  GGIO1$ST$Ind1$stVal\n",
            "  LLN0$RP$urcbStatus01\n",
            "  LLN0$BR$brcbStatus01\n",
            "  GGIO1$CO$SPCSO1$Oper$ctlVal\n",
        ],
    );
    let read = |reference: &str| ied(&peer, "read", &[reference]).unwrap();
    assert_eq!(
        read("ASSAYLD0/GGIO1.Ind1.stVal"),
        "ASSAYLD0/GGIO1.Ind1.stVal = false\n"
    );
    assert_eq!(peer.tell("set ASSAYLD0/GGIO1.Ind1.stVal[ST] true"), "ok");
    assert_eq!(
        read("ASSAYLD0/GGIO1.Ind1.stVal"),
        "ASSAYLD0/GGIO1.Ind1.stVal = true\n"
    );
    assert_says(
        &ied(&peer, "rcb", &["ASSAYLD0/LLN0$RP$urcbStatus01"]).unwrap(),
        &[
            "  RptID      ASSAY/status\n",
            "  RptEna     false\n",
            "  DatSet     ASSAYLD0/LLN0$dsStatus\n",
            "  ConfRev    1\n",
        ],
    );
}

/// What a good client bears changes nothing for them, so the server comes through to any client.
#[test]
fn foreign_clients_are_served_by_a_hostile_server_where_a_good_client_is() {
    let value = "ASSAYLD0/GGIO1.Ind1.stVal";
    for behaviour in [
        "octet-by-octet",
        "answers-twice",
        "unknown-reports",
        "floods-reports",
        "odd-last-appl-error",
    ] {
        let peer = Peer::hostile(behaviour);
        if let Some(said) = ied(&peer, "read", &[value]) {
            assert_eq!(said, format!("{value} = false\n"), "{behaviour}");
        }
        let read = format!("{value}[ST]");
        if let Some(said) = libiec61850(&peer, &["--read", &read]) {
            assert_says(&said, &[&format!("value {read} = false\n")]);
        }
    }
}

#[test]
fn iec61850_rs_gets_the_report_of_an_interrogation() {
    let peer = Peer::simulated(&[]);
    let Some(said) = ied(
        &peer,
        "report",
        &[
            "--rcb",
            "ASSAYLD0/LLN0$RP$urcbStatus01",
            "--gi",
            "--seconds",
            "1",
        ],
    ) else {
        return;
    };
    assert_says(
        &said,
        &[
            "report 1 ASSAY/status sq=0 ",
            "dataSet=ASSAYLD0/LLN0$dsStatus confRev=1",
            "4 of 4 members",
            "    [3] = { false, Quality { validity: Good,",
            "(general interrogation)",
            "1 reports\n",
        ],
    );
}

#[test]
fn iec61850_rs_operates_every_control_model() {
    let peer = Peer::simulated(&[]);
    for (object, model, outcome) in [
        ("SPCSO1", "direct", "(accepted)"),
        ("SPCSO2", "sbo", "(accepted)"),
        ("SPCSO3", "direct-enhanced", "(command termination +"),
        ("SPCSO4", "sbo-enhanced", "(command termination +"),
    ] {
        let reference = format!("ASSAYCTRL/GGIO1.{object}");
        let Some(said) = ied(&peer, "control", &[&reference, "true", "--model", model]) else {
            return;
        };
        assert_says(&said, &[&reference, outcome]);
        let status = format!("{reference}.stVal");
        assert_eq!(
            ied(&peer, "read", &[&status]).unwrap(),
            format!("{status} = true\n")
        );
    }
}

#[test]
fn iec61850_rs_is_told_why_a_command_is_refused() {
    let peer = Peer::simulated(&[]);
    let Some(ied) = tools::ied() else { return };
    assert_eq!(peer.tell("block ASSAYCTRL/GGIO1.SPCSO1 on"), "ok");
    let output = finish(
        Command::new(ied).args([
            "mms",
            "control",
            &peer.mms.to_string(),
            "ASSAYCTRL/GGIO1.SPCSO1",
            "true",
        ]),
        LIMIT,
    );
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert_says(&said, &["refused", "AddCause"]);
}

#[test]
fn libiec61850_sets_and_deletes_a_file_of_the_simulated_ied() {
    let peer = Peer::simulated(&[]);
    let folder = tempfile::tempdir().unwrap();
    let local = folder.path().join("up.bin");
    std::fs::write(&local, vec![7; 200_000]).unwrap();
    let offer = format!("{}=CONFIG/up.bin", local.display());
    let Some(said) = libiec61850(&peer, &["--set-file", &offer]) else {
        return;
    };
    assert_says(&said, &["ok   set file CONFIG/up.bin\n"]);
    if let Some(listed) = ied(&peer, "files", &[]) {
        assert_says(&listed, &["200000", "CONFIG/up.bin", "4 file(s)"]);
    }
    let said = libiec61850(&peer, &["--delete-file", "CONFIG/up.bin"]).unwrap();
    assert_says(&said, &["ok   delete file CONFIG/up.bin\n"]);
    if let Some(listed) = ied(&peer, "files", &[]) {
        assert_says(&listed, &["3 file(s)"]);
    }
}

#[test]
fn iec61850_rs_uses_setting_groups_logs_and_files_of_the_simulated_ied() {
    let peer = Peer::simulated(&[]);
    let sgcb = "ASSAYPROT/LLN0$SP$SGCB";
    let Some(said) = ied(&peer, "sg", &[sgcb, "--activate", "2"]) else {
        return;
    };
    assert_says(&said, &["group 2 activated", "NumOfSG 3", "ActSG   2"]);
    let said = ied(&peer, "sg", &[sgcb, "--edit", "3"]).unwrap();
    assert_says(&said, &["editing group 3", "EditSG  3"]);
    let enable = ["ASSAYLD0/LLN0.lcbStatus.LogEna", "true", "--fc", "LG"];
    ied(&peer, "write", &enable).unwrap();
    assert_eq!(peer.tell("set ASSAYLD0/GGIO1.Ind1.stVal[ST] true"), "ok");
    let said = ied(&peer, "log", &["ASSAYLD0/LLN0$EventLog"]).unwrap();
    assert_says(&said, &["ASSAYLD0/GGIO1$ST$Ind1", "1 entr"]);
    let folder = tempfile::tempdir().unwrap();
    let got = folder.path().join("fault1.cfg");
    let path = got.display().to_string();
    let said = ied(&peer, "get", &["COMTRADE/fault1.cfg", &path]).unwrap();
    assert_says(&said, &["26 octets"]);
    assert_eq!(std::fs::read(&got).unwrap().len(), 26);
}
