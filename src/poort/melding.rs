//! What the gate says of the input.

/// How much a message weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// The dossier can't carry conclusions: nothing is written unless the user says so.
    Stop,
    LetOp,
}

impl Level {
    /// As outputs have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Level::Stop => "stop",
            Level::LetOp => "let op",
        }
    }

    /// The same at the head of a sentence.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Level::Stop => "Stop",
            Level::LetOp => "Let op",
        }
    }
}

/// Something that the input says against itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Melding {
    pub level: Level,
    /// Which check it is of: the same word in every run.
    pub check: &'static str,
    /// What is the matter, in Dutch.
    pub text: String,
    /// What to do about it, in Dutch.
    pub advice: String,
    /// The rule beside which it stands too.
    pub rule: Option<&'static str>,
}

impl Melding {
    pub(super) fn stop(
        check: &'static str,
        text: impl Into<String>,
        advice: impl Into<String>,
    ) -> Melding {
        let (text, advice) = (text.into(), advice.into());
        Melding { level: Level::Stop, check, text, advice, rule: None }
    }

    pub(super) fn let_op(
        check: &'static str,
        text: impl Into<String>,
        advice: impl Into<String>,
    ) -> Melding {
        Melding { level: Level::LetOp, ..Melding::stop(check, text, advice) }
    }

    pub(super) fn about(self, rule: &'static str) -> Melding {
        Melding { rule: Some(rule), ..self }
    }

    /// The same on a terminal: of a long list its beginning.
    pub(crate) fn short_sentence(&self) -> String {
        /// Characters of a line that people still read.
        const LONGEST: usize = 300;
        let mut text: String = self.text.chars().take(LONGEST).collect();
        if text.len() < self.text.len() {
            text.push('…');
        }
        Melding { text, ..self.clone() }.sentence()
    }

    /// Without a point at its end: what is the matter, and what to do.
    pub(crate) fn sentence(&self) -> String {
        format!("{}. Wat te doen: {}", self.text, self.advice)
    }
}
