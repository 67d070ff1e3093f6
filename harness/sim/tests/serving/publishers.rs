//! Control blocks of GOOSE and of sampled values.

use iedassay_wire::{
    ber::BitString,
    mms::{
        Data, DataAccessError, DefineNamedVariableListRequest, DeleteNamedVariableListRequest,
        DeleteNamedVariableListResponse, ListedVariable, Request, Response, WriteResult,
    },
};

use crate::common::{Answer, Client, DENIED, UNAVAILABLE, name, sim};

const GOCB: &str = "LD0/LLN0$GO$gcbEvents";
const FREE: &str = "LD0/LLN0$GO$gcbFree";
const MSVCB: &str = "MEAS/LLN0$MS$msvMeas";
const USVCB: &str = "MEAS/LLN0$US$usvMeas";
const INVALID: DataAccessError = DataAccessError::OBJECT_VALUE_INVALID;

fn text(text: &str) -> Data {
    Data::VisibleString(text.to_owned())
}

async fn set(client: &mut Client, block: &str, attribute: &str, data: Data) -> WriteResult {
    client.write(&format!("{block}${attribute}"), data).await
}

async fn switch(client: &mut Client, block: &str, on: bool) -> WriteResult {
    let attribute = if block.contains("$GO$") {
        "GoEna"
    } else {
        "SvEna"
    };
    set(client, block, attribute, Data::Boolean(on)).await
}

