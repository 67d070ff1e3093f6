//! Values and types that nest deeper than anybody needs.

use iedassay_wire::{
    ber::{Tag, Writer},
    mms::peek,
};

use super::Scene;

/// Structures inside each other.
const VALUES: usize = 20_000;
/// Structures of indefinite length inside each other.
const INDEFINITE: usize = 50_000;
/// Arrays inside each other.
const TYPES: usize = 5_000;

/// Structures of definite length, each in the next.
pub(in super::super) fn values(scene: &mut Scene<'_>) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.boolean(Tag::context(3), true);
    for _ in 0..VALUES {
        let length = writer.as_slice().len();
        writer.header(Tag::context(2), true, length);
    }
    let value = writer.into_vec();
    read(scene, &value)
}

/// Structures of indefinite length, none of which ends.
pub(in super::super) fn indefinite(scene: &mut Scene<'_>) -> Vec<u8> {
    read(scene, &[0xa2, 0x80].repeat(INDEFINITE))
}

/// A response to Read with these octets for its one result.
fn read(scene: &mut Scene<'_>, result: &[u8]) -> Vec<u8> {
    respond(scene, |w| {
        w.constructed(Tag::context(4), |w| {
            w.element(Tag::context(1), true, result);
        });
    })
}

/// Arrays of one element, each in the next.
pub(in super::super) fn types(scene: &mut Scene<'_>) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.null(Tag::context(3));
    for _ in 0..TYPES {
        let length = writer.as_slice().len();
        writer.header(Tag::context(2), true, length);
        writer.integer(Tag::context(1), 1);
        let length = writer.as_slice().len();
        writer.header(Tag::context(1), true, length);
    }
    let specification = writer.into_vec();
    respond(scene, |w| {
        w.constructed(Tag::context(6), |w| {
            w.element(Tag::context(2), true, &specification);
            w.boolean(Tag::context(0), false);
        });
    })
}

/// A response with the invoke id of the honest one and a service of the caller's making.
fn respond(scene: &mut Scene<'_>, service: impl FnOnce(&mut Writer)) -> Vec<u8> {
    scene.changed(|_, pdu| {
        let invoke_id = peek(pdu).ok()?.invoke_id?;
        let mut writer = Writer::new();
        writer.constructed(Tag::context(1), |w| {
            service(w);
            w.integer(Tag::INTEGER, i64::from(invoke_id));
        });
        Some(writer.into_vec())
    })
}
