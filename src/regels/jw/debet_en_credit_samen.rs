//! JW15: a debit line and its credit in one message.
//!
//! A correction credits what was declared before. Needs DeclaratieNummer. Source: iJw TR316.

use crate::dossier::{Ernst, Kolom, Stand};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Aanbiedergroep, Check, Reden, Regel, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "JW15",
    titel: "Debet en credit in één bericht",
    wat: "Een creditregel en de debetregel die zij terugneemt, hebben hetzelfde DeclaratieNummer. Dat is een fout op de creditregel.",
    waarom: "Een regel kan pas worden gecrediteerd als zij in een eerdere declaratie is ingediend.",
    nodig: "DeclaratieNummer",
    checks: &[Check::Aanbieder(toets)],
    ..Regel::BASE
};

fn toets(groep: &Aanbiedergroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    for lijn in groep.creditregels().filter(|l| l.regel.stand == Stand::Credit) {
        let Some(debet) = c.dossier.teruggenomen_door(lijn.nr()).map(|nr| c.lijn(nr)) else {
            continue;
        };
        let kolom = Kolom::DeclaratieNummer;
        if let Err(reden) = lijn.kolom(kolom).and_then(|()| debet.kolom(kolom)) {
            uit.niet_toetsbaar(reden);
            continue;
        }
        let nummer = c.dossier.declaratienummer(lijn.regel);
        let van_debet = c.dossier.declaratienummer(debet.regel);
        if nummer.is_empty() || van_debet.is_empty() {
            uit.niet_toetsbaar(Reden::GeenDeclaratieNummer);
            continue;
        }
        uit.getoetst();
        if nummer == van_debet {
            uit.bevinding(
                lijn.bevinding(Ernst::Fout)
                    .gevonden(format!(
                        "neemt regel {} uit dezelfde declaratie terug",
                        super::gemaskeerd(c.dossier.referentie(debet.regel))
                    ))
                    .verwacht("een credit in een latere declaratie"),
            );
        }
    }
}
