//! TW24: the same granted twice.
//!
//! Two toewijzingen of one gemeente, jeugdige and aanbieder for the same product whose terms overlap.
//! One finding a later toewijzing. Source: iJw TR302, OP259.

use crate::dossier::{
    AanbiederId, Ernst, Gemeente, Kolom, Termijn, Termijnen, Toewijzing, ToewijzingId, WordId,
};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    Check, JeugdigeToewijzingen, Outcomes, Reason, Rule, ToewijzingGroup, needs,
};
use hashbrown::HashMap;

pub(crate) static RULE: Rule = Rule {
    code: "TW24",
    title: "Hetzelfde twee keer toegewezen",
    what: "Twee geldende toewijzingen van een gemeente aan één aanbieder voor één jeugdige overlappen in tijd en zijn voor hetzelfde product. Noemt een van de twee geen code, dan is elk product van die categorie hetzelfde; noemt zij geen categorie, dan elk product. Dat is een signaal op de latere.",
    why: "Wat twee keer is toegewezen, kan ook twee keer worden gedeclareerd.",
    for_aanbieder: "Dezelfde hulp is twee keer toegewezen.",
    needs: needs!(
        "{}, {}, {} en {} van de toewijzing",
        Toewijzingen(Einddatum, ProductCategorie, ProductCode, RedenWijziging)
    ),
    checks: &[Check::Toewijzingen(check)],
    ..Rule::BASE
};

/// A toewijzing that holds, and what it is for.
struct Grant<'g, 'a> {
    group: &'g ToewijzingGroup<'a>,
    id: ToewijzingId,
    t: &'a Toewijzing,
    term: Termijn,
    product: ProductWords,
}

/// What a toewijzing is for: ProductCategorie and ProductCode, as far as it names them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ProductWords {
    categorie: WordId,
    code: WordId,
}

impl ProductWords {
    fn is_same(self, other: ProductWords) -> bool {
        let matches = |a: WordId, b: WordId| a.is_empty() || b.is_empty() || a == b;
        matches(self.categorie, other.categorie)
            && (self.categorie.is_empty()
                || other.categorie.is_empty()
                || matches(self.code, other.code))
    }
}

impl<'g, 'a> Grant<'g, 'a> {
    /// `None` for a toewijzing that was removed, or has no line in the audited year.
    fn of(group: &'g ToewijzingGroup<'a>) -> Result<Option<Grant<'g, 'a>>, Reason> {
        let Some((id, t)) = group.in_leverjaar() else { return Ok(None) };
        group.context.kolom(t.file, Kolom::Einddatum)?;
        if t.is_removed()? {
            return Ok(None);
        }
        let product = ProductWords { categorie: t.product_categorie()?, code: t.product_code()? };
        Ok(Some(Grant { group, id, t, term: t.termijn()?, product }))
    }
}

/// The places of the grants before one, by whom and for what they are.
#[derive(Default)]
struct Earlier(HashMap<(Gemeente, AanbiederId), HashMap<ProductWords, Termijnen<usize>>>);

impl Earlier {
    /// The first of them for the same on one of its days.
    fn first_same(&self, later: &Grant<'_, '_>) -> Option<usize> {
        let by_product = self.0.get(&(later.t.gemeente, later.t.aanbieder))?;
        let same = by_product.iter().filter(|(product, _)| product.is_same(later.product));
        same.filter_map(|(_, terms)| terms.first_overlapping(later.term)).copied().min()
    }

    fn push(&mut self, place: usize, grant: &Grant<'_, '_>) {
        let by_product = self.0.entry((grant.t.gemeente, grant.t.aanbieder)).or_default();
        by_product.entry(grant.product).or_default().push(grant.term, place);
    }
}

fn check(group: &JeugdigeToewijzingen<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let unknown = out.not_testable_count();
    let grants: Vec<Grant<'_, '_>> =
        group.toewijzingen.iter().filter_map(|g| out.known(Grant::of(g)).flatten()).collect();
    if !grants.is_empty() && out.not_testable_count() == unknown {
        out.tested();
    }
    let mut before = Earlier::default();
    for (place, later) in grants.iter().enumerate() {
        let earlier = before.first_same(later).map(|place| &grants[place]);
        before.push(place, later);
        let Some(earlier) = earlier else { continue };
        let nummer = later.group.context.dossier.toewijzingnummer(earlier.t.nummer);
        let of_both = [earlier.group, later.group];
        out.bevinding(
            (later.group.bevinding(later.id, Ernst::Signaal))
                .on_lines(of_both.into_iter().flat_map(|g| g.lines_of_leverjaar()))
                .found(format!("{} naast toewijzing {nummer} ({})", later.term, earlier.term))
                .expected("één toewijzing tegelijk voor hetzelfde product")
                .toelichting("Ga na of de gemeente vergat de eerdere toewijzing in te trekken."),
        );
    }
}
