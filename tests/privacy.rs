//! No Bsn in anything that is written or said, and nothing of it for other users of the machine.

use crate::hulp::{Dossier, Uitkomst, programma};
use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

const RAPPORT: &str = "2023-ijsselland";

/// All files below a folder, hidden ones too.
fn bestanden(map: &Path) -> Vec<PathBuf> {
    let mut uit = Vec::new();
    for ding in fs::read_dir(map).into_iter().flatten() {
        let pad = ding.unwrap().path();
        if pad.is_dir() {
            uit.extend(bestanden(&pad));
        } else {
            uit.push(pad);
        }
    }
    uit
}

/// The numbers of nine digits in these bytes, inside longer ones too, that are one of these.
fn gevonden(bytes: &[u8], bsns: &HashSet<u32>) -> Vec<u32> {
    bytes
        .windows(9)
        .filter(|w| w.iter().all(u8::is_ascii_digit))
        .map(|w| w.iter().fold(0, |n, c| n * 10 + u32::from(c - b'0')))
        .filter(|n| bsns.contains(n))
        .collect()
}

/// The bytes as they stand, and what is packed in them.
fn lagen(pad: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(pad).unwrap();
    let mut uit = Vec::new();
    match pad.extension().and_then(|e| e.to_str()) {
        Some("xlsx") => {
            let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
            for i in 0..zip.len() {
                let mut deel = Vec::new();
                zip.by_index(i).unwrap().read_to_end(&mut deel).unwrap();
                uit.push(deel);
            }
        }
        Some("parquet") => {
            use polars_io::prelude::*;
            let tabel = ParquetReader::new(std::io::Cursor::new(bytes.clone())).finish().unwrap();
            for naam in tabel.get_column_names() {
                if let Ok(kolom) = tabel.column(naam).unwrap().str() {
                    uit.push(kolom.iter().flatten().collect::<Vec<_>>().join("\n").into_bytes());
                }
            }
        }
        _ => {}
    }
    uit.push(bytes);
    uit
}

#[track_caller]
fn nergens(bsns: &HashSet<u32>, wat: &str, bytes: &[u8]) {
    let raak = gevonden(bytes, bsns);
    assert!(raak.is_empty(), "{} in {wat}", raak.len());
}

