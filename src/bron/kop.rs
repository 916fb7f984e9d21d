//! The header line: which delimiter, which column is which.

use super::csv::Recordlezer;
use super::fout::BronFout;
use crate::dossier::{Kolom, Kolommen, Soort};
use std::collections::BTreeMap;

/// The delimiters that an export may use.
const SCHEIDINGEN: [(u8, &str); 4] =
    [(b';', "puntkomma's"), (b',', "komma's"), (b'\t', "tabs"), (b'|', "verticale strepen")];

/// An export's own header names, as `[kolommen]` in `controle.toml` maps them to ours.
#[derive(Clone, Debug, Default)]
pub struct Kolomnamen {
    /// Normalised header name to column.
    eigen: BTreeMap<String, Kolom>,
}

impl Kolomnamen {
    pub fn nieuw(paren: impl IntoIterator<Item = (String, Kolom)>) -> Kolomnamen {
        Kolomnamen {
            eigen: paren.into_iter().map(|(naam, kolom)| (genormaliseerd(&naam), kolom)).collect(),
        }
    }

    /// How many of these headers name a column of this kind.
    pub fn bekende(&self, koppen: &[String], soort: Soort) -> usize {
        koppen.iter().filter(|kop| self.kolom(kop, soort).is_some()).count()
    }

    fn kolom(&self, kop: &str, soort: Soort) -> Option<Kolom> {
        let kop = genormaliseerd(kop);
        let van_soort = |k: &Kolom| soort.kolommen().iter().any(|(s, _)| s == k);
        self.eigen.get(&kop).copied().filter(van_soort).or_else(|| {
            soort.kolommen().iter().map(|(k, _)| *k).find(|k| genormaliseerd(k.naam()) == kop)
        })
    }
}

