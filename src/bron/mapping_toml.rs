//! The parts of `controle.toml` that say how exports are written.

use super::fields::{AmountFormat, DateOrder, DecimalMark, MoneyUnit};
use super::header::ColumnNames;
use super::koppen::genormaliseerd;
use super::mapping::{ColumnWords, FILE_NAME, FileRule, FileRules, Mapping, PerKind};
use crate::dossier::{FileKind, Kolom, MOST_COLUMNS};
use crate::ground::config::{ConfigError, like};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor, value};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

type Words = BTreeMap<String, Spanned<String>>;

/// `[kolommen]`: by own header a column, or by kind a table of those.
pub(super) type Names = BTreeMap<String, Spanned<NameOrTable>>;
/// `[bestanden]`, by name or pattern.
pub(super) type Files = BTreeMap<String, Spanned<FileEntry>>;
/// `[waarden]`, by column.
pub(super) type Values = BTreeMap<String, Spanned<Words>>;
/// `[bedragen]` and `[datums]`: settings, or by kind a table of those.
pub(super) type Settings = BTreeMap<String, Spanned<NameOrTable>>;

/// `[meenemen]`: by kind of file headers of the export.
pub(super) type Riding = BTreeMap<String, Spanned<Vec<Spanned<String>>>>;

/// The tables, as they stand in the file.
pub(super) struct MappingTables {
    pub kolommen: Names,
    pub bestanden: Files,
    pub waarden: Values,
    pub bedragen: Settings,
    pub datums: Settings,
    pub meenemen: Riding,
}

/// A word, or a table of words for one kind of file.
pub(super) enum NameOrTable {
    Name(String),
    Table(Words),
}

impl<'de> Deserialize<'de> for NameOrTable {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Of;
        impl<'de> Visitor<'de> for Of {
            type Value = NameOrTable;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or a table")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<NameOrTable, E> {
                Ok(NameOrTable::Name(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<NameOrTable, A::Error> {
                Words::deserialize(value::MapAccessDeserializer::new(map)).map(NameOrTable::Table)
            }
        }
        from.deserialize_any(Of)
    }
}

/// What `[bestanden]` says of a file: a kind, some kinds, or a table.
pub(super) struct FileEntry {
    kinds: Vec<String>,
    sheet: Option<String>,
    header_line: Option<u32>,
}

impl<'de> Deserialize<'de> for FileEntry {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            soort: Option<OneOrMore>,
            blad: Option<String>,
            koprij: Option<u32>,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrMore {
            One(String),
            More(Vec<String>),
        }
        struct Of;
        impl<'de> Visitor<'de> for Of {
            type Value = FileEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a kind, a list of kinds or a table")
            }

            fn visit_str<E: Error>(self, kind: &str) -> Result<FileEntry, E> {
                Ok(FileEntry { kinds: vec![kind.to_owned()], sheet: None, header_line: None })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<FileEntry, A::Error> {
                let kinds = Vec::deserialize(value::SeqAccessDeserializer::new(list))?;
                Ok(FileEntry { kinds, sheet: None, header_line: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FileEntry, A::Error> {
                let table = Table::deserialize(value::MapAccessDeserializer::new(map))?;
                if table.koprij == Some(0) {
                    return Err(A::Error::custom("koprij"));
                }
                let kinds = match table.soort {
                    None => Vec::new(),
                    Some(OneOrMore::One(kind)) => vec![kind],
                    Some(OneOrMore::More(kinds)) => kinds,
                };
                Ok(FileEntry { kinds, sheet: table.blad, header_line: table.koprij })
            }
        }
        from.deserialize_any(Of)
    }
}

type Place = std::ops::Range<usize>;

/// Tells where in the file something is wrong.
struct Reading<'c> {
    content: &'c str,
}

impl Reading<'_> {
    fn error(&self, place: Place, what: String, advice: impl Into<String>) -> Box<ConfigError> {
        ConfigError::in_file(FILE_NAME, self.content, place, what, advice)
    }

    fn kind(&self, name: &str, place: Place) -> Result<FileKind, Box<ConfigError>> {
        let found = FileKind::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| {
            let names = FileKind::ALL.map(FileKind::name);
            let advice = match like(name, names) {
                Some(kind) => format!("bedoelt u \"{kind}\"?"),
                None => format!("kies uit: {}", names.join(", ")),
            };
            self.error(place, format!("'{name}' is geen soort bestand"), advice)
        })
    }

