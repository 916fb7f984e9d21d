//! One message into its records, under the columns of its kind.

use super::schema::{BerichtField, CellSource, Element, Target};
use super::{Bericht, BerichtError, LIMIT_DEPTH, LIMIT_VALUE, LIMIT_VALUES};
use crate::bron::record::RecordBlock;
use crate::dossier::{BerichtFault, FaultSet};
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

/// What one message holds.
#[derive(Debug)]
pub(crate) struct BerichtContent {
    pub records: RecordBlock,
    /// Starts and stops that the message takes back (StatusAanlevering 3).
    pub withdrawn: RecordBlock,
    /// The 2 of iJw 3.2.
    pub subversie: u8,
    /// In which ways records of a declaration are wrong.
    pub faults: FaultSet,
    values: ElementValues,
}

impl BerichtContent {
    /// Records that stand, and records that take one back.
    pub(crate) fn blocks(&self) -> [&RecordBlock; 2] {
        [&self.records, &self.withdrawn]
    }

    /// A value of the message as a whole, without the blanks around it.
    pub(crate) fn value(&self, field: BerichtField) -> &str {
        self.values.of(field).trim()
    }
}

/// The values read so far, each of the message, the client or the record that is being read.
#[derive(Debug)]
struct ElementValues {
    text: [String; BerichtField::COUNT],
    seen: [bool; BerichtField::COUNT],
}

impl ElementValues {
    fn of(&self, field: BerichtField) -> &str {
        &self.text[field as usize]
    }

    fn clear_from(&mut self, first: usize) {
        self.text[first..].iter_mut().for_each(String::clear);
        self.seen[first..].fill(false);
    }
}

/// Counts lines as far as is needed.
struct LineNumbers<'t> {
    text: &'t [u8],
    until: usize,
    line: u64,
}

impl LineNumbers<'_> {
    fn line(&mut self, place: u64) -> u64 {
        let place = (place as usize).clamp(self.until, self.text.len());
        self.line += memchr::memchr_iter(b'\n', &self.text[self.until..place]).count() as u64;
        self.until = place;
        self.line
    }
}

/// What the XML reader found wrong, without its words: they could hold a piece of the message.
pub(crate) fn error(e: &quick_xml::Error, line: u64) -> BerichtError {
    use quick_xml::errors::{IllFormedError, SyntaxError};
    match e {
        quick_xml::Error::IllFormed(IllFormedError::MissingEndTag(_)) => BerichtError::Truncated,
        quick_xml::Error::Syntax(
            SyntaxError::UnclosedTag
            | SyntaxError::UnclosedCData
            | SyntaxError::UnclosedComment
            | SyntaxError::UnclosedPI
            | SyntaxError::UnclosedXmlDecl
            | SyntaxError::UnclosedSingleQuotedAttributeValue
            | SyntaxError::UnclosedDoubleQuotedAttributeValue,
        ) => BerichtError::Truncated,
        quick_xml::Error::Syntax(SyntaxError::UnclosedDoctype) => BerichtError::Doctype,
        _ => BerichtError::Broken { line },
    }
}

/// Reads a whole message.
pub(crate) fn parse(text: &str, bericht: Bericht) -> Result<BerichtContent, BerichtError> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut state = Ontleding {
        bericht,
        lines: LineNumbers { text: text.as_bytes(), until: 0, line: 1 },
        content: BerichtContent {
            records: RecordBlock::default(),
            withdrawn: RecordBlock::default(),
            subversie: 0,
            faults: FaultSet::default(),
            values: ElementValues {
                text: std::array::from_fn(|_| String::new()),
                seen: [false; BerichtField::COUNT],
            },
        },
        open: Vec::with_capacity(LIMIT_DEPTH),
        skipped: 0,
        record_at: 1,
        done: false,
        ruimten: None,
    };
    loop {
        let place = reader.buffer_position();
        let (room, event) = match reader.read_resolved_event() {
            Ok(read) => read,
            Err(e) => {
                let place = reader.buffer_position();
                return Err(error(&e, state.lines.line(place)));
            }
        };
        match event {
            Event::Start(e) => state.begin(&room, e.local_name().as_ref(), place)?,
            Event::End(_) => state.end(),
            Event::Text(t) => state.text(&t, place)?,
            Event::CData(t) => state.push(&t, place)?,
            Event::GeneralRef(r) => {
                let character =
                    match &*r {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "apos" => '\'',
                        "quot" => '"',
                        _ => r.resolve_char_ref().ok().flatten().ok_or_else(|| {
                            BerichtError::Entity { line: state.lines.line(place) }
                        })?,
                    };
                state.push(character.encode_utf8(&mut [0; 4]), place)?;
            }
            Event::DocType(_) => return Err(BerichtError::Doctype),
            Event::Eof if state.done => return Ok(state.content),
            Event::Eof => return Err(BerichtError::Truncated),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Empty(_) => unreachable!("empty elements are expanded"),
        }
    }
}

