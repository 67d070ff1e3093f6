//! A client that blocks, so that nothing of a runtime is measured with the server; and the simulated IED on a thread.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each measurement uses a part of it, and one that cannot go on may panic"
)]

use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use iedassay_model::scl;
use iedassay_sim::{CalledAddress, Sim, SimConfig};
use iedassay_wire::association::{Initiator, InitiatorConfig, InitiatorEvent};
use iedassay_wire::ber::Oid;
use iedassay_wire::mms::{
    Data, ObjectName, Pdu, PduKind, ReadRequest, Request, Response, VariableAccess, WriteRequest,
    peek,
};

/// Serves the built-in model for ever on the calling thread; `tell` gets the addresses of MMS and of the process side.
pub fn serve(max_associations: usize, tell: impl FnOnce(SocketAddr, SocketAddr)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let model = Arc::new(scl::builtin().unwrap().model);
        let mut config = SimConfig::new(model, Duration::from_secs(1_700_000_000));
        config.max_associations = max_associations;
        let sim = Sim::new(config);
        let any = "127.0.0.1:0".parse().unwrap();
        let (mms, process) = (
            sim.listen(any).await.unwrap(),
            sim.listen_process(any).await.unwrap(),
        );
        tell(mms.local_addr(), process.local_addr());
        std::future::pending::<()>().await;
    });
}

/// One association.
pub struct Link {
    stream: TcpStream,
    initiator: Initiator,
    began: Instant,
    buffer: Vec<u8>,
    invoke_id: u32,
    /// What came without being asked for.
    pub unsolicited: VecDeque<Vec<u8>>,
}

impl Link {
    pub fn connect(server: SocketAddr) -> Self {
        // Read once: reading the description takes far longer than an association.
        static ADDRESS: LazyLock<CalledAddress> =
            LazyLock::new(|| CalledAddress::of(&scl::builtin().unwrap().model));
        let address = ADDRESS.clone();
        let mut config = InitiatorConfig::default();
        config.called.ap_title = Oid::from_arcs(&address.ap_title.unwrap());
        config.called.ae_qualifier = address.ae_qualifier;
        Self::connect_with(server, config)
    }

    pub fn connect_with(server: SocketAddr, config: InitiatorConfig) -> Self {
        let stream = TcpStream::connect(server).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let mut link = Self {
            stream,
            initiator: Initiator::new(config, Duration::ZERO),
            began: Instant::now(),
            buffer: vec![0; 16 * 1024],
            invoke_id: 0,
            unsolicited: VecDeque::new(),
        };
        match link.event() {
            InitiatorEvent::Established(_) => link,
            other => panic!("{other:?}"),
        }
    }

    fn event(&mut self) -> InitiatorEvent {
        loop {
            while let Some(octets) = self.initiator.poll_transmit() {
                self.stream.write_all(&octets).unwrap();
            }
            if let Some(event) = self.initiator.poll_event() {
                return event;
            }
            let count = self.stream.read(&mut self.buffer).unwrap();
            assert_ne!(count, 0, "the server has closed");
            let now = self.began.elapsed();
            self.initiator.handle_input(&self.buffer[..count], now);
        }
    }

    /// The next PDU.
    pub fn pdu(&mut self) -> Vec<u8> {
        match self.event() {
            InitiatorEvent::Mms(octets) => octets,
            other => panic!("{other:?}"),
        }
    }

    pub fn ask(&mut self, request: Request) -> Response {
        self.invoke_id += 1;
        let pdu = Pdu::request(self.invoke_id, request).encode();
        self.initiator.send_mms(&pdu).unwrap();
        loop {
            let octets = self.pdu();
            if peek(&octets).unwrap().kind == PduKind::Unconfirmed {
                self.unsolicited.push_back(octets);
                continue;
            }
            match Pdu::decode(&octets).unwrap() {
                Pdu::ConfirmedResponse(response) if response.invoke_id == self.invoke_id => {
                    return response.service;
                }
                other => panic!("{other}"),
            }
        }
    }

    pub fn read(&mut self, name: &ObjectName) -> Data {
        let access = VariableAccess::names([name.clone()]);
        match self.ask(Request::Read(ReadRequest::new(access))) {
            Response::Read(mut read) => read.results.remove(0).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    pub fn write(&mut self, name: ObjectName, value: Data) {
        let access = VariableAccess::names([name.clone()]);
        let data = vec![value];
        match self.ask(Request::Write(WriteRequest { access, data })) {
            Response::Write(written) => assert_eq!(written.results, [Ok(())], "{name}"),
            other => panic!("{other:?}"),
        }
    }
}
