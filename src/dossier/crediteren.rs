//! Crediting: which debit line each credit line takes back (specification §2.0, iJw 3.3).

use super::Dossier;
use super::codes::DebetCredit;
use super::declaratieregel::{AanbiederNr, Declaratieregel, RegelNr, Stand};
use super::nummerhash::{Nummerhash, Zeef};
use hashbrown::HashMap;
use rayon::prelude::*;

/// An aanbieder and a reference number of its own.
type Sleutel<'t> = (AanbiederNr, &'t [u8]);

/// Lines that name one reference number: credits as what they take back, debits as their own.
#[derive(Default)]
struct Groep {
    credits: Vec<RegelNr>,
    debets: Vec<RegelNr>,
}

/// A credit line, and the debit line that it took back or what it is without one.
struct Verrekening {
    credit: RegelNr,
    debet: Result<RegelNr, Stand>,
}

impl Dossier {
    /// Sets the [`Stand`] of every line; `credits` are all credit lines.
    ///
    /// Credit lines are taken in order. Each takes the first debit line of its aanbieder and
    /// VorigReferentieNummer that agrees in the key fields and is still free, one with equal period
    /// and volume before another. A credit line that the gemeente refused takes nothing back, and a
    /// debit line that it refused is taken last.
    pub(super) fn crediteer(&mut self, mut credits: Vec<RegelNr>) {
        credits.retain(|&nr| self.regel(nr).stand != Stand::Afgewezen);
        let (mut groepen, hashes) =
            rayon::join(|| self.per_vorige_referentie(&credits), || self.alle_referentiehashes());
        if !groepen.is_empty() {
            // Few lines are credited: of nearly all the hash says so.
            let mut zeef = Zeef::voor(groepen.len());
            for (_, nummer) in groepen.keys() {
                zeef.zet(Nummerhash::van(nummer));
            }
            let genoemd: Vec<RegelNr> = (0..self.regels.len() as u32)
                .into_par_iter()
                .map(RegelNr)
                .filter(|&nr| {
                    zeef.laat_door(hashes[nr.0 as usize]) && {
                        let r = self.regel(nr);
                        r.debet_credit == DebetCredit::Debet
                            && groepen.contains_key(&(r.aanbieder, self.referentie_bytes(r)))
                    }
                })
                .collect();
            for nr in genoemd {
                let r = self.regel(nr);
                let sleutel = (r.aanbieder, self.referentie_bytes(r));
                groepen.get_mut(&sleutel).expect("just looked up").debets.push(nr);
            }
        }
        let uitkomsten: Vec<Verrekening> = groepen
            .into_par_iter()
            .flat_map_iter(|(_, Groep { mut credits, mut debets })| {
                credits.sort_unstable_by(|&a, &b| self.vergelijk(a, b));
                debets.sort_unstable_by(|&a, &b| self.vergelijk(a, b));
                self.verreken(&credits, &debets)
            })
            .collect();
        for nr in credits {
            self.regels[nr.0 as usize].stand = Stand::CreditZonderDebet;
        }
        let mut verrekend = Vec::new();
        for v in uitkomsten {
            self.regels[v.credit.0 as usize].stand = match v.debet {
                Ok(debet) => {
                    self.regels[debet.0 as usize].stand = Stand::Teruggenomen;
                    verrekend.push((v.credit, debet));
                    Stand::Credit
                }
                Err(stand) => stand,
            };
        }
        verrekend.sort_unstable();
        self.verrekend = verrekend;
        self.referentiehashes = hashes;
    }

    /// Credit lines by what they say that they take back.
    fn per_vorige_referentie(&self, credits: &[RegelNr]) -> HashMap<Sleutel<'_>, Groep> {
        let mut groepen: HashMap<Sleutel<'_>, Groep> = HashMap::with_capacity(credits.len());
        for &nr in credits {
            let regel = self.regel(nr);
            let [_, vorig, _] = self.teksten.samen(regel.nummers);
            if !vorig.is_empty() {
                groepen.entry((regel.aanbieder, vorig)).or_default().credits.push(nr);
            }
        }
        groepen
    }

    /// Matches credits and debits of one aanbieder and reference number, both in order.
    fn verreken(&self, credits: &[RegelNr], debets: &[RegelNr]) -> Vec<Verrekening> {
        let mut vrij = vec![true; debets.len()];
        let mut uit = Vec::with_capacity(credits.len());
        for &credit in credits {
            let c = self.regel(credit);
            let passend = |i: &usize| self.gelijke_sleutelvelden(c, self.regel(debets[*i]));
            let kandidaten: Vec<usize> = (0..debets.len()).filter(passend).collect();
            let keus = kandidaten.iter().copied().filter(|&i| vrij[i]).min_by_key(|&i| {
                let d = self.regel(debets[i]);
                (d.stand == Stand::Afgewezen, !zelfde_levering(c, d), i)
            });
            let debet = match keus {
                Some(i) => {
                    vrij[i] = false;
                    Ok(debets[i])
                }
                None if kandidaten.is_empty() => Err(Stand::CreditZonderDebet),
                None => Err(Stand::CreditDubbel),
            };
            uit.push(Verrekening { credit, debet });
        }
        uit
    }

    fn gelijke_sleutelvelden(&self, c: &Declaratieregel, d: &Declaratieregel) -> bool {
        c.bsn == d.bsn
            && c.toewijzing_nummer == d.toewijzing_nummer
            && c.ingediend_bedrag == d.ingediend_bedrag
            && self.product(c.product).code == self.product(d.product).code
    }
}

fn zelfde_levering(c: &Declaratieregel, d: &Declaratieregel) -> bool {
    (c.begindatum, c.einddatum, c.geleverd_volume) == (d.begindatum, d.einddatum, d.geleverd_volume)
}
