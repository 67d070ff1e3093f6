//! What attributes a report control block has (IEC 61850-8-1, mapping of the BRCB and URCB), told from what the server shows.

use iedassay_model::BlockKind;
use iedassay_wire::mms::Data;

/// Attributes of a URCB in the order of the mapping; the last may be absent.
pub const URCB: [&str; 12] = [
    "RptID", "RptEna", "Resv", "DatSet", "ConfRev", "OptFlds", "BufTm", "SqNum", "TrgOps",
    "IntgPd", "GI", "Owner",
];

/// Attributes of a BRCB in the order of the mapping; the last two may be absent.
pub const BRCB: [&str; 15] = [
    "RptID",
    "RptEna",
    "DatSet",
    "ConfRev",
    "OptFlds",
    "BufTm",
    "SqNum",
    "TrgOps",
    "IntgPd",
    "GI",
    "PurgeBuf",
    "EntryID",
    "TimeofEntry",
    "ResvTms",
    "Owner",
];

/// The attributes that a block may have, and how many of them it must have.
const fn attributes_of(kind: BlockKind) -> (&'static [&'static str], usize) {
    match kind {
        BlockKind::Brcb => (&BRCB, 13),
        _ => (&URCB, 11),
    }
}

/// Which of the attributes that came with Edition 2 a block has. One of Edition 1 has none of them; from Edition 2 on each may be
/// there or not (IEC 61850-6, ReportSettings `resvTms` and `owner`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Later {
    /// ResvTms of a BRCB.
    pub resv_tms: bool,
    /// Owner.
    pub owner: bool,
}

impl Later {
    /// Tells from the names of a block's attributes.
    #[must_use]
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().fold(Self::default(), |has, name| Self {
            resv_tms: has.resv_tms || name == "ResvTms",
            owner: has.owner || name == "Owner",
        })
    }

    /// Whether the block cannot be one of Edition 1.
    #[must_use]
    pub const fn is_edition_2(self) -> bool {
        self.resv_tms || self.owner
    }
}

/// Names for the values of a block whose type is not known: by the order of the mapping, ResvTms and Owner told apart by their
/// type. What has no name there is called `#` and its place.
#[must_use]
pub fn names_of(kind: BlockKind, values: &[Data]) -> Vec<String> {
    let only_owner = kind == BlockKind::Brcb
        && values.len() == 14
        && matches!(values.last(), Some(Data::OctetString(_)));
    let (usual, _) = attributes_of(kind);
    usual
        .iter()
        .filter(|name| !(only_owner && **name == "ResvTms"))
        .map(|name| (*name).to_owned())
        .chain((0..).map(|index| format!("#{index}")))
        .take(values.len())
        .collect()
}

/// What is wrong with the order and the types of a block's attributes, held against the mapping; nothing when all is as it should
/// be. TimeofEntry is met with a capital `O` too.
#[must_use]
pub fn misfit(kind: BlockKind, attributes: &[(String, Data)]) -> Option<String> {
    let (usual, mandatory) = attributes_of(kind);
    let mut due = usual.iter().enumerate();
    for (name, _) in attributes {
        let found = loop {
            match due.next() {
                Some((_, usual)) if usual.eq_ignore_ascii_case(name) => break true,
                Some((index, _)) if index >= mandatory => {}
                _ => break false,
            }
        };
        if !found {
            return Some(format!(
                "{name} is out of order, or no attribute of such a block"
            ));
        }
    }
    if attributes.len() < mandatory {
        return Some(format!(
            "{} attributes, {mandatory} are mandatory",
            attributes.len()
        ));
    }
    attributes.iter().find_map(|(name, data)| {
        let wanted = type_of(name)?;
        let fits = match (wanted, data) {
            (bits, Data::BitString(found)) if bits.starts_with("bit-string") => {
                let len = if name == "OptFlds" { 10 } else { 6 };
                found.len() == len
            }
            (wanted, data) => data.kind() == wanted,
        };
        (!fits).then(|| format!("{name} should be {wanted}, is {} {data}", data.kind()))
    })
}

/// The MMS type of an attribute.
fn type_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "RptID" | "DatSet" => "visible-string",
        "RptEna" | "Resv" | "GI" | "PurgeBuf" => "boolean",
        "ConfRev" | "BufTm" | "SqNum" | "IntgPd" => "unsigned",
        "OptFlds" => "bit-string of 10",
        "TrgOps" => "bit-string of 6",
        "EntryID" | "Owner" => "octet-string",
        "TimeofEntry" | "TimeOfEntry" => "binary-time",
        "ResvTms" => "integer",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(count: usize, last: Data) -> Vec<Data> {
        let mut values = vec![Data::Boolean(false); count - 1];
        values.push(last);
        values
    }

    #[test]
    fn the_last_attributes_are_told_apart_by_their_type() {
        let names = |count, last| names_of(BlockKind::Brcb, &values(count, last));
        let later = |names: &[String]| Later::of(names.iter().map(String::as_str));
        let first = names(13, Data::Boolean(false));
        assert!(!later(&first).is_edition_2());
        let reserved = later(&names(14, Data::Integer(0)));
        assert_eq!((reserved.resv_tms, reserved.owner), (true, false));
        let owned = later(&names(14, Data::OctetString(vec![])));
        assert_eq!((owned.resv_tms, owned.owner), (false, true));
        let both = later(&names(15, Data::OctetString(vec![])));
        assert_eq!((both.resv_tms, both.owner), (true, true));
        let unbuffered = names_of(BlockKind::Urcb, &values(12, Data::OctetString(vec![])));
        assert!(later(&unbuffered).owner);
        assert_eq!(names(16, Data::Boolean(true)).last().unwrap(), "#0");
    }
}
