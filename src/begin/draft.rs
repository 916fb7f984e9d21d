//! What is proposed for `controle.toml`, and the file itself with a word on everything in it.

use crate::dossier::{FileKind, Kolom};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What is proposed of one file: which kinds of table it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileDraft {
    pub kinds: BTreeSet<FileKind>,
    /// The only sheet that is read, where others have the same columns and aren't meant.
    pub sheet: Option<String>,
}

/// A proposal for `controle.toml`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub jaar: Option<i32>,
    pub regio: Option<String>,
    /// By path, those whose names don't say what they are.
    pub files: BTreeMap<String, FileDraft>,
    /// By kind the headers of the export.
    pub columns: BTreeMap<FileKind, BTreeMap<String, Kolom>>,
    pub words: BTreeMap<Kolom, BTreeMap<String, String>>,
    /// Kinds whose amounts are whole cents.
    pub in_cents: BTreeSet<FileKind>,
    /// The decimal mark of kinds that have amounts such as 1.234.
    pub decimals: BTreeMap<FileKind, char>,
    /// Kinds whose dates are in American order.
    pub month_first: BTreeSet<FileKind>,
}

/// A text as TOML writes it, also where it is a key.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

impl Draft {
    /// The file, in Dutch.
    pub(crate) fn to_toml(&self) -> String {
        let mut out = String::from(
            "# Voorstel van rechtmatig begin. Loop het na: alles hieronder is uit uw bestanden afgeleid.\n\
             # Wat achter een # staat, wordt niet gelezen.\n\n",
        );
        self.head(&mut out);
        self.files(&mut out);
        self.columns(&mut out);
        self.words(&mut out);
        self.forms(&mut out);
        out
    }

    fn line(out: &mut String, line: &str) {
        out.push_str(line);
        out.push('\n');
    }

    fn head(&self, out: &mut String) {
        Self::line(out, "# Het leverjaar: het jaar van de Einddatum van een declaratieregel.");
        match self.jaar {
            Some(jaar) => Self::line(out, &format!("jaar = {jaar}")),
            None => Self::line(out, "# jaar = 2023"),
        }
        Self::line(
            out,
            "\n# De regelset: die van uw regio (rechtmatig regels toont wat erin staat).",
        );
        match &self.regio {
            Some(regio) => Self::line(out, &format!("regio = {}", quoted(regio))),
            None => Self::line(out, "# regio = \"ijsselland\""),
        }
    }

    fn files(&self, out: &mut String) {
        if self.files.is_empty() {
            return;
        }
        Self::line(
            out,
            "\n# Wat een bestand is waarvan de naam het niet zegt. Een lijst: één bestand met meer tabellen.\n[bestanden]",
        );
        for (path, file) in &self.files {
            let kinds: Vec<String> = file.kinds.iter().map(|k| quoted(k.name())).collect();
            let kinds = match kinds.as_slice() {
                [one] => one.clone(),
                more => format!("[{}]", more.join(", ")),
            };
            let entry = match &file.sheet {
                None => kinds,
                Some(sheet) => format!("{{ soort = {kinds}, blad = {} }}", quoted(sheet)),
            };
            Self::line(out, &format!("{} = {entry}", quoted(path)));
        }
    }

    fn columns(&self, out: &mut String) {
        for (kind, columns) in self.columns.iter().filter(|(_, columns)| !columns.is_empty()) {
            let _ = writeln!(
                out,
                "\n# Links de kop van uw export, rechts de kolom van rechtmatig.\n[kolommen.{kind}]"
            );
            for (header, kolom) in columns {
                Self::line(out, &format!("{} = {}", quoted(header), quoted(kolom.name())));
            }
        }
    }

    fn words(&self, out: &mut String) {
        for (kolom, words) in self.words.iter().filter(|(_, words)| !words.is_empty()) {
            let _ = writeln!(
                out,
                "\n# Links het woord van uw export, rechts de code.\n[waarden.{kolom}]"
            );
            for (word, code) in words {
                Self::line(out, &format!("{} = {}", quoted(word), quoted(code)));
            }
        }
    }

    fn forms(&self, out: &mut String) {
        let kinds: BTreeSet<FileKind> =
            self.in_cents.iter().chain(self.decimals.keys()).copied().collect();
        for kind in kinds {
            let _ = writeln!(out, "\n# Hoe de bedragen zijn geschreven.\n[bedragen.{kind}]");
            if self.in_cents.contains(&kind) {
                Self::line(out, "eenheid = \"eurocent\"");
            }
            // What could mean two things is for a person to say.
            if let Some(mark) = self.decimals.get(&kind) {
                Self::line(out, &format!("# decimaal = \"{mark}\""));
            }
        }
        for kind in &self.month_first {
            let _ = writeln!(
                out,
                "\n# De maand staat voor de dag.\n[datums.{kind}]\nvolgorde = \"mdj\""
            );
        }
    }
}
