//! One pass over one part: rows in, the next pass's rows and the outcomes out.

use super::inname::{Aantallen, Deel, Inname, LEVERING, zonder_stand};
use super::lezing::{DECLARATIE, TOEWIJZING};
use super::rijen::{Herkomst, bsn, schrijf_regel, schrijf_versie};
use super::stand::Kenmerk;
use super::stroom::{Schrijver, Stroomfout, Veld, lees};
use super::uitkomsten::schrijf_uitkomsten;
use super::{Deelfout, Deeluitkomst, Doel, Opdracht};
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
pub struct Doorgang {
    pub erin: Aantallen,
    pub eruit: Aantallen,
    /// What came of the answers of gemeenten in this part.
    pub antwoorden: Option<Antwoordtelling>,
}

/// Takes in the part for a pass. Nothing is written before all of it is in.
pub fn neem_deel_in(
    veld: Sleutelveld,
    kenmerk: &Kenmerk,
    van: impl Read,
) -> Result<Inname, Stroomfout> {
    let mut inname: Option<Inname> = None;
    lees(van, "stdin", |rij| {
        let Some(inname) = &mut inname else {
            inname = Some(Inname::begin(&rij, kenmerk)?);
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
pub fn voer_gang_uit(
    veld: Sleutelveld,
    opdracht: &Opdracht<'_>,
    inname: Inname,
    stamgegevens: Onverbonden,
    uit: impl Write,
) -> Result<(), Deelfout> {
    let catalogus =
        |categorie: &str, code: &str| opdracht.regelset.catalogusrij(categorie, code).cloned();
    let deel = inname.verbind(stamgegevens, catalogus)?;
    let mut uit = Schrijver::nieuw(uit)?;
    Gang { opdracht, deel, samen: Deeluitkomst::default() }.voer_uit(veld, &mut uit)?;
    Ok(uit.sluit()?)
}

/// A pass over a part.
struct Gang<'a> {
    opdracht: &'a Opdracht<'a>,
    deel: Deel,
    samen: Deeluitkomst,
}

impl Gang<'_> {
    fn voer_uit(mut self, veld: Sleutelveld, uit: &mut Schrijver<impl Write>) -> io::Result<()> {
        self.samen.kent_functies = self.deel.stand.kent_functies;
        let doorgang = match veld {
            Sleutelveld::Aanbieder => self.per_aanbieder(uit)?,
            Sleutelveld::Toewijzing => self.per_toewijzing(uit)?,
            Sleutelveld::Jeugdige => self.per_jeugdige(),
        };
        let (dossier, plaatsen) = (&self.deel.dossier, &self.deel.plaatsen);
        schrijf_uitkomsten(&self.samen.uitkomsten, dossier, plaatsen, uit)?;
        self.schrijf_getoond(uit)?;
        schrijf_inhoud(GANG, veld.naam(), &doorgang, uit)
    }

    /// The numbers that lines have in this part.
    fn nummers(&self) -> Vec<u32> {
        (0..self.deel.dossier.regels.len() as u32).collect()
    }

    fn per_aanbieder(&mut self, uit: &mut Schrijver<impl Write>) -> io::Result<Doorgang> {
        let nummers = self.nummers();
        let Deel { dossier, koppeling, .. } = &mut self.deel;
        let mut afwijzingen = koppeling.afwijzingen(dossier);
        koppeling.koppel(dossier, afwijzingen.as_mut());
        let antwoorden = afwijzingen.map(|a| a.telling());
        let aanbieders = &self.deel.aanbieders;
        let dossier = &self.deel.dossier;
        self.opdracht.toets_aanbieders(dossier, &nummers, aanbieders, &mut self.samen);
        schrijf_inhoud(REGELTELLING, "", &self.samen.telling, uit)?;
        let mut eruit = Aantallen::default();
        for (r, (_, volgnummer)) in dossier.regels.iter().zip(&self.deel.plaatsen) {
            if r.is_levend() {
                let sleutel = toewijzingssleutel(dossier, r, *volgnummer);
                schrijf_gangregel(Doel::TOEWIJZING, &sleutel, dossier, r, *volgnummer, uit)?;
                eruit.regels += 1;
            }
        }
        Ok(Doorgang { erin: self.deel.aantallen, eruit, antwoorden })
    }

    fn per_toewijzing(&mut self, uit: &mut Schrijver<impl Write>) -> io::Result<Doorgang> {
        let nummers = self.nummers();
        self.deel.koppeling.verwijs(&mut self.deel.dossier);
        let dossier = &self.deel.dossier;
        self.opdracht.toets_toewijzingen(dossier, &nummers, &mut self.samen);
        let controle = self.opdracht.controle(dossier, self.samen.kent_functies);
        let mut eruit = Aantallen::default();
        // The toewijzingen that the next pass needs for each jeugdige.
        let mut nodig: BTreeSet<(Bsn, WoordNr)> = BTreeSet::new();
        for (r, (_, volgnummer)) in dossier.regels.iter().zip(&self.deel.plaatsen) {
            if controle.telt_mee_in_leverjaar(r) && r.bsn != Bsn::GEEN {
                schrijf_gangregel(Doel::JEUGDIGE, &bsn(r.bsn), dossier, r, *volgnummer, uit)?;
                nodig.insert((r.bsn, r.toewijzing_nummer));
                eruit.regels += 1;
            }
        }
        for nr in &self.samen.met_levering {
            let t = dossier.toewijzing(*nr);
            let kind = bsn(t.bsn);
            uit.rij(|rij| {
                rij.tekst(Veld::Doel, Doel::JEUGDIGE.naam())
                    .tekst(Veld::Soort, LEVERING)
                    .tekst(Veld::Sleutel, &kind)
                    .tekst(Veld::Bsn, &kind)
                    .tekst(Veld::Gemeente, &t.gemeente.to_string())
                    .tekst(Veld::ToewijzingNummer, dossier.toewijzingnummer(t.nummer));
            })?;
            nodig.insert((t.bsn, t.nummer));
            eruit.leveringen += 1;
        }
        for (kind, nummer) in nodig {
            eruit.versies += self.schrijf_versies(Doel::JEUGDIGE, &bsn(kind), nummer, uit)?;
        }
        Ok(Doorgang { erin: self.deel.aantallen, eruit, antwoorden: None })
    }

    fn per_jeugdige(&mut self) -> Doorgang {
        let nummers = self.nummers();
        self.deel.koppeling.verwijs(&mut self.deel.dossier);
        let Deel { dossier, met_levering, aantallen, .. } = &self.deel;
        self.opdracht.toets_jeugdigen(dossier, &nummers, met_levering, &mut self.samen);
        Doorgang { erin: *aantallen, eruit: Aantallen::default(), antwoorden: None }
    }

    /// Writes what the rapport shows of this part: lines, and the toewijzingen that they or findings
    /// name.
    fn schrijf_getoond(&self, uit: &mut Schrijver<impl Write>) -> io::Result<()> {
        let dossier = &self.deel.dossier;
        let mut toewijzingen: BTreeSet<WoordNr> = BTreeSet::new();
        for nummer in self.samen.behouden.nummers.iter().copied().collect::<BTreeSet<u32>>() {
            let r = dossier.regel(RegelNr(nummer));
            let (_, volgnummer) = self.deel.plaatsen[nummer as usize];
            schrijf_gangregel(Doel::Samenvoegen, "", dossier, r, volgnummer, uit)?;
            toewijzingen.insert(r.toewijzing_nummer);
        }
        let bevindingen = self.samen.uitkomsten.iter().flat_map(|u| &u.uitkomsten.bevindingen);
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
        uit: &mut Schrijver<impl Write>,
    ) -> io::Result<u64> {
        let Deel { dossier, versies, per_nummer, .. } = &self.deel;
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
    uit: &mut Schrijver<impl Write>,
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
    uit: &mut Schrijver<impl Write>,
) -> io::Result<()> {
    let inhoud = serde_json::to_string(inhoud)?;
    uit.rij(|rij| {
        rij.tekst(Veld::Doel, Doel::Samenvoegen.naam())
            .tekst(Veld::Soort, soort)
            .tekst(Veld::Sleutel, sleutel)
            .tekst(Veld::Inhoud, &inhoud);
    })
}
