//! How hard a finding is.

use crate::ground::words;

words! {
    /// How hard a finding is.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Ernst {
        /// Against the contract on the facts in the files.
        Fout = "fout",
        /// A person must judge.
        Onzekerheid = "onzekerheid",
        /// Worth a look, no breach by itself.
        Signaal = "signaal",
    }
}

impl Ernst {
    /// This, but no harder than `highest`.
    pub(crate) fn at_most(self, highest: Ernst) -> Ernst {
        self.max(highest)
    }
}
