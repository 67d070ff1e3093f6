//! `iec61850-rs` as a server in this process, with the line protocol of a process side beside it.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use iec61850_rs::proto::data::Value;
use iec61850_rs::proto::mms::control::AddCause;
use iec61850_rs::server::{Ied, Server, ServerConfig, ServerHandle, Stage};
use iec61850_rs::{TimeQuality, UtcTime};

/// The quality details by bit, from bit 2 (IEC 61850-8-1, Quality).
const DETAILS: [&str; 11] = [
    "overflow",
    "outOfRange",
    "badReference",
    "oscillatory",
    "failure",
    "oldData",
    "inconsistent",
    "inaccurate",
    "substituted",
    "test",
    "operatorBlocked",
];

/// The objects whose commands the process refuses, in the spelling of the library: `LD/LN$CO$DO`.
type Blocked = Arc<Mutex<BTreeSet<String>>>;

/// A server of `iec61850-rs`; its threads end with the process.
pub(crate) struct Iec61850Rs {
    /// Where it serves MMS.
    pub(crate) mms: SocketAddr,
    /// Where it takes the line protocol.
    pub(crate) process_side: SocketAddr,
}

impl Iec61850Rs {
    /// Serves an IED of an SCL file.
    pub(crate) fn serve(scl: &str, ied: &str, max_associations: usize) -> Self {
        let ied = Ied::from_scl(scl, Some(ied)).unwrap();
        let config = ServerConfig {
            max_associations,
            ..ServerConfig::default()
        };
        let mut server = Server::bind_with("127.0.0.1:0", ied, &config).unwrap();
        server.set_sbo_timeout_ms(SBO_TIMEOUT.as_millis().try_into().unwrap());
        let blocked = Blocked::default();
        let refused = Arc::clone(&blocked);
        server.on_control(Box::new(move |event| {
            if event.stage != Stage::Cancel && refused.lock().unwrap().contains(&event.object) {
                return Err(AddCause::BlockedByInterlocking);
            }
            Ok(())
        }));
        let mms = server.local_addr().unwrap();
        let handle = server.handle();
        std::thread::spawn(move || server.run());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let process_side = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (handle, blocked) = (handle.clone(), Arc::clone(&blocked));
                std::thread::spawn(move || converse(stream, &handle, &blocked));
            }
        });
        Self { mms, process_side }
    }
}

/// How long a selection holds. The library takes one time for all objects; the built-in description says 10 s for the
/// one that the suites run on.
const SBO_TIMEOUT: Duration = Duration::from_secs(10);

fn converse(stream: TcpStream, handle: &ServerHandle, blocked: &Blocked) {
    let mut answers = stream.try_clone().unwrap();
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { return };
        let answer = match obey(&line, handle, blocked) {
            Ok(payload) if payload.is_empty() => "ok".to_owned(),
            Ok(payload) => format!("ok {payload}"),
            Err(reason) => format!("err {reason}"),
        };
        if writeln!(answers, "{answer}").is_err() {
            return;
        }
    }
}

