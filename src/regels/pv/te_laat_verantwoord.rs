//! PV07: accounted for too late.
//!
//! The first row and the first certified row, in the year after the audited one. Needs Ontvangen.
//! Source: ID eis 53, 54.

use super::{bevinding, verantwoording_or_reason};
use crate::dossier::{Dag, Ernst, Kolom, SmallRow, Status, VerantwoordingRow};
use crate::regelset::{DayOfYear, Parameter, RuleSettings};
use crate::toetsing::{AanbiederGroup, Check, Outcomes, Reason, RestsOn, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "PV07",
    title: "Te laat verantwoord",
    what: "De productieverantwoording voor een gemeente kwam na de uiterste datum binnen, of de eerste gewaarmerkte versie niet voor de hare. Dat is een signaal per aanbieder en gemeente.",
    why: "De gemeente heeft de verantwoording nodig voor haar eigen jaarrekening.",
    for_aanbieder: "Uw productieverantwoording is te laat ontvangen.",
    needs: needs!(
        "productieverantwoording met {} en {}",
        Productieverantwoording(Ontvangen, Status)
    ),
    parameters: &[UITERLIJK.spec(), GEWAARMERKT.spec()],
    checks: &[Check::Aanbieder(check)],
    rests_on: RestsOn::Nothing,
    ..Rule::BASE
};

const UITERLIJK: Parameter<DayOfYear> = Parameter::new(
    "uiterlijk",
    "laatste dag, in het jaar na het leverjaar, waarop de verantwoording binnen moet zijn",
);

const GEWAARMERKT: Parameter<DayOfYear> = Parameter::new(
    "gewaarmerkt_voor",
    "dag, in het jaar na het leverjaar, waarvoor de gewaarmerkte verantwoording binnen moet zijn",
);

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    if verantwoording_or_reason(group, out).is_none() {
        return;
    }
    let dag = c.last_dag();
    let uiterlijk = settings.at(&UITERLIJK, dag).in_year(c.jaar + 1);
    let certified_for = settings.at(&GEWAARMERKT, dag).in_year(c.jaar + 1);
    let rows = c.dossier.verantwoording_of(group.aanbieder.agb, c.jaar);
    for of_gemeente in rows.chunk_by(|a, b| a.gemeente == b.gemeente) {
        let gemeente = of_gemeente[0].gemeente;
        let asked = |r: &VerantwoordingRow| -> Result<(), Reason> {
            c.cell(r, Kolom::Ontvangen)?;
            Ok(r.readable(Kolom::Status)?)
        };
        let missing = of_gemeente.iter().find_map(|r| asked(r).err());
        if let Some(reason) = missing {
            out.not_testable(reason);
            continue;
        }
        let first = |fits: fn(&VerantwoordingRow) -> bool| -> Option<Dag> {
            of_gemeente.iter().filter(|r| fits(r)).filter_map(|r| r.ontvangen).min()
        };
        let Some(ontvangen) = first(|_| true) else {
            out.not_testable(Reason::GeenOntvangen);
            continue;
        };
        out.tested();
        let mut defects = Vec::new();
        if ontvangen > uiterlijk {
            defects.push(format!("ontvangen op {ontvangen}, na {uiterlijk}"));
        }
        let gewaarmerkt = first(|r| r.status == Some(Status::Gewaarmerkt));
        if let Some(on) = gewaarmerkt.filter(|on| *on >= certified_for) {
            defects.push(format!("gewaarmerkt ontvangen op {on}, niet voor {certified_for}"));
        }
        if !defects.is_empty() {
            out.bevinding(
                bevinding(group.id, gemeente, Ernst::Signaal).found(defects.join("; ")).expected(
                    format!("uiterlijk {uiterlijk}, en gewaarmerkt voor {certified_for}"),
                ),
            );
        }
    }
}
