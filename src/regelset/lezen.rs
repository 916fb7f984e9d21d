//! What one file of `rules/` says, taken up in a ruleset with the tables that it brings.

use super::bestand::{Bestand, Tabellen};
use super::tekst::{Tekst, Uitkomst};
use super::{
    Afleiding, Beroepentabel, Deelnames, Document, Functielijst, Gemeentecodes, Perceeltabel,
    Regelkenmerk, Regelset, Regelsetbestand, Regelsetbron,
};
use crate::bron::{dubbel_tarief, lees_catalogus, lees_tarieven};
use crate::ground::hex;
use sha2::{Digest, Sha256};
use std::fmt::Display;
use toml::Spanned;

impl Regelset {
    /// Takes up what one file says, on top of the ruleset that it builds on.
    pub(super) fn neem_bestand_op(
        &mut self,
        tekst: &Tekst<'_>,
        b: Bestand,
        bron: &Regelsetbron,
        bekend: &[Regelkenmerk],
    ) -> Uitkomst<()> {
        self.naam = b.regelset.naam;
        self.titel = b.regelset.titel;
        self.versie = b.regelset.versie;
        self.vanaf = tekst.dag(&b.regelset.vanaf)?;
        self.tot = b.regelset.tot.as_ref().map(|d| tekst.dag(d)).transpose()?;
        self.beschikkingsvrij.extend(b.beschikkingsvrij);
        self.doorbelasting |= b.regelset.doorbelasting;
        if let Some(t) = b.budgetsoort {
            let duurzaam_vanaf_jaren = i32::from(t.duurzaam_vanaf_jaren);
            self.afleiding = Some(Afleiding { duurzaam_vanaf_jaren, bron: t.bron });
        }
        for (afkorting, d) in b.documenten {
            let datum = d.datum.as_ref().map(|d| tekst.dag(d)).transpose()?;
            self.documenten.push(Document { afkorting, titel: d.titel, versie: d.versie, datum });
        }
        self.niet_te_toetsen.extend(b.niet_te_toetsen);
        for (code, tabel) in &b.regels {
            self.neem_regel_op(tekst, code, tabel, bekend)?;
        }
        for (code, tabel) in b.eigen {
            self.neem_eigen_op(tekst, &code, tabel)?;
        }
        self.noem_versies();
        self.bestanden.push(kenmerk(tekst.naam, tekst.inhoud));
        self.lees_tarieven_en_producten(tekst, bron, &b.tabellen)?;
        self.lees_lijsten(tekst, bron, &b.tabellen)
    }

    /// The tables of tariffs and products: their rows go before those of the ruleset below.
    fn lees_tarieven_en_producten(
        &mut self,
        tekst: &Tekst<'_>,
        bron: &Regelsetbron,
        tabellen: &Tabellen,
    ) -> Uitkomst<()> {
        if let Some(pad) = &tabellen.tarieven {
            let rijen = self.lees_tabel(tekst, bron, pad, |n, i| lees_tarieven(n, i.as_bytes()))?;
            if let Some((a, b)) = dubbel_tarief(&rijen) {
                return Err(tekst.fout(
                    pad.span(),
                    format!(
                        "in {} zijn regel {} en regel {} even specifiek",
                        pad.get_ref(),
                        a.regelnummer,
                        b.regelnummer
                    ),
                    "laat één van de twee staan",
                ));
            }
            self.vul_tarieven_aan(rijen);
        }
        if let Some(pad) = &tabellen.producten {
            let rijen =
                self.lees_tabel(tekst, bron, pad, |n, i| lees_catalogus(n, i.as_bytes()))?;
            self.vul_catalogus_aan(rijen);
        }
        Ok(())
    }

    /// Adds to the source of every rule the versions of the documents that it cites, once.
    fn noem_versies(&mut self) {
        for regel in self.regels.values_mut() {
            let woorden: Vec<&str> = regel.bron.split([' ', ',', ';', '(', ')']).collect();
            let versies: Vec<String> = self
                .documenten
                .iter()
                .filter(|d| woorden.contains(&d.afkorting.as_str()))
                .map(Document::aanhaling)
                .filter(|versie| !regel.bron.contains(versie.as_str()))
                .collect();
            if !versies.is_empty() {
                regel.bron = format!("{} [{}]", regel.bron, versies.join(", ")).into();
            }
        }
    }

