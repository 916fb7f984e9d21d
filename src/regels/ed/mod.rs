//! Dyslexia care (ernstige dyslexie).

pub mod niet_door_toegang;
pub mod te_veel_minuten;
pub mod verkeerde_leeftijd;
