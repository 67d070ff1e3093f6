//! `iec61850-server` through the launcher in `ci/peers`, and the description that it can serve.

use std::path::{Path, PathBuf};

/// What the built-in description has to lose, and why: each text with the one in its place.
const CHANGES: [(&str, &str); 5] = [
    // Its reader takes no GSEControl without `datSet`, which IEC 61850-6 leaves open.
    (
        r#"<GSEControl name="gcbFree" confRev"#,
        r#"<GSEControl name="gcbFree" datSet="dsEvents" confRev"#,
    ),
    // It has no service for these: a description that goes on claiming them would be at fault, not the server.
    ("      <TimerActivatedControl/>\n", ""),
    ("      <FileHandling mms=\"true\"/>\n", ""),
    ("      <SMVsc max=\"2\"/>\n", ""),
    (
        r#"<LogSettings cbName="Fix" datSet="Dyn" logEna="Dyn" trgOps="Dyn" intgPd="Dyn"/>"#,
        r#"<LogSettings cbName="Fix" datSet="Fix" logEna="Fix" trgOps="Fix" intgPd="Fix"/>"#,
    ),
];

/// What goes as a whole: it reads control blocks of sampled values, and serves none.
const LEFT_OUT: [&str; 3] = ["SMVSettings", "SMV", "SampledValueControl"];

/// Writes the description that the server serves and the target file names.
pub(crate) fn description(directory: &Path) -> PathBuf {
    let mut text = iedassay_model::scl::BUILTIN.to_owned();
    for (from, to) in CHANGES {
        assert!(
            text.contains(from),
            "the built-in description has no {from}"
        );
        text = text.replace(from, to);
    }
    for element in LEFT_OUT {
        let (open, close) = (format!("<{element} "), format!("</{element}>"));
        while let Some(start) = text.find(&open) {
            let end = text[start..].find(&close).unwrap() + start + close.len();
            text.replace_range(start..end, "");
        }
    }
    let path = directory.join("assay.cid");
    std::fs::write(&path, text).unwrap();
    path
}