    /// The tables of functions, gemeenten and percelen: each replaces that of the ruleset below.
    fn lees_lijsten(
        &mut self,
        tekst: &Tekst<'_>,
        bron: &Regelsetbron,
        tabellen: &Tabellen,
    ) -> Uitkomst<()> {
        if let Some(pad) = &tabellen.functies {
            self.beroepentabel = self.lees_tabel(tekst, bron, pad, Beroepentabel::lees)?;
        }
        if let Some(pad) = &tabellen.synoniemen {
            let mut tabel = std::mem::take(&mut self.beroepentabel);
            self.lees_tabel(tekst, bron, pad, |n, i| tabel.neem_synoniemen_op(n, i))?;
            self.beroepentabel = tabel;
        }
        if let Some(pad) = &tabellen.vaktherapie {
            self.vaktherapie = self.lees_tabel(tekst, bron, pad, Functielijst::lees)?;
        }
        if let Some(pad) = &tabellen.gemeenten {
            self.deelnames = self.lees_tabel(tekst, bron, pad, Deelnames::lees)?;
        }
        if let Some(pad) = &tabellen.gemeentecodes {
            self.gemeentecodes = self.lees_tabel(tekst, bron, pad, Gemeentecodes::lees)?;
        }
        if let Some(pad) = &tabellen.percelen {
            self.percelen = self.lees_tabel(tekst, bron, pad, Perceeltabel::lees)?;
        }
        Ok(())
    }

    fn lees_tabel<T, F: Display>(
        &mut self,
        tekst: &Tekst<'_>,
        bron: &Regelsetbron,
        pad: &Spanned<String>,
        lees: impl FnOnce(&str, &str) -> Result<T, F>,
    ) -> Uitkomst<T> {
        let inhoud = bron.inhoud(pad.get_ref())?.ok_or_else(|| {
            tekst.fout(
                pad.span(),
                format!("het bestand {} bestaat niet", pad.get_ref()),
                "geef een pad binnen de map met regelsets",
            )
        })?;
        self.bestanden.push(kenmerk(pad.get_ref(), &inhoud));
        lees(pad.get_ref(), &inhoud)
            .map_err(|e| tekst.fout(pad.span(), e.to_string(), "verbeter die regel in de tabel"))
    }
}

fn kenmerk(naam: &str, inhoud: &str) -> Regelsetbestand {
    Regelsetbestand { naam: naam.to_owned(), sha256: hex(&Sha256::digest(inhoud.as_bytes())) }
}

#[cfg(test)]
mod tests {
    use super::{Regelset, Regelsetbron, Uitkomst};
    use crate::dossier::{Agb, Dag};
    use crate::regels::{REGISTER, kenmerken};
    use crate::regelset::Waarde;

    /// Reads `ijsselland` from a folder in which one text was replaced by another.
    fn gewijzigd(oud: &str, nieuw: &str) -> Uitkomst<Regelset> {
        let map = tempfile::tempdir().unwrap();
        let tekst = include_str!("../../rules/ijsselland.toml");
        assert!(tekst.contains(oud), "{oud}");
        std::fs::write(map.path().join("ijsselland.toml"), tekst.replacen(oud, nieuw, 1)).unwrap();
        Regelset::lees("ijsselland", &Regelsetbron::Map(map.path().to_owned()), &kenmerken())
    }

    #[track_caller]
    fn fout(oud: &str, nieuw: &str, woord: &str) {
        let fout = gewijzigd(oud, nieuw).expect_err("a mistake is refused");
        assert!(fout.bericht.contains(woord), "{}", fout.bericht);
        assert!(fout.bericht.contains("ijsselland.toml, regel "), "{}", fout.bericht);
    }

    #[test]
    fn every_rule_stands_in_the_rulesets_that_come_with_the_program() {
        let sets = ["ijsselland", "zeeland"]
            .map(|naam| Regelset::lees(naam, &Regelsetbron::Ingebouwd, &kenmerken()).unwrap());
        for regel in REGISTER {
            let ergens = sets.iter().any(|set| set.regel(regel.code).is_some());
            assert!(ergens, "{} is in no ruleset", regel.code);
        }
    }

    #[test]
    fn a_changed_limit_is_the_one_that_holds() {
        let set = gewijzigd("waarde = 2\nbron = \"ID 8.5.1 (4)\"", "waarde = 3\nbron = \"eigen\"")
            .unwrap();
        let dag = Dag::van_jmd(2023, 6, 1).unwrap();
        assert_eq!(set.regel("NS01").unwrap().waarde("maximum", dag), Some(&Waarde::Getal(3)));
    }

