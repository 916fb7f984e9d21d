//! Where lines go while a dossier is read, once there are more than memory may hold.

use super::opslag::{Merkteken, Opslag, Regelblok, bak_van_aanbieder};
use super::{Declaratieregel, Onverbonden};
use std::io;
use std::path::Path;

/// Lines are kept in memory up to a limit; past it all of them go to files, by aanbieder.
#[derive(Debug)]
pub struct Uitwijk {
    /// Bytes of lines and texts that may stay in memory.
    grens: usize,
    opslag: Opslag,
    begonnen: bool,
    /// Lines that went to files; the next one gets this number.
    weg: u32,
    /// How far the dossier had come before the file that is read now.
    voor_bestand: Begin,
    fout: Option<io::Error>,
}

#[derive(Debug)]
struct Begin {
    in_geheugen: usize,
    weg: u32,
    opslag: Option<Merkteken>,
}

impl Uitwijk {
    /// `map` is where the files come.
    pub fn nieuw(map: &Path, grens: usize) -> Uitwijk {
        Uitwijk {
            grens,
            opslag: Opslag::nieuw(map, "aanbieder"),
            begonnen: false,
            weg: 0,
            voor_bestand: Begin { in_geheugen: 0, weg: 0, opslag: None },
            fout: None,
        }
    }

    /// The files, if lines went there.
    ///
    /// # Errors
    /// What went wrong in writing them.
    pub fn uitslag(self) -> io::Result<Option<Opslag>> {
        match self.fout {
            Some(fout) => Err(fout),
            None => Ok(self.begonnen.then_some(self.opslag)),
        }
    }

    fn noteer(&mut self, uitkomst: io::Result<()>) {
        if let Err(fout) = uitkomst {
            self.fout.get_or_insert(fout);
        }
    }

    /// All lines in memory to the files.
    fn schrijf(&mut self, heel: &mut Onverbonden) -> io::Result<()> {
        if self.fout.is_some() {
            // The run ends once all is read: nothing is kept meanwhile.
            heel.regels.clear();
            return Ok(());
        }
        let regels = std::mem::take(&mut heel.regels);
        let aantal = u32::try_from(regels.len()).ok().and_then(|n| self.weg.checked_add(n));
        let tot = aantal.ok_or_else(|| io::Error::other("meer dan vier miljard regels"))?;
        let blok = Regelblok {
            nummers: (self.weg..tot).collect(),
            regels,
            teksten: std::mem::take(&mut heel.teksten),
        };
        let bak = |r: &Declaratieregel| Some(bak_van_aanbieder(r.aanbieder));
        let eerder = self.voor_bestand.in_geheugen.min(blok.regels.len());
        if eerder > 0 {
            // Lines of earlier files stay, even when this file must be read again.
            self.opslag.voeg_toe(&blok, 0..eerder, bak)?;
            self.voor_bestand = Begin {
                in_geheugen: 0,
                weg: self.weg + eerder as u32,
                opslag: Some(self.opslag.merk()?),
            };
        }
        self.opslag.voeg_toe(&blok, eerder..blok.regels.len(), bak)?;
        self.weg = tot;
        Ok(())
    }
}

impl Onverbonden {
    /// Lines read so far, in memory and in files.
    pub fn aantal_regels(&self) -> usize {
        self.regels.len() + self.uitwijk.as_ref().map_or(0, |u| u.weg as usize)
    }

    /// Makes room for lines and texts of this size, or moves to files at once if that would be more
    /// than memory may hold.
    pub fn verwacht(&mut self, regels: usize, tekstbytes: usize) {
        let bytes = regels.saturating_mul(size_of::<Declaratieregel>()).saturating_add(tekstbytes);
        match &mut self.uitwijk {
            Some(uitwijk) if bytes > uitwijk.grens => uitwijk.begonnen = true,
            _ => {
                self.regels.reserve_exact(regels);
                self.teksten.reserveer(tekstbytes);
            }
        }
    }

    /// Moves the lines in memory to files, if there are too many or others went there already.
    pub fn wijk_uit(&mut self) {
        let Some(mut uitwijk) = self.uitwijk.take() else { return };
        let bytes = self.regels.len() * size_of::<Declaratieregel>() + self.teksten.omvang();
        uitwijk.begonnen |= bytes > uitwijk.grens;
        if uitwijk.begonnen {
            let uitkomst = uitwijk.schrijf(self);
            uitwijk.noteer(uitkomst);
        }
        self.uitwijk = Some(uitwijk);
    }

    /// Marks the beginning of a file, for [`Onverbonden::begin_opnieuw`].
    pub fn begin_bestand(&mut self) {
        let Some(mut uitwijk) = self.uitwijk.take() else { return };
        let merk = uitwijk.begonnen.then(|| uitwijk.opslag.merk()).transpose();
        uitwijk.voor_bestand = Begin {
            in_geheugen: self.regels.len(),
            weg: uitwijk.weg,
            opslag: merk.unwrap_or_else(|fout| {
                uitwijk.fout.get_or_insert(fout);
                None
            }),
        };
        self.uitwijk = Some(uitwijk);
    }

    /// Takes back the lines of this file that went to files, and gives how many lines of earlier
    /// files are in memory; `None` where nothing went to files.
    pub fn begin_opnieuw(&mut self) -> Option<usize> {
        let mut uitwijk = self.uitwijk.take()?;
        let begin = &uitwijk.voor_bestand;
        let plaats = begin.in_geheugen;
        if uitwijk.begonnen && uitwijk.fout.is_none() {
            uitwijk.weg = begin.weg;
            let uitkomst = match &begin.opslag {
                Some(merk) => uitwijk.opslag.terug(merk),
                None => uitwijk.opslag.leeg(),
            };
            uitwijk.noteer(uitkomst);
        }
        self.uitwijk = Some(uitwijk);
        Some(plaats)
    }
}
