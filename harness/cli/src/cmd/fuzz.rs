//! `iedassay fuzz`: a campaign against a device, and what it leaves.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use iedassay_client::Anchor;
use iedassay_engine::campaign::{
    Ended, Evidence, Finding, FuzzError, FuzzEvent, FuzzInput, FuzzReport, Reproduced, fuzz,
};
use iedassay_engine::cancel::cancellation;
use iedassay_sim::FaultSet;

use super::run::{World, drawn_seed};
use super::sim::parse_faults;
use crate::args::{Format, FuzzArgs};
use crate::clock;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::session::{self, Subject, cancel_on_signals};

/// How long a campaign is when nothing is said.
const USUAL: Duration = Duration::from_secs(60);
/// No campaign is longer.
const LONGEST: Duration = Duration::from_secs(30 * 86_400);
/// Between two lines of progress where no line can move.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

pub(crate) fn run(args: &FuzzArgs, console: &Console) -> Result<Exit, Failure> {
    let faults = parse_faults(&args.faults)?;
    let subject = Subject::load(args.target.as_deref(), &[], console)?;
    let (report, evidence) =
        session::runtime(args.virtual_time)?.block_on(campaign(args, subject, faults, console))?;
    let text = json(&report)?;
    files::write(&args.out.join("fuzz.json"), &text)?;
    if let Some(evidence) = &evidence {
        files::write(&args.out.join("finding.yaml"), &evidence.case)?;
        files::write_octets(&args.out.join("finding.pcapng"), &evidence.capture)?;
    }
    match args.format {
        Format::Json => console.json(&text)?,
        Format::Human => console.result(&for_people(&report, args))?,
    }
    Ok(match report.ended {
        Ended::Finding => Exit::Nonconforming,
        Ended::Interrupted => Exit::CouldNotTest,
        Ended::Sequences | Ended::Time => Exit::Conforms,
    })
}

async fn campaign(
    args: &FuzzArgs,
    subject: Subject,
    faults: FaultSet,
    console: &Console,
) -> Result<(FuzzReport, Option<Evidence>), Failure> {
    let now = clock::now();
    let (handle, cancel) = cancellation();
    cancel_on_signals(handle, *console);
    let world = World::open(args.virtual_time, &subject, faults, now).await?;
    let seed = args.seed.unwrap_or_else(|| drawn_seed(now));
    console.note(&format!(
        "fuzzing {} with seed {seed}",
        world.connector.describe()
    ));
    let time = match (args.time, args.sequences) {
        (Some(time), _) => time.min(LONGEST),
        (None, Some(_)) => LONGEST,
        (None, None) => USUAL,
    };
    let input = FuzzInput {
        model: subject
            .description
            .as_ref()
            .map(|description| Arc::new(description.model.clone())),
        target: Arc::new(subject.target),
        connector: Arc::clone(&world.connector),
        anchor: Anchor::now(now),
        cancel,
        seed,
        first: args.first,
        sequences: args.sequences.unwrap_or(u64::MAX),
        time,
        rate: args.rate,
        patience: args.patience,
        accept_within: args.accept_within,
        recovery: args.recovery,
        tries: args.tries,
    };
    let mut shown = Shown::new(*console);
    let result = fuzz(input, &mut |event| shown.event(&event)).await;
    shown.end();
    result.map_err(|error| match error {
        FuzzError::NotAllowed => Failure::new(Exit::Usage, error.to_string()),
        other => Failure::could_not_test(&other.to_string()),
    })
}

fn json(report: &FuzzReport) -> Result<String, Failure> {
    let broken = |error: serde_json::Error| {
        Failure::new(Exit::CouldNotTest, "cannot write the report").cause(error)
    };
    serde_json::to_string_pretty(report)
        .map(|text| text + "\n")
        .map_err(broken)
}

/// What happens, on standard error: a moving line on a terminal, plain lines elsewhere.
struct Shown {
    console: Console,
    bar: Option<ProgressBar>,
    told: Duration,
}

