//! CP, CPA and CPR (ISO 8823-1, 8.4.1).

use crate::ber::{BitString, Oid, RawTlv, Reader, Tag, Tlv, Writer};
use crate::error::{ErrorKind, Layer, WireError};
use crate::presentation::{
    ACSE_CONTEXT, MMS_CONTEXT, UserData, acse_syntax, ber_syntax, mms_syntax,
};

/// How many presentation contexts a peer may list; real ones list two.
const MAX_CONTEXTS: usize = 64;
/// Normal mode.
const NORMAL: i64 = 1;

/// CP: connect presentation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connect<'a> {
    /// Version bits; absent means version 1.
    pub protocol_version: Option<BitString>,
    /// Selector of the calling side.
    pub calling_selector: Option<Vec<u8>>,
    /// Selector of the called side.
    pub called_selector: Option<Vec<u8>>,
    /// Proposed contexts.
    pub contexts: Vec<Context>,
    /// Functional units of the presentation layer.
    pub requirements: Option<BitString>,
    /// ACSE data.
    pub user_data: Option<UserData<'a>>,
    /// All other parameters, in order.
    pub unknown: Vec<RawTlv>,
}

/// One proposed context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// Its identifier; odd when the initiator chose it.
    pub id: i64,
    /// What is talked about.
    pub abstract_syntax: Oid,
    /// How it may be encoded.
    pub transfer_syntaxes: Vec<Oid>,
}

impl Context {
    /// The two contexts of IEC 61850-8-1: ACSE as 1 and MMS as 3, both in BER.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        [(ACSE_CONTEXT, acse_syntax()), (MMS_CONTEXT, mms_syntax())]
            .into_iter()
            .map(|(id, abstract_syntax)| Self {
                id,
                abstract_syntax,
                transfer_syntaxes: vec![ber_syntax()],
            })
            .collect()
    }
}

/// CPA: connect presentation accept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accept<'a> {
    /// Version bits; absent means version 1.
    pub protocol_version: Option<BitString>,
    /// Selector of the responding side.
    pub responding_selector: Option<Vec<u8>>,
    /// One result per proposed context, in its order.
    pub results: Vec<ContextResult>,
    /// Functional units of the presentation layer.
    pub requirements: Option<BitString>,
    /// ACSE data.
    pub user_data: Option<UserData<'a>>,
    /// All other parameters, in order.
    pub unknown: Vec<RawTlv>,
}

/// What became of one proposed context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextResult {
    /// Accepted or not, and by whom.
    pub outcome: ContextOutcome,
    /// The transfer syntax chosen.
    pub transfer_syntax: Option<Oid>,
    /// Why the provider rejected it.
    pub provider_reason: Option<i64>,
}

impl ContextResult {
    /// Accepted in BER.
    #[must_use]
    pub fn accepted() -> Self {
        Self {
            outcome: ContextOutcome::ACCEPTANCE,
            transfer_syntax: Some(ber_syntax()),
            provider_reason: None,
        }
    }
}

/// Result of a proposed context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContextOutcome(pub i64);

impl ContextOutcome {
    /// Accepted.
    pub const ACCEPTANCE: Self = Self(0);
    /// Rejected by the user.
    pub const USER_REJECTION: Self = Self(1);
    /// Rejected by the provider.
    pub const PROVIDER_REJECTION: Self = Self(2);
}

/// CPR: connect presentation reject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reject<'a> {
    /// Selector of the responding side.
    pub responding_selector: Option<Vec<u8>>,
    /// One result per proposed context, if given.
    pub results: Vec<ContextResult>,
    /// Why, when the provider rejected.
    pub provider_reason: Option<ProviderReason>,
    /// ACSE data, when the user rejected.
    pub user_data: Option<UserData<'a>>,
    /// All other parameters, in order.
    pub unknown: Vec<RawTlv>,
}

/// Provider reason of a CPR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProviderReason(pub i64);

impl ProviderReason {
    /// Not specified.
    pub const NOT_SPECIFIED: Self = Self(0);
    /// Temporary congestion.
    pub const CONGESTION: Self = Self(1);
    /// A local limit is exceeded.
    pub const LOCAL_LIMIT: Self = Self(2);
    /// The called presentation selector is unknown.
    pub const SELECTOR_UNKNOWN: Self = Self(3);
    /// The protocol version is not supported.
    pub const VERSION: Self = Self(4);
    /// No presentation service access point is available.
    pub const NO_PSAP: Self = Self(7);
}

