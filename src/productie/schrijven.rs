//! The productieverantwoording as files: a workbook for all, one for each aanbieder to sign, and a
//! CSV that a dossier can hold again.

use super::{Partij, Productieverantwoording, Productrij, Telling};
use crate::dossier::{AanbiederNr, Cent, Gemeente, ProductNr, Volume};
use crate::rapport::Aansluiting;
use crate::toetsing::Regeltelling;
use crate::writing::sheet::{Blad, Cel, Opmaak, bewaar, nieuw_boek};
use crate::writing::{WriteError, csv_voor_excel};
use rayon::prelude::*;
use rust_xlsxwriter::{Workbook, XlsxError};
use std::path::Path;

/// Writes everything into this folder.
pub fn schrijf(p: &Productieverantwoording<'_>, map: &Path) -> Result<(), WriteError> {
    csv(p, &map.join("productieverantwoording.csv"))?;
    bewaar(&map.join("productieverantwoording.xlsx"), |tijdelijk| overzicht(p, tijdelijk))?;
    let van_aanbieders = map.join("per-aanbieder");
    std::fs::create_dir(&van_aanbieders).map_err(|e| WriteError::schrijven(&van_aanbieders, &e))?;
    let partijen: Vec<&[Partij]> = p.per_aanbieder().collect();
    partijen.into_par_iter().try_for_each(|van_aanbieder| {
        let agb = p.controle.agb(van_aanbieder[0].aanbieder);
        bewaar(&van_aanbieders.join(format!("{agb}.xlsx")), |tijdelijk| {
            van_een(p, van_aanbieder, tijdelijk)
        })
    })
}

/// The columns of the kind `productieverantwoording`, and names for people. A product that was
/// declared in several units has no Volume: those don't add up.
fn csv(p: &Productieverantwoording<'_>, pad: &Path) -> Result<(), WriteError> {
    let d = p.controle.dossier;
    let rijen = p.partijen.iter().flat_map(|partij| {
        let gelijk = |a: &super::Productrij, b: &super::Productrij| a.product == b.product;
        partij.producten.chunk_by(gelijk).map(move |rijen| {
            let product = d.product(rijen[0].product);
            let (volume, eenheid) = match rijen {
                [een] => (kaal(een.volume), een.eenheid.to_string()),
                _ => (String::new(), String::new()),
            };
            // A jeugdige with one product in two units is one jeugdige.
            let jeugdigen = match rijen {
                [een] => een.telling.jeugdigen,
                _ => p.jeugdigen(partij, rijen[0].product),
            };
            [
                p.controle.agb(partij.aanbieder).to_string(),
                partij.gemeente.to_string(),
                p.controle.jaar.to_string(),
                product.categorie.clone(),
                product.code.clone(),
                jeugdigen.to_string(),
                volume,
                bedrag(rijen.iter().map(|r| r.telling.bedrag).sum()),
                "voorlopig".to_owned(),
                eenheid,
                p.naam_van_aanbieder(partij.aanbieder).to_owned(),
                p.naam_van_gemeente(partij.gemeente).to_owned(),
            ]
        })
    });
    csv_voor_excel(
        pad,
        &[
            "Aanbieder",
            "Gemeente",
            "Jaar",
            "ProductCategorie",
            "ProductCode",
            "AantalJeugdigen",
            "Volume",
            "Bedrag",
            "Status",
            "Eenheid",
            "AanbiederNaam",
            "GemeenteNaam",
        ],
        rijen,
    )
}

fn kaal(v: Volume) -> String {
    match v.0 % 100 {
        0 => (v.0 / 100).to_string(),
        rest => format!("{},{rest:02}", v.0 / 100),
    }
}

fn bedrag(c: Cent) -> String {
    format!("{},{:02}", c.0 / 100, c.0 % 100)
}

impl Productieverantwoording<'_> {
    fn naam_van_aanbieder(&self, nr: AanbiederNr) -> &str {
        let gegevens = self.controle.dossier.aanbieder(nr).gegevens.as_ref();
        gegevens.map_or("", |g| &g.naam)
    }

    fn naam_van_gemeente(&self, gemeente: Gemeente) -> &str {
        self.controle.regelset.gemeentecodes.naam(gemeente)
    }

    /// Different jeugdigen of one product, in whatever unit.
    fn jeugdigen(&self, partij: &Partij, product: ProductNr) -> u64 {
        let c = self.controle;
        super::tel(c.dossier.regels.iter().filter(|r| {
            (r.aanbieder, r.gemeente, r.product) == (partij.aanbieder, partij.gemeente, product)
                && c.telt_mee_in_leverjaar(r)
        }))
        .jeugdigen
    }

    fn omschrijving(&self, product: ProductNr) -> &str {
        let catalogus = self.controle.dossier.product(product).catalogus.as_ref();
        catalogus.map_or("", |c| &c.omschrijving)
    }
}

const PARTIJKOPPEN: [&str; 9] = [
    "Aanbieder",
    "Naam",
    "Gemeente",
    "Naam gemeente",
    "Jeugdigen",
    "Regels",
    "Gedeclareerd",
    "Verantwoord door de aanbieder",
    "Verschil",
];

