//! `declaraties`: rows of a year, read in parallel.

use super::fout::BronFout;
use super::rij::{Rij, keus};
use super::velden::{self, Geldeenheid, Leesreden};
use crate::dossier::*;
use hashbrown::HashMap;
use std::num::NonZeroU32;

/// Marks a ToewijzingNummer that no toewijzing has: its number is in the part's own list.
const ONBEKEND_NUMMER: u32 = 1 << 31;

/// Rows of one block, with numbers of their own.
#[derive(Default)]
pub struct Deel {
    regels: Vec<Declaratieregel>,
    teksten: Teksten,
    onbekende_nummers: Woordenboek,
    woorden: Woordenboek,
    contacten: Vec<Contact>,
    producten: Nummering<(Box<str>, Box<str>)>,
    agbs: Nummering<Agb>,
    /// The last DeclaratieNummer: rows of one declaration follow each other.
    declaratie_nummer: WoordNr,
    laatste_nummer: WoordNr,
    debet: i128,
    credit: i128,
}

/// Numbers for values in the order in which they come.
pub struct Nummering<T> {
    waarden: Vec<T>,
    nummers: HashMap<T, u16>,
    laatste: u16,
}

impl<T> Default for Nummering<T> {
    fn default() -> Self {
        Nummering { waarden: Vec::new(), nummers: HashMap::new(), laatste: 0 }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Nummering<T> {
    /// The number of a value; the one of the previous call is tried first.
    fn nummer<Q>(&mut self, waarde: &Q, maak: impl FnOnce() -> T) -> u16
    where
        Q: std::hash::Hash + hashbrown::Equivalent<T> + ?Sized,
    {
        if let Some(vorige) = self.waarden.get(self.laatste as usize)
            && waarde.equivalent(vorige)
        {
            return self.laatste;
        }
        self.laatste = match self.nummers.get(waarde) {
            Some(&nr) => nr,
            None => {
                let nr = u16::try_from(self.waarden.len()).unwrap_or(u16::MAX);
                let waarde = maak();
                self.waarden.push(waarde.clone());
                self.nummers.insert(waarde, nr);
                nr
            }
        };
        self.laatste
    }

    /// More values than numbers?
    fn is_vol(&self) -> bool {
        self.waarden.len() > usize::from(u16::MAX)
    }
}

#[derive(Hash)]
struct Productsleutel<'a>(&'a str, &'a str);

impl hashbrown::Equivalent<(Box<str>, Box<str>)> for Productsleutel<'_> {
    fn equivalent(&self, (categorie, code): &(Box<str>, Box<str>)) -> bool {
        self.0 == &**categorie && self.1 == &**code
    }
}

impl Deel {
    /// Makes room for a whole dossier of `bytes` once the first part shows how many rows and texts
    /// go into its `van_bytes`: growing by doubling would need twice the memory for a moment.
    pub fn reserveer(&self, heel: &mut Onverbonden, van_bytes: usize, bytes: usize) {
        if heel.aantal_regels() == 0 && van_bytes > 0 {
            let geschat = |in_deel: usize| {
                let heel = in_deel as u128 * bytes as u128 / van_bytes as u128;
                (heel + heel / 50) as usize
            };
            heel.verwacht(geschat(self.regels.len()), geschat(self.teksten.omvang()));
        }
    }

    /// Reads one row into this part. `nummers` are the numbers that toewijzingen have, `zonder_bsn`
    /// the products whose lines may lack a Bsn.
    pub fn lees(&mut self, rij: Rij<'_>, nummers: &Woordenboek, zonder_bsn: &[String]) {
        match Cellen::gewoon(&rij) {
            Some(cellen) => {
                rij.sluit_gewoon();
                self.voeg_toe(&cellen, Contact::default(), nummers);
            }
            None => self.lees_elke(rij, nummers, zonder_bsn),
        }
    }

