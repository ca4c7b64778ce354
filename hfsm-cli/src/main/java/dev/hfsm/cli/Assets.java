package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Finds the asset a user means: by digest, or by a unique prefix of 8 or more hex characters. */
final class Assets {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{8,64}");
  private static final String PREFIX = "sha256:";
  private static final int DIGEST_LENGTH = 64;

  private Assets() {}

  static AssetRow find(AssetPipeline pipeline, String id, CommandLine line) {
    String lower = id.toLowerCase(Locale.ROOT);
    String hex = lower.startsWith(PREFIX) ? lower.substring(PREFIX.length()) : lower;
    if (!HEX.matcher(hex).matches()) {
      throw new CommandLine.ParameterException(
          line,
          "ID: expected sha256:<64 hex>, or 8 or more of its first hex characters, found "
              + Text.line(id));
    }
    if (hex.length() == DIGEST_LENGTH) {
      return pipeline.find(AssetId.of(new Digest(hex))).orElseThrow(() -> unknown(id));
    }
    List<AssetRow> matches =
        pipeline.list(Scope.DEFAULT, new Cursor(hex), 2).items().stream()
            .filter(row -> row.id().digest().hex().startsWith(hex))
            .toList();
    if (matches.isEmpty()) {
      throw unknown(id);
    }
    if (matches.size() > 1) {
      throw new Complaints.Complaint(
          "ID "
              + id
              + " is ambiguous: "
              + matches.get(0).id()
              + " and "
              + matches.get(1).id()
              + " start with it, at least");
    }
    return matches.get(0);
  }

  private static Complaints.Complaint unknown(String id) {
    return new Complaints.Complaint("no asset has the ID " + id);
  }
}
