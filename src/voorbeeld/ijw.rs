//! The dossier as iJw 3.2 messages: a JW323 for each declaration, a JW301 for each version of a
//! toewijzing, a JW305 or JW307 for each start or stop. What messages can't carry is left out.

use super::blok::Blok;
use super::plan::Plan;
use super::tekst::{Dagen, dagtekening, declaratienummer, referentie, versies};
use super::traject::{Melding, Regel, Soort, Traject};
use crate::dossier::Dag;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A message may not be larger (iJw).
const GRENS_BYTES: usize = 25_000_000;
/// Files that a dossier may have; what isn't a message needs some of them.
pub const BERICHTEN: usize = 65_000;

/// A message, with the path of its file in the dossier.
pub struct Bericht {
    pub pad: String,
    pub inhoud: String,
}

/// Why the dossier can't be written as messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeVeel {
    Berichten(usize),
    Bytes,
}

/// What one declaration holds: the lines by child.
type Clienten<'b> = BTreeMap<u32, Vec<(&'b Traject, &'b Regel)>>;

/// Hands every message to `schrijf`, in a fixed order, with the number of all of them.
pub fn berichten<E: From<TeVeel>>(
    plan: &Plan,
    dagen: &Dagen,
    blokken: &[Blok],
    mut schrijf: impl FnMut(Bericht, usize) -> Result<(), E>,
) -> Result<usize, E> {
    let trajecten = || blokken.iter().flat_map(|b| &b.trajecten);
    let mut declaraties: BTreeMap<String, Clienten<'_>> = BTreeMap::new();
    for t in trajecten() {
        for r in &t.regels {
            let mut nummer = Vec::with_capacity(12);
            declaratienummer(&mut nummer, plan, r);
            let nummer = String::from_utf8(nummer).expect("letters");
            declaraties.entry(nummer).or_default().entry(r.bsn).or_default().push((t, r));
        }
    }
    let per_traject = |t: &Traject| usize::from(t.versies) + t.meldingen.len();
    let aantal = declaraties.len() + trajecten().map(per_traject).sum::<usize>();
    if aantal > BERICHTEN {
        return Err(TeVeel::Berichten(aantal).into());
    }
    for (nummer, clienten) in &declaraties {
        let inhoud = jw323(plan, dagen, nummer, clienten);
        if inhoud.len() > GRENS_BYTES {
            return Err(TeVeel::Bytes.into());
        }
        schrijf(Bericht { pad: format!("jw323/{nummer}.xml"), inhoud }, aantal)?;
    }
    for t in trajecten() {
        for bericht in jw301(plan, dagen, t) {
            schrijf(bericht, aantal)?;
        }
        for (n, m) in t.meldingen.iter().enumerate() {
            schrijf(jw305_of_jw307(plan, dagen, t, m, n), aantal)?;
        }
    }
    Ok(aantal)
}

/// Who sends a message to whom.
enum Richting {
    NaarAanbieder,
    NaarGemeente,
}

struct Kop<'k> {
    soort: &'k str,
    code: u16,
    gemeente: String,
    aanbieder: String,
    richting: Richting,
    identificatie: &'k str,
    dagtekening: Dag,
}

/// A message: `inhoud` uses the prefixes `b` for the message's own namespace and `ijw`.
fn bericht(dagen: &Dagen, kop: &Kop<'_>, inhoud: &str) -> String {
    let (van, naar) = match kop.richting {
        Richting::NaarAanbieder => (&kop.gemeente, &kop.aanbieder),
        Richting::NaarGemeente => (&kop.aanbieder, &kop.gemeente),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <b:Bericht xmlns:b=\"http://www.istandaarden.nl/ijw/3_2/{soort}/schema\" \
         xmlns:ijw=\"http://www.istandaarden.nl/ijw/3_2/basisschema/schema\">\n\
         <b:Header><b:BerichtCode>{code}</b:BerichtCode><b:BerichtVersie>3</b:BerichtVersie>\
         <b:BerichtSubversie>2</b:BerichtSubversie><b:Afzender>{van}</b:Afzender>\
         <b:Ontvanger>{naar}</b:Ontvanger><b:BerichtIdentificatie>\
         <ijw:Identificatie>{id}</ijw:Identificatie><ijw:Dagtekening>{dag}</ijw:Dagtekening>\
         </b:BerichtIdentificatie><b:XsdVersie><ijw:BasisschemaXsdVersie>1.0.0</ijw:BasisschemaXsdVersie>\
         <ijw:BerichtXsdVersie>1.0.0</ijw:BerichtXsdVersie></b:XsdVersie></b:Header>\n\
         {inhoud}</b:Bericht>\n",
        soort = kop.soort,
        code = kop.code,
        id = kop.identificatie,
        dag = dagen.tekst(kop.dagtekening),
    )
}

