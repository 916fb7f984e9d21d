//! The rows of one part as they come in, and the dossier that they make.

use super::Destination;
use super::arrow::{ArrowField, ArrowRow, StreamError};
use super::header::{self, DossierHeader, Fingerprint, Index};
use super::reading::{AANBIEDER, DECLARATIE, TOEWIJZING};
use super::rows::{Ids, LinePosition, read_bsn, read_line, read_startstop, read_versie};
use crate::bron::take_back;
use crate::dossier::{
    AanbiederId, Agb, Bsn, CatalogusRow, Dossier, FileId, Gemeente, Linker, ProductId, RawDossier,
    RawToewijzing, Startstop, ToewijzingId, WordId,
};
use hashbrown::{HashMap, HashSet};

/// Kind of a row that says that a toewijzing has a line that counts in the audited year.
pub(crate) const LEVERING: &str = "levering";

/// A toewijzing by its own key.
pub(crate) type ToewijzingKey = (Gemeente, WordId);

/// The rows of a part, and what every part knows.
pub(crate) struct PartBuilder {
    pub state: DossierHeader,
    index: Index,
    rows: RawDossier,
    /// For each line its place.
    places: Vec<LinePosition>,
    /// For each line: did it come for its toewijzing, which names another jeugdige?
    guests: Vec<bool>,
    versies: Vec<(LinePosition, RawToewijzing)>,
    startstop: Vec<(LinePosition, Startstop)>,
    aanbieders: Vec<AanbiederId>,
    levering: Vec<ToewijzingKey>,
    /// Of the pass by jeugdige the Bsns of which this part has all rows.
    jeugdigen: HashSet<Bsn>,
}

/// A part, put together.
pub(crate) struct Part {
    pub state: DossierHeader,
    /// Its lines are in the order of their files and lines, and have numbers as in reading.
    pub dossier: Dossier,
    pub linker: Linker,
    /// For each line its place.
    pub places: Vec<LinePosition>,
    /// Versions of toewijzingen with their places.
    pub versies: Vec<(LinePosition, RawToewijzing)>,
    /// Where the versions with a ToewijzingNummer are among them.
    pub per_nummer: HashMap<WordId, Vec<usize>>,
    /// The aanbieders of which this part has all lines.
    pub aanbieders: Vec<AanbiederId>,
    /// Starts and stops with their places.
    pub startstop: Vec<(LinePosition, Startstop)>,
    /// Of the pass by jeugdige the Bsns of which this part has all rows.
    pub jeugdigen: HashSet<Bsn>,
    /// Toewijzingen of the jeugdigen of this part with a line that counts in the audited year.
    pub with_levering: Vec<ToewijzingId>,
    /// How many rows came in of each kind.
    pub counts: RowCounts,
}

/// Rows of one part, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct RowCounts {
    pub regels: u64,
    pub versies: u64,
    pub startstop: u64,
    pub aanbieders: u64,
    pub leveringen: u64,
}

impl PartBuilder {
    /// Begins with the first row of a stream, which must be the stand of the dossier.
    pub(crate) fn begin(
        row: &ArrowRow<'_>,
        fingerprint: &Fingerprint,
    ) -> Result<PartBuilder, StreamError> {
        if row.text(ArrowField::Soort) != header::KIND {
            return Err(without_state());
        }
        let state = DossierHeader::read(row, fingerprint)?;
        Ok(PartBuilder {
            index: state.index(),
            state,
            rows: RawDossier::default(),
            places: Vec::new(),
            guests: Vec::new(),
            versies: Vec::new(),
            startstop: Vec::new(),
            aanbieders: Vec::new(),
            levering: Vec::new(),
            jeugdigen: HashSet::new(),
        })
    }

    /// The file of this path.
    pub(crate) fn file(&self, row: &ArrowRow<'_>) -> Result<FileId, StreamError> {
        row.needs(ArrowField::Bestand, self.index.file(row.text(ArrowField::Bestand)))
    }

    /// The aanbieder that a row names.
    pub(crate) fn aanbieder(&self, row: &ArrowRow<'_>) -> Result<AanbiederId, StreamError> {
        let agb = row.code(ArrowField::Aanbieder)?.map(Agb);
        row.needs(ArrowField::Aanbieder, agb.and_then(|agb| self.index.aanbieder(agb)))
    }

