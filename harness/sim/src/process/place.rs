//! Where references of the process side point, and what can be done there.

use iedassay_model::{
    Fc, ObjectReference, Selection, nearest,
    tree::{BType, Node, NodeId, NodeKind, ServerModel},
    value::parse_value,
};
use iedassay_wire::{
    ber::BitString,
    mms::{Data, Float},
};

use super::{Command, CommandError, CommandErrorKind};
use crate::value::check_basic;

/// Most names that a remedy lists.
const MAX_NAMES: usize = 12;

/// Where a reference of the process side points.
pub(crate) struct Place<'a> {
    /// The leaf or array that holds the value.
    pub(crate) cell: Node<'a>,
    /// The way inside an array.
    pub(crate) selection: Vec<Selection>,
    /// The leaf itself, inside the array when there is one.
    pub(crate) leaf: Node<'a>,
    reference: &'a ObjectReference,
}

impl<'a> Place<'a> {
    /// The place of a reference; without a functional constraint it has to be the only one.
    pub(crate) fn find(
        model: &'a ServerModel,
        reference: &'a ObjectReference,
    ) -> Result<Self, CommandError> {
        let unknown = || unknown(model, reference);
        let resolved = model.resolve_reference(reference).ok_or_else(unknown)?;
        let constrained = ObjectReference {
            fc: resolved.fc(),
            ..reference.clone()
        };
        let name = constrained.to_mms().map_err(|error| {
            CommandError::new(CommandErrorKind::Malformed, error.to_string()).of("reference")
        })?;
        let cell = model
            .resolve(&name.domain, &name.item)
            .ok_or_else(unknown)?;
        let leaf = cell.select(&name.selection).ok_or_else(unknown)?;
        if cell.count().is_none() && !cell.is_leaf() {
            return Err(unsuitable(format!("`{reference}` has no value of its own"))
                .remedy(has(reference, leaf.children().map(Node::name))));
        }
        if !matches!(leaf.kind(), NodeKind::Attribute) {
            return Err(unsuitable(format!("`{reference}` is not of the process"))
                .remedy("clients set control blocks, not the process"));
        }
        Ok(Self {
            cell,
            selection: name.selection,
            leaf,
            reference,
        })
    }

    /// What moves when a value moves.
    pub(crate) fn target(&self) -> (NodeId, Vec<Selection>) {
        (self.cell.id(), self.selection.clone())
    }

    /// The index is not one of the array.
    pub(crate) fn outside(&self) -> CommandError {
        CommandError::new(
            CommandErrorKind::UnknownReference,
            format!("`{}` is outside of its array", self.reference),
        )
        .of("reference")
    }

    /// The type of the single value.
    pub(crate) fn btype(&self) -> Result<&'a BType, CommandError> {
        let whole = self.leaf.count().is_some() && self.selection.is_empty();
        match self.leaf.btype().filter(|_| self.leaf.is_leaf() && !whole) {
            Some(btype) => Ok(btype),
            None => Err(unsuitable(format!(
                "only single values can be set, not `{}`",
                self.reference
            ))
            .remedy("give an index such as `(0)`, or the component")),
        }
    }

    /// A value of a text, for this place.
    pub(crate) fn value(&self, text: &str) -> Result<Data, CommandError> {
        let btype = self.btype()?;
        let data = parse_value(btype, text).map_err(|error| {
            CommandError::new(CommandErrorKind::WrongValue, error.to_string()).of("value")
        })?;
        self.in_range(data, text).map_err(|error| error.of("value"))
    }

    /// A number as a value of this place, rounded when that has to be whole.
    pub(crate) fn number(&self, number: f64, argument: &'static str) -> Result<Data, CommandError> {
        let data = numeric(self.btype()?, number).ok_or_else(|| {
            unsuitable(format!("`{}` is no number", self.reference))
                .remedy("a ramp needs an integer or a floating point value")
        })?;
        self.in_range(data, &number.to_string())
            .map_err(|error| error.of(argument))
    }

    /// The other state of a single or double point.
    pub(crate) fn other_state(&self, now: &Data) -> Result<Data, CommandError> {
        match (self.btype()?, now) {
            (BType::Boolean, Data::Boolean(on)) => Ok(Data::Boolean(!on)),
            (BType::Dbpos, Data::BitString(bits)) => {
                let on = bits.to_uint() == Some(DBPOS_ON);
                let other = if on { DBPOS_OFF } else { DBPOS_ON };
                Ok(Data::BitString(BitString::from_uint(other, 2)))
            }
            (btype, _) => Err(unsuitable(format!(
                "`{}` of {} has no other state",
                self.reference,
                btype.scl_name()
            ))
            .remedy("single and double points can be toggled")),
        }
    }

    fn in_range(&self, data: Data, text: &str) -> Result<Data, CommandError> {
        let btype = self.btype()?;
        match check_basic(btype, &data) {
            Ok(()) => Ok(data),
            Err(_) => Err(CommandError::new(
                CommandErrorKind::WrongValue,
                format!("`{text}` is out of the range of {}", btype.scl_name()),
            )),
        }
    }
}

