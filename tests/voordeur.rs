//! The first minute: help that fits a screen, a folder by itself, the page that opens, the columns in
//! words, and a door to every system.

use crate::hulp::{Dossier, ProgramOutput, program};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

fn run(arguments: &[&str]) -> ProgramOutput {
    ProgramOutput::of(program().args(arguments))
}

#[track_caller]
fn fits_a_screen(text: &str) {
    assert!(text.starts_with("Voorbeeld:\n  rechtmatig "), "{text}");
    assert!(text.lines().count() <= 24, "{} lines:\n{text}", text.lines().count());
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "wider than 80: {line}");
    }
}

/// The commands, as help lists them.
fn commands() -> Vec<String> {
    let help = run(&["help"]).stdout;
    let rows = help.lines().filter(|line| line.starts_with("  ") && !line.contains("sample-data"));
    rows.filter_map(|row| row.split_whitespace().next().map(str::to_owned)).collect()
}

#[test]
fn every_help_fits_a_screen_and_begins_with_an_example() {
    let help = run(&["help"]);
    assert_eq!(help.status, 0);
    fits_a_screen(&help.stdout);
    assert_eq!(run(&["--help"]).stdout, help.stdout);
    let nothing = run(&[]);
    assert_eq!((nothing.status, nothing.stdout.as_str()), (2, ""));
    assert_eq!(nothing.stderr, help.stdout);
    let commands = commands();
    assert!(commands.len() >= 12, "{commands:?}");
    for command in &commands {
        let help = run(&[command, "--help"]);
        assert_eq!(help.status, 0);
        fits_a_screen(&help.stdout);
        assert_eq!(run(&[command, "-h"]).stdout, help.stdout);
        // All options, and how it ends.
        let all = run(&["help", command]).stdout;
        assert!(all.starts_with("Voorbeeld:\n  rechtmatig "), "{all}");
        assert!(all.contains("Eindstatus: 0 klaar"), "{all}");
        assert!(all.lines().all(|line| line.chars().count() <= 80), "{all}");
    }
    for option in ["--draden", "--geheugen", "--max-afgekeurd"] {
        assert!(run(&["help", "controleer"]).stdout.contains(option), "{option}");
    }
    run(&["help", "controler"]).refuses(2, &["onbekende opdracht controler", "rechtmatig help"]);
}

#[test]
fn a_folder_by_itself_is_audited() {
    let d = Dossier::minimaal();
    d.write("controle.toml", "jaar = 2023\n");
    let audited = |arguments: &[&str]| {
        let outcome = ProgramOutput::of(
            program().args(arguments).arg("--uit").arg(d.out()).args(["--stil", "--overschrijf"]),
        );
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        fs::read(d.out().join("2023-ijsselland/bevindingen.csv")).unwrap()
    };
    let dir = d.dir().display().to_string();
    assert!(audited(&[&dir]) == audited(&["controleer", &dir]));
    // A command goes before a folder of that name; what is neither is an unknown command.
    let regels =
        ProgramOutput::of(program().current_dir(Path::new(PROJECT).join("docs")).arg("regels"));
    assert!(regels.stdout.contains("rechtmatig regels NS01"), "{}", regels.stderr);
    run(&["nergens"]).refuses(2, &["onbekende opdracht nergens"]);
}

#[test]
fn the_first_five_minutes_of_leesmij_give_a_rapport() {
    let text = fs::read_to_string(Path::new(PROJECT).join("LEESMIJ.md")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let commands: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("    rechtmatig ")).collect();
    assert!(commands.len() >= 2, "{commands:?}");
    for command in commands {
        // There is no screen to open a page on.
        let outcome = ProgramOutput::of(
            program().current_dir(dir.path()).env("PATH", "").args(command.split(' ')),
        );
        assert_eq!(outcome.status, 0, "{command}: {}", outcome.stderr);
    }
    assert!(dir.path().join("reports/2023-ijsselland/rapport.html").is_file());
}

