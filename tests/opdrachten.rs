//! Every command of the README and the Dutch guides works word for word, in the order in which a section
//! gives them.

use crate::hulp::{Dossier, ProgramOutput, VOORBEELD, program, rows_of};
use crate::steekproef::fill_xlsx;
use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What a section asks of its reader, in order.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// The words after `rechtmatig`.
    Run(Vec<String>),
    MakeDir(String),
    Copy(String, String),
    /// A file to write: its name and what is in it.
    Write(String, String),
}

/// The blocks of a section: lines that are indented by four spaces, without what is fenced.
fn blocks(section: &str) -> Vec<Vec<&str>> {
    let mut fenced = false;
    let mut out: Vec<Vec<&str>> = vec![Vec::new()];
    for line in section.lines() {
        fenced ^= line.starts_with("```");
        match line.strip_prefix("    ") {
            Some(code) if !fenced => out.last_mut().unwrap().push(code),
            // An empty line inside a block that goes on.
            _ if line.is_empty() && out.last().is_some_and(|block| !block.is_empty()) => {
                out.last_mut().unwrap().push("");
            }
            _ => out.push(Vec::new()),
        }
    }
    out.into_iter().filter(|block| !block.is_empty()).collect()
}

/// The words of a command, without what is said behind it.
fn words(command: &str) -> Vec<String> {
    let bare = command.split("   #").next().unwrap_or(command);
    bare.split_whitespace().map(str::to_owned).collect()
}

