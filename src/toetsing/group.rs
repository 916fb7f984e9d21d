//! The units of the wider scopes: what one toewijzing, jeugdige or aanbieder has, and all of it.

use super::context::AuditContext;
use super::line::Line;
use super::outcome::{Bevinding, Outcomes, Subject, Verdict};
use super::reason::Reason;
use crate::dossier::{
    Aanbieder, AanbiederId, Bijzonderheid, Bsn, CRISIS_CATEGORIE, Cent, DebetCredit,
    Declaratieregel, Ernst, Kolom, LineId, Onderdeel, Periode, Product, ProductId, Toewijzing,
    ToewijzingId,
};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// All lines that count on one toewijzing, over all years, in order.
pub(crate) struct ToewijzingGroup<'a> {
    pub context: &'a AuditContext<'a>,
    /// `None` for lines whose number no toewijzing has, or that have none.
    pub toewijzing: Option<(ToewijzingId, &'a Toewijzing)>,
    pub lines: &'a [LineId],
    has_leverjaar: OnceCell<bool>,
    product: OnceCell<Result<ToewijzingProduct<'a>, Reason>>,
}

impl<'a> ToewijzingGroup<'a> {
    pub(super) fn new(
        context: &'a AuditContext<'a>,
        toewijzing: Option<(ToewijzingId, &'a Toewijzing)>,
        lines: &'a [LineId],
    ) -> ToewijzingGroup<'a> {
        let (has_leverjaar, product) = (OnceCell::new(), OnceCell::new());
        ToewijzingGroup { context, toewijzing, lines, has_leverjaar, product }
    }

    pub(crate) fn lines(&self) -> impl DoubleEndedIterator<Item = Line<'a>> + use<'a> {
        let context = self.context;
        self.lines.iter().map(move |id| context.line(*id))
    }

    /// Asks for a verdict on each line, in order; counts those on lines of the audited year.
    pub(crate) fn each_line(
        &self,
        out: &mut Outcomes,
        mut verdict: impl FnMut(&Line<'a>) -> Verdict,
    ) {
        for line in self.lines() {
            let oordeel = verdict(&line);
            if self.context.in_leverjaar(line.data) {
                out.verdict(oordeel);
            }
        }
    }

    /// The toewijzing of the audited year, if it is for this part of the contract and its file has
    /// this column; counts one of which that can't be told.
    pub(crate) fn of_onderdeel(
        &self,
        onderdeel: Onderdeel,
        kolom: Kolom,
        out: &mut Outcomes,
    ) -> Option<(ToewijzingId, &'a Toewijzing)> {
        let (id, t) = self.in_leverjaar()?;
        let own = self.product().and_then(|p| p.onderdeel);
        self.with_kolom(own.map(|o| (o == onderdeel).then_some(())), kolom, out)?;
        Some((id, t))
    }

    /// The same for a toewijzing with a Tariefsleutel of which `choose` makes something.
    pub(crate) fn of_key<T>(
        &self,
        choose: impl FnOnce(&str) -> Option<T>,
        kolom: Kolom,
        out: &mut Outcomes,
    ) -> Option<(ToewijzingId, &'a Toewijzing, T)> {
        let (id, t) = self.in_leverjaar()?;
        let key = self.product().and_then(|p| p.tariefsleutel);
        let chosen = self.with_kolom(key.map(|s| s.and_then(choose)), kolom, out)?;
        Some((id, t, chosen))
    }

    /// What was chosen, where the toewijzing's file has the column; counts what can't be told.
    fn with_kolom<T>(
        &self,
        chosen: Result<Option<T>, Reason>,
        kolom: Kolom,
        out: &mut Outcomes,
    ) -> Option<T> {
        let (_, t) = self.toewijzing?;
        let outcome = match chosen {
            Ok(None) => return None,
            Ok(Some(chosen)) => self.context.kolom(t.file, kolom).map(|()| chosen),
            Err(reason) => Err(reason),
        };
        outcome.map_err(|reason| out.not_testable(reason)).ok()
    }

    /// A finding on the toewijzing itself, without an amount unless one is given.
    pub(crate) fn bevinding(&self, id: ToewijzingId, ernst: Ernst) -> Bevinding {
        Bevinding::new(ernst, Subject::Toewijzing(id))
    }

    /// The lines of the audited year, in order.
    pub(crate) fn lines_of_leverjaar(&self) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let context = self.context;
        self.lines().filter(move |l| context.in_leverjaar(l.data))
    }

