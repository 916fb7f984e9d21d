//! The lines of the joined dossier as one frame, on which all tables rest.

use super::frame::{Frame, Made, large, small};
use crate::dossier::{Bsn, CreditState, Dag, DebetCredit, Declaratieregel};
use crate::toetsing::AuditContext;
use hashbrown::HashSet;
use rayon::prelude::*;

/// Stands for a jeugdige who isn't known: a collective offer names none.
pub(super) const NOBODY: i64 = -1;

/// The day at which things are looked at, and whether the user chose it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peildatum {
    pub dag: Dag,
    pub is_given: bool,
}

impl Peildatum {
    /// The day that was asked for, else the last of the last month of the leverjaar in which the
    /// dossier knows of a delivery.
    pub(crate) fn of(context: &AuditContext<'_>, asked: Option<Dag>) -> Peildatum {
        let lines = context.dossier.lines.par_iter();
        let counting = lines.filter(|line| context.counts_in_leverjaar(line));
        let last = || counting.map(|line| line.einddatum).max().map(Dag::maandeinde);
        let dag = asked.or_else(last).unwrap_or_else(|| context.last_dag());
        Peildatum { dag, is_given: asked.is_some() }
    }

    /// The last whole calendar month of the leverjaar at this day, as [`Dag::maand`] counts.
    pub(super) fn last_whole_month(self, context: &AuditContext<'_>) -> i32 {
        let whole = self.dag == self.dag.maandeinde();
        let month = self.dag.maand() - i32::from(!whole);
        month.min(context.last_dag().maand())
    }

    /// How many whole months of the leverjaar have passed.
    pub(super) fn whole_months(self, context: &AuditContext<'_>) -> i64 {
        let passed = self.last_whole_month(context) - context.first_dag().maand() + 1;
        i64::from(passed.clamp(0, 12))
    }
}

/// The lines that count (live, with a period that isn't reversed) and end on or before the peildatum,
/// of every year.
/// `within` is in how many days after the month of delivery a line must be in.
pub(super) fn counting(
    context: &AuditContext<'_>,
    peildatum: Peildatum,
    within: Option<i64>,
) -> Made<Frame> {
    let counts = |r: &&Declaratieregel| r.counts() && r.einddatum <= peildatum.dag;
    let in_time = |r: &Declaratieregel| {
        i32::from(within.is_some_and(|most| r.dagen_until_ontvangst().is_some_and(|n| n <= most)))
    };
    // All columns of some lines at once: a line is taken from memory one time.
    let blocks = context.dossier.lines.par_chunks(LINES_AT_ONCE).map(|block| {
        let mut columns = LineColumns::default();
        block.iter().filter(counts).for_each(|r| columns.push(r, in_time(r)));
        columns.frame()
    });
    let blocks = blocks.collect::<Made<Vec<Frame>>>()?;
    match blocks.is_empty() {
        true => LineColumns::default().frame(),
        false => Frame::stacked(&blocks),
    }
}

/// Lines of which the columns are made together.
const LINES_AT_ONCE: usize = 1 << 16;

/// The columns of some lines.
#[derive(Default)]
struct LineColumns {
    small: [Vec<i32>; SMALL.len()],
    bedrag: Vec<i64>,
    volume: Vec<i64>,
}

/// The names of the columns that fit in 32 bits.
const SMALL: [&str; 12] = [
    "Aanbieder",
    "Gemeente",
    "Jeugdige",
    "Toewijzing",
    "Product",
    "Eenheid",
    "Maand",
    "Begin",
    "Eind",
    "Ontvangen",
    "OpTijd",
    "Regels",
];

impl LineColumns {
    fn push(&mut self, r: &Declaratieregel, in_time: i32) {
        let values: [i32; SMALL.len()] = [
            r.aanbieder.0.into(),
            r.gemeente.0.into(),
            jeugdige(r.bsn),
            r.toewijzing.map_or(0, |id| id.place() as i32 + 1),
            r.product.0.into(),
            r.eenheid.0.into(),
            r.einddatum.maand(),
            r.begindatum.dagen_since_1970(),
            r.einddatum.dagen_since_1970(),
            r.ontvangstdatum.is_some().into(),
            in_time,
            1,
        ];
        self.small.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        self.bedrag.push(r.ingediend_bedrag.0);
        self.volume.push(r.geleverd_volume.0);
    }

