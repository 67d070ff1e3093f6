//! One report PDU, taken apart.

use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{
    AccessResult, BinaryTime, Data, InformationReport, ObjectName, VariableAccess,
};

/// Positions of the OptFlds bits (IEC 61850-8-1, OptFlds; bit 0 is reserved).
mod bit {
    pub(super) const SEQ_NUM: usize = 1;
    pub(super) const TIME_STAMP: usize = 2;
    pub(super) const REASON_CODE: usize = 3;
    pub(super) const DATA_SET: usize = 4;
    pub(super) const DATA_REF: usize = 5;
    pub(super) const BUF_OVFL: usize = 6;
    pub(super) const ENTRY_ID: usize = 7;
    pub(super) const CONF_REV: usize = 8;
    pub(super) const SEGMENTATION: usize = 9;
}

/// The fields of one report PDU (IEC 61850-8-1, mapping of the Report service).
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// RptID.
    pub rpt_id: String,
    /// OptFlds as sent.
    pub opt_flds: BitString,
    /// SqNum.
    pub sq_num: Option<u64>,
    /// TimeOfEntry.
    pub time_of_entry: Option<BinaryTime>,
    /// DatSet.
    pub dat_set: Option<String>,
    /// BufOvfl.
    pub buf_ovfl: Option<bool>,
    /// EntryID.
    pub entry_id: Option<Vec<u8>>,
    /// ConfRev.
    pub conf_rev: Option<u64>,
    /// SubSqNum.
    pub sub_sq_num: Option<u64>,
    /// MoreSegmentsFollow.
    pub more_segments: Option<bool>,
    /// Inclusion: one bit for each member of the data set.
    pub inclusion: BitString,
    /// The included members, in the order of the data set.
    pub entries: Vec<Entry>,
    /// What is legal but odd about it.
    pub oddities: Vec<String>,
}

/// One included member.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Index of the member in the data set.
    pub member: usize,
    /// Its value, or the error that stands in its place.
    pub value: AccessResult,
    /// Data reference, when sent.
    pub data_ref: Option<String>,
    /// Reason for inclusion, when sent.
    pub reason: Option<BitString>,
}

/// Why an information report is not a report, or not a well-formed one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAReport {
    /// It is about something else: LastApplError, CommandTermination.
    #[error("not a report")]
    Other,
    /// It says that it is a report, and its fields do not add up.
    #[error("malformed report{}: {what}", .rpt_id.as_ref().map(|id| format!(" `{id}`")).unwrap_or_default())]
    Malformed {
        /// RptID, when it could be read.
        rpt_id: Option<String>,
        /// What is wrong.
        what: String,
    },
}

/// Takes an information report apart.
///
/// # Errors
/// When it is no report, or its fields are not those that its OptFlds announce.
pub fn decode(information: &InformationReport) -> Result<Report, NotAReport> {
    match &information.access {
        VariableAccess::VariableListName(ObjectName::Vmd(name)) if name == "RPT" => {}
        _ => return Err(NotAReport::Other),
    }
    let mut fields = Fields {
        rest: &information.results,
        at: 0,
        rpt_id: None,
    };
    let rpt_id = fields.take("RptID", |data| data.as_str().map(str::to_owned))?;
    fields.rpt_id = Some(rpt_id.clone());
    let opt_flds = fields.take("OptFlds", |data| data.as_bits().cloned())?;
    let mut oddities = Vec::new();
    let set = |index: usize| opt_flds.is_set(index);

    let sq_num = fields.optional(set(bit::SEQ_NUM), "SqNum", Data::as_u64)?;
    let time_of_entry =
        fields.optional(set(bit::TIME_STAMP), "TimeOfEntry", Data::as_binary_time)?;
    let dat_set = fields.optional(set(bit::DATA_SET), "DatSet", |data| {
        data.as_str().map(str::to_owned)
    })?;
    // A URCB has neither field whatever OptFlds says, and some servers echo the bits of the block in its reports.
    let buf_ovfl = fields.lenient(set(bit::BUF_OVFL), "BufOvfl", Data::as_bool, &mut oddities);
    let entry_id = fields.lenient(
        set(bit::ENTRY_ID),
        "EntryID",
        |data| data.as_octets().map(<[u8]>::to_vec),
        &mut oddities,
    );
    let conf_rev = fields.optional(set(bit::CONF_REV), "ConfRev", Data::as_u64)?;
    let sub_sq_num = fields.optional(set(bit::SEGMENTATION), "SubSqNum", Data::as_u64)?;
    let more_segments =
        fields.optional(set(bit::SEGMENTATION), "MoreSegmentsFollow", Data::as_bool)?;
    let inclusion = fields.take("Inclusion", |data| data.as_bits().cloned())?;
    let entries = entries(&mut fields, &opt_flds, &inclusion)?;
    Ok(Report {
        rpt_id,
        opt_flds,
        sq_num,
        time_of_entry,
        dat_set,
        buf_ovfl,
        entry_id,
        conf_rev,
        sub_sq_num,
        more_segments,
        inclusion,
        entries,
        oddities,
    })
}

