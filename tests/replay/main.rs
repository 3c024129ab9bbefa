//! What happened in live pages, told to the core again: it has to tell what web-vitals told of the same pages. Each folder
//! of `stories` is one visit: `trace.jsonl` has the packets that the core was told there, `expected.json` what web-vitals
//! told, and `origin.txt` says where both come from. `./build.sh record` writes them.

mod compare;
mod metric;
mod own;
mod player;
mod story;

use compare::unequal;
use player::Player;
use story::Story;

/// Fewer are not all that there is to be shown.
const STORIES: usize = 40;

/// Plays every page of every story, and gives a line for whatever is wrong of it.
fn in_each_page(check: impl Fn(&Player, &story::Page, &Story) -> Vec<String>) {
    let mut wrong = Vec::new();
    for story in Story::all() {
        for (number, page) in story.pages.iter().enumerate() {
            let player = Player::play(&page.packets);
            let lines = check(&player, page, &story);
            wrong.extend(lines.into_iter().map(|line| format!("{}, page {number}, {line}", story.name)));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n  {}", wrong.len(), wrong.join("\n  "));
}

#[test]
fn there_are_stories_and_each_expects_something() {
    let stories = Story::all();
    assert!(stories.len() >= STORIES, "there are only {} stories", stories.len());
    let idle: Vec<_> = stories.iter().filter(|story| story.pages.iter().all(|page| page.reports.is_empty())).map(|story| &story.name).collect();
    assert!(idle.is_empty(), "these stories expect nothing: {idle:?}");
    for metric in metric::NAMES {
        let times = stories.iter().flat_map(|story| &story.pages).flat_map(|page| &page.reports).filter(|report| report.metric == metric).count();
        assert!(times >= STORIES / 2, "{metric} is expected {times} times only");
    }
}

#[test]
fn the_core_tells_what_web_vitals_told() {
    in_each_page(|player, page, story| {
        let mut lines = Vec::new();
        for meter in &page.meters {
            let expected: Vec<_> = page.reports.iter().filter(|report| report.metric == meter.metric && report.set == meter.set).collect();
            let told: Vec<_> = player.told.iter().filter(|told| told.meter == meter.number).collect();
            let navigations = navigations(&told);
            let name = format!("{} with {}", meter.metric, story.sets[meter.set]);
            if expected.len() != told.len() {
                let values = |all: Vec<f64>| format!("{} times {all:?}", all.len());
                let (left, right) = (expected.iter().map(|report| report.value()).collect(), told.iter().map(|told| told.value).collect());
                lines.push(format!("{name}: web-vitals told it {}, the core {}", values(left), values(right)));
            }
            for (number, (expected, told)) in expected.iter().zip(&told).enumerate() {
                let found = unequal(&meter.metric, &expected.fields, &told.fields(&navigations));
                lines.extend(found.into_iter().map(|line| format!("{name}, report {number}: {line}")));
            }
        }
        let unheard = page.reports.iter().filter(|report| page.meters.iter().all(|meter| (&meter.metric, meter.set) != (&report.metric, report.set)));
        lines.extend(unheard.map(|report| format!("{} with {} is expected, and nobody listens to it", report.metric, story.sets[report.set])));
        let strangers = player.told.iter().filter(|told| page.meters.iter().all(|meter| meter.number != told.meter));
        lines.extend(strangers.map(|told| format!("meter {} is nobody's and tells {}", told.meter, told.value)));
        lines
    });
}

/// The numbers of the navigations that these are of, in order, each once: the n-th instance has the n-th.
fn navigations(told: &[&metric::Told]) -> Vec<f64> {
    let mut numbers = Vec::new();
    for each in told {
        if !numbers.contains(&each.navigation) {
            numbers.push(each.navigation);
        }
    }
    numbers
}

#[test]
fn the_agent_sends_what_web_vitals_told_last() {
    in_each_page(|player, page, story| match story.own {
        Some(set) => own::differences(&own::records(player.sent.values()), page, set),
        None if player.sent.is_empty() => Vec::new(),
        None => vec![format!("nobody asked it to, and the agent sent {} batches", player.sent.len())],
    });
    let own = Story::all().iter().filter(|story| story.own.is_some()).count();
    assert!(own >= 5, "the agent measures for itself in {own} stories only");
}
