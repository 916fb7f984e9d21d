//! From rows as they were read to a joined dossier: numbers in a fixed order, versions in force,
//! each line's toewijzing, crediting.

use super::counting_sort::by_key;
use super::versie_order::VersieOrder;
use super::{
    Aanbieder, AanbiederId, AanbiederRow, Afspraak, Agb, CatalogusRow, ContactColumns, DebetCredit,
    DeclaratieAnswer, Declaratiebericht, Declaratieregel, Dossier, FaultCounts, Gemeente, Interner,
    LineId, MaatwerkRow, OmzetRow, OpenstaandRow, Product, ProductId, RawToewijzing, Refusals,
    SourceFile, Startstop, StartstopTable, StringInterner, TextArena, Toewijzing, ToewijzingId,
    VerantwoordingRow, Versie, WordId,
};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

/// Rows as they were read; numbers of aanbieders and products are in the order of reading.
#[derive(Debug, Default)]
pub struct RawDossier {
    pub files: Vec<SourceFile>,
    pub lines: Vec<Declaratieregel>,
    pub texts: TextArena,
    pub toewijzingnummers: StringInterner,
    pub words: StringInterner,
    pub(crate) contact_columns: Interner<ContactColumns>,
    /// (ProductCategorie, ProductCode) by [`ProductId`].
    pub producten: Vec<(String, String)>,
    /// AGB codes by [`AanbiederId`].
    pub agbs: Vec<Agb>,
    pub(crate) versies: Vec<RawToewijzing>,
    /// What [`RawDossier::choose_versies`] made of the versions.
    pub(crate) chosen: Chosen,
    pub(crate) aanbieders: Vec<(Agb, AanbiederRow)>,
    pub(crate) omzet: Option<Vec<OmzetRow>>,
    pub(crate) startstop: Option<Vec<Startstop>>,
    /// Messages that take back what was never sent.
    pub(crate) removals: FaultCounts,
    pub(crate) productieverantwoording: Option<Vec<VerantwoordingRow>>,
    pub(crate) afspraken: Option<Vec<Afspraak>>,
    pub(crate) maatwerk: Option<Vec<MaatwerkRow>>,
    pub(crate) openstaand: Option<Vec<OpenstaandRow>>,
    pub declaratieberichten: Option<Vec<Declaratiebericht>>,
    pub(crate) answers: Option<Vec<DeclaratieAnswer>>,
}

/// Toewijzingen, one of each number and gemeente, with all their versions.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    /// The `aanbieder` of a version is a place in `agbs` until the dossier is put together.
    toewijzingen: Vec<Toewijzing>,
    /// The aanbieders of all versions, each once, in order.
    agbs: Vec<Agb>,
}

impl RawDossier {
    /// Puts the dossier together; `catalogus` gives a product's row. Its lines are as they were read:
    /// what it gives besides makes lines of the dossier of them.
    pub(crate) fn join(
        mut self,
        catalogus: impl Fn(&str, &str) -> Option<CatalogusRow>,
    ) -> (Dossier, Linker) {
        self.choose_versies();
        let (aanbieders, aanbieders_renumbered) = self.number_aanbieders();
        let (producten, products_renumbered) = self.number_producten(catalogus);
        let nummer: HashMap<Agb, AanbiederId> =
            aanbieders.iter().enumerate().map(|(i, a)| (a.agb, AanbiederId(i as u16))).collect();
        let Chosen { mut toewijzingen, agbs } = std::mem::take(&mut self.chosen);
        let of_place: Vec<AanbiederId> = agbs.iter().map(|agb| nummer[agb]).collect();
        let keys: Vec<(Gemeente, WordId)> = toewijzingen
            .par_iter_mut()
            .map(|toewijzing| {
                let Toewijzing { versie, earlier } = toewijzing;
                for v in earlier.iter_mut().chain([versie]) {
                    v.aanbieder = of_place[usize::from(v.aanbieder.0)];
                }
                (toewijzing.gemeente, toewijzing.nummer)
            })
            .collect();
        let index = NumberIndex::new(&keys, self.toewijzingnummers.word_count());
        drop(keys);

        if let Some(rows) = &mut self.productieverantwoording {
            rows.sort_by(|a, b| {
                let key = |r: &VerantwoordingRow| (r.aanbieder, r.jaar, r.gemeente);
                let product =
                    |r: &VerantwoordingRow| (r.product_categorie.clone(), r.product_code.clone());
                key(a)
                    .cmp(&key(b))
                    .then_with(|| product(a).cmp(&product(b)))
                    .then_with(|| (a.file, a.line_number).cmp(&(b.file, b.line_number)))
            });
        }
        if let Some(berichten) = &mut self.declaratieberichten {
            berichten.sort_by_key(|b| b.bestand);
        }
        let berichten_by_aanbieder = by_aanbieder(self.declaratieberichten.as_deref());
        let startstop = self.startstop.map(|berichten| {
            StartstopTable::new(berichten, toewijzingen.len(), |b| {
                index.find_exact(b.gemeente, b.toewijzing_nummer)
            })
        });
        let dossier = Dossier {
            files: self.files,
            lines: self.lines,
            texts: self.texts,
            toewijzingnummers: self.toewijzingnummers,
            words: self.words,
            contact_columns: self.contact_columns,
            producten,
            aanbieders,
            toewijzingen,
            omzet: self.omzet,
            startstop,
            removals: self.removals,
            productieverantwoording: self.productieverantwoording,
            afspraken: self.afspraken,
            maatwerk: self.maatwerk,
            openstaand: self.openstaand,
            declaratieberichten: self.declaratieberichten,
            berichten_by_aanbieder,
            answered: Vec::new(),
            answers: None,
            settled: Vec::new(),
            referentiehashes: Vec::new(),
        };
        let linker = Linker {
            aanbieders: aanbieders_renumbered,
            producten: products_renumbered,
            index,
            answers: self.answers,
        };
        (dossier, linker)
    }

