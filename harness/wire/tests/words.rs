//! What codes, phases, endings and faults are called, word for word: `words.txt`. They stand in reports, and a wrong one accuses a
//! device of something else. `IEDASSAY_UPDATE_GOLDEN=1` writes what they say now.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

#[path = "support/golden.rs"]
mod golden;

use std::fmt::{Display, Write as _};

use golden::same_as_written;
use iedassay_wire::acse::{AbortSource, AssociateResult, Diagnostic};
use iedassay_wire::association::{
    Abort, ConcludeRefusal, Ending, NotEstablished, Phase, Refusal, Released, Time, out_of_phase,
};
use iedassay_wire::ber::{Class, Tag};
use iedassay_wire::cotp::{DisconnectReason, RejectCause, TpduSize};
use iedassay_wire::error::{ErrorKind, Layer, WireError};
use iedassay_wire::mms::{ErrorCode, RejectReason};
use iedassay_wire::mutate::Mutation;
use iedassay_wire::observe::ObservationKind;
use iedassay_wire::presentation::{AbortReason, ProviderReason};
use iedassay_wire::session::RefuseReason;
use iedassay_wire::sntp;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/words.txt");

#[derive(Default)]
struct Words(String);

impl Words {
    fn list<T>(
        &mut self,
        title: &str,
        items: impl IntoIterator<Item = T>,
        say: impl Fn(T) -> String,
    ) {
        writeln!(self.0, "== {title}").unwrap();
        for item in items {
            writeln!(self.0, "{}", say(item)).unwrap();
        }
        self.0.push('\n');
    }
}

fn say<T: Display>(item: T) -> String {
    item.to_string()
}

#[test]
fn everything_is_called_as_written_down() {
    let mut words = Words::default();
    lower_layers(&mut words);
    encoding(&mut words);
    association(&mut words);
    same_as_written(FILE, &words.0);
}

fn lower_layers(words: &mut Words) {
    words.list("TPDU sizes", 5..=15, |code| {
        let octets = TpduSize(code).octets();
        format!(
            "{code}: {}",
            octets.map_or("none".to_owned(), |octets| octets.to_string())
        )
    });
    words.list("reasons of DR", (0..=5).chain(127..=140), |code| {
        say(DisconnectReason(code))
    });
    words.list("causes of ER", 0..=5, |code| say(RejectCause(code)));
    words.list("reasons of REFUSE", (0..=3).chain(0x80..=0x88), |code| {
        say(RefuseReason(code))
    });
    words.list("reasons of CPR", -1..=9, |code| say(ProviderReason(code)));
    words.list("reasons of ARP", -1..=8, |code| say(AbortReason(code)));
    words.list("sources of ABRT", 0..=2, |code| say(AbortSource(code)));
    words.list("results of AARE", 0..=3, |code| say(AssociateResult(code)));
    words.list("diagnostics of the user", 0..=15, |code| {
        say(Diagnostic::User(code))
    });
    words.list("diagnostics of the provider", 0..=3, |code| {
        say(Diagnostic::Provider(code))
    });
    words.list("SNTP", [sntp::Message::decode(&[0; 47]).unwrap_err()], say);
}

fn encoding(words: &mut Words) {
    words.list("universal tags", 0..=36, |number| {
        say(Tag::universal(number))
    });
    let classes = [
        Class::Universal,
        Class::Application,
        Class::Context,
        Class::Private,
    ];
    words.list("tags of each class", classes, |class| {
        let tag = Tag::new(class, 5);
        assert_eq!((tag.class(), tag.number()), (class, 5));
        assert_eq!(tag.context_number(), (class == Class::Context).then_some(5));
        say(tag)
    });
    words.list("what is odd", ODD, |kind: ObservationKind| {
        format!(
            "{kind}{}",
            if kind.is_permitted() {
                ", which is permitted"
            } else {
                ""
            }
        )
    });
    let (expected, found) = (Tag::BOOLEAN, Tag::context(3));
    let kinds = [
        ErrorKind::Truncated {
            needed: 2,
            available: 1,
        },
        ErrorKind::TrailingData { octets: 3 },
        ErrorKind::UnexpectedTag { expected, found },
        ErrorKind::Missing { expected },
        ErrorKind::NoAlternative { choice: "Data" },
        ErrorKind::NotPrimitive,
        ErrorKind::NotConstructed,
        ErrorKind::InvalidTag,
        ErrorKind::InvalidLength,
        ErrorKind::IndefinitePrimitive,
        ErrorKind::NoEndOfContents,
        ErrorKind::DepthExceeded,
        ErrorKind::SizeExceeded { limit: 4 },
        ErrorKind::InvalidSize { found: 5 },
        ErrorKind::IntegerRange,
        ErrorKind::InvalidBitString,
        ErrorKind::InvalidOid,
        ErrorKind::InvalidValue { field: "class" },
        ErrorKind::Unsupported { what: "a class" },
    ];
    words.list("errors, and whose fault", kinds, |kind| {
        format!("{kind}: {:?}", kind.fault())
    });
    let layers = [
        Layer::Tpkt,
        Layer::Cotp,
        Layer::Session,
        Layer::Presentation,
        Layer::Acse,
        Layer::Mms,
    ];
    words.list("layers", layers, |layer| {
        say(WireError::new(layer, ErrorKind::InvalidTag, 7).shifted(2))
    });
    words.list("mutations", Mutation::ALL, |&mutation| {
        let legal = if mutation.is_legal() {
            ", which a receiver must understand"
        } else {
            ""
        };
        format!("{mutation}{legal}")
    });
}

