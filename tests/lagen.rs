//! The way of the data, held: what each folder of `src` may know, and no circle of files.
//!
//! It reads what rustfmt wrote: an item ends on a line of its own, as far in as it began. Code under
//! `#[cfg(test)]` may know anything; a `mod.rs` that names its own files doesn't import them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const SRC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");

/// The stages in their order, each with those before it that it may know.
const STAGES: [(&str, &str); 24] = [
    ("ground", ""),
    ("dossier", "ground"),
    ("frame", "dossier"),
    ("writing", "ground dossier"),
    ("bron", "ground dossier"),
    ("regelset", "ground dossier bron"),
    ("toetsing", "ground dossier regelset"),
    ("regels", "ground dossier regelset toetsing"),
    ("poort", "dossier regelset toetsing"),
    ("audit", "ground dossier writing bron regelset toetsing regels poort"),
    ("begin", "ground dossier bron toetsing poort audit"),
    ("beproeving", "ground dossier bron regelset toetsing audit"),
    ("uitleg", "ground dossier regelset toetsing regels"),
    ("terugvordering", "ground dossier writing"),
    ("vergelijking", "ground dossier frame bron"),
    (
        "rapport",
        "ground dossier writing vergelijking terugvordering bron regelset toetsing regels poort uitleg",
    ),
    ("productie", "dossier frame writing toetsing rapport"),
    ("monitor", "ground dossier frame writing regelset toetsing rapport"),
    ("antwoord", "dossier toetsing"),
    ("herkomst", "ground dossier regelset"),
    ("steekproef", "ground dossier writing bron toetsing rapport herkomst"),
    ("verificatie", "ground dossier regelset herkomst"),
    ("voorbeeld", "ground dossier writing regelset"),
    (
        "cli",
        "ground dossier writing bron regelset toetsing regels poort audit begin uitleg rapport productie \
         monitor vergelijking antwoord herkomst steekproef terugvordering verificatie voorbeeld beproeving",
    ),
];

/// From the root of the crate on, without `crate` itself.
type Module = Vec<String>;

struct File {
    path: PathBuf,
    /// Line and path of all that it takes from elsewhere in the crate.
    imports: Vec<(usize, Module)>,
    /// What it imports, by the name that it has there: others may get it from here.
    names: BTreeMap<String, Module>,
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("main.rs") {
            found.push(path);
        }
    }
}

fn module_of(path: &Path) -> Module {
    let path = path.strip_prefix(SRC).unwrap().with_extension("");
    let parts = path.iter().map(|p| p.to_str().unwrap().to_owned());
    parts.filter(|p| p != "mod" && p != "lib").collect()
}

/// Lines with their numbers, without comments and tests. A module whose file is for tests alone is
/// added to `tests`.
fn lines<'t>(text: &'t str, tests: &mut Vec<&'t str>) -> Vec<(usize, &'t str)> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let (mut lines, mut kept) = ((1..).zip(text.lines()), Vec::new());
    while let Some((id, line)) = lines.next() {
        if line.trim() == "#[cfg(test)]" {
            let ends = |l: &str| indent(l) == indent(line) && l.ends_with(['}', ';']);
            let item = lines.by_ref().find(|(_, l)| ends(l)).map_or("", |(_, l)| l.trim());
            tests.extend(item.strip_prefix("mod ").map(|m| m.trim_end_matches(';')));
        } else if !line.trim_start().starts_with("//") {
            kept.push((id, line));
        }
    }
    kept
}

/// The paths of a tree of imports.
fn expand(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let Some((head, rest)) = tree.trim().split_once('{') else {
        paths.extend((!tree.trim().is_empty()).then(|| format!("{prefix}{}", tree.trim())));
        return;
    };
    let inside = rest.strip_suffix('}').expect("braces come in pairs");
    let (mut depth, mut from) = (0, 0);
    for (i, c) in inside.char_indices().chain([(inside.len(), ',')]) {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            expand(&format!("{prefix}{head}"), &inside[from..i], paths);
            from = i + 1;
        }
    }
}

/// A path of a module from the root on; `None` where it leads to another crate.
fn absolute(module: &Module, path: &str, modules: &BTreeSet<Module>) -> Option<Module> {
    let parts: Vec<&str> = path.split("::").collect();
    let up = parts.iter().filter(|p| **p == "super").count();
    let child = [&module[..], &[parts[0].to_owned()]].concat();
    let base = match parts[0] {
        "crate" => &[],
        "self" => &module[..],
        "super" => &module[..module.len() - up],
        _ if modules.contains(&child) => &module[..],
        _ => return None,
    };
    let rest = parts.into_iter().filter(|p| !["crate", "self", "super", ""].contains(p));
    Some(base.iter().cloned().chain(rest.map(str::to_owned)).collect())
}

