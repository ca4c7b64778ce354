package dev.hfsm.http;

import dev.hfsm.delivery.DeliveryBody;
import dev.hfsm.delivery.DeliveryBody.FilePart;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/**
 * Has Tomcat send a file without a copy, by the request attributes that it documents for every
 * servlet (Advanced IO: asynchronous writes). Tomcat opens the file by its name once the servlet
 * has returned, and frees the thread if the client is slow.
 */
final class TomcatSendfile {

  static final String SUPPORT = "org.apache.tomcat.sendfile.support";
  static final String FILE_NAME = "org.apache.tomcat.sendfile.filename";
  static final String START = "org.apache.tomcat.sendfile.start";
  static final String END = "org.apache.tomcat.sendfile.end";

  /** Up to here a body is written in one piece. */
  private static final long SMALL = 64 * 1024;

  private TomcatSendfile() {}

  /**
   * Whether the body is Tomcat's to send, so that nothing may be written. Its length stands in the
   * header already. What wraps the answer would not see the body go by, so then it is written.
   */
  static boolean takes(
      DeliveryBody body, HttpServletRequest request, HttpServletResponse response) {
    if (body.size() <= SMALL
        || !Boolean.TRUE.equals(request.getAttribute(SUPPORT))
        || request instanceof ServletRequestWrapper
        || response instanceof ServletResponseWrapper) {
      return false;
    }
    FilePart part = body.file().orElse(null);
    Path name = part == null ? null : part.name();
    if (part == null || name == null || name.getFileSystem() != FileSystems.getDefault()) {
      return false;
    }
    request.setAttribute(FILE_NAME, name.toAbsolutePath().toString());
    request.setAttribute(START, part.offset());
    request.setAttribute(END, part.offset() + part.length());
    return true;
  }
}
