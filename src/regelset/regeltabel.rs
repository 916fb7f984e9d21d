//! `[regels.CODE]`: whether a rule holds, its source, and its parameters by date, without a gap or an
//! overlap.

use super::bestand::Regeltabel;
use super::tekst::{Parsed, SpannedText, dag_of};
use super::{Dated, ParameterSpec, Regelset, RuleDigest, RuleSettings};
use crate::dossier::Dag;
use crate::ground::config::{ConfigError, Mistakes, like};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

impl Regelset {
    /// Takes up the table of one rule: instead of that of the ruleset below, or to end it.
    pub(super) fn add_rule(
        &mut self,
        text: &SpannedText<'_>,
        code: &Spanned<String>,
        table: &Regeltabel,
        known: &[RuleDigest],
    ) -> Parsed<()> {
        let fingerprint = fingerprint_of(text, code, known)?;
        match self.settings_of(text, code.span(), table, fingerprint)? {
            Some(settings) => self.rules.insert(fingerprint.code, settings),
            None => self.rules.remove(fingerprint.code),
        };
        Ok(())
    }

    /// What a table says of a rule; `None` where it ends it.
    pub(super) fn settings_of(
        &self,
        text: &SpannedText<'_>,
        place: Range<usize>,
        table: &Regeltabel,
        fingerprint: &RuleDigest,
    ) -> Parsed<Option<RuleSettings>> {
        let mut settings = RuleSettings { source: "".into(), parameters: Vec::new() };
        let mut mistakes = Mistakes::default();
        let mut to = true;
        for (key, value) in table {
            match key.get_ref().as_str() {
                "aan" => {
                    let read = value.get_ref().as_bool().ok_or_else(|| {
                        text.error(
                            value.span(),
                            "aan is geen true of false",
                            "schrijf aan = true of aan = false",
                        )
                    });
                    to = mistakes.note(read).unwrap_or(true);
                }
                "bron" => {
                    settings.source = mistakes.note(source_of(text, value)).unwrap_or_default();
                }
                _ => {
                    let read = parameter_of(text, fingerprint, key).and_then(|parameter| {
                        let run = Tijdreeks { text, place: value.span(), parameter, set: self };
                        Ok((parameter.name, run.read(value.get_ref())?))
                    });
                    settings.parameters.extend(mistakes.note(read));
                }
            }
        }
        // What is wrong already isn't missing as well.
        if !mistakes.is_empty() {
            return mistakes.finish().map(|()| None);
        }
        if !to {
            return Ok(None);
        }
        if settings.source.is_empty() {
            let error = text.error(
                place.clone(),
                format!("regel {} noemt geen bron", fingerprint.code),
                "voeg toe: bron = \"document en artikel\"",
            );
            mistakes.note::<()>(Err(error));
        }
        mistakes.note(complete(text, place, fingerprint, &mut settings));
        mistakes.finish().map(|()| Some(settings))
    }
}

fn fingerprint_of<'k>(
    text: &SpannedText<'_>,
    code: &Spanned<String>,
    known: &'k [RuleDigest],
) -> Parsed<&'k RuleDigest> {
    known.iter().find(|k| k.code == code.get_ref()).ok_or_else(|| {
        let advice = match like(code.get_ref(), known.iter().map(|k| k.code)) {
            Some(does) => format!("bedoelt u {does}?"),
            None => "gebruik de code van een bestaande regel".into(),
        };
        text.error(code.span(), format!("er is geen regel {}", code.get_ref()), advice)
    })
}

fn parameter_of(
    text: &SpannedText<'_>,
    fingerprint: &RuleDigest,
    key: &Spanned<String>,
) -> Parsed<&'static ParameterSpec> {
    let name = key.get_ref().as_str();
    fingerprint.parameters.iter().find(|p| p.name == name).ok_or_else(|| {
        let names = fingerprint.parameters.iter().map(|p| p.name).chain(["aan", "bron"]);
        let advice = match like(name, names.clone()) {
            Some(does) => format!("bedoelt u '{does}'?"),
            None => format!("bekend zijn: {}", names.collect::<Vec<_>>().join(", ")),
        };
        let bericht = format!("regel {} kent geen sleutel '{name}'", fingerprint.code);
        text.error(key.span(), bericht, advice)
    })
}

/// Gives a parameter that may be absent its place; a mistake where one may not.
fn complete(
    text: &SpannedText<'_>,
    place: Range<usize>,
    fingerprint: &RuleDigest,
    settings: &mut RuleSettings,
) -> Parsed<()> {
    let mut mistakes = Mistakes::default();
    for parameter in fingerprint.parameters {
        if settings.parameters.iter().any(|(name, _)| *name == parameter.name) {
            continue;
        }
        if parameter.may_be_absent {
            settings.parameters.push((parameter.name, Vec::new()));
            continue;
        }
        let (name, explanation) = (parameter.name, parameter.explanation);
        mistakes.note::<()>(Err(text.error(
            place.clone(),
            format!("bij regel {} ontbreekt '{name}' ({explanation})", fingerprint.code),
            format!("voeg toe: [[{}.{name}]] met vanaf, waarde en bron", fingerprint.table()),
        )));
    }
    mistakes.finish()
}

