//! `[regels.CODE]`: whether a rule holds, its source, and its parameters by date, without a gap or an
//! overlap.

use super::bestand::Regeltabel;
use super::tekst::{Tekst, Uitkomst, dag_van};
use super::{Geldig, Parameter, Regelinstelling, Regelkenmerk, Regelset};
use crate::dossier::Dag;
use crate::ground::config::{ConfigFout, gelijkende};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

impl Regelset {
    /// Takes up the table of one rule: instead of that of the ruleset below, or to end it.
    pub(super) fn neem_regel_op(
        &mut self,
        tekst: &Tekst<'_>,
        code: &Spanned<String>,
        tabel: &Regeltabel,
        bekend: &[Regelkenmerk],
    ) -> Uitkomst<()> {
        let kenmerk = kenmerk_van(tekst, code, bekend)?;
        let mut instelling = Regelinstelling { bron: "".into(), parameters: Vec::new() };
        let mut aan = true;
        for (sleutel, waarde) in tabel {
            match sleutel.get_ref().as_str() {
                "aan" => {
                    aan = waarde.get_ref().as_bool().ok_or_else(|| {
                        tekst.fout(
                            waarde.span(),
                            "aan is geen true of false",
                            "schrijf aan = true of aan = false",
                        )
                    })?;
                }
                "bron" => instelling.bron = bron_van(tekst, waarde)?,
                _ => {
                    let parameter = parameter_van(tekst, kenmerk, sleutel)?;
                    let reeks = Tijdreeks { tekst, plaats: waarde.span(), parameter, set: self };
                    instelling.parameters.push((parameter.naam, reeks.lees(waarde.get_ref())?));
                }
            }
        }
        if !aan {
            self.regels.remove(kenmerk.code);
            return Ok(());
        }
        if instelling.bron.is_empty() {
            return Err(tekst.fout(
                code.span(),
                format!("regel {} noemt geen bron", kenmerk.code),
                "voeg toe: bron = \"document en artikel\"",
            ));
        }
        vul_aan(tekst, code, kenmerk, &mut instelling)?;
        self.regels.insert(kenmerk.code, instelling);
        Ok(())
    }
}

fn kenmerk_van<'k>(
    tekst: &Tekst<'_>,
    code: &Spanned<String>,
    bekend: &'k [Regelkenmerk],
) -> Uitkomst<&'k Regelkenmerk> {
    bekend.iter().find(|k| k.code == code.get_ref()).ok_or_else(|| {
        let raad = match gelijkende(code.get_ref(), bekend.iter().map(|k| k.code)) {
            Some(wel) => format!("bedoelt u {wel}?"),
            None => "gebruik de code van een bestaande regel".into(),
        };
        tekst.fout(code.span(), format!("er is geen regel {}", code.get_ref()), raad)
    })
}

fn parameter_van(
    tekst: &Tekst<'_>,
    kenmerk: &Regelkenmerk,
    sleutel: &Spanned<String>,
) -> Uitkomst<&'static Parameter> {
    let naam = sleutel.get_ref().as_str();
    kenmerk.parameters.iter().find(|p| p.naam == naam).ok_or_else(|| {
        let namen = kenmerk.parameters.iter().map(|p| p.naam).chain(["aan", "bron"]);
        let raad = match gelijkende(naam, namen.clone()) {
            Some(wel) => format!("bedoelt u '{wel}'?"),
            None => format!("bekend zijn: {}", namen.collect::<Vec<_>>().join(", ")),
        };
        let bericht = format!("regel {} kent geen sleutel '{naam}'", kenmerk.code);
        tekst.fout(sleutel.span(), bericht, raad)
    })
}

/// Gives a parameter that may be absent its place; a mistake where one may not.
fn vul_aan(
    tekst: &Tekst<'_>,
    code: &Spanned<String>,
    kenmerk: &Regelkenmerk,
    instelling: &mut Regelinstelling,
) -> Uitkomst<()> {
    for parameter in kenmerk.parameters {
        if instelling.parameters.iter().any(|(naam, _)| *naam == parameter.naam) {
            continue;
        }
        if !parameter.mag_ontbreken {
            return Err(tekst.fout(
                code.span(),
                format!(
                    "bij regel {} ontbreekt '{}' ({})",
                    kenmerk.code, parameter.naam, parameter.uitleg
                ),
                format!(
                    "voeg toe: [[regels.{}.{}]] met vanaf, waarde en bron",
                    kenmerk.code, parameter.naam
                ),
            ));
        }
        instelling.parameters.push((parameter.naam, Vec::new()));
    }
    Ok(())
}

fn bron_van(tekst: &Tekst<'_>, waarde: &Spanned<toml::Value>) -> Uitkomst<Arc<str>> {
    waarde.get_ref().as_str().filter(|b| !b.is_empty()).map(Arc::from).ok_or_else(|| {
        tekst.fout(waarde.span(), "bron is geen tekst", "schrijf bron = \"document en artikel\"")
    })
}

/// What a dated value says. Its cells may be of any kind: a mistake is told with the name of the
/// parameter.
const SLEUTELS: [&str; 4] = ["vanaf", "tot", "waarde", "bron"];

