//! What every part of an audit must know of the whole: its files, codes and messages, and under
//! which ruleset it is audited. It is small beside the rows.

use super::Destination;
use super::arrow::{ArrowField, ArrowRow, RowWriter, StreamError};
use crate::audit::passes::Terms;
use crate::dossier::{
    AanbiederId, Agb, BerichtKind, Bsn, Columns, Dag, DeclaratieAnswer, Declaratiebericht, FileId,
    FileKind, Gemeente, ProductId, ProductKey, SourceFile, Startstop, StringInterner,
};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// Kind of the row that holds a [`DossierHeader`].
pub(crate) const KIND: &str = "stand";

/// What the parts of one audit must have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fingerprint {
    programma: String,
    jaar: i32,
    niveau: String,
    /// Names and SHA-256 of the ruleset's files.
    regelset: Vec<(String, String)>,
    /// Codes of the rules that are run.
    regels: Vec<String>,
    /// Columns that ride along.
    meenemen: Vec<String>,
}

impl Fingerprint {
    pub(in crate::audit) fn new(terms: &Terms<'_>, riding: Vec<String>) -> Fingerprint {
        let files = terms.regelset.files.iter();
        Fingerprint {
            programma: env!("CARGO_PKG_VERSION").to_owned(),
            jaar: terms.jaar,
            niveau: terms.niveau.name().to_owned(),
            regelset: files.map(|b| (b.name.clone(), b.sha256.clone())).collect(),
            regels: terms.rules.iter().map(|r| r.code.to_owned()).collect(),
            meenemen: riding,
        }
    }

    /// What differs from the other, in words.
    fn difference(&self, other: &Fingerprint) -> Option<&'static str> {
        let differences = [
            (self.programma != other.programma, "een andere versie van rechtmatig"),
            (self.jaar != other.jaar, "een ander leverjaar"),
            (self.niveau != other.niveau, "een ander niveau in controle.toml"),
            (self.regelset != other.regelset, "een andere regelset"),
            // Who runs no rules takes the parts of any choice.
            (
                !other.regels.is_empty() && self.regels != other.regels,
                "een andere keus met --alleen of --zonder",
            ),
            (self.meenemen != other.meenemen, "andere kolommen onder [meenemen] in controle.toml"),
        ];
        differences.into_iter().find_map(|(differs, what)| differs.then_some(what))
    }
}

/// A start or stop that is taken back: whatever equals it and was sent no later.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Withdrawal {
    gemeente: Gemeente,
    aanbieder: Agb,
    toewijzing_nummer: String,
    soort: BerichtKind,
    datum: Dag,
    verzonden: Option<Dag>,
}

impl Withdrawal {
    pub(crate) fn of(s: &Startstop, ids: &StringInterner) -> Withdrawal {
        Withdrawal {
            gemeente: s.gemeente,
            aanbieder: s.aanbieder,
            toewijzing_nummer: ids.get(s.toewijzing_nummer).to_owned(),
            soort: s.soort,
            datum: s.datum,
            verzonden: s.verzonden().ok().flatten(),
        }
    }

    /// As a message; about whom doesn't matter.
    fn bericht(&self, ids: &mut StringInterner) -> Startstop {
        let nummer = ids.intern(&self.toewijzing_nummer);
        let whose = (self.gemeente, self.aanbieder, Bsn::NONE);
        Startstop::new(nummer, whose, self.soort, self.datum, (FileId(0), 0)).with_cells(
            self.verzonden,
            None,
            Columns::default(),
        )
    }
}

/// What every part must know of the whole. Numbers of files, aanbieders and products are places in
/// its lists, and so mean the same in all parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DossierHeader {
    pub kenmerk: Fingerprint,
    /// All files, in the order of their paths.
    pub bestanden: Vec<SourceFile>,
    /// For each file: is it a message that was refused?
    pub geweigerd: Vec<bool>,
    /// The aanbieders that any file names, by AGB code.
    pub agbs: Vec<Agb>,
    /// (ProductCategorie, ProductCode) that lines declare, by bytes.
    pub producten: Vec<(String, String)>,
    /// Does any line name a function?
    pub kent_functies: bool,
    /// Does the dossier have starts and stops?
    pub startstop: bool,
    pub teruggenomen: Vec<Withdrawal>,
    pub berichten: Option<Vec<Declaratiebericht>>,
    pub antwoorden: Option<Vec<DeclaratieAnswer>>,
    pub waarschuwingen: Vec<String>,
}

impl DossierHeader {
    pub(crate) fn write(&self, out: &mut RowWriter<impl Write>) -> io::Result<()> {
        let content = serde_json::to_string(self)?;
        out.row(|row| {
            row.text(ArrowField::Doel, Destination::All.name())
                .text(ArrowField::Soort, KIND)
                .text(ArrowField::Inhoud, &content);
        })
    }

    /// Reads the stand of an audit with this `fingerprint`.
    pub(crate) fn read(
        row: &ArrowRow<'_>,
        fingerprint: &Fingerprint,
    ) -> Result<DossierHeader, StreamError> {
        #[derive(Deserialize)]
        struct FingerprintOnly {
            kenmerk: Fingerprint,
        }
        let gelezen: FingerprintOnly = row.content()?;
        match gelezen.kenmerk.difference(fingerprint) {
            None => row.content(),
            Some(what) => Err(StreamError::Content(
                format!("de stand van het dossier is gemaakt met {what}"),
                "geef bij elke stap dezelfde opties, en gebruik overal hetzelfde programma",
            )),
        }
    }

    /// Rows that the accepted files of a kind have.
    pub(crate) fn aanvaard(&self, kind: FileKind) -> u64 {
        self.bestanden.iter().filter(|b| b.soort == kind).map(|b| b.aanvaard).sum()
    }

    /// The starts and stops that are taken back.
    pub(crate) fn withdrawn(&self, ids: &mut StringInterner) -> Vec<Startstop> {
        self.teruggenomen.iter().map(|t| t.bericht(ids)).collect()
    }

    /// Numbers by what they stand for.
    pub(crate) fn index(&self) -> Index {
        let files = self.bestanden.iter().enumerate();
        let producten = self.producten.iter().enumerate();
        Index {
            files: files.map(|(i, b)| (b.pad.clone(), FileId::new(i))).collect(),
            agbs: self.agbs.clone(),
            producten: producten.map(|(i, p)| (p.clone(), ProductId(i as u16))).collect(),
        }
    }
}

/// Numbers by what they stand for.
pub(crate) struct Index {
    files: HashMap<String, FileId>,
    agbs: Vec<Agb>,
    producten: HashMap<(String, String), ProductId>,
}

impl Index {
    pub(crate) fn file(&self, path: &str) -> Option<FileId> {
        self.files.get(path).copied()
    }

    pub(crate) fn aanbieder(&self, agb: Agb) -> Option<AanbiederId> {
        self.agbs.binary_search(&agb).ok().map(|i| AanbiederId(i as u16))
    }

    pub(crate) fn product(&self, categorie: &str, code: &str) -> Option<ProductId> {
        self.producten.get(&ProductKey(categorie, code)).copied()
    }
}
