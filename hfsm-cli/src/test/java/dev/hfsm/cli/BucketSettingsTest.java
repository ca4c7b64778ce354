package dev.hfsm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.s3.Addressing;
import dev.hfsm.s3.Encryption;
import dev.hfsm.s3.S3Config;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** What can be said about a bucket in its URL, and what is answered to what cannot. */
class BucketSettingsTest {

  private static S3Config read(String settings) {
    return ((StoreUrl.Bucket) new StoreUrl.Converter().convert("s3://bucket/assets?" + settings))
        .config();
  }

  @Test
  void everySettingCanBeSaidInAnyOrder() {
    S3Config config =
        read(
            "tag.cost centre=R&encryption=kms:arn:aws:kms:eu-central-1:1:key/ab-c"
                    .replace("=R", "=a+b=c/d")
                + "&addressing=virtual-host&storage-class=STANDARD_IA&tag.team=media"
                + "&endpoint=https://oss.example.com:9000&region=eu-central-1");
    assertThat(config.keeping().storageClass()).isEqualTo("STANDARD_IA");
    assertThat(config.keeping().encryption())
        .isEqualTo(Encryption.kms("arn:aws:kms:eu-central-1:1:key/ab-c"));
    assertThat(config.keeping().tags())
        .isEqualTo(Map.of("team", "media", "cost centre", "a+b=c/d"));
    assertThat(config.region()).isEqualTo("eu-central-1");
    assertThat(config.endpoint()).isEqualTo(URI.create("https://oss.example.com:9000"));
    assertThat(config.addressing())
        .as("what is said counts, though an endpoint has a way of its own")
        .isEqualTo(Addressing.VIRTUAL_HOST);
    assertThat(config.prefix()).isEqualTo("assets/");
    assertThat(read("encryption=managed").keeping().encryption()).isEqualTo(Encryption.managed());
    assertThat(read("endpoint=http://host").addressing()).isEqualTo(Addressing.PATH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"storage_class=STANDARD_IA", "Region=eu-central-1", "tags=a", "tag=a=b", "sse"})
  void aMisspeltSettingIsToldTogetherWithAllThereAre(String settings) {
    assertThatThrownBy(() -> read(settings))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContainingAll(
            "region=R",
            "endpoint=URL",
            "addressing=path|virtual-host",
            "storage-class=CLASS",
            "encryption=managed|kms:KEY",
            "tag.NAME=VALUE",
            "found " + settings.replaceFirst("=.*", ""));
  }

  @Test
  void whatMayBeASecretIsNotRepeated() {
    assertThatThrownBy(() -> read("AKIA2GH5/wJalrXUtnFEMI+K7MDENG/bPxRfiCY"))
        .hasMessageContaining("found something else")
        .hasMessageNotContaining("AKIA");
    assertThatThrownBy(() -> read("secret=wJalrXUtnFEMI"))
        .hasMessageContaining("found secret")
        .hasMessageNotContaining("wJalr");
  }

  @ParameterizedTest
  @CsvSource({
    "region=,region: expected a value",
    "'',expected one of region=R",
    "region=eu-west-1&,expected one of region=R",
    "region=eu-west-1&region=eu-west-1,region: expected once",
    "storage-class=standard_ia,expected for instance STANDARD_IA",
    "storage-class=GLACIER,read at once",
    "encryption=kms:,KMS key: expected",
    "encryption=AES256,expected managed (keys of S3) or kms:KEY",
    "addressing=host,expected path or virtual-host",
    "tag.=x,tag: expected a name",
    "tag.team=a%20b,a percent sign",
    "endpoint=host:9000,endpoint: expected",
    "endpoint=:,endpoint"
  })
  void aValueThatCannotBeOneIsRefusedByName(String settings, String complaint) {
    assertThatThrownBy(() -> read(settings))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageStartingWith("expected s3://BUCKET[/PREFIX][?SETTING=VALUE&...]; ")
        .hasMessageContaining(complaint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cli.md", "s3.md", "deploy.md"})
  void whatTheDocumentationShowsIsUnderstood(String page) throws IOException {
    Matcher shown =
        Pattern.compile("'(s3://[a-z][^']+)'").matcher(Files.readString(Path.of("../docs", page)));
    List<StoreUrl> urls =
        shown.results().map(found -> new StoreUrl.Converter().convert(found.group(1))).toList();
    assertThat(urls).isNotEmpty();
  }

  @Test
  void theSamePlaceIsTheSameHoweverThingsAreKeptThere() {
    StoreUrl.Converter url = new StoreUrl.Converter();
    StoreUrl plain = url.convert("s3://bucket/a?region=eu-west-1");
    assertThat(plain.isSamePlace(url.convert("s3://bucket/a/?storage-class=STANDARD_IA"))).isTrue();
    assertThat(plain.isSamePlace(url.convert("s3://bucket/b"))).isFalse();
    assertThat(plain.isSamePlace(url.convert("s3://bucket/a?endpoint=http://host"))).isFalse();
    assertThat(plain.isSamePlace(url.convert("file:a"))).isFalse();
    assertThat(url.convert("file:a").isSamePlace(url.convert("file:a"))).isTrue();
  }
}
