//! ZM03: maatwerk outside its term, or another product than agreed.
//!
//! A line without any agreement is ZM01's. Source: MW.

use super::{covers, is_maatwerk, is_same_product, overeenkomsten};
use crate::dossier::{Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ZM03",
    title: "Maatwerk buiten de overeenkomst",
    what: "Een declaratieregel voor maatwerk met een ander product dan overeengekomen, of buiten de looptijd van de overeenkomst, is een fout.",
    why: "De overeenkomst geldt voor één product en één looptijd.",
    for_aanbieder: "Het maatwerk valt buiten de overeenkomst.",
    needs: needs!("{}; {}", Maatwerk(), Declaraties(ToewijzingNummer)),
    about: Some(is_maatwerk),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

fn check(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let rows = overeenkomsten(line)?;
    if rows.is_empty() {
        return Ok(Ruling::NotApplicable);
    }
    for m in &rows {
        line.context.cell(*m, Kolom::Einddatum)?;
    }
    let same: Vec<_> = rows.iter().filter(|m| is_same_product(m, line)).collect();
    if same.iter().any(|m| covers(m, line)) {
        return Ok(Ruling::InOrder);
    }
    let b = line.bevinding(Ernst::Fout);
    if same.is_empty() {
        let codes: Vec<&str> = rows.iter().map(|m| m.product_code.as_str()).collect();
        b.found(format!("product {}", line.product.code))
            .expected(format!("het overeengekomen product {}", codes.join(" of ")))
    } else {
        let termijnen: Vec<String> = same.iter().map(|m| m.termijn.to_string()).collect();
        b.found(format!("levering van {} t/m {}", line.data.begindatum, line.data.einddatum))
            .expected(format!("levering binnen {}", termijnen.join(" of ")))
    }
    .into()
}
