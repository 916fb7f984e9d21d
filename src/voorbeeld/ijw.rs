//! The dossier as iJw 3.2 messages: a JW323 for each declaration, a JW301 for each version of a
//! toewijzing, a JW305 or JW307 for each start or stop, and if asked a JW325 for each declaration that
//! was answered. What messages can't carry is left out.

use super::antwoorden::{RefusedLine, answer_day};
use super::block::BatchOfChildren;
use super::plan::Plan;
use super::text::{DayTexts, dagtekening, declaratienummer, referentie, versies};
use super::traject::{Prestatie, ProductScope, StartstopMelding, Traject};
use crate::dossier::Dag;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

/// A message may not be larger (iJw).
const LIMIT_BYTES: usize = 25_000_000;

/// A message, with the path of its file in the dossier.
pub(crate) struct Bericht {
    pub path: String,
    pub content: String,
}

/// A message would become larger than one may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// What one declaration holds: the lines by child.
type ClientLines<'b> = BTreeMap<u32, Vec<(&'b Traject, &'b Prestatie)>>;

/// What messages are made from.
pub(crate) struct MadeMessages<'m> {
    pub plan: &'m Plan,
    pub dagen: &'m DayTexts,
    /// The lines that gemeenten refused, where they answered.
    pub refused: Option<&'m HashSet<RefusedLine>>,
}

impl MadeMessages<'_> {
    /// Hands every message to `write`, in a fixed order, with the number of all of them.
    pub(crate) fn write<E: From<TooLarge>>(
        &self,
        blocks: &[BatchOfChildren],
        mut write: impl FnMut(Bericht, usize) -> Result<(), E>,
    ) -> Result<usize, E> {
        let &MadeMessages { plan, dagen, refused } = self;
        let trajecten = || blocks.iter().flat_map(|b| &b.trajecten);
        let mut declaraties: BTreeMap<String, ClientLines<'_>> = BTreeMap::new();
        for t in trajecten() {
            for r in &t.lines {
                let mut nummer = Vec::with_capacity(12);
                declaratienummer(&mut nummer, plan, r);
                let nummer = String::from_utf8(nummer).expect("letters");
                declaraties.entry(nummer).or_default().entry(r.bsn).or_default().push((t, r));
            }
        }
        let answered = |clienten: &ClientLines<'_>| {
            let (_, one) = clienten.values().flatten().next()?;
            refused.and_then(|_| answer_day(plan, one))
        };
        let answers = declaraties.values().filter(|c| answered(c).is_some()).count();
        let per_traject = |t: &Traject| usize::from(t.versies) + t.messages.len();
        let of_trajecten: usize = trajecten().map(per_traject).sum();
        let count = declaraties.len() + answers + of_trajecten;
        for (nummer, clienten) in &declaraties {
            let content = jw323(plan, dagen, nummer, clienten);
            if content.len() > LIMIT_BYTES {
                return Err(TooLarge.into());
            }
            write(Bericht { path: format!("jw323/{nummer}.xml"), content }, count)?;
            if let (Some(dag), Some(refused)) = (answered(clienten), refused) {
                let content = jw325(plan, dagen, nummer, dag, clienten, refused);
                write(Bericht { path: format!("jw325/{nummer}.xml"), content }, count)?;
            }
        }
        for t in trajecten() {
            for bericht in jw301(plan, dagen, t) {
                write(bericht, count)?;
            }
            for (n, m) in t.messages.iter().enumerate() {
                write(jw305_of_jw307(plan, dagen, t, m, n), count)?;
            }
        }
        Ok(count)
    }
}

/// Who sends a message to whom.
enum Direction {
    ToAanbieder,
    ToGemeente,
}

struct BerichtHeader<'k> {
    kind: &'k str,
    code: u16,
    gemeente: String,
    aanbieder: String,
    richting: Direction,
    identificatie: &'k str,
    dagtekening: Dag,
    /// What the header of an answer has besides.
    more: String,
}

