//! Connecting, exchanging, ending: against a small server, on virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests may panic"
)]

mod common;

use std::time::Duration;

use common::{Behaviour, Order, associated, config, serve};
use iedassay_client::{
    AnomalyKind, Client, ClientError, ConnectError, Disconnect, Interest, ReleaseError,
};
use iedassay_wire::Layer;
use iedassay_wire::acse::{AssociateResult, Diagnostic};
use iedassay_wire::association::{Abort, Ending, Phase, Refusal, ReleaseWay, Released};
use iedassay_wire::cotp::DisconnectReason;
use iedassay_wire::mms::{
    ErrorCode, IdentifyResponse, Pdu, PduKind, Reject, RejectReason, Request, Response, Service,
};
use iedassay_wire::session::RefuseReason;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};

fn identity() -> Response {
    Response::Identify(IdentifyResponse {
        vendor: "v".into(),
        model: "m".into(),
        revision: "r".into(),
        abstract_syntaxes: None,
    })
}

fn serving() -> Behaviour {
    Behaviour::serving(|_| identity())
}

#[tokio::test(start_paused = true)]
async fn refusals_keep_their_layer() {
    for refusal in [
        Refusal::Transport(DisconnectReason::CONGESTION),
        Refusal::Session(Some(RefuseReason::SELECTOR_UNKNOWN)),
        Refusal::Acse(
            AssociateResult::REJECTED_PERMANENT,
            Diagnostic::AUTHENTICATION_REQUIRED,
        ),
        Refusal::Initiate(ErrorCode::VERSION_INCOMPATIBLE.into()),
    ] {
        let (stream, _server) = serve(Behaviour {
            refuse: Some(refusal.clone()),
            ..Behaviour::default()
        });
        let error = Client::connect(stream, config()).await.unwrap_err();
        assert_eq!(error.layer(), refusal.layer());
        assert_eq!(error, ConnectError::Refused(refusal));
    }
}

#[tokio::test(start_paused = true)]
async fn silence_ends_each_phase_in_time() {
    // A peer that accepts and says nothing.
    let (stream, _far) = tokio::io::duplex(1000);
    let before = Instant::now();
    let error = Client::connect(stream, config()).await.unwrap_err();
    let after = Duration::from_secs(5);
    assert_eq!(
        error,
        ConnectError::Timeout {
            phase: Phase::Transport,
            after
        }
    );
    assert!(before.elapsed() >= after && before.elapsed() < after + Duration::from_millis(10));

    // One that confirms the transport and then says nothing.
    let (stream, mut far) = tokio::io::duplex(1000);
    let peer = tokio::spawn(async move {
        let mut request = [0; 100];
        assert!(far.read(&mut request).await.unwrap() > 0);
        far.write_all(&[3, 0, 0, 11, 6, 0xd0, 0, 1, 0, 2, 0])
            .await
            .unwrap();
        far
    });
    let error = Client::connect(stream, config()).await.unwrap_err();
    let after = Duration::from_secs(10);
    assert_eq!(
        error,
        ConnectError::Timeout {
            phase: Phase::Association,
            after
        }
    );
    drop(peer);
}

