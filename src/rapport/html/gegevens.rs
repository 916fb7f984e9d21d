//! The findings as the page holds them: columns of numbers and one list of texts, as JSON.
//!
//! A text stands once in `woorden`; a column holds its place, 0 for none. Amounts are whole
//! eurocents, volumes hundredths, days count from 1970. A finding points at its line, a line at its
//! toewijzing, a toewijzing at the lines on it that a running sum was made of.

use super::columns::{
    Bevindingen, Bevindingrij, Lijnen, Lijnrij, Toewijzingen, Toewijzingrij, Verloop, Verlooprij,
};
use super::lijsten::{Plaatsen, Woorden};
use crate::dossier::{
    AanbiederNr, Agb, BestandNr, Budgetsoort, Cent, Contact, Dag, Declaratieregel, Dossier,
    Eenheid, Frequentie, Gemeente, RegelNr, Stand, ToewijzingNr,
};
use crate::rapport::{Rapport, Rij};
use crate::regelset::Regelset;
use crate::toetsing::{Bereik, Onderwerp};
use crate::uitleg::{Regelwaarde, waarden};
use hashbrown::HashMap;
use rayon::prelude::*;
use serde::Serialize;
use std::borrow::Cow;
use std::cmp::Reverse;

/// Findings that the page holds at most; the rest is counted and stands in the other files.
pub const MEESTE_BEVINDINGEN: usize = 100_000;

/// Lines of running sums that the page holds at most, for the toewijzingen with the largest findings.
const MEESTE_VERLOOP: usize = 100_000;

#[derive(Serialize)]
pub struct Gegevens<'a> {
    woorden: Vec<Cow<'a, str>>,
    regels: Vec<Regeltekst<'a>>,
    /// Code and name, in the order of the codes.
    aanbieders: Vec<(String, &'a str)>,
    gemeenten: Vec<(String, &'a str)>,
    bestanden: Vec<&'a str>,
    bevindingen: Bevindingen,
    lijnen: Lijnen,
    toewijzingen: Toewijzingen,
    verloop: Verloop,
    /// Toewijzingen whose lines are left out because the page would become too large.
    zonder_verloop: usize,
}

/// What a rule checks, for beside its findings.
#[derive(Serialize)]
struct Regeltekst<'a> {
    code: &'a str,
    titel: &'a str,
    familie: &'a str,
    wat: &'a str,
    waarom: &'a str,
    bron: &'a str,
    waarden: Vec<[String; 4]>,
}

impl<'a> Gegevens<'a> {
    pub fn maak(rapport: &'a Rapport<'a>) -> Gegevens<'a> {
        let getoond = grootste(&rapport.bevindingen, MEESTE_BEVINDINGEN, |g| {
            g.bevinding.bedrag.unwrap_or_default()
        });
        let getoond: Vec<Rij<'a>> = getoond.into_iter().map(|g| rapport.rij(g)).collect();
        let mut bouw = Bouw::nieuw(rapport, &getoond);
        for rij in &getoond {
            bouw.neem_op(rij);
        }
        let (verloop, zonder_verloop) = bouw.verloop();
        Gegevens {
            regels: regelteksten(rapport),
            bevindingen: bouw.bevindingen,
            lijnen: bouw.lijnen,
            toewijzingen: bouw.toewijzingen,
            verloop,
            zonder_verloop,
            aanbieders: bouw
                .aanbieders
                .lijst
                .iter()
                .map(|a| (a.to_string(), rapport.naam_van_aanbieder(*a)))
                .collect(),
            gemeenten: bouw
                .gemeenten
                .lijst
                .iter()
                .map(|g| (g.to_string(), rapport.naam_van_gemeente(*g)))
                .collect(),
            bestanden: rapport.dossier().bestanden.iter().map(|b| b.pad.as_str()).collect(),
            woorden: bouw.woorden.lijst,
        }
    }

    pub fn aantal(&self) -> usize {
        self.bevindingen.id.len()
    }
}

/// Those with the highest amounts, the largest first; equal amounts in their own order.
fn grootste<T>(rijen: &[T], meeste: usize, bedrag: impl Fn(&T) -> Cent) -> Vec<&T> {
    let sleutel = |i: &usize| (Reverse(bedrag(&rijen[*i])), *i);
    let mut plaatsen: Vec<usize> = (0..rijen.len()).collect();
    if plaatsen.len() > meeste {
        plaatsen.select_nth_unstable_by_key(meeste, sleutel);
        plaatsen.truncate(meeste);
    }
    plaatsen.sort_unstable_by_key(sleutel);
    plaatsen.into_iter().map(|i| &rijen[i]).collect()
}

