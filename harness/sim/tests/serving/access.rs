//! Reads and writes, and what is answered to nonsense.

use iedassay_sim::Sim;
use iedassay_wire::mms::{
    AlternateAccess, Data, DataAccessError, ErrorCode, ListedVariable, ObjectClass, ObjectScope,
    ReadRequest, RejectReason, Request, Response, Selector, VariableAccess, WriteRequest,
};

use crate::common::{self, Answer, Client, DENIED, UNKNOWN, config, name, proposal, sim};
use crate::{LOCAL, names};

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
async fn a_control_model_changes_to_one_that_the_object_has_the_services_of() {
    let item = "CTRL/GGIO1$CF$SPCSO2$ctlModel";
    let mut fixed = config(&[]);
    fixed.control.dynamic_model = false;
    let mut client = Client::connect(&Sim::new(fixed)).await;
    assert_eq!(client.write(item, Data::Integer(1)).await, Err(DENIED));

    let mut client = Client::connect(&sim(&[])).await;
    for (model, result) in [
        (4, Err(DataAccessError::OBJECT_VALUE_INVALID)),
        (9, Err(DataAccessError::OBJECT_VALUE_INVALID)),
        (1, Ok(())),
        (0, Ok(())),
        (2, Ok(())),
    ] {
        let written = client.write(item, Data::Integer(model)).await;
        assert_eq!(written, result, "{model}");
    }
    client.show("CTRL/GGIO1$CO$SPCSO2$SBO").await;
    assert_eq!(
        client.write(item, Data::Integer(1)).await,
        Err(DataAccessError::TEMPORARILY_UNAVAILABLE),
        "not while it is selected"
    );
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
