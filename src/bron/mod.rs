//! From files to typed rows: which files there are, how they are written, which rows can't be read.

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
mod parquet;
mod plek;
#[cfg(test)]
mod proef;
mod record;
mod rij;
mod stamgegevens;
mod startstop;
mod tabel;
mod toewijzingen;
mod velden;
mod vinden;
mod vorm;
mod xlsx;

pub use controlelijst::{Controlelijst, Controleregel, Leesprobleem, Oordeel, lees_controlelijst};
pub use deel::{Bestandslezing, Bestandsverslag, Geheel, Inventaris, Leestaak, Stamgegevens};
pub use fout::{Afkeuring, BronFout, Gevolg, Invoerfout};
pub use ijw::{Berichtfout, neem_terug};
pub use instelling::{BESTANDSNAAM, Instelling};
pub use kop::Kolomnamen;
pub use tabel::{Invoer, Leeswijze, Tabel};
pub use velden::{Bedragen, Decimaalteken, Geldeenheid, Leesreden};

use crate::dossier::*;
use crate::ground::gemaskeerd;
use rayon::prelude::*;
use rij::Rij;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tabel::Werk;
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

/// Reads the files of a dossier. `voortgang` is told how many of how many bytes were read.
pub fn lees_dossier(
    map: &Path,
    opties: &Leesopties,
    voortgang: &(dyn Fn(u64, u64) + Sync),
) -> Result<Ingelezen, BronFout> {
    lees_dossier_met(map, opties, None, &|stand| voortgang(stand.bytes, stand.totaal))
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

/// The same; lines that are too many for memory go where `uitwijk` says.
pub fn lees_dossier_met(
    map: &Path,
    opties: &Leesopties,
    uitwijk: Option<crate::audit::parts::Spill>,
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
    lezer.uit.rijen.uitwijk = uitwijk;
    lezer.uit.waarschuwingen = gevonden.waarschuwingen;
    lezer.geweigerd = gevonden.geweigerd;
    let van_soort = |soort| {
        gevonden
            .bestanden
            .iter()
            .enumerate()
            .filter(move |(_, v)| v.soort == soort && v.bericht.is_none())
            .map(|(i, v)| (BestandNr(i as u16), v))
            .collect::<Vec<_>>()
    };
    let berichten = |soort| {
        let alle = gevonden.bestanden.iter().enumerate();
        alle.filter(|(_, v)| v.soort == soort)
            .filter_map(|(i, v)| Some((BestandNr(i as u16), v, v.bericht?)))
            .collect::<Vec<_>>()
    };
    lezer.toewijzingen(&van_soort(Soort::Toewijzingen))?;
    lezer.toewijzingberichten(&berichten(Soort::Toewijzingen))?;
    lezer.uit.rijen.kies_versies();
    lezer.stamgegevens(&van_soort)?;
    lezer.startstopberichten(&berichten(Soort::Startstop))?;
    lezer.antwoorden(&berichten(Soort::Antwoorden))?;
    lezer.declaraties(&van_soort(Soort::Declaraties), &berichten(Soort::Declaraties))?;
    let Lezer { mut uit, aangevuld, geweigerd, .. } = lezer;
    let agbs = uit.rijen.alle_agbs().len();
    rond_af(&mut uit, agbs, aangevuld, &geweigerd)?;
    Ok(uit)
}

/// After all files: what only all of them together can tell, and whether there is anything to audit.
fn rond_af(
    uit: &mut Ingelezen,
    agbs: usize,
    aangevuld: BTreeMap<Kolom, u64>,
    geweigerd: &[(String, Berichtfout)],
) -> Result<(), BronFout> {
    uit.waarschuwingen.extend(ijw::waarschuwingen(geweigerd));
    let meeste = usize::from(u16::MAX);
    if agbs > meeste {
        return Err(BronFout::TeVeel { grens: meeste, wat: "verschillende aanbieders" });
    }
    uit.waarschuwingen.extend(aangevuld.into_iter().map(|(kolom, aantal)| {
        format!("{aantal} waarden in kolom {kolom} misten voorloopnullen; die zijn aangevuld")
    }));
    uit.fouten.sort_by_key(|f| (f.bestand, f.regelnummer, f.kolom, f.gevolg));
    let telling = |tel: fn(&Bestand) -> u64| {
        uit.rijen.bestanden.iter().filter(|b| b.soort == Soort::Declaraties).map(tel).sum::<u64>()
    };
    if telling(|b| b.aanvaard) > 0 {
        return Ok(());
    }
    if telling(|b| b.gelezen) == 0
        && let Some((bestand, fout)) = geweigerd.first().cloned()
    {
        return Err(BronFout::AlleenGeweigerd { aantal: geweigerd.len(), bestand, fout });
    }
    let van_declaraties =
        |f: &&Invoerfout| uit.rijen.bestanden[usize::from(f.bestand.0)].soort == Soort::Declaraties;
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

struct Lezer<'a> {
    opties: &'a Leesopties,
    uit: Ingelezen,
    aangevuld: BTreeMap<Kolom, u64>,
    /// Messages that were refused, and why.
    geweigerd: Vec<(String, ijw::Berichtfout)>,
    /// The first file of each kind of message, sender, identification and date.
    eerder: HashMap<(ijw::Bericht, [String; 3]), BestandNr>,
    meld: &'a (dyn Fn(u64) + Sync),
    /// Declaratieregels taken over so far.
    regels: &'a AtomicU64,
}

impl<'a> Lezer<'a> {
    /// A reader of these files, of which nothing is read yet.
    fn nieuw(
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
            meld,
            regels,
        })
    }

    fn toewijzingen(&mut self, bestanden: &[(BestandNr, &Vondst)]) -> Result<(), BronFout> {
        let bytes = bestanden.iter().map(|(_, v)| v.bytes).sum::<u64>() as usize;
        for (nr, vondst) in bestanden {
            let tabel = Tabel { naam: &vondst.naam, soort: vondst.soort, nr: *nr };
            let rijen = Mutex::new(&mut self.uit.rijen);
            let begin = rijen.lock().expect("no reader panicked").versies.len();
            let gelezen = tabel.lees(
                &Invoer::Bestand(&vondst.plek),
                &self.opties.wijze,
                &mut Werk {
                    begin: |_| toewijzingen::Deel::default(),
                    rij: |rij: Rij<'_>, deel: &mut toewijzingen::Deel| deel.lees(rij),
                    tussen: |_: Vec<&mut toewijzingen::Deel>| {},
                    neem_op: |deel: toewijzingen::Deel, van_bytes| {
                        let heel = &mut **rijen.lock().expect("no reader panicked");
                        deel.reserveer(heel, van_bytes, bytes);
                        deel.neem_op(heel);
                    },
                },
                || rijen.lock().expect("no reader panicked").versies.truncate(begin),
                self.meld,
            )?;
            self.sluit(*nr, gelezen, Cent::NUL, Cent::NUL)?;
        }
        Ok(())
    }

    fn declaraties(
        &mut self,
        bestanden: &[(BestandNr, &Vondst)],
        berichten: &[(BestandNr, &Vondst, ijw::Bericht)],
    ) -> Result<(), BronFout> {
        let nummers = std::mem::take(&mut self.uit.rijen.toewijzingnummers);
        let mut verzameling = declaraties::Verzameling::nieuw(&nummers);
        let bekend = declaraties::Bekend {
            woorden: std::mem::take(&mut self.uit.rijen.woorden),
            ..declaraties::Bekend::default()
        };
        let bekend = Mutex::new(Arc::new(bekend));
        let gedeeld = || bekend.lock().expect("no reader panicked");
        let bytes = bestanden.iter().map(|(_, v)| v.bytes).sum::<u64>() as usize;
        for (nr, vondst) in bestanden {
            let tabel = Tabel { naam: &vondst.naam, soort: vondst.soort, nr: *nr };
            let merk = declaraties::Verzameling::merk(&mut self.uit.rijen);
            let rijen = Mutex::new((&mut self.uit.rijen, &mut verzameling, Cent::NUL, Cent::NUL));
            let gelezen = tabel.lees(
                &Invoer::Bestand(&vondst.plek),
                &self.opties.wijze,
                &mut Werk {
                    begin: |bytes| declaraties::Deel::nieuw(gedeeld().clone(), bytes),
                    rij: |rij: Rij<'_>, deel: &mut declaraties::Deel| {
                        deel.lees(rij, &nummers, &self.opties.wijze.zonder_bsn)
                    },
                    tussen: |delen: Vec<&mut declaraties::Deel>| {
                        declaraties::Bekend::vul_aan(&mut gedeeld(), delen)
                    },
                    neem_op: |deel: declaraties::Deel, van_bytes| {
                        let (heel, verzameling, debet, credit) =
                            &mut *rijen.lock().expect("no reader panicked");
                        deel.reserveer(heel, van_bytes, bytes);
                        let (d, c) = verzameling.neem_op(heel, deel);
                        self.regels.store(heel.aantal_regels() as u64, Ordering::Relaxed);
                        *debet += d;
                        *credit += c;
                    },
                },
                || {
                    let (heel, _, debet, credit) = &mut *rijen.lock().expect("no reader panicked");
                    declaraties::Verzameling::terug(heel, &merk);
                    (*debet, *credit) = (Cent::NUL, Cent::NUL);
                },
                self.meld,
            )?;
            let (_, _, debet, credit) = rijen.into_inner().expect("no reader panicked");
            self.sluit(*nr, gelezen, debet, credit)?;
        }
        let mut bekend = bekend.into_inner().expect("no reader panicked");
        self.declaratieberichten(berichten, &nummers, &mut verzameling, &mut bekend)?;
        if !bestanden.is_empty() && !berichten.is_empty() {
            self.uit.rijen.regels.par_sort_by_key(|r| (r.bestand, r.regelnummer));
        }
        verzameling.rond_af(&mut self.uit.rijen, nummers, bekend)
    }

    fn stamgegevens<'v>(
        &mut self,
        van_soort: &dyn Fn(Soort) -> Vec<(BestandNr, &'v Vondst)>,
    ) -> Result<(), BronFout> {
        let mut aanbieders = Vec::new();
        for (nr, vondst) in van_soort(Soort::Aanbieders) {
            aanbieders.extend(self.klein(nr, vondst, stamgegevens::aanbieder)?);
        }
        self.controleer_dubbele_aanbieders(&mut aanbieders)?;
        self.uit.rijen.aanbieders = aanbieders;

        for (nr, vondst) in van_soort(Soort::Producten) {
            let rijen = self.klein(nr, vondst, stamgegevens::product)?;
            self.uit.producten.extend(rijen);
            self.controleer_dubbele_producten(vondst)?;
        }
        for (nr, vondst) in van_soort(Soort::Tarieven) {
            let rijen = self.klein(nr, vondst, stamgegevens::tarief)?;
            self.uit.tarieven.extend(rijen);
            self.controleer_dubbele_tarieven(vondst)?;
        }
        for (nr, vondst) in van_soort(Soort::Omzet) {
            let rijen = self.klein(nr, vondst, stamgegevens::omzet)?;
            self.uit.rijen.omzet.get_or_insert_default().extend(rijen);
        }
        for (nr, vondst) in van_soort(Soort::Startstop) {
            self.startstop(nr, vondst)?;
        }
        for (nr, vondst) in van_soort(Soort::Productieverantwoording) {
            let rijen = self.klein(nr, vondst, stamgegevens::verantwoording)?;
            self.uit.rijen.productieverantwoording.get_or_insert_default().extend(rijen);
        }
        for (nr, vondst) in van_soort(Soort::Afspraken) {
            let rijen = self.klein(nr, vondst, stamgegevens::afspraak)?;
            self.uit.rijen.afspraken.get_or_insert_default().extend(rijen);
        }
        for (nr, vondst) in van_soort(Soort::Maatwerk) {
            let rijen = self.klein(nr, vondst, stamgegevens::maatwerk)?;
            self.uit.rijen.maatwerk.get_or_insert_default().extend(rijen);
        }
        for (nr, vondst) in van_soort(Soort::Beoordelingen) {
            // A row without a verdict is a finding that nobody judged yet.
            let rijen = self.klein(nr, vondst, stamgegevens::beoordeling)?;
            self.uit.beoordelingen.extend(rijen.into_iter().flatten());
        }
        Ok(())
    }

    /// Start and stop messages: as many as there are toewijzingen, and more.
    fn startstop(&mut self, nr: BestandNr, vondst: &Vondst) -> Result<(), BronFout> {
        let tabel = Tabel { naam: &vondst.naam, soort: vondst.soort, nr };
        let nummers = &self.uit.rijen.toewijzingnummers;
        let delen: Mutex<Vec<startstop::Deel>> = Mutex::default();
        let gelezen = tabel.lees(
            &Invoer::Bestand(&vondst.plek),
            &self.opties.wijze,
            &mut Werk {
                begin: |_| startstop::Deel::default(),
                rij: |rij: Rij<'_>, deel: &mut startstop::Deel| deel.lees(rij, nummers),
                tussen: |_: Vec<&mut startstop::Deel>| {},
                neem_op: |deel, _| delen.lock().expect("no reader panicked").push(deel),
            },
            || delen.lock().expect("no reader panicked").clear(),
            self.meld,
        )?;
        self.sluit(nr, gelezen, Cent::NUL, Cent::NUL)?;
        let Onverbonden { startstop, toewijzingnummers, .. } = &mut self.uit.rijen;
        let berichten = startstop.get_or_insert_default();
        let delen = delen.into_inner().expect("no reader panicked");
        berichten.reserve_exact(delen.iter().map(startstop::Deel::aantal).sum());
        for deel in delen {
            berichten.extend(deel.in_geheel(toewijzingnummers));
        }
        Ok(())
    }

    /// A table of one record a row.
    fn klein<T: Send>(
        &mut self,
        nr: BestandNr,
        vondst: &Vondst,
        rij: fn(rij::Rij<'_>, &mut Vec<T>),
    ) -> Result<Vec<T>, BronFout> {
        let tabel = Tabel { naam: &vondst.naam, soort: vondst.soort, nr };
        let (rijen, gelezen) =
            lees_klein(&tabel, &Invoer::Bestand(&vondst.plek), &self.opties.wijze, rij, self.meld)?;
        self.sluit(nr, gelezen, Cent::NUL, Cent::NUL)?;
        Ok(rijen)
    }

    /// Notes a file's control totals; refuses it when too many rows were refused.
    fn sluit(
        &mut self,
        nr: BestandNr,
        gelezen: tabel::Gelezen,
        debet: Cent,
        credit: Cent,
    ) -> Result<(), BronFout> {
        let bestand = &mut self.uit.rijen.bestanden[nr.0 as usize];
        let verslag = gelezen.verslag;
        bestand.kolommen = gelezen.kop.kolommen;
        bestand.gelezen = verslag.gelezen;
        bestand.afgekeurd = verslag.afgekeurd;
        bestand.aanvaard = verslag.gelezen - verslag.afgekeurd;
        bestand.genegeerd =
            verslag.fouten.iter().filter(|f| f.gevolg == Gevolg::WaardeGenegeerd).count() as u64;
        bestand.bytes = gelezen.bytes;
        bestand.sha256 = gelezen.sha256;
        bestand.debet = debet;
        bestand.credit = credit;
        // A filled-in rapport has columns of its own.
        if !gelezen.kop.onbekend.is_empty() && bestand.soort != Soort::Beoordelingen {
            let ontbreekt: Vec<&str> = bestand
                .soort
                .kolommen()
                .iter()
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
            self.uit.waarschuwingen.push(format!(
                "{}: onbekende kolommen genegeerd: {}{raad}",
                bestand.pad,
                gemaskeerd(&gelezen.kop.onbekend.join(", ")),
            ));
        }
        let pad = bestand.pad.clone();
        te_veel_afgekeurd(&verslag, self.opties.max_afgekeurd, |_| pad)?;
        for (kolom, aantal) in verslag.aangevuld {
            *self.aangevuld.entry(kolom).or_default() += aantal;
        }
        self.uit.fouten.extend(verslag.fouten);
        Ok(())
    }

    /// The same aanbieder twice: equal rows are one, different ones stop the run.
    fn controleer_dubbele_aanbieders(
        &self,
        rijen: &mut Vec<(Agb, AanbiederGegevens)>,
    ) -> Result<(), BronFout> {
        rijen.sort_by_key(|(agb, g)| (*agb, g.bestand, g.regelnummer));
        let inhoud = |g: &AanbiederGegevens| {
            let kern = AanbiederGegevens { bestand: BestandNr(0), regelnummer: 0, ..g.clone() };
            format!("{kern:?}")
        };
        let mut botsing = None;
        rijen.dedup_by(|(b, gb), (a, ga)| {
            let gelijk = a == b;
            if gelijk && inhoud(ga) != inhoud(gb) && botsing.is_none() {
                botsing = Some((*a, ga.bestand, ga.regelnummer, gb.bestand, gb.regelnummer));
            }
            gelijk
        });
        match botsing {
            None => Ok(()),
            Some((agb, eerste, eerder, tweede, regel)) => {
                let pad = |nr: BestandNr| self.uit.rijen.bestanden[nr.0 as usize].pad.clone();
                Err(BronFout::Dubbel {
                    bestand: pad(tweede),
                    regel: regel.into(),
                    eerder: eerder.into(),
                    ander_bestand: (eerste != tweede).then(|| pad(eerste)),
                    wat: format!("aanbieder {agb}"),
                })
            }
        }
    }

    fn controleer_dubbele_producten(&mut self, vondst: &Vondst) -> Result<(), BronFout> {
        let mut gezien: BTreeMap<(String, String), Catalogusrij> = BTreeMap::new();
        for p in std::mem::take(&mut self.uit.producten) {
            let sleutel = (p.product_categorie.clone(), p.product_code.clone());
            match gezien.get(&sleutel) {
                Some(eerder)
                    if (Catalogusrij { regelnummer: p.regelnummer, ..eerder.clone() }) != p =>
                {
                    return Err(BronFout::Dubbel {
                        bestand: vondst.naam.clone(),
                        regel: p.regelnummer.into(),
                        eerder: eerder.regelnummer.into(),
                        ander_bestand: None,
                        wat: format!("product {} {}", sleutel.0, sleutel.1),
                    });
                }
                Some(_) => {}
                None => {
                    gezien.insert(sleutel, p);
                }
            }
        }
        self.uit.producten = gezien.into_values().collect();
        Ok(())
    }

    fn controleer_dubbele_tarieven(&self, vondst: &Vondst) -> Result<(), BronFout> {
        match dubbel_tarief(&self.uit.tarieven) {
            None => Ok(()),
            Some((eerste, tweede)) => Err(BronFout::Dubbel {
                bestand: vondst.naam.clone(),
                regel: tweede.regelnummer.into(),
                eerder: eerste.regelnummer.into(),
                ander_bestand: None,
                wat: format!("tarief {} van {}", tweede.tariefsleutel, tweede.jaar),
            }),
        }
    }
}

