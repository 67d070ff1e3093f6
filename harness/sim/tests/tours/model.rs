//! Everything that the server says of its model.

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::mms::{
    GetVariableAccessAttributesRequest, ObjectClass, ObjectName, ObjectScope, ReadRequest, Request,
    VariableAccess,
};

use super::{Notes, names};
use crate::common::Client;

pub async fn model(config: SimConfig) -> Vec<String> {
    let mut notes = Notes::default();
    let sim = Sim::new(config);
    let mut client = Client::connect(&sim).await;
    let announced = &client.established.as_ref().unwrap().answer;
    notes.note("announced", announced.clone());
    notes.note("identify", client.ask(Request::Identify).await);
    for domain in names(&mut client, ObjectClass::DOMAIN, ObjectScope::Vmd).await {
        notes.note("domain", &domain);
        let scope = || ObjectScope::Domain(domain.clone());
        for set in names(&mut client, ObjectClass::NAMED_VARIABLE_LIST, scope()).await {
            let name = ObjectName::domain(domain.clone(), set);
            let directory = Request::GetNamedVariableListAttributes(name);
            notes.note("directory", client.ask(directory).await);
        }
        let variables = names(&mut client, ObjectClass::NAMED_VARIABLE, scope()).await;
        notes.note("variables", &variables);
        for item in variables {
            let name = ObjectName::domain(domain.clone(), item.clone());
            match item.split('$').collect::<Vec<_>>().as_slice() {
                [_] => {
                    let asked = GetVariableAccessAttributesRequest::Name(name);
                    let request = Request::GetVariableAccessAttributes(asked);
                    notes.note("type", client.ask(request).await);
                }
                [_, "CF" | "DC" | "EX" | "GO" | "RP", _] | [_, "ST", "Health"] => {
                    let access = VariableAccess::names([name]);
                    let read = client.ask(Request::Read(ReadRequest::new(access))).await;
                    notes.note("value", read);
                }
                _ => {}
            }
        }
    }
    notes.0
}
