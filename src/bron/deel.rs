//! Reading a dossier in parts: every large file by itself, in whatever process, and then what only
//! all files together can tell. Refused rows, totals, warnings and errors are those of
//! [`lees_dossier`](super::lees_dossier), in its order.

use super::ijw::{Bericht, Berichtfout};
use super::rij::Leesverslag;
use super::vinden::{Gevonden, Vondst, vind, vind_tabellen};
use super::{
    BronFout, Gevolg, Ingelezen, Invoerfout, Leesopties, Leesreden, Lezer, rond_af,
    te_veel_afgekeurd,
};
use crate::dossier::*;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::atomic::AtomicU64;

/// The kinds whose files are as large as the dossier: each file of them is read by itself.
const GROOT: [Soort; 4] =
    [Soort::Toewijzingen, Soort::Startstop, Soort::Antwoorden, Soort::Declaraties];
/// The other kinds, in the order in which they are read; the tables of starts and stops come
/// between the two lists.
const VOOR_STARTSTOP: [Soort; 4] =
    [Soort::Aanbieders, Soort::Producten, Soort::Tarieven, Soort::Omzet];
const NA_STARTSTOP: [Soort; 4] =
    [Soort::Productieverantwoording, Soort::Afspraken, Soort::Maatwerk, Soort::Beoordelingen];

/// A file to be read by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leestaak {
    pub bestand: String,
    pub bytes: u64,
}

/// The files of a dossier.
#[derive(Debug)]
pub struct Inventaris(Gevonden);

/// What was read of one file besides its rows.
#[derive(Debug)]
pub struct Bestandsverslag {
    pub bestand: Bestand,
    /// As if the file were the only one of its dossier.
    pub fouten: Vec<Invoerfout>,
    pub waarschuwingen: Vec<String>,
    /// Codes whose leading zeros were put back, per column.
    pub aangevuld: Vec<(Kolom, u64)>,
    /// The aanbieders that the rows name.
    pub agbs: Vec<Agb>,
    /// Why the message that the file holds is refused.
    pub geweigerd: Option<Berichtfout>,
    /// Afzender, Identificatie and Dagtekening of the message that the file holds.
    pub bericht: Option<[String; 3]>,
}

/// What was read of one file, as the only file of its dossier.
#[derive(Debug)]
pub struct Bestandslezing {
    pub verslag: Bestandsverslag,
    pub rijen: Onverbonden,
    /// Starts and stops that take one back.
    pub terug: Vec<Startstop>,
}

/// What the small tables hold.
#[derive(Debug)]
pub struct Stamgegevens {
    /// All files, and no rows of large ones.
    pub rijen: Onverbonden,
    pub producten: Vec<Catalogusrij>,
    pub tarieven: Vec<Tariefrij>,
    pub beoordelingen: Vec<Beoordeling>,
}

/// What all files together came to.
#[derive(Debug)]
pub struct Geheel {
    pub bestanden: Vec<Bestand>,
    /// For each file: is it a message that was refused? Then none of its rows count.
    pub geweigerd: Vec<bool>,
    /// The aanbieders that any file names, by AGB code.
    pub agbs: Vec<Agb>,
    pub fouten: Vec<Invoerfout>,
    pub waarschuwingen: Vec<String>,
}

impl Stamgegevens {
    /// Reads the small tables of a dossier of which all files are known. They must be the same ones.
    pub fn lees(
        map: &Path,
        opties: &Leesopties,
        bestanden: &[Bestand],
    ) -> Result<Stamgegevens, BronFout> {
        let regels = AtomicU64::new(0);
        let gevonden = vind_tabellen(map)?.bestanden;
        let mut lezer = Lezer::nieuw(opties, bestanden.to_vec(), &|_| {}, &regels)?;
        for soorten in [VOOR_STARTSTOP, NA_STARTSTOP] {
            let klein = |(_, b): &(usize, &Bestand)| soorten.contains(&b.soort);
            let vondsten = bestanden.iter().enumerate().filter(klein).map(|(i, bestand)| {
                let vondst = gevonden.iter().find(|v| v.naam == bestand.pad);
                let vondst = vondst.ok_or_else(|| BronFout::Onleesbaar {
                    bestand: bestand.pad.clone(),
                    oorzaak: "het staat niet meer in het dossier".to_owned(),
                })?;
                Ok((BestandNr(i as u16), vondst))
            });
            lezer.kleine_tabellen(&vondsten.collect::<Result<Vec<_>, BronFout>>()?)?;
        }
        let Ingelezen { rijen, producten, tarieven, beoordelingen, .. } = lezer.uit;
        let mut samen = rijen.bestanden.iter().zip(bestanden);
        match samen.find(|(nu, toen)| nu.sha256 != toen.sha256) {
            None => Ok(Stamgegevens { rijen, producten, tarieven, beoordelingen }),
            Some((nu, _)) => Err(BronFout::Veranderd { bestand: nu.pad.clone() }),
        }
    }
}