fn entries(
    fields: &mut Fields<'_>,
    opt_flds: &BitString,
    inclusion: &BitString,
) -> Result<Vec<Entry>, NotAReport> {
    let members: Vec<usize> = inclusion
        .iter()
        .enumerate()
        .filter(|(_, included)| *included)
        .map(|(index, _)| index)
        .collect();
    let with_refs = opt_flds.is_set(bit::DATA_REF);
    let with_reasons = opt_flds.is_set(bit::REASON_CODE);
    let lists = 1 + usize::from(with_refs) + usize::from(with_reasons);
    let wanted = members.len().saturating_mul(lists);
    if fields.rest.len() != wanted {
        return Err(fields.malformed(format!(
            "{} members included, so {wanted} values, references and reasons are due after Inclusion, found {}",
            members.len(),
            fields.rest.len()
        )));
    }
    let mut entries: Vec<Entry> = Vec::with_capacity(members.len());
    let mut refs = Vec::new();
    if with_refs {
        for _ in &members {
            refs.push(fields.take("data reference", |data| data.as_str().map(str::to_owned))?);
        }
    }
    let mut refs = refs.into_iter();
    for member in members {
        let value = fields.next("value")?.clone();
        entries.push(Entry {
            member,
            value,
            data_ref: refs.next(),
            reason: None,
        });
    }
    if with_reasons {
        for entry in &mut entries {
            entry.reason = Some(fields.take("reason code", |data| data.as_bits().cloned())?);
        }
    }
    Ok(entries)
}

/// The fields that are left.
struct Fields<'a> {
    rest: &'a [AccessResult],
    at: usize,
    rpt_id: Option<String>,
}

