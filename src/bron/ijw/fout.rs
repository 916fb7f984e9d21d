//! What is wrong with a message.

use crate::bron::gz::Gebroken;
use std::collections::BTreeMap;
use std::fmt;

/// Elements may not be nested deeper; the root is the first.
pub const GRENS_DIEPTE: usize = 32;

/// Why a message is refused. Its `Display` ends a sentence that begins with the file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Berichtfout {
    Leeg,
    GeenBericht,
    AndereStandaard(String),
    AndereVersie(String),
    AnderBericht(String),
    Tekenset,
    Afgebroken,
    Kapot {
        regel: u64,
    },
    Doctype,
    Entiteit {
        regel: u64,
    },
    TeGroot,
    TeDiep {
        regel: u64,
    },
    TweeKeer {
        element: &'static str,
        regel: u64,
    },
    Kop {
        element: &'static str,
    },
    Dubbel {
        eerder: String,
    },
    Onleesbaar(String),
    /// In the words of another process, that read the file: whole, and as messages refused for the
    /// same reason are told of together.
    Overgenomen {
        tekst: String,
        kort: String,
    },
}

impl Berichtfout {
    /// One sentence for all doubles and for all lines.
    pub fn kort(&self) -> String {
        match self {
            Berichtfout::Dubbel { .. } => "hetzelfde bericht zit al in het dossier".to_owned(),
            Berichtfout::Kapot { .. } => "geen geldige XML".to_owned(),
            Berichtfout::Overgenomen { kort, .. } => kort.clone(),
            _ => self.to_string(),
        }
    }

    pub(super) fn van_io(e: &std::io::Error) -> Berichtfout {
        Berichtfout::Onleesbaar(match e.get_ref().and_then(|e| e.downcast_ref::<Gebroken>()) {
            Some(gebroken) => gebroken.to_string(),
            None => crate::ground::io_oorzaak(e),
        })
    }
}

impl fmt::Display for Berichtfout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Berichtfout::Leeg => write!(f, "het bestand is leeg"),
            Berichtfout::GeenBericht => write!(f, "het is geen iJw-bericht"),
            Berichtfout::AndereStandaard(naam) => {
                write!(f, "het is een bericht van een andere standaard ({naam})")
            }
            Berichtfout::AndereVersie(versie) => {
                write!(f, "iJw-versie {versie} wordt niet gelezen; wel 3.0, 3.1 en 3.2")
            }
            Berichtfout::AnderBericht(naam) => write!(
                f,
                "een {}-bericht wordt niet gelezen; wel JW301, JW305, JW307, JW323 en JW325",
                naam.to_uppercase()
            ),
            Berichtfout::Tekenset => {
                write!(f, "de tekens passen niet bij de tekenset die het bericht noemt")
            }
            Berichtfout::Afgebroken => {
                write!(f, "het bericht breekt af voor het einde")
            }
            Berichtfout::Kapot { regel } => {
                write!(f, "geen geldige XML op regel {regel}")
            }
            Berichtfout::Doctype => write!(f, "een bericht mag geen DOCTYPE hebben"),
            Berichtfout::Entiteit { regel } => {
                write!(f, "onbekende verwijzing (&…;) op regel {regel}")
            }
            Berichtfout::TeGroot => write!(f, "groter dan 25.000.000 bytes"),
            Berichtfout::TeDiep { regel } => {
                write!(f, "op regel {regel} meer dan {GRENS_DIEPTE} elementen in elkaar")
            }
            Berichtfout::TweeKeer { element, regel } => {
                write!(f, "{element} staat er twee keer, de tweede keer op regel {regel}")
            }
            Berichtfout::Kop { element } => {
                write!(f, "{element} ontbreekt of is onleesbaar")
            }
            Berichtfout::Dubbel { eerder } => {
                write!(f, "Afzender, Identificatie en Dagtekening zijn gelijk aan die van {eerder}")
            }
            Berichtfout::Onleesbaar(oorzaak) => write!(f, "kan niet gelezen worden: {oorzaak}"),
            Berichtfout::Overgenomen { tekst, .. } => f.write_str(tekst),
        }
    }
}

/// What the user is told of refused messages: a sentence for each reason, with some of the files.
pub fn waarschuwingen(geweigerd: &[(String, Berichtfout)]) -> Vec<String> {
    const GETOOND: usize = 10;
    let mut per_reden: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (naam, fout) in geweigerd {
        per_reden.entry(fout.kort()).or_default().push(naam);
    }
    per_reden
        .into_iter()
        .map(|(reden, namen)| {
            let meer = match namen.len().saturating_sub(GETOOND) {
                0 => String::new(),
                meer => format!(" en nog {meer}"),
            };
            let getoond = namen[..namen.len().min(GETOOND)].join(", ");
            match namen.len() {
                1 => format!("bericht geweigerd: {getoond}: {reden}"),
                n => format!("{n} berichten geweigerd: {reden}: {getoond}{meer}"),
            }
        })
        .collect()
}
