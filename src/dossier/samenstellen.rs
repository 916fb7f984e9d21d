//! From rows as they were read to a joined dossier: numbers in a fixed order, versions in force,
//! each line's toewijzing, crediting.

use super::*;
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use std::cmp::Reverse;

/// Rows as they were read; numbers of aanbieders and products are in the order of reading.
#[derive(Debug, Default)]
pub struct Onverbonden {
    pub bestanden: Vec<Bestand>,
    pub regels: Vec<Declaratieregel>,
    pub teksten: Teksten,
    pub toewijzingnummers: Woordenboek,
    pub woorden: Woordenboek,
    pub nevengegevens: Nummering<Nevengegevens>,
    /// (ProductCategorie, ProductCode) by [`ProductNr`].
    pub producten: Vec<(String, String)>,
    /// AGB codes by [`AanbiederNr`].
    pub agbs: Vec<Agb>,
    pub versies: Vec<OnverbondenToewijzing>,
    /// What [`Onverbonden::kies_versies`] made of the versions.
    pub(crate) gekozen: Gekozen,
    pub aanbieders: Vec<(Agb, AanbiederGegevens)>,
    pub omzet: Option<Vec<Omzetrij>>,
    pub startstop: Option<Vec<Startstop>>,
    pub productieverantwoording: Option<Vec<Verantwoordingsrij>>,
    pub afspraken: Option<Vec<Afspraak>>,
    pub maatwerk: Option<Vec<Maatwerkrij>>,
    pub declaratieberichten: Option<Vec<Declaratiebericht>>,
    pub antwoorden: Option<Vec<Declaratieantwoord>>,
}

/// A version whose aanbieder is still an AGB code.
#[derive(Clone, Debug)]
pub struct OnverbondenToewijzing {
    pub agb: Agb,
    /// Its `aanbieder` is filled in when the dossier is put together.
    pub versie: Versie,
}

/// Toewijzingen, one of each number and gemeente.
#[derive(Debug, Default)]
pub(crate) struct Gekozen {
    /// Their `aanbieder` is filled in when the dossier is put together.
    toewijzingen: Vec<Toewijzing>,
    /// The aanbieder of each.
    agbs: Vec<Agb>,
    /// The aanbieders of all versions, each once.
    alle_agbs: Vec<Agb>,
}

impl Onverbonden {
    /// Puts the dossier together; `catalogus` gives a product's row. Its lines are as they were read:
    /// what it gives besides makes lines of the dossier of them.
    pub fn join(
        mut self,
        catalogus: impl Fn(&str, &str) -> Option<Catalogusrij>,
    ) -> (Dossier, Koppeling) {
        self.kies_versies();
        let (aanbieders, aanbieder_om) = self.nummer_aanbieders();
        let (producten, product_om) = self.nummer_producten(catalogus);
        let nummer: HashMap<Agb, AanbiederNr> =
            aanbieders.iter().enumerate().map(|(i, a)| (a.agb, AanbiederNr(i as u16))).collect();
        let Gekozen { mut toewijzingen, agbs, .. } = std::mem::take(&mut self.gekozen);
        let sleutels: Vec<(Gemeente, WoordNr)> = toewijzingen
            .par_iter_mut()
            .zip(agbs)
            .map(|(toewijzing, agb)| {
                toewijzing.versie.aanbieder = nummer[&agb];
                (toewijzing.gemeente, toewijzing.nummer)
            })
            .collect();
        let index = Nummerindex::nieuw(&sleutels, self.toewijzingnummers.aantal());
        drop(sleutels);

        if let Some(rijen) = &mut self.productieverantwoording {
            rijen.sort_by(|a, b| {
                let sleutel = |r: &Verantwoordingsrij| (r.aanbieder, r.jaar, r.gemeente);
                let product =
                    |r: &Verantwoordingsrij| (r.product_categorie.clone(), r.product_code.clone());
                sleutel(a)
                    .cmp(&sleutel(b))
                    .then_with(|| product(a).cmp(&product(b)))
                    .then_with(|| (a.bestand, a.regelnummer).cmp(&(b.bestand, b.regelnummer)))
            });
        }
        if let Some(berichten) = &mut self.declaratieberichten {
            berichten.sort_by_key(|b| b.bestand);
        }
        let startstop = self.startstop.map(|berichten| {
            Startstoptabel::nieuw(berichten, toewijzingen.len(), |b| {
                index.zoek_precies(b.gemeente, b.toewijzing_nummer)
            })
        });
        let dossier = Dossier {
            bestanden: self.bestanden,
            regels: self.regels,
            teksten: self.teksten,
            toewijzingnummers: self.toewijzingnummers,
            woorden: self.woorden,
            nevengegevens: self.nevengegevens,
            producten,
            aanbieders,
            toewijzingen,
            omzet: self.omzet,
            startstop,
            productieverantwoording: self.productieverantwoording,
            afspraken: self.afspraken,
            maatwerk: self.maatwerk,
            declaratieberichten: self.declaratieberichten,
            beantwoord: Vec::new(),
            antwoorden: None,
            verrekend: Vec::new(),
            referentiehashes: Vec::new(),
        };
        let koppeling = Koppeling {
            aanbieders: aanbieder_om,
            producten: product_om,
            index,
            antwoorden: self.antwoorden,
        };
        (dossier, koppeling)
    }

