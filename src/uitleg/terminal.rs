//! For the terminal: plain text of at most 80 columns.

use super::{Explanation, Handbook, RuleInSet, enumeration, validity, value_text};
use crate::ground::fold;

/// All rules by family, or those that one ruleset has.
pub(crate) fn list(book: &Handbook, regio: Option<&str>) -> String {
    let mut out = String::new();
    for (code, name, rules) in book.families() {
        let rules: Vec<&Explanation<'_>> =
            rules.iter().filter(|u| regio.is_none() || u.state(regio).is_some()).collect();
        if rules.is_empty() {
            continue;
        }
        out += &format!("{code}  {name}\n");
        for u in rules {
            let place = if regio.is_some() { String::new() } else { where_it_stands(book, u) };
            out += &fold(&format!("{}{place}", u.rule.title), &format!("  {}  ", u.rule.code), 8);
        }
        out.push('\n');
    }
    let sets: Vec<&str> = book.regelsets.iter().map(|s| s.name.as_str()).collect();
    out += &match regio {
        Some(name) => fold(&format!("Dit zijn de regels van regelset {name}."), "", 0),
        None => fold(
            &format!(
                "Een regel zonder vermelding staat in elke regelset ({}).",
                enumeration(&sets)
            ),
            "",
            0,
        ),
    };
    out += "Meer over een regel of familie: rechtmatig regels NS01\n";
    out
}

/// In which rulesets a rule stands, when it isn't in all.
fn where_it_stands(book: &Handbook, explanation: &Explanation<'_>) -> String {
    match explanation.regelsets().as_slice() {
        [] => " (in geen regelset)".to_owned(),
        all if all.len() == book.regelsets.len() => String::new(),
        some => format!(" ({})", some.join(", ")),
    }
}

/// One rule, with its values in a ruleset: the given one, or the first that has it.
pub(crate) fn rule(explanation: &Explanation<'_>, regio: Option<&str>) -> String {
    let r = &explanation.rule;
    let mut out = fold(&r.title, &format!("{}  ", r.code), r.code.len() + 2);
    out += &fold(
        &format!(
            "Familie {} ({}), getoetst {}; {}.",
            r.familie(),
            explanation.familienaam(),
            explanation.per(),
            r.control().description()
        ),
        "",
        0,
    );
    for (header, text) in [
        ("Wat", &r.what),
        ("Waarom", &r.why),
        ("In een brief", &r.for_aanbieder),
        ("Nodig", &r.needs),
    ] {
        out += &format!("\n{header}\n{}", fold(text, "  ", 2));
    }
    let sets = explanation.regelsets();
    out += &match (explanation.state(regio), regio) {
        (Some(state), _) => values(explanation, state),
        (None, Some(name)) => fold(&format!("Regelset {name} heeft deze regel niet."), "\n", 0),
        (None, None) => String::new(),
    };
    out += &match sets.as_slice() {
        [] => "\nDeze regel staat in geen regelset.\n".to_owned(),
        [one] => fold(&format!("Deze regel staat in regelset {one}."), "\n", 0),
        more => fold(&format!("Deze regel staat in de regelsets {}.", enumeration(more)), "\n", 0),
    };
    out
}

fn values(explanation: &Explanation<'_>, state: RuleInSet<'_>) -> String {
    let RuleInSet { set, settings } = state;
    let mut out = format!("\nBron\n{}", fold(&settings.source, "  ", 2));
    if explanation.rule.parameters.is_empty() {
        return out;
    }
    out += &format!("\nWaarden in regelset {}, versie {}\n", set.name, set.versie);
    for p in explanation.rule.parameters {
        out += &fold(&format!("{}: {}", p.name, p.explanation), "  ", 4);
        let run = settings.tijdreeks(p);
        if run.is_empty() {
            out += "    geen waarde\n";
        }
        for g in run {
            out += &fold(&format!("{}: {}", validity(g), value_text(p, &g.value)), "    ", 6);
            out += &fold(&format!("bron: {}", g.source), "      ", 6);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::COLUMNS;
    use crate::regelset::RulesetSource;

    #[test]
    fn nothing_is_wider_than_the_terminal() {
        let book = Handbook::read(&RulesetSource::BuiltIn).unwrap();
        let mut all = list(&book, None);
        for r in book.rules(None) {
            all += &rule(&book.explanation(r), None);
        }
        for r in all.lines() {
            assert!(r.chars().count() <= COLUMNS, "{r}");
            assert_eq!(r, r.trim_end());
        }
    }
}
