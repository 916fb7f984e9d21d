//! A line as a rule sees it: with its product, its toewijzing and what the ruleset says of both.

use super::context::{AuditContext, FunctieFacts};
use super::outcome::{Bevinding, Selection, Subject};
use super::reason::Reason;
use super::top_lines::{Rank, TopLines};
use crate::dossier::{
    AanbiederId, Bsn, Cent, Contact, Course, Declaratieregel, Eenheid, Ernst, Gemeente, Kolom,
    LineId, Onderdeel, Periode, Product, ProductId, Tarief, Toewijzing, Versie, Volume, half_up,
};
use crate::regelset::{ContractTarief, Deelname, Parameter, ParameterValue, RuleSettings, Valid};
use std::ops::Deref;

impl AuditContext<'_> {
    /// A line with what belongs to it.
    #[inline]
    pub(crate) fn line(&self, id: LineId) -> Line<'_> {
        Line::new(self, id)
    }
}

impl Bevinding {
    /// It rests on these lines of its subject, not on all that count.
    pub(crate) fn on_lines<'a>(self, lines: impl IntoIterator<Item = Line<'a>>) -> Self {
        self.on(Selection::Lines(lines.into_iter().map(|l| l.id()).collect()))
    }

    /// The same, where the rule knows what each line carries of the finding's amount: together all
    /// of it.
    pub(crate) fn carried_by<'a>(self, lines: impl IntoIterator<Item = (Line<'a>, Cent)>) -> Self {
        self.on(Selection::Carrying(lines.into_iter().map(|(l, part)| (l.id(), part)).collect()))
    }
}

impl TopLines {
    /// Takes these lines as well.
    pub(crate) fn extend<'a>(&mut self, lines: impl IntoIterator<Item = Line<'a>>) {
        for line in lines {
            self.push(Rank::of(line.data), || line.context.ranked(line.id()));
        }
    }
}

/// A line without what was delivered and when: what lines of one file, gemeente, aanbieder, jeugdige
/// and toewijzing with one product, unit and tariff have in common.
///
/// A rule that looks at no more says the same of all of them, and the engine asks it of one. What it
/// looks up by day it gets for a day of each: the engine shares a verdict only within a year in which
/// nothing that it may look up changes.
#[derive(Clone, Copy)]
pub(crate) struct LineKind<'a> {
    pub context: &'a AuditContext<'a>,
    pub product: &'a Product,
    toewijzing: Option<&'a Toewijzing>,
    /// One of the lines: of its fields only those of [`LineKind::is_like`] may be told.
    of: &'a Declaratieregel,
    id: LineId,
}

impl<'a> LineKind<'a> {
    /// Are these lines of one kind? Compares every field that a kind tells of.
    #[inline]
    pub(super) fn is_like(&self, other: &LineKind<'_>) -> bool {
        let (a, b) = (self.of, other.of);
        a.toewijzing == b.toewijzing
            && a.product == b.product
            && a.product_tarief == b.product_tarief
            && a.bsn == b.bsn
            && a.aanbieder == b.aanbieder
            && a.gemeente == b.gemeente
            && a.eenheid == b.eenheid
            && a.file == b.file
            && a.toewijzing_nummer == b.toewijzing_nummer
            && (a.contact_columns == b.contact_columns
                || self.context.dossier.unreadable(a) == other.context.dossier.unreadable(b))
            && self.is_of_one_version(other)
    }

    /// Did both lines know the same version of their toewijzing? Most have one.
    #[inline]
    fn is_of_one_version(&self, other: &LineKind<'_>) -> bool {
        match self.toewijzing {
            Some(t) if t.has_changed() => {
                let [a, b] = [self.of, other.of].map(|line| t.at_delivery(line.einddatum));
                std::ptr::eq(a, b)
            }
            _ => true,
        }
    }

    pub(crate) fn product_nr(&self) -> ProductId {
        self.of.product
    }

    pub(crate) fn product_tarief(&self) -> Option<Tarief> {
        self.of.product_tarief
    }

    pub(crate) fn bsn(&self) -> Bsn {
        self.of.bsn
    }

