//! `toewijzingen`: one row a version.

use super::rij::Rij;
use super::velden::{self, Leesreden};
use crate::dossier::*;

/// Rows of one block, with words of their own.
#[derive(Default)]
pub struct Deel {
    /// Each with its number.
    versies: Vec<(TekstId, OnverbondenToewijzing)>,
    nummers: Teksten,
    woorden: Woordenboek,
}

impl Deel {
    pub fn lees(&mut self, mut rij: Rij<'_>) {
        if rij.is_afgekeurd() {
            rij.sluit(None::<()>);
            return;
        }
        let nummer = rij.tekst(Kolom::ToewijzingNummer);
        let gemeente = rij.gemeente();
        let agb = rij.agb();
        let bsn = rij.bsn();
        let toewijzingsdatum = rij.datum(Kolom::Toewijzingsdatum);
        let ingangsdatum = rij.datum(Kolom::Ingangsdatum);
        let einddatum = rij.datum_of_leeg(Kolom::Einddatum);
        let categorie = rij.tekst_of_leeg(Kolom::ProductCategorie);
        let code = rij.tekst_of_leeg(Kolom::ProductCode);
        let reden_wijziging =
            rij.code_of_leeg(Kolom::RedenWijziging, 2).map(|n| RedenWijziging(n as u8));
        let volume = rij.volume_of_leeg(Kolom::Volume);
        let eenheid = rij.eenheid_of_leeg();
        let frequentie = rij
            .optioneel(Kolom::Frequentie, |c| velden::code(c, 1).or_else(|_| velden::code(c, 2)))
            .map(|(n, _)| Frequentie(n as u8));
        let budget = rij.bedrag_of_leeg(Kolom::Budget);
        let geboortedatum = rij.datum_of_leeg(Kolom::Geboortedatum);
        let verwijzer = rij.code_of_leeg(Kolom::Verwijzer, 2).map(|n| Verwijzer(n as u8));
        let budgetsoort = rij.keus_of_leeg(
            Kolom::Budgetsoort,
            &[("herstel", Budgetsoort::Herstel), ("duurzaam", Budgetsoort::Duurzaam)],
            "herstel of duurzaam",
        );
        let uitvoering = rij.keus_of_leeg(Kolom::Uitvoering, &UITVOERINGEN, UITVOERING_TOEGESTAAN);
        let dispuut = rij.ja_nee_of_leeg(Kolom::Dispuut).unwrap_or(false);
        let bijzonder = rij.tekst_of_leeg(Kolom::Bijzonderheid);
        let (bijzonderheden, onbekend) = velden::bijzonderheden(bijzonder);
        if onbekend {
            let toegestaan = "medicatiecontrole, kdc, crisis, toestemming of verlengd";
            rij.negeer(Kolom::Bijzonderheid, bijzonder, Leesreden::OnbekendeWaarde { toegestaan });
        }
        let (bestand, regelnummer) = (rij.bestand, rij.regelnummer());
        let gelezen = (|| {
            let (nummer, agb) = (nummer?, agb?);
            let versie = Versie {
                nummer: WoordNr::LEEG,
                gemeente: gemeente?,
                aanbieder: AanbiederNr(0),
                bsn: bsn?,
                toewijzingsdatum: toewijzingsdatum?,
                ingangsdatum: ingangsdatum?,
                einddatum,
                product_categorie: WoordNr::LEEG,
                product_code: WoordNr::LEEG,
                reden_wijziging,
                volume,
                eenheid,
                frequentie,
                budget,
                geboortedatum,
                verwijzer,
                budgetsoort,
                uitvoering,
                dispuut,
                bijzonderheden,
                bestand,
                regelnummer,
            };
            Some((nummer, agb, versie))
        })();
        let Some((nummer, agb, mut versie)) = rij.sluit(gelezen) else { return };
        versie.product_categorie = self.woorden.nummer(categorie);
        versie.product_code = self.woorden.nummer(code);
        let nummer = self.nummers.voeg_toe(nummer);
        self.versies.push((nummer, OnverbondenToewijzing { agb, versie }));
    }

    /// Adds this part to the whole.
    pub fn neem_op(self, heel: &mut Onverbonden) {
        let woord = heel.woorden.neem_over(&self.woorden);
        let mut laatste = WoordNr::LEEG;
        heel.versies.extend(self.versies.into_iter().map(|(nummer, mut v)| {
            // Versions of one toewijzing often follow each other.
            let nummer = self.nummers.tekst(nummer);
            if !heel.toewijzingnummers.is(laatste, nummer) {
                laatste = heel.toewijzingnummers.nummer(nummer);
            }
            v.versie.nummer = laatste;
            v.versie.product_categorie = woord[v.versie.product_categorie.index()];
            v.versie.product_code = woord[v.versie.product_code.index()];
            v
        }));
    }
}

pub const UITVOERINGEN: [(&str, Uitvoering); 2] =
    [("inspanning", Uitvoering::Inspanning), ("output", Uitvoering::Output)];
pub const UITVOERING_TOEGESTAAN: &str = "inspanning of output";
