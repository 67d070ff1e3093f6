//! The list of the faults: one file for each area.

use super::FaultArea;

#[macro_use]
mod association;
#[macro_use]
mod data;
#[macro_use]
mod coding;
#[macro_use]
mod data_sets;
#[macro_use]
mod reporting;
#[macro_use]
mod buffered;
#[macro_use]
mod control;
#[macro_use]
mod setting_groups;
#[macro_use]
mod logs;
#[macro_use]
mod files;
#[macro_use]
mod robustness;
#[macro_use]
mod security;
#[macro_use]
mod substitution;
#[macro_use]
mod goose_and_sv;
#[macro_use]
mod tracking;
#[macro_use]
mod time;
#[macro_use]
mod model;

/// Defines [`Fault`] with the name, the clause and the sentence of each variant in one place.
macro_rules! faults {
    ({$(
        $area:ident {
            $(#[doc = $doc:literal] $variant:ident = $name:literal, $clause:literal;)*
        }
    )*}) => {
        /// A named deviation of the simulated IED.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Fault {
            $($(#[doc = $doc] $variant,)*)*
        }

        impl Fault {
            /// Every fault, by area, in the order in which they are listed.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)*)*];

            /// The name, in kebab case.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name,)*)* }
            }

            /// One sentence that says what is wrong with an IED that has it.
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self { $($(Self::$variant => $doc.trim_ascii(),)*)* }
            }

            /// The clause that it breaks.
            #[must_use]
            pub const fn clause(self) -> &'static str {
                match self { $($(Self::$variant => $clause,)*)* }
            }

            /// The part of the server that has it.
            #[must_use]
            pub const fn area(self) -> FaultArea {
                match self { $($(Self::$variant => FaultArea::$area,)*)* }
            }
        }
    };
}

// Each list takes those before it and hands all on to the next, the last one to `faults`.
association! { {} data coding data_sets reporting buffered control setting_groups logs files security substitution goose_and_sv tracking time model robustness faults }
