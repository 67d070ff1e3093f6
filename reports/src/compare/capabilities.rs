//! What became of each capability.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::pics_gap::{GapRow, Observed, gap_report, said};
use crate::record::RunRecord;

/// A capability that another thing is said or seen of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CapabilityChange {
    /// See [`crate::Capability::id`].
    pub id: String,
    /// Name in words.
    pub name: String,
    /// What kind of change.
    pub kind: CapabilityChangeKind,
    /// What was said and seen of it.
    pub old: String,
    /// What is said and seen of it.
    pub new: String,
}

/// What became of a capability.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CapabilityChangeKind {
    /// It worked, and fails.
    Lost,
    /// It did not work or was not seen to, and works.
    Gained,
    /// It is claimed or announced otherwise.
    SaidOtherwise,
}

impl CapabilityChangeKind {
    /// In words, as a heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Lost => "lost capabilities",
            Self::Gained => "new capabilities",
            Self::SaidOtherwise => "claimed or announced otherwise",
        }
    }

    /// Every kind, the worst first.
    pub const ALL: [Self; 3] = [Self::Lost, Self::Gained, Self::SaidOtherwise];

    /// Whether a gate must stop it.
    #[must_use]
    pub fn is_regression(self) -> bool {
        self == Self::Lost
    }
}

pub(super) fn compare(old: &RunRecord, new: &RunRecord) -> Vec<CapabilityChange> {
    let (before, after) = (gap_report(old).rows, gap_report(new).rows);
    let find = |rows: &[GapRow], id: &str| rows.iter().find(|row| row.id == id).cloned();
    let mut ids: Vec<&str> = before.iter().map(|row| row.id.as_str()).collect();
    ids.extend(
        after
            .iter()
            .map(|row| row.id.as_str())
            .filter(|id| !before.iter().any(|row| row.id == *id)),
    );
    let mut changes: Vec<CapabilityChange> = ids
        .into_iter()
        .filter_map(|id| {
            let (was, is) = (find(&before, id), find(&after, id));
            let kind = kind(was.as_ref(), is.as_ref())?;
            let name = is.as_ref().or(was.as_ref()).map(|row| row.name.clone());
            Some(CapabilityChange {
                id: id.to_owned(),
                name: name.unwrap_or_default(),
                kind,
                old: state(was.as_ref()),
                new: state(is.as_ref()),
            })
        })
        .collect();
    changes.sort_by_key(|change| change.kind);
    changes
}

fn kind(was: Option<&GapRow>, is: Option<&GapRow>) -> Option<CapabilityChangeKind> {
    let observed = |row: Option<&GapRow>| row.map_or(Observed::NotExercised, |row| row.observed);
    match (observed(was), observed(is)) {
        (Observed::Working, Observed::Failing | Observed::Unsupported) => {
            Some(CapabilityChangeKind::Lost)
        }
        (Observed::Failing | Observed::Unsupported | Observed::NotExercised, Observed::Working) => {
            Some(CapabilityChangeKind::Gained)
        }
        _ => {
            let words = |row: Option<&GapRow>| {
                row.map(|row| (said(row.claimed.as_ref()), said(row.announced.as_ref())))
                    .unwrap_or_default()
            };
            (words(was) != words(is)).then_some(CapabilityChangeKind::SaidOtherwise)
        }
    }
}

fn state(row: Option<&GapRow>) -> String {
    let Some(row) = row else {
        return "unknown".to_owned();
    };
    let mut parts = Vec::new();
    for (name, statement) in [("claimed", &row.claimed), ("announced", &row.announced)] {
        let text = said(statement.as_ref());
        if !text.is_empty() {
            parts.push(format!("{name} {text}"));
        }
    }
    parts.push(row.observed.name().to_owned());
    parts.join(", ")
}
