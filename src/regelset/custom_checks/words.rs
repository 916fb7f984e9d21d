//! A check in Dutch: what it compares, why, and what it needs.

use super::{
    Against, Alternatives, Beside, BesidePer, CellPlace, Condition, Conditions, CustomCheck,
    CustomTest, Operator, Tijdvak, Total, TotalMeasure, TotalPer,
};

impl Condition {
    /// As a sentence says it, with the operator in these words.
    pub(crate) fn in_words(&self, operator: &str) -> String {
        let other = match &self.against {
            Against::Values(values) => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                values.join(", ")
            }
            Against::Cell { place, plus } => format!("{place}{}", self.difference(*plus)),
        };
        format!("{} {operator} {other}", self.place).trim_end().to_owned()
    }

    /// What is added to the cell that it is compared with.
    fn difference(&self, plus: i64) -> String {
        let sign = if plus < 0 { "min" } else { "plus" };
        let so_much = match self.place.kind().map(|kind| kind.in_words(plus.saturating_abs())) {
            Some(so_much) if plus != 0 => so_much,
            _ => return String::new(),
        };
        format!(" {sign} {so_much}")
    }

    fn holds(&self) -> String {
        self.in_words(self.operator.sentence())
    }

    fn fails(&self) -> String {
        self.in_words(self.operator.otherwise())
    }
}

impl Alternatives {
    fn holds(&self) -> String {
        let all: Vec<String> = self.0.iter().map(Condition::holds).collect();
        bracketed(&all, " of ")
    }

    fn fails(&self) -> String {
        let all: Vec<String> = self.0.iter().map(Condition::fails).collect();
        bracketed(&all, " en ")
    }
}

fn bracketed(all: &[String], between: &str) -> String {
    match all {
        [one] => one.clone(),
        more => format!("({})", more.join(between)),
    }
}

impl Conditions {
    /// That all of them hold.
    pub(crate) fn hold(&self) -> String {
        let all: Vec<String> = self.0.iter().map(Alternatives::holds).collect();
        all.join(" en ")
    }

    /// That one of them doesn't.
    pub(crate) fn fail(&self) -> String {
        let all: Vec<String> = self.0.iter().map(Alternatives::fails).collect();
        all.join(" of ")
    }

    /// `declaratieregels`, and which.
    fn lines(&self) -> String {
        match self.0.is_empty() {
            true => "alle declaratieregels".to_owned(),
            false => format!("de declaratieregels waarvoor geldt: {}", self.hold()),
        }
    }
}

impl Total {
    /// What is measured.
    pub(crate) fn measured(&self) -> String {
        match self.measure {
            TotalMeasure::Sum(place) => format!("de som van {place}"),
            TotalMeasure::Lines => "het aantal declaratieregels".to_owned(),
            TotalMeasure::Jeugdigen => "het aantal jeugdigen".to_owned(),
            TotalMeasure::Values(place) => format!("het aantal verschillende waarden van {place}"),
        }
    }

    /// What would be in order.
    pub(crate) fn expected(&self) -> String {
        format!("{} {} {}", self.measured(), self.operator.otherwise(), self.limit)
    }

    fn what(&self, lines: &Conditions, ernst: &str) -> String {
        let (per, tijdvak) = (self.per.name(), self.tijdvak.name());
        let days = match self.tijdvak {
            Tijdvak::Dag => {
                " Een declaratieregel over meer dagen is alleen te toetsen als hij boven de grens van al die dagen samen ligt."
            }
            Tijdvak::Maand => " De maand is die van de Einddatum.",
            Tijdvak::Jaar => "",
        };
        format!(
            "Per {per} en {tijdvak} is het een {ernst} als {} {} {}; het gaat om {}.{days}",
            self.measured(),
            self.operator.sentence(),
            self.limit,
            lines.lines(),
        )
    }
}

impl TotalPer {
    pub(crate) const ALL: [TotalPer; 3] =
        [TotalPer::Aanbieder, TotalPer::Jeugdige, TotalPer::Toewijzing];

    pub(crate) fn name(self) -> &'static str {
        match self {
            TotalPer::Aanbieder => "aanbieder",
            TotalPer::Jeugdige => "jeugdige",
            TotalPer::Toewijzing => "toewijzing",
        }
    }
}

impl Tijdvak {
    pub(crate) const ALL: [Tijdvak; 3] = [Tijdvak::Dag, Tijdvak::Maand, Tijdvak::Jaar];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Tijdvak::Dag => "dag",
            Tijdvak::Maand => "maand",
            Tijdvak::Jaar => "jaar",
        }
    }
}

