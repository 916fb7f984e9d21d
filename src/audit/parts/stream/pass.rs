//! One pass over one part: rows in, the next pass's rows and the outcomes out.

use super::arrow::{RowWriter, StreamError, Veld, lees};
use super::header::Fingerprint;
use super::intake::{LEVERING, Part, PartBuilder, RowCounts, zonder_stand};
use super::outcomes::schrijf_uitkomsten;
use super::reading::{DECLARATIE, TOEWIJZING};
use super::rows::{Herkomst, bsn, schrijf_regel, schrijf_versie};
use super::{Doel, StepError};
use crate::audit::passes::{Found, Keys, Parts, Run, Terms};
use crate::dossier::*;
use crate::toetsing::{Onderwerp, Sleutelveld};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{self, Read, Write};

/// Kind of the row that says what one process did.
pub const GANG: &str = "gang";
/// Kind of the row that holds the counts and sums of lines.
pub const REGELTELLING: &str = "regeltelling";

/// What one process took in and gave out; added up, the rapport sees from it that no row was lost
/// or came twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassReceipt {
    pub erin: RowCounts,
    pub eruit: RowCounts,
    /// What came of the answers of gemeenten in this part.
    pub antwoorden: Option<Antwoordtelling>,
}

/// Takes in the part for a pass. Nothing is written before all of it is in.
pub fn take_in_part(
    veld: Sleutelveld,
    kenmerk: &Fingerprint,
    van: impl Read,
) -> Result<PartBuilder, StreamError> {
    let mut inname: Option<PartBuilder> = None;
    lees(van, "stdin", |rij| {
        let Some(inname) = &mut inname else {
            inname = Some(PartBuilder::begin(&rij, kenmerk)?);
            return Ok(());
        };
        Doel::Gang(veld).eis(&rij)?;
        match inname.neem_op(&rij)? {
            true => Ok(()),
            false => Err(rij.onleesbaar(Veld::Soort)),
        }
    })?;
    inname.ok_or_else(zonder_stand)
}

/// Runs a pass over a part, and writes what came of it.
pub fn run_pass(
    veld: Sleutelveld,
    terms: &Terms<'_>,
    inname: PartBuilder,
    stamgegevens: Onverbonden,
    uit: impl Write,
) -> Result<(), StepError> {
    let catalogus =
        |categorie: &str, code: &str| terms.regelset.catalogusrij(categorie, code).cloned();
    let part = inname.verbind(stamgegevens, catalogus)?;
    let mut uit = RowWriter::nieuw(uit)?;
    let mut run = Run::new(terms);
    run.found.knows_functions = part.stand.kent_functies;
    let receipt = PassReceipt { erin: part.aantallen, ..PassReceipt::default() };
    let mut stream = Stream { pass: veld, part, receipt, uit: &mut uit };
    run.passes(&mut stream)?;
    stream.finish(run.found)?;
    Ok(uit.sluit()?)
}

/// One part of one pass, that came in as rows and whose lines go on as rows.
struct Stream<'w, W: Write> {
    pass: Sleutelveld,
    part: Part,
    receipt: PassReceipt,
    uit: &'w mut RowWriter<W>,
}

impl<W: Write> Parts for Stream<'_, W> {
    type Error = io::Error;

    /// Other passes are other processes'.
    fn each(&mut self, pass: Sleutelveld, run: &mut Run<'_>) -> io::Result<()> {
        if pass != self.pass {
            return Ok(());
        }
        match pass {
            Sleutelveld::Aanbieder => self.aanbieders(run),
            Sleutelveld::Toewijzing => self.toewijzingen(run),
            Sleutelveld::Jeugdige => {
                self.jeugdigen(run);
                Ok(())
            }
        }
    }
}

impl<W: Write> Stream<'_, W> {
    /// The numbers that lines have in this part.
    fn numbers(&self) -> Vec<u32> {
        (0..self.part.dossier.regels.len() as u32).collect()
    }

    fn aanbieders(&mut self, run: &mut Run<'_>) -> io::Result<()> {
        let numbers = self.numbers();
        let Part { dossier, koppeling, aanbieders, plaatsen, .. } = &mut self.part;
        koppeling.link_whole(dossier);
        self.receipt.antwoorden = dossier.antwoorden.take();
        run.passing_part(dossier, &numbers, Keys::Aanbieders(aanbieders));
        schrijf_inhoud(REGELTELLING, "", &run.found.counts, self.uit)?;
        for (r, (_, volgnummer)) in dossier.regels.iter().zip(plaatsen) {
            if r.is_levend() {
                let sleutel = toewijzingssleutel(dossier, r, *volgnummer);
                schrijf_gangregel(Doel::TOEWIJZING, &sleutel, dossier, r, *volgnummer, self.uit)?;
                self.receipt.eruit.regels += 1;
            }
        }
        Ok(())
    }

    fn toewijzingen(&mut self, run: &mut Run<'_>) -> io::Result<()> {
        let numbers = self.numbers();
        self.part.koppeling.verwijs(&mut self.part.dossier);
        let dossier = &self.part.dossier;
        run.passing_part(dossier, &numbers, Keys::Toewijzingen);
        let controle = run.controle(dossier);
        // The toewijzingen that the next pass needs for each jeugdige.
        let mut nodig: BTreeSet<(Bsn, WoordNr)> = BTreeSet::new();
        for (r, (_, volgnummer)) in dossier.regels.iter().zip(&self.part.plaatsen) {
            if controle.telt_mee_in_leverjaar(r) && r.bsn != Bsn::GEEN {
                schrijf_gangregel(Doel::JEUGDIGE, &bsn(r.bsn), dossier, r, *volgnummer, self.uit)?;
                nodig.insert((r.bsn, r.toewijzing_nummer));
                self.receipt.eruit.regels += 1;
            }
        }
        for nr in &run.found.delivering {
            let t = dossier.toewijzing(*nr);
            let kind = bsn(t.bsn);
            self.uit.rij(|rij| {
                rij.tekst(Veld::Doel, Doel::JEUGDIGE.naam())
                    .tekst(Veld::Soort, LEVERING)
                    .tekst(Veld::Sleutel, &kind)
                    .tekst(Veld::Bsn, &kind)
                    .tekst(Veld::Gemeente, &t.gemeente.to_string())
                    .tekst(Veld::ToewijzingNummer, dossier.toewijzingnummer(t.nummer));
            })?;
            nodig.insert((t.bsn, t.nummer));
            self.receipt.eruit.leveringen += 1;
        }
        for (kind, nummer) in nodig {
            let versies =
                self.part.schrijf_versies(Doel::JEUGDIGE, &bsn(kind), nummer, self.uit)?;
            self.receipt.eruit.versies += versies;
        }
        Ok(())
    }

    fn jeugdigen(&mut self, run: &mut Run<'_>) {
        let numbers = self.numbers();
        self.part.koppeling.verwijs(&mut self.part.dossier);
        let Part { dossier, met_levering, .. } = &self.part;
        run.passing_part(dossier, &numbers, Keys::Jeugdigen(met_levering));
    }

    /// Writes what the rules came to, what the rapport shows of this part, and what was done.
    fn finish(self, found: Found) -> io::Result<()> {
        let Stream { pass, part, receipt, uit } = self;
        schrijf_uitkomsten(&found.outcomes, &part.dossier, &part.plaatsen, uit)?;
        part.schrijf_getoond(&found, uit)?;
        schrijf_inhoud(GANG, pass.naam(), &receipt, uit)
    }
}

