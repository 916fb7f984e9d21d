//! A dossier in a folder of its own, and the real program run on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use rechtmatig::dossier::Bsn;
use rechtmatig::rapport::Format;

/// The sample dossier of the project.
pub const VOORBEELD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data");

/// The files of a rapport whose bytes depend on nothing but input, ruleset and key.
pub fn files_of_rapport() -> Vec<&'static str> {
    let files = Format::ALL.into_iter().flat_map(Format::files).copied();
    files.chain(["invoerfouten.csv"]).collect()
}

/// Where the program is: what cargo built with these tests, or as `RECHTMATIG_PROGRAMMA` says.
pub fn path_of_program() -> PathBuf {
    let other = std::env::var_os("RECHTMATIG_PROGRAMMA").map(PathBuf::from);
    other.unwrap_or_else(|| assert_cmd::cargo::cargo_bin!("rechtmatig").to_owned())
}

/// The program itself.
pub fn program() -> Command {
    let mut spec = Command::new(path_of_program());
    spec.env_remove("RECHTMATIG_SLEUTEL_BESTAND").env_remove("RECHTMATIG_LOG");
    // Who runs it stands in the rapport.
    spec.env("USER", "voorbeeld");
    spec
}

/// How often a test of chance goes round: so many times, or as `RECHTMATIG_RONDES` says.
pub fn rounds(usual: u32) -> u32 {
    let asked = std::env::var("RECHTMATIG_RONDES").ok();
    asked.map_or(usual, |n| n.parse().expect("RECHTMATIG_RONDES is a number"))
}

