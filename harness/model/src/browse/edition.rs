//! The edition that a live server follows, by what it shows.

use iedassay_wire::mms::TypeSpecification;

use super::{Browsed, BrowsedDomain, guess::split_node_name, item::Item};
use crate::tree::Edition;

/// The edition by the name space that LLN0 states, unless the server shows things that this edition does not have; without a
/// name space by such things, and by the length of references in control blocks.
pub(super) fn tell(browsed: &Browsed) -> Edition {
    let since_edition_2 = browsed.domains.iter().any(shows_edition_2);
    match browsed.domains.iter().find_map(stated) {
        Some(Edition::Ed1) if since_edition_2 => Edition::Ed2,
        Some(edition) => edition,
        None if since_edition_2 => Edition::Ed2,
        None if browsed.domains.iter().find_map(length_of_references) == Some(65) => Edition::Ed1,
        None => Edition::Ed2,
    }
}

/// What `ldNs` says (IEC 61850-7-1, name spaces): `IEC 61850-7-4:2007B`.
fn stated(domain: &BrowsedDomain) -> Option<Edition> {
    let (_, data) = domain
        .values
        .iter()
        .find(|(item, _)| item.ends_with("$EX$NamPlt$ldNs"))?;
    let (_, version) = data.as_str()?.rsplit_once(':')?;
    let year: u32 = version.get(..4)?.parse().ok()?;
    Some(match (year, version.get(4..5)) {
        (..2007, _) => Edition::Ed1,
        (2007, None | Some("" | "A")) => Edition::Ed2,
        _ => Edition::Ed2_1,
    })
}

/// Whether a domain has what Edition 1 does not know: `ResvTms` and `Owner` of control blocks, service tracking, supervision of
/// subscriptions. They stand in the name list, or only in the types.
fn shows_edition_2(domain: &BrowsedDomain) -> bool {
    let named = domain.variables.iter().any(|item| {
        let parts: Vec<&str> = item.split('$').collect();
        match parts.as_slice() {
            [node] => matches!(split_node_name(node).1, "LTRK" | "LGOS" | "LSVS"),
            [_, fc, _, attribute] => is_of_edition_2(fc, attribute),
            [_, "SR", ..] => true,
            _ => false,
        }
    });
    named || block_attributes(domain).any(|(fc, attribute)| is_of_edition_2(&fc, &attribute.name))
}

fn is_of_edition_2(fc: &str, attribute: &str) -> bool {
    matches!(
        (fc, attribute),
        ("BR", "ResvTms" | "Owner") | ("RP", "Owner") | ("SP", "ResvTms")
    )
}

/// Characters of `DatSet` in a report control block.
fn length_of_references(domain: &BrowsedDomain) -> Option<u32> {
    block_attributes(domain).find_map(|(_, attribute)| match &attribute.spec {
        Some(TypeSpecification::VisibleString(size)) if attribute.name == "DatSet" => {
            Some(size.unsigned_abs())
        }
        _ => None,
    })
}

/// The attributes of report and setting group control blocks, each with its functional constraint, as the types have them:
/// those of whole logical nodes, of constraints, or of blocks.
fn block_attributes(domain: &BrowsedDomain) -> impl Iterator<Item = (String, Item)> {
    domain.types.iter().flat_map(|(name, spec)| {
        let parts: Vec<&str> = name.split('$').collect();
        let item = Item::from_spec(name, spec);
        let constraints: Vec<(String, Vec<Item>)> = match parts.as_slice() {
            [_] => item
                .children
                .into_iter()
                .map(|fc| (fc.name, fc.children))
                .collect(),
            [_, fc] => vec![((*fc).to_owned(), item.children)],
            [_, fc, _] => vec![((*fc).to_owned(), vec![item])],
            _ => Vec::new(),
        };
        constraints
            .into_iter()
            .filter(|(fc, _)| matches!(fc.as_str(), "RP" | "BR" | "SP"))
            .flat_map(|(fc, blocks)| {
                blocks
                    .into_iter()
                    .flat_map(|block| block.children)
                    .map(move |attribute| (fc.clone(), attribute))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_wire::mms::Data;

    fn server(names: &[&str], dat_set: i32, ld_ns: Option<&str>) -> Edition {
        let block = TypeSpecification::structure([
            ("RptID", TypeSpecification::VisibleString(dat_set)),
            ("DatSet", TypeSpecification::VisibleString(dat_set)),
        ]);
        let domain = BrowsedDomain {
            variables: names.iter().map(|name| (*name).to_owned()).collect(),
            types: vec![("LLN0$BR$brcb".to_owned(), block)],
            values: ld_ns
                .map(|text| {
                    let value = Data::VisibleString(text.to_owned());
                    ("LLN0$EX$NamPlt$ldNs".to_owned(), value)
                })
                .into_iter()
                .collect(),
            ..BrowsedDomain::default()
        };
        tell(&Browsed {
            domains: vec![domain],
            ..Browsed::default()
        })
    }

    #[test]
    fn the_name_space_tells() {
        for (stated, edition) in [
            ("IEC 61850-7-4:2003", Edition::Ed1),
            ("IEC 61850-7-4:2007", Edition::Ed2),
            ("IEC 61850-7-4:2007A", Edition::Ed2),
            ("IEC 61850-7-4:2007B", Edition::Ed2_1),
            ("IEC 61850-7-4:2007B4", Edition::Ed2_1),
            ("(Tr)IEC 61850-90-3:2016", Edition::Ed2_1),
        ] {
            assert_eq!(server(&["LLN0"], -129, Some(stated)), edition, "{stated}");
        }
    }

    #[test]
    fn without_a_name_space_attributes_and_lengths_tell() {
        for unknown in [None, Some(""), Some("ours"), Some("x:y")] {
            assert_eq!(server(&["LLN0"], -65, unknown), Edition::Ed1, "{unknown:?}");
            assert_eq!(server(&["LLN0"], -129, unknown), Edition::Ed2);
            for name in [
                "LLN0$BR$brcb$ResvTms",
                "LLN0$RP$urcb$Owner",
                "LLN0$SP$SGCB$ResvTms",
                "LTRK1",
                "Q1LGOS12",
                "LTRK1$SR$SpcTrk",
            ] {
                assert_eq!(
                    server(&["LLN0", name], -65, unknown),
                    Edition::Ed2,
                    "{name}"
                );
            }
            assert_eq!(
                server(&["LLN0$BR$brcb$TimeofEntry"], -65, unknown),
                Edition::Ed1
            );
        }
    }

    #[test]
    fn what_edition_1_does_not_have_outweighs_its_name_space() {
        let stated = Some("IEC 61850-7-4:2003");
        assert_eq!(server(&["LLN0$BR$brcb$ResvTms"], -65, stated), Edition::Ed2);
        assert_eq!(server(&["LLN0$BR$brcb$RptID"], -129, stated), Edition::Ed1);
    }
}