/// How far a message is read.
struct Ontleding<'t> {
    bericht: Bericht,
    lines: LineNumbers<'t>,
    content: BerichtContent,
    /// The elements that are open and read, from the root on.
    open: Vec<&'static Element>,
    /// How many elements are open inside one that is skipped, that one included.
    skipped: usize,
    /// Where the record that is being read began.
    record_at: u64,
    /// Is the root closed?
    done: bool,
    /// The namespaces whose elements are read.
    ruimten: Option<[String; 2]>,
}

impl Ontleding<'_> {
    fn broken<T>(&mut self, place: u64) -> Result<T, BerichtError> {
        Err(BerichtError::Broken { line: self.lines.line(place) })
    }

    /// An element opens.
    fn begin(
        &mut self,
        room: &ResolveResult<'_>,
        name: &str,
        place: u64,
    ) -> Result<(), BerichtError> {
        if self.open.len() + self.skipped >= LIMIT_DEPTH {
            return Err(BerichtError::TooDeep { line: self.lines.line(place) });
        }
        let uri = match room {
            ResolveResult::Bound(uri) => uri.0,
            ResolveResult::Unbound => "",
            ResolveResult::Unknown(_) => return self.broken(place),
        };
        if self.open.is_empty() {
            if self.done || Bericht::from_namespace(uri)? != self.bericht {
                return self.broken(place);
            }
            self.content.subversie = Bericht::subversion(uri);
            let basis = uri.replace(self.bericht.name(), "basisschema");
            self.ruimten = Some([uri.to_owned(), basis]);
        }
        let element = match self.open.last() {
            _ if self.skipped > 0 => None,
            None => Some(self.bericht.root()).filter(|w| w.name == name),
            Some(older) => older
                .children
                .iter()
                .find(|k| k.name == name)
                .filter(|_| self.ruimten.iter().flatten().any(|r| r == uri)),
        };
        let Some(element) = element else {
            self.skipped += 1;
            return Ok(());
        };
        self.open.push(element);
        let values = &mut self.content.values;
        match element.target {
            Target::Groep => {}
            Target::Client => values.clear_from(BerichtField::FIRST_OF_CLIENT),
            Target::Record => {
                values.clear_from(BerichtField::FIRST_OF_RECORD);
                self.record_at = self.lines.line(place);
            }
            Target::Values(field) => values.text[field as usize].push(' '),
            Target::Value(field) => {
                if std::mem::replace(&mut values.seen[field as usize], true) {
                    let line = self.lines.line(place);
                    return Err(BerichtError::Twice { element: element.name, line });
                }
            }
        }
        Ok(())
    }

    /// The element that opened last closes.
    fn end(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        if self.open.pop().is_some_and(|e| e.target == Target::Record) {
            self.content.close_record(self.bericht, self.record_at);
        }
        self.done = self.open.is_empty();
    }

    /// Outside the root there may be nothing but blanks.
    fn text(&mut self, s: &str, place: u64) -> Result<(), BerichtError> {
        if self.open.is_empty() && self.skipped == 0 && !s.trim().is_empty() {
            return self.broken(place);
        }
        self.push(s, place)
    }

    /// Text of the element that is open, if that has a value.
    fn push(&mut self, text: &str, place: u64) -> Result<(), BerichtError> {
        if self.skipped > 0 {
            return Ok(());
        }
        let Some(Element { target, name, .. }) = self.open.last() else { return Ok(()) };
        let (field, limit) = match target {
            Target::Value(field) => (*field, LIMIT_VALUE),
            Target::Values(field) => (*field, LIMIT_VALUES),
            _ => return Ok(()),
        };
        let value = &mut self.content.values.text[field as usize];
        // What stands before a value is no part of it.
        value.push_str(if value.is_empty() { text.trim_start() } else { text });
        if value.len() > limit && value.trim_end().len() > limit {
            let line = self.lines.line(place);
            return Err(BerichtError::TooLong { element: name, line });
        }
        Ok(())
    }
}

