//! What rules came to, as rows of a stream: findings, counts and sums.

use super::Doel;
use super::arrow::{NieuweRij, Rij, RowWriter, StreamError, Veld};
use super::intake::{PartBuilder, Toewijzingssleutel};
use super::rows::{Plaats, bsn, lees_bsn, woord};
use crate::dossier::Ernst;
use crate::dossier::*;
use crate::toetsing::{AuditRule, Bevinding, Maat, Onderwerp, Reden, Regeluitkomst, Uitkomsten};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::sync::Arc;

/// Kinds of rows.
pub const BEVINDING: &str = "bevinding";
pub const UITKOMST: &str = "uitkomst";

/// Kinds of subject of a finding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    Regel,
    Toewijzing,
    Jeugdige,
    Aanbieder,
    Gemeente,
    AanbiederInGemeente,
    Bericht,
}

const ONDERWERPEN: [(&str, Over); 7] = [
    ("regel", Over::Regel),
    ("toewijzing", Over::Toewijzing),
    ("jeugdige", Over::Jeugdige),
    ("aanbieder", Over::Aanbieder),
    ("gemeente", Over::Gemeente),
    ("aanbieder in gemeente", Over::AanbiederInGemeente),
    ("bericht", Over::Bericht),
];

/// Kinds of measure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Maatsoort {
    Geld,
    Aantal,
}

const MATEN: [(&str, Maatsoort); 2] = [("geld", Maatsoort::Geld), ("aantal", Maatsoort::Aantal)];

/// What one rule came to on one part, but for its findings.
#[derive(Serialize, Deserialize)]
struct Telling {
    getoetst: u64,
    niet_toetsbaar: Vec<(Reden, u64)>,
    sommen: Vec<((u32, u32), [i64; 4])>,
    mislukt: Option<String>,
}

/// Writes what rules came to on a part whose lines have these places.
pub fn schrijf_uitkomsten(
    uitkomsten: &[Regeluitkomst],
    dossier: &Dossier,
    plaatsen: &[Plaats],
    uit: &mut RowWriter<impl Write>,
) -> io::Result<()> {
    for Regeluitkomst { regel, uitkomsten, mislukt } in uitkomsten {
        let inhoud = serde_json::to_string(&Telling {
            getoetst: uitkomsten.getoetst,
            niet_toetsbaar: uitkomsten.niet_toetsbaar.clone(),
            sommen: uitkomsten.sommen.alle().collect(),
            mislukt: mislukt.clone(),
        })?;
        uit.rij(|rij| {
            rij.tekst(Veld::Doel, Doel::Samenvoegen.naam())
                .tekst(Veld::Soort, UITKOMST)
                .tekst(Veld::Regel, regel.code)
                .tekst(Veld::Inhoud, &inhoud);
        })?;
        for bevinding in &uitkomsten.bevindingen {
            uit.rij(|rij| {
                rij.tekst(Veld::Doel, Doel::Samenvoegen.naam())
                    .tekst(Veld::Soort, BEVINDING)
                    .tekst(Veld::Regel, regel.code);
                schrijf_bevinding(rij, bevinding, dossier, plaatsen);
            })?;
        }
    }
    Ok(())
}

