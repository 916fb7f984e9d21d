//! What the lines of a dossier come to, findings or not. Figures of parts add up to those of the
//! whole.

use super::context::AuditContext;
use super::input_counts::{InputCounts, RunningCounts};
use super::steps::{LineClass, StepCounts, TESTED, count};
use crate::dossier::{
    AanbiederId, Agb, Cent, CreditState, Dag, Declaratieregel, Dossier, FaultCounts, FileKind,
    Gemeente, LineId, ProductId,
};
use hashbrown::HashSet;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a gemeente got of one product of one aanbieder in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub gemeente: Gemeente,
    pub aanbieder: Agb,
    pub product: ProductId,
    /// First day of the month of the Einddatum.
    pub maand: Dag,
}

impl Delivery {
    pub(crate) fn of(context: &AuditContext<'_>, r: &Declaratieregel) -> Delivery {
        Delivery {
            gemeente: r.gemeente,
            aanbieder: context.agb(r.aanbieder),
            product: r.product,
            maand: r.einddatum.maandbegin(),
        }
    }
}

/// A credit line that may take back what was asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct TakenBack {
    pub aanbieder: Agb,
    /// ReferentieNummer of the line that it takes back.
    pub of: String,
    /// Its own.
    pub referentie: String,
    pub bedrag: Cent,
    /// When it came in, or else was dated.
    pub datum: Option<Dag>,
}

impl TakenBack {
    /// Those of the aanbieders that `openstaand` names, and all that took nothing back.
    fn all(context: &AuditContext<'_>) -> Vec<TakenBack> {
        let d = context.dossier;
        let claims = d.openstaand.iter().flatten();
        let asked: HashSet<AanbiederId> =
            claims.filter_map(|row| d.aanbieder_nr(row.aanbieder)).collect();
        let of = |id: LineId| {
            let r = d.line(id);
            match r.state {
                CreditState::CreditWithoutDebet => {}
                CreditState::Credit | CreditState::CreditMatched | CreditState::CreditTwice
                    if asked.contains(&r.aanbieder) => {}
                _ => return None,
            }
            let of = match d.previous_referentie(r) {
                "" => d.referentie(d.line(d.withdrawn_by(id)?)),
                named => named,
            };
            Some(TakenBack {
                aanbieder: context.agb(r.aanbieder),
                of: of.to_owned(),
                referentie: d.referentie(r).to_owned(),
                bedrag: r.ingediend_bedrag,
                datum: r.ontvangstdatum.or_else(|| r.declaratie_dagtekening()),
            })
        };
        d.line_numbers().filter_map(of).collect()
    }
}

/// Counts and sums of lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineStatistics {
    /// Lines that count in the audited year: how many and how much.
    pub(crate) per_aanbieder: BTreeMap<Agb, (u64, Cent)>,
    pub(crate) per_gemeente: BTreeMap<Gemeente, (u64, Cent)>,
    /// The same by what each gemeente is charged for; only under a ruleset that charges on.
    #[serde(with = "als_paren")]
    pub(crate) per_afname: BTreeMap<Delivery, (u64, Cent)>,
    pub(crate) aansluiting: StepCounts,
    /// The same by the gemeente of the lines.
    pub(crate) aansluiting_per_gemeente: BTreeMap<Gemeente, StepCounts>,
    pub(crate) input: InputCounts,
    /// Starts and stops that are wrong.
    pub(crate) startstop_faults: FaultCounts,
    /// Credit lines that may be on a line of which something was or is asked back.
    pub(crate) credits: Vec<TakenBack>,
    /// First and last Einddatum of all lines.
    einddatums: Option<(Dag, Dag)>,
    /// Is any line, live or not, of the audited year?
    heeft_leverjaar: bool,
}

/// A map whose keys are no texts, as a list of pairs: what another process counted comes as JSON.
mod als_paren {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        pairs: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(pairs)
    }

    pub(crate) fn deserialize<'the, K, V, D>(of: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Ord + Deserialize<'the>,
        V: Deserialize<'the>,
        D: Deserializer<'the>,
    {
        Vec::<(K, V)>::deserialize(of).map(BTreeMap::from_iter)
    }
}

/// A gemeente code has four digits.
const GEMEENTECODES: usize = 10_000;

const NO_LINES: PerClass = [(0, Cent::ZERO); LineClass::COUNT];

/// Lines that are put side by side in one task.
const PER_TASK: usize = 1 << 16;

/// Lines and amounts of every kind of line.
type PerClass = [(u64, Cent); LineClass::COUNT];

/// Figures of some lines, with a place for every aanbieder and gemeente and for every kind of line.
struct RunningTotals {
    per_aanbieder: Vec<(u64, Cent)>,
    /// By kind of line; none of a gemeente without lines.
    per_gemeente: Vec<Option<Box<PerClass>>>,
    counts: LineStatistics,
    input: RunningCounts,
}

impl RunningTotals {
    fn empty(context: &AuditContext<'_>) -> RunningTotals {
        let d = context.dossier;
        RunningTotals {
            input: RunningCounts::empty(context),
            per_aanbieder: vec![(0, Cent::ZERO); d.aanbieders.len()],
            per_gemeente: vec![None; GEMEENTECODES],
            counts: LineStatistics::default(),
        }
    }

