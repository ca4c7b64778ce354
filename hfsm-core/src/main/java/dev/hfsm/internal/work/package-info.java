/** Takes work from the ledger, does it, settles it, and looks after whoever does. No API. */
@NullMarked
package dev.hfsm.internal.work;

import org.jspecify.annotations.NullMarked;
