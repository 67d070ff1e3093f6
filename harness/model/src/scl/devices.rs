//! The logical devices of a server, and where each was described.

use std::collections::HashMap;

use roxmltree::Node;

use super::{
    blocks,
    communication::Communication,
    data_sets,
    error::{SclErrorKind, SclErrors},
    instance,
    templates::Templates,
    xml::{Context, attr, children, elements, is_name, shorten},
};
use crate::{
    services::Services,
    tree::{Edition, LogicalDevice, LogicalNode},
};

/// Most LNodeType instances (logical nodes) taken.
const MAX_LOGICAL_NODES: usize = 50_000;

/// Most logical devices taken.
const MAX_LOGICAL_DEVICES: usize = 2_000;

/// Most report control blocks taken, each instance counted: one line can describe 99 of them.
const MAX_REPORT_CONTROLS: usize = 30_000;

/// Logical devices with their index.
pub(crate) struct Devices<'a, 'i> {
    pub(crate) list: Vec<LogicalDevice>,
    /// The element of each logical node, by device and node.
    elements: Vec<Vec<Node<'a, 'i>>>,
    /// Number of a device by its `inst`.
    instances: HashMap<String, usize>,
    /// Number of a logical node by its name, for each device.
    names: Vec<HashMap<String, usize>>,
}

