package dev.hfsm.internal.work;

import dev.hfsm.TransitionListener;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Transition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the host's listener of committed transitions; whatever the listener throws ends here. */
public final class Notifier {

  private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

  private final TransitionListener listener;

  /** Tells {@code listener}. */
  public Notifier(TransitionListener listener) {
    this.listener = listener;
  }

  /** Tells of one transition. Never throws. */
  public void tell(AssetId asset, Transition transition) {
    try {
      listener.onTransition(asset, transition);
    } catch (RuntimeException | Error e) {
      LOG.warn(
          "a transition listener failed on {} of {}: {}", transition.event(), asset, e.toString());
    }
  }
}