impl Inventaris {
    /// The files in this folder; those that every dossier needs may not be missing.
    pub fn van(map: &Path, opties: &Leesopties) -> Result<Inventaris, BronFout> {
        vind(map, opties.nodig()).map(Inventaris)
    }

    /// The files to be read by themselves, in the order of their paths.
    pub fn taken(&self) -> impl Iterator<Item = Leestaak> + '_ {
        let groot = self.0.bestanden.iter().filter(|v| GROOT.contains(&v.soort));
        groot.map(|v| Leestaak { bestand: v.naam.clone(), bytes: v.bytes })
    }

    /// Reads one of these files.
    pub fn lees(&self, bestand: &str, opties: &Leesopties) -> Result<Bestandslezing, BronFout> {
        let vondst = self.0.bestanden.iter().find(|v| v.naam == bestand).ok_or_else(|| {
            BronFout::Onleesbaar {
                bestand: crate::ground::gemaskeerd(bestand).into_owned(),
                oorzaak: "het staat niet meer in het dossier".to_owned(),
            }
        })?;
        let mut opties = opties.clone();
        if vondst.bericht.is_some() {
            // Messages are judged together, once all of a kind are read.
            opties.max_afgekeurd = Decimal::ONE_HUNDRED;
        }
        let regels = AtomicU64::new(0);
        let mut lezer = Lezer::nieuw(&opties, vec![vondst.leeg_bestand()], &|_| {}, &regels)?;
        let terug = lezer.een_bestand(vondst)?;
        let Lezer { mut uit, aangevuld, geweigerd, eerder, .. } = lezer;
        let verslag = Bestandsverslag {
            bestand: uit.rijen.bestanden.remove(0),
            fouten: uit.fouten,
            waarschuwingen: uit.waarschuwingen,
            aangevuld: aangevuld.into_iter().collect(),
            agbs: uit.rijen.alle_agbs(),
            geweigerd: geweigerd.into_iter().next().map(|(_, fout)| fout),
            bericht: eerder.into_keys().next().map(|(_, sleutel)| sleutel),
        };
        Ok(Bestandslezing { verslag, rijen: uit.rijen, terug })
    }

    /// What all files together come to. Of every file that is read by itself there must be one
    /// report, or the reason why it can't be read.
    pub fn geheel(
        self,
        opties: &Leesopties,
        verslagen: Vec<(String, Result<Bestandsverslag, BronFout>)>,
    ) -> Result<Geheel, BronFout> {
        let regels = AtomicU64::new(0);
        let Gevonden { bestanden, waarschuwingen, geweigerd, .. } = self.0;
        let leeg = bestanden.iter().map(Vondst::leeg_bestand).collect();
        let mut samen = Samen {
            lezer: Lezer::nieuw(opties, leeg, &|_| {}, &regels)?,
            verslagen: per_bestand(&bestanden, verslagen)?,
            geweigerd: vec![false; bestanden.len()],
            agbs: BTreeSet::new(),
        };
        samen.lezer.uit.waarschuwingen = waarschuwingen;
        samen.lezer.geweigerd = geweigerd;
        samen.tabellen(&bestanden, Soort::Toewijzingen)?;
        samen.berichten(&bestanden, Soort::Toewijzingen)?;
        samen.lezer.kleine_tabellen(&van_soorten(&bestanden, &VOOR_STARTSTOP))?;
        samen.tabellen(&bestanden, Soort::Startstop)?;
        samen.lezer.kleine_tabellen(&van_soorten(&bestanden, &NA_STARTSTOP))?;
        for soort in [Soort::Startstop, Soort::Antwoorden] {
            samen.berichten(&bestanden, soort)?;
        }
        samen.tabellen(&bestanden, Soort::Declaraties)?;
        samen.berichten(&bestanden, Soort::Declaraties)?;
        let Samen { lezer, geweigerd, mut agbs, .. } = samen;
        let Lezer { mut uit, aangevuld, geweigerd: waarom, .. } = lezer;
        agbs.extend(uit.rijen.alle_agbs());
        rond_af(&mut uit, agbs.len(), aangevuld, &waarom)?;
        Ok(Geheel {
            bestanden: uit.rijen.bestanden,
            geweigerd,
            agbs: agbs.into_iter().collect(),
            fouten: uit.fouten,
            waarschuwingen: uit.waarschuwingen,
        })
    }
}

