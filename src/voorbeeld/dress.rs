//! How a CSV is dressed: programs differ in what they quote, in what ends a line and in characters.

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

/// The dress of the large tables of a dossier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dress {
    pub quoting: Quoting,
    pub line_end: LineEnd,
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

impl Dress {
    /// These rows, which have no quotes and lines that end in LF, in this dress.
    pub(crate) fn put_on(self, rows: Vec<u8>) -> Vec<u8> {
        if self == Dress::default() {
            return rows;
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
        out
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
            let dress = Dress { quoting, line_end };
            assert_eq!(dress.put_on(b"a;;b\n;c;\n".to_vec()), dressed.as_bytes());
        }
    }
}
