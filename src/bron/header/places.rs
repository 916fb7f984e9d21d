//! Where a file has its columns.

use super::HeaderSpec;
use crate::bron::error::SourceError;
use crate::bron::riding::rides_along;
use crate::dossier::Kolom;

/// For each column (by `Kolom as usize`) its place in a record.
#[derive(Clone, Debug)]
pub(super) struct ColumnPlaces([u16; Kolom::ALL.len()]);

const NOWHERE: u16 = u16::MAX;

impl ColumnPlaces {
    /// The place of a column, if the file has it.
    #[inline]
    pub(super) fn of(&self, kolom: Kolom) -> Option<usize> {
        let place = self.0[kolom as usize];
        (place != NOWHERE).then_some(usize::from(place))
    }

    pub(super) fn put(&mut self, kolom: Kolom, place: usize) {
        self.0[kolom as usize] = place as u16;
    }

    /// The columns that the file has, in the order of all, each with its place.
    pub(super) fn found(&self) -> impl Iterator<Item = (Kolom, usize)> {
        Kolom::ALL.iter().filter_map(|kolom| Some((*kolom, self.of(*kolom)?)))
    }

    pub(super) fn kolommen(&self) -> impl Iterator<Item = Kolom> {
        self.found().map(|(kolom, _)| kolom)
    }

    /// The places of the columns that are called by our names, or by those that the settings tell; and
    /// the headers that mean nothing to us.
    ///
    /// # Errors
    /// Two headers name one column.
    pub(super) fn told(
        headers: &[String],
        line: u64,
        spec: &HeaderSpec<'_>,
    ) -> Result<(ColumnPlaces, Vec<String>), SourceError> {
        let HeaderSpec { file, kind, names, .. } = *spec;
        let (mut places, mut unknown) = (ColumnPlaces([NOWHERE; Kolom::ALL.len()]), Vec::new());
        for (i, header) in headers.iter().enumerate() {
            let kolom = names.kolom(header, kind);
            // What is told of this kind alone goes before a header that bears the column's name: a wide
            // export may have that for another table.
            if let Some(kolom) = kolom
                && names.of_kind(header, kind).is_none()
                && headers.iter().any(|other| names.of_kind(other, kind) == Some(kolom))
            {
                continue;
            }
            match kolom.map(|kolom| (kolom, places.of(kolom))) {
                Some((kolom, Some(first))) => {
                    return Err(SourceError::KolomDuplicate {
                        file: file.to_owned(),
                        line,
                        kolom,
                        first: headers[first].clone(),
                        second: header.clone(),
                    });
                }
                Some((kolom, None)) => places.put(kolom, i),
                None if header.is_empty() || rides_along(header, names.meegenomen(kind)) => {}
                None => unknown.push(header.clone()),
            }
        }
        Ok((places, unknown))
    }
}
