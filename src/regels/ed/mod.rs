//! Dyslexia care (ernstige dyslexie).

pub(crate) mod niet_door_toegang;
pub(crate) mod te_veel_minuten;
pub(crate) mod verkeerde_leeftijd;
