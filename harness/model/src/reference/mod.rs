//! Object references and their MMS names, both ways (IEC 61850-7-2 ObjectReference; IEC 61850-8-1, mapping of names).
//!
//! | ACSI | MMS |
//! |---|---|
//! | `LD/LN.DO.SDO.DA[FC]` | domain `LD`, item `LN$FC$DO$SDO$DA` |
//! | `LD/LN.DO.DA(3).DB[FC]` | item `LN$FC$DO$DA` with alternate access: index 3, component `DB` |
//! | data set `LD/LN.name`, `@name` | named variable list `LD/LN$name`, `@name` |
//! | control block `LD/LN.name` | `LD/LN$BR$name` (BR RP LG GO MS US), `LD/LLN0$SP$SGCB` |

mod block;
mod data_set;
mod object;
mod parts;

pub use block::{BlockKind, BlockReference};
pub use data_set::DataSetReference;
pub use object::{MmsName, ObjectReference, Selection, Step};

/// Longest text taken as a reference. IEC 61850-8-1 Edition 2 ends at 129 characters; a tester also meets longer ones.
pub const MAX_REFERENCE: usize = 512;

/// Why a text is no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NameErrorKind {
    /// The text is longer than [`MAX_REFERENCE`].
    #[error("the name is longer than {MAX_REFERENCE} characters")]
    TooLong,
    /// No `/` between logical device and logical node.
    #[error("expected `/` after the logical device")]
    NoLogicalDevice,
    /// A part between two separators is empty.
    #[error("a part of the name is empty")]
    EmptyPart,
    /// A character that no part of a name may contain.
    #[error("unexpected character in a name")]
    BadCharacter,
    /// Something in brackets that is not a functional constraint, or brackets not closed.
    #[error("expected a functional constraint such as `[ST]`")]
    BadConstraint,
    /// Something in parentheses that is not a number, or parentheses not closed.
    #[error("expected an array index such as `(3)`")]
    BadIndex,
    /// The reference needs a functional constraint and has none.
    #[error("the functional constraint is missing")]
    NoConstraint,
    /// The kind of control block is missing or unknown.
    #[error("expected a control block kind (BR RP LG GO MS US or SP with SGCB)")]
    BadBlockKind,
}

/// A text that is no reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} in `{text}` at character {offset}")]
pub struct NameError {
    /// What is wrong.
    pub kind: NameErrorKind,
    /// The text (its first characters when it is long).
    pub text: String,
    /// Byte offset in the text.
    pub offset: usize,
}