fn schrijf_bevinding(rij: &mut NieuweRij<'_>, b: &Bevinding, d: &Dossier, plaatsen: &[Plaats]) {
    let agb = |nr| d.aanbieder(nr).agb.to_string();
    let over = match b.onderwerp {
        Onderwerp::Regel(nr) => {
            let (bestand, volgnummer) = plaatsen[nr.0 as usize];
            rij.tekst(Veld::Bestand, &d.bestand(bestand).pad)
                .getal(Veld::Volgnummer, i64::from(volgnummer));
            Over::Regel
        }
        Onderwerp::Toewijzing(nr) => {
            let t = d.toewijzing(nr);
            rij.tekst(Veld::Gemeente, &t.gemeente.to_string())
                .tekst(Veld::ToewijzingNummer, d.toewijzingnummer(t.nummer));
            Over::Toewijzing
        }
        Onderwerp::Jeugdige(kind) => {
            rij.tekst(Veld::Bsn, &bsn(kind));
            Over::Jeugdige
        }
        Onderwerp::Aanbieder(nr) => {
            rij.tekst(Veld::Aanbieder, &agb(nr));
            Over::Aanbieder
        }
        Onderwerp::Gemeente(gemeente) => {
            rij.tekst(Veld::Gemeente, &gemeente.to_string());
            Over::Gemeente
        }
        Onderwerp::AanbiederInGemeente(nr, gemeente) => {
            rij.tekst(Veld::Aanbieder, &agb(nr)).tekst(Veld::Gemeente, &gemeente.to_string());
            Over::AanbiederInGemeente
        }
        // All parts have the same messages.
        Onderwerp::Declaratiebericht(nr) => {
            rij.getal(Veld::Volgnummer, i64::from(nr));
            Over::Bericht
        }
    };
    let maat = match b.maat {
        None => "",
        Some(Maat::Geld { gemeten, grens }) => {
            rij.getal(Veld::Gemeten, gemeten.0).getal(Veld::Grens, grens.0);
            woord(&MATEN, Maatsoort::Geld)
        }
        Some(Maat::Aantal { gemeten, grens }) => {
            rij.getal(Veld::Gemeten, gemeten).getal(Veld::Grens, grens);
            woord(&MATEN, Maatsoort::Aantal)
        }
    };
    rij.tekst(Veld::Ernst, b.ernst.naam())
        .tekst(Veld::Onderwerp, woord(&ONDERWERPEN, over))
        .getal(Veld::BedragInGeding, b.bedrag.map(|c| c.0))
        .tekst(Veld::Maat, maat)
        .tekst(Veld::Gevonden, &b.gevonden)
        .tekst(Veld::Verwacht, &b.verwacht)
        .tekst(Veld::Toelichting, &b.toelichting)
        .tekst(Veld::Bron, &b.bron);
}

/// What a finding is about, before the lines and toewijzingen have their numbers.
enum Onbepaald {
    Regel(Plaats),
    Toewijzing(Toewijzingssleutel),
    Bepaald(Onderwerp),
}

/// The outcomes of all parts, as they come in.
pub struct OutcomeReader<'r> {
    regels: HashMap<&'static str, &'r AuditRule>,
    uitkomsten: HashMap<&'static str, Regeluitkomst>,
    bevindingen: Vec<(&'static str, Onbepaald, Bevinding)>,
    /// Sources come back with every finding of a rule: each is kept once.
    bronnen: HashMap<String, Arc<str>>,
}

