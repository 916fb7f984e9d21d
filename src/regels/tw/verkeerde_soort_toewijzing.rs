//! TW18: a toewijzing of another kind than the contract asks for.
//!
//! Needs Budget, Volume, Eenheid and Frequentie of the toewijzing. Source: ID eis 40, 108; RTP 4.5.

use crate::dossier::{Eenheid, Ernst, Kolom, Onderdeel, Toewijzing};
use crate::regelset::RuleSettings;
use crate::toetsing::{AuditContext, Check, Outcomes, Reason, Rule, ToewijzingGroup};

pub(crate) static RULE: Rule = Rule {
    code: "TW18",
    title: "Toewijzing van de verkeerde soort",
    what: "Een toewijzing voor ambulante hulp zonder Budget; voor verblijf die niet specifiek is (categorie, code, volume, eenheid en frequentie) in etmalen; voor dyslexiezorg met een Budget of niet in minuten of stuks. Dat is een signaal.",
    why: "De soort toewijzing bepaalt waaraan een declaratie te toetsen is.",
    needs: "Budget, Volume, Eenheid en Frequentie van de toewijzing",
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

fn check(group: &ToewijzingGroup<'_>, _: &RuleSettings, out: &mut Outcomes) {
    let Some((id, t)) = group.in_leverjaar() else { return };
    let onderdeel = match group.product().and_then(|p| p.onderdeel) {
        Ok(onderdeel) => onderdeel,
        Err(reason) => return out.not_testable(reason),
    };
    let (defect, expected) = match onderdeel {
        Onderdeel::Ambulant => (ambulant(group.context, t), "een toewijzing met een Budget"),
        Onderdeel::Verblijf => (verblijf(group.context, t), "een specifieke toewijzing in etmalen"),
        Onderdeel::Ed => {
            (dyslexie(group.context, t), "een toewijzing zonder Budget, in minuten of stuks")
        }
        _ => return,
    };
    match defect {
        Err(reason) => out.not_testable(reason),
        Ok(None) => out.tested(),
        Ok(Some(defect)) => {
            out.tested();
            out.bevinding(
                group
                    .bevinding(id, Ernst::Signaal)
                    .found(format!("{}: {defect}", onderdeel.name()))
                    .expected(expected),
            );
        }
    }
}

type Defect = Result<Option<&'static str>, Reason>;

fn ambulant(c: &AuditContext<'_>, t: &Toewijzing) -> Defect {
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
