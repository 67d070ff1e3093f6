//! Tours through the simulated IED that note everything they see.
#![allow(
    dead_code,
    unused_imports,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

mod buffered;
mod control;
mod data_sets;
mod files;
mod groups;
mod logs;
mod model;
mod publishers;
mod reporting;
mod robustness;
pub mod security;
mod slow;
mod substitution;
mod time;
mod tracking;

use std::{net::IpAddr, sync::Arc, time::Duration};

use iedassay_model::{
    services::{LogSettings, ReportSettings},
    tree::ServerModel,
};
use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::{
    association::{Authentication, InitiatorConfig},
    ber::BitString,
    mms::{
        Data, DefineNamedVariableListRequest, Float, GetCapabilityListRequest, GetNameListRequest,
        GetVariableAccessAttributesRequest, ListedVariable, ObjectClass, ObjectName, ObjectScope,
        Pdu, ReadRequest, Request, VariableAccess, WriteRequest,
    },
    mutate::{long_lengths, true_as},
};
use tokio::time::sleep;

use crate::common::{Answer, Client, name, proposal};
pub use buffered::buffered;
pub use control::control;
pub use data_sets::data_sets;
pub use files::files;
pub use groups::groups;
pub use logs::logs;
pub use model::model;
pub use publishers::publishers;
pub use reporting::reporting;
pub use robustness::robustness;
use slow::slow;
pub use substitution::substitution;
pub use time::time;
pub use tracking::tracking;

const LOCAL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// What a tour has seen.
#[derive(Default)]
pub struct Notes(pub Vec<String>);

