//! The servers that SCL files describe.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use iedassay_model::scl::{self, Description, MissingTypes, Options};
use iedassay_model::tree::ServerModel;

use crate::support::tools;

/// A server of a file.
pub(crate) struct Served {
    pub(crate) file: PathBuf,
    pub(crate) ied: String,
    pub(crate) access_point: String,
}

impl Served {
    /// Name for messages.
    pub(crate) fn name(&self) -> String {
        format!(
            "{} {} {}",
            self.file.file_name().unwrap().display(),
            self.ied,
            self.access_point
        )
    }

    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(&self.file).unwrap()
    }

    pub(crate) fn description(&self) -> Description {
        let text = self.text();
        let options = Options {
            ied: Some(&self.ied),
            access_point: Some(&self.access_point),
            missing_types: MissingTypes::LeaveOut,
        };
        scl::read(&text, &options).unwrap_or_else(|errors| panic!("{}: {errors}", self.name()))
    }

    pub(crate) fn model(&self) -> Arc<ServerModel> {
        Arc::new(self.description().model)
    }
}

/// The servers of a file of ours.
pub(crate) fn own(name: &str) -> Vec<Served> {
    servers(&ours().join(name))
}

/// Every server of every file.
pub(crate) fn all() -> Vec<Served> {
    let mut paths = vec![
        tools::repository().join("harness/model/scl/iedassay.cid"),
        tools::repository().join("harness/model/scl/minimal.cid"),
    ];
    collect(&ours(), &mut paths);
    let shared = tools::repository().join("../shared/scl");
    if shared.is_dir() {
        collect(&shared, &mut paths);
    } else {
        tools::say("SKIPPED: no shared SCL files beside the repository, only our own are served");
    }
    let servers: Vec<_> = paths.iter().flat_map(|path| servers(path)).collect();
    assert!(servers.len() >= 8, "{}", servers.len());
    servers
}

fn ours() -> PathBuf {
    tools::repository().join("harness/model/tests/scl")
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension != "md") {
            found.push(path);
        }
    }
}

fn servers(path: &Path) -> Vec<Served> {
    let text = std::fs::read_to_string(path).unwrap();
    let ieds = scl::ieds(&text).unwrap_or_else(|errors| panic!("{}: {errors}", path.display()));
    let of = |ied: scl::IedSummary| {
        ied.servers
            .clone()
            .into_iter()
            .map(move |access_point| Served {
                file: path.to_owned(),
                ied: ied.name.clone(),
                access_point,
            })
    };
    ieds.into_iter().flat_map(of).collect()
}
