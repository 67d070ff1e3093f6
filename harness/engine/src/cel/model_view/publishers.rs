//! Control blocks of GOOSE and of sampled values as expressions see them.

use iedassay_model::services::Setting;
use iedassay_model::tree::{LogicalDevice, LogicalNode, MulticastAddress, Node};

use super::{View, int, list, map, text};
use crate::cel::Value;

impl View<'_> {
    /// GOOSE control blocks.
    pub(super) fn goose_controls(&self) -> Vec<Value> {
        let settings = self.model.services.goose_settings.unwrap_or_default();
        let mut found = Vec::new();
        for (ld, ln) in self.model.nodes() {
            for block in &ln.goose_controls {
                let dynamic = [("datSet", settings.dat_set), ("id", settings.app_id)];
                let mut entries = self.publisher(ld, ln, "GO", &block.name, block.dat_set.as_ref());
                entries.extend([
                    ("kind", text("gocb")),
                    ("switch", text("GoEna")),
                    ("idName", text("GoID")),
                    ("id", text(&block.app_id)),
                    ("confRev", int(block.conf_rev)),
                    ("address", address(block.address)),
                    ("minTime", block.min_time.map_or(Value::Null, int)),
                    ("maxTime", block.max_time.map_or(Value::Null, int)),
                    ("fixedOffs", Value::Bool(block.fixed_offs)),
                    ("dyn", settable(&dynamic)),
                ]);
                found.push(map(entries));
            }
        }
        found
    }

    /// Control blocks of multicast and of unicast sampled values.
    pub(super) fn sampled_value_controls(&self) -> Vec<Value> {
        let settings = self.model.services.sampled_value_settings;
        let settings = settings.unwrap_or_default();
        let mut found = Vec::new();
        for (ld, ln) in self.model.nodes() {
            for block in &ln.sampled_value_controls {
                let (fc, id_name) = if block.multicast {
                    ("MS", "MsvID")
                } else {
                    ("US", "UsvID")
                };
                let dynamic = [
                    ("datSet", settings.dat_set),
                    ("id", settings.sv_id),
                    ("optFlds", settings.opt_fields),
                    ("smpRate", settings.smp_rate),
                ];
                let mut entries = self.publisher(ld, ln, fc, &block.name, block.dat_set.as_ref());
                entries.extend([
                    ("kind", text("svcb")),
                    ("switch", text("SvEna")),
                    ("idName", text(id_name)),
                    ("id", text(&block.smv_id)),
                    ("confRev", int(block.conf_rev)),
                    ("multicast", Value::Bool(block.multicast)),
                    ("smpRate", int(block.smp_rate)),
                    ("smpMod", int(block.smp_mod)),
                    ("noAsdu", int(block.no_asdu)),
                    ("address", address(block.address)),
                    ("dyn", settable(&dynamic)),
                ]);
                found.push(map(entries));
            }
        }
        found
    }

    /// What both kinds share.
    fn publisher(
        &self,
        ld: &LogicalDevice,
        ln: &LogicalNode,
        fc: &str,
        name: &str,
        dat_set: Option<&String>,
    ) -> Vec<(&'static str, Value)> {
        let item = format!("{}${fc}${name}", ln.name);
        let reference = format!("{}/{}.{name}[{fc}]", ld.name, ln.name);
        let dat_set = dat_set.filter(|name| !name.is_empty());
        let dat_set = dat_set.map(|name| format!("{}/{}${name}", ld.name, ln.name));
        let members = dat_set.as_ref().and_then(|wanted| {
            let mut sets = self.model.data_sets();
            sets.find(|at| format!("{}/{}${}", at.ld.name, at.ln.name, at.data_set.name) == *wanted)
        });
        let members = members.map(|at| self.model.members(at.data_set));
        let members = members.into_iter().flatten().enumerate();
        let attributes = self
            .model
            .resolve(&ld.name, &item)
            .into_iter()
            .flat_map(Node::children)
            .map(|attribute| text(attribute.name()));
        let allowed = self.assume.allowed || {
            let allow = self.target.allow.as_ref();
            allow.is_some_and(|allow| allow.may_publish(&reference))
        };
        vec![
            ("ref", text(&reference)),
            ("mms", text(&format!("{}/{item}", ld.name))),
            ("ld", text(&ld.name)),
            ("ln", text(&ln.name)),
            ("name", text(name)),
            ("datSet", text(&dat_set.unwrap_or_default())),
            (
                "members",
                list(members.map(|(at, (reference, node))| self.member(at, reference, node))),
            ),
            ("attributes", list(attributes)),
            ("mayWrite", Value::Bool(allowed)),
        ]
    }
}

fn settable(settings: &[(&'static str, Setting)]) -> Value {
    map(settings
        .iter()
        .map(|(name, setting)| (*name, Value::Bool(setting.is_dynamic()))))
}

/// Where messages go, when the description says so.
fn address(address: Option<MulticastAddress>) -> Value {
    address.map_or(Value::Null, |address| {
        let mac = address.mac.map(|octet| format!("{octet:02x}")).join("");
        map([
            ("mac", text(&mac)),
            ("priority", int(address.priority)),
            ("vlan", int(address.vlan)),
            ("appId", int(address.app_id)),
        ])
    })
}
