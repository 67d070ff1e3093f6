//! The simulated IED behind TLS: whom it lets in, and that nobody who is not let in costs it anything.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

mod common;
mod tours;

use std::time::Duration;

use iedassay_sim::tls::Handshake;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, sleep};
use tours::security::{Door, REQUEST, ask, security};

const LIMIT: Duration = Duration::from_secs(5);

#[tokio::test(start_paused = true)]
async fn only_who_has_a_certificate_in_order_is_let_in() {
    let notes = security(common::config(&[])).await;
    let expected = [
        "TLS 1.2 right: \"connection confirmed\"",
        "TLS 1.2 none: \"the peer rejected the certificate of this side: alert certificate_required (116): it wants one and got none\"",
        "TLS 1.2 expired: \"the peer rejected the certificate of this side: alert certificate_expired (45): it has expired or is not yet valid\"",
        "TLS 1.2 future: \"the peer rejected the certificate of this side: alert certificate_expired (45): it has expired or is not yet valid\"",
        "TLS 1.2 revoked: \"the peer rejected the certificate of this side: alert certificate_revoked (44): it is revoked\"",
        "TLS 1.2 untrusted: \"the peer rejected the certificate of this side: alert unknown_ca (48): its authority is unknown to the peer\"",
    ];
    assert_eq!(notes[..6], expected);
    let later: Vec<String> = expected
        .iter()
        .map(|note| note.replace("TLS 1.2", "TLS 1.3"))
        .collect();
    assert_eq!(notes[6..12], later);
    assert!(!notes[12].contains("confirmed"), "{}", notes[12]);
}

#[tokio::test(start_paused = true)]
async fn slow_handshakes_hold_no_slot_and_end_with_the_time_to_establish() {
    let config = common::config(&[]);
    let (limit, slots) = (config.establish_timeout, config.max_associations);
    let door = Door::of(config);
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut near = door.knock();
        // A record of 512 octets is announced, and never comes.
        near.write_all(&[22, 3, 1, 2, 0, 1]).await.unwrap();
        slow.push(near);
    }
    let began = Instant::now();
    // All slots are there for those who come meanwhile.
    let mut kept = Vec::new();
    for _ in 0..slots {
        let client = door.client(Some(&door.station.client));
        let stream = client
            .connect(door.knock(), Handshake::within(LIMIT))
            .await
            .unwrap();
        kept.push(stream);
    }
    for stream in &mut kept {
        assert_eq!(ask(stream).await, "connection confirmed");
    }
    assert_eq!(door.sim.association_count(), slots);
    assert!(began.elapsed() < limit);
    sleep(limit + Duration::from_millis(1)).await;
    for mut near in slow {
        // Whoever dribbles on finds nobody there.
        assert!(near.write_all(&[0; 64]).await.is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_clients_are_served_at_once_over_tls() {
    let mut config = common::config(&[]);
    config.max_associations = 100;
    let door = Door::of(config);
    let client = door.client(Some(&door.station.client));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..101 {
        let (client, near) = (client.clone(), door.knock());
        clients.spawn(async move {
            let mut stream = client
                .connect(near, Handshake::within(LIMIT))
                .await
                .unwrap();
            (ask(&mut stream).await, stream)
        });
    }
    let answers = clients.join_all().await;
    let served = answers
        .iter()
        .filter(|(answer, _)| answer == "connection confirmed");
    assert_eq!(served.count(), 100);
    assert_eq!(door.sim.association_count(), 100);
}

#[tokio::test(start_paused = true)]
async fn it_is_served_plain_beside_tls_and_behaves_as_one() {
    let door = Door::of(common::config(&[]));
    let plain = common::Client::connect(&door.sim).await;
    assert_eq!(door.sim.association_count(), 1);
    let client = door.client(Some(&door.station.client));
    let mut stream = client
        .connect(door.knock(), Handshake::within(LIMIT))
        .await
        .unwrap();
    assert_eq!(ask(&mut stream).await, "connection confirmed");
    assert_eq!(door.sim.association_count(), 2);
    drop(plain);
    // A plain client at the port of TLS gets nothing that is MMS.
    let mut near = door.knock();
    near.write_all(&REQUEST).await.unwrap();
    assert_ne!(ask(near).await, "connection confirmed");
}
