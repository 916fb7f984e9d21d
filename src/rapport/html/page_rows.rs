//! Findings as rows of the page, with all that a row points at: its line, its toewijzing, the lines under
//! it, and those that a running sum was made of.

use super::columns::{
    Bevindingen, Bevindingrij, Lijnen, Lijnrij, Onderliggend, Onderliggendrij, Toewijzingen,
    Toewijzingrij, Verloop, Verlooprij,
};
use super::lists::{CodeList, WordList};
use crate::dossier::{
    AanbiederId, Agb, Budgetsoort, Contact, CreditState, Dag, Declaratieregel, Dossier, Eenheid,
    FileId, Frequentie, Gemeente, LineId, Onleesbaar, ToewijzingId,
};
use crate::ground::Shown;
use crate::rapport::{FindingRow, Rapport};
use crate::toetsing::{Scope, Subject};
use hashbrown::HashMap;
use rayon::prelude::*;

/// Lines of running sums that the page holds at most, for the toewijzingen with the largest findings.
const MOST_COURSE: usize = 100_000;

/// Lines under findings that the page holds at most, those of the largest findings first.
const MOST_UNDER: usize = 50_000;

/// The columns while they are filled.
pub(super) struct PageBuilder<'a> {
    rapport: &'a Rapport<'a>,
    pub words: WordList<'a>,
    pub aanbieders: CodeList<Agb>,
    pub gemeenten: CodeList<Gemeente>,
    rules: HashMap<&'static str, (usize, bool)>,
    place_of_line: HashMap<LineId, i32>,
    place_of_toewijzing: HashMap<ToewijzingId, i32>,
    /// Toewijzingen whose lines tell how a finding came about, the largest finding first.
    with_course: Vec<ToewijzingId>,
    /// Whether a toewijzing is one of them, by its place in the dossier.
    in_course: Vec<bool>,
    pub bevindingen: Bevindingen,
    pub lines: Lijnen,
    pub under: Onderliggend,
    pub toewijzingen: Toewijzingen,
    /// Files that something on the page stood in: of many messages they are few.
    pub files: Vec<Shown<'a>>,
    place_of_file: HashMap<FileId, i32>,
}

fn dag(dag: Dag) -> i32 {
    dag.dagen_since_1970()
}

