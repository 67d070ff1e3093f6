//! Reader of SCL files (IEC 61850-6, Editions 1, 2 and 2.1): one IED of a file as a [`ServerModel`].
//!
//! What is odd but usable becomes a [`Warning`] with its line; what makes the model meaningless becomes an [`SclError`] with its
//! place and a remedy, all of them at once. No entity is expanded, nesting and sizes are bounded.

mod blocks;
mod communication;
mod data_sets;
mod devices;
mod error;
mod instance;
mod service;
mod templates;
mod xml;

use roxmltree::{Document, Node, ParsingOptions};

pub use error::{Position, SclError, SclErrorKind, SclErrors, TypeKind, Warning};
use xml::{Context, attr, children, position};

use crate::tree::{Edition, ServerModel};

/// Largest text taken, in bytes. The largest real substation files are near 50 MB.
pub const MAX_TEXT: usize = 128 * 1024 * 1024;

/// Most XML nodes (elements, attributes, texts) taken.
const MAX_XML_NODES: u32 = 8_000_000;

/// Our own Edition 2 description, IED `ASSAY`: every ACSI model that the suites exercise.
pub const BUILTIN: &str = include_str!("../../scl/iedassay.cid");

/// A small description, IED `MINIMAL`: one logical device, one data set, one report control block.
pub const MINIMAL: &str = include_str!("../../scl/minimal.cid");

/// What a file says about one IED.
#[derive(Clone, Debug)]
pub struct Description {
    /// The server.
    pub model: ServerModel,
    /// What is odd, in the order found.
    pub warnings: Vec<Warning>,
}

/// An IED that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IedSummary {
    /// Name.
    pub name: String,
    /// Access points that have a server.
    pub servers: Vec<String>,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// Where it stands.
    pub position: Position,
}

/// Reads one IED of an SCL text. Without a name the text must hold exactly one IED with a server.
///
/// # Errors
/// [`SclErrors`]: not XML, not SCL, no IED of that name, no server, types that are missing or contain themselves, or a size
/// beyond any real file.
pub fn parse(text: &str, ied: Option<&str>) -> Result<Description, SclErrors> {
    parse_access_point(text, ied, None)
}

/// As [`parse`], of a named access point; without one the first that has a server.
///
/// # Errors
/// As [`parse`], and when there is no access point of that name.
pub fn parse_access_point(
    text: &str,
    ied: Option<&str>,
    access_point: Option<&str>,
) -> Result<Description, SclErrors> {
    let document = document(text)?;
    let mut context = Context::new(text, document.root_element());
    let root = root(&context)?;
    let ied = choose_ied(&mut context, root, ied)?;
    let (point, server) = choose_server(&mut context, ied, access_point)?;
    let services = service::read(&mut context, ied, point);
    let edition = edition(root, ied);

    let ied_name = attr(ied, "name").unwrap_or_default();
    let templates = templates::Templates::new(&mut context, root);
    let mut devices = devices::Devices::read(&mut context, server, ied_name, &templates)?;
    context.finish()?;
    let communication = communication::Communication::new(root, ied_name, attr(point, "name"));
    devices.read_blocks(&mut context, edition, &services, &communication);
    let address = communication.address(&mut context);
    let mut model = ServerModel::new(ied_name, edition, services, devices.list)
        .map_err(|_| context.fail(ied, SclErrorKind::ModelTooLarge))?;
    model.address = address;
    Ok(Description {
        model,
        warnings: context.finish()?,
    })
}

/// The IEDs of an SCL text.
///
/// # Errors
/// [`SclErrors`] when the text is not XML or not SCL.
pub fn ieds(text: &str) -> Result<Vec<IedSummary>, SclErrors> {
    let document = document(text)?;
    let context = Context::new(text, document.root_element());
    let root = root(&context)?;
    Ok(children(root, "IED")
        .map(|ied| IedSummary {
            name: attr(ied, "name").unwrap_or_default().to_owned(),
            servers: servers(ied)
                .map(|(point, _)| attr(point, "name").unwrap_or_default().to_owned())
                .collect(),
            manufacturer: attr(ied, "manufacturer").map(str::to_owned),
            position: context.position(ied),
        })
        .collect())
}

/// The built-in description, read.
///
/// # Errors
/// Never for the text that is built in; the tests see to it.
pub fn builtin() -> Result<Description, SclErrors> {
    parse(BUILTIN, Some("ASSAY"))
}

/// The minimal description, read.
///
/// # Errors
/// Never for the text that is built in; the tests see to it.
pub fn minimal() -> Result<Description, SclErrors> {
    parse(MINIMAL, Some("MINIMAL"))
}

fn document(text: &str) -> Result<Document<'_>, SclErrors> {
    if text.len() > MAX_TEXT {
        return Err(SclErrors::one(Position::START, SclErrorKind::TextTooLarge));
    }
    // Byte order marks are common in files from Windows tools.
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_XML_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        let position = Position {
            line: at.row,
            column: at.col,
            offset: position::offset_of(text, at.row, at.col),
        };
        SclErrors::one(position, SclErrorKind::NotXml(error.to_string()))
    })
}

