package dev.hfsm.ledger;

/**
 * A chore whose lease was granted.
 *
 * @param name which chore, {@code [a-z0-9-]{1,64}}
 * @param worker who holds its lease
 * @param progress what the last holder noted; empty if nothing ever was
 */
public record Chore(String name, String worker, String progress) {}
