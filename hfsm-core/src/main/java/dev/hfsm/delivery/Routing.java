package dev.hfsm.delivery;

/** What came of a path before anything was looked up: where it leads, or why nowhere. */
sealed interface Routing permits Route, Problem {}
