//! The small tables: one row, one record.

use super::rij::{Rij, keus};
use super::toewijzingen::UITVOERING_TOEGESTAAN;
use super::velden::{self, Bedragen, Leesreden};
use crate::dossier::*;

const PERCEEL: &str = "een perceelnummer van 1 tot en met 9";

fn perceel(cel: &[u8]) -> Result<u8, Leesreden> {
    match cel {
        [c @ b'1'..=b'9'] | [b'0', c @ b'1'..=b'9'] => Ok(c - b'0'),
        _ => Err(Leesreden::OnbekendeWaarde { toegestaan: PERCEEL }),
    }
}

/// The non-empty parts of `a|b|c`.
fn delen(cel: &str) -> impl Iterator<Item = &str> {
    cel.split('|').map(str::trim).filter(|d| !d.is_empty())
}

pub fn aanbieder(mut rij: Rij<'_>, uit: &mut Vec<(Agb, AanbiederGegevens)>) {
    let agb = rij.agb();
    let naam = rij.tekst_of_leeg(Kolom::Naam).to_owned();
    let eigen = rij.optioneel(Kolom::Perceel, perceel);
    let percelen = rij
        .optioneel(Kolom::Percelen, |c| {
            delen(&String::from_utf8_lossy(c)).map(|d| perceel(d.as_bytes())).collect()
        })
        .unwrap_or_default();
    let voorzieningen = delen(rij.tekst_of_leeg(Kolom::Voorzieningen)).map(str::to_owned).collect();
    let gegevens = AanbiederGegevens {
        naam,
        perceel: eigen,
        percelen,
        voorzieningen,
        kdc_odc: rij.ja_nee_of_leeg(Kolom::KdcOdc),
        crisis_contract: rij.ja_nee_of_leeg(Kolom::CrisisContract),
        landelijke_omzet: rij.bedrag_of_leeg(Kolom::LandelijkeOmzet),
        contract_begin: rij.datum_of_leeg(Kolom::ContractBegin),
        contract_einde: rij.datum_of_leeg(Kolom::ContractEinde),
        finale_kwijting: rij.datum_of_leeg(Kolom::FinaleKwijting),
        bestand: rij.bestand,
        regelnummer: rij.regelnummer(),
    };
    uit.extend(rij.sluit(agb.map(|agb| (agb, gegevens))));
}

pub fn product(mut rij: Rij<'_>, uit: &mut Vec<Catalogusrij>) {
    let categorie = rij.tekst(Kolom::ProductCategorie);
    let code = rij.tekst(Kolom::ProductCode);
    let omschrijving = rij.tekst_of_leeg(Kolom::Omschrijving).to_owned();
    let eigen_perceel = rij.optioneel(Kolom::Perceel, perceel);
    let onderdeel = rij.nodig(Kolom::Onderdeel, |c| {
        let keuzes = Onderdeel::choices();
        keus(c, &keuzes, "ambulant, groepsaanbod, voorziening, verblijf, ed, crisis, een-op-een, preventie, maatwerk of overig")
    });
    let sleutel = rij.tekst_of_leeg(Kolom::Tariefsleutel);
    let vorm = rij.keus_of_leeg(
        Kolom::Vorm,
        &Vorm::choices(),
        "pleegzorg, deeltijdpleegzorg, kdv, gezinshuis, wonen of verblijf",
    );
    let uitvoering =
        rij.keus_of_leeg(Kolom::Uitvoering, &Uitvoering::choices(), UITVOERING_TOEGESTAAN);
    let regelnummer = rij.regelnummer();
    let gelezen = (|| {
        Some(Catalogusrij {
            product_categorie: categorie?.to_owned(),
            product_code: code?.to_owned(),
            omschrijving,
            perceel: eigen_perceel,
            onderdeel: onderdeel?,
            tariefsleutel: (!sleutel.is_empty()).then(|| sleutel.to_owned()),
            vorm,
            uitvoering,
            regelnummer,
        })
    })();
    uit.extend(rij.sluit(gelezen));
}

