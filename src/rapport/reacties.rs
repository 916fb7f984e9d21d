//! What aanbieders say of findings, beside them by their Ids.

use super::bevindingen::Numbered;
use super::pseudonym::Pseudonyms;
use crate::dossier::{Reactie, Thousands};
use hashbrown::{HashMap, HashSet};

/// Reactions by the number of their finding.
#[derive(Debug, Default)]
pub(crate) struct Reacties {
    /// Did the dossier have any?
    pub any: bool,
    per_nummer: HashMap<u64, String>,
    /// Ids of findings that aren't there.
    pub without_finding: Vec<String>,
}

impl Reacties {
    /// Puts each reaction with its finding. Of several on one they stand behind each other, the oldest
    /// first.
    pub(super) fn of(all: &[Reactie], bevindingen: &[Numbered], p: &Pseudonyms) -> Reacties {
        let asked: HashSet<u64> = all.iter().map(|r| r.id.nummer).collect();
        let found: HashSet<(u64, &str)> = bevindingen
            .iter()
            .filter(|g| asked.contains(&g.nummer()))
            .map(|g| (g.nummer(), g.rule))
            .collect();
        let mut order: Vec<&Reactie> = all.iter().collect();
        order.sort_by_key(|r| (&r.id, r.datum, &r.door, &r.text));
        order.dedup();
        let mut out = Reacties { any: !all.is_empty(), ..Reacties::default() };
        for r in order {
            if !found.contains(&(r.id.nummer, r.id.rule.as_str())) {
                out.without_finding.push(r.id.to_string());
                continue;
            }
            let text = out.per_nummer.entry(r.id.nummer).or_default();
            if !text.is_empty() {
                text.push_str(" | ");
            }
            text.push_str(&in_words(r, p));
        }
        out
    }

    /// What was said of the finding with this number; empty where nothing was.
    pub(crate) fn on(&self, nummer: u64) -> &str {
        self.per_nummer.get(&nummer).map_or("", String::as_str)
    }

    /// How many findings have one.
    pub(crate) fn count(&self) -> usize {
        self.per_nummer.len()
    }

    /// What the user must know of them.
    pub(super) fn warning(&self) -> Option<String> {
        let what = match self.without_finding.len() as u64 {
            0 => return None,
            1 => "1 reactie gaat".to_owned(),
            n => format!("{} reacties gaan", Thousands(n)),
        };
        Some(format!(
            "{what} over een bevinding die nu niet voorkomt (reacties in samenvatting.json noemt het Id): zij is opgelost, niet getoetst, of gaat over een jeugdige en had een andere sleutel"
        ))
    }
}

/// Who, when, and what.
fn in_words(r: &Reactie, p: &Pseudonyms) -> String {
    let shown = |text: &str| p.replace_in(text).replace(char::is_control, " ");
    let who = [shown(&r.door), r.datum.map(|d| d.to_string()).unwrap_or_default()];
    let who: Vec<String> = who.into_iter().filter(|t| !t.is_empty()).collect();
    match who.is_empty() {
        true => shown(&r.text),
        false => format!("{}: {}", who.join(", "), shown(&r.text)),
    }
}
