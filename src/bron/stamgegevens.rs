//! The small tables: one row, one record.

use super::fields::{self, AmountFormat, ParseError};
use super::row::{Row, choice};
use super::toewijzingen::UITVOERING_TOEGESTAAN;
use crate::dossier::{
    AanbiederRow, Afspraak, Afspraaksoort, Agb, Beoordeling, BevindingId, CatalogusRow, Cent,
    EarlierFinding, Eindoordeel, Gemeente, Kolom, MaatwerkRow, OmzetRow, Onderdeel, OpenstaandRow,
    Reactie, Status, TariefRow, Termijn, Uitvoering, VerantwoordingRow, Vorm,
};

const PERCEEL: &str = "een perceelnummer van 1 tot en met 9";

fn perceel(cell: &[u8]) -> Result<u8, ParseError> {
    match fields::number(cell) {
        Ok(number @ 1..=9) => Ok(number as u8),
        _ => Err(ParseError::UnknownValue { allowed: PERCEEL }),
    }
}

/// The non-empty parts of `a|b|c`, also where people write a comma or a semicolon between them.
fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(['|', ',', ';']).map(str::trim).filter(|d| !d.is_empty())
}

/// A Tariefsleutel: of a ruleset or of a region, but no word that says something else.
fn tariefsleutel(text: &str) -> Result<String, ParseError> {
    let allowed = "Tariefsleutels, zoals TG1|INT_C";
    let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let bytes = text.as_bytes();
    let says_else = fields::yes_no(bytes).is_ok()
        || fields::is_empty_word(bytes)
        || fields::says_nothing(bytes)
        || text.bytes().all(|c| c.is_ascii_digit());
    match text.chars().all(is_code) && !says_else {
        true => Ok(text.to_owned()),
        false => Err(ParseError::UnknownValue { allowed }),
    }
}

pub(crate) fn aanbieder(mut row: Row<'_>, out: &mut Vec<(Agb, AanbiederRow)>) {
    let agb = row.agb();
    let name = row.text_or_empty(Kolom::Naam).to_owned();
    let own = row.optional(Kolom::Perceel, perceel);
    let percelen = row
        .optional(Kolom::Percelen, |c| {
            parts(&String::from_utf8_lossy(c)).map(|d| perceel(d.as_bytes())).collect()
        })
        .unwrap_or_default();
    let voorzieningen = row
        .optional(Kolom::Voorzieningen, |c| {
            parts(&String::from_utf8_lossy(c)).map(tariefsleutel).collect()
        })
        .unwrap_or_default();
    let data = AanbiederRow {
        naam: name,
        perceel: own,
        percelen,
        voorzieningen,
        kdc_odc: row.yes_no_or_empty(Kolom::KdcOdc),
        crisis_contract: row.yes_no_or_empty(Kolom::CrisisContract),
        landelijke_omzet: row.bedrag_or_empty(Kolom::LandelijkeOmzet),
        contract_begin: row.datum_or_empty(Kolom::ContractBegin),
        contract_einde: row.end_datum_or_empty(Kolom::ContractEinde),
        finale_kwijting: row.datum_or_empty(Kolom::FinaleKwijting),
        clientenstop_van: row.datum_or_empty(Kolom::ClientenstopVan),
        clientenstop_tot: row.datum_or_empty(Kolom::ClientenstopTot),
        penvoerder: row.code_or_empty(Kolom::Penvoerder, 8).map(Agb),
        unreadable: row.unreadable(),
        file: row.file,
        line_number: row.line_number(),
    };
    out.extend(row.close(agb.map(|agb| (agb, data))));
}

