package dev.hfsm.model;

import org.jspecify.annotations.Nullable;

/**
 * One row of the state table.
 *
 * @param from the state before, or null if the asset did not exist
 * @param event what happened
 * @param to the state after
 * @param owes work owed while in {@code to}, or null if nothing is
 */
public record Transition(
    @Nullable AssetState from, AssetEvent event, AssetState to, @Nullable WorkKind owes) {}
