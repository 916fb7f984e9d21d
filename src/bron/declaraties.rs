//! `declaraties`: rows of a year, read in parallel.

use super::collect::{Collect, ReadRows, estimate};
use super::error::SourceError;
use super::fields::{self, ParseError};
use super::line_sink::LineSink;
use super::part::{InPart, own, own_place, shared_word};
use super::report::Repair;
use super::row::{Row, plausible_datum};
use crate::dossier::{
    AanbiederId, Agb, Bsn, Cent, Columns, Contact, ContactColumns, ContactColumnsId, CreditState,
    Dag, DebetCredit, Declaratieregel, Eenheid, FileId, Gemeente, Interner, Kolom, ProductId,
    ProductKey, RawDossier, ShortDag, StringInterner, Tarief, TextArena, Volume, WordId,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Words and side data that earlier rows had. Parts only look them up, so that they can be read side
/// by side; what they have besides is added between two groups of parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedInterners {
    pub words: StringInterner,
    pub contact_columns: Interner<ContactColumns>,
}

/// Rows of one block, with numbers of their own for what wasn't known yet.
#[derive(Default)]
pub(crate) struct RowChunk {
    lines: Vec<InPart<Declaratieregel>>,
    texts: TextArena,
    known: Arc<SharedInterners>,
    new_words: StringInterner,
    new_contact_columns: Interner<ContactColumns>,
    /// For the numbers in these two lists those that all parts share, once they are settled.
    words_renumbered: Vec<WordId>,
    contact_columns_renumbered: Vec<ContactColumnsId>,
    unknown_ids: StringInterner,
    producten: Interner<ProductCodes>,
    agbs: Interner<Agb>,
    /// Those of the row before: rows of one toewijzing follow each other.
    last_nummer: WordId,
    last_contact_columns: Option<(ContactColumns, ContactColumnsId)>,
    /// Of each file its debit and its credit.
    sums: Vec<(FileId, i128, i128)>,
    /// Bytes of the block that it is read from.
    bytes: usize,
}

/// What rows are read with.
pub(crate) struct Reader<'a> {
    /// The numbers that toewijzingen have.
    ids: &'a StringInterner,
    /// The products whose lines may lack a Bsn.
    without_bsn: &'a [String],
    known: Arc<SharedInterners>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        ids: &'a StringInterner,
        without_bsn: &'a [String],
        words: StringInterner,
    ) -> Self {
        let known = Arc::new(SharedInterners { words, ..SharedInterners::default() });
        Reader { ids, without_bsn, known }
    }

    /// All words and side data, once every row was read.
    pub(crate) fn into_known(self) -> SharedInterners {
        Arc::unwrap_or_clone(self.known)
    }
}

impl ReadRows for Reader<'_> {
    type Chunk = RowChunk;

    fn chunk(&self, bytes: usize) -> RowChunk {
        /// A row takes about this many bytes in a file.
        const PER_ROW: usize = 128;
        let lines = Vec::with_capacity(bytes / PER_ROW);
        RowChunk { known: Arc::clone(&self.known), lines, bytes, ..RowChunk::default() }
    }

    fn row(&self, rij: Row<'_>, part: &mut RowChunk) {
        part.read(rij, self.ids, self.without_bsn);
    }

    /// Adds what parts have besides, in their order. In place unless another part still looks things
    /// up.
    fn settle(&mut self, parts: &mut [&mut RowChunk]) {
        for part in parts.iter_mut() {
            part.known = Arc::default();
        }
        let known = Arc::make_mut(&mut self.known);
        for part in parts {
            part.words_renumbered = known.words.merge(&part.new_words);
            let new = part.new_contact_columns.values().iter();
            part.contact_columns_renumbered = new
                .map(|n| {
                    let (groep, meegenomen) =
                        (part.shared_word(n.groep), part.shared_word(n.meegenomen));
                    let n = ContactColumns { groep, meegenomen, ..*n };
                    ContactColumnsId::new(known.contact_columns.intern(&n, || n))
                })
                .collect();
        }
    }
}

