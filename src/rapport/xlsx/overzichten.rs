//! The sheets beside the findings: parties, verdicts, what to charge on, the reconciliation, what was
//! not tested, what could not be read, and what the accountant needs to know.

use super::familie::MEESTE_RIJEN;
use crate::dossier::{Cent, Duizendtallen, Eindoordeel};
use crate::rapport::totalen::{Doorbelasting, Partijtotaal};
use crate::rapport::{Controlegetal, Rapport, Uitvoering, per_oordeel};
use crate::toetsing::Regeluitkomst;
use crate::writing::sheet::{Blad, Cel, Opmaak};
use rust_xlsxwriter::{Workbook, XlsxError};

/// What each party declared, and what is at stake there.
pub(super) fn partijen<'r>(
    boek: &mut Workbook,
    o: &Opmaak,
    (blad, kop): (&str, &str),
    partijen: &[Partijtotaal],
    naam: impl Fn(&str) -> &'r str,
) -> Result<(), XlsxError> {
    let breedten = [14.0, 34.0, 11.0, 18.0, 13.0, 16.0, 9.0, 16.0, 13.0, 16.0, 16.0];
    let mut b = Blad::nieuw(boek, o, blad, &breedten)?;
    b.titel(blad)?;
    b.terug()?;
    let koppen = [
        kop,
        "Naam",
        "Regels",
        "Gedeclareerd",
        "Bevindingen",
        "Fout",
        "Deel fout",
        "Onzekerheid",
        "Open bevindingen",
        "Open fout",
        "Open onzekerheid",
    ];
    b.kop(&koppen, partijen.len(), true)?;
    b.balken(5, partijen.len())?;
    for p in partijen {
        let naam = naam(&p.code);
        b.rij(
            &[
                Cel::Tekst(&p.code),
                Cel::Tekst(naam),
                Cel::Getal(p.regels),
                Cel::Geld(p.bedrag),
                Cel::Getal(p.bevindingen),
                Cel::Geld(p.in_geding.fout),
                Cel::Deel(p.in_geding.fout.0, p.bedrag.0),
                Cel::Geld(p.in_geding.onzekerheid),
                Cel::Getal(p.open_bevindingen),
                Cel::Geld(p.open.fout),
                Cel::Geld(p.open.onzekerheid),
            ],
            false,
        )?;
    }
    let som = |bedrag: fn(&Partijtotaal) -> Cent| Cel::Geld(partijen.iter().map(bedrag).sum());
    let totaal = [
        Cel::Tekst("Totaal"),
        Cel::Leeg,
        Cel::Getal(partijen.iter().map(|p| p.regels).sum()),
        som(|p| p.bedrag),
        Cel::Getal(partijen.iter().map(|p| p.bevindingen).sum()),
        som(|p| p.in_geding.fout),
        Cel::Leeg,
        som(|p| p.in_geding.onzekerheid),
        Cel::Getal(partijen.iter().map(|p| p.open_bevindingen).sum()),
        som(|p| p.open.fout),
        som(|p| p.open.onzekerheid),
    ];
    b.rij(&totaal, true)
}

/// Findings per verdict, and the verdicts that stand on no finding.
pub(super) fn oordelen(
    rapport: &Rapport<'_>,
    boek: &mut Workbook,
    o: &Opmaak,
) -> Result<(), XlsxError> {
    let mut b = Blad::nieuw(boek, o, "Oordelen", &[24.0, 18.0, 18.0, 60.0, 16.0, 12.0])?;
    b.titel("Oordelen")?;
    b.terug()?;
    b.regel("Wat mensen over bevindingen van een eerdere controle hebben beslist.")?;
    b.witregel();
    b.kop(&["Oordeel", "Bevindingen", "Bedrag in geding"], 0, false)?;
    for (oordeel, (aantal, bedrag)) in
        Eindoordeel::ALLE.iter().zip(per_oordeel(&rapport.bevindingen))
    {
        b.rij(&[Cel::Tekst(oordeel.naam()), Cel::Getal(aantal), Cel::Geld(bedrag)], false)?;
    }
    b.witregel();
    let niet_overgenomen: Vec<_> = rapport.oordelen.niet_overgenomen().take(MEESTE_RIJEN).collect();
    b.regel("Oordelen die niet zijn overgenomen:")?;
    let koppen = ["Id", "Oordeel", "", "Wat ermee is", "Door", "Datum"];
    b.kop(&koppen, niet_overgenomen.len(), false)?;
    for (beoordeling, lot) in niet_overgenomen {
        let (id, wat) = (beoordeling.id.to_string(), lot.tekst());
        let door = rapport.pseudoniemen.nummer(&beoordeling.door);
        b.rij(
            &[
                Cel::Tekst(&id),
                Cel::Tekst(beoordeling.oordeel.naam()),
                Cel::Leeg,
                Cel::Lang(&wat),
                Cel::Tekst(&door),
                beoordeling.datum.map_or(Cel::Leeg, Cel::Datum),
            ],
            false,
        )?;
    }
    Ok(())
}