fn read() -> BTreeMap<Module, File> {
    let mut paths = Vec::new();
    rust_files(Path::new(SRC), &mut paths);
    let modules: BTreeSet<Module> = paths.iter().map(|p| module_of(p)).collect();
    let (mut files, mut only_tests) = (BTreeMap::new(), Vec::new());
    for path in paths {
        let (module, text) = (module_of(&path), std::fs::read_to_string(&path).unwrap());
        let (mut imports, mut names, mut tests) = (Vec::new(), BTreeMap::new(), Vec::new());
        let mut lines = lines(&text, &mut tests).into_iter();
        while let Some((id, line)) = lines.next() {
            let (mut found, mut code) = (Vec::new(), line.trim().to_owned());
            let is_use =
                code.starts_with("use ") || code.starts_with("pub") && code.contains(" use ");
            if is_use {
                while !code.ends_with(';') {
                    code += lines.next().expect("a statement ends").1.trim();
                }
                let tree = code.split_once("use ").expect("an import").1;
                expand("", tree.trim_end_matches(';'), &mut found);
            } else {
                let words = code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
                let own =
                    |w: &&str| ["crate::", "self::", "super::"].iter().any(|p| w.starts_with(p));
                found.extend(words.filter(own).map(str::to_owned));
            }
            for path in found {
                let (path, alias) = path.split_once(" as ").unwrap_or((&path, ""));
                let Some(full) = absolute(&module, path, &modules) else { continue };
                if let (true, Some(last)) = (is_use, full.last()) {
                    let name = if alias.is_empty() { last } else { alias };
                    names.insert(name.to_owned(), full.clone());
                }
                imports.push((id, full));
            }
        }
        only_tests.extend(tests.iter().map(|t| [&module[..], &[(*t).to_owned()]].concat()));
        let path = Path::new("src").join(path.strip_prefix(SRC).unwrap());
        files.insert(module, File { path, imports, names });
    }
    files.retain(|module, _| !only_tests.contains(module));
    files
}

/// The file that a path leads to, through what others import and pass on.
fn owner(files: &BTreeMap<Module, File>, path: &[String], passed_on: u32) -> Module {
    let known = (0..=path.len()).rev().find(|n| files.contains_key(&path[..*n]));
    let (module, rest) = path.split_at(known.expect("the crate has a root"));
    match rest.split_first().and_then(|(name, rest)| Some((files[module].names.get(name)?, rest))) {
        Some((target, rest)) if target != path && passed_on < 8 => {
            owner(files, &[target, rest].concat(), passed_on + 1)
        }
        _ => module.to_vec(),
    }
}

/// Fails on anything that is wrong.
fn none(wrong: BTreeSet<String>) {
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_stage_knows_only_stages_before_it() {
    let place = |stage: &str| STAGES.iter().position(|(s, _)| *s == stage);
    let mut wrong = BTreeSet::new();
    for (stage, known) in STAGES {
        let later = known.split_whitespace().filter(|k| place(k) >= place(stage));
        wrong.extend(later.map(|k| format!("STAGES: `{k}` comes after `{stage}`, which lists it")));
    }
    let mut used = BTreeSet::new();
    let files = read();
    for (module, file) in files.iter().filter(|(module, _)| !module.is_empty()) {
        let (stage, path) = (&module[0], file.path.display());
        let Some(id) = place(stage) else {
            wrong.insert(format!("{path}: put the folder `{stage}` among STAGES"));
            continue;
        };
        for (line, to) in file.imports.iter().filter_map(|(line, to)| Some((line, to.first()?))) {
            used.insert((stage.as_str(), to.as_str()));
            if to != stage && !STAGES[id].1.split_whitespace().any(|known| known == to) {
                wrong.insert(format!(
                    "{path}:{line}: `{stage}` may not know `{to}`; move what it needs to a stage that it \
                     knows, or pass it in"
                ));
            }
        }
    }
    for (stage, known) in STAGES {
        let idle = known.split_whitespace().filter(|known| !used.contains(&(stage, known)));
        wrong
            .extend(idle.map(|k| format!("STAGES: `{stage}` needs nothing of `{k}`: take it out")));
    }
    none(wrong);
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let files = read();
    let mut arrows: BTreeMap<&Module, BTreeMap<Module, usize>> = BTreeMap::new();
    for (module, file) in &files {
        let to = file.imports.iter().map(|(line, path)| (owner(&files, path, 0), *line));
        arrows.insert(module, to.filter(|(to, _)| !to.starts_with(module)).collect());
    }
    let reached = |from: &Module| {
        let (mut reached, mut ahead) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(module) = ahead.pop() {
            let new = arrows[&module].keys().filter(|to| reached.insert((*to).clone()));
            ahead.extend(new.cloned());
        }
        reached
    };
    let mut wrong = BTreeSet::new();
    for (module, to) in &arrows {
        for (to, line) in to.iter().filter(|(to, _)| reached(to).contains(*module)) {
            let [from, to] = [*module, to].map(|m| files[m].path.display());
            wrong.insert(format!(
                "{from}:{line}: {to} leads back here; move what both need to a file of its own"
            ));
        }
    }
    none(wrong);
}
