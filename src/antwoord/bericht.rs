//! One draft answer as a JW325 message (iJw 3.0–3.2).

use super::{Afgewezenregel, Antwoord, Besluit, Codes, GEEN_OPMERKING, VOLLEDIG};
use crate::dossier::{Bsn, Cent, Dag, DebetCredit, Declaratiebericht, Dossier, Volume};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io;

/// BerichtCode of a JW325 (Vektis COD002).
const BERICHTCODE: &str = "491";

/// Writes elements of a message: `p` is the prefix of its own namespace, `b` of the basisschema.
struct Schrijver(Writer<Vec<u8>>);

const P: &str = "jw325";
const B: &str = "ijw";

impl Schrijver {
    fn waarde(&mut self, ruimte: &str, naam: &str, waarde: &str) -> io::Result<()> {
        let element = self.0.create_element(format!("{ruimte}:{naam}"));
        element.write_text_content(BytesText::new(waarde)).map(|_| ())
    }

    fn groep(
        &mut self,
        naam: &str,
        inhoud: impl FnOnce(&mut Schrijver) -> io::Result<()>,
    ) -> io::Result<()> {
        let naam = format!("{P}:{naam}");
        self.0.write_event(Event::Start(BytesStart::new(naam.as_str())))?;
        inhoud(self)?;
        self.0.write_event(Event::End(BytesEnd::new(naam.as_str())))
    }

    fn identificatie(&mut self, groep: &str, identificatie: &str, dag: Dag) -> io::Result<()> {
        self.groep(groep, |s| {
            s.waarde(B, "Identificatie", identificatie)?;
            s.waarde(B, "Dagtekening", &iso(dag))
        })
    }

    fn retourcodes<'c>(&mut self, codes: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
        self.groep("RetourCodes", |s| {
            codes.into_iter().try_for_each(|code| s.waarde(P, "RetourCode", code))
        })
    }

    fn codes(&mut self, codes: &Codes) -> io::Result<()> {
        self.retourcodes(codes.iter().map(String::as_str))
    }

    /// An amount below zero is a credit; nothing is a debit (CS325).
    fn totaal(&mut self, groep: &str, bedrag: Cent) -> io::Result<()> {
        self.groep(groep, |s| {
            s.waarde(B, "TotaalBedrag", &bedrag.0.unsigned_abs().to_string())?;
            s.waarde(B, "DebetCredit", if bedrag < Cent::NUL { "C" } else { "D" })
        })
    }

    fn periode(&mut self, groep: &str, begin: Dag, eind: Dag) -> io::Result<()> {
        self.groep(groep, |s| {
            s.waarde(B, "Begindatum", &iso(begin))?;
            s.waarde(B, "Einddatum", &iso(eind))
        })
    }

    fn xsd_versie(&mut self, groep: &str, [bericht, basis]: &[String; 2]) -> io::Result<()> {
        self.groep(groep, |s| {
            s.waarde(B, "BerichtXsdVersie", bericht)?;
            s.waarde(B, "BasisschemaXsdVersie", basis)
        })
    }
}

fn iso(dag: Dag) -> String {
    dag.datum().format("%Y-%m-%d").to_string()
}

/// A whole number as the standard wants it, or the decimals that the aanbieder sent.
fn volume(v: Volume) -> String {
    match v.0 % 100 {
        0 => (v.0 / 100).to_string(),
        rest => format!("{}.{rest:02}", v.0 / 100),
    }
}

/// An Identificatie of twelve letters that follows from the message that is answered: the same
/// message has the same answer.
fn eigen_identificatie(bericht: &Declaratiebericht) -> String {
    let tekst = format!(
        "{}|{}|{}|{}",
        bericht.ontvanger,
        bericht.afzender,
        bericht.identificatie,
        iso(bericht.dagtekening)
    );
    let hash = Sha256::digest(tekst.as_bytes());
    hash.iter().take(12).map(|b| char::from(b'A' + b % 26)).collect()
}

/// The bytes of the message; `dag` is its Dagtekening.
///
/// Its XsdVersie is the one that the declaration names: the sender sets its own before it sends.
pub fn schrijf_bericht(dossier: &Dossier, antwoord: &Antwoord, dag: Dag) -> Vec<u8> {
    let bericht = &dossier.declaratieberichten.as_deref().unwrap_or_default()[antwoord.bericht];
    let mut schrijver = Schrijver(Writer::new_with_indent(Vec::new(), b' ', 2));
    schrijf(&mut schrijver, dossier, bericht, antwoord, dag)
        .expect("writing to memory doesn't fail");
    let mut bytes = schrijver.0.into_inner();
    bytes.push(b'\n');
    bytes
}

