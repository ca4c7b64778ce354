package dev.hfsm.internal.work;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What the calling thread has used of processors, in nanoseconds since some moment: only the
 * difference of two answers given to the same thread means anything.
 */
interface CpuClock {

  /** The answer where nothing is measured. */
  long UNKNOWN = -1;

  /**
   * Time in the thread's own code and in the system on its behalf; {@link #UNKNOWN} if it is not
   * measured.
   */
  long nanos();

  /**
   * What the JVM measures. It does not if it was told not to, for virtual threads, and if it was
   * started without the module {@code java.management}.
   */
  static CpuClock ofTheJvm() {
    try {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      return threads.isCurrentThreadCpuTimeSupported() ? () -> nanos(threads) : () -> UNKNOWN;
    } catch (LinkageError withoutTheModule) {
      return () -> UNKNOWN;
    }
  }

  private static long nanos(ThreadMXBean threads) {
    try {
      return threads.getCurrentThreadCpuTime();
    } catch (UnsupportedOperationException virtual) {
      return UNKNOWN;
    }
  }
}
