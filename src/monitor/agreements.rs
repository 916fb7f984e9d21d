//! Agreements of Zeeland, and the lines on each: those of perceel 5 and those for one child.

use super::lines::{NOBODY, Peildatum, producten, with_number};
use super::values::{code_number, codes};
use crate::dossier::{Afspraak, Afspraaksoort, Dag, Declaratieregel, MaatwerkRow, ProductId};
use crate::frame::{Frame, Made, large, small, small_or_none};
use crate::toetsing::AuditContext;
use hashbrown::HashSet;

/// The agreements of perceel 5, by their place in the file.
pub(super) fn afspraken(context: &AuditContext<'_>, afspraken: &[Afspraak]) -> Made<Frame> {
    let codes = codes(context.dossier);
    let id = |a: &Afspraak| context.dossier.aanbieder_nr(a.aanbieder).map_or(-1, |id| id.0.into());
    let numbers = |f: &dyn Fn(&Afspraak) -> i32| afspraken.iter().map(f).collect();
    Frame::of(vec![
        small("Afspraak", (0..afspraken.len() as i32).collect()),
        small("Aanbieder", numbers(&id)),
        small("Gemeente", numbers(&|a| a.gemeente.0.into())),
        small("Code", numbers(&|a| code_number(&codes, &a.product_code))),
        small("Van", numbers(&|a| a.termijn.ingang.dagen_since_1970())),
        small_or_none(
            "Tot",
            afspraken.iter().map(|a| a.termijn.end.map(Dag::dagen_since_1970)).collect(),
        ),
        small("Plaatsen", numbers(&|a| (a.soort == Afspraaksoort::Plaatsen).into())),
        large("Aantal", afspraken.iter().map(|a| a.aantal.0).collect()),
    ])
}

/// What lines are counted against for perceel 5: its agreements, and which products need no beschikking.
pub(super) struct Afspraken {
    terms: Frame,
    /// Products with and without (`Product`, `Code`).
    free: Frame,
    others: Frame,
}

impl Afspraken {
    /// `None` where there are none to count for.
    pub(super) fn of(context: &AuditContext<'_>) -> Made<Option<Afspraken>> {
        let Some(afspraken) = &context.dossier.afspraken else { return Ok(None) };
        if context.regelset.beschikkingsvrij.is_empty() {
            return Ok(None);
        }
        let terms = self::afspraken(context, afspraken)?;
        let terms = terms.only(&["Afspraak", "Aanbieder", "Gemeente", "Code", "Van", "Tot"])?;
        let products = producten(context, &codes(context.dossier))?.only(&["Product", "Code"])?;
        let of = |free| products.keep(|i| context.is_beschikkingsvrij(ProductId(i as u16)) == free);
        Ok(Some(Afspraken { terms, free: of(true)?, others: of(false)? }))
    }

    /// Those of these lines that are on an agreement, each on the first that it fits.
    pub(super) fn lines(&self, lines: &Frame) -> Made<Frame> {
        let lines = lines.inner(&self.free, &["Product"])?;
        on_the_first(lines, &self.terms, &["Aanbieder", "Gemeente", "Code"])
    }

    /// Those of these lines that name a jeugdige, on any other product.
    pub(super) fn others(&self, lines: &Frame) -> Made<Frame> {
        lines.inner(&self.others, &["Product"])?.without("Jeugdige", NOBODY)
    }
}

/// Those of these lines that are on an agreement of the same keys in whose term they lie, each on the
/// first of them.
fn on_the_first(lines: Frame, terms: &Frame, keys: &[&str]) -> Made<Frame> {
    let numbers = (0..lines.rows() as i32).collect();
    let lines = lines.and(|_| Ok(small("Regel", numbers)))?;
    let fitting = lines.inner(terms, keys)?;
    let (begin, end) = (fitting.counts("Begin")?, fitting.counts("Eind")?);
    let (van, tot) = (fitting.counts("Van")?, fitting.values("Tot")?);
    let fitting = fitting.keep(|i| van[i] <= end[i] && tot[i].is_none_or(|tot| begin[i] <= tot))?;
    let first = fitting.least(&["Regel"], &["Afspraak"])?;
    fitting.inner(&first, &["Regel", "Afspraak"])
}

/// The agreements for one child, by their place in the file.
pub(super) fn maatwerk(context: &AuditContext<'_>, rows: &[MaatwerkRow]) -> Made<Frame> {
    let d = context.dossier;
    let id = |r: &MaatwerkRow| d.aanbieder_nr(r.aanbieder).map_or(-1, |id| id.0.into());
    let number = |r: &MaatwerkRow| {
        let word = d.toewijzingnummers.find(&r.toewijzing_nummer);
        word.map_or(-1, |word| word.index() as i32)
    };
    let numbers = |f: &dyn Fn(&MaatwerkRow) -> i32| rows.iter().map(f).collect();
    Frame::of(vec![
        small("Afspraak", (0..rows.len() as i32).collect()),
        small("Aanbieder", numbers(&id)),
        small("Gemeente", numbers(&|r| r.gemeente.0.into())),
        small("Nummer", numbers(&number)),
        small("Van", numbers(&|r| r.termijn.ingang.dagen_since_1970())),
        small_or_none(
            "Tot",
            rows.iter().map(|r| r.termijn.end.map(Dag::dagen_since_1970)).collect(),
        ),
    ])
}

/// What lines are counted against for maatwerk.
pub(super) struct Maatwerk {
    terms: Frame,
    /// Their ToewijzingNummers.
    numbers: HashSet<usize>,
}

impl Maatwerk {
    /// `None` where there are none.
    pub(super) fn of(context: &AuditContext<'_>) -> Made<Option<Maatwerk>> {
        let Some(rows) = &context.dossier.maatwerk else { return Ok(None) };
        let terms = maatwerk(context, rows)?;
        let numbers = terms.values("Nummer")?;
        let numbers = numbers.iter().flatten().filter_map(|n| usize::try_from(*n).ok()).collect();
        Ok(Some(Maatwerk { terms, numbers }))
    }

    /// Those of these lines that are on an agreement, each on the first that it fits.
    pub(super) fn lines(&self, lines: &[Declaratieregel], peildatum: Peildatum) -> Made<Frame> {
        let lines = with_number(lines, peildatum, &self.numbers)?;
        on_the_first(lines, &self.terms, &["Aanbieder", "Gemeente", "Nummer"])
    }
}
