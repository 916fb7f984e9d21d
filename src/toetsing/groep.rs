//! The units of the wider scopes: what one toewijzing, jeugdige or aanbieder has, and all of it.

use super::controle::Controle;
use super::lijn::Lijn;
use super::uitkomst::{Bevinding, Ernst, Onderwerp, Reden, Uitkomsten};
use crate::dossier::*;
use crate::regelset::Regelinstelling;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// All lines that count on one toewijzing, over all years, in order.
pub struct Toewijzingsgroep<'a> {
    pub controle: &'a Controle<'a>,
    /// `None` for lines whose number no toewijzing has, or that have none.
    pub toewijzing: Option<(ToewijzingNr, &'a Toewijzing)>,
    pub regels: &'a [RegelNr],
    heeft_leverjaar: bool,
}

impl<'a> Toewijzingsgroep<'a> {
    pub(super) fn nieuw(
        controle: &'a Controle<'a>,
        toewijzing: Option<(ToewijzingNr, &'a Toewijzing)>,
        regels: &'a [RegelNr],
    ) -> Toewijzingsgroep<'a> {
        let in_leverjaar = |nr: &RegelNr| controle.in_leverjaar(controle.dossier.regel(*nr));
        let heeft_leverjaar = regels.iter().any(in_leverjaar);
        Toewijzingsgroep { controle, toewijzing, regels, heeft_leverjaar }
    }

    pub fn lijnen(&self) -> impl DoubleEndedIterator<Item = Lijn<'a>> + use<'a> {
        let controle = self.controle;
        self.regels.iter().map(move |nr| controle.lijn(*nr))
    }

    /// The toewijzing of the audited year, if it is for this part of the contract and its file has
    /// this column; counts one of which that can't be told.
    pub fn van_onderdeel(
        &self,
        onderdeel: Onderdeel,
        kolom: Kolom,
        uit: &mut Uitkomsten,
    ) -> Option<(ToewijzingNr, &'a Toewijzing)> {
        let (nr, t) = self.in_leverjaar()?;
        let eigen = self.product().and_then(|p| p.onderdeel);
        self.met_kolom(eigen.map(|o| (o == onderdeel).then_some(())), kolom, uit)?;
        Some((nr, t))
    }

    /// The same for a toewijzing with a Tariefsleutel of which `kies` makes something.
    pub fn van_sleutel<T>(
        &self,
        kies: impl FnOnce(&str) -> Option<T>,
        kolom: Kolom,
        uit: &mut Uitkomsten,
    ) -> Option<(ToewijzingNr, &'a Toewijzing, T)> {
        let (nr, t) = self.in_leverjaar()?;
        let sleutel = self.product().and_then(|p| p.tariefsleutel);
        let gekozen = self.met_kolom(sleutel.map(|s| s.and_then(kies)), kolom, uit)?;
        Some((nr, t, gekozen))
    }

    /// What was chosen, where the toewijzing's file has the column; counts what can't be told.
    fn met_kolom<T>(
        &self,
        gekozen: Result<Option<T>, Reden>,
        kolom: Kolom,
        uit: &mut Uitkomsten,
    ) -> Option<T> {
        let (_, t) = self.toewijzing?;
        let uitkomst = match gekozen {
            Ok(None) => return None,
            Ok(Some(gekozen)) => self.controle.kolom(t.bestand, kolom).map(|()| gekozen),
            Err(reden) => Err(reden),
        };
        uitkomst.map_err(|reden| uit.niet_toetsbaar(reden)).ok()
    }

    /// A finding on the toewijzing itself, without an amount unless one is given.
    pub fn bevinding(
        &self,
        nr: ToewijzingNr,
        ernst: Ernst,
        instelling: &Regelinstelling,
    ) -> Bevinding {
        Bevinding::nieuw(ernst, Onderwerp::Toewijzing(nr), &instelling.bron)
    }

    /// The toewijzing, if one of its lines is of the audited year: those that rules look at.
    pub fn in_leverjaar(&self) -> Option<(ToewijzingNr, &'a Toewijzing)> {
        self.toewijzing.filter(|_| self.heeft_leverjaar)
    }
}

