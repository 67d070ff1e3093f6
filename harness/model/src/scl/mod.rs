//! Reader of SCL files (IEC 61850-6, Editions 1, 2 and 2.1): one IED of a file as a [`ServerModel`].
//!
//! What is odd but usable becomes a [`Warning`] with its line; what makes the model meaningless becomes an [`SclError`] with its
//! place and a remedy, all of them at once. No entity is expanded, nesting and sizes are bounded.

mod blocks;
mod communication;
mod data_sets;
mod devices;
mod encoding;
mod error;
mod guard;
mod instance;
mod overlay;
mod service;
mod templates;
mod values;
mod xml;

use roxmltree::{Document, Node, ParsingOptions};

pub use encoding::decode;
pub use error::{Position, SclError, SclErrorKind, SclErrors, TypeKind, Warning};
use xml::{Context, attr, children, position, shorten};

use crate::tree::{Edition, ServerModel};

/// Largest text taken, in bytes. The largest real substation files are near 50 MB.
pub const MAX_TEXT: usize = 128 * 1024 * 1024;

/// Most XML nodes (elements, attributes, texts) taken.
const MAX_XML_NODES: u32 = 8_000_000;

/// Our own Edition 2 description, IED `ASSAY`: every ACSI model that the suites exercise.
pub const BUILTIN: &str = include_str!("../../scl/iedassay.cid");

/// A small description, IED `MINIMAL`: one logical device, one data set, one report control block.
pub const MINIMAL: &str = include_str!("../../scl/minimal.cid");

/// What to do about a type that is referred to and not there, or that contains itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingTypes {
    /// It is an error: for those who judge a server by the description.
    #[default]
    Error,
    /// What has the type is left out, with a warning: for those who serve or show what there is.
    LeaveOut,
}

/// What to read of a file, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'o> {
    /// Name of the IED; without one the file must hold exactly one IED with a server.
    pub ied: Option<&'o str>,
    /// Name of the access point; without one the first that has a server.
    pub access_point: Option<&'o str>,
    /// What to do about missing types.
    pub missing_types: MissingTypes,
}

/// What a file says about one IED.
#[derive(Clone, Debug)]
pub struct Description {
    /// The server.
    pub model: ServerModel,
    /// Access point of the server.
    pub access_point: String,
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
    let options = Options {
        ied,
        ..Options::default()
    };
    read(text, &options)
}

/// Reads one server of an SCL text.
///
/// # Errors
/// As [`parse`], and when there is no access point of the name. Where missing types are left out, they are an error only when
/// nothing else is left.
pub fn read(text: &str, options: &Options<'_>) -> Result<Description, SclErrors> {
    let document = document(text)?;
    let mut context = Context::new(text, document.root_element(), options.missing_types);
    let root = root(&context)?;
    let ied = choose_ied(&mut context, root, options.ied)?;
    let (point, server) = choose_server(&mut context, ied, options.access_point)?;
    let services = service::read(&mut context, ied, point);
    let edition = edition(&mut context, root, ied);

    let ied_name = attr(ied, "name").unwrap_or_default();
    let access_point = attr(point, "name");
    let templates = templates::Templates::new(&mut context, root);
    let mut devices = devices::Devices::read(&mut context, server, ied_name, &templates)?;
    if !devices.has_nodes() {
        context.nothing_left();
    }
    context.finish()?;
    let communication = communication::Communication::new(root, ied_name, access_point);
    devices.read_blocks(&mut context, edition, &services, &communication)?;
    let address = communication.address(&mut context);
    let mut model = ServerModel::new(ied_name, edition, services, devices.list)
        .map_err(|_| context.fail(ied, SclErrorKind::ModelTooLarge))?;
    model.address = address;
    Ok(Description {
        model,
        access_point: access_point.unwrap_or_default().to_owned(),
        warnings: context.finish()?,
    })
}

/// The IEDs of an SCL text.
///
/// # Errors
/// [`SclErrors`] when the text is not XML or not SCL.
pub fn ieds(text: &str) -> Result<Vec<IedSummary>, SclErrors> {
    let document = document(text)?;
    let context = Context::new(text, document.root_element(), MissingTypes::Error);
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
    if let Some(offset) = guard::overloaded_tag(text) {
        let position = position::Lines::new(text).at(offset);
        return Err(SclErrors::one(position, SclErrorKind::OverloadedTag));
    }
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_XML_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        let mut position = Position {
            line: at.row,
            column: at.col,
            offset: position::offset_of(text, at.row, at.col),
        };
        let kind = match error {
            _ if text.trim().is_empty() => SclErrorKind::Empty,
            roxmltree::Error::DtdDetected => {
                let offset = text.find("<!DOCTYPE").unwrap_or(0);
                position = position::Lines::new(text).at(offset);
                SclErrorKind::DocumentType
            }
            error => {
                // The place is told beside the words.
                let words = error.to_string();
                let place = format!(" at {position}");
                SclErrorKind::NotXml(words.strip_suffix(&place).unwrap_or(&words).to_owned())
            }
        };
        SclErrors::one(position, kind)
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
                "give each IED a name of its own",
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
                        wanted: None,
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
                wanted: wanted.map(shorten),
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
            "say which access point is meant",
        );
    }
    Ok(*found)
}

/// Edition of the file, or of the IED where it says that it comes from an older file.
fn edition(context: &mut Context<'_, '_>, root: Node<'_, '_>, ied: Node<'_, '_>) -> Edition {
    let of_file = edition_of_file(root);
    if of_file.is_none() {
        context.warn(
            root,
            format!(
                "`version=\"{}\"` is no version of SCL, taken as Edition 2",
                shorten(attr(root, "version").unwrap_or_default())
            ),
            "give `version`, `revision` and `release` as IEC 61850-6 has them, such as 2007, B and 4",
        );
    }
    let of_file = of_file.unwrap_or_default();
    if of_file == Edition::Ed1 || attr(ied, "originalSclVersion").is_none() {
        return of_file;
    }
    let of_ied = edition_of(
        [
            "originalSclVersion",
            "originalSclRevision",
            "originalSclRelease",
        ]
        .map(|name| attr(ied, name)),
    );
    of_ied.unwrap_or(of_file)
}

/// Edition in which the file is written; None for a version that does not exist.
fn edition_of_file(root: Node<'_, '_>) -> Option<Edition> {
    edition_of(["version", "revision", "release"].map(|name| attr(root, name)))
}

/// Edition of a version, revision and release of SCL; None for a version that does not exist.
fn edition_of([version, revision, release]: [Option<&str>; 3]) -> Option<Edition> {
    let release = release.and_then(|text| text.trim().parse::<u32>().ok());
    match version.map(str::trim) {
        // Files of Edition 1 have no version.
        None | Some("" | "2003" | "2005") => Some(Edition::Ed1),
        Some(version) if version.parse::<u32>().is_ok_and(|year| year >= 2007) => {
            Some(match revision.map(str::trim) {
                Some("C") => Edition::Ed2_1,
                Some("B") if release.unwrap_or(1) >= 4 => Edition::Ed2_1,
                _ => Edition::Ed2,
            })
        }
        Some(_) => None,
    }
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