    /// The product that a row names.
    pub(crate) fn product(&self, row: &ArrowRow<'_>) -> Result<ProductId, StreamError> {
        let [categorie, code] = [ArrowField::ProductCategorie, ArrowField::ProductCode];
        let product = self.index.product(row.text(categorie), row.text(code));
        row.needs(ArrowField::ProductCode, product)
    }

    /// The toewijzing that a row names.
    pub(crate) fn toewijzing(&mut self, row: &ArrowRow<'_>) -> Result<ToewijzingKey, StreamError> {
        let gemeente = row.code(ArrowField::Gemeente)?.map(Gemeente);
        let nummer = self.rows.toewijzingnummers.intern(row.text(ArrowField::ToewijzingNummer));
        Ok((row.needs(ArrowField::Gemeente, gemeente)?, nummer))
    }

    /// Takes up a row of a kind that a pass knows; `false` for another kind.
    pub(crate) fn push(&mut self, row: &ArrowRow<'_>) -> Result<bool, StreamError> {
        let kind = row.text(ArrowField::Soort);
        let jeugdige = match Destination::JEUGDIGE.name() == row.text(ArrowField::Doel) {
            true => row.text(ArrowField::Sleutel).parse().ok().map(Bsn),
            false => None,
        };
        self.jeugdigen.extend(jeugdige);
        match kind {
            AANBIEDER => {
                let id = self.aanbieder(row)?;
                self.aanbieders.push(id);
                return Ok(true);
            }
            LEVERING => {
                read_bsn(row)?;
                let key = self.toewijzing(row)?;
                self.levering.push(key);
                return Ok(true);
            }
            DECLARATIE | TOEWIJZING | "start" | "stop" => {}
            _ => return Ok(false),
        }
        // A message that another one doubles counts for nothing.
        if self.state.geweigerd[self.file(row)?.place()] {
            return Ok(true);
        }
        let index = &self.index;
        let ids = Ids {
            file: &|path| index.file(path),
            aanbieder: &|agb| index.aanbieder(agb),
            product: &|categorie, code| index.product(categorie, code),
        };
        match kind {
            DECLARATIE => {
                self.places.push(read_line(row, &ids, &mut self.rows)?);
                self.guests.push(jeugdige.is_some() && jeugdige != read_bsn(row).ok());
            }
            TOEWIJZING => self.versies.push(read_versie(row, &ids, &mut self.rows)?),
            _ => self.startstop.push(read_startstop(row, &ids, &mut self.rows)?),
        }
        Ok(true)
    }

    /// Leaves one of equal lines: a line may be kept by several passes.
    pub(crate) fn drop_duplicate_lines(&mut self) {
        let mut seen = HashSet::new();
        let first: Vec<bool> = self.places.iter().map(|p| seen.insert(*p)).collect();
        let mut which = first.iter();
        self.rows.lines.retain(|_| *which.next().expect("one for each line"));
        let mut which = first.iter();
        self.places.retain(|_| *which.next().expect("one for each line"));
        let mut which = first.iter();
        self.guests.retain(|_| *which.next().expect("one for each line"));
    }