#[tokio::test(start_paused = true)]
async fn garbage_and_a_closed_port_are_told() {
    let (stream, mut far) = tokio::io::duplex(1000);
    far.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        .await
        .unwrap();
    match Client::connect(stream, config()).await.unwrap_err() {
        ConnectError::Wire(error) => assert_eq!(error.layer, Layer::Tpkt),
        other => panic!("{other}"),
    }
    let (stream, far) = tokio::io::duplex(1000);
    drop(far);
    match Client::connect(stream, config()).await.unwrap_err() {
        ConnectError::Closed(Phase::Transport)
        | ConnectError::Transport {
            phase: Phase::Transport,
            ..
        } => {}
        other => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn never_has_more_outstanding_than_negotiated() {
    // A server that answers only when as many wait as it granted, in reverse order.
    let mut waiting = Vec::new();
    let mut behaviour = Behaviour::answering(move |pdu| {
        waiting.push(pdu.invoke_id().unwrap());
        if waiting.len() < 3 {
            return Vec::new();
        }
        waiting
            .drain(..)
            .rev()
            .map(|id| Pdu::response(id, identity()).encode())
            .collect()
    });
    behaviour.config.limits.max_outstanding_called = 3;
    let (client, _server) = associated(behaviour).await;
    assert_eq!(client.outstanding_limit(), 3);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let client = client.clone();
        tasks.spawn(async move { client.identify().await });
    }
    for result in tasks.join_all().await {
        assert_eq!(result.unwrap().model, "m");
    }
    assert_eq!(client.anomalies(), []);
}

#[tokio::test(start_paused = true)]
async fn errors_and_rejections_are_told_apart() {
    let (client, _server) = associated(Behaviour::answering(|pdu| {
        let id = pdu.invoke_id().unwrap();
        let answer = match id {
            1 => Pdu::error(id, ErrorCode::OBJECT_NON_EXISTENT),
            2 => Pdu::Reject(Reject {
                original_invoke_id: Some(id),
                reason: RejectReason::REQUEST_UNRECOGNIZED_SERVICE,
            }),
            3 => Pdu::Reject(Reject {
                original_invoke_id: None,
                reason: RejectReason::INVALID_PDU,
            }),
            4 => Pdu::response(id, Response::FileClose),
            _ => return vec![vec![0xa1, 5, 2, 1, 5, 0xa4, 9]],
        };
        vec![answer.encode()]
    }))
    .await;
    let mut errors = Vec::new();
    for _ in 0..5 {
        errors.push(client.request(Request::Identify).await.unwrap_err());
    }
    assert_eq!(
        errors[0],
        ClientError::Service(ErrorCode::OBJECT_NON_EXISTENT.into())
    );
    assert!(errors[0].is_refusal());
    assert!(
        matches!(&errors[1], ClientError::Rejected(reject) if reject.original_invoke_id == Some(2))
    );
    assert!(
        matches!(&errors[2], ClientError::Rejected(reject) if reject.original_invoke_id.is_none())
    );
    assert_eq!(
        errors[3],
        ClientError::WrongService {
            expected: Service::IDENTIFY,
            found: Service::FILE_CLOSE
        }
    );
    assert!(matches!(&errors[4], ClientError::Wire { octets, .. } if octets.len() == 7));
    assert_eq!(client.anomalies(), []);
}

#[tokio::test(start_paused = true)]
async fn late_second_and_unknown_responses_become_anomalies() {
    let (client, server) = associated(Behaviour::default()).await;
    let error = client
        .request_within(Request::Identify, Duration::from_secs(1))
        .await
        .unwrap_err();
    assert_eq!(
        error,
        ClientError::Timeout {
            layer: Layer::Mms,
            after: Duration::from_secs(1)
        }
    );
    let response = |id| Order::Send(Pdu::response(id, identity()).encode());
    for order in [
        response(1),
        response(1),
        response(77),
        Order::Send(
            Pdu::Reject(Reject {
                original_invoke_id: None,
                reason: RejectReason::INVALID_PDU,
            })
            .encode(),
        ),
        Order::Send(vec![0xa1, 0]),
        Order::Send(vec![0xff]),
        Order::Send(vec![0xa9, 0x80]),
    ] {
        server.orders.send(order).unwrap();
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let kinds: Vec<AnomalyKind> = client
        .anomalies()
        .into_iter()
        .map(|anomaly| anomaly.kind)
        .collect();
    assert_eq!(kinds[0], AnomalyKind::Late { invoke_id: 1 });
    assert_eq!(kinds[1], AnomalyKind::Duplicate { invoke_id: 1 });
    assert_eq!(kinds[2], AnomalyKind::Unknown { invoke_id: 77 });
    assert_eq!(
        kinds[3],
        AnomalyKind::StrayReject {
            reason: RejectReason::INVALID_PDU
        }
    );
    assert_eq!(
        kinds[4],
        AnomalyKind::NoInvokeId {
            kind: PduKind::ConfirmedResponse
        }
    );
    assert!(matches!(kinds[5], AnomalyKind::Unreadable { .. }));
    assert!(client.anomalies().iter().all(|anomaly| anomaly.frame > 0));
}

#[tokio::test(start_paused = true)]
async fn raw_octets_get_what_answers_nothing_else() {
    let (client, _server) = associated(Behaviour::answering(|_| Vec::new())).await;
    // Undecodable for the server of this test, so that it says nothing.
    let within = Duration::from_secs(1);
    let error = client
        .exchange_octets(vec![0xff, 0xff], None, within)
        .await
        .unwrap_err();
    assert!(matches!(error, ClientError::Timeout { .. }));

    let reject = Pdu::Reject(Reject {
        original_invoke_id: None,
        reason: RejectReason::INVALID_PDU,
    })
    .encode();
    let (client, server) = associated(Behaviour::default()).await;
    let exchange = client.exchange_octets(vec![0xff, 0xff], None, within);
    let order = async { server.orders.send(Order::Send(reject.clone())).unwrap() };
    let (answer, ()) = tokio::join!(exchange, order);
    assert_eq!(answer.unwrap().inbound.octets, reject);
    assert_eq!(client.anomalies(), []);
}

#[tokio::test(start_paused = true)]
async fn subscribers_get_what_they_asked_for() {
    let (client, server) = associated(serving()).await;
    let mut unsolicited = client.subscribe();
    let mut everything = client.subscribe_to(Interest::Everything);
    client.identify().await.unwrap();
    server
        .orders
        .send(Order::Send(vec![0xa3, 2, 0xa1, 0]))
        .unwrap();
    let inbound = unsolicited.next().await.unwrap();
    assert_eq!(
        (inbound.kind, inbound.octets.as_slice()),
        (PduKind::Unconfirmed, &[0xa3, 2, 0xa1, 0][..])
    );
    assert!(inbound.frame > 0);
    assert_eq!(
        everything.next().await.unwrap().kind,
        PduKind::ConfirmedResponse
    );
    assert_eq!(everything.next().await.unwrap().kind, PduKind::Unconfirmed);
    assert!(unsolicited.try_next().is_none());
    let deadline = Instant::now() + Duration::from_secs(1);
    assert!(unsolicited.next_before(deadline).await.is_none());
    assert_eq!(Instant::now(), deadline);
    client.abort().await;
    assert!(
        timeout(Duration::from_secs(1), unsolicited.next())
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test(start_paused = true)]
async fn releases_and_says_how() {
    for (conclude, session) in [(true, true), (true, false), (false, true)] {
        let (client, server) = associated(serving()).await;
        let way = ReleaseWay { conclude, session };
        let released = Released {
            conclude,
            session,
            local: true,
        };
        assert_eq!(client.release(way).await, Ok(released));
        assert_eq!(client.ended().unwrap().ending, Ending::Released(released));
        assert_eq!(
            server.task.await.unwrap(),
            Ending::Released(Released {
                local: false,
                ..released
            })
        );
        assert!(matches!(
            client.identify().await,
            Err(ClientError::Closed(Ending::Released(_)))
        ));
        assert_eq!(client.release(way).await, Err(ReleaseError::InProgress));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_release_leaves_the_association() {
    let (client, _server) = associated(Behaviour {
        conclude: false,
        ..serving()
    })
    .await;
    assert!(matches!(
        client.release(ReleaseWay::default()).await,
        Err(ReleaseError::Refused(_))
    ));
    client.identify().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_release_nobody_answers_times_out() {
    let (client, server) = associated(serving()).await;
    server.orders.send(Order::Freeze).unwrap();
    tokio::task::yield_now().await;
    let Err(ReleaseError::Ended(ended)) = client.release(ReleaseWay::default()).await else {
        panic!()
    };
    assert!(matches!(
        ended.ending,
        Ending::TimedOut {
            phase: Phase::Conclude,
            ..
        }
    ));
}

#[tokio::test(start_paused = true)]
async fn aborts_reach_the_other_side() {
    let (client, server) = associated(serving()).await;
    assert_eq!(client.abort().await.ending, Ending::AbortedLocally);
    assert!(matches!(
        server.task.await.unwrap(),
        Ending::AbortedByPeer(Abort::Acse { .. })
    ));

    let (client, server) = associated(Behaviour::default()).await;
    let request = client.identify();
    let order = async { server.orders.send(Order::Abort).unwrap() };
    let (result, ()) = tokio::join!(request, order);
    assert!(matches!(
        result,
        Err(ClientError::Aborted(Abort::Acse { .. }))
    ));
    assert!(matches!(
        client.wait_ended().await.ending,
        Ending::AbortedByPeer(_)
    ));
}

#[tokio::test(start_paused = true)]
async fn a_close_fails_what_is_outstanding_and_what_waits() {
    let (client, server) = associated(Behaviour::default()).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        tasks.spawn(async move { client.identify().await });
    }
    tokio::time::sleep(Duration::from_millis(1)).await;
    server.orders.send(Order::Close).unwrap();
    for result in tasks.join_all().await {
        assert!(result.unwrap_err().is_over());
    }
}

#[tokio::test(start_paused = true)]
async fn garbage_in_the_middle_ends_the_association() {
    let (client, server) = associated(Behaviour::default()).await;
    server.orders.send(Order::Raw(vec![9; 50])).unwrap();
    assert!(
        matches!(client.wait_ended().await.ending, Ending::Invalid(error) if error.layer == Layer::Tpkt)
    );
}

#[tokio::test(start_paused = true)]
async fn leaving_without_a_word_closes_the_stream() {
    for how in [Disconnect::Close, Disconnect::Reset] {
        let (client, server) = associated(serving()).await;
        assert_eq!(client.disconnect(how).await.ending, Ending::AbortedLocally);
        assert_eq!(
            server.task.await.unwrap(),
            Ending::Closed(Phase::Established)
        );
    }
    let (client, server) = associated(serving()).await;
    drop(client);
    assert_eq!(
        server.task.await.unwrap(),
        Ending::Closed(Phase::Established)
    );
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_blocks_nobody() {
    let (client, server) = associated(serving()).await;
    server.orders.send(Order::Freeze).unwrap();
    tokio::task::yield_now().await;
    for _ in 0..10 {
        client.send_raw(vec![0; 1 << 16]).unwrap();
    }
    let error = client
        .request_within(Request::Identify, Duration::from_secs(2))
        .await
        .unwrap_err();
    assert!(matches!(error, ClientError::Timeout { .. }));
    assert_eq!(client.abort().await.ending, Ending::AbortedLocally);
}

#[tokio::test(start_paused = true)]
async fn the_reset_hook_runs_before_the_stream_is_dropped() {
    let (flag, seen) = tokio::sync::oneshot::channel();
    let flag = std::sync::Mutex::new(Some(flag));
    let (stream, server) = serve(serving());
    let mut config = config();
    config.reset = Some(std::sync::Arc::new(move || {
        if let Some(flag) = flag.lock().unwrap().take() {
            flag.send(()).unwrap();
        }
    }));
    let client = Client::connect(stream, config).await.unwrap();
    client.disconnect(Disconnect::Reset).await;
    seen.await.unwrap();
    server.task.await.unwrap();
}

#[tokio::test]
async fn a_flood_of_reports_keeps_neither_orders_nor_deadlines_waiting() {
    // On real time, since virtual time stands still while there is anything to do.
    let (stream, server) = serve(Behaviour::default());
    let client = Client::connect(stream, config()).await.unwrap();
    let report = Pdu::Unconfirmed(iedassay_wire::mms::Unconfirmed::EventNotification(
        iedassay_wire::ber::Reader::new(Layer::Mms, &[0xa2, 0])
            .next()
            .unwrap()
            .unwrap()
            .to_raw(),
    ))
    .encode();
    let orders = server.orders.clone();
    let flood = tokio::spawn(async move {
        while orders.send(Order::Send(report.clone())).is_ok() {
            tokio::task::yield_now().await;
        }
    });
    let within = Duration::from_millis(200);
    let request = timeout(
        Duration::from_secs(10),
        client.request_within(Request::Identify, within),
    );
    assert!(matches!(
        request.await.unwrap(),
        Err(ClientError::Timeout { .. })
    ));
    timeout(Duration::from_secs(10), client.abort())
        .await
        .unwrap();
    flood.await.unwrap();
}
