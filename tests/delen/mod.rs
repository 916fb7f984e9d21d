//! An audit in parts, each a process of its own: what an engine does with `rechtmatig deel`, without
//! the engine.

mod monitor;
mod tabel;

use crate::hulp::{Dossier, HEADER, ProgramOutput, ROWS, VOORBEELD, files_of_rapport, program};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tabel::Table;

/// An audit of a folder under some options, step by step.
struct Audit {
    dir: PathBuf,
    options: Vec<String>,
}

/// What a process gave: rows, or the status and the message with which it ended.
type Reply = Result<Table, (i32, String)>;

/// All rows that the steps of an audit gave.
struct PassedThrough {
    state: Table,
    for_report: Vec<Table>,
}

impl Audit {
    fn of(dir: &Path, options: &[&str]) -> Audit {
        let options = options.iter().map(|o| (*o).to_owned()).collect();
        Audit { dir: dir.to_owned(), options }
    }

    fn step_with_bytes(&self, step: &[&str], input: &[u8]) -> Reply {
        let mut spec = program();
        spec.arg("deel").arg(&self.dir).args(&self.options).args(step);
        let out = spec.write_stdin(input).output().expect("the program starts");
        let stderr = String::from_utf8(out.stderr).expect("stderr is UTF-8");
        match out.status.code() {
            Some(0) => Ok(Table::read(&out.stdout)),
            status => Err((status.expect("the program ends by itself"), stderr)),
        }
    }

    fn step(&self, field: &str, input: &[&Table]) -> Reply {
        self.step_with(field, &[], input)
    }

    fn step_with(&self, field: &str, more: &[&str], input: &[&Table]) -> Reply {
        self.step_with_bytes(&[&["--sleutelveld", field], more].concat(), &Table::stream(input))
    }

    fn inventory(&self) -> Reply {
        self.step_with_bytes(&["--inventaris"], &[])
    }

    /// Every file read by a process of its own, and what all of them together came to.
    fn read(&self) -> Result<(Table, Table), (i32, String)> {
        let inventory = self.inventory()?;
        let readings: Vec<Table> = inventory
            .one_by_one()
            .map(|file| self.step("bestand", &[&file]))
            .collect::<Result<_, _>>()?;
        let gelezen = Table::together(&readings);
        let summarised = self.step("dossier", &[&gelezen.with("Doel", "dossier")])?;
        Ok((gelezen, summarised))
    }

    /// A pass over `parts` parts, all rows of a key in one of them.
    fn pass(
        &self,
        field: &str,
        state: &Table,
        rows: &Table,
        parts: u32,
    ) -> Result<Table, (i32, String)> {
        self.pass_with(field, &[], state, rows, parts)
    }

    fn pass_with(
        &self,
        field: &str,
        more: &[&str],
        state: &Table,
        rows: &Table,
        parts: u32,
    ) -> Result<Table, (i32, String)> {
        let divided = rows.divide("Sleutel", parts);
        let filled = divided.iter().filter(|part| !part.is_empty());
        let out = filled
            .map(|part| self.step_with(field, more, &[state, part]))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Table::together(&out))
    }

    /// All steps up to the rapport.
    fn walk(&self, parts: u32) -> Result<PassedThrough, (i32, String)> {
        let (read, summarised) = self.read()?;
        let state = summarised.with("Doel", "alle");
        let rows = per_aanbieder(&read, &summarised);
        let aanbieder = self.pass("aanbieder", &state, &rows, parts)?;
        let rows = Table::together(&[
            aanbieder.with("Doel", "toewijzing"),
            read.with("Doel", "toewijzing"),
        ]);
        let toewijzing = self.pass("toewijzing", &state, &rows, parts)?;
        let jeugdige =
            self.pass("jeugdige", &state, &toewijzing.with("Doel", "jeugdige"), parts)?;
        let all = [summarised, aanbieder, toewijzing, jeugdige];
        let for_report = all.iter().map(|t| t.with("Doel", "samenvoegen")).collect();
        Ok(PassedThrough { state, for_report })
    }

    fn merge(&self, input: &[u8], out: &Path, key: &str) -> ProgramOutput {
        let mut spec = program();
        spec.arg("samenvoegen").arg(&self.dir).args(&self.options);
        spec.arg("--uit").arg(out).args(["--sleutel", key, "--stil"]).write_stdin(input);
        ProgramOutput::of(&mut spec)
    }
}

