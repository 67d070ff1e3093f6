//! What shows a device, a description, octets or a capture.

use std::path::PathBuf;

use clap::ValueEnum;
use iedassay_wire::annotate::Start;

use super::{DescriptionArgs, Format};

/// Show the model of a server, live or as an SCL file describes it, or the differences
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay browse --target bay12.yaml       what the device tells of itself
  iedassay browse --scl station.scd --ied AA1E1Q01 --format json
  iedassay browse --target bay12.yaml --scl bay12.cid
                                            what is different; ends with 1 when something is
  iedassay browse                           the built-in model")]
pub(crate) struct BrowseArgs {
    /// Target file of the device to browse; with an SCL file too, the differences are shown
    #[arg(long, short, value_name = "FILE")]
    pub(crate) target: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) description: DescriptionArgs,
    /// Show every attribute with its functional constraint and type
    #[arg(long)]
    pub(crate) all: bool,
    /// Form of the result: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
}

/// Explain octets or a capture, layer by layer down to MMS
///
/// Ends with 1 when something is malformed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay decode iedassay-out/captures/urcb-integrity-period.pcapng
  iedassay decode capture.pcapng --frame 31
  iedassay decode capture.pcapng --summary  one line for each message
  iedassay decode 'a0 0e 02 01 01 a4 09 a1 07 a0 05 ...'
  xxd -p pdu.bin | iedassay decode -")]
pub(crate) struct DecodeArgs {
    /// A pcapng or pcap file, a file with hexadecimal text or raw octets, the octets themselves, or `-` for
    /// standard input
    #[arg(value_name = "FILE|HEX|-", allow_hyphen_values = true)]
    pub(crate) input: Option<String>,
    /// Layer that the octets begin with: tpkt, cotp, session, presentation, acse or mms [default: guessed]
    #[arg(long, value_enum, value_name = "LAYER", hide_possible_values = true)]
    pub(crate) layer: Option<LayerName>,
    /// Only the message that this frame of the capture completes
    #[arg(long, value_name = "N")]
    pub(crate) frame: Option<u64>,
    /// One line for each message
    #[arg(long)]
    pub(crate) summary: bool,
    /// Form of the result: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
}

/// A layer that octets can begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LayerName {
    /// RFC 1006 packets
    Tpkt,
    /// One ISO 8073 TPDU
    Cotp,
    /// One ISO 8327 SPDU
    Session,
    /// One ISO 8823 PPDU
    Presentation,
    /// One ISO 8650 APDU
    Acse,
    /// One ISO 9506 PDU
    Mms,
}

impl LayerName {
    pub(crate) fn start(self) -> Start {
        match self {
            Self::Tpkt => Start::Tpkt,
            Self::Cotp => Start::Cotp,
            Self::Session => Start::Session,
            Self::Presentation => Start::Presentation,
            Self::Acse => Start::Acse,
            Self::Mms => Start::Mms,
        }
    }
}
