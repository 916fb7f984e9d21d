//! All files of a dossier into its tables, one kind after the other.

use super::fout::{BronFout, Invoerfout};
use super::ijw::{Bericht, Berichtfout};
use super::kop::Kop;
use super::line_sink::LineSink;
use super::rij::Rij;
use super::stappen::{Genummerd, Stap};
use super::tabel::{Gelezen, Invoer, Tabel};
use super::vinden::Vondst;
use super::{
    Ingelezen, Leesopties, declaraties, ijw, small, stamgegevens, startstop, toewijzingen,
};
use crate::dossier::{Bestand, BestandNr, Kolom, Onverbonden, Soort, Startstop};
use crate::ground::gemaskeerd;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::AtomicU64;

pub struct Lezer<'a> {
    pub opties: &'a Leesopties,
    pub uit: Ingelezen,
    pub aangevuld: BTreeMap<Kolom, u64>,
    /// Messages that were refused, and why.
    pub geweigerd: Vec<(String, Berichtfout)>,
    /// The first file of each kind of message, sender, identification and date.
    pub eerder: HashMap<(Bericht, [String; 3]), BestandNr>,
    /// Starts and stops that take one back.
    pub terug: Vec<Startstop>,
    pub meld: &'a (dyn Fn(u64) + Sync),
    /// Declaratieregels taken over so far.
    regels: &'a AtomicU64,
}

