//! Text that is written down and compared word for word.

/// Panics with the first line that differs from `file`; with `IEDASSAY_UPDATE_GOLDEN` set it writes the file instead. Look at the
/// difference before it is committed.
pub(crate) fn same_as_written(file: &str, now: &str) {
    if std::env::var_os("IEDASSAY_UPDATE_GOLDEN").is_some() {
        std::fs::write(file, now).unwrap();
        return;
    }
    let old = std::fs::read_to_string(file).unwrap();
    for (number, (old, now)) in old.lines().zip(now.lines()).enumerate() {
        assert_eq!(old, now, "{file}:{}", number + 1);
    }
    assert_eq!(old.lines().count(), now.lines().count(), "lines of {file}");
}
