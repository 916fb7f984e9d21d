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
            .then_with(|| {
                self.teksten.bytes(x.referentie_nummer).cmp(self.teksten.bytes(y.referentie_nummer))
            })
            .then_with(|| x.aanbieder.cmp(&y.aanbieder))
            .then_with(|| x.einddatum.cmp(&y.einddatum))
            .then_with(|| x.product.cmp(&y.product))
            .then_with(|| x.ingediend_bedrag.cmp(&y.ingediend_bedrag))
            .then_with(|| self.vergelijk_rest(x, y))
            .then_with(|| (x.bestand, x.regelnummer).cmp(&(y.bestand, y.regelnummer)))
    }

    fn vergelijk_rest(&self, x: &Declaratieregel, y: &Declaratieregel) -> Ordering {
        let tekst = |id| self.teksten.bytes(id);
        let (cx, cy) = (self.contact(x), self.contact(y));
        let woord = |nr| self.woorden.tekst(nr);
        woord(x.declaratie_nummer)
            .cmp(woord(y.declaratie_nummer))
            .then_with(|| tekst(x.vorig_referentie_nummer).cmp(tekst(y.vorig_referentie_nummer)))
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

    /// Bytes that compare as [`Dossier::vergelijk`] does, also with those of a line in another part
    /// of the same dossier.
    pub fn volgordesleutel(&self, nr: RegelNr) -> Vec<u8> {
        let r = self.regel(nr);
        let c = self.contact(r);
        let product = self.product(r.product);
        let mut uit = Sleutel(Vec::with_capacity(160));
        uit.getal(r.begindatum.dagen_sinds_1970().into());
        uit.optie(r.ontvangstdatum.is_none(), r.ontvangstdatum.map(dagen));
        uit.tekst(self.teksten.bytes(r.referentie_nummer));
        uit.getal(self.aanbieder(r.aanbieder).agb.0.into());
        uit.getal(r.einddatum.dagen_sinds_1970().into());
        uit.tekst(product.categorie.as_bytes());
        uit.tekst(product.code.as_bytes());
        uit.getal(r.ingediend_bedrag.0);
        let woord = |nr| self.woorden.tekst(nr).as_bytes();
        uit.tekst(woord(r.declaratie_nummer));
        uit.tekst(self.teksten.bytes(r.vorig_referentie_nummer));
        let optie = |uit: &mut Sleutel, n: Option<i64>| uit.optie(n.is_some(), n);
        optie(&mut uit, r.declaratie_dagtekening.map(dagen));
        uit.getal(r.gemeente.0.into());
        uit.getal(r.bsn.0.into());
        uit.tekst(self.toewijzingnummer(r.toewijzing_nummer).as_bytes());
        uit.getal(r.geleverd_volume.0);
        uit.getal(r.eenheid.0.into());
        optie(&mut uit, r.product_tarief.map(|t| t.bedrag().0));
        uit.getal(r.debet_credit as i64);
        uit.getal(c.no_show.into());
        for volume in [c.no_show_minuten, c.afspraak_minuten, c.reistijd_minuten] {
            optie(&mut uit, volume.map(|v| v.0));
        }
        optie(&mut uit, c.gesprekken.map(i64::from));
        for nr in [c.functie, c.hulpverlener, c.groep] {
            uit.tekst(woord(nr));
        }
        uit.getal(r.bestand.0.into());
        uit.getal(r.regelnummer.into());
        uit.0
    }
}

fn dagen(dag: Dag) -> i64 {
    dag.dagen_sinds_1970().into()
}

/// Bytes whose order is that of the values in them.
struct Sleutel(Vec<u8>);

impl Sleutel {
    fn getal(&mut self, n: i64) {
        // With its sign turned around, a number orders as its bytes do.
        self.0.extend_from_slice(&(n ^ i64::MIN).to_be_bytes());
    }

    fn optie(&mut self, eerst: bool, n: Option<i64>) {
        self.0.push(u8::from(eerst));
        self.getal(n.unwrap_or(0));
    }

    /// A shorter text comes before one that it begins, also where that goes on with a NUL.
    fn tekst(&mut self, tekst: &[u8]) {
        for byte in tekst {
            self.0.push(*byte);
            if *byte == 0 {
                self.0.push(1);
            }
        }
        self.0.extend_from_slice(&[0, 0]);
    }
}
