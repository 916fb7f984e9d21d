//! `toewijzingen`: one row a version.

use super::collect::{Collect, ReadRows, estimate};
use super::part::InPart;
use super::rij::Rij;
use super::velden::{self, Leesreden};
use crate::dossier::*;

/// Rows of one block, with words of their own.
#[derive(Default)]
pub struct Deel {
    /// Their number is a place in `nummers`.
    versies: Vec<InPart<OnverbondenToewijzing>>,
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
    /// Reads one row into this part, with everything that is wrong with it noted.
    fn lees(&mut self, mut rij: Rij<'_>) {
        if rij.is_afgekeurd() {
            rij.sluit(None::<()>);
            return;
        }
        let nummer = rij.bytes(Kolom::ToewijzingNummer);
        let gemeente = rij.gemeente();
        let agb = rij.agb();
        let bsn = rij.bsn();
        let toewijzingsdatum = rij.datum(Kolom::Toewijzingsdatum);
        let ingangsdatum = rij.datum(Kolom::Ingangsdatum);
        let einddatum = rij.datum_of_leeg(Kolom::Einddatum);
        let categorie = rij.bytes_of_leeg(Kolom::ProductCategorie);
        let code = rij.bytes_of_leeg(Kolom::ProductCode);
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
            Some(Cellen { nummer, categorie, code, rij })
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
        self.versies.push(InPart::new(rij));
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
        heel.versies.extend(self.versies.into_iter().map(|versie| {
            versie.renumbered(|v| {
                v.versie.nummer = nummer[v.versie.nummer.index()];
                v.versie.product_categorie = woord[v.versie.product_categorie.index()];
                v.versie.product_code = woord[v.versie.product_code.index()];
            })
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

pub const UITVOERING_TOEGESTAAN: &str = "inspanning of output";
