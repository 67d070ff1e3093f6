//! Associations, names, reads and writes over an in-memory stream on virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

mod common;

use std::{net::IpAddr, time::Duration};

use common::{Answer, Client, DENIED, UNKNOWN, config, name, proposal, sim};
use iedassay_sim::{Fault, Sim};
use iedassay_wire::{
    association::{Authentication, Ending, Refusal},
    mms::{
        AlternateAccess, Data, DataAccessError, ErrorCode, GetNameListRequest,
        GetVariableAccessAttributesRequest, ListedVariable, ObjectClass, ObjectName, ObjectScope,
        ReadRequest, RejectReason, Request, Response, Selector, VariableAccess, WriteRequest,
    },
};

const LOCAL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

async fn names(client: &mut Client, class: ObjectClass, scope: ObjectScope) -> Vec<String> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let mut request = GetNameListRequest::new(class, scope.clone());
        request.continue_after = after;
        match client.ask(Request::GetNameList(request)).await {
            Answer::Response(Response::GetNameList(page)) => {
                all.extend(page.names);
                if !page.more_follows {
                    return all;
                }
                after = all.last().cloned();
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn associates_and_releases_again_and_again() {
    let sim = sim(&[]);
    for _ in 0..20 {
        let client = Client::connect(&sim).await;
        assert!(matches!(client.release().await, Some(Ending::Released(_))));
    }
    for _ in 0..20 {
        Client::connect(&sim).await.abort().await;
    }
    assert_eq!(sim.association_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn refuses_one_more_than_the_maximum_and_serves_the_others() {
    let sim = sim(&[]);
    let mut clients = Vec::new();
    for _ in 0..5 {
        clients.push(Client::connect(&sim).await);
    }
    let refused = Client::connect_with(&sim, proposal(), LOCAL)
        .await
        .err()
        .unwrap();
    assert!(
        matches!(refused, Ending::Refused(Refusal::Transport(_))),
        "{refused:?}"
    );
    for client in &mut clients {
        assert_eq!(client.show("LD0/LLN0$ST$Mod$stVal").await, "1");
    }
    clients.pop().unwrap().release().await;
    Client::connect(&sim).await;
}

#[tokio::test(start_paused = true)]
async fn refuses_a_wrong_address_at_the_layer_that_has_it() {
    let sim = sim(&[]);
    for (part, layer) in [
        ("tsel", "COTP"),
        ("ssel", "session"),
        ("psel", "presentation"),
        ("title", "association"),
        ("qualifier", "association"),
    ] {
        let mut wrong = proposal();
        match part {
            "tsel" => wrong.called.tsel = vec![9],
            "ssel" => wrong.called.ssel = vec![9],
            "psel" => wrong.called.psel = vec![9],
            "title" => wrong.called.ap_title = iedassay_wire::ber::Oid::from_arcs(&[1, 2, 3]),
            _ => wrong.called.ae_qualifier = Some(99),
        }
        match Client::connect_with(&sim, wrong, LOCAL).await.err() {
            Some(Ending::Refused(refusal)) => {
                assert!(refusal.to_string().starts_with(layer), "{part}: {refusal}")
            }
            other => panic!("{part}: {other:?}"),
        }
    }
    Client::connect(&sim).await;
    assert_eq!(sim.association_count(), 1);
}

#[tokio::test(start_paused = true)]
async fn negotiates_down_and_never_up() {
    let sim = sim(&[]);
    let mut small = proposal();
    small.mms.local_detail = Some(2000);
    small.mms.max_outstanding_called = 1;
    small.mms.nesting_level = Some(4);
    small.mms.detail.parameters = Default::default();
    let client = Client::connect_with(&sim, small, LOCAL).await.ok().unwrap();
    let answer = &client.established.as_ref().unwrap().answer;
    assert_eq!(answer.local_detail, Some(2000));
    assert_eq!(answer.max_outstanding_called, 1);
    assert_eq!(answer.nesting_level, Some(4));
    assert!(answer.detail.parameters.iter().next().is_none());

    let mut large = proposal();
    large.mms.local_detail = Some(10_000_000);
    let client = Client::connect_with(&sim, large, LOCAL).await.ok().unwrap();
    assert_eq!(
        client.established.as_ref().unwrap().answer.local_detail,
        Some(65_000)
    );

    let mut tiny = proposal();
    tiny.mms.local_detail = Some(127);
    let refused = Client::connect_with(&sim, tiny, LOCAL).await.err().unwrap();
    assert!(
        matches!(refused, Ending::Refused(Refusal::Initiate(_))),
        "{refused:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn asks_for_the_password_when_there_is_one() {
    let mut config = config(&[]);
    config.password = Some(b"secret".to_vec());
    let sim = Sim::new(config);
    for (given, accepted) in [
        (Authentication::None, false),
        (Authentication::Password(b"wrong".to_vec()), false),
        (Authentication::Password(b"secret".to_vec()), true),
    ] {
        let mut proposal = proposal();
        proposal.authentication = given;
        assert_eq!(
            Client::connect_with(&sim, proposal, LOCAL).await.is_ok(),
            accepted
        );
    }
}

#[tokio::test(start_paused = true)]
async fn drops_a_connection_that_says_nothing() {
    let sim = sim(&[]);
    let (near, far) = tokio::io::duplex(1024);
    let served = tokio::spawn(sim.serve_stream(far));
    let began = tokio::time::Instant::now();
    served.await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 10);
    drop(near);
}

#[tokio::test(start_paused = true)]
async fn lists_devices_and_every_name_of_them() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let domains = names(&mut client, ObjectClass::DOMAIN, ObjectScope::Vmd).await;
    assert_eq!(domains, ["ASSAYLD0", "ASSAYPROT", "ASSAYCTRL", "ASSAYMEAS"]);
    for domain in domains {
        let expected: Vec<String> = common::model().names(&domain).map(str::to_owned).collect();
        let listed = names(
            &mut client,
            ObjectClass::NAMED_VARIABLE,
            ObjectScope::Domain(domain),
        )
        .await;
        assert_eq!(listed, expected);
        assert!(listed.len() > 30);
    }
    let sets = names(
        &mut client,
        ObjectClass::NAMED_VARIABLE_LIST,
        ObjectScope::Domain("ASSAYMEAS".into()),
    )
    .await;
    assert_eq!(sets, ["LLN0$dsMeas", "LLN0$dsMeasLeaf"]);
    let logs = names(
        &mut client,
        ObjectClass::JOURNAL,
        ObjectScope::Domain("ASSAYLD0".into()),
    )
    .await;
    assert_eq!(logs, ["LLN0$EventLog"]);
}

#[tokio::test(start_paused = true)]
async fn refuses_unknown_names_with_the_right_error() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let scope = ObjectScope::Domain("ASSAYLd0".into());
    let request = GetNameListRequest::new(ObjectClass::NAMED_VARIABLE, scope);
    let unknown = Answer::Error(ErrorCode::OBJECT_NON_EXISTENT);
    assert_eq!(client.ask(Request::GetNameList(request)).await, unknown);
    let mut request = GetNameListRequest::new(
        ObjectClass::NAMED_VARIABLE,
        ObjectScope::Domain("ASSAYLD0".into()),
    );
    request.continue_after = Some("LLN0$nothing".into());
    assert_eq!(client.ask(Request::GetNameList(request)).await, unknown);
    let request = GetVariableAccessAttributesRequest::Name(name("LD0/LLN0$ST$Nothing"));
    assert_eq!(
        client
            .ask(Request::GetVariableAccessAttributes(request))
            .await,
        unknown
    );
    for item in [
        "LD0/LLN0$ST$mod$stVal",
        "LD9/LLN0",
        "LD0/LLN0$MX",
        "LD0/LLN0$XX",
        "LD0/LLN0$RP$urcbStatus99",
    ] {
        assert_eq!(client.read(item).await, Err(UNKNOWN), "{item}");
        assert_eq!(
            client.write(item, Data::Boolean(true)).await,
            Err(UNKNOWN),
            "{item}"
        );
    }
    let list = VariableAccess::VariableListName(name("LD0/LLN0$dsNothing"));
    assert_eq!(
        client.ask(Request::Read(ReadRequest::new(list))).await,
        unknown
    );
    let request = Request::GetNamedVariableListAttributes(name("LD0/LLN0$dsNothing"));
    assert_eq!(client.ask(request).await, unknown);
}

#[tokio::test(start_paused = true)]
async fn every_type_fits_its_value() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let model = common::model();
    for device in model.logical_devices() {
        for root in model.roots(&device.name) {
            for node in core::iter::once(root).chain(root.children()) {
                let name = ObjectName::domain(node.domain(), node.item());
                let request = GetVariableAccessAttributesRequest::Name(name.clone());
                let Answer::Response(Response::GetVariableAccessAttributes(attributes)) = client
                    .ask(Request::GetVariableAccessAttributes(request))
                    .await
                else {
                    panic!("{name}");
                };
                assert_eq!(attributes.type_spec, node.type_spec(), "{name}");
                let access = VariableAccess::names([name.clone()]);
                let Answer::Response(Response::Read(mut read)) =
                    client.ask(Request::Read(ReadRequest::new(access))).await
                else {
                    panic!("{name}");
                };
                match read.results.remove(0) {
                    Ok(data) => iedassay_model::value::data_fits_type(&data, &attributes.type_spec)
                        .unwrap_or_else(|misfit| panic!("{name}: {misfit}")),
                    Err(error) => {
                        assert_eq!(error, DataAccessError::TEMPORARILY_UNAVAILABLE, "{name}");
                        assert_eq!(node.name(), "SE", "{name}");
                    }
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn reads_parts_of_arrays() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let process = sim.process();
    assert_eq!(
        process.command("set ASSAYMEAS/MHAI1.HA.phsAHar(2).mag.f[MX] 7.5"),
        "ok"
    );
    assert_eq!(
        process.command("get ASSAYMEAS/MHAI1.HA.phsAHar(2).mag.f[MX]"),
        "ok 7.5"
    );
    let array = name("MEAS/MHAI1$MX$HA$phsAHar");
    for (access, shown) in [
        (
            AlternateAccess::component("f")
                .of(Selector::Component("mag".into()))
                .of(Selector::Index(2)),
            "7.5",
        ),
        (
            AlternateAccess::index(2),
            "structure{structure{7.5}, structure{0.0}}",
        ),
        (
            AlternateAccess::component("mag").of(Selector::IndexRange { low: 1, count: 2 }),
            "array[structure{0.0}, structure{7.5}]",
        ),
    ] {
        let variable = ListedVariable::new(array.clone(), Some(access));
        let request = ReadRequest::new(VariableAccess::ListOfVariable(vec![variable]));
        let Answer::Response(Response::Read(read)) = client.ask(Request::Read(request)).await
        else {
            panic!("no response");
        };
        assert_eq!(read.results[0].as_ref().unwrap().to_string(), shown);
    }
    for access in [
        AlternateAccess::index(5),
        AlternateAccess::component("x").of(Selector::Index(0)),
    ] {
        let variable = ListedVariable::new(array.clone(), Some(access));
        let request = ReadRequest::new(VariableAccess::ListOfVariable(vec![variable]));
        let Answer::Response(Response::Read(read)) = client.ask(Request::Read(request)).await
        else {
            panic!("no response");
        };
        assert_eq!(read.results[0], Err(UNKNOWN));
    }
}

#[tokio::test(start_paused = true)]
async fn writes_what_may_be_written_and_refuses_the_rest() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    for (item, data, result) in [
        ("PROT/PTOC2$SP$OpDlTmms$setVal", Data::Integer(750), Ok(())),
        (
            "PROT/PTOC2$SP$OpDlTmms$setVal",
            Data::Unsigned(750),
            Err(DataAccessError::TYPE_INCONSISTENT),
        ),
        (
            "PROT/PTOC2$SP$OpDlTmms$setVal",
            Data::Integer(1 << 40),
            Err(DataAccessError::TYPE_INCONSISTENT),
        ),
        (
            "PROT/PTOC2$SP$DirMod$setVal",
            Data::Integer(77),
            Err(DataAccessError::OBJECT_VALUE_INVALID),
        ),
        ("PROT/PTOC2$ST$Op$general", Data::Boolean(true), Err(DENIED)),
        ("MEAS/MMXU1$MX$Hz$mag$f", Data::Boolean(true), Err(DENIED)),
        (
            "LD0/LLN0$DC$NamPlt$vendor",
            Data::VisibleString("x".into()),
            Err(DENIED),
        ),
        (
            "LD0/LLN0$EX$NamPlt$ldNs",
            Data::VisibleString("x".into()),
            Err(DENIED),
        ),
        (
            "CTRL/GGIO1$CF$SPCSO2$ctlModel",
            Data::Integer(1),
            Err(DENIED),
        ),
        (
            "CTRL/GGIO1$CF$SPCSO2$sboTimeout",
            Data::Unsigned(5000),
            Ok(()),
        ),
        (
            "PROT/PTOC1$SG$OpDlTmms$setVal",
            Data::Integer(1),
            Err(DENIED),
        ),
        (
            "PROT/PTOC1$SE$OpDlTmms$setVal",
            Data::Integer(1),
            Err(DataAccessError::TEMPORARILY_UNAVAILABLE),
        ),
    ] {
        assert_eq!(client.write(item, data,).await, result, "{item}");
    }
    assert_eq!(client.show("PROT/PTOC2$SP$OpDlTmms$setVal").await, "750");
    assert_eq!(client.show("PROT/PTOC2$SP$DirMod$setVal").await, "2");
}

#[tokio::test(start_paused = true)]
async fn answers_several_variables_one_by_one_in_order() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let items = [
        "PROT/PTOC2$SP$OpDlTmms$setVal",
        "LD0/LLN0$XX",
        "PROT/PTOC2$SP$DirMod$setVal",
    ];
    let access = VariableAccess::names(items.map(name));
    let data = vec![Data::Integer(1), Data::Integer(2), Data::Integer(3)];
    let Answer::Response(Response::Write(written)) = client
        .ask(Request::Write(WriteRequest {
            access: access.clone(),
            data,
        }))
        .await
    else {
        panic!("no response");
    };
    assert_eq!(written.results, [Ok(()), Err(UNKNOWN), Ok(())]);
    let Answer::Response(Response::Read(read)) =
        client.ask(Request::Read(ReadRequest::new(access))).await
    else {
        panic!("no response");
    };
    assert_eq!(
        read.results,
        [Ok(Data::Integer(1)), Err(UNKNOWN), Ok(Data::Integer(3))]
    );
}

#[tokio::test(start_paused = true)]
async fn never_answers_above_the_negotiated_size() {
    let sim = sim(&[]);
    let mut small = proposal();
    small.mms.local_detail = Some(600);
    let mut client = Client::connect_with(&sim, small, LOCAL).await.ok().unwrap();
    let access = VariableAccess::names([name("LD0/GGIO3")]);
    assert_eq!(
        client.ask(Request::Read(ReadRequest::new(access))).await,
        Answer::Error(ErrorCode::PDU_SIZE)
    );
    let all = names(
        &mut client,
        ObjectClass::NAMED_VARIABLE,
        ObjectScope::Domain("ASSAYLD0".into()),
    )
    .await;
    assert_eq!(all.len(), common::model().names("ASSAYLD0").count());
}

#[tokio::test(start_paused = true)]
async fn rejects_what_it_does_not_know_or_cannot_read() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    // A confirmed request with the tag of a service that is not served.
    match client
        .ask_raw(&[0xa0, 0x06, 0x02, 0x02, 0x01, 0x00, 0xb1, 0x00])
        .await
    {
        Answer::Reject(reject) => {
            assert_eq!(reject.original_invoke_id, Some(256));
            assert_eq!(reject.reason, RejectReason::REQUEST_UNRECOGNIZED_SERVICE);
        }
        other => panic!("{other:?}"),
    }
    // A read whose arguments end early.
    match client
        .ask_raw(&[0xa0, 0x07, 0x02, 0x01, 0x05, 0xa4, 0x02, 0xa1, 0x05])
        .await
    {
        Answer::Reject(reject) => {
            assert_eq!(reject.original_invoke_id, Some(5));
            assert_eq!(reject.reason, RejectReason::REQUEST_INVALID_ARGUMENT);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(client.show("LD0/LLN0$ST$Mod$stVal").await, "1");
}

#[tokio::test(start_paused = true)]
async fn the_process_is_seen_with_quality_and_time() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    assert_eq!(
        client.show("LD0/GGIO1$ST$Ind1$t").await,
        "2023-11-14T22:13:20.000Z[accuracy 10]"
    );
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let process = sim.process();
    assert_eq!(
        process.command("set ASSAYLD0/GGIO1.Ind1.stVal[ST] true"),
        "ok"
    );
    assert_eq!(
        process.command("set ASSAYLD0/GGIO1.Ind1.q[ST] questionable+oldData"),
        "ok"
    );
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(
        client.show("LD0/GGIO1$ST$Ind1").await,
        "structure{true, 0b1100000100000, 2023-11-14T22:13:21.500Z[accuracy 10]}"
    );
    assert_eq!(
        process.command("get ASSAYLD0/GGIO1.Ind1.q[ST]"),
        "ok questionable+oldData"
    );
    for (line, answer) in [
        ("ping", "ok"),
        (
            "set ASSAYLD0/GGIO1.Ind1.stVal[ST] maybe",
            "err `maybe` is no BOOLEAN: expected true or false",
        ),
        (
            "set ASSAYLD0/GGIO1.Ind1.nothing[ST] true",
            "err `ASSAYLD0/GGIO1.Ind1.nothing[ST]` is not in the model",
        ),
        ("dance", "err `dance` is no command"),
    ] {
        assert_eq!(process.command(line), answer);
    }
}

#[tokio::test(start_paused = true)]
async fn magnitudes_follow_beyond_their_deadband() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    // Hz: 50, deadband of 100 thousandths of a percent.
    for (value, mag) in [("50.04", "50.0"), ("50.06", "50.06"), ("50.02", "50.06")] {
        assert_eq!(
            sim.process()
                .command(&format!("set ASSAYMEAS/MMXU1.Hz.instMag.f[MX] {value}")),
            "ok"
        );
        assert_eq!(client.show("MEAS/MMXU1$MX$Hz$mag$f").await, mag);
        assert_eq!(client.show("MEAS/MMXU1$MX$Hz$instMag$f").await, value);
    }
}

#[tokio::test(start_paused = true)]
async fn a_mode_reaches_the_behaviour_and_the_quality() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let process = sim.process();
    assert_eq!(
        process.command("set ASSAYLD0/LLN0.Mod.stVal[ST] test"),
        "ok"
    );
    assert_eq!(client.show("LD0/GGIO1$ST$Beh$stVal").await, "3");
    assert_eq!(client.show("LD0/GGIO1$ST$Ind1$q").await, "0b0000000000010");
    assert_eq!(client.show("PROT/PTOC1$ST$Beh$stVal").await, "1");
    assert_eq!(
        process.command("set ASSAYLD0/GGIO1.Mod.stVal[ST] blocked"),
        "ok"
    );
    assert_eq!(client.show("LD0/GGIO1$ST$Beh$stVal").await, "4");
    assert_eq!(process.command("set ASSAYLD0/LLN0.Mod.stVal[ST] off"), "ok");
    assert_eq!(client.show("LD0/GGIO1$ST$Ind1$q").await, "0b0100000000000");
    assert_eq!(process.command("set ASSAYLD0/LLN0.Mod.stVal[ST] on"), "ok");
    assert_eq!(process.command("set ASSAYLD0/GGIO1.Mod.stVal[ST] on"), "ok");
    assert_eq!(client.show("LD0/GGIO1$ST$Ind1$q").await, "0b0000000000000");
}

#[tokio::test(start_paused = true)]
async fn substitution_shows_another_value_and_lets_go() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    client
        .write("LD0/GGIO2$SV$Ind1$subVal", Data::Boolean(true))
        .await
        .unwrap();
    client
        .write("LD0/GGIO2$SV$Ind1$subEna", Data::Boolean(true))
        .await
        .unwrap();
    assert_eq!(client.show("LD0/GGIO2$ST$Ind1$stVal").await, "true");
    assert_eq!(client.show("LD0/GGIO2$ST$Ind1$q").await, "0b0000000000100");
    client
        .write("LD0/GGIO2$SV$Ind1$subEna", Data::Boolean(false))
        .await
        .unwrap();
    assert_eq!(client.show("LD0/GGIO2$ST$Ind1$stVal").await, "false");
    assert_eq!(client.show("LD0/GGIO2$ST$Ind1$q").await, "0b0000000000000");
}

