//! Crediting: which debit line each credit line takes back (specification §2.0, iJw 3.3).

use super::Dossier;
use super::bloom_filter::{BloomFilter, ReferenceHash};
use super::codes::{Bsn, DebetCredit, Gemeente};
use super::datum::Dag;
use super::declaratieregel::{AanbiederId, CreditState, Declaratieregel, LineId, ProductId};
use super::geld::{Cent, Volume};
use super::text_arena::WordId;
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

/// An aanbieder and a reference number of its own.
type CreditKey<'t> = (AanbiederId, &'t [u8]);

/// All in which a credit line without VorigReferentieNummer equals the debit line that it takes back.
#[derive(PartialEq, Eq, Hash)]
struct EqualKey {
    whose: (AanbiederId, Gemeente, Bsn, WordId),
    product: ProductId,
    periode: (Dag, Dag),
    volume: i64,
    bedrag: Cent,
}

impl EqualKey {
    /// `first_of_code`: of each product the first with its code.
    fn of(first_of_code: &[ProductId], r: &Declaratieregel) -> EqualKey {
        EqualKey {
            whose: (r.aanbieder, r.gemeente, r.bsn, r.toewijzing_nummer),
            product: first_of_code[usize::from(r.product.0)],
            periode: (r.begindatum, r.einddatum),
            volume: r.geleverd_volume.0,
            bedrag: r.ingediend_bedrag,
        }
    }
}

/// Lines that name one reference number: credits as what they take back, debits as their own.
#[derive(Default)]
struct CreditGroup {
    credits: Vec<LineId>,
    debets: Vec<LineId>,
}

/// A credit line, and the debit line that it took back or what it is without one.
struct Settlement {
    credit: LineId,
    debet: Result<LineId, CreditState>,
}

impl Dossier {
    /// Sets the [`CreditState`] of every line; `credits` are all credit lines.
    ///
    /// Credit lines are taken in order. Each takes the first debit line of its aanbieder and
    /// VorigReferentieNummer that agrees in the key fields and is still free, one with equal period
    /// and volume before another. What the gemeente refused stays so: such a credit line takes nothing
    /// back, such a debit line isn't taken back.
    pub(super) fn credit(&mut self, mut credits: Vec<LineId>) {
        credits.retain(|&id| self.line(id).state != CreditState::Refused);
        let (mut groups, hashes) =
            rayon::join(|| self.per_previous_referentie(&credits), || self.all_referentiehashes());
        if !groups.is_empty() {
            // Few lines are credited: of nearly all the hash says so.
            let mut filter = BloomFilter::with_capacity(groups.len());
            for (_, nummer) in groups.keys() {
                filter.set(ReferenceHash::of(nummer));
            }
            let named: Vec<LineId> = (0..self.lines.len() as u32)
                .into_par_iter()
                .map(LineId)
                .filter(|&id| {
                    filter.let_through(hashes[id.0 as usize]) && {
                        let r = self.line(id);
                        r.debet_credit == DebetCredit::Debet
                            && groups.contains_key(&(r.aanbieder, self.referentie_bytes(r)))
                    }
                })
                .collect();
            for id in named {
                let r = self.line(id);
                let key = (r.aanbieder, self.referentie_bytes(r));
                groups.get_mut(&key).expect("just looked up").debets.push(id);
            }
        }
        let outcomes: Vec<Settlement> = groups
            .into_par_iter()
            .flat_map_iter(|(_, CreditGroup { mut credits, mut debets })| {
                credits.sort_unstable_by(|&a, &b| self.compare(a, b));
                debets.sort_unstable_by(|&a, &b| self.compare(a, b));
                self.settle(&credits, &debets)
            })
            .collect();
        for &id in &credits {
            self.lines[id.0 as usize].state = CreditState::CreditWithoutDebet;
        }
        let mut settled = Vec::new();
        for v in outcomes {
            self.lines[v.credit.0 as usize].state = match v.debet {
                Ok(debet) => {
                    self.lines[debet.0 as usize].state = CreditState::Withdrawn;
                    settled.push((v.credit, debet));
                    CreditState::Credit
                }
                Err(state) => state,
            };
        }
        settled.extend(self.match_equal(&credits));
        settled.sort_unstable();
        self.settled = settled;
        self.referentiehashes = hashes;
    }

