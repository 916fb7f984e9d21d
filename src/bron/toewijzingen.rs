//! `toewijzingen`: one row a version.

use super::collect::{Collect, ReadRows, estimate};
use super::rij::Rij;
use super::velden::{self, Geldeenheid, Leesreden};
use crate::dossier::*;

/// Rows of one block, with words of their own.
#[derive(Default)]
pub struct Deel {
    /// Their number is a place in `nummers`.
    versies: Vec<OnverbondenToewijzing>,
    /// Each number once where its rows follow each other.
    nummers: Vec<TekstId>,
    teksten: Teksten,
    woorden: Woordenboek,
    /// Bytes of the block that it is read from.
    bytes: usize,
}

pub struct Reader;

impl ReadRows for Reader {
    type Chunk = Deel;

    fn chunk(&self, bytes: usize) -> Deel {
        Deel { bytes, ..Deel::default() }
    }

    fn row(&self, rij: Rij<'_>, deel: &mut Deel) {
        deel.lees(rij);
    }
}

/// The versions of one file, as they come to those of the files before it.
pub struct OfFile<'a> {
    heel: &'a mut Onverbonden,
    /// Versions that were there before this file.
    checkpoint: usize,
    /// Bytes of all files.
    bytes: usize,
}

impl<'a> OfFile<'a> {
    pub fn new(heel: &'a mut Onverbonden, bytes: usize) -> Self {
        OfFile { checkpoint: heel.versies.len(), heel, bytes }
    }
}

impl Collect<Deel> for OfFile<'_> {
    /// Makes room for all files once the first part shows how many rows go into its bytes: growing by
    /// doubling would move them every time.
    fn take(&mut self, deel: Deel) {
        if self.heel.versies.is_empty() && deel.bytes > 0 {
            let geschat = |in_deel| estimate(in_deel, deel.bytes, self.bytes);
            self.heel.versies.reserve_exact(geschat(deel.versies.len()));
            self.heel.toewijzingnummers.verwacht(geschat(deel.nummers.len()));
        }
        deel.neem_op(self.heel);
    }

    fn rollback(&mut self) {
        self.heel.versies.truncate(self.checkpoint);
    }
}

impl Deel {
    fn lees(&mut self, rij: Rij<'_>) {
        match Cellen::gewoon(&rij) {
            Some(cellen) => {
                rij.sluit_gewoon();
                self.voeg_toe(cellen);
            }
            None => self.lees_elke(rij),
        }
    }

    /// The same for a row in whatever form, with everything that is wrong with it noted.
    fn lees_elke(&mut self, mut rij: Rij<'_>) {
        if rij.is_afgekeurd() {
            rij.sluit(None::<()>);
            return;
        }
        let nummer = rij.tekst(Kolom::ToewijzingNummer);
        let gemeente = rij.gemeente();
        let agb = rij.agb();
        let bsn = rij.bsn();
        let toewijzingsdatum = rij.datum(Kolom::Toewijzingsdatum);
        let ingangsdatum = rij.datum(Kolom::Ingangsdatum);
        let einddatum = rij.datum_of_leeg(Kolom::Einddatum);
        let categorie = rij.tekst_of_leeg(Kolom::ProductCategorie);
        let code = rij.tekst_of_leeg(Kolom::ProductCode);
        let reden_wijziging =
            rij.code_of_leeg(Kolom::RedenWijziging, 2).map(|n| RedenWijziging(n as u8));
        let volume = rij.volume_of_leeg(Kolom::Volume);
        let eenheid = rij.eenheid_of_leeg();
        let frequentie = rij
            .optioneel(Kolom::Frequentie, |c| velden::code(c, 1).or_else(|_| velden::code(c, 2)))
            .map(|(n, _)| Frequentie(n as u8));
        let budget = rij.bedrag_of_leeg(Kolom::Budget);
        let geboortedatum = rij.datum_of_leeg(Kolom::Geboortedatum);
        let verwijzer = rij.code_of_leeg(Kolom::Verwijzer, 2).map(|n| Verwijzer(n as u8));
        let budgetsoort =
            rij.keus_of_leeg(Kolom::Budgetsoort, &Budgetsoort::choices(), "herstel of duurzaam");
        let uitvoering =
            rij.keus_of_leeg(Kolom::Uitvoering, &Uitvoering::choices(), UITVOERING_TOEGESTAAN);
        let dispuut = rij.ja_nee_of_leeg(Kolom::Dispuut).unwrap_or(false);
        let bijzonder = rij.tekst_of_leeg(Kolom::Bijzonderheid);
        let (bijzonderheden, onbekend) = velden::bijzonderheden(bijzonder);
        if onbekend {
            let toegestaan = "medicatiecontrole, kdc, crisis, toestemming of verlengd";
            rij.negeer(Kolom::Bijzonderheid, bijzonder, Leesreden::OnbekendeWaarde { toegestaan });
        }
        let (bestand, regelnummer) = (rij.bestand, rij.regelnummer());
        let cellen = (|| {
            let (nummer, agb) = (nummer?, agb?);
            let versie = Versie {
                nummer: WoordNr::LEEG,
                gemeente: gemeente?,
                aanbieder: AanbiederNr(0),
                bsn: bsn?,
                toewijzingsdatum: toewijzingsdatum?,
                ingangsdatum: ingangsdatum?,
                einddatum,
                product_categorie: WoordNr::LEEG,
                product_code: WoordNr::LEEG,
                reden_wijziging,
                volume,
                eenheid,
                frequentie,
                budget,
                geboortedatum,
                verwijzer,
                budgetsoort,
                uitvoering,
                dispuut,
                bijzonderheden,
                bestand,
                regelnummer,
            };
            let rij = OnverbondenToewijzing { agb, versie };
            Some(Cellen {
                nummer: nummer.as_bytes(),
                categorie: categorie.as_bytes(),
                code: code.as_bytes(),
                rij,
            })
        })();
        if let Some(cellen) = rij.sluit(cellen) {
            self.voeg_toe(cellen);
        }
    }

