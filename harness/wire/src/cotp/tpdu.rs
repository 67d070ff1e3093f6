//! The TPDUs of class 0 (ISO 8073, clause 13).

use crate::cotp::Parameters;
use crate::error::{ErrorKind, Layer, WireError};

/// TPDU codes: the first octet after the length indicator.
pub mod codes {
    /// Connection request.
    pub const CR: u8 = 0xe0;
    /// Connection confirm.
    pub const CC: u8 = 0xd0;
    /// Disconnect request.
    pub const DR: u8 = 0x80;
    /// Disconnect confirm, which class 0 does not use.
    pub const DC: u8 = 0xc0;
    /// Data.
    pub const DT: u8 = 0xf0;
    /// Expedited data, which class 0 does not use.
    pub const ED: u8 = 0x10;
    /// Error.
    pub const ER: u8 = 0x70;
}

/// One TPDU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tpdu<'a> {
    /// Connection request (13.3).
    ConnectRequest(Connect),
    /// Connection confirm (13.4).
    ConnectConfirm(Connect),
    /// Disconnect request (13.5).
    DisconnectRequest(DisconnectRequest),
    /// Disconnect confirm (13.6).
    DisconnectConfirm {
        /// Destination reference.
        destination: u16,
        /// Source reference.
        source: u16,
    },
    /// Data (13.7).
    Data(Data<'a>),
    /// Error (13.12).
    Error(TpduError),
    /// Any other code, kept.
    Unknown {
        /// The code octet.
        code: u8,
        /// Everything after it.
        rest: Vec<u8>,
    },
}

/// Connection request or confirm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connect {
    /// Reference of the receiver; 0 in a request.
    pub destination: u16,
    /// Reference chosen by the sender.
    pub source: u16,
    /// Class and options octet; 0 is class 0 without options.
    pub class_option: u8,
    /// The variable part.
    pub parameters: Parameters,
}

/// Disconnect request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisconnectRequest {
    /// Reference of the receiver.
    pub destination: u16,
    /// Reference of the sender; 0 when it never had one.
    pub source: u16,
    /// Why.
    pub reason: DisconnectReason,
    /// The variable part.
    pub parameters: Parameters,
}

/// Reason of a disconnect request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DisconnectReason(pub u8);

impl DisconnectReason {
    /// Not specified.
    pub const NOT_SPECIFIED: Self = Self(0);
    /// Congestion at the transport service access point.
    pub const CONGESTION: Self = Self(1);
    /// No session entity attached to the selector.
    pub const SESSION_NOT_ATTACHED: Self = Self(2);
    /// The address is unknown.
    pub const ADDRESS_UNKNOWN: Self = Self(3);
    /// Normal disconnect by the session entity.
    pub const NORMAL: Self = Self(128);
    /// Remote transport entity congestion at connect time.
    pub const REMOTE_CONGESTION: Self = Self(129);
    /// Negotiation of the connection failed.
    pub const NEGOTIATION_FAILED: Self = Self(130);
    /// Protocol error.
    pub const PROTOCOL_ERROR: Self = Self(133);
    /// The connection request was refused.
    pub const CONNECTION_REFUSED: Self = Self(136);
}

impl core::fmt::Display for DisconnectReason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let name = match self.0 {
            0 => "not specified",
            1 => "congestion at the TSAP",
            2 => "session entity not attached to the TSAP",
            3 => "address unknown",
            128 => "normal disconnect",
            129 => "remote congestion",
            130 => "negotiation failed",
            131 => "duplicate source reference",
            132 => "mismatched references",
            133 => "protocol error",
            135 => "reference overflow",
            136 => "connection refused on this network connection",
            138 => "header or parameter length invalid",
            _ => "unknown reason",
        };
        write!(f, "{name} ({})", self.0)
    }
}

/// Data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Data<'a> {
    /// True in the last TPDU of a TSDU.
    pub end: bool,
    /// TPDU number, which class 0 leaves at 0.
    pub number: u8,
    /// The octets.
    pub payload: &'a [u8],
}

/// Error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TpduError {
    /// Reference of the receiver.
    pub destination: u16,
    /// Why.
    pub cause: RejectCause,
    /// The variable part; code C1 holds the rejected header.
    pub parameters: Parameters,
}

/// Cause of an error TPDU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RejectCause(pub u8);

impl RejectCause {
    /// Not specified.
    pub const NOT_SPECIFIED: Self = Self(0);
    /// Invalid parameter code.
    pub const PARAMETER_CODE: Self = Self(1);
    /// Invalid TPDU type.
    pub const TPDU_TYPE: Self = Self(2);
    /// Invalid parameter value.
    pub const PARAMETER_VALUE: Self = Self(3);
}