impl Lezer<'_> {
    /// Reads the only file of this reader; gives the starts and stops that take one back.
    fn een_bestand(&mut self, vondst: &Vondst) -> Result<Vec<Startstop>, BronFout> {
        let nr = BestandNr(0);
        match (vondst.soort, vondst.bericht) {
            (Soort::Toewijzingen, None) => self.toewijzingen(&[(nr, vondst)])?,
            (Soort::Declaraties, None) => self.declaraties(&[(nr, vondst)], &[])?,
            (Soort::Startstop, None) => self.kleine_tabellen(&[(nr, vondst)])?,
            (_, Some(bericht)) => return self.een_bericht((nr, vondst, bericht)),
            _ => {}
        }
        Ok(Vec::new())
    }

    fn een_bericht(
        &mut self,
        bericht: (BestandNr, &Vondst, Bericht),
    ) -> Result<Vec<Startstop>, BronFout> {
        match bericht.1.soort {
            Soort::Toewijzingen => self.toewijzingberichten(&[bericht])?,
            Soort::Declaraties => self.declaraties(&[], &[bericht])?,
            Soort::Startstop => return self.start_en_stop(&[bericht]),
            _ => self.antwoorden(&[bericht])?,
        }
        Ok(Vec::new())
    }

    /// Reads small tables, and keeps those that it read before.
    fn kleine_tabellen(&mut self, tabellen: &[(BestandNr, &Vondst)]) -> Result<(), BronFout> {
        let aanbieders = std::mem::take(&mut self.uit.rijen.aanbieders);
        self.stamgegevens(&|soort| {
            tabellen.iter().filter(|(_, v)| v.soort == soort).copied().collect()
        })?;
        self.uit.rijen.aanbieders.extend(aanbieders);
        Ok(())
    }
}

fn van_soorten<'v>(bestanden: &'v [Vondst], soorten: &[Soort]) -> Vec<(BestandNr, &'v Vondst)> {
    let genummerd = bestanden.iter().enumerate().map(|(i, v)| (BestandNr(i as u16), v));
    genummerd.filter(|(_, v)| soorten.contains(&v.soort)).collect()
}

/// Reports of all files that are read by themselves, put together.
struct Samen<'a> {
    lezer: Lezer<'a>,
    verslagen: HashMap<BestandNr, Result<Bestandsverslag, BronFout>>,
    geweigerd: Vec<bool>,
    agbs: BTreeSet<Agb>,
}

/// The reports by the file that they are of: one of each, and no others.
fn per_bestand(
    bestanden: &[Vondst],
    verslagen: Vec<(String, Result<Bestandsverslag, BronFout>)>,
) -> Result<HashMap<BestandNr, Result<Bestandsverslag, BronFout>>, BronFout> {
    let mut uit = HashMap::with_capacity(verslagen.len());
    for (naam, verslag) in verslagen {
        let plaats = bestanden.binary_search_by(|v| v.naam.as_bytes().cmp(naam.as_bytes()));
        let Some(plaats) = plaats.ok().filter(|i| GROOT.contains(&bestanden[*i].soort)) else {
            return Err(BronFout::Leesdeel { bestand: naam, wat: "hoort niet bij dit dossier" });
        };
        if uit.insert(BestandNr(plaats as u16), verslag).is_some() {
            return Err(BronFout::Leesdeel { bestand: naam, wat: "is twee keer gelezen" });
        }
    }
    let zonder = |(i, v): &(usize, &Vondst)| {
        GROOT.contains(&v.soort) && !uit.contains_key(&BestandNr(*i as u16))
    };
    match bestanden.iter().enumerate().find(zonder) {
        None => Ok(uit),
        Some((_, v)) => Err(BronFout::Leesdeel { bestand: v.naam.clone(), wat: "is niet gelezen" }),
    }
}

