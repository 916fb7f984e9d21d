//! A dossier in a folder of its own, and the real program run on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// The sample dossier of the project.
pub const VOORBEELD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data");

/// The program itself.
pub fn programma() -> Command {
    let mut opdracht = Command::new(assert_cmd::cargo::cargo_bin!("rechtmatig"));
    opdracht.env_remove("RECHTMATIG_SLEUTEL_BESTAND").env_remove("RECHTMATIG_LOG");
    // Who runs it stands in the rapport.
    opdracht.env("USER", "voorbeeld");
    opdracht
}

/// What a run gave.
pub struct Uitkomst {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Uitkomst {
    pub fn van(opdracht: &mut Command) -> Uitkomst {
        let uitvoer = opdracht.output().expect("the program starts");
        Uitkomst {
            status: uitvoer.status.code().expect("the program ends by itself"),
            stdout: String::from_utf8(uitvoer.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(uitvoer.stderr).expect("stderr is UTF-8"),
        }
    }

    /// The run stopped with this status and said all of this, and what to do.
    #[track_caller]
    pub fn weigert(&self, status: i32, woorden: &[&str]) {
        assert_eq!(self.status, status, "{}", self.stderr);
        for woord in woorden.iter().chain(&["Wat te doen"]) {
            assert!(self.stderr.contains(woord), "no '{woord}' in:\n{}", self.stderr);
        }
    }
}

/// A dossier in a folder that goes when the test ends, with a place for the rapport beside it.
pub struct Dossier {
    map: tempfile::TempDir,
}

/// A row of `bevindingen.csv`, by column.
pub type Bevinding = BTreeMap<String, String>;

impl Dossier {
    pub fn leeg() -> Dossier {
        let map = tempfile::tempdir().expect("a temporary folder can be made");
        fs::create_dir(map.path().join("dossier")).expect("a folder can be made");
        Dossier { map }
    }

    /// Three lawful lines of one aanbieder on two toewijzingen.
    pub fn minimaal() -> Dossier {
        let dossier = Dossier::leeg();
        dossier.schrijf("aanbieders.csv", "Aanbieder;Naam;Perceel\n99000001;De Linde;1\n");
        dossier.schrijf(
            "toewijzingen.csv",
            "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum\n\
             T1;0150;99000001;999900006;2022-12-15;2023-01-01;2023-12-31\n\
             T2;0193;99000001;999900018;2022-12-15;2023-01-01;2023-12-31\n",
        );
        dossier.schrijf("declaraties.csv", &format!("{KOP}{RIJEN}"));
        dossier
    }

    pub fn map(&self) -> PathBuf {
        self.map.path().join("dossier")
    }

    pub fn uit(&self) -> PathBuf {
        self.map.path().join("uit")
    }

    pub fn sleutel(&self) -> String {
        self.map.path().join("sleutel").display().to_string()
    }

    pub fn schrijf(&self, naam: &str, inhoud: &str) {
        self.schrijf_bytes(naam, inhoud.as_bytes());
    }

    pub fn schrijf_bytes(&self, naam: &str, inhoud: &[u8]) {
        let pad = self.map().join(naam);
        fs::create_dir_all(pad.parent().expect("a file has a folder"))
            .expect("a folder can be made");
        fs::write(pad, inhoud).expect("a file can be written");
    }

    /// `controleer` on this dossier; for 2023 unless the options say otherwise.
    pub fn controleer(&self, opties: &[&str]) -> Uitkomst {
        self.controleer_naar(&self.uit(), opties)
    }

    pub fn controleer_naar(&self, uit: &Path, opties: &[&str]) -> Uitkomst {
        Uitkomst::van(opdracht(&self.map(), uit, opties).arg("--stil"))
    }

    /// `controleer` on another folder, with the rapport beside this dossier.
    pub fn controleer_map(&self, map: &Path, opties: &[&str]) -> Uitkomst {
        Uitkomst::van(opdracht(map, &self.uit(), opties).arg("--stil"))
    }

    /// `controleer` on another folder that also shows its summary.
    pub fn controleer_map_met_samenvatting(&self, map: &Path, opties: &[&str]) -> Uitkomst {
        Uitkomst::van(&mut opdracht(map, &self.uit(), opties))
    }

    /// `controleer` that also shows its summary.
    pub fn controleer_met_samenvatting(&self, opties: &[&str]) -> Uitkomst {
        Uitkomst::van(&mut opdracht(&self.map(), &self.uit(), opties))
    }

    pub fn bevindingen(&self, rapport: &str) -> Vec<Bevinding> {
        rijen_van(&self.uit().join(rapport).join("bevindingen.csv"))
    }

    pub fn samenvatting(&self, rapport: &str) -> serde_json::Value {
        let pad = self.uit().join(rapport).join("samenvatting.json");
        serde_json::from_slice(&fs::read(pad).expect("a summary was written")).expect("it is JSON")
    }

    /// Nothing was written: no rapport, and nothing half-done, hidden or not.
    #[track_caller]
    pub fn schreef_niets(&self) {
        let gevonden: Vec<_> = fs::read_dir(self.uit())
            .map(|dingen| dingen.map(|d| d.expect("readable").path()).collect())
            .unwrap_or_default();
        assert!(gevonden.is_empty(), "left behind: {gevonden:?}");
    }
}

pub const KOP: &str = "ReferentieNummer;Ontvangstdatum;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag\n";

pub const RIJEN: &str = "\
R1;2023-02-10;0150;99000001;999900006;T1;45;45T01;2023-01-01;2023-01-31;100;01;1,08;108,00
R2;2023-03-10;0150;99000001;999900006;T1;45;45T01;2023-02-01;2023-02-28;50;01;1,08;54,00
R3;2023-02-10;0193;99000001;999900018;T2;45;45T02;2023-01-01;2023-01-31;10;01;1,21;12,10
";

fn opdracht(map: &Path, uit: &Path, opties: &[&str]) -> Command {
    let mut opdracht = programma();
    opdracht.arg("controleer").arg(map).arg("--uit").arg(uit);
    if !opties.contains(&"--jaar") {
        opdracht.args(["--jaar", "2023"]);
    }
    opdracht.args(opties);
    opdracht
}

/// Rows of one of our own CSV files, by column.
pub fn rijen_van(pad: &Path) -> Vec<Bevinding> {
    let tekst = fs::read_to_string(pad).unwrap_or_else(|e| panic!("{}: {e}", pad.display()));
    let mut lezer = csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_reader(tekst.trim_start_matches('\u{feff}').as_bytes());
    lezer.deserialize().map(|rij| rij.expect("our own CSV can be read")).collect()
}