impl Notes {
    pub fn note(&mut self, what: &str, seen: impl core::fmt::Debug) {
        self.0.push(format!("{what}: {seen:?}"));
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn attempt(sim: &Sim, config: InitiatorConfig) -> Result<Client, String> {
    Client::connect_with(sim, config, LOCAL)
        .await
        .map_err(|ending| format!("{ending:?}"))
}

/// What becomes of a write to an attribute of a control block when the description lets clients set nothing.
pub async fn where_fixed(config: &SimConfig, item: &str) -> String {
    let mut config = config.clone();
    let mut model = ServerModel::clone(&config.model);
    model.services.report_settings = Some(ReportSettings::default());
    model.services.log_settings = Some(LogSettings::default());
    config.model = Arc::new(model);
    let sim = Sim::new(config);
    let mut client = Client::connect(&sim).await;
    format!("{:?}", client.write(item, Data::Unsigned(5)).await)
}

pub async fn association(config: SimConfig) -> Vec<String> {
    let mut notes = Notes::default();
    let sim = Sim::new(config.clone());
    for part in ["usual", "blocks", "size", "outstanding", "nesting", "large"] {
        let mut proposed = proposal();
        match part {
            "blocks" => proposed.mms.detail.parameters = Default::default(),
            "size" => proposed.mms.local_detail = Some(8000),
            "outstanding" => proposed.mms.max_outstanding_called = 1,
            "nesting" => proposed.mms.nesting_level = Some(3),
            "large" => proposed.mms.local_detail = Some(10_000_000),
            _ => {}
        }
        let mut client = match attempt(&sim, proposed).await {
            Ok(client) => client,
            Err(ending) => {
                notes.note(part, ending);
                // Nobody is let in.
                if part == "usual" {
                    return notes.0;
                }
                continue;
            }
        };
        if part == "usual" {
            let request = GetCapabilityListRequest::default();
            let answer = client.ask(Request::GetCapabilityList(request)).await;
            notes.note("capabilities", answer);
        }
        notes.note(part, &client.established.as_ref().unwrap().answer);
        notes.note("release", client.release().await);
        notes.note("count", sim.association_count());
    }

    notes.0.extend(slow(config.clone(), false).await);
    let mut client = Client::connect(&Sim::new(config.clone())).await;
    // Identify, with lengths of five octets in presentation.
    let octets = [
        0x03, 0x00, 0x00, 0x28, 0x02, 0xf0, 0x80, 0x01, 0x00, 0x01, 0x00, 0x61, 0x84, 0x00, 0x00,
        0x00, 0x17, 0x30, 0x84, 0x00, 0x00, 0x00, 0x11, 0x02, 0x01, 0x03, 0xa0, 0x84, 0x00, 0x00,
        0x00, 0x08, 0xa0, 0x06, 0x02, 0x02, 0x60, 0x01, 0x82, 0x00,
    ];
    notes.note("long user data", client.exchange_raw(&octets).await);
    let sim = Sim::new(config.clone());
    Client::connect(&sim).await.abort().await;
    notes.note("after abort", sim.association_count());
    sleep(seconds(20)).await;
    notes.note("later", sim.association_count());
    let mut standing = Client::connect(&sim).await;
    Client::connect(&sim).await.abort().await;
    let access = VariableAccess::names([name("LD0/LLN0$ST$Mod$stVal")]);
    let answer = standing.ask(Request::Read(ReadRequest::new(access))).await;
    notes.note("standing", answer);

    let sim = Sim::new(config.clone());
    let mut clients = Vec::new();
    for _ in 0..5 {
        match attempt(&sim, proposal()).await {
            Ok(client) => clients.push(client),
            Err(ending) => notes.note("within the limit", ending),
        }
    }
    let access = || VariableAccess::names([name("LD0/LLN0$ST$Mod$stVal")]);
    for client in &mut clients {
        notes.note(
            "served",
            client.ask(Request::Read(ReadRequest::new(access()))).await,
        );
    }
    let extra = attempt(&sim, proposal()).await;
    notes.note("extra", extra.as_ref().err());
    for client in &mut clients {
        notes.note(
            "still served",
            client.ask(Request::Read(ReadRequest::new(access()))).await,
        );
    }
    drop(extra);
    clients.pop();
    sleep(seconds(30)).await;
    notes.note("again", attempt(&sim, proposal()).await.err());

    let sim = Sim::new(config.clone());
    for part in ["tsel", "ssel", "psel", "title", "password"] {
        let mut proposed = proposal();
        match part {
            "tsel" => proposed.called.tsel = vec![9],
            "ssel" => proposed.called.ssel = vec![9],
            "psel" => proposed.called.psel = vec![9],
            "title" => proposed.called.ae_qualifier = Some(99),
            _ => proposed.authentication = Authentication::Password(b"x".to_vec()),
        }
        notes.note(part, attempt(&sim, proposed).await.err());
        sleep(seconds(30)).await;
        notes.note("count", sim.association_count());
    }

    let mut guarded = config.clone();
    guarded.password = Some(b"secret".to_vec());
    let sim = Sim::new(guarded);
    for password in [
        Authentication::None,
        Authentication::Password(b"x".to_vec()),
    ] {
        let proposed = InitiatorConfig {
            authentication: password,
            ..proposal()
        };
        notes.note("password", attempt(&sim, proposed).await.err());
    }

    let sim = Sim::new(config.clone());
    let mut small = proposal();
    small.mms.local_detail = Some(600);
    let mut client = attempt(&sim, small).await.unwrap();
    let access = VariableAccess::names([name("LD0/GGIO3")]);
    notes.note(
        "large",
        client.ask(Request::Read(ReadRequest::new(access))).await,
    );
    client
        .write("PROT/PTOC2$SP$OpDlTmms$setVal", Data::Integer(123))
        .await
        .unwrap();
    let _ = sim.process().command("blackhole on");
    sleep(seconds(25)).await;
    notes.note("lost", sim.association_count());
    let _ = sim.process().command("blackhole off");
    let _ = sim.process().command("restart");
    sleep(seconds(1)).await;
    notes.note("up", attempt(&sim, proposal()).await.err());
    sleep(seconds(150)).await;
    let mut client = attempt(&sim, proposal()).await.unwrap();
    notes.note("kept", client.read("PROT/PTOC2$SP$OpDlTmms$setVal").await);
    notes.0
}

async fn names(client: &mut Client, class: ObjectClass, scope: ObjectScope) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), None);
    for _ in 0..50 {
        let request = GetNameListRequest {
            class: class.into(),
            scope: scope.clone(),
            continue_after: after,
        };
        match client.ask(Request::GetNameList(request)).await {
            Answer::Response(iedassay_wire::mms::Response::GetNameList(page)) => {
                all.extend(page.names);
                if !page.more_follows {
                    return all;
                }
                after = all.last().cloned();
            }
            other => return vec![format!("{other:?}")],
        }
    }
    all.push("never ends".to_owned());
    all
}

