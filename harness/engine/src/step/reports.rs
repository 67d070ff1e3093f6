//! `expect-report`, `collect-reports`, `quiet-for`.

use std::time::Duration;

use iedassay_model::tree::Node;
use iedassay_model::value::value_fits;
use iedassay_model::{BlockReference, DataSetReference, ObjectReference};
use iedassay_reports::Happening;
use iedassay_wire::mms::{Data, InformationReportView, ObjectName as MmsName};
use tokio::time::{Instant, sleep_until};

use super::names::{block_name, data_set_name};
use super::read::{error_word, members_of, outcome_of};
use super::request::{bind_result, kind_of, show_result, timely};
use crate::cel::{Field, Fields, ObjectName, Value};
use crate::origin::{self, Key, Origin};
use crate::outcome::Outcome;
use crate::report::{Joined, Source, Taken};
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, ms};
use crate::runner::clients::{exhibit_of_arrival, outcome_of_ending};
use crate::runner::exhibit::Exhibit;
use crate::suite::steps::{CollectReports, ExpectReport, QuietFor};
use crate::suite::{NamedBits, Reason};
use crate::value::{Words, flag_words, hex, list, main_leaf, map, to_cel};

/// A report that comes exactly at the end of its window is still in time.
const SLACK: Duration = Duration::from_millis(1);

/// Waits for the next report.
pub(super) async fn expect_report(
    cx: &mut CaseRun<'_>,
    step: &ExpectReport,
) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let block = block_name(&cx.eval(&step.from)?.0)?;
    let source = source_of(cx, &block);
    let started = Instant::now();
    let until = match common.within {
        Some(window) => cx.window(window, started)?.latest(),
        None => started + cx.shared.timeouts.request(),
    };
    let one_segment = step.segment.unwrap_or(false);
    let mut passed = 0_usize;
    cx.log.checked();
    let joined = loop {
        let waited = next_report(cx, &name, &source, one_segment, until).await?;
        let Some(joined) = waited else {
            cx.log.demanded(started.elapsed());
            return Err(nothing_came(cx, &name, &block, &source, started, passed)?);
        };
        let Some(skip_until) = &step.skip_until else {
            break joined;
        };
        let (value, exhibit) = report_value(cx, &joined, Some(&block));
        cx.scope.set("report", value);
        cx.bind_exhibit("report", &exhibit);
        if cx.eval_bool(skip_until)? {
            break joined;
        }
        passed += 1;
    };
    cx.log.demanded(started.elapsed());
    accept(cx, step, &common, &block, started, &joined)
}

/// Tells what the segments of a report do wrong.
fn judge_segments(cx: &mut CaseRun<'_>, joined: &Joined, exhibit: &Exhibit) {
    for fault in &joined.whole.faults {
        cx.log.checked();
        let trouble =
            Trouble::expectation("well-formed segments", fault.to_string()).with(exhibit.clone());
        cx.log.trouble(trouble);
    }
}

