//! The header of a message.

use super::ontleden::Inhoud;
use super::schema::Veld;
use super::{BEDRAGEN, Bericht, Berichtfout};
use crate::bron::velden;
use crate::dossier::{
    Afgewezen, Agb, BestandNr, Cent, Dag, Declaratieantwoord, Declaratiebericht, Gemeente, wijst_af,
};

/// Refuses a message that doesn't say who sent it, when, and to whom.
pub fn controleer_kop(inhoud: &Inhoud, bericht: Bericht) -> Result<(), Berichtfout> {
    let (cijfers_afzender, cijfers_ontvanger) =
        if matches!(bericht, Bericht::Jw301 | Bericht::Jw325) { (4, 8) } else { (8, 4) };
    let code = |element, veld, cijfers| {
        velden::code(inhoud.waarde(veld).as_bytes(), cijfers)
            .map(|_| ())
            .map_err(|_| Berichtfout::Kop { element })
    };
    code("Afzender", Veld::Afzender, cijfers_afzender)?;
    code("Ontvanger", Veld::Ontvanger, cijfers_ontvanger)?;
    if inhoud.waarde(Veld::Identificatie).is_empty() {
        return Err(Berichtfout::Kop { element: "Identificatie" });
    }
    datum(inhoud, "Dagtekening", Veld::Dagtekening)?;
    match bericht {
        Bericht::Jw323 => declaratiebericht(inhoud, BestandNr(0)).map(|_| ()),
        Bericht::Jw325 => antwoord(inhoud, Vec::new()).map(|_| ()),
        Bericht::Jw301 | Bericht::Jw305 | Bericht::Jw307 => Ok(()),
    }
}

fn datum(inhoud: &Inhoud, element: &'static str, veld: Veld) -> Result<Dag, Berichtfout> {
    velden::datum(inhoud.waarde(veld).as_bytes()).map_err(|_| Berichtfout::Kop { element })
}

/// What the header of a declaration says.
pub fn declaratiebericht(
    inhoud: &Inhoud,
    bestand: BestandNr,
) -> Result<Declaratiebericht, Berichtfout> {
    let (afzender, _) = velden::code(inhoud.waarde(Veld::Afzender).as_bytes(), 8)
        .map_err(|_| Berichtfout::Kop { element: "Afzender" })?;
    let (ontvanger, _) = velden::code(inhoud.waarde(Veld::Ontvanger).as_bytes(), 4)
        .map_err(|_| Berichtfout::Kop { element: "Ontvanger" })?;
    let declaratie_nummer = inhoud.waarde(Veld::DeclaratieNummer).to_owned();
    if declaratie_nummer.is_empty() {
        return Err(Berichtfout::Kop { element: "DeclaratieNummer" });
    }
    let totaal = velden::bedrag(inhoud.waarde(Veld::TotaalBedrag).as_bytes(), BEDRAGEN)
        .map_err(|_| Berichtfout::Kop { element: "TotaalBedrag" })?;
    Ok(Declaratiebericht {
        afzender: Agb(afzender),
        ontvanger: Gemeente(ontvanger as u16),
        dagtekening: datum(inhoud, "Dagtekening", Veld::Dagtekening)?,
        identificatie: inhoud.waarde(Veld::Identificatie).to_owned(),
        declaratie_nummer,
        periode: (
            datum(inhoud, "Begindatum van DeclaratiePeriode", Veld::PeriodeBegin)?,
            datum(inhoud, "Einddatum van DeclaratiePeriode", Veld::PeriodeEind)?,
        ),
        totaal: match inhoud.waarde(Veld::TotaalDebetCredit) {
            "D" => totaal,
            "C" => Cent::NUL - totaal,
            _ => return Err(Berichtfout::Kop { element: "DebetCredit van het totaal" }),
        },
        subversie: inhoud.subversie,
        xsd_versies: [Veld::XsdBericht, Veld::XsdBasis].map(|v| inhoud.waarde(v).to_owned()),
        bestand,
    })
}

/// An answer that refuses these prestaties, and what its header says of the whole.
pub fn antwoord(
    inhoud: &Inhoud,
    prestaties: Vec<String>,
) -> Result<Declaratieantwoord, Berichtfout> {
    let code = |element, veld, cijfers| {
        velden::code(inhoud.waarde(veld).as_bytes(), cijfers)
            .map(|(code, _)| code)
            .map_err(|_| Berichtfout::Kop { element })
    };
    let over = inhoud.waarde(Veld::OverIdentificatie);
    if over.is_empty() {
        return Err(Berichtfout::Kop { element: "DeclaratieIdentificatie" });
    }
    let bericht = inhoud.waarde(Veld::RetourBericht);
    if bericht.is_empty() {
        return Err(Berichtfout::Kop { element: "RetourCodes van de Header" });
    }
    let declaratie = inhoud.waarde(Veld::RetourDeclaratie);
    let alles = [bericht, declaratie].iter().any(|codes| wijst_af(codes.split_whitespace()));
    Ok(Declaratieantwoord {
        gemeente: Gemeente(code("Afzender", Veld::Afzender, 4)? as u16),
        aanbieder: Agb(code("Ontvanger", Veld::Ontvanger, 8)?),
        bericht: (
            over.to_owned(),
            datum(inhoud, "Dagtekening van DeclaratieIdentificatie", Veld::OverDagtekening)?,
        ),
        declaratie_nummer: inhoud.waarde(Veld::DeclaratieNummer).to_owned(),
        afgewezen: if alles { Afgewezen::Alles } else { Afgewezen::Prestaties(prestaties) },
    })
}
