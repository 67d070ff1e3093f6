//! What the process side can be told, and what it tells: commands with their one table of verbs, answers, errors, motions, scenarios.

mod error;
mod find;
mod motion;
mod notice;
mod place;
mod scenario;
mod verb;

use core::{fmt, str::FromStr};
use std::time::Duration;

use iedassay_model::{ObjectReference, value::format_duration};

pub use error::{CommandError, CommandErrorKind};
pub(crate) use find::list;
pub(crate) use motion::{Change, How, Motion, Motions};
pub use notice::{ControlNotice, ControlService, NoticedCommand};
pub(crate) use place::{Place, controllable};
pub use scenario::{Scenario, ScenarioError, ScenarioStep, Timetable, What};
pub use verb::{Argument, Kind, VERBS, Verb};

use crate::control::AddCause;

/// Longest line that the process side reads, in octets.
pub const MAX_LINE: usize = 4096;
/// Most steps of one ramp.
const MAX_RAMP_STEPS: u128 = 1_000_000;
/// Shortest time between two values of a ramp or a toggling.
const MIN_EVERY: Duration = Duration::from_millis(1);

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// So many times, at least once.
    Count(u32),
    /// Until it is stopped.
    Forever,
}

impl Times {
    /// Most times that can be asked for, beside for ever.
    pub const MAX: u32 = 1_000_000;

    /// How often a text says: a number from 1 to [`Self::MAX`], or `forever`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "forever" {
            return Some(Self::Forever);
        }
        let count = text
            .parse()
            .ok()
            .filter(|count| (1..=Self::MAX).contains(count));
        count.map(Self::Count)
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Forever => f.write_str("forever"),
        }
    }
}

/// A cause (AddCause of IEC 61850-7-2) that the process can hold against a controllable object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    name: &'static str,
    pub(crate) add_cause: AddCause,
}

impl Cause {
    /// The cause of a name such as `blocked-by-interlocking`.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let found = AddCause::OF_PROCESS
            .iter()
            .find(|(known, _)| *known == name);
        found.map(|(name, add_cause)| Self {
            name,
            add_cause: *add_cause,
        })
    }

    /// The names of all of them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        AddCause::OF_PROCESS.iter().map(|(name, _)| *name)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }
}

/// Something that the process side can be told: one for each verb of [`VERBS`], which says what it does. `Display` and `FromStr` are the
/// line of the protocol.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the table of verbs says what they are")]
pub enum Command {
    Set {
        reference: ObjectReference,
        value: String,
    },
    Update(ObjectReference),
    Ramp {
        reference: ObjectReference,
        from: f64,
        to: f64,
        over: Duration,
        every: Duration,
    },
    Toggle {
        reference: ObjectReference,
        every: Option<Duration>,
        times: Times,
    },
    Stop(Option<ObjectReference>),
    Block {
        reference: ObjectReference,
        on: bool,
    },
    Hold {
        reference: ObjectReference,
        cause: Cause,
        on: bool,
    },
    Stick {
        reference: ObjectReference,
        on: bool,
    },
    Blackhole(bool),
    Restart(Duration),
    Get(ObjectReference),
    Scan(String),
    List(String),
    Subscribe(bool),
    Help(Option<&'static Verb>),
    Ping,
}

/// What the process side answers to a command that it obeys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is done.
    Done,
    /// A value.
    Value(String),
    /// Lines, the first of so many.
    Lines {
        /// Those that are told.
        lines: Vec<String>,
        /// How many there are.
        of: usize,
    },
}

/// As the line protocol has it: `ok`, `ok VALUE`, or `ok COUNT` and so many lines (`ok COUNT of ALL` when some are left out).
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("ok"),
            Self::Value(value) => write!(f, "ok {}", value.replace(char::is_control, " ")),
            Self::Lines { lines, of } => {
                write!(f, "ok {}", lines.len())?;
                if *of > lines.len() {
                    write!(f, " of {of}")?;
                }
                lines
                    .iter()
                    .try_for_each(|line| write!(f, "\n{}", line.replace(char::is_control, " ")))
            }
        }
    }
}

