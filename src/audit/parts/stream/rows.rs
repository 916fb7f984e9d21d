//! Lines, versions of toewijzingen, starts and stops as rows of a stream.
//!
//! A row names nothing by a number of this process: codes and texts are written out, and what a row
//! is known by is its file and its place among the accepted rows of that file.

use super::arrow::{NieuweRij, Rij, StreamError, Veld};
use crate::dossier::*;

/// A row is known by its file and its place among the accepted rows of that file, from 0.
pub type Plaats = (BestandNr, u32);

/// The word for a value of a fixed list.
pub fn woord<T: PartialEq>(keuzes: &[(&'static str, T)], waarde: T) -> &'static str {
    keuzes.iter().find(|(_, w)| *w == waarde).map_or("", |(naam, _)| naam)
}

fn code(code: Option<impl ToString>) -> String {
    code.map(|c| c.to_string()).unwrap_or_default()
}

/// Empty for a line that has none.
pub fn bsn(bsn: Bsn) -> String {
    if bsn == Bsn::GEEN { String::new() } else { bsn.cijfers() }
}

/// Nine digits; [`Bsn::GEEN`] where there are none.
pub fn lees_bsn(rij: &Rij<'_>) -> Result<Bsn, StreamError> {
    Ok(rij.code(Veld::Bsn)?.map_or(Bsn::GEEN, Bsn))
}

fn volume(volume: Option<Volume>) -> Option<i64> {
    volume.map(|v| v.0)
}

/// Writes a line, with what it names written out.
pub fn schrijf_regel(rij: &mut NieuweRij<'_>, d: &Dossier, r: &Declaratieregel, volgnummer: u32) {
    let product = d.product(r.product);
    rij.tekst(Veld::Bestand, &d.bestand(r.bestand).pad)
        .getal(Veld::Regelnummer, i64::from(r.regelnummer))
        .getal(Veld::Volgnummer, i64::from(volgnummer))
        .tekst(Veld::DeclaratieNummer, d.declaratienummer(r))
        .tekst(Veld::ReferentieNummer, d.referentie(r))
        .tekst(Veld::VorigReferentieNummer, d.vorige_referentie(r))
        .datum(Veld::DeclaratieDagtekening, r.declaratie_dagtekening)
        .datum(Veld::Ontvangstdatum, r.ontvangstdatum)
        .tekst(Veld::Gemeente, &r.gemeente.to_string())
        .tekst(Veld::Aanbieder, &d.aanbieder(r.aanbieder).agb.to_string())
        .tekst(Veld::Bsn, &bsn(r.bsn))
        .tekst(Veld::ToewijzingNummer, d.toewijzingnummer(r.toewijzing_nummer))
        .tekst(Veld::ProductCategorie, &product.categorie)
        .tekst(Veld::ProductCode, &product.code)
        .datum(Veld::Begindatum, r.begindatum)
        .datum(Veld::Einddatum, r.einddatum)
        .getal(Veld::GeleverdVolume, r.geleverd_volume.0)
        .tekst(Veld::Eenheid, &r.eenheid.to_string())
        .getal(Veld::ProductTarief, r.product_tarief.map(|t| t.bedrag().0))
        .getal(Veld::IngediendBedrag, r.ingediend_bedrag.0)
        .tekst(Veld::DebetCredit, r.debet_credit.naam())
        .tekst(Veld::Stand, r.stand.naam());
    let c = d.contact(r);
    if c != Contact::default() {
        rij.getal(Veld::NoShow, i64::from(c.no_show))
            .getal(Veld::NoShowMinuten, volume(c.no_show_minuten))
            .getal(Veld::AfspraakMinuten, volume(c.afspraak_minuten))
            .getal(Veld::ReistijdMinuten, volume(c.reistijd_minuten))
            .getal(Veld::Gesprekken, c.gesprekken.map(i64::from))
            .tekst(Veld::Functie, d.woorden.tekst(c.functie))
            .tekst(Veld::Hulpverlener, d.woorden.tekst(c.hulpverlener))
            .tekst(Veld::Groep, d.woorden.tekst(c.groep));
    }
}

/// What numbers a row gets in this process.
pub struct Nummers<'a> {
    pub bestand: &'a dyn Fn(&str) -> Option<BestandNr>,
    pub aanbieder: &'a dyn Fn(Agb) -> Option<AanbiederNr>,
    pub product: &'a dyn Fn(&str, &str) -> Option<ProductNr>,
}

impl Nummers<'_> {
    /// The file of a row, the row's place in it, and its line number.
    pub fn plaats(&self, rij: &Rij<'_>) -> Result<(Plaats, u32), StreamError> {
        let bestand = (self.bestand)(rij.tekst(Veld::Bestand));
        let bestand = rij.nodig(Veld::Bestand, bestand)?;
        let volgnummer = rij.aantal(Veld::Volgnummer)?;
        let regelnummer = rij.aantal(Veld::Regelnummer)?;
        Ok((
            (bestand, rij.nodig(Veld::Volgnummer, volgnummer)?),
            rij.nodig(Veld::Regelnummer, regelnummer)?,
        ))
    }
}

fn nodige_code<T: TryFrom<u32>>(rij: &Rij<'_>, veld: Veld) -> Result<T, StreamError> {
    let code = rij.code(veld)?;
    rij.nodig(veld, code)
}

fn nodige_dag(rij: &Rij<'_>, veld: Veld) -> Result<Dag, StreamError> {
    let dag = rij.datum(veld)?;
    rij.nodig(veld, dag)
}

/// Adds a line, and gives what it is known by.
pub fn lees_regel(
    rij: &Rij<'_>,
    nummers: &Nummers<'_>,
    heel: &mut Onverbonden,
) -> Result<Plaats, StreamError> {
    let (plaats, regelnummer) = nummers.plaats(rij)?;
    let aanbieder = (nummers.aanbieder)(Agb(nodige_code(rij, Veld::Aanbieder)?));
    let categorie = rij.tekst(Veld::ProductCategorie);
    let product = (nummers.product)(categorie, rij.tekst(Veld::ProductCode));
    let tarief = rij.getal(Veld::ProductTarief).map(|n| {
        let tarief = Tarief::nieuw(Cent(n));
        rij.nodig(Veld::ProductTarief, tarief)
    });
    let mut woord = |veld| heel.woorden.nummer(rij.tekst(veld));
    let contact = Contact {
        no_show: rij.aantal(Veld::NoShow)?.unwrap_or(0),
        no_show_minuten: rij.getal(Veld::NoShowMinuten).map(Volume),
        afspraak_minuten: rij.getal(Veld::AfspraakMinuten).map(Volume),
        reistijd_minuten: rij.getal(Veld::ReistijdMinuten).map(Volume),
        gesprekken: rij.aantal(Veld::Gesprekken)?,
        functie: woord(Veld::Functie),
        hulpverlener: woord(Veld::Hulpverlener),
        groep: woord(Veld::Groep),
    };
    let (gesprekken, neven) = contact.splits();
    let nevengegevens = (neven != Nevengegevens::default())
        .then(|| NevengegevensNr::nieuw(heel.nevengegevens.nummer(&neven, || neven)));
    let debet_credit = rij.keus(Veld::DebetCredit, &DebetCredit::choices())?;
    let regel = Declaratieregel {
        ingediend_bedrag: Cent(rij.nodig(Veld::IngediendBedrag, rij.getal(Veld::IngediendBedrag))?),
        geleverd_volume: Volume(rij.nodig(Veld::GeleverdVolume, rij.getal(Veld::GeleverdVolume))?),
        product_tarief: tarief.transpose()?,
        bsn: lees_bsn(rij)?,
        begindatum: nodige_dag(rij, Veld::Begindatum)?,
        einddatum: nodige_dag(rij, Veld::Einddatum)?,
        ontvangstdatum: rij.datum(Veld::Ontvangstdatum)?,
        declaratie_dagtekening: rij.datum(Veld::DeclaratieDagtekening)?,
        nummers: heel.teksten.voeg_samen_toe(
            [Veld::ReferentieNummer, Veld::VorigReferentieNummer, Veld::DeclaratieNummer]
                .map(|veld| rij.tekst(veld).as_bytes()),
        ),
        toewijzing_nummer: heel.toewijzingnummers.nummer(rij.tekst(Veld::ToewijzingNummer)),
        toewijzing: None,
        functie: contact.functie,
        hulpverlener: contact.hulpverlener,
        nevengegevens,
        gesprekken,
        regelnummer,
        bestand: plaats.0,
        gemeente: Gemeente(nodige_code(rij, Veld::Gemeente)?),
        aanbieder: rij.nodig(Veld::Aanbieder, aanbieder)?,
        product: rij.nodig(Veld::ProductCode, product)?,
        eenheid: Eenheid(nodige_code(rij, Veld::Eenheid)?),
        debet_credit: rij.nodig(Veld::DebetCredit, debet_credit)?,
        stand: rij.keus(Veld::Stand, &Stand::choices())?.unwrap_or(Stand::Levend),
    };
    heel.regels.push(regel);
    Ok(plaats)
}

/// What the numbers in a version stand for.
pub struct Herkomst<'a> {
    pub bestanden: &'a [Bestand],
    pub toewijzingnummers: &'a Woordenboek,
    pub woorden: &'a Woordenboek,
}

