//! Files beside each other, with and without the pseudonyms in them.

use crate::ground::{is_bomb, open_file, read_file};
use hashbrown::HashMap;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;
use zip::ZipArchive;

/// Do two files hold the same bytes?
pub(super) fn is_same(a: &Path, b: &Path) -> io::Result<bool> {
    if a.metadata()?.len() != b.metadata()?.len() {
        return Ok(false);
    }
    let [mut a, mut b] = [BufReader::new(open_file(a)?), BufReader::new(open_file(b)?)];
    let mut parts = [[0; 1 << 16]; 2];
    loop {
        let n = a.read(&mut parts[0])?;
        if n == 0 {
            return Ok(true);
        }
        b.read_exact(&mut parts[1][..n])?;
        if parts[0][..n] != parts[1][..n] {
            return Ok(false);
        }
    }
}

/// How a file is looked into.
enum Form {
    Text,
    /// A zip of texts: a workbook, a letter.
    Package,
    Table,
}

fn form(path: &Path) -> Form {
    match path.extension().and_then(|e| e.to_str()) {
        Some("xlsx" | "docx") => Form::Package,
        Some("parquet") => Form::Table,
        _ => Form::Text,
    }
}

/// Two files that were made with different keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// All is the same but what a key makes.
    Same,
    /// This line of the first isn't in the second.
    OtherLine(usize),
    /// The first can't be read as what the second is.
    OtherForm,
    /// A key changes the order too, and the form doesn't let that be undone.
    Unknown,
}

/// The two beside each other, without what a key makes. Findings that are alike but for it stand in an
/// order of its own: of a table of lines the order isn't looked at.
pub(super) fn beside_without_key(then: &Path, now: &Path) -> io::Result<Beside> {
    let numbered = |path: &Path| -> io::Result<Option<Vec<String>>> {
        let mut numbers = Numbers::default();
        let parts = texts(path)?;
        Ok(parts.map(|parts| parts.iter().map(|(_, text)| numbers.in_place(text)).collect()))
    };
    let (a, b) = match (numbered(then)?, numbered(now)?) {
        (Some(a), Some(b)) => (a, b),
        (None, None) => return Ok(Beside::Unknown),
        _ => return Ok(Beside::OtherForm),
    };
    if a == b {
        return Ok(Beside::Same);
    }
    if !is_table_of_lines(then) {
        return Ok(Beside::Unknown);
    }
    let lines = |path: &Path| -> io::Result<Vec<String>> {
        let text = String::from_utf8_lossy(&read_file(path)?).into_owned();
        Ok(text.lines().map(without_hashes).collect())
    };
    let mut left: HashMap<String, usize> = HashMap::new();
    let (then, now) = (lines(then)?, lines(now)?);
    for line in &now {
        *left.entry(line.clone()).or_default() += 1;
    }
    let other = then.iter().position(|line| match left.get_mut(line) {
        Some(n) if *n > 0 => {
            *n -= 1;
            false
        }
        _ => true,
    });
    Ok(match other {
        Some(place) => Beside::OtherLine(place + 1),
        None if then.len() < now.len() => Beside::OtherLine(then.len() + 1),
        None => Beside::Same,
    })
}

/// Does each line stand by itself?
fn is_table_of_lines(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "csv" || e == "json")
}

/// The texts in a file by the name of its part; `None` of a file that has none.
fn texts(path: &Path) -> io::Result<Option<Vec<(String, String)>>> {
    match form(path) {
        Form::Table => Ok(None),
        Form::Text => {
            let text = String::from_utf8_lossy(&read_file(path)?).into_owned();
            Ok(Some(vec![(String::new(), text)]))
        }
        Form::Package => parts(path),
    }
}

