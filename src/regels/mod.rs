//! The rules: one file a rule, in a folder a family. This is the register.

mod bu;
mod dz;
mod jw;
mod ns;
mod om;
mod tf;
mod tl;
mod tw;

use crate::regelset::Regelkenmerk;
use crate::toetsing::Regel;

/// Every rule, in the order in which reports name them.
pub static REGISTER: &[&Regel] = &[
    &ns::te_veel_no_shows::REGEL,
    &ns::te_veel_no_shows_samen::REGEL,
    &ns::no_show_volle_duur::REGEL,
    &ns::no_show_deeltijdpleegzorg::REGEL,
    &tl::te_laat::REGEL,
    &tl::te_laat_met_grond::REGEL,
    &tl::laat_gedeclareerd::REGEL,
    &bu::budget_overschreden::REGEL,
    &bu::geen_standaardbudget::REGEL,
    &bu::herstel_te_lang::REGEL,
    &bu::medische_verwijzing_te_hoog::REGEL,
    &bu::twee_standaardbudgetten::REGEL,
    &bu::budget_vroeg_op::REGEL,
    &bu::medicatiecontrole_groot_budget::REGEL,
    &dz::duurzaam_hoge_tariefgroep::REGEL,
    &dz::duurzaam_groep_zwaar::REGEL,
    &om::omzet_verschoven::REGEL,
    &tw::geen_toewijzing::REGEL,
    &tw::andere_jeugdige::REGEL,
    &tw::andere_aanbieder::REGEL,
    &tw::andere_gemeente::REGEL,
    &tw::voor_toewijzing::REGEL,
    &tw::na_toewijzing::REGEL,
    &tw::andere_categorie::REGEL,
    &tw::ander_product::REGEL,
    &tw::andere_eenheid::REGEL,
    &tw::verwijderde_toewijzing::REGEL,
    &tw::te_veel_in_periode::REGEL,
    &tw::te_veel_in_totaal::REGEL,
    &tf::tarief_wijkt_af::REGEL,
    &tf::bedrag_wijkt_af::REGEL,
    &jw::referentie_dubbel::REGEL,
    &jw::credit_zonder_debet::REGEL,
    &jw::dubbel_gecrediteerd::REGEL,
    &jw::levering_dubbel::REGEL,
    &jw::periode_over_maanden::REGEL,
    &jw::onmogelijke_periode::REGEL,
    &jw::ongeldig_bsn::REGEL,
];

/// The families, with a Dutch name for people.
pub const FAMILIES: &[(&str, &str)] = &[
    ("NS", "No-show"),
    ("TL", "Te laat ingediend"),
    ("BU", "Budget"),
    ("DZ", "Duurzaam"),
    ("OM", "Omzet"),
    ("TW", "Toewijzing"),
    ("TF", "Tarief en contract"),
    ("JW", "Berichtenverkeer"),
];

/// Code and parameters of every rule, for reading rulesets.
pub fn kenmerken() -> Vec<Regelkenmerk> {
    REGISTER.iter().map(|r| Regelkenmerk { code: r.code, parameters: r.parameters }).collect()
}
