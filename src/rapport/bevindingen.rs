//! Findings as every format shows them: one row, its columns, its lasting Id, one order.

use super::pseudoniem::Pseudoniemen;
use crate::bron::hex;
use crate::dossier::*;
use crate::toetsing::{Bevinding, Controle, Ernst, Onderwerp, Regeluitkomst, Tekst};
use hashbrown::HashMap;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

/// A finding with everything that the columns of `bevindingen` hold. What doesn't apply is `None`.
#[derive(Clone, Debug)]
pub struct Rij<'a> {
    /// The same finding has the same Id in every run.
    pub id: String,
    pub regel: &'static str,
    pub ernst: Ernst,
    pub onderwerp: Onderwerp,
    /// What totals and order need of the line that it is about.
    pub(super) van_lijn: Option<VanLijn>,
    pub aanbieder: Option<Agb>,
    pub gemeente: Option<Gemeente>,
    pub jeugdige: Option<String>,
    pub toewijzing_nummer: Option<Cow<'a, str>>,
    pub declaratie_nummer: Option<Cow<'a, str>>,
    pub referentie_nummer: Option<Cow<'a, str>>,
    pub bestand: Option<BestandNr>,
    pub regelnummer: Option<u32>,
    pub begindatum: Option<Dag>,
    pub einddatum: Option<Dag>,
    pub product_code: Option<Cow<'a, str>>,
    pub ingediend_bedrag: Option<Cent>,
    pub bedrag_in_geding: Option<Cent>,
    pub gevonden: Tekst,
    pub verwacht: Tekst,
    pub toelichting: Tekst,
    pub bron: Arc<str>,
    /// A person's verdict on this finding in an earlier run.
    pub oordeel: Option<String>,
}

/// What of a line outlives the dossier that it was found in.
#[derive(Clone, Debug)]
pub(super) struct VanLijn {
    pub product: ProductNr,
    /// Live, not reversed, and of the audited year.
    pub telt_mee: bool,
    /// Its place in the order of lines, where it was found in a part of a dossier.
    pub volgorde: Option<Box<[u8]>>,
}

/// The findings of a dossier in one piece, by rule; they are taken out of `uitkomsten`.
pub(super) fn rijen<'a>(
    controle: &'a Controle<'a>,
    uitkomsten: &mut [Regeluitkomst],
    pseudoniemen: &Pseudoniemen,
) -> Vec<Rij<'a>> {
    let mut rijen: Vec<Rij<'a>> = Vec::new();
    for u in uitkomsten {
        let van_regel = std::mem::take(&mut u.uitkomsten.bevindingen).into_par_iter();
        rijen.par_extend(van_regel.map(|b| rij(controle, u.regel.code, b, pseudoniemen)));
    }
    rijen
}

/// The findings of a part of a dossier, with all that the merged rapport needs of the part;
/// `nummers` are the numbers of its lines in the whole. They are taken out of `uitkomsten`.
pub fn rijen_van_deel(
    controle: &Controle<'_>,
    uitkomsten: &mut [Regeluitkomst],
    pseudoniemen: &Pseudoniemen,
    nummers: &[u32],
) -> Vec<Rij<'static>> {
    let mut uit = rijen(controle, uitkomsten, pseudoniemen);
    uit.par_iter_mut().for_each(|rij| {
        if let (Onderwerp::Regel(nr), Some(van_lijn)) = (&mut rij.onderwerp, &mut rij.van_lijn) {
            van_lijn.volgorde = Some(controle.dossier.volgordesleutel(*nr).into());
            *nr = RegelNr(nummers[nr.0 as usize]);
        }
    });
    uit.into_par_iter().map(Rij::op_zichzelf).collect()
}

impl Rij<'_> {
    /// The same with texts of its own.
    fn op_zichzelf(self) -> Rij<'static> {
        let eigen = |tekst: Option<Cow<'_, str>>| tekst.map(|t| Cow::Owned(t.into_owned()));
        Rij {
            toewijzing_nummer: eigen(self.toewijzing_nummer),
            declaratie_nummer: eigen(self.declaratie_nummer),
            referentie_nummer: eigen(self.referentie_nummer),
            product_code: eigen(self.product_code),
            ..self
        }
    }
}

