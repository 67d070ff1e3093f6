//! Why a command was refused: LastApplError.

use std::time::Duration;

use iedassay_client::services::notification::LastApplError;
use tokio::time::Instant;

use super::Object;
use crate::cel::Value;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, ms};
use crate::runner::clients::{Reply, Told};
use crate::runner::exhibit::Exhibit;
use crate::suite::AddCause;
use crate::target::pixit;

/// How long LastApplError, which belongs before the negative response, may come after it.
const LATE_CAUSE: Duration = Duration::from_millis(50);

/// Whether the PIXIT promises LastApplError with normal security (Ct21), for all control models or for this one.
fn promised(cx: &CaseRun<'_>, object: &Object<'_>) -> bool {
    let (answer, model) = (cx.shared.target.pixit("Ct21"), object.ctl_model);
    let found = answer.and_then(|answer| pixit::for_model(answer, model?));
    matches!(found, Some(Value::Bool(true)))
}

/// Why a command was refused, as the server told.
pub(super) struct Cause {
    /// The word of the additional cause, or its number.
    pub(super) word: String,
    /// How long after the response it came; `None` where it belongs, before it.
    late: Option<Duration>,
}

/// The LastApplError about this object: before the negative response as the standard has it, or a moment after.
pub(super) async fn told_cause(
    cx: &mut CaseRun<'_>,
    name: &str,
    object: &Object<'_>,
    reply: &Reply,
    ctl_num: u32,
    wait: bool,
) -> Result<Option<Cause>, Trouble> {
    let until = Instant::now() + LATE_CAUSE;
    let about = |error: &LastApplError| error.is_about(&object.domain, &object.item);
    let slot = cx.clients.need(name)?;
    loop {
        slot.pump();
        let found = slot.told.iter().position(|(told, _)| match told {
            Told::Refusal(error) => about(error),
            // There is no CommandTermination with normal security: what looks like a negative one is the cause of this
            // refusal, with Oper beside it.
            Told::Termination(termination) => termination.error.as_ref().is_some_and(|error| {
                !object.enhanced() && about(error) && error.ctl_num == Some(i64::from(ctl_num))
            }),
        });
        let taken = found.and_then(|index| slot.told.remove(index));
        if let Some((told, arrival)) = taken {
            let error = match told {
                Told::Refusal(error) => Some(error),
                Told::Termination(termination) => termination.error,
            };
            let late = reply
                .number
                .filter(|response| arrival.number > *response)
                .map(|_| arrival.at.saturating_duration_since(reply.at));
            return Ok(error.map(|error| Cause {
                word: cause_word(error.add_cause),
                late,
            }));
        }
        if !wait || !slot.pump_until(until).await {
            return Ok(None);
        }
    }
}

/// The word of an additional cause, or its number.
pub(in crate::step) fn cause_word(add_cause: i64) -> String {
    usize::try_from(add_cause)
        .ok()
        .and_then(|index| AddCause::ALL.get(index))
        .map_or_else(|| add_cause.to_string(), ToString::to_string)
}

/// A refused command: it must carry one of the additional causes that the step names, before its response.
pub(super) fn judge_cause(
    cx: &mut CaseRun<'_>,
    object: &Object<'_>,
    wanted: &[AddCause],
    cause: Option<&Cause>,
    exhibit: Exhibit,
) {
    cx.log.checked();
    let wanted: Vec<&str> = wanted.iter().map(|cause| cause.as_str()).collect();
    let cause_word = cause.map(|cause| cause.word.as_str()).unwrap_or_default();
    let optional = !object.enhanced() && !promised(cx, object);
    let late = cause.and_then(|cause| cause.late);
    match cause {
        Some(_) if wanted.contains(&cause_word) && late.is_none() => {}
        Some(_) if wanted.contains(&cause_word) && optional => {
            cx.finding(
                "late-last-appl-error",
                format!(
                    "the LastApplError of {} came {} after the response; it belongs before it",
                    object.text,
                    ms(late.unwrap_or_default())
                ),
            );
        }
        None if optional => {
            cx.finding(
                "no-add-cause",
                format!(
                    "{} refused without LastApplError, which normal security permits",
                    object.text
                ),
            );
        }
        _ => {
            let observed = match (cause, late) {
                (None, _) => "no LastApplError".to_owned(),
                (Some(cause), None) => cause.word.clone(),
                (Some(cause), Some(late)) => format!(
                    "{}, in a LastApplError that came {} after the response",
                    cause.word,
                    ms(late)
                ),
            };
            let before = if late.is_some() {
                " in a LastApplError before the response"
            } else {
                ""
            };
            let expected = format!("additional cause {}{before}", wanted.join(" or "));
            cx.log
                .trouble(Trouble::expectation(expected, observed).with(exhibit));
        }
    }
}