impl<'r> OutcomeReader<'r> {
    pub fn nieuw(regels: &'r [AuditRule]) -> OutcomeReader<'r> {
        OutcomeReader {
            regels: regels.iter().map(|r| (r.code, r)).collect(),
            uitkomsten: HashMap::new(),
            bevindingen: Vec::new(),
            bronnen: HashMap::new(),
        }
    }

    /// Takes up a row of a kind that holds an outcome; `false` for another kind.
    pub fn neem_op(
        &mut self,
        rij: &Rij<'_>,
        inname: &mut PartBuilder,
    ) -> Result<bool, StreamError> {
        let soort = rij.tekst(Veld::Soort);
        if ![UITKOMST, BEVINDING].contains(&soort) {
            return Ok(false);
        }
        let regel = rij.nodig(Veld::Regel, self.regels.get(rij.tekst(Veld::Regel)).copied())?;
        if soort == BEVINDING {
            let (onderwerp, bevinding) = self.lees_bevinding(rij, inname)?;
            self.bevindingen.push((regel.code, onderwerp, bevinding));
            return Ok(true);
        }
        let telling: Telling = rij.inhoud()?;
        let heel = self.uitkomsten.entry(regel.code).or_insert_with(|| Regeluitkomst {
            regel: regel.clone(),
            uitkomsten: Uitkomsten::default(),
            mislukt: None,
        });
        heel.mislukt = heel.mislukt.take().or(telling.mislukt);
        let uitkomsten = &mut heel.uitkomsten;
        uitkomsten.getoetst += telling.getoetst;
        for (reden, aantal) in telling.niet_toetsbaar {
            uitkomsten.niet_toetsbaar_keer(reden, aantal);
        }
        for (sleutel, som) in telling.sommen {
            uitkomsten.sommen.tel(sleutel, som);
        }
        Ok(true)
    }

    fn lees_bevinding(
        &mut self,
        rij: &Rij<'_>,
        inname: &mut PartBuilder,
    ) -> Result<(Onbepaald, Bevinding), StreamError> {
        let over = rij.keus(Veld::Onderwerp, &ONDERWERPEN)?;
        let gemeente = |rij: &Rij<'_>| {
            let gemeente = rij.code(Veld::Gemeente)?.map(Gemeente);
            rij.nodig(Veld::Gemeente, gemeente)
        };
        let volgnummer = |rij: &Rij<'_>| {
            let volgnummer = rij.aantal(Veld::Volgnummer)?;
            rij.nodig(Veld::Volgnummer, volgnummer)
        };
        let onderwerp = match rij.nodig(Veld::Onderwerp, over)? {
            Over::Regel => Onbepaald::Regel((inname.bestand(rij)?, volgnummer(rij)?)),
            Over::Toewijzing => Onbepaald::Toewijzing(inname.toewijzing(rij)?),
            Over::Jeugdige => Onbepaald::Bepaald(Onderwerp::Jeugdige(lees_bsn(rij)?)),
            Over::Aanbieder => Onbepaald::Bepaald(Onderwerp::Aanbieder(inname.aanbieder(rij)?)),
            Over::Gemeente => Onbepaald::Bepaald(Onderwerp::Gemeente(gemeente(rij)?)),
            Over::AanbiederInGemeente => Onbepaald::Bepaald(Onderwerp::AanbiederInGemeente(
                inname.aanbieder(rij)?,
                gemeente(rij)?,
            )),
            Over::Bericht => Onbepaald::Bepaald(Onderwerp::Declaratiebericht(volgnummer(rij)?)),
        };
        let (gemeten, grens) = (rij.getal(Veld::Gemeten), rij.getal(Veld::Grens));
        let maat = rij.keus(Veld::Maat, &MATEN)?.map(|soort| {
            let (gemeten, grens) =
                (rij.nodig(Veld::Gemeten, gemeten)?, rij.nodig(Veld::Grens, grens)?);
            Ok(match soort {
                Maatsoort::Geld => Maat::Geld { gemeten: Cent(gemeten), grens: Cent(grens) },
                Maatsoort::Aantal => Maat::Aantal { gemeten, grens },
            })
        });
        let ernst = rij.keus(Veld::Ernst, &Ernst::choices())?;
        let bron = self.bronnen.entry_ref(rij.tekst(Veld::Bron));
        let bron = Arc::clone(bron.or_insert_with(|| rij.tekst(Veld::Bron).into()));
        let tekst = |veld| rij.tekst(veld).to_owned().into();
        let bevinding = Bevinding {
            ernst: rij.nodig(Veld::Ernst, ernst)?,
            // Filled in once the lines and toewijzingen have their numbers.
            onderwerp: Onderwerp::Jeugdige(Bsn::GEEN),
            bedrag: rij.getal(Veld::BedragInGeding).map(Cent),
            maat: maat.transpose()?,
            gevonden: tekst(Veld::Gevonden),
            verwacht: tekst(Veld::Verwacht),
            toelichting: tekst(Veld::Toelichting),
            selection: None,
            bron,
        };
        Ok((onderwerp, bevinding))
    }

    /// The outcomes, with findings that name what `regel` and `toewijzing` give; `None` where one is
    /// about a line or toewijzing that isn't there.
    pub fn klaar(
        mut self,
        regel: impl Fn(Plaats) -> Option<RegelNr>,
        toewijzing: impl Fn(Toewijzingssleutel) -> Option<ToewijzingNr>,
    ) -> Option<Vec<Regeluitkomst>> {
        for (code, onbepaald, mut bevinding) in self.bevindingen {
            bevinding.onderwerp = match onbepaald {
                Onbepaald::Regel(plaats) => Onderwerp::Regel(regel(plaats)?),
                Onbepaald::Toewijzing(sleutel) => Onderwerp::Toewijzing(toewijzing(sleutel)?),
                Onbepaald::Bepaald(onderwerp) => onderwerp,
            };
            self.uitkomsten.get_mut(code)?.uitkomsten.bevinding(bevinding);
        }
        Some(self.uitkomsten.into_values().collect())
    }
}
