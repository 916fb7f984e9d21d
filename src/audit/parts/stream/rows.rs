//! Lines, versions of toewijzingen, starts and stops as rows of a stream.
//!
//! A row names nothing by a number of this process: codes and texts are written out, and what a row
//! is known by is its file and its place among the accepted rows of that file.

use super::arrow::{ArrowField, ArrowRow, NewRow, StreamError};
use crate::bron::{bijzonderheden, tijd};
use crate::dossier::{
    AanbiederId, Agb, BerichtKind, Bsn, Budgetsoort, Cent, Columns, Contact, ContactColumns,
    ContactColumnsId, CreditState, Dag, DebetCredit, Declaratieregel, Dossier, Eenheid, FileId,
    Frequentie, Gemeente, Kolom, NeededCells, Onleesbaar, OptionalCells, ProductId, RawDossier,
    RawToewijzing, RedenBeeindiging, RedenWijziging, ShortDag, SourceFile, Startstop,
    StringInterner, Tarief, Uitvoering, Versie, Verwijzer, Volume,
};

/// A row is known by its file and its place among the accepted rows of that file, from 0.
pub(crate) type LinePosition = (FileId, u32);

/// The word for a value of a fixed list.
pub(crate) fn word<T: PartialEq>(choices: &[(&'static str, T)], value: T) -> &'static str {
    choices.iter().find(|(_, w)| *w == value).map_or("", |(name, _)| name)
}

fn code(code: Option<impl ToString>) -> String {
    code.map(|c| c.to_string()).unwrap_or_default()
}

/// Empty for a line that has none.
pub(crate) fn bsn(bsn: Bsn) -> String {
    if bsn == Bsn::NONE { String::new() } else { bsn.digits() }
}

/// Nine digits; [`Bsn::NONE`] where there are none.
pub(crate) fn read_bsn(row: &ArrowRow<'_>) -> Result<Bsn, StreamError> {
    Ok(row.code(ArrowField::Bsn)?.map_or(Bsn::NONE, Bsn))
}

fn volume(volume: Option<Volume>) -> Option<i64> {
    volume.map(|v| v.0)
}

/// Writes a line, with what it names written out.
pub(crate) fn write_line(row: &mut NewRow<'_>, d: &Dossier, r: &Declaratieregel, volgnummer: u32) {
    let product = d.product(r.product);
    row.text(ArrowField::Bestand, &d.file(r.file).pad)
        .number(ArrowField::Regelnummer, i64::from(r.line_number))
        .number(ArrowField::Volgnummer, i64::from(volgnummer))
        .text(ArrowField::DeclaratieNummer, d.declaratienummer(r))
        .text(ArrowField::ReferentieNummer, d.referentie(r))
        .text(ArrowField::VorigReferentieNummer, d.previous_referentie(r))
        .datum(ArrowField::DeclaratieDagtekening, r.declaratie_dagtekening())
        .datum(ArrowField::Ontvangstdatum, r.ontvangstdatum)
        .text(ArrowField::Gemeente, &r.gemeente.to_string())
        .text(ArrowField::Aanbieder, &d.aanbieder(r.aanbieder).agb.to_string())
        .text(ArrowField::Bsn, &bsn(r.bsn))
        .text(ArrowField::ToewijzingNummer, d.toewijzingnummer(r.toewijzing_nummer))
        .text(ArrowField::ProductCategorie, &product.categorie)
        .text(ArrowField::ProductCode, &product.code)
        .datum(ArrowField::Begindatum, r.begindatum)
        .datum(ArrowField::Einddatum, r.einddatum)
        .number(ArrowField::GeleverdVolume, r.geleverd_volume.0)
        .text(ArrowField::Eenheid, &r.eenheid.to_string())
        .number(ArrowField::ProductTarief, r.product_tarief.map(|t| t.bedrag().0))
        .number(ArrowField::IngediendBedrag, r.ingediend_bedrag.0)
        .text(ArrowField::DebetCredit, r.debet_credit.name())
        .text(ArrowField::Stand, r.state.name());
    let c = d.contact(r);
    if c != Contact::default() {
        row.number(ArrowField::NoShow, i64::from(c.no_show))
            .number(ArrowField::NoShowMinuten, volume(c.no_show_minuten))
            .number(ArrowField::AfspraakMinuten, volume(c.afspraak_minuten))
            .number(ArrowField::ReistijdMinuten, volume(c.reistijd_minuten))
            .number(ArrowField::Gesprekken, c.gesprekken.map(i64::from))
            .text(ArrowField::Functie, d.words.get(c.functie))
            .text(ArrowField::Hulpverlener, d.words.get(c.hulpverlener))
            .text(ArrowField::Groep, d.words.get(c.groep))
            .text(ArrowField::Onleesbaar, &names(c.unreadable.iter()))
            .text(ArrowField::Meegenomen, d.words.get(c.meegenomen));
    }
}

/// What numbers a row gets in this process.
pub(crate) struct Ids<'a> {
    pub file: &'a dyn Fn(&str) -> Option<FileId>,
    pub aanbieder: &'a dyn Fn(Agb) -> Option<AanbiederId>,
    pub product: &'a dyn Fn(&str, &str) -> Option<ProductId>,
}

impl Ids<'_> {
    /// The file of a row, the row's place in it, and its line number.
    pub(crate) fn place(&self, row: &ArrowRow<'_>) -> Result<(LinePosition, u32), StreamError> {
        let file = (self.file)(row.text(ArrowField::Bestand));
        let file = row.needs(ArrowField::Bestand, file)?;
        let volgnummer = row.count(ArrowField::Volgnummer)?;
        let line_number = row.count(ArrowField::Regelnummer)?;
        Ok((
            (file, row.needs(ArrowField::Volgnummer, volgnummer)?),
            row.needs(ArrowField::Regelnummer, line_number)?,
        ))
    }
}

fn required_code<T: TryFrom<u32>>(row: &ArrowRow<'_>, field: ArrowField) -> Result<T, StreamError> {
    let code = row.code(field)?;
    row.needs(field, code)
}

fn required_dag(row: &ArrowRow<'_>, field: ArrowField) -> Result<Dag, StreamError> {
    let dag = row.datum(field)?;
    row.needs(field, dag)
}

/// Adds a line, and gives what it is known by.
pub(crate) fn read_line(
    row: &ArrowRow<'_>,
    ids: &Ids<'_>,
    whole: &mut RawDossier,
) -> Result<LinePosition, StreamError> {
    let (place, line_number) = ids.place(row)?;
    let aanbieder = (ids.aanbieder)(Agb(required_code(row, ArrowField::Aanbieder)?));
    let categorie = row.text(ArrowField::ProductCategorie);
    let product = (ids.product)(categorie, row.text(ArrowField::ProductCode));
    let tarief = row.number(ArrowField::ProductTarief).map(|n| {
        let tarief = Tarief::new(Cent(n));
        row.needs(ArrowField::ProductTarief, tarief)
    });
    let mut word = |field| whole.words.intern(row.text(field));
    let contact = Contact {
        no_show: row.count(ArrowField::NoShow)?.unwrap_or(0),
        no_show_minuten: row.number(ArrowField::NoShowMinuten).map(Volume),
        afspraak_minuten: row.number(ArrowField::AfspraakMinuten).map(Volume),
        reistijd_minuten: row.number(ArrowField::ReistijdMinuten).map(Volume),
        gesprekken: row.count(ArrowField::Gesprekken)?,
        functie: word(ArrowField::Functie),
        hulpverlener: word(ArrowField::Hulpverlener),
        groep: word(ArrowField::Groep),
        meegenomen: word(ArrowField::Meegenomen),
        unreadable: read_columns(row)?,
    };
    let (gesprekken, neven) = contact.split();
    let contact_columns = (neven != ContactColumns::default())
        .then(|| ContactColumnsId::new(whole.contact_columns.intern(&neven, || neven)));
    let debet_credit = row.choice(ArrowField::DebetCredit, &DebetCredit::choices())?;
    let line = Declaratieregel {
        ingediend_bedrag: Cent(
            row.needs(ArrowField::IngediendBedrag, row.number(ArrowField::IngediendBedrag))?,
        ),
        geleverd_volume: Volume(
            row.needs(ArrowField::GeleverdVolume, row.number(ArrowField::GeleverdVolume))?,
        ),
        product_tarief: tarief.transpose()?,
        bsn: read_bsn(row)?,
        begindatum: required_dag(row, ArrowField::Begindatum)?,
        einddatum: required_dag(row, ArrowField::Einddatum)?,
        ontvangstdatum: row.datum(ArrowField::Ontvangstdatum)?,
        dagtekening: row.datum(ArrowField::DeclaratieDagtekening)?.and_then(ShortDag::new),
        ids: whole.texts.push_together(
            [
                ArrowField::ReferentieNummer,
                ArrowField::VorigReferentieNummer,
                ArrowField::DeclaratieNummer,
            ]
            .map(|field| row.text(field).as_bytes()),
        ),
        toewijzing_nummer: whole.toewijzingnummers.intern(row.text(ArrowField::ToewijzingNummer)),
        toewijzing: None,
        functie: contact.functie,
        hulpverlener: contact.hulpverlener,
        contact_columns,
        gesprekken,
        line_number,
        file: place.0,
        gemeente: Gemeente(required_code(row, ArrowField::Gemeente)?),
        aanbieder: row.needs(ArrowField::Aanbieder, aanbieder)?,
        product: row.needs(ArrowField::ProductCode, product)?,
        eenheid: Eenheid(required_code(row, ArrowField::Eenheid)?),
        debet_credit: row.needs(ArrowField::DebetCredit, debet_credit)?,
        state: row.choice(ArrowField::Stand, &CreditState::choices())?.unwrap_or(CreditState::Live),
    };
    whole.lines.push(line);
    Ok(place)
}

/// What the numbers in a version stand for.
pub(crate) struct RowOrigin<'a> {
    pub files: &'a [SourceFile],
    pub toewijzingnummers: &'a StringInterner,
    pub words: &'a StringInterner,
}

