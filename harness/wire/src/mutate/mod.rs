//! Deliberately wrong octets.
//!
//! Typed PDUs are always valid; what a hostile or broken peer would send is made here from valid
//! octets, by a named [`Mutation`]. The same octets, mutation and seed always give the same result.
//!
//! A mutation of an element changes that element only: the lengths of everything around it are made
//! to fit, so that a receiver sees the one fault that was meant.
//!
//! ```
//! use iedassay_wire::mutate::{Mutation, mutate};
//!
//! let conclude_in_a_list = [0xa0, 0x02, 0x8b, 0x00];
//! let mutation = Mutation::from_name("length-huge").unwrap();
//! // The seed chooses the element.
//! assert_eq!(mutate(&conclude_in_a_list, mutation, 1), mutate(&conclude_in_a_list, mutation, 1));
//! ```

mod element;
mod layers;
mod packet;
mod random;

use crate::error::Layer;
pub use layers::{rewrap, unwrap};
pub use random::Random;

/// Defines the mutations: name, what it applies to, one line each.
macro_rules! mutations {
    ($($variant:ident $name:literal $layer:expr, $line:literal;)*) => {
        /// A deliberate fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Mutation {
            $(#[doc = $line] $variant,)*
        }

        impl Mutation {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name, in lower case with hyphens.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it does, in one line.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $line,)* }
            }

            /// What it applies to: a TPKT packet, a TPDU, an SPDU, a PPDU; `None` is BER elements, be they
            /// in a PPDU, an APDU or an MMS PDU.
            #[must_use]
            pub const fn layer(self) -> Option<Layer> {
                match self { $(Self::$variant => $layer,)* }
            }
        }
    };
}

/// The same message with every length in five octets, which BER permits (X.690, 8.1.3.5). `None` when the octets are not
/// elements from end to end.
#[must_use]
pub fn long_lengths(octets: &[u8]) -> Option<Vec<u8>> {
    element::long_lengths(octets)
}

/// The same request to write with another octet than 0xff for TRUE in its data, which BER permits unless it is 0 (X.690,
/// 8.2.2). `None` when the octets are not elements from end to end.
///
/// ```
/// use iedassay_wire::mutate::true_as;
///
/// assert_eq!(true_as(&[0xa0, 0x03, 0x83, 0x01, 0xff], 1), Some(vec![0xa0, 0x03, 0x83, 0x01, 0x01]));
/// ```
#[must_use]
pub fn true_as(octets: &[u8], octet: u8) -> Option<Vec<u8>> {
    element::true_as(octets, octet)
}