/// Two tariffs that are equally specific.
pub fn dubbel_tarief(rijen: &[Tariefrij]) -> Option<(&Tariefrij, &Tariefrij)> {
    let mut gezien = BTreeMap::new();
    rijen.iter().find_map(|t| {
        let sleutel = (t.jaar, &t.tariefsleutel, t.perceel, t.aanbieder);
        gezien.insert(sleutel, t).map(|eerder| (eerder, t))
    })
}

/// Reads a table of one record a row, from a file or from bytes.
pub fn lees_klein<T: Send>(
    tabel: &Tabel<'_>,
    invoer: &Invoer<'_>,
    wijze: &Leeswijze,
    rij: fn(rij::Rij<'_>, &mut Vec<T>),
    meld: &(dyn Fn(u64) + Sync),
) -> Result<(Vec<T>, tabel::Gelezen), BronFout> {
    let rijen: Mutex<Vec<T>> = Mutex::new(Vec::new());
    let gelezen = tabel.lees(
        invoer,
        wijze,
        &mut Werk {
            begin: |_| Vec::new(),
            rij: |r: Rij<'_>, deel: &mut Vec<T>| {
                if r.is_afgekeurd() {
                    r.sluit(None::<()>);
                } else {
                    rij(r, deel);
                }
            },
            tussen: |_: Vec<&mut Vec<T>>| {},
            neem_op: |deel: Vec<T>, _| rijen.lock().expect("no reader panicked").extend(deel),
        },
        || rijen.lock().expect("no reader panicked").clear(),
        meld,
    )?;
    Ok((rijen.into_inner().expect("no reader panicked"), gelezen))
}

