//! What the user allowed, and what follows from it.

use vitrum_wire::Name;

/// The states of consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Consent {
    /// Not yet known: collect into bounded memory, touch neither storage nor network.
    Pending,
    /// Allowed.
    Granted,
    /// Refused: collect nothing, keep nothing.
    Denied,
    /// Errors and vitals only, without identifiers, URLs or storage.
    Minimal,
}

impl Consent {
    /// The state with this number, as the page passes it.
    #[must_use]
    pub fn from_number(number: f64) -> Self {
        match number as u8 {
            0 => Self::Pending,
            1 => Self::Granted,
            3 => Self::Minimal,
            _ => Self::Denied,
        }
    }

    /// Its name, as it travels.
    pub(crate) fn name(self) -> &'static [u8] {
        match self {
            Self::Pending => b"pending",
            Self::Granted => b"granted",
            Self::Denied => b"denied",
            Self::Minimal => b"minimal",
        }
    }

    pub(crate) fn allows_sending(self) -> bool {
        matches!(self, Self::Granted | Self::Minimal)
    }

    pub(crate) fn allows_identifiers(self) -> bool {
        self != Self::Minimal
    }

    /// Whether such a record may be gathered; spans have no name.
    pub(crate) fn allows(self, name: Option<Name>) -> bool {
        match self {
            Self::Pending | Self::Granted => true,
            Self::Minimal => matches!(name, Some(Name::WebVital | Name::Exception | Name::ErrorRepeats | Name::Health | Name::ConsentChange)),
            Self::Denied => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_number_that_is_no_state_allows_nothing() {
        for number in [4.0, 255.0, 256.0, 1e9, f64::INFINITY] {
            assert_eq!(Consent::from_number(number), Consent::Denied, "{number}");
        }
        for (number, state) in [Consent::Pending, Consent::Granted, Consent::Denied, Consent::Minimal].into_iter().enumerate() {
            assert_eq!((Consent::from_number(number as f64), state as usize), (state, number));
        }
    }

    /// Whether a state lets data be sent, a person be recognised, a view be told, an error be told, a request be told.
    #[test]
    fn what_follows_from_each_state() {
        for (state, expected) in [
            (Consent::Pending, [false, true, true, true, true]),
            (Consent::Granted, [true, true, true, true, true]),
            (Consent::Denied, [false, true, false, false, false]),
            (Consent::Minimal, [true, false, false, true, false]),
        ] {
            let [view, error, request] = [Some(Name::Navigation), Some(Name::Exception), None].map(|name| state.allows(name));
            assert_eq!([state.allows_sending(), state.allows_identifiers(), view, error, request], expected, "{state:?}");
        }
    }
}
