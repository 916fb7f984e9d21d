//! The sheets of findings: one a family of rules, with what that family measures.

use crate::dossier::{Cent, Duizendtallen};
use crate::rapport::Rapport;
use crate::rapport::bevindingen::Rij;
use crate::regels::FAMILIES;
use crate::toetsing::Maat;
use crate::writing::sheet::{Blad, Cel, Opmaak, Vorm};
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::borrow::Cow;

/// Rows of findings that one sheet holds at most; the rest is counted and stands in the parquet.
pub(super) const MEESTE_RIJEN: usize = 200_000;

/// What a family measures: what was found, what was allowed, what lies between, and whether that
/// is worth showing as a share.
struct Eigen {
    familie: &'static str,
    koppen: [&'static str; 3],
    deel: Option<&'static str>,
}

const EIGEN: &[Eigen] = &[
    Eigen { familie: "NS", koppen: ["No-shows", "Toegestaan", "Erboven"], deel: None },
    Eigen {
        familie: "TL",
        koppen: ["Dagen na de maand", "Toegestaan", "Dagen te laat"],
        deel: None,
    },
    Eigen {
        familie: "BU",
        koppen: ["Gebruikt", "Budget", "Erboven"],
        deel: Some("Deel van het budget"),
    },
    Eigen { familie: "OM", koppen: ["Omzet", "Vergeleken met", "Verschil"], deel: Some("Deel") },
    Eigen {
        familie: "TF",
        koppen: ["Gedeclareerd", "Volgens contract", "Verschil"],
        deel: Some("Deel van contract"),
    },
    Eigen { familie: "PV", koppen: ["Gedeclareerd", "Verantwoord", "Verschil"], deel: None },
];

impl Eigen {
    /// Its columns; `rijen` tell whether it measures money.
    fn kolommen(&self, rijen: &[Rij<'_>]) -> impl Iterator<Item = Kolom> {
        let vorm = match rijen.iter().find_map(Rij::maat) {
            Some(Maat::Aantal { .. }) => GETAL,
            Some(Maat::Geld { .. }) | None => GELD,
        };
        let deel = self.deel.map(|kop| (kop, 12.5, Some(Vorm::Deel)));
        self.koppen.into_iter().map(move |kop| (kop, 12.5, vorm)).chain(deel)
    }

    fn cellen<'c>(&self, maat: Option<Maat>) -> Vec<Cel<'c>> {
        let mut cellen = match maat {
            None => vec![Cel::Leeg; 3],
            Some(Maat::Geld { gemeten, grens }) => {
                vec![Cel::Geld(gemeten), Cel::Geld(grens), Cel::Geld(gemeten - grens)]
            }
            Some(Maat::Aantal { gemeten, grens }) => {
                vec![Cel::Geheel(gemeten), Cel::Geheel(grens), Cel::Geheel(gemeten - grens)]
            }
        };
        if self.deel.is_some() {
            cellen.push(match maat {
                Some(Maat::Geld { gemeten: Cent(a), grens: Cent(b) }) => Cel::Deel(a, b),
                Some(Maat::Aantal { gemeten, grens }) => Cel::Deel(gemeten, grens),
                None => Cel::Leeg,
            });
        }
        cellen
    }
}

/// The families that were run, by code and name.
pub(super) fn families(
    rapport: &Rapport<'_>,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    FAMILIES
        .iter()
        .copied()
        .filter(|(code, _)| rapport.uitkomsten.iter().any(|u| u.regel.familie() == *code))
}

/// Name of a family's sheet.
pub(super) fn bladnaam(code: &str, naam: &str) -> String {
    format!("{code} {naam}")
}

/// Findings that a sheet shows: all, or the largest by amount when there are too many.
fn zichtbaar(mut rijen: Vec<Rij<'_>>) -> Vec<Rij<'_>> {
    if rijen.len() > MEESTE_RIJEN {
        let mut plaatsen: Vec<usize> = (0..rijen.len()).collect();
        let bedrag = |i: &usize| rijen[*i].bedrag_in_geding().unwrap_or_default();
        plaatsen.sort_by_key(|i| (std::cmp::Reverse(bedrag(i)), *i));
        plaatsen.truncate(MEESTE_RIJEN);
        plaatsen.sort_unstable();
        rijen = plaatsen.into_iter().map(|i| rijen[i]).collect();
    }
    rijen
}

/// Who reads a workbook: what isn't theirs to see or to fill in stays out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lezer {
    Wij,
    Gemeente,
    Aanbieder,
}

impl Lezer {
    /// The columns that a person fills in.
    fn in_te_vullen(self) -> &'static [Kolom] {
        match self {
            Lezer::Aanbieder => &[("Reactie", 36.0, None)],
            Lezer::Wij | Lezer::Gemeente => &[
                ("Oordeel", 17.0, None),
                ("Opmerking", 30.0, LANG),
                ("Door", 14.0, TEKST),
                ("Datum", 11.0, DATUM),
            ],
        }
    }

