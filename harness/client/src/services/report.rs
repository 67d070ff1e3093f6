//! Reports (IEC 61850-8-1, mapping of the report format).

use std::fmt;

use iedassay_model::tree::OptFlds;
use iedassay_model::value::ReasonCode;
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{
    AccessResult, AccessResultView, BinaryTime, Data, DataRef, DataView, InformationReportView,
    ResultIter,
};

/// A report, taken apart. A field that was not announced, or was announced and did not come, is
/// `None`.
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
    /// Fields that OptFlds announce and that did not come, as in a URCB that echoes the bits of a
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
    /// Why it is included, if that was asked for.
    pub reason: Option<ReasonCode>,
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
    /// Data references.
    DataRefs,
    /// Reason codes.
    Reasons,
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
            Self::DataRefs => "data reference",
            Self::Reasons => "ReasonCode",
        })
    }
}

/// Why an information report named `RPT` is no report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// It ends before a mandatory field.
    #[error("the report ends before {0}")]
    Missing(Field),
    /// A field has another type than the mapping says.
    #[error("{field} is {found}")]
    WrongType {
        /// Which field.
        field: Field,
        /// What came in its place.
        found: String,
    },
    /// There are not as many values as Inclusion and OptFlds ask for.
    #[error(
        "the report includes {included} members, so that {expected} values must follow, but {found} do"
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
    /// Takes a report apart. Surplus bits of OptFlds and Inclusion are tolerated, and so is an
    /// announced field that did not come, if the rest still makes sense.
    ///
    /// # Errors
    /// When the fields do not make a report.
    pub fn parse(view: &InformationReportView<'_>) -> Result<Self, ReportError> {
        Fields {
            results: view.results.iter(),
            next: None,
            absent: Vec::new(),
        }
        .report()
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
    absent: Vec<Field>,
}

