//! One case while it runs: its variables, instants, associations, and what it must put back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use iedassay_client::capture::Capture;
use iedassay_model::tree::ServerModel;
use iedassay_reports::{Finding, Mark, Phase};
use tokio::time::Instant;

use super::case_log::{CaseLog, Trouble};
use super::clients::Clients;
use super::exhibit::Exhibit;
use super::memory::Controls;
use super::shared::Shared;
use crate::campaign::Wire;
use crate::cel::{EvalError, Expr, Field, FieldValue, Fields, Scope, Value};
use crate::expect::explain;
use crate::origin::{Key, Origin, Path, Pdu, path_of};
use crate::safety::Ledger;
use crate::step::names::Variable;
use crate::step::watch::Reading;
use crate::suite::Window;
use crate::target::pixit;
use crate::verdict::IncidentKind;

/// The association that every case has unless it says `associate: manual`.
pub(crate) const MAIN: &str = "main";

pub(crate) use super::memory::KnownRcb;

/// One case while it runs.
pub(crate) struct CaseRun<'r> {
    pub(crate) shared: &'r Shared,
    pub(crate) log: CaseLog,
    pub(crate) scope: Scope,
    pub(crate) phase: Phase,
    pub(crate) clients: Clients,
    /// Connections without an association, by their names; closed with the case.
    pub(crate) wires: BTreeMap<String, Wire>,
    pub(crate) capture: Capture,
    pub(crate) ledger: Ledger,
    /// What is known of report control blocks, by their MMS name.
    pub(crate) rcbs: BTreeMap<String, KnownRcb>,
    pub(crate) controls: Controls,
    /// Associations that read beside the steps.
    pub(crate) readings: BTreeMap<String, Reading>,
    /// Members of the data sets that the case has asked for, by their MMS name.
    pub(crate) data_sets: BTreeMap<String, Vec<Variable>>,
    /// The model of the server, once the case has browsed it.
    pub(crate) browsed: Option<Arc<ServerModel>>,
    instants: BTreeMap<String, (Instant, Instant)>,
    /// The PDUs that named values came from, so that a check that does not hold can show them.
    exhibits: BTreeMap<String, Exhibit>,
    begun: Instant,
    /// Names bound in the rounds of `repeat` and `for-each` that are under way, innermost last.
    rounds: Vec<Vec<String>>,
}

impl<'r> CaseRun<'r> {
    pub(crate) fn new(shared: &'r Shared, log: CaseLog, scope: Scope) -> Self {
        Self {
            shared,
            log,
            scope,
            phase: Phase::Setup,
            clients: Clients::default(),
            wires: BTreeMap::new(),
            capture: Capture::new(shared.anchor),
            ledger: Ledger::default(),
            rcbs: BTreeMap::new(),
            controls: Controls::default(),
            readings: BTreeMap::new(),
            data_sets: BTreeMap::new(),
            browsed: None,
            instants: BTreeMap::new(),
            exhibits: BTreeMap::new(),
            begun: Instant::now(),
            rounds: Vec::new(),
        }
    }

    /// The value of a field.
    pub(crate) fn eval<T: FieldValue + Clone>(&self, field: &Field<T>) -> Result<T, Trouble> {
        field
            .eval(&self.scope)
            .map_err(|error| self.blamed(eval_trouble(&error), field.exprs()))
    }

    /// The value of a field that may be absent.
    pub(crate) fn eval_opt<T: FieldValue + Clone>(
        &self,
        field: Option<&Field<T>>,
    ) -> Result<Option<T>, Trouble> {
        field.map(|field| self.eval(field)).transpose()
    }

    /// The values of a list of fields that may be absent.
    pub(crate) fn eval_list<T: FieldValue + Clone>(
        &self,
        fields: Option<&Fields<T>>,
    ) -> Result<Option<Vec<T>>, Trouble> {
        fields
            .map(|fields| {
                fields
                    .eval(&self.scope)
                    .map_err(|error| self.blamed(eval_trouble(&error), fields.exprs()))
            })
            .transpose()
    }

    /// The value of an expression.
    pub(crate) fn eval_expr(&self, expr: &Expr) -> Result<Value, Trouble> {
        self.scope
            .eval(expr)
            .map_err(|error| self.blamed(eval_trouble(&error), [expr]))
    }

    /// The truth of an expression.
    pub(crate) fn eval_bool(&self, expr: &Expr) -> Result<bool, Trouble> {
        self.scope
            .eval_bool(expr)
            .map_err(|error| self.blamed(eval_trouble(&error), [expr]))
    }