pub(super) fn aansluiting(
    rapport: &Rapport<'_>,
    boek: &mut Workbook,
    o: &Opmaak,
) -> Result<(), XlsxError> {
    let breedten = [58.0, 18.0, 11.0, 11.0, 11.0, 18.0, 18.0, 68.0];
    let mut b = Blad::nieuw(boek, o, "Aansluiting", &breedten)?;
    b.titel("Aansluiting")?;
    b.terug()?;
    b.regel("Van wat is gelezen naar wat is getoetst: elke regel is verantwoord.")?;
    b.witregel();
    b.kop(&["Stap", "Bedrag", "Regels"], 0, false)?;
    let a = &rapport.aansluiting;
    b.rij(&[Cel::Tekst("Gelezen regels in declaraties"), Cel::Leeg, Cel::Getal(a.gelezen)], false)?;
    b.rij(
        &[Cel::Tekst("af: afgekeurd bij het inlezen"), Cel::Leeg, Cel::Getal(a.afgekeurd)],
        false,
    )?;
    for s in &a.stappen {
        let vet = matches!(s.sleutel, "levend" | "getoetst");
        b.rij(&[Cel::Tekst(&s.naam), Cel::Geld(s.bedrag), Cel::Getal(s.regels)], vet)?;
    }
    b.witregel();
    let koppen =
        ["Bestand", "Soort", "Gelezen", "Aanvaard", "Afgekeurd", "Debet", "Credit", "SHA-256"];
    b.kop(&koppen, 0, false)?;
    for bestand in &rapport.dossier().bestanden {
        b.rij(
            &[
                Cel::Tekst(&bestand.pad),
                Cel::Tekst(bestand.soort.naam()),
                Cel::Getal(bestand.gelezen),
                Cel::Getal(bestand.aanvaard),
                Cel::Getal(bestand.afgekeurd),
                Cel::Geld(bestand.debet),
                Cel::Geld(bestand.credit),
                Cel::Tekst(&bestand.sha256),
            ],
            false,
        )?;
    }
    Ok(())
}

/// Reasons of a rule, the most frequent first.
fn redenen(u: &Regeluitkomst) -> Vec<(String, u64)> {
    let mut redenen = u.uitkomsten.niet_toetsbaar.clone();
    redenen.sort_by_key(|(reden, n)| (std::cmp::Reverse(*n), *reden));
    redenen.into_iter().map(|(r, n)| (r.to_string(), n)).collect()
}

pub(super) fn niet_getoetst(
    rapport: &Rapport<'_>,
    boek: &mut Workbook,
    o: &Opmaak,
) -> Result<(), XlsxError> {
    let mut b = Blad::nieuw(boek, o, "Niet getoetst", &[9.0, 54.0, 12.0, 12.0, 70.0])?;
    b.titel("Niet getoetst")?;
    b.terug()?;
    b.regel("Wat niet te toetsen was, is niet in orde bevonden: het is niet bekend.")?;
    b.witregel();
    b.kop(&["Regel", "Wat", "Getoetst", "Niet te toetsen", "Waarom"], 0, false)?;
    for u in &rapport.uitkomsten {
        let redenen = redenen(u);
        if redenen.is_empty() {
            b.rij(
                &[
                    Cel::Tekst(u.regel.code),
                    Cel::Tekst(&u.regel.titel),
                    Cel::Getal(u.uitkomsten.getoetst),
                    Cel::Getal(0),
                    u.mislukt.as_deref().map_or(Cel::Leeg, |_| Cel::Tekst("de regel is mislukt")),
                ],
                false,
            )?;
        }
        for (reden, aantal) in redenen {
            b.rij(
                &[
                    Cel::Tekst(u.regel.code),
                    Cel::Tekst(&u.regel.titel),
                    Cel::Getal(u.uitkomsten.getoetst),
                    Cel::Getal(aantal),
                    Cel::Lang(&reden),
                ],
                false,
            )?;
        }
    }
    b.witregel();
    b.rij(&[Cel::Tekst("Wat geen export kan laten zien")], true)?;
    b.kop(&["", "Eis", "", "", "Waarom niet, en waar de eis staat"], 0, false)?;
    for n in &rapport.regelset().niet_te_toetsen {
        let waarom = format!("{} ({})", n.waarom, n.bron);
        b.rij(&[Cel::Leeg, Cel::Lang(&n.eis), Cel::Leeg, Cel::Leeg, Cel::Lang(&waarom)], false)?;
    }
    Ok(())
}

