//! PIXIT choices: the profile of the handbook, and single options.

use std::net::IpAddr;
use std::process::Command;

use iedassay_client::{Client, ClientConfig, ClientError, tcp};
use iedassay_wire::association::InitiatorConfig;
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{Data, DataAccessError, FileName, ObjectName};

use crate::support::peer::Peer;
use crate::support::tools;

/// The profile in the handbook.
fn profile() -> String {
    let handbook = tools::repository().join("harness/docs/simulated-ied.md");
    let text = std::fs::read_to_string(handbook).unwrap();
    let (_, rest) = text.split_once("```yaml\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// `group.key` of every option that a profile sets.
fn names(profile: &str) -> Vec<String> {
    let mut group = "";
    let mut found = Vec::new();
    for line in profile.lines() {
        let (key, rest) = line.split_once(':').unwrap();
        let rest = rest.split('#').next().unwrap().trim();
        match (key.strip_prefix("  "), rest.is_empty()) {
            (Some(_), _) if group == "known-clients" => {}
            (Some(key), _) => found.push(format!("{group}.{key}")),
            (None, false) => found.push(key.to_owned()),
            (None, true) => {
                group = key;
                if key == "known-clients" {
                    found.push(key.to_owned());
                }
            }
        }
    }
    found
}

fn start(directory: &tempfile::TempDir, more: &[&str]) -> Peer {
    let path = directory.path().join("profile.yaml");
    std::fs::write(&path, profile()).unwrap();
    std::fs::create_dir_all(directory.path().join("files/LD")).unwrap();
    let scenario = tools::repository().join("harness/docs/feeder.scenario.yaml");
    std::fs::copy(scenario, directory.path().join("feeder.scenario.yaml")).unwrap();
    std::fs::write(directory.path().join("files/LD/a.txt"), "abc").unwrap();
    let path = path.to_str().unwrap().to_owned();
    Peer::simulated(&[&["--profile", path.as_str()], more].concat())
}

async fn connect(peer: &Peer, source: &str, password: &str) -> Result<Client, String> {
    let source: IpAddr = source.parse().unwrap();
    let stream = tcp::connect(peer.mms, Some(source)).await.unwrap();
    let association = InitiatorConfig {
        authentication: iedassay_wire::association::Authentication::Password(password.into()),
        ..InitiatorConfig::default()
    };
    let config = ClientConfig {
        association,
        ..ClientConfig::default()
    };
    Client::connect(stream, config)
        .await
        .map_err(|error| error.to_string())
}

async fn write(client: &Client, item: &str, value: Data) -> Result<(), ClientError> {
    client
        .write(ObjectName::domain("ASSAYLD0", item), value)
        .await
}

fn denied() -> Result<(), ClientError> {
    Err(ClientError::Access(DataAccessError::OBJECT_ACCESS_DENIED))
}

#[test]
fn the_profile_of_the_handbook_has_every_option() {
    let output = Command::new(env!("CARGO_BIN_EXE_iedassay"))
        .args(["sim", "--list-options"])
        .output()
        .unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let mut listed: Vec<_> = listed
        .lines()
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    let mut written = names(&profile());
    listed.sort();
    written.sort();
    assert_eq!(listed, written);
}

#[tokio::test]
async fn the_ied_decides_as_its_profile_says() {
    let directory = tempfile::tempdir().unwrap();
    let peer = start(&directory, &[]);
    assert!(connect(&peer, "127.0.0.1", "wrong").await.is_err());
    let client = connect(&peer, "127.0.0.1", "open sesame").await.unwrap();
    let negotiated = &client.established().answer;
    assert_eq!(negotiated.local_detail, Some(8192));
    assert!(client.outstanding_limit() <= 3);
    let identity = client.identify().await.unwrap();
    assert_eq!(
        (
            identity.vendor.as_str(),
            identity.model.as_str(),
            identity.revision.as_str()
        ),
        ("Example", "Feeder 7", "3.1")
    );
    let file = client.get_file(FileName::from("LD/a.txt"), 100).await;
    assert_eq!(file.unwrap(), b"abc");
    // No Owner; a write to a free block does not reserve it, BufTm is by configuration and DatSet is fixed.
    let block = "LLN0$RP$urcbStatus01";
    let owner = client
        .read(ObjectName::domain("ASSAYLD0", format!("{block}$Owner")))
        .await;
    assert!(matches!(owner, Err(ClientError::Access(_))), "{owner:?}");
    let trg_ops = || Data::BitString(BitString::zeros(6));
    assert_eq!(
        write(&client, &format!("{block}$TrgOps"), trg_ops()).await,
        denied()
    );
    assert_eq!(
        write(&client, &format!("{block}$Resv"), Data::Boolean(true)).await,
        Ok(())
    );
    assert_eq!(
        write(&client, &format!("{block}$TrgOps"), trg_ops()).await,
        Ok(())
    );
    assert_eq!(
        write(&client, &format!("{block}$BufTm"), Data::Unsigned(5)).await,
        denied()
    );
    assert_eq!(
        write(&client, &format!("{block}$IntgPd"), Data::Unsigned(50)).await,
        Err(ClientError::Access(DataAccessError::OBJECT_VALUE_INVALID))
    );
    // Two associations and no more.
    let second = connect(&peer, "127.0.0.1", "open sesame").await.unwrap();
    assert!(connect(&peer, "127.0.0.1", "open sesame").await.is_err());
    drop(second);
}

#[tokio::test]
async fn a_single_option_goes_over_the_profile() {
    let directory = tempfile::tempdir().unwrap();
    let peer = start(
        &directory,
        &[
            "--option",
            "association.max=1",
            "--option",
            "identity.vendor=Other",
            "--option",
            "reports.implicit-reservation=true",
        ],
    );
    let client = connect(&peer, "127.0.0.1", "open sesame").await.unwrap();
    assert_eq!(client.identify().await.unwrap().vendor, "Other");
    assert!(connect(&peer, "127.0.0.1", "open sesame").await.is_err());
    let free = write(
        &client,
        "LLN0$RP$urcbStatus01$TrgOps",
        Data::BitString(BitString::zeros(6)),
    );
    assert_eq!(free.await, Ok(()));
}
