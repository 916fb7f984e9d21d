//! Age.

pub(crate) mod achttien_of_ouder;
