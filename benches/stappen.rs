//! Times each stage by itself on the year of `jaar.rs`: reading, joining, testing, each format.
//!
//! `cargo bench --bench stappen -- DOSSIER [RONDES]` prints medians, and what that is per line. No
//! criterion: it asks a feature of `either` that nothing else here does, so that `cargo bench` would
//! compile polars a second time.

use rechtmatig::bron::{Leesopties, Leeswijze, Niveau, lees_dossier};
use rechtmatig::rapport::{Formaat, Plaats, Pseudoniemen, Rapport, Regeltelling, Uitvoering};
use rechtmatig::regels::{REGISTER, kenmerken};
use rechtmatig::regelset::{Regelset, Regelsetbron};
use rechtmatig::toetsing::{Controle, toets};
use rust_decimal::Decimal;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

const JAAR: i32 = 2023;

/// Names of the stages, and how long each took.
type Stappen = Vec<(String, Duration)>;

fn main() -> Result<(), Box<dyn Error>> {
    let argumenten: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let Some(map) = argumenten.first() else {
        eprintln!("gebruik: cargo bench --bench stappen -- DOSSIER [RONDES]");
        return Ok(());
    };
    let rondes = argumenten.get(1).map_or(Ok(5), |n| n.parse::<usize>())?;
    let mut metingen: Vec<(String, Vec<Duration>)> = Vec::new();
    let mut regels = 0;
    // The first round is a warm-up.
    for ronde in 0..=rondes {
        let (aantal, stappen) = meet(Path::new(map))?;
        regels = aantal;
        for (naam, duur) in stappen.into_iter().filter(|_| ronde > 0) {
            match metingen.iter_mut().find(|(n, _)| *n == naam) {
                Some((_, duren)) => duren.push(duur),
                None => metingen.push((naam, vec![duur])),
            }
        }
    }
    println!("{map}: {regels} lines, medians of {rondes}");
    for (naam, duren) in &mut metingen {
        duren.sort_unstable();
        let mediaan = duren[duren.len() / 2];
        let per_regel = mediaan.as_nanos() / u128::from(regels.max(1));
        println!("  {naam:16} {:7.3} s {per_regel:6} ns a line", mediaan.as_secs_f64());
    }
    Ok(())
}

/// One run of all stages, and the number of lines.
fn meet(map: &Path) -> Result<(u64, Stappen), Box<dyn Error>> {
    let regelset = Regelset::lees("ijsselland", &Regelsetbron::Ingebouwd, &kenmerken())
        .map_err(|e| e.bericht.clone())?;
    let opties = Leesopties {
        wijze: Leeswijze::default(),
        max_afgekeurd: Decimal::new(5, 0),
        toewijzingen_nodig: true,
    };
    let mut duren = Vec::new();
    let mut vorige = Instant::now();
    let mut klaar = |naam: &str| {
        duren.push((naam.to_owned(), vorige.elapsed()));
        vorige = Instant::now();
    };
    let ingelezen = lees_dossier(map, &opties, &|_, _| {})?;
    klaar("read");
    let dossier =
        ingelezen.rijen.verbind(|categorie, code| regelset.catalogusrij(categorie, code).cloned());
    klaar("join");
    let controle = Controle::nieuw(&dossier, &regelset, JAAR, Niveau::Maand);
    let uitkomsten = toets(&controle, REGISTER, &|_, _| {});
    klaar("rules");
    let pseudoniemen = Pseudoniemen::eenmalig(false);
    let waarschuwingen = ingelezen.waarschuwingen;
    let telling = Regeltelling::van(&controle);
    let rapport = Rapport::maak(
        &controle,
        uitkomsten,
        &telling,
        &ingelezen.fouten,
        waarschuwingen,
        &[],
        &pseudoniemen,
    )?;
    klaar("totals");
    let uit = tempfile::tempdir()?;
    for formaat in Formaat::ALLE {
        let plaats = Plaats::maak(uit.path(), formaat.naam(), false)?;
        let uitvoering = Uitvoering {
            begin: String::new(),
            seconden: 0.0,
            opties: Vec::new(),
            door: String::new(),
        };
        klaar("(place)");
        rapport.schrijf(plaats, &[formaat], &[], &uitvoering)?;
        klaar(formaat.naam());
    }
    duren.retain(|(naam, _)| naam != "(place)");
    Ok((dossier.regels.len() as u64, duren))
}
