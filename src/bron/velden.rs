//! One cell into one value: dates, money that is never guessed, volumes, codes that lost zeros.

use super::ijw::Berichtfout;
use crate::dossier::{Bijzonderheden, Bijzonderheid, Cent, Dag, Volume};
use serde::Deserialize;
use std::fmt;

/// Why a cell can't be read. Its `Display` is the reason that the maker of the export gets.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Leesreden {
    Leeg,
    GeenDatum,
    GeenBedrag,
    /// More than an amount or a volume can be.
    TeGroot {
        grens: Volume,
    },
    BedragDubbelzinnig,
    BedragNegatief,
    TeVeelDecimalen,
    GeenHeleCenten,
    GeenVolume,
    VolumeGeenHeleCenten,
    GeenCode {
        cijfers: u8,
    },
    GeenJaNee,
    GeenGetal,
    OnbekendeWaarde {
        toegestaan: &'static str,
    },
    TeLang,
    AantalVelden {
        gevonden: usize,
        verwacht: usize,
    },
    Totaalregel,
    /// A whole message is refused.
    Bericht(Berichtfout),
    /// In the words of another process, that read the file.
    Overgenomen(Box<str>),
}

impl fmt::Display for Leesreden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Leesreden::Leeg => write!(f, "verplichte waarde ontbreekt"),
            Leesreden::GeenDatum => {
                write!(f, "geen datum; verwacht JJJJ-MM-DD, DD-MM-JJJJ of JJJJMMDD")
            }
            Leesreden::TeGroot { grens } => write!(f, "te groot; het hoogste is {grens}"),
            Leesreden::GeenBedrag => write!(f, "geen bedrag; verwacht bijvoorbeeld 1234,56"),
            Leesreden::BedragDubbelzinnig => write!(
                f,
                "dubbelzinnig bedrag: één scheidingsteken met drie cijfers erachter; zet [bedragen] decimaal in controle.toml"
            ),
            Leesreden::BedragNegatief => write!(
                f,
                "negatief bedrag; de kolom DebetCredit zegt of een regel een creditregel is"
            ),
            Leesreden::TeVeelDecimalen => write!(f, "meer dan twee decimalen"),
            Leesreden::GeenHeleCenten => {
                write!(f, "geen hele eurocenten, zoals [bedragen] eenheid in controle.toml belooft")
            }
            Leesreden::GeenVolume => write!(f, "geen volume; verwacht bijvoorbeeld 120 of 2,5"),
            Leesreden::VolumeGeenHeleCenten => {
                write!(f, "bij eenheid 83 is het volume een heel aantal eurocenten")
            }
            Leesreden::GeenCode { cijfers } => write!(f, "geen code van {cijfers} cijfers"),
            Leesreden::GeenJaNee => write!(f, "geen J of N"),
            Leesreden::GeenGetal => write!(f, "geen getal"),
            Leesreden::OnbekendeWaarde { toegestaan } => {
                write!(f, "onbekende waarde; verwacht {toegestaan}")
            }
            Leesreden::TeLang => write!(f, "langer dan 1.000 tekens"),
            Leesreden::AantalVelden { gevonden, verwacht } => {
                let velden = if *gevonden == 1 { "veld" } else { "velden" };
                write!(f, "de regel heeft {gevonden} {velden}, de kop heeft er {verwacht}")
            }
            Leesreden::Totaalregel => write!(f, "totaalregel"),
            Leesreden::Bericht(fout) => fout.fmt(f),
            Leesreden::Overgenomen(tekst) => f.write_str(tekst),
        }
    }
}

