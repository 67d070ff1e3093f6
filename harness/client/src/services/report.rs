//! Reports (IEC 61850-8-1, mapping of the report format).

use std::fmt;

use iedassay_model::tree::OptFlds;
use iedassay_model::value::ReasonCode;
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{
    AccessResult, AccessResultView, BinaryTime, Data, InformationReportView, ResultIter,
};

/// A report, taken apart. A field that was not announced is `None`, and so is one of [`absent`](Self::absent).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// RptID.
    pub rpt_id: String,
    /// OptFlds as they came, with surplus bits.
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
    /// SubSqNum of a segment.
    pub sub_sq_num: Option<u64>,
    /// MoreSegmentsFollow of a segment.
    pub more_segments: Option<bool>,
    /// Inclusion: one bit for each member of the data set.
    pub inclusion: BitString,
    /// The included members in order.
    pub entries: Vec<Entry>,
    /// BufOvfl and EntryID where OptFlds announce them and they did not come, as in a URCB that echoes the bits of a
    /// BRCB.
    pub absent: Vec<Field>,
}

/// A member of the data set that a report includes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the data set; the first is 0.
    pub member: usize,
    /// Data reference, if they were asked for.
    pub reference: Option<String>,
    /// Its value, or why there is none.
    pub value: AccessResult,
    /// Why it is included, if that was asked for; as it came, with surplus bits.
    pub reason: Option<BitString>,
}

impl Entry {
    /// Why it is included, if that was asked for.
    #[must_use]
    pub fn reason_code(&self) -> Option<ReasonCode> {
        self.reason.as_ref().map(ReasonCode::from_bits)
    }
}

/// A field of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// RptID.
    RptId,
    /// OptFlds.
    OptFlds,
    /// SqNum.
    SqNum,
    /// TimeOfEntry.
    TimeOfEntry,
    /// DatSet.
    DatSet,
    /// BufOvfl.
    BufOvfl,
    /// EntryID.
    EntryId,
    /// ConfRev.
    ConfRev,
    /// SubSqNum.
    SubSqNum,
    /// MoreSegmentsFollow.
    MoreSegments,
    /// Inclusion.
    Inclusion,
    /// A data reference.
    DataRef,
    /// The value of a member.
    Value,
    /// A reason code.
    Reason,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RptId => "RptID",
            Self::OptFlds => "OptFlds",
            Self::SqNum => "SqNum",
            Self::TimeOfEntry => "TimeOfEntry",
            Self::DatSet => "DatSet",
            Self::BufOvfl => "BufOvfl",
            Self::EntryId => "EntryID",
            Self::ConfRev => "ConfRev",
            Self::SubSqNum => "SubSqNum",
            Self::MoreSegments => "MoreSegmentsFollow",
            Self::Inclusion => "Inclusion",
            Self::DataRef => "data reference",
            Self::Value => "value",
            Self::Reason => "reason code",
        })
    }
}

/// Why an information report named `RPT` is no well-formed report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed report{}: {fault}", .rpt_id.as_ref().map(|id| format!(" `{id}`")).unwrap_or_default())]
pub struct ReportError {
    /// RptID, when it could be read.
    pub rpt_id: Option<String>,
    /// What is wrong.
    pub fault: ReportFault,
}

/// What is wrong with a report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportFault {
    /// It ends before a field that is due.
    #[error("it ends before {0}")]
    Missing(Field),
    /// A field has another type than the mapping says.
    #[error("field {at} should be {field}, found {found}")]
    WrongType {
        /// Its place in the report; the first is 1.
        at: usize,
        /// Which field is due there.
        field: Field,
        /// What came in its place.
        found: String,
    },
    /// There are not as many values as Inclusion and OptFlds ask for.
    #[error(
        "{included} members included, so {expected} values, references and reasons are due after Inclusion, found {found}"
    )]
    WrongCount {
        /// Members included.
        included: usize,
        /// Results that must follow Inclusion.
        expected: usize,
        /// Results that do.
        found: usize,
    },
}

