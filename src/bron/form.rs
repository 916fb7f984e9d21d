//! In which form a file is, by the end of its name, and where in it its table stands.

use crate::dossier::FileKind;

/// A form of file that holds one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileForm {
    Csv,
    CsvGz,
    /// Of any spreadsheet program; its bytes say which.
    Workbook,
    Parquet,
}

/// Where in a file its table stands, as far as the settings say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TablePlace {
    /// The only sheet of a workbook to read.
    pub sheet: Option<String>,
    /// Line of the header, from 1.
    pub header_line: Option<u32>,
    /// Is the table one of those of a wide export? Then a row without what is its own is no row of it.
    pub is_wide: bool,
}

impl FileForm {
    /// The form that this name promises.
    pub(crate) fn from_name(name: &str) -> Option<FileForm> {
        let name = name.to_ascii_lowercase();
        [
            (".csv", FileForm::Csv),
            (".csv.gz", FileForm::CsvGz),
            (".xlsx", FileForm::Workbook),
            (".xlsm", FileForm::Workbook),
            (".xlsb", FileForm::Workbook),
            (".xls", FileForm::Workbook),
            (".ods", FileForm::Workbook),
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
            FileForm::Csv | FileForm::Workbook => true,
            FileForm::CsvGz | FileForm::Parquet => {
                matches!(kind, FileKind::Declaraties | FileKind::Toewijzingen)
            }
        }
    }
}
