//! A line as a rule sees it: with its product, its toewijzing and what the ruleset says of both.

use super::controle::{Controle, Functie};
use super::uitkomst::{Bevinding, Onderwerp, Reden, Selection};
use crate::dossier::{
    AanbiederNr, Bsn, Cent, Contact, Declaratieregel, Eenheid, Ernst, Gemeente, Kolom, Onderdeel,
    Periode, Product, ProductNr, RegelNr, Startstop, Tarief, Toewijzing, Volume, half_omhoog,
};
use crate::regelset::{
    Contracttarief, Deelname, Parameter, ParameterValue, Regelinstelling, Valid,
};
use std::ops::Deref;

impl Controle<'_> {
    /// A line with what belongs to it.
    #[inline]
    pub fn lijn(&self, nr: RegelNr) -> Lijn<'_> {
        Lijn::nieuw(self, nr)
    }
}

impl Bevinding {
    /// It rests on these lines of its subject, not on all that count.
    pub fn on_lines<'a>(self, lines: impl IntoIterator<Item = Lijn<'a>>) -> Self {
        self.on(Selection::Lines(lines.into_iter().map(|l| l.nr()).collect()))
    }
}

/// A line without what was delivered and when: what lines of one file, gemeente, aanbieder, jeugdige
/// and toewijzing with one product, unit and tariff have in common.
///
/// A rule that looks at no more says the same of all of them, and the engine asks it of one. What it
/// looks up by day it gets for a day of each: the engine shares a verdict only within a year in which
/// nothing that it may look up changes.
#[derive(Clone, Copy)]
pub struct Lijnsoort<'a> {
    pub controle: &'a Controle<'a>,
    pub product: &'a Product,
    toewijzing: Option<&'a Toewijzing>,
    /// One of the lines: of its fields only those of [`Lijnsoort::is_like`] may be told.
    van: &'a Declaratieregel,
    nr: RegelNr,
}

impl<'a> Lijnsoort<'a> {
    /// Are these lines of one kind? Compares every field that a kind tells of.
    #[inline]
    pub(super) fn is_like(&self, ander: &Lijnsoort<'_>) -> bool {
        let (a, b) = (self.van, ander.van);
        a.toewijzing == b.toewijzing
            && a.product == b.product
            && a.product_tarief == b.product_tarief
            && a.bsn == b.bsn
            && a.aanbieder == b.aanbieder
            && a.gemeente == b.gemeente
            && a.eenheid == b.eenheid
            && a.bestand == b.bestand
            && a.toewijzing_nummer == b.toewijzing_nummer
    }

    pub fn product_nr(&self) -> ProductNr {
        self.van.product
    }

    pub fn product_tarief(&self) -> Option<Tarief> {
        self.van.product_tarief
    }

    pub fn bsn(&self) -> Bsn {
        self.van.bsn
    }

    pub fn aanbieder(&self) -> AanbiederNr {
        self.van.aanbieder
    }

    pub fn gemeente(&self) -> Gemeente {
        self.van.gemeente
    }

    pub fn eenheid(&self) -> Eenheid {
        self.van.eenheid
    }

    /// Does the line name no toewijzing?
    pub fn is_zonder_toewijzingnummer(&self) -> bool {
        self.van.toewijzing_nummer.is_leeg()
    }

    /// The value of a parameter when the line ended, or the nearest in time, with its source.
    pub fn valid<'p, T: ParameterValue + ?Sized>(
        &self,
        p: &'p Regelinstelling,
        parameter: &Parameter<T>,
    ) -> Valid<'p, T::Of<'p>> {
        p.valid(parameter, self.van.einddatum)
    }

    /// What the line's gemeente took part in when the line ended.
    pub fn deelname(&self) -> Option<&'a Deelname> {
        self.controle.regelset.deelnames.van(self.van.gemeente, self.van.einddatum)
    }

    /// The toewijzing, or why there is none.
    #[inline]
    pub fn toewijzing(&self) -> Result<&'a Toewijzing, Reden> {
        match self.toewijzing {
            Some(t) => Ok(t),
            None if self.controle.is_beschikkingsvrij(self.van.product) => {
                Err(Reden::Beschikkingsvrij)
            }
            None => {
                self.kolom(Kolom::ToewijzingNummer)?;
                Err(Reden::GeenToewijzing)
            }
        }
    }

    /// The toewijzing, where the file that it came from has this column.
    #[inline]
    pub fn toewijzing_met(&self, kolom: Kolom) -> Result<&'a Toewijzing, Reden> {
        let t = self.toewijzing()?;
        self.controle.kolom(t.bestand, kolom)?;
        Ok(t)
    }

    #[inline]
    pub fn kolom(&self, kolom: Kolom) -> Result<(), Reden> {
        self.controle.kolom(self.van.bestand, kolom)
    }

    #[inline]
    pub fn onderdeel(&self) -> Result<Onderdeel, Reden> {
        self.product.onderdeel().ok_or(Reden::ProductOnbekend)
    }

    pub fn tariefsleutel(&self) -> Result<Option<&'a str>, Reden> {
        match &self.product.catalogus {
            Some(c) => Ok(c.tariefsleutel.as_deref()),
            None => Err(Reden::ProductOnbekend),
        }
    }

    /// The contract's tariff of the audited year, in the contract's own unit.
    pub fn contracttarief(&self) -> Result<Contracttarief, Reden> {
        let aanbieders = self.controle.dossier.aanbieders.len();
        self.controle.tarieven
            [self.van.product.0 as usize * aanbieders + self.van.aanbieder.0 as usize]
    }

    /// A finding on the line, with its whole amount unless another is given.
    pub fn bevinding(&self, ernst: Ernst) -> Bevinding {
        Bevinding::nieuw(ernst, Onderwerp::Regel(self.nr)).bedrag(self.van.ingediend_bedrag)
    }

    /// A finding on the line for so much of every unit of its volume, but no more than its amount.
    pub fn bevinding_per_eenheid(&self, ernst: Ernst, te_veel: Cent) -> Bevinding {
        let som = i128::from(te_veel.0) * i128::from(self.van.geleverd_volume.0);
        let bedrag = Cent(half_omhoog(som, 100)).min(self.van.ingediend_bedrag);
        self.bevinding(ernst).bedrag(bedrag)
    }
}

