//! `declaraties`: rows of a year, read in parallel.

use super::collect::{Collect, ReadRows, estimate};
use super::fout::BronFout;
use super::line_sink::LineSink;
use super::part::{InPart, own, own_place, shared_word};
use super::rij::{Rij, keus};
use super::velden::{self, Leesreden};
use crate::dossier::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Words and side data that earlier rows had. Parts only look them up, so that they can be read side
/// by side; what they have besides is added between two groups of parts.
#[derive(Clone, Debug, Default)]
pub struct Bekend {
    pub woorden: Woordenboek,
    pub nevengegevens: Nummering<Nevengegevens>,
}

/// Rows of one block, with numbers of their own for what wasn't known yet.
#[derive(Default)]
pub struct Deel {
    regels: Vec<InPart<Declaratieregel>>,
    teksten: Teksten,
    bekend: Arc<Bekend>,
    nieuwe_woorden: Woordenboek,
    nieuwe_nevengegevens: Nummering<Nevengegevens>,
    /// For the numbers in these two lists those that all parts share, once they are settled.
    woord_om: Vec<WoordNr>,
    nevengegevens_om: Vec<NevengegevensNr>,
    onbekende_nummers: Woordenboek,
    producten: Nummering<Productcodes>,
    agbs: Nummering<Agb>,
    /// Those of the row before: rows of one toewijzing follow each other.
    laatste_nummer: WoordNr,
    laatste_nevengegevens: Option<(Nevengegevens, NevengegevensNr)>,
    debet: i128,
    credit: i128,
    /// Bytes of the block that it is read from.
    bytes: usize,
}

/// What rows are read with.
pub struct Reader<'a> {
    /// The numbers that toewijzingen have.
    nummers: &'a Woordenboek,
    /// The products whose lines may lack a Bsn.
    zonder_bsn: &'a [String],
    bekend: Arc<Bekend>,
}

impl<'a> Reader<'a> {
    pub fn new(nummers: &'a Woordenboek, zonder_bsn: &'a [String], woorden: Woordenboek) -> Self {
        let bekend = Arc::new(Bekend { woorden, ..Bekend::default() });
        Reader { nummers, zonder_bsn, bekend }
    }

    /// All words and side data, once every row was read.
    pub fn into_bekend(self) -> Bekend {
        Arc::unwrap_or_clone(self.bekend)
    }
}

impl ReadRows for Reader<'_> {
    type Chunk = Deel;

    fn chunk(&self, bytes: usize) -> Deel {
        /// A row takes about this many bytes in a file.
        const PER_RIJ: usize = 128;
        let regels = Vec::with_capacity(bytes / PER_RIJ);
        Deel { bekend: Arc::clone(&self.bekend), regels, bytes, ..Deel::default() }
    }

    fn row(&self, rij: Rij<'_>, deel: &mut Deel) {
        deel.lees(rij, self.nummers, self.zonder_bsn);
    }

    /// Adds what parts have besides, in their order. In place unless another part still looks things
    /// up.
    fn settle(&mut self, delen: &mut [&mut Deel]) {
        for deel in delen.iter_mut() {
            deel.bekend = Arc::default();
        }
        let bekend = Arc::make_mut(&mut self.bekend);
        for deel in delen {
            deel.woord_om = bekend.woorden.neem_over(&deel.nieuwe_woorden);
            let nieuw = deel.nieuwe_nevengegevens.waarden().iter();
            deel.nevengegevens_om = nieuw
                .map(|n| {
                    let n = Nevengegevens { groep: deel.gedeeld_woord(n.groep), ..*n };
                    NevengegevensNr::nieuw(bekend.nevengegevens.nummer(&n, || n))
                })
                .collect();
        }
    }
}

/// ProductCategorie and ProductCode, as their cells had them.
type Productcodes = (Box<[u8]>, Box<[u8]>);

