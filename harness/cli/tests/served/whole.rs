//! Everything in every server, by our own client.

use iedassay_client::{Client, ClientError};
use iedassay_model::diff::diff;
use iedassay_model::tree::{Edition, NodeKind, ServerModel};
use iedassay_model::value::value_fits;
use iedassay_model::{BlockReference, Fc};
use iedassay_wire::mms::{Data, DataAccessError, ObjectName};

use crate::files;
use crate::live::{browse, connect, report, serve};

/// Reads every functional constraint of every logical node, and each value must be of the type that the model says.
async fn read_everything(client: &Client, model: &ServerModel, what: &str) -> usize {
    let mut count = 0;
    let constraints = model
        .variables()
        .filter(|node| node.kind() == NodeKind::Constraint);
    for node in constraints {
        let name = ObjectName::domain(node.domain(), node.item());
        let read = client.read(name).await;
        // The edit buffer of setting groups is not there before a group is selected.
        if node.fc() == Some(Fc::SE) {
            assert_eq!(
                read,
                Err(ClientError::Access(
                    DataAccessError::TEMPORARILY_UNAVAILABLE
                )),
                "{what}: {}",
                node.item()
            );
            continue;
        }
        let data = read.unwrap_or_else(|error| panic!("{what}: {}: {error}", node.item()));
        if let Err(misfit) = value_fits(node, &data) {
            panic!("{what}: {}: {misfit}", node.item());
        }
        count += 1;
    }
    count
}

/// Enables a block as it is configured, and takes the report of an interrogation where it has that trigger.
async fn enable(client: &Client, model: &ServerModel, block: &BlockReference, what: &str) {
    let configured = model.report_control(block).unwrap();
    let set = configured.data_set().and_then(|set| model.data_set(&set));
    let write = async |attribute: &str, value: Data| {
        let name = ObjectName::domain(block.ld.clone(), block.attribute_item(attribute));
        client.write(name, value).await
    };
    if model.edition >= Edition::Ed2_1 && configured.block.client.is_none() {
        let (attribute, value) = if configured.block.buffered {
            ("ResvTms", Data::Integer(5))
        } else {
            ("Resv", Data::Boolean(true))
        };
        if !configured.block.buffered || configured.block.has_resv_tms {
            assert_eq!(write(attribute, value).await, Ok(()), "{what}");
        }
    }
    let enabled = write("RptEna", Data::Boolean(true)).await;
    let Some(set) = set else {
        assert!(
            matches!(enabled, Err(ClientError::Access(_))),
            "{what}: enabled without a data set: {enabled:?}"
        );
        return;
    };
    assert_eq!(enabled, Ok(()), "{what}");
    if configured.block.trg_ops.gi {
        let mut subscription = client.subscribe();
        assert_eq!(write("GI", Data::Boolean(true)).await, Ok(()), "{what}");
        let report = report(&mut subscription)
            .await
            .unwrap_or_else(|| panic!("{what}: no report"));
        let members = set.data_set.members.len();
        assert_eq!(report.inclusion.len(), members, "{what}");
        assert_eq!(report.entries.len(), members, "{what}");
        for (entry, (member, node)) in report.entries.iter().zip(model.members(set.data_set)) {
            let node = node.unwrap_or_else(|| panic!("{what}: no {member}"));
            let value = entry.value.as_ref();
            let value = value.unwrap_or_else(|error| panic!("{what}: {member}: {error}"));
            // A member that is one element of an array has the type of the element.
            if member.path.iter().all(|step| step.index.is_none())
                && let Err(misfit) = value_fits(node, value)
            {
                panic!("{what}: {member}: {misfit}");
            }
        }
    }
    assert_eq!(
        write("RptEna", Data::Boolean(false)).await,
        Ok(()),
        "{what}"
    );
}

#[tokio::test(start_paused = true)]
async fn every_server_is_found_as_it_is_described() {
    for served in files::all() {
        let described = served.model();
        let client = connect(&serve(&described)).await;
        let live = browse(&client).await;
        let differences: Vec<_> = diff(&described, &live)
            .iter()
            .chain(&diff(&live, &described))
            .map(ToString::to_string)
            .collect();
        assert_eq!(differences, [""; 0], "{}", served.name());
    }
}

#[tokio::test(start_paused = true)]
async fn every_constraint_of_every_logical_node_reads_as_its_type() {
    let mut count = 0;
    for served in files::all() {
        let model = served.model();
        let client = connect(&serve(&model)).await;
        count += read_everything(&client, &model, &served.name()).await;
    }
    assert!(count > 200, "{count}");
}

#[tokio::test(start_paused = true)]
async fn every_report_control_block_reports() {
    let mut count = 0;
    for served in files::all() {
        let model = served.model();
        let client = connect(&serve(&model)).await;
        for at in model.report_controls() {
            let block = at.reference();
            let what = format!("{} {block}", served.name());
            enable(&client, &model, &block, &what).await;
            count += 1;
        }
    }
    assert!(count > 20, "{count}");
}
