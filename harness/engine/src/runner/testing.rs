//! What the tests of the runner need: cases from text, and a run that reaches nothing.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use iedassay_client::Anchor;

use crate::cancel::CancelToken;
use crate::connector::{ConnectFuture, Connector, Endpoint};
use crate::diagnostic::Sources;
use crate::event::{Emitter, Event};
use crate::suite::{Case, load};
use crate::target::Target;
use crate::time_server::TimeServers;

use super::shared::{Processes, Shared};

struct OneFile(String);

impl load::Files for OneFile {
    fn text(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

/// The one case with this body; its first line is line 9 of the file.
pub(crate) fn case_of(body: &str) -> (Arc<Case>, Arc<Sources>) {
    case_that_associates(&format!("associate: manual\n    {body}"))
}

/// The same of a case that begins with an association.
pub(crate) fn case_that_associates(body: &str) -> (Arc<Case>, Arc<Sources>) {
    let text = format!(
        "suite: test/suite\ntitle: Test\ncases:\n  - id: test/case\n    title: A test\n    clause: none\n    rationale: none\n    {body}\n"
    );
    let loaded = load::load(&["test.yaml".to_owned()], &OneFile(text));
    let (_, case) = loaded.library.cases().next().expect("a case");
    (Arc::clone(case), Arc::new(loaded.library.sources.clone()))
}

/// A target from text.
pub(crate) fn target_of(text: &str) -> Target {
    let mut sources = Sources::new();
    let file = sources.add("target.yaml", text.to_owned());
    crate::target::load::load(&sources, file)
        .expect("a valid target")
        .0
}

struct Nowhere;

impl Connector for Nowhere {
    fn connect<'a>(&'a self, _: &'a Endpoint) -> ConnectFuture<'a> {
        Box::pin(async { Err(std::io::ErrorKind::ConnectionRefused.into()) })
    }

    fn describe(&self) -> String {
        "nowhere".into()
    }
}

/// A run that reaches nothing.
pub(crate) fn shared_with(sources: Arc<Sources>, cancel: CancelToken) -> Shared {
    let target = target_of("target: test\naddress: localhost\n");
    let anchor = Anchor::now(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    Shared {
        time: Arc::new(TimeServers::new(&target, Arc::new(Nowhere), anchor)),
        sources,
        timeouts: target.timeouts(),
        tolerances: target.tolerances(),
        target: Arc::new(target),
        connector: Arc::new(Nowhere),
        processes: Arc::new(Processes::new(Arc::new(Nowhere))),
        operator: None,
        answers: Arc::default(),
        anchor,
        started: tokio::time::Instant::now(),
        model: Arc::new(
            iedassay_model::scl::builtin()
                .expect("the built-in model")
                .model,
        ),
        emitter: Emitter::new(Box::new(|_: &Event| {})),
        cancel,
    }
}
