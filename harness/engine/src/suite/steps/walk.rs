//! What a step reads, in which order, and what it binds: for the static check of variables.
