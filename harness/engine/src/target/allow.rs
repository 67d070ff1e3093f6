//! What the owner of the device allows.

use std::net::IpAddr;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::suite::Allowance;
use crate::yaml::decode::parse_bool;
use crate::yaml::{Decoder, FromNode, Node, NodeKind, yaml_struct};

/// Nothing, everything, or only what a list of patterns names (`*` stands for any text).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permission {
    /// Where it stands.
    pub span: Span,
    /// Patterns of object names; empty: nothing is allowed.
    pub only: Vec<String>,
}

impl Permission {
    /// Whether anything is allowed.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.only.is_empty()
    }

    /// Whether this object is allowed.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        self.only.iter().any(|p| crate::glob::matches(p, name))
    }
}

impl FromNode for Permission {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let only = match &node.kind {
            NodeKind::Seq(_) => Vec::from_node(node, cx)?,
            _ => match node.text().and_then(parse_bool) {
                Some(true) => vec!["*".to_owned()],
                Some(false) => Vec::new(),
                None => {
                    cx.wrong_type(node, "`true`, `false` or a list of objects");
                    return None;
                }
            },
        };
        Some(Self {
            span: node.span,
            only,
        })
    }
}

impl schemars::JsonSchema for Permission {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Permission".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"anyOf": [{"type": "boolean"}, {"type": "array", "items": {"type": "string"}}]})
    }
}

/// The controls that may be operated: always a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Controls(pub Permission);

impl FromNode for Controls {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        listed(
            node,
            cx,
            "`operate` needs the list of controls that may be operated",
            "for instance `operate: [CTRL/GGIO1.SPCSO1]`; `[\"*\"]` stands for all of them",
        )
        .map(Self)
    }
}

impl schemars::JsonSchema for Controls {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Controls".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        list_schema()
    }
}

/// The data objects whose value may be substituted: always a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Substitutable(pub Permission);

impl FromNode for Substitutable {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        listed(
            node,
            cx,
            "`substitute` needs the list of data objects whose value may be substituted",
            "for instance `substitute: [LD0/GGIO2.Ind1]`; `[\"*\"]` stands for all of them",
        )
        .map(Self)
    }
}

impl schemars::JsonSchema for Substitutable {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Substitutable".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        list_schema()
    }
}

/// The publishers that may be switched and configured: always a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Publishers(pub Permission);

impl FromNode for Publishers {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        listed(
            node,
            cx,
            "`publishers` needs the list of control blocks that may be switched",
            "for instance `publishers: [\"LD0/LLN0.gcbSpare[GO]\"]`; `[\"*\"]` stands for all of them",
        )
        .map(Self)
    }
}

impl schemars::JsonSchema for Publishers {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Publishers".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        list_schema()
    }
}

/// The devices that may be told a wrong time: always a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimeClients(pub Permission);

impl TimeClients {
    /// Whether whoever asks from this address is answered.
    #[must_use]
    pub fn covers(&self, address: IpAddr) -> bool {
        self.0.covers(&address.to_string())
    }
}

impl FromNode for TimeClients {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        listed(
            node,
            cx,
            "`time-server` needs the list of addresses that are told the time",
            "for instance `time-server: [192.0.2.10]`, the device and no other",
        )
        .map(Self)
    }
}

impl schemars::JsonSchema for TimeClients {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TimeClients".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        list_schema()
    }
}

/// A permission that nobody may give for everything in passing.
fn listed(
    node: &Node,
    cx: &mut Decoder,
    message: &'static str,
    help: &'static str,
) -> Option<Permission> {
    if node.text().and_then(parse_bool) == Some(true) {
        cx.push(Diagnostic::error(Code::Invalid, node.span, message).help(help));
        return None;
    }
    Permission::from_node(node, cx)
}

fn list_schema() -> schemars::Schema {
    schemars::json_schema!({"anyOf": [{"const": false}, {"type": "array", "items": {"type": "string"}}]})
}

yaml_struct! {
    /// What the owner of the device allows beyond reading and configuring report control blocks.
    #[derive(Default)]
    pub struct Allow {
        /// Writing settings, configuration and descriptions: `true`, or patterns of what may be written. What is
        /// overwritten is put back. Cases that check that a write is refused may try it on any object when this is given at all.
        pub write_data: Option<Permission>,
        /// Substituting values and blocking their update (FC SV and BL): the data objects, for instance `[LD0/GGIO2.Ind1]`. Whoever
        /// looks at a substituted value acts on it, interlocking too, so `write-data` does not cover it and there is no `true` here.
        pub substitute: Option<Substitutable>,
        /// Operating: the controls that may be operated, for instance `[CTRL/GGIO1.SPCSO1]`. A real device trips a real
        /// breaker, so there is no `true` here.
        pub operate: Option<Controls>,
        /// Publishers: the control blocks of GOOSE and sampled values that may be disabled, configured and enabled, for instance
        /// `["LD0/LLN0.gcbSpare[GO]"]`. Nothing is published meanwhile, and ConfRev stays where the changes of the data set
        /// have brought it, so that subscribers may refuse what comes after. There is no `true` here.
        pub publishers: Option<Publishers>,
        /// Creating and deleting data sets.
        pub data_sets: Option<bool>,
        /// Activating and editing setting groups.
        pub setting_groups: Option<bool>,
        /// Writing and deleting files.
        pub files: Option<bool>,
        /// Interrupting the supply.
        pub cut_power: Option<bool>,
        /// Cutting the network path.
        pub cut_network: Option<bool>,
        /// Using up all associations the server has: other clients are locked out meanwhile.
        pub exhaust_associations: Option<bool>,
        /// Being the time server of the device, which tells it wrong times too: the addresses that are answered, for instance
        /// `[192.0.2.10]`. Whoever else asks is not answered. What the device records meanwhile has those times, its logs and
        /// disturbance records too, so there is no `true` here.
        pub time_server: Option<TimeClients>,
        /// Sending what no honest client sends.
        pub robustness: Option<bool>,
    }
}

