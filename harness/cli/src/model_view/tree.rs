//! The model as a tree for people.

use super::json::{Attribute, ModelView, Node, Object};
use crate::console::Console;

/// How far down the tree goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Data objects, several on a line.
    Objects,
    /// Every attribute on a line of its own.
    Attributes,
}

/// The tree, with a line feed at the end.
pub(crate) fn render(view: &ModelView, depth: Depth, console: &Console) -> String {
    let mut page = Page {
        out: String::new(),
        console,
    };
    page.server(view, depth);
    page.out
}

struct Page<'a> {
    out: String,
    console: &'a Console,
}

impl Page<'_> {
    fn line(&mut self, indent: usize, text: &str) {
        self.out
            .push_str(format!("{:indent$}{text}", "").trim_end());
        self.out.push('\n');
    }

    fn bold(&self, text: &str) -> String {
        self.console.paint_out("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.console.paint_out("2", text)
    }

    fn server(&mut self, view: &ModelView, depth: Depth) {
        let ied = if view.ied.is_empty() {
            "unnamed IED".to_owned()
        } else {
            format!("IED {}", view.ied)
        };
        let mut facts = vec![format!("edition {}", view.edition)];
        facts.extend(view.address.clone());
        facts.push(view.source.clone());
        self.line(
            0,
            &format!("{}  {}", self.bold(&ied), self.dim(&facts.join(", "))),
        );
        for device in &view.logical_devices {
            self.line(0, "");
            self.line(0, &self.bold(&device.name));
            for node in &device.logical_nodes {
                self.node(node, depth);
            }
        }
    }

    fn node(&mut self, node: &Node, depth: Depth) {
        match depth {
            Depth::Objects => {
                let objects: Vec<String> = node.data_objects.iter().map(label).collect();
                let width = self.console.width().min(110);
                for (index, line) in pack(&objects, width.saturating_sub(18).max(40))
                    .iter()
                    .enumerate()
                {
                    let name = if index == 0 { node.name.as_str() } else { "" };
                    self.line(2, &format!("{name:<14}  {line}"));
                }
                if objects.is_empty() {
                    self.line(2, &node.name);
                }
            }
            Depth::Attributes => {
                self.line(2, &self.bold(&node.name));
                for object in &node.data_objects {
                    self.object(object, 4);
                }
            }
        }
        self.blocks(node, if depth == Depth::Objects { 18 } else { 4 });
    }

    fn object(&mut self, object: &Object, indent: usize) {
        self.line(
            indent,
            &format!(
                "{}{}  {}",
                object.name,
                count(object.count),
                self.dim(&object.cdc)
            ),
        );
        for attribute in &object.attributes {
            self.attribute(attribute, indent + 2, true);
        }
        for object in &object.sub_objects {
            self.object(object, indent + 2);
        }
    }

    fn attribute(&mut self, attribute: &Attribute, indent: usize, with_fc: bool) {
        let name = format!("{}{}", attribute.name, count(attribute.count));
        let fc = if with_fc {
            format!("[{}]", attribute.fc)
        } else {
            String::new()
        };
        let triggers = self.dim(&attribute.triggers.join(" "));
        let width = 34_usize.saturating_sub(indent).max(8);
        self.line(
            indent,
            &format!(
                "{name:<width$} {fc:<5} {:<12} {triggers}",
                attribute.basic_type
            ),
        );
        for component in &attribute.components {
            self.attribute(component, indent + 2, false);
        }
    }

    fn blocks(&mut self, node: &Node, indent: usize) {
        for set in &node.data_sets {
            let members = set.members.len();
            self.line(
                indent,
                &format!(
                    "data set {}  {}",
                    set.name,
                    self.dim(&format!("{members} members"))
                ),
            );
            for member in &set.members {
                self.line(indent + 2, &self.dim(member));
            }
        }
        for block in &node.report_controls {
            let kind = if block.buffered { "BRCB" } else { "URCB" };
            let data_set = block.data_set.as_deref().unwrap_or("no data set");
            let mut facts = vec![data_set.to_owned()];
            if !block.trg_ops.is_empty() {
                facts.push(block.trg_ops.join(" "));
            }
            if block.intg_pd_ms > 0 {
                facts.push(format!("IntgPd {} ms", block.intg_pd_ms));
            }
            if block.buf_tm_ms > 0 {
                facts.push(format!("BufTm {} ms", block.buf_tm_ms));
            }
            facts.extend(
                block
                    .reserved_for
                    .iter()
                    .map(|client| format!("reserved for {client}")),
            );
            self.line(
                indent,
                &format!("{kind} {}  {}", block.name, self.dim(&facts.join(", "))),
            );
        }
        for block in &node.log_controls {
            let data_set = block.data_set.as_deref().unwrap_or("no data set");
            self.line(
                indent,
                &format!(
                    "LCB {}  {}",
                    block.name,
                    self.dim(&format!("{data_set} to {}", block.log))
                ),
            );
        }
        for log in &node.logs {
            self.line(indent, &format!("log {log}"));
        }
        if let Some(groups) = &node.setting_groups {
            let facts = format!("{} groups, {} active", groups.count, groups.active);
            self.line(indent, &format!("SGCB  {}", self.dim(&facts)));
        }
        for (kind, blocks) in [
            ("GoCB", &node.goose_controls),
            ("SVCB", &node.sampled_value_controls),
        ] {
            for block in blocks {
                let data_set = block.data_set.as_deref().unwrap_or("no data set");
                self.line(
                    indent,
                    &format!(
                        "{kind} {}  {}",
                        block.name,
                        self.dim(&format!("{data_set}, id {}", block.id))
                    ),
                );
            }
        }
    }
}

fn label(object: &Object) -> String {
    let cdc = if object.cdc.is_empty() {
        String::new()
    } else {
        format!(":{}", object.cdc)
    };
    format!("{}{}{cdc}", object.name, count(object.count))
}

fn count(count: Option<u32>) -> String {
    count.map(|count| format!("({count})")).unwrap_or_default()
}

// Words on lines of at most `width` characters.
fn pack(words: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.clone()),
        }
    }
    lines
}
