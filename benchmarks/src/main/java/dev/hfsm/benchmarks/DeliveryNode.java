package dev.hfsm.benchmarks;

import static dev.hfsm.transform.Transformation.image;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.embedded.Hfsm;
import dev.hfsm.http.DeliveryHandler;
import dev.hfsm.http.DeliveryServlet;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Format;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * A process that serves one picture until its standard input ends: {@code DeliveryNode
 * <jdk|jetty|undertow>[-bare] <folder> <cold>}. Prints {@code warm <port> <path>} of a variant of
 * about 55 KB, and {@code cold <path>} of as many that nobody has made.
 */
final class DeliveryNode {

  private static final int SIZE = 55_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private DeliveryNode() {}

  /** Serves. */
  public static void main(String[] arguments) throws Exception {
    String[] kind = arguments[0].split("-");
    SigningKeys keys = SigningKeys.of("k1", new byte[32]);
    try (AssetPipeline assets = Hfsm.embedded(Path.of(arguments[1])).start()) {
      AssetId photo = assets.ingest(Upload.of(picture())).id();
      Delivery delivery = Delivery.of(assets, keys).build();
      AssetUrls urls = AssetUrls.of(assets, keys, "");
      String warm = urls.variant(photo, image().width(widthOf(assets, photo)).format(Format.JPEG));
      BareAnswer bare = BareAnswer.like(delivery.handle(DeliveryRequest.get(warm)));
      ServerKind.Site site =
          kind.length > 1
              ? bare.site()
              : new ServerKind.Site(new DeliveryHandler(delivery), new DeliveryServlet(delivery));
      int port = ServerKind.valueOf(kind[0].toUpperCase(java.util.Locale.ROOT)).start(site);
      for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
        System.out.println(
            "cold "
                + ServerKind.MOUNT
                + urls.variant(photo, image().width(200 + i).quality(77).format(Format.JPEG)));
      }
      System.out.println("warm " + port + " " + ServerKind.MOUNT + warm);
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    System.exit(0); // the servers have threads of their own
  }

  /** Of the smallest variant, in steps, that has as many bytes as are wanted. */
  private static int widthOf(AssetPipeline assets, AssetId photo) {
    int width = 480;
    while (assets.variant(photo, image().width(width).format(Format.JPEG)).await(PATIENCE).size()
        < SIZE) {
      width += 8;
    }
    return width;
  }

  /** Smooth shades with a little noise, as cameras make them; the same every time. */
  static byte[] picture() throws IOException {
    BufferedImage picture = new BufferedImage(1600, 1200, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(20261128);
    for (int y = 0; y < 1200; y++) {
      for (int x = 0; x < 1600; x++) {
        int shade = (int) (100 + 60 * Math.sin(x / 37.0) + 50 * Math.cos(y / 23.0 + x / 90.0));
        int noise = random.nextInt(30);
        picture.setRGB(x, y, shade + noise << 16 | shade / 2 + noise << 8 | 255 - shade);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "jpg", out);
    return out.toByteArray();
  }
}