impl Deel {
    /// Reads one row into this part, with everything that is wrong with it noted. `nummers` are the
    /// numbers that toewijzingen have, `zonder_bsn` the products whose lines may lack a Bsn.
    fn lees(&mut self, mut rij: Rij<'_>, nummers: &Woordenboek, zonder_bsn: &[String]) {
        if rij.is_afgekeurd() {
            rij.sluit(None::<()>);
            return;
        }
        let referentie = rij.bytes(Kolom::ReferentieNummer);
        let vorig = rij.bytes_of_leeg(Kolom::VorigReferentieNummer);
        let declaratie = rij.bytes_of_leeg(Kolom::DeclaratieNummer);
        let dagtekening = rij.datum_of_leeg(Kolom::DeclaratieDagtekening);
        let ontvangst = rij.datum_of_leeg(Kolom::Ontvangstdatum);
        let gemeente = rij.gemeente();
        let agb = rij.agb();
        let nummer = rij.bytes_of_leeg(Kolom::ToewijzingNummer);
        let categorie = rij.bytes(Kolom::ProductCategorie);
        let code = rij.bytes(Kolom::ProductCode);
        let mag_zonder_bsn =
            !zonder_bsn.is_empty() && zonder_bsn.iter().any(|z| Some(z.as_bytes()) == code);
        let bsn = if mag_zonder_bsn && rij.cel(Kolom::Bsn).is_empty() {
            Some(Bsn::GEEN)
        } else {
            rij.bsn()
        };
        let begin = rij.datum(Kolom::Begindatum);
        let eind = rij.datum(Kolom::Einddatum);
        let volume = rij.volume(Kolom::GeleverdVolume);
        let eenheid = rij.eenheid();
        let bedragen = rij.bedragen;
        let tarief = rij.optioneel(Kolom::ProductTarief, |c| {
            Tarief::nieuw(velden::bedrag(c, bedragen)?).ok_or(Leesreden::GeenBedrag)
        });
        let bedrag = rij.bedrag(Kolom::IngediendBedrag);
        let debet_credit = rij
            .optioneel(Kolom::DebetCredit, |c| keus(c, &DebetCredit::choices(), "D of C"))
            .unwrap_or(DebetCredit::Debet);
        let no_show = rij.optioneel(Kolom::NoShow, velden::no_show).unwrap_or(0);
        let no_show_minuten = rij.volume_of_leeg(Kolom::NoShowMinuten);
        let afspraak_minuten = rij.volume_of_leeg(Kolom::AfspraakMinuten);
        let reistijd_minuten = rij.volume_of_leeg(Kolom::ReistijdMinuten);
        let gesprekken = rij.getal_of_leeg(Kolom::Gesprekken);
        let functie = rij.bytes_of_leeg(Kolom::Functie);
        let hulpverlener = rij.bytes_of_leeg(Kolom::Hulpverlener);
        let groep = rij.bytes_of_leeg(Kolom::Groep);
        if let (Some(Eenheid::EURO), Some(v)) = (eenheid, volume)
            && v.0 % 100 != 0
        {
            rij.keur_af(
                Some(Kolom::GeleverdVolume),
                &v.to_string(),
                Leesreden::VolumeGeenHeleCenten,
            );
        }
        let (bestand, regelnummer) = (rij.bestand, rij.regelnummer());
        let cellen = (|| {
            Some(Cellen {
                referentie: referentie?,
                vorig: vorig,
                declaratie: declaratie,
                nummer: nummer,
                categorie: categorie?,
                code: code?,
                agb: agb?,
                gemeente: gemeente?,
                bsn: bsn?,
                begindatum: begin?,
                einddatum: eind?,
                volume: volume?,
                eenheid: eenheid?,
                bedrag: bedrag?,
                tarief,
                ontvangst,
                dagtekening,
                debet_credit,
                no_show,
                no_show_minuten,
                afspraak_minuten,
                reistijd_minuten,
                gesprekken,
                functie: functie,
                hulpverlener: hulpverlener,
                groep: groep,
                bestand,
                regelnummer,
            })
        })();
        if let Some(cellen) = rij.sluit(cellen) {
            self.voeg_toe(&cellen, nummers);
        }
    }

    fn voeg_toe(&mut self, c: &Cellen<'_>, nummers: &Woordenboek) {
        let product = ProductKey(c.categorie, c.code);
        let contact = Contact {
            no_show: c.no_show,
            no_show_minuten: c.no_show_minuten,
            afspraak_minuten: c.afspraak_minuten,
            reistijd_minuten: c.reistijd_minuten,
            gesprekken: c.gesprekken,
            functie: self.woord(c.functie),
            hulpverlener: self.woord(c.hulpverlener),
            groep: self.woord(c.groep),
        };
        let (gesprekken, neven) = contact.splits();
        let regel = Declaratieregel {
            gemeente: c.gemeente,
            bsn: c.bsn,
            begindatum: c.begindatum,
            einddatum: c.einddatum,
            geleverd_volume: c.volume,
            eenheid: c.eenheid,
            ingediend_bedrag: c.bedrag,
            product_tarief: c.tarief,
            ontvangstdatum: c.ontvangst,
            declaratie_dagtekening: c.dagtekening,
            debet_credit: c.debet_credit,
            bestand: c.bestand,
            regelnummer: c.regelnummer,
            aanbieder: AanbiederNr(in_16_bits(self.agbs.nummer(&c.agb, || c.agb))),
            product: ProductNr(in_16_bits(
                self.producten.nummer(&product, || (c.categorie.into(), c.code.into())),
            )),
            nummers: self.teksten.voeg_samen_toe([c.referentie, c.vorig, c.declaratie]),
            toewijzing_nummer: self.toewijzingnummer(c.nummer, nummers),
            toewijzing: None,
            functie: contact.functie,
            hulpverlener: contact.hulpverlener,
            nevengegevens: (neven != Nevengegevens::default()).then(|| self.nevengegevens(&neven)),
            gesprekken,
            stand: Stand::Levend,
        };
        let som = match c.debet_credit {
            DebetCredit::Debet => &mut self.debet,
            DebetCredit::Credit => &mut self.credit,
        };
        *som += i128::from(regel.ingediend_bedrag.0);
        self.regels.push(InPart::new(regel));
    }
}

