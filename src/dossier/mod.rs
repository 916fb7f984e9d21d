//! The model: what one dossier holds, joined and ordered, before any rule looks at it.

mod codes;
mod crediteren;
mod datum;
mod declaratieregel;
mod geld;
mod kolom;
mod samenstellen;
mod stamgegevens;
mod tekst;
mod toewijzing;
mod volgorde;

pub use codes::*;
pub use datum::{Dag, Periode, Termijn};
pub use declaratieregel::*;
pub use geld::{Cent, Duizendtallen, Volume, half_omhoog};
pub use kolom::{Kolom, Kolommen, Soort};
pub use samenstellen::{Onverbonden, OnverbondenToewijzing};
pub use stamgegevens::*;
pub use tekst::{TekstId, Teksten, WoordNr, Woordenboek};
pub use toewijzing::{Toewijzing, Versie};

/// An input file: what it held, and what was read of it.
#[derive(Clone, Debug)]
pub struct Bestand {
    /// Path relative to the dossier, with `/` between the parts.
    pub pad: String,
    pub soort: Soort,
    pub kolommen: Kolommen,
    pub gelezen: u64,
    pub aanvaard: u64,
    pub afgekeurd: u64,
    /// Unreadable values in columns that aren't needed.
    pub genegeerd: u64,
    pub bytes: u64,
    pub sha256: String,
    /// Sums of IngediendBedrag of the accepted rows; only for declaraties.
    pub debet: Cent,
    pub credit: Cent,
}

/// One year's dossier, read and joined.
#[derive(Debug)]
pub struct Dossier {
    pub bestanden: Vec<Bestand>,
    pub regels: Vec<Declaratieregel>,
    pub teksten: Teksten,
    pub toewijzingnummers: Woordenboek,
    pub woorden: Woordenboek,
    pub contacten: Vec<Contact>,
    /// In the order of (ProductCategorie, ProductCode), by bytes.
    pub producten: Vec<Product>,
    /// In the order of the AGB codes.
    pub aanbieders: Vec<Aanbieder>,
    pub toewijzingen: Vec<Toewijzing>,
    /// Rows of `omzet`; `None` where the dossier has no such table.
    pub omzet: Option<Vec<Omzetrij>>,
}

impl Dossier {
    pub fn regel(&self, nr: RegelNr) -> &Declaratieregel {
        &self.regels[nr.0 as usize]
    }

    pub fn toewijzing(&self, nr: ToewijzingNr) -> &Toewijzing {
        &self.toewijzingen[nr.plaats()]
    }

    pub fn aanbieder(&self, nr: AanbiederNr) -> &Aanbieder {
        &self.aanbieders[nr.0 as usize]
    }

    pub fn product(&self, nr: ProductNr) -> &Product {
        &self.producten[nr.0 as usize]
    }

    pub fn bestand(&self, nr: BestandNr) -> &Bestand {
        &self.bestanden[nr.0 as usize]
    }

    /// Does the file that this row came from have this column?
    pub fn heeft_kolom(&self, bestand: BestandNr, kolom: Kolom) -> bool {
        self.bestand(bestand).kolommen.bevat(kolom)
    }

    /// The contact columns of a line, all empty where it has none.
    pub fn contact(&self, regel: &Declaratieregel) -> Contact {
        regel.contact.map_or_else(Contact::default, |nr| self.contacten[nr.0.get() as usize - 1])
    }

    pub fn referentie(&self, regel: &Declaratieregel) -> &str {
        self.teksten.tekst(regel.referentie_nummer)
    }

    pub fn toewijzingnummer(&self, nr: WoordNr) -> &str {
        self.toewijzingnummers.tekst(nr)
    }

    /// All line numbers, in the order of the files.
    pub fn regelnummers(&self) -> impl Iterator<Item = RegelNr> + use<> {
        (0..self.regels.len() as u32).map(RegelNr)
    }
}