impl<'a> Lezer<'a> {
    /// A reader of these files, of which nothing is read yet.
    pub fn nieuw(
        opties: &'a Leesopties,
        bestanden: Vec<Bestand>,
        meld: &'a (dyn Fn(u64) + Sync),
        regels: &'a AtomicU64,
    ) -> Result<Lezer<'a>, BronFout> {
        let grens = usize::from(u16::MAX);
        if bestanden.len() > grens + 1 {
            return Err(BronFout::TeVeel { grens, wat: "bestanden" });
        }
        Ok(Lezer {
            opties,
            uit: Ingelezen {
                rijen: Onverbonden { bestanden, ..Onverbonden::default() },
                producten: Vec::new(),
                tarieven: Vec::new(),
                beoordelingen: Vec::new(),
                fouten: Vec::new(),
                waarschuwingen: Vec::new(),
            },
            aangevuld: BTreeMap::new(),
            geweigerd: Vec::new(),
            eerder: HashMap::new(),
            terug: Vec::new(),
            meld,
            regels,
        })
    }

    /// Reads all files of one step; lines go to `sink`.
    pub fn lees(&mut self, stap: &Stap<'_>, sink: &mut dyn LineSink) -> Result<(), BronFout> {
        let Stap { soort, tabellen, berichten } = stap;
        match soort {
            Soort::Toewijzingen => {
                self.toewijzingen(tabellen)?;
                self.toewijzingberichten(berichten)
            }
            Soort::Startstop => {
                tabellen.iter().try_for_each(|(nr, vondst)| self.startstop(*nr, vondst))?;
                self.startstopberichten(berichten)
            }
            Soort::Antwoorden => self.antwoorden(berichten),
            Soort::Declaraties => self.declaraties(stap, sink),
            _ => self.stamgegevens(*soort, tabellen),
        }
    }

    fn tabel<'v>(nr: BestandNr, vondst: &'v Vondst) -> (Tabel<'v>, Invoer<'v>) {
        let tabel = Tabel { naam: &vondst.naam, soort: vondst.soort, nr };
        (tabel, Invoer::Bestand(&vondst.plek))
    }

    fn toewijzingen(&mut self, bestanden: &[Genummerd<'_>]) -> Result<(), BronFout> {
        let bytes = bestanden.iter().map(|(_, v)| v.bytes).sum::<u64>() as usize;
        for &(nr, vondst) in bestanden {
            let (tabel, invoer) = Self::tabel(nr, vondst);
            let mut whole = toewijzingen::OfFile::new(&mut self.uit.rijen, bytes);
            let rows = &mut toewijzingen::Reader;
            let gelezen = tabel.lees(&invoer, &self.opties.wijze, rows, &mut whole, self.meld)?;
            self.sluit(nr, gelezen)?;
        }
        Ok(())
    }

    fn declaraties(&mut self, stap: &Stap<'_>, sink: &mut dyn LineSink) -> Result<(), BronFout> {
        let Stap { tabellen, berichten, .. } = stap;
        let wijze = &self.opties.wijze;
        let nummers = std::mem::take(&mut self.uit.rijen.toewijzingnummers);
        let woorden = std::mem::take(&mut self.uit.rijen.woorden);
        let mut rows = declaraties::Reader::new(&nummers, &wijze.zonder_bsn, woorden);
        let mut verzameling = declaraties::Verzameling::nieuw(&nummers, sink);
        let bytes = tabellen.iter().map(|(_, v)| v.bytes).sum::<u64>() as usize;
        for &(nr, vondst) in tabellen {
            let (tabel, invoer) = Self::tabel(nr, vondst);
            let mut whole = verzameling.of_file(&mut self.uit.rijen, nr, bytes, self.regels);
            let gelezen = tabel.lees(&invoer, wijze, &mut rows, &mut whole, self.meld)?;
            self.sluit(nr, gelezen)?;
        }
        self.declaratieberichten(berichten, &mut rows, &mut verzameling)?;
        if !tabellen.is_empty() && !berichten.is_empty() {
            self.uit.rijen.regels.par_sort_by_key(|r| (r.bestand, r.regelnummer));
        }
        let bekend = rows.into_bekend();
        verzameling.rond_af(&mut self.uit.rijen, nummers, bekend)
    }

    /// Start and stop messages: as many as there are toewijzingen, and more.
    fn startstop(&mut self, nr: BestandNr, vondst: &Vondst) -> Result<(), BronFout> {
        let (tabel, invoer) = Self::tabel(nr, vondst);
        let mut rows = startstop::Reader(&self.uit.rijen.toewijzingnummers);
        let mut delen: Vec<startstop::Deel> = Vec::new();
        let gelezen = tabel.lees(&invoer, &self.opties.wijze, &mut rows, &mut delen, self.meld)?;
        self.sluit(nr, gelezen)?;
        let Onverbonden { startstop, toewijzingnummers, .. } = &mut self.uit.rijen;
        let berichten = startstop.get_or_insert_default();
        berichten.reserve_exact(delen.iter().map(startstop::Deel::aantal).sum());
        for deel in delen {
            berichten.extend(deel.in_geheel(toewijzingnummers));
        }
        Ok(())
    }

    /// Small tables of one kind.
    fn stamgegevens(&mut self, soort: Soort, tabellen: &[Genummerd<'_>]) -> Result<(), BronFout> {
        match soort {
            Soort::Aanbieders => {
                let alle = self.alle(tabellen, stamgegevens::aanbieder)?;
                let mut aanbieders = alle.unwrap_or_default();
                small::controleer_dubbele_aanbieders(&mut aanbieders, &self.uit.rijen.bestanden)?;
                self.uit.rijen.aanbieders = aanbieders;
            }
            Soort::Producten => {
                for &(nr, vondst) in tabellen {
                    let rijen = self.klein(nr, vondst, stamgegevens::product)?;
                    self.uit.producten.extend(rijen);
                    small::controleer_dubbele_producten(&mut self.uit.producten, &vondst.naam)?;
                }
            }
            Soort::Tarieven => {
                for &(nr, vondst) in tabellen {
                    let rijen = self.klein(nr, vondst, stamgegevens::tarief)?;
                    self.uit.tarieven.extend(rijen);
                    small::controleer_dubbele_tarieven(&self.uit.tarieven, &vondst.naam)?;
                }
            }
            Soort::Omzet => self.uit.rijen.omzet = self.alle(tabellen, stamgegevens::omzet)?,
            Soort::Productieverantwoording => {
                let rijen = self.alle(tabellen, stamgegevens::verantwoording)?;
                self.uit.rijen.productieverantwoording = rijen;
            }
            Soort::Afspraken => {
                self.uit.rijen.afspraken = self.alle(tabellen, stamgegevens::afspraak)?;
            }
            Soort::Maatwerk => {
                self.uit.rijen.maatwerk = self.alle(tabellen, stamgegevens::maatwerk)?;
            }
            Soort::Beoordelingen => {
                // A row without a verdict is a finding that nobody judged yet.
                let rijen = self.alle(tabellen, stamgegevens::beoordeling)?;
                self.uit.beoordelingen = rijen.into_iter().flatten().flatten().collect();
            }
            anders => unreachable!("{anders:?} is no small table"),
        }
        Ok(())
    }

    /// All rows of these tables, if there are any tables.
    fn alle<T: Send>(
        &mut self,
        tabellen: &[Genummerd<'_>],
        rij: fn(Rij<'_>, &mut Vec<T>),
    ) -> Result<Option<Vec<T>>, BronFout> {
        let mut alle = None;
        for &(nr, vondst) in tabellen {
            alle.get_or_insert_with(Vec::new).extend(self.klein(nr, vondst, rij)?);
        }
        Ok(alle)
    }

    /// A table of one record a row.
    fn klein<T: Send>(
        &mut self,
        nr: BestandNr,
        vondst: &Vondst,
        rij: fn(Rij<'_>, &mut Vec<T>),
    ) -> Result<Vec<T>, BronFout> {
        let (tabel, invoer) = Self::tabel(nr, vondst);
        let (rijen, gelezen) =
            small::lees_klein(&tabel, &invoer, &self.opties.wijze, rij, self.meld)?;
        self.sluit(nr, gelezen)?;
        Ok(rijen)
    }

    /// Notes a file's control totals; refuses it when too many rows were refused.
    fn sluit(&mut self, nr: BestandNr, gelezen: Gelezen) -> Result<(), BronFout> {
        let bestand = &mut self.uit.rijen.bestanden[nr.0 as usize];
        let verslag = gelezen.verslag;
        bestand.kolommen = gelezen.kop.kolommen;
        verslag.in_bestand(bestand);
        bestand.bytes = gelezen.bytes;
        bestand.sha256 = gelezen.sha256;
        self.uit.waarschuwingen.extend(onbekende_kolommen(bestand, &gelezen.kop));
        let pad = bestand.pad.clone();
        verslag.te_veel_afgekeurd(self.opties.max_afgekeurd, |_| pad)?;
        self.tel_aangevuld(verslag.aangevuld);
        self.uit.fouten.extend(verslag.fouten);
        Ok(())
    }

    pub fn tel_aangevuld(&mut self, erbij: impl IntoIterator<Item = (Kolom, u64)>) {
        for (kolom, aantal) in erbij {
            *self.aangevuld.entry(kolom).or_default() += aantal;
        }
    }

    /// After all files: what only all of them together can tell, and whether there is anything to
    /// audit. So many aanbieders are named.
    pub fn rond_af(self, agbs: usize) -> Result<Ingelezen, BronFout> {
        let Lezer { mut uit, aangevuld, geweigerd, .. } = self;
        uit.waarschuwingen.extend(ijw::waarschuwingen(&geweigerd));
        let meeste = usize::from(u16::MAX);
        if agbs > meeste {
            return Err(BronFout::TeVeel { grens: meeste, wat: "verschillende aanbieders" });
        }
        uit.waarschuwingen.extend(aangevuld.into_iter().map(|(kolom, aantal)| {
            format!("{aantal} waarden in kolom {kolom} misten voorloopnullen; die zijn aangevuld")
        }));
        uit.fouten.sort_by_key(|f| (f.bestand, f.regelnummer, f.kolom, f.gevolg));
        let telling = |tel: fn(&Bestand) -> u64| {
            uit.rijen
                .bestanden
                .iter()
                .filter(|b| b.soort == Soort::Declaraties)
                .map(tel)
                .sum::<u64>()
        };
        if telling(|b| b.aanvaard) > 0 {
            return Ok(uit);
        }
        if telling(|b| b.gelezen) == 0
            && let Some((bestand, fout)) = geweigerd.first().cloned()
        {
            return Err(BronFout::AlleenGeweigerd { aantal: geweigerd.len(), bestand, fout });
        }
        let van_declaraties = |f: &&Invoerfout| {
            uit.rijen.bestanden[usize::from(f.bestand.0)].soort == Soort::Declaraties
        };
        let eerste = uit.fouten.iter().find(van_declaraties).map_or_else(String::new, |f| {
            let bestand = &uit.rijen.bestanden[usize::from(f.bestand.0)].pad;
            let kolom = f.kolom.map(|k| format!(", kolom {}", k.naam())).unwrap_or_default();
            format!(". De eerste: {bestand}, regel {}{kolom}: {}", f.regelnummer, f.reden)
        });
        Err(BronFout::GeenDeclaraties {
            gelezen: telling(|b| b.gelezen),
            afgekeurd: telling(|b| b.afgekeurd),
            eerste,
        })
    }
}

/// A warning where columns mean nothing to us.
fn onbekende_kolommen(bestand: &Bestand, kop: &Kop) -> Option<String> {
    // A filled-in rapport has columns of its own.
    if kop.onbekend.is_empty() || bestand.soort == Soort::Beoordelingen {
        return None;
    }
    let soort = bestand.soort.kolommen().iter();
    let ontbreekt: Vec<&str> = soort
        .filter(|(kolom, _)| !bestand.kolommen.bevat(*kolom))
        .map(|(kolom, _)| kolom.naam())
        .collect();
    let raad = match ontbreekt.is_empty() {
        true => String::new(),
        false => format!(
            "; er ontbreken: {}. Is een van de eerste hetzelfde als een van de laatste, wijs hem dan aan in controle.toml onder [kolommen]",
            ontbreekt.join(", ")
        ),
    };
    let onbekend = kop.onbekend.join(", ");
    Some(format!("{}: onbekende kolommen genegeerd: {}{raad}", bestand.pad, gemaskeerd(&onbekend),))
}
