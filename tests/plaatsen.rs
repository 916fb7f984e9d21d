//! Nothing that isn't a rapport is ever replaced: hundreds of random folders in which a command is
//! to write, compared whole, before and after.

use crate::hulp::{Dossier, ProgramOutput, program, rounds};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What a thing is, and what it holds or leads to; no link is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Thing {
    Folder,
    File(Vec<u8>),
    Link(PathBuf),
    Other,
}

fn tree(root: &Path) -> BTreeMap<PathBuf, Thing> {
    let (mut found, mut ahead) = (BTreeMap::new(), vec![root.to_owned()]);
    while let Some(dir) = ahead.pop() {
        for thing in fs::read_dir(dir).unwrap() {
            let (thing, path) = thing.map(|t| (t.file_type().unwrap(), t.path())).unwrap();
            let what = if thing.is_dir() {
                ahead.push(path.clone());
                Thing::Folder
            } else if thing.is_symlink() {
                Thing::Link(fs::read_link(&path).unwrap())
            } else if thing.is_file() {
                Thing::File(fs::read(&path).unwrap())
            } else {
                Thing::Other
            };
            found.insert(path.strip_prefix(root).unwrap().to_owned(), what);
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for (path, thing) in tree(from) {
        match thing {
            Thing::Folder => fs::create_dir_all(to.join(path)).unwrap(),
            Thing::File(bytes) => fs::write(to.join(path), bytes).unwrap(),
            other => panic!("{other:?} in what the program wrote"),
        }
    }
}

/// A command that writes a folder, with the name of that folder in `uit`.
struct Writer {
    arguments: &'static [&'static str],
    folder: &'static str,
}

const WRITERS: [Writer; 6] = [
    Writer {
        arguments: &["controleer", "dossier", "--uit", "uit", "--jaar", "2023"],
        folder: "2023-ijsselland",
    },
    Writer {
        arguments: &["productieverantwoording", "dossier", "--uit", "uit", "--jaar", "2023"],
        folder: "2023-ijsselland-productieverantwoording",
    },
    Writer {
        arguments: &["monitor", "dossier", "--uit", "uit", "--jaar", "2023"],
        folder: "2023-ijsselland-monitor",
    },
    Writer { arguments: &["antwoord", "berichten", "--uit", "uit"], folder: "antwoorden" },
    Writer { arguments: &["voorbeeld", "uit/proef", "--regels", "50"], folder: "proef" },
    Writer {
        arguments: &["steekproef", "rapport", "--omvang", "2", "--zaad", "1", "--uit", "uit"],
        folder: "2023-ijsselland-steekproef",
    },
];

fn run(root: &Path, arguments: &[&str]) -> ProgramOutput {
    ProgramOutput::of(program().current_dir(root).args(arguments).arg("--stil"))
}

/// A folder with two dossiers, a rapport, a key, a ruleset, and in `eerder` what each command wrote.
fn kit() -> tempfile::TempDir {
    let kit = tempfile::tempdir().unwrap();
    let root = kit.path();
    copy(&Dossier::minimaal().dir(), &root.join("dossier"));
    fs::create_dir(root.join("regels")).unwrap();
    for (arguments, uit) in [
        (&["voorbeeld", "berichten", "--vorm", "ijw", "--regels", "40"][..], None),
        (&["controleer", "dossier", "--jaar", "2023", "--sleutel", "sleutel"], Some("uit")),
    ] {
        let place = uit.map(|uit| ["--uit", uit]);
        let arguments = [arguments, place.as_ref().map_or(&[][..], |p| p)].concat();
        assert_eq!(run(root, &arguments).status, 0);
    }
    fs::rename(root.join("uit/2023-ijsselland"), root.join("rapport")).unwrap();
    for writer in &WRITERS {
        let outcome = run(root, writer.arguments);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    }
    fs::rename(root.join("uit"), root.join("eerder")).unwrap();
    fs::create_dir(root.join("uit")).unwrap();
    kit
}

struct Chance(Pcg64);

impl Chance {
    fn of(&mut self, n: u64) -> u64 {
        self.0.next_u64() % n
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.of(choices.len() as u64)).unwrap()]
    }
}

