//! The one table of what the process side can be told: the line protocol, its help, scenarios, their schema and the handbook all go by it.

use std::time::Duration;

use iedassay_model::{ObjectReference, nearest, value::parse_duration};

use super::{Cause, Command, CommandError, CommandErrorKind, Times};
use crate::control::AddCause;

/// A word that the process side knows.
#[derive(Debug)]
pub struct Verb {
    /// The word.
    pub name: &'static str,
    /// What comes after it, in this order.
    pub arguments: &'static [Argument],
    /// What it does, in a sentence.
    pub does: &'static str,
    /// A line that uses it, of the built-in IED.
    pub example: &'static str,
    /// Whether a step of a scenario can be it.
    pub in_scenarios: bool,
    /// The command; none when the arguments are not those of the table.
    make: fn(&[Option<Given>]) -> Option<Command>,
}

/// An argument of a verb.
#[derive(Debug)]
pub struct Argument {
    /// Its name: the key in a scenario, where the first argument stands under the verb itself.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether it has to be there. What may be missing comes last.
    pub required: bool,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A reference `LD/LN.DO.DA[FC]`.
    Reference,
    /// A value; it goes to the end of the line.
    Value,
    /// A number.
    Number,
    /// A time with its unit; a bare number is milliseconds.
    Time,
    /// How many times, or `forever`.
    Times,
    /// `on` or `off`.
    Switch,
    /// A cause (AddCause) that the process can bring about.
    Cause,
    /// Parts of a reference.
    Pattern,
    /// A verb of this table.
    Verb,
}

impl Kind {
    /// In a few words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Reference => "a reference such as `LD/LN.DO.DA[FC]`",
            Self::Value => {
                "a value: `true`, `-3`, `1.5`, `'text'`, `off|on|intermediate|bad`, a quality such as `invalid+test`, a literal of \
                 an enumeration or its number, bits as `0b0101`"
            }
            Self::Number => "a number such as `1.5`",
            Self::Time => "a time such as `200ms`, `1s` or `2min`",
            Self::Times => "a number from 1 to 1000000, or `forever`",
            Self::Switch => "`on` or `off`",
            Self::Cause => "a cause such as `blocked-by-interlocking`",
            Self::Pattern => "parts of a reference; `*` stands for anything",
            Self::Verb => "a verb",
        }
    }
}

/// An argument that could be read.
#[derive(Clone, Debug)]
pub(super) enum Given {
    Reference(ObjectReference),
    Text(String),
    Number(f64),
    Time(Duration),
    Times(Times),
    Switch(bool),
    Cause(Cause),
}

const fn required(name: &'static str, kind: Kind) -> Argument {
    Argument {
        name,
        kind,
        required: true,
    }
}

const fn optional(name: &'static str, kind: Kind) -> Argument {
    Argument {
        name,
        kind,
        required: false,
    }
}

const REFERENCE: Argument = required("reference", Kind::Reference);
const STATE: Argument = required("state", Kind::Switch);

