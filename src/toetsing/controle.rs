//! One audit: the dossier, the ruleset, the year, and what is looked up once for all rules.

use super::uitkomst::Reden;
use crate::dossier::Niveau;
use crate::dossier::*;
use crate::regelset::{BeroepNr, Contracttarief, Regelinstelling, Regelset};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

/// One audit: a dossier, a ruleset, a year.
pub struct Controle<'a> {
    pub dossier: &'a Dossier,
    pub regelset: &'a Regelset,
    pub jaar: i32,
    pub niveau: Niveau,
    begin: Dag,
    eind: Dag,
    pub(super) tarieven: Vec<Result<Contracttarief, Reden>>,
    beschikkingsvrij: Vec<bool>,
    /// For each word what is known of the function that it would name.
    pub(super) functies: Vec<Option<Functie>>,
    /// What the catalogue says of the products that toewijzingen name.
    pub(super) toewijzingsproducten: HashMap<(WoordNr, WoordNr), Option<&'a Catalogusrij>>,
    /// Does a line name a function, of this part or of another?
    kent_functies: bool,
    /// Is what gemeenten take part in the same on every day of the audited year?
    deelnames_vast: bool,
    omzet: HashMap<(Agb, i32), Vec<&'a Omzetrij>>,
    /// For each product the words of its ProductCategorie and ProductCode, where any toewijzing or
    /// line has those words.
    productwoorden: Vec<[Option<WoordNr>; 2]>,
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
            .par_iter()
            .flat_map_iter(|p| tarieven_van(dossier, regelset, jaar, p))
            .collect();
        let beschikkingsvrij =
            dossier.producten.iter().map(|p| regelset.beschikkingsvrij.contains(&p.code)).collect();
        let functies = functies_van(dossier, regelset);
        Controle {
            kent_functies: dossier.regels.par_iter().any(|r| !r.functie.is_leeg()),
            omzet: omzet_per_aanbieder(dossier),
            deelnames_vast: regelset.deelnames.is_vast(dag(1, 1), dag(12, 31)),
            dossier,
            regelset,
            jaar,
            niveau,
            begin: dag(1, 1),
            eind: dag(12, 31),
            tarieven,
            beschikkingsvrij,
            functies,
            toewijzingsproducten: toewijzingsproducten(dossier, regelset),
            productwoorden: dossier
                .producten
                .iter()
                .map(|p| [&p.categorie, &p.code].map(|tekst| dossier.woorden.zoek(tekst)))
                .collect(),
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
    #[inline]
    pub fn in_leverjaar(&self, regel: &Declaratieregel) -> bool {
        self.begin <= regel.einddatum && regel.einddatum <= self.eind
    }

    /// Live, not reversed, and of the audited year.
    pub fn telt_mee_in_leverjaar(&self, regel: &Declaratieregel) -> bool {
        regel.telt_mee() && self.in_leverjaar(regel)
    }

    /// Does nothing change within the audited year that a rule with these values looks up by day: its
    /// values, and what gemeenten take part in?
    pub fn is_vast(&self, instelling: &Regelinstelling) -> bool {
        self.deelnames_vast && instelling.is_vast(self.begin, self.eind)
    }

    /// The same audit of a part of which another part names a function.
    pub fn met_functies_elders(mut self, elders: bool) -> Controle<'a> {
        self.kent_functies |= elders;
        self
    }

    pub fn is_beschikkingsvrij(&self, product: ProductNr) -> bool {
        self.beschikkingsvrij[product.0 as usize]
    }

    /// Is this word of a toewijzing the product's ProductCategorie?
    pub fn is_categorie(&self, product: ProductNr, woord: WoordNr) -> bool {
        self.productwoorden[product.0 as usize][0] == Some(woord)
    }

    /// Is this word of a toewijzing the product's ProductCode?
    pub fn is_productcode(&self, product: ProductNr, woord: WoordNr) -> bool {
        self.productwoorden[product.0 as usize][1] == Some(woord)
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
    #[inline]
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

    /// Is there no catalogue at all, neither of the ruleset nor of the dossier?
    pub fn zonder_catalogus(&self) -> bool {
        self.regelset.is_zonder_catalogus()
    }

    /// Does any line of the dossier name a function?
    pub fn kent_functies(&self) -> bool {
        self.kent_functies
    }

    /// The aanbieder's row, or why there is none.
    pub fn gegevens(&self, nr: AanbiederNr) -> Result<&'a AanbiederGegevens, Reden> {
        match &self.dossier.aanbieder(nr).gegevens {
            Some(g) => Ok(g),
            None if !self.dossier.heeft_soort(Soort::Aanbieders) => {
                Err(Reden::TabelOntbreekt(Soort::Aanbieders))
            }
            None => Err(Reden::AanbiederInGeenLijst),
        }
    }

    /// The aanbieder's row, where its file has this column.
    pub fn gegevens_met(
        &self,
        nr: AanbiederNr,
        kolom: Kolom,
    ) -> Result<&'a AanbiederGegevens, Reden> {
        let g = self.gegevens(nr)?;
        self.kolom(g.bestand, kolom)?;
        Ok(g)
    }

    /// The rows of `omzet` of this aanbieder and year, as the file has them.
    pub fn omzet_van(&self, agb: Agb, jaar: i32) -> impl Iterator<Item = &'a Omzetrij> {
        let rijen = self.omzet.get(&(agb, jaar)).map_or(&[][..], Vec::as_slice);
        rijen.iter().copied()
    }

    /// All start and stop messages.
    pub fn startstop(&self) -> Result<&'a Startstoptabel, Reden> {
        self.dossier.startstop.as_ref().ok_or(Reden::TabelOntbreekt(Soort::Startstop))
    }

    /// The start and stop messages of a toewijzing, of which every stop can tell its reason.
    pub fn berichten_met_reden(&self, nr: ToewijzingNr) -> Result<&'a [Startstop], Reden> {
        let berichten = self.startstop()?.van(nr);
        let kolom = Kolom::RedenBeeindiging;
        let kent_reden = |b: &Startstop| b.is_start() || self.dossier.heeft_kolom(b.bestand, kolom);
        if berichten.iter().all(kent_reden) {
            Ok(berichten)
        } else {
            Err(Reden::KolomOntbreekt(kolom))
        }
    }

    pub fn agb(&self, nr: AanbiederNr) -> Agb {
        self.dossier.aanbieder(nr).agb
    }
}

