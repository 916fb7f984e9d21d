//! One record of one kind: typed cells, and what could not be read noted down.

use super::fout::{Gevolg, Invoerfout};
use super::kop::Kop;
use super::record::Record;
use super::velden::{self, Bedragen, Leesreden};
use super::verslag::Leesverslag;
use crate::dossier::{Agb, BestandNr, Bsn, Cent, Dag, Eenheid, Gemeente, Kolom, Volume};
use crate::ground::gemaskeerd;

/// A record under its header.
pub struct Rij<'r> {
    pub record: Record<'r>,
    pub kop: &'r Kop,
    pub bestand: BestandNr,
    pub bedragen: Bedragen,
    pub verslag: &'r mut Leesverslag,
    afgekeurd: bool,
}

impl<'r> Rij<'r> {
    #[inline]
    pub fn nieuw(
        record: Record<'r>,
        kop: &'r Kop,
        bestand: BestandNr,
        bedragen: Bedragen,
        verslag: &'r mut Leesverslag,
    ) -> Self {
        let mut rij = Rij { record, kop, bestand, bedragen, verslag, afgekeurd: false };
        rij.controleer_aantal_velden();
        rij
    }

    /// A record with fewer cells than the header, or with filled cells beyond it, isn't read: a
    /// stray delimiter would shift values into the wrong column.
    fn controleer_aantal_velden(&mut self) {
        let (gevonden, verwacht) = (self.record.aantal(), self.kop.aantal_velden);
        let teveel = (verwacht..gevonden).any(|i| !self.record.cel(i).is_empty());
        if gevonden < verwacht || teveel {
            self.keur_af(None, "", Leesreden::AantalVelden { gevonden, verwacht });
        }
    }

    pub fn regelnummer(&self) -> u32 {
        u32::try_from(self.record.regel).unwrap_or(u32::MAX)
    }

    /// Ends the row: `None` if anything needed could not be read.
    pub fn sluit<T>(self, waarde: Option<T>) -> Option<T> {
        self.verslag.gelezen += 1;
        let waarde = if self.afgekeurd { None } else { waarde };
        self.verslag.afgekeurd += u64::from(waarde.is_none());
        waarde
    }

    pub fn is_afgekeurd(&self) -> bool {
        self.afgekeurd
    }

    pub fn keur_af(&mut self, kolom: Option<Kolom>, waarde: &str, reden: Leesreden) {
        self.afgekeurd = true;
        self.noteer(kolom, waarde, reden, Gevolg::RegelAfgekeurd);
    }

    pub fn negeer(&mut self, kolom: Kolom, waarde: &str, reden: Leesreden) {
        self.noteer(Some(kolom), waarde, reden, Gevolg::WaardeGenegeerd);
    }

    fn noteer(&mut self, kolom: Option<Kolom>, waarde: &str, reden: Leesreden, gevolg: Gevolg) {
        // What stands in the column Bsn is a child's number in whatever form, and is never shown.
        let waarde = match kolom {
            Some(Kolom::Bsn) if !waarde.is_empty() => "(niet getoond)".into(),
            _ => gemaskeerd(waarde),
        };
        self.verslag.fouten.push(Invoerfout {
            bestand: self.bestand,
            regelnummer: self.regelnummer(),
            kolom,
            waarde: waarde.chars().take(200).collect(),
            reden,
            gevolg,
        });
    }

