//! What can be wrong with an SCL text, and what to do about it.

use core::fmt;

use crate::nearest::nearest;

/// A place in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Offset in bytes.
    pub offset: usize,
}

impl Position {
    /// The first character.
    pub const START: Self = Self {
        line: 1,
        column: 1,
        offset: 0,
    };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Something odd that the reader worked around.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where.
    pub position: Position,
    /// What, and what the reader makes of it.
    pub message: String,
    /// What the user can do about it.
    pub remedy: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.position, self.message, self.remedy)
    }
}

/// The kinds of types in `DataTypeTemplates`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeKind {
    /// `LNodeType`.
    LNodeType,
    /// `DOType`.
    DoType,
    /// `DAType`.
    DaType,
    /// `EnumType`.
    EnumType,
}

impl TypeKind {
    /// Name of the element.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LNodeType => "LNodeType",
            Self::DoType => "DOType",
            Self::DaType => "DAType",
            Self::EnumType => "EnumType",
        }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SclErrorKind {
    /// Larger than [`super::MAX_TEXT`].
    TextTooLarge,
    /// An octet is no text of the encoding that the file has.
    NotText(&'static str),
    /// There is nothing in the text.
    Empty,
    /// The text has a document type definition, which could expand to anything; SCL has none.
    DocumentType,
    /// The text is not well-formed XML; the XML reader's words.
    NotXml(String),
    /// An element has more attributes than any element of SCL.
    OverloadedTag,
    /// The root element is not `SCL` but this.
    NotScl(String),
    /// No `IED` element.
    NoIedAtAll,
    /// No IED of the name asked for.
    NoIed {
        /// The name asked for.
        wanted: String,
        /// The names that exist.
        names: Vec<String>,
        /// The name that is nearest.
        suggestion: Option<String>,
    },
    /// No name asked for, and several IEDs have servers.
    SeveralIeds(Vec<String>),
    /// The IED has no server, or not at the access point asked for.
    NoServer {
        /// Name of the IED.
        ied: String,
        /// The access point asked for.
        wanted: Option<String>,
        /// Access points that do have a server.
        access_points: Vec<String>,
    },
    /// A type is referred to and not defined.
    MissingType {
        /// Kind of type.
        kind: TypeKind,
        /// Its identifier.
        id: String,
        /// The nearest identifier that exists.
        suggestion: Option<String>,
    },
    /// A type contains itself.
    RecursiveType {
        /// Kind of type.
        kind: TypeKind,
        /// Its identifier.
        id: String,
    },
    /// More names or deeper nesting than any real IED has.
    ModelTooLarge,
}

impl SclErrorKind {
    pub(crate) fn no_ied(wanted: &str, names: Vec<String>) -> Self {
        let suggestion = nearest(wanted, names.iter().map(String::as_str)).map(str::to_owned);
        Self::NoIed {
            wanted: wanted.chars().take(80).collect(),
            names,
            suggestion,
        }
    }
}

/// An error with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SclError {
    /// Where.
    pub position: Position,
    /// What.
    pub kind: SclErrorKind,
}