/// The rows of the first pass: an engine brings each toewijzing to the aanbieders whose lines name
/// its number.
fn per_aanbieder(read: &Table, summarised: &Table) -> Table {
    let rows = read.with("Doel", "aanbieder");
    let pairs: BTreeSet<(String, String)> = rows
        .with("Soort", "declaratie")
        .rows()
        .map(|row| (row.text("ToewijzingNummer"), row.text("Sleutel")))
        .collect();
    let toewijzingen = read.with("Doel", "toewijzing").with("Soort", "toewijzing");
    let mut added = Vec::new();
    for (nummer, aanbieder) in pairs.iter().filter(|(nummer, _)| !nummer.is_empty()) {
        let before = toewijzingen.with("ToewijzingNummer", nummer);
        added.push(before.in_what("Doel", "aanbieder").in_what("Sleutel", aanbieder));
    }
    added.extend([summarised.with("Doel", "aanbieder"), rows]);
    Table::together(&added)
}

impl PassedThrough {
    fn stream(&self) -> Vec<u8> {
        let all: Vec<&Table> = std::iter::once(&self.state).chain(&self.for_report).collect();
        Table::stream(&all)
    }
}

/// The rapport of the whole and that of parts have the same bytes, however many parts there are.
#[track_caller]
pub fn whole_and_in_parts(dir: &Path, options: &[&str], rapport: &str, parts: &[u32]) {
    let slot = Dossier::empty();
    let key = slot.key();
    let whole = slot.out().join("heel");
    let mut with_key = options.to_vec();
    with_key.extend(["--sleutel", &key]);
    let outcome = ProgramOutput::of(
        program().arg("controleer").arg(dir).arg("--uit").arg(&whole).args(&with_key).arg("--stil"),
    );
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let audit = Audit::of(dir, options);
    for count in parts {
        let out = slot.out().join(count.to_string());
        let walked = audit.walk(*count).unwrap_or_else(|(_, error)| panic!("{error}"));
        let together = audit.merge(&walked.stream(), &out, &key);
        assert_eq!(together.status, 0, "{}", together.stderr);
        // What people read says how the run went.
        let read = ["rapport.html", "rapport.xlsx"];
        for name in files_of_rapport().into_iter().filter(|name| !read.contains(name)) {
            let [a, b] =
                [&whole, &out].map(|m| fs::read(m.join(rapport).join(name)).expect("written"));
            assert!(a == b, "{name} differs in {count} parts");
        }
        for name in read.into_iter().chain(["manifest.json"]) {
            let written = fs::metadata(out.join(rapport).join(name)).expect("written");
            assert!(written.len() > 1_000, "{name} is empty");
        }
    }
}

fn made_up(slot: &Dossier, options: &[&str]) -> PathBuf {
    let dir = slot.dir().join("v");
    let mut spec = program();
    let made = ProgramOutput::of(spec.arg("voorbeeld").arg(&dir).args(options).arg("--stil"));
    assert_eq!(made.status, 0, "{}", made.stderr);
    dir
}

/// Deals the rows of a table over several files, each with the header.
fn split(dir: &Path, name: &str, count: usize) {
    let path = dir.join(format!("{name}.csv"));
    let text = fs::read_to_string(&path).expect("the example has this table");
    let (header, rows) = text.split_once('\n').expect("a table has a header");
    for i in 0..count {
        let part: Vec<&str> = rows.lines().skip(i).step_by(count).collect();
        let content = format!("{header}\n{}\n", part.join("\n"));
        fs::write(dir.join(format!("{name}-{i}.csv")), content).expect("a file can be written");
    }
    fs::remove_file(path).expect("a file can be removed");
}

#[test]
fn the_sample_in_parts_by_processes_gives_the_same_bytes() {
    let options = ["--jaar", "2023"];
    whole_and_in_parts(Path::new(VOORBEELD), &options, "2023-ijsselland", &[1, 3, 7]);
    let zeeland = Path::new(VOORBEELD).join("zeeland");
    whole_and_in_parts(&zeeland, &options, "2023-zeeland", &[1, 3]);
}

#[test]
fn columns_that_ride_along_come_back_from_parts() {
    let slot = Dossier::empty();
    let dir = made_up(&slot, &["--regels", "500", "--fouten", "10%", "--zaad", "9"]);
    let path = dir.join("declaraties.csv");
    let text = fs::read_to_string(&path).expect("it was made");
    let rows = text.lines().enumerate().map(|(i, row)| match i {
        0 => format!("{row};Team;Locatie\n"),
        _ => format!("{row};Team {};{}\n", i % 7, ["", "Zwolle"][i % 2]),
    });
    fs::write(&path, rows.collect::<String>()).expect("it can be written");
    split(&dir, "declaraties", 2);
    let settings = fs::read_to_string(dir.join("controle.toml")).unwrap_or_default();
    let riding = "\n[meenemen]\ndeclaraties = [\"Locatie\", \"Team\"]\n";
    fs::write(dir.join("controle.toml"), settings + riding).expect("it can be written");
    whole_and_in_parts(&dir, &["--jaar", "2023"], "2023-ijsselland", &[3]);
    let header = Audit::of(&dir, &["--jaar", "2023"]).read().expect("it can be read").1;
    fs::write(dir.join("controle.toml"), "[meenemen]\ndeclaraties = [\"Team\"]\n").expect("it can");
    let other = Audit::of(&dir, &["--jaar", "2023"]);
    refused(
        other.step("aanbieder", &[&header.with("Doel", "alle")]),
        &["andere kolommen onder [meenemen]"],
    );
}

