//! Control blocks of GOOSE and of sampled values (IEC 61850-7-2, GoCB, MSVCB, USVCB; IEC 61850-8-1, IEC 61850-9-2). Nothing is
//! published here: this is what clients see and set of the publishers.

mod message;
mod settings;

use std::{collections::HashMap, sync::Arc};

use iedassay_model::{
    BlockKind,
    tree::{Node, NodeId, ServerModel},
};
use iedassay_wire::mms::{Data, DataAccessError, WriteResult};

use self::settings::{Rules, Settings};

use super::{data_sets::DataSet, world::World};
use crate::{
    Fault, FaultSet, PublisherConfig,
    client::{AssociationId, Client},
    persistence::Record,
};

/// Optional fields of sampled values that clients may set; the other bits are reserved.
const SV_OPTIONS: usize = 5;

/// The key of what is kept of a block begins with it.
pub(super) const PUBLISHER: &str = "publisher";

/// All control blocks of publishers.
#[derive(Debug)]
pub(crate) struct Publishers {
    blocks: Vec<Publisher>,
    at: HashMap<NodeId, usize>,
    config: PublisherConfig,
    faults: Arc<FaultSet>,
}

/// One of them.
#[derive(Debug)]
struct Publisher {
    kind: BlockKind,
    /// `LD/LN$GO$name`.
    reference: String,
    rules: Rules,
    /// ASDUs in a message of sampled values.
    asdus: usize,
    enabled: bool,
    /// Who has enabled it since the start; nobody when it is enabled by configuration.
    enabled_by: Option<AssociationId>,
    /// Who holds a unicast block.
    holder: Option<Holder>,
    settings: Settings,
    configured: Settings,
    /// What was last kept, when somebody keeps it.
    kept: Option<Settings>,
    faults: Arc<FaultSet>,
}

#[derive(Clone, Copy, Debug)]
struct Holder {
    association: AssociationId,
    /// By writing Resv, not by enabling.
    explicit: bool,
}

impl Publishers {
    /// As configured, and disabled until [`Self::start`].
    pub(crate) fn new(
        model: &ServerModel,
        config: PublisherConfig,
        faults: &Arc<FaultSet>,
    ) -> Self {
        let mut publishers = Self {
            blocks: Vec::new(),
            at: HashMap::new(),
            config,
            faults: Arc::clone(faults),
        };
        for node in model.variables() {
            let Some((block, kind)) = node.block().filter(|(block, _)| *block == node) else {
                continue;
            };
            if !matches!(kind, BlockKind::Gocb | BlockKind::Msvcb | BlockKind::Usvcb) {
                continue;
            }
            let settings = Settings::of(block);
            let asdus = block.child("noASDU").map(Node::default_data);
            let asdus = asdus.and_then(|data| data.as_u64()).unwrap_or(1);
            publishers.at.insert(block.id(), publishers.blocks.len());
            publishers.blocks.push(Publisher {
                kind,
                reference: format!("{}/{}", block.domain(), block.item()),
                rules: Rules::of(&model.services, kind),
                asdus: usize::try_from(asdus).unwrap_or(usize::MAX),
                enabled: false,
                enabled_by: None,
                holder: None,
                configured: settings.clone(),
                settings,
                kept: None,
                faults: Arc::clone(faults),
            });
        }
        publishers
    }

    /// The supply is there: what is kept is as it was, the rest as configured, and what can publish does so if the configuration
    /// wants it.
    pub(crate) fn start(&mut self, world: &World<'_>) {
        for block in &mut self.blocks {
            let wanted = if block.kind == BlockKind::Gocb {
                self.config.goose_enabled
            } else {
                self.config.sv_enabled
            };
            if block.kept.is_none() {
                block.settings = block.configured.clone();
            }
            block.enabled_by = None;
            block.holder = None;
            block.enabled =
                wanted && block.kind != BlockKind::Usvcb && !block.needs_commissioning(world);
        }
    }

    fn of(&self, block: Node<'_>) -> Option<&Publisher> {
        self.blocks.get(*self.at.get(&block.id())?)
    }

    /// Whether a data set is the one of a block.
    pub(crate) fn is_bound(&self, dat_set: &str) -> bool {
        self.blocks.iter().any(|block| {
            block.settings.dat_set == dat_set
                && !self.faults.has(if block.kind == BlockKind::Gocb {
                    Fault::GooseDataSetDeleted
                } else {
                    Fault::SvDataSetDeleted
                })
        })
    }

    /// An attribute that is not the same for ever.
    pub(crate) fn read(&self, block: Node<'_>, attribute: &str, world: &World<'_>) -> Option<Data> {
        let block = self.of(block)?;
        let settings = &block.settings;
        Some(match attribute {
            "GoEna" | "SvEna" => Data::Boolean(block.enabled),
            "Resv" => Data::Boolean(block.holder.is_some()),
            "GoID" | "MsvID" | "UsvID" => Data::VisibleString(settings.id.clone()),
            "DatSet" => Data::VisibleString(settings.dat_set.clone()),
            "ConfRev" => Data::Unsigned(u64::from(settings.conf_rev)),
            "NdsCom" => Data::Boolean(
                block.needs_commissioning(world) && !self.faults.has(Fault::NdsComStuck),
            ),
            "SmpRate" => Data::Unsigned(u64::from(settings.smp_rate)),
            "OptFlds" => Data::BitString(settings.opt_flds.clone()),
            "SmpMod" => Data::Integer(settings.smp_mod),
            _ => return None,
        })
    }

