//! Suites and cases.

use super::needs::{Needs, OneOrMore};
use super::steps::StepEntry;
use crate::cel::{Expr, Millis};
use crate::diagnostic::{Code, Diagnostic, Span, Spanned};
use crate::yaml::decode::Table;
use crate::yaml::{Decoder, FromNode, Node, words, yaml_struct};

yaml_struct! {
    /// One suite file.
    pub struct Suite {
        /// Name of the suite, `group/topic`, for instance `reporting/bundling`. The part before `/` is the group.
        pub suite: Spanned<String>,
        /// What the suite is about, in a few words.
        pub title: String,
        /// Conformance blocks the cases belong to, unless a case names its own.
        #[schemars(default)]
        pub block: OneOrMore<Spanned<String>>,
        /// Files whose fragments can be used here, by name relative to this file.
        #[schemars(default)]
        pub include: Vec<Spanned<String>>,
        /// Named sequences of steps that cases of this file, or of files that include it, use with the step `use`.
        #[schemars(default)]
        pub fragments: Table<Vec<StepEntry>>,
        /// The cases.
        #[schemars(default)]
        pub cases: Vec<Case>,
    }
}

words! {
    /// Whether the server must do something or must refuse something.
    pub enum CaseKind ("kind of case") {
        /// The server must do it.
        Positive = "positive",
        /// The server must refuse it.
        Negative = "negative",
        /// The server must survive it.
        Robustness = "robustness",
    }
}

words! {
    /// How sure it is that a catalogue id and the content belong together.
    pub enum Confidence ("confidence") {
        /// Sure.
        High = "high",
        /// Probable.
        Medium = "medium",
        /// A guess.
        Low = "low",
    }
}

words! {
    /// Editions of the standard.
    pub enum EditionWord ("edition") {
        /// Edition 1.
        Ed1 = "1",
        /// Edition 2.
        Ed2 = "2",
        /// Edition 2.1.
        Ed21 = "2.1",
    }
}

words! {
    /// Who opens the association `main`.
    pub enum AssociateMain ("way to associate") {
        /// It is open before `setup` starts.
        Auto = "auto",
        /// The case opens what it needs itself.
        Manual = "manual",
    }
}

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    /// The whole case.
    pub span: Span,
    /// What is written in it.
    pub body: CaseBody,
    /// Names bound by steps that could not be read; not to be called undefined.
    pub broken_bindings: Vec<String>,
}

impl core::ops::Deref for Case {
    type Target = CaseBody;

    fn deref(&self) -> &CaseBody {
        &self.body
    }
}

yaml_struct! {
    /// One case.
    pub struct CaseBody {
        /// Stable and unique over all suites, `group/what-it-checks`.
        pub id: Spanned<String>,
        /// What is checked, as a sentence.
        pub title: String,
        /// Ids of the conformance test catalogue this case belongs to, and how sure that is.
        #[schemars(default)]
        pub uca: Table<Confidence>,
        /// Where the standard demands it: part, clause. Never quoted text.
        pub clause: Option<String>,
        /// Why it matters and what a failure means in the field.
        pub rationale: Option<String>,
        /// Whether the server must do or must refuse; `positive` if absent.
        pub kind: Option<CaseKind>,
        /// Conformance blocks; those of the suite if absent.
        #[schemars(default)]
        pub block: OneOrMore<Spanned<String>>,
        /// Free words to select cases by.
        #[schemars(default)]
        pub tags: OneOrMore<Spanned<String>>,
        /// Editions the case applies to; all if absent.
        #[schemars(default)]
        pub edition: OneOrMore<Spanned<EditionWord>>,
        /// What must be claimed, present, allowed or at hand.
        pub needs: Option<Needs>,
        /// Expression: the case applies only if it is true. Sees `model`, `target`, `profile`, `pixit`, `pics`, `edition`.
        pub when: Option<Expr>,
        /// Runs the case once for every element of a list: variable name to expression. Several variables nest.
        #[schemars(default)]
        pub for_each: Table<Expr>,
        /// `manual` if the case opens its associations itself.
        pub associate: Option<AssociateMain>,
        /// Why no other case may run at the same time, where what the steps do does not show it. With `--jobs` cases that
        /// cannot disturb each other run at the same time; what disturbs others is found without this.
        pub alone: Option<Spanned<String>>,
        /// The case is given up after this time; otherwise the target's limit holds.
        pub time_limit: Option<Millis>,
        /// Steps that bring about what the case needs. A failure here is `inconclusive`, not `fail`.
        #[schemars(default)]
        pub setup: Vec<StepEntry>,
        /// The steps that are judged.
        pub steps: Vec<StepEntry>,
        /// Steps that are run at the end whatever happened. What the harness changed it puts back by itself.
        #[schemars(default)]
        pub cleanup: Vec<StepEntry>,
    }
}

impl FromNode for Case {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let outer = core::mem::take(&mut cx.broken_bindings);
        let body = CaseBody::from_node(node, cx);
        let broken_bindings = core::mem::replace(&mut cx.broken_bindings, outer);
        let body = body?;
        check_id(&body.id, cx);
        Some(Self {
            span: node.span,
            body,
            broken_bindings,
        })
    }
}

impl schemars::JsonSchema for Case {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Case".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        CaseBody::json_schema(generator)
    }
}

impl Case {
    /// Positive unless said otherwise.
    #[must_use]
    pub fn kind(&self) -> CaseKind {
        self.kind.unwrap_or(CaseKind::Positive)
    }

    /// The names of the catalogue ids.
    pub fn uca_ids(&self) -> impl Iterator<Item = &str> {
        self.uca.iter().map(|(id, _)| id.value.as_str())
    }

    /// Setup, steps and cleanup, in this order.
    pub fn all_steps(&self) -> impl Iterator<Item = &StepEntry> {
        self.setup.iter().chain(&self.steps).chain(&self.cleanup)
    }
}

/// Ids are file names too: lower case, digits, `-` and `.`, with `/` between the parts.
fn check_id(id: &Spanned<String>, cx: &mut Decoder) {
    let part = |p: &str| {
        p.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && p.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.'))
    };
    if !(id.contains('/') && id.split('/').all(part)) {
        cx.push(
            Diagnostic::error(
                Code::BadName,
                id.span,
                format!("`{}` cannot be the id of a case", id.value),
            )
            .help("write `group/what-it-checks` with small letters, digits and `-`"),
        );
    }
}