impl core::fmt::Display for RejectCause {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let name = match self.0 {
            0 => "not specified",
            1 => "invalid parameter code",
            2 => "invalid TPDU type",
            3 => "invalid parameter value",
            _ => "unknown cause",
        };
        write!(f, "{name} ({})", self.0)
    }
}

impl<'a> Tpdu<'a> {
    /// Decodes one TPDU, which is the whole of `octets` (what a TPKT holds); offsets count from
    /// the start of `octets`.
    ///
    /// # Errors
    /// When the length indicator is impossible or a fixed field is missing.
    pub fn decode(octets: &'a [u8]) -> Result<Self, WireError> {
        let [indicator, after @ ..] = octets else {
            return Err(truncated(0, 2, 0));
        };
        let length = usize::from(*indicator);
        // 255 is reserved (13.2.1); a header without a code is none.
        if *indicator == 255 || length == 0 {
            return Err(invalid("length indicator", 0));
        }
        let Some((header, payload)) = after.split_at_checked(length) else {
            return Err(truncated(1, length, after.len()));
        };
        let [code, fixed @ ..] = header else {
            return Err(truncated(1, 1, 0));
        };
        // The low four bits carry credit in other classes, or the end mark of an old DT form.
        match code & 0xf0 {
            codes::CR => Ok(Self::ConnectRequest(Connect::decode(fixed)?)),
            codes::CC => Ok(Self::ConnectConfirm(Connect::decode(fixed)?)),
            codes::DR => {
                let ([d1, d2, s1, s2, reason], variable) = split::<5>(fixed)?;
                Ok(Self::DisconnectRequest(DisconnectRequest {
                    destination: u16::from_be_bytes([d1, d2]),
                    source: u16::from_be_bytes([s1, s2]),
                    reason: DisconnectReason(reason),
                    parameters: Parameters::decode(variable, 7)?,
                }))
            }
            codes::DC => {
                let ([d1, d2, s1, s2], _) = split::<4>(fixed)?;
                Ok(Self::DisconnectConfirm {
                    destination: u16::from_be_bytes([d1, d2]),
                    source: u16::from_be_bytes([s1, s2]),
                })
            }
            codes::DT => {
                let ([number], more) = split::<1>(fixed)?;
                if !more.is_empty() {
                    return Err(invalid("length indicator", 0));
                }
                Ok(Self::Data(Data {
                    end: number & 0x80 != 0,
                    number: number & 0x7f,
                    payload,
                }))
            }
            codes::ER => {
                let ([d1, d2, cause], variable) = split::<3>(fixed)?;
                Ok(Self::Error(TpduError {
                    destination: u16::from_be_bytes([d1, d2]),
                    cause: RejectCause(cause),
                    parameters: Parameters::decode(variable, 5)?,
                }))
            }
            _ => Ok(Self::Unknown {
                code: *code,
                rest: after.get(1..).unwrap_or_default().to_vec(),
            }),
        }
    }

    /// Encodes it.
    ///
    /// # Errors
    /// [`ErrorKind::SizeExceeded`] when the header exceeds 254 octets.
    pub fn encode(&self) -> Result<Vec<u8>, WireError> {
        let mut header = Vec::with_capacity(32);
        let mut payload: &[u8] = &[];
        match self {
            Self::ConnectRequest(connect) => connect.encode(codes::CR, &mut header)?,
            Self::ConnectConfirm(connect) => connect.encode(codes::CC, &mut header)?,
            Self::DisconnectRequest(request) => {
                header.push(codes::DR);
                header.extend_from_slice(&request.destination.to_be_bytes());
                header.extend_from_slice(&request.source.to_be_bytes());
                header.push(request.reason.0);
                request.parameters.encode(&mut header)?;
            }
            Self::DisconnectConfirm {
                destination,
                source,
            } => {
                header.push(codes::DC);
                header.extend_from_slice(&destination.to_be_bytes());
                header.extend_from_slice(&source.to_be_bytes());
            }
            Self::Data(data) => {
                let end = if data.end { 0x80 } else { 0 };
                header.extend_from_slice(&[codes::DT, end | (data.number & 0x7f)]);
                payload = data.payload;
            }
            Self::Error(error) => {
                header.push(codes::ER);
                header.extend_from_slice(&error.destination.to_be_bytes());
                header.push(error.cause.0);
                error.parameters.encode(&mut header)?;
            }
            Self::Unknown { code, rest } => {
                header.push(*code);
                header.extend_from_slice(rest);
            }
        }
        let indicator = u8::try_from(header.len())
            .ok()
            .filter(|length| *length < 255)
            .ok_or(WireError::new(
                Layer::Cotp,
                ErrorKind::SizeExceeded { limit: 254 },
                0,
            ))?;
        let mut octets = Vec::with_capacity(header.len().saturating_add(payload.len()));
        octets.push(indicator);
        octets.extend_from_slice(&header);
        octets.extend_from_slice(payload);
        Ok(octets)
    }
}

