//! What a rule came to, against what a case says.

use super::case::{Case, Found, OutcomeKind};
use super::tables::jeugdige_of;
use crate::toetsing::{AuditContext, Bevinding, Outcomes, Subject};
use std::fmt::Write as _;

/// Does the rule say what the case says? The error shows both.
pub(super) fn compare(
    context: &AuditContext<'_>,
    case: &Case,
    outcomes: &Outcomes,
) -> Result<(), String> {
    let mut expected: Vec<Found> =
        case.expected.iter().filter_map(|v| v.bevinding.clone()).collect();
    expected.sort();
    let mut found: Vec<(Found, &Bevinding)> =
        outcomes.bevindingen.iter().map(|b| (bevonden(context, b), b)).collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let reasons: Vec<String> = outcomes.not_testable.iter().map(|(r, _)| r.to_string()).collect();
    let expected_reasons: Vec<&str> = case
        .expected
        .iter()
        .filter(|v| v.kind == OutcomeKind::NotTestable)
        .map(|v| v.omdat.as_str())
        .collect();
    let tested = case
        .expected
        .iter()
        .any(|v| !matches!(v.kind, OutcomeKind::NotTestable | OutcomeKind::NotApplicable));
    let matches = expected.iter().eq(found.iter().map(|(b, _)| b))
        && reasons.iter().all(|r| expected_reasons.iter().any(|v| r.starts_with(v)))
        && expected_reasons.iter().all(|v| reasons.iter().any(|r| r.starts_with(v)))
        && tested == (outcomes.tested > 0);
    if matches {
        return Ok(());
    }
    let mut text = String::new();
    for v in &case.expected {
        let bevinding = v.bevinding.as_ref().map(|b| format!(" | {b}")).unwrap_or_default();
        let _ = writeln!(
            text,
            "  verwacht (regel {}): {}{bevinding} | {}",
            v.line,
            v.kind.name(),
            v.omdat
        );
    }
    for (b, whole) in &found {
        let _ = writeln!(text, "  gekregen: {b}");
        for (what, sentence) in [
            ("Gevonden", &whole.found),
            ("Verwacht", &whole.expected),
            ("Toelichting", &whole.toelichting),
        ] {
            let _ = writeln!(text, "    {what}: {sentence}");
        }
    }
    let _ = writeln!(
        text,
        "  gekregen: {} getoetst, {} bevindingen{}",
        outcomes.tested,
        found.len(),
        reasons.iter().fold(String::new(), |t, r| t + "; niet te toetsen: " + r)
    );
    Err(text)
}

fn bevonden(context: &AuditContext<'_>, b: &Bevinding) -> Found {
    let d = context.dossier;
    let over = match b.subject {
        Subject::Line(id) => format!("regel {}", d.referentie(d.line(id))),
        Subject::Toewijzing(id) => {
            format!("toewijzing {}", d.toewijzingnummer(d.toewijzing(id).nummer))
        }
        Subject::Jeugdige(bsn) => match jeugdige_of(bsn.0) {
            Some(id) => format!("jeugdige {id}"),
            None => format!("jeugdige met Bsn {}", bsn.0),
        },
        Subject::Aanbieder(id) => format!("aanbieder {}", context.agb(id)),
        Subject::Gemeente(g) => format!("gemeente {g}"),
        Subject::AanbiederInGemeente(id, g) => {
            format!("aanbieder {} in gemeente {g}", context.agb(id))
        }
        Subject::Dossier => "het dossier".to_owned(),
        Subject::Declaratiebericht(i) => {
            let berichten = d.declaratieberichten.as_deref().expect("a message was found");
            format!("bericht {}", berichten[i as usize].identificatie)
        }
    };
    Found { over, ernst: b.ernst.name().to_owned(), bedrag: b.bedrag }
}