    /// The AGB codes that any file names, in their order.
    pub(crate) fn all_agbs(&self) -> Vec<Agb> {
        let agbs = self.agbs.iter().copied();
        different(
            agbs.chain(self.versies.iter().map(|v| v.agb))
                .chain(self.chosen.agbs.iter().copied())
                .chain(self.aanbieders.iter().map(|(agb, _)| *agb))
                .chain(self.omzet.iter().flatten().map(|o| o.aanbieder))
                .chain(self.startstop.iter().flatten().map(|b| b.aanbieder))
                .chain(self.productieverantwoording.iter().flatten().map(|r| r.aanbieder))
                .chain(self.afspraken.iter().flatten().map(|a| a.aanbieder))
                .chain(self.openstaand.iter().flatten().map(|row| row.aanbieder)),
        )
    }

    /// All aanbieders that any file names, by AGB code, and for each old number the new one.
    fn number_aanbieders(&mut self) -> (Vec<Aanbieder>, Vec<AanbiederId>) {
        let agbs = self.all_agbs();
        let mut data: HashMap<Agb, AanbiederRow> =
            std::mem::take(&mut self.aanbieders).into_iter().collect();
        let renumber = self
            .agbs
            .iter()
            .map(|a| AanbiederId(agbs.binary_search(a).expect("every code is in the list") as u16))
            .collect();
        let aanbieders =
            agbs.into_iter().map(|agb| Aanbieder { agb, data: data.remove(&agb) }).collect();
        (aanbieders, renumber)
    }

    fn number_producten(
        &mut self,
        catalogus: impl Fn(&str, &str) -> Option<CatalogusRow>,
    ) -> (Vec<Product>, Vec<ProductId>) {
        let old = std::mem::take(&mut self.producten);
        let mut order: Vec<usize> = (0..old.len()).collect();
        order.sort_unstable_by_key(|&i| &old[i]);
        let mut renumber = vec![ProductId(0); old.len()];
        for (new, &i) in order.iter().enumerate() {
            renumber[i] = ProductId(new as u16);
        }
        let producten = order
            .into_iter()
            .map(|i| {
                let (categorie, code) = old[i].clone();
                Product { row: catalogus(&categorie, &code), categorie, code }
            })
            .collect();
        (producten, renumber)
    }