#[cfg(target_os = "linux")]
#[test]
fn open_shows_the_page_and_failing_to_is_no_failure() {
    use std::os::unix::fs::PermissionsExt;
    let d = Dossier::minimaal();
    let bin = d.dir().parent().unwrap().join("bin");
    fs::create_dir(&bin).unwrap();
    let (opener, seen) = (bin.join("xdg-open"), bin.join("gezien"));
    fs::write(&opener, format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", seen.display())).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let open = |path: &Path| {
        ProgramOutput::of(
            program()
                .env("PATH", format!("{}:/usr/bin:/bin", path.display()))
                .arg("controleer")
                .arg(d.dir())
                .args(["--jaar", "2023", "--stil", "--overschrijf", "--open", "--uit"])
                .arg(d.out()),
        )
    };
    let outcome = open(&bin);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let page = d.out().join("2023-ijsselland/rapport.html");
    assert_eq!(fs::read_to_string(&seen).unwrap(), page.display().to_string());
    fs::write(&opener, "#!/bin/sh\nexit 3\n").unwrap();
    let outcome = open(&bin);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("kon niet geopend worden"), "{}", outcome.stderr);
}

#[test]
fn every_table_is_explained_on_the_terminal() {
    let list = run(&["kolommen"]);
    assert_eq!((list.status, list.stderr.as_str()), (0, ""));
    let tables: Vec<&str> = list
        .stdout
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_lowercase()))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(tables.len() >= 11 && tables.contains(&"declaraties"), "{tables:?}");
    for table in tables {
        let one = run(&["kolommen", table]);
        assert_eq!(one.status, 0, "{}", one.stderr);
        assert!(one.stdout.lines().all(|line| line.chars().count() <= 80), "{}", one.stdout);
    }
    let declaraties = run(&["kolommen", "Declaraties"]).stdout;
    for word in ["ReferentieNummer*", "NoShowMinuten\n", "nodig voor"] {
        assert!(declaraties.contains(word), "{declaraties}");
    }
    run(&["kolommen", "declaratie"]).refuses(2, &["geen tabel declaratie", "declaraties"]);
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for thing in fs::read_dir(dir).unwrap() {
        let path = thing.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The lines of a source file without its tests.
fn without_tests(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| *line != "#[cfg(test)]").map(str::trim)
}

#[test]
fn no_code_for_one_system_stands_without_its_other_half() {
    let mut paths = Vec::new();
    sources(&Path::new(PROJECT).join("src"), &mut paths);
    let mut wrong = Vec::new();
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        let conditions: BTreeSet<&str> = without_tests(&text)
            .filter_map(|line| line.strip_prefix("#[cfg(")?.strip_suffix(")]"))
            .filter(|c| ["unix", "windows", "target_os"].iter().any(|word| c.contains(word)))
            .collect();
        for condition in &conditions {
            let other = match *condition {
                "unix" => "windows".to_owned(),
                "windows" => "unix".to_owned(),
                c => match c.strip_prefix("not(").and_then(|c| c.strip_suffix(')')) {
                    Some(positive) => positive.to_owned(),
                    None => format!("not({c})"),
                },
            };
            if !conditions.contains(other.as_str()) {
                wrong.push(format!("{}: cfg({condition}) without cfg({other})", path.display()));
            }
        }
        let is_door = path.ends_with("system/unix.rs") || path.ends_with("system/windows.rs");
        for (id, line) in (1..).zip(without_tests(&text)) {
            let own = ["os::unix", "os::windows", "libc::", "windows_sys::"];
            if !is_door && !line.starts_with("//") && own.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{}:{id}: put it behind ground/system", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_door_of_one_system_is_one_of_the_other() {
    let doors = |name: &str| -> BTreeMap<String, String> {
        let text = fs::read_to_string(Path::new(PROJECT).join("src/ground/system").join(name));
        let text = text.unwrap();
        let lines = without_tests(&text).filter_map(|l| l.strip_prefix("pub(crate) fn "));
        lines
            .map(|line| {
                let line = line.trim_end_matches(" {");
                let (name, rest) = line.split_once('(').unwrap();
                // What a parameter is called where it isn't used is no difference.
                let types = rest.split(", ").map(|p| p.split_once(": ").map_or(p, |(_, t)| t));
                (name.to_owned(), types.collect::<Vec<_>>().join(", "))
            })
            .collect()
    };
    assert_eq!(doors("unix.rs"), doors("windows.rs"));
    assert!(doors("unix.rs").len() >= 9);
}
