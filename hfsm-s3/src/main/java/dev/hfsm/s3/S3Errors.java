package dev.hfsm.s3;

import dev.hfsm.error.BlobStoreException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Says what went wrong with the store, which setting to look at, and whether trying again can help.
 * Throttling, errors of the server and of the network pass; what the server refuses stays refused.
 */
final class S3Errors {

  private static final Set<String> PASSING =
      Set.of(
          "ConditionalRequestConflict",
          "OperationAborted",
          "RequestTimeout",
          "RequestTimeTooSkewed",
          "SlowDown");

  /** Nothing was stored because other bytes arrived than were sent. */
  private static final Set<String> GARBLED =
      Set.of("BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch");

  private static final Map<String, String> ADVICE =
      Map.ofEntries(
          Map.entry("NoSuchBucket", "check the setting bucket"),
          Map.entry("InvalidBucketName", "check the setting bucket"),
          Map.entry("PermanentRedirect", "check the setting region"),
          Map.entry("TemporaryRedirect", "check the setting region"),
          Map.entry("AuthorizationHeaderMalformed", "check the setting region"),
          Map.entry("IllegalLocationConstraintException", "check the setting region"),
          Map.entry("InvalidAccessKeyId", "check the credentials: the access key"),
          Map.entry("SignatureDoesNotMatch", "check the credentials: the secret key"),
          Map.entry("ExpiredToken", "check the credentials: the session is over"),
          Map.entry("InvalidToken", "check the credentials: the session token"),
          Map.entry("RequestTimeTooSkewed", "check the clock of this machine"),
          Map.entry("RequestExpired", "check the clock of this machine"),
          Map.entry("InvalidStorageClass", "check the setting keeping: the storage class"),
          Map.entry("InvalidObjectState", "the object was archived: restore it"),
          Map.entry("InvalidTag", "check the setting keeping: the tags"));

  /** The SDK names each place where it looked, at such length that nobody reads it. */
  private static final String CREDENTIALS =
      "check the credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile, or a"
          + " role of this machine";

  private final S3Config config;

  S3Errors(S3Config config) {
    this.config = config;
  }

  /**
   * What is done.
   *
   * @param what for instance "storing raw/00/..."
   * @param permission what a policy has to allow for it
   */
  record Action(String what, String permission) {}

  BlobStoreException translate(Action action, SdkException e) {
    if (e instanceof AbortedException || Thread.currentThread().isInterrupted()) {
      Thread.currentThread().interrupt();
      return new BlobStoreException(text(action, "the thread was interrupted", ""), e, true);
    }
    return e instanceof AwsServiceException service ? refused(action, service) : failed(action, e);
  }

  private BlobStoreException refused(Action action, AwsServiceException e) {
    String code = code(e);
    String found = "status " + e.statusCode() + (code.isEmpty() ? "" : " " + code);
    AwsErrorDetails details = e.awsErrorDetails();
    if (details != null && details.errorMessage() != null) {
      found += " (" + details.errorMessage() + ")";
    }
    return new BlobStoreException(text(action, found, advice(action, e, code)), e, mayPass(e));
  }

  private String advice(Action action, AwsServiceException e, String code) {
    String known = ADVICE.get(code);
    if (known != null) {
      return code.equals("AuthorizationHeaderMalformed") || known.endsWith("region")
          ? known + region(e)
          : known;
    }
    if (code.startsWith("KMS.")) {
      return "check the setting keeping: the encryption key";
    }
    return switch (e.statusCode()) {
      case 301, 307 -> "check the setting region" + region(e);
      case 401 -> "check the credentials";
      case 403 ->
          "check the credentials, and whether their policy allows "
              + needed(action)
              + " on "
              + config;
      case 404 -> "check the settings bucket and endpoint";
      case 501 -> "the server cannot do this: check the settings keeping and endpoint";
      default -> "";
    };
  }

  /** What a policy has to allow, with what the settings add to it. */
  private String needed(Action action) {
    boolean writes = action.permission().contains("s3:PutObject");
    boolean tags = writes && !config.keeping().tags().isEmpty();
    boolean kms = config.keeping().encryption() instanceof Encryption.Kms;
    return action.permission()
        + (tags ? " and s3:PutObjectTagging" : "")
        + (kms ? ", and kms:GenerateDataKey and kms:Decrypt on its key," : "");
  }

  private static String region(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    if (details == null || details.sdkHttpResponse() == null) {
      return "";
    }
    return details
        .sdkHttpResponse()
        .firstMatchingHeader("x-amz-bucket-region")
        .map(region -> ": the bucket is in " + region)
        .orElse("");
  }

