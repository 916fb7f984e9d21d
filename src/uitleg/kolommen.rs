//! What every column of every table is: `rechtmatig kolommen` and `docs/kolommen.md`.

use crate::dossier::{FileKind, Kolom};
use crate::ground::fold;
use crate::regels::REGISTER;
use crate::toetsing::Rule;
use std::fmt::Write;

/// How a value may be written. What each form allows stands below the tables.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Datum,
    Bedrag,
    Volume,
    JaNee,
    Getal,
    Tekst,
    /// A code of so many digits.
    Code(u8),
    /// One of these words, or several.
    Woorden(&'static str),
}

impl Form {
    fn name(self) -> String {
        match self {
            Form::Datum => "datum".to_owned(),
            Form::Bedrag => "bedrag".to_owned(),
            Form::Volume => "hoeveelheid".to_owned(),
            Form::JaNee => "ja/nee".to_owned(),
            Form::Getal => "geheel getal".to_owned(),
            Form::Tekst => "tekst".to_owned(),
            Form::Code(digits) => format!("code van {digits} cijfers"),
            Form::Woorden(words) => words.to_owned(),
        }
    }
}

/// What the forms allow, for a reader of the tables.
const FORMS: [(&str, &str); 6] = [
    ("datum", "`2023-03-31`, `31-03-2023` of `20230331`; in een werkmap ook een echte datum"),
    (
        "bedrag",
        "euro's met een komma of punt voor hoogstens twee decimalen, zoals `1.234,56`; `1.234` alleen is \
         dubbelzinnig en wordt afgekeurd, tenzij `[bedragen]` in controle.toml zegt wat het is",
    ),
    ("hoeveelheid", "een getal met hoogstens twee decimalen, zoals `2,5`"),
    ("ja/nee", "`J` of `N`, `ja` of `nee`, `1` of `0`, `true` of `false`"),
    ("geheel getal", "hoogstens negen cijfers, zonder punten"),
    ("code", "nullen die een spreadsheet vooraan wegliet, worden teruggezet en geteld"),
];

/// A kind of table in a few words.
fn rows(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Declaraties => "één rij per prestatie (declaratieregel)",
        FileKind::Toewijzingen => "één rij per versie van een toewijzing",
        FileKind::Aanbieders => "één rij per aanbieder",
        FileKind::Producten => "één rij per product van de regio",
        FileKind::Tarieven => "één rij per tarief, vóór die van de regelset",
        FileKind::Omzet => "de omzet van een aanbieder in een jaar",
        FileKind::Startstop => "één rij per start- of stopbericht",
        FileKind::Productieverantwoording => "wat een aanbieder over een jaar verantwoordde",
        FileKind::Afspraken => "afspraken van gemeenten met aanbieders (Zeeland, perceel 5)",
        FileKind::Maatwerk => "overeenkomsten voor één jeugdige (Zeeland)",
        FileKind::Beoordelingen => "oordelen over bevindingen van een eerdere controle",
        FileKind::Openstaand => {
            "wat een eerdere controle terugvorderde: openstaand.csv van rechtmatig terugvordering"
        }
        FileKind::Reacties => {
            "reacties van aanbieders op bevindingen: het blad dat zij kregen, ingevuld terug"
        }
        FileKind::Antwoorden => "antwoorden op declaraties; alleen als iJw-berichten (JW325)",
        FileKind::Steekproef => "een ingevulde steekproef; hoort in geen dossier",
        FileKind::Geweigerd => "xml die geen bericht is dat gelezen wordt",
    }
}

