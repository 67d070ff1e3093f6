//! A step in a list: its verb, and where it stands.

use super::*;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use crate::yaml::{Decoder, FromNode, Node, NodeKind};

/// A step and its place.
#[derive(Debug, Clone)]
pub struct StepEntry {
    /// The whole step.
    pub span: Span,
    /// The verb, for labels.
    pub verb_span: Span,
    /// What to do.
    pub step: Step,
}

macro_rules! steps {
    ($( $(#[$meta:meta])* $variant:ident($verb:literal $(, $common:ident)?) ),* $(,)?) => {
        /// What to do: one variant per verb.
        #[derive(Debug, Clone, schemars::JsonSchema)]
        pub enum Step {
            $( $(#[$meta])* #[schemars(rename = $verb)] $variant(Box<$variant>), )*
        }

        impl Step {
            /// All verbs, in the order of the handbook.
            pub const VERBS: &'static [&'static str] = &[$($verb),*];

            /// The verb.
            #[must_use]
            pub const fn verb(&self) -> &'static str {
                match self { $( Self::$variant(_) => $verb, )* }
            }

            /// The keys it shares with other steps; empty for steps that share none.
            #[must_use]
            pub fn common(&self) -> Common<'_> {
                match self {
                    $( $( Self::$variant(step) => step.$common(), )? )*
                    _ => Common::default(),
                }
            }

            fn read(verb: &str, node: &Node, cx: &mut Decoder) -> Option<Option<Self>> {
                match verb {
                    $( $verb => Some($variant::from_node(node, cx).map(|s| Self::$variant(Box::new(s)))), )*
                    _ => None,
                }
            }
        }
    };
}

steps! {
    /// Opens an association.
    Associate("associate", common),
    /// Opens associations at the same time.
    AssociateMany("associate-many", common),
    /// Ends an association in order.
    Release("release", common),
    /// Aborts an association.
    Abort("abort", common),
    /// Drops a connection.
    Drop("drop", common),
    /// Waits until the server ends an association.
    ExpectClosed("expect-closed", common),
    /// Leaves unread what the server sends.
    StopReading("stop-reading", common),
    /// Reads again what the server sends.
    GoOnReading("go-on-reading", common),
    /// Sends requests without waiting for their answers.
    Pipeline("pipeline", common),
    /// Waits for the answers to a pipeline.
    ExpectAnswers("expect-answers", common),
    /// Reads the whole model from the server.
    Browse("browse", common),
    /// Compares the server with its description.
    Compare("compare", common),
    /// Judges the model by rules of the standard.
    JudgeModel("judge-model", common),
    /// Asks who the server is.
    Identify("identify", common),
    /// Lists names.
    GetNameList("get-name-list", common),
    /// Asks for a type.
    GetType("get-type", common),
    /// Reads variables.
    Read("read", common),
    /// Writes variables.
    Write("write", common),
    /// Reads the directory of a data set.
    GetDataSet("get-data-set", common),
    /// Reads the values of a data set.
    ReadDataSet("read-data-set", common),
    /// Creates a data set.
    CreateDataSet("create-data-set", common),
    /// Deletes a data set.
    DeleteDataSet("delete-data-set", common),
    /// Reads a report control block.
    GetRcb("get-rcb", common),
    /// Writes attributes of a report control block.
    SetRcb("set-rcb", common),
    /// Waits for a report.
    ExpectReport("expect-report", common),
    /// Collects reports for a time.
    CollectReports("collect-reports", common),
    /// Nothing may be reported for a time.
    QuietFor("quiet-for", common),
    /// Selects a control object.
    Select("select", common),
    /// Operates a control object.
    Operate("operate", common),
    /// Cancels a selection or command.
    Cancel("cancel", common),
    /// Waits for the end of a command.
    ExpectTermination("expect-termination", common),
    /// Makes a setting group the active one.
    SelectSettingGroup("select-setting-group", common),
    /// Selects a setting group for editing.
    EditSettingGroup("edit-setting-group", common),
    /// Confirms edited settings.
    ConfirmSettingGroup("confirm-setting-group", common),
    /// Asks for entries of a log.
    QueryLog("query-log", common),
    /// Lists files.
    ListFiles("list-files", common),
    /// Reads a file.
    GetFile("get-file", common),
    /// Opens a file.
    OpenFile("open-file", common),
    /// Reads the next piece of an open file.
    ReadFile("read-file", common),
    /// Closes an open file.
    CloseFile("close-file", common),
    /// Sets a file.
    SetFile("set-file", common),
    /// Deletes a file.
    DeleteFile("delete-file", common),
    /// Makes a value change.
    Stimulate("stimulate", common),
    /// Brings the process into a condition.
    Force("force", common),
    /// Interrupts the supply.
    PowerCycle("power-cycle", common),
    /// Cuts or restores the network path.
    Network("network", common),
    /// Says how the harness answers as a time server.
    TimeServer("time-server", common),
    /// Waits for a request to the time server.
    ExpectTimeRequest("expect-time-request", common),
    /// Asks what only a person can tell.
    Question("question", common),
    /// Asks a person.
    AskOperator("ask-operator", common),
    /// Keeps an association reading.
    KeepReading("keep-reading", common),
    /// Ends that, and judges it.
    ExpectServed("expect-served", common),
    /// Sends octets as they are.
    SendRaw("send-raw", common),
    /// A connection without an association, on which anything is sent.
    RawConnection("raw-connection", common),
    /// Waits.
    Wait("wait"),
    /// Names the present instant.
    Mark("mark"),
    /// Names values.
    Let("let"),
    /// Checks expressions.
    Assert("assert"),
    /// Leaves a finding.
    Note("note"),
    /// Records a number.
    Measure("measure"),
    /// Does steps several times.
    Repeat("repeat"),
    /// Does steps for every element of a list.
    ForEach("for-each"),
    /// Does steps on a condition.
    If("if"),
    /// Does the steps of a fragment.
    Use("use"),
}

/// Verbs of other tools and of habit, with ours.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("connect", "associate"),
    ("disconnect", "release"),
    ("close", "drop"),
    ("conclude", "release"),
    ("expect-no-report", "quiet-for"),
    (
        "expect-refusal",
        "expect: refused` on the step itself, not `expect-refusal",
    ),
    ("sleep", "wait"),
    ("pause", "wait"),
    ("resume-reading", "go-on-reading"),
    ("continue-reading", "go-on-reading"),
    ("log", "note"),
    ("check", "assert"),
    ("set", "let"),
    ("loop", "repeat"),
    ("foreach", "for-each"),
    ("include", "use"),
    ("prompt", "ask-operator"),
    ("metric", "measure"),
    ("record", "measure"),
    ("directory", "get-name-list"),
    ("enable", "set-rcb"),
    ("power-off", "power-cycle"),
    ("sntp", "time-server"),
    ("ntp", "time-server"),
];

