package dev.hfsm;

import java.util.List;

/**
 * What is waited for in this process, at this moment, and what was refused.
 *
 * @param coldVariants how many variants somebody asked for that are not there yet
 * @param coldCallers how many callers wait for them, each of whom holds a thread
 * @param turnedAway how many callers were turned away since the process began, because more would
 *     have waited than may
 * @param exhausted the bounds on costs that requests to this process have met within the last hour
 */
public record Load(int coldVariants, int coldCallers, long turnedAway, List<Exhausted> exhausted) {

  /** Copies the list. */
  public Load {
    exhausted = List.copyOf(exhausted);
  }
}
