//! The productieverantwoording: what an aanbieder delivered to a gemeente in a year, by product, as
//! the live lines say, beside what the aanbieder itself accounted for.
//!
//! Counted are the lines that the rules count: live, of the delivery year, with a period that isn't
//! reversed. A jeugdige is counted once in every row, and once in every total.

mod writing;

pub(crate) use writing::write_report;

use crate::dossier::{
    AanbiederId, Bsn, Cent, Declaratieregel, Eenheid, Gemeente, ProductId, Volume,
};
use crate::toetsing::AuditContext;
use rayon::prelude::*;

/// What one aanbieder delivered to one gemeente.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    pub aanbieder: AanbiederId,
    pub gemeente: Gemeente,
    /// By product, and by unit where one product was declared in several.
    pub producten: Vec<ProductRow>,
    /// All products together.
    pub total: DeliveryCounts,
    /// What the aanbieder accounted for, of the rows that count; `None` without any such row.
    pub verantwoord: Option<Cent>,
}

impl Party {
    /// Declared less accounted for.
    pub(crate) fn difference(&self) -> Option<Cent> {
        self.verantwoord.map(|v| self.total.bedrag - v)
    }
}

/// One product in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProductRow {
    pub product: ProductId,
    pub eenheid: Eenheid,
    pub volume: Volume,
    pub counts: DeliveryCounts,
}

/// What lines come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeliveryCounts {
    /// Different jeugdigen; lines without a Bsn count none.
    pub jeugdigen: u64,
    pub lines: u64,
    pub bedrag: Cent,
}

/// All that is accounted for in a year.
pub(crate) struct Productieverantwoording<'a> {
    pub context: &'a AuditContext<'a>,
    /// By aanbieder and gemeente.
    pub parties: Vec<Party>,
    pub total: DeliveryCounts,
}

/// Line numbers of one aanbieder, gemeente, product and unit follow each other.
type RowKey = (AanbiederId, Gemeente, ProductId, Eenheid);

fn key(r: &Declaratieregel) -> RowKey {
    (r.aanbieder, r.gemeente, r.product, r.eenheid)
}

fn count<'r>(lines: impl Iterator<Item = &'r Declaratieregel>) -> DeliveryCounts {
    let mut counts = DeliveryCounts::default();
    let mut jeugdigen = Vec::new();
    for r in lines {
        counts.lines += 1;
        counts.bedrag += r.ingediend_bedrag;
        if r.bsn != Bsn::NONE {
            jeugdigen.push(r.bsn);
        }
    }
    jeugdigen.sort_unstable();
    jeugdigen.dedup();
    counts.jeugdigen = jeugdigen.len() as u64;
    counts
}

impl<'a> Productieverantwoording<'a> {
    pub(crate) fn make(context: &'a AuditContext<'a>) -> Productieverantwoording<'a> {
        let d = context.dossier;
        let mut lines: Vec<&Declaratieregel> =
            d.lines.par_iter().filter(|r| context.counts_in_leverjaar(r)).collect();
        lines.par_sort_by_key(|r| key(r));
        let total = count(lines.iter().copied());
        let mut parties: Vec<Party> = lines
            .chunk_by(|a, b| (a.aanbieder, a.gemeente) == (b.aanbieder, b.gemeente))
            .map(|of_party| Party {
                aanbieder: of_party[0].aanbieder,
                gemeente: of_party[0].gemeente,
                producten: of_party
                    .chunk_by(|a, b| key(a) == key(b))
                    .map(|of_product| ProductRow {
                        product: of_product[0].product,
                        eenheid: of_product[0].eenheid,
                        volume: Volume(of_product.iter().map(|r| r.geleverd_volume.0).sum()),
                        counts: count(of_product.iter().copied()),
                    })
                    .collect(),
                total: count(of_party.iter().copied()),
                verantwoord: None,
            })
            .collect();
        add_verantwoord(context, &mut parties);
        Productieverantwoording { context, parties, total }
    }

    /// The parties of each aanbieder, in order.
    pub(crate) fn per_aanbieder(&self) -> impl Iterator<Item = &[Party]> {
        self.parties.chunk_by(|a, b| a.aanbieder == b.aanbieder)
    }

    /// What one aanbieder delivered to all gemeenten: a jeugdige counts once.
    pub(crate) fn total_of(&self, aanbieder: AanbiederId) -> DeliveryCounts {
        let c = self.context;
        count(
            c.dossier.lines.iter().filter(|r| r.aanbieder == aanbieder && c.counts_in_leverjaar(r)),
        )
    }
}

/// Adds what aanbieders accounted for; where they accounted and nothing was declared, a party of
/// its own.
fn add_verantwoord(context: &AuditContext<'_>, parties: &mut Vec<Party>) {
    let d = context.dossier;
    if d.productieverantwoording.is_none() {
        return;
    }
    for (i, aanbieder) in d.aanbieders.iter().enumerate() {
        let id = AanbiederId(i as u16);
        for v in d.verantwoording_per_gemeente(aanbieder.agb, context.jaar) {
            let (gemeente, bedrag) = (v.gemeente, v.bedrag());
            match parties.iter_mut().find(|p| (p.aanbieder, p.gemeente) == (id, gemeente)) {
                Some(party) => party.verantwoord = Some(bedrag),
                None => parties.push(Party {
                    aanbieder: id,
                    gemeente,
                    producten: Vec::new(),
                    total: DeliveryCounts::default(),
                    verantwoord: Some(bedrag),
                }),
            }
        }
    }
    parties.sort_by_key(|p| (p.aanbieder, p.gemeente));
}
