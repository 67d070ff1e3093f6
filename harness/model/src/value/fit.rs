//! Whether a value is one of a type.

use core::fmt;

use iedassay_wire::mms::{BinaryTime, Data, Float, TypeSpecification};

use crate::tree::{BType, Node};

/// How a value misses its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MisfitKind {
    /// Another kind of value: what IEC 61850-8-1 calls type-inconsistent.
    Type,
    /// An array or structure with another number of members.
    Count,
    /// A string or bit string of the wrong length.
    Length,
    /// A number out of the range of the type, or no literal of the enumeration: object-value-invalid.
    Range,
}

/// A value that misses its type, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// How.
    pub kind: MisfitKind,
    /// Where inside the value: names of components and indices, empty for the value itself.
    pub path: String,
    /// What the type wants.
    pub expected: String,
    /// What the value is.
    pub found: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for Misfit {}

impl Misfit {
    fn new(kind: MisfitKind, expected: impl Into<String>, found: &Data) -> Self {
        let found: String = match found {
            Data::Array(list) => format!("array of {}", list.len()),
            Data::Structure(list) => format!("structure of {}", list.len()),
            other => format!("{} {}", other.kind(), other)
                .chars()
                .take(120)
                .collect(),
        };
        Self {
            kind,
            path: String::new(),
            expected: expected.into(),
            found,
        }
    }

    fn within(mut self, name: &str) -> Self {
        self.path = if self.path.is_empty() {
            name.to_owned()
        } else if self.path.starts_with('(') {
            format!("{name}{}", self.path)
        } else {
            format!("{name}.{}", self.path)
        };
        self
    }
}

/// Whether a value is one of an MMS type. Strings shorter than a fixed length are accepted, for servers state lengths so; bit
/// strings are not. Named and unknown types accept anything.
///
/// # Errors
/// The first [`Misfit`].
pub fn data_fits_type(data: &Data, spec: &TypeSpecification) -> Result<(), Misfit> {
    use TypeSpecification as T;
    let is = |good: bool, kind, expected: String| {
        if good {
            Ok(())
        } else {
            Err(Misfit::new(kind, expected, data))
        }
    };
    match (spec, data) {
        (T::TypeName(_) | T::Unknown(_), _) => Ok(()),
        (T::Array { count, element, .. }, Data::Array(list)) => {
            is(
                u32::try_from(list.len()) == Ok(*count),
                MisfitKind::Count,
                format!("array of {count}"),
            )?;
            for (index, value) in list.iter().enumerate() {
                data_fits_type(value, element)
                    .map_err(|misfit| misfit.within(&format!("({index})")))?;
            }
            Ok(())
        }
        (T::Structure { components, .. }, Data::Structure(list)) => {
            is(
                list.len() == components.len(),
                MisfitKind::Count,
                format!("structure of {}", components.len()),
            )?;
            for (index, (component, value)) in components.iter().zip(list).enumerate() {
                let name = component
                    .name
                    .clone()
                    .unwrap_or_else(|| format!("#{index}"));
                data_fits_type(value, &component.type_spec)
                    .map_err(|misfit| misfit.within(&name))?;
            }
            Ok(())
        }
        (T::Boolean, Data::Boolean(_))
        | (T::GeneralizedTime, Data::GeneralizedTime(_))
        | (T::Bcd(_), Data::Bcd(_))
        | (T::ObjId, Data::ObjId(_))
        | (T::UtcTime, Data::UtcTime(_)) => Ok(()),
        (T::BitString(size), Data::BitString(bits)) => {
            let limit = usize::try_from(size.unsigned_abs()).unwrap_or(usize::MAX);
            let good = if *size < 0 {
                bits.len() <= limit
            } else {
                bits.len() == limit
            };
            is(
                good,
                MisfitKind::Length,
                format!(
                    "{} {limit} bits",
                    if *size < 0 { "at most" } else { "exactly" }
                ),
            )
        }
        (T::Integer(width), Data::Integer(number)) => is(
            signed_fits(*number, *width),
            MisfitKind::Range,
            format!("integer of {width} bits"),
        ),
        (T::Unsigned(width), Data::Unsigned(number)) => {
            let good = *width >= 64 || number.checked_shr(u32::from(*width)) == Some(0);
            is(good, MisfitKind::Range, format!("unsigned of {width} bits"))
        }
        (T::FloatingPoint { format_width, .. }, Data::FloatingPoint(float)) => {
            let width = match float {
                Float::F32(_) => 32,
                Float::F64(_) => 64,
                _ => *format_width,
            };
            is(
                width == *format_width,
                MisfitKind::Type,
                format!("floating point of {format_width} bits"),
            )
        }
        (T::OctetString(size), Data::OctetString(octets)) => {
            length(data, octets.len(), *size, "octets")
        }
        (T::VisibleString(size), Data::VisibleString(text)) => {
            length(data, text.len(), *size, "characters")
        }
        (T::MmsString(size), Data::MmsString(text)) => {
            length(data, text.chars().count(), *size, "characters")
        }
        (T::BinaryTime { with_date }, Data::BinaryTime(time)) => {
            let dated = matches!(time, BinaryTime::DateTime { .. });
            let expected = if *with_date {
                "time with date"
            } else {
                "time without date"
            };
            is(dated == *with_date, MisfitKind::Type, expected.to_owned())
        }
        _ => Err(Misfit::new(MisfitKind::Type, spec_name(spec), data)),
    }
}

