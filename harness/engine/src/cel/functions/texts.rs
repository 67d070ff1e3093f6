//! Functions of texts.

use std::sync::Arc;

use cel::Value;

use super::{Answer, Args, answer, arg, describe, fail, scalar_text, text_arg};

fn text<'b, 'v>(text: String) -> Answer<'b, 'v> {
    answer(&Value::String(Arc::new(text)))
}

pub(super) fn join<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let separator = text_arg("join", &args, 1)?;
    let list = match arg(&args, 0)? {
        Value::List(list) => list,
        other => {
            let message = format!("expected a list, found {}", describe(&other));
            return Err(fail("join", message));
        }
    };
    let mut parts = Vec::with_capacity(list.len());
    for item in list.iter() {
        let part = scalar_text(item)
            .ok_or_else(|| fail("join", format!("{} is no text", describe(item))))?;
        parts.push(part);
    }
    text(parts.join(&separator))
}

pub(super) fn split<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let whole = text_arg("split", &args, 0)?;
    let separator = text_arg("split", &args, 1)?;
    if separator.is_empty() {
        return Err(fail("split", "the separator is empty"));
    }
    let parts = whole
        .split(&separator)
        .map(|p| Value::String(Arc::new(p.to_owned())))
        .collect();
    answer(&Value::List(Arc::new(parts)))
}

pub(super) fn replace<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let whole = text_arg("replace", &args, 0)?;
    let from = text_arg("replace", &args, 1)?;
    let to = text_arg("replace", &args, 2)?;
    if from.is_empty() {
        return Err(fail("replace", "what to replace is empty"));
    }
    text(whole.replace(&from, &to))
}

pub(super) fn upper<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    text(text_arg("upper", &args, 0)?.to_uppercase())
}

pub(super) fn lower<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    text(text_arg("lower", &args, 0)?.to_lowercase())
}

pub(super) fn swap_case<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let swap = |c: char| {
        if c.is_ascii_uppercase() {
            c.to_ascii_lowercase()
        } else {
            c.to_ascii_uppercase()
        }
    };
    text(text_arg("swapCase", &args, 0)?.chars().map(swap).collect())
}

/// The last letters become `Zz9`, as many as the name has room for: no standardised name ends so.
pub(super) fn misspelt<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let name = text_arg("misspelt", &args, 0)?;
    let count = name.chars().count();
    let tail: String = "Zz9".chars().take(count.max(1)).collect();
    let kept = count.saturating_sub(tail.chars().count());
    let kept: String = name.chars().take(kept).collect();
    text(format!("{kept}{tail}"))
}