/// `[bedragen]` of `controle.toml`: how this dossier writes money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bedragen {
    pub decimaal: Option<Decimaalteken>,
    pub eenheid: Geldeenheid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Decimaalteken {
    #[serde(rename = ",")]
    Komma,
    #[serde(rename = ".")]
    Punt,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Geldeenheid {
    #[default]
    Euro,
    Eurocent,
}

/// Reads `2023-03-31`, `31-03-2023` or `20230331`, from 1900 up to and including 9999.
#[inline]
pub fn datum(cel: &[u8]) -> Result<Dag, Leesreden> {
    if let Some(dag) = gewone_datum(cel) {
        return Ok(dag);
    }
    fn getal(cijfers: &[u8]) -> Option<u32> {
        cijfers.iter().try_fold(0, |n, c| c.is_ascii_digit().then(|| n * 10 + u32::from(c - b'0')))
    }
    let delen = match cel {
        [j @ .., b'-', m1, m2, b'-', d1, d2] if j.len() == 4 => (j, [*m1, *m2], [*d1, *d2]),
        [d1, d2, b'-', m1, m2, b'-', j @ ..] if j.len() == 4 => (j, [*m1, *m2], [*d1, *d2]),
        [j1, j2, j3, j4, m1, m2, d1, d2] => {
            return jmd(getal(&[*j1, *j2, *j3, *j4]), getal(&[*m1, *m2]), getal(&[*d1, *d2]));
        }
        _ => return Err(Leesreden::GeenDatum),
    };
    jmd(getal(delen.0), getal(&delen.1), getal(&delen.2))
}

#[inline]
fn jmd(jaar: Option<u32>, maand: Option<u32>, dag: Option<u32>) -> Result<Dag, Leesreden> {
    let (Some(jaar), Some(maand), Some(dag)) = (jaar, maand, dag) else {
        return Err(Leesreden::GeenDatum);
    };
    if jaar < 1900 {
        return Err(Leesreden::GeenDatum);
    }
    Dag::van_jmd(jaar as i32, maand, dag).ok_or(Leesreden::GeenDatum)
}

/// The form of [`datum`] that most cells have, `2023-03-31`.
#[inline]
fn gewone_datum(cel: &[u8]) -> Option<Dag> {
    /// What each of the first eight bytes has as its least.
    const LAAGSTE: u64 = u64::from_le_bytes(*b"0000-00-");
    /// Takes what is left past 127 in a digit above 9 and in anything but a dash.
    const RUIMTE: u64 = u64::from_le_bytes([118, 118, 118, 118, 127, 118, 118, 127]);
    const HOOGSTE_BITS: u64 = u64::from_le_bytes([128; 8]);
    let cel: &[u8; 10] = cel.try_into().ok()?;
    let (jaar_en_maand, dag) = cel.split_first_chunk::<8>()?;
    let cijfers = u64::from_le_bytes(*jaar_en_maand) ^ LAAGSTE;
    let ((d1, d2), past) = ((dag[0] ^ b'0', dag[1] ^ b'0'), cijfers.wrapping_add(RUIMTE) | cijfers);
    if past & HOOGSTE_BITS != 0 || d1 > 9 || d2 > 9 {
        return None;
    }
    let [j1, j2, j3, j4, _, m1, m2, _] = cijfers.to_le_bytes().map(u32::from);
    let jaar = j1 * 1000 + j2 * 100 + j3 * 10 + j4;
    jmd(Some(jaar), Some(m1 * 10 + m2), Some(u32::from(d1) * 10 + u32::from(d2))).ok()
}

/// Largest amount: fifty million of them can be added up in 64 bits. No message can carry more than
/// 99.999.999 eurocents.
const MEESTE_CENTEN: i64 = 99_999_999_999;
/// Largest volume, in hundredths: what a message can carry, also in eurocents.
const MEESTE_VOLUME: i64 = 9_999_999_999;

fn hoogstens(honderdsten: i64, grens: i64) -> Result<i64, Leesreden> {
    if honderdsten <= grens {
        Ok(honderdsten)
    } else {
        Err(Leesreden::TeGroot { grens: Volume(grens) })
    }
}

/// Reads an amount of money; what could be read in two ways is refused.
#[inline]
pub fn bedrag(cel: &[u8], hoe: Bedragen) -> Result<Cent, Leesreden> {
    if hoe.eenheid == Geldeenheid::Euro
        && let Some(centen) = gewoon(cel)
    {
        return Ok(Cent(centen));
    }
    let kaal = zonder_euroteken_en_spaties(cel);
    let kaal = kaal.as_ref();
    if hoe.eenheid == Geldeenheid::Eurocent {
        if kaal.first() == Some(&b'-') {
            return Err(Leesreden::BedragNegatief);
        }
        let centen = heel_getal(kaal, 15).ok_or(Leesreden::GeenHeleCenten)?;
        return hoogstens(centen, MEESTE_CENTEN).map(Cent);
    }
    let centen = honderdsten(kaal, hoe.decimaal, Leesreden::GeenBedrag)?;
    hoogstens(centen, MEESTE_CENTEN).map(Cent)
}

/// Reads a volume with at most two decimals.
#[inline]
pub fn volume(cel: &[u8], hoe: Bedragen) -> Result<Volume, Leesreden> {
    if let Some(n) = gewoon(cel) {
        return Ok(Volume(n));
    }
    match honderdsten(cel, hoe.decimaal, Leesreden::GeenVolume) {
        Ok(n) => hoogstens(n, MEESTE_VOLUME).map(Volume),
        Err(Leesreden::BedragNegatief) => Err(Leesreden::GeenVolume),
        Err(Leesreden::BedragDubbelzinnig) => Err(Leesreden::BedragDubbelzinnig),
        Err(e) => Err(e),
    }
}

fn zonder_euroteken_en_spaties(cel: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if cel.iter().all(|c| c.is_ascii_digit() || matches!(c, b'.' | b',')) {
        return cel.into();
    }
    String::from_utf8_lossy(cel)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '€' && *c != '\u{a0}' && *c != '\u{202f}')
        .collect::<String>()
        .into_bytes()
        .into()
}

