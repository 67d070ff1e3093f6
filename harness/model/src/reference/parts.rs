//! The parts of a name.

use super::{MAX_REFERENCE, NameError, NameErrorKind, Step};
use crate::Fc;

pub(super) fn limit(text: &str) -> Result<(), NameError> {
    if text.len() > MAX_REFERENCE {
        return Err(NameError::new(NameErrorKind::TooLong, text, MAX_REFERENCE));
    }
    Ok(())
}

/// Names are ISO 646 letters, digits and underscore; a tester also meets others, so only what would break the syntax is refused.
pub(super) fn check_part(part: &str, text: &str, offset: usize) -> Result<(), NameError> {
    if part.is_empty() {
        return Err(NameError::new(NameErrorKind::EmptyPart, text, offset));
    }
    match part
        .char_indices()
        .find(|(_, c)| "/.$[]()@".contains(*c) || c.is_whitespace() || c.is_control())
    {
        Some((at, _)) => Err(NameError::new(
            NameErrorKind::BadCharacter,
            text,
            offset.saturating_add(at),
        )),
        None => Ok(()),
    }
}

pub(super) fn split_constraint(text: &str) -> Result<(&str, Option<Fc>), NameError> {
    let Some((names, rest)) = text.split_once('[') else {
        return Ok((text, None));
    };
    let bad = || NameError::new(NameErrorKind::BadConstraint, text, names.len());
    let fc = rest
        .strip_suffix(']')
        .ok_or_else(bad)?
        .parse()
        .map_err(|_| bad())?;
    Ok((names, Some(fc)))
}

/// The parts of a name between separators, with their offsets in the whole text.
pub(super) struct Parts<'a> {
    rest: Option<&'a str>,
    separator: char,
    whole: &'a str,
}

impl<'a> Parts<'a> {
    pub(super) fn new(rest: &'a str, separator: char, whole: &'a str) -> Self {
        Self {
            rest: Some(rest),
            separator,
            whole,
        }
    }

    pub(super) fn next_part(&mut self) -> Option<(usize, &'a str)> {
        let rest = self.rest?;
        // Both are slices of one text, so the distance of their ends is the offset.
        let offset = self.whole.len().saturating_sub(rest.len());
        let part = match rest.split_once(self.separator) {
            Some((part, rest)) => {
                self.rest = Some(rest);
                part
            }
            None => {
                self.rest = None;
                rest
            }
        };
        Some((offset, part))
    }

    pub(super) fn steps(mut self) -> Result<Vec<Step>, NameError> {
        let mut steps = Vec::new();
        while let Some((offset, part)) = self.next_part() {
            steps.push(step(part, self.whole, offset)?);
        }
        Ok(steps)
    }
}

fn step(part: &str, whole: &str, offset: usize) -> Result<Step, NameError> {
    let Some((name, rest)) = part.split_once('(') else {
        check_part(part, whole, offset)?;
        return Ok(Step::new(part));
    };
    check_part(name, whole, offset)?;
    let bad = || {
        NameError::new(
            NameErrorKind::BadIndex,
            whole,
            offset.saturating_add(name.len()),
        )
    };
    let digits = rest.strip_suffix(')').ok_or_else(bad)?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad());
    }
    Ok(Step {
        name: name.to_owned(),
        index: Some(digits.parse().map_err(|_| bad())?),
    })
}
