//! For `docs/regels`: an index, and a page a rule.

use super::{Explanation, Handbook, RuleInSet, enumeration, validity, value_text};
use crate::regelset::{ControlKind, Regelset};

/// Names and contents of all pages.
pub fn pages(book: &Handbook) -> Vec<(String, String)> {
    let mut out = vec![("README.md".to_owned(), index(book))];
    for (_, _, rules) in book.families() {
        out.extend(rules.iter().map(|u| (format!("{}.md", u.rule.code), page(u))));
    }
    out
}

fn index(book: &Handbook) -> String {
    let mut out = "# De regels\n\n\
        Elke regel heeft een eigen bladzijde: wat wordt vergeleken, waarom, wat daarvoor nodig is en met \
        welke waarden. `rechtmatig regels` toont hetzelfde op de terminal.\n\n\
        Welke regels gelden, hangt af van de regelset (`--regio`):\n\n"
        .to_owned();
    for set in &book.regelsets {
        out += &format!(
            "- `{}`: {}, versie {}, {}\n",
            set.name,
            cell(&set.title),
            cell(&set.versie),
            regelset_validity(set)
        );
    }
    let names: Vec<&str> = book.regelsets.iter().map(|s| s.name.as_str()).collect();
    for (code, name, rules) in book.families() {
        out += &format!(
            "\n## {code} {}\n\n| Regel | Titel | Controle | {} |\n",
            cell(name),
            names.join(" | ")
        );
        out += &format!("|---|---|---|{}\n", ":-:|".repeat(names.len()));
        for u in rules {
            let sets = u.regelsets();
            let in_sets: Vec<&str> =
                names.iter().map(|n| if sets.contains(n) { "ja" } else { "–" }).collect();
            let code = u.rule.code;
            out += &format!(
                "| [{code}]({code}.md) | {} | {} | {} |\n",
                cell(&u.rule.title),
                u.rule.control().name(),
                in_sets.join(" | ")
            );
        }
    }
    out += "\n## Soorten controle\n\n";
    for kind in ControlKind::ALL {
        out += &format!("- `{}`: {}\n", kind.name(), kind.description());
    }
    out += "\nZij staan met hun reden in `rules/controlesoort.csv`; `--alleen formeel` toetst alleen die regels.\n";
    out
}

fn regelset_validity(set: &Regelset) -> String {
    match set.until {
        None => format!("vanaf {}", set.from),
        Some(until) => format!("vanaf {} t/m {until}", set.from),
    }
}

fn page(u: &Explanation<'_>) -> String {
    let r = &u.rule;
    let mut out = format!(
        "# {} {}\n\n[Alle regels](README.md) · familie {} ({}) · getoetst {} · {}\n",
        r.code,
        cell(&r.title),
        r.familie(),
        cell(u.familienaam()),
        u.per(),
        r.control().description()
    );
    for (header, text) in [
        ("Wat", &r.what),
        ("Waarom", &r.why),
        ("In een brief aan de aanbieder", &r.for_aanbieder),
        ("Nodig", &r.needs),
    ] {
        out += &format!("\n## {header}\n\n{}\n", cell(text));
    }
    for group in u.equal_states() {
        let names: Vec<String> = group.iter().map(|s| format!("`{}`", s.set.name)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let word = if names.len() == 1 { "Regelset" } else { "Regelsets" };
        out += &format!("\n## {word} {}\n\n", enumeration(&names));
        out += &values(u, group[0]);
    }
    if u.states.is_empty() {
        out += "\nGeen van de regelsets heeft deze regel.\n";
    }
    out
}

fn values(u: &Explanation<'_>, state: RuleInSet<'_>) -> String {
    let mut out = format!("Bron: {}\n", cell(&state.settings.source));
    for p in u.rule.parameters {
        out += &format!("\n`{}`: {}\n\n", p.name, cell(p.explanation));
        let run = state.settings.tijdreeks(p);
        if run.is_empty() {
            out += "Geen waarde.\n";
            continue;
        }
        out += "| Geldig | Waarde | Bron |\n|---|---|---|\n";
        for g in run {
            let value = value_text(p, &g.value);
            out += &format!("| {} | {} | {} |\n", validity(g), cell(&value), cell(&g.source));
        }
    }
    out
}

/// Text that can stand in a table and doesn't turn into markup.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '<' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}