impl core::fmt::Display for ProviderReason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let name = match self.0 {
            0 => "not specified",
            1 => "temporary congestion",
            2 => "local limit exceeded",
            3 => "called presentation selector unknown",
            4 => "protocol version not supported",
            5 => "default context not supported",
            6 => "user data not readable",
            7 => "no PSAP available",
            _ => "unknown reason",
        };
        write!(f, "{name} ({})", self.0)
    }
}

impl<'a> Connect<'a> {
    /// Decodes a CP; `offset` is the place of `octets` in what errors count from.
    ///
    /// # Errors
    /// When it is not one, or not in normal mode.
    pub fn decode(octets: &'a [u8], offset: usize) -> Result<Self, WireError> {
        let mut connect = Self::default();
        let mut parameters = normal_mode(octets, offset)?;
        while let Some(tlv) = parameters.next()? {
            match tlv.tag().context_number() {
                Some(0) => connect.protocol_version = Some(tlv.bits()?.to_bit_string()),
                Some(1) => connect.calling_selector = Some(tlv.octets()?.to_vec()),
                Some(2) => connect.called_selector = Some(tlv.octets()?.to_vec()),
                Some(4) => connect.contexts = contexts(&tlv)?,
                Some(8) => connect.requirements = Some(tlv.bits()?.to_bit_string()),
                _ if UserData::is(&tlv) => connect.user_data = Some(UserData::from_tlv(&tlv)?),
                _ => connect.unknown.push(tlv.to_raw()),
            }
        }
        Ok(connect)
    }

    /// Encodes it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode_normal_mode(|w| {
            put_user_data(w, self.user_data.as_ref());
            put_unknown(w, &self.unknown);
            put_bits(w, 8, self.requirements.as_ref());
            if !self.contexts.is_empty() {
                w.constructed(Tag::context(4), |w| {
                    for context in self.contexts.iter().rev() {
                        put_context(w, context);
                    }
                });
            }
            put_selector(w, 2, self.called_selector.as_deref());
            put_selector(w, 1, self.calling_selector.as_deref());
            put_bits(w, 0, self.protocol_version.as_ref());
        })
    }
}

impl<'a> Accept<'a> {
    /// Decodes a CPA; `offset` is the place of `octets` in what errors count from.
    ///
    /// # Errors
    /// When it is not one, or not in normal mode.
    pub fn decode(octets: &'a [u8], offset: usize) -> Result<Self, WireError> {
        let mut accept = Self::default();
        let mut parameters = normal_mode(octets, offset)?;
        while let Some(tlv) = parameters.next()? {
            match tlv.tag().context_number() {
                Some(0) => accept.protocol_version = Some(tlv.bits()?.to_bit_string()),
                Some(3) => accept.responding_selector = Some(tlv.octets()?.to_vec()),
                Some(5) => accept.results = results(&tlv)?,
                Some(8) => accept.requirements = Some(tlv.bits()?.to_bit_string()),
                _ if UserData::is(&tlv) => accept.user_data = Some(UserData::from_tlv(&tlv)?),
                _ => accept.unknown.push(tlv.to_raw()),
            }
        }
        Ok(accept)
    }

    /// Encodes it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode_normal_mode(|w| {
            put_user_data(w, self.user_data.as_ref());
            put_unknown(w, &self.unknown);
            put_bits(w, 8, self.requirements.as_ref());
            put_results(w, &self.results);
            put_selector(w, 3, self.responding_selector.as_deref());
            put_bits(w, 0, self.protocol_version.as_ref());
        })
    }
}

