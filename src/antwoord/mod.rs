//! Draft answers (JW325) to the declaration messages (JW323) of a dossier.
//!
//! Only rules with a national return code count, and of their findings only a `fout`: an
//! onzekerheid or a signaal is for a person to judge. A prestatie is granted or refused whole.
//! Nothing is refused on start and stop messages (OP364: their rules have no return code) or on
//! what the sender couldn't know when it declared (OP095): what a change of the toewijzing after
//! delivery alone makes a breach, and what another aanbieder declared on the same toewijzing. Most
//! rules over a toewijzing judge the change themselves, and their `fout` stands.

mod bericht;
mod retourcodes;
mod standard;

pub(crate) use bericht::write_bericht;
pub(crate) use retourcodes::{NIET_BEOORDEELD, NO_OPMERKING, RefusalClass, Retourcodes, VOLLEDIG};

use crate::dossier::{
    AanbiederId, Bsn, Cent, Dag, DebetCredit, Declaratiebericht, Declaratieregel, Dossier, Ernst,
    LineId, ToewijzingId, werkdagen_after,
};
use crate::toetsing::{Bevinding, Subject};
use standard::unfit;
use std::collections::{BTreeMap, BTreeSet};

/// Rules whose findings count what others declared on the same toewijzing.
const COUNTS_OTHERS: [&str; 2] = ["BU01", "TW12"];

/// A draft answer to one message.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// Place of the message in [`Dossier::declaratieberichten`].
    pub bericht: usize,
    pub decision: Decision,
    /// What is granted: debit less credit.
    pub granted: Cent,
}

/// What the answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Everything is granted.
    Granted,
    /// These prestaties are refused, in the order of the message.
    Partly(Vec<RefusedLine>),
    /// The declaration is refused as a whole.
    Declaratie(Codes),
    /// The message is refused as a whole: only its header comes back.
    Bericht(Codes),
}

/// Return codes, each once, in their order.
pub(crate) type Codes = BTreeSet<String>;

/// A prestatie that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefusedLine {
    pub line: LineId,
    /// Of the prestatie itself; `0233` where its jeugdige was refused.
    pub codes: Codes,
    /// Of the jeugdige; `0200` where only prestaties were refused.
    pub van_client: Codes,
}

/// A finding with a return code that refuses nothing, and why.
#[derive(Clone, Debug)]
pub(crate) struct NotRefused {
    /// Place of the message in [`Dossier::declaratieberichten`].
    pub bericht: usize,
    pub rule: &'static str,
    pub line: Option<LineId>,
    pub retourcode: String,
    pub why: WhyNotRefused,
    pub found: String,
    pub expected: String,
}

/// Why a finding with a return code refuses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhyNotRefused {
    Ernst(Ernst),
    /// The toewijzing that the aanbieder knew when it delivered is not broken.
    ChangedAfterwards,
    /// Another aanbieder declared on the same toewijzing.
    OtherAanbieder,
}

impl WhyNotRefused {
    /// A Dutch sentence.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            WhyNotRefused::Ernst(Ernst::Onzekerheid) => "onzekerheid: een mens beslist",
            WhyNotRefused::Ernst(_) => "signaal: op zichzelf geen reden om af te wijzen",
            WhyNotRefused::ChangedAfterwards => {
                "pas door een wijziging van de toewijzing na de levering: de aanbieder kon dit niet weten (OP095)"
            }
            WhyNotRefused::OtherAanbieder => {
                "ook een andere aanbieder declareerde op deze toewijzing: de aanbieder kon dit niet weten (OP095)"
            }
        }
    }
}

/// Why a message gets no draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Skipped {
    /// The dossier holds an answer to it.
    AlreadyAnswered,
    /// Some of its prestaties couldn't be read.
    Unreadable,
    /// It has lines, or a period, of a year for which the ruleset has no rules.
    JaarWithoutRules(i32),
    /// What the answer must repeat of it in this element isn't what the national standard allows.
    NotByTheStandard(&'static str),
}

impl std::fmt::Display for Skipped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Skipped::AlreadyAnswered => write!(f, "het dossier heeft er al een antwoord op"),
            Skipped::Unreadable => {
                write!(f, "niet alle prestaties konden gelezen worden; zie controleer")
            }
            Skipped::JaarWithoutRules(jaar) => {
                write!(f, "de regelset heeft geen regels voor {jaar}")
            }
            Skipped::NotByTheStandard(element) => write!(
                f,
                "{element} past niet in de landelijke standaard, dus een antwoord dat dit overneemt is ongeldig"
            ),
        }
    }
}

