//! A case as a picture: its associations, the changes that it made and the reports that came, on one axis of time.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::moment::{Happening, Moment};
use crate::text::{counted, one_line};

const WIDTH: f64 = 760.0;
const MARGIN: f64 = 8.0;
const LANE: f64 = 34.0;

/// Lanes of one kind; what is beyond them shares the last.
const MOST: usize = 12;

/// Lines of periods in one lane.
const MOST_PERIODS: usize = 200;

/// What the template draws; all lengths in the units of its view box.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Picture {
    width: f64,
    height: f64,
    /// What is to be seen, in words.
    said: String,
    lanes: Vec<Lane>,
    axis: Vec<(String, String)>,
    bottom: f64,
    /// Whether windows of BufTm and integrity periods are drawn, which the caption explains.
    windows: bool,
    periods: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Lane {
    class: &'static str,
    /// Base line of the label, and of what is drawn.
    label_at: f64,
    base: f64,
    label: String,
    /// Left edge and width of each time that lasts.
    bars: Vec<(String, String)>,
    /// Outlines of what has no duration.
    ticks: String,
    crosses: String,
    periods: String,
}

/// The picture of a case, where there is something to be seen.
pub(super) fn picture(moments: &[Moment]) -> Option<Picture> {
    let count = |is: fn(&Happening) -> bool| moments.iter().filter(|m| is(&m.what)).count();
    let changes = count(|what| *what == Happening::Changed);
    let reports = count(|what| matches!(what, Happening::Reported { .. }));
    let tries = count(|what| matches!(what, Happening::Opened | Happening::Refused));
    let worth = (reports > 0 && changes + reports > 1) || tries > 2;
    if !worth {
        return None;
    }
    let scale = Scale::of(moments)?;
    let mut lanes = Vec::new();
    for (label, of) in lanes_of(moments, "associations", is_association) {
        lanes.push(associations(label, &of, &scale));
    }
    for (label, of) in lanes_of(moments, "objects", |what| *what == Happening::Changed) {
        lanes.push(changed(label, &of, &scale));
    }
    for (label, of) in lanes_of(moments, "blocks", is_report) {
        lanes.push(reported(label, &of, moments, &scale));
    }
    for (index, lane) in lanes.iter_mut().enumerate() {
        lane.label_at = index as f64 * LANE + 12.0;
        lane.base = index as f64 * LANE + 28.0;
    }
    let bottom = lanes.len() as f64 * LANE + 4.0;
    let said = [
        (tries, "association"),
        (changes, "change"),
        (reports, "report"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| counted(count, what))
    .collect::<Vec<_>>();
    Some(Picture {
        width: WIDTH,
        height: bottom + 18.0,
        said: format!("{} in {}", said.join(", "), seconds(scale.span)),
        axis: scale.axis(),
        bottom,
        windows: lanes
            .iter()
            .any(|lane| lane.class == "reports" && !lane.bars.is_empty()),
        periods: lanes.iter().any(|lane| !lane.periods.is_empty()),
        lanes,
    })
}

impl Picture {
    /// About how many octets it takes on a page.
    pub(super) fn weight(&self) -> usize {
        let lane = |lane: &Lane| {
            200 + lane.label.len()
                + 60 * lane.bars.len()
                + lane.ticks.len()
                + lane.crosses.len()
                + lane.periods.len()
        };
        400 + 110 * self.axis.len() + self.lanes.iter().map(lane).sum::<usize>()
    }
}

fn is_association(what: &Happening) -> bool {
    matches!(
        what,
        Happening::Opened | Happening::Refused | Happening::Ended
    )
}

fn is_report(what: &Happening) -> bool {
    matches!(what, Happening::Reported { .. } | Happening::Enabled { .. })
}

/// Moments by whose they are, in the order in which these first appear; the last lane takes what is too much.
fn lanes_of<'a>(
    moments: &'a [Moment],
    plural: &str,
    is: impl Fn(&Happening) -> bool,
) -> Vec<(String, Vec<&'a Moment>)> {
    let mut order: Vec<&str> = Vec::new();
    let mut by: BTreeMap<&str, Vec<&Moment>> = BTreeMap::new();
    for moment in moments.iter().filter(|moment| is(&moment.what)) {
        if !by.contains_key(moment.of.as_str()) {
            order.push(&moment.of);
        }
        by.entry(&moment.of).or_default().push(moment);
    }
    let mut lanes: Vec<(String, Vec<&Moment>)> = Vec::new();
    let kept = if order.len() > MOST { MOST - 1 } else { MOST };
    let more = order.len().saturating_sub(kept);
    for (index, of) in order.iter().enumerate() {
        let moments = by.remove(of).unwrap_or_default();
        match lanes.last_mut() {
            Some((label, rest)) if index > kept => {
                *label = format!("{more} more {plural}");
                rest.extend(moments);
            }
            _ => lanes.push((one_line(of), moments)),
        }
    }
    for (_, moments) in &mut lanes {
        moments.sort_by(|a, b| a.at_ms.total_cmp(&b.at_ms));
    }
    lanes
}

