//! What verdicts ask back: per finding judged `terugvorderen` its amount or the one that was agreed, and
//! then each line once.

use super::bevindingen::Numbered;
use super::carried::{Carried, NOT_LIVE, carried};
use super::openstaand::Earlier;
use super::pseudonym::Pseudonyms;
use super::{FindingRow, Rapport};
use crate::dossier::{
    Agb, BevindingId, Cent, Dag, Declaratieregel, Eindoordeel, LineId, OpenstaandRow,
};
use crate::terugvordering::{Apart, ClaimedLine, Grond, Terugvordering, Vordering};
use crate::toetsing::{AuditContext, AuditRule, Subject, TakenBack};
use std::collections::BTreeMap;

/// What all findings together ask of a line.
#[derive(Default)]
struct OnLine {
    /// What findings of one rule on the line itself ask together.
    per_rule: BTreeMap<&'static str, Cent>,
    /// The most that any other finding asks.
    most: Cent,
    gronden: Vec<Grond>,
}

impl OnLine {
    fn push(&mut self, numbered: &Numbered, part: Cent, grond: Grond) {
        match numbered.bevinding.subject {
            Subject::Line(_) => *self.per_rule.entry(numbered.rule).or_default() += part,
            _ => self.most = self.most.max(part),
        }
        self.gronden.push(Grond { bedrag: part, ..grond });
    }

    fn bedrag(&self, line: &Declaratieregel) -> Cent {
        let of_rules = self.per_rule.values().copied().max().unwrap_or_default();
        of_rules.max(self.most).min(line.ingediend_bedrag)
    }
}

/// Collects what findings ask back.
struct ClaimCollector<'r> {
    context: &'r AuditContext<'r>,
    pseudonyms: &'r Pseudonyms,
    lines: BTreeMap<LineId, OnLine>,
    apart: Vec<Apart>,
}

impl ClaimCollector<'_> {
    fn push(&mut self, numbered: &Numbered, rule: &AuditRule, agreed: Option<Cent>) {
        // What is beyond the lines was never taken over as a verdict.
        let Ok(carried) = carried(self.context, &numbered.bevinding, agreed) else { return };
        let row = FindingRow::new(self.context, self.pseudonyms, numbered);
        let grond = |bedrag| Grond {
            id: row.id(),
            regel: numbered.rule.to_owned(),
            titel: rule.title.to_string(),
            zin: rule.for_aanbieder.to_string(),
            bedrag,
            overeengekomen: agreed.is_some(),
            gedeeld: row.aanbieder().is_none(),
            reactie: String::new(),
        };
        match carried {
            Carried::Apart(bedrag, why) => self.apart.push(apart(&row, grond(bedrag), why)),
            Carried::Lines(lines) => {
                for (id, part) in lines {
                    match self.context.counts_in_leverjaar(self.context.dossier.line(id)) {
                        true => self.lines.entry(id).or_default().push(numbered, part, grond(part)),
                        false => self.apart.push(apart(&row, grond(part), NOT_LIVE)),
                    }
                }
            }
        }
    }
}

fn apart(row: &FindingRow<'_>, grond: Grond, why: &str) -> Apart {
    let nummer = row.referentie_nummer().or_else(|| row.toewijzing_nummer());
    Apart {
        grond,
        aanbieder: row.aanbieder().map(|agb| agb.to_string()).unwrap_or_default(),
        naam: String::new(),
        gemeente: row.gemeente().map(|gemeente| gemeente.to_string()).unwrap_or_default(),
        nummer: nummer.map(|nummer| nummer.to_string()).unwrap_or_default(),
        waarom: why.to_owned(),
        telt_niet: why == NOT_LIVE,
    }
}

