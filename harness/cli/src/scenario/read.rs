//! From YAML to the steps of a scenario. What a step may say stands in the table of verbs.

use std::time::Duration;

use iedassay_engine::cel::Millis;
use iedassay_engine::diagnostic::{Code, Diagnostic, Span};
use iedassay_engine::yaml::{Decoder, Entry, FromNode, Node, NodeKind};
use iedassay_model::tree::ServerModel;
use iedassay_sim::{
    Command, CommandError, CommandErrorKind, Kind, ScenarioStep, Times, VERBS, Verb, What,
};

/// Keys of a step that are no verb.
pub(super) const WAIT: &str = "wait";
pub(super) const REPEAT: &str = "repeat";
pub(super) const AT: &str = "at";
pub(super) const BACKGROUND: &str = "background";
pub(super) const STEPS: &str = "steps";
/// Blocks inside each other that are read at all; fewer can be played.
const MAX_DEPTH: usize = 16;

/// The verbs that a step can be.
pub(super) fn verbs() -> impl Iterator<Item = &'static Verb> + Clone {
    VERBS.iter().filter(|verb| verb.in_scenarios)
}

/// Whether something of it goes on after it was told, so that the next step can wait for it or not.
pub(super) fn goes_on(verb: &Verb) -> bool {
    verb.arguments
        .iter()
        .any(|argument| argument.name == "every")
}

/// A list of steps; those that cannot be read are left out.
pub(super) fn steps(
    node: &Node,
    model: Option<&ServerModel>,
    cx: &mut Decoder,
    depth: usize,
) -> Option<Vec<ScenarioStep>> {
    let NodeKind::Seq(items) = &node.kind else {
        cx.wrong_type(node, "a list of steps");
        return None;
    };
    if depth > MAX_DEPTH {
        cx.error(
            Code::Invalid,
            node.span,
            "too many blocks inside each other",
        );
        return None;
    }
    let read: Vec<_> = items
        .iter()
        .filter_map(|item| step(item, model, cx, depth))
        .collect();
    Some(read)
}

fn step(
    node: &Node,
    model: Option<&ServerModel>,
    cx: &mut Decoder,
    depth: usize,
) -> Option<ScenarioStep> {
    let NodeKind::Map(entries) = &node.kind else {
        cx.wrong_type(node, "a step such as `wait: 1s`");
        return None;
    };
    let words = || verbs().map(|verb| verb.name).chain([WAIT, REPEAT]);
    let mut leading = entries
        .iter()
        .filter(|entry| words().any(|word| word == entry.key.value));
    let Some(lead) = leading.next() else {
        let other = entries.iter().find(|entry| entry.key.value != AT);
        match other {
            Some(entry) => cx.unknown_word(entry.key.span, "step", &entry.key.value, words()),
            None => {
                let list = words().map(|word| format!("`{word}`")).collect::<Vec<_>>();
                cx.push(
                    Diagnostic::error(Code::MissingKey, node.span, "the step does nothing")
                        .help(format!("add one of {}", list.join(", "))),
                );
            }
        }
        return None;
    };
    if let Some(second) = leading.next() {
        let message = format!(
            "a step does one thing: it has both `{}` and `{}`",
            lead.key.value, second.key.value
        );
        cx.push(
            Diagnostic::error(Code::Invalid, second.key.span, message)
                .help("begin another step with `-`"),
        );
        return None;
    }
    let mut map = cx.map(node, "a step")?;
    map.take(&lead.key.value);
    let at: Option<Option<Millis>> = map.take(AT).map(|entry| time(&entry.value, cx));
    let what = match lead.key.value.as_str() {
        WAIT => time(&lead.value, cx).map(|time| What::Wait(time.duration())),
        REPEAT => {
            let times = times(&lead.value, cx);
            let inner = match map.take(STEPS) {
                Some(entry) => steps(&entry.value, model, cx, depth + 1),
                None => {
                    cx.error(Code::MissingKey, lead.key.span, "key `steps` is missing");
                    None
                }
            };
            times
                .zip(inner)
                .map(|(times, steps)| What::Repeat { times, steps })
        }
        name => {
            let verb = verbs().find(|verb| verb.name == name)?;
            let rest = verb.arguments.iter().skip(1);
            let others: Vec<Option<&Entry>> =
                rest.map(|argument| map.take(argument.name)).collect();
            let background = if goes_on(verb) {
                map.take(BACKGROUND)
                    .map_or(Some(false), |entry| bool::from_node(&entry.value, cx))
            } else {
                Some(false)
            };
            let command = command(verb, lead, &others, model, cx);
            command
                .zip(background)
                .map(|(command, background)| What::Tell {
                    command,
                    background,
                })
        }
    };
    map.finish(cx);
    Some(ScenarioStep {
        at: match at {
            Some(at) => Some(at?.duration()),
            None => None::<Duration>,
        },
        what: what?,
    })
}

