//! BU05: two standaardbudgetten at once at different aanbieders.
//!
//! One finding for each pair of aanbieders of a jeugdige, on the later toewijzing of their earliest
//! overlapping pair. Needs Budget and a valid Bsn; `toestemming` or `medicatiecontrole` lifts it.
//! Source: RTP 2.4.6(4); ID eis 75.

use crate::dossier::{AanbiederId, Bijzonderheid, Cent, Ernst, Kolom, Toewijzing, ToewijzingId};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Bevinding, Check, JeugdigeGroup, Outcomes, Rule, Subject};
use hashbrown::HashSet;

pub(crate) static RULE: Rule = Rule {
    code: "BU05",
    title: "Twee standaardbudgetten tegelijk bij verschillende aanbieders",
    what: "Heeft een jeugdige op hetzelfde moment een standaardbudget bij twee aanbieders, zonder toestemming en niet voor medicatiecontrole, dan is dat een onzekerheid per paar aanbieders.",
    why: "Twee standaardbudgetten naast elkaar kan alleen na akkoord van de Toegang.",
    needs: "Budget, Ingangsdatum en Einddatum van de toewijzing; een geldig Bsn",
    parameters: &[HIGHEST.spec(), MOST.spec()],
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

const HIGHEST: Parameter<Cent> = Parameter::new("hoogste", "het hoogste standaardbudget");

const MOST: Parameter<i64> = Parameter::new(
    "meeste",
    "bij meer van zulke toewijzingen per jeugdige volgt één bevinding op de jeugdige",
);

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    if group.toewijzingen.is_empty() || !group.bsn.is_valid() {
        return;
    }
    let c = group.context;
    let highest = settings.at(&HIGHEST, c.last_dag());
    let most = settings.at(&MOST, c.last_dag());
    let mut zulke: Vec<(ToewijzingId, &Toewijzing)> = Vec::new();
    let mut missing = None;
    for &id in group.toewijzingen {
        let t = c.dossier.toewijzing(id);
        for kolom in [Kolom::Budget, Kolom::Einddatum] {
            missing = missing.or(c.kolom(t.file, kolom).err());
        }
        let free = [Bijzonderheid::Toestemming, Bijzonderheid::Medicatiecontrole]
            .iter()
            .any(|b| t.bijzonderheden.contains(*b));
        if t.budget.is_some_and(|b| b <= highest) && !free {
            zulke.push((id, t));
        }
    }
    if let Some(reason) = missing {
        return out.not_testable(reason);
    }
    if zulke.is_empty() {
        return;
    }
    out.tested();
    if zulke.len() as i64 > most {
        out.bevinding(
            Bevinding::new(Ernst::Onzekerheid, Subject::Jeugdige(group.bsn))
                .on_lines(
                    group
                        .lines()
                        .filter(|l| zulke.iter().any(|(id, _)| l.data.toewijzing == Some(*id))),
                )
                .found(format!("{} toewijzingen met een standaardbudget", zulke.len()))
                .expected("één standaardbudget tegelijk, tenzij de Toegang akkoord gaf")
                .toelichting(format!(
                    "Bij meer dan {most} toewijzingen worden de paren niet apart genoemd."
                )),
        );
        return;
    }
    let mut reported: HashSet<(AanbiederId, AanbiederId)> = HashSet::new();
    for (i, (first_nr, first)) in zulke.iter().enumerate() {
        for (id, second) in &zulke[i + 1..] {
            let (a, b) = (first.aanbieder, second.aanbieder);
            if a == b || !first.termijn().overlapt(second.termijn()) {
                continue;
            }
            if !reported.insert((a.min(b), a.max(b))) {
                continue;
            }
            let nummer = |t: &Toewijzing| c.dossier.toewijzingnummer(t.nummer).to_owned();
            let subject = Subject::Toewijzing(*id);
            let on_both = [Some(*first_nr), Some(*id)];
            let mut bevinding = Bevinding::new(Ernst::Onzekerheid, subject)
                .on_lines(group.lines().filter(|l| on_both.contains(&l.data.toewijzing)))
                .found(format!(
                    "naast toewijzing {} ({}) bij aanbieder {}",
                    nummer(first),
                    first.termijn(),
                    c.agb(a)
                ))
                .expected("één standaardbudget tegelijk, tenzij de Toegang akkoord gaf")
                .toelichting("Beoordeel of de Toegang met twee aanbieders tegelijk instemde.");
            if ![first, second].iter().all(|t| c.knows_bijzonderheid(t)) {
                bevinding = bevinding
                    .also("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.");
            }
            out.bevinding(bevinding);
        }
    }
}
