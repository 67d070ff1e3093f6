//! What the owner of the device allows.

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
        if node.text().and_then(parse_bool) == Some(true) {
            let message = "`operate` needs the list of controls that may be operated";
            cx.push(Diagnostic::error(Code::Invalid, node.span, message).help(
                "for instance `operate: [CTRL/GGIO1.SPCSO1]`; `[\"*\"]` stands for all of them",
            ));
            return None;
        }
        Permission::from_node(node, cx).map(Self)
    }
}

impl schemars::JsonSchema for Controls {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Controls".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"anyOf": [{"const": false}, {"type": "array", "items": {"type": "string"}}]})
    }
}

yaml_struct! {
    /// What the owner of the device allows beyond reading and configuring report control blocks.
    #[derive(Default)]
    pub struct Allow {
        /// Writing settings, configuration and descriptions: `true`, or patterns of what may be written. What is
        /// overwritten is put back. Cases that check that a write is refused may try it on any object when this is given at all.
        pub write_data: Option<Permission>,
        /// Operating: the controls that may be operated, for instance `[CTRL/GGIO1.SPCSO1]`. A real device trips a real
        /// breaker, so there is no `true` here.
        pub operate: Option<Controls>,
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
            Allowance::Operate => self.operate.as_ref().is_some_and(|c| c.0.any()),
            Allowance::DataSets => flag(self.data_sets),
            Allowance::SettingGroups => flag(self.setting_groups),
            Allowance::Files => flag(self.files),
            Allowance::CutPower => flag(self.cut_power),
            Allowance::CutNetwork => flag(self.cut_network),
            Allowance::ExhaustAssociations => flag(self.exhaust_associations),
            Allowance::Robustness => flag(self.robustness),
        }
    }

    /// Whether this control (by its reference `LD/LN.DO`) may be operated.
    #[must_use]
    pub fn may_operate(&self, control: &str) -> bool {
        self.operate.as_ref().is_some_and(|c| c.0.covers(control))
    }

    /// Whether this object (by its reference) may be written.
    #[must_use]
    pub fn may_write(&self, object: &str) -> bool {
        self.write_data.as_ref().is_some_and(|p| p.covers(object))
    }
}
