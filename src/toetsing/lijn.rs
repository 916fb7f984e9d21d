//! A line as a rule sees it: with its product, its toewijzing and what the ruleset says of both.

use super::controle::{Controle, Functie};
use super::uitkomst::{Bevinding, Onderwerp, Reden};
use crate::dossier::*;
use crate::regelset::{Contracttarief, Regelinstelling};

/// A live line of the audited year, with what belongs to it.
#[derive(Clone, Copy)]
pub struct Lijn<'a> {
    pub controle: &'a Controle<'a>,
    pub nr: RegelNr,
    pub regel: &'a Declaratieregel,
    pub product: &'a Product,
    toewijzing: Option<&'a Toewijzing>,
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
        Lijn {
            controle,
            nr,
            regel,
            product: dossier.product(regel.product),
            toewijzing: regel.toewijzing.map(|t| dossier.toewijzing(t)),
        }
    }

    /// Do these lines say the same but for what was delivered and when: of one file, gemeente,
    /// aanbieder, jeugdige and toewijzing, and with one product, unit and tariff?
    #[inline]
    pub fn is_gelijk(&self, ander: &Lijn<'_>) -> bool {
        let (a, b) = (self.regel, ander.regel);
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

    /// The line's toewijzing, or why it has none.
    #[inline]
    pub fn toewijzing(&self) -> Result<&'a Toewijzing, Reden> {
        match self.toewijzing {
            Some(t) => Ok(t),
            None if self.controle.is_beschikkingsvrij(self.regel.product) => {
                Err(Reden::Beschikkingsvrij)
            }
            None => {
                self.kolom(Kolom::ToewijzingNummer)?;
                Err(Reden::GeenToewijzing)
            }
        }
    }

    /// The line's toewijzing, where the file that it came from has this column.
    #[inline]
    pub fn toewijzing_met(&self, kolom: Kolom) -> Result<&'a Toewijzing, Reden> {
        let t = self.toewijzing()?;
        self.controle.kolom(t.bestand, kolom)?;
        Ok(t)
    }

    #[inline]
    pub fn kolom(&self, kolom: Kolom) -> Result<(), Reden> {
        self.controle.kolom(self.regel.bestand, kolom)
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

    /// The contract's tariff of the audited year for this line, in the contract's own unit.
    pub fn contracttarief(&self) -> Result<Contracttarief, Reden> {
        let aanbieders = self.controle.dossier.aanbieders.len();
        self.controle.tarieven
            [self.regel.product.0 as usize * aanbieders + self.regel.aanbieder.0 as usize]
    }

    /// A finding on this line, with its whole amount unless another is given.
    pub fn bevinding(&self, ernst: Ernst, instelling: &Regelinstelling) -> Bevinding {
        Bevinding::nieuw(ernst, Onderwerp::Regel(self.nr), &instelling.bron)
            .bedrag(self.regel.ingediend_bedrag)
    }

    /// `bedrag`, but no more than the line's own amount.
    pub fn hoogstens_ingediend(&self, bedrag: Cent) -> Cent {
        bedrag.min(self.regel.ingediend_bedrag)
    }
}
