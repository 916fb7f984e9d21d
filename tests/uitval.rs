//! What goes wrong around the program: killed, read-only, no room, files that move. There is a whole
//! rapport or none, and an older one is never damaged.

use crate::hulp::{Dossier, KOP, RIJEN, Uitkomst, VOORBEELD, programma};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const RAPPORT: &str = "2023-ijsselland";
/// Files of a whole rapport.
const HEEL: [&str; 7] = [
    "bevindingen.csv",
    "bevindingen.parquet",
    "invoerfouten.csv",
    "manifest.json",
    "rapport.html",
    "rapport.xlsx",
    "samenvatting.json",
];

fn start(map: &Path, uit: &Path, opties: &[&str]) -> Child {
    Command::new(programma().get_program())
        .arg("controleer")
        .arg(map)
        .args(["--jaar", "2023", "--stil", "--uit"])
        .arg(uit)
        .args(opties)
        // As every run of a test has it: who ran it stands in the rapport.
        .env("USER", "voorbeeld")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Names and contents of a folder's files; `None` where there is no folder.
fn inhoud(map: &Path) -> Option<BTreeMap<String, Vec<u8>>> {
    let dingen = fs::read_dir(map).ok()?;
    Some(
        dingen
            .map(|d| d.unwrap().path())
            .map(|p| (p.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&p).unwrap()))
            .collect(),
    )
}

#[track_caller]
fn is_heel(rapport: &Path) -> BTreeMap<String, Vec<u8>> {
    let inhoud = inhoud(rapport).expect("a rapport is there");
    assert_eq!(inhoud.keys().collect::<Vec<_>>(), HEEL, "{}", rapport.display());
    let manifest: serde_json::Value = serde_json::from_slice(&inhoud["manifest.json"]).unwrap();
    assert!(manifest.is_object());
    inhoud
}

#[test]
fn killed_at_any_moment_there_is_a_whole_rapport_or_none_and_an_older_one_is_unharmed() {
    let d = Dossier::leeg();
    let maak = ["--regels", "30000", "--fouten", "5%", "--stil"];
    assert_eq!(Uitkomst::van(programma().arg("voorbeeld").arg(d.map()).args(maak)).status, 0);
    let sleutel = d.sleutel();
    let opties = ["--overschrijf", "--sleutel", &sleutel];
    let tijd = || {
        let begin = Instant::now();
        assert_eq!(d.controleer(&opties).status, 0);
        begin.elapsed()
    };
    let duur = tijd().min(tijd());
    let rapport = d.uit().join(RAPPORT);
    // Times differ from run to run; all else is the same.
    let vast = |mut inhoud: BTreeMap<String, Vec<u8>>| {
        for naam in ["manifest.json", "rapport.html"] {
            inhoud.remove(naam);
        }
        inhoud
    };
    let goed = vast(is_heel(&rapport));
    let (mut weg, mut gedood) = (0, 0);
    for nr in 0..50_u32 {
        // Without an older one every fifth time.
        if nr % 5 == 4 {
            fs::remove_dir_all(&rapport).unwrap();
        }
        let had = rapport.exists();
        let mut kind = start(&d.map(), &d.uit(), &opties);
        std::thread::sleep(duur.mul_f64(f64::from(nr) / 50.0).max(Duration::from_millis(1)));
        kind.kill().unwrap();
        gedood += u32::from(!kind.wait().unwrap().success());
        match inhoud(&rapport) {
            Some(_) => assert!(vast(is_heel(&rapport)) == goed, "run {nr}: not the whole rapport"),
            // Where two folders can't be changed over in one step it is away between two renames.
            None => weg += u32::from(had),
        }
        // The next start puts an older one back, whatever becomes of that run.
        if !rapport.exists() {
            assert_ne!(d.controleer_map(&d.uit(), &opties).status, 0);
            assert!(!had || vast(is_heel(&rapport)) == goed, "run {nr}: the older one came back");
            assert_eq!(d.controleer(&opties).status, 0);
        }
    }
    assert!(gedood > 20, "only {gedood} of 50 runs were cut short");
    assert!(weg == 0 || !cfg!(target_os = "linux"), "{weg} times the older one was away");
    // What killed runs left behind goes when another one starts.
    assert_eq!(d.controleer(&opties).status, 0);
    let over: Vec<PathBuf> = fs::read_dir(d.uit()).unwrap().map(|p| p.unwrap().path()).collect();
    assert!(over.contains(&rapport));
    // One that was killed before it could lock its folder, or after, is left for an hour.
    let op_slot = over.iter().filter(|map| map.join(".slot").exists()).count();
    assert_eq!((op_slot, over.len().min(3)), (0, over.len()), "{over:?}");
}

