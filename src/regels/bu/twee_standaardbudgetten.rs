//! BU05: two standaardbudgetten at once at different aanbieders.
//!
//! One finding for each pair of aanbieders of a jeugdige, on the later toewijzing of their earliest
//! overlapping pair. Needs Budget and a valid Bsn; `toestemming` or `medicatiecontrole` lifts it.
//! Source: RTP 2.4.6(4); ID eis 75.

use crate::dossier::{AanbiederNr, Bijzonderheid, Cent, Ernst, Kolom, Toewijzing, ToewijzingNr};
use crate::regelset::{Parameter, Regelinstelling};
use crate::toetsing::{Bevinding, Check, Jeugdigegroep, Onderwerp, Regel, Uitkomsten};
use hashbrown::HashSet;

pub static REGEL: Regel = Regel {
    code: "BU05",
    titel: "Twee standaardbudgetten tegelijk bij verschillende aanbieders",
    wat: "Heeft een jeugdige op hetzelfde moment een standaardbudget bij twee aanbieders, zonder toestemming en niet voor medicatiecontrole, dan is dat een onzekerheid per paar aanbieders.",
    waarom: "Twee standaardbudgetten naast elkaar kan alleen na akkoord van de Toegang.",
    nodig: "Budget, Ingangsdatum en Einddatum van de toewijzing; een geldig Bsn",
    parameters: &[HOOGSTE.spec(), MEESTE.spec()],
    checks: &[Check::Jeugdige(toets)],
    ..Regel::BASE
};

const HOOGSTE: Parameter<Cent> = Parameter::new("hoogste", "het hoogste standaardbudget");

const MEESTE: Parameter<i64> = Parameter::new(
    "meeste",
    "bij meer van zulke toewijzingen per jeugdige volgt één bevinding op de jeugdige",
);

fn toets(groep: &Jeugdigegroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    if groep.toewijzingen.is_empty() || !groep.bsn.is_geldig() {
        return;
    }
    let c = groep.controle;
    let hoogste = instelling.at(&HOOGSTE, c.laatste_dag());
    let meeste = instelling.at(&MEESTE, c.laatste_dag());
    let mut zulke: Vec<(ToewijzingNr, &Toewijzing)> = Vec::new();
    let mut ontbreekt = None;
    for &nr in groep.toewijzingen {
        let t = c.dossier.toewijzing(nr);
        for kolom in [Kolom::Budget, Kolom::Einddatum] {
            ontbreekt = ontbreekt.or(c.kolom(t.bestand, kolom).err());
        }
        let vrij = [Bijzonderheid::Toestemming, Bijzonderheid::Medicatiecontrole]
            .iter()
            .any(|b| t.bijzonderheden.bevat(*b));
        if t.budget.is_some_and(|b| b <= hoogste) && !vrij {
            zulke.push((nr, t));
        }
    }
    if let Some(reden) = ontbreekt {
        return uit.niet_toetsbaar(reden);
    }
    if zulke.is_empty() {
        return;
    }
    uit.getoetst();
    if zulke.len() as i64 > meeste {
        uit.bevinding(
            Bevinding::nieuw(Ernst::Onzekerheid, Onderwerp::Jeugdige(groep.bsn))
                .on_lines(
                    groep
                        .lijnen()
                        .filter(|l| zulke.iter().any(|(nr, _)| l.regel.toewijzing == Some(*nr))),
                )
                .gevonden(format!("{} toewijzingen met een standaardbudget", zulke.len()))
                .verwacht("één standaardbudget tegelijk, tenzij de Toegang akkoord gaf")
                .toelichting(format!(
                    "Bij meer dan {meeste} toewijzingen worden de paren niet apart genoemd."
                )),
        );
        return;
    }
    let mut gemeld: HashSet<(AanbiederNr, AanbiederNr)> = HashSet::new();
    for (i, (eerste_nr, eerste)) in zulke.iter().enumerate() {
        for (nr, tweede) in &zulke[i + 1..] {
            let (a, b) = (eerste.aanbieder, tweede.aanbieder);
            if a == b || !eerste.termijn().overlapt(tweede.termijn()) {
                continue;
            }
            if !gemeld.insert((a.min(b), a.max(b))) {
                continue;
            }
            let nummer = |t: &Toewijzing| c.dossier.toewijzingnummer(t.nummer).to_owned();
            let onderwerp = Onderwerp::Toewijzing(*nr);
            let op_beide = [Some(*eerste_nr), Some(*nr)];
            let mut bevinding = Bevinding::nieuw(Ernst::Onzekerheid, onderwerp)
                .on_lines(groep.lijnen().filter(|l| op_beide.contains(&l.regel.toewijzing)))
                .gevonden(format!(
                    "naast toewijzing {} ({}) bij aanbieder {}",
                    nummer(eerste),
                    eerste.termijn(),
                    c.agb(a)
                ))
                .verwacht("één standaardbudget tegelijk, tenzij de Toegang akkoord gaf")
                .toelichting("Beoordeel of de Toegang met twee aanbieders tegelijk instemde.");
            if ![eerste, tweede].iter().all(|t| c.kent_bijzonderheid(t)) {
                bevinding = bevinding
                    .ook("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.");
            }
            uit.bevinding(bevinding);
        }
    }
}
