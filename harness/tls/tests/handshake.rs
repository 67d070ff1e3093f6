//! Both roles against each other in memory, on virtual time: every reason for there being no session is told as itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

use std::time::Duration;

use iedassay_pki::{Pem, Station};
use iedassay_tls::{
    Alert, ClientSettings, ClientTls, Clock, Handshake, ServerSettings, ServerTls, TlsError,
    TlsStream, Version, Versions, authorities, certificates, client_verifier, identity,
    revocation_lists,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::Instant;

const NOW: Duration = Duration::from_secs(1_767_225_600);
const LIMIT: Duration = Duration::from_secs(5);

type Secured = TlsStream<DuplexStream>;

fn clock() -> Clock {
    Clock::new(NOW, Instant::now())
}

fn ca(station: &Station) -> Vec<iedassay_tls::rustls::pki_types::CertificateDer<'static>> {
    let read = authorities(station.ca.as_bytes()).unwrap();
    read.into_iter().map(|(der, _)| der).collect()
}

fn holder(pem: &Pem) -> iedassay_tls::Identity {
    identity(pem.certificate.as_bytes(), pem.key.as_bytes()).unwrap()
}

fn client_settings(station: &Station) -> ClientSettings {
    ClientSettings {
        authorities: ca(station),
        identity: Some(holder(&station.client)),
        revocation_lists: revocation_lists(station.crl.as_bytes()).unwrap(),
        versions: Versions::Both,
        server_name: None,
        pinned: Vec::new(),
        clock: clock(),
    }
}

fn server_settings(station: &Station) -> ServerSettings {
    ServerSettings {
        identity: holder(&station.server),
        authorities: ca(station),
        revocation_lists: revocation_lists(station.crl.as_bytes()).unwrap(),
        versions: Versions::Both,
    }
}

/// A handshake of these two, and then one octet each way, the client's first: what each side got.
async fn meet(
    client: ClientSettings,
    server: ServerSettings,
) -> (Result<Secured, TlsError>, Result<Secured, TlsError>) {
    let (near, far) = duplex(16 * 1024);
    let verifier = client_verifier(&server, true).unwrap();
    let server = ServerTls::new(&server, verifier, clock()).unwrap();
    let client = ClientTls::new(client).unwrap();
    let serving = async {
        let mut stream = server.accept(far, LIMIT).await?;
        let mut octet = [0];
        match stream.read(&mut octet).await {
            Ok(1) => stream.write_all(b"b").await.unwrap(),
            Ok(_) => {}
            Err(error) => return Err(TlsError::of(&error).unwrap().clone()),
        }
        Ok(stream)
    };
    let asking = async {
        let mut stream = client.connect(near, Handshake::within(LIMIT)).await?;
        stream.write_all(b"a").await.unwrap();
        let mut octet = [0];
        match stream.read(&mut octet).await {
            Ok(_) => Ok(stream),
            Err(error) => Err(TlsError::of(&error).expect("an error of TLS").clone()),
        }
    };
    tokio::join!(asking, serving)
}

const VERSIONS: [Versions; 2] = [
    Versions::Only(Version::Tls12),
    Versions::Only(Version::Tls13),
];

#[tokio::test(start_paused = true)]
async fn both_versions_come_about_and_say_what_was_agreed() {
    let station = Station::new(NOW).unwrap();
    for (versions, version, cipher) in [
        (
            VERSIONS[0],
            Version::Tls12,
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        ),
        (VERSIONS[1], Version::Tls13, "TLS_AES_256_GCM_SHA384"),
        (Versions::Both, Version::Tls13, "TLS_AES_256_GCM_SHA384"),
    ] {
        let client = ClientSettings {
            versions,
            ..client_settings(&station)
        };
        let (client, server) = meet(client, server_settings(&station)).await;
        let (client, server) = (client.unwrap(), server.unwrap());
        let session = client.session();
        assert_eq!(session.version, Some(version));
        assert_eq!(session.cipher, cipher);
        assert!(session.client_certificate_asked);
        let peer = session.peer.as_ref().unwrap();
        assert_eq!(peer.subject, "CN=IED,O=iedassay tests");
        assert_eq!(peer.names, ["ied.station", "127.0.0.1"]);
        let peer = server.session().peer.as_ref().unwrap();
        assert_eq!(peer.subject, "CN=iedassay,O=iedassay tests");
    }
}