    /// Puts the part together with the small tables.
    pub(crate) fn join(
        mut self,
        stamgegevens: RawDossier,
        catalogus: impl Fn(&str, &str) -> Option<CatalogusRow>,
    ) -> Result<Part, StreamError> {
        let counts = self.counts();
        // A toewijzing comes once for each key of the part that needs it.
        each_once(&mut self.versies);
        each_once(&mut self.startstop);
        let order = self.order_of_lines()?;
        let PartBuilder { state, mut rows, places, versies, startstop, .. } = self;
        let mut berichten: Vec<Startstop> = startstop.iter().map(|(_, s)| s.clone()).collect();
        let removals = take_back(&mut berichten, &state.withdrawn(&mut rows.toewijzingnummers));
        let lines = order.iter().map(|i| rows.lines[*i].clone()).collect();
        let places: Vec<LinePosition> = order.iter().map(|i| places[*i]).collect();
        let whole = RawDossier {
            files: state.bestanden.clone(),
            lines,
            texts: rows.texts,
            toewijzingnummers: rows.toewijzingnummers,
            words: rows.words,
            contact_columns: rows.contact_columns,
            producten: state.producten.clone(),
            agbs: state.agbs.clone(),
            versies: versies.iter().map(|(_, v)| v.clone()).collect(),
            startstop: state.startstop.then_some(berichten),
            removals,
            declaratieberichten: state.berichten.clone(),
            answers: state.antwoorden.clone(),
            aanbieders: stamgegevens.aanbieders,
            omzet: stamgegevens.omzet,
            productieverantwoording: stamgegevens.productieverantwoording,
            afspraken: stamgegevens.afspraken,
            maatwerk: stamgegevens.maatwerk,
            openstaand: stamgegevens.openstaand,
            ..RawDossier::default()
        };
        let (dossier, linker) = whole.join(catalogus);
        let with_levering = self
            .levering
            .iter()
            .map(|key| toewijzing_nr(&dossier, *key).ok_or_else(missing_toewijzing))
            .collect::<Result<Vec<_>, _>>()?;
        let mut per_nummer: HashMap<WordId, Vec<usize>> = HashMap::new();
        for (i, (_, v)) in versies.iter().enumerate() {
            per_nummer.entry(v.versie.nummer).or_default().push(i);
        }
        Ok(Part {
            state,
            dossier,
            per_nummer,
            linker,
            places,
            versies,
            startstop,
            jeugdigen: self.jeugdigen,
            aanbieders: self.aanbieders,
            with_levering,
            counts,
        })
    }

    fn counts(&self) -> RowCounts {
        RowCounts {
            regels: self.places.len() as u64,
            versies: self.versies.len() as u64,
            startstop: self.startstop.len() as u64,
            aanbieders: self.aanbieders.len() as u64,
            leveringen: self.levering.len() as u64,
        }
    }

    /// The lines as they stand in their files. A line for two jeugdigen of the part stands in it once.
    ///
    /// # Errors
    /// A line came twice for one and the same.
    fn order_of_lines(&self) -> Result<Vec<usize>, StreamError> {
        let PartBuilder { places, guests, .. } = self;
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_unstable_by_key(|i| {
            let (file, volgnummer) = places[*i];
            (file, self.rows.lines[*i].line_number, volgnummer, guests[*i])
        });
        let row = |i: usize| (places[i], guests[i]);
        if let Some(twice) = order.windows(2).find(|w| row(w[0]) == row(w[1])) {
            let path = &self.state.bestanden[places[twice[0]].0.place()].pad;
            return Err(StreamError::Content(
                format!("een declaratieregel van {path} komt twee keer voor in dit deel"),
                "geef elke declaratieregel één keer door; neem van een deel dat opnieuw is uitgevoerd maar één uitkomst",
            ));
        }
        order.dedup_by_key(|i| places[*i]);
        Ok(order)
    }
}

/// Puts rows in the order of their places, and leaves one of each.
fn each_once<T>(rows: &mut Vec<(LinePosition, T)>) {
    rows.sort_by_key(|(place, _)| *place);
    rows.dedup_by_key(|(place, _)| *place);
}

/// What is wrong with a stream that doesn't begin with the stand.
pub(crate) fn without_state() -> StreamError {
    StreamError::Content(
        "de stroom begint niet met de stand van het dossier".to_owned(),
        "geef elke stap eerst de rij 'stand' die rechtmatig deel --sleutelveld dossier schreef",
    )
}

/// The toewijzing with this key.
pub(crate) fn toewijzing_nr(dossier: &Dossier, key: ToewijzingKey) -> Option<ToewijzingId> {
    let (gemeente, nummer) = key;
    let nummer = dossier.toewijzingnummer(nummer);
    let place = dossier.toewijzingen.binary_search_by(|t| {
        (t.gemeente, dossier.toewijzingnummer(t.nummer)).cmp(&(gemeente, nummer))
    });
    place.ok().map(ToewijzingId::new)
}

/// What is wrong where a row names a toewijzing that isn't among the rows.
pub(crate) fn missing_toewijzing() -> StreamError {
    StreamError::Content(
        "een toewijzing die bij deze rijen hoort, ontbreekt".to_owned(),
        "geef ook de rijen van toewijzingen door die rechtmatig deel schreef",
    )
}