    /// The same for a row in whatever form, with everything that is wrong with it noted.
    fn lees_elke(&mut self, mut rij: Rij<'_>, nummers: &Woordenboek, zonder_bsn: &[String]) {
        if rij.is_afgekeurd() {
            rij.sluit(None::<()>);
            return;
        }
        let referentie = rij.tekst(Kolom::ReferentieNummer);
        let vorig = rij.tekst_of_leeg(Kolom::VorigReferentieNummer);
        let declaratie = rij.tekst_of_leeg(Kolom::DeclaratieNummer);
        let dagtekening = rij.datum_of_leeg(Kolom::DeclaratieDagtekening);
        let ontvangst = rij.datum_of_leeg(Kolom::Ontvangstdatum);
        let gemeente = rij.gemeente();
        let agb = rij.agb();
        let nummer = rij.tekst_of_leeg(Kolom::ToewijzingNummer);
        let categorie = rij.tekst(Kolom::ProductCategorie);
        let code = rij.tekst(Kolom::ProductCode);
        let mag_zonder_bsn =
            !zonder_bsn.is_empty() && zonder_bsn.iter().any(|z| Some(z.as_str()) == code);
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
            .optioneel(Kolom::DebetCredit, |c| {
                keus(c, &[("D", DebetCredit::Debet), ("C", DebetCredit::Credit)], "D of C")
            })
            .unwrap_or(DebetCredit::Debet);
        let contact = lees_contact(&mut rij, &mut self.woorden);
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
                vorig,
                declaratie,
                nummer,
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
                bestand,
                regelnummer,
            })
        })();
        if let Some(cellen) = rij.sluit(cellen) {
            self.voeg_toe(&cellen, contact, nummers);
        }
    }

    fn voeg_toe(&mut self, c: &Cellen<'_>, contact: Contact, nummers: &Woordenboek) {
        if !self.woorden.is(self.declaratie_nummer, c.declaratie) {
            self.declaratie_nummer = self.woorden.nummer(c.declaratie);
        }
        let product = Productsleutel(c.categorie, c.code);
        let mut regel = Declaratieregel {
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
            aanbieder: AanbiederNr(self.agbs.nummer(&c.agb, || c.agb)),
            product: ProductNr(
                self.producten.nummer(&product, || (c.categorie.into(), c.code.into())),
            ),
            referentie_nummer: self.teksten.voeg_toe(c.referentie),
            vorig_referentie_nummer: self.teksten.voeg_toe(c.vorig),
            declaratie_nummer: self.declaratie_nummer,
            toewijzing_nummer: self.toewijzingnummer(c.nummer, nummers),
            toewijzing: None,
            contact: None,
            stand: Stand::Levend,
        };
        if contact != Contact::default() {
            self.contacten.push(contact);
            regel.contact = NonZeroU32::new(self.contacten.len() as u32).map(ContactNr);
        }
        let som = match c.debet_credit {
            DebetCredit::Debet => &mut self.debet,
            DebetCredit::Credit => &mut self.credit,
        };
        *som += i128::from(regel.ingediend_bedrag.0);
        self.regels.push(regel);
    }
}

/// The cells of a row that can be kept.
struct Cellen<'r> {
    referentie: &'r str,
    vorig: &'r str,
    declaratie: &'r str,
    nummer: &'r str,
    categorie: &'r str,
    code: &'r str,
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
    bestand: BestandNr,
    regelnummer: u32,
}

/// The columns of [`Contact`].
const CONTACTKOLOMMEN: Kolommen = Kolommen::van(&[
    Kolom::NoShow,
    Kolom::NoShowMinuten,
    Kolom::AfspraakMinuten,
    Kolom::ReistijdMinuten,
    Kolom::Gesprekken,
    Kolom::Functie,
    Kolom::Hulpverlener,
    Kolom::Groep,
]);