/// Judges a report that has come.
fn accept(
    cx: &mut CaseRun<'_>,
    step: &ExpectReport,
    common: &crate::suite::Common<'_>,
    block: &BlockReference,
    started: Instant,
    joined: &Joined,
) -> Result<(), Trouble> {
    let at = arrival_of(joined).at;
    let (value, exhibit) = report_value(cx, joined, Some(block));
    let fields = map_fields(&value);
    bind_result(cx, common, &Outcome::Success, at, &fields);
    show_result(cx, common, &exhibit);
    for field in &joined.whole.report.absent {
        let oddity = format!("OptFlds announces {field}, and the field is not there");
        cx.finding("report-fields", oddity);
    }
    judge_segments(cx, joined, &exhibit);
    let members = members_for(cx, joined, Some(block));
    let inclusion = [Key::Name("inclusion".to_owned())];
    if !members.is_empty() {
        cx.log.checked();
        if joined.whole.report.inclusion.len() != members.len() {
            let trouble = Trouble::expectation(
                format!("Inclusion of {} bits, one for each member", members.len()),
                format!("{} bits", joined.whole.report.inclusion.len()),
            );
            cx.log
                .trouble(trouble.with(exhibit.marked(&inclusion, "Inclusion")));
        }
    }
    let included: Vec<String> = included_refs(joined, &members);
    if let Some(wanted) = names_of(cx, step.members.as_ref())? {
        cx.log.checked();
        let same =
            wanted.len() == included.len() && wanted.iter().all(|name| included.contains(name));
        if !same {
            let trouble =
                Trouble::expectation(format!("exactly {}", listed(&wanted)), listed(&included));
            cx.log
                .trouble(trouble.with(exhibit.marked(&inclusion, "Inclusion")));
        }
    }
    if let Some(wanted) = names_of(cx, step.includes.as_ref())? {
        cx.log.checked();
        if !wanted.iter().all(|name| included.contains(name)) {
            let trouble =
                Trouble::expectation(format!("at least {}", listed(&wanted)), listed(&included));
            cx.log
                .trouble(trouble.with(exhibit.marked(&inclusion, "Inclusion")));
        }
    }
    if let Some(wanted) = cx.eval_list(step.reason.as_ref())? {
        let wanted = reason_words(&wanted);
        for (number, entry) in joined.whole.report.entries.iter().enumerate() {
            cx.log.checked();
            let found = entry
                .reason
                .as_ref()
                .map(|bits| flag_words(bits, Words::REASON));
            if found.as_deref() != Some(wanted.as_slice()) {
                let about = included_ref(entry.member, &members);
                let observed = match found {
                    Some(found) => format!("{about} has reason {}", listed(&found)),
                    None => format!("{about} has no reason"),
                };
                let trouble = Trouble::expectation(format!("reason {}", listed(&wanted)), observed);
                let reason = origin::reason_of(number);
                cx.log
                    .trouble(trouble.with(exhibit.marked(&reason, "ReasonCode")));
            }
        }
    }
    timely(cx, common, started, at, &exhibit)?;
    cx.check(common.check)
}

/// Collects every report that comes within a time.
pub(super) async fn collect_reports(
    cx: &mut CaseRun<'_>,
    step: &CollectReports,
) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let block = block_of(cx, step.from.as_ref())?;
    let source = block
        .as_ref()
        .map(|block| source_of(cx, block))
        .unwrap_or_default();
    let time = cx.eval(&step.time)?.duration();
    let until = Instant::now() + time;
    cx.log.demanded(time);
    let mut reports = Vec::new();
    let mut origins = Vec::new();
    let mut exhibit = Exhibit::default();
    let may_end = step.may_end.unwrap_or(false);
    let mut ended = false;
    loop {
        let joined = match next_report(cx, &name, &source, false, until).await {
            Ok(Some(joined)) => joined,
            Ok(None) => break,
            Err(_) if may_end && has_ended(cx, &name) => {
                ended = true;
                break;
            }
            Err(trouble) => return Err(trouble),
        };
        let (at, utc) = (
            cx.at_ms(arrival_of(&joined).at),
            cx.utc_ms(arrival_of(&joined).at),
        );
        let (value, next) = report_value(cx, &joined, block.as_ref());
        let mut fields = map_fields(&value);
        fields.extend([("at", at), ("utc", utc)]);
        judge_segments(cx, &joined, &next);
        origins.push(next.own_origin());
        let misfit = exhibit.misfit.take();
        exhibit = next;
        exhibit.misfit = exhibit.misfit.or(misfit);
        reports.push(map(fields));
    }
    sleep_until(until).await;
    let count = Value::Int(i64::try_from(reports.len()).unwrap_or(i64::MAX));
    let fields = vec![
        ("reports", list(reports)),
        ("count", count),
        ("ended", Value::Bool(ended)),
    ];
    let origin = Origin::default().with("reports", Origin::list(origins));
    let exhibit = exhibit.with_origin(origin);
    bind_result(cx, &common, &Outcome::Success, Instant::now(), &fields);
    show_result(cx, &common, &exhibit);
    cx.check(common.check)
}

/// Whether the association has ended and everything that came before is handed out.
fn has_ended(cx: &CaseRun<'_>, name: &str) -> bool {
    cx.clients
        .get(name)
        .is_some_and(|slot| slot.client.ended().is_some())
}