/// Header names are compared without case, spaces, `_` and `-`.
pub fn genormaliseerd(naam: &str) -> String {
    naam.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// What the header line says of a file.
#[derive(Clone, Debug)]
pub struct Kop {
    pub scheiding: u8,
    /// For each column (by `Kolom as usize`) its place in a record.
    plaatsen: [u16; Kolom::ALLE.len()],
    pub aantal_velden: usize,
    pub kolommen: Kolommen,
    /// Headers that mean nothing to us, as messages show them.
    pub onbekend: Vec<String>,
    /// Physical line of the header.
    pub regel: u64,
    /// Bytes up to and including the header's line.
    pub lengte: usize,
    /// Physical line after the header.
    pub volgende_regel: u64,
}

/// The header as it stands in a file.
#[derive(Clone, Debug, Default)]
pub struct Koptekst {
    pub koppen: Vec<String>,
    /// Physical line of the header, or row of a sheet.
    pub regel: u64,
    /// For text: bytes up to and including the header's line, the line after it, the delimiter.
    pub lengte: usize,
    pub volgende_regel: u64,
    pub scheiding: u8,
}

const NERGENS: u16 = u16::MAX;

impl Kop {
    /// Place of a column in a record, if the file has it.
    #[inline]
    pub fn plaats(&self, kolom: Kolom) -> Option<usize> {
        let p = self.plaatsen[kolom as usize];
        (p != NERGENS).then_some(p as usize)
    }

    /// For each place in a record its column.
    pub fn kolommen_op_plaats(&self) -> Vec<Option<Kolom>> {
        let mut uit = vec![None; self.aantal_velden];
        for kolom in Kolom::ALLE {
            if let Some(plaats) = self.plaats(*kolom) {
                uit[plaats] = Some(*kolom);
            }
        }
        uit
    }

    /// Reads the header from the first bytes of a file (decoded, without a BOM). `mag_ontbreken` are
    /// needed columns that this ruleset can do without.
    pub fn lees(
        begin: &[u8],
        bestand: &str,
        soort: Soort,
        namen: &Kolomnamen,
        mag_ontbreken: Kolommen,
    ) -> Result<Kop, BronFout> {
        let (scheiding, overslaan) = vind_scheiding(begin, soort, namen)
            .ok_or_else(|| BronFout::Leeg { bestand: bestand.to_owned() })?;
        let mut lezer =
            Recordlezer::nieuw(&begin[overslaan..], 1 + u64::from(overslaan > 0), scheiding);
        let record =
            lezer.volgende().ok_or_else(|| BronFout::Leeg { bestand: bestand.to_owned() })?;
        let regel = record.regel;
        let koppen: Vec<String> = record.cellen().map(|c| als_tekst(c).into_owned()).collect();
        let (lengte, volgende_regel) = (overslaan + lezer.plaats(), lezer.regel());

        let tekst = Koptekst { koppen, regel, lengte, volgende_regel, scheiding };
        Kop::van_koppen(tekst, bestand, soort, namen, mag_ontbreken)
    }

    /// What header texts say, whatever form they came in.
    pub fn van_koppen(
        tekst: Koptekst,
        bestand: &str,
        soort: Soort,
        namen: &Kolomnamen,
        mag_ontbreken: Kolommen,
    ) -> Result<Kop, BronFout> {
        let Koptekst { koppen, regel, lengte, volgende_regel, scheiding } = tekst;
        let mut plaatsen = [NERGENS; Kolom::ALLE.len()];
        let mut onbekend = Vec::new();
        for (i, kop) in koppen.iter().enumerate() {
            match namen.kolom(kop, soort) {
                Some(kolom) if plaatsen[kolom as usize] != NERGENS => {
                    return Err(BronFout::KolomDubbel {
                        bestand: bestand.to_owned(),
                        regel,
                        kolom,
                        eerste: koppen[plaatsen[kolom as usize] as usize].clone(),
                        tweede: kop.clone(),
                    });
                }
                Some(kolom) => plaatsen[kolom as usize] = i as u16,
                None if kop.is_empty() => {}
                None => onbekend.push(kop.clone()),
            }
        }
        for &(kolom, nodig) in soort.kolommen() {
            let nodig = nodig && !mag_ontbreken.bevat(kolom);
            if nodig && plaatsen[kolom as usize] == NERGENS {
                return Err(BronFout::KolomOntbreekt {
                    bestand: bestand.to_owned(),
                    regel,
                    kolom,
                    lijkt_op: gelijkende(kolom, &onbekend),
                    gevonden: koppen.iter().map(|kop| toonbaar(kop)).collect(),
                });
            }
        }
        let kolommen = Kolom::ALLE
            .iter()
            .filter(|k| plaatsen[**k as usize] != NERGENS)
            .fold(Kolommen::default(), |set, k| set.met(*k));
        Ok(Kop {
            scheiding,
            plaatsen,
            aantal_velden: koppen.len(),
            kolommen,
            onbekend: onbekend.iter().map(|kop| toonbaar(kop)).collect(),
            regel,
            lengte,
            volgende_regel,
        })
    }

    /// Refuses a file whose rows are split by another delimiter than its header.
    pub fn vergelijk_eerste_rij(&self, rest: &[u8], bestand: &str) -> Result<(), BronFout> {
        let mut lezer = Recordlezer::nieuw(rest, self.volgende_regel, self.scheiding);
        let Some(record) = lezer.volgende() else { return Ok(()) };
        if self.aantal_velden == 1 || record.aantal() >= self.aantal_velden {
            return Ok(());
        }
        let (velden, regel) = (record.aantal(), record.regel);
        for (ander, naam) in SCHEIDINGEN.into_iter().filter(|(s, _)| *s != self.scheiding) {
            let mut lezer = Recordlezer::nieuw(rest, self.volgende_regel, ander);
            let gevonden = lezer.volgende().map_or(0, |r| r.aantal());
            if gevonden == self.aantal_velden && gevonden > velden {
                return Err(BronFout::ScheidingVerschilt {
                    bestand: bestand.to_owned(),
                    kop: naam_van(self.scheiding),
                    rij: naam,
                    regel,
                });
            }
        }
        Ok(())
    }
}

/// UTF-8, else Windows-1252.
fn als_tekst(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(tekst) => tekst.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// A header as messages show it: not endless, and without what could be a Bsn (a file without a
/// header line begins with a child's).
fn toonbaar(kop: &str) -> String {
    let kort: String = kop.chars().take(60).collect();
    crate::ground::gemaskeerd(&kort).into_owned()
}

fn naam_van(scheiding: u8) -> &'static str {
    SCHEIDINGEN.iter().find(|(s, _)| *s == scheiding).map_or("een ander teken", |(_, n)| n)
}

/// The delimiter under which the header names most of our columns; then the one that gives most
/// cells. Excel's `sep=;` in front is obeyed and skipped.
fn vind_scheiding(begin: &[u8], soort: Soort, namen: &Kolomnamen) -> Option<(u8, usize)> {
    if let [b's', b'e', b'p', b'=', teken, rest @ ..] = begin {
        let nl = memchr::memchr(b'\n', rest)?;
        return Some((*teken, 5 + nl + 1));
    }
    SCHEIDINGEN
        .iter()
        .rev()
        .filter_map(|&(s, _)| {
            let mut lezer = Recordlezer::nieuw(begin, 1, s);
            let record = lezer.volgende()?;
            let bekend =
                record.cellen().filter(|c| namen.kolom(&als_tekst(c), soort).is_some()).count();
            Some(((bekend, record.aantal()), s))
        })
        .max_by_key(|(telling, _)| *telling)
        .map(|(_, s)| (s, 0))
}

/// The likeliest misspelling of a column among the headers that mean nothing to us, else the only one
/// that abbreviates it.
fn gelijkende(kolom: Kolom, onbekend: &[String]) -> Option<String> {
    let doel = genormaliseerd(kolom.naam());
    let misspeld = onbekend
        .iter()
        .map(|kop| (strsim::jaro_winkler(&doel, &genormaliseerd(kop)), kop))
        .filter(|(gelijkenis, _)| *gelijkenis >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, kop)| kop);
    let mut afgekort = onbekend.iter().filter(|kop| is_afkorting(&genormaliseerd(kop), &doel));
    misspeld.or_else(|| afgekort.next().filter(|_| afgekort.next().is_none())).cloned()
}

