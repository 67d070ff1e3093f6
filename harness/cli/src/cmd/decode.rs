//! `iedassay decode`: octets explained, layer by layer.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use iedassay_client::capture::read::{Message, is_capture, messages, packets};
use iedassay_wire::annotate::{Node, Start, annotate_from, render, summarize};
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::{DecodeArgs, Format, LayerName};
use crate::console::Console;
use crate::decode::{HexError, parse_hex};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// Text of this size is a mistake rather than a PDU.
const MAX_STDIN: u64 = 256 * 1024 * 1024;

pub(crate) fn run(args: &DecodeArgs, console: &Console) -> Result<Exit, Failure> {
    let input = input(args)?;
    let explained = match &input {
        Input::Octets(octets) => {
            let start = args
                .layer
                .map_or_else(|| Start::guess(octets), LayerName::start);
            vec![Explained {
                message: None,
                nodes: annotate_from(octets, start),
                summary: summarize(octets),
            }]
        }
        Input::Capture(bytes) => capture(bytes, args, console)?,
    };
    match args.format {
        Format::Human => console.result(&text(&explained, args.summary, console))?,
        Format::Json => console.json(&json(&explained)?)?,
    }
    let malformed = explained.iter().filter(|item| item.is_malformed()).count();
    if malformed > 0 {
        console.note(&format!(
            "{malformed} malformed message{}",
            if malformed == 1 { "" } else { "s" }
        ));
        return Ok(Exit::Nonconforming);
    }
    Ok(Exit::Conforms)
}

enum Input {
    Octets(Vec<u8>),
    Capture(Vec<u8>),
}

struct Explained {
    message: Option<Message>,
    nodes: Vec<Node>,
    summary: String,
}

impl Explained {
    fn is_malformed(&self) -> bool {
        self.nodes.iter().any(Node::has_error)
    }
}

// The argument is a file when there is one of that name, else octets themselves.
fn input(args: &DecodeArgs) -> Result<Input, Failure> {
    let given = args.input.as_deref().unwrap_or("-");
    if given == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .take(MAX_STDIN)
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::usage("cannot read standard input").cause(error))?;
        return recognize("standard input", bytes);
    }
    let path = Path::new(given);
    if path.exists() {
        return recognize(given, files::read(path)?);
    }
    match parse_hex(given) {
        Ok(octets) if !octets.is_empty() => Ok(Input::Octets(octets)),
        _ => Err(Failure::usage(format!("`{given}` is neither a file nor hexadecimal text"))
            .hint("give a pcapng or pcap file, a file with hexadecimal text, the octets themselves, or `-`")),
    }
}

fn recognize(name: &str, bytes: Vec<u8>) -> Result<Input, Failure> {
    if is_capture(&bytes) {
        return Ok(Input::Capture(bytes));
    }
    let is_text = bytes
        .iter()
        .all(|octet| matches!(octet, b'\t' | b'\n' | b'\r' | b' '..=b'~'));
    let octets = if is_text {
        hex(name, &String::from_utf8_lossy(&bytes))?
    } else {
        bytes
    };
    if octets.is_empty() {
        return Err(Failure::usage(format!("{name} holds no octets")));
    }
    Ok(Input::Octets(octets))
}

fn hex(name: &str, text: &str) -> Result<Vec<u8>, Failure> {
    parse_hex(text).map_err(
        |HexError {
             line,
             column,
             message,
         }| {
            Failure::usage(format!("{name}:{line}:{column}: {message}"))
                .hint("give hexadecimal text such as `03 00 00 16 ...`, or a pcapng or pcap file")
        },
    )
}

fn capture(bytes: &[u8], args: &DecodeArgs, console: &Console) -> Result<Vec<Explained>, Failure> {
    let (packets, error) = packets(bytes);
    if let Some(error) = error {
        console.warning(&error.to_string());
    }
    let found = messages(&packets);
    if found.is_empty() {
        return Err(Failure::new(
            Exit::NothingSelected,
            format!("no MMS in the {} packets of the capture", packets.len()),
        )
        .hint(
            "MMS is looked for in TCP connections on port 102, and in those that start with a TPKT",
        ));
    }
    let wanted = |message: &Message| args.frame.is_none_or(|frame| frame == message.frame);
    let explained: Vec<Explained> = found
        .into_iter()
        .filter(wanted)
        .map(|message| Explained {
            nodes: annotate_from(&message.octets, Start::Tpkt),
            summary: if message.octets.is_empty() {
                String::new()
            } else {
                summarize(&message.octets)
            },
            message: Some(message),
        })
        .collect();
    match args.frame {
        Some(frame) if explained.is_empty() => Err(Failure::new(
            Exit::NothingSelected,
            format!("frame {frame} completes no message"),
        )
        .hint("`--summary` lists the frames that do")),
        _ => Ok(explained),
    }
}

fn text(explained: &[Explained], summary: bool, console: &Console) -> String {
    let mut out = String::new();
    let start = explained
        .iter()
        .find_map(|item| item.message.as_ref()?.time);
    for (index, item) in explained.iter().enumerate() {
        let Some(message) = &item.message else {
            out.push_str(&if summary {
                format!("{}\n", item.summary)
            } else {
                render(&item.nodes)
            });
            continue;
        };
        let said = match (message.note, item.summary.as_str()) {
            (None, said) => said.to_owned(),
            (Some(note), "") => note.to_owned(),
            (Some(note), said) => format!("{said} ({note})"),
        };
        let at = message
            .time
            .zip(start)
            .map_or_else(String::new, |(time, start)| offset(time, start));
        let head = format!(
            "{:>5} {at:>12}  {} > {}",
            message.frame, message.from, message.to
        );
        if index > 0 && !summary {
            out.push('\n');
        }
        out.push_str(format!("{}  {said}", console.paint_out("1", &head)).trim_end());
        out.push('\n');
        if !summary {
            out.push_str(&render(&item.nodes));
        }
    }
    out
}

// Seconds since the first message.
fn offset(time: Duration, start: Duration) -> String {
    format!("{:.6}", time.saturating_sub(start).as_secs_f64())
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct MessageView {
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    summary: String,
    malformed: bool,
    layers: Vec<NodeView>,
}

#[derive(Serialize, JsonSchema)]
struct NodeView {
    layer: String,
    name: String,
    offset: usize,
    length: usize,
    #[serde(skip_serializing_if = "String::is_empty")]
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    children: Vec<NodeView>,
}

impl NodeView {
    // As deep as the tree, which is bounded where it is made.
    fn of(node: &Node) -> Self {
        Self {
            layer: node.layer.to_string(),
            name: node.name.to_string(),
            offset: node.offset,
            length: node.length,
            value: node.value.clone(),
            error: node.error.map(|error| error.to_string()),
            children: node.children.iter().map(Self::of).collect(),
        }
    }
}

fn json(explained: &[Explained]) -> Result<String, Failure> {
    let views: Vec<MessageView> = explained
        .iter()
        .map(|item| {
            let message = item.message.as_ref();
            MessageView {
                frame: message.map(|message| message.frame),
                time: message
                    .and_then(|message| message.time)
                    .map(|time| time.as_secs_f64()),
                from: message.map(|message| message.from.to_string()),
                to: message.map(|message| message.to.to_string()),
                note: message.and_then(|message| message.note),
                summary: item.summary.clone(),
                malformed: item.is_malformed(),
                layers: item.nodes.iter().map(NodeView::of).collect(),
            }
        })
        .collect();
    serde_json::to_string_pretty(&views)
        .map(|text| text + "\n")
        .map_err(|error| Failure::new(Exit::CouldNotTest, "cannot write JSON").cause(error))
}
