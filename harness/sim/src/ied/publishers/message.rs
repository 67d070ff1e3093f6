//! How large the message of a publisher can become: one Ethernet frame has to hold it, for there is no segmentation.

use iedassay_model::tree::{BType, Node, ServerModel};
use iedassay_wire::mms::Data;

use crate::ied::data_sets::{DataSet, locate};

/// Most octets of a GOOSE PDU or of the sampled values in a frame (IEC 61850-8-1 and IEC 61850-9-2, length of the APDU).
pub(super) const MOST_OCTETS: usize = 1491;

/// Tag and length of a value, and the same for one that is longer than 127 octets.
const HEAD: usize = 2;
const LONG_HEAD: usize = 4;

/// Everything of a GOOSE PDU that is of the same length in each: its own head, timeAllowedtoLive, t, stNum, sqNum, simulation,
/// confRev, ndsCom, numDatSetEntries and the head of allData.
const GOOSE_REST: usize = LONG_HEAD + 7 + 10 + 7 + 7 + 3 + 7 + 3 + 5 + LONG_HEAD;

/// As much of an ASDU: its head, smpCnt, confRev, refrTm, smpSynch, smpRate and the head of the samples; and what stands around
/// all ASDUs of a message.
const ASDU_REST: usize = LONG_HEAD + 4 + 6 + 10 + 3 + 4 + LONG_HEAD;
const SV_REST: usize = LONG_HEAD + 3 + LONG_HEAD;

/// Octets of a GOOSE PDU at most: with reference, data set and identifier, and each value as long as it can become.
pub(super) fn goose(model: &ServerModel, set: &DataSet, texts: [&str; 3]) -> usize {
    let texts = texts.map(|text| text.len().saturating_add(LONG_HEAD));
    total(texts)
        .saturating_add(GOOSE_REST)
        .saturating_add(values(model, set, true))
}

/// Octets of a message of sampled values at most: its values have no heads, and are no longer than those of MMS.
pub(super) fn sampled_values(model: &ServerModel, set: &DataSet, id: &str, asdus: usize) -> usize {
    values(model, set, false)
        .saturating_add(id.len())
        .saturating_add(LONG_HEAD + ASDU_REST)
        .saturating_mul(asdus)
        .saturating_add(SV_REST)
}

fn values(model: &ServerModel, set: &DataSet, heads: bool) -> usize {
    let sizes = set.members.iter().map(|member| {
        let Some((node, selection)) = locate(model, member) else {
            return 0;
        };
        match node.select(&selection) {
            // Of an array only an element or a part of it is a member.
            Some(part) if !selection.is_empty() => element(part, heads),
            _ => of_node(node, heads),
        }
    });
    total(sizes)
}

fn of_node(node: Node<'_>, heads: bool) -> usize {
    let one = element(node, heads);
    match node.count() {
        Some(count) => usize::try_from(count)
            .unwrap_or(usize::MAX)
            .saturating_mul(one)
            .saturating_add(if heads { LONG_HEAD } else { 0 }),
        None => one,
    }
}

fn element(node: Node<'_>, heads: bool) -> usize {
    if node.is_leaf() {
        let content = content(node.btype());
        let head = match content {
            _ if !heads => 0,
            0..=127 => HEAD,
            _ => LONG_HEAD,
        };
        return content.saturating_add(head);
    }
    total(node.children().map(|child| of_node(child, heads))).saturating_add(if heads {
        LONG_HEAD
    } else {
        0
    })
}

/// Octets of a basic value without its head, at most.
fn content(btype: Option<&BType>) -> usize {
    let size = |size: &u32| usize::try_from(*size).unwrap_or(usize::MAX);
    match btype {
        Some(BType::Int64 | BType::Int128) => 9,
        Some(BType::VisString(most) | BType::Unicode(most) | BType::Octet(most)) => size(most),
        Some(BType::ObjRef) => 129,
        Some(BType::Currency) => 3,
        Some(BType::BitString(bits)) => size(bits).div_ceil(8).saturating_add(1),
        Some(other) => match other.zero() {
            Data::Integer(_) | Data::Unsigned(_) => 5,
            zero => zero.encode().len().saturating_sub(HEAD),
        },
        None => 0,
    }
}

fn total(sizes: impl IntoIterator<Item = usize>) -> usize {
    sizes.into_iter().fold(0, usize::saturating_add)
}
