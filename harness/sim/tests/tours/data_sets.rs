//! A tour through the data sets.

use std::time::Duration;

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::mms::{
    Data, DefineNamedVariableListRequest, DeleteNamedVariableListRequest, ListedVariable,
    ObjectClass, ObjectName, ObjectScope, ReadRequest, Request, VariableAccess, WriteRequest,
};
use tokio::time::sleep;

use super::{Notes, ask, names, write};
use crate::common::{Client, name};

pub async fn data_sets(config: SimConfig) -> Vec<String> {
    let mut notes = Notes::default();
    let sim = Sim::new(config);
    let client = &mut Client::connect(&sim).await;
    notes.note(
        "sets",
        names(
            client,
            ObjectClass::NAMED_VARIABLE_LIST,
            ObjectScope::Domain("ASSAYLD0".into()),
        )
        .await,
    );
    assert_eq!(
        sim.process()
            .command("set ASSAYLD0/GGIO1.Ind1.stVal[ST] true"),
        "ok"
    );
    for set in ["dsStatus", "dsMixed", "dsLarge", "dsNothing"] {
        let set: ObjectName = name(&format!("LD0/LLN0${set}"));
        notes.note(
            "directory",
            ask(
                client,
                &sim,
                Request::GetNamedVariableListAttributes(set.clone()),
            )
            .await,
        );
        let request = ReadRequest::new(VariableAccess::VariableListName(set));
        notes.note("values", ask(client, &sim, Request::Read(request)).await);
    }
    defined(&mut notes, client, &sim).await;
    notes.0
}

fn set(text: &str) -> ObjectName {
    match text.strip_prefix('@') {
        Some(own) => ObjectName::Aa(own.to_owned()),
        None => name(text),
    }
}

fn define(text: &str, members: &[&str]) -> Request {
    let variables = members
        .iter()
        .map(|member| ListedVariable::new(name(member), None))
        .collect();
    Request::DefineNamedVariableList(DefineNamedVariableListRequest {
        name: set(text),
        variables,
    })
}

fn delete(text: &str) -> Request {
    Request::DeleteNamedVariableList(DeleteNamedVariableListRequest::specific(vec![set(text)]))
}

fn directory(text: &str) -> Request {
    Request::GetNamedVariableListAttributes(set(text))
}

/// Data sets that clients define and delete.
async fn defined(notes: &mut Notes, client: &mut Client, sim: &Sim) {
    const A: &str = "LD0/GGIO1$ST$Ind1";
    const B: &str = "LD0/GGIO1$ST$Ind2";
    const MADE: &str = "LD0/LLN0$made";
    let many = vec![A; 64];
    let too_many = vec![A; 65];
    for (what, request) in [
        ("define", define(MADE, &[A, B])),
        ("defined", directory(MADE)),
        ("again", define(MADE, &[B])),
        (
            "unknown member",
            define("LD0/LLN0$bad", &[A, "LD0/GGIO1$ST$Nothing"]),
        ),
        (
            "wrong constraint",
            define("LD0/LLN0$wrong", &["LD0/GGIO1$MX$Ind1"]),
        ),
        ("unknown node", define("LD0/NONE1$bad", &[A])),
        ("most members", define("LD0/LLN0$many", &many)),
        ("too many members", define("LD0/LLN0$tooMany", &too_many)),
        ("own", define("@own", &[A])),
        ("delete unknown", delete("LD0/LLN0$nothing")),
        ("delete configured", delete("LD0/LLN0$dsSpare")),
        ("delete", delete("LD0/LLN0$many")),
        ("deleted", directory("LD0/LLN0$many")),
    ] {
        notes.note(what, ask(client, sim, request).await);
    }
    written(notes, client, sim).await;
    for at in 1..17 {
        let made = define(&format!("LD0/LLN0$made{at}"), &[A]);
        notes.note("one more", ask(client, sim, made).await);
    }
    for at in 1..11 {
        let own = define(&format!("@own{at}"), &[A]);
        notes.note("one more own", ask(client, sim, own).await);
    }
    let domain = ObjectScope::Domain("ASSAYLD0".into());
    let listed = names(client, ObjectClass::NAMED_VARIABLE_LIST, domain).await;
    notes.note("listed", listed);
    let used = Data::VisibleString("ASSAYLD0/LLN0$made".into());
    let bound = write(client, sim, &[("LD0/LLN0$RP$urcbFree01$DatSet", used)]).await;
    notes.note("bound", bound);
    notes.note("delete used", ask(client, sim, delete(MADE)).await);
    let other = &mut Client::connect(sim).await;
    notes.note("of another", ask(other, sim, directory("@own")).await);
    core::mem::replace(client, Client::connect(sim).await)
        .abort()
        .await;
    sleep(Duration::from_secs(1)).await;
    notes.note("left", ask(other, sim, directory("@own")).await);
    notes.note(
        "persistent",
        ask(other, sim, directory("LD0/LLN0$made1")).await,
    );
    assert_eq!(sim.process().command("restart"), "ok");
    sleep(Duration::from_secs(5)).await;
    let last = &mut Client::connect(sim).await;
    notes.note("kept", ask(last, sim, directory("LD0/LLN0$made1")).await);
}

/// Data sets whose values clients write.
async fn written(notes: &mut Notes, client: &mut Client, sim: &Sim) {
    const A: &str = "PROT/PTOC2$SP$OpDlTmms$setVal";
    const B: &str = "PROT/PTOC2$SP$DirMod$setVal";
    notes.note(
        "settings",
        ask(client, sim, define("@settings", &[A, B])).await,
    );
    for to in ["@settings", "@nothing"] {
        let request = Request::Write(WriteRequest {
            access: VariableAccess::VariableListName(set(to)),
            data: vec![Data::Integer(600), Data::Integer(3)],
        });
        notes.note("write", ask(client, sim, request).await);
        let access = VariableAccess::names([name(A), name(B)]);
        let read = Request::Read(ReadRequest::new(access));
        notes.note("written", ask(client, sim, read).await);
    }
    notes.note("settings", ask(client, sim, delete("@settings")).await);
}