impl Report {
    /// Takes a report apart. Surplus bits of OptFlds and Inclusion are tolerated, and BufOvfl and EntryID may be
    /// announced without being there: a URCB has neither, and some servers echo the bits of the block in its reports.
    ///
    /// # Errors
    /// When the fields are not those that OptFlds and Inclusion announce.
    pub fn parse(view: &InformationReportView<'_>) -> Result<Self, ReportError> {
        let mut fields = Fields {
            results: view.results.iter(),
            next: None,
            at: 0,
        };
        let mut rpt_id = None;
        let report = fields.report(&mut rpt_id);
        report.map_err(|fault| ReportError { rpt_id, fault })
    }

    /// The optional fields announced.
    #[must_use]
    pub fn announced(&self) -> OptFlds {
        OptFlds::from_bits(&self.opt_flds)
    }

    /// The entry of a member, if the report includes it.
    #[must_use]
    pub fn entry(&self, member: usize) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.member == member)
    }
}

/// Walks over the results of a report.
struct Fields<'a> {
    results: ResultIter<'a>,
    next: Option<AccessResultView<'a>>,
    /// How many were taken.
    at: usize,
}

impl<'a> Fields<'a> {
    fn report(&mut self, known_id: &mut Option<String>) -> Result<Report, ReportFault> {
        let rpt_id = self.take(Field::RptId, text)?;
        *known_id = Some(rpt_id.clone());
        let bits = self.take(Field::OptFlds, bit_string)?;
        let announced = OptFlds::from_bits(&bits);
        let mut absent = Vec::new();
        let sq_num = self.optional(announced.seq_num, Field::SqNum, number)?;
        let time_of_entry = self.optional(announced.time_stamp, Field::TimeOfEntry, binary_time)?;
        let dat_set = self.optional(announced.data_set, Field::DatSet, text)?;
        let buf_ovfl = self.lenient(announced.buf_ovfl, Field::BufOvfl, boolean, &mut absent);
        let entry_id = self.lenient(announced.entry_id, Field::EntryId, octets, &mut absent);
        let conf_rev = self.optional(announced.conf_rev, Field::ConfRev, number)?;
        let sub_sq_num = self.optional(announced.segmentation, Field::SubSqNum, number)?;
        let more_segments = self.optional(announced.segmentation, Field::MoreSegments, boolean)?;
        let inclusion = self.take(Field::Inclusion, bit_string)?;
        let entries = self.entries(&inclusion, announced)?;
        Ok(Report {
            rpt_id,
            opt_flds: bits,
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
            absent,
        })
    }

    fn entries(
        &mut self,
        inclusion: &BitString,
        announced: OptFlds,
    ) -> Result<Vec<Entry>, ReportFault> {
        let members: Vec<usize> = inclusion
            .iter()
            .enumerate()
            .filter_map(|(member, included)| included.then_some(member))
            .collect();
        let (included, found) = (members.len(), self.results.clone().count());
        let parts = 1 + usize::from(announced.data_ref) + usize::from(announced.reason_code);
        let expected = included.saturating_mul(parts);
        let found = found + usize::from(self.next.is_some());
        if found != expected {
            return Err(ReportFault::WrongCount {
                included,
                expected,
                found,
            });
        }
        let mut references = Vec::new();
        if announced.data_ref {
            for _ in 0..included {
                references.push(self.take(Field::DataRef, text)?);
            }
        }
        let mut references = references.into_iter();
        let mut entries = Vec::with_capacity(included);
        for member in members {
            let value = self.result(Field::Value)?.map(|value| value.to_data());
            entries.push(Entry {
                member,
                reference: references.next(),
                value,
                reason: None,
            });
        }
        if announced.reason_code {
            for entry in &mut entries {
                entry.reason = Some(self.take(Field::Reason, bit_string)?);
            }
        }
        Ok(entries)
    }

