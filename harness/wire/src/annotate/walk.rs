//! Elements turned into nodes, by a schema where there is one.

use std::borrow::Cow;

use crate::annotate::Node;
use crate::annotate::leaf::hex;
use crate::annotate::schema::{Field, Type};
use crate::ber::{Reader, Tlv};
use crate::error::{ErrorKind, Layer, WireError};
use crate::observe::{Observation, ObservationKind, Observations};

/// Nodes of one tree. A tree takes some hundred octets for every two of the input.
const MAX_NODES: usize = 200_000;
/// Observations of one tree.
const MAX_OBSERVATIONS: usize = 1000;

/// Collects nodes, and what is odd, up to a bound.
pub(super) struct Builder {
    /// The open lists, outermost first.
    open: Vec<Vec<Node>>,
    left: usize,
    observations: Observations,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            open: vec![Vec::new()],
            left: MAX_NODES,
            observations: Observations::with_limit(MAX_OBSERVATIONS),
        }
    }

    /// Adds a node whose children are what `parts` adds.
    pub(super) fn node(&mut self, node: Node, parts: impl FnOnce(&mut Self)) {
        let Some(left) = self.left.checked_sub(1) else {
            return;
        };
        self.left = left;
        let mut node = node;
        if left == 0 {
            node.name = Cow::Borrowed("the rest is too large to show");
        } else {
            self.open.push(Vec::new());
            parts(self);
            node.children = self.open.pop().unwrap_or_default();
        }
        if let Some(list) = self.open.last_mut() {
            list.push(node);
        }
    }

    pub(super) fn leaf(&mut self, node: Node) {
        self.node(node, |_| {});
    }

    pub(super) fn observe(&self, layer: Layer, kind: ObservationKind, offset: usize) {
        self.observations.push(Observation {
            layer,
            kind,
            offset,
        });
    }

    pub(super) fn finish(mut self) -> (Vec<Node>, Vec<Observation>) {
        let nodes = self.open.pop().unwrap_or_default();
        (nodes, self.observations.into_vec())
    }
}

/// A run of octets and where they lie in the input, be it in pieces.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) bytes: &'a [u8],
    /// Offset of `bytes` in what `pieces` maps.
    start: usize,
    /// Offset in the joined octets and in the input of each piece, in order.
    pieces: &'a [(usize, usize)],
}

impl<'a> Place<'a> {
    /// All of the input.
    pub(super) const fn whole(bytes: &'a [u8]) -> Self {
        Self::joined(bytes, &[])
    }

    /// Octets joined from pieces.
    pub(super) const fn joined(bytes: &'a [u8], pieces: &'a [(usize, usize)]) -> Self {
        Self {
            bytes,
            start: 0,
            pieces,
        }
    }

    /// The part of it that begins at `from`, of at most `length` octets.
    pub(super) fn part(self, from: usize, length: usize) -> Self {
        let bytes = self.bytes.get(from..).unwrap_or_default();
        Self {
            bytes: bytes.get(..length).unwrap_or(bytes),
            start: self.start.saturating_add(from),
            pieces: self.pieces,
        }
    }

    /// Everything from `from` on.
    pub(super) fn from(self, from: usize) -> Self {
        self.part(from, usize::MAX)
    }

    /// Offset in the input of the octet at `offset` from the start of this place.
    pub(super) fn offset_of(self, offset: usize) -> usize {
        self.input(self.start.saturating_add(offset))
    }

    /// Offset in the input of an octet, given its offset in the joined octets.
    fn input(self, joined: usize) -> usize {
        let at = self.pieces.partition_point(|(start, _)| *start <= joined);
        match at.checked_sub(1).and_then(|index| self.pieces.get(index)) {
            Some((start, input)) => joined.saturating_sub(*start).saturating_add(*input),
            None => joined,
        }
    }

    /// A node for `length` octets at `offset` from the start of this place.
    pub(super) fn node(
        self,
        layer: Layer,
        name: impl Into<Cow<'static, str>>,
        offset: usize,
        length: usize,
    ) -> Node {
        let from = self.start.saturating_add(offset);
        let first = self.input(from);
        let length = match from.saturating_add(length).checked_sub(1) {
            Some(last) if length > 0 => self.input(last).saturating_add(1).saturating_sub(first),
            _ => 0,
        };
        Node {
            layer,
            name: name.into(),
            offset: first,
            length,
            value: String::new(),
            error: None,
            children: Vec::new(),
        }
    }

    /// A node for all of it that holds an error, with the octets as its value.
    pub(super) fn undecoded(self, error: WireError) -> Node {
        let mut node = self.node(error.layer, "undecoded", 0, self.bytes.len());
        node.value = hex(self.bytes);
        node.error = Some(WireError {
            offset: self.offset_of(error.offset),
            ..error
        });
        node
    }
}

