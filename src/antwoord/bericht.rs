//! One draft answer as a JW325 message (iJw 3.0–3.2).

use super::standard::xsd_versie;
use super::{Answer, Codes, Decision, NO_OPMERKING, RefusedLine, VOLLEDIG};
use crate::dossier::{Bsn, Cent, Dag, DebetCredit, Declaratiebericht, Dossier, Volume};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io;

/// BerichtCode of a JW325 (Vektis COD002).
const BERICHTCODE: &str = "491";

/// Writes elements of a message: `p` is the prefix of its own namespace, `b` of the basisschema.
struct ElementWriter(Writer<Vec<u8>>);

const P: &str = "jw325";
const B: &str = "ijw";

impl ElementWriter {
    fn value(&mut self, room: &str, name: &str, waarde: &str) -> io::Result<()> {
        let element = self.0.create_element(format!("{room}:{name}"));
        element.write_text_content(BytesText::new(waarde)).map(|_| ())
    }

    fn group(
        &mut self,
        name: &str,
        content: impl FnOnce(&mut ElementWriter) -> io::Result<()>,
    ) -> io::Result<()> {
        let name = format!("{P}:{name}");
        self.0.write_event(Event::Start(BytesStart::new(name.as_str())))?;
        content(self)?;
        self.0.write_event(Event::End(BytesEnd::new(name.as_str())))
    }

    fn identificatie(&mut self, group: &str, identificatie: &str, dag: Dag) -> io::Result<()> {
        self.group(group, |s| {
            s.value(B, "Identificatie", identificatie)?;
            s.value(B, "Dagtekening", &iso(dag))
        })
    }

    fn retourcodes<'c>(&mut self, codes: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
        self.group("RetourCodes", |s| {
            codes.into_iter().try_for_each(|code| s.value(P, "RetourCode", code))
        })
    }

    fn codes(&mut self, codes: &Codes) -> io::Result<()> {
        self.retourcodes(codes.iter().map(String::as_str))
    }

    /// An amount below zero is a credit; nothing is a debit (CS325).
    fn total(&mut self, group: &str, bedrag: Cent) -> io::Result<()> {
        self.group(group, |s| {
            s.value(B, "TotaalBedrag", &bedrag.0.unsigned_abs().to_string())?;
            s.value(B, "DebetCredit", if bedrag < Cent::ZERO { "C" } else { "D" })
        })
    }

    fn periode(&mut self, group: &str, begin: Dag, end: Dag) -> io::Result<()> {
        self.group(group, |s| {
            s.value(B, "Begindatum", &iso(begin))?;
            s.value(B, "Einddatum", &iso(end))
        })
    }

    fn xsd_versie(&mut self, group: &str, [bericht, basis]: [&str; 2]) -> io::Result<()> {
        self.group(group, |s| {
            s.value(B, "BasisschemaXsdVersie", basis)?;
            s.value(B, "BerichtXsdVersie", bericht)
        })
    }
}

fn iso(dag: Dag) -> String {
    dag.datum().format("%Y-%m-%d").to_string()
}

/// An Identificatie of twelve letters that follows from the message that is answered: the same
/// message has the same answer.
fn own_identificatie(bericht: &Declaratiebericht) -> String {
    let text = format!(
        "{}|{}|{}|{}",
        bericht.ontvanger,
        bericht.afzender,
        bericht.identificatie,
        iso(bericht.dagtekening)
    );
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().take(12).map(|b| char::from(b'A' + b % 26)).collect()
}

/// The bytes of the message; `dag` is its Dagtekening.
///
/// Its XsdVersie is the one that the declaration names: the sender sets its own before it sends.
pub(crate) fn write_bericht(dossier: &Dossier, answer: &Answer, dag: Dag) -> Vec<u8> {
    let bericht = &dossier.declaratieberichten.as_deref().unwrap_or_default()[answer.bericht];
    let mut writer = ElementWriter(Writer::new_with_indent(Vec::new(), b' ', 2));
    write(&mut writer, dossier, bericht, answer, dag).expect("writing to memory doesn't fail");
    let mut bytes = writer.0.into_inner();
    bytes.push(b'\n');
    bytes
}