    /// The AGB codes that any file names, in their order.
    pub fn alle_agbs(&self) -> Vec<Agb> {
        let agbs = self.agbs.iter().copied();
        verschillende(
            agbs.chain(self.versies.iter().map(|v| v.agb))
                .chain(self.gekozen.alle_agbs.iter().copied())
                .chain(self.aanbieders.iter().map(|(agb, _)| *agb))
                .chain(self.omzet.iter().flatten().map(|o| o.aanbieder))
                .chain(self.startstop.iter().flatten().map(|b| b.aanbieder))
                .chain(self.productieverantwoording.iter().flatten().map(|r| r.aanbieder)),
        )
    }

    /// All aanbieders that any file names, by AGB code, and for each old number the new one.
    fn nummer_aanbieders(&mut self) -> (Vec<Aanbieder>, Vec<AanbiederNr>) {
        let agbs = self.alle_agbs();
        let mut gegevens: HashMap<Agb, AanbiederGegevens> =
            std::mem::take(&mut self.aanbieders).into_iter().collect();
        let om = self
            .agbs
            .iter()
            .map(|a| AanbiederNr(agbs.binary_search(a).expect("every code is in the list") as u16))
            .collect();
        let aanbieders = agbs
            .into_iter()
            .map(|agb| Aanbieder { agb, gegevens: gegevens.remove(&agb) })
            .collect();
        (aanbieders, om)
    }

    fn nummer_producten(
        &mut self,
        catalogus: impl Fn(&str, &str) -> Option<Catalogusrij>,
    ) -> (Vec<Product>, Vec<ProductNr>) {
        let oud = std::mem::take(&mut self.producten);
        let mut volgorde: Vec<usize> = (0..oud.len()).collect();
        volgorde.sort_unstable_by_key(|&i| &oud[i]);
        let mut om = vec![ProductNr(0); oud.len()];
        for (nieuw, &i) in volgorde.iter().enumerate() {
            om[i] = ProductNr(nieuw as u16);
        }
        let producten = volgorde
            .into_iter()
            .map(|i| {
                let (categorie, code) = oud[i].clone();
                Product { catalogus: catalogus(&categorie, &code), categorie, code }
            })
            .collect();
        (producten, om)
    }

    /// Of all versions one toewijzing per (Gemeente, ToewijzingNummer): the version in force, and
    /// what the first version said. To be called once all of them were read; the sooner, the less
    /// there is in memory beside them.
    pub fn kies_versies(&mut self) {
        let versies = std::mem::take(&mut self.versies);
        if versies.is_empty() {
            return;
        }
        let sleutels: Vec<(Gemeente, WoordNr)> =
            versies.par_iter().map(|v| (v.versie.gemeente, v.versie.nummer)).collect();
        let sleutel = |i: u32| sleutels[i as usize];
        let volgorde = {
            let rangen = rangen(&self.toewijzingnummers);
            let rang = |nr: WoordNr| rangen[nr.index()] as usize;
            let op_rang = sleutels.iter().map(|(_, nr)| rang(*nr)).zip(0_u32..);
            let (_, op_nummer) = op_sleutel(rangen.len(), op_rang);
            let gemeente = |i: u32| usize::from(sleutel(i).0.0);
            let op_gemeente = op_nummer.iter().map(|i| (gemeente(*i), *i));
            op_sleutel(usize::from(u16::MAX) + 1, op_gemeente).1
        };
        let groepen: Vec<&[u32]> = volgorde.chunk_by(|a, b| sleutel(*a) == sleutel(*b)).collect();
        let mut toewijzingen = Vec::with_capacity(groepen.len());
        let mut agbs = Vec::with_capacity(groepen.len());
        groepen
            .par_iter()
            .map(|groep| self.kies_versie(groep.iter().map(|i| &versies[*i as usize])))
            .unzip_into_vecs(&mut agbs, &mut toewijzingen);
        let alle_agbs = verschillende(versies.iter().map(|v| v.agb));
        self.gekozen = Gekozen { toewijzingen, agbs, alle_agbs };
    }

