package dev.hfsm.cli;

import dev.hfsm.s3.Addressing;
import dev.hfsm.s3.Encryption;
import dev.hfsm.s3.Keeping;
import dev.hfsm.s3.S3Config;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.TypeConversionException;

/**
 * What stands behind the question mark of an S3 URL: {@code SETTING=VALUE}, several joined by
 * {@code &}, in any order, each once. Values are taken as they are written: nothing that may stand
 * in one needs to be encoded.
 */
final class BucketSettings {

  /** The settings that say where the bucket is. */
  static final String WHERE = "region=R, endpoint=URL, addressing=path|virtual-host";

  /** The settings that say how objects are kept in it. */
  static final String KEPT = "storage-class=CLASS, encryption=managed|kms:KEY";

  /** The setting that there may be ten of. */
  static final String TAGS = "tag.NAME=VALUE";

  private static final String ALL = WHERE + ", " + KEPT + ", " + TAGS;
  private static final String TAG = "tag.";
  private static final String KMS = "kms:";

  private BucketSettings() {}

  /**
   * The configuration with what the text says.
   *
   * @throws TypeConversionException if a setting is unknown, said twice or without a value
   * @throws IllegalArgumentException if a value cannot be one
   */
  static S3Config applied(S3Config config, String text) {
    Map<String, String> settings = parsed(text);
    S3Config result = config;
    Keeping keeping = config.keeping();
    Addressing addressing = null;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String name = setting.getKey();
      String value = setting.getValue();
      switch (name) {
        case "region" -> result = result.region(value);
        case "endpoint" -> result = result.endpoint(endpoint(value));
        case "addressing" -> addressing = addressing(value);
        case "storage-class" -> keeping = keeping.storageClass(value);
        case "encryption" -> keeping = keeping.encryption(encryption(value));
        default -> keeping = keeping.tag(tag(name), value);
      }
    }
    // An endpoint has a way of its own, so what is said about it comes last.
    result = addressing == null ? result : result.addressing(addressing);
    return result.keeping(keeping);
  }

  /** A complaint of the store with the settings of the command line instead of the library's. */
  static String named(String complaint) {
    return complaint
        .replace("setting keeping: the storage class", "setting storage-class of the store's URL")
        .replace("setting keeping: the encryption key", "setting encryption of the store's URL")
        .replace("setting keeping: the tags", "settings tag.NAME of the store's URL")
        .replace(
            "settings keeping and endpoint",
            "settings storage-class, encryption, tag.NAME and endpoint of the store's URL");
  }

  private static Map<String, String> parsed(String text) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String setting : text.split("&", -1)) {
      int equals = setting.indexOf('=');
      String name = equals < 0 ? setting : setting.substring(0, equals);
      String value = equals < 0 ? "" : setting.substring(equals + 1);
      if (!name.startsWith(TAG) && !isSetting(name)) {
        throw new TypeConversionException("expected one of " + ALL + "; found" + shown(name));
      }
      if (value.isEmpty() || value.contains("%")) {
        throw new TypeConversionException(
            name + ": expected a value, written as it is, found " + found(value));
      }
      if (settings.put(name, value) != null) {
        throw new TypeConversionException(name + ": expected once, found a second time");
      }
    }
    return settings;
  }

  private static boolean isSetting(String name) {
    return switch (name) {
      case "region", "endpoint", "addressing", "storage-class", "encryption" -> true;
      default -> false;
    };
  }

  private static String found(String value) {
    return value.isEmpty() ? "none" : "a percent sign, which nobody decodes";
  }

  /** A name that may be a misspelt one; anything else may be a secret, and is not repeated. */
  private static String shown(String name) {
    return name.matches("[A-Za-z_-]{1,20}") ? " " + name : " something else";
  }

  private static URI endpoint(String value) {
    try {
      return new URI(value);
    } catch (URISyntaxException e) {
      throw new TypeConversionException(
          "endpoint: expected http(s)://host[:port], found something else");
    }
  }

  private static Addressing addressing(String value) {
    return switch (value) {
      case "path" -> Addressing.PATH;
      case "virtual-host" -> Addressing.VIRTUAL_HOST;
      default ->
          throw new TypeConversionException(
              "addressing: expected path or virtual-host, found " + value);
    };
  }

  private static Encryption encryption(String value) {
    if (value.equals("managed")) {
      return Encryption.managed();
    }
    if (value.startsWith(KMS)) {
      return Encryption.kms(value.substring(KMS.length()));
    }
    throw new TypeConversionException(
        "encryption: expected managed (keys of S3) or kms:KEY (id, alias or ARN of a key of KMS),"
            + " found "
            + value);
  }

  private static String tag(String name) {
    return name.substring(TAG.length());
  }
}