impl Rapport<'_> {
    /// All that verdicts ask back.
    pub(super) fn make_terugvordering(&self, credits: &[TakenBack]) -> Terugvordering {
        let mut claims = ClaimCollector {
            context: self.context,
            pseudonyms: self.pseudonyms,
            lines: BTreeMap::new(),
            apart: Vec::new(),
        };
        for u in &self.outcomes {
            let judged = self.of_regel(u.rule.code).iter();
            for g in judged.filter(|g| g.oordeel == Some(Eindoordeel::Terugvorderen)) {
                claims.push(g, &u.rule, self.agreed(g));
            }
        }
        let ClaimCollector { lines, mut apart, .. } = claims;
        for a in &mut apart {
            a.naam =
                a.aanbieder.parse().map_or_else(|_| String::new(), |agb| self.shown_name(Agb(agb)));
        }
        let mut vorderingen: Vec<Vordering> = lines
            .into_iter()
            .map(|(id, on_line)| {
                let line = self.dossier().line(id);
                Vordering {
                    line: self.claimed(line),
                    bedrag: on_line.bedrag(line),
                    gronden: on_line.gronden,
                    ..Vordering::default()
                }
            })
            .collect();
        let earlier = Earlier {
            rows: self.dossier().openstaand.as_deref().unwrap_or_default(),
            credits,
            pseudonyms: self.pseudonyms,
        };
        earlier.add_to(&mut vorderingen, |id| self.judged(id), |row| self.claimed_earlier(row));
        for grond in vorderingen.iter_mut().flat_map(|v| &mut v.gronden) {
            if let Some(u) = self.outcomes.iter().find(|u| u.rule.code == grond.regel) {
                grond.titel = u.rule.title.to_string();
                grond.zin = u.rule.for_aanbieder.to_string();
            }
        }
        vorderingen.sort_by_cached_key(|v| {
            let l = v.line.clone();
            (l.aanbieder, l.gemeente, l.referentienummer, l.bestand, l.regelnummer)
        });
        Terugvordering {
            leverjaar: self.context.jaar,
            regio: self.regelset().name.clone(),
            regelset: self.regelset().title.clone(),
            bsn_getoond: self.pseudonyms.bsn_showing,
            vorderingen,
            apart,
        }
    }

    /// The verdict that stands on the finding with this Id.
    fn judged(&self, id: &str) -> Option<Eindoordeel> {
        let id = BevindingId::read(id)?;
        self.oordelen.of(id.nummer).filter(|b| b.id == id).map(|b| b.oordeel)
    }

    /// The line that a row of an earlier run is about.
    fn claimed_earlier(&self, row: &OpenstaandRow) -> ClaimedLine {
        let text = |dag: Option<Dag>| dag.map(|dag| dag.to_string()).unwrap_or_default();
        let gemeentenaam = row.gemeente.map_or("", |gemeente| self.name_of_gemeente(gemeente));
        ClaimedLine {
            aanbieder: row.aanbieder.to_string(),
            naam: self.shown_name(row.aanbieder),
            gemeente: row.gemeente.map(|gemeente| gemeente.to_string()).unwrap_or_default(),
            gemeentenaam: gemeentenaam.to_owned(),
            referentienummer: row.referentie_nummer.clone(),
            toewijzingnummer: row.toewijzing_nummer.clone(),
            begindatum: text(row.begindatum),
            einddatum: text(row.einddatum),
            productcode: row.product_code.clone(),
            ingediend_bedrag: row.ingediend_bedrag.unwrap_or_default(),
            ..ClaimedLine::default()
        }
    }

    /// What a person agreed on about this finding.
    fn agreed(&self, g: &Numbered) -> Option<Cent> {
        self.oordelen.of(g.nummer()).and_then(|b| b.bedrag)
    }

    fn shown_name(&self, agb: Agb) -> String {
        self.pseudonyms.replace_in(self.name_of_aanbieder(agb)).to_string()
    }

    fn claimed(&self, line: &Declaratieregel) -> ClaimedLine {
        let agb = self.context.agb(line.aanbieder);
        let d = self.dossier();
        let shown = |text| self.pseudonyms.replace_in(text).to_string();
        ClaimedLine {
            aanbieder: agb.to_string(),
            naam: self.shown_name(agb),
            gemeente: line.gemeente.to_string(),
            gemeentenaam: self.name_of_gemeente(line.gemeente).to_owned(),
            referentienummer: shown(d.referentie(line)),
            declaratienummer: shown(d.declaratienummer(line)),
            toewijzingnummer: shown(d.toewijzingnummer(line.toewijzing_nummer)),
            begindatum: line.begindatum.to_string(),
            einddatum: line.einddatum.to_string(),
            productcode: shown(&d.product(line.product).code),
            ingediend_bedrag: line.ingediend_bedrag,
            bestand: d.file(line.file).pad.clone(),
            regelnummer: line.line_number,
        }
    }
}
