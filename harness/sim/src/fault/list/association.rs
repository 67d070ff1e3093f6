//! Associating, releasing, aborting, limits, loss of the link.

/// Hands the faults of this area on to the next list.
macro_rules! association {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Association {
                    /// A Conclude request gets no answer.
                    ConcludeUnanswered = "conclude-unanswered", "ISO 9506-2, Conclude";
                    /// A Conclude request is refused with a conclude-ErrorPDU although nothing is outstanding.
                    ConcludeRefused = "conclude-refused", "ISO 9506-2, Conclude";
                    /// An orderly released association keeps its slot.
                    ReleaseLeaksSlot = "release-leaks-slot", "IEC 61850-7-2, Release; IEC 61850-8-1, association limit";
                    /// An aborted association keeps its slot.
                    AbortLeaksSlot = "abort-leaks-slot", "IEC 61850-7-2, Abort";
                    /// The slot of an aborted association is free only ten seconds later.
                    AbortFreesSlotLate = "abort-frees-slot-late", "IEC 61850-7-2, Abort";
                    /// An abort by one client ends the associations of all others too.
                    AbortDropsOthers = "abort-drops-others", "IEC 61850-7-2, Abort; two-party application association";
                    /// One association less than stated is accepted.
                    LastAssociationRefused = "last-association-refused", "IEC 61850-10, PIXIT As1";
                    /// Only the newest association is served, requests on the others get no answer.
                    OnlyNewestServed = "only-newest-served", "IEC 61850-7-2, two-party application association";
                    /// As long as one client does not read what it is sent, no client is served.
                    SlowReaderBlocksAll = "slow-reader-blocks-all", "IEC 61850-7-2, two-party application association";
                    /// Responses for which there is no room in the connection of a client that reads slowly are lost.
                    AnswersLostToSlowReader = "answers-lost-to-slow-reader", "ISO 9506-2, confirmed services";
                    /// User data of presentation whose length takes more octets than needed ends the connection.
                    LongUserDataCloses = "long-user-data-closes", "ISO 8823-1, user data; X.690, 8.1.3.5, long form of length";
                    /// One association more than stated is accepted.
                    ExtraAssociationAccepted = "extra-association-accepted", "IEC 61850-10, PIXIT As1";
                    /// Over the limit the connection is taken and nothing is answered nor closed.
                    ExtraAssociationHangs = "extra-association-hangs", "IEC 61850-10, PIXIT As1; ISO 8073, connection refusal";
                    /// Over the limit the oldest association is thrown out to make room.
                    ExtraAssociationEvictsOldest = "extra-association-evicts-oldest", "IEC 61850-10, PIXIT As1";
                    /// After one attempt over the limit no further association is accepted.
                    ExtraAssociationLocksOut = "extra-association-locks-out", "IEC 61850-10, PIXIT As1";
                    /// Of the associations that are asked for within a tenth of a second only the first two are answered.
                    StormUnanswered = "storm-unanswered", "IEC 61850-8-1, association; ISO 8073, connection refusal";
                    /// The Initiate response announces all own parameter CBBs, not those that both sides have.
                    CbbNotIntersected = "cbb-not-intersected", "ISO 9506-2, Initiate, negotiatedParameterCBB";
                    /// The Initiate response announces a PDU size above the one proposed.
                    PduSizeAboveProposal = "pdu-size-above-proposal", "ISO 9506-2, Initiate, localDetailCalled";
                    /// The Initiate response announces more outstanding requests than proposed.
                    OutstandingAboveProposal = "outstanding-above-proposal", "ISO 9506-2, Initiate, negotiatedMaxServOutstanding";
                    /// The Initiate response announces a deeper nesting than proposed.
                    NestingAboveProposal = "nesting-above-proposal", "ISO 9506-2, Initiate, negotiatedDataStructureNestingLevel";
                    /// The Initiate response does not announce read and getNameList among the services supported.
                    ServicesNotAnnounced = "services-not-announced", "IEC 61850-8-1, mandatory MMS services";
                    /// GetCapabilityList is announced and rejected.
                    CapabilityListRejected = "capability-list-rejected", "ISO 9506-2, Initiate, servicesSupportedCalled";
                    /// A PDU size above the own maximum is agreed to.
                    HugePduSizeAgreed = "huge-pdu-size-agreed", "IEC 61850-10, PIXIT As7";
                    /// Responses grow above the negotiated PDU size.
                    PduSizeExceeded = "pdu-size-exceeded", "ISO 9506-2, Initiate, localDetail";
                    /// With authentication configured, any password is good.
                    AnyPasswordAccepted = "any-password-accepted", "ISO 8650-1, authentication";
                    /// With authentication configured, a client without a password is let in.
                    MissingPasswordAccepted = "missing-password-accepted", "ISO 8650-1, authentication";
                    /// With authentication off, a client that sends a password is refused.
                    UnneededPasswordRefused = "unneeded-password-refused", "ISO 8650-1, authentication";
                    /// A wrong transport selector is accepted although it is stated as checked.
                    WrongTselAccepted = "wrong-tsel-accepted", "IEC 61850-10, PIXIT As5; ISO 8073, called TSAP-ID";
                    /// A wrong session selector is accepted although it is stated as checked.
                    WrongSselAccepted = "wrong-ssel-accepted", "IEC 61850-10, PIXIT As5; ISO 8327-1, called session selector";
                    /// A wrong presentation selector is accepted although it is stated as checked.
                    WrongPselAccepted = "wrong-psel-accepted", "IEC 61850-10, PIXIT As5; ISO 8823-1, called presentation selector";
                    /// A wrong AP title or AE qualifier is accepted although they are stated as checked.
                    WrongApTitleAccepted = "wrong-ap-title-accepted", "IEC 61850-10, PIXIT As5; ISO 8650-1, called AP title";
                    /// The AE qualifier of the description is refused.
                    DescribedAeQualifierRefused = "described-ae-qualifier-refused", "IEC 61850-6, ConnectedAP, OSI-AE-Qualifier; ISO 8650-1, called AE qualifier";
                    /// A refused association keeps its slot.
                    RefusalLeaksSlot = "refusal-leaks-slot", "IEC 61850-10, PIXIT As1";
                    /// A client that vanished from the network is never noticed.
                    LostLinkUndetected = "lost-link-undetected", "IEC 61850-10, PIXIT As2 and As3";
                    /// After a power cycle associations are refused for two minutes more.
                    RestartTakesLong = "restart-takes-long", "IEC 61850-10, PIXIT As8";
                    /// A power cycle loses the settings and configuration that clients have written.
                    RestartLosesSettings = "restart-loses-settings", "IEC 61850-10, PIXIT As8; IEC 61850-7-1, persistence of settings";
                }
            }
            $($rest)*
        }
    };
}
