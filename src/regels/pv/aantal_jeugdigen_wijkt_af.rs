//! PV03: another number of jeugdigen than was declared for.
//!
//! Every row that counts, whatever its Status. Needs AantalJeugdigen. Source: ID eis 53.

use super::{belongs_to, bevinding_over, product, verantwoording_or_reason};
use crate::dossier::{Bsn, Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Reason, Rule, needs};
use hashbrown::HashSet;

pub(crate) static RULE: Rule = Rule {
    code: "PV03",
    title: "Aantal jeugdigen wijkt af",
    what: "Per aanbieder en gemeente, en per product waar dat is gegeven, wordt AantalJeugdigen vergeleken met het aantal verschillende jeugdigen op de levende declaratieregels. Een verschil is een signaal.",
    why: "De verantwoording telt dezelfde jeugdigen als de declaraties.",
    for_aanbieder: "Het aantal jeugdigen in uw productieverantwoording wijkt af van dat in de declaraties.",
    needs: needs!("productieverantwoording met {}", Productieverantwoording(AantalJeugdigen)),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let Some(verantwoordingen) = verantwoording_or_reason(group, out) else { return };
    for v in verantwoordingen {
        if let Err(unreadable) = v.readable() {
            out.not_testable(unreadable.into());
            continue;
        }
        for row in v.total.into_iter().chain(v.producten) {
            let Some(()) = out.known(group.context.cell(row, Kolom::AantalJeugdigen)) else {
                continue;
            };
            let Some(verantwoord) = row.aantal_jeugdigen else {
                out.not_testable(Reason::GeenAantalJeugdigen);
                continue;
            };
            let jeugdigen: HashSet<Bsn> =
                group.counting_lines().filter(|l| belongs_to(l, row)).map(|l| l.data.bsn).collect();
            if jeugdigen.contains(&Bsn::NONE) {
                out.not_testable(Reason::GeenBsn);
                continue;
            }
            out.tested();
            if jeugdigen.len() != verantwoord as usize {
                let waar = if row.is_without_product() {
                    String::new()
                } else {
                    format!("{}: ", product(row))
                };
                out.bevinding(
                    bevinding_over(group, row, Ernst::Signaal)
                        .found(format!("{waar}{verantwoord} jeugdigen verantwoord"))
                        .expected(format!("{}, zoals gedeclareerd", jeugdigen.len())),
                );
            }
        }
    }
}
