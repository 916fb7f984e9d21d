//! What the cells of a column hold, as far as their form tells.

use crate::dossier::Kolom;
use crate::ground::passes_elfproef;

/// What most cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Content {
    /// Nine digits, or eight, that pass the elfproef.
    Bsn,
    /// Eight digits, or seven.
    Agb,
    /// A gemeentecode of three or four digits.
    Cbs,
    Date,
    /// A number with two decimals.
    Amount,
}

impl Content {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Content::Bsn => "nummers die aan de elfproef voldoen",
            Content::Agb => "AGB-codes",
            Content::Cbs => "gemeentecodes",
            Content::Date => "datums",
            Content::Amount => "bedragen",
        }
    }

    /// What nine in ten of the cells are that aren't empty.
    pub(crate) fn of<'c>(cells: impl Iterator<Item = &'c str>) -> Option<Content> {
        let cells: Vec<&str> = cells.map(str::trim).filter(|c| !c.is_empty()).collect();
        let most = |is: fn(&str) -> bool| {
            let count = cells.iter().filter(|c| is(c)).count();
            !cells.is_empty() && count * 10 >= cells.len() * 9
        };
        type Test = fn(&str) -> bool;
        let kinds: [(Test, Content); 5] = [
            (is_date, Content::Date),
            (is_bsn, Content::Bsn),
            (is_agb, Content::Agb),
            (is_cbs, Content::Cbs),
            (is_amount, Content::Amount),
        ];
        kinds.into_iter().find(|(is, _)| most(*is)).map(|(_, content)| content)
    }

    /// What a column of ours must hold, for those that can be told by it.
    pub(crate) fn needed_by(kolom: Kolom) -> Option<Content> {
        match kolom {
            Kolom::Bsn => Some(Content::Bsn),
            Kolom::Aanbieder => Some(Content::Agb),
            Kolom::Gemeente => Some(Content::Cbs),
            Kolom::IngediendBedrag => Some(Content::Amount),
            Kolom::Begindatum
            | Kolom::Einddatum
            | Kolom::Toewijzingsdatum
            | Kolom::Ingangsdatum
            | Kolom::Ontvangstdatum => Some(Content::Date),
            _ => None,
        }
    }
}

fn digits(cell: &str) -> Option<u64> {
    let plain = cell.trim_start_matches("GM");
    (plain.len() <= 9 && plain.bytes().all(|c| c.is_ascii_digit())).then(|| plain.parse().ok())?
}

fn is_bsn(cell: &str) -> bool {
    let plain = cell.replace(['.', ' ', '-'], "");
    matches!(plain.len(), 8 | 9)
        && digits(&plain).is_some_and(|n| passes_elfproef(n as u32) && n > 10_000_000)
}

fn is_agb(cell: &str) -> bool {
    matches!(cell.len(), 7 | 8) && digits(cell).is_some()
}

fn is_cbs(cell: &str) -> bool {
    /// No gemeentecode is higher.
    const HIGHEST: u64 = 1_999;
    let plain = cell.trim_start_matches("GM");
    matches!(plain.len(), 3 | 4) && digits(plain).is_some_and(|n| (1..=HIGHEST).contains(&n))
}

/// Digits in three groups, or eight that begin with a year.
pub(crate) fn is_date(cell: &str) -> bool {
    let parts: Vec<&str> =
        cell.split(['-', '/', '.', ' ', 'T']).filter(|p| !p.is_empty()).collect();
    let is_number = |p: &str| p.bytes().all(|c| c.is_ascii_digit());
    match parts.as_slice() {
        [one] => {
            one.len() == 8 && is_number(one) && (one.starts_with("19") || one.starts_with("20"))
        }
        [a, b, c, ..] => {
            let month = is_number(b) || b.chars().all(char::is_alphabetic);
            let ends = (a.len() <= 2 && matches!(c.len(), 2 | 4)) || (a.len() == 4 && c.len() <= 2);
            is_number(a) && is_number(c) && month && ends
        }
        _ => false,
    }
}

fn is_amount(cell: &str) -> bool {
    let plain: String =
        cell.chars().filter(|c| !matches!(c, '€' | ' ' | '\u{a0}' | '-' | '(' | ')')).collect();
    let cut = plain.len().checked_sub(3);
    cut.and_then(|cut| plain.split_at_checked(cut)).is_some_and(|(whole, decimals)| {
        let is_number = |p: &str| !p.is_empty() && p.bytes().all(|c| c.is_ascii_digit());
        decimals.starts_with([',', '.'])
            && is_number(&decimals[1..])
            && is_number(&whole.replace(['.', ','], ""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_tell_what_a_column_holds() {
        for (cells, content) in [
            (["999900006", "999900018"], Some(Content::Bsn)),
            (["99990000", "99000001"], Some(Content::Agb)),
            (["0150", "193"], Some(Content::Cbs)),
            (["1-3-2023", "31/12/2023"], Some(Content::Date)),
            (["20230301", "2023-03-31"], Some(Content::Date)),
            (["1 maart 2023", "01-mrt-2023"], Some(Content::Date)),
            (["€ 1.234,50", "-12,10"], Some(Content::Amount)),
            (["45T01", "T1"], None),
            (["", ""], None),
        ] {
            assert_eq!(Content::of(cells.into_iter()), content, "{cells:?}");
        }
    }
}
