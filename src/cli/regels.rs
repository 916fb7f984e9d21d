//! `rechtmatig regels`: which rules there are, and what one of them does.

use super::{Status, melding};
use crate::audit::{matches_choice, must_exist, ruleset_source};
use crate::ground::config::ConfigFout;
use crate::ground::io_oorzaak;
use crate::regels::kenmerken;
use crate::regelset::Regelset;
use crate::uitleg::{self, Boek};
use clap::Args;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig regels NS01";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    /// Regel of familie, zoals NS01 of TL [standaard: een lijst van alle regels]
    #[arg(value_name = "CODE")]
    code: Option<String>,
    /// Regelset waarvan de waarden worden getoond [standaard: de eerste die de regel heeft]
    #[arg(long, value_name = "NAAM")]
    regio: Option<String>,
    /// Map met eigen regelsets
    #[arg(long, value_name = "MAP")]
    regels: Option<PathBuf>,
    /// Toon JSON, voor andere programma's
    #[arg(long)]
    json: bool,
}

pub fn voer_uit(a: &Argumenten) -> Status {
    match tekst(a) {
        Ok(tekst) => toon(&tekst),
        Err(e) => {
            melding::config_fout(&e);
            Status::Gebruik
        }
    }
}

fn tekst(a: &Argumenten) -> Result<String, Box<ConfigFout>> {
    let bron = ruleset_source(a.regels.as_deref())?;
    let boek = Boek::lees(&bron)?;
    let regio = a.regio.as_deref();
    if let Some(naam) = regio.filter(|n| boek.regelsets.iter().all(|set| set.naam != *n)) {
        // Reading it says what is wrong with the name.
        Regelset::lees(naam, &bron, &kenmerken())?;
    }
    let Some(keus) = &a.code else {
        return Ok(if a.json {
            json(&uitleg::json_lijst(&boek, regio))
        } else {
            uitleg::lijst(&boek, regio)
        });
    };
    let regels = boek.regels(regio);
    must_exist(keus, &regels)?;
    let gekozen: Vec<_> =
        regels.into_iter().filter(|r| matches_choice(r, keus)).map(|r| boek.uitleg(r)).collect();
    Ok(match gekozen.as_slice() {
        [een] if a.json && keus.eq_ignore_ascii_case(een.regel.code) => {
            json(&uitleg::json_regel(een, regio))
        }
        meer if a.json => json(&meer.iter().map(|u| uitleg::json_regel(u, regio)).collect()),
        meer => {
            let teksten: Vec<String> = meer.iter().map(|u| uitleg::regel(u, regio)).collect();
            teksten.join(&format!("\n{}\n\n", "-".repeat(80)))
        }
    })
}

fn json(waarde: &Value) -> String {
    format!("{waarde:#}\n")
}

/// A reader that has seen enough, such as `head`, is no error.
fn toon(tekst: &str) -> Status {
    let mut uit = std::io::stdout().lock();
    match uit.write_all(tekst.as_bytes()).and_then(|()| uit.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            melding::fout(
                &format!("de tekst kan niet geschreven worden: {}", io_oorzaak(&e)),
                "schrijf naar een andere plaats",
            );
            Status::Uitvoer
        }
        _ => Status::Klaar,
    }
}