/// Werkdagen after receipt within which a gemeente answers (iJw OP090x4).
const TERMIJN: u64 = 10;

/// Werkdagen from the receipt of a message to this day, where they are more than it may take to answer.
pub(crate) fn past_termijn(bericht: &Declaratiebericht, dag: Dag) -> Option<u64> {
    Some(werkdagen_after(bericht.dagtekening, dag)).filter(|days| *days > TERMIJN)
}

/// The answers to all messages of a dossier.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    pub answers: Vec<Answer>,
    pub skipped: Vec<(usize, Skipped)>,
    pub not_refused: Vec<NotRefused>,
}

/// The years that the messages of a dossier are about.
pub(crate) fn jaren(dossier: &Dossier) -> BTreeSet<i32> {
    let of_regels = dossier
        .lines
        .iter()
        .filter(|r| dossier.bericht_in(r.file).is_some())
        .map(|r| r.einddatum.jaar());
    let from_berichten = dossier.declaratieberichten.iter().flatten().map(|b| b.periode.1.jaar());
    of_regels.chain(from_berichten).collect()
}

/// Drafts the answers. `bevindingen` are those of the rules with a return code, each with its rule,
/// of all years for which `tested` holds.
pub(crate) fn answered(
    dossier: &Dossier,
    codes: &Retourcodes,
    bevindingen: Vec<(&'static str, Bevinding)>,
    tested: impl Fn(i32) -> bool,
) -> Drafts {
    let berichten = dossier.declaratieberichten.as_deref().unwrap_or_default();
    let mut lines: Vec<Vec<LineId>> = vec![Vec::new(); berichten.len()];
    let place_of = |file| berichten.binary_search_by_key(&file, |b| b.bestand).ok();
    for id in dossier.line_numbers() {
        if let Some(place) = place_of(dossier.line(id).file) {
            lines[place].push(id);
        }
    }
    let mut drafts = Drafts::default();
    let gronden = Grounds::collect(dossier, codes, bevindingen, &mut drafts.not_refused);
    for (place, bericht) in berichten.iter().enumerate() {
        let lines = &mut lines[place];
        lines.sort_by_key(|id| dossier.line(*id).line_number);
        let jaren = lines.iter().map(|id| dossier.line(*id).einddatum.jaar());
        let without_regels = jaren.chain([bericht.periode.1.jaar()]).find(|jaar| !tested(*jaar));
        let skipped = if dossier.is_answered(bericht) {
            Some(Skipped::AlreadyAnswered)
        } else if dossier.file(bericht.bestand).afgekeurd > 0 {
            Some(Skipped::Unreadable)
        } else {
            without_regels.map(Skipped::JaarWithoutRules)
        };
        if let Some(why) = skipped {
            drafts.skipped.push((place, why));
            continue;
        }
        let answer = gronden.answer(dossier, place, bericht, lines);
        match unfit(dossier, bericht, &answer) {
            Some(element) => drafts.skipped.push((place, Skipped::NotByTheStandard(element))),
            None => drafts.answers.push(answer),
        }
    }
    let getekend: BTreeSet<usize> = drafts.answers.iter().map(|a| a.bericht).collect();
    drafts.not_refused.retain(|n| getekend.contains(&n.bericht));
    drafts.not_refused.sort_by(|a, b| {
        let key =
            |n: &NotRefused| (n.bericht, n.line.map(|id| dossier.line(id).line_number), n.rule);
        key(a).cmp(&key(b)).then_with(|| a.found.cmp(&b.found))
    });
    drafts
}

/// What is refused, and with which codes.
#[derive(Default)]
struct Grounds {
    berichten: BTreeMap<usize, Codes>,
    declaraties: BTreeMap<usize, Codes>,
    /// By message and jeugdige.
    clienten: BTreeMap<(usize, Bsn), Codes>,
    prestaties: BTreeMap<LineId, Codes>,
}

impl Grounds {
    fn collect(
        dossier: &Dossier,
        codes: &Retourcodes,
        bevindingen: Vec<(&'static str, Bevinding)>,
        not_refused: &mut Vec<NotRefused>,
    ) -> Grounds {
        let berichten = dossier.declaratieberichten.as_deref().unwrap_or_default();
        let with_others = toewijzingen_of_more_aanbieders(dossier);
        let mut gronden = Grounds::default();
        for (rule, bevinding) in bevindingen {
            let Some(retour) = codes.of(rule) else { continue };
            let (place, line) = match bevinding.subject {
                Subject::Line(id) => {
                    let file = dossier.line(id).file;
                    match berichten.binary_search_by_key(&file, |b| b.bestand) {
                        Ok(place) => (place, Some(id)),
                        Err(_) => continue,
                    }
                }
                Subject::Declaratiebericht(place) => (place as usize, None),
                _ => continue,
            };
            let toewijzing = line.and_then(|id| dossier.line(id).toewijzing);
            let why = if bevinding.ernst != Ernst::Fout {
                Some(WhyNotRefused::Ernst(bevinding.ernst))
            } else if line.is_some_and(|id| by_change_alone(dossier, rule, dossier.line(id))) {
                Some(WhyNotRefused::ChangedAfterwards)
            } else if COUNTS_OTHERS.contains(&rule)
                && toewijzing.is_some_and(|t| with_others.contains(&t))
            {
                Some(WhyNotRefused::OtherAanbieder)
            } else {
                None
            };
            if let Some(why) = why {
                not_refused.push(NotRefused {
                    bericht: place,
                    rule,
                    line,
                    retourcode: retour.code.clone(),
                    why,
                    found: bevinding.found.into_owned(),
                    expected: bevinding.expected.into_owned(),
                });
                continue;
            }
            let slot = match (retour.klasse, line) {
                (RefusalClass::Prestatie, Some(id)) => gronden.prestaties.entry(id).or_default(),
                (RefusalClass::Client, Some(id)) => {
                    gronden.clienten.entry((place, dossier.line(id).bsn)).or_default()
                }
                (RefusalClass::Declaratie, _) => gronden.declaraties.entry(place).or_default(),
                _ => gronden.berichten.entry(place).or_default(),
            };
            slot.insert(retour.code.clone());
        }
        gronden
    }

    fn answer(
        &self,
        dossier: &Dossier,
        place: usize,
        bericht: &Declaratiebericht,
        lines: &[LineId],
    ) -> Answer {
        if let Some(codes) = self.berichten.get(&place) {
            let decision = Decision::Bericht(codes.clone());
            return Answer { bericht: place, decision, granted: Cent::ZERO };
        }
        if let Some(codes) = self.declaraties.get(&place) {
            let decision = Decision::Declaratie(codes.clone());
            return Answer { bericht: place, decision, granted: Cent::ZERO };
        }
        let good = || Codes::from([NO_OPMERKING.to_owned()]);
        let mut granted = bericht.totaal;
        let mut refused = Vec::new();
        for &id in lines {
            let r = dossier.line(id);
            let van_client = self.clienten.get(&(place, r.bsn));
            let codes = match (van_client, self.prestaties.get(&id)) {
                (Some(_), _) => Codes::from([NIET_BEOORDEELD.to_owned()]),
                (None, Some(codes)) => codes.clone(),
                (None, None) => continue,
            };
            granted = match r.debet_credit {
                DebetCredit::Debet => granted - r.ingediend_bedrag,
                DebetCredit::Credit => granted + r.ingediend_bedrag,
            };
            let van_client = van_client.cloned().unwrap_or_else(good);
            refused.push(RefusedLine { line: id, codes, van_client });
        }
        let decision =
            if refused.is_empty() { Decision::Granted } else { Decision::Partly(refused) };
        Answer { bericht: place, decision, granted }
    }
}

/// Did only a change of the toewijzing after delivery make this a breach? Asked of the rules that go
/// by the version in force, whatever came before it.
fn by_change_alone(dossier: &Dossier, rule: &str, line: &Declaratieregel) -> bool {
    let Some(id) = line.toewijzing else { return false };
    let known = dossier.toewijzing(id).at_delivery(line.einddatum);
    match rule {
        "TW02" => known.bsn == line.bsn,
        "TW05" => known.ingangsdatum <= line.begindatum,
        _ => false,
    }
}

/// Toewijzingen on which more than one aanbieder has live lines.
fn toewijzingen_of_more_aanbieders(dossier: &Dossier) -> BTreeSet<ToewijzingId> {
    let mut first: Vec<Option<AanbiederId>> = vec![None; dossier.toewijzingen.len()];
    let mut more = BTreeSet::new();
    for r in dossier.lines.iter().filter(|r| r.counts()) {
        if let Some(id) = r.toewijzing
            && *first[id.place()].get_or_insert(r.aanbieder) != r.aanbieder
        {
            more.insert(id);
        }
    }
    more
}
