// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.MalformedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The version in an image header, `major.minor.revision+build`. Its order counts the build number;
/// [#compareWithoutBuild] does not, as MCUboot unless told otherwise.
public record ImageVersion(int major, int minor, int revision, long build)
    implements Comparable<ImageVersion> {
  public static final int MAJOR_MAX = 0xff;
  public static final int MINOR_MAX = 0xff;
  public static final int REVISION_MAX = 0xffff;
  public static final long BUILD_MAX = 0xffff_ffffL;

  private static final String NUMBER = "(0|[1-9][0-9]{0,18})";
  private static final Pattern FORM =
      Pattern.compile(
          NUMBER + "(?:\\." + NUMBER + "(?:\\." + NUMBER + "(?:\\+" + NUMBER + ")?)?)?");

  public ImageVersion {
    if (major < 0 || major > MAJOR_MAX) {
      throw new IllegalArgumentException("major version must be 0 to 255, is " + major);
    }
    if (minor < 0 || minor > MINOR_MAX) {
      throw new IllegalArgumentException("minor version must be 0 to 255, is " + minor);
    }
    if (revision < 0 || revision > REVISION_MAX) {
      throw new IllegalArgumentException("revision must be 0 to 65535, is " + revision);
    }
    if (build < 0 || build > BUILD_MAX) {
      throw new IllegalArgumentException("build number must be 0 to 4294967295, is " + build);
    }
  }

  public static ImageVersion of(int major, int minor, int revision) {
    return new ImageVersion(major, minor, revision, 0);
  }

  /// `major[.minor[.revision[+build]]]`, decimal, without leading zeros.
  public static ImageVersion parse(String text) throws MalformedException {
    Matcher match = FORM.matcher(text);
    if (!match.matches()) {
      throw new MalformedException(
          "\"%s\" is no version: expected major[.minor[.revision[+build]]], as in 1.2.3+4"
              .formatted(text),
          0);
    }
    return new ImageVersion(
        (int) part(match, 1, "major version", MAJOR_MAX),
        (int) part(match, 2, "minor version", MINOR_MAX),
        (int) part(match, 3, "revision", REVISION_MAX),
        part(match, 4, "build number", BUILD_MAX));
  }

  private static long part(Matcher match, int group, String what, long max)
      throws MalformedException {
    if (match.start(group) < 0) {
      return 0;
    }
    long value = Long.parseLong(match.group(group));
    if (value > max) {
      throw new MalformedException(
          "%s must be 0 to %d, is %d".formatted(what, max, value), match.start(group));
    }
    return value;
  }

  public int compareWithoutBuild(ImageVersion other) {
    return Long.compare(withoutBuild(), other.withoutBuild());
  }

  @Override
  public int compareTo(ImageVersion other) {
    int order = compareWithoutBuild(other);
    return order == 0 ? Long.compare(build, other.build) : order;
  }

  private long withoutBuild() {
    return (long) major << 24 | (long) minor << 16 | revision;
  }

  /// Without the build number when that is 0: `1.2.3`.
  public String toShortString() {
    return build == 0 ? major + "." + minor + "." + revision : toString();
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + revision + "+" + build;
  }
}
