//! The SPDUs of kernel and duplex (ISO 8327-1, 8.3).

use crate::error::{ErrorKind, Layer, WireError};
use crate::session::Parameter;
use crate::session::parameter::{Raw, put, put_length, read_length, take, truncated};

/// SPDU identifiers.
pub mod si {
    /// GIVE TOKENS, and DATA TRANSFER when it follows that.
    pub const DATA: u8 = 1;
    /// FINISH.
    pub const FINISH: u8 = 9;
    /// DISCONNECT.
    pub const DISCONNECT: u8 = 10;
    /// REFUSE.
    pub const REFUSE: u8 = 12;
    /// CONNECT.
    pub const CONNECT: u8 = 13;
    /// ACCEPT.
    pub const ACCEPT: u8 = 14;
    /// ABORT.
    pub const ABORT: u8 = 25;
    /// ABORT ACCEPT.
    pub const ABORT_ACCEPT: u8 = 26;
}

mod pi {
    pub(super) const CONNECT_ITEM: u8 = 5;
    pub(super) const TRANSPORT_DISCONNECT: u8 = 17;
    pub(super) const PROTOCOL_OPTIONS: u8 = 19;
    pub(super) const REQUIREMENTS: u8 = 20;
    pub(super) const TSDU_MAX: u8 = 21;
    pub(super) const VERSION: u8 = 22;
    pub(super) const ENCLOSURE: u8 = 25;
    pub(super) const REASON: u8 = 50;
    pub(super) const CALLING: u8 = 51;
    pub(super) const CALLED: u8 = 52;
    pub(super) const USER_DATA: u8 = 193;
    pub(super) const EXTENDED_USER_DATA: u8 = 194;
}

/// GIVE TOKENS and DATA TRANSFER without parameters: what stands before user data in every
/// TSDU of the data phase (8.4).
pub const fn data_prefix() -> [u8; 4] {
    [si::DATA, 0, si::DATA, 0]
}

/// One TSDU of the session layer; user data are borrowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spdu<'a> {
    /// CONNECT.
    Connect(Connect<'a>),
    /// ACCEPT.
    Accept(Connect<'a>),
    /// REFUSE.
    Refuse(Refuse<'a>),
    /// FINISH: orderly release.
    Finish {
        /// Whether the transport connection is to go.
        transport_disconnect: Option<TransportDisconnect>,
        /// Presentation data.
        user_data: &'a [u8],
    },
    /// DISCONNECT: the answer to FINISH.
    Disconnect {
        /// Presentation data.
        user_data: &'a [u8],
    },
    /// ABORT.
    Abort(Abort<'a>),
    /// ABORT ACCEPT.
    AbortAccept,
    /// GIVE TOKENS and DATA TRANSFER.
    Data {
        /// Presentation data.
        user_data: &'a [u8],
    },
    /// Any other, kept.
    Unknown {
        /// SPDU identifier.
        si: u8,
        /// Everything after it.
        rest: Vec<u8>,
    },
}

/// CONNECT or ACCEPT.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connect<'a> {
    /// Protocol options; bit 0 tells that extended concatenation can be received.
    pub protocol_options: Option<u8>,
    /// Maximum TSDU size in both directions; 0 or absent is unlimited.
    pub tsdu_max: Option<u32>,
    /// Version bits; bit 1 is version 2.
    pub version: Option<u8>,
    /// Session user requirements; bit 1 is the duplex functional unit.
    pub requirements: Option<u16>,
    /// Selector of the calling side.
    pub calling_selector: Option<Vec<u8>>,
    /// Selector of the called side; of the responding side in ACCEPT.
    pub called_selector: Option<Vec<u8>>,
    /// Presentation data.
    pub user_data: &'a [u8],
    /// All other parameters of the Connect/Accept Item, in order.
    pub unknown_in_item: Vec<Parameter>,
    /// All other parameters, in order.
    pub unknown: Vec<Parameter>,
}

impl Connect<'_> {
    /// Version 2, duplex, no extended concatenation: what IEC 61850-8-1 asks for.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            protocol_options: Some(0),
            version: Some(2),
            requirements: Some(2),
            ..Self::default()
        }
    }
}

/// REFUSE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refuse<'a> {
    /// Whether the transport connection is to go.
    pub transport_disconnect: Option<TransportDisconnect>,
    /// Why, if said.
    pub reason: Option<RefuseReason>,
    /// Presentation data behind the reason.
    pub user_data: &'a [u8],
    /// All other parameters, in order.
    pub unknown: Vec<Parameter>,
}