/// Dbpos off and on.
const DBPOS_OFF: u64 = 1;
const DBPOS_ON: u64 = 2;

/// A number as a value of a numeric type.
fn numeric(btype: &BType, number: f64) -> Option<Data> {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "an f32 is what the type has; whole numbers saturate and the range is checked afterwards"
    )]
    let (single, whole) = (number as f32, number.round() as i64);
    Some(match btype {
        BType::Float32 => Data::FloatingPoint(Float::F32(single)),
        BType::Float64 => Data::FloatingPoint(Float::F64(number)),
        BType::Int8 | BType::Int16 | BType::Int24 | BType::Int32 | BType::Int64 | BType::Int128 => {
            Data::Integer(whole)
        }
        BType::Int8U | BType::Int16U | BType::Int24U | BType::Int32U => {
            // A negative number is none of the type, which the check of the range tells.
            u64::try_from(whole).map_or(Data::Integer(whole), Data::Unsigned)
        }
        _ => return None,
    })
}

/// The controllable object that a reference means, at its `CO` node.
pub(crate) fn controllable(
    model: &ServerModel,
    reference: &ObjectReference,
) -> Result<NodeId, CommandError> {
    let object = reference.path.first().and_then(|step| {
        let item = format!("{}$CO${}", reference.ln, step.name);
        model.resolve(&reference.ld, &item)
    });
    if let Some(object) = object {
        return Ok(object.id());
    }
    let there = model
        .resolve(&reference.ld, &reference.ln)
        .is_some_and(|root| match reference.path.first() {
            Some(step) => root.children().any(|fc| fc.child(&step.name).is_some()),
            None => true,
        });
    if !there {
        return Err(unknown(model, reference));
    }
    let message = format!("`{reference}` is no object that can be controlled");
    Err(unsuitable(message).remedy("`list [CO]` lists those that can"))
}

impl Command {
    /// Whether a model has what the command speaks of, and whether that can be treated so.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, model: &ServerModel) -> Result<(), CommandError> {
        match self {
            Self::Set { reference, value } => {
                Place::find(model, reference)?.value(value)?;
            }
            Self::Update(reference) | Self::Get(reference) | Self::Stop(Some(reference)) => {
                Place::find(model, reference)?;
            }
            Self::Ramp {
                reference,
                from,
                to,
                ..
            } => {
                let place = Place::find(model, reference)?;
                place.number(*from, "from")?;
                place.number(*to, "to")?;
            }
            Self::Toggle { reference, .. } => {
                let place = Place::find(model, reference)?;
                place.other_state(&place.btype()?.zero())?;
            }
            Self::Block { reference, .. }
            | Self::Hold { reference, .. }
            | Self::Stick { reference, .. } => {
                controllable(model, reference)?;
            }
            Self::Stop(None)
            | Self::Blackhole(_)
            | Self::Restart(_)
            | Self::Scan(_)
            | Self::List(_)
            | Self::Subscribe(_)
            | Self::Help(_)
            | Self::Ping => {}
        }
        Ok(())
    }
}

fn unsuitable(message: String) -> CommandError {
    CommandError::new(CommandErrorKind::Unsuitable, message).of("reference")
}

/// What a part of the model has.
fn has<'n>(part: impl core::fmt::Display, names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    let more = names.len().saturating_sub(MAX_NAMES);
    names.truncate(MAX_NAMES);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("`{part}` has {}{more}", names.join(", "))
}

/// A reference of nothing, with what was probably meant: the first name that the model does not have is looked for among those that it
/// has there.
fn unknown(model: &ServerModel, reference: &ObjectReference) -> CommandError {
    let error = |message| CommandError::new(CommandErrorKind::UnknownReference, message);
    let constraints = model
        .resolve(&reference.ld, &reference.ln)
        .filter(|_| reference.fc.is_none())
        .map(|root| {
            let with = |fc| ObjectReference {
                fc: Some(fc),
                ..reference.clone()
            };
            let found = root.children().filter_map(Node::fc);
            found
                .filter(|fc| model.resolve_reference(&with(*fc)).is_some())
                .map(|fc| format!("`[{fc}]`"))
                .collect::<Vec<_>>()
        })
        .unwrap_or_default();
    if constraints.len() > 1 {
        return error(format!("`{reference}` is there more than once"))
            .of("reference")
            .remedy(format!("add {}", constraints.join(" or ")));
    }
    error(format!("`{reference}` is not in the model"))
        .of("reference")
        .remedy(meant(model, reference))
}

