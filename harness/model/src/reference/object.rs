//! References to data and their MMS names.

use core::{fmt, str::FromStr};

use super::{
    NameError, NameErrorKind,
    parts::{Parts, check_part, limit, split_constraint},
};
use crate::Fc;

/// One step below the logical node: a data object, sub data object or data attribute, perhaps one element of an array.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// Name of the object or attribute.
    pub name: String,
    /// Array index, counted from 0.
    pub index: Option<u32>,
}

impl Step {
    /// A step without array index.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            index: None,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.index.map_or(Ok(()), |index| write!(f, "({index})"))
    }
}

/// A reference to data: a logical node, a data object or a data attribute, with or without functional constraint.
///
/// `Display` and `FromStr` are the ACSI form `LD/LN.DO.DA[FC]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectReference {
    /// Logical device name (the MMS domain).
    pub ld: String,
    /// Logical node name: prefix, class and instance together.
    pub ln: String,
    /// Functional constraint.
    pub fc: Option<Fc>,
    /// Names below the logical node; empty for the node itself.
    pub path: Vec<Step>,
}

/// A step of MMS alternate access into an array.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selection {
    /// One array element.
    Index(u32),
    /// A component of a structure.
    Component(String),
}

/// The MMS side of a reference: the variable, and where an array element is meant, the way inside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MmsName {
    /// Domain (logical device).
    pub domain: String,
    /// Item such as `GGIO1$ST$Ind1$stVal`.
    pub item: String,
    /// Alternate access below the item: empty unless an array element is meant.
    pub selection: Vec<Selection>,
}

impl fmt::Display for MmsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.domain, self.item)?;
        for step in &self.selection {
            match step {
                Selection::Index(index) => write!(f, "({index})")?,
                Selection::Component(name) => write!(f, "${name}")?,
            }
        }
        Ok(())
    }
}

impl ObjectReference {
    /// The reference of a logical node.
    #[must_use]
    pub fn logical_node(ld: impl Into<String>, ln: impl Into<String>) -> Self {
        Self {
            ld: ld.into(),
            ln: ln.into(),
            fc: None,
            path: Vec::new(),
        }
    }

    /// The same reference under a functional constraint.
    #[must_use]
    pub fn with_fc(mut self, fc: Fc) -> Self {
        self.fc = Some(fc);
        self
    }

    /// One step deeper.
    #[must_use]
    pub fn child(&self, name: impl Into<String>) -> Self {
        let mut child = self.clone();
        child.path.push(Step::new(name));
        child
    }

    /// One step up, keeping the functional constraint; `None` at the logical node.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let mut parent = self.clone();
        parent.path.pop().map(|_| parent)
    }

    /// The reference with its last name replaced, as `q` beside `stVal`; `None` at the logical node.
    #[must_use]
    pub fn sibling(&self, name: impl Into<String>) -> Option<Self> {
        self.parent().map(|parent| parent.child(name))
    }

    /// The last name of the path, or the logical node.
    #[must_use]
    pub fn last(&self) -> &str {
        self.path.last().map_or(&self.ln, |step| &step.name)
    }

    /// Reads an MMS name: domain and item apart. Array indices as in `LN$MX$HA$phsAHar(3)$cVal` are accepted.
    ///
    /// # Errors
    /// [`NameError`] when a part is empty, the second part is no functional constraint, or a character is out of place.
    pub fn from_mms(domain: &str, item: &str) -> Result<Self, NameError> {
        limit(item)?;
        check_part(domain, domain, 0)?;
        let mut parts = Parts::new(item, '$', item);
        let (_, ln) = parts
            .next_part()
            .ok_or_else(|| NameError::new(NameErrorKind::EmptyPart, item, 0))?;
        check_part(ln, item, 0)?;
        let fc = match parts.next_part() {
            None => None,
            Some((offset, text)) => Some(
                text.parse()
                    .map_err(|_| NameError::new(NameErrorKind::BadConstraint, item, offset))?,
            ),
        };
        let path = parts.steps()?;
        Ok(Self {
            ld: domain.to_owned(),
            ln: ln.to_owned(),
            fc,
            path,
        })
    }

    /// Reads `domain/item`, the form of data references in reports and of `CntrlObj`.
    ///
    /// # Errors
    /// [`NameError`] as [`Self::from_mms`], and when there is no `/`.
    pub fn from_mms_text(text: &str) -> Result<Self, NameError> {
        limit(text)?;
        let (domain, item) = text
            .split_once('/')
            .ok_or_else(|| NameError::new(NameErrorKind::NoLogicalDevice, text, text.len()))?;
        Self::from_mms(domain, item)
    }

    /// The MMS name. Everything below the first array index becomes alternate access.
    ///
    /// # Errors
    /// [`NameErrorKind::NoConstraint`] when the path is not empty and no functional constraint is set.
    pub fn to_mms(&self) -> Result<MmsName, NameError> {
        let mut item = self.ln.clone();
        match self.fc {
            Some(fc) => {
                item.push('$');
                item.push_str(fc.as_str());
            }
            None if self.path.is_empty() => {}
            None => {
                let text = self.to_string();
                return Err(NameError::new(
                    NameErrorKind::NoConstraint,
                    &text,
                    text.len(),
                ));
            }
        }
        let mut selection = Vec::new();
        for step in &self.path {
            if selection.is_empty() {
                item.push('$');
                item.push_str(&step.name);
            } else {
                selection.push(Selection::Component(step.name.clone()));
            }
            selection.extend(step.index.map(Selection::Index));
        }
        Ok(MmsName {
            domain: self.ld.clone(),
            item,
            selection,
        })
    }

    /// The MMS item text (`LN$FC$DO$DA`), array indices written as `(n)`.
    #[must_use]
    pub fn mms_item(&self) -> String {
        let mut item = self.ln.clone();
        if let Some(fc) = self.fc {
            item.push('$');
            item.push_str(fc.as_str());
        }
        for step in &self.path {
            item.push('$');
            item.push_str(&step.to_string());
        }
        item
    }

    /// `domain/LN$FC$DO$DA`, the form of data references in reports.
    #[must_use]
    pub fn mms_text(&self) -> String {
        format!("{}/{}", self.ld, self.mms_item())
    }

    /// The names below the logical node joined by dots, without functional constraint: `Ind1.stVal`.
    #[must_use]
    pub fn dotted_path(&self) -> String {
        let mut text = String::new();
        for (at, step) in self.path.iter().enumerate() {
            if at > 0 {
                text.push('.');
            }
            text.push_str(&step.to_string());
        }
        text
    }
}

impl fmt::Display for ObjectReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.ld, self.ln)?;
        for step in &self.path {
            write!(f, ".{step}")?;
        }
        self.fc.map_or(Ok(()), |fc| write!(f, "[{fc}]"))
    }
}

impl FromStr for ObjectReference {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        limit(text)?;
        let (names, fc) = split_constraint(text)?;
        let (ld, rest) = names
            .split_once('/')
            .ok_or_else(|| NameError::new(NameErrorKind::NoLogicalDevice, text, names.len()))?;
        check_part(ld, text, 0)?;
        let mut parts = Parts::new(rest, '.', text);
        let (offset, ln) = parts
            .next_part()
            .ok_or_else(|| NameError::new(NameErrorKind::EmptyPart, text, ld.len()))?;
        check_part(ln, text, offset)?;
        let path = parts.steps()?;
        Ok(Self {
            ld: ld.to_owned(),
            ln: ln.to_owned(),
            fc,
            path,
        })
    }
}
