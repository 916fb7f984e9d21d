//! Findings as every format shows them: one row, its columns, its lasting Id, one order.

use super::pseudoniem::{Pseudoniemen, schrijf_hex};
use crate::dossier::{
    Agb, BestandNr, Bsn, Cent, Dag, Declaratiebericht, Declaratieregel, Dossier, Eindoordeel,
    Ernst, Gemeente, Toewijzing, WoordNr,
};
use crate::toetsing::{Bevinding, Controle, Maat, Onderwerp, Regeluitkomst, Tekst};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write;
use std::ops::Range;

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
        schrijf_hex(self.genummerd.nummer, &mut id);
        id
    }

    /// The Id without the rule.
    pub fn kenmerk(&self) -> String {
        let mut kenmerk = String::with_capacity(16);
        schrijf_hex(self.genummerd.nummer, &mut kenmerk);
        kenmerk
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
        self.getoond(match self.drager() {
            Drager::Regel(r) => self.dossier().declaratienummer(r),
            Drager::Bericht(b) => &b.declaratie_nummer,
            _ => return None,
        })
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

/// The aanbieder and the gemeente that a finding on this subject is about.
pub fn partijen(c: &Controle<'_>, onderwerp: Onderwerp) -> (Option<Agb>, Option<Gemeente>) {
    (aanbieder(c, onderwerp), gemeente(c.dossier, onderwerp))
}

/// The findings of each rule are these.
pub type PerRegel = Vec<(&'static str, Range<usize>)>;

/// All findings of a run, in the order of every output, and where those of each rule are; they are
/// taken out of `uitkomsten`.
pub fn genummerd(
    controle: &Controle<'_>,
    uitkomsten: &mut [Regeluitkomst],
    pseudoniemen: &Pseudoniemen,
) -> (Vec<Genummerd>, PerRegel) {
    /// A rule's findings, and in their order the place and the number of each.
    type VanRegel = (&'static str, Vec<Bevinding>, Vec<(usize, u64)>);
    let per_regel: Vec<VanRegel> = uitkomsten
        .par_iter_mut()
        .with_max_len(1)
        .map(|u| {
            let mut bevindingen = std::mem::take(&mut u.uitkomsten.bevindingen);
            bevindingen.par_iter_mut().for_each(|b| {
                for tekst in [&mut b.gevonden, &mut b.verwacht, &mut b.toelichting] {
                    zonder_bsn(pseudoniemen, tekst);
                }
            });
            let volgorde = nummer(controle, u.regel.code, &bevindingen, pseudoniemen);
            (u.regel.code, bevindingen, volgorde)
        })
        .collect();
    // They are moved once, to where they stay.
    let mut alle = Vec::with_capacity(per_regel.iter().map(|(_, b, _)| b.len()).sum());
    let mut plaatsen = Vec::with_capacity(per_regel.len());
    for (regel, bevindingen, volgorde) in per_regel {
        let begin = alle.len();
        let mut bevindingen: Vec<Option<Bevinding>> = bevindingen.into_iter().map(Some).collect();
        alle.extend(volgorde.into_iter().filter_map(|(i, nummer)| {
            let bevinding = bevindingen[i].take()?;
            Some(Genummerd { regel, bevinding, nummer, oordeel: None })
        }));
        plaatsen.push((regel, begin..alle.len()));
    }
    (alle, plaatsen)
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

/// What decides most of the order without a look at the key itself: its parties, and the first bytes
/// of its number.
type Voorsleutel = (Option<Gemeente>, Option<Agb>, [u8; 8]);

impl Sleutel<'_> {
    fn voorsleutel(&self) -> Voorsleutel {
        let mut begin = [0; 8];
        let bytes = self.nummer.as_deref().unwrap_or_default().as_bytes();
        let aantal = bytes.len().min(begin.len());
        begin[..aantal].copy_from_slice(&bytes[..aantal]);
        (self.gemeente, self.aanbieder, begin)
    }
}

/// The places of the findings of one rule in their order, with their numbers.
fn nummer(
    c: &Controle<'_>,
    regel: &'static str,
    bevindingen: &[Bevinding],
    p: &Pseudoniemen,
) -> Vec<(usize, u64)> {
    let sleutels: Vec<Sleutel<'_>> =
        bevindingen.par_iter().map(|b| Sleutel::van(c, p, b.onderwerp)).collect();
    let mut volgorde: Vec<(Voorsleutel, usize)> =
        sleutels.iter().map(Sleutel::voorsleutel).zip(0..).collect();
    volgorde.par_sort_by(|(a, i), (b, j)| {
        a.cmp(b)
            .then_with(|| sleutels[*i].cmp(&sleutels[*j]))
            .then_with(|| vergelijk(c.dossier, &bevindingen[*i], &bevindingen[*j]))
    });
    // Equal keys are told apart by an ordinal.
    let mut ordinalen = vec![0_u32; volgorde.len()];
    for (plaats, paar) in volgorde.windows(2).enumerate() {
        let [(a, i), (b, j)] = [paar[0], paar[1]];
        if a == b && sleutels[i] == sleutels[j] {
            ordinalen[plaats + 1] = ordinalen[plaats] + 1;
        }
    }
    volgorde
        .par_iter()
        .zip(ordinalen)
        .map_init(Hashtekst::default, |tekst, (&(_, i), ordinaal)| {
            (i, tekst.hash(regel, &sleutels[i], ordinaal))
        })
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

/// What the number of a finding is a hash of, and how much of it findings on the same parties share.
#[derive(Default)]
struct Hashtekst {
    tekst: String,
    partijen: Option<(&'static str, Option<Gemeente>, Option<Agb>)>,
    gedeeld: usize,
}

impl Hashtekst {
    /// The first eight bytes of the SHA-256 of rule, key and ordinal.
    fn hash(&mut self, regel: &'static str, sleutel: &Sleutel<'_>, ordinaal: u32) -> u64 {
        let tekst = &mut self.tekst;
        let partijen = (regel, sleutel.gemeente, sleutel.aanbieder);
        if self.partijen == Some(partijen) {
            tekst.truncate(self.gedeeld);
        } else {
            tekst.clear();
            let gelukt = write!(tekst, "{regel}|")
                .and_then(|()| sleutel.gemeente.map_or(Ok(()), |g| write!(tekst, "{g}")))
                .and_then(|()| write!(tekst, "|"))
                .and_then(|()| sleutel.aanbieder.map_or(Ok(()), |a| write!(tekst, "{a}")))
                .and_then(|()| write!(tekst, "|"));
            gelukt.expect("writing to a String can't fail");
            (self.partijen, self.gedeeld) = (Some(partijen), tekst.len());
        }
        tekst.push_str(sleutel.nummer.as_deref().unwrap_or_default());
        tekst.push('|');
        tekst.push_str(sleutel.jeugdige.as_deref().unwrap_or_default());
        tekst.push('|');
        write!(tekst, "{ordinaal}").expect("writing to a String can't fail");
        let digest = Sha256::digest(tekst.as_bytes());
        let (eerste, _) = digest.as_slice().split_first_chunk().expect("a digest has 32 bytes");
        u64::from_be_bytes(*eerste)
    }
}
