//! Times of day.

use std::fmt;
use std::num::NonZeroU32;

/// A time of day, in thousandths of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Tijd(NonZeroU32);

const _: () = assert!(size_of::<Option<Tijd>>() == 4, "an absent time costs no room");

impl Tijd {
    /// `None` for what no clock shows; 24:00:00 is the day's end.
    pub(crate) fn from_hms(hour: u32, minute: u32, second: u32, milli: u32) -> Option<Tijd> {
        let since = ((hour * 60 + minute) * 60 + second) * 1000 + milli;
        let shows = hour <= 24 && minute < 60 && second < 60 && milli < 1000;
        // One more than the time: an absent time is 0.
        NonZeroU32::new(since + 1).filter(|_| shows && since <= 86_400_000).map(Tijd)
    }
}

/// `15:04:05`, with the thousandths of a second where there are any.
impl fmt::Display for Tijd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = self.0.get() - 1;
        let (seconds, milli) = (since / 1000, since % 1000);
        write!(f, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        if milli > 0 { write!(f, ".{milli:03}") } else { Ok(()) }
    }
}