#[tokio::test(start_paused = true)]
async fn a_certificate_of_the_server_that_is_not_in_order_is_told_as_what_it_is() {
    let station = Station::new(NOW).unwrap();
    for versions in VERSIONS {
        let mut errors = Vec::new();
        for pem in [
            &station.expired_server,
            &station.future_server,
            &station.revoked_server,
            &station.untrusted_server,
        ] {
            let server = ServerSettings {
                identity: holder(pem),
                versions,
                ..server_settings(&station)
            };
            let (client, server) = meet(client_settings(&station), server).await;
            // The server hears of it by an alert about its certificate.
            let server = server.unwrap_err();
            assert!(matches!(server, TlsError::Rejected { .. }), "{server}");
            errors.push(client.unwrap_err());
        }
        assert!(matches!(errors[0], TlsError::Expired { .. }), "{errors:?}");
        assert!(
            matches!(errors[1], TlsError::NotYetValid { .. }),
            "{errors:?}"
        );
        assert!(matches!(errors[2], TlsError::Revoked { .. }), "{errors:?}");
        assert!(
            matches!(errors[3], TlsError::Untrusted { .. }),
            "{errors:?}"
        );
        let text = errors[0].to_string();
        assert_eq!(
            text,
            "the certificate of the peer, `CN=Expired IED,O=iedassay tests` (serial 0c), has expired: it was valid until 2025-12-31T23:00:00Z"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_certificate_of_the_client_that_is_rejected_is_told_with_the_alert() {
    let station = Station::new(NOW).unwrap();
    for versions in VERSIONS {
        let cases = [
            (Some(&station.expired), "certificate_expired"),
            (Some(&station.future), "certificate_expired"),
            (Some(&station.revoked), "certificate_revoked"),
            (Some(&station.untrusted), "unknown_ca"),
            (None, "certificate_required"),
        ];
        for (pem, name) in cases {
            let client = ClientSettings {
                identity: pem.map(holder),
                versions,
                ..client_settings(&station)
            };
            let (client, server) = meet(client, server_settings(&station)).await;
            let server = server.unwrap_err();
            assert!(server.is_about_peer(), "{server}");
            match client.unwrap_err() {
                TlsError::Rejected { alert } => {
                    assert_eq!(alert.name(), Some(name), "{versions}");
                }
                other => panic!("{versions}: {other}"),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_certificate_expires_while_the_clock_goes_on() {
    let station = Station::new(NOW).unwrap();
    let client = client_settings(&station);
    let server = server_settings(&station);
    let anchor = clock();
    tokio::time::advance(Duration::from_secs(366 * 86_400)).await;
    let client = ClientSettings {
        clock: anchor,
        ..client
    };
    let (client, _) = meet(client, server).await;
    let error = client.unwrap_err();
    assert!(matches!(error, TlsError::Expired { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn without_a_revocation_list_nothing_is_revoked() {
    let station = Station::new(NOW).unwrap();
    let client = ClientSettings {
        revocation_lists: Vec::new(),
        ..client_settings(&station)
    };
    let server = ServerSettings {
        identity: holder(&station.revoked_server),
        ..server_settings(&station)
    };
    assert!(meet(client, server).await.0.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_name_counts_only_when_one_is_given() {
    let station = Station::new(NOW).unwrap();
    for (name, good) in [
        ("ied.station", true),
        ("127.0.0.1", true),
        ("other.station", false),
        ("127.0.0.2", false),
    ] {
        let client = ClientSettings {
            server_name: Some(name.to_owned().try_into().unwrap()),
            ..client_settings(&station)
        };
        let (client, _) = meet(client, server_settings(&station)).await;
        match client {
            Ok(_) => assert!(good, "{name}"),
            Err(TlsError::WrongName {
                certificate,
                expected,
            }) => {
                assert!(!good, "{name}");
                assert!(certificate.ends_with("for ied.station, 127.0.0.1"));
                assert_eq!(expected, format!("`{name}`"));
            }
            Err(other) => panic!("{name}: {other}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_pinned_certificate_is_the_only_one() {
    let station = Station::new(NOW).unwrap();
    let pinned = certificates(station.server.certificate.as_bytes()).unwrap();
    let pinned: Vec<_> = pinned.into_iter().map(|(der, _)| der).collect();
    let client = |pinned: &[_]| ClientSettings {
        pinned: pinned.to_vec(),
        ..client_settings(&station)
    };
    assert!(
        meet(client(&pinned), server_settings(&station))
            .await
            .0
            .is_ok()
    );
    let other = ServerSettings {
        identity: holder(&station.other_server),
        ..server_settings(&station)
    };
    let error = meet(client(&pinned), other).await.0.unwrap_err();
    assert!(matches!(error, TlsError::NotPinned { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn versions_that_do_not_meet_are_told_on_both_sides() {
    let station = Station::new(NOW).unwrap();
    for (near, far) in [(VERSIONS[0], VERSIONS[1]), (VERSIONS[1], VERSIONS[0])] {
        let client = ClientSettings {
            versions: near,
            ..client_settings(&station)
        };
        let server = ServerSettings {
            versions: far,
            ..server_settings(&station)
        };
        let (client, server) = meet(client, server).await;
        let (client, server) = (client.unwrap_err(), server.unwrap_err());
        assert!(matches!(client, TlsError::Version(_)), "{client}");
        assert!(matches!(server, TlsError::Version(_)), "{server}");
    }
}

/// What a client says of a server that does this with its stream.
async fn against<F: Future<Output = ()>>(server: impl FnOnce(DuplexStream) -> F) -> TlsError {
    let station = Station::new(NOW).unwrap();
    let client = ClientTls::new(client_settings(&station)).unwrap();
    let (near, far) = duplex(16 * 1024);
    let connecting = client.connect(near, Handshake::within(LIMIT));
    tokio::select! {
        biased;
        result = connecting => result.unwrap_err(),
        () = async { server(far).await; std::future::pending::<()>().await } => panic!(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_plain_answer_is_no_tls() {
    let error = against(|mut far| async move {
        far.write_all(&[3, 0, 0, 11, 6, 0x80, 0, 1, 0, 0, 0])
            .await
            .unwrap();
    })
    .await;
    assert_eq!(error, TlsError::NotTls);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_closes_or_falls_silent_is_told() {
    let closed = against(|far| async move { drop(far) }).await;
    assert_eq!(
        closed,
        TlsError::Closed {
            after_certificate: false
        }
    );
    let began = Instant::now();
    let silent = against(|far| async move {
        let _kept = far;
        std::future::pending::<()>().await;
    })
    .await;
    assert_eq!(silent, TlsError::Timeout { within: LIMIT });
    assert_eq!(began.elapsed(), LIMIT);
}

#[tokio::test(start_paused = true)]
async fn a_fatal_alert_is_told_by_name() {
    for (number, expected) in [
        (80, TlsError::Alert(Alert(80))),
        (
            40,
            TlsError::Cipher("the peer answers alert handshake_failure (40)".into()),
        ),
        (
            70,
            TlsError::Version("the peer answers alert protocol_version (70)".into()),
        ),
    ] {
        let error = against(|mut far| async move {
            far.write_all(&[21, 3, 3, 0, 2, 2, number]).await.unwrap();
        })
        .await;
        assert_eq!(error, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_dribbles_is_given_up_at_the_deadline() {
    let station = Station::new(NOW).unwrap();
    let settings = server_settings(&station);
    let verifier = client_verifier(&settings, true).unwrap();
    let server = ServerTls::new(&settings, verifier, clock()).unwrap();
    let (mut near, far) = duplex(64);
    let began = Instant::now();
    let dribble = async {
        // A record that announces 512 octets, and then one octet a second.
        near.write_all(&[22, 3, 1, 2, 0]).await.unwrap();
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if near.write_all(&[0]).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let error = tokio::select! {
        result = server.accept(far, LIMIT) => result.unwrap_err(),
        () = dribble => panic!(),
    };
    assert_eq!(error, TlsError::Timeout { within: LIMIT });
    assert_eq!(began.elapsed(), LIMIT);
}

#[tokio::test(start_paused = true)]
async fn plain_octets_are_told_to_the_server() {
    let station = Station::new(NOW).unwrap();
    let settings = server_settings(&station);
    let verifier = client_verifier(&settings, true).unwrap();
    let server = ServerTls::new(&settings, verifier, clock()).unwrap();
    let (mut near, far) = duplex(1024);
    let tpkt = [3, 0, 0, 22, 17, 0xe0, 0, 0, 0, 1, 0, 0xc0, 1, 10];
    near.write_all(&tpkt).await.unwrap();
    let error = server.accept(far, LIMIT).await.unwrap_err();
    assert_eq!(error, TlsError::NotTls);
}

#[tokio::test(start_paused = true)]
async fn much_goes_through_a_narrow_stream_without_a_flush() {
    let station = Station::new(NOW).unwrap();
    let settings = server_settings(&station);
    let verifier = client_verifier(&settings, true).unwrap();
    let server = ServerTls::new(&settings, verifier, clock()).unwrap();
    let client = ClientTls::new(client_settings(&station)).unwrap();
    // Less than one record fits at a time.
    let (near, far) = duplex(1000);
    let (client, server) = tokio::join!(
        client.connect(near, Handshake::within(LIMIT)),
        server.accept(far, LIMIT)
    );
    let (mut client, mut server) = (client.unwrap(), server.unwrap());
    let sent: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let asking = async {
        let mut written = 0;
        while written < sent.len() {
            written += client.write(&sent[written..]).await.unwrap();
        }
        // Only reading from here on: what is left must go out all the same.
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).await.unwrap();
        answer
    };
    let answering = async {
        let mut received = vec![0; sent.len()];
        server.read_exact(&mut received).await.unwrap();
        server.write_all(b"got it").await.unwrap();
        server.shutdown().await.unwrap();
        received
    };
    let (answer, received) = tokio::join!(asking, answering);
    assert_eq!(answer, b"got it");
    assert!(received == sent);
}