    /// The toewijzing that these versions make, and its aanbieder.
    fn kies_versie<'v>(
        &self,
        versies: impl ExactSizeIterator<Item = &'v OnverbondenToewijzing> + Clone,
    ) -> (Agb, Toewijzing) {
        let aantal = versies.len();
        let geldend = versies
            .clone()
            .max_by(|a, b| {
                // No end is later than any end.
                let rang =
                    |v: &Versie| (v.toewijzingsdatum, v.einddatum.is_none(), v.einddatum, v.budget);
                rang(&a.versie)
                    .cmp(&rang(&b.versie))
                    .then_with(|| self.overige_velden(a).cmp(&self.overige_velden(b)))
            })
            .expect("a group holds a version");
        let eerste = versies
            .clone()
            .map(|v| &v.versie)
            .min_by_key(|v| (v.toewijzingsdatum, v.budget, Reverse(v.bestand)))
            .expect("a group holds a version");
        let toewijzing = Toewijzing {
            versie: geldend.versie.clone(),
            eerste_toewijzingsdatum: eerste.toewijzingsdatum,
            eerste_budget: eerste.budget,
            eerste_bestand: eerste.bestand,
            aantal_versies: aantal as u32,
        };
        (geldend.agb, toewijzing)
    }

    /// The columns that settle a tie of date, end and budget, as text in the specification's order.
    fn overige_velden(&self, onverbonden: &OnverbondenToewijzing) -> [String; 16] {
        let v = &onverbonden.versie;
        let tekst = |x: Option<String>| x.unwrap_or_default();
        [
            onverbonden.agb.to_string(),
            v.bsn.cijfers(),
            v.ingangsdatum.datum().to_string(),
            self.woorden.tekst(v.product_categorie).to_owned(),
            self.woorden.tekst(v.product_code).to_owned(),
            tekst(v.reden_wijziging.map(|x| x.to_string())),
            tekst(v.volume.map(|x| format!("{}.{:02}", x.0 / 100, x.0 % 100))),
            tekst(v.eenheid.map(|x| x.to_string())),
            tekst(v.frequentie.map(|x| x.to_string())),
            tekst(v.geboortedatum.map(|x| x.datum().to_string())),
            tekst(v.verwijzer.map(|x| x.to_string())),
            tekst(v.budgetsoort.map(|x| x.naam().to_owned())),
            tekst(v.uitvoering.map(|x| format!("{x:?}"))),
            if v.dispuut { "J" } else { "" }.to_owned(),
            format!("{:?}", v.bijzonderheden),
            format!("{:05}:{:010}", v.bestand.0, v.regelnummer),
        ]
    }
}

/// Each of these once, in their order.
fn verschillende(agbs: impl Iterator<Item = Agb>) -> Vec<Agb> {
    let mut agbs: Vec<Agb> = agbs.collect::<HashSet<Agb>>().into_iter().collect();
    agbs.sort_unstable();
    agbs
}

/// A counting sort: values in the order of their keys, which are numbers below `aantal`, and those of
/// one key in the order in which they come; before them where each key begins, and where the last one
/// ends.
pub(super) fn op_sleutel<T: Copy>(
    aantal: usize,
    paren: impl Iterator<Item = (usize, T)> + Clone,
) -> (Vec<u32>, Vec<T>) {
    // First each count stands two places after its key, so that filling in makes a begin of it.
    let mut begin = vec![0_u32; aantal + 2];
    let mut totaal = 0;
    for (sleutel, _) in paren.clone() {
        begin[sleutel + 2] += 1;
        totaal += 1;
    }
    for i in 2..begin.len() {
        begin[i] += begin[i - 1];
    }
    let mut uit = match paren.clone().next() {
        Some((_, waarde)) => vec![waarde; totaal],
        None => Vec::new(),
    };
    for (sleutel, waarde) in paren {
        let plek = &mut begin[sleutel + 1];
        uit[*plek as usize] = waarde;
        *plek += 1;
    }
    begin.truncate(aantal + 1);
    (begin, uit)
}

/// For each number its place among all of them in the order of their bytes.
fn rangen(nummers: &Woordenboek) -> Vec<u32> {
    let aantal = nummers.aantal() as u32;
    let bytes = |nr: u32| nummers.bytes(WoordNr(nr));
    // Most exports have them in that order.
    if (0..aantal).is_sorted_by_key(bytes) {
        return (0..aantal).collect();
    }
    // The beginning of a number settles nearly every comparison.
    let mut volgorde: Vec<(u64, u32)> =
        (0..aantal).into_par_iter().map(|nr| (begin_van(bytes(nr)), nr)).collect();
    volgorde.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| bytes(a.1).cmp(bytes(b.1))));
    let mut rangen = vec![0; volgorde.len()];
    for ((_, nr), rang) in volgorde.into_iter().zip(0..) {
        rangen[nr as usize] = rang;
    }
    rangen
}

