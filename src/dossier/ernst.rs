//! How hard a finding is.

/// How hard a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ernst {
    /// Against the contract on the facts in the files.
    Fout,
    /// A person must judge.
    Onzekerheid,
    /// Worth a look, no breach by itself.
    Signaal,
}

impl Ernst {
    pub const ALLE: [Ernst; 3] = [Ernst::Fout, Ernst::Onzekerheid, Ernst::Signaal];

    pub fn naam(self) -> &'static str {
        match self {
            Ernst::Fout => "fout",
            Ernst::Onzekerheid => "onzekerheid",
            Ernst::Signaal => "signaal",
        }
    }

    /// This, but no harder than `hoogste`.
    pub fn hoogstens(self, hoogste: Ernst) -> Ernst {
        self.max(hoogste)
    }
}