/// A number of which there may be too many: that is an error once all is read.
fn in_16_bits(nr: u32) -> u16 {
    u16::try_from(nr).unwrap_or(u16::MAX)
}

/// The cells of a row that can be kept.
struct Cellen<'r> {
    referentie: &'r [u8],
    vorig: &'r [u8],
    declaratie: &'r [u8],
    nummer: &'r [u8],
    categorie: &'r [u8],
    code: &'r [u8],
    agb: Agb,
    gemeente: Gemeente,
    bsn: Bsn,
    begindatum: Dag,
    einddatum: Dag,
    volume: Volume,
    eenheid: Eenheid,
    bedrag: Cent,
    tarief: Option<Tarief>,
    ontvangst: Option<Dag>,
    dagtekening: Option<Dag>,
    debet_credit: DebetCredit,
    no_show: u32,
    no_show_minuten: Option<Volume>,
    afspraak_minuten: Option<Volume>,
    reistijd_minuten: Option<Volume>,
    gesprekken: Option<u32>,
    functie: &'r [u8],
    hulpverlener: &'r [u8],
    groep: &'r [u8],
    bestand: BestandNr,
    regelnummer: u32,
}

impl Deel {
    /// The number among those that toewijzingen have, else among the part's own. Lines of one
    /// toewijzing often follow each other: the last one is tried first.
    fn toewijzingnummer(&mut self, nummer: &[u8], nummers: &Woordenboek) -> WoordNr {
        match nummers.zoek_na(self.laatste_nummer, nummer) {
            Some(nr) => {
                self.laatste_nummer = nr;
                nr
            }
            None => WoordNr(own(self.onbekende_nummers.nummer(nummer).0)),
        }
    }

    fn woord(&mut self, woord: &[u8]) -> WoordNr {
        match self.bekend.woorden.zoek(woord) {
            Some(nr) => nr,
            None => WoordNr(own(self.nieuwe_woorden.nummer(woord).0)),
        }
    }

    fn nevengegevens(&mut self, neven: &Nevengegevens) -> NevengegevensNr {
        if let Some((laatste, nr)) = &self.laatste_nevengegevens
            && laatste == neven
        {
            return *nr;
        }
        let nr = NevengegevensNr::nieuw(match self.bekend.nevengegevens.zoek(neven) {
            Some(nr) => nr,
            None => own(self.nieuwe_nevengegevens.nummer(neven, || *neven)),
        });
        self.laatste_nevengegevens = Some((*neven, nr));
        nr
    }
}

impl Deel {
    /// The number that all parts share, for one that the part may have of its own.
    fn gedeeld_woord(&self, nr: WoordNr) -> WoordNr {
        shared_word(nr, &self.woord_om)
    }

    fn gedeelde_nevengegevens(&self, nr: NevengegevensNr) -> NevengegevensNr {
        own_place(nr.nummer()).map_or(nr, |plaats| self.nevengegevens_om[plaats])
    }
}

/// All declaraties of a dossier, while its files are read.
pub struct Verzameling<'s> {
    sink: &'s mut dyn LineSink,
    producten: Nummering<Productcodes>,
    agbs: Nummering<Agb>,
    /// Numbers that no toewijzing has, kept apart while others look up the known ones.
    onbekende_nummers: Woordenboek,
    /// How many known ones there are: the others come after them.
    bekende_nummers: u32,
}

/// The lines of one file, as they come to those of the files before it.
pub struct OfFile<'a, 's> {
    heel: &'a mut Onverbonden,
    verzameling: &'a mut Verzameling<'s>,
    bestand: BestandNr,
    /// Bytes of all files.
    bytes: usize,
    /// Lines taken over so far.
    regels: &'a AtomicU64,
}

impl Collect<Deel> for OfFile<'_, '_> {
    /// Makes room for all files once the first part shows how many rows and texts go into its bytes:
    /// growing by doubling would need twice the memory for a moment.
    fn take(&mut self, deel: Deel) {
        let sink = &mut self.verzameling.sink;
        if sink.len(self.heel) == 0 && deel.bytes > 0 {
            let geschat = |in_deel| estimate(in_deel, deel.bytes, self.bytes);
            let (lines, text_bytes) = (deel.regels.len(), deel.teksten.omvang());
            sink.expect(self.heel, geschat(lines), geschat(text_bytes));
        }
        self.verzameling.neem_op(self.heel, self.bestand, deel);
        self.regels.store(self.verzameling.sink.len(self.heel) as u64, Ordering::Relaxed);
    }

