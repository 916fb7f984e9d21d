//! Enums whose variants have a word each, as it stands in files and reports.
//!
//! A macro of our own and not `strum`: its lists are slices and its words come by traits. Callers
//! want arrays (one sum a variant, a table of choices) and no trait to import in thirty files.

/// An enum with the word of each variant after it. It gets `ALL`, the variants in their order (so
/// that `ALLE[v as usize]` is `v`), `naam`, the word, and `choices`, the words with what they mean.
macro_rules! words {
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }
    ) => {
        $(#[$about])*
        $vis enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// All of them, in their order.
            $vis const ALL: [$name; [$($word),+].len()] = [$($name::$variant),+];

            /// The word for it in files.
            $vis const fn name(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// Each word with what it means, in their order.
            $vis fn choices() -> [(&'static str, $name); Self::ALL.len()] {
                Self::ALL.map(|v| (v.name(), v))
            }
        }
    };
}

pub(crate) use words;
