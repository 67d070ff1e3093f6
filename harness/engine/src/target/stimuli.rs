//! How to make things happen to the device.

use super::address::HostPort;
use super::http::HttpCall;
use crate::cel::{FieldValue, Millis, ObjectName};
use crate::diagnostic::{Code, Diagnostic, Span, Spanned};
use crate::suite::StimulusKind;
use crate::suite::steps::Condition;
use crate::yaml::{Decoder, FromNode, Node, NodeKind, yaml_struct};

/// Where a line protocol is spoken: `process-side` (the target's), or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The target's `process-side`.
    ProcessSide,
    /// Another address.
    Address(HostPort),
}

impl FromNode for Line {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        crate::cel::from_scalar(node, cx)
    }
}

impl schemars::JsonSchema for Line {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Line".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "description": "`process-side`, or the address of a line protocol."})
    }
}

/// A way to make something happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A command of the line protocol.
    Line(Line),
    /// An external command: program and arguments, with `{ref}`, `{value}`, `{change}` replaced. No shell.
    Exec(Vec<String>),
    /// An HTTP call, with `{ref}`, `{value}`, `{change}` replaced.
    Http(HttpCall),
    /// An MMS write to this object (`{ref}` is replaced by the leaf), on an association of its own.
    Write(ObjectName),
    /// A control of this object, on an association of its own. The object must be allowed under `operate`.
    Control(ObjectName),
    /// A person is asked; `{ref}`, `{value}`, `{change}` are replaced.
    Prompt(String),
}

impl Action {
    /// Whether a person does it.
    #[must_use]
    pub fn needs_person(&self) -> bool {
        matches!(self, Self::Prompt(_))
    }
}

/// How to change one or several leaves.
#[derive(Debug, Clone)]
pub struct Stimulus {
    /// Where it stands.
    pub span: Span,
    /// Pattern of the leaves it is for (`*` stands for any text); all if absent.
    pub matching: Option<Spanned<String>>,
    /// What it can do; `dchg` if absent, and with a line protocol also `qchg` and `dupd`.
    pub changes: Vec<StimulusKind>,
    /// How.
    pub action: Action,
    /// Time the device takes to see it; is waited before the instant is taken.
    pub settle: Option<Millis>,
}

impl Stimulus {
    /// Whether it can do this to the leaf of this reference.
    #[must_use]
    pub fn serves(&self, leaf: &str, change: StimulusKind) -> bool {
        self.changes.contains(&change)
            && self
                .matching
                .as_ref()
                .is_none_or(|p| crate::glob::matches(&p.value, leaf))
    }
}

yaml_struct! {
    /// How to change one or several leaves. Exactly one of `line`, `exec`, `http`, `write`, `control`, `prompt`.
    struct StimulusMap {
        /// Pattern of the leaves it is for, for instance `CTRL/GGIO1.Ind*.stVal[ST]`.
        r#match: Option<Spanned<String>>,
        /// What it can do: `dchg`, `qchg`, `dupd`.
        #[schemars(default)]
        changes: Vec<Spanned<StimulusKind>>,
        /// Time the device takes to see it.
        settle: Option<Millis>,
        /// A command of the line protocol.
        line: Option<Line>,
        /// An external command: program and arguments, with `{ref}`, `{value}`, `{change}` replaced. No shell.
        exec: Option<Vec<String>>,
        /// An HTTP call, with `{ref}`, `{value}`, `{change}` replaced.
        http: Option<HttpCall>,
        /// An MMS write to this object; `{ref}` is replaced by the leaf.
        write: Option<String>,
        /// A control of this object.
        control: Option<String>,
        /// A person is asked; `{ref}`, `{value}`, `{change}` are replaced.
        prompt: Option<String>,
    }
}

impl FromNode for Stimulus {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let map = StimulusMap::from_node(node, cx)?;
        let action = one_of(
            node,
            cx,
            [
                map.line.map(Action::Line),
                map.exec.map(Action::Exec),
                map.http.map(Action::Http),
                map.write.map(|w| Action::Write(ObjectName(w))),
                map.control.map(|c| Action::Control(ObjectName(c))),
                map.prompt.map(Action::Prompt),
            ],
            "`line`, `exec`, `http`, `write`, `control` or `prompt`",
        )?;
        if matches!(&action, Action::Exec(words) if words.is_empty()) {
            cx.error(Code::Invalid, node.span, "`exec` needs a program");
            return None;
        }
        let mut changes: Vec<StimulusKind> = map.changes.iter().map(|c| c.value).collect();
        for change in &map.changes {
            if !matches!(
                change.value,
                StimulusKind::Dchg | StimulusKind::Qchg | StimulusKind::Dupd
            ) {
                let message = format!("`{change}` is no change of a value");
                cx.push(
                    Diagnostic::error(Code::Invalid, change.span, message)
                        .help("permitted: `dchg`, `qchg`, `dupd`"),
                );
            }
        }
        if changes.is_empty() {
            changes = match action {
                Action::Line(_) => {
                    vec![StimulusKind::Dchg, StimulusKind::Qchg, StimulusKind::Dupd]
                }
                _ => vec![StimulusKind::Dchg],
            };
        }
        Some(Self {
            span: node.span,
            matching: map.r#match,
            changes,
            action,
            settle: map.settle,
        })
    }
}

impl schemars::JsonSchema for Stimulus {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Stimulus".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        StimulusMap::json_schema(generator)
    }
}

