// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/// The file of `--manifest`, as builds of the nRF Connect SDK write it:
///
/// ```
/// format: 1
/// manifest_index: 0          the image that carries the manifest, not named below
/// images:                    in the order of their numbers
/// - index: 1
///   path: other.signed.bin   its digest is taken from the file
/// - index: 2
///   hash: 63385a…            or it is given, in hex
/// ```
final class ManifestFile {
  private static final int SIZE_MAX = 64 * 1024;
  private static final int DEPTH_MAX = 8;
  private static final int IMAGES_MAX = 16;

  private ManifestFile() {}

  /// All scalars are text: a digest of digits alone is no number.
  private static final class TextOnly extends Resolver {
    @Override
    protected void addImplicitResolvers() {}
  }

  static List<Bytes> digests(String name, Folder folder) throws RefusedException {
    Map<?, ?> manifest = map(yaml(folder.read(name, SIZE_MAX).toUtf8(), name), name);
    if (number(manifest, "format", name) != 1) {
      throw refused(name, "format is not 1, and no other is known");
    }
    long own = number(manifest, "manifest_index", name);
    if (!(manifest.get("images") instanceof List<?> images)
        || images.isEmpty()
        || images.size() > IMAGES_MAX) {
      throw refused(name, "images must be a list of 1 to %d".formatted(IMAGES_MAX));
    }
    List<Bytes> digests = new ArrayList<>();
    long before = -1;
    for (Object one : images) {
      Map<?, ?> image = map(one, name);
      long index = number(image, "index", name);
      if (index <= before || index == own) {
        throw refused(
            name, "images must be in the order of their numbers, without that of the manifest");
      }
      before = index;
      digests.add(digest(image, name, folder));
    }
    return digests;
  }

  private static Object yaml(String text, String name) throws RefusedException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setNestingDepthLimit(DEPTH_MAX);
    options.setMaxAliasesForCollections(0);
    options.setCodePointLimit(SIZE_MAX);
    DumperOptions dumper = new DumperOptions();
    try {
      Yaml yaml =
          new Yaml(
              new SafeConstructor(options),
              new Representer(dumper),
              dumper,
              options,
              new TextOnly());
      Object read = yaml.load(text);
      return read == null ? "" : read;
    } catch (YAMLException e) {
      throw refused(name, "it is no YAML: " + e.getMessage());
    }
  }

  private static Map<?, ?> map(Object read, String name) throws RefusedException {
    if (read instanceof Map<?, ?> map) {
      return map;
    }
    throw refused(name, "expected names and values");
  }

  private static long number(Map<?, ?> fields, String field, String name) throws RefusedException {
    if (fields.get(field) instanceof String text) {
      BigInteger number = Numbers.based(text).orElse(BigInteger.ONE.negate());
      if (number.signum() >= 0 && number.bitLength() < 32) {
        return number.longValueExact();
      }
    }
    throw refused(name, field + " is missing, or no number");
  }

  private static Bytes digest(Map<?, ?> image, String name, Folder folder) throws RefusedException {
    Object hash = image.get("hash");
    Object path = image.get("path");
    if (hash instanceof String hex && path == null) {
      try {
        return Bytes.ofHex(hex);
      } catch (IllegalArgumentException e) {
        throw refused(name, "hash \"%s\" is not hex".formatted(hex));
      }
    }
    if (path instanceof String file && hash == null) {
      try {
        return Image.read(ImageFile.read(file, folder).content())
            .hash()
            .orElseThrow(() -> refused(name, file + " carries no hash of itself"));
      } catch (MalformedException e) {
        throw refused(name, file + " is no image: " + e.getMessage());
      }
    }
    throw refused(name, "each image has either a path or a hash");
  }

  private static RefusedException refused(String name, String sentence) {
    return RefusedException.failed("cannot use the manifest " + name + ": " + sentence);
  }
}
