//! A server model as a document: JSON for programs, a tree for people. Both show the same.

mod json;
mod tree;

pub(crate) use json::ModelView;
pub(crate) use tree::{Depth, render};
