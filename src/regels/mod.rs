//! The rules: one file a rule, in a folder a family. This is the register.

mod af;
mod bu;
mod caveat;
mod chain;
mod changed;
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
mod percelen;
mod pv;
mod scope;
mod sg;
mod tf;
mod tl;
mod tw;
mod version_at;
mod vz;
mod wv;
mod zl;
mod zm;

use crate::regelset::RuleDigest;
use crate::toetsing::Rule;

/// Every rule, in the order in which reports name them.
pub static REGISTER: &[&Rule] = &[
    &ns::te_veel_no_shows::RULE,
    &ns::te_veel_no_shows_samen::RULE,
    &ns::no_show_volle_duur::RULE,
    &ns::no_show_deeltijdpleegzorg::RULE,
    &tl::te_laat::RULE,
    &tl::te_laat_met_grond::RULE,
    &tl::laat_gedeclareerd::RULE,
    &bu::budget_overschreden::RULE,
    &bu::geen_standaardbudget::RULE,
    &bu::herstel_te_lang::RULE,
    &bu::medische_verwijzing_te_hoog::RULE,
    &bu::twee_standaardbudgetten::RULE,
    &bu::budget_vroeg_op::RULE,
    &bu::medicatiecontrole_groot_budget::RULE,
    &bu::budget_verhoogd_na_overschrijding::RULE,
    &bu::medisch_samen_te_hoog::RULE,
    &bu::tweede_budget::RULE,
    &dz::duurzaam_hoge_tariefgroep::RULE,
    &dz::duurzaam_groep_zwaar::RULE,
    &om::omzet_verschoven::RULE,
    &tw::geen_toewijzing::RULE,
    &tw::andere_jeugdige::RULE,
    &tw::andere_aanbieder::RULE,
    &tw::andere_gemeente::RULE,
    &tw::voor_toewijzing::RULE,
    &tw::na_toewijzing::RULE,
    &tw::andere_categorie::RULE,
    &tw::ander_product::RULE,
    &tw::andere_eenheid::RULE,
    &tw::verwijderde_toewijzing::RULE,
    &tw::te_veel_in_periode::RULE,
    &tw::te_veel_in_totaal::RULE,
    &tw::start_voor_toestemming::RULE,
    &tw::na_stop::RULE,
    &tw::vervallen_door_pauze::RULE,
    &tw::melding_te_laat::RULE,
    &tw::tijdens_pauze::RULE,
    &tw::verkeerde_soort_toewijzing::RULE,
    &tw::toewijzing_laat_verzonden::RULE,
    &tw::voor_start::RULE,
    &tw::geen_start::RULE,
    &tw::zelfverwijzer::RULE,
    &tw::tijdens_clientenstop::RULE,
    &tw::dubbel_toegewezen::RULE,
    &tw::nummer_dubbel::RULE,
    &tw::te_veel_in_maand::RULE,
    &tf::tarief_wijkt_af::RULE,
    &tf::bedrag_wijkt_af::RULE,
    &tf::perceel_niet_gecontracteerd::RULE,
    &tf::tariefgroep_boven_functie::RULE,
    &tf::te_veel_reistijd::RULE,
    &tf::product_niet_gecontracteerd::RULE,
    &tf::perceelvoorwaarden::RULE,
    &tf::functie_onbekend::RULE,
    &tf::reistijd_groepsaanbod::RULE,
    &tf::andere_eenheid::RULE,
    &tf::perceelkeuze::RULE,
    &ct::buiten_contracttermijn::RULE,
    &ct::na_finale_kwijting::RULE,
    &ct::na_laatste_dag::RULE,
    &ct::ander_dan_penvoerder::RULE,
    &dn::gemeente_doet_niet_mee::RULE,
    &dn::gemeente_buiten_regio::RULE,
    &dn::buiten_reikwijdte::RULE,
    &lf::achttien_of_ouder::RULE,
    &af::alleen_vaktherapie::RULE,
    &wv::meer_etmalen_dan_dagen::RULE,
    &wv::te_veel_rond_pleegzorg::RULE,
    &wv::twee_plaatsen::RULE,
    &wv::een_op_een_te_lang::RULE,
    &wv::groepsaanbod_naast_verblijf::RULE,
    &wv::verblijf_medische_verwijzing::RULE,
    &wv::te_veel_deeltijdpleegzorg::RULE,
    &wv::lang_afwezig::RULE,
    &wv::een_op_een_los::RULE,
    &wv::pleegzorg_naast_ambulant::RULE,
    &wv::deeltijdpleegzorg_in_pauze::RULE,
    &wv::intensiteit_boven_vorm::RULE,
    &wv::logeren_naast_gezinshuis::RULE,
    &wv::een_op_een_keten::RULE,
    &wv::dag_van_vertrek::RULE,
    &wv::werving_pleegouders::RULE,
    &wv::kdv_elke_nacht::RULE,
    &cr::crisis_te_lang::RULE,
    &cr::geen_crisiscontract::RULE,
    &cr::crisis_in_keten::RULE,
    &cr::laat_aangevraagd::RULE,
    &gr::geen_kdc_odc::RULE,
    &gr::te_veel_uren::RULE,
    &gr::behandeling_naast_groep::RULE,
    &vz::traject_vaker::RULE,
    &vz::traject_te_lang::RULE,
    &vz::traject_op_meer_toewijzingen::RULE,
    &ed::verkeerde_leeftijd::RULE,
    &ed::te_veel_minuten::RULE,
    &ed::niet_door_toegang::RULE,
    &ed::stuks_vaker::RULE,
    &ed::ruim_toegewezen::RULE,
    &jw::referentie_dubbel::RULE,
    &jw::credit_zonder_debet::RULE,
    &jw::dubbel_gecrediteerd::RULE,
    &jw::levering_dubbel::RULE,
    &jw::periode_begint_anders::RULE,
    &jw::periode_eindigt_anders::RULE,
    &jw::periode_over_maanden::RULE,
    &jw::te_oud::RULE,
    &jw::onmogelijke_periode::RULE,
    &jw::ongeldig_bsn::RULE,
    &jw::onbekende_gemeente::RULE,
    &jw::onbekend_product::RULE,
    &jw::declaratienummer_dubbel::RULE,
    &jw::totaal_klopt_niet::RULE,
    &jw::debet_en_credit_samen::RULE,
    &jw::na_declaratieperiode::RULE,
    &jw::maand_zonder_declaratie::RULE,
    &jw::levering_overlapt::RULE,
    &pv::meer_gedeclareerd::RULE,
    &pv::meer_verantwoord::RULE,
    &pv::aantal_jeugdigen_wijkt_af::RULE,
    &pv::controleverklaring_nodig::RULE,
    &pv::sroi_inspanning::RULE,
    &pv::niets_verantwoord::RULE,
    &pv::te_laat_verantwoord::RULE,
    &pv::gewaarmerkt_wijkt_af::RULE,
    &zl::geen_afspraak::RULE,
    &zl::buiten_afgesproken_termijn::RULE,
    &zl::meer_dan_ingekocht::RULE,
    &zl::groep_te_groot::RULE,
    &zl::toewijzing_niet_nodig::RULE,
    &zl::time_out_te_lang::RULE,
    &zl::lichte_begeleiding_te_lang::RULE,
    &zl::ambulant_te_lang::RULE,
    &zl::dubbel_gedeclareerd::RULE,
    &zl::perceel_niet_gecontracteerd::RULE,
    &zl::gemeente_buiten_regio::RULE,
    &zl::verblijf_zonder_ambulant::RULE,
    &zl::afspraak_twijfelachtig::RULE,
    &zm::geen_overeenkomst::RULE,
    &zm::ander_tarief::RULE,
    &zm::buiten_overeenkomst::RULE,
    &zm::aanbieder_met_contract::RULE,
    &sg::eerste_cijfers::RULE,
    &sg::kosten_per_jeugdige::RULE,
    &sg::hoge_tariefgroepen::RULE,
    &sg::vol_budget::RULE,
    &sg::ronde_volumes::RULE,
    &sg::no_show_vaak::RULE,
    &sg::meer_dan_een_dag::RULE,
    &sg::vaak_afwezig_groep::RULE,
    &sg::vaak_voortijdig_beeindigd::RULE,
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
pub fn fingerprints() -> Vec<RuleDigest> {
    REGISTER.iter().map(|r| RuleDigest { code: r.code, parameters: r.parameters }).collect()
}