/// ProductCategorie and ProductCode, as their cells had them.
type ProductCodes = (Box<[u8]>, Box<[u8]>);

impl RowChunk {
    /// Reads one row into this part, with everything that is wrong with it noted. `ids` are the
    /// numbers that toewijzingen have, `without_bsn` the products whose lines may lack a Bsn.
    fn read(&mut self, mut row: Row<'_>, ids: &StringInterner, without_bsn: &[String]) {
        if row.is_rejected() {
            row.close(None::<()>);
            return;
        }
        let referentie = row.key(Kolom::ReferentieNummer);
        let previous = row.key_or_empty(Kolom::VorigReferentieNummer);
        let declaratie = row.bytes_or_empty(Kolom::DeclaratieNummer);
        let forms = row.forms;
        let dagtekening = row.optional(Kolom::DeclaratieDagtekening, |c| {
            let dag = plausible_datum(c, forms, Kolom::DeclaratieDagtekening, false)?;
            ShortDag::new(dag).ok_or(ParseError::DatumImplausible)
        });
        let ontvangst = row.datum_or_empty(Kolom::Ontvangstdatum);
        let gemeente = row.gemeente();
        let agb = row.agb();
        let nummer = row.toewijzingnummer_or_empty();
        let categorie = row.key(Kolom::ProductCategorie);
        let code = row.key(Kolom::ProductCode);
        let may_lack_bsn =
            !without_bsn.is_empty() && without_bsn.iter().any(|z| Some(z.as_bytes()) == code);
        let bsn = if may_lack_bsn && row.cell(Kolom::Bsn).is_empty() {
            Some(Bsn::NONE)
        } else {
            row.bsn()
        };
        let begin = row.datum(Kolom::Begindatum);
        let end = row.datum(Kolom::Einddatum);
        let volume = row.volume(Kolom::GeleverdVolume);
        let eenheid = row.eenheid();
        let bedragen = row.forms.amounts;
        let tarief = row.optional(Kolom::ProductTarief, |c| {
            Tarief::new(fields::bedrag_of_care(c, bedragen)?).ok_or(ParseError::NoBedrag)
        });
        let (bedrag, debet_credit) = amount_and_direction(&mut row);
        let no_show = row.optional(Kolom::NoShow, fields::no_show).unwrap_or(0);
        let no_show_minuten = row.volume_or_empty(Kolom::NoShowMinuten);
        let afspraak_minuten = row.volume_or_empty(Kolom::AfspraakMinuten);
        let reistijd_minuten = row.volume_or_empty(Kolom::ReistijdMinuten);
        let gesprekken = row.number_or_empty(Kolom::Gesprekken);
        let functie = row.bytes_or_empty(Kolom::Functie);
        let hulpverlener = row.bytes_or_empty(Kolom::Hulpverlener);
        let group = row.bytes_or_empty(Kolom::Groep);
        let meegenomen = row.meegenomen();
        if let (Some(Eenheid::EURO), Some(v)) = (eenheid, volume)
            && v.0 % 100 != 0
        {
            row.reject(
                Some(Kolom::GeleverdVolume),
                &v.to_string(),
                ParseError::VolumeGeenHeleCenten,
            );
        }
        let unreadable = row.unreadable();
        let (file, line_number) = (row.file, row.line_number());
        let cells = (|| {
            Some(Cells {
                referentie: referentie?,
                previous,
                declaratie,
                nummer,
                categorie: categorie?,
                code: code?,
                agb: agb?,
                gemeente: gemeente?,
                bsn: bsn?,
                begindatum: begin?,
                einddatum: end?,
                volume: volume?,
                eenheid: eenheid?,
                bedrag: bedrag?,
                debet_credit: debet_credit?,
                tarief,
                ontvangst,
                dagtekening,
                no_show,
                no_show_minuten,
                afspraak_minuten,
                reistijd_minuten,
                gesprekken,
                functie,
                hulpverlener,
                groep: group,
                meegenomen: meegenomen.as_bytes(),
                unreadable,
                file,
                line_number,
            })
        })();
        if row.is_rejected() {
            row.report.rejected_bedrag += bedrag.unwrap_or_default();
        }
        if let Some(cells) = row.close(cells) {
            self.add(&cells, ids);
        }
    }

