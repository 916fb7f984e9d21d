//! Tests from outside: the real program on real folders.

mod berichten;
mod determinisme;
mod hulp;
mod meldingen;
mod naief;
mod praktijk;
mod randgevallen;
mod regelgevallen;
mod regels;
mod verzonnen;
mod voorbeeld;
mod vormen;
