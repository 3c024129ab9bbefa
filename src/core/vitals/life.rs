//! What all vitals must know of the document: its load, its activation, and since when it was hidden.

use crate::observation::Texts;

/// The document, as far as it is known.
pub(crate) struct Life {
    /// Whether there is a navigation entry to be believed. Some browsers give 0 or times in the future for the response
    /// (web-vitals' issues 137, 162, 275).
    pub(crate) is_valid: bool,
    /// `navigate`, `reload`, `back-forward`, `prerender` or `restore`. Source: web-vitals, `Metric.navigationType`.
    pub(crate) kind: Vec<u8>,
    pub(crate) url: Vec<u8>,
    pub(crate) navigation_id: f64,
    /// Prerendered pages count from their activation. Source: Prerendering Revamped, `activationStart`.
    pub(crate) activation: f64,
    pub(crate) response_start: f64,
    /// When waiting (redirects, start of a worker), looking up and connecting ended.
    pub(crate) waited: f64,
    pub(crate) looked_up: f64,
    pub(crate) connecting: f64,
    pub(crate) connected: f64,
    /// Whether the load is over.
    pub(crate) is_loaded: bool,
    is_loading: bool,
    interactive: f64,
    content_loaded: f64,
    complete: f64,
    /// Nothing painted after this time counts.
    pub(crate) first_hidden: f64,
    /// Time of the last return from the back/forward cache, negative if there was none.
    pub(crate) restored_at: f64,
}

impl Life {
    pub(crate) fn new(first_hidden: f64) -> Self {
        Self {
            is_valid: false,
            kind: b"navigate".into(),
            url: Vec::new(),
            navigation_id: 0.0,
            activation: 0.0,
            response_start: 0.0,
            waited: 0.0,
            looked_up: 0.0,
            connecting: 0.0,
            connected: 0.0,
            is_loaded: false,
            is_loading: false,
            interactive: 0.0,
            content_loaded: 0.0,
            complete: 0.0,
            first_hidden,
            restored_at: -1.0,
        }
    }

    /// Takes a row of [`crate::Kind::Navigation`].
    pub(super) fn navigation(&mut self, now: f64, row: &[f64], texts: &mut Texts<'_>) {
        let at = |index: usize| row.get(index).copied().unwrap_or_default();
        (self.url, self.kind) = (texts.next().into(), texts.next().into());
        self.response_start = at(11);
        self.is_valid = self.response_start > 0.0 && self.response_start < now;
        self.activation = at(26);
        self.waited = if at(2) != 0.0 { at(2) } else { at(1) };
        (self.looked_up, self.connecting, self.connected) = (at(5), at(7), at(9));
        (self.interactive, self.content_loaded, self.complete) = (at(17), at(18), at(20));
        self.is_loaded = at(22) > 0.0;
        (self.is_loading, self.navigation_id) = (at(28) != 0.0, at(29));
        let kind: &[u8] = match self.kind.as_slice() {
            _ if !self.is_valid => b"navigate",
            _ if self.activation > 0.0 => b"prerender",
            _ if at(27) != 0.0 => b"restore",
            b"reload" => b"reload",
            b"back_forward" => b"back-forward",
            _ => b"navigate",
        };
        self.kind = kind.into();
        if !self.is_valid {
            (self.activation, self.navigation_id) = (0.0, 0.0);
            self.url.clear();
        }
    }

    pub(super) fn hidden(&mut self, at: f64) {
        if self.first_hidden == f64::INFINITY {
            self.first_hidden = at;
        }
    }

    /// How long after the activation this was.
    pub(super) fn since_activation(&self, at: f64) -> f64 {
        (at - self.activation).max(0.0)
    }

    /// How far the document was loaded then: 0 loading, 1 interactive, 2 its content loaded, 3 complete. Source:
    /// web-vitals, `LoadState`.
    pub(super) fn load_state(&self, at: f64) -> f64 {
        if self.is_loading {
            return 0.0;
        }
        // Whatever has no entry is taken to be complete.
        let marks = [(self.interactive, false), (self.content_loaded, true), (self.complete, true)];
        let is_before = |&(mark, may_be_to_come): &(f64, bool)| at < mark || may_be_to_come && mark == 0.0;
        let state = if self.is_valid { marks.iter().position(is_before) } else { None };
        state.unwrap_or(3) as f64
    }
}
