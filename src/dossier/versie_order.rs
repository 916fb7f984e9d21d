//! The one order of all versions of a toewijzing: the last is in force (specification §1.1, §2.0).

use super::kolom::Onleesbaar;
use super::text_arena::StringInterner;
use super::toewijzing::RawToewijzing;
use std::cmp::Ordering;

/// Compares versions of one toewijzing.
pub(super) struct VersieOrder<'a> {
    /// What the words of the versions are.
    pub words: &'a StringInterner,
}

impl VersieOrder<'_> {
    /// By Toewijzingsdatum and Toewijzingstijd (none comes before any), then the latest Einddatum
    /// (none is the latest), then the larger Budget, then the remaining columns by their bytes. What
    /// can't be read comes first.
    pub(super) fn compare(&self, a: &RawToewijzing, b: &RawToewijzing) -> Ordering {
        let (x, y) = (&a.versie, &b.versie);
        (x.toewijzingsdatum.cmp(&y.toewijzingsdatum))
            .then_with(|| known(x.toewijzingstijd()).cmp(&known(y.toewijzingstijd())))
            .then_with(|| {
                let end = |end: Option<Option<_>>| end.map(|end| (end.is_none(), end));
                end(known(x.einddatum())).cmp(&end(known(y.einddatum())))
            })
            .then_with(|| known(x.budget()).cmp(&known(y.budget())))
            .then_with(|| self.other_columns(a).cmp(&self.other_columns(b)))
    }

    /// Can't it be told which of these two, that follow each other, came last? The time of one of
    /// them can't be read.
    pub(super) fn is_unknown(&self, a: &RawToewijzing, b: &RawToewijzing) -> bool {
        a.versie.toewijzingsdatum == b.versie.toewijzingsdatum
            && [a, b].iter().any(|raw| raw.versie.toewijzingstijd().is_err())
    }

    /// The remaining columns as text, in the order of the specification.
    fn other_columns(&self, raw: &RawToewijzing) -> [String; 16] {
        let v = &raw.versie;
        let word = |id: Result<_, Onleesbaar>| id.map_or("", |id| self.words.get(id)).to_owned();
        [
            raw.agb.to_string(),
            v.bsn.digits(),
            v.ingangsdatum.datum().to_string(),
            word(v.product_categorie()),
            word(v.product_code()),
            text(v.reden_wijziging(), |x| x.to_string()),
            text(v.volume(), |x| format!("{}.{:02}", x.0 / 100, x.0 % 100)),
            text(v.eenheid(), |x| x.to_string()),
            text(v.frequentie(), |x| x.to_string()),
            text(v.geboortedatum(), |x| x.datum().to_string()),
            text(v.verwijzer(), |x| x.to_string()),
            text(v.budgetsoort(), |x| x.name().to_owned()),
            text(v.uitvoering(), |x| x.name().to_owned()),
            text(v.dispuut_cell(), |x| if x { "J" } else { "N" }.to_owned()),
            word(v.bijzonderheid()),
            text(v.verzonden(), |x| x.datum().to_string()),
        ]
    }
}

/// `None` before every value where the cell can't be read.
fn known<T>(cell: Result<T, Onleesbaar>) -> Option<T> {
    cell.ok()
}

fn text<T>(cell: Result<Option<T>, Onleesbaar>, text: impl Fn(T) -> String) -> String {
    cell.ok().flatten().map(text).unwrap_or_default()
}