/// Some nine thousand Bsns, in their own column and wherever an aanbieder may put them.
#[test]
fn no_bsn_of_a_whole_dossier_is_in_any_byte_of_what_is_written_or_said() {
    let dossier = Dossier::leeg();
    let maak = ["--regels", "95000", "--fouten", "6%", "--stil"];
    let uitkomst = Uitkomst::van(programma().arg("voorbeeld").arg(dossier.map()).args(maak));
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let pad = dossier.map().join("declaraties.csv");
    let tekst = fs::read_to_string(&pad).unwrap();
    let mut regels = tekst.lines();
    let kop: Vec<&str> = regels.next().unwrap().split(';').collect();
    let plaats = |naam: &str| kop.iter().position(|k| *k == naam).unwrap();
    let (bsn, referentie, nummer, functie, gemeente) = (
        plaats("Bsn"),
        plaats("ReferentieNummer"),
        plaats("DeclaratieNummer"),
        plaats("Functie"),
        plaats("Gemeente"),
    );
    let mut bsns = HashSet::new();
    let mut nieuw = kop.join(";") + "\n";
    for (i, regel) in regels.enumerate() {
        let mut cellen: Vec<String> = regel.split(';').map(str::to_owned).collect();
        let kind = cellen[bsn].clone();
        // A number that was planted as an impossible one belongs to nobody.
        let getal: u32 = kind.parse().unwrap();
        if rechtmatig::ground::voldoet_aan_elfproef(getal) {
            bsns.insert(getal);
        }
        match i % 5 {
            0 => cellen[referentie] = format!("{kind}-{i}"),
            1 => cellen[nummer] = format!("F{kind}"),
            2 => cellen[functie] = format!("kind {kind}"),
            // Shifted by a column: refused, and shown as a value.
            3 if i % 500 == 3 => cellen[gemeente] = kind,
            _ => {}
        }
        nieuw += &cellen.join(";");
        nieuw.push('\n');
    }
    fs::write(&pad, nieuw).unwrap();
    assert!(bsns.len() > 8_000);
    let tijdelijk = dossier.map().join("..").join("tijdelijk");
    fs::create_dir(&tijdelijk).unwrap();
    let met_log = || {
        let mut opdracht = programma();
        opdracht.env("RECHTMATIG_LOG", "trace").env("TMPDIR", &tijdelijk);
        opdracht
    };
    let uit = dossier.uit();
    let controle = met_log()
        .arg("controleer")
        .arg(dossier.map())
        .args(["--jaar", "2023", "--max-afgekeurd", "100%", "--uit"])
        .arg(&uit)
        .output()
        .unwrap();
    assert!(controle.status.success());
    let verantwoording = met_log()
        .arg("productieverantwoording")
        .arg(dossier.map())
        .args(["--jaar", "2023", "--uit"])
        .arg(uit.join("pv"))
        .output()
        .unwrap();
    assert!(verantwoording.status.success(), "{}", String::from_utf8_lossy(&verantwoording.stderr));
    for (wat, gezegd) in [("controleer", controle), ("productieverantwoording", verantwoording)] {
        nergens(&bsns, wat, &gezegd.stdout);
        nergens(&bsns, wat, &gezegd.stderr);
    }
    let geschreven = bestanden(&uit);
    assert!(geschreven.len() > 6);
    for pad in geschreven {
        nergens(&bsns, "a name", pad.as_os_str().as_encoded_bytes());
        for laag in lagen(&pad) {
            nergens(&bsns, &pad.display().to_string(), &laag);
        }
    }
    assert!(bestanden(&tijdelijk).is_empty(), "nothing stays behind in the temporary folder");
}

#[cfg(unix)]
#[test]
fn what_is_written_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dossier = Dossier::minimaal();
    let sleutel = dossier.sleutel();
    assert_eq!(dossier.controleer(&["--sleutel", &sleutel]).status, 0);
    let recht = |pad: &Path| fs::metadata(pad).unwrap().permissions().mode() & 0o777;
    let rapport = dossier.uit().join(RAPPORT);
    assert_eq!(recht(&rapport), 0o700);
    for pad in bestanden(&rapport).into_iter().chain([PathBuf::from(sleutel)]) {
        assert_eq!(recht(&pad), 0o600, "{}", pad.display());
    }
}

#[test]
fn the_key_may_come_from_the_environment_and_is_named_by_its_fingerprint_only() {
    let dossier = Dossier::minimaal();
    let pad = dossier.sleutel();
    let manifest = |naam: &str| -> serde_json::Value {
        let mut opdracht = programma();
        opdracht.env("RECHTMATIG_SLEUTEL_BESTAND", &pad).arg("controleer").arg(dossier.map());
        opdracht.args(["--jaar", "2023", "--stil", "--uit"]).arg(dossier.uit().join(naam));
        assert_eq!(Uitkomst::van(&mut opdracht).status, 0);
        let pad = dossier.uit().join(naam).join(RAPPORT).join("manifest.json");
        serde_json::from_slice(&fs::read(pad).unwrap()).unwrap()
    };
    let (een, twee) = (manifest("een"), manifest("twee"));
    assert_eq!(een["privacy"], twee["privacy"]);
    let sleutel = fs::read_to_string(&pad).unwrap();
    for bestand in bestanden(&dossier.uit()) {
        let bytes = fs::read(&bestand).unwrap();
        assert!(
            !bytes.windows(64).any(|w| w == sleutel.trim().as_bytes()),
            "{}",
            bestand.display()
        );
    }
}

