//! What an earlier run asked back, beside what this one asks: what came back of it, and what is left.

use super::pseudonym::Pseudonyms;
use crate::dossier::{Cent, Eindoordeel, OpenstaandRow};
use crate::terugvordering::{ClaimedLine, Grond, Vordering};
use crate::toetsing::TakenBack;
use hashbrown::HashMap;

/// What is known of earlier claims.
pub(super) struct Earlier<'r> {
    /// In their order.
    pub rows: &'r [OpenstaandRow],
    /// Credit lines that may be on a line of which something is asked back.
    pub credits: &'r [TakenBack],
    pub pseudonyms: &'r Pseudonyms,
}

/// An aanbieder and a ReferentieNummer of its own, as they are shown.
type NumberKey = (String, String);

fn key(line: &ClaimedLine) -> NumberKey {
    (line.aanbieder.clone(), line.referentienummer.clone())
}

/// Places of claims, by the number of their lines.
type Places = HashMap<NumberKey, Vec<usize>>;

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
        let (mut new, mut earlier) = (Places::new(), Places::new());
        for (place, claim) in claims.iter().enumerate() {
            new.entry(key(&claim.line)).or_default().push(place);
        }
        for row in self.rows {
            let line = line(row);
            let key = key(&line);
            let of_number = new.entry(key.clone()).or_default();
            let same = of_number.iter().position(|i| is_line(row, &line, &claims[*i].line));
            let place = match same {
                Some(i) => of_number.remove(i),
                None => {
                    claims.push(lapsed_or_left(row, line, &judged));
                    claims.len() - 1
                }
            };
            let claim = &mut claims[place];
            claim.teruggenomen = row.teruggenomen;
            claim.teruggenomen_op =
                row.teruggenomen_op.map(|dag| dag.to_string()).unwrap_or_default();
            claim.creditregels.clone_from(&row.creditregels);
            earlier.entry(key).or_default().push(place);
        }
        let mut credits: Vec<&TakenBack> = self.credits.iter().collect();
        credits.sort_by_key(|c| (c.datum, *c));
        for credit in credits {
            let shown = |text| self.pseudonyms.replace_in(text).to_string();
            let (key, own) =
                ((credit.aanbieder.to_string(), shown(&credit.of)), shown(&credit.referentie));
            // What was there when a claim was made is no answer to it, in a later run neither.
            for place in new.get(&key).into_iter().flatten() {
                claims[*place].creditregels.push(own.clone());
            }
            if let Some(places) = earlier.get(&key) {
                lay(credit, own, claims, places);
            }
        }
    }
}

/// Lays a credit line on the one of these claims that it takes back, if there is one: first one of a line
/// with its amount, and never on one twice.
fn lay(credit: &TakenBack, own: String, claims: &mut [Vordering], places: &[usize]) {
    if places.iter().any(|i| claims[*i].creditregels.contains(&own)) {
        return;
    }
    let open = places.iter().copied().filter(|i| claims[*i].open() > Cent::ZERO);
    let best = open.min_by_key(|i| claims[*i].line.ingediend_bedrag != credit.bedrag);
    let Some(claim) = best.map(|i| &mut claims[i]) else { return };
    claim.teruggenomen += credit.bedrag.min(claim.open());
    claim.creditregels.push(own);
    if let Some(dag) = credit.datum {
        claim.teruggenomen_op = dag.to_string();
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
