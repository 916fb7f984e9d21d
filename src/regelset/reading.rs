//! What one file of `rules/` says, taken up in a ruleset with the tables that it brings.

use super::bestand::{RulesetToml, Tables, Tried, mistake_in_check};
use super::tekst::{Parsed, SpannedText};
use super::{
    BeroepTable, Deelnames, Derivation, Document, FunctieList, Gemeentecodes, PerceelTable,
    Regelset, RuleDigest, RulesetFile, RulesetSource,
};
use crate::bron::{double_tarief, read_catalogus, read_tarieven};
use crate::ground::config::{ConfigError, Mistakes};
use crate::ground::hex;
use sha2::{Digest, Sha256};
use std::fmt::Display;
use toml::Spanned;
use toml::value::Datetime;

impl Regelset {
    /// Takes up what one file says, on top of the ruleset that it builds on.
    pub(super) fn add_file(
        &mut self,
        text: &SpannedText<'_>,
        b: RulesetToml,
        source: &RulesetSource,
        known: &[RuleDigest],
    ) -> Parsed<()> {
        let mut mistakes = Mistakes::default();
        self.name = b.regelset.naam;
        self.title = b.regelset.titel;
        self.versie = b.regelset.versie;
        if let Some(from) = mistakes.note(text.dag(&b.regelset.vanaf)) {
            self.from = from;
        }
        let day = |d: Option<&Spanned<Datetime>>| d.map(|d| text.dag(d)).transpose();
        self.until = mistakes.note(day(b.regelset.tot.as_ref())).flatten();
        self.beschikkingsvrij.extend(b.beschikkingsvrij);
        self.doorbelasting |= b.regelset.doorbelasting;
        if let Some(t) = b.budgetsoort {
            let duurzaam_vanaf_jaren = i32::from(t.duurzaam_vanaf_jaren);
            self.afleiding = Some(Derivation { duurzaam_vanaf_jaren, source: t.bron });
        }
        for (abbreviation, d) in b.documenten {
            let datum = mistakes.note(day(d.datum.as_ref())).flatten();
            self.documents.push(Document { abbreviation, title: d.titel, versie: d.versie, datum });
        }
        self.not_testable.extend(b.niet_te_toetsen);
        for (code, table) in &b.regels {
            mistakes.note(self.add_rule(text, code, table, known));
        }
        if let Some(table) = &b.poort {
            mistakes.note(self.set_poort(text, table));
        }
        if let Some(table) = &b.monitor {
            self.set_monitor(text, table)?;
        }
        for (code, table) in b.eigen {
            mistakes.note(match table {
                Tried::Read(table) => self.add_own(text, &code, *table),
                Tried::Wrong => Err(unreadable(text, &code)),
            });
        }
        self.name_versies();
        self.files.push(fingerprint(text.name, text.content));
        mistakes.note(self.read_tarieven_and_producten(text, source, &b.tabellen));
        mistakes.note(self.read_lists(text, source, &b.tabellen));
        mistakes.finish()
    }

    /// The tables of tariffs and products: their rows go before those of the ruleset below.
    fn read_tarieven_and_producten(
        &mut self,
        text: &SpannedText<'_>,
        source: &RulesetSource,
        tables: &Tables,
    ) -> Parsed<()> {
        if let Some(path) = &tables.tarieven {
            let rows =
                self.read_table(text, source, path, |n, i| read_tarieven(n, i.as_bytes()))?;
            if let Some((a, b)) = double_tarief(&rows) {
                return Err(text.error(
                    path.span(),
                    format!(
                        "in {} zijn regel {} en regel {} even specifiek",
                        path.get_ref(),
                        a.line_number,
                        b.line_number
                    ),
                    "laat één van de twee staan",
                ));
            }
            self.complete_tarieven(rows);
        }
        if let Some(path) = &tables.producten {
            let rows =
                self.read_table(text, source, path, |n, i| read_catalogus(n, i.as_bytes()))?;
            self.complete_catalogus(rows);
        }
        Ok(())
    }

    /// Adds to the source of every rule the versions of the documents that it cites, once.
    fn name_versies(&mut self) {
        for rule in self.rules.values_mut() {
            let words: Vec<&str> = rule.source.split([' ', ',', ';', '(', ')']).collect();
            let versies: Vec<String> = self
                .documents
                .iter()
                .filter(|d| words.contains(&d.abbreviation.as_str()))
                .map(Document::quote)
                .filter(|versie| !rule.source.contains(versie.as_str()))
                .collect();
            if !versies.is_empty() {
                rule.source = format!("{} [{}]", rule.source, versies.join(", ")).into();
            }
        }
    }

