//! The line protocol of the process side: `set REF VALUE`, `update REF`, `get REF`, `block REF on|off`, `stick REF on|off`,
//! `hold REF CAUSE on|off`, `restart`, `ping`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use iec61850_model::MmsValue;

use crate::Failure;
use crate::device::{Device, attribute, stamp, update};

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

/// Answers everybody who connects, for ever.
pub fn serve(listener: &TcpListener, device: &Arc<Device>) {
    for stream in listener.incoming().flatten() {
        let device = Arc::clone(device);
        std::thread::spawn(move || converse(stream, &device));
    }
}

fn converse(stream: TcpStream, device: &Device) {
    let Ok(mut answers) = stream.try_clone() else {
        return;
    };
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { return };
        let answer = match obey(device, line.trim()) {
            Ok(payload) if payload.is_empty() => "ok".to_owned(),
            Ok(payload) => format!("ok {payload}"),
            Err(reason) => format!("err {reason}"),
        };
        if writeln!(answers, "{answer}").is_err() {
            return;
        }
    }
}

fn obey(device: &Device, line: &str) -> Result<String, Failure> {
    let words: Vec<&str> = line.splitn(3, ' ').map(str::trim).collect();
    match words.as_slice() {
        ["ping"] => {}
        ["restart"] => device.restart()?,
        ["set", reference, text] => {
            let server = device.server()?;
            let model = server.model();
            let leaf = attribute(&model, reference)?;
            let value = value(text, &leaf.snapshot())?;
            // The time stamp first, so that the report of the change carries it.
            stamp(&model, reference);
            update(&server, leaf, value)?;
        }
        ["update", reference] => {
            let server = device.server()?;
            let model = server.model();
            let leaf = attribute(&model, reference)?;
            update(&server, leaf, leaf.snapshot())?;
        }
        ["get", reference] => {
            let server = device.server()?;
            return Ok(format!(
                "{:?}",
                attribute(&server.model(), reference)?.snapshot()
            ));
        }
        ["block", object, state] => device.moods.block(object, on(state)?),
        ["stick", object, state] => device.moods.stick(object, on(state)?),
        ["hold", object, rest] => {
            let (cause, state) = rest.split_once(' ').ok_or("no state")?;
            device.moods.hold(object, cause, on(state)?)?;
        }
        _ => return Err(format!("unknown command `{line}`").into()),
    }
    Ok(String::new())
}

fn on(word: &str) -> Result<bool, Failure> {
    match word {
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(format!("`{other}` is neither on nor off").into()),
    }
}

/// A value as the line protocol spells it, of the type that the attribute has at present.
fn value(text: &str, present: &MmsValue) -> Result<MmsValue, Failure> {
    let bad = || format!("`{text}` does not fit {present:?}");
    Ok(match present {
        MmsValue::Boolean(_) => MmsValue::Boolean(text.parse()?),
        MmsValue::Integer(_) => MmsValue::Integer(text.parse()?),
        MmsValue::Unsigned(_) => MmsValue::Unsigned(text.parse()?),
        MmsValue::Float32(_) => MmsValue::Float32(text.parse()?),
        MmsValue::Float64(_) => MmsValue::Float64(text.parse()?),
        MmsValue::VisibleString(_) => MmsValue::VisibleString(text.trim_matches('\'').to_owned()),
        MmsValue::BitString { padding: 6, .. } => MmsValue::BitString {
            padding: 6,
            data: vec![match text {
                "intermediate" => 0x00,
                "off" => 0x40,
                "on" => 0x80,
                "bad" => 0xc0,
                _ => return Err(bad().into()),
            }],
        },
        MmsValue::BitString { padding: 3, .. } => MmsValue::BitString {
            padding: 3,
            data: quality(text).ok_or_else(bad)?.to_vec(),
        },
        _ => return Err(bad().into()),
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
