//! What goes wrong around the program: killed, read-only, no room, files that move. There is a whole
//! rapport or none, and an older one is never damaged.

use crate::hulp::{
    Dossier, HEADER, ProgramOutput, ROWS, VOORBEELD, files_of_rapport, program, rounds,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const RAPPORT: &str = "2023-ijsselland";
fn start(dir: &Path, out: &Path, options: &[&str]) -> Child {
    Command::new(program().get_program())
        .arg("controleer")
        .arg(dir)
        .args(["--jaar", "2023", "--stil", "--uit"])
        .arg(out)
        .args(options)
        // As every run of a test has it: who ran it stands in the rapport.
        .env("USER", "voorbeeld")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Names and contents of a folder's files; `None` where there is no folder.
fn content(dir: &Path) -> Option<BTreeMap<String, Vec<u8>>> {
    let things = fs::read_dir(dir).ok()?;
    Some(
        things
            .map(|d| d.unwrap().path())
            .map(|p| (p.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&p).unwrap()))
            .collect(),
    )
}

#[track_caller]
fn is_whole(rapport: &Path) -> BTreeMap<String, Vec<u8>> {
    let inhoud = content(rapport).expect("a rapport is there");
    let names: BTreeSet<&str> = inhoud.keys().map(String::as_str).collect();
    let whole: BTreeSet<&str> = files_of_rapport().into_iter().chain(["manifest.json"]).collect();
    assert_eq!(names, whole, "{}", rapport.display());
    let manifest: serde_json::Value = serde_json::from_slice(&inhoud["manifest.json"]).unwrap();
    assert!(manifest.is_object());
    inhoud
}

#[test]
fn killed_at_any_moment_there_is_a_whole_rapport_or_none_and_an_older_one_is_unharmed() {
    let d = Dossier::empty();
    let make = ["--regels", "30000", "--fouten", "5%", "--stil"];
    assert_eq!(ProgramOutput::of(program().arg("voorbeeld").arg(d.dir()).args(make)).status, 0);
    let key = d.key();
    let options = ["--overschrijf", "--sleutel", &key];
    let time = || {
        let begin = Instant::now();
        assert_eq!(d.controleer(&options).status, 0);
        begin.elapsed()
    };
    let duur = time().min(time());
    let rapport = d.out().join(RAPPORT);
    // Times differ from run to run; all else is the same.
    let fixed = |mut inhoud: BTreeMap<String, Vec<u8>>| {
        for name in ["manifest.json", "rapport.html"] {
            inhoud.remove(name);
        }
        inhoud
    };
    let good = fixed(is_whole(&rapport));
    let (mut gone, mut gedood) = (0, 0);
    let rounds = rounds(50);
    for id in 0..rounds {
        // Without an older one every fifth time.
        if id % 5 == 4 {
            fs::remove_dir_all(&rapport).unwrap();
        }
        let had = rapport.exists();
        let mut kind = start(&d.dir(), &d.out(), &options);
        std::thread::sleep(
            duur.mul_f64(f64::from(id) / f64::from(rounds)).max(Duration::from_millis(1)),
        );
        kind.kill().unwrap();
        gedood += u32::from(!kind.wait().unwrap().success());
        match content(&rapport) {
            Some(_) => {
                assert!(fixed(is_whole(&rapport)) == good, "run {id}: not the whole rapport")
            }
            // Where two folders can't be changed over in one step it is away between two renames.
            None => gone += u32::from(had),
        }
        // The next start puts an older one back, whatever becomes of that run.
        if !rapport.exists() {
            assert_ne!(d.controleer_dir(&d.out(), &options).status, 0);
            assert!(!had || fixed(is_whole(&rapport)) == good, "run {id}: the older one came back");
            assert_eq!(d.controleer(&options).status, 0);
        }
    }
    assert!(gedood > rounds * 2 / 5, "only {gedood} of {rounds} runs were cut short");
    assert!(gone == 0 || !cfg!(target_os = "linux"), "{gone} times the older one was away");
    // What killed runs left behind goes when another one starts.
    assert_eq!(d.controleer(&options).status, 0);
    let over: Vec<PathBuf> = fs::read_dir(d.out()).unwrap().map(|p| p.unwrap().path()).collect();
    assert!(over.contains(&rapport));
    // One that was killed before it could sign its lock leaves a folder with nothing in it.
    let locked = over.iter().filter(|dir| dir.join(".slot").exists()).count();
    assert_eq!((locked, over.len().min(3)), (0, over.len()), "{over:?}");
}

#[test]
fn runs_side_by_side_on_one_place_leave_one_whole_rapport() {
    for round in 0..5 {
        let d = Dossier::minimaal();
        let overschrijf: &[&str] = if round % 2 == 0 { &[] } else { &["--overschrijf"] };
        let children: Vec<Child> = (0..4).map(|_| start(&d.dir(), &d.out(), overschrijf)).collect();
        let mut succeeded = 0;
        for kind in children {
            let outcome = kind.wait_with_output().unwrap();
            let said = String::from_utf8(outcome.stderr).unwrap();
            match outcome.status.code() {
                Some(0) => succeeded += 1,
                // Whoever may replace what is there has no reason to fail.
                Some(4) if overschrijf.is_empty() => {
                    assert!(said.contains("Wat te doen"), "{said}")
                }
                other => panic!("{other:?}: {said}"),
            }
        }
        assert!(succeeded >= 1);
        is_whole(&d.out().join(RAPPORT));
        assert_eq!(fs::read_dir(d.out()).unwrap().count(), 1, "nothing stays beside it");
    }
}

/// Runs on a dossier with a large file, while `doe` is done to it as soon as that file is open.
#[cfg(target_os = "linux")]
fn while_reading(doe: impl FnOnce(&Path)) -> (Dossier, Option<i32>, String) {
    let d = Dossier::minimaal();
    let regel = ROWS.lines().next().unwrap();
    let many: String =
        (0..400_000).map(|id| regel.replace("R1;", &format!("R{id};")) + "\n").collect();
    d.write("declaraties.csv", &format!("{HEADER}{many}"));
    d.write("declaraties_z.csv", &format!("{HEADER}{ROWS}"));
    let large = fs::canonicalize(d.dir().join("declaraties.csv")).unwrap();
    let mut kind = start(&d.dir(), &d.out(), &[]);
    let open = PathBuf::from(format!("/proc/{}/fd", kind.id()));
    while kind.try_wait().unwrap().is_none() {
        let mut things = fs::read_dir(&open).into_iter().flatten().flatten();
        if things.any(|thing| fs::read_link(thing.path()).is_ok_and(|path| path == large)) {
            doe(&d.dir());
            break;
        }
    }
    let outcome = kind.wait_with_output().unwrap();
    (d, outcome.status.code(), String::from_utf8(outcome.stderr).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_changes_while_it_is_read_stops_the_run() {
    use std::io::Write;
    let (d, status, said) = while_reading(|dir| {
        let declaraties = fs::OpenOptions::new().append(true).open(dir.join("declaraties.csv"));
        let regel = ROWS.lines().nth(1).unwrap();
        writeln!(declaraties.unwrap(), "{}", regel.replace("R2", "Z9")).unwrap();
    });
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("declaraties.csv: het bestand veranderde tijdens het lezen"), "{said}");
    d.wrote_nothing();
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_gone_when_its_turn_comes_stops_the_run() {
    let (d, status, said) = while_reading(|dir| {
        fs::remove_file(dir.join("declaraties_z.csv")).unwrap();
    });
    assert_eq!(status, Some(3), "{said}");
    for word in ["declaraties_z.csv", "Wat te doen"] {
        assert!(said.contains(word), "{said}");
    }
    d.wrote_nothing();
}

#[test]
fn odd_names_and_long_paths_are_read_and_written() {
    let d = Dossier::minimaal();
    let mut dir = d.dir();
    for part in ["met spatie", "é🙂", &"lang".repeat(50), &"pad".repeat(60), "-x", "%s%n"] {
        dir = dir.join(part);
    }
    fs::create_dir_all(&dir).unwrap();
    for name in ["declaraties.csv", "toewijzingen.csv", "aanbieders.csv"] {
        fs::copy(d.dir().join(name), dir.join(name)).unwrap();
    }
    fs::rename(dir.join("declaraties.csv"), dir.join("declaraties (1) – kopie.csv")).unwrap();
    let out = dir.join("uit & zo");
    let outcome = ProgramOutput::of(
        program().arg("controleer").arg(&dir).args(["--jaar", "2023", "--stil", "--uit"]).arg(&out),
    );
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    is_whole(&out.join(RAPPORT));
}

#[test]
fn a_name_that_is_too_long_for_the_disk_is_told() {
    let d = Dossier::minimaal();
    let out = d.out().join("x".repeat(300));
    let outcome = d.controleer_to(&out, &[]);
    outcome.refuses(4, &["kan niet geschreven worden"]);
    d.wrote_nothing();
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_that_can_not_be_written_is_told() {
    let outcome = ProgramOutput::of(program().args([
        "controleer",
        VOORBEELD,
        "--stil",
        "--uit",
        "/proc/rechtmatig",
    ]));
    outcome.refuses(4, &["/proc/rechtmatig"]);
}

/// Ctrl-C, being asked to stop, a terminal that goes, and Ctrl-\\.
#[cfg(unix)]
const STOP: [i32; 4] = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP, libc::SIGQUIT];

#[cfg(unix)]
#[test]
fn ctrl_c_and_its_kin_leave_nothing_half_written_and_no_temporary_files() {
    let d = Dossier::empty();
    let make = ["--regels", "30000", "--fouten", "5%", "--stil"];
    assert_eq!(ProgramOutput::of(program().arg("voorbeeld").arg(d.dir()).args(make)).status, 0);
    for options in [&[][..], &["--geheugen", "2MB"]] {
        let begin = Instant::now();
        assert_eq!(d.controleer(options).status, 0);
        let duur = begin.elapsed();
        fs::remove_dir_all(d.out()).unwrap();
        let mut interrupted = 0;
        let rounds = rounds(11);
        for id in 0..rounds {
            let mut kind = start(&d.dir(), &d.out(), options);
            let part = f64::from(id + 1) / f64::from(rounds + 3);
            std::thread::sleep(duur.mul_f64(part));
            let signal = STOP[id as usize % STOP.len()];
            // SAFETY: the child is ours and not waited for yet.
            unsafe { libc::kill(kind.id() as i32, signal) };
            let status = kind.wait().unwrap();
            let over: Vec<PathBuf> = fs::read_dir(d.out())
                .map(|things| things.map(|thing| thing.unwrap().path()).collect())
                .unwrap_or_default();
            match status.code() {
                Some(130) => {
                    interrupted += 1;
                    assert!(over.is_empty(), "{options:?}, run {id}: left {over:?}");
                }
                Some(0) => {
                    is_whole(&d.out().join(RAPPORT));
                    assert_eq!(over.len(), 1);
                    fs::remove_dir_all(d.out()).unwrap();
                }
                // Before the program could say what to do on Ctrl-C, it had made nothing.
                None => assert!(over.is_empty(), "{options:?}, run {id}: left {over:?}"),
                other => panic!("{other:?}"),
            }
        }
        assert!(
            interrupted * 3 > rounds,
            "{options:?}: only {interrupted} of {rounds} runs were interrupted"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_made_up_dossier_is_whole_or_not_there_after_ctrl_c() {
    let d = Dossier::empty();
    let mut interrupted = 0;
    for id in 1..=5_u64 {
        let dir = d.out().join("v");
        let mut kind = Command::new(program().get_program())
            .arg("voorbeeld")
            .arg(&dir)
            .args(["--regels", "3000000", "--stil", "--overschrijf"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(100 * id));
        // SAFETY: the child is ours and not waited for yet.
        unsafe { libc::kill(kind.id() as i32, libc::SIGINT) };
        if kind.wait().unwrap().code() == Some(130) {
            interrupted += 1;
            assert_eq!(fs::read_dir(d.out()).map_or(0, Iterator::count), 0, "run {id}");
        } else {
            let _ = fs::remove_dir_all(d.out());
        }
    }
    assert!(interrupted >= 2, "only {interrupted} runs were interrupted");
}

#[cfg(unix)]
#[test]
fn a_run_that_was_started_to_outlive_its_terminal_does() {
    use std::os::unix::process::CommandExt;
    let d = Dossier::empty();
    let make = ["--regels", "30000", "--stil"];
    assert_eq!(ProgramOutput::of(program().arg("voorbeeld").arg(d.dir()).args(make)).status, 0);
    let mut command = Command::new(program().get_program());
    command.arg("controleer").arg(d.dir()).args(["--stil", "--uit"]).arg(d.out());
    // SAFETY: of what may be called between fork and exec, this is one.
    unsafe {
        command.pre_exec(|| {
            libc::signal(libc::SIGHUP, libc::SIG_IGN);
            Ok(())
        });
    }
    let mut kind = command.spawn().unwrap();
    while !d.out().exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    // SAFETY: the child is ours and not waited for yet.
    unsafe { libc::kill(kind.id() as i32, libc::SIGHUP) };
    assert_eq!(kind.wait().unwrap().code(), Some(0));
    is_whole(&d.out().join(RAPPORT));
}

#[cfg(target_os = "linux")]
#[test]
fn where_the_screen_can_not_be_written_the_rapport_stands_and_the_message_says_so() {
    let run = |arguments: &[&str], stdout: Stdio, stderr: Stdio| {
        let mut command = Command::new(program().get_program());
        command.args(arguments).stdout(stdout).stderr(stderr).output().unwrap()
    };
    let full = || Stdio::from(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let d = Dossier::minimaal();
    let [dir, out, made] = [d.dir(), d.out(), d.out().join("v")].map(|p| p.display().to_string());
    let controleer = ["controleer", &dir, "--jaar", "2023", "--uit", &out, "--overschrijf"];
    let rapport = d.out().join(RAPPORT);
    let path = rapport.display().to_string();
    let commands: [(&[&str], &str); 7] = [
        (&["begin", &dir], "het voorstel staat in"),
        (&["controleer", &dir, "--jaar", "2023", "--proef"], "een proef schrijft niets"),
        (&["aanvullen", "bash"], "er is niets geschreven"),
        (&controleer, "het rapport staat in"),
        (&["steekproef", &path, "--omvang", "2", "--uit", &out], "de steekproef staat in"),
        (&["voorbeeld", &made, "--regels", "50"], "het dossier staat in"),
        (&["regels"], "kan niet geschreven worden"),
    ];
    for (arguments, stands) in commands {
        let outcome = run(arguments, full(), Stdio::piped());
        let said = String::from_utf8(outcome.stderr).unwrap();
        assert_eq!(outcome.status.code(), Some(4), "{arguments:?}: {said}");
        for word in [stands, "de schijf is vol"] {
            assert!(said.contains(word), "{arguments:?}: {said}");
        }
        assert!(!said.contains("geen rapport"), "{said}");
    }
    is_whole(&rapport);
    // Whoever reads has seen enough, or nobody ever read: that is no failure at all.
    for arguments in [&controleer[..], &["regels"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let outcome = run(arguments, Stdio::from(writer), full());
        assert_eq!(outcome.status.code(), Some(0), "{arguments:?}");
    }
    is_whole(&rapport);
}
