//! TW18: a toewijzing of another kind than the contract asks for.
//!
//! Needs Budget, Volume, Eenheid and Frequentie of the toewijzing. Source: ID eis 40, 108,
//! 8.5.1(1), 8.5.3; RTP 4.5, 6.

use crate::dossier::{Eenheid, Ernst, Frequentie, Kolom, Onderdeel, Toewijzing, Volume};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{AuditContext, Check, Outcomes, Reason, Rule, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "TW18",
    title: "Toewijzing van de verkeerde soort",
    what: "Een toewijzing voor ambulante hulp zonder Budget; voor verblijf die niet specifiek is (categorie, code, volume, eenheid en frequentie) in etmalen; voor dyslexiezorg met een Budget of niet in minuten of stuks; voor groepsaanbod licht tot en met zwaar zonder Budget, extra zwaar of intensief niet in uren per dag; voor een crisisplek of crisispleegzorg niet in etmalen, andere crisis niet in stuks. Dat is een signaal.",
    why: "De soort toewijzing bepaalt waaraan een declaratie te toetsen is.",
    for_aanbieder: "De toewijzing is niet van de soort die bij deze hulp hoort.",
    needs: needs!(
        "{}, {}, {} en {} van de toewijzing",
        Toewijzingen(Budget, Volume, Eenheid, Frequentie)
    ),
    parameters: &[HOURS.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const HOURS: Parameter<i64> = Parameter::new(
    "uren_per_dag",
    "uren per dag waarin groepsaanbod extra zwaar en intensief wordt toegewezen",
);

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.in_leverjaar() else { return };
    let c = group.context;
    let Some(onderdeel) = out.known(group.product().and_then(|p| p.onderdeel)) else { return };
    let key = || group.product().and_then(|p| p.tariefsleutel).map(Option::unwrap_or_default);
    let hours = settings.at(&HOURS, t.ingangsdatum);
    let (defect, expected) = match onderdeel {
        Onderdeel::Ambulant => (with_budget(c, t), "een toewijzing met een Budget".to_owned()),
        Onderdeel::Verblijf => (verblijf(c, t), "een specifieke toewijzing in etmalen".to_owned()),
        Onderdeel::Ed => {
            (dyslexie(c, t), "een toewijzing zonder Budget, in minuten of stuks".to_owned())
        }
        Onderdeel::Groepsaanbod => match out.known(key()) {
            Some("GROEP_LICHT" | "GROEP_MIDDEL" | "GROEP_MIDDELZWAAR" | "GROEP_ZWAAR") => {
                (with_budget(c, t), "een toewijzing met een Budget".to_owned())
            }
            Some("GROEP_EXTRA_ZWAAR" | "GROEP_INTENSIEF") => {
                (hours_a_day(c, t, hours), format!("{hours} uur per dag"))
            }
            _ => return,
        },
        Onderdeel::Crisis => match out.known(key()) {
            Some("CRISIS_BED" | "CRISIS_PLEEGZORG") => {
                (in_units(c, t, &[Eenheid::ETMAAL]), "een toewijzing in etmalen".to_owned())
            }
            Some(_) => (
                in_units(c, t, &[Eenheid::STUKS_OUTPUT, Eenheid::STUKS_INSPANNING]),
                "een toewijzing in stuks".to_owned(),
            ),
            None => return,
        },
        _ => return,
    };
    let Some(defect) = out.known(defect) else { return };
    out.tested();
    if let Some(defect) = defect {
        out.bevinding(
            group
                .bevinding(id, Ernst::Signaal)
                .found(format!("{}: {defect}", onderdeel.name()))
                .expected(expected),
        );
    }
}

type Defect = Result<Option<&'static str>, Reason>;

fn with_budget(c: &AuditContext<'_>, t: &Toewijzing) -> Defect {
    c.kolom(t.file, Kolom::Budget)?;
    Ok(t.budget()?.is_none().then_some("geen Budget"))
}

fn verblijf(c: &AuditContext<'_>, t: &Toewijzing) -> Defect {
    for kolom in [
        Kolom::ProductCategorie,
        Kolom::ProductCode,
        Kolom::Volume,
        Kolom::Eenheid,
        Kolom::Frequentie,
    ] {
        c.kolom(t.file, kolom)?;
    }
    let specifiek = !t.product_categorie()?.is_empty()
        && !t.product_code()?.is_empty()
        && t.volume()?.is_some()
        && t.eenheid()?.is_some()
        && t.frequentie()?.is_some();
    Ok(match t.eenheid()? {
        _ if !specifiek => Some("niet specifiek"),
        Some(Eenheid::ETMAAL) => None,
        _ => Some("niet in etmalen"),
    })
}

fn dyslexie(c: &AuditContext<'_>, t: &Toewijzing) -> Defect {
    c.kolom(t.file, Kolom::Budget)?;
    c.kolom(t.file, Kolom::Eenheid)?;
    Ok(match t.eenheid()? {
        _ if t.budget()?.is_some() => Some("met een Budget"),
        Some(Eenheid::MINUUT | Eenheid::STUKS_OUTPUT | Eenheid::STUKS_INSPANNING) => None,
        _ => Some("niet in minuten of stuks"),
    })
}

/// Extra heavy and intensive groups are granted in so many hours a day.
fn hours_a_day(c: &AuditContext<'_>, t: &Toewijzing, hours: i64) -> Defect {
    for kolom in [Kolom::Volume, Kolom::Eenheid, Kolom::Frequentie] {
        c.kolom(t.file, kolom)?;
    }
    let fits = t.volume()? == Some(Volume::whole(hours))
        && t.eenheid()? == Some(Eenheid::HOUR)
        && t.frequentie()? == Some(Frequentie::PER_DAG);
    Ok((!fits).then_some("andere omvang"))
}

fn in_units(c: &AuditContext<'_>, t: &Toewijzing, units: &[Eenheid]) -> Defect {
    c.kolom(t.file, Kolom::Eenheid)?;
    let fits = t.eenheid()?.is_some_and(|e| units.contains(&e));
    Ok((!fits).then_some("andere eenheid"))
}
