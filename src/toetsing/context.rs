//! One audit: the dossier, the ruleset, the year, and what is looked up once for all rules.

use super::reason::Reason;
use super::top_lines::{Rank, RankedLine};
use crate::dossier::Niveau;
use crate::dossier::{
    Aanbieder, AanbiederId, AanbiederRow, Agb, Budgetsoort, CatalogusRow, Course, Dag,
    Declaratieregel, Dossier, FileId, FileKind, Kolom, LineId, OmzetRow, Product, ProductId,
    SmallRow, Startstop, StartstopTable, TariefRow, Termijn, ToewijzingId, Versie, WordId,
};
use crate::ground::memory::Allowance;
use crate::regelset::{BeroepId, ContractTarief, Regelset, RuleSettings};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::sync::Arc;

/// One audit: a dossier, a ruleset, a year.
pub struct AuditContext<'a> {
    pub dossier: &'a Dossier,
    pub regelset: &'a Regelset,
    pub jaar: i32,
    pub niveau: Niveau,
    begin: Dag,
    end: Dag,
    pub(super) tarieven: Vec<Result<ContractTarief, Reason>>,
    beschikkingsvrij: Vec<bool>,
    /// For each word what is known of the function that it would name.
    pub(super) functies: Vec<Option<FunctieFacts>>,
    /// What the catalogue says of the products that toewijzingen name.
    pub(super) toewijzingsproducten: HashMap<(WordId, WordId), Option<&'a CatalogusRow>>,
    /// Has the dossier a list of aanbieders?
    has_aanbieders: bool,
    /// Does a line name a function, of this part or of another?
    knows_functies: bool,
    /// Of a part of the lines their numbers in the whole.
    numbers: Option<&'a [u32]>,
    /// Is what gemeenten take part in the same on every day of the audited year?
    deelnames_constant: bool,
    omzet: HashMap<(Agb, i32), Vec<&'a OmzetRow>>,
    /// For each product the words of its ProductCategorie and ProductCode, where any toewijzing or
    /// line has those words.
    productwoorden: Vec<[Option<WordId>; 2]>,
    /// What the findings of all rules together may take.
    pub(super) allowance: Arc<Allowance>,
}

