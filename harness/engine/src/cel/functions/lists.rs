//! Functions of lists. Elements are handed on, not copied.

use core::cmp::Ordering;

use cel::common::value::Val;

use super::{Answer, Args, answer, arg, elements, fail, list};
use cel::Value;

fn count(args: &Args<'_, '_>, n: usize) -> Result<usize, cel::ExecutionError> {
    match arg(args, n)? {
        Value::Int(i) => Ok(usize::try_from(i).unwrap_or(0)),
        other => Err(fail(
            "first",
            format!("expected a whole number, found {}", super::describe(&other)),
        )),
    }
}

pub(super) fn first<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let n = count(&args, 1)?;
    let items = elements("first", &args, 0)?;
    list(items.iter().take(n).cloned().collect())
}

pub(super) fn last<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    match elements("last", &args, 0)?.last() {
        Some(item) => Ok(cel::common::value::CowVal::Owned(item.clone())),
        None => Err(fail("last", "the list is empty")),
    }
}

pub(super) fn without<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let items = elements("without", &args, 0)?;
    let kept = items
        .iter()
        .filter(|item| {
            args.get(1)
                .is_none_or(|x| !item.as_ref().equals(x.as_ref()))
        })
        .cloned()
        .collect();
    list(kept)
}

pub(super) fn sorted<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let mut items = elements("sorted", &args, 0)?.to_vec();
    let order = |a: &dyn Val, b: &dyn Val| {
        a.as_comparer()
            .and_then(|c| c.compare(b).ok())
            .unwrap_or(Ordering::Equal)
    };
    items.sort_by(|a, b| order(a.as_ref(), b.as_ref()));
    list(items)
}

pub(super) fn unique<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let mut kept: Vec<Box<dyn Val + 'v>> = Vec::new();
    for item in elements("unique", &args, 0)? {
        if !kept.iter().any(|k| k.as_ref().equals(item.as_ref())) {
            kept.push(item.clone());
        }
    }
    list(kept)
}

pub(super) fn reversed<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    list(
        elements("reversed", &args, 0)?
            .iter()
            .rev()
            .cloned()
            .collect(),
    )
}

pub(super) fn same_elements<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let a = elements("sameElements", &args, 0)?;
    let b = elements("sameElements", &args, 1)?;
    let mut rest: Vec<_> = b.iter().collect();
    let same = a.len() == b.len()
        && a.iter().all(|x| {
            let found = rest.iter().position(|y| y.as_ref().equals(x.as_ref()));
            found.is_some_and(|i| {
                rest.swap_remove(i);
                true
            })
        });
    answer(&Value::Bool(same))
}