    /// Whose a mistake in expressions is: the server's where they read a value that came with another type than the
    /// model describes, else that of the suite.
    pub(crate) fn blamed<'e>(
        &self,
        trouble: Trouble,
        exprs: impl IntoIterator<Item = &'e Expr>,
    ) -> Trouble {
        if trouble.kind != IncidentKind::Suite {
            return trouble;
        }
        let mut exhibits = exprs.into_iter().map(|expr| self.exhibit_of(expr));
        match exhibits.find_map(|exhibit| Some((exhibit.misfit.clone()?, exhibit))) {
            Some((misfit, exhibit)) => Trouble::expectation(
                "values of the types that the model describes",
                format!("{misfit} ({})", trouble.observed),
            )
            .with(exhibit.marked(&[Key::Name("allFit".to_owned())], &misfit)),
            None => trouble,
        }
    }

    /// Gives a value a name, and notes it for the rounds under way.
    pub(crate) fn bind(&mut self, name: &str, value: Value) {
        self.scope.set(name, value);
        self.exhibits.remove(name);
        for round in &mut self.rounds {
            if !round.iter().any(|bound| bound == name) {
                round.push(name.to_owned());
            }
        }
    }

    /// Gives an instant a name.
    ///
    /// What takes time has two: when it was asked for, before which nothing that follows from it can happen, and when
    /// it was done, from which windows count.
    pub(crate) fn bind_instant(&mut self, name: &str, asked: Instant, done: Instant) {
        self.instants.insert(name.to_owned(), (asked, done));
    }

    /// Says which PDU a named value came from.
    pub(crate) fn bind_exhibit(&mut self, name: &str, exhibit: &Exhibit) {
        if exhibit.is_empty() {
            self.exhibits.remove(name);
        } else {
            self.exhibits.insert(name.to_owned(), exhibit.clone());
        }
    }

    /// The PDU behind an expression: of the values that it reads, one that does not fit its type, else the one that came
    /// last.
    pub(crate) fn exhibit_of(&self, expr: &Expr) -> Exhibit {
        self.foremost(expr.variables.iter().map(|name| name.value.as_str()))
    }

    /// The PDU behind an expression, with what of it the expression reads marked, and where the parts of its value stand if
    /// it is a part of another.
    pub(crate) fn exhibit_of_part(&self, expr: &Expr) -> Exhibit {
        let mut exhibit = self.exhibit_of(expr);
        let origin = exhibit.origin.take();
        if let Some(path) = path_of(&self.scope, &Vec::new(), expr.ast())
            && let Some(origin) = origin
        {
            return exhibit.with_origin(origin.part(&path.keys));
        }
        exhibit
    }

    /// The PDU that the parts of values stand in which an expression has read, these marked: of several the one that came
    /// last. Without such parts it is the PDU behind the expression as a whole.
    fn exhibit_read(&self, expr: &Expr, read: &[Path]) -> Exhibit {
        let mut found: Vec<(Pdu, Mark)> = Vec::new();
        for path in read {
            let Some(exhibit) = self.exhibits.get(&path.root) else {
                continue;
            };
            let Some(part) = exhibit
                .origin
                .as_ref()
                .map(|origin| origin.find(&path.keys))
            else {
                continue;
            };
            let (Some(element), Some(pdu)) = (part.element, part.pdu.or_else(|| exhibit.source()))
            else {
                continue;
            };
            let mark = element.mark(&pdu.octets, &path.to_string());
            found.extend(mark.map(|mark| (pdu, mark)));
        }
        let Some((last, _)) = found.iter().max_by_key(|(pdu, _)| pdu.frame) else {
            return self.exhibit_of(expr);
        };
        let last = last.clone();
        let marks: Vec<Mark> = found
            .into_iter()
            .filter_map(|(pdu, mark)| {
                // Another PDU is only worth telling of where it can be looked up.
                let elsewhere = pdu != last;
                let frame = if elsewhere { Some(pdu.frame?) } else { None };
                Some(Mark { frame, ..mark })
            })
            .collect();
        Exhibit::new(&last.octets, last.frame).with_marks(marks)
    }

    fn foremost<'n>(&self, names: impl Iterator<Item = &'n str>) -> Exhibit {
        names
            .filter_map(|name| self.exhibits.get(name))
            .max_by_key(|exhibit| (exhibit.misfit.is_some(), exhibit.frame))
            .cloned()
            .unwrap_or_default()
    }

    /// What a field gives before it is made a `T` of: the object itself where an expression gives one.
    pub(crate) fn raw_value<T: FieldValue + Clone + std::fmt::Display>(
        &self,
        field: &Field<T>,
    ) -> Result<Value, Trouble> {
        match field.exprs().as_slice() {
            [expr] => self.eval_expr(expr),
            _ => Ok(Value::from(self.eval(field)?.to_string())),
        }
    }

    /// Begins a round of `repeat` or `for-each`.
    pub(crate) fn begin_round(&mut self) {
        self.rounds.push(Vec::new());
    }

    /// Ends it; what was bound in it, by name, and which PDU stands for it, with where each of them stands.
    pub(crate) fn end_round(&mut self) -> (Value, Exhibit) {
        let bound = self.rounds.pop().unwrap_or_default();
        let values = crate::value::map(
            bound
                .iter()
                .filter_map(|name| Some((name.as_str(), self.scope.get(name)?.clone()))),
        );
        let origin = bound.iter().fold(Origin::default(), |whole, name| {
            match self.exhibits.get(name) {
                Some(exhibit) => whole.with(name, exhibit.own_origin()),
                None => whole,
            }
        });
        let shown = self.foremost(bound.iter().map(String::as_str));
        (values, shown.with_origin(origin))
    }

    /// Milliseconds from the start of the case, as expressions count.
    pub(crate) fn at_ms(&self, at: Instant) -> Value {
        let since = at.saturating_duration_since(self.log.started());
        Value::Int(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// Milliseconds since 1970 of an instant, as expressions count.
    pub(crate) fn utc_ms(&self, at: Instant) -> Value {
        let since = self.shared.anchor.since_unix_epoch(at);
        Value::Int(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// A condition that does not hold: what it read, and where that stands.
    pub(crate) fn why_false(&self, expr: &Expr) -> Trouble {
        let blame = explain::blame_false(&self.scope, expr);
        Trouble::expectation(one_line(&expr.source), blame.observed)
            .with(self.exhibit_read(expr, &blame.read))
    }

    /// Evaluates the checks of a step. What does not hold is recorded, and the step goes on.
    pub(crate) fn check(&mut self, checks: &[Expr]) -> Result<(), Trouble> {
        for expr in checks {
            self.log.checked();
            match self.scope.eval_bool(expr) {
                Ok(true) => {}
                Ok(false) => {
                    let trouble = self.why_false(expr);
                    self.log.trouble(trouble);
                }
                Err(error) => {
                    let trouble = self.blamed(eval_trouble(&error), [expr]);
                    match trouble.kind {
                        IncidentKind::Suite => return Err(trouble),
                        IncidentKind::Expectation if trouble.exhibit.is_empty() => {
                            let read = explain::read_by(&self.scope, expr);
                            self.log
                                .trouble(trouble.with(self.exhibit_read(expr, &read)));
                        }
                        _ => self.log.trouble(trouble),
                    }
                }
            }
        }
        Ok(())
    }

    /// The name of the association that a step uses.
    pub(crate) fn client_name(
        &self,
        client: Option<&Field<crate::cel::Name>>,
    ) -> Result<String, Trouble> {
        Ok(self
            .eval_opt(client)?
            .map_or_else(|| MAIN.to_owned(), |name| name.0))
    }

    /// The bounds of a window as instants: not before, not after. Without `after` it counts from `started`.
    pub(crate) fn window(&self, window: &Window, started: Instant) -> Result<Bounds, Trouble> {
        let (asked, from) = match &window.after {
            // What the step waits for may have come while the step before it was still ending: a report overtakes the
            // answer of the stimulus that caused it. It is early only where the window has a `min`.
            None => (self.begun, started),
            Some(name) => *self.instants.get(&name.value.0).ok_or_else(|| {
                Trouble::suite(format!(
                    "`after: {}` names nothing that has happened yet",
                    name.value
                ))
            })?,
        };
        let min = self
            .eval_opt(window.min.as_ref())?
            .map(crate::cel::Millis::duration);
        let max = self.eval(&window.max)?.duration();
        let tolerances = &self.shared.tolerances;
        let (early, late) = if window.exact {
            (Duration::ZERO, Duration::ZERO)
        } else {
            (tolerances.early(), tolerances.late())
        };
        Ok(Bounds {
            asked,
            from,
            min,
            max,
            early,
            late,
        })
    }

    /// Records something legal but odd.
    pub(crate) fn finding(&mut self, code: &str, text: impl Into<String>) {
        self.log.finding(Finding {
            code: code.to_owned(),
            text: text.into(),
            clause: None,
            frame: None,
            count: 1,
        });
    }
}

/// A window in time with its tolerances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Before this nothing can have happened.
    pub(crate) asked: Instant,
    pub(crate) from: Instant,
    pub(crate) min: Option<Duration>,
    pub(crate) max: Duration,
    pub(crate) early: Duration,
    pub(crate) late: Duration,
}

impl Bounds {
    /// The last instant that is still in time.
    pub(crate) fn latest(&self) -> Instant {
        self.from + self.max + self.late
    }

    /// What is wrong with `at`: expected and observed, or nothing.
    pub(crate) fn violation(&self, at: Instant) -> Option<(String, String)> {
        let after = at.saturating_duration_since(self.from);
        let early = self.min.is_some_and(|min| after + self.early < min);
        if !early && at <= self.latest() && at >= self.asked {
            return None;
        }
        let observed = if at < self.asked {
            format!("{} before it", ms(self.asked - at))
        } else {
            format!("{} after it", ms(after))
        };
        Some((self.to_string(), observed))
    }
}

impl std::fmt::Display for Bounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.min {
            Some(min) => write!(f, "between {} and {}", ms(min), ms(self.max))?,
            None => write!(f, "within {}", ms(self.max))?,
        }
        if self.early + self.late > Duration::ZERO {
            write!(f, " (tolerance -{} +{})", ms(self.early), ms(self.late))?;
        }
        Ok(())
    }
}