    fn rollback(&mut self) {
        self.verzameling.sink.rollback(self.heel);
        let bestand = &mut self.heel.bestanden[usize::from(self.bestand.0)];
        (bestand.debet, bestand.credit) = (Cent::NUL, Cent::NUL);
    }
}

impl<'s> Verzameling<'s> {
    /// `nummers` are the numbers that toewijzingen have.
    pub fn nieuw(nummers: &Woordenboek, sink: &'s mut dyn LineSink) -> Verzameling<'s> {
        Verzameling {
            sink,
            producten: Nummering::default(),
            agbs: Nummering::default(),
            onbekende_nummers: Woordenboek::default(),
            bekende_nummers: u32::try_from(nummers.aantal())
                .expect("fewer than four billion words"),
        }
    }

    /// Takes over the lines of one file; all files that come so have `bytes`.
    pub fn of_file<'a>(
        &'a mut self,
        heel: &'a mut Onverbonden,
        bestand: BestandNr,
        bytes: usize,
        regels: &'a AtomicU64,
    ) -> OfFile<'a, 's> {
        self.sink.begin_file(heel);
        OfFile { heel, verzameling: self, bestand, bytes, regels }
    }

    /// Takes over a part: its numbers become those of the whole, and its sums those of the file.
    pub fn neem_op(&mut self, heel: &mut Onverbonden, bestand: BestandNr, mut deel: Deel) {
        let tekst = heel.teksten.neem_over(&deel.teksten);
        let nummer = self.onbekende_nummers.neem_over(&deel.onbekende_nummers);
        let aanbieder: Vec<AanbiederNr> = deel
            .agbs
            .waarden()
            .iter()
            .map(|a| AanbiederNr(in_16_bits(self.agbs.nummer(a, || *a))))
            .collect();
        let product: Vec<ProductNr> = deel
            .producten
            .waarden()
            .iter()
            .map(|p| self.producten.nummer(&ProductKey(&p.0, &p.1), || p.clone()))
            .map(|nr| ProductNr(in_16_bits(nr)))
            .collect();
        let regels = std::mem::take(&mut deel.regels);
        heel.regels.extend(regels.into_iter().map(|regel| {
            regel.renumbered(|r| {
                r.nummers = tekst(r.nummers);
                if let Some(plaats) = own_place(r.toewijzing_nummer.0) {
                    r.toewijzing_nummer = WoordNr(self.bekende_nummers + nummer[plaats].0 - 1);
                }
                r.aanbieder = aanbieder[r.aanbieder.0 as usize];
                r.product = product[r.product.0 as usize];
                r.functie = deel.gedeeld_woord(r.functie);
                r.hulpverlener = deel.gedeeld_woord(r.hulpverlener);
                r.nevengegevens = r.nevengegevens.map(|nr| deel.gedeelde_nevengegevens(nr));
            })
        }));
        self.sink.added(heel);
        let cent = |n: i128| Cent(i64::try_from(n).expect("a file's total fits in 64 bits"));
        let bestand = &mut heel.bestanden[usize::from(bestand.0)];
        bestand.debet += cent(deel.debet);
        bestand.credit += cent(deel.credit);
    }

    /// After the last file: puts the numbers that no toewijzing has behind the others.
    pub fn rond_af(
        self,
        heel: &mut Onverbonden,
        nummers: Woordenboek,
        bekend: Bekend,
    ) -> Result<(), BronFout> {
        let Bekend { woorden, nevengegevens } = bekend;
        (heel.woorden, heel.nevengegevens) = (woorden, nevengegevens);
        heel.toewijzingnummers = nummers;
        heel.toewijzingnummers.neem_over(&self.onbekende_nummers);
        let grens = usize::from(u16::MAX);
        if self.producten.waarden().len() > grens {
            return Err(BronFout::TeVeel { grens, wat: "verschillende producten" });
        }
        if self.agbs.waarden().len() > grens {
            return Err(BronFout::TeVeel { grens, wat: "verschillende aanbieders" });
        }
        let tekst = |bytes: Box<[u8]>| {
            String::from_utf8(bytes.into()).expect("a cell is text before it is read")
        };
        let producten = self.producten.in_waarden().into_iter();
        heel.producten =
            producten.map(|(categorie, code)| (tekst(categorie), tekst(code))).collect();
        heel.agbs = self.agbs.in_waarden();
        Ok(())
    }
}
