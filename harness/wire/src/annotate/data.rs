//! Data, types, variables and access to them (ISO 9506-2, clause 14).

use crate::annotate::leaf::{
    ACCESS_ERROR, BOOLEAN, DATA as LEAF, INTEGER, NULL, OCTETS, TEXT, UNSIGNED,
};
use crate::annotate::schema::{Field, Type, c, join, u};
use crate::ber::Tag;

/// Data.
pub(super) static DATA: Type = Type::Fields(&DATA_FIELDS);
/// SEQUENCE OF Data.
pub(super) static DATA_LIST: Type = Type::List(&DATA_FIELDS);

static DATA_FIELDS: [Field; 16] = [
    c(1, "array", &DATA_LIST),
    c(2, "structure", &DATA_LIST),
    c(3, "boolean", &LEAF),
    c(4, "bit-string", &LEAF),
    c(5, "integer", &LEAF),
    c(6, "unsigned", &LEAF),
    c(7, "floating-point", &LEAF),
    c(9, "octet-string", &LEAF),
    c(10, "visible-string", &LEAF),
    c(11, "generalized-time", &LEAF),
    c(12, "binary-time", &LEAF),
    c(13, "bcd", &LEAF),
    c(14, "booleanArray", &LEAF),
    c(15, "objId", &LEAF),
    c(16, "mMSString", &LEAF),
    c(17, "utc-time", &LEAF),
];

/// SEQUENCE OF AccessResult.
pub(super) static ACCESS_RESULTS: Type =
    Type::List(&join::<17>(&[c(0, "failure", &ACCESS_ERROR)], &DATA_FIELDS));

/// SEQUENCE OF the outcomes of a write.
pub(super) static WRITE_RESULTS: Type =
    Type::List(&[c(0, "failure", &ACCESS_ERROR), c(1, "success", &NULL)]);

/// The alternatives of ObjectName.
pub(super) static OBJECT_NAME_FIELDS: &[Field] = &[
    c(0, "vmd-specific", &TEXT),
    c(1, "domain-specific", &DOMAIN_SPECIFIC),
    c(2, "aa-specific", &TEXT),
];
/// ObjectName inside an explicit tag.
pub(super) static OBJECT_NAME: Type = Type::Fields(OBJECT_NAME_FIELDS);
/// SEQUENCE OF ObjectName.
pub(super) static OBJECT_NAMES: Type = Type::List(OBJECT_NAME_FIELDS);

pub(super) static DOMAIN_SPECIFIC: Type = Type::Fields(&[
    u(Tag::VISIBLE_STRING, "domainID", &TEXT),
    u(Tag::VISIBLE_STRING, "itemID", &TEXT),
]);

/// VariableAccessSpecification inside an explicit tag.
pub(super) static VARIABLE_ACCESS: Type = Type::Fields(&[
    c(0, "listOfVariable", &VARIABLES),
    c(1, "variableListName", &OBJECT_NAME),
]);

/// The list of variables of a list access.
pub(super) static VARIABLES: Type = Type::List(&[u(
    Tag::SEQUENCE,
    "variable",
    &Type::Fields(&[
        c(0, "name", &OBJECT_NAME),
        c(1, "address", &ADDRESS),
        c(2, "variableDescription", &Type::Any),
        c(3, "scatteredAccessDescription", &Type::Any),
        c(4, "invalidated", &NULL),
        c(5, "alternateAccess", &ALTERNATE_ACCESS),
    ]),
)]);

/// Address inside an explicit tag.
pub(super) static ADDRESS: Type = Type::Fields(&[
    c(0, "numericAddress", &UNSIGNED),
    c(1, "symbolicAddress", &TEXT),
    c(2, "unconstrainedAddress", &OCTETS),
]);

pub(super) static ALTERNATE_ACCESS: Type = Type::List(&ALTERNATE_FIELDS);

static ALTERNATE_FIELDS: [Field; 6] = [
    c(0, "selectAlternateAccess", &SELECT_ALTERNATE),
    c(1, "component", &TEXT),
    c(2, "index", &UNSIGNED),
    c(3, "indexRange", &INDEX_RANGE),
    c(4, "allElements", &NULL),
    c(
        5,
        "named",
        &Type::Fields(&[
            c(0, "componentName", &TEXT),
            c(0, "selectAlternateAccess", &SELECT_ALTERNATE),
            c(1, "component", &TEXT),
            c(2, "index", &UNSIGNED),
            c(3, "indexRange", &INDEX_RANGE),
            c(4, "allElements", &NULL),
        ]),
    ),
];

static SELECT_ALTERNATE: Type = Type::Fields(&[
    c(0, "component", &TEXT),
    c(1, "index", &UNSIGNED),
    c(2, "indexRange", &INDEX_RANGE),
    c(3, "allElements", &NULL),
    u(Tag::SEQUENCE, "alternateAccess", &ALTERNATE_ACCESS),
]);

static INDEX_RANGE: Type = Type::Fields(&[
    c(0, "lowIndex", &UNSIGNED),
    c(1, "numberOfElements", &UNSIGNED),
]);

/// TypeSpecification inside an explicit tag.
pub(super) static TYPE_SPECIFICATION: Type = Type::Fields(&[
    c(0, "typeName", &OBJECT_NAME),
    c(
        1,
        "array",
        &Type::Fields(&[
            c(0, "packed", &BOOLEAN),
            c(1, "numberOfElements", &UNSIGNED),
            c(2, "elementType", &TYPE_SPECIFICATION),
        ]),
    ),
    c(
        2,
        "structure",
        &Type::Fields(&[c(0, "packed", &BOOLEAN), c(1, "components", &COMPONENTS)]),
    ),
    c(3, "boolean", &NULL),
    c(4, "bit-string", &INTEGER),
    c(5, "integer", &UNSIGNED),
    c(6, "unsigned", &UNSIGNED),
    c(
        7,
        "floating-point",
        &Type::Fields(&[
            u(Tag::INTEGER, "format-width", &UNSIGNED),
            u(Tag::INTEGER, "exponent-width", &UNSIGNED),
        ]),
    ),
    c(9, "octet-string", &INTEGER),
    c(10, "visible-string", &INTEGER),
    c(11, "generalized-time", &NULL),
    c(12, "binary-time", &BOOLEAN),
    c(13, "bcd", &UNSIGNED),
    c(15, "objId", &NULL),
    c(16, "mMSString", &INTEGER),
    c(17, "utc-time", &NULL),
]);

static COMPONENTS: Type = Type::List(&[u(
    Tag::SEQUENCE,
    "component",
    &Type::Fields(&[
        c(0, "componentName", &TEXT),
        c(1, "componentType", &TYPE_SPECIFICATION),
    ]),
)]);
