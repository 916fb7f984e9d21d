//! What `controleer` ends with on the terminal.

use super::melding::toonbaar;
use crate::dossier::Ernst;
use crate::dossier::{Cent, Duizendtallen};
use crate::rapport::{Doorbelasting, Rapport};
use comfy_table::LineStyle;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::path::Path;

pub fn toon(rapport: &Rapport<'_>, map: &Path) {
    print!("{}", tekst(rapport, map));
}

fn tekst(rapport: &Rapport<'_>, map: &Path) -> String {
    let mut uit = String::new();
    let t = &rapport.totalen;
    let a = &rapport.aansluiting;
    let n = |n: u64| Duizendtallen(n).to_string();
    for w in &rapport.waarschuwingen {
        uit += &format!("Let op: {}\n", toonbaar(w));
    }
    uit += &format!(
        "\nLeverjaar {} · {} (regelset {} {})\n",
        rapport.controle.jaar,
        rapport.regelset().titel,
        rapport.regelset().naam,
        rapport.regelset().versie
    );
    uit += &format!(
        "Declaraties: {} gelezen = {} aanvaard + {} afgekeurd\n",
        n(a.gelezen),
        n(a.gelezen - a.afgekeurd),
        n(a.afgekeurd)
    );
    uit += &format!("Getoetst: {} levende regels, {}\n\n", n(t.regels), t.bedrag);
    uit += &tabel(rapport);
    uit += &format!(
        "\n\nFout {} en onzekerheid {} (elke regel één keer geteld).\n",
        t.in_geding.fout, t.in_geding.onzekerheid
    );
    let open: u64 = t.open.aantallen.iter().sum();
    let beoordeeld = rapport.bevindingen.len() as u64 - open;
    if beoordeeld > 0 {
        uit += &format!(
            "Beoordeeld: {} van {} bevindingen. Nog open: fout {} en onzekerheid {}.\n",
            n(beoordeeld),
            n(rapport.bevindingen.len() as u64),
            t.open.in_geding.fout,
            t.open.in_geding.onzekerheid
        );
    }
    for u in rapport.uitkomsten.iter().filter(|u| u.mislukt.is_some()) {
        uit += &format!(
            "Mislukt: regel {} gaf geen uitkomst; de andere regels zijn volledig.\n",
            u.regel.code
        );
    }
    if let Some(rijen) = &t.doorbelasting {
        let som: Cent = rijen.iter().map(Doorbelasting::door_te_belasten).sum();
        uit += &format!("Door te belasten aan de gemeenten: {som}.\n");
    }
    uit += &niet_getoetst(rapport);
    if !rapport.invoerfouten.is_empty() {
        uit += &match rapport.invoerfouten.len() as u64 {
            1 => "1 waarde was niet te lezen: zie invoerfouten.csv.\n".to_owned(),
            aantal => format!("{} waarden waren niet te lezen: zie invoerfouten.csv.\n", n(aantal)),
        };
    }
    if rapport.pseudoniemen.bsn_tonen {
        uit += "Let op: het rapport bevat burgerservicenummers (--bsn-tonen).\n";
    }
    let pagina = map.join("rapport.html");
    uit += &if pagina.is_file() {
        format!("Rapport: {}\nAlle bestanden: {}\n", pagina.display(), map.display())
    } else {
        format!("Rapport: {}\n", map.display())
    };
    uit
}

fn tabel(rapport: &Rapport<'_>) -> String {
    let mut tabel = Table::new();
    tabel
        .load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()))
        .set_content_arrangement(ContentArrangement::Dynamic);
    tabel.set_header(["Regel", "Bevinding", "Ernst", "Aantal", "In geding"]);
    for u in &rapport.uitkomsten {
        let rijen = rapport.van_regel(u.regel.code);
        for ernst in Ernst::ALLE {
            let van_ernst = || rijen.iter().map(|g| &g.bevinding).filter(|b| b.ernst == ernst);
            let aantal = van_ernst().count() as u64;
            if aantal == 0 {
                continue;
            }
            let som: Cent = van_ernst().map(|b| b.bedrag.unwrap_or_default()).sum();
            let heeft_bedrag = van_ernst().any(|b| b.bedrag.is_some());
            tabel.add_row([
                u.regel.code.to_owned(),
                u.regel.titel.to_string(),
                ernst.naam().to_owned(),
                Duizendtallen(aantal).to_string(),
                if heeft_bedrag { som.to_string() } else { "–".to_owned() },
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
fn niet_getoetst(rapport: &Rapport<'_>) -> String {
    let mut redenen: Vec<(String, u64, Vec<&str>)> = Vec::new();
    for u in &rapport.uitkomsten {
        for (reden, aantal) in &u.uitkomsten.niet_toetsbaar {
            let tekst = reden.to_string();
            match redenen.iter_mut().find(|(r, _, _)| *r == tekst) {
                Some((_, n, codes)) => {
                    *n += aantal;
                    codes.push(u.regel.code);
                }
                None => redenen.push((tekst, *aantal, vec![u.regel.code])),
            }
        }
    }
    if redenen.is_empty() {
        return String::new();
    }
    redenen.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut uit = "Niet te toetsen (zie Niet getoetst in het rapport):\n".to_owned();
    for (reden, aantal, codes) in redenen {
        let wie =
            if codes.len() > 4 { format!("{} regels", codes.len()) } else { codes.join(", ") };
        uit += &format!("  {} keer: {reden} ({wie})\n", Duizendtallen(aantal));
    }
    uit
}
