//! The findings as the page holds them: columns of numbers and one list of texts, as JSON.
//!
//! A text stands once in `woorden`; a column holds its place, 0 for none. Amounts are whole
//! eurocents, volumes hundredths, days count from 1970. A finding points at its line, a line at its
//! toewijzing, a toewijzing at the lines on it that a running sum was made of.

use crate::dossier::*;
use crate::rapport::{Rapport, Rij};
use crate::regelset::Regelset;
use crate::toetsing::{Bereik, Onderwerp};
use crate::uitleg::{Regelwaarde, waarden};
use foldhash::fast::FixedState;
use hashbrown::hash_table::Entry;
use hashbrown::{HashMap, HashTable};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::hash::BuildHasher;
use std::io::{self, Write};

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

#[derive(Default, Serialize)]
struct Bevindingen {
    /// Without the rule's code before it.
    id: Vec<String>,
    regel: Vec<usize>,
    ernst: Vec<u8>,
    /// Places in the lists, -1 for none.
    aanbieder: Vec<i32>,
    gemeente: Vec<i32>,
    bestand: Vec<i32>,
    lijn: Vec<i32>,
    toewijzing: Vec<i32>,
    jeugdige: Vec<u32>,
    toewijzingnummer: Vec<u32>,
    declaratie: Vec<u32>,
    referentie: Vec<u32>,
    product: Vec<u32>,
    gevonden: Vec<u32>,
    verwacht: Vec<u32>,
    toelichting: Vec<u32>,
    bron: Vec<u32>,
    oordeel: Vec<u32>,
    /// Who judged it, when, and what they noted.
    beoordeling: Vec<u32>,
    regelnummer: Vec<Option<u32>>,
    begin: Vec<Option<i32>>,
    eind: Vec<Option<i32>>,
    ingediend: Vec<Option<i64>>,
    bedrag: Vec<Option<i64>>,
}

/// What of a line its findings don't say already.
#[derive(Default, Serialize)]
struct Lijnen {
    categorie: Vec<u32>,
    omschrijving: Vec<u32>,
    volume: Vec<i64>,
    eenheid: Vec<u32>,
    tarief: Vec<Option<i64>>,
    ontvangen: Vec<Option<i32>>,
    toewijzing: Vec<i32>,
    stand: Vec<u32>,
    /// Texts of the contact columns that are filled in.
    contact: Vec<Vec<(&'static str, u32)>>,
}

#[derive(Default, Serialize)]
struct Toewijzingen {
    nummer: Vec<u32>,
    aanbieder: Vec<i32>,
    gemeente: Vec<i32>,
    jeugdige: Vec<u32>,
    datum: Vec<i32>,
    eerste: Vec<i32>,
    ingang: Vec<i32>,
    einde: Vec<Option<i32>>,
    categorie: Vec<u32>,
    product: Vec<u32>,
    omvang: Vec<u32>,
    budget: Vec<Option<i64>>,
    budgetsoort: Vec<u32>,
    verwijzer: Vec<u32>,
    dispuut: Vec<u8>,
    bestand: Vec<i32>,
    regelnummer: Vec<u32>,
    /// First and last-but-one place in `verloop`; equal where it holds none.
    van: Vec<usize>,
    tot: Vec<usize>,
}

/// The live lines on a toewijzing, in the order in which rules count them.
#[derive(Default, Serialize)]
struct Verloop {
    begin: Vec<i32>,
    eind: Vec<i32>,
    referentie: Vec<u32>,
    volume: Vec<i64>,
    eenheid: Vec<u32>,
    bedrag: Vec<i64>,
    bestand: Vec<i32>,
    regelnummer: Vec<u32>,
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

    /// JSON that can stand in a `<script>`, whatever the texts hold.
    pub fn json(&self) -> serde_json::Result<String> {
        let mut bytes = Vec::new();
        self.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, VoorScript))?;
        Ok(String::from_utf8(bytes).expect("JSON is UTF-8"))
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

/// A list of texts, each once.
struct Woorden<'a> {
    nummers: HashTable<u32>,
    lijst: Vec<Cow<'a, str>>,
}