    fn peek(&mut self) -> Option<AccessResultView<'a>> {
        if self.next.is_none() {
            self.next = self.results.next();
        }
        self.next
    }

    fn result(&mut self, field: Field) -> Result<AccessResultView<'a>, ReportFault> {
        let result = self.peek().ok_or(ReportFault::Missing(field))?;
        self.next = None;
        self.at += 1;
        Ok(result)
    }

    /// The next field, which must be there.
    fn take<T>(&mut self, field: Field, read: fn(Data) -> Option<T>) -> Result<T, ReportFault> {
        let result = self.result(field)?.map(|value| value.to_data());
        let wrong = |found| ReportFault::WrongType {
            at: self.at,
            field,
            found,
        };
        let data = result.map_err(|error| wrong(format!("the error {error}")))?;
        let kind = data.kind();
        read(data).ok_or_else(|| wrong(kind.to_owned()))
    }

    /// The next field, if it is announced.
    fn optional<T>(
        &mut self,
        announced: bool,
        field: Field,
        read: fn(Data) -> Option<T>,
    ) -> Result<Option<T>, ReportFault> {
        if announced {
            self.take(field, read).map(Some)
        } else {
            Ok(None)
        }
    }

    /// The next field, if it is announced and of its type. The types of neighbouring fields differ, so that an absent
    /// one can be told.
    fn lenient<T>(
        &mut self,
        announced: bool,
        field: Field,
        read: fn(Data) -> Option<T>,
        absent: &mut Vec<Field>,
    ) -> Option<T> {
        if !announced {
            return None;
        }
        let value = self
            .peek()
            .and_then(Result::ok)
            .and_then(|value| read(value.to_data()));
        match value {
            Some(_) => {
                self.next = None;
                self.at += 1;
            }
            None => absent.push(field),
        }
        value
    }
}

fn text(value: Data) -> Option<String> {
    match value {
        Data::VisibleString(text) | Data::MmsString(text) | Data::GeneralizedTime(text) => {
            Some(text)
        }
        _ => None,
    }
}

fn bit_string(value: Data) -> Option<BitString> {
    match value {
        Data::BitString(bits) => Some(bits),
        _ => None,
    }
}

/// Some stacks send counters as signed numbers.
fn number(value: Data) -> Option<u64> {
    value.as_u64()
}

fn boolean(value: Data) -> Option<bool> {
    value.as_bool()
}

fn octets(value: Data) -> Option<Vec<u8>> {
    match value {
        Data::OctetString(octets) => Some(octets),
        _ => None,
    }
}