    /// Has each of these credit lines that names no VorigReferentieNummer take back the first live
    /// debit line that equals it. They come after all others. Gives each with its debit line.
    fn match_equal(&mut self, credits: &[LineId]) -> Vec<(LineId, LineId)> {
        // Products are told apart by their code alone.
        let mut first_of_code: Vec<ProductId> = Vec::with_capacity(self.producten.len());
        let mut codes: HashMap<&str, ProductId> = HashMap::new();
        for (place, product) in (0_u16..).zip(&self.producten) {
            first_of_code.push(*codes.entry(&product.code).or_insert(ProductId(place)));
        }
        let mut groups: HashMap<EqualKey, CreditGroup> = HashMap::new();
        for &id in credits {
            let [_, previous, _] = self.texts.get_together(self.line(id).ids);
            if previous.is_empty() {
                groups
                    .entry(EqualKey::of(&first_of_code, self.line(id)))
                    .or_default()
                    .credits
                    .push(id);
            }
        }
        if groups.is_empty() {
            return Vec::new();
        }
        let equal: Vec<(EqualKey, LineId)> = (0..self.lines.len() as u32)
            .into_par_iter()
            .map(LineId)
            .filter(|&id| {
                let r = self.line(id);
                r.debet_credit == DebetCredit::Debet && r.state == CreditState::Live
            })
            .map(|id| (EqualKey::of(&first_of_code, self.line(id)), id))
            .filter(|(key, _)| groups.contains_key(key))
            .collect();
        for (key, id) in equal {
            groups.entry(key).or_default().debets.push(id);
        }
        let mut matched = Vec::new();
        for CreditGroup { mut credits, mut debets } in groups.into_values() {
            credits.sort_unstable_by(|&a, &b| self.compare(a, b));
            debets.sort_unstable_by(|&a, &b| self.compare(a, b));
            matched.extend(credits.into_iter().zip(debets));
        }
        for &(credit, debet) in &matched {
            self.lines[credit.0 as usize].state = CreditState::CreditMatched;
            self.lines[debet.0 as usize].state = CreditState::Withdrawn;
        }
        matched
    }

    /// Credit lines by what they say that they take back.
    fn per_previous_referentie(&self, credits: &[LineId]) -> HashMap<CreditKey<'_>, CreditGroup> {
        let mut groups: HashMap<CreditKey<'_>, CreditGroup> = HashMap::with_capacity(credits.len());
        for &id in credits {
            let line = self.line(id);
            let [_, previous, _] = self.texts.get_together(line.ids);
            if !previous.is_empty() {
                groups.entry((line.aanbieder, previous)).or_default().credits.push(id);
            }
        }
        groups
    }

    /// Matches credits and debits of one aanbieder and reference number, both in order.
    fn settle(&self, credits: &[LineId], debets: &[LineId]) -> Vec<Settlement> {
        let mut fitting: HashMap<KeyFields<'_>, Fitting> = HashMap::new();
        for &id in debets.iter().filter(|id| self.line(**id).state != CreditState::Refused) {
            let d = self.line(id);
            let of_key = fitting.entry(self.key_fields(d)).or_default();
            of_key.all.push(id);
            of_key.per_levering.entry(levering(d)).or_default().push(id);
        }
        let mut taken: HashSet<LineId> = HashSet::new();
        let settled = credits.iter().map(|&credit| {
            let c = self.line(credit);
            let Some(Fitting { all, per_levering }) = fitting.get_mut(&self.key_fields(c)) else {
                return Settlement { credit, debet: Err(CreditState::CreditWithoutDebet) };
            };
            let same = per_levering.get_mut(&levering(c)).and_then(|same| same.first_free(&taken));
            let debet = same.or_else(|| all.first_free(&taken)).ok_or(CreditState::CreditTwice);
            taken.extend(debet.as_ref().ok());
            Settlement { credit, debet }
        });
        settled.collect()
    }

    fn key_fields(&self, r: &Declaratieregel) -> KeyFields<'_> {
        KeyFields {
            bsn: r.bsn,
            toewijzing: r.toewijzing_nummer,
            bedrag: r.ingediend_bedrag,
            code: &self.product(r.product).code,
        }
    }
}

/// In what a credit line agrees with the debit line of its reference number.
#[derive(PartialEq, Eq, Hash)]
struct KeyFields<'d> {
    bsn: Bsn,
    toewijzing: WordId,
    bedrag: Cent,
    code: &'d str,
}

/// Debit lines that agree in the key fields.
#[derive(Default)]
struct Fitting {
    all: Queue,
    /// Those of one period and volume, which go before the others.
    per_levering: HashMap<(Dag, Dag, Volume), Queue>,
}

/// Debit lines in order, of which those in front may be taken.
#[derive(Default)]
struct Queue {
    lines: Vec<LineId>,
    /// Lines before this place are taken.
    from: usize,
}

impl Queue {
    fn push(&mut self, id: LineId) {
        self.lines.push(id);
    }

    fn first_free(&mut self, taken: &HashSet<LineId>) -> Option<LineId> {
        self.from += self.lines[self.from..].iter().take_while(|id| taken.contains(*id)).count();
        self.lines.get(self.from).copied()
    }
}

fn levering(r: &Declaratieregel) -> (Dag, Dag, Volume) {
    (r.begindatum, r.einddatum, r.geleverd_volume)
}
