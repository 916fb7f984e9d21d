//! An audit whose parts an engine brings together, over many processes: each step is one call.
//!
//! [`write_inventory`], [`read_files`], [`summarise`], [`run_pass`] for each pass, and [`Gathered`]
//! at the end. Their rows travel as Arrow ([`ArrowField`]) and name nothing by a number of the process.

mod arrow;
mod counts;
mod error;
mod frames;
mod gather;
mod header;
mod intake;
mod outcomes;
mod pass;
mod reading;
mod receipts;
mod rows;
mod step;

pub(crate) use arrow::StreamError;
pub(crate) use counts::GatheredCounts;
pub(crate) use gather::Gathered;
pub(crate) use header::Fingerprint;
pub(crate) use pass::{run_pass, take_in_part};
pub(crate) use reading::{read_files, summarise, write_inventory};
pub(crate) use step::{Destination, StepError};
