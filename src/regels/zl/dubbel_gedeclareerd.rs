//! ZL09: perceel 5 declared twice.
//!
//! Its lines name no toewijzing, so that JW04 can't tell. Source: P5 werkwijze 8, 9.

use crate::dossier::{Bsn, Dag, Ernst, Gemeente, Kolom, LineId, WordId};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Line, Outcomes, Reason, Rule, needs};
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    code: "ZL09",
    title: "Perceel 5 dubbel gedeclareerd",
    what: "Declaratieregels voor een beschikkingsvrij product met dezelfde aanbieder, gemeente, productcode, jeugdige, periode en groep. In volgorde is de eerste de oorspronkelijke. Elke volgende is een fout als een eerdere ook hetzelfde volume en bedrag heeft, anders een onzekerheid.",
    why: "Een levering mag maar één keer worden doorberekend.",
    for_aanbieder: "Dezelfde levering is twee keer gedeclareerd.",
    needs: needs!("{}; {}", Declaraties(Bsn, Groep)),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

/// What makes two lines of an aanbieder the same delivery: gemeente, product, jeugdige, period, group.
type DeliveryKey<'a> = (Gemeente, &'a str, Bsn, Dag, Dag, WordId);

fn key<'a>(line: &Line<'a>) -> Result<DeliveryKey<'a>, Reason> {
    let r = line.data;
    if r.bsn == Bsn::NONE {
        return Err(Reason::GeenBsn);
    }
    line.kolom(Kolom::Groep)?;
    let code = line.product.code.as_str();
    Ok((r.gemeente, code, r.bsn, r.begindatum, r.einddatum, line.contact().groep))
}

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let mut deliveries: BTreeMap<DeliveryKey<'_>, Vec<LineId>> = BTreeMap::new();
    let free = group.counting_lines().filter(|l| c.is_beschikkingsvrij(l.data.product));
    let ids: Vec<LineId> = free.map(|l| l.id()).collect();
    for id in ids {
        match key(&c.line(id)) {
            Ok(key) => deliveries.entry(key).or_default().push(id),
            Err(reason) => out.not_testable(reason),
        }
    }
    for (_, mut ids) in deliveries {
        ids.sort_unstable_by(|a, b| c.dossier.compare(*a, *b));
        for (i, id) in ids.iter().enumerate() {
            out.tested();
            let Some((first, _)) = ids[..i].split_first() else { continue };
            let line = c.line(*id);
            let amounts = |id: LineId| {
                let r = c.dossier.line(id);
                (r.geleverd_volume, r.ingediend_bedrag)
            };
            let equal = ids[..i].iter().any(|earlier| amounts(*earlier) == amounts(*id));
            let origineel = c.dossier.referentie(c.dossier.line(*first));
            let b = line
                .bevinding(if equal { Ernst::Fout } else { Ernst::Onzekerheid })
                .found(format!(
                    "zelfde gemeente, product, jeugdige, periode en groep als declaratieregel {}",
                    crate::ground::masked(origineel)
                ))
                .expected("elke levering één keer");
            out.bevinding(match equal {
                true => b,
                false => b.toelichting("Volume of bedrag verschilt: beoordeel of dit een aanvulling is of een verbetering zonder creditregel."),
            });
        }
    }
}
