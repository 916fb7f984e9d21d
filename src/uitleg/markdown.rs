//! For `docs/regels`: an index, and a page a rule.

use super::{Boek, Stand, Uitleg, geldigheid, opsomming, waardetekst};
use crate::regelset::Regelset;

/// Names and contents of all pages.
pub fn paginas(boek: &Boek) -> Vec<(String, String)> {
    let mut uit = vec![("README.md".to_owned(), index(boek))];
    for (_, _, regels) in boek.families() {
        uit.extend(regels.iter().map(|u| (format!("{}.md", u.regel.code), pagina(u))));
    }
    uit
}

fn index(boek: &Boek) -> String {
    let mut uit = "# De regels\n\n\
        Elke regel heeft een eigen bladzijde: wat wordt vergeleken, waarom, wat daarvoor nodig is en met \
        welke waarden. `rechtmatig regels` toont hetzelfde op de terminal.\n\n\
        Welke regels gelden, hangt af van de regelset (`--regio`):\n\n"
        .to_owned();
    for set in &boek.regelsets {
        uit += &format!(
            "- `{}`: {}, versie {}, {}\n",
            set.naam,
            cel(&set.titel),
            cel(&set.versie),
            looptijd(set)
        );
    }
    let namen: Vec<&str> = boek.regelsets.iter().map(|s| s.naam.as_str()).collect();
    for (code, naam, regels) in boek.families() {
        uit += &format!("\n## {code} {}\n\n| Regel | Titel | {} |\n", cel(naam), namen.join(" | "));
        uit += &format!("|---|---|{}\n", ":-:|".repeat(namen.len()));
        for u in regels {
            let sets = u.regelsets();
            let in_sets: Vec<&str> =
                namen.iter().map(|n| if sets.contains(n) { "ja" } else { "–" }).collect();
            let code = u.regel.code;
            uit += &format!(
                "| [{code}]({code}.md) | {} | {} |\n",
                cel(&u.regel.titel),
                in_sets.join(" | ")
            );
        }
    }
    uit
}

fn looptijd(set: &Regelset) -> String {
    match set.tot {
        None => format!("vanaf {}", set.vanaf),
        Some(tot) => format!("vanaf {} t/m {tot}", set.vanaf),
    }
}

fn pagina(u: &Uitleg<'_>) -> String {
    let r = &u.regel;
    let mut uit = format!(
        "# {} {}\n\n[Alle regels](README.md) · familie {} ({}) · getoetst {}\n",
        r.code,
        cel(&r.titel),
        r.familie(),
        cel(u.familienaam()),
        u.per()
    );
    for (kop, tekst) in [("Wat", &r.wat), ("Waarom", &r.waarom), ("Nodig", &r.nodig)] {
        uit += &format!("\n## {kop}\n\n{}\n", cel(tekst));
    }
    for groep in u.gelijke_standen() {
        let namen: Vec<String> = groep.iter().map(|s| format!("`{}`", s.set.naam)).collect();
        let namen: Vec<&str> = namen.iter().map(String::as_str).collect();
        let woord = if namen.len() == 1 { "Regelset" } else { "Regelsets" };
        uit += &format!("\n## {woord} {}\n\n", opsomming(&namen));
        uit += &waarden(u, groep[0]);
    }
    if u.standen.is_empty() {
        uit += "\nGeen van de regelsets heeft deze regel.\n";
    }
    uit
}

fn waarden(u: &Uitleg<'_>, stand: Stand<'_>) -> String {
    let mut uit = format!("Bron: {}\n", cel(&stand.instelling.bron));
    for p in u.regel.parameters {
        uit += &format!("\n`{}`: {}\n\n", p.naam, cel(p.uitleg));
        let reeks = stand.instelling.tijdreeks(p);
        if reeks.is_empty() {
            uit += "Geen waarde.\n";
            continue;
        }
        uit += "| Geldig | Waarde | Bron |\n|---|---|---|\n";
        for g in reeks {
            let waarde = waardetekst(p, &g.waarde);
            uit += &format!("| {} | {} | {} |\n", geldigheid(g), cel(&waarde), cel(&g.bron));
        }
    }
    uit
}

/// Text that can stand in a table and doesn't turn into markup.
fn cel(tekst: &str) -> String {
    let mut uit = String::with_capacity(tekst.len());
    for c in tekst.chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '<' | '\\' => {
                uit.push('\\');
                uit.push(c);
            }
            '\n' => uit.push(' '),
            _ => uit.push(c),
        }
    }
    uit
}
