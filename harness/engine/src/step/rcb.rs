//! `get-rcb`, `set-rcb`.

use iedassay_client::Client;
use iedassay_model::{BlockKind, BlockReference, DataSetReference};
use iedassay_reports::Happening;
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::Data;
use tokio::time::Instant;

use super::names::block_name;
use super::read::error_word;
use super::request::{Answer, finish, patience};
use super::write::{value_trouble, write_one};
use crate::cel::{Field, Fields, ObjectName, Value};
use crate::origin::{self, Origin};
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, KnownRcb};
use crate::runner::exhibit::Exhibit;
use crate::safety::{Change, RcbState, attribute_object, read_state};
use crate::suite::steps::{GetRcb, SetRcb};
use crate::suite::{EditionWord, NamedBits, OptFld, TrgOp};
use crate::value::{Shape, Words, flag_words, from_write_value, list, map, to_cel};

/// Reads a report control block.
pub(super) async fn get_rcb(cx: &mut CaseRun<'_>, step: &GetRcb) -> Result<(), Trouble> {
    let common = step.common();
    let block = block_name(&cx.eval(&step.rcb)?.0)?;
    let name = cx.client_name(common.client)?;
    let client = cx.clients.need(&name)?.client.clone();
    let started = Instant::now();
    let within = patience(cx, &common, started)?;
    let model = std::sync::Arc::clone(&cx.shared.model);
    let (mut reply, state) = read_state(&client, &model, &block, within).await;
    if reply.outcome == Outcome::Success && state.is_none() {
        reply.outcome = Outcome::Malformed("the block is no structure".to_owned());
    }
    let fields = state
        .as_ref()
        .map(|state| fields_of(state, &block))
        .unwrap_or_default();
    if let Some(state) = &state {
        remember(cx, &block, state);
    }
    let origin = state.as_ref().map(origin_of);
    let misfit = state.and_then(|state| state.misfit(block.kind));
    reply.exhibit = reply
        .exhibit
        .with_misfit(misfit.map(|misfit| format!("{}: {misfit}", block.mms_text())))
        .with_origin(origin.unwrap_or_default());
    finish(cx, &common, started, Answer::single(&reply, fields))
}

/// The keys of a block's result.
const KEYS: [(&str, &str); 16] = [
    ("RptID", "rptId"),
    ("RptEna", "rptEna"),
    ("Resv", "resv"),
    ("DatSet", "datSet"),
    ("ConfRev", "confRev"),
    ("OptFlds", "optFlds"),
    ("BufTm", "bufTm"),
    ("SqNum", "sqNum"),
    ("TrgOps", "trgOps"),
    ("IntgPd", "intgPd"),
    ("GI", "gi"),
    ("PurgeBuf", "purgeBuf"),
    ("EntryID", "entryId"),
    ("TimeofEntry", "timeOfEntry"),
    ("ResvTms", "resvTms"),
    ("Owner", "owner"),
];