    fn add(&mut self, c: &Cells<'_>, ids: &StringInterner) {
        let product = ProductKey(c.categorie, c.code);
        let contact = Contact {
            no_show: c.no_show,
            no_show_minuten: c.no_show_minuten,
            afspraak_minuten: c.afspraak_minuten,
            reistijd_minuten: c.reistijd_minuten,
            gesprekken: c.gesprekken,
            functie: self.word(c.functie),
            hulpverlener: self.word(c.hulpverlener),
            groep: self.word(c.groep),
            meegenomen: self.word_if_any(c.meegenomen),
            unreadable: c.unreadable,
        };
        let (gesprekken, neven) = contact.split();
        let line = Declaratieregel {
            gemeente: c.gemeente,
            bsn: c.bsn,
            begindatum: c.begindatum,
            einddatum: c.einddatum,
            geleverd_volume: c.volume,
            eenheid: c.eenheid,
            ingediend_bedrag: c.bedrag,
            product_tarief: c.tarief,
            ontvangstdatum: c.ontvangst,
            dagtekening: c.dagtekening,
            debet_credit: c.debet_credit,
            file: c.file,
            line_number: c.line_number,
            aanbieder: AanbiederId(in_16_bits(self.agbs.intern(&c.agb, || c.agb))),
            product: ProductId(in_16_bits(
                self.producten.intern(&product, || (c.categorie.into(), c.code.into())),
            )),
            ids: self.texts.push_together([c.referentie, c.previous, c.declaratie]),
            toewijzing_nummer: self.toewijzingnummer(c.nummer, ids),
            toewijzing: None,
            functie: contact.functie,
            hulpverlener: contact.hulpverlener,
            contact_columns: (neven != ContactColumns::default())
                .then(|| self.contact_columns(&neven)),
            gesprekken,
            state: CreditState::Live,
        };
        if self.sums.last().is_none_or(|(file, ..)| *file != c.file) {
            self.sums.push((c.file, 0, 0));
        }
        if let Some((_, debet, credit)) = self.sums.last_mut() {
            let sum = match c.debet_credit {
                DebetCredit::Debet => debet,
                DebetCredit::Credit => credit,
            };
            *sum += i128::from(line.ingediend_bedrag.0);
        }
        self.lines.push(InPart::new(line));
    }
}

/// IngediendBedrag, and which way it goes. A negative amount where no DebetCredit says so is a credit
/// of that amount.
#[inline]
fn amount_and_direction(row: &mut Row<'_>) -> (Option<Cent>, Option<DebetCredit>) {
    let says = row.cell(Kolom::DebetCredit);
    if !says.is_empty() && !fields::is_empty_word(says) {
        // Debet or credit can't be left open: the row would count with the wrong sign.
        let direction = row.needs(Kolom::DebetCredit, fields::debet_credit);
        let how = row.forms.amounts;
        let bedrag = row.needs(Kolom::IngediendBedrag, |c| fields::bedrag_of_care(c, how));
        return (bedrag, direction);
    }
    let forms = row.forms;
    let bedrag =
        row.needs(Kolom::IngediendBedrag, |c| match fields::bedrag_of_care(c, forms.amounts) {
            Err(ParseError::BedragNegative) if forms.credit_by_sign => {
                fields::signed_bedrag(c, forms.amounts)
            }
            outcome => outcome,
        });
    match bedrag {
        Some(Cent(centen)) if centen < 0 => {
            row.report.count(Repair::CreditBySign, Kolom::IngediendBedrag);
            (Some(Cent(-centen)), Some(DebetCredit::Credit))
        }
        bedrag => (bedrag, Some(DebetCredit::Debet)),
    }
}

/// A number of which there may be too many: that is an error once all is read.
fn in_16_bits(id: u32) -> u16 {
    u16::try_from(id).unwrap_or(u16::MAX)
}

