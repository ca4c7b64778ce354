package dev.hfsm.cli;

import dev.hfsm.custody.Finding;
import dev.hfsm.custody.MigrateListener;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a migration is: a bar with rate and ETA on a terminal, a remark with both every ten
 * seconds elsewhere.
 */
final class MigrateProgress implements MigrateListener, AutoCloseable {

  private static final long EVERY_NANOS = Duration.ofSeconds(10).toNanos();

  private final Output output;
  private final Consumer<Finding> findings;
  private final LongSupplier nanos;
  private @Nullable Bar bar;
  private long began;
  private long told;
  private long blobs;
  private long bytes;
  private long doneBlobs;
  private long doneBytes;

  /**
   * @param nanos the time, as {@link System#nanoTime} tells it
   */
  MigrateProgress(Output output, Consumer<Finding> findings, LongSupplier nanos) {
    this.output = output;
    this.findings = findings;
    this.nanos = nanos;
  }

  @Override
  public void planned(long moreBlobs, long moreBytes) {
    output.remark(
        "hfsm: "
            + (bar == null ? "" : "came in meanwhile: ")
            + Text.count(moreBlobs, "blob")
            + " of "
            + Text.bytes(moreBytes)
            + " to copy");
    blobs += moreBlobs;
    bytes += moreBytes;
    if (bar == null) {
      bar = Bar.of("migrate", moreBytes);
      began = nanos.getAsLong();
      told = began;
    } else {
      bar.more(moreBytes);
    }
  }

  @Override
  public void copied(long size) {
    doneBlobs++;
    doneBytes += size;
    if (bar != null) {
      bar.step(size);
    }
    long now = nanos.getAsLong();
    if ((bar == null || !bar.isShown()) && now - told >= EVERY_NANOS) {
      told = now;
      output.remark(line(now - began));
    }
  }

  private String line(long elapsed) {
    double rate = doneBytes / (elapsed / 1e9);
    long left = rate == 0 ? 0 : Math.round(Math.max(0, bytes - doneBytes) / rate);
    return "hfsm: copied %d of %s, %s of %s, %s/s, about %d:%02d:%02d left"
        .formatted(
            doneBlobs,
            Text.count(blobs, "blob"),
            Text.bytes(doneBytes),
            Text.bytes(bytes),
            Text.bytes(Math.round(rate)),
            left / 3600,
            left / 60 % 60,
            left % 60);
  }

  @Override
  public void found(Finding finding) {
    findings.accept(finding);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