/// Meaning and form of a column in this table.
fn explain(kind: FileKind, kolom: Kolom) -> (&'static str, Form) {
    use Form::{Bedrag, Code, Datum, Getal, Tekst, Volume, Woorden};
    match (kind, kolom) {
        (FileKind::Toewijzingen, Kolom::Volume) => {
            ("toegewezen hoeveelheid, per Frequentie", Volume)
        }
        (FileKind::Toewijzingen, Kolom::Einddatum) => ("laatste dag; leeg is zonder einde", Datum),
        (FileKind::Toewijzingen, Kolom::ProductCode) => {
            ("toegewezen product; leeg is de hele categorie", Tekst)
        }
        (FileKind::Afspraken, Kolom::Soort) => {
            ("wat er ingekocht is; leeg is trajecten", Woorden("trajecten of plaatsen"))
        }
        (FileKind::Afspraken, Kolom::Naam) => ("naam van de afspraak", Tekst),
        (FileKind::Afspraken | FileKind::Maatwerk, Kolom::Einddatum) => {
            ("laatste dag van de afspraak", Datum)
        }
        (FileKind::Producten, Kolom::Perceel) => ("het eigen perceel van de regio", Getal),
        (FileKind::Tarieven, Kolom::Perceel) => ("geldt alleen in dit perceel", Getal),
        (FileKind::Tarieven, Kolom::Aanbieder) => {
            ("geldt alleen voor deze aanbieder (AGB)", Code(8))
        }
        (FileKind::Beoordelingen, Kolom::Bedrag) => {
            ("bij terugvorderen: wat is afgesproken, als dat een ander bedrag is", Bedrag)
        }
        (FileKind::Reacties, Kolom::Door) => ("wie reageerde", Tekst),
        (FileKind::Reacties, Kolom::Datum) => ("dag van de reactie", Datum),
        (FileKind::Openstaand, Kolom::Bedrag) => {
            ("wat er van de declaratieregel terug moet komen", Bedrag)
        }
        (FileKind::Beoordelingen, Kolom::Datum) => ("dag van het oordeel", Datum),
        (FileKind::Toewijzingen, Kolom::Verzonden) => {
            ("dag waarop de gemeente de versie verzond", Datum)
        }
        (FileKind::Startstop, Kolom::Datum) => ("dag van de start of stop", Datum),
        (FileKind::Steekproef, Kolom::Oordeel) => {
            ("wat de controle vond", Woorden("goed, fout of onzeker"))
        }
        (_, kolom) => explain_anywhere(kolom),
    }
}

