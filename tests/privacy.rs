//! No Bsn in anything that is written or said, and nothing of it for other users of the machine.

use crate::hulp::{Dossier, ProgramOutput, program};
use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

const RAPPORT: &str = "2023-ijsselland";

/// All files below a folder, hidden ones too.
pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for thing in fs::read_dir(dir).into_iter().flatten() {
        let path = thing.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push(path);
        }
    }
    out
}

/// The numbers of nine digits in these bytes, inside longer ones too, that are one of these.
fn found(bytes: &[u8], bsns: &HashSet<u32>) -> Vec<u32> {
    bytes
        .windows(9)
        .filter(|w| w.iter().all(u8::is_ascii_digit))
        .map(|w| w.iter().fold(0, |n, c| n * 10 + u32::from(c - b'0')))
        .filter(|n| bsns.contains(n))
        .collect()
}

/// The bytes as they stand, and what is packed in them.
pub(crate) fn strata(path: &Path) -> Vec<Vec<u8>> {
    let bytes = fs::read(path).unwrap();
    let mut out = Vec::new();
    match path.extension().and_then(|e| e.to_str()) {
        Some("xlsx" | "docx") => {
            let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
            for i in 0..zip.len() {
                let mut part = Vec::new();
                zip.by_index(i).unwrap().read_to_end(&mut part).unwrap();
                out.push(part);
            }
        }
        Some("parquet") => {
            use polars_io::prelude::*;
            let table = ParquetReader::new(std::io::Cursor::new(bytes.clone())).finish().unwrap();
            for name in table.get_column_names() {
                if let Ok(kolom) = table.column(name).unwrap().str() {
                    out.push(kolom.iter().flatten().collect::<Vec<_>>().join("\n").into_bytes());
                }
            }
        }
        _ => {}
    }
    out.push(bytes);
    out
}

#[track_caller]
fn nowhere(bsns: &HashSet<u32>, what: &str, bytes: &[u8]) {
    let raak = found(bytes, bsns);
    assert!(raak.is_empty(), "{} in {what}", raak.len());
}

/// Some nine thousand Bsns, in their own column and wherever an aanbieder may put them.
#[test]
fn no_bsn_of_a_whole_dossier_is_in_any_byte_of_what_is_written_or_said() {
    let dossier = Dossier::empty();
    let make = ["--regels", "95000", "--fouten", "6%", "--stil"];
    let outcome = ProgramOutput::of(program().arg("voorbeeld").arg(dossier.dir()).args(make));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let path = dossier.dir().join("declaraties.csv");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(';').collect();
    let place = |name: &str| header.iter().position(|k| *k == name).unwrap();
    let (bsn, referentie, nummer, functie, gemeente) = (
        place("Bsn"),
        place("ReferentieNummer"),
        place("DeclaratieNummer"),
        place("Functie"),
        place("Gemeente"),
    );
    let mut bsns = HashSet::new();
    let mut new = header.join(";") + "\n";
    for (i, regel) in lines.enumerate() {
        let mut cells: Vec<String> = regel.split(';').map(str::to_owned).collect();
        let kind = cells[bsn].clone();
        // A number that was planted as an impossible one belongs to nobody.
        let number: u32 = kind.parse().unwrap();
        if rechtmatig::ground::passes_elfproef(number) {
            bsns.insert(number);
        }
        match i % 5 {
            0 => cells[referentie] = format!("{kind}-{i}"),
            1 => cells[nummer] = format!("F{kind}"),
            2 => cells[functie] = format!("kind {kind}"),
            // Shifted by a column: refused, and shown as a value.
            3 if i % 500 == 3 => cells[gemeente] = kind,
            _ => {}
        }
        new += &cells.join(";");
        new.push('\n');
    }
    fs::write(&path, new).unwrap();
    assert!(bsns.len() > 8_000);
    let temporary = dossier.dir().join("..").join("tijdelijk");
    fs::create_dir(&temporary).unwrap();
    let with_log = || {
        let mut spec = program();
        spec.env("RECHTMATIG_LOG", "trace").env("TMPDIR", &temporary);
        spec
    };
    let out = dossier.out();
    let context = with_log()
        .arg("controleer")
        .arg(dossier.dir())
        .args(["--jaar", "2023", "--max-afgekeurd", "100%", "--uit"])
        .arg(&out)
        .output()
        .unwrap();
    assert!(context.status.success());
    let verantwoording = with_log()
        .arg("productieverantwoording")
        .arg(dossier.dir())
        .args(["--jaar", "2023", "--uit"])
        .arg(out.join("pv"))
        .output()
        .unwrap();
    assert!(verantwoording.status.success(), "{}", String::from_utf8_lossy(&verantwoording.stderr));
    for (what, said) in [("controleer", context), ("productieverantwoording", verantwoording)] {
        nowhere(&bsns, what, &said.stdout);
        nowhere(&bsns, what, &said.stderr);
    }
    let written = files(&out);
    assert!(written.len() > 6);
    for path in written {
        nowhere(&bsns, "a name", path.as_os_str().as_encoded_bytes());
        for stratum in strata(&path) {
            nowhere(&bsns, &path.display().to_string(), &stratum);
        }
    }
    assert!(files(&temporary).is_empty(), "nothing stays behind in the temporary folder");
}