fn steps(section: &str) -> Vec<Step> {
    let mut out = Vec::new();
    for block in blocks(section) {
        let mut lines = block.iter();
        while let Some(line) = lines.next() {
            let file = line.strip_prefix("# ").filter(|name| name.ends_with(".toml"));
            if let Some(name) = file {
                let content: Vec<&str> = lines.by_ref().copied().collect();
                out.push(Step::Write(name.to_owned(), content.join("\n")));
            } else if let Some((_, command)) =
                line.strip_prefix("cargo run").and_then(|rest| rest.split_once("-- "))
            {
                out.push(Step::Run(words(command)));
            } else if let Some(command) = line.strip_prefix("rechtmatig ") {
                out.push(Step::Run(words(command)));
            } else if let Some(dir) = line.strip_prefix("mkdir ") {
                out.push(Step::MakeDir(dir.to_owned()));
            } else if let Some(names) = line.strip_prefix("cp ") {
                let (from, to) = names.split_once(' ').unwrap();
                out.push(Step::Copy(from.to_owned(), to.to_owned()));
            }
        }
    }
    out
}

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for thing in fs::read_dir(from).unwrap() {
        let path = thing.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

/// A folder as the reader of a section has it: the project's own folders, and a dossier under the names
/// that the guides use.
fn reader(steps: &[Step]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in ["sample-data", "MY-FOLDER", "jeugdhulp-2023"] {
        copy_files(Path::new(VOORBEELD), &dir.path().join(name));
    }
    copy_files(&Path::new(ROOT).join("rules"), &dir.path().join("rules"));
    copy_files(&Path::new(ROOT).join("reports/voorbeeld"), &dir.path().join("reports/voorbeeld"));
    let runs =
        || steps.iter().filter_map(|s| if let Step::Run(words) = s { Some(words) } else { None });
    let makes = runs().position(|words| words[0] == "controleer").unwrap_or(usize::MAX);
    let reads = runs().position(|words| words.iter().any(|w| w == "reports/2023-ijsselland"));
    if reads.is_some_and(|reads| reads < makes) {
        let key = runs().any(|words| words.iter().any(|w| w == "--sleutel"));
        let key: &[&str] = if key { &["--sleutel", "sleutel.txt"] } else { &[] };
        make_rapport(dir.path(), key);
        if runs().any(|words| words[0] == "terugvordering") {
            let findings = rows_of(&dir.path().join("reports/2023-ijsselland/bevindingen.csv"));
            let id = &findings.iter().find(|b| b["Regel"] == "TW01").unwrap()["Id"];
            let verdicts = format!("Id;Oordeel\n{id};terugvorderen\n");
            fs::write(dir.path().join("sample-data/beoordelingen.csv"), verdicts).unwrap();
            make_rapport(dir.path(), &[key, &["--overschrijf"]].concat());
        }
    }
    dir
}

fn make_rapport(dir: &Path, options: &[&str]) {
    let mut run = program();
    run.current_dir(dir).args(["controleer", "sample-data", "--stil"]).args(options);
    let outcome = ProgramOutput::of(&mut run);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
}

fn follow(guide: &str, section: &str) -> usize {
    let steps = steps(section);
    let dir = reader(&steps);
    let at = |name: &str| dir.path().join(name);
    let mut count = 0;
    for step in &steps {
        match step {
            Step::MakeDir(name) => fs::create_dir(at(name)).unwrap(),
            Step::Write(name, content) => fs::write(at(name), content).unwrap(),
            Step::Copy(from, to) => {
                let to = at(to).join(Path::new(from).file_name().unwrap());
                fs::copy(at(from), to).unwrap();
            }
            Step::Run(words) => {
                if words.iter().any(|w| w == "--evalueren") {
                    let sample = at("reports/2023-ijsselland-steekproef");
                    fill_xlsx(&sample, &sample.join("steekproef.xlsx"), |_| ("goed", None));
                }
                let mut run = program();
                // Nothing is opened on a screen.
                run.current_dir(dir.path()).env("PATH", "").args(words);
                let outcome = ProgramOutput::of(&mut run);
                let said = format!("{}{}", outcome.stdout, outcome.stderr);
                assert_eq!(outcome.status, 0, "{guide}: rechtmatig {}\n{said}", words.join(" "));
                count += 1;
            }
        }
    }
    count
}

/// Commands inside a sentence of a guide that can be run as they stand: with an argument, and without a
/// word that stands for another.
fn in_sentences(text: &str) -> Vec<Vec<String>> {
    let joined = text.replace('\n', " ");
    let spans = joined.split('`').skip(1).step_by(2);
    let commands = spans.filter_map(|span| span.strip_prefix("rechtmatig ")).map(words);
    let stands_for_another = |word: &String| word.len() > 2 && *word == word.to_uppercase();
    commands.filter(|c| c.len() > 1 && !c.iter().any(stands_for_another)).collect()
}

#[test]
fn the_commands_of_the_readme_and_the_guides_work_word_for_word() {
    let mut count = 0;
    for guide in ["README.md", "LEESMIJ.md", "docs/handleiding.md", "docs/voor-accountants.md"] {
        let text = fs::read_to_string(Path::new(ROOT).join(guide)).unwrap();
        for section in text.split("\n## ") {
            count += follow(guide, section);
        }
    }
    assert!(count >= 20, "{count} commands");
}

#[test]
fn a_command_in_a_sentence_of_a_guide_works_too() {
    let mut met = Vec::new();
    for guide in ["LEESMIJ.md", "docs/handleiding.md", "docs/voor-accountants.md"] {
        let text = fs::read_to_string(Path::new(ROOT).join(guide)).unwrap();
        for words in in_sentences(&text) {
            let dir = reader(&[]);
            if words.contains(&"--vast".to_owned()) {
                fs::remove_dir_all(dir.path().join("sample-data")).unwrap();
            }
            let outcome = ProgramOutput::of(program().current_dir(dir.path()).args(&words));
            assert_eq!(outcome.status, 0, "{guide}: {words:?}: {}", outcome.stderr);
            met.push(words.join(" "));
        }
    }
    for command in ["help controleer", "controleer jeugdhulp-2023 --proef", "kolommen declaraties"]
    {
        assert!(met.iter().any(|m| m == command), "{command} is not in {met:?}");
    }
}

/// The block of a ruleset in the README, with each of these lines put in place of another.
fn recipe(changes: &[(&str, &str)]) -> Dossier {
    let text = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let written = text.split("\n## ").flat_map(steps).find_map(|step| match step {
        Step::Write(name, content) if name == "my-rules/mijn.toml" => Some(content),
        _ => None,
    });
    let mut toml = written.expect("the README has the recipe");
    for (old, new) in changes {
        assert!(toml.contains(old), "no {old} in:\n{toml}");
        toml = toml.replacen(old, new, 1);
    }
    let dossier = Dossier::minimaal();
    dossier.write("regels/mijn.toml", &toml);
    dossier
}

fn audit(dossier: &Dossier) -> ProgramOutput {
    let rules = dossier.dir().join("regels");
    dossier.controleer(&["--regels", rules.to_str().unwrap(), "--regio", "mijn"])
}

#[test]
fn the_recipe_of_a_ruleset_is_complete() {
    let dossier = recipe(&[]);
    let outcome = audit(&dossier);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let manifest = fs::read(dossier.out().join("2023-mijn/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["regelset"]["naam"], "mijn");
    let codes = manifest["soorten_controle"].to_string();
    assert!(codes.contains("X01") && !codes.contains("SG02"), "{codes}");
}

#[test]
fn all_mistakes_of_a_ruleset_are_told_in_one_run() {
    let dossier = recipe(&[
        ("[regels.SG02] ", "[regels.SG99] "),
        ("waarde = 3\n", "waarde = \"drie\"\n"),
        ("bron = \"ID 8.5.1 (4); ADD 4\"", "bron = \"\""),
        ("kolom = \"IngediendBedrag\"", "kolom = \"IngediendBedra\""),
        ("ernst = \"signaal\"", "ernst = \"signal\""),
        ("datum = 2024-11-15", "datum = 11:15:00"),
    ]);
    let outcome = audit(&dossier);
    outcome.refuses(
        2,
        &[
            "SG99",
            "verkeerde waarde",
            "bron is geen tekst",
            "IngediendBedra",
            "signal",
            "dit is geen datum",
        ],
    );
    assert_eq!(outcome.stderr.matches("mijn.toml, regel ").count(), 6, "{}", outcome.stderr);
    dossier.wrote_nothing();
}