/// Rows of a catalogue that a ruleset brings.
pub fn lees_catalogus(naam: &str, bytes: &[u8]) -> Result<Vec<Catalogusrij>, String> {
    lees_regelsettabel(naam, Soort::Producten, bytes, stamgegevens::product)
}

/// Rows of tariffs that a ruleset brings.
pub fn lees_tarieven(naam: &str, bytes: &[u8]) -> Result<Vec<Tariefrij>, String> {
    lees_regelsettabel(naam, Soort::Tarieven, bytes, stamgegevens::tarief)
}

/// A ruleset's own table: no row of it may be unreadable.
fn lees_regelsettabel<T: Send>(
    naam: &str,
    soort: Soort,
    bytes: &[u8],
    rij: fn(rij::Rij<'_>, &mut Vec<T>),
) -> Result<Vec<T>, String> {
    let tabel = Tabel { naam, soort, nr: BestandNr(0) };
    let (rijen, gelezen) =
        lees_klein(&tabel, &Invoer::Bytes(bytes), &Leeswijze::default(), rij, &|_| {})
            .map_err(|e| e.to_string())?;
    match gelezen.verslag.fouten.first() {
        None => Ok(rijen),
        Some(f) => Err(format!(
            "{naam}, regel {}, kolom {}: '{}': {}",
            f.regelnummer,
            f.kolom.map_or("-", Kolom::naam),
            f.waarde,
            f.reden
        )),
    }
}

/// An error where more than `grens` percent of the rows were refused; `naam` tells where the reason
/// that came most was found.
fn te_veel_afgekeurd(
    verslag: &rij::Leesverslag,
    grens: Decimal,
    naam: impl FnOnce(&Invoerfout) -> String,
) -> Result<(), BronFout> {
    // A totals row is no row of the export: refused, but not a sign that the export is no good.
    let totaalregels = verslag.totaalregels;
    if Decimal::from(verslag.afgekeurd - totaalregels) * Decimal::ONE_HUNDRED
        <= Decimal::from(verslag.gelezen - totaalregels) * grens
    {
        return Ok(());
    }
    let mut telling: BTreeMap<(Option<Kolom>, &Leesreden), (u64, &Invoerfout)> = BTreeMap::new();
    for f in verslag.fouten.iter().filter(|f| f.gevolg == Gevolg::RegelAfgekeurd) {
        telling.entry((f.kolom, &f.reden)).or_insert((0, f)).0 += 1;
    }
    let (aantal, eerste) = telling
        .into_values()
        // Of equals the last is taken: backwards, that is the first column.
        .rev()
        .max_by_key(|(aantal, f)| (*aantal, std::cmp::Reverse(f.regelnummer)))
        .expect("a refused row has a reason");
    Err(BronFout::TeVeelAfgekeurd(Box::new(Afkeuring {
        bestand: naam(eerste),
        afgekeurd: verslag.afgekeurd,
        gelezen: verslag.gelezen,
        grens: grens.normalize().to_string().replace('.', ","),
        aantal,
        regel: eerste.regelnummer.into(),
        kolom: eerste.kolom.map_or("(hele regel)".to_owned(), |k| k.naam().to_owned()),
        waarde: eerste.waarde.to_string(),
        reden: eerste.reden.to_string(),
    })))
}
