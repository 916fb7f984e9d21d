//! How a CSV is dressed: programs differ in what they quote, in what ends a line and in characters.

use encoding_rs::WINDOWS_1252;
use std::str::FromStr;

/// Which cells stand in quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quoting {
    #[default]
    None,
    /// Empty ones, as `""`.
    Empty,
    All,
}

/// What ends a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineEnd {
    #[default]
    Lf,
    CrLf,
}

/// What bytes its characters are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    #[default]
    Utf8,
    Windows1252,
}

/// The dress of the large tables of a dossier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dress {
    pub quoting: Quoting,
    pub line_end: LineEnd,
    pub charset: Charset,
}

impl FromStr for Quoting {
    type Err = String;
    fn from_str(text: &str) -> Result<Quoting, String> {
        match text {
            "geen" => Ok(Quoting::None),
            "leeg" => Ok(Quoting::Empty),
            "alles" => Ok(Quoting::All),
            _ => Err("kies geen, leeg of alles".to_owned()),
        }
    }
}

impl FromStr for LineEnd {
    type Err = String;
    fn from_str(text: &str) -> Result<LineEnd, String> {
        match text {
            "lf" => Ok(LineEnd::Lf),
            "crlf" => Ok(LineEnd::CrLf),
            _ => Err("kies lf of crlf".to_owned()),
        }
    }
}

impl FromStr for Charset {
    type Err = String;
    fn from_str(text: &str) -> Result<Charset, String> {
        match text {
            "utf-8" => Ok(Charset::Utf8),
            "windows-1252" => Ok(Charset::Windows1252),
            _ => Err("kies utf-8 of windows-1252".to_owned()),
        }
    }
}

impl Charset {
    fn of(self, text: Vec<u8>) -> Vec<u8> {
        match (self, std::str::from_utf8(&text)) {
            (Charset::Windows1252, Ok(words)) => WINDOWS_1252.encode(words).0.into_owned(),
            _ => text,
        }
    }
}

impl Dress {
    /// These rows, which have no quotes and lines that end in LF, in this dress.
    pub(crate) fn put_on(self, rows: Vec<u8>) -> Vec<u8> {
        if (self.quoting, self.line_end) == (Quoting::None, LineEnd::Lf) {
            return self.charset.of(rows);
        }
        let quoted = |cell: &[u8]| match self.quoting {
            Quoting::None => false,
            Quoting::Empty => cell.is_empty(),
            Quoting::All => true,
        };
        let mut out = Vec::with_capacity(rows.len() * 3 / 2);
        for row in rows.split_inclusive(|c| *c == b'\n') {
            let row = row.strip_suffix(b"\n").unwrap_or(row);
            for (i, cell) in row.split(|c| *c == b';').enumerate() {
                if i > 0 {
                    out.push(b';');
                }
                let quote: &[u8] = if quoted(cell) { b"\"" } else { b"" };
                out.extend([quote, cell, quote].concat());
            }
            out.extend_from_slice(match self.line_end {
                LineEnd::Lf => b"\n",
                LineEnd::CrLf => b"\r\n",
            });
        }
        self.charset.of(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dress_changes_what_is_around_cells_alone() {
        for (quoting, line_end, dressed) in [
            (Quoting::None, LineEnd::Lf, "a;;b\n;c;\n"),
            (Quoting::Empty, LineEnd::CrLf, "a;\"\";b\r\n\"\";c;\"\"\r\n"),
            (Quoting::All, LineEnd::Lf, "\"a\";\"\";\"b\"\n\"\";\"c\";\"\"\n"),
        ] {
            let dress = Dress { quoting, line_end, charset: Charset::Windows1252 };
            assert_eq!(dress.put_on(b"a;;b\n;c;\n".to_vec()), dressed.as_bytes());
        }
    }
    #[test]
    fn a_character_is_one_byte_in_windows_1252() {
        let dress = |charset| Dress { charset, ..Dress::default() };
        let rows = "Diëtist;€\n".as_bytes();
        assert_eq!(dress(Charset::Utf8).put_on(rows.to_vec()), rows);
        assert_eq!(dress(Charset::Windows1252).put_on(rows.to_vec()), b"Di\xebtist;\x80\n");
    }
}
