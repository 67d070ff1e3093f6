//! What the types cannot say about a target file.

use jiff::civil::Date;

use super::Target;
use super::stimuli::{Action, Conditions, Line};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::yaml::Decoder;
use crate::yaml::decode::unknown_reference;

/// Checks a target as far as that needs no suites: stimuli without a process side, empty reasons.
pub fn check(target: &Target, cx: &mut Decoder) {
    if target.target.value.trim().is_empty() {
        cx.error(Code::Invalid, target.target.span, "the target has no name");
    }
    process_side(target, cx);
    if let Some(tls) = &target.tls {
        super::tls::check(tls, cx);
    }
    person(target, cx);
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

/// Every way to make something happen, and where it stands.
fn actions(target: &Target) -> impl Iterator<Item = (Span, &Action)> {
    let stimuli = target.stimuli.iter().flat_map(|s| {
        let conditions = s.conditions.iter().flat_map(Conditions::all);
        s.all()
            .map(|s| (s.span, &s.action))
            .chain(conditions.map(|w| (w.span, &w.action)))
    });
    let world = [&target.power, &target.network]
        .into_iter()
        .flatten()
        .map(|w| (w.span, &w.action));
    stimuli.chain(world)
}

/// `prompt` needs somebody who is asked.
fn person(target: &Target, cx: &mut Decoder) {
    if target.attended(true) {
        return;
    }
    for (span, _) in actions(target).filter(|(_, action)| action.needs_person()) {
        cx.push(
            Diagnostic::warning(
                Code::Invalid,
                span,
                "`prompt` is never used: the target does not say that somebody is there",
            )
            .help("add `operator: true` under `stimuli`"),
        );
    }
}

/// `line: process-side` needs a `process-side`.
fn process_side(target: &Target, cx: &mut Decoder) {
    if target.process_side.is_some() {
        return;
    }
    for (span, action) in actions(target) {
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
            found.push(unknown_reference(
                deviation.case.span,
                "case",
                id,
                case_ids.iter().copied(),
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Sources;

    fn complaints(more: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let file = sources.add("t.yaml", format!("target: t\naddress: 127.0.0.1\n{more}"));
        crate::target::load::load(&sources, file)
            .map_or_else(|wrong| wrong, |(_, warnings)| warnings)
            .iter()
            .map(|d| d.message.clone())
            .collect()
    }

    #[test]
    fn a_prompt_needs_an_operator() {
        let never = "`prompt` is never used: the target does not say that somebody is there";
        assert_eq!(
            complaints("stimuli: {default: {prompt: x}}\npower: {prompt: y}\n"),
            [never, never]
        );
        let none: [&str; 0] = [];
        assert_eq!(
            complaints("stimuli: {default: {prompt: x}, operator: true}\n"),
            none
        );
    }
}
