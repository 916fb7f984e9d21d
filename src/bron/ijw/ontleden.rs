//! One message into its records, under the columns of its kind.

use super::schema::{Doel, Element, Herkomst, Veld};
use super::{Bericht, Berichtfout, GRENS_DIEPTE};
use crate::bron::record::Recordblok;
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

/// What one message holds.
#[derive(Debug)]
pub struct Inhoud {
    pub records: Recordblok,
    /// Starts and stops that the message takes back (StatusAanlevering 3).
    pub teruggenomen: Recordblok,
    /// The 2 of iJw 3.2.
    pub subversie: u8,
    waarden: Waarden,
}

impl Inhoud {
    /// A value of the message as a whole, without the blanks around it.
    pub fn waarde(&self, veld: Veld) -> &str {
        self.waarden.van(veld).trim()
    }
}

/// The values read so far, each of the message, the client or the record that is being read.
#[derive(Debug)]
struct Waarden {
    tekst: [String; Veld::AANTAL],
    gezien: [bool; Veld::AANTAL],
}

impl Waarden {
    fn van(&self, veld: Veld) -> &str {
        &self.tekst[veld as usize]
    }

    fn wis_vanaf(&mut self, eerste: usize) {
        self.tekst[eerste..].iter_mut().for_each(String::clear);
        self.gezien[eerste..].fill(false);
    }
}

/// Counts lines as far as is needed.
struct Regelteller<'t> {
    tekst: &'t [u8],
    tot: usize,
    regel: u64,
}

impl Regelteller<'_> {
    fn regel(&mut self, plaats: u64) -> u64 {
        let plaats = (plaats as usize).clamp(self.tot, self.tekst.len());
        self.regel += memchr::memchr_iter(b'\n', &self.tekst[self.tot..plaats]).count() as u64;
        self.tot = plaats;
        self.regel
    }
}

/// What the XML reader found wrong, without its words: they could hold a piece of the message.
pub fn fout(e: &quick_xml::Error, regel: u64) -> Berichtfout {
    use quick_xml::errors::{IllFormedError, SyntaxError};
    match e {
        quick_xml::Error::IllFormed(IllFormedError::MissingEndTag(_)) => Berichtfout::Afgebroken,
        quick_xml::Error::Syntax(
            SyntaxError::UnclosedTag
            | SyntaxError::UnclosedCData
            | SyntaxError::UnclosedComment
            | SyntaxError::UnclosedPI
            | SyntaxError::UnclosedXmlDecl
            | SyntaxError::UnclosedSingleQuotedAttributeValue
            | SyntaxError::UnclosedDoubleQuotedAttributeValue,
        ) => Berichtfout::Afgebroken,
        quick_xml::Error::Syntax(SyntaxError::UnclosedDoctype) => Berichtfout::Doctype,
        _ => Berichtfout::Kapot { regel },
    }
}

