//! ED04: dyslexia care declared by the piece more than once.
//!
//! Per jeugdige over all aanbieders and years, diagnostiek and behandeling apart. Source: RTP 4.5.

use super::PRODUCTS;
use crate::dossier::{Eenheid, Ernst, LineId, Volume};
use crate::regels::maximum::above;
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{Check, JeugdigeGroup, Line, Outcomes, Rule, needs};

pub(crate) static RULE: Rule = Rule {
    code: "ED04",
    title: "Dyslexiezorg in stuks vaker dan eens",
    what: "Per jeugdige worden de stuks diagnostiek en de stuks behandeling over alle aanbieders en jaren in volgorde opgeteld. Wat boven één stuk komt, is een onzekerheid.",
    why: "Diagnostiek en behandeling kunnen per stuk worden toegewezen. Dat één stuk een heel onderzoek of een hele behandeling is, is de lezing van dit programma; een tweede vraagt uitleg.",
    for_aanbieder: "De dyslexiezorg is in stuks vaker dan eens gedeclareerd.",
    needs: needs!("{} van het product; volume in stuks", Producten(Tariefsleutel)).and_volume(),
    parameters: &[STUKS.spec()],
    about: Some(super::is_ed),
    checks: &[Check::Jeugdige(check)],
    ..Rule::BASE
};

const STUKS: Parameter<i64> =
    Parameter::new("stuks", "stuks diagnostiek, en stuks behandeling, per jeugdige");

fn check(group: &JeugdigeGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    let stuks = settings.at(&STUKS, c.last_dag());
    for (key, what) in PRODUCTS {
        let in_stuks = |l: &Line<'_>| {
            l.product.tariefsleutel() == Some(key)
                && matches!(l.data.eenheid, Eenheid::STUKS_OUTPUT | Eenheid::STUKS_INSPANNING)
        };
        let own: Vec<LineId> = group.lines().filter(in_stuks).map(|l| l.id()).collect();
        if own.is_empty() {
            continue;
        }
        own.iter().for_each(|_| out.tested());
        let earlier = group.other_years.iter().map(|id| c.line(*id)).filter(in_stuks);
        let all = own.into_iter().chain(earlier.map(|l| l.id())).collect();
        let lines = group.in_order(all).map(|l| (l, l.data.geleverd_volume.0));
        for b in above(lines, Volume::whole(stuks).0) {
            if c.in_leverjaar(b.line.data) {
                out.bevinding(
                    b.line
                        .bevinding(Ernst::Onzekerheid)
                        .bedrag(b.bedrag)
                        .found(format!("{} stuks {what} tot en met deze declaratieregel", Volume(b.sum)))
                        .expected(format!("hoogstens {stuks} per jeugdige"))
                        .toelichting("Dat één stuk een heel traject is, is de lezing van dit programma. Beoordeel of de Toegang een tweede onderzoek of behandeling heeft toegekend."),
                );
            }
        }
    }
}