/// Puts findings in the order of every output, by the order of `codes`, and gives them their Ids.
pub(super) fn orden(dossier: &Dossier, codes: &[&str], rijen: &mut Vec<Rij<'_>>) {
    let plaats: HashMap<&str, usize> = codes.iter().enumerate().map(|(i, c)| (*c, i)).collect();
    let plaats = |r: &Rij<'_>| plaats.get(r.regel).copied();
    if !rijen.is_sorted_by_key(plaats) {
        rijen.par_sort_by_key(plaats);
    }
    for van_regel in rijen.chunk_by_mut(|a, b| a.regel == b.regel) {
        van_regel.par_sort_by(|a, b| vergelijk(dossier, a, b));
        geef_ids(van_regel);
    }
}

fn rij<'a>(c: &'a Controle<'a>, regel: &'static str, b: Bevinding, p: &Pseudoniemen) -> Rij<'a> {
    let d = c.dossier;
    let niet_leeg = |tekst: &'a str| (!tekst.is_empty()).then(|| p.nummer(tekst));
    let leeg = Rij {
        id: String::new(),
        regel,
        ernst: b.ernst,
        onderwerp: b.onderwerp,
        van_lijn: None,
        aanbieder: None,
        gemeente: None,
        jeugdige: None,
        toewijzing_nummer: None,
        declaratie_nummer: None,
        referentie_nummer: None,
        bestand: None,
        regelnummer: None,
        begindatum: None,
        einddatum: None,
        product_code: None,
        ingediend_bedrag: None,
        bedrag_in_geding: b.bedrag,
        gevonden: b.gevonden,
        verwacht: b.verwacht,
        toelichting: b.toelichting,
        bron: b.bron,
        oordeel: None,
    };
    match b.onderwerp {
        Onderwerp::Regel(nr) => {
            let r = d.regel(nr);
            Rij {
                van_lijn: Some(VanLijn {
                    product: r.product,
                    telt_mee: c.telt_mee_in_leverjaar(r),
                    volgorde: None,
                }),
                aanbieder: Some(c.agb(r.aanbieder)),
                gemeente: Some(r.gemeente),
                jeugdige: p.jeugdige(r.bsn),
                toewijzing_nummer: niet_leeg(d.toewijzingnummer(r.toewijzing_nummer)),
                declaratie_nummer: niet_leeg(d.woorden.tekst(r.declaratie_nummer)),
                referentie_nummer: niet_leeg(d.referentie(r)),
                bestand: Some(r.bestand),
                regelnummer: Some(r.regelnummer),
                begindatum: Some(r.begindatum),
                einddatum: Some(r.einddatum),
                product_code: Some(p.nummer(&d.product(r.product).code)),
                ingediend_bedrag: Some(r.ingediend_bedrag),
                ..leeg
            }
        }
        Onderwerp::Toewijzing(nr) => {
            let t = d.toewijzing(nr);
            Rij {
                aanbieder: Some(c.agb(t.aanbieder)),
                gemeente: Some(t.gemeente),
                jeugdige: p.jeugdige(t.bsn),
                toewijzing_nummer: niet_leeg(d.toewijzingnummer(t.nummer)),
                bestand: Some(t.bestand),
                regelnummer: Some(t.regelnummer),
                begindatum: Some(t.ingangsdatum),
                einddatum: t.einddatum,
                product_code: niet_leeg(d.woorden.tekst(t.product_code)),
                ..leeg
            }
        }
        Onderwerp::Jeugdige(bsn) => Rij { jeugdige: p.jeugdige(bsn), ..leeg },
        Onderwerp::Aanbieder(nr) => Rij { aanbieder: Some(c.agb(nr)), ..leeg },
        Onderwerp::Gemeente(gemeente) => Rij { gemeente: Some(gemeente), ..leeg },
        Onderwerp::AanbiederInGemeente(nr, gemeente) => {
            Rij { aanbieder: Some(c.agb(nr)), gemeente: Some(gemeente), ..leeg }
        }
        Onderwerp::Declaratiebericht(nr) => {
            match d.declaratieberichten.as_deref().and_then(|b| b.get(nr as usize)) {
                Some(bericht) => Rij {
                    aanbieder: Some(bericht.afzender),
                    declaratie_nummer: niet_leeg(&bericht.declaratie_nummer),
                    bestand: Some(bericht.bestand),
                    begindatum: Some(bericht.periode.0),
                    einddatum: Some(bericht.periode.1),
                    ..leeg
                },
                None => leeg,
            }
        }
    }
}

