//! A tour with input that no honest client sends.

use std::time::Duration;

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::{
    Layer,
    association::Initiator,
    mutate::{rewrap, unwrap},
    tpkt,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    time::timeout,
};

use super::{LOCAL, Notes, attempt};
use crate::common::proposal;

pub async fn robustness(config: SimConfig) -> Vec<String> {
    let mut notes = Notes::default();
    let sim = Sim::new(config);
    for layer in [
        Layer::Tpkt,
        Layer::Cotp,
        Layer::Session,
        Layer::Presentation,
        Layer::Acse,
        Layer::Mms,
    ] {
        let mut healthy = match attempt(&sim, proposal()).await {
            Ok(healthy) => healthy,
            Err(ending) => {
                notes.note("no association", ending);
                return notes.0;
            }
        };
        for _ in 0..6 {
            let answer = hostile(&sim, |connect| {
                // The last octet of the layer is missing, and everything around it fits.
                let mut pdu = unwrap(connect, layer).unwrap();
                match layer {
                    Layer::Tpkt => pdu[0] = 4,
                    Layer::Cotp => pdu[0] = 0,
                    _ => pdu.truncate(pdu.len() - 1),
                }
                rewrap(connect, layer, &pdu).unwrap()
            })
            .await;
            notes.note("answer", answer);
        }
        let read = healthy.exchange(&identify()).await;
        notes.note("others", read);
        let again = attempt(&sim, proposal()).await;
        notes.note("again", again.map(|_| ()));
    }
    pieces(&sim, &mut notes).await;
    notes.0
}

/// Half a packet from one while another asks, then a packet in two pieces.
async fn pieces(sim: &Sim, notes: &mut Notes) {
    let Ok(mut healthy) = attempt(sim, proposal()).await else {
        notes.note("pieces", "no association");
        return;
    };
    let mut stream = connected(sim).await;
    let request = Initiator::new(proposal(), Duration::ZERO)
        .poll_transmit()
        .unwrap();
    stream.write_all(&request[..6]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(10)).await;
    notes.note("meanwhile", healthy.exchange(&identify()).await);
    stream.write_all(&request[6..]).await.unwrap();
    notes.note("joined", received(&mut stream).await);
    drop(stream);
    notes.note("after", healthy.exchange(&identify()).await);
}

fn identify() -> Vec<u8> {
    vec![0xa0, 0x05, 0x02, 0x01, 0x01, 0x82, 0x00]
}

async fn connected(sim: &Sim) -> DuplexStream {
    let (near, far) = tokio::io::duplex(64 * 1024);
    tokio::spawn(sim.serve_stream_from(far, LOCAL));
    near
}

/// Sends a right CR, and what becomes of the CONNECT; what comes back.
async fn hostile(sim: &Sim, change: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let mut stream = connected(sim).await;
    let mut initiator = Initiator::new(proposal(), Duration::ZERO);
    let request = initiator.poll_transmit().unwrap();
    stream.write_all(&request).await.unwrap();
    let confirm = received(&mut stream).await;
    if confirm.len() < tpkt::HEADER {
        return format!("no confirm: {confirm:?}");
    }
    initiator.handle_input(&confirm, Duration::ZERO);
    let Some(connect) = initiator.poll_transmit() else {
        return format!("refused: {confirm:?}");
    };
    if stream.write_all(&change(&connect)).await.is_err() {
        return "closed".to_owned();
    }
    format!("{:?}", received(&mut stream).await)
}

/// What comes within a second; empty for the end of the stream and for nothing.
async fn received(stream: &mut DuplexStream) -> Vec<u8> {
    let mut buffer = vec![0; 4096];
    match timeout(Duration::from_secs(1), stream.read(&mut buffer)).await {
        Ok(Ok(count)) => buffer[..count].to_vec(),
        _ => Vec::new(),
    }
}
