//! A child that help is declared for.

/// A child, as far as its rules go. There are only some 9,000 test numbers, so that in a large
/// dossier many children share one: `ronde` says how many had this Bsn before.
pub(crate) struct Jeugdige {
    /// Place of the Bsn.
    pub bsn: usize,
    pub round: u64,
    /// No-shows that may still be declared for it in the year.
    pub no_shows_over: u32,
}

impl Jeugdige {
    /// Does another child have this Bsn too? What the rules count for a Bsn then stays with the
    /// first: no-shows and stays.
    pub(crate) fn shares_a_bsn(&self) -> bool {
        self.round > 0
    }
}
