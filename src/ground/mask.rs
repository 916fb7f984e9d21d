//! No Bsn in free text: what could be one, in whatever dress, is masked.

use super::bsn::places;
use serde::Serialize;
use std::borrow::Cow;
use std::fmt::{self, Display};
use std::ops::Deref;

/// In the place of a number.
const MASK: &str = "•••••••••";

/// The text with all that could be a Bsn replaced by `•••••••••`.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    replaced(text, |_| Cow::Borrowed(MASK))
}

/// The text with all that could be a Bsn replaced by what `by` gives for its nine digits.
fn replaced<'t>(text: &'t str, by: impl Fn(u32) -> Cow<'static, str>) -> Cow<'t, str> {
    let places = places(text);
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut out, mut from) = (String::with_capacity(text.len() + 16), 0);
    for place in places {
        out.push_str(&text[from..place.bytes.start]);
        out.push_str(&by(place.number));
        from = place.bytes.end;
    }
    out.push_str(&text[from..]);
    Cow::Owned(out)
}

/// A text that may be written: what could be a Bsn in it is masked. What writes tables, sheets and
/// pages takes nothing else, and whatever is turned into one is masked.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub(crate) struct Shown<'t>(Cow<'t, str>);

impl<'t> Shown<'t> {
    /// With something else than a mask in the place of each number, such as a pseudonym.
    pub(crate) fn replacing(text: &'t str, by: impl Fn(u32) -> Cow<'static, str>) -> Shown<'t> {
        Shown(replaced(text, by))
    }

    /// A Bsn itself, or a number with one in it: where the user asked to see them, and for what holds
    /// none, as an amount or a pseudonym.
    pub(crate) fn unmasked(text: impl Into<Cow<'t, str>>) -> Shown<'t> {
        Shown(text.into())
    }

    /// The text itself, where it needed no mask and is kept elsewhere.
    pub(crate) fn borrowed(&self) -> Option<&'t str> {
        match self.0 {
            Cow::Borrowed(text) => Some(text),
            Cow::Owned(_) => None,
        }
    }

    /// Of its own, to be kept.
    pub(crate) fn into_owned(self) -> Shown<'static> {
        Shown(Cow::Owned(self.0.into_owned()))
    }
}

impl<'t, T: AsRef<str> + ?Sized> From<&'t T> for Shown<'t> {
    fn from(text: &'t T) -> Shown<'t> {
        Shown(masked(text.as_ref()))
    }
}

impl From<String> for Shown<'_> {
    fn from(text: String) -> Self {
        match masked(&text) {
            Cow::Owned(masked) => Shown(Cow::Owned(masked)),
            Cow::Borrowed(_) => Shown(Cow::Owned(text)),
        }
    }
}

impl<'t> From<Cow<'t, str>> for Shown<'t> {
    fn from(text: Cow<'t, str>) -> Shown<'t> {
        match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }
}

impl<'t> From<&'t Shown<'_>> for Shown<'t> {
    fn from(text: &'t Shown<'_>) -> Shown<'t> {
        Shown(Cow::Borrowed(&text.0))
    }
}

impl Deref for Shown<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_could_be_a_bsn_is_masked_and_others_stay() {
        assert_eq!(masked("kind 999900006!"), "kind •••••••••!");
        assert_eq!(masked("999900007"), "999900007");
        assert_eq!(masked("9999000061"), "•••••••••1");
        assert_eq!(masked("2023-03-31"), "2023-03-31");
        assert_eq!(masked("é 999.900.006 en 999900018."), "é ••••••••• en •••••••••.");
    }

    #[test]
    fn whatever_becomes_a_text_that_may_be_written_is_masked_once() {
        let kept = String::from("999900006");
        let all: [Shown<'_>; 4] = [
            "999900006".into(),
            String::from("999900006").into(),
            Cow::Borrowed("999900006").into(),
            (&kept).into(),
        ];
        for shown in &all {
            assert_eq!((&**shown, Shown::from(&**shown)), (MASK, shown.clone()));
        }
        assert_eq!(&*Shown::unmasked("999900006"), "999900006");
    }
}
