//! `associate`, and the association that every case has by default.

use std::time::Duration;

use iedassay_client::capture::Capture;
use iedassay_client::tls::{Session, TlsError};
use iedassay_client::{Alter, Client, ClientConfig, ConnectError, Pace};
use iedassay_reports::Happening;
use iedassay_wire::association::{
    Authentication, Deadlines, EndAddress, Established, Initiator, InitiatorConfig, Refusal,
};
use iedassay_wire::ber::BitString;
use iedassay_wire::cotp::{Tpdu, TpduSize};
use iedassay_wire::error::{ErrorKind, WireError};
use iedassay_wire::mms::{Parameter, ParameterSupport, Service, ServiceSupport};
use iedassay_wire::tpkt::TLS_RECORD;
use tokio::time::{Instant, sleep, timeout};

use super::alter;
use super::disconnect::last_frame;
use super::request::{Answer, finish};
use super::secured::facts;
use crate::cel::{Field, FieldValue, Hex, Millis, Value};
use crate::connector::{Endpoint, Security};
use crate::outcome::{Outcome, RefusalLayer};
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::{
    Slot, outcome_of_connect, outcome_of_tcp, outcome_of_tls, reset_hook,
};
use crate::runner::shared::Shared;
use crate::suite::Window;
use crate::suite::steps::{Associate, Choice, InitiateParameters, Selectors, SourceAddress};
use crate::target::{Side, TlsUse};
use crate::value::{list, oid};

/// Opens an association as the step says.
pub(super) async fn associate(cx: &mut CaseRun<'_>, step: &Associate) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    cx.clients.unused(&name)?;
    let config = configuration(cx, step)?;
    let started = Instant::now();
    let again = Again::of(cx, step.retry_every.as_ref(), common.within, started)?;
    let security = Security {
        tls: cx.eval_opt(step.tls.as_ref())?.unwrap_or(TlsUse::Right),
        version: cx.eval_opt(step.tls_version.as_ref())?.map(Into::into),
    };
    if cx.shared.target.tls.is_none() && security != Security::default() {
        return Err(Trouble::suite("the target has no TLS"));
    }
    let way = Way {
        source: cx
            .eval_opt(step.source.as_ref())?
            .unwrap_or(SourceAddress::First),
        security,
        alter: alter::alter(cx, &step.alter, &right_messages(&config))?,
        pace: alter::pace(cx, step.pace.as_ref())?,
        receive_buffer: cx.eval_opt(step.receive_buffer.as_ref())?,
    };
    let (attempt, tries) = open_again(cx, &name, &config, way, again).await;
    let (at, outcome) = (Instant::now(), attempt.outcome.clone());
    let mut fields = match &attempt.client {
        Some(client) => negotiated(client.established()),
        None => Vec::new(),
    };
    fields.push(("tls", attempt.session.as_ref().map_or(Value::Null, facts)));
    let (refused_by, how) = match &outcome {
        Outcome::Refused { layer, detail } => (layer.name(), detail.clone()),
        Outcome::Success => ("", String::new()),
        other => ("", other.to_string()),
    };
    fields.extend([
        ("refusedBy", Value::from(refused_by)),
        ("how", Value::from(how)),
        ("tries", Value::Int(tries)),
    ]);
    let what = match attempt.client {
        Some(client) => {
            cx.clients.insert(&name, Slot::new(client));
            Happening::Opened
        }
        None => Happening::Refused,
    };
    cx.log.moment(at, name, what);
    let exhibit = last_frame(cx);
    finish(
        cx,
        &common,
        started,
        Answer {
            outcomes: vec![(String::new(), outcome)],
            at,
            fields,
            exhibit,
            each: Vec::new(),
        },
    )
}

/// How a connection is opened.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) source: SourceAddress,
    pub(crate) security: Security,
    /// Room for what is not read yet, in octets; that of the system if none is given.
    pub(crate) receive_buffer: Option<u32>,
    /// What is done to the packets that establish the association.
    alter: Option<Alter>,
    /// How octets are handed to the stream.
    pace: Option<Pace>,
}

impl Default for Way {
    /// From the usual address, as the target says.
    fn default() -> Self {
        Self {
            source: SourceAddress::First,
            security: Security::default(),
            receive_buffer: None,
            alter: None,
            pace: None,
        }
    }
}

