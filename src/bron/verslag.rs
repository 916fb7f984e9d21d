//! What was read of a file besides its rows, and whether too much of it was refused.

use super::fout::{Afkeuring, BronFout, Gevolg, Invoerfout};
use super::velden::Leesreden;
use crate::dossier::{Bestand, BestandNr, Kolom};
use crate::ground::gemaskeerd;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What one block of rows gave besides its rows.
#[derive(Debug, Default)]
pub struct Leesverslag {
    pub fouten: Vec<Invoerfout>,
    pub gelezen: u64,
    pub afgekeurd: u64,
    /// Rows of totals among the refused ones: they say nothing against the file.
    pub totaalregels: u64,
    /// Codes whose leading zeros were put back, per column.
    pub aangevuld: Vec<(Kolom, u64)>,
}

impl Leesverslag {
    pub fn neem_over(&mut self, deel: Leesverslag) {
        self.fouten.extend(deel.fouten);
        self.gelezen += deel.gelezen;
        self.afgekeurd += deel.afgekeurd;
        self.totaalregels += deel.totaalregels;
        for (kolom, aantal) in deel.aangevuld {
            self.tel_aangevuld(kolom, aantal);
        }
    }

    /// Notes a row of totals, which is refused as such.
    pub fn noteer_totaal(&mut self, bestand: BestandNr, regel: u64, kolom: Kolom, waarde: &str) {
        self.gelezen += 1;
        self.afgekeurd += 1;
        self.totaalregels += 1;
        self.fouten.push(Invoerfout {
            bestand,
            regelnummer: u32::try_from(regel).unwrap_or(u32::MAX),
            kolom: Some(kolom),
            waarde: gemaskeerd(waarde).chars().take(200).collect(),
            reden: Leesreden::Totaalregel,
            gevolg: Gevolg::RegelAfgekeurd,
        });
    }

    pub fn tel_aangevuld(&mut self, kolom: Kolom, aantal: u64) {
        match self.aangevuld.iter_mut().find(|(k, _)| *k == kolom) {
            Some((_, n)) => *n += aantal,
            None => self.aangevuld.push((kolom, aantal)),
        }
    }

    /// What the file's list of files says of it.
    pub fn in_bestand(&self, bestand: &mut Bestand) {
        bestand.gelezen = self.gelezen;
        bestand.afgekeurd = self.afgekeurd;
        bestand.aanvaard = self.gelezen - self.afgekeurd;
        let genegeerd = self.fouten.iter().filter(|f| f.gevolg == Gevolg::WaardeGenegeerd);
        bestand.genegeerd = genegeerd.count() as u64;
    }

    /// An error where more than `grens` percent of the rows were refused; `naam` tells where the
    /// reason that came most was found.
    pub fn te_veel_afgekeurd(
        &self,
        grens: Decimal,
        naam: impl FnOnce(&Invoerfout) -> String,
    ) -> Result<(), BronFout> {
        // A totals row is no row of the export: refused, but not a sign that the export is no good.
        let totaalregels = self.totaalregels;
        if Decimal::from(self.afgekeurd - totaalregels) * Decimal::ONE_HUNDRED
            <= Decimal::from(self.gelezen - totaalregels) * grens
        {
            return Ok(());
        }
        let mut telling: BTreeMap<(Option<Kolom>, &Leesreden), (u64, &Invoerfout)> =
            BTreeMap::new();
        for f in self.fouten.iter().filter(|f| f.gevolg == Gevolg::RegelAfgekeurd) {
            telling.entry((f.kolom, &f.reden)).or_insert((0, f)).0 += 1;
        }
        let (aantal, eerste) = telling
            .into_values()
            // Of equals the last is taken: backwards, that is the first column.
            .rev()
            .max_by_key(|(aantal, f)| (*aantal, std::cmp::Reverse(f.regelnummer)))
            .expect("a refused row has a reason");
        Err(BronFout::TeVeelAfgekeurd(Box::new(Afkeuring {
            bestand: naam(eerste),
            afgekeurd: self.afgekeurd,
            gelezen: self.gelezen,
            grens: grens.normalize().to_string().replace('.', ","),
            aantal,
            regel: eerste.regelnummer.into(),
            kolom: eerste.kolom.map_or("(hele regel)".to_owned(), |k| k.naam().to_owned()),
            waarde: eerste.waarde.to_string(),
            reden: eerste.reden.to_string(),
        })))
    }
}
