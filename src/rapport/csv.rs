//! The tables of a rapport as CSV.

use super::Rapport;
use super::onderliggend;
use super::totals::Doorbelasting;
use crate::dossier::Onderdeel;
use crate::ground::Shown;
use crate::writing::WriteError;
use crate::writing::csv::{Amount, bedrag, write, write_with};
use std::path::Path;

/// The columns of `bevindingen`, in every format.
pub(crate) const KOLOMMEN: [&str; 21] = [
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

/// What the aanbieder said of a finding, behind the others.
pub(crate) const REACTIE: &str = "Reactie";

pub(crate) fn bevindingen(rapport: &Rapport<'_>, path: &Path) -> Result<(), WriteError> {
    let reacties = &rapport.reacties;
    // The column of reactions is there where the dossier has any.
    let riding = &rapport.meegenomen;
    let reactie = reacties.any.then_some(REACTIE);
    let kolommen: Vec<&str> = KOLOMMEN.into_iter().chain(reactie).chain(riding.headers()).collect();
    write_with(path, &kolommen, |table| {
        for r in rapport.rows() {
            table.text(Shown::unmasked(r.id()))?;
            table.text(r.rule())?;
            table.text(r.ernst().name())?;
            table.show(r.aanbieder())?;
            table.show(r.gemeente())?;
            table.text(r.jeugdige().unwrap_or_default())?;
            table.text(r.toewijzing_nummer().unwrap_or_default())?;
            table.text(r.declaratie_nummer().unwrap_or_default())?;
            table.text(r.referentie_nummer().unwrap_or_default())?;
            table.text(r.file().unwrap_or_default())?;
            table.show(r.line_number())?;
            table.show(r.begindatum())?;
            table.show(r.einddatum())?;
            table.text(r.product_code().unwrap_or_default())?;
            table.show(r.ingediend_bedrag().map(Amount))?;
            table.show(r.bedrag_in_geding().map(Amount))?;
            table.text(r.found())?;
            table.text(r.expected())?;
            table.text(r.toelichting())?;
            table.text(r.source())?;
            table.text(r.oordeel().unwrap_or_default())?;
            if reacties.any {
                table.text(reacties.on(r.nummer()))?;
            }
            for text in r.riding(riding) {
                table.text(text.unwrap_or_default())?;
            }
            table.end_row()?;
        }
        Ok(())
    })
}

/// The lines under findings.
pub(crate) fn onderliggend(rapport: &Rapport<'_>, path: &Path) -> Result<(), WriteError> {
    let riding = &rapport.meegenomen;
    let kolommen: Vec<&str> = onderliggend::KOLOMMEN.into_iter().chain(riding.headers()).collect();
    write_with(path, &kolommen, |table| {
        for r in rapport.all_under() {
            table.text(Shown::unmasked(r.id()))?;
            table.text(r.file())?;
            table.show(Some(r.line.line_number))?;
            table.show(Some(r.aanbieder()))?;
            table.show(Some(r.line.gemeente))?;
            table.text(r.referentie_nummer().unwrap_or_default())?;
            table.text(r.toewijzing_nummer().unwrap_or_default())?;
            table.show(Some(r.line.begindatum))?;
            table.show(Some(r.line.einddatum))?;
            table.text(r.product_code().unwrap_or_default())?;
            table.show(Some(r.line.geleverd_volume))?;
            table.show(Some(Amount(r.line.ingediend_bedrag)))?;
            table.show(r.share.map(Amount))?;
            for text in r.riding(riding) {
                table.text(text.unwrap_or_default())?;
            }
            table.end_row()?;
        }
        Ok(())
    })
}

pub(crate) fn invoerfouten(rapport: &Rapport<'_>, path: &Path) -> Result<(), WriteError> {
    let d = rapport.dossier();
    let kolommen = ["Bestand", "Regelnummer", "Kolom", "Waarde", "Reden", "Gevolg"];
    write(
        path,
        &kolommen,
        rapport.invoerfouten.iter().map(|f| {
            [
                d.file(f.file).pad.clone(),
                f.line_number.to_string(),
                f.kolom.map(|k| k.name().to_owned()).unwrap_or_default(),
                f.value.to_string(),
                f.reason.to_string(),
                f.consequence.name().to_owned(),
            ]
        }),
    )
}

/// Products that the catalogue lacks. Their columns of proposals have names of their own: nobody
/// takes them for a catalogue unseen.
pub(crate) fn proposals(rapport: &Rapport<'_>, path: &Path) -> Result<(), WriteError> {
    let kolommen = [
        "ProductCategorie",
        "ProductCode",
        "Regels",
        "Bedrag",
        "Eenheden",
        "MeestVoorkomendTarief",
        "VoorstelOnderdeel",
        "VoorstelTariefsleutel",
    ];
    let nummer = |text| rapport.pseudonyms.replace_in(text).into_owned();
    let rows = rapport.proposals.iter().map(|p| {
        let eenheden = p.eenheden.iter().map(|(eenheid, lines)| format!("{eenheid} ({lines})"));
        [
            nummer(&p.categorie),
            nummer(&p.code),
            p.lines.to_string().into(),
            bedrag(Some(p.bedrag)),
            eenheden.collect::<Vec<_>>().join(", ").into(),
            bedrag(p.tarief.map(|(tarief, _)| tarief)),
            p.onderdeel.map_or("", Onderdeel::name).into(),
            p.tariefsleutel.clone().unwrap_or_default().into(),
        ]
    });
    write(path, &kolommen, rows)
}

/// What to charge on to each gemeente.
pub(crate) fn doorbelasting(
    rapport: &Rapport<'_>,
    rows: &[Doorbelasting],
    path: &Path,
) -> Result<(), WriteError> {
    let kolommen = [
        "Gemeente",
        "GemeenteNaam",
        "Aanbieder",
        "AanbiederNaam",
        "Perceel",
        "ProductCategorie",
        "ProductCode",
        "Maand",
        "Regels",
        "Gedeclareerd",
        "Fout",
        "Onzekerheid",
        "FoutVervallen",
        "Teruggevorderd",
        "DoorTeBelasten",
    ];
    write(
        path,
        &kolommen,
        rows.iter().map(|r| {
            let of = r.of;
            let product = rapport.dossier().product(of.product);
            [
                of.gemeente.to_string().into(),
                rapport.name_of_gemeente(of.gemeente).to_owned().into(),
                of.aanbieder.to_string().into(),
                rapport.name_of_aanbieder(of.aanbieder).to_owned().into(),
                r.perceel.map(|p| p.to_string()).unwrap_or_default().into(),
                rapport.pseudonyms.replace_in(&product.categorie).into_owned(),
                rapport.pseudonyms.replace_in(&product.code).into_owned(),
                of.maand.in_maand().into(),
                r.lines.to_string().into(),
                bedrag(Some(r.gedeclareerd)),
                bedrag(Some(r.in_geding.fout)),
                bedrag(Some(r.in_geding.onzekerheid)),
                bedrag(Some(r.judged.dropped)),
                bedrag(Some(r.judged.reclaimed)),
                bedrag(Some(r.door_te_belasten())),
            ]
        }),
    )
}