/// A message: `content` uses the prefixes `b` for the message's own namespace and `ijw`.
fn bericht(dagen: &DayTexts, header: &BerichtHeader<'_>, content: &str) -> String {
    let (of, to) = match header.richting {
        Direction::ToAanbieder => (&header.gemeente, &header.aanbieder),
        Direction::ToGemeente => (&header.aanbieder, &header.gemeente),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <b:Bericht xmlns:b=\"http://www.istandaarden.nl/ijw/3_2/{soort}/schema\" \
         xmlns:ijw=\"http://www.istandaarden.nl/ijw/3_2/basisschema/schema\">\n\
         <b:Header><b:BerichtCode>{code}</b:BerichtCode><b:BerichtVersie>3</b:BerichtVersie>\
         <b:BerichtSubversie>2</b:BerichtSubversie><b:Afzender>{of}</b:Afzender>\
         <b:Ontvanger>{to}</b:Ontvanger><b:BerichtIdentificatie>\
         <ijw:Identificatie>{id}</ijw:Identificatie><ijw:Dagtekening>{dag}</ijw:Dagtekening>\
         </b:BerichtIdentificatie><b:XsdVersie><ijw:BasisschemaXsdVersie>{XSD}</ijw:BasisschemaXsdVersie>\
         <ijw:BerichtXsdVersie>{XSD}</ijw:BerichtXsdVersie></b:XsdVersie>{more}</b:Header>\n\
         {content}</b:Bericht>\n",
        soort = header.kind,
        code = header.code,
        id = header.identificatie,
        more = header.more,
        dag = dagen.text(header.dagtekening),
    )
}

/// Version of the national schemas that messages follow (iJw 3.2).
const XSD: &str = "0.1.0";
/// The element of one return code.
macro_rules! retourcode {
    ($code:literal) => {
        concat!("<b:RetourCodes><b:RetourCode>", $code, "</b:RetourCode></b:RetourCodes>")
    };
}

/// BerichtCode of each kind (iJw).
const CODE_301: u16 = 436;
const CODE_305: u16 = 438;
const CODE_307: u16 = 440;
const CODE_323: u16 = 490;
const CODE_325: u16 = 491;

/// Return codes of answers: no remark, granted in full, and what gemeenten refuse here: that they
/// don't know the toewijzing (yet).
const NO_REMARK: &str = retourcode!("0200");
const IN_FULL: &str = retourcode!("8001");
const REFUSED: &str = retourcode!("9338");

fn jw323(plan: &Plan, dagen: &DayTexts, nummer: &str, clienten: &ClientLines<'_>) -> String {
    let lines = || clienten.values().flatten().map(|(_, r)| *r);
    let one = lines().next().expect("a declaration has a line");
    let total: i64 = lines().map(|r| if r.is_credit() { -r.bedrag } else { r.bedrag }).sum();
    let maand = one.end.maandbegin();
    let begin = lines().map(|r| r.begin).min().map_or(maand, |b| b.min(maand));
    let mut out = format!(
        "<b:Declaratie><b:DeclaratieNummer>{nummer}</b:DeclaratieNummer><b:DeclaratiePeriode>\
         <ijw:Begindatum>{}</ijw:Begindatum><ijw:Einddatum>{}</ijw:Einddatum></b:DeclaratiePeriode>\
         <b:DeclaratieDagtekening>{}</b:DeclaratieDagtekening><b:TotaalIngediendBedrag>\
         <ijw:TotaalBedrag>{}</ijw:TotaalBedrag><ijw:DebetCredit>{}</ijw:DebetCredit>\
         </b:TotaalIngediendBedrag><b:Clienten>\n",
        dagen.text(begin),
        dagen.text(one.end.maandeinde()),
        dagen.text(dagtekening(one)),
        total.abs(),
        if total < 0 { "C" } else { "D" },
    );
    for (bsn, lines) in clienten {
        let _ = writeln!(out, "<b:Client><b:Bsn>{bsn}</b:Bsn><b:Prestaties>");
        for (t, r) in lines {
            prestatie(&mut out, plan, dagen, t, r, "");
        }
        out += "</b:Prestaties></b:Client>\n";
    }
    out += "</b:Clienten></b:Declaratie>\n";
    let header = BerichtHeader {
        kind: "jw323",
        code: CODE_323,
        gemeente: one.gemeente.to_string(),
        aanbieder: format!("{:08}", plan.agb(one.aanbieder)),
        richting: Direction::ToGemeente,
        identificatie: nummer,
        dagtekening: one.ontvangen,
        more: String::new(),
    };
    bericht(dagen, &header, &out)
}