impl Command {
    /// The verb of the command.
    #[must_use]
    pub fn verb(&self) -> &'static Verb {
        let name = match self {
            Self::Set { .. } => "set",
            Self::Update(_) => "update",
            Self::Ramp { .. } => "ramp",
            Self::Toggle { .. } => "toggle",
            Self::Stop(_) => "stop",
            Self::Block { .. } => "block",
            Self::Hold { .. } => "hold",
            Self::Stick { .. } => "stick",
            Self::Blackhole(_) => "blackhole",
            Self::Restart(_) => "restart",
            Self::Get(_) => "get",
            Self::Scan(_) => "scan",
            Self::List(_) => "list",
            Self::Subscribe(_) => "subscribe",
            Self::Help(_) => "help",
            Self::Ping => "ping",
        };
        let found = VERBS.iter().find(|verb| verb.name == name);
        found.unwrap_or(&VERBS[0])
    }

    /// How long what it begins goes on: none for ever, zero for what is done at once.
    #[must_use]
    pub fn lasts(&self) -> Option<Duration> {
        match self {
            Self::Ramp { over, .. } => Some(*over),
            Self::Toggle {
                every: Some(every),
                times,
                ..
            } => match times {
                Times::Count(count) => Some(every.saturating_mul(*count)),
                Times::Forever => None,
            },
            _ => Some(Duration::ZERO),
        }
    }

    /// What can be said of a command without a model.
    fn check_bounds(&self) -> Result<(), CommandError> {
        let too_short = || {
            CommandError::new(
                CommandErrorKind::Malformed,
                "`every` is shorter than a millisecond",
            )
            .of("every")
            .remedy("the shortest is `1ms`")
        };
        match self {
            Self::Ramp { over, every, .. } => {
                if *every < MIN_EVERY {
                    return Err(too_short());
                }
                if over.as_nanos().div_ceil(every.as_nanos().max(1)) > MAX_RAMP_STEPS {
                    let message = format!("a ramp of more than {MAX_RAMP_STEPS} steps");
                    return Err(CommandError::new(CommandErrorKind::TooMuch, message)
                        .of("every")
                        .remedy("make `every` longer"));
                }
                Ok(())
            }
            Self::Toggle {
                every: Some(every), ..
            } if *every < MIN_EVERY => Err(too_short()),
            Self::Toggle {
                every: None,
                times: Times::Count(2..) | Times::Forever,
                ..
            } => Err(CommandError::new(
                CommandErrorKind::Missing,
                "to toggle more than once needs the time between",
            )
            .of("every")
            .remedy("give `every`")),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let switch = |on: &bool| if *on { "on" } else { "off" };
        f.write_str(self.verb().name)?;
        match self {
            Self::Set { reference, value } => {
                write!(f, " {reference} {}", value.replace(char::is_control, " "))
            }
            Self::Update(reference) | Self::Get(reference) | Self::Stop(Some(reference)) => {
                write!(f, " {reference}")
            }
            Self::Ramp {
                reference,
                from,
                to,
                over,
                every,
            } => write!(
                f,
                " {reference} {from} {to} {} {}",
                format_duration(*over),
                format_duration(*every)
            ),
            Self::Toggle {
                reference,
                every: Some(every),
                times,
            } => write!(f, " {reference} {} {times}", format_duration(*every)),
            Self::Toggle { reference, .. } => write!(f, " {reference}"),
            Self::Block { reference, on } | Self::Stick { reference, on } => {
                write!(f, " {reference} {}", switch(on))
            }
            Self::Hold {
                reference,
                cause,
                on,
            } => write!(f, " {reference} {} {}", cause.name, switch(on)),
            Self::Blackhole(on) | Self::Subscribe(on) => write!(f, " {}", switch(on)),
            Self::Restart(off) if !off.is_zero() => write!(f, " {}", format_duration(*off)),
            Self::Scan(pattern) | Self::List(pattern) if !pattern.is_empty() => {
                write!(f, " {}", pattern.replace(char::is_control, " "))
            }
            Self::Help(Some(verb)) => write!(f, " {}", verb.name),
            _ => Ok(()),
        }
    }
}

impl FromStr for Command {
    type Err = CommandError;

    fn from_str(line: &str) -> Result<Self, CommandError> {
        if line.len() > MAX_LINE {
            return Err(too_long());
        }
        let (word, mut rest) = cut(line.trim());
        let verb = Verb::find(word)?;
        let mut texts = Vec::new();
        for argument in verb.arguments {
            let to_the_end = matches!(argument.kind, Kind::Value | Kind::Pattern);
            let (text, more) = if to_the_end { (rest, "") } else { cut(rest) };
            texts.push((!text.is_empty()).then_some(text));
            rest = more;
        }
        if !rest.is_empty() {
            let shown: String = rest.chars().take(40).collect();
            let message = format!("`{shown}` is too much");
            return Err(CommandError::new(CommandErrorKind::Superfluous, message)
                .remedy(format!("write `{}`", verb.usage())));
        }
        verb.command(&texts).map_err(|errors| {
            let first = errors.into_iter().next();
            first.unwrap_or_else(|| CommandError::new(CommandErrorKind::Malformed, "no command"))
        })
    }
}

/// A line that is too long.
pub(crate) fn too_long() -> CommandError {
    let message = format!("the line is too long: at most {MAX_LINE} octets");
    CommandError::new(CommandErrorKind::TooMuch, message)
}

