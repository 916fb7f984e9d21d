//! Tests from outside: the real program on real folders.

mod beoordelingen;
mod berichten;
mod chromium;
mod determinisme;
mod eigenschappen;
mod hulp;
mod meldingen;
mod naief;
mod pagina;
mod partijen;
mod praktijk;
mod privacy;
mod productieverantwoording;
mod randgevallen;
mod regelgevallen;
mod regels;
mod robuust;
mod slecht;
mod totalen;
mod uitval;
mod vergelijk;
mod verzonnen;
mod vijandig;
mod voorbeeld;
mod vormen;