/// What stands at the place of the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum There {
    Nothing,
    Empty,
    Foreign,
    File,
    Link,
    DeadLink,
    Pipe,
    Socket,
    Ours,
    OursOfAnother,
    OursWithout,
    OursAnd(&'static str),
}

const KINDS: [There; 19] = [
    There::Nothing,
    There::Empty,
    There::Foreign,
    There::File,
    There::Link,
    There::DeadLink,
    There::Pipe,
    There::Socket,
    There::Ours,
    There::Ours,
    There::Ours,
    There::OursOfAnother,
    There::OursWithout,
    There::OursAnd("bestand"),
    There::OursAnd("map"),
    There::OursAnd("link"),
    There::OursAnd("pijp"),
    There::OursAnd("diep"),
    There::OursAnd("verborgen"),
];

#[cfg(unix)]
fn odd(path: &Path, what: &str) {
    use std::os::unix::ffi::OsStrExt;
    match what {
        "pijp" => {
            let name = std::ffi::CString::new(path.as_os_str().as_bytes()).unwrap();
            // SAFETY: the name ends with a NUL and outlives the call.
            assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        }
        "socket" => drop(std::os::unix::net::UnixListener::bind(path).unwrap()),
        to => std::os::unix::fs::symlink(to, path).unwrap(),
    }
}

/// Elsewhere links need rights that a test hasn't: a file will do.
#[cfg(not(unix))]
fn odd(path: &Path, what: &str) {
    fs::write(path, what).unwrap();
}

/// Puts it there; may the command replace it when asked?
fn put(there: There, root: &Path, target: &Path, folder: &str) -> bool {
    let ours = |target: &Path| copy(&root.join("eerder").join(folder), target);
    let manifest = if folder == "proef" { "leesmij_manifest.json" } else { "manifest.json" };
    let manifest = target.join(manifest);
    match there {
        There::Nothing => {}
        There::Empty => fs::create_dir(target).unwrap(),
        There::Foreign => copy(&root.join("dossier"), target),
        There::File => fs::write(target, "van een ander").unwrap(),
        There::Link => odd(target, "../rapport"),
        There::DeadLink => odd(target, "nergens"),
        There::Pipe => odd(target, "pijp"),
        There::Socket => odd(target, "socket"),
        There::Ours => ours(target),
        There::OursOfAnother => {
            ours(target);
            let text = fs::read_to_string(&manifest).unwrap();
            fs::write(&manifest, text.replacen("\"rechtmatig\"", "\"anders\"", 1)).unwrap();
        }
        There::OursWithout => {
            ours(target);
            fs::remove_file(&manifest).unwrap();
        }
        There::OursAnd(what) => {
            ours(target);
            match what {
                "bestand" => fs::write(target.join("notities.txt"), "werk").unwrap(),
                "map" => fs::create_dir(target.join("map")).unwrap(),
                "link" => odd(&target.join("link"), "manifest.json"),
                "pijp" => odd(&target.join("pijp"), "pijp"),
                "diep" => {
                    fs::create_dir_all(target.join("een/twee")).unwrap();
                    fs::write(target.join("een/twee/drie"), "werk").unwrap();
                }
                _ => fs::write(target.join(".verborgen"), "werk").unwrap(),
            }
        }
    }
    matches!(there, There::Nothing | There::Ours) || there == There::Empty && folder == "proef"
}

/// Things beside it, some of which look like what a run leaves behind.
fn beside(chance: &mut Chance, root: &Path, folder: &str) {
    let uit = root.join("uit");
    for name in [format!(".oud-{folder}"), format!(".bezig-{folder}-abc"), "werk".to_owned()] {
        let path = uit.join(name);
        match chance.of(5) {
            0 => fs::create_dir(path).unwrap(),
            1 => {
                fs::create_dir(&path).unwrap();
                let lock = ["", "in opbouw", "van een ander\n"];
                fs::write(path.join(".slot"), chance.one_of(&lock)).unwrap();
                fs::write(path.join("werk.txt"), "niet kwijtraken").unwrap();
            }
            2 => {
                fs::create_dir(&path).unwrap();
                odd(&path.join(".slot"), "pijp");
            }
            3 => odd(&path, "../dossier"),
            _ => {}
        }
    }
}

