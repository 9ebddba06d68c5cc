// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import java.util.Optional;
import java.util.OptionalLong;

/// One file of a package with what the manifest says of it, no more and no less: what is empty was
/// not said. Which slot an image goes to is for [DfuPackage#targets] to tell, as it depends on the
/// other files.
public record DfuFile(
    String name,
    Bytes content,
    Optional<String> type,
    Optional<Integer> image,
    Optional<Integer> slot,
    Optional<SlotIndexes> slotIndexes,
    Optional<Integer> partition,
    Optional<DfuVersion> version,
    Optional<String> board,
    Optional<String> soc,
    OptionalLong loadAddress,
    OptionalLong modified,
    CborMap further) {
  /// The numbers of an image's two slots, counted over all images from 1.
  public record SlotIndexes(int primary, int secondary) {
    public static SlotIndexes ofImage(int image) {
      return new SlotIndexes(2 * image + 1, 2 * image + 2);
    }
  }

  public DfuFile {
    try {
      MemberName.check(name);
    } catch (MalformedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    // Only for its bounds.
    var _ = new DfuTarget(image.orElse(0), slot.orElse(0));
    for (String key : ManifestForm.FILE_KEYS) {
      if (further.get(key).isPresent()) {
        throw new IllegalArgumentException(key + " has a place of its own");
      }
    }
  }

  public static Builder builder(String name, Bytes content) {
    return new Builder(name, content);
  }

  public DfuKind kind() {
    return DfuKind.of(type);
  }

  /// Gathers what the manifest shall say.
  public static final class Builder {
    private final String name;
    private final Bytes content;
    private Optional<String> type = Optional.empty();
    private Optional<Integer> image = Optional.empty();
    private Optional<Integer> slot = Optional.empty();
    private Optional<SlotIndexes> slotIndexes = Optional.empty();
    private Optional<Integer> partition = Optional.empty();
    private Optional<DfuVersion> version = Optional.empty();
    private Optional<String> board = Optional.empty();
    private Optional<String> soc = Optional.empty();
    private OptionalLong loadAddress = OptionalLong.empty();
    private OptionalLong modified = OptionalLong.empty();
    private CborMap further = CborMap.EMPTY;

    private Builder(String name, Bytes content) {
      this.name = name;
      this.content = content;
    }

    public Builder type(Optional<String> value) {
      type = value;
      return this;
    }

    public Builder image(Optional<Integer> value) {
      image = value;
      return this;
    }

    public Builder slot(Optional<Integer> value) {
      slot = value;
      return this;
    }

    public Builder slotIndexes(Optional<SlotIndexes> value) {
      slotIndexes = value;
      return this;
    }

    public Builder partition(Optional<Integer> value) {
      partition = value;
      return this;
    }

    public Builder version(Optional<DfuVersion> value) {
      version = value;
      return this;
    }

    public Builder board(Optional<String> value) {
      board = value;
      return this;
    }

    public Builder soc(Optional<String> value) {
      soc = value;
      return this;
    }

    public Builder loadAddress(OptionalLong value) {
      loadAddress = value;
      return this;
    }

    /// Seconds since 1970.
    public Builder modified(OptionalLong value) {
      modified = value;
      return this;
    }

    public Builder further(CborMap value) {
      further = value;
      return this;
    }

    public DfuFile build() {
      return new DfuFile(
          name,
          content,
          type,
          image,
          slot,
          slotIndexes,
          partition,
          version,
          board,
          soc,
          loadAddress,
          modified,
          further);
    }
  }
}