/// What the ruleset's tables say of a function title.
#[derive(Clone, Debug)]
pub struct Functie {
    /// For looking up its groups; `None` when it isn't in the Beroepentabel.
    pub in_beroepentabel: Option<BeroepNr>,
    pub is_vaktherapie: bool,
}

/// Every product that a toewijzing names, looked up once.
fn toewijzingsproducten<'a>(
    dossier: &Dossier,
    regelset: &'a Regelset,
) -> HashMap<(WoordNr, WoordNr), Option<&'a Catalogusrij>> {
    let woord = |nr| dossier.woorden.tekst(nr);
    let genoemd: HashSet<(WoordNr, WoordNr)> = dossier
        .toewijzingen
        .par_iter()
        .map(|t| (t.product_categorie, t.product_code))
        .fold(HashSet::new, |mut genoemd, product| {
            genoemd.insert(product);
            genoemd
        })
        .reduce(HashSet::new, |mut genoemd, ook| {
            genoemd.extend(ook);
            genoemd
        });
    let rij = |(categorie, code)| regelset.catalogusrij(woord(categorie), woord(code));
    genoemd.into_iter().map(|product| (product, rij(product))).collect()
}

fn omzet_per_aanbieder(dossier: &Dossier) -> HashMap<(Agb, i32), Vec<&Omzetrij>> {
    let mut omzet: HashMap<(Agb, i32), Vec<&Omzetrij>> = HashMap::new();
    for rij in dossier.omzet.iter().flatten() {
        omzet.entry((rij.aanbieder, rij.jaar)).or_default().push(rij);
    }
    omzet
}

/// Every word of the dossier as a function title, looked up once: lines name few others.
fn functies_van(dossier: &Dossier, regelset: &Regelset) -> Vec<Option<Functie>> {
    let functie = |nr: WoordNr| {
        let titel = dossier.woorden.tekst(nr);
        Functie {
            in_beroepentabel: regelset.beroepentabel.zoek(titel),
            is_vaktherapie: regelset.vaktherapie.bevat(titel),
        }
    };
    let woorden = (0..dossier.woorden.aantal() as u32).map(WoordNr);
    woorden.map(|nr| (!nr.is_leeg()).then(|| functie(nr))).collect()
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
    let rijen: Vec<&Tariefrij> = match bekend {
        Ok(sleutel) => regelset.tarieven_van(jaar, sleutel).collect(),
        Err(_) => Vec::new(),
    };
    dossier.aanbieders.iter().map(move |a| {
        let perceel = a.gegevens.as_ref().and_then(|g| g.perceel);
        bekend?;
        let rij = Tariefrij::voor(rijen.iter().copied(), a.agb, perceel)
            .ok_or(Reden::GeenTariefVoorPerceel)?;
        Ok(Contracttarief { bedrag: rij.tarief, eenheid: rij.eenheid })
    })
}
