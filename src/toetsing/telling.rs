//! What the lines of a dossier come to, findings or not. Figures of parts add up to those of the
//! whole.

use super::controle::Controle;
use super::stappen::{Aard, Telling, tel};
use crate::dossier::*;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A gemeente, an aanbieder and a product of its.
pub type Afname = (Gemeente, Agb, ProductNr);

/// Counts and sums of lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regeltelling {
    /// Lines that count in the audited year: how many and how much.
    pub(crate) per_aanbieder: BTreeMap<Agb, (u64, Cent)>,
    pub(crate) per_gemeente: BTreeMap<Gemeente, (u64, Cent)>,
    /// The same by what each gemeente is charged for; only under a ruleset that charges on.
    #[serde(with = "als_paren")]
    pub(crate) per_afname: BTreeMap<Afname, (u64, Cent)>,
    pub(crate) aansluiting: Telling,
    /// First and last Einddatum of all lines.
    einddatums: Option<(Dag, Dag)>,
    /// Is any line, live or not, of the audited year?
    heeft_leverjaar: bool,
}

/// A map whose keys are no texts, as a list of pairs: what another process counted comes as JSON.
mod als_paren {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        paren: &BTreeMap<K, V>,
        naar: S,
    ) -> Result<S::Ok, S::Error> {
        naar.collect_seq(paren)
    }

    pub fn deserialize<'de, K, V, D>(van: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Ord + Deserialize<'de>,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Vec::<(K, V)>::deserialize(van).map(BTreeMap::from_iter)
    }
}

/// A gemeente code has four digits.
const GEMEENTECODES: usize = 10_000;

/// Lines that are put side by side in one task.
const PER_TAAK: usize = 1 << 16;

/// Figures of some lines, with a place for every aanbieder and gemeente and for every kind of line.
struct Tussenstand {
    per_aanbieder: Vec<(u64, Cent)>,
    per_gemeente: Vec<(u64, Cent)>,
    per_aard: [(u64, Cent); Aard::AANTAL],
    telling: Regeltelling,
}

impl Tussenstand {
    fn leeg(d: &Dossier) -> Tussenstand {
        Tussenstand {
            per_aanbieder: vec![(0, Cent::NUL); d.aanbieders.len()],
            per_gemeente: vec![(0, Cent::NUL); GEMEENTECODES],
            per_aard: [(0, Cent::NUL); Aard::AANTAL],
            telling: Regeltelling::default(),
        }
    }

    fn neem_op(&mut self, controle: &Controle<'_>, r: &Declaratieregel) {
        let aard = Aard::van(controle, r);
        let erbij = (1, r.ingediend_bedrag);
        tel(&mut self.per_aard[aard.plaats()], erbij);
        self.telling.neem_einddatum_op((r.einddatum, r.einddatum));
        if aard.telt_mee_in_leverjaar() {
            tel(&mut self.per_aanbieder[r.aanbieder.0 as usize], erbij);
            tel(&mut self.per_gemeente[r.gemeente.0 as usize], erbij);
            if controle.regelset.doorbelasting {
                let sleutel = (r.gemeente, controle.agb(r.aanbieder), r.product);
                tel(self.telling.per_afname.entry(sleutel).or_default(), erbij);
            }
        }
    }

    fn neem_over(&mut self, ander: Tussenstand) {
        fn samen(heel: &mut [(u64, Cent)], deel: &[(u64, Cent)]) {
            heel.iter_mut().zip(deel).for_each(|(plek, erbij)| tel(plek, *erbij));
        }
        samen(&mut self.per_aanbieder, &ander.per_aanbieder);
        samen(&mut self.per_gemeente, &ander.per_gemeente);
        samen(&mut self.per_aard, &ander.per_aard);
        self.telling.neem_over(ander.telling);
    }
}

impl Regeltelling {
    /// Of all lines of a dossier or of a part of it.
    pub fn van(controle: &Controle<'_>) -> Regeltelling {
        let d = controle.dossier;
        let stand = d
            .regels
            .par_chunks(PER_TAAK)
            .fold(
                || None,
                |stand: Option<Tussenstand>, regels| {
                    let mut stand = stand.unwrap_or_else(|| Tussenstand::leeg(d));
                    regels.iter().for_each(|r| stand.neem_op(controle, r));
                    Some(stand)
                },
            )
            .flatten()
            .reduce_with(|mut stand, ander| {
                stand.neem_over(ander);
                stand
            });
        let Some(stand) = stand else { return Regeltelling::default() };
        let gevuld = |(_, (aantal, _)): &(_, (u64, Cent))| *aantal > 0;
        let mut telling = stand.telling;
        for (aard, som) in Aard::alle().zip(stand.per_aard).filter(|(_, (aantal, _))| *aantal > 0) {
            telling.aansluiting.tel(aard, som);
            telling.heeft_leverjaar |= aard.in_leverjaar;
        }
        telling.per_aanbieder =
            d.aanbieders.iter().map(|a| a.agb).zip(stand.per_aanbieder).filter(gevuld).collect();
        let gevuld = |(_, (aantal, _)): &(_, (u64, Cent))| *aantal > 0;
        telling.per_gemeente =
            (0_u16..).map(Gemeente).zip(stand.per_gemeente).filter(gevuld).collect();
        telling
    }

    /// Adds those of another part.
    pub fn neem_over(&mut self, ander: Regeltelling) {
        fn samen<K: Ord>(heel: &mut BTreeMap<K, (u64, Cent)>, deel: BTreeMap<K, (u64, Cent)>) {
            deel.into_iter().for_each(|(k, erbij)| tel(heel.entry(k).or_default(), erbij));
        }
        samen(&mut self.per_aanbieder, ander.per_aanbieder);
        samen(&mut self.per_gemeente, ander.per_gemeente);
        samen(&mut self.per_afname, ander.per_afname);
        self.aansluiting.neem_over(&ander.aansluiting);
        self.heeft_leverjaar |= ander.heeft_leverjaar;
        if let Some(einddatums) = ander.einddatums {
            self.neem_einddatum_op(einddatums);
        }
    }

    fn neem_einddatum_op(&mut self, (van, tot): (Dag, Dag)) {
        let (eerste, laatste) = self.einddatums.unwrap_or((van, tot));
        self.einddatums = Some((eerste.min(van), laatste.max(tot)));
    }

    /// A warning when no line at all is of the audited year: "no findings" would then say nothing.
    pub fn leeg_jaar(&self, jaar: i32) -> Option<String> {
        let (eerste, laatste) = self.einddatums.filter(|_| !self.heeft_leverjaar)?;
        Some(format!(
            "er is geen enkele declaratieregel van {jaar}: de regels eindigen tussen {eerste} en {laatste}. Er is dus niets getoetst"
        ))
    }

    /// A warning when there are files of toewijzingen and no row in any of them: all lines are faulted
    /// for want of one, and that says nothing of those who declared them.
    pub fn lege_toewijzingen(&self, dossier: &Dossier) -> Option<String> {
        let mut bestanden =
            dossier.bestanden.iter().filter(|b| b.soort == Soort::Toewijzingen).peekable();
        let is_leeg = bestanden.peek().is_some() && bestanden.all(|b| b.aanvaard == 0);
        (self.heeft_leverjaar && is_leeg).then(|| {
            "er is geen enkele toewijzing gelezen: daardoor heeft geen declaratieregel een toewijzing. Kijk eerst of de export van de toewijzingen klopt".to_owned()
        })
    }
}
