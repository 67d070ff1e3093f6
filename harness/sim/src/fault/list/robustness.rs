//! What input does that no honest client sends.

/// Hands the faults of this area on to the next list.
macro_rules! robustness {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Robustness {
                    /// After a TPKT with a wrong header nobody is served any more.
                    MalformedTpktStopsOthers = "malformed-tpkt-stops-others", "ISO 8073, class 0, treatment of protocol errors; IEC 61850-8-1, TPKT of RFC 1006";
                    /// After a malformed TPDU nobody is served any more.
                    MalformedCotpStopsOthers = "malformed-cotp-stops-others", "ISO 8073, class 0, treatment of protocol errors";
                    /// After a malformed SPDU nobody is served any more.
                    MalformedSessionStopsOthers = "malformed-session-stops-others", "ISO 8327-1, invalid SPDUs";
                    /// After a malformed PPDU nobody is served any more.
                    MalformedPresentationStopsOthers = "malformed-presentation-stops-others", "ISO 8823-1, invalid PPDUs";
                    /// After a malformed APDU of ACSE nobody is served any more.
                    MalformedAcseStopsOthers = "malformed-acse-stops-others", "ISO 8650-1, protocol errors";
                    /// After a malformed MMS PDU nobody is served any more.
                    MalformedMmsStopsOthers = "malformed-mms-stops-others", "ISO 9506-2, Reject";
                    /// A malformed PDU of any layer makes the device start again.
                    MalformedInputRestarts = "malformed-input-restarts", "IEC 61850-7-2, two-party application association";
                    /// A connection that ends with a malformed PDU keeps its slot.
                    MalformedInputLeaksSlot = "malformed-input-leaks-slot", "IEC 61850-10, PIXIT As1";
                    /// After a malformed PDU of any layer no further association is accepted, and those there are go on.
                    MalformedInputLocksOut = "malformed-input-locks-out", "IEC 61850-10, PIXIT As1";
                    /// While one connection has sent half a TPKT, the others wait.
                    HalfPacketStopsOthers = "half-packet-stops-others", "IEC 61850-7-2, two-party application association";
                    /// A TPKT that comes in several pieces is not put together.
                    PiecesNotJoined = "pieces-not-joined", "ISO 8073, network service; IEC 61850-8-1, TPKT of RFC 1006";
                }
            }
            $($rest)*
        }
    };
}
