//! The header of a message.

use super::parsing::BerichtContent;
use super::schema::BerichtField;
use super::{Bericht, BerichtError};
use crate::bron::fields::{self, AmountFormat, DateOrder};
use crate::dossier::{
    Afgewezen, Agb, BerichtFault, Cent, Dag, DeclaratieAnswer, Declaratiebericht, FileId, Gemeente,
    rejects,
};

/// What the header of a message says besides what its rows carry.
pub(crate) enum HeaderFacts {
    Declaratie(Declaratiebericht),
    /// No prestatie is in it yet.
    Answer(DeclaratieAnswer),
    None,
}

/// Refuses a message that doesn't say who sent it, when, and to whom; `file` is the one that holds it.
pub(crate) fn check_header(
    content: &BerichtContent,
    bericht: Bericht,
    file: FileId,
) -> Result<HeaderFacts, BerichtError> {
    let (digits_afzender, digits_ontvanger) =
        if matches!(bericht, Bericht::Jw301 | Bericht::Jw325) { (4, 8) } else { (8, 4) };
    let code = |element, field, digits| {
        fields::code(content.value(field).as_bytes(), digits)
            .map(|_| ())
            .map_err(|_| BerichtError::Header { element })
    };
    code("Afzender", BerichtField::Afzender, digits_afzender)?;
    code("Ontvanger", BerichtField::Ontvanger, digits_ontvanger)?;
    if content.value(BerichtField::Identificatie).is_empty() {
        return Err(BerichtError::Header { element: "Identificatie" });
    }
    datum(content, "Dagtekening", BerichtField::Dagtekening)?;
    match bericht {
        Bericht::Jw323 => declaratiebericht(content, file).map(HeaderFacts::Declaratie),
        Bericht::Jw325 => answer(content).map(HeaderFacts::Answer),
        Bericht::Jw301 | Bericht::Jw305 | Bericht::Jw307 => Ok(HeaderFacts::None),
    }
}

fn datum(
    content: &BerichtContent,
    element: &'static str,
    field: BerichtField,
) -> Result<Dag, BerichtError> {
    fields::datum(content.value(field).as_bytes(), DateOrder::DayFirst)
        .map_err(|_| BerichtError::Header { element })
}

/// What the header of a declaration says.
fn declaratiebericht(
    content: &BerichtContent,
    file: FileId,
) -> Result<Declaratiebericht, BerichtError> {
    let afzender = fields::code(content.value(BerichtField::Afzender).as_bytes(), 8)
        .map_err(|_| BerichtError::Header { element: "Afzender" })?;
    let ontvanger = fields::code(content.value(BerichtField::Ontvanger).as_bytes(), 4)
        .map_err(|_| BerichtError::Header { element: "Ontvanger" })?;
    let declaratie_nummer = content.value(BerichtField::DeclaratieNummer).to_owned();
    if declaratie_nummer.is_empty() {
        return Err(BerichtError::Header { element: "DeclaratieNummer" });
    }
    let total = fields::bedrag(
        content.value(BerichtField::TotaalBedrag).as_bytes(),
        AmountFormat::IN_CENTS,
    )
    .map_err(|_| BerichtError::Header { element: "TotaalBedrag" })?;
    let periode = (
        datum(content, "Begindatum van DeclaratiePeriode", BerichtField::PeriodeBegin)?,
        datum(content, "Einddatum van DeclaratiePeriode", BerichtField::PeriodeEind)?,
    );
    let mut faults = content.faults;
    if periode != (periode.1.maandbegin(), periode.1.maandeinde()) {
        faults.insert(BerichtFault::NoMonth);
    }
    Ok(Declaratiebericht {
        faults,
        afzender: Agb(afzender.number),
        ontvanger: Gemeente(ontvanger.number as u16),
        dagtekening: datum(content, "Dagtekening", BerichtField::Dagtekening)?,
        identificatie: content.value(BerichtField::Identificatie).to_owned(),
        declaratie_nummer,
        periode,
        totaal: match content.value(BerichtField::TotaalDebetCredit) {
            "D" => total,
            "C" => Cent::ZERO - total,
            _ => return Err(BerichtError::Header { element: "DebetCredit van het totaal" }),
        },
        subversie: content.subversie,
        xsd_versies: [BerichtField::XsdBericht, BerichtField::XsdBasis]
            .map(|v| content.value(v).to_owned()),
        bestand: file,
    })
}

/// What the header of an answer says of the whole.
fn answer(content: &BerichtContent) -> Result<DeclaratieAnswer, BerichtError> {
    let code = |element, field, digits| {
        fields::code(content.value(field).as_bytes(), digits)
            .map(|code| code.number)
            .map_err(|_| BerichtError::Header { element })
    };
    let over = content.value(BerichtField::OverIdentificatie);
    if over.is_empty() {
        return Err(BerichtError::Header { element: "DeclaratieIdentificatie" });
    }
    let bericht = content.value(BerichtField::RetourBericht);
    if bericht.is_empty() {
        return Err(BerichtError::Header { element: "RetourCodes van de Header" });
    }
    let declaratie = content.value(BerichtField::RetourDeclaratie);
    let all = [bericht, declaratie].iter().any(|codes| rejects(codes.split_whitespace()));
    Ok(DeclaratieAnswer {
        gemeente: Gemeente(code("Afzender", BerichtField::Afzender, 4)? as u16),
        aanbieder: Agb(code("Ontvanger", BerichtField::Ontvanger, 8)?),
        bericht: (
            over.to_owned(),
            datum(
                content,
                "Dagtekening van DeclaratieIdentificatie",
                BerichtField::OverDagtekening,
            )?,
        ),
        declaratie_nummer: content.value(BerichtField::DeclaratieNummer).to_owned(),
        afgewezen: if all { Afgewezen::Alles } else { Afgewezen::Prestaties(Vec::new()) },
    })
}