    /// The tables of functions, gemeenten and percelen: each replaces that of the ruleset below.
    fn read_lists(
        &mut self,
        text: &SpannedText<'_>,
        source: &RulesetSource,
        tables: &Tables,
    ) -> Parsed<()> {
        if let Some(path) = &tables.functies {
            self.beroepentabel = self.read_table(text, source, path, BeroepTable::read)?;
        }
        if let Some(path) = &tables.synoniemen {
            let mut table = std::mem::take(&mut self.beroepentabel);
            self.read_table(text, source, path, |n, i| table.add_synoniemen(n, i))?;
            self.beroepentabel = table;
        }
        if let Some(path) = &tables.afbakening {
            self.afbakening = self.read_table(text, source, path, FunctieList::read)?;
        }
        if let Some(path) = &tables.gemeenten {
            self.deelnames = self.read_table(text, source, path, Deelnames::read)?;
        }
        if let Some(path) = &tables.gemeentecodes {
            self.gemeentecodes = self.read_table(text, source, path, Gemeentecodes::read)?;
        }
        if let Some(path) = &tables.percelen {
            self.percelen = self.read_table(text, source, path, PerceelTable::read)?;
        }
        Ok(())
    }

    fn read_table<T, F: Display>(
        &mut self,
        text: &SpannedText<'_>,
        source: &RulesetSource,
        path: &Spanned<String>,
        read: impl FnOnce(&str, &str) -> Result<T, F>,
    ) -> Parsed<T> {
        let content = source.content(path.get_ref())?.ok_or_else(|| {
            text.error(
                path.span(),
                format!("het bestand {} bestaat niet", path.get_ref()),
                "geef een pad binnen de map met regelsets",
            )
        })?;
        self.files.push(fingerprint(path.get_ref(), &content));
        read(path.get_ref(), &content)
            .map_err(|e| text.error(path.span(), e.to_string(), "verbeter die regel in de tabel"))
    }
}

/// A table of an own check that isn't one, as the TOML reader says it.
fn unreadable(text: &SpannedText<'_>, code: &Spanned<String>) -> Box<ConfigError> {
    match mistake_in_check(text.content, code.get_ref()) {
        Some(error) => ConfigError::from_toml(text.name, text.content, &error),
        None => text.error(
            code.span(),
            format!("{} is niet te lezen", code.get_ref()),
            "verbeter deze controle",
        ),
    }
}

fn fingerprint(name: &str, content: &str) -> RulesetFile {
    RulesetFile { name: name.to_owned(), sha256: hex(&Sha256::digest(content.as_bytes())) }
}

#[cfg(test)]
mod tests {
    use super::{Parsed, Regelset, RulesetSource};
    use crate::dossier::{Agb, Dag, TariefRow};
    use crate::regels::{REGISTER, fingerprints};
    use crate::regelset::RuleValue;

    /// Reads `ijsselland` from a folder in which one text was replaced by another.
    fn gewijzigd(old: &str, new: &str) -> Parsed<Regelset> {
        let dir = tempfile::tempdir().unwrap();
        let text = include_str!("../../rules/ijsselland.toml");
        assert!(text.contains(old), "{old}");
        std::fs::write(dir.path().join("ijsselland.toml"), text.replacen(old, new, 1)).unwrap();
        Regelset::read("ijsselland", &RulesetSource::Dir(dir.path().to_owned()), &fingerprints())
    }

    #[track_caller]
    fn error(old: &str, new: &str, word: &str) {
        let problem = gewijzigd(old, new).expect_err("a mistake is refused");
        assert!(problem.bericht.contains(word), "{}", problem.bericht);
        assert!(problem.bericht.contains("ijsselland.toml, regel "), "{}", problem.bericht);
    }

    #[test]
    fn every_rule_stands_in_the_rulesets_that_come_with_the_program() {
        let sets = ["ijsselland", "zeeland"]
            .map(|name| Regelset::read(name, &RulesetSource::BuiltIn, &fingerprints()).unwrap());
        for rule in REGISTER {
            let somewhere = sets.iter().any(|set| set.rule(rule.code).is_some());
            assert!(somewhere, "{} is in no ruleset", rule.code);
        }
    }