    fn voeg_toe(&mut self, c: Cellen<'_>) {
        /// A block of a file has about this many rows: a part of more than a few is one.
        const PER_BLOK: usize = 2_500;
        if self.versies.len() == 64 {
            self.versies.reserve(PER_BLOK);
        }
        let mut rij = c.rij;
        rij.versie.nummer = self.nummer(c.nummer);
        rij.versie.product_categorie = self.woorden.nummer(c.categorie);
        rij.versie.product_code = self.woorden.nummer(c.code);
        self.versies.push(rij);
    }

    /// The place of a number in the part's list. Versions of one toewijzing often follow each other.
    fn nummer(&mut self, nummer: &[u8]) -> WoordNr {
        let laatste = self.nummers.last().map(|id| self.teksten.bytes(*id));
        if !laatste.is_some_and(|laatste| is_gelijk(laatste, nummer)) {
            self.nummers.push(self.teksten.voeg_toe(nummer));
        }
        WoordNr((self.nummers.len() - 1) as u32)
    }

    /// Adds this part to the whole.
    pub fn neem_op(self, heel: &mut Onverbonden) {
        let woord = heel.woorden.neem_over(&self.woorden);
        let nummer: Vec<WoordNr> = self
            .nummers
            .iter()
            .map(|id| heel.toewijzingnummers.nummer(self.teksten.bytes(*id)))
            .collect();
        heel.versies.extend(self.versies.into_iter().map(|mut v| {
            v.versie.nummer = nummer[v.versie.nummer.index()];
            v.versie.product_categorie = woord[v.versie.product_categorie.index()];
            v.versie.product_code = woord[v.versie.product_code.index()];
            v
        }));
    }
}

/// The cells of a row that can be kept.
struct Cellen<'r> {
    nummer: &'r [u8],
    categorie: &'r [u8],
    code: &'r [u8],
    /// All others.
    rij: OnverbondenToewijzing,
}

