/** What HFSM costs, measured beside what it would cost without it. */
@NullMarked
package dev.hfsm.benchmarks;

import org.jspecify.annotations.NullMarked;