impl<'a> Woorden<'a> {
    fn nieuw() -> Woorden<'a> {
        let mut woorden = Woorden { nummers: HashTable::new(), lijst: Vec::new() };
        woorden.nummer("");
        woorden
    }

    fn nummer(&mut self, tekst: impl Into<Cow<'a, str>>) -> u32 {
        let tekst = tekst.into();
        let hash = |tekst: &str| FixedState::default().hash_one(tekst);
        let lijst = &mut self.lijst;
        let plek = self.nummers.entry(
            hash(&tekst),
            |nr| lijst[*nr as usize] == tekst,
            |nr| hash(&lijst[*nr as usize]),
        );
        match plek {
            Entry::Occupied(plek) => *plek.get(),
            Entry::Vacant(plek) => {
                let nummer = lijst.len() as u32;
                lijst.push(tekst);
                plek.insert(nummer);
                nummer
            }
        }
    }
}

/// Codes in their order, with the place of each.
struct Plaatsen<T> {
    lijst: Vec<T>,
}

impl<T: Ord + Copy> Plaatsen<T> {
    fn van(codes: impl Iterator<Item = T>) -> Plaatsen<T> {
        let mut lijst: Vec<T> = codes.collect();
        lijst.sort_unstable();
        lijst.dedup();
        Plaatsen { lijst }
    }

