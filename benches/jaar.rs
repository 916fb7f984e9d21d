//! Writes a made-up year of declaraties and toewijzingen to measure with.
//!
//! `cargo bench --bench jaar -- MAP REGELS`: the same bytes for the same number of lines. Of five
//! toewijzingen three are for ambulant help with a budget, one is for dyslexia care and one for
//! groepsaanbod, both with a volume a month. Every toewijzing has a line a month; about 3% of the
//! lines break a rule (wrong tariff or wrong amount), the others are lawful. Bsns are test numbers
//! only.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

const MAANDDAGEN: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// Those that take part in all of the contract.
const GEMEENTEN: [&str; 10] =
    ["0148", "0150", "0166", "1773", "0175", "0177", "0180", "1708", "1896", "0193"];
/// Product, and its tariff in cents per minute in perceel 1 (ID 8.5.1).
const AMBULANT: [(&str, u64); 4] = [("45T01", 108), ("45T02", 121), ("45T03", 146), ("45T04", 162)];
const DYSLEXIE: (&str, u64) = ("54D02", 160);
const GROEP_ZWAAR: (&str, u64) = ("41G04", 3453);
const AANBIEDERS: u64 = 400;
const REGELS_PER_TOEWIJZING: u64 = 10;

/// A small, fixed source of numbers: the same on every machine.
struct Dobbelsteen(u64);

impl Dobbelsteen {
    fn onder(&mut self, grens: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % grens
    }
}

fn bsns() -> Vec<u32> {
    (999_900_006..=999_999_990)
        .filter(|n| {
            let cijfer = |i: u32| i64::from(n / 10_u32.pow(9 - i) % 10);
            let som: i64 = (1..9).map(|i| (10 - i64::from(i)) * cijfer(i)).sum();
            (som - cijfer(9)) % 11 == 0
        })
        .collect()
}

fn main() -> std::io::Result<()> {
    let argumenten: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [map, regels] = argumenten.as_slice() else {
        eprintln!("gebruik: cargo bench --bench jaar -- MAP REGELS");
        return Ok(());
    };
    let regels: u64 = regels.parse().expect("REGELS is a number");
    schrijf(Path::new(map), regels)
}

fn schrijf(map: &Path, regels: u64) -> std::io::Result<()> {
    fs::create_dir_all(map)?;
    let nieuw =
        |naam: &str| File::create(map.join(naam)).map(|f| BufWriter::with_capacity(1 << 20, f));
    let mut declaraties = nieuw("declaraties.csv")?;
    let mut toewijzingen = nieuw("toewijzingen.csv")?;
    let mut aanbieders = nieuw("aanbieders.csv")?;
    let bsns = bsns();
    let mut dobbel = Dobbelsteen(2023);

    writeln!(aanbieders, "Aanbieder;Naam;Perceel;Percelen")?;
    for a in 0..AANBIEDERS {
        writeln!(aanbieders, "{:08};Aanbieder {a};1;6|9", 98_000_000 + a)?;
    }
    writeln!(
        toewijzingen,
        "ToewijzingNummer;Gemeente;Aanbieder;Bsn;Toewijzingsdatum;Ingangsdatum;Einddatum;ProductCategorie;ProductCode;Volume;Eenheid;Frequentie;Budget"
    )?;
    writeln!(
        declaraties,
        "DeclaratieNummer;ReferentieNummer;VorigReferentieNummer;DeclaratieDagtekening;Ontvangstdatum;Gemeente;Aanbieder;Bsn;ToewijzingNummer;ProductCategorie;ProductCode;Begindatum;Einddatum;GeleverdVolume;Eenheid;ProductTarief;IngediendBedrag;DebetCredit"
    )?;
    let mut geschreven = 0;
    for t in 0..regels.div_ceil(REGELS_PER_TOEWIJZING) {
        // Many lines for few aanbieders, few for many.
        let a =
            dobbel.onder(AANBIEDERS).min(dobbel.onder(AANBIEDERS)).min(dobbel.onder(AANBIEDERS));
        let agb = 98_000_000 + a;
        let gemeente = GEMEENTEN[dobbel.onder(10) as usize];
        let bsn = bsns[dobbel.onder(bsns.len() as u64) as usize];
        let (categorie, (product, tarief), eenheid, meeste, omvang) = match t % 5 {
            3 => (54, DYSLEXIE, "01", 300, "400;01;4;"),
            4 => (41, GROEP_ZWAAR, "04", 40, "80;04;4;"),
            _ => (45, AMBULANT[dobbel.onder(4) as usize], "01", 600, ";;;60000,00"),
        };
        let nummer = 1_000_000 + t;
        writeln!(
            toewijzingen,
            "{nummer};{gemeente};{agb};{bsn};2022-12-15;2023-01-01;2023-12-31;{categorie};{product};{omvang}"
        )?;
        for maand in 0..REGELS_PER_TOEWIJZING {
            if geschreven == regels {
                break;
            }
            geschreven += 1;
            let m = maand as usize;
            let dagen = MAANDDAGEN[m];
            let volume = 30 + dobbel.onder(meeste);
            let kwaad = dobbel.onder(100);
            let eigen = tarief + u64::from(kwaad == 0);
            let bedrag = eigen * volume + if kwaad == 1 || kwaad == 2 { 100 } else { 0 };
            let dag = 1 + dobbel.onder(25);
            writeln!(
                declaraties,
                "D{a:03}{:02};{t:06}{maand:02};;2023-{:02}-{dag:02};2023-{:02}-{:02};{gemeente};{agb};{bsn};{nummer};{categorie};{product};2023-{:02}-01;2023-{:02}-{dagen};{volume};{eenheid};{},{:02};{},{:02};D",
                m + 1,
                m + 2,
                m + 2,
                dag + 2,
                m + 1,
                m + 1,
                eigen / 100,
                eigen % 100,
                bedrag / 100,
                bedrag % 100,
            )?;
        }
    }
    declaraties.flush()?;
    toewijzingen.flush()?;
    aanbieders.flush()
}
