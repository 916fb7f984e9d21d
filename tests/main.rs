//! Tests from outside: the real program on real folders.

mod berichten;
mod chromium;
mod determinisme;
mod eigenschappen;
mod hulp;
mod meldingen;
mod naief;
mod pagina;
mod praktijk;
mod privacy;
mod productieverantwoording;
mod randgevallen;
mod regelgevallen;
mod regels;
mod robuust;
mod slecht;
mod uitval;
mod vergelijk;
mod verzonnen;
mod vijandig;
mod voorbeeld;
mod vormen;
