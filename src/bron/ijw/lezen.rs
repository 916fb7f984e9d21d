//! The messages of a dossier, many at a time, into its tables.

use super::ontleden::{Inhoud, ontleed};
use super::schema::Veld;
use super::{Bericht, Berichtfout, GRENS_BYTES, tekst};
use crate::bron::kop::{Kolomnamen, Kop, Koptekst};
use crate::bron::rij::{Leesverslag, Rij};
use crate::bron::tabel::{Tabel, Werk};
use crate::bron::velden::{self, Bedragen, Geldeenheid, Leesreden};
use crate::bron::vinden::Vondst;
use crate::bron::{
    BronFout, Gevolg, Invoerfout, Lezer, declaraties, startstop, te_veel_afgekeurd, toewijzingen,
};
use crate::dossier::*;
use crate::ground::hex;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Arc, Mutex};

/// Amounts of money in messages are whole cents.
const BEDRAGEN: Bedragen = Bedragen { decimaal: None, eenheid: Geldeenheid::Eurocent };
/// Messages that are in memory at a time: about this many bytes, and never more than this many.
const BYTES_TEGELIJK: u64 = 64 << 20;
const BERICHTEN_TEGELIJK: usize = 512;

/// What was read of one message.
struct Gelezen<D> {
    inhoud: Inhoud,
    /// Rows that stand, and rows that take one back.
    delen: Vec<D>,
    verslag: Leesverslag,
}

/// One file: its content or why it is refused.
struct Uitkomst<D> {
    bytes: u64,
    sha256: String,
    gelezen: Result<Gelezen<D>, Berichtfout>,
}

