//! TW26: more than the toewijzing allows in a month, over several lines.
//!
//! Each line fits by itself, but together they don't. Looks at the version in force. Needs Volume,
//! Eenheid and Frequentie of the toewijzing. Source: iJw TR321, TR322.

use super::omvang::{Extent, fits};
use crate::dossier::{Ernst, Periode, Toewijzing, Volume};
use crate::regels::maximum::above;
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Outcomes, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW26",
    title: "Meer dan toegewezen in een maand, over declaratieregels samen",
    what: "Twee of meer declaratieregels op één toewijzing in één maand liggen samen boven wat de toewijzing in hun periodes samen toestaat, terwijl geen van hen dat alleen doet (TW11). Het deel erboven is een onzekerheid, op de laatste in volgorde.",
    why: "Het maximum van een periode geldt voor alles wat erin is geleverd, niet per declaratieregel.",
    for_aanbieder: "De declaratieregels van deze maand zijn samen meer dan de toewijzing in een maand toestaat.",
    needs: needs!(
        "{}; {}, {}, {} en {} van de toewijzing",
        Declaraties(ToewijzingNummer),
        Toewijzingen(Volume, Eenheid, Frequentie, Einddatum)
    ),
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

fn check(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let Some((_, t)) = group.in_leverjaar() else { return };
    let c = group.context;
    let of_jaar = group.lines().filter(|l| c.in_leverjaar(l.data));
    let mut maanden: Vec<(Periode, Vec<Line<'_>>)> = Vec::new();
    for line in of_jaar.filter(|l| !c.is_beschikkingsvrij(l.product_nr())) {
        let maand = line.maand();
        match maanden.iter_mut().find(|(m, _)| *m == maand) {
            Some((_, lines)) => lines.push(line),
            None => maanden.push((maand, vec![line])),
        }
    }
    maanden.retain(|(_, lines)| lines.len() > 1);
    if maanden.is_empty() {
        return;
    }
    let Some(Some(size)) = out.known(Extent::of(c, t)) else { return };
    for (maand, lines) in maanden {
        of_maand(t, &size, maand, &lines, out);
    }
}

/// The lines of one month, in order.
fn of_maand(t: &Toewijzing, size: &Extent, maand: Periode, lines: &[Line<'_>], out: &mut Outcomes) {
    let fitting: Result<Vec<(Line<'_>, Periode)>, _> = lines
        .iter()
        .filter_map(|l| {
            fits(t, l.data).map(|fits| Some((*l, l.data.periode().filter(|_| fits)?))).transpose()
        })
        .collect();
    let Some(fitting) = out.known(fitting).filter(|lines| lines.len() > 1) else { return };
    let caught = |(line, periode): &(Line<'_>, Periode)| {
        size.maximum_in(*periode).map(|maximum| size.volume_of(line.data) > maximum)
    };
    let caught: Result<Vec<bool>, _> = fitting.iter().map(caught).collect();
    let Some(caught) = out.known(caught) else { return };
    if caught.contains(&true) {
        return;
    }
    let union = fitting.iter().map(|(_, periode)| *periode).collect();
    let Some(maximum) = out.known(size.maximum_in_all(union)) else { return };
    out.tested();
    let volumes = fitting.iter().map(|(line, _)| (*line, size.volume_of(line.data).0));
    for part in above(volumes, maximum.0) {
        let words = |v| size.in_words(v, part.line.data);
        out.bevinding(
            part.line
                .bevinding(Ernst::Onzekerheid)
                .bedrag(part.bedrag)
                .found(format!("{} tot en met deze declaratieregel in {maand}", words(Volume(part.sum))))
                .expected(format!("hoogstens {} voor de declaratieregels samen", words(maximum)))
                .toelichting(format!(
                    "Toegewezen: {}. Elke declaratieregel past alleen wel: beoordeel of zij dezelfde levering betreffen.",
                    size.description()
                )),
        );
    }
}
