//! TF07: an aanbieder that may not meet the conditions of its perceel.
//!
//! By the column Perceel; one finding an aanbieder, whatever number of conditions fails. Needs
//! Perceel and LandelijkeOmzet. Source: ID 5.6 for the values, 5.6.1 for perceel 1.

use crate::dossier::{AanbiederRow, Bsn, Cent, Dag, Kolom};
use crate::regels::caveat::{CAVEATS, with_caveats};
use crate::regels::percelen::Shortcomings;
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{AanbiederGroup, Check, Line, Outcomes, Reason, Rule, needs};
use hashbrown::HashSet;

pub(crate) static RULE: Rule = Rule {
    code: "TF07",
    title: "Perceelvoorwaarden twijfelachtig",
    what: "Per aanbieder, naar Perceel: perceel 1 declareert hoogspecialistisch verblijf; perceel 2 declareert dat juist niet, of heeft te weinig landelijke omzet; perceel 3, 4 of 5 heeft te weinig landelijke omzet; perceel 4 of 5 heeft te weinig jeugdigen op ggz-verblijf. Eén signaal per aanbieder.",
    why: "De tarieven van een perceel horen bij de voorwaarden ervan.",
    for_aanbieder: "Het is de vraag of u voldoet aan de voorwaarden van uw perceel.",
    needs: needs!("{} en {} van de aanbieder", Aanbieders(Perceel, LandelijkeOmzet)),
    parameters: &[
        HOOGSPECIALISTISCH.spec(),
        OMZET_2.spec(),
        OMZET_3.spec(),
        GGZ.spec(),
        JEUGDIGEN.spec(),
        CAVEATS.spec(),
    ],
    checks: &[Check::Aanbieder(check)],
    ..Rule::BASE
};

const HOOGSPECIALISTISCH: Parameter<[String]> = Parameter::new(
    "hoogspecialistisch",
    "intensiteiten van verblijf die bij perceel 2 horen en niet bij perceel 1",
);

const OMZET_2: Parameter<Cent> =
    Parameter::new("omzet_perceel_2", "landelijke omzet die perceel 2 minstens vraagt");

const OMZET_3: Parameter<Cent> =
    Parameter::new("omzet_perceel_3", "landelijke omzet die perceel 3, 4 en 5 minstens vragen");

const GGZ: Parameter<[String]> =
    Parameter::new("ggz", "intensiteiten van ggz-verblijf die bij perceel 4 en 5 horen");

const JEUGDIGEN: Parameter<i64> =
    Parameter::new("jeugdigen", "jeugdigen op ggz-verblijf die perceel 4 en 5 minstens vragen");

fn check(group: &AanbiederGroup<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let c = group.context;
    if group.jaarsom(c.jaar).is_none() {
        return;
    }
    let Some(row) = out.known(c.data_with(group.id, Kolom::Perceel)) else { return };
    let dag = c.last_dag();
    let examined = Examined { group, row, settings, dag };
    let mut shortcomings = Shortcomings::default();
    match row.perceel {
        Some(1) => shortcomings.ask(Ok(examined.hoogspecialistisch_declared())),
        Some(2) => {
            shortcomings.ask(Ok(examined.hoogspecialistisch_absent()));
            shortcomings.ask(examined.omzet(&OMZET_2));
        }
        Some(3) => shortcomings.ask(examined.omzet(&OMZET_3)),
        Some(4 | 5) => {
            shortcomings.ask(examined.omzet(&OMZET_3));
            shortcomings.ask(Ok(examined.too_few_on_ggz()));
        }
        // The other percelen have no such conditions; an empty Perceel is none of these.
        _ => return,
    }
    let expected = format!("de voorwaarden van perceel {}", row.perceel.unwrap_or_default());
    let untested =
        |reason| format!("De voorwaarde over landelijke omzet is niet getoetst: {reason}.");
    let signaal = shortcomings.signaal(group, out, untested);
    if let Some(bevinding) = signaal {
        out.bevinding(with_caveats(bevinding.expected(expected), settings, dag));
    }
}

/// An aanbieder, and the conditions of percelen: each gives what is wrong, if anything.
struct Examined<'a> {
    group: &'a AanbiederGroup<'a>,
    row: &'a AanbiederRow,
    settings: &'a RuleSettings,
    dag: Dag,
}

impl<'a> Examined<'a> {
    /// The lines of products with one of these tariefsleutels.
    fn lines_with(&self, keys: &Parameter<[String]>) -> impl Iterator<Item = Line<'a>> {
        let sought = self.settings.at(keys, self.dag);
        let is = move |key: Option<&str>| key.is_some_and(|k| sought.iter().any(|s| s == k));
        self.group.counting_lines().filter(move |l| is(l.product.tariefsleutel()))
    }

    fn hoogspecialistisch_declared(&self) -> Option<String> {
        let line = self.lines_with(&HOOGSPECIALISTISCH).next()?;
        let key = line.product.tariefsleutel().unwrap_or_default();
        Some(format!("perceel 1 declareert {key}"))
    }

    fn hoogspecialistisch_absent(&self) -> Option<String> {
        if self.lines_with(&HOOGSPECIALISTISCH).next().is_some() {
            return None;
        }
        let first = self.settings.at(&HOOGSPECIALISTISCH, self.dag).first();
        let key = first.map_or("hoogspecialistisch verblijf", String::as_str);
        Some(format!("perceel 2 declareert geen {key} of hoger"))
    }

    fn too_few_on_ggz(&self) -> Option<String> {
        let bsns = self.lines_with(&GGZ).map(|l| l.data.bsn);
        let jeugdigen = bsns.filter(|bsn| *bsn != Bsn::NONE).collect::<HashSet<Bsn>>().len();
        let at_least = self.settings.at(&JEUGDIGEN, self.dag);
        ((jeugdigen as i64) < at_least)
            .then(|| format!("{jeugdigen} van minstens {at_least} jeugdigen op ggz-verblijf"))
    }

    /// Is the turnover too small? Untested where it isn't given.
    fn omzet(&self, at_least: &Parameter<Cent>) -> Result<Option<String>, Reason> {
        self.group.context.cell(self.row, Kolom::LandelijkeOmzet)?;
        let omzet = self.row.landelijke_omzet.ok_or(Reason::GeenLandelijkeOmzet)?;
        let at_least = self.settings.at(at_least, self.dag);
        Ok((omzet < at_least).then(|| format!("landelijke omzet {omzet}, minder dan {at_least}")))
    }
}