impl Part {
    /// Writes what the rapport shows of this part: lines, and the toewijzingen that they or findings
    /// name.
    fn schrijf_getoond(&self, found: &Found, uit: &mut RowWriter<impl Write>) -> io::Result<()> {
        let dossier = &self.dossier;
        let mut toewijzingen: BTreeSet<WoordNr> = BTreeSet::new();
        for nummer in found.reported.numbers().collect::<BTreeSet<u32>>() {
            let r = dossier.regel(RegelNr(nummer));
            let (_, volgnummer) = self.plaatsen[nummer as usize];
            schrijf_gangregel(Doel::Samenvoegen, "", dossier, r, volgnummer, uit)?;
            toewijzingen.insert(r.toewijzing_nummer);
        }
        let bevindingen = found.outcomes.iter().flat_map(|u| &u.uitkomsten.bevindingen);
        for bevinding in bevindingen {
            if let Onderwerp::Toewijzing(nr) = bevinding.onderwerp {
                toewijzingen.insert(dossier.toewijzing(nr).nummer);
            }
        }
        for nummer in toewijzingen {
            self.schrijf_versies(Doel::Samenvoegen, "", nummer, uit)?;
        }
        Ok(())
    }

    /// Writes all versions with this number, of whatever gemeente: only together they tell which
    /// toewijzing a line is on. Gives how many there are.
    fn schrijf_versies(
        &self,
        doel: Doel,
        sleutel: &str,
        nummer: WoordNr,
        uit: &mut RowWriter<impl Write>,
    ) -> io::Result<u64> {
        let Part { dossier, versies, per_nummer, .. } = self;
        let herkomst = Herkomst {
            bestanden: &dossier.bestanden,
            toewijzingnummers: &dossier.toewijzingnummers,
            woorden: &dossier.woorden,
        };
        let welke = per_nummer.get(&nummer).map_or(&[][..], Vec::as_slice);
        for i in welke {
            let ((_, volgnummer), versie) = &versies[*i];
            uit.rij(|rij| {
                rij.tekst(Veld::Doel, doel.naam())
                    .tekst(Veld::Soort, TOEWIJZING)
                    .tekst(Veld::Sleutel, sleutel);
                schrijf_versie(rij, &herkomst, versie, *volgnummer);
            })?;
        }
        Ok(welke.len() as u64)
    }
}

/// By what a line comes together with others on its toewijzing: its number, whatever the gemeente.
/// Lines without a number need no company.
fn toewijzingssleutel(dossier: &Dossier, r: &Declaratieregel, volgnummer: u32) -> String {
    match dossier.toewijzingnummer(r.toewijzing_nummer) {
        "" if r.bsn == Bsn::GEEN => volgnummer.to_string(),
        "" => bsn(r.bsn),
        nummer => nummer.to_owned(),
    }
}

fn schrijf_gangregel(
    doel: Doel,
    sleutel: &str,
    dossier: &Dossier,
    r: &Declaratieregel,
    volgnummer: u32,
    uit: &mut RowWriter<impl Write>,
) -> io::Result<()> {
    uit.rij(|rij| {
        rij.tekst(Veld::Doel, doel.naam())
            .tekst(Veld::Soort, DECLARATIE)
            .tekst(Veld::Sleutel, sleutel);
        schrijf_regel(rij, dossier, r, volgnummer);
    })
}

/// Writes a row for the rapport that only this program reads.
fn schrijf_inhoud(
    soort: &str,
    sleutel: &str,
    inhoud: &impl Serialize,
    uit: &mut RowWriter<impl Write>,
) -> io::Result<()> {
    let inhoud = serde_json::to_string(inhoud)?;
    uit.rij(|rij| {
        rij.tekst(Veld::Doel, Doel::Samenvoegen.naam())
            .tekst(Veld::Soort, soort)
            .tekst(Veld::Sleutel, sleutel)
            .tekst(Veld::Inhoud, &inhoud);
    })
}
