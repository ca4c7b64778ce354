/**
 * Adapters with one defect each. They show that the contract suites catch what they are for, and
 * whoever adds a case adds an adapter that fails it.
 */
@NullMarked
package dev.hfsm.tck.broken;

import org.jspecify.annotations.NullMarked;