/// The answer to the declaration of this number, which names what was refused.
fn jw325(
    plan: &Plan,
    dagen: &DayTexts,
    nummer: &str,
    dag: Dag,
    clienten: &ClientLines<'_>,
    refused: &HashSet<RefusedLine>,
) -> String {
    let is_refused =
        |t: &Traject, r: &Prestatie| !r.is_credit() && refused.contains(&(t.nummer, r.volgnummer));
    let (_, one) = clienten.values().flatten().next().expect("a declaration has a line");
    let (mut total, mut granted) = (0, 0);
    let mut out = String::new();
    for (bsn, lines) in clienten {
        let mut prestaties = String::new();
        for (t, r) in lines {
            let bedrag = if r.is_credit() { -r.bedrag } else { r.bedrag };
            total += bedrag;
            if is_refused(t, r) {
                prestatie(&mut prestaties, plan, dagen, t, r, REFUSED);
            } else {
                granted += bedrag;
            }
        }
        if !prestaties.is_empty() {
            let _ = writeln!(
                out,
                "<b:Client><b:Bsn>{bsn}</b:Bsn><b:Prestaties>\n{prestaties}</b:Prestaties>{NO_REMARK}\
                 </b:Client>"
            );
        }
    }
    let bedrag = |name: &str, cent: i64| {
        format!(
            "<b:{name}><ijw:TotaalBedrag>{}</ijw:TotaalBedrag><ijw:DebetCredit>{}</ijw:DebetCredit></b:{name}>",
            cent.abs(),
            if cent < 0 { "C" } else { "D" }
        )
    };
    let (clienten, outcome) = match out.is_empty() {
        true => (String::new(), IN_FULL),
        false => (format!("<b:Clienten>\n{out}</b:Clienten>"), NO_REMARK),
    };
    let content = format!(
        "<b:DeclaratieAntwoord><b:DeclaratieNummer>{nummer}</b:DeclaratieNummer>{}{}{clienten}{outcome}\
         </b:DeclaratieAntwoord>\n",
        bedrag("TotaalIngediendBedrag", total),
        bedrag("TotaalToegekendBedrag", granted),
    );
    let header = BerichtHeader {
        kind: "jw325",
        code: CODE_325,
        gemeente: one.gemeente.to_string(),
        aanbieder: format!("{:08}", plan.agb(one.aanbieder)),
        richting: Direction::ToAanbieder,
        identificatie: nummer,
        dagtekening: dag,
        more: format!(
            "<b:DeclaratieIdentificatie><ijw:Identificatie>{nummer}</ijw:Identificatie>\
             <ijw:Dagtekening>{}</ijw:Dagtekening></b:DeclaratieIdentificatie><b:XsdVersieDeclaratie>\
             <ijw:BasisschemaXsdVersie>{XSD}</ijw:BasisschemaXsdVersie>\
             <ijw:BerichtXsdVersie>{XSD}</ijw:BerichtXsdVersie></b:XsdVersieDeclaratie>{NO_REMARK}",
            dagen.text(one.ontvangen)
        ),
    };
    bericht(dagen, &header, &content)
}

fn reference_text(traject: u64, volgnummer: u16) -> String {
    let mut out = Vec::new();
    referentie(&mut out, traject, volgnummer);
    String::from_utf8(out).expect("digits and a dash")
}

