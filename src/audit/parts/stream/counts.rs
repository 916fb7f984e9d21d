//! Sums of lines as rows of a stream, and what those of all parts add up to: for what counts lines
//! beside the rules.

use super::Destination;
use super::arrow::{ArrowField, ArrowRow, NewRow, RowWriter, StreamError, read};
use super::header::{DossierHeader, Fingerprint};
use super::intake::{PartBuilder, ToewijzingKey, missing_toewijzing, toewijzing_nr, without_state};
use super::receipts::{PASS, PassReceipt, REGELTELLING, added, complete};
use super::rows::{bsn, read_bsn};
use crate::audit::AuditError;
use crate::audit::passes::Terms;
use crate::dossier::{Bsn, Dag, Dossier, Eenheid, Gemeente, ProductId, RawDossier, ToewijzingId};
use crate::ground::memory::Budget;
use crate::toetsing::{CountKey, CountTable, LineCounter, LineStatistics, PassKey};
use hashbrown::HashMap;
use std::io::{self, Read, Write};

/// Kind of the row that holds one sum.
const COUNT: &str = "telling";

/// Writes all sums of a part, each a row.
pub(crate) fn write_tables(
    tables: &[CountTable],
    dossier: &Dossier,
    out: &mut RowWriter<impl Write>,
) -> io::Result<()> {
    for table in tables {
        for i in 0..table.rows() {
            let sums: Vec<i64> = table.sums.iter().map(|column| column[i]).collect();
            let content = serde_json::to_string(&sums)?;
            out.row(|row| {
                row.text(ArrowField::Doel, Destination::Monitor.name())
                    .text(ArrowField::Soort, COUNT)
                    .text(ArrowField::Sleutel, &table.name)
                    .text(ArrowField::Inhoud, &content);
                for (key, values) in &table.keys {
                    write_key(row, dossier, *key, values[i]);
                }
            })?;
        }
    }
    Ok(())
}

fn write_key(row: &mut NewRow<'_>, d: &Dossier, key: CountKey, value: i64) {
    let day = |n: i64| Dag::from_dagen_since_1970(n as i32);
    match key {
        CountKey::Aanbieder => {
            let agb = d.aanbieders[value as usize].agb;
            row.text(ArrowField::Aanbieder, &agb.to_string())
        }
        CountKey::Gemeente => row.text(ArrowField::Gemeente, &Gemeente(value as u16).to_string()),
        CountKey::Jeugdige => {
            let of = u32::try_from(value).map_or(Bsn::NONE, Bsn);
            row.text(ArrowField::Bsn, &bsn(of))
        }
        CountKey::Toewijzing => {
            let t = d.toewijzing(ToewijzingId::new(value as usize - 1));
            row.text(ArrowField::Gemeente, &t.gemeente.to_string())
                .text(ArrowField::ToewijzingNummer, d.toewijzingnummer(t.nummer))
        }
        CountKey::Product => {
            let product = d.product(ProductId(value as u16));
            row.text(ArrowField::ProductCategorie, &product.categorie)
                .text(ArrowField::ProductCode, &product.code)
        }
        CountKey::Eenheid => row.text(ArrowField::Eenheid, &Eenheid(value as u8).to_string()),
        CountKey::Maand => {
            let last = Dag::first_of_maand(value as i32).map(Dag::maandeinde);
            row.datum(ArrowField::Datum, last)
        }
        CountKey::Begin => row.datum(ArrowField::Begindatum, day(value)),
        CountKey::Eind => row.datum(ArrowField::Einddatum, day(value)),
        CountKey::Afspraak => row.number(ArrowField::Volgnummer, value),
    };
}

/// A table of sums as its rows come in.
struct Incoming {
    table: CountTable,
    /// Where toewijzingen are a key: which they are, as they have no numbers yet.
    toewijzingen: Vec<ToewijzingKey>,
}

