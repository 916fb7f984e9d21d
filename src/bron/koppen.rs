//! Headers as people write them: which column they most likely name.
//!
//! `koppen.csv` lists usual headers by kind of file and column; `woorddelen.csv` the parts that
//! Dutch makes such words of, so that `Nr. beschikking` and `beschikkingsnummer` are one. A header
//! names a column where it is one of the list, in whatever spelling, or is made of the same parts.

use super::clean::is_unseen;
use crate::dossier::{FileKind, Kolom};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

const KOPPEN: &str = include_str!("koppen.csv");
const WOORDDELEN: &str = include_str!("woorddelen.csv");

/// What a word is made of, without order.
type Parts = BTreeSet<&'static str>;

/// A header of the list.
struct Usual {
    kolom: Kolom,
    text: String,
    parts: Option<Parts>,
}

/// Usual headers by the kind of file.
static USUAL: LazyLock<BTreeMap<FileKind, Vec<Usual>>> = LazyLock::new(|| {
    let mut out: BTreeMap<FileKind, Vec<Usual>> = BTreeMap::new();
    for kind in FileKind::ALL {
        let own = kind.kolommen().iter().map(|(kolom, _)| (*kolom, kolom.name()));
        let listed = rows(KOPPEN).filter_map(|[kinds, kolom, headers]| {
            let is_of = kinds == "*" || kinds.split(',').any(|k| k == kind.name());
            let kolom = kind.kolommen().iter().map(|(k, _)| *k).find(|k| k.name() == kolom);
            kolom.filter(|_| is_of).map(|kolom| headers.split(',').map(move |h| (kolom, h)))
        });
        let all = own.chain(listed.flatten());
        let usual = all.map(|(kolom, h)| Usual { kolom, text: letters(h), parts: parts(h) });
        out.insert(kind, usual.collect());
    }
    out
});

/// For each part of a word what it means; empty where it means nothing to us.
static WORDS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let of = |[meaning, parts]: [&'static str; 2]| parts.split(',').map(move |p| (p, meaning));
    let mut words: Vec<(&str, &str)> = rows(WOORDDELEN).flat_map(of).collect();
    words.sort_by_key(|(part, _)| std::cmp::Reverse(part.len()));
    words
});

/// Header names are compared without case, spaces, what can't be seen, `_` and `-`, and whatever way
/// an accent is written (macOS writes it apart from its letter).
pub(crate) fn genormaliseerd(name: &str) -> String {
    let counts = |c: &char| !c.is_whitespace() && !is_unseen(*c) && !matches!(c, '_' | '-');
    match name.is_ascii() {
        // No accents to look up: a year may come in thousands of files, each with its header.
        true => name.chars().filter(counts).map(|c| c.to_ascii_lowercase()).collect(),
        false => name.nfc().filter(counts).flat_map(char::to_lowercase).collect(),
    }
}

/// The rows of a table of the program, without its header.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(';').collect();
        cells.try_into().expect("a table of the program has all its cells")
    })
}

/// Letters and digits alone, without accents.
fn letters(header: &str) -> String {
    genormaliseerd(header)
        .chars()
        .map(|c| match c {
            'á' | 'à' | 'ä' | 'â' => 'a',
            'é' | 'è' | 'ë' | 'ê' => 'e',
            'í' | 'ì' | 'ï' | 'î' => 'i',
            'ó' | 'ò' | 'ö' | 'ô' => 'o',
            'ú' | 'ù' | 'ü' | 'û' => 'u',
            c => c,
        })
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// What a header is made of; `None` where a piece of it is no part that we know.
fn parts(header: &str) -> Option<Parts> {
    let mut out = Parts::new();
    // Dots make no words of what is short for a date.
    let header = header.to_lowercase().replace("d.d", "dd");
    for word in header.split(|c: char| !c.is_alphanumeric()) {
        let word = letters(word);
        out.extend(parts_of_word(&word)?.into_iter().filter(|meaning| !meaning.is_empty()));
    }
    (!out.is_empty()).then_some(out)
}

/// The parts of a compound, the longest first; where that leads nowhere, a shorter one.
fn parts_of_word(word: &str) -> Option<Vec<&'static str>> {
    if word.is_empty() {
        return Some(Vec::new());
    }
    WORDS.iter().find_map(|(part, meaning)| {
        let mut parts = parts_of_word(word.strip_prefix(part)?)?;
        parts.push(meaning);
        Some(parts)
    })
}