/// The system refuses any socket to the program, which then does all that it does.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
#[test]
fn the_program_opens_no_socket() {
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    /// From now on, a call to make a socket ends this process.
    fn verbied_sockets() -> std::io::Result<()> {
        const LAAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
        const GELIJK: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
        const GEEF: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
        let stap = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
        let filter = [
            stap(LAAD, 0, 0, 0),
            stap(GELIJK, 0, 1, libc::SYS_socket as u32),
            stap(GEEF, 0, 0, libc::SECCOMP_RET_KILL_PROCESS),
            stap(GEEF, 0, 0, libc::SECCOMP_RET_ALLOW),
        ];
        let programma =
            libc::sock_fprog { len: filter.len() as u16, filter: filter.as_ptr().cast_mut() };
        // SAFETY: both calls only read the filter, which outlives them.
        unsafe {
            if libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                || libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &programma) != 0
            {
                return Err(std::io::Error::last_os_error());
            }
        }
        Ok(())
    }

    let zonder_sockets = |opdracht: &mut Command| {
        // SAFETY: what runs between fork and exec makes system calls only.
        unsafe { opdracht.pre_exec(verbied_sockets) };
        opdracht.output().unwrap().status
    };
    let dossier = Dossier::minimaal();
    let uit = dossier.uit().display().to_string();
    let map = dossier.map().display().to_string();
    let nieuw = dossier.map().join("..").join("nieuw").display().to_string();
    for argumenten in [
        &["controleer", &map, "--jaar", "2023", "--uit", &uit][..],
        &["productieverantwoording", &map, "--jaar", "2023", "--uit", &format!("{uit}/pv")],
        &["voorbeeld", &nieuw, "--regels", "500", "--vorm", "ijw"],
        &["antwoord", &nieuw, "--uit", &format!("{uit}/antwoord")],
        &["vergelijk", &format!("{uit}/{RAPPORT}"), &format!("{uit}/{RAPPORT}")],
        &["regels"],
    ] {
        let mut opdracht = Command::new(programma().get_program());
        let status = zonder_sockets(opdracht.args(argumenten));
        assert!(status.success(), "{argumenten:?}: {status}");
    }
    // The ban works: what does open a socket is ended.
    let mut ander = Command::new("bash");
    let status = zonder_sockets(ander.args(["-c", "exec 3<>/dev/udp/127.0.0.1/9"]));
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(libc::SIGSYS));
}

/// What the project itself holds: nobody's number, not even by chance in a checksum.
#[test]
fn no_file_of_the_project_holds_a_number_that_could_be_a_bsn() {
    let wortel = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mappen = [
        ".ci",
        "benches",
        "docs",
        "fuzz/fuzz_targets",
        "integratie",
        "reports/voorbeeld",
        "rules",
        "sample-data",
        "src",
        "tests",
    ];
    let mut paden: Vec<PathBuf> = mappen.iter().flat_map(|m| bestanden(&wortel.join(m))).collect();
    let los = fs::read_dir(wortel).unwrap().map(|ding| ding.unwrap().path());
    paden.extend(los.filter(|pad| pad.is_file()));
    assert!(paden.contains(&wortel.join("Cargo.lock")) && paden.len() > 500, "{}", paden.len());
    let kan_bsn_zijn = |getal: u32| {
        getal != 0
            && !(999_900_006..=999_999_990).contains(&getal)
            && rechtmatig::ground::voldoet_aan_elfproef(getal)
    };
    for pad in paden {
        let Ok(tekst) = fs::read_to_string(&pad) else { continue };
        for (i, regel) in tekst.lines().enumerate() {
            let getallen = regel.split(|c: char| !c.is_ascii_digit()).filter(|g| g.len() == 9);
            let raak = getallen.filter(|g| g.parse().is_ok_and(kan_bsn_zijn)).count();
            assert_eq!(raak, 0, "{}, line {}", pad.display(), i + 1);
        }
    }
}