impl BerichtContent {
    fn close_record(&mut self, bericht: Bericht, line: u64) {
        let values = &self.values;
        if bericht == Bericht::Jw323 {
            let has = |field| !values.of(field).trim().is_empty();
            let is = |field, text| values.of(field).trim() == text;
            let is_credit = is(BerichtField::DebetCredit, "C");
            if is_credit != has(BerichtField::VorigReferentieNummer) {
                self.faults.insert(BerichtFault::Reference);
            }
            if is(BerichtField::Eenheid, "83") && has(BerichtField::Tarief) {
                self.faults.insert(BerichtFault::TariefInEuros);
            }
        }
        let block = if values.of(BerichtField::StatusAanlevering).trim() == "3" {
            &mut self.withdrawn
        } else {
            &mut self.records
        };
        let datum_onzeker = matches!(values.of(BerichtField::DatumGebruik).trim(), "1" | "2" | "3");
        for (_, origin) in bericht.kolommen() {
            block.cell(match origin {
                CellSource::Fixed(text) => text,
                CellSource::From(BerichtField::Geboortedatum) if datum_onzeker => "",
                CellSource::From(field) => values.of(*field),
            });
        }
        block.close(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JW305 of this content.
    fn bericht(content: &str) -> String {
        let room = "http://www.istandaarden.nl/ijw/3_2";
        format!(
            "<x:Bericht xmlns:x=\"{room}/jw305/schema\" xmlns:y=\"{room}/basisschema/schema\">\n{content}\n</x:Bericht>"
        )
    }

    fn product(nummer: &str) -> String {
        format!(
            "<x:StartProducten>\n<x:StartProduct><x:ToewijzingNummer>{nummer}</x:ToewijzingNummer></x:StartProduct></x:StartProducten>"
        )
    }

    /// Line, ToewijzingNummer and Bsn of each record.
    fn read(content: &str) -> Result<Vec<(u64, String, String)>, BerichtError> {
        let content = parse(&bericht(content), Bericht::Jw305)?;
        let text = |c: &[u8]| String::from_utf8(c.to_vec()).unwrap();
        Ok(content.records.records().map(|r| (r.line, text(r.cell(0)), text(r.cell(3)))).collect())
    }

    #[test]
    fn a_value_never_passes_to_the_next_client() {
        let content = format!(
            "<x:Client><x:Bsn>999900006</x:Bsn>{}</x:Client>\n<x:Client>{}</x:Client>",
            product("T1"),
            product("")
        );
        let expected = [(3, "T1".into(), "999900006".into()), (5, String::new(), String::new())];
        assert_eq!(read(&content).unwrap(), expected);
    }

    #[test]
    fn elements_of_another_namespace_or_in_another_place_are_skipped() {
        let content = format!(
            "<x:Client><z:Bsn xmlns:z=\"elders\">1</z:Bsn><x:Relatie><x:Bsn>2</x:Bsn></x:Relatie>{}</x:Client>",
            product("<!-- - -->T&amp;<?p?><![CDATA[1]]>")
        );
        assert_eq!(read(&content).unwrap(), [(3, "T&1".into(), String::new())]);
        assert_eq!(read("<q:Client/>"), Err(BerichtError::Broken { line: 2 }));
    }

    #[test]
    fn thirty_two_elements_deep_is_read_and_one_more_is_not() {
        let deep = |n: usize| format!("{}{}", "<x:a>".repeat(n), "</x:a>".repeat(n));
        assert!(read(&deep(31)).is_ok());
        assert_eq!(read(&deep(32)), Err(BerichtError::TooDeep { line: 2 }));
    }

    #[test]
    fn nothing_may_stand_before_or_after_the_message() {
        let whole = bericht("");
        for text in [format!("{whole}x"), format!("x{whole}"), format!("{whole}{whole}")] {
            assert!(matches!(parse(&text, Bericht::Jw305), Err(BerichtError::Broken { .. })));
        }
        for until in 0..whole.len() {
            assert!(parse(&whole[..until], Bericht::Jw305).is_err(), "{until}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_change_of_a_message_makes_the_reader_panic(
            place in 0_usize..400,
            added in "[<>/&;!x:a\"' \\[\\]-]{0,6}",
        ) {
            let mut text = bericht(&format!("<x:Client>{}</x:Client>", product("T1")));
            let place = place.min(text.len());
            text.insert_str(place, &added);
            let _ = parse(&text, Bericht::Jw305);
        }
    }
}
