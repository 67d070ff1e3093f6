//! Which model is served or looked at.

use std::path::PathBuf;

/// An SCL file, and what in it.
#[derive(Debug, clap::Args)]
pub(crate) struct DescriptionArgs {
    /// SCL file to take instead of the built-in model (.cid, .icd, .iid, .scd)
    #[arg(long, value_name = "FILE")]
    pub(crate) scl: Option<PathBuf>,
    /// IED within the SCL file; needed when the file has several
    #[arg(long, value_name = "NAME", requires = "scl")]
    pub(crate) ied: Option<String>,
    /// Access point of the IED [default: the first that has a server]
    #[arg(long, value_name = "NAME", requires = "scl")]
    pub(crate) access_point: Option<String>,
}
