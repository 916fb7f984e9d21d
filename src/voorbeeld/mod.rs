//! A made-up dossier of any size, to try and to measure with: lawful, but for what is planted.
//!
//! A [`Plan`](plan::Plan) holds what is true of the whole: the contract, the aanbieders, the
//! jeugdigen. From it come blocks of 20,000 lines, each from a stream of chance of its own, so that
//! they can be made in parallel and in pieces: the same options give the same bytes, whatever the
//! number of threads, and memory holds a few blocks at a time. Writers put a block into CSV, or all
//! of a smaller dossier into iJw messages.
//!
//! **Bsns.** Only test numbers are used, those from 999900006 up to 999999990 that pass the elfproef:
//! about 9,000. Past some 90,000 lines jeugdigen share one. A child that has its Bsn for itself may
//! have no-shows, stays and a second toewijzing. Of those that share, only the first may: the others
//! have ambulant help, groups, trajectories and dyslexia care, each with an aanbieder, a budget and the
//! gemeente's permission of their own, so that what the rules count for one Bsn (no-shows, etmalen,
//! budgets, minutes of dyslexia care) stays lawful. What a large dossier says of a single Bsn is
//! therefore no picture of a child: it has toewijzingen at many aanbieders in many gemeenten, and stays
//! and no-shows are rarer than in a small one.

mod afwijking;
mod blok;
mod contract;
mod csv;
mod ijw;
mod jeugdige;
mod plan;
mod tekst;
mod traject;

use crate::dossier::Ernst;
use crate::regelset::Regelset;
use crate::writing::{Plaats, WriteError};
use blok::Blok;
use contract::Contract;
use csv::Teksten;
use plan::Plan;
use rayon::prelude::*;
use rust_decimal::Decimal;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use tekst::Dagen;
use thiserror::Error;

/// The file that says what was planted. Its name is one that `controleer` leaves alone.
pub const GEPLANT: &str = "leesmij_geplant.csv";
/// Most lines of a dossier, and of one in messages: those are all in memory at once.
pub const MEESTE_REGELS: u64 = 50_000_000;
pub const MEESTE_REGELS_IJW: u64 = 500_000;
/// Largest share of planted exceptions, in percent: past it toewijzingen are too few.
pub const MEESTE_FOUTEN: i64 = 10;

/// The form of a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vorm {
    Csv,
    Ijw,
}

impl FromStr for Vorm {
    type Err = String;
    fn from_str(tekst: &str) -> Result<Vorm, String> {
        match tekst {
            "csv" => Ok(Vorm::Csv),
            "ijw" => Ok(Vorm::Ijw),
            _ => Err("kies csv of ijw".to_owned()),
        }
    }
}

/// What dossier to make.
#[derive(Clone, Debug)]
pub struct Wens {
    pub regels: u64,
    pub zaad: u64,
    /// Percentage of the lines with a planted exception.
    pub fouten: Decimal,
    pub vorm: Vorm,
    pub jaar: i32,
}

/// What was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gemaakt {
    pub regels: u64,
    pub toewijzingen: u64,
    pub geplant: u64,
    pub berichten: u64,
}

/// Why there is no dossier; then nothing of it is left.
#[derive(Debug, Error)]
pub enum VoorbeeldFout {
    #[error("regelset {naam} mist wat een voorbeeld nodig heeft: {wat}")]
    Regelset { naam: String, wat: &'static str },
    #[error("{} is geen lege map", map.display())]
    NietLeeg { map: PathBuf },
    #[error("{} is geen map", map.display())]
    GeenMap { map: PathBuf },
    #[error("{} is niet door rechtmatig voorbeeld gemaakt en wordt niet vervangen", map.display())]
    NietVanOns { map: PathBuf },
    #[error(
        "dit dossier heeft {aantal} berichten nodig; meer dan {} kan een dossier niet hebben",
        ijw::BERICHTEN
    )]
    TeVeelBerichten { aantal: usize },
    #[error("een bericht zou groter worden dan 25.000.000 bytes")]
    BerichtTeGroot,
    #[error(transparent)]
    Schrijven(#[from] WriteError),
}

