//! Findings as every format shows them: one row, its columns, its lasting Id, one order.

use super::pseudoniem::Pseudoniemen;
use crate::dossier::*;
use crate::toetsing::{Bevinding, Controle, Ernst, Maat, Onderwerp, Regeluitkomst, Tekst};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write;

/// A finding in the order of every output. What its columns hold follows from it: see [`Rij`].
#[derive(Clone, Debug)]
pub struct Genummerd {
    /// Code of the rule.
    pub regel: &'static str,
    pub bevinding: Bevinding,
    /// The same finding has the same number in every run.
    nummer: u64,
    /// A person's verdict on it in an earlier run.
    pub oordeel: Option<Eindoordeel>,
}

impl Genummerd {
    /// What its Id holds after the rule.
    pub fn nummer(&self) -> u64 {
        self.nummer
    }

    /// Is no verdict known?
    pub fn is_open(&self) -> bool {
        self.oordeel.is_none()
    }
}

/// A finding as a row of `bevindingen`: each column is looked up when it is asked for. What doesn't
/// apply is `None`.
#[derive(Clone, Copy)]
pub struct Rij<'r> {
    controle: &'r Controle<'r>,
    pseudoniemen: &'r Pseudoniemen,
    genummerd: &'r Genummerd,
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// What the subject of a finding is, looked up.
enum Drager<'r> {
    Regel(&'r Declaratieregel),
    Toewijzing(&'r Toewijzing),
    Bericht(&'r Declaratiebericht),
    /// No row of any file.
    Geen,
}

impl<'r> Rij<'r> {
    pub fn nieuw(
        controle: &'r Controle<'r>,
        pseudoniemen: &'r Pseudoniemen,
        genummerd: &'r Genummerd,
    ) -> Rij<'r> {
        Rij { controle, pseudoniemen, genummerd }
    }

    fn dossier(&self) -> &'r Dossier {
        self.controle.dossier
    }

    fn bevinding(&self) -> &'r Bevinding {
        &self.genummerd.bevinding
    }

    fn drager(&self) -> Drager<'r> {
        drager(self.dossier(), self.onderwerp())
    }

    fn getoond(&self, tekst: &'r str) -> Option<Cow<'r, str>> {
        (!tekst.is_empty()).then(|| self.pseudoniemen.nummer(tekst))
    }

    /// The same finding has the same Id in every run.
    pub fn id(&self) -> String {
        let mut id = String::with_capacity(self.genummerd.regel.len() + 17);
        id.push_str(self.genummerd.regel);
        id.push('-');
        self.schrijf_kenmerk(&mut id);
        id
    }

    /// The Id without the rule.
    pub fn kenmerk(&self) -> String {
        let mut kenmerk = String::with_capacity(16);
        self.schrijf_kenmerk(&mut kenmerk);
        kenmerk
    }

    fn schrijf_kenmerk(&self, uit: &mut String) {
        for byte in self.genummerd.nummer.to_be_bytes() {
            uit.push(HEX[usize::from(byte >> 4)].into());
            uit.push(HEX[usize::from(byte & 15)].into());
        }
    }

    pub fn regel(&self) -> &'static str {
        self.genummerd.regel
    }

    pub fn onderwerp(&self) -> Onderwerp {
        self.bevinding().onderwerp
    }

    pub fn ernst(&self) -> Ernst {
        self.bevinding().ernst
    }

    pub fn aanbieder(&self) -> Option<Agb> {
        aanbieder(self.controle, self.onderwerp())
    }

    pub fn gemeente(&self) -> Option<Gemeente> {
        gemeente(self.dossier(), self.onderwerp())
    }

    pub fn jeugdige(&self) -> Option<String> {
        self.bsn().and_then(|bsn| self.pseudoniemen.jeugdige(bsn))
    }

    /// What the column Jeugdige stands for: never to be shown.
    pub(super) fn bsn(&self) -> Option<Bsn> {
        match (self.drager(), self.onderwerp()) {
            (Drager::Regel(r), _) => Some(r.bsn),
            (Drager::Toewijzing(t), _) => Some(t.bsn),
            (_, Onderwerp::Jeugdige(bsn)) => Some(bsn),
            _ => None,
        }
    }

    pub fn toewijzing_nummer(&self) -> Option<Cow<'r, str>> {
        self.getoond(self.dossier().toewijzingnummer(self.toewijzing_woord()?))
    }

    /// The word of the column ToewijzingNummer.
    pub(super) fn toewijzing_woord(&self) -> Option<WoordNr> {
        match self.drager() {
            Drager::Regel(r) => Some(r.toewijzing_nummer),
            Drager::Toewijzing(t) => Some(t.nummer),
            _ => None,
        }
    }

    pub fn declaratie_nummer(&self) -> Option<Cow<'r, str>> {
        self.getoond(self.declaratie_tekst())
    }

    /// The column DeclaratieNummer as it stood in the file, empty where there is none.
    pub(super) fn declaratie_tekst(&self) -> &'r str {
        match self.drager() {
            Drager::Regel(r) => self.dossier().declaratienummer(r),
            Drager::Bericht(b) => &b.declaratie_nummer,
            _ => "",
        }
    }

    pub fn referentie_nummer(&self) -> Option<Cow<'r, str>> {
        match self.drager() {
            Drager::Regel(r) => self.getoond(self.dossier().referentie(r)),
            _ => None,
        }
    }

    pub fn bestand_nr(&self) -> Option<BestandNr> {
        match self.drager() {
            Drager::Regel(r) => Some(r.bestand),
            Drager::Toewijzing(t) => Some(t.bestand),
            Drager::Bericht(b) => Some(b.bestand),
            Drager::Geen => None,
        }
    }

    /// Path of the input file, relative to the dossier.
    pub fn bestand(&self) -> Option<&'r str> {
        self.bestand_nr().map(|nr| self.dossier().bestand(nr).pad.as_str())
    }

    pub fn regelnummer(&self) -> Option<u32> {
        match self.drager() {
            Drager::Regel(r) => Some(r.regelnummer),
            Drager::Toewijzing(t) => Some(t.regelnummer),
            _ => None,
        }
    }

    pub fn begindatum(&self) -> Option<Dag> {
        match self.drager() {
            Drager::Regel(r) => Some(r.begindatum),
            Drager::Toewijzing(t) => Some(t.ingangsdatum),
            Drager::Bericht(b) => Some(b.periode.0),
            Drager::Geen => None,
        }
    }

    pub fn einddatum(&self) -> Option<Dag> {
        match self.drager() {
            Drager::Regel(r) => Some(r.einddatum),
            Drager::Toewijzing(t) => t.einddatum,
            Drager::Bericht(b) => Some(b.periode.1),
            Drager::Geen => None,
        }
    }

    pub fn product_code(&self) -> Option<Cow<'r, str>> {
        self.product_tekst().map(|code| self.pseudoniemen.nummer(code))
    }

    /// The column ProductCode as it stood in the file. A line has one, if only an empty one.
    pub(super) fn product_tekst(&self) -> Option<&'r str> {
        let d = self.dossier();
        match self.drager() {
            Drager::Regel(r) => Some(&d.product(r.product).code),
            Drager::Toewijzing(t) => {
                Some(d.woorden.tekst(t.product_code)).filter(|c| !c.is_empty())
            }
            _ => None,
        }
    }

    pub fn ingediend_bedrag(&self) -> Option<Cent> {
        match self.drager() {
            Drager::Regel(r) => Some(r.ingediend_bedrag),
            _ => None,
        }
    }

    pub fn bedrag_in_geding(&self) -> Option<Cent> {
        self.bevinding().bedrag
    }

    pub fn gevonden(&self) -> &'r str {
        &self.bevinding().gevonden
    }

    pub fn verwacht(&self) -> &'r str {
        &self.bevinding().verwacht
    }

    pub fn toelichting(&self) -> &'r str {
        &self.bevinding().toelichting
    }

    pub fn bron(&self) -> &'r str {
        &self.bevinding().bron
    }

    /// A person's verdict on this finding in an earlier run.
    pub fn oordeel(&self) -> Option<&'r str> {
        self.genummerd.oordeel.map(Eindoordeel::naam)
    }

    /// What the rule measured, where it measured something.
    pub fn maat(&self) -> Option<Maat> {
        self.bevinding().maat
    }

    /// The number of the finding; see [`Genummerd::nummer`].
    pub fn nummer(&self) -> u64 {
        self.genummerd.nummer
    }
}

