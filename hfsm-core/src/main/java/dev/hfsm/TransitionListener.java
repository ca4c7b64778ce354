package dev.hfsm;

import dev.hfsm.model.AssetId;
import dev.hfsm.model.Transition;

/**
 * Hears of transitions after they are committed, in the process that caused them, on the thread
 * that did. Must be thread-safe and quick, and must not close the pipeline, which would wait for
 * the listener. What it throws is logged and changes nothing. After a crash a transition may never
 * have been told; the history has them all.
 */
@FunctionalInterface
public interface TransitionListener {

  /** Called once for a transition. */
  void onTransition(AssetId asset, Transition transition);
}
