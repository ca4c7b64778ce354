package dev.hfsm.reliability.process;

import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.TransformerId;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * A cheap medium of our own: a line of text and any bytes after it. A variant is the beginning of
 * the line in upper case. A test can step in before each piece of work, knowing the line.
 */
final class Toys implements Transformer {

  static final MediaType TOY = new MediaType("text/x-toy");
  private static final TransformerId ID = new TransformerId("toys", 1);
  private static final int LINE = 64;

  private final Before before;

  /** Steps in before a piece of work, on the worker's thread. */
  @FunctionalInterface
  interface Before {
    void work(Step step, String line);
  }

  /** What is about to be done. */
  enum Step {
    INSPECT,
    RENDER
  }

  Toys(Before before) {
    this.before = before;
  }

  Toys() {
    this((step, line) -> {});
  }

  static byte[] toy(String line) {
    return ("toy:" + line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** A toy of {@code size} bytes or a few more. */
  static byte[] toy(String line, int size, RandomGenerator random) {
    byte[] head = toy(line);
    byte[] all = new byte[Math.max(size, head.length)];
    random.nextBytes(all);
    System.arraycopy(head, 0, all, 0, head.length);
    return all;
  }

  @Override
  public TransformerId id() {
    return ID;
  }

  @Override
  public boolean inspects(MediaType source) {
    return true;
  }

  @Override
  public boolean accepts(MediaType source, Transformation resolved) {
    return source.equals(TOY);
  }

  private static String line(Source source) {
    try (InputStream in = Files.newInputStream(source.file())) {
      String text = new String(in.readNBytes(LINE), StandardCharsets.ISO_8859_1);
      return text.startsWith("toy:") ? text.substring(4).lines().findFirst().orElse("") : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Facts inspect(Source source, Budget budget) {
    before.work(Step.INSPECT, line(source));
    return Facts.of(Fact.MEDIA_TYPE, TOY).with(Fact.INSPECTOR, ID);
  }

  @Override
  public List<Rendition> render(Source source, List<Transformation> wanted, Budget budget) {
    String line = line(source);
    before.work(Step.RENDER, line);
    return wanted.stream().map(recipe -> rendition(line, recipe)).toList();
  }

  private static Rendition rendition(String line, Transformation recipe) {
    String cut = line.substring(0, Math.min(line.length(), recipe.width().orElse(LINE)));
    byte[] bytes = cut.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    return new Rendition(recipe, TOY, bytes.length, 1, ByteSource.of(bytes));
  }
}