/// Reason of a REFUSE (8.3.5.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefuseReason(pub u8);

impl RefuseReason {
    /// By the called session user, reason not specified.
    pub const USER: Self = Self(0);
    /// By the called session user, temporary congestion.
    pub const USER_CONGESTION: Self = Self(1);
    /// By the called session user, with user data.
    pub const USER_WITH_DATA: Self = Self(2);
    /// Session selector unknown.
    pub const SELECTOR_UNKNOWN: Self = Self(0x81);
    /// Session user not attached to the selector.
    pub const NOT_ATTACHED: Self = Self(0x82);
    /// Provider congestion at connect time.
    pub const PROVIDER_CONGESTION: Self = Self(0x83);
    /// Proposed protocol versions not supported.
    pub const VERSION: Self = Self(0x84);
}

impl core::fmt::Display for RefuseReason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let name = match self.0 {
            0 => "rejected by the session user",
            1 => "rejected by the session user, temporary congestion",
            2 => "rejected by the session user, with data",
            0x81 => "session selector unknown",
            0x82 => "session user not attached",
            0x83 => "provider congestion",
            0x84 => "protocol version not supported",
            0x85 => "rejected by the provider",
            0x86 => "rejected by the provider, implementation restriction",
            _ => "unknown reason",
        };
        write!(f, "{name} ({:#04x})", self.0)
    }
}

/// Transport disconnect parameter: what becomes of the transport connection, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransportDisconnect(pub u8);

impl TransportDisconnect {
    /// The transport connection is released.
    pub const RELEASE: Self = Self(1);
    /// Bit of a user abort.
    pub const USER_ABORT: u8 = 2;
    /// Bit of a protocol error.
    pub const PROTOCOL_ERROR: u8 = 4;
    /// Bit of no reason.
    pub const NO_REASON: u8 = 8;

    /// True when the transport connection goes with the session.
    #[must_use]
    pub const fn releases(self) -> bool {
        self.0 & 1 != 0
    }
}

/// ABORT.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Abort<'a> {
    /// Whether the transport connection is to go, and who aborted.
    pub transport_disconnect: Option<TransportDisconnect>,
    /// Presentation data.
    pub user_data: &'a [u8],
    /// All other parameters, in order.
    pub unknown: Vec<Parameter>,
}

impl<'a> Spdu<'a> {
    /// Decodes one TSDU; offsets count from its start.
    ///
    /// # Errors
    /// When a length reaches past the end, or a parameter has an impossible size.
    pub fn decode(octets: &'a [u8]) -> Result<Self, WireError> {
        // Nearly every TSDU is GIVE TOKENS and DATA TRANSFER without parameters.
        if let [si::DATA, 0, si::DATA, 0, user_data @ ..] = octets {
            return Ok(Self::Data { user_data });
        }
        let first = Header::read(octets, 0)?;
        // GIVE TOKENS precedes another SPDU in the same TSDU (6.3.7).
        if first.si == si::DATA && !first.following.is_empty() {
            parameters_end(first.parameters, first.offset)?;
            let second = Header::read(first.following, first.following_offset)?;
            return match second.si {
                si::DATA => second.data(),
                si => second.decode(si),
            };
        }
        first.decode(first.si)
    }

    /// Encodes it.
    ///
    /// # Errors
    /// [`ErrorKind::SizeExceeded`] when it does not fit 65535 octets.
    pub fn encode(&self) -> Result<Vec<u8>, WireError> {
        let mut body = Vec::new();
        let code = match self {
            Self::Connect(connect) => {
                put_connect(&mut body, connect)?;
                si::CONNECT
            }
            Self::Accept(connect) => {
                put_connect(&mut body, connect)?;
                si::ACCEPT
            }
            Self::Refuse(refuse) => {
                put_disconnect(&mut body, refuse.transport_disconnect)?;
                put_unknown(&mut body, &refuse.unknown)?;
                if let Some(reason) = refuse.reason {
                    let mut value = vec![reason.0];
                    value.extend_from_slice(refuse.user_data);
                    put(&mut body, pi::REASON, &value)?;
                }
                si::REFUSE
            }
            Self::Finish {
                transport_disconnect,
                user_data,
            } => {
                put_disconnect(&mut body, *transport_disconnect)?;
                put_user_data(&mut body, user_data)?;
                si::FINISH
            }
            Self::Disconnect { user_data } => {
                put_user_data(&mut body, user_data)?;
                si::DISCONNECT
            }
            Self::Abort(abort) => {
                put_disconnect(&mut body, abort.transport_disconnect)?;
                put_unknown(&mut body, &abort.unknown)?;
                put_user_data(&mut body, abort.user_data)?;
                si::ABORT
            }
            Self::AbortAccept => si::ABORT_ACCEPT,
            Self::Data { user_data } => {
                let mut octets = data_prefix().to_vec();
                octets.extend_from_slice(user_data);
                return Ok(octets);
            }
            Self::Unknown { si, rest } => {
                let mut octets = vec![*si];
                octets.extend_from_slice(rest);
                return Ok(octets);
            }
        };
        let mut octets = vec![code];
        put_length(&mut octets, body.len())?;
        octets.append(&mut body);
        Ok(octets)
    }
}

