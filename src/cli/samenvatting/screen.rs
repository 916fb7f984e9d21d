//! The summary as it stays on a screen of 80 columns and 24 lines.

use super::{control_totals, found, messages, outcome, place};
use crate::dossier::{Cent, Thousands};
use crate::ground::COLUMNS;
use crate::rapport::Rapport;
use std::cmp::Reverse;
use std::path::Path;

/// Lines of it, but for the one where the shell asks for the next command.
const LINES: usize = 23;
/// Rules that are shown where there is room: the largest ones.
const RULES: usize = 10;
/// Lines that the messages have at least, where there are as many.
const FEWEST_FOR_MESSAGES: usize = 2;

pub(crate) fn text(rapport: &Rapport<'_>, dir: &Path) -> String {
    let middle = control_totals(rapport).into_iter().chain(outcome(rapport));
    let middle = middle.chain(tolerance(rapport)).flat_map(|line| fold(&line, 2));
    let middle: Vec<String> = middle.collect();
    let mut end: Vec<String> = left_out(rapport).into_iter().collect();
    end.push(place(dir));
    let messages = messages(rapport);
    let rules = largest(rapport);
    // The header of the table, and what it leaves out.
    let around_rules = if rules.is_empty() { 0 } else { 2 };
    let room = LINES.saturating_sub(middle.len() + end.len() + around_rules + 1);
    let wanted = rules.len().min(RULES);
    let for_messages = room.saturating_sub(wanted).max(FEWEST_FOR_MESSAGES);
    let messages = within(&messages, for_messages);
    let shown = wanted.min(room.saturating_sub(messages.len()));
    let mut out = messages;
    out.extend(middle);
    out.push(String::new());
    out.extend(table(&rules[..shown]));
    out.push(match rules.len() - shown {
        0 if rules.is_empty() => "Geen bevindingen.".to_owned(),
        0 => "Alle bevindingen staan in het rapport; --alles toont meer op het scherm.".to_owned(),
        1 => "En nog 1 regel met bevindingen: in het rapport, of hier met --alles.".to_owned(),
        n => format!("En nog {n} regels met bevindingen: in het rapport, of hier met --alles."),
    });
    out.extend(end);
    out.iter().map(|line| format!("{line}\n")).collect()
}

/// These messages in so many lines: each as far as there is room for it, and how many there are besides.
fn within(messages: &[String], lines: usize) -> Vec<String> {
    if messages.len() > lines {
        let mut out = within(&messages[..lines - 1], lines - 1);
        let more = match messages.len() - (lines - 1) {
            1 => "Nog 1 melding".to_owned(),
            n => format!("Nog {n} meldingen"),
        };
        out.push(format!("{more}: bovenaan in het rapport, of hier met --alles."));
        return out;
    }
    let mut out = Vec::new();
    let mut left = lines;
    for (i, message) in messages.iter().enumerate() {
        let most = left / (messages.len() - i);
        let folded = fold(message, most);
        left -= folded.len();
        out.extend(folded);
    }
    out
}

/// A text in lines of the screen; what goes beyond `most` of them is left out, with a sign of it.
fn fold(text: &str, most: usize) -> Vec<String> {
    let mut out: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let is_last = out.len() >= most;
        let line = out.last_mut().expect("it begins with one");
        let wide = line.chars().count() + 1 + word.chars().count();
        if line.is_empty() {
            *line = cut(word, COLUMNS);
        } else if wide <= COLUMNS {
            *line += &format!(" {word}");
        } else if is_last {
            *line = cut(&format!("{line} {word}"), COLUMNS);
            break;
        } else {
            out.push(cut(word, COLUMNS));
        }
    }
    out
}

/// A text of at most so many characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// How the outcome stands to what the user tolerates, where that is stated.
fn tolerance(rapport: &Rapport<'_>) -> Option<String> {
    let checks = rapport.toleranties();
    let stated: Vec<String> = checks
        .iter()
        .filter_map(|t| {
            let within = if t.is_within()? { "binnen" } else { "boven" };
            Some(format!("{} {within} {}", t.short, t.limit_in_words()))
        })
        .collect();
    (!stated.is_empty()).then(|| format!("Tolerantie: {}.", stated.join(", ")))
}

/// A rule with findings.
struct Row {
    code: &'static str,
    title: String,
    count: String,
    /// Fout and onzekerheid; none where it has no such findings.
    amounts: [Option<Cent>; 2],
    findings: u64,
}

