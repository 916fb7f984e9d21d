//! JW15: a debit line and its credit in one message.
//!
//! A correction credits what was declared before. Needs DeclaratieNummer. Source: iJw TR316.

use crate::dossier::Kolom;
use crate::regelset::Regelinstelling;
use crate::toetsing::{Dossiergroep, Ernst, Reden, Regel, Toets, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "JW15",
    titel: "Debet en credit in één bericht",
    wat: "Een creditregel en de debetregel die zij terugneemt, hebben hetzelfde DeclaratieNummer. Dat is een fout op de creditregel.",
    waarom: "Een regel kan pas worden gecrediteerd als zij in een eerdere declaratie is ingediend.",
    nodig: "DeclaratieNummer",
    parameters: &[],
    toets: Toets::Dossier(toets),
};

fn toets(groep: &Dossiergroep<'_>, instelling: &Regelinstelling, uit: &mut Uitkomsten) {
    let c = groep.controle;
    for &(credit, debet) in &c.dossier.verrekend {
        let (lijn, debet) = (c.lijn(credit), c.lijn(debet));
        if !c.in_leverjaar(lijn.regel) {
            continue;
        }
        let kolom = Kolom::DeclaratieNummer;
        if let Err(reden) = lijn.kolom(kolom).and_then(|()| debet.kolom(kolom)) {
            uit.niet_toetsbaar(reden);
            continue;
        }
        let nummer = lijn.regel.declaratie_nummer;
        if nummer.is_leeg() || debet.regel.declaratie_nummer.is_leeg() {
            uit.niet_toetsbaar(Reden::GeenDeclaratieNummer);
            continue;
        }
        uit.getoetst();
        if nummer == debet.regel.declaratie_nummer {
            uit.bevinding(
                lijn.bevinding(Ernst::Fout, instelling)
                    .gevonden(format!(
                        "neemt regel {} uit dezelfde declaratie terug",
                        super::gemaskeerd(c.dossier.referentie(debet.regel))
                    ))
                    .verwacht("een credit in een latere declaratie"),
            );
        }
    }
}