    fn kolom(&self, name: &str, place: Place) -> Result<Kolom, Box<ConfigError>> {
        Kolom::ALL.iter().copied().find(|k| k.name() == name).ok_or_else(|| {
            let names = Kolom::ALL.iter().map(|k| k.name());
            let advice = match like(name, names) {
                Some(k) => format!("bedoelt u \"{k}\"?"),
                None => "gebruik rechts van het is-teken een kolomnaam van rechtmatig; links staat de kop van uw export".into(),
            };
            self.error(place, format!("'{name}' is geen kolom van rechtmatig"), advice)
        })
    }

    fn columns(&self, table: Names) -> Result<ColumnNames, Box<ConfigError>> {
        let mut names = ColumnNames::default();
        for (own, entry) in table {
            let place = entry.span();
            match entry.into_inner() {
                NameOrTable::Name(name) => names.add(None, &own, self.kolom(&name, place)?),
                NameOrTable::Table(words) => {
                    let kind = self.kind(&own, place)?;
                    for (own, name) in words {
                        let kolom = self.kolom(name.get_ref(), name.span())?;
                        if !kind.kolommen().iter().any(|(k, _)| *k == kolom) {
                            return Err(self.error(
                                name.span(),
                                format!("'{kolom}' is geen kolom van {kind}"),
                                "zet de kop onder [kolommen] van de soort die deze kolom heeft",
                            ));
                        }
                        names.add(Some(kind), &own, kolom);
                    }
                }
            }
        }
        Ok(names)
    }

    /// Adds the columns that ride along to the names of the others.
    fn riding(&self, table: Riding, names: &mut ColumnNames) -> Result<(), Box<ConfigError>> {
        for (name, headers) in table {
            let place = headers.span();
            let kind = self.kind(&name, place.clone())?;
            if kind != FileKind::Declaraties {
                let what = format!("van {kind} gaan geen kolommen mee");
                return Err(self.error(
                    place,
                    what,
                    "noem kolommen van declaraties, of haal dit weg",
                ));
            }
            let headers = headers.into_inner();
            if headers.len() > MOST_COLUMNS {
                let what = format!("er gaan {} kolommen mee", headers.len());
                return Err(self.error(place, what, format!("noem er ten hoogste {MOST_COLUMNS}")));
            }
            let mut known: Vec<String> = Vec::new();
            for header in headers {
                let (own, place) = (header.get_ref().trim(), header.span());
                self.rides(own, place, kind, names, &known)?;
                known.push(own.to_owned());
            }
            names.take_along(kind, known);
        }
        Ok(())
    }

    /// Can this header ride along, beside those that do?
    fn rides(
        &self,
        own: &str,
        place: Place,
        kind: FileKind,
        names: &ColumnNames,
        known: &[String],
    ) -> Result<(), Box<ConfigError>> {
        const LONGEST: usize = 60;
        let advice = "noem de kop van een kolom van uw export die rechtmatig niet leest";
        if genormaliseerd(own).is_empty() || own.chars().any(char::is_control) {
            return Err(self.error(place, format!("'{}' is geen kop", own.escape_debug()), advice));
        }
        if own.chars().count() > LONGEST {
            let what = format!("een kop van meer dan {LONGEST} tekens gaat niet mee");
            return Err(self.error(place, what, "geef de kolom in de export een kortere kop"));
        }
        if let Some(kolom) = names.kolom(own, kind) {
            let what =
                format!("'{own}' wordt al gelezen als {kolom}; alleen andere kolommen gaan mee");
            return Err(self.error(place, what, advice));
        }
        match known.iter().any(|other| genormaliseerd(other) == genormaliseerd(own)) {
            true => Err(self.error(
                place,
                format!("'{own}' staat er twee keer"),
                "noem elke kop één keer",
            )),
            false => Ok(()),
        }
    }