/// Writes a version of a toewijzing.
pub(crate) fn write_versie(
    row: &mut NewRow<'_>,
    of: &RowOrigin<'_>,
    v: &RawToewijzing,
    volgnummer: u32,
) {
    let (agb, v) = (v.agb, &v.versie);
    let word = |id: Result<_, Onleesbaar>| id.map_or("", |id| of.words.get(id));
    row.text(ArrowField::Bestand, &of.files[v.file.place()].pad)
        .number(ArrowField::Regelnummer, i64::from(v.line_number))
        .number(ArrowField::Volgnummer, i64::from(volgnummer))
        .text(ArrowField::ToewijzingNummer, of.toewijzingnummers.get(v.nummer))
        .text(ArrowField::Gemeente, &v.gemeente.to_string())
        .text(ArrowField::Aanbieder, &agb.to_string())
        .text(ArrowField::Bsn, &bsn(v.bsn))
        .datum(ArrowField::Toewijzingsdatum, v.toewijzingsdatum)
        .datum(ArrowField::Ingangsdatum, v.ingangsdatum)
        .datum(ArrowField::Einddatum, readable(v.einddatum()))
        .text(ArrowField::ProductCategorie, word(v.product_categorie()))
        .text(ArrowField::ProductCode, word(v.product_code()))
        .text(ArrowField::RedenWijziging, &code(readable(v.reden_wijziging())))
        .number(ArrowField::Volume, volume(readable(v.volume())))
        .text(ArrowField::Eenheid, &code(readable(v.eenheid())))
        .text(ArrowField::Frequentie, &code(readable(v.frequentie())))
        .number(ArrowField::Budget, readable(v.budget()).map(|b| b.0))
        .datum(ArrowField::Geboortedatum, readable(v.geboortedatum()))
        .text(ArrowField::Verwijzer, &code(readable(v.verwijzer())))
        .text(ArrowField::Budgetsoort, readable(v.budgetsoort()).map_or("", Budgetsoort::name))
        .text(ArrowField::Uitvoering, readable(v.uitvoering()).map_or("", Uitvoering::name))
        .text(
            ArrowField::Dispuut,
            readable(v.dispuut_cell()).map_or("", |dispuut| if dispuut { "J" } else { "N" }),
        )
        .text(ArrowField::Bijzonderheid, word(v.bijzonderheid()))
        .text(ArrowField::Toewijzingstijd, &code(readable(v.toewijzingstijd())))
        .datum(ArrowField::Verzonden, readable(v.verzonden()))
        .text(ArrowField::Onleesbaar, &names(v.unreadable()));
}