impl<'r> Cellen<'r> {
    /// A row as nearly all are: every cell in its usual form, and no contact columns. `None` for any
    /// other, which is then read in the way that can tell what is wrong with it.
    #[inline]
    fn gewoon(rij: &Rij<'r>) -> Option<Cellen<'r>> {
        if rij.is_afgekeurd()
            || rij.bedragen.eenheid != Geldeenheid::Euro
            || rij.kop.kolommen.bevat_een_van(CONTACTKOLOMMEN)
        {
            return None;
        }
        let tekst_of_leeg =
            |kolom| rij.celtekst(kolom).filter(|tekst| tekst.len() <= Teksten::LANGSTE);
        let tekst = |kolom| tekst_of_leeg(kolom).filter(|t| !t.is_empty());
        let datum = |kolom| velden::gewone_datum(rij.cel(kolom));
        let datum_of_leeg = |kolom| match rij.cel(kolom) {
            [] => Some(None),
            cel => velden::gewone_datum(cel).map(Some),
        };
        let eenheid = Eenheid(velden::gewone_code::<2>(rij.cel(Kolom::Eenheid))? as u8);
        if eenheid == Eenheid::EURO {
            return None;
        }
        Some(Cellen {
            referentie: tekst(Kolom::ReferentieNummer)?,
            vorig: tekst_of_leeg(Kolom::VorigReferentieNummer)?,
            declaratie: tekst_of_leeg(Kolom::DeclaratieNummer)?,
            nummer: tekst_of_leeg(Kolom::ToewijzingNummer)?,
            categorie: tekst(Kolom::ProductCategorie)?,
            code: tekst(Kolom::ProductCode)?,
            agb: Agb(velden::gewone_code::<8>(rij.cel(Kolom::Aanbieder))?),
            gemeente: Gemeente(velden::gewone_code::<4>(rij.cel(Kolom::Gemeente))? as u16),
            bsn: Bsn(velden::gewone_code::<9>(rij.cel(Kolom::Bsn))?),
            begindatum: datum(Kolom::Begindatum)?,
            einddatum: datum(Kolom::Einddatum)?,
            volume: Volume(velden::gewoon(rij.cel(Kolom::GeleverdVolume))?),
            eenheid,
            bedrag: Cent(velden::gewoon(rij.cel(Kolom::IngediendBedrag))?),
            tarief: match rij.cel(Kolom::ProductTarief) {
                [] => None,
                cel => Some(Tarief::nieuw(Cent(velden::gewoon(cel)?))?),
            },
            ontvangst: datum_of_leeg(Kolom::Ontvangstdatum)?,
            dagtekening: datum_of_leeg(Kolom::DeclaratieDagtekening)?,
            debet_credit: match rij.cel(Kolom::DebetCredit) {
                [] | b"D" => DebetCredit::Debet,
                b"C" => DebetCredit::Credit,
                _ => return None,
            },
            bestand: rij.bestand,
            regelnummer: rij.regelnummer(),
        })
    }
}

impl Deel {
    /// The number among those that toewijzingen have, else among the part's own. Lines of one
    /// toewijzing often follow each other: the last one is tried first.
    fn toewijzingnummer(&mut self, nummer: &str, nummers: &Woordenboek) -> WoordNr {
        if nummers.is(self.laatste_nummer, nummer) {
            return self.laatste_nummer;
        }
        match nummers.zoek(nummer) {
            Some(nr) => {
                self.laatste_nummer = nr;
                nr
            }
            None => WoordNr(self.onbekende_nummers.nummer(nummer).0 | ONBEKEND_NUMMER),
        }
    }
}

fn lees_contact(rij: &mut Rij<'_>, woorden: &mut Woordenboek) -> Contact {
    let no_show = rij.optioneel(Kolom::NoShow, velden::no_show).unwrap_or(0);
    let no_show_minuten = rij.volume_of_leeg(Kolom::NoShowMinuten);
    let afspraak_minuten = rij.volume_of_leeg(Kolom::AfspraakMinuten);
    let reistijd_minuten = rij.volume_of_leeg(Kolom::ReistijdMinuten);
    let gesprekken = rij.getal_of_leeg(Kolom::Gesprekken);
    let mut woord = |kolom| woorden.nummer(rij.tekst_of_leeg(kolom));
    Contact {
        no_show,
        no_show_minuten,
        afspraak_minuten,
        reistijd_minuten,
        gesprekken,
        functie: woord(Kolom::Functie),
        hulpverlener: woord(Kolom::Hulpverlener),
        groep: woord(Kolom::Groep),
    }
}

/// All declaraties of a dossier, while its files are read.
pub struct Verzameling {
    pub producten: Nummering<(Box<str>, Box<str>)>,
    pub agbs: Nummering<Agb>,
    /// Numbers that no toewijzing has, kept apart while others look up the known ones.
    onbekende_nummers: Woordenboek,
    /// How many known ones there are: the others come after them.
    bekende_nummers: u32,
}

/// How far a dossier had come before a file: to go back there when it must be read again.
pub struct Merkteken {
    regels: usize,
    contacten: usize,
}

impl Verzameling {
    /// `nummers` are the numbers that toewijzingen have.
    pub fn nieuw(nummers: &Woordenboek) -> Verzameling {
        Verzameling {
            producten: Nummering::default(),
            agbs: Nummering::default(),
            onbekende_nummers: Woordenboek::default(),
            bekende_nummers: u32::try_from(nummers.aantal())
                .expect("fewer than four billion words"),
        }
    }