async fn shows(client: &mut Client, block: &str, wanted: &[(&str, &str)]) {
    for (attribute, value) in wanted {
        let shown = client.show(&format!("{block}${attribute}")).await;
        assert_eq!(shown, *value, "{block}${attribute}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_enabled_goose_block_takes_nothing_but_its_switch() {
    let sim = sim(&[]);
    let client = &mut Client::connect(&sim).await;
    shows(
        client,
        GOCB,
        &[("GoEna", "true"), ("NdsCom", "false"), ("ConfRev", "1u")],
    )
    .await;
    for (attribute, data, refusal) in [
        ("GoID", text("other"), UNAVAILABLE),
        ("DatSet", text(""), UNAVAILABLE),
        ("ConfRev", Data::Unsigned(7), DENIED),
        ("NdsCom", Data::Boolean(false), DENIED),
        ("MaxTime", Data::Unsigned(7), DENIED),
        ("DstAddress$APPID", Data::Unsigned(7), DENIED),
        (
            "DstAddress$VID",
            Data::Boolean(true),
            DataAccessError::TYPE_INCONSISTENT,
        ),
    ] {
        assert_eq!(
            set(client, GOCB, attribute, data).await,
            Err(refusal),
            "{attribute}"
        );
    }
    assert_eq!(switch(client, GOCB, false).await, Ok(()));
    assert_eq!(set(client, GOCB, "GoID", text("other")).await, Ok(()));
    assert_eq!(
        set(client, GOCB, "ConfRev", Data::Unsigned(7)).await,
        Err(DENIED)
    );
    shows(
        client,
        GOCB,
        &[("GoEna", "false"), ("GoID", "'other'"), ("ConfRev", "1u")],
    )
    .await;
    let unknown = set(client, GOCB, "DatSet", text("ASSAYLD0/LLN0$nothing")).await;
    assert_eq!(unknown, Err(INVALID));
    let of_association = set(client, GOCB, "DatSet", text("@own")).await;
    assert_eq!(of_association, Err(INVALID));
    for (set_name, rev) in [("dsEvents", "1u"), ("dsStatus", "2u"), ("dsStatus", "2u")] {
        let written = text(&format!("ASSAYLD0/LLN0${set_name}"));
        assert_eq!(set(client, GOCB, "DatSet", written).await, Ok(()));
        shows(client, GOCB, &[("ConfRev", rev), ("NdsCom", "false")]).await;
    }
    assert_eq!(switch(client, GOCB, true).await, Ok(()));
    // Who has switched it may go: GOOSE goes on.
    core::mem::replace(client, Client::connect(&sim).await)
        .abort()
        .await;
    shows(client, GOCB, &[("GoEna", "true")]).await;
    // Nobody keeps it, so a restart brings back what is configured.
    assert_eq!(sim.process().command("restart"), "ok");
    tokio::time::sleep(core::time::Duration::from_secs(5)).await;
    let client = &mut Client::connect(&sim).await;
    shows(
        client,
        GOCB,
        &[
            ("GoID", "'ASSAY/events'"),
            ("ConfRev", "1u"),
            ("GoEna", "true"),
        ],
    )
    .await;
}

async fn define(client: &mut Client, set: &str, members: &[String]) {
    let variables = members
        .iter()
        .map(|member| ListedVariable::new(name(member), None))
        .collect();
    let name = name(set);
    let request = DefineNamedVariableListRequest { name, variables };
    let answer = client.ask(Request::DefineNamedVariableList(request)).await;
    assert!(matches!(answer, Answer::Response(_)), "{answer:?}");
}

async fn deleted(client: &mut Client, set: &str) -> u32 {
    let request = DeleteNamedVariableListRequest::specific(vec![name(set)]);
    match client.ask(Request::DeleteNamedVariableList(request)).await {
        Answer::Response(Response::DeleteNamedVariableList(DeleteNamedVariableListResponse {
            deleted,
            ..
        })) => deleted,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_needs_commissioning_cannot_be_enabled() {
    let sim = sim(&[]);
    let client = &mut Client::connect(&sim).await;
    shows(client, FREE, &[("NdsCom", "true"), ("GoEna", "false")]).await;
    assert_eq!(switch(client, FREE, true).await, Err(UNAVAILABLE));
    let member = |at: usize| format!("MEAS/MMXU1$MX${}", ["PhV", "A"][at % 2]);
    let many: Vec<String> = (0..50).map(member).collect();
    define(client, "LD0/LLN0$many", &many).await;
    define(client, "LD0/LLN0$few", &many[..1]).await;
    assert_eq!(
        set(client, FREE, "DatSet", text("ASSAYLD0/LLN0$many")).await,
        Ok(())
    );
    shows(client, FREE, &[("NdsCom", "true"), ("ConfRev", "2u")]).await;
    assert_eq!(switch(client, FREE, true).await, Err(UNAVAILABLE));
    assert_eq!(deleted(client, "LD0/LLN0$many").await, 0);
    assert_eq!(
        set(client, FREE, "DatSet", text("ASSAYLD0/LLN0$few")).await,
        Ok(())
    );
    assert_eq!(deleted(client, "LD0/LLN0$many").await, 1);
    shows(client, FREE, &[("NdsCom", "false"), ("ConfRev", "3u")]).await;
    assert_eq!(switch(client, FREE, true).await, Ok(()));
    assert_eq!(deleted(client, "LD0/LLN0$few").await, 0);
    assert_eq!(switch(client, FREE, false).await, Ok(()));
    assert_eq!(set(client, FREE, "DatSet", text("")).await, Ok(()));
    shows(client, FREE, &[("NdsCom", "true"), ("ConfRev", "4u")]).await;
    assert_eq!(deleted(client, "LD0/LLN0$few").await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_sampled_value_block_takes_its_settings_while_it_is_disabled() {
    let sim = sim(&[]);
    let client = &mut Client::connect(&sim).await;
    let mut bits = BitString::zeros(8);
    bits.set(1, true);
    bits.set(7, true);
    for (attribute, data, result) in [
        ("SmpRate", Data::Unsigned(256), Ok(())),
        ("SmpRate", Data::Unsigned(0), Err(INVALID)),
        ("SmpMod", Data::Integer(1), Ok(())),
        ("SmpMod", Data::Integer(3), Err(INVALID)),
        ("OptFlds", Data::BitString(bits), Ok(())),
        ("MsvID", text("other"), Ok(())),
        ("noASDU", Data::Unsigned(2), Err(DENIED)),
        ("ConfRev", Data::Unsigned(2), Err(DENIED)),
        ("DatSet", text(""), Ok(())),
        ("SvEna", Data::Boolean(true), Err(UNAVAILABLE)),
        ("DatSet", text("ASSAYMEAS/LLN0$dsMeas"), Ok(())),
        ("SvEna", Data::Boolean(true), Ok(())),
        ("SmpRate", Data::Unsigned(80), Err(UNAVAILABLE)),
    ] {
        assert_eq!(
            set(client, MSVCB, attribute, data).await,
            result,
            "{attribute}"
        );
    }
    let wanted = [
        ("SvEna", "true"),
        ("MsvID", "'other'"),
        ("SmpRate", "256u"),
        ("SmpMod", "1"),
        ("OptFlds", "0b01000000"),
        ("ConfRev", "3u"),
    ];
    shows(client, MSVCB, &wanted).await;
}

#[tokio::test(start_paused = true)]
async fn a_unicast_block_belongs_to_its_client_and_ends_with_it() {
    let sim = sim(&[]);
    let first = &mut Client::connect(&sim).await;
    let second = &mut Client::connect(&sim).await;
    assert_eq!(set(first, USVCB, "Resv", Data::Boolean(true)).await, Ok(()));
    for (attribute, data) in [
        ("SvEna", Data::Boolean(true)),
        ("Resv", Data::Boolean(true)),
        ("Resv", Data::Boolean(false)),
        ("UsvID", text("other")),
    ] {
        assert_eq!(
            set(second, USVCB, attribute, data).await,
            Err(UNAVAILABLE),
            "{attribute}"
        );
    }
    assert_eq!(switch(first, USVCB, true).await, Ok(()));
    let released = set(first, USVCB, "Resv", Data::Boolean(false)).await;
    assert_eq!(released, Err(UNAVAILABLE));
    core::mem::replace(first, Client::connect(&sim).await)
        .abort()
        .await;
    shows(second, USVCB, &[("SvEna", "false"), ("Resv", "false")]).await;
    // Enabling reserves, and disabling releases what nobody has asked for.
    assert_eq!(switch(second, USVCB, true).await, Ok(()));
    shows(first, USVCB, &[("SvEna", "true"), ("Resv", "true")]).await;
    assert_eq!(switch(first, USVCB, false).await, Err(UNAVAILABLE));
    assert_eq!(switch(second, USVCB, false).await, Ok(()));
    shows(first, USVCB, &[("SvEna", "false"), ("Resv", "false")]).await;
}
