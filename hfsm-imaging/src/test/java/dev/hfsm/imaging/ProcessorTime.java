package dev.hfsm.imaging;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What the calling thread has used of a processor, which a busy machine does not change. */
public final class ProcessorTime {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final long start = THREADS.getCurrentThreadCpuTime();

  /** Milliseconds since this was made, by the same thread. */
  public long millis() {
    return (THREADS.getCurrentThreadCpuTime() - start) / 1_000_000;
  }
}