    fn files(&self, table: Files) -> Result<FileRules, Box<ConfigError>> {
        let rules = table.into_iter().map(|(pattern, entry)| {
            let place = entry.span();
            let FileEntry { kinds, sheet, header_line } = entry.into_inner();
            let kinds = kinds.iter().map(|name| self.kind(name, place.clone()));
            Ok(FileRule { pattern, kinds: kinds.collect::<Result<_, _>>()?, sheet, header_line })
        });
        rules.collect::<Result<_, _>>().map(FileRules::new)
    }

    fn words(&self, table: Values) -> Result<ColumnWords, Box<ConfigError>> {
        let mut all = ColumnWords::default();
        for (name, words) in table {
            let kolom = self.kolom(&name, words.span())?;
            for (word, means) in words.into_inner() {
                all.add(kolom, &word, means.get_ref());
            }
        }
        Ok(all)
    }

    /// Settings of all kinds, and of some kinds: `read` changes what holds for all, or for all
    /// until then, by one setting.
    fn per_kind<T: Copy + Default>(
        &self,
        table: Settings,
        read: impl Fn(&mut T, &str, &str, Place) -> Result<(), Box<ConfigError>>,
    ) -> Result<PerKind<T>, Box<ConfigError>> {
        let mut settings = PerKind { all: T::default(), of: BTreeMap::new() };
        let mut kinds = Vec::new();
        for (name, entry) in table {
            let place = entry.span();
            match entry.into_inner() {
                NameOrTable::Name(value) => read(&mut settings.all, &name, &value, place)?,
                NameOrTable::Table(words) => kinds.push((self.kind(&name, place)?, words)),
            }
        }
        for (kind, words) in kinds {
            let mut of_kind = settings.all;
            for (name, value) in words {
                read(&mut of_kind, &name, value.get_ref(), value.span())?;
            }
            settings.of.insert(kind, of_kind);
        }
        Ok(settings)
    }

    /// One word of a setting that has a few.
    fn one_of<T: Copy>(
        &self,
        value: &str,
        known: &[(&str, T)],
        place: Place,
    ) -> Result<T, Box<ConfigError>> {
        known.iter().find(|(name, _)| *name == value).map(|(_, t)| *t).ok_or_else(|| {
            let names: Vec<String> = known.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            let advice = format!("toegestaan zijn {}", names.join(" en "));
            self.error(place, format!("onbekende waarde `{value}`"), advice)
        })
    }

    fn unknown(&self, name: &str, known: &str, place: Place) -> Box<ConfigError> {
        let what = format!("onbekende sleutel `{name}`; bekend zijn {known}");
        self.error(place, what, "verbeter deze regel")
    }

    fn amounts(&self, table: Settings) -> Result<PerKind<AmountFormat>, Box<ConfigError>> {
        let marks = [(",", DecimalMark::Comma), (".", DecimalMark::Point)];
        let units = [("euro", MoneyUnit::Euro), ("eurocent", MoneyUnit::Eurocent)];
        self.per_kind(table, |format: &mut AmountFormat, name, value, place| {
            match name {
                "decimaal" => format.decimal_mark = Some(self.one_of(value, &marks, place)?),
                "eenheid" => format.eenheid = self.one_of(value, &units, place)?,
                _ => return Err(self.unknown(name, "`decimaal`, `eenheid`", place)),
            }
            Ok(())
        })
    }

    fn dates(&self, table: Settings) -> Result<PerKind<DateOrder>, Box<ConfigError>> {
        let orders = [("dmj", DateOrder::DayFirst), ("mdj", DateOrder::MonthFirst)];
        self.per_kind(table, |order: &mut DateOrder, name, value, place| {
            if name != "volgorde" {
                return Err(self.unknown(name, "`volgorde`", place));
            }
            *order = self.one_of(value, &orders, place)?;
            Ok(())
        })
    }
}

impl MappingTables {
    /// What they say; `content` is the whole file, for messages.
    ///
    /// # Errors
    /// A kind, a column or a word that isn't ours.
    pub(super) fn mapping(self, content: &str) -> Result<Mapping, Box<ConfigError>> {
        let reading = Reading { content };
        let mut columns = reading.columns(self.kolommen)?;
        reading.riding(self.meenemen, &mut columns)?;
        Ok(Mapping {
            files: reading.files(self.bestanden)?,
            columns,
            words: reading.words(self.waarden)?,
            amounts: reading.amounts(self.bedragen)?,
            dates: reading.dates(self.datums)?,
        })
    }
}
