//! What of a publisher is set, and what of it clients may set.

use iedassay_model::{BlockKind, services::Services, tree::Node};
use iedassay_wire::{ber::BitString, mms::Data};

use crate::persistence::{octets_of, reading};

/// Which attributes clients may set while the block is disabled (IEC 61850-6, GSESettings and SMVSettings).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rules {
    pub(super) id: bool,
    pub(super) dat_set: bool,
    pub(super) opt_flds: bool,
    /// Rate and mode, which mean nothing without each other.
    pub(super) rate: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// GoID, MsvID or UsvID.
    pub(super) id: String,
    pub(super) dat_set: String,
    pub(super) conf_rev: u32,
    pub(super) smp_rate: u32,
    pub(super) opt_flds: BitString,
    pub(super) smp_mod: i64,
}

impl Settings {
    pub(super) fn of(block: Node<'_>) -> Self {
        let value = |name: &str| block.child(name).map(Node::default_data);
        let text = |name: &str| value(name).and_then(|data| data.as_str().map(str::to_owned));
        let number = |name: &str| value(name).and_then(|data| data.as_i64());
        let unsigned = |name: &str| number(name).and_then(|number| u32::try_from(number).ok());
        Self {
            id: ["GoID", "MsvID", "UsvID"]
                .into_iter()
                .find_map(text)
                .unwrap_or_default(),
            dat_set: text("DatSet").unwrap_or_default(),
            conf_rev: unsigned("ConfRev").unwrap_or(0),
            smp_rate: unsigned("SmpRate").unwrap_or(0),
            opt_flds: value("OptFlds")
                .and_then(|data| data.as_bits().cloned())
                .unwrap_or_default(),
            smp_mod: number("SmpMod").unwrap_or(0),
        }
    }

    pub(super) fn to_octets(&self) -> Vec<u8> {
        octets_of(vec![
            Data::VisibleString(self.id.clone()),
            Data::VisibleString(self.dat_set.clone()),
            Data::Unsigned(u64::from(self.conf_rev)),
            Data::Unsigned(u64::from(self.smp_rate)),
            Data::BitString(self.opt_flds.clone()),
            Data::Integer(self.smp_mod),
        ])
    }

    /// None when it cannot be understood.
    pub(super) fn from_octets(octets: &[u8]) -> Option<Self> {
        let mut read = reading(octets)?;
        Some(Self {
            id: read.text()?,
            dat_set: read.text()?,
            conf_rev: read.number()?,
            smp_rate: read.number()?,
            opt_flds: read.next()?.as_bits()?.clone(),
            smp_mod: read.next()?.as_i64()?,
        })
    }
}

impl Rules {
    pub(super) fn of(services: &Services, kind: BlockKind) -> Self {
        if kind == BlockKind::Gocb {
            return services
                .goose_settings
                .map_or_else(Self::default, |goose| Self {
                    id: goose.app_id.is_dynamic(),
                    dat_set: goose.dat_set.is_dynamic(),
                    ..Self::default()
                });
        }
        services
            .sampled_value_settings
            .map_or_else(Self::default, |sv| Self {
                id: sv.sv_id.is_dynamic(),
                dat_set: sv.dat_set.is_dynamic(),
                opt_flds: sv.opt_fields.is_dynamic(),
                rate: sv.smp_rate.is_dynamic(),
            })
    }

    /// Whether a client may ever set an attribute that is neither the switch nor a reservation.
    pub(super) fn permit(self, attribute: &str) -> bool {
        match attribute {
            "GoID" | "MsvID" | "UsvID" => self.id,
            "DatSet" => self.dat_set,
            "OptFlds" => self.opt_flds,
            "SmpRate" | "SmpMod" => self.rate,
            _ => false,
        }
    }
}