impl SclError {
    /// What the user can do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match &self.kind {
            SclErrorKind::TextTooLarge => "give an extract with the one IED (a .cid file)".into(),
            SclErrorKind::NotText(_) => {
                "save the file as UTF-8, or state its encoding in the XML declaration (UTF-16, ISO-8859-1, windows-1252)".into()
            }
            SclErrorKind::Empty => "give an SCL file (.cid, .icd, .iid, .scd)".into(),
            SclErrorKind::DocumentType => "delete the `DOCTYPE`; SCL has none".into(),
            SclErrorKind::NotXml(_) => {
                "give an SCL file (.cid, .icd, .iid, .scd); is it complete and unpacked?".into()
            }
            SclErrorKind::OverloadedTag => {
                "export the file again; no tool writes such an element".into()
            }
            SclErrorKind::NotScl(_) => {
                "the root element of an SCL file is `SCL`; is this another kind of XML file?".into()
            }
            SclErrorKind::NoIedAtAll => {
                "give a file that describes an IED (.cid, .icd, .iid, .scd)".into()
            }
            SclErrorKind::NoIed {
                suggestion: Some(name),
                ..
            } => format!("did you mean `{name}`?"),
            SclErrorKind::NoIed { names, .. } if names.is_empty() => {
                "the file has no IED at all; give another file".into()
            }
            SclErrorKind::NoIed { .. } => "name one of the IEDs that the file has".into(),
            SclErrorKind::SeveralIeds(_) => "say which IED is meant, by its name".into(),
            SclErrorKind::NoServer { access_points, .. } if access_points.is_empty() => {
                "the IED is a client or subscriber only; name an IED that has a `Server`".into()
            }
            SclErrorKind::NoServer { access_points, .. } => {
                format!(
                    "name an access point that has a server: {}",
                    listed(access_points)
                )
            }
            SclErrorKind::MissingType {
                suggestion: Some(id),
                ..
            } => format!("did you mean `{id}`?"),
            SclErrorKind::MissingType { kind, .. } => {
                format!(
                    "add the `{}` to `DataTypeTemplates`, or export the file again with all types",
                    kind.as_str()
                )
            }
            SclErrorKind::RecursiveType { .. } => "break the circle in `DataTypeTemplates`".into(),
            SclErrorKind::ModelTooLarge => "give a file with a smaller model".into(),
        }
    }
}

impl fmt::Display for SclError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            SclErrorKind::TextTooLarge => {
                write!(f, "the file is larger than {} bytes", super::MAX_TEXT)
            }
            SclErrorKind::NotText(encoding) => write!(f, "not {encoding} text"),
            SclErrorKind::Empty => f.write_str("the file is empty"),
            SclErrorKind::DocumentType => {
                f.write_str("the file has a document type definition, which is not read")
            }
            SclErrorKind::NotXml(words) => write!(f, "not XML: {words}"),
            SclErrorKind::OverloadedTag => f.write_str("the element has more than 1000 attributes"),
            SclErrorKind::NotScl(root) => {
                write!(f, "not an SCL file: the root element is `{root}`")
            }
            SclErrorKind::NoIedAtAll => f.write_str("the file has no IED"),
            SclErrorKind::NoIed { wanted, names, .. } if names.is_empty() => {
                write!(f, "no IED named `{wanted}`: the file has none")
            }
            SclErrorKind::NoIed { wanted, names, .. } => {
                write!(f, "no IED named `{wanted}`: the file has {}", listed(names))
            }
            SclErrorKind::SeveralIeds(names) => {
                write!(f, "the file has several IEDs: {}", listed(names))
            }
            SclErrorKind::NoServer {
                ied,
                wanted: Some(point),
                ..
            } => write!(f, "IED `{ied}` has no server at an access point `{point}`"),
            SclErrorKind::NoServer { ied, .. } => write!(f, "IED `{ied}` has no server"),
            SclErrorKind::MissingType { kind, id, .. } => {
                write!(f, "there is no {} `{id}`", kind.as_str())
            }
            SclErrorKind::RecursiveType { kind, id } => {
                write!(f, "{} `{id}` contains itself", kind.as_str())
            }
            SclErrorKind::ModelTooLarge => write!(f, "{}", crate::tree::ModelTooLarge),
        }
    }
}

impl std::error::Error for SclError {}

/// One error or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SclErrors(pub Vec<SclError>);

impl SclErrors {
    pub(crate) fn one(position: Position, kind: SclErrorKind) -> Self {
        Self(vec![SclError { position, kind }])
    }
}

impl fmt::Display for SclErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}: {error} ({})", error.position, error.remedy())?;
        }
        Ok(())
    }
}

impl std::error::Error for SclErrors {}

fn listed(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let mut text = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if let Some(more) = names.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}