/// A duration as people say it.
pub(crate) fn ms(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1000.0;
    if millis.fract() < 0.001 || millis >= 100.0 {
        format!("{millis:.0} ms")
    } else {
        format!("{millis:.1} ms")
    }
}

/// What an expression that cannot be evaluated means: a question that the target file leaves open leaves the case open,
/// something missing in what the server sent is the server's, all else is the suite's.
pub(crate) fn eval_trouble(error: &EvalError) -> Trouble {
    if let Some(question) = error.missing.as_deref().and_then(pixit::question)
        && error.source.contains("pixit.")
    {
        let observed = format!("the target file does not answer {}", question.id);
        return Trouble::new(IncidentKind::Precondition, observed);
    }
    if error.in_data {
        Trouble::expectation(one_line(&error.source), error.message.clone())
    } else {
        let help = error
            .help
            .as_deref()
            .map(|help| format!(" ({help})"))
            .unwrap_or_default();
        Trouble::new(IncidentKind::Suite, format!("{error}{help}"))
    }
}

/// A text on one line.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_question_is_no_failure_of_the_server() {
        let kind = |text: &str| {
            let at =
                |a, b| crate::diagnostic::Span::new(crate::diagnostic::FileId::default(), a, b);
            let expr = Expr::parse(text, &at).unwrap();
            let mut scope = Scope::new();
            scope.set("pixit", crate::value::map([("As1", Value::Int(3))]));
            scope.set("answer", crate::value::map([("value", Value::Int(1))]));
            eval_trouble(&scope.eval(&expr).unwrap_err()).kind
        };
        assert_eq!(kind("pixit.Rp7.reports > 3"), IncidentKind::Precondition);
        assert_eq!(kind("has(pixit.Rp7.reports)"), IncidentKind::Precondition);
        assert_eq!(kind("answer.q == pixit.As1"), IncidentKind::Expectation);
        assert_eq!(kind("answer.Rp7 == 1"), IncidentKind::Expectation);
        assert_eq!(kind("answer.value + 'x' == ''"), IncidentKind::Suite);
    }

    #[tokio::test(start_paused = true)]
    async fn windows_are_widened_by_the_tolerances_and_no_more() {
        let from = Instant::now();
        let bounds = Bounds {
            asked: from,
            from,
            min: Some(Duration::from_millis(900)),
            max: Duration::from_millis(1200),
            early: Duration::from_millis(10),
            late: Duration::from_millis(200),
        };
        let table = [
            (889, false),
            (890, true),
            (1000, true),
            (1400, true),
            (1401, false),
        ];
        for (at, good) in table {
            assert_eq!(
                bounds.violation(from + Duration::from_millis(at)).is_none(),
                good,
                "{at}"
            );
        }
        let (expected, observed) = bounds.violation(from + Duration::from_millis(100)).unwrap();
        assert_eq!(
            expected,
            "between 900 ms and 1200 ms (tolerance -10 ms +200 ms)"
        );
        assert_eq!(observed, "100 ms after it");
    }

    #[tokio::test(start_paused = true)]
    async fn what_came_before_the_instant_is_out_of_the_window() {
        let from = Instant::now() + Duration::from_secs(1);
        let bounds = Bounds {
            asked: from,
            from,
            min: None,
            max: Duration::from_secs(1),
            early: Duration::ZERO,
            late: Duration::ZERO,
        };
        assert_eq!(
            bounds.violation(from - Duration::from_millis(5)).unwrap().1,
            "5 ms before it"
        );
    }
}