/// Every verb, those that change something first.
pub const VERBS: &[Verb] = &[
    Verb {
        name: "set",
        arguments: &[REFERENCE, required("value", Kind::Value)],
        does: "gives a value or a quality; the time stamp beside it shows now; ends a ramp or a toggling of the same value",
        example: "set ASSAYLD0/GGIO1.Ind1.stVal[ST] true",
        in_scenarios: true,
        make: |given| match given {
            [Some(Given::Reference(reference)), Some(Given::Text(value))] => Some(Command::Set {
                reference: reference.clone(),
                value: value.clone(),
            }),
            _ => None,
        },
    },
    Verb {
        name: "update",
        arguments: &[REFERENCE],
        does: "writes the same value again (data update)",
        example: "update ASSAYLD0/GGIO1.Ind1.stVal[ST]",
        in_scenarios: true,
        make: |given| match given {
            [Some(Given::Reference(reference))] => Some(Command::Update(reference.clone())),
            _ => None,
        },
    },
    Verb {
        name: "ramp",
        arguments: &[
            REFERENCE,
            required("from", Kind::Number),
            required("to", Kind::Number),
            required("over", Kind::Time),
            required("every", Kind::Time),
        ],
        does: "moves a number evenly from one value to another within a time, in steps that far apart; the last is the second value itself",
        example: "ramp ASSAYMEAS/MMXU1.Hz.instMag.f[MX] 50 49.5 2s 100ms",
        in_scenarios: true,
        make: |given| match given {
            [
                Some(Given::Reference(reference)),
                Some(Given::Number(from)),
                Some(Given::Number(to)),
                Some(Given::Time(over)),
                Some(Given::Time(every)),
            ] => Some(Command::Ramp {
                reference: reference.clone(),
                from: *from,
                to: *to,
                over: *over,
                every: *every,
            }),
            _ => None,
        },
    },
    Verb {
        name: "toggle",
        arguments: &[
            REFERENCE,
            optional("every", Kind::Time),
            optional("times", Kind::Times),
        ],
        does: "turns a single or double point over, once or every so often: so many times, or for ever",
        example: "toggle ASSAYLD0/GGIO1.Ind1.stVal[ST] 1s 5",
        in_scenarios: true,
        make: |given| match given {
            [Some(Given::Reference(reference)), every, times] => Some(Command::Toggle {
                reference: reference.clone(),
                every: match every {
                    Some(Given::Time(every)) => Some(*every),
                    _ => None,
                },
                times: match (times, every) {
                    (Some(Given::Times(times)), _) => *times,
                    (_, Some(_)) => Times::Forever,
                    _ => Times::Count(1),
                },
            }),
            _ => None,
        },
    },
    Verb {
        name: "stop",
        arguments: &[optional("reference", Kind::Reference)],
        does: "ends the ramp or the toggling of a value, without a reference all of them",
        example: "stop ASSAYLD0/GGIO1.Ind1.stVal[ST]",
        in_scenarios: true,
        make: |given| match given {
            [Some(Given::Reference(reference))] => Some(Command::Stop(Some(reference.clone()))),
            [None] => Some(Command::Stop(None)),
            _ => None,
        },
    },
    Verb {
        name: "block",
        arguments: &[REFERENCE, STATE],
        does: "the process refuses control of the object",
        example: "block ASSAYCTRL/CSWI1.Pos on",
        in_scenarios: true,
        make: |given| match given {
            [Some(Given::Reference(reference)), Some(Given::Switch(on))] => Some(Command::Block {
                reference: reference.clone(),
                on: *on,
            }),
            _ => None,
        },
    },
    Verb {
        name: "hold",
        arguments: &[REFERENCE, required("cause", Kind::Cause), STATE],
        does: "the process holds a cause against the object: a command that asks is refused with it, one with enhanced security that executes ends with it",
        example: "hold ASSAYCTRL/CSWI1.Pos blocked-by-interlocking on",
        in_scenarios: true,
        make: |given| match given {
            [
                Some(Given::Reference(reference)),
                Some(Given::Cause(cause)),
                Some(Given::Switch(on)),
            ] => Some(Command::Hold {
                reference: reference.clone(),
                cause: *cause,
                on: *on,
            }),
            _ => None,
        },
    },
    Verb {
        name: "stick",
        arguments: &[REFERENCE, STATE],
        does: "the process accepts control of the object and does not move",
        example: "stick ASSAYCTRL/CSWI1.Pos on",
        in_scenarios: true,
        make: |given| match given {
            [Some(Given::Reference(reference)), Some(Given::Switch(on))] => Some(Command::Stick {
                reference: reference.clone(),
                on: *on,
            }),
            _ => None,
        },
    },
    Verb {
        name: "blackhole",
        arguments: &[STATE],
        does: "established connections fall silent as with a pulled cable",
        example: "blackhole on",
        in_scenarios: true,
        make: |given| match given {
            [Some(Given::Switch(on))] => Some(Command::Blackhole(*on)),
            _ => None,
        },
    },
    Verb {
        name: "restart",
        arguments: &[optional("off", Kind::Time)],
        does: "an interruption of the supply that lasts so long; then the IED starts, which takes it as long as it always does",
        example: "restart 5s",
        in_scenarios: true,
        make: |given| match given {
            [Some(Given::Time(off))] => Some(Command::Restart(*off)),
            [None] => Some(Command::Restart(Duration::ZERO)),
            _ => None,
        },
    },
    Verb {
        name: "get",
        arguments: &[REFERENCE],
        does: "answers a value",
        example: "get ASSAYLD0/GGIO1.Ind1.stVal[ST]",
        in_scenarios: false,
        make: |given| match given {
            [Some(Given::Reference(reference))] => Some(Command::Get(reference.clone())),
            _ => None,
        },
    },
    Verb {
        name: "scan",
        arguments: &[optional("pattern", Kind::Pattern)],
        does: "answers the values whose reference has the pattern, a line each",
        example: "scan GGIO1.Ind*stVal",
        in_scenarios: false,
        make: |given| match given {
            [Some(Given::Text(pattern))] => Some(Command::Scan(pattern.clone())),
            [None] => Some(Command::Scan(String::new())),
            _ => None,
        },
    },
    Verb {
        name: "list",
        arguments: &[optional("pattern", Kind::Pattern)],
        does: "answers what can be set, with its type, and what can be controlled, a line each",
        example: "list CSWI1",
        in_scenarios: false,
        make: |given| match given {
            [Some(Given::Text(pattern))] => Some(Command::List(pattern.clone())),
            [None] => Some(Command::List(String::new())),
            _ => None,
        },
    },
    Verb {
        name: "subscribe",
        arguments: &[STATE],
        does: "from now on every control that a client sends is told on this connection, a line each",
        example: "subscribe on",
        in_scenarios: false,
        make: |given| match given {
            [Some(Given::Switch(on))] => Some(Command::Subscribe(*on)),
            _ => None,
        },
    },
    Verb {
        name: "help",
        arguments: &[optional("verb", Kind::Verb)],
        does: "answers what can be told, or all about one verb, a line each",
        example: "help ramp",
        in_scenarios: false,
        make: |given| match given {
            [Some(Given::Text(verb))] => {
                Verb::find(verb).ok().map(|verb| Command::Help(Some(verb)))
            }
            [None] => Some(Command::Help(None)),
            _ => None,
        },
    },
    Verb {
        name: "ping",
        arguments: &[],
        does: "answers `ok`",
        example: "ping",
        in_scenarios: false,
        make: |given| given.is_empty().then_some(Command::Ping),
    },
];

