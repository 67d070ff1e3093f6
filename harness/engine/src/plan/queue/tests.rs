use super::*;
use crate::plan::footprint::Place;
use crate::plan::shuffle::Random;

/// A job that waits and changes or looks at places.
fn job(wait: u64, associations: usize, changes: &[&str], looks: &[&str]) -> Job {
    let mut footprint = Footprint {
        associations,
        ..Footprint::default()
    };
    for place in looks {
        footprint.touches.look(Place::object(place).unwrap());
    }
    for place in changes {
        footprint.touches.change(Place::object(place).unwrap());
    }
    Job {
        footprint,
        wait: Duration::from_secs(wait),
    }
}

fn alone(wait: u64) -> Job {
    Job {
        footprint: Footprint::alone("it cuts the network path"),
        wait: Duration::from_secs(wait),
    }
}

#[test]
fn one_at_a_time_keeps_the_order() {
    let jobs = vec![
        job(1, 1, &["L/N.a"], &[]),
        alone(3),
        job(5, 1, &["L/N.b"], &[]),
    ];
    let mut queue = Queue::new(jobs, Limits::SEQUENTIAL);
    for expected in 0..3 {
        assert_eq!(queue.start(), Some(expected));
        assert_eq!(queue.start(), None);
        queue.finished(expected);
    }
    assert_eq!(queue.start(), None);
}

#[test]
fn the_longest_chain_begins_first_and_decides_how_long_a_run_takes() {
    let jobs = vec![
        job(9, 1, &["L/N.b"], &[]),
        job(6, 1, &["L/N.a"], &[]),
        job(5, 1, &["L/N.a"], &[]),
        alone(2),
        job(0, 1, &[], &["L/N"]),
    ];
    let chain = chain(&jobs);
    assert_eq!(chain.jobs, [1, 2, 3]);
    assert_eq!(chain.wait, Duration::from_secs(13));
    let limits = Limits {
        jobs: 4,
        associations: 4,
    };
    let forecast = forecast(&jobs, limits);
    assert!(forecast.total >= chain.wait, "{forecast:?}");
    assert!(
        forecast.total < chain.wait + Duration::from_millis(200),
        "{forecast:?}"
    );
    assert_eq!(forecast.alone, Duration::from_secs(2) + MESSAGES);
}

#[test]
fn a_stopped_queue_begins_nothing_more() {
    let mut queue = Queue::new(
        vec![job(1, 1, &[], &[]), job(1, 1, &[], &[])],
        Limits::SEQUENTIAL,
    );
    let first = queue.start().unwrap();
    queue.stop();
    queue.finished(first);
    assert_eq!((queue.start(), queue.running()), (None, &[][..]));
}

/// Many sets of jobs drawn at random: each runs once, never two that conflict, never more than the limits say.
#[test]
fn nothing_ever_runs_beside_what_it_disturbs() {
    let places = ["L/A", "L/A.x", "L/A.y", "L/B.x", "M/A.x", "M/B"];
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let mut draw = |bound: usize| {
            let mut list: Vec<usize> = (0..bound).collect();
            random.shuffle(&mut list);
            list[0]
        };
        let jobs: Vec<Job> = (0..30)
            .map(|_| {
                let (changed, looked) = (places[draw(6)], places[draw(6)]);
                match draw(8) {
                    0 => alone(draw(5) as u64),
                    1 => job(draw(5) as u64, 1 + draw(6), &[], &[looked]),
                    _ => job(draw(9) as u64, 1 + draw(2), &[changed], &[looked]),
                }
            })
            .collect();
        let limits = Limits {
            jobs: 1 + draw(6),
            associations: 1 + draw(5),
        };
        let mut queue = Queue::new(jobs.clone(), limits);
        let mut ran = vec![0; jobs.len()];
        loop {
            while let Some(job) = queue.start() {
                ran[job] += 1;
                let running = queue.running();
                let used: usize = running
                    .iter()
                    .map(|r| jobs[*r].footprint.associations)
                    .sum();
                assert!(running.len() <= limits.jobs, "{seed}");
                assert!(running.len() == 1 || used <= limits.associations, "{seed}");
                for other in running.iter().filter(|other| **other != job) {
                    let conflict = jobs[*other].footprint.conflict(&jobs[job].footprint);
                    assert_eq!(conflict, None, "{seed}");
                }
            }
            let Some(done) = queue
                .running()
                .get(draw(queue.running().len().max(1)))
                .copied()
            else {
                break;
            };
            queue.finished(done);
        }
        assert!(ran.iter().all(|times| *times == 1), "{seed}: {ran:?}");
        let found = chain(&jobs);
        for (n, a) in found.jobs.iter().enumerate() {
            for b in &found.jobs[n + 1..] {
                assert!(jobs[*a].footprint.conflict(&jobs[*b].footprint).is_some());
            }
        }
        assert!(forecast(&jobs, limits).total >= found.wait);
    }
}