impl<'a> AuditContext<'a> {
    /// # Panics
    /// On a year outside the calendar.
    pub fn new(
        dossier: &'a Dossier,
        regelset: &'a Regelset,
        jaar: i32,
        niveau: Niveau,
    ) -> AuditContext<'a> {
        let dag = |m, d| Dag::from_jmd(jaar, m, d).expect("a delivery year lies in the calendar");
        let tarieven = dossier
            .producten
            .par_iter()
            .flat_map_iter(|p| tarieven_of(dossier, regelset, jaar, p))
            .collect();
        let beschikkingsvrij =
            dossier.producten.iter().map(|p| regelset.beschikkingsvrij.contains(&p.code)).collect();
        let functies = functies_of(dossier, regelset);
        AuditContext {
            has_aanbieders: dossier.has_kind(FileKind::Aanbieders),
            knows_functies: dossier.lines.par_iter().any(|r| !r.functie.is_empty()),
            numbers: None,
            omzet: omzet_per_aanbieder(dossier),
            deelnames_constant: regelset.deelnames.is_constant(dag(1, 1), dag(12, 31)),
            dossier,
            regelset,
            jaar,
            niveau,
            begin: dag(1, 1),
            end: dag(12, 31),
            tarieven,
            beschikkingsvrij,
            functies,
            toewijzingsproducten: toewijzingsproducten(dossier, regelset),
            productwoorden: dossier
                .producten
                .iter()
                .map(|p| [&p.categorie, &p.code].map(|text| dossier.words.find(text)))
                .collect(),
            allowance: Arc::default(),
        }
    }

    /// First day of the audited year.
    pub(crate) fn first_dag(&self) -> Dag {
        self.begin
    }

    /// Last day of the audited year.
    pub(crate) fn last_dag(&self) -> Dag {
        self.end
    }

    /// Is this line of the audited year? The year of its Einddatum says so.
    #[inline]
    pub(crate) fn in_leverjaar(&self, line: &Declaratieregel) -> bool {
        self.begin <= line.einddatum && line.einddatum <= self.end
    }

    /// Live, not reversed, and of the audited year.
    pub(crate) fn counts_in_leverjaar(&self, line: &Declaratieregel) -> bool {
        line.counts() && self.in_leverjaar(line)
    }

    /// Does nothing change within the audited year that a rule with these values looks up by day: its
    /// values, and what gemeenten take part in?
    pub(crate) fn is_constant(&self, settings: &RuleSettings) -> bool {
        self.deelnames_constant && settings.is_constant(self.begin, self.end)
    }

    /// The same audit of a part of which another part names a function.
    pub(crate) fn with_functies_elsewhere(mut self, elsewhere: bool) -> AuditContext<'a> {
        self.knows_functies |= elsewhere;
        self
    }

    /// The same audit, whose findings may take no more than this.
    pub(crate) fn with_allowance(mut self, allowance: &Arc<Allowance>) -> AuditContext<'a> {
        self.allowance = Arc::clone(allowance);
        self
    }

    /// The same audit of a part whose lines have these numbers in the whole.
    pub(crate) fn with_numbers(mut self, numbers: &'a [u32]) -> AuditContext<'a> {
        self.numbers = Some(numbers);
        self
    }

    /// A line as one of the largest: equal amounts are told apart by what the lines say, so that the
    /// same ones are kept in whatever order and parts they come.
    pub(crate) fn ranked(&self, id: LineId) -> RankedLine {
        let r = self.dossier.line(id);
        let referentie = crc32fast::hash(self.dossier.referentie_bytes(r));
        RankedLine {
            amount: Reverse(r.ingediend_bedrag),
            tie: Rank::of(r).tie(referentie),
            number: self.numbers.map_or(id.0, |numbers| numbers[id.0 as usize]),
            id,
        }
    }

    pub(crate) fn is_beschikkingsvrij(&self, product: ProductId) -> bool {
        self.beschikkingsvrij[product.0 as usize]
    }

    /// Is this word of a toewijzing the product's ProductCategorie?
    pub(crate) fn is_categorie(&self, product: ProductId, word: WordId) -> bool {
        self.productwoorden[product.0 as usize][0] == Some(word)
    }

    /// Is this word of a toewijzing the product's ProductCode?
    pub(crate) fn is_productcode(&self, product: ProductId, word: WordId) -> bool {
        self.productwoorden[product.0 as usize][1] == Some(word)
    }

    /// Kind of budget of a toewijzing, and whether its own column says so.
    ///
    /// Not testable where the column Einddatum, from which it would be derived, isn't there.
    pub(crate) fn budgetsoort(&self, t: &Versie) -> Result<(Budgetsoort, BudgetSource), Reason> {
        if let Some(kind) = t.budgetsoort()? {
            return Ok((kind, BudgetSource::Explicit));
        }
        self.kolom(t.file, Kolom::Einddatum)?;
        let afleiding = self.regelset.afleiding.as_ref().ok_or(Reason::BudgetsoortOnbekend)?;
        let kind = if t.termijn()?.at_least_jaren(afleiding.duurzaam_vanaf_jaren) {
            Budgetsoort::Duurzaam
        } else {
            Budgetsoort::Herstel
        };
        Ok((kind, BudgetSource::Derived))
    }

    /// Does this row's file have the column that a rule needs?
    #[inline]
    pub(crate) fn kolom(&self, file: FileId, kolom: Kolom) -> Result<(), Reason> {
        if self.dossier.has_kolom(file, kolom) {
            Ok(())
        } else {
            Err(Reason::KolomOntbreekt(kolom))
        }
    }

    /// Can a rule take what this column of the line says? Not where its file lacks the column, nor
    /// where the line has there what can't be read.
    #[inline]
    pub(crate) fn cell_of_line(&self, line: &Declaratieregel, kolom: Kolom) -> Result<(), Reason> {
        self.kolom(line.file, kolom)?;
        match self.dossier.unreadable(line).contains(kolom) {
            true => Err(Reason::Onleesbaar(kolom)),
            false => Ok(()),
        }
    }

    /// The same of a row of a small table.
    pub(crate) fn cell(&self, row: &impl SmallRow, kolom: Kolom) -> Result<(), Reason> {
        self.kolom(row.file(), kolom)?;
        Ok(row.readable(kolom)?)
    }

    /// May a `fout` stand that a word in Bijzonderheid could lift? Not where that column is absent.
    pub(crate) fn knows_bijzonderheid(&self, t: &Versie) -> bool {
        self.dossier.has_kolom(t.file, Kolom::Bijzonderheid)
    }

    /// Is there no catalogue at all, neither of the ruleset nor of the dossier?
    pub(crate) fn without_catalogus(&self) -> bool {
        self.regelset.is_without_catalogus()
    }

    /// Does any line of the dossier name a function?
    pub(crate) fn knows_functies(&self) -> bool {
        self.knows_functies
    }

    /// The aanbieder's row, or why there is none.
    pub(crate) fn data(&self, id: AanbiederId) -> Result<&'a AanbiederRow, Reason> {
        match &self.dossier.aanbieder(id).data {
            Some(g) => Ok(g),
            None if !self.has_aanbieders => Err(Reason::TabelOntbreekt(FileKind::Aanbieders)),
            None => Err(Reason::AanbiederInGeenLijst),
        }
    }

    /// The aanbieder's row, where its file has this column and its cell can be read: an absent value
    /// is an empty cell then.
    pub(crate) fn data_with(
        &self,
        id: AanbiederId,
        kolom: Kolom,
    ) -> Result<&'a AanbiederRow, Reason> {
        let g = self.data(id)?;
        self.cell(g, kolom)?;
        Ok(g)
    }

    /// The rows of `omzet` of this aanbieder and year, as the file has them.
    pub(crate) fn omzet_of(&self, agb: Agb, jaar: i32) -> impl Iterator<Item = &'a OmzetRow> {
        let rows = self.omzet.get(&(agb, jaar)).map_or(&[][..], Vec::as_slice);
        rows.iter().copied()
    }

    /// All start and stop messages.
    pub(crate) fn startstop(&self) -> Result<&'a StartstopTable, Reason> {
        self.dossier.startstop.as_ref().ok_or(Reason::TabelOntbreekt(FileKind::Startstop))
    }

    /// How help on a toewijzing went, by its start and stop messages.
    ///
    /// Not testable without such a table, and where the reason of one of its stops isn't known.
    pub(crate) fn course(&self, id: ToewijzingId) -> Result<Course<'a>, Reason> {
        let berichten = self.startstop()?.of(id);
        let kolom = Kolom::RedenBeeindiging;
        let knows_reason = |b: &Startstop| b.is_start() || self.dossier.has_kolom(b.file, kolom);
        if berichten.iter().all(knows_reason) {
            Ok(Course::of(berichten)?)
        } else {
            Err(Reason::KolomOntbreekt(kolom))
        }
    }

    /// The term of a toewijzing, ended by its last final stop with no start after it.
    ///
    /// Not testable where its Einddatum or the reason of one of its stops isn't known. Without start
    /// and stop messages it is the term itself.
    pub(crate) fn termijn_until_stop(&self, id: ToewijzingId) -> Result<Termijn, Reason> {
        let t = self.dossier.toewijzing(id);
        self.kolom(t.file, Kolom::Einddatum)?;
        let term = t.termijn()?;
        match self.dossier.startstop {
            Some(_) => Ok(self.course(id)?.ends(term)),
            None => Ok(term),
        }
    }

    /// The contract's tariff of the audited year for this key and aanbieder.
    pub(crate) fn tarief(&self, key: &str, id: AanbiederId) -> Result<ContractTarief, Reason> {
        tarief_of(self.regelset.tarieven_of(self.jaar, key), self.dossier.aanbieder(id))
    }

    pub fn agb(&self, id: AanbiederId) -> Agb {
        self.dossier.aanbieder(id).agb
    }
}

