//! BU05: two standaardbudgetten at once at different aanbieders.
//!
//! One finding for each pair of aanbieders of a jeugdige, on the later toewijzing of their earliest
//! overlapping pair without `medicatiecontrole`, or else of their earliest. Needs Budget and a valid
//! Bsn; `toestemming` lifts it, `medicatiecontrole` makes it a signal (RTP 5.3 lifts the gezinsplan,
//! not the akkoord). A final stop ends a term.
//! Source: RTP 2.4.6(4); ID eis 75.

use crate::dossier::{
    AanbiederId, Bijzonderheid, Cent, Ernst, Kolom, Termijn, Toewijzing, ToewijzingId,
};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    AuditContext, Bevinding, Check, JeugdigeGroup, Line, Outcomes, Reason, Rule, Subject, needs,
};
use hashbrown::HashSet;

pub(crate) static RULE: Rule = Rule {
    code: "BU05",
    title: "Twee standaardbudgetten tegelijk bij verschillende aanbieders",
    what: "Heeft een jeugdige op hetzelfde moment een standaardbudget bij twee aanbieders, zonder toestemming, dan is dat een onzekerheid per paar aanbieders; is een van de twee voor medicatiecontrole, dan een signaal. Een definitieve stop zonder latere start beëindigt een termijn.",
    why: "Twee standaardbudgetten naast elkaar kan alleen na akkoord van de Toegang.",
    for_aanbieder: "Deze jeugdige heeft tegelijk een standaardbudget bij u en bij een andere aanbieder, zonder onze toestemming.",
    needs: needs!(
        "{}, {} en {} van de toewijzing; een geldig {}",
        Toewijzingen(Budget, Ingangsdatum, Einddatum),
        Declaraties(Bsn)
    ),
    parameters: &[HIGHEST.spec(), MOST.spec()],
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

const HIGHEST: Parameter<Cent> = Parameter::new("hoogste", "het hoogste standaardbudget");

const MOST: Parameter<i64> = Parameter::new(
    "meeste",
    "bij meer van zulke toewijzingen per jeugdige volgt één bevinding op de jeugdige",
);

/// A toewijzing with a standaardbudget and no consent.
struct Standaard<'a> {
    id: ToewijzingId,
    t: &'a Toewijzing,
    /// Ended by a stop.
    term: Termijn,
    for_medication: bool,
}

impl<'a> Standaard<'a> {
    /// `None` where the budget is none, is higher, or the Toegang consented.
    fn of(c: &AuditContext<'a>, id: ToewijzingId, highest: Cent) -> Result<Option<Self>, Reason> {
        let t = c.dossier.toewijzing(id);
        c.kolom(t.file, Kolom::Budget)?;
        let consent = t.names(Bijzonderheid::Toestemming)?;
        if consent || t.budget()?.is_none_or(|b| b > highest) {
            return Ok(None);
        }
        let for_medication = t.names(Bijzonderheid::Medicatiecontrole)?;
        let term = c.termijn_until_stop(id)?;
        Ok(Some(Standaard { id, t, term, for_medication }))
    }
}

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    if group.toewijzingen.is_empty() || !group.bsn.is_valid() {
        return;
    }
    let c = group.context;
    let highest = settings.at(&HIGHEST, c.last_dag());
    let most = settings.at(&MOST, c.last_dag());
    let unknown = out.not_testable_count();
    let of = |id: &ToewijzingId| out.known(Standaard::of(c, *id, highest)).flatten();
    let zulke: Vec<Standaard<'_>> = group.toewijzingen.iter().filter_map(of).collect();
    if zulke.is_empty() {
        return;
    }
    if out.not_testable_count() == unknown {
        out.tested();
    }
    if zulke.len() as i64 > most {
        let ids: HashSet<ToewijzingId> = zulke.iter().map(|s| s.id).collect();
        let on_one = |l: &Line<'_>| l.data.toewijzing.is_some_and(|id| ids.contains(&id));
        out.bevinding(
            Bevinding::new(Ernst::Onzekerheid, Subject::Jeugdige(group.bsn))
                .on_lines(group.lines().filter(on_one))
                .found(format!("{} toewijzingen met een standaardbudget", zulke.len()))
                .expected("één standaardbudget tegelijk, tenzij de Toegang akkoord gaf")
                .toelichting(format!(
                    "Bij meer dan {most} toewijzingen worden de paren niet apart genoemd."
                )),
        );
        return;
    }
    let mut pairs: Vec<(&Standaard<'_>, &Standaard<'_>)> = Vec::new();
    for (i, first) in zulke.iter().enumerate() {
        let others = zulke[i + 1..].iter().filter(|s| s.t.aanbieder != first.t.aanbieder);
        pairs.extend(others.filter(|s| s.term.overlaps(first.term)).map(|s| (first, s)));
    }
    // The earliest pair without medicatiecontrole tells of its two aanbieders, else the earliest.
    pairs.sort_by_key(|(a, b)| a.for_medication || b.for_medication);
    let mut reported: HashSet<(AanbiederId, AanbiederId)> = HashSet::new();
    pairs.retain(|(a, b)| {
        let (a, b) = (a.t.aanbieder, b.t.aanbieder);
        reported.insert((a.min(b), a.max(b)))
    });
    pairs.into_iter().for_each(|(first, second)| out.bevinding(of_pair(group, first, second)));
}

/// The finding on the later of two toewijzingen.
fn of_pair(group: &JeugdigeGroup<'_>, first: &Standaard<'_>, second: &Standaard<'_>) -> Bevinding {
    let c = group.context;
    let on_both = [Some(first.id), Some(second.id)];
    let for_medication = first.for_medication || second.for_medication;
    let ernst = if for_medication { Ernst::Signaal } else { Ernst::Onzekerheid };
    let mut bevinding = Bevinding::new(ernst, Subject::Toewijzing(second.id))
        .on_lines(group.lines().filter(|l| on_both.contains(&l.data.toewijzing)))
        .found(format!(
            "naast toewijzing {} ({}) bij aanbieder {}",
            c.dossier.toewijzingnummer(first.t.nummer),
            first.term,
            c.agb(first.t.aanbieder)
        ))
        .expected("één standaardbudget tegelijk, tenzij de Toegang akkoord gaf")
        .toelichting("Beoordeel of de Toegang met twee aanbieders tegelijk instemde.");
    if for_medication {
        bevinding = bevinding.also(
            "Bij medicatiecontrole is geen gezinsplan nodig, het akkoord van de Toegang wel.",
        );
    }
    if ![first, second].iter().all(|s| c.knows_bijzonderheid(s.t)) {
        bevinding =
            bevinding.also("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.");
    }
    bevinding
}