impl Verb {
    /// The verb of a word.
    ///
    /// # Errors
    /// When there is none, with the one that was probably meant.
    pub fn find(word: &str) -> Result<&'static Self, CommandError> {
        VERBS.iter().find(|verb| verb.name == word).ok_or_else(|| {
            let shown: String = word.chars().take(40).collect();
            let error = CommandError::new(
                CommandErrorKind::UnknownVerb,
                format!("`{shown}` is no command"),
            );
            match nearest(word, VERBS.iter().map(|verb| verb.name)) {
                Some(near) => error.remedy(format!("did you mean `{near}`?")),
                None => error.remedy("`help` lists them"),
            }
        })
    }

    /// The verb with its arguments, those that may be missing in brackets.
    #[must_use]
    pub fn usage(&self) -> String {
        let arguments = self.arguments.iter().map(|argument| {
            let name = argument.name.to_uppercase();
            if argument.required {
                format!(" {name}")
            } else {
                format!(" [{name}]")
            }
        });
        core::iter::once(self.name.to_owned())
            .chain(arguments)
            .collect()
    }

    /// The command of a verb with the text of each argument, in the order of the table. Whether the model has what it speaks of is not
    /// looked at, see [`Command::check`].
    ///
    /// # Errors
    /// Everything that is wrong with the arguments.
    pub fn command(&'static self, texts: &[Option<&str>]) -> Result<Command, Vec<CommandError>> {
        let mut errors = Vec::new();
        let mut given = Vec::new();
        for (at, argument) in self.arguments.iter().enumerate() {
            let text = texts.get(at).copied().flatten();
            given.push(match text {
                Some(text) => match read(argument, text) {
                    Ok(value) => Some(value),
                    Err(error) => {
                        errors.push(error.of(argument.name));
                        None
                    }
                },
                None => {
                    if argument.required {
                        let message = format!("`{}` needs {}", self.name, argument.kind.what());
                        errors.push(
                            CommandError::new(CommandErrorKind::Missing, message)
                                .of(argument.name)
                                .remedy(format!("write `{}`", self.usage())),
                        );
                    }
                    None
                }
            });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let command = (self.make)(&given).ok_or_else(|| {
            let message = format!("`{}` cannot be used so", self.name);
            vec![
                CommandError::new(CommandErrorKind::Malformed, message)
                    .remedy(format!("write `{}`", self.usage())),
            ]
        })?;
        command.check_bounds().map_err(|error| vec![error])?;
        Ok(command)
    }
}

