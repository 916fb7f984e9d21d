//! What a rule gets to see: the dossier, the ruleset, and the units of its scope.

use super::uitkomst::{Bevinding, Ernst, Onderwerp, Reden};
use crate::bron::Niveau;
use crate::dossier::*;
use crate::regelset::{Contracttarief, Regelinstelling, Regelset};

/// One audit: a dossier, a ruleset, a year.
pub struct Controle<'a> {
    pub dossier: &'a Dossier,
    pub regelset: &'a Regelset,
    pub jaar: i32,
    pub niveau: Niveau,
    begin: Dag,
    eind: Dag,
    tarieven: Vec<Result<Contracttarief, Reden>>,
    beschikkingsvrij: Vec<bool>,
}

impl<'a> Controle<'a> {
    /// # Panics
    /// On a year outside the calendar.
    pub fn nieuw(
        dossier: &'a Dossier,
        regelset: &'a Regelset,
        jaar: i32,
        niveau: Niveau,
    ) -> Controle<'a> {
        let dag = |m, d| Dag::van_jmd(jaar, m, d).expect("a delivery year lies in the calendar");
        let tarieven = dossier
            .producten
            .iter()
            .flat_map(|p| tarieven_van(dossier, regelset, jaar, p))
            .collect();
        let beschikkingsvrij =
            dossier.producten.iter().map(|p| regelset.beschikkingsvrij.contains(&p.code)).collect();
        Controle {
            dossier,
            regelset,
            jaar,
            niveau,
            begin: dag(1, 1),
            eind: dag(12, 31),
            tarieven,
            beschikkingsvrij,
        }
    }

    /// First day of the audited year.
    pub fn eerste_dag(&self) -> Dag {
        self.begin
    }

    /// Last day of the audited year.
    pub fn laatste_dag(&self) -> Dag {
        self.eind
    }

    /// Is this line of the audited year? The year of its Einddatum says so.
    pub fn in_leverjaar(&self, regel: &Declaratieregel) -> bool {
        self.begin <= regel.einddatum && regel.einddatum <= self.eind
    }

    /// Live, not reversed, and of the audited year.
    pub fn telt_mee_in_leverjaar(&self, regel: &Declaratieregel) -> bool {
        regel.telt_mee() && self.in_leverjaar(regel)
    }

    /// A warning when no line at all is of the audited year: "no findings" would then say nothing.
    pub fn leeg_jaar(&self) -> Option<String> {
        let regels = &self.dossier.regels;
        if regels.iter().any(|r| self.in_leverjaar(r)) {
            return None;
        }
        let eerste = regels.iter().map(|r| r.einddatum).min()?;
        let laatste = regels.iter().map(|r| r.einddatum).max()?;
        Some(format!(
            "er is geen enkele declaratieregel van {}: de regels eindigen tussen {eerste} en {laatste}. Er is dus niets getoetst",
            self.jaar
        ))
    }

    pub fn lijn(&self, nr: RegelNr) -> Lijn<'_> {
        let regel = self.dossier.regel(nr);
        Lijn {
            controle: self,
            nr,
            regel,
            product: self.dossier.product(regel.product),
            toewijzing: regel.toewijzing.map(|t| self.dossier.toewijzing(t)),
        }
    }

    pub fn is_beschikkingsvrij(&self, product: ProductNr) -> bool {
        self.beschikkingsvrij[product.0 as usize]
    }

    /// Kind of budget of a toewijzing, and whether its own column says so.
    ///
    /// Not testable where the column Einddatum, from which it would be derived, isn't there.
    pub fn budgetsoort(&self, t: &Toewijzing) -> Result<(Budgetsoort, Herkomst), Reden> {
        if let Some(soort) = t.budgetsoort {
            return Ok((soort, Herkomst::Uitdrukkelijk));
        }
        self.kolom(t.bestand, Kolom::Einddatum)?;
        let afleiding = self.regelset.afleiding.as_ref().ok_or(Reden::BudgetsoortOnbekend)?;
        let soort = if t.termijn().minstens_jaren(afleiding.duurzaam_vanaf_jaren) {
            Budgetsoort::Duurzaam
        } else {
            Budgetsoort::Herstel
        };
        Ok((soort, Herkomst::Afgeleid))
    }

    /// Does this row's file have the column that a rule needs?
    pub fn kolom(&self, bestand: BestandNr, kolom: Kolom) -> Result<(), Reden> {
        if self.dossier.heeft_kolom(bestand, kolom) {
            Ok(())
        } else {
            Err(Reden::KolomOntbreekt(kolom))
        }
    }

    /// May a `fout` stand that a word in Bijzonderheid could lift? Not where that column is absent.
    pub fn kent_bijzonderheid(&self, t: &Toewijzing) -> bool {
        self.dossier.heeft_kolom(t.bestand, Kolom::Bijzonderheid)
    }

    pub fn agb(&self, nr: AanbiederNr) -> Agb {
        self.dossier.aanbieder(nr).agb
    }
}

/// Does a toewijzing's own column say its Budgetsoort?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Herkomst {
    Uitdrukkelijk,
    Afgeleid,
}