impl<'a> Fields<'a> {
    fn report(mut self) -> Result<Report, ReportError> {
        let rpt_id = self.mandatory(Field::RptId, text)?;
        let bits = self.mandatory(Field::OptFlds, bit_string)?;
        let announced = OptFlds::from_bits(&bits);
        let sq_num = self.optional(announced.seq_num, Field::SqNum, number);
        let time_of_entry = self.optional(announced.time_stamp, Field::TimeOfEntry, binary_time);
        let dat_set = self.optional(announced.data_set, Field::DatSet, text);
        let buf_ovfl = self.optional(announced.buf_ovfl, Field::BufOvfl, boolean);
        let entry_id = self.optional(announced.entry_id, Field::EntryId, octets);
        let conf_rev = self.optional(announced.conf_rev, Field::ConfRev, number);
        let sub_sq_num = self.optional(announced.segmentation, Field::SubSqNum, number);
        let more_segments = self.optional(announced.segmentation, Field::MoreSegments, boolean);
        let inclusion = self.mandatory(Field::Inclusion, bit_string)?;
        let members: Vec<usize> = inclusion
            .iter()
            .enumerate()
            .filter(|(_, set)| *set)
            .map(|(member, _)| member)
            .collect();
        let entries = self.entries(&members, announced)?;
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
            absent: self.absent,
        })
    }

    fn peek(&mut self) -> Option<&AccessResultView<'a>> {
        if self.next.is_none() {
            self.next = self.results.next();
        }
        self.next.as_ref()
    }

    fn mandatory<T>(
        &mut self,
        field: Field,
        read: impl Fn(&DataView<'a>) -> Option<T>,
    ) -> Result<T, ReportError> {
        let result = match self.peek() {
            None => return Err(ReportError::Missing(field)),
            Some(Ok(value)) => read(value).ok_or_else(|| ReportError::WrongType {
                field,
                found: value.to_data().kind().to_owned(),
            }),
            Some(Err(error)) => Err(ReportError::WrongType {
                field,
                found: format!("failure {error}"),
            }),
        };
        self.next = None;
        result
    }

    /// The next value if the field is announced and the value is of its type. The types of
    /// neighbouring fields differ, so that an absent one can be told.
    fn optional<T>(
        &mut self,
        announced: bool,
        field: Field,
        read: impl Fn(&DataView<'a>) -> Option<T>,
    ) -> Option<T> {
        if !announced {
            return None;
        }
        let value = self
            .peek()
            .and_then(|result| result.as_ref().ok())
            .and_then(read);
        match value {
            Some(_) => self.next = None,
            None => self.absent.push(field),
        }
        value
    }

    fn entries(
        &mut self,
        members: &[usize],
        announced: OptFlds,
    ) -> Result<Vec<Entry>, ReportError> {
        let included = members.len();
        let rest: Vec<AccessResultView<'a>> = self
            .next
            .take()
            .into_iter()
            .chain(self.results.by_ref())
            .collect();
        let parts = 1 + usize::from(announced.data_ref) + usize::from(announced.reason_code);
        let expected = included.saturating_mul(parts);
        if rest.len() != expected {
            return Err(ReportError::WrongCount {
                included,
                expected,
                found: rest.len(),
            });
        }
        let mut rest = rest.into_iter();
        let mut references = Vec::new();
        if announced.data_ref {
            references = typed(rest.by_ref().take(included), Field::DataRefs, text)?;
        }
        let values: Vec<AccessResult> = rest
            .by_ref()
            .take(included)
            .map(|result| result.map(|value| value.to_data()))
            .collect();
        let reasons = if announced.reason_code {
            typed(rest, Field::Reasons, |value| {
                bit_string(value).map(|bits| ReasonCode::from_bits(&bits))
            })?
        } else {
            Vec::new()
        };
        let mut references = references.into_iter();
        let mut reasons = reasons.into_iter();
        Ok(members
            .iter()
            .zip(values)
            .map(|(&member, value)| Entry {
                member,
                reference: references.next(),
                value,
                reason: reasons.next(),
            })
            .collect())
    }
}

fn typed<'a, T>(
    results: impl Iterator<Item = AccessResultView<'a>>,
    field: Field,
    read: impl Fn(&DataView<'a>) -> Option<T>,
) -> Result<Vec<T>, ReportError> {
    results
        .map(|result| {
            let wrong = |found| ReportError::WrongType { field, found };
            let value = result.map_err(|error| wrong(format!("failure {error}")))?;
            read(&value).ok_or_else(|| wrong(value.to_data().kind().to_owned()))
        })
        .collect()
}

fn text(value: &DataView<'_>) -> Option<String> {
    match value.get() {
        DataRef::VisibleString(text) | DataRef::MmsString(text) => Some(text.into()),
        _ => None,
    }
}

fn bit_string(value: &DataView<'_>) -> Option<BitString> {
    match value.get() {
        DataRef::BitString(bits) => Some(bits.to_bit_string()),
        _ => None,
    }
}

fn number(value: &DataView<'_>) -> Option<u64> {
    match value.get() {
        DataRef::Unsigned(number) => Some(number),
        // Some stacks send counters as signed numbers.
        DataRef::Integer(number) => u64::try_from(number).ok(),
        _ => None,
    }
}

fn boolean(value: &DataView<'_>) -> Option<bool> {
    match value.get() {
        DataRef::Boolean(value) => Some(value),
        _ => None,
    }
}

fn octets(value: &DataView<'_>) -> Option<Vec<u8>> {
    match value.get() {
        DataRef::OctetString(octets) => Some(octets.to_vec()),
        _ => None,
    }
}

fn binary_time(value: &DataView<'_>) -> Option<BinaryTime> {
    match value.get() {
        DataRef::BinaryTime(time) => Some(time),
        _ => None,
    }
}

/// The values of a report by themselves, for those who compare with a read of the data set.
impl Report {
    /// The values of the included members in order.
    pub fn values(&self) -> impl Iterator<Item = &Data> {
        self.entries
            .iter()
            .filter_map(|entry| entry.value.as_ref().ok())
    }
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
        assert!(report.entry(1).unwrap().reason.unwrap().dchg);
        assert_eq!(
            report.entry(3).unwrap().value,
            Err(DataAccessError::TEMPORARILY_UNAVAILABLE)
        );
        assert!(report.entry(3).unwrap().reason.unwrap().gi);
        assert_eq!(report.values().count(), 1);
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
    fn tells_what_is_inconsistent() {
        assert_eq!(parse(vec![]), Err(ReportError::Missing(Field::RptId)));
        assert_eq!(
            parse(vec![visible("id"), bits("0")]),
            Err(ReportError::Missing(Field::Inclusion))
        );
        let wrong = parse(vec![flag(true)]).unwrap_err();
        assert_eq!(
            wrong,
            ReportError::WrongType {
                field: Field::RptId,
                found: "boolean".into()
            }
        );
        let short = parse(vec![visible("id"), bits("0"), bits("11"), flag(true)]).unwrap_err();
        assert_eq!(
            short,
            ReportError::WrongCount {
                included: 2,
                expected: 2,
                found: 1
            }
        );
        let mut reasons = full();
        reasons[16] = number(1);
        assert_eq!(
            parse(reasons),
            Err(ReportError::WrongType {
                field: Field::Reasons,
                found: "unsigned".into()
            })
        );
    }

    #[test]
    fn every_cut_is_an_error_or_a_report() {
        for cut in 0..full().len() {
            assert!(parse(full()[..cut].to_vec()).is_err(), "cut at {cut}");
        }
    }
}