/// A live line of the audited year, with what belongs to it.
#[derive(Clone, Copy)]
pub struct Lijn<'a> {
    pub regel: &'a Declaratieregel,
    soort: Lijnsoort<'a>,
}

impl<'a> Deref for Lijn<'a> {
    type Target = Lijnsoort<'a>;

    #[inline]
    fn deref(&self) -> &Lijnsoort<'a> {
        &self.soort
    }
}

impl<'a> Lijn<'a> {
    #[inline]
    pub(super) fn nieuw(controle: &'a Controle<'a>, nr: RegelNr) -> Lijn<'a> {
        Lijn::van(controle, nr, controle.dossier.regel(nr))
    }

    /// The same where the line is at hand.
    #[inline]
    pub(super) fn van(
        controle: &'a Controle<'a>,
        nr: RegelNr,
        regel: &'a Declaratieregel,
    ) -> Lijn<'a> {
        let dossier = controle.dossier;
        let product = dossier.product(regel.product);
        let toewijzing = regel.toewijzing.map(|t| dossier.toewijzing(t));
        Lijn { regel, soort: Lijnsoort { controle, product, toewijzing, van: regel, nr } }
    }

    #[inline]
    pub fn nr(&self) -> RegelNr {
        self.soort.nr
    }

    /// Number of no-shows inside the line.
    #[inline]
    pub fn no_show(&self) -> u32 {
        self.controle.dossier.no_show(self.regel)
    }

    pub fn contact(&self) -> Contact {
        self.controle.dossier.contact(self.regel)
    }

    /// What the ruleset's tables say of the line's Functie.
    pub fn functie(&self) -> Result<&'a Functie, Reden> {
        self.kolom(Kolom::Functie)?;
        self.controle.functies[self.regel.functie.index()].as_ref().ok_or(Reden::GeenFunctie)
    }

    /// The word for the line's Functie, for people.
    pub fn functietitel(&self) -> &'a str {
        self.controle.dossier.woorden.tekst(self.regel.functie)
    }

    /// Volume in hundredths of a minute, above zero.
    pub fn honderdste_minuten(&self) -> Result<i64, Reden> {
        match self.regel.honderdste_minuten() {
            None => Err(Reden::GeenTijdseenheid),
            Some(0) => Err(Reden::VolumeNul),
            Some(minuten) => Ok(minuten),
        }
    }

    /// Volume in etmalen.
    pub fn etmalen(&self) -> Result<Volume, Reden> {
        match self.regel.eenheid {
            Eenheid::ETMAAL => Ok(self.regel.geleverd_volume),
            _ => Err(Reden::GeenEtmalen),
        }
    }

    /// The line's share of its amount for `deel` of its `geheel`, never more than the whole.
    pub fn deel_van_bedrag(&self, deel: i64, geheel: i64) -> Cent {
        self.hoogstens_ingediend(self.regel.ingediend_bedrag.naar_rato(deel, geheel))
    }

    /// The start and stop messages of the line's toewijzing, of which every stop can tell its
    /// reason.
    pub fn berichten_met_reden(&self) -> Result<&'a [Startstop], Reden> {
        self.controle.startstop()?;
        self.toewijzing()?;
        match self.regel.toewijzing {
            Some(nr) => self.controle.berichten_met_reden(nr),
            None => Err(Reden::GeenToewijzing),
        }
    }

    /// Lines of one (Bsn, Aanbieder) or (Bsn) belong together by the month of their Einddatum.
    pub fn maand(&self) -> Periode {
        Periode::maand_van(self.regel.einddatum)
    }

    /// `bedrag`, but no more than the line's own amount.
    pub fn hoogstens_ingediend(&self, bedrag: Cent) -> Cent {
        bedrag.min(self.regel.ingediend_bedrag)
    }
}
