//! What kind of help is youth care at all (afbakening), as far as an export can show it.

pub(crate) mod alleen_vaktherapie;
