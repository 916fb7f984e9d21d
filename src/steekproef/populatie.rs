//! What a sample is drawn from: the live lines of the audited year, in an order of their own.

use crate::dossier::{AanbiederNr, Cent, Declaratieregel, Dossier, Gemeente, Onderdeel, RegelNr};
use crate::ground::{gemaskeerd, hex};
use crate::toetsing::Controle;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write;

/// The live lines of the audited year that aren't reversed: what the totals of a rapport count.
///
/// They stand in the order of what they say (aanbieder, gemeente, ReferentieNummer, and the rest),
/// never of the files: the same lines give the same sample, however they were delivered. Only lines
/// that are alike in everything follow the files, and for the sample those are the same.
pub struct Populatie<'a> {
    pub controle: &'a Controle<'a>,
    /// In order; a line's place is its number in this list.
    regels: Vec<RegelNr>,
    pub bedrag: Cent,
}

impl<'a> Populatie<'a> {
    pub fn maak(controle: &'a Controle<'a>) -> Populatie<'a> {
        let d = controle.dossier;
        let mut regels: Vec<RegelNr> =
            d.regelnummers().filter(|&nr| controle.telt_mee_in_leverjaar(d.regel(nr))).collect();
        regels.par_sort_unstable_by(|&a, &b| {
            let (a, b) = (d.regel(a), d.regel(b));
            wie(a)
                .cmp(&wie(b))
                .then_with(|| d.referentie(a).as_bytes().cmp(d.referentie(b).as_bytes()))
                .then_with(|| inhoud(d, a).cmp(&inhoud(d, b)))
                .then_with(|| (a.bestand, a.regelnummer).cmp(&(b.bestand, b.regelnummer)))
        });
        let bedrag = regels.iter().map(|&nr| d.regel(nr).ingediend_bedrag).sum();
        Populatie { controle, regels, bedrag }
    }

    pub fn aantal(&self) -> usize {
        self.regels.len()
    }

    pub fn regel(&self, plaats: usize) -> &'a Declaratieregel {
        self.controle.dossier.regel(self.regels[plaats])
    }

    pub fn bedrag_van(&self, plaats: usize) -> Cent {
        self.regel(plaats).ingediend_bedrag
    }

    /// Part of the contract of this line's product.
    pub fn onderdeel(&self, plaats: usize) -> Option<Onderdeel> {
        self.controle.dossier.product(self.regel(plaats).product).onderdeel()
    }

    /// The same line has the same Id in every sample: a hash of gemeente, aanbieder and
    /// ReferentieNummer without any Bsn, and of which one it is where several share those.
    pub fn id(&self, plaats: usize) -> String {
        let d = self.controle.dossier;
        let r = self.regel(plaats);
        let zelfde = |ander: &Declaratieregel| {
            wie(ander) == wie(r) && d.referentie(ander) == d.referentie(r)
        };
        let eerdere = (0..plaats).rev().take_while(|&p| zelfde(self.regel(p))).count();
        let agb = self.controle.agb(r.aanbieder);
        let referentie = gemaskeerd(d.referentie(r));
        let mut tekst = format!("steekproef|{}|{agb}|{referentie}|{eerdere}", r.gemeente);
        // A hash of a Bsn could be undone by trying them all: then the place tells lines apart.
        if let Cow::Owned(_) = referentie {
            write!(tekst, "|{plaats}").expect("writing to a String can't fail");
        }
        // A letter first: a spreadsheet takes some runs of digits for a number.
        format!("S{}", hex(&Sha256::digest(tekst.as_bytes())[..8]))
    }
}

fn wie(r: &Declaratieregel) -> (AanbiederNr, Gemeente) {
    (r.aanbieder, r.gemeente)
}

/// What else a line says, to order lines that share a number.
fn inhoud<'d>(d: &'d Dossier, r: &Declaratieregel) -> impl Ord + use<'d> {
    (
        (r.begindatum, r.einddatum, r.product, r.eenheid),
        (r.ingediend_bedrag, r.geleverd_volume, r.product_tarief),
        d.toewijzingnummer(r.toewijzing_nummer).as_bytes(),
        d.declaratienummer(r).as_bytes(),
        (r.bsn, r.ontvangstdatum, r.declaratie_dagtekening),
    )
}
