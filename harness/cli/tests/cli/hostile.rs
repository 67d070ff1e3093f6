//! Addresses that are no IEC 61850 server: each ends within its deadline, with 3, and says what to look at.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::harness::{Bench, golden};

/// What a peer does with every connection.
type Behaviour = fn(TcpStream);

/// Listens on a free port and treats every connection so, as long as the test runs.
fn peer(behaviour: Behaviour) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || behaviour(stream));
        }
    });
    address
}

fn bench(address: SocketAddr) -> Bench {
    let target = format!(
        "target: bay 12\naddress: {address}\nscl: {{file: builtin, ied: ASSAY}}\n\
         timeouts: {{connect: 1s, associate: 1s, request: 1s, release: 500ms}}\n"
    );
    Bench::new().file("bay12.yaml", target)
}

/// Runs against an address; the text, and that it took no longer than it may.
fn transcript(address: SocketAddr) -> String {
    let bench = bench(address);
    let started = Instant::now();
    let text = bench.transcript(&[
        "run",
        "--target",
        "bay12.yaml",
        "--filter",
        "association/associate-release",
    ]);
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "took {:?}",
        started.elapsed()
    );
    // Also a run that could not begin leaves its record and JUnit.
    assert!(
        bench
            .read("iedassay-out/junit.xml")
            .contains("could-not-test")
    );
    assert!(
        bench
            .read("iedassay-out/record.json")
            .contains("could_not_test")
    );
    text
}

#[test]
fn refuses() {
    // The port was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    golden!("hostile_refuses", transcript(address));
}

#[test]
fn closes_instead_of_answering() {
    golden!(
        "hostile_closes",
        transcript(peer(|mut stream| {
            // What is closed unread is reset, and whether something is unread would be a matter of luck.
            let _ = stream.read(&mut [0; 1024]);
        }))
    );
}

#[test]
fn accepts_and_says_nothing() {
    golden!(
        "hostile_silent",
        transcript(peer(|mut stream| {
            let mut sink = Vec::new();
            let _ = stream.read_to_end(&mut sink);
        }))
    );
}

#[test]
fn answers_garbage() {
    golden!(
        "hostile_garbage",
        transcript(peer(|mut stream| {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            let mut sink = Vec::new();
            let _ = stream.read_to_end(&mut sink);
        }))
    );
}

#[test]
fn answers_octet_by_octet_for_ever() {
    golden!(
        "hostile_dribbles",
        transcript(peer(|mut stream| {
            // A TPKT of the largest size that never gets complete.
            let _ = stream.write_all(&[3, 0, 0xff, 0xff]);
            while stream.write_all(&[0]).is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        }))
    );
}

#[test]
fn hangs_before_the_connection() {
    // A listener whose queue is full answers no SYN, as a host behind a firewall.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut fillers = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
        fillers.push(stream);
        if fillers.len() > 5000 {
            eprintln!("SKIPPED: the queue of a listener does not fill up here");
            return;
        }
    }
    golden!("hostile_hangs", transcript(address));
}

#[test]
fn a_name_that_does_not_resolve() {
    let bench = Bench::new().file(
        "t.yaml",
        "target: bay 12\naddress: nowhere.invalid\nscl: {file: builtin}\n",
    );
    let text = bench.transcript(&["run", "--target", "t.yaml"]);
    assert!(text.contains("exit 3\n"), "{text}");
    assert!(text.contains("nowhere.invalid:102"), "{text}");
}

#[test]
fn browsing_what_refuses() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    golden!(
        "hostile_browse",
        bench(address).transcript(&["browse", "--target", "bay12.yaml"])
    );
}