#[test]
fn runs_side_by_side_on_one_place_leave_one_whole_rapport() {
    for ronde in 0..5 {
        let d = Dossier::minimaal();
        let overschrijf: &[&str] = if ronde % 2 == 0 { &[] } else { &["--overschrijf"] };
        let kinderen: Vec<Child> = (0..4).map(|_| start(&d.map(), &d.uit(), overschrijf)).collect();
        let mut gelukt = 0;
        for kind in kinderen {
            let uitkomst = kind.wait_with_output().unwrap();
            let gezegd = String::from_utf8(uitkomst.stderr).unwrap();
            match uitkomst.status.code() {
                Some(0) => gelukt += 1,
                Some(4) => assert!(gezegd.contains("Wat te doen"), "{gezegd}"),
                ander => panic!("{ander:?}: {gezegd}"),
            }
        }
        assert!(gelukt >= 1);
        is_heel(&d.uit().join(RAPPORT));
        assert_eq!(fs::read_dir(d.uit()).unwrap().count(), 1, "nothing stays beside it");
    }
}

/// Runs on a dossier with a large file, while `doe` is done to it as soon as that file is open.
#[cfg(target_os = "linux")]
fn tijdens_het_lezen(doe: impl FnOnce(&Path)) -> (Dossier, Option<i32>, String) {
    let d = Dossier::minimaal();
    let regel = RIJEN.lines().next().unwrap();
    let veel: String =
        (0..400_000).map(|nr| regel.replace("R1;", &format!("R{nr};")) + "\n").collect();
    d.schrijf("declaraties.csv", &format!("{KOP}{veel}"));
    d.schrijf("declaraties_z.csv", &format!("{KOP}{RIJEN}"));
    let groot = fs::canonicalize(d.map().join("declaraties.csv")).unwrap();
    let mut kind = start(&d.map(), &d.uit(), &[]);
    let open = PathBuf::from(format!("/proc/{}/fd", kind.id()));
    while kind.try_wait().unwrap().is_none() {
        let mut dingen = fs::read_dir(&open).into_iter().flatten().flatten();
        if dingen.any(|ding| fs::read_link(ding.path()).is_ok_and(|pad| pad == groot)) {
            doe(&d.map());
            break;
        }
    }
    let uitkomst = kind.wait_with_output().unwrap();
    (d, uitkomst.status.code(), String::from_utf8(uitkomst.stderr).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_changes_while_it_is_read_stops_the_run() {
    use std::io::Write;
    let (d, status, gezegd) = tijdens_het_lezen(|map| {
        let declaraties = fs::OpenOptions::new().append(true).open(map.join("declaraties.csv"));
        let regel = RIJEN.lines().nth(1).unwrap();
        writeln!(declaraties.unwrap(), "{}", regel.replace("R2", "Z9")).unwrap();
    });
    assert_eq!(status, Some(3), "{gezegd}");
    assert!(
        gezegd.contains("declaraties.csv: het bestand veranderde tijdens het lezen"),
        "{gezegd}"
    );
    d.schreef_niets();
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_gone_when_its_turn_comes_stops_the_run() {
    let (d, status, gezegd) = tijdens_het_lezen(|map| {
        fs::remove_file(map.join("declaraties_z.csv")).unwrap();
    });
    assert_eq!(status, Some(3), "{gezegd}");
    for woord in ["declaraties_z.csv", "Wat te doen"] {
        assert!(gezegd.contains(woord), "{gezegd}");
    }
    d.schreef_niets();
}

#[test]
fn odd_names_and_long_paths_are_read_and_written() {
    let d = Dossier::minimaal();
    let mut map = d.map();
    for deel in ["met spatie", "é🙂", &"lang".repeat(50), &"pad".repeat(60), "-x", "%s%n"] {
        map = map.join(deel);
    }
    fs::create_dir_all(&map).unwrap();
    for naam in ["declaraties.csv", "toewijzingen.csv", "aanbieders.csv"] {
        fs::copy(d.map().join(naam), map.join(naam)).unwrap();
    }
    fs::rename(map.join("declaraties.csv"), map.join("declaraties (1) – kopie.csv")).unwrap();
    let uit = map.join("uit & zo");
    let uitkomst = Uitkomst::van(
        programma()
            .arg("controleer")
            .arg(&map)
            .args(["--jaar", "2023", "--stil", "--uit"])
            .arg(&uit),
    );
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    is_heel(&uit.join(RAPPORT));
}

#[test]
fn a_name_that_is_too_long_for_the_disk_is_told() {
    let d = Dossier::minimaal();
    let uit = d.uit().join("x".repeat(300));
    let uitkomst = d.controleer_naar(&uit, &[]);
    uitkomst.weigert(4, &["kan niet geschreven worden"]);
    d.schreef_niets();
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_that_can_not_be_written_is_told() {
    let uitkomst = Uitkomst::van(programma().args([
        "controleer",
        VOORBEELD,
        "--stil",
        "--uit",
        "/proc/rechtmatig",
    ]));
    uitkomst.weigert(4, &["/proc/rechtmatig"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_nothing_half_written_and_no_temporary_files() {
    let d = Dossier::leeg();
    let maak = ["--regels", "30000", "--fouten", "5%", "--stil"];
    assert_eq!(Uitkomst::van(programma().arg("voorbeeld").arg(d.map()).args(maak)).status, 0);
    for opties in [&[][..], &["--geheugen", "2MB"]] {
        let begin = Instant::now();
        assert_eq!(d.controleer(opties).status, 0);
        let duur = begin.elapsed();
        fs::remove_dir_all(d.uit()).unwrap();
        let mut onderbroken = 0;
        for nr in 1..12_u32 {
            let mut kind = start(&d.map(), &d.uit(), opties);
            std::thread::sleep(duur.mul_f64(f64::from(nr) / 14.0));
            // SAFETY: the child is ours and not waited for yet.
            unsafe { libc::kill(kind.id() as i32, libc::SIGINT) };
            let status = kind.wait().unwrap();
            let over: Vec<PathBuf> = fs::read_dir(d.uit())
                .map(|dingen| dingen.map(|ding| ding.unwrap().path()).collect())
                .unwrap_or_default();
            match status.code() {
                Some(130) => {
                    onderbroken += 1;
                    assert!(over.is_empty(), "{opties:?}, run {nr}: left {over:?}");
                }
                Some(0) => {
                    is_heel(&d.uit().join(RAPPORT));
                    assert_eq!(over.len(), 1);
                    fs::remove_dir_all(d.uit()).unwrap();
                }
                // Before the program could say what to do on Ctrl-C, it had made nothing.
                None => assert!(over.is_empty(), "{opties:?}, run {nr}: left {over:?}"),
                ander => panic!("{ander:?}"),
            }
        }
        assert!(onderbroken >= 4, "{opties:?}: only {onderbroken} runs were interrupted");
    }
}

#[cfg(unix)]
#[test]
fn a_made_up_dossier_is_whole_or_not_there_after_ctrl_c() {
    let d = Dossier::leeg();
    let mut onderbroken = 0;
    for nr in 1..=5_u64 {
        let map = d.uit().join("v");
        let mut kind = Command::new(programma().get_program())
            .arg("voorbeeld")
            .arg(&map)
            .args(["--regels", "3000000", "--stil", "--overschrijf"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(100 * nr));
        // SAFETY: the child is ours and not waited for yet.
        unsafe { libc::kill(kind.id() as i32, libc::SIGINT) };
        if kind.wait().unwrap().code() == Some(130) {
            onderbroken += 1;
            assert_eq!(fs::read_dir(d.uit()).map_or(0, Iterator::count), 0, "run {nr}");
        } else {
            let _ = fs::remove_dir_all(d.uit());
        }
    }
    assert!(onderbroken >= 2, "only {onderbroken} runs were interrupted");
}
