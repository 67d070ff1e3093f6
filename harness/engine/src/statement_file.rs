//! A PICS statement as a file of its own: what is claimed, of which device, and who signed for it.

use crate::diagnostic::{Code, Diagnostic, FileId, Sources, Spanned, sort};
use crate::runner::sha256;
use crate::target::{Day, Pics};
use crate::yaml::{Decoder, FromNode, read, yaml_struct};

yaml_struct! {
    /// A PICS statement.
    pub struct StatementFile {
        /// Name of the device in reports.
        pub statement: Spanned<String>,
        /// Vendor, model and revision that it is about.
        pub device: Option<String>,
        /// Who checked every line and answers for it.
        pub signed: Option<Signature>,
        /// What is claimed, by item: `true`, `false`, or the number of an association parameter.
        pub pics: Pics,
    }
}

yaml_struct! {
    /// Who signed a statement. Empty texts are a statement that nobody has signed.
    pub struct Signature {
        /// Who.
        pub name: Spanned<String>,
        /// For whom.
        pub organisation: Spanned<String>,
        /// When, `2027-03-31`.
        pub on: Spanned<String>,
        /// SHA-256 of what was signed ([`StatementFile::content`]).
        pub content: Spanned<String>,
    }
}

/// How far a statement can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has signed it.
    Unsigned,
    /// Signed without the content that was signed, so that nobody can tell whether it is still that.
    Unsealed {
        /// Who, for whom, when.
        by: String,
    },
    /// Signed, and it is still what was signed.
    Signed {
        /// Who, for whom, when.
        by: String,
    },
    /// Signed, and changed since.
    Changed {
        /// Who, for whom, when.
        by: String,
    },
}

/// Reads a statement.
///
/// # Errors
/// Every mistake of the file.
pub fn load(sources: &Sources, file: FileId) -> Result<StatementFile, Vec<Diagnostic>> {
    let node = read(sources, file).map_err(|d| vec![d])?;
    let mut cx = Decoder::new();
    let statement = StatementFile::from_node(&node, &mut cx);
    let mut found = cx.diagnostics;
    let signed = statement.iter().filter_map(|one| one.signed.as_ref());
    found.extend(signed.filter_map(half_signed));
    sort(&mut found);
    match statement {
        Some(statement) if !found.iter().any(Diagnostic::is_error) => Ok(statement),
        _ => Err(found),
    }
}

/// A signature that says who and not when, or when and not who.
fn half_signed(signature: &Signature) -> Option<Diagnostic> {
    let fields = [&signature.name, &signature.organisation, &signature.on];
    let empty = fields.iter().find(|field| field.value.is_empty());
    let all = fields.iter().all(|field| field.value.is_empty());
    if let Some(empty) = empty.filter(|_| !all) {
        let text = "a signature says who, for whom and when";
        return Some(Diagnostic::error(Code::Invalid, empty.span, text));
    }
    let on = &signature.on;
    let day = <Day as crate::cel::FieldValue>::from_text(&on.value);
    (!all && day.is_err()).then(|| {
        let text = format!("`{}` is no day such as `2027-03-31`", on.value);
        Diagnostic::error(Code::Invalid, on.span, text)
    })
}

impl StatementFile {
    /// SHA-256 of what is signed: device and claims, whatever their order and the comments beside them.
    #[must_use]
    pub fn content(&self) -> String {
        let mut claims: Vec<String> = self
            .pics
            .items
            .iter()
            .map(|(id, claim)| format!("{}={claim}\n", id.value))
            .collect();
        claims.sort();
        let device = self.device.as_deref().unwrap_or_default();
        let text = format!("{}\n{device}\n{}", self.statement.value, claims.concat());
        format!("sha256:{}", sha256(text.as_bytes()))
    }

    /// How far it can be relied on.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let Some(signed) = self
            .signed
            .as_ref()
            .filter(|one| !one.name.value.is_empty())
        else {
            return Standing::Unsigned;
        };
        let by = format!(
            "{}, {}, on {}",
            signed.name.value, signed.organisation.value, signed.on.value
        );
        match signed.content.value.as_str() {
            "" => Standing::Unsealed { by },
            content if content.eq_ignore_ascii_case(&self.content()) => Standing::Signed { by },
            _ => Standing::Changed { by },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_it(text: &str) -> Result<StatementFile, String> {
        let mut sources = Sources::new();
        let file = sources.add("pics.yaml", text);
        let told = |found: Vec<Diagnostic>| found.iter().map(|d| d.message.clone()).collect();
        load(&sources, file).map_err(told)
    }

    fn text(name: &str, on: &str, content: &str, claims: &str) -> String {
        format!(
            "statement: bay 12\ndevice: ACME P-500\nsigned:\n  name: \"{name}\"\n  organisation: \"{name}\"\n  on: \"{on}\"\n  content: \"{content}\"\npics:\n{claims}"
        )
    }

    #[test]
    fn tells_whether_it_is_signed_and_still_what_was_signed() {
        let claims = "  M1: true\n  M2: false # not this one\n";
        let draft = read_it(&text("", "", "", claims)).unwrap();
        assert_eq!(draft.standing(), Standing::Unsigned);
        let by = "Doe, Doe, on 2027-03-31".to_owned();
        let signed = |content: &str, claims: &str| {
            let text = text("Doe", "2027-03-31", content, claims);
            read_it(&text).unwrap().standing()
        };
        let content = draft.content();
        assert_eq!(signed("", claims), Standing::Unsealed { by: by.clone() });
        assert_eq!(
            signed(&content, claims),
            Standing::Signed { by: by.clone() }
        );
        let reordered = "  M2: false\n  M1: true\n";
        assert_eq!(
            signed(&content, reordered),
            Standing::Signed { by: by.clone() }
        );
        let changed = "  M1: true\n  M2: true\n";
        assert_eq!(signed(&content, changed), Standing::Changed { by });
    }

    #[test]
    fn half_a_signature_is_a_mistake() {
        let found = read_it(&text("Doe", "", "", "  M1: true\n")).unwrap_err();
        assert!(found.contains("who, for whom and when"), "{found}");
        let found = read_it(&text("Doe", "tomorrow", "", "  M1: true\n")).unwrap_err();
        assert!(found.contains("no day"), "{found}");
        let found = read_it(&text("", "", "", "  M999: true\n")).unwrap_err();
        assert!(found.contains("M999"), "{found}");
    }
}