/// Nothing may be reported for a time.
pub(super) async fn quiet_for(cx: &mut CaseRun<'_>, step: &QuietFor) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let block = block_of(cx, step.from.as_ref())?;
    let source = block
        .as_ref()
        .map(|block| source_of(cx, block))
        .unwrap_or_default();
    let time = cx.eval(&step.time)?.duration();
    let started = Instant::now();
    let until = started + time;
    cx.log.checked();
    cx.log.demanded(time);
    // Also the beginning of a report that never comes to its end breaks the silence.
    if let Some(joined) = next_report(cx, &name, &source, true, until).await? {
        let arrival = arrival_of(&joined);
        let members = members_for(cx, &joined, block.as_ref());
        let observed = format!(
            "a report `{}` with {} came {} after the start of the silence",
            joined.whole.report.rpt_id,
            listed(&included_refs(&joined, &members)),
            ms(arrival.at.saturating_duration_since(started)),
        );
        let trouble = Trouble::expectation(format!("no report for {}", ms(time)), observed);
        cx.log.trouble(trouble.with(exhibit_of_arrival(arrival)));
    }
    sleep_until(until).await;
    bind_result(cx, &common, &Outcome::Success, Instant::now(), &[]);
    Ok(())
}

fn block_of(
    cx: &CaseRun<'_>,
    from: Option<&Field<ObjectName>>,
) -> Result<Option<BlockReference>, Trouble> {
    match cx.eval_opt(from)? {
        Some(name) => block_name(&name.0).map(Some),
        None => Ok(None),
    }
}

/// The RptIDs that a block may send: what it is set to, or its own reference where that is empty or not known.
fn source_of(cx: &CaseRun<'_>, block: &BlockReference) -> Source {
    let own = block.mms_text();
    let known = cx.rcbs.get(&own).and_then(|known| known.rpt_id.clone());
    let configured = || {
        cx.shared
            .model
            .report_control(block)
            .and_then(|at| at.block.rpt_id.clone())
    };
    let id = known.or_else(configured).filter(|id| !id.is_empty());
    Source {
        rpt_ids: vec![id.unwrap_or(own)],
    }
}

/// The next whole report from `source` that comes before `until`; an error when the association is lost or what came
/// cannot be understood.
async fn next_report(
    cx: &mut CaseRun<'_>,
    name: &str,
    source: &Source,
    one_segment: bool,
    until: Instant,
) -> Result<Option<Joined>, Trouble> {
    loop {
        let slot = cx.clients.need(name)?;
        slot.pump();
        match slot.inbox.take(source, one_segment) {
            Some(Taken::Report(joined)) => {
                let report = &joined.whole.report;
                let entries = u32::try_from(report.entries.len()).unwrap_or(u32::MAX);
                let of = report.rpt_id.clone();
                cx.log
                    .moment(arrival_of(&joined).at, of, Happening::Reported { entries });
                return Ok(Some(*joined));
            }
            Some(Taken::Malformed { what, arrival }) => {
                let trouble = Trouble::expectation("a well-formed report", what);
                return Err(trouble.with(exhibit_of_arrival(&arrival)));
            }
            None => {}
        }
        if slot.pump_until(until + SLACK).await {
            continue;
        }
        if let Some(ended) = slot.client.ended() {
            let outcome = outcome_of_ending(&ended.ending, ended.io.as_ref());
            return Err(Trouble::new(
                kind_of(&outcome),
                format!("while waiting for a report: {outcome}"),
            ));
        }
        return Ok(None);
    }
}

/// The trouble that no report came, with what came instead.
fn nothing_came(
    cx: &mut CaseRun<'_>,
    name: &str,
    block: &BlockReference,
    source: &Source,
    started: Instant,
    passed: usize,
) -> Result<Trouble, Trouble> {
    let slot = cx.clients.need(name)?;
    let mut observed = format!("none within {}", ms(started.elapsed()));
    let mut exhibit = Exhibit::default();
    if let Some(arrival) = slot.inbox.incomplete(source) {
        observed.push_str("; a first segment came, and not the rest");
        exhibit = exhibit_of_arrival(arrival);
    }
    if passed > 0 {
        observed.push_str(&format!("; {passed} came that `skip-until` passes over"));
    }
    let others = slot.inbox.rpt_ids();
    if !others.is_empty() {
        let mut distinct: Vec<&str> = others.clone();
        distinct.sort_unstable();
        distinct.dedup();
        observed.push_str(&format!(
            "; meanwhile {} of `{}`",
            others.len(),
            distinct.join("`, `")
        ));
    }
    let expected = format!(
        "a report `{}` of {}",
        source.rpt_ids.join("` or `"),
        block.mms_text()
    );
    Ok(Trouble::expectation(expected, observed).with(exhibit))
}

/// The last PDU of a report: it was complete when that came.
fn arrival_of(joined: &Joined) -> &crate::report::Arrival {
    // There is at least one part from the start; the first stands in for a last that cannot be missing.
    joined.parts.last().unwrap_or(&joined.first)
}