fn binary_time(value: Data) -> Option<BinaryTime> {
    value.as_binary_time()
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_wire::mms::{
        DataAccessError, InformationReport, ObjectName, Pdu, Unconfirmed, VariableAccess,
    };

    fn parse(results: Vec<AccessResult>) -> Result<Report, ReportError> {
        let access = VariableAccess::VariableListName(ObjectName::Vmd("RPT".into()));
        let report = InformationReport { access, results };
        let octets = Pdu::Unconfirmed(Unconfirmed::InformationReport(report)).encode();
        Report::parse(&InformationReportView::decode(&octets).unwrap().unwrap())
    }

    fn bits(text: &str) -> AccessResult {
        Ok(Data::BitString(BitString::from_bits(
            text.bytes().map(|bit| bit == b'1'),
        )))
    }

    fn visible(text: &str) -> AccessResult {
        Ok(Data::VisibleString(text.into()))
    }

    fn number(value: u64) -> AccessResult {
        Ok(Data::Unsigned(value))
    }

    fn flag(value: bool) -> AccessResult {
        Ok(Data::Boolean(value))
    }

    fn full() -> Vec<AccessResult> {
        let time = BinaryTime::DateTime { millis: 1, days: 2 };
        vec![
            visible("id"),
            bits("0111111111"),
            number(7),
            Ok(Data::BinaryTime(time)),
            visible("LD/LLN0$ds"),
            flag(true),
            Ok(Data::OctetString(vec![1; 8])),
            number(3),
            number(0),
            flag(false),
            bits("0101"),
            visible("LD/A"),
            visible("LD/B"),
            flag(true),
            Err(DataAccessError::TEMPORARILY_UNAVAILABLE),
            bits("0100000"),
            bits("000001"),
        ]
    }

    #[test]
    fn takes_every_field_in_order() {
        let report = parse(full()).unwrap();
        assert_eq!(
            (report.rpt_id.as_str(), report.sq_num, report.conf_rev),
            ("id", Some(7), Some(3))
        );
        assert_eq!(
            (report.sub_sq_num, report.more_segments),
            (Some(0), Some(false))
        );
        assert_eq!(
            (report.buf_ovfl, report.entry_id.as_deref()),
            (Some(true), Some(&[1; 8][..]))
        );
        assert_eq!(report.dat_set.as_deref(), Some("LD/LLN0$ds"));
        assert!(report.absent.is_empty());
        let members: Vec<usize> = report.entries.iter().map(|entry| entry.member).collect();
        assert_eq!(members, [1, 3]);
        assert_eq!(report.entry(1).unwrap().reference.as_deref(), Some("LD/A"));
        assert!(report.entry(1).unwrap().reason_code().unwrap().dchg);
        assert_eq!(
            report.entry(3).unwrap().value,
            Err(DataAccessError::TEMPORARILY_UNAVAILABLE)
        );
        assert!(report.entry(3).unwrap().reason_code().unwrap().gi);
    }

    #[test]
    fn tells_announced_fields_that_did_not_come() {
        // A URCB that echoes the bits of bufOvfl and entryID but sends neither.
        let report = parse(vec![
            visible("id"),
            bits("0000001110"),
            number(3),
            bits("1"),
            flag(true),
        ])
        .unwrap();
        assert_eq!(report.absent, [Field::BufOvfl, Field::EntryId]);
        assert_eq!(report.conf_rev, Some(3));
        assert_eq!(report.entries.len(), 1);
    }

    #[test]
    fn tolerates_surplus_bits() {
        let report = parse(vec![
            visible(""),
            bits("000000000111"),
            number(1),
            flag(true),
            bits("0"),
        ]);
        assert_eq!(report.unwrap().more_segments, Some(true));
    }

    #[test]
    fn what_does_not_add_up_is_malformed_and_says_where() {
        let wrong = |fields| parse(fields).unwrap_err().to_string();
        assert_eq!(wrong(vec![]), "malformed report: it ends before RptID");
        assert_eq!(
            wrong(vec![visible("id"), bits("0")]),
            "malformed report `id`: it ends before Inclusion"
        );
        assert_eq!(
            wrong(vec![flag(true)]),
            "malformed report: field 1 should be RptID, found boolean"
        );
        let mut fields = full();
        fields[2] = flag(true);
        assert_eq!(
            wrong(fields),
            "malformed report `id`: field 3 should be SqNum, found boolean"
        );
        let mut fields = full();
        fields[7] = Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
        assert_eq!(
            wrong(fields),
            "malformed report `id`: field 8 should be ConfRev, found the error temporarily-unavailable(2)"
        );
        let short = parse(vec![visible("id"), bits("0"), bits("11"), flag(true)]).unwrap_err();
        assert_eq!(
            short.fault,
            ReportFault::WrongCount {
                included: 2,
                expected: 2,
                found: 1
            }
        );
        let mut fields = full();
        fields[16] = number(1);
        assert_eq!(
            wrong(fields),
            "malformed report `id`: field 17 should be reason code, found unsigned"
        );
    }

    #[test]
    fn announced_fields_of_every_block_must_come() {
        let full = full();
        // SqNum, TimeOfEntry, DatSet, ConfRev, SubSqNum, MoreSegmentsFollow.
        for at in [2, 3, 4, 7, 8, 9] {
            let mut fields = full.clone();
            drop(fields.remove(at));
            assert!(parse(fields).is_err(), "without field {at}");
        }
    }

    #[test]
    fn every_cut_is_an_error_or_a_report() {
        for cut in 0..full().len() {
            assert!(parse(full()[..cut].to_vec()).is_err(), "cut at {cut}");
        }
    }
}
