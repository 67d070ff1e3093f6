//! Typed services, one file for each group. They are methods of [`Client`](crate::Client).
