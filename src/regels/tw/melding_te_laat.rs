//! TW16: starts and stops that were reported late.
//!
//! Counts messages whose Datum lies in the audited year, by the message's own aanbieder. Needs
//! Verzonden. Source: ID eis 47; iJw OP271, OP272.

use crate::dossier::{Agb, Ernst, FileKind, Kolom, werkdagen_after};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    AanbiederGroup, AuditContext, Bevinding, Check, KeyedSums, Outcomes, Reason, RestsOn, Rule,
    Subject, SumsPer, needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "TW16",
    title: "Start of stop te laat gemeld",
    what: "Een start- of stopbericht dat meer dan het toegestane aantal werkdagen na de Datum is verzonden. Per aanbieder één signaal met het aantal.",
    why: "De gemeente volgt de levering en haar uitgaven met deze berichten.",
    for_aanbieder: "De start of stop van de hulp is te laat gemeld.",
    needs: needs!("startstop met {}", Startstop(Verzonden)),
    parameters: &[WERKDAGEN.spec()],
    checks: &[Check::Dossier { per: SumsPer::Aanbieder(collect), decision }],
    rests_on: RestsOn::Nothing,
    ..Rule::BASE
};

const WERKDAGEN: Parameter<i64> = Parameter::new(
    "werkdagen",
    "werkdagen waarbinnen een start of stop moet zijn gemeld; de dag zelf telt niet mee",
);

/// By AGB code the number of messages, and of those that were late.
fn collect(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let agb = group.aanbieder.agb;
    let Ok(table) = c.startstop() else { return };
    let (mut reported, mut late) = (0, 0);
    for bericht in table.of_aanbieder(agb).filter(|b| b.datum.jaar() == c.jaar) {
        let Some(()) = out.known(c.kolom(bericht.file, Kolom::Verzonden)) else { continue };
        let verzonden = bericht.verzonden().map_err(Reason::from);
        let verzonden = verzonden.and_then(|v| v.ok_or(Reason::GeenVerzonden));
        let Some(verzonden) = out.known(verzonden) else { continue };
        out.tested();
        let within = settings.at(&WERKDAGEN, bericht.datum);
        let too_late = werkdagen_after(bericht.datum, verzonden) > within.unsigned_abs();
        reported += 1;
        late += i64::from(too_late);
    }
    if reported > 0 {
        out.sums.count((agb.0, 0), [reported, late, 0, 0]);
    }
}

fn decision(c: &AuditContext<'_>, sums: &KeyedSums, settings: &RuleSettings, out: &mut Outcomes) {
    if c.startstop().is_err() {
        return out.not_testable(Reason::TabelOntbreekt(FileKind::Startstop));
    }
    let within = settings.at(&WERKDAGEN, c.last_dag());
    for ((agb, _), [reported, too_late, ..]) in sums.all().filter(|(_, [_, late, ..])| *late > 0) {
        let Some(id) = c.dossier.aanbieder_nr(Agb(agb)) else { continue };
        out.bevinding(
            Bevinding::new(Ernst::Signaal, Subject::Aanbieder(id))
                .found(format!(
                    "{too_late} van {reported} start- en stopberichten van {} te laat verzonden",
                    c.jaar
                ))
                .expected(format!("een melding binnen {within} werkdagen")),
        );
    }
}
