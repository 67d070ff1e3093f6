//! Foreign looks at every server: the client of `iec61850-rs` browses it, and its server reads the same file.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use iec61850_rs::server::Ied;
use iedassay_model::scl;
use iedassay_model::tree::ServerModel;

use crate::files::{self, Served};
use crate::support::peer::{Peer, finish};
use crate::support::tools;

const LIMIT: Duration = Duration::from_secs(60);

/// `LD` and `LD/item` of everything that a model has a name for.
fn names(model: &ServerModel) -> BTreeSet<String> {
    let devices = model.logical_devices().iter();
    let variables = model
        .variables()
        .map(|node| format!("{}/{}", node.domain(), node.item()));
    devices
        .map(|device| device.name.clone())
        .chain(variables)
        .collect()
}

/// The same from what `ied mms browse` prints: domains, and what is in them indented.
fn browsed(said: &str) -> BTreeSet<String> {
    let mut domain = "";
    let mut found = BTreeSet::new();
    for line in said.lines() {
        match line.strip_prefix("  ") {
            // Data sets and counts have spaces, names have none.
            Some(item) if item.contains(' ') => {}
            Some(item) => {
                found.insert(format!("{domain}/{item}"));
            }
            None => {
                domain = line;
                found.insert(domain.to_owned());
            }
        }
    }
    found
}

fn served_by_command(served: &Served) -> Peer {
    Peer::simulated(&[
        "--scl",
        served.file.to_str().unwrap(),
        "--ied",
        &served.ied,
        "--access-point",
        &served.access_point,
        // The client calls addresses of its own.
        "--any-address",
    ])
}

#[test]
fn iec61850_rs_browses_every_server() {
    let Some(ied) = tools::ied() else { return };
    for served in files::all() {
        let peer = served_by_command(&served);
        let output = finish(
            Command::new(&ied).args(["mms", "browse", &peer.mms.to_string()]),
            LIMIT,
        );
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{}: {said}{}",
            served.name(),
            String::from_utf8_lossy(&output.stderr)
        );
        let (ours, theirs) = (names(&served.model()), browsed(&said));
        let missing: Vec<_> = ours.difference(&theirs).collect();
        let unexpected: Vec<_> = theirs.difference(&ours).collect();
        assert!(
            missing.is_empty() && unexpected.is_empty(),
            "{}: missing {missing:?}, unexpected {unexpected:?}",
            served.name()
        );
    }
}

/// Two attributes of control blocks have two spellings in the field; theirs to ours.
fn spelling(name: String) -> String {
    for (theirs, ours) in [
        ("$TimeOfEntry", "$TimeofEntry"),
        ("$OldEnt", "$OldEntr"),
        ("$NewEnt", "$NewEntr"),
    ] {
        if let Some(block) = name.strip_suffix(theirs) {
            return format!("{block}{ours}");
        }
    }
    name
}

/// What their server has and ours does not, where it is theirs that goes beyond the file.
fn beyond_the_file(name: &str, served: &Served) -> bool {
    // They give every block of Edition 2 `Owner` and `ResvTms`, whatever `ReportSettings` says.
    name.ends_with("$Owner")
        || name.ends_with("$ResvTms")
        // They take a GSSE control block for one of GOOSE.
        || served.file.ends_with("edition1.icd") && name.contains("$GO$gsse")
        // They serve the devices of all access points at one.
        || served.file.ends_with("edition2.scd") && name.starts_with("BCUAUX")
        // They serve a logical node without type as a name with nothing in it; the type is missing in this file.
        || served.file.ends_with("valid2007B4.scd") && name == "IED2CBSW/THARDE1"
}

#[test]
fn the_server_of_iec61850_rs_reads_the_same_from_every_file() {
    let mut compared = 0;
    for served in files::all() {
        // It takes the first server of an IED.
        let first = scl::ieds(&served.text()).unwrap();
        let first = first.iter().find(|ied| ied.name == served.ied).unwrap();
        if first.servers.first() != Some(&served.access_point) {
            continue;
        }
        let theirs = Ied::from_scl(&served.text(), Some(&served.ied))
            .unwrap_or_else(|error| panic!("{}: {error}", served.name()));
        let their_names: BTreeSet<String> = theirs
            .domain_names()
            .into_iter()
            .flat_map(|domain| {
                let variables = theirs.domain(&domain).unwrap().variable_names();
                let names: Vec<_> = variables
                    .into_iter()
                    .map(|item| spelling(format!("{domain}/{item}")))
                    .collect();
                names.into_iter().chain([domain])
            })
            .collect();
        let our_names = names(&served.model());
        // Their unicast sampled value control blocks lack two of their attributes.
        let only_ours: Vec<_> = our_names
            .difference(&their_names)
            .filter(|name| {
                !(name.contains("$US$")
                    && ["$Resv", "$noASDU"]
                        .iter()
                        .any(|lacking| name.ends_with(lacking)))
            })
            .collect();
        let only_theirs: Vec<_> = their_names
            .difference(&our_names)
            .filter(|name| !beyond_the_file(name, &served))
            .collect();
        assert!(
            only_ours.is_empty() && only_theirs.is_empty(),
            "{}: only ours {only_ours:?}, only theirs {only_theirs:?}",
            served.name()
        );
        compared += 1;
    }
    assert!(compared >= 6, "{compared}");
}