    fn plaats(&self, code: Option<T>) -> i32 {
        code.and_then(|c| self.lijst.binary_search(&c).ok()).map_or(-1, |i| i as i32)
    }
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
        let leeg = || Cow::Borrowed("");
        // The texts of a row are free of any Bsn already.
        let woorden = [
            r.jeugdige().map_or_else(leeg, Cow::Owned),
            r.toewijzing_nummer().unwrap_or_else(leeg),
            r.declaratie_nummer().unwrap_or_else(leeg),
            r.referentie_nummer().unwrap_or_else(leeg),
            r.product_code().unwrap_or_else(leeg),
            r.gevonden().into(),
            r.verwacht().into(),
            r.toelichting().into(),
            r.bron().into(),
            r.oordeel().unwrap_or_default().into(),
            self.rapport.beoordeling_in_woorden(r).into(),
        ]
        .map(|t| self.woorden.nummer(t));
        let b = &mut self.bevindingen;
        for (kolom, woord) in [
            &mut b.jeugdige,
            &mut b.toewijzingnummer,
            &mut b.declaratie,
            &mut b.referentie,
            &mut b.product,
            &mut b.gevonden,
            &mut b.verwacht,
            &mut b.toelichting,
            &mut b.bron,
            &mut b.oordeel,
            &mut b.beoordeling,
        ]
        .into_iter()
        .zip(woorden)
        {
            kolom.push(woord);
        }
        b.id.push(r.kenmerk());
        b.regel.push(regel);
        b.ernst.push(r.ernst() as u8);
        b.aanbieder.push(self.aanbieders.plaats(r.aanbieder()));
        b.gemeente.push(self.gemeenten.plaats(r.gemeente()));
        b.bestand.push(plaats_van_bestand(r.bestand_nr()));
        b.lijn.push(lijn);
        b.toewijzing.push(plaats);
        b.regelnummer.push(r.regelnummer());
        b.begin.push(r.begindatum().map(dag));
        b.eind.push(r.einddatum().map(dag));
        b.ingediend.push(r.ingediend_bedrag().map(|c| c.0));
        b.bedrag.push(r.bedrag_in_geding().map(|c| c.0));
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
        let (categorie, omschrijving) = (self.woord(&product.categorie), self.woord(omschrijving));
        let eenheid = self.woorden.nummer(r.eenheid.naam());
        let stand = self.woorden.nummer(match r.stand {
            Stand::Levend if r.is_omgekeerd() => "de periode is omgekeerd",
            Stand::Levend => "",
            Stand::Afgewezen => "afgewezen door de gemeente",
            Stand::Teruggenomen => "teruggenomen door een creditregel",
            Stand::Credit => "creditregel, verrekend",
            Stand::CreditZonderDebet => "creditregel zonder debetregel",
            Stand::CreditDubbel => "dubbele creditregel",
        });
        let l = &mut self.lijnen;
        l.categorie.push(categorie);
        l.omschrijving.push(omschrijving);
        l.volume.push(r.geleverd_volume.0);
        l.eenheid.push(eenheid);
        l.tarief.push(r.product_tarief.map(|t| t.bedrag().0));
        l.ontvangen.push(r.ontvangstdatum.map(dag));
        l.toewijzing.push(toewijzing);
        l.stand.push(stand);
        l.contact.push(contact);
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
        let nummer = self.woord(d.toewijzingnummer(t.nummer));
        let categorie = self.woord(d.woorden.tekst(t.product_categorie));
        let product = self.woord(d.woorden.tekst(t.product_code));
        let jeugdige = self.rapport.pseudoniemen.jeugdige(t.bsn).unwrap_or_default();
        let jeugdige = self.woorden.nummer(jeugdige);
        let omvang = t.volume.map_or_else(String::new, |v| {
            let eenheid = t.eenheid.map_or("", Eenheid::naam);
            let frequentie = t.frequentie.map_or("", Frequentie::naam);
            format!("{v} {eenheid} {frequentie}").trim_end().replace("  ", " ")
        });
        let omvang = self.woorden.nummer(omvang);
        let budgetsoort = self.woorden.nummer(t.budgetsoort.map_or("", Budgetsoort::naam));
        let verwijzer = t.verwijzer.map(|v| v.to_string()).unwrap_or_default();
        let verwijzer = self.woorden.nummer(verwijzer);
        let aanbieder = self.aanbieders.plaats(Some(self.rapport.controle.agb(t.aanbieder)));
        let uit = &mut self.toewijzingen;
        uit.nummer.push(nummer);
        uit.aanbieder.push(aanbieder);
        uit.gemeente.push(self.gemeenten.plaats(Some(t.gemeente)));
        uit.jeugdige.push(jeugdige);
        uit.datum.push(dag(t.toewijzingsdatum));
        uit.eerste.push(dag(t.eerste_toewijzingsdatum));
        uit.ingang.push(dag(t.ingangsdatum));
        uit.einde.push(t.einddatum.map(dag));
        uit.categorie.push(categorie);
        uit.product.push(product);
        uit.omvang.push(omvang);
        uit.budget.push(t.budget.map(|c| c.0));
        uit.budgetsoort.push(budgetsoort);
        uit.verwijzer.push(verwijzer);
        uit.dispuut.push(u8::from(t.dispuut));
        uit.bestand.push(plaats_van_bestand(Some(t.bestand)));
        uit.regelnummer.push(t.regelnummer);
        uit.van.push(0);
        uit.tot.push(0);
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
                uit.begin.push(dag(r.begindatum));
                uit.eind.push(dag(r.einddatum));
                uit.referentie.push(self.woord(d.referentie(r)));
                uit.volume.push(r.geleverd_volume.0);
                uit.eenheid.push(self.woorden.nummer(r.eenheid.naam()));
                uit.bedrag.push(r.ingediend_bedrag.0);
                uit.bestand.push(plaats_van_bestand(Some(r.bestand)));
                uit.regelnummer.push(r.regelnummer);
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

/// JSON in which nothing can end a `<script>` or a line of JavaScript; control characters become
/// spaces.
struct VoorScript;

impl Formatter for VoorScript {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        uit: &mut W,
        deel: &str,
    ) -> io::Result<()> {
        let mut vanaf = 0;
        // Of the last two the first byte is told from most texts without reading a character.
        let verdacht = |b: &u8| matches!(b, b'<' | b'>' | b'&' | 0xE2);
        if !deel.as_bytes().iter().any(verdacht) {
            return uit.write_all(deel.as_bytes());
        }
        for (i, teken) in deel.char_indices() {
            if matches!(teken, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') {
                uit.write_all(&deel.as_bytes()[vanaf..i])?;
                write!(uit, "\\u{:04x}", u32::from(teken))?;
                vanaf = i + teken.len_utf8();
            }
        }
        uit.write_all(&deel.as_bytes()[vanaf..])
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        uit: &mut W,
        teken: CharEscape,
    ) -> io::Result<()> {
        uit.write_all(match teken {
            CharEscape::Quote => b"\\\"",
            CharEscape::ReverseSolidus => b"\\\\",
            CharEscape::Solidus => b"/",
            _ => b" ",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(tekst: &str) -> String {
        let mut bytes = Vec::new();
        tekst
            .serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, VoorScript))
            .unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn no_text_can_leave_the_script() {
        let boos = "</script><!-- <img onerror=x> --> & \u{2028}\u{2029} \" \\ é";
        let uit = json(boos);
        assert!(!uit.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{uit}");
        assert_eq!(serde_json::from_str::<String>(&uit).unwrap(), boos);
    }

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

    #[test]
    fn a_text_is_one_line() {
        let uit: String = serde_json::from_str(&json("een\r\ntwee\tdrie\u{1}vier")).unwrap();
        assert_eq!(uit, "een  twee drie vier");
    }
}
