//! From files to typed rows: which files there are, how they are written, which rows can't be read.

mod berichten;
mod collect;
mod controlelijst;
mod csv;
mod declaraties;
mod deel;
mod fout;
mod getal;
mod gz;
mod ijw;
mod instelling;
mod kop;
mod line_sink;
mod parquet;
mod part;
mod plek;
mod reader;
mod record;
mod rij;
mod small;
mod stamgegevens;
mod stappen;
mod startstop;
mod tabel;
mod toewijzingen;
mod velden;
mod verslag;
mod vinden;
mod vorm;
mod xlsx;

pub use berichten::neem_terug;
pub use controlelijst::{Controlelijst, Controleregel, Leesprobleem, Oordeel, lees_controlelijst};
pub use deel::{Bestandslezing, Bestandsverslag, Geheel, Inventaris, Leestaak, Stamgegevens};
pub use fout::{Afkeuring, BronFout, Gevolg, Invoerfout};
pub use ijw::Berichtfout;
pub use instelling::{BESTANDSNAAM, Instelling};
pub use kop::Kolomnamen;
pub use line_sink::{InMemory, LineSink};
pub use tabel::{Invoer, Leeswijze, Tabel};
pub use velden::{Bedragen, Decimaalteken, Geldeenheid, Leesreden};

use crate::dossier::{Beoordeling, Catalogusrij, Onverbonden, Soort, Tariefrij};
use reader::Lezer;
use rust_decimal::Decimal;
pub use small::{dubbel_tarief, lees_catalogus, lees_tarieven};
use stappen::stappen;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
pub use vinden::is_map;
use vinden::{Vondst, vind};

/// How a dossier is read.
#[derive(Clone, Debug)]
pub struct Leesopties {
    pub wijze: Leeswijze,
    /// More refused rows than this percentage of a file stop the run.
    pub max_afgekeurd: Decimal,
    /// Does every line need a toewijzing, so that a dossier without them can't be audited?
    pub toewijzingen_nodig: bool,
}

impl Leesopties {
    /// The kinds of file without which a dossier can't be audited.
    fn nodig(&self) -> &'static [Soort] {
        if self.toewijzingen_nodig {
            &[Soort::Declaraties, Soort::Toewijzingen]
        } else {
            &[Soort::Declaraties]
        }
    }
}

/// All that was read of a dossier, not yet joined.
#[derive(Debug)]
pub struct Ingelezen {
    pub rijen: Onverbonden,
    /// Rows of `producten` and `tarieven`, by the file that they stood in.
    pub producten: Vec<Catalogusrij>,
    pub tarieven: Vec<Tariefrij>,
    /// Verdicts on findings of an earlier run.
    pub beoordelingen: Vec<Beoordeling>,
    pub fouten: Vec<Invoerfout>,
    /// What the user should know of the input, in Dutch sentences.
    pub waarschuwingen: Vec<String>,
}

/// How far the reading of a dossier is.
#[derive(Clone, Copy, Debug)]
pub struct Leesstand {
    /// Bytes read, of how many.
    pub bytes: u64,
    pub totaal: u64,
    /// Declaratieregels taken over so far.
    pub regels: u64,
}

/// Reads the files of a dossier; its lines go to `sink`. `voortgang` is told how far it is.
///
/// # Errors
/// Files that can't be read, too many refused rows, or nothing to audit.
pub fn lees_dossier(
    map: &Path,
    opties: &Leesopties,
    sink: &mut dyn LineSink,
    voortgang: &(dyn Fn(Leesstand) + Sync),
) -> Result<Ingelezen, BronFout> {
    let gevonden = vind(map, opties.nodig())?;
    let totaal = gevonden.bestanden.iter().map(|v| v.bytes).sum::<u64>();
    let stand = AtomicU64::new(0);
    let regels = AtomicU64::new(0);
    let meld = |bytes: u64| {
        let tot_nu = stand.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let regels = regels.load(Ordering::Relaxed);
        voortgang(Leesstand { bytes: tot_nu.min(totaal), totaal, regels });
    };
    let bestanden = gevonden.bestanden.iter().map(Vondst::leeg_bestand).collect();
    let mut lezer = Lezer::nieuw(opties, bestanden, &meld, &regels)?;
    lezer.uit.waarschuwingen = gevonden.waarschuwingen;
    lezer.geweigerd = gevonden.geweigerd;
    for stap in stappen(&gevonden.bestanden) {
        lezer.lees(&stap, sink)?;
        if stap.soort == Soort::Toewijzingen {
            // The sooner, the less there is in memory beside them.
            lezer.uit.rijen.kies_versies();
        }
    }
    let terug = std::mem::take(&mut lezer.terug);
    if let Some(alle) = &mut lezer.uit.rijen.startstop {
        neem_terug(alle, &terug);
    }
    let agbs = lezer.uit.rijen.alle_agbs().len();
    lezer.rond_af(agbs)
}