fn associations(label: String, moments: &[&Moment], scale: &Scale) -> Lane {
    let mut lane = Lane {
        class: "associations",
        ..Lane::default()
    };
    let mut open: Option<f64> = None;
    let mut refused = 0;
    for moment in moments {
        match moment.what {
            Happening::Opened => open = open.or(Some(moment.at_ms)),
            Happening::Ended => {
                if let Some(from) = open.take() {
                    lane.bars.push(scale.bar(from, moment.at_ms));
                }
            }
            _ => {
                refused += 1;
                let x = scale.x(moment.at_ms);
                let _ = write!(lane.crosses, "M{:.1} -9l6 8m0 -8l-6 8", x - 3.0);
            }
        }
    }
    lane.bars
        .extend(open.map(|from| scale.bar(from, scale.end())));
    lane.label = match refused {
        0 => label,
        1 => format!("{label}: refused"),
        n => format!("{label}: refused {n} times"),
    };
    lane
}

fn changed(label: String, moments: &[&Moment], scale: &Scale) -> Lane {
    Lane {
        class: "changes",
        label: format!("{label}: {}", counted(moments.len(), "change")),
        ticks: ticks(moments, scale),
        ..Lane::default()
    }
}

fn reported(label: String, moments: &[&Moment], all: &[Moment], scale: &Scale) -> Lane {
    let count = moments
        .iter()
        .filter(|moment| matches!(moment.what, Happening::Reported { .. }))
        .count();
    let mut lane = Lane {
        class: "reports",
        ticks: ticks(moments, scale),
        ..Lane::default()
    };
    let mut told = Vec::new();
    for (index, moment) in moments.iter().enumerate() {
        let Happening::Enabled {
            buf_tm_ms,
            intg_pd_ms,
        } = moment.what
        else {
            continue;
        };
        let rest = moments.get(index + 1..).unwrap_or_default();
        let until = rest
            .iter()
            .find(|next| matches!(next.what, Happening::Enabled { .. }))
            .map_or(scale.end(), |next| next.at_ms);
        if buf_tm_ms > 0.0 {
            told.push(format!("BufTm {}", seconds(buf_tm_ms)));
            lane.bars
                .extend(windows(moment.at_ms, until, buf_tm_ms, rest, all, scale));
        }
        if intg_pd_ms > 0.0 {
            told.push(format!("IntgPd {}", seconds(intg_pd_ms)));
            for number in 1..=MOST_PERIODS {
                let at = moment.at_ms + intg_pd_ms * number as f64;
                if at > until {
                    break;
                }
                let _ = write!(lane.periods, "M{:.1} -18v20", scale.x(at));
            }
        }
    }
    told.dedup();
    let told = match told.len() {
        0 => String::new(),
        1 | 2 => format!(" ({})", told.join(", ")),
        _ => " (BufTm and IntgPd vary)".to_owned(),
    };
    lane.label = format!("{label}: {}{told}", counted(count, "report"));
    lane
}

/// The time in which each change may wait for others: from the first change after the last window or report.
fn windows(
    from: f64,
    until: f64,
    buf_tm_ms: f64,
    reports: &[&Moment],
    all: &[Moment],
    scale: &Scale,
) -> Vec<(String, String)> {
    let mut bars = Vec::new();
    let mut closed = from;
    for change in all
        .iter()
        .filter(|moment| moment.what == Happening::Changed)
    {
        if change.at_ms < closed || change.at_ms > until {
            continue;
        }
        let end = change.at_ms + buf_tm_ms;
        let report = reports.iter().find(|report| {
            matches!(report.what, Happening::Reported { .. })
                && report.at_ms >= change.at_ms
                && report.at_ms < end
        });
        bars.push(scale.bar(change.at_ms, end.min(scale.end())));
        closed = report.map_or(end, |report| report.at_ms);
    }
    bars
}

/// A stroke for each moment, the taller the more members a report holds. What falls on the same spot is drawn once.
fn ticks(moments: &[&Moment], scale: &Scale) -> String {
    let mut drawn: BTreeMap<i64, f64> = BTreeMap::new();
    for moment in moments {
        let height = match moment.what {
            Happening::Changed => 10.0,
            Happening::Reported { entries } => 5.0 + f64::from(entries.clamp(1, 10)),
            _ => continue,
        };
        // Halves of a unit are finer than what a screen shows.
        let spot = (scale.x(moment.at_ms) * 2.0).round() as i64;
        let known = drawn.entry(spot).or_default();
        *known = known.max(height);
    }
    drawn
        .iter()
        .fold(String::new(), |mut path, (spot, height)| {
            let _ = write!(path, "M{} 0v-{height}", *spot as f64 / 2.0);
            path
        })
}

/// Time to place.
struct Scale {
    start: f64,
    span: f64,
}

