//! Age.

pub mod achttien_of_ouder;
