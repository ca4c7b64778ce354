package dev.hfsm.s3;

import dev.hfsm.error.BlobStoreException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.S3ServiceClientConfiguration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * A client and what signs for it.
 *
 * @param ownClient the client again if it is to be closed with the store, else null
 */
record S3Connection(S3Client client, S3Presigner presigner, @Nullable S3Client ownClient)
    implements AutoCloseable {

  private static final int CONNECTIONS = 64;

  /** Connects as the config says; nothing is sent yet. */
  static S3Connection open(S3Config config, AwsCredentialsProvider credentials) {
    try {
      S3ClientBuilder builder =
          S3Client.builder()
              .credentialsProvider(credentials)
              .forcePathStyle(config.addressing() == Addressing.PATH)
              // Each request brings its checksum, and what is read is verified by those who read.
              .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
              .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
              .overrideConfiguration(
                  o ->
                      o.retryStrategy(
                          AwsRetryStrategy.standardRetryStrategy().toBuilder()
                              .retryOnException(S3Errors::isGarbledAnswer)
                              .maxAttempts(config.attempts())
                              .build()))
              .httpClientBuilder(
                  Apache5HttpClient.builder()
                      .maxConnections(CONNECTIONS)
                      .connectionTimeout(config.timeout())
                      .connectionAcquisitionTimeout(config.timeout())
                      .socketTimeout(config.timeout()));
      if (config.region() != null) {
        builder.region(Region.of(config.region()));
      }
      if (config.endpoint() != null) {
        builder.endpointOverride(config.endpoint());
      }
      S3Client client = builder.build();
      return new S3Connection(client, presigner(client, config), client);
    } catch (SdkClientException e) {
      if (config.region() == null && String.valueOf(e.getMessage()).contains("load region")) {
        throw new BlobStoreException(
            config + ": no region is known; check the setting region, or set AWS_REGION", e, false);
      }
      throw new BlobStoreException(
          config + ": no client can be made of the settings (check region): " + e.getMessage(),
          e,
          false);
    }
  }

  /** Over a client of the host's, which stays open. */
  static S3Connection over(S3Client client, S3Config config) {
    return new S3Connection(client, presigner(client, config), null);
  }

  private static S3Presigner presigner(S3Client client, S3Config config) {
    S3ServiceClientConfiguration known = client.serviceClientConfiguration();
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(known.region())
            .credentialsProvider(known.credentialsProvider())
            .serviceConfiguration(
                S3Configuration.builder()
                    .pathStyleAccessEnabled(config.addressing() == Addressing.PATH)
                    .build());
    known.endpointOverride().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  @Override
  public void close() {
    presigner.close();
    if (ownClient != null) {
      ownClient.close();
    }
  }
}