/// When a client tries again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Again {
    every: Duration,
    until: Instant,
}

impl Again {
    /// What a step says of it; nothing when there is one try.
    pub(super) fn of(
        cx: &CaseRun<'_>,
        every: Option<&Field<Millis>>,
        within: Option<&Window>,
        started: Instant,
    ) -> Result<Option<Self>, Trouble> {
        match (cx.eval_opt(every)?, within) {
            (Some(every), Some(window)) => Ok(Some(Self {
                every: every.duration(),
                until: cx.window(window, started)?.latest(),
            })),
            (Some(_), None) => Err(Trouble::suite("`retry-every` needs `within`")),
            (None, _) => Ok(None),
        }
    }
}

/// Tries until it succeeds or there is no time for another try; the last attempt, and how many there were.
pub(super) async fn open_again(
    cx: &CaseRun<'_>,
    name: &str,
    config: &InitiatorConfig,
    way: Way,
    again: Option<Again>,
) -> (Attempt, i64) {
    let mut tries = 0_i64;
    loop {
        tries = tries.saturating_add(1);
        let attempt = open(cx, name, config, way.clone()).await;
        match again {
            Some(Again { every, until })
                if attempt.outcome != Outcome::Success && Instant::now() + every <= until =>
            {
                sleep(every).await;
            }
            _ => return (attempt, tries),
        }
    }
}

/// Opens the association `main` as the target says, before the first step of a case.
pub(crate) async fn associate_main(cx: &mut CaseRun<'_>, name: &str) -> Result<(), Trouble> {
    let config = target_configuration(cx.shared);
    let attempt = open(cx, name, &config, Way::default()).await;
    match attempt.client {
        Some(client) => {
            cx.clients.insert(name, Slot::new(client));
            cx.log.moment(Instant::now(), name, Happening::Opened);
            Ok(())
        }
        None => {
            let kind = super::request::kind_of(&attempt.outcome);
            let observed = format!("no association: {}", attempt.outcome);
            Err(Trouble::new(kind, observed).with(last_frame(cx)))
        }
    }
}

/// How far an attempt came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Opening the TCP connection.
    Connection,
    /// Securing it with TLS.
    Security,
    /// Everything after it.
    Association,
}

/// What came of an attempt.
pub(crate) struct Attempt {
    pub(crate) outcome: Outcome,
    /// How far it came.
    pub(crate) stage: Stage,
    pub(crate) client: Option<Client>,
    /// What TLS agreed on.
    pub(crate) session: Option<Session>,
    /// What went wrong in TLS, be it in its handshake or after it.
    pub(crate) tls_error: Option<TlsError>,
    /// How the server refused.
    pub(crate) refusal: Option<Refusal>,
    /// Without TLS, the server answered with a record of TLS.
    pub(crate) speaks_tls: bool,
}

impl Attempt {
    fn failed(stage: Stage, outcome: Outcome) -> Self {
        Self {
            outcome,
            stage,
            client: None,
            session: None,
            tls_error: None,
            refusal: None,
            speaks_tls: false,
        }
    }
}

async fn open(cx: &CaseRun<'_>, name: &str, config: &InitiatorConfig, way: Way) -> Attempt {
    connect(cx.shared, name, config, way, &cx.capture).await
}

/// CR and CONNECT as they are sent when nothing is changed.
fn right_messages(config: &InitiatorConfig) -> [Vec<u8>; 2] {
    let mut initiator = Initiator::new(config.clone(), Duration::ZERO);
    let request = initiator.poll_transmit().unwrap_or_default();
    let confirm = Tpdu::ConnectConfirm(iedassay_wire::cotp::Connect::default())
        .encode()
        .and_then(|tpdu| iedassay_wire::tpkt::encode(&tpdu))
        .unwrap_or_default();
    initiator.handle_input(&confirm, Duration::ZERO);
    [request, initiator.poll_transmit().unwrap_or_default()]
}