/// The two forms that most cells have, up to eight digits alone or with two decimals, in hundredths.
#[inline]
fn gewoon(cel: &[u8]) -> Option<i64> {
    match cel {
        [heel @ .., b',' | b'.', t @ b'0'..=b'9', e @ b'0'..=b'9'] => {
            let centen = i64::from(t - b'0') * 10 + i64::from(e - b'0');
            heel_getal(heel, 8).map(|n| n * 100 + centen)
        }
        _ => heel_getal(cel, 8).map(|n| n * 100),
    }
}

/// A decimal number in hundredths; `.` and `,` each may be the decimal or the thousands separator.
fn honderdsten(
    cel: &[u8],
    decimaal: Option<Decimaalteken>,
    onleesbaar: Leesreden,
) -> Result<i64, Leesreden> {
    if cel.first() == Some(&b'-') && cel.len() > 1 && cel[1].is_ascii_digit() {
        return Err(Leesreden::BedragNegatief);
    }
    let mut tekens = cel.iter().copied().enumerate().filter(|(_, c)| matches!(c, b'.' | b','));
    let laatste = tekens.next_back();
    let Some((plaats, teken)) = laatste else {
        return heel_getal(cel, 13).map(|n| n * 100).ok_or(onleesbaar);
    };
    let eerder = cel[..plaats].iter().filter(|c| matches!(c, b'.' | b',')).count();
    let zelfde_eerder = cel[..plaats].iter().filter(|&&c| c == teken).count();
    let (voor, na) = (&cel[..plaats], &cel[plaats + 1..]);
    if !na.iter().all(u8::is_ascii_digit) || na.is_empty() || voor.is_empty() {
        return Err(onleesbaar);
    }
    if zelfde_eerder > 0 {
        // 1.234.567: only thousands can come more than once, and then nothing else may.
        return if zelfde_eerder == eerder {
            duizendtallen(cel, teken).map(|n| n * 100).ok_or(onleesbaar)
        } else {
            Err(onleesbaar)
        };
    }
    if eerder == 0 && na.len() == 3 {
        let is_decimaal = match decimaal {
            None => return Err(Leesreden::BedragDubbelzinnig),
            Some(Decimaalteken::Komma) => teken == b',',
            Some(Decimaalteken::Punt) => teken == b'.',
        };
        return if is_decimaal {
            Err(Leesreden::TeVeelDecimalen)
        } else {
            duizendtallen(cel, teken).map(|n| n * 100).ok_or(onleesbaar)
        };
    }
    let heel = if eerder == 0 {
        heel_getal(voor, 13)
    } else {
        duizendtallen(voor, if teken == b',' { b'.' } else { b',' })
    }
    .ok_or(onleesbaar)?;
    let centen = match na {
        [t] => i64::from(t - b'0') * 10,
        [t, e] => i64::from(t - b'0') * 10 + i64::from(e - b'0'),
        _ => return Err(Leesreden::TeVeelDecimalen),
    };
    Ok(heel * 100 + centen)
}

fn heel_getal(cel: &[u8], meeste_cijfers: usize) -> Option<i64> {
    debug_assert!(meeste_cijfers <= 18, "the number fits");
    if cel.is_empty() || cel.len() > meeste_cijfers {
        return None;
    }
    let mut n = 0_i64;
    for c in cel {
        let cijfer = c.wrapping_sub(b'0');
        if cijfer > 9 {
            return None;
        }
        // At most fifteen digits: nothing can overflow.
        n = n.wrapping_mul(10).wrapping_add(i64::from(cijfer));
    }
    Some(n)
}

/// `12.345.678`: one to three digits, then groups of three.
fn duizendtallen(cel: &[u8], teken: u8) -> Option<i64> {
    let mut totaal: i64 = 0;
    for (i, groep) in cel.split(|&c| c == teken).enumerate() {
        let past = if i == 0 { (1..=3).contains(&groep.len()) } else { groep.len() == 3 };
        if !past || i > 4 {
            return None;
        }
        totaal = totaal * 1000 + heel_getal(groep, 3)?;
    }
    Some(totaal)
}

