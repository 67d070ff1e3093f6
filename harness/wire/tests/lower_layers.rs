//! From TPKT to ACSE: whatever is encoded decodes to the same value; whatever arrives, nothing panics.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

#[allow(dead_code, reason = "the strategies are shared with other tests")]
mod strategies;

use iedassay_wire::acse::Apdu;
use iedassay_wire::cotp::Tpdu;
use iedassay_wire::fuzzing::TARGETS;
use iedassay_wire::mutate::{Mutation, mutate};
use iedassay_wire::presentation::{self, AbortPpdu};
use iedassay_wire::session::Spdu;
use proptest::collection::vec;
use proptest::prelude::*;
use strategies::osi::{
    abort_ppdu, apdu, cp, cpa, cpr, message, spdu, tpdu, without_information_offset,
    without_offsets,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn tpdus_round_trip(tpdu in tpdu()) {
        // 254 octets of header is all there is.
        if let Ok(octets) = tpdu.encode() {
            let decoded = Tpdu::decode(&octets).unwrap();
            prop_assert_eq!(&decoded.encode().unwrap(), &octets);
            prop_assert_eq!(decoded, tpdu);
        }
    }

    #[test]
    fn spdus_round_trip(spdu in prop_oneof![spdu(&[]), spdu(&[1; 20]), spdu(&[2; 600])]) {
        let octets = spdu.encode().unwrap();
        let decoded = Spdu::decode(&octets).unwrap();
        prop_assert_eq!(&decoded.encode().unwrap(), &octets);
        prop_assert_eq!(decoded, spdu);
    }

    #[test]
    fn cp_round_trips(ppdu in cp()) {
        let octets = ppdu.encode();
        let mut decoded = presentation::Connect::decode(&octets, 0).unwrap();
        prop_assert_eq!(&decoded.encode(), &octets);
        without_offsets(&mut decoded.user_data);
        prop_assert_eq!(decoded, ppdu);
    }

    #[test]
    fn cpa_round_trips(ppdu in cpa()) {
        let octets = ppdu.encode();
        let mut decoded = presentation::Accept::decode(&octets, 0).unwrap();
        prop_assert_eq!(&decoded.encode(), &octets);
        without_offsets(&mut decoded.user_data);
        prop_assert_eq!(decoded, ppdu);
    }

    #[test]
    fn cpr_round_trips(ppdu in cpr()) {
        let octets = ppdu.encode();
        let mut decoded = presentation::Reject::decode(&octets, 0).unwrap();
        prop_assert_eq!(&decoded.encode(), &octets);
        without_offsets(&mut decoded.user_data);
        prop_assert_eq!(decoded, ppdu);
    }

    #[test]
    fn aborts_round_trip(ppdu in abort_ppdu()) {
        let octets = ppdu.encode();
        let mut decoded = AbortPpdu::decode(&octets, 0).unwrap();
        prop_assert_eq!(&decoded.encode(), &octets);
        if let AbortPpdu::User { user_data } = &mut decoded {
            without_offsets(user_data);
        }
        prop_assert_eq!(decoded, ppdu);
    }

    #[test]
    fn apdus_round_trip(apdu in apdu()) {
        let octets = apdu.encode();
        let decoded = Apdu::decode(&octets, 0).unwrap();
        prop_assert_eq!(&decoded.encode(), &octets);
        prop_assert_eq!(without_information_offset(decoded), apdu);
    }

    #[test]
    fn offsets_shift_with_the_place_of_the_input(octets in message(), by in 0usize..1000, seed in any::<u64>()) {
        if let Some(wrong) = mutate(&octets, Mutation::FlipBit, seed)
            && let Err(error) = Apdu::decode(&wrong, 0)
        {
            prop_assert_eq!(Apdu::decode(&wrong, by), Err(error.shifted(by)));
        }
    }

    #[test]
    fn nothing_breaks_on_arbitrary_octets(octets in vec(any::<u8>(), 0..400)) {
        for (_, body) in TARGETS {
            body(&octets);
        }
    }

    #[test]
    fn nothing_breaks_on_mutants(octets in message(), which in 0..Mutation::ALL.len(), seed in any::<u64>()) {
        if let Some(mutant) = mutate(&octets, Mutation::ALL[which], seed) {
            for (_, body) in TARGETS {
                body(&mutant);
            }
        }
    }
}
