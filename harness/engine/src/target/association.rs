//! How to associate.

use crate::cel::{Hex, ObjectIdentifier};
use crate::diagnostic::Spanned;
use crate::yaml::yaml_struct;

yaml_struct! {
    /// How to associate with the device.
    #[derive(Default)]
    pub struct Association {
        /// Addresses of the device.
        pub called: Option<Side>,
        /// Addresses of the client.
        pub calling: Option<Side>,
        /// Password of ACSE authentication.
        pub password: Option<String>,
        /// What MMS Initiate proposes.
        pub initiate: Option<Initiate>,
    }
}

yaml_struct! {
    /// Addresses of one side. What is absent takes the usual value; an empty text leaves it out.
    #[derive(Default)]
    pub struct Side {
        /// Transport selector, hexadecimal; usually `0001`.
        pub tsel: Option<Spanned<Hex>>,
        /// Session selector, hexadecimal; usually `0001`.
        pub ssel: Option<Spanned<Hex>>,
        /// Presentation selector, hexadecimal; usually `00000001`.
        pub psel: Option<Spanned<Hex>>,
        /// Application process title, an object identifier; usually `1.1.1.999.1`.
        pub ap_title: Option<Spanned<ObjectIdentifier>>,
        /// Application entity qualifier; usually 12.
        pub ae_qualifier: Option<Spanned<u32>>,
    }
}

yaml_struct! {
    /// What MMS Initiate proposes.
    #[derive(Default)]
    pub struct Initiate {
        /// Largest MMS PDU in octets; usually 65000.
        pub pdu_size: Option<Spanned<u32>>,
        /// Requests outstanding towards the server; usually 5.
        pub max_calling: Option<Spanned<u32>>,
        /// Requests outstanding towards the client; usually 5.
        pub max_called: Option<Spanned<u32>>,
        /// Depth of nested data; usually 10.
        pub nesting: Option<Spanned<u32>>,
    }
}