fn schrijf(
    s: &mut Schrijver,
    dossier: &Dossier,
    bericht: &Declaratiebericht,
    antwoord: &Antwoord,
    dag: Dag,
) -> io::Result<()> {
    s.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let ruimte = format!("http://www.istandaarden.nl/ijw/3_{}", bericht.subversie);
    let wortel = format!("{P}:Bericht");
    let mut begin = BytesStart::new(wortel.as_str());
    begin.push_attribute((&*format!("xmlns:{P}"), &*format!("{ruimte}/jw325/schema")));
    begin.push_attribute((&*format!("xmlns:{B}"), &*format!("{ruimte}/basisschema/schema")));
    s.0.write_event(Event::Start(begin))?;
    s.groep("Header", |s| {
        s.waarde(P, "BerichtCode", BERICHTCODE)?;
        s.waarde(P, "BerichtVersie", "3")?;
        s.waarde(P, "BerichtSubversie", &bericht.subversie.to_string())?;
        s.waarde(P, "Afzender", &bericht.ontvanger.to_string())?;
        s.waarde(P, "Ontvanger", &bericht.afzender.to_string())?;
        s.identificatie("BerichtIdentificatie", &eigen_identificatie(bericht), dag)?;
        s.xsd_versie("XsdVersie", &bericht.xsd_versies)?;
        s.identificatie("DeclaratieIdentificatie", &bericht.identificatie, bericht.dagtekening)?;
        s.xsd_versie("XsdVersieDeclaratie", &bericht.xsd_versies)?;
        match &antwoord.besluit {
            Besluit::Bericht(codes) => s.codes(codes),
            _ => s.retourcodes([GEEN_OPMERKING]),
        }
    })?;
    if !matches!(antwoord.besluit, Besluit::Bericht(_)) {
        s.groep("DeclaratieAntwoord", |s| {
            s.waarde(P, "DeclaratieNummer", &bericht.declaratie_nummer)?;
            s.totaal("TotaalIngediendBedrag", bericht.totaal)?;
            s.totaal("TotaalToegekendBedrag", antwoord.toegekend)?;
            match &antwoord.besluit {
                Besluit::Deels(regels) => {
                    clienten(s, dossier, regels)?;
                    s.retourcodes([GEEN_OPMERKING])
                }
                Besluit::Declaratie(codes) | Besluit::Bericht(codes) => s.codes(codes),
                Besluit::Toegekend => s.retourcodes([VOLLEDIG]),
            }
        })?;
    }
    s.0.write_event(Event::End(BytesEnd::new(wortel.as_str())))
}

/// The jeugdigen of the refused prestaties, in the order in which the message first names them.
fn clienten(s: &mut Schrijver, dossier: &Dossier, regels: &[Afgewezenregel]) -> io::Result<()> {
    let mut per_client: Vec<(Bsn, Vec<&Afgewezenregel>)> = Vec::new();
    let mut plaatsen: HashMap<Bsn, usize> = HashMap::new();
    for regel in regels {
        let bsn = dossier.regel(regel.regel).bsn;
        let plaats = *plaatsen.entry(bsn).or_insert_with(|| {
            per_client.push((bsn, Vec::new()));
            per_client.len() - 1
        });
        per_client[plaats].1.push(regel);
    }
    s.groep("Clienten", |s| {
        per_client.iter().try_for_each(|(bsn, regels)| {
            s.groep("Client", |s| {
                s.waarde(P, "Bsn", &bsn.cijfers())?;
                s.groep("Prestaties", |s| {
                    regels.iter().try_for_each(|regel| prestatie(s, dossier, regel))
                })?;
                s.codes(&regels[0].van_client)
            })
        })
    })
}

fn prestatie(s: &mut Schrijver, dossier: &Dossier, regel: &Afgewezenregel) -> io::Result<()> {
    let r = dossier.regel(regel.regel);
    let product = dossier.product(r.product);
    s.groep("Prestatie", |s| {
        s.groep("ProductReferentie", |s| {
            s.waarde(B, "ReferentieNummer", dossier.referentie(r))?;
            match dossier.vorige_referentie(r) {
                "" => Ok(()),
                vorig => s.waarde(B, "VorigReferentieNummer", vorig),
            }
        })?;
        s.waarde(P, "ToewijzingNummer", dossier.toewijzingnummer(r.toewijzing_nummer))?;
        s.waarde(P, "ProductCategorie", &product.categorie)?;
        s.waarde(P, "ProductCode", &product.code)?;
        s.periode("ProductPeriode", r.begindatum, r.einddatum)?;
        s.waarde(P, "GeleverdVolume", &volume(r.geleverd_volume))?;
        s.waarde(P, "Eenheid", &r.eenheid.to_string())?;
        if let Some(tarief) = r.product_tarief {
            s.waarde(P, "ProductTarief", &tarief.bedrag().0.to_string())?;
        }
        s.groep("IngediendBedrag", |s| {
            s.waarde(B, "Bedrag", &r.ingediend_bedrag.0.to_string())?;
            s.waarde(
                B,
                "DebetCredit",
                match r.debet_credit {
                    DebetCredit::Debet => "D",
                    DebetCredit::Credit => "C",
                },
            )
        })?;
        s.codes(&regel.codes)
    })
}
