//! References to data sets.

use core::{fmt, str::FromStr};

use super::{
    NameError, NameErrorKind,
    parts::{check_part, limit},
};

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
