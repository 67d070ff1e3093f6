//! `stop-reading`, `go-on-reading`, `pipeline`, `expect-answers`.

use super::step;
use crate::cel::{Field, Fields, ObjectName};

step! {
    /// The client reads nothing more from its connection, so that what the server sends fills the buffers on the way and it has
    /// to hold back. What the client sends goes out all the same. At the end of the case it reads again by itself.
    pub struct StopReading {}
}

step! {
    /// The client that stopped reading goes on, with what waits in the connection first.
    pub struct GoOnReading {}
}

step! {
    /// Sends the same request to read over and over without waiting for the answers, never more at a time than was negotiated.
    /// `expect-answers` waits for them. `within` says how long each may take; that does not begin before it is sent.
    pub struct Pipeline {
        /// The variables, in one request.
        pub r#ref: Fields<ObjectName>,
        /// How many requests, at most 1000; as many as were negotiated to be outstanding if absent.
        pub times: Option<Field<u32>>,
    }
}

step! {
    /// Waits for the answers to what `pipeline` has sent. `expect` is applied to each.
    ///
    /// Result: `count`, `outcomes` (a word for each request, in their order), `octets` (of all answers).
    pub struct ExpectAnswers {}
}