impl Allow {
    /// Whether this is allowed at all.
    #[must_use]
    pub fn permits(&self, what: Allowance) -> bool {
        let list = |p: &Option<Permission>| p.as_ref().is_some_and(Permission::any);
        let flag = |p: Option<bool>| p.unwrap_or(false);
        match what {
            Allowance::WriteData => list(&self.write_data),
            Allowance::Substitute => self.substitute.as_ref().is_some_and(|s| s.0.any()),
            Allowance::Operate => self.operate.as_ref().is_some_and(|c| c.0.any()),
            Allowance::Publishers => self.publishers.as_ref().is_some_and(|p| p.0.any()),
            Allowance::DataSets => flag(self.data_sets),
            Allowance::SettingGroups => flag(self.setting_groups),
            Allowance::Files => flag(self.files),
            Allowance::CutPower => flag(self.cut_power),
            Allowance::CutNetwork => flag(self.cut_network),
            Allowance::ExhaustAssociations => flag(self.exhaust_associations),
            Allowance::TimeServer => self.time_server.as_ref().is_some_and(|t| t.0.any()),
            Allowance::Robustness => flag(self.robustness),
        }
    }

    /// Whether this control (by its reference `LD/LN.DO`) may be operated.
    #[must_use]
    pub fn may_operate(&self, control: &str) -> bool {
        self.operate.as_ref().is_some_and(|c| c.0.covers(control))
    }

    /// Whether this control block (by its reference `LD/LN.name[GO]`) may be switched and configured.
    #[must_use]
    pub fn may_publish(&self, block: &str) -> bool {
        self.publishers.as_ref().is_some_and(|p| p.0.covers(block))
    }

    /// Whether this object (by its reference) may be written, or substituted when it is of FC SV or BL.
    #[must_use]
    pub fn may_write(&self, object: &str) -> bool {
        match substituted_object(object) {
            Some(object) => {
                let permission = self.substitute.as_ref();
                permission.is_some_and(|s| s.0.covers(object))
            }
            None => self.write_data.as_ref().is_some_and(|p| p.covers(object)),
        }
    }
}

/// The data object `LD/LN.DO` that a reference such as `LD/LN.DO.subMag.f[SV]` substitutes; none for other constraints.
#[must_use]
pub fn substituted_object(reference: &str) -> Option<&str> {
    let path = reference
        .strip_suffix("[SV]")
        .or_else(|| reference.strip_suffix("[BL]"))?;
    // Names of attributes begin small, those of data objects with a capital.
    let end = [".sub", ".blkEna"].iter().find_map(|name| path.find(name));
    Some(end.and_then(|end| path.get(..end)).unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(patterns: &[&str]) -> Permission {
        Permission {
            span: Span::default(),
            only: patterns.iter().map(|p| (*p).to_owned()).collect(),
        }
    }

    #[test]
    fn writing_everything_substitutes_nothing() {
        let mut allow = Allow {
            write_data: Some(list(&["*"])),
            ..Allow::default()
        };
        for reference in [
            "LD0/GGIO2.Ind1.subEna[SV]",
            "LD0/GGIO2.Ind1[SV]",
            "LD0/GGIO2.Ind1.blkEna[BL]",
        ] {
            assert!(!allow.may_write(reference), "{reference}");
        }
        assert!(allow.may_write("LD0/GGIO2.Ind1.d[DC]"));
        assert!(!allow.permits(Allowance::Substitute));
        allow.substitute = Some(Substitutable(list(&["LD0/GGIO2.Ind1", "MEAS/*.phsA"])));
        for (reference, may) in [
            ("LD0/GGIO2.Ind1.subEna[SV]", true),
            ("LD0/GGIO2.Ind1[SV]", true),
            ("LD0/GGIO2.Ind1.blkEna[BL]", true),
            ("LD0/GGIO2.Ind2.subEna[SV]", false),
            ("MEAS/MMXU1.PhV.phsA.subCVal.mag.f[SV]", true),
        ] {
            assert_eq!(allow.may_write(reference), may, "{reference}");
        }
        assert!(allow.permits(Allowance::Substitute));
    }
}