    /// The cell of a column without the blanks around it; empty where the file lacks the column.
    /// Asked for every cell: the column is known where it is, and so is its place in the header.
    #[inline(always)]
    pub fn cel(&self, kolom: Kolom) -> &'r [u8] {
        match self.kop.plaats(kolom) {
            Some(i) => self.record.cel(i),
            None => &[],
        }
    }

    #[cold]
    fn keur_af_cel(&mut self, kolom: Kolom, cel: &[u8], reden: Leesreden) {
        self.keur_af(Some(kolom), &String::from_utf8_lossy(cel), reden);
    }

    #[cold]
    fn negeer_cel(&mut self, kolom: Kolom, cel: &[u8], reden: Leesreden) {
        self.negeer(kolom, &String::from_utf8_lossy(cel), reden);
    }

    /// A needed value.
    #[inline]
    pub fn nodig<T>(
        &mut self,
        kolom: Kolom,
        lees: impl FnOnce(&[u8]) -> Result<T, Leesreden>,
    ) -> Option<T> {
        let cel = self.cel(kolom);
        let uitkomst = if cel.is_empty() { Err(Leesreden::Leeg) } else { lees(cel) };
        match uitkomst {
            Ok(waarde) => Some(waarde),
            Err(reden) => {
                self.keur_af_cel(kolom, cel, reden);
                None
            }
        }
    }

    /// A value that may be absent; one that can't be read is noted and taken as absent.
    #[inline]
    pub fn optioneel<T>(
        &mut self,
        kolom: Kolom,
        lees: impl FnOnce(&[u8]) -> Result<T, Leesreden>,
    ) -> Option<T> {
        let cel = self.cel(kolom);
        if cel.is_empty() {
            return None;
        }
        match lees(cel) {
            Ok(waarde) => Some(waarde),
            Err(reden) => {
                self.negeer_cel(kolom, cel, reden);
                None
            }
        }
    }

    #[inline]
    pub fn datum(&mut self, kolom: Kolom) -> Option<Dag> {
        self.nodig(kolom, velden::datum)
    }

    #[inline]
    pub fn datum_of_leeg(&mut self, kolom: Kolom) -> Option<Dag> {
        self.optioneel(kolom, velden::datum)
    }

    #[inline]
    pub fn bedrag(&mut self, kolom: Kolom) -> Option<Cent> {
        let hoe = self.bedragen;
        self.nodig(kolom, |c| velden::bedrag(c, hoe))
    }

    #[inline]
    pub fn bedrag_of_leeg(&mut self, kolom: Kolom) -> Option<Cent> {
        let hoe = self.bedragen;
        self.optioneel(kolom, |c| velden::bedrag(c, hoe))
    }

    #[inline]
    pub fn volume(&mut self, kolom: Kolom) -> Option<Volume> {
        let hoe = self.bedragen;
        self.nodig(kolom, |c| velden::volume(c, hoe))
    }

    #[inline]
    pub fn volume_of_leeg(&mut self, kolom: Kolom) -> Option<Volume> {
        let hoe = self.bedragen;
        self.optioneel(kolom, |c| velden::volume(c, hoe))
    }

    fn tel_nullen(&mut self, kolom: Kolom, aangevuld: bool) {
        if aangevuld {
            self.verslag.tel_aangevuld(kolom, 1);
        }
    }

    /// A needed code of `cijfers` digits, with its leading zeros put back.
    #[inline]
    pub fn code(&mut self, kolom: Kolom, cijfers: u8) -> Option<u32> {
        let (n, aangevuld) = self.nodig(kolom, |c| velden::code(c, cijfers))?;
        self.tel_nullen(kolom, aangevuld);
        Some(n)
    }

    #[inline]
    pub fn code_of_leeg(&mut self, kolom: Kolom, cijfers: u8) -> Option<u32> {
        let (n, aangevuld) = self.optioneel(kolom, |c| velden::code(c, cijfers))?;
        self.tel_nullen(kolom, aangevuld);
        Some(n)
    }

    #[inline]
    pub fn gemeente(&mut self) -> Option<Gemeente> {
        self.code(Kolom::Gemeente, 4).map(|n| Gemeente(n as u16))
    }

    #[inline]
    pub fn agb(&mut self) -> Option<Agb> {
        self.code(Kolom::Aanbieder, 8).map(Agb)
    }

    #[inline]
    pub fn bsn(&mut self) -> Option<Bsn> {
        self.code(Kolom::Bsn, 9).map(Bsn)
    }

    #[inline]
    pub fn eenheid(&mut self) -> Option<Eenheid> {
        self.code(Kolom::Eenheid, 2).map(|n| Eenheid(n as u8))
    }

    #[inline]
    pub fn eenheid_of_leeg(&mut self) -> Option<Eenheid> {
        self.code_of_leeg(Kolom::Eenheid, 2).map(|n| Eenheid(n as u8))
    }

    pub fn ja_nee_of_leeg(&mut self, kolom: Kolom) -> Option<bool> {
        self.optioneel(kolom, velden::ja_nee)
    }

    pub fn getal_of_leeg(&mut self, kolom: Kolom) -> Option<u32> {
        self.optioneel(kolom, velden::getal)
    }

    /// The bytes of a needed text.
    #[inline]
    pub fn bytes(&mut self, kolom: Kolom) -> Option<&'r [u8]> {
        let cel = self.cel(kolom);
        self.nodig(kolom, |_| niet_te_lang(cel))
    }

    #[inline]
    pub fn bytes_of_leeg(&mut self, kolom: Kolom) -> &'r [u8] {
        let cel = self.cel(kolom);
        self.optioneel(kolom, |_| niet_te_lang(cel)).unwrap_or_default()
    }

    /// A needed text.
    pub fn tekst(&mut self, kolom: Kolom) -> Option<&'r str> {
        let cel = self.cel(kolom);
        self.nodig(kolom, |_| tekst(cel))
    }

    pub fn tekst_of_leeg(&mut self, kolom: Kolom) -> &'r str {
        let cel = self.cel(kolom);
        self.optioneel(kolom, |_| tekst(cel)).unwrap_or_default()
    }

    /// One of a fixed list of words, without regard to case.
    pub fn keus_of_leeg<T: Copy>(
        &mut self,
        kolom: Kolom,
        keuzes: &[(&str, T)],
        toegestaan: &'static str,
    ) -> Option<T> {
        self.optioneel(kolom, |c| keus(c, keuzes, toegestaan))
    }
}

/// One of a fixed list of words, without regard to case.
pub fn keus<T: Copy>(
    cel: &[u8],
    keuzes: &[(&str, T)],
    toegestaan: &'static str,
) -> Result<T, Leesreden> {
    keuzes
        .iter()
        .find(|(naam, _)| naam.as_bytes().eq_ignore_ascii_case(cel))
        .map(|(_, t)| *t)
        .ok_or(Leesreden::OnbekendeWaarde { toegestaan })
}

#[inline]
fn niet_te_lang(cel: &[u8]) -> Result<&[u8], Leesreden> {
    if cel.len() > crate::dossier::Teksten::LANGSTE { Err(Leesreden::TeLang) } else { Ok(cel) }
}

fn tekst(cel: &[u8]) -> Result<&str, Leesreden> {
    let cel = niet_te_lang(cel)?;
    Ok(str::from_utf8(cel).expect("a block is valid UTF-8 before it is read"))
}
