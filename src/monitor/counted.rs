//! What the lines came to: sums by keys, on which all tables rest. Those of parts add up.

use super::agreements::{Afspraken, Maatwerk};
use super::budgets::{self, BudgetTerms};
use super::lines::{self, LINES_AT_ONCE, NOBODY, Peildatum};
use super::toewijzingen::Toewijzingen;
use super::values::number_of;
use crate::dossier::Dag;
use crate::frame::{Frame, Made, large, small};
use crate::toetsing::{AuditContext, CountError, CountKey, CountLayout, CountTable, LineCounter};
use CountKey::{
    Aanbieder, Afspraak, Begin, Eenheid, Eind, Gemeente, Jeugdige, Maand, Product, Toewijzing,
};
use rayon::prelude::*;

/// What one table of sums is of.
#[derive(Debug)]
struct SumSpec {
    name: &'static str,
    keys: &'static [CountKey],
    sums: &'static [&'static str],
}

/// The tables of sums.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sums {
    /// Lines of every year.
    Productie,
    /// Lines of the leverjaar that name a jeugdige.
    Jeugdigen,
    /// Lines on a toewijzing: `Regels` and `Bedrag` of the leverjaar, `Recent` the amount of the months
    /// by which a pace is known, `Gebruikt` and `Budgetregels` of every year those on the budget that holds
    /// at the peildatum.
    Toewijzingen,
    /// Lines of every year on an agreement of perceel 5.
    Afspraken,
    /// Lines of every year that name a jeugdige, on any other product.
    AndereHulp,
    /// Lines of every year on an agreement for one child.
    Maatwerk,
    /// Debit lines of the leverjaar that the gemeente refused.
    Afgewezen,
    /// Lines of the leverjaar, whatever the peildatum: from them the peildatum is known.
    Leveringen,
}

const SPECS: [SumSpec; 8] = [
    SumSpec {
        name: "productie",
        keys: &[Aanbieder, Gemeente, Product, Eenheid, Maand],
        sums: &["Regels", "Bedrag", "Volume", "Ontvangen", "OpTijd", "RegelsBsn", "BedragBsn"],
    },
    SumSpec { name: "jeugdigen", keys: &[Aanbieder, Gemeente, Jeugdige, Maand], sums: &["Regels"] },
    SumSpec {
        name: "toewijzingen",
        keys: &[Toewijzing],
        sums: &["Regels", "Bedrag", "Recent", "Gebruikt", "Budgetregels"],
    },
    SumSpec {
        name: "afspraken",
        keys: &[Afspraak, Jeugdige, Eenheid, Maand, Begin, Eind],
        sums: &["Regels", "Bedrag", "Volume"],
    },
    SumSpec { name: "andere hulp", keys: &[Jeugdige, Begin, Eind], sums: &["Regels"] },
    SumSpec { name: "maatwerk", keys: &[Afspraak, Maand], sums: &["Regels", "Bedrag"] },
    SumSpec { name: "afgewezen", keys: &[Aanbieder, Gemeente, Maand], sums: &["Afgewezen"] },
    SumSpec { name: "leveringen", keys: &[Maand], sums: &["Regels"] },
];

impl SumSpec {
    /// The sums of lines, or of such sums.
    fn of(&self, lines: &Frame) -> Made<Frame> {
        let keys: Vec<&str> = self.keys.iter().map(|key| key.name()).collect();
        lines.sums(&keys, self.sums)
    }
}

/// What was added to a table of sums since it was last made one.
#[derive(Default)]
struct Growing {
    frames: Vec<Frame>,
    /// Rows of the first of them, which is all that was made one, and of the others.
    merged: usize,
    added: usize,
}

/// Rows that are added before they are made one with what was there, however few that is.
const ADDED_AT_ONCE: usize = 1 << 19;

