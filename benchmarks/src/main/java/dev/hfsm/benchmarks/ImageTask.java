package dev.hfsm.benchmarks;

import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Alpha;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.util.List;
import java.util.Locale;

/** What is asked of image engines, side by side. */
enum ImageTask {
  A("camera JPEG → 800 px JPEG", Input.PHOTO, Format.JPEG, 800),
  B("camera JPEG → 800 px WebP", Input.PHOTO, Format.WEBP, 800),
  C("camera JPEG → five widths, JPEG", Input.PHOTO, Format.JPEG, 320, 640, 960, 1280, 1920),
  D("1600 px PNG → 400 px PNG", Input.PNG, Format.PNG, 400),
  PROGRESSIVE("progressive JPEG → 800 px JPEG", Input.PROGRESSIVE, Format.JPEG, 800),
  P3("Display P3 JPEG → 800 px JPEG", Input.P3, Format.JPEG, 800);

  /** The pictures that tasks begin with, all made of one. */
  enum Input {
    PHOTO(MediaType.JPEG, "photo.jpg"),
    PROGRESSIVE(MediaType.JPEG, "progressive.jpg"),
    P3(MediaType.JPEG, "p3.jpg"),
    PNG(MediaType.PNG, "picture.png");

    final MediaType type;
    final String file;

    Input(MediaType type, String file) {
      this.type = type;
      this.file = file;
    }
  }

  static final int QUALITY = 80;

  final String title;
  final Input input;
  final Format format;
  final List<Integer> widths;

  ImageTask(String title, Input input, Format format, Integer... widths) {
    this.title = title;
    this.input = input;
    this.format = format;
    this.widths = List.of(widths);
  }

  List<Transformation> recipes() {
    return widths.stream()
        .map(
            width -> {
              Transformation recipe = Transformation.image().width(width).format(format);
              return (format == Format.PNG ? recipe : recipe.quality(QUALITY))
                  .resolve(input.type, Alpha.ABSENT);
            })
        .toList();
  }

  /** As others call the format. */
  String extension() {
    return format.name().toLowerCase(Locale.ROOT);
  }
}
