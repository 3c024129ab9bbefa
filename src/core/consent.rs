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
            Self::Minimal => matches!(name, Some(Name::WebVital | Name::Exception | Name::Health)),
            Self::Denied => false,
        }
    }
}