fn root<'a, 'i>(context: &Context<'a, 'i>) -> Result<Node<'a, 'i>, SclErrors> {
    let root = context.root;
    if root.tag_name().name() == "SCL" {
        Ok(root)
    } else {
        Err(context.fail(
            root,
            SclErrorKind::NotScl(root.tag_name().name().to_owned()),
        ))
    }
}

fn choose_ied<'a, 'i>(
    context: &mut Context<'a, 'i>,
    root: Node<'a, 'i>,
    wanted: Option<&str>,
) -> Result<Node<'a, 'i>, SclErrors> {
    let all: Vec<_> = children(root, "IED").collect();
    let names = || {
        all.iter()
            .map(|ied| attr(*ied, "name").unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    if let Some(wanted) = wanted {
        let mut matching = all.iter().filter(|ied| attr(**ied, "name") == Some(wanted));
        let Some(found) = matching.next() else {
            return Err(context.fail(root, SclErrorKind::no_ied(wanted, names())));
        };
        if let Some(second) = matching.next() {
            context.warn(
                *second,
                format!("there is more than one IED named `{wanted}`, the first is used"),
            );
        }
        return Ok(*found);
    }
    let mut with_server = all.iter().filter(|ied| servers(**ied).next().is_some());
    match (with_server.next(), with_server.next()) {
        (Some(only), None) => Ok(*only),
        (Some(_), Some(_)) => {
            let names = all.iter().filter(|ied| servers(**ied).next().is_some());
            let names = names
                .map(|ied| attr(*ied, "name").unwrap_or_default().to_owned())
                .collect();
            Err(context.fail(root, SclErrorKind::SeveralIeds(names)))
        }
        (None, _) => match all.first() {
            Some(first) => {
                let name = attr(*first, "name").unwrap_or_default().to_owned();
                Err(context.fail(
                    *first,
                    SclErrorKind::NoServer {
                        ied: name,
                        access_points: Vec::new(),
                    },
                ))
            }
            None => Err(context.fail(root, SclErrorKind::NoIedAtAll)),
        },
    }
}

/// Access points with the `Server` element that holds for them; `ServerAt` borrows that of another access point.
fn servers<'a, 'i: 'a>(ied: Node<'a, 'i>) -> impl Iterator<Item = (Node<'a, 'i>, Node<'a, 'i>)> {
    children(ied, "AccessPoint").filter_map(move |point| {
        let own = children(point, "Server").next();
        let server = own.or_else(|| {
            let other = attr(children(point, "ServerAt").next()?, "apName")?;
            let host = children(ied, "AccessPoint")
                .find(|candidate| attr(*candidate, "name") == Some(other))?;
            children(host, "Server").next()
        });
        Some((point, server?))
    })
}

fn choose_server<'a, 'i>(
    context: &mut Context<'a, 'i>,
    ied: Node<'a, 'i>,
    wanted: Option<&str>,
) -> Result<(Node<'a, 'i>, Node<'a, 'i>), SclErrors> {
    let all: Vec<_> = servers(ied).collect();
    let names = || {
        all.iter()
            .map(|(point, _)| attr(*point, "name").unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let found = match wanted {
        Some(name) => all
            .iter()
            .find(|(point, _)| attr(*point, "name") == Some(name)),
        None => all.first(),
    };
    let Some(found) = found else {
        let ied_name = attr(ied, "name").unwrap_or_default().to_owned();
        return Err(context.fail(
            ied,
            SclErrorKind::NoServer {
                ied: ied_name,
                access_points: names(),
            },
        ));
    };
    if wanted.is_none() && all.iter().any(|(_, server)| server.id() != found.1.id()) {
        let names = names();
        context.warn(
            found.0,
            format!(
                "the IED has servers at several access points ({}), the first is used",
                names.join(", ")
            ),
        );
    }
    Ok(*found)
}

/// Edition of the file, or of the IED where it says that it comes from an older file.
fn edition(root: Node<'_, '_>, ied: Node<'_, '_>) -> Edition {
    let of = |version: Option<&str>, revision: Option<&str>, release: Option<&str>| match version {
        None | Some("2003" | "2005") => Edition::Ed1,
        Some(_) => {
            let release: u32 = release.and_then(|text| text.parse().ok()).unwrap_or(1);
            match revision {
                Some("C") => Edition::Ed2_1,
                Some("B") if release >= 4 => Edition::Ed2_1,
                _ => Edition::Ed2,
            }
        }
    };
    let of_file = of(
        attr(root, "version"),
        attr(root, "revision"),
        attr(root, "release"),
    );
    if of_file != Edition::Ed1
        && let Some(version) = attr(ied, "originalSclVersion")
    {
        return of(
            Some(version),
            attr(ied, "originalSclRevision"),
            attr(ied, "originalSclRelease"),
        );
    }
    of_file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_descriptions_load_without_a_warning() {
        for description in [builtin(), minimal()] {
            let description = description.unwrap();
            assert_eq!(description.warnings, []);
        }
    }
}
