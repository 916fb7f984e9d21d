//! Crediting: which debit line each credit line takes back (specification §2.0, iJw 3.3).

use super::Dossier;
use super::bloom_filter::{BloomFilter, ReferenceHash};
use super::codes::{Bsn, DebetCredit, Gemeente};
use super::datum::Dag;
use super::declaratieregel::{AanbiederId, CreditState, Declaratieregel, LineId, ProductId};
use super::geld::Cent;
use super::text_arena::WordId;
use hashbrown::HashMap;
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
        let mut free = vec![true; debets.len()];
        let mut out = Vec::with_capacity(credits.len());
        for &credit in credits {
            let c = self.line(credit);
            let fitting = |i: &usize| {
                let d = self.line(debets[*i]);
                d.state != CreditState::Refused && self.equal_key_fields(c, d)
            };
            let candidates: Vec<usize> = (0..debets.len()).filter(fitting).collect();
            let choice = candidates
                .iter()
                .copied()
                .filter(|&i| free[i])
                .min_by_key(|&i| (!same_levering(c, self.line(debets[i])), i));
            let debet = match choice {
                Some(i) => {
                    free[i] = false;
                    Ok(debets[i])
                }
                None if candidates.is_empty() => Err(CreditState::CreditWithoutDebet),
                None => Err(CreditState::CreditTwice),
            };
            out.push(Settlement { credit, debet });
        }
        out
    }

    fn equal_key_fields(&self, c: &Declaratieregel, d: &Declaratieregel) -> bool {
        c.bsn == d.bsn
            && c.toewijzing_nummer == d.toewijzing_nummer
            && c.ingediend_bedrag == d.ingediend_bedrag
            && self.product(c.product).code == self.product(d.product).code
    }
}

fn same_levering(c: &Declaratieregel, d: &Declaratieregel) -> bool {
    (c.begindatum, c.einddatum, c.geleverd_volume) == (d.begindatum, d.einddatum, d.geleverd_volume)
}