fn obey(line: &str, handle: &ServerHandle, blocked: &Blocked) -> Result<String, String> {
    let (command, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
    match command {
        "ping" => Ok(String::new()),
        "set" => {
            let (reference, text) = rest.split_once(' ').ok_or("no value")?;
            let name = mms_name(reference)?;
            let present = handle
                .read(&name)
                .ok_or_else(|| format!("no `{reference}` in the model"))?;
            commit(handle, &name, value(text.trim(), &present)?, true)?;
            Ok(String::new())
        }
        "update" => {
            let name = mms_name(rest.trim())?;
            let present = handle
                .read(&name)
                .ok_or_else(|| format!("no `{rest}` in the model"))?;
            commit(handle, &name, present, false)?;
            Ok(String::new())
        }
        "get" => {
            let name = mms_name(rest.trim())?;
            let present = handle
                .read(&name)
                .ok_or_else(|| format!("no `{rest}` in the model"))?;
            Ok(format!("{present:?}"))
        }
        "block" => {
            let (object, state) = rest.split_once(' ').ok_or("no state")?;
            let (domain, item) = object.split_once('/').ok_or("no logical device")?;
            let name = format!(
                "{domain}/{}",
                item.replacen('.', "$CO$", 1).replace('.', "$")
            );
            match state.trim() {
                "on" => blocked.lock().unwrap().insert(name),
                "off" => blocked.lock().unwrap().remove(&name),
                other => return Err(format!("`{other}` is neither on nor off")),
            };
            Ok(String::new())
        }
        _ => Err(format!("unknown command `{command}`")),
    }
}

/// One transaction: the time stamp of the data object, where it has one, and the value.
fn commit(handle: &ServerHandle, name: &str, value: Value, stamp: bool) -> Result<(), String> {
    let mut transaction = handle.txn();
    if let Some(stamp) = stamp.then(|| stamp_of(handle, name)).flatten() {
        transaction.set(&stamp, Value::UtcTime(now()));
    }
    transaction.set(name, value);
    for outcome in transaction.commit() {
        outcome.map_err(|code| format!("data access error {code}"))?;
    }
    Ok(())
}

/// The `t` of the data object that holds this attribute: the nearest one on the way up.
fn stamp_of(handle: &ServerHandle, name: &str) -> Option<String> {
    let mut parent = name;
    while let Some((up, _)) = parent.rsplit_once('$') {
        let stamp = format!("{up}$t");
        if matches!(handle.read(&stamp), Some(Value::UtcTime(_))) {
            return Some(stamp);
        }
        parent = up;
    }
    None
}

fn now() -> UtcTime {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    UtcTime::from_unix(
        since.as_secs().try_into().unwrap(),
        since.subsec_nanos(),
        TimeQuality::SYNCHRONIZED,
    )
}

/// `LD/LN.DO.DA[FC]` as `LD/LN$FC$DO$DA`.
fn mms_name(reference: &str) -> Result<String, String> {
    let bad = || format!("`{reference}` is not LD/LN.DO.DA[FC]");
    let (path, fc) = reference
        .strip_suffix(']')
        .and_then(|rest| rest.split_once('['))
        .ok_or_else(bad)?;
    let (node, data) = path.split_once('.').ok_or_else(bad)?;
    Ok(format!("{node}${fc}${}", data.replace('.', "$")))
}

/// A value as the line protocol spells it, of the type that the attribute has at present.
fn value(text: &str, present: &Value) -> Result<Value, String> {
    let bad = || format!("`{text}` does not fit {present:?}");
    Ok(match present {
        Value::Boolean(_) => Value::Boolean(text.parse().map_err(|_| bad())?),
        Value::Integer(_) => Value::Integer(text.parse().map_err(|_| bad())?),
        Value::Unsigned(_) => Value::Unsigned(text.parse().map_err(|_| bad())?),
        Value::Float32(_) => Value::Float32(text.parse().map_err(|_| bad())?),
        Value::Float64(_) => Value::Float64(text.parse().map_err(|_| bad())?),
        Value::VisibleString(_) => Value::VisibleString(text.trim_matches('\'').to_owned()),
        Value::MmsString(_) => Value::MmsString(text.trim_matches('\'').to_owned()),
        Value::BitString { unused: 6, .. } => Value::BitString {
            unused: 6,
            bytes: vec![match text {
                "intermediate" => 0x00,
                "off" => 0x40,
                "on" => 0x80,
                "bad" => 0xc0,
                _ => return Err(bad()),
            }],
        },
        Value::BitString { unused: 3, .. } => Value::BitString {
            unused: 3,
            bytes: quality(text).ok_or_else(bad)?.to_vec(),
        },
        _ => return Err(bad()),
    })
}

fn quality(text: &str) -> Option<[u8; 2]> {
    let mut words = text.split('+');
    let mut bits: u16 = match words.next()? {
        "good" => 0,
        "invalid" => 0b01 << 14,
        "reserved" => 0b10 << 14,
        "questionable" => 0b11 << 14,
        _ => return None,
    };
    for word in words {
        let detail = DETAILS.iter().position(|detail| *detail == word)?;
        bits |= 0x8000 >> (2 + detail);
    }
    Some(bits.to_be_bytes())
}
