//! PV02: accounted for something else than was declared.
//!
//! The total where it is higher, and each product wherever it differs. Whether that can be said hangs
//! on the Status of the rows that make up the total. Source: ID eis 53.

use super::{
    belongs_to, bevinding, bevinding_over, gedeclareerd, product, verantwoording_or_reason,
};
use crate::dossier::{Cent, Ernst, VerantwoordingRow};
use crate::regelset::RuleSettings;
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "PV02",
    title: "Verantwoording wijkt af van de declaraties",
    what: "Per aanbieder en gemeente is het verantwoorde Bedrag hoger dan de som van de levende declaratieregels; het verschil is een onzekerheid. Per product is elk verschil een onzekerheid zonder bedrag. De rijen die samen het Bedrag vormen (die zonder product, anders die per product) moeten daarvoor definitief of gewaarmerkt zijn.",
    why: "Wat wel is verantwoord maar niet gedeclareerd, komt nog of klopt niet.",
    for_aanbieder: "Uw productieverantwoording wijkt af van wat er is gedeclareerd.",
    needs: needs!("productieverantwoording met {}", Productieverantwoording(Status)),
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

fn check(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let Some(verantwoordingen) = verantwoording_or_reason(group, out) else { return };
    let gedeclareerd = gedeclareerd(group);
    for v in verantwoordingen {
        match super::definitief_bedrag(&v, group) {
            Err(reason) => out.not_testable(reason),
            Ok(bedrag) => {
                out.tested();
                let sum = gedeclareerd.get(&v.gemeente).copied().unwrap_or_default();
                if bedrag > sum {
                    out.bevinding(
                        bevinding(group.id, v.gemeente, Ernst::Onzekerheid)
                            .bedrag(bedrag - sum)
                            .measured(sum, bedrag)
                            .found(format!("{bedrag} verantwoord"))
                            .expected(format!("{sum}, zoals gedeclareerd"))
                            .toelichting("Beoordeel of er nog declaraties volgen of de verantwoording onjuist is."),
                    );
                }
                for row in &v.producten {
                    product_differs(group, row, out);
                }
            }
        }
    }
}

/// A row for one product against what was declared of it.
fn product_differs(group: &AanbiederGroup<'_>, row: &VerantwoordingRow, out: &mut Outcomes) {
    out.tested();
    let of_row = group.counting_lines().filter(|l| belongs_to(l, row));
    let sum: Cent = of_row.map(|l| l.data.ingediend_bedrag).sum();
    if sum != row.bedrag {
        out.bevinding(
            bevinding_over(group, row, Ernst::Onzekerheid)
                .measured(sum, row.bedrag)
                .found(format!("{}: {} verantwoord", product(row), row.bedrag))
                .expected(format!("{sum}, zoals gedeclareerd")),
        );
    }
}
