//! ZL03: more than was bought.
//!
//! Trajectories by the running number of jeugdigen (or of pieces), places by the number of jeugdigen
//! in a month, each against what the agreements of which the term holds a day of the line bought
//! together. Source: P5
//! format 10.

use super::{afspraken_with_end, touches};
use crate::dossier::{Afspraak, Afspraaksoort, Bsn, Dag, Eenheid, Ernst, LineId, Volume};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Bevinding, Check, Line, Outcomes, Reason, Rule, needs};
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) static RULE: Rule = Rule {
    code: "ZL03",
    title: "Meer dan ingekocht",
    what: "Per aanbieder, gemeente en productcode wordt in volgorde geteld hoeveel jeugdigen (of stuks, elk apart) er zijn op declaratieregels met een dag binnen de looptijd van een afspraak. De aantallen van alle afspraken waarvan de looptijd een dag van de declaratieregel bevat, tellen samen. Bij trajecten is elke declaratieregel van een jeugdige of stuk boven het ingekochte aantal een fout; bij plaatsen die van een jeugdige boven het aantal in die maand een onzekerheid.",
    why: "De gemeente betaalt het aantal dat zij heeft ingekocht.",
    for_aanbieder: "Er is meer gedeclareerd dan de gemeente heeft ingekocht.",
    needs: needs!("{}; {} of een volume in stuks", Afspraken(), Declaraties(Bsn)).and_volume(),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let mut per_key: BTreeMap<_, Vec<LineId>> = BTreeMap::new();
    for l in group.lines().filter(|l| l.data.counts()) {
        if c.is_beschikkingsvrij(l.data.product) {
            let key = (l.data.gemeente, l.product.code.as_str());
            per_key.entry(key).or_default().push(l.id());
        }
    }
    for mut ids in per_key.into_values() {
        ids.sort_unstable_by(|a, b| c.dossier.compare(*a, *b));
        let lines: Vec<Line<'_>> = ids.iter().map(|id| c.line(*id)).collect();
        let Some(first) = lines.first() else { continue };
        // They share aanbieder, gemeente and product, and so their agreements.
        match afspraken_with_end(first) {
            Ok(afspraken) => {
                let afspraken = afspraken.unwrap_or_default();
                for kind in [Afspraaksoort::Trajecten, Afspraaksoort::Plaatsen] {
                    let of_kind = afspraken.iter().copied().filter(|a| a.soort == kind);
                    check_kind(&lines, kind, &of_kind.collect::<Vec<_>>(), out);
                }
            }
            Err(reason) => {
                let in_year = lines.iter().filter(|l| c.in_leverjaar(l.data));
                in_year.for_each(|_| out.not_testable(reason));
            }
        }
    }
}

/// Sets lines, in order, against what the agreements of one kind bought.
fn check_kind(lines: &[Line<'_>], kind: Afspraaksoort, all: &[&Afspraak], out: &mut Outcomes) {
    // Of each line the agreements of which the term holds a day of it: lines with the same ones are
    // set against the same number.
    let own = |line: &Line<'_>| -> Vec<usize> {
        (0..all.len()).filter(|i| touches(all[*i], line)).collect()
    };
    let of_lines: Vec<Vec<usize>> = lines.iter().map(own).collect();
    let sets: BTreeSet<&Vec<usize>> = of_lines.iter().filter(|own| !own.is_empty()).collect();
    for set in sets {
        let ingekocht = Volume(set.iter().map(|i| all[*i].aantal.0).sum());
        let mut counter = Counter::default();
        for (line, own) in lines.iter().zip(&of_lines) {
            if !own.iter().any(|i| set.contains(i)) {
                continue;
            }
            // Places are counted by who is in them, whatever the unit.
            let in_stuks = kind == Afspraaksoort::Trajecten && is_in_stuks(line);
            let counted = counter.count(line, kind, in_stuks);
            if own != set || !line.context.in_leverjaar(line.data) {
                continue;
            }
            match counted {
                None => out.not_testable(Reason::GeenBsn),
                Some(counted) => {
                    out.tested();
                    if counted > ingekocht {
                        out.bevinding(too_many(line, kind, in_stuks, counted, ingekocht));
                    }
                }
            }
        }
    }
}

/// What was delivered so far.
#[derive(Default)]
struct Counter {
    stuks: i64,
    /// The rank of each jeugdige; of places in a month, so by its first day.
    ranks: HashMap<Option<Dag>, HashMap<Bsn, usize>>,
}

impl Counter {
    /// Counts a line: the pieces so far, or the rank of its jeugdige. `None` where it names none.
    fn count(&mut self, line: &Line<'_>, kind: Afspraaksoort, in_stuks: bool) -> Option<Volume> {
        if in_stuks {
            self.stuks += line.data.geleverd_volume.0;
            return Some(Volume(self.stuks));
        }
        if line.data.bsn == Bsn::NONE {
            return None;
        }
        let maand = (kind == Afspraaksoort::Plaatsen).then(|| line.maand().begin());
        let ranks = self.ranks.entry(maand).or_default();
        let next = ranks.len() + 1;
        Some(Volume::whole(*ranks.entry(line.data.bsn).or_insert(next) as i64))
    }
}

fn too_many(
    line: &Line<'_>,
    kind: Afspraaksoort,
    in_stuks: bool,
    counted: Volume,
    ingekocht: Volume,
) -> Bevinding {
    let (ernst, what) = match kind {
        Afspraaksoort::Trajecten => (Ernst::Fout, "trajecten"),
        Afspraaksoort::Plaatsen => (Ernst::Onzekerheid, "plaatsen"),
    };
    let counter = if in_stuks { "stuks" } else { "jeugdigen" };
    let b = line
        .bevinding(ernst)
        .found(match kind {
            Afspraaksoort::Trajecten => format!("{counted} {counter} tot en met deze"),
            Afspraaksoort::Plaatsen => format!("{counted} {counter} in {}", line.maand()),
        })
        .expected(format!("hoogstens {ingekocht} ingekochte {what}"));
    match kind {
        Afspraaksoort::Trajecten => b,
        Afspraaksoort::Plaatsen => b.toelichting(
            "Beoordeel of plaatsen in deze maand na elkaar door meer jeugdigen zijn gebruikt.",
        ),
    }
}

fn is_in_stuks(line: &Line<'_>) -> bool {
    matches!(line.data.eenheid, Eenheid::STUKS_OUTPUT | Eenheid::STUKS_INSPANNING)
}
