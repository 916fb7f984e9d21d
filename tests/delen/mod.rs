//! An audit in parts, each a process of its own: what an engine does with `rechtmatig deel`, without
//! the engine.

mod tabel;

use crate::hulp::{Dossier, KOP, RIJEN, Uitkomst, VOORBEELD, programma};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tabel::Tabel;

/// Files whose bytes depend on nothing but input, ruleset and key.
const VAST: [&str; 4] =
    ["bevindingen.csv", "bevindingen.parquet", "samenvatting.json", "invoerfouten.csv"];

/// An audit of a folder under some options, step by step.
struct Audit {
    map: PathBuf,
    opties: Vec<String>,
}

/// What a process gave: rows, or the status and the message with which it ended.
type Antwoord = Result<Tabel, (i32, String)>;

/// All rows that the steps of an audit gave.
struct Doorlopen {
    stand: Tabel,
    voor_rapport: Vec<Tabel>,
}

impl Audit {
    fn van(map: &Path, opties: &[&str]) -> Audit {
        let opties = opties.iter().map(|o| (*o).to_owned()).collect();
        Audit { map: map.to_owned(), opties }
    }

    fn stap_met_bytes(&self, stap: &[&str], invoer: &[u8]) -> Antwoord {
        let mut opdracht = programma();
        opdracht.arg("deel").arg(&self.map).args(&self.opties).args(stap);
        let uit = opdracht.write_stdin(invoer).output().expect("the program starts");
        let stderr = String::from_utf8(uit.stderr).expect("stderr is UTF-8");
        match uit.status.code() {
            Some(0) => Ok(Tabel::lees(&uit.stdout)),
            status => Err((status.expect("the program ends by itself"), stderr)),
        }
    }

    fn stap(&self, veld: &str, invoer: &[&Tabel]) -> Antwoord {
        self.stap_met_bytes(&["--sleutelveld", veld], &Tabel::stroom(invoer))
    }

    fn inventaris(&self) -> Antwoord {
        self.stap_met_bytes(&["--inventaris"], &[])
    }

    /// Every file read by a process of its own, and what all of them together came to.
    fn lees(&self) -> Result<(Tabel, Tabel), (i32, String)> {
        let inventaris = self.inventaris()?;
        let lezingen: Vec<Tabel> = inventaris
            .een_voor_een()
            .map(|bestand| self.stap("bestand", &[&bestand]))
            .collect::<Result<_, _>>()?;
        let gelezen = Tabel::samen(&lezingen);
        let samengevat = self.stap("dossier", &[&gelezen.met("Doel", "dossier")])?;
        Ok((gelezen, samengevat))
    }

    /// A pass over `delen` parts, all rows of a key in one of them.
    fn gang(
        &self,
        veld: &str,
        stand: &Tabel,
        rijen: &Tabel,
        delen: u32,
    ) -> Result<Tabel, (i32, String)> {
        let verdeeld = rijen.verdeel("Sleutel", delen);
        let gevuld = verdeeld.iter().filter(|deel| !deel.is_leeg());
        let uit =
            gevuld.map(|deel| self.stap(veld, &[stand, deel])).collect::<Result<Vec<_>, _>>()?;
        Ok(Tabel::samen(&uit))
    }

    /// All steps up to the rapport.
    fn doorloop(&self, delen: u32) -> Result<Doorlopen, (i32, String)> {
        let (gelezen, samengevat) = self.lees()?;
        let stand = samengevat.met("Doel", "alle");
        let rijen = per_aanbieder(&gelezen, &samengevat);
        let aanbieder = self.gang("aanbieder", &stand, &rijen, delen)?;
        let rijen =
            Tabel::samen(&[aanbieder.met("Doel", "toewijzing"), gelezen.met("Doel", "toewijzing")]);
        let toewijzing = self.gang("toewijzing", &stand, &rijen, delen)?;
        let jeugdige = self.gang("jeugdige", &stand, &toewijzing.met("Doel", "jeugdige"), delen)?;
        let alle = [samengevat, aanbieder, toewijzing, jeugdige];
        let voor_rapport = alle.iter().map(|t| t.met("Doel", "samenvoegen")).collect();
        Ok(Doorlopen { stand, voor_rapport })
    }

    fn samenvoegen(&self, invoer: &[u8], uit: &Path, sleutel: &str) -> Uitkomst {
        let mut opdracht = programma();
        opdracht.arg("samenvoegen").arg(&self.map).args(&self.opties);
        opdracht.arg("--uit").arg(uit).args(["--sleutel", sleutel, "--stil"]).write_stdin(invoer);
        Uitkomst::van(&mut opdracht)
    }
}

