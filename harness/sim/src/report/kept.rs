//! What of a report control block survives the end of the process, and its octets.

use iedassay_wire::mms::Data;

use super::{
    Entry, EntryId, EntryKind, Included, OptFlds, Settings, Time, Triggers, engine::Pending,
};
use crate::persistence::{Reading, octets_of, reading};

/// How far reports were sent, and what has to be told with the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) last_id: EntryId,
    pub(crate) sent: EntryId,
    pub(crate) overflow: bool,
}

/// Everything that is kept of a block.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) settings: Option<Settings>,
    pub(crate) told: Option<Told>,
    pub(crate) pending: Option<Pending>,
    /// In their order.
    pub(crate) entries: Vec<Entry>,
}

fn number(number: u64) -> Data {
    Data::Unsigned(number)
}

fn count(count: usize) -> Data {
    Data::Unsigned(u64::try_from(count).unwrap_or(u64::MAX))
}

fn time(time: Time) -> [Data; 2] {
    [
        number(time.as_secs()),
        number(u64::from(time.subsec_nanos())),
    ]
}

fn included(one: &Included) -> Data {
    Data::Structure(vec![
        count(one.member),
        number(u64::from(one.reasons.0)),
        one.value.clone(),
    ])
}

fn read_included(rest: &mut Reading) -> Option<Vec<Included>> {
    let mut all = Vec::new();
    while !rest.is_over() {
        let mut one = rest.list()?;
        all.push(Included {
            member: one.number()?,
            reasons: Triggers(one.number()?),
            value: one.next()?,
        });
    }
    Some(all)
}

impl Entry {
    pub(crate) fn to_octets(&self) -> Vec<u8> {
        let kind = match self.kind {
            EntryKind::Event => 0,
            EntryKind::Integrity => 1,
            EntryKind::Gi => 2,
        };
        let mut values = time(self.time).to_vec();
        values.extend([number(kind), count(self.members)]);
        values.extend(self.included.iter().map(included));
        octets_of(values)
    }

    pub(crate) fn from_octets(id: EntryId, octets: &[u8]) -> Option<Self> {
        let mut read = reading(octets)?;
        Some(Self {
            id,
            time: read.time()?,
            kind: match read.number::<u8>()? {
                0 => EntryKind::Event,
                1 => EntryKind::Integrity,
                2 => EntryKind::Gi,
                _ => return None,
            },
            members: read.number()?,
            included: read_included(&mut read)?,
        })
    }
}

impl Pending {
    pub(crate) fn to_octets(&self) -> Vec<u8> {
        let mut values = time(self.ends).to_vec();
        values.extend(self.members.iter().map(|(member, (value, reasons))| {
            included(&Included {
                member: *member,
                value: value.clone(),
                reasons: *reasons,
            })
        }));
        octets_of(values)
    }

    pub(crate) fn from_octets(octets: &[u8]) -> Option<Self> {
        let mut read = reading(octets)?;
        Some(Self {
            ends: read.time()?,
            members: read_included(&mut read)?
                .into_iter()
                .map(|one| (one.member, (one.value, one.reasons)))
                .collect(),
        })
    }
}

impl Settings {
    /// A data set of an association is gone with it.
    pub(crate) fn to_octets(&self) -> Vec<u8> {
        let dat_set = if self.dat_set.starts_with('@') {
            ""
        } else {
            &self.dat_set
        };
        octets_of(vec![
            Data::VisibleString(self.rpt_id.clone()),
            Data::VisibleString(dat_set.to_owned()),
            number(u64::from(self.conf_rev)),
            number(u64::from(self.opt_flds.0)),
            number(u64::from(self.buf_tm)),
            number(u64::from(self.trg_ops.0)),
            number(u64::from(self.intg_pd)),
        ])
    }

    pub(crate) fn from_octets(octets: &[u8]) -> Option<Self> {
        let mut read = reading(octets)?;
        Some(Self {
            rpt_id: read.text()?,
            dat_set: read.text()?,
            conf_rev: read.number()?,
            opt_flds: OptFlds(read.number()?),
            buf_tm: read.number()?,
            trg_ops: Triggers(read.number()?),
            intg_pd: read.number()?,
        })
    }
}

impl Told {
    pub(crate) fn to_octets(self) -> Vec<u8> {
        octets_of(vec![
            number(self.last_id.0),
            number(self.sent.0),
            Data::Boolean(self.overflow),
        ])
    }

    pub(crate) fn from_octets(octets: &[u8]) -> Option<Self> {
        let mut read = reading(octets)?;
        Some(Self {
            last_id: EntryId(read.number()?),
            sent: EntryId(read.number()?),
            overflow: read.boolean()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_wire::{ber::BitString, mms::Float};

    fn values() -> Vec<Included> {
        let quality = Data::BitString(BitString::zeros(13));
        let values = [
            Data::Structure(vec![Data::Boolean(true), quality]),
            Data::FloatingPoint(Float::F32(1.5)),
            Data::Integer(-3),
            Data::Unsigned(u64::from(u32::MAX)),
        ];
        let all = values.into_iter().enumerate();
        all.map(|(member, value)| Included {
            member,
            value,
            reasons: Triggers::DCHG.union(Triggers::QCHG),
        })
        .collect()
    }

    #[test]
    fn everything_comes_back_as_it_was() {
        for kind in [EntryKind::Event, EntryKind::Integrity, EntryKind::Gi] {
            let entry = Entry {
                id: EntryId(7),
                time: Time::new(1_700_000_000, 999_999_999),
                kind,
                members: 9,
                included: values(),
            };
            assert_eq!(
                Entry::from_octets(EntryId(7), &entry.to_octets()),
                Some(entry)
            );
        }
        let pending = Pending {
            ends: Time::from_millis(1234),
            members: values()
                .into_iter()
                .map(|one| (one.member, (one.value, one.reasons)))
                .collect(),
        };
        let again = Pending::from_octets(&pending.to_octets()).unwrap();
        assert_eq!(again.to_octets(), pending.to_octets());
        assert_eq!(again.members, pending.members);
        let settings = Settings {
            rpt_id: "id".into(),
            dat_set: "LD/LLN0$a".into(),
            conf_rev: 3,
            opt_flds: OptFlds::ENTRY_ID,
            buf_tm: 100,
            trg_ops: Triggers::GI,
            intg_pd: 5000,
        };
        assert_eq!(Settings::from_octets(&settings.to_octets()), Some(settings));
        let told = Told {
            last_id: EntryId(u64::MAX),
            sent: EntryId(5),
            overflow: true,
        };
        assert_eq!(Told::from_octets(&told.to_octets()), Some(told));
    }

    #[test]
    fn what_is_cut_short_is_not_understood() {
        let told = Told::default().to_octets();
        for end in 0..told.len() {
            assert_eq!(Told::from_octets(&told[..end]), None);
        }
        assert_eq!(Settings::from_octets(&told), None);
        assert!(Entry::from_octets(EntryId(1), &octets_of(Vec::new())).is_none());
    }
}
