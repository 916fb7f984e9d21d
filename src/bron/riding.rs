//! Which headers `[meenemen]` names, and where a file has them.

use super::error::SourceError;
use super::koppen::genormaliseerd;

/// Is this header among those that ride along?
pub(super) fn rides_along(header: &str, riding: &[String]) -> bool {
    !riding.is_empty() && {
        let header = genormaliseerd(header);
        riding.iter().any(|own| genormaliseerd(own) == header)
    }
}

/// The places of the columns that ride along; `None` for one that the file lacks.
///
/// # Errors
/// Which of two columns is meant can't be told.
pub(super) fn places(
    headers: &[String],
    riding: &[String],
    (file, line): (&str, u64),
) -> Result<Vec<Option<u16>>, SourceError> {
    let of = |own: &String| {
        let target = genormaliseerd(own);
        let mut same = (0..).zip(headers).filter(|(_, h)| genormaliseerd(h) == target);
        match (same.next(), same.next()) {
            (Some((place, _)), None) => Ok(Some(place)),
            (None, _) => Ok(None),
            (Some(_), Some(_)) => {
                Err(SourceError::RidingTwice { file: file.to_owned(), line, column: own.clone() })
            }
        }
    };
    riding.iter().map(of).collect()
}