mutations! {
    TpktVersion "tpkt-version" Some(Layer::Tpkt), "version 4 instead of 3";
    TpktReserved "tpkt-reserved" Some(Layer::Tpkt), "reserved octet 0xff, which a receiver ignores";
    TpktLengthZero "tpkt-length-zero" Some(Layer::Tpkt), "length 0";
    TpktLengthHeader "tpkt-length-header" Some(Layer::Tpkt), "length 4, a header without a TPDU";
    TpktLengthShort "tpkt-length-short" Some(Layer::Tpkt), "length less than the packet, so that its end is taken for a header";
    TpktLengthLong "tpkt-length-long" Some(Layer::Tpkt), "length more than the packet, so that the receiver waits";
    CotpIndicatorZero "cotp-indicator-zero" Some(Layer::Cotp), "length indicator 0";
    CotpIndicatorShort "cotp-indicator-short" Some(Layer::Cotp), "length indicator that cuts the fixed part";
    CotpIndicatorLong "cotp-indicator-long" Some(Layer::Cotp), "length indicator past the end of the TPDU";
    CotpIndicatorReserved "cotp-indicator-reserved" Some(Layer::Cotp), "length indicator 255, which is reserved";
    CotpCode "cotp-code" Some(Layer::Cotp), "a TPDU code that does not exist";
    CotpParameterLong "cotp-parameter-long" Some(Layer::Cotp), "a parameter that is longer than the header";
    CotpSizeCode "cotp-size-code" Some(Layer::Cotp), "a TPDU size code far outside 7 to 13";
    SessionLengthLong "session-length-long" Some(Layer::Session), "SPDU length past the end";
    SessionLengthShort "session-length-short" Some(Layer::Session), "SPDU length less than its parameters";
    SessionLengthCut "session-length-cut" Some(Layer::Session), "the SPDU identifier and half a length";
    SessionParameterLong "session-parameter-long" Some(Layer::Session), "a parameter that is longer than the SPDU";
    SessionIdentifier "session-identifier" Some(Layer::Session), "an SPDU identifier that does not exist";
    TransferSyntax "transfer-syntax" Some(Layer::Presentation), "the transfer syntax named in the user data, which is permitted";
    LengthPastEnd "length-past-end" None, "an element longer than what is around it";
    LengthShort "length-short" None, "an element shorter than its contents";
    LengthHuge "length-huge" None, "a length of 2^31 - 1";
    LengthNegative "length-negative" None, "a length of 2^32 - 1, which is -1 in 32 bits";
    LengthOfLength "length-of-length" None, "a length of eleven octets";
    LengthReserved "length-reserved" None, "length octet 0xff, which is reserved";
    LengthOverlong "length-overlong" None, "a right length in more octets than needed, which BER permits";
    LengthIndefinite "length-indefinite" None, "an indefinite length, which BER permits on constructed elements";
    LengthIndefiniteOpen "length-indefinite-open" None, "an indefinite length without end-of-contents";
    LengthIndefinitePrimitive "length-indefinite-primitive" None, "an indefinite length on a primitive element";
    TagWrong "tag-wrong" None, "another tag number";
    TagClass "tag-class" None, "another tag class";
    TagHighForm "tag-high-form" None, "a tag number below 31 in the form for large ones";
    TagEndless "tag-endless" None, "a tag number that does not end";
    FormFlipped "form-flipped" None, "constructed instead of primitive, or the other way round";
    Empty "empty" None, "no contents";
    CutContents "cut-contents" None, "the last octet of the contents left out";
    Delete "delete" None, "the element left out";
    Duplicate "duplicate" None, "the element twice";
    Swap "swap" None, "the element and the next in the wrong order";
    Unknown "unknown" None, "an element before it that nobody knows, without contents";
    Deep "deep" None, "the element inside two hundred structures";
    Splice "splice" None, "the whole message instead of its contents";
    IntegerWide "integer-wide" None, "contents of nine octets where an integer is due";
    IntegerNegative "integer-negative" None, "contents with the highest bit set";
    BitStringPadding "bit-string-padding" None, "contents whose first octet is 9, a bit string with nine unused bits";
    StringLong "string-long" None, "contents of 4000 characters";
    Truncate "truncate" None, "the message ends in the middle";
    Trailing "trailing" None, "octets behind the message";
    FlipBit "flip-bit" None, "one bit of the message inverted";
    RandomOctet "random-octet" None, "one octet of the message replaced";
}

impl Mutation {
    /// The mutation of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|mutation| mutation.name() == name)
    }

    /// True when a receiver must understand the result as well as the original, because the mutation
    /// stays within the encoding rules.
    #[must_use]
    pub const fn is_legal(self) -> bool {
        matches!(
            self,
            Self::TpktReserved
                | Self::TransferSyntax
                | Self::LengthOverlong
                | Self::LengthIndefinite
        )
    }
}

impl core::fmt::Display for Mutation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

/// Applies `mutation` to `octets`, which are what [`Mutation::layer`] says, at a place that `seed`
/// chooses among those where it applies. `None` when it applies nowhere.
#[must_use]
pub fn mutate(octets: &[u8], mutation: Mutation, seed: u64) -> Option<Vec<u8>> {
    let mut random = Random::new(seed);
    match mutation.layer() {
        Some(Layer::Presentation) => element::with_transfer_syntax(octets),
        Some(_) => packet::apply(octets, mutation, &mut random),
        None => element::apply(octets, mutation, &mut random, None),
    }
}

/// How many elements `octets` consist of, outer before inner: the places of [`mutate_at`].
#[must_use]
pub fn places(octets: &[u8]) -> usize {
    element::count(octets)
}

/// Applies a mutation of elements to the element `place`, counted from 0 in order of their
/// identifiers. `None` when it does not apply there.
#[must_use]
pub fn mutate_at(octets: &[u8], mutation: Mutation, place: usize, seed: u64) -> Option<Vec<u8>> {
    if mutation.layer().is_some() {
        return None;
    }
    element::apply(octets, mutation, &mut Random::new(seed), Some(place))
}

#[cfg(test)]
mod tests;
