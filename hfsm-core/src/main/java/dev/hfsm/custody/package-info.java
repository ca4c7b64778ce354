/** What those who answer for the stored bytes ask for, and what they are told. */
@NullMarked
package dev.hfsm.custody;

import org.jspecify.annotations.NullMarked;