/// The rows of the first pass: an engine brings each toewijzing to the aanbieders whose lines name
/// its number.
fn per_aanbieder(gelezen: &Tabel, samengevat: &Tabel) -> Tabel {
    let rijen = gelezen.met("Doel", "aanbieder");
    let paren: BTreeSet<(String, String)> = rijen
        .met("Soort", "declaratie")
        .rijen()
        .map(|rij| (rij.tekst("ToewijzingNummer"), rij.tekst("Sleutel")))
        .collect();
    let toewijzingen = gelezen.met("Doel", "toewijzing").met("Soort", "toewijzing");
    let mut erbij = Vec::new();
    for (nummer, aanbieder) in paren.iter().filter(|(nummer, _)| !nummer.is_empty()) {
        let voor = toewijzingen.met("ToewijzingNummer", nummer);
        erbij.push(voor.waarin("Doel", "aanbieder").waarin("Sleutel", aanbieder));
    }
    erbij.extend([samengevat.met("Doel", "aanbieder"), rijen]);
    Tabel::samen(&erbij)
}

impl Doorlopen {
    fn stroom(&self) -> Vec<u8> {
        let alle: Vec<&Tabel> = std::iter::once(&self.stand).chain(&self.voor_rapport).collect();
        Tabel::stroom(&alle)
    }
}

/// The rapport of the whole and that of parts have the same bytes, however many parts there are.
#[track_caller]
pub fn heel_en_in_delen(map: &Path, opties: &[&str], rapport: &str, delen: &[u32]) {
    let plek = Dossier::leeg();
    let sleutel = plek.sleutel();
    let heel = plek.uit().join("heel");
    let mut met_sleutel = opties.to_vec();
    met_sleutel.extend(["--sleutel", &sleutel]);
    let uitkomst = Uitkomst::van(
        programma()
            .arg("controleer")
            .arg(map)
            .arg("--uit")
            .arg(&heel)
            .args(&met_sleutel)
            .arg("--stil"),
    );
    assert_eq!(uitkomst.status, 0, "{}", uitkomst.stderr);
    let audit = Audit::van(map, opties);
    for aantal in delen {
        let uit = plek.uit().join(aantal.to_string());
        let doorlopen = audit.doorloop(*aantal).unwrap_or_else(|(_, fout)| panic!("{fout}"));
        let samen = audit.samenvoegen(&doorlopen.stroom(), &uit, &sleutel);
        assert_eq!(samen.status, 0, "{}", samen.stderr);
        for naam in VAST {
            let [a, b] =
                [&heel, &uit].map(|m| fs::read(m.join(rapport).join(naam)).expect("written"));
            assert!(a == b, "{naam} differs in {aantal} parts");
        }
        for naam in ["rapport.html", "rapport.xlsx", "manifest.json"] {
            let geschreven = fs::metadata(uit.join(rapport).join(naam)).expect("written");
            assert!(geschreven.len() > 1_000, "{naam} is empty");
        }
    }
}

fn verzonnen(plek: &Dossier, opties: &[&str]) -> PathBuf {
    let map = plek.map().join("v");
    let mut opdracht = programma();
    let gemaakt = Uitkomst::van(opdracht.arg("voorbeeld").arg(&map).args(opties).arg("--stil"));
    assert_eq!(gemaakt.status, 0, "{}", gemaakt.stderr);
    map
}

/// Deals the rows of a table over several files, each with the header.
fn splits(map: &Path, naam: &str, aantal: usize) {
    let pad = map.join(format!("{naam}.csv"));
    let tekst = fs::read_to_string(&pad).expect("the example has this table");
    let (kop, rijen) = tekst.split_once('\n').expect("a table has a header");
    for i in 0..aantal {
        let deel: Vec<&str> = rijen.lines().skip(i).step_by(aantal).collect();
        let inhoud = format!("{kop}\n{}\n", deel.join("\n"));
        fs::write(map.join(format!("{naam}-{i}.csv")), inhoud).expect("a file can be written");
    }
    fs::remove_file(pad).expect("a file can be removed");
}

#[test]
fn the_sample_in_parts_by_processes_gives_the_same_bytes() {
    let opties = ["--jaar", "2023"];
    heel_en_in_delen(Path::new(VOORBEELD), &opties, "2023-ijsselland", &[1, 3, 7]);
    let zeeland = Path::new(VOORBEELD).join("zeeland");
    heel_en_in_delen(&zeeland, &opties, "2023-zeeland", &[1, 3]);
}