/// BerichtCode of each kind (iJw).
const CODE_301: u16 = 436;
const CODE_305: u16 = 444;
const CODE_307: u16 = 446;
const CODE_323: u16 = 490;

fn jw323(plan: &Plan, dagen: &Dagen, nummer: &str, clienten: &Clienten<'_>) -> String {
    let regels = || clienten.values().flatten().map(|(_, r)| *r);
    let een = regels().next().expect("a declaration has a line");
    let totaal: i64 = regels().map(|r| if r.is_credit() { -r.bedrag } else { r.bedrag }).sum();
    let maand = een.eind.maandbegin();
    let begin = regels().map(|r| r.begin).min().map_or(maand, |b| b.min(maand));
    let mut uit = format!(
        "<b:Declaratie><b:DeclaratieNummer>{nummer}</b:DeclaratieNummer><b:DeclaratiePeriode>\
         <ijw:Begindatum>{}</ijw:Begindatum><ijw:Einddatum>{}</ijw:Einddatum></b:DeclaratiePeriode>\
         <b:DeclaratieDagtekening>{}</b:DeclaratieDagtekening><b:TotaalIngediendBedrag>\
         <ijw:TotaalBedrag>{}</ijw:TotaalBedrag><ijw:DebetCredit>{}</ijw:DebetCredit>\
         </b:TotaalIngediendBedrag><b:Clienten>\n",
        dagen.tekst(begin),
        dagen.tekst(een.eind.maandeinde()),
        dagen.tekst(dagtekening(een)),
        totaal.abs(),
        if totaal < 0 { "C" } else { "D" },
    );
    for (bsn, regels) in clienten {
        let _ = writeln!(uit, "<b:Client><b:Bsn>{bsn}</b:Bsn><b:Prestaties>");
        for (t, r) in regels {
            prestatie(&mut uit, plan, dagen, t, r);
        }
        uit += "</b:Prestaties></b:Client>\n";
    }
    uit += "</b:Clienten></b:Declaratie>\n";
    let kop = Kop {
        soort: "jw323",
        code: CODE_323,
        gemeente: een.gemeente.to_string(),
        aanbieder: format!("{:08}", plan.agb(een.aanbieder)),
        richting: Richting::NaarGemeente,
        identificatie: nummer,
        dagtekening: een.ontvangen,
    };
    bericht(dagen, &kop, &uit)
}

fn referentietekst(traject: u64, volgnummer: u16) -> String {
    let mut uit = Vec::new();
    referentie(&mut uit, traject, volgnummer);
    String::from_utf8(uit).expect("digits and a dash")
}

fn prestatie(uit: &mut String, plan: &Plan, dagen: &Dagen, t: &Traject, r: &Regel) {
    let product = &plan.contract.producten[r.product as usize];
    let categorie =
        r.andere_categorie.map_or(&product.categorie, |c| &plan.contract.categorieen[c as usize]);
    let vorig = r.neemt_terug.map_or(String::new(), |n| {
        let nummer = referentietekst(t.nummer, n);
        format!("<ijw:VorigReferentieNummer>{nummer}</ijw:VorigReferentieNummer>")
    });
    let _ = writeln!(
        uit,
        "<b:Prestatie><b:ProductReferentie><ijw:ReferentieNummer>{}</ijw:ReferentieNummer>{vorig}\
         </b:ProductReferentie><b:ToewijzingNummer>{}</b:ToewijzingNummer>\
         <b:ProductCategorie>{categorie}</b:ProductCategorie><b:ProductCode>{}</b:ProductCode>\
         <b:ProductPeriode><ijw:Begindatum>{}</ijw:Begindatum><ijw:Einddatum>{}</ijw:Einddatum>\
         </b:ProductPeriode><b:GeleverdVolume>{}</b:GeleverdVolume><b:Eenheid>{}</b:Eenheid>\
         <b:ProductTarief>{}</b:ProductTarief><b:IngediendBedrag><ijw:Bedrag>{}</ijw:Bedrag>\
         <ijw:DebetCredit>{}</ijw:DebetCredit></b:IngediendBedrag></b:Prestatie>",
        referentietekst(t.nummer, r.volgnummer),
        r.toewijzing,
        product.code,
        dagen.tekst(r.begin),
        dagen.tekst(r.eind),
        r.volume,
        r.eenheid,
        r.tarief,
        r.bedrag,
        if r.is_credit() { "C" } else { "D" },
    );
}

/// The child: with no more about it than a message must have.
fn client(uit: &mut String, dagen: &Dagen, t: &Traject) {
    let _ = writeln!(
        uit,
        "<b:Client><b:Bsn>{:09}</b:Bsn><b:Geboortedatum><ijw:Datum>{}</ijw:Datum></b:Geboortedatum>\
         <b:Geslacht>9</b:Geslacht><b:Naam><ijw:Geslachtsnaam><ijw:Naam>Voorbeeld</ijw:Naam>\
         </ijw:Geslachtsnaam></b:Naam>",
        t.bsn,
        dagen.tekst(t.geboren),
    );
}