fn geld(c: Option<Cent>) -> Cel<'static> {
    c.map_or(Cel::Leeg, Cel::Geld)
}

/// One workbook with all: parties, products, and the way from rows to what is accounted for.
fn overzicht(p: &Productieverantwoording<'_>, map: &Path) -> Result<Workbook, XlsxError> {
    let (c, o) = (p.controle, Opmaak::nieuw());
    let titel = format!("Productieverantwoording jeugdhulp {}", c.jaar);
    let mut boek = nieuw_boek(map, &titel, &c.regelset.titel, c.jaar)?;
    let breedten = [11.0, 34.0, 10.0, 22.0, 11.0, 11.0, 18.0, 18.0, 18.0];
    let mut b = Blad::nieuw(&mut boek, &o, "Overzicht", &breedten)?;
    b.titel(&titel)?;
    b.regel("Geteld zijn de levende declaratieregels van het leverjaar. Een jeugdige telt in elke rij één keer; bij meer aanbieders of gemeenten telt hij in het totaal één keer.")?;
    b.witregel();
    b.kop(&PARTIJKOPPEN, p.partijen.len(), true)?;
    for partij in &p.partijen {
        let agb = c.agb(partij.aanbieder).to_string();
        let gemeente = partij.gemeente.to_string();
        b.rij(
            &[
                Cel::Tekst(&agb),
                Cel::Tekst(p.naam_van_aanbieder(partij.aanbieder)),
                Cel::Tekst(&gemeente),
                Cel::Tekst(p.naam_van_gemeente(partij.gemeente)),
                Cel::Getal(partij.totaal.jeugdigen),
                Cel::Getal(partij.totaal.regels),
                Cel::Geld(partij.totaal.bedrag),
                geld(partij.verantwoord),
                geld(partij.verschil()),
            ],
            false,
        )?;
    }
    let verantwoord: Option<Cent> =
        p.partijen.iter().filter_map(|x| x.verantwoord).reduce(|a, b| a + b);
    b.rij(
        &[
            Cel::Tekst("Totaal"),
            Cel::Leeg,
            Cel::Leeg,
            Cel::Leeg,
            Cel::Getal(p.totaal.jeugdigen),
            Cel::Getal(p.totaal.regels),
            Cel::Geld(p.totaal.bedrag),
            geld(verantwoord),
            geld(verantwoord.map(|v| p.totaal.bedrag - v)),
        ],
        true,
    )?;
    producten(p, &mut boek, &o)?;
    aansluiting(p, &mut boek, &o, verantwoord)?;
    Ok(boek)
}

fn producten(
    p: &Productieverantwoording<'_>,
    boek: &mut Workbook,
    o: &Opmaak,
) -> Result<(), XlsxError> {
    let aantal = p.partijen.iter().map(|x| x.producten.len()).sum();
    let breedten = [11.0, 34.0, 10.0, 10.0, 10.0, 34.0, 12.0, 18.0, 11.0, 11.0, 18.0];
    let mut b = Blad::nieuw(boek, o, "Producten", &breedten)?;
    b.kop(
        &[
            "Aanbieder",
            "Naam",
            "Gemeente",
            "Categorie",
            "Product",
            "Omschrijving",
            "Volume",
            "Eenheid",
            "Jeugdigen",
            "Regels",
            "Gedeclareerd",
        ],
        aantal,
        true,
    )?;
    for partij in &p.partijen {
        for rij in &partij.producten {
            let agb = p.controle.agb(partij.aanbieder).to_string();
            let gemeente = partij.gemeente.to_string();
            let naam = p.naam_van_aanbieder(partij.aanbieder);
            let mut cellen = vec![Cel::Tekst(&agb), Cel::Tekst(naam), Cel::Tekst(&gemeente)];
            let volume = rij.volume.to_string();
            cellen.extend(productcellen(p, rij, &volume));
            cellen.extend([Cel::Getal(rij.telling.regels), Cel::Geld(rij.telling.bedrag)]);
            b.rij(&cellen, false)?;
        }
    }
    Ok(())
}

/// A product and what was delivered of it; where euros are declared the volume is an amount.
fn productcellen<'c>(
    p: &'c Productieverantwoording<'_>,
    rij: &Productrij,
    volume: &'c str,
) -> [Cel<'c>; 6] {
    let product = p.controle.dossier.product(rij.product);
    [
        Cel::Tekst(&product.categorie),
        Cel::Tekst(&product.code),
        Cel::Tekst(p.omschrijving(rij.product)),
        Cel::Tekst(volume),
        Cel::Tekst(rij.eenheid.naam()),
        Cel::Getal(rij.telling.jeugdigen),
    ]
}