/// Writes a version of a toewijzing.
pub fn schrijf_versie(
    rij: &mut NieuweRij<'_>,
    van: &Herkomst<'_>,
    v: &OnverbondenToewijzing,
    volgnummer: u32,
) {
    let (agb, v) = (v.agb, &v.versie);
    let bijzonderheden: Vec<&str> = Bijzonderheid::ALLE
        .into_iter()
        .filter(|b| v.bijzonderheden.bevat(*b))
        .map(Bijzonderheid::naam)
        .collect();
    rij.tekst(Veld::Bestand, &van.bestanden[usize::from(v.bestand.0)].pad)
        .getal(Veld::Regelnummer, i64::from(v.regelnummer))
        .getal(Veld::Volgnummer, i64::from(volgnummer))
        .tekst(Veld::ToewijzingNummer, van.toewijzingnummers.tekst(v.nummer))
        .tekst(Veld::Gemeente, &v.gemeente.to_string())
        .tekst(Veld::Aanbieder, &agb.to_string())
        .tekst(Veld::Bsn, &bsn(v.bsn))
        .datum(Veld::Toewijzingsdatum, v.toewijzingsdatum)
        .datum(Veld::Ingangsdatum, v.ingangsdatum)
        .datum(Veld::Einddatum, v.einddatum)
        .tekst(Veld::ProductCategorie, van.woorden.tekst(v.product_categorie))
        .tekst(Veld::ProductCode, van.woorden.tekst(v.product_code))
        .tekst(Veld::RedenWijziging, &code(v.reden_wijziging))
        .getal(Veld::Volume, volume(v.volume))
        .tekst(Veld::Eenheid, &code(v.eenheid))
        .tekst(Veld::Frequentie, &code(v.frequentie))
        .getal(Veld::Budget, v.budget.map(|b| b.0))
        .datum(Veld::Geboortedatum, v.geboortedatum)
        .tekst(Veld::Verwijzer, &code(v.verwijzer))
        .tekst(Veld::Budgetsoort, v.budgetsoort.map_or("", Budgetsoort::naam))
        .tekst(Veld::Uitvoering, v.uitvoering.map_or("", Uitvoering::naam))
        .tekst(Veld::Dispuut, if v.dispuut { "J" } else { "" })
        .tekst(Veld::Bijzonderheid, &bijzonderheden.join(" "));
}

