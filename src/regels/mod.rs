//! The rules: one file a rule, in a folder a family. This is the register.

mod af;
mod bu;
mod cr;
mod ct;
mod dn;
mod dz;
mod ed;
mod gr;
mod jw;
mod lf;
mod maximum;
mod ns;
mod om;
mod pv;
mod sg;
mod tf;
mod tl;
mod tw;
mod versie;
mod vz;
mod wv;
mod zl;
mod zm;

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
    &tw::start_voor_toestemming::REGEL,
    &tw::na_stop::REGEL,
    &tw::vervallen_door_pauze::REGEL,
    &tw::melding_te_laat::REGEL,
    &tw::tijdens_pauze::REGEL,
    &tw::verkeerde_soort_toewijzing::REGEL,
    &tw::toewijzing_laat_verzonden::REGEL,
    &tf::tarief_wijkt_af::REGEL,
    &tf::bedrag_wijkt_af::REGEL,
    &tf::perceel_niet_gecontracteerd::REGEL,
    &tf::tariefgroep_boven_functie::REGEL,
    &tf::te_veel_reistijd::REGEL,
    &tf::product_niet_gecontracteerd::REGEL,
    &tf::perceelvoorwaarden::REGEL,
    &tf::functie_onbekend::REGEL,
    &tf::reistijd_groepsaanbod::REGEL,
    &ct::buiten_contracttermijn::REGEL,
    &ct::na_finale_kwijting::REGEL,
    &dn::gemeente_doet_niet_mee::REGEL,
    &dn::gemeente_buiten_regio::REGEL,
    &dn::buiten_reikwijdte::REGEL,
    &lf::achttien_of_ouder::REGEL,
    &af::alleen_vaktherapie::REGEL,
    &wv::meer_etmalen_dan_dagen::REGEL,
    &wv::te_veel_rond_pleegzorg::REGEL,
    &wv::twee_plaatsen::REGEL,
    &wv::een_op_een_te_lang::REGEL,
    &wv::groepsaanbod_naast_verblijf::REGEL,
    &wv::verblijf_medische_verwijzing::REGEL,
    &wv::te_veel_deeltijdpleegzorg::REGEL,
    &wv::lang_afwezig::REGEL,
    &wv::een_op_een_los::REGEL,
    &wv::pleegzorg_naast_ambulant::REGEL,
    &cr::crisis_te_lang::REGEL,
    &cr::geen_crisiscontract::REGEL,
    &gr::geen_kdc_odc::REGEL,
    &gr::te_veel_uren::REGEL,
    &gr::behandeling_naast_groep::REGEL,
    &vz::traject_vaker::REGEL,
    &vz::traject_te_lang::REGEL,
    &ed::verkeerde_leeftijd::REGEL,
    &ed::te_veel_minuten::REGEL,
    &ed::niet_door_toegang::REGEL,
    &jw::referentie_dubbel::REGEL,
    &jw::credit_zonder_debet::REGEL,
    &jw::dubbel_gecrediteerd::REGEL,
    &jw::levering_dubbel::REGEL,
    &jw::periode_begint_anders::REGEL,
    &jw::periode_eindigt_anders::REGEL,
    &jw::periode_over_maanden::REGEL,
    &jw::te_oud::REGEL,
    &jw::onmogelijke_periode::REGEL,
    &jw::ongeldig_bsn::REGEL,
    &jw::onbekende_gemeente::REGEL,
    &jw::onbekend_product::REGEL,
    &jw::declaratienummer_dubbel::REGEL,
    &jw::totaal_klopt_niet::REGEL,
    &jw::debet_en_credit_samen::REGEL,
    &jw::na_declaratieperiode::REGEL,
    &pv::meer_gedeclareerd::REGEL,
    &pv::meer_verantwoord::REGEL,
    &pv::aantal_jeugdigen_wijkt_af::REGEL,
    &pv::controleverklaring_nodig::REGEL,
    &pv::sroi_inspanning::REGEL,
    &pv::niets_verantwoord::REGEL,
    &pv::te_laat_verantwoord::REGEL,
    &zl::geen_afspraak::REGEL,
    &zl::buiten_afgesproken_termijn::REGEL,
    &zl::meer_dan_ingekocht::REGEL,
    &zl::groep_te_groot::REGEL,
    &zl::toewijzing_niet_nodig::REGEL,
    &zl::time_out_te_lang::REGEL,
    &zl::lichte_begeleiding_te_lang::REGEL,
    &zl::ambulant_te_lang::REGEL,
    &zm::geen_overeenkomst::REGEL,
    &zm::ander_tarief::REGEL,
    &zm::buiten_overeenkomst::REGEL,
    &sg::eerste_cijfers::REGEL,
    &sg::kosten_per_jeugdige::REGEL,
    &sg::hoge_tariefgroepen::REGEL,
    &sg::vol_budget::REGEL,
    &sg::ronde_volumes::REGEL,
    &sg::no_show_vaak::REGEL,
    &sg::meer_dan_een_dag::REGEL,
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
    ("CT", "Contracttermijn"),
    ("DN", "Deelname en reikwijdte"),
    ("LF", "Leeftijd"),
    ("AF", "Afbakening"),
    ("WV", "Wonen en verblijf"),
    ("CR", "Crisis"),
    ("GR", "Groepsaanbod"),
    ("VZ", "Voorziening"),
    ("ED", "Dyslexiezorg"),
    ("JW", "Berichtenverkeer"),
    ("PV", "Productieverantwoording"),
    ("ZL", "Zeeland perceel 5 en termijn"),
    ("ZM", "Zeeland maatwerk"),
    ("SG", "Signalen uit de cijfers"),
    ("X", "Eigen controles"),
];

/// Code and parameters of every rule, for reading rulesets.
pub fn kenmerken() -> Vec<Regelkenmerk> {
    REGISTER.iter().map(|r| Regelkenmerk { code: r.code, parameters: r.parameters }).collect()
}