#[test]
fn a_made_up_dossier_of_many_files_gives_the_same_bytes() {
    let slot = Dossier::empty();
    let dir = made_up(&slot, &["--regels", "4000", "--fouten", "5%", "--zaad", "11"]);
    for (name, count) in [("declaraties", 4), ("toewijzingen", 2), ("startstop", 2)] {
        split(&dir, name, count);
    }
    whole_and_in_parts(&dir, &["--jaar", "2023", "--zonder", "SG01"], "2023-ijsselland", &[3]);
}

#[test]
fn whatever_a_made_up_dossier_holds_its_parts_give_the_same_bytes() {
    for (seed, regio, parts) in [("5", "ijsselland", 5), ("6", "zeeland", 4), ("7", "landelijk", 2)]
    {
        let slot = Dossier::empty();
        let dir = made_up(&slot, &["--regels", "700", "--fouten", "10%", "--zaad", seed]);
        split(&dir, "declaraties", 2);
        let options = ["--jaar", "2023", "--regio", regio];
        whole_and_in_parts(&dir, &options, &format!("2023-{regio}"), &[parts]);
    }
}

#[test]
fn what_was_granted_together_goes_to_one_part() {
    let dossier = Dossier::granted_together();
    whole_and_in_parts(&dossier.dir(), &["--jaar", "2023"], "2023-ijsselland", &[2, 3, 5]);
}

#[test]
fn a_dossier_without_a_row_of_toewijzingen_gives_the_same_bytes() {
    let slot = Dossier::empty();
    let dir = made_up(&slot, &["--regels", "300", "--zaad", "8"]);
    let path = dir.join("toewijzingen.csv");
    let header = fs::read_to_string(&path).expect("it was made");
    fs::write(&path, header.lines().next().expect("it has a header")).expect("it can be written");
    whole_and_in_parts(&dir, &["--jaar", "2023"], "2023-ijsselland", &[3]);
}

/// The steps of a small dossier, for what can go wrong with them.
fn small() -> (Dossier, Audit) {
    let dossier = Dossier::minimaal();
    let audit = Audit::of(&dossier.dir(), &["--jaar", "2023"]);
    (dossier, audit)
}

#[test]
fn a_part_that_is_done_again_counts_once_and_one_that_is_lost_or_came_twice_is_told() {
    let (dossier, audit) = small();
    let walked = audit.walk(2).expect("all steps end well");
    let again = audit.walk(2).expect("all steps end well again");
    assert_eq!(walked.stream(), again.stream(), "a step gives the same rows every time");
    let out = dossier.out();
    let good = audit.merge(&walked.stream(), &out, &dossier.key());
    assert_eq!(good.status, 0, "{}", good.stderr);
    fs::remove_dir_all(&out).expect("a folder can be removed");

    let mut verloren = audit.walk(2).expect("all steps end well");
    verloren.for_report.pop();
    let error = audit.merge(&verloren.stream(), &out, &dossier.key());
    error.refuses(3, &["per jeugdige", "precies één uitkomst"]);
    let mut twice = audit.walk(2).expect("all steps end well");
    twice.for_report.push(twice.for_report[1].in_what("Doel", "samenvoegen"));
    let error = audit.merge(&twice.stream(), &out, &dossier.key());
    error.refuses(3, &["per aanbieder", "precies één uitkomst"]);
    dossier.wrote_nothing();
}

#[test]
fn a_stream_that_breaks_off_gives_no_rapport_and_no_part() {
    let (dossier, audit) = small();
    let whole = audit.walk(1).expect("all steps end well").stream();
    for cut in [&whole[..whole.len() - 8], &whole[..whole.len() / 2], &whole[..100], &[]] {
        let error = audit.merge(cut, &dossier.out(), &dossier.key());
        error.refuses(3, &["stdin"]);
    }
    dossier.wrote_nothing();
    let inventory = Table::stream(&[&audit.inventory().expect("the files are named")]);
    let without_end = &inventory[..inventory.len() - 8];
    let (status, error) =
        audit.step_with_bytes(&["--sleutelveld", "bestand"], without_end).err().expect("refused");
    assert_eq!(status, 3);
    assert!(error.contains("breekt af voor het einde"), "{error}");
}

