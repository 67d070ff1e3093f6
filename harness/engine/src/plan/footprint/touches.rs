//! Places of a server in a tree: who changes a place disturbs everybody in it, above it and below it.

use std::collections::BTreeMap;
use std::fmt;

/// A place: the data of the server (`data`, logical device, logical node, data object or control block), its data sets, its
/// files, the tracking of its services. The whole server has no parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(String);

/// Between the parts of a place; it stands in no name.
const IN: char = '\n';

/// Everything below `data`: data objects and control blocks.
const DATA: &str = "data";
/// Names and members of data sets.
const DATA_SETS: &str = "data sets";
/// Files.
const FILES: &str = "files";
/// What service tracking sees: every service that may change something.
const SERVICES: &str = "services";
/// The one who answers questions.
const PERSON: &str = "the person";

impl Place {
    /// All data of the server.
    pub(super) fn data() -> Self {
        Self(DATA.to_owned())
    }

    pub(super) fn device(ld: &str) -> Self {
        Self(format!("{DATA}{IN}{ld}"))
    }

    pub(super) fn data_sets() -> Self {
        Self(DATA_SETS.to_owned())
    }

    pub(super) fn files() -> Self {
        Self(FILES.to_owned())
    }

    pub(super) fn person() -> Self {
        Self(PERSON.to_owned())
    }

    /// The services of one logical device, or of all.
    pub(super) fn services(ld: Option<&str>) -> Self {
        Self(match ld {
            Some(ld) => format!("{SERVICES}{IN}{ld}"),
            None => SERVICES.to_owned(),
        })
    }

    /// The data object or control block of a reference as suites write it (`LD/LN.DO.DA[FC]`, `LD/LN$FC$DO`, `LD/LN$name`,
    /// also shorter); `None` for what is no such reference.
    pub(in crate::plan) fn object(reference: &str) -> Option<Self> {
        let (ld, rest) = reference.split_once('/')?;
        let rest = rest.split('[').next()?;
        let mut parts = rest.split(['.', '$']);
        let ln = parts.next()?;
        if ld.is_empty() || ln.is_empty() || reference.contains(IN) {
            return None;
        }
        let is_fc = |part: &str| part.len() == 2 && part.chars().all(|c| c.is_ascii_uppercase());
        let object = match parts.next() {
            Some(fc) if rest.contains('$') && is_fc(fc) => parts.next(),
            other => other,
        };
        let mut place = format!("{DATA}{IN}{ld}{IN}{ln}");
        if let Some(name) = object {
            place.push(IN);
            // An element of an array is taken for the whole array.
            place.push_str(name.split('(').next().unwrap_or(name));
        }
        Some(Self(place))
    }

    /// The logical device that a place is in.
    pub(super) fn ld(&self) -> Option<&str> {
        self.part(1)
    }

    pub(super) fn ln(&self) -> Option<&str> {
        self.part(2)
    }

    pub(super) fn name(&self) -> Option<&str> {
        self.part(3)
    }

    fn part(&self, index: usize) -> Option<&str> {
        let mut parts = self.0.split(IN);
        if parts.next() != Some(DATA) {
            return None;
        }
        parts.nth(index.checked_sub(1)?)
    }

    /// The place and all that it is in, from the smallest.
    fn around(&self) -> impl Iterator<Item = &str> {
        core::iter::successors(Some(self.0.as_str()), |place| {
            Some(place.rsplit_once(IN)?.0)
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<&str> = self.0.split(IN).collect();
        match parts.as_slice() {
            [DATA] => f.write_str("all data"),
            [DATA, ld] => f.write_str(ld),
            [DATA, ld, ln] => write!(f, "{ld}/{ln}"),
            [DATA, ld, ln, name @ ..] => write!(f, "{ld}/{ln}.{}", name.join(".")),
            [SERVICES] => f.write_str("the tracking of services"),
            [SERVICES, ld] => write!(f, "the tracking of services in {ld}"),
            other => f.write_str(&other.join(" ")),
        }
    }
}

/// The places that a case looks at, and those that it changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touches(BTreeMap<Place, bool>);

impl Touches {
    /// Notes that a place is looked at: others may look at the same time.
    pub(in crate::plan) fn look(&mut self, place: Place) {
        self.0.entry(place).or_insert(false);
    }

    /// Notes that a place is changed, or must not be looked at by others.
    pub(in crate::plan) fn change(&mut self, place: Place) {
        self.0.insert(place, true);
    }

    /// A place that one of the two changes and the other touches.
    #[must_use]
    pub fn conflict<'t>(&'t self, other: &'t Self) -> Option<&'t Place> {
        self.in_the_way_of(other)
            .or_else(|| other.in_the_way_of(self))
    }

    /// A place of the other that is in one of these, or is one of these, while one of the two changes it.
    fn in_the_way_of<'o>(&self, other: &'o Self) -> Option<&'o Place> {
        let hit = |place: &Place, changed: bool| {
            place.around().any(|around| {
                let found = self.0.get(around);
                found.is_some_and(|also| changed || *also)
            })
        };
        let mut places = other.0.iter();
        places.find_map(|(place, changed)| hit(place, *changed).then_some(place))
    }
}

impl std::borrow::Borrow<str> for Place {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_every_form_lead_to_the_same_place() {
        let place = Place::object("LD0/GGIO1.Ind1.stVal[ST]").unwrap();
        for same in [
            "LD0/GGIO1.Ind1[ST]",
            "LD0/GGIO1.Ind1",
            "LD0/GGIO1$ST$Ind1$q",
        ] {
            assert_eq!(Place::object(same).as_ref(), Some(&place), "{same}");
        }
        assert_eq!(place.to_string(), "LD0/GGIO1.Ind1");
        let array = Place::object("LD0/MHAI1.HA.phsAHar(3).cVal[MX]").unwrap();
        assert_eq!(array.to_string(), "LD0/MHAI1.HA");
        assert_eq!(
            Place::object("LD0/LLN0$dsStatus").unwrap().name(),
            Some("dsStatus")
        );
        assert_eq!(
            Place::object("LD0/LLN0[ST]").unwrap().to_string(),
            "LD0/LLN0"
        );
        for none in ["@mine", "LD0", "/LLN0", "LD0/"] {
            assert_eq!(Place::object(none), None, "{none}");
        }
    }

    #[test]
    fn readers_agree_and_writers_do_not() {
        let of = |reference: &str, changed: bool| {
            let mut touches = Touches::default();
            let place = Place::object(reference).unwrap();
            if changed {
                touches.change(place);
            } else {
                touches.look(place);
            }
            touches
        };
        let table = [
            ("L/A.x", false, "L/A.x", false, false),
            ("L/A.x", true, "L/A.x", false, true),
            ("L/A.x", true, "L/A.y", true, false),
            ("L/A", false, "L/A.y", true, true),
            ("L/A.x", false, "L/A", true, true),
            ("L/A.x", true, "M/A.x", true, false),
        ];
        for (a, changes, b, also, conflict) in table {
            let (a, b) = (of(a, changes), of(b, also));
            assert_eq!(a.conflict(&b).is_some(), conflict, "{a:?} {b:?}");
            assert_eq!(b.conflict(&a).is_some(), conflict, "{b:?} {a:?}");
        }
    }
}
