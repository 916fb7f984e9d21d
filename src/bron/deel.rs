//! Reading a dossier in parts: every large file by itself, in whatever process, and then what only
//! all files together can tell. Refused rows, totals, warnings and errors are those of
//! [`lees_dossier`](super::lees_dossier), in its order.

use super::ijw::Berichtfout;
use super::line_sink::InMemory;
use super::reader::Lezer;
use super::stappen::{Stap, is_groot, kleine_soorten, stappen};
use super::verslag::Leesverslag;
use super::vinden::{Gevonden, Vondst, vind, vind_tabellen};
use super::{BronFout, Ingelezen, Invoerfout, Leesopties};
use crate::dossier::{
    Agb, Beoordeling, Bestand, BestandNr, Catalogusrij, Kolom, Onverbonden, Startstop, Tariefrij,
};
use crate::ground::gemaskeerd;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::atomic::AtomicU64;

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
        for soort in kleine_soorten() {
            let van_soort = bestanden.iter().enumerate().filter(|(_, b)| b.soort == soort);
            let vondsten = van_soort.map(|(i, bestand)| {
                let vondst = gevonden.iter().find(|v| v.naam == bestand.pad);
                vondst.map(|v| (BestandNr(i as u16), v)).ok_or_else(|| verdwenen(&bestand.pad))
            });
            let vondsten = vondsten.collect::<Result<Vec<_>, BronFout>>()?;
            lezer.lees(&Stap::nieuw(soort, vondsten), &mut InMemory::default())?;
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
        let groot = self.0.bestanden.iter().filter(|v| is_groot(v.soort));
        groot.map(|v| Leestaak { bestand: v.naam.clone(), bytes: v.bytes })
    }

    /// Reads one of these files.
    pub fn lees(&self, bestand: &str, opties: &Leesopties) -> Result<Bestandslezing, BronFout> {
        let vondst = self.0.bestanden.iter().find(|v| v.naam == bestand);
        let vondst = vondst.ok_or_else(|| verdwenen(&gemaskeerd(bestand)))?;
        let mut opties = opties.clone();
        if vondst.bericht.is_some() {
            // Messages are judged together, once all of a kind are read.
            opties.max_afgekeurd = Decimal::ONE_HUNDRED;
        }
        let regels = AtomicU64::new(0);
        let mut lezer = Lezer::nieuw(&opties, vec![vondst.leeg_bestand()], &|_| {}, &regels)?;
        if is_groot(vondst.soort) {
            let stap = Stap::nieuw(vondst.soort, [(BestandNr(0), vondst)]);
            lezer.lees(&stap, &mut InMemory::default())?;
        }
        let Lezer { mut uit, aangevuld, geweigerd, eerder, terug, .. } = lezer;
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
        for stap in stappen(&bestanden) {
            if is_groot(stap.soort) {
                samen.tabellen(&stap)?;
                samen.berichten(&stap)?;
            } else {
                samen.lezer.lees(&stap, &mut InMemory::default())?;
            }
        }
        let Samen { lezer, geweigerd, mut agbs, .. } = samen;
        agbs.extend(lezer.uit.rijen.alle_agbs());
        let uit = lezer.rond_af(agbs.len())?;
        Ok(Geheel {
            bestanden: uit.rijen.bestanden,
            geweigerd,
            agbs: agbs.into_iter().collect(),
            fouten: uit.fouten,
            waarschuwingen: uit.waarschuwingen,
        })
    }
}

fn verdwenen(bestand: &str) -> BronFout {
    BronFout::Onleesbaar {
        bestand: bestand.to_owned(),
        oorzaak: "het staat niet meer in het dossier".to_owned(),
    }
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
        let Some(plaats) = plaats.ok().filter(|i| is_groot(bestanden[*i].soort)) else {
            return Err(BronFout::Leesdeel { bestand: naam, wat: "hoort niet bij dit dossier" });
        };
        if uit.insert(BestandNr(plaats as u16), verslag).is_some() {
            return Err(BronFout::Leesdeel { bestand: naam, wat: "is twee keer gelezen" });
        }
    }
    let zonder =
        |(i, v): &(usize, &Vondst)| is_groot(v.soort) && !uit.contains_key(&BestandNr(*i as u16));
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

    fn tabellen(&mut self, stap: &Stap<'_>) -> Result<(), BronFout> {
        for &(nr, _) in &stap.tabellen {
            let verslag = self.verslag(nr)?;
            self.lezer.uit.waarschuwingen.extend(verslag.waarschuwingen);
            self.lezer.uit.fouten.extend(verslag.fouten);
            self.lezer.uit.rijen.bestanden[usize::from(nr.0)] = verslag.bestand;
            self.lezer.tel_aangevuld(verslag.aangevuld);
            self.agbs.extend(verslag.agbs);
        }
        Ok(())
    }

    /// Messages of one kind of table: a double is refused, and refused rows count together.
    fn berichten(&mut self, stap: &Stap<'_>) -> Result<(), BronFout> {
        let mut samen = Leesverslag::default();
        for &(nr, vondst, bericht) in &stap.berichten {
            let verslag = self.verslag(nr)?;
            let eerste_keer = match (verslag.geweigerd, verslag.bericht) {
                (Some(fout), _) => Err(fout),
                (None, Some(sleutel)) => self.lezer.eerste_keer(nr, bericht, sleutel),
                (None, None) => Ok(()),
            };
            let bestand = &mut self.lezer.uit.rijen.bestanden[usize::from(nr.0)];
            match eerste_keer {
                Ok(()) => {
                    samen.gelezen += verslag.bestand.gelezen;
                    samen.afgekeurd += verslag.bestand.afgekeurd;
                    samen.fouten.extend(verslag.fouten);
                    for (kolom, aantal) in verslag.aangevuld {
                        samen.tel_aangevuld(kolom, aantal);
                    }
                    *bestand = verslag.bestand;
                    self.agbs.extend(verslag.agbs);
                }
                Err(fout) => {
                    (bestand.bytes, bestand.sha256) =
                        (verslag.bestand.bytes, verslag.bestand.sha256);
                    self.lezer.weiger(nr, &vondst.naam, fout);
                    self.geweigerd[usize::from(nr.0)] = true;
                }
            }
        }
        self.lezer.sluit_berichten(samen, stap.berichten.len())
    }
}
