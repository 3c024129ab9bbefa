// The kinds of packets, in the order of `Kind` in src/core/observation.rs, which says what each holds.

export const enum Kind {
  Start,
  Navigation,
  Resource,
  Paint,
  LargestPaint,
  Shift,
  Interaction,
  LongTask,
  LongFrame,
  Failure,
  RequestStarted,
  RequestEnded,
  Route,
  Hidden,
  Restored,
  FirstInput,
  Consent,
  Woke,
  Delivered,
  Lost,
}
