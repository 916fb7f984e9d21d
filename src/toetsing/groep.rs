//! The units of the wider scopes: what one toewijzing, jeugdige or aanbieder has, and all of it.

use super::controle::Controle;
use super::lijn::Lijn;
use super::uitkomst::{Bevinding, Onderwerp, Oordeel, Reden, Uitkomsten};
use crate::dossier::*;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// All lines that count on one toewijzing, over all years, in order.
pub struct Toewijzingsgroep<'a> {
    pub controle: &'a Controle<'a>,
    /// `None` for lines whose number no toewijzing has, or that have none.
    pub toewijzing: Option<(ToewijzingNr, &'a Toewijzing)>,
    pub regels: &'a [RegelNr],
    heeft_leverjaar: bool,
    product: OnceCell<Result<Toewijzingsproduct<'a>, Reden>>,
}

impl<'a> Toewijzingsgroep<'a> {
    pub(super) fn nieuw(
        controle: &'a Controle<'a>,
        toewijzing: Option<(ToewijzingNr, &'a Toewijzing)>,
        regels: &'a [RegelNr],
    ) -> Toewijzingsgroep<'a> {
        let in_leverjaar = |nr: &RegelNr| controle.in_leverjaar(controle.dossier.regel(*nr));
        let heeft_leverjaar = regels.iter().any(in_leverjaar);
        Toewijzingsgroep { controle, toewijzing, regels, heeft_leverjaar, product: OnceCell::new() }
    }

    pub fn lijnen(&self) -> impl DoubleEndedIterator<Item = Lijn<'a>> + use<'a> {
        let controle = self.controle;
        self.regels.iter().map(move |nr| controle.lijn(*nr))
    }

    /// Asks for a verdict on each line, in order; counts those on lines of the audited year.
    pub fn each_line(&self, uit: &mut Uitkomsten, mut verdict: impl FnMut(&Lijn<'a>) -> Oordeel) {
        for lijn in self.lijnen() {
            let oordeel = verdict(&lijn);
            if self.controle.in_leverjaar(lijn.regel) {
                uit.oordeel(oordeel);
            }
        }
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
    pub fn bevinding(&self, nr: ToewijzingNr, ernst: Ernst) -> Bevinding {
        Bevinding::nieuw(ernst, Onderwerp::Toewijzing(nr))
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
        *self.product.get_or_init(|| self.zoek_product())
    }

    fn zoek_product(&self) -> Result<Toewijzingsproduct<'a>, Reden> {
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

    /// A finding on the jeugdige, without an amount unless one is given.
    pub fn bevinding(&self, ernst: Ernst) -> Bevinding {
        Bevinding::nieuw(ernst, Onderwerp::Jeugdige(self.bsn))
    }

    /// The lines for which `past` holds, by the month of their Einddatum, in order within it.
    pub fn per_maand(&self, past: impl Fn(&Lijn<'a>) -> bool) -> Vec<(Periode, Vec<Lijn<'a>>)> {
        let mut maanden: Vec<(Periode, Vec<Lijn<'a>>)> = Vec::new();
        for lijn in self.op_volgorde(self.lijnen().filter(past).map(|l| l.nr()).collect()) {
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

/// All lines of one aanbieder: of every year, live or not, reversed or not. Those that count in the
/// audited year come first, each kind as they stand in the files.
pub struct Aanbiedergroep<'a> {
    pub controle: &'a Controle<'a>,
    pub nr: AanbiederNr,
    pub aanbieder: &'a Aanbieder,
    nummers: Vec<RegelNr>,
    /// How many of these count in the audited year.
    tellend: usize,
    /// The lines themselves, unless there are very many: they stand anywhere in the dossier, and many
    /// rules look at all of them.
    bijeen: Option<Vec<Declaratieregel>>,
    /// How many of all lines are of the audited year.
    in_leverjaar: u64,
    /// Credit lines of the audited year.
    credits: Vec<RegelNr>,
    /// What the lines that count come to, a year.
    jaarsommen: BTreeMap<i32, Cent>,
    ontvangsten: OnceCell<Ontvangsten>,
}

/// What says where a line of an aanbieder belongs.
struct Plaats {
    in_leverjaar: bool,
    telt_mee: bool,
    is_credit: bool,
}

impl Plaats {
    #[inline]
    fn van(controle: &Controle<'_>, regel: &Declaratieregel) -> Plaats {
        Plaats {
            in_leverjaar: controle.in_leverjaar(regel),
            telt_mee: regel.telt_mee(),
            is_credit: regel.debet_credit == DebetCredit::Credit,
        }
    }
}

/// When the lines that count in the audited year came in.
#[derive(Default)]
pub struct Ontvangsten {
    /// Of each line the days from the end of the month of delivery to receipt; `None` where that
    /// can't be told.
    pub dagen: Vec<Option<i64>>,
    /// Why it can't, and of how many lines.
    pub onbekend: Vec<(Reden, u64)>,
}

impl<'a> Aanbiedergroep<'a> {
    pub(super) fn nieuw(
        controle: &'a Controle<'a>,
        nr: AanbiederNr,
        alle: &[RegelNr],
    ) -> Aanbiedergroep<'a> {
        /// So many lines always stand together: they are a small part of any dossier that is large.
        const ALTIJD: usize = 1 << 17;
        /// Of more lines the threads together hold this part of all a second time, and no more.
        const DEEL: usize = 6;
        let dossier = controle.dossier;
        let meeste = dossier.regels.len() / (DEEL * rayon::current_num_threads());
        let mut groep = Aanbiedergroep {
            controle,
            nr,
            aanbieder: dossier.aanbieder(nr),
            nummers: Vec::with_capacity(alle.len()),
            tellend: 0,
            bijeen: (alle.len() <= meeste.max(ALTIJD)).then(|| Vec::with_capacity(alle.len())),
            in_leverjaar: 0,
            credits: Vec::new(),
            jaarsommen: BTreeMap::new(),
            ontvangsten: OnceCell::new(),
        };
        // The lines stand anywhere: looked at and copied without a choice in between, many of them
        // are on their way at the same time.
        let plaatsen = alle.iter().map(|nr| Plaats::van(controle, dossier.regel(*nr)));
        let plaatsen: Vec<Plaats> = plaatsen.collect();
        let mut andere = Vec::new();
        for (&nr, plaats) in alle.iter().zip(&plaatsen) {
            groep.in_leverjaar += u64::from(plaats.in_leverjaar);
            if plaats.in_leverjaar && plaats.is_credit {
                groep.credits.push(nr);
            }
            if plaats.telt_mee && plaats.in_leverjaar {
                groep.nummers.push(nr);
            } else {
                andere.push(nr);
            }
        }
        groep.tellend = groep.nummers.len();
        groep.nummers.append(&mut andere);
        if let Some(bijeen) = &mut groep.bijeen {
            bijeen.extend(groep.nummers.iter().map(|nr| dossier.regel(*nr).clone()));
        }
        let tellend = groep.tellende_regels().map(|(_, r)| r.ingediend_bedrag).sum();
        let mut jaarsommen = BTreeMap::new();
        if groep.tellend > 0 {
            jaarsommen.insert(controle.jaar, tellend);
        }
        for (_, regel) in groep.van(groep.tellend..alle.len()).filter(|(_, r)| r.telt_mee()) {
            *jaarsommen.entry(regel.einddatum.jaar()).or_default() += regel.ingediend_bedrag;
        }
        groep.jaarsommen = jaarsommen;
        groep
    }

    pub fn lijnen(&self) -> impl Iterator<Item = Lijn<'_>> {
        self.regels().map(|(nr, regel)| Lijn::van(self.controle, nr, regel))
    }

    /// The lines that count in the audited year.
    pub fn tellende_lijnen(&self) -> impl Iterator<Item = Lijn<'_>> {
        self.tellende_regels().map(|(nr, regel)| Lijn::van(self.controle, nr, regel))
    }

    /// The lines that don't.
    pub fn andere_lijnen(&self) -> impl Iterator<Item = Lijn<'_>> {
        let andere = self.van(self.tellend..self.nummers.len());
        andere.map(|(nr, regel)| Lijn::van(self.controle, nr, regel))
    }

    /// Live lines of the audited year that end before they begin: they count nowhere.
    pub fn omgekeerde_lijnen(&self) -> impl Iterator<Item = Lijn<'_>> {
        let c = self.controle;
        let omgekeerd = |r: &Declaratieregel| r.is_levend() && r.is_omgekeerd();
        self.andere_lijnen().filter(move |l| omgekeerd(l.regel) && c.in_leverjaar(l.regel))
    }

    /// All lines, without what belongs to them.
    pub fn regels(&self) -> impl Iterator<Item = (RegelNr, &Declaratieregel)> {
        self.van(0..self.nummers.len())
    }

    /// The lines that count in the audited year, without what belongs to them.
    pub fn tellende_regels(&self) -> impl Iterator<Item = (RegelNr, &Declaratieregel)> {
        self.van(0..self.tellend)
    }

    /// The numbers of all lines, in the order of [`Aanbiedergroep::regels`].
    pub fn nummers(&self) -> &[RegelNr] {
        &self.nummers
    }

    /// How many of all lines are of the audited year.
    pub fn aantal_in_leverjaar(&self) -> u64 {
        self.in_leverjaar
    }

    /// Credit lines of the audited year.
    pub fn creditregels(&self) -> impl Iterator<Item = Lijn<'a>> {
        let controle = self.controle;
        self.credits.iter().map(move |nr| controle.lijn(*nr))
    }

