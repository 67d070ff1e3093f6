//! Reading what the user names and writing what a command leaves.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::failure::Failure;

/// Larger texts are refused before they fill the memory.
const MAX_TEXT: u64 = 256 * 1024 * 1024;

/// A text file, without its byte order mark.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::unreadable(
            path,
            &io::Error::new(io::ErrorKind::InvalidData, "not UTF-8 text"),
        )
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// A file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let file = fs::File::open(path).map_err(|error| Failure::unreadable(path, &error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Failure::usage(format!(
            "cannot read `{}`: it is a directory",
            path.display()
        )));
    }
    let mut bytes = Vec::new();
    file.take(MAX_TEXT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::unreadable(path, &error))?;
    if bytes.len() as u64 > MAX_TEXT {
        return Err(Failure::usage(format!(
            "`{}` is larger than {} MiB",
            path.display(),
            MAX_TEXT >> 20
        )));
    }
    Ok(bytes)
}

/// Writes a file whole: readers see the old one or the new one.
pub(crate) fn write(path: &Path, content: &str) -> Result<(), Failure> {
    write_octets(path, content.as_bytes())
}

/// The same for octets.
pub(crate) fn write_octets(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::unwritable(path, &error);
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".tmp");
    fs::write(&temporary, content)
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(failed)
}
