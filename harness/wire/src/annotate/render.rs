//! Trees as text.

use core::fmt::Write;

use crate::annotate::Node;
use crate::error::Layer;
use crate::mms::Pdu;

/// Octets of a line of a summary.
const SUMMARY: usize = 200;

/// The tree as lines: offset in hexadecimal, indentation, name and value. An error has a line of its
/// own, marked with `!`.
#[must_use]
pub fn render(nodes: &[Node]) -> String {
    let mut out = String::new();
    // Recursion is as deep as the tree, which the walk has bounded.
    for node in nodes {
        write_node(&mut out, node, 0);
    }
    out
}

fn write_node(out: &mut String, node: &Node, depth: usize) {
    let indent = depth.saturating_mul(2);
    // Writing to a string cannot fail.
    let _ = write!(out, "{:04x}  {:indent$}{}", node.offset, "", node.name);
    if !node.value.is_empty() {
        let _ = write!(out, ": {}", node.value);
    }
    out.push('\n');
    if let Some(error) = node.error {
        let _ = writeln!(out, "{:04x}! {:indent$}{error}", error.offset, "");
    }
    for child in &node.children {
        write_node(out, child, depth.saturating_add(1));
    }
}

/// The names of the parts around an octet, outermost first, joined by `/`; `None` when no part covers
/// it. An offset at the very end belongs to what ends there.
#[must_use]
pub fn path_at(nodes: &[Node], offset: usize) -> Option<String> {
    let mut path: Option<String> = None;
    let mut nodes = nodes;
    while let Some(node) = covering(nodes, offset) {
        match &mut path {
            None => path = Some(node.name.to_string()),
            Some(path) => {
                path.push('/');
                path.push_str(&node.name);
            }
        }
        nodes = &node.children;
    }
    path
}

fn covering(nodes: &[Node], offset: usize) -> Option<&Node> {
    let end = |node: &Node| node.offset.saturating_add(node.length);
    nodes
        .iter()
        .find(|node| (node.offset..end(node)).contains(&offset))
        .or_else(|| nodes.iter().rev().find(|node| end(node) == offset))
}

/// One line for what the octets of a packet, TPDU, or PDU say, such as
/// `DT, read-request #12: [ASSAYLD0/LLN0$ST$Mod$stVal]`. Several packets are joined by `; `. Control characters in names are escaped.
#[must_use]
pub fn summarize(bytes: &[u8]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for node in &super::annotate(bytes) {
        let mut words: Vec<String> = Vec::new();
        collect(&mut words, node, bytes);
        if words.is_empty() {
            words.push(node.name.to_string());
        }
        if node.has_error() {
            words.push("malformed".to_owned());
        }
        parts.push(words.join(", "));
    }
    let mut line = String::new();
    for c in parts.join("; ").chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    match line.char_indices().nth(SUMMARY) {
        Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// The names that matter of each layer.
fn collect(words: &mut Vec<String>, node: &Node, bytes: &[u8]) {
    match node.layer {
        Layer::Mms => {
            let end = node.offset.saturating_add(node.length);
            let octets = bytes.get(node.offset..end).unwrap_or_default();
            // Behind a reassembly the octets of the PDU do not lie in one run.
            words.push(match Pdu::decode(octets) {
                Ok(pdu) => pdu.to_string(),
                Err(_) => node.name.to_string(),
            });
            return;
        }
        Layer::Cotp if node.name.len() > 2 => return,
        Layer::Cotp => words.push(match (&*node.name, node.value.is_empty()) {
            (name, true) => name.to_owned(),
            (name, false) => format!("{name} ({})", node.value),
        }),
        // Not what carries data, which has a comma in its name: its contents say more.
        Layer::Session
            if node
                .name
                .chars()
                .all(|c| c.is_ascii_uppercase() || c == ' ') =>
        {
            words.push(node.name.to_string());
        }
        Layer::Presentation if node.name.ends_with("PDU") || node.name == "CP-type" => {
            words.push(node.name.to_string());
        }
        Layer::Acse if matches!(&*node.name, "AARQ" | "AARE" | "RLRQ" | "RLRE" | "ABRT") => {
            words.push(node.name.to_string());
        }
        _ => {}
    }
    for child in &node.children {
        collect(words, child, bytes);
    }
}
