//! Reports: segments put together, and the inbox that keeps what has arrived until a step asks for it. What the fields of a
//! report mean, the client knows.

mod inbox;
mod join;

pub use inbox::{Arrival, Inbox, Source, Taken};
pub use join::Joined;

#[cfg(test)]
pub(crate) mod testing {
    use iedassay_client::services::report::{Report, ReportError};
    use iedassay_wire::ber::BitString;
    use iedassay_wire::mms::{
        Data, InformationReport, InformationReportView, ObjectName, Pdu, Unconfirmed,
        VariableAccess,
    };

    pub(crate) fn bits(text: &str) -> BitString {
        BitString::from_bits(text.chars().map(|c| c == '1'))
    }

    /// What the client makes of a report with these fields.
    pub(crate) fn report(fields: Vec<Data>) -> Result<Report, ReportError> {
        let information = InformationReport {
            access: VariableAccess::VariableListName(ObjectName::Vmd("RPT".into())),
            results: fields.into_iter().map(Ok).collect(),
        };
        let octets = Pdu::Unconfirmed(Unconfirmed::InformationReport(information)).encode();
        Report::parse(&InformationReportView::decode(&octets).unwrap().unwrap())
    }
}
