//! The model: what one dossier holds, joined and ordered, before any rule looks at it.

mod antwoord;
mod beoordeling;
mod codes;
mod crediteren;
mod datum;
mod declaratieregel;
mod ernst;
mod feestdagen;
mod geld;
mod kolom;
mod line_block;
mod niveau;
mod nummerhash;
mod nummering;
mod samenstellen;
mod stamgegevens;
mod startstop;
mod tekst;
mod toewijzing;
mod verantwoording;
mod volgorde;

pub use antwoord::{Afgewezen, Afwijzingen, Antwoordtelling, Declaratieantwoord, wijst_af};
pub use beoordeling::{Beoordeling, BevindingId, Eindoordeel, Toen};
pub use codes::{
    Afspraaksoort, Agb, Berichtsoort, Bijzonderheden, Bijzonderheid, Bsn, Budgetsoort, DebetCredit,
    Eenheid, Frequentie, Gemeente, Onderdeel, RedenBeeindiging, RedenWijziging, Status, Uitvoering,
    Verwijzer, Vorm,
};
pub use datum::{Dag, Periode, Termijn, maandnaam};
pub use declaratieregel::{
    AanbiederNr, BestandNr, Contact, Declaratieregel, Gesprekken, Nevengegevens, NevengegevensNr,
    ProductNr, RegelNr, Stand, Tarief, ToewijzingNr,
};
pub use ernst::Ernst;
pub use feestdagen::werkdagen_na;
pub use geld::{Cent, Duizendtallen, Volume, half_omhoog};
pub use kolom::{Kolom, Kolommen, Soort};
pub use line_block::LineBlock;
pub use niveau::Niveau;
pub use nummerhash::{Nummerhash, Zeef};
pub use nummering::Nummering;
pub use samenstellen::{Koppeling, Onverbonden, OnverbondenToewijzing};
pub use stamgegevens::{
    Aanbieder, AanbiederGegevens, Afspraak, Catalogusrij, Declaratiebericht, Maatwerkrij, Omzetrij,
    Product, ProductKey, Tariefrij, Verantwoordingsrij,
};
pub use startstop::{Pauze, Startstop, Startstoptabel};
use tekst::heel;
pub use tekst::{TekstId, Teksten, WoordNr, Woordenboek, is_gelijk};
pub use toewijzing::{Toewijzing, Versie};
pub use verantwoording::Verantwoording;

use serde::{Deserialize, Serialize};

/// An input file: what it held, and what was read of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bestand {
    /// Path relative to the dossier, with `/` between the parts.
    pub pad: String,
    pub soort: Soort,
    /// Those that its header names.
    pub kolommen: Kolommen,
    /// Rows: those accepted and those refused.
    pub gelezen: u64,
    pub aanvaard: u64,
    pub afgekeurd: u64,
    /// Unreadable values in columns that aren't needed.
    pub genegeerd: u64,
    /// Size of the file.
    pub bytes: u64,
    /// Of the bytes of the file, 64 hexadecimal digits.
    pub sha256: String,
    /// Sums of IngediendBedrag of the accepted rows; only for declaraties.
    pub debet: Cent,
    pub credit: Cent,
}

/// One year's dossier, read and joined.
#[derive(Debug)]
pub struct Dossier {
    /// In the order of their paths; [`BestandNr`] is the place.
    pub bestanden: Vec<Bestand>,
    /// In the order of the files and the rows in them; [`RegelNr`] is the place.
    pub regels: Vec<Declaratieregel>,
    /// The three numbers of each line: [`Declaratieregel::nummers`].
    pub teksten: Teksten,
    /// ToewijzingNummers of lines, toewijzingen, starts and stops.
    pub toewijzingnummers: Woordenboek,
    /// Other words that come back: functions, carers, groups, product codes of toewijzingen.
    pub woorden: Woordenboek,
    /// Columns that lines share; see [`Dossier::nevengegevens_van`].
    pub nevengegevens: Nummering<Nevengegevens>,
    /// In the order of (ProductCategorie, ProductCode), by bytes.
    pub producten: Vec<Product>,
    /// In the order of the AGB codes.
    pub aanbieders: Vec<Aanbieder>,
    /// By (Gemeente, ToewijzingNummer), the version in force; [`ToewijzingNr`] is the place.
    pub toewijzingen: Vec<Toewijzing>,
    /// Rows of `omzet`; `None` where the dossier has no such table.
    pub omzet: Option<Vec<Omzetrij>>,
    /// Start and stop messages; `None` where the dossier has no such table.
    pub startstop: Option<Startstoptabel>,
    /// Rows of `productieverantwoording`, by aanbieder, year and gemeente; `None` where the dossier has no such table.
    pub productieverantwoording: Option<Vec<Verantwoordingsrij>>,
    /// Rows of `afspraken`; `None` where the dossier has no such table.
    pub afspraken: Option<Vec<Afspraak>>,
    /// Rows of `maatwerk`; `None` where the dossier has no such table.
    pub maatwerk: Option<Vec<Maatwerkrij>>,
    /// iJw declaration messages, in the order of their files; `None` where the declaraties came in another form.
    pub declaratieberichten: Option<Vec<Declaratiebericht>>,
    /// Files of the declaration messages that the dossier has an answer to, in order.
    pub beantwoord: Vec<BestandNr>,
    /// What came of the answers of gemeenten; `None` where the dossier has none.
    pub antwoorden: Option<Antwoordtelling>,
    /// Of each credit line that took back a debit line: both, in the order of the credit lines.
    pub verrekend: Vec<(RegelNr, RegelNr)>,
    /// Of each line that of its ReferentieNummer, once lines are credited: see [`Dossier::referentiehash`].
    pub referentiehashes: Vec<Nummerhash>,
}