    fn push(&mut self, context: &AuditContext<'_>, r: &Declaratieregel) {
        let class = LineClass::of(context, r);
        let added = (1, r.ingediend_bedrag);
        let of_gemeente = &mut self.per_gemeente[r.gemeente.0 as usize];
        let of_gemeente = of_gemeente.get_or_insert_with(|| Box::new(NO_LINES));
        count(&mut of_gemeente[class.place()], added);
        self.counts.record_einddatum((r.einddatum, r.einddatum));
        self.input.push(context, r, class.counts_in_leverjaar());
        if class.counts_in_leverjaar() {
            count(&mut self.per_aanbieder[r.aanbieder.0 as usize], added);
            if context.regelset.doorbelasting {
                let key = Delivery::of(context, r);
                count(self.counts.per_afname.entry(key).or_default(), added);
            }
        }
    }

    fn merge(&mut self, other: RunningTotals) {
        fn together(whole: &mut [(u64, Cent)], part: &[(u64, Cent)]) {
            whole.iter_mut().zip(part).for_each(|(slot, added)| count(slot, *added));
        }
        together(&mut self.per_aanbieder, &other.per_aanbieder);
        for (whole, part) in self.per_gemeente.iter_mut().zip(other.per_gemeente) {
            if let Some(part) = part {
                let whole = whole.get_or_insert_with(|| Box::new(NO_LINES));
                together(&mut whole[..], &part[..]);
            }
        }
        self.counts.merge(other.counts);
        self.input.merge(other.input);
    }
}

impl LineStatistics {
    /// Of the starts and stops of a dossier or of a part of it.
    pub(crate) fn of_startstop(dossier: &Dossier) -> LineStatistics {
        let startstop_faults = dossier.startstop_faults();
        LineStatistics { startstop_faults, ..LineStatistics::default() }
    }

    /// Of all lines of a dossier or of a part of it.
    pub(crate) fn of(context: &AuditContext<'_>) -> LineStatistics {
        let d = context.dossier;
        let state = d
            .lines
            .par_chunks(PER_TASK)
            .fold(
                || None,
                |state: Option<RunningTotals>, lines| {
                    let mut state = state.unwrap_or_else(|| RunningTotals::empty(context));
                    lines.iter().for_each(|r| state.push(context, r));
                    Some(state)
                },
            )
            .flatten()
            .reduce_with(|mut state, other| {
                state.merge(other);
                state
            });
        let Some(state) = state else { return LineStatistics::default() };
        let filled = |(_, (count, _)): &(_, (u64, Cent))| *count > 0;
        let mut counts = state.counts;
        counts.input = state.input.finish(d);
        counts.credits = TakenBack::all(context);
        let of_gemeenten = (0_u16..).map(Gemeente).zip(state.per_gemeente);
        for (gemeente, of) in of_gemeenten.filter_map(|(gemeente, of)| Some((gemeente, of?))) {
            let mut steps = StepCounts::default();
            for (class, sum) in LineClass::all().zip(*of).filter(|(_, (count, _))| *count > 0) {
                steps.count(class, sum);
                counts.heeft_leverjaar |= class.in_leverjaar;
            }
            counts.aansluiting.merge(&steps);
            let tested = steps.of(TESTED);
            if tested.0 > 0 {
                counts.per_gemeente.insert(gemeente, tested);
            }
            counts.aansluiting_per_gemeente.insert(gemeente, steps);
        }
        counts.per_aanbieder =
            d.aanbieders.iter().map(|a| a.agb).zip(state.per_aanbieder).filter(filled).collect();
        counts
    }

    /// Adds those of another part.
    pub(crate) fn merge(&mut self, other: LineStatistics) {
        fn together<K: Ord>(whole: &mut BTreeMap<K, (u64, Cent)>, part: BTreeMap<K, (u64, Cent)>) {
            part.into_iter().for_each(|(k, added)| count(whole.entry(k).or_default(), added));
        }
        together(&mut self.per_aanbieder, other.per_aanbieder);
        together(&mut self.per_gemeente, other.per_gemeente);
        together(&mut self.per_afname, other.per_afname);
        self.aansluiting.merge(&other.aansluiting);
        for (gemeente, steps) in &other.aansluiting_per_gemeente {
            self.aansluiting_per_gemeente.entry(*gemeente).or_default().merge(steps);
        }
        self.startstop_faults.merge(&other.startstop_faults);
        self.input.merge(other.input);
        self.credits.extend(other.credits);
        self.heeft_leverjaar |= other.heeft_leverjaar;
        if let Some(einddatums) = other.einddatums {
            self.record_einddatum(einddatums);
        }
    }

    fn record_einddatum(&mut self, (of, until): (Dag, Dag)) {
        let (first, last) = self.einddatums.unwrap_or((of, until));
        self.einddatums = Some((first.min(of), last.max(until)));
    }

    /// A warning when no line at all is of the audited year: "no findings" would then say nothing.
    pub(crate) fn empty_jaar(&self, jaar: i32) -> Option<String> {
        let (first, last) = self.einddatums.filter(|_| !self.heeft_leverjaar)?;
        Some(format!(
            "er is geen enkele declaratieregel van {jaar}: zij eindigen tussen {first} en {last}. Er is dus niets getoetst"
        ))
    }

    /// A warning when there are files of toewijzingen and no row in any of them: all lines are faulted
    /// for want of one, and that says nothing of those who declared them.
    pub(crate) fn empty_toewijzingen(&self, dossier: &Dossier) -> Option<String> {
        let mut files =
            dossier.files.iter().filter(|b| b.soort == FileKind::Toewijzingen).peekable();
        let is_empty = files.peek().is_some() && files.all(|b| b.aanvaard == 0);
        (self.heeft_leverjaar && is_empty).then(|| {
            "er is geen enkele toewijzing gelezen: daardoor heeft geen declaratieregel een toewijzing. Kijk eerst of de export van de toewijzingen klopt".to_owned()
        })
    }
}