/// What to charge on to each gemeente.
pub(super) fn doorbelasting(
    rapport: &Rapport<'_>,
    rijen: &[Doorbelasting],
    boek: &mut Workbook,
    o: &Opmaak,
) -> Result<(), XlsxError> {
    let breedten = [11.0, 20.0, 12.0, 30.0, 11.0, 14.0, 10.0, 18.0, 16.0, 16.0, 18.0];
    let mut b = Blad::nieuw(boek, o, "Doorbelasting", &breedten)?;
    b.titel("Doorbelasting")?;
    b.terug()?;
    b.regel("Wat is gedeclareerd, min wat een fout is. Een onzekerheid is nog niet afgetrokken.")?;
    b.witregel();
    let koppen = [
        "Gemeente",
        "Naam",
        "Aanbieder",
        "Naam",
        "Categorie",
        "ProductCode",
        "Regels",
        "Gedeclareerd",
        "Fout",
        "Onzekerheid",
        "Door te belasten",
    ];
    let gemeenten = rijen.chunk_by(|a, b| a.gemeente == b.gemeente);
    b.kop(&koppen, rijen.len() + gemeenten.clone().count() + 1, true)?;
    for van_gemeente in gemeenten {
        let gemeente = van_gemeente[0].gemeente.to_string();
        let gemeentenaam = rapport.naam_van_gemeente(van_gemeente[0].gemeente);
        for r in van_gemeente {
            let product = rapport.dossier().product(r.product);
            let aanbieder = r.aanbieder.to_string();
            let (categorie, code) = (
                rapport.pseudoniemen.nummer(&product.categorie),
                rapport.pseudoniemen.nummer(&product.code),
            );
            let wie = [
                Cel::Tekst(&gemeente),
                Cel::Tekst(gemeentenaam),
                Cel::Tekst(&aanbieder),
                Cel::Tekst(rapport.naam_van_aanbieder(r.aanbieder)),
                Cel::Tekst(&categorie),
                Cel::Tekst(&code),
            ];
            b.rij(&doorbelastingsrij(wie, std::slice::from_ref(r)), false)?;
        }
        let wie = [
            Cel::Tekst(&gemeente),
            Cel::Tekst(gemeentenaam),
            Cel::Leeg,
            Cel::Tekst("Totaal van de gemeente"),
            Cel::Leeg,
            Cel::Leeg,
        ];
        b.rij(&doorbelastingsrij(wie, van_gemeente), true)?;
    }
    let wie = [Cel::Tekst("Totaal"), Cel::Leeg, Cel::Leeg, Cel::Leeg, Cel::Leeg, Cel::Leeg];
    b.rij(&doorbelastingsrij(wie, rijen), true)
}

/// Who, and the sums of these rows.
fn doorbelastingsrij<'c>(wie: [Cel<'c>; 6], rijen: &[Doorbelasting]) -> Vec<Cel<'c>> {
    let som = |bedrag: fn(&Doorbelasting) -> Cent| Cel::Geld(rijen.iter().map(bedrag).sum());
    let mut cellen = Vec::from(wie);
    cellen.extend([
        Cel::Getal(rijen.iter().map(|r| r.regels).sum()),
        som(|r| r.gedeclareerd),
        som(|r| r.in_geding.fout),
        som(|r| r.in_geding.onzekerheid),
        som(Doorbelasting::door_te_belasten),
    ]);
    cellen
}