    /// What the lines of the audited year come to.
    pub(crate) fn declared_in_leverjaar(&self) -> Cent {
        self.lines_of_leverjaar().map(|l| l.data.ingediend_bedrag).sum()
    }

    /// The toewijzing, if one of its lines is of the audited year: those that rules look at.
    pub(crate) fn in_leverjaar(&self) -> Option<(ToewijzingId, &'a Toewijzing)> {
        self.toewijzing.filter(|_| self.has_leverjaar())
    }

    /// Is one of its lines of the audited year?
    fn has_leverjaar(&self) -> bool {
        let c = self.context;
        let in_leverjaar = |id: &LineId| c.in_leverjaar(c.dossier.line(*id));
        *self.has_leverjaar.get_or_init(|| self.lines.iter().any(in_leverjaar))
    }

    /// The lines of the audited year.
    pub(crate) fn leverjaar_lines(&self) -> impl DoubleEndedIterator<Item = Line<'a>> + use<'a> {
        let context = self.context;
        self.lines().filter(move |l| context.in_leverjaar(l.data))
    }

    /// What the lines of the audited year come to.
    pub(crate) fn sum_of_leverjaar(&self) -> Cent {
        self.leverjaar_lines().map(|l| l.data.ingediend_bedrag).sum()
    }
}

impl<'a> ToewijzingGroup<'a> {
    /// What the catalogue says of the toewijzing's own product; lacking a ProductCode, what its
    /// live lines of the audited year share.
    pub(crate) fn product(&self) -> Result<ToewijzingProduct<'a>, Reason> {
        *self.product.get_or_init(|| self.find_product())
    }

    fn find_product(&self) -> Result<ToewijzingProduct<'a>, Reason> {
        let c = self.context;
        let (_, t) = self.toewijzing.ok_or(Reason::GeenToewijzing)?;
        if !t.product_code()?.is_empty() {
            let row = c.toewijzingsproducten[&(t.product_categorie()?, t.product_code()?)];
            let row = row.ok_or(Reason::ProductToewijzingOnbekend)?.known()?;
            return Ok(ToewijzingProduct {
                onderdeel: Ok(row.onderdeel),
                tariefsleutel: Ok(row.tariefsleutel.as_deref()),
                perceel: Ok(row.perceel),
            });
        }
        let mut lines = self.leverjaar_lines().map(|l| l.product);
        let first = lines.next().ok_or(Reason::GeenIndicatieVoorProduct)?;
        let mut out = ToewijzingProduct {
            onderdeel: first.onderdeel().ok_or(Reason::GeenIndicatieVoorProduct),
            tariefsleutel: match first.catalogus() {
                Some(_) => Ok(first.tariefsleutel()),
                None => Err(Reason::GeenIndicatieVoorProduct),
            },
            perceel: match first.catalogus() {
                Some(row) => Ok(row.perceel),
                None => Err(Reason::GeenIndicatieVoorProduct),
            },
        };
        for other in lines {
            if other.onderdeel() != out.onderdeel.ok() {
                out.onderdeel = Err(Reason::GeenIndicatieVoorProduct);
            }
            if other.catalogus().is_none() || out.tariefsleutel != Ok(other.tariefsleutel()) {
                out.tariefsleutel = Err(Reason::GeenIndicatieVoorProduct);
            }
            if other.catalogus().map(|row| row.perceel) != out.perceel.ok() {
                out.perceel = Err(Reason::GeenIndicatieVoorProduct);
            }
        }
        Ok(out)
    }
}

