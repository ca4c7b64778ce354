/** Learns a media type from the first bytes. No API. */
@NullMarked
package dev.hfsm.internal.sniff;

import org.jspecify.annotations.NullMarked;