impl BesidePer {
    pub(crate) const ALL: [BesidePer; 2] = [BesidePer::Jeugdige, BesidePer::JeugdigeAndAanbieder];

    pub(crate) fn name(self) -> &'static str {
        match self {
            BesidePer::Jeugdige => "jeugdige",
            BesidePer::JeugdigeAndAanbieder => "jeugdige en aanbieder",
        }
    }
}

impl Beside {
    fn what(&self, lines: &Conditions, ernst: &str) -> String {
        let whose = match self.per {
            BesidePer::Jeugdige => "dezelfde jeugdige",
            BesidePer::JeugdigeAndAanbieder => "dezelfde jeugdige bij dezelfde aanbieder",
        };
        format!(
            "Elke declaratieregel waarvoor geldt: {}, is een {ernst} als {whose} in dezelfde maand (van de Einddatum) een declaratieregel heeft waarvoor geldt: {}.",
            lines.hold(),
            self.lines.hold(),
        )
    }
}

impl CustomCheck {
    /// What exactly is compared, in Dutch.
    pub(crate) fn what(&self) -> String {
        let ernst = self.ernst.name();
        let what = match &self.test {
            CustomTest::Line => format!(
                "Elke declaratieregel waarvoor dit geldt, is een {ernst}: {}.",
                self.lines.hold()
            ),
            CustomTest::Total(total) => total.what(&self.lines, ernst),
            CustomTest::Beside(beside) => beside.what(&self.lines, ernst),
        };
        let only = "Alleen declaratieregels met een Einddatum";
        match (self.from, self.until) {
            (None, None) => what,
            (Some(v), None) => format!("{what} {only} vanaf {v}."),
            (None, Some(t)) => format!("{what} {only} t/m {t}."),
            (Some(v), Some(t)) => format!("{what} {only} van {v} t/m {t}."),
        }
    }

    /// Why that matters, in Dutch.
    pub(crate) fn why(&self) -> String {
        let waarom = "Dit is een eigen controle van wie de regelset maakte.";
        match &self.toelichting {
            Some(toelichting) => format!("{waarom} {toelichting}"),
            None => waarom.to_owned(),
        }
    }

    /// The cells that it needs.
    pub(crate) fn needs(&self) -> String {
        let mut cells = self.lines.cells();
        let more: Vec<CellPlace> = match &self.test {
            CustomTest::Line => Vec::new(),
            CustomTest::Total(total) => total.cell().into_iter().collect(),
            CustomTest::Beside(beside) => beside.lines.cells(),
        };
        cells.extend(more.into_iter().filter(|place| !cells.contains(place)).collect::<Vec<_>>());
        let names: Vec<String> = cells.iter().map(ToString::to_string).collect();
        match names.is_empty() {
            true => "geen andere kolommen dan de verplichte".to_owned(),
            false => names.join(", "),
        }
    }
}

impl Total {
    /// The cell that is measured, if it is one.
    pub(crate) fn cell(&self) -> Option<CellPlace> {
        match self.measure {
            TotalMeasure::Sum(place) | TotalMeasure::Values(place) => Some(place),
            TotalMeasure::Lines | TotalMeasure::Jeugdigen => None,
        }
    }
}

macro_rules! operatoren {
    ($($naam:ident: $toml:literal, $zin:literal, $anders:literal;)+) => {
        impl Operator {
            pub(crate) const ALL: &[Operator] = &[$(Operator::$naam),+];

            /// As a ruleset writes it.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Operator::$naam => $toml),+ }
            }

            /// As a sentence says it.
            pub(crate) fn sentence(self) -> &'static str {
                match self { $(Operator::$naam => $zin),+ }
            }

            /// The opposite, as a sentence says it.
            pub(crate) fn otherwise(self) -> &'static str {
                match self { $(Operator::$naam => $anders),+ }
            }
        }
    };
}

operatoren!(
    Is: "is", "is", "is niet";
    IsNiet: "is niet", "is niet", "is";
    GroterDan: "groter dan", "is groter dan", "is hoogstens";
    KleinerDan: "kleiner dan", "is kleiner dan", "is minstens";
    Minstens: "minstens", "is minstens", "is kleiner dan";
    Hoogstens: "hoogstens", "is hoogstens", "is groter dan";
    BegintMet: "begint met", "begint met", "begint niet met";
    Bevat: "bevat", "bevat", "bevat niet";
    In: "in", "is één van", "is geen van";
    IsLeeg: "is leeg", "is leeg", "is gevuld";
    IsGevuld: "is gevuld", "is gevuld", "is leeg";
);