  private BlobStoreException failed(Action action, SdkException e) {
    String message = String.valueOf(e.getMessage());
    if (isUntrusted(e)) {
      return new BlobStoreException(text(action, message, untrustedAdvice(e)), e, false);
    }
    Optional<String> host = unknownHost(e);
    if (host.isPresent()) {
      return new BlobStoreException(
          text(
              action,
              "there is no address of the host " + host.get(),
              "check the settings endpoint and region"),
          e,
          true);
    }
    if (has(e, ConnectException.class)) {
      return new BlobStoreException(
          text(action, message, "check the settings endpoint and region"), e, true);
    }
    if (isOfTheNetwork(e)) {
      return new BlobStoreException(text(action, message, ""), e, true);
    }
    if (message.startsWith("Unable to load credentials from any")) {
      return new BlobStoreException(
          text(action, "no credentials were found", CREDENTIALS), e, false);
    }
    String advice =
        message.contains("credentials")
            ? "check the credentials"
            : message.contains("region") ? "check the setting region" : "";
    return new BlobStoreException(text(action, message, advice), e, false);
  }

  private String text(Action action, String found, String advice) {
    return config + ": " + action.what() + ": " + found + (advice.isEmpty() ? "" : "; " + advice);
  }

  BlobStoreException of(Action action, String found, boolean retryable) {
    return new BlobStoreException(text(action, found, ""), null, retryable);
  }

  /** Whether the same request may succeed later. */
  static boolean mayPass(SdkException e) {
    if (e instanceof AwsServiceException service) {
      int status = service.statusCode();
      return status >= 500 && status != 501
          || status == 429
          || status == 408
          || service.isThrottlingException()
          || PASSING.contains(code(service))
          || GARBLED.contains(code(service));
    }
    return isOfTheNetwork(e);
  }

  /** Whether other bytes arrived than the checksum is of, in the words of any server. */
  static boolean isOfChecksum(AwsServiceException e) {
    return GARBLED.contains(code(e)) || code(e).equals("InvalidDigest");
  }

  /** Whether it is unknown what became of the request. */
  static boolean isOpen(SdkException e) {
    return mayPass(e) && !(e instanceof AwsServiceException s && GARBLED.contains(code(s)));
  }

  /** Whether the server shows a certificate that does not hold here, or does not speak TLS. */
  private static boolean isUntrusted(SdkException e) {
    return has(e, CertificateException.class)
        || has(e, SSLPeerUnverifiedException.class)
        || speaksNoTls(e);
  }

  private static boolean speaksNoTls(SdkException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SSLException
          && String.valueOf(t.getMessage()).contains("unrecognized SSL message")) {
        return true;
      }
    }
    return false;
  }

  private static String untrustedAdvice(SdkException e) {
    return speaksNoTls(e)
        ? "check the setting endpoint: https asks for TLS, http does without"
        : "check the setting endpoint: its certificate has to be of that host, and signed by"
            + " somebody whom this JVM trusts (javax.net.ssl.trustStore) or the client given to"
            + " over(...)";
  }

  private static boolean isOfTheNetwork(SdkException e) {
    if (isUntrusted(e)) {
      return false;
    }
    return e instanceof ApiCallTimeoutException
        || e instanceof ApiCallAttemptTimeoutException
        || e instanceof AbortedException
        || isGarbledAnswer(e)
        || has(e, IOException.class);
  }

  /**
   * Whether an answer came and broke off, which the SDK tells by text alone and does not take for a
   * reason to try again.
   */
  static boolean isGarbledAnswer(Throwable e) {
    String message = e instanceof SdkClientException ? String.valueOf(e.getMessage()) : "";
    return message.startsWith("Could not parse XML") || message.startsWith("Unable to unmarshall");
  }

  private static Optional<String> unknownHost(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException) {
        return Optional.of(String.valueOf(t.getMessage()).replaceFirst(":.*", ""));
      }
    }
    return Optional.empty();
  }

  private static boolean has(Throwable e, Class<? extends Throwable> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a server refused, and did not say why. */
  static boolean isWithoutWords(SdkException e) {
    return e instanceof AwsServiceException service
        && service.statusCode() < 500
        && code(service).isEmpty();
  }

  static boolean isStatus(SdkException e, int status) {
    return e instanceof AwsServiceException service && service.statusCode() == status;
  }

  static boolean isCode(SdkException e, String code) {
    return e instanceof AwsServiceException service && code(service).equals(code);
  }

  private static String code(AwsServiceException e) {
    return Optional.ofNullable(e.awsErrorDetails())
        .map(AwsErrorDetails::errorCode)
        .map(S3Errors::orEmpty)
        .orElse("");
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