fn read(argument: &Argument, text: &str) -> Result<Given, CommandError> {
    let text = text.trim();
    let shown: String = text.chars().take(80).collect();
    let malformed = || {
        CommandError::new(
            CommandErrorKind::Malformed,
            format!(
                "`{}`: expected {}, found `{shown}`",
                argument.name,
                argument.kind.what()
            ),
        )
    };
    Ok(match argument.kind {
        Kind::Reference => {
            Given::Reference(text.parse().map_err(|error| {
                CommandError::new(CommandErrorKind::Malformed, format!("{error}"))
            })?)
        }
        Kind::Value if text.is_empty() => return Err(malformed()),
        Kind::Value | Kind::Pattern => Given::Text(text.to_owned()),
        Kind::Verb => {
            Verb::find(text)?;
            Given::Text(text.to_owned())
        }
        Kind::Number => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Given::Number(number),
            _ => return Err(malformed()),
        },
        Kind::Time => match parse_duration(text) {
            Some(time) => Given::Time(time),
            None if text.starts_with('-') => {
                return Err(malformed().remedy("a time is not negative"));
            }
            None => return Err(malformed()),
        },
        Kind::Times => Given::Times(Times::parse(text).ok_or_else(malformed)?),
        Kind::Switch => match text {
            "on" | "true" => Given::Switch(true),
            "off" | "false" => Given::Switch(false),
            _ => return Err(malformed()),
        },
        Kind::Cause => match Cause::find(text) {
            Some(cause) => Given::Cause(cause),
            None => {
                let message = format!("`{shown}` is no cause that the process can bring about");
                let error = CommandError::new(CommandErrorKind::Malformed, message);
                let names = || AddCause::OF_PROCESS.iter().map(|(name, _)| *name);
                return Err(match nearest(text, names()) {
                    Some(near) => error.remedy(format!("did you mean `{near}`?")),
                    None => error.remedy(format!(
                        "there are {}",
                        names().collect::<Vec<_>>().join(", ")
                    )),
                });
            }
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_of_the_table_is_a_command() {
        for verb in VERBS {
            let command: Command = verb.example.parse().unwrap();
            assert!(verb.example.starts_with(verb.name), "{}", verb.name);
            assert_eq!(command.verb().name, verb.name);
            assert_eq!(
                command.to_string(),
                verb.example,
                "it is written as it is read"
            );
        }
    }

    #[test]
    fn what_may_be_missing_comes_last_and_may_be_missing() {
        for verb in VERBS {
            let required: Vec<bool> = verb.arguments.iter().map(|a| a.required).collect();
            assert!(required.is_sorted_by(|a, b| a >= b), "{}", verb.name);
            let short: Vec<&str> = verb
                .example
                .split(' ')
                .take(1 + required.iter().filter(|required| **required).count())
                .collect();
            let command: Result<Command, _> = short.join(" ").parse();
            assert!(command.is_ok(), "{}: {command:?}", short.join(" "));
        }
    }
}
