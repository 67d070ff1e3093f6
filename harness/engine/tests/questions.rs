//! What only a person can tell: answered from a file, or left open.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod common;

use std::sync::Arc;

use common::{Bench, TARGET, cases};
use iedassay_engine::answers::{self, Answers};
use iedassay_engine::diagnostic::Sources;
use iedassay_reports::{CaseRecord, Verdict};

const CASE: &str = "  - id: test/asked
    title: t
    steps:
      - question: {id: valid, text: 'Is it valid?', answers: ['yes', 'no'], pass: ['yes'], as: a}
";

fn read(answer: &str) -> Result<Answers, String> {
    let text = format!(
        "answers: [{{case: test/asked, {answer}, by: A. Tester, on: 2026-01-02, remark: page 3}}]"
    );
    let mut sources = Sources::new();
    let file = sources.add("answers.yaml", text);
    answers::load(&sources, file, &cases(CASE))
        .map_err(|found| found.iter().map(|d| d.plain(&sources)).collect())
}

async fn judge(answers: Answers) -> CaseRecord {
    let mut bench = Bench::new(TARGET);
    bench.answers = Arc::new(answers);
    let (record, _) = bench.run(cases(CASE)).await;
    record.cases.into_iter().next().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_answer_decides_and_is_recorded_with_who_gave_it() {
    for (answer, verdict) in [
        ("yes", Verdict::Pass),
        ("no", Verdict::Fail),
        ("perhaps", Verdict::Inconclusive),
    ] {
        let record = judge(read(&format!("question: valid, answer: {answer}")).unwrap()).await;
        assert_eq!(record.verdict, verdict, "{answer}: {:?}", record.reason);
        let told = &record.answers[0];
        assert_eq!(
            (told.question.as_str(), told.answer.as_str()),
            ("valid", answer)
        );
        assert_eq!(
            (told.by.as_str(), told.on.as_str()),
            ("A. Tester", "2026-01-02")
        );
        assert_eq!(told.remark.as_deref(), Some("page 3"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_without_an_answer_is_open_at_once() {
    let record = judge(Answers::default()).await;
    assert_eq!(record.verdict, Verdict::Inconclusive);
    let reason = record.reason.unwrap();
    assert!(
        reason.contains("open question `valid`: Is it valid?"),
        "{reason}"
    );
    assert_eq!(record.duration_ms, 0.0);
}

#[test]
fn an_answer_to_what_nobody_asks_is_a_mistake() {
    let told = read("question: vallid, answer: 'yes'").unwrap_err();
    assert!(told.contains("did you mean `valid`?"), "{told}");
}