/// The sums of all parts, with the toewijzingen and messages that belong to them.
pub(crate) struct GatheredCounts {
    builder: PartBuilder,
    tables: HashMap<String, Incoming>,
    receipts: HashMap<&'static str, PassReceipt>,
    /// Up to which day the parts of each pass counted.
    days: Vec<(PassKey, Option<Dag>)>,
    counts: LineStatistics,
}

impl GatheredCounts {
    /// Reads streams one after the other, each with its name for messages. The first row of the
    /// first must be the stand.
    pub(crate) fn read(
        streams: impl IntoIterator<Item = (String, Box<dyn Read>)>,
        fingerprint: &Fingerprint,
        counter: &dyn LineCounter,
        budget: Budget,
    ) -> Result<GatheredCounts, StreamError> {
        let mut together: Option<GatheredCounts> = None;
        for (name, stream) in streams {
            read(stream, &name, budget, |row| {
                let Some(together) = &mut together else {
                    together = Some(GatheredCounts {
                        builder: PartBuilder::begin(&row, fingerprint)?,
                        tables: HashMap::new(),
                        receipts: HashMap::new(),
                        days: Vec::new(),
                        counts: LineStatistics::default(),
                    });
                    return Ok(());
                };
                Destination::Monitor.eis(&row)?;
                together.push(&row, counter)
            })?;
        }
        together.ok_or_else(without_state)
    }

    fn push(&mut self, row: &ArrowRow<'_>, counter: &dyn LineCounter) -> Result<(), StreamError> {
        match row.text(ArrowField::Soort) {
            COUNT => self.push_count(row, counter),
            REGELTELLING => {
                self.counts.merge(row.content()?);
                Ok(())
            }
            PASS => {
                let fields = PassKey::ALL.map(|v| (v.name(), v));
                let field = row.choice(ArrowField::Sleutel, &fields)?;
                let field = row.needs(ArrowField::Sleutel, field)?;
                let receipt: PassReceipt = row.content()?;
                self.days.push((field, receipt.monitor));
                added(self.receipts.entry(field.name()).or_default(), &receipt);
                Ok(())
            }
            _ if self.builder.push(row)? => Ok(()),
            _ => Err(row.unreadable(ArrowField::Soort)),
        }
    }

    fn push_count(
        &mut self,
        row: &ArrowRow<'_>,
        counter: &dyn LineCounter,
    ) -> Result<(), StreamError> {
        let name = row.text(ArrowField::Sleutel);
        let layout = row.needs(ArrowField::Sleutel, counter.layout(name))?;
        let values: Vec<i64> = row.content()?;
        if values.len() != layout.sums {
            return Err(row.unreadable(ArrowField::Inhoud));
        }
        let incoming = self.tables.entry_ref(name).or_insert_with(|| Incoming {
            table: CountTable {
                name: name.to_owned(),
                keys: layout.keys.iter().map(|key| (*key, Vec::new())).collect(),
                sums: vec![Vec::new(); layout.sums],
            },
            toewijzingen: Vec::new(),
        });
        for (key, column) in &mut incoming.table.keys {
            column.push(match key {
                CountKey::Toewijzing => {
                    incoming.toewijzingen.push(self.builder.toewijzing(row)?);
                    0
                }
                _ => read_key(row, &self.builder, *key)?,
            });
        }
        incoming.table.sums.iter_mut().zip(values).for_each(|(column, n)| column.push(n));
        Ok(())
    }

    pub(crate) fn state(&self) -> &DossierHeader {
        &self.builder.state
    }

