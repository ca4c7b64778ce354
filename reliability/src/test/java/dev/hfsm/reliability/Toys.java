package dev.hfsm.reliability;

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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;

/** Understands every text; a variant is the text in upper case, so that it can be checked. */
final class Toys implements Transformer {

  static final Transformation LOUD = Transformation.image().inside(100, 100);
  private static final MediaType TOY = new MediaType("text/x-toy");
  private static final TransformerId ID = new TransformerId("toy", 1);

  static byte[] toy(String text) {
    return ("toy:" + text).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] loud(byte[] toy) {
    return new String(toy, StandardCharsets.UTF_8)
        .toUpperCase(Locale.ROOT)
        .getBytes(StandardCharsets.UTF_8);
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
    return true;
  }

  @Override
  public Facts inspect(Source source, Budget budget) {
    return Facts.of(Fact.MEDIA_TYPE, TOY).with(Fact.WIDTH, read(source).length);
  }

  @Override
  public List<Rendition> render(Source source, List<Transformation> wanted, Budget budget) {
    byte[] loud = loud(read(source));
    return wanted.stream()
        .map(recipe -> new Rendition(recipe, TOY, loud.length, 1, ByteSource.of(loud)))
        .toList();
  }

  private static byte[] read(Source source) {
    try {
      return Files.readAllBytes(source.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
