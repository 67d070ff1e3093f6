//! Variable access specifications: names and alternate access.

use iedassay_model::{Selection, tree::Node};
use iedassay_wire::mms::{
    AccessSelection, AlternateAccess, Data, DataAccessError, ListedVariable, ObjectName, Selector,
    VariableSpecification,
};

use super::Ied;

const UNKNOWN: DataAccessError = DataAccessError::OBJECT_NON_EXISTENT;

impl Ied {
    /// The node that a listed variable names.
    ///
    /// # Errors
    /// `object-non-existent`, or `object-access-unsupported` when it is not given by name.
    pub(super) fn variable(&self, variable: &ListedVariable) -> Result<Node<'_>, DataAccessError> {
        match &variable.specification {
            VariableSpecification::Name(ObjectName::Domain { domain, item }) => {
                self.find(domain, item).ok_or(UNKNOWN)
            }
            VariableSpecification::Name(_) => Err(UNKNOWN),
            VariableSpecification::Invalidated => Err(DataAccessError::OBJECT_INVALIDATED),
            _ => Err(DataAccessError::OBJECT_ACCESS_UNSUPPORTED),
        }
    }
}

/// The part of a value that an alternate access means: one value, or a structure when several parts are asked for.
pub(super) fn select_parts(
    node: Node<'_>,
    data: &Data,
    access: &AlternateAccess,
) -> Result<Data, DataAccessError> {
    parts(
        Type {
            node,
            element: false,
        },
        data,
        access,
    )
}

/// A node, or its element when it is an array.
#[derive(Clone, Copy)]
struct Type<'a> {
    node: Node<'a>,
    element: bool,
}

impl<'a> Type<'a> {
    fn is_array(self) -> bool {
        self.node.count().is_some() && !self.element
    }
}

fn parts(typed: Type<'_>, data: &Data, access: &AlternateAccess) -> Result<Data, DataAccessError> {
    let mut found = Vec::new();
    for item in &access.items {
        found.push(match &item.selection {
            AccessSelection::Select(selector) => {
                selected(typed, data, selector, &mut |_, part| Ok(part.clone()))?
            }
            AccessSelection::Nested(selector, rest) => {
                selected(typed, data, selector, &mut |typed, part| {
                    parts(typed, part, rest)
                })?
            }
        });
    }
    match <[Data; 1]>::try_from(found) {
        Ok([one]) => Ok(one),
        Err(several) if several.is_empty() => Err(DataAccessError::OBJECT_ATTRIBUTE_INCONSISTENT),
        Err(several) => Ok(Data::Structure(several)),
    }
}

type Each<'f> = dyn FnMut(Type<'_>, &Data) -> Result<Data, DataAccessError> + 'f;

fn selected(
    typed: Type<'_>,
    data: &Data,
    selector: &Selector,
    each: &mut Each<'_>,
) -> Result<Data, DataAccessError> {
    match (selector, data) {
        (Selector::Component(name), Data::Structure(components)) if !typed.is_array() => {
            let at = typed
                .node
                .children()
                .position(|child| child.name() == name)
                .ok_or(UNKNOWN)?;
            let child = typed.node.child(name).ok_or(UNKNOWN)?;
            each(
                Type {
                    node: child,
                    element: false,
                },
                components.get(at).ok_or(UNKNOWN)?,
            )
        }
        (Selector::Index(index), Data::Array(elements)) if typed.is_array() => {
            let element = usize::try_from(*index)
                .ok()
                .and_then(|index| elements.get(index))
                .ok_or(UNKNOWN)?;
            each(
                Type {
                    element: true,
                    ..typed
                },
                element,
            )
        }
        (Selector::IndexRange { low, count }, Data::Array(elements)) if typed.is_array() => {
            let low = usize::try_from(*low).map_err(|_| UNKNOWN)?;
            // Of a range a count of 0 means up to the end.
            let count = match usize::try_from(*count).map_err(|_| UNKNOWN)? {
                0 => elements.len().saturating_sub(low),
                count => count,
            };
            let end = low.checked_add(count).ok_or(UNKNOWN)?;
            all(
                typed,
                elements
                    .get(low..end)
                    .filter(|range| !range.is_empty())
                    .ok_or(UNKNOWN)?,
                each,
            )
        }
        (Selector::AllElements, Data::Array(elements)) if typed.is_array() => {
            all(typed, elements, each)
        }
        _ => Err(DataAccessError::OBJECT_ATTRIBUTE_INCONSISTENT),
    }
}

fn all(typed: Type<'_>, elements: &[Data], each: &mut Each<'_>) -> Result<Data, DataAccessError> {
    let elements = elements.iter().map(|element| {
        each(
            Type {
                element: true,
                ..typed
            },
            element,
        )
    });
    elements.collect::<Result<_, _>>().map(Data::Array)
}

/// The names and indices of an alternate access that means one part.
///
/// # Errors
/// `object-access-unsupported` when it means several.
pub(super) fn path(access: &AlternateAccess) -> Result<Vec<Selection>, DataAccessError> {
    let mut steps = Vec::new();
    let mut access = access;
    loop {
        let [item] = access.items.as_slice() else {
            return Err(DataAccessError::OBJECT_ACCESS_UNSUPPORTED);
        };
        let (selector, rest) = match &item.selection {
            AccessSelection::Select(selector) => (selector, None),
            AccessSelection::Nested(selector, rest) => (selector, Some(rest)),
        };
        steps.push(match selector {
            Selector::Component(name) => Selection::Component(name.clone()),
            Selector::Index(index) => Selection::Index(*index),
            _ => return Err(DataAccessError::OBJECT_ACCESS_UNSUPPORTED),
        });
        match rest {
            Some(rest) => access = rest,
            None => return Ok(steps),
        }
    }
}

/// The alternate access of a way into an array; none for an empty one.
pub(super) fn alternate(selection: &[Selection]) -> Option<AlternateAccess> {
    let mut access: Option<AlternateAccess> = None;
    for step in selection.iter().rev() {
        let selector = match step {
            Selection::Index(index) => Selector::Index(*index),
            Selection::Component(name) => Selector::Component(name.clone()),
        };
        access = Some(match access {
            Some(rest) => rest.of(selector),
            None => AlternateAccess::select(selector),
        });
    }
    access
}
