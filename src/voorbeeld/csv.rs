//! The dossier as exports: CSV as Dutch back offices write it.

use super::block::BatchOfChildren;
use super::dress::Dress;
use super::plan::Plan;
use super::text::{
    DayTexts, dagtekening, declaratienummer, euro, gemeente, number, planted, referentie, versies,
};
use super::traject::{Prestatie, ProductScope, Traject};
use crate::dossier::Budgetsoort;
use std::io::Write;

pub(crate) const DECLARATIES: &str = "DeclaratieNummer;ReferentieNummer;VorigReferentieNummer;DeclaratieDagtekening;Ontvangstdatum;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag;DebetCredit;NoShow;NoShowMinuten;AfspraakMinuten;ReistijdMinuten;Gesprekken;Functie;Hulpverlener\n";
pub(crate) const TOEWIJZINGEN: &str = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode;RedenWijziging;Volume;Eenheid;Frequentie;Budget;Geboortedatum;Verwijzer;Budgetsoort;Bijzonderheid\n";
pub(crate) const STARTSTOP: &str =
    "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Soort;Datum;Verzonden;RedenBeeindiging\n";

/// A block's rows of each file.
#[derive(Default)]
pub(crate) struct BlockTexts {
    pub declaraties: Vec<u8>,
    pub toewijzingen: Vec<u8>,
    pub startstop: Vec<u8>,
    pub planted: Vec<u8>,
}

/// About how many bytes a line has.
const BYTES_PER_LINE: usize = 260;

impl BlockTexts {
    pub(crate) fn of(plan: &Plan, dagen: &DayTexts, block: &BatchOfChildren) -> BlockTexts {
        let lines: usize = block.trajecten.iter().map(|t| t.lines.len()).sum();
        let mut out = BlockTexts {
            declaraties: Vec::with_capacity(lines * BYTES_PER_LINE),
            ..BlockTexts::default()
        };
        for t in &block.trajecten {
            for r in &t.lines {
                declaratie(&mut out.declaraties, plan, dagen, t, r);
            }
            toewijzing(&mut out.toewijzingen, plan, dagen, t);
            messages(&mut out.startstop, plan, dagen, t);
        }
        for g in &block.planted {
            planted(&mut out.planted, plan, g, g.afwijking.ernst().name());
        }
        out
    }
}

impl BlockTexts {
    /// What a back office writes, as it does.
    pub(crate) fn dressed(self, dress: Dress) -> BlockTexts {
        BlockTexts {
            declaraties: dress.put_on(self.declaraties),
            toewijzingen: dress.put_on(self.toewijzingen),
            startstop: dress.put_on(self.startstop),
            planted: self.planted,
        }
    }
}

fn declaratie(out: &mut Vec<u8>, plan: &Plan, dagen: &DayTexts, t: &Traject, r: &Prestatie) {
    let product = &plan.contract.producten[r.product as usize];
    let categorie =
        r.other_categorie.map_or(&product.categorie, |c| &plan.contract.categorieen[c as usize]);
    declaratienummer(out, plan, r);
    out.push(b';');
    referentie(out, t.nummer, r.volgnummer);
    out.push(b';');
    if let Some(previous) = r.takes_back {
        referentie(out, t.nummer, previous);
    }
    out.push(b';');
    dagen.write(out, dagtekening(r));
    out.push(b';');
    dagen.write(out, r.ontvangen);
    out.push(b';');
    gemeente(out, r.gemeente);
    out.push(b';');
    number(out, u64::from(plan.agb(r.aanbieder)), 8);
    out.push(b';');
    number(out, u64::from(r.bsn), 9);
    out.push(b';');
    number(out, r.toewijzing, 1);
    out.push(b';');
    out.extend_from_slice(categorie.as_bytes());
    out.push(b';');
    out.extend_from_slice(product.code.as_bytes());
    out.push(b';');
    dagen.write(out, r.begin);
    out.push(b';');
    dagen.write(out, r.end);
    out.push(b';');
    number(out, r.volume.unsigned_abs(), 1);
    out.push(b';');
    number(out, u64::from(r.eenheid.0), 2);
    out.push(b';');
    euro(out, r.tarief);
    out.push(b';');
    euro(out, r.bedrag);
    out.extend_from_slice(if r.is_credit() { b";C;" } else { b";D;" });
    number(out, u64::from(r.no_shows), 1);
    out.push(b';');
    if_any(out, r.no_show_minuten);
    out.push(b';');
    if_any(out, r.afspraak_minuten);
    out.push(b';');
    if_any(out, r.reisminuten);
    out.push(b';');
    if_any(out, i64::from(r.gesprekken));
    out.push(b';');
    out.extend_from_slice(r.functie.title(&plan.contract).as_bytes());
    out.extend_from_slice(b";H");
    number(out, u64::from(r.hulpverlener), 3);
    out.push(b'\n');
}

fn if_any(out: &mut Vec<u8>, n: i64) {
    if n != 0 {
        number(out, n.unsigned_abs(), 1);
    }
}

/// Whose the toewijzing is, as the first cells of a row.
fn parties(out: &mut Vec<u8>, plan: &Plan, t: &Traject) {
    number(out, t.nummer, 1);
    out.push(b';');
    gemeente(out, t.gemeente);
    out.push(b';');
    number(out, u64::from(plan.agb(t.aanbieder)), 8);
    out.push(b';');
    number(out, u64::from(t.bsn), 9);
    out.push(b';');
}

fn toewijzing(out: &mut Vec<u8>, plan: &Plan, dagen: &DayTexts, t: &Traject) {
    let product = t.product(plan);
    for v in versies(t) {
        parties(out, plan, t);
        dagen.write(out, v.toewijzingsdatum);
        out.push(b';');
        dagen.write(out, t.ingang);
        out.push(b';');
        if let Some(end) = v.einddatum {
            dagen.write(out, end);
        }
        let (categorie, code) = match t.kind {
            ProductScope::Specifiek => (product.categorie.as_str(), product.code.as_str()),
            ProductScope::Aspecifiek => (product.categorie.as_str(), ""),
            ProductScope::Generiek => ("", ""),
        };
        let _ = write!(out, ";{categorie};{code};");
        if let Some(reason) = v.reden_wijziging {
            number(out, u64::from(reason), 2);
        }
        out.push(b';');
        match t.size {
            Some(o) => {
                let _ = write!(out, "{};{};{};", o.volume, o.eenheid, o.frequentie);
            }
            None => out.extend_from_slice(b";;;"),
        }
        if let Some(budget) = v.budget {
            euro(out, budget);
        }
        out.push(b';');
        dagen.write(out, t.geboren);
        out.push(b';');
        number(out, u64::from(t.verwijzer), 2);
        out.extend_from_slice(match t.budgetsoort {
            Budgetsoort::Herstel => b";herstel;",
            Budgetsoort::Duurzaam => b";duurzaam;",
        });
        if t.permission {
            out.extend_from_slice(b"toestemming");
        }
        out.push(b'\n');
    }
}

fn messages(out: &mut Vec<u8>, plan: &Plan, dagen: &DayTexts, t: &Traject) {
    for m in &t.messages {
        parties(out, plan, t);
        out.extend_from_slice(if m.reason.is_none() { b"start;" } else { b"stop;" });
        dagen.write(out, m.datum);
        out.push(b';');
        dagen.write(out, m.verzonden);
        out.push(b';');
        if let Some(reason) = m.reason {
            number(out, u64::from(reason.0), 2);
        }
        out.push(b'\n');
    }
}