fn regelteksten<'a>(rapport: &'a Rapport<'a>) -> Vec<Regeltekst<'a>> {
    let set: &Regelset = rapport.regelset();
    let c = rapport.controle;
    let van = |code: &str| set.regel(code);
    let cellen = |w: Regelwaarde| [w.uitleg.to_owned(), w.waarde, w.geldig, w.bron.to_string()];
    rapport
        .uitkomsten
        .iter()
        .map(|u| Regeltekst {
            code: u.regel.code,
            titel: &u.regel.titel,
            familie: u.regel.familie(),
            wat: &u.regel.wat,
            waarom: &u.regel.waarom,
            bron: van(u.regel.code).map_or("", |i| &i.bron),
            waarden: van(u.regel.code).map_or_else(Vec::new, |i| {
                let waarden = waarden(&u.regel, i, c.eerste_dag(), c.laatste_dag());
                waarden.into_iter().map(cellen).collect()
            }),
        })
        .collect()
}

/// The columns while they are filled.
struct Bouw<'a> {
    rapport: &'a Rapport<'a>,
    woorden: Woorden<'a>,
    aanbieders: Plaatsen<Agb>,
    gemeenten: Plaatsen<Gemeente>,
    regels: HashMap<&'static str, (usize, bool)>,
    plaats_van_lijn: HashMap<RegelNr, i32>,
    plaats_van_toewijzing: HashMap<ToewijzingNr, i32>,
    /// Toewijzingen whose lines tell how a finding came about, the largest finding first.
    met_verloop: Vec<ToewijzingNr>,
    /// Whether a toewijzing is one of them, by its place in the dossier.
    in_verloop: Vec<bool>,
    bevindingen: Bevindingen,
    lijnen: Lijnen,
    toewijzingen: Toewijzingen,
}

fn dag(dag: Dag) -> i32 {
    dag.dagen_sinds_1970()
}

fn plaats_van_bestand(nr: Option<BestandNr>) -> i32 {
    nr.map_or(-1, |nr| i32::from(nr.0))
}

