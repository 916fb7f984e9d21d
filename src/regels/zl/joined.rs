//! Joining toewijzingen of one aanbieder and product, looked at as one term (ZL07, ZL08).

use crate::dossier::Dag;
use crate::regels::chain::{Chain, chains, stands};
use crate::toetsing::{JeugdigeToewijzingen, Outcomes, Reason, ToewijzingGroup};

/// The terms of the toewijzingen of one jeugdige that a rule `is_about`: each joins what it began at
/// most so many days after. Only terms with a line of the audited year; counts their toewijzingen, and
/// those of which a rule can't tell whether it is about them.
pub(super) fn joined_terms<'g, 'a>(
    group: &'g JeugdigeToewijzingen<'a>,
    dagen: i64,
    is_about: impl Fn(&ToewijzingGroup<'a>) -> Result<bool, Reason>,
    out: &mut Outcomes,
) -> Vec<Chain<'g, 'a>> {
    let mut products = Vec::new();
    for group in &group.toewijzingen {
        let Some((_, t)) = group.toewijzing else { continue };
        let product = || -> Result<_, Reason> {
            if !stands(t)? || !is_about(group)? {
                return Ok(None);
            }
            t.termijn()?;
            Ok(Some((t.aanbieder, t.product_categorie()?, t.product_code()?)))
        };
        match product() {
            Ok(None) => {}
            Ok(Some(product)) => products.push((product, group)),
            Err(reason) if group.in_leverjaar().is_some() => out.not_testable(reason),
            Err(_) => {}
        }
    }
    // Stable: those of one product stay in their order.
    products.sort_by_key(|(product, _)| *product);
    let mut terms = Vec::new();
    for of_product in products.chunk_by(|a, b| a.0 == b.0) {
        let of_product = of_product.iter().map(|(_, group)| *group);
        let joins = |latest: Dag, begin| begin <= latest.plus_dagen(dagen);
        terms.extend(chains(of_product, joins).into_iter().filter(Chain::is_in_leverjaar));
    }
    for term in &terms {
        term.toewijzingen.iter().filter(|g| g.in_leverjaar().is_some()).for_each(|_| out.tested());
    }
    terms
}
