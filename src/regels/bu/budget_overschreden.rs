//! BU01: budget overrun.
//!
//! A herstel budget holds for the whole term, a duurzaam budget per year. All live lines on the
//! toewijzing count, over all years, in order; what passes the budget is over. Where no column says
//! which kind it is, only what is over in both readings is certain. Needs Budget.
//! Source: ID 8.4; RTP 2.4.1; iJw TR369.

use super::{JAARSOORT, Jaarsoort, budgetnummer, met_budget};
use crate::dossier::{Budgetsoort, Cent, Ernst, Toewijzing};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Herkomst, Lijn, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "BU01",
    titel: "Budget overschreden",
    wat: "Alle levende regels op een toewijzing met een budget worden in volgorde opgeteld: bij herstel over de hele looptijd, bij duurzaam per jaar. Wat boven het budget komt, is een fout. Volgt de budgetsoort alleen uit de looptijd, dan is de fout het kleinste van beide lezingen en het verschil een onzekerheid.",
    waarom: "De gemeente vergoedt niet meer dan het budget dat zij toewees.",
    nodig: "Budget van de toewijzing",
    parameters: &[JAARSOORT.spec()],
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

/// A line, the running sum of its budget with it, and what of it is over.
struct Stand {
    som: Cent,
    over: Cent,
}

fn toets(groep: &Toewijzingsgroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((_, t, budget)) = met_budget(groep, uit) else { return };
    let (soort, herkomst) = match groep.controle.budgetsoort(t) {
        Ok(soort) => soort,
        Err(reden) => return uit.niet_toetsbaar(reden),
    };
    uit.getoetst();
    let jaren = Jaarsoort::van(instelling, groep.controle.laatste_dag());
    let standen = |soort| overschrijding(groep, t, budget, soort, jaren);
    let geldend = standen(soort);
    let ander = (herkomst == Herkomst::Afgeleid).then(|| {
        standen(match soort {
            Budgetsoort::Herstel => Budgetsoort::Duurzaam,
            Budgetsoort::Duurzaam => Budgetsoort::Herstel,
        })
    });
    for (i, lijn) in groep.lijnen().enumerate() {
        if !groep.controle.in_leverjaar(lijn.regel) {
            continue;
        }
        let over = geldend[i].over;
        let zeker = ander.as_ref().map_or(over, |a| over.min(a[i].over));
        let melding = |ernst, bedrag, som: Cent| {
            lijn.bevinding(ernst)
                .bedrag(bedrag)
                .gemeten(som, budget)
                .gevonden(format!("{som} gedeclareerd tot en met deze regel"))
                .verwacht(format!("hoogstens {budget} {}", waarover(soort)))
        };
        if zeker > Cent::NUL {
            let b = melding(Ernst::Fout, zeker, geldend[i].som);
            uit.bevinding(b.toelichting(match herkomst {
                Herkomst::Uitdrukkelijk => format!("Budgetsoort {}.", soort.naam()),
                Herkomst::Afgeleid => {
                    "Boven het budget, of het nu een herstel- of een duurzaam budget is.".to_owned()
                }
            }));
        }
        if over > zeker {
            let b = melding(Ernst::Onzekerheid, over - zeker, geldend[i].som);
            uit.bevinding(b.toelichting(format!(
                "Alleen boven het budget als dit een {} budget is. Dat volgt hier uit de looptijd; de budgetsoort zelf staat niet in de bestanden.",
                bijvoeglijk(soort)
            )));
        }
    }
}

/// For each line of the group the running sum in its budget, and what passes that budget.
fn overschrijding(
    groep: &Toewijzingsgroep<'_>,
    t: &Toewijzing,
    budget: Cent,
    soort: Budgetsoort,
    jaren: Jaarsoort,
) -> Vec<Stand> {
    let mut sommen: Vec<(i32, Cent)> = Vec::new();
    let mut stand = |lijn: Lijn<'_>| {
        let nummer = budgetnummer(soort, jaren, t, lijn.regel.begindatum);
        let plek = sommen.iter().position(|(n, _)| *n == nummer).unwrap_or_else(|| {
            sommen.push((nummer, Cent::NUL));
            sommen.len() - 1
        });
        let som = &mut sommen[plek].1;
        *som += lijn.regel.ingediend_bedrag;
        Stand { som: *som, over: lijn.hoogstens_ingediend((*som - budget).minstens_nul()) }
    };
    groep.lijnen().map(&mut stand).collect()
}

fn waarover(soort: Budgetsoort) -> &'static str {
    match soort {
        Budgetsoort::Herstel => "voor de hele looptijd",
        Budgetsoort::Duurzaam => "per jaar",
    }
}

fn bijvoeglijk(soort: Budgetsoort) -> &'static str {
    match soort {
        Budgetsoort::Herstel => "herstelgericht",
        Budgetsoort::Duurzaam => "duurzaam",
    }
}
