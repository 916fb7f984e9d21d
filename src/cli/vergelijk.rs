//! `rechtmatig vergelijk RAPPORT RAPPORT`: what changed between two runs, and why a total moved.

use super::{Status, melding};
use crate::dossier::{Cent, Duizendtallen};
use crate::vergelijking::{Gelezen, Leesfout, Verandering, Vergelijking, Verschuiving};
use crate::writing::{WriteError, csv_voor_excel};
use clap::Args;
use comfy_table::{CellAlignment, LineStyle, Table, presets};
use std::path::{Path, PathBuf};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig vergelijk maart/2023-ijsselland april/2023-ijsselland";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub struct Argumenten {
    /// Map van het oudere rapport
    #[arg(value_name = "RAPPORT")]
    oud: PathBuf,
    /// Map van het nieuwere rapport
    #[arg(value_name = "RAPPORT")]
    nieuw: PathBuf,
    /// Schrijf alle verschillen naar dit csv-bestand
    #[arg(long, value_name = "BESTAND")]
    uit: Option<PathBuf>,
}

enum Stop {
    Lezen(Leesfout),
    Schrijven(WriteError),
}

pub fn voer_uit(a: &Argumenten) -> Status {
    match vergelijk(a) {
        Ok(()) => Status::Klaar,
        Err(Stop::Lezen(e)) => {
            melding::fout(&e.to_string(), e.raad());
            Status::Invoer
        }
        Err(Stop::Schrijven(e)) => {
            melding::fout(&e.to_string(), "kies met --uit een plaats waar u mag schrijven");
            Status::Uitvoer
        }
    }
}

fn vergelijk(a: &Argumenten) -> Result<(), Stop> {
    let oud = Gelezen::lees(&a.oud).map_err(Stop::Lezen)?;
    let nieuw = Gelezen::lees(&a.nieuw).map_err(Stop::Lezen)?;
    let v = Vergelijking::maak(&oud, &nieuw);
    print!("{}", tekst(&v));
    if let Some(pad) = &a.uit {
        schrijf(&v, pad).map_err(Stop::Schrijven)?;
        println!("Alle verschillen: {}", pad.display());
    }
    Ok(())
}

/// `+ € 12,00` or `- € 12,00`.
fn met_teken(bedrag: Cent) -> String {
    let teken = if bedrag < Cent::NUL { '-' } else { '+' };
    format!("{teken} {}", Cent(bedrag.0.abs()))
}

fn tekst(v: &Vergelijking<'_>) -> String {
    let n = |n: usize| Duizendtallen(n as u64).to_string();
    let mut uit = String::new();
    for zin in v.omstandigheden() {
        uit += &format!("Let op: {zin}\n");
    }
    uit += &format!(
        "Bevindingen: {} nieuw, {} vervallen, {} gewijzigd, {} gelijk.\n",
        n(v.aantal(Verandering::Nieuw)),
        n(v.aantal(Verandering::Vervallen)),
        n(v.aantal(Verandering::Gewijzigd)),
        n(v.gelijk)
    );
    for (naam, ernst) in [("Fout", "fout"), ("Onzekerheid", "onzekerheid")] {
        uit += &verschuiving(naam, &v.verschuiving(ernst));
    }
    let stappen = v.stappen();
    if !stappen.is_empty() {
        uit += "\nAansluiting:\n";
        for (toen, nu) in stappen {
            uit += &format!(
                "  {}: {} → {} regels, {} → {}\n",
                toen.sleutel.replace('_', " "),
                Duizendtallen(toen.regels.unsigned_abs()),
                Duizendtallen(nu.regels.unsigned_abs()),
                toen.bedrag,
                nu.bedrag
            );
        }
    }
    uit
}

fn verschuiving(naam: &str, v: &Verschuiving) -> String {
    if v.verschil() == Cent::NUL && v.per_regel.is_empty() {
        return format!("\n{naam}: onveranderd {}.\n", v.nieuw);
    }
    let mut uit =
        format!("\n{naam}: {} → {} ({}), doordat:\n", v.oud, v.nieuw, met_teken(v.verschil()));
    let mut tabel = Table::new();
    tabel.load_style(presets::NOTHING.row_separator(LineStyle::none()));
    for (regel, verandering, aantal, bedrag) in &v.per_regel {
        tabel.add_row([
            regel.clone(),
            verandering.naam().to_owned(),
            Duizendtallen(*aantal).to_string(),
            met_teken(*bedrag),
        ]);
    }
    if v.al_geteld() != Cent::NUL {
        tabel.add_row(["", "telt niet (nog eens) mee", "", &met_teken(Cent::NUL - v.al_geteld())]);
    }
    for kolom in [2, 3] {
        if let Some(k) = tabel.column_mut(kolom) {
            k.set_cell_alignment(CellAlignment::Right);
        }
    }
    uit += &tabel.to_string();
    uit.push('\n');
    if v.al_geteld() != Cent::NUL {
        uit += "  Een regel telt één keer mee, voor de grootste bevinding; wat over een toewijzing,\n  jeugdige of aanbieder gaat, staat buiten het totaal.\n";
    }
    uit
}

fn schrijf(v: &Vergelijking<'_>, pad: &Path) -> Result<(), WriteError> {
    let bedrag =
        |b: Option<Cent>| b.map(|c| format!("{},{:02}", c.0 / 100, c.0 % 100)).unwrap_or_default();
    csv_voor_excel(
        pad,
        &[
            "Verandering",
            "Id",
            "Regel",
            "Aanbieder",
            "Gemeente",
            "Nummer",
            "ErnstOud",
            "ErnstNieuw",
            "BedragOud",
            "BedragNieuw",
            "GevondenOud",
            "GevondenNieuw",
            "VerwachtOud",
            "VerwachtNieuw",
        ],
        v.verschillen.iter().map(|d| {
            let b = d.bevinding();
            let van = |f: fn(&crate::vergelijking::Bevinding) -> &str, oud: bool| {
                (if oud { d.oud } else { d.nieuw }).map(f).unwrap_or_default().to_owned()
            };
            [
                d.verandering().naam().to_owned(),
                b.id.clone(),
                b.regel.clone(),
                b.aanbieder.clone(),
                b.gemeente.clone(),
                b.nummer.clone(),
                van(|b| &b.ernst, true),
                van(|b| &b.ernst, false),
                bedrag(d.oud.and_then(|b| b.bedrag)),
                bedrag(d.nieuw.and_then(|b| b.bedrag)),
                van(|b| &b.gevonden, true),
                van(|b| &b.gevonden, false),
                van(|b| &b.verwacht, true),
                van(|b| &b.verwacht, false),
            ]
        }),
    )
}
