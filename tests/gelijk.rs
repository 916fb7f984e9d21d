//! Lines that are alike share a verdict: what a rule says of each by itself must be the same.

use rechtmatig::bron::{Instelling, Leesopties, Leeswijze, lees_dossier};
use rechtmatig::dossier::{Kolom, Kolommen, RegelNr};
use rechtmatig::regels::{REGISTER, kenmerken};
use rechtmatig::regelset::{Regelset, Regelsetbron};
use rechtmatig::toetsing::{Controle, Toets, Uitkomsten, toets};
use rechtmatig::voorbeeld::{Vorm, Wens, maak, plaats};
use rust_decimal::Decimal;
use std::path::Path;

fn regelset(regio: &str) -> Regelset {
    Regelset::lees(regio, &Regelsetbron::Ingebouwd, &kenmerken()).expect("a ruleset of the program")
}

/// Counts a verdict on every line by itself, and compares it with what the engine made of all.
fn vergelijk(map: &Path, regelset: &Regelset, jaar: i32, zonder: &[Kolom]) {
    let instelling = Instelling::lees(map).expect("the settings can be read");
    let opties = Leesopties {
        wijze: Leeswijze {
            kolomnamen: instelling.kolomnamen,
            bedragen: instelling.bedragen,
            zonder_bsn: regelset.beschikkingsvrij.clone(),
        },
        max_afgekeurd: Decimal::ONE_HUNDRED,
        toewijzingen_nodig: regelset.beschikkingsvrij.is_empty(),
    };
    let mut ingelezen = lees_dossier(map, &opties, &|_, _| {}).expect("the dossier can be read");
    for bestand in &mut ingelezen.rijen.bestanden {
        let blijft = |k: &Kolom| bestand.kolommen.bevat(*k) && !zonder.contains(k);
        let kolommen: Vec<Kolom> = Kolom::ALLE.iter().copied().filter(blijft).collect();
        bestand.kolommen = Kolommen::van(&kolommen);
    }
    let mut regelset = regelset.clone();
    regelset.vul_catalogus_aan(ingelezen.producten);
    regelset.vul_tarieven_aan(ingelezen.tarieven);
    let dossier =
        ingelezen.rijen.verbind(|categorie, code| regelset.catalogusrij(categorie, code).cloned());
    let controle = Controle::nieuw(&dossier, &regelset, jaar, instelling.niveau);
    let mut vergeleken = 0;
    for uitkomst in toets(&controle, REGISTER, &|_, _| {}) {
        let elk = match uitkomst.regel.toets {
            Toets::Gelijk(elk) | Toets::GelijkOfElk(_, elk) => elk,
            _ => continue,
        };
        let waarden = regelset.regel(uitkomst.regel.code).expect("the rule ran");
        let mut los = Uitkomsten::default();
        for nr in (0..dossier.regels.len() as u32).map(RegelNr) {
            let lijn = controle.lijn(nr);
            if controle.telt_mee_in_leverjaar(lijn.regel) {
                los.oordeel(elk(&lijn, waarden));
            }
        }
        let mut samen = uitkomst.uitkomsten;
        samen.niet_toetsbaar.sort_unstable();
        los.niet_toetsbaar.sort_unstable();
        let tel = |u: &Uitkomsten| (u.getoetst, u.niet_toetsbaar.clone(), u.bevindingen.len());
        assert_eq!(tel(&samen), tel(&los), "{} in {}", uitkomst.regel.code, map.display());
        vergeleken += 1;
    }
    assert!(vergeleken >= 10, "only {vergeleken} rules share a verdict");
}

#[test]
fn a_shared_verdict_is_that_of_each_line() {
    let wortel = Path::new(env!("CARGO_MANIFEST_DIR"));
    let voorbeelden = wortel.join("sample-data");
    vergelijk(&voorbeelden, &regelset("ijsselland"), 2023, &[]);
    vergelijk(&voorbeelden.join("zeeland"), &regelset("zeeland"), 2023, &[]);
    let tijdelijk = tempfile::tempdir().expect("a temporary folder can be made");
    for zaad in [1, 2] {
        let map = tijdelijk.path().join(zaad.to_string());
        let fouten = Decimal::new(20, 0);
        let wens = Wens { regels: 4_000, zaad, fouten, vorm: Vorm::Csv, jaar: 2023 };
        plaats(&map, false)
            .and_then(|plaats| maak(plaats, &regelset("ijsselland"), &wens, &|_, _| {}))
            .expect("the dossier can be made");
        for zonder in [
            &[][..],
            &[Kolom::Geboortedatum, Kolom::NoShow],
            &[Kolom::ProductTarief, Kolom::RedenWijziging],
        ] {
            vergelijk(&map, &regelset("ijsselland"), 2023, zonder);
        }
        // Another year of the same lines: fewer of each toewijzing.
        vergelijk(&map, &regelset("ijsselland"), 2024, &[]);
    }
}