/// Connects, secures and associates, within the target's limits.
pub(crate) async fn connect(
    shared: &Shared,
    name: &str,
    config: &InitiatorConfig,
    way: Way,
    capture: &Capture,
) -> Attempt {
    let index = match way.source {
        SourceAddress::First => 0,
        SourceAddress::Second => 1,
    };
    let endpoint = Endpoint::Mms {
        source: shared.target.source(index),
        security: way.security,
        receive_buffer: way.receive_buffer,
    };
    let connection = match timeout(
        shared.timeouts.connect(),
        shared.connector.connect(&endpoint),
    )
    .await
    {
        Err(_) => return Attempt::failed(Stage::Connection, Outcome::Timeout),
        Ok(Err(error)) => return Attempt::failed(Stage::Connection, outcome_of_tcp(&error)),
        Ok(Ok(connection)) => connection,
    };
    let within = shared.timeouts.associate();
    let connection = match shared.connector.secure(&endpoint, connection, within).await {
        Ok(connection) => connection,
        Err(error) => {
            capture.note(format!("TLS: {error}"));
            let tls_error = TlsError::of(&error).cloned();
            let outcome = match &tls_error {
                Some(error) => outcome_of_tls(error),
                None => outcome_of_tcp(&error),
            };
            return Attempt {
                tls_error,
                ..Attempt::failed(Stage::Security, outcome)
            };
        }
    };
    if let Some(session) = &connection.session {
        // The capture holds the octets inside TLS; this is what was around them.
        capture.note(format!("TLS: {session}"));
    }
    let client_config = ClientConfig {
        name: name.to_owned(),
        association: config.clone(),
        request_timeout: shared.timeouts.request(),
        outstanding: None,
        capture: Some(capture.clone()),
        local: connection.local,
        peer: connection.peer,
        reset: Some(reset_hook(&connection.reset)),
        alter: way.alter,
        pace: way.pace,
    };
    // The layers have deadlines of their own; this one holds for all of them together.
    let connecting = Client::connect(connection.stream, client_config);
    let mut attempt = match timeout(within, connecting).await {
        Err(_) => Attempt::failed(Stage::Association, Outcome::Timeout),
        Ok(Err(error)) => Attempt {
            tls_error: match &error {
                ConnectError::Tls { error, .. } => Some(error.clone()),
                _ => None,
            },
            refusal: match &error {
                ConnectError::Refused(refusal) => Some(refusal.clone()),
                _ => None,
            },
            speaks_tls: matches!(
                &error,
                ConnectError::Wire(WireError {
                    kind: ErrorKind::InvalidValue { field: TLS_RECORD },
                    ..
                })
            ),
            ..Attempt::failed(Stage::Association, outcome_of_connect(&error))
        },
        Ok(Ok(client)) => Attempt {
            client: Some(client),
            ..Attempt::failed(Stage::Association, Outcome::Success)
        },
    };
    attempt.session = connection.session;
    // An alert of TLS, in answer to what is none, is how a server of TLS says no.
    if way.security.tls == TlsUse::Off
        && let Outcome::Malformed(detail) = attempt.outcome
    {
        attempt.outcome = Outcome::Refused {
            layer: RefusalLayer::Tls,
            detail: format!("no MMS without TLS: {detail}"),
        };
    }
    attempt
}

/// How to associate as the target file says.
pub(crate) fn target_configuration(shared: &Shared) -> InitiatorConfig {
    let target = shared.target.association();
    let mut config = InitiatorConfig::default();
    if let Some(side) = &target.called {
        apply_side(&mut config.called, side);
    }
    if let Some(side) = &target.calling {
        apply_side(&mut config.calling, side);
    }
    if let Some(password) = &target.password {
        config.authentication = Authentication::Password(password.clone().into_bytes());
    }
    if let Some(initiate) = &target.initiate {
        let number = |value: &Option<crate::diagnostic::Spanned<u32>>| {
            value
                .as_ref()
                .and_then(|value| i32::try_from(value.value).ok())
        };
        if let Some(size) = number(&initiate.pdu_size) {
            config.mms.local_detail = Some(size);
        }
        if let Some(count) = number(&initiate.max_calling) {
            config.mms.max_outstanding_calling = count;
        }
        if let Some(count) = number(&initiate.max_called) {
            config.mms.max_outstanding_called = count;
        }
        if let Some(depth) = number(&initiate.nesting) {
            config.mms.nesting_level = Some(depth);
        }
    }
    let times = &shared.timeouts;
    config.deadlines = Deadlines {
        transport: times.associate(),
        association: times.associate(),
        conclude: times.release(),
        release: times.release(),
        close: times.release().min(Duration::from_secs(2)),
    };
    config
}

