//! Budgets: overrun, run out early, or granted against the agreements.

pub mod budget_overschreden;
pub mod budget_vroeg_op;
pub mod geen_standaardbudget;
pub mod herstel_te_lang;
pub mod medicatiecontrole_groot_budget;
pub mod medische_verwijzing_te_hoog;
pub mod twee_standaardbudgetten;

use crate::dossier::{Budgetsoort, Cent, Dag, Kolom, Toewijzing, ToewijzingNr};
use crate::regelset::{Choice, Parameter, Regelinstelling};
use crate::toetsing::{Toewijzingsgroep, Uitkomsten};

/// From which day a duurzaam budget's year runs.
pub(super) const JAARSOORT: Parameter<Jaarsoort> = Parameter::new(
    "jaarsoort",
    "of het jaarbudget van een duurzame toewijzing per toewijzingsjaar of per kalenderjaar geldt",
);

/// Years of a duurzaam budget.
#[derive(Clone, Copy)]
pub(super) enum Jaarsoort {
    /// Twelve months from the Ingangsdatum.
    Toewijzingsjaar,
    Kalenderjaar,
}

impl Choice for Jaarsoort {
    const WORDS: &'static [&'static str] = &["toewijzingsjaar", "kalenderjaar"];
    const CHOICES: &'static [Jaarsoort] = &[Jaarsoort::Toewijzingsjaar, Jaarsoort::Kalenderjaar];
}

impl Jaarsoort {
    pub fn van(instelling: &Regelinstelling, dag: Dag) -> Jaarsoort {
        instelling.at(&JAARSOORT, dag)
    }

    /// Number of the budget year of a delivery that begins on `begin`; what lies before the
    /// Ingangsdatum falls in the first.
    fn jaar(self, ingang: Dag, begin: Dag) -> i32 {
        let begin = begin.max(ingang);
        let jaren = begin.jaar() - ingang.jaar();
        match self {
            Jaarsoort::Kalenderjaar => jaren,
            Jaarsoort::Toewijzingsjaar if ingang.plus_jaren(jaren) > begin => jaren - 1,
            Jaarsoort::Toewijzingsjaar => jaren,
        }
    }

    /// Last day of a budget year, whatever the term's end.
    fn laatste_dag(self, ingang: Dag, jaar: i32) -> Dag {
        match self {
            Jaarsoort::Toewijzingsjaar => ingang.plus_jaren(jaar + 1).plus_dagen(-1),
            Jaarsoort::Kalenderjaar => Dag::van_jmd(ingang.jaar() + jaar, 12, 31).unwrap_or(ingang),
        }
    }
}

/// In which budget each line falls: one for the whole term, or one a year.
pub(super) fn budgetnummer(
    soort: Budgetsoort,
    jaren: Jaarsoort,
    t: &Toewijzing,
    begin: Dag,
) -> i32 {
    match soort {
        Budgetsoort::Herstel => 0,
        Budgetsoort::Duurzaam => jaren.jaar(t.ingangsdatum, begin),
    }
}

/// A toewijzing of the audited year whose file has this column; others are counted as they are.
fn met_kolom<'a>(
    groep: &Toewijzingsgroep<'a>,
    kolom: Kolom,
    uit: &mut Uitkomsten,
) -> Option<(ToewijzingNr, &'a Toewijzing)> {
    let (nr, t) = groep.in_leverjaar()?;
    match groep.controle.kolom(t.bestand, kolom) {
        Ok(()) => Some((nr, t)),
        Err(reden) => {
            uit.niet_toetsbaar(reden);
            None
        }
    }
}

/// The toewijzing of the audited year with a Budget, and that Budget.
fn met_budget<'a>(
    groep: &Toewijzingsgroep<'a>,
    uit: &mut Uitkomsten,
) -> Option<(ToewijzingNr, &'a Toewijzing, Cent)> {
    let (nr, t) = met_kolom(groep, Kolom::Budget, uit)?;
    t.budget.map(|budget| (nr, t, budget))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toewijzingsjaar_runs_twelve_months_from_the_ingangsdatum() {
        let d = |j, m, d| Dag::van_jmd(j, m, d).unwrap();
        let jaar = |i, b| Jaarsoort::Toewijzingsjaar.jaar(i, b);
        assert_eq!(jaar(d(2022, 7, 15), d(2023, 7, 14)), 0);
        assert_eq!(jaar(d(2022, 7, 15), d(2023, 7, 15)), 1);
        assert_eq!(jaar(d(2022, 7, 15), d(2021, 1, 1)), 0);
        assert_eq!(jaar(d(2020, 2, 29), d(2021, 2, 28)), 0);
        assert_eq!(jaar(d(2020, 2, 29), d(2021, 3, 1)), 1);
        assert_eq!(jaar(d(2020, 2, 29), d(2024, 2, 29)), 4);
        assert_eq!(Jaarsoort::Toewijzingsjaar.laatste_dag(d(2020, 2, 29), 0), d(2021, 2, 28));
        assert_eq!(Jaarsoort::Kalenderjaar.jaar(d(2022, 7, 15), d(2023, 1, 1)), 1);
    }
}