/// For each aanbieder the product's tariff of the year.
fn tarieven_van<'a>(
    dossier: &'a Dossier,
    regelset: &'a Regelset,
    jaar: i32,
    product: &'a Product,
) -> impl Iterator<Item = Result<Contracttarief, Reden>> + 'a {
    let bekend = match (&product.catalogus, product.tariefsleutel()) {
        (None, _) => Err(Reden::ProductOnbekend),
        (Some(_), None) => Err(Reden::GeenTariefsleutel),
        (Some(_), Some(sleutel)) if !regelset.kent_tarief(jaar, sleutel) => Err(Reden::GeenTarief),
        (Some(_), Some(sleutel)) => Ok(sleutel),
    };
    dossier.aanbieders.iter().map(move |a| {
        let perceel = a.gegevens.as_ref().and_then(|g| g.perceel);
        let rij =
            regelset.tarief(jaar, bekend?, a.agb, perceel).ok_or(Reden::GeenTariefVoorPerceel)?;
        Ok(Contracttarief { bedrag: rij.tarief, eenheid: rij.eenheid })
    })
}

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
    /// The line's toewijzing, or why it has none.
    pub fn toewijzing(&self) -> Result<&'a Toewijzing, Reden> {
        match self.toewijzing {
            Some(t) => Ok(t),
            None => {
                self.kolom(Kolom::ToewijzingNummer)?;
                Err(Reden::GeenToewijzing)
            }
        }
    }

    /// The line's toewijzing, where the file that it came from has this column.
    pub fn toewijzing_met(&self, kolom: Kolom) -> Result<&'a Toewijzing, Reden> {
        let t = self.toewijzing()?;
        self.controle.kolom(t.bestand, kolom)?;
        Ok(t)
    }

    pub fn kolom(&self, kolom: Kolom) -> Result<(), Reden> {
        self.controle.kolom(self.regel.bestand, kolom)
    }

    pub fn onderdeel(&self) -> Result<Onderdeel, Reden> {
        self.product.onderdeel().ok_or(Reden::ProductOnbekend)
    }

    pub fn contact(&self) -> Contact {
        self.controle.dossier.contact(self.regel)
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

/// All lines that count on one toewijzing, over all years, in order.
pub struct Toewijzingsgroep<'a> {
    pub controle: &'a Controle<'a>,
    /// `None` for lines whose number no toewijzing has.
    pub toewijzing: Option<(ToewijzingNr, &'a Toewijzing)>,
    pub regels: &'a [RegelNr],
}

impl<'a> Toewijzingsgroep<'a> {
    pub fn lijnen(&self) -> impl DoubleEndedIterator<Item = Lijn<'a>> + use<'a> {
        let controle = self.controle;
        self.regels.iter().map(move |nr| controle.lijn(*nr))
    }

    /// The toewijzing, if one of its lines is of the audited year: those that rules look at.
    pub fn in_leverjaar(&self) -> Option<(ToewijzingNr, &'a Toewijzing)> {
        let controle = self.controle;
        self.toewijzing.filter(|_| self.lijnen().any(|l| controle.in_leverjaar(l.regel)))
    }
}

/// What one jeugdige got in the audited year.
pub struct Jeugdigegroep<'a> {
    pub controle: &'a Controle<'a>,
    pub bsn: Bsn,
    /// The lines that count, as the files have them; see [`Jeugdigegroep::op_volgorde`].
    pub regels: &'a [RegelNr],
    /// The toewijzingen of this jeugdige with a line that counts in the audited year, in the order
    /// of Ingangsdatum, ToewijzingNummer and Gemeente.
    pub toewijzingen: &'a [ToewijzingNr],
}

impl<'a> Jeugdigegroep<'a> {
    /// These lines of the group in order: a rule sorts only those that it needs.
    pub fn op_volgorde(
        &self,
        mut regels: Vec<RegelNr>,
    ) -> impl Iterator<Item = Lijn<'a>> + use<'a> {
        let controle = self.controle;
        regels.sort_unstable_by(|a, b| controle.dossier.vergelijk(*a, *b));
        regels.into_iter().map(move |nr| controle.lijn(nr))
    }
}

/// All lines of one aanbieder, as they stand in the files: of every year, live or not, reversed or
/// not.
pub struct Aanbiedergroep<'a> {
    pub controle: &'a Controle<'a>,
    pub nr: AanbiederNr,
    pub aanbieder: &'a Aanbieder,
    pub regels: &'a [RegelNr],
}

impl<'a> Aanbiedergroep<'a> {
    pub fn lijnen(&self) -> impl Iterator<Item = Lijn<'a>> + use<'a> {
        let controle = self.controle;
        self.regels.iter().map(move |nr| controle.lijn(*nr))
    }

    /// The lines that count in the audited year.
    pub fn tellende_lijnen(&self) -> impl Iterator<Item = Lijn<'a>> + use<'a> {
        let controle = self.controle;
        self.lijnen().filter(move |l| controle.telt_mee_in_leverjaar(l.regel))
    }
}