impl Scale {
    fn of(moments: &[Moment]) -> Option<Self> {
        let times = moments.iter().map(|moment| moment.at_ms);
        let start = times.clone().min_by(f64::total_cmp)?;
        let end = times.max_by(f64::total_cmp)?;
        let span = end - start;
        span.is_finite().then(|| Self {
            start,
            span: span.max(10.0) * 1.02,
        })
    }

    fn end(&self) -> f64 {
        self.start + self.span
    }

    fn x(&self, at_ms: f64) -> f64 {
        MARGIN + (at_ms - self.start) / self.span * (WIDTH - 2.0 * MARGIN)
    }

    fn bar(&self, from: f64, to: f64) -> (String, String) {
        let (left, right) = (self.x(from), self.x(to));
        (
            format!("{left:.1}"),
            format!("{:.1}", (right - left).max(1.0)),
        )
    }

    /// Five to ten round times, counted from the first moment.
    fn axis(&self) -> Vec<(String, String)> {
        let rough = self.span / 8.0;
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * power)
            .find(|step| *step >= rough)
            .unwrap_or(rough);
        let mut marks = Vec::new();
        let mut at = 0.0;
        while at <= self.span {
            marks.push((format!("{:.1}", self.x(self.start + at)), seconds(at)));
            at += step;
        }
        marks
    }
}

fn seconds(millis: f64) -> String {
    if millis > 0.0 && millis < 1000.0 {
        format!("{} ms", crate::measured::number(millis.round().max(1.0)))
    } else {
        format!(
            "{} s",
            crate::measured::number((millis / 10.0).round() / 100.0)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(at_ms: f64, of: &str, what: Happening) -> Moment {
        Moment {
            at_ms,
            of: of.into(),
            what,
        }
    }

    fn bundled() -> Vec<Moment> {
        let enabled = Happening::Enabled {
            buf_tm_ms: 1000.0,
            intg_pd_ms: 2000.0,
        };
        vec![
            moment(0.0, "main", Happening::Opened),
            moment(100.0, "LD0/LLN0$RP$a", enabled),
            moment(200.0, "LD0/X.Pos.stVal", Happening::Changed),
            moment(220.0, "LD0/X.Pos.stVal", Happening::Changed),
            moment(230.0, "LD0/LLN0$RP$a", Happening::Reported { entries: 1 }),
            moment(1230.0, "LD0/LLN0$RP$a", Happening::Reported { entries: 3 }),
            moment(5000.0, "main", Happening::Ended),
        ]
    }

    #[test]
    fn shows_associations_changes_and_reports_each_in_lanes_of_their_own() {
        let picture = picture(&bundled()).unwrap();
        let labels: Vec<&str> = picture
            .lanes
            .iter()
            .map(|lane| lane.label.as_str())
            .collect();
        assert_eq!(
            labels,
            [
                "main",
                "LD0/X.Pos.stVal: 2 changes",
                "LD0/LLN0$RP$a: 2 reports (BufTm 1 s, IntgPd 2 s)"
            ]
        );
        assert_eq!(picture.said, "1 association, 2 changes, 2 reports in 5.1 s");
        let reports = &picture.lanes[2];
        assert_eq!(reports.ticks.matches('M').count(), 2);
        assert_eq!(
            reports.periods.matches('M').count(),
            2,
            "at 2.1 s and 4.1 s"
        );
        assert_eq!(reports.bars.len(), 1, "one window holds both changes");
        assert_eq!(picture.lanes[0].bars, [("8.0".into(), "729.4".into())]);
    }

    #[test]
    fn there_is_no_picture_of_nothing() {
        assert_eq!(picture(&[]), None);
        assert_eq!(picture(&bundled()[..3]), None);
        let nowhere = [f64::NAN, f64::INFINITY].map(|at| moment(at, "a", Happening::Refused));
        let tries = [nowhere.clone(), nowhere].concat();
        assert_eq!(picture(&tries), None, "times that are no numbers");
    }

    #[test]
    fn many_associations_share_the_last_lane_and_refusals_are_told() {
        let mut moments: Vec<Moment> = (0..40u8)
            .map(|n| moment(f64::from(n), &format!("c{n}"), Happening::Opened))
            .collect();
        moments.push(moment(50.0, "c0", Happening::Refused));
        let picture = picture(&moments).unwrap();
        assert_eq!(picture.lanes.len(), MOST);
        assert_eq!(picture.lanes[0].label, "c0: refused");
        assert_eq!(picture.lanes[MOST - 1].label, "29 more associations");
    }

    #[test]
    fn what_falls_on_one_spot_is_drawn_once() {
        let many: Vec<Moment> = (0..100_000u32)
            .map(|n| {
                moment(
                    f64::from(n) / 100.0,
                    "a",
                    Happening::Reported { entries: 1 },
                )
            })
            .collect();
        let picture = picture(&many).unwrap();
        assert!(picture.lanes[0].ticks.len() < 20_000);
    }
}
