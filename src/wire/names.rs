//! Every name that travels, once: attribute keys with the policy of what they hold, and event names.
//!
//! The names are those of the OpenTelemetry semantic conventions 1.45 and of the browser registry of
//! opentelemetry-browser 0.1; what neither has is called `vitrum.*`. WIRE.md lists them.

/// What an attribute may hold, and so how it is scrubbed before it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Policy {
    /// Numbers, and text that the agent itself or the site's configuration chose.
    Plain,
    /// A URL or the path of one: parts of its path that may be data give way, query and fragment are cut to the names of their
    /// parameters, credentials are removed.
    Url,
    /// A selector of an element: of its names, those that may identify someone are left out.
    Selector,
    /// What a browser calls a script by: a function, or what invoked it, an element's part in it as a selector.
    Code,
    /// Text that the page wrote: every URL in it is treated as above, and what tells of a person or is a secret gives way.
    Text,
}

/// Declares an enum whose variants stand for texts kept end to end in one constant. The offsets are 16 bit, a quarter
/// of what a table of `&str` would add to the wasm.
macro_rules! texts {
    ($(#[$enum_doc:meta])* $enum:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$enum_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum $enum { $($(#[$doc])* #[doc = concat!("`", $text, "`")] $variant),* }

        impl $enum {
            /// All of them, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name as it travels.
            #[must_use]
            pub fn text(self) -> &'static str {
                core::str::from_utf8(self.bytes()).unwrap_or_default()
            }

            /// The name as it travels, as bytes.
            #[must_use]
            pub fn bytes(self) -> &'static [u8] {
                const TEXTS: &[u8] = concat!($($text),*).as_bytes();
                const ENDS: [u16; $enum::ALL.len()] = ends(&[$($text.len() as u16),*]);
                let index = self as usize;
                let start = index.checked_sub(1).and_then(|before| ENDS.get(before)).copied().unwrap_or_default();
                let end = ENDS.get(index).copied().unwrap_or_default();
                TEXTS.get(start as usize..end as usize).unwrap_or_default()
            }
        }
    };
}

const fn ends<const N: usize>(lens: &[u16; N]) -> [u16; N] {
    let mut ends = *lens;
    let mut index = 1;
    while index < N {
        #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler only; a fault is a build error")]
        {
            ends[index] += ends[index - 1];
        }
        index += 1;
    }
    ends
}

texts! {
    /// The name of an event.
    Name {
        /// A session began. OpenTelemetry, session conventions.
        SessionStart = "session.start",
        /// A document was loaded, or a route changed within it.
        Navigation = "browser.navigation",
        /// The phases of the document's load. Navigation Timing Level 2.
        NavigationTiming = "browser.navigation_timing",
        /// The phases of a resource's load. Resource Timing.
        ResourceTiming = "browser.resource_timing",
        /// A web vital, when it is known and when it changed.
        WebVital = "browser.web_vital",
        /// How long a route took from its start to its paint, where the browser does not tell of soft navigations.
        RouteTransition = "vitrum.route_transition",
        /// How long the main thread of a view was blocked by long tasks: of each, what is over 50 ms.
        Blocking = "vitrum.blocking",
        /// What a view has loaded of one origin and kind, added up so far; the latest counts.
        ResourceGroup = "vitrum.resource_group",
        /// How often a page has opened beacons, event sources and web sockets so far; the latest counts.
        Connections = "vitrum.connections",
        /// A task over 50 ms. Long Tasks API.
        LongTask = "browser.long_task",
        /// An animation frame over 50 ms. Long Animation Frames API.
        LongAnimationFrame = "browser.long_animation_frame",
        /// An uncaught error or an unhandled rejection.
        Exception = "exception",
        /// How often an error that was told has happened again since that was told last.
        ErrorRepeats = "vitrum.error_repeats",
        /// What the user allows has changed, and who said so.
        ConsentChange = "vitrum.consent.change",
        /// The user asks that what is stored of this session be deleted.
        DeletionRequest = "vitrum.deletion_request",
        /// Something that the site itself tells.
        Custom = "vitrum.event",
        /// What the agent could not use, counted by reason.
        Health = "vitrum.health",
    }
}

