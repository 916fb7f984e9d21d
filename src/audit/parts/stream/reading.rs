//! The steps before the passes: every file read by itself, and what all files together come to.

use super::arrow::{Rij, RowWriter, StreamError, Veld, lees};
use super::header::{DossierHeader, Fingerprint, Terugname};
use super::rows::{Herkomst, schrijf_regel, schrijf_startstop, schrijf_versie};
use super::{Doel, StepError};
use crate::bron::{
    Berichtfout, Bestandslezing, Bestandsverslag, BronFout, Gevolg, Inventaris, Invoerfout,
    Leesopties, Leesreden,
};
use crate::dossier::*;
use crate::ground::gemaskeerd;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{self, Read, Write};

/// Kinds of rows of these steps.
const TE_LEZEN: &str = "te lezen";
const BESTAND: &str = "bestand";
pub const INVOERFOUT: &str = "invoerfout";
/// Kinds of rows that the passes take.
pub const DECLARATIE: &str = "declaratie";
pub const TOEWIJZING: &str = "toewijzing";
pub const AANBIEDER: &str = "aanbieder";

/// What one file came to besides its rows.
#[derive(Serialize, Deserialize)]
enum Uitkomst {
    Gelezen(Box<Verslag>),
    /// The file can't be audited: what is wrong, and what to do about it.
    Onbruikbaar {
        tekst: String,
        raad: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Verslag {
    bestand: Bestand,
    waarschuwingen: Vec<String>,
    aangevuld: Vec<(Kolom, u64)>,
    agbs: Vec<Agb>,
    producten: Vec<(String, String)>,
    kent_functies: bool,
    /// Why the message is refused: whole, and short.
    geweigerd: Option<(String, String)>,
    bericht: Option<[String; 3]>,
    declaratiebericht: Option<Declaratiebericht>,
    antwoord: Option<Declaratieantwoord>,
    teruggenomen: Vec<Terugname>,
}

/// An unreadable value, in the words of the process that read the file.
#[derive(Serialize, Deserialize)]
struct Fout {
    kolom: Option<Kolom>,
    waarde: Box<str>,
    reden: Box<str>,
    gevolg: Gevolg,
}

/// Writes which files are to be read.
pub fn write_inventory(inventaris: &Inventaris, uit: impl Write) -> io::Result<()> {
    let mut uit = RowWriter::nieuw(uit)?;
    for taak in inventaris.taken() {
        uit.rij(|rij| {
            rij.tekst(Veld::Doel, Doel::Bestand.naam())
                .tekst(Veld::Soort, TE_LEZEN)
                .tekst(Veld::Sleutel, &taak.bestand)
                .tekst(Veld::Bestand, &taak.bestand)
                .getal(Veld::Bytes, i64::try_from(taak.bytes).ok());
        })?;
    }
    uit.sluit()
}

/// Reads the files that the stream names, and writes their rows and what came of them.
pub fn read_files(
    inventaris: &Inventaris,
    opties: &Leesopties,
    van: impl Read,
    uit: impl Write,
) -> Result<(), StepError> {
    let mut bestanden = Vec::new();
    lees(van, "stdin", |rij| {
        Doel::Bestand.eis(&rij)?;
        match rij.tekst(Veld::Soort) {
            TE_LEZEN => bestanden.push(rij.tekst(Veld::Bestand).to_owned()),
            _ => return Err(rij.onleesbaar(Veld::Soort)),
        }
        Ok(())
    })?;
    let mut uit = RowWriter::nieuw(uit)?;
    for bestand in bestanden {
        match inventaris.lees(&bestand, opties) {
            Ok(lezing) => schrijf_lezing(lezing, &mut uit)?,
            // Another attempt may find the file whole; what is in it stays wrong.
            Err(fout @ (BronFout::Onleesbaar { .. } | BronFout::Veranderd { .. })) => {
                return Err(fout.into());
            }
            Err(fout) => {
                let [tekst, raad] =
                    [fout.to_string(), fout.raad()].map(|t| gemaskeerd(&t).into_owned());
                schrijf_uitkomst(&bestand, &Uitkomst::Onbruikbaar { tekst, raad }, &mut uit)?;
            }
        }
    }
    Ok(uit.sluit()?)
}

fn schrijf_uitkomst(
    bestand: &str,
    uitkomst: &Uitkomst,
    uit: &mut RowWriter<impl Write>,
) -> io::Result<()> {
    let inhoud = serde_json::to_string(uitkomst)?;
    uit.rij(|rij| {
        rij.tekst(Veld::Doel, Doel::Dossier.naam())
            .tekst(Veld::Soort, BESTAND)
            .tekst(Veld::Bestand, bestand)
            .tekst(Veld::Inhoud, &inhoud);
    })
}

fn schrijf_fout(
    doel: Doel,
    bestand: &str,
    volgnummer: usize,
    fout: &Invoerfout,
    uit: &mut RowWriter<impl Write>,
) -> io::Result<()> {
    let inhoud = serde_json::to_string(&Fout {
        kolom: fout.kolom,
        waarde: fout.waarde.clone(),
        reden: fout.reden.to_string().into(),
        gevolg: fout.gevolg,
    })?;
    uit.rij(|rij| {
        rij.tekst(Veld::Doel, doel.naam())
            .tekst(Veld::Soort, INVOERFOUT)
            .tekst(Veld::Bestand, bestand)
            .getal(Veld::Regelnummer, i64::from(fout.regelnummer))
            .getal(Veld::Volgnummer, volgnummer as i64)
            .tekst(Veld::Inhoud, &inhoud);
    })
}

/// An unreadable value that [`schrijf_fout`] wrote, of a file with this number.
pub fn lees_fout(rij: &Rij<'_>, bestand: BestandNr) -> Result<(i64, Invoerfout), StreamError> {
    let fout: Fout = rij.inhoud()?;
    let regelnummer = rij.aantal(Veld::Regelnummer)?;
    let volgnummer = rij.nodig(Veld::Volgnummer, rij.getal(Veld::Volgnummer))?;
    let fout = Invoerfout {
        bestand,
        regelnummer: rij.nodig(Veld::Regelnummer, regelnummer)?,
        kolom: fout.kolom,
        waarde: fout.waarde,
        reden: Leesreden::Overgenomen(fout.reden),
        gevolg: fout.gevolg,
    };
    Ok((volgnummer, fout))
}

/// Writes the rows of one file for the passes, and what came of the file.
fn schrijf_lezing(lezing: Bestandslezing, uit: &mut RowWriter<impl Write>) -> io::Result<()> {
    let Bestandslezing { verslag, mut rijen, terug } = lezing;
    let pad = verslag.bestand.pad.clone();
    rijen.bestanden = vec![verslag.bestand.clone()];
    let herkomst = Herkomst {
        bestanden: &rijen.bestanden,
        toewijzingnummers: &rijen.toewijzingnummers,
        woorden: &rijen.woorden,
    };
    for (i, versie) in rijen.versies.iter().enumerate() {
        uit.rij(|rij| {
            rij.tekst(Veld::Doel, Doel::TOEWIJZING.naam())
                .tekst(Veld::Soort, TOEWIJZING)
                .tekst(Veld::Sleutel, rijen.toewijzingnummers.tekst(versie.versie.nummer));
            schrijf_versie(rij, &herkomst, versie, i as u32);
        })?;
    }
    for (i, s) in rijen.startstop.iter().flatten().enumerate() {
        let per_aanbieder = (Doel::AANBIEDER, s.aanbieder.to_string());
        let per_toewijzing =
            (Doel::TOEWIJZING, herkomst.toewijzingnummers.tekst(s.toewijzing_nummer).to_owned());
        for (doel, sleutel) in [per_aanbieder, per_toewijzing] {
            uit.rij(|rij| {
                rij.tekst(Veld::Doel, doel.naam()).tekst(Veld::Sleutel, &sleutel);
                schrijf_startstop(rij, &herkomst, s, i as u32);
            })?;
        }
    }
    let producten = std::mem::take(&mut rijen.producten);
    let kent_functies = rijen.regels.iter().any(|r| !r.functie.is_leeg());
    let declaratiebericht = rijen.declaratieberichten.as_mut().and_then(Vec::pop);
    let antwoord = rijen.antwoorden.as_mut().and_then(Vec::pop);
    for (i, fout) in verslag.fouten.iter().enumerate() {
        schrijf_fout(Doel::Dossier, &pad, i, fout, uit)?;
    }
    let uitkomst = Uitkomst::Gelezen(Box::new(Verslag {
        bestand: verslag.bestand,
        waarschuwingen: verslag.waarschuwingen,
        aangevuld: verslag.aangevuld,
        agbs: verslag.agbs,
        producten: producten.clone(),
        kent_functies,
        geweigerd: verslag.geweigerd.map(|fout| (fout.to_string(), fout.kort())),
        bericht: verslag.bericht,
        declaratiebericht,
        antwoord,
        teruggenomen: terug.iter().map(|s| Terugname::van(s, &rijen.toewijzingnummers)).collect(),
    }));
    schrijf_uitkomst(&pad, &uitkomst, uit)?;
    let alleen_regels = Onverbonden { versies: Vec::new(), startstop: None, producten, ..rijen };
    let (mut dossier, koppeling) = alleen_regels.join(|_, _| None);
    koppeling.verwijs(&mut dossier);
    for (i, r) in dossier.regels.iter().enumerate() {
        uit.rij(|rij| {
            rij.tekst(Veld::Doel, Doel::AANBIEDER.naam())
                .tekst(Veld::Soort, DECLARATIE)
                .tekst(Veld::Sleutel, &dossier.aanbieder(r.aanbieder).agb.to_string());
            schrijf_regel(rij, &dossier, r, i as u32);
        })?;
    }
    Ok(())
}

/// What all files together come to, from what came of each: writes what every part must know, the
/// aanbieders for the first pass, and the unreadable values for the rapport.
pub fn summarise(
    inventaris: Inventaris,
    opties: &Leesopties,
    kenmerk: Fingerprint,
    van: impl Read,
    uit: impl Write,
) -> Result<(), StepError> {
    let mut uitkomsten: Vec<(String, Uitkomst)> = Vec::new();
    let mut fouten: HashMap<String, Vec<(i64, Invoerfout)>> = HashMap::new();
    lees(van, "stdin", |rij| {
        Doel::Dossier.eis(&rij)?;
        let bestand = rij.tekst(Veld::Bestand).to_owned();
        match rij.tekst(Veld::Soort) {
            BESTAND => uitkomsten.push((bestand, rij.inhoud()?)),
            INVOERFOUT => {
                fouten.entry(bestand).or_default().push(lees_fout(&rij, BestandNr(0))?);
            }
            _ => return Err(rij.onleesbaar(Veld::Soort)),
        }
        Ok(())
    })?;
    let mut verslagen = Vec::with_capacity(uitkomsten.len());
    let mut wat_blijft: HashMap<String, Verslag> = HashMap::new();
    for (pad, uitkomst) in uitkomsten {
        let verslag = match uitkomst {
            Uitkomst::Onbruikbaar { tekst, raad } => Err(BronFout::Overgenomen { tekst, raad }),
            Uitkomst::Gelezen(mut v) => {
                let mut fouten = fouten.remove(&pad).unwrap_or_default();
                fouten.sort_by_key(|(volgnummer, _)| *volgnummer);
                let verslag = Bestandsverslag {
                    bestand: v.bestand.clone(),
                    fouten: fouten.into_iter().map(|(_, fout)| fout).collect(),
                    waarschuwingen: std::mem::take(&mut v.waarschuwingen),
                    aangevuld: std::mem::take(&mut v.aangevuld),
                    agbs: std::mem::take(&mut v.agbs),
                    geweigerd: v
                        .geweigerd
                        .take()
                        .map(|(tekst, kort)| Berichtfout::Overgenomen { tekst, kort }),
                    bericht: v.bericht.take(),
                };
                wat_blijft.insert(pad.clone(), *v);
                Ok(verslag)
            }
        };
        verslagen.push((pad, verslag));
    }
    let geheel = inventaris.geheel(opties, verslagen)?;
    let mut stand = DossierHeader {
        kenmerk,
        bestanden: geheel.bestanden,
        geweigerd: geheel.geweigerd,
        agbs: geheel.agbs,
        producten: Vec::new(),
        kent_functies: false,
        startstop: false,
        teruggenomen: Vec::new(),
        berichten: None,
        antwoorden: None,
        waarschuwingen: geheel.waarschuwingen,
    };
    let mut producten = BTreeSet::new();
    for (i, (bestand, geweigerd)) in stand.bestanden.iter().zip(&stand.geweigerd).enumerate() {
        let Some(v) = wat_blijft.remove(&bestand.pad).filter(|_| !geweigerd) else { continue };
        producten.extend(v.producten);
        stand.kent_functies |= v.kent_functies;
        stand.startstop |= bestand.soort == Soort::Startstop;
        stand.teruggenomen.extend(v.teruggenomen);
        if let Some(bericht) = v.declaratiebericht {
            let bestand = BestandNr(i as u16);
            let bericht = Declaratiebericht { bestand, ..bericht };
            stand.berichten.get_or_insert_default().push(bericht);
        }
        if let Some(antwoord) = v.antwoord {
            stand.antwoorden.get_or_insert_default().push(antwoord);
        }
    }
    let grens = usize::from(u16::MAX);
    if producten.len() > grens {
        return Err(BronFout::TeVeel { grens, wat: "verschillende producten" }.into());
    }
    stand.producten = producten.into_iter().collect();
    let mut uit = RowWriter::nieuw(uit)?;
    stand.schrijf(&mut uit)?;
    for agb in stand.agbs.iter().map(Agb::to_string) {
        uit.rij(|rij| {
            rij.tekst(Veld::Doel, Doel::AANBIEDER.naam())
                .tekst(Veld::Soort, AANBIEDER)
                .tekst(Veld::Sleutel, &agb)
                .tekst(Veld::Aanbieder, &agb);
        })?;
    }
    for (i, fout) in geheel.fouten.iter().enumerate() {
        let pad = &stand.bestanden[usize::from(fout.bestand.0)].pad;
        schrijf_fout(Doel::Samenvoegen, pad, i, fout, &mut uit)?;
    }
    Ok(uit.sluit()?)
}