    /// What of a block is configuration, or tells who holds it.
    pub(crate) fn shown(&self, block: Node<'_>) -> Option<Vec<(&'static str, String)>> {
        let block = self.of(block)?;
        let settings = &block.settings;
        Some(vec![
            ("enabled", block.enabled.to_string()),
            ("holder", block.holder.is_some().to_string()),
            ("identifier", settings.id.clone()),
            ("DatSet", settings.dat_set.clone()),
            ("SmpRate", settings.smp_rate.to_string()),
            (
                "OptFlds",
                Data::BitString(settings.opt_flds.clone()).to_string(),
            ),
            ("SmpMod", settings.smp_mod.to_string()),
        ])
    }

    /// A write of an attribute or of a part of one, whose type has been checked.
    pub(crate) fn write(
        &mut self,
        block: Node<'_>,
        node: Node<'_>,
        data: &Data,
        client: &Client,
        world: &World<'_>,
    ) -> WriteResult {
        let at = self.at.get(&block.id()).copied();
        let publisher = at.and_then(|at| self.blocks.get_mut(at));
        let publisher = publisher.ok_or(DataAccessError::OBJECT_NON_EXISTENT)?;
        // Only the destination address has parts.
        let attribute = if node.parent() == Some(block) {
            node.name()
        } else {
            "DstAddress"
        };
        publisher.write(attribute, data, client.association, world)
    }

    /// An association is gone, and unicast goes nowhere without it. Who has enabled multicast does not matter.
    pub(crate) fn association_ended(&mut self, association: AssociationId) {
        for block in &mut self.blocks {
            let stops = self.faults.has(if block.kind == BlockKind::Gocb {
                Fault::GooseStopsWithAssociation
            } else {
                Fault::SvStopsWithAssociation
            });
            if stops && block.kind != BlockKind::Usvcb && block.enabled_by == Some(association) {
                block.enabled = false;
            }
            if block
                .holder
                .is_none_or(|holder| holder.association != association)
            {
                continue;
            }
            if !self.faults.has(Fault::UsvcbGoesOnWithoutClient) {
                block.enabled = false;
            }
            if !self.faults.has(Fault::UsvcbReservationKept) {
                block.holder = None;
            }
        }
    }

    /// From now on tells what has to be kept. What it is now needs no keeping.
    pub(crate) fn record(&mut self) {
        for block in &mut self.blocks {
            block.kept = Some(block.settings.clone());
        }
    }

    /// Adds what has to be kept before anybody is told of it.
    pub(crate) fn take_records(&mut self, records: &mut Vec<Record>) {
        for block in &mut self.blocks {
            if block
                .kept
                .as_ref()
                .is_some_and(|kept| *kept != block.settings)
            {
                records.push(Record {
                    key: format!("{PUBLISHER}/{}", block.reference),
                    value: Some(block.settings.to_octets()),
                });
                block.kept = Some(block.settings.clone());
            }
        }
    }

    /// Takes back what was kept under a key without its first part. None when it cannot be understood.
    pub(crate) fn take_back(&mut self, reference: &str, octets: &[u8]) -> Option<()> {
        let settings = Settings::from_octets(octets)?;
        let mut blocks = self.blocks.iter_mut();
        let block = blocks.find(|block| block.reference == reference)?;
        block.kept = Some(settings.clone());
        block.settings = settings;
        Some(())
    }
}

impl Publisher {
    fn is_goose(&self) -> bool {
        self.kind == BlockKind::Gocb
    }

    /// Which of two faults the block has, by its kind.
    fn faulty(&self, goose: Fault, sampled_values: Fault) -> bool {
        self.faults.has(if self.is_goose() {
            goose
        } else {
            sampled_values
        })
    }

    fn write(
        &mut self,
        attribute: &str,
        data: &Data,
        association: AssociationId,
        world: &World<'_>,
    ) -> WriteResult {
        let unavailable = Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
        let switch = matches!(attribute, "GoEna" | "SvEna");
        if !switch && attribute != "Resv" && !self.rules.permit(attribute) {
            return self.write_read_only(attribute);
        }
        let foreign = self
            .holder
            .is_some_and(|holder| holder.association != association);
        if foreign && !self.faults.has(Fault::UsvcbReservationIgnored) {
            return unavailable;
        }
        match data {
            Data::Boolean(on) if switch => return self.switch(*on, association, world),
            Data::Boolean(true) if attribute == "Resv" => {
                self.holder = Some(Holder {
                    association,
                    explicit: true,
                });
                return Ok(());
            }
            Data::Boolean(false) if attribute == "Resv" && !self.enabled => {
                self.holder = None;
                return Ok(());
            }
            _ => {}
        }
        if self.enabled
            && !self.faulty(
                Fault::GooseWrittenWhileEnabled,
                Fault::SvWrittenWhileEnabled,
            )
        {
            if self.faulty(
                Fault::GooseRefusedWriteDisables,
                Fault::SvRefusedWriteDisables,
            ) {
                self.enabled = false;
            }
            return unavailable;
        }
        self.set(attribute, data, world)
    }