/// Meaning and form of a column that is the same in every table.
fn explain_anywhere(kolom: Kolom) -> (&'static str, Form) {
    use Form::{Bedrag, Code, Datum, Getal, JaNee, Tekst, Volume, Woorden};
    match kolom {
        Kolom::DeclaratieNummer => ("de declaratie waarin de declaratieregel binnenkwam", Tekst),
        Kolom::ReferentieNummer => {
            ("eigen nummer van de declaratieregel, uniek per aanbieder", Tekst)
        }
        Kolom::VorigReferentieNummer => {
            ("op een creditregel: de debetregel die hij terugneemt", Tekst)
        }
        Kolom::DeclaratieDagtekening => ("datum op de declaratie", Datum),
        Kolom::Ontvangstdatum => ("dag waarop de declaratie binnenkwam", Datum),
        Kolom::Gemeente => ("CBS-code van de gemeente", Code(4)),
        Kolom::Aanbieder => ("AGB-code van de aanbieder", Code(8)),
        Kolom::Bsn => ("burgerservicenummer; komt in geen rapport", Code(9)),
        Kolom::ToewijzingNummer => ("nummer van de toewijzing, uniek per gemeente", Tekst),
        Kolom::ProductCategorie => ("productcategorie, zoals 45", Tekst),
        Kolom::ProductCode => ("productcode, zoals 45A04", Tekst),
        Kolom::Begindatum => ("eerste dag van de geleverde periode", Datum),
        Kolom::Einddatum => ("laatste dag van de geleverde periode", Datum),
        Kolom::GeleverdVolume => ("hoeveel er geleverd is, in Eenheid", Volume),
        Kolom::Eenheid => ("eenheid volgens WJ756, zoals 01 (minuten)", Code(2)),
        Kolom::ProductTarief => ("tarief per eenheid", Bedrag),
        Kolom::IngediendBedrag => ("gedeclareerd bedrag; nooit negatief", Bedrag),
        Kolom::DebetCredit => ("welke kant op; leeg is D", Woorden("D of C")),
        Kolom::NoShow => {
            ("of hoe vaak de jeugdige niet kwam", Woorden("ja/nee of een geheel getal"))
        }
        Kolom::NoShowMinuten => ("minuten van het volume die no-show zijn", Getal),
        Kolom::AfspraakMinuten => ("geplande duur van één gemiste afspraak, in minuten", Getal),
        Kolom::ReistijdMinuten => ("minuten van het volume die reistijd zijn", Getal),
        Kolom::Gesprekken => ("aantal gesprekken in de declaratieregel; leeg is 1", Getal),
        Kolom::Functie => ("functie van de hulpverlener (Beroepentabel)", Tekst),
        Kolom::Hulpverlener => ("eigen nummer van de aanbieder voor de hulpverlener", Tekst),
        Kolom::Groep => ("kenmerk van de groep waarin is geleverd", Tekst),
        Kolom::Toewijzingsdatum => ("dag waarop de gemeente besloot", Datum),
        Kolom::Ingangsdatum => ("eerste dag van de toewijzing", Datum),
        Kolom::RedenWijziging => ("reden van een wijziging volgens JZ002", Code(2)),
        Kolom::Volume => ("hoeveelheid", Volume),
        Kolom::Frequentie => ("waarvoor het volume geldt, volgens WMO757", Getal),
        Kolom::Budget => ("toegewezen bedrag", Bedrag),
        Kolom::Geboortedatum => ("geboortedatum van de jeugdige", Datum),
        Kolom::Verwijzer => ("wie verwees, volgens COD327", Code(2)),
        Kolom::Budgetsoort => ("soort budget", Woorden("herstel of duurzaam")),
        Kolom::Uitvoering => ("wijze van uitvoering", Woorden("inspanning of output")),
        Kolom::Dispuut => ("is er een geschil over de toewijzing?", JaNee),
        Kolom::Toewijzingstijd => (
            "tijd op de Toewijzingsdatum: van versies van één dag geldt de laatste",
            Woorden("UU:MM of UU:MM:SS"),
        ),
        Kolom::Bijzonderheid => (
            "woorden met een spatie ertussen",
            Woorden("medicatiecontrole, kdc, crisis, toestemming, verlengd"),
        ),
        Kolom::Naam => ("naam", Tekst),
        Kolom::Perceel => ("perceel van de aanbieder", Getal),
        Kolom::Percelen => ("verdere percelen, zoals 6|8", Tekst),
        Kolom::Voorzieningen => ("tariefsleutels die gecontracteerd zijn, zoals TG1|TG2", Tekst),
        Kolom::KdcOdc => ("is het een KDC of ODC?", JaNee),
        Kolom::CrisisContract => ("heeft de aanbieder een crisiscontract?", JaNee),
        Kolom::LandelijkeOmzet => ("omzet Jeugdwet in heel Nederland, dit jaar", Bedrag),
        Kolom::ContractBegin => ("eerste dag van het contract", Datum),
        Kolom::ContractEinde => ("laatste dag van het contract", Datum),
        Kolom::FinaleKwijting => ("dag van de finale kwijting", Datum),
        Kolom::ClientenstopVan => ("eerste dag zonder nieuwe cliënten", Datum),
        Kolom::ClientenstopTot => ("laatste dag zonder nieuwe cliënten", Datum),
        Kolom::Penvoerder => ("AGB-code van de penvoerder van de combinatie", Code(8)),
        Kolom::Omschrijving => ("naam van het product", Tekst),
        Kolom::Onderdeel => (
            "onderdeel van het contract",
            Woorden(
                "ambulant, groepsaanbod, voorziening, verblijf, ed, crisis, een-op-een, preventie, \
                 maatwerk of overig",
            ),
        ),
        Kolom::Tariefsleutel => ("naam van het tarief, zoals TG3 of INT_C", Tekst),
        Kolom::Vorm => (
            "vorm van verblijf",
            Woorden("pleegzorg, deeltijdpleegzorg, kdv, gezinshuis, wonen of verblijf"),
        ),
        Kolom::Jaar => ("leverjaar", Getal),
        Kolom::Tarief => ("tarief per eenheid", Bedrag),
        Kolom::Bron => ("waar het tarief vandaan komt", Tekst),
        Kolom::Omzet => ("omzet in dat jaar", Bedrag),
        Kolom::Soort => ("soort bericht", Woorden("start of stop")),
        Kolom::Datum => ("datum", Datum),
        Kolom::Verzonden => ("dag waarop het bericht verzonden is", Datum),
        Kolom::RedenBeeindiging => ("reden van beëindiging volgens JZ588", Code(2)),
        Kolom::AantalJeugdigen => ("aantal jeugdigen", Getal),
        Kolom::Bedrag => ("verantwoord bedrag", Bedrag),
        Kolom::Status => {
            ("hoe zeker de opgave is", Woorden("voorlopig, definitief of gewaarmerkt"))
        }
        Kolom::Ontvangen => ("dag waarop de verantwoording binnenkwam", Datum),
        Kolom::Doelgroep => ("voor wie de afspraak is", Tekst),
        Kolom::Startdatum => ("eerste dag", Datum),
        Kolom::Aantal => ("hoeveel er ingekocht is", Getal),
        Kolom::MaxGroepsgrootte => ("hoogste aantal jeugdigen in een groep", Getal),
        Kolom::RetourCodes => ("landelijke retourcodes", Tekst),
        Kolom::Id => ("Id van de bevinding of declaratieregel, zoals het rapport hem geeft", Tekst),
        Kolom::Oordeel => (
            "wat er van de bevinding gevonden wordt",
            Woorden("akkoord, terugvorderen, niet-verwijtbaar of nader-onderzoek"),
        ),
        Kolom::Opmerking => ("toelichting bij het oordeel", Tekst),
        Kolom::Door => ("wie oordeelde", Tekst),
        Kolom::Ernst => ("ernst bij het oordeel, zoals het rapport hem gaf", Tekst),
        Kolom::BedragInGeding => ("bedrag in geding, zoals het rapport het gaf", Bedrag),
        Kolom::Gevonden => ("wat gevonden was, zoals het rapport het gaf", Tekst),
        Kolom::Verwacht => ("wat verwacht was, zoals het rapport het gaf", Tekst),
        Kolom::VastgesteldBedrag => ("het juiste bedrag", Bedrag),
        Kolom::Bevinding => ("wat er mis is", Tekst),
        Kolom::Toelichting => ("toelichting", Tekst),
        Kolom::Teruggenomen => ("wat daarvan terug is", Bedrag),
        Kolom::TeruggenomenOp => ("laatste dag waarop er iets terugkwam", Datum),
        Kolom::Creditregels => (
            "ReferentieNummers van creditregels die al zijn meegeteld of er al waren, met | ertussen",
            Tekst,
        ),
        Kolom::Bevindingen => ("Ids van de bevindingen waarop het rust", Tekst),
        Kolom::Reactie => ("wat de aanbieder van de bevinding zegt; leeg is geen reactie", Tekst),
        Kolom::Steekproef => ("opzet van de steekproef", Tekst),
        Kolom::Jeugdige => ("pseudoniem van de jeugdige", Tekst),
    }
}