/// The values of one parameter, while they are read.
struct Tijdreeks<'a> {
    tekst: &'a Tekst<'a>,
    /// Where they stand in the file.
    plaats: Range<usize>,
    parameter: &'a Parameter,
    set: &'a Regelset,
}

impl Tijdreeks<'_> {
    fn fout(&self, bericht: String, raad: &str) -> Box<ConfigFout> {
        self.tekst.fout(self.plaats.clone(), bericht, raad)
    }

    /// A list of dated values: in order, without overlap, and without a gap where none may be.
    fn lees(&self, waarde: &toml::Value) -> Uitkomst<Vec<Geldig>> {
        let lijst = waarde.as_array().ok_or_else(|| {
            self.fout(
                format!("'{}' is geen lijst van gedateerde waarden", self.parameter.naam),
                "schrijf [[regels.CODE.naam]] met daaronder vanaf, waarde en bron",
            )
        })?;
        let mut reeks = lijst.iter().map(|w| self.geldig(w)).collect::<Uitkomst<Vec<_>>>()?;
        reeks.sort_by_key(|g| g.vanaf);
        self.controleer(&reeks).map_err(|bericht| {
            self.fout(bericht, "laat de perioden van vanaf en tot precies op elkaar aansluiten")
        })?;
        Ok(reeks)
    }

    fn geldig(&self, element: &toml::Value) -> Uitkomst<Geldig> {
        let naam = self.parameter.naam;
        let tabel = element.as_table().ok_or_else(|| {
            self.fout(
                format!("'{naam}' bevat iets anders dan een tabel"),
                "schrijf per waarde vanaf, waarde en bron",
            )
        })?;
        if let Some(vreemd) = tabel.keys().find(|k| !SLEUTELS.contains(&k.as_str())) {
            return Err(self.fout(
                format!("'{naam}' kent geen sleutel '{vreemd}'"),
                &format!("bekend zijn: {}", SLEUTELS.join(", ")),
            ));
        }
        let ontbreekt =
            |wat: &str, raad: &str| self.fout(format!("bij '{naam}' ontbreekt {wat}"), raad);
        let ruw = tabel.get("waarde").ok_or_else(|| ontbreekt("waarde", "voeg toe: waarde = …"))?;
        let bron = tabel.get("bron").and_then(toml::Value::as_str).filter(|b| !b.is_empty());
        Ok(Geldig {
            vanaf: self
                .dag("vanaf", tabel.get("vanaf"))?
                .ok_or_else(|| ontbreekt("vanaf", "voeg toe: vanaf = 2023-01-01"))?,
            tot: self.dag("tot", tabel.get("tot"))?,
            waarde: self.parameter.soort.lees(ruw).map_err(|verwacht| {
                self.fout(format!("'{naam}': verkeerde waarde; {verwacht}"), "verbeter de waarde")
            })?,
            bron: bron
                .ok_or_else(|| ontbreekt("de bron", "voeg toe: bron = \"document en artikel\""))?
                .into(),
        })
    }

    fn dag(&self, sleutel: &str, waarde: Option<&toml::Value>) -> Uitkomst<Option<Dag>> {
        let Some(waarde) = waarde else { return Ok(None) };
        waarde.as_datetime().and_then(dag_van).map(Some).ok_or_else(|| {
            self.fout(
                format!("'{}': {sleutel} is geen datum", self.parameter.naam),
                "schrijf een datum als 2023-01-01, zonder aanhalingstekens",
            )
        })
    }

    /// Do these values, in the order of time, follow each other? `Err` says where they don't.
    fn controleer(&self, reeks: &[Geldig]) -> Result<(), String> {
        let (parameter, set, naam) = (self.parameter, self.set, self.parameter.naam);
        for g in reeks {
            if g.tot.is_some_and(|tot| tot < g.vanaf) {
                return Err(format!("'{naam}': een waarde eindigt voor zij begint ({})", g.vanaf));
            }
        }
        for paar in reeks.windows(2) {
            let [a, b] = paar else { continue };
            match a.tot {
                Some(tot) if tot < b.vanaf => {
                    if tot.plus_dagen(1) < b.vanaf && !parameter.mag_ontbreken {
                        return Err(format!(
                            "'{naam}': tussen {tot} en {} geldt geen waarde",
                            b.vanaf
                        ));
                    }
                }
                _ => {
                    return Err(format!(
                        "'{naam}': vanaf {} gelden twee waarden tegelijk",
                        b.vanaf
                    ));
                }
            }
        }
        if parameter.mag_ontbreken {
            return Ok(());
        }
        let begin_mist = reeks.first().is_none_or(|g| g.vanaf > set.vanaf);
        let eind_mist =
            reeks.last().and_then(|g| g.tot).is_some_and(|tot| set.tot.is_none_or(|e| tot < e));
        if begin_mist || eind_mist {
            let tot = set.tot.map_or("later".to_owned(), |t| t.to_string());
            return Err(format!(
                "'{naam}' dekt niet de hele looptijd van de regelset ({} tot en met {tot})",
                set.vanaf
            ));
        }
        Ok(())
    }
}