#[tokio::test(start_paused = true)]
async fn a_pulled_cable_is_noticed_and_frees_everything() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    client
        .write("LD0/LLN0$RP$urcbStatus01$RptEna", Data::Boolean(true))
        .await
        .unwrap();
    assert_eq!(sim.process().command("blackhole on"), "ok");
    let access = VariableAccess::names([name("LD0/LLN0")]);
    assert_eq!(
        client.ask(Request::Read(ReadRequest::new(access))).await,
        Answer::Nothing
    );
    client.wait(Duration::from_secs(10)).await;
    assert_eq!(sim.association_count(), 1);
    client.wait(Duration::from_secs(10)).await;
    assert_eq!(sim.association_count(), 0);
    assert!(client.ending.is_none(), "nobody told the client");
    assert_eq!(sim.process().command("blackhole off"), "ok");
    let mut other = Client::connect(&sim).await;
    assert_eq!(other.show("LD0/LLN0$RP$urcbStatus01$RptEna").await, "false");
}

#[tokio::test(start_paused = true)]
async fn a_cable_that_comes_back_in_time_does_no_harm() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    assert_eq!(sim.process().command("blackhole on"), "ok");
    client.wait(Duration::from_secs(5)).await;
    assert_eq!(sim.process().command("blackhole off"), "ok");
    assert_eq!(client.show("LD0/LLN0$ST$Mod$stVal").await, "1");
}