impl NameError {
    fn new(kind: NameErrorKind, text: &str, offset: usize) -> Self {
        Self {
            kind,
            text: text.chars().take(160).collect(),
            offset,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Fc;

    fn reference(text: &str) -> ObjectReference {
        text.parse().unwrap()
    }

    #[test]
    fn data_has_its_mms_name() {
        let name = reference("ASSAYLD0/GGIO1.Ind1.stVal[ST]").to_mms().unwrap();
        assert_eq!(name.to_string(), "ASSAYLD0/GGIO1$ST$Ind1$stVal");
        assert_eq!(name.selection, []);
        let node = reference("LD/LLN0").to_mms().unwrap();
        assert_eq!(node.item, "LLN0");
        let all = reference("LD/LLN0[ST]").to_mms().unwrap();
        assert_eq!(all.item, "LLN0$ST");
        assert_eq!(
            reference("LD/LLN0.Mod").to_mms().unwrap_err().kind,
            NameErrorKind::NoConstraint
        );
    }

    #[test]
    fn array_elements_become_alternate_access() {
        let name = reference("LD/MHAI1.HA.phsAHar(3).mag.f[MX]")
            .to_mms()
            .unwrap();
        assert_eq!(name.item, "MHAI1$MX$HA$phsAHar");
        let component = |name: &str| Selection::Component(name.to_owned());
        assert_eq!(
            name.selection,
            [Selection::Index(3), component("mag"), component("f")]
        );
        assert_eq!(name.to_string(), "LD/MHAI1$MX$HA$phsAHar(3)$mag$f");
        assert_eq!(
            ObjectReference::from_mms_text(&name.to_string()),
            Ok(reference("LD/MHAI1.HA.phsAHar(3).mag.f[MX]"))
        );
    }

    #[test]
    fn data_sets_are_known_by_all_their_names() {
        let set = DataSetReference::new("LD", "LLN0", "ds");
        for text in ["LD/LLN0.ds", "LD/LLN0$ds"] {
            assert_eq!(text.parse(), Ok(set.clone()));
        }
        assert_eq!(
            (set.to_string().as_str(), set.mms_text().as_str()),
            ("LD/LLN0.ds", "LD/LLN0$ds")
        );
        let own: DataSetReference = "@mine".parse().unwrap();
        assert_eq!(own.to_mms(), (None, "mine".to_owned()));
        assert_eq!(own.to_string(), "@mine");
    }

    #[test]
    fn control_blocks_are_known_by_kind() {
        let block: BlockReference = "LD/LLN0$BR$brcb01".parse().unwrap();
        assert_eq!(block.kind, BlockKind::Brcb);
        assert_eq!("LD/LLN0.brcb01[BR]".parse(), Ok(block.clone()));
        assert_eq!(block.attribute_item("RptEna"), "LLN0$BR$brcb01$RptEna");
        let groups: BlockReference = "LD/LLN0$SP$SGCB".parse().unwrap();
        assert_eq!(groups.kind, BlockKind::Sgcb);
        for bad in [
            "LD/LLN0$ST$Mod",
            "LD/LLN0$BR",
            "LD/LLN0$BR$a$b",
            "LD/LLN0.x",
            "LLN0$BR$x",
        ] {
            assert!(bad.parse::<BlockReference>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let error = |text: &str| {
            let error = text.parse::<ObjectReference>().unwrap_err();
            (error.kind, error.offset)
        };
        assert_eq!(error("LLN0.Mod"), (NameErrorKind::NoLogicalDevice, 8));
        assert_eq!(error("LD/"), (NameErrorKind::EmptyPart, 3));
        assert_eq!(error("LD/LLN0..x"), (NameErrorKind::EmptyPart, 8));
        assert_eq!(error("LD/LLN0.a b"), (NameErrorKind::BadCharacter, 9));
        assert_eq!(error("LD/LLN0.a[QQ]"), (NameErrorKind::BadConstraint, 9));
        assert_eq!(error("LD/LLN0.a[ST"), (NameErrorKind::BadConstraint, 9));
        assert_eq!(error("LD/LLN0.a(x)"), (NameErrorKind::BadIndex, 9));
        assert_eq!(
            error("LD/LLN0.a(99999999999)"),
            (NameErrorKind::BadIndex, 9)
        );
        assert_eq!(error(&"x".repeat(600)).0, NameErrorKind::TooLong);
    }

    #[test]
    fn neighbours_are_reached_by_name() {
        let value = reference("LD/GGIO1.Ind1.stVal[ST]");
        assert_eq!(value.sibling("q"), Some(reference("LD/GGIO1.Ind1.q[ST]")));
        assert_eq!(value.parent(), Some(reference("LD/GGIO1.Ind1[ST]")));
        assert_eq!(reference("LD/GGIO1").parent(), None);
    }

    prop_compose! {
        fn any_reference()(
            ld in "[A-Za-z0-9_]{1,20}",
            ln in "[A-Za-z0-9]{1,11}",
            fc in prop::option::of(prop::sample::select(Fc::ALL.to_vec())),
            path in prop::collection::vec(("[A-Za-z0-9]{1,8}", prop::option::weighted(0.1, 0..1000_u32)), 0..6),
        ) -> ObjectReference {
            let path = path.into_iter().map(|(name, index)| Step { name, index }).collect();
            ObjectReference { ld, ln, fc, path }
        }
    }

    proptest! {
        #[test]
        fn references_round_trip(reference in any_reference()) {
            prop_assert_eq!(reference.to_string().parse(), Ok(reference.clone()));
            if reference.fc.is_some() || reference.path.is_empty() {
                prop_assert_eq!(ObjectReference::from_mms_text(&reference.mms_text()), Ok(reference.clone()));
                prop_assert_eq!(reference.to_mms().unwrap().to_string(), reference.mms_text());
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,60}", odd in "[A-B/.$()\\[\\]@0-9ST]{0,24}") {
            for text in [text, odd] {
                let _ = text.parse::<ObjectReference>();
                let _ = text.parse::<DataSetReference>();
                let _ = text.parse::<BlockReference>();
                let _ = ObjectReference::from_mms_text(&text);
                if let Err(error) = ObjectReference::from_mms("LD", &text) {
                    prop_assert!(error.offset <= text.len().max(2));
                }
            }
        }
    }
}