    pub fn merk(heel: &mut Onverbonden) -> Merkteken {
        heel.begin_bestand();
        Merkteken { regels: heel.regels.len(), contacten: heel.contacten.len() }
    }

    pub fn terug(heel: &mut Onverbonden, merk: &Merkteken) {
        let (regels, contacten) = heel.begin_opnieuw().unwrap_or((merk.regels, merk.contacten));
        heel.regels.truncate(regels);
        heel.contacten.truncate(contacten);
    }

    /// Takes over a part: its numbers become those of the whole. Returns the sums of its debit and
    /// credit lines.
    pub fn neem_op(&mut self, heel: &mut Onverbonden, deel: Deel) -> (Cent, Cent) {
        let tekst = heel.teksten.neem_over(&deel.teksten);
        let nummer = self.onbekende_nummers.neem_over(&deel.onbekende_nummers);
        let woord = heel.woorden.neem_over(&deel.woorden);
        let aanbieder: Vec<u16> =
            deel.agbs.waarden.iter().map(|a| self.agbs.nummer(a, || *a)).collect();
        let product: Vec<u16> = deel
            .producten
            .waarden
            .iter()
            .map(|p| self.producten.nummer(&Productsleutel(&p.0, &p.1), || p.clone()))
            .collect();
        let contacten = heel.contacten.len() as u32;
        heel.contacten.extend(deel.contacten.into_iter().map(|c| Contact {
            functie: woord[c.functie.index()],
            hulpverlener: woord[c.hulpverlener.index()],
            groep: woord[c.groep.index()],
            ..c
        }));
        heel.regels.extend(deel.regels.into_iter().map(|mut r| {
            r.referentie_nummer = tekst(r.referentie_nummer);
            r.vorig_referentie_nummer = tekst(r.vorig_referentie_nummer);
            r.declaratie_nummer = woord[r.declaratie_nummer.index()];
            if let Some(plaats) = plaats_bij_onbekende(r.toewijzing_nummer) {
                r.toewijzing_nummer = WoordNr(self.bekende_nummers + nummer[plaats].0 - 1);
            }
            r.aanbieder = AanbiederNr(aanbieder[r.aanbieder.0 as usize]);
            r.product = ProductNr(product[r.product.0 as usize]);
            r.contact = r
                .contact
                .map(|c| ContactNr(c.0.checked_add(contacten).expect("contacts fit in 32 bits")));
            r
        }));
        heel.wijk_uit();
        let cent = |n: i128| Cent(i64::try_from(n).expect("a file's total fits in 64 bits"));
        (cent(deel.debet), cent(deel.credit))
    }

    /// After the last file: puts the numbers that no toewijzing has behind the others.
    pub fn rond_af(self, heel: &mut Onverbonden, nummers: Woordenboek) -> Result<(), BronFout> {
        heel.toewijzingnummers = nummers;
        heel.toewijzingnummers.neem_over(&self.onbekende_nummers);
        let grens = usize::from(u16::MAX);
        if self.producten.is_vol() {
            return Err(BronFout::TeVeel { grens, wat: "verschillende producten" });
        }
        if self.agbs.is_vol() {
            return Err(BronFout::TeVeel { grens, wat: "verschillende aanbieders" });
        }
        heel.producten = self
            .producten
            .waarden
            .into_iter()
            .map(|(categorie, code)| (categorie.into(), code.into()))
            .collect();
        heel.agbs = self.agbs.waarden;
        Ok(())
    }
}

fn plaats_bij_onbekende(nummer: WoordNr) -> Option<usize> {
    (nummer.0 & ONBEKEND_NUMMER != 0).then_some((nummer.0 & !ONBEKEND_NUMMER) as usize)
}
