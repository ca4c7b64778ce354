package dev.hfsm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What threads have used of processors, as the JVM tells. */
final class CpuTime {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CpuTime() {}

  static boolean isMeasured() {
    return THREADS.isThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();
  }

  /** In nanoseconds. */
  static long of(Thread thread) {
    return THREADS.getThreadCpuTime(thread.getId());
  }

  /** In nanoseconds; what passes where nothing is measured. */
  static long ofThisThread() {
    return isMeasured() ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }

  /**
   * Uses a processor until its clock has moved by so much.
   *
   * @return by how much it has moved
   */
  static long spend(long nanos) {
    long begin = ofThisThread();
    long used = 0;
    while (used < nanos) {
      used = ofThisThread() - begin;
    }
    return used;
  }
}
