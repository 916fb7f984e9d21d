//! What `invoerfouten` shows of a value that can't be read: the value itself, or only its form where it
//! could tell who a child is.

use crate::dossier::Kolom;
use crate::ground::{masked, on_one_line};

/// A longer value is cut.
const LONGEST: usize = 200;

/// What is shown of it: for whom must mend the export, and maybe for many others.
pub(super) fn shown_value(kolom: Option<Kolom>, value: &str) -> Box<str> {
    match !value.is_empty() && kolom.is_some_and(|kolom| is_personal(kolom, value)) {
        true => form(value).into(),
        false => on_one_line(&masked(value)).chars().take(LONGEST).collect(),
    }
}

/// Columns about a person, and dates and words in a column that holds neither: there a row has its
/// cells in other columns than its header says.
fn is_personal(kolom: Kolom, value: &str) -> bool {
    use Kolom::*;
    match kolom {
        Bsn | Geboortedatum | Hulpverlener | Bijzonderheid => true,
        Aanbieder | ToewijzingNummer | IngediendBedrag | ProductTarief | Budget | Volume
        | GeleverdVolume | Gesprekken | NoShow | NoShowMinuten | AfspraakMinuten
        | ReistijdMinuten | Eenheid => is_name(value) || is_date(value),
        Gemeente => is_date(value),
        _ => false,
    }
}

/// Two words or more, of letters.
fn is_name(value: &str) -> bool {
    let is_word = |w: &str| w.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\''));
    value.split_whitespace().count() > 1 && value.split([' ', ',']).all(is_word)
}

/// Three groups of digits, as in 31-12-2011.
fn is_date(value: &str) -> bool {
    let groups: Vec<&str> = value.split(['-', '/', '.']).collect();
    let digits = |g: &&str| (1..=4).contains(&g.len()) && g.bytes().all(|b| b.is_ascii_digit());
    let years = groups.iter().filter(|g| g.len() == 4).count();
    groups.len() == 3 && groups.iter().all(digits) && years == 1
}

/// How long it is and what it is made of, such as `(12 tekens: letters, spaties)`.
fn form(value: &str) -> String {
    let of = |is: fn(char) -> bool, name: &'static str| value.contains(is).then_some(name);
    let other = |c: char| !c.is_alphabetic() && !c.is_numeric() && !c.is_whitespace();
    let kinds = [
        of(char::is_numeric, "cijfers"),
        of(char::is_alphabetic, "letters"),
        of(char::is_whitespace, "spaties"),
        of(other, "leestekens"),
    ];
    let kinds: Vec<&str> = kinds.into_iter().flatten().collect();
    let count = value.chars().count();
    let characters = if count == 1 { "teken" } else { "tekens" };
    format!("({count} {characters}: {})", kinds.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_who_somebody_is_is_shown_by_its_form() {
        for (kolom, value, shown) in [
            (Kolom::Geboortedatum, "31-13-2011", "(10 tekens: cijfers, leestekens)"),
            (Kolom::Bsn, "x", "(1 teken: letters)"),
            (Kolom::Hulpverlener, "J. de Vries", "(11 tekens: letters, spaties, leestekens)"),
            (Kolom::Bijzonderheid, "akkoord van Anna", "(16 tekens: letters, spaties)"),
            (Kolom::IngediendBedrag, "Anna de Boer", "(12 tekens: letters, spaties)"),
            (Kolom::Gemeente, "01-02-2011", "(10 tekens: cijfers, leestekens)"),
            (Kolom::Gemeente, "Zwole", "Zwole"),
            (Kolom::Begindatum, "31-02-2023", "31-02-2023"),
            (Kolom::IngediendBedrag, "12,3,4", "12,3,4"),
            (Kolom::IngediendBedrag, "n.v.t.", "n.v.t."),
            (Kolom::Aanbieder, "999.900.006", "•••••••••"),
            (Kolom::Bsn, "", ""),
        ] {
            assert_eq!(&*shown_value(Some(kolom), value), shown, "{kolom} {value}");
        }
        assert_eq!(shown_value(Some(Kolom::Begindatum), &"x".repeat(300)).len(), LONGEST);
    }
}