pub(crate) fn product(mut row: Row<'_>, out: &mut Vec<CatalogusRow>) {
    let categorie = row.key_text(Kolom::ProductCategorie);
    let code = row.key_text(Kolom::ProductCode);
    let description = row.text_or_empty(Kolom::Omschrijving).to_owned();
    let own_perceel = row.optional(Kolom::Perceel, perceel);
    let onderdeel = row.needs(Kolom::Onderdeel, |c| {
        let choices = Onderdeel::choices();
        choice(c, &choices, "ambulant, groepsaanbod, voorziening, verblijf, ed, crisis, een-op-een, preventie, maatwerk of overig")
    });
    let key = row.text_or_empty(Kolom::Tariefsleutel);
    let form = row.choice_or_empty(
        Kolom::Vorm,
        &Vorm::choices(),
        "pleegzorg, deeltijdpleegzorg, kdv, gezinshuis, wonen of verblijf",
    );
    let uitvoering =
        row.choice_or_empty(Kolom::Uitvoering, &Uitvoering::choices(), UITVOERING_TOEGESTAAN);
    let (unreadable, line_number) = (row.unreadable(), row.line_number());
    let read = (|| {
        Some(CatalogusRow {
            product_categorie: categorie?.to_owned(),
            product_code: code?.to_owned(),
            omschrijving: description,
            perceel: own_perceel,
            onderdeel: onderdeel?,
            tariefsleutel: (!key.is_empty()).then(|| key.to_owned()),
            vorm: form,
            uitvoering,
            unreadable,
            line_number,
        })
    })();
    out.extend(row.close(read));
}

pub(crate) fn tarief(mut row: Row<'_>, out: &mut Vec<TariefRow>) {
    let jaar = row.code(Kolom::Jaar, 4);
    let key = row.text(Kolom::Tariefsleutel);
    let own_perceel = row.optional(Kolom::Perceel, perceel);
    let aanbieder = row.code_or_empty(Kolom::Aanbieder, 8).map(Agb);
    let eenheid = row.eenheid();
    let tarief = row.bedrag(Kolom::Tarief);
    let source = row.text_or_empty(Kolom::Bron).to_owned();
    let (unreadable, line_number) = (row.unreadable(), row.line_number());
    let read = (|| {
        Some(TariefRow {
            jaar: jaar? as i32,
            tariefsleutel: key?.to_owned(),
            perceel: own_perceel,
            aanbieder,
            eenheid: eenheid?,
            tarief: tarief?,
            bron: source,
            unreadable,
            line_number,
        })
    })();
    out.extend(row.close(read));
}

pub(crate) fn omzet(mut row: Row<'_>, out: &mut Vec<OmzetRow>) {
    let agb = row.agb();
    let jaar = row.code(Kolom::Jaar, 4);
    let omzet = row.bedrag(Kolom::Omzet);
    let product_code = row.key_text_or_empty(Kolom::ProductCode).to_owned();
    let how = row.forms.amounts;
    let volume = row.optional(Kolom::Volume, |c| fields::volume(c, how));
    let (unreadable, file) = (row.unreadable(), row.file);
    let read = (|| {
        Some(OmzetRow {
            aanbieder: agb?,
            jaar: jaar? as i32,
            omzet: omzet?,
            product_code,
            volume,
            unreadable,
            file,
        })
    })();
    out.extend(row.close(read));
}

pub(crate) fn verantwoording(mut row: Row<'_>, out: &mut Vec<VerantwoordingRow>) {
    let (agb, gemeente) = (row.agb(), row.gemeente());
    let jaar = row.code(Kolom::Jaar, 4);
    let product_categorie = row.key_text_or_empty(Kolom::ProductCategorie).to_owned();
    let product_code = row.key_text_or_empty(Kolom::ProductCode).to_owned();
    let jeugdigen_count = row.number_or_empty(Kolom::AantalJeugdigen);
    // Nothing is done with it, but a person hears of a value that can't be read.
    row.volume_or_empty(Kolom::Volume);
    let bedrag = row.bedrag(Kolom::Bedrag);
    let status = row.choice_or_empty(
        Kolom::Status,
        &Status::choices(),
        "voorlopig, definitief of gewaarmerkt",
    );
    let ontvangen = row.datum_or_empty(Kolom::Ontvangen);
    let unreadable = row.unreadable();
    let (file, line_number) = (row.file, row.line_number());
    let read = (|| {
        Some(VerantwoordingRow {
            aanbieder: agb?,
            gemeente: gemeente?,
            jaar: jaar? as i32,
            product_categorie,
            product_code,
            aantal_jeugdigen: jeugdigen_count,
            bedrag: bedrag?,
            status,
            ontvangen,
            unreadable,
            file,
            line_number,
        })
    })();
    out.extend(row.close(read));
}

