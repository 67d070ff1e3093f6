//! The table of behaviours: everything about one stands in one row.

use iedassay_wire::mms::Service;

use super::{
    Bears, Kind,
    make::{answers, deep, floods, handshake, lower, pages, reports},
    script::{At, End, Script, Then},
};

/// Defines [`Behaviour`] with what each is, what a good client does, and how it is done.
macro_rules! behaviours {
    ($(
        $kind:ident {
            $($variant:ident $name:literal $class:expr, $bears:ident,
                $title:literal, $good:literal, $at:expr => $then:expr;)*
        }
    )*) => {
        /// What a hostile server does to a client.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Behaviour {
            $($(#[doc = $title] $variant,)*)*
        }

        impl Behaviour {
            /// All of them, by kind.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)*)*];

            /// The name, in kebab case.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name,)*)* }
            }

            /// The class of the robustness catalogue that it stands for, if it is of one.
            #[must_use]
            pub const fn class(self) -> Option<&'static str> {
                match self { $($(Self::$variant => $class,)*)* }
            }

            /// In what way it is hostile.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $($(Self::$variant => Kind::$kind,)*)* }
            }

            /// What the server does, in one line.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $($(Self::$variant => $title,)*)* }
            }

            /// What a good client does, in one line.
            #[must_use]
            pub const fn good_client(self) -> &'static str {
                match self { $($(Self::$variant => $good,)*)* }
            }

            /// What comes of it at a client that bears it.
            #[must_use]
            pub const fn bears(self) -> Bears {
                match self { $($(Self::$variant => Bears::$bears,)*)* }
            }

            pub(super) const fn script(self) -> Script {
                match self { $($(Self::$variant => Script { at: $at, then: $then },)*)* }
            }
        }
    };
}