    /// Of all versions one toewijzing per (Gemeente, ToewijzingNummer). To be called once all of them
    /// were read; the sooner, the less there is in memory beside them.
    pub(crate) fn choose_versies(&mut self) {
        let versies = std::mem::take(&mut self.versies);
        if versies.is_empty() {
            return;
        }
        let keys: Vec<(Gemeente, WordId)> =
            versies.par_iter().map(|v| (v.versie.gemeente, v.versie.nummer)).collect();
        let key = |i: u32| keys[i as usize];
        let order = {
            let ranks = ranks(&self.toewijzingnummers);
            let rank = |id: WordId| ranks[id.index()] as usize;
            let by_rank = keys.iter().map(|(_, id)| rank(*id)).zip(0_u32..);
            let (_, by_nummer) = by_key(ranks.len(), by_rank);
            let gemeente = |i: u32| usize::from(key(i).0.0);
            let by_gemeente = by_nummer.iter().map(|i| (gemeente(*i), *i));
            by_key(usize::from(u16::MAX) + 1, by_gemeente).1
        };
        let agbs = different(versies.iter().map(|v| v.agb));
        let groups: Vec<&[u32]> = order.chunk_by(|a, b| key(*a) == key(*b)).collect();
        let mut toewijzingen = Vec::with_capacity(groups.len());
        groups
            .par_iter()
            .map(|group| {
                let rows = group.iter().map(|i| &versies[*i as usize]);
                self.toewijzing_of(rows.collect(), &agbs)
            })
            .collect_into_vec(&mut toewijzingen);
        self.chosen = Chosen { toewijzingen, agbs };
    }

    /// The toewijzing that these versions make. Of equal rows one is kept: an export that is made
    /// every month tells of each toewijzing again.
    fn toewijzing_of(&self, mut rows: Vec<&RawToewijzing>, agbs: &[Agb]) -> Toewijzing {
        let order = VersieOrder { words: &self.words };
        let row = |row: &RawToewijzing| (row.versie.file, row.versie.line_number);
        if rows.len() > 1 {
            rows.sort_by(|a, b| order.compare(a, b).then_with(|| row(a).cmp(&row(b))));
            let columns =
                |r: &RawToewijzing| self.files.get(r.versie.file.place()).map(|file| file.kolommen);
            // The later of two stays.
            rows.reverse();
            rows.dedup_by(|a, b| order.compare(a, b).is_eq() && columns(a) == columns(b));
            rows.reverse();
        }
        let numbered = |raw: &RawToewijzing| {
            let place = agbs.binary_search(&raw.agb).expect("every code is in the list");
            let mut versie = raw.versie.clone();
            versie.aanbieder = AanbiederId(place as u16);
            versie
        };
        let order_unknown = rows.windows(2).any(|pair| order.is_unknown(pair[0], pair[1]));
        let mut versies: Vec<Versie> = rows.into_iter().map(numbered).collect();
        if order_unknown {
            versies.iter_mut().for_each(Versie::set_order_unknown);
        }
        let versie = versies.pop().expect("a group holds a version");
        Toewijzing { versie, earlier: versies.into_boxed_slice() }
    }
}

/// Each of these once, in their order.
fn different(agbs: impl Iterator<Item = Agb>) -> Vec<Agb> {
    let mut agbs: Vec<Agb> = agbs.collect::<HashSet<Agb>>().into_iter().collect();
    agbs.sort_unstable();
    agbs
}

/// For each number its place among all of them in the order of their bytes.
fn ranks(ids: &StringInterner) -> Vec<u32> {
    let count = ids.word_count() as u32;
    let bytes = |id: u32| ids.bytes(WordId(id));
    // Most exports have them in that order.
    if (0..count).is_sorted_by_key(bytes) {
        return (0..count).collect();
    }
    // The beginning of a number settles nearly every comparison.
    let mut order: Vec<(u64, u32)> =
        (0..count).into_par_iter().map(|id| (start_of(bytes(id)), id)).collect();
    order.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| bytes(a.1).cmp(bytes(b.1))));
    let mut ranks = vec![0; order.len()];
    for ((_, id), rank) in order.into_iter().zip(0..) {
        ranks[id as usize] = rank;
    }
    ranks
}

/// The first eight bytes of a number, in an order that never contradicts that of the bytes.
fn start_of(nummer: &[u8]) -> u64 {
    let mut begin = [0; 8];
    let length = nummer.len().min(8);
    begin[..length].copy_from_slice(&nummer[..length]);
    u64::from_be_bytes(begin)
}

/// What makes lines of the dossier of lines as they were read.
#[derive(Debug)]
pub(crate) struct Linker {
    /// The number in the dossier by the number in reading.
    aanbieders: Vec<AanbiederId>,
    producten: Vec<ProductId>,
    index: NumberIndex,
    answers: Option<Vec<DeclaratieAnswer>>,
}