/// One line; `codes` are the return codes that an answer gives it.
fn prestatie(
    out: &mut String,
    plan: &Plan,
    dagen: &DayTexts,
    t: &Traject,
    r: &Prestatie,
    codes: &str,
) {
    let product = &plan.contract.producten[r.product as usize];
    let categorie =
        r.other_categorie.map_or(&product.categorie, |c| &plan.contract.categorieen[c as usize]);
    let previous = r.takes_back.map_or(String::new(), |n| {
        let nummer = reference_text(t.nummer, n);
        format!("<ijw:VorigReferentieNummer>{nummer}</ijw:VorigReferentieNummer>")
    });
    let _ = writeln!(
        out,
        "<b:Prestatie><b:ProductReferentie><ijw:ReferentieNummer>{}</ijw:ReferentieNummer>{previous}\
         </b:ProductReferentie><b:ToewijzingNummer>{}</b:ToewijzingNummer>\
         <b:ProductCategorie>{categorie}</b:ProductCategorie><b:ProductCode>{}</b:ProductCode>\
         <b:ProductPeriode><ijw:Begindatum>{}</ijw:Begindatum><ijw:Einddatum>{}</ijw:Einddatum>\
         </b:ProductPeriode><b:GeleverdVolume>{}</b:GeleverdVolume><b:Eenheid>{}</b:Eenheid>\
         <b:ProductTarief>{}</b:ProductTarief><b:IngediendBedrag><ijw:Bedrag>{}</ijw:Bedrag>\
         <ijw:DebetCredit>{}</ijw:DebetCredit></b:IngediendBedrag>{codes}</b:Prestatie>",
        reference_text(t.nummer, r.volgnummer),
        r.toewijzing,
        product.code,
        dagen.text(r.begin),
        dagen.text(r.end),
        r.volume,
        r.eenheid,
        r.tarief,
        r.bedrag,
        if r.is_credit() { "C" } else { "D" },
    );
}

/// What a JW301 must have of a name beside the surname, and of how the child can be reached: that it
/// uses its own name, and the kind of an address that isn't given.
const NAAMGEBRUIK: &str = "<ijw:NaamGebruik>1</ijw:NaamGebruik>";
const CONTACT: &str =
    "<b:Contactgegevens><b:Contact><b:Soort>01</b:Soort></b:Contact></b:Contactgegevens>";

/// The child: with no more about it than a message must have; `name` is what comes after its surname.
fn client(out: &mut String, dagen: &DayTexts, t: &Traject, name: &str) {
    let _ = writeln!(
        out,
        "<b:Client><b:Bsn>{:09}</b:Bsn><b:Geboortedatum><ijw:Datum>{}</ijw:Datum></b:Geboortedatum>\
         <b:Geslacht>0</b:Geslacht><b:Naam><ijw:Geslachtsnaam><ijw:Achternaam>Voorbeeld</ijw:Achternaam>\
         </ijw:Geslachtsnaam>{name}</b:Naam>",
        t.bsn,
        dagen.text(t.geboren),
    );
}

fn header<'k>(
    plan: &Plan,
    t: &Traject,
    kind: &'k str,
    identificatie: &'k str,
    dagtekening: Dag,
) -> BerichtHeader<'k> {
    let (code, richting) = match kind {
        "jw301" => (CODE_301, Direction::ToAanbieder),
        "jw305" => (CODE_305, Direction::ToGemeente),
        _ => (CODE_307, Direction::ToGemeente),
    };
    let (gemeente, aanbieder) = (t.gemeente.to_string(), format!("{:08}", plan.agb(t.aanbieder)));
    let more = String::new();
    BerichtHeader { kind, code, gemeente, aanbieder, richting, identificatie, dagtekening, more }
}