/// The column that has this very header for its name.
pub(crate) fn column_of(header: &str, kind: FileKind) -> Option<Kolom> {
    let header = genormaliseerd(header);
    // Our own names are letters alone.
    kind.kolommen().iter().map(|(k, _)| *k).find(|k| k.name().eq_ignore_ascii_case(&header))
}

/// A header that is taken for a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proposal {
    /// Place of the header.
    pub place: usize,
    pub kolom: Kolom,
}

/// The columns of a kind of file that a header most likely names: those of the list, else those of
/// the same parts.
fn columns(header: &str, kind: FileKind) -> BTreeSet<Kolom> {
    let Some(usual) = USUAL.get(&kind) else { return BTreeSet::new() };
    let text = letters(header);
    let listed: BTreeSet<Kolom> =
        usual.iter().filter(|u| u.text == text).map(|u| u.kolom).collect();
    if !listed.is_empty() || text.is_empty() {
        return listed;
    }
    let Some(parts) = parts(header) else { return BTreeSet::new() };
    let same = |u: &&Usual| u.parts.as_ref() == Some(&parts);
    usual.iter().filter(same).map(|u| u.kolom).collect()
}

/// Of the headers that mean nothing yet those that name one of the `open` columns, where no other
/// header names that column and it names no other one. `headers` come with their places.
pub(crate) fn proposals<'h>(
    headers: impl IntoIterator<Item = (usize, &'h str)>,
    open: &BTreeSet<Kolom>,
    kind: FileKind,
) -> Vec<Proposal> {
    let mut per_kolom: BTreeMap<Kolom, Vec<(usize, bool)>> = BTreeMap::new();
    for (place, header) in headers {
        let fits: Vec<Kolom> = columns(header, kind).intersection(open).copied().collect();
        for kolom in &fits {
            per_kolom.entry(*kolom).or_default().push((place, fits.len() == 1));
        }
    }
    let only = per_kolom.into_iter().filter_map(|(kolom, headers)| match headers.as_slice() {
        [(place, true)] => Some(Proposal { place: *place, kolom }),
        _ => None,
    });
    only.collect()
}