/// Adds the elements that `place` consists of, named by `fields`.
pub(super) fn elements(
    builder: &mut Builder,
    place: Place<'_>,
    layer: Layer,
    fields: &'static [Field],
) {
    let walk = Walk { place, layer };
    let sink = Observations::with_limit(MAX_OBSERVATIONS);
    let reader = Reader::new(layer, place.bytes).observed(&sink);
    walk.fields(builder, reader, fields, false);
    for seen in sink.into_vec() {
        builder.observe(seen.layer, seen.kind, place.offset_of(seen.offset));
    }
}

#[derive(Clone, Copy)]
struct Walk<'a> {
    /// Reader offsets count from its start.
    place: Place<'a>,
    layer: Layer,
}

impl Walk<'_> {
    fn fields(
        self,
        builder: &mut Builder,
        mut reader: Reader<'_>,
        fields: &'static [Field],
        list: bool,
    ) {
        // Components come in order, and a tag may come twice in a SEQUENCE.
        let mut next_field = 0_usize;
        let mut index = 0_usize;
        loop {
            let offset = reader.offset();
            match reader.next() {
                Ok(Some(tlv)) => {
                    let found = find(fields, next_field, &tlv).or_else(|| find(fields, 0, &tlv));
                    if let Some((at, _)) = found
                        && !list
                    {
                        next_field = at.saturating_add(1);
                    }
                    let field = found.map(|(_, field)| field);
                    self.element(builder, &tlv, field, list.then_some(index), None);
                    index = index.saturating_add(1);
                }
                Ok(None) => return,
                Err(error) => {
                    // What is there of a cut element is worth showing.
                    if let Ok(tlv) = reader.next_cut() {
                        let field = find(fields, next_field, &tlv)
                            .or_else(|| find(fields, 0, &tlv))
                            .map(|(_, field)| field);
                        self.element(builder, &tlv, field, list.then_some(index), Some(error));
                        return;
                    }
                    let rest = self.place.part(offset, reader.remaining().len());
                    // `rest` begins where the reader stands.
                    let error = WireError {
                        offset: error.offset.saturating_sub(offset),
                        ..error
                    };
                    builder.leaf(rest.undecoded(error));
                    return;
                }
            }
        }
    }

    fn element(
        self,
        builder: &mut Builder,
        tlv: &Tlv<'_>,
        field: Option<&'static Field>,
        index: Option<usize>,
        cut: Option<WireError>,
    ) {
        let walk = Self {
            layer: field.and_then(|field| field.layer).unwrap_or(self.layer),
            ..self
        };
        let name: Cow<'static, str> = match (field, index) {
            (Some(field), None) => Cow::Borrowed(field.name),
            (Some(field), Some(index)) => Cow::Owned(format!("{index}: {}", field.name)),
            (None, None) => Cow::Owned(tlv.tag().to_string()),
            (None, Some(index)) => Cow::Owned(format!("{index}: {}", tlv.tag())),
        };
        let mut node = self
            .place
            .node(walk.layer, name, tlv.offset(), tlv.raw().len());
        if let Some(error) = cut {
            walk.fail(&mut node, error);
        }
        let ty = field.map_or(&Type::Any, |field| field.ty);
        match walk.contents(&mut node, tlv, ty) {
            Some((reader, fields, list)) => {
                builder.node(node, |builder| walk.fields(builder, reader, fields, list));
            }
            None => builder.leaf(node),
        }
    }

    /// Fills in the value of `node`, or tells how to go on inside.
    fn contents<'b>(
        self,
        node: &mut Node,
        tlv: &Tlv<'b>,
        ty: &'static Type,
    ) -> Option<(Reader<'b>, &'static [Field], bool)> {
        let (fields, list): (&'static [Field], bool) = match *ty {
            Type::Leaf(print) => match print(tlv) {
                Ok(text) => {
                    node.value = text;
                    return None;
                }
                Err(error) => {
                    self.fail(node, error);
                    (&[], false)
                }
            },
            Type::Fields(fields) => (fields, false),
            Type::List(fields) => (fields, true),
            Type::Any => (&[], false),
        };
        if !tlv.is_constructed() {
            if !matches!(ty, Type::Any | Type::Leaf(_)) {
                self.fail(node, tlv.error(ErrorKind::NotConstructed));
            }
            node.value = hex(tlv.content());
            return None;
        }
        match tlv.reader() {
            Ok(reader) => Some((reader.for_layer(self.layer), fields, list)),
            Err(error) => {
                self.fail(node, error);
                node.value = hex(tlv.content());
                None
            }
        }
    }

    fn fail(self, node: &mut Node, error: WireError) {
        let offset = self.place.offset_of(error.offset);
        node.error.get_or_insert(WireError {
            layer: self.layer,
            offset,
            ..error
        });
    }
}

fn find(fields: &'static [Field], from: usize, tlv: &Tlv<'_>) -> Option<(usize, &'static Field)> {
    fields
        .iter()
        .enumerate()
        .skip(from)
        .find(|(_, field)| field.tag == tlv.tag())
}
