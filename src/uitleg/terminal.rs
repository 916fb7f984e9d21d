//! For the terminal: plain text of at most 80 columns.

use super::{Boek, Stand, Uitleg, geldigheid, opsomming, waardetekst};

const BREEDTE: usize = 80;

/// All rules by family, or those that one ruleset has.
pub fn lijst(boek: &Boek, regio: Option<&str>) -> String {
    let mut uit = String::new();
    for (code, naam, regels) in boek.families() {
        let regels: Vec<&Uitleg<'_>> =
            regels.iter().filter(|u| regio.is_none() || u.stand(regio).is_some()).collect();
        if regels.is_empty() {
            continue;
        }
        uit += &format!("{code}  {naam}\n");
        for u in regels {
            let waar = if regio.is_some() { String::new() } else { waar(boek, u) };
            uit += &vouw(&format!("{}{waar}", u.regel.titel), &format!("  {}  ", u.regel.code), 8);
        }
        uit.push('\n');
    }
    let sets: Vec<&str> = boek.regelsets.iter().map(|s| s.naam.as_str()).collect();
    uit += &match regio {
        Some(naam) => vouw(&format!("Dit zijn de regels van regelset {naam}."), "", 0),
        None => vouw(
            &format!("Een regel zonder vermelding staat in elke regelset ({}).", opsomming(&sets)),
            "",
            0,
        ),
    };
    uit += "Meer over een regel of familie: rechtmatig regels NS01\n";
    uit
}

/// In which rulesets a rule stands, when it isn't in all.
fn waar(boek: &Boek, uitleg: &Uitleg<'_>) -> String {
    match uitleg.regelsets().as_slice() {
        [] => " (in geen regelset)".to_owned(),
        alle if alle.len() == boek.regelsets.len() => String::new(),
        sommige => format!(" ({})", sommige.join(", ")),
    }
}

/// One rule, with its values in a ruleset: the given one, or the first that has it.
pub fn regel(uitleg: &Uitleg<'_>, regio: Option<&str>) -> String {
    let r = &uitleg.regel;
    let mut uit = vouw(&r.titel, &format!("{}  ", r.code), r.code.len() + 2);
    uit += &vouw(
        &format!("Familie {} ({}), getoetst {}.", r.familie(), uitleg.familienaam(), uitleg.per()),
        "",
        0,
    );
    for (kop, tekst) in [("Wat", &r.wat), ("Waarom", &r.waarom), ("Nodig", &r.nodig)] {
        uit += &format!("\n{kop}\n{}", vouw(tekst, "  ", 2));
    }
    let sets = uitleg.regelsets();
    uit += &match (uitleg.stand(regio), regio) {
        (Some(stand), _) => waarden(uitleg, stand),
        (None, Some(naam)) => vouw(&format!("Regelset {naam} heeft deze regel niet."), "\n", 0),
        (None, None) => String::new(),
    };
    uit += &match sets.as_slice() {
        [] => "\nDeze regel staat in geen regelset.\n".to_owned(),
        [een] => vouw(&format!("Deze regel staat in regelset {een}."), "\n", 0),
        meer => vouw(&format!("Deze regel staat in de regelsets {}.", opsomming(meer)), "\n", 0),
    };
    uit
}

fn waarden(uitleg: &Uitleg<'_>, stand: Stand<'_>) -> String {
    let Stand { set, instelling } = stand;
    let mut uit = format!("\nBron\n{}", vouw(&instelling.bron, "  ", 2));
    if uitleg.regel.parameters.is_empty() {
        return uit;
    }
    uit += &format!("\nWaarden in regelset {}, versie {}\n", set.naam, set.versie);
    for p in uitleg.regel.parameters {
        uit += &vouw(&format!("{}: {}", p.naam, p.uitleg), "  ", 4);
        let reeks = instelling.tijdreeks(p);
        if reeks.is_empty() {
            uit += "    geen waarde\n";
        }
        for g in reeks {
            uit += &vouw(&format!("{}: {}", geldigheid(g), waardetekst(p, &g.waarde)), "    ", 6);
            uit += &vouw(&format!("bron: {}", g.bron), "      ", 6);
        }
    }
    uit
}

/// Words in lines of at most 80 columns: `begin` before the first, `inspringing` spaces before the
/// others. A word that is longer gets a line of its own.
fn vouw(tekst: &str, begin: &str, inspringing: usize) -> String {
    let mut uit = begin.to_owned();
    let mut kolom = begin.trim_start_matches('\n').chars().count();
    let mut leeg = true;
    for woord in tekst.split_whitespace() {
        let lengte = woord.chars().count();
        if !leeg && kolom + 1 + lengte > BREEDTE {
            uit.push('\n');
            uit.extend(std::iter::repeat_n(' ', inspringing));
            kolom = inspringing;
            leeg = true;
        }
        if !leeg {
            uit.push(' ');
            kolom += 1;
        }
        uit += woord;
        kolom += lengte;
        leeg = false;
    }
    uit.push('\n');
    uit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regelset::Regelsetbron;

    #[test]
    fn nothing_is_wider_than_the_terminal() {
        let boek = Boek::lees(&Regelsetbron::Ingebouwd).unwrap();
        let mut alles = lijst(&boek, None);
        for r in boek.regels(None) {
            alles += &regel(&boek.uitleg(r), None);
        }
        for r in alles.lines() {
            assert!(r.chars().count() <= BREEDTE, "{r}");
            assert_eq!(r, r.trim_end());
        }
    }

    #[test]
    fn words_are_folded_under_each_other() {
        let tekst = vouw(&"abcd ".repeat(20), "  X  ", 5);
        let regels: Vec<&str> = tekst.lines().collect();
        assert_eq!(regels.len(), 2);
        assert_eq!(regels[0].len(), 79);
        assert!(regels[1].starts_with("     abcd"));
    }
}