impl ToewijzingGroup<'_> {
    /// Is it for crisis: by its Bijzonderheid, its ProductCategorie or its Onderdeel? An Onderdeel
    /// that isn't known makes it none.
    ///
    /// # Errors
    /// No other of these says so, and one of them can't be read.
    pub(crate) fn is_crisis(&self) -> Result<bool, Reason> {
        let (_, t) = self.toewijzing.ok_or(Reason::GeenToewijzing)?;
        let word = t.names(Bijzonderheid::Crisis);
        let categorie =
            t.product_categorie().map(|id| self.context.dossier.words.get(id) == CRISIS_CATEGORIE);
        if word == Ok(true) || categorie == Ok(true) {
            return Ok(true);
        }
        match self.product().and_then(|p| p.onderdeel) {
            Ok(Onderdeel::Crisis) => return Ok(true),
            Err(reason @ Reason::Onleesbaar(_)) => return Err(reason),
            _ => {}
        }
        Ok(word? || categorie?)
    }
}

/// Onderdeel, Tariefsleutel and perceel of a toewijzing, each where it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ToewijzingProduct<'a> {
    pub onderdeel: Result<Onderdeel, Reason>,
    pub tariefsleutel: Result<Option<&'a str>, Reason>,
    /// The region's own number.
    pub perceel: Result<Option<u8>, Reason>,
}

/// The toewijzingen in force that name one jeugdige, whether anything was declared on them or not. Each
/// has all lines that count on it, of every year and of whomever.
pub(crate) struct JeugdigeToewijzingen<'a> {
    /// In the order of Ingangsdatum, ToewijzingNummer and Gemeente.
    pub toewijzingen: Vec<ToewijzingGroup<'a>>,
}

/// What one jeugdige got in the audited year.
pub(crate) struct JeugdigeGroup<'a> {
    pub context: &'a AuditContext<'a>,
    pub bsn: Bsn,
    /// The lines that count, as the files have them; see [`JeugdigeGroup::in_order`].
    pub lines: &'a [LineId],
    /// The lines that count in other years, as the files have them.
    pub other_years: &'a [LineId],
    /// The toewijzingen of this jeugdige with a line that counts in the audited year, in the order
    /// of Ingangsdatum, ToewijzingNummer and Gemeente.
    pub toewijzingen: &'a [ToewijzingId],
}

impl<'a> JeugdigeGroup<'a> {
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let context = self.context;
        self.lines.iter().map(move |id| context.line(*id))
    }

    /// A finding on the jeugdige, without an amount unless one is given.
    pub(crate) fn bevinding(&self, ernst: Ernst) -> Bevinding {
        Bevinding::new(ernst, Subject::Jeugdige(self.bsn))
    }

    /// The lines for which `fits` holds, by the month of their Einddatum, in order within it.
    pub(crate) fn per_maand(
        &self,
        fits: impl Fn(&Line<'a>) -> bool,
    ) -> Vec<(Periode, Vec<Line<'a>>)> {
        let mut maanden: Vec<(Periode, Vec<Line<'a>>)> = Vec::new();
        for line in self.in_order(self.lines().filter(fits).map(|l| l.id()).collect()) {
            let maand = line.maand();
            match maanden.iter_mut().find(|(m, _)| *m == maand) {
                Some((_, lines)) => lines.push(line),
                None => maanden.push((maand, vec![line])),
            }
        }
        maanden.sort_by_key(|(m, _)| m.begin());
        maanden
    }

    /// These lines of the group in order: a rule sorts only those that it needs.
    pub(crate) fn in_order(
        &self,
        mut lines: Vec<LineId>,
    ) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let context = self.context;
        lines.sort_unstable_by(|a, b| context.dossier.compare(*a, *b));
        lines.into_iter().map(move |id| context.line(id))
    }
}

