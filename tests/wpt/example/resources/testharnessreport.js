// Stands where a suite has it; the runner puts its own in its place.
