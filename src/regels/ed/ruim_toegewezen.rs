//! ED05: more minutes of dyslexia care granted than the guideline.
//!
//! Source: RTP 4.5.

use super::PRODUCTS;
use crate::dossier::{Eenheid, Ernst, Frequentie, Kolom, Onleesbaar, Volume};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ED05",
    title: "Meer dyslexiezorg toegewezen dan de richtlijn",
    what: "Een toewijzing voor diagnostiek of behandeling van dyslexie in minuten, in totaal binnen de geldigheidsduur, met meer minuten dan de richtlijn is een signaal.",
    why: "De richtlijn is waar een gemiddeld traject mee uitkomt; de gemeente kent de minuten toe, dus dit gaat niet over de aanbieder.",
    for_aanbieder: "Er is meer dyslexiezorg toegewezen dan de richtlijn noemt.",
    needs: needs!("{}, {} en {} van de toewijzing", Toewijzingen(Volume, Eenheid, Frequentie)),
    parameters: &[DIAGNOSTIEK.spec(), BEHANDELING.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const DIAGNOSTIEK: Parameter<i64> =
    Parameter::new("minuten_diagnostiek", "minuten diagnostiek per jeugdige volgens de richtlijn");

const BEHANDELING: Parameter<i64> =
    Parameter::new("minuten_behandeling", "minuten behandeling per jeugdige volgens de richtlijn");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let what = |key: &str| PRODUCTS.iter().find(|(of, _)| *of == key).map(|(_, what)| *what);
    let Some((id, t, what)) = group.of_key(what, Kolom::Volume, out) else { return };
    for kolom in [Kolom::Eenheid, Kolom::Frequentie] {
        let Some(()) = out.known(group.context.kolom(t.file, kolom)) else { return };
    }
    let cells = (|| Ok::<_, Onleesbaar>((t.eenheid()?, t.frequentie()?, t.volume()?)))();
    let Some((eenheid, frequentie, volume)) = out.known(cells) else { return };
    out.tested();
    let in_total = eenheid == Some(Eenheid::MINUUT) && frequentie == Some(Frequentie::TOTAL);
    let Some(volume) = volume.filter(|_| in_total) else { return };
    let parameter = if what == PRODUCTS[0].1 { &DIAGNOSTIEK } else { &BEHANDELING };
    let minuten = settings.at(parameter, t.ingangsdatum);
    if volume > Volume::whole(minuten) {
        out.bevinding(
            group
                .bevinding(id, Ernst::Signaal)
                .found(format!("{volume} minuten {what} toegewezen"))
                .expected(format!("hoogstens {minuten} minuten volgens de richtlijn")),
        );
    }
}
