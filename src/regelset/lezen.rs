//! Reading `rules/`: every key known, every term without a gap or an overlap, every value cited.

use super::waarde::{Geldig, ParameterSpec};
use super::*;
use crate::bron::{lees_catalogus, lees_tarieven};
use crate::ground::config::{ConfigFout, gelijkende};
use crate::ground::hex;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::path::PathBuf;
use toml::Spanned;

pub(super) type Uitkomst<T> = Result<T, Box<ConfigFout>>;

/// The rulesets that come with the program.
const INGEBOUWD: [(&str, &str); 12] = [
    ("landelijk.toml", include_str!("../../rules/landelijk.toml")),
    ("ijsselland.toml", include_str!("../../rules/ijsselland.toml")),
    ("ijsselland/tarieven.csv", include_str!("../../rules/ijsselland/tarieven.csv")),
    ("ijsselland/producten.csv", include_str!("../../rules/ijsselland/producten.csv")),
    ("ijsselland/functies.csv", include_str!("../../rules/ijsselland/functies.csv")),
    (
        "ijsselland/functies_synoniemen.csv",
        include_str!("../../rules/ijsselland/functies_synoniemen.csv"),
    ),
    ("ijsselland/vaktherapie.csv", include_str!("../../rules/ijsselland/vaktherapie.csv")),
    ("ijsselland/gemeenten.csv", include_str!("../../rules/ijsselland/gemeenten.csv")),
    ("ijsselland/percelen.csv", include_str!("../../rules/ijsselland/percelen.csv")),
    ("cbs/gemeenten.csv", include_str!("../../rules/cbs/gemeenten.csv")),
    ("zeeland.toml", include_str!("../../rules/zeeland.toml")),
    ("zeeland/producten.csv", include_str!("../../rules/zeeland/producten.csv")),
];

/// Where rulesets come from: the program itself, or a folder of the user's before that.
#[derive(Clone, Debug)]
pub enum Regelsetbron {
    Ingebouwd,
    Map(PathBuf),
}