/// The cells of a row that can be kept.
struct Cells<'r> {
    referentie: &'r [u8],
    previous: &'r [u8],
    declaratie: &'r [u8],
    nummer: &'r [u8],
    categorie: &'r [u8],
    code: &'r [u8],
    agb: Agb,
    gemeente: Gemeente,
    bsn: Bsn,
    begindatum: Dag,
    einddatum: Dag,
    volume: Volume,
    eenheid: Eenheid,
    bedrag: Cent,
    tarief: Option<Tarief>,
    ontvangst: Option<Dag>,
    dagtekening: Option<ShortDag>,
    debet_credit: DebetCredit,
    no_show: u32,
    no_show_minuten: Option<Volume>,
    afspraak_minuten: Option<Volume>,
    reistijd_minuten: Option<Volume>,
    gesprekken: Option<u32>,
    functie: &'r [u8],
    hulpverlener: &'r [u8],
    groep: &'r [u8],
    meegenomen: &'r [u8],
    unreadable: Columns,
    file: FileId,
    line_number: u32,
}

impl RowChunk {
    /// The number among those that toewijzingen have, else among the part's own. Lines of one
    /// toewijzing often follow each other: the last one is tried first.
    fn toewijzingnummer(&mut self, nummer: &[u8], ids: &StringInterner) -> WordId {
        match ids.find_after(self.last_nummer, nummer) {
            Some(id) => {
                self.last_nummer = id;
                id
            }
            None => WordId(own(self.unknown_ids.intern(nummer).0)),
        }
    }

    fn word(&mut self, woord: &[u8]) -> WordId {
        match self.known.words.find(woord) {
            Some(id) => id,
            None => WordId(own(self.new_words.intern(woord).0)),
        }
    }

    /// The same of what nearly no dossier has.
    #[inline]
    fn word_if_any(&mut self, word: &[u8]) -> WordId {
        if word.is_empty() { WordId::EMPTY } else { self.word(word) }
    }

    fn contact_columns(&mut self, neven: &ContactColumns) -> ContactColumnsId {
        if let Some((last, id)) = &self.last_contact_columns
            && last == neven
        {
            return *id;
        }
        let id = ContactColumnsId::new(match self.known.contact_columns.find(neven) {
            Some(id) => id,
            None => own(self.new_contact_columns.intern(neven, || *neven)),
        });
        self.last_contact_columns = Some((*neven, id));
        id
    }
}

impl RowChunk {
    /// The number that all parts share, for one that the part may have of its own.
    fn shared_word(&self, id: WordId) -> WordId {
        shared_word(id, &self.words_renumbered)
    }

    fn gedeelde_nevengegevens(&self, id: ContactColumnsId) -> ContactColumnsId {
        own_place(id.nummer()).map_or(id, |place| self.contact_columns_renumbered[place])
    }
}

/// All declaraties of a dossier, while its files are read.
pub(crate) struct Collector<'s> {
    sink: &'s mut dyn LineSink,
    producten: Interner<ProductCodes>,
    agbs: Interner<Agb>,
    /// Numbers that no toewijzing has, kept apart while others look up the known ones.
    unknown_ids: StringInterner,
    /// How many known ones there are: the others come after them.
    known_ids: u32,
}

/// The lines of one file, as they come to those of the files before it.
pub(crate) struct OfFile<'a, 's> {
    whole: &'a mut RawDossier,
    collection: &'a mut Collector<'s>,
    file: FileId,
    /// Bytes of all files.
    bytes: usize,
    /// Lines taken over so far.
    lines: &'a AtomicU64,
}

impl Collect<RowChunk> for OfFile<'_, '_> {
    /// Makes room for all files once the first part shows how many rows and texts go into its bytes:
    /// growing by doubling would need twice the memory for a moment.
    fn take(&mut self, part: RowChunk) {
        let sink = &mut self.collection.sink;
        if sink.len(self.whole) == 0 && part.bytes > 0 {
            let estimated = |in_part| estimate(in_part, part.bytes, self.bytes);
            let (lines, text_bytes) = (part.lines.len(), part.texts.byte_len());
            sink.expect(self.whole, estimated(lines), estimated(text_bytes));
        }
        self.collection.push(self.whole, part);
        self.lines.store(self.collection.sink.len(self.whole) as u64, Ordering::Relaxed);
    }

