//! Mutations of BER elements.

use crate::ber::{Class, Reader, Tag};
use crate::error::Layer;
use crate::mutate::{Mutation, Random};

/// Elements of a message that are taken apart; the contents of what nests deeper stay octets.
const MAX_DEPTH: usize = 40;
/// Structures around an element for [`Mutation::Deep`].
const DEEP: usize = 200;
/// Characters of [`Mutation::StringLong`].
const LONG: usize = 4000;

/// Identifier of a BOOLEAN in Data (ISO 9506-2, Data, `[3]`).
const DATA_BOOLEAN: u8 = 0x83;

/// An element that can be written wrongly.
#[derive(Clone, Debug)]
struct Element {
    identifier: Vec<u8>,
    /// `None` is the shortest right one.
    length: Option<LengthForm>,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Octets(Vec<u8>),
    Elements(Vec<Element>),
}

#[derive(Clone, Copy, Debug)]
enum LengthForm {
    /// These octets, whatever the contents are.
    Octets(&'static [u8]),
    /// So many octets more, or fewer, than the contents have.
    Off(isize),
    /// Five octets for the right length.
    Overlong,
    /// Indefinite, with or without its end.
    Indefinite { end: bool },
}

/// How many elements there are.
pub(super) fn count(octets: &[u8]) -> usize {
    parse(octets, 0).map_or(0, |elements| total(&elements))
}

/// Applies `mutation` at `place`, or at one that `random` chooses among those where it applies.
pub(super) fn apply(
    octets: &[u8],
    mutation: Mutation,
    random: &mut Random,
    place: Option<usize>,
) -> Option<Vec<u8>> {
    match mutation {
        Mutation::Truncate => {
            let keep = octets.len().checked_sub(1)?;
            return octets.get(..random.below(keep).max(1)).map(<[u8]>::to_vec);
        }
        Mutation::Trailing => {
            let mut out = octets.to_vec();
            out.extend_from_slice(&[0, 0, random.octet(), random.octet()]);
            return Some(out);
        }
        Mutation::FlipBit => {
            let mut out = octets.to_vec();
            let at = random.below(out.len());
            *out.get_mut(at)? ^= 1 << random.below(8);
            return Some(out);
        }
        Mutation::RandomOctet => {
            let mut out = octets.to_vec();
            let at = random.below(out.len());
            let octet = out.get_mut(at)?;
            let step = random.octet().max(1);
            *octet = octet.wrapping_add(step);
            return Some(out);
        }
        _ => {}
    }
    let elements = parse(octets, 0)?;
    let all = total(&elements);
    let first = random.below(all);
    let mut attempt = |place: usize| {
        let mut elements = elements.clone();
        let mut left = place;
        let mut edit = |list: &mut Vec<Element>, index: usize| {
            in_list(list, index, mutation)
                || in_place(list.get_mut(index), mutation, octets, random)
        };
        visit(&mut elements, &mut left, &mut edit)?.then(|| {
            let mut out = Vec::new();
            write_all(&elements, &mut out);
            out
        })
    };
    match place {
        Some(place) => attempt(place),
        None => (first..all).chain(0..first).find_map(attempt),
    }
}

/// The same elements, each length in five octets.
pub(super) fn long_lengths(octets: &[u8]) -> Option<Vec<u8>> {
    edit_all(octets, &mut |element| {
        element.length = Some(LengthForm::Overlong);
    })
}

/// The same elements, `octet` for TRUE wherever a BOOLEAN of Data is.
pub(super) fn true_as(octets: &[u8], octet: u8) -> Option<Vec<u8>> {
    edit_all(octets, &mut |element| {
        let is_true = element.identifier == [DATA_BOOLEAN]
            && matches!(&element.content, Content::Octets(content) if content == &[0xff]);
        if is_true {
            element.content = Content::Octets(vec![octet]);
        }
    })
}

/// Edits every element and writes all down again; `None` when they are not elements from end to end.
fn edit_all(octets: &[u8], edit: &mut dyn FnMut(&mut Element)) -> Option<Vec<u8>> {
    fn each(elements: &mut [Element], edit: &mut dyn FnMut(&mut Element)) {
        for element in elements {
            edit(element);
            if let Content::Elements(inside) = &mut element.content {
                each(inside, edit);
            }
        }
    }
    let mut elements = parse(octets, 0)?;
    each(&mut elements, edit);
    let mut out = Vec::new();
    write_all(&elements, &mut out);
    Some(out)
}

/// The octets of the first element at the end of a path of identifiers, each anywhere inside the one before.
pub(super) fn find(octets: &[u8], path: &[u8]) -> Option<Vec<u8>> {
    let mut elements = parse(octets, 0)?;
    let mut found = None;
    at_path(&mut elements, path, &mut |element| {
        let mut out = Vec::new();
        element.write(&mut out);
        found = Some(out);
    });
    found
}

/// The same octets with others in place of that element.
pub(super) fn replace(octets: &[u8], path: &[u8], with: &[u8]) -> Option<Vec<u8>> {
    let mut elements = parse(octets, 0)?;
    let done = at_path(&mut elements, path, &mut |element| {
        *element = Element {
            identifier: Vec::new(),
            length: self::octets(&[]),
            content: Content::Octets(with.to_vec()),
        };
    });
    done.then(|| {
        let mut out = Vec::new();
        write_all(&elements, &mut out);
        out
    })
}

/// A PPDU with the transfer syntax of its first PDV named, which it need not be when one was negotiated (ISO 8823-1, PDV-list).
pub(super) fn with_transfer_syntax(octets: &[u8]) -> Option<Vec<u8>> {
    let named = basic_encoding();
    let mut elements = parse(octets, 0)?;
    let mut done = false;
    // Fully-encoded-data, PDV-list.
    at_path(&mut elements, &[0x61, 0x30], &mut |list| {
        if let Content::Elements(inside) = &mut list.content
            && inside
                .first()
                .is_some_and(|first| first.identifier == [0x02])
        {
            inside.insert(0, named.clone());
            done = true;
        }
    });
    done.then(|| {
        let mut out = Vec::new();
        write_all(&elements, &mut out);
        out
    })
}

/// The basic encoding of a single ASN.1 type: joint-iso-ccitt asn1 basic-encoding, 2.1.1.
fn basic_encoding() -> Element {
    Element {
        identifier: vec![0x06],
        length: None,
        content: Content::Octets(vec![0x51, 0x01]),
    }
}

fn at_path(list: &mut [Element], path: &[u8], act: &mut dyn FnMut(&mut Element)) -> bool {
    let Some((first, rest)) = path.split_first() else {
        return false;
    };
    list.iter_mut().any(|element| {
        let here = element.identifier == [*first];
        if here && rest.is_empty() {
            act(element);
            return true;
        }
        match &mut element.content {
            Content::Elements(inside) => at_path(inside, if here { rest } else { path }, act),
            Content::Octets(_) => false,
        }
    })
}

/// Takes octets apart; `None` when they are not elements from end to end.
fn parse(octets: &[u8], depth: usize) -> Option<Vec<Element>> {
    let mut reader = Reader::new(Layer::Mms, octets);
    let mut elements = Vec::new();
    while let Some(tlv) = reader.next().ok()? {
        let inside = match depth.checked_add(1) {
            Some(depth) if tlv.is_constructed() && depth < MAX_DEPTH => parse(tlv.content(), depth),
            _ => None,
        };
        elements.push(Element {
            identifier: identifier(tlv.tag(), tlv.is_constructed()),
            length: None,
            content: match inside {
                Some(elements) => Content::Elements(elements),
                None => Content::Octets(tlv.content().to_vec()),
            },
        });
    }
    Some(elements)
}

fn total(elements: &[Element]) -> usize {
    elements.iter().fold(0_usize, |sum, element| {
        let inside = match &element.content {
            Content::Octets(_) => 0,
            Content::Elements(elements) => total(elements),
        };
        sum.saturating_add(1).saturating_add(inside)
    })
}

/// Calls `edit` with the element that is `left` places on, and the list that it is in.
fn visit(
    list: &mut Vec<Element>,
    left: &mut usize,
    edit: &mut dyn FnMut(&mut Vec<Element>, usize) -> bool,
) -> Option<bool> {
    for index in 0..list.len() {
        match left.checked_sub(1) {
            None => return Some(edit(list, index)),
            Some(rest) => *left = rest,
        }
        if let Some(Content::Elements(inside)) =
            list.get_mut(index).map(|element| &mut element.content)
            && let Some(done) = visit(inside, left, edit)
        {
            return Some(done);
        }
    }
    None
}

/// Mutations of the order and number of elements.
fn in_list(list: &mut Vec<Element>, index: usize, mutation: Mutation) -> bool {
    match mutation {
        Mutation::Delete => {
            if index < list.len() {
                list.remove(index);
            }
        }
        Mutation::Duplicate => match list.get(index).cloned() {
            Some(copy) => list.insert(index, copy),
            None => return false,
        },
        Mutation::Swap => {
            let next = index.saturating_add(1);
            if next >= list.len() {
                return false;
            }
            list.swap(index, next);
        }
        Mutation::Unknown => list.insert(
            index,
            Element {
                identifier: identifier(Tag::new(Class::Private, 29), false),
                length: None,
                content: Content::Octets(Vec::new()),
            },
        ),
        _ => return false,
    }
    true
}

/// Mutations of one element.
fn in_place(
    element: Option<&mut Element>,
    mutation: Mutation,
    message: &[u8],
    random: &mut Random,
) -> bool {
    let Some(element) = element else {
        return false;
    };
    let constructed = element.is_constructed();
    let some = isize::from(random.octet() & 0x0f).saturating_add(1);
    match mutation {
        Mutation::LengthPastEnd => element.length = Some(LengthForm::Off(some.saturating_mul(16))),
        Mutation::LengthShort if element.len() > 0 => {
            element.length = Some(LengthForm::Off(-1));
        }
        Mutation::LengthHuge => element.length = octets(&[0x84, 0x7f, 0xff, 0xff, 0xff]),
        Mutation::LengthNegative => element.length = octets(&[0x84, 0xff, 0xff, 0xff, 0xff]),
        Mutation::LengthOfLength => {
            element.length = octets(&[0x8b, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff]);
        }
        Mutation::LengthReserved => element.length = octets(&[0xff]),
        Mutation::LengthOverlong => element.length = Some(LengthForm::Overlong),
        Mutation::LengthIndefinite if constructed && element.can_be_indefinite() => {
            element.length = Some(LengthForm::Indefinite { end: true });
        }
        Mutation::LengthIndefiniteOpen if constructed => {
            element.length = Some(LengthForm::Indefinite { end: false });
        }
        Mutation::LengthIndefinitePrimitive if !constructed => {
            element.length = Some(LengthForm::Indefinite { end: true });
        }
        Mutation::TagWrong => {
            let Some(first) = element.identifier.first_mut() else {
                return false;
            };
            // Any other low tag number than the one there.
            let step = (random.octet() % 29).saturating_add(1);
            let number = (*first & 0x1f).wrapping_add(step) % 30;
            *first = (*first & 0xe0) | number;
            element.identifier.truncate(1);
        }
        Mutation::TagClass => {
            let Some(first) = element.identifier.first_mut() else {
                return false;
            };
            let class = (random.octet() % 3).saturating_add(1) << 6;
            *first ^= class;
        }
        Mutation::TagHighForm => match *element.identifier {
            [low] => element.identifier = vec![low | 0x1f, low & 0x1f],
            _ => return false,
        },
        Mutation::TagEndless => {
            let first = element.identifier.first().copied().unwrap_or_default();
            element.identifier = vec![first | 0x1f];
            element.identifier.extend_from_slice(&[0xff; 12]);
        }
        Mutation::FormFlipped => match element.identifier.first_mut() {
            Some(first) => *first ^= 0x20,
            None => return false,
        },
        Mutation::Empty if element.len() > 0 => element.content = Content::Octets(Vec::new()),
        Mutation::CutContents => {
            let mut content = element.content_octets();
            if content.pop().is_none() {
                return false;
            }
            element.content = Content::Octets(content);
        }
        Mutation::Deep => {
            for _ in 0..DEEP {
                // A structure of Data; in other places an element of the wrong kind.
                let inner = Element {
                    identifier: core::mem::replace(&mut element.identifier, vec![0xa2]),
                    length: element.length.take(),
                    content: core::mem::replace(&mut element.content, Content::Octets(Vec::new())),
                };
                let mut content = Vec::new();
                inner.write(&mut content);
                element.content = Content::Octets(content);
            }
        }
        Mutation::Splice => element.content = Content::Octets(message.to_vec()),
        Mutation::IntegerWide if !constructed => {
            element.content = Content::Octets(vec![1, 2, 3, 4, 5, 6, 7, 8, 9]);
        }
        Mutation::IntegerNegative if !constructed => {
            element.content = Content::Octets(vec![0x80, 0, 0, 0]);
        }
        Mutation::BitStringPadding if !constructed => {
            element.content = Content::Octets(vec![9, random.octet()]);
        }
        Mutation::StringLong if !constructed => {
            element.content = Content::Octets(vec![b'A'; LONG]);
        }
        _ => return false,
    }
    true
}

const fn octets(length: &'static [u8]) -> Option<LengthForm> {
    Some(LengthForm::Octets(length))
}

impl Element {
    fn is_constructed(&self) -> bool {
        self.identifier
            .first()
            .is_some_and(|first| first & 0x20 != 0)
    }

