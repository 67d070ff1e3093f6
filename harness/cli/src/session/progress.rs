//! What a run shows while it goes on, on standard error: a moving line on a terminal, plain lines elsewhere.

use std::collections::BTreeSet;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use iedassay_engine::event::Event;
use iedassay_reports::{CaseRecord, Verdict};

use crate::console::Console;

/// Shows events as they come.
pub(crate) struct Progress {
    console: Console,
    bar: Option<ProgressBar>,
    /// Keys of the cases that have their verdict.
    done: BTreeSet<String>,
    of: usize,
    troubles: usize,
    /// Cases that run, the last begun last.
    running: Vec<String>,
}

impl Progress {
    pub(crate) fn new(console: Console) -> Self {
        Self {
            console,
            bar: None,
            done: BTreeSet::new(),
            of: 0,
            troubles: 0,
            running: Vec::new(),
        }
    }

    /// Takes one event.
    pub(crate) fn event(&mut self, event: &Event) {
        match event {
            Event::RunStarted { header, .. } => {
                self.of = header.plan.to_run.len();
                if let Some(resumed) = &header.resumed {
                    self.done = resumed.record.cases.iter().map(CaseRecord::key).collect();
                    let kept = self.done.len();
                    self.line(&format!("goes on with {kept} verdicts of {} kept", self.of));
                }
                if self.console.live && self.of > 0 {
                    let bar = bar(self.of);
                    bar.set_position(self.done.len() as u64);
                    self.bar = Some(bar);
                }
            }
            Event::CaseStarted { key, of, .. } => {
                self.of = *of;
                self.running.retain(|running| running != key);
                self.running.push(key.clone());
                self.show(key);
            }
            Event::StepStarted {
                key, verb, text, ..
            } if self.running.last() == Some(key) => {
                self.show(&format!("{key}: {verb} {text}"));
            }
            Event::CaseFinished(case) => self.finished(case),
            Event::LeftBehind(left) => {
                self.line(&format!("left behind: {}, {}", left.what, left.why))
            }
            Event::RunFinished { .. } => {
                if let Some(bar) = self.bar.take() {
                    bar.finish_and_clear();
                }
            }
            _ => {}
        }
    }

    fn finished(&mut self, case: &CaseRecord) {
        // Cases that the plan left out were told before the run and are summed up after it.
        if case.verdict == Verdict::NotApplicable && case.steps.is_empty() && case.checks == 0 {
            return;
        }
        let key = case.key();
        self.running.retain(|running| *running != key);
        let first = self.done.insert(key);
        let good = case.verdict == Verdict::Pass && case.waiver.is_none() && !case.is_flaky();
        self.troubles += usize::from(first && !good && !case.is_waived());
        match &self.bar {
            Some(bar) => bar.set_position(self.done.len() as u64),
            None => {
                let line = self.plain(case);
                self.line(&line);
            }
        }
        if !good && self.bar.is_some() {
            let line = self.plain(case);
            self.line(&line);
        }
    }

    fn plain(&self, case: &CaseRecord) -> String {
        let width = self.of.to_string().len();
        let word = if case.is_waived() {
            "waived"
        } else if case.is_flaky() {
            "flaky"
        } else {
            case.verdict.name()
        };
        let reason = match (case.verdict, &case.reason) {
            (Verdict::Pass, _) if case.is_flaky() => ": passed when tried again".to_owned(),
            (Verdict::Pass, _) | (_, None) => String::new(),
            (_, Some(reason)) => format!(": {}", one_line(reason)),
        };
        format!(
            "{:>width$}/{} {word:<12} {}{reason}",
            self.done.len(),
            self.of,
            one_line(&case.key())
        )
    }

    fn show(&self, text: &str) {
        if let Some(bar) = &self.bar {
            let troubles = if self.troubles > 0 {
                format!("{} to look at  ", self.troubles)
            } else {
                String::new()
            };
            let beside = match self.running.len() {
                0 | 1 => String::new(),
                many => format!("{} beside  ", many - 1),
            };
            bar.set_message(format!("{troubles}{beside}{}", one_line(text)));
        }
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.console.note(text)),
            None => self.console.note(text),
        }
    }
}

fn bar(length: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length as u64), ProgressDrawTarget::stderr());
    // The template is constant; if it did not parse, the default bar would do.
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} {pos}/{len} {elapsed:>4}  {wide_msg}")
    {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

// Text of the device must not move the cursor.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