impl VoorbeeldFout {
    /// What the reader of the message can do about it.
    pub fn raad(&self) -> &'static str {
        match self {
            VoorbeeldFout::Regelset { .. } => "kies een andere regelset, zoals --regio ijsselland",
            VoorbeeldFout::NietLeeg { .. } => {
                "kies een andere map, of vervang een eerder voorbeeld met --overschrijf"
            }
            VoorbeeldFout::GeenMap { .. } => "kies een map die leeg is of nog niet bestaat",
            VoorbeeldFout::NietVanOns { .. } => "kies een andere map, of maak deze eerst zelf leeg",
            VoorbeeldFout::TeVeelBerichten { .. } | VoorbeeldFout::BerichtTeGroot => {
                "vraag minder regels met --regels, of kies --vorm csv"
            }
            VoorbeeldFout::Schrijven(_) => {
                "maak ruimte of kies een andere map; er is niets half geschreven"
            }
        }
    }

    /// Is it the options that are wrong, rather than the place?
    pub fn is_gebruik(&self) -> bool {
        matches!(
            self,
            VoorbeeldFout::Regelset { .. }
                | VoorbeeldFout::TeVeelBerichten { .. }
                | VoorbeeldFout::BerichtTeGroot
        )
    }
}

impl From<ijw::TeVeel> for VoorbeeldFout {
    fn from(e: ijw::TeVeel) -> VoorbeeldFout {
        match e {
            ijw::TeVeel::Berichten(aantal) => VoorbeeldFout::TeVeelBerichten { aantal },
            ijw::TeVeel::Bytes => VoorbeeldFout::BerichtTeGroot,
        }
    }
}

/// Writes the dossier to its place: whole, or not at all. `meld` hears how many lines are made, of how
/// many.
pub fn maak(
    plaats: Plaats,
    set: &Regelset,
    wens: &Wens,
    meld: &dyn Fn(u64, u64),
) -> Result<Gemaakt, VoorbeeldFout> {
    let contract = Contract::van(set, wens.jaar)
        .map_err(|wat| VoorbeeldFout::Regelset { naam: set.naam.clone(), wat })?;
    let fouten = (wens.fouten * Decimal::from(1_000)).trunc();
    let fouten = u64::try_from(fouten).unwrap_or_default();
    let plan = Plan::nieuw(contract, wens.zaad, wens.regels, fouten);
    let schrijver = Schrijver { map: plaats.map(), plan: &plan };
    let gemaakt = match wens.vorm {
        Vorm::Csv => schrijver.als_csv(meld)?,
        Vorm::Ijw => schrijver.als_ijw(meld)?,
    };
    schrijver.kleine_tabellen(set)?;
    plaats.zet_neer()?;
    Ok(gemaakt)
}

/// The place of a dossier, unless there is something that isn't ours to replace.
pub fn plaats(map: &Path, overschrijf: bool) -> Result<Plaats, VoorbeeldFout> {
    let fout = |e: std::io::Error| WriteError::schrijven(map, &e);
    let mut vervang = overschrijf;
    // `voorbeeld .` and `voorbeeld x/..` name a folder too.
    let map = &if map.exists() { map.canonicalize().map_err(fout)? } else { map.to_owned() };
    if map.symlink_metadata().is_ok() {
        if !map.is_dir() {
            return Err(VoorbeeldFout::GeenMap { map: map.clone() });
        }
        if map.read_dir().map_err(fout)?.next().is_none() {
            vervang = true;
        } else if !overschrijf {
            return Err(VoorbeeldFout::NietLeeg { map: map.clone() });
        } else if !map.join(GEPLANT).is_file() {
            return Err(VoorbeeldFout::NietVanOns { map: map.clone() });
        }
    }
    let Some(naam) = map.file_name().map(|n| n.to_string_lossy().into_owned()) else {
        return Err(VoorbeeldFout::GeenMap { map: map.clone() });
    };
    let ouder = map.parent().filter(|o| !o.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(Plaats::maak(ouder, &naam, vervang)?)
}

struct Schrijver<'p> {
    map: PathBuf,
    plan: &'p Plan,
}

/// A file of the dossier that is being written.
struct Bestand {
    pad: PathBuf,
    uit: BufWriter<File>,
}

impl Bestand {
    fn voeg_toe(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.uit.write_all(bytes).map_err(|e| WriteError::schrijven(&self.pad, &e))
    }

    fn sluit(mut self) -> Result<(), WriteError> {
        self.uit.flush().map_err(|e| WriteError::schrijven(&self.pad, &e))
    }
}