fn source_of(text: &SpannedText<'_>, value: &Spanned<toml::Value>) -> Parsed<Arc<str>> {
    value.get_ref().as_str().filter(|b| !b.is_empty()).map(Arc::from).ok_or_else(|| {
        text.error(value.span(), "bron is geen tekst", "schrijf bron = \"document en artikel\"")
    })
}

/// What a dated value says. Its cells may be of any kind: a mistake is told with the name of the
/// parameter.
const KEYS: [&str; 4] = ["vanaf", "tot", "waarde", "bron"];

/// The values of one parameter, while they are read.
struct Tijdreeks<'a> {
    text: &'a SpannedText<'a>,
    /// Where they stand in the file.
    place: Range<usize>,
    parameter: &'a ParameterSpec,
    set: &'a Regelset,
}

impl Tijdreeks<'_> {
    fn error(&self, bericht: String, advice: &str) -> Box<ConfigError> {
        self.text.error(self.place.clone(), bericht, advice)
    }

    /// A list of dated values: in order, without overlap, and without a gap where none may be.
    fn read(&self, value: &toml::Value) -> Parsed<Vec<Dated>> {
        let list = value.as_array().ok_or_else(|| {
            self.error(
                format!("'{}' is geen lijst van gedateerde waarden", self.parameter.name),
                "schrijf [[regels.CODE.naam]] met daaronder vanaf, waarde en bron",
            )
        })?;
        let mut mistakes = Mistakes::default();
        let mut run: Vec<_> = list.iter().filter_map(|w| mistakes.note(self.valid(w))).collect();
        mistakes.finish()?;
        run.sort_by_key(|g| g.from);
        self.controleer(&run).map_err(|bericht| {
            self.error(bericht, "laat de perioden van vanaf en tot precies op elkaar aansluiten")
        })?;
        Ok(run)
    }

    fn valid(&self, element: &toml::Value) -> Parsed<Dated> {
        let name = self.parameter.name;
        let table = element.as_table().ok_or_else(|| {
            self.error(
                format!("'{name}' bevat iets anders dan een tabel"),
                "schrijf per waarde vanaf, waarde en bron",
            )
        })?;
        if let Some(strange) = table.keys().find(|k| !KEYS.contains(&k.as_str())) {
            return Err(self.error(
                format!("'{name}' kent geen sleutel '{strange}'"),
                &format!("bekend zijn: {}", KEYS.join(", ")),
            ));
        }
        let missing =
            |what: &str, advice: &str| self.error(format!("bij '{name}' ontbreekt {what}"), advice);
        let raw = table.get("waarde").ok_or_else(|| missing("waarde", "voeg toe: waarde = …"))?;
        let source = table.get("bron").and_then(toml::Value::as_str).filter(|b| !b.is_empty());
        Ok(Dated {
            from: self
                .dag("vanaf", table.get("vanaf"))?
                .ok_or_else(|| missing("vanaf", "voeg toe: vanaf = 2023-01-01"))?,
            until: self.dag("tot", table.get("tot"))?,
            value: self.parameter.kind.read(raw).map_err(|expected| {
                self.error(format!("'{name}': verkeerde waarde; {expected}"), "verbeter de waarde")
            })?,
            source: source
                .ok_or_else(|| missing("de bron", "voeg toe: bron = \"document en artikel\""))?
                .into(),
        })
    }

    fn dag(&self, key: &str, value: Option<&toml::Value>) -> Parsed<Option<Dag>> {
        let Some(value) = value else { return Ok(None) };
        value.as_datetime().and_then(dag_of).map(Some).ok_or_else(|| {
            self.error(
                format!("'{}': {key} is geen datum", self.parameter.name),
                "schrijf een datum als 2023-01-01, zonder aanhalingstekens",
            )
        })
    }

    /// Do these values, in the order of time, follow each other? `Err` says where they don't.
    fn controleer(&self, run: &[Dated]) -> Result<(), String> {
        let (parameter, set, name) = (self.parameter, self.set, self.parameter.name);
        for g in run {
            if g.until.is_some_and(|until| until < g.from) {
                return Err(format!("'{name}': een waarde eindigt voor zij begint ({})", g.from));
            }
        }
        for pair in run.windows(2) {
            let [a, b] = pair else { continue };
            match a.until {
                Some(until) if until < b.from => {
                    if until.plus_dagen(1) < b.from && !parameter.may_be_absent {
                        return Err(format!(
                            "'{name}': tussen {until} en {} geldt geen waarde",
                            b.from
                        ));
                    }
                }
                _ => {
                    return Err(format!("'{name}': vanaf {} gelden twee waarden tegelijk", b.from));
                }
            }
        }
        if parameter.may_be_absent {
            return Ok(());
        }
        let begin_lacks = run.first().is_none_or(|g| g.from > set.from);
        let end_lacks = run
            .last()
            .and_then(|g| g.until)
            .is_some_and(|until| set.until.is_none_or(|e| until < e));
        if begin_lacks || end_lacks {
            let until = set.until.map_or("later".to_owned(), |t| t.to_string());
            return Err(format!(
                "'{name}' dekt niet de hele looptijd van de regelset ({} tot en met {until})",
                set.from
            ));
        }
        Ok(())
    }
}