impl<'a, 'i: 'a> Devices<'a, 'i> {
    /// Reads devices, logical nodes and their data; data sets and blocks need all of these first.
    pub(crate) fn read(
        context: &mut Context<'a, 'i>,
        server: Node<'a, 'i>,
        ied_name: &str,
        templates: &Templates<'a, 'i>,
    ) -> Result<Self, SclErrors> {
        let mut reader = instance::Reader::new(templates);
        let mut devices = Self {
            list: Vec::new(),
            elements: Vec::new(),
            instances: HashMap::new(),
            names: Vec::new(),
        };
        let mut total = 0_usize;
        for element in children(server, "LDevice") {
            let Some(device) = device(context, ied_name, element) else {
                continue;
            };
            if devices.list.iter().any(|other| other.name == device.name) {
                let message = format!(
                    "logical device `{}` is described twice, the second is left out",
                    device.name
                );
                context.warn(
                    element,
                    message,
                    "give each logical device an `inst` of its own",
                );
                continue;
            }
            if devices.list.len() >= MAX_LOGICAL_DEVICES {
                return Err(context.fail(element, SclErrorKind::ModelTooLarge));
            }
            devices
                .instances
                .entry(device.inst.clone())
                .or_insert(devices.list.len());
            devices.list.push(device);
            devices.read_nodes(context, element, &mut reader, &mut total)?;
        }
        Ok(devices)
    }

    /// The logical nodes of the device read last.
    fn read_nodes(
        &mut self,
        context: &mut Context<'a, 'i>,
        element: Node<'a, 'i>,
        reader: &mut instance::Reader<'_, 'a, 'i>,
        total: &mut usize,
    ) -> Result<(), SclErrors> {
        let has_groups =
            children(element, "LN0").any(|node| children(node, "SettingControl").next().is_some());
        let mut sources = Vec::new();
        let mut names: HashMap<String, usize> = HashMap::new();
        let mut nodes: Vec<LogicalNode> = Vec::new();
        for node in elements(element).filter(|node| matches!(node.tag_name().name(), "LN0" | "LN"))
        {
            *total = total.saturating_add(1);
            if *total > MAX_LOGICAL_NODES {
                return Err(context.fail(node, SclErrorKind::ModelTooLarge));
            }
            let Some(logical_node) = reader.logical_node(context, node, has_groups) else {
                continue;
            };
            if names.contains_key(&logical_node.name) {
                let message = format!(
                    "logical node `{}` is described twice, the second is left out",
                    logical_node.name
                );
                context.warn(
                    node,
                    message,
                    "give each logical node of a device a `prefix` or `inst` of its own",
                );
                continue;
            }
            names.insert(logical_node.name.clone(), nodes.len());
            nodes.push(logical_node);
            sources.push(node);
        }
        if let Some(device) = self.list.last_mut() {
            if nodes.first().is_none_or(|node| node.class != "LLN0") {
                let message = format!(
                    "logical device `{}` has no LN0 as its first logical node",
                    device.name
                );
                context.warn(
                    element,
                    message,
                    "every logical device has an `LN0` before any `LN`",
                );
            }
            device.logical_nodes = nodes;
        }
        self.elements.push(sources);
        self.names.push(names);
        Ok(())
    }

    /// Reads data sets and control blocks of every logical node.
    pub(crate) fn read_blocks(
        &mut self,
        context: &mut Context<'a, 'i>,
        edition: Edition,
        services: &Services,
        communication: &Communication<'a, 'i>,
    ) -> Result<(), SclErrors> {
        let mut room = MAX_REPORT_CONTROLS;
        for (at, elements) in self.elements.clone().into_iter().enumerate() {
            for (node_at, element) in elements.into_iter().enumerate() {
                let data_sets = data_sets::read(context, element, self, at);
                let Some(device) = self.list.get(at) else {
                    continue;
                };
                let place = blocks::Place {
                    devices: self,
                    device,
                    edition,
                    services,
                };
                let read = blocks::read(
                    context,
                    element,
                    &place,
                    communication,
                    &data_sets,
                    &mut room,
                )?;
                let node = self
                    .list
                    .get_mut(at)
                    .and_then(|device| device.logical_nodes.get_mut(node_at));
                if let Some(node) = node {
                    node.data_sets = data_sets;
                    node.report_controls = read.report_controls;
                    node.log_controls = read.log_controls;
                    node.logs = read.logs;
                    node.setting_group = read.setting_group;
                    node.goose_controls = read.goose_controls;
                    node.sampled_value_controls = read.sampled_value_controls;
                }
            }
        }
        Ok(())
    }

    /// Whether any device has a logical node.
    pub(crate) fn has_nodes(&self) -> bool {
        self.list
            .iter()
            .any(|device| !device.logical_nodes.is_empty())
    }

    /// Number of the device of an instance.
    pub(crate) fn number(&self, inst: &str) -> Option<usize> {
        self.instances.get(inst).copied()
    }

    /// Whether a logical node has a log of this name. A log without name has that of its device.
    pub(crate) fn has_log(&self, domain: &str, node: &str, log: &str) -> bool {
        let found = self.list.iter().position(|device| device.name == domain);
        let element = found.and_then(|at| {
            let node = self.names.get(at)?.get(node)?;
            Some((self.list.get(at)?, self.elements.get(at)?.get(*node)?))
        });
        element.is_some_and(|(device, element)| {
            children(*element, "Log").any(|described| {
                let name = attr(described, "name").filter(|name| !name.is_empty());
                name.unwrap_or(&device.inst) == log
            })
        })
    }

    /// A logical node of a device.
    pub(crate) fn node(&self, device: usize, name: &str) -> Option<&LogicalNode> {
        let at = *self.names.get(device)?.get(name)?;
        self.list.get(device)?.logical_nodes.get(at)
    }
}

/// The device of an `LDevice` element, without its logical nodes. None when it has no name that could be served.
fn device(
    context: &mut Context<'_, '_>,
    ied_name: &str,
    element: Node<'_, '_>,
) -> Option<LogicalDevice> {
    let inst = attr(element, "inst").unwrap_or_default().to_owned();
    if inst.is_empty() {
        context.warn(
            element,
            "logical device without `inst`",
            "give it an `inst`: its name is that of the IED followed by it",
        );
    }
    let name = match attr(element, "ldName").filter(|name| !name.is_empty()) {
        Some(name) => name.to_owned(),
        None => format!("{ied_name}{inst}"),
    };
    if !is_name(&name) {
        context.warn(
            element,
            format!(
                "`{}` is no name of a logical device, it is left out",
                shorten(&name)
            ),
            "use letters, digits and `_` in the names of the IED and of its devices",
        );
        return None;
    }
    if name.len() > 64 {
        context.warn(
            element,
            format!(
                "the name of logical device `{}` is longer than 64 characters",
                shorten(&name)
            ),
            "shorten it: clients may refuse it",
        );
    }
    Some(LogicalDevice {
        name,
        inst,
        logical_nodes: Vec::new(),
    })
}