/// A code of `cijfers` digits; `true` where leading zeros were put back.
#[inline]
pub fn code(cel: &[u8], cijfers: u8) -> Result<(u32, bool), Leesreden> {
    heel_getal(cel, cijfers as usize)
        .map(|n| (n as u32, cel.len() < cijfers as usize))
        .ok_or(Leesreden::GeenCode { cijfers })
}

/// A whole number without separators, of at most nine digits.
pub fn getal(cel: &[u8]) -> Result<u32, Leesreden> {
    heel_getal(cel, 9).map(|n| n as u32).ok_or(Leesreden::GeenGetal)
}

/// `J/N`, `ja/nee`, `1/0`, `true/false`, in any case.
pub fn ja_nee(cel: &[u8]) -> Result<bool, Leesreden> {
    match cel {
        b"J" | b"j" | b"1" => Ok(true),
        b"N" | b"n" | b"0" => Ok(false),
        _ if cel.eq_ignore_ascii_case(b"ja") || cel.eq_ignore_ascii_case(b"true") => Ok(true),
        _ if cel.eq_ignore_ascii_case(b"nee") || cel.eq_ignore_ascii_case(b"false") => Ok(false),
        _ => Err(Leesreden::GeenJaNee),
    }
}

/// NoShow: yes, no, or the number of no-shows inside the line.
pub fn no_show(cel: &[u8]) -> Result<u32, Leesreden> {
    match ja_nee(cel) {
        Ok(ja) => Ok(u32::from(ja)),
        Err(_) => {
            getal(cel).map_err(|_| Leesreden::OnbekendeWaarde { toegestaan: "J, N of een aantal" })
        }
    }
}