/// A cell for a row of the stream: its column is told apart where it can't be read.
fn readable<T>(cell: Result<Option<T>, Onleesbaar>) -> Option<T> {
    cell.ok().flatten()
}

/// The names of these columns.
fn names(columns: impl Iterator<Item = Kolom>) -> String {
    columns.map(Kolom::name).collect::<Vec<_>>().join(" ")
}

/// The columns that [`names`] wrote.
fn read_columns(row: &ArrowRow<'_>) -> Result<Columns, StreamError> {
    row.text(ArrowField::Onleesbaar).split_whitespace().try_fold(Columns::default(), |all, name| {
        let kolom = Kolom::ALL.iter().find(|kolom| kolom.name() == name);
        Ok(all.with(*row.needs(ArrowField::Onleesbaar, kolom)?))
    })
}

/// A yes or no that may be absent.
fn read_yes_no(row: &ArrowRow<'_>, field: ArrowField) -> Result<Option<bool>, StreamError> {
    row.choice(field, &[("J", true), ("N", false)])
}

/// Reads a version of a toewijzing, with words of `whole`.
pub(crate) fn read_versie(
    row: &ArrowRow<'_>,
    ids: &Ids<'_>,
    whole: &mut RawDossier,
) -> Result<(LinePosition, RawToewijzing), StreamError> {
    let (place, line_number) = ids.place(row)?;
    let needed = NeededCells {
        gemeente: Gemeente(required_code(row, ArrowField::Gemeente)?),
        bsn: read_bsn(row)?,
        toewijzingsdatum: required_dag(row, ArrowField::Toewijzingsdatum)?,
        ingangsdatum: required_dag(row, ArrowField::Ingangsdatum)?,
    };
    let special = row.text(ArrowField::Bijzonderheid);
    let time = Some(row.text(ArrowField::Toewijzingstijd)).filter(|text| !text.is_empty());
    let time = time.map(|text| row.needs(ArrowField::Toewijzingstijd, tijd(text.as_bytes()).ok()));
    let cells = OptionalCells {
        einddatum: row.datum(ArrowField::Einddatum)?,
        product_categorie: whole.words.intern(row.text(ArrowField::ProductCategorie)),
        product_code: whole.words.intern(row.text(ArrowField::ProductCode)),
        reden_wijziging: row.code(ArrowField::RedenWijziging)?.map(RedenWijziging),
        volume: row.number(ArrowField::Volume).map(Volume),
        eenheid: row.code(ArrowField::Eenheid)?.map(Eenheid),
        frequentie: row.code(ArrowField::Frequentie)?.map(Frequentie),
        budget: row.number(ArrowField::Budget).map(Cent),
        geboortedatum: row.datum(ArrowField::Geboortedatum)?,
        verwijzer: row.code(ArrowField::Verwijzer)?.map(Verwijzer),
        budgetsoort: row.choice(ArrowField::Budgetsoort, &Budgetsoort::choices())?,
        uitvoering: row.choice(ArrowField::Uitvoering, &Uitvoering::choices())?,
        dispuut: read_yes_no(row, ArrowField::Dispuut)?,
        bijzonderheden: bijzonderheden(special).0,
        bijzonderheid: whole.words.intern(special),
        toewijzingstijd: time.transpose()?,
        verzonden: row.datum(ArrowField::Verzonden)?,
    };
    let mut versie = Versie::new(needed, cells, read_columns(row)?, (place.0, line_number));
    versie.nummer = whole.toewijzingnummers.intern(row.text(ArrowField::ToewijzingNummer));
    let agb = Agb(required_code(row, ArrowField::Aanbieder)?);
    Ok((place, RawToewijzing { agb, versie }))
}

