//! Reading, writing and describing variables.

use core::fmt;

use crate::ber::{Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::mms::code::write_list;
use crate::mms::type_spec::default_false;
use crate::mms::usual::FAILURE;
use crate::mms::view::capacity;
use crate::mms::{Address, Data, DataAccessError, ObjectName, TypeSpecification, VariableAccess};

/// What a read gives for one variable (ISO 9506-2, AccessResult).
pub type AccessResult = Result<Data, DataAccessError>;

/// What a write gives for one variable (ISO 9506-2, Write-Response).
pub type WriteResult = Result<(), DataAccessError>;

/// Asks for values (ISO 9506-2, Read-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReadRequest {
    /// `[0]` the response shall repeat the access specification.
    pub specification_with_result: bool,
    /// `[1]`
    pub access: VariableAccess,
}

impl ReadRequest {
    /// Reads without asking for the specification in the response.
    #[must_use]
    pub const fn new(access: VariableAccess) -> Self {
        Self {
            specification_with_result: false,
            access,
        }
    }

    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let specification_with_result = default_false(&mut r, Tag::context(0))?;
        let mut access = r.expect(Tag::context(1))?.reader()?;
        r.finish()?;
        let request = Self {
            specification_with_result,
            access: VariableAccess::decode(&mut access)?,
        };
        access.finish()?;
        Ok(request)
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            w.constructed(Tag::context(1), |w| self.access.encode(w));
            if self.specification_with_result {
                w.boolean(Tag::context(0), true);
            }
        });
    }
}

impl fmt::Display for ReadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.access)?;
        f.write_str(if self.specification_with_result {
            " with specification"
        } else {
            ""
        })
    }
}

/// Values (ISO 9506-2, Read-Response).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReadResponse {
    /// `[0]` what was read, if the request asked for it.
    pub access: Option<VariableAccess>,
    /// `[1]` one for each variable.
    pub results: Vec<AccessResult>,
}

impl ReadResponse {
    /// A response without specification.
    #[must_use]
    pub const fn new(results: Vec<AccessResult>) -> Self {
        Self {
            access: None,
            results,
        }
    }

    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let access = match r.optional(Tag::context(0))? {
            Some(tlv) => Some(VariableAccess::from_tlv(
                &tlv.inner("VariableAccessSpecification")?,
            )?),
            None => None,
        };
        let results = decode_results(&r.expect(Tag::context(1))?)?;
        r.finish()?;
        Ok(Self { access, results })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            encode_results(&self.results, w, Tag::context(1));
            if let Some(access) = &self.access {
                w.constructed(Tag::context(0), |w| access.encode(w));
            }
        });
    }
}

/// `[success structure{...}, failure object-non-existent(10)]`.
impl fmt::Display for ReadResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(access) = &self.access {
            write!(f, "{access} = ")?;
        }
        write_list(f, "[", self.results.iter().map(ShowResult), "]")
    }
}

/// The access results inside `tlv`.
pub(crate) fn decode_results(tlv: &Tlv<'_>) -> Result<Vec<AccessResult>, WireError> {
    let mut r = tlv.reader()?;
    let mut results = Vec::with_capacity(capacity(r.remaining()));
    loop {
        Data::push_usual(&mut r, &mut results, Ok)?;
        match r.next()? {
            None => return Ok(results),
            Some(tlv) if tlv.tag() == FAILURE => results.push(Err(DataAccessError(tlv.i64()?))),
            Some(tlv) => results.push(Ok(Data::from_tlv(&tlv)?)),
        }
    }
}

pub(crate) fn encode_results(results: &[AccessResult], w: &mut Writer, tag: Tag) {
    w.constructed(tag, |w| {
        for result in results.iter().rev() {
            match result {
                Ok(data) => data.encode_into(w),
                Err(error) => w.integer(FAILURE, error.0),
            }
        }
    });
}

/// Prints an access result as `success 5` or `failure object-non-existent(10)`.
pub(crate) struct ShowResult<'a>(pub(crate) &'a AccessResult);

impl fmt::Display for ShowResult<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Ok(data) => write!(f, "success {data}"),
            Err(error) => write!(f, "failure {error}"),
        }
    }
}

