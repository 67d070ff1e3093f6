//! What the simulated IED answers, over an in-memory stream on virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

mod access;
mod association;
#[path = "../common/mod.rs"]
mod common;
mod directory;
mod files;
mod groups;
mod logs;
mod measurand;
mod moving;
mod process;
mod publishers;
mod substitution;
mod tracking;

use std::net::IpAddr;

use common::{Answer, Client};
use iedassay_wire::mms::{GetNameListRequest, ObjectClass, ObjectScope, Request, Response};

const LOCAL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// Every name of a class, page by page.
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