/// Writes a start or stop; its kind of row says which.
pub(crate) fn write_startstop(
    row: &mut NewRow<'_>,
    of: &RowOrigin<'_>,
    s: &Startstop,
    volgnummer: u32,
) {
    row.text(ArrowField::Bestand, &of.files[s.file.place()].pad)
        .number(ArrowField::Regelnummer, i64::from(s.line_number))
        .number(ArrowField::Volgnummer, i64::from(volgnummer))
        .text(ArrowField::Soort, s.soort.name())
        .text(ArrowField::ToewijzingNummer, of.toewijzingnummers.get(s.toewijzing_nummer))
        .text(ArrowField::Gemeente, &s.gemeente.to_string())
        .text(ArrowField::Aanbieder, &s.aanbieder.to_string())
        .text(ArrowField::Bsn, &bsn(s.bsn))
        .datum(ArrowField::Datum, s.datum)
        .datum(ArrowField::Verzonden, readable(s.verzonden()))
        .text(ArrowField::RedenBeeindiging, &code(readable(s.reden_beeindiging())))
        .text(ArrowField::Onleesbaar, &names(s.unreadable()));
}

pub(crate) fn read_startstop(
    row: &ArrowRow<'_>,
    ids: &Ids<'_>,
    whole: &mut RawDossier,
) -> Result<(LinePosition, Startstop), StreamError> {
    let (place, line_number) = ids.place(row)?;
    let kind = row.choice(ArrowField::Soort, &BerichtKind::choices())?;
    let nummer = whole.toewijzingnummers.intern(row.text(ArrowField::ToewijzingNummer));
    let whose = (
        Gemeente(required_code(row, ArrowField::Gemeente)?),
        Agb(required_code(row, ArrowField::Aanbieder)?),
        read_bsn(row)?,
    );
    let soort = row.needs(ArrowField::Soort, kind)?;
    let datum = required_dag(row, ArrowField::Datum)?;
    let bericht = Startstop::new(nummer, whose, soort, datum, (place.0, line_number)).with_cells(
        row.datum(ArrowField::Verzonden)?,
        row.code(ArrowField::RedenBeeindiging)?.map(RedenBeeindiging),
        read_columns(row)?,
    );
    Ok((place, bericht))
}
