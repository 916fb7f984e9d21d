//! The monitor's tables from parts.

use super::tabel::Table;
use super::{Audit, made_up, per_aanbieder, small, split};
use crate::hulp::{Dossier, ProgramOutput, VOORBEELD, program};
use chrono::NaiveDate;
use std::fs;
use std::path::Path;

impl Audit {
    /// What all parts counted for the monitor, the state first; without a day the engine takes that of
    /// the last delivery.
    fn count(&self, day: Option<&str>, parts: u32) -> Vec<Table> {
        let (read, summarised) = self.read().unwrap_or_else(|(_, error)| panic!("{error}"));
        let state = summarised.with("Doel", "alle");
        let pass = |field: &str, day: Option<&str>, rows: &Table| {
            let option = day.map_or("--monitor".to_owned(), |day| format!("--monitor={day}"));
            let out = self.pass_with(field, &[&option], &state, rows, parts);
            out.unwrap_or_else(|(_, error)| panic!("{error}"))
        };
        let aanbieder = pass("aanbieder", day, &per_aanbieder(&read, &summarised));
        let deliveries = aanbieder.with("Doel", "monitor").with("Sleutel", "leveringen");
        let last = deliveries.last_day("Datum").map(|day| {
            let first = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
            (first + chrono::Days::new(day.try_into().unwrap())).to_string()
        });
        let rows = [aanbieder.with("Doel", "toewijzing"), read.with("Doel", "toewijzing")];
        let rows = Table::together(&rows);
        let toewijzing = pass("toewijzing", day.or(last.as_deref()), &rows);
        vec![state, aanbieder.with("Doel", "monitor"), toewijzing.with("Doel", "monitor")]
    }

    fn monitor(&self, input: Option<&[u8]>, out: &Path, more: &[&str]) -> ProgramOutput {
        let mut spec = program();
        spec.arg("monitor").arg(&self.dir).args(&self.options).arg("--uit").arg(out);
        spec.args(["--stil"]).args(more);
        if let Some(input) = input {
            spec.arg("--delen").write_stdin(input);
        }
        ProgramOutput::of(&mut spec)
    }
}

/// All tables have the same bytes, however many parts there are.
#[track_caller]
fn whole_and_in_parts(dir: &Path, region: &str, day: Option<&str>, parts: &[u32]) {
    let slot = Dossier::empty();
    let key = slot.key();
    let audit = Audit::of(dir, &["--jaar", "2023", "--regio", region]);
    let mut options = vec!["--sleutel", key.as_str()];
    options.extend(day.iter().flat_map(|day| ["--peildatum", *day]));
    let whole = slot.out().join("heel");
    let outcome = audit.monitor(None, &whole, &options);
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    for count in parts {
        let out = slot.out().join(count.to_string());
        let counted = audit.count(day, *count);
        let counted = Table::stream(&counted.iter().collect::<Vec<_>>());
        let outcome = audit.monitor(Some(&counted), &out, &options);
        assert_eq!(outcome.status, 0, "{}", outcome.stderr);
        let name = format!("2023-{region}-monitor");
        let mut compared = 0;
        for file in fs::read_dir(whole.join(&name)).unwrap() {
            let path = file.unwrap().path();
            if !["csv", "parquet", "html"].iter().any(|kind| path.extension().unwrap() == *kind) {
                continue;
            }
            let other = out.join(&name).join(path.file_name().unwrap());
            let same = fs::read(&path).unwrap() == fs::read(&other).expect("it is there too");
            assert!(same, "{} differs in {count} parts of {}", other.display(), dir.display());
            compared += 1;
        }
        assert!(compared > 8, "{compared} files");
    }
}

#[test]
fn the_monitor_of_the_samples_has_the_same_bytes_from_parts() {
    let sample = Path::new(VOORBEELD);
    whole_and_in_parts(sample, "ijsselland", None, &[1, 4]);
    whole_and_in_parts(sample, "ijsselland", Some("2023-08-15"), &[3]);
    let zeeland = sample.join("zeeland");
    whole_and_in_parts(&zeeland, "zeeland", None, &[1, 5]);
    whole_and_in_parts(&zeeland, "zeeland", Some("2023-10-20"), &[2]);
}

#[test]
fn the_monitor_of_messages_and_of_many_files_has_the_same_bytes_from_parts() {
    let slot = Dossier::empty();
    let many = made_up(&slot, &["--regels", "1500", "--fouten", "10%", "--zaad", "12"]);
    split(&many, "declaraties", 3);
    split(&many, "startstop", 2);
    whole_and_in_parts(&many, "ijsselland", None, &[3]);
    let slot = Dossier::empty();
    let options = ["--regels", "40", "--fouten", "10%", "--vorm", "ijw", "--antwoorden"];
    whole_and_in_parts(&made_up(&slot, &options), "ijsselland", Some("2023-09-30"), &[2]);
}

#[test]
fn counts_of_another_day_and_parts_that_are_lost_or_came_twice_are_told() {
    let (dossier, audit) = small();
    let (out, key) = (dossier.out(), dossier.key());
    let merged = |tables: &[&Table], more: &[&str]| {
        let options = [&["--sleutel", &key], more].concat();
        audit.monitor(Some(&Table::stream(tables)), &out, &options)
    };
    let counted = audit.count(None, 2);
    let [state, aanbieder, toewijzing] = counted.iter().collect::<Vec<_>>()[..] else {
        panic!("three tables")
    };
    merged(&[state, aanbieder, toewijzing], &["--peildatum", "2023-02-15"])
        .refuses(3, &["geteld tot", "peildatum"]);
    merged(&[state, aanbieder], &[]).refuses(3, &["per toewijzing", "precies één uitkomst"]);
    merged(&[state, aanbieder, aanbieder, toewijzing], &[])
        .refuses(3, &["per aanbieder", "precies één uitkomst"]);
    dossier.wrote_nothing();
}
