//! Who may write what (IEC 61850-7-2, functional constraints).

use iedassay_model::{
    Fc,
    tree::{Node, NodeKind, ValKind},
};
use iedassay_wire::mms::DataAccessError;

use super::Ied;
use crate::Fault;

impl Ied {
    /// Whether a client may write a node of data by its functional constraint.
    ///
    /// # Errors
    /// `object-access-denied`.
    pub(super) fn may_write(&self, node: Node<'_>) -> Result<(), DataAccessError> {
        let whole = matches!(node.kind(), NodeKind::LogicalNode | NodeKind::Constraint);
        let dynamic = node.name() == "ctlModel" && self.config.control.dynamic_model;
        let fixed = || {
            !dynamic
                && node
                    .leaves_within()
                    .any(|leaf| FIXED.contains(&leaf.name()))
        };
        let by_configuration = || {
            node.leaves_within()
                .any(|leaf| leaf.val_kind() == ValKind::ReadOnly)
        };
        let writable = match node.fc() {
            Some(Fc::SV | Fc::BL) => !whole,
            Some(Fc::SP | Fc::SE) => !whole && !by_configuration(),
            Some(Fc::CF) => !whole && !fixed() && !by_configuration(),
            Some(Fc::SG) => !whole && self.faults.has(Fault::ActiveSettingsWritable),
            Some(Fc::ST | Fc::MX) => !whole && self.faults.has(Fault::StatusWritable),
            Some(Fc::SR) => !whole && self.faults.has(Fault::TrackingWritable),
            _ => false,
        };
        if writable {
            Ok(())
        } else if self.faults.has(Fault::ReadOnlySaidUnknown) {
            Err(DataAccessError::OBJECT_NON_EXISTENT)
        } else {
            Err(DataAccessError::OBJECT_ACCESS_DENIED)
        }
    }
}

/// Configuration that follows from the construction of the device and is not for clients to change.
const FIXED: [&str; 3] = ["ctlModel", "numHar", "numCyc"];