#[test]
fn a_made_up_dossier_of_many_files_gives_the_same_bytes() {
    let plek = Dossier::leeg();
    let map = verzonnen(&plek, &["--regels", "4000", "--fouten", "5%", "--zaad", "11"]);
    for (naam, aantal) in [("declaraties", 4), ("toewijzingen", 2), ("startstop", 2)] {
        splits(&map, naam, aantal);
    }
    heel_en_in_delen(&map, &["--jaar", "2023", "--zonder", "SG01"], "2023-ijsselland", &[3]);
}

#[test]
fn whatever_a_made_up_dossier_holds_its_parts_give_the_same_bytes() {
    for (zaad, regio, delen) in [("5", "ijsselland", 5), ("6", "zeeland", 4), ("7", "landelijk", 2)]
    {
        let plek = Dossier::leeg();
        let map = verzonnen(&plek, &["--regels", "700", "--fouten", "10%", "--zaad", zaad]);
        splits(&map, "declaraties", 2);
        let opties = ["--jaar", "2023", "--regio", regio];
        heel_en_in_delen(&map, &opties, &format!("2023-{regio}"), &[delen]);
    }
}

#[test]
fn a_dossier_without_a_row_of_toewijzingen_gives_the_same_bytes() {
    let plek = Dossier::leeg();
    let map = verzonnen(&plek, &["--regels", "300", "--zaad", "8"]);
    let pad = map.join("toewijzingen.csv");
    let kop = fs::read_to_string(&pad).expect("it was made");
    fs::write(&pad, kop.lines().next().expect("it has a header")).expect("it can be written");
    heel_en_in_delen(&map, &["--jaar", "2023"], "2023-ijsselland", &[3]);
}

/// The steps of a small dossier, for what can go wrong with them.
fn klein() -> (Dossier, Audit) {
    let dossier = Dossier::minimaal();
    let audit = Audit::van(&dossier.map(), &["--jaar", "2023"]);
    (dossier, audit)
}

#[test]
fn a_part_that_is_done_again_counts_once_and_one_that_is_lost_or_came_twice_is_told() {
    let (dossier, audit) = klein();
    let doorlopen = audit.doorloop(2).expect("all steps end well");
    let opnieuw = audit.doorloop(2).expect("all steps end well again");
    assert_eq!(doorlopen.stroom(), opnieuw.stroom(), "a step gives the same rows every time");
    let uit = dossier.uit();
    let goed = audit.samenvoegen(&doorlopen.stroom(), &uit, &dossier.sleutel());
    assert_eq!(goed.status, 0, "{}", goed.stderr);
    fs::remove_dir_all(&uit).expect("a folder can be removed");

    let mut verloren = audit.doorloop(2).expect("all steps end well");
    verloren.voor_rapport.pop();
    let fout = audit.samenvoegen(&verloren.stroom(), &uit, &dossier.sleutel());
    fout.weigert(3, &["per jeugdige", "precies één uitkomst"]);
    let mut dubbel = audit.doorloop(2).expect("all steps end well");
    dubbel.voor_rapport.push(dubbel.voor_rapport[1].waarin("Doel", "samenvoegen"));
    let fout = audit.samenvoegen(&dubbel.stroom(), &uit, &dossier.sleutel());
    fout.weigert(3, &["per aanbieder", "precies één uitkomst"]);
    dossier.schreef_niets();
}

#[test]
fn a_stream_that_breaks_off_gives_no_rapport_and_no_part() {
    let (dossier, audit) = klein();
    let heel = audit.doorloop(1).expect("all steps end well").stroom();
    for afgekapt in [&heel[..heel.len() - 8], &heel[..heel.len() / 2], &heel[..100], &[]] {
        let fout = audit.samenvoegen(afgekapt, &dossier.uit(), &dossier.sleutel());
        fout.weigert(3, &["stdin"]);
    }
    dossier.schreef_niets();
    let inventaris = Tabel::stroom(&[&audit.inventaris().expect("the files are named")]);
    let zonder_einde = &inventaris[..inventaris.len() - 8];
    let (status, fout) =
        audit.stap_met_bytes(&["--sleutelveld", "bestand"], zonder_einde).err().expect("refused");
    assert_eq!(status, 3);
    assert!(fout.contains("breekt af voor het einde"), "{fout}");
}

#[track_caller]
fn geweigerd(antwoord: Antwoord, woorden: &[&str]) {
    let (status, fout) = antwoord.err().expect("the step is refused");
    assert_eq!(status, 3, "{fout}");
    for woord in woorden.iter().chain(&["Wat te doen"]) {
        assert!(fout.contains(woord), "no '{woord}' in: {fout}");
    }
}