/// What the ruleset's tables say of a function title.
#[derive(Clone, Debug)]
pub(crate) struct FunctieFacts {
    /// For looking up its groups; `None` when it isn't in the Beroepentabel.
    pub in_beroepentabel: Option<BeroepId>,
    /// Is it help that falls under the contract only beside other help?
    pub is_afgebakend: bool,
}

/// Every product that a toewijzing names, looked up once.
fn toewijzingsproducten<'a>(
    dossier: &Dossier,
    regelset: &'a Regelset,
) -> HashMap<(WordId, WordId), Option<&'a CatalogusRow>> {
    let word = |id| dossier.words.get(id);
    let named: HashSet<(WordId, WordId)> = dossier
        .toewijzingen
        .par_iter()
        .filter_map(|t| Some((t.product_categorie().ok()?, t.product_code().ok()?)))
        .fold(HashSet::new, |mut named, product| {
            named.insert(product);
            named
        })
        .reduce(HashSet::new, |mut named, also| {
            named.extend(also);
            named
        });
    let row = |(categorie, code)| regelset.catalogusrij(word(categorie), word(code));
    named.into_iter().map(|product| (product, row(product))).collect()
}

fn omzet_per_aanbieder(dossier: &Dossier) -> HashMap<(Agb, i32), Vec<&OmzetRow>> {
    let mut omzet: HashMap<(Agb, i32), Vec<&OmzetRow>> = HashMap::new();
    for row in dossier.omzet.iter().flatten() {
        omzet.entry((row.aanbieder, row.jaar)).or_default().push(row);
    }
    omzet
}

