//! Two rapporten side by side: which findings are new, gone or changed, and why a total moved.
//!
//! Findings are the same where their Id is, which no row number and no amount goes into.

mod lezen;

pub use lezen::{Bevinding, Gelezen, Leesfout, Stap};

use crate::dossier::Cent;
use std::collections::BTreeMap;

/// What became of a finding between two rapporten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verandering {
    Nieuw,
    Vervallen,
    Gewijzigd,
}

impl Verandering {
    pub fn naam(self) -> &'static str {
        match self {
            Verandering::Nieuw => "nieuw",
            Verandering::Vervallen => "vervallen",
            Verandering::Gewijzigd => "gewijzigd",
        }
    }
}

/// A finding that differs: in the older rapport, in the newer, or in both.
#[derive(Clone, Debug)]
pub struct Verschil<'r> {
    pub oud: Option<&'r Bevinding>,
    pub nieuw: Option<&'r Bevinding>,
}

impl<'r> Verschil<'r> {
    pub fn verandering(&self) -> Verandering {
        match (self.oud, self.nieuw) {
            (None, _) => Verandering::Nieuw,
            (_, None) => Verandering::Vervallen,
            _ => Verandering::Gewijzigd,
        }
    }

    /// The finding as it is now, or as it was.
    pub fn bevinding(&self) -> &'r Bevinding {
        self.nieuw.or(self.oud).expect("a difference has a finding")
    }

    /// What the sums of this ernst gained.
    fn bedrag(&self, ernst: &str) -> Cent {
        let van = |b: Option<&Bevinding>| {
            b.filter(|b| b.ernst == ernst).and_then(|b| b.bedrag).unwrap_or_default()
        };
        van(self.nieuw) - van(self.oud)
    }
}

/// How one total moved: by findings, and by what they don't explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verschuiving {
    pub oud: Cent,
    pub nieuw: Cent,
    /// Of each rule and kind of change: what its findings gained.
    pub per_regel: Vec<(String, Verandering, u64, Cent)>,
}

impl Verschuiving {
    pub fn verschil(&self) -> Cent {
        self.nieuw - self.oud
    }

    /// What the findings gained more than the total: amounts that another finding on the same line
    /// counted already, or that stand apart from the totals.
    pub fn al_geteld(&self) -> Cent {
        self.per_regel.iter().map(|(.., bedrag)| *bedrag).sum::<Cent>() - self.verschil()
    }
}

/// Two rapporten compared.
#[derive(Clone, Debug)]
pub struct Vergelijking<'r> {
    pub oud: &'r Gelezen,
    pub nieuw: &'r Gelezen,
    pub gelijk: usize,
    /// By rule, kind of change and Id.
    pub verschillen: Vec<Verschil<'r>>,
}

