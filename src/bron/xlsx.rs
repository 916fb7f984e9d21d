//! A workbook: the first sheet with a row that holds all needed columns, cell by cell as text. Of
//! verdicts every such sheet: a rapport has one a family of rules.

use super::fout::BronFout;
use super::getal::schrijf_getal;
use super::kop::{Kolomnamen, Kop, Koptekst};
use super::record::Recordblok;
use crate::dossier::{Kolom, Kolommen, Soort};
use calamine::{
    DataRef, ExcelDateTime, ExcelDateTimeType, Reader, SheetType, Xlsx, XlsxCellReader, XlsxError,
};
use std::fmt::Write;
use std::io::{Cursor, Read};

/// Rows of a sheet among which the header is looked for.
const KOPRIJEN: u32 = 20;
/// Columns that a sheet can have.
const KOLOMMEN: u32 = 1 << 14;
/// Rows in one block.
const BLOKRIJEN: usize = 2048;

/// The parts of a workbook together, unpacked, are no larger than this.
const GRENS_UITGEPAKT: u64 = 1_500_000_000;
/// A part above this size that was packed better than `GRENS_VERHOUDING` is no table.
const GRENS_DEEL: u64 = 50_000_000;
const GRENS_VERHOUDING: u64 = 200;

/// The last day of Excel's calendar.
const LAATSTE_DAG: f64 = 2_958_466.0;

/// A row of totals below the last row of data.
pub struct Totaalrij {
    pub regel: u64,
    pub kolom: Kolom,
    pub waarde: String,
}

/// What a file holds and how its header is to be read.
pub struct Vraag<'a> {
    pub bestand: &'a str,
    pub soort: Soort,
    pub namen: &'a Kolomnamen,
    pub mag_ontbreken: Kolommen,
}

type Bytes<'b> = Cursor<&'b [u8]>;

/// Reads the workbook; `stuur` gets a few blocks of rows at a time.
pub fn lees(
    bytes: &[u8],
    vraag: &Vraag<'_>,
    stuur: &mut dyn FnMut(&Kop, &[Recordblok]),
) -> Result<(Kop, Vec<Totaalrij>), BronFout> {
    let beschadigd = |e: XlsxError| {
        tracing::debug!("{}: {e}", vraag.bestand);
        vraag.beschadigd("de werkmap is niet te lezen")
    };
    vraag.controleer_zip(bytes)?;
    let mut boek: Xlsx<Bytes<'_>> = Xlsx::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsxError::Password => vraag.beveiligd(),
        e => beschadigd(e),
    })?;
    let bladen: Vec<String> = boek
        .sheets_metadata()
        .iter()
        .filter(|blad| blad.typ == SheetType::WorkSheet)
        .map(|blad| blad.name.clone())
        .collect();
    let mut beste: Option<(usize, BronFout)> = None;
    let mut gelezen: Option<(Kop, Vec<Totaalrij>)> = None;
    for blad in &bladen {
        let cellen = match boek.worksheet_cells_reader(blad) {
            Ok(cellen) => cellen,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(e) => return Err(beschadigd(e)),
        };
        let mut rijen = Rijen { cellen, vooruit: None, ten_einde: false };
        let mut cellen = Vec::new();
        while let Some(rij) = rijen.volgende(&mut cellen).map_err(beschadigd)? {
            if rij >= KOPRIJEN {
                break;
            }
            let koppen = koppen(&cellen);
            if koppen.is_empty() {
                continue;
            }
            let bekend = vraag.namen.bekende(&koppen, vraag.soort);
            let tekst = Koptekst { koppen, regel: u64::from(rij) + 1, ..Koptekst::default() };
            let kop = Kop::van_koppen(
                tekst,
                vraag.bestand,
                vraag.soort,
                vraag.namen,
                vraag.mag_ontbreken,
            );
            match kop {
                Ok(kop) => {
                    let totalen = lees_rijen(&mut rijen, &kop, vraag.soort, stuur);
                    let totalen = totalen.map_err(beschadigd)?;
                    if vraag.soort != Soort::Beoordelingen {
                        return Ok((kop, totalen));
                    }
                    gelezen = Some((kop, totalen));
                    break;
                }
                Err(fout) if beste.as_ref().is_none_or(|(b, _)| bekend > *b) => {
                    beste = Some((bekend, fout));
                }
                Err(_) => {}
            }
        }
    }
    if let Some(gelezen) = gelezen {
        return Ok(gelezen);
    }
    Err(beste.map_or(BronFout::Leeg { bestand: vraag.bestand.to_owned() }, |(_, fout)| fout))
}