/// Every word of the dossier as a function title, looked up once: lines name few others.
fn functies_of(dossier: &Dossier, regelset: &Regelset) -> Vec<Option<FunctieFacts>> {
    let functie = |id: WordId| {
        let title = dossier.words.get(id);
        let in_beroepentabel = regelset.beroepentabel.find(title);
        let listed = in_beroepentabel.map(|beroep| regelset.beroepentabel.title(beroep));
        let is_afgebakend =
            [Some(title), listed].into_iter().flatten().any(|t| regelset.afbakening.contains(t));
        FunctieFacts { in_beroepentabel, is_afgebakend }
    };
    let words = (0..dossier.words.word_count() as u32).map(WordId);
    words.map(|id| (!id.is_empty()).then(|| functie(id))).collect()
}

/// Does a toewijzing's own column say its Budgetsoort?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BudgetSource {
    Explicit,
    Derived,
}

/// For each aanbieder the product's tariff of the year.
fn tarieven_of<'a>(
    dossier: &'a Dossier,
    regelset: &'a Regelset,
    jaar: i32,
    product: &'a Product,
) -> impl Iterator<Item = Result<ContractTarief, Reason>> + 'a {
    let known = match product.known().map(|row| row.tariefsleutel.as_deref()) {
        Err(unknown) => Err(unknown.into()),
        Ok(None) => Err(Reason::GeenTariefsleutel),
        Ok(Some(key)) if !regelset.knows_tarief(jaar, key) => Err(Reason::GeenTarief),
        Ok(Some(key)) => Ok(key),
    };
    let rows: Vec<&TariefRow> = match known {
        Ok(key) => regelset.tarieven_of(jaar, key).collect(),
        Err(_) => Vec::new(),
    };
    dossier.aanbieders.iter().map(move |a| {
        known?;
        tarief_of(rows.iter().copied(), a)
    })
}

/// Of the tariffs for one key that of an aanbieder.
fn tarief_of<'t>(
    rows: impl Iterator<Item = &'t TariefRow>,
    aanbieder: &Aanbieder,
) -> Result<ContractTarief, Reason> {
    let perceel = match &aanbieder.data {
        Some(data) => data.readable(Kolom::Perceel).map(|()| data.perceel),
        None => Ok(None),
    };
    let row = TariefRow::most_specific(rows, aanbieder.agb, perceel)?
        .ok_or(Reason::GeenTariefVoorPerceel)?;
    Ok(ContractTarief { bedrag: row.tarief, eenheid: row.eenheid })
}
