//! Answers to the questions of guided cases, from a file: who looked into which document, when, and what it says.

use crate::diagnostic::{Code, Diagnostic, FileId, Sources, Spanned, did_you_mean, sort};
use crate::suite::steps::visit;
use crate::suite::{Library, Step};
use crate::target::Day;
use crate::yaml::{Decoder, FromNode, read, yaml_struct};

yaml_struct! {
    /// A file of answers.
    #[derive(Default)]
    pub struct Answers {
        /// The answers.
        #[schemars(default)]
        pub answers: Vec<Answer>,
    }
}

yaml_struct! {
    /// The answer to one question.
    pub struct Answer {
        /// The case: its id.
        pub case: Spanned<String>,
        /// The question: its id in the case.
        pub question: Spanned<String>,
        /// The answer.
        pub answer: Spanned<String>,
        /// Who answered.
        pub by: Spanned<String>,
        /// When, `2027-03-31`.
        pub on: Spanned<Day>,
        /// What it rests on: document, page, observation.
        pub remark: Option<String>,
    }
}

/// Reads a file of answers to questions that the suites ask.
///
/// # Errors
/// Every mistake of the file.
pub fn load(
    sources: &Sources,
    file: FileId,
    library: &Library,
) -> Result<Answers, Vec<Diagnostic>> {
    let node = read(sources, file).map_err(|d| vec![d])?;
    let mut cx = Decoder::new();
    let answers = Answers::from_node(&node, &mut cx);
    let mut found = cx.diagnostics;
    for answer in answers.iter().flat_map(|answers| &answers.answers) {
        found.extend(unknown(answer, library));
    }
    sort(&mut found);
    match answers {
        Some(answers) if !found.iter().any(Diagnostic::is_error) => Ok(answers),
        _ => Err(found),
    }
}

/// An answer to what nobody asks.
fn unknown(answer: &Answer, library: &Library) -> Option<Diagnostic> {
    let case = library
        .cases()
        .map(|(_, case)| case)
        .find(|case| case.id.value == answer.case.value);
    let (span, what, known) = match case {
        None => {
            let ids = library.cases().map(|(_, case)| case.id.value.clone());
            (
                answer.case.span,
                format!("no case is called `{}`", answer.case.value),
                ids.collect::<Vec<_>>(),
            )
        }
        Some(case) => {
            let mut ids = Vec::new();
            visit(case.all_steps(), &mut |entry| {
                if let Step::Question(question) = &entry.step {
                    ids.push(question.id.value.0.clone());
                }
            });
            if ids.contains(&answer.question.value) {
                return None;
            }
            let what = format!(
                "`{}` asks no question `{}`",
                answer.case.value, answer.question.value
            );
            (answer.question.span, what, ids)
        }
    };
    let wrong = match span == answer.case.span {
        true => &answer.case.value,
        false => &answer.question.value,
    };
    let near = did_you_mean(wrong, known.iter().map(String::as_str));
    let found = Diagnostic::error(Code::UnknownWord, span, what);
    Some(match near {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found,
    })
}

impl Answers {
    /// The answer to a question of a case.
    #[must_use]
    pub fn find(&self, case: &str, question: &str) -> Option<&Answer> {
        self.answers
            .iter()
            .find(|answer| answer.case.value == case && answer.question.value == question)
    }
}
