//! Performing steps: one file per kind of step.
//!
//! A step that cannot be what it shall be is either *soft* trouble (recorded; the case goes on: a `check` that does
//! not hold, an answer outside its window, an outcome that an explicit `expect` does not permit) or *hard* trouble
//! (returned; the case stops: what follows depends on it).

mod alter;
pub(crate) mod associate;
mod browse;
mod configured;
mod control;
pub(crate) mod control_back;
pub(crate) mod data_sets;
pub(crate) mod directory;
pub(crate) mod disconnect;
pub(crate) mod files;
mod flow;
mod flow_control;
mod logs;
pub(crate) mod model;
pub(crate) mod names;
mod permission;
mod plain;
mod question;
mod raw;
mod raw_connection;
mod raw_guard;
mod rcb;
pub(crate) mod read;
mod reports;
pub(crate) mod request;
mod secured;
pub(crate) mod settings;
pub(crate) mod stimulate;
mod storm;
mod termination;
pub(crate) mod time_server;
pub(crate) mod watch;
pub(crate) mod world;
pub(crate) mod write;

use std::future::Future;
use std::pin::Pin;

use std::time::Duration;

use iedassay_wire::mms::Request;
use tokio::time::Instant;

use crate::cel::Scope;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, one_line};
use crate::runner::clients::{Reply, ask};
use crate::suite::{Common, Step, StepEntry, written};

/// Whether the case goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// With the next step.
    Continue,
    /// Hard trouble: what follows is not done.
    Stop,
}

/// Steps of a list, boxed because steps nest.
pub(crate) type Steps<'a> = Pin<Box<dyn Future<Output = Flow> + Send + 'a>>;

/// The longest text of a step in the report.
const MAX_TEXT: usize = 200;

/// Performs steps in order until one stops the case.
pub(crate) fn run_steps<'a, 'r: 'a>(cx: &'a mut CaseRun<'r>, steps: &'a [StepEntry]) -> Steps<'a> {
    Box::pin(async move {
        for entry in steps {
            if run_step(cx, entry).await == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::Continue
    })
}

async fn run_step(cx: &mut CaseRun<'_>, entry: &StepEntry) -> Flow {
    let position = cx.shared.sources.position(entry.span);
    let line = u32::try_from(position.line).ok();
    let verb = entry.step.verb();
    cx.log.begin(
        cx.phase,
        verb,
        text_of(cx, entry),
        line,
        why_of(&entry.step, &cx.scope),
    );
    let now = cx.at_ms(tokio::time::Instant::now());
    cx.scope.set("now", now);
    if !matches!(
        entry.step,
        Step::Repeat(_) | Step::ForEach(_) | Step::If(_) | Step::Use(_)
    ) {
        // In the transcript the step stands above what it sent.
        cx.capture
            .note(format!("{}: {}", position.line, text_of(cx, entry)));
    }
    let flow = match perform(cx, &entry.step).await {
        Ok(flow) => flow,
        Err(trouble) => {
            cx.log.trouble(trouble);
            Flow::Stop
        }
    };
    cx.log.end();
    flow
}

