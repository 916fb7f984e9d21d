//! BU01: budget overrun.
//!
//! A herstel budget holds for the whole term, a duurzaam budget per year. All live lines on the
//! toewijzing count, over all years, in order; what passes the budget is over. Where no column says
//! which kind it is, only what is over in both readings is certain. Needs Budget.
//! Source: ID 8.4; RTP 2.4.1; iJw TR369.

use super::{Balance, JAARSOORT, YearKind, balances};
use crate::dossier::{Budgetsoort, Cent, Ernst, Kolom, Toewijzing, Versie};
use crate::regels::changed::{or_nothing, words};
use crate::regelset::RuleSettings;
use crate::toetsing::{
    Bevinding, BudgetSource, Check, Line, Outcomes, Reason, Rule, ToewijzingGroup, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "BU01",
    title: "Budget overschreden",
    what: "Alle levende declaratieregels op een toewijzing met een budget worden in volgorde opgeteld: bij herstel over de hele looptijd, bij duurzaam per jaar. Wat boven het budget komt, is een fout. Volgt de budgetsoort alleen uit de looptijd, dan is de fout het kleinste van beide lezingen en het verschil een onzekerheid. Werd het budget na de levering gewijzigd, dan telt ook wat bij levering gold: de fout is het kleinste van alle lezingen.",
    why: "De gemeente vergoedt niet meer dan het budget dat zij toewees.",
    for_aanbieder: "Er is meer gedeclareerd dan het budget van de toewijzing.",
    needs: needs!("{} van de toewijzing", Toewijzingen(Budget)),
    parameters: &[JAARSOORT.spec()],
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

/// What one version of a toewijzing makes of its lines, by its own Budgetsoort first; by the other one
/// too where only the term tells which it is.
struct Readings {
    kind: Budgetsoort,
    budget: Cent,
    own: Vec<Balance>,
    other: Option<Vec<Balance>>,
}

impl Readings {
    /// `None` where the version has no Budget.
    fn of(
        group: &ToewijzingGroup<'_>,
        v: &Versie,
        jaren: YearKind,
    ) -> Result<Option<Readings>, Reason> {
        group.context.kolom(v.file, Kolom::Budget)?;
        let Some(budget) = v.budget()? else { return Ok(None) };
        let (kind, origin) = group.context.budgetsoort(v)?;
        let balances = |kind| balances(group, v, budget, kind, jaren);
        let other = (origin == BudgetSource::Derived).then(|| {
            balances(match kind {
                Budgetsoort::Herstel => Budgetsoort::Duurzaam,
                Budgetsoort::Duurzaam => Budgetsoort::Herstel,
            })
        });
        Ok(Some(Readings { kind, budget, own: balances(kind), other }))
    }

    /// What is over on a line in every reading.
    fn certain(&self, line: usize) -> Cent {
        let own = self.own[line].over;
        self.other.as_ref().map_or(own, |other| own.min(other[line].over))
    }
}

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some((_, t)) = group.in_leverjaar() else { return };
    let jaren = YearKind::of(settings, group.context.last_dag());
    let Some(Some(current)) = out.known(Readings::of(group, t.in_force(), jaren)) else { return };
    // What the versions that the aanbieder could know make of the lines, as far as they are others.
    let mut earlier: Vec<(&Versie, Option<Readings>)> = Vec::new();
    if t.has_changed() {
        for line in group.lines().filter(|l| group.context.in_leverjaar(l.data)) {
            let known = t.at_delivery(line.data.einddatum);
            let is_known = |(v, _): &(&Versie, _)| std::ptr::eq(*v, known);
            if std::ptr::eq(known, t.in_force()) || earlier.iter().any(is_known) {
                continue;
            }
            let readings = or_nothing(Readings::of(group, known, jaren));
            let Some(readings) = out.known(readings) else { return };
            earlier.push((known, readings));
        }
    }
    out.tested();
    for (i, line) in group.lines().enumerate() {
        if !group.context.in_leverjaar(line.data) {
            continue;
        }
        let known = t.at_delivery(line.data.einddatum);
        let at_delivery = earlier.iter().find(|(v, _)| std::ptr::eq(*v, known));
        let of_line = LineReadings {
            i,
            line,
            current: &current,
            at_delivery: at_delivery.map(|(v, r)| (*v, r.as_ref())),
        };
        of_line.report(t, out);
    }
}

/// What all readings make of one line.
struct LineReadings<'a> {
    /// Its place in the group.
    i: usize,
    line: Line<'a>,
    current: &'a Readings,
    /// The version at delivery, where it isn't the one in force, and its readings if it has a Budget.
    at_delivery: Option<(&'a Versie, Option<&'a Readings>)>,
}

impl LineReadings<'_> {
    fn report(&self, t: &Toewijzing, out: &mut Outcomes) {
        let current = self.current;
        let over = current.own[self.i].over;
        let by_kind = current.certain(self.i);
        let certain = match self.at_delivery {
            None => by_kind,
            Some((_, readings)) => readings.map_or(Cent::ZERO, |r| by_kind.min(r.certain(self.i))),
        };
        if certain > Cent::ZERO {
            let b = self.bevinding(Ernst::Fout, certain);
            out.bevinding(b.toelichting(match current.other {
                None => format!("Budgetsoort {}.", current.kind.name()),
                Some(_) => {
                    "Boven het budget, of het nu een herstel- of een duurzaam budget is.".to_owned()
                }
            }));
        }
        if over <= certain {
            return;
        }
        let mut rest = self.bevinding(Ernst::Onzekerheid, over - certain);
        if over > by_kind {
            rest = rest.also(&format!(
                "Alleen boven het budget als dit een {} budget is. Dat volgt hier uit de looptijd; de budgetsoort zelf staat niet in de bestanden.",
                bijvoeglijk(current.kind)
            ));
        }
        if let Some((known, _)) = self.at_delivery.filter(|_| certain < by_kind) {
            rest = rest.also(&words(self.line.context.dossier, t, known, &COLUMNS));
        }
        out.bevinding(rest);
    }

    fn bevinding(&self, ernst: Ernst, bedrag: Cent) -> Bevinding {
        let (sum, budget) = (self.current.own[self.i].sum, self.current.budget);
        self.line
            .bevinding(ernst)
            .bedrag(bedrag)
            .measured(sum, budget)
            .found(format!("{sum} gedeclareerd tot en met deze declaratieregel"))
            .expected(format!("hoogstens {budget} {}", about(self.current.kind)))
    }
}

/// The columns of a version that say how much may be spent, and when.
const COLUMNS: [Kolom; 4] =
    [Kolom::Budget, Kolom::Budgetsoort, Kolom::Ingangsdatum, Kolom::Einddatum];

fn about(kind: Budgetsoort) -> &'static str {
    match kind {
        Budgetsoort::Herstel => "voor de hele looptijd",
        Budgetsoort::Duurzaam => "per jaar",
    }
}

fn bijvoeglijk(kind: Budgetsoort) -> &'static str {
    match kind {
        Budgetsoort::Herstel => "herstelgericht",
        Budgetsoort::Duurzaam => "duurzaam",
    }
}
