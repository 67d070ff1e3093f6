//! From a report to the PDUs that carry it (IEC 61850-8-1, report format and segmentation).

use iedassay_wire::{
    ber::BitString,
    mms::{
        AccessResult, BinaryTime, Data, InformationReport, ObjectName, Pdu, Unconfirmed,
        VariableAccess,
    },
};

use super::{EntryId, Included, MemberSet, OptFlds, Settings, Time, Triggers, engine::Report};
use crate::{Fault, FaultSet};

/// Everything about a block that its reports show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header<'a> {
    pub(crate) buffered: bool,
    /// As configured or written; empty means the reference.
    pub(crate) rpt_id: &'a str,
    /// `LD/LN$RP$name`.
    pub(crate) reference: &'a str,
    pub(crate) settings: &'a Settings,
    pub(crate) members: &'a MemberSet,
    /// 6 bits in Edition 1, 7 since Edition 2.
    pub(crate) reason_bits: usize,
    pub(crate) max_pdu: usize,
    pub(crate) faults: &'a FaultSet,
}

/// Most segments that an endless report may have, so that the fault does no more harm than it should.
const ENDLESS: u16 = 500;

impl Header<'_> {
    /// The PDUs of a report: one, or segments when it is larger than the negotiated PDU. Empty when not even one member fits.
    /// `renumber` gives the number of a further segment when the numbers of segments differ.
    pub(crate) fn encode(
        &self,
        report: &Report,
        mut renumber: impl FnMut() -> u16,
    ) -> Vec<Vec<u8>> {
        let included = report.entry.included.as_slice();
        let whole = self.pdu(report, report.sq_num, included, None);
        if whole.len() <= self.max_pdu || self.faults.has(Fault::ReportNotSegmented) {
            return vec![whole];
        }
        let Some(parts) = self.split(report, included) else {
            if self.faults.has(Fault::TinyPduReportLoop) {
                return (0..ENDLESS)
                    .map(|number| self.pdu(report, report.sq_num, &[], Some((number, true))))
                    .collect();
            }
            return Vec::new();
        };
        let last = parts.len().saturating_sub(1);
        let more_after_last = self.faults.has(Fault::LastSegmentSaysMore);
        let renumbered = self.faults.has(Fault::SegmentsCountSqNum);
        parts
            .into_iter()
            .enumerate()
            .map(|(at, part)| {
                let sub = u16::try_from(at).unwrap_or(u16::MAX);
                let number = if renumbered && at > 0 {
                    renumber()
                } else {
                    report.sq_num
                };
                self.pdu(
                    report,
                    number,
                    part,
                    Some((sub, at < last || more_after_last)),
                )
            })
            .collect()
    }

    /// Splits members into parts that fit one PDU each; none when one member alone does not fit.
    fn split<'m>(&self, report: &Report, included: &'m [Included]) -> Option<Vec<&'m [Included]>> {
        let empty = self
            .pdu(report, report.sq_num, &[], Some((u16::MAX, true)))
            .len();
        // Lengths of the PDU, of its service and of its list may grow to three octets each.
        let room = self.max_pdu.checked_sub(empty + 6)?;
        let mut parts = Vec::new();
        let (mut begin, mut used) = (0, 0);
        for (at, one) in included.iter().enumerate() {
            let size = self.size(one);
            if size > room {
                return None;
            }
            if used + size > room {
                parts.push(included.get(begin..at)?);
                (begin, used) = (at, 0);
            }
            used += size;
        }
        parts.push(included.get(begin..)?);
        Some(parts)
    }

    /// Octets that a member takes in a report.
    fn size(&self, included: &Included) -> usize {
        let mut size = self.shown(included).encode().len();
        if self.opt_flds(false).contains(OptFlds::DATA_REF) {
            size += Data::VisibleString(self.data_ref(included.member))
                .encode()
                .len();
        }
        if self.opt_flds(false).contains(OptFlds::REASON_CODE) {
            size += 4;
        }
        size
    }

    fn pdu(
        &self,
        report: &Report,
        sq_num: u16,
        included: &[Included],
        segment: Option<(u16, bool)>,
    ) -> Vec<u8> {
        let results: Vec<AccessResult> = self
            .fields(report, sq_num, included, segment)
            .into_iter()
            .map(Ok)
            .collect();
        Pdu::Unconfirmed(Unconfirmed::InformationReport(InformationReport {
            access: VariableAccess::VariableListName(ObjectName::Vmd("RPT".to_owned())),
            results,
        }))
        .encode()
    }

    /// The optional fields that a report has.
    fn opt_flds(&self, segmented: bool) -> OptFlds {
        let mut opt_flds = self.settings.opt_flds;
        if !self.buffered {
            opt_flds = opt_flds
                .without(OptFlds::BUF_OVFL)
                .without(OptFlds::ENTRY_ID);
            if self.faults.has(Fault::UrcbBufOvfl) {
                opt_flds = opt_flds.union(OptFlds::BUF_OVFL);
            }
            if self.faults.has(Fault::UrcbEntryId) {
                opt_flds = opt_flds.union(OptFlds::ENTRY_ID);
            }
        } else if self.faults.has(Fault::BufOvflOmitted) {
            opt_flds = opt_flds.without(OptFlds::BUF_OVFL);
        } else if self.faults.has(Fault::EntryIdOmitted) {
            opt_flds = opt_flds.without(OptFlds::ENTRY_ID);
        }
        if segmented {
            opt_flds.union(OptFlds::SEGMENTATION)
        } else {
            opt_flds
        }
    }

    /// The fields of a report, in order.
    fn fields(
        &self,
        report: &Report,
        sq_num: u16,
        included: &[Included],
        segment: Option<(u16, bool)>,
    ) -> Vec<Data> {
        let opt_flds = self.opt_flds(segment.is_some());
        let has = |field| opt_flds.contains(field);
        let text = |text: &str| Data::VisibleString(text.to_owned());
        let entry = &report.entry;

        let rpt_id = if self.rpt_id.is_empty() && !self.faults.has(Fault::EmptyRptIdReported) {
            self.reference
        } else {
            self.rpt_id
        };
        let mut fields = vec![text(rpt_id), Data::BitString(opt_flds.to_bits())];
        let conf_rev = Data::Unsigned(u64::from(self.settings.conf_rev));
        let early = self.faults.has(Fault::ReportFieldsOutOfOrder);
        if has(OptFlds::SEQ_NUM) || self.faults.has(Fault::SeqNumUnasked) {
            fields.push(Data::Unsigned(u64::from(sq_num)));
        }
        if has(OptFlds::TIME_STAMP) {
            fields.push(self.entry_time(entry.time));
        }
        if has(OptFlds::CONF_REV) && early {
            fields.push(conf_rev.clone());
        }
        if has(OptFlds::DATA_SET) {
            fields.push(text(self.dat_set()));
        }
        if has(OptFlds::BUF_OVFL) {
            fields.push(Data::Boolean(report.buf_ovfl));
        }
        if has(OptFlds::ENTRY_ID) {
            fields.push(self.entry_id(entry.id, segment));
        }
        if has(OptFlds::CONF_REV) && !early {
            fields.push(conf_rev);
        }
        match segment {
            Some((number, more)) => {
                let first = u64::from(self.faults.has(Fault::SubSqNumFromOne));
                fields.push(Data::Unsigned(u64::from(number) + first));
                fields.push(Data::Boolean(more));
            }
            // The bit can only be there because a client set it and the block kept it.
            None if has(OptFlds::SEGMENTATION) => {
                fields.push(Data::Unsigned(0));
                fields.push(Data::Boolean(true));
            }
            None => {}
        }
        fields.push(Data::BitString(self.inclusion(
            entry.members,
            included,
            segment.is_some(),
        )));
        if has(OptFlds::DATA_REF) {
            fields.extend(
                included
                    .iter()
                    .map(|one| Data::VisibleString(self.data_ref(one.member))),
            );
        }
        fields.extend(included.iter().map(|one| self.shown(one)));
        if has(OptFlds::REASON_CODE) && !self.faults.has(Fault::ReasonCodeOmitted) {
            fields.extend(included.iter().map(|one| Data::BitString(self.reason(one))));
        }
        fields
    }

    fn entry_id(&self, id: EntryId, segment: Option<(u16, bool)>) -> Data {
        if self.faults.has(Fault::ReportedEntryIdZero) {
            return EntryId::NONE.to_data();
        }
        match segment {
            Some((number, _)) if self.faults.has(Fault::SegmentsCountEntryId) => {
                EntryId(id.0.saturating_add(u64::from(number))).to_data()
            }
            _ if self.faults.has(Fault::ReportedEntryIdShort) => {
                Data::OctetString(id.0.to_be_bytes().into_iter().skip(4).collect())
            }
            _ => id.to_data(),
        }
    }

    fn inclusion(&self, members: usize, included: &[Included], segmented: bool) -> BitString {
        if segmented && self.faults.has(Fault::SegmentInclusionShort) {
            return included.iter().map(|_| true).collect();
        }
        let mut bits = BitString::zeros(members);
        for one in included {
            bits.set(one.member, true);
        }
        if self.faults.has(Fault::InclusionReversed) {
            let reversed: Vec<bool> = bits.iter().collect();
            return reversed.into_iter().rev().collect();
        }
        bits
    }

    fn reason(&self, included: &Included) -> BitString {
        let reasons = if self.faults.has(Fault::ReasonAlwaysDchg) {
            Triggers::DCHG
        } else {
            included.reasons
        };
        reasons.to_bits(self.reason_bits)
    }

    fn dat_set(&self) -> &str {
        let whole = self.settings.dat_set.as_str();
        if self.faults.has(Fault::ReportDataSetBare) {
            return whole.rsplit('$').next().unwrap_or(whole);
        }
        whole
    }

    fn data_ref(&self, member: usize) -> String {
        let reference = self
            .members
            .members
            .get(member)
            .map_or("", |member| member.reference.as_str());
        if self.faults.has(Fault::DataRefDotted) {
            // `LD/LN$FC$DO$DA` becomes `LD/LN.DO.DA[FC]`.
            let mut parts = reference.split('$');
            let (ln, fc) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            let path: Vec<&str> = core::iter::once(ln).chain(parts).collect();
            return format!("{}[{fc}]", path.join("."));
        }
        reference.to_owned()
    }

    /// The value as it goes into the report.
    fn shown(&self, included: &Included) -> Data {
        match &included.value {
            Data::Structure(components) if self.faults.has(Fault::ObjectMemberPartial) => {
                components
                    .first()
                    .cloned()
                    .unwrap_or_else(|| included.value.clone())
            }
            value => value.clone(),
        }
    }

    fn entry_time(&self, time: Time) -> Data {
        let time = if self.faults.has(Fault::EntryTimeFrom1970) {
            time.saturating_add(Time::from_secs(BinaryTime::EPOCH_1984))
        } else {
            time
        };
        Data::BinaryTime(BinaryTime::from_since_epoch(time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Entry, EntryKind, Member};
    use iedassay_model::tree::NodeId;

    fn node() -> NodeId {
        let model = iedassay_model::tree::ServerModel::new(
            "T",
            iedassay_model::tree::Edition::Ed2,
            iedassay_model::services::Services::default(),
            vec![iedassay_model::tree::LogicalDevice {
                name: "TLD".into(),
                inst: "LD".into(),
                logical_nodes: vec![iedassay_model::tree::LogicalNode {
                    name: "LLN0".into(),
                    ..Default::default()
                }],
            }],
        )
        .unwrap();
        model.resolve("TLD", "LLN0").unwrap().id()
    }

    fn members(count: usize) -> MemberSet {
        let members = (0..count)
            .map(|at| Member {
                node: node(),
                selection: Vec::new(),
                reference: format!("TLD/GGIO1$ST$Ind{at}"),
            })
            .collect();
        MemberSet {
            members,
            ..MemberSet::default()
        }
    }

    fn settings(opt_flds: OptFlds) -> Settings {
        Settings {
            rpt_id: "id".into(),
            dat_set: "TLD/LLN0$ds".into(),
            conf_rev: 7,
            opt_flds,
            ..Settings::default()
        }
    }

    fn report(count: usize, octets: usize) -> Report {
        Report {
            sq_num: 3,
            buf_ovfl: false,
            first_time: true,
            entry: Entry {
                id: EntryId(9),
                time: Time::from_secs(1_700_000_000),
                kind: EntryKind::Gi,
                members: count,
                included: (0..count)
                    .map(|member| Included {
                        member,
                        value: Data::OctetString(vec![0xaa; octets]),
                        reasons: Triggers::GI,
                    })
                    .collect(),
            },
        }
    }

    fn header<'a>(
        settings: &'a Settings,
        members: &'a MemberSet,
        max_pdu: usize,
        faults: &'a FaultSet,
    ) -> Header<'a> {
        Header {
            buffered: true,
            rpt_id: &settings.rpt_id,
            reference: "TLD/LLN0$BR$b",
            settings,
            members,
            reason_bits: 7,
            max_pdu,
            faults,
        }
    }

    fn every() -> OptFlds {
        OptFlds(OptFlds::SETTABLE)
    }

    #[test]
    fn fields_stand_in_their_order() {
        let (settings, members, none) = (settings(every()), members(2), FaultSet::none());
        let fields = header(&settings, &members, 65_000, &none).fields(
            &report(2, 1),
            3,
            &report(2, 1).entry.included[1..],
            None,
        );
        let text: Vec<String> = fields.iter().map(ToString::to_string).collect();
        assert_eq!(
            text,
            [
                "'id'",
                "0b0111111110",
                "3u",
                "2023-11-14T22:13:20.000",
                "'TLD/LLN0$ds'",
                "false",
                "0x0000000000000009",
                "7u",
                "0b01",
                "'TLD/GGIO1$ST$Ind1'",
                "0xaa",
                "0b0000010",
            ]
        );
    }

    #[test]
    fn an_unbuffered_report_has_neither_overflow_nor_entry_identifier() {
        let (settings, members, none) = (settings(every()), members(1), FaultSet::none());
        let header = Header {
            buffered: false,
            ..header(&settings, &members, 65_000, &none)
        };
        let fields = header.fields(&report(1, 1), 3, &report(1, 1).entry.included, None);
        assert_eq!(fields.len(), 10);
        assert_eq!(fields[1].to_string(), "0b0111110010");
    }

    #[test]
    fn an_empty_identifier_becomes_the_reference() {
        let (mut settings, members, none) =
            (settings(OptFlds::default()), members(1), FaultSet::none());
        settings.rpt_id.clear();
        let fields = header(&settings, &members, 65_000, &none).fields(&report(1, 1), 3, &[], None);
        assert_eq!(fields[0], Data::VisibleString("TLD/LLN0$BR$b".into()));
        assert_eq!(fields.len(), 3);
    }

    #[test]
    fn segments_fit_cover_every_member_once_and_share_the_number() {
        let (settings, members, none) = (settings(every()), members(40), FaultSet::none());
        for max_pdu in [300, 301, 302, 303, 512, 1000] {
            let report = report(40, 60);
            let pdus = header(&settings, &members, max_pdu, &none).encode(&report, || 0);
            assert!(pdus.len() > 1);
            let mut union = Vec::new();
            for (at, pdu) in pdus.iter().enumerate() {
                assert!(pdu.len() <= max_pdu, "{} of {max_pdu}", pdu.len());
                let Ok(Pdu::Unconfirmed(Unconfirmed::InformationReport(decoded))) =
                    Pdu::decode(pdu)
                else {
                    panic!("not a report");
                };
                let fields: Vec<Data> = decoded.results.into_iter().map(Result::unwrap).collect();
                assert!(fields[1].as_bits().unwrap().is_set(9));
                assert_eq!(fields[2], Data::Unsigned(3));
                assert_eq!(fields[8], Data::Unsigned(at as u64));
                assert_eq!(fields[9], Data::Boolean(at + 1 < pdus.len()));
                let inclusion = fields[10].as_bits().unwrap();
                assert_eq!(inclusion.len(), 40);
                union.extend((0..40).filter(|member| inclusion.is_set(*member)));
                let count = (0..40).filter(|member| inclusion.is_set(*member)).count();
                assert_eq!(fields.len(), 11 + 3 * count);
            }
            assert_eq!(union, (0..40).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_member_that_fits_no_pdu_is_not_sent_for_ever() {
        let (settings, members, none) = (settings(every()), members(2), FaultSet::none());
        assert!(
            header(&settings, &members, 200, &none)
                .encode(&report(2, 500), || 0)
                .is_empty()
        );
    }

    #[test]
    fn a_dotted_reference_is_that_of_the_acsi() {
        let (settings, members, faults) = (
            settings(every()),
            members(1),
            FaultSet::from(Fault::DataRefDotted),
        );
        assert_eq!(
            header(&settings, &members, 65_000, &faults).data_ref(0),
            "TLD/GGIO1.Ind0[ST]"
        );
    }
}