impl Schrijver<'_> {
    fn bestand(&self, naam: &str, kop: &str) -> Result<Bestand, WriteError> {
        let pad = self.map.join(naam);
        let uit = File::create(&pad).map_err(|e| WriteError::schrijven(&pad, &e))?;
        let mut bestand = Bestand { pad, uit: BufWriter::with_capacity(1 << 20, uit) };
        bestand.voeg_toe(kop.as_bytes())?;
        Ok(bestand)
    }

    /// A few blocks at a time are made in parallel and written in their order.
    fn als_csv(&self, meld: &dyn Fn(u64, u64)) -> Result<Gemaakt, VoorbeeldFout> {
        let plan = self.plan;
        let dagen = Dagen::rond(plan.contract.jaar);
        let mut declaraties = self.bestand("declaraties.csv", csv::DECLARATIES)?;
        let mut toewijzingen = self.bestand("toewijzingen.csv", csv::TOEWIJZINGEN)?;
        let mut startstop = self.bestand("startstop.csv", csv::STARTSTOP)?;
        let mut geplant = self.bestand(GEPLANT, GEPLANT_KOP)?;
        let mut telling = Telling::nieuw(plan);
        let tegelijk = rayon::current_num_threads() as u64 * 4;
        let mut van = 0;
        while van < plan.blokken() {
            let tot = (van + tegelijk).min(plan.blokken());
            let groep: Vec<(Teksten, Telling)> = (van..tot)
                .into_par_iter()
                .map(|nr| {
                    let blok = Blok::maak(plan, nr);
                    let mut telling = Telling::nieuw(plan);
                    telling.neem_op(plan, &blok, Vorm::Csv);
                    (Teksten::van(plan, &dagen, &blok), telling)
                })
                .collect();
            for (teksten, deel) in groep {
                declaraties.voeg_toe(&teksten.declaraties)?;
                toewijzingen.voeg_toe(&teksten.toewijzingen)?;
                startstop.voeg_toe(&teksten.startstop)?;
                geplant.voeg_toe(&teksten.geplant)?;
                telling.voeg_bij(&deel);
            }
            van = tot;
            meld(telling.gemaakt.regels, plan.regels);
        }
        for bestand in [declaraties, toewijzingen, startstop, geplant] {
            bestand.sluit()?;
        }
        self.omzet(&telling)?;
        Ok(telling.gemaakt)
    }

    /// A declaration holds lines of many blocks: they are all made first.
    fn als_ijw(&self, meld: &dyn Fn(u64, u64)) -> Result<Gemaakt, VoorbeeldFout> {
        let plan = self.plan;
        let dagen = Dagen::rond(plan.contract.jaar);
        let blokken: Vec<Blok> =
            (0..plan.blokken()).into_par_iter().map(|nr| Blok::maak(plan, nr)).collect();
        let mut telling = Telling::nieuw(plan);
        let mut geplant = self.bestand(GEPLANT, GEPLANT_KOP)?;
        for blok in &blokken {
            telling.neem_op(plan, blok, Vorm::Ijw);
            let mut tekst = Vec::new();
            for g in blok.geplant.iter().filter(|g| g.afwijking.in_berichten()) {
                tekst::geplant(&mut tekst, plan, g, in_berichten(g.afwijking).naam());
            }
            geplant.voeg_toe(&tekst)?;
        }
        geplant.sluit()?;
        for soort in ["jw301", "jw305", "jw307", "jw323"] {
            let pad = self.map.join(soort);
            std::fs::create_dir(&pad).map_err(|e| WriteError::schrijven(&pad, &e))?;
        }
        let mut geschreven = 0;
        let aantal = ijw::berichten::<VoorbeeldFout>(plan, &dagen, &blokken, |bericht, van| {
            let pad = self.map.join(&bericht.pad);
            std::fs::write(&pad, bericht.inhoud).map_err(|e| WriteError::schrijven(&pad, &e))?;
            geschreven += 1;
            meld(geschreven, van as u64);
            Ok(())
        })?;
        self.omzet(&telling)?;
        Ok(Gemaakt { berichten: aantal as u64, ..telling.gemaakt })
    }

    /// Last year's turnover, so that none has moved.
    fn omzet(&self, telling: &Telling) -> Result<(), WriteError> {
        let mut uit = String::from("Aanbieder;Jaar;Omzet\n").into_bytes();
        for (nr, &nu) in telling.omzet.iter().enumerate() {
            tekst::getal(&mut uit, u64::from(self.plan.agb(nr as u32)), 8);
            uit.extend_from_slice(format!(";{};", self.plan.contract.jaar - 1).as_bytes());
            tekst::euro(&mut uit, self.plan.omzet_vorig_jaar(nr as u32, nu));
            uit.push(b'\n');
        }
        self.klein("omzet.csv", &uit)
    }

    fn kleine_tabellen(&self, set: &Regelset) -> Result<(), WriteError> {
        let plan = self.plan;
        let mut uit = String::from(
            "Aanbieder;Naam;Perceel;Percelen;Voorzieningen;KdcOdc;CrisisContract;LandelijkeOmzet\n",
        );
        for (nr, a) in plan.aanbieders.iter().enumerate() {
            let percelen: Vec<String> = a.percelen.iter().map(u8::to_string).collect();
            let mut sleutels: Vec<&str> =
                a.producten.iter().map(|&p| plan.contract.producten[p].sleutel.as_str()).collect();
            sleutels.sort_unstable();
            sleutels.dedup();
            uit += &format!(
                "{:08};Aanbieder {};{};{};{};{};N;{}\n",
                plan.agb(nr as u32),
                nr + 1,
                a.perceel,
                percelen.join("|"),
                if a.noemt { sleutels.join("|") } else { String::new() },
                if a.kdc { "J" } else { "N" },
                a.landelijke_omzet,
            );
        }
        self.klein("aanbieders.csv", uit.as_bytes())?;
        if !plan.contract.tarieven.is_empty() {
            let mut uit = String::from("Jaar;Tariefsleutel;Perceel;Eenheid;Tarief\n").into_bytes();
            for t in &plan.contract.tarieven {
                let perceel = t.perceel.map(|p| p.to_string()).unwrap_or_default();
                let begin = format!("{};{};{perceel};{};", t.jaar, t.tariefsleutel, t.eenheid);
                uit.extend_from_slice(begin.as_bytes());
                tekst::euro(&mut uit, t.tarief.0);
                uit.push(b'\n');
            }
            self.klein("tarieven.csv", &uit)?;
        }
        let instelling = format!("jaar = {}\nregio = \"{}\"\n", plan.contract.jaar, set.naam);
        self.klein("controle.toml", instelling.as_bytes())
    }

    fn klein(&self, naam: &str, inhoud: &[u8]) -> Result<(), WriteError> {
        let mut bestand = self.bestand(naam, "")?;
        bestand.voeg_toe(inhoud)?;
        bestand.sluit()
    }
}

