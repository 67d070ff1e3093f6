//! Which firmware a device says it has.

use std::time::Duration;

use iedassay_client::Client;
use iedassay_model::Fc;
use iedassay_model::tree::{Child, ServerModel};
use iedassay_reports::Firmware;
use iedassay_wire::mms::{IdentifyResponse, ObjectName};
use tokio::time::timeout;

/// The firmware revision: the software revision of the physical device (IEC 61850-7-4, LPHD.PhyNam), else that on the name plate of
/// the first LLN0, else the revision of Identify. `None` when the device tells none of them.
pub(super) async fn firmware(
    client: &Client,
    model: &ServerModel,
    identity: Option<&IdentifyResponse>,
    within: Duration,
) -> Option<Firmware> {
    for (class, object) in [("LPHD", "PhyNam"), ("LLN0", "NamPlt")] {
        let Some((domain, node)) = told_by(model, class, object) else {
            continue;
        };
        let name = ObjectName::domain(domain, format!("{node}$DC${object}$swRev"));
        // A server that refuses to tell its revision is for the cases to judge.
        if let Ok(Ok(data)) = timeout(within, client.read(name)).await
            && let Some(revision) = data.as_str().map(str::trim).filter(|text| !text.is_empty())
        {
            return Some(Firmware {
                revision: revision.to_owned(),
                source: format!("{domain}/{node}.{object}.swRev[DC]"),
            });
        }
    }
    let revision = identity?.revision.trim();
    (!revision.is_empty()).then(|| Firmware {
        revision: revision.to_owned(),
        source: "Identify".to_owned(),
    })
}

/// Domain and name of the first logical node of a class whose object has a software revision.
fn told_by<'m>(model: &'m ServerModel, class: &str, object: &str) -> Option<(&'m str, &'m str)> {
    let nodes = model.nodes().filter(|(_, node)| node.class == class);
    let mut having = nodes.filter(|(_, node)| {
        let objects = node.data_objects.iter();
        objects.filter(|found| found.name == object).any(|found| {
            found.children.iter().any(|child| match child {
                Child::Attribute(attribute) => attribute.name == "swRev" && attribute.fc == Fc::DC,
                Child::Object(_) => false,
            })
        })
    });
    having
        .next()
        .map(|(device, node)| (device.name.as_str(), node.name.as_str()))
}
