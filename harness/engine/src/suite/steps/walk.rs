//! What a step reads and which steps it holds: for the static checks and for finding what a case needs.

use super::*;
use crate::suite::{ExpectSet, WriteValue};

fn field<T>(field: &Option<Field<T>>) -> Vec<&Expr> {
    field.iter().flat_map(Field::exprs).collect()
}

fn value(value: &Option<WriteValue>) -> Vec<&Expr> {
    value.iter().flat_map(WriteValue::exprs).collect()
}

impl Step {
    /// The expressions evaluated before the step acts, in its own fields (not in the steps it holds).
    #[must_use]
    pub fn inputs(&self) -> Vec<&Expr> {
        let mut all = self.own_inputs();
        let common = self.common();
        all.extend(common.client.iter().flat_map(|c| c.exprs()));
        all.extend(common.expect.iter().flat_map(|e| ExpectSet::exprs(e)));
        all.extend(common.within.iter().flat_map(|w| w.exprs()));
        all.extend(common.why.iter().flat_map(|w| w.exprs()));
        all
    }

    fn own_inputs(&self) -> Vec<&Expr> {
        match self {
            Self::Associate(s) => {
                let mut all = field(&s.source);
                all.extend(s.called.iter().flat_map(Selectors::exprs));
                all.extend(s.calling.iter().flat_map(Selectors::exprs));
                all.extend(field(&s.password));
                all.extend(field(&s.tls));
                all.extend(field(&s.tls_version));
                all.extend(s.initiate.iter().flat_map(InitiateParameters::exprs));
                all.extend(field(&s.tpdu_size));
                all.extend(field(&s.receive_buffer));
                all.extend(field(&s.retry_every));
                all.extend(s.alter.iter().flat_map(Alteration::exprs));
                all.extend(s.pace.iter().flat_map(Pace::exprs));
                all.extend(field(&s.give_up_after));
                all
            }
            Self::AssociateMany(s) => {
                let mut all = s.count.exprs();
                all.extend(field(&s.retry_every));
                all
            }
            Self::Pipeline(s) => {
                let mut all = s.r#ref.exprs();
                all.extend(field(&s.times));
                all
            }
            Self::Browse(s) => field(&s.ld),
            Self::Compare(s) => s.what.exprs(),
            Self::JudgeModel(s) => {
                let mut all = s.rule.exprs();
                all.extend(field(&s.of));
                all
            }
            Self::GetNameList(s) => {
                let mut all = s.class.exprs();
                all.extend(field(&s.scope));
                all.extend(field(&s.domain));
                all.extend(field(&s.continue_after));
                all.extend(field(&s.once));
                all
            }
            Self::GetType(s) => s.r#ref.exprs(),
            Self::Read(s) => {
                let mut all = s.r#ref.exprs();
                all.extend(field(&s.component));
                all.extend(field(&s.specification));
                all
            }
            Self::Write(s) => {
                let mut all = field(&s.r#ref);
                all.extend(value(&s.value));
                all.extend(field(&s.data_set));
                all.extend(field(&s.coding));
                for item in &s.items {
                    all.extend(item.r#ref.exprs());
                    all.extend(item.value.exprs());
                }
                all
            }
            Self::GetDataSet(s) => s.data_set.exprs(),
            Self::ReadDataSet(s) => s.data_set.exprs(),
            Self::CreateDataSet(s) => {
                let mut all = s.data_set.exprs();
                all.extend(s.members.iter().flat_map(|m| m.exprs()));
                all
            }
            Self::DeleteDataSet(s) => s.data_set.exprs(),
            Self::SelectSettingGroup(s) => {
                let mut all = s.ld.exprs();
                all.extend(s.group.exprs());
                all
            }
            Self::EditSettingGroup(s) => {
                let mut all = s.ld.exprs();
                all.extend(s.group.exprs());
                all
            }
            Self::ConfirmSettingGroup(s) => s.ld.exprs(),
            Self::QueryLog(s) => {
                let mut all = s.log.exprs();
                all.extend(field(&s.from));
                all.extend(field(&s.to));
                all.extend(field(&s.after));
                all.extend(field(&s.after_time));
                all
            }
            Self::ListFiles(s) => field(&s.path),
            Self::GetFile(s) => {
                let mut all = s.file.exprs();
                all.extend(field(&s.position));
                all
            }
            Self::OpenFile(s) => {
                let mut all = s.file.exprs();
                all.extend(field(&s.position));
                all
            }
            Self::ReadFile(s) => s.handle.exprs(),
            Self::CloseFile(s) => s.handle.exprs(),
            Self::SetFile(s) => {
                let mut all = s.file.exprs();
                all.extend(field(&s.text));
                all.extend(field(&s.size));
                all
            }
            Self::DeleteFile(s) => s.file.exprs(),
            Self::GetRcb(s) => s.rcb.exprs(),
            Self::SetRcb(s) => set_rcb(s),
            Self::ExpectReport(s) => {
                let mut all = s.from.exprs();
                all.extend(s.members.iter().flat_map(|m| m.exprs()));
                all.extend(s.includes.iter().flat_map(|m| m.exprs()));
                all.extend(s.reason.iter().flat_map(|m| m.exprs()));
                all
            }
            Self::CollectReports(s) => {
                let mut all = field(&s.from);
                all.extend(s.time.exprs());
                all
            }
            Self::QuietFor(s) => {
                let mut all = field(&s.from);
                all.extend(s.time.exprs());
                all
            }
            Self::Select(s) => with_keys(&s.control, &s.keys()),
            Self::Operate(s) => with_keys(&s.control, &s.keys()),
            Self::Cancel(s) => with_keys(&s.control, &s.keys()),
            Self::ExpectTermination(s) => {
                let mut all = s.control.exprs();
                all.extend(s.add_cause.iter().flat_map(|a| a.exprs()));
                all.extend(field(&s.absent));
                all
            }
            Self::Stimulate(s) => {
                let mut all = s.member.exprs();
                all.extend(s.change.exprs());
                all.extend(value(&s.value));
                all
            }
            Self::Force(s) => {
                let mut all = s.control.exprs();
                all.extend(s.condition.exprs());
                all.extend(field(&s.active));
                all
            }
            Self::PowerCycle(s) => field(&s.off_for),
            Self::TimeServer(s) => {
                let mut all = field(&s.server);
                all.extend(field(&s.ahead));
                all.extend(field(&s.behind));
                all.extend(field(&s.shows));
                all.extend(field(&s.leap));
                for number in [&s.stratum, &s.version, &s.mode] {
                    all.extend(field(number));
                }
                all.extend(field(&s.originate));
                all.extend(field(&s.transmit));
                all.extend(field(&s.silent));
                all
            }
            Self::ExpectTimeRequest(s) => {
                let mut all = field(&s.server);
                all.extend(field(&s.count));
                all.extend(field(&s.absent));
                all
            }
            Self::Question(s) => {
                let mut all = s.text.exprs();
                all.extend(s.answers.iter().flat_map(|a| a.exprs()));
                all.extend(s.pass.iter().flat_map(|p| p.exprs()));
                all
            }
            Self::AskOperator(s) => s.text.exprs(),
            Self::SendRaw(s) => {
                let mut all = s.layer.exprs();
                all.extend(s.hex.exprs());
                all.extend(s.alter.iter().flat_map(Alteration::exprs));
                all.extend(field(&s.give_up_after));
                all
            }
            Self::KeepReading(s) => {
                let mut all = s.r#ref.exprs();
                all.extend(s.every.exprs());
                all.extend(field(&s.answer_within));
                all
            }
            Self::RawConnection(s) => s.exprs(),
            Self::Wait(s) => s.exprs(),
            Self::Note(s) => {
                let mut all = s.text.exprs();
                all.extend(s.when.iter());
                all
            }
            Self::Measure(s) => {
                let mut all = s.name.exprs();
                all.push(&s.value);
                all.extend(field(&s.unit));
                all.extend(s.when.iter());
                all
            }
            Self::Assert(s) => {
                let mut all: Vec<&Expr> = s.that.0.iter().collect();
                all.extend(field(&s.why));
                all
            }
            Self::Repeat(s) => {
                let mut all = field(&s.times);
                all.extend(field(&s.why));
                all.extend(field(&s.every));
                all.extend(field(&s.within));
                all
            }
            Self::ForEach(s) => vec![&s.r#in],
            Self::If(s) => vec![&s.when],
            // `let` and `use` bind as they go: see the static check.
            Self::Let(_)
            | Self::Use(_)
            | Self::Mark(_)
            | Self::Release(_)
            | Self::Abort(_)
            | Self::Drop(_)
            | Self::ExpectClosed(_)
            | Self::StopReading(_)
            | Self::GoOnReading(_)
            | Self::ExpectAnswers(_)
            | Self::ExpectServed(_)
            | Self::Identify(_)
            | Self::Network(_) => Vec::new(),
        }
    }

    /// The lists of steps it holds.
    #[must_use]
    pub fn blocks(&self) -> Vec<&[StepEntry]> {
        match self {
            Self::Repeat(s) => vec![&s.steps],
            Self::ForEach(s) => vec![&s.steps],
            Self::If(s) => vec![&s.then, &s.r#else],
            Self::Use(s) => vec![&s.steps],
            _ => Vec::new(),
        }
    }

    /// Whether doing it can show something about the server: requests do (they expect success unless told otherwise),
    /// and expectations, and expressions that must be true.
    #[must_use]
    pub fn judges(&self) -> bool {
        match self {
            Self::Wait(_)
            | Self::Mark(_)
            | Self::Let(_)
            | Self::Note(_)
            | Self::Measure(_)
            | Self::KeepReading(_)
            | Self::Stimulate(_)
            | Self::PowerCycle(_)
            | Self::TimeServer(_)
            | Self::Network(_) => false,
            Self::CollectReports(_) | Self::Force(_) | Self::AskOperator(_) => {
                !self.common().check.is_empty()
            }
            Self::Question(s) => s.pass.is_some() || !s.check.0.is_empty(),
            // What is sent raw is only a check if something is expected of the answer.
            Self::SendRaw(s) => s.expect.is_some() || !s.check.0.is_empty(),
            Self::RawConnection(_)
            | Self::Drop(_)
            | Self::Abort(_)
            | Self::StopReading(_)
            | Self::GoOnReading(_)
            | Self::Pipeline(_) => !self.common().check.is_empty(),
            Self::Assert(s) => !s.that.0.is_empty(),
            Self::Repeat(s) if s.until.is_some() => true,
            Self::Repeat(_) | Self::ForEach(_) | Self::If(_) | Self::Use(_) => self
                .blocks()
                .iter()
                .any(|steps| steps.iter().any(|s| s.step.judges())),
            _ => true,
        }
    }
}

fn with_keys<'a>(
    control: &'a Field<crate::cel::ObjectName>,
    keys: &ControlKeys<'a>,
) -> Vec<&'a Expr> {
    let mut all = control.exprs();
    all.extend(keys.exprs());
    all
}

fn set_rcb(s: &SetRcb) -> Vec<&Expr> {
    let mut all = s.rcb.exprs();
    for flag in [
        &s.reserve,
        &s.resv,
        &s.disable,
        &s.purge_buf,
        &s.enable,
        &s.gi,
    ] {
        all.extend(field(flag));
    }
    all.extend(field(&s.resv_tms));
    all.extend(field(&s.rpt_id));
    all.extend(field(&s.dat_set));
    all.extend(s.opt_flds.iter().flat_map(|f| f.exprs()));
    all.extend(field(&s.buf_tm));
    all.extend(s.trg_ops.iter().flat_map(|f| f.exprs()));
    all.extend(field(&s.intg_pd));
    all.extend(field(&s.entry_id));
    all.extend(field(&s.attribute));
    all.extend(value(&s.value));
    all
}

/// Does something for every step, also those inside other steps.
pub fn visit<'a>(steps: impl IntoIterator<Item = &'a StepEntry>, f: &mut dyn FnMut(&'a StepEntry)) {
    for step in steps {
        f(step);
        for block in step.step.blocks() {
            visit(block, f);
        }
    }
}