    /// The columns that lead back to our own files.
    fn vindplaats(self) -> &'static [Kolom] {
        match self {
            Lezer::Wij => &[("Bestand", 22.0, TEKST), ("Regel in bestand", 9.0, GETAL)],
            Lezer::Gemeente | Lezer::Aanbieder => &[],
        }
    }
}

/// A column's header, its width and how most of its cells look.
type Kolom = (&'static str, f64, Option<Vorm>);

const TEKST: Option<Vorm> = Some(Vorm::Tekst);
const LANG: Option<Vorm> = Some(Vorm::Lang);
const GETAL: Option<Vorm> = Some(Vorm::Getal);
const GELD: Option<Vorm> = Some(Vorm::Geld);
const DATUM: Option<Vorm> = Some(Vorm::Datum);

/// The columns of a sheet, and where two of them are.
struct Kolommen {
    lijst: Vec<Kolom>,
    in_geding: u16,
    in_te_vullen: u16,
}

impl Kolommen {
    fn van(eigen: Option<&Eigen>, rijen: &[Rij<'_>], lezer: Lezer) -> Kolommen {
        let mut lijst: Vec<Kolom> = vec![
            ("Regel", 7.0, TEKST),
            ("Ernst", 12.0, None),
            ("Aanbieder", 11.0, TEKST),
            ("Gemeente", 11.0, TEKST),
            ("Toewijzing", 12.5, TEKST),
            ("Referentie", 14.0, TEKST),
            ("Begin", 11.0, DATUM),
            ("Einde", 11.0, DATUM),
        ];
        lijst.extend(eigen.iter().flat_map(|e| e.kolommen(rijen)));
        let in_geding = lijst.len() as u16;
        lijst.extend([
            ("Bedrag in geding", 13.0, GELD),
            ("Gevonden", 34.0, LANG),
            ("Verwacht", 30.0, LANG),
        ]);
        let in_te_vullen = lijst.len() as u16;
        lijst.extend(lezer.in_te_vullen());
        lijst.extend([
            ("Jeugdige", 18.0, TEKST),
            ("Product", 9.0, TEKST),
            ("Ingediend", 14.0, GELD),
            ("Toelichting", 48.0, TEKST),
            ("Bron", 24.0, TEKST),
        ]);
        lijst.extend(lezer.vindplaats());
        lijst.push(("Id", 22.0, TEKST));
        Kolommen { lijst, in_geding, in_te_vullen }
    }
}

/// Sheets of findings for one reader.
pub(super) struct Familieblad<'r> {
    pub(super) rapport: &'r Rapport<'r>,
    pub(super) lezer: Lezer,
    /// What a text of a finding must become before this reader may see it; `None` to leave it.
    pub(super) anders: &'r dyn Fn(&str) -> Option<String>,
}

impl Familieblad<'_> {
    /// Writes the sheet of one family, by code and name.
    pub(super) fn schrijf(
        &self,
        blad: &mut Worksheet,
        o: &Opmaak,
        (code, naam): (&str, &str),
        rijen: Vec<Rij<'_>>,
    ) -> Result<(), XlsxError> {
        let totaal = rijen.len();
        let rijen = zichtbaar(rijen);
        let eigen = EIGEN.iter().find(|e| e.familie == code);
        let kolommen = Kolommen::van(eigen, &rijen, self.lezer);
        let breedten: Vec<f64> = kolommen.lijst.iter().map(|(_, breedte, _)| *breedte).collect();
        let koppen: Vec<&str> = kolommen.lijst.iter().map(|(kop, ..)| *kop).collect();
        let vormen: Vec<Option<Vorm>> = kolommen.lijst.iter().map(|(.., vorm)| *vorm).collect();
        let mut b = Blad::op(blad, o, &bladnaam(code, naam), &breedten)?;
        b.vormen(&vormen)?;
        b.titel(naam)?;
        b.terug()?;
        b.regel(&match totaal {
            0 => "Geen bevindingen.".to_owned(),
            1 => "1 bevinding.".to_owned(),
            n if n > rijen.len() => format!(
                "{} bevindingen. Dit blad toont de {} met het hoogste bedrag; alle staan in bevindingen.parquet en bevindingen.csv.",
                Duizendtallen(n as u64),
                Duizendtallen(rijen.len() as u64)
            ),
            n => format!("{} bevindingen.", Duizendtallen(n as u64)),
        })?;
        b.kop(&koppen, rijen.len(), true)?;
        b.balken(kolommen.in_geding, rijen.len())?;
        if self.lezer != Lezer::Aanbieder {
            b.oordelen(kolommen.in_te_vullen, rijen.len())?;
        }
        for rij in rijen {
            self.rij(&mut b, eigen, &rij)?;
        }
        b.druk_af_tot(kolommen.in_te_vullen)
    }

    fn rij(&self, b: &mut Blad<'_>, eigen: Option<&Eigen>, r: &Rij<'_>) -> Result<(), XlsxError> {
        let (rapport, lezer) = (self.rapport, self.lezer);
        let (aanbieder, gemeente) = (r.aanbieder(), r.gemeente());
        let aanbieder = aanbieder.map(|a| a.to_string());
        let gemeente = gemeente.map(|g| g.to_string());
        let (id, jeugdige, product) = (r.id(), r.jeugdige(), r.product_code());
        let (toewijzing, referentie) = (r.toewijzing_nummer(), r.referentie_nummer());
        // What we noted to a verdict is ours.
        let beoordeling = rapport.oordelen.van(r.nummer()).filter(|_| lezer == Lezer::Wij);
        let zonder_bsn = |t: &str| rapport.pseudoniemen.nummer(t).into_owned();
        let opmerking = beoordeling.map(|b| zonder_bsn(&b.opmerking)).unwrap_or_default();
        let door = beoordeling.map(|b| zonder_bsn(&b.door)).unwrap_or_default();
        let [gevonden, verwacht, toelichting] = [r.gevonden(), r.verwacht(), r.toelichting()]
            .map(|tekst| (self.anders)(tekst).map_or(Cow::Borrowed(tekst), Cow::Owned));
        let mut cellen = vec![
            Cel::Tekst(r.regel()),
            Cel::Ernst(r.ernst()),
            Cel::van(aanbieder.as_deref()),
            Cel::van(gemeente.as_deref()),
            Cel::van(toewijzing.as_deref()),
            Cel::van(referentie.as_deref()),
            r.begindatum().map_or(Cel::Leeg, Cel::Datum),
            r.einddatum().map_or(Cel::Leeg, Cel::Datum),
        ];
        cellen.extend(eigen.iter().flat_map(|e| e.cellen(r.maat())));
        cellen.extend([
            r.bedrag_in_geding().map_or(Cel::Leeg, Cel::Geld),
            Cel::Lang(&gevonden),
            Cel::Lang(&verwacht),
        ]);
        match lezer {
            Lezer::Aanbieder => cellen.push(Cel::Invul("")),
            Lezer::Wij | Lezer::Gemeente => cellen.extend([
                Cel::Invul(r.oordeel().unwrap_or_default()),
                Cel::Lang(&opmerking),
                Cel::Tekst(&door),
                beoordeling.and_then(|b| b.datum).map_or(Cel::Leeg, Cel::Datum),
            ]),
        }
        cellen.extend([
            Cel::van(jeugdige.as_deref()),
            Cel::van(product.as_deref()),
            r.ingediend_bedrag().map_or(Cel::Leeg, Cel::Geld),
            // Read in the cell: they would make every row high.
            Cel::Tekst(&toelichting),
            Cel::Tekst(r.bron()),
        ]);
        if lezer == Lezer::Wij {
            cellen.push(Cel::van(r.bestand()));
            cellen.push(r.regelnummer().map_or(Cel::Leeg, |n| Cel::Getal(n.into())));
        }
        cellen.push(Cel::Tekst(&id));
        b.rij(&cellen, false)
    }
}