#[track_caller]
fn refused(answer: Reply, words: &[&str]) {
    let (status, error) = answer.err().expect("the step is refused");
    assert_eq!(status, 3, "{error}");
    for word in words.iter().chain(&["Wat te doen"]) {
        assert!(error.contains(word), "no '{word}' in: {error}");
    }
}

#[test]
fn rows_of_another_step_another_column_or_another_audit_are_refused() {
    let (_dossier, audit) = small();
    let (read, summarised) = audit.read().expect("the files can be read");
    let state = summarised.with("Doel", "alle");
    let rows = per_aanbieder(&read, &summarised);
    refused(audit.step("toewijzing", &[&state, &rows]), &["stap 'aanbieder'", "stap 'toewijzing'"]);
    refused(audit.step("aanbieder", &[&rows]), &["begint niet met de stand"]);
    refused(
        audit.step("aanbieder", &[&state.with_kolom("Naam", "x"), &rows.with_kolom("Naam", "x")]),
        &["kolom die rechtmatig niet kent: Naam"],
    );
    refused(audit.step("aanbieder", &[&state, &rows, &rows]), &["twee keer"]);
    let unreadable = rows.in_what("Begindatum", "").in_what("Bsn", "999900006x");
    refused(audit.step("aanbieder", &[&state, &unreadable]), &["rij", "niet te lezen"]);
    let other = Audit::of(&audit.dir, &["--jaar", "2024"]);
    refused(other.step("aanbieder", &[&state, &rows]), &["een ander leverjaar"]);
    let other = Audit::of(&audit.dir, &["--jaar", "2023", "--zonder", "NS"]);
    refused(other.step("aanbieder", &[&state, &rows]), &["--alleen of --zonder"]);
}

#[test]
fn a_dossier_that_cannot_be_audited_gives_the_error_of_a_single_run() {
    let cases: [fn(&Dossier); 4] = [
        |d| d.write("declaraties.csv", "ReferentieNummer;Gemeente\nR1;0150\n"),
        |d| fs::remove_file(d.dir().join("toewijzingen.csv")).expect("it was there"),
        |d| d.write("declaraties-2.csv", &format!("{HEADER}{}", ROWS.replace("2023-", "2023/"))),
        |d| d.write("aanbieders-2.csv", "Aanbieder;Naam;Perceel\n99000001;De Linde;2\n"),
    ];
    for (i, bederf) in cases.into_iter().enumerate() {
        let (dossier, audit) = small();
        bederf(&dossier);
        let whole = dossier.controleer(&[]);
        assert_eq!(whole.status, 3, "case {i}: {}", whole.stderr);
        let (status, error) = audit.read().err().unwrap_or_else(|| panic!("case {i} is read"));
        assert_eq!((status, error), (whole.status, whole.stderr), "case {i}");
    }
}

#[test]
fn no_message_of_a_step_shows_a_bsn() {
    let (_dossier, audit) = small();
    let (read, summarised) = audit.read().expect("the files can be read");
    let state = summarised.with("Doel", "alle");
    let rows = per_aanbieder(&read, &summarised);
    for kolom in ["Bestand", "Aanbieder", "Bsn", "Eenheid", "Stand", "Soort"] {
        let bedorven = rows.in_what(kolom, "999900006 9");
        let (_, error) = audit.step("aanbieder", &[&state, &bedorven]).err().expect("refused");
        assert!(!error.contains("99990"), "{error}");
    }
}

#[test]
fn the_documentation_names_every_column_of_a_stream_in_order() {
    let (_dossier, audit) = small();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/spark.md");
    let text = fs::read_to_string(path).expect("the document is there");
    let (_, table) =
        text.split_once("| column | type | holds |\n|---|---|---|\n").expect("a table");
    let beschreven = table.lines().take_while(|regel| regel.starts_with('|')).map(|regel| {
        let cells: Vec<&str> = regel.split('|').map(str::trim).collect();
        (cells[1].to_owned(), cells[2].to_owned())
    });
    let kolommen = audit.inventory().expect("the files are named").kolommen();
    assert_eq!(beschreven.collect::<Vec<_>>(), kolommen);
}

#[test]
fn what_every_part_must_know_is_written_once_for_all_of_them() {
    let (_dossier, audit) = small();
    let (_, summarised) = audit.read().expect("the files can be read");
    let state = summarised.with("Soort", "stand");
    let states: Vec<_> = state.rows().collect();
    assert_eq!(states.len(), 1);
    assert!(!states[0].text("Inhoud").contains("999900006"), "no jeugdige in what all parts get");
    let keys: BTreeSet<String> =
        summarised.with("Doel", "aanbieder").rows().map(|r| r.text("Sleutel")).collect();
    assert_eq!(keys, BTreeSet::from(["99000001".to_owned()]));
}
