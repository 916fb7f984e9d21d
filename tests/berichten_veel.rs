//! Very many small messages cost little more than the same lines in few large ones, in a folder or in
//! one zip. On what a real year takes, `benches/berichten.py` measures.

use crate::hulp::{ProgramOutput, program};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What a run took.
pub struct Cost {
    /// Hundredths of a second of processor time.
    pub processor: u64,
    /// Bytes of memory at most.
    memory: u64,
}

/// `controleer`, with what it took where the system tells.
pub fn controleer(dossier: &Path, out: &Path) -> Option<Cost> {
    let mut spec = Command::new(program().get_program());
    spec.arg("controleer").arg(dossier).args(["--jaar", "2023", "--stil", "--uit"]).arg(out);
    let mut child = spec.stdout(Stdio::null()).spawn().unwrap();
    let place = format!("/proc/{}", child.id());
    let mut last = None;
    let status = loop {
        last = cost(&place).or(last);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    };
    assert_eq!(status.code(), Some(0), "{}", dossier.display());
    last
}

fn cost(place: &str) -> Option<Cost> {
    let stat = fs::read_to_string(format!("{place}/stat")).ok()?;
    // After the name, which may hold anything: the fourteenth and fifteenth of all.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    let processor = next()? + next()?;
    let status = fs::read_to_string(format!("{place}/status")).ok()?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let memory = most.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1_024;
    Some(Cost { processor, memory })
}

/// The text with what stands between these replaced.
fn with(text: &str, begin: &str, value: &str, end: &str) -> String {
    let from = text.find(begin).unwrap() + begin.len();
    let until = from + text[from..].find(end).unwrap();
    format!("{}{value}{}", &text[..from], &text[until..])
}

/// Each prestatie of a declaration in a message of its own; `number` is that of the first.
fn apart(xml: &str, number: usize) -> Vec<String> {
    let (header, clienten) = xml.split_at(xml.find("<b:Client>").unwrap());
    let mut out = Vec::new();
    for client in clienten.split("<b:Client>").skip(1) {
        let (bsn, prestaties) = client.split_once("<b:Prestaties>").unwrap();
        for prestatie in prestaties.split("<b:Prestatie>").skip(1) {
            let (prestatie, _) = prestatie.split_once("</b:Prestatie>").unwrap();
            let (_, amount) = prestatie.split_once("<ijw:Bedrag>").unwrap();
            let name = format!("M{:08}", number + out.len());
            let header = with(header, "<ijw:Identificatie>", &name, "</ijw:Identificatie>");
            let header = with(&header, "<b:DeclaratieNummer>", &name, "</b:DeclaratieNummer>");
            let total = amount
                .replace("Bedrag>", "TotaalBedrag>")
                .replace("</b:IngediendTotaalBedrag>", "");
            let header = with(&header, "<ijw:TotaalBedrag>", &total, "</b:TotaalIngediendBedrag>");
            out.push(format!(
                "{header}<b:Client>{bsn}<b:Prestaties><b:Prestatie>{prestatie}</b:Prestatie></b:Prestaties></b:Client></b:Clienten></b:Declaratie></b:Bericht>"
            ));
        }
    }
    out
}

/// The findings, without the names of files and what follows from these.
fn findings(out: &Path) -> Vec<String> {
    let rows = crate::hulp::rows_of(&out.join("2023-ijsselland/bevindingen.csv"));
    let mut told: Vec<String> = rows
        .iter()
        .map(|row| {
            format!("{} {} {}", row["Regel"], row["ReferentieNummer"], row["BedragInGeding"])
        })
        .collect();
    told.sort();
    told
}

#[test]
fn very_many_small_messages_cost_little_more_than_few_large_ones() {
    const LINES: usize = 12_000;
    let dir = tempfile::tempdir().unwrap();
    let [large, small, zipped] = ["groot", "klein", "zip"].map(|name| dir.path().join(name));
    let made = ProgramOutput::of(
        program()
            .args(["voorbeeld", "--vorm", "ijw", "--fouten", "0%", "--stil", "--regels"])
            .arg(LINES.to_string())
            .arg(&large),
    );
    assert_eq!(made.status, 0, "{}", made.stderr);
    fs::create_dir_all(small.join("jw323")).unwrap();
    fs::create_dir_all(&zipped).unwrap();
    let mut zip = ZipWriter::new(File::create(zipped.join("jw323.zip")).unwrap());
    let mut names: Vec<_> =
        fs::read_dir(large.join("jw323")).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    let mut count = 0;
    for path in names {
        for message in apart(&fs::read_to_string(path).unwrap(), count) {
            count += 1;
            let name = format!("JW323-{count:08}.xml");
            fs::write(small.join("jw323").join(&name), &message).unwrap();
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(message.as_bytes()).unwrap();
        }
    }
    zip.finish().unwrap();
    assert_eq!(count, LINES);
    // Toewijzingen, starts and stops stay as they are, beside them.
    for entry in fs::read_dir(&large).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_file() {
            for to in [&small, &zipped] {
                fs::copy(&path, to.join(name)).unwrap();
            }
        } else if name != "jw323" {
            for to in [&small, &zipped] {
                fs::create_dir(to.join(name)).unwrap();
                for message in fs::read_dir(&path).unwrap() {
                    let message = message.unwrap().path();
                    let to = to.join(name).join(message.file_name().unwrap());
                    fs::hard_link(&message, &to)
                        .or_else(|_| fs::copy(&message, &to).map(|_| ()))
                        .unwrap();
                }
            }
        }
    }
    let run = |dossier: &Path| {
        let out = dossier.with_extension("uit");
        let cost = controleer(dossier, &out);
        (findings(&out), cost)
    };
    let (of_large, as_large) = run(&large);
    let (of_small, as_small) = run(&small);
    let (of_zip, as_zip) = run(&zipped);
    assert_eq!(of_small, of_zip);
    // What is about the message itself is another thing in another message.
    let lines = |all: &[String]| -> Vec<String> {
        all.iter().filter(|row| !row.starts_with("JW")).cloned().collect()
    };
    assert_eq!(lines(&of_small), lines(&of_large));
    let Some(large) = as_large else { return };
    for small in [as_small, as_zip].into_iter().flatten() {
        // Half a gigabyte for 300,000 messages, and what memory comes in.
        let most = large.memory + LINES as u64 * 500_000_000 / 300_000 + 8_000_000;
        assert!(small.memory < most, "{} of {most} bytes", small.memory);
        let most = large.processor * 4 + 100;
        assert!(small.processor < most, "{} of {most} hundredths", small.processor);
    }
}
