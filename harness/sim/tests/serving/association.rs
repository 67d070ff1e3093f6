//! Opening, refusing and ending associations.

use iedassay_sim::{Fault, Sim};
use iedassay_wire::association::{Authentication, Ending, Refusal};

use crate::LOCAL;
use crate::common::{Client, config, proposal, sim};

#[tokio::test(start_paused = true)]
async fn associates_and_releases_again_and_again() {
    let sim = sim(&[]);
    for _ in 0..20 {
        let client = Client::connect(&sim).await;
        assert!(matches!(client.release().await, Some(Ending::Released(_))));
    }
    for _ in 0..20 {
        Client::connect(&sim).await.abort().await;
    }
    assert_eq!(sim.association_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn refuses_one_more_than_the_maximum_and_serves_the_others() {
    let sim = sim(&[]);
    let mut clients = Vec::new();
    for _ in 0..5 {
        clients.push(Client::connect(&sim).await);
    }
    let refused = Client::connect_with(&sim, proposal(), LOCAL)
        .await
        .err()
        .unwrap();
    assert!(
        matches!(refused, Ending::Refused(Refusal::Transport(_))),
        "{refused:?}"
    );
    for client in &mut clients {
        assert_eq!(client.show("LD0/LLN0$ST$Mod$stVal").await, "1");
    }
    clients.pop().unwrap().release().await;
    Client::connect(&sim).await;
}

#[tokio::test(start_paused = true)]
async fn an_extra_association_that_hangs_does_not_end() {
    let mut config = config(&[Fault::ExtraAssociationHangs]);
    config.max_associations = 1;
    let sim = Sim::new(config);
    let _first = Client::connect(&sim).await;
    let ending = Client::connect_with(&sim, proposal(), LOCAL)
        .await
        .err()
        .unwrap();
    assert!(matches!(ending, Ending::TimedOut { .. }), "{ending:?}");
}

#[tokio::test(start_paused = true)]
async fn refuses_a_wrong_address_at_the_layer_that_has_it() {
    let sim = sim(&[]);
    for (part, layer) in [
        ("tsel", "COTP"),
        ("ssel", "session"),
        ("psel", "presentation"),
        ("title", "association"),
        ("qualifier", "association"),
    ] {
        let mut wrong = proposal();
        match part {
            "tsel" => wrong.called.tsel = vec![9],
            "ssel" => wrong.called.ssel = vec![9],
            "psel" => wrong.called.psel = vec![9],
            "title" => wrong.called.ap_title = iedassay_wire::ber::Oid::from_arcs(&[1, 2, 3]),
            _ => wrong.called.ae_qualifier = Some(99),
        }
        match Client::connect_with(&sim, wrong, LOCAL).await.err() {
            Some(Ending::Refused(refusal)) => {
                assert!(refusal.to_string().starts_with(layer), "{part}: {refusal}")
            }
            other => panic!("{part}: {other:?}"),
        }
    }
    Client::connect(&sim).await;
    assert_eq!(sim.association_count(), 1);
}

#[tokio::test(start_paused = true)]
async fn negotiates_down_and_never_up() {
    let sim = sim(&[]);
    let mut small = proposal();
    small.mms.local_detail = Some(2000);
    small.mms.max_outstanding_called = 1;
    small.mms.nesting_level = Some(4);
    small.mms.detail.parameters = Default::default();
    let client = Client::connect_with(&sim, small, LOCAL).await.ok().unwrap();
    let answer = &client.established.as_ref().unwrap().answer;
    assert_eq!(answer.local_detail, Some(2000));
    assert_eq!(answer.max_outstanding_called, 1);
    assert_eq!(answer.nesting_level, Some(4));
    assert!(answer.detail.parameters.iter().next().is_none());

    let mut large = proposal();
    large.mms.local_detail = Some(10_000_000);
    let client = Client::connect_with(&sim, large, LOCAL).await.ok().unwrap();
    assert_eq!(
        client.established.as_ref().unwrap().answer.local_detail,
        Some(65_000)
    );

    let mut tiny = proposal();
    tiny.mms.local_detail = Some(127);
    let refused = Client::connect_with(&sim, tiny, LOCAL).await.err().unwrap();
    assert!(
        matches!(refused, Ending::Refused(Refusal::Initiate(_))),
        "{refused:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn asks_for_the_password_when_there_is_one() {
    let mut config = config(&[]);
    config.password = Some(b"secret".to_vec());
    let sim = Sim::new(config);
    for (given, accepted) in [
        (Authentication::None, false),
        (Authentication::Password(b"wrong".to_vec()), false),
        (Authentication::Password(b"secret".to_vec()), true),
    ] {
        let mut proposal = proposal();
        proposal.authentication = given;
        assert_eq!(
            Client::connect_with(&sim, proposal, LOCAL).await.is_ok(),
            accepted
        );
    }
}

#[tokio::test(start_paused = true)]
async fn drops_a_connection_that_says_nothing() {
    let sim = sim(&[]);
    let (near, far) = tokio::io::duplex(1024);
    let served = tokio::spawn(sim.serve_stream(far));
    let began = tokio::time::Instant::now();
    served.await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 10);
    drop(near);
}

#[tokio::test]
async fn serves_on_tcp_as_well() {
    let sim = Sim::new(config(&[]));
    let listening = sim.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let process = sim
        .listen_process("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let mut stream = tokio::net::TcpStream::connect(process.local_addr())
        .await
        .unwrap();
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    stream
        .write_all(b"ping\nget ASSAYLD0/GGIO1.Ind1.stVal[ST]\r\n")
        .await
        .unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"ok\nok false\n");
    let mut client = tokio::net::TcpStream::connect(listening.local_addr())
        .await
        .unwrap();
    // A CR of class 0 with the called selector 0001.
    client
        .write_all(&[3, 0, 0, 15, 10, 0xe0, 0, 0, 0, 1, 0, 0xc2, 2, 0, 1])
        .await
        .unwrap();
    let mut confirm = [0; 6];
    client.read_exact(&mut confirm).await.unwrap();
    assert_eq!(confirm[5], 0xd0);
    drop(listening);
    assert!(matches!(client.read(&mut confirm).await, Ok(_) | Err(_)));
}