impl Linker {
    /// What the gemeenten refused; `None` without answers.
    pub(crate) fn refusals(&self, dossier: &mut Dossier) -> Option<Refusals<'_>> {
        self.answers.as_deref().map(|answers| Refusals::new(dossier, answers))
    }

    /// Makes lines of the dossier of all its lines: they are all there.
    pub(crate) fn link_whole(&self, dossier: &mut Dossier) {
        let mut refusals = self.refusals(dossier);
        self.link(dossier, refusals.as_mut());
        dossier.answers = refusals.map(|a| a.counts());
    }

    /// Gives all lines that the dossier holds its numbers, their toewijzing and their stand. Of an
    /// aanbieder all lines must be there.
    pub(crate) fn link(&self, dossier: &mut Dossier, refusals: Option<&mut Refusals<'_>>) {
        let credits = self.refer(dossier);
        if let Some(refusals) = refusals {
            refusals.apply(dossier);
        }
        dossier.credit(credits);
    }

    /// Gives all lines that the dossier holds its numbers and their toewijzing, and leaves their
    /// stand. Returns the credit lines, in order.
    pub(crate) fn refer(&self, dossier: &mut Dossier) -> Vec<LineId> {
        let refer = |(i, line): (usize, &mut Declaratieregel)| {
            line.aanbieder = self.aanbieders[line.aanbieder.0 as usize];
            line.product = self.producten[line.product.0 as usize];
            line.toewijzing = self.index.find(line.gemeente, line.toewijzing_nummer);
            (line.debet_credit == DebetCredit::Credit).then_some(LineId(i as u32))
        };
        dossier.lines.par_iter_mut().enumerate().filter_map(refer).collect()
    }

    /// The aanbieders that lines have: the number in reading and that in the dossier.
    pub(crate) fn aanbieders(&self) -> impl Iterator<Item = (AanbiederId, AanbiederId)> {
        self.aanbieders.iter().enumerate().map(|(i, id)| (AanbiederId(i as u16), *id))
    }
}

/// For every ToewijzingNummer the gemeenten that know it.
#[derive(Debug)]
struct NumberIndex {
    begin: Vec<u32>,
    locations: Vec<(Gemeente, ToewijzingId)>,
}

impl NumberIndex {
    /// Of toewijzingen with these keys.
    fn new(keys: &[(Gemeente, WordId)], id_count: usize) -> NumberIndex {
        let numbered = keys
            .iter()
            .enumerate()
            .map(|(i, (gemeente, id))| (id.index(), (*gemeente, ToewijzingId::new(i))));
        let (begin, locations) = by_key(id_count, numbered);
        NumberIndex { begin, locations }
    }

    /// By (Gemeente, ToewijzingNummer) and nowhere else.
    fn find_exact(&self, gemeente: Gemeente, nummer: WordId) -> Option<ToewijzingId> {
        let of = *self.begin.get(nummer.index())? as usize;
        let until = *self.begin.get(nummer.index() + 1)? as usize;
        self.locations[of..until].iter().find(|(g, _)| *g == gemeente).map(|(_, id)| *id)
    }

    /// By (Gemeente, ToewijzingNummer), else in the only other gemeente that has the number.
    fn find(&self, gemeente: Gemeente, nummer: WordId) -> Option<ToewijzingId> {
        if nummer.is_empty() {
            return None;
        }
        let of = self.begin[nummer.index()] as usize;
        let until = self.begin[nummer.index() + 1] as usize;
        let locations = &self.locations[of..until];
        match locations {
            [(_, id)] => Some(*id),
            _ => locations.iter().find(|(g, _)| *g == gemeente).map(|(_, id)| *id),
        }
    }
}

/// The places of messages, by aanbieder and then in the order in which they were declared.
fn by_aanbieder(berichten: Option<&[Declaratiebericht]>) -> Vec<u32> {
    let all = berichten.unwrap_or_default();
    let mut places: Vec<u32> = (0..all.len() as u32).collect();
    places.sort_by(|i, j| {
        let (a, b) = (&all[*i as usize], &all[*j as usize]);
        (a.afzender, a.periode, &a.identificatie, a.bestand).cmp(&(
            b.afzender,
            b.periode,
            &b.identificatie,
            b.bestand,
        ))
    });
    places
}