#[cfg(unix)]
#[test]
fn what_is_written_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dossier = Dossier::minimaal();
    let key = dossier.key();
    assert_eq!(dossier.controleer(&["--sleutel", &key]).status, 0);
    let recht = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let rapport = dossier.out().join(RAPPORT);
    assert_eq!(recht(&rapport), 0o700);
    for path in files(&rapport).into_iter().chain([PathBuf::from(key)]) {
        assert_eq!(recht(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn the_key_may_come_from_the_environment_and_is_named_by_its_fingerprint_only() {
    let dossier = Dossier::minimaal();
    let path = dossier.key();
    let manifest = |name: &str| -> serde_json::Value {
        let mut spec = program();
        spec.env("RECHTMATIG_SLEUTEL_BESTAND", &path).arg("controleer").arg(dossier.dir());
        spec.args(["--jaar", "2023", "--stil", "--uit"]).arg(dossier.out().join(name));
        assert_eq!(ProgramOutput::of(&mut spec).status, 0);
        let path = dossier.out().join(name).join(RAPPORT).join("manifest.json");
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    };
    let (one, two) = (manifest("een"), manifest("twee"));
    assert_eq!(one["privacy"], two["privacy"]);
    let key = fs::read_to_string(&path).unwrap();
    for file in files(&dossier.out()) {
        let bytes = fs::read(&file).unwrap();
        assert!(!bytes.windows(64).any(|w| w == key.trim().as_bytes()), "{}", file.display());
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
        const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
        const EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
        const GIVE: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
        let step = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
        let filter = [
            step(LOAD, 0, 0, 0),
            step(EQUAL, 0, 1, libc::SYS_socket as u32),
            step(GIVE, 0, 0, libc::SECCOMP_RET_KILL_PROCESS),
            step(GIVE, 0, 0, libc::SECCOMP_RET_ALLOW),
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

    let without_sockets = |spec: &mut Command| {
        // SAFETY: what runs between fork and exec makes system calls only.
        unsafe { spec.pre_exec(verbied_sockets) };
        spec.output().unwrap().status
    };
    let dossier = Dossier::minimaal();
    let out = dossier.out().display().to_string();
    let dir = dossier.dir().display().to_string();
    let new = dossier.dir().join("..").join("nieuw").display().to_string();
    for arguments in [
        &["controleer", &dir, "--jaar", "2023", "--uit", &out][..],
        &["productieverantwoording", &dir, "--jaar", "2023", "--uit", &format!("{out}/pv")],
        &["monitor", &dir, "--jaar", "2023", "--uit", &format!("{out}/monitor")],
        &["voorbeeld", &new, "--regels", "500", "--vorm", "ijw"],
        &["antwoord", &new, "--uit", &format!("{out}/antwoord")],
        &["vergelijk", &format!("{out}/{RAPPORT}"), &format!("{out}/{RAPPORT}")],
        &["regels"],
    ] {
        let mut spec = Command::new(program().get_program());
        let status = without_sockets(spec.args(arguments));
        assert!(status.success(), "{arguments:?}: {status}");
    }
    // The ban works: what does open a socket is ended.
    let mut other = Command::new("bash");
    let status = without_sockets(other.args(["-c", "exec 3<>/dev/udp/127.0.0.1/9"]));
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(libc::SIGSYS));
}

/// What the project itself holds: nobody's number, not even by chance in a checksum.
#[test]
fn no_file_of_the_project_holds_a_number_that_could_be_a_bsn() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dirs = [
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
    let mut paths: Vec<PathBuf> = dirs.iter().flat_map(|m| files(&root.join(m))).collect();
    let loose = fs::read_dir(root).unwrap().map(|thing| thing.unwrap().path());
    paths.extend(loose.filter(|path| path.is_file()));
    assert!(paths.contains(&root.join("Cargo.lock")) && paths.len() > 500, "{}", paths.len());
    let may_be_bsn = |number: u32| {
        number != 0
            && !(999_900_006..=999_999_990).contains(&number)
            && rechtmatig::ground::passes_elfproef(number)
    };
    for path in paths {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (i, regel) in text.lines().enumerate() {
            let numbers = regel.split(|c: char| !c.is_ascii_digit()).filter(|g| g.len() == 9);
            let raak = numbers.filter(|g| g.parse().is_ok_and(may_be_bsn)).count();
            assert_eq!(raak, 0, "{}, line {}", path.display(), i + 1);
        }
    }
}

/// Who knows the key, knows who each pseudonym is.
#[cfg(unix)]
#[test]
fn a_key_that_anybody_can_read_or_guess_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let dossier = Dossier::minimaal();
    let key = dossier.key();
    assert_eq!(dossier.controleer(&["--sleutel", &key]).status, 0);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let options = ["--overschrijf", "--sleutel", &key];
    dossier.controleer(&options).refuses(2, &["iedereen op deze computer", "chmod 600"]);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(dossier.controleer(&options).status, 0);
    for same in ["0".repeat(64), "a".repeat(64)] {
        fs::write(&key, same).unwrap();
        dossier.controleer(&options).refuses(2, &["steeds hetzelfde teken"]);
    }
    let folder = ["--overschrijf", "--sleutel", &dossier.dir().display().to_string()];
    dossier.controleer(&folder).refuses(2, &["het is een map"]);
}
