//! What every stage may use and that knows no stage: small things without a home of their own.

pub(crate) mod config;
mod hex;
mod io;
mod mask;
pub(crate) mod memory;
pub(crate) mod random;
pub(crate) mod system;
mod words;

pub(crate) use hex::hex;
pub(crate) use io::io_cause;
pub(crate) use mask::masked;
pub use mask::passes_elfproef;
pub(crate) use words::words;