impl Samen<'_> {
    fn verslag(&mut self, nr: BestandNr) -> Result<Bestandsverslag, BronFout> {
        let mut verslag = self.verslagen.remove(&nr).expect("every file has a report")?;
        verslag.fouten.iter_mut().for_each(|f| f.bestand = nr);
        Ok(verslag)
    }

    fn tabellen(&mut self, bestanden: &[Vondst], soort: Soort) -> Result<(), BronFout> {
        let van_soort = |v: &Vondst| v.soort == soort && v.bericht.is_none();
        for (i, _) in bestanden.iter().enumerate().filter(|(_, v)| van_soort(v)) {
            let verslag = self.verslag(BestandNr(i as u16))?;
            let uit = &mut self.lezer.uit;
            uit.rijen.bestanden[i] = verslag.bestand;
            uit.waarschuwingen.extend(verslag.waarschuwingen);
            uit.fouten.extend(verslag.fouten);
            tel_op(&mut self.lezer.aangevuld, verslag.aangevuld);
            self.agbs.extend(verslag.agbs);
        }
        Ok(())
    }

    /// Messages of one kind of table: a double is refused, and refused rows count together.
    fn berichten(&mut self, bestanden: &[Vondst], soort: Soort) -> Result<(), BronFout> {
        let mut samen = Leesverslag::default();
        let mut aangevuld = BTreeMap::new();
        let van_soort = bestanden.iter().enumerate().filter(|(_, v)| v.soort == soort);
        let berichten: Vec<(usize, &Vondst, Bericht)> =
            van_soort.filter_map(|(i, v)| Some((i, v, v.bericht?))).collect();
        for &(i, vondst, bericht) in &berichten {
            let nr = BestandNr(i as u16);
            let verslag = self.verslag(nr)?;
            let fout = verslag.geweigerd.or_else(|| {
                let sleutel = (bericht, verslag.bericht?);
                let eerste = *self.lezer.eerder.entry(sleutel).or_insert(nr);
                let eerder = self.lezer.uit.rijen.bestanden[usize::from(eerste.0)].pad.clone();
                (eerste != nr).then_some(Berichtfout::Dubbel { eerder })
            });
            let uit = &mut self.lezer.uit;
            let Some(fout) = fout else {
                samen.gelezen += verslag.bestand.gelezen;
                samen.afgekeurd += verslag.bestand.afgekeurd;
                samen.fouten.extend(verslag.fouten);
                tel_op(&mut aangevuld, verslag.aangevuld);
                uit.rijen.bestanden[i] = verslag.bestand;
                self.agbs.extend(verslag.agbs);
                continue;
            };
            let bestand = &mut uit.rijen.bestanden[i];
            (bestand.bytes, bestand.sha256) = (verslag.bestand.bytes, verslag.bestand.sha256);
            uit.fouten.push(Invoerfout {
                bestand: nr,
                regelnummer: 1,
                kolom: None,
                waarde: "".into(),
                reden: Leesreden::Bericht(fout.clone()),
                gevolg: Gevolg::BerichtGeweigerd,
            });
            self.lezer.geweigerd.push((vondst.naam.clone(), fout));
            self.geweigerd[i] = true;
        }
        te_veel_afgekeurd(&samen, self.lezer.opties.max_afgekeurd, |fout| {
            let pad = &bestanden[usize::from(fout.bestand.0)].naam;
            format!("{} berichten samen, waaronder {pad}", berichten.len())
        })?;
        tel_op(&mut self.lezer.aangevuld, aangevuld);
        self.lezer.uit.fouten.extend(samen.fouten);
        Ok(())
    }
}

fn tel_op(samen: &mut BTreeMap<Kolom, u64>, erbij: impl IntoIterator<Item = (Kolom, u64)>) {
    for (kolom, aantal) in erbij {
        *samen.entry(kolom).or_default() += aantal;
    }
}
