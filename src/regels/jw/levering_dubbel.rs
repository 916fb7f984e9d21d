//! JW04: the same delivery declared twice.
//!
//! Live lines with equal gemeente, toewijzing, product and period; the first in order is the
//! original. At level `contact` also equal volume, amount, Functie and Hulpverlener. Needs
//! ToewijzingNummer. Source: iJw TR389.

use crate::dossier::{Cent, Dag, Ernst, Gemeente, Kolom, Niveau, ProductId, Volume, WordId};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Outcomes, Reason, Rule, Ruling, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "JW04",
    title: "Dezelfde levering dubbel gedeclareerd",
    what: "Levende declaratieregels met dezelfde gemeente, toewijzing, hetzelfde product en dezelfde periode. In volgorde is de eerste de oorspronkelijke; elke volgende is een fout. Bij contactregels moeten ook volume, bedrag, functie en hulpverlener gelijk zijn.",
    why: "Een levering mag maar één keer worden vergoed.",
    for_aanbieder: "Dezelfde levering is twee keer gedeclareerd.",
    needs: needs!(
        "{}; bij contactregels ook {} en {}",
        Declaraties(ToewijzingNummer, Functie, Hulpverlener)
    ),
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

/// What makes two lines the same delivery; the last four only at level `contact`.
type DeliveryKey = (Gemeente, ProductId, Dag, Dag, Option<(Volume, Cent, WordId, WordId)>);

fn key(line: &Line<'_>) -> Result<DeliveryKey, Reason> {
    let r = line.data;
    if r.toewijzing_nummer.is_empty() {
        line.kolom(Kolom::ToewijzingNummer)?;
        let free = line.context.is_beschikkingsvrij(line.data.product);
        return Err(if free { Reason::Beschikkingsvrij } else { Reason::GeenToewijzingNummer });
    }
    let contact = match line.context.niveau {
        Niveau::Maand => None,
        Niveau::Contact => {
            line.kolom(Kolom::Functie)?;
            line.kolom(Kolom::Hulpverlener)?;
            let c = line.contact();
            Some((r.geleverd_volume, r.ingediend_bedrag, c.functie, c.hulpverlener))
        }
    };
    Ok((r.gemeente, r.product, r.begindatum, r.einddatum, contact))
}

fn check(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    for (line, first) in group.with_first(key) {
        let verdict = first.and_then(|first| {
            if first.id() == line.id() {
                return Ok(Ruling::InOrder);
            }
            let origineel = super::masked(group.context.dossier.referentie(first.data));
            line.bevinding(Ernst::Fout)
                .found(format!(
                    "zelfde toewijzing, product en periode als declaratieregel {origineel}"
                ))
                .expected("elke levering één keer")
                .into()
        });
        out.verdict(verdict);
    }
}
