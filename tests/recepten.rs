//! What the recipes name is there: whoever follows them finds each file, and no check runs nothing.

use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const GUIDES: [&str; 2] = ["CONTRIBUTING.md", "docs/architectuur.md"];

/// What stands for a name that is still to be chosen.
const TO_CHOOSE: [&str; 4] = ["NAME", "FAMILY", "CODE", "*"];

/// All that a guide has between backticks, without what is fenced.
fn quoted(guide: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(ROOT).join(guide)).unwrap();
    let mut fenced = false;
    let running = text.lines().filter(|line| {
        let is_fence = line.starts_with("```");
        fenced ^= is_fence;
        !fenced && !is_fence
    });
    let running = running.collect::<Vec<_>>().join(" ");
    running.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_file_that_a_recipe_names_is_there() {
    let mut missing = Vec::new();
    for guide in GUIDES {
        for path in quoted(guide) {
            let is_path = path.contains('/') && !path.contains([' ', '<']);
            let is_chosen = !TO_CHOOSE.iter().any(|word| path.contains(word));
            if is_path && is_chosen && !Path::new(ROOT).join(&path).exists() {
                missing.push(format!("{guide}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The names of all tests in this folder and those below, as `cargo test` knows them but for a `tests`.
fn tests_in(dir: &Path, module: &str, found: &mut Vec<String>) {
    for thing in fs::read_dir(dir).unwrap() {
        let path = thing.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let inside = if name == "mod" { module.to_owned() } else { format!("{module}{name}::") };
        if path.is_dir() {
            tests_in(&path, &inside, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let tests = text.split("#[test]").skip(1).filter_map(|after| after.split_once("fn "));
            found.extend(
                tests.map(|(_, rest)| format!("{inside}{}", rest.split('(').next().unwrap())),
            );
        }
    }
}

#[test]
fn every_check_of_a_recipe_runs_a_test_for_each_of_its_words() {
    let mut names = Vec::new();
    for dir in ["src", "tests"] {
        tests_in(&Path::new(ROOT).join(dir), "", &mut names);
    }
    let mut nothing = Vec::new();
    for guide in GUIDES {
        for command in quoted(guide) {
            let Some((_, words)) = command.split_once("cargo test") else { continue };
            let words = words.replace("--test rechtmatig", "");
            let filters = words.split_whitespace().filter(|word| !word.starts_with("--"));
            let idle = filters.filter(|filter| !names.iter().any(|name| name.contains(filter)));
            nothing
                .extend(idle.map(|filter| format!("{guide}: `{command}`: no test has {filter}")));
        }
    }
    assert!(nothing.is_empty(), "{}", nothing.join("\n"));
}
