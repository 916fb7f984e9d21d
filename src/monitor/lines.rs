//! The lines of the joined dossier as frames, some at a time, on which all tables rest.

use crate::dossier::{Bsn, CreditState, Dag, DebetCredit, Declaratieregel};
use crate::frame::{Frame, Made, large, small};
use crate::toetsing::AuditContext;
use hashbrown::HashSet;
use rayon::prelude::*;

/// Stands for a jeugdige who isn't known: a collective offer names none.
pub(super) const NOBODY: i64 = -1;

/// Lines that are a frame together.
pub(super) const LINES_AT_ONCE: usize = 1 << 17;

/// Lines of which one thread makes the columns.
const LINES_A_THREAD: usize = 1 << 15;

/// The day at which things are looked at, and whether the user chose it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peildatum {
    pub dag: Dag,
    pub is_given: bool,
}

impl Peildatum {
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

/// Those of these lines that count (live, with a period that isn't reversed) and end on or before the
/// peildatum, of every year.
/// `within` is in how many days after the month of delivery a line must be in.
pub(super) fn counting(
    lines: &[Declaratieregel],
    peildatum: Peildatum,
    within: Option<i64>,
) -> Made<Frame> {
    let counts = |r: &&Declaratieregel| r.counts() && r.einddatum <= peildatum.dag;
    let in_time = |r: &Declaratieregel| {
        within.is_some_and(|most| r.dagen_until_ontvangst().is_some_and(|n| n <= most))
    };
    // All columns of some lines at once: a line is taken from memory one time.
    let blocks = lines.par_chunks(LINES_A_THREAD).map(|block| {
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

/// The columns of some lines.
#[derive(Default)]
struct LineColumns {
    keys: [Vec<i32>; KEYS.len()],
    sums: [Vec<i64>; SUMS.len()],
}

/// What a line is counted by.
const KEYS: [&str; 9] = [
    "Aanbieder",
    "Gemeente",
    "Jeugdige",
    "Toewijzing",
    "Product",
    "Eenheid",
    "Maand",
    "Begin",
    "Eind",
];

/// What of it is added up: lines, amounts and volumes, those that say when they were received and
/// those that were in time, and what names a jeugdige.
const SUMS: [&str; 7] =
    ["Regels", "Bedrag", "Volume", "Ontvangen", "OpTijd", "RegelsBsn", "BedragBsn"];

impl LineColumns {
    fn push(&mut self, r: &Declaratieregel, in_time: bool) {
        let keys: [i32; KEYS.len()] = [
            r.aanbieder.0.into(),
            r.gemeente.0.into(),
            jeugdige(r.bsn),
            r.toewijzing.map_or(0, |id| id.place() as i32 + 1),
            r.product.0.into(),
            r.eenheid.0.into(),
            r.einddatum.maand(),
            r.begindatum.dagen_since_1970(),
            r.einddatum.dagen_since_1970(),
        ];
        let (bedrag, named) = (r.ingediend_bedrag.0, r.bsn != Bsn::NONE);
        let sums: [i64; SUMS.len()] = [
            1,
            bedrag,
            r.geleverd_volume.0,
            r.ontvangstdatum.is_some().into(),
            in_time.into(),
            named.into(),
            if named { bedrag } else { 0 },
        ];
        self.keys.iter_mut().zip(keys).for_each(|(column, value)| column.push(value));
        self.sums.iter_mut().zip(sums).for_each(|(column, value)| column.push(value));
    }

    fn frame(self) -> Made<Frame> {
        let keys = KEYS.into_iter().zip(self.keys).map(|(name, values)| small(name, values));
        let sums = SUMS.into_iter().zip(self.sums).map(|(name, values)| large(name, values));
        Frame::of(keys.chain(sums).collect())
    }
}

/// Of these the debit lines of the leverjaar, up to this day, that the gemeente refused.
pub(super) fn refused(
    context: &AuditContext<'_>,
    lines: &[Declaratieregel],
    until: Dag,
) -> Made<Frame> {
    let lines = chosen(lines, |r| {
        let refused = r.state == CreditState::Refused && r.debet_credit == DebetCredit::Debet;
        refused && !r.is_reversed() && context.in_leverjaar(r) && r.einddatum <= until
    });
    Frame::of(vec![
        small("Aanbieder", lines.iter().map(|r| r.aanbieder.0.into()).collect()),
        small("Gemeente", lines.iter().map(|r| r.gemeente.0.into()).collect()),
        small("Maand", lines.iter().map(|r| r.einddatum.maand()).collect()),
        large("Afgewezen", vec![1; lines.len()]),
    ])
}

/// Of these the lines that count in the leverjaar.
pub(super) fn deliveries(context: &AuditContext<'_>, lines: &[Declaratieregel]) -> Made<Frame> {
    let lines = chosen(lines, |r| context.counts_in_leverjaar(r));
    Frame::of(vec![
        small("Maand", lines.iter().map(|r| r.einddatum.maand()).collect()),
        large("Regels", vec![1; lines.len()]),
    ])
}

/// Of these the lines that count, of every year up to the peildatum, with one of these
/// ToewijzingNummers.
pub(super) fn with_number(
    lines: &[Declaratieregel],
    peildatum: Peildatum,
    numbers: &HashSet<usize>,
) -> Made<Frame> {
    let lines = chosen(lines, |r| {
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
        large("Regels", vec![1; lines.len()]),
        large("Bedrag", lines.iter().map(|r| r.ingediend_bedrag.0).collect()),
    ])
}

/// A jeugdige as a number in a frame.
pub(super) fn jeugdige(bsn: Bsn) -> i32 {
    if bsn == Bsn::NONE { NOBODY as i32 } else { bsn.0 as i32 }
}

/// Those of these lines that `keep` wants.
fn chosen(
    lines: &[Declaratieregel],
    keep: impl Fn(&Declaratieregel) -> bool + Sync,
) -> Vec<&Declaratieregel> {
    lines.par_iter().filter(|r| keep(r)).collect()
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