    #[test]
    fn mistakes_in_a_ruleset_name_their_line() {
        fout("[[regels.NS01.maximum]]", "[[regels.NS01.maximun]]", "kent geen sleutel 'maximun'");
        fout("[regels.TF01]", "[regels.TF91]", "er is geen regel TF91");
        fout("bron = \"ID eis 43a\"\n\n[[regels.TL03", "\n[[regels.TL03", "noemt geen bron");
        fout("waarde = 2\nbron = \"ID 8.5.1 (4)\"", "waarde = 2", "ontbreekt de bron");
        fout("waarde = 2\nbron", "waarde = \"twee\"\nbron", "verwacht een heel getal");
        fout(
            "tot = 2024-12-31\nwaarde = \"fout\"",
            "tot = 2024-11-30\nwaarde = \"fout\"",
            "geldt geen waarde",
        );
        fout(
            "tot = 2024-12-31\nwaarde = \"fout\"",
            "waarde = \"fout\"",
            "gelden twee waarden tegelijk",
        );
        fout(
            "vanaf = 2023-01-01\nwaarde = 2\n",
            "vanaf = 2024-01-01\nwaarde = 2\n",
            "dekt niet de hele looptijd",
        );
        fout("titel = \"Jeugdhulpregio IJsselland\"", "titel = 3", "verkeerde soort");
    }

    #[test]
    fn there_are_as_many_gemeenten_on_1_january_as_cbs_counted() {
        let set = Regelset::lees("landelijk", &Regelsetbron::Ingebouwd, &kenmerken()).unwrap();
        let codes = &set.gemeentecodes;
        for (jaar, aantal) in [
            (2015, 393),
            (2016, 390),
            (2017, 388),
            (2018, 380),
            (2019, 355),
            (2020, 355),
            (2021, 352),
            (2022, 345),
            (2023, 342),
            (2024, 342),
            (2025, 342),
            (2026, 342),
        ] {
            assert_eq!(codes.aantal_op(Dag::van_jmd(jaar, 1, 1).unwrap()), aantal, "{jaar}");
        }
        let geldt = |code, jaar| {
            let dag = |m, d| Dag::van_jmd(jaar, m, d).unwrap();
            codes.geldt(crate::dossier::Gemeente(code), dag(1, 1), dag(12, 31))
        };
        // Weesp went to Amsterdam on 24 March 2022: in use during that year, not after it.
        assert!(geldt(457, 2022) && !geldt(457, 2023));
        assert!(geldt(193, 2026) && !geldt(9999, 2023));
    }

    #[test]
    fn the_tariffs_are_those_of_the_contract_documents() {
        let set = Regelset::lees("ijsselland", &Regelsetbron::Ingebouwd, &kenmerken()).unwrap();
        let tarief = |jaar, sleutel, perceel| {
            set.tarief(jaar, sleutel, Agb(0), perceel).map(|t| (t.tarief.0, t.eenheid.0))
        };
        // ID 8.5.1: the first and the last of each row of the table.
        for (sleutel, eerste, laatste) in [
            ("TG1", 108, 116),
            ("TG2", 121, 176),
            ("TG3", 146, 193),
            ("TG4", 162, 209),
            ("TG5", 187, 235),
            ("TG6", 222, 271),
            ("TG7", 310, 360),
        ] {
            assert_eq!(tarief(2023, sleutel, Some(1)), Some((eerste, 1)));
            assert_eq!(tarief(2023, sleutel, Some(5)), Some((laatste, 1)));
            assert_eq!(tarief(2023, sleutel, None), None);
        }
        assert_eq!(tarief(2023, "INT_K", None), Some((45_650, 14)));
        assert_eq!(tarief(2023, "GGZ_H", Some(2)), Some((52_957, 14)));
        assert_eq!(tarief(2022, "GROEP_ZWAAR", None), Some((3_453, 4)));
        assert_eq!(tarief(2023, "GROEP_ZWAAR", None), None);
        assert_eq!(tarief(2024, "EEN_OP_EEN", None), Some((6_420, 4)));
        assert_eq!(tarief(2023, "MST", None), Some((2_157_200, 82)));
    }
}
