//! `for-each`: one run for every element.

use std::collections::{BTreeMap, BTreeSet};

use cel::objects::Key;

use super::demand::Demand;
use super::shuffle::Random;
use crate::cel::{EvalError, Expr, Scope, Value, functions};
use crate::suite::Allowance;
use crate::target::ForEachPolicy;
use crate::yaml::decode::Table;

/// A case does not run on more elements.
const MAX_ROWS: usize = 10_000;

/// One combination of elements.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// What tells it from the others.
    pub(super) label: String,
    /// The same of what the case lists itself, whatever the device: ways, codings, attributes.
    variant: String,
    /// Variables in order.
    pub(super) bindings: Vec<(String, Value)>,
}

/// All combinations, the last variable changing fastest.
pub(super) fn rows(for_each: &Table<Expr>, scope: &Scope) -> Result<Vec<Row>, EvalError> {
    let mut rows = vec![(
        Row {
            label: String::new(),
            variant: String::new(),
            bindings: Vec::new(),
        },
        scope.clone(),
    )];
    for (name, expr) in for_each.iter() {
        let of_the_case = Scope::new().eval(expr).is_ok();
        let mut next = Vec::new();
        for (row, scope) in rows {
            let list = match scope.eval(expr)? {
                Value::List(list) => list,
                other => {
                    return Err(EvalError {
                        span: expr.span,
                        source: expr.source.to_string(),
                        message: format!("expected a list, found {}", functions::describe(&other)),
                        help: None,
                        in_data: false,
                        missing: None,
                    });
                }
            };
            for (i, element) in list.iter().enumerate() {
                if next.len() >= MAX_ROWS {
                    return Err(EvalError {
                        span: expr.span,
                        source: expr.source.to_string(),
                        message: format!("gives more than {MAX_ROWS} elements"),
                        help: None,
                        in_data: false,
                        missing: None,
                    });
                }
                let mut scope = scope.clone();
                scope.set(name.value.clone(), element.clone());
                let mut row = row.clone();
                let part = label(element).unwrap_or_else(|| format!("#{}", i.saturating_add(1)));
                if !row.label.is_empty() {
                    row.label.push(',');
                }
                row.label.push_str(&part);
                if of_the_case {
                    row.variant.push_str(&part);
                    row.variant.push(',');
                }
                row.bindings.push((name.value.clone(), element.clone()));
                next.push((row, scope));
            }
        }
        rows = next;
    }
    let mut rows: Vec<Row> = rows.into_iter().map(|(row, _)| row).collect();
    number_twins(&mut rows);
    Ok(rows)
}

/// Labels name one row each: twins get numbers.
fn number_twins(rows: &mut [Row]) {
    let mut seen: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for row in rows {
        let count = seen.entry(row.label.clone()).or_insert(0);
        *count = count.saturating_add(1);
        if *count > 1 {
            row.label = format!("{}#{count}", row.label);
        }
    }
}

/// What a person would call this element.
fn label(element: &Value) -> Option<String> {
    if let Value::Map(map) = element {
        return ["ref", "name", "id", "title"].into_iter().find_map(|key| {
            match map.map.get(&Key::from(key)) {
                Some(Value::String(s)) => Some(s.to_string()),
                _ => None,
            }
        });
    }
    if let Value::List(list) = element {
        let parts: Option<Vec<String>> = list.iter().map(functions::scalar_text).collect();
        return parts
            .map(|p| {
                if p.is_empty() {
                    "none".to_owned()
                } else {
                    p.join("+")
                }
            })
            .filter(|p| p.len() <= 120);
    }
    functions::scalar_text(element)
}

/// Whether the target allows what the case would do to the elements of this row.
pub(super) fn allowed(row: &Row, demand: &Demand) -> bool {
    row.bindings.iter().all(|(_, value)| {
        let Value::Map(map) = value else {
            return true;
        };
        let denied = |flag: &str| map.map.get(&Key::from(flag)) == Some(&Value::Bool(false));
        let operates = demand.allow.contains(&Allowance::Operate);
        let writes = [
            Allowance::WriteData,
            Allowance::Substitute,
            Allowance::Publishers,
        ]
        .iter()
        .any(|allowance| demand.allow.contains(allowance));
        !(operates && denied("operable") || writes && denied("mayWrite"))
    })
}

/// All rows, or of each variant the first, or some: the policy is about elements of the device, and leaves out nothing of what a case tries on
/// each of them.
pub(super) fn choose(rows: Vec<Row>, policy: ForEachPolicy, seed: Option<u64>) -> Vec<Row> {
    let wanted = match policy {
        ForEachPolicy::All => return rows,
        ForEachPolicy::First => 1,
        ForEachPolicy::Sample(n) => usize::try_from(n).unwrap_or(usize::MAX).max(1),
    };
    let mut variants: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        variants.entry(&row.variant).or_default().push(index);
    }
    let chosen: BTreeSet<usize> = variants
        .into_values()
        .flat_map(|of_one| {
            let places = spread(of_one.len(), wanted, seed);
            places
                .into_iter()
                .filter_map(move |place| of_one.get(place).copied())
        })
        .collect();
    rows.into_iter()
        .enumerate()
        .filter(|(index, _)| chosen.contains(index))
        .map(|(_, row)| row)
        .collect()
}

/// So many places of a list, or all where there are no more.
fn spread(total: usize, wanted: usize, seed: Option<u64>) -> Vec<usize> {
    if wanted >= total {
        return (0..total).collect();
    }
    match seed {
        // Evenly spread, the first and the last among them.
        None if wanted > 1 => (0..wanted)
            .map(|i| i.saturating_mul(total.saturating_sub(1)) / wanted.saturating_sub(1))
            .collect(),
        None => vec![0],
        Some(seed) => {
            let mut all: Vec<usize> = (0..total).collect();
            Random::new(seed).shuffle(&mut all);
            all.truncate(wanted);
            all
        }
    }
}