/// The first eight bytes of a number, in an order that never contradicts that of the bytes.
fn begin_van(nummer: &[u8]) -> u64 {
    let mut begin = [0; 8];
    let lengte = nummer.len().min(8);
    begin[..lengte].copy_from_slice(&nummer[..lengte]);
    u64::from_be_bytes(begin)
}

/// What makes lines of the dossier of lines as they were read.
#[derive(Debug)]
pub struct Koppeling {
    /// The number in the dossier by the number in reading.
    aanbieders: Vec<AanbiederNr>,
    producten: Vec<ProductNr>,
    index: Nummerindex,
    antwoorden: Option<Vec<Declaratieantwoord>>,
}

impl Koppeling {
    /// What the gemeenten refused; `None` without answers.
    pub fn afwijzingen(&self, dossier: &mut Dossier) -> Option<Afwijzingen<'_>> {
        self.antwoorden.as_deref().map(|antwoorden| Afwijzingen::nieuw(dossier, antwoorden))
    }

    /// Makes lines of the dossier of all its lines: they are all there.
    pub fn link_whole(&self, dossier: &mut Dossier) {
        let mut afwijzingen = self.afwijzingen(dossier);
        self.koppel(dossier, afwijzingen.as_mut());
        dossier.antwoorden = afwijzingen.map(|a| a.telling());
    }

    /// Gives all lines that the dossier holds its numbers, their toewijzing and their stand. Of an
    /// aanbieder all lines must be there.
    pub fn koppel(&self, dossier: &mut Dossier, afwijzingen: Option<&mut Afwijzingen<'_>>) {
        let credits = self.verwijs(dossier);
        if let Some(afwijzingen) = afwijzingen {
            afwijzingen.pas_toe(dossier);
        }
        dossier.crediteer(credits);
    }

    /// Gives all lines that the dossier holds its numbers and their toewijzing, and leaves their
    /// stand. Returns the credit lines, in order.
    pub fn verwijs(&self, dossier: &mut Dossier) -> Vec<RegelNr> {
        let verwijs = |(i, regel): (usize, &mut Declaratieregel)| {
            regel.aanbieder = self.aanbieders[regel.aanbieder.0 as usize];
            regel.product = self.producten[regel.product.0 as usize];
            regel.toewijzing = self.index.zoek(regel.gemeente, regel.toewijzing_nummer);
            (regel.debet_credit == DebetCredit::Credit).then_some(RegelNr(i as u32))
        };
        dossier.regels.par_iter_mut().enumerate().filter_map(verwijs).collect()
    }

    /// The aanbieders that lines have: the number in reading and that in the dossier.
    pub fn aanbieders(&self) -> impl Iterator<Item = (AanbiederNr, AanbiederNr)> {
        self.aanbieders.iter().enumerate().map(|(i, nr)| (AanbiederNr(i as u16), *nr))
    }
}

/// For every ToewijzingNummer the gemeenten that know it.
#[derive(Debug)]
struct Nummerindex {
    begin: Vec<u32>,
    plekken: Vec<(Gemeente, ToewijzingNr)>,
}

impl Nummerindex {
    /// Of toewijzingen with these keys.
    fn nieuw(sleutels: &[(Gemeente, WoordNr)], aantal_nummers: usize) -> Nummerindex {
        let genummerd = sleutels
            .iter()
            .enumerate()
            .map(|(i, (gemeente, nr))| (nr.index(), (*gemeente, ToewijzingNr::nieuw(i))));
        let (begin, plekken) = op_sleutel(aantal_nummers, genummerd);
        Nummerindex { begin, plekken }
    }

    /// By (Gemeente, ToewijzingNummer) and nowhere else.
    fn zoek_precies(&self, gemeente: Gemeente, nummer: WoordNr) -> Option<ToewijzingNr> {
        let van = *self.begin.get(nummer.index())? as usize;
        let tot = *self.begin.get(nummer.index() + 1)? as usize;
        self.plekken[van..tot].iter().find(|(g, _)| *g == gemeente).map(|(_, nr)| *nr)
    }

    /// By (Gemeente, ToewijzingNummer), else in the only other gemeente that has the number.
    fn zoek(&self, gemeente: Gemeente, nummer: WoordNr) -> Option<ToewijzingNr> {
        if nummer.is_leeg() {
            return None;
        }
        let van = self.begin[nummer.index()] as usize;
        let tot = self.begin[nummer.index() + 1] as usize;
        let plekken = &self.plekken[van..tot];
        match plekken {
            [(_, nr)] => Some(*nr),
            _ => plekken.iter().find(|(g, _)| *g == gemeente).map(|(_, nr)| *nr),
        }
    }
}