/// From the rows that were read to what is accounted for.
fn aansluiting(
    p: &Productieverantwoording<'_>,
    boek: &mut Workbook,
    o: &Opmaak,
    verantwoord: Option<Cent>,
) -> Result<(), XlsxError> {
    let a = Aansluiting::maak(p.controle, &Regeltelling::van(p.controle));
    let mut b = Blad::nieuw(boek, o, "Aansluiting", &[60.0, 14.0, 20.0])?;
    b.titel("Van declaratieregels naar verantwoording")?;
    b.witregel();
    b.kop(&["Stap", "Regels", "Bedrag"], 0, false)?;
    b.rij(&[Cel::Tekst("Gelezen regels"), Cel::Getal(a.gelezen), Cel::Leeg], false)?;
    b.rij(
        &[Cel::Tekst("af: afgekeurd (niet te lezen)"), Cel::Getal(a.afgekeurd), Cel::Leeg],
        false,
    )?;
    for stap in &a.stappen {
        b.rij(&[Cel::Tekst(&stap.naam), Cel::Getal(stap.regels), Cel::Geld(stap.bedrag)], false)?;
    }
    b.rij(
        &[
            Cel::Tekst("In deze productieverantwoording"),
            Cel::Getal(p.totaal.regels),
            Cel::Geld(p.totaal.bedrag),
        ],
        true,
    )?;
    if let Some(verantwoord) = verantwoord {
        b.rij(
            &[
                Cel::Tekst("Verantwoord door de aanbieders (tabel productieverantwoording)"),
                Cel::Leeg,
                Cel::Geld(verantwoord),
            ],
            false,
        )?;
        b.rij(
            &[Cel::Tekst("Verschil"), Cel::Leeg, Cel::Geld(p.totaal.bedrag - verantwoord)],
            true,
        )?;
    }
    Ok(())
}

/// What one aanbieder is asked to sign: each gemeente with its products, totals, and the block.
fn van_een(
    p: &Productieverantwoording<'_>,
    partijen: &[Partij],
    map: &Path,
) -> Result<Workbook, XlsxError> {
    let (c, o) = (p.controle, Opmaak::nieuw());
    let aanbieder = partijen[0].aanbieder;
    let naam = p.naam_van_aanbieder(aanbieder);
    let titel = format!("Productieverantwoording jeugdhulp {}", c.jaar);
    let mut boek = nieuw_boek(map, &titel, &c.regelset.titel, c.jaar)?;
    let breedten = [26.0, 11.0, 11.0, 36.0, 14.0, 18.0, 11.0, 18.0];
    let mut b = Blad::nieuw(&mut boek, &o, "Productieverantwoording", &breedten)?;
    b.titel(&titel)?;
    b.regel(&format!("Aanbieder: {} {naam}", c.agb(aanbieder)))?;
    b.regel(&format!("Regio: {}", c.regelset.titel))?;
    b.regel("Opgave van de opdrachtgever uit de levende declaratieregels van het leverjaar.")?;
    b.witregel();
    b.kop(
        &[
            "Gemeente",
            "Categorie",
            "Product",
            "Omschrijving",
            "Volume",
            "Eenheid",
            "Jeugdigen",
            "Bedrag",
        ],
        0,
        false,
    )?;
    for partij in partijen {
        let gemeente = format!("{} {}", partij.gemeente, p.naam_van_gemeente(partij.gemeente));
        for rij in &partij.producten {
            let mut cellen = vec![Cel::Tekst(&gemeente)];
            let volume = rij.volume.to_string();
            cellen.extend(productcellen(p, rij, &volume));
            cellen.push(Cel::Geld(rij.telling.bedrag));
            b.rij(&cellen, false)?;
        }
        totaalrij(&mut b, &format!("Totaal {gemeente}"), &partij.totaal)?;
        if let (Some(verantwoord), Some(verschil)) = (partij.verantwoord, partij.verschil()) {
            b.rij(&losse_rij("door u verantwoord", verantwoord), false)?;
            b.rij(&losse_rij("verschil", verschil), false)?;
        }
    }
    b.witregel();
    totaalrij(&mut b, "Totaal van alle gemeenten", &p.totaal_van(aanbieder))?;
    b.witregel();
    b.regel("Verklaring van de aanbieder")?;
    b.regel("Ondergetekende verklaart dat deze opgave overeenkomt met de geleverde jeugdhulp en met de eigen administratie.")?;
    b.ondertekening(&["Naam:", "Functie:", "Plaats en datum:", "Handtekening:"])?;
    b.witregel();
    b.regel("Afwijkingen of opmerkingen:")?;
    Ok(boek)
}

fn totaalrij(b: &mut Blad<'_>, naam: &str, telling: &Telling) -> Result<(), XlsxError> {
    b.rij(
        &[
            Cel::Tekst(naam),
            Cel::Leeg,
            Cel::Leeg,
            Cel::Leeg,
            Cel::Leeg,
            Cel::Leeg,
            Cel::Getal(telling.jeugdigen),
            Cel::Geld(telling.bedrag),
        ],
        true,
    )
}

fn losse_rij(naam: &str, bedrag: Cent) -> [Cel<'_>; 8] {
    let leeg = || Cel::Leeg;
    [leeg(), leeg(), leeg(), Cel::Tekst(naam), leeg(), leeg(), leeg(), Cel::Geld(bedrag)]
}