impl<'a> Toewijzingsgroep<'a> {
    /// What the catalogue says of the toewijzing's own product; lacking a ProductCode, what its
    /// live lines of the audited year share.
    pub fn product(&self) -> Result<Toewijzingsproduct<'a>, Reden> {
        let c = self.controle;
        let (_, t) = self.toewijzing.ok_or(Reden::GeenToewijzing)?;
        if !t.product_code.is_leeg() {
            return c.toewijzingsproducten[&(t.product_categorie, t.product_code)]
                .map(|rij| Toewijzingsproduct {
                    onderdeel: Ok(rij.onderdeel),
                    tariefsleutel: Ok(rij.tariefsleutel.as_deref()),
                    perceel: Ok(rij.perceel),
                })
                .ok_or(Reden::ProductToewijzingOnbekend);
        }
        let mut lijnen = self.lijnen().filter(|l| c.in_leverjaar(l.regel)).map(|l| l.product);
        let eerste = lijnen.next().ok_or(Reden::GeenIndicatieVoorProduct)?;
        let mut uit = Toewijzingsproduct {
            onderdeel: eerste.onderdeel().ok_or(Reden::GeenIndicatieVoorProduct),
            tariefsleutel: match eerste.catalogus {
                Some(_) => Ok(eerste.tariefsleutel()),
                None => Err(Reden::GeenIndicatieVoorProduct),
            },
            perceel: match &eerste.catalogus {
                Some(rij) => Ok(rij.perceel),
                None => Err(Reden::GeenIndicatieVoorProduct),
            },
        };
        for ander in lijnen {
            if ander.onderdeel() != uit.onderdeel.ok() {
                uit.onderdeel = Err(Reden::GeenIndicatieVoorProduct);
            }
            if ander.catalogus.is_none() || uit.tariefsleutel != Ok(ander.tariefsleutel()) {
                uit.tariefsleutel = Err(Reden::GeenIndicatieVoorProduct);
            }
            if ander.catalogus.as_ref().map(|rij| rij.perceel) != uit.perceel.ok() {
                uit.perceel = Err(Reden::GeenIndicatieVoorProduct);
            }
        }
        Ok(uit)
    }
}

/// Onderdeel, Tariefsleutel and perceel of a toewijzing, each where it is known.
#[derive(Clone, Copy, Debug)]
pub struct Toewijzingsproduct<'a> {
    pub onderdeel: Result<Onderdeel, Reden>,
    pub tariefsleutel: Result<Option<&'a str>, Reden>,
    /// The region's own number.
    pub perceel: Result<Option<u8>, Reden>,
}

/// What one jeugdige got in the audited year.
pub struct Jeugdigegroep<'a> {
    pub controle: &'a Controle<'a>,
    pub bsn: Bsn,
    /// The lines that count, as the files have them; see [`Jeugdigegroep::op_volgorde`].
    pub regels: &'a [RegelNr],
    /// The toewijzingen of this jeugdige with a line that counts in the audited year, in the order
    /// of Ingangsdatum, ToewijzingNummer and Gemeente.
    pub toewijzingen: &'a [ToewijzingNr],
}

impl<'a> Jeugdigegroep<'a> {
    pub fn lijnen(&self) -> impl Iterator<Item = Lijn<'a>> + use<'a> {
        let controle = self.controle;
        self.regels.iter().map(move |nr| controle.lijn(*nr))
    }

    /// Counts the lines whose product is unknown: a rule about some products can't tell whether they
    /// are among them.
    pub fn tel_onbekende_producten(&self, uit: &mut Uitkomsten) {
        if self.controle.alle_producten_bekend {
            return;
        }
        for _ in self.lijnen().filter(|l| l.product.catalogus.is_none()) {
            uit.niet_toetsbaar(Reden::ProductOnbekend);
        }
    }

    /// A finding on the jeugdige, without an amount unless one is given.
    pub fn bevinding(&self, ernst: Ernst, instelling: &Regelinstelling) -> Bevinding {
        Bevinding::nieuw(ernst, Onderwerp::Jeugdige(self.bsn), &instelling.bron)
    }

