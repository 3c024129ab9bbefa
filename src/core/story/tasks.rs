//! Long tasks and frames: which of them are told, and how long they blocked a view.

use super::{Kind, Visit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

impl Visit {
    fn long_task(self, duration: f64) -> Self {
        let now = self.now;
        self.tell(Kind::LongTask, &[now, duration], &["self"])
    }

    /// How long every task that was told of took.
    fn tasks(&self) -> Vec<String> {
        self.named("browser.long_task").iter().map(|task| task.of("browser.long_task.duration").to_owned()).collect()
    }

    /// What was told of blocking: the path of the view, and how long.
    fn blocking(&self) -> Vec<String> {
        let line = |event: &super::Event| ["url.template", "vitrum.blocking.duration"].map(|key| event.of(key).to_owned()).join(" ");
        self.named("vitrum.blocking").iter().map(line).collect()
    }
}

/// 50 tasks, then these: which of them are told.
fn check(after: &[f64], expected: &[&str]) {
    let mut visit = Visit::new();
    for n in 0..50 {
        visit = visit.long_task(60.0 + f64::from(n % 2));
    }
    for duration in after {
        visit = visit.long_task(*duration);
    }
    let visit = visit.hide();
    assert_eq!(visit.tasks()[50..], *expected, "{after:?}");
    let visit = visit.after(1.0).route("push", "https://shop.example/pay").hide();
    assert_eq!(visit.lost("dropped_records"), (after.len() - expected.len()) as f64, "{after:?}");
}

#[test]
fn after_the_first_fifty_only_the_longest_so_far_is_told() {
    check(&[], &[]);
    check(&[60.0, 61.0], &[]);
    check(&[62.0, 62.0, 61.5, 80.0, 79.0, 80.5], &["62", "80", "81"]);
}

#[test]
fn frames_are_bounded_together_with_tasks() {
    let mut visit = Visit::new();
    for _ in 0..60 {
        visit = visit.long_task(90.0).long_frame(100.0, 80.0, &[]);
    }
    let visit = visit.long_frame(200.0, 91.0, &[]).hide();
    assert_eq!((visit.tasks().len(), visit.named("browser.long_animation_frame").len()), (25, 26));
}

#[test]
fn a_view_has_a_longest_task_of_its_own() {
    let mut visit = Visit::new().long_task(500.0);
    for path in ["a", "b"] {
        visit = visit.route("push", &["https://shop.example/", path].concat());
        for _ in 0..50 {
            visit = visit.long_task(60.0);
        }
        visit = visit.long_task(70.0);
    }
    assert_eq!(visit.hide().tasks().iter().filter(|task| *task == "70").count(), 2);
}

#[test]
fn a_view_was_blocked_by_what_its_tasks_took_beyond_50_ms() {
    let visit = Visit::new().long_task(80.0).long_task(50.0).long_task(130.5).long_frame(100.0, 900.0, &[]);
    let visit = visit.after(5000.0);
    assert_eq!(visit.blocking(), [""; 0], "told when the view ends or the page hides");
    let visit = visit.hide().hide();
    assert_eq!(visit.blocking(), ["/cart 111"]);
    let visit = visit.long_task(60.0).route("push", "https://shop.example/pay").long_task(55.0).route("push", "https://shop.example/paid");
    let visit = visit.long_task(20.0).hide().restore().long_task(100.0).leave();
    assert_eq!(visit.blocking(), ["/cart 111", "/cart 121", "/pay 5", "/paid 50"]);
}

#[test]
fn tasks_that_are_not_told_block_too() {
    let mut visit = Visit::new();
    for _ in 0..200 {
        visit = visit.long_task(60.0);
    }
    let visit = visit.hide();
    assert_eq!((visit.tasks().len(), visit.blocking()), (50, vec!["/cart 2000".to_owned()]));
}

#[test]
fn a_task_that_is_not_told_takes_its_name_with_it() {
    let mut visit = Visit::new().long_task(90.0);
    for _ in 0..49 {
        visit = visit.long_task(60.0);
    }
    let visit = visit.tell(Kind::LongTask, &[100.0, 55.0, 200.0, 95.0], &["first", "second"]).hide();
    let names: Vec<_> = visit.named("browser.long_task").iter().map(|task| task.of("browser.long_task.name").to_owned()).collect();
    assert_eq!(names.last().map(String::as_str), Some("second"));
}