impl Connect {
    fn decode(fixed: &[u8]) -> Result<Self, WireError> {
        let ([d1, d2, s1, s2, class_option], variable) = split::<5>(fixed)?;
        Ok(Self {
            destination: u16::from_be_bytes([d1, d2]),
            source: u16::from_be_bytes([s1, s2]),
            class_option,
            parameters: Parameters::decode(variable, 7)?,
        })
    }

    fn encode(&self, code: u8, header: &mut Vec<u8>) -> Result<(), WireError> {
        header.push(code);
        header.extend_from_slice(&self.destination.to_be_bytes());
        header.extend_from_slice(&self.source.to_be_bytes());
        header.push(self.class_option);
        self.parameters.encode(header)
    }
}

/// The first `N` octets after the code, and the rest.
fn split<const N: usize>(fixed: &[u8]) -> Result<([u8; N], &[u8]), WireError> {
    fixed
        .split_first_chunk::<N>()
        .map(|(head, rest)| (*head, rest))
        .ok_or_else(|| truncated(2, N, fixed.len()))
}

fn truncated(offset: usize, needed: usize, available: usize) -> WireError {
    WireError::new(
        Layer::Cotp,
        ErrorKind::Truncated { needed, available },
        offset,
    )
}

fn invalid(field: &'static str, offset: usize) -> WireError {
    WireError::new(Layer::Cotp, ErrorKind::InvalidValue { field }, offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cotp::TpduSize;

    #[test]
    fn reads_the_connection_request_that_most_clients_send() {
        let octets = [
            0x11, 0xe0, 0, 0, 0, 1, 0, 0xc0, 1, 0x0a, 0xc2, 2, 0, 1, 0xc1, 2, 0, 1,
        ];
        let Tpdu::ConnectRequest(request) = Tpdu::decode(&octets).unwrap() else {
            panic!("not a connection request")
        };
        assert_eq!(request.source, 1);
        assert_eq!(request.parameters.tpdu_size, Some(TpduSize::S1024));
        assert_eq!(request.parameters.called_tsap.as_deref(), Some(&[0, 1][..]));
    }

    #[test]
    fn encodes_what_it_decodes() {
        let frames: [&[u8]; 6] = [
            &[0x0d, 0xe0, 0, 0, 0, 1, 0, 0xc1, 1, 9, 0xf0, 2, 1, 0x40],
            &[0x06, 0xd0, 0, 1, 0, 2, 0],
            &[0x06, 0x80, 0, 1, 0, 2, 128],
            &[0x05, 0xc0, 0, 1, 0, 2],
            &[0x02, 0xf0, 0x80, 1, 2, 3],
            &[0x04, 0x70, 0, 1, 2],
        ];
        for frame in frames {
            assert_eq!(Tpdu::decode(frame).unwrap().encode().unwrap(), frame);
        }
    }

    #[test]
    fn keeps_unknown_codes_and_parameters() {
        let frame = [0x03, 0x10, 7, 7, 9];
        let Tpdu::Unknown { code, rest } = Tpdu::decode(&frame).unwrap() else {
            panic!("known")
        };
        assert_eq!((code, rest.as_slice()), (0x10, &[7, 7, 9][..]));
        let frame = [0x09, 0xe0, 0, 0, 0, 1, 0, 0x99, 1, 5];
        let Tpdu::ConnectRequest(request) = Tpdu::decode(&frame).unwrap() else {
            panic!("not a connection request")
        };
        assert_eq!(request.parameters.unknown[0].code, 0x99);
    }

    #[test]
    fn rejects_impossible_length_indicators() {
        assert!(Tpdu::decode(&[]).is_err());
        assert!(Tpdu::decode(&[0, 0xf0, 0x80]).is_err());
        assert!(Tpdu::decode(&[255, 0xf0, 0x80]).is_err());
        assert!(Tpdu::decode(&[9, 0xf0, 0x80]).is_err());
        assert!(Tpdu::decode(&[1, 0xf0]).is_err());
    }

    #[test]
    fn keeps_a_tpdu_size_out_of_range_without_believing_it() {
        let frame = [0x09, 0xe0, 0, 0, 0, 1, 0, 0xc0, 1, 63];
        let Tpdu::ConnectRequest(request) = Tpdu::decode(&frame).unwrap() else {
            panic!("not a connection request")
        };
        let size = request.parameters.tpdu_size.unwrap();
        assert_eq!((size.0, size.octets()), (63, None));
    }
}
