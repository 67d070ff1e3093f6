//! Named variable lists, which are the data sets of IEC 61850.

use core::fmt;

use crate::ber::{Tag, Tlv, Writer};
use crate::error::WireError;
use crate::mms::code::write_list;
use crate::mms::{ListedVariable, ObjectName, ScopeOfDelete};
use crate::observe::ObservationKind;

/// Makes a list (ISO 9506-2, DefineNamedVariableList-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DefineNamedVariableListRequest {
    /// Name of the list.
    pub name: ObjectName,
    /// `[0]` its members.
    pub variables: Vec<ListedVariable>,
}

impl DefineNamedVariableListRequest {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let name = ObjectName::decode(&mut r)?;
        let variables = ListedVariable::decode_list(&r.expect(Tag::context(0))?)?;
        r.finish()?;
        Ok(Self { name, variables })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            ListedVariable::encode_list(&self.variables, w, Tag::context(0));
            self.name.encode(w);
        });
    }
}

impl fmt::Display for DefineNamedVariableListRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = ", self.name)?;
        write_list(f, "[", &self.variables, "]")
    }
}

/// Members of a list (ISO 9506-2, GetNamedVariableListAttributes-Response).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NamedVariableListAttributes {
    /// `[0]` the list can be deleted.
    pub mms_deletable: bool,
    /// `[1]`
    pub variables: Vec<ListedVariable>,
}

impl NamedVariableListAttributes {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let mms_deletable = r.expect(Tag::context(0))?.boolean()?;
        let variables = ListedVariable::decode_list(&r.expect(Tag::context(1))?)?;
        r.finish()?;
        Ok(Self {
            mms_deletable,
            variables,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            ListedVariable::encode_list(&self.variables, w, Tag::context(1));
            w.boolean(Tag::context(0), self.mms_deletable);
        });
    }
}

impl fmt::Display for NamedVariableListAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.mms_deletable { "deletable " } else { "" })?;
        write_list(f, "[", &self.variables, "]")
    }
}

/// Deletes lists (ISO 9506-2, DeleteNamedVariableList-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeleteNamedVariableListRequest {
    /// `[0]` [`ScopeOfDelete::SPECIFIC`] when absent.
    pub scope: ScopeOfDelete,
    /// `[1]` the lists, of the scope `specific`.
    pub names: Option<Vec<ObjectName>>,
    /// `[2]` the domain, of the scope `domain`.
    pub domain: Option<String>,
}

impl DeleteNamedVariableListRequest {
    /// Deletes the named lists.
    #[must_use]
    pub const fn specific(names: Vec<ObjectName>) -> Self {
        Self {
            scope: ScopeOfDelete::SPECIFIC,
            names: Some(names),
            domain: None,
        }
    }

    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let scope = match r.optional(Tag::context(0))? {
            None => ScopeOfDelete::SPECIFIC,
            Some(tlv) => {
                let scope = ScopeOfDelete(tlv.i64()?);
                if scope == ScopeOfDelete::SPECIFIC {
                    tlv.observe(ObservationKind::DefaultEncoded);
                }
                scope
            }
        };
        let names = match r.optional(Tag::context(1))? {
            None => None,
            Some(tlv) => {
                let mut list = tlv.reader()?;
                let mut names = Vec::new();
                while !list.is_empty() {
                    names.push(ObjectName::decode(&mut list)?);
                }
                Some(names)
            }
        };
        let domain = match r.optional(Tag::context(2))? {
            Some(tlv) => Some(tlv.visible()?.into()),
            None => None,
        };
        r.finish()?;
        Ok(Self {
            scope,
            names,
            domain,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            if let Some(domain) = &self.domain {
                w.text(Tag::context(2), domain);
            }
            if let Some(names) = &self.names {
                w.constructed(Tag::context(1), |w| {
                    for name in names.iter().rev() {
                        name.encode(w);
                    }
                });
            }
            if self.scope != ScopeOfDelete::SPECIFIC {
                w.integer(Tag::context(0), self.scope.0);
            }
        });
    }
}

impl fmt::Display for DeleteNamedVariableListRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.scope)?;
        if let Some(names) = &self.names {
            write_list(f, " [", names, "]")?;
        }
        match &self.domain {
            Some(domain) => write!(f, " domain {domain}"),
            None => Ok(()),
        }
    }
}

/// How many lists were deleted (ISO 9506-2, DeleteNamedVariableList-Response).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeleteNamedVariableListResponse {
    /// `[0]` how many lists there were.
    pub matched: u32,
    /// `[1]` how many of them are gone.
    pub deleted: u32,
}

impl DeleteNamedVariableListResponse {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let matched = r.expect(Tag::context(0))?.u32()?;
        let deleted = r.expect(Tag::context(1))?.u32()?;
        r.finish()?;
        Ok(Self { matched, deleted })
    }

    pub(crate) fn encode(self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            w.unsigned(Tag::context(1), u64::from(self.deleted));
            w.unsigned(Tag::context(0), u64::from(self.matched));
        });
    }
}

impl fmt::Display for DeleteNamedVariableListResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} matched, {} deleted", self.matched, self.deleted)
    }
}
