//! What the owner of the device allows, asked once more before a step does it: steps inside others escape the plan, and
//! what a step acts on is only known now.

use iedassay_wire::mms::ObjectName;

use super::names::Variable;
use crate::expect::pattern::OutcomePattern;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::suite::{Allowance, ExpectSet};
use crate::target::substituted_object;
use crate::verdict::IncidentKind;

/// Whether the owner allows this kind of thing.
///
/// # Errors
/// The step is not done.
pub(super) fn allowed(cx: &CaseRun<'_>, what: Allowance) -> Result<(), Trouble> {
    if cx.shared.target.allow().permits(what) {
        return Ok(());
    }
    Err(refused(format!(
        "the target does not allow `{}`",
        what.as_str()
    )))
}

/// Whether this variable may be written. Report control blocks are configured without a permission, and what is written to
/// a control is an operation of it, what is written to FC SV or BL substitutes or blocks a value. What publishes stands on a list of
/// its own too, also for a write that must be refused: if it is not, subscribers lose a message. Any other write that must be refused
/// changes nothing, so it takes the permission to write as such and no more; the rest must be on the owner's list.
///
/// # Errors
/// The step is not done.
pub(super) fn may_write(
    cx: &CaseRun<'_>,
    variable: &Variable,
    expect: Option<&ExpectSet>,
) -> Result<(), Trouble> {
    let names = Names::of(variable);
    match names.constraint.as_deref() {
        Some("RP" | "BR") => return Ok(()),
        Some("CO") => {
            let control = names.control.unwrap_or_default();
            if cx.shared.target.allow().may_operate(&control) {
                return Ok(());
            }
            return Err(refused(format!(
                "the target does not allow operating {control}"
            )));
        }
        Some("SV" | "BL") => {
            if cx.shared.target.allow().may_write(&names.reference) {
                return Ok(());
            }
            let object = substituted_object(&names.reference).unwrap_or(&names.reference);
            return Err(refused(format!(
                "the target does not allow substituting {object}"
            )));
        }
        Some(fc @ ("GO" | "MS" | "US")) => {
            let block = names.block.unwrap_or_default();
            let reference = format!("{block}[{fc}]");
            if cx.shared.target.allow().may_publish(&reference) {
                return Ok(());
            }
            return Err(refused(format!(
                "the target does not allow switching or configuring {reference}"
            )));
        }
        _ => {}
    }
    allowed(cx, Allowance::WriteData)?;
    let allow = cx.shared.target.allow();
    if allow.may_write(&names.reference)
        || allow.may_write(&variable.text)
        || must_be_refused(cx, expect)?
    {
        return Ok(());
    }
    Err(refused(format!(
        "the target does not allow writing {}",
        names.reference
    )))
}

/// Whether success is none of the outcomes that a step permits.
fn must_be_refused(cx: &CaseRun<'_>, expect: Option<&ExpectSet>) -> Result<bool, Trouble> {
    let permitted = cx.eval_list(expect.map(|expect| &expect.any_of))?;
    let tolerated = cx.eval_list(expect.and_then(|expect| expect.tolerate.as_ref()))?;
    let permits_success = |list: Option<Vec<OutcomePattern>>| {
        list.is_some_and(|list| list.iter().any(|p| p.matches(&Outcome::Success)))
    };
    Ok(permitted.is_some() && !permits_success(permitted) && !permits_success(tolerated))
}

/// A variable as permissions name it.
struct Names {
    constraint: Option<String>,
    /// `LD/LN.DO.DA[FC]`.
    reference: String,
    /// `LD/LN.DO` of what stands under FC CO.
    control: Option<String>,
    /// `LD/LN.name`, as if it were a control block.
    block: Option<String>,
}

impl Names {
    fn of(variable: &Variable) -> Self {
        let whole = || Self {
            constraint: None,
            reference: variable.text.clone(),
            control: None,
            block: None,
        };
        let ObjectName::Domain { domain, item } = &variable.name else {
            return whole();
        };
        let mut parts = item.split('$');
        let (Some(ln), Some(fc)) = (parts.next(), parts.next()) else {
            return whole();
        };
        let path: Vec<&str> = parts.collect();
        let end = path
            .iter()
            .position(|name| matches!(*name, "Oper" | "SBO" | "SBOw" | "Cancel"))
            .unwrap_or(path.len());
        let control = path.get(..end).unwrap_or(&path).join(".");
        let block = path.first().copied().unwrap_or_default();
        let block = Some(format!("{domain}/{ln}.{block}"));
        let path = path.join(".");
        Self {
            constraint: Some(fc.to_owned()),
            reference: match path.as_str() {
                "" => format!("{domain}/{ln}[{fc}]"),
                path => format!("{domain}/{ln}.{path}[{fc}]"),
            },
            control: Some(format!("{domain}/{ln}.{control}")),
            block,
        }
    }
}

fn refused(observed: String) -> Trouble {
    Trouble::new(IncidentKind::Precondition, observed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::names::variable_name;

    #[test]
    fn a_variable_is_named_as_permissions_name_it() {
        for (text, constraint, reference, control) in [
            (
                "LD/GGIO1.Set.setVal[SP]",
                "SP",
                "LD/GGIO1.Set.setVal[SP]",
                "LD/GGIO1.Set.setVal",
            ),
            (
                "LD/LLN0$LG$lcb$LogEna",
                "LG",
                "LD/LLN0.lcb.LogEna[LG]",
                "LD/LLN0.lcb.LogEna",
            ),
            (
                "LD/GGIO1$CO$SPCSO1$Oper$ctlVal",
                "CO",
                "LD/GGIO1.SPCSO1.Oper.ctlVal[CO]",
                "LD/GGIO1.SPCSO1",
            ),
            ("LD/LLN0$ST", "ST", "LD/LLN0[ST]", "LD/LLN0."),
            (
                "LD/LLN0$GO$gcb$DstAddress$APPID",
                "GO",
                "LD/LLN0.gcb.DstAddress.APPID[GO]",
                "LD/LLN0.gcb.DstAddress.APPID",
            ),
        ] {
            let names = Names::of(&variable_name(text).unwrap());
            assert_eq!(names.constraint.as_deref(), Some(constraint), "{text}");
            assert_eq!(names.reference, reference);
            assert_eq!(names.control.as_deref(), Some(control));
            let block = control.split('.').take(2).collect::<Vec<_>>().join(".");
            assert_eq!(names.block, Some(block));
        }
    }
}
