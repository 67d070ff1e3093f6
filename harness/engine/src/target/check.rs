//! What the types cannot say about a target file.

use jiff::civil::Date;

use super::stimuli::{Action, Line};
use super::{Target, pics, pixit};
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use crate::yaml::Decoder;

/// Checks a target as far as that needs no suites: unknown PIXIT questions, stimuli without a process side, empty reasons.
pub fn check(target: &Target, cx: &mut Decoder, text_of: &dyn Fn(Span) -> String) {
    if target.target.value.trim().is_empty() {
        cx.error(Code::Invalid, target.target.span, "the target has no name");
    }
    if let Some(allow) = &target.allow {
        allow.check(cx, text_of);
    }
    for (id, _) in target.pics.iter().flat_map(|p| p.items.iter()) {
        if pics::name(&id.value).is_none() {
            let known = pics::ITEMS.iter().map(|(i, _)| *i);
            cx.push(unknown(id.span, "PICS item", &id.value, known));
        }
    }
    for (id, answer) in target.pixit.iter() {
        match pixit::question(&id.value) {
            Some(question) => cx.diagnostics.extend(pixit::check(question, answer)),
            None => {
                let known = pixit::QUESTIONS.iter().map(|q| q.id);
                cx.push(unknown(id.span, "PIXIT question", &id.value, known));
            }
        }
    }
    process_side(target, cx);
    for deviation in &target.known_deviations {
        for (what, text) in [("reason", &deviation.reason), ("owner", &deviation.owner)] {
            if text.value.trim().is_empty() {
                cx.error(
                    Code::Invalid,
                    text.span,
                    format!("a known deviation needs a `{what}`"),
                );
            }
        }
    }
}

/// `line: process-side` needs a `process-side`.
fn process_side(target: &Target, cx: &mut Decoder) {
    if target.process_side.is_some() {
        return;
    }
    let stimuli = target.stimuli.iter().flat_map(|s| {
        let conditions = s.conditions.iter().flat_map(|c| &c.test_not_ok);
        s.default
            .iter()
            .chain(&s.members)
            .map(|s| (s.span, &s.action))
            .chain(conditions.map(|w| (w.span, &w.action)))
    });
    let world = [&target.power, &target.network]
        .into_iter()
        .flatten()
        .map(|w| (w.span, &w.action));
    for (span, action) in stimuli.chain(world) {
        if matches!(action, Action::Line(Line::ProcessSide)) {
            cx.push(
                Diagnostic::error(
                    Code::Invalid,
                    span,
                    "`line: process-side` but the target names no process side",
                )
                .help("add `process-side: host:port`, or write the address here"),
            );
        }
    }
}

/// Deviations that have run out on `today`, or that name a case which does not exist. The first are warnings: the run
/// itself fails on them, with the case's verdict beside.
#[must_use]
pub fn check_deviations(target: &Target, today: Date, case_ids: &[&str]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for deviation in &target.known_deviations {
        if let Some(day) = &deviation.expires
            && day.value.0 < today
        {
            found.push(
                Diagnostic::warning(
                    Code::ExpiredDeviation,
                    day.span,
                    format!(
                        "the deviation of `{}` ran out on {}",
                        deviation.case, day.value.0
                    ),
                )
                .help(format!(
                    "mend the device, or ask {} for another term",
                    deviation.owner
                )),
            );
        }
        let id = deviation.case.value.split('[').next().unwrap_or_default();
        if !case_ids.contains(&id) {
            found.push(unknown(
                deviation.case.span,
                "case",
                id,
                case_ids.iter().copied(),
            ));
        }
    }
    found
}

fn unknown<'a>(
    span: Span,
    what: &str,
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let d = Diagnostic::error(
        Code::UnknownReference,
        span,
        format!("there is no {what} `{word}`"),
    );
    match did_you_mean(word, known) {
        Some(near) => d.help(format!("did you mean `{near}`?")),
        None => d,
    }
}
