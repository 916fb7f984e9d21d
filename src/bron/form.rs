//! In which form a file is, by the end of its name.

use crate::dossier::FileKind;

/// A form of file that holds one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileForm {
    Csv,
    CsvGz,
    Xlsx,
    Parquet,
}

impl FileForm {
    /// The form that this name promises.
    pub(crate) fn from_name(name: &str) -> Option<FileForm> {
        let name = name.to_ascii_lowercase();
        [
            (".csv", FileForm::Csv),
            (".csv.gz", FileForm::CsvGz),
            (".xlsx", FileForm::Xlsx),
            (".parquet", FileForm::Parquet),
        ]
        .into_iter()
        .find(|(end, _)| name.ends_with(end))
        .map(|(_, form)| form)
    }

    /// Is this kind of table read in this form? The small tables come from people, not from a
    /// data warehouse.
    pub(crate) fn fits(self, kind: FileKind) -> bool {
        match self {
            FileForm::Csv | FileForm::Xlsx => true,
            FileForm::CsvGz | FileForm::Parquet => {
                matches!(kind, FileKind::Declaraties | FileKind::Toewijzingen)
            }
        }
    }
}