fn jw301(plan: &Plan, dagen: &DayTexts, t: &Traject) -> Vec<Bericht> {
    let product = t.product(plan);
    let named = match t.kind {
        ProductScope::Specifiek => format!(
            "<b:Product><ijw:Categorie>{}</ijw:Categorie><ijw:Code>{}</ijw:Code></b:Product>",
            product.categorie, product.code
        ),
        ProductScope::Aspecifiek => {
            format!("<b:Product><ijw:Categorie>{}</ijw:Categorie></b:Product>", product.categorie)
        }
        ProductScope::Generiek => String::new(),
    };
    let size = t.size.map_or(String::new(), |o| {
        format!(
            "<b:Omvang><ijw:Volume>{}</ijw:Volume><ijw:Eenheid>{}</ijw:Eenheid>\
             <ijw:Frequentie>{}</ijw:Frequentie></b:Omvang>",
            o.volume, o.eenheid, o.frequentie
        )
    });
    let element = |name: &str, value: Option<String>| {
        value.map_or(String::new(), |w| format!("<b:{name}>{w}</b:{name}>"))
    };
    let mut out = Vec::new();
    for (n, v) in versies(t).enumerate() {
        let mut content = String::new();
        client(&mut content, dagen, t, NAAMGEBRUIK);
        let _ = writeln!(
            content,
            "{CONTACT}<b:ToegewezenProducten>\n<b:ToegewezenProduct>\
             <b:ToewijzingNummer>{}</b:ToewijzingNummer>{named}\
             <b:Toewijzingsdatum>{}</b:Toewijzingsdatum><b:Toewijzingstijd>09:00:00</b:Toewijzingstijd>\
             <b:Ingangsdatum>{}</b:Ingangsdatum>{}{}{size}{}</b:ToegewezenProduct>\n\
             </b:ToegewezenProducten></b:Client>",
            t.nummer,
            dagen.text(v.toewijzingsdatum),
            dagen.text(t.ingang),
            element("Einddatum", v.einddatum.map(|e| dagen.text(e).to_owned())),
            element("RedenWijziging", v.reden_wijziging.map(|r| format!("{r:02}"))),
            element("Budget", v.budget.map(|b| b.to_string())),
        );
        let name = format!("{}-V{n}", t.nummer);
        let head = header(plan, t, "jw301", &name, v.toewijzingsdatum);
        let content = bericht(dagen, &head, &content);
        out.push(Bericht { path: format!("jw301/{name}.xml"), content });
    }
    out
}

fn jw305_of_jw307(
    plan: &Plan,
    dagen: &DayTexts,
    t: &Traject,
    m: &StartstopMelding,
    n: usize,
) -> Bericht {
    let (kind, group, one) = match m.reason {
        None => ("jw305", "StartProducten", "StartProduct"),
        Some(_) => ("jw307", "StopProducten", "StopProduct"),
    };
    let mut content = String::new();
    client(&mut content, dagen, t, "");
    let datum = dagen.text(m.datum);
    let what = match m.reason {
        None => format!("<b:Begindatum>{datum}</b:Begindatum>"),
        Some(reason) => format!(
            "<b:Begindatum>{}</b:Begindatum><b:RedenBeeindiging>{reason}</b:RedenBeeindiging>\
             <b:Einddatum>{datum}</b:Einddatum>",
            dagen.text(t.ingang)
        ),
    };
    let _ = writeln!(
        content,
        "<b:{group}>\n<b:{one}><b:ToewijzingNummer>{}</b:ToewijzingNummer>\
         <b:ToewijzingIngangsdatum>{}</b:ToewijzingIngangsdatum>{what}\
         <b:StatusAanlevering>1</b:StatusAanlevering></b:{one}>\n</b:{group}></b:Client>",
        t.nummer,
        dagen.text(t.ingang),
    );
    let name = format!("{}-M{n}", t.nummer);
    let head = header(plan, t, kind, &name, m.verzonden);
    Bericht { path: format!("{kind}/{name}.xml"), content: bericht(dagen, &head, &content) }
}
