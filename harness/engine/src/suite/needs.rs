//! What a case needs before it can run.

use crate::cel::Expr;
use crate::diagnostic::Spanned;
use crate::yaml::{Decoder, FromNode, Node, NodeKind, words, yaml_struct};

yaml_struct! {
    /// What must be claimed, present, allowed or at hand; otherwise the case is not applicable, with the reason.
    pub struct Needs {
        /// PICS items that the target must not deny: `M8`, `S27`.
        #[schemars(default)]
        pub capability: OneOrMore<Spanned<String>>,
        /// Expressions about the model that must be true.
        #[schemars(default)]
        pub model: crate::cel::ExprList,
        /// Ways to make something happen that the target must offer.
        #[schemars(default)]
        pub stimulus: OneOrMore<Spanned<StimulusKind>>,
        /// What the owner of the device must allow. What the steps of a case do by themselves is found without this.
        #[schemars(default)]
        pub allow: OneOrMore<Spanned<Allowance>>,
        /// PIXIT questions that must be answered: `As1`.
        #[schemars(default)]
        pub pixit: OneOrMore<Spanned<String>>,
    }
}

words! {
    /// What can be made to happen at the device.
    pub enum StimulusKind ("stimulus") {
        /// A value changes.
        Dchg = "dchg",
        /// A quality changes.
        Qchg = "qchg",
        /// A value is written again without a change.
        Dupd = "dupd",
        /// The process refuses a control (a test that is not ok).
        TestNotOk = "test-not-ok",
        /// The process accepts a control and does not follow it.
        KeepsState = "keeps-state",
        /// Interlocking does not permit the control.
        Interlocked = "interlocked",
        /// The synchrocheck does not permit the control.
        NoSynchronism = "no-synchronism",
        /// The local/remote switch of the control is at local.
        Local = "local",
        /// Commands to the control are blocked (CmdBlk).
        CommandBlocked = "command-blocked",
        /// Of the objects that are in this condition only one may be controlled at a time.
        OneOfN = "one-of-n",
        /// The process begins a command and stops in an intermediate or bad position.
        HalfWay = "half-way",
        /// The path to the client is cut without FIN or RST.
        Network = "network",
        /// The supply is interrupted.
        Power = "power",
        /// The harness is the time server of the device.
        TimeServer = "time-server",
        /// The harness is a second time server of the device too.
        SecondTimeServer = "second-time-server",
        /// A person does something and answers.
        Operator = "operator",
    }
}

words! {
    /// What a target must allow before the harness does it.
    pub enum Allowance ("allowance") {
        /// Writing settings, configuration and descriptions (FC SP, CF, DC, SE and the like).
        WriteData = "write-data",
        /// Substituting the values the target lists, and blocking their update (FC SV and BL). A case that names it needs no
        /// `write-data` for its writes.
        Substitute = "substitute",
        /// Operating the controls the target lists.
        Operate = "operate",
        /// Switching and configuring publishers of GOOSE and sampled values, those the target lists.
        Publishers = "publishers",
        /// Creating and deleting data sets.
        DataSets = "data-sets",
        /// Activating and editing setting groups.
        SettingGroups = "setting-groups",
        /// Writing and deleting files.
        Files = "files",
        /// Interrupting the supply.
        CutPower = "cut-power",
        /// Cutting the network path.
        CutNetwork = "cut-network",
        /// Using up all associations the server has.
        ExhaustAssociations = "exhaust-associations",
        /// Telling the device the time, also a wrong one.
        TimeServer = "time-server",
        /// Sending what no honest client sends.
        Robustness = "robustness",
    }
}

/// A list that may be written without brackets when it has one element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMore<T>(pub Vec<T>);

impl<T> Default for OneOrMore<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> core::ops::Deref for OneOrMore<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: FromNode> FromNode for OneOrMore<T> {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        match &node.kind {
            NodeKind::Seq(_) => Vec::from_node(node, cx).map(Self),
            _ => T::from_node(node, cx).map(|v| Self(vec![v])),
        }
    }

    fn missing() -> Option<Self> {
        Some(Self::default())
    }
}

impl<T: schemars::JsonSchema> schemars::JsonSchema for OneOrMore<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("OneOrMore{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let one = generator.subschema_for::<T>();
        schemars::json_schema!({"anyOf": [one.clone(), {"type": "array", "items": one}]})
    }
}

/// Expressions inside `needs`.
impl Needs {
    /// The expressions about the model.
    #[must_use]
    pub fn exprs(&self) -> &[Expr] {
        &self.model.0
    }
}