const ODD: [ObservationKind; 15] = [
    ObservationKind::LongFormLength,
    ObservationKind::IndefiniteLength,
    ObservationKind::HighTagForm,
    ObservationKind::SegmentedString,
    ObservationKind::BooleanNotFf,
    ObservationKind::UnusedBitsSet,
    ObservationKind::NonMinimalInteger,
    ObservationKind::NegativeUnsigned,
    ObservationKind::WideInteger,
    ObservationKind::NotVisible,
    ObservationKind::InvalidUtf8,
    ObservationKind::DefaultEncoded,
    ObservationKind::UnknownElement,
    ObservationKind::SurplusBits,
    ObservationKind::ReservedNotZero,
];

fn association(words: &mut Words) {
    let phases = [
        Phase::Transport,
        Phase::Association,
        Phase::Established,
        Phase::Conclude,
        Phase::Release,
        Phase::Close,
        Phase::Ended,
    ];
    words.list("phases, and whose answer is awaited", phases, |phase| {
        format!("{phase}: {}", phase.layer())
    });
    let refusals = [
        Refusal::Transport(DisconnectReason::CONGESTION),
        Refusal::TransportError(RejectCause::TPDU_TYPE),
        Refusal::Session(Some(RefuseReason::VERSION)),
        Refusal::Session(None),
        Refusal::Presentation(Some(ProviderReason::LOCAL_LIMIT)),
        Refusal::Presentation(None),
        Refusal::Acse(AssociateResult::REJECTED_TRANSIENT, Diagnostic::NO_REASON),
        Refusal::Initiate(ErrorCode::VERSION_INCOMPATIBLE.into()),
        Refusal::Reject(RejectReason::INVALID_PDU),
    ];
    words.list("refusals, and who refuses", refusals.clone(), |refusal| {
        format!("{refusal}: {}", refusal.layer())
    });
    let aborts = [
        Abort::Transport(DisconnectReason::NORMAL),
        Abort::TransportError(RejectCause::PARAMETER_CODE),
        Abort::Session,
        Abort::Presentation(Some(AbortReason::UNEXPECTED_PPDU)),
        Abort::Presentation(None),
        Abort::Acse {
            source: Some(AbortSource::PROVIDER),
            diagnostic: None,
        },
        Abort::Acse {
            source: None,
            diagnostic: None,
        },
    ];
    words.list("aborts", aborts, say);
    let refused = [
        ConcludeRefusal::Error(ErrorCode::FURTHER_COMMUNICATION_REQUIRED.into()),
        ConcludeRefusal::Reject(RejectReason::INVALID_PDU),
    ];
    words.list("refusals to conclude", refused, say);
    let violation = ErrorKind::InvalidValue {
        field: "PDU in this phase",
    };
    let endings = [
        Ending::Refused(Refusal::Session(None)),
        Ending::AbortedByPeer(Abort::Session),
        Ending::AbortedLocally,
        Ending::Closed(Phase::Release),
        Ending::TimedOut {
            phase: Phase::Conclude,
            after: Time::from_millis(1500),
        },
        Ending::Invalid(WireError::new(Layer::Mms, violation, 0)),
        Ending::Invalid(WireError::new(
            Layer::Cotp,
            ErrorKind::InvalidValue { field: "class" },
            0,
        )),
        Ending::Invalid(WireError::new(Layer::Mms, ErrorKind::InvalidTag, 0)),
    ];
    words.list("endings", endings, |ending| match &ending {
        Ending::Invalid(error) if out_of_phase(error) => {
            format!("{ending}, which had no place there")
        }
        _ => say(ending),
    });
    let releases = (0..8).map(|bits| Released {
        conclude: bits & 1 != 0,
        session: bits & 2 != 0,
        local: bits & 4 != 0,
    });
    words.list("releases", releases, |released| {
        say(Ending::Released(released))
    });
    words.list("nothing to send on", [NotEstablished], say);
}
