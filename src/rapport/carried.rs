//! What a finding that is judged `terugvorderen` asks back, laid on the lines that carry it.

use crate::dossier::{Cent, LineId};
use crate::toetsing::{AuditContext, Bevinding, Subject, shares};

/// Where what a finding asks back lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Carried {
    /// On these lines.
    Lines(Vec<(LineId, Cent)>),
    /// On none, for this reason.
    Apart(Cent, &'static str),
}

/// More was agreed than the lines under a finding declare; this is what they declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BeyondLines(pub Cent);

const NO_AMOUNT: &str =
    "de bevinding heeft geen bedrag: vul in de kolom Bedrag in wat er is afgesproken";
const NOTHING_AGREED: &str = "er is afgesproken dat er niets terugkomt";
pub(super) const NOT_LIVE: &str =
    "de declaratieregel telt niet mee: hij is al teruggenomen, afgewezen of zelf een creditregel";
const NO_LINES: &str =
    "het bedrag ligt niet op declaratieregels: het is het verschil tussen twee sommen";

/// What a finding asks back of which lines; `agreed` is what a person made of it.
pub(super) fn carried(
    context: &AuditContext<'_>,
    bevinding: &Bevinding,
    agreed: Option<Cent>,
) -> Result<Carried, BeyondLines> {
    let d = context.dossier;
    let bedrag = agreed.or(bevinding.bedrag);
    let apart = |why| Ok(Carried::Apart(bedrag.unwrap_or_default(), why));
    if bedrag.is_none() {
        return apart(NO_AMOUNT);
    }
    if let Subject::Line(id) = bevinding.subject {
        let declared = d.line(id).ingediend_bedrag;
        return match bedrag.unwrap_or_default() {
            bedrag if agreed.is_some() && bedrag > declared => Err(BeyondLines(declared)),
            Cent::ZERO => apart(if agreed.is_some() { NOTHING_AGREED } else { NO_AMOUNT }),
            _ if !context.counts_in_leverjaar(d.line(id)) => apart(NOT_LIVE),
            bedrag => Ok(Carried::Lines(vec![(id, bedrag)])),
        };
    }
    let Some(under) = bevinding.underlying().filter(|under| !under.lines.is_empty()) else {
        return apart(NO_LINES);
    };
    let shares = shares(context, bevinding);
    let divisible = matches!(bevinding.subject, Subject::Toewijzing(_) | Subject::Jeugdige(_));
    let lines = match (agreed, shares) {
        (None, Some(shares)) => under.lines.iter().copied().zip(shares).collect(),
        (None, None) => return apart(NO_LINES),
        (Some(agreed), _) if agreed > under.sum => return Err(BeyondLines(under.sum)),
        (Some(Cent::ZERO), _) => return apart(NOTHING_AGREED),
        (Some(_), None) if !divisible => return apart(NO_LINES),
        (Some(agreed), shares) => {
            let none = || vec![Cent::ZERO; under.lines.len()];
            let of = |id: &LineId| {
                let line = d.line(*id);
                context.counts_in_leverjaar(line).then_some(line.ingediend_bedrag)
            };
            let declared: Vec<Cent> =
                under.lines.iter().map(|id| of(id).unwrap_or_default()).collect();
            let parts = divided(agreed, &shares.unwrap_or_else(none), &declared)
                .ok_or_else(|| BeyondLines(declared.iter().copied().sum()))?;
            under.lines.iter().copied().zip(parts).collect::<Vec<_>>()
        }
    };
    Ok(Carried::Lines(lines.into_iter().filter(|(_, part)| *part > Cent::ZERO).collect()))
}

/// An agreed amount over lines: from the last back, each up to what it carries of the finding, and what
/// is then left each up to what it declares. `None` where these don't hold it.
fn divided(agreed: Cent, shares: &[Cent], declared: &[Cent]) -> Option<Vec<Cent>> {
    let mut parts = vec![Cent::ZERO; declared.len()];
    let mut rest = agreed;
    for limits in [shares, declared] {
        for (part, limit) in parts.iter_mut().zip(limits).rev() {
            let added = (*limit - *part).at_least_zero().min(rest);
            *part += added;
            rest = rest - added;
        }
    }
    (rest == Cent::ZERO).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agreed_amount_fills_the_last_lines_first_and_never_more_than_they_declare() {
        let cents = |list: &[i64]| list.iter().map(|c| Cent(*c)).collect::<Vec<_>>();
        let of = |agreed, shares: &[i64]| {
            divided(Cent(agreed), &cents(shares), &cents(&[100, 100, 100]))
        };
        // Less than the finding: the last lines keep theirs.
        assert_eq!(of(70, &[0, 40, 60]), Some(cents(&[0, 10, 60])));
        // More than it: what the lines declare beside it.
        assert_eq!(of(150, &[0, 40, 60]), Some(cents(&[0, 50, 100])));
        assert_eq!(of(300, &[0, 0, 0]), Some(cents(&[100, 100, 100])));
        assert_eq!(of(301, &[0, 40, 60]), None);
    }
}