fn apply_side(end: &mut EndAddress, side: &Side) {
    if let Some(tsel) = &side.tsel {
        end.tsel.clone_from(&tsel.value.0);
    }
    if let Some(ssel) = &side.ssel {
        end.ssel.clone_from(&ssel.value.0);
    }
    if let Some(psel) = &side.psel {
        end.psel.clone_from(&psel.value.0);
    }
    if let Some(title) = &side.ap_title {
        end.ap_title = oid(&title.value.0);
    }
    if let Some(qualifier) = &side.ae_qualifier {
        end.ae_qualifier = Some(i64::from(qualifier.value));
    }
}

/// The target's configuration with what the step says otherwise.
fn configuration(cx: &CaseRun<'_>, step: &Associate) -> Result<InitiatorConfig, Trouble> {
    let mut config = target_configuration(cx.shared);
    if let Some(selectors) = &step.called {
        config.called = chosen(cx, &config.called, selectors)?;
    }
    if let Some(selectors) = &step.calling {
        config.calling = chosen(cx, &config.calling, selectors)?;
    }
    if let Some(choice) = cx.eval_opt(step.password.as_ref())? {
        config.authentication = match choice {
            Choice::Right => config.authentication,
            Choice::Omit => Authentication::None,
            Choice::Value(text) => Authentication::Password(text.into_bytes()),
            Choice::Wrong => match config.authentication {
                Authentication::Password(right) => Authentication::Password(wrong_octets(&right)),
                Authentication::None => Authentication::Password(b"wrong".to_vec()),
            },
        };
    }
    if let Some(octets) = cx.eval_opt(step.tpdu_size.as_ref())? {
        let size = (7..=13).map(TpduSize).find(|size| {
            size.octets()
                .is_some_and(|o| u32::try_from(o) == Ok(octets))
        });
        config.tpdu_size = size.ok_or_else(|| {
            Trouble::suite(format!(
                "`tpdu-size: {octets}` is none of 128, 256, 512, 1024, 2048, 4096, 8192"
            ))
        })?;
    }
    if let Some(initiate) = &step.initiate {
        propose(cx, &mut config, initiate)?;
    }
    if let Some(time) = cx.eval_opt(step.give_up_after.as_ref())? {
        config.deadlines.transport = time.duration();
        config.deadlines.association = time.duration();
    }
    Ok(config)
}

fn propose(
    cx: &CaseRun<'_>,
    config: &mut InitiatorConfig,
    initiate: &InitiateParameters,
) -> Result<(), Trouble> {
    let number = |field| -> Result<Option<i32>, Trouble> {
        let value: Option<u32> = cx.eval_opt(field)?;
        value
            .map(|value| {
                i32::try_from(value).map_err(|_| Trouble::suite(format!("`{value}` is too large")))
            })
            .transpose()
    };
    let mms = &mut config.mms;
    if let Some(size) = number(initiate.pdu_size.as_ref())? {
        mms.local_detail = Some(size);
    }
    if let Some(count) = number(initiate.max_calling.as_ref())? {
        mms.max_outstanding_calling = count;
    }
    if let Some(count) = number(initiate.max_called.as_ref())? {
        mms.max_outstanding_called = count;
    }
    if let Some(depth) = number(initiate.nesting.as_ref())? {
        mms.nesting_level = Some(depth);
    }
    if let Some(version) = number(initiate.version.as_ref())? {
        mms.detail.version = version;
    }
    if let Some(words) = cx.eval_list(initiate.cbb.as_ref())? {
        let bits = named_bits(&words, 11, |word| {
            Parameter::from_name(word).map(|parameter| parameter.0)
        })?;
        mms.detail.parameters = ParameterSupport(bits);
    }
    if let Some(words) = cx.eval_list(initiate.services.as_ref())? {
        let bits = named_bits(&words, 85, |word| {
            Service::from_name(&camel(word)).map(|service| service.0)
        })?;
        mms.detail.services = ServiceSupport(bits);
    }
    Ok(())
}