/// Reads the rows below the header.
fn lees_rijen(
    rijen: &mut Rijen<'_, '_>,
    kop: &Kop,
    soort: Soort,
    stuur: &mut dyn FnMut(&Kop, &[Recordblok]),
) -> Result<Vec<Totaalrij>, XlsxError> {
    let kolommen = kop.kolommen_op_plaats();
    let breedte = rayon::current_num_threads() * 4;
    let mut blokken = vec![Recordblok::default()];
    let mut in_blok = 0;
    // Rows that look like totals: they are, unless a row of data follows.
    let mut wachtend: Vec<(u64, Vec<String>)> = Vec::new();
    let mut teksten = vec![String::new(); kop.aantal_velden];
    let mut cellen = Vec::new();
    let mut neem_op = |regel: u64, teksten: &[String]| {
        if in_blok == BLOKRIJEN {
            in_blok = 0;
            if blokken.len() == breedte {
                stuur(kop, &blokken);
                blokken.clear();
            }
            blokken.push(Recordblok::default());
        }
        let blok = blokken.last_mut().expect("there is always a block");
        teksten.iter().for_each(|t| blok.cel(t));
        blok.sluit(regel);
        in_blok += 1;
    };
    while let Some(rij) = rijen.volgende(&mut cellen)? {
        teksten.iter_mut().for_each(String::clear);
        for (plaats, waarde) in &cellen {
            // What stands beside the table has no header and can shift nothing.
            if let Some(tekst) = teksten.get_mut(*plaats as usize) {
                tekst.clear();
                schrijf_cel(waarde, kolommen[*plaats as usize], tekst);
            }
        }
        if teksten.iter().all(|t| t.trim_ascii().is_empty()) {
            continue;
        }
        let regel = u64::from(rij) + 1;
        if totaal_van(&teksten, kop, soort).is_some() {
            wachtend.push((regel, teksten.clone()));
            continue;
        }
        wachtend.drain(..).for_each(|(eerder, teksten)| neem_op(eerder, &teksten));
        neem_op(regel, &teksten);
    }
    stuur(kop, &blokken);
    Ok(wachtend
        .into_iter()
        .filter_map(|(regel, teksten)| {
            let (kolom, waarde) = totaal_van(&teksten, kop, soort)?;
            Some(Totaalrij { regel, kolom, waarde: waarde.to_owned() })
        })
        .collect())
}

/// The amount of a row that has one, but nothing in the columns that tell rows apart.
fn totaal_van<'t>(teksten: &'t [String], kop: &Kop, soort: Soort) -> Option<(Kolom, &'t str)> {
    let bedrag = match soort {
        Soort::Declaraties => Kolom::IngediendBedrag,
        Soort::Toewijzingen => Kolom::Budget,
        Soort::Omzet => Kolom::Omzet,
        Soort::Productieverantwoording => Kolom::Bedrag,
        _ => return None,
    };
    let cel = |kolom| kop.plaats(kolom).map_or("", |i| teksten[i].trim_ascii());
    let is_totaal = !cel(bedrag).is_empty()
        && soort
            .kolommen()
            .iter()
            .filter(|(kolom, nodig)| *nodig && *kolom != bedrag && *kolom != Kolom::GeleverdVolume)
            .all(|(kolom, _)| cel(*kolom).is_empty() || is_opschrift(cel(*kolom)));
    is_totaal.then(|| (bedrag, cel(bedrag)))
}