    fn van(&self, bereik: Range<usize>) -> impl Iterator<Item = (RegelNr, &Declaratieregel)> {
        let bijeen = self.bijeen.as_ref().map(|regels| &regels[bereik.clone()]);
        self.nummers[bereik].iter().enumerate().map(move |(i, nr)| match bijeen {
            Some(regels) => (*nr, &regels[i]),
            None => (*nr, self.controle.dossier.regel(*nr)),
        })
    }

    /// What the live lines of a year come to; `None` without any.
    pub fn jaarsom(&self, jaar: i32) -> Option<Cent> {
        self.jaarsommen.get(&jaar).copied()
    }

    /// When the lines of [`Aanbiedergroep::tellende_lijnen`] came in; looked up once.
    pub fn ontvangsten(&self) -> &Ontvangsten {
        self.ontvangsten.get_or_init(|| {
            let mut uit = Ontvangsten::default();
            uit.dagen.extend(self.tellende_regels().map(|(_, r)| {
                let kolom = self.controle.kolom(r.bestand, Kolom::Ontvangstdatum);
                let dagen =
                    kolom.and_then(|()| r.dagen_tot_ontvangst().ok_or(Reden::GeenOntvangstdatum));
                let Err(reden) = dagen else { return dagen.ok() };
                match uit.onbekend.iter_mut().find(|(r, _)| *r == reden) {
                    Some((_, aantal)) => *aantal += 1,
                    None => uit.onbekend.push((reden, 1)),
                }
                None
            }));
            uit
        })
    }

    /// A finding on the aanbieder, without an amount unless one is given.
    pub fn bevinding(&self, ernst: Ernst) -> Bevinding {
        Bevinding::nieuw(ernst, Onderwerp::Aanbieder(self.nr))
    }
}
