//! ZL03: more than was bought.
//!
//! Trajectories by the running number of jeugdigen (or of pieces), places by the number of jeugdigen
//! in a month, each against what the agreements of which the term holds a day of the line bought
//! together. Source: P5
//! format 10.

use super::{afspraken_with_end, touches};
use crate::dossier::{Afspraak, AppointmentKind, Bsn, Eenheid, Ernst, LineId, Volume};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Line, Outcomes, Reason, Rule};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    code: "ZL03",
    title: "Meer dan ingekocht",
    what: "Per aanbieder, gemeente en productcode wordt in volgorde geteld hoeveel jeugdigen (of stuks, elk apart) er zijn op regels met een dag binnen de looptijd van een afspraak. De aantallen van alle afspraken waarvan de looptijd een dag van de regel bevat, tellen samen. Bij trajecten is elke regel van een jeugdige of stuk boven het ingekochte aantal een fout; bij plaatsen elke regel van een jeugdige boven het aantal in die maand een onzekerheid.",
    why: "De gemeente betaalt het aantal dat zij heeft ingekocht.",
    needs: "afspraken; Bsn of een volume in stuks",
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
    for mut lines in per_key.into_values() {
        lines.sort_unstable_by(|a, b| c.dossier.compare(*a, *b));
        let lijnen: Vec<Line<'_>> = lines.iter().map(|id| c.line(*id)).collect();
        for (i, line) in lijnen.iter().enumerate() {
            if !c.in_leverjaar(line.data) {
                continue;
            }
            let afspraken = match afspraken_with_end(line) {
                Ok(afspraken) => afspraken.unwrap_or_default(),
                Err(reason) => {
                    out.not_testable(reason);
                    continue;
                }
            };
            for kind in [AppointmentKind::Trajecten, AppointmentKind::Plaatsen] {
                let touching: Vec<&Afspraak> = afspraken
                    .iter()
                    .copied()
                    .filter(|a| a.soort == kind && touches(a, line))
                    .collect();
                if !touching.is_empty() {
                    check_line(&lijnen, i, kind, &touching, out);
                }
            }
        }
    }
}

/// Sets line `i` against what these agreements, of which each holds a day of it, bought together.
fn check_line(
    lines: &[Line<'_>],
    i: usize,
    kind: AppointmentKind,
    touching: &[&Afspraak],
    out: &mut Outcomes,
) {
    let line = &lines[i];
    // Places are counted by who is in them, whatever the unit.
    let in_stuks = kind == AppointmentKind::Trajecten && is_in_stuks(line);
    if line.data.bsn == Bsn::NONE && !in_stuks {
        return out.not_testable(Reason::GeenBsn);
    }
    out.tested();
    let counts = |l: &&Line<'_>| {
        touching.iter().any(|a| touches(a, l))
            && (kind == AppointmentKind::Trajecten || l.maand() == line.maand())
    };
    let through = lines[..=i].iter().filter(counts);
    let counted = match (kind, in_stuks) {
        (AppointmentKind::Trajecten, true) => stuks(through.filter(|l| is_in_stuks(l))),
        (AppointmentKind::Trajecten, false) => rank(through.filter(|l| !is_in_stuks(l)), line),
        (AppointmentKind::Plaatsen, _) => rank(through, line),
    };
    let ingekocht = Volume(touching.iter().map(|a| a.aantal.0).sum());
    if counted <= ingekocht {
        return;
    }
    let (ernst, what) = match kind {
        AppointmentKind::Trajecten => (Ernst::Fout, "trajecten"),
        AppointmentKind::Plaatsen => (Ernst::Onzekerheid, "plaatsen"),
    };
    let counter = if in_stuks { "stuks" } else { "jeugdigen" };
    let mut b = line
        .bevinding(ernst)
        .found(match kind {
            AppointmentKind::Trajecten => format!("{counted} {counter} tot en met deze"),
            AppointmentKind::Plaatsen => format!("{counted} {counter} in {}", line.maand()),
        })
        .expected(format!("hoogstens {ingekocht} ingekochte {what}"));
    if kind == AppointmentKind::Plaatsen {
        b = b.toelichting(
            "Beoordeel of plaatsen in deze maand na elkaar door meer jeugdigen zijn gebruikt.",
        );
    }
    out.bevinding(b);
}

fn is_in_stuks(line: &Line<'_>) -> bool {
    matches!(line.data.eenheid, Eenheid::STUKS_OUTPUT | Eenheid::STUKS_INSPANNING)
}

/// The pieces on these lines.
fn stuks<'l, 'a: 'l>(lines: impl Iterator<Item = &'l Line<'a>>) -> Volume {
    Volume(lines.map(|l| l.data.geleverd_volume.0).sum())
}

/// The rank of the line's jeugdige among those on these lines, in order.
fn rank<'l, 'a: 'l>(lines: impl Iterator<Item = &'l Line<'a>>, line: &Line<'_>) -> Volume {
    let mut seen: Vec<Bsn> = Vec::new();
    for bsn in lines.map(|l| l.data.bsn).filter(|bsn| *bsn != Bsn::NONE) {
        if !seen.contains(&bsn) {
            seen.push(bsn);
        }
    }
    let rang = seen.iter().position(|b| *b == line.data.bsn).map_or(0, |p| p + 1);
    Volume::whole(rang as i64)
}
