//! Typed services, one file for each group. They are methods of [`Client`].
//!
//! A method that asks for one thing turns its refusal into an error; one that asks for several gives
//! a result for each.

pub mod blocks;
pub mod browse;
pub mod buffered;
pub mod command;
pub mod control;
mod data_sets;
pub mod files;
pub mod groups;
pub mod logs;
mod naming;
pub mod notification;
pub mod offer;
pub mod report;
pub mod report_blocks;
pub mod segments;
mod variables;

pub use variables::variable_of;

use iedassay_wire::mms::{Request, Response};

use crate::{Client, ClientError};

/// How many pages a list may have before it counts as endless.
pub const MAX_PAGES: usize = 10_000;
/// How many octets of responses a list may take before it counts as endless.
pub const MAX_OCTETS: usize = 16 << 20;

/// Counts what a list has taken so far, against [`MAX_PAGES`] and [`MAX_OCTETS`].
#[derive(Debug, Default)]
struct Pages {
    pages: usize,
    octets: usize,
}

impl Pages {
    /// One more page of so many octets; whether another one may be asked for.
    const fn add(&mut self, octets: usize) -> bool {
        self.pages += 1;
        self.octets = self.octets.saturating_add(octets);
        self.pages < MAX_PAGES && self.octets < MAX_OCTETS
    }
}

impl Client {
    /// Sends a request and takes the part of the response that `pick` finds, which is there since
    /// the response is one to the same service.
    async fn ask<T>(
        &self,
        request: Request,
        pick: impl FnOnce(Response) -> Option<T>,
    ) -> Result<T, ClientError> {
        let (picked, _) = self.ask_page(request, pick).await?;
        Ok(picked)
    }

    /// As [`Client::ask`], with the number of octets that the response has.
    async fn ask_page<T>(
        &self,
        request: Request,
        pick: impl FnOnce(Response) -> Option<T>,
    ) -> Result<(T, usize), ClientError> {
        let service = request.service();
        let within = self.request_timeout();
        let (response, octets) = self.request_counted(request, within).await?;
        let found = response.service();
        let picked = pick(response).ok_or(ClientError::WrongService {
            expected: service,
            found,
        })?;
        Ok((picked, octets))
    }
}

/// Takes the contents of one variant out of a response.
macro_rules! picks {
    ($variant:ident) => {
        |response| match response {
            iedassay_wire::mms::Response::$variant(inner) => Some(inner),
            _ => None,
        }
    };
}
pub(crate) use picks;

fn inconsistent(text: impl Into<String>) -> ClientError {
    ClientError::Inconsistent(text.into())
}