async fn perform(cx: &mut CaseRun<'_>, step: &Step) -> Result<Flow, Trouble> {
    match step {
        Step::Wait(step) => plain::wait(cx, step).await?,
        Step::Mark(step) => plain::mark(cx, step),
        Step::Let(step) => plain::bind(cx, step)?,
        Step::Assert(step) => plain::assert(cx, step)?,
        Step::Note(step) => plain::note(cx, step)?,
        Step::Measure(step) => plain::measure(cx, step)?,
        Step::Repeat(step) => return flow::repeat(cx, step).await,
        Step::ForEach(step) => return flow::for_each(cx, step).await,
        Step::If(step) => return flow::condition(cx, step).await,
        Step::Use(step) => return flow::fragment(cx, step).await,
        Step::Associate(step) => associate::associate(cx, step).await?,
        Step::AssociateMany(step) => storm::associate_many(cx, step).await?,
        Step::Release(step) => disconnect::release(cx, step).await?,
        Step::Abort(step) => disconnect::abort(cx, step).await?,
        Step::Drop(step) => disconnect::drop_connection(cx, step).await?,
        Step::ExpectClosed(step) => disconnect::expect_closed(cx, step).await?,
        Step::StopReading(step) => flow_control::stop_reading(cx, step)?,
        Step::GoOnReading(step) => flow_control::go_on_reading(cx, step)?,
        Step::Pipeline(step) => flow_control::pipeline(cx, step)?,
        Step::ExpectAnswers(step) => flow_control::expect_answers(cx, step).await?,
        Step::Identify(step) => directory::identify(cx, step).await?,
        Step::GetNameList(step) => directory::get_name_list(cx, step).await?,
        Step::GetType(step) => directory::get_type(cx, step).await?,
        Step::GetDataSet(step) => directory::get_data_set(cx, step).await?,
        Step::Read(step) => read::read(cx, step).await?,
        Step::ReadDataSet(step) => read::read_data_set(cx, step).await?,
        Step::Write(step) => write::write(cx, step).await?,
        Step::CreateDataSet(step) => data_sets::create_data_set(cx, step).await?,
        Step::DeleteDataSet(step) => data_sets::delete_data_set(cx, step).await?,
        Step::SelectSettingGroup(step) => settings::select_group(cx, step).await?,
        Step::EditSettingGroup(step) => settings::edit_group(cx, step).await?,
        Step::ConfirmSettingGroup(step) => settings::confirm_group(cx, step).await?,
        Step::QueryLog(step) => logs::query_log(cx, step).await?,
        Step::ListFiles(step) => files::list_files(cx, step).await?,
        Step::GetFile(step) => files::get_file(cx, step).await?,
        Step::OpenFile(step) => files::open_file(cx, step).await?,
        Step::ReadFile(step) => files::read_file(cx, step).await?,
        Step::CloseFile(step) => files::close_file(cx, step).await?,
        Step::SetFile(step) => files::set_file(cx, step).await?,
        Step::DeleteFile(step) => files::delete_file(cx, step).await?,
        Step::GetRcb(step) => rcb::get_rcb(cx, step).await?,
        Step::SetRcb(step) => rcb::set_rcb(cx, step).await?,
        Step::ExpectReport(step) => reports::expect_report(cx, step).await?,
        Step::CollectReports(step) => reports::collect_reports(cx, step).await?,
        Step::QuietFor(step) => reports::quiet_for(cx, step).await?,
        Step::Stimulate(step) => stimulate::stimulate(cx, step).await?,
        Step::Force(step) => world::force(cx, step).await?,
        Step::PowerCycle(step) => world::power_cycle(cx, step).await?,
        Step::Network(step) => world::network(cx, step).await?,
        Step::TimeServer(step) => time_server::time_server(cx, step).await?,
        Step::ExpectTimeRequest(step) => time_server::expect_time_request(cx, step).await?,
        Step::AskOperator(step) => world::ask_operator(cx, step).await?,
        Step::Select(step) => control::select(cx, step).await?,
        Step::Operate(step) => control::operate(cx, step).await?,
        Step::Cancel(step) => control::cancel(cx, step).await?,
        Step::ExpectTermination(step) => termination::expect_termination(cx, step).await?,
        Step::Question(step) => question::question(cx, step).await?,
        Step::SendRaw(step) => raw::send_raw(cx, step).await?,
        Step::KeepReading(step) => watch::keep_reading(cx, step)?,
        Step::ExpectServed(step) => watch::expect_served(cx, step).await?,
        Step::RawConnection(step) => raw_connection::raw_connection(cx, step).await?,
        Step::Compare(step) => model::compare(cx, step).await?,
        Step::JudgeModel(step) => model::judge_model(cx, step).await?,
        Step::Browse(step) => browse::browse(cx, step).await?,
    }
    Ok(Flow::Continue)
}

/// Sends the request of a step and waits for what comes of it, as long as the step has patience.
async fn send(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    request: Request,
    started: Instant,
) -> Result<Reply, Trouble> {
    let within = request::patience(cx, common, started)?;
    send_within(cx, common, request, within).await
}

async fn send_within(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    request: Request,
    within: Duration,
) -> Result<Reply, Trouble> {
    let name = cx.client_name(common.client)?;
    let client = cx.clients.need(&name)?.client.clone();
    let reply = ask(&client, request, within).await;
    for (code, text) in &reply.oddities {
        cx.finding(code, text.as_str());
    }
    Ok(reply)
}

/// The step as it is written, on one line.
fn text_of(cx: &CaseRun<'_>, entry: &StepEntry) -> String {
    let whole = written::step_up_to(&cx.shared.sources, entry.span, 4 * MAX_TEXT);
    let text = written::words(whole);
    if text.chars().count() > MAX_TEXT {
        let cut: String = text.chars().take(MAX_TEXT).collect();
        return format!("{cut}...");
    }
    text
}

/// The sentence an author gave for the failure of a step, with its expressions filled in.
fn why_of(step: &Step, scope: &Scope) -> Option<String> {
    let why = match step {
        Step::Assert(step) => step.why.as_ref(),
        Step::Repeat(step) => step.why.as_ref(),
        other => other.common().why,
    };
    why.map(|text| match text.eval(scope) {
        Ok(text) => one_line(&text),
        Err(error) => one_line(&error.to_string()),
    })
}
