//! `[eigen.X01]`: reading the checks that a user writes. A mistake names its line.

use super::{Cel, Celsoort, Eigencontrole, KOLOMMEN, Operator, Voorwaarde};
use crate::dossier::{Cent, Ernst, Kolom, Volume};
use crate::ground::config::{ConfigFout, gelijkende};
use crate::ground::gemaskeerd;
use crate::regelset::tekst::{Tekst, Uitkomst, dag_van};
use crate::regelset::{Regelinstelling, Regelset};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::regelset) struct Tabel {
    titel: Spanned<String>,
    kolom: Spanned<String>,
    als: Spanned<String>,
    waarde: Option<Spanned<toml::Value>>,
    #[serde(default)]
    en: Ook,
    ernst: Spanned<String>,
    bron: Spanned<String>,
    vanaf: Option<Spanned<Datetime>>,
    tot: Option<Spanned<Datetime>>,
    toelichting: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Voorwaardetabel {
    kolom: Spanned<String>,
    als: Spanned<String>,
    waarde: Option<Spanned<toml::Value>>,
}

/// `en`: one more condition, or a list of them.
#[derive(Default)]
struct Ook(Vec<Voorwaardetabel>);

impl<'de> Deserialize<'de> for Ook {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Ook, D::Error> {
        struct EenOfMeer;
        impl<'de> Visitor<'de> for EenOfMeer {
            type Value = Ook;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a condition or a list of conditions")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Ook, A::Error> {
                Voorwaardetabel::deserialize(MapAccessDeserializer::new(map)).map(|v| Ook(vec![v]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut lijst: A) -> Result<Ook, A::Error> {
                let mut uit = Vec::new();
                while let Some(v) = lijst.next_element()? {
                    uit.push(v);
                }
                Ok(Ook(uit))
            }
        }
        d.deserialize_any(EenOfMeer)
    }
}

impl Regelset {
    /// The checks that this ruleset, or one that it builds on, adds to the program's rules.
    pub fn eigen(&self) -> &[Arc<Eigencontrole>] {
        &self.eigen
    }

    pub(in crate::regelset) fn neem_eigen_op(
        &mut self,
        tekst: &Tekst<'_>,
        code: &Spanned<String>,
        tabel: Tabel,
    ) -> Uitkomst<()> {
        let naam = code.get_ref();
        let Some(eigen_code) = super::code(naam) else {
            return Err(tekst.fout(
                code.span(),
                format!("'{naam}' is geen code voor een eigen controle"),
                "gebruik X en twee cijfers, zoals [eigen.X01]",
            ));
        };
        if self.regels.contains_key(naam.as_str()) {
            return Err(tekst.fout(
                code.span(),
                format!("{naam} staat al in de regelset waarop deze bouwt"),
                "kies een andere code",
            ));
        }
        let controle = lees(tekst, eigen_code, tabel)?;
        let instelling = Regelinstelling { bron: controle.bron.clone(), parameters: Vec::new() };
        self.regels.insert(controle.code, instelling);
        self.eigen.push(Arc::new(controle));
        Ok(())
    }
}

fn lees(tekst: &Tekst<'_>, code: &'static str, t: Tabel) -> Uitkomst<Eigencontrole> {
    let ernst =
        Ernst::ALLE.into_iter().find(|e| e.naam() == t.ernst.get_ref()).ok_or_else(|| {
            tekst.fout(
                t.ernst.span(),
                format!("'{}' is geen ernst", t.ernst.get_ref()),
                "kies uit: fout, onzekerheid, signaal",
            )
        })?;
    let dag = |d: &Option<Spanned<Datetime>>| d.as_ref().map(|d| tekst.dag(d)).transpose();
    let (vanaf, tot) = (dag(&t.vanaf)?, dag(&t.tot)?);
    if let (Some(v), Some(eind), Some(plaats)) = (vanaf, tot, &t.tot)
        && eind < v
    {
        return Err(tekst.fout(
            plaats.span(),
            format!("{code} eindigt op {eind}, voor hij begint op {v}"),
            "verbeter vanaf of tot",
        ));
    }
    let eerste = Voorwaardetabel { kolom: t.kolom, als: t.als, waarde: t.waarde };
    let voorwaarden = std::iter::once(eerste)
        .chain(t.en.0)
        .map(|v| voorwaarde(tekst, v))
        .collect::<Uitkomst<Vec<_>>>()?;
    let titel = zichtbaar(tekst, "titel", &t.titel)?;
    let bron = zichtbaar(tekst, "bron", &t.bron)?;
    let toelichting = t.toelichting.map(|t| zichtbaar(tekst, "toelichting", &t)).transpose()?;
    Ok(Eigencontrole {
        code,
        titel,
        ernst,
        vanaf,
        tot,
        voorwaarden,
        toelichting,
        bron: bron.into(),
    })
}

/// A text that comes in the rapport.
fn zichtbaar(tekst: &Tekst<'_>, sleutel: &str, waarde: &Spanned<String>) -> Uitkomst<String> {
    if waarde.get_ref().trim().is_empty() {
        return Err(tekst.fout(
            waarde.span(),
            format!("{sleutel} is leeg"),
            format!("schrijf {sleutel} = \"…\""),
        ));
    }
    zonder_bsn(tekst, waarde.span(), waarde.get_ref())?;
    Ok(waarde.get_ref().clone())
}

fn zonder_bsn(tekst: &Tekst<'_>, plaats: Range<usize>, waarde: &str) -> Uitkomst<()> {
    match gemaskeerd(waarde) {
        Cow::Borrowed(_) => Ok(()),
        Cow::Owned(_) => Err(tekst.fout(
            plaats,
            "hier staat een getal dat een Bsn kan zijn",
            "laat het weg: een Bsn wordt nergens vergeleken of getoond",
        )),
    }
}

fn voorwaarde(tekst: &Tekst<'_>, t: Voorwaardetabel) -> Uitkomst<Voorwaarde> {
    let (kolom, soort) = kolom(tekst, &t.kolom)?;
    let als = operator(tekst, &t.als)?;
    let fout = |bericht: String, raad: &str| tekst.fout(t.als.span(), bericht, raad);
    let naam = als.naam();
    let past = match als {
        Operator::GroterDan | Operator::KleinerDan | Operator::Minstens | Operator::Hoogstens => {
            !soort.is_tekst()
        }
        Operator::BegintMet | Operator::Bevat => soort.is_tekst(),
        _ => true,
    };
    if !past {
        let raad = if soort.is_tekst() {
            "gebruik bij tekst: is, is niet, begint met, bevat, in, is leeg, is gevuld"
        } else {
            "gebruik hier: is, is niet, groter dan, kleiner dan, minstens, hoogstens, in, is leeg, is gevuld"
        };
        return Err(fout(format!("'{naam}' past niet bij kolom {kolom}"), raad));
    }
    let zonder_waarde = matches!(als, Operator::IsLeeg | Operator::IsGevuld);
    let waarde = match (&t.waarde, zonder_waarde) {
        (None, true) => return Ok(Voorwaarde { kolom, als, waarden: Vec::new() }),
        (Some(w), true) => {
            return Err(tekst.fout(
                w.span(),
                format!("bij '{naam}' hoort geen waarde"),
                "haal de waarde weg",
            ));
        }
        (None, false) => {
            return Err(fout(format!("bij '{naam}' ontbreekt waarde"), "voeg toe: waarde = …"));
        }
        (Some(w), false) => w,
    };
    // Part of a code need not have all its digits.
    let soort =
        if matches!(als, Operator::BegintMet | Operator::Bevat) { Celsoort::Tekst } else { soort };
    let verkeerd = |wat: String| {
        tekst.fout(
            waarde.span(),
            format!("verkeerde waarde voor kolom {kolom}; verwacht {wat}"),
            "verbeter de waarde",
        )
    };
    let omschrijving = omschrijving(soort);
    let ruw: Vec<&toml::Value> = match (als, waarde.get_ref()) {
        (Operator::In, toml::Value::Array(lijst)) if !lijst.is_empty() => lijst.iter().collect(),
        (Operator::In, _) => return Err(verkeerd(format!("een lijst, met {omschrijving}"))),
        (_, een) => vec![een],
    };
    let mut waarden = Vec::new();
    for w in ruw {
        if let Some(t) = w.as_str() {
            zonder_bsn(tekst, waarde.span(), t)?;
        }
        waarden.push(cel(soort, w).ok_or_else(|| verkeerd(omschrijving.clone()))?);
    }
    Ok(Voorwaarde { kolom, als, waarden })
}

fn kolom(tekst: &Tekst<'_>, naam: &Spanned<String>) -> Uitkomst<(Kolom, Celsoort)> {
    let gezocht = naam.get_ref().as_str();
    if let Some(gevonden) = KOLOMMEN.iter().find(|(k, _)| k.naam() == gezocht) {
        return Ok(*gevonden);
    }
    let fout = |bericht: String, raad: String| -> Box<ConfigFout> {
        tekst.fout(naam.span(), bericht, raad)
    };
    let bekend = || KOLOMMEN.iter().map(|(k, _)| k.naam());
    Err(match gezocht {
        "Bsn" => fout(
            "kolom Bsn mag niet in een eigen controle: een Bsn wordt nergens vergeleken of getoond"
                .into(),
            "gebruik een andere kolom, zoals ToewijzingNummer".into(),
        ),
        "DebetCredit" => fout(
            "kolom DebetCredit kan niet in een eigen controle: alleen debetregels worden getoetst"
                .into(),
            "laat deze voorwaarde weg".into(),
        ),
        _ => fout(
            format!("declaraties hebben geen kolom '{gezocht}'"),
            match gelijkende(gezocht, bekend()) {
                Some(wel) => format!("bedoelt u {wel}?"),
                None => format!("kies uit: {}", bekend().collect::<Vec<_>>().join(", ")),
            },
        ),
    })
}

fn operator(tekst: &Tekst<'_>, als: &Spanned<String>) -> Uitkomst<Operator> {
    let gezocht = als.get_ref();
    Operator::ALLE.iter().copied().find(|o| o.naam() == gezocht).ok_or_else(|| {
        let namen: Vec<&str> = Operator::ALLE.iter().map(|o| o.naam()).collect();
        tekst.fout(
            als.span(),
            format!("'{gezocht}' is geen vergelijking"),
            format!("kies uit: {}", namen.join(", ")),
        )
    })
}

fn omschrijving(soort: Celsoort) -> String {
    match soort {
        Celsoort::Tekst => "een tekst tussen aanhalingstekens".into(),
        Celsoort::Code(cijfers) => {
            format!("een code van {cijfers} cijfers tussen aanhalingstekens")
        }
        Celsoort::Bedrag => "een bedrag in euro's, als 10000 of \"12,50\"".into(),
        Celsoort::Volume => "een aantal, als 120 of \"2,5\"".into(),
        Celsoort::Getal => "een heel getal".into(),
        Celsoort::Datum => "een datum als 2023-01-31, zonder aanhalingstekens".into(),
    }
}

fn cel(soort: Celsoort, waarde: &toml::Value) -> Option<Cel<'static>> {
    let tekst = || waarde.as_str().filter(|t| !t.is_empty());
    let honderdsten = || match waarde {
        toml::Value::Integer(n) if *n >= 0 => n.checked_mul(100),
        toml::Value::String(t) => honderdsten(t),
        _ => None,
    };
    Some(match soort {
        Celsoort::Tekst => Cel::Tekst(tekst()?.to_owned().into()),
        Celsoort::Code(cijfers) => {
            let code = tekst()?;
            let past = code.len() == cijfers && code.bytes().all(|c| c.is_ascii_digit());
            Cel::Tekst(past.then(|| code.to_owned())?.into())
        }
        Celsoort::Bedrag => Cel::Bedrag(Cent(honderdsten()?)),
        Celsoort::Volume => Cel::Volume(Volume(honderdsten()?)),
        Celsoort::Getal => Cel::Getal(u32::try_from(waarde.as_integer()?).ok()?),
        Celsoort::Datum => Cel::Datum(waarde.as_datetime().and_then(dag_van)?),
    })
}

/// `12`, `12,5` or `12,50` in hundredths; nothing that could mean two things.
fn honderdsten(tekst: &str) -> Option<i64> {
    let (heel, deel) = tekst.split_once(',').unwrap_or((tekst, "0"));
    let cijfers = |t: &str| !t.is_empty() && t.bytes().all(|c| c.is_ascii_digit());
    if !cijfers(heel) || !cijfers(deel) || deel.len() > 2 || heel.len() > 13 {
        return None;
    }
    let honderdsten: i64 = format!("{deel:0<2}").parse().ok()?;
    Some(heel.parse::<i64>().ok()? * 100 + honderdsten)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regels::{REGISTER, kenmerken};
    use crate::regelset::Regelsetbron;
    use crate::toetsing::AuditRule;

    const GOED: &str = "[eigen.X01]
titel = \"Hoog bedrag\"
kolom = \"IngediendBedrag\"
als = \"groter dan\"
waarde = 10000
ernst = \"signaal\"
bron = \"eigen afspraak\"
";

    fn lees_set(eigen: &str) -> Uitkomst<Regelset> {
        let map = tempfile::tempdir().unwrap();
        let kop = "[regelset]\nnaam = \"mijn\"\ntitel = \"Mijn regels\"\nversie = \"1\"\nbasis = \"ijsselland\"\nvanaf = 2023-01-01\n\n";
        std::fs::write(map.path().join("mijn.toml"), format!("{kop}{eigen}")).unwrap();
        Regelset::lees("mijn", &Regelsetbron::Map(map.path().to_owned()), &kenmerken())
    }

    #[track_caller]
    fn fout(eigen: &str, regel: usize, woorden: &[&str]) {
        let fout = lees_set(eigen).expect_err("a mistake is refused");
        let plaats = format!("mijn.toml, regel {}: ", regel + 7);
        assert!(fout.bericht.starts_with(&plaats), "{plaats} in {}", fout.bericht);
        let alles = format!("{} {}", fout.bericht, fout.raad);
        for woord in woorden {
            assert!(alles.contains(woord), "no '{woord}' in: {alles}");
        }
    }

    fn met(oud: &str, nieuw: &str) -> String {
        assert!(GOED.contains(oud), "{oud}");
        GOED.replace(oud, nieuw)
    }

    #[test]
    fn an_own_check_is_a_rule_with_its_own_source() {
        let set = lees_set(GOED).unwrap();
        let [controle] = set.eigen() else { panic!("one check") };
        let regel = AuditRule::from(controle.clone());
        assert_eq!((regel.code, regel.familie(), &*regel.nodig), ("X01", "X", "IngediendBedrag"));
        assert!(regel.wat.contains("IngediendBedrag is groter dan € 10.000,00"), "{}", regel.wat);
        assert_eq!(&*set.regel("X01").unwrap().bron, "eigen afspraak");
        let nogmaals = lees_set(GOED).unwrap();
        assert_eq!(*controle, nogmaals.eigen()[0], "read twice, it is the same check");
        assert!(REGISTER.iter().all(|r| !r.code.starts_with("X")));
    }

    #[test]
    fn more_conditions_are_a_list_or_one_table() {
        for en in [
            "en = { kolom = \"Eenheid\", als = \"in\", waarde = [\"01\", \"04\"] }\n",
            "en = [{ kolom = \"Eenheid\", als = \"in\", waarde = [\"01\", \"04\"] }]\n",
            "[[eigen.X01.en]]\nkolom = \"Eenheid\"\nals = \"in\"\nwaarde = [\"01\", \"04\"]\n",
        ] {
            let set = lees_set(&format!("{GOED}{en}")).unwrap();
            assert_eq!(set.eigen()[0].nodig(), "IngediendBedrag, Eenheid");
            assert!(set.eigen()[0].wat().contains(" en Eenheid is één van '01', '04'"));
        }
        fout(&format!("{GOED}en = 3\n"), 8, &["verkeerde soort"]);
        let verkeerd = "[[eigen.X01.en]]\nkolom = \"Eenheid\"\nals = \"in\"\nwaarde = \"01\"\n";
        fout(&format!("{GOED}{verkeerd}"), 11, &["een lijst", "2 cijfers"]);
    }

    #[test]
    fn mistakes_name_their_line() {
        fout(&met("X01", "Y01"), 1, &["'Y01'", "twee cijfers"]);
        fout(&met("X01", "X1"), 1, &["'X1'"]);
        fout(&met("ernst", "enst"), 6, &["onbekende sleutel `enst`", "`ernst`"]);
        fout(&met("bron = \"eigen afspraak\"\n", ""), 1, &["`bron` ontbreekt"]);
        fout(&met("titel = \"Hoog bedrag\"\n", ""), 1, &["`titel` ontbreekt"]);
        fout(&met("\"eigen afspraak\"", "\" \""), 7, &["bron is leeg"]);
        fout(&met("\"signaal\"", "\"ernstig\""), 6, &["'ernstig'", "onzekerheid"]);
        fout(&met("IngediendBedrag", "IngedienBedrag"), 3, &["bedoelt u IngediendBedrag?"]);
        fout(&met("groter dan", "meer dan"), 4, &["'meer dan'", "groter dan", "is gevuld"]);
        fout(&met("groter dan", "bevat"), 4, &["'bevat' past niet"]);
        fout(&met("waarde = 10000\n", ""), 4, &["ontbreekt waarde"]);
        fout(&met("groter dan", "is leeg"), 5, &["geen waarde"]);
        fout(&met("10000", "\"veel\""), 5, &["een bedrag in euro's"]);
        fout(&met("10000", "12.5"), 5, &["\"12,50\""]);
        fout(&met("10000", "\"1.000\""), 5, &["een bedrag in euro's"]);
        fout(&format!("{GOED}vanaf = \"2023\"\n"), 8, &["soort"]);
        fout(&format!("{GOED}vanaf = 2024-01-01\ntot = 2023-01-01\n"), 9, &["voor hij begint"]);
        fout(&format!("{GOED}{GOED}"), 8, &["TOML"]);
    }

    #[test]
    fn every_column_takes_values_of_its_own_kind() {
        let datum = met("IngediendBedrag", "Ontvangstdatum");
        assert!(lees_set(&datum.replace("10000", "2023-06-30")).is_ok());
        fout(&datum, 5, &["een datum"]);
        let code = met("IngediendBedrag", "Gemeente").replace("groter dan", "is");
        fout(&code, 5, &["een code van 4 cijfers"]);
        fout(&code.replace("10000", "\"150\""), 5, &["een code van 4 cijfers"]);
        assert!(lees_set(&code.replace("10000", "\"0150\"")).is_ok());
        let begin = code.replace("\"is\"", "\"begint met\"");
        assert!(lees_set(&begin.replace("10000", "\"01\"")).is_ok());
        assert!(lees_set(&met("10000", "\"12,50\"")).is_ok());
        assert_eq!(honderdsten("12,5"), Some(1250));
        assert_eq!(honderdsten("12,505"), None);
    }

    #[test]
    fn a_bsn_is_neither_compared_nor_shown() {
        fout(&met("IngediendBedrag", "Bsn"), 3, &["Bsn mag niet", "nergens vergeleken of getoond"]);
        let tekst = met("IngediendBedrag", "ReferentieNummer").replace("groter dan", "bevat");
        fout(&tekst.replace("10000", "\"999900006\""), 5, &["een Bsn kan zijn"]);
        fout(&met("Hoog bedrag", "Kind 999900006"), 2, &["een Bsn kan zijn"]);
        fout(&met("IngediendBedrag", "DebetCredit"), 3, &["alleen debetregels"]);
    }

    #[test]
    fn a_code_that_the_ruleset_below_has_is_refused() {
        let map = tempfile::tempdir().unwrap();
        for (naam, basis) in [("onder", "landelijk"), ("boven", "onder")] {
            let kop = format!(
                "[regelset]\nnaam = \"{naam}\"\ntitel = \"t\"\nversie = \"1\"\nbasis = \"{basis}\"\nvanaf = 2023-01-01\n"
            );
            std::fs::write(map.path().join(format!("{naam}.toml")), format!("{kop}{GOED}"))
                .unwrap();
        }
        let bron = Regelsetbron::Map(map.path().to_owned());
        assert!(Regelset::lees("onder", &bron, &kenmerken()).is_ok());
        let fout = Regelset::lees("boven", &bron, &kenmerken()).expect_err("a clash");
        assert!(fout.bericht.starts_with("boven.toml, regel 7: X01 staat al"), "{}", fout.bericht);
    }
}