yaml_struct! {
    /// How to make things happen.
    #[derive(Default)]
    pub struct Stimuli {
        /// For every leaf that no entry of `members` is for.
        pub default: Option<Stimulus>,
        /// For some leaves; the first entry that fits is taken.
        #[schemars(default)]
        pub members: Vec<Stimulus>,
        /// How to bring the process into a condition.
        pub conditions: Option<Conditions>,
        /// Whether a person is there to answer prompts.
        pub operator: Option<bool>,
    }
}

impl Stimuli {
    /// The way to do this to the leaf of this reference; one that needs a person only if somebody is there.
    #[must_use]
    pub fn find(&self, leaf: &str, change: StimulusKind, attended: bool) -> Option<&Stimulus> {
        self.all()
            .find(|s| s.serves(leaf, change) && (attended || !s.action.needs_person()))
    }

    /// Every way, in the order in which they are tried.
    pub fn all(&self) -> impl Iterator<Item = &Stimulus> {
        self.members.iter().chain(self.default.as_ref())
    }
}

yaml_struct! {
    /// How to bring the process of a control into a condition, and out of it.
    #[derive(Default)]
    pub struct Conditions {
        /// The process refuses commands (a test that is not ok).
        pub test_not_ok: Option<WorldAction>,
        /// The process accepts commands and does not follow them (PIXIT Ct24: a switch that is wired to stay).
        pub keeps_state: Option<WorldAction>,
        /// Interlocking does not permit the control.
        pub interlocked: Option<WorldAction>,
        /// The synchrocheck does not permit the control.
        pub no_synchronism: Option<WorldAction>,
        /// The local/remote switch of the control is at local.
        pub local: Option<WorldAction>,
        /// Commands to the control are blocked (CmdBlk).
        pub command_blocked: Option<WorldAction>,
        /// Of the objects that are in this condition only one may be controlled at a time. For a device whose groups are fixed this only
        /// confirms that `{ref}` is in such a group.
        pub one_of_n: Option<WorldAction>,
        /// The process begins a command and stops in an intermediate or bad position.
        pub half_way: Option<WorldAction>,
    }
}

impl Conditions {
    /// The way to bring this condition about.
    #[must_use]
    pub const fn way(&self, what: Condition) -> Option<&WorldAction> {
        match what {
            Condition::TestNotOk => &self.test_not_ok,
            Condition::KeepsState => &self.keeps_state,
            Condition::Interlocked => &self.interlocked,
            Condition::NoSynchronism => &self.no_synchronism,
            Condition::Local => &self.local,
            Condition::CommandBlocked => &self.command_blocked,
            Condition::OneOfN => &self.one_of_n,
            Condition::HalfWay => &self.half_way,
        }
        .as_ref()
    }

    /// Every way that the target names.
    pub fn all(&self) -> impl Iterator<Item = &WorldAction> {
        Condition::ALL.iter().filter_map(|what| self.way(*what))
    }
}

/// How to do something to the device as a whole or to its process.
#[derive(Debug, Clone)]
pub struct WorldAction {
    /// Where it stands.
    pub span: Span,
    /// How: a line command, an external command, an HTTP call or a prompt.
    pub action: Action,
    /// How long the supply is off, for `power`.
    pub off_for: Option<Millis>,
}

yaml_struct! {
    /// How to do something. Exactly one of `line`, `exec`, `http`, `prompt`.
    struct WorldActionMap {
        /// A command of the line protocol.
        line: Option<Line>,
        /// An external command, with `{ref}` and `{action}` (`on`, `off`, `cut`, `restore`) replaced. No shell.
        exec: Option<Vec<String>>,
        /// An HTTP call, with `{ref}` and `{action}` replaced.
        http: Option<HttpCall>,
        /// A person is asked; `{ref}` and `{action}` are replaced.
        prompt: Option<String>,
        /// How long the supply is off, for `power`.
        off_for: Option<Millis>,
    }
}

impl FromNode for WorldAction {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let map = WorldActionMap::from_node(node, cx)?;
        let action = one_of(
            node,
            cx,
            [
                map.line.map(Action::Line),
                map.exec.map(Action::Exec),
                map.http.map(Action::Http),
                map.prompt.map(Action::Prompt),
            ],
            "`line`, `exec`, `http` or `prompt`",
        )?;
        if matches!(&action, Action::Exec(words) if words.is_empty()) {
            cx.error(Code::Invalid, node.span, "`exec` needs a program");
            return None;
        }
        Some(Self {
            span: node.span,
            action,
            off_for: map.off_for,
        })
    }
}

impl schemars::JsonSchema for WorldAction {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "WorldAction".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        WorldActionMap::json_schema(generator)
    }
}

/// The one action that is given; complains about none and about several.
fn one_of<const N: usize>(
    node: &Node,
    cx: &mut Decoder,
    actions: [Option<Action>; N],
    names: &str,
) -> Option<Action> {
    let mut given = actions.into_iter().flatten();
    let first = given.next();
    let span = match &node.kind {
        NodeKind::Map(entries) => entries.first().map_or(node.span, |e| e.key.span),
        _ => node.span,
    };
    match (first, given.next()) {
        (Some(action), None) => Some(action),
        (None, _) => {
            cx.error(Code::MissingKey, span, format!("one of {names} is missing"));
            None
        }
        (Some(_), Some(_)) => {
            cx.error(
                Code::Invalid,
                span,
                format!("only one of {names} can stand here"),
            );
            None
        }
    }
}

impl FieldValue for Line {
    const WHAT: &'static str = "`process-side` or an address";

    fn from_text(text: &str) -> Result<Self, crate::cel::BadValue> {
        match text {
            "process-side" => Ok(Self::ProcessSide),
            _ => HostPort::from_text(text).map(Self::Address),
        }
    }
}