impl<'a> Fields<'a> {
    fn next(&mut self, name: &str) -> Result<&'a AccessResult, NotAReport> {
        let Some((first, rest)) = self.rest.split_first() else {
            return Err(self.malformed(format!("it ends before {name}")));
        };
        self.rest = rest;
        self.at += 1;
        Ok(first)
    }

    fn take<T>(&mut self, name: &str, read: impl Fn(&Data) -> Option<T>) -> Result<T, NotAReport> {
        match self.next(name)? {
            Ok(data) => {
                let kind = data.kind();
                read(data).ok_or_else(|| {
                    self.malformed(format!("field {} should be {name}, found {kind}", self.at))
                })
            }
            Err(error) => Err(self.malformed(format!(
                "field {} should be {name}, found the error {error}",
                self.at
            ))),
        }
    }

    fn optional<T>(
        &mut self,
        announced: bool,
        name: &str,
        read: impl Fn(&Data) -> Option<T>,
    ) -> Result<Option<T>, NotAReport> {
        if announced {
            self.take(name, read).map(Some)
        } else {
            Ok(None)
        }
    }

    /// A field that may be missing although it is announced.
    fn lenient<T>(
        &mut self,
        announced: bool,
        name: &str,
        read: impl Fn(&Data) -> Option<T>,
        oddities: &mut Vec<String>,
    ) -> Option<T> {
        if !announced {
            return None;
        }
        let value = self
            .rest
            .first()
            .and_then(|field| field.as_ref().ok())
            .and_then(read);
        match value {
            Some(_) => {
                self.rest = self.rest.split_first().map_or(&[], |(_, rest)| rest);
                self.at += 1;
            }
            None => oddities.push(format!(
                "OptFlds announces {name}, and the field is not there"
            )),
        }
        value
    }

    fn malformed(&self, what: String) -> NotAReport {
        NotAReport::Malformed {
            rpt_id: self.rpt_id.clone(),
            what,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use iedassay_wire::mms::DataAccessError;

    pub(in crate::report) fn bits(text: &str) -> BitString {
        BitString::from_bits(text.chars().map(|c| c == '1'))
    }

    pub(in crate::report) fn information(fields: Vec<Data>) -> InformationReport {
        InformationReport {
            access: VariableAccess::VariableListName(ObjectName::Vmd("RPT".into())),
            results: fields.into_iter().map(Ok).collect(),
        }
    }

    fn text(text: &str) -> Data {
        Data::VisibleString(text.into())
    }

    /// All fields there are, two of three members included.
    fn full() -> Vec<Data> {
        vec![
            text("id"),
            Data::BitString(bits("0111111110")),
            Data::Unsigned(7),
            Data::BinaryTime(BinaryTime::from_octets(&[0, 0, 0, 1, 0, 2]).unwrap()),
            text("LD0/LLN0$ds"),
            Data::Boolean(false),
            Data::OctetString(vec![0, 0, 0, 0, 0, 0, 0, 9]),
            Data::Unsigned(3),
            Data::BitString(bits("101")),
            text("LD0/A"),
            text("LD0/C"),
            Data::Integer(1),
            Data::Integer(2),
            Data::BitString(bits("0100000")),
            Data::BitString(bits("0000010")),
        ]
    }

    #[test]
    fn takes_every_field_in_its_order() {
        let report = decode(&information(full())).unwrap();
        assert_eq!(
            (report.rpt_id.as_str(), report.sq_num, report.conf_rev),
            ("id", Some(7), Some(3))
        );
        assert_eq!(
            (report.buf_ovfl, report.dat_set.as_deref()),
            (Some(false), Some("LD0/LLN0$ds"))
        );
        let members: Vec<_> = report
            .entries
            .iter()
            .map(|e| (e.member, e.data_ref.as_deref().unwrap(), e.value.clone()))
            .collect();
        assert_eq!(
            members,
            [
                (0, "LD0/A", Ok(Data::Integer(1))),
                (2, "LD0/C", Ok(Data::Integer(2)))
            ]
        );
        assert_eq!(report.entries[1].reason, Some(bits("0000010")));
        assert!(report.oddities.is_empty());
    }

    #[test]
    fn a_urcb_may_echo_bits_without_their_fields() {
        let mut fields = full();
        fields.drain(5..7);
        let report = decode(&information(fields)).unwrap();
        assert_eq!(
            (report.buf_ovfl, report.entry_id.clone(), report.conf_rev),
            (None, None, Some(3))
        );
        assert_eq!(report.oddities.len(), 2);
    }

    #[test]
    fn what_does_not_add_up_is_malformed_and_says_where() {
        let mut short = full();
        short.pop();
        let error = decode(&information(short)).unwrap_err();
        assert!(error.to_string().contains("found 5"), "{error}");
        let mut wrong = full();
        wrong[2] = Data::Boolean(true);
        let error = decode(&information(wrong)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "malformed report `id`: field 3 should be SqNum, found boolean"
        );
        assert!(matches!(
            decode(&information(vec![])).unwrap_err(),
            NotAReport::Malformed { rpt_id: None, .. }
        ));
    }

    #[test]
    fn a_member_may_be_an_error() {
        let mut report = information(vec![
            text("id"),
            Data::BitString(bits("0000000000")),
            Data::BitString(bits("1")),
        ]);
        report.results.push(Err(DataAccessError(2)));
        assert_eq!(
            decode(&report).unwrap().entries[0].value,
            Err(DataAccessError(2))
        );
    }

    #[test]
    fn other_information_reports_are_not_reports() {
        let mut other = information(full());
        other.access = VariableAccess::VariableListName(ObjectName::Vmd("LastApplError".into()));
        assert_eq!(decode(&other), Err(NotAReport::Other));
    }
}