/// What people write before a total.
fn is_opschrift(cel: &str) -> bool {
    let cel = cel.to_lowercase();
    ["totaal", "totalen", "eindtotaal", "subtotaal", "total", "som"]
        .iter()
        .any(|woord| cel.split(|c: char| !c.is_alphabetic()).next() == Some(woord))
}

/// The rows of a sheet that have cells.
struct Rijen<'b, 'z> {
    cellen: XlsxCellReader<'z, Bytes<'b>>,
    vooruit: Option<(u32, u32, DataRef<'z>)>,
    ten_einde: bool,
}

impl<'z> Rijen<'_, 'z> {
    /// Puts the cells of the next row, each with its column, into `cellen`; returns its number from
    /// zero.
    fn volgende(&mut self, cellen: &mut Vec<(u32, DataRef<'z>)>) -> Result<Option<u32>, XlsxError> {
        cellen.clear();
        let mut rij = None;
        if let Some((r, kolom, waarde)) = self.vooruit.take() {
            rij = Some(r);
            cellen.push((kolom, waarde));
        }
        while !self.ten_einde {
            let Some(cel) = self.cellen.next_cell()? else {
                self.ten_einde = true;
                break;
            };
            let (r, kolom) = cel.get_position();
            if kolom >= KOLOMMEN || matches!(cel.get_value(), DataRef::Empty) {
                continue;
            }
            let waarde = cel.get_value().clone();
            if *rij.get_or_insert(r) != r {
                self.vooruit = Some((r, kolom, waarde));
                break;
            }
            cellen.push((kolom, waarde));
        }
        Ok(rij)
    }
}

/// The texts of a row up to its last one.
fn koppen(cellen: &[(u32, DataRef<'_>)]) -> Vec<String> {
    let mut koppen: Vec<String> = Vec::new();
    for (plaats, waarde) in cellen {
        let plaats = *plaats as usize;
        let mut tekst = String::new();
        schrijf_cel(waarde, None, &mut tekst);
        if !tekst.trim().is_empty() {
            koppen.resize(koppen.len().max(plaats + 1), String::new());
            tekst.trim().clone_into(&mut koppen[plaats]);
        }
    }
    koppen
}

fn schrijf_cel(cel: &DataRef<'_>, kolom: Option<Kolom>, uit: &mut String) {
    match cel {
        DataRef::Empty => {}
        DataRef::String(tekst) => uit.push_str(tekst),
        DataRef::SharedString(tekst) => uit.push_str(tekst),
        DataRef::Int(getal) => write!(uit, "{getal}").expect("writing to a String can't fail"),
        DataRef::Float(getal) => schrijf_getal(*getal, kolom, uit),
        DataRef::Bool(ja) => uit.push(if *ja { 'J' } else { 'N' }),
        DataRef::DateTime(moment) => schrijf_moment(moment, kolom, uit),
        DataRef::DateTimeIso(tekst) => uit.push_str(tekst.split('T').next().unwrap_or(tekst)),
        DataRef::DurationIso(tekst) => uit.push_str(tekst),
        DataRef::Error(fout) => write!(uit, "{fout}").expect("writing to a String can't fail"),
    }
}

/// A day; a time without a day, or a duration, stays hours and minutes.
fn schrijf_moment(moment: &ExcelDateTime, kolom: Option<Kolom>, uit: &mut String) {
    let waarde = moment.as_f64();
    if !(0.0..LAATSTE_DAG).contains(&waarde) {
        return schrijf_getal(waarde, kolom, uit);
    }
    let geschreven = if moment.is_duration() || waarde < 1.0 {
        let minuten = (waarde * 1440.0).round() as u64;
        write!(uit, "{}:{:02}", minuten / 60, minuten % 60)
    } else {
        // Whole days only: a time just before midnight isn't rounded up to the next day.
        let dag = |vanaf_1904| ExcelDateTime::new(waarde.floor(), SOORT, vanaf_1904);
        let (jaar, maand, dag, ..) = dag(vanaf_1904(moment)).to_ymd_hms_milli();
        write!(uit, "{jaar:04}-{maand:02}-{dag:02}")
    };
    geschreven.expect("writing to a String can't fail");
}

/// Do the days of this workbook count from 1904? Only the day itself tells.
fn vanaf_1904(moment: &ExcelDateTime) -> bool {
    let vanaf_1900 = ExcelDateTime::new(moment.as_f64(), SOORT, false);
    vanaf_1900.to_ymd_hms_milli() != moment.to_ymd_hms_milli()
}

const SOORT: ExcelDateTimeType = ExcelDateTimeType::DateTime;

impl Vraag<'_> {
    pub fn beschadigd(&self, oorzaak: &str) -> BronFout {
        BronFout::Beschadigd { bestand: self.bestand.to_owned(), oorzaak: oorzaak.to_owned() }
    }

    fn beveiligd(&self) -> BronFout {
        BronFout::Beveiligd { bestand: self.bestand.to_owned() }
    }

    /// Unpacks all parts that are text, without keeping them: a workbook that is broken, or grows
    /// beyond all measure, is refused before it takes memory.
    fn controleer_zip(&self, bytes: &[u8]) -> Result<(), BronFout> {
        if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
            return Err(self.beveiligd());
        }
        let te_groot = || BronFout::TeGrootUitgepakt { bestand: self.bestand.to_owned() };
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| self.beschadigd("het is geen Excel-werkmap"))?;
        let mut totaal = 0_u64;
        let mut buffer = vec![0; 1 << 16];
        for i in 0..zip.len() {
            let mut deel = zip.by_index(i).map_err(|e| {
                tracing::debug!("{}: {e}", self.bestand);
                self.beschadigd("een deel van de werkmap is niet te openen")
            })?;
            let Ok(naam) = deel.name().map(|naam| naam.to_ascii_lowercase()) else { continue };
            if !naam.ends_with(".xml") && !naam.ends_with(".rels") {
                continue;
            }
            let ingepakt = deel.compressed_size();
            let te_veel = |uitgepakt: u64| {
                totaal.saturating_add(uitgepakt) > GRENS_UITGEPAKT
                    || uitgepakt > GRENS_DEEL
                        && uitgepakt > ingepakt.saturating_mul(GRENS_VERHOUDING)
            };
            if te_veel(deel.size()) {
                return Err(te_groot());
            }
            let (mut uitgepakt, mut aantal_teksten) = (0, 0);
            loop {
                let n = deel.read(&mut buffer).map_err(|_| {
                    self.beschadigd("een deel van de werkmap is niet uit te pakken")
                })?;
                if n == 0 {
                    break;
                }
                if uitgepakt == 0 && naam.ends_with("sharedstrings.xml") {
                    aantal_teksten = beloofde_teksten(&buffer[..n]);
                }
                uitgepakt += n as u64;
                if te_veel(uitgepakt) {
                    return Err(te_groot());
                }
            }
            // The reader makes room for as many texts as the part says it has.
            if aantal_teksten > uitgepakt {
                return Err(self.beschadigd("het aantal teksten in de werkmap klopt niet"));
            }
            totaal += uitgepakt;
        }
        Ok(())
    }
}

/// `uniqueCount` of the shared texts.
fn beloofde_teksten(begin: &[u8]) -> u64 {
    let sleutel = b"uniqueCount=";
    let Some(plaats) = memchr::memmem::find(begin, sleutel) else { return 0 };
    begin[plaats + sleutel.len()..]
        .iter()
        .skip(1)
        .take_while(|c| c.is_ascii_digit())
        .fold(0_u64, |n, c| n.saturating_mul(10).saturating_add(u64::from(c - b'0')))
}