/// Startdatum and Einddatum as a term.
fn termijn(row: &mut Row<'_>) -> Option<Termijn> {
    let ingang = row.datum(Kolom::Startdatum);
    let end = row.end_datum_or_empty(Kolom::Einddatum);
    Some(Termijn { ingang: ingang?, end })
}

pub(crate) fn afspraak(mut row: Row<'_>, out: &mut Vec<Afspraak>) {
    let (agb, gemeente) = (row.agb(), row.gemeente());
    let code = row.key_text(Kolom::ProductCode);
    let termijn = termijn(&mut row);
    let count = row.volume(Kolom::Aantal);
    let kind = row
        .choice_or_empty(Kolom::Soort, &Afspraaksoort::choices(), "trajecten of plaatsen")
        .unwrap_or(Afspraaksoort::Trajecten);
    let max_groepsgrootte = row.number_or_empty(Kolom::MaxGroepsgrootte);
    let naam = row.text_or_empty(Kolom::Naam).to_owned();
    let doelgroep = row.text_or_empty(Kolom::Doelgroep).to_owned();
    let unreadable = row.unreadable();
    let (file, line_number) = (row.file, row.line_number());
    let read = (|| {
        Some(Afspraak {
            aanbieder: agb?,
            gemeente: gemeente?,
            product_code: code?.to_owned(),
            naam,
            doelgroep,
            termijn: termijn?,
            aantal: count?,
            soort: kind,
            max_groepsgrootte,
            unreadable,
            file,
            line_number,
        })
    })();
    out.extend(row.close(read));
}

pub(crate) fn maatwerk(mut row: Row<'_>, out: &mut Vec<MaatwerkRow>) {
    let (agb, gemeente) = (row.agb(), row.gemeente());
    let nummer = row.toewijzingnummer().map(|n| String::from_utf8_lossy(n).into_owned());
    let code = row.key_text(Kolom::ProductCode);
    let tarief = row.bedrag(Kolom::Tarief);
    let eenheid = row.eenheid();
    let termijn = termijn(&mut row);
    let (unreadable, file) = (row.unreadable(), row.file);
    let read = (|| {
        Some(MaatwerkRow {
            aanbieder: agb?,
            gemeente: gemeente?,
            toewijzing_nummer: nummer?,
            product_code: code?.to_owned(),
            tarief: tarief?,
            eenheid: eenheid?,
            termijn: termijn?,
            unreadable,
            file,
        })
    })();
    out.extend(row.close(read));
}

/// Written by us: amounts are in euros, however the dossier's own files write money.
pub(crate) fn openstaand(mut row: Row<'_>, out: &mut Vec<OpenstaandRow>) {
    let euros = |c: &[u8]| fields::bedrag(c, AmountFormat::default());
    let agb = row.agb();
    let gemeente = row.code_or_empty(Kolom::Gemeente, 4);
    let gemeente = gemeente.and_then(|code| u16::try_from(code).ok()).map(Gemeente);
    let referentie = row.text(Kolom::ReferentieNummer).map(str::to_owned);
    let bedrag = row.needs(Kolom::Bedrag, euros);
    // What came back is no optional matter: without it more would be asked.
    let teruggenomen = match row.cell(Kolom::Teruggenomen).is_empty() {
        true => Some(Cent::ZERO),
        false => row.needs(Kolom::Teruggenomen, euros),
    };
    let text = |row: &Row<'_>, kolom| String::from_utf8_lossy(row.cell(kolom)).into_owned();
    let list = |text: &str, at: char| -> Vec<String> {
        text.split(at).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect()
    };
    let ids = row.text(Kolom::Bevindingen).map(|ids| list(ids, ' '));
    let ingediend_bedrag = row.optional(Kolom::IngediendBedrag, euros);
    let (begindatum, einddatum) =
        (row.datum_or_empty(Kolom::Begindatum), row.datum_or_empty(Kolom::Einddatum));
    let teruggenomen_op = row.late_datum_or_empty(Kolom::TeruggenomenOp);
    let read = (|| {
        Some(OpenstaandRow {
            aanbieder: agb?,
            gemeente,
            referentie_nummer: referentie?,
            toewijzing_nummer: text(&row, Kolom::ToewijzingNummer),
            product_code: text(&row, Kolom::ProductCode),
            begindatum,
            einddatum,
            ingediend_bedrag,
            bedrag: bedrag?,
            teruggenomen: teruggenomen?,
            teruggenomen_op,
            creditregels: list(&text(&row, Kolom::Creditregels), '|'),
            bevindingen: ids?,
        })
    })();
    out.extend(row.close(read));
}

