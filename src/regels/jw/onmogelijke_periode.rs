//! JW09: a period that ends before it begins, or after it was received.
//!
//! A reversed period takes part in crediting and in the rules on messages (JW01–JW03, JW15), and in
//! no other rule or sum. Source: iJw TR137, TR134.

use crate::dossier::{Ernst, Kolom};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    AanbiederGroup, Check, Line, Outcomes, Reason, Rule, Ruling, Verdict, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "JW09",
    title: "Onmogelijke periode",
    what: "De Einddatum ligt voor de Begindatum, of na de Ontvangstdatum.",
    why: "Wat nog niet geleverd is, kan niet worden gedeclareerd; een omgekeerde periode is geen levering. Zo'n declaratieregel doet verder alleen mee in het crediteren en in JW01, JW02, JW03 en JW15, die over berichten gaan.",
    for_aanbieder: "De periode van de declaratieregel kan niet: zij eindigt voor zij begint, of na de ontvangst.",
    needs: needs!(
        "{} en {}; {} voor de toekomst",
        Declaraties(Begindatum, Einddatum, Ontvangstdatum)
    ),
    checks: &[Check::Line(ontvangst), Check::Aanbieder(reversed)],
    ..Rule::BASE
};

/// Lines that the other checks leave out.
fn reversed(group: &AanbiederGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    for line in group.reversed_lines() {
        let r = line.data;
        out.verdict(
            line.bevinding(Ernst::Fout)
                .found(format!("begint op {} en eindigt op {}", r.begindatum, r.einddatum))
                .expected("een einde dat niet voor het begin ligt")
                .toelichting("De declaratieregel doet alleen nog mee in het crediteren en in JW01, JW02, JW03 en JW15; in geen andere regel of telling.")
                .into(),
        );
    }
}

fn ontvangst(line: &Line<'_>, _: &RuleSettings) -> Verdict {
    let r = line.data;
    line.kolom(Kolom::Ontvangstdatum)?;
    let ontvangst = r.ontvangstdatum.ok_or(Reason::GeenOntvangstdatum)?;
    if r.einddatum <= ontvangst {
        return Ok(Ruling::InOrder);
    }
    line.bevinding(Ernst::Fout)
        .found(format!("eindigt op {}, ontvangen op {ontvangst}", r.einddatum))
        .expected("een levering die bij ontvangst voorbij is")
        .into()
}
