//! Puts every YAML file below `suites/` into the binary, so that it needs no files at run time.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let root = manifest.join("../../suites");
    println!("cargo:rerun-if-changed=build.rs");
    let mut files = Vec::new();
    collect(&root, &root, &mut files)?;
    files.sort();
    files.retain(|(name, _)| !name.starts_with("schema/"));
    let (targets, files): (Vec<_>, Vec<_>) = files
        .into_iter()
        .partition(|(name, _)| name.starts_with("targets/"));
    let (profiles, suites): (Vec<_>, Vec<_>) = files
        .into_iter()
        .partition(|(name, _)| name.starts_with("profiles/"));
    let mut out = String::new();
    for (constant, doc, list) in [
        ("SUITES", "Suites: name and text.", suites),
        ("TARGETS", "Targets: name and text.", targets),
        ("PROFILES", "Requirement profiles: name and text.", profiles),
    ] {
        let _ = writeln!(out, "/// {doc}\npub const {constant}: &[(&str, &str)] = &[");
        for (name, path) in list {
            let _ = writeln!(out, "    ({name:?}, include_str!({path:?})),");
        }
        out.push_str("];\n");
    }
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(target.join("embedded_suites.rs"), out)
}

fn collect(root: &Path, dir: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    println!("cargo:rerun-if-changed={}", dir.display());
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|e| e == "yaml") {
            println!("cargo:rerun-if-changed={}", path.display());
            let name = path.strip_prefix(root).unwrap_or(&path);
            let name = name.to_string_lossy().replace('\\', "/");
            files.push((name, path.canonicalize()?));
        }
    }
    Ok(())
}
