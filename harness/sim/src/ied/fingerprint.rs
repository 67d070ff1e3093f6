//! What the next client finds: everything that a client who has gone should have left as it found it.

use std::collections::BTreeMap;

use iedassay_model::{
    Fc,
    tree::{Node, NodeId},
};

use super::{Ied, store::is_cell};

/// Attributes of report control blocks that are configuration, or tell who holds the block.
const BLOCK: [&str; 10] = [
    "RptID", "RptEna", "Resv", "ResvTms", "DatSet", "OptFlds", "BufTm", "TrgOps", "IntgPd", "Owner",
];

impl Ied {
    /// By name: settings, configuration and description, the values of the process, positions of controls included, but for
    /// their times and for what tells of the last command, report control blocks, those of publishers, data sets, selections, associations, what the process keeps from
    /// moving, and how far the clock is off.
    pub(crate) fn fingerprint(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for node in self.model.variables() {
            if let Some(block) = self
                .block_at
                .get(&node.id())
                .and_then(|at| self.blocks.get(*at))
            {
                for attribute in BLOCK {
                    if let Some(value) = block.read(attribute) {
                        all.insert(
                            format!("{}${attribute}", node.reference()),
                            value.to_string(),
                        );
                    }
                }
            } else if let Some(shown) = self.publishers.shown(node) {
                for (what, value) in shown {
                    all.insert(format!("{}${what}", node.reference()), value);
                }
            } else if is_cell(node)
                && self.stands_still(node)
                && let Some(value) = self.store.cell(node.id())
            {
                all.insert(node.reference().to_string(), value.to_string());
            }
        }
        for device in self.model.logical_devices() {
            for (item, set) in self.sets.of_domain(&device.name) {
                let members = set.members.iter().map(ToString::to_string);
                all.insert(
                    format!("data set {}/{item}", device.name),
                    members.collect::<Vec<_>>().join(" "),
                );
            }
        }
        for (object, what) in self.kept_from_moving() {
            if let Some(node) = self.model.node(object) {
                all.insert(format!("{} {what}", node.reference()), "on".to_owned());
            }
        }
        for name in self.selections() {
            all.insert(format!("selection of {name}"), "selected".to_owned());
        }
        if let Some(off) = self.clock.fingerprint(self.now) {
            all.insert("clock".to_owned(), off);
        }
        all.insert(
            "associations".to_owned(),
            self.associations.len().to_string(),
        );
        all
    }

    /// What the process side keeps from moving, and how.
    fn kept_from_moving(&self) -> impl Iterator<Item = (NodeId, String)> {
        let refused = self.refused.iter().map(|id| (*id, "blocked".to_owned()));
        let stuck = self.stuck.iter().map(|id| (*id, "stuck".to_owned()));
        let held = self.held.iter().flat_map(|(id, causes)| {
            causes
                .iter()
                .map(|cause| (*id, format!("held for cause {}", cause.0)))
        });
        refused.chain(stuck).chain(held)
    }

    fn stands_still(&self, node: Node<'_>) -> bool {
        match node.fc() {
            Some(Fc::SP | Fc::SG | Fc::SV | Fc::CF | Fc::DC | Fc::EX) => node.name() != "t",
            Some(Fc::ST | Fc::MX) => {
                // Who commanded last, how it came out, and how often, is the doing of whoever commands.
                const COMMAND: [&str; 8] = [
                    "t", "origin", "ctlNum", "opRcvd", "opOk", "tOpOk", "stSeld", "OpCnt",
                ];
                !std::iter::successors(Some(node), |node| node.parent())
                    .any(|node| COMMAND.contains(&node.name()))
            }
            _ => false,
        }
    }
}