/// All lines of one aanbieder: of every year, live or not, reversed or not. Those that count in the
/// audited year come first, each kind as they stand in the files.
pub(crate) struct AanbiederGroup<'a> {
    pub context: &'a AuditContext<'a>,
    pub id: AanbiederId,
    pub aanbieder: &'a Aanbieder,
    ids: Vec<LineId>,
    /// How many of these count in the audited year.
    counting: usize,
    /// The lines themselves, unless there are very many: they stand anywhere in the dossier, and many
    /// rules look at all of them.
    together: Option<Vec<Declaratieregel>>,
    /// How many of all lines are of the audited year.
    in_leverjaar: u64,
    /// Credit lines of the audited year.
    credits: Vec<LineId>,
    /// What the lines that count come to, a year.
    jaarsommen: BTreeMap<i32, Cent>,
    ontvangsten: OnceCell<Receipts>,
    producten: OnceCell<Vec<ProductId>>,
}

/// What says where a line of an aanbieder belongs.
struct LinePlace {
    in_leverjaar: bool,
    counts: bool,
    is_credit: bool,
}

impl LinePlace {
    #[inline]
    fn of(context: &AuditContext<'_>, line: &Declaratieregel) -> LinePlace {
        LinePlace {
            in_leverjaar: context.in_leverjaar(line),
            counts: line.counts(),
            is_credit: line.debet_credit == DebetCredit::Credit,
        }
    }
}

/// When the lines that count in the audited year came in.
#[derive(Default)]
pub(crate) struct Receipts {
    /// Of each line the days from the end of the month of delivery to receipt; `None` where that
    /// can't be told.
    pub dagen: Vec<Option<i64>>,
    /// Why it can't, and of how many lines.
    pub unknown: Vec<(Reason, u64)>,
}