/// A row of bits from words, or from the octets in hexadecimal.
fn named_bits(
    words: &[String],
    len: usize,
    number: impl Fn(&str) -> Option<u32>,
) -> Result<BitString, Trouble> {
    if let [single] = words
        && let Ok(Hex(octets)) = Hex::from_text(single)
        && number(single).is_none()
    {
        let unused = u8::try_from((octets.len() * 8).saturating_sub(len))
            .unwrap_or(0)
            .min(7);
        return Ok(BitString::from_parts(octets, unused));
    }
    let mut bits = BitString::zeros(len);
    for word in words {
        let index = number(word).and_then(|number| usize::try_from(number).ok());
        let index =
            index.ok_or_else(|| Trouble::suite(format!("`{word}` is no known word here")))?;
        bits.set(index, true);
    }
    Ok(bits)
}

/// `get-name-list` as MMS writes it, `getNameList`; other words as they are.
fn camel(word: &str) -> String {
    let mut parts = word.split('-');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut chars = part.chars();
        name.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(chars.as_str());
    }
    name
}

fn chosen(
    cx: &CaseRun<'_>,
    right: &EndAddress,
    selectors: &Selectors,
) -> Result<EndAddress, Trouble> {
    let octets = |field, right: &Vec<u8>| -> Result<Vec<u8>, Trouble> {
        let choice: Option<Choice<Hex>> = cx.eval_opt(field)?;
        Ok(match choice {
            None | Some(Choice::Right) => right.clone(),
            Some(Choice::Omit) => Vec::new(),
            Some(Choice::Wrong) => wrong_octets(right),
            Some(Choice::Value(Hex(octets))) => octets,
        })
    };
    let mut end = right.clone();
    end.tsel = octets(selectors.tsel.as_ref(), &right.tsel)?;
    end.ssel = octets(selectors.ssel.as_ref(), &right.ssel)?;
    end.psel = octets(selectors.psel.as_ref(), &right.psel)?;
    match cx.eval_opt(selectors.ap_title.as_ref())? {
        None | Some(Choice::Right) => {}
        Some(Choice::Omit) => end.ap_title = None,
        Some(Choice::Wrong) => end.ap_title = oid(&[1, 3, 9999, 33]),
        Some(Choice::Value(title)) => end.ap_title = oid(&title.0),
    }
    match cx.eval_opt(selectors.ae_qualifier.as_ref())? {
        None | Some(Choice::Right) => {}
        Some(Choice::Omit) => end.ae_qualifier = None,
        Some(Choice::Wrong) => {
            end.ae_qualifier = Some(right.ae_qualifier.map_or(33, |right| right + 21))
        }
        Some(Choice::Value(value)) => end.ae_qualifier = Some(value),
    }
    Ok(end)
}

/// Another value of the same length; one octet where there is none to change.
fn wrong_octets(right: &[u8]) -> Vec<u8> {
    match right.split_last() {
        Some((last, rest)) => rest.iter().copied().chain([last ^ 0x55]).collect(),
        None => vec![0x55],
    }
}

fn negotiated(established: &Established) -> Vec<(&'static str, Value)> {
    let answer = &established.answer;
    let number =
        |value: Option<i32>| value.map_or(Value::Null, |value| Value::Int(i64::from(value)));
    let cbb = answer
        .detail
        .parameters
        .iter()
        .map(|parameter| name_or_number(parameter.name(), parameter.0));
    let services = answer
        .detail
        .services
        .iter()
        .map(|service| name_or_number(service.name(), service.0));
    vec![
        ("pduSize", number(answer.local_detail)),
        ("maxCalling", number(Some(answer.max_outstanding_calling))),
        ("maxCalled", number(Some(answer.max_outstanding_called))),
        ("nesting", number(answer.nesting_level)),
        ("version", Value::Int(i64::from(answer.detail.version))),
        ("cbb", list(cbb)),
        ("services", list(services)),
        (
            "tpduSize",
            Value::Int(i64::try_from(established.tpdu_size).unwrap_or(i64::MAX)),
        ),
    ]
}

fn name_or_number(name: Option<&'static str>, number: u32) -> Value {
    name.map_or_else(|| Value::from(number.to_string()), Value::from)
}
