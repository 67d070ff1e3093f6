//! Names, places of control blocks, name spaces, references.

use super::Judge;
use super::tables::{CLASSES, DOMAIN_LETTERS};
use crate::tree::Edition;

/// Longest MMS identifier of a domain or a variable (IEC 61850-8-1).
const MAX_IDENTIFIER: usize = 64;
/// Longest name of a data set or control block (IEC 61850-7-2, 22.2).
const MAX_BLOCK_NAME: usize = 32;

impl Judge<'_> {
    pub(super) fn names(&mut self) {
        let first = self.model.edition == Edition::Ed1;
        // Four letters of the class, and prefix and instance number around it.
        let (node, data) = if first { (11, 10) } else { (16, 12) };
        for device in self.model.logical_devices() {
            self.name(&device.name, "logical device", &device.name, MAX_IDENTIFIER);
            for ln in &device.logical_nodes {
                let reference = format!("{}/{}", device.name, ln.name);
                self.name(&reference, "logical node", &ln.name, node);
                for object in &ln.data_objects {
                    self.name(&reference, "data object", &object.name, data);
                }
                for set in &ln.data_sets {
                    self.name(&reference, "data set", &set.name, MAX_BLOCK_NAME);
                }
                for block in &ln.report_controls {
                    self.name(
                        &reference,
                        "report control block",
                        &block.name,
                        MAX_BLOCK_NAME + 2,
                    );
                }
                for block in &ln.log_controls {
                    self.name(&reference, "log control block", &block.name, MAX_BLOCK_NAME);
                }
                for block in &ln.goose_controls {
                    self.name(
                        &reference,
                        "GOOSE control block",
                        &block.name,
                        MAX_BLOCK_NAME,
                    );
                }
            }
            let long: Vec<String> = self
                .model
                .names(&device.name)
                .filter(|item| item.len() > MAX_IDENTIFIER)
                .map(str::to_owned)
                .collect();
            for item in long {
                let length = item.len();
                self.add(
                    format!("{}/{item}", device.name),
                    format!(
                        "has an MMS name of {length} characters, and {MAX_IDENTIFIER} are permitted"
                    ),
                );
            }
        }
    }

    fn name(&mut self, place: &str, what: &str, name: &str, limit: usize) {
        let length = name.chars().count();
        if length > limit {
            self.add(
                place,
                format!(
                    "the name {name} of a {what} has {length} characters, and {limit} are permitted"
                ),
            );
        }
        let good = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !good || name.is_empty() {
            self.add(place, format!("the name `{name}` of a {what} has characters other than letters, digits and `_`"));
        }
    }

    pub(super) fn blocks(&mut self) {
        let nodes: Vec<_> = self.model.nodes().collect();
        for (ld, ln) in nodes {
            let reference = format!("{}/{}", ld.name, ln.name);
            let zero = ln.name == "LLN0";
            for (there, what) in [
                (ln.setting_group.is_some(), "a setting group control block"),
                (!ln.goose_controls.is_empty(), "GOOSE control blocks"),
                (
                    !ln.sampled_value_controls.is_empty(),
                    "sampled value control blocks",
                ),
            ] {
                if there && !zero {
                    self.add(&reference, format!("has {what}, which only LLN0 has"));
                }
            }
            if let Some(block) = &ln.setting_group
                && block.num_of_sgs == 0
            {
                self.add(
                    &reference,
                    "has a setting group control block without setting groups",
                );
            }
        }
        for device in self.model.logical_devices() {
            if !device.logical_nodes.iter().any(|ln| ln.name == "LLN0") {
                self.add(&device.name, "has no logical node LLN0");
            }
        }
    }

    pub(super) fn name_spaces(&mut self) {
        // Later amendments add classes that nobody here knows.
        let closed = self.model.edition != Edition::Ed2_1;
        for (ld, ln) in self.model.nodes().collect::<Vec<_>>() {
            let class = self.class(ld, ln);
            let known = CLASSES.split_whitespace().any(|known| known == class);
            let of_domain = class
                .chars()
                .next()
                .is_some_and(|c| DOMAIN_LETTERS.contains(c));
            let plate = |node: &str| {
                let place = ld.logical_nodes.iter().find(|ln| ln.name == node)?;
                place
                    .data_objects
                    .iter()
                    .find(|object| object.name == "NamPlt")
            };
            let named = plate(&ln.name)
                .is_some_and(|plate| plate.children.iter().any(|child| child.name() == "lnNs"));
            let reference = format!("{}/{}", ld.name, ln.name);
            let shaped = class.len() == 4
                && class
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
            if !shaped {
                self.add(
                    &reference,
                    format!("has the class `{class}`, which is not four capital letters"),
                );
            } else if closed && !known && !of_domain && !named {
                self.add(&reference, format!("has the class {class}, which is none of the standard, and no lnNs that says whose it is"));
            }
        }
    }

    pub(super) fn references(&mut self) {
        for at in self.model.data_sets().collect::<Vec<_>>() {
            if at.data_set.members.is_empty() {
                self.add(at.reference().to_string(), "has no members");
            }
            for (member, node) in self.model.members(at.data_set) {
                if node.is_none() {
                    self.add(
                        at.reference().to_string(),
                        format!("has the member {member}, which does not exist"),
                    );
                }
            }
        }
        for at in self.model.report_controls().collect::<Vec<_>>() {
            if let Some(set) = at.data_set()
                && self.model.data_set(&set).is_none()
            {
                self.add(
                    at.reference().to_string(),
                    format!("names the data set {set}, which does not exist"),
                );
            }
        }
    }
}
