//! A case file as text: a title, header lines, and tables under headings. Nothing is skipped in
//! silence but sentences between the header lines and the first heading.

/// What is wrong, and on which line.
#[derive(Debug, PartialEq, Eq)]
pub struct Fout {
    pub regel: usize,
    pub wat: String,
}

pub fn fout<T>(regel: usize, wat: impl Into<String>) -> Result<T, Fout> {
    Err(Fout { regel, wat: wat.into() })
}

#[derive(Debug, Default)]
pub struct Document {
    pub titel: String,
    pub kopregels: Vec<Kopregel>,
    pub secties: Vec<Sectie>,
}

#[derive(Debug)]
pub struct Kopregel {
    pub regel: usize,
    pub naam: String,
    pub waarde: String,
}

#[derive(Debug)]
pub struct Sectie {
    pub regel: usize,
    pub naam: String,
    pub tabellen: Vec<Tabel>,
}

#[derive(Debug)]
pub struct Tabel {
    pub regel: usize,
    pub kolommen: Vec<String>,
    pub rijen: Vec<Rij>,
}

#[derive(Debug)]
pub struct Rij {
    pub regel: usize,
    pub cellen: Vec<String>,
}

/// Where in the file a line stands.
enum Plaats {
    Titel,
    Kopregels,
    Zinnen,
    /// Between tables of a section.
    Sectie,
    Tabel,
}

impl Document {
    /// Reads a file; `bekend` are the names of the header lines.
    pub fn lees(tekst: &str, bekend: &[&str]) -> Result<Document, Fout> {
        let mut document = Document::default();
        let mut plaats = Plaats::Titel;
        let mut regels = tekst.lines().enumerate().map(|(i, r)| (i + 1, r.trim())).peekable();
        while let Some((nr, regel)) = regels.next() {
            if regel.is_empty() {
                plaats = match plaats {
                    Plaats::Kopregels if !document.kopregels.is_empty() => Plaats::Zinnen,
                    Plaats::Tabel => Plaats::Sectie,
                    anders => anders,
                };
                continue;
            }
            if let Some(naam) = regel.strip_prefix("## ") {
                if matches!(plaats, Plaats::Titel) {
                    return fout(nr, "een kop voor de titel");
                }
                let naam = naam.trim().to_owned();
                document.secties.push(Sectie { regel: nr, naam, tabellen: Vec::new() });
                plaats = Plaats::Sectie;
                continue;
            }
            match plaats {
                Plaats::Titel => {
                    let Some(titel) = regel.strip_prefix("# ") else {
                        return fout(nr, "de eerste regel is geen titel ('# CODE · naam')");
                    };
                    document.titel = titel.trim().to_owned();
                    plaats = Plaats::Kopregels;
                }
                Plaats::Kopregels | Plaats::Zinnen => {
                    let deel = regel.split_once(':').map(|(n, w)| (n.trim(), w.trim()));
                    match deel.filter(|(naam, _)| bekend.contains(naam)) {
                        Some((naam, waarde)) => document.kopregels.push(Kopregel {
                            regel: nr,
                            naam: naam.to_owned(),
                            waarde: waarde.to_owned(),
                        }),
                        None if matches!(plaats, Plaats::Kopregels) => {
                            return fout(nr, format!("onbekende kopregel: {regel}"));
                        }
                        None if regel.starts_with(['|', '#']) => {
                            return fout(nr, "een tabel hoort onder een kop '## …'");
                        }
                        None => {}
                    }
                }
                Plaats::Sectie => {
                    let sectie = document.secties.last_mut().expect("a heading came first");
                    let kolommen = cellen(nr, regel)?;
                    if !regels.next().is_some_and(|(_, r)| is_streep(r, kolommen.len())) {
                        return fout(nr, "na de kolomnamen hoort een regel '|---|---|'");
                    }
                    sectie.tabellen.push(Tabel { regel: nr, kolommen, rijen: Vec::new() });
                    plaats = Plaats::Tabel;
                }
                Plaats::Tabel => {
                    let tabellen = &mut document.secties.last_mut().expect("a heading").tabellen;
                    let tabel = tabellen.last_mut().expect("column names came first");
                    let cellen = cellen(nr, regel)?;
                    if cellen.len() != tabel.kolommen.len() {
                        return fout(
                            nr,
                            format!("{} cellen, {} kolommen", cellen.len(), tabel.kolommen.len()),
                        );
                    }
                    tabel.rijen.push(Rij { regel: nr, cellen });
                }
            }
        }
        Ok(document)
    }
}

/// The cells of `| a | b |`, with `\|` for a `|` inside one.
fn cellen(nr: usize, regel: &str) -> Result<Vec<String>, Fout> {
    let Some(binnen) = regel.strip_prefix('|') else {
        return fout(nr, format!("geen tabelregel: {regel}"));
    };
    let mut cellen = vec![String::new()];
    let mut tekens = binnen.chars().peekable();
    while let Some(teken) = tekens.next() {
        let cel = cellen.last_mut().expect("never empty");
        match teken {
            '\\' if tekens.next_if_eq(&'|').is_some() => cel.push('|'),
            '|' => cellen.push(String::new()),
            teken => cel.push(teken),
        }
    }
    match cellen.pop() {
        Some(rest) if rest.is_empty() && !cellen.is_empty() => {}
        _ => return fout(nr, "een tabelregel eindigt met '|'"),
    }
    Ok(cellen.into_iter().map(|c| c.trim().to_owned()).collect())
}

fn is_streep(regel: &str, kolommen: usize) -> bool {
    cellen(0, regel).is_ok_and(|cellen| {
        cellen.len() == kolommen
            && cellen.iter().all(|c| !c.is_empty() && c.chars().all(|t| matches!(t, '-' | ':')))
    })
}