/// The members of the data set that a report is about: the one it names, else the one the block is set to.
fn members_for(
    cx: &CaseRun<'_>,
    joined: &Joined,
    block: Option<&BlockReference>,
) -> Vec<ObjectReference> {
    data_set_for(cx, joined, block)
        .map(|name| members_of(&cx.shared.model, &name))
        .unwrap_or_default()
}

fn data_set_for(
    cx: &CaseRun<'_>,
    joined: &Joined,
    block: Option<&BlockReference>,
) -> Option<MmsName> {
    let model = &cx.shared.model;
    let named = joined.whole.report.dat_set.clone();
    let known = block
        .and_then(|block| cx.rcbs.get(&block.mms_text()))
        .and_then(|known| known.dat_set.clone());
    let configured = || {
        let at = model.report_control(block?)?;
        at.data_set().map(|reference| reference.mms_text())
    };
    let text = named
        .or(known)
        .or_else(configured)
        .filter(|text| !text.is_empty());
    let text = text?;
    match text.parse::<DataSetReference>() {
        Ok(reference) => match reference.to_mms() {
            (Some(domain), item) => Some(MmsName::domain(domain, item)),
            (None, _) => None,
        },
        Err(_) => data_set_name(&text).ok(),
    }
}

fn included_refs(joined: &Joined, members: &[ObjectReference]) -> Vec<String> {
    joined
        .whole
        .report
        .entries
        .iter()
        .map(|entry| included_ref(entry.member, members))
        .collect()
}

fn included_ref(index: usize, members: &[ObjectReference]) -> String {
    members
        .get(index)
        .map_or_else(|| format!("#{index}"), ToString::to_string)
}

/// A report as expressions see it, and its PDU: with the first value in it that does not fit its type, and with where its
/// parts stand when it came in one PDU.
fn report_value(
    cx: &CaseRun<'_>,
    joined: &Joined,
    block: Option<&BlockReference>,
) -> (Value, Exhibit) {
    let report = &joined.whole.report;
    let model = &cx.shared.model;
    let members = members_for(cx, joined, block);
    // Of a data set that the case has made, only the types are looked at.
    let made = data_set_for(cx, joined, block)
        .and_then(|name| cx.data_sets.get(&name.to_string()))
        .map_or(&[][..], Vec::as_slice);
    let number = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let mut fields: Vec<(&str, Value)> = vec![
        ("rptId", Value::from(report.rpt_id.as_str())),
        (
            "optFlds",
            list(
                flag_words(&report.opt_flds, Words::OPT_FLDS)
                    .into_iter()
                    .map(Value::from),
            ),
        ),
        ("inclusion", list(report.inclusion.iter().map(Value::Bool))),
        (
            "members",
            list(included_refs(joined, &members).into_iter().map(Value::from)),
        ),
        (
            "segments",
            Value::Int(i64::try_from(joined.parts.len()).unwrap_or(i64::MAX)),
        ),
        (
            "octets",
            Value::Int(
                i64::try_from(
                    joined
                        .parts
                        .iter()
                        .map(|part| part.bytes.len())
                        .sum::<usize>(),
                )
                .unwrap_or(i64::MAX),
            ),
        ),
    ];
    let optional = [
        ("sqNum", report.sq_num.map(number)),
        ("subSqNum", report.sub_sq_num.map(number)),
        ("moreSegments", report.more_segments.map(Value::Bool)),
        (
            "timeOfEntry",
            report
                .time_of_entry
                .map(|time| to_cel(&Data::BinaryTime(time), None)),
        ),
        ("datSet", report.dat_set.as_deref().map(Value::from)),
        ("bufOvfl", report.buf_ovfl.map(Value::Bool)),
        (
            "entryId",
            report
                .entry_id
                .as_deref()
                .map(|octets| Value::from(hex(octets))),
        ),
        ("confRev", report.conf_rev.map(number)),
    ];
    fields.extend(
        optional
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?))),
    );
    let mut all_fit = true;
    let mut first_misfit = None;
    let (mut nodes, mut misfits) = (Vec::new(), Vec::new());
    let entries: Vec<Value> = report
        .entries
        .iter()
        .map(|entry| {
            let node = members
                .get(entry.member)
                .and_then(|member| model.resolve_reference(member));
            let (value, data, fits) = match &entry.value {
                Ok(data) => {
                    let described = node.or_else(|| made.get(entry.member)?.node(model));
                    let misfit = described.and_then(|node| value_fits(node, data).err());
                    let fits = misfit.is_none();
                    if let Some(misfit) = misfit {
                        let about = made.get(entry.member).map_or_else(
                            || included_ref(entry.member, &members),
                            |variable| variable.text.clone(),
                        );
                        first_misfit.get_or_insert(format!("{about}: {misfit}"));
                    }
                    (main_value(data, node), to_cel(data, node), fits)
                }
                Err(_) => (Value::Null, Value::Null, false),
            };
            all_fit &= fits;
            nodes.push(node);
            misfits.push(!fits);
            let mut fields = vec![
                ("ref", Value::from(included_ref(entry.member, &members))),
                (
                    "index",
                    Value::Int(i64::try_from(entry.member).unwrap_or(i64::MAX)),
                ),
                ("value", value),
                ("data", data),
                ("error", Value::from(error_word(&outcome_of(&entry.value)))),
                ("fits", Value::Bool(fits)),
            ];
            // Always there, so that a check can speak about what is not.
            let reason = entry
                .reason
                .as_ref()
                .map(|bits| flag_words(bits, Words::REASON))
                .unwrap_or_default();
            fields.push(("reason", list(reason.into_iter().map(Value::from))));
            fields.push((
                "dataRef",
                Value::from(entry.reference.as_deref().unwrap_or_default()),
            ));
            map(fields)
        })
        .collect();
    fields.push(("entries", list(entries)));
    fields.push(("allFit", Value::Bool(all_fit)));
    let arrival = arrival_of(joined);
    let origin = match joined.parts.as_slice() {
        [only] => origin::of_report(report, &nodes, &misfits, results_in(only)),
        _ => Origin::default(),
    };
    let exhibit = exhibit_of_arrival(arrival).with_misfit(first_misfit);
    (map(fields), exhibit.with_origin(origin))
}

