//! The loop: buffers that the page writes into, one agent, and effects done until there are none.

use crate::act::perform;
use crate::sense::kind;
use core::cell::RefCell;
use core::mem::ManuallyDrop;
use vitrum_core::{Agent, Kind, Observation, PageTime};

struct Runtime {
    numbers: Vec<f64>,
    text: Vec<u8>,
    agent: Option<Agent>,
}

thread_local! {
    /// A page has one thread and one agent. After a trap the cell stays borrowed, so every later call is refused:
    /// that is how a faulty agent stays off. A page's memory goes with the page, so nothing is ever dropped.
    static RUNTIME: ManuallyDrop<RefCell<Runtime>> =
        const { ManuallyDrop::new(RefCell::new(Runtime { numbers: Vec::new(), text: Vec::new(), agent: None })) };
}

/// Room for so many numbers of the next observation.
#[must_use]
pub fn numbers_buffer(len: usize) -> *mut f64 {
    RUNTIME.with(|cell| {
        let mut runtime = cell.borrow_mut();
        runtime.numbers.resize(len, 0.0);
        runtime.numbers.as_mut_ptr()
    })
}

/// Room for so many bytes of its text.
#[must_use]
pub fn text_buffer(len: usize) -> *mut u8 {
    RUNTIME.with(|cell| {
        let mut runtime = cell.borrow_mut();
        runtime.text.resize(len, 0);
        runtime.text.as_mut_ptr()
    })
}

/// Takes in what stands in the buffers, for this meter: `text_bytes` of the text were written.
pub fn observe(number: u8, now_ms: f64, text_bytes: usize, meter: u32) {
    let now = PageTime(now_ms);
    let Some(kind) = kind(number) else { return };
    RUNTIME.with(|cell| {
        let Runtime { numbers, text, agent } = &mut *cell.borrow_mut();
        let text = text.get(..text_bytes).unwrap_or_default();
        if kind == Kind::Start {
            let mut random = [0; 16];
            // Without a source of randomness identifiers could not be told apart: such a page is not reported.
            if getrandom::fill(&mut random).is_ok() {
                let mut started = Agent::start(now, &random, numbers, text);
                // Listeners may come before the agent's own start.
                if let Some(before) = agent {
                    started.adopt(before);
                }
                // What was there before is left to lie: its drop would be a third of a kilobyte for nothing.
                core::mem::forget(agent.replace(started));
            }
        }
        let Some(agent) = agent else { return };
        agent.observe(now, &Observation { kind, meter, numbers, text });
        while let Some(effect) = agent.next_effect(now) {
            if let Some(fate) = perform(effect, now) {
                agent.observe(now, &Observation { kind: Kind::Delivered, meter: 0, numbers: &fate, text: b"" });
            }
        }
    });
}
