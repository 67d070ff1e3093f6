//! What the process side is told of the controls that clients send.

use core::fmt;
use std::{net::IpAddr, time::Duration};

use iedassay_wire::mms::UtcTime;

/// What a client asked, or what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlService {
    /// A read of `SBO`, or a write of `SBOw`.
    Select,
    /// A write of `Oper`.
    Operate,
    /// A write of `Cancel`.
    Cancel,
    /// CommandTermination.
    Termination,
}

impl fmt::Display for ControlService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Select => "select",
            Self::Operate => "operate",
            Self::Cancel => "cancel",
            Self::Termination => "termination",
        })
    }
}

/// A control that came, with its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlNotice {
    /// When, since 1970-01-01T00:00:00Z.
    pub time: Duration,
    /// What the client asked.
    pub service: ControlService,
    /// The object, `LD/LN.DO`.
    pub object: String,
    /// What the command carries; nothing with a select without value, or when it is not understood.
    pub command: Option<NoticedCommand>,
    /// Address of the client.
    pub client: Option<IpAddr>,
    /// What came of it: accepted (of a termination: positive), or why not.
    pub result: Result<(), String>,
}

/// What `Oper`, `SBOw` or `Cancel` carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticedCommand {
    /// `ctlVal`, as the process side writes values.
    pub value: String,
    /// `orCat` of the originator.
    pub or_cat: i64,
    /// `orIdent` of the originator.
    pub or_ident: Vec<u8>,
    /// `ctlNum`.
    pub ctl_num: u64,
    /// `Test`.
    pub test: bool,
}

/// `control SERVICE OBJECT key=value ...`, one line.
impl fmt::Display for ControlNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "control {} {}", self.service, self.object)?;
        if let Some(command) = &self.command {
            let value = command.value.replace(char::is_control, " ");
            write!(f, " value={value} orCat={}", command.or_cat)?;
            f.write_str(" orIdent=")?;
            identification(&command.or_ident, f)?;
            write!(f, " ctlNum={} test={}", command.ctl_num, command.test)?;
        }
        if let Some(client) = self.client {
            write!(f, " client={client}")?;
        }
        let time = UtcTime::from_since_epoch(self.time, iedassay_wire::mms::TimeQuality(0));
        write!(f, " time={time}")?;
        match &self.result {
            Ok(()) => f.write_str(" result=ok"),
            Err(reason) => write!(
                f,
                " result=refused {}",
                reason.replace(char::is_control, " ")
            ),
        }
    }
}

/// As text when it is one, otherwise in hexadecimal.
fn identification(octets: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let plain = |octet: &u8| octet.is_ascii_graphic() && !matches!(octet, b'\'' | b'\\');
    if octets.iter().all(plain) {
        f.write_str("'")?;
        octets
            .iter()
            .try_for_each(|octet| write!(f, "{}", char::from(*octet)))?;
        return f.write_str("'");
    }
    f.write_str("0x")?;
    octets.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_client_sends_breaks_the_line() {
        let notice = ControlNotice {
            time: Duration::from_millis(1_700_000_000_250),
            service: ControlService::Operate,
            object: "ASSAYCTRL/CSWI1.Pos".to_owned(),
            command: Some(NoticedCommand {
                value: "true\nok".to_owned(),
                or_cat: 3,
                or_ident: b"a\nb".to_vec(),
                ctl_num: 7,
                test: false,
            }),
            client: Some(IpAddr::from([127, 0, 0, 1])),
            result: Err("object-access-denied\r\nx".to_owned()),
        };
        assert_eq!(
            notice.to_string(),
            "control operate ASSAYCTRL/CSWI1.Pos value=true ok orCat=3 orIdent=0x610a62 ctlNum=7 test=false client=127.0.0.1 \
             time=2023-11-14T22:13:20.250Z result=refused object-access-denied  x"
        );
    }
}
