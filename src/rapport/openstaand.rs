//! What an earlier run asked back, beside what this one asks: what came back of it, and what is left.

use super::pseudonym::Pseudonyms;
use crate::dossier::{Cent, Eindoordeel, OpenstaandRow};
use crate::terugvordering::{ClaimedLine, Grond, Vordering};
use crate::toetsing::TakenBack;

/// What is known of earlier claims.
pub(super) struct Earlier<'r> {
    /// In their order.
    pub rows: &'r [OpenstaandRow],
    /// Credit lines of their aanbieders.
    pub credits: &'r [TakenBack],
    pub pseudonyms: &'r Pseudonyms,
}

impl Earlier<'_> {
    /// Adds the earlier claims to those of this run, each line once, and lays credit lines on them. Of a
    /// line that this run asks back too, it says how much. `judged` is the verdict that now stands on the
    /// finding with this Id; `line` gives the names of what a row names by code.
    pub(super) fn add_to(
        &self,
        claims: &mut Vec<Vordering>,
        judged: impl Fn(&str) -> Option<Eindoordeel>,
        line: impl Fn(&OpenstaandRow) -> ClaimedLine,
    ) {
        let now = claims.len();
        let mut taken = vec![false; now];
        let mut earlier = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            let line = line(row);
            let same = (0..now).find(|i| !taken[*i] && is_line(row, &line, &claims[*i].line));
            let place = same.unwrap_or_else(|| {
                claims.push(lapsed_or_left(row, line, &judged));
                claims.len() - 1
            });
            if place < now {
                taken[place] = true;
            }
            let claim = &mut claims[place];
            claim.teruggenomen = row.teruggenomen;
            claim.teruggenomen_op =
                row.teruggenomen_op.map(|dag| dag.to_string()).unwrap_or_default();
            claim.creditregels.clone_from(&row.creditregels);
            earlier.push(place);
        }
        let mut credits: Vec<&TakenBack> = self.credits.iter().collect();
        credits.sort_by_key(|c| (c.datum, *c));
        for credit in credits {
            self.lay(credit, claims, &earlier);
        }
    }

    /// Lays a credit line on the one claim that it takes back, if there is one: of several with its
    /// number first one of a line with its amount, and never on one twice.
    fn lay(&self, credit: &TakenBack, claims: &mut [Vordering], earlier: &[usize]) {
        let agb = credit.aanbieder.to_string();
        let of = self.pseudonyms.nummer(&credit.of).to_string();
        let own = self.pseudonyms.nummer(&credit.referentie).to_string();
        let with_number = |i: &&usize| {
            let line = &claims[**i].line;
            line.aanbieder == agb && line.referentienummer == of
        };
        let places: Vec<usize> = earlier.iter().filter(with_number).copied().collect();
        if places.iter().any(|i| claims[*i].creditregels.contains(&own)) {
            return;
        }
        let open = places.into_iter().filter(|i| claims[*i].open() > Cent::ZERO);
        let best = open.min_by_key(|i| claims[*i].line.ingediend_bedrag != credit.bedrag);
        let Some(claim) = best.map(|i| &mut claims[i]) else { return };
        claim.teruggenomen += credit.bedrag.min(claim.open());
        claim.creditregels.push(own);
        if let Some(dag) = credit.datum {
            claim.teruggenomen_op = dag.to_string();
        }
    }
}

/// Is the row about this line? What it leaves out says nothing.
fn is_line(row: &OpenstaandRow, of_row: &ClaimedLine, line: &ClaimedLine) -> bool {
    let same = |a: &str, b: &str| a.is_empty() || a == b;
    of_row.aanbieder == line.aanbieder
        && of_row.referentienummer == line.referentienummer
        && same(&of_row.gemeente, &line.gemeente)
        && same(&of_row.toewijzingnummer, &line.toewijzingnummer)
        && same(&of_row.productcode, &line.productcode)
        && same(&of_row.begindatum, &line.begindatum)
        && same(&of_row.einddatum, &line.einddatum)
        && row.ingediend_bedrag.is_none_or(|bedrag| bedrag == line.ingediend_bedrag)
}

/// A claim that only the earlier run knows. It lapses where people now say something else of every
/// finding that it rests on.
fn lapsed_or_left(
    row: &OpenstaandRow,
    line: ClaimedLine,
    judged: impl Fn(&str) -> Option<Eindoordeel>,
) -> Vordering {
    let otherwise =
        |id: &String| judged(id).is_some_and(|verdict| verdict != Eindoordeel::Terugvorderen);
    let lapsed = !row.bevindingen.is_empty() && row.bevindingen.iter().all(otherwise);
    let grond = |id: &String| Grond {
        id: id.clone(),
        regel: id.split('-').next().unwrap_or_default().to_owned(),
        bedrag: row.bedrag,
        ..Grond::default()
    };
    Vordering {
        line,
        bedrag: if lapsed { Cent::ZERO } else { row.bedrag },
        gronden: row.bevindingen.iter().map(grond).collect(),
        ..Vordering::default()
    }
}