    fn rollback(&mut self) {
        self.collection.sink.rollback(self.whole);
        let file = &mut self.whole.files[self.file.place()];
        (file.debet, file.credit) = (Cent::ZERO, Cent::ZERO);
    }
}

impl<'s> Collector<'s> {
    /// `ids` are the numbers that toewijzingen have.
    pub(crate) fn new(ids: &StringInterner, sink: &'s mut dyn LineSink) -> Collector<'s> {
        Collector {
            sink,
            producten: Interner::default(),
            agbs: Interner::default(),
            unknown_ids: StringInterner::default(),
            known_ids: u32::try_from(ids.word_count()).expect("fewer than four billion words"),
        }
    }

    /// Takes over the lines of one file; all files that come so have `bytes`.
    pub(crate) fn of_file<'a>(
        &'a mut self,
        whole: &'a mut RawDossier,
        file: FileId,
        bytes: usize,
        lines: &'a AtomicU64,
    ) -> OfFile<'a, 's> {
        self.sink.begin_file(whole);
        OfFile { whole, collection: self, file, bytes, lines }
    }

    /// Takes over a part: its numbers become those of the whole, and its sums those of its files.
    pub(crate) fn push(&mut self, whole: &mut RawDossier, mut part: RowChunk) {
        let text = whole.texts.merge(&part.texts);
        let nummer = self.unknown_ids.merge(&part.unknown_ids);
        let aanbieder: Vec<AanbiederId> = part
            .agbs
            .values()
            .iter()
            .map(|a| AanbiederId(in_16_bits(self.agbs.intern(a, || *a))))
            .collect();
        let product: Vec<ProductId> = part
            .producten
            .values()
            .iter()
            .map(|p| self.producten.intern(&ProductKey(&p.0, &p.1), || p.clone()))
            .map(|id| ProductId(in_16_bits(id)))
            .collect();
        let lines = std::mem::take(&mut part.lines);
        whole.lines.extend(lines.into_iter().map(|line| {
            line.renumbered(|r| {
                r.ids = text(r.ids);
                if let Some(place) = own_place(r.toewijzing_nummer.0) {
                    r.toewijzing_nummer = WordId(self.known_ids + nummer[place].0 - 1);
                }
                r.aanbieder = aanbieder[r.aanbieder.0 as usize];
                r.product = product[r.product.0 as usize];
                r.functie = part.shared_word(r.functie);
                r.hulpverlener = part.shared_word(r.hulpverlener);
                r.contact_columns = r.contact_columns.map(|id| part.gedeelde_nevengegevens(id));
            })
        }));
        self.sink.added(whole);
        let cent = |n: i128| Cent(i64::try_from(n).expect("a file's total fits in 64 bits"));
        for (file, debet, credit) in part.sums {
            let file = &mut whole.files[file.place()];
            file.debet += cent(debet);
            file.credit += cent(credit);
        }
    }

    /// After the last file: puts the numbers that no toewijzing has behind the others.
    pub(crate) fn round(
        self,
        whole: &mut RawDossier,
        ids: StringInterner,
        known: SharedInterners,
    ) -> Result<(), SourceError> {
        let SharedInterners { words, contact_columns } = known;
        (whole.words, whole.contact_columns) = (words, contact_columns);
        whole.toewijzingnummers = ids;
        whole.toewijzingnummers.merge(&self.unknown_ids);
        let limit = usize::from(u16::MAX);
        if self.producten.values().len() > limit {
            return Err(SourceError::TooMany { limit, what: "verschillende producten" });
        }
        if self.agbs.values().len() > limit {
            return Err(SourceError::TooMany { limit, what: "verschillende aanbieders" });
        }
        let text = |bytes: Box<[u8]>| {
            String::from_utf8(bytes.into()).expect("a cell is text before it is read")
        };
        let producten = self.producten.into_values().into_iter();
        whole.producten =
            producten.map(|(categorie, code)| (text(categorie), text(code))).collect();
        whole.agbs = self.agbs.into_values();
        Ok(())
    }
}