/// What a run gave.
pub struct ProgramOutput {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl ProgramOutput {
    pub fn of(spec: &mut Command) -> ProgramOutput {
        let output = spec.output().expect("the program starts");
        ProgramOutput {
            status: output.status.code().expect("the program ends by itself"),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    /// The run stopped with this status and said all of this, and what to do.
    #[track_caller]
    pub fn refuses(&self, status: i32, words: &[&str]) {
        assert_eq!(self.status, status, "{}", self.stderr);
        for word in words.iter().chain(&["Wat te doen"]) {
            assert!(self.stderr.contains(word), "no '{word}' in:\n{}", self.stderr);
        }
    }
}

/// A dossier in a folder that goes when the test ends, with a place for the rapport beside it.
pub struct Dossier {
    dir: tempfile::TempDir,
}

/// A row of `bevindingen.csv`, by column.
pub type Bevinding = BTreeMap<String, String>;

impl Dossier {
    pub fn empty() -> Dossier {
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        fs::create_dir(dir.path().join("dossier")).expect("a folder can be made");
        Dossier { dir }
    }

    /// Three lawful lines of one aanbieder on two toewijzingen.
    pub fn minimaal() -> Dossier {
        let dossier = Dossier::empty();
        dossier.write("aanbieders.csv", "Aanbieder;Naam;Perceel\n99000001;De Linde;1\n");
        dossier.write(
            "toewijzingen.csv",
            "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum\n\
             T1;0150;99000001;999900006;2022-12-15;2023-01-01;2023-12-31\n\
             T2;0193;99000001;999900018;2022-12-15;2023-01-01;2023-12-31\n",
        );
        dossier.write("declaraties.csv", &format!("{HEADER}{ROWS}"));
        dossier
    }

    /// Eight jeugdigen with what can only be told of all that was granted to a child: 1-op-1 in a chain,
    /// declared for the next child (WV14), MST on two toewijzingen over the years (VZ03), and a day of
    /// departure that two aanbieders declare (WV15).
    pub fn granted_together() -> Dossier {
        let bsns = (999_900_006..).filter(|n| Bsn(*n).is_valid()).take(8).collect::<Vec<u32>>();
        let mut toewijzingen =
            "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;\
             Einddatum;ProductCategorie;ProductCode\n"
                .to_owned();
        let mut declaraties = "ReferentieNummer;Gemeente;Aanbieder;Bsn;ToewijzingNummer;\
             ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;\
             IngediendBedrag\n"
            .to_owned();
        let mut startstop =
            "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Soort;Datum;RedenBeeindiging\n".to_owned();
        for (k, bsn) in bsns.iter().enumerate() {
            let next = bsns[(k + 1) % bsns.len()];
            for (n, aanbieder, term, product) in [
                (1, 1, "2022-12-15;2023-01-01;2023-02-28", "45;45E01"),
                (2, 1, "2023-02-15;2023-03-01;2023-04-30", "45;45E01"),
                (3, 1, "2022-06-15;2022-07-01;2022-12-31", "45;45V01"),
                (4, 1, "2022-12-15;2023-01-01;2023-06-30", "45;45V01"),
                (5, 1, "2022-12-15;2023-01-01;2023-12-31", "44;44W03"),
                (6, 2, "2022-12-15;2023-01-01;2023-12-31", "44;44W01"),
            ] {
                toewijzingen += &format!("{k}{n};0150;9900000{aanbieder};{bsn};{term};{product}\n");
            }
            for (n, aanbieder, who, delivery) in [
                (2, 1, next, "45;45E01;2023-04-01;2023-04-30;10;04;642,00"),
                (3, 1, *bsn, "45;45V01;2022-11-01;2022-11-30;1;82;21572,00"),
                (4, 1, *bsn, "45;45V01;2023-02-01;2023-02-28;1;82;21572,00"),
                (5, 1, *bsn, "44;44W03;2023-03-01;2023-03-10;10;14;1161,20"),
                (6, 2, *bsn, "44;44W01;2023-03-10;2023-03-31;22;14;982,74"),
            ] {
                declaraties +=
                    &format!("R{k}{n};0150;9900000{aanbieder};{who};{k}{n};{delivery}\n");
            }
            startstop += &format!("{k}5;0150;99000001;{bsn};stop;2023-03-10;31\n");
        }
        let dossier = Dossier::empty();
        dossier.write("aanbieders.csv", "Aanbieder;Perceel\n99000001;1\n99000002;1\n");
        dossier.write("toewijzingen.csv", &toewijzingen);
        dossier.write("declaraties.csv", &declaraties);
        dossier.write("startstop.csv", &startstop);
        dossier
    }

    pub fn dir(&self) -> PathBuf {
        self.dir.path().join("dossier")
    }

    pub fn out(&self) -> PathBuf {
        self.dir.path().join("uit")
    }

    /// A key with this text, for its owner only.
    pub fn with_key(&self, text: &str) -> String {
        let key = self.key();
        fs::write(&key, text).expect("a key can be written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let own = fs::Permissions::from_mode(0o600);
            fs::set_permissions(&key, own).expect("a file of ours can be closed");
        }
        key
    }

    pub fn key(&self) -> String {
        self.dir.path().join("sleutel").display().to_string()
    }

    pub fn write(&self, name: &str, content: &str) {
        self.write_bytes(name, content.as_bytes());
    }

    pub fn write_bytes(&self, name: &str, content: &[u8]) {
        let path = self.dir().join(name);
        fs::create_dir_all(path.parent().expect("a file has a folder"))
            .expect("a folder can be made");
        fs::write(path, content).expect("a file can be written");
    }

    /// `controleer` on this dossier; for 2023 unless the options say otherwise.
    pub fn controleer(&self, options: &[&str]) -> ProgramOutput {
        self.controleer_to(&self.out(), options)
    }

    pub fn controleer_to(&self, out: &Path, options: &[&str]) -> ProgramOutput {
        ProgramOutput::of(spec(&self.dir(), out, options).arg("--stil"))
    }

    /// `controleer` on another folder, with the rapport beside this dossier.
    pub fn controleer_dir(&self, dir: &Path, options: &[&str]) -> ProgramOutput {
        ProgramOutput::of(spec(dir, &self.out(), options).arg("--stil"))
    }

    /// `controleer` on another folder that also shows its whole summary.
    pub fn controleer_dir_with_samenvatting(&self, dir: &Path, options: &[&str]) -> ProgramOutput {
        ProgramOutput::of(spec(dir, &self.out(), options).arg("--alles"))
    }

    /// `controleer` that also shows its whole summary.
    pub fn controleer_with_samenvatting(&self, options: &[&str]) -> ProgramOutput {
        ProgramOutput::of(spec(&self.dir(), &self.out(), options).arg("--alles"))
    }

    pub fn bevindingen(&self, rapport: &str) -> Vec<Bevinding> {
        rows_of(&self.out().join(rapport).join("bevindingen.csv"))
    }

    pub fn samenvatting(&self, rapport: &str) -> serde_json::Value {
        let path = self.out().join(rapport).join("samenvatting.json");
        serde_json::from_slice(&fs::read(path).expect("a summary was written")).expect("it is JSON")
    }

    /// Nothing was written: no rapport, and nothing half-done, hidden or not.
    #[track_caller]
    pub fn wrote_nothing(&self) {
        let found: Vec<_> = fs::read_dir(self.out())
            .map(|things| things.map(|d| d.expect("readable").path()).collect())
            .unwrap_or_default();
        assert!(found.is_empty(), "left behind: {found:?}");
    }
}

pub const HEADER: &str = "ReferentieNummer;Ontvangstdatum;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag\n";

pub const ROWS: &str = "\
R1;2023-02-10;0150;99000001;999900006;T1;45;45T01;2023-01-01;2023-01-31;100;01;1,08;108,00
R2;2023-03-10;0150;99000001;999900006;T1;45;45T01;2023-02-01;2023-02-28;50;01;1,08;54,00
R3;2023-02-10;0193;99000001;999900018;T2;45;45T02;2023-01-01;2023-01-31;10;01;1,21;12,10
";

fn spec(dir: &Path, out: &Path, options: &[&str]) -> Command {
    let mut opdracht = program();
    opdracht.arg("controleer").arg(dir).arg("--uit").arg(out);
    if !options.contains(&"--jaar") {
        opdracht.args(["--jaar", "2023"]);
    }
    opdracht.args(options);
    opdracht
}

/// Rows of one of our own CSV files, by column.
pub fn rows_of(path: &Path) -> Vec<Bevinding> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|row| row.expect("our own CSV can be read")).collect()
}

/// Writes a workbook of ours as somebody filled it in: in this column, for these Ids.
pub fn fill_in_book(source: &Path, to: &Path, kolom: &str, values: &[(&str, &str)]) {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let mut source: Xlsx<_> = open_workbook(source).expect("a workbook of ours");
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, sheet) in source.worksheets() {
        let target = book.add_worksheet();
        target.set_name(name).expect("a name of ours");
        let mut places = None;
        for (r, row) in (0..).zip(sheet.rows()) {
            for (k, cell) in (0..).zip(row) {
                let written = match cell {
                    Data::Empty => continue,
                    Data::Float(n) => target.write(r, k, *n),
                    other => target.write(r, k, other.to_string()),
                };
                written.expect("a cell can be written");
            }
            let header = |header: &str| row.iter().position(|cell| *cell == header);
            if let (Some(id), Some(place)) = (header("Id"), header(kolom)) {
                places = Some((id, place));
            } else if let Some((id, place)) = places {
                for (_, value) in values.iter().filter(|(of, _)| row[id] == *of) {
                    target.write(r, place as u16, *value).expect("a cell can be written");
                }
            }
        }
    }
    book.save(to).expect("a workbook can be written");
}