pub fn tarief(mut rij: Rij<'_>, uit: &mut Vec<Tariefrij>) {
    let jaar = rij.code(Kolom::Jaar, 4);
    let sleutel = rij.tekst(Kolom::Tariefsleutel);
    let eigen_perceel = rij.optioneel(Kolom::Perceel, perceel);
    let aanbieder = rij.code_of_leeg(Kolom::Aanbieder, 8).map(Agb);
    let eenheid = rij.eenheid();
    let tarief = rij.bedrag(Kolom::Tarief);
    let bron = rij.tekst_of_leeg(Kolom::Bron).to_owned();
    let regelnummer = rij.regelnummer();
    let gelezen = (|| {
        Some(Tariefrij {
            jaar: jaar? as i32,
            tariefsleutel: sleutel?.to_owned(),
            perceel: eigen_perceel,
            aanbieder,
            eenheid: eenheid?,
            tarief: tarief?,
            bron,
            regelnummer,
        })
    })();
    uit.extend(rij.sluit(gelezen));
}

pub fn omzet(mut rij: Rij<'_>, uit: &mut Vec<Omzetrij>) {
    let agb = rij.agb();
    let jaar = rij.code(Kolom::Jaar, 4);
    let omzet = rij.bedrag(Kolom::Omzet);
    let product_code = rij.tekst_of_leeg(Kolom::ProductCode).to_owned();
    let hoe = rij.bedragen;
    let volume = rij.optioneel(Kolom::Volume, |c| velden::volume(c, hoe));
    let gelezen = (|| {
        Some(Omzetrij { aanbieder: agb?, jaar: jaar? as i32, omzet: omzet?, product_code, volume })
    })();
    uit.extend(rij.sluit(gelezen));
}

pub fn verantwoording(mut rij: Rij<'_>, uit: &mut Vec<Verantwoordingsrij>) {
    let (agb, gemeente) = (rij.agb(), rij.gemeente());
    let jaar = rij.code(Kolom::Jaar, 4);
    let product_categorie = rij.tekst_of_leeg(Kolom::ProductCategorie).to_owned();
    let product_code = rij.tekst_of_leeg(Kolom::ProductCode).to_owned();
    let aantal_jeugdigen = rij.getal_of_leeg(Kolom::AantalJeugdigen);
    // Nothing is done with it, but a person hears of a value that can't be read.
    rij.volume_of_leeg(Kolom::Volume);
    let bedrag = rij.bedrag(Kolom::Bedrag);
    let status =
        rij.keus_of_leeg(Kolom::Status, &Status::choices(), "voorlopig, definitief of gewaarmerkt");
    let ontvangen = rij.datum_of_leeg(Kolom::Ontvangen);
    let (bestand, regelnummer) = (rij.bestand, rij.regelnummer());
    let gelezen = (|| {
        Some(Verantwoordingsrij {
            aanbieder: agb?,
            gemeente: gemeente?,
            jaar: jaar? as i32,
            product_categorie,
            product_code,
            aantal_jeugdigen,
            bedrag: bedrag?,
            status,
            ontvangen,
            bestand,
            regelnummer,
        })
    })();
    uit.extend(rij.sluit(gelezen));
}

/// Startdatum and Einddatum as a term.
fn termijn(rij: &mut Rij<'_>) -> Option<Termijn> {
    let ingang = rij.datum(Kolom::Startdatum);
    let einde = rij.datum_of_leeg(Kolom::Einddatum);
    Some(Termijn { ingang: ingang?, einde })
}