/// The known words of Bijzonderheid, and whether there were others.
pub fn bijzonderheden(cel: &str) -> (Bijzonderheden, bool) {
    let mut gevonden = Bijzonderheden::default();
    let mut onbekend = false;
    for woord in cel.split_whitespace() {
        match Bijzonderheid::ALLE.iter().find(|b| b.naam().eq_ignore_ascii_case(woord)) {
            Some(b) => gevonden = gevonden.met(*b),
            None => onbekend = true,
        }
    }
    (gevonden, onbekend)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VRIJ: Bedragen = Bedragen { decimaal: None, eenheid: Geldeenheid::Euro };

    fn euro(s: &str) -> Result<i64, Leesreden> {
        bedrag(s.as_bytes(), VRIJ).map(|c| c.0)
    }

    #[test]
    fn amounts_and_volumes_stay_so_small_that_their_sums_fit() {
        let (euro, cent) = (
            Bedragen::default(),
            Bedragen { eenheid: Geldeenheid::Eurocent, ..Bedragen::default() },
        );
        assert_eq!(bedrag(b"999.999.999,99", euro), Ok(Cent(MEESTE_CENTEN)));
        assert_eq!(bedrag(b"99999999999", cent), Ok(Cent(MEESTE_CENTEN)));
        assert!(MEESTE_CENTEN.checked_mul(50_000_000).is_some());
        for (cel, hoe) in
            [(&b"1000000000"[..], euro), (b"1000000000,00", euro), (b"100000000000", cent)]
        {
            assert!(matches!(bedrag(cel, hoe), Err(Leesreden::TeGroot { .. })), "{cel:?}");
        }
        assert_eq!(volume(b"99999999,99", euro), Ok(Volume(MEESTE_VOLUME)));
        assert!(matches!(volume(b"100000000", euro), Err(Leesreden::TeGroot { .. })));
    }

    #[test]
    fn money_is_read_with_comma_or_point_and_never_guessed() {
        assert_eq!(euro("1234,56"), Ok(123_456));
        assert_eq!(euro("1234.56"), Ok(123_456));
        assert_eq!(euro("€ 1.234,5"), Ok(123_450));
        assert_eq!(euro("1,234.56"), Ok(123_456));
        assert_eq!(euro("1 234,56 €"), Ok(123_456));
        assert_eq!(euro("1.234.567"), Ok(123_456_700));
        assert_eq!(euro("12"), Ok(1_200));
        assert_eq!(euro("1.234"), Err(Leesreden::BedragDubbelzinnig));
        assert_eq!(euro("1,234"), Err(Leesreden::BedragDubbelzinnig));
        assert_eq!(euro("1.234,567"), Err(Leesreden::TeVeelDecimalen));
        assert_eq!(euro("12,3456"), Err(Leesreden::TeVeelDecimalen));
        assert_eq!(euro("-12,50"), Err(Leesreden::BedragNegatief));
        for onzin in ["", "abc", "12,", ",50", "1.2.3", "1.23.456,00", "1,234,56", "12-"] {
            assert!(euro(onzin).is_err(), "{onzin}");
        }
    }

    #[test]
    fn a_stated_decimal_sign_settles_what_was_ambiguous() {
        let komma = Bedragen { decimaal: Some(Decimaalteken::Komma), ..VRIJ };
        assert_eq!(bedrag(b"1.234", komma), Ok(Cent(123_400)));
        assert_eq!(bedrag(b"1,234", komma), Err(Leesreden::TeVeelDecimalen));
        let punt = Bedragen { decimaal: Some(Decimaalteken::Punt), ..VRIJ };
        assert_eq!(bedrag(b"1,234", punt), Ok(Cent(123_400)));
        let centen = Bedragen { eenheid: Geldeenheid::Eurocent, ..VRIJ };
        assert_eq!(bedrag(b"123456", centen), Ok(Cent(123_456)));
        assert_eq!(bedrag(b"1234,56", centen), Err(Leesreden::GeenHeleCenten));
    }

    #[test]
    fn dates_come_in_three_forms_and_no_other() {
        let d = Dag::van_jmd(2023, 3, 31).unwrap();
        for vorm in ["2023-03-31", "31-03-2023", "20230331"] {
            assert_eq!(datum(vorm.as_bytes()), Ok(d), "{vorm}");
        }
        for onzin in ["31/03/2023", "2023-02-29", "1-3-2023", "31-03-23", "18230331", "abcd-03-31"]
        {
            assert_eq!(datum(onzin.as_bytes()), Err(Leesreden::GeenDatum), "{onzin}");
        }
    }

    #[test]
    fn codes_get_back_the_zeros_that_a_spreadsheet_took() {
        assert_eq!(code(b"150", 4), Ok((150, true)));
        assert_eq!(code(b"0150", 4), Ok((150, false)));
        assert!(code(b"01500", 4).is_err());
        assert!(code(b"15O", 4).is_err());
    }

    #[test]
    fn every_word_of_bijzonderheid_is_known_by_itself() {
        for b in Bijzonderheid::ALLE {
            assert_eq!(bijzonderheden(b.naam()), (Bijzonderheden::default().met(b), false));
        }
    }

    #[test]
    fn no_show_is_yes_no_or_a_number() {
        assert_eq!(no_show(b"J"), Ok(1));
        assert_eq!(no_show(b"nee"), Ok(0));
        assert_eq!(no_show(b"3"), Ok(3));
        assert!(no_show(b"vaak").is_err());
    }

    proptest::proptest! {
        #[test]
        fn every_amount_reads_back_as_it_was_written(centen in 0_i64..=MEESTE_CENTEN) {
            let (heel, rest) = (centen / 100, centen % 100);
            proptest::prop_assert_eq!(euro(&format!("{heel},{rest:02}")), Ok(centen));
            proptest::prop_assert_eq!(euro(&format!("{heel}.{rest:02}")), Ok(centen));
            proptest::prop_assert_eq!(euro(&Cent(centen).to_string()), Ok(centen));
        }

        #[test]
        fn the_usual_forms_read_as_every_form_does(cel in "[0-9a-]{0,3}[0-9]{2}-?[0-9]{2}-?[0-9]{0,3}") {
            let cel = cel.as_bytes();
            if let Some(dag) = gewone_datum(cel) {
                proptest::prop_assert_eq!(datum(cel), Ok(dag));
            }
        }

        #[test]
        fn no_cell_makes_a_reader_panic(cel in proptest::collection::vec(proptest::num::u8::ANY, 0..30)) {
            let _ = (datum(&cel), bedrag(&cel, VRIJ), volume(&cel, VRIJ), no_show(&cel));
            let _ = (code(&cel, 9), getal(&cel), ja_nee(&cel));
        }

        #[test]
        fn what_is_read_as_a_date_is_that_date(dag in 0_i64..100_000) {
            let dag = Dag::van_jmd(1900, 1, 1).unwrap().plus_dagen(dag);
            proptest::prop_assert_eq!(datum(dag.datum().to_string().as_bytes()), Ok(dag));
            proptest::prop_assert_eq!(datum(dag.to_string().as_bytes()), Ok(dag));
        }
    }
}
