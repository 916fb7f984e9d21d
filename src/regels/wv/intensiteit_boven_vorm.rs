//! WV12: an intensity above what the form of a stay allows.
//!
//! Source: ID 9.5, 9.7.2; RTP 3.6.

use super::is_verblijf;
use crate::dossier::{Cent, Eenheid, Ernst, Vorm, half_up};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Line, Rule, Ruling, Verdict, needs};

pub(crate) static RULE: Rule = Rule {
    code: "WV12",
    title: "Intensiteit hoger dan de vorm toelaat",
    what: "Een gezinshuis boven zijn hoogste intensiteit en kortdurend verblijf boven de hoogste van kortdurend verblijf intensief is een fout. Kortdurend verblijf boven zijn gewone hoogste (dan moet het intensief zijn), pleegzorg en deeltijdpleegzorg boven hun hoogste zijn een onzekerheid. In geding is het verschil tussen de tarieven van het leverjaar van de gedeclareerde en de hoogste toegelaten intensiteit, maal de etmalen.",
    why: "Per vorm is vastgelegd tot welke intensiteit een aanbieder kan inschrijven.",
    for_aanbieder: "De intensiteit is hoger dan deze vorm van verblijf toelaat.",
    needs: needs!("{} en {} van het product; voor een bedrag de tarieven van beide intensiteiten en een volume in etmalen", Producten(Vorm, Tariefsleutel)).and_volume(),
    parameters: &[
        GEZINSHUIS.spec(),
        KDV.spec(),
        KDV_INTENSIEF.spec(),
        PLEEGZORG.spec(),
        DEELTIJDPLEEGZORG.spec(),
    ],
    about: Some(|p| is_verblijf(p) && p.form().is_some()),
    checks: &[Check::Line(check)],
    ..Rule::BASE
};

const GEZINSHUIS: Parameter<[String]> =
    Parameter::new("gezinshuis", "tariefsleutels die een gezinshuis kan hebben");

const KDV: Parameter<[String]> =
    Parameter::new("kdv", "tariefsleutels die kortdurend verblijf kan hebben");

const KDV_INTENSIEF: Parameter<[String]> = Parameter::new(
    "kdv_intensief",
    "tariefsleutels die kortdurend verblijf intensief daarboven kan hebben",
);

const PLEEGZORG: Parameter<[String]> =
    Parameter::new("pleegzorg", "tariefsleutels die pleegzorg kan hebben");

const DEELTIJDPLEEGZORG: Parameter<[String]> =
    Parameter::new("deeltijdpleegzorg", "tariefsleutels die deeltijdpleegzorg kan hebben");

fn check(line: &Line<'_>, settings: &RuleSettings) -> Verdict {
    let Some(key) = line.tariefsleutel()? else { return Ok(Ruling::NotApplicable) };
    let dag = line.data.begindatum;
    let at = |parameter| settings.at(parameter, dag);
    let (form, allowed, intensive, ernst) = match line.product.form() {
        Some(Vorm::Gezinshuis) => ("een gezinshuis", at(&GEZINSHUIS), &[][..], Ernst::Fout),
        Some(Vorm::Kdv) => ("kortdurend verblijf", at(&KDV), at(&KDV_INTENSIEF), Ernst::Fout),
        Some(Vorm::Pleegzorg) => ("pleegzorg", at(&PLEEGZORG), &[][..], Ernst::Onzekerheid),
        Some(Vorm::Deeltijdpleegzorg) => {
            ("deeltijdpleegzorg", at(&DEELTIJDPLEEGZORG), &[][..], Ernst::Onzekerheid)
        }
        _ => return Ok(Ruling::NotApplicable),
    };
    let Some(own) = intensity(key) else { return Ok(Ruling::NotApplicable) };
    let above = |list: &[String]| highest(list).is_none_or(|(of, _)| own > of);
    if !above(allowed) {
        return Ok(Ruling::InOrder);
    }
    let as_intensive = !above(intensive);
    let ernst = if as_intensive { Ernst::Onzekerheid } else { ernst };
    let limit = if as_intensive || intensive.is_empty() { allowed } else { intensive };
    let Some((_, limit)) = highest(limit) else { return Ok(Ruling::NotApplicable) };
    let bedrag = difference(line, key, limit);
    let mut b = line
        .bevinding(ernst)
        .bedrag(bedrag)
        .found(format!("{key} voor {form}"))
        .expected(format!("hoogstens {limit}"));
    if as_intensive {
        b = b.also("Deze intensiteit is er alleen voor kortdurend verblijf intensief: beoordeel of dit dat is.");
    } else if ernst == Ernst::Onzekerheid {
        b = b.also("Beoordeel of de gemeente deze intensiteit heeft toegekend.");
    }
    if bedrag.is_none() {
        b = b.also("Het bedrag is niet te berekenen: de tarieven van beide intensiteiten zijn voor dit jaar niet bekend, of het volume is niet in etmalen.");
    }
    b.into()
}

/// The letter of an intensity: E of `INT_E`.
fn intensity(key: &str) -> Option<u8> {
    match key.as_bytes() {
        [b'I', b'N', b'T', b'_', letter @ b'A'..=b'Z'] => Some(*letter),
        _ => None,
    }
}

/// The highest intensity of a list.
fn highest(list: &[String]) -> Option<(u8, &str)> {
    list.iter().filter_map(|key| Some((intensity(key)?, key.as_str()))).max()
}

/// The difference of the two intensities' contract tariffs over the line's etmalen.
fn difference(line: &Line<'_>, declared: &str, allowed: &str) -> Option<Cent> {
    let c = line.context;
    let etmalen = line.etmalen().ok()?;
    let tarief = |key| {
        let t = c.tarief(key, line.data.aanbieder).ok()?;
        (t.eenheid == Eenheid::ETMAAL).then_some(t.bedrag.0)
    };
    let per_etmaal = i128::from(tarief(declared)? - tarief(allowed)?);
    let bedrag = Cent(half_up(per_etmaal * i128::from(etmalen.0), 100)).at_least_zero();
    Some(line.at_most_ingediend(bedrag))
}