    /// What no client may ever set.
    fn write_read_only(&self, attribute: &str) -> WriteResult {
        let accepted = match attribute {
            "DstAddress" => self.faulty(Fault::GooseAddressWritable, Fault::SvAddressWritable),
            _ => self.faulty(Fault::GooseAttributesWritable, Fault::SvAttributesWritable),
        };
        if accepted {
            Ok(())
        } else {
            Err(DataAccessError::OBJECT_ACCESS_DENIED)
        }
    }

    fn switch(&mut self, on: bool, association: AssociationId, world: &World<'_>) -> WriteResult {
        if self.faulty(Fault::GoEnaStuck, Fault::SvEnaStuck) {
            return Ok(());
        }
        if !on {
            self.enabled = false;
            if self.holder.is_some_and(|holder| !holder.explicit) {
                self.holder = None;
            }
            return Ok(());
        }
        if self.needs_commissioning(world)
            && !self.faulty(
                Fault::GooseNeedsCommissioningIgnored,
                Fault::SvEnabledWithoutDataSet,
            )
        {
            return Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
        }
        if !self.enabled
            && self.faulty(
                Fault::GooseSwitchCountsConfRev,
                Fault::SvSwitchCountsConfRev,
            )
        {
            self.count();
        }
        self.enabled = true;
        self.enabled_by = Some(association);
        if self.kind == BlockKind::Usvcb && self.holder.is_none() {
            self.holder = Some(Holder {
                association,
                explicit: false,
            });
        }
        Ok(())
    }

    fn set(&mut self, attribute: &str, data: &Data, world: &World<'_>) -> WriteResult {
        let invalid = Err(DataAccessError::OBJECT_VALUE_INVALID);
        match (attribute, data) {
            ("GoID" | "MsvID" | "UsvID", Data::VisibleString(text)) => {
                if !self.faulty(Fault::GooseIdNotStored, Fault::SvIdNotStored) {
                    self.settings.id.clone_from(text);
                }
            }
            ("DatSet", Data::VisibleString(text)) => {
                if !text.is_empty() && !self.knows(text, world) {
                    return invalid;
                }
                if *text != self.settings.dat_set {
                    self.settings.dat_set.clone_from(text);
                    if !self.faulty(Fault::GooseConfRevNotCounted, Fault::SvConfRevNotCounted) {
                        self.count();
                    }
                }
            }
            ("OptFlds", Data::BitString(bits)) => {
                self.settings.opt_flds = (0..bits.len())
                    .map(|bit| bit < SV_OPTIONS && bits.is_set(bit))
                    .collect();
            }
            ("SmpRate", Data::Unsigned(rate)) => match u32::try_from(*rate) {
                Ok(0) | Err(_) => return invalid,
                Ok(_) if self.faults.has(Fault::SvRateNotStored) => {}
                Ok(rate) => self.settings.smp_rate = rate,
            },
            ("SmpMod", Data::Integer(mode)) => {
                if !(0..=2).contains(mode) {
                    return invalid;
                }
                self.settings.smp_mod = *mode;
            }
            _ => return invalid,
        }
        Ok(())
    }

    /// One more change of the data set; 0 means that there never was a configuration.
    fn count(&mut self) {
        self.settings.conf_rev = self.settings.conf_rev.checked_add(1).unwrap_or(1);
    }

    /// Whether it cannot publish as it is configured (IEC 61850-7-2, NdsCom): no data set, one that no message can hold, or a
    /// configuration that nobody has numbered.
    fn needs_commissioning(&self, world: &World<'_>) -> bool {
        let text = &self.settings.dat_set;
        text.is_empty()
            || self.settings.conf_rev == 0
            || !self.knows(text, world)
            || world
                .sets
                .of_block(text, None)
                .is_some_and(|set| !self.fits(set, world))
    }

    /// Whether a text names a data set that outlives associations.
    fn knows(&self, text: &str, world: &World<'_>) -> bool {
        world.sets.of_block(text, None).is_some()
            || self.faulty(
                Fault::UnknownGooseDataSetAccepted,
                Fault::UnknownSvDataSetAccepted,
            )
    }

    fn fits(&self, set: &DataSet, world: &World<'_>) -> bool {
        let model = world.store.model();
        let size = if self.is_goose() {
            message::goose(
                model,
                set,
                [&self.reference, &self.settings.dat_set, &self.settings.id],
            )
        } else {
            message::sampled_values(model, set, &self.settings.id, self.asdus)
        };
        size <= message::MOST_OCTETS
            || (self.is_goose() && self.faults.has(Fault::GooseSizeUnchecked))
    }
}

#[cfg(test)]
mod tests;