/// The headers, by their places, that may well name this column, the likeliest first.
pub(crate) fn candidates(kolom: Kolom, headers: &[String], kind: FileKind) -> Vec<usize> {
    /// What is less alike is another word.
    const ALIKE: f64 = 0.85;
    /// Those after them no person looks at.
    const LOOKED_AT: usize = 500;
    let Some(usual) = USUAL.get(&kind) else { return Vec::new() };
    let likeness = |header: &str| {
        if columns(header, kind).contains(&kolom) {
            return 2.0;
        }
        let text = letters(header);
        let of_kolom = usual.iter().filter(|u| u.kolom == kolom);
        of_kolom.map(|u| strsim::jaro_winkler(&u.text, &text)).fold(0.0, f64::max)
    };
    let mut found: Vec<(usize, f64)> = headers
        .iter()
        .take(LOOKED_AT)
        .enumerate()
        .map(|(place, header)| (place, likeness(header)))
        .filter(|(_, likeness)| *likeness >= ALIKE)
        .collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.into_iter().map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(header: &str, kind: FileKind) -> Vec<&'static str> {
        columns(header, kind).into_iter().map(Kolom::name).collect()
    }

    #[test]
    fn every_listed_header_names_one_column_of_its_kind() {
        let mut count = 0;
        for (kind, usual) in &*USUAL {
            for u in usual {
                count += 1;
                let columns: BTreeSet<Kolom> =
                    usual.iter().filter(|o| o.text == u.text).map(|o| o.kolom).collect();
                assert_eq!(columns.len(), 1, "{kind}: {} names {columns:?}", u.text);
            }
        }
        assert!(count > 600, "{count}");
        for [kinds, kolom, _] in rows(KOPPEN) {
            let known = |k: &str| FileKind::ALL.iter().any(|kind| kind.name() == k);
            assert!(kinds == "*" || kinds.split(',').all(known), "{kinds}");
            assert!(Kolom::ALL.iter().any(|k| k.name() == kolom), "{kolom}");
        }
    }

    #[test]
    fn our_own_names_are_letters_alone() {
        for kolom in Kolom::ALL {
            assert!(kolom.name().bytes().all(|c| c.is_ascii_alphanumeric()), "{}", kolom.name());
        }
    }

    #[test]
    fn no_header_of_our_own_is_taken_for_another_column_of_its_kind() {
        for kind in FileKind::ALL {
            for (kolom, _) in kind.kolommen() {
                assert_eq!(named(kolom.name(), kind), [kolom.name()], "{kind}");
            }
        }
    }

    #[test]
    fn a_header_is_known_by_its_parts_in_whatever_order() {
        let declaraties = |header| named(header, FileKind::Declaraties);
        for (header, kolom) in [
            ("Nr. beschikking", "ToewijzingNummer"),
            ("DATUM_ONTVANGST", "Ontvangstdatum"),
            ("Ontvangen d.d.", "Ontvangstdatum"),
            ("Bedrag (gedeclareerd)", "IngediendBedrag"),
            ("Geleverd aantal eenheden", "GeleverdVolume"),
            ("Code van het product", "ProductCode"),
            ("BSN cliënt", "Bsn"),
            ("Einddatum toewijzing", ""),
            ("Naam instelling", ""),
            ("Omschrijving product", ""),
            ("Totaal uren", ""),
        ] {
            let expected: Vec<&str> = [kolom].into_iter().filter(|k| !k.is_empty()).collect();
            assert_eq!(declaraties(header), expected, "{header}");
        }
        assert_eq!(named("Startdatum", FileKind::Toewijzingen), ["Ingangsdatum"]);
        assert_eq!(named("Startdatum", FileKind::Declaraties), ["Begindatum"]);
    }

    #[test]
    fn what_two_headers_may_name_is_not_taken() {
        let headers = ["Instelling", "AGB", "Bedrag"];
        let open = BTreeSet::from([Kolom::Aanbieder, Kolom::IngediendBedrag]);
        let found = proposals(headers.into_iter().enumerate(), &open, FileKind::Declaraties);
        assert_eq!(found, [Proposal { place: 2, kolom: Kolom::IngediendBedrag }]);
        let taken = BTreeSet::from([Kolom::Bsn]);
        assert_eq!(proposals([(0, "Bedrag")], &taken, FileKind::Declaraties), []);
    }

    #[test]
    fn a_misspelt_header_is_a_candidate() {
        let headers = ["Opmerking".to_owned(), "Toewijzingnumer".to_owned()];
        assert_eq!(candidates(Kolom::ToewijzingNummer, &headers, FileKind::Declaraties), [1]);
    }

    /// Headers as back offices, care systems and people who make an export by hand have them; `-` is
    /// one that means none of our columns.
    const SIXTY: [(&str, &str, &str); 66] = [
        ("declaraties", "BSN van de jeugdige", "Bsn"),
        ("declaraties", "Sofinummer", "Bsn"),
        ("declaraties", "Cliënt-BSN", "Bsn"),
        ("declaraties", "AGB code zorgaanbieder", "Aanbieder"),
        ("declaraties", "Aanbieder AGB", "Aanbieder"),
        ("declaraties", "AGB_CODE", "Aanbieder"),
        ("declaraties", "CBS-code gemeente", "Gemeente"),
        ("declaraties", "Gemeentenr.", "Gemeente"),
        ("declaraties", "Code gemeente", "Gemeente"),
        ("declaraties", "Declaratienr", "DeclaratieNummer"),
        ("declaraties", "Nummer factuur", "DeclaratieNummer"),
        ("declaraties", "Referentienr.", "ReferentieNummer"),
        ("declaraties", "Ref nummer", "ReferentieNummer"),
        ("declaraties", "Prestatienummer", "ReferentieNummer"),
        ("declaraties", "Vorig referentienr", "VorigReferentieNummer"),
        ("declaraties", "Nr. vorige referentie", "VorigReferentieNummer"),
        ("declaraties", "Datum declaratie", "DeclaratieDagtekening"),
        ("declaraties", "Ontvangen op", "Ontvangstdatum"),
        ("declaraties", "Datum ontvangen", "Ontvangstdatum"),
        ("declaraties", "Toewijzing nr.", "ToewijzingNummer"),
        ("declaraties", "Nr toewijzing", "ToewijzingNummer"),
        ("declaraties", "Beschikking nummer", "ToewijzingNummer"),
        ("declaraties", "Product categorie", "ProductCategorie"),
        ("declaraties", "Categorie code", "ProductCategorie"),
        ("declaraties", "Code product", "ProductCode"),
        ("declaraties", "Zorgproductcode", "ProductCode"),
        ("declaraties", "Begindatum prestatie", "Begindatum"),
        ("declaraties", "Startdatum levering", "Begindatum"),
        ("declaraties", "Datum begin", "Begindatum"),
        ("declaraties", "Einddatum prestatie", "Einddatum"),
        ("declaraties", "Datum einde levering", "Einddatum"),
        ("declaraties", "Aantal geleverd", "GeleverdVolume"),
        ("declaraties", "Geleverde eenheden", "GeleverdVolume"),
        ("declaraties", "Eenheid code", "Eenheid"),
        ("declaraties", "Tarief per eenheid", "ProductTarief"),
        ("declaraties", "Ingediend bedrag in euro", "IngediendBedrag"),
        ("declaraties", "Te betalen bedrag", "IngediendBedrag"),
        ("declaraties", "Bedrag declaratie", "IngediendBedrag"),
        ("declaraties", "Debet-/creditcode", "DebetCredit"),
        ("declaraties", "No-show J/N", "NoShow"),
        ("declaraties", "Reistijd (min)", "ReistijdMinuten"),
        ("declaraties", "Functie van de hulpverlener", "Functie"),
        ("declaraties", "Groepscode", "Groep"),
        ("toewijzingen", "Nummer beschikking", "ToewijzingNummer"),
        ("toewijzingen", "BSN jeugdige", "Bsn"),
        ("toewijzingen", "Toegewezen aanbieder", "Aanbieder"),
        ("toewijzingen", "Toewijzing d.d.", "Toewijzingsdatum"),
        ("toewijzingen", "Datum van toewijzing", "Toewijzingsdatum"),
        ("toewijzingen", "Startdatum indicatie", "Ingangsdatum"),
        ("toewijzingen", "Ingang zorg", "Ingangsdatum"),
        ("toewijzingen", "Einddatum zorg", "Einddatum"),
        ("toewijzingen", "Einde geldigheid", "Einddatum"),
        ("toewijzingen", "Omvang volume", "Volume"),
        ("toewijzingen", "Freq.", "Frequentie"),
        ("toewijzingen", "Eenheid omvang", "Eenheid"),
        ("toewijzingen", "Geboortedatum cliënt", "Geboortedatum"),
        ("toewijzingen", "Type verwijzer", "Verwijzer"),
        ("toewijzingen", "Reden van wijziging", "RedenWijziging"),
        ("toewijzingen", "Max. budget", "Budget"),
        ("toewijzingen", "Productcode toewijzing", "ProductCode"),
        ("declaraties", "Naam zorgaanbieder", "-"),
        ("declaraties", "Naam cliënt", "-"),
        ("declaraties", "Goedgekeurd bedrag", "-"),
        ("declaraties", "Btw-bedrag", "-"),
        ("declaraties", "Datum betaling", "-"),
        ("toewijzingen", "Datum mutatie", "-"),
    ];

    #[test]
    fn of_sixty_usual_headers_nearly_all_are_known_and_none_is_taken_for_another() {
        let (mut right, mut missed) = (0, Vec::new());
        for (kind, header, kolom) in SIXTY {
            let kind = FileKind::ALL.into_iter().find(|k| k.name() == kind).unwrap();
            match named(header, kind).as_slice() {
                [] if kolom == "-" => {}
                [] => missed.push(header),
                [one] => {
                    assert_eq!(*one, kolom, "{header}");
                    right += 1;
                }
                // It is taken for none of them.
                _ => missed.push(header),
            }
        }
        assert!(right >= 54, "{right}: {missed:?}");
    }
}
