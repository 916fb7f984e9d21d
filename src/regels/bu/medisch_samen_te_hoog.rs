//! BU09: medical referrals that by addition or by a raise come above the amount that needs the
//! Toegang's consent.
//!
//! Where a first budget itself is above it, that is BU04. Terms as they stand. Needs Verwijzer and
//! Budget; `toestemming` lifts it. Source: ID eis 72; RTP 2.4.2, 2.4.5.

use crate::dossier::{
    Bijzonderheid, Cent, Ernst, Kolom, Termijn, Toewijzing, ToewijzingId, overlapping,
};
use crate::regelset::{Parameter, RuleSettings};
use crate::toetsing::{
    AuditContext, Bevinding, Check, JeugdigeToewijzingen, Outcomes, Reason, Rule, ToewijzingGroup,
    needs,
};

pub(crate) static RULE: Rule = Rule {
    code: "BU09",
    title: "Medische verwijzing boven de grens door optelling of verhoging",
    what: "Van de toewijzingen met een budget na een medische verwijzing, zonder toestemming, van een jeugdige bij één aanbieder worden de budgetten opgeteld die elkaar in tijd overlappen of zijn verhoogd. Liggen zij samen boven de grens en geen eerste budget alleen, dan is dat een onzekerheid op de laatste; het bedrag is wat er in het leverjaar boven de grens op is gedeclareerd.",
    why: "Boven die grens neemt de aanbieder eerst contact op met de gemeente, ook als het traject er in delen boven komt.",
    for_aanbieder: "De budgetten na een medische verwijzing liggen samen boven de grens, zonder onze toestemming.",
    needs: needs!(
        "{}, {}, {} en {} van de toewijzing",
        Toewijzingen(Verwijzer, Budget, Ingangsdatum, Einddatum)
    ),
    parameters: &[LIMIT.spec(), VERWIJZERS.spec()],
    checks: &[Check::Toewijzingen(check)],
    ..Rule::BASE
};

const LIMIT: Parameter<Cent> =
    Parameter::new("grens", "hoogste budget na een medische verwijzing zonder toestemming");

const VERWIJZERS: Parameter<[u8]> =
    Parameter::new("verwijzers", "codes van de medische verwijzers (COD327)");

/// A toewijzing with a budget after a medical referral, without consent.
struct Referred<'g, 'a> {
    group: &'g ToewijzingGroup<'a>,
    id: ToewijzingId,
    t: &'a Toewijzing,
    term: Termijn,
    budget: Cent,
    /// Budget of the first version.
    first: Option<Cent>,
}

impl<'g, 'a> Referred<'g, 'a> {
    /// `None` for another toewijzing, or one without a line in the audited year.
    fn of(
        group: &'g ToewijzingGroup<'a>,
        medical: &[u8],
    ) -> Result<Option<Referred<'g, 'a>>, Reason> {
        let c = group.context;
        let Some((id, t)) = group.in_leverjaar() else { return Ok(None) };
        for kolom in [Kolom::Budget, Kolom::Verwijzer, Kolom::Einddatum] {
            c.kolom(t.file, kolom)?;
        }
        let Some(budget) = t.budget()? else { return Ok(None) };
        let verwijzer = t.verwijzer()?.ok_or(Reason::GeenVerwijzer)?;
        if !medical.contains(&verwijzer.0) || t.names(Bijzonderheid::Toestemming)? {
            return Ok(None);
        }
        let (term, first) = (t.termijn()?, t.first().budget()?);
        Ok(Some(Referred { group, id, t, term, budget, first }))
    }

    fn is_raised(&self) -> bool {
        self.first.is_some_and(|first| self.budget > first)
    }
}

fn check(group: &JeugdigeToewijzingen<'_>, settings: &RuleSettings, out: &mut Outcomes) {
    let Some(c) = group.toewijzingen.first().map(|g| g.context) else { return };
    let unknown = out.not_testable_count();
    let medical = settings.at(&VERWIJZERS, c.last_dag());
    let of = |g| out.known(Referred::of(g, medical)).flatten();
    let mut all: Vec<Referred<'_, '_>> = group.toewijzingen.iter().filter_map(of).collect();
    // In their order within each aanbieder.
    all.sort_by_key(|r| r.t.aanbieder);
    for of_aanbieder in all.chunk_by(|a, b| a.t.aanbieder == b.t.aanbieder) {
        together(c, of_aanbieder, settings).into_iter().for_each(|b| out.bevinding(b));
    }
    if !all.is_empty() && out.not_testable_count() == unknown {
        out.tested();
    }
}

/// The finding on these toewijzingen at one aanbieder, if any.
fn together(
    c: &AuditContext<'_>,
    all: &[Referred<'_, '_>],
    settings: &RuleSettings,
) -> Option<Bevinding> {
    let limit = settings.at(&LIMIT, c.last_dag());
    let terms: Vec<Termijn> = all.iter().map(|r| r.term).collect();
    let these = all.iter().zip(overlapping(&terms));
    let these = these.filter(|(r, beside)| *beside || r.is_raised());
    let these: Vec<&Referred<'_, '_>> = these.map(|(r, _)| r).collect();
    let latest = these.last()?;
    let budget: Cent = these.iter().map(|r| r.budget).sum();
    let first_too_high = these.iter().any(|r| r.first.is_some_and(|first| first > limit));
    if budget <= limit || first_too_high {
        return None;
    }
    let declared: Cent = these.iter().map(|r| r.group.declared_in_leverjaar()).sum();
    let nummers: Vec<&str> = these.iter().map(|r| c.dossier.toewijzingnummer(r.t.nummer)).collect();
    let b = latest
        .group
        .bevinding(latest.id, Ernst::Onzekerheid)
        .bedrag((declared - limit).at_least_zero())
        .measured(budget, limit)
        .on_lines(these.iter().flat_map(|r| r.group.lines_of_leverjaar()))
        .found(format!("budgetten samen {budget} na medische verwijzing ({})", nummers.join(", ")))
        .expected(format!("hoogstens {limit} zonder toestemming van de Toegang"))
        .toelichting("Beoordeel of de Toegang heeft ingestemd.");
    let knows = these.iter().all(|r| c.knows_bijzonderheid(r.t));
    Some(if knows {
        b
    } else {
        b.also("De kolom Bijzonderheid, waarin toestemming kan staan, ontbreekt.")
    })
}