fn drager(d: &Dossier, onderwerp: Onderwerp) -> Drager<'_> {
    match onderwerp {
        Onderwerp::Regel(nr) => Drager::Regel(d.regel(nr)),
        Onderwerp::Toewijzing(nr) => Drager::Toewijzing(d.toewijzing(nr)),
        Onderwerp::Declaratiebericht(nr) => d
            .declaratieberichten
            .as_deref()
            .and_then(|b| b.get(nr as usize))
            .map_or(Drager::Geen, Drager::Bericht),
        Onderwerp::Jeugdige(_)
        | Onderwerp::Aanbieder(_)
        | Onderwerp::Gemeente(_)
        | Onderwerp::AanbiederInGemeente(..) => Drager::Geen,
    }
}

/// The aanbieder that a finding on this subject is about.
pub fn aanbieder(c: &Controle<'_>, onderwerp: Onderwerp) -> Option<Agb> {
    match (drager(c.dossier, onderwerp), onderwerp) {
        (Drager::Regel(r), _) => Some(c.agb(r.aanbieder)),
        (Drager::Toewijzing(t), _) => Some(c.agb(t.aanbieder)),
        (Drager::Bericht(b), _) => Some(b.afzender),
        (_, Onderwerp::Aanbieder(nr) | Onderwerp::AanbiederInGemeente(nr, _)) => Some(c.agb(nr)),
        _ => None,
    }
}

