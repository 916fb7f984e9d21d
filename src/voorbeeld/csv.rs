//! The dossier as exports: CSV as Dutch back offices write it.

use super::blok::Blok;
use super::plan::Plan;
use super::tekst::{
    Dagen, dagtekening, declaratienummer, euro, gemeente, geplant, getal, referentie, versies,
};
use super::traject::{Regel, Soort, Traject};
use crate::dossier::Budgetsoort;
use std::io::Write;

pub const DECLARATIES: &str = "DeclaratieNummer;ReferentieNummer;VorigReferentieNummer;DeclaratieDagtekening;Ontvangstdatum;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag;DebetCredit;NoShow;NoShowMinuten;AfspraakMinuten;ReistijdMinuten;Gesprekken;Functie;Hulpverlener\n";
pub const TOEWIJZINGEN: &str = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode;RedenWijziging;Volume;Eenheid;Frequentie;Budget;Geboortedatum;Verwijzer;Budgetsoort;Bijzonderheid\n";
pub const STARTSTOP: &str =
    "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Soort;Datum;Verzonden;RedenBeeindiging\n";

/// A block's rows of each file.
#[derive(Default)]
pub struct Teksten {
    pub declaraties: Vec<u8>,
    pub toewijzingen: Vec<u8>,
    pub startstop: Vec<u8>,
    pub geplant: Vec<u8>,
}

/// About how many bytes a line has.
const BYTES_PER_REGEL: usize = 260;

impl Teksten {
    pub fn van(plan: &Plan, dagen: &Dagen, blok: &Blok) -> Teksten {
        let regels: usize = blok.trajecten.iter().map(|t| t.regels.len()).sum();
        let mut uit = Teksten {
            declaraties: Vec::with_capacity(regels * BYTES_PER_REGEL),
            ..Teksten::default()
        };
        for t in &blok.trajecten {
            for r in &t.regels {
                declaratie(&mut uit.declaraties, plan, dagen, t, r);
            }
            toewijzing(&mut uit.toewijzingen, plan, dagen, t);
            meldingen(&mut uit.startstop, plan, dagen, t);
        }
        for g in &blok.geplant {
            geplant(&mut uit.geplant, plan, g, g.afwijking.ernst().naam());
        }
        uit
    }
}

fn declaratie(uit: &mut Vec<u8>, plan: &Plan, dagen: &Dagen, t: &Traject, r: &Regel) {
    let product = &plan.contract.producten[r.product as usize];
    let categorie =
        r.andere_categorie.map_or(&product.categorie, |c| &plan.contract.categorieen[c as usize]);
    declaratienummer(uit, plan, r);
    uit.push(b';');
    referentie(uit, t.nummer, r.volgnummer);
    uit.push(b';');
    if let Some(vorig) = r.neemt_terug {
        referentie(uit, t.nummer, vorig);
    }
    uit.push(b';');
    dagen.schrijf(uit, dagtekening(r));
    uit.push(b';');
    dagen.schrijf(uit, r.ontvangen);
    uit.push(b';');
    gemeente(uit, r.gemeente);
    uit.push(b';');
    getal(uit, u64::from(plan.agb(r.aanbieder)), 8);
    uit.push(b';');
    getal(uit, u64::from(r.bsn), 9);
    uit.push(b';');
    getal(uit, r.toewijzing, 1);
    uit.push(b';');
    uit.extend_from_slice(categorie.as_bytes());
    uit.push(b';');
    uit.extend_from_slice(product.code.as_bytes());
    uit.push(b';');
    dagen.schrijf(uit, r.begin);
    uit.push(b';');
    dagen.schrijf(uit, r.eind);
    uit.push(b';');
    getal(uit, r.volume.unsigned_abs(), 1);
    uit.push(b';');
    getal(uit, u64::from(r.eenheid.0), 2);
    uit.push(b';');
    euro(uit, r.tarief);
    uit.push(b';');
    euro(uit, r.bedrag);
    uit.extend_from_slice(if r.is_credit() { b";C;" } else { b";D;" });
    getal(uit, u64::from(r.no_shows), 1);
    uit.push(b';');
    als_er_iets_is(uit, r.no_show_minuten);
    uit.push(b';');
    als_er_iets_is(uit, r.afspraak_minuten);
    uit.push(b';');
    als_er_iets_is(uit, r.reisminuten);
    uit.push(b';');
    als_er_iets_is(uit, i64::from(r.gesprekken));
    uit.push(b';');
    uit.extend_from_slice(r.functie.titel(&plan.contract).as_bytes());
    uit.extend_from_slice(b";H");
    getal(uit, u64::from(r.hulpverlener), 3);
    uit.push(b'\n');
}

fn als_er_iets_is(uit: &mut Vec<u8>, n: i64) {
    if n != 0 {
        getal(uit, n.unsigned_abs(), 1);
    }
}

/// Whose the toewijzing is, as the first cells of a row.
fn partijen(uit: &mut Vec<u8>, plan: &Plan, t: &Traject) {
    getal(uit, t.nummer, 1);
    uit.push(b';');
    gemeente(uit, t.gemeente);
    uit.push(b';');
    getal(uit, u64::from(plan.agb(t.aanbieder)), 8);
    uit.push(b';');
    getal(uit, u64::from(t.bsn), 9);
    uit.push(b';');
}

fn toewijzing(uit: &mut Vec<u8>, plan: &Plan, dagen: &Dagen, t: &Traject) {
    let product = t.product(plan);
    for v in versies(t) {
        partijen(uit, plan, t);
        dagen.schrijf(uit, v.toewijzingsdatum);
        uit.push(b';');
        dagen.schrijf(uit, t.ingang);
        uit.push(b';');
        if let Some(einde) = v.einddatum {
            dagen.schrijf(uit, einde);
        }
        let (categorie, code) = match t.soort {
            Soort::Specifiek => (product.categorie.as_str(), product.code.as_str()),
            Soort::Aspecifiek => (product.categorie.as_str(), ""),
            Soort::Generiek => ("", ""),
        };
        let _ = write!(uit, ";{categorie};{code};");
        if let Some(reden) = v.reden_wijziging {
            getal(uit, u64::from(reden), 2);
        }
        uit.push(b';');
        match t.omvang {
            Some(o) => {
                let _ = write!(uit, "{};{};{};", o.volume, o.eenheid, o.frequentie);
            }
            None => uit.extend_from_slice(b";;;"),
        }
        if let Some(budget) = v.budget {
            euro(uit, budget);
        }
        uit.push(b';');
        dagen.schrijf(uit, t.geboren);
        uit.push(b';');
        getal(uit, u64::from(t.verwijzer), 2);
        uit.extend_from_slice(match t.budgetsoort {
            Budgetsoort::Herstel => b";herstel;",
            Budgetsoort::Duurzaam => b";duurzaam;",
        });
        if t.toestemming {
            uit.extend_from_slice(b"toestemming");
        }
        uit.push(b'\n');
    }
}

fn meldingen(uit: &mut Vec<u8>, plan: &Plan, dagen: &Dagen, t: &Traject) {
    for m in &t.meldingen {
        partijen(uit, plan, t);
        uit.extend_from_slice(if m.reden.is_none() { b"start;" } else { b"stop;" });
        dagen.schrijf(uit, m.datum);
        uit.push(b';');
        dagen.schrijf(uit, m.verzonden);
        uit.push(b';');
        if let Some(reden) = m.reden {
            getal(uit, u64::from(reden.0), 2);
        }
        uit.push(b'\n');
    }
}
