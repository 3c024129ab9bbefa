//! What the user did, as far as something follows from it: a click that loads something is the parent of its requests.

use crate::ids::Ids;
use crate::page::View;
use std::rc::Rc;

/// So long after an action, or after the end of something that followed from it, what begins follows from it: the time in
/// which people see cause and effect as one (Nielsen, Response Times, 1993: 0.1 s).
const FOLLOWS_MS: f64 = 100.0;
/// However long the chain, it ends then: after that nobody waits any more (the same: 10 s).
const LONGEST_MS: f64 = 10_000.0;
/// So many are remembered: what was clicked before that is no longer waited for.
const MOST: usize = 4;

/// An action.
#[derive(Clone)]
pub(crate) struct Action {
    /// Its span: 8 bytes.
    pub(crate) span: Vec<u8>,
    pub(crate) start: f64,
    /// What begins until then follows from it.
    pub(crate) until: f64,
    /// When the last that followed ended; 0 as long as nothing has.
    pub(crate) end: f64,
    is_told: bool,
    /// Type of the event and selector of its target, with U+0000 between.
    pub(crate) texts: Vec<u8>,
    /// Where it happened.
    pub(crate) view: Rc<View>,
}

impl Action {
    fn is_over(&self, now: f64) -> bool {
        self.start + LONGEST_MS <= now
    }

    /// Whether something followed from it that nobody has been told of.
    fn has_news(&self) -> bool {
        self.end > 0.0 && !self.is_told
    }
}

/// The last actions, oldest first.
#[derive(Default)]
pub(crate) struct Actions(Vec<Action>);

impl Actions {
    /// Takes in one. Gives the one that had to go, if anything followed from it.
    pub(crate) fn begin(&mut self, start: f64, texts: &[u8], view: &Rc<View>, ids: &mut Ids) -> Option<Action> {
        let action = Action { span: ids.draw(8), start, until: start + FOLLOWS_MS, end: 0.0, is_told: false, texts: texts.into(), view: view.clone() };
        self.0.push(action);
        if self.0.len() > MOST { Some(self.0.remove(0)).filter(Action::has_news) } else { None }
    }

    /// The action of this trace from which follows what took from `start` to `end`: a request, a route, an error.
    pub(crate) fn follow(&mut self, trace_id: &[u8], start: f64, end: f64) -> Option<&Action> {
        let is_it = |action: &&mut Action| action.start <= start && start <= action.until && action.view.trace_id == trace_id;
        let action = self.0.iter_mut().rev().find(is_it)?;
        action.end = action.end.max(end);
        action.until = (action.end + FOLLOWS_MS).clamp(action.until, (action.start + LONGEST_MS).max(action.until));
        Some(action)
    }

    /// One whose time is over, or (when the page may go) any; only those that something followed from. If the page stays, more
    /// follows from them, such as the answer to a request that was under way.
    pub(crate) fn over(&mut self, now: f64, is_last: bool) -> Option<Action> {
        let index = self.0.iter().position(|action| action.has_news() && (is_last || action.is_over(now)));
        let told = index.and_then(|index| self.0.get_mut(index)).map(|action| {
            action.is_told = true;
            action.clone()
        });
        if told.is_none() {
            self.0.retain(|action| !action.is_over(now));
        }
        told
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    struct Scene(Actions, Rc<View>, Ids);

    impl Scene {
        fn new() -> Self {
            let mut ids = Ids::new(&[7; 16]);
            Self(Actions::default(), Rc::new(View::new((b"https://shop.example/", b"https://shop.example/"), b"", b"", &mut ids)), ids)
        }

        fn act(&mut self, at: f64) -> Vec<u8> {
            assert!(self.0.begin(at, b"click\0#pay", &self.1, &mut self.2).is_none());
            self.0.0.last().unwrap().span.clone()
        }

        fn request(&mut self, start: f64, end: f64) -> Option<Vec<u8>> {
            self.0.follow(&self.1.trace_id, start, end).map(|action| action.span.clone())
        }
    }

    #[test]
    fn a_request_follows_from_the_action_just_before_it_and_a_chain_goes_on() {
        let mut scene = Scene::new();
        let first = Some(scene.act(1000.0));
        assert_eq!(scene.request(999.0, 1500.0), None);
        assert_eq!(scene.request(1101.0, 1500.0), None);
        assert_eq!(scene.request(1010.0, 1500.0), first);
        assert_eq!(scene.request(1599.0, 1700.0), first, "what the answer of the first led to");
        assert_eq!(scene.request(1801.0, 1900.0), None);
        let second = Some(scene.act(1650.0));
        assert_eq!(scene.request(1700.0, 1710.0), second, "the latest counts");
        assert!(scene.0.follow(&[0; 16], 1700.0, 1710.0).is_none(), "a request of another view");
    }

    #[test]
    fn a_chain_ends_after_ten_seconds() {
        let mut scene = Scene::new();
        let first = Some(scene.act(0.0));
        for n in 0..50 {
            assert_eq!(scene.request(f64::from(n) * 200.0, f64::from(n) * 200.0 + 150.0), first, "{n}");
        }
        assert_eq!(scene.request(10_001.0, 10_100.0), None);
    }

    #[test]
    fn only_what_led_to_something_is_told() {
        let mut scene = Scene::new();
        for at in [0.0, 1000.0, 2000.0, 3000.0] {
            scene.act(at);
        }
        scene.request(1001.0, 1100.0);
        assert!(scene.0.begin(4000.0, b"", &scene.1, &mut scene.2).is_none(), "the first had led to nothing");
        assert!(scene.0.over(5000.0, false).is_none());
        assert_eq!(scene.0.over(11_000.0, false).map(|action| (action.start, action.end)), Some((1000.0, 1100.0)));
        scene.request(2050.0, 2060.0);
        assert!(scene.0.begin(5000.0, b"", &scene.1, &mut scene.2).is_none());
        assert_eq!(scene.0.begin(6000.0, b"", &scene.1, &mut scene.2).map(|action| action.start), Some(2000.0));
        assert!(scene.0.over(6000.0, true).is_none());
        assert!(scene.0.over(20_000.0, false).is_none() && scene.0.0.is_empty());
    }

    #[test]
    fn a_page_that_was_hidden_and_stays_goes_on() {
        let mut scene = Scene::new();
        let first = Some(scene.act(0.0));
        let second = Some(scene.act(200.0));
        assert_eq!(scene.request(10.0, 50.0), first);
        assert_eq!(scene.0.over(300.0, true).map(|action| action.start), Some(0.0));
        assert!(scene.0.over(300.0, true).is_none());
        assert_eq!(scene.request(60.0, 500.0), first, "it is told, and what follows from it is still known to");
        assert_eq!(scene.request(210.0, 700.0), second, "what was under way");
        assert_eq!(scene.0.over(800.0, true).map(|action| action.start), Some(200.0));
        assert!(scene.0.over(11_000.0, false).is_none() && scene.0.0.is_empty(), "each is told once");
    }
}