impl<'r> Vergelijking<'r> {
    pub fn maak(oud: &'r Gelezen, nieuw: &'r Gelezen) -> Vergelijking<'r> {
        let mut per_id: BTreeMap<&str, Verschil<'r>> = BTreeMap::new();
        for b in &oud.bevindingen {
            per_id.insert(&b.id, Verschil { oud: Some(b), nieuw: None });
        }
        for b in &nieuw.bevindingen {
            per_id.entry(&b.id).or_insert(Verschil { oud: None, nieuw: None }).nieuw = Some(b);
        }
        let alle = per_id.len();
        let mut verschillen: Vec<Verschil<'r>> =
            per_id.into_values().filter(|v| v.oud != v.nieuw).collect();
        verschillen.sort_by(|a, b| {
            let sleutel = |v: &Verschil<'r>| {
                let b = v.bevinding();
                (b.regel.clone(), v.verandering(), b.id.clone())
            };
            sleutel(a).cmp(&sleutel(b))
        });
        Vergelijking { oud, nieuw, gelijk: alle - verschillen.len(), verschillen }
    }

    pub fn aantal(&self, verandering: Verandering) -> usize {
        self.verschillen.iter().filter(|v| v.verandering() == verandering).count()
    }

    /// How the total of an ernst (`fout` or `onzekerheid`) moved.
    pub fn verschuiving(&self, ernst: &str) -> Verschuiving {
        let totaal = |r: &Gelezen| if ernst == "fout" { r.fout } else { r.onzekerheid };
        let mut per_regel: BTreeMap<(String, Verandering), (u64, Cent)> = BTreeMap::new();
        for v in &self.verschillen {
            let raakt = [v.oud, v.nieuw].iter().flatten().any(|b| b.ernst == ernst);
            if raakt {
                let sleutel = (v.bevinding().regel.clone(), v.verandering());
                let plek = per_regel.entry(sleutel).or_default();
                *plek = (plek.0 + 1, plek.1 + v.bedrag(ernst));
            }
        }
        Verschuiving {
            oud: totaal(self.oud),
            nieuw: totaal(self.nieuw),
            per_regel: per_regel
                .into_iter()
                .map(|((regel, verandering), (aantal, bedrag))| {
                    (regel, verandering, aantal, bedrag)
                })
                .collect(),
        }
    }

    /// What differs between the two runs besides their findings, in Dutch sentences.
    pub fn omstandigheden(&self) -> Vec<String> {
        let (oud, nieuw) = (self.oud, self.nieuw);
        let mut zinnen = Vec::new();
        let mut als_anders = |wat: &str, toen: &str, nu: &str| {
            if toen != nu {
                zinnen.push(format!("{wat}: {toen} → {nu}"));
            }
        };
        als_anders("leverjaar", &oud.leverjaar.to_string(), &nieuw.leverjaar.to_string());
        als_anders("regelset", &oud.regelset, &nieuw.regelset);
        als_anders("niveau", &oud.niveau, &nieuw.niveau);
        als_anders("programmaversie", &oud.programma, &nieuw.programma);
        if oud.vingerafdruk != nieuw.vingerafdruk {
            zinnen.push(
                "de rapporten hebben verschillende sleutels: bevindingen over een jeugdige (zonder regel of toewijzing) lijken daardoor vervallen en nieuw; geef beide keren dezelfde --sleutel"
                    .to_owned(),
            );
        }
        let toen: BTreeMap<_, _> = oud.invoer.iter().cloned().collect();
        let nu: BTreeMap<_, _> = nieuw.invoer.iter().cloned().collect();
        let erbij = nu.keys().filter(|b| !toen.contains_key(*b)).count();
        let weg = toen.keys().filter(|b| !nu.contains_key(*b)).count();
        let anders = nu.iter().filter(|(b, s)| toen.get(*b).is_some_and(|t| t != *s)).count();
        if erbij + weg + anders > 0 {
            zinnen.push(format!(
                "invoerbestanden: {erbij} erbij, {weg} weg, {anders} met een andere inhoud"
            ));
        }
        zinnen
    }

    /// Steps of the Aansluiting that moved: key, then lines and amount of both.
    pub fn stappen(&self) -> Vec<(&'r Stap, &'r Stap)> {
        self.oud
            .stappen
            .iter()
            .filter_map(|s| {
                let nu = self.nieuw.stappen.iter().find(|n| n.sleutel == s.sleutel)?;
                (nu != s).then_some((s, nu))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn bevinding(id: &str, ernst: &str, cent: i64) -> Bevinding {
        Bevinding {
            id: id.to_owned(),
            regel: id.split('-').next().unwrap_or_default().to_owned(),
            ernst: ernst.to_owned(),
            aanbieder: "99000001".to_owned(),
            gemeente: "0150".to_owned(),
            nummer: id.to_owned(),
            bedrag: Some(Cent(cent)),
            gevonden: String::new(),
            verwacht: String::new(),
        }
    }

    fn rapport(fout: i64, onzekerheid: i64, bevindingen: Vec<Bevinding>) -> Gelezen {
        Gelezen {
            map: PathBuf::new(),
            leverjaar: 2023,
            regelset: "ijsselland 1".to_owned(),
            programma: "0.1.0".to_owned(),
            niveau: "maand".to_owned(),
            vingerafdruk: "x".to_owned(),
            fout: Cent(fout),
            onzekerheid: Cent(onzekerheid),
            stappen: Vec::new(),
            invoer: Vec::new(),
            bevindingen,
        }
    }

    #[test]
    fn what_moved_a_total_adds_up_to_how_far_it_moved() {
        // TW01-c lies on the line of BU01-b: of its 40 cents 10 were counted already.
        let toen = rapport(
            130,
            0,
            vec![bevinding("NS01-a", "fout", 100), bevinding("BU01-b", "fout", 30)],
        );
        let nu = rapport(
            60,
            25,
            vec![
                bevinding("NS01-a", "onzekerheid", 25),
                bevinding("BU01-b", "fout", 30),
                bevinding("TW01-c", "fout", 40),
            ],
        );
        let v = Vergelijking::maak(&toen, &nu);
        assert_eq!(v.gelijk, 1);
        assert_eq!((v.aantal(Verandering::Nieuw), v.aantal(Verandering::Gewijzigd)), (1, 1));
        let fout = v.verschuiving("fout");
        assert_eq!(fout.verschil(), Cent(-70));
        assert_eq!(
            fout.per_regel,
            [
                ("NS01".to_owned(), Verandering::Gewijzigd, 1, Cent(-100)),
                ("TW01".to_owned(), Verandering::Nieuw, 1, Cent(40)),
            ]
        );
        assert_eq!(fout.al_geteld(), Cent(10));
        assert_eq!(v.verschuiving("onzekerheid").verschil(), Cent(25));
    }
}