/// Reads a whole message.
pub fn ontleed(tekst: &str, bericht: Bericht) -> Result<Inhoud, Berichtfout> {
    let mut lezer = NsReader::from_str(tekst);
    lezer.config_mut().expand_empty_elements = true;
    let mut stand = Ontleding {
        bericht,
        regels: Regelteller { tekst: tekst.as_bytes(), tot: 0, regel: 1 },
        inhoud: Inhoud {
            records: Recordblok::default(),
            teruggenomen: Recordblok::default(),
            subversie: 0,
            waarden: Waarden {
                tekst: std::array::from_fn(|_| String::new()),
                gezien: [false; Veld::AANTAL],
            },
        },
        open: Vec::with_capacity(GRENS_DIEPTE),
        overgeslagen: 0,
        record_op: 1,
        klaar: false,
        ruimten: None,
    };
    loop {
        let plaats = lezer.buffer_position();
        let (ruimte, event) = match lezer.read_resolved_event() {
            Ok(gelezen) => gelezen,
            Err(e) => {
                let plaats = lezer.buffer_position();
                return Err(fout(&e, stand.regels.regel(plaats)));
            }
        };
        match event {
            Event::Start(e) => stand.begin(&ruimte, e.local_name().as_ref(), plaats)?,
            Event::End(_) => stand.einde(),
            Event::Text(t) => stand.tekst(&t, plaats)?,
            Event::CData(t) => stand.voeg_toe(&t),
            Event::GeneralRef(r) => {
                let teken = match &*r {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "apos" => '\'',
                    "quot" => '"',
                    _ => r.resolve_char_ref().ok().flatten().ok_or_else(|| {
                        Berichtfout::Entiteit { regel: stand.regels.regel(plaats) }
                    })?,
                };
                stand.voeg_toe(teken.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(Berichtfout::Doctype),
            Event::Eof if stand.klaar => return Ok(stand.inhoud),
            Event::Eof => return Err(Berichtfout::Afgebroken),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Empty(_) => unreachable!("empty elements are expanded"),
        }
    }
}

/// How far a message is read.
struct Ontleding<'t> {
    bericht: Bericht,
    regels: Regelteller<'t>,
    inhoud: Inhoud,
    /// The elements that are open and read, from the root on.
    open: Vec<&'static Element>,
    /// How many elements are open inside one that is skipped, that one included.
    overgeslagen: usize,
    /// Where the record that is being read began.
    record_op: u64,
    /// Is the root closed?
    klaar: bool,
    /// The namespaces whose elements are read.
    ruimten: Option<[String; 2]>,
}

impl Ontleding<'_> {
    fn kapot<T>(&mut self, plaats: u64) -> Result<T, Berichtfout> {
        Err(Berichtfout::Kapot { regel: self.regels.regel(plaats) })
    }

    /// An element opens.
    fn begin(
        &mut self,
        ruimte: &ResolveResult<'_>,
        naam: &str,
        plaats: u64,
    ) -> Result<(), Berichtfout> {
        if self.open.len() + self.overgeslagen >= GRENS_DIEPTE {
            return Err(Berichtfout::TeDiep { regel: self.regels.regel(plaats) });
        }
        let uri = match ruimte {
            ResolveResult::Bound(uri) => uri.0,
            ResolveResult::Unbound => "",
            ResolveResult::Unknown(_) => return self.kapot(plaats),
        };
        if self.open.is_empty() {
            if self.klaar || Bericht::van_namespace(uri)? != self.bericht {
                return self.kapot(plaats);
            }
            self.inhoud.subversie = Bericht::subversie(uri);
            let basis = uri.replace(self.bericht.naam(), "basisschema");
            self.ruimten = Some([uri.to_owned(), basis]);
        }
        let element = match self.open.last() {
            _ if self.overgeslagen > 0 => None,
            None => Some(self.bericht.wortel()).filter(|w| w.naam == naam),
            Some(ouder) => ouder
                .kinderen
                .iter()
                .find(|k| k.naam == naam)
                .filter(|_| self.ruimten.iter().flatten().any(|r| r == uri)),
        };
        let Some(element) = element else {
            self.overgeslagen += 1;
            return Ok(());
        };
        self.open.push(element);
        let waarden = &mut self.inhoud.waarden;
        match element.doel {
            Doel::Groep => {}
            Doel::Client => waarden.wis_vanaf(Veld::EERSTE_VAN_CLIENT),
            Doel::Record => {
                waarden.wis_vanaf(Veld::EERSTE_VAN_RECORD);
                self.record_op = self.regels.regel(plaats);
            }
            Doel::Waarden(veld) => waarden.tekst[veld as usize].push(' '),
            Doel::Waarde(veld) => {
                if std::mem::replace(&mut waarden.gezien[veld as usize], true) {
                    let regel = self.regels.regel(plaats);
                    return Err(Berichtfout::TweeKeer { element: element.naam, regel });
                }
            }
        }
        Ok(())
    }

    /// The element that opened last closes.
    fn einde(&mut self) {
        if self.overgeslagen > 0 {
            self.overgeslagen -= 1;
            return;
        }
        if self.open.pop().is_some_and(|e| e.doel == Doel::Record) {
            self.inhoud.sluit_record(self.bericht, self.record_op);
        }
        self.klaar = self.open.is_empty();
    }

    /// Outside the root there may be nothing but blanks.
    fn tekst(&mut self, tekst: &str, plaats: u64) -> Result<(), Berichtfout> {
        if self.open.is_empty() && self.overgeslagen == 0 && !tekst.trim().is_empty() {
            return self.kapot(plaats);
        }
        self.voeg_toe(tekst);
        Ok(())
    }

    /// Text of the element that is open, if that has a value.
    fn voeg_toe(&mut self, tekst: &str) {
        if self.overgeslagen > 0 {
            return;
        }
        if let Some(Element { doel: Doel::Waarde(veld) | Doel::Waarden(veld), .. }) =
            self.open.last()
        {
            self.inhoud.waarden.tekst[*veld as usize].push_str(tekst);
        }
    }
}