/// Codes of the rules that name this column of this table, or with `None` the table as a whole.
fn rules_with(kind: FileKind, kolom: Option<Kolom>) -> Vec<&'static str> {
    let needs = |rule: &&&Rule| rule.needs.all().any(|needed| needed == (kind, kolom));
    REGISTER.iter().filter(needs).map(|rule| rule.code).collect()
}

/// The page `docs/kolommen.md`.
pub fn columns_page() -> String {
    let mut out = "# Kolommen\n\n\
        Elke tabel die een dossier kan hebben, met haar kolommen. Een bestand hoort bij de tabel waarmee zijn \
        naam begint. Kopteksten worden vergeleken zonder hoofdletters, spaties, `_` en `-`; heet een kolom in \
        uw export anders, zeg dat dan onder `[kolommen]` in `controle.toml`. Wat een regel nodig heeft en \
        ontbreekt, staat in het rapport als niet getoetst. `rechtmatig kolommen declaraties` toont hetzelfde \
        op de terminal. Deze bladzijde is door het programma gemaakt.\n\n## Vormen\n\n"
        .to_owned();
    for (name, text) in FORMS {
        let _ = writeln!(out, "- **{name}**: {text}");
    }
    for kind in FileKind::ALL {
        let _ = write!(out, "\n## {}\n\n{}.\n\n", kind.name(), first_upper(rows(kind)));
        let whole = links(&rules_with(kind, None));
        if !whole.is_empty() {
            let _ = writeln!(out, "Regels die deze tabel als geheel nodig hebben: {whole}.\n");
        }
        out += "| Kolom | Nodig | Betekenis | Vorm | Regels die hem nodig hebben |\n|---|:-:|---|---|---|\n";
        for (kolom, needed) in kind.kolommen() {
            let (meaning, form) = explain(kind, *kolom);
            let _ = writeln!(
                out,
                "| `{}` | {} | {} | {} | {} |",
                kolom.name(),
                if *needed { "ja" } else { "" },
                meaning.replace('|', "\\|"),
                form.name(),
                links(&rules_with(kind, Some(*kolom)))
            );
        }
    }
    out
}