/// The first word of a text and what comes after it.
fn cut(text: &str) -> (&str, &str) {
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text, ""),
    }
}

/// What `help` answers.
pub(crate) fn help(verb: Option<&Verb>) -> Answer {
    let lines: Vec<String> = match verb {
        None => VERBS
            .iter()
            .map(|verb| format!("{}: {}", verb.usage(), verb.does))
            .collect(),
        Some(verb) => {
            let arguments = verb.arguments.iter().map(|argument| {
                let may = if argument.required {
                    ""
                } else {
                    ", may be missing"
                };
                format!(
                    "{}: {}{may}",
                    argument.name.to_uppercase(),
                    argument.kind.what()
                )
            });
            let causes = verb
                .arguments
                .iter()
                .any(|argument| argument.kind == Kind::Cause)
                .then(|| format!("causes: {}", Cause::names().collect::<Vec<_>>().join(", ")));
            [verb.usage(), verb.does.to_owned()]
                .into_iter()
                .chain(arguments)
                .chain(causes)
                .chain([format!("example: {}", verb.example)])
                .collect()
        }
    };
    Answer::Lines {
        of: lines.len(),
        lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> String {
        line.parse::<Command>().unwrap_err().to_string()
    }

    #[test]
    fn lines_that_are_no_commands_say_why() {
        for (line, why) in [
            ("dance", "`dance` is no command; `help` lists them"),
            (
                "sett A/B.c true",
                "`sett` is no command; did you mean `set`?",
            ),
            (
                "block A/B.c",
                "`block` needs `on` or `off`; write `block REFERENCE STATE`",
            ),
            (
                "block A/B.c maybe",
                "`state`: expected `on` or `off`, found `maybe`",
            ),
            ("ping twice", "`twice` is too much; write `ping`"),
            (
                "ramp A/B.c 1 2 -1s 10ms",
                "`over`: expected a time such as `200ms`, `1s` or `2min`, found `-1s`; a time is not negative",
            ),
            (
                "ramp A/B.c 1 NaN 1s 10ms",
                "`to`: expected a number such as `1.5`, found `NaN`",
            ),
            (
                "ramp A/B.c 1 2 1s 0ms",
                "`every` is shorter than a millisecond; the shortest is `1ms`",
            ),
            (
                "ramp A/B.c 1 2 1h 1ms",
                "a ramp of more than 1000000 steps; make `every` longer",
            ),
            (
                "toggle A/B.c 1s 0",
                "`times`: expected a number from 1 to 1000000, or `forever`, found `0`",
            ),
            (
                "hold A/B.c blocked-by-interlock on",
                "`blocked-by-interlock` is no cause that the process can bring about; did you mean `blocked-by-interlocking`?",
            ),
        ] {
            assert_eq!(error(line), why, "{line}");
        }
        assert_eq!(
            error(&"x".repeat(MAX_LINE + 1)),
            "the line is too long: at most 4096 octets"
        );
    }

    #[test]
    fn a_value_goes_to_the_end_of_the_line() {
        let Command::Set { reference, value } = "set A/B.c[ST]   'two  words' ".parse().unwrap()
        else {
            panic!("another verb");
        };
        assert_eq!(
            (reference.to_string().as_str(), value.as_str()),
            ("A/B.c[ST]", "'two  words'")
        );
    }

    #[test]
    fn commands_last_as_long_as_their_motion() {
        for (line, lasts) in [
            ("ramp A/B.c 1 2 3s 10ms", Some(3000)),
            ("toggle A/B.c 100ms 4", Some(400)),
            ("toggle A/B.c 100ms", None),
            ("toggle A/B.c", Some(0)),
            ("set A/B.c 1", Some(0)),
        ] {
            let command: Command = line.parse().unwrap();
            assert_eq!(command.lasts(), lasts.map(Duration::from_millis), "{line}");
        }
    }

    proptest::proptest! {
        /// Whatever the words, nothing panics, an answer is one line, and a command reads back as it is written.
        #[test]
        fn any_line_is_a_command_or_a_reason(
            verb in proptest::sample::select(VERBS.iter().map(|verb| verb.name).collect::<Vec<_>>()),
            rest in "([A-Za-z0-9/.\\[\\]\\(\\)-]{0,12}|forever|on|A/B.c\\[ST\\]|1|2s|\\PC{0,6}| |\t){0,12}",
        ) {
            match format!("{verb} {rest}").parse::<Command>() {
                Ok(command) => {
                    let line = command.to_string();
                    let again: Command = line.parse().unwrap();
                    proptest::prop_assert_eq!(again.to_string(), line);
                }
                Err(error) => proptest::prop_assert!(!error.to_string().contains(char::is_control)),
            }
        }
    }
}
