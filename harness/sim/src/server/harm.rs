//! What malformed input does to an IED with a fault.

use iedassay_wire::Layer;

use crate::{Fault, FaultSet};

/// What comes of malformed input besides the end of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harm {
    /// Nobody is served any more.
    Stop,
    /// The device starts again.
    Restart,
    /// The slot is not given back.
    Leak,
    /// Nobody is let in any more.
    LockOut,
}

/// What a PDU of `layer` does that cannot be decoded or is not permitted; nothing without a fault.
pub(super) fn of(layer: Layer, faults: &FaultSet) -> Option<Harm> {
    let stops = match layer {
        Layer::Tpkt => Fault::MalformedTpktStopsOthers,
        Layer::Cotp => Fault::MalformedCotpStopsOthers,
        Layer::Session => Fault::MalformedSessionStopsOthers,
        Layer::Presentation => Fault::MalformedPresentationStopsOthers,
        Layer::Acse => Fault::MalformedAcseStopsOthers,
        _ => Fault::MalformedMmsStopsOthers,
    };
    [
        (stops, Harm::Stop),
        (Fault::MalformedInputRestarts, Harm::Restart),
        (Fault::MalformedInputLeaksSlot, Harm::Leak),
        (Fault::MalformedInputLocksOut, Harm::LockOut),
    ]
    .into_iter()
    .find(|(fault, _)| faults.has(*fault))
    .map(|(_, harm)| harm)
}