texts! {
    /// The key of an attribute. Times and lengths of time are milliseconds; times are since the page's time origin.
    Key {
        // Resource.
        ServiceName = "service.name",
        ServiceVersion = "service.version",
        Environment = "deployment.environment.name",
        SdkName = "telemetry.sdk.name",
        SdkLanguage = "telemetry.sdk.language",
        SdkVersion = "telemetry.sdk.version",
        SchemaVersion = "vitrum.schema.version",
        SampleRate = "vitrum.sample.rate",
        Kept = "vitrum.sample.kept",
        Synthetic = "user_agent.synthetic.type",
        Scrubbed = "vitrum.scrubbed",
        /// With a name of the site's after it, as [`Custom`](Self::Custom) has.
        Cohort = "vitrum.cohort",

        // Context of every record.
        RecordId = "log.record.uid",
        SessionId = "session.id",
        SessionPreviousId = "session.previous_id",
        UserId = "user.id",
        UserHash = "user.hash",
        ViewId = "vitrum.view.id",
        Template = "url.template",
        Url = "url.full",

        // Many records as one, and the times of those; see `table.rs`.
        Table = "vitrum.table",
        TableTime = "vitrum.table.time",

        // Navigation.
        SameDocument = "browser.navigation.same_document",
        HashChange = "browser.navigation.hash_change",
        NavigationKind = "browser.navigation.type",
        Referrer = "vitrum.referrer",

        // Resource and navigation timing, in the order in which the page packs them; see `ResourceTiming`.
        ResourceDuration = "browser.resource_timing.duration",
        FetchStart = "browser.resource_timing.fetch_start",
        WorkerStart = "browser.resource_timing.worker_start",
        RedirectStart = "browser.resource_timing.redirect_start",
        RedirectEnd = "browser.resource_timing.redirect_end",
        DomainLookupStart = "browser.resource_timing.domain_lookup_start",
        DomainLookupEnd = "browser.resource_timing.domain_lookup_end",
        ConnectStart = "browser.resource_timing.connect_start",
        SecureConnectionStart = "browser.resource_timing.secure_connection_start",
        ConnectEnd = "browser.resource_timing.connect_end",
        RequestStart = "browser.resource_timing.request_start",
        ResponseStart = "browser.resource_timing.response_start",
        ResponseEnd = "browser.resource_timing.response_end",
        TransferSize = "browser.resource_timing.transfer_size",
        EncodedBodySize = "browser.resource_timing.encoded_body_size",
        DecodedBodySize = "browser.resource_timing.decoded_body_size",
        StatusCode = "http.response.status_code",
        NavigationDomInteractive = "browser.navigation_timing.dom_interactive",
        NavigationDomContentLoadedStart = "browser.navigation_timing.dom_content_loaded_event_start",
        NavigationDomContentLoadedEnd = "browser.navigation_timing.dom_content_loaded_event_end",
        NavigationDomComplete = "browser.navigation_timing.dom_complete",
        NavigationLoadStart = "browser.navigation_timing.load_event_start",
        NavigationLoadEnd = "browser.navigation_timing.load_event_end",
        NavigationUnloadStart = "browser.navigation_timing.unload_event_start",
        NavigationUnloadEnd = "browser.navigation_timing.unload_event_end",
        NavigationRedirectCount = "browser.navigation_timing.redirect_count",
        NavigationType = "browser.navigation_timing.type",
        InitiatorType = "browser.resource_timing.initiator_type",
        NextHopProtocol = "browser.resource_timing.next_hop_protocol",
        RenderBlocking = "browser.resource_timing.render_blocking_status",
        ServerTiming = "vitrum.server_timing",
        Cache = "vitrum.resource.cache",

        // What a view has loaded of one origin, in the order of `Group::totals`.
        GroupOrigin = "vitrum.resource_group.origin",
        GroupCount = "vitrum.resource_group.count",
        GroupFailed = "vitrum.resource_group.failed",
        GroupCached = "vitrum.resource_group.cached",
        GroupBlocking = "vitrum.resource_group.render_blocking",
        GroupTransfer = "vitrum.resource_group.transfer_size",
        GroupEncoded = "vitrum.resource_group.encoded_body_size",
        GroupDuration = "vitrum.resource_group.duration",
        GroupScripts = "vitrum.resource_group.blocking_duration",
        GroupLongest = "vitrum.resource_group.longest_duration",

        Beacons = "vitrum.connections.beacons",
        EventSources = "vitrum.connections.event_sources",
        WebSockets = "vitrum.connections.web_sockets",

        // Web vitals.
        VitalName = "browser.web_vital.name",
        VitalValue = "browser.web_vital.value",
        VitalDelta = "browser.web_vital.delta",
        VitalId = "browser.web_vital.id",
        VitalRating = "browser.web_vital.rating",
        VitalNavigationType = "browser.web_vital.navigation_type",

        // What explains a vital; see `vitals/record.rs` of the core.
        Heuristic = "vitrum.web_vital.heuristic",
        VitalTarget = "vitrum.web_vital.attribution.target",
        FcpRest = "vitrum.web_vital.attribution.first_byte_to_fcp",
        FirstByte = "vitrum.web_vital.attribution.time_to_first_byte",
        LcpLoadDelay = "vitrum.web_vital.attribution.resource_load_delay",
        LcpLoadDuration = "vitrum.web_vital.attribution.resource_load_duration",
        LcpRenderDelay = "vitrum.web_vital.attribution.element_render_delay",
        LcpUrl = "vitrum.web_vital.attribution.url",
        InpInputDelay = "vitrum.web_vital.attribution.input_delay",
        InpProcessing = "vitrum.web_vital.attribution.processing_duration",
        InpPresentation = "vitrum.web_vital.attribution.presentation_delay",
        InpTime = "vitrum.web_vital.attribution.interaction_time",
        InpPaintTime = "vitrum.web_vital.attribution.next_paint_time",
        InpType = "vitrum.web_vital.attribution.interaction_type",
        LoadState = "vitrum.web_vital.attribution.load_state",
        InpScripting = "vitrum.web_vital.attribution.total_script_duration",
        InpLayout = "vitrum.web_vital.attribution.total_style_and_layout_duration",
        InpPainting = "vitrum.web_vital.attribution.total_paint_duration",
        InpRest = "vitrum.web_vital.attribution.total_unattributed_duration",
        ScriptSubpart = "vitrum.web_vital.attribution.longest_script.subpart",
        ScriptShare = "vitrum.web_vital.attribution.longest_script.intersecting_duration",
        ScriptInvoker = "vitrum.web_vital.attribution.longest_script.invoker",
        ScriptUrl = "vitrum.web_vital.attribution.longest_script.source_url",
        ScriptFunction = "vitrum.web_vital.attribution.longest_script.function",
        ClsTime = "vitrum.web_vital.attribution.largest_shift_time",
        ClsValue = "vitrum.web_vital.attribution.largest_shift_value",
        TtfbWaiting = "vitrum.web_vital.attribution.waiting_duration",
        TtfbCache = "vitrum.web_vital.attribution.cache_duration",
        TtfbDns = "vitrum.web_vital.attribution.dns_duration",
        TtfbConnection = "vitrum.web_vital.attribution.connection_duration",
        TtfbRequest = "vitrum.web_vital.attribution.request_duration",
        RouteDuration = "vitrum.route_transition.duration",
        BlockingDuration = "vitrum.blocking.duration",

        // Long tasks and long animation frames.
        LongTaskName = "browser.long_task.name",
        LongTaskDuration = "browser.long_task.duration",
        FrameStart = "browser.long_animation_frame.start_time",
        FrameDuration = "browser.long_animation_frame.duration",
        FrameBlocking = "browser.long_animation_frame.blocking_duration",
        FrameRenderStart = "browser.long_animation_frame.render_start",
        FrameLayoutStart = "browser.long_animation_frame.style_and_layout_start",
        FrameFirstInput = "browser.long_animation_frame.first_ui_event_timestamp",

        // Requests.
        Method = "http.request.method",
        MethodOriginal = "http.request.method_original",
        BodySize = "http.response.body.size",
        ProtocolVersion = "network.protocol.version",
        ServerAddress = "server.address",
        ServerPort = "server.port",
        ErrorType = "error.type",

        // Actions.
        ActionType = "vitrum.action.type",
        CssSelector = "browser.css_selector",

        // Errors.
        ExceptionType = "exception.type",
        ExceptionMessage = "exception.message",
        ExceptionStack = "exception.stacktrace",
        Handled = "vitrum.error.handled",
        ErrorSource = "vitrum.error.source",
        ErrorOrigin = "vitrum.error.origin",
        Fingerprint = "vitrum.error.fingerprint",
        ErrorCount = "vitrum.error.count",
        SinceLoad = "vitrum.error.time_since_load",
        PageState = "vitrum.page.state",
        Breadcrumbs = "vitrum.error.breadcrumbs",
        /// With a name of the site's after it, as [`Custom`](Self::Custom) has; so has the next.
        ErrorContext = "vitrum.error.context",
        Flag = "vitrum.flag",
        ConnectionType = "network.connection.type",
        DeviceMemory = "vitrum.device.memory",
        HeapUsed = "vitrum.heap.used",

        // Consent.
        ConsentState = "vitrum.consent.state",
        ConsentSource = "vitrum.consent.source",

        // What the site itself tells: its name, and with a name of the site's after it, whatever else it says.
        EventName = "vitrum.event.name",
        Custom = "vitrum.event.attributes",

        // Health: counts since the last record of it.
        DroppedRecords = "vitrum.health.dropped_records",
        LostBatches = "vitrum.health.lost_batches",
        BadOptions = "vitrum.health.bad_options",
        CallbackFaults = "vitrum.health.callback_faults",
        LostEntries = "vitrum.health.lost_entries",
        Limited = "vitrum.health.limited",
    }
}

