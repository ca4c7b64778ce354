package dev.hfsm.s3;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/** A client of the host's that tries again at once. */
final class Impatient {

  private Impatient() {}

  static S3Client client(URI endpoint, int attempts, Duration patience) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.of(TestServer.REGION))
        .credentialsProvider(TestServer.credentials())
        .forcePathStyle(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .overrideConfiguration(
            o ->
                o.retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .retryOnException(S3Errors::isGarbledAnswer)
                        .maxAttempts(attempts)
                        .circuitBreakerEnabled(false)
                        .backoffStrategy(BackoffStrategy.retryImmediately())
                        .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
                        .build()))
        .httpClientBuilder(Apache5HttpClient.builder().socketTimeout(patience))
        .build();
  }
}
