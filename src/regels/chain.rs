//! Toewijzingen of one jeugdige that follow on each other, looked at as one term.

use crate::dossier::{Dag, Onleesbaar, Termijn, Toewijzing};
use crate::toetsing::ToewijzingGroup;

/// Toewijzingen of which each begins soon after the others ended.
pub(super) struct Chain<'g, 'a> {
    /// In the order of Ingangsdatum, ToewijzingNummer and Gemeente; at least one.
    pub toewijzingen: Vec<&'g ToewijzingGroup<'a>>,
    /// From the first Ingangsdatum to the latest end; no end where one of them has none.
    pub termijn: Termijn,
}

impl Chain<'_, '_> {
    /// Was anything declared on any of them in the audited year?
    pub(super) fn is_in_leverjaar(&self) -> bool {
        self.toewijzingen.iter().any(|group| group.in_leverjaar().is_some())
    }

    /// The term in words, with how many toewijzingen make it.
    pub(super) fn words(&self) -> String {
        match self.toewijzingen.len() {
            1 => self.termijn.to_string(),
            count => format!("op {count} aansluitende toewijzingen, {}", self.termijn),
        }
    }
}

/// Chains of toewijzingen that come in order: `joins` says whether one that begins on the second day
/// follows on others of which the latest ended on the first. One whose term can't be read is in none:
/// a rule counts it before.
pub(super) fn chains<'g, 'a>(
    toewijzingen: impl IntoIterator<Item = &'g ToewijzingGroup<'a>>,
    joins: impl Fn(Dag, Dag) -> bool,
) -> Vec<Chain<'g, 'a>> {
    let mut out: Vec<Chain<'g, 'a>> = Vec::new();
    for group in toewijzingen {
        let Some((_, t)) = group.toewijzing else { continue };
        let Ok(term) = t.termijn() else { continue };
        let joined = out
            .last_mut()
            .filter(|chain| chain.termijn.end.is_none_or(|latest| joins(latest, t.ingangsdatum)));
        match joined {
            Some(chain) => {
                let ends = chain.termijn.end.zip(term.end);
                chain.termijn.end = ends.map(|(latest, end)| latest.max(end));
                chain.toewijzingen.push(group);
            }
            None => out.push(Chain { toewijzingen: vec![group], termijn: term }),
        }
    }
    out
}

/// Does the toewijzing stand? One that was removed counts in no chain.
pub(super) fn stands(t: &Toewijzing) -> Result<bool, Onleesbaar> {
    Ok(!t.is_removed()?)
}