const ID: &str = "een Id uit een rapport, zoals NS01-0123456789abcdef";

fn id(row: &mut Row<'_>) -> Option<BevindingId> {
    row.needs(Kolom::Id, |c| {
        BevindingId::read(&String::from_utf8_lossy(c))
            .ok_or(ParseError::UnknownValue { allowed: ID })
    })
}

/// A reaction; `None` where nothing is said.
pub(crate) fn reactie(mut row: Row<'_>, out: &mut Vec<Option<Reactie>>) {
    let id = id(&mut row);
    let datum = row.late_datum_or_empty(Kolom::Datum);
    let text = |kolom| String::from_utf8_lossy(row.cell(kolom)).trim().to_owned();
    let (said, door) = (text(Kolom::Reactie), text(Kolom::Door));
    let read = id.map(|id| (!said.is_empty()).then_some(Reactie { id, datum, door, text: said }));
    out.extend(row.close(read));
}

/// A verdict; `None` where the finding isn't judged.
pub(crate) fn beoordeling(mut row: Row<'_>, out: &mut Vec<Option<Beoordeling>>) {
    let id = id(&mut row);
    let given = !row.cell(Kolom::Oordeel).is_empty();
    let oordeel = match given {
        false => None,
        true => row.needs(Kolom::Oordeel, |c| {
            let choices = Eindoordeel::choices();
            choice(c, &choices, "akkoord, terugvorderen, niet-verwijtbaar of nader-onderzoek")
        }),
    };
    let datum = row.late_datum_or_empty(Kolom::Datum);
    let agreed = match row.cell(Kolom::Bedrag).is_empty() {
        true => None,
        // Euros, as in the rapport that it is filled in on.
        false => row.needs(Kolom::Bedrag, |c| fields::bedrag(c, AmountFormat::default())),
    };
    let has = |row: &Row<'_>, kolom| row.header.kolommen.contains(kolom);
    // The texts of a finding may be longer than a cell of an export.
    let text = |row: &Row<'_>, kolom| String::from_utf8_lossy(row.cell(kolom)).into_owned();
    let earlier = |row: &Row<'_>, kolom| has(row, kolom).then(|| text(row, kolom));
    // Written by us, in euros, however the dossier's own files write money.
    let bedrag =
        row.optional(Kolom::BedragInGeding, |c| fields::bedrag(c, AmountFormat::default()));
    let read = match (id, oordeel) {
        (Some(id), Some(oordeel)) => Some(Some(Beoordeling {
            id,
            oordeel,
            opmerking: text(&row, Kolom::Opmerking),
            door: text(&row, Kolom::Door),
            datum,
            bedrag: agreed,
            earlier: EarlierFinding {
                ernst: earlier(&row, Kolom::Ernst),
                bedrag: has(&row, Kolom::BedragInGeding).then_some(bedrag),
                gevonden: earlier(&row, Kolom::Gevonden),
                verwacht: earlier(&row, Kolom::Verwacht),
            },
        })),
        _ => Some(None),
    };
    out.extend(row.close(read));
}
