//! Reports and LastApplError that do not fit anything.

use iedassay_wire::{
    ber::BitString,
    mms::{AccessResult, Data, InformationReport, ObjectName, Pdu, Unconfirmed, VariableAccess},
};

use super::Scene;

/// Place of RptID and of OptFlds among the fields (IEC 61850-8-1, report format).
const RPT_ID: usize = 0;
const OPT_FLDS: usize = 1;
/// Bits of OptFlds, and those for SqNum and segmentation.
const OPT_FLDS_BITS: usize = 10;
const SEQUENCE_NUMBER: usize = 1;
const SEGMENTATION: usize = 9;

/// Inclusion forty bits longer, all set.
pub(in super::super) fn long_inclusion(scene: &mut Scene<'_>) -> Vec<u8> {
    report(scene, |fields| {
        let at = inclusion(fields)?;
        if let Some(Ok(Data::BitString(bits))) = fields.get_mut(at) {
            *bits = (0..bits.len().saturating_add(40)).map(|_| true).collect();
        }
        Some(())
    })
}

/// Half of what Inclusion promises.
pub(in super::super) fn few_values(scene: &mut Scene<'_>) -> Vec<u8> {
    report(scene, |fields| {
        let first = inclusion(fields)?.saturating_add(1);
        let behind = fields.len().saturating_sub(first);
        fields.truncate(first.saturating_add(behind / 2));
        Some(())
    })
}

/// Every bit of OptFlds turned over.
pub(in super::super) fn other_opt_flds(scene: &mut Scene<'_>) -> Vec<u8> {
    report(scene, |fields| {
        if let Some(Ok(Data::BitString(bits))) = fields.get_mut(OPT_FLDS) {
            for at in 0..bits.len() {
                let set = bits.get(at) == Some(true);
                bits.set(at, !set);
            }
        }
        Some(())
    })
}

/// Nobody's report.
pub(in super::super) fn no_rpt_id(scene: &mut Scene<'_>) -> Vec<u8> {
    report(scene, |fields| {
        *fields.get_mut(RPT_ID)? = Ok(Data::VisibleString(String::new()));
        Some(())
    })
}

/// One more segment of the same report.
pub(in super::super) fn segments(scene: &mut Scene<'_>) -> Vec<u8> {
    let rpt_id = match scene.pdu().map(Pdu::decode) {
        Some(Ok(Pdu::Unconfirmed(Unconfirmed::InformationReport(report)))) => report
            .results
            .into_iter()
            .next()
            .unwrap_or(Ok(Data::VisibleString(String::new()))),
        _ => Ok(Data::VisibleString("endless".to_owned())),
    };
    let number = scene.made % 0x1_0000;
    let fields = vec![
        rpt_id,
        Ok(opt_flds(&[SEQUENCE_NUMBER, SEGMENTATION])),
        Ok(Data::Unsigned(1)),
        Ok(Data::Unsigned(number)),
        Ok(Data::Boolean(true)),
        Ok(Data::BitString(BitString::zeros(64))),
    ];
    scene.frames.mms(&of_nobody(fields))
}

/// A report of a block that there is not.
pub(in super::super) fn unknown(scene: &mut Scene<'_>) -> Vec<u8> {
    let value = Ok(Data::Boolean(scene.made.is_multiple_of(2)));
    scene.frames.mms(&made_up(scene.made, vec![value]))
}

/// LastApplError of something that was never operated.
pub(in super::super) fn last_appl_error(scene: &mut Scene<'_>) -> Vec<u8> {
    let object = match scene.made % 3 {
        0 => None,
        1 => Some("ASSAYCTRL/GGIO1$CO$SPCSO1"),
        _ => Some("ASSAYCTRL/GGIO1$CO$SPCSO1$Oper"),
    };
    let origin = Data::Structure(vec![Data::Integer(3), Data::OctetString(b"other".to_vec())]);
    let object = object.map(|object| Data::VisibleString(object.to_owned()));
    let rest = [
        Data::Integer(1),
        origin,
        Data::Unsigned(200),
        Data::Integer(10),
    ];
    let value = Data::Structure(object.into_iter().chain(rest).collect());
    let report = InformationReport {
        access: VariableAccess::names([ObjectName::Vmd("LastApplError".to_owned())]),
        results: vec![Ok(value)],
    };
    let pdu = Pdu::Unconfirmed(Unconfirmed::InformationReport(report)).encode();
    scene.frames.mms(&pdu)
}

/// A well-formed report that no block makes, with these values.
pub(super) fn made_up(number: u64, values: Vec<AccessResult>) -> Vec<u8> {
    let all = (0..values.len()).map(|_| true).collect();
    let mut fields = vec![
        Ok(Data::VisibleString("nobody".to_owned())),
        Ok(opt_flds(&[SEQUENCE_NUMBER])),
        Ok(Data::Unsigned(number % 0x1_0000)),
        Ok(Data::BitString(all)),
    ];
    fields.extend(values);
    of_nobody(fields)
}

fn of_nobody(results: Vec<AccessResult>) -> Vec<u8> {
    let report = InformationReport {
        access: VariableAccess::VariableListName(ObjectName::Vmd("RPT".to_owned())),
        results,
    };
    Pdu::Unconfirmed(Unconfirmed::InformationReport(report)).encode()
}

fn opt_flds(set: &[usize]) -> Data {
    let mut bits = BitString::zeros(OPT_FLDS_BITS);
    set.iter().for_each(|at| bits.set(*at, true));
    Data::BitString(bits)
}

/// Changes the fields of a report; what is none stays as it is.
fn report(
    scene: &mut Scene<'_>,
    change: impl FnOnce(&mut Vec<AccessResult>) -> Option<()>,
) -> Vec<u8> {
    scene.changed(|_, pdu| {
        let Ok(Pdu::Unconfirmed(Unconfirmed::InformationReport(mut report))) = Pdu::decode(pdu)
        else {
            return None;
        };
        if !matches!(report.access, VariableAccess::VariableListName(_)) {
            return None;
        }
        change(&mut report.results)?;
        Some(Pdu::Unconfirmed(Unconfirmed::InformationReport(report)).encode())
    })
}

/// Where Inclusion stands: the first bit string behind OptFlds.
fn inclusion(fields: &[AccessResult]) -> Option<usize> {
    let from = OPT_FLDS + 1;
    fields
        .iter()
        .skip(from)
        .position(|field| matches!(field, Ok(Data::BitString(_))))
        .map(|at| at + from)
}
