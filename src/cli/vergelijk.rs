//! `rechtmatig vergelijk RAPPORT RAPPORT`: what changed between two runs, and why a total moved.

use super::stop::CommandError;
use super::{ExitStatus, interrupt, message};
use crate::dossier::{Cent, Thousands, declaratieregels};
use crate::ground::shown_path;
use crate::vergelijking::{Bevinding, Change, Comparison, Joined, ReportReading, Shift};
use crate::writing::{OutputFile, WriteError, csv_for_excel};
use clap::Args;
use comfy_table::{CellAlignment, LineStyle, Table, presets};
use std::path::{Path, PathBuf};

const VOORBEELD: &str = "Voorbeeld:
  rechtmatig vergelijk maart/2023-ijsselland april/2023-ijsselland";

#[derive(Args)]
#[command(before_help = VOORBEELD)]
pub(crate) struct Arguments {
    /// Map van het oudere rapport
    #[arg(value_name = "RAPPORT")]
    oud: PathBuf,
    /// Map van het nieuwere rapport
    #[arg(value_name = "RAPPORT")]
    nieuw: PathBuf,
    /// Schrijf alle verschillen naar dit csv-bestand
    #[arg(long, value_name = "BESTAND")]
    uit: Option<PathBuf>,
    /// Vervang een eerder geschreven csv-bestand met verschillen
    #[arg(long)]
    overschrijf: bool,
}

pub(crate) fn run(a: &Arguments) -> ExitStatus {
    compare(a).map_or_else(CommandError::report, |()| ExitStatus::Done)
}

fn compare(a: &Arguments) -> Result<(), CommandError> {
    let begin = |path| {
        let make = || OutputFile::make(path, a.overschrijf, HEAD);
        interrupt::clean_up(make, |place| [place.unfinished()])
    };
    let place = a.uit.as_deref().map(begin).transpose()?;
    let old = ReportReading::read(&a.oud)?;
    let new = ReportReading::read(&a.nieuw)?;
    let joined = Joined::of(&old, &new);
    let v = Comparison::of(&joined);
    let mut out = text(&v);
    let mut stands = "er is geen bestand geschreven".to_owned();
    if let (Some(place), Some(path)) = (place, &a.uit) {
        write_comparison(&v, &place.path()).and_then(|()| place.put_down())?;
        out += &format!("Alle verschillen: {}\n", shown_path(path));
        stands = format!("alle verschillen staan in {}", shown_path(path));
    }
    message::show(&out).map_err(|e| CommandError::Screen(e, stands))
}

/// How a file with differences begins: such a one may be replaced.
const HEAD: &[u8] = "\u{feff}Verandering;Id;Regel;Aanbieder;Gemeente;Nummer;".as_bytes();

/// `+ € 12,00` or `- € 12,00`.
fn with_character(bedrag: Cent) -> String {
    let character = if bedrag < Cent::ZERO { '-' } else { '+' };
    format!("{character} {}", Cent(bedrag.0.abs()))
}

fn text(v: &Comparison<'_>) -> String {
    let n = |n: usize| Thousands(n as u64).to_string();
    let mut out = String::new();
    for sentence in v.omstandigheden() {
        out += &format!("Let op: {sentence}\n");
    }
    out += &format!(
        "Bevindingen: {} nieuw, {} vervallen, {} gewijzigd, {} gelijk.\n",
        n(v.count(Change::New)),
        n(v.count(Change::Lapsed)),
        n(v.count(Change::Changed)),
        n(v.equal)
    );
    for (name, ernst) in [("Fout", "fout"), ("Onzekerheid", "onzekerheid")] {
        out += &shift(name, &v.shift(ernst));
    }
    let steps = v.steps();
    if !steps.is_empty() {
        out += "\nAansluiting:\n";
        for (earlier, now) in steps {
            out += &format!(
                "  {}: {} → {}, {} → {}\n",
                earlier.key.replace('_', " "),
                Thousands(earlier.lines.unsigned_abs()),
                declaratieregels(now.lines.unsigned_abs()),
                earlier.bedrag,
                now.bedrag
            );
        }
    }
    out
}

fn shift(name: &str, v: &Shift) -> String {
    if v.difference() == Cent::ZERO && v.per_rule.is_empty() {
        return format!("\n{name}: onveranderd {}.\n", v.new);
    }
    let mut out =
        format!("\n{name}: {} → {} ({}), doordat:\n", v.old, v.new, with_character(v.difference()));
    let mut table = Table::new();
    table.load_style(presets::NOTHING.row_separator(LineStyle::none()));
    for (rule, change, count, bedrag) in &v.per_rule {
        table.add_row([
            rule.clone(),
            change.name().to_owned(),
            Thousands(*count).to_string(),
            with_character(*bedrag),
        ]);
    }
    if v.already_counted() != Cent::ZERO {
        table.add_row([
            "",
            "telt niet (nog eens) mee",
            "",
            &with_character(Cent::ZERO - v.already_counted()),
        ]);
    }
    for kolom in [2, 3] {
        if let Some(k) = table.column_mut(kolom) {
            k.set_cell_alignment(CellAlignment::Right);
        }
    }
    out += &table.to_string();
    out.push('\n');
    if v.already_counted() != Cent::ZERO {
        out += "  Een declaratieregel telt één keer mee, voor de grootste bevinding; wat over een\n  toewijzing, jeugdige of aanbieder gaat, staat buiten het totaal.\n";
    }
    out
}

fn write_comparison(v: &Comparison<'_>, path: &Path) -> Result<(), WriteError> {
    let bedrag =
        |b: Option<Cent>| b.map(|c| format!("{},{:02}", c.0 / 100, c.0 % 100)).unwrap_or_default();
    csv_for_excel(
        path,
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
        v.differences.iter().map(|d| {
            let b = d.bevinding();
            let of = |f: for<'b> fn(Bevinding<'b>) -> &'b str, old: bool| {
                (if old { d.old } else { d.new }).map(f).unwrap_or_default().to_owned()
            };
            [
                d.change.name().to_owned(),
                b.id.to_owned(),
                b.rule.to_owned(),
                b.aanbieder.to_owned(),
                b.gemeente.to_owned(),
                b.nummer.to_owned(),
                of(|b| b.ernst, true),
                of(|b| b.ernst, false),
                bedrag(d.old.and_then(|b| b.bedrag)),
                bedrag(d.new.and_then(|b| b.bedrag)),
                of(|b| b.found, true),
                of(|b| b.found, false),
                of(|b| b.expected, true),
                of(|b| b.expected, false),
            ]
        }),
    )
}