impl Regelsetbron {
    fn inhoud(&self, naam: &str) -> Uitkomst<Option<String>> {
        if let Regelsetbron::Map(map) = self {
            let pad = map.join(naam);
            match std::fs::read_to_string(&pad) {
                Ok(tekst) => return Ok(Some(tekst)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => {
                    return Err(ConfigFout::los(
                        format!("{} kan niet gelezen worden: {e}", pad.display()),
                        "controleer of het een tekstbestand in UTF-8 is en of u het mag lezen",
                    ));
                }
            }
        }
        Ok(INGEBOUWD.iter().find(|(n, _)| *n == naam).map(|(_, tekst)| (*tekst).to_owned()))
    }

    /// Names of the rulesets that can be chosen.
    pub fn namen(&self) -> Vec<String> {
        let mut namen: Vec<String> = INGEBOUWD
            .iter()
            .filter_map(|(n, _)| n.strip_suffix(".toml"))
            .map(str::to_owned)
            .collect();
        if let Regelsetbron::Map(map) = self
            && let Ok(dingen) = std::fs::read_dir(map)
        {
            namen.extend(
                dingen.flatten().filter_map(|d| {
                    d.file_name().to_str()?.strip_suffix(".toml").map(str::to_owned)
                }),
            );
        }
        namen.sort();
        namen.dedup();
        namen
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bestand {
    regelset: Kop,
    #[serde(default)]
    documenten: BTreeMap<String, Documenttabel>,
    #[serde(default)]
    tabellen: Tabellen,
    #[serde(default)]
    niet_te_toetsen: Vec<NietTeToetsentabel>,
    #[serde(default)]
    beschikkingsvrij: Vec<String>,
    budgetsoort: Option<Budgetsoorttabel>,
    #[serde(default)]
    regels: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<toml::Value>>>,
    #[serde(default)]
    eigen: BTreeMap<Spanned<String>, super::eigen::Tabel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kop {
    naam: String,
    titel: String,
    versie: String,
    basis: Option<Spanned<String>>,
    #[serde(default)]
    doorbelasting: bool,
    vanaf: Spanned<toml::value::Datetime>,
    tot: Option<Spanned<toml::value::Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Documenttabel {
    titel: String,
    versie: String,
    datum: Option<Spanned<toml::value::Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Budgetsoorttabel {
    duurzaam_vanaf_jaren: u8,
    bron: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tabellen {
    tarieven: Option<Spanned<String>>,
    producten: Option<Spanned<String>>,
    functies: Option<Spanned<String>>,
    synoniemen: Option<Spanned<String>>,
    vaktherapie: Option<Spanned<String>>,
    gemeenten: Option<Spanned<String>>,
    gemeentecodes: Option<Spanned<String>>,
    percelen: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NietTeToetsentabel {
    eis: String,
    waarom: String,
    bron: String,
}

/// One TOML file, for messages.
pub(super) struct Tekst<'a> {
    naam: &'a str,
    inhoud: &'a str,
}

impl Tekst<'_> {
    pub(super) fn fout(
        &self,
        plaats: Range<usize>,
        bericht: impl Into<String>,
        raad: impl Into<String>,
    ) -> Box<ConfigFout> {
        ConfigFout::in_bestand(self.naam, self.inhoud, plaats, bericht, raad)
    }

    pub(super) fn dag(&self, d: &Spanned<toml::value::Datetime>) -> Uitkomst<Dag> {
        dag_van(d.get_ref()).ok_or_else(|| {
            self.fout(
                d.span(),
                "dit is geen datum",
                "schrijf een datum als 2023-01-01, zonder aanhalingstekens",
            )
        })
    }
}

pub(super) fn dag_van(d: &toml::value::Datetime) -> Option<Dag> {
    let datum = d.date?;
    Dag::van_jmd(datum.year.into(), datum.month.into(), datum.day.into())
}

impl Regelset {
    /// Reads a region's ruleset and those that it builds on.
    pub fn lees(naam: &str, bron: &Regelsetbron, bekend: &[Regelkenmerk]) -> Uitkomst<Regelset> {
        let bestandsnaam = format!("{naam}.toml");
        let Some(inhoud) = bron.inhoud(&bestandsnaam)? else {
            let namen = bron.namen();
            let raad = match gelijkende(naam, namen.iter().map(String::as_str)) {
                Some(wel) => format!(
                    "bedoelt u {wel}? Geef --regio {wel}, of regio = \"{wel}\" in controle.toml"
                ),
                None => format!("kies uit: {}", namen.join(", ")),
            };
            return Err(ConfigFout::los(format!("er is geen regelset '{naam}'"), raad));
        };
        let tekst = Tekst { naam: &bestandsnaam, inhoud: &inhoud };
        let b: Bestand = toml::from_str(&inhoud)
            .map_err(|e| ConfigFout::van_toml(&bestandsnaam, &inhoud, &e))?;
        let mut set = match &b.regelset.basis {
            None => Regelset::leeg(tekst.dag(&b.regelset.vanaf)?),
            Some(basis) if basis.get_ref() == naam => {
                return Err(tekst.fout(
                    basis.span(),
                    "een regelset bouwt niet op zichzelf",
                    "kies een andere basis",
                ));
            }
            Some(basis) => Regelset::lees(basis.get_ref(), bron, bekend)?,
        };
        set.naam = b.regelset.naam;
        set.titel = b.regelset.titel;
        set.versie = b.regelset.versie;
        set.vanaf = tekst.dag(&b.regelset.vanaf)?;
        set.tot = b.regelset.tot.as_ref().map(|d| tekst.dag(d)).transpose()?;
        set.beschikkingsvrij.extend(b.beschikkingsvrij);
        set.doorbelasting |= b.regelset.doorbelasting;
        if let Some(t) = b.budgetsoort {
            let duurzaam_vanaf_jaren = i32::from(t.duurzaam_vanaf_jaren);
            set.afleiding = Some(Afleiding { duurzaam_vanaf_jaren, bron: t.bron });
        }
        for (afkorting, d) in b.documenten {
            let datum = d.datum.as_ref().map(|d| tekst.dag(d)).transpose()?;
            set.documenten.push(Document { afkorting, titel: d.titel, versie: d.versie, datum });
        }
        set.niet_te_toetsen.extend(b.niet_te_toetsen.into_iter().map(|n| NietTeToetsen {
            eis: n.eis,
            waarom: n.waarom,
            bron: n.bron,
        }));
        for (code, tabel) in &b.regels {
            set.neem_regel_op(&tekst, code, tabel, bekend)?;
        }
        for (code, tabel) in b.eigen {
            set.neem_eigen_op(&tekst, &code, tabel)?;
        }
        set.noem_versies();
        set.bestanden.push(kenmerk(&bestandsnaam, &inhoud));
        if let Some(pad) = &b.tabellen.tarieven {
            let rijen = set.lees_tabel(&tekst, bron, pad, |n, i| lees_tarieven(n, i.as_bytes()))?;
            if let Some((a, b)) = crate::bron::dubbel_tarief(&rijen) {
                return Err(tekst.fout(
                    pad.span(),
                    format!(
                        "in {} zijn regel {} en regel {} even specifiek",
                        pad.get_ref(),
                        a.regelnummer,
                        b.regelnummer
                    ),
                    "laat één van de twee staan",
                ));
            }
            set.vul_tarieven_aan(rijen);
        }
        if let Some(pad) = &b.tabellen.producten {
            let rijen =
                set.lees_tabel(&tekst, bron, pad, |n, i| lees_catalogus(n, i.as_bytes()))?;
            set.vul_catalogus_aan(rijen);
        }
        set.lees_lijsten(&tekst, bron, &b.tabellen)?;
        Ok(set)
    }

    /// Adds to the source of every rule the versions of the documents that it cites, once.
    fn noem_versies(&mut self) {
        for regel in self.regels.values_mut() {
            let woorden: Vec<&str> = regel.bron.split([' ', ',', ';', '(', ')']).collect();
            let versies: Vec<String> = self
                .documenten
                .iter()
                .filter(|d| woorden.contains(&d.afkorting.as_str()))
                .map(Document::aanhaling)
                .filter(|versie| !regel.bron.contains(versie.as_str()))
                .collect();
            if !versies.is_empty() {
                regel.bron = format!("{} [{}]", regel.bron, versies.join(", ")).into();
            }
        }
    }

    fn leeg(vanaf: Dag) -> Regelset {
        Regelset {
            naam: String::new(),
            titel: String::new(),
            versie: String::new(),
            vanaf,
            tot: None,
            documenten: Vec::new(),
            bestanden: Vec::new(),
            niet_te_toetsen: Vec::new(),
            beschikkingsvrij: Vec::new(),
            doorbelasting: false,
            afleiding: None,
            beroepentabel: Beroepentabel::default(),
            vaktherapie: Functielijst::default(),
            deelnames: Deelnames::default(),
            gemeentecodes: Gemeentecodes::default(),
            percelen: Perceeltabel::default(),
            eigen: Vec::new(),
            regels: BTreeMap::new(),
            catalogus: HashMap::new(),
            tarieven: Vec::new(),
        }
    }

    /// The tables of functions, gemeenten and percelen: each replaces that of the ruleset below.
    fn lees_lijsten(
        &mut self,
        tekst: &Tekst<'_>,
        bron: &Regelsetbron,
        tabellen: &Tabellen,
    ) -> Uitkomst<()> {
        if let Some(pad) = &tabellen.functies {
            self.beroepentabel = self.lees_tabel(tekst, bron, pad, Beroepentabel::lees)?;
        }
        if let Some(pad) = &tabellen.synoniemen {
            let mut tabel = std::mem::take(&mut self.beroepentabel);
            self.lees_tabel(tekst, bron, pad, |n, i| tabel.neem_synoniemen_op(n, i))?;
            self.beroepentabel = tabel;
        }
        if let Some(pad) = &tabellen.vaktherapie {
            self.vaktherapie = self.lees_tabel(tekst, bron, pad, Functielijst::lees)?;
        }
        if let Some(pad) = &tabellen.gemeenten {
            self.deelnames = self.lees_tabel(tekst, bron, pad, Deelnames::lees)?;
        }
        if let Some(pad) = &tabellen.gemeentecodes {
            self.gemeentecodes = self.lees_tabel(tekst, bron, pad, Gemeentecodes::lees)?;
        }
        if let Some(pad) = &tabellen.percelen {
            self.percelen = self.lees_tabel(tekst, bron, pad, Perceeltabel::lees)?;
        }
        Ok(())
    }

    fn lees_tabel<T>(
        &mut self,
        tekst: &Tekst<'_>,
        bron: &Regelsetbron,
        pad: &Spanned<String>,
        lees: impl FnOnce(&str, &str) -> Result<T, String>,
    ) -> Uitkomst<T> {
        let inhoud = bron.inhoud(pad.get_ref())?.ok_or_else(|| {
            tekst.fout(
                pad.span(),
                format!("het bestand {} bestaat niet", pad.get_ref()),
                "geef een pad binnen de map met regelsets",
            )
        })?;
        self.bestanden.push(kenmerk(pad.get_ref(), &inhoud));
        lees(pad.get_ref(), &inhoud)
            .map_err(|e| tekst.fout(pad.span(), e, "verbeter die regel in de tabel"))
    }

    fn neem_regel_op(
        &mut self,
        tekst: &Tekst<'_>,
        code: &Spanned<String>,
        tabel: &BTreeMap<Spanned<String>, Spanned<toml::Value>>,
        bekend: &[Regelkenmerk],
    ) -> Uitkomst<()> {
        let kenmerk = bekend.iter().find(|k| k.code == code.get_ref()).ok_or_else(|| {
            let raad = match gelijkende(code.get_ref(), bekend.iter().map(|k| k.code)) {
                Some(wel) => format!("bedoelt u {wel}?"),
                None => "gebruik de code van een bestaande regel".into(),
            };
            tekst.fout(code.span(), format!("er is geen regel {}", code.get_ref()), raad)
        })?;
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
                naam => {
                    let parameter =
                        kenmerk.parameters.iter().find(|p| p.naam == naam).ok_or_else(|| {
                            let namen =
                                kenmerk.parameters.iter().map(|p| p.naam).chain(["aan", "bron"]);
                            let raad = match gelijkende(naam, namen.clone()) {
                                Some(wel) => format!("bedoelt u '{wel}'?"),
                                None => {
                                    format!("bekend zijn: {}", namen.collect::<Vec<_>>().join(", "))
                                }
                            };
                            tekst.fout(
                                sleutel.span(),
                                format!("regel {} kent geen sleutel '{naam}'", kenmerk.code),
                                raad,
                            )
                        })?;
                    let reeks = self.lees_tijdreeks(tekst, parameter, waarde)?;
                    instelling.parameters.push((parameter.naam, reeks));
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
        for parameter in kenmerk.parameters {
            let aanwezig = instelling.parameters.iter().any(|(naam, _)| *naam == parameter.naam);
            if !aanwezig && parameter.mag_ontbreken {
                instelling.parameters.push((parameter.naam, Vec::new()));
            } else if !aanwezig {
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
        }
        self.regels.insert(kenmerk.code, instelling);
        Ok(())
    }

    /// A list of dated values: in order, without overlap, and without a gap where none may be.
    fn lees_tijdreeks(
        &self,
        tekst: &Tekst<'_>,
        parameter: &ParameterSpec,
        waarde: &Spanned<toml::Value>,
    ) -> Uitkomst<Vec<Geldig>> {
        let fout = |bericht: String, raad: &str| tekst.fout(waarde.span(), bericht, raad);
        let naam = parameter.naam;
        let lijst = waarde.get_ref().as_array().ok_or_else(|| {
            fout(
                format!("'{naam}' is geen lijst van gedateerde waarden"),
                "schrijf [[regels.CODE.naam]] met daaronder vanaf, waarde en bron",
            )
        })?;
        let mut reeks = Vec::new();
        for element in lijst {
            let tabel = element.as_table().ok_or_else(|| {
                fout(
                    format!("'{naam}' bevat iets anders dan een tabel"),
                    "schrijf per waarde vanaf, waarde en bron",
                )
            })?;
            if let Some(vreemd) =
                tabel.keys().find(|k| !matches!(k.as_str(), "vanaf" | "tot" | "waarde" | "bron"))
            {
                return Err(fout(
                    format!("'{naam}' kent geen sleutel '{vreemd}'"),
                    "bekend zijn: vanaf, tot, waarde, bron",
                ));
            }
            let dag = |sleutel: &str| -> Uitkomst<Option<Dag>> {
                match tabel.get(sleutel) {
                    None => Ok(None),
                    Some(v) => v.as_datetime().and_then(dag_van).map(Some).ok_or_else(|| {
                        fout(
                            format!("'{naam}': {sleutel} is geen datum"),
                            "schrijf een datum als 2023-01-01, zonder aanhalingstekens",
                        )
                    }),
                }
            };
            let bron = tabel.get("bron").and_then(toml::Value::as_str).filter(|b| !b.is_empty());
            let ruw = tabel.get("waarde").ok_or_else(|| {
                fout(format!("bij '{naam}' ontbreekt waarde"), "voeg toe: waarde = …")
            })?;
            reeks.push(Geldig {
                vanaf: dag("vanaf")?.ok_or_else(|| {
                    fout(format!("bij '{naam}' ontbreekt vanaf"), "voeg toe: vanaf = 2023-01-01")
                })?,
                tot: dag("tot")?,
                waarde: parameter.soort.lees(ruw).map_err(|verwacht| {
                    fout(format!("'{naam}': verkeerde waarde; {verwacht}"), "verbeter de waarde")
                })?,
                bron: bron
                    .ok_or_else(|| {
                        fout(
                            format!("bij '{naam}' ontbreekt de bron"),
                            "voeg toe: bron = \"document en artikel\"",
                        )
                    })?
                    .into(),
            });
        }
        reeks.sort_by_key(|g| g.vanaf);
        self.controleer_geldigheid(parameter, &reeks).map_err(|bericht| {
            fout(bericht, "laat de perioden van vanaf en tot precies op elkaar aansluiten")
        })?;
        Ok(reeks)
    }

    fn controleer_geldigheid(
        &self,
        parameter: &ParameterSpec,
        reeks: &[Geldig],
    ) -> Result<(), String> {
        let naam = parameter.naam;
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
        let begin_mist = reeks.first().is_none_or(|g| g.vanaf > self.vanaf);
        let eind_mist =
            reeks.last().and_then(|g| g.tot).is_some_and(|tot| self.tot.is_none_or(|e| tot < e));
        if begin_mist || eind_mist {
            let tot = self.tot.map_or("later".to_owned(), |t| t.to_string());
            return Err(format!(
                "'{naam}' dekt niet de hele looptijd van de regelset ({} tot en met {tot})",
                self.vanaf
            ));
        }
        Ok(())
    }
}

fn bron_van(tekst: &Tekst<'_>, waarde: &Spanned<toml::Value>) -> Uitkomst<Arc<str>> {
    waarde.get_ref().as_str().filter(|b| !b.is_empty()).map(Arc::from).ok_or_else(|| {
        tekst.fout(waarde.span(), "bron is geen tekst", "schrijf bron = \"document en artikel\"")
    })
}

fn kenmerk(naam: &str, inhoud: &str) -> Regelsetbestand {
    Regelsetbestand { naam: naam.to_owned(), sha256: hex(&Sha256::digest(inhoud.as_bytes())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regels::{REGISTER, kenmerken};

    /// Reads `ijsselland` from a folder in which one text was replaced by another.
    fn gewijzigd(oud: &str, nieuw: &str) -> Uitkomst<Regelset> {
        let map = tempfile::tempdir().unwrap();
        let tekst = include_str!("../../rules/ijsselland.toml");
        assert!(tekst.contains(oud), "{oud}");
        std::fs::write(map.path().join("ijsselland.toml"), tekst.replacen(oud, nieuw, 1)).unwrap();
        Regelset::lees("ijsselland", &Regelsetbron::Map(map.path().to_owned()), &kenmerken())
    }

    #[track_caller]
    fn fout(oud: &str, nieuw: &str, woord: &str) {
        let fout = gewijzigd(oud, nieuw).expect_err("a mistake is refused");
        assert!(fout.bericht.contains(woord), "{}", fout.bericht);
        assert!(fout.bericht.contains("ijsselland.toml, regel "), "{}", fout.bericht);
    }

    #[test]
    fn every_rule_stands_in_the_rulesets_that_come_with_the_program() {
        let sets = ["ijsselland", "zeeland"]
            .map(|naam| Regelset::lees(naam, &Regelsetbron::Ingebouwd, &kenmerken()).unwrap());
        for regel in REGISTER {
            let ergens = sets.iter().any(|set| set.regel(regel.code).is_some());
            assert!(ergens, "{} is in no ruleset", regel.code);
        }
    }

    #[test]
    fn a_changed_limit_is_the_one_that_holds() {
        let set = gewijzigd("waarde = 2\nbron = \"ID 8.5.1 (4)\"", "waarde = 3\nbron = \"eigen\"")
            .unwrap();
        let dag = Dag::van_jmd(2023, 6, 1).unwrap();
        assert_eq!(set.regel("NS01").unwrap().waarde("maximum", dag), Some(&Waarde::Getal(3)));
    }

    #[test]
    fn mistakes_in_a_ruleset_name_their_line() {
        fout("[[regels.NS01.maximum]]", "[[regels.NS01.maximun]]", "kent geen sleutel 'maximun'");
        fout("[regels.TF01]", "[regels.TF91]", "er is geen regel TF91");
        fout("bron = \"ID eis 43a\"\n\n[[regels.TL03", "\n[[regels.TL03", "noemt geen bron");
        fout("waarde = 2\nbron = \"ID 8.5.1 (4)\"", "waarde = 2", "ontbreekt de bron");
        fout("waarde = 2\nbron", "waarde = \"twee\"\nbron", "verwacht een heel getal");
        fout(
            "tot = 2024-12-31\nwaarde = \"fout\"",
            "tot = 2024-11-30\nwaarde = \"fout\"",
            "geldt geen waarde",
        );
        fout(
            "tot = 2024-12-31\nwaarde = \"fout\"",
            "waarde = \"fout\"",
            "gelden twee waarden tegelijk",
        );
        fout(
            "vanaf = 2023-01-01\nwaarde = 2\n",
            "vanaf = 2024-01-01\nwaarde = 2\n",
            "dekt niet de hele looptijd",
        );
        fout("titel = \"Jeugdhulpregio IJsselland\"", "titel = 3", "verkeerde soort");
    }

    #[test]
    fn there_are_as_many_gemeenten_on_1_january_as_cbs_counted() {
        let set = Regelset::lees("landelijk", &Regelsetbron::Ingebouwd, &kenmerken()).unwrap();
        let codes = &set.gemeentecodes;
        for (jaar, aantal) in [
            (2015, 393),
            (2016, 390),
            (2017, 388),
            (2018, 380),
            (2019, 355),
            (2020, 355),
            (2021, 352),
            (2022, 345),
            (2023, 342),
            (2024, 342),
            (2025, 342),
            (2026, 342),
        ] {
            assert_eq!(codes.aantal_op(Dag::van_jmd(jaar, 1, 1).unwrap()), aantal, "{jaar}");
        }
        let geldt = |code, jaar| {
            let dag = |m, d| Dag::van_jmd(jaar, m, d).unwrap();
            codes.geldt(crate::dossier::Gemeente(code), dag(1, 1), dag(12, 31))
        };
        // Weesp went to Amsterdam on 24 March 2022: in use during that year, not after it.
        assert!(geldt(457, 2022) && !geldt(457, 2023));
        assert!(geldt(193, 2026) && !geldt(9999, 2023));
    }

    #[test]
    fn the_tariffs_are_those_of_the_contract_documents() {
        let set = Regelset::lees("ijsselland", &Regelsetbron::Ingebouwd, &kenmerken()).unwrap();
        let tarief = |jaar, sleutel, perceel| {
            set.tarief(jaar, sleutel, Agb(0), perceel).map(|t| (t.tarief.0, t.eenheid.0))
        };
        // ID 8.5.1: the first and the last of each row of the table.
        for (sleutel, eerste, laatste) in [
            ("TG1", 108, 116),
            ("TG2", 121, 176),
            ("TG3", 146, 193),
            ("TG4", 162, 209),
            ("TG5", 187, 235),
            ("TG6", 222, 271),
            ("TG7", 310, 360),
        ] {
            assert_eq!(tarief(2023, sleutel, Some(1)), Some((eerste, 1)));
            assert_eq!(tarief(2023, sleutel, Some(5)), Some((laatste, 1)));
            assert_eq!(tarief(2023, sleutel, None), None);
        }
        assert_eq!(tarief(2023, "INT_K", None), Some((45_650, 14)));
        assert_eq!(tarief(2023, "GGZ_H", Some(2)), Some((52_957, 14)));
        assert_eq!(tarief(2022, "GROEP_ZWAAR", None), Some((3_453, 4)));
        assert_eq!(tarief(2023, "GROEP_ZWAAR", None), None);
        assert_eq!(tarief(2024, "EEN_OP_EEN", None), Some((6_420, 4)));
        assert_eq!(tarief(2023, "MST", None), Some((2_157_200, 82)));
    }
}