    /// The dossier without its lines, and what the user should know, in Dutch sentences; `counter` has
    /// all sums.
    pub(crate) fn merge(
        self,
        terms: &Terms<'_>,
        stamgegevens: RawDossier,
        counter: &mut dyn LineCounter,
    ) -> Result<(Dossier, Vec<String>), AuditError> {
        let passes = [PassKey::Aanbieder, PassKey::Toewijzing];
        complete(&self.builder.state, &self.receipts, &passes)?;
        let catalogus =
            |categorie: &str, code: &str| terms.regelset.catalogusrij(categorie, code).cloned();
        let GatheredCounts { builder, tables, days, counts, .. } = self;
        let mut part = builder.join(stamgegevens, catalogus)?;
        let refusals = part.linker.refusals(&mut part.dossier).map(|a| a.counts());
        part.dossier.answers = refusals;
        let mut all = Vec::with_capacity(tables.len());
        for incoming in tables.into_values() {
            all.push(incoming.resolved(&part.dossier)?);
        }
        let context = terms.context(&part.dossier, part.state.kent_functies);
        counted_until(&days, PassKey::Aanbieder, counter.until(&context))?;
        counter.take(all).map_err(|e| AuditError::not_counted(&e))?;
        counted_until(&days, PassKey::Toewijzing, counter.until(&context))?;
        drop(context);
        let mut warnings = part.state.waarschuwingen;
        warnings.extend(counts.empty_jaar(terms.jaar));
        Ok((part.dossier, warnings))
    }
}

impl Incoming {
    /// With the numbers that the toewijzingen have in this dossier.
    fn resolved(mut self, dossier: &Dossier) -> Result<CountTable, StreamError> {
        let number = |key: &ToewijzingKey| {
            let id = toewijzing_nr(dossier, *key).ok_or_else(missing_toewijzing)?;
            Ok(id.place() as i64 + 1)
        };
        let of = self.table.keys.iter_mut().find(|(key, _)| *key == CountKey::Toewijzing);
        if let Some((_, column)) = of {
            *column = self.toewijzingen.iter().map(number).collect::<Result<_, StreamError>>()?;
        }
        Ok(self.table)
    }
}

/// Refuses parts of a pass that didn't count up to this day.
fn counted_until(
    days: &[(PassKey, Option<Dag>)],
    pass: PassKey,
    day: Dag,
) -> Result<(), StreamError> {
    let other = days.iter().find(|(of, until)| *of == pass && *until != Some(day));
    match other {
        None => Ok(()),
        Some((_, until)) => Err(StreamError::Content(
            format!(
                "de delen per {} zijn geteld tot {}, en dat moet {day} zijn",
                pass.name(),
                until.map_or_else(|| "niets".to_owned(), |d| d.to_string())
            ),
            "geef deel en monitor dezelfde peildatum, zoals docs/spark.md beschrijft",
        )),
    }
}

fn read_key(row: &ArrowRow<'_>, builder: &PartBuilder, key: CountKey) -> Result<i64, StreamError> {
    let day = |field: ArrowField| row.needs(field, row.datum(field)?);
    Ok(match key {
        CountKey::Aanbieder => builder.aanbieder(row)?.0.into(),
        CountKey::Gemeente => {
            let code: Option<u16> = row.code(ArrowField::Gemeente)?;
            row.needs(ArrowField::Gemeente, code)?.into()
        }
        CountKey::Jeugdige => match read_bsn(row)? {
            Bsn::NONE => -1,
            Bsn(n) => n.into(),
        },
        CountKey::Toewijzing => 0,
        CountKey::Product => builder.product(row)?.0.into(),
        CountKey::Eenheid => {
            let code: Option<u8> = row.code(ArrowField::Eenheid)?;
            row.needs(ArrowField::Eenheid, code)?.into()
        }
        CountKey::Maand => day(ArrowField::Datum)?.maand().into(),
        CountKey::Begin => day(ArrowField::Begindatum)?.dagen_since_1970().into(),
        CountKey::Eind => day(ArrowField::Einddatum)?.dagen_since_1970().into(),
        CountKey::Afspraak => {
            row.needs(ArrowField::Volgnummer, row.count(ArrowField::Volgnummer)?)?.into()
        }
    })
}