impl<'r> Cellen<'r> {
    /// A row as nearly all are: every cell in its usual form. `None` for any other, which is then
    /// read in the way that can tell what is wrong with it.
    #[inline]
    fn gewoon(rij: &Rij<'r>) -> Option<Cellen<'r>> {
        if rij.is_afgekeurd() || rij.bedragen.eenheid != Geldeenheid::Euro {
            return None;
        }
        let tekst = |kolom| Some(rij.cel(kolom)).filter(|tekst| tekst.len() <= Teksten::LANGSTE);
        let datum = |kolom| velden::gewone_datum(rij.cel(kolom));
        let datum_of_leeg = |kolom| velden::gewoon_of_leeg(rij.cel(kolom), velden::gewone_datum);
        let code = |kolom| {
            velden::gewoon_of_leeg(rij.cel(kolom), |c| velden::gewone_code::<2>(c).map(|n| n as u8))
        };
        let getal = |kolom| velden::gewoon_of_leeg(rij.cel(kolom), velden::gewoon);
        let frequentie = velden::gewoon_of_leeg(rij.cel(Kolom::Frequentie), |c| {
            velden::gewone_code::<1>(c).or_else(|| velden::gewone_code::<2>(c))
        })?;
        let bijzonderheden = match rij.cel(Kolom::Bijzonderheid) {
            [] => Bijzonderheden::default(),
            cel => match velden::gewone_bijzonderheid(cel) {
                Some(een) => een,
                None => {
                    match velden::bijzonderheden(str::from_utf8(tekst(Kolom::Bijzonderheid)?).ok()?)
                    {
                        (bekend, false) => bekend,
                        (_, true) => return None,
                    }
                }
            },
        };
        let versie = Versie {
            nummer: WoordNr::LEEG,
            gemeente: Gemeente(velden::gewone_code::<4>(rij.cel(Kolom::Gemeente))? as u16),
            aanbieder: AanbiederNr(0),
            bsn: Bsn(velden::gewone_code::<9>(rij.cel(Kolom::Bsn))?),
            toewijzingsdatum: datum(Kolom::Toewijzingsdatum)?,
            ingangsdatum: datum(Kolom::Ingangsdatum)?,
            einddatum: datum_of_leeg(Kolom::Einddatum)?,
            product_categorie: WoordNr::LEEG,
            product_code: WoordNr::LEEG,
            reden_wijziging: code(Kolom::RedenWijziging)?.map(RedenWijziging),
            volume: getal(Kolom::Volume)?.map(Volume),
            eenheid: code(Kolom::Eenheid)?.map(Eenheid),
            frequentie: frequentie.map(|n| Frequentie(n as u8)),
            budget: getal(Kolom::Budget)?.map(Cent),
            geboortedatum: datum_of_leeg(Kolom::Geboortedatum)?,
            verwijzer: code(Kolom::Verwijzer)?.map(Verwijzer),
            budgetsoort: match rij.cel(Kolom::Budgetsoort) {
                [] => None,
                b"herstel" => Some(Budgetsoort::Herstel),
                b"duurzaam" => Some(Budgetsoort::Duurzaam),
                _ => return None,
            },
            uitvoering: match rij.cel(Kolom::Uitvoering) {
                [] => None,
                b"inspanning" => Some(Uitvoering::Inspanning),
                b"output" => Some(Uitvoering::Output),
                _ => return None,
            },
            dispuut: match rij.cel(Kolom::Dispuut) {
                [] => false,
                cel => velden::ja_nee(cel).ok()?,
            },
            bijzonderheden,
            bestand: rij.bestand,
            regelnummer: rij.regelnummer(),
        };
        Some(Cellen {
            nummer: tekst(Kolom::ToewijzingNummer).filter(|t| !t.is_empty())?,
            categorie: tekst(Kolom::ProductCategorie)?,
            code: tekst(Kolom::ProductCode)?,
            rij: OnverbondenToewijzing {
                agb: Agb(velden::gewone_code::<8>(rij.cel(Kolom::Aanbieder))?),
                versie,
            },
        })
    }
}

pub const UITVOERING_TOEGESTAAN: &str = "inspanning of output";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bron::proef::{lees_rijen, rijen_in_elke_vorm};
    use proptest::prelude::*;

    const KOP: &str = "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;\
        Einddatum;ProductCategorie;ProductCode;RedenWijziging;Volume;Eenheid;Frequentie;Budget;\
        Geboortedatum;Verwijzer;Budgetsoort;Uitvoering;Dispuut;Bijzonderheid\n";
    const GEWOON: [&str; 20] = [
        "A1",
        "0193",
        "98000053",
        "999900006",
        "2023-01-02",
        "2023-01-03",
        "2023-12-31",
        "45",
        "45A04",
        "01",
        "120",
        "04",
        "2",
        "1234,56",
        "2015-02-03",
        "03",
        "herstel",
        "output",
        "J",
        "kdc crisis",
    ];

    /// What these rows give, read by `lees`.
    fn gelezen(rijen: &str, eenheid: Geldeenheid, lees: fn(&mut Deel, Rij<'_>)) -> String {
        let mut deel = Deel::default();
        let verslag =
            lees_rijen(Soort::Toewijzingen, KOP, rijen, eenheid, |rij| lees(&mut deel, rij));
        let mut heel = Onverbonden::default();
        deel.neem_op(&mut heel);
        let bsns: Vec<u32> = heel.versies.iter().map(|v| v.versie.bsn.0).collect();
        format!("{:?} {bsns:?} {:?} {verslag:?}", heel.versies, heel.toewijzingnummers)
    }

    #[test]
    fn a_usual_row_is_read_at_once() {
        gelezen(&GEWOON.join(";"), Geldeenheid::Euro, |_, rij| {
            assert!(Cellen::gewoon(&rij).is_some());
        });
    }

    proptest! {
        #[test]
        fn the_usual_form_reads_as_every_form_does(
            (rijen, eenheid) in rijen_in_elke_vorm(GEWOON),
        ) {
            let gewoon = gelezen(&rijen, eenheid, Deel::lees);
            prop_assert_eq!(gewoon, gelezen(&rijen, eenheid, Deel::lees_elke));
        }
    }
}