impl<'a> PageBuilder<'a> {
    pub(super) fn new(rapport: &'a Rapport<'a>, shown: &[FindingRow<'a>]) -> PageBuilder<'a> {
        let d = rapport.dossier();
        let toewijzingen = || shown.iter().filter_map(|r| toewijzing_of(d, r.subject()));
        let under = || {
            let all = shown.iter().filter_map(FindingRow::underlying);
            all.flat_map(|under| under.lines.iter().map(|id| d.line(*id)))
        };
        let agb = |id: AanbiederId| rapport.context.agb(id);
        PageBuilder {
            rapport,
            words: WordList::new(),
            aanbieders: CodeList::of(
                shown
                    .iter()
                    .filter_map(FindingRow::aanbieder)
                    .chain(under().map(|r| agb(r.aanbieder)))
                    .chain(toewijzingen().map(|id| agb(d.toewijzing(id).aanbieder))),
            ),
            gemeenten: CodeList::of(
                shown
                    .iter()
                    .filter_map(FindingRow::gemeente)
                    .chain(under().map(|r| r.gemeente))
                    .chain(toewijzingen().map(|id| d.toewijzing(id).gemeente)),
            ),
            rules: rapport
                .outcomes
                .iter()
                .enumerate()
                .map(|(i, u)| (u.rule.code, (i, u.rule.scopes().contains(&Scope::Toewijzing))))
                .collect(),
            place_of_line: HashMap::new(),
            place_of_toewijzing: HashMap::new(),
            with_course: Vec::new(),
            in_course: vec![false; d.toewijzingen.len()],
            bevindingen: Bevindingen::default(),
            lines: Lijnen::default(),
            under: Onderliggend::default(),
            toewijzingen: Toewijzingen::default(),
            files: Vec::new(),
            place_of_file: HashMap::new(),
        }
    }

    fn file(&mut self, id: FileId) -> i32 {
        *self.place_of_file.entry(id).or_insert_with(|| {
            self.files.push(Shown::from(&self.rapport.dossier().file(id).pad));
            self.files.len() as i32 - 1
        })
    }

    /// A text that may hold anything: no Bsn in it is shown.
    fn word(&mut self, text: &'a str) -> u32 {
        self.words.intern(self.rapport.pseudonyms.replace_in(text))
    }

    pub(super) fn push(&mut self, r: &FindingRow<'a>) {
        let (line, over_toewijzing) = self.rules[r.rule()];
        let lijn = match r.subject() {
            Subject::Line(nr) => self.line(nr),
            _ => -1,
        };
        let toewijzing = toewijzing_of(self.rapport.dossier(), r.subject());
        let place = toewijzing.map_or(-1, |nr| self.toewijzing(nr));
        if let Some(nr) = toewijzing
            && over_toewijzing
            && !std::mem::replace(&mut self.in_course[nr.place()], true)
        {
            self.with_course.push(nr);
        }
        let beoordeling = self.rapport.beoordeling_in_words(r);
        let bestand = r.file_id().map_or(-1, |id| self.file(id));
        let van = self.under.begin.len();
        self.push_under(r);
        let tot = self.under.begin.len();
        // The texts of a row are free of any Bsn already.
        let words = &mut self.words;
        self.bevindingen.push(Bevindingrij {
            id: r.fingerprint(),
            regel: line,
            ernst: r.ernst() as u8,
            aanbieder: self.aanbieders.place(r.aanbieder()),
            gemeente: self.gemeenten.place(r.gemeente()),
            bestand,
            lijn,
            toewijzing: place,
            jeugdige: words.intern(r.jeugdige().unwrap_or_default()),
            toewijzingnummer: words.intern(r.toewijzing_nummer().unwrap_or_default()),
            declaratie: words.intern(r.declaratie_nummer().unwrap_or_default()),
            referentie: words.intern(r.referentie_nummer().unwrap_or_default()),
            product: words.intern(r.product_code().unwrap_or_default()),
            gevonden: words.intern(r.found()),
            verwacht: words.intern(r.expected()),
            toelichting: words.intern(r.toelichting()),
            bron: words.intern(r.source()),
            oordeel: words.intern(r.oordeel().unwrap_or_default()),
            beoordeling: words.intern(beoordeling),
            reactie: words.intern(self.rapport.reacties.on(r.nummer())),
            regelnummer: r.line_number(),
            begin: r.begindatum().map(dag),
            eind: r.einddatum().map(dag),
            ingediend: r.ingediend_bedrag().map(|c| c.0),
            bedrag: r.bedrag_in_geding().map(|c| c.0),
            onder: r.underlying().map_or(0, |under| under.count),
            van,
            tot,
        });
    }

    /// The lines under a finding, as long as there is room for all of them.
    fn push_under(&mut self, r: &FindingRow<'a>) {
        let count = r.underlying().map_or(0, |under| under.lines.len());
        if count == 0 || self.under.begin.len() + count > MOST_UNDER {
            return;
        }
        for u in self.rapport.under(r.numbered()) {
            let row = Onderliggendrij {
                aanbieder: self.aanbieders.place(Some(u.aanbieder())),
                gemeente: self.gemeenten.place(Some(u.line.gemeente)),
                referentie: self.words.intern(u.referentie_nummer().unwrap_or_default()),
                toewijzingnummer: self.words.intern(u.toewijzing_nummer().unwrap_or_default()),
                begin: dag(u.line.begindatum),
                eind: dag(u.line.einddatum),
                product: self.words.intern(u.product_code().unwrap_or_default()),
                volume: u.line.geleverd_volume.0,
                eenheid: self.words.intern(u.line.eenheid.name()),
                bedrag: u.line.ingediend_bedrag.0,
                aandeel: u.share.map(|c| c.0),
                bestand: self.file(u.line.file),
                regelnummer: u.line.line_number,
            };
            self.under.push(row);
        }
    }

    fn line(&mut self, id: LineId) -> i32 {
        if let Some(place) = self.place_of_line.get(&id) {
            return *place;
        }
        let place = self.place_of_line.len() as i32;
        self.place_of_line.insert(id, place);
        let d = self.rapport.dossier();
        let r = d.line(id);
        let product = d.product(r.product);
        let description = product.row.as_ref().map_or("", |c| &c.omschrijving);
        let toewijzing = r.toewijzing.map_or(-1, |id| self.toewijzing(id));
        let contact = self.contact(r);
        let state = match r.state {
            CreditState::Live if r.is_reversed() => "de periode is omgekeerd",
            CreditState::Live => "",
            CreditState::Refused => "afgewezen door de gemeente",
            CreditState::Withdrawn => "teruggenomen door een creditregel",
            CreditState::Credit => "creditregel, verrekend",
            CreditState::CreditMatched => "creditregel zonder VorigReferentieNummer, verrekend",
            CreditState::CreditWithoutDebet => "creditregel zonder debetregel",
            CreditState::CreditTwice => "dubbele creditregel",
        };
        let row = Lijnrij {
            categorie: self.word(&product.categorie),
            omschrijving: self.word(description),
            volume: r.geleverd_volume.0,
            eenheid: self.words.intern(r.eenheid.name()),
            tarief: r.product_tarief.map(|t| t.bedrag().0),
            ontvangen: r.ontvangstdatum.map(dag),
            toewijzing,
            stand: self.words.intern(state),
            contact,
        };
        self.lines.push(row);
        place
    }

    fn contact(&mut self, r: &Declaratieregel) -> Vec<(&'static str, u32)> {
        let d = self.rapport.dossier();
        let c = d.contact(r);
        if c == Contact::default() {
            return Vec::new();
        }
        let mut out = Vec::new();
        let numbers = [
            ("No-shows", (c.no_show > 0).then(|| c.no_show.to_string())),
            ("No-show, minuten", c.no_show_minuten.map(|v| v.to_string())),
            ("Geplande afspraak, minuten", c.afspraak_minuten.map(|v| v.to_string())),
            ("Reistijd, minuten", c.reistijd_minuten.map(|v| v.to_string())),
            ("Gesprekken", c.gesprekken.map(|n| n.to_string())),
        ];
        for (name, value) in numbers {
            if let Some(value) = value {
                out.push((name, self.words.intern(value)));
            }
        }
        let functie = d.words.get(c.functie);
        if !functie.is_empty() {
            out.push(("Functie", self.word(functie)));
        }
        out
    }

    fn toewijzing(&mut self, id: ToewijzingId) -> i32 {
        if let Some(place) = self.place_of_toewijzing.get(&id) {
            return *place;
        }
        let place = self.place_of_toewijzing.len() as i32;
        self.place_of_toewijzing.insert(id, place);
        let d = self.rapport.dossier();
        let t = d.toewijzing(id);
        let size = readable(t.volume()).map_or_else(String::new, |v| {
            let eenheid = readable(t.eenheid()).map_or("", Eenheid::name);
            let frequentie = readable(t.frequentie()).map_or("", Frequentie::name);
            format!("{v} {eenheid} {frequentie}").trim_end().replace("  ", " ")
        });
        let nummer = self.word(d.toewijzingnummer(t.nummer));
        let categorie = self.word(t.product_categorie().map_or("", |id| d.words.get(id)));
        let product = self.word(t.product_code().map_or("", |id| d.words.get(id)));
        let jeugdige = self.rapport.pseudonyms.jeugdige(t.bsn).unwrap_or_default();
        let bestand = self.file(t.file);
        self.toewijzingen.push(Toewijzingrij {
            nummer,
            aanbieder: self.aanbieders.place(Some(self.rapport.context.agb(t.aanbieder))),
            gemeente: self.gemeenten.place(Some(t.gemeente)),
            jeugdige: self.words.intern(jeugdige),
            datum: dag(t.toewijzingsdatum),
            eerste: dag(t.first().toewijzingsdatum),
            ingang: dag(t.ingangsdatum),
            einde: readable(t.einddatum()).map(dag),
            categorie,
            product,
            omvang: self.words.intern(size),
            budget: readable(t.budget()).map(|c| c.0),
            budgetsoort: self.words.intern(readable(t.budgetsoort()).map_or("", Budgetsoort::name)),
            verwijzer: self.words.intern(readable(t.verwijzer()).map_or_else(String::new, |v| {
                match v.name() {
                    "" => v.to_string(),
                    name => format!("{v} ({name})"),
                }
            })),
            dispuut: u8::from(t.dispuut().unwrap_or(false)),
            bestand,
            regelnummer: t.line_number,
            van: 0,
            tot: 0,
        });
        place
    }

    /// The lines on toewijzingen that findings were counted on, and of how many there is no room.
    pub(super) fn course(&mut self) -> (Verloop, usize) {
        let d = self.rapport.dossier();
        let mut out = Verloop::default();
        if self.with_course.is_empty() {
            return (out, 0);
        }
        let mut per_toewijzing: Vec<(ToewijzingId, LineId)> = (0..d.lines.len() as u32)
            .into_par_iter()
            .filter_map(|id| {
                let r = d.line(LineId(id));
                let needed = |t: &ToewijzingId| self.in_course[t.place()] && r.counts();
                r.toewijzing.filter(needed).map(|t| (t, LineId(id)))
            })
            .collect();
        per_toewijzing.par_sort_unstable();
        let mut without = 0;
        for toewijzing in std::mem::take(&mut self.with_course) {
            let of = per_toewijzing.partition_point(|(t, _)| *t < toewijzing);
            let rest = &per_toewijzing[of..];
            let count = rest.iter().take_while(|(t, _)| *t == toewijzing).count();
            if count == 0 {
                continue;
            }
            if out.begin.len() + count > MOST_COURSE {
                without += 1;
                continue;
            }
            let mut lines: Vec<LineId> = rest[..count].iter().map(|(_, id)| *id).collect();
            lines.sort_by(|a, b| d.compare(*a, *b));
            let place = self.place_of_toewijzing[&toewijzing] as usize;
            self.toewijzingen.van[place] = out.begin.len();
            for id in lines {
                let r = d.line(id);
                out.push(Verlooprij {
                    begin: dag(r.begindatum),
                    eind: dag(r.einddatum),
                    referentie: self.word(d.referentie(r)),
                    volume: r.geleverd_volume.0,
                    eenheid: self.words.intern(r.eenheid.name()),
                    bedrag: r.ingediend_bedrag.0,
                    bestand: self.file(r.file),
                    regelnummer: r.line_number,
                });
            }
            self.toewijzingen.tot[place] = out.begin.len();
        }
        (out, without)
    }
}

/// The toewijzing that a finding is about, or that its line names.
fn toewijzing_of(d: &Dossier, subject: Subject) -> Option<ToewijzingId> {
    match subject {
        Subject::Toewijzing(id) => Some(id),
        Subject::Line(id) => d.line(id).toewijzing,
        _ => None,
    }
}

/// What a page shows of a cell: nothing where it can't be read.
fn readable<T>(cell: Result<Option<T>, Onleesbaar>) -> Option<T> {
    cell.ok().flatten()
}