impl<'a> Reject<'a> {
    /// Decodes a CPR; `offset` is the place of `octets` in what errors count from.
    ///
    /// # Errors
    /// When it is not one in normal mode.
    pub fn decode(octets: &'a [u8], offset: usize) -> Result<Self, WireError> {
        let mut outer = Reader::new(Layer::Presentation, octets).at_offset(offset);
        let sequence = outer.expect(Tag::SEQUENCE)?;
        outer.finish()?;
        let mut reject = Self::default();
        let mut parameters = sequence.reader()?;
        while let Some(tlv) = parameters.next()? {
            match tlv.tag().context_number() {
                Some(3) => reject.responding_selector = Some(tlv.octets()?.to_vec()),
                Some(5) => reject.results = results(&tlv)?,
                Some(10) => reject.provider_reason = Some(ProviderReason(tlv.i64()?)),
                _ if UserData::is(&tlv) => reject.user_data = Some(UserData::from_tlv(&tlv)?),
                _ => reject.unknown.push(tlv.to_raw()),
            }
        }
        Ok(reject)
    }

    /// Encodes it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.constructed(Tag::SEQUENCE, |w| {
            put_user_data(w, self.user_data.as_ref());
            if let Some(ProviderReason(reason)) = self.provider_reason {
                w.integer(Tag::context(10), reason);
            }
            put_unknown(w, &self.unknown);
            put_results(w, &self.results);
            put_selector(w, 3, self.responding_selector.as_deref());
        });
        w.into_vec()
    }
}

/// The parameters of a CP or CPA in normal mode. In a SET their order is free.
fn normal_mode(octets: &[u8], offset: usize) -> Result<Reader<'_>, WireError> {
    let mut outer = Reader::new(Layer::Presentation, octets).at_offset(offset);
    let set = outer.expect(Tag::SET)?;
    outer.finish()?;
    let mut members = set.reader()?;
    let mut parameters = None;
    while let Some(tlv) = members.next()? {
        match tlv.tag().context_number() {
            Some(0) => {
                let mode = tlv.reader()?.expect(Tag::context(0))?;
                if mode.i64()? != NORMAL {
                    return Err(mode.error(ErrorKind::Unsupported {
                        what: "presentation mode other than normal",
                    }));
                }
            }
            Some(2) => parameters = Some(tlv.reader()?),
            _ => {}
        }
    }
    parameters.ok_or_else(|| {
        set.error(ErrorKind::Missing {
            expected: Tag::context(2),
        })
    })
}

fn encode_normal_mode(parameters: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut w = Writer::with_capacity(256);
    w.constructed(Tag::SET, |w| {
        w.constructed(Tag::context(2), parameters);
        w.constructed(Tag::context(0), |w| w.integer(Tag::context(0), NORMAL));
    });
    w.into_vec()
}

fn contexts(list: &Tlv<'_>) -> Result<Vec<Context>, WireError> {
    let mut found = Vec::new();
    let mut items = list.reader()?;
    while let Some(item) = items.next()? {
        bound(&found, &item)?;
        let mut fields = item.reader()?;
        let id = fields.expect(Tag::INTEGER)?.i64()?;
        let abstract_syntax = fields.expect(Tag::OID)?.oid()?;
        let mut names = fields.expect(Tag::SEQUENCE)?.reader()?;
        let mut transfer_syntaxes = Vec::new();
        while let Some(name) = names.next()? {
            bound(&transfer_syntaxes, &name)?;
            transfer_syntaxes.push(name.oid()?);
        }
        found.push(Context {
            id,
            abstract_syntax,
            transfer_syntaxes,
        });
    }
    Ok(found)
}

fn results(list: &Tlv<'_>) -> Result<Vec<ContextResult>, WireError> {
    let mut found = Vec::new();
    let mut items = list.reader()?;
    while let Some(item) = items.next()? {
        bound(&found, &item)?;
        let mut fields = item.reader()?;
        let outcome = ContextOutcome(fields.expect(Tag::context(0))?.i64()?);
        let transfer_syntax = match fields.optional(Tag::context(1))? {
            Some(tlv) => Some(tlv.oid()?),
            None => None,
        };
        let provider_reason = match fields.optional(Tag::context(2))? {
            Some(tlv) => Some(tlv.i64()?),
            None => None,
        };
        found.push(ContextResult {
            outcome,
            transfer_syntax,
            provider_reason,
        });
    }
    Ok(found)
}

fn bound<T>(found: &[T], at: &Tlv<'_>) -> Result<(), WireError> {
    if found.len() < MAX_CONTEXTS {
        return Ok(());
    }
    Err(at.error(ErrorKind::SizeExceeded {
        limit: MAX_CONTEXTS,
    }))
}

