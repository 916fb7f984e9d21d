//! The one order of lines (specification §2.0), total and independent of files and threads.

use super::declaratieregel::{Declaratieregel, RegelNr};
use super::{Dag, Dossier};
use std::cmp::Ordering;

/// Missing dates come last.
fn datum_of_laatst(dag: Option<Dag>) -> (bool, Option<Dag>) {
    (dag.is_none(), dag)
}

impl Dossier {
    /// Begindatum, Ontvangstdatum, ReferentieNummer, Aanbieder, Einddatum, product, amount, the
    /// other fields, and last the file and the line.
    pub fn vergelijk(&self, a: RegelNr, b: RegelNr) -> Ordering {
        let (x, y) = (self.regel(a), self.regel(b));
        x.begindatum
            .cmp(&y.begindatum)
            .then_with(|| datum_of_laatst(x.ontvangstdatum).cmp(&datum_of_laatst(y.ontvangstdatum)))
            .then_with(|| self.referentie_bytes(x).cmp(self.referentie_bytes(y)))
            .then_with(|| x.aanbieder.cmp(&y.aanbieder))
            .then_with(|| x.einddatum.cmp(&y.einddatum))
            .then_with(|| x.product.cmp(&y.product))
            .then_with(|| x.ingediend_bedrag.cmp(&y.ingediend_bedrag))
            .then_with(|| self.vergelijk_rest(x, y))
            .then_with(|| (x.bestand, x.regelnummer).cmp(&(y.bestand, y.regelnummer)))
    }

    fn vergelijk_rest(&self, x: &Declaratieregel, y: &Declaratieregel) -> Ordering {
        let [[_, vorig_x, declaratie_x], [_, vorig_y, declaratie_y]] =
            [x, y].map(|r| self.teksten.samen(r.nummers));
        let (cx, cy) = (self.contact(x), self.contact(y));
        let woord = |nr| self.woorden.tekst(nr);
        declaratie_x
            .cmp(declaratie_y)
            .then_with(|| vorig_x.cmp(vorig_y))
            .then_with(|| x.declaratie_dagtekening.cmp(&y.declaratie_dagtekening))
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
            .then_with(|| woord(cx.functie).cmp(woord(cy.functie)))
            .then_with(|| woord(cx.hulpverlener).cmp(woord(cy.hulpverlener)))
            .then_with(|| woord(cx.groep).cmp(woord(cy.groep)))
    }
}
