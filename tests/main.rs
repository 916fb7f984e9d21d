//! Tests from outside: the real program on real folders.

mod determinisme;
