//! JW02: a credit line without its debit.
//!
//! No debit line of the aanbieder has the number that it takes back, or the one that has differs
//! in a key field. Needs VorigReferentieNummer. Source: iJw TR323.

use crate::dossier::{Ernst, Kolom, Stand};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Lijn, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "JW02",
    titel: "Creditregel zonder debetregel",
    wat: "Een creditregel waarvan de debetregel niet te vinden is, of waarvan Bsn, ToewijzingNummer, ProductCode of bedrag verschilt.",
    waarom: "Zo'n creditregel neemt niets terug; de debetregel blijft staan.",
    nodig: "DebetCredit en VorigReferentieNummer",
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

/// Credit lines of the audited year whose file names what they take back; counts the others.
pub(super) fn creditregels<'a>(groep: &Aanbiedergroep<'a>, uit: &mut Uitkomsten) -> Vec<Lijn<'a>> {
    let mut lijnen = Vec::new();
    for lijn in groep.creditregels() {
        match lijn.kolom(Kolom::VorigReferentieNummer) {
            Ok(()) => {
                uit.getoetst();
                lijnen.push(lijn);
            }
            Err(reden) => uit.niet_toetsbaar(reden),
        }
    }
    lijnen
}

fn toets(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    for lijn in creditregels(groep, uit) {
        if lijn.regel.stand == Stand::CreditZonderDebet {
            uit.bevinding(
                lijn.bevinding(Ernst::Fout)
                    .gevonden(if lijn.controle.dossier.vorige_referentie(lijn.regel).is_empty() {
                        "geen VorigReferentieNummer"
                    } else {
                        "geen debetregel met dit nummer, Bsn, ToewijzingNummer, product en bedrag"
                    })
                    .verwacht("een debetregel die in die velden gelijk is"),
            );
        }
    }
}