    pub(crate) fn aanbieder(&self) -> AanbiederId {
        self.of.aanbieder
    }

    pub(crate) fn gemeente(&self) -> Gemeente {
        self.of.gemeente
    }

    pub(crate) fn eenheid(&self) -> Eenheid {
        self.of.eenheid
    }

    /// The ToewijzingNummer that the line names, empty where it names none.
    pub(crate) fn toewijzingnummer(&self) -> &'a str {
        self.context.dossier.toewijzingnummer(self.of.toewijzing_nummer)
    }

    /// Does the line name no toewijzing?
    pub(crate) fn is_without_toewijzingnummer(&self) -> bool {
        self.of.toewijzing_nummer.is_empty()
    }

    /// The value of a parameter when the line ended, or the nearest in time, with its source.
    pub(crate) fn valid<'p, T: ParameterValue + ?Sized>(
        &self,
        p: &'p RuleSettings,
        parameter: &Parameter<T>,
    ) -> Valid<'p, T::Of<'p>> {
        p.valid(parameter, self.of.einddatum)
    }

    /// What the line's gemeente took part in when the line ended.
    pub(crate) fn deelname(&self) -> Option<&'a Deelname> {
        self.context.regelset.deelnames.of(self.of.gemeente, self.of.einddatum)
    }

    /// The toewijzing, or why there is none.
    #[inline]
    pub(crate) fn toewijzing(&self) -> Result<&'a Toewijzing, Reason> {
        match self.toewijzing {
            Some(t) => Ok(t),
            None if self.context.is_beschikkingsvrij(self.of.product) => {
                Err(Reason::Beschikkingsvrij)
            }
            None => {
                self.kolom(Kolom::ToewijzingNummer)?;
                Err(Reason::GeenToewijzing)
            }
        }
    }

    /// The toewijzing, where the file that it came from has this column.
    #[inline]
    pub(crate) fn toewijzing_with(&self, kolom: Kolom) -> Result<&'a Toewijzing, Reason> {
        let t = self.toewijzing()?;
        self.context.kolom(t.file, kolom)?;
        Ok(t)
    }

    /// The version of the line's toewijzing that the aanbieder could know when it delivered; of a
    /// toewijzing that was never changed that is the version in force.
    #[inline]
    pub(crate) fn version_at_delivery(&self) -> Result<&'a Versie, Reason> {
        Ok(self.toewijzing()?.at_delivery(self.of.einddatum))
    }

    /// Can a rule take what this column of the line says? Not where its file lacks the column, nor
    /// where the line has there what can't be read. To be asked before an optional column is looked
    /// at: an absent value then means that the cell is empty.
    #[inline]
    pub(crate) fn kolom(&self, kolom: Kolom) -> Result<(), Reason> {
        self.context.kolom(self.of.file, kolom)?;
        self.readable(kolom)
    }

    /// The same where a file may lack the column.
    #[inline]
    pub(crate) fn readable(&self, kolom: Kolom) -> Result<(), Reason> {
        match self.context.dossier.unreadable(self.of).contains(kolom) {
            true => Err(Reason::Onleesbaar(kolom)),
            false => Ok(()),
        }
    }

    #[inline]
    pub(crate) fn onderdeel(&self) -> Result<Onderdeel, Reason> {
        Ok(self.product.known()?.onderdeel)
    }

    pub(crate) fn tariefsleutel(&self) -> Result<Option<&'a str>, Reason> {
        Ok(self.product.known()?.tariefsleutel.as_deref())
    }

    /// The contract's tariff of the audited year, in the contract's own unit.
    pub(crate) fn contract_tarief(&self) -> Result<ContractTarief, Reason> {
        let aanbieders = self.context.dossier.aanbieders.len();
        self.context.tarieven
            [self.of.product.0 as usize * aanbieders + self.of.aanbieder.0 as usize]
    }

    /// A finding on the line, with its whole amount unless another is given.
    pub(crate) fn bevinding(&self, ernst: Ernst) -> Bevinding {
        Bevinding::new(ernst, Subject::Line(self.id)).bedrag(self.of.ingediend_bedrag)
    }

    /// A finding on the line for so much of every unit of its volume, but no more than its amount.
    pub(crate) fn bevinding_per_eenheid(&self, ernst: Ernst, too_many: Cent) -> Bevinding {
        let sum = i128::from(too_many.0) * i128::from(self.of.geleverd_volume.0);
        let bedrag = Cent(half_up(sum, 100)).min(self.of.ingediend_bedrag);
        self.bevinding(ernst).bedrag(bedrag)
    }
}

