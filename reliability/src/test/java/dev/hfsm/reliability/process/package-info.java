/** The proof over real processes: killed, stopped, cut off, and looked at afterwards. */
@NullMarked
package dev.hfsm.reliability.process;

import org.jspecify.annotations.NullMarked;
