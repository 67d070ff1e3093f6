use super::*;

fn model() -> ServerModel {
    iedassay_model::scl::builtin().unwrap().model
}

fn repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// The example that comes with the tool.
fn example() -> String {
    std::fs::read_to_string(repository("harness/docs/feeder.scenario.yaml")).unwrap()
}

#[test]
fn the_example_can_be_played_and_lasts_for_ever() {
    let mut sources = Sources::new();
    let (titled, found) = parse_text("feeder", example(), Some(&model()), &mut sources);
    assert!(found.is_empty(), "{found:?}");
    let titled = titled.unwrap();
    assert_eq!(titled.scenario.lasts(), None);
    let pass: Vec<u128> = titled
        .scenario
        .timetable()
        .skip(2)
        .take(12)
        .map(|(at, _)| at.as_millis())
        .collect();
    assert_eq!(
        pass,
        [
            0, 0, 5000, 5000, 5120, 5160, 8000, 10_000, 10_000, 15_000, 20_000, 20_000
        ]
    );
}

/// Every step of the example, blocks included, fits exactly one of the steps of the schema.
#[test]
fn the_schema_knows_what_the_example_says() {
    let schema = schema();
    let mut sources = Sources::new();
    let file = sources.add("feeder", example());
    let node = iedassay_engine::yaml::read(&sources, file).unwrap();
    let variants = schema["$defs"]["Step"]["oneOf"].as_array().unwrap();
    let mut waiting = vec![node.get("steps").unwrap()];
    let mut seen = 0;
    while let Some(NodeKind::Seq(items)) = waiting.pop().map(|node| &node.kind) {
        for item in items {
            let NodeKind::Map(entries) = &item.kind else {
                panic!("a step is a map");
            };
            let fits = variants.iter().filter(|variant| {
                let known = |key: &str| variant["properties"].get(key).is_some();
                let required = variant["required"].as_array().unwrap().iter();
                entries.iter().all(|entry| known(&entry.key.value))
                    && required
                        .map(|key| key.as_str().unwrap())
                        .all(|key| item.get(key).is_some())
            });
            assert_eq!(fits.count(), 1, "{entries:?}");
            seen += 1;
            waiting.extend(item.get("steps"));
        }
    }
    assert_eq!(seen, 16, "the walk reached the block");
}

/// The table of verbs in the handbook is that of the tool; with `IEDASSAY_UPDATE_SCHEMAS=1` it is written.
#[test]
fn the_handbook_has_the_table_of_verbs() {
    let path = repository("harness/docs/simulated-ied.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let fresh = iedassay_engine::handbook::splice(&page, "verbs", &table()).unwrap();
    if std::env::var_os("IEDASSAY_UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap();
    assert!(
        page == fresh,
        "{} is stale: run this test with `IEDASSAY_UPDATE_SCHEMAS=1`",
        path.display()
    );
}

fn table() -> String {
    let mut table = "| line | does | in scenarios |\n|---|---|---|\n".to_owned();
    for verb in iedassay_sim::VERBS {
        let step = if verb.in_scenarios { "yes" } else { "" };
        table.push_str(&format!(
            "| `{}` | {} | {step} |\n",
            verb.usage(),
            verb.does
        ));
    }
    table
}