impl FromNode for StepEntry {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            // A bare word, for instance `- release`, is a step without keys.
            if let Some(verb) = node.text()
                && Step::VERBS.contains(&verb)
            {
                let empty = Node {
                    span: node.span,
                    kind: NodeKind::Map(Vec::new()),
                };
                return Self::read(verb, node.span, &empty, node.span, cx);
            }
            cx.wrong_type(node, "a step such as `read: {...}`");
            return None;
        };
        let [entry] = entries.as_slice() else {
            let verbs: Vec<&str> = entries.iter().map(|e| e.key.value.as_str()).collect();
            let d = Diagnostic::error(
                Code::Invalid,
                entries.get(1).map_or(node.span, |e| e.key.span),
                "a step has one key, its verb",
            );
            cx.push(match verbs.first() {
                Some(verb) if Step::VERBS.contains(verb) => d.help(format!(
                    "indent the other keys under `{verb}`, or begin another step with `-`"
                )),
                _ => d,
            });
            return None;
        };
        // `- release:` without anything is the same as `- release: {}`.
        let empty;
        let value = if let NodeKind::Null = entry.value.kind {
            empty = Node {
                span: entry.key.span,
                kind: NodeKind::Map(Vec::new()),
            };
            &empty
        } else {
            &entry.value
        };
        let span = Span {
            end: entry.value.span.end.max(entry.key.span.end),
            ..entry.key.span
        };
        Self::read(&entry.key.value, entry.key.span, value, span, cx)
    }
}

impl StepEntry {
    fn read(
        verb: &str,
        verb_span: Span,
        node: &Node,
        span: Span,
        cx: &mut Decoder,
    ) -> Option<Self> {
        match Step::read(verb, node, cx) {
            Some(Some(step)) => Some(Self {
                span,
                verb_span,
                step,
            }),
            Some(None) => {
                if let Some(name) = node.get("as").and_then(Node::text) {
                    cx.broken_bindings.push(name.to_owned());
                }
                None
            }
            None => {
                let d = Diagnostic::error(
                    Code::UnknownWord,
                    verb_span,
                    format!("`{verb}` is not a known step"),
                );
                let ours = OTHER_WORDS
                    .iter()
                    .find(|(w, _)| *w == verb)
                    .map(|(_, ours)| *ours)
                    .or_else(|| did_you_mean(verb, Step::VERBS.iter().copied()));
                cx.push(match ours {
                    Some(ours) => d.help(format!("did you mean `{ours}`?")),
                    None => d.help(format!("permitted: {}", Step::VERBS.join(", "))),
                });
                if let Some(name) = node.get("as").and_then(Node::text) {
                    cx.broken_bindings.push(name.to_owned());
                }
                None
            }
        }
    }
}

impl schemars::JsonSchema for StepEntry {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Step::json_schema(generator)
    }
}