/// The command of a verb, with the places of its arguments for whatever is wrong with them.
fn command(
    verb: &'static Verb,
    lead: &Entry,
    others: &[Option<&Entry>],
    model: Option<&ServerModel>,
    cx: &mut Decoder,
) -> Option<Command> {
    let first = (!verb.arguments.is_empty()).then_some(lead);
    let entries: Vec<Option<&Entry>> = core::iter::once(first)
        .chain(others.iter().copied())
        .collect();
    let mut texts = Vec::new();
    let mut good = true;
    for entry in &entries {
        texts.push(match entry.map(|entry| &entry.value.kind) {
            Some(NodeKind::Scalar(scalar)) => Some(scalar.text.trim_end()),
            Some(NodeKind::Null) | None => None,
            Some(_) => {
                if let Some(entry) = entry {
                    cx.wrong_type(&entry.value, "a single value");
                }
                good = false;
                None
            }
        });
    }
    if !good {
        return None;
    }
    let place = |error: &CommandError| -> Span {
        let at = verb
            .arguments
            .iter()
            .position(|argument| Some(argument.name) == error.argument);
        let entry = at.and_then(|at| entries.get(at).copied().flatten());
        match entry {
            Some(entry) if entry.value.text().is_some() => entry.value.span,
            _ => lead.key.span,
        }
    };
    let result = verb.command(&texts).and_then(|command| {
        let checked = model.map_or(Ok(()), |model| command.check(model));
        checked.map_err(|error| vec![error])?;
        Ok(command)
    });
    match result {
        Ok(command) => Some(command),
        Err(errors) => {
            for error in errors {
                cx.push(diagnostic(verb, &error, place(&error)));
            }
            None
        }
    }
}

fn diagnostic(verb: &Verb, error: &CommandError, span: Span) -> Diagnostic {
    let code = match error.kind {
        CommandErrorKind::Missing => Code::MissingKey,
        CommandErrorKind::UnknownReference => Code::UnknownReference,
        CommandErrorKind::WrongValue | CommandErrorKind::Malformed => Code::WrongType,
        _ => Code::Invalid,
    };
    if let (CommandErrorKind::Missing, Some(argument)) = (error.kind, error.argument) {
        let leads = verb
            .arguments
            .first()
            .is_some_and(|first| first.name == argument);
        let message = if leads {
            format!("`{}` has no value", verb.name)
        } else {
            format!("key `{argument}` is missing")
        };
        let what = verb.arguments.iter().find(|known| known.name == argument);
        let diagnostic = Diagnostic::error(code, span, message);
        return match what {
            Some(known) => diagnostic.help(format!("give {}", known.kind.what())),
            None => diagnostic,
        };
    }
    let diagnostic = Diagnostic::error(code, span, error.message.clone());
    match &error.remedy {
        Some(remedy) => diagnostic.help(remedy.clone()),
        None => diagnostic,
    }
}

/// A time; a negative one is told as what it is.
fn time(node: &Node, cx: &mut Decoder) -> Option<Millis> {
    match node.text() {
        Some(text) if text.trim_start().starts_with('-') => {
            cx.push(
                Diagnostic::error(Code::WrongType, node.span, "a time is not negative")
                    .help("times are such as `200ms`, `1s` or `2min`"),
            );
            None
        }
        _ => Millis::from_node(node, cx),
    }
}

fn times(node: &Node, cx: &mut Decoder) -> Option<Times> {
    let times = node.text().map(str::trim).and_then(Times::parse);
    if times.is_none() {
        cx.wrong_type(node, Kind::Times.what());
    }
    times
}
