//! What a region's contract isn't about, though an export may hold it.

use crate::dossier::{CatalogusRow, Dag, Ernst, Onderdeel, Product};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{LineKind, Reason, Ruling, Verdict};

/// Categories that are bought elsewhere; crisis is too, by its Onderdeel.
pub(super) const OUTSIDE: Parameter<[String]> = Parameter::optional(
    "buiten_reikwijdte",
    "productcategorieën die buiten deze overeenkomst vallen, net als het onderdeel crisis",
);

/// The categories outside the contract on one day.
pub(super) struct ContractScope<'a>(&'a [String]);

impl<'a> ContractScope<'a> {
    pub(super) fn on(settings: &'a RuleSettings, dag: Dag) -> ContractScope<'a> {
        ContractScope(settings.get(&OUTSIDE, dag).map(|v| v.value).unwrap_or_default())
    }

    pub(super) fn excludes(&self, product: &Product) -> bool {
        product.onderdeel() == Some(Onderdeel::Crisis) || self.0.contains(&product.categorie)
    }

    pub(super) fn excludes_row(&self, row: &CatalogusRow) -> bool {
        row.onderdeel == Onderdeel::Crisis || self.0.contains(&row.product_categorie)
    }
}

/// A line for a gemeente that isn't of the region, which would be one as `expected` says.
pub(super) fn outside_region(kind: &LineKind<'_>, expected: &'static str) -> Verdict {
    if kind.context.regelset.deelnames.is_empty() {
        return Err(Reason::GeenLijst("gemeenten"));
    }
    if kind.deelname().is_some() {
        return Ok(Ruling::InOrder);
    }
    kind.bevinding(Ernst::Fout)
        .found(format!("gemeente {}", kind.gemeente()))
        .expected(expected)
        .into()
}