    /// The lines for which `past` holds, by the month of their Einddatum, in order within it.
    pub fn per_maand(&self, past: impl Fn(&Lijn<'a>) -> bool) -> Vec<(Periode, Vec<Lijn<'a>>)> {
        let mut maanden: Vec<(Periode, Vec<Lijn<'a>>)> = Vec::new();
        for lijn in self.op_volgorde(self.lijnen().filter(past).map(|l| l.nr).collect()) {
            let maand = lijn.maand();
            match maanden.iter_mut().find(|(m, _)| *m == maand) {
                Some((_, lijnen)) => lijnen.push(lijn),
                None => maanden.push((maand, vec![lijn])),
            }
        }
        maanden.sort_by_key(|(m, _)| m.begin());
        maanden
    }

    /// These lines of the group in order: a rule sorts only those that it needs.
    pub fn op_volgorde(
        &self,
        mut regels: Vec<RegelNr>,
    ) -> impl Iterator<Item = Lijn<'a>> + use<'a> {
        let controle = self.controle;
        regels.sort_unstable_by(|a, b| controle.dossier.vergelijk(*a, *b));
        regels.into_iter().map(move |nr| controle.lijn(nr))
    }
}

/// All lines of one aanbieder, as they stand in the files: of every year, live or not, reversed or
/// not.
pub struct Aanbiedergroep<'a> {
    pub controle: &'a Controle<'a>,
    pub nr: AanbiederNr,
    pub aanbieder: &'a Aanbieder,
    nummers: &'a [RegelNr],
    /// The lines themselves, unless there are very many: they stand anywhere in the dossier, and many
    /// rules look at all of them.
    bijeen: Option<Vec<Declaratieregel>>,
    jaarsommen: OnceCell<BTreeMap<i32, Cent>>,
}

impl<'a> Aanbiedergroep<'a> {
    pub(super) fn nieuw(
        controle: &'a Controle<'a>,
        nr: AanbiederNr,
        nummers: &'a [RegelNr],
    ) -> Aanbiedergroep<'a> {
        /// More lines than this would take too much memory a second time.
        const MEESTE: usize = 1 << 17;
        let dossier = controle.dossier;
        let bijeen = (nummers.len() <= MEESTE)
            .then(|| nummers.iter().map(|nr| dossier.regel(*nr).clone()).collect());
        Aanbiedergroep {
            controle,
            nr,
            aanbieder: dossier.aanbieder(nr),
            nummers,
            bijeen,
            jaarsommen: OnceCell::new(),
        }
    }

    pub fn lijnen(&self) -> impl Iterator<Item = Lijn<'_>> {
        let (bijeen, verspreid) = match &self.bijeen {
            Some(regels) => (regels.as_slice(), &[][..]),
            None => (&[][..], self.nummers),
        };
        let bijeen = self.nummers.iter().zip(bijeen);
        bijeen
            .map(|(nr, regel)| Lijn::van(self.controle, *nr, regel))
            .chain(verspreid.iter().map(|nr| self.controle.lijn(*nr)))
    }

    /// What the live lines of a year come to; `None` without any.
    pub fn jaarsom(&self, jaar: i32) -> Option<Cent> {
        let sommen = self.jaarsommen.get_or_init(|| {
            let mut sommen: BTreeMap<i32, Cent> = BTreeMap::new();
            for r in self.lijnen().map(|l| l.regel).filter(|r| r.telt_mee()) {
                *sommen.entry(r.einddatum.jaar()).or_default() += r.ingediend_bedrag;
            }
            sommen
        });
        sommen.get(&jaar).copied()
    }

    /// A finding on the aanbieder, without an amount unless one is given.
    pub fn bevinding(&self, ernst: Ernst, instelling: &Regelinstelling) -> Bevinding {
        Bevinding::nieuw(ernst, Onderwerp::Aanbieder(self.nr), &instelling.bron)
    }

    /// The lines that count in the audited year.
    pub fn tellende_lijnen(&self) -> impl Iterator<Item = Lijn<'_>> {
        self.lijnen().filter(|l| self.controle.telt_mee_in_leverjaar(l.regel))
    }
}