impl Inhoud {
    fn sluit_record(&mut self, bericht: Bericht, regel: u64) {
        let waarden = &self.waarden;
        let blok = if waarden.van(Veld::StatusAanlevering).trim() == "3" {
            &mut self.teruggenomen
        } else {
            &mut self.records
        };
        let datum_onzeker = matches!(waarden.van(Veld::DatumGebruik).trim(), "1" | "2" | "3");
        for (_, herkomst) in bericht.kolommen() {
            blok.cel(match herkomst {
                Herkomst::Vast(tekst) => tekst,
                Herkomst::Uit(Veld::Geboortedatum) if datum_onzeker => "",
                Herkomst::Uit(veld) => waarden.van(*veld),
            });
        }
        blok.sluit(regel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JW305 of this content.
    fn bericht(inhoud: &str) -> String {
        let ruimte = "http://www.istandaarden.nl/ijw/3_2";
        format!(
            "<x:Bericht xmlns:x=\"{ruimte}/jw305/schema\" xmlns:y=\"{ruimte}/basisschema/schema\">\n{inhoud}\n</x:Bericht>"
        )
    }

    fn product(nummer: &str) -> String {
        format!(
            "<x:StartProducten>\n<x:StartProduct><x:ToewijzingNummer>{nummer}</x:ToewijzingNummer></x:StartProduct></x:StartProducten>"
        )
    }

    /// Line, ToewijzingNummer and Bsn of each record.
    fn gelezen(inhoud: &str) -> Result<Vec<(u64, String, String)>, Berichtfout> {
        let inhoud = ontleed(&bericht(inhoud), Bericht::Jw305)?;
        let tekst = |c: &[u8]| String::from_utf8(c.to_vec()).unwrap();
        Ok(inhoud.records.records().map(|r| (r.regel, tekst(r.cel(0)), tekst(r.cel(3)))).collect())
    }

    #[test]
    fn a_value_never_passes_to_the_next_client() {
        let inhoud = format!(
            "<x:Client><x:Bsn>999900006</x:Bsn>{}</x:Client>\n<x:Client>{}</x:Client>",
            product("T1"),
            product("")
        );
        let verwacht = [(3, "T1".into(), "999900006".into()), (5, String::new(), String::new())];
        assert_eq!(gelezen(&inhoud).unwrap(), verwacht);
    }

    #[test]
    fn elements_of_another_namespace_or_in_another_place_are_skipped() {
        let inhoud = format!(
            "<x:Client><z:Bsn xmlns:z=\"elders\">1</z:Bsn><x:Relatie><x:Bsn>2</x:Bsn></x:Relatie>{}</x:Client>",
            product("<!-- - -->T&amp;<?p?><![CDATA[1]]>")
        );
        assert_eq!(gelezen(&inhoud).unwrap(), [(3, "T&1".into(), String::new())]);
        assert_eq!(gelezen("<q:Client/>"), Err(Berichtfout::Kapot { regel: 2 }));
    }

    #[test]
    fn thirty_two_elements_deep_is_read_and_one_more_is_not() {
        let diep = |n: usize| format!("{}{}", "<x:a>".repeat(n), "</x:a>".repeat(n));
        assert!(gelezen(&diep(31)).is_ok());
        assert_eq!(gelezen(&diep(32)), Err(Berichtfout::TeDiep { regel: 2 }));
    }

    #[test]
    fn nothing_may_stand_before_or_after_the_message() {
        let heel = bericht("");
        for tekst in [format!("{heel}x"), format!("x{heel}"), format!("{heel}{heel}")] {
            assert!(matches!(ontleed(&tekst, Bericht::Jw305), Err(Berichtfout::Kapot { .. })));
        }
        for tot in 0..heel.len() {
            assert!(ontleed(&heel[..tot], Bericht::Jw305).is_err(), "{tot}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_change_of_a_message_makes_the_reader_panic(
            plaats in 0_usize..400,
            erbij in "[<>/&;!x:a\"' \\[\\]-]{0,6}",
        ) {
            let mut tekst = bericht(&format!("<x:Client>{}</x:Client>", product("T1")));
            let plaats = plaats.min(tekst.len());
            tekst.insert_str(plaats, &erbij);
            let _ = ontleed(&tekst, Bericht::Jw305);
        }
    }
}
