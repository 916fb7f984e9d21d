//! Texts of a check: none is empty, and none has a number that could be a Bsn.

use crate::ground::masked;
use crate::regelset::tekst::{Parsed, SpannedText};
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;

/// A text that comes in the rapport.
pub(super) fn visible(
    text: &SpannedText<'_>,
    key: &str,
    value: &Spanned<String>,
) -> Parsed<String> {
    if value.get_ref().trim().is_empty() {
        return Err(text.error(
            value.span(),
            format!("{key} is leeg"),
            format!("schrijf {key} = \"…\""),
        ));
    }
    without_bsn(text, value.span(), value.get_ref())?;
    Ok(value.get_ref().clone())
}

pub(super) fn without_bsn(text: &SpannedText<'_>, place: Range<usize>, value: &str) -> Parsed<()> {
    match masked(value) {
        Cow::Borrowed(_) => Ok(()),
        Cow::Owned(_) => Err(text.error(
            place,
            "hier staat een getal dat een Bsn kan zijn",
            "laat het weg: een Bsn wordt nergens vergeleken of getoond",
        )),
    }
}