/// The number of results in the PDU of a report.
fn results_in(arrival: &crate::report::Arrival) -> usize {
    let report = InformationReportView::decode(&arrival.bytes);
    report
        .ok()
        .flatten()
        .map_or(0, |view| view.results.iter().count())
}

/// The main value of a member: `stVal`, `mag.f` and the like.
fn main_value(data: &Data, node: Option<Node<'_>>) -> Value {
    let Some(node) = node else {
        return to_cel(data, None);
    };
    let Some(way) = origin::main_way(node) else {
        return to_cel(data, Some(node));
    };
    let mut part = data;
    for index in way {
        match part.members().and_then(|members| members.get(index)) {
            Some(inner) => part = inner,
            None => return Value::Null,
        }
    }
    to_cel(part, Some(main_leaf(node)))
}

fn map_fields(value: &Value) -> Vec<(&'static str, Value)> {
    const KEYS: [&str; 16] = [
        "rptId",
        "optFlds",
        "inclusion",
        "members",
        "segments",
        "octets",
        "sqNum",
        "subSqNum",
        "moreSegments",
        "timeOfEntry",
        "datSet",
        "bufOvfl",
        "entryId",
        "confRev",
        "entries",
        "allFit",
    ];
    let Value::Map(map) = value else {
        return Vec::new();
    };
    KEYS.iter()
        .filter_map(|key| Some((*key, map.map.get(&cel::objects::Key::from(*key))?.clone())))
        .collect()
}

fn names_of(
    cx: &CaseRun<'_>,
    fields: Option<&Fields<ObjectName>>,
) -> Result<Option<Vec<String>>, Trouble> {
    Ok(cx
        .eval_list(fields)?
        .map(|names| names.into_iter().map(|name| name.0).collect()))
}

fn reason_words(wanted: &[NamedBits<Reason>]) -> Vec<&'static str> {
    let mut words: Vec<&'static str> = wanted
        .iter()
        .flat_map(|bits| match bits {
            NamedBits::Word(word) => vec![*word],
            NamedBits::All => Reason::ALL.to_vec(),
            NamedBits::None => Vec::new(),
        })
        .map(Reason::as_str)
        .collect();
    // In the order of the bits, as a report gives them.
    words.sort_by_key(|word| {
        Reason::ALL
            .iter()
            .position(|reason| reason.as_str() == *word)
    });
    words.dedup();
    words
}

fn listed(items: &[impl AsRef<str>]) -> String {
    if items.is_empty() {
        return "nothing".to_owned();
    }
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    items.join(", ")
}
