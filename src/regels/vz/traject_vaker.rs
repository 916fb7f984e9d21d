//! VZ01: MST or ZIT declared more than once.
//!
//! MST and ZIT lines of one toewijzing together, over all years. Source: ID 8.5.4.

use super::is_traject;
use crate::dossier::{Eenheid, Ernst, Volume};
use crate::regels::maximum::above;
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, Outcomes, Reason, Rule, Ruling, ToewijzingGroup, needs};

pub(crate) static RULE: Rule = Rule {
    code: "VZ01",
    title: "MST of ZIT meer dan eens",
    what: "De stuks MST en ZIT op één toewijzing worden in volgorde opgeteld, over alle jaren. Wat boven het maximum komt, is een onzekerheid.",
    why: "Het tarief is per stuk. Dat er op één toewijzing maar één stuk past, is de lezing van dit programma: het document zegt dat niet met zoveel woorden.",
    for_aanbieder: "MST of ZIT is op één toewijzing vaker dan eens gedeclareerd.",
    needs: needs!("Volume in stuks; {} van het product", Producten(Tariefsleutel)).and_volume(),
    parameters: &[STUKS.spec()],
    about: Some(is_traject),
    checks: &[Check::Toewijzing(check)],
    ..Rule::BASE
};

const STUKS: Parameter<i64> = Parameter::new("stuks", "trajecten die op één toewijzing passen");

fn check(group: &ToewijzingGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let mut lines = Vec::new();
    group.each_line(out, |line| {
        if !is_traject(line.product) {
            return Ok(Ruling::NotApplicable);
        }
        line.toewijzing()?;
        if !matches!(line.data.eenheid, Eenheid::STUKS_OUTPUT | Eenheid::STUKS_INSPANNING) {
            return Err(Reason::GeenStuks);
        }
        lines.push((*line, line.data.geleverd_volume.0));
        Ok(Ruling::InOrder)
    });
    let stuks = settings.at(&STUKS, c.last_dag());
    for b in above(lines, Volume::whole(stuks).0) {
        if c.in_leverjaar(b.line.data) {
            out.bevinding(
                b.line
                    .bevinding(Ernst::Onzekerheid)
                    .bedrag(b.bedrag)
                    .found(format!("{} trajecten tot en met deze declaratieregel", Volume(b.sum)))
                    .expected(format!("hoogstens {stuks} op deze toewijzing"))
                    .toelichting("Het document zegt \"per stuk\"; dat één toewijzing één traject is, is de lezing van dit programma. Beoordeel of de gemeente een tweede traject heeft afgesproken."),
            );
        }
    }
}