/// The rules with findings, the largest amount of fout and onzekerheid first.
fn largest(rapport: &Rapport<'_>) -> Vec<Row> {
    let row = |u| {
        let [fout, onzekerheid, signaal] = found(rapport, u);
        let findings = fout.count + onzekerheid.count + signaal.count;
        let noted = rapport.melding_of_regel(u.rule.code).is_some();
        Row {
            code: u.rule.code,
            title: format!("{}{}", if noted { "(let op) " } else { "" }, u.rule.title),
            // A list of products that the catalogue lacks is one thing to mend.
            count: match rapport.is_group(u.rule.code) {
                true => "1 groep".to_owned(),
                false => Thousands(findings).to_string(),
            },
            amounts: [fout, onzekerheid].map(|f| f.bedrag.filter(|_| f.count > 0)),
            findings,
        }
    };
    let mut rows: Vec<Row> = rapport.outcomes.iter().map(row).filter(|r| r.findings > 0).collect();
    rows.sort_by_key(|r| {
        let amount: Cent = r.amounts.into_iter().flatten().sum();
        (Reverse(amount), Reverse(r.findings), r.code)
    });
    rows
}

fn table(rows: &[Row]) -> Vec<String> {
    if rows.is_empty() {
        return Vec::new();
    }
    let header = ["Regel", "Bevinding", "Aantal", "Fout", "Onzekerheid"];
    let mut cells = vec![header.map(str::to_owned)];
    cells.extend(rows.iter().map(|r| {
        let [fout, onzekerheid] = r.amounts.map(|a| a.map_or("–".to_owned(), |a| a.to_string()));
        [r.code.to_owned(), r.title.clone(), r.count.clone(), fout, onzekerheid]
    }));
    let width = |k: usize| cells.iter().map(|row| row[k].chars().count()).max().unwrap_or(0);
    let [code, count, fout, onzekerheid] = [0, 2, 3, 4].map(width);
    let title = COLUMNS.saturating_sub(code + count + fout + onzekerheid + 4 * GAP);
    let line = |[r, t, n, f, o]: &[String; 5]| {
        let t = cut(t, title);
        format!("{r:code$}  {t:title$}  {n:>count$}  {f:>fout$}  {o:>onzekerheid$}")
    };
    cells.iter().map(line).collect()
}

/// Spaces between columns.
const GAP: usize = 2;

/// How much could not be tested or read; the rapport tells what and why.
fn left_out(rapport: &Rapport<'_>) -> Option<String> {
    let untested: u64 = rapport.outcomes.iter().map(|u| u.outcomes.not_testable_count()).sum();
    let untested =
        (untested > 0).then(|| format!("Niet te toetsen: {} keer.", Thousands(untested)));
    let unreadable = match rapport.invoerfouten.len() as u64 {
        0 => None,
        1 => Some("Niet te lezen: 1 waarde (invoerfouten.csv).".to_owned()),
        n => Some(format!("Niet te lezen: {} waarden (invoerfouten.csv).", Thousands(n))),
    };
    let parts: Vec<String> = untested.into_iter().chain(unreadable).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn messages_share_the_lines_that_there_are() {
        let long = "woord ".repeat(60);
        let messages = texts(&["Let op: kort.", &long]);
        let out = within(&messages, 4);
        assert_eq!(out.len(), 4);
        assert_eq!(out[0], "Let op: kort.");
        assert!(out[3].ends_with('…'), "{out:?}");
        assert!(out.iter().all(|line| line.chars().count() <= COLUMNS), "{out:?}");
    }

    #[test]
    fn how_many_messages_are_left_out_is_told() {
        let messages = texts(&["een", "twee", "drie", "vier"]);
        assert_eq!(within(&messages, 4), messages);
        let out = within(&messages, 2);
        assert_eq!(out[0], "een");
        assert!(out[1].starts_with("Nog 3 meldingen"), "{out:?}");
        let out = within(&messages[..2], 1);
        assert!(out[0].starts_with("Nog 2 meldingen"), "{out:?}");
    }

    #[test]
    fn a_word_wider_than_the_screen_is_cut() {
        let out = fold(&format!("a {} b", "x".repeat(200)), 3);
        assert!(out.iter().all(|line| line.chars().count() <= COLUMNS), "{out:?}");
        assert_eq!(out.len(), 3);
        assert!(out[1].ends_with('…'), "{out:?}");
    }
}