#[test]
fn nothing_but_a_rapport_of_ours_is_ever_replaced() {
    let kit = kit();
    let mut chance = Chance(Pcg64::seed_from_u64(20));
    let (mut replaced, mut refused) = (0, 0);
    let rounds = rounds(500);
    for round in 0..rounds {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        copy(kit.path(), root);
        let writer = &WRITERS[chance.of(WRITERS.len() as u64) as usize];
        let there = chance.one_of(&KINDS);
        let target = root.join("uit").join(writer.folder);
        let may = put(there, root, &target, writer.folder);
        beside(&mut chance, root, writer.folder);
        let overschrijf = chance.of(4) > 0;
        let mut arguments = writer.arguments.to_vec();
        arguments.extend(overschrijf.then_some("--overschrijf"));
        let before = tree(root);
        let outcome = run(root, &arguments);
        let told = format!("round {round}: {arguments:?} on {there:?}: {}", outcome.stderr);
        let fits = may && (overschrijf || there != There::Ours);
        assert_eq!(outcome.status, if fits { 0 } else { 4 }, "{told}");
        if !fits {
            outcome.refuses(4, &[writer.folder]);
        }
        (replaced, refused) = (replaced + u32::from(fits), refused + u32::from(!fits));
        let mut after = tree(root);
        // What may be new or other is what was asked for, and nothing else.
        let place = target.strip_prefix(root).unwrap();
        let elsewhere = |tree: &mut BTreeMap<PathBuf, Thing>| {
            tree.retain(|path, _| !fits || !path.starts_with(place));
        };
        let mut before = before;
        elsewhere(&mut before);
        elsewhere(&mut after);
        for path in before.keys().chain(after.keys()) {
            assert_eq!(before.get(path), after.get(path), "{}: {told}", path.display());
        }
    }
    assert!(
        replaced > rounds / 6 && refused > rounds / 3,
        "{replaced} replaced, {refused} refused"
    );
}