/// Reads a version of a toewijzing, with words of `heel`.
pub fn lees_versie(
    rij: &Rij<'_>,
    nummers: &Nummers<'_>,
    heel: &mut Onverbonden,
) -> Result<(Plaats, OnverbondenToewijzing), StreamError> {
    let (plaats, regelnummer) = nummers.plaats(rij)?;
    let mut bijzonderheden = Bijzonderheden::default();
    for naam in rij.tekst(Veld::Bijzonderheid).split(' ').filter(|naam| !naam.is_empty()) {
        let bekend = Bijzonderheid::choices().into_iter().find(|(woord, _)| *woord == naam);
        bijzonderheden = bijzonderheden.met(rij.nodig(Veld::Bijzonderheid, bekend)?.1);
    }
    let versie = Versie {
        nummer: heel.toewijzingnummers.nummer(rij.tekst(Veld::ToewijzingNummer)),
        gemeente: Gemeente(nodige_code(rij, Veld::Gemeente)?),
        aanbieder: AanbiederNr(0),
        bsn: lees_bsn(rij)?,
        toewijzingsdatum: nodige_dag(rij, Veld::Toewijzingsdatum)?,
        ingangsdatum: nodige_dag(rij, Veld::Ingangsdatum)?,
        einddatum: rij.datum(Veld::Einddatum)?,
        product_categorie: heel.woorden.nummer(rij.tekst(Veld::ProductCategorie)),
        product_code: heel.woorden.nummer(rij.tekst(Veld::ProductCode)),
        reden_wijziging: rij.code(Veld::RedenWijziging)?.map(RedenWijziging),
        volume: rij.getal(Veld::Volume).map(Volume),
        eenheid: rij.code(Veld::Eenheid)?.map(Eenheid),
        frequentie: rij.code(Veld::Frequentie)?.map(Frequentie),
        budget: rij.getal(Veld::Budget).map(Cent),
        geboortedatum: rij.datum(Veld::Geboortedatum)?,
        verwijzer: rij.code(Veld::Verwijzer)?.map(Verwijzer),
        budgetsoort: rij.keus(Veld::Budgetsoort, &Budgetsoort::choices())?,
        uitvoering: rij.keus(Veld::Uitvoering, &Uitvoering::choices())?,
        dispuut: rij.tekst(Veld::Dispuut) == "J",
        bijzonderheden,
        bestand: plaats.0,
        regelnummer,
    };
    let agb = Agb(nodige_code(rij, Veld::Aanbieder)?);
    Ok((plaats, OnverbondenToewijzing { agb, versie }))
}

