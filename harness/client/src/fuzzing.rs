//! Body of the fuzz target of captures: what must hold for any file at all.

use crate::capture::read::{CaptureError, is_capture, messages, packets};

/// A capture file: packets lie in it, an error points into it, messages are not more than was captured.
pub fn capture(file: &[u8]) {
    let _ = is_capture(file);
    let (packets, error) = packets(file);
    if let Some(CaptureError::Truncated { offset } | CaptureError::Malformed { offset, .. }) = error
    {
        assert!(offset <= file.len(), "{error:?} in {}", file.len());
    }
    let captured: usize = packets.iter().map(|packet| packet.data.len()).sum();
    assert!(captured <= file.len());
    let messages = messages(&packets);
    let carried: usize = messages.iter().map(|message| message.octets.len()).sum();
    assert!(carried <= captured);
    for message in messages {
        assert!(message.frame <= u64::try_from(packets.len()).unwrap_or(u64::MAX));
    }
}