impl Dossier {
    /// The line with this number.
    #[inline]
    pub fn regel(&self, nr: RegelNr) -> &Declaratieregel {
        &self.regels[nr.0 as usize]
    }

    /// The toewijzing with this number.
    pub fn toewijzing(&self, nr: ToewijzingNr) -> &Toewijzing {
        &self.toewijzingen[nr.plaats()]
    }

    /// The aanbieder with this number.
    pub fn aanbieder(&self, nr: AanbiederNr) -> &Aanbieder {
        &self.aanbieders[nr.0 as usize]
    }

    /// The aanbieder with this AGB code, if any file names it.
    pub fn aanbieder_nr(&self, agb: Agb) -> Option<AanbiederNr> {
        let plaats = self.aanbieders.binary_search_by_key(&agb, |a| a.agb).ok()?;
        Some(AanbiederNr(plaats as u16))
    }

    /// The product with this number.
    pub fn product(&self, nr: ProductNr) -> &Product {
        &self.producten[nr.0 as usize]
    }

    /// The input file with this number.
    pub fn bestand(&self, nr: BestandNr) -> &Bestand {
        &self.bestanden[nr.0 as usize]
    }

    /// The declaration message that this file holds.
    pub fn bericht_in(&self, bestand: BestandNr) -> Option<&Declaratiebericht> {
        let berichten = self.declaratieberichten.as_deref()?;
        let plaats = berichten.binary_search_by_key(&bestand, |b| b.bestand).ok()?;
        Some(&berichten[plaats])
    }

    /// Does the dossier have an answer to this message?
    pub fn is_beantwoord(&self, bericht: &Declaratiebericht) -> bool {
        self.beantwoord.binary_search(&bericht.bestand).is_ok()
    }

    /// The rows of `productieverantwoording` of one aanbieder and year, by gemeente.
    pub fn verantwoording_van(&self, agb: Agb, jaar: i32) -> &[Verantwoordingsrij] {
        let rijen = self.productieverantwoording.as_deref().unwrap_or_default();
        let van = rijen.partition_point(|r| (r.aanbieder, r.jaar) < (agb, jaar));
        let tot = rijen.partition_point(|r| (r.aanbieder, r.jaar) <= (agb, jaar));
        &rijen[van..tot]
    }

    /// Is there a file of this kind?
    pub fn heeft_soort(&self, soort: Soort) -> bool {
        self.bestanden.iter().any(|b| b.soort == soort)
    }

    /// Does the file that this row came from have this column?
    #[inline]
    pub fn heeft_kolom(&self, bestand: BestandNr, kolom: Kolom) -> bool {
        self.bestand(bestand).kolommen.bevat(kolom)
    }

    /// Puts these lines in the place of those of the dossier, which it gives.
    pub fn swap_lines(&mut self, block: &mut LineBlock) {
        std::mem::swap(&mut self.regels, &mut block.lines);
        std::mem::swap(&mut self.teksten, &mut block.texts);
        self.verrekend.clear();
        self.referentiehashes = Vec::new();
    }

    /// The debit line that this credit line took back.
    pub fn teruggenomen_door(&self, credit: RegelNr) -> Option<RegelNr> {
        if self.regel(credit).stand != Stand::Credit {
            return None;
        }
        let plaats = self.verrekend.binary_search_by_key(&credit, |(credit, _)| *credit).ok()?;
        Some(self.verrekend[plaats].1)
    }

    /// What a line shares with others, all empty where it has none of it.
    #[inline]
    pub fn nevengegevens_van(&self, regel: &Declaratieregel) -> Nevengegevens {
        regel
            .nevengegevens
            .map_or_else(Nevengegevens::default, |nr| self.nevengegevens.waarde(nr.nummer()))
    }

    /// Number of no-shows inside a line.
    #[inline]
    pub fn no_show(&self, regel: &Declaratieregel) -> u32 {
        regel.nevengegevens.map_or(0, |nr| self.nevengegevens.bij(nr.nummer()).no_show)
    }

    /// The columns of a line about appointments, all empty where it has none.
    #[inline]
    pub fn contact(&self, regel: &Declaratieregel) -> Contact {
        regel.contact(&self.nevengegevens_van(regel))
    }

    /// ReferentieNummer of a line.
    pub fn referentie(&self, regel: &Declaratieregel) -> &str {
        self.teksten.tekst(regel.nummers)
    }

    /// The same as bytes, for comparing.
    #[inline]
    pub fn referentie_bytes(&self, regel: &Declaratieregel) -> &[u8] {
        self.teksten.bytes(regel.nummers)
    }

    /// VorigReferentieNummer of a line, empty where it has none.
    pub fn vorige_referentie(&self, regel: &Declaratieregel) -> &str {
        let [_, vorig, _] = self.teksten.samen(regel.nummers);
        heel(vorig)
    }

    /// DeclaratieNummer of a line, empty where it has none.
    pub fn declaratienummer(&self, regel: &Declaratieregel) -> &str {
        let [.., declaratie] = self.teksten.samen(regel.nummers);
        heel(declaratie)
    }

    /// The ToewijzingNummer that has this number in [`Dossier::toewijzingnummers`].
    pub fn toewijzingnummer(&self, nr: WoordNr) -> &str {
        self.toewijzingnummers.tekst(nr)
    }

    /// All line numbers, in the order of the files.
    pub fn regelnummers(&self) -> impl Iterator<Item = RegelNr> + use<> {
        (0..self.regels.len() as u32).map(RegelNr)
    }
}
