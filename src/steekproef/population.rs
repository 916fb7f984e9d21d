//! What a sample is drawn from: the live lines of the audited year, in an order of their own.

use crate::dossier::{
    AanbiederId, Agb, Cent, Declaratieregel, Dossier, Gemeente, LineId, Onderdeel,
};
use crate::ground::{hex, masked};
use crate::toetsing::AuditContext;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write;

/// The live lines of the audited year that aren't reversed: what the totals of a rapport count.
///
/// They stand in the order of what they say (aanbieder, gemeente, ReferentieNummer, and the rest),
/// never of the files: the same lines give the same sample, however they were delivered. Only lines
/// that are alike in everything follow the files, and for the sample those are the same.
pub(crate) struct Population<'a> {
    pub context: &'a AuditContext<'a>,
    /// In order; a line's place is its number in this list.
    lines: Vec<LineId>,
    pub bedrag: Cent,
}

impl<'a> Population<'a> {
    pub(crate) fn make(context: &'a AuditContext<'a>) -> Population<'a> {
        let d = context.dossier;
        let mut lines: Vec<LineId> =
            d.line_numbers().filter(|&id| context.counts_in_leverjaar(d.line(id))).collect();
        lines.par_sort_unstable_by(|&a, &b| {
            let (a, b) = (d.line(a), d.line(b));
            who(a)
                .cmp(&who(b))
                .then_with(|| d.referentie(a).as_bytes().cmp(d.referentie(b).as_bytes()))
                .then_with(|| content(d, a).cmp(&content(d, b)))
                .then_with(|| (a.file, a.line_number).cmp(&(b.file, b.line_number)))
        });
        let bedrag = lines.iter().map(|&id| d.line(id).ingediend_bedrag).sum();
        Population { context, lines, bedrag }
    }

    /// The part of it that is this aanbieder's, or all of it.
    pub(crate) fn within(mut self, aanbieder: Option<Agb>) -> Population<'a> {
        if let Some(agb) = aanbieder {
            let (context, d) = (self.context, self.context.dossier);
            self.lines.retain(|&id| context.agb(d.line(id).aanbieder) == agb);
            self.bedrag = self.lines.iter().map(|&id| d.line(id).ingediend_bedrag).sum();
        }
        self
    }

    pub(crate) fn count(&self) -> usize {
        self.lines.len()
    }

    pub(crate) fn line(&self, place: usize) -> &'a Declaratieregel {
        self.context.dossier.line(self.lines[place])
    }

    pub(crate) fn bedrag_of(&self, place: usize) -> Cent {
        self.line(place).ingediend_bedrag
    }

    /// Part of the contract of this line's product.
    pub(crate) fn onderdeel(&self, place: usize) -> Option<Onderdeel> {
        self.context.dossier.product(self.line(place).product).onderdeel()
    }

    /// The same line has the same Id in every sample: a hash of gemeente, aanbieder and
    /// ReferentieNummer without any Bsn, and of which one it is where several share those.
    pub(crate) fn id(&self, place: usize) -> String {
        let d = self.context.dossier;
        let r = self.line(place);
        let same = |other: &Declaratieregel| {
            who(other) == who(r) && d.referentie(other) == d.referentie(r)
        };
        let earlier = (0..place).rev().take_while(|&p| same(self.line(p))).count();
        let agb = self.context.agb(r.aanbieder);
        let referentie = masked(d.referentie(r));
        let mut text = format!("steekproef|{}|{agb}|{referentie}|{earlier}", r.gemeente);
        // A hash of a Bsn could be undone by trying them all: then the place tells lines apart.
        if let Cow::Owned(_) = referentie {
            write!(text, "|{place}").expect("writing to a String can't fail");
        }
        // A letter first: a spreadsheet takes some runs of digits for a number.
        format!("S{}", hex(&Sha256::digest(text.as_bytes())[..8]))
    }
}

fn who(r: &Declaratieregel) -> (AanbiederId, Gemeente) {
    (r.aanbieder, r.gemeente)
}

/// What else a line says, to order lines that share a number.
fn content<'d>(d: &'d Dossier, r: &Declaratieregel) -> impl Ord + use<'d> {
    (
        (r.begindatum, r.einddatum, r.product, r.eenheid),
        (r.ingediend_bedrag, r.geleverd_volume, r.product_tarief),
        d.toewijzingnummer(r.toewijzing_nummer).as_bytes(),
        d.declaratienummer(r).as_bytes(),
        (r.bsn, r.ontvangstdatum, r.declaratie_dagtekening()),
    )
}
