//! A folder of case files, run one after the other.

use super::case::{Case, CaseFile};
use super::running::run;
use crate::regelset::Regelset;
use crate::toetsing::AuditRule;
use rayon::prelude::*;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// A page in such a folder that holds no cases.
const LEESMIJ: &str = "README";

/// What the cases of a folder came to.
#[derive(Default)]
pub(crate) struct Trial {
    pub cases: usize,
    pub files: usize,
    /// Of each case, or file, that isn't as it says: where, and how it differs.
    pub differences: Vec<String>,
}

/// The case files of a folder, in the order of their names.
///
/// # Errors
/// The folder can't be read.
pub(crate) fn case_files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for thing in dir.read_dir()? {
        let path = thing?.path();
        let is_case_file = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("md"))
            && path.file_stem().is_some_and(|stem| stem != LEESMIJ);
        if is_case_file && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Runs all cases of these files; `rules` are those that they may be about.
pub(crate) fn try_out(files: &[PathBuf], regelsets: &[Regelset], rules: &[AuditRule]) -> Trial {
    let mut trial = Trial { files: files.len(), ..Trial::default() };
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match read(path, regelsets, rules) {
            Err(what) => trial.differences.push(format!("{name}{what}\n")),
            Ok(file) => {
                trial.cases += file.cases.len();
                let cases = file.cases.par_iter();
                let differing = cases.filter_map(|case| {
                    let difference = run_case(case, &file.code, regelsets, rules).err()?;
                    Some(format!("{name}, regel {}: '{}'\n{difference}", case.line, case.name))
                });
                trial.differences.par_extend(differing);
            }
        }
    }
    trial
}

/// The cases of a file; the error says what is wrong behind the name of the file.
fn read(path: &Path, regelsets: &[Regelset], rules: &[AuditRule]) -> Result<CaseFile, String> {
    let code = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if rules.iter().all(|rule| rule.code != code) {
        return Err(format!(": er is geen regel {code}"));
    }
    let text =
        crate::ground::read_short_text(path).map_err(|e| format!(" is niet te lezen: {e}"))?;
    let names: Vec<&str> = regelsets.iter().map(|set| set.name.as_str()).collect();
    CaseFile::read(&code, &text, &names).map_err(|e| format!(", regel {}: {}", e.line, e.what))
}

fn run_case(
    case: &Case,
    code: &str,
    regelsets: &[Regelset],
    rules: &[AuditRule],
) -> Result<(), String> {
    let name = &case.settings.regelset;
    let regelset = regelsets.iter().find(|set| set.name == *name);
    // Two rulesets may each have a check of their own by this code.
    let own = regelset.and_then(|set| set.own().iter().find(|own| own.code == code));
    let rule = match own {
        Some(own) => Some(AuditRule::from(own.clone())),
        None => rules.iter().find(|rule| rule.code == code && rule.own().is_none()).cloned(),
    };
    match (rule, regelset) {
        (Some(rule), Some(regelset)) => run(case, &rule, regelset, |_, _| Ok(())),
        _ => Err(format!("  regelset {name} heeft geen regel {code}\n")),
    }
}

impl Trial {
    /// All in lines for a person, what differs first.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        for difference in &self.differences {
            let _ = writeln!(out, "{difference}");
        }
        let count = |n: usize, one: &str, more: &str| match n {
            1 => format!("1 {one}"),
            n => format!("{n} {more}"),
        };
        let cases = count(self.cases, "geval", "gevallen");
        let files = count(self.files, "bestand", "bestanden");
        let outcome = match self.differences.len() {
            0 if self.cases == 1 => "het klopt".to_owned(),
            0 => "alle kloppen".to_owned(),
            1 => "1 klopt niet".to_owned(),
            n => format!("{n} kloppen niet"),
        };
        let _ = writeln!(out, "{cases} in {files}: {outcome}");
        out
    }
}
