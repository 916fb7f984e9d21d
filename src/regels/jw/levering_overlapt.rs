//! JW18: deliveries of one product on one toewijzing that overlap.
//!
//! Equal periods are JW04's. Not at level `contact`, where two contacts may share a day. Needs
//! ToewijzingNummer. Source: iJw TR389, TR321.

use crate::dossier::{Ernst, Gemeente, Kolom, Niveau, Periode, ProductId};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    Check, Line, Outcomes, Reason, Rule, Ruling, ToewijzingGroup, Verdict, needs,
};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    code: "JW18",
    title: "Leveringen overlappen",
    what: "Levende declaratieregels met dezelfde gemeente, toewijzing en hetzelfde product waarvan de perioden elkaar overlappen zonder gelijk te zijn. In volgorde is de latere een onzekerheid. Bij contactregels wordt dit niet getoetst.",
    why: "Dezelfde dagen zijn misschien twee keer gedeclareerd.",
    for_aanbieder: "De periode van de declaratieregel overlapt met die van een andere voor dezelfde hulp.",
    needs: needs!("{}", Declaraties(ToewijzingNummer)),
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

/// Of the lines so far the one that reaches furthest, and that of the others with another period.
#[derive(Default)]
struct Furthest<'a>([Option<Line<'a>>; 2]);

fn period(line: &Line<'_>) -> Option<Periode> {
    Periode::new(line.data.begindatum, line.data.einddatum)
}

impl<'a> Furthest<'a> {
    /// An earlier line that overlaps with this one and has another period.
    fn overlapping(&self, line: &Line<'a>) -> Option<Line<'a>> {
        let reaches = |e: &Line<'a>| e.data.einddatum >= line.data.begindatum;
        let earlier = self.0.iter().flatten().copied();
        earlier.filter(|e| period(e) != period(line)).find(reaches)
    }

    fn add(&mut self, line: Line<'a>) {
        let [first, second] = &mut self.0;
        let further =
            |e: &Option<Line<'a>>| e.is_none_or(|e| line.data.einddatum > e.data.einddatum);
        if further(first) {
            let differs = first.is_some_and(|e| period(&e) != period(&line));
            let former = first.replace(line);
            if differs {
                *second = former;
            }
        } else if first.is_some_and(|e| period(&e) != period(&line)) && further(second) {
            *second = Some(line);
        }
    }
}

fn check(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    if group.context.niveau == Niveau::Contact {
        return;
    }
    let mut per_product: BTreeMap<(Gemeente, ProductId), Furthest<'_>> = BTreeMap::new();
    group.each_line(out, |line| verdict(&mut per_product, line));
}

fn verdict<'a>(
    per_product: &mut BTreeMap<(Gemeente, ProductId), Furthest<'a>>,
    line: &Line<'a>,
) -> Verdict {
    let r = line.data;
    if r.toewijzing_nummer.is_empty() {
        line.kolom(Kolom::ToewijzingNummer)?;
        let free = line.context.is_beschikkingsvrij(r.product);
        return Err(if free { Reason::Beschikkingsvrij } else { Reason::GeenToewijzingNummer });
    }
    let earlier = per_product.entry((r.gemeente, r.product)).or_default();
    let overlapping = earlier.overlapping(line);
    earlier.add(*line);
    let Some(first) = overlapping else { return Ok(Ruling::InOrder) };
    let number = super::masked(line.context.dossier.referentie(first.data));
    line.bevinding(Ernst::Onzekerheid)
        .found(format!(
            "{} t/m {} overlapt met declaratieregel {number} ({} t/m {})",
            r.begindatum, r.einddatum, first.data.begindatum, first.data.einddatum
        ))
        .expected("perioden die elkaar niet overlappen")
        .toelichting("Beoordeel of dezelfde hulp twee keer is gedeclareerd.")
        .into()
}