fn fields_of(state: &RcbState, block: &BlockReference) -> Vec<(&'static str, Value)> {
    let mut fields: Vec<(&'static str, Value)> = KEYS
        .iter()
        .filter_map(|(attribute, key)| {
            let data = state.get(attribute)?;
            let value = match (*attribute, data) {
                ("OptFlds", Data::BitString(bits)) => words(bits, Words::OPT_FLDS),
                ("TrgOps", Data::BitString(bits)) => words(bits, Words::TRG_OPS),
                _ => to_cel(data, None),
            };
            Some((*key, value))
        })
        .collect();
    let misfit = state.misfit(block.kind).unwrap_or_default();
    fields.extend([
        (
            "attributes",
            list(
                state
                    .attributes
                    .iter()
                    .map(|(name, _)| Value::from(name.as_str())),
            ),
        ),
        ("fits", Value::Bool(misfit.is_empty())),
        ("misfit", Value::from(misfit)),
    ]);
    fields
}

fn origin_of(state: &RcbState) -> Origin {
    let number = |attribute: &str| {
        state
            .attributes
            .iter()
            .position(|(known, _)| known.eq_ignore_ascii_case(attribute))
    };
    let keys = KEYS.iter();
    origin::of_block(keys.filter_map(|(attribute, key)| Some((*key, number(attribute)?))))
}

fn words(bits: &BitString, words: Words) -> Value {
    list(flag_words(bits, words).into_iter().map(Value::from))
}

fn remember(cx: &mut CaseRun<'_>, block: &BlockReference, state: &RcbState) {
    let known = KnownRcb {
        rpt_id: state.text("RptID").map(str::to_owned),
        dat_set: state.text("DatSet").map(str::to_owned),
        buf_tm: state.number("BufTm").unwrap_or_default(),
        intg_pd: state.number("IntgPd").unwrap_or_default(),
    };
    cx.rcbs.insert(block.mms_text(), known);
}

/// One attribute to be written.
struct Write {
    attribute: String,
    data: Data,
    /// Written by the harness of its own accord: not judged.
    silent: bool,
}

/// Writes attributes of a report control block.
pub(super) async fn set_rcb(cx: &mut CaseRun<'_>, step: &SetRcb) -> Result<(), Trouble> {
    let common = step.common();
    let block = block_name(&cx.eval(&step.rcb)?.0)?;
    let name = cx.client_name(common.client)?;
    let client = cx.clients.need(&name)?.client.clone();
    let state = first_touch(cx, &name, &client, &block).await?;
    let writes = writes_of(cx, step, &block, state.as_ref())?;
    let started = Instant::now();
    let within = patience(cx, &common, started)?;
    let mut outcomes = Vec::new();
    let mut errors = Vec::new();
    let mut enabled_at = Value::Null;
    let mut at = started;
    let mut each: Vec<Exhibit> = Vec::new();
    let mut first_bad = None;
    for write in writes {
        let reply = write_one(
            &client,
            attribute_object(&block, &write.attribute),
            write.data.clone(),
            within,
        )
        .await;
        for (code, text) in &reply.oddities {
            cx.finding(code, text.as_str());
        }
        at = reply.at;
        let good = reply.outcome == Outcome::Success;
        if good {
            note_success(cx, &block, &write);
            if write.attribute == "RptEna" {
                enabled_at = cx.at_ms(reply.at);
            }
            if write.attribute == "RptEna" && write.data == Data::Boolean(true) {
                note_enabled(cx, &block, reply.at);
            }
        }
        if write.silent && good {
            continue;
        }
        if !good {
            first_bad.get_or_insert(each.len());
        }
        each.push(reply.exhibit.clone());
        errors.push((
            write.attribute.clone(),
            Value::from(error_word(&reply.outcome)),
        ));
        let lost = reply.outcome.ends_association()
            || matches!(reply.outcome, Outcome::Timeout | Outcome::Malformed(_));
        outcomes.push((write.attribute, reply.outcome));
        // What nobody expected to be refused makes the rest pointless.
        if lost || (!good && common.expect.is_none()) {
            break;
        }
    }
    let errors = map(errors
        .iter()
        .map(|(name, error)| (name.as_str(), error.clone())));
    let fields = vec![("errors", errors), ("enabledAt", enabled_at)];
    let exhibit = each.get(first_bad.unwrap_or_default()).cloned();
    finish(
        cx,
        &common,
        started,
        Answer {
            outcomes,
            at,
            fields,
            exhibit: exhibit.unwrap_or_default(),
            each,
        },
    )
}

/// Before a block is changed for the first time in a case, its state is noted, so that it can be put back; and a block
/// that somebody left enabled is disabled, so that nobody inherits a verdict from it.
async fn first_touch(
    cx: &mut CaseRun<'_>,
    name: &str,
    client: &Client,
    block: &BlockReference,
) -> Result<Option<RcbState>, Trouble> {
    let within = cx.shared.timeouts.request();
    let model = std::sync::Arc::clone(&cx.shared.model);
    if cx.ledger.knows_rcb(block) {
        if let Some(state) = cx.ledger.rcb_before(block) {
            cx.ledger.note(
                name,
                Change::Rcb {
                    block: block.clone(),
                    before: state.clone(),
                },
            );
            return Ok(Some(state));
        }
        return Ok(None);
    }
    let (_, state) = read_state(client, &model, block, within).await;
    let Some(mut state) = state else {
        return Ok(None);
    };
    if state.flag("RptEna") {
        let reply = write_one(
            client,
            attribute_object(block, "RptEna"),
            Data::Boolean(false),
            within,
        )
        .await;
        let how = if reply.outcome == Outcome::Success {
            "it was disabled"
        } else {
            "it could not be disabled"
        };
        cx.finding(
            "found-enabled",
            format!(
                "{} was enabled before the case touched it; {how}",
                block.mms_text()
            ),
        );
        if reply.outcome == Outcome::Success {
            let (_, again) = read_state(client, &model, block, within).await;
            state = again.unwrap_or(state);
        }
    }
    remember(cx, block, &state);
    cx.ledger.note(
        name,
        Change::Rcb {
            block: block.clone(),
            before: state.clone(),
        },
    );
    Ok(Some(state))
}

/// What a picture shows of a block that sends from now on.
fn note_enabled(cx: &mut CaseRun<'_>, block: &BlockReference, at: Instant) {
    let known = cx.rcbs.get(&block.mms_text()).cloned().unwrap_or_default();
    let of = known.rpt_id.filter(|id| !id.is_empty());
    let what = Happening::Enabled {
        buf_tm_ms: known.buf_tm as f64,
        intg_pd_ms: known.intg_pd as f64,
    };
    cx.log
        .moment(at, of.unwrap_or_else(|| block.mms_text()), what);
}

fn note_success(cx: &mut CaseRun<'_>, block: &BlockReference, write: &Write) {
    let known = cx.rcbs.entry(block.mms_text()).or_default();
    match (write.attribute.as_str(), &write.data) {
        ("RptID", Data::VisibleString(text)) => known.rpt_id = Some(text.clone()),
        ("DatSet", Data::VisibleString(text)) => known.dat_set = Some(text.clone()),
        ("BufTm", Data::Unsigned(time)) => known.buf_tm = *time,
        ("IntgPd", Data::Unsigned(time)) => known.intg_pd = *time,
        _ => {}
    }
}

/// What the step writes, in the order of its keys.
fn writes_of(
    cx: &CaseRun<'_>,
    step: &SetRcb,
    block: &BlockReference,
    state: Option<&RcbState>,
) -> Result<Vec<Write>, Trouble> {
    let mut writes = Vec::new();
    let mut push = |attribute: &str, data: Data| {
        writes.push(Write {
            attribute: attribute.to_owned(),
            data,
            silent: false,
        });
    };
    let flag = |field: Option<&Field<bool>>| -> Result<Option<Data>, Trouble> {
        Ok(cx.eval_opt(field)?.map(Data::Boolean))
    };
    let millis = |field: Option<&Field<crate::cel::Millis>>| -> Result<Option<Data>, Trouble> {
        Ok(cx.eval_opt(field)?.map(|millis| Data::Unsigned(millis.0)))
    };
    if let Some(data) = flag(step.resv.as_ref())? {
        push("Resv", data);
    }
    if let Some(seconds) = cx.eval_opt(step.resv_tms.as_ref())? {
        push("ResvTms", Data::Integer(seconds));
    }
    if cx.eval_opt(step.disable.as_ref())? == Some(true) {
        push("RptEna", Data::Boolean(false));
    }
    if let Some(data) = flag(step.purge_buf.as_ref())? {
        push("PurgeBuf", data);
    }
    if let Some(text) = cx.eval_opt(step.rpt_id.as_ref())? {
        push("RptID", Data::VisibleString(text));
    }
    if let Some(name) = cx.eval_opt(step.dat_set.as_ref())? {
        push("DatSet", Data::VisibleString(data_set_text(&name)));
    }
    if let Some(bits) = bits_of::<OptFld>(cx, step.opt_flds.as_ref(), 10, OptFld::ALL, OptFld::bit)?
    {
        push("OptFlds", Data::BitString(bits));
    }
    if let Some(data) = millis(step.buf_tm.as_ref())? {
        push("BufTm", data);
    }
    if let Some(bits) = bits_of::<TrgOp>(cx, step.trg_ops.as_ref(), 6, TrgOp::ALL, TrgOp::bit)? {
        push("TrgOps", Data::BitString(bits));
    }
    if let Some(data) = millis(step.intg_pd.as_ref())? {
        push("IntgPd", data);
    }
    if let Some(octets) = cx.eval_opt(step.entry_id.as_ref())? {
        push("EntryID", Data::OctetString(octets.0));
    }
    match (cx.eval_opt(step.attribute.as_ref())?, &step.value) {
        (Some(attribute), Some(value)) => {
            let model = &cx.shared.model;
            let node = model.resolve(&block.ld, &block.attribute_item(&attribute));
            let shape = Shape {
                node,
                present: state.and_then(|state| state.get(&attribute)),
            };
            push(
                &attribute,
                from_write_value(value, shape, &cx.scope)
                    .map_err(|problem| cx.blamed(value_trouble(problem), value.exprs()))?,
            );
        }
        (None, None) => {}
        _ => return Err(Trouble::suite("`attribute` and `value` belong together")),
    }
    if let Some(data) = flag(step.enable.as_ref())? {
        push("RptEna", data);
    }
    if let Some(data) = flag(step.gi.as_ref())? {
        push("GI", data);
    }
    if writes.is_empty() {
        return Err(Trouble::suite("`set-rcb` writes nothing"));
    }
    if let Some(write) = reservation(cx, step, block, state, &writes)? {
        writes.insert(0, write);
    }
    Ok(writes)
}

/// The reservation that Edition 2.1 wants before anything else is written (IEC 61850-7-2, Resv and ResvTms).
fn reservation(
    cx: &CaseRun<'_>,
    step: &SetRcb,
    block: &BlockReference,
    state: Option<&RcbState>,
    writes: &[Write],
) -> Result<Option<Write>, Trouble> {
    let asked = cx.eval_opt(step.reserve.as_ref())?.unwrap_or(true);
    let only_ends = writes
        .iter()
        .all(|write| write.attribute == "RptEna" && write.data == Data::Boolean(false));
    if !asked
        || only_ends
        || step.resv.is_some()
        || step.resv_tms.is_some()
        || cx.shared.target.edition() != EditionWord::Ed21
        || state.is_some_and(|state| state.flag("Resv"))
    {
        return Ok(None);
    }
    let write = |attribute: &str, data| Write {
        attribute: attribute.to_owned(),
        data,
        silent: true,
    };
    Ok(match block.kind {
        BlockKind::Brcb => state
            .and_then(|state| state.get("ResvTms"))
            .filter(|data| data.as_i64() == Some(0))
            .map(|_| write("ResvTms", Data::Integer(RESV_TMS))),
        _ => Some(write("Resv", Data::Boolean(true))),
    })
}

/// Seconds for which the harness reserves a BRCB of its own accord.
const RESV_TMS: i64 = 30;

fn bits_of<W: crate::cel::FieldValue + Copy>(
    cx: &CaseRun<'_>,
    fields: Option<&Fields<NamedBits<W>>>,
    len: usize,
    all: &[W],
    bit: impl Fn(W) -> usize,
) -> Result<Option<BitString>, Trouble> {
    let Some(words) = cx.eval_list(fields)? else {
        return Ok(None);
    };
    let mut bits = BitString::zeros(len);
    for word in words {
        match word {
            NamedBits::Word(word) => bits.set(bit(word), true),
            // The segmentation bit is the server's to set.
            NamedBits::All => all
                .iter()
                .filter(|word| bit(**word) != 9)
                .for_each(|word| bits.set(bit(*word), true)),
            NamedBits::None => {}
        }
    }
    Ok(Some(bits))
}

/// A data set as DatSet has it, `LD/LN$name`.
pub(crate) fn data_set_text(name: &ObjectName) -> String {
    match name.0.parse::<DataSetReference>() {
        Ok(reference) => reference.mms_text(),
        Err(_) => name.0.clone(),
    }
}
