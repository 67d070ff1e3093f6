//! What a behaviour consists of: where it begins, and what comes then.

use iedassay_wire::{mms::Service, mutate::Random};

use super::unit::{Frames, Unit};

/// Where a behaviour begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// As soon as the client is connected.
    Connection,
    /// The connection confirm of the transport layer.
    Confirm,
    /// ACCEPT with everything that it carries.
    Accept,
    /// A response, an error or a reject of MMS.
    Answer,
    /// The answer to a request of this service.
    Response(Service),
    /// The answer to a read of a report control block.
    Block,
    /// A report, or anything else that is unconfirmed.
    Report,
    /// The response to Conclude.
    Conclude,
    /// DISCONNECT, the answer to FINISH.
    Disconnect,
}

/// What comes then.
#[derive(Clone, Copy)]
pub(super) enum Then {
    /// Nothing any more.
    Silence,
    /// The connection ends instead of it.
    End(End),
    /// The connection ends in the middle of it.
    Cut(End),
    /// The connection ends after it.
    After(End),
    /// Other octets instead of it, each time.
    Instead(Make),
    /// More octets behind it, each time.
    With(Make),
    /// It, and then more octets for ever, between everything else.
    Flood(Make),
    /// Octets without end instead of it and of all that comes after.
    Endless(Make),
    /// It and all that comes after, one octet at a time.
    Pieces,
    /// It, too late, each time.
    Late,
    /// It, and nothing is read any more.
    Deaf,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a FIN in both directions.
    Close,
    /// With a reset.
    Reset,
    /// This end says that it sends nothing more, and goes on reading.
    Half,
}

/// Octets for the stream.
pub(super) type Make = fn(&mut Scene<'_>) -> Vec<u8>;

/// What a behaviour knows when it makes octets.
pub(super) struct Scene<'a> {
    /// What they are made of; nothing at the beginning of a connection and in a flood.
    pub(super) unit: Option<&'a Unit>,
    pub(super) frames: &'a Frames,
    pub(super) random: &'a mut Random,
    /// How often octets were made on this connection before.
    pub(super) made: u64,
}

/// One row of the table.
#[derive(Clone, Copy)]
pub(super) struct Script {
    pub(super) at: At,
    pub(super) then: Then,
}
