//! The tables of a rapport as CSV.

use super::Rapport;
use super::totalen::Doorbelasting;
use crate::writing::WriteError;
use crate::writing::csv::{Bedrag, bedrag, schrijf, schrijf_met};
use std::path::Path;

/// The columns of `bevindingen`, in every format.
pub const KOLOMMEN: [&str; 21] = [
    "Id",
    "Regel",
    "Ernst",
    "Aanbieder",
    "Gemeente",
    "Jeugdige",
    "ToewijzingNummer",
    "DeclaratieNummer",
    "ReferentieNummer",
    "Bestand",
    "Regelnummer",
    "Begindatum",
    "Einddatum",
    "ProductCode",
    "IngediendBedrag",
    "BedragInGeding",
    "Gevonden",
    "Verwacht",
    "Toelichting",
    "Bron",
    "Oordeel",
];

pub fn bevindingen(rapport: &Rapport<'_>, pad: &Path) -> Result<(), WriteError> {
    schrijf_met(pad, &KOLOMMEN, |tabel| {
        for r in rapport.rijen() {
            tabel.tekst(&r.id())?;
            tabel.tekst(r.regel())?;
            tabel.tekst(r.ernst().naam())?;
            tabel.toon(r.aanbieder())?;
            tabel.toon(r.gemeente())?;
            tabel.tekst(&r.jeugdige().unwrap_or_default())?;
            tabel.tekst(&r.toewijzing_nummer().unwrap_or_default())?;
            tabel.tekst(&r.declaratie_nummer().unwrap_or_default())?;
            tabel.tekst(&r.referentie_nummer().unwrap_or_default())?;
            tabel.tekst(r.bestand().unwrap_or_default())?;
            tabel.toon(r.regelnummer())?;
            tabel.toon(r.begindatum())?;
            tabel.toon(r.einddatum())?;
            tabel.tekst(&r.product_code().unwrap_or_default())?;
            tabel.toon(r.ingediend_bedrag().map(Bedrag))?;
            tabel.toon(r.bedrag_in_geding().map(Bedrag))?;
            tabel.tekst(r.gevonden())?;
            tabel.tekst(r.verwacht())?;
            tabel.tekst(r.toelichting())?;
            tabel.tekst(r.bron())?;
            tabel.tekst(r.oordeel().unwrap_or_default())?;
            tabel.einde_rij()?;
        }
        Ok(())
    })
}

pub fn invoerfouten(rapport: &Rapport<'_>, pad: &Path) -> Result<(), WriteError> {
    let d = rapport.dossier();
    let kolommen = ["Bestand", "Regelnummer", "Kolom", "Waarde", "Reden", "Gevolg"];
    schrijf(
        pad,
        &kolommen,
        rapport.invoerfouten.iter().map(|f| {
            [
                d.bestand(f.bestand).pad.clone(),
                f.regelnummer.to_string(),
                f.kolom.map(|k| k.naam().to_owned()).unwrap_or_default(),
                f.waarde.to_string(),
                f.reden.to_string(),
                f.gevolg.naam().to_owned(),
            ]
        }),
    )
}

/// What to charge on to each gemeente.
pub fn doorbelasting(
    rapport: &Rapport<'_>,
    rijen: &[Doorbelasting],
    pad: &Path,
) -> Result<(), WriteError> {
    let kolommen = [
        "Gemeente",
        "GemeenteNaam",
        "Aanbieder",
        "AanbiederNaam",
        "ProductCategorie",
        "ProductCode",
        "Regels",
        "Gedeclareerd",
        "Fout",
        "Onzekerheid",
        "DoorTeBelasten",
    ];
    schrijf(
        pad,
        &kolommen,
        rijen.iter().map(|r| {
            let product = rapport.dossier().product(r.product);
            [
                r.gemeente.to_string(),
                rapport.naam_van_gemeente(r.gemeente).to_owned(),
                r.aanbieder.to_string(),
                rapport.naam_van_aanbieder(r.aanbieder).to_owned(),
                rapport.pseudoniemen.nummer(&product.categorie).into_owned(),
                rapport.pseudoniemen.nummer(&product.code).into_owned(),
                r.regels.to_string(),
                bedrag(Some(r.gedeclareerd)),
                bedrag(Some(r.in_geding.fout)),
                bedrag(Some(r.in_geding.onzekerheid)),
                bedrag(Some(r.door_te_belasten())),
            ]
        }),
    )
}