/// Identifier and extent of one SPDU.
struct Header<'a> {
    si: u8,
    parameters: &'a [u8],
    /// Offset of the parameters.
    offset: usize,
    /// What the TSDU holds behind it.
    following: &'a [u8],
    following_offset: usize,
    /// Everything behind the identifier.
    after: &'a [u8],
}

impl<'a> Header<'a> {
    fn read(octets: &'a [u8], at: usize) -> Result<Self, WireError> {
        let Some((si, after)) = octets.split_first() else {
            return Err(truncated(at, 2, 0));
        };
        let (length, header) = read_length(after, at.saturating_add(1))?;
        let offset = at.saturating_add(1).saturating_add(header);
        let body = after.get(header..).unwrap_or_default();
        let Some((parameters, following)) = body.split_at_checked(length) else {
            return Err(truncated(offset, length, body.len()));
        };
        Ok(Self {
            si: *si,
            parameters,
            offset,
            following,
            following_offset: offset.saturating_add(length),
            after,
        })
    }

    fn decode(&self, si: u8) -> Result<Spdu<'a>, WireError> {
        let (parameters, offset) = (self.parameters, self.offset);
        let spdu = match si {
            si::CONNECT => Spdu::Connect(connect(parameters, offset)?),
            si::ACCEPT => Spdu::Accept(connect(parameters, offset)?),
            si::REFUSE => Spdu::Refuse(refuse(parameters, offset)?),
            si::FINISH => {
                let abort = abort(parameters, offset)?;
                Spdu::Finish {
                    transport_disconnect: abort.transport_disconnect,
                    user_data: abort.user_data,
                }
            }
            si::DISCONNECT => Spdu::Disconnect {
                user_data: abort(parameters, offset)?.user_data,
            },
            si::ABORT => Spdu::Abort(abort(parameters, offset)?),
            si::ABORT_ACCEPT => Spdu::AbortAccept,
            // GIVE TOKENS alone.
            si::DATA => Spdu::Data {
                user_data: self.following,
            },
            si => {
                return Ok(Spdu::Unknown {
                    si,
                    rest: self.after.to_vec(),
                });
            }
        };
        if self.following.is_empty() {
            return Ok(spdu);
        }
        Err(WireError::new(
            Layer::Session,
            ErrorKind::TrailingData {
                octets: self.following.len(),
            },
            self.following_offset,
        ))
    }

    /// DATA TRANSFER behind GIVE TOKENS.
    fn data(&self) -> Result<Spdu<'a>, WireError> {
        let (mut rest, mut offset) = (self.parameters, self.offset);
        while let Some(parameter) = take(&mut rest, &mut offset)? {
            // Bits 0 and 1: the SSDU begins and ends here.
            if parameter.code == pi::ENCLOSURE && parameter.octet()? & 3 != 3 {
                return Err(WireError::new(
                    Layer::Session,
                    ErrorKind::Unsupported {
                        what: "segmented SSDU",
                    },
                    parameter.offset,
                ));
            }
        }
        Ok(Spdu::Data {
            user_data: self.following,
        })
    }
}

/// Checks parameters that say nothing of use.
fn parameters_end(mut rest: &[u8], mut offset: usize) -> Result<(), WireError> {
    while take(&mut rest, &mut offset)?.is_some() {}
    Ok(())
}

fn connect(mut rest: &[u8], mut offset: usize) -> Result<Connect<'_>, WireError> {
    let mut connect = Connect::default();
    while let Some(parameter) = take(&mut rest, &mut offset)? {
        match parameter.code {
            pi::CONNECT_ITEM => connect_item(&mut connect, &parameter)?,
            pi::REQUIREMENTS => connect.requirements = Some(parameter.pair()?),
            pi::CALLING => connect.calling_selector = Some(parameter.value.to_vec()),
            pi::CALLED => connect.called_selector = Some(parameter.value.to_vec()),
            pi::USER_DATA | pi::EXTENDED_USER_DATA => connect.user_data = parameter.value,
            _ => connect.unknown.push(parameter.keep()),
        }
    }
    Ok(connect)
}