/// The texts in a zip; `None` where it isn't one.
fn parts(path: &Path) -> io::Result<Option<Vec<(String, String)>>> {
    let bytes = read_file(path)?;
    let (size, mut unpacked) = (bytes.len() as u64, 0_u64);
    let Ok(mut package) = ZipArchive::new(Cursor::new(bytes)) else {
        return Ok(None);
    };
    let mut out = Vec::new();
    for i in 0..package.len() {
        let Ok(mut part) = package.by_index(i) else { return Ok(None) };
        // Somebody else may have made it: what grows beyond all measure is no part of a rapport.
        if is_bomb(size, unpacked.saturating_add(part.size())) {
            return Ok(None);
        }
        let (mut bytes, promised) = (Vec::new(), part.size());
        (&mut part).take(promised).read_to_end(&mut bytes)?;
        unpacked += bytes.len() as u64;
        let name = part.name().map(|name| name.into_owned()).unwrap_or_default();
        out.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok(Some(out))
}

/// From where on two files differ, in Dutch.
pub(super) fn place_of_difference(a: &Path, b: &Path) -> io::Result<String> {
    let (Some(then), Some(now)) = (texts(a)?, texts(b)?) else {
        return Ok(format!("vanaf byte {}", first_byte(a, b)?));
    };
    let differing = then.iter().zip(&now).find(|(then, now)| then != now);
    let Some(((name, then), (_, now))) = differing else {
        return Ok("in het aantal onderdelen".to_owned());
    };
    if !name.is_empty() {
        return Ok(format!("in {name}"));
    }
    let lines = then.lines().zip(now.lines());
    let line = lines.take_while(|(then, now)| then == now).count() + 1;
    Ok(format!("vanaf regel {line}"))
}

fn first_byte(a: &Path, b: &Path) -> io::Result<usize> {
    let (a, b) = (read_file(a)?, read_file(b)?);
    Ok(a.iter().zip(&b).take_while(|(a, b)| a == b).count())
}

/// Digits of what is made with a key: a pseudonym, and the hash in an Id.
const DIGITS: usize = 16;

/// The text with what `by` gives in the place of each run of sixteen hexadecimal digits.
fn hashes_replaced(text: &str, mut by: impl FnMut(&str) -> String) -> String {
    let is_digit = |c: &u8| matches!(c, b'0'..=b'9' | b'a'..=b'f');
    let bytes = text.as_bytes();
    let (mut out, mut from, mut i) = (String::with_capacity(text.len()), 0, 0);
    while i < bytes.len() {
        let run = bytes[i..].iter().take_while(|c| is_digit(c)).count();
        if run == DIGITS {
            out += &text[from..i];
            out += &by(&text[i..i + run]);
            from = i + run;
        }
        i += run.max(1);
    }
    out + &text[from..]
}

fn without_hashes(text: &str) -> String {
    hashes_replaced(text, |_| "#".to_owned())
}

/// Numbers for what is made with a key, in the order in which they come.
#[derive(Default)]
struct Numbers(HashMap<String, usize>);

impl Numbers {
    /// The text with each of them numbered.
    fn in_place(&mut self, text: &str) -> String {
        hashes_replaced(text, |hash| {
            let next = self.0.len();
            format!("#{}", self.0.entry(hash.to_owned()).or_insert(next))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_key_gives_the_same_numbers() {
        let of = |text: &str| Numbers::default().in_place(text);
        let (a, b) = ("J0123456789abcdef", "Jfedcba9876543210");
        let text = |x: &str, y: &str| format!("€ {x};{y};{x};12345678\n");
        assert_eq!(of(&text(a, b)), of(&text(b, a)));
        assert_ne!(of(&text(a, b)), of(&text(a, a)));
        assert_eq!(of("geen é"), "geen é");
    }

    #[test]
    fn lines_may_stand_in_another_order_but_none_may_be_another() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let (x, y) = ("J0123456789abcdef", "Jfedcba9876543210");
        let then = write("a.csv", &format!("{x};1\n{y};2\n"));
        let beside = |text: String| beside_without_key(&then, &write("b.csv", &text)).unwrap();
        assert_eq!(beside(format!("{x};2\n{y};1\n")), Beside::Same);
        assert_eq!(beside(format!("{x};1\n{y};3\n")), Beside::OtherLine(2));
        assert_eq!(beside(format!("{x};1\n{y};2\n{y};2\n")), Beside::OtherLine(3));
    }
}
