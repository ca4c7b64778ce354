package dev.hfsm;

import static dev.hfsm.transform.Transformation.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.TransformerId;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.transform.Accept;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which variant it is that somebody wants is settled once. */
class ResolutionsTest {

  private final Counting transformer = new Counting();
  private final Resolutions resolutions = new Resolutions(List.of(transformer), 10);

  /** Makes anything, and counts how often it is asked whether it does. */
  private static final class Counting implements Transformer {
    int asked;

    @Override
    public TransformerId id() {
      return new TransformerId("counting", 1);
    }

    @Override
    public boolean inspects(MediaType source) {
      return true;
    }

    @Override
    public boolean accepts(MediaType source, Transformation resolved) {
      asked++;
      return true;
    }

    @Override
    public Facts inspect(Source source, Budget budget) {
      return Facts.NONE;
    }

    @Override
    public List<Rendition> render(Source source, List<Transformation> wanted, Budget budget) {
      throw new IllegalStateException("nothing is made here");
    }
  }

  private static AssetRow photo(boolean alpha) {
    Digest digest = Digest.ofContent(new byte[] {1});
    return new AssetRow(
        AssetId.of(digest),
        1,
        new StorageKey("raw/aa/bb/x"),
        AssetState.METADATA_READY,
        Facts.of(Fact.MEDIA_TYPE, MediaType.JPEG).with(Fact.ALPHA, alpha),
        1,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private static Wanted by(String accept) {
    return Wanted.by(Accept.parse(accept), image().width(9));
  }

  @Test
  void whoeverSaysTheSameOfTheFormatsGetsTheSameAtOnce() {
    AssetRow photo = photo(false);
    VariantRequest first = resolutions.of(photo, by("image/webp,*/*;q=0.5"));
    assertThat(first.transformation()).isEqualTo("w=9,format=webp");
    VariantRequest again = resolutions.of(photo, by("text/x-none, image/webp, */*;q=0.5"));
    assertThat(again).isSameAs(first);
    assertThat(transformer.asked).isEqualTo(1);
    assertThat(resolutions.of(photo, by("image/png")).transformation()).endsWith("format=png");
    assertThat(resolutions.of(photo, by("image/webp;q=0,*/*")).transformation())
        .endsWith("format=jpeg");
    assertThat(resolutions.of(photo, Wanted.byAnyone(image().width(9))).transformation())
        .endsWith("format=jpeg");
  }

  @Test
  void whatTheClientTakesDoesNotMatterOnceTheFormatIsSaid() {
    AssetRow photo = photo(false);
    Transformation recipe = image().width(9).format(Format.PNG);
    VariantRequest first = resolutions.of(photo, Wanted.by(Accept.parse("a/b"), recipe));
    assertThat(resolutions.of(photo, Wanted.byAnyone(recipe))).isSameAs(first);
  }

  @Test
  void otherFactsAreAnotherQuestion() {
    assertThat(resolutions.of(photo(false), by("*/*")).transformation()).endsWith("format=jpeg");
    assertThat(resolutions.of(photo(true), by("*/*")).transformation()).endsWith("format=png");
    assertThat(transformer.asked).isEqualTo(2);
  }
}