behaviours! {
    Silent {
        NeverAnswers "never-answers" None, NoAssociation,
            "accepts the TCP connection and says nothing", "gives up in time and closes the connection",
            At::Connection => Then::Silence;
        SilentAfterConfirm "silent-after-confirm" None, NoAssociation,
            "confirms the transport connection and answers no CONNECT", "gives up in time and closes the connection",
            At::Accept => Then::Silence;
        SilentToRequests "silent-to-requests" None, Error,
            "associates and answers no request", "ends each request with a timeout and can still leave",
            At::Answer => Then::Silence;
        SilentToConclude "silent-to-conclude" None, Served,
            "does not answer Conclude", "leaves in time without the answer",
            At::Conclude => Then::Silence;
        SilentToFinish "silent-to-finish" None, Served,
            "answers Conclude and neither FINISH nor closes", "leaves in time without the answer",
            At::Disconnect => Then::Silence;
    }
    Slow {
        OctetByOctet "octet-by-octet" None, Served,
            "sends one octet at a time", "puts the octets together and is served",
            At::Confirm => Then::Pieces;
        PacketNeverEnds "packet-never-ends" None, Error,
            "begins a packet of the largest size instead of an answer and sends an octet now and then",
            "ends the request with a timeout, whatever trickles in",
            At::Answer => Then::Endless(lower::trickle);
        ConfirmNeverEnds "confirm-never-ends" None, NoAssociation,
            "begins a packet of the largest size instead of the confirm and sends an octet now and then",
            "gives up in time, whatever trickles in",
            At::Confirm => Then::Endless(lower::trickle);
        LateAnswers "late-answers" Some("ROBC-INV-01"), Error,
            "answers every request when nobody waits any more (--late)", "takes no late answer for one to a later request",
            At::Answer => Then::Late;
        StopsReading "stops-reading" None, Error,
            "reads nothing any more after the association stands", "ends requests with a timeout, though nothing can be sent",
            At::Accept => Then::Deaf;
    }
    Ending {
        ClosesAtOnce "closes-at-once" None, NoAssociation,
            "closes the connection as soon as it is there", "tells its user and may try again later",
            At::Connection => Then::End(End::Close);
        ResetsAtOnce "resets-at-once" None, NoAssociation,
            "resets the connection as soon as it is there", "tells its user and may try again later",
            At::Connection => Then::End(End::Reset);
        ClosesInsteadOfConfirm "closes-instead-of-confirm" None, NoAssociation,
            "closes instead of confirming the transport connection", "tells its user and may try again later",
            At::Confirm => Then::End(End::Close);
        ClosesAfterConfirm "closes-after-confirm" None, NoAssociation,
            "confirms the transport connection and closes", "tells its user and may try again later",
            At::Confirm => Then::After(End::Close);
        ClosesAmidAccept "closes-amid-accept" None, NoAssociation,
            "closes in the middle of the answer to CONNECT", "tells its user and may try again later",
            At::Accept => Then::Cut(End::Close);
        ClosesAfterAccept "closes-after-accept" None, Error,
            "associates and closes", "ends what waits with an error at once, not with a timeout",
            At::Accept => Then::After(End::Close);
        HalfClosed "half-closed" None, Error,
            "closes its own direction after the association stands and goes on reading", "takes the association for over",
            At::Accept => Then::After(End::Half);
        ClosesInsteadOfAnswer "closes-instead-of-answer" None, Error,
            "closes instead of answering the first request", "ends what waits with an error at once",
            At::Answer => Then::End(End::Close);
        ClosesAmidAnswer "closes-amid-answer" None, Error,
            "closes in the middle of the first answer", "ends what waits with an error at once and uses no half answer",
            At::Answer => Then::Cut(End::Close);
        ResetsAmidAnswer "resets-amid-answer" None, Error,
            "resets in the middle of the first answer", "ends what waits with an error at once and uses no half answer",
            At::Answer => Then::Cut(End::Reset);
        AbortsInsteadOfAnswer "aborts-instead-of-answer" None, Error,
            "aborts with an ABORT that carries garbage instead of answering", "takes the association for aborted",
            At::Answer => Then::Instead(lower::odd_abort);
        ClosesAtConclude "closes-at-conclude" None, Served,
            "closes instead of answering Conclude", "takes the association for over",
            At::Conclude => Then::End(End::Close);
    }
    Flooding {
        FloodsReports "floods-reports" None, Served,
            "sends reports of a block that nobody enabled without end", "throws them away, keeps a bounded number, and goes on",
            At::Accept => Then::Flood(floods::reports);
        FloodsLargeReports "floods-large-reports" None, Served,
            "sends reports of 60000 octets without end", "keeps a bounded number of octets, and goes on",
            At::Accept => Then::Flood(floods::large_reports);
        FloodsAnswers "floods-answers" Some("ROBC-INV-01"), Served,
            "sends answers to requests that were never sent without end", "throws them away and goes on, or aborts",
            At::Accept => Then::Flood(floods::answers);
        FloodsRejects "floods-rejects" None, Any,
            "sends rejects that name no request without end", "throws them away and goes on, or aborts",
            At::Accept => Then::Flood(floods::rejects);
        FloodsRequests "floods-requests" None, Served,
            "asks the client for files and values without end", "rejects or ignores what it does not serve, and keeps no growing queue",
            At::Accept => Then::Flood(floods::requests);
        FloodsConcludes "floods-concludes" None, Error,
            "asks to conclude again and again instead of answering, without end", "concludes once, and then leaves in time",
            At::Answer => Then::Endless(floods::concludes);
    }
    Endless {
        EndlessFragments "endless-fragments" None, Any,
            "sends parts of a TSDU that never comes to its end", "ends the association at a bound",
            At::Answer => Then::Endless(lower::fragments);
        EmptyFragments "empty-fragments" None, Any,
            "sends empty parts of a TSDU that never comes to its end", "ends the request with a timeout, or the association",
            At::Answer => Then::Endless(lower::empty_fragments);
        EndlessNames "endless-names" None, Error,
            "always says that more names follow, each a new one", "ends the list at a bound",
            At::Response(Service::GET_NAME_LIST) => Then::Instead(pages::names);
        SameNames "same-names" None, Error,
            "always says that more names follow, and sends the same again", "ends the list",
            At::Response(Service::GET_NAME_LIST) => Then::Instead(pages::same_names);
        NoNames "no-names" None, Error,
            "always says that more names follow, and sends none", "ends the list",
            At::Response(Service::GET_NAME_LIST) => Then::Instead(pages::no_names);
        EndlessDirectory "endless-directory" None, Error,
            "always says that more files follow, each a new one", "ends the list at a bound",
            At::Response(Service::FILE_DIRECTORY) => Then::Instead(pages::files);
        EndlessFile "endless-file" None, Error,
            "always says that more of the file follows", "ends the transfer at a bound",
            At::Response(Service::FILE_READ) => Then::Instead(pages::pieces);
        EndlessLog "endless-log" None, Error,
            "always says that more entries of the log follow, each a new one", "ends the query at a bound",
            At::Response(Service::READ_JOURNAL) => Then::Instead(pages::entries);
        EndlessSegments "endless-segments" Some("ROBC-RPT-01"), Served,
            "sends segments of a report that never comes to its end", "gives the report up at a bound",
            At::Report => Then::Flood(reports::segments);
    }
    Lying {
        UnknownInvokeId "unknown-invoke-id" Some("ROBC-INV-01"), Error,
            "answers with an invoke id that was never used", "takes it for no answer of its own, and ends the request with a timeout",
            At::Answer => Then::Instead(answers::unknown_id);
        NegativeInvokeId "negative-invoke-id" Some("ROBC-INV-01"), Error,
            "answers with a negative invoke id", "does not take it for a large one",
            At::Answer => Then::Instead(answers::negative_id);
        MissingInvokeId "missing-invoke-id" Some("ROBC-INV-01"), Error,
            "answers without an invoke id", "does not take what stands there instead for one",
            At::Answer => Then::Instead(answers::missing_id);
        AnswersTwice "answers-twice" Some("ROBC-INV-01"), Served,
            "answers every request twice", "throws the second answer away",
            At::Answer => Then::With(answers::again);
        AnswersAhead "answers-ahead" Some("ROBC-INV-01"), Any,
            "answers the next request before it is sent, as the one before", "throws away what answers nothing yet",
            At::Answer => Then::With(answers::ahead);
        AnswersAnotherService "answers-another-service" Some("ROBC-INV-01"), Error,
            "answers with the response of another service", "ends the request with an error",
            At::Answer => Then::Instead(answers::other_service);
        RefusesEverything "refuses-everything" Some("ROBC-PTR-01"), Error,
            "answers every request with an error of odd class and code", "tells its user what was refused, and goes on",
            At::Answer => Then::Instead(answers::refuse);
        AbsurdInitiate "absurd-initiate" Some("ROBC-INIT-01"), Any,
            "agrees to sizes and numbers that were not proposed, none, negative or huge",
            "sends no more than it proposed, allocates nothing by these numbers, or aborts",
            At::Accept => Then::Instead(handshake::absurd_initiate);
        RejectedYetAccepted "rejected-yet-accepted" Some("ROB-ACSE-04"), NoAssociation,
            "accepts at session and presentation what ACSE rejects", "takes it for rejected",
            At::Accept => Then::Instead(handshake::rejected);
        ContextRejected "context-rejected" Some("ROB-ACSE-04"), NoAssociation,
            "accepts although it rejected the presentation context of MMS", "takes it for rejected",
            At::Accept => Then::Instead(handshake::context_rejected);
        LongIdentity "long-identity" Some("ROBC-ID-01"), Any,
            "says a vendor, model and revision of 60000 characters each", "takes it as it is, cuts it, or ends the request with an error",
            At::Response(Service::IDENTIFY) => Then::Instead(answers::long_identity);
        OddNames "odd-names" None, Any,
            "tells names that are empty, of 60000 characters, with control characters, or of nothing but separators",
            "copies none into a fixed place and lets none act on a terminal",
            At::Response(Service::GET_NAME_LIST) => Then::Instead(pages::odd_names);
        LongFileNames "long-file-names" Some("ROBC-FDIR-01"), Any,
            "tells files with names of thousands of characters, paths upwards among them", "copies none into a fixed place and writes nothing outside its directory",
            At::Response(Service::FILE_DIRECTORY) => Then::Instead(pages::long_files);
        OddMembers "odd-members" Some("ROBC-NVL-01"), Any,
            "tells members of data sets that are `$`, empty, or without a functional constraint", "tells its user of them, or leaves them out",
            At::Response(Service::GET_NAMED_VARIABLE_LIST_ATTRIBUTES) => Then::Instead(answers::odd_members);
        OtherTypes "other-types" None, Any,
            "gives values of other types than the model describes", "looks at the type before the value",
            At::Response(Service::READ) => Then::Instead(answers::other_types);
        MissingResults "missing-results" None, Error,
            "gives fewer values than were asked for", "ends the request with an error",
            At::Response(Service::READ) => Then::Instead(answers::missing_results);
        SurplusResults "surplus-results" None, Any,
            "gives more values than were asked for", "ends the request with an error, or leaves out what is too much",
            At::Response(Service::READ) => Then::Instead(answers::surplus_results);
        OddBlocks "odd-blocks" Some("ROBC-RCB-01"), Any,
            "gives report control blocks with other, fewer or more components", "looks at type and number before it takes a component",
            At::Block => Then::Instead(answers::odd_block);
        LongInclusion "long-inclusion" Some("ROBC-RPT-01"), Served,
            "sends reports whose Inclusion has more bits than the data set has members", "gives the report up and goes on",
            At::Report => Then::Instead(reports::long_inclusion);
        FewValues "few-values" Some("ROBC-RPT-01"), Served,
            "sends reports with fewer values than Inclusion promises", "gives the report up and goes on",
            At::Report => Then::Instead(reports::few_values);
        OtherOptFlds "other-opt-flds" Some("ROBC-RPT-01"), Served,
            "sends reports whose OptFlds promise other fields than there are", "gives the report up and goes on",
            At::Report => Then::Instead(reports::other_opt_flds);
        NoRptId "no-rpt-id" Some("ROBC-RPT-01"), Served,
            "sends reports with an empty RptID", "takes it for a report of nobody",
            At::Report => Then::Instead(reports::no_rpt_id);
        UnknownReports "unknown-reports" Some("ROBC-RPT-01"), Served,
            "sends reports of blocks that nobody enabled behind every answer", "throws them away",
            At::Answer => Then::With(reports::unknown);
        OddLastApplError "odd-last-appl-error" Some("ROBC-LASTAPPL-01"), Served,
            "sends LastApplError without CntrlObj, of a control without Oper, and with a foreign ctlNum behind every answer",
            "takes none of them for an answer to a control of its own",
            At::Answer => Then::With(reports::last_appl_error);
    }
    Malformed {
        OtherProtocol "other-protocol" None, NoAssociation,
            "speaks HTTP", "says so and closes",
            At::Connection => Then::Instead(lower::other_protocol);
        MalformedTpkt "malformed-tpkt" None, Any,
            "breaks the TPKT header of an answer", "ends the association, or times out where more seems to come",
            At::Answer => Then::Instead(lower::tpkt);
        MalformedConfirm "malformed-confirm" None, Any,
            "breaks the connection confirm", "closes, or times out where more seems to come",
            At::Confirm => Then::Instead(lower::confirm);
        MalformedCotp "malformed-cotp" None, Any,
            "breaks the data TPDU of an answer", "ends the association",
            At::Answer => Then::Instead(lower::cotp);
        MisplacedTpdus "misplaced-tpdus" None, Error,
            "sends a second confirm, a connection request or an expedited TPDU instead of an answer", "ends the association",
            At::Answer => Then::Instead(lower::misplaced);
        MalformedSession "malformed-session" None, Any,
            "breaks the SPDU of an answer", "aborts",
            At::Answer => Then::Instead(lower::session);
        MalformedAcceptSession "malformed-accept-session" None, Any,
            "breaks ACCEPT in the session layer", "aborts or closes",
            At::Accept => Then::Instead(handshake::session);
        MalformedPresentation "malformed-presentation" None, Any,
            "breaks the presentation data of an answer", "aborts, or ends the request with an error",
            At::Answer => Then::Instead(lower::presentation);
        MalformedAccept "malformed-accept" None, Any,
            "breaks an element of CPA, AARE or Initiate response", "aborts or closes",
            At::Accept => Then::Instead(handshake::malformed);
        InitiateFieldsMissing "initiate-fields-missing" Some("ROBC-INIT-01"), Any,
            "leaves out a field of the Initiate response", "takes the association for refused, or uses the default of the field",
            At::Accept => Then::Instead(handshake::fields_missing);
        AareEndsEmpty "aare-ends-empty" Some("ROB-ACSE-03"), NoAssociation,
            "ends AARE with user information of length 0", "takes the association for refused",
            At::Accept => Then::Instead(handshake::ends_empty);
        MalformedAnswer "malformed-answer" None, Any,
            "breaks an element of each answer of MMS", "ends the request with an error",
            At::Answer => Then::Instead(answers::malformed);
        LyingLengths "lying-lengths" None, Error,
            "says lengths of 2^31 - 1, 2^32 - 1 and of eleven octets in answers", "ends the request with an error and allocates nothing by them",
            At::Answer => Then::Instead(answers::lying_lengths);
        DeepValues "deep-values" None, Error,
            "gives values of 20000 structures inside each other", "ends the request with an error, without recursion to the end",
            At::Response(Service::READ) => Then::Instead(deep::values);
        DeepIndefinite "deep-indefinite" None, Error,
            "gives values of 50000 structures of indefinite length inside each other", "ends the request with an error, without recursion to the end",
            At::Response(Service::READ) => Then::Instead(deep::indefinite);
        DeepTypes "deep-types" None, Error,
            "describes variables as 5000 arrays inside each other", "ends the request with an error, without recursion to the end",
            At::Response(Service::GET_VARIABLE_ACCESS_ATTRIBUTES) => Then::Instead(deep::types);
    }
}