impl<'a> Bouw<'a> {
    fn nieuw(rapport: &'a Rapport<'a>, getoond: &[Rij<'a>]) -> Bouw<'a> {
        let d = rapport.dossier();
        let toewijzingen = || getoond.iter().filter_map(|r| toewijzing_van(d, r.onderwerp()));
        let agb = |nr: AanbiederNr| rapport.controle.agb(nr);
        Bouw {
            rapport,
            woorden: Woorden::nieuw(),
            aanbieders: Plaatsen::van(
                getoond
                    .iter()
                    .filter_map(Rij::aanbieder)
                    .chain(toewijzingen().map(|nr| agb(d.toewijzing(nr).aanbieder))),
            ),
            gemeenten: Plaatsen::van(
                getoond
                    .iter()
                    .filter_map(Rij::gemeente)
                    .chain(toewijzingen().map(|nr| d.toewijzing(nr).gemeente)),
            ),
            regels: rapport
                .uitkomsten
                .iter()
                .enumerate()
                .map(|(i, u)| (u.regel.code, (i, u.regel.bereiken().contains(&Bereik::Toewijzing))))
                .collect(),
            plaats_van_lijn: HashMap::new(),
            plaats_van_toewijzing: HashMap::new(),
            met_verloop: Vec::new(),
            in_verloop: vec![false; d.toewijzingen.len()],
            bevindingen: Bevindingen::default(),
            lijnen: Lijnen::default(),
            toewijzingen: Toewijzingen::default(),
        }
    }

    /// A text that may hold anything: no Bsn in it is shown.
    fn woord(&mut self, tekst: &'a str) -> u32 {
        self.woorden.nummer(self.rapport.pseudoniemen.nummer(tekst))
    }

    fn neem_op(&mut self, r: &Rij<'a>) {
        let (regel, over_toewijzing) = self.regels[r.regel()];
        let lijn = match r.onderwerp() {
            Onderwerp::Regel(nr) => self.lijn(nr),
            _ => -1,
        };
        let toewijzing = toewijzing_van(self.rapport.dossier(), r.onderwerp());
        let plaats = toewijzing.map_or(-1, |nr| self.toewijzing(nr));
        if let Some(nr) = toewijzing
            && over_toewijzing
            && !std::mem::replace(&mut self.in_verloop[nr.plaats()], true)
        {
            self.met_verloop.push(nr);
        }
        let beoordeling = self.rapport.beoordeling_in_woorden(r);
        // The texts of a row are free of any Bsn already.
        let woorden = &mut self.woorden;
        self.bevindingen.push(Bevindingrij {
            id: r.kenmerk(),
            regel,
            ernst: r.ernst() as u8,
            aanbieder: self.aanbieders.plaats(r.aanbieder()),
            gemeente: self.gemeenten.plaats(r.gemeente()),
            bestand: plaats_van_bestand(r.bestand_nr()),
            lijn,
            toewijzing: plaats,
            jeugdige: woorden.nummer(r.jeugdige().unwrap_or_default()),
            toewijzingnummer: woorden.nummer(r.toewijzing_nummer().unwrap_or_default()),
            declaratie: woorden.nummer(r.declaratie_nummer().unwrap_or_default()),
            referentie: woorden.nummer(r.referentie_nummer().unwrap_or_default()),
            product: woorden.nummer(r.product_code().unwrap_or_default()),
            gevonden: woorden.nummer(r.gevonden()),
            verwacht: woorden.nummer(r.verwacht()),
            toelichting: woorden.nummer(r.toelichting()),
            bron: woorden.nummer(r.bron()),
            oordeel: woorden.nummer(r.oordeel().unwrap_or_default()),
            beoordeling: woorden.nummer(beoordeling),
            regelnummer: r.regelnummer(),
            begin: r.begindatum().map(dag),
            eind: r.einddatum().map(dag),
            ingediend: r.ingediend_bedrag().map(|c| c.0),
            bedrag: r.bedrag_in_geding().map(|c| c.0),
        });
    }

    fn lijn(&mut self, nr: RegelNr) -> i32 {
        if let Some(plaats) = self.plaats_van_lijn.get(&nr) {
            return *plaats;
        }
        let plaats = self.plaats_van_lijn.len() as i32;
        self.plaats_van_lijn.insert(nr, plaats);
        let d = self.rapport.dossier();
        let r = d.regel(nr);
        let product = d.product(r.product);
        let omschrijving = product.catalogus.as_ref().map_or("", |c| &c.omschrijving);
        let toewijzing = r.toewijzing.map_or(-1, |nr| self.toewijzing(nr));
        let contact = self.contact(r);
        let stand = match r.stand {
            Stand::Levend if r.is_omgekeerd() => "de periode is omgekeerd",
            Stand::Levend => "",
            Stand::Afgewezen => "afgewezen door de gemeente",
            Stand::Teruggenomen => "teruggenomen door een creditregel",
            Stand::Credit => "creditregel, verrekend",
            Stand::CreditZonderDebet => "creditregel zonder debetregel",
            Stand::CreditDubbel => "dubbele creditregel",
        };
        let rij = Lijnrij {
            categorie: self.woord(&product.categorie),
            omschrijving: self.woord(omschrijving),
            volume: r.geleverd_volume.0,
            eenheid: self.woorden.nummer(r.eenheid.naam()),
            tarief: r.product_tarief.map(|t| t.bedrag().0),
            ontvangen: r.ontvangstdatum.map(dag),
            toewijzing,
            stand: self.woorden.nummer(stand),
            contact,
        };
        self.lijnen.push(rij);
        plaats
    }

    fn contact(&mut self, r: &Declaratieregel) -> Vec<(&'static str, u32)> {
        let d = self.rapport.dossier();
        let c = d.contact(r);
        if c == Contact::default() {
            return Vec::new();
        }
        let mut uit = Vec::new();
        let getallen = [
            ("No-shows", (c.no_show > 0).then(|| c.no_show.to_string())),
            ("No-show, minuten", c.no_show_minuten.map(|v| v.to_string())),
            ("Geplande afspraak, minuten", c.afspraak_minuten.map(|v| v.to_string())),
            ("Reistijd, minuten", c.reistijd_minuten.map(|v| v.to_string())),
            ("Gesprekken", c.gesprekken.map(|n| n.to_string())),
        ];
        for (naam, waarde) in getallen {
            if let Some(waarde) = waarde {
                uit.push((naam, self.woorden.nummer(waarde)));
            }
        }
        let functie = d.woorden.tekst(c.functie);
        if !functie.is_empty() {
            uit.push(("Functie", self.woord(functie)));
        }
        uit
    }

    fn toewijzing(&mut self, nr: ToewijzingNr) -> i32 {
        if let Some(plaats) = self.plaats_van_toewijzing.get(&nr) {
            return *plaats;
        }
        let plaats = self.plaats_van_toewijzing.len() as i32;
        self.plaats_van_toewijzing.insert(nr, plaats);
        let d = self.rapport.dossier();
        let t = d.toewijzing(nr);
        let omvang = t.volume.map_or_else(String::new, |v| {
            let eenheid = t.eenheid.map_or("", Eenheid::naam);
            let frequentie = t.frequentie.map_or("", Frequentie::naam);
            format!("{v} {eenheid} {frequentie}").trim_end().replace("  ", " ")
        });
        let nummer = self.woord(d.toewijzingnummer(t.nummer));
        let categorie = self.woord(d.woorden.tekst(t.product_categorie));
        let product = self.woord(d.woorden.tekst(t.product_code));
        let jeugdige = self.rapport.pseudoniemen.jeugdige(t.bsn).unwrap_or_default();
        self.toewijzingen.push(Toewijzingrij {
            nummer,
            aanbieder: self.aanbieders.plaats(Some(self.rapport.controle.agb(t.aanbieder))),
            gemeente: self.gemeenten.plaats(Some(t.gemeente)),
            jeugdige: self.woorden.nummer(jeugdige),
            datum: dag(t.toewijzingsdatum),
            eerste: dag(t.eerste_toewijzingsdatum),
            ingang: dag(t.ingangsdatum),
            einde: t.einddatum.map(dag),
            categorie,
            product,
            omvang: self.woorden.nummer(omvang),
            budget: t.budget.map(|c| c.0),
            budgetsoort: self.woorden.nummer(t.budgetsoort.map_or("", Budgetsoort::naam)),
            verwijzer: self.woorden.nummer(t.verwijzer.map(|v| v.to_string()).unwrap_or_default()),
            dispuut: u8::from(t.dispuut),
            bestand: plaats_van_bestand(Some(t.bestand)),
            regelnummer: t.regelnummer,
            van: 0,
            tot: 0,
        });
        plaats
    }

    /// The lines on toewijzingen that findings were counted on, and of how many there is no room.
    fn verloop(&mut self) -> (Verloop, usize) {
        let d = self.rapport.dossier();
        let mut uit = Verloop::default();
        if self.met_verloop.is_empty() {
            return (uit, 0);
        }
        let mut per_toewijzing: Vec<(ToewijzingNr, RegelNr)> = (0..d.regels.len() as u32)
            .into_par_iter()
            .filter_map(|nr| {
                let r = d.regel(RegelNr(nr));
                let nodig = |t: &ToewijzingNr| self.in_verloop[t.plaats()] && r.telt_mee();
                r.toewijzing.filter(nodig).map(|t| (t, RegelNr(nr)))
            })
            .collect();
        per_toewijzing.par_sort_unstable();
        let mut zonder = 0;
        for toewijzing in std::mem::take(&mut self.met_verloop) {
            let van = per_toewijzing.partition_point(|(t, _)| *t < toewijzing);
            let rest = &per_toewijzing[van..];
            let aantal = rest.iter().take_while(|(t, _)| *t == toewijzing).count();
            if aantal == 0 {
                continue;
            }
            if uit.begin.len() + aantal > MEESTE_VERLOOP {
                zonder += 1;
                continue;
            }
            let mut lijnen: Vec<RegelNr> = rest[..aantal].iter().map(|(_, nr)| *nr).collect();
            lijnen.sort_by(|a, b| d.vergelijk(*a, *b));
            let plaats = self.plaats_van_toewijzing[&toewijzing] as usize;
            self.toewijzingen.van[plaats] = uit.begin.len();
            for nr in lijnen {
                let r = d.regel(nr);
                uit.push(Verlooprij {
                    begin: dag(r.begindatum),
                    eind: dag(r.einddatum),
                    referentie: self.woord(d.referentie(r)),
                    volume: r.geleverd_volume.0,
                    eenheid: self.woorden.nummer(r.eenheid.naam()),
                    bedrag: r.ingediend_bedrag.0,
                    bestand: plaats_van_bestand(Some(r.bestand)),
                    regelnummer: r.regelnummer,
                });
            }
            self.toewijzingen.tot[plaats] = uit.begin.len();
        }
        (uit, zonder)
    }
}

/// The toewijzing that a finding is about, or that its line names.
fn toewijzing_van(d: &Dossier, onderwerp: Onderwerp) -> Option<ToewijzingNr> {
    match onderwerp {
        Onderwerp::Toewijzing(nr) => Some(nr),
        Onderwerp::Regel(nr) => d.regel(nr).toewijzing,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_stay_and_equal_ones_in_their_order() {
        let rijen = [(3, 'a'), (9, 'b'), (3, 'c'), (0, 'd'), (3, 'e')];
        let over = |meeste| -> String {
            grootste(&rijen, meeste, |(n, _)| Cent(*n)).iter().map(|(_, naam)| naam).collect()
        };
        assert_eq!(over(3), "bac");
        assert_eq!(over(5), "baced");
        assert_eq!(over(9), "baced");
        assert_eq!(over(0), "");
    }
}