fn connect_item(connect: &mut Connect<'_>, item: &Raw<'_>) -> Result<(), WireError> {
    let (mut rest, mut offset) = (item.value, item.value_offset);
    while let Some(parameter) = take(&mut rest, &mut offset)? {
        match parameter.code {
            pi::PROTOCOL_OPTIONS => connect.protocol_options = Some(parameter.octet()?),
            pi::VERSION => connect.version = Some(parameter.octet()?),
            pi::TSDU_MAX => match parameter.value {
                [a, b, c, d] => connect.tsdu_max = Some(u32::from_be_bytes([*a, *b, *c, *d])),
                other => {
                    return Err(WireError::new(
                        Layer::Session,
                        ErrorKind::InvalidSize { found: other.len() },
                        parameter.offset,
                    ));
                }
            },
            _ => connect.unknown_in_item.push(parameter.keep()),
        }
    }
    Ok(())
}

fn refuse(mut rest: &[u8], mut offset: usize) -> Result<Refuse<'_>, WireError> {
    let mut refuse = Refuse::default();
    while let Some(parameter) = take(&mut rest, &mut offset)? {
        match parameter.code {
            pi::TRANSPORT_DISCONNECT => {
                refuse.transport_disconnect = Some(TransportDisconnect(parameter.octet()?));
            }
            pi::REASON => {
                if let Some((reason, user_data)) = parameter.value.split_first() {
                    refuse.reason = Some(RefuseReason(*reason));
                    refuse.user_data = user_data;
                }
            }
            _ => refuse.unknown.push(parameter.keep()),
        }
    }
    Ok(refuse)
}

fn abort(mut rest: &[u8], mut offset: usize) -> Result<Abort<'_>, WireError> {
    let mut abort = Abort::default();
    while let Some(parameter) = take(&mut rest, &mut offset)? {
        match parameter.code {
            pi::TRANSPORT_DISCONNECT => {
                abort.transport_disconnect = Some(TransportDisconnect(parameter.octet()?));
            }
            pi::USER_DATA | pi::EXTENDED_USER_DATA => abort.user_data = parameter.value,
            _ => abort.unknown.push(parameter.keep()),
        }
    }
    Ok(abort)
}

fn put_connect(body: &mut Vec<u8>, connect: &Connect<'_>) -> Result<(), WireError> {
    let mut item = Vec::new();
    if let Some(options) = connect.protocol_options {
        put(&mut item, pi::PROTOCOL_OPTIONS, &[options])?;
    }
    if let Some(size) = connect.tsdu_max {
        put(&mut item, pi::TSDU_MAX, &size.to_be_bytes())?;
    }
    if let Some(version) = connect.version {
        put(&mut item, pi::VERSION, &[version])?;
    }
    put_unknown(&mut item, &connect.unknown_in_item)?;
    if !item.is_empty() {
        put(body, pi::CONNECT_ITEM, &item)?;
    }
    if let Some(requirements) = connect.requirements {
        put(body, pi::REQUIREMENTS, &requirements.to_be_bytes())?;
    }
    if let Some(selector) = &connect.calling_selector {
        put(body, pi::CALLING, selector)?;
    }
    if let Some(selector) = &connect.called_selector {
        put(body, pi::CALLED, selector)?;
    }
    put_unknown(body, &connect.unknown)?;
    put_user_data(body, connect.user_data)
}

fn put_unknown(body: &mut Vec<u8>, unknown: &[Parameter]) -> Result<(), WireError> {
    unknown
        .iter()
        .try_for_each(|parameter| put(body, parameter.code, &parameter.value))
}

fn put_disconnect(
    body: &mut Vec<u8>,
    disconnect: Option<TransportDisconnect>,
) -> Result<(), WireError> {
    match disconnect {
        Some(TransportDisconnect(bits)) => put(body, pi::TRANSPORT_DISCONNECT, &[bits]),
        None => Ok(()),
    }
}