/// The whole file, unless it is too large.
fn lees_bytes(vondst: &Vondst) -> Result<Vec<u8>, Berichtfout> {
    let mut bytes = Vec::with_capacity(vondst.bytes.min(GRENS_BYTES) as usize + 1);
    vondst
        .plek
        .open()
        .and_then(|f| f.take(GRENS_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|e| Berichtfout::van_io(&e))?;
    if bytes.len() as u64 > GRENS_BYTES {
        return Err(Berichtfout::TeGroot);
    }
    Ok(bytes)
}

fn lees_bericht<D: Send>(
    bestand: (BestandNr, &Vondst, Bericht),
    kop: &Kop,
    begin: &(impl Fn(usize) -> D + Sync),
    rij: &(impl Fn(Rij<'_>, &mut D) + Sync),
) -> Uitkomst<D> {
    let (nr, vondst, bericht) = bestand;
    let bytes = match lees_bytes(vondst) {
        Ok(bytes) => bytes,
        Err(fout) => {
            return Uitkomst { bytes: vondst.bytes, sha256: String::new(), gelezen: Err(fout) };
        }
    };
    let (aantal, sha256) = (bytes.len() as u64, hex(&Sha256::digest(&bytes)));
    let gelezen = tekst::ontcijfer(bytes).and_then(|t| ontleed(&t, bericht)).and_then(|inhoud| {
        controleer_kop(&inhoud, bericht)?;
        let tabel = Tabel { naam: &vondst.naam, soort: bericht.soort(), nr };
        let (mut delen, mut verslag) = (Vec::new(), Leesverslag::default());
        for blok in [&inhoud.records, &inhoud.teruggenomen] {
            verslag.neem_over(tabel.lees_records(
                kop,
                std::slice::from_ref(blok),
                BEDRAGEN,
                &mut Werk {
                    begin,
                    rij,
                    tussen: |_: Vec<&mut D>| {},
                    neem_op: |deel, _| delen.push(deel),
                },
            ));
        }
        Ok(Gelezen { inhoud, delen, verslag })
    });
    Uitkomst { bytes: aantal, sha256, gelezen }
}

/// Refuses a message that doesn't say who sent it, when, and to whom.
fn controleer_kop(inhoud: &Inhoud, bericht: Bericht) -> Result<(), Berichtfout> {
    let (cijfers_afzender, cijfers_ontvanger) =
        if matches!(bericht, Bericht::Jw301 | Bericht::Jw325) { (4, 8) } else { (8, 4) };
    let code = |element, veld, cijfers| {
        velden::code(inhoud.waarde(veld).as_bytes(), cijfers)
            .map(|_| ())
            .map_err(|_| Berichtfout::Kop { element })
    };
    code("Afzender", Veld::Afzender, cijfers_afzender)?;
    code("Ontvanger", Veld::Ontvanger, cijfers_ontvanger)?;
    if inhoud.waarde(Veld::Identificatie).is_empty() {
        return Err(Berichtfout::Kop { element: "Identificatie" });
    }
    datum(inhoud, "Dagtekening", Veld::Dagtekening)?;
    match bericht {
        Bericht::Jw323 => declaratiebericht(inhoud, BestandNr(0)).map(|_| ()),
        Bericht::Jw325 => antwoord(inhoud, Vec::new()).map(|_| ()),
        Bericht::Jw301 | Bericht::Jw305 | Bericht::Jw307 => Ok(()),
    }
}

fn datum(inhoud: &Inhoud, element: &'static str, veld: Veld) -> Result<Dag, Berichtfout> {
    velden::datum(inhoud.waarde(veld).as_bytes()).map_err(|_| Berichtfout::Kop { element })
}

fn declaratiebericht(
    inhoud: &Inhoud,
    bestand: BestandNr,
) -> Result<Declaratiebericht, Berichtfout> {
    let (afzender, _) = velden::code(inhoud.waarde(Veld::Afzender).as_bytes(), 8)
        .map_err(|_| Berichtfout::Kop { element: "Afzender" })?;
    let (ontvanger, _) = velden::code(inhoud.waarde(Veld::Ontvanger).as_bytes(), 4)
        .map_err(|_| Berichtfout::Kop { element: "Ontvanger" })?;
    let declaratie_nummer = inhoud.waarde(Veld::DeclaratieNummer).to_owned();
    if declaratie_nummer.is_empty() {
        return Err(Berichtfout::Kop { element: "DeclaratieNummer" });
    }
    let totaal = velden::bedrag(inhoud.waarde(Veld::TotaalBedrag).as_bytes(), BEDRAGEN)
        .map_err(|_| Berichtfout::Kop { element: "TotaalBedrag" })?;
    Ok(Declaratiebericht {
        afzender: Agb(afzender),
        ontvanger: Gemeente(ontvanger as u16),
        dagtekening: datum(inhoud, "Dagtekening", Veld::Dagtekening)?,
        identificatie: inhoud.waarde(Veld::Identificatie).to_owned(),
        declaratie_nummer,
        periode: (
            datum(inhoud, "Begindatum van DeclaratiePeriode", Veld::PeriodeBegin)?,
            datum(inhoud, "Einddatum van DeclaratiePeriode", Veld::PeriodeEind)?,
        ),
        totaal: match inhoud.waarde(Veld::TotaalDebetCredit) {
            "D" => totaal,
            "C" => Cent::NUL - totaal,
            _ => return Err(Berichtfout::Kop { element: "DebetCredit van het totaal" }),
        },
        subversie: inhoud.subversie,
        xsd_versies: [Veld::XsdBericht, Veld::XsdBasis].map(|v| inhoud.waarde(v).to_owned()),
        bestand,
    })
}

/// An answer that refuses these prestaties, and what its header says of the whole.
fn antwoord(inhoud: &Inhoud, prestaties: Vec<String>) -> Result<Declaratieantwoord, Berichtfout> {
    let code = |element, veld, cijfers| {
        velden::code(inhoud.waarde(veld).as_bytes(), cijfers)
            .map(|(code, _)| code)
            .map_err(|_| Berichtfout::Kop { element })
    };
    let over = inhoud.waarde(Veld::OverIdentificatie);
    if over.is_empty() {
        return Err(Berichtfout::Kop { element: "DeclaratieIdentificatie" });
    }
    let bericht = inhoud.waarde(Veld::RetourBericht);
    if bericht.is_empty() {
        return Err(Berichtfout::Kop { element: "RetourCodes van de Header" });
    }
    let declaratie = inhoud.waarde(Veld::RetourDeclaratie);
    let alles = [bericht, declaratie].iter().any(|codes| wijst_af(codes.split_whitespace()));
    Ok(Declaratieantwoord {
        gemeente: Gemeente(code("Afzender", Veld::Afzender, 4)? as u16),
        aanbieder: Agb(code("Ontvanger", Veld::Ontvanger, 8)?),
        bericht: (
            over.to_owned(),
            datum(inhoud, "Dagtekening van DeclaratieIdentificatie", Veld::OverDagtekening)?,
        ),
        declaratie_nummer: inhoud.waarde(Veld::DeclaratieNummer).to_owned(),
        afgewezen: if alles { Afgewezen::Alles } else { Afgewezen::Prestaties(prestaties) },
    })
}

/// Notes the ReferentieNummer of a prestatie that an answer refuses.
fn afgewezen_prestatie(mut rij: Rij<'_>, uit: &mut Vec<String>) {
    let referentie = rij.tekst(Kolom::ReferentieNummer).map(str::to_owned);
    let codes = rij.tekst_of_leeg(Kolom::RetourCodes);
    // An answer lists what it refuses; only a code that says otherwise is stronger than that.
    let afgewezen = codes.is_empty() || wijst_af(codes.split_whitespace());
    uit.extend(rij.sluit(referentie).filter(|_| afgewezen));
}

/// The header that stands for the columns of a kind of message.
fn kop_van(bericht: Bericht) -> Kop {
    let koppen = bericht.kolommen().iter().map(|(k, _)| k.naam().to_owned()).collect();
    let tekst = Koptekst { koppen, regel: 1, ..Koptekst::default() };
    let namen = Kolomnamen::default();
    Kop::van_koppen(tekst, bericht.naam(), bericht.soort(), &namen, Kolommen::default())
        .expect("the columns of a message are ours")
}

/// How many of these are read together.
fn groep(rest: &[(BestandNr, &Vondst, Bericht)]) -> usize {
    let mut bytes = 0;
    let past = |(_, v, _): &&(BestandNr, &Vondst, Bericht)| {
        bytes += v.bytes;
        bytes <= BYTES_TEGELIJK
    };
    rest.iter().take(BERICHTEN_TEGELIJK).take_while(past).count().max(1)
}

impl Lezer<'_> {
    pub fn toewijzingberichten(
        &mut self,
        berichten: &[(BestandNr, &Vondst, Bericht)],
    ) -> Result<(), BronFout> {
        self.berichten(
            berichten,
            |_| toewijzingen::Deel::default(),
            |rij, deel| deel.lees(rij),
            |lezer, _, gelezen| {
                gelezen.delen.into_iter().for_each(|deel| deel.neem_op(&mut lezer.uit.rijen));
            },
        )
    }

    pub fn declaratieberichten(
        &mut self,
        berichten: &[(BestandNr, &Vondst, Bericht)],
        nummers: &Woordenboek,
        verzameling: &mut declaraties::Verzameling,
        bekend: &mut Arc<declaraties::Bekend>,
    ) -> Result<(), BronFout> {
        let zonder_bsn = self.opties.wijze.zonder_bsn.clone();
        let bekend = Mutex::new(bekend);
        let gedeeld = || bekend.lock().expect("no reader panicked");
        self.berichten(
            berichten,
            |bytes| declaraties::Deel::nieuw(Arc::clone(&gedeeld()), bytes),
            |rij, deel| deel.lees(rij, nummers, &zonder_bsn),
            |lezer, nr, mut gelezen| {
                let rijen = &mut lezer.uit.rijen;
                declaraties::Bekend::vul_aan(&mut gedeeld(), gelezen.delen.iter_mut().collect());
                for deel in gelezen.delen {
                    let (debet, credit) = verzameling.neem_op(rijen, deel);
                    let bestand = &mut rijen.bestanden[nr.0 as usize];
                    bestand.debet += debet;
                    bestand.credit += credit;
                }
                let bericht =
                    declaratiebericht(&gelezen.inhoud, nr).expect("its header was checked");
                rijen.declaratieberichten.get_or_insert_default().push(bericht);
            },
        )
    }

    pub fn antwoorden(
        &mut self,
        berichten: &[(BestandNr, &Vondst, Bericht)],
    ) -> Result<(), BronFout> {
        self.berichten(
            berichten,
            |_| Vec::new(),
            afgewezen_prestatie,
            |lezer, _, gelezen| {
                let prestaties = gelezen.delen.into_iter().flatten().collect();
                let antwoord =
                    antwoord(&gelezen.inhoud, prestaties).expect("its header was checked");
                lezer.uit.rijen.antwoorden.get_or_insert_default().push(antwoord);
            },
        )
    }

    /// A start or stop that a later message takes back is none.
    pub fn startstopberichten(
        &mut self,
        berichten: &[(BestandNr, &Vondst, Bericht)],
    ) -> Result<(), BronFout> {
        let terug = self.start_en_stop(berichten)?;
        if let Some(alle) = &mut self.uit.rijen.startstop {
            neem_terug(alle, &terug);
        }
        Ok(())
    }

    /// Reads starts and stops as they were sent, and gives those that take one back.
    pub fn start_en_stop(
        &mut self,
        berichten: &[(BestandNr, &Vondst, Bericht)],
    ) -> Result<Vec<Startstop>, BronFout> {
        let nummers = std::mem::take(&mut self.uit.rijen.toewijzingnummers);
        // Rows that stand and rows that take one back, of each message.
        let mut delen: Vec<Vec<startstop::Deel>> = Vec::new();
        let gelezen = self.berichten(
            berichten,
            |_| startstop::Deel::default(),
            |rij, deel| deel.lees(rij, &nummers),
            |_, _, gelezen| delen.push(gelezen.delen),
        );
        self.uit.rijen.toewijzingnummers = nummers;
        gelezen?;
        let Onverbonden { startstop, toewijzingnummers, .. } = &mut self.uit.rijen;
        let mut terug: Vec<Startstop> = Vec::new();
        for van_bericht in delen {
            let mut van_bericht = van_bericht.into_iter();
            let alle = startstop.get_or_insert_default();
            alle.extend(van_bericht.next().unwrap_or_default().in_geheel(toewijzingnummers));
            van_bericht.for_each(|deel| terug.extend(deel.in_geheel(toewijzingnummers)));
        }
        Ok(terug)
    }

    /// Reads messages of one kind of table: `rij` in parallel over the files, `neem_op` one by one
    /// in their order.
    fn berichten<D: Send>(
        &mut self,
        berichten: &[(BestandNr, &Vondst, Bericht)],
        begin: impl Fn(usize) -> D + Sync,
        rij: impl Fn(Rij<'_>, &mut D) + Sync,
        mut neem_op: impl FnMut(&mut Self, BestandNr, Gelezen<D>),
    ) -> Result<(), BronFout> {
        let koppen: BTreeMap<Bericht, Kop> =
            berichten.iter().map(|(_, _, b)| *b).map(|b| (b, kop_van(b))).collect();
        let mut samen = Leesverslag::default();
        let mut rest = berichten;
        while !rest.is_empty() {
            let (nu, straks) = rest.split_at(groep(rest));
            rest = straks;
            let meld = self.meld;
            let uitkomsten: Vec<Uitkomst<D>> = nu
                .par_iter()
                .map(|&bestand| {
                    let uitkomst = lees_bericht(bestand, &koppen[&bestand.2], &begin, &rij);
                    meld(bestand.1.bytes);
                    uitkomst
                })
                .collect();
            for (&(nr, vondst, bericht), uitkomst) in nu.iter().zip(uitkomsten) {
                let bestand = &mut self.uit.rijen.bestanden[nr.0 as usize];
                (bestand.bytes, bestand.sha256) = (uitkomst.bytes, uitkomst.sha256);
                let gelezen = uitkomst.gelezen.and_then(|gelezen| {
                    let velden = [Veld::Afzender, Veld::Identificatie, Veld::Dagtekening];
                    let sleutel = (bericht, velden.map(|v| gelezen.inhoud.waarde(v).to_owned()));
                    match *self.eerder.entry(sleutel).or_insert(nr) {
                        eerste if eerste == nr => Ok(gelezen),
                        BestandNr(eerste) => {
                            let pad = &self.uit.rijen.bestanden[eerste as usize].pad;
                            Err(Berichtfout::Dubbel { eerder: pad.clone() })
                        }
                    }
                });
                match gelezen {
                    Err(fout) => {
                        self.uit.fouten.push(Invoerfout {
                            bestand: nr,
                            regelnummer: 1,
                            kolom: None,
                            waarde: "".into(),
                            reden: Leesreden::Bericht(fout.clone()),
                            gevolg: Gevolg::BerichtGeweigerd,
                        });
                        self.geweigerd.push((vondst.naam.clone(), fout));
                    }
                    Ok(mut gelezen) => {
                        let verslag = std::mem::take(&mut gelezen.verslag);
                        let bestand = &mut self.uit.rijen.bestanden[nr.0 as usize];
                        bestand.kolommen = koppen[&bericht].kolommen;
                        bestand.gelezen = verslag.gelezen;
                        bestand.afgekeurd = verslag.afgekeurd;
                        bestand.aanvaard = verslag.gelezen - verslag.afgekeurd;
                        let genegeerd =
                            verslag.fouten.iter().filter(|f| f.gevolg == Gevolg::WaardeGenegeerd);
                        bestand.genegeerd = genegeerd.count() as u64;
                        samen.neem_over(verslag);
                        neem_op(self, nr, gelezen);
                    }
                }
            }
        }
        let bestanden = &self.uit.rijen.bestanden;
        te_veel_afgekeurd(&samen, self.opties.max_afgekeurd, |fout| {
            let pad = &bestanden[fout.bestand.0 as usize].pad;
            format!("{} berichten samen, waaronder {pad}", berichten.len())
        })?;
        for (kolom, aantal) in samen.aangevuld {
            *self.aangevuld.entry(kolom).or_default() += aantal;
        }
        self.uit.fouten.extend(samen.fouten);
        Ok(())
    }
}

/// Leaves out the starts and stops that a message of `terug` takes back.
pub fn neem_terug(alle: &mut Vec<Startstop>, terug: &[Startstop]) {
    let sleutel = |s: &Startstop| (s.gemeente, s.toewijzing_nummer, s.soort, s.datum);
    let mut laatste: BTreeMap<_, Option<Dag>> = BTreeMap::new();
    for s in terug {
        let verzonden = laatste.entry(sleutel(s)).or_default();
        *verzonden = (*verzonden).max(s.verzonden);
    }
    if !laatste.is_empty() {
        // What was sent again after it was taken back stands.
        alle.retain(|s| laatste.get(&sleutel(s)).is_none_or(|terug| s.verzonden > *terug));
    }
}

/// What the user is told of refused messages: a sentence for each reason, with some of the files.
pub fn waarschuwingen(geweigerd: &[(String, Berichtfout)]) -> Vec<String> {
    const GETOOND: usize = 10;
    let mut per_reden: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (naam, fout) in geweigerd {
        per_reden.entry(fout.kort()).or_default().push(naam);
    }
    per_reden
        .into_iter()
        .map(|(reden, namen)| {
            let meer = match namen.len().saturating_sub(GETOOND) {
                0 => String::new(),
                meer => format!(" en nog {meer}"),
            };
            let getoond = namen[..namen.len().min(GETOOND)].join(", ");
            match namen.len() {
                1 => format!("bericht geweigerd: {getoond}: {reden}"),
                n => format!("{n} berichten geweigerd: {reden}: {getoond}{meer}"),
            }
        })
        .collect()
}
