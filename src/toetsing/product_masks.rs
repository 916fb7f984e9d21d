//! Which products a rule is about, looked up once for all lines.

use super::outcome::Outcomes;
use crate::dossier::{Dossier, LineId, NoCatalogus, Product, ProductId};

/// Is a rule about a product? About one that the catalogue doesn't have it can't be told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    No,
    Yes,
    Unknown(NoCatalogus),
}

/// The products that one rule is about.
pub(super) struct ProductMask {
    /// By the number of the product.
    products: Vec<About>,
    has_unknown: bool,
}

impl ProductMask {
    pub(super) fn new(dossier: &Dossier, about: fn(&Product) -> bool) -> ProductMask {
        let is_about = |p: &Product| match p.known() {
            Err(why) => About::Unknown(why),
            Ok(_) if about(p) => About::Yes,
            Ok(_) => About::No,
        };
        let products: Vec<About> = dossier.producten.iter().map(is_about).collect();
        let has_unknown = products.iter().any(|p| matches!(p, About::Unknown(_)));
        ProductMask { products, has_unknown }
    }

    /// Is the rule about lines of this product? Counts so many of one that is unknown.
    #[inline]
    pub(super) fn is_about(&self, product: ProductId, lines: u64, out: &mut Outcomes) -> bool {
        match self.products[product.0 as usize] {
            About::Yes => true,
            About::No => false,
            About::Unknown(why) => {
                out.not_testable_times(why.into(), lines);
                false
            }
        }
    }

    /// Is the rule about any of these products, as far as can be told?
    pub(super) fn may_be_about(&self, products: &[ProductId]) -> bool {
        products.iter().any(|p| self.products[p.0 as usize] != About::No)
    }

    /// Counts those of these lines of which the product is unknown.
    pub(super) fn count_unknown(
        &self,
        dossier: &Dossier,
        lines: impl Iterator<Item = LineId>,
        out: &mut Outcomes,
    ) {
        if self.has_unknown {
            let product = |id| self.products[dossier.line(id).product.0 as usize];
            for about in lines.map(product) {
                if let About::Unknown(why) = about {
                    out.not_testable(why.into());
                }
            }
        }
    }
}

/// The products of these lines, for looking through them more than once.
pub(super) fn products_of(dossier: &Dossier, lines: &[LineId]) -> Vec<ProductId> {
    let mut products: Vec<ProductId> = Vec::new();
    for id in lines {
        let product = dossier.line(*id).product;
        if products.last() != Some(&product) {
            products.push(product);
        }
    }
    products
}