/// The gemeente that a finding on this subject is about.
pub fn gemeente(d: &Dossier, onderwerp: Onderwerp) -> Option<Gemeente> {
    match (drager(d, onderwerp), onderwerp) {
        (Drager::Regel(r), _) => Some(r.gemeente),
        (Drager::Toewijzing(t), _) => Some(t.gemeente),
        (_, Onderwerp::Gemeente(g) | Onderwerp::AanbiederInGemeente(_, g)) => Some(g),
        _ => None,
    }
}

/// All findings of a run, in the order of every output; they are taken out of `uitkomsten`.
pub fn genummerd(
    controle: &Controle<'_>,
    uitkomsten: &mut [Regeluitkomst],
    pseudoniemen: &Pseudoniemen,
) -> Vec<Genummerd> {
    let per_regel: Vec<Vec<Genummerd>> = uitkomsten
        .par_iter_mut()
        .with_max_len(1)
        .map(|u| {
            let mut bevindingen = std::mem::take(&mut u.uitkomsten.bevindingen);
            bevindingen.par_iter_mut().for_each(|b| {
                for tekst in [&mut b.gevonden, &mut b.verwacht, &mut b.toelichting] {
                    zonder_bsn(pseudoniemen, tekst);
                }
            });
            nummer(controle, u.regel.code, bevindingen, pseudoniemen)
        })
        .collect();
    let mut alle = Vec::with_capacity(per_regel.iter().map(Vec::len).sum());
    per_regel.into_iter().for_each(|van_regel| alle.extend(van_regel));
    alle
}

/// A rule's own words hold no Bsn; a code or number from the files that it names may.
fn zonder_bsn(p: &Pseudoniemen, tekst: &mut Tekst) {
    let Cow::Owned(samengesteld) = &*tekst else { return };
    if let Cow::Owned(schoon) = p.nummer(samengesteld) {
        *tekst = schoon.into();
    }
}

/// What an Id is made of besides the ordinal, in the order in which findings are sorted first:
/// never by file before that.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Sleutel<'a> {
    gemeente: Option<Gemeente>,
    aanbieder: Option<Agb>,
    /// ReferentieNummer, else ToewijzingNummer.
    nummer: Option<Cow<'a, str>>,
    /// Only of a finding that is about the jeugdige.
    jeugdige: Option<String>,
}

