//! What `decode` reads beside captures: hexadecimal text.

mod hex;

pub(crate) use hex::{HexError, parse_hex};

#[cfg(test)]
mod tests;