impl Growing {
    fn add(&mut self, spec: &SumSpec, sums: Frame) -> Made<()> {
        if sums.rows() > 0 {
            self.added += sums.rows();
            self.frames.push(sums);
        }
        // Often enough to keep them few, seldom enough that it costs no more than adding.
        if self.added > ADDED_AT_ONCE.max(self.merged) {
            self.merge(spec)?;
        }
        Ok(())
    }

    fn merge(&mut self, spec: &SumSpec) -> Made<()> {
        if self.frames.len() > 1 {
            let all = Frame::stacked(&std::mem::take(&mut self.frames))?;
            self.frames.push(spec.of(&all)?);
        }
        self.merged = self.frames.first().map_or(0, Frame::rows);
        self.added = 0;
        Ok(())
    }

    fn whole(&mut self, spec: &SumSpec) -> Made<Frame> {
        self.merge(spec)?;
        let none = |name: &&str| large(name, Vec::new());
        match self.frames.first() {
            Some(frame) => Ok(frame.clone()),
            None => {
                let keys = spec.keys.iter().map(|key| small(key.name(), Vec::new()));
                Frame::of(keys.chain(spec.sums.iter().map(none)).collect())
            }
        }
    }
}

/// What lines are counted against: the same for all parts of a dossier.
struct Ground {
    peildatum: Peildatum,
    /// In how many days after the month of delivery a line must be in.
    within: Option<i64>,
    terms: BudgetTerms,
    afspraken: Option<Afspraken>,
    maatwerk: Option<Maatwerk>,
}

/// Counts the lines of a dossier for the monitor.
pub(crate) struct Counted {
    asked: Option<Dag>,
    growing: [Growing; SPECS.len()],
    ground: Option<Ground>,
}

impl Counted {
    /// Up to this day; without one, up to the last of the last month of the leverjaar in which the
    /// dossier knows of a delivery.
    pub(crate) fn until(asked: Option<Dag>) -> Counted {
        Counted { asked, growing: Default::default(), ground: None }
    }

    /// A table of sums.
    pub(super) fn sums(&mut self, which: Sums) -> Made<Frame> {
        self.growing[which as usize].whole(&SPECS[which as usize])
    }

    /// Makes each table of sums one, beside each other, for who needs all of them.
    pub(super) fn merge(&mut self) -> Made<()> {
        let growing = self.growing.par_iter_mut().zip(&SPECS);
        growing.try_for_each(|(growing, spec)| growing.merge(spec))
    }

    fn add(&mut self, which: Sums, lines: &Frame) -> Made<()> {
        let sums = SPECS[which as usize].of(lines)?;
        self.add_sums(which, sums)
    }

    fn add_sums(&mut self, which: Sums, sums: Frame) -> Made<()> {
        self.growing[which as usize].add(&SPECS[which as usize], sums)
    }

    /// The day up to which is counted; all deliveries must have been seen.
    pub(super) fn peildatum(&mut self, context: &AuditContext<'_>) -> Made<Peildatum> {
        let months = self.sums(Sums::Leveringen)?.counts("Maand")?;
        let last = months.into_iter().max().and_then(|m| Dag::first_of_maand(m as i32));
        let dag = self.asked.or(last.map(Dag::maandeinde)).unwrap_or_else(|| context.last_dag());
        Ok(Peildatum { dag, is_given: self.asked.is_some() })
    }

    /// What the lines are counted against, made of the first part that comes.
    fn ground(&mut self, context: &AuditContext<'_>) -> Result<(), CountError> {
        if self.ground.is_some() {
            return Ok(());
        }
        let peildatum = self.peildatum(context)?;
        let toewijzingen = Toewijzingen::of(context, peildatum)?;
        self.ground = Some(Ground {
            peildatum,
            within: number_of(context, "TL03", "binnen"),
            terms: budgets::terms(context, peildatum, &toewijzingen.frame)?,
            afspraken: Afspraken::of(context)?,
            maatwerk: Maatwerk::of(context)?,
        });
        Ok(())
    }
}