/// Whether a value is a legal one of a node: its type, and the literals of its enumerations.
///
/// # Errors
/// The first [`Misfit`].
pub fn value_fits(node: Node<'_>, data: &Data) -> Result<(), Misfit> {
    match (node.count(), data) {
        (Some(count), Data::Array(list)) => {
            if u32::try_from(list.len()) != Ok(count) {
                return Err(Misfit::new(
                    MisfitKind::Count,
                    format!("array of {count}"),
                    data,
                ));
            }
            for (index, value) in list.iter().enumerate() {
                element_fits(node, value).map_err(|misfit| misfit.within(&format!("({index})")))?;
            }
            Ok(())
        }
        (Some(count), _) => Err(Misfit::new(
            MisfitKind::Type,
            format!("array of {count}"),
            data,
        )),
        (None, _) => element_fits(node, data),
    }
}

fn element_fits(node: Node<'_>, data: &Data) -> Result<(), Misfit> {
    match node.btype() {
        Some(btype) if !btype.is_structured() => {
            data_fits_type(data, &btype.type_spec())?;
            literal_fits(btype, data)
        }
        _ => {
            let Data::Structure(list) = data else {
                return Err(Misfit::new(MisfitKind::Type, "structure", data));
            };
            let wanted = node.children().count();
            if list.len() != wanted {
                return Err(Misfit::new(
                    MisfitKind::Count,
                    format!("structure of {wanted}"),
                    data,
                ));
            }
            for (child, value) in node.children().zip(list) {
                value_fits(child, value).map_err(|misfit| misfit.within(child.name()))?;
            }
            Ok(())
        }
    }
}

fn literal_fits(btype: &BType, data: &Data) -> Result<(), Misfit> {
    match (btype, data) {
        (BType::Enum(literals), Data::Integer(ord))
            if !literals.literals.is_empty() && literals.literal(*ord).is_none() =>
        {
            Err(Misfit::new(
                MisfitKind::Range,
                format!("a number of {}", literals.id),
                data,
            ))
        }
        _ => Ok(()),
    }
}

fn length(data: &Data, found: usize, size: i32, unit: &str) -> Result<(), Misfit> {
    let limit = usize::try_from(size.unsigned_abs()).unwrap_or(usize::MAX);
    if found <= limit {
        Ok(())
    } else {
        Err(Misfit::new(
            MisfitKind::Length,
            format!("at most {limit} {unit}"),
            data,
        ))
    }
}

fn signed_fits(number: i64, width: u8) -> bool {
    // The sign bit and the bits above it are all alike.
    let high = number >> u32::from(width.clamp(1, 64)).saturating_sub(1);
    high == 0 || high == -1
}

fn spec_name(spec: &TypeSpecification) -> String {
    use TypeSpecification as T;
    match spec {
        T::TypeName(_) => "named type".into(),
        T::Array { count, .. } => format!("array of {count}"),
        T::Structure { components, .. } => format!("structure of {}", components.len()),
        T::Boolean => "boolean".into(),
        T::BitString(_) => "bit-string".into(),
        T::Integer(_) => "integer".into(),
        T::Unsigned(_) => "unsigned".into(),
        T::FloatingPoint { .. } => "floating-point".into(),
        T::OctetString(_) => "octet-string".into(),
        T::VisibleString(_) => "visible-string".into(),
        T::GeneralizedTime => "generalized-time".into(),
        T::BinaryTime { .. } => "binary-time".into(),
        T::Bcd(_) => "bcd".into(),
        T::ObjId => "objId".into(),
        T::MmsString(_) => "mMSString".into(),
        T::UtcTime => "utc-time".into(),
        _ => "unknown".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scl;

    #[test]
    fn every_default_value_of_the_built_in_model_fits() {
        let model = scl::builtin().unwrap().model;
        for node in model.variables() {
            let data = node.default_data();
            assert_eq!(data_fits_type(&data, &node.type_spec()), Ok(()), "{node:?}");
            assert_eq!(value_fits(node, &data), Ok(()), "{node:?}");
        }
    }

    #[test]
    fn says_where_and_how_a_value_misses() {
        let model = scl::builtin().unwrap().model;
        let node = model.resolve("ASSAYLD0", "GGIO1$ST$Ind1").unwrap();
        let mut data = node.default_data();
        if let Data::Structure(list) = &mut data {
            list[0] = Data::Integer(1);
        }
        let misfit = value_fits(node, &data).unwrap_err();
        assert_eq!(
            misfit.to_string(),
            "stVal: expected boolean, found integer 1"
        );
        assert_eq!(misfit.kind, MisfitKind::Type);

        let mode = model.resolve("ASSAYLD0", "LLN0$ST$Mod$stVal").unwrap();
        assert_eq!(
            value_fits(mode, &Data::Integer(9)).unwrap_err().kind,
            MisfitKind::Range
        );
        assert_eq!(value_fits(mode, &Data::Integer(5)), Ok(()));
        assert_eq!(
            value_fits(mode, &Data::Integer(300)).unwrap_err().kind,
            MisfitKind::Range
        );
    }

    #[test]
    fn integers_fit_their_width_exactly() {
        for (number, width, fits) in [
            (127, 8, true),
            (128, 8, false),
            (-128, 8, true),
            (-129, 8, false),
            (i64::MAX, 64, true),
            (i64::MIN, 128, true),
        ] {
            assert_eq!(signed_fits(number, width), fits, "{number} {width}");
        }
        let unsigned = TypeSpecification::Unsigned(8);
        assert!(data_fits_type(&Data::Unsigned(255), &unsigned).is_ok());
        assert!(data_fits_type(&Data::Unsigned(256), &unsigned).is_err());
        assert!(data_fits_type(&Data::Integer(1), &unsigned).is_err());
    }
}