fn put_context(w: &mut Writer, context: &Context) {
    w.constructed(Tag::SEQUENCE, |w| {
        w.constructed(Tag::SEQUENCE, |w| {
            for syntax in context.transfer_syntaxes.iter().rev() {
                w.oid(Tag::OID, syntax);
            }
        });
        w.oid(Tag::OID, &context.abstract_syntax);
        w.integer(Tag::INTEGER, context.id);
    });
}

fn put_results(w: &mut Writer, results: &[ContextResult]) {
    if results.is_empty() {
        return;
    }
    w.constructed(Tag::context(5), |w| {
        for result in results.iter().rev() {
            w.constructed(Tag::SEQUENCE, |w| {
                if let Some(reason) = result.provider_reason {
                    w.integer(Tag::context(2), reason);
                }
                if let Some(syntax) = &result.transfer_syntax {
                    w.oid(Tag::context(1), syntax);
                }
                w.integer(Tag::context(0), result.outcome.0);
            });
        }
    });
}

fn put_selector(w: &mut Writer, number: u32, selector: Option<&[u8]>) {
    if let Some(selector) = selector {
        w.octets(Tag::context(number), selector);
    }
}

fn put_bits(w: &mut Writer, number: u32, bits: Option<&BitString>) {
    if let Some(bits) = bits {
        w.bits(Tag::context(number), bits);
    }
}

fn put_user_data(w: &mut Writer, user_data: Option<&UserData<'_>>) {
    if let Some(data) = user_data {
        data.encode_into(w);
    }
}

fn put_unknown(w: &mut Writer, unknown: &[RawTlv]) {
    for tlv in unknown.iter().rev() {
        tlv.encode_into(w);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cp() -> Connect<'static> {
        Connect {
            calling_selector: Some(vec![0, 0, 0, 1]),
            called_selector: Some(vec![0, 0, 0, 1]),
            contexts: Context::usual(),
            user_data: Some(UserData::single(1, &[0x60, 0])),
            ..Connect::default()
        }
    }

    /// The offsets of PDVs are those of the input, not of the value that was encoded.
    fn without_offset(data: &mut Option<UserData<'_>>) {
        if let Some(UserData::Full(pdvs)) = data {
            pdvs.iter_mut().for_each(|pdv| pdv.offset = 0);
        }
    }

    #[test]
    fn round_trips_cp() {
        let octets = cp().encode();
        let mut decoded = Connect::decode(&octets, 0).unwrap();
        without_offset(&mut decoded.user_data);
        assert_eq!(decoded, cp());
    }

    #[test]
    fn round_trips_cpa_and_cpr() {
        let accept = Accept {
            responding_selector: Some(vec![0, 0, 0, 1]),
            results: vec![ContextResult::accepted(), ContextResult::accepted()],
            user_data: Some(UserData::single(1, &[0x61, 0])),
            ..Accept::default()
        };
        let octets = accept.encode();
        let mut decoded = Accept::decode(&octets, 0).unwrap();
        without_offset(&mut decoded.user_data);
        assert_eq!(decoded, accept);

        let reject = Reject {
            provider_reason: Some(ProviderReason::SELECTOR_UNKNOWN),
            results: vec![ContextResult {
                outcome: ContextOutcome::PROVIDER_REJECTION,
                transfer_syntax: None,
                provider_reason: Some(1),
            }],
            ..Reject::default()
        };
        assert_eq!(Reject::decode(&reject.encode(), 0).unwrap(), reject);
    }

    #[test]
    fn rejects_a_cp_without_normal_mode_parameters() {
        let error = Connect::decode(&[0x31, 5, 0xa0, 3, 0x80, 1, 1], 7).unwrap_err();
        assert_eq!(error.offset, 7);
        assert!(Connect::decode(&[0x31, 5, 0xa0, 3, 0x80, 1, 0], 0).is_err());
        assert!(Connect::decode(&[0x30, 0], 0).is_err());
    }

    #[test]
    fn bounds_the_list_of_contexts() {
        let mut many = cp();
        let one = many.contexts[0].clone();
        many.contexts = vec![one; MAX_CONTEXTS + 1];
        let octets = many.encode();
        let error = Connect::decode(&octets, 0).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::SizeExceeded { .. }));
    }
}