impl LineCounter for Counted {
    fn credited(&mut self, context: &AuditContext<'_>) -> Result<(), CountError> {
        let until = self.asked.unwrap_or_else(|| context.last_dag());
        for block in context.dossier.lines.chunks(LINES_AT_ONCE) {
            self.add(Sums::Afgewezen, &lines::refused(context, block, until)?)?;
            self.add(Sums::Leveringen, &lines::deliveries(context, block)?)?;
        }
        Ok(())
    }

    fn live(&mut self, context: &AuditContext<'_>) -> Result<(), CountError> {
        self.ground(context)?;
        let Some(ground) = self.ground.take() else { return Ok(()) };
        let [first, last] = [context.first_dag(), context.last_dag()].map(|d| d.maand().into());
        for block in context.dossier.lines.chunks(LINES_AT_ONCE) {
            let lines = lines::counting(block, ground.peildatum, ground.within)?;
            let of = |which: Sums, lines: &Frame| SPECS[which as usize].of(lines);
            let of_year = || lines.between("Maand", first, last)?.without("Jeugdige", NOBODY);
            let on_toewijzingen = || ground.terms.on_toewijzingen(&lines);
            let (productie, (jeugdigen, toewijzingen)) = rayon::join(
                || of(Sums::Productie, &lines),
                || {
                    rayon::join(
                        || of(Sums::Jeugdigen, &of_year()?),
                        || of(Sums::Toewijzingen, &on_toewijzingen()?),
                    )
                },
            );
            self.add_sums(Sums::Productie, productie?)?;
            self.add_sums(Sums::Jeugdigen, jeugdigen?)?;
            self.add_sums(Sums::Toewijzingen, toewijzingen?)?;
            if let Some(afspraken) = &ground.afspraken {
                self.add(Sums::Afspraken, &afspraken.lines(&lines)?)?;
                self.add(Sums::AndereHulp, &afspraken.others(&lines)?)?;
            }
            if let Some(maatwerk) = &ground.maatwerk {
                self.add(Sums::Maatwerk, &maatwerk.lines(block, ground.peildatum)?)?;
            }
        }
        self.ground = Some(ground);
        Ok(())
    }

    fn until(&mut self, context: &AuditContext<'_>) -> Dag {
        self.peildatum(context).map_or_else(|_| context.last_dag(), |p| p.dag)
    }

    fn layout(&self, table: &str) -> Option<CountLayout> {
        let spec = SPECS.iter().find(|spec| spec.name == table)?;
        Some(CountLayout { keys: spec.keys, sums: spec.sums.len() })
    }

    fn take(&mut self, tables: Vec<CountTable>) -> Result<(), CountError> {
        for table in tables {
            let place = SPECS.iter().position(|spec| spec.name == table.name);
            let place = place.ok_or_else(|| format!("onbekende telling {}", table.name))?;
            let spec = &SPECS[place];
            let columns = table.keys.into_iter().map(|(key, values)| {
                small(key.name(), values.into_iter().map(|n| n as i32).collect())
            });
            let sums = spec.sums.iter().zip(table.sums).map(|(name, values)| large(name, values));
            self.growing[place].add(spec, Frame::of(columns.chain(sums).collect())?)?;
        }
        Ok(())
    }

    fn tables(&mut self) -> Result<Vec<CountTable>, CountError> {
        let table = |(spec, growing): (&SumSpec, &mut Growing)| -> Result<CountTable, CountError> {
            let frame = growing.whole(spec)?;
            let keys = spec.keys.iter().map(|key| Ok((*key, frame.counts(key.name())?)));
            let sums = spec.sums.iter().map(|name| frame.counts(name));
            Ok(CountTable {
                name: spec.name.to_owned(),
                keys: keys.collect::<Made<_>>()?,
                sums: sums.collect::<Made<_>>()?,
            })
        };
        SPECS.iter().zip(&mut self.growing).map(table).collect()
    }
}