#[tokio::test(start_paused = true)]
async fn a_power_cycle_keeps_settings_and_forgets_the_rest() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    client
        .write("PROT/PTOC2$SP$OpDlTmms$setVal", Data::Integer(750))
        .await
        .unwrap();
    client
        .write("LD0/LLN0$RP$urcbStatus01$BufTm", Data::Unsigned(999))
        .await
        .unwrap();
    assert_eq!(sim.process().command("restart"), "ok");
    client.wait(Duration::from_millis(10)).await;
    assert!(client.ending.is_some());
    assert!(Client::connect_with(&sim, proposal(), LOCAL).await.is_err());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut client = Client::connect(&sim).await;
    assert_eq!(client.show("PROT/PTOC2$SP$OpDlTmms$setVal").await, "750");
    assert_eq!(client.show("LD0/LLN0$RP$urcbStatus01$BufTm").await, "0u");
}

#[tokio::test]
async fn serves_on_tcp_as_well() {
    let sim = Sim::new(config(&[]));
    let listening = sim.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let process = sim
        .listen_process("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let mut stream = tokio::net::TcpStream::connect(process.local_addr())
        .await
        .unwrap();
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    stream
        .write_all(b"ping\nget ASSAYLD0/GGIO1.Ind1.stVal[ST]\r\n")
        .await
        .unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"ok\nok false\n");
    let mut client = tokio::net::TcpStream::connect(listening.local_addr())
        .await
        .unwrap();
    // A CR of class 0 with the called selector 0001.
    client
        .write_all(&[3, 0, 0, 15, 10, 0xe0, 0, 0, 0, 1, 0, 0xc2, 2, 0, 1])
        .await
        .unwrap();
    let mut confirm = [0; 6];
    client.read_exact(&mut confirm).await.unwrap();
    assert_eq!(confirm[5], 0xd0);
    drop(listening);
    assert!(matches!(client.read(&mut confirm).await, Ok(_) | Err(_)));
}

