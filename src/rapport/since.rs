//! What changed since an earlier rapport, for whoever looks at the new one.

use super::Rapport;
use crate::vergelijking::{Bevinding, Comparison, FindingTable, Joined, ReportReading, Since};

impl Rapport<'_> {
    /// What changed since this earlier rapport.
    pub(crate) fn changes_since(&self, map: &str, old: &ReportReading) -> Since {
        let new = self.as_reading();
        Comparison::of(&Joined::of(old, &new)).since(map)
    }

    /// This rapport as a comparison reads one, as far as findings and totals go.
    fn as_reading(&self) -> ReportReading {
        let set = self.regelset();
        let mut bevindingen = FindingTable::default();
        for r in self.rows() {
            let [aanbieder, gemeente] = [
                r.aanbieder().map(|a| a.to_string()).unwrap_or_default(),
                r.gemeente().map(|g| g.to_string()).unwrap_or_default(),
            ];
            let nummer = r.referentie_nummer().or_else(|| r.toewijzing_nummer());
            bevindingen.push(Bevinding {
                id: &r.id(),
                rule: r.rule(),
                ernst: r.ernst().name(),
                aanbieder: &aanbieder,
                gemeente: &gemeente,
                nummer: nummer.as_deref().unwrap_or_default(),
                bedrag: r.bedrag_in_geding(),
                found: &r.found(),
                expected: &r.expected(),
            });
        }
        ReportReading {
            leverjaar: self.context.jaar.into(),
            regelset: format!("{} {}", set.name, set.versie),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            niveau: self.context.niveau.name().to_owned(),
            fingerprint: self.pseudonyms.fingerprint(),
            fout: self.totals.in_geding.fout,
            onzekerheid: self.totals.in_geding.onzekerheid,
            steps: Vec::new(),
            input: Vec::new(),
            bevindingen: bevindingen.whole(),
        }
    }
}