fn meant(model: &ServerModel, reference: &ObjectReference) -> String {
    let did_you_mean = |meant: ObjectReference| format!("did you mean `{meant}`?");
    let devices = || {
        model
            .logical_devices()
            .iter()
            .map(|device| device.name.as_str())
    };
    if !devices().any(|name| name == reference.ld) {
        let whole = format!("{}{}", model.ied_name, reference.ld);
        let near = devices().find(|name| *name == whole);
        return match near.or_else(|| nearest(&reference.ld, devices())) {
            Some(ld) => did_you_mean(ObjectReference {
                ld: ld.to_owned(),
                ..reference.clone()
            }),
            None => has(&model.ied_name, devices()),
        };
    }
    let Some(root) = model.resolve(&reference.ld, &reference.ln) else {
        let nodes = || model.roots(&reference.ld).map(Node::name);
        return match nearest(&reference.ln, nodes()) {
            Some(ln) => did_you_mean(ObjectReference {
                ln: ln.to_owned(),
                ..reference.clone()
            }),
            None => has(&reference.ld, nodes()),
        };
    };
    let constraints: Vec<Node<'_>> = root.children().collect();
    let under = |fc: Option<Fc>| {
        constraints
            .iter()
            .copied()
            .filter(|node| fc.is_none_or(|fc| node.fc() == Some(fc)))
            .collect::<Vec<_>>()
    };
    let mut there = under(reference.fc);
    for (at, step) in reference.path.iter().enumerate() {
        let next: Vec<Node<'_>> = there
            .iter()
            .filter_map(|node| node.child(&step.name))
            .collect();
        if !next.is_empty() {
            there = next;
            continue;
        }
        // Perhaps only the constraint is another.
        let without = ObjectReference {
            fc: None,
            ..reference.clone()
        };
        if reference.fc.is_some()
            && let Some(node) = model.resolve_reference(&without)
        {
            return did_you_mean(ObjectReference {
                fc: node.fc(),
                ..without
            });
        }
        let names = || {
            there
                .iter()
                .flat_map(|node| node.children())
                .map(Node::name)
        };
        if let Some(near) = nearest(&step.name, names()) {
            let mut corrected = reference.clone();
            if let Some(step) = corrected.path.get_mut(at) {
                near.clone_into(&mut step.name);
            }
            return did_you_mean(corrected);
        }
        let part = ObjectReference {
            path: reference.path.iter().take(at).cloned().collect(),
            ..reference.clone()
        };
        return has(part, names());
    }
    "the index is outside of the array, or there is no array".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        let model = iedassay_model::scl::builtin().unwrap().model;
        let command: Command = line.parse().unwrap();
        command
            .check(&model)
            .map_or_else(|error| error.to_string(), |()| "good".to_owned())
    }

    #[test]
    fn what_the_model_does_not_have_is_told_with_what_was_meant() {
        for (line, answer) in [
            ("set ASSAYLD0/GGIO1.Ind1.stVal[ST] true", "good"),
            ("set ASSAYLD0/GGIO1.Ind1.stVal true", "good"),
            (
                "set LD0/GGIO1.Ind1.stVal[ST] true",
                "`LD0/GGIO1.Ind1.stVal[ST]` is not in the model; did you mean `ASSAYLD0/GGIO1.Ind1.stVal[ST]`?",
            ),
            (
                "set ASSAYLD0/GGIO.Ind1.stVal[ST] true",
                "`ASSAYLD0/GGIO.Ind1.stVal[ST]` is not in the model; did you mean `ASSAYLD0/GGIO1.Ind1.stVal[ST]`?",
            ),
            (
                "set ASSAYLD0/GGIO1.Ind1.stval[ST] true",
                "`ASSAYLD0/GGIO1.Ind1.stval[ST]` is not in the model; did you mean `ASSAYLD0/GGIO1.Ind1.stVal[ST]`?",
            ),
            (
                "set ASSAYLD0/GGIO1.Ind1.stVal[MX] true",
                "`ASSAYLD0/GGIO1.Ind1.stVal[MX]` is not in the model; did you mean `ASSAYLD0/GGIO1.Ind1.stVal[ST]`?",
            ),
            (
                "get ASSAYLD0/GGIO1.Ind1[ST]",
                "`ASSAYLD0/GGIO1.Ind1[ST]` has no value of its own; `ASSAYLD0/GGIO1.Ind1[ST]` has q, stVal, t",
            ),
            (
                "set ASSAYLD0/GGIO1.Ind1.stVal[ST] maybe",
                "`maybe` is no BOOLEAN: expected true or false",
            ),
            (
                "ramp ASSAYLD0/GGIO1.Ind1.stVal[ST] 0 1 1s 100ms",
                "`ASSAYLD0/GGIO1.Ind1.stVal[ST]` is no number; a ramp needs an integer or a floating point value",
            ),
            (
                "toggle ASSAYMEAS/MMXU1.Hz.instMag.f[MX]",
                "`ASSAYMEAS/MMXU1.Hz.instMag.f[MX]` of FLOAT32 has no other state; single and double points can be toggled",
            ),
            (
                "block ASSAYLD0/GGIO1.Ind1 on",
                "`ASSAYLD0/GGIO1.Ind1` is no object that can be controlled; `list [CO]` lists those that can",
            ),
            ("block ASSAYCTRL/CSWI1.Pos on", "good"),
            (
                "get ASSAYLD0/GGIO1.Ind1",
                "`ASSAYLD0/GGIO1.Ind1` is there more than once; add `[ST]` or `[DC]`",
            ),
        ] {
            assert_eq!(told(line), answer, "{line}");
        }
    }
}
