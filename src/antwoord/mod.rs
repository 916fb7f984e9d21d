//! Draft answers (JW325) to the declaration messages (JW323) of a dossier.
//!
//! Only rules with a national return code count, and of their findings only a `fout`: an
//! onzekerheid or a signaal is for a person to judge. A prestatie is granted or refused whole.
//! Nothing is refused on start and stop messages (OP364: their rules have no return code) or on
//! what the sender couldn't know when it declared (OP095): a version of a toewijzing that came
//! later than the message, and what another aanbieder declared on the same toewijzing.

mod bericht;
mod retourcodes;

pub use bericht::schrijf_bericht;
pub use retourcodes::{GEEN_OPMERKING, Klasse, NIET_BEOORDEELD, Retourcode, Retourcodes, VOLLEDIG};

use crate::dossier::{
    AanbiederNr, Bsn, Cent, DebetCredit, Declaratiebericht, Dossier, Ernst, RegelNr, ToewijzingNr,
};
use crate::toetsing::{Bevinding, Onderwerp};
use std::collections::{BTreeMap, BTreeSet};

/// Rules whose findings count what others declared on the same toewijzing.
const TELT_ANDEREN_MEE: [&str; 2] = ["BU01", "TW12"];

/// A draft answer to one message.
#[derive(Clone, Debug)]
pub struct Antwoord {
    /// Place of the message in [`Dossier::declaratieberichten`].
    pub bericht: usize,
    pub besluit: Besluit,
    /// What is granted: debit less credit.
    pub toegekend: Cent,
}

/// What the answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Besluit {
    /// Everything is granted.
    Toegekend,
    /// These prestaties are refused, in the order of the message.
    Deels(Vec<Afgewezenregel>),
    /// The declaration is refused as a whole.
    Declaratie(Codes),
    /// The message is refused as a whole: only its header comes back.
    Bericht(Codes),
}

/// Return codes, each once, in their order.
pub type Codes = BTreeSet<String>;

/// A prestatie that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Afgewezenregel {
    pub regel: RegelNr,
    /// Of the prestatie itself; `0233` where its jeugdige was refused.
    pub codes: Codes,
    /// Of the jeugdige; `0200` where only prestaties were refused.
    pub van_client: Codes,
}

/// A finding with a return code that refuses nothing, and why.
#[derive(Clone, Debug)]
pub struct Nietafgewezen {
    /// Place of the message in [`Dossier::declaratieberichten`].
    pub bericht: usize,
    pub regel: &'static str,
    pub lijn: Option<RegelNr>,
    pub retourcode: String,
    pub waarom: Waarom,
    pub gevonden: String,
    pub verwacht: String,
}

/// Why a finding with a return code refuses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waarom {
    Ernst(Ernst),
    /// The toewijzing in force is of a later day than the message.
    LatereToewijzing,
    /// Another aanbieder declared on the same toewijzing.
    AndereAanbieder,
}

impl Waarom {
    /// A Dutch sentence.
    pub fn zin(self) -> &'static str {
        match self {
            Waarom::Ernst(Ernst::Onzekerheid) => "onzekerheid: een mens beslist",
            Waarom::Ernst(_) => "signaal: op zichzelf geen reden om af te wijzen",
            Waarom::LatereToewijzing => {
                "de toewijzing is na het bericht gewijzigd: de aanbieder kon dit niet weten (OP095)"
            }
            Waarom::AndereAanbieder => {
                "ook een andere aanbieder declareerde op deze toewijzing: de aanbieder kon dit niet weten (OP095)"
            }
        }
    }
}

/// Why a message gets no draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Overgeslagen {
    /// The dossier holds an answer to it.
    AlBeantwoord,
    /// Some of its prestaties couldn't be read.
    Onleesbaar,
    /// It has lines, or a period, of a year for which the ruleset has no rules.
    JaarZonderRegels(i32),
}

impl std::fmt::Display for Overgeslagen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Overgeslagen::AlBeantwoord => write!(f, "het dossier heeft er al een antwoord op"),
            Overgeslagen::Onleesbaar => {
                write!(f, "niet alle prestaties konden gelezen worden; zie controleer")
            }
            Overgeslagen::JaarZonderRegels(jaar) => {
                write!(f, "de regelset heeft geen regels voor {jaar}")
            }
        }
    }
}

