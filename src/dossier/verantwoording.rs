//! The productieverantwoording of one aanbieder and gemeente: which of its rows count.

use super::stamgegevens::Verantwoordingsrij;
use super::{Agb, Cent, Dossier, Gemeente};

/// What one aanbieder accounted for to one gemeente: of each key the row that counts.
#[derive(Clone, Debug)]
pub struct Verantwoording<'a> {
    pub gemeente: Gemeente,
    /// The row for all products together.
    pub totaal: Option<&'a Verantwoordingsrij>,
    /// The rows for one product each, by (ProductCategorie, ProductCode).
    pub producten: Vec<&'a Verantwoordingsrij>,
}

impl<'a> Verantwoording<'a> {
    /// The rows that make up the amount: the row without a product, else those of the products.
    pub fn rijen_van_bedrag(&self) -> Vec<&'a Verantwoordingsrij> {
        match self.totaal {
            Some(rij) => vec![rij],
            None => self.producten.clone(),
        }
    }

    /// The amount, whatever the Status of its rows.
    pub fn bedrag(&self) -> Cent {
        self.rijen_van_bedrag().iter().map(|r| r.bedrag).sum()
    }
}

impl Dossier {
    /// What an aanbieder accounted for in a year, by gemeente. Of several rows for one key the
    /// highest Status counts, then the latest Ontvangen.
    pub fn verantwoording_per_gemeente(&self, agb: Agb, jaar: i32) -> Vec<Verantwoording<'_>> {
        let rijen = self.verantwoording_van(agb, jaar);
        let sleutel = |r: &Verantwoordingsrij| {
            (r.gemeente, r.product_categorie.clone(), r.product_code.clone())
        };
        let mut uit: Vec<Verantwoording<'_>> = Vec::new();
        for zelfde in rijen.chunk_by(|a, b| sleutel(a) == sleutel(b)) {
            let geldend = zelfde.iter().max_by_key(|r| (r.status, r.ontvangen, r.bedrag));
            let Some(geldend) = geldend else { continue };
            if uit.last().is_none_or(|v| v.gemeente != geldend.gemeente) {
                uit.push(Verantwoording {
                    gemeente: geldend.gemeente,
                    totaal: None,
                    producten: Vec::new(),
                });
            }
            let Some(v) = uit.last_mut() else { continue };
            if geldend.is_zonder_product() {
                v.totaal = Some(geldend);
            } else {
                v.producten.push(geldend);
            }
        }
        uit
    }
}
