//! TW18: a toewijzing of another kind than the contract asks for.
//!
//! Needs Budget, Volume, Eenheid and Frequentie of the toewijzing. Source: ID eis 40, 108; RTP 4.5.

use crate::dossier::{Eenheid, Ernst, Kolom, Onderdeel, Toewijzing};
use crate::regelset::Regelinstelling;
use crate::toetsing::{Check, Controle, Reden, Regel, Toewijzingsgroep, Uitkomsten};

pub static REGEL: Regel = Regel {
    code: "TW18",
    titel: "Toewijzing van de verkeerde soort",
    wat: "Een toewijzing voor ambulante hulp zonder Budget; voor verblijf die niet specifiek is (categorie, code, volume, eenheid en frequentie) in etmalen; voor dyslexiezorg met een Budget of niet in minuten of stuks. Dat is een signaal.",
    waarom: "De soort toewijzing bepaalt waaraan een declaratie te toetsen is.",
    nodig: "Budget, Volume, Eenheid en Frequentie van de toewijzing",
    checks: &[Check::Toewijzing(toets)],
    ..Regel::BASE
};

fn toets(groep: &Toewijzingsgroep<'_>, _: &Regelinstelling, uit: &mut Uitkomsten) {
    let Some((nr, t)) = groep.in_leverjaar() else { return };
    let onderdeel = match groep.product().and_then(|p| p.onderdeel) {
        Ok(onderdeel) => onderdeel,
        Err(reden) => return uit.niet_toetsbaar(reden),
    };
    let (gebrek, verwacht) = match onderdeel {
        Onderdeel::Ambulant => (ambulant(groep.controle, t), "een toewijzing met een Budget"),
        Onderdeel::Verblijf => {
            (verblijf(groep.controle, t), "een specifieke toewijzing in etmalen")
        }
        Onderdeel::Ed => {
            (dyslexie(groep.controle, t), "een toewijzing zonder Budget, in minuten of stuks")
        }
        _ => return,
    };
    match gebrek {
        Err(reden) => uit.niet_toetsbaar(reden),
        Ok(None) => uit.getoetst(),
        Ok(Some(gebrek)) => {
            uit.getoetst();
            uit.bevinding(
                groep
                    .bevinding(nr, Ernst::Signaal)
                    .gevonden(format!("{}: {gebrek}", onderdeel.naam()))
                    .verwacht(verwacht),
            );
        }
    }
}

type Gebrek = Result<Option<&'static str>, Reden>;

fn ambulant(c: &Controle<'_>, t: &Toewijzing) -> Gebrek {
    c.kolom(t.bestand, Kolom::Budget)?;
    Ok(t.budget.is_none().then_some("geen Budget"))
}

fn verblijf(c: &Controle<'_>, t: &Toewijzing) -> Gebrek {
    for kolom in [
        Kolom::ProductCategorie,
        Kolom::ProductCode,
        Kolom::Volume,
        Kolom::Eenheid,
        Kolom::Frequentie,
    ] {
        c.kolom(t.bestand, kolom)?;
    }
    let specifiek = !t.product_categorie.is_leeg()
        && !t.product_code.is_leeg()
        && t.volume.is_some()
        && t.eenheid.is_some()
        && t.frequentie.is_some();
    Ok(match t.eenheid {
        _ if !specifiek => Some("niet specifiek"),
        Some(Eenheid::ETMAAL) => None,
        _ => Some("niet in etmalen"),
    })
}

fn dyslexie(c: &Controle<'_>, t: &Toewijzing) -> Gebrek {
    c.kolom(t.bestand, Kolom::Budget)?;
    c.kolom(t.bestand, Kolom::Eenheid)?;
    Ok(match t.eenheid {
        _ if t.budget.is_some() => Some("met een Budget"),
        Some(Eenheid::MINUUT | Eenheid::STUKS_OUTPUT | Eenheid::STUKS_INSPANNING) => None,
        _ => Some("niet in minuten of stuks"),
    })
}
