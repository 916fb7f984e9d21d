//! Small tables: of one record a row, read whole, in which nothing may stand twice.

use super::collect::{Collect, ReadRows};
use super::fout::BronFout;
use super::rij::Rij;
use super::stamgegevens;
use super::tabel::{Gelezen, Invoer, Leeswijze, Tabel};
use crate::dossier::{
    AanbiederGegevens, Agb, Bestand, BestandNr, Catalogusrij, Kolom, Soort, Tariefrij,
};
use std::collections::BTreeMap;

/// Reads a table of one record a row.
#[derive(Clone, Copy)]
pub struct Reader<T>(pub fn(Rij<'_>, &mut Vec<T>));

impl<T: Send> ReadRows for Reader<T> {
    type Chunk = Vec<T>;

    fn chunk(&self, _bytes: usize) -> Vec<T> {
        Vec::new()
    }

    fn row(&self, rij: Rij<'_>, deel: &mut Vec<T>) {
        if rij.is_afgekeurd() {
            rij.sluit(None::<()>);
        } else {
            (self.0)(rij, deel);
        }
    }
}

impl<T: Send> Collect<Vec<T>> for Vec<T> {
    fn take(&mut self, deel: Vec<T>) {
        self.extend(deel);
    }

    fn rollback(&mut self) {
        self.clear();
    }
}

/// Reads a table of one record a row, from a file or from bytes.
pub fn lees_klein<T: Send>(
    tabel: &Tabel<'_>,
    invoer: &Invoer<'_>,
    wijze: &Leeswijze,
    rij: fn(Rij<'_>, &mut Vec<T>),
    meld: &(dyn Fn(u64) + Sync),
) -> Result<(Vec<T>, Gelezen), BronFout> {
    let mut rijen = Vec::new();
    let gelezen = tabel.lees(invoer, wijze, &mut Reader(rij), &mut rijen, meld)?;
    Ok((rijen, gelezen))
}

/// Rows of a catalogue that a ruleset brings.
pub fn lees_catalogus(naam: &str, bytes: &[u8]) -> Result<Vec<Catalogusrij>, String> {
    lees_regelsettabel(naam, Soort::Producten, bytes, stamgegevens::product)
}

/// Rows of tariffs that a ruleset brings.
pub fn lees_tarieven(naam: &str, bytes: &[u8]) -> Result<Vec<Tariefrij>, String> {
    lees_regelsettabel(naam, Soort::Tarieven, bytes, stamgegevens::tarief)
}

/// A ruleset's own table: no row of it may be unreadable.
fn lees_regelsettabel<T: Send>(
    naam: &str,
    soort: Soort,
    bytes: &[u8],
    rij: fn(Rij<'_>, &mut Vec<T>),
) -> Result<Vec<T>, String> {
    let tabel = Tabel { naam, soort, nr: BestandNr(0) };
    let (rijen, gelezen) =
        lees_klein(&tabel, &Invoer::Bytes(bytes), &Leeswijze::default(), rij, &|_| {})
            .map_err(|e| e.to_string())?;
    match gelezen.verslag.fouten.first() {
        None => Ok(rijen),
        Some(f) => Err(format!(
            "{naam}, regel {}, kolom {}: '{}': {}",
            f.regelnummer,
            f.kolom.map_or("-", Kolom::naam),
            f.waarde,
            f.reden
        )),
    }
}

/// The same aanbieder twice: equal rows are one, different ones stop the run.
pub fn controleer_dubbele_aanbieders(
    rijen: &mut Vec<(Agb, AanbiederGegevens)>,
    bestanden: &[Bestand],
) -> Result<(), BronFout> {
    rijen.sort_by_key(|(agb, g)| (*agb, g.bestand, g.regelnummer));
    let inhoud = |g: &AanbiederGegevens| {
        let kern = AanbiederGegevens { bestand: BestandNr(0), regelnummer: 0, ..g.clone() };
        format!("{kern:?}")
    };
    let mut botsing = None;
    rijen.dedup_by(|(b, gb), (a, ga)| {
        let gelijk = a == b;
        if gelijk && inhoud(ga) != inhoud(gb) && botsing.is_none() {
            botsing = Some((*a, ga.bestand, ga.regelnummer, gb.bestand, gb.regelnummer));
        }
        gelijk
    });
    match botsing {
        None => Ok(()),
        Some((agb, eerste, eerder, tweede, regel)) => {
            let pad = |nr: BestandNr| bestanden[usize::from(nr.0)].pad.clone();
            Err(BronFout::Dubbel {
                bestand: pad(tweede),
                regel: regel.into(),
                eerder: eerder.into(),
                ander_bestand: (eerste != tweede).then(|| pad(eerste)),
                wat: format!("aanbieder {agb}"),
            })
        }
    }
}

/// The same product twice: equal rows are one, different ones stop the run. `bestand` was read last.
pub fn controleer_dubbele_producten(
    producten: &mut Vec<Catalogusrij>,
    bestand: &str,
) -> Result<(), BronFout> {
    let mut gezien: BTreeMap<(String, String), Catalogusrij> = BTreeMap::new();
    for p in std::mem::take(producten) {
        let sleutel = (p.product_categorie.clone(), p.product_code.clone());
        match gezien.get(&sleutel) {
            Some(eerder)
                if (Catalogusrij { regelnummer: p.regelnummer, ..eerder.clone() }) != p =>
            {
                return Err(BronFout::Dubbel {
                    bestand: bestand.to_owned(),
                    regel: p.regelnummer.into(),
                    eerder: eerder.regelnummer.into(),
                    ander_bestand: None,
                    wat: format!("product {} {}", sleutel.0, sleutel.1),
                });
            }
            Some(_) => {}
            None => {
                gezien.insert(sleutel, p);
            }
        }
    }
    *producten = gezien.into_values().collect();
    Ok(())
}

/// The same tariff twice stops the run. `bestand` was read last.
pub fn controleer_dubbele_tarieven(tarieven: &[Tariefrij], bestand: &str) -> Result<(), BronFout> {
    match dubbel_tarief(tarieven) {
        None => Ok(()),
        Some((eerste, tweede)) => Err(BronFout::Dubbel {
            bestand: bestand.to_owned(),
            regel: tweede.regelnummer.into(),
            eerder: eerste.regelnummer.into(),
            ander_bestand: None,
            wat: format!("tarief {} van {}", tweede.tariefsleutel, tweede.jaar),
        }),
    }
}

/// Two tariffs that are equally specific.
pub fn dubbel_tarief(rijen: &[Tariefrij]) -> Option<(&Tariefrij, &Tariefrij)> {
    let mut gezien = BTreeMap::new();
    rijen.iter().find_map(|t| {
        let sleutel = (t.jaar, &t.tariefsleutel, t.perceel, t.aanbieder);
        gezien.insert(sleutel, t).map(|eerder| (eerder, t))
    })
}