/// Writes a start or stop; its kind of row says which.
pub fn schrijf_startstop(
    rij: &mut NieuweRij<'_>,
    van: &Herkomst<'_>,
    s: &Startstop,
    volgnummer: u32,
) {
    rij.tekst(Veld::Bestand, &van.bestanden[usize::from(s.bestand.0)].pad)
        .getal(Veld::Regelnummer, i64::from(s.regelnummer))
        .getal(Veld::Volgnummer, i64::from(volgnummer))
        .tekst(Veld::Soort, s.soort.naam())
        .tekst(Veld::ToewijzingNummer, van.toewijzingnummers.tekst(s.toewijzing_nummer))
        .tekst(Veld::Gemeente, &s.gemeente.to_string())
        .tekst(Veld::Aanbieder, &s.aanbieder.to_string())
        .tekst(Veld::Bsn, &bsn(s.bsn))
        .datum(Veld::Datum, s.datum)
        .datum(Veld::Verzonden, s.verzonden)
        .tekst(Veld::RedenBeeindiging, &code(s.reden_beeindiging));
}

pub fn lees_startstop(
    rij: &Rij<'_>,
    nummers: &Nummers<'_>,
    heel: &mut Onverbonden,
) -> Result<(Plaats, Startstop), StreamError> {
    let (plaats, regelnummer) = nummers.plaats(rij)?;
    let soort = rij.keus(Veld::Soort, &Berichtsoort::choices())?;
    let bericht = Startstop {
        toewijzing_nummer: heel.toewijzingnummers.nummer(rij.tekst(Veld::ToewijzingNummer)),
        gemeente: Gemeente(nodige_code(rij, Veld::Gemeente)?),
        aanbieder: Agb(nodige_code(rij, Veld::Aanbieder)?),
        bsn: lees_bsn(rij)?,
        soort: rij.nodig(Veld::Soort, soort)?,
        datum: nodige_dag(rij, Veld::Datum)?,
        verzonden: rij.datum(Veld::Verzonden)?,
        reden_beeindiging: rij.code(Veld::RedenBeeindiging)?.map(RedenBeeindiging),
        bestand: plaats.0,
        regelnummer,
    };
    Ok((plaats, bericht))
}
