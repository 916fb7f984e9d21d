//! How the exports of others write what ours say: headers, dates, amounts, codes.

/// Columns of our own, each with the header of an export and how it writes a value.
pub(super) type Columns = Vec<(&'static str, &'static str, fn(&str) -> String)>;

pub(super) fn same(value: &str) -> String {
    value.to_owned()
}

/// `31-03-2023` by its numbers; anything else as it is.
fn date(value: &str, write: impl Fn(u32, u32, u32) -> String) -> String {
    let parts: Vec<u32> = value.split('-').filter_map(|p| p.parse().ok()).collect();
    match parts.as_slice() {
        [day, month, year] => write(*day, *month, *year),
        _ => value.to_owned(),
    }
}

fn short_date(value: &str) -> String {
    date(value, |d, m, y| format!("{d}-{m}-{y}"))
}

fn plain_date(value: &str) -> String {
    date(value, |d, m, y| format!("{y}{m:02}{d:02}"))
}

/// `1234,50` in cents; what can't be read isn't an amount in any form.
fn cents(value: &str) -> Option<i64> {
    if !value.is_empty() && value.bytes().all(|c| c.is_ascii_digit()) {
        return Some(value.parse::<i64>().ok()? * 100);
    }
    let (euros, cents) = value.split_once(',')?;
    Some(euros.parse::<i64>().ok()? * 100 + cents.parse::<i64>().ok()?)
}

fn euro_sign(value: &str) -> String {
    let Some(n) = cents(value) else { return value.to_owned() };
    let whole = (n / 100).to_string();
    let (head, tail) = whole.split_at(whole.len().saturating_sub(3));
    let whole = if head.is_empty() { tail.to_owned() } else { format!("{head}.{tail}") };
    format!("€ {whole},{:02}", n % 100)
}

fn eurocent(value: &str) -> String {
    match cents(value) {
        Some(n) => n.to_string(),
        None if value.is_empty() => String::new(),
        None => "onbekend".to_owned(),
    }
}

fn without_zeros(value: &str) -> String {
    // What is all zeros is no number without them.
    let short = value.trim_start_matches('0');
    if short.is_empty() { value.to_owned() } else { short.to_owned() }
}

pub(super) fn back_office() -> Columns {
    vec![
        ("DeclaratieNummer", "Factuurnummer", same),
        ("ReferentieNummer", "Regelnummer", same),
        ("VorigReferentieNummer", "Vorige referentie", same),
        ("DeclaratieDagtekening", "Factuurdatum", short_date),
        ("Ontvangstdatum", "Datum ontvangst", short_date),
        ("Gemeente", "Gemeentecode", same),
        ("Aanbieder", "AGB-code", same),
        ("Bsn", "Burgerservicenummer", same),
        ("ToewijzingNummer", "Beschikkingsnummer", same),
        ("ProductCategorie", "Categorie", same),
        ("ProductCode", "Product", same),
        ("Begindatum", "Startdatum", short_date),
        ("Einddatum", "Einddatum", short_date),
        ("GeleverdVolume", "Aantal", same),
        ("Eenheid", "Eenheid", unit_in_words),
        ("ProductTarief", "Tarief", euro_sign),
        ("IngediendBedrag", "Bedrag", euro_sign),
        ("NoShow", "No-show", same),
        ("NoShowMinuten", "No-show (minuten)", same),
        ("AfspraakMinuten", "Duur afspraak", same),
        ("ReistijdMinuten", "Reistijd", same),
        ("Gesprekken", "Aantal gesprekken", same),
        ("Functie", "Functie", same),
        ("Hulpverlener", "Medewerker", same),
        ("Groep", "Groepsnaam", same),
    ]
}

fn unit_in_words(code: &str) -> String {
    match code {
        "01" => "minuten".to_owned(),
        "04" => "Uur".to_owned(),
        "14" => "etmaal".to_owned(),
        "16" => "dagdelen".to_owned(),
        other => other.to_owned(),
    }
}

pub(super) fn beschikkingen() -> Columns {
    vec![
        ("ToewijzingNummer", "Beschikkingsnr.", same),
        ("Gemeente", "Gem. code", same),
        ("Aanbieder", "Zorgaanbieder (AGB)", same),
        ("Bsn", "BSN cliënt", same),
        ("Toewijzingsdatum", "Datum beschikking", short_date),
        ("Ingangsdatum", "Begindatum", short_date),
        ("Einddatum", "Geldig t/m", short_date),
        ("ProductCategorie", "Productcategorie", same),
        ("ProductCode", "Productcode", same),
        ("RedenWijziging", "Reden wijziging", same),
        ("Volume", "Omvang", same),
        ("Eenheid", "Eenheid", same),
        ("Frequentie", "Frequentie", same),
        ("Budget", "Toegewezen budget", euro_sign),
        ("Geboortedatum", "Geb. datum", short_date),
        ("Verwijzer", "Soort verwijzer", same),
        ("Budgetsoort", "Soort budget", same),
        ("Uitvoering", "Uitvoering", same),
        ("Dispuut", "Dispuut", same),
        ("Bijzonderheid", "Bijzonderheden", same),
    ]
}

/// The months of a year, each with its own way to call things.
pub(super) fn drifting(month: usize) -> Columns {
    let mut columns = back_office();
    columns.push(("DebetCredit", "D/C", same));
    let other: [(&str, [&str; 3]); 5] = [
        ("IngediendBedrag", ["Gedeclareerd bedrag", "Bedrag", "Totaalbedrag"]),
        ("GeleverdVolume", ["Aantal", "Geleverd volume", "Hoeveelheid"]),
        ("Begindatum", ["Startdatum", "Begindatum", "Datum van"]),
        ("Aanbieder", ["AGB", "Instelling", "Zorgaanbieder"]),
        ("Bsn", ["BSN", "Burgerservicenummer", "BSN jeugdige"]),
    ];
    for (own, headers) in other {
        let column = columns.iter_mut().find(|(o, ..)| *o == own).unwrap();
        column.1 = headers[month % 3];
    }
    columns
}

/// How a data warehouse writes a column.
pub(super) fn of_warehouse(own: &str) -> fn(&str) -> String {
    match own {
        "ProductTarief" | "IngediendBedrag" | "Budget" => eurocent,
        "Gemeente" | "Aanbieder" | "Bsn" | "Eenheid" | "Verwijzer" => without_zeros,
        own if own.ends_with("datum") || own.ends_with("Dagtekening") => plain_date,
        _ => same,
    }
}

/// Lines beside what was granted: their headers say which of both they are of.
pub(super) fn lines_of_a_wide_export() -> Columns {
    let mut columns = back_office();
    for (own, header) in [
        ("Begindatum", "Startdatum levering"),
        ("Einddatum", "Einddatum levering"),
        ("ProductCategorie", "Categorie product"),
        ("ProductCode", "Prestatiecode"),
        ("GeleverdVolume", "Geleverd aantal"),
        ("Eenheid", "Eenheid levering"),
        ("IngediendBedrag", "Gedeclareerd bedrag"),
    ] {
        columns.iter_mut().find(|(o, ..)| *o == own).unwrap().1 = header;
    }
    columns
}