impl<'a> Sleutel<'a> {
    fn van(c: &'a Controle<'a>, p: &Pseudoniemen, onderwerp: Onderwerp) -> Sleutel<'a> {
        let d = c.dossier;
        let nummer = match drager(d, onderwerp) {
            Drager::Regel(r) if !d.referentie(r).is_empty() => d.referentie(r),
            Drager::Regel(r) => d.toewijzingnummer(r.toewijzing_nummer),
            Drager::Toewijzing(t) => d.toewijzingnummer(t.nummer),
            Drager::Bericht(_) | Drager::Geen => "",
        };
        Sleutel {
            gemeente: gemeente(d, onderwerp),
            aanbieder: aanbieder(c, onderwerp),
            nummer: (!nummer.is_empty()).then(|| p.nummer(nummer)),
            jeugdige: match onderwerp {
                Onderwerp::Jeugdige(bsn) => p.jeugdige(bsn),
                _ => None,
            },
        }
    }
}

/// The findings of one rule in order, with their numbers.
fn nummer(
    c: &Controle<'_>,
    regel: &'static str,
    bevindingen: Vec<Bevinding>,
    p: &Pseudoniemen,
) -> Vec<Genummerd> {
    let sleutels: Vec<Sleutel<'_>> =
        bevindingen.par_iter().map(|b| Sleutel::van(c, p, b.onderwerp)).collect();
    let mut volgorde: Vec<usize> = (0..bevindingen.len()).collect();
    volgorde.par_sort_by(|&i, &j| {
        sleutels[i]
            .cmp(&sleutels[j])
            .then_with(|| vergelijk(c.dossier, &bevindingen[i], &bevindingen[j]))
    });
    // Equal keys are told apart by an ordinal.
    let mut ordinalen = vec![0_u32; volgorde.len()];
    for plaats in 1..volgorde.len() {
        if sleutels[volgorde[plaats - 1]] == sleutels[volgorde[plaats]] {
            ordinalen[plaats] = ordinalen[plaats - 1] + 1;
        }
    }
    let nummers: Vec<u64> = volgorde
        .par_iter()
        .zip(ordinalen)
        .map_init(String::new, |tekst, (&i, ordinaal)| hash(tekst, regel, &sleutels[i], ordinaal))
        .collect();
    let mut bevindingen: Vec<Option<Bevinding>> = bevindingen.into_iter().map(Some).collect();
    let op_volgorde = volgorde.into_iter().filter_map(|i| bevindingen[i].take());
    let genummerd = op_volgorde.zip(nummers);
    genummerd
        .map(|(bevinding, nummer)| Genummerd { regel, bevinding, nummer, oordeel: None })
        .collect()
}

/// Findings with the same key: by the lines' own order, then by what they say.
fn vergelijk(d: &Dossier, a: &Bevinding, b: &Bevinding) -> Ordering {
    match (a.onderwerp, b.onderwerp) {
        (Onderwerp::Regel(x), Onderwerp::Regel(y)) => d.vergelijk(x, y),
        _ => Ordering::Equal,
    }
    .then_with(|| a.ernst.cmp(&b.ernst))
    .then_with(|| a.bedrag.cmp(&b.bedrag))
    .then_with(|| a.gevonden.cmp(&b.gevonden))
    .then_with(|| (&a.verwacht, &a.toelichting).cmp(&(&b.verwacht, &b.toelichting)))
    .then_with(|| a.onderwerp.cmp(&b.onderwerp))
}

/// The first eight bytes of the SHA-256 of rule, key and ordinal; `tekst` is room to write in.
fn hash(tekst: &mut String, regel: &str, sleutel: &Sleutel<'_>, ordinaal: u32) -> u64 {
    tekst.clear();
    let leeg_of = |waarde: Option<&dyn std::fmt::Display>, tekst: &mut String| {
        match waarde {
            Some(waarde) => write!(tekst, "{waarde}|"),
            None => write!(tekst, "|"),
        }
        .expect("writing to a String can't fail");
    };
    leeg_of(Some(&regel), tekst);
    leeg_of(sleutel.gemeente.as_ref().map(|g| g as _), tekst);
    leeg_of(sleutel.aanbieder.as_ref().map(|a| a as _), tekst);
    leeg_of(sleutel.nummer.as_ref().map(|n| n as _), tekst);
    leeg_of(sleutel.jeugdige.as_ref().map(|j| j as _), tekst);
    write!(tekst, "{ordinaal}").expect("writing to a String can't fail");
    let digest = Sha256::digest(tekst.as_bytes());
    let (eerste, _) = digest.as_slice().split_first_chunk().expect("a digest has 32 bytes");
    u64::from_be_bytes(*eerste)
}
