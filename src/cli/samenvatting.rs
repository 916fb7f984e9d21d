//! What `controleer` ends with on the terminal.

use super::message::printable;
use crate::dossier::Ernst;
use crate::dossier::{Cent, Thousands};
use crate::rapport::{Doorbelasting, Rapport};
use crate::toetsing::RuleOutcome;
use comfy_table::LineStyle;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::path::Path;

pub(crate) fn text(rapport: &Rapport<'_>, dir: &Path) -> String {
    let mut out = String::new();
    let t = &rapport.totals;
    let a = &rapport.aansluiting;
    let n = |n: u64| Thousands(n).to_string();
    if let Some(m) = rapport.despite() {
        out += &format!("{m}\n");
    }
    for m in rapport.meldingen {
        out += &format!("{}: {}\n", m.level.title(), printable(&m.short_sentence()));
    }
    for w in &rapport.warnings {
        out += &format!("Let op: {}\n", printable(w));
    }
    out += &format!(
        "\nLeverjaar {} · {} (regelset {} {})\n",
        rapport.context.jaar,
        rapport.regelset().title,
        rapport.regelset().name,
        rapport.regelset().versie
    );
    out += &format!(
        "Declaraties: {} gelezen = {} aanvaard + {} afgekeurd\n",
        n(a.read),
        n(a.read - a.rejected),
        n(a.rejected)
    );
    out += &format!("Getoetst: {} levende regels, {}\n\n", n(t.lines), t.bedrag);
    out += &table(rapport);
    out += &format!(
        "\n\nFout {} en onzekerheid {} (elke regel één keer geteld).\n",
        t.in_geding.fout, t.in_geding.onzekerheid
    );
    let open: u64 = t.open.counts.iter().sum();
    let beoordeeld = rapport.bevindingen.len() as u64 - open;
    if beoordeeld > 0 {
        out += &format!(
            "Beoordeeld: {} van {} bevindingen. Nog open: fout {} en onzekerheid {}.\n",
            n(beoordeeld),
            n(rapport.bevindingen.len() as u64),
            t.open.in_geding.fout,
            t.open.in_geding.onzekerheid
        );
    }
    for u in rapport.outcomes.iter().filter(|u| u.failed.is_some()) {
        out += &format!(
            "Mislukt: regel {} gaf geen uitkomst; de andere regels zijn volledig.\n",
            u.rule.code
        );
    }
    if let Some(rows) = &t.doorbelasting {
        let sum: Cent = rows.iter().map(Doorbelasting::door_te_belasten).sum();
        out += &format!("Door te belasten aan de gemeenten: {sum}.\n");
    }
    out += &not_tested(rapport);
    if !rapport.invoerfouten.is_empty() {
        out += &match rapport.invoerfouten.len() as u64 {
            1 => "1 waarde was niet te lezen: zie invoerfouten.csv.\n".to_owned(),
            count => format!("{} waarden waren niet te lezen: zie invoerfouten.csv.\n", n(count)),
        };
    }
    if rapport.pseudonyms.bsn_showing {
        out += "Let op: het rapport bevat burgerservicenummers (--bsn-tonen).\n";
    }
    let page = dir.join("rapport.html");
    out += &if page.is_file() {
        format!("Rapport: {}\nAlle bestanden: {}\n", page.display(), dir.display())
    } else {
        format!("Rapport: {}\n", dir.display())
    };
    out
}

fn table(rapport: &Rapport<'_>) -> String {
    let mut tabel = Table::new();
    tabel
        .load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()))
        .set_content_arrangement(ContentArrangement::Dynamic);
    tabel.set_header(["Regel", "Bevinding", "Ernst", "Aantal", "In geding"]);
    let noted = |u: &RuleOutcome| rapport.melding_of_regel(u.rule.code).is_some();
    for u in &rapport.outcomes {
        let rows = rapport.of_regel(u.rule.code);
        for ernst in Ernst::ALL {
            let of_ernst = || rows.iter().map(|g| &g.bevinding).filter(|b| b.ernst == ernst);
            let count = of_ernst().count() as u64;
            if count == 0 {
                continue;
            }
            let sum: Cent = of_ernst().map(|b| b.bedrag.unwrap_or_default()).sum();
            let has_bedrag = of_ernst().any(|b| b.bedrag.is_some());
            tabel.add_row([
                u.rule.code.to_owned(),
                if noted(u) {
                    format!("{} (let op: zie boven)", u.rule.title)
                } else {
                    u.rule.title.to_string()
                },
                ernst.name().to_owned(),
                // A list of products that the catalogue lacks is one thing to mend.
                if rapport.is_group(u.rule.code) {
                    "1 groep".to_owned()
                } else {
                    Thousands(count).to_string()
                },
                if has_bedrag { sum.to_string() } else { "–".to_owned() },
            ]);
        }
    }
    for kolom in [3, 4] {
        if let Some(k) = tabel.column_mut(kolom) {
            k.set_cell_alignment(CellAlignment::Right);
        }
    }
    if tabel.is_empty() { "Geen bevindingen.".to_owned() } else { tabel.to_string() }
}

/// Rules that could not be tested on some units, in one line each reason.
fn not_tested(rapport: &Rapport<'_>) -> String {
    let mut reasons: Vec<(String, u64, Vec<&str>)> = Vec::new();
    for u in &rapport.outcomes {
        for (reason, count) in &u.outcomes.not_testable {
            let text = reason.to_string();
            match reasons.iter_mut().find(|(r, _, _)| *r == text) {
                Some((_, n, codes)) => {
                    *n += count;
                    codes.push(u.rule.code);
                }
                None => reasons.push((text, *count, vec![u.rule.code])),
            }
        }
    }
    if reasons.is_empty() {
        return String::new();
    }
    reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut out = "Niet te toetsen (zie Niet getoetst in het rapport):\n".to_owned();
    for (reason, count, codes) in reasons {
        let who =
            if codes.len() > 4 { format!("{} regels", codes.len()) } else { codes.join(", ") };
        out += &format!("  {} keer: {reason} ({who})\n", Thousands(count));
    }
    out
}
