// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/// A DFU package: its files, and what the manifest says of the whole. What is written is read back
/// as the same value, and the same value is always written as the same bytes. Nothing in it is
/// signed but the images themselves.
public record DfuPackage(
    OptionalLong formatVersion,
    OptionalLong time,
    Optional<String> name,
    List<DfuFile> files,
    List<Member> unlisted,
    CborMap further) {
  public static final String MANIFEST = "manifest.json";

  /// The form that builds write today.
  public static final int FORMAT_VERSION = 1;

  public static final int MEMBERS_MAX = 64;
  public static final int MEMBER_SIZE_MAX = 32 << 20;

  /// Of all members together, unpacked.
  public static final int SIZE_MAX = 64 << 20;

  public static final int MANIFEST_SIZE_MAX = 256 << 10;

  /// `unlisted` are those that lie in the archive and that the manifest does not speak of.
  public DfuPackage {
    files = List.copyOf(files);
    unlisted = List.copyOf(unlisted);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a package has at least one file");
    }
    for (String key : ManifestForm.PACKAGE_KEYS) {
      if (further.get(key).isPresent()) {
        throw new IllegalArgumentException(key + " has a place of its own");
      }
    }
    try {
      Archive.check(members(files, unlisted, Bytes.EMPTY));
      targets(files);
    } catch (MalformedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// A package as builds make them today; `time` in seconds since 1970.
  public static DfuPackage of(Optional<String> name, long time, List<DfuFile> files) {
    return new DfuPackage(
        OptionalLong.of(FORMAT_VERSION),
        OptionalLong.of(time),
        name,
        files,
        List.of(),
        CborMap.EMPTY);
  }

  /// Takes every form of manifest that we know builds to have written.
  public static DfuPackage read(Bytes zip) throws MalformedException {
    return ManifestForm.read(Archive.read(zip));
  }

  public Bytes write() {
    return Archive.write(members(files, unlisted, ManifestForm.write(this)));
  }

  private static List<Member> members(List<DfuFile> files, List<Member> unlisted, Bytes manifest) {
    List<Member> members = new ArrayList<>();
    files.forEach(file -> members.add(new Member(file.name(), file.content())));
    members.addAll(unlisted);
    members.add(new Member(MANIFEST, manifest));
    return members;
  }

  /// Which image goes to which slot, in the order of the manifest. One image alone goes to the
  /// secondary slot unless it says another; of several for the same image those that say no slot
  /// take what is free, in their order: so were the pairs of old packages meant.
  public Map<DfuTarget, DfuFile> targets() {
    try {
      return targets(files);
    } catch (MalformedException e) {
      throw new IllegalStateException("seen when the package was made", e);
    }
  }

  static Map<DfuTarget, DfuFile> targets(List<DfuFile> files) throws MalformedException {
    Map<String, DfuTarget> chosen = new HashMap<>();
    Map<DfuTarget, String> taken = new HashMap<>();
    List<DfuFile> images = files.stream().filter(file -> file.kind() == DfuKind.IMAGE).toList();
    for (DfuFile file : images) {
      if (file.slot().isPresent()) {
        take(file, new DfuTarget(file.image().orElse(0), file.slot().get()), chosen, taken);
      }
    }
    for (DfuFile file : images) {
      int image = file.image().orElse(0);
      long rivals = images.stream().filter(other -> other.image().orElse(0) == image).count();
      if (file.slot().isEmpty()) {
        DfuTarget first = new DfuTarget(image, rivals == 1 ? DfuTarget.SLOT_MAX : 0);
        take(
            file,
            taken.containsKey(first) ? new DfuTarget(image, DfuTarget.SLOT_MAX) : first,
            chosen,
            taken);
      }
    }
    Map<DfuTarget, DfuFile> inOrder = new LinkedHashMap<>();
    for (DfuFile file : images) {
      inOrder.put(Objects.requireNonNull(chosen.get(file.name())), file);
    }
    return Collections.unmodifiableMap(inOrder);
  }

  private static void take(
      DfuFile file, DfuTarget target, Map<String, DfuTarget> chosen, Map<DfuTarget, String> taken)
      throws MalformedException {
    String before = taken.putIfAbsent(target, file.name());
    if (before != null) {
      throw new MalformedException(
          "%s and %s are both for %s".formatted(before, file.name(), target), 0);
    }
    chosen.put(file.name(), target);
  }
}
