//! What every expression sees: `model`, `target`, `profile`, `pixit`, `pics`, `edition`.

use std::collections::HashMap;

use iedassay_model::tree::ServerModel;

use super::model_view::{Assume, model, text};
use super::{Scope, Value};
use crate::profile::Demands;
use crate::suite::Allowance;
use crate::target::{Claim, Target, TimeServer};
use crate::value::{list, map};

/// The scope every case begins with.
#[must_use]
pub fn globals(
    server: &ServerModel,
    target_file: &Target,
    demands: &Demands,
    assume: Assume,
) -> Scope {
    let mut scope = Scope::new();
    scope.set_shared("model", model(server, target_file, assume));
    scope.set("target", target(target_file, assume));
    scope.set("profile", demands.value(server));
    let pixit: HashMap<String, Value> = target_file
        .pixit
        .iter()
        .map(|(id, v)| (id.value.clone(), v.value.clone()))
        .collect();
    scope.set("pixit", Value::from(pixit));
    let pics: HashMap<String, Value> = target_file
        .pics
        .iter()
        .flat_map(|p| p.items.iter())
        .map(|(id, claimed)| (id.value.clone(), Value::Bool(claimed.is_yes())))
        .collect();
    scope.set("pics", Value::from(pics));
    scope.set("edition", text(target_file.edition().as_str()));
    scope
}

/// How often the device asks the harness for the time, and how many servers it can ask; none without such a section.
fn time_server(target: &Target) -> Value {
    let ms = |d: core::time::Duration| Value::Int(i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
    let servers = target.time_server.as_ref();
    let count = servers.map_or(0, |s| 1 + i64::from(s.second.is_some()));
    let poll = servers.map_or(core::time::Duration::ZERO, TimeServer::poll);
    let settle = servers.map_or(core::time::Duration::ZERO, TimeServer::settle);
    map([
        ("count", Value::Int(count)),
        ("poll", ms(poll)),
        ("settle", ms(settle)),
    ])
}

/// How hard robustness cases press, and how long they wait, in milliseconds.
fn robustness(target: &Target) -> Value {
    let ms = |d: core::time::Duration| Value::Int(i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
    let said = target.robustness();
    map([
        ("repeats", Value::Int(i64::from(said.repeats()))),
        ("connections", Value::Int(i64::from(said.connections()))),
        ("flood", Value::Int(i64::from(said.flood()))),
        ("pause", ms(said.pause())),
        ("patience", ms(said.patience())),
        ("servedWithin", ms(said.served_within())),
        ("acceptedWithin", ms(said.accepted_within())),
        ("aftermath", ms(said.aftermath())),
    ])
}

/// Significant bits of the fraction that the PICS claims for time stamps (T2); null when it states no number.
fn accuracy(target: &Target) -> Value {
    match target.pics.as_ref().and_then(|pics| pics.claim("T2")) {
        Some(Claim::Number(bits)) => Value::Int(i64::from(bits)),
        _ => Value::Null,
    }
}

fn target(target: &Target, assume: Assume) -> Value {
    let ms = |d: core::time::Duration| Value::Int(i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
    let (times, near) = (target.timeouts(), target.tolerances());
    let allow = target.allow();
    let allowed = Allowance::ALL
        .iter()
        .filter(|a| assume.allowed || allow.permits(**a))
        .map(|a| text(a.as_str()));
    let association = target.association();
    map([
        ("name", text(&target.target.value)),
        ("edition", text(target.edition().as_str())),
        ("allow", list(allowed)),
        (
            "timeouts",
            map([
                ("connect", ms(times.connect())),
                ("associate", ms(times.associate())),
                ("request", ms(times.request())),
                ("release", ms(times.release())),
                ("case", ms(times.case())),
            ]),
        ),
        (
            "tolerances",
            map([
                ("early", ms(near.early())),
                ("late", ms(near.late())),
                ("clock", ms(near.clock())),
            ]),
        ),
        (
            "sourceAddresses",
            list(target.source_addresses.iter().map(|a| text(&a.to_string()))),
        ),
        ("hasDescription", Value::Bool(target.scl.is_some())),
        ("hasPassword", Value::Bool(association.password.is_some())),
        ("hasTls", Value::Bool(target.tls.is_some())),
        (
            "hasTlsCertificate",
            Value::Bool(
                target
                    .tls
                    .as_ref()
                    .is_some_and(|tls| tls.certificate.is_some()),
            ),
        ),
        (
            "badCertificates",
            list(
                target
                    .tls
                    .iter()
                    .flat_map(|tls| tls.bad())
                    .map(|(how, _)| text(how.as_str())),
            ),
        ),
        ("hasPower", Value::Bool(target.power.is_some())),
        ("hasNetwork", Value::Bool(target.network.is_some())),
        ("timeServer", time_server(target)),
        ("robustness", robustness(target)),
        ("accuracy", accuracy(target)),
        ("hasOperator", Value::Bool(assume.attended)),
    ])
}
