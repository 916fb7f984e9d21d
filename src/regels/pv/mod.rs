//! The productieverantwoording, set against what was declared.

pub mod aantal_jeugdigen_wijkt_af;
pub mod controleverklaring_nodig;
pub mod meer_gedeclareerd;
pub mod meer_verantwoord;
pub mod niets_verantwoord;
pub mod sroi_inspanning;
pub mod te_laat_verantwoord;

use crate::dossier::{
    AanbiederNr, BestandNr, Cent, Ernst, Gemeente, Kolom, Product, ProductNr, Soort, Status,
    Verantwoording, Verantwoordingsrij,
};
use crate::toetsing::{Aanbiedergroep, Bevinding, Lijn, Onderwerp, Reden, Selection, Uitkomsten};
use std::collections::BTreeMap;

/// The amount, if every row that makes it up is definitive.
fn definitief_bedrag(v: &Verantwoording<'_>, groep: &Aanbiedergroep<'_>) -> Result<Cent, Reden> {
    v.rijen_van_bedrag().iter().try_for_each(|rij| is_definitief(groep, rij))?;
    Ok(v.bedrag())
}

/// Is the row definitive or certified? Not testable where it is neither.
fn is_definitief(groep: &Aanbiedergroep<'_>, rij: &Verantwoordingsrij) -> Result<(), Reden> {
    groep.controle.kolom(rij.bestand, Kolom::Status)?;
    match rij.status {
        Some(Status::Definitief | Status::Gewaarmerkt) => Ok(()),
        Some(Status::Voorlopig) | None => Err(Reden::VerantwoordingVoorlopig),
    }
}

/// Of the audited year, by gemeente.
fn verantwoording<'a>(groep: &Aanbiedergroep<'a>) -> Result<Vec<Verantwoording<'a>>, Reden> {
    let c = groep.controle;
    if c.dossier.productieverantwoording.is_none() {
        return Err(Reden::TabelOntbreekt(Soort::Productieverantwoording));
    }
    Ok(c.dossier.verantwoording_per_gemeente(groep.aanbieder.agb, c.jaar))
}

/// The same; counts an aanbieder with lines as not testable where there is no such table.
fn verantwoording_of_reden<'a>(
    groep: &Aanbiedergroep<'a>,
    uit: &mut Uitkomsten,
) -> Option<Vec<Verantwoording<'a>>> {
    match verantwoording(groep) {
        Ok(v) => Some(v),
        Err(reden) => {
            if groep.jaarsom(groep.controle.jaar).is_some() {
                uit.niet_toetsbaar(reden);
            }
            None
        }
    }
}

/// Sums of the live lines of the audited year, by gemeente.
fn gedeclareerd(groep: &Aanbiedergroep<'_>) -> BTreeMap<Gemeente, Cent> {
    let mut sommen = BTreeMap::new();
    for l in groep.tellende_lijnen() {
        *sommen.entry(l.regel.gemeente).or_default() += l.regel.ingediend_bedrag;
    }
    sommen
}

/// Is the line of this gemeente and of the row's product, if it names one?
fn hoort_bij(lijn: &Lijn<'_>, rij: &Verantwoordingsrij) -> bool {
    let product = lijn.product;
    lijn.regel.gemeente == rij.gemeente
        && (rij.is_zonder_product()
            || (product.categorie == rij.product_categorie && product.code == rij.product_code))
}

/// The lines that a row is about.
fn bevinding_over(groep: &Aanbiedergroep<'_>, rij: &Verantwoordingsrij, ernst: Ernst) -> Bevinding {
    let b = bevinding(groep.nr, rij.gemeente, ernst);
    if rij.is_zonder_product() {
        return b;
    }
    let is_product =
        |p: &Product| p.categorie == rij.product_categorie && p.code == rij.product_code;
    b.on(match groep.controle.dossier.producten.iter().position(is_product) {
        Some(plaats) => Selection::Product(ProductNr(plaats as u16)),
        None => Selection::Lines(Vec::new()),
    })
}

/// Words for the product of a row.
fn product(rij: &Verantwoordingsrij) -> String {
    format!("product {} {}", rij.product_categorie, rij.product_code)
}

fn bevinding(nr: AanbiederNr, gemeente: Gemeente, ernst: Ernst) -> Bevinding {
    Bevinding::nieuw(ernst, Onderwerp::AanbiederInGemeente(nr, gemeente))
}

/// Does this file of the productieverantwoording have the column?
fn kolom(groep: &Aanbiedergroep<'_>, bestand: BestandNr, kolom: Kolom) -> Result<(), Reden> {
    groep.controle.kolom(bestand, kolom)
}
