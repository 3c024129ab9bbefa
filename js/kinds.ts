// The kinds of packets, in the order of `Kind` in src/core/observation.rs, which says what each holds; and the reasons of
// `Lost`, in the order of `Loss` in src/core/health.rs.

export const enum Kind {
  Start,
  Navigation,
  Resource,
  Paint,
  LargestPaint,
  LargestResource,
  Settled,
  Shift,
  Interaction,
  SoftNavigation,
  LongTask,
  LongFrame,
  Script,
  Failure,
  Request,
  Opened,
  Action,
  Route,
  RoutePainted,
  Hidden,
  Restored,
  Repainted,
  Listen,
  Consent,
  Active,
  User,
  Forget,
  Woke,
  Delivered,
  Lost,
}

export const enum Loss {
  Record,
  Batch,
  Option,
  Callback,
  Entry,
}