impl Key {
    /// What the attribute may hold.
    #[must_use]
    pub fn policy(self) -> Policy {
        match self {
            Self::Url | Self::Referrer | Self::LcpUrl | Self::ScriptUrl | Self::GroupOrigin => Policy::Url,
            Self::VitalTarget | Self::CssSelector => Policy::Selector,
            Self::ScriptInvoker | Self::ScriptFunction => Policy::Code,
            Self::ExceptionMessage
            | Self::ExceptionStack
            | Self::ExceptionType
            | Self::ErrorType
            | Self::MethodOriginal
            | Self::Cohort
            | Self::EventName
            | Self::Breadcrumbs
            | Self::ErrorContext
            | Self::Flag
            | Self::Custom => Policy::Text,
            _ => Policy::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_name_is_cut_from_the_whole_where_it_stands() {
        assert_eq!(Name::ALL.first().map(|name| name.text()), Some("session.start"));
        assert_eq!(Name::ALL.last().map(|name| name.text()), Some("vitrum.health"));
        assert_eq!(Key::ServiceName.text(), "service.name");
        assert_eq!(Key::Limited.text(), "vitrum.health.limited");
    }

    /// Whatever is not among these is the agent's own words and numbers.
    #[test]
    fn what_a_page_wrote_has_its_policy() {
        let of = |policy: Policy| Key::ALL.iter().filter(move |key| key.policy() == policy).map(|key| key.text()).collect::<Vec<_>>();
        let urls = [
            "url.full",
            "vitrum.referrer",
            "vitrum.resource_group.origin",
            "vitrum.web_vital.attribution.url",
            "vitrum.web_vital.attribution.longest_script.source_url",
        ];
        assert_eq!(of(Policy::Url), urls);
        assert_eq!(of(Policy::Selector), ["vitrum.web_vital.attribution.target", "browser.css_selector"]);
        let codes = ["vitrum.web_vital.attribution.longest_script.invoker", "vitrum.web_vital.attribution.longest_script.function"];
        assert_eq!(of(Policy::Code), codes);
        let texts = [
            "vitrum.cohort",
            "http.request.method_original",
            "error.type",
            "exception.type",
            "exception.message",
            "exception.stacktrace",
            "vitrum.error.breadcrumbs",
            "vitrum.error.context",
            "vitrum.flag",
            "vitrum.event.name",
            "vitrum.event.attributes",
        ];
        assert_eq!(of(Policy::Text), texts);
    }

    #[test]
    fn no_name_stands_for_two_things() {
        let mut names: Vec<_> = Key::ALL.iter().map(|key| key.text()).chain(Name::ALL.iter().map(|name| name.text())).collect();
        let before = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), before);
    }
}