/// User data beyond 512 octets belong into the extended group in CONNECT (8.3.1.12), but no stack of
/// the field sends that; all of them, and Wireshark, take the plain group with a long length.
fn put_user_data(body: &mut Vec<u8>, user_data: &[u8]) -> Result<(), WireError> {
    if user_data.is_empty() {
        return Ok(());
    }
    put(body, pi::USER_DATA, user_data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_connect_that_most_clients_send() {
        let octets = [
            0x0d, 0x1a, 0x05, 0x06, 0x13, 0x01, 0x00, 0x16, 0x01, 0x02, 0x14, 0x02, 0x00, 0x02,
            0x33, 0x02, 0x00, 0x01, 0x34, 0x02, 0x00, 0x01, 0xc1, 0x04, 0x31, 0x02, 0x05, 0x00,
        ];
        let spdu = Spdu::decode(&octets).unwrap();
        let Spdu::Connect(connect) = &spdu else {
            panic!("not CONNECT")
        };
        assert_eq!(connect.version, Some(2));
        assert_eq!(connect.requirements, Some(2));
        assert_eq!(connect.called_selector.as_deref(), Some(&[0, 1][..]));
        assert_eq!(connect.user_data, [0x31, 0x02, 0x05, 0x00]);
        assert_eq!(spdu.encode().unwrap(), octets);
    }

    #[test]
    fn round_trips_the_other_spdus() {
        let data = [7u8; 300];
        let all = [
            Spdu::Refuse(Refuse {
                transport_disconnect: Some(TransportDisconnect::RELEASE),
                reason: Some(RefuseReason::USER_WITH_DATA),
                user_data: &data,
                unknown: vec![],
            }),
            Spdu::Finish {
                transport_disconnect: None,
                user_data: &data,
            },
            Spdu::Disconnect { user_data: &[1] },
            Spdu::Abort(Abort {
                transport_disconnect: Some(TransportDisconnect(11)),
                user_data: &data,
                unknown: vec![],
            }),
            Spdu::AbortAccept,
            Spdu::Data { user_data: &data },
            Spdu::Accept(Connect {
                user_data: &data,
                ..Connect::usual()
            }),
        ];
        for spdu in all {
            let octets = spdu.encode().unwrap();
            assert_eq!(Spdu::decode(&octets).unwrap(), spdu);
        }
    }

    #[test]
    fn rejects_lengths_past_the_end() {
        assert!(Spdu::decode(&[]).is_err());
        assert!(Spdu::decode(&[0x0d]).is_err());
        assert!(Spdu::decode(&[0x0d, 9, 1]).is_err());
        assert!(Spdu::decode(&[0x0d, 2, 0xc1, 9]).is_err());
        assert!(Spdu::decode(&[0x0d, 255, 0]).is_err());
        assert!(Spdu::decode(&[1, 0, 1, 4, 0]).is_err());
    }

    #[test]
    fn finish_behind_give_tokens_is_a_finish() {
        assert!(matches!(
            Spdu::decode(&[1, 0, 9, 0]),
            Ok(Spdu::Finish { .. })
        ));
    }

    #[test]
    fn reads_data_with_tokens_and_a_whole_enclosure() {
        assert_eq!(
            Spdu::decode(&[1, 3, 16, 1, 0, 1, 3, 25, 1, 3, 9]),
            Ok(Spdu::Data { user_data: &[9] })
        );
        let error = Spdu::decode(&[1, 0, 1, 3, 25, 1, 1, 9]).unwrap_err();
        let what = "segmented SSDU";
        assert_eq!(error.kind, ErrorKind::Unsupported { what });
    }

    #[test]
    fn points_at_what_is_wrong() {
        let truncated = |needed, available| ErrorKind::Truncated { needed, available };
        for (octets, kind, offset) in [
            (&[13, 5][..], truncated(5, 0), 2),
            (&[13, 255, 0xff, 0xff, 1], truncated(0xffff, 1), 4),
            // A parameter past the end of its SPDU, though not of the input, and of its group.
            (&[13, 3, 193, 9, 1, 0, 0, 0, 0, 0, 0, 0], truncated(9, 1), 4),
            (&[13, 4, 5, 2, 19, 9], truncated(9, 0), 6),
            (&[13, 3, 20, 1, 0], ErrorKind::InvalidSize { found: 1 }, 2),
            // Octets behind an SPDU that is alone in its TSDU.
            (&[26, 0, 1], ErrorKind::TrailingData { octets: 1 }, 2),
        ] {
            let error = WireError::new(Layer::Session, kind, offset);
            assert_eq!(Spdu::decode(octets), Err(error), "{octets:02x?}");
        }
    }

    #[test]
    fn keeps_unknown_spdus_and_parameters() {
        assert!(matches!(
            Spdu::decode(&[99, 1, 2]).unwrap(),
            Spdu::Unknown { si: 99, .. }
        ));
        let Spdu::Connect(connect) = Spdu::decode(&[0x0d, 3, 0x77, 1, 5]).unwrap() else {
            panic!("not CONNECT")
        };
        assert_eq!(connect.unknown[0].code, 0x77);
    }
}