fn links(codes: &[&str]) -> String {
    let links: Vec<String> =
        codes.iter().map(|code| format!("[{code}](regels/{code}.md)")).collect();
    links.join(", ")
}

fn first_upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

/// All tables with what they can't do without, for the terminal.
pub(crate) fn tables() -> String {
    let mut out = String::new();
    for kind in FileKind::ALL {
        out += &fold(rows(kind), &format!("{}  ", kind.name()), 4);
        let needed = kind.kolommen().iter().filter(|(_, needed)| *needed);
        let names: Vec<&str> = needed.map(|(kolom, _)| kolom.name()).collect();
        out += &fold(&format!("nodig: {}", names.join(", ")), "    ", 4);
    }
    out + "\nMeer over een tabel: rechtmatig kolommen declaraties\n"
}

/// One table with all its columns, for the terminal; `None` where there is none of this name.
pub(crate) fn of_table(name: &str) -> Option<String> {
    let kind = FileKind::ALL.into_iter().find(|kind| kind.name() == name.to_lowercase())?;
    let mut out = fold(&format!("{}; * is nodig", rows(kind)), &format!("{name}  "), 4);
    for (kolom, needed) in kind.kolommen() {
        let (meaning, form) = explain(kind, *kolom);
        let star = if *needed { "*" } else { "" };
        out += &format!("\n  {}{star}\n", kolom.name());
        out += &fold(&format!("{meaning} ({})", form.name()), "      ", 6);
        let rules = rules_with(kind, Some(*kolom));
        if !rules.is_empty() {
            out += &fold(&format!("nodig voor {}", rules.join(", ")), "      ", 6);
        }
    }
    let whole = rules_with(kind, None);
    if !whole.is_empty() {
        out +=
            &format!("\n{}", fold(&format!("De tabel is nodig voor {}.", whole.join(", ")), "", 0));
    }
    Some(out)
}

/// The names of all tables.
pub(crate) fn table_names() -> Vec<&'static str> {
    FileKind::ALL.into_iter().map(FileKind::name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_know_which_columns_hold_days_and_which_have_decimals() {
        let kinds = FileKind::ALL.into_iter();
        for (kind, kolom) in
            kinds.flat_map(|kind| kind.kolommen().iter().map(move |(k, _)| (kind, *k)))
        {
            let (_, form) = explain(kind, kolom);
            assert_eq!(matches!(form, Form::Datum), kolom.is_datum(), "{kind} {kolom}");
            let counts = matches!(form, Form::Bedrag | Form::Volume);
            assert!(!counts || kolom.counts(), "{kind} {kolom}");
        }
    }
}