/// The answers to all messages of a dossier.
#[derive(Debug, Default)]
pub struct Concepten {
    pub antwoorden: Vec<Antwoord>,
    pub overgeslagen: Vec<(usize, Overgeslagen)>,
    pub niet_afgewezen: Vec<Nietafgewezen>,
}

/// The years that the messages of a dossier are about.
pub fn jaren(dossier: &Dossier) -> BTreeSet<i32> {
    let van_regels = dossier
        .regels
        .iter()
        .filter(|r| dossier.bericht_in(r.bestand).is_some())
        .map(|r| r.einddatum.jaar());
    let van_berichten = dossier.declaratieberichten.iter().flatten().map(|b| b.periode.1.jaar());
    van_regels.chain(van_berichten).collect()
}

/// Drafts the answers. `bevindingen` are those of the rules with a return code, each with its rule,
/// of all years for which `getoetst` holds.
pub fn beantwoord(
    dossier: &Dossier,
    codes: &Retourcodes,
    bevindingen: Vec<(&'static str, Bevinding)>,
    getoetst: impl Fn(i32) -> bool,
) -> Concepten {
    let berichten = dossier.declaratieberichten.as_deref().unwrap_or_default();
    let mut regels: Vec<Vec<RegelNr>> = vec![Vec::new(); berichten.len()];
    let plaats_van = |bestand| berichten.binary_search_by_key(&bestand, |b| b.bestand).ok();
    for nr in dossier.regelnummers() {
        if let Some(plaats) = plaats_van(dossier.regel(nr).bestand) {
            regels[plaats].push(nr);
        }
    }
    let mut concepten = Concepten::default();
    let gronden = Gronden::verzamel(dossier, codes, bevindingen, &mut concepten.niet_afgewezen);
    for (plaats, bericht) in berichten.iter().enumerate() {
        let regels = &mut regels[plaats];
        regels.sort_by_key(|nr| dossier.regel(*nr).regelnummer);
        let jaren = regels.iter().map(|nr| dossier.regel(*nr).einddatum.jaar());
        let zonder_regels = jaren.chain([bericht.periode.1.jaar()]).find(|jaar| !getoetst(*jaar));
        let overgeslagen = if dossier.is_beantwoord(bericht) {
            Some(Overgeslagen::AlBeantwoord)
        } else if dossier.bestand(bericht.bestand).afgekeurd > 0 {
            Some(Overgeslagen::Onleesbaar)
        } else {
            zonder_regels.map(Overgeslagen::JaarZonderRegels)
        };
        match overgeslagen {
            Some(waarom) => concepten.overgeslagen.push((plaats, waarom)),
            None => concepten.antwoorden.push(gronden.antwoord(dossier, plaats, bericht, regels)),
        }
    }
    let getekend: BTreeSet<usize> = concepten.antwoorden.iter().map(|a| a.bericht).collect();
    concepten.niet_afgewezen.retain(|n| getekend.contains(&n.bericht));
    concepten.niet_afgewezen.sort_by(|a, b| {
        let sleutel = |n: &Nietafgewezen| {
            (n.bericht, n.lijn.map(|nr| dossier.regel(nr).regelnummer), n.regel)
        };
        sleutel(a).cmp(&sleutel(b)).then_with(|| a.gevonden.cmp(&b.gevonden))
    });
    concepten
}

/// What is refused, and with which codes.
#[derive(Default)]
struct Gronden {
    berichten: BTreeMap<usize, Codes>,
    declaraties: BTreeMap<usize, Codes>,
    /// By message and jeugdige.
    clienten: BTreeMap<(usize, Bsn), Codes>,
    prestaties: BTreeMap<RegelNr, Codes>,
}

impl Gronden {
    fn verzamel(
        dossier: &Dossier,
        codes: &Retourcodes,
        bevindingen: Vec<(&'static str, Bevinding)>,
        niet_afgewezen: &mut Vec<Nietafgewezen>,
    ) -> Gronden {
        let berichten = dossier.declaratieberichten.as_deref().unwrap_or_default();
        let met_anderen = toewijzingen_van_meer_aanbieders(dossier);
        let mut gronden = Gronden::default();
        for (regel, bevinding) in bevindingen {
            let Some(retour) = codes.van(regel) else { continue };
            let (plaats, lijn) = match bevinding.onderwerp {
                Onderwerp::Regel(nr) => {
                    let bestand = dossier.regel(nr).bestand;
                    match berichten.binary_search_by_key(&bestand, |b| b.bestand) {
                        Ok(plaats) => (plaats, Some(nr)),
                        Err(_) => continue,
                    }
                }
                Onderwerp::Declaratiebericht(plaats) => (plaats as usize, None),
                _ => continue,
            };
            let toewijzing = lijn.and_then(|nr| dossier.regel(nr).toewijzing);
            let later = toewijzing.is_some_and(|t| {
                dossier.toewijzing(t).toewijzingsdatum > berichten[plaats].dagtekening
            });
            let waarom = if bevinding.ernst != Ernst::Fout {
                Some(Waarom::Ernst(bevinding.ernst))
            } else if later && toetst_toewijzing(regel) {
                Some(Waarom::LatereToewijzing)
            } else if TELT_ANDEREN_MEE.contains(&regel)
                && toewijzing.is_some_and(|t| met_anderen.contains(&t))
            {
                Some(Waarom::AndereAanbieder)
            } else {
                None
            };
            if let Some(waarom) = waarom {
                niet_afgewezen.push(Nietafgewezen {
                    bericht: plaats,
                    regel,
                    lijn,
                    retourcode: retour.code.clone(),
                    waarom,
                    gevonden: bevinding.gevonden.into_owned(),
                    verwacht: bevinding.verwacht.into_owned(),
                });
                continue;
            }
            let plek = match (retour.klasse, lijn) {
                (Klasse::Prestatie, Some(nr)) => gronden.prestaties.entry(nr).or_default(),
                (Klasse::Client, Some(nr)) => {
                    gronden.clienten.entry((plaats, dossier.regel(nr).bsn)).or_default()
                }
                (Klasse::Declaratie, _) => gronden.declaraties.entry(plaats).or_default(),
                _ => gronden.berichten.entry(plaats).or_default(),
            };
            plek.insert(retour.code.clone());
        }
        gronden
    }

    fn antwoord(
        &self,
        dossier: &Dossier,
        plaats: usize,
        bericht: &Declaratiebericht,
        regels: &[RegelNr],
    ) -> Antwoord {
        if let Some(codes) = self.berichten.get(&plaats) {
            let besluit = Besluit::Bericht(codes.clone());
            return Antwoord { bericht: plaats, besluit, toegekend: Cent::NUL };
        }
        if let Some(codes) = self.declaraties.get(&plaats) {
            let besluit = Besluit::Declaratie(codes.clone());
            return Antwoord { bericht: plaats, besluit, toegekend: Cent::NUL };
        }
        let goed = || Codes::from([GEEN_OPMERKING.to_owned()]);
        let mut toegekend = bericht.totaal;
        let mut afgewezen = Vec::new();
        for &nr in regels {
            let r = dossier.regel(nr);
            let van_client = self.clienten.get(&(plaats, r.bsn));
            let codes = match (van_client, self.prestaties.get(&nr)) {
                (Some(_), _) => Codes::from([NIET_BEOORDEELD.to_owned()]),
                (None, Some(codes)) => codes.clone(),
                (None, None) => continue,
            };
            toegekend = match r.debet_credit {
                DebetCredit::Debet => toegekend - r.ingediend_bedrag,
                DebetCredit::Credit => toegekend + r.ingediend_bedrag,
            };
            let van_client = van_client.cloned().unwrap_or_else(goed);
            afgewezen.push(Afgewezenregel { regel: nr, codes, van_client });
        }
        let besluit =
            if afgewezen.is_empty() { Besluit::Toegekend } else { Besluit::Deels(afgewezen) };
        Antwoord { bericht: plaats, besluit, toegekend }
    }
}

/// Does this rule compare a line with its toewijzing?
fn toetst_toewijzing(regel: &str) -> bool {
    regel.starts_with("TW") || regel.starts_with("BU")
}

/// Toewijzingen on which more than one aanbieder has live lines.
fn toewijzingen_van_meer_aanbieders(dossier: &Dossier) -> BTreeSet<ToewijzingNr> {
    let mut eerste: Vec<Option<AanbiederNr>> = vec![None; dossier.toewijzingen.len()];
    let mut meer = BTreeSet::new();
    for r in dossier.regels.iter().filter(|r| r.telt_mee()) {
        if let Some(nr) = r.toewijzing
            && *eerste[nr.plaats()].get_or_insert(r.aanbieder) != r.aanbieder
        {
            meer.insert(nr);
        }
    }
    meer
}
