package dev.hfsm.reliability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page of proofs: what it says of how to run them, and a line for each. A long run of some
 * parts replaces the lines of these parts; the others stay as they were measured.
 */
record ProofPage(List<Line> lines) {

  private static final String HEAD =
      """
      # Reliability: what was run, and what was violated

      Nothing acknowledged is lost, nothing takes effect twice, nothing is stranded. This page is written by the
      tests that try to refute it; do not edit it.

      | command | |
      |---|---|
      | `./mvnw -pl reliability -am verify` | runs every proof in its short mode, as CI does |
      | `... -Dhfsm.proof=long` | runs the long mode, which also asserts how long things take: leave the machine alone meanwhile |
      | `... -Dhfsm.seed=<number>` | repeats a run; every proof prints its seed |
      | `... -Dtest='SharedQueueTest,ColdCrowdTest' -Dsurefire.failIfNoSpecifiedTests=false` | runs some parts only |
      | `... -Dhfsm.proof=long -Dhfsm.reliability.write=true` | writes the lines of the parts that were run into this page; those of the other parts stay as they are |

      %s

      Each line says on which day (UTC) it was measured, and on what.

      """;

  private static final List<String> COLUMNS =
      List.of("part", "proof", "what was run", "violated", "mode", "seed", "seconds", "measured");

  private static final Pattern BETWEEN_CELLS = Pattern.compile(" (?<!\\\\)\\| ");

  /**
   * A line.
   *
   * @param cells one for each column
   */
  record Line(List<String> cells) {

    Line {
      if (cells.size() != COLUMNS.size()) {
        throw new IllegalArgumentException(
            "expected a line of " + COLUMNS.size() + " cells, found " + cells);
      }
      cells = List.copyOf(cells);
    }

    /** What a proof has written. */
    static Line of(Properties proof, String machine) {
      String day = proof.getProperty("at").substring(0, "2000-01-01".length());
      return new Line(
          Stream.concat(
                  Stream.of("item", "name", "ran", "violated", "mode", "seed", "seconds")
                      .map(proof::getProperty),
                  Stream.of(day + ", " + machine))
              .toList());
    }

    static Line parse(String row) {
      String inner = row.substring("| ".length(), row.length() - " |".length());
      return new Line(
          Stream.of(BETWEEN_CELLS.split(inner, -1)).map(cell -> cell.replace("\\|", "|")).toList());
    }

    String part() {
      return cells.get(0);
    }

    String proof() {
      return cells.get(1);
    }

    String violated() {
      return cells.get(COLUMNS.indexOf("violated"));
    }

    boolean isOfALongRun() {
      return cells.get(COLUMNS.indexOf("mode")).equals("long");
    }

    String row() {
      return cells.stream()
          .map(cell -> cell.replace("|", "\\|"))
          .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
  }

  ProofPage {
    lines =
        lines.stream().sorted(Comparator.comparing(Line::part).thenComparing(Line::proof)).toList();
  }

  /** The lines of a page that was written before. */
  static ProofPage parse(String text) {
    List<Line> lines = new ArrayList<>();
    boolean inTable = false;
    for (String row : text.lines().toList()) {
      if (row.equals(title()) || row.equals(rule())) {
        inTable = true;
      } else if (inTable) {
        lines.add(Line.parse(row));
      }
    }
    return new ProofPage(lines);
  }

  /** This page with the lines of a run: those of its parts are replaced, the short mode's apart. */
  ProofPage with(List<Line> run) {
    List<Line> lasting = run.stream().filter(Line::isOfALongRun).toList();
    Set<String> again = lasting.stream().map(Line::part).collect(Collectors.toSet());
    return new ProofPage(
        Stream.concat(lines.stream().filter(line -> !again.contains(line.part())), lasting.stream())
            .toList());
  }

  /** The parts that it has lines of. */
  Set<String> parts() {
    return lines.stream().map(Line::part).collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The page's text.
   *
   * @param where a paragraph that says which test runs which part
   */
  String text(String where) {
    return HEAD.formatted(where)
        + title()
        + "\n"
        + rule()
        + "\n"
        + lines.stream().map(Line::row).collect(Collectors.joining());
  }

  private static String title() {
    return "| " + String.join(" | ", COLUMNS) + " |";
  }

  private static String rule() {
    return "|" + "---|".repeat(COLUMNS.size());
  }
}
