//! Access to variables and named variable lists (ISO 9506-2, clause 14).

use rasn::prelude::*;

use crate::base::{AccessResult, Address, Data, Identifier, ObjectName, TypeSpecification};

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct IndexRange {
    #[rasn(tag(context, 0))]
    pub(crate) low: u32,
    #[rasn(tag(context, 1))]
    pub(crate) count: u32,
}

/// accessSelection of selectAlternateAccess.
#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum Step {
    #[rasn(tag(context, 0))]
    Component(Identifier),
    #[rasn(tag(context, 1))]
    Index(u32),
    #[rasn(tag(context, 2))]
    IndexRange(IndexRange),
    #[rasn(tag(context, 3))]
    AllElements(()),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct SelectAlternate {
    pub(crate) step: Step,
    pub(crate) alternate: SequenceOf<AlternateAccess>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum Selection {
    #[rasn(tag(context, 0))]
    Alternate(SelectAlternate),
    #[rasn(tag(context, 1))]
    Component(Identifier),
    #[rasn(tag(context, 2))]
    Index(u32),
    #[rasn(tag(context, 3))]
    IndexRange(IndexRange),
    #[rasn(tag(context, 4))]
    AllElements(()),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct NamedSelection {
    #[rasn(tag(context, 0))]
    pub(crate) name: Identifier,
    pub(crate) selection: Selection,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum AlternateAccess {
    #[rasn(tag(context, 5))]
    Named(NamedSelection),
    Unnamed(Selection),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Description {
    pub(crate) address: Address,
    pub(crate) type_spec: TypeSpecification,
}

/// Scattered access is left out: we keep it raw.
#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum VariableSpecification {
    #[rasn(tag(explicit(context, 0)))]
    Name(ObjectName),
    #[rasn(tag(explicit(context, 1)))]
    Address(Address),
    #[rasn(tag(context, 2))]
    Description(Description),
    #[rasn(tag(context, 4))]
    Invalidated(()),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct ListedVariable {
    pub(crate) specification: VariableSpecification,
    #[rasn(tag(context, 5))]
    pub(crate) alternate_access: Option<SequenceOf<AlternateAccess>>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum VariableAccess {
    #[rasn(tag(context, 0))]
    ListOfVariable(SequenceOf<ListedVariable>),
    #[rasn(tag(explicit(context, 1)))]
    VariableListName(ObjectName),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct ReadRequest {
    #[rasn(tag(context, 0), default)]
    pub(crate) specification_with_result: bool,
    #[rasn(tag(explicit(context, 1)))]
    pub(crate) access: VariableAccess,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct ReadResponse {
    #[rasn(tag(explicit(context, 0)))]
    pub(crate) access: Option<VariableAccess>,
    #[rasn(tag(context, 1))]
    pub(crate) results: SequenceOf<AccessResult>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct WriteRequest {
    pub(crate) access: VariableAccess,
    #[rasn(tag(context, 0))]
    pub(crate) data: SequenceOf<Data>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum WriteResult {
    #[rasn(tag(context, 0))]
    Failure(Integer),
    #[rasn(tag(context, 1))]
    Success(()),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct InformationReport {
    pub(crate) access: VariableAccess,
    #[rasn(tag(context, 0))]
    pub(crate) results: SequenceOf<AccessResult>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
#[rasn(choice)]
pub(crate) enum AttributesRequest {
    #[rasn(tag(explicit(context, 0)))]
    Name(ObjectName),
    #[rasn(tag(explicit(context, 1)))]
    Address(Address),
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct Attributes {
    #[rasn(tag(context, 0))]
    pub(crate) mms_deletable: bool,
    #[rasn(tag(explicit(context, 1)))]
    pub(crate) address: Option<Address>,
    #[rasn(tag(explicit(context, 2)))]
    pub(crate) type_spec: TypeSpecification,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct DefineList {
    pub(crate) name: ObjectName,
    #[rasn(tag(context, 0))]
    pub(crate) variables: SequenceOf<ListedVariable>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct ListAttributes {
    #[rasn(tag(context, 0))]
    pub(crate) mms_deletable: bool,
    #[rasn(tag(context, 1))]
    pub(crate) variables: SequenceOf<ListedVariable>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct DeleteList {
    #[rasn(tag(context, 0))]
    pub(crate) scope: Option<Integer>,
    #[rasn(tag(context, 1))]
    pub(crate) names: Option<SequenceOf<ObjectName>>,
    #[rasn(tag(context, 2))]
    pub(crate) domain: Option<Identifier>,
}

#[derive(AsnType, Clone, Debug, Decode, Encode, PartialEq)]
pub(crate) struct DeletedLists {
    #[rasn(tag(context, 0))]
    pub(crate) matched: u32,
    #[rasn(tag(context, 1))]
    pub(crate) deleted: u32,
}