impl Shown {
    fn new(console: Console) -> Self {
        let bar = console.live.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
            if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self {
            console,
            bar,
            told: Duration::ZERO,
        }
    }

    fn event(&mut self, event: &FuzzEvent) {
        match event {
            FuzzEvent::Started { device } => {
                if let Some(device) = device {
                    self.line(&format!("device: {device}"));
                }
            }
            FuzzEvent::Played {
                sequences,
                messages,
                elapsed,
            } => {
                let text = format!(
                    "{sequences} sequences, {messages} messages, {} s",
                    elapsed.as_secs()
                );
                match &self.bar {
                    Some(bar) => bar.set_message(text),
                    None if *elapsed >= self.told + BETWEEN_LINES => {
                        self.told = *elapsed;
                        self.console.note(&text);
                    }
                    None => {}
                }
                self.tick();
            }
            FuzzEvent::Lost { what, sequence } => {
                self.line(&format!("sequence {sequence}: {what}"));
            }
            FuzzEvent::Waiting => {
                if let Some(bar) = &self.bar {
                    bar.set_message("waiting for the device to serve again");
                }
                self.tick();
            }
            FuzzEvent::Tried { tries, steps, down } => {
                let what = if *down { "lost again" } else { "survived" };
                let text = format!("try {tries}: {steps} steps, {what}");
                match &self.bar {
                    Some(bar) => bar.set_message(text),
                    None => self.console.note(&text),
                }
                self.tick();
            }
        }
    }

    fn tick(&self) {
        if let Some(bar) = &self.bar {
            bar.tick();
        }
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.console.note(text)),
            None => self.console.note(text),
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn for_people(report: &FuzzReport, args: &FuzzArgs) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} sequences, {} messages in {:.1} s, seed {}",
        report.sequences,
        report.messages,
        Duration::from_millis(report.duration).as_secs_f64(),
        report.seed
    );
    let _ = writeln!(
        out,
        "healthy association: {} answers, median {} ms (before: {} ms), 99 % within {} ms, longest {} ms",
        report.latency.answers,
        report.latency.median,
        report.latency.median_before,
        report.latency.percentile_99,
        report.latency.longest
    );
    out.push_str("what came back:\n");
    let mut reactions: Vec<_> = report.reactions.iter().collect();
    reactions.sort_by(|a, b| b.1.cmp(a.1));
    for (reaction, count) in reactions {
        let _ = writeln!(out, "  {count:>8}  {reaction}");
    }
    match &report.finding {
        Some(finding) => found(&mut out, finding, args),
        None => {
            let why = match report.ended {
                Ended::Interrupted => "interrupted; until then the device stayed in service",
                _ => "the device stayed in service",
            };
            let _ = writeln!(out, "{why}");
        }
    }
    out
}

fn found(out: &mut String, finding: &Finding, args: &FuzzArgs) {
    let _ = writeln!(
        out,
        "\nSERVICE LOST at sequence {}: {}",
        finding.sequence, finding.what
    );
    let how = match finding.reproduced {
        Reproduced::Yes => format!(
            "it comes about again; {} steps are left after {} tries:",
            finding.steps.len(),
            finding.tries
        ),
        Reproduced::No => format!(
            "it did not come about again in {} tries; since sequence {} these steps were played:",
            finding.tries, finding.since
        ),
        Reproduced::NotTried => format!(
            "the device did not come back (see --recovery), so nothing was tried again; since sequence {} these steps were played:",
            finding.since
        ),
    };
    let _ = writeln!(out, "{how}");
    for (number, step) in finding.steps.iter().enumerate() {
        let _ = writeln!(out, "  {:>3}  {}", number + 1, step);
    }
    let dir = args.out.display();
    let _ = writeln!(out, "capture:     {dir}/finding.pcapng");
    let _ = writeln!(
        out,
        "to play it:  iedassay run --suites {dir}/finding.yaml{}",
        match &args.target {
            Some(target) => format!(" --target {}", target.display()),
            None => String::new(),
        }
    );
}
