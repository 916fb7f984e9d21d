//! A user's own checks, on a line.
//!
//! A line that meets all conditions is a finding. A column that the file lacks, or an empty cell
//! where an amount, a number or a date is compared, makes it not testable.

use super::lijn::Lijn;
use super::uitkomst::{Oordeel, Reden, Uitslag};
use crate::dossier::Kolom;
use crate::regelset::{Cel, Eigencontrole, Operator, Voorwaarde};
use std::borrow::Cow;

impl Voorwaarde {
    /// The line's cell; `None` where it is empty.
    fn cel<'a>(&self, lijn: &Lijn<'a>) -> Option<Cel<'a>> {
        let (r, c) = (lijn.regel, lijn.controle);
        let d = c.dossier;
        let tekst = |t: &'a str| (!t.is_empty()).then_some(Cel::Tekst(Cow::Borrowed(t)));
        let code = |code: String| Some(Cel::Tekst(Cow::Owned(code)));
        match self.kolom {
            Kolom::DeclaratieNummer => tekst(d.declaratienummer(r)),
            Kolom::ReferentieNummer => tekst(d.referentie(r)),
            Kolom::VorigReferentieNummer => tekst(d.vorige_referentie(r)),
            Kolom::DeclaratieDagtekening => r.declaratie_dagtekening.map(Cel::Datum),
            Kolom::Ontvangstdatum => r.ontvangstdatum.map(Cel::Datum),
            Kolom::Gemeente => code(r.gemeente.to_string()),
            Kolom::Aanbieder => code(c.agb(r.aanbieder).to_string()),
            Kolom::ToewijzingNummer => tekst(d.toewijzingnummer(r.toewijzing_nummer)),
            Kolom::ProductCategorie => tekst(&lijn.product.categorie),
            Kolom::ProductCode => tekst(&lijn.product.code),
            Kolom::Begindatum => Some(Cel::Datum(r.begindatum)),
            Kolom::Einddatum => Some(Cel::Datum(r.einddatum)),
            Kolom::GeleverdVolume => Some(Cel::Volume(r.geleverd_volume)),
            Kolom::Eenheid => code(r.eenheid.to_string()),
            Kolom::ProductTarief => r.product_tarief.map(|t| Cel::Bedrag(t.bedrag())),
            Kolom::IngediendBedrag => Some(Cel::Bedrag(r.ingediend_bedrag)),
            Kolom::NoShow => Some(Cel::Getal(lijn.contact().no_show)),
            Kolom::NoShowMinuten => lijn.contact().no_show_minuten.map(Cel::Volume),
            Kolom::AfspraakMinuten => lijn.contact().afspraak_minuten.map(Cel::Volume),
            Kolom::ReistijdMinuten => lijn.contact().reistijd_minuten.map(Cel::Volume),
            Kolom::Gesprekken => lijn.contact().gesprekken.map(Cel::Getal),
            Kolom::Functie => tekst(d.woorden.tekst(lijn.contact().functie)),
            Kolom::Hulpverlener => tekst(d.woorden.tekst(lijn.contact().hulpverlener)),
            Kolom::Groep => tekst(d.woorden.tekst(lijn.contact().groep)),
            _ => None,
        }
    }

    fn geldt(&self, lijn: &Lijn<'_>) -> Result<bool, Reden> {
        let cel = self.cel(lijn);
        match self.als {
            Operator::IsLeeg => return Ok(cel.is_none()),
            Operator::IsGevuld => return Ok(cel.is_some()),
            _ => {}
        }
        // An empty text can be compared; an empty amount or date can't.
        let is_tekst = matches!(self.waarden.first(), Some(Cel::Tekst(_)));
        let leeg = || is_tekst.then_some(Cel::Tekst("".into()));
        let cel = cel.or_else(leeg).ok_or(Reden::KolomLeeg(self.kolom))?;
        let tekst_geldt = |toets: fn(&str, &str) -> bool| matches!((&cel, self.waarden.first()), (Cel::Tekst(a), Some(Cel::Tekst(b))) if toets(a, b));
        let waarde = self.waarden.first();
        Ok(match self.als {
            Operator::Is | Operator::In => self.waarden.contains(&cel),
            Operator::IsNiet => waarde != Some(&cel),
            Operator::GroterDan => waarde.is_some_and(|w| cel > *w),
            Operator::KleinerDan => waarde.is_some_and(|w| cel < *w),
            Operator::Minstens => waarde.is_some_and(|w| cel >= *w),
            Operator::Hoogstens => waarde.is_some_and(|w| cel <= *w),
            Operator::BegintMet => tekst_geldt(|a, b| a.starts_with(b)),
            Operator::Bevat => tekst_geldt(|a, b| a.contains(b)),
            Operator::IsLeeg | Operator::IsGevuld => false,
        })
    }
}

impl Eigencontrole {
    /// What the check says of one live line that isn't reversed.
    pub(super) fn toets(&self, lijn: &Lijn<'_>) -> Oordeel {
        let einddatum = lijn.regel.einddatum;
        if self.vanaf.is_some_and(|v| einddatum < v) || self.tot.is_some_and(|t| einddatum > t) {
            return Ok(Uitslag::NietVanToepassing);
        }
        self.voorwaarden.iter().try_for_each(|v| lijn.kolom(v.kolom))?;
        // A condition that doesn't hold settles it, whatever an empty cell beside it might say.
        let gelden: Vec<Result<bool, Reden>> =
            self.voorwaarden.iter().map(|v| v.geldt(lijn)).collect();
        if gelden.contains(&Ok(false)) {
            return Ok(Uitslag::InOrde);
        }
        for geldt in gelden {
            geldt?;
        }
        let gevonden: Vec<String> = self
            .kolommen()
            .map(|v| match v.cel(lijn) {
                Some(cel) => format!("{} {cel}", v.kolom),
                None => format!("{} leeg", v.kolom),
            })
            .collect();
        let verwacht: Vec<String> =
            self.voorwaarden.iter().map(|v| v.in_woorden(v.als.anders())).collect();
        lijn.bevinding(self.ernst)
            .gevonden(gevonden.join("; "))
            .verwacht(verwacht.join(" of "))
            .toelichting(self.toelichting.clone().unwrap_or_default())
            .into()
    }
}
