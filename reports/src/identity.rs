//! What a run was: which device, held against what, by whom, when. Every report shows the same.

use crate::model::{ModelRecord, ModelSource};
use crate::record::RunRecord;
use crate::text::{counted, wall_time};

/// What reports call the command that repeats the run.
pub(crate) const COMMAND: &str = "repeat with";

/// The facts that identify a run, by name, without those that are not known; as written, not yet escaped.
pub(crate) fn facts(record: &RunRecord) -> Vec<(String, String)> {
    let (target, options) = (&record.target, &record.options);
    let mut facts: Vec<(String, String)> = Vec::new();
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            facts.push((name.to_owned(), value));
        }
    };
    let identity = [&target.vendor, &target.model, &target.revision];
    let identity: Vec<&str> = identity.into_iter().flatten().map(String::as_str).collect();
    fact("device", Some(identity.join(" ")));
    let firmware = target.firmware.as_ref();
    fact(
        "firmware",
        firmware.map(|firmware| format!("{} ({})", firmware.revision, firmware.source)),
    );
    fact("address", target.address.clone());
    let ied = target.ied.as_ref();
    let ied = ied.map(|ied| format!(" ({ied})")).unwrap_or_default();
    fact("SCL", target.scl.as_ref().map(|scl| format!("{scl}{ied}")));
    fact("SCL SHA-256", target.scl_sha256.clone());
    fact("data model", record.model.as_ref().map(model));
    fact("edition", target.edition.clone());
    fact("profile", target.profile.clone());
    fact("profile SHA-256", target.profile_sha256.clone());
    for (name, value) in &target.details {
        fact(name, Some(value.clone()));
    }
    fact("target file", target.file.clone());
    fact("target SHA-256", target.file_sha256.clone());
    if let Some(suites) = &record.suites {
        let which = match (&suites.version, suites.from.is_empty()) {
            (Some(version), true) => format!("built in, version {version}"),
            _ => suites.from.join(", "),
        };
        fact(
            "suites",
            Some(format!("{which} ({})", counted(suites.files, "file"))),
        );
        fact("suites SHA-256", Some(suites.sha256.clone()));
    }
    // A device that is only asked about its capabilities runs no case.
    let plan = (record.plan.known > 0).then(|| {
        let known = counted(record.plan.known, "case");
        format!("{} of {known} selected", record.plan.selected)
    });
    fact("plan", plan);
    fact("answers", options.answers.clone());
    fact("answers SHA-256", options.answers_sha256.clone());
    fact("operator", record.operator.clone());
    fact("started", Some(wall_time(&record.started)));
    fact("finished", record.finished.as_deref().map(wall_time));
    if !record.resumed.is_empty() {
        let each = record.resumed.iter().map(|resumed| {
            let by = resumed.operator.as_ref();
            let by = by.map(|by| format!(" by {by}")).unwrap_or_default();
            let despite = match resumed.despite.join(", ") {
                none if none.is_empty() => none,
                despite => format!(" although not the same: {despite}"),
            };
            let kept = counted(resumed.kept, "verdict");
            format!("{}{by} with {kept} kept{despite}", wall_time(&resumed.at))
        });
        let each: Vec<String> = each.collect();
        let times = counted(record.resumed.len(), "time");
        fact("resumed", Some(format!("{times}: {}", each.join("; "))));
    }
    if let Some(origin) = &record.reruns {
        let started = wall_time(&origin.started);
        fact(
            "runs again",
            Some(format!(
                "what did not pass in {}, started {started}",
                origin.record
            )),
        );
        fact("its SHA-256", Some(origin.sha256.clone()));
    }
    if options.retries > 0 {
        let retries = counted(options.retries as usize, "time");
        fact("tried again", Some(format!("up to {retries}")));
    }
    fact(
        "tool",
        Some(format!("{} {}", record.tool.name, record.tool.version)),
    );
    fact("faults", Some(options.faults.join(", ")));
    fact(COMMAND, options.command.clone());
    facts
}

/// Where the model is from that the record holds.
fn model(model: &ModelRecord) -> String {
    let nodes = counted(model.nodes.len() + model.left_out, "logical node");
    match model.source {
        ModelSource::Described => {
            format!("as the SCL file describes it, not read from the device: {nodes}")
        }
        ModelSource::Browsed => format!("as read from the device: {nodes}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Firmware, Resumption, Suites, Target, Tool};

    #[test]
    fn says_who_what_against_what_and_how_often_it_went_on() {
        let tool = Tool {
            name: "iedassay".into(),
            version: "1".into(),
        };
        let target = Target {
            firmware: Some(Firmware {
                revision: "4.2".into(),
                source: "Identify".into(),
            }),
            ..Target::default()
        };
        let mut record = RunRecord::new(tool, target, "2026-01-02T03:04:05Z".into());
        record.operator = Some("J. Doe".into());
        record.model = Some(ModelRecord::default());
        record.suites = Some(Suites {
            version: Some("1".into()),
            files: 3,
            sha256: "ab".into(),
            ..Suites::default()
        });
        record.resumed = vec![Resumption {
            at: "2026-01-02T04:04:05Z".into(),
            kept: 7,
            despite: vec!["the target file".into()],
            ..Resumption::default()
        }];
        let told = facts(&record);
        let value = |name: &str| {
            let found = told.iter().find(|(fact, _)| fact == name);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(value("firmware"), Some("4.2 (Identify)"));
        assert_eq!(value("suites"), Some("built in, version 1 (3 files)"));
        assert_eq!(value("operator"), Some("J. Doe"));
        assert_eq!(
            value("data model"),
            Some("as the SCL file describes it, not read from the device: 0 logical nodes")
        );
        assert_eq!(
            value("resumed"),
            Some(
                "1 time: 2026-01-02 04:04:05 UTC with 7 verdicts kept although not the same: the target file"
            )
        );
        assert_eq!(value("address"), None, "what is not known is not shown");
    }
}