impl<'a> AanbiederGroup<'a> {
    pub(super) fn new(
        context: &'a AuditContext<'a>,
        id: AanbiederId,
        all: &[LineId],
    ) -> AanbiederGroup<'a> {
        /// So many lines always stand together: they are a small part of any dossier that is large.
        const ALWAYS: usize = 1 << 17;
        /// Of more lines the threads together hold this part of all a second time, and no more.
        const PART: usize = 6;
        let dossier = context.dossier;
        let most = dossier.lines.len() / (PART * rayon::current_num_threads());
        let mut group = AanbiederGroup {
            context,
            id,
            aanbieder: dossier.aanbieder(id),
            ids: Vec::with_capacity(all.len()),
            counting: 0,
            together: (all.len() <= most.max(ALWAYS)).then(|| Vec::with_capacity(all.len())),
            in_leverjaar: 0,
            credits: Vec::new(),
            jaarsommen: BTreeMap::new(),
            ontvangsten: OnceCell::new(),
            producten: OnceCell::new(),
        };
        // The lines stand anywhere: looked at and copied without a choice in between, many of them
        // are on their way at the same time.
        let places = all.iter().map(|id| LinePlace::of(context, dossier.line(*id)));
        let places: Vec<LinePlace> = places.collect();
        let mut other = Vec::new();
        for (&id, place) in all.iter().zip(&places) {
            group.in_leverjaar += u64::from(place.in_leverjaar);
            if place.in_leverjaar && place.is_credit {
                group.credits.push(id);
            }
            if place.counts && place.in_leverjaar {
                group.ids.push(id);
            } else {
                other.push(id);
            }
        }
        group.counting = group.ids.len();
        group.ids.append(&mut other);
        if let Some(together) = &mut group.together {
            together.extend(group.ids.iter().map(|id| dossier.line(*id).clone()));
        }
        let counting = group.counting_declaratieregels().map(|(_, r)| r.ingediend_bedrag).sum();
        let mut jaarsommen = BTreeMap::new();
        if group.counting > 0 {
            jaarsommen.insert(context.jaar, counting);
        }
        for (_, line) in group.of(group.counting..all.len()).filter(|(_, r)| r.counts()) {
            *jaarsommen.entry(line.einddatum.jaar()).or_default() += line.ingediend_bedrag;
        }
        group.jaarsommen = jaarsommen;
        group
    }

    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.declaratieregels().map(|(id, line)| Line::of(self.context, id, line))
    }

    /// The lines that count in the audited year.
    pub(crate) fn counting_lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.counting_declaratieregels().map(|(id, line)| Line::of(self.context, id, line))
    }

    /// The lines that don't.
    pub(crate) fn other_lines(&self) -> impl Iterator<Item = Line<'_>> {
        let other = self.of(self.counting..self.ids.len());
        other.map(|(id, line)| Line::of(self.context, id, line))
    }

    /// Live lines of the audited year that end before they begin: they count nowhere.
    pub(crate) fn reversed_lines(&self) -> impl Iterator<Item = Line<'_>> {
        let c = self.context;
        let reversed = |r: &Declaratieregel| r.is_live() && r.is_reversed();
        self.other_lines().filter(move |l| reversed(l.data) && c.in_leverjaar(l.data))
    }

    /// All lines, without what belongs to them.
    pub(crate) fn declaratieregels(&self) -> impl Iterator<Item = (LineId, &Declaratieregel)> {
        self.of(0..self.ids.len())
    }

    /// The lines that count in the audited year, without what belongs to them.
    pub(crate) fn counting_declaratieregels(
        &self,
    ) -> impl Iterator<Item = (LineId, &Declaratieregel)> {
        self.of(0..self.counting)
    }

    /// The numbers of all lines, in the order of [`AanbiederGroup::lines`].
    pub(crate) fn ids(&self) -> &[LineId] {
        &self.ids
    }

    /// How many of all lines are of the audited year.
    pub(crate) fn count_in_leverjaar(&self) -> u64 {
        self.in_leverjaar
    }

    /// Credit lines of the audited year.
    pub(crate) fn creditregels(&self) -> impl Iterator<Item = Line<'a>> {
        let context = self.context;
        self.credits.iter().map(move |id| context.line(*id))
    }

    fn of(&self, range: Range<usize>) -> impl Iterator<Item = (LineId, &Declaratieregel)> {
        let together = self.together.as_ref().map(|lines| &lines[range.clone()]);
        self.ids[range].iter().enumerate().map(move |(i, id)| match together {
            Some(lines) => (*id, &lines[i]),
            None => (*id, self.context.dossier.line(*id)),
        })
    }

    /// What the live lines of a year come to; `None` without any.
    pub(crate) fn jaarsom(&self, jaar: i32) -> Option<Cent> {
        self.jaarsommen.get(&jaar).copied()
    }

    /// When the lines of [`AanbiederGroup::counting_lines`] came in; looked up once.
    pub(crate) fn ontvangsten(&self) -> &Receipts {
        self.ontvangsten.get_or_init(|| {
            let mut out = Receipts::default();
            out.dagen.extend(self.counting_declaratieregels().map(|(_, r)| {
                let kolom = self.context.cell_of_line(r, Kolom::Ontvangstdatum);
                let dagen = kolom
                    .and_then(|()| r.dagen_until_ontvangst().ok_or(Reason::GeenOntvangstdatum));
                let Err(reason) = dagen else { return dagen.ok() };
                match out.unknown.iter_mut().find(|(r, _)| *r == reason) {
                    Some((_, count)) => *count += 1,
                    None => out.unknown.push((reason, 1)),
                }
                None
            }));
            out
        })
    }

    /// The products of the lines that count in the audited year, each once; looked up once.
    pub(crate) fn producten(&self) -> impl Iterator<Item = &'a Product> {
        let all = self.producten.get_or_init(|| {
            let mut of_lines: Vec<ProductId> =
                self.counting_declaratieregels().map(|(_, r)| r.product).collect();
            of_lines.sort_unstable();
            of_lines.dedup();
            of_lines
        });
        all.iter().map(|id| self.context.dossier.product(*id))
    }

    /// A finding on the aanbieder, without an amount unless one is given.
    pub(crate) fn bevinding(&self, ernst: Ernst) -> Bevinding {
        Bevinding::new(ernst, Subject::Aanbieder(self.id))
    }
}