/// A live line of the audited year, with what belongs to it.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub data: &'a Declaratieregel,
    kind: LineKind<'a>,
}

impl<'a> Deref for Line<'a> {
    type Target = LineKind<'a>;

    #[inline]
    fn deref(&self) -> &LineKind<'a> {
        &self.kind
    }
}

impl<'a> Line<'a> {
    #[inline]
    pub(super) fn new(context: &'a AuditContext<'a>, id: LineId) -> Line<'a> {
        Line::of(context, id, context.dossier.line(id))
    }

    /// The same where the line is at hand.
    #[inline]
    pub(super) fn of(
        context: &'a AuditContext<'a>,
        id: LineId,
        line: &'a Declaratieregel,
    ) -> Line<'a> {
        let dossier = context.dossier;
        let product = dossier.product(line.product);
        let toewijzing = line.toewijzing.map(|t| dossier.toewijzing(t));
        Line { data: line, kind: LineKind { context, product, toewijzing, of: line, id } }
    }

    #[inline]
    pub(crate) fn id(&self) -> LineId {
        self.kind.id
    }

    /// Number of no-shows inside the line.
    #[inline]
    pub(crate) fn no_show(&self) -> u32 {
        self.context.dossier.no_show(self.data)
    }

    pub(crate) fn contact(&self) -> Contact {
        self.context.dossier.contact(self.data)
    }

    /// What the ruleset's tables say of the line's Functie.
    pub(crate) fn functie(&self) -> Result<&'a FunctieFacts, Reason> {
        self.kolom(Kolom::Functie)?;
        self.context.functies[self.data.functie.index()].as_ref().ok_or(Reason::GeenFunctie)
    }

    /// The word for the line's Functie, for people.
    pub(crate) fn functietitel(&self) -> &'a str {
        self.context.dossier.words.get(self.data.functie)
    }

    /// Volume in hundredths of a minute, above zero.
    pub(crate) fn hundredth_minuten(&self) -> Result<i64, Reason> {
        match self.data.hundredth_minuten() {
            None => Err(Reason::GeenTijdseenheid),
            Some(0) => Err(Reason::VolumeNul),
            Some(minuten) => Ok(minuten),
        }
    }

    /// Volume in etmalen.
    pub(crate) fn etmalen(&self) -> Result<Volume, Reason> {
        match self.data.eenheid {
            Eenheid::ETMAAL => Ok(self.data.geleverd_volume),
            _ => Err(Reason::GeenEtmalen),
        }
    }

    /// The line's share of its amount for `part` of its `whole`, never more than the whole.
    pub(crate) fn share_of_bedrag(&self, part: i64, whole: i64) -> Cent {
        self.at_most_ingediend(self.data.ingediend_bedrag.pro_rata(part, whole))
    }

    /// How help on the line's toewijzing went, by its start and stop messages.
    pub(crate) fn course(&self) -> Result<Course<'a>, Reason> {
        self.context.startstop()?;
        self.toewijzing()?;
        match self.data.toewijzing {
            Some(id) => self.context.course(id),
            None => Err(Reason::GeenToewijzing),
        }
    }

    /// Lines of one (Bsn, Aanbieder) or (Bsn) belong together by the month of their Einddatum.
    pub(crate) fn maand(&self) -> Periode {
        Periode::maand_of(self.data.einddatum)
    }

    /// `bedrag`, but no more than the line's own amount.
    pub(crate) fn at_most_ingediend(&self, bedrag: Cent) -> Cent {
        bedrag.min(self.data.ingediend_bedrag)
    }
}