#[test]
fn a_folder_that_a_command_reads_from_is_never_replaced() {
    let kit = kit();
    let root = kit.path();
    let rapport = root.join("eerder/2023-ijsselland");
    fs::create_dir_all(root.join("p")).unwrap();
    let lies = |what: &str| root.join(what).display().to_string();
    let case = |arguments: &[&str], words: &[&str]| {
        let before = tree(root);
        run(root, &[arguments, &["--overschrijf"]].concat()).refuses(4, words);
        let after = tree(root);
        for path in before.keys().chain(after.keys()) {
            assert_eq!(before.get(path), after.get(path), "{arguments:?}: {}", path.display());
        }
    };
    // The dossier itself, by whatever name.
    copy(&root.join("dossier"), &root.join("p/2023-ijsselland"));
    for dossier in ["p/2023-ijsselland", "p/../p/2023-ijsselland/", &lies("p/2023-ijsselland")] {
        case(&["controleer", dossier, "--uit", "p", "--jaar", "2023"], &["2023-ijsselland"]);
    }
    // A rapport of ours that holds the key, the ruleset or a part of the dossier, or will hold it.
    fs::remove_dir_all(root.join("p")).unwrap();
    copy(&rapport, &root.join("p/2023-ijsselland"));
    let controleer = ["controleer", "dossier", "--uit", "p", "--jaar", "2023"];
    let with = |extra: &[&'static str]| [&controleer[..], extra].concat();
    case(&with(&["--sleutel", "p/2023-ijsselland/nieuw"]), &["nieuw staat erin"]);
    fs::copy(root.join("sleutel"), root.join("p/2023-ijsselland/manifest.json")).unwrap();
    case(&with(&["--sleutel", "p/2023-ijsselland/manifest.json"]), &["manifest.json staat erin"]);
    fs::remove_dir_all(root.join("p")).unwrap();
    copy(&rapport, &root.join("p/2023-ijsselland"));
    // What lies in the dossier is read as part of it, next time.
    copy(&rapport, &root.join("dossier/2023-ijsselland"));
    case(
        &["controleer", "dossier", "--uit", "dossier", "--jaar", "2023"],
        &["ligt in de map van het dossier"],
    );
    fs::remove_dir_all(root.join("dossier/2023-ijsselland")).unwrap();
    // Verdicts that are a link to the findings of the rapport that would go.
    #[cfg(unix)]
    {
        odd(&root.join("dossier/beoordelingen.csv"), "../p/2023-ijsselland/bevindingen.csv");
        case(&controleer, &["bevindingen.csv staat erin"]);
    }
}

#[test]
fn a_file_with_differences_is_new_and_for_its_owner_only() {
    let kit = kit();
    let root = kit.path();
    let compare = |extra: &[&str]| {
        let fixed = ["vergelijk", "rapport", "eerder/2023-ijsselland", "--uit"];
        ProgramOutput::of(program().current_dir(root).args(fixed).args(extra))
    };
    let outcome = compare(&["verschil.csv"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let written = fs::read(root.join("verschil.csv")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(root.join("verschil.csv")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    compare(&["verschil.csv"]).refuses(4, &["bestaat al", "--overschrijf"]);
    assert_eq!(compare(&["verschil.csv", "--overschrijf"]).status, 0);
    assert_eq!(fs::read(root.join("verschil.csv")).unwrap(), written);
    fs::create_dir(root.join("map")).unwrap();
    fs::write(root.join("werk.csv"), "van;een;ander\n").unwrap();
    odd(&root.join("link.csv"), "werk.csv");
    odd(&root.join("dood.csv"), "nieuw.csv");
    odd(&root.join("pijp"), "pijp");
    let before = tree(root);
    for name in ["map", "werk.csv", "link.csv", "dood.csv", "pijp", "rapport/manifest.json"] {
        compare(&[name, "--overschrijf"]).refuses(4, &[name, "wordt niet vervangen"]);
    }
    assert!(tree(root) == before);
}

#[test]
fn a_rapport_of_so_many_files_that_its_manifest_is_long_can_be_replaced() {
    let dossier = Dossier::minimaal();
    assert_eq!(dossier.controleer(&[]).status, 0);
    let manifest = dossier.out().join("2023-ijsselland/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let file = format!("{{\"bestand\": \"{}\"}},", "x".repeat(1_000));
    let long = text.replacen('{', &format!("{{\"lang\": [{}null],", file.repeat(70_000)), 1);
    fs::write(&manifest, long).unwrap();
    let outcome = dossier.controleer(&["--overschrijf"]);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let again = fs::read_to_string(&manifest).unwrap();
    let list =
        |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["uitvoer"].clone();
    assert_eq!(list(&again), list(&text));
}

/// A pipe that nobody writes to would be read for ever, and so would a device that gives noughts.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_named_and_left_alone_wherever_a_file_is_read() {
    let kit = kit();
    let root = kit.path();
    odd(&root.join("pijp"), "pijp");
    odd(&root.join("nullen"), "/dev/zero");
    let refused = |arguments: &[&str], status: i32| {
        let mut spec = program();
        let limit = std::time::Duration::from_secs(60);
        spec.current_dir(root).args(arguments).arg("--stil").timeout(limit);
        ProgramOutput::of(&mut spec).refuses(status, &[]);
    };
    let controleer = ["controleer", "dossier", "--uit", "uit", "--jaar", "2023"];
    for key in ["pijp", "nullen"] {
        refused(&[&controleer[..], &["--sleutel", key]].concat(), 2);
        refused(&["monitor", "dossier", "--uit", "uit", "--sleutel", key, "--jaar", "2023"], 2);
        refused(&["verifieer", "rapport", "--sleutel", key], 2);
    }
    odd(&root.join("regels/mijn.toml"), "pijp");
    refused(&[&controleer[..], &["--regels", "regels", "--regio", "mijn"]].concat(), 2);
    for name in ["manifest.json", "samenvatting.json"] {
        fs::remove_file(root.join("rapport").join(name)).unwrap();
        odd(&root.join("rapport").join(name), "pijp");
    }
    refused(&["verifieer", "rapport"], 3);
    refused(&["steekproef", "rapport", "--omvang", "2", "--uit", "uit"], 3);
    refused(&[&controleer[..], &["--vorige", "rapport"]].concat(), 3);
    odd(&root.join("dossier/controle.toml"), "pijp");
    refused(&controleer, 2);
    refused(&["productieverantwoording", "dossier", "--uit", "uit", "--jaar", "2023"], 2);
}
