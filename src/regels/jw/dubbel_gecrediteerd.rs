//! JW03: a debit line credited twice.
//!
//! Needs VorigReferentieNummer. Source: iJw TR390.

use super::credit_zonder_debet::creditregels;
use crate::dossier::{Ernst, Stand};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "JW03",
    titel: "Debetregel dubbel gecrediteerd",
    wat: "Een creditregel waarvan de debetregel al door een andere creditregel is teruggenomen.",
    waarom: "Een debetregel kan maar één keer worden teruggenomen.",
    nodig: "DebetCredit en VorigReferentieNummer",
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

fn toets(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    for lijn in creditregels(groep, uit) {
        if lijn.regel.stand == Stand::CreditDubbel {
            uit.bevinding(
                lijn.bevinding(Ernst::Fout)
                    .gevonden("de debetregel is al teruggenomen")
                    .verwacht("één creditregel per debetregel"),
            );
        }
    }
}
