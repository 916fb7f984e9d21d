//! Tests from outside: the real program on real folders.

mod determinisme;
mod hulp;
mod praktijk;
mod voorbeeld;