#[tokio::test(start_paused = true)]
async fn data_sets_of_clients_come_and_go() {
    use iedassay_wire::mms::{DefineNamedVariableListRequest, DeleteNamedVariableListRequest};
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let members = || {
        ["LD0/GGIO1$ST$Ind1", "LD0/GGIO1$ST$Ind2$stVal"]
            .map(|item| ListedVariable::new(name(item), None))
            .to_vec()
    };
    let define = |name: ObjectName, variables| {
        Request::DefineNamedVariableList(DefineNamedVariableListRequest { name, variables })
    };
    let set = name("LD0/LLN0$mine");
    let done = Answer::Response(Response::DefineNamedVariableList);
    assert_eq!(client.ask(define(set.clone(), members())).await, done);
    assert_eq!(
        client.ask(define(set.clone(), members())).await,
        Answer::Error(ErrorCode::OBJECT_EXISTS)
    );
    let unknown = vec![ListedVariable::new(name("LD0/GGIO1$ST$Ind99"), None)];
    let refused = client.ask(define(name("LD0/LLN0$other"), unknown)).await;
    assert_eq!(refused, Answer::Error(ErrorCode::OBJECT_UNDEFINED));
    let Answer::Response(Response::GetNamedVariableListAttributes(directory)) = client
        .ask(Request::GetNamedVariableListAttributes(set.clone()))
        .await
    else {
        panic!("no directory");
    };
    assert!(directory.mms_deletable);
    assert_eq!(directory.variables, members());

    client
        .write(
            "LD0/LLN0$RP$urcbFree01$DatSet",
            Data::VisibleString("ASSAYLD0/LLN0$mine".into()),
        )
        .await
        .unwrap();
    let counts = async |client: &mut Client, name: ObjectName| {
        let request = DeleteNamedVariableListRequest::specific(vec![name]);
        match client.ask(Request::DeleteNamedVariableList(request)).await {
            Answer::Response(Response::DeleteNamedVariableList(counts)) => {
                (counts.matched, counts.deleted)
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(counts(&mut client, set.clone()).await, (1, 0), "bound");
    client
        .write(
            "LD0/LLN0$RP$urcbFree01$DatSet",
            Data::VisibleString(String::new()),
        )
        .await
        .unwrap();
    assert_eq!(counts(&mut client, set.clone()).await, (1, 1));
    assert_eq!(counts(&mut client, set).await, (0, 0));
    assert_eq!(
        counts(&mut client, name("LD0/LLN0$dsStatus")).await,
        (1, 0),
        "configured"
    );

    assert_eq!(
        client
            .ask(define(ObjectName::Aa("own".into()), members()))
            .await,
        done
    );
    assert_eq!(
        names(
            &mut client,
            ObjectClass::NAMED_VARIABLE_LIST,
            ObjectScope::Aa
        )
        .await,
        ["own"]
    );
    let mut other = Client::connect(&sim).await;
    assert!(
        names(
            &mut other,
            ObjectClass::NAMED_VARIABLE_LIST,
            ObjectScope::Aa
        )
        .await
        .is_empty()
    );
}

#[tokio::test(start_paused = true)]
async fn files_are_listed_read_and_deleted() {
    use iedassay_wire::mms::{FileDirectoryRequest, FileName, FileOpenRequest};
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let request = FileDirectoryRequest {
        specification: None,
        continue_after: None,
    };
    let Answer::Response(Response::FileDirectory(directory)) =
        client.ask(Request::FileDirectory(request)).await
    else {
        panic!("no directory");
    };
    assert_eq!(directory.entries.len(), 3);
    let open = |path: &str| {
        Request::FileOpen(FileOpenRequest {
            name: FileName::new(path),
            initial_position: 0,
        })
    };
    let Answer::Response(Response::FileOpen(opened)) =
        client.ask(open("COMTRADE/fault1.dat")).await
    else {
        panic!("not open");
    };
    let mut size = 0;
    loop {
        let Answer::Response(Response::FileRead(piece)) = client
            .ask(Request::FileRead {
                frsm_id: opened.frsm_id,
            })
            .await
        else {
            panic!("no piece");
        };
        size += piece.data.len();
        if !piece.more_follows {
            break;
        }
    }
    assert_eq!(u32::try_from(size).unwrap(), opened.attributes.size);
    let busy = client
        .ask(Request::FileDelete(FileName::new("COMTRADE/fault1.dat")))
        .await;
    assert_eq!(busy, Answer::Error(ErrorCode::FILE_BUSY));
    assert_eq!(
        client
            .ask(Request::FileClose {
                frsm_id: opened.frsm_id
            })
            .await,
        Answer::Response(Response::FileClose)
    );
    assert_eq!(
        client.ask(open("nothing")).await,
        Answer::Error(ErrorCode::FILE_NON_EXISTENT)
    );
    assert_eq!(
        client.ask(open("../passwd")).await,
        Answer::Error(ErrorCode::FILE_ACCESS_DENIED)
    );
}

#[tokio::test(start_paused = true)]
async fn setting_groups_are_edited_confirmed_and_activated() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let sgcb = |attribute: &str| format!("PROT/LLN0$SP$SGCB${attribute}");
    assert_eq!(client.show("PROT/PTOC1$SG$OpDlTmms$setVal").await, "100");
    client
        .write(&sgcb("EditSG"), Data::Unsigned(2))
        .await
        .unwrap();
    assert_eq!(client.show("PROT/PTOC1$SE$OpDlTmms$setVal").await, "200");
    client
        .write("PROT/PTOC1$SE$OpDlTmms$setVal", Data::Integer(222))
        .await
        .unwrap();
    let mut other = Client::connect(&sim).await;
    assert_eq!(
        other.write(&sgcb("EditSG"), Data::Unsigned(1)).await,
        Err(common::UNAVAILABLE)
    );
    client
        .write(&sgcb("CnfEdit"), Data::Boolean(true))
        .await
        .unwrap();
    assert_eq!(client.show(&sgcb("EditSG")).await, "0u");
    assert_eq!(client.show("PROT/PTOC1$SG$OpDlTmms$setVal").await, "100");
    client
        .write(&sgcb("ActSG"), Data::Unsigned(2))
        .await
        .unwrap();
    assert_eq!(client.show("PROT/PTOC1$SG$OpDlTmms$setVal").await, "222");
    let invalid = Err(DataAccessError::OBJECT_VALUE_INVALID);
    assert_eq!(
        client.write(&sgcb("ActSG"), Data::Unsigned(4)).await,
        invalid
    );
    assert_eq!(client.read("PROT/PTOC1$SE").await, Err(common::UNAVAILABLE));
}

#[tokio::test(start_paused = true)]
async fn an_extra_association_that_hangs_does_not_end() {
    let mut config = config(&[Fault::ExtraAssociationHangs]);
    config.max_associations = 1;
    let sim = Sim::new(config);
    let _first = Client::connect(&sim).await;
    let ending = Client::connect_with(&sim, proposal(), LOCAL)
        .await
        .err()
        .unwrap();
    assert!(matches!(ending, Ending::TimedOut { .. }), "{ending:?}");
}