fn write(
    s: &mut ElementWriter,
    dossier: &Dossier,
    bericht: &Declaratiebericht,
    answer: &Answer,
    dag: Dag,
) -> io::Result<()> {
    s.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let room = format!("http://www.istandaarden.nl/ijw/3_{}", bericht.subversie);
    let root = format!("{P}:Bericht");
    let mut begin = BytesStart::new(root.as_str());
    begin.push_attribute((&*format!("xmlns:{P}"), &*format!("{room}/jw325/schema")));
    begin.push_attribute((&*format!("xmlns:{B}"), &*format!("{room}/basisschema/schema")));
    s.0.write_event(Event::Start(begin))?;
    s.group("Header", |s| {
        s.value(P, "BerichtCode", BERICHTCODE)?;
        s.value(P, "BerichtVersie", "3")?;
        s.value(P, "BerichtSubversie", &bericht.subversie.to_string())?;
        s.value(P, "Afzender", &bericht.ontvanger.to_string())?;
        s.value(P, "Ontvanger", &bericht.afzender.to_string())?;
        s.identificatie("BerichtIdentificatie", &own_identificatie(bericht), dag)?;
        let versies = bericht.xsd_versies.each_ref().map(|v| xsd_versie(v));
        s.xsd_versie("XsdVersie", versies)?;
        s.identificatie("DeclaratieIdentificatie", &bericht.identificatie, bericht.dagtekening)?;
        s.xsd_versie("XsdVersieDeclaratie", versies)?;
        match &answer.decision {
            Decision::Bericht(codes) => s.codes(codes),
            _ => s.retourcodes([NO_OPMERKING]),
        }
    })?;
    if !matches!(answer.decision, Decision::Bericht(_)) {
        s.group("DeclaratieAntwoord", |s| {
            s.value(P, "DeclaratieNummer", &bericht.declaratie_nummer)?;
            s.total("TotaalIngediendBedrag", bericht.totaal)?;
            s.total("TotaalToegekendBedrag", answer.granted)?;
            match &answer.decision {
                Decision::Partly(lines) => {
                    clienten(s, dossier, lines)?;
                    s.retourcodes([NO_OPMERKING])
                }
                Decision::Declaratie(codes) | Decision::Bericht(codes) => s.codes(codes),
                Decision::Granted => s.retourcodes([VOLLEDIG]),
            }
        })?;
    }
    s.0.write_event(Event::End(BytesEnd::new(root.as_str())))
}

/// The jeugdigen of the refused prestaties, in the order in which the message first names them.
fn clienten(s: &mut ElementWriter, dossier: &Dossier, lines: &[RefusedLine]) -> io::Result<()> {
    let mut per_client: Vec<(Bsn, Vec<&RefusedLine>)> = Vec::new();
    let mut places: HashMap<Bsn, usize> = HashMap::new();
    for line in lines {
        let bsn = dossier.line(line.line).bsn;
        let place = *places.entry(bsn).or_insert_with(|| {
            per_client.push((bsn, Vec::new()));
            per_client.len() - 1
        });
        per_client[place].1.push(line);
    }
    s.group("Clienten", |s| {
        per_client.iter().try_for_each(|(bsn, lines)| {
            s.group("Client", |s| {
                s.value(P, "Bsn", &bsn.digits())?;
                s.group("Prestaties", |s| {
                    lines.iter().try_for_each(|line| prestatie(s, dossier, line))
                })?;
                s.codes(&lines[0].van_client)
            })
        })
    })
}

fn prestatie(s: &mut ElementWriter, dossier: &Dossier, line: &RefusedLine) -> io::Result<()> {
    let r = dossier.line(line.line);
    let product = dossier.product(r.product);
    s.group("Prestatie", |s| {
        s.group("ProductReferentie", |s| {
            s.value(B, "ReferentieNummer", dossier.referentie(r))?;
            match dossier.previous_referentie(r) {
                "" => Ok(()),
                previous => s.value(B, "VorigReferentieNummer", previous),
            }
        })?;
        s.value(P, "ToewijzingNummer", dossier.toewijzingnummer(r.toewijzing_nummer))?;
        s.value(P, "ProductCategorie", &product.categorie)?;
        s.value(P, "ProductCode", &product.code)?;
        s.periode("ProductPeriode", r.begindatum, r.einddatum)?;
        s.value(P, "GeleverdVolume", &(r.geleverd_volume.0 / Volume::whole(1).0).to_string())?;
        s.value(P, "Eenheid", &r.eenheid.to_string())?;
        if let Some(tarief) = r.product_tarief {
            s.value(P, "ProductTarief", &tarief.bedrag().0.to_string())?;
        }
        s.group("IngediendBedrag", |s| {
            s.value(B, "Bedrag", &r.ingediend_bedrag.0.to_string())?;
            s.value(
                B,
                "DebetCredit",
                match r.debet_credit {
                    DebetCredit::Debet => "D",
                    DebetCredit::Credit => "C",
                },
            )
        })?;
        s.codes(&line.codes)
    })
}