    fn frame(self) -> Made<Frame> {
        let small_ones =
            SMALL.into_iter().zip(self.small).map(|(name, values)| small(name, values));
        let large_ones = [large("Bedrag", self.bedrag), large("Volume", self.volume)];
        Frame::of(small_ones.chain(large_ones).collect())
    }
}

/// Debit lines of the leverjaar, up to the peildatum, that the gemeente refused.
pub(super) fn refused(context: &AuditContext<'_>, peildatum: Peildatum) -> Made<Frame> {
    let lines = chosen(context, |r| {
        let refused = r.state == CreditState::Refused && r.debet_credit == DebetCredit::Debet;
        refused && !r.is_reversed() && context.in_leverjaar(r) && r.einddatum <= peildatum.dag
    });
    Frame::of(vec![
        small("Aanbieder", lines.iter().map(|r| r.aanbieder.0.into()).collect()),
        small("Gemeente", lines.iter().map(|r| r.gemeente.0.into()).collect()),
        small("Afgewezen", vec![1; lines.len()]),
    ])
}

/// The lines that count, of every year up to the peildatum, with one of these ToewijzingNummers.
pub(super) fn with_number(
    context: &AuditContext<'_>,
    peildatum: Peildatum,
    numbers: &[Option<i64>],
) -> Made<Frame> {
    let numbers: HashSet<usize> =
        numbers.iter().flatten().filter_map(|n| usize::try_from(*n).ok()).collect();
    let lines = chosen(context, |r| {
        let named =
            !r.toewijzing_nummer.is_empty() && numbers.contains(&r.toewijzing_nummer.index());
        named && r.counts() && r.einddatum <= peildatum.dag
    });
    let small_of =
        |name, f: fn(&Declaratieregel) -> i32| small(name, lines.iter().map(|r| f(r)).collect());
    Frame::of(vec![
        small_of("Aanbieder", |r| r.aanbieder.0.into()),
        small_of("Gemeente", |r| r.gemeente.0.into()),
        small_of("Nummer", |r| r.toewijzing_nummer.index() as i32),
        small_of("Maand", |r| r.einddatum.maand()),
        small_of("Begin", |r| r.begindatum.dagen_since_1970()),
        small_of("Eind", |r| r.einddatum.dagen_since_1970()),
        small_of("Regels", |_| 1),
        large("Bedrag", lines.iter().map(|r| r.ingediend_bedrag.0).collect()),
    ])
}

/// A jeugdige as a number in a frame.
pub(super) fn jeugdige(bsn: Bsn) -> i32 {
    if bsn == Bsn::NONE { NOBODY as i32 } else { bsn.0 as i32 }
}

/// The lines of the dossier that `keep` wants.
fn chosen<'d>(
    context: &AuditContext<'d>,
    keep: impl Fn(&Declaratieregel) -> bool + Sync,
) -> Vec<&'d Declaratieregel> {
    context.dossier.lines.par_iter().filter(|r| keep(r)).collect()
}

/// What the catalogue says of each product, in numbers.
pub(super) fn producten(context: &AuditContext<'_>, codes: &[&str]) -> Made<Frame> {
    let d = context.dossier;
    let ids = 0..d.producten.len() as i32;
    let groep = |sleutel: Option<&str>| {
        let number = sleutel.and_then(|s| s.strip_prefix("TG")).and_then(|n| n.parse().ok());
        number.unwrap_or_default()
    };
    let code = |code: &str| codes.binary_search(&code).map_or(-1, |place| place as i32);
    Frame::of(vec![
        small("Product", ids.collect()),
        small("Code", d.producten.iter().map(|p| code(&p.code)).collect()),
        small("Tariefgroep", d.producten.iter().map(|p| groep(p.tariefsleutel())).collect()),
    ])
}