/// Does it begin as the name does, with letters of the name left out after that, as `ref.nr` does
/// for `referentienummer`?
fn is_afkorting(kop: &str, naam: &str) -> bool {
    /// What is shorter abbreviates too much.
    const MINSTENS: usize = 3;
    let letters: Vec<char> = kop.chars().filter(|c| c.is_alphanumeric()).collect();
    let mut rest = naam.chars();
    letters.len() >= MINSTENS
        && letters.first() == naam.chars().next().as_ref()
        && letters.iter().all(|letter| rest.any(|c| c == *letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kop(tekst: &str) -> Result<Kop, BronFout> {
        Kop::lees(
            tekst.as_bytes(),
            "omzet.csv",
            Soort::Omzet,
            &Kolomnamen::default(),
            Kolommen::default(),
        )
    }

    #[test]
    fn headers_match_without_case_spaces_underscores_and_dashes() {
        let k = kop("AAN-BIEDER;jaar ;_Omzet;Extra\r\n1;2;3;4").unwrap();
        assert_eq!(k.scheiding, b';');
        assert_eq!(k.plaats(Kolom::Omzet), Some(2));
        assert_eq!(k.onbekend, ["Extra"]);
        assert_eq!(k.volgende_regel, 2);
    }

    #[test]
    fn the_delimiter_is_the_one_that_names_our_columns() {
        for s in [';', ',', '\t', '|'] {
            let tekst = format!("Aanbieder{s}Jaar{s}Omzet{s}\"x;y,z|w\"\n");
            assert_eq!(kop(&tekst).unwrap().scheiding, s as u8);
        }
        assert_eq!(kop("sep=|\nAanbieder|Jaar|Omzet\n").unwrap().volgende_regel, 3);
    }

    #[test]
    fn a_missing_column_names_its_likeliest_misspelling() {
        match kop("Aanbiedr;Jaar;Omzet\n") {
            Err(BronFout::KolomOntbreekt { kolom: Kolom::Aanbieder, lijkt_op, .. }) => {
                assert_eq!(lijkt_op.as_deref(), Some("Aanbiedr"));
            }
            anders => panic!("{anders:?}"),
        }
    }

    #[test]
    fn a_missing_column_names_its_only_abbreviation() {
        let lijkt_op = |tekst: &str| {
            let onbekend: Vec<String> = tekst.split(';').map(str::to_owned).collect();
            gelijkende(Kolom::ReferentieNummer, &onbekend)
        };
        assert_eq!(lijkt_op("Bron;Ref. nr;Opmerking").as_deref(), Some("Ref. nr"));
        assert_eq!(lijkt_op("R. nr;Ref. nr"), None, "either may be meant");
        let is_afkorting = |kop| is_afkorting(&genormaliseerd(kop), "referentienummer");
        assert!(["Ref. nr", "ref nummer", "Refer_nr."].into_iter().all(is_afkorting));
        let andere = ["nr", "Re", "Rekening", "Vorig ref. nr", "Nummer", "Ref. nr A"];
        assert!(!andere.into_iter().any(is_afkorting));
    }

    #[test]
    fn an_exports_own_header_is_mapped() {
        let namen = Kolomnamen::nieuw([("Zorg aanbieder".to_owned(), Kolom::Aanbieder)]);
        let k = Kop::lees(
            b"zorgaanbieder,Jaar,Omzet\n",
            "o",
            Soort::Omzet,
            &namen,
            Kolommen::default(),
        )
        .unwrap();
        assert_eq!(k.plaats(Kolom::Aanbieder), Some(0));
    }
}
