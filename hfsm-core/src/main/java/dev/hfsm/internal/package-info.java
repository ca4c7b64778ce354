/** How the pipeline works inside. Nothing here is API. */
@NullMarked
package dev.hfsm.internal;

import org.jspecify.annotations.NullMarked;