#[test]
fn rows_of_another_step_another_column_or_another_audit_are_refused() {
    let (_dossier, audit) = klein();
    let (gelezen, samengevat) = audit.lees().expect("the files can be read");
    let stand = samengevat.met("Doel", "alle");
    let rijen = per_aanbieder(&gelezen, &samengevat);
    geweigerd(
        audit.stap("toewijzing", &[&stand, &rijen]),
        &["stap 'aanbieder'", "stap 'toewijzing'"],
    );
    geweigerd(audit.stap("aanbieder", &[&rijen]), &["begint niet met de stand"]);
    geweigerd(
        audit.stap("aanbieder", &[&stand.met_kolom("Naam", "x"), &rijen.met_kolom("Naam", "x")]),
        &["kolom die rechtmatig niet kent: Naam"],
    );
    geweigerd(audit.stap("aanbieder", &[&stand, &rijen, &rijen]), &["twee keer"]);
    let onleesbaar = rijen.waarin("Begindatum", "").waarin("Bsn", "999900006x");
    geweigerd(audit.stap("aanbieder", &[&stand, &onleesbaar]), &["rij", "niet te lezen"]);
    let ander = Audit::van(&audit.map, &["--jaar", "2024"]);
    geweigerd(ander.stap("aanbieder", &[&stand, &rijen]), &["een ander leverjaar"]);
    let ander = Audit::van(&audit.map, &["--jaar", "2023", "--zonder", "NS"]);
    geweigerd(ander.stap("aanbieder", &[&stand, &rijen]), &["--alleen of --zonder"]);
}

#[test]
fn a_dossier_that_cannot_be_audited_gives_the_error_of_a_single_run() {
    let gevallen: [fn(&Dossier); 4] = [
        |d| d.schrijf("declaraties.csv", "ReferentieNummer;Gemeente\nR1;0150\n"),
        |d| fs::remove_file(d.map().join("toewijzingen.csv")).expect("it was there"),
        |d| d.schrijf("declaraties-2.csv", &format!("{KOP}{}", RIJEN.replace("2023-", "2023/"))),
        |d| d.schrijf("aanbieders-2.csv", "Aanbieder;Naam;Perceel\n99000001;De Linde;2\n"),
    ];
    for (i, bederf) in gevallen.into_iter().enumerate() {
        let (dossier, audit) = klein();
        bederf(&dossier);
        let heel = dossier.controleer(&[]);
        assert_eq!(heel.status, 3, "case {i}: {}", heel.stderr);
        let (status, fout) = audit.lees().err().unwrap_or_else(|| panic!("case {i} is read"));
        assert_eq!((status, fout), (heel.status, heel.stderr), "case {i}");
    }
}

#[test]
fn no_message_of_a_step_shows_a_bsn() {
    let (_dossier, audit) = klein();
    let (gelezen, samengevat) = audit.lees().expect("the files can be read");
    let stand = samengevat.met("Doel", "alle");
    let rijen = per_aanbieder(&gelezen, &samengevat);
    for kolom in ["Bestand", "Aanbieder", "Bsn", "Eenheid", "Stand", "Soort"] {
        let bedorven = rijen.waarin(kolom, "999900006 9");
        let (_, fout) = audit.stap("aanbieder", &[&stand, &bedorven]).err().expect("refused");
        assert!(!fout.contains("99990"), "{fout}");
    }
}

#[test]
fn the_documentation_names_every_column_of_a_stream_in_order() {
    let (_dossier, audit) = klein();
    let pad = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/spark.md");
    let tekst = fs::read_to_string(pad).expect("the document is there");
    let (_, tabel) =
        tekst.split_once("| column | type | holds |\n|---|---|---|\n").expect("a table");
    let beschreven = tabel.lines().take_while(|regel| regel.starts_with('|')).map(|regel| {
        let cellen: Vec<&str> = regel.split('|').map(str::trim).collect();
        (cellen[1].to_owned(), cellen[2].to_owned())
    });
    let kolommen = audit.inventaris().expect("the files are named").kolommen();
    assert_eq!(beschreven.collect::<Vec<_>>(), kolommen);
}

#[test]
fn what_every_part_must_know_is_written_once_for_all_of_them() {
    let (_dossier, audit) = klein();
    let (_, samengevat) = audit.lees().expect("the files can be read");
    let stand = samengevat.met("Soort", "stand");
    let standen: Vec<_> = stand.rijen().collect();
    assert_eq!(standen.len(), 1);
    assert!(!standen[0].tekst("Inhoud").contains("999900006"), "no jeugdige in what all parts get");
    let sleutels: BTreeSet<String> =
        samengevat.met("Doel", "aanbieder").rijen().map(|r| r.tekst("Sleutel")).collect();
    assert_eq!(sleutels, BTreeSet::from(["99000001".to_owned()]));
}
