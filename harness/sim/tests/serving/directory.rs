//! Names, types and data sets.

use iedassay_wire::mms::{
    Data, DataAccessError, ErrorCode, GetNameListRequest, GetVariableAccessAttributesRequest,
    ListedVariable, ObjectClass, ObjectName, ObjectScope, ReadRequest, Request, Response,
    VariableAccess,
};

use crate::common::{self, Answer, Client, UNKNOWN, name, sim};
use crate::names;

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