fn kop<'k>(
    plan: &Plan,
    t: &Traject,
    soort: &'k str,
    identificatie: &'k str,
    dagtekening: Dag,
) -> Kop<'k> {
    let (code, richting) = match soort {
        "jw301" => (CODE_301, Richting::NaarAanbieder),
        "jw305" => (CODE_305, Richting::NaarGemeente),
        _ => (CODE_307, Richting::NaarGemeente),
    };
    let (gemeente, aanbieder) = (t.gemeente.to_string(), format!("{:08}", plan.agb(t.aanbieder)));
    Kop { soort, code, gemeente, aanbieder, richting, identificatie, dagtekening }
}

fn jw301(plan: &Plan, dagen: &Dagen, t: &Traject) -> Vec<Bericht> {
    let product = t.product(plan);
    let genoemd = match t.soort {
        Soort::Specifiek => format!(
            "<b:Product><ijw:Categorie>{}</ijw:Categorie><ijw:Code>{}</ijw:Code></b:Product>",
            product.categorie, product.code
        ),
        Soort::Aspecifiek => {
            format!("<b:Product><ijw:Categorie>{}</ijw:Categorie></b:Product>", product.categorie)
        }
        Soort::Generiek => String::new(),
    };
    let omvang = t.omvang.map_or(String::new(), |o| {
        format!(
            "<b:Omvang><ijw:Volume>{}</ijw:Volume><ijw:Eenheid>{}</ijw:Eenheid>\
             <ijw:Frequentie>{}</ijw:Frequentie></b:Omvang>",
            o.volume, o.eenheid, o.frequentie
        )
    });
    let element = |naam: &str, waarde: Option<String>| {
        waarde.map_or(String::new(), |w| format!("<b:{naam}>{w}</b:{naam}>"))
    };
    let mut uit = Vec::new();
    for (n, v) in versies(t).enumerate() {
        let mut inhoud = String::new();
        client(&mut inhoud, dagen, t);
        let _ = writeln!(
            inhoud,
            "<b:Contactgegevens/><b:ToegewezenProducten>\n<b:ToegewezenProduct>\
             <b:ToewijzingNummer>{}</b:ToewijzingNummer>{genoemd}\
             <b:Toewijzingsdatum>{}</b:Toewijzingsdatum><b:Toewijzingstijd>09:00:00</b:Toewijzingstijd>\
             <b:Ingangsdatum>{}</b:Ingangsdatum>{}{}{omvang}{}</b:ToegewezenProduct>\n\
             </b:ToegewezenProducten></b:Client>",
            t.nummer,
            dagen.tekst(v.toewijzingsdatum),
            dagen.tekst(t.ingang),
            element("Einddatum", v.einddatum.map(|e| dagen.tekst(e).to_owned())),
            element("RedenWijziging", v.reden_wijziging.map(|r| format!("{r:02}"))),
            element("Budget", v.budget.map(|b| b.to_string())),
        );
        let naam = format!("{}-V{n}", t.nummer);
        let kop = kop(plan, t, "jw301", &naam, v.toewijzingsdatum);
        let inhoud = bericht(dagen, &kop, &inhoud);
        uit.push(Bericht { pad: format!("jw301/{naam}.xml"), inhoud });
    }
    uit
}

fn jw305_of_jw307(plan: &Plan, dagen: &Dagen, t: &Traject, m: &Melding, n: usize) -> Bericht {
    let (soort, groep, een) = match m.reden {
        None => ("jw305", "StartProducten", "StartProduct"),
        Some(_) => ("jw307", "StopProducten", "StopProduct"),
    };
    let mut inhoud = String::new();
    client(&mut inhoud, dagen, t);
    let datum = dagen.tekst(m.datum);
    let wat = match m.reden {
        None => format!("<b:Begindatum>{datum}</b:Begindatum>"),
        Some(reden) => format!(
            "<b:Begindatum>{}</b:Begindatum><b:RedenBeeindiging>{reden}</b:RedenBeeindiging>\
             <b:Einddatum>{datum}</b:Einddatum>",
            dagen.tekst(t.ingang)
        ),
    };
    let _ = writeln!(
        inhoud,
        "<b:{groep}>\n<b:{een}><b:ToewijzingNummer>{}</b:ToewijzingNummer>\
         <b:ToewijzingIngangsdatum>{}</b:ToewijzingIngangsdatum>{wat}\
         <b:StatusAanlevering>1</b:StatusAanlevering></b:{een}>\n</b:{groep}></b:Client>",
        t.nummer,
        dagen.tekst(t.ingang),
    );
    let naam = format!("{}-M{n}", t.nummer);
    let kop = kop(plan, t, soort, &naam, m.verzonden);
    Bericht { pad: format!("{soort}/{naam}.xml"), inhoud: bericht(dagen, &kop, &inhoud) }
}
