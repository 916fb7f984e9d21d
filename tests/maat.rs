//! How long a file of code and a function may be, and the few that are longer, each with its reason.
//!
//! It reads what rustfmt wrote: a function ends on a line of its own, as far in as it began.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Where code stands.
const FOLDERS: [&str; 6] = [".ci", "benches", "fuzz", "integratie", "src", "tests"];

/// How the names of code end.
const CODE: [&str; 5] = ["rs", "js", "css", "html", "py"];

/// Lines that a file has at most, its own tests among them.
const MOST_OF_FILE: usize = 500;

/// Lines that a function has at most, from its name to its last brace.
const MOST_OF_FUNCTION: usize = 80;

/// Functions that are tables: longer because there is more of the same, and read by looking one row up.
const TABLES: [(&str, &str, &str); 3] = [
    (
        "src/dossier/kolom.rs",
        "kolommen",
        "the columns of each table, in the order of the specification",
    ),
    ("src/uitleg/kolommen.rs", "explain_anywhere", "each column with its meaning and form"),
    ("src/bron/error.rs", "advice", "each error with what to do about it"),
];

/// All code under a folder, but for what a build left there.
fn code_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let is_code = |e: &std::ffi::OsStr| CODE.iter().any(|code| e == *code);
        if path.is_dir() && !path.ends_with("target") {
            code_files(&path, found);
        } else if path.extension().is_some_and(is_code) {
            found.push(path);
        }
    }
}

/// The name of the function that begins on this line.
fn name_of(line: &str) -> Option<&str> {
    let (before, rest) = line.trim_start().split_once("fn ")?;
    let is_qualifier = |word: &str| {
        word.starts_with("pub") || ["super)", "const", "unsafe", "extern", "\"C\""].contains(&word)
    };
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    before.split_whitespace().all(is_qualifier).then_some(&rest[..end])
}

/// The functions of a text, each with its first line and how many it has.
fn functions(text: &str) -> Vec<(&str, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let begins = lines.iter().enumerate().filter_map(|(at, line)| Some((at, name_of(line)?)));
    let found = begins.map(|(at, name)| {
        let ends = |line: &&str| {
            indent(line) == indent(lines[at]) && line.trim_end().ends_with(['}', ';'])
        };
        let length = 1 + lines[at..].iter().position(ends).expect("a function ends");
        (name, at + 1, length)
    });
    found.collect()
}

#[test]
fn no_file_and_no_function_is_longer_than_one_can_survey_but_for_tables() {
    let mut paths = Vec::new();
    FOLDERS.iter().for_each(|folder| code_files(&Path::new(ROOT).join(folder), &mut paths));
    let (mut wrong, mut tables) = (BTreeSet::new(), BTreeSet::from(TABLES.map(|(f, n, _)| (f, n))));
    for path in &paths {
        let file = path.strip_prefix(ROOT).unwrap().to_str().unwrap().replace('\\', "/");
        let text = std::fs::read_to_string(path).unwrap();
        let count = text.lines().count();
        if count > MOST_OF_FILE {
            wrong.insert(format!(
                "{file} has {count} lines, more than {MOST_OF_FILE}: split it by what it is about"
            ));
        }
        if !file.ends_with(".rs") {
            continue;
        }
        for (name, line, length) in functions(&text) {
            let is_table = TABLES.iter().find(|(f, n, _)| (*f, *n) == (file.as_str(), name));
            match is_table {
                _ if length <= MOST_OF_FUNCTION => {}
                Some((f, n, _)) => drop(tables.remove(&(*f, *n))),
                None => drop(wrong.insert(format!(
                    "{file}:{line}: `{name}` has {length} lines, more than {MOST_OF_FUNCTION}: give its \
                     steps names of their own"
                ))),
            }
        }
    }
    wrong.extend(tables.iter().map(|(file, name)| {
        format!("TABLES: `{name}` of {file} isn't there, or is no longer too long; leave it out")
    }));
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_function_is_measured_from_its_name_to_its_last_brace() {
    let text = "impl A {\n    /// Doc.\n    pub(crate) const fn a(\n        b: u8,\n    ) -> u8 {\n        b\n    }\n}\n\
                trait T {\n    fn open(&self);\n}\n\nfn none() {}\n// fn of_a_comment() {\nlet f = |fn_| fn_;\n";
    assert_eq!(functions(text), [("a", 3, 5), ("open", 10, 1), ("none", 13, 1)]);
}