pub(super) fn invoerfouten(
    rapport: &Rapport<'_>,
    boek: &mut Workbook,
    o: &Opmaak,
) -> Result<(), XlsxError> {
    let mut b = Blad::nieuw(boek, o, "Invoerfouten", &[26.0, 10.0, 24.0, 30.0, 70.0, 18.0])?;
    let fouten = rapport.invoerfouten;
    b.titel("Invoerfouten")?;
    b.terug()?;
    let getoond = fouten.len().min(MEESTE_RIJEN);
    b.regel(&if getoond < fouten.len() {
        format!(
            "{} invoerfouten; dit blad toont de eerste {}. Alle staan in invoerfouten.csv.",
            Duizendtallen(fouten.len() as u64),
            Duizendtallen(getoond as u64)
        )
    } else {
        format!("{} invoerfouten.", Duizendtallen(fouten.len() as u64))
    })?;
    b.kop(&["Bestand", "Regel", "Kolom", "Waarde", "Reden", "Gevolg"], getoond, true)?;
    for f in &fouten[..getoond] {
        let reden = f.reden.to_string();
        b.rij(
            &[
                Cel::Tekst(&rapport.dossier().bestand(f.bestand).pad),
                Cel::Getal(f.regelnummer.into()),
                Cel::van(f.kolom.map(|k| k.naam())),
                Cel::Lang(&f.waarde),
                Cel::Lang(&reden),
                Cel::Tekst(f.gevolg.naam()),
            ],
            false,
        )?;
    }
    Ok(())
}

/// For the accountant: tolerance, control totals, under what and by whom, the inputs, the coverage.
pub(super) fn verantwoording(
    rapport: &Rapport<'_>,
    boek: &mut Workbook,
    o: &Opmaak,
    uitvoering: &Uitvoering,
) -> Result<(), XlsxError> {
    let breedten = [40.0, 74.0, 18.0, 18.0, 26.0, 52.0];
    let mut b = Blad::nieuw(boek, o, "Verantwoording", &breedten)?;
    b.titel("Verantwoording")?;
    b.terug()?;
    b.witregel();
    b.kop(&["Tegen de tolerantie", "Uitkomst", "Bedrag", "Tolerantie", "Dat is"], 0, false)?;
    for t in rapport.toleranties() {
        let procent = t.grens_in_woorden();
        b.rij(
            &[
                Cel::Tekst(t.wat),
                Cel::Tekst(t.uitkomst()),
                Cel::Geld(t.bedrag),
                Cel::Tekst(&procent),
                t.grens.map_or(Cel::Leeg, |(_, grens)| Cel::Geld(grens)),
            ],
            false,
        )?;
    }
    b.regel("De tolerantie is een deel van het gedeclareerde bedrag en staat in controle.toml onder [tolerantie]. Elke declaratieregel telt één keer.")?;
    b.witregel();
    b.kop(&["Controletotalen", "Wat gelijk moet zijn", "Links", "Rechts"], 0, false)?;
    for a in rapport.controletotalen() {
        let cel = |t: Controlegetal| match t {
            Controlegetal::Aantal(n) => Cel::Getal(n),
            Controlegetal::Bedrag(c) => Cel::Geld(c),
        };
        let sluit = if a.sluit() { "sluit aan" } else { "sluit niet aan" };
        b.rij(&[Cel::Tekst(sluit), Cel::Lang(&a.wat), cel(a.links), cel(a.rechts)], false)?;
    }
    b.witregel();
    b.kop(&["Waarmee en door wie", ""], 0, false)?;
    for [naam, waarde] in rapport.omstandigheden(uitvoering) {
        b.rij(&[Cel::Lang(&naam), Cel::Lang(&waarde)], false)?;
    }
    for w in &rapport.waarschuwingen {
        b.rij(&[Cel::Tekst("Let op"), Cel::Lang(w)], false)?;
    }
    b.witregel();
    b.kop(&["Gelezen bestand", "SHA-256", "Gelezen", "Afgekeurd", "Soort"], 0, false)?;
    for bestand in &rapport.dossier().bestanden {
        b.rij(
            &[
                Cel::Lang(&bestand.pad),
                Cel::Lang(&bestand.sha256),
                Cel::Getal(bestand.gelezen),
                Cel::Getal(bestand.afgekeurd),
                Cel::Tekst(bestand.soort.naam()),
            ],
            false,
        )?;
    }
    b.witregel();
    let koppen = ["Controle", "Wat", "Getoetst", "Bevindingen", "Niet te toetsen", "Bron"];
    b.kop(&koppen, 0, false)?;
    for u in &rapport.uitkomsten {
        let bron = rapport.regelset().regel(u.regel.code).map_or("", |i| &i.bron);
        b.rij(
            &[
                Cel::Tekst(u.regel.code),
                Cel::Lang(&u.regel.titel),
                Cel::Getal(u.uitkomsten.getoetst),
                Cel::Getal(rapport.van_regel(u.regel.code).len() as u64),
                Cel::Getal(u.uitkomsten.aantal_niet_toetsbaar()),
                Cel::Lang(bron),
            ],
            false,
        )?;
    }
    Ok(())
}