async fn ask(client: &mut Client, sim: &Sim, request: Request) -> String {
    let answer = client.ask(request).await;
    if client.ending.is_some() {
        *client = Client::connect(sim).await;
    }
    format!("{answer:?}")
}

async fn read(client: &mut Client, sim: &Sim, items: &[&str]) -> String {
    let access = VariableAccess::names(items.iter().map(|item| name(item)));
    ask(client, sim, Request::Read(ReadRequest::new(access))).await
}

async fn write(client: &mut Client, sim: &Sim, writes: &[(&str, Data)]) -> String {
    let access = VariableAccess::names(writes.iter().map(|(item, _)| name(item)));
    let data = writes.iter().map(|(_, data)| data.clone()).collect();
    ask(client, sim, Request::Write(WriteRequest { access, data })).await
}

pub async fn data(config: SimConfig) -> Vec<String> {
    let mut notes = Notes::default();
    let sim = Sim::new(config);
    let client = &mut Client::connect(&sim).await;
    notes.note(
        "domains",
        names(client, ObjectClass::DOMAIN, ObjectScope::Vmd).await,
    );
    notes.note(
        "names",
        names(
            client,
            ObjectClass::NAMED_VARIABLE,
            ObjectScope::Domain("ASSAYMEAS".into()),
        )
        .await,
    );
    notes.note(
        "unknown",
        names(
            client,
            ObjectClass::NAMED_VARIABLE,
            ObjectScope::Domain("ASSAYmeas".into()),
        )
        .await,
    );
    let request = GetNameListRequest {
        class: ObjectClass::NAMED_VARIABLE.into(),
        scope: ObjectScope::Domain("ASSAYMEAS".into()),
        continue_after: Some("nothing".into()),
    };
    notes.note(
        "after nothing",
        ask(client, &sim, Request::GetNameList(request)).await,
    );
    for item in ["LD0/LLN0", "LD0/LLN0$nothing"] {
        let request = GetVariableAccessAttributesRequest::Name(name(item));
        notes.note(
            item,
            ask(client, &sim, Request::GetVariableAccessAttributes(request)).await,
        );
    }
    for item in ["LD0/LLN0$ST", "LD0/LLN0$MX", "LD0/LLN0$ST$Nothing"] {
        notes.note(item, read(client, &sim, &[item]).await);
    }
    let five = ["Ind1", "Ind2", "Ind3", "IntIn1", "CntVal1"]
        .map(|object| format!("LD0/GGIO1$ST${object}"));
    let five: Vec<&str> = five.iter().map(String::as_str).collect();
    notes.note("five", read(client, &sim, &five).await);

    let setting = "PROT/PTOC2$SP$OpDlTmms$setVal";
    let mode = "PROT/PTOC2$SP$DirMod$setVal";
    for writes in [
        vec![(setting, Data::Integer(700))],
        vec![(setting, Data::Integer(800)), (mode, Data::Integer(3))],
        vec![(mode, Data::Integer(99))],
        vec![(setting, Data::Boolean(true))],
        vec![(setting, Data::Integer(0x1_0000_0005))],
        vec![("PROT/PTOC2$ST$Op$general", Data::Boolean(true))],
        vec![(
            "PROT/PTOC2$DC$NamPlt$vendor",
            Data::VisibleString("x".into()),
        )],
        vec![(
            "PROT/PTOC2$CF$InRef1$purpose",
            Data::VisibleString("x".repeat(300)),
        )],
        vec![(setting, Data::Integer(70_000))],
        vec![("PROT/PTOC2$SP$Nothing$setVal", Data::Integer(1))],
    ] {
        notes.note("write", write(client, &sim, &writes).await);
        notes.note(
            "read",
            read(
                client,
                &sim,
                &[setting, mode, "PROT/PTOC2$CF$InRef1$purpose"],
            )
            .await,
        );
    }

    notes.note(
        "position",
        read(client, &sim, &["CTRL/GGIO1$ST$DPCSO1$stVal"]).await,
    );
    for (what, octets) in [
        (
            "large invoke id",
            &[0xa0, 0x08, 0x02, 0x04, 0x12, 0x34, 0x56, 0x78, 0x82, 0x00][..],
        ),
        (
            "unknown service",
            &[0xa0, 0x08, 0x02, 0x02, 0x12, 0x34, 0xbf, 0x7e, 0x01, 0x00],
        ),
        (
            "bad argument",
            &[0xa0, 0x07, 0x02, 0x02, 0x12, 0x34, 0xa4, 0x01, 0xff],
        ),
    ] {
        notes.note(what, client.exchange(octets).await);
        if client.ending.is_some() {
            *client = Client::connect(&sim).await;
        }
    }
    let access = VariableAccess::names([name("LD0/LLN0$RP$urcbStatus01$GI")]);
    let request = Request::Write(WriteRequest {
        access,
        data: vec![Data::Boolean(true)],
    });
    let usual = Pdu::request(4711, request).encode();
    for (what, octets) in [
        ("true is 1", true_as(&usual, 1)),
        ("long lengths", long_lengths(&usual)),
    ] {
        notes.note(what, client.exchange(&octets.unwrap()).await);
    }

    sleep(seconds(2)).await;
    for line in [
        "set ASSAYLD0/GGIO1.Ind1.stVal[ST] true",
        "set ASSAYLD0/GGIO1.Ind1.q[ST] invalid",
        "set ASSAYMEAS/MMXU1.Hz.instMag.f[MX] 50.01",
        "set ASSAYLD0/LLN0.Mod.stVal[ST] test",
    ] {
        assert_eq!(sim.process().command(line), "ok");
        sleep(Duration::from_millis(2250)).await;
        notes.note(
            line,
            read(
                client,
                &sim,
                &["LD0/GGIO1$ST$Ind1", "LD0/GGIO1$ST$Beh", "MEAS/MMXU1$MX$Hz"],
            )
            .await,
        );
    }
    let request = DefineNamedVariableListRequest {
        name: name("LD0/LLN0$range"),
        variables: vec![ListedVariable::new(
            name("MEAS/MMXU1$MX$TotVAr$range"),
            None,
        )],
    };
    let request = Request::DefineNamedVariableList(request);
    notes.note("define", ask(client, &sim, request).await);
    for (attribute, value) in [
        ("DatSet", Data::VisibleString("ASSAYLD0/LLN0$range".into())),
        (
            "TrgOps",
            Data::BitString(BitString::from_uint(0b01_0000, 6)),
        ),
        ("RptEna", Data::Boolean(true)),
    ] {
        let item = format!("LD0/LLN0$RP$urcbFree01${attribute}");
        notes.note(&item, write(client, &sim, &[(&item, value)]).await);
    }
    for value in ["22", "1.5", "120", "160", "210", "-120", "-160", "50"] {
        let line = format!("set ASSAYMEAS/MMXU1.TotVAr.instMag.f[MX] {value}");
        assert_eq!(sim.process().command(&line), "ok");
        notes.note(&line, read(client, &sim, &["MEAS/MMXU1$MX$TotVAr"]).await);
    }
    notes.note("reports", client.reports());
    notes.note(
        "float",
        write(
            client,
            &sim,
            &[(
                "PROT/PTOC2$SP$StrVal$setMag$f",
                Data::FloatingPoint(Float::F32(1.5)),
            )],
        )
        .await,
    );
    notes.0
}
