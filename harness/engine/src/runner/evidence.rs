//! What every case leaves on disk: its capture and its transcript.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use iedassay_client::capture::Capture;
use iedassay_reports::visible;
use sha2::{Digest, Sha256};

use crate::value::hex;

/// Longer names trouble file systems and people.
const MAX_NAME: usize = 120;

/// The directory of a run's evidence.
#[derive(Debug)]
pub(crate) struct Evidence {
    directory: PathBuf,
    used: BTreeSet<String>,
}

/// The files of one case, relative to the directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Files {
    pub(crate) capture: Option<String>,
    pub(crate) transcript: Option<String>,
    /// SHA-256 of each, by its name.
    pub(crate) digests: BTreeMap<String, String>,
}

impl Evidence {
    pub(crate) fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            used: BTreeSet::new(),
        }
    }

    /// Leaves alone what an earlier part of the run wrote: files by their names, relative to the directory.
    pub(crate) fn keep<'a>(&mut self, files: impl IntoIterator<Item = &'a str>) {
        let stems = files.into_iter().filter_map(|file| {
            let name = Path::new(file).file_stem()?.to_str()?;
            Some(name.to_lowercase())
        });
        self.used.extend(stems);
    }

    /// Writes what a case left; nothing when it opened no connection.
    pub(crate) fn write(&mut self, key: &str, capture: &Capture) -> io::Result<Files> {
        if capture.frames() == 0 {
            return Ok(Files::default());
        }
        let name = self.unused(&file_name(key));
        let capture_file = format!("captures/{name}.pcapng");
        let transcript_file = format!("transcripts/{name}.txt");
        let mut digests = BTreeMap::new();
        for (file, octets) in [
            (&capture_file, capture.to_pcapng()),
            (&transcript_file, visible(&capture.to_text()).into_bytes()),
        ] {
            self.put(file, &octets)?;
            digests.insert(file.clone(), sha256(&octets));
        }
        Ok(Files {
            digests,
            capture: Some(capture_file),
            transcript: Some(transcript_file),
        })
    }

    fn put(&self, file: &str, octets: &[u8]) -> io::Result<()> {
        let path = self.directory.join(file);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, octets)
    }

    fn unused(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut number = 2;
        while !self.used.insert(candidate.to_lowercase()) {
            candidate = format!("{name}-{number}");
            number += 1;
        }
        candidate
    }
}

/// SHA-256 of what a file holds, in lower-case hexadecimal.
#[must_use]
pub fn sha256(octets: &[u8]) -> String {
    hex(&Sha256::digest(octets))
}

/// A file name that says which case it is: `rcb-gi-LD0-LLN0.urcb01` of `rcb/gi[LD0/LLN0.urcb01]`.
fn file_name(key: &str) -> String {
    let mut name = String::new();
    for c in key.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') {
            name.push(c);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(MAX_NAME);
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() {
        "case".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_sha_256() {
        // FIPS 180-2, B.1.
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn names_say_which_case_and_stay_within_the_directory() {
        assert_eq!(
            file_name("rcb/gi[LD0/LLN0.urcb01[RP]]"),
            "rcb-gi-LD0-LLN0.urcb01-RP"
        );
        assert_eq!(file_name("../../etc"), "etc");
        assert_eq!(file_name("///"), "case");
        assert!(file_name(&"x".repeat(500)).len() <= MAX_NAME);
    }

    #[test]
    fn cases_whose_names_look_the_same_get_files_of_their_own() {
        let mut evidence = Evidence::new(Path::new("."));
        assert_eq!(evidence.unused("a-b"), "a-b");
        assert_eq!(evidence.unused("A-b"), "A-b-2");
    }
}
