package dev.hfsm.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.hfsm.AssetPipeline;
import dev.hfsm.Explanation;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.GeoPoint;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the page is told of an asset. */
class AssetJsonTest {

  private static String json(Facts facts) throws IOException {
    AssetId id = AssetId.of(Digest.ofContent(new byte[] {1}));
    Instant then = Instant.ofEpochSecond(0);
    AssetRow row =
        new AssetRow(
            id, 1, new StorageKey("raw/x"), AssetState.METADATA_READY, facts, 1, then, then);
    StringWriter text = new StringWriter();
    try (AssetPipeline assets =
            AssetPipeline.builder()
                .ledger(new InMemoryLedger(InstantSource.system()))
                .blobs(new InMemoryBlobStore())
                .build();
        JsonGenerator json = new JsonFactory().createGenerator(text)) {
      AssetUrls urls = AssetUrls.of(assets, SigningKeys.of("k1", new byte[32]), "/assets");
      json.writeStartObject();
      new AssetJson(assets, urls)
          .write(json, new Explanation(row, List.of(), List.of(), List.of(), List.of()));
      json.writeEndObject();
    }
    return text.toString();
  }

  @Test
  void wherePicturesWereTakenIsNotTold() throws IOException {
    String json = json(Facts.of(Fact.GPS, GeoPoint.parse("48.8584,2.2945")));
    assertThat(json).contains("\"saysWhere\":true").doesNotContain("48.", "2.29");
    assertThat(json(Facts.NONE)).contains("\"saysWhere\":false");
  }

  @Test
  void aMakerIsNotNamedTwice() throws IOException {
    Facts nikon = Facts.of(Fact.MAKE, "NIKON CORPORATION").with(Fact.MODEL, "Nikon D90");
    assertThat(json(nikon)).contains("\"camera\":\"Nikon D90\"");
    Facts leica = Facts.of(Fact.MAKE, "Leica").with(Fact.MODEL, "T");
    assertThat(json(leica)).contains("\"camera\":\"Leica T\"");
    assertThat(json(Facts.of(Fact.MODEL, "X100"))).contains("\"camera\":\"X100\"");
    assertThat(json(Facts.NONE)).doesNotContain("camera");
  }
}
