/** The page of {@code hfsm serve}, and the small API behind it. */
@org.jspecify.annotations.NullMarked
package dev.hfsm.cli.serve;
