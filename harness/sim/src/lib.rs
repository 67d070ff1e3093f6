//! The simulated IED: serves a resolved model over any stream, conformant or with named faults.
//!
//! ```no_run
//! # use std::{sync::Arc, time::Duration};
//! # use iedassay_sim::{Fault, Sim, SimConfig};
//! # async fn example(model: Arc<iedassay_model::tree::ServerModel>) -> std::io::Result<()> {
//! let mut config = SimConfig::new(model, Duration::from_secs(1_700_000_000));
//! config.faults.insert(Fault::GiNotReset);
//! let sim = Sim::new(config);
//!
//! // On TCP:
//! let listening = sim.listen("127.0.0.1:0".parse().unwrap()).await?;
//! println!("{}", listening.local_addr());
//!
//! // In process, on any clock:
//! let (client, server) = tokio::io::duplex(65_536);
//! tokio::spawn(sim.serve_stream(server));
//!
//! // The process side, by hand or as a line protocol on any stream:
//! assert_eq!(sim.process().command("set ASSAYLD0/GGIO1.Ind1.stVal[ST] true"), "ok");
//! # drop(client);
//! # Ok(())
//! # }
//! ```
//!
//! What is behind it is sans-IO: the whole IED is one state machine that takes requests, process events and the time, and gives
//! PDUs and its next deadline. The tasks around it only move octets.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that cannot go on may panic"
    )
)]

mod client;
mod clock;
mod config;
mod control;
mod fault;
pub mod hostile;
mod ied;
mod persistence;
mod process;
mod report;
mod server;
mod value;

pub use config::{
    AnalogueBufTm, CalledAddress, ControlConfig, DataSetConfig, Identity, PublisherConfig,
    ReportConfig, ResyncPolicy, SimConfig, TimeConfig,
};
pub use fault::{Consulted, Fault, FaultArea, FaultSet, UnknownFault};
/// TLS of the simulated IED: what [`Sim::secure`] takes.
pub use iedassay_tls as tls;
pub use persistence::{FileStore, MemoryStore, Persistence, PersistenceError, Record};
pub use process::{
    Answer, Argument, Cause, Command, CommandError, CommandErrorKind, ControlNotice,
    ControlService, Kind, MAX_LINE, NoticedCommand, Scenario, ScenarioError, ScenarioStep, Times,
    Timetable, VERBS, Verb, What,
};
pub use server::{
    ControlEvent, Controls, Following, Listening, Process, Secure, Sim, TimeLink, TimeServersEnd,
};
