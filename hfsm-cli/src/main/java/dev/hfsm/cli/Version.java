package dev.hfsm.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that was built into the jar. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"hfsm " + (version == null ? "(not packaged)" : version)};
  }
}
