//! Crediting: which debit line each credit line takes back (specification §2.0, iJw 3.3).

use super::Dossier;
use super::bloom_filter::{BloomFilter, ReferenceHash};
use super::codes::DebetCredit;
use super::declaratieregel::{AanbiederId, CreditState, Declaratieregel, LineId};
use hashbrown::HashMap;
use rayon::prelude::*;

/// An aanbieder and a reference number of its own.
type CreditKey<'t> = (AanbiederId, &'t [u8]);

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
    pub(super) fn crediteer(&mut self, mut credits: Vec<LineId>) {
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
                self.verreken(&credits, &debets)
            })
            .collect();
        for id in credits {
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
        settled.sort_unstable();
        self.settled = settled;
        self.referentiehashes = hashes;
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
    fn verreken(&self, credits: &[LineId], debets: &[LineId]) -> Vec<Settlement> {
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
