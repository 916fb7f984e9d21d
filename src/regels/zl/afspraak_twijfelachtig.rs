//! ZL13: an agreement that can't be as it stands.
//!
//! Needs afspraken. Source: P5 producten, format.

use super::group_size::{LARGE, MIDDEL, SMALL, of_product};
use crate::dossier::{Afspraak, Ernst, FileKind, Kolom, SmallRow};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    AuditContext, Bevinding, Check, KeyedSums, Outcomes, Reason, RestsOn, Rule, Subject, SumsPer,
    needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "ZL13",
    title: "Afspraak klopt zelf niet",
    what: "Een rij van afspraken met een MaxGroepsgrootte boven die van het product, met een productcode die niet beschikkingsvrij is, met een Einddatum voor de Startdatum, of die overlapt met een eerdere rij van dezelfde aanbieder, gemeente, productcode en naam. Eén signaal per rij, dat alles noemt.",
    why: "De andere controles van perceel 5 steunen op de afspraken: een verschrijving daarin werkt overal door.",
    for_aanbieder: "De afspraak zelf kan niet kloppen.",
    needs: needs!("{}", Afspraken()),
    parameters: &[SMALL.spec(), MIDDEL.spec(), LARGE.spec()],
    checks: &[Check::Dossier { per: SumsPer::Nothing, decision: check }],
    rests_on: RestsOn::Nothing,
    ..Rule::BASE
};

fn check(c: &AuditContext<'_>, _: &KeyedSums, settings: &RuleSettings, out: &mut Outcomes) {
    let Some(afspraken) = c.dossier.afspraken.as_deref() else {
        return out.not_testable(Reason::TabelOntbreekt(FileKind::Afspraken));
    };
    for (i, afspraak) in afspraken.iter().enumerate() {
        let doubts = doubts(c, afspraak, &afspraken[..i], settings);
        let asked = [Kolom::Einddatum, Kolom::MaxGroepsgrootte, Kolom::Naam];
        let unreadable = asked.into_iter().find_map(|kolom| afspraak.readable(kolom).err());
        if let (true, Some(unreadable)) = (doubts.is_empty(), unreadable) {
            out.not_testable(unreadable.into());
            continue;
        }
        out.tested();
        let Some(id) = c.dossier.aanbieder_nr(afspraak.aanbieder) else { continue };
        if doubts.is_empty() {
            continue;
        }
        out.bevinding(
            Bevinding::new(Ernst::Signaal, Subject::AanbiederInGemeente(id, afspraak.gemeente))
                .found(format!(
                    "{}, rij {}: {} ({}): {}",
                    c.dossier.file(afspraak.file).pad,
                    afspraak.line_number,
                    afspraak.product_code,
                    termijn(afspraak),
                    doubts.join("; ")
                ))
                .expected("een afspraak die met zichzelf en met het product klopt")
                .toelichting("Verbeter de afspraak in de tabel, of bespreek haar met de gemeente."),
        );
    }
}

/// Words for the term, as far as it is known.
fn termijn(afspraak: &Afspraak) -> String {
    match afspraak.readable(Kolom::Einddatum) {
        Ok(()) => afspraak.termijn.to_string(),
        Err(_) => format!("vanaf {}, Einddatum onleesbaar", afspraak.termijn.ingang),
    }
}

/// What can't be, in words.
fn doubts(
    c: &AuditContext<'_>,
    afspraak: &Afspraak,
    earlier: &[Afspraak],
    settings: &RuleSettings,
) -> Vec<String> {
    let mut doubts = Vec::new();
    let code = afspraak.product_code.as_str();
    let limit = of_product(settings, code, afspraak.termijn.ingang);
    if let (Some(limit), Some(size)) = (limit, afspraak.max_groepsgrootte)
        && i64::from(size) > limit
    {
        doubts.push(format!("MaxGroepsgrootte {size} boven de {limit} van het product"));
    }
    if !c.regelset.beschikkingsvrij.iter().any(|free| free == code) {
        doubts.push("product is niet beschikkingsvrij".to_owned());
    }
    if is_reversed(afspraak) {
        doubts.push("Einddatum ligt voor Startdatum".to_owned());
    }
    let is_same = |other: &&Afspraak| {
        (other.aanbieder, other.gemeente) == (afspraak.aanbieder, afspraak.gemeente)
            && other.product_code == afspraak.product_code
            && other.naam == afspraak.naam
    };
    let overlaps = |other: &&Afspraak| {
        !is_reversed(afspraak)
            && !is_reversed(other)
            && other.termijn.overlaps(afspraak.termijn)
            && [afspraak, other].iter().all(|a| c.cell(*a, Kolom::Einddatum).is_ok())
    };
    if let Some(other) = earlier.iter().filter(is_same).find(overlaps) {
        doubts.push(format!("overlapt met rij {}", other.line_number));
    }
    doubts
}

fn is_reversed(afspraak: &Afspraak) -> bool {
    afspraak.termijn.end.is_some_and(|end| end < afspraak.termijn.ingang)
}
