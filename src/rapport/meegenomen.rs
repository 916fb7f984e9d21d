//! Columns of the export that ride along: behind those of findings and of the lines under them, as text.

use crate::bron::genormaliseerd;
use crate::ground::Shown;
use std::ops::Range;

/// The headers of the columns that ride along, as outputs show them; mostly there are none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meegenomen {
    headers: Vec<Shown<'static>>,
}

impl Meegenomen {
    /// Those that the settings name, in their order. One that bears the name of a column of `ours` is
    /// told apart.
    pub(super) fn new<'o>(names: &[String], ours: impl Iterator<Item = &'o str>) -> Meegenomen {
        let ours: Vec<String> = ours.map(genormaliseerd).collect();
        let header = |name: &String| match ours.contains(&genormaliseerd(name)) {
            true => Shown::from(format!("{name} (export)")),
            false => Shown::from(name.clone()),
        };
        Meegenomen { headers: names.iter().map(header).collect() }
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(|header| &**header)
    }

    /// The places of the columns, to ask a row for each.
    pub(super) fn places(&self) -> Range<usize> {
        0..self.headers.len()
    }
}
