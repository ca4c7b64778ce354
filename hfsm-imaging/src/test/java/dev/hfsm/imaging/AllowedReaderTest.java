package dev.hfsm.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.model.Fact;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Source;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers of ImageIO that a host allows. */
class AllowedReaderTest extends EngineFixture {

  private static final MediaType TINY = new MediaType("image/x-tiny");

  /** Reads "TINY", a kind, a width, a height and a byte of grey for each pixel. */
  private static final class TinySpi extends ImageReaderSpi {
    TinySpi() {
      super(
          "HFSM",
          "1",
          new String[] {"tiny"},
          new String[] {"tiny"},
          new String[] {TINY.text()},
          Tiny.class.getName(),
          new Class<?>[] {ImageInputStream.class},
          null,
          false,
          null,
          null,
          null,
          null,
          false,
          null,
          null,
          null,
          null);
    }

    @Override
    public boolean canDecodeInput(Object source) {
      throw new AssertionError("the engine knows the type");
    }

    @Override
    public ImageReader createReaderInstance(Object extension) {
      return new Tiny(this);
    }

    @Override
    public String getDescription(Locale locale) {
      return "tiny";
    }
  }

  private static final class Tiny extends ImageReader {

    Tiny(ImageReaderSpi spi) {
      super(spi);
    }

    private ImageInputStream in() {
      return (ImageInputStream) getInput();
    }

    private int at(int position) throws IOException {
      in().seek(position);
      return in().read();
    }

    @Override
    public int getNumImages(boolean search) {
      return 1;
    }

    @Override
    public int getWidth(int index) throws IOException {
      if (at(0) != 'T') {
        throw new IIOException("no tiny picture at all");
      }
      return at(5) << 8 | at(6);
    }

    @Override
    public int getHeight(int index) throws IOException {
      return at(7) << 8 | at(8);
    }

    @Override
    public Iterator<ImageTypeSpecifier> getImageTypes(int index) {
      return Collections.singleton(
              ImageTypeSpecifier.createFromBufferedImageType(BufferedImage.TYPE_BYTE_GRAY))
          .iterator();
    }

    @Override
    public IIOMetadata getStreamMetadata() {
      throw new AssertionError("nobody asked for metadata");
    }

    @Override
    public IIOMetadata getImageMetadata(int index) {
      throw new AssertionError("nobody asked for metadata");
    }

    @Override
    public BufferedImage read(int index, ImageReadParam param) throws IOException {
      int kind = at(4);
      while (kind == 'r') {
        // Round and round over the same bytes.
        kind = at(4);
      }
      in().seek(in().length());
      while (kind == 'e' && in().read() < 0) {
        in().setByteOrder(in().getByteOrder());
      }
      while (kind == 's') {
        processImageProgress(1);
      }
      BufferedImage image =
          new BufferedImage(getWidth(0), getHeight(0), BufferedImage.TYPE_BYTE_GRAY);
      for (int i = 0; i < getWidth(0) * getHeight(0); i++) {
        image.getRaster().setSample(i % getWidth(0), i / getWidth(0), 0, at(9 + i));
      }
      return image;
    }
  }

  private static final ImageTransformer ALLOWED =
      ImageTransformer.builder().allowReader(TINY, new TinySpi()).build();

  private Source tiny(char kind, int width, int height) {
    byte[] head = ("TINY" + kind).getBytes(StandardCharsets.US_ASCII);
    byte[] body = new byte[4 + Math.min(1000, width * height)];
    body[0] = (byte) (width >> 8);
    body[1] = (byte) width;
    body[2] = (byte) (height >> 8);
    body[3] = (byte) height;
    java.util.Arrays.fill(body, 4, body.length, (byte) 200);
    return Pictures.source(folder, TINY, Pictures.concat(head, body));
  }

  @Test
  void whatIsAllowedIsInspectedAndMadeVariantsOf() {
    assertThat(ALLOWED.inspects(TINY)).isTrue();
    assertThat(ALLOWED.accepts(TINY, PNG)).isTrue();
    Source source = tiny('.', 12, 10);
    assertThat(ALLOWED.inspect(source, new TestBudget()).get(Fact.WIDTH)).contains(12);
    var made = ALLOWED.render(source, java.util.List.of(PNG.inside(6, 6)), new TestBudget()).get(0);
    BufferedImage image = Pictures.decoded(bytes(made));
    assertThat(image.getWidth()).isEqualTo(6);
    assertThat(image.getRGB(2, 2)).isEqualTo(0xFFC8C8C8);
  }

  @Test
  void whatIsNotAllowedIsNotUsedEvenIfImageIoKnowsIt() {
    var registry = javax.imageio.spi.IIORegistry.getDefaultInstance();
    TinySpi spi = new TinySpi();
    registry.registerServiceProvider(spi);
    try {
      assertThat(engine.inspects(TINY)).isFalse();
      assertThat(engine.accepts(TINY, PNG)).isFalse();
      assertThatThrownBy(() -> engine.inspect(tiny('.', 12, 10), new TestBudget()))
          .isInstanceOf(RejectedMediaException.class);
    } finally {
      registry.deregisterServiceProvider(spi);
    }
  }

  @Test
  void limitsAreHeldAgainstWhatTheReaderSaysBeforeItDecodes() {
    Limits small = Limits.DEFAULT.withMaxPixels(1000);
    assertThatThrownBy(
            () -> ALLOWED.inspect(tiny('r', 100, 100), new TestBudget(small, 100_000_000)))
        .isInstanceOf(RejectedMediaException.class)
        .hasMessageContaining("100 × 100");
    assertThatThrownBy(() -> ALLOWED.inspect(tiny('.', 0, 100), new TestBudget()))
        .isInstanceOf(RejectedMediaException.class);
    Source other = Pictures.source(folder, TINY, new byte[20]);
    assertThatThrownBy(() -> ALLOWED.inspect(other, new TestBudget()))
        .isInstanceOf(RejectedMediaException.class)
        .hasMessageContaining("no tiny picture at all");
  }

  @ParameterizedTest
  @ValueSource(chars = {'r', 'e', 's'})
  void aReaderThatNeverEndsIsEndedByTheDeadline(char kind) {
    TestBudget budget = new TestBudget(Limits.DEFAULT, 100_000_000, 500, Long.MAX_VALUE);
    assertThatThrownBy(() -> ALLOWED.inspect(tiny(kind, 20, 20), budget))
        .isInstanceOfSatisfying(
            TransformationException.class, e -> assertThat(e.retryable()).isTrue());
    assertThat(budget.reserved.get()).isZero();
  }

  @Test
  void ownTypesAndSecondReadersAreRefused() {
    var builder = ImageTransformer.builder().allowReader(TINY, new TinySpi());
    assertThatThrownBy(() -> builder.allowReader(TINY, new TinySpi()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> builder.allowReader(MediaType.JPEG, new TinySpi()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("image/jpeg");
  }
}