    /// Whether its contents say the same with an indefinite length: no element in it may have the tag of the end of the contents, in
    /// either form.
    fn can_be_indefinite(&self) -> bool {
        match &self.content {
            Content::Octets(octets) => octets.is_empty(),
            Content::Elements(elements) => elements
                .iter()
                .all(|inner| !matches!(*inner.identifier, [0x00 | 0x20])),
        }
    }

    fn len(&self) -> usize {
        match &self.content {
            Content::Octets(octets) => octets.len(),
            Content::Elements(elements) => elements.len(),
        }
    }

    fn content_octets(&self) -> Vec<u8> {
        match &self.content {
            Content::Octets(octets) => octets.clone(),
            Content::Elements(elements) => {
                let mut content = Vec::new();
                write_all(elements, &mut content);
                content
            }
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let content = self.content_octets();
        out.extend_from_slice(&self.identifier);
        match self.length {
            None => write_length(content.len(), out),
            Some(LengthForm::Octets(octets)) => out.extend_from_slice(octets),
            Some(LengthForm::Off(by)) => {
                write_length(content.len().saturating_add_signed(by), out);
            }
            Some(LengthForm::Overlong) => {
                out.push(0x84);
                let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
                out.extend_from_slice(&length.to_be_bytes());
            }
            Some(LengthForm::Indefinite { .. }) => out.push(0x80),
        }
        out.extend_from_slice(&content);
        if let Some(LengthForm::Indefinite { end: true }) = self.length {
            out.extend_from_slice(&[0, 0]);
        }
    }
}

fn write_all(elements: &[Element], out: &mut Vec<u8>) {
    for element in elements {
        element.write(out);
    }
}

fn write_length(length: usize, out: &mut Vec<u8>) {
    match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => out.push(short),
        _ => {
            let octets = length.to_be_bytes();
            let zeros = octets.iter().take_while(|octet| **octet == 0).count();
            let digits = octets.get(zeros..).unwrap_or_default();
            out.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
            out.extend_from_slice(digits);
        }
    }
}

fn identifier(tag: Tag, constructed: bool) -> Vec<u8> {
    // An element without contents is its identifier and one length octet.
    let mut w = crate::ber::Writer::new();
    w.header(tag, constructed, 0);
    let mut octets = w.into_vec();
    octets.pop();
    octets
}
