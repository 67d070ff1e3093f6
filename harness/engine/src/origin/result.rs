//! The results of services.

use iedassay_model::tree::Node;
use iedassay_wire::mms::AccessResult;

use super::{Element, Key, Origin, of_data};

const RESULTS: &str = "listOfAccessResult";

/// The result of a read: of each variable what came, its node, and where in it a value misses its type.
pub(crate) fn of_read(
    items: &[(&AccessResult, Option<Node<'_>>)],
    misfits: &[Option<String>],
) -> Origin {
    let mut values = Vec::new();
    let mut errors = Vec::new();
    let mut results = Vec::new();
    let mut first_misfit = Origin::default();
    for (index, (result, node)) in items.iter().enumerate() {
        let element = Element::of(RESULTS, [index]);
        let whole = Origin::at(element.clone());
        let value = match result {
            Ok(data) => of_data(data, *node, element),
            Err(_) => whole.clone(),
        };
        let fits = match misfits.get(index) {
            Some(Some(path)) => value.part(&keys_of(path)),
            _ if result.is_err() => whole.clone(),
            _ => Origin::default(),
        };
        if first_misfit.is_empty() {
            first_misfit = fits.clone();
        }
        let result = Origin::default()
            .with("value", value.clone())
            .with("error", whole.clone())
            .with("ok", whole.clone())
            .with("fits", fits.clone())
            .with("misfit", fits);
        values.push(value);
        errors.push(whole);
        results.push(result);
    }
    let first = |list: &[Origin]| list.first().cloned().unwrap_or_default();
    Origin::default()
        .with("value", first(&values))
        .with("error", first(&errors))
        .with("fits", first_misfit.clone())
        .with("allFit", first_misfit.clone())
        .with("misfits", first_misfit)
        .with("values", Origin::list(values))
        .with("errors", Origin::list(errors))
        .with("results", Origin::list(results))
}

/// The result of a write: an outcome for each variable.
pub(crate) fn of_write(count: usize) -> Origin {
    let errors: Vec<Origin> = (0..count)
        .map(|index| Origin::at(Element::of("write", [index])))
        .collect();
    let first = errors.first().cloned().unwrap_or_default();
    Origin::default()
        .with("error", first)
        .with("errors", Origin::list(errors))
}

/// A control block that was read as a structure; each key with the number of its attribute.
pub(crate) fn of_block<'a>(keys: impl IntoIterator<Item = (&'a str, usize)>) -> Origin {
    let block = Element::of(RESULTS, [0]);
    let whole = || Origin::at(block.clone());
    // Which attributes there are, and in which order, is about the block as a whole.
    let mut origin = Origin::default()
        .with("attributes", whole())
        .with("fits", whole())
        .with("misfit", whole());
    for (key, index) in keys {
        origin = origin.with(key, Origin::at(block.child(index)));
    }
    origin
}

/// The answer to Identify.
pub(crate) fn of_identity() -> Origin {
    Origin::default()
        .with("vendor", Origin::at(Element::of("vendorName", [])))
        .with("model", Origin::at(Element::of("modelName", [])))
        .with("revision", Origin::at(Element::of("revision", [])))
        .with(
            "syntaxes",
            Origin::each(Element::of("listOfAbstractSyntaxes", [])),
        )
}

/// An answer with one list: the key of it, the element, and the keys of what stands beside it.
pub(crate) fn of_list(key: &str, list: &'static str, beside: &[(&str, &'static str)]) -> Origin {
    let whole = Origin::default().with(key, Origin::each(Element::of(list, [])));
    beside.iter().fold(whole, |origin, (key, element)| {
        origin.with(key, Origin::at(Element::of(element, [])))
    })
}

/// `mag.f` or `(3).q` as keys.
fn keys_of(path: &str) -> Vec<Key> {
    path.split(['.', '('])
        .filter(|part| !part.is_empty())
        .map(|part| match part.strip_suffix(')').map(str::parse) {
            Some(Ok(index)) => Key::Index(index),
            _ => Key::Name(part.to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_model::scl;
    use iedassay_wire::mms::{Data, DataAccessError};

    fn keys(text: &str) -> Vec<Key> {
        keys_of(&text.replace('[', "(").replace(']', ")"))
    }

    #[test]
    fn every_part_of_what_was_read_stands_where_the_decoder_shows_it() {
        let model = scl::builtin().unwrap().model;
        let node = model.resolve("ASSAYLD0", "LLN0$ST$Mod").unwrap();
        let good = node.default_data();
        let parts = good.members().unwrap().len();
        let failed: AccessResult = Err(DataAccessError(10));
        let wrong: AccessResult = Ok(Data::Structure(vec![Data::Boolean(true); parts]));
        let good: AccessResult = Ok(good);
        let items = [
            (&failed, Some(node)),
            (&wrong, Some(node)),
            (&good, Some(node)),
        ];
        let origin = of_read(&items, &[None, Some("q".to_owned()), None]);
        let q = node
            .children()
            .position(|child| child.name() == "q")
            .unwrap();
        let at = |path: &str| origin.find(&keys(path)).element;
        let element = |way: &[usize]| Some(Element::of(RESULTS, way.iter().copied()));
        assert_eq!(at("value"), element(&[0]));
        assert_eq!(at("error"), element(&[0]));
        assert_eq!(at("values[2].q"), element(&[2, q]));
        assert_eq!(at("results[2].value.t"), element(&[2, q + 1]));
        assert_eq!(at("results[1].fits"), element(&[1, q]));
        assert_eq!(at("results[2].fits"), None, "nothing misses its type");
        assert_eq!(at("allFit"), element(&[0]), "the first that is none");
        assert_eq!(at("results[2].ref"), None);
    }

    #[test]
    fn paths_of_misfits_become_keys() {
        let name = |name: &str| Key::Name(name.to_owned());
        assert_eq!(
            keys_of("(3).mag.f"),
            [Key::Index(3), name("mag"), name("f")]
        );
        assert_eq!(keys_of("HA(2)"), [name("HA"), Key::Index(2)]);
        assert_eq!(keys_of(""), []);
    }
}