    #[test]
    fn a_changed_limit_is_the_one_that_holds() {
        let set = gewijzigd("waarde = 2\nbron = \"ID 8.5.1 (4)\"", "waarde = 3\nbron = \"eigen\"")
            .unwrap();
        let dag = Dag::from_jmd(2023, 6, 1).unwrap();
        assert_eq!(set.rule("NS01").unwrap().value("maximum", dag), Some(&RuleValue::Number(3)));
    }

    #[test]
    fn mistakes_in_a_ruleset_name_their_line() {
        error("[[regels.NS01.maximum]]", "[[regels.NS01.maximun]]", "kent geen sleutel 'maximun'");
        error("[regels.TF06]", "[regels.TF96]", "er is geen regel TF96");
        error("bron = \"ID eis 43a\"\n\n[[regels.TL03", "\n[[regels.TL03", "noemt geen bron");
        error("waarde = 2\nbron = \"ID 8.5.1 (4)\"", "waarde = 2", "ontbreekt de bron");
        error("waarde = 2\nbron", "waarde = \"twee\"\nbron", "verwacht een heel getal");
        error(
            "tot = 2024-12-31\nwaarde = \"fout\"",
            "tot = 2024-11-30\nwaarde = \"fout\"",
            "geldt geen waarde",
        );
        error(
            "tot = 2024-12-31\nwaarde = \"fout\"",
            "waarde = \"fout\"",
            "gelden twee waarden tegelijk",
        );
        error(
            "vanaf = 2023-01-01\nwaarde = 2\n",
            "vanaf = 2024-01-01\nwaarde = 2\n",
            "dekt niet de hele looptijd",
        );
        error("titel = \"Jeugdhulpregio IJsselland\"", "titel = 3", "verkeerde soort");
    }

    #[test]
    fn there_are_as_many_gemeenten_on_1_january_as_cbs_counted() {
        let set = Regelset::read("landelijk", &RulesetSource::BuiltIn, &fingerprints()).unwrap();
        let codes = &set.gemeentecodes;
        for (jaar, count) in [
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
            assert_eq!(codes.count_up_to(Dag::from_jmd(jaar, 1, 1).unwrap()), count, "{jaar}");
        }
        let holds = |code, jaar| {
            let dag = |m, d| Dag::from_jmd(jaar, m, d).unwrap();
            codes.applies(crate::dossier::Gemeente(code), dag(1, 1), dag(12, 31))
        };
        // Weesp went to Amsterdam on 24 March 2022: in use during that year, not after it.
        assert!(holds(457, 2022) && !holds(457, 2023));
        assert!(holds(193, 2026) && !holds(9999, 2023));
    }

    #[test]
    fn the_tariffs_are_those_of_the_contract_documents() {
        let set = Regelset::read("ijsselland", &RulesetSource::BuiltIn, &fingerprints()).unwrap();
        let tarief = |jaar, key, perceel| {
            let rows = set.tarieven_of(jaar, key);
            let row = TariefRow::most_specific(rows, Agb(0), Ok(perceel)).expect("all is readable");
            row.map(|t| (t.tarief.0, t.eenheid.0))
        };
        // ID 8.5.1: the first and the last of each row of the table.
        for (key, first, last) in [
            ("TG1", 108, 116),
            ("TG2", 121, 176),
            ("TG3", 146, 193),
            ("TG4", 162, 209),
            ("TG5", 187, 235),
            ("TG6", 222, 271),
            ("TG7", 310, 360),
        ] {
            assert_eq!(tarief(2023, key, Some(1)), Some((first, 1)));
            assert_eq!(tarief(2023, key, Some(5)), Some((last, 1)));
            assert_eq!(tarief(2023, key, None), None);
        }
        assert_eq!(tarief(2023, "INT_K", None), Some((45_650, 14)));
        assert_eq!(tarief(2023, "GGZ_H", Some(2)), Some((52_957, 14)));
        assert_eq!(tarief(2022, "GROEP_ZWAAR", None), Some((3_453, 4)));
        assert_eq!(tarief(2023, "GROEP_ZWAAR", None), None);
        assert_eq!(tarief(2024, "EEN_OP_EEN", None), Some((6_420, 4)));
        assert_eq!(tarief(2023, "MST", None), Some((2_157_200, 82)));
    }
}
