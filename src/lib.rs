//! Audits a year of Dutch youth-care declarations against the contract's rules.
//!
//! Data goes one way: files ([`bron`]) become a joined [`dossier`]; [`toetsing`] runs the rules of
//! [`regels`] under a [`regelset`] over it; [`rapport`] writes what they found,
//! [`productie`] what was delivered. [`vergelijking`] puts two of them side by side, [`antwoord`] drafts answers to
//! declaration messages from it, [`monitor`] makes the tables that contract management follows
//! through the year, [`steekproef`] draws lines for a
//! person to check and projects the outcome. [`uitleg`] says in words what the rules are, [`beproeving`] whether they say what a case file says. [`cli`] is the terminal around that.

// What is public can be had from outside: by the program, the tests, the fuzzer.
#![warn(unreachable_pub)]

pub(crate) mod antwoord;
pub mod audit;
pub mod begin;
pub mod beproeving;
pub mod bron;
pub mod cli;
pub mod dossier;
pub(crate) mod frame;
pub mod ground;
pub(crate) mod herkomst;
pub(crate) mod monitor;
pub(crate) mod poort;
pub(crate) mod productie;
pub mod rapport;
pub mod regels;
pub mod regelset;
pub(crate) mod steekproef;
pub(crate) mod terugvordering;
pub mod toetsing;
pub mod uitleg;
pub(crate) mod vergelijking;
pub(crate) mod verificatie;
pub mod voorbeeld;
pub mod writing;
