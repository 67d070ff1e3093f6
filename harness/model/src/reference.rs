//! Object references and their MMS names, both ways (IEC 61850-7-2 ObjectReference; IEC 61850-8-1, mapping of names).
//!
//! | ACSI | MMS |
//! |---|---|
//! | `LD/LN.DO.SDO.DA[FC]` | domain `LD`, item `LN$FC$DO$SDO$DA` |
//! | `LD/LN.DO.DA(3).DB[FC]` | item `LN$FC$DO$DA` with alternate access: index 3, component `DB` |
//! | data set `LD/LN.name`, `@name` | named variable list `LD/LN$name`, `@name` |
//! | control block `LD/LN.name` | `LD/LN$BR$name` (BR RP LG GO MS US), `LD/LLN0$SP$SGCB` |

use core::{fmt, str::FromStr};

use crate::Fc;

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

/// A reference to a data set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataSetReference {
    /// Persistent, in a logical node: `LD/LN.name`, MMS `LD/LN$name`.
    Persistent {
        /// Logical device name (the MMS domain).
        ld: String,
        /// Logical node name.
        ln: String,
        /// Data-set name.
        name: String,
    },
    /// Non-persistent, of one association: `@name`, MMS scope aa-specific.
    Association(String),
}

impl DataSetReference {
    /// A persistent data set.
    #[must_use]
    pub fn new(ld: impl Into<String>, ln: impl Into<String>, name: impl Into<String>) -> Self {
        Self::Persistent {
            ld: ld.into(),
            ln: ln.into(),
            name: name.into(),
        }
    }

    /// The name without logical device and logical node.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Persistent { name, .. } | Self::Association(name) => name,
        }
    }

    /// Reads the MMS form: `LN$name` of a domain.
    ///
    /// # Errors
    /// [`NameError`] when the item is not two names with a `$` between.
    pub fn from_mms(domain: &str, item: &str) -> Result<Self, NameError> {
        limit(item)?;
        check_part(domain, domain, 0)?;
        let (ln, name) = item
            .split_once('$')
            .ok_or_else(|| NameError::new(NameErrorKind::EmptyPart, item, item.len()))?;
        check_part(ln, item, 0)?;
        check_part(name, item, ln.len().saturating_add(1))?;
        Ok(Self::new(domain, ln, name))
    }

    /// Domain and item; domain is `None` for a data set of the association (then the item has no `@`).
    #[must_use]
    pub fn to_mms(&self) -> (Option<&str>, String) {
        match self {
            Self::Persistent { ld, ln, name } => (Some(ld), format!("{ln}${name}")),
            Self::Association(name) => (None, name.clone()),
        }
    }

    /// The text that stands in `DatSet` of a control block: `LD/LN$name` or `@name`.
    #[must_use]
    pub fn mms_text(&self) -> String {
        match self {
            Self::Persistent { ld, ln, name } => format!("{ld}/{ln}${name}"),
            Self::Association(name) => format!("@{name}"),
        }
    }
}

impl fmt::Display for DataSetReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Persistent { ld, ln, name } => write!(f, "{ld}/{ln}.{name}"),
            Self::Association(name) => write!(f, "@{name}"),
        }
    }
}

impl FromStr for DataSetReference {
    type Err = NameError;

    /// Reads `LD/LN.name`, `LD/LN$name` and `@name`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        limit(text)?;
        if let Some(name) = text.strip_prefix('@') {
            check_part(name, text, 1)?;
            return Ok(Self::Association(name.to_owned()));
        }
        let (ld, rest) = text
            .split_once('/')
            .ok_or_else(|| NameError::new(NameErrorKind::NoLogicalDevice, text, text.len()))?;
        check_part(ld, text, 0)?;
        let offset = ld.len().saturating_add(1);
        let (ln, name) = rest
            .split_once(['.', '$'])
            .ok_or_else(|| NameError::new(NameErrorKind::EmptyPart, text, text.len()))?;
        check_part(ln, text, offset)?;
        check_part(
            name,
            text,
            offset.saturating_add(ln.len()).saturating_add(1),
        )?;
        Ok(Self::new(ld, ln, name))
    }
}

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

fn limit(text: &str) -> Result<(), NameError> {
    if text.len() > MAX_REFERENCE {
        return Err(NameError::new(NameErrorKind::TooLong, text, MAX_REFERENCE));
    }
    Ok(())
}

/// Names are ISO 646 letters, digits and underscore; a tester also meets others, so only what would break the syntax is refused.
fn check_part(part: &str, text: &str, offset: usize) -> Result<(), NameError> {
    if part.is_empty() {
        return Err(NameError::new(NameErrorKind::EmptyPart, text, offset));
    }
    match part
        .char_indices()
        .find(|(_, c)| "/.$[]()@".contains(*c) || c.is_whitespace() || c.is_control())
    {
        Some((at, _)) => Err(NameError::new(
            NameErrorKind::BadCharacter,
            text,
            offset.saturating_add(at),
        )),
        None => Ok(()),
    }
}

fn split_constraint(text: &str) -> Result<(&str, Option<Fc>), NameError> {
    let Some((names, rest)) = text.split_once('[') else {
        return Ok((text, None));
    };
    let bad = || NameError::new(NameErrorKind::BadConstraint, text, names.len());
    let fc = rest
        .strip_suffix(']')
        .ok_or_else(bad)?
        .parse()
        .map_err(|_| bad())?;
    Ok((names, Some(fc)))
}

/// The parts of a name between separators, with their offsets in the whole text.
struct Parts<'a> {
    rest: Option<&'a str>,
    separator: char,
    whole: &'a str,
}

impl<'a> Parts<'a> {
    fn new(rest: &'a str, separator: char, whole: &'a str) -> Self {
        Self {
            rest: Some(rest),
            separator,
            whole,
        }
    }

    fn next_part(&mut self) -> Option<(usize, &'a str)> {
        let rest = self.rest?;
        // Both are slices of one text, so the distance of their ends is the offset.
        let offset = self.whole.len().saturating_sub(rest.len());
        let part = match rest.split_once(self.separator) {
            Some((part, rest)) => {
                self.rest = Some(rest);
                part
            }
            None => {
                self.rest = None;
                rest
            }
        };
        Some((offset, part))
    }

    fn steps(mut self) -> Result<Vec<Step>, NameError> {
        let mut steps = Vec::new();
        while let Some((offset, part)) = self.next_part() {
            steps.push(step(part, self.whole, offset)?);
        }
        Ok(steps)
    }
}

fn step(part: &str, whole: &str, offset: usize) -> Result<Step, NameError> {
    let Some((name, rest)) = part.split_once('(') else {
        check_part(part, whole, offset)?;
        return Ok(Step::new(part));
    };
    check_part(name, whole, offset)?;
    let bad = || {
        NameError::new(
            NameErrorKind::BadIndex,
            whole,
            offset.saturating_add(name.len()),
        )
    };
    let digits = rest.strip_suffix(')').ok_or_else(bad)?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad());
    }
    Ok(Step {
        name: name.to_owned(),
        index: Some(digits.parse().map_err(|_| bad())?),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
