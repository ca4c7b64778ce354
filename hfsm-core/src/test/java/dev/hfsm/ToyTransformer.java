package dev.hfsm;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.TransformerId;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Fit;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Understands a small text format: {@code toy:} and a text. A variant is the text in upper case,
 * cut to the width; a watermark's file is appended; letters that differ in case only are the same
 * "pixels". Tests can step in before each piece of work.
 */
final class ToyTransformer implements Transformer {
  static final MediaType TOY = new MediaType("text/x-toy");
  static final TransformerId ID = new TransformerId("toy", 1);
  final AtomicInteger inspections = new AtomicInteger();

  /** Calls, each of which may make several variants. */
  final AtomicInteger renders = new AtomicInteger();

  /** Variants. */
  final AtomicInteger rendered = new AtomicInteger();

  /** What it learns besides. */
  volatile Facts learned = Facts.NONE;

  /** What it cannot make: nothing, at first. */
  volatile Format unknown = Format.AUTO;

  /** The width it refuses: none, at first. */
  volatile int refused;

  /** How high what it makes is, which is nothing to a text. */
  volatile ToIntFunction<Transformation> height = recipe -> 1;

  volatile Consumer<Budget> beforeInspection = budget -> {};
  volatile Consumer<Budget> beforeRender = budget -> {};

  static byte[] toy(String text) {
    return ("toy:" + text).getBytes(StandardCharsets.UTF_8);
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
    boolean known = source.equals(TOY) || source.equals(MediaType.GIF);
    return known && resolved.fit() != Fit.FILL && resolved.format() != unknown;
  }

  private static String read(Source source) {
    try {
      return Files.readString(source.file(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Facts inspect(Source source, Budget budget) {
    inspections.incrementAndGet();
    beforeInspection.accept(budget);
    String text = read(source);
    if (text.startsWith("toy!")) {
      throw new RejectedMediaException("not a toy after all");
    }
    if (!text.startsWith("toy:")) {
      return Facts.NONE;
    }
    String upper = text.toUpperCase(Locale.ROOT);
    return Facts.of(Fact.MEDIA_TYPE, TOY)
        .with(Fact.WIDTH, text.length() - 4)
        .with(Fact.PIXEL_DIGEST, Digest.ofContent(upper.getBytes(StandardCharsets.UTF_8)))
        .with(Fact.INSPECTOR, ID)
        .and(learned);
  }

  @Override
  public List<Rendition> render(Source source, List<Transformation> wanted, Budget budget) {
    renders.incrementAndGet();
    beforeRender.accept(budget);
    List<Rendition> made = new ArrayList<>();
    for (Transformation recipe : wanted) {
      if (recipe.width().orElse(0) == refused && refused > 0) {
        throw new TransformationException("refused", null, false);
      }
      String text = read(source).substring(4).toUpperCase(Locale.ROOT);
      String cut = text.substring(0, Math.min(text.length(), recipe.width().orElse(text.length())));
      cut += recipe.watermark().map(w -> read(source.companions().get(w.image()))).orElse("");
      byte[] bytes = cut.getBytes(StandardCharsets.UTF_8);
      rendered.incrementAndGet();
      made.add(
          new Rendition(
              recipe, TOY, cut.length(), height.applyAsInt(recipe), ByteSource.of(bytes)));
    }
    return made;
  }
}
