//! A toewijzing that was changed after the aanbieder had delivered: nobody is held to what he
//! couldn't know (iJw OP186, OP298, OP299, OP362, TR385, OP095).
//!
//! A breach of the version in force that the version at delivery has too is a `fout`; one of the
//! version in force alone is an `onzekerheid`, and its Toelichting says what was changed, and when.

use crate::dossier::{Cent, Dossier, Ernst, Kolom, Toewijzing, Versie};
use crate::toetsing::{Bevinding, LineKind, Reason, Ruling, Verdict};

/// The verdict on a line of a rule that a version of its toewijzing breaks or doesn't. `columns` are
/// those that it reads.
pub(super) fn by_versions(
    line: &LineKind<'_>,
    t: &Toewijzing,
    columns: &[Kolom],
    is_broken: impl Fn(&Versie) -> Result<bool, Reason>,
    bevinding: impl FnOnce(Ernst) -> Bevinding,
) -> Verdict {
    if !is_broken(t.in_force())? {
        return Ok(Ruling::InOrder);
    }
    let known = line.version_at_delivery()?;
    if std::ptr::eq(known, t.in_force()) || is_broken(known)? {
        return bevinding(Ernst::Fout).into();
    }
    let words = words(line.context.dossier, t, known, columns);
    bevinding(Ernst::Onzekerheid).also(&words).into()
}

/// What a version makes of a line that it can be held against: for the version at delivery nothing
/// where that can't be told.
pub(super) fn or_nothing<T>(reading: Result<Option<T>, Reason>) -> Result<Option<T>, Reason> {
    match reading {
        Err(reason @ Reason::Onleesbaar(_)) => Err(reason),
        other => Ok(other.ok().flatten()),
    }
}

/// The findings of a breach with an amount, by the version in force and by the one at delivery (`None`
/// where that has no breach): a `fout` for the smaller of the two, and an `onzekerheid` for what the
/// version in force gives more.
pub(super) fn amounts_by_versions(
    in_force: Cent,
    at_delivery: Option<Cent>,
    bevinding: impl Fn(Ernst, Cent) -> Bevinding,
    changed: impl FnOnce() -> String,
) -> Ruling {
    let Some(at_delivery) = at_delivery else {
        return bevinding(Ernst::Onzekerheid, in_force).also(&changed()).into();
    };
    let certain = in_force.min(at_delivery);
    let fout = bevinding(Ernst::Fout, certain);
    if certain == in_force {
        return fout.into();
    }
    let rest = bevinding(Ernst::Onzekerheid, in_force - certain).also(&changed());
    Ruling::Both(Box::new([fout, rest]))
}

/// Which version changed what since `known`, of which date, in a Dutch sentence.
pub(super) fn words(d: &Dossier, t: &Toewijzing, known: &Versie, columns: &[Kolom]) -> String {
    let mut changes: Vec<String> = Vec::new();
    for &kolom in columns {
        let (old, new) = (cell(d, known, kolom), cell(d, t.in_force(), kolom));
        if old == new {
            continue;
        }
        // The first of the versions that say so without a break up to the one in force.
        let says_so = t.versies().rev().take_while(|v| cell(d, v, kolom) == new).last();
        let dag = says_so.unwrap_or(t.in_force()).toewijzingsdatum;
        changes.push(format!("de versie van {dag} wijzigde {kolom} van {old} in {new}"));
    }
    if changes.is_empty() {
        changes.push(format!("de versie van {} wijzigde de toewijzing", t.toewijzingsdatum));
    }
    format!(
        "Alleen door een latere wijziging: {}. Bij levering gold de versie van {}; beoordeel of de aanbieder de wijziging kon weten.",
        changes.join("; "),
        known.toewijzingsdatum
    )
}

/// A cell of a version, for people.
fn cell(d: &Dossier, v: &Versie, kolom: Kolom) -> String {
    let word = |id| match d.words.get(id) {
        "" => None,
        word => Some(word.to_owned()),
    };
    let text = match kolom {
        Kolom::Ingangsdatum => Ok(Some(v.ingangsdatum.to_string())),
        Kolom::Einddatum => v.einddatum().map(|x| x.map(|x| x.to_string())),
        Kolom::ProductCategorie => v.product_categorie().map(word),
        Kolom::ProductCode => v.product_code().map(word),
        Kolom::RedenWijziging => v.reden_wijziging().map(|x| x.map(|x| x.to_string())),
        Kolom::Volume => v.volume().map(|x| x.map(|x| x.to_string())),
        Kolom::Eenheid => v.eenheid().map(|x| x.map(|x| x.to_string())),
        Kolom::Frequentie => v.frequentie().map(|x| x.map(|x| x.to_string())),
        Kolom::Uitvoering => v.uitvoering().map(|x| x.map(|x| x.name().to_owned())),
        Kolom::Budget => v.budget().map(|x| x.map(|x| x.to_string())),
        Kolom::Budgetsoort => v.budgetsoort().map(|x| x.map(|x| x.name().to_owned())),
        _ => Ok(None),
    };
    match text {
        Ok(Some(text)) => text,
        Ok(None) => "leeg".to_owned(),
        Err(_) => "een onleesbare waarde".to_owned(),
    }
}
