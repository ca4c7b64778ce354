/** Tests of the page and the API behind it. */
@org.jspecify.annotations.NullMarked
package dev.hfsm.cli.serve;