/// What an Id is made of, besides the ordinal.
type Sleutel<'a> = (Option<Gemeente>, Option<Agb>, Option<&'a str>, Option<&'a str>);

fn sleutel<'r>(r: &'r Rij<'_>) -> Sleutel<'r> {
    let nummer = r.referentie_nummer.as_deref().or(r.toewijzing_nummer.as_deref());
    let jeugdige = match r.onderwerp {
        Onderwerp::Jeugdige(_) => r.jeugdige.as_deref(),
        _ => None,
    };
    (r.gemeente, r.aanbieder, nummer, jeugdige)
}

/// By gemeente, aanbieder, number, then the lines' own order: never by file before that.
fn vergelijk(d: &Dossier, a: &Rij<'_>, b: &Rij<'_>) -> Ordering {
    sleutel(a)
        .cmp(&sleutel(b))
        .then_with(|| vergelijk_lijnen(d, a, b))
        .then_with(|| a.ernst.cmp(&b.ernst))
        .then_with(|| a.bedrag_in_geding.cmp(&b.bedrag_in_geding))
        .then_with(|| a.gevonden.cmp(&b.gevonden))
        .then_with(|| (&a.verwacht, &a.toelichting).cmp(&(&b.verwacht, &b.toelichting)))
}

fn vergelijk_lijnen(d: &Dossier, a: &Rij<'_>, b: &Rij<'_>) -> Ordering {
    let (Onderwerp::Regel(x), Onderwerp::Regel(y)) = (a.onderwerp, b.onderwerp) else {
        return Ordering::Equal;
    };
    let volgorde = |r: &Rij<'_>| r.van_lijn.as_ref()?.volgorde.clone();
    let lijnen = match (volgorde(a), volgorde(b)) {
        (Some(x), Some(y)) => x.cmp(&y),
        _ => d.vergelijk(x, y),
    };
    lijnen.then(x.cmp(&y))
}

/// Ids of one rule's rows, in order: equal keys are told apart by an ordinal.
fn geef_ids(rijen: &mut [Rij<'_>]) {
    let mut ordinaal = 0_u32;
    let mut ordinalen = Vec::with_capacity(rijen.len());
    for i in 0..rijen.len() {
        ordinaal = match i.checked_sub(1) {
            Some(vorige) if sleutel(&rijen[vorige]) == sleutel(&rijen[i]) => ordinaal + 1,
            _ => 0,
        };
        ordinalen.push(ordinaal);
    }
    rijen.par_iter_mut().zip(ordinalen).for_each(|(rij, ordinaal)| {
        let (gemeente, aanbieder, nummer, jeugdige) = sleutel(rij);
        let tekst = format!(
            "{}|{}|{}|{}|{}|{ordinaal}",
            rij.regel,
            gemeente.map(|g| g.to_string()).unwrap_or_default(),
            aanbieder.map(|a| a.to_string()).unwrap_or_default(),
            nummer.unwrap_or_default(),
            jeugdige.unwrap_or_default(),
        );
        rij.id = format!("{}-{}", rij.regel, hex(&Sha256::digest(tekst.as_bytes())[..8]));
    });
}
