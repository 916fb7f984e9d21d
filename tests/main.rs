//! Tests from outside: the real program on real folders.

mod berichten;
mod chromium;
mod determinisme;
mod hulp;
mod meldingen;
mod naief;
mod pagina;
mod praktijk;
mod productieverantwoording;
mod randgevallen;
mod regelgevallen;
mod regels;
mod vergelijk;
mod verzonnen;
mod voorbeeld;
mod vormen;
