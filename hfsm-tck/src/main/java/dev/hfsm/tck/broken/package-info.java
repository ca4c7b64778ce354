/** Adapters with one defect each: proof that the contract suites catch it. Never for use. */
@NullMarked
package dev.hfsm.tck.broken;

import org.jspecify.annotations.NullMarked;