pub fn afspraak(mut rij: Rij<'_>, uit: &mut Vec<Afspraak>) {
    let (agb, gemeente) = (rij.agb(), rij.gemeente());
    let code = rij.tekst(Kolom::ProductCode);
    let termijn = termijn(&mut rij);
    let aantal = rij.volume(Kolom::Aantal);
    let soort = rij
        .keus_of_leeg(Kolom::Soort, &Afspraaksoort::choices(), "trajecten of plaatsen")
        .unwrap_or(Afspraaksoort::Trajecten);
    let max_groepsgrootte = rij.getal_of_leeg(Kolom::MaxGroepsgrootte);
    let bestand = rij.bestand;
    let gelezen = (|| {
        Some(Afspraak {
            aanbieder: agb?,
            gemeente: gemeente?,
            product_code: code?.to_owned(),
            termijn: termijn?,
            aantal: aantal?,
            soort,
            max_groepsgrootte,
            bestand,
        })
    })();
    uit.extend(rij.sluit(gelezen));
}

pub fn maatwerk(mut rij: Rij<'_>, uit: &mut Vec<Maatwerkrij>) {
    let (agb, gemeente) = (rij.agb(), rij.gemeente());
    let nummer = rij.tekst(Kolom::ToewijzingNummer);
    let code = rij.tekst(Kolom::ProductCode);
    let tarief = rij.bedrag(Kolom::Tarief);
    let eenheid = rij.eenheid();
    let termijn = termijn(&mut rij);
    let bestand = rij.bestand;
    let gelezen = (|| {
        Some(Maatwerkrij {
            aanbieder: agb?,
            gemeente: gemeente?,
            toewijzing_nummer: nummer?.to_owned(),
            product_code: code?.to_owned(),
            tarief: tarief?,
            eenheid: eenheid?,
            termijn: termijn?,
            bestand,
        })
    })();
    uit.extend(rij.sluit(gelezen));
}

const ID: &str = "een Id uit een rapport, zoals NS01-0123456789abcdef";

/// A verdict; `None` where the finding isn't judged.
pub fn beoordeling(mut rij: Rij<'_>, uit: &mut Vec<Option<Beoordeling>>) {
    let id = rij.nodig(Kolom::Id, |c| {
        BevindingId::lees(&String::from_utf8_lossy(c))
            .ok_or(Leesreden::OnbekendeWaarde { toegestaan: ID })
    });
    let gegeven = !rij.cel(Kolom::Oordeel).is_empty();
    let oordeel = match gegeven {
        false => None,
        true => rij.nodig(Kolom::Oordeel, |c| {
            let keuzes = Eindoordeel::choices();
            keus(c, &keuzes, "akkoord, terugvorderen, niet-verwijtbaar of nader-onderzoek")
        }),
    };
    let datum = rij.datum_of_leeg(Kolom::Datum);
    let heeft = |rij: &Rij<'_>, kolom| rij.kop.kolommen.bevat(kolom);
    // The texts of a finding may be longer than a cell of an export.
    let tekst = |rij: &Rij<'_>, kolom| String::from_utf8_lossy(rij.cel(kolom)).into_owned();
    let toen = |rij: &Rij<'_>, kolom| heeft(rij, kolom).then(|| tekst(rij, kolom));
    // Written by us, in euros, however the dossier's own files write money.
    let bedrag = rij.optioneel(Kolom::BedragInGeding, |c| velden::bedrag(c, Bedragen::default()));
    let gelezen = match (id, oordeel) {
        (Some(id), Some(oordeel)) => Some(Some(Beoordeling {
            id,
            oordeel,
            opmerking: tekst(&rij, Kolom::Opmerking),
            door: tekst(&rij, Kolom::Door),
            datum,
            toen: Toen {
                ernst: toen(&rij, Kolom::Ernst),
                bedrag: heeft(&rij, Kolom::BedragInGeding).then_some(bedrag),
                gevonden: toen(&rij, Kolom::Gevonden),
                verwacht: toen(&rij, Kolom::Verwacht),
            },
        })),
        _ => Some(None),
    };
    uit.extend(rij.sluit(gelezen));
}