const GEPLANT_KOP: &str =
    "Regel;Ernst;Gemeente;Aanbieder;ToewijzingNummer;ReferentieNummer;Uitleg\n";

/// What a rule makes of an exception in messages: they carry no Bijzonderheid, so that what its word
/// `crisis` could lift isn't certain.
fn in_berichten(afwijking: afwijking::Afwijking) -> Ernst {
    match afwijking {
        afwijking::Afwijking::TW05 => Ernst::Onzekerheid,
        _ => afwijking.ernst(),
    }
}

/// What was made so far.
struct Telling {
    gemaakt: Gemaakt,
    /// For each aanbieder the sum of its live lines of the year, in cents.
    omzet: Vec<i64>,
}

impl Telling {
    fn nieuw(plan: &Plan) -> Telling {
        Telling { gemaakt: Gemaakt::default(), omzet: vec![0; plan.aanbieders.len()] }
    }

    fn neem_op(&mut self, plan: &Plan, blok: &Blok, vorm: Vorm) {
        let zichtbaar = |g: &&afwijking::Geplant| vorm == Vorm::Csv || g.afwijking.in_berichten();
        self.gemaakt.geplant += blok.geplant.iter().filter(zichtbaar).count() as u64;
        self.gemaakt.toewijzingen += blok.trajecten.len() as u64;
        for t in &blok.trajecten {
            self.gemaakt.regels += t.regels.len() as u64;
            for r in t.levende().filter(|r| r.eind >= plan.eerste_dag) {
                self.omzet[r.aanbieder as usize] += r.bedrag;
            }
        }
    }

    fn voeg_bij(&mut self, deel: &Telling) {
        self.gemaakt.regels += deel.gemaakt.regels;
        self.gemaakt.toewijzingen += deel.gemaakt.toewijzingen;
        self.gemaakt.geplant += deel.gemaakt.geplant;
        for (som, erbij) in self.omzet.iter_mut().zip(&deel.omzet) {
            *som += erbij;
        }
    }
}