/// Gives values (ISO 9506-2, Write-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WriteRequest {
    /// To which variables.
    pub access: VariableAccess,
    /// `[0]` one for each.
    pub data: Vec<Data>,
}

impl WriteRequest {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let access = VariableAccess::decode(&mut r)?;
        let data = Data::collect(r.expect(Tag::context(0))?.reader()?)?;
        r.finish()?;
        Ok(Self { access, data })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            w.constructed(Tag::context(0), |w| Data::encode_list(&self.data, w));
            self.access.encode(w);
        });
    }
}

impl fmt::Display for WriteRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} := ", self.access)?;
        write_list(f, "[", &self.data, "]")
    }
}

/// What became of the values (ISO 9506-2, Write-Response).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WriteResponse {
    /// One for each variable.
    pub results: Vec<WriteResult>,
}

impl WriteResponse {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let mut results = Vec::new();
        while let Some(tlv) = r.next()? {
            results.push(match tlv.tag().context_number() {
                Some(0) => Err(DataAccessError(tlv.i64()?)),
                Some(1) => tlv.null().map(Ok)?,
                _ => {
                    return Err(tlv.error(ErrorKind::NoAlternative {
                        choice: "Write-Response",
                    }));
                }
            });
        }
        Ok(Self { results })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            for result in self.results.iter().rev() {
                match result {
                    Ok(()) => w.null(Tag::context(1)),
                    Err(error) => w.integer(Tag::context(0), error.0),
                }
            }
        });
    }
}

impl fmt::Display for WriteResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let results = self.results.iter().map(|result| match result {
            Ok(()) => "success".to_owned(),
            Err(error) => format!("failure {error}"),
        });
        write_list(f, "[", results, "]")
    }
}

/// Asks for the type of a variable (ISO 9506-2, GetVariableAccessAttributes-Request).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GetVariableAccessAttributesRequest {
    /// `[0]`
    Name(ObjectName),
    /// `[1]`
    Address(Address),
}

impl GetVariableAccessAttributesRequest {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        const CHOICE: &str = "GetVariableAccessAttributes-Request";
        let choice = tlv.inner(CHOICE)?;
        match choice.tag().context_number() {
            Some(0) => ObjectName::from_tlv(&choice.inner("ObjectName")?).map(Self::Name),
            Some(1) => Address::from_tlv(&choice.inner("Address")?).map(Self::Address),
            _ => Err(choice.error(ErrorKind::NoAlternative { choice: CHOICE })),
        }
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| match self {
            Self::Name(name) => name.encode_tagged(w, Tag::context(0)),
            Self::Address(address) => w.constructed(Tag::context(1), |w| address.encode(w)),
        });
    }
}

impl fmt::Display for GetVariableAccessAttributesRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "{name}"),
            Self::Address(address) => write!(f, "{address}"),
        }
    }
}

/// Type of a variable (ISO 9506-2, GetVariableAccessAttributes-Response).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VariableAccessAttributes {
    /// `[0]` the variable can be deleted.
    pub mms_deletable: bool,
    /// `[1]`
    pub address: Option<Address>,
    /// `[2]`
    pub type_spec: TypeSpecification,
}

impl VariableAccessAttributes {
    pub(crate) fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let mms_deletable = r.expect(Tag::context(0))?.boolean()?;
        let address = match r.optional(Tag::context(1))? {
            Some(tlv) => Some(Address::from_tlv(&tlv.inner("Address")?)?),
            None => None,
        };
        let type_spec = r.expect(Tag::context(2))?.inner("TypeSpecification")?;
        r.finish()?;
        let type_spec = TypeSpecification::from_tlv(&type_spec)?;
        Ok(Self {
            mms_deletable,
            address,
            type_spec,
        })
    }

    pub(crate) fn encode(&self, w: &mut Writer, tag: Tag) {
        w.constructed(tag, |w| {
            w.constructed(Tag::context(2), |w| self.type_spec.encode_into(w));
            if let Some(address) = &self.address {
                w.constructed(Tag::context(1), |w| address.encode(w));
            }
            w.boolean(Tag::context(0), self.mms_deletable);
        });
    }
}

impl fmt::Display for VariableAccessAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.mms_deletable { "deletable " } else { "" })?;
        if let Some(address) = &self.address {
            write!(f, "{address} ")?;
        }
        write!(f, "{}", self.type_spec)
    }
}
