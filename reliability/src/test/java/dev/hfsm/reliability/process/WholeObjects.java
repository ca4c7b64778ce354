package dev.hfsm.reliability.process;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * What S3 promises and the server of the tests does not keep by itself: it lists an object that is
 * being put under a name of its own making, cuts a listing short when such a name vanishes, and
 * takes a folder away that another object is just being put into. So bodies are taken in before
 * anything is written, and what writes has the bucket to itself. For bodies that fit into memory.
 */
final class WholeObjects extends ForwardingBlobStore {

  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  WholeObjects(BlobStore store) {
    super(store);
  }

  private static <T> T holding(Lock lock, Supplier<T> task) {
    lock.lock();
    try {
      return task.get();
    } finally {
      lock.unlock();
    }
  }

  private <T> T writing(Supplier<T> task) {
    return holding(lock.writeLock(), task);
  }

  /** Fails, and with it the put, if it is cut off or is not what was signed. */
  private static InputStream whole(InputStream body) {
    try {
      return new ByteArrayInputStream(body.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    return holding(lock.readLock(), () -> super.list(request));
  }

  @Override
  public List<Part> listMultipartUpload(MultipartUpload upload) {
    return holding(lock.readLock(), () -> super.listMultipartUpload(upload));
  }

  @Override
  public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(
      String container) {
    return holding(lock.readLock(), () -> super.listMultipartUploads(container));
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream body) {
    InputStream whole = whole(body);
    return writing(() -> super.putBlob(request, whole));
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    return writing(() -> super.copyBlob(request));
  }

  @Override
  public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
    return writing(() -> super.removeBlob(request));
  }

  @Override
  public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
    return writing(() -> super.initiateMultipartUpload(request));
  }

  @Override
  public UploadPartResponse uploadMultipartPart(
      MultipartUpload upload, UploadPartRequest request, InputStream body) {
    InputStream whole = whole(body);
    return writing(() -> super.uploadMultipartPart(upload, request, whole));
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    return writing(() -> super.completeMultipartUpload(upload, request));
  }

  @Override
  public void abortMultipartUpload(MultipartUpload upload) {
    writing(
        () -> {
          super.abortMultipartUpload(upload);
          return upload;
        });
  }
}
