//! Names in steps: `LD/LN.DO.DA[FC]`, `LD/LN$FC$DO`, `LD/LN$ds`, `@ds`, and what they are on the wire.

use iedassay_model::tree::{Node, ServerModel};
use iedassay_model::{BlockReference, DataSetReference, ObjectReference, Selection};
use iedassay_wire::mms::{AlternateAccess, ListedVariable, ObjectName, Selector};

use crate::runner::case_log::Trouble;

/// A variable as a step names it.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    /// As written.
    pub(crate) text: String,
    /// Its name on the wire.
    pub(crate) name: ObjectName,
    /// The part of it, by alternate access.
    pub(crate) selection: Vec<Selection>,
}

impl Variable {
    /// Where it stands in the model.
    pub(crate) fn node<'a>(&self, model: &'a ServerModel) -> Option<Node<'a>> {
        match &self.name {
            ObjectName::Domain { domain, item } => {
                model.resolve(domain, item)?.select(&self.selection)
            }
            _ => None,
        }
    }

    /// It in a list of variables.
    pub(crate) fn listed(&self) -> ListedVariable {
        ListedVariable::new(self.name.clone(), alternate_access(&self.selection))
    }
}

/// The variable of this name. What is no reference is taken as on the wire, right or wrong: `LD/anything` in a domain,
/// other texts in the VMD.
pub(crate) fn variable_name(text: &str) -> Result<Variable, Trouble> {
    if text.is_empty() {
        return Err(Trouble::suite("the name of the variable is empty"));
    }
    if !text.contains('$')
        && let Ok(reference) = text.parse::<ObjectReference>()
        && let Ok(name) = reference.to_mms()
    {
        let object = ObjectName::domain(name.domain, name.item);
        return Ok(Variable {
            text: text.to_owned(),
            name: object,
            selection: name.selection,
        });
    }
    let name = match (text.strip_prefix('@'), text.split_once('/')) {
        (Some(item), _) => ObjectName::Aa(item.to_owned()),
        (None, Some((domain, item))) => ObjectName::domain(domain, item),
        (None, None) => ObjectName::Vmd(text.to_owned()),
    };
    Ok(Variable {
        text: text.to_owned(),
        name,
        selection: Vec::new(),
    })
}

/// The data set of this name.
pub(crate) fn data_set_name(text: &str) -> Result<ObjectName, Trouble> {
    if text.is_empty() {
        return Err(Trouble::suite("the name of the data set is empty"));
    }
    if let Ok(reference) = text.parse::<DataSetReference>() {
        return Ok(match reference.to_mms() {
            (Some(domain), item) => ObjectName::domain(domain, item),
            (None, item) => ObjectName::Aa(item),
        });
    }
    variable_name(text).map(|variable| variable.name)
}

/// The control block of this name.
pub(crate) fn block_name(text: &str) -> Result<BlockReference, Trouble> {
    text.parse()
        .map_err(|error| Trouble::suite(format!("`{text}` is no control block: {error}")))
}

/// Alternate access for a part of a variable (IEC 61850-8-1, alternate access).
pub(crate) fn alternate_access(selection: &[Selection]) -> Option<AlternateAccess> {
    selection.iter().rev().fold(None, |inner, step| {
        let selector = match step {
            Selection::Index(index) => Selector::Index(*index),
            Selection::Component(name) => Selector::Component(name.clone()),
        };
        Some(match inner {
            Some(access) => AlternateAccess::of(access, selector),
            None => AlternateAccess::select(selector),
        })
    })
}
