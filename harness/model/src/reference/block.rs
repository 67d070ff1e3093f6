//! References to control blocks.

use core::{fmt, str::FromStr};

use super::{NameError, NameErrorKind, ObjectReference, Step, parts::limit};
use crate::Fc;

/// The kinds of control blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockKind {
    /// Unbuffered report control block, `LN$RP$name`.
    Urcb,
    /// Buffered report control block, `LN$BR$name`.
    Brcb,
    /// Log control block, `LN$LG$name`.
    Lcb,
    /// GOOSE control block, `LN$GO$name`.
    Gocb,
    /// Multicast sampled value control block, `LN$MS$name`.
    Msvcb,
    /// Unicast sampled value control block, `LN$US$name`.
    Usvcb,
    /// Setting group control block, always `LLN0$SP$SGCB`.
    Sgcb,
}

impl BlockKind {
    /// The functional constraint under which blocks of this kind are found.
    #[must_use]
    pub const fn fc(self) -> Fc {
        match self {
            Self::Urcb => Fc::RP,
            Self::Brcb => Fc::BR,
            Self::Lcb => Fc::LG,
            Self::Gocb => Fc::GO,
            Self::Msvcb => Fc::MS,
            Self::Usvcb => Fc::US,
            Self::Sgcb => Fc::SP,
        }
    }

    /// The kind of the blocks under a functional constraint that holds nothing else.
    #[must_use]
    pub const fn from_fc(fc: Fc) -> Option<Self> {
        match fc {
            Fc::RP => Some(Self::Urcb),
            Fc::BR => Some(Self::Brcb),
            Fc::LG => Some(Self::Lcb),
            Fc::GO => Some(Self::Gocb),
            Fc::MS => Some(Self::Msvcb),
            Fc::US => Some(Self::Usvcb),
            _ => None,
        }
    }
}

/// A reference to a control block.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockReference {
    /// Logical device name (the MMS domain).
    pub ld: String,
    /// Logical node name.
    pub ln: String,
    /// What kind of block.
    pub kind: BlockKind,
    /// Name of the block, with its instance number where it has one.
    pub name: String,
}

impl BlockReference {
    /// Reads the MMS form `LN$BR$name` (or `LLN0$SP$SGCB`).
    ///
    /// # Errors
    /// [`NameError`] when the item is anything else.
    pub fn from_mms(domain: &str, item: &str) -> Result<Self, NameError> {
        let bad = || NameError::new(NameErrorKind::BadBlockKind, item, 0);
        let reference = ObjectReference::from_mms(domain, item)?;
        let fc = reference.fc.ok_or_else(bad)?;
        let [step] = reference.path.as_slice() else {
            return Err(bad());
        };
        let kind = match BlockKind::from_fc(fc) {
            Some(kind) => kind,
            None if fc == Fc::SP && step.name == "SGCB" => BlockKind::Sgcb,
            None => return Err(bad()),
        };
        if step.index.is_some() {
            return Err(bad());
        }
        Ok(Self {
            ld: reference.ld,
            ln: reference.ln,
            kind,
            name: step.name.clone(),
        })
    }

    /// The MMS item, such as `LLN0$BR$brcbA01`.
    #[must_use]
    pub fn mms_item(&self) -> String {
        format!("{}${}${}", self.ln, self.kind.fc(), self.name)
    }

    /// `LD/LLN0$BR$brcbA01`: what a report carries as RptID when the block's own RptID is empty.
    #[must_use]
    pub fn mms_text(&self) -> String {
        format!("{}/{}", self.ld, self.mms_item())
    }

    /// The MMS item of one attribute of the block.
    #[must_use]
    pub fn attribute_item(&self, attribute: &str) -> String {
        format!("{}${attribute}", self.mms_item())
    }

    /// The block as an object reference with its functional constraint.
    #[must_use]
    pub fn to_object(&self) -> ObjectReference {
        ObjectReference {
            ld: self.ld.clone(),
            ln: self.ln.clone(),
            fc: Some(self.kind.fc()),
            path: vec![Step::new(self.name.clone())],
        }
    }
}

impl fmt::Display for BlockReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/{}.{}[{}]",
            self.ld,
            self.ln,
            self.name,
            self.kind.fc()
        )
    }
}

impl FromStr for BlockReference {
    type Err = NameError;

    /// Reads `LD/LN.name[BR]` and `LD/LN$BR$name`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        limit(text)?;
        if let (Some((domain, item)), true) = (text.split_once('/'), text.contains('$')) {
            return Self::from_mms(domain, item);
        }
        let reference: ObjectReference = text.parse()?;
        Self::from_mms(&reference.ld, &reference.mms_item())
    }
}
