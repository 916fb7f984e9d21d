//! The one order of lines (specification §2.0), total and independent of files and threads.

use super::declaratieregel::{Declaratieregel, LineId};
use super::{Dag, Dossier};
use std::cmp::Ordering;

/// Missing dates come last.
fn datum_or_last(dag: Option<Dag>) -> (bool, Option<Dag>) {
    (dag.is_none(), dag)
}

impl Dossier {
    /// Begindatum, Ontvangstdatum, ReferentieNummer, Aanbieder, Einddatum, product, amount, the
    /// other fields, and last the file and the line.
    pub(crate) fn compare(&self, a: LineId, b: LineId) -> Ordering {
        let (x, y) = (self.line(a), self.line(b));
        x.begindatum
            .cmp(&y.begindatum)
            .then_with(|| datum_or_last(x.ontvangstdatum).cmp(&datum_or_last(y.ontvangstdatum)))
            .then_with(|| self.referentie_bytes(x).cmp(self.referentie_bytes(y)))
            .then_with(|| x.aanbieder.cmp(&y.aanbieder))
            .then_with(|| x.einddatum.cmp(&y.einddatum))
            .then_with(|| x.product.cmp(&y.product))
            .then_with(|| x.ingediend_bedrag.cmp(&y.ingediend_bedrag))
            .then_with(|| self.compare_rest(x, y))
            .then_with(|| (x.file, x.line_number).cmp(&(y.file, y.line_number)))
    }

    fn compare_rest(&self, x: &Declaratieregel, y: &Declaratieregel) -> Ordering {
        let [[_, previous_x, declaratie_x], [_, previous_y, declaratie_y]] =
            [x, y].map(|r| self.texts.get_together(r.ids));
        let (cx, cy) = (self.contact(x), self.contact(y));
        let word = |id| self.words.get(id);
        declaratie_x
            .cmp(declaratie_y)
            .then_with(|| previous_x.cmp(previous_y))
            .then_with(|| x.declaratie_dagtekening().cmp(&y.declaratie_dagtekening()))
            .then_with(|| (x.gemeente, x.bsn).cmp(&(y.gemeente, y.bsn)))
            .then_with(|| {
                self.toewijzingnummer(x.toewijzing_nummer)
                    .cmp(self.toewijzingnummer(y.toewijzing_nummer))
            })
            .then_with(|| (x.geleverd_volume, x.eenheid).cmp(&(y.geleverd_volume, y.eenheid)))
            .then_with(|| x.product_tarief.cmp(&y.product_tarief))
            .then_with(|| x.debet_credit.cmp(&y.debet_credit))
            .then_with(|| {
                (cx.no_show, cx.no_show_minuten, cx.afspraak_minuten, cx.reistijd_minuten).cmp(&(
                    cy.no_show,
                    cy.no_show_minuten,
                    cy.afspraak_minuten,
                    cy.reistijd_minuten,
                ))
            })
            .then_with(|| cx.gesprekken.cmp(&cy.gesprekken))
            .then_with(|| word(cx.functie).cmp(word(cy.functie)))
            .then_with(|| word(cx.hulpverlener).cmp(word(cy.hulpverlener)))
            .then_with(|| word(cx.groep).cmp(word(cy.groep)))
    }
}
