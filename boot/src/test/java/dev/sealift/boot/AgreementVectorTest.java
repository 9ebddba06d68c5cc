// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.RecordedImages.Entry;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.bytes.curve.Curve;
import dev.sealift.image.Expectation;
import dev.sealift.image.HashAlgorithm;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageVerdict;
import dev.sealift.image.RefusalReason;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.SignatureScheme;
import dev.sealift.image.Tlv;
import dev.sealift.image.TlvArea;
import dev.sealift.image.TlvType;
import dev.sealift.image.TlvWalk;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.testkit.Vectors;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// The verifier and the bootloader's model judge every recorded image alike. Where they do not, the
/// verifier refuses what a bootloader would start, for one of the [Cause]s, each told by what is in
/// the image; or the image is none that this bootloader is built for.
class AgreementVectorTest {
  private static final Map<String, Integer> COUNTS = new TreeMap<>();

  /// Why the two differ, and how it is known that they differ for this.
  private enum Cause {
    HEADER_SHORTER_THAN_A_HEADER(
        RefusalReason.BAD_HEADER,
        "the bootloader takes any header size that hash and signature cover; nothing can run from"
            + " within its own header") {
      @Override
      boolean isIn(Facts facts) {
        return facts.header().headerSize() < ImageHeader.SIZE;
      }
    },
    FLAGS_WITHOUT_MEANING(
        RefusalReason.BAD_FLAGS,
        "the bootloader ignores bits it does not know, and two that exclude each other") {
      @Override
      boolean isIn(Facts facts) {
        ImageHeader header = facts.header();
        return ImageFlag.unknown(header.flags()) != 0
            || (header.has(ImageFlag.RAM_LOAD) && header.has(ImageFlag.ROM_FIXED));
      }
    },
    KEY_WITHOUT_ENCRYPTION(
        RefusalReason.BAD_FLAGS,
        "the bootloader looks for a wrapped key only where the header says that it needs one") {
      @Override
      boolean isIn(Facts facts) {
        return !facts.header().isEncrypted() && facts.count(WRAPPED_KEYS) > 0;
      }
    },
    REPEATED(
        RefusalReason.DUPLICATE_TLV,
        "of a TLV that is there twice the bootloader takes the first or the last, others the other"
            + " one") {
      @Override
      boolean isIn(Facts facts) {
        return facts.count(HASHES) > 1
            || Arrays.stream(TlvType.values()).anyMatch(type -> facts.count(Set.of(type)) > 1);
      }
    },
    KEY_HASH_CUT_SHORT(
        RefusalReason.BAD_TLV,
        "the bootloader compares as much of a key hash as there is, so that an empty one names any"
            + " key") {
      @Override
      boolean isIn(Facts facts) {
        return facts.any(TlvType.KEYHASH, size -> size < facts.hash().size());
      }
    },
    NUMBER_OF_ANOTHER_SIZE(
        RefusalReason.BAD_TLV,
        "a bootloader of one image without roll-back protection never reads counter and"
            + " dependencies") {
      @Override
      boolean isIn(Facts facts) {
        return facts.any(TlvType.SEC_CNT, size -> size != 4)
            || facts.any(TlvType.DEPENDENCY, size -> size != 12);
      }
    },
    PROTECTED_BUT_OUTSIDE(
        RefusalReason.BAD_TLV,
        "the bootloader looks for what belongs outside the protected area inside it as well") {
      @Override
      boolean isIn(Facts facts) {
        return facts.entries().stream()
            .anyMatch(
                tlv ->
                    tlv.area() == TlvArea.Kind.PROTECTED
                        && Arrays.stream(TlvType.values())
                            .filter(type -> type.area() == TlvArea.Kind.UNPROTECTED)
                            .anyMatch(tlv::is));
      }
    },
    WRONG_SIGNATURE_BEFORE_A_RIGHT_ONE(
        RefusalReason.BAD_SIGNATURE,
        "with the bootloader the last signature under a known key has the last word") {
      @Override
      boolean isIn(Facts facts) {
        return facts.count(SIGNATURES) > 1;
      }
    },
    SIGNATURE_IN_ANOTHER_ENCODING(
        RefusalReason.BAD_SIGNATURE,
        "the bootloader reads the numbers of an ECDSA signature more leniently than DER has them") {
      @Override
      boolean isIn(Facts facts) {
        return facts.device().policy().trust() instanceof Trust.Signatures trust
            && facts.entries().stream()
                .filter(tlv -> tlv.is(TlvType.ECDSA_SIG))
                .map(tlv -> tlv.value(facts.file()))
                .anyMatch(value -> isLenient(trust.kind().curve().orElseThrow(), value));
      }

      private static boolean isLenient(Curve curve, Bytes signature) {
        return LenientSignature.read(curve, signature)
            .filter(numbers -> !numbers.toDer().equals(signature))
            .isPresent();
      }
    },
    HASH_OF_A_PURE_IMAGE(
        RefusalReason.HASH_MISMATCH,
        "a bootloader for signatures over the image itself looks at no hash of it") {
      @Override
      boolean isIn(Facts facts) {
        return facts.device().policy().trust() instanceof Trust.Signatures trust
            && trust.over() == SignatureScheme.Over.IMAGE;
      }
    },
    BYTES_BEHIND(
        RefusalReason.TRAILING_DATA,
        "the bootloader looks at nothing behind the TLVs but the trailer, at its place") {
      @Override
      boolean isIn(Facts facts) {
        return facts.end() < facts.file().size();
      }
    },
    ODD_TRAILER(
        RefusalReason.BAD_TRAILER,
        "a trailer that the bootloader does not understand is none to it, and is written anew") {
      @Override
      boolean isIn(Facts facts) {
        return facts.end() < facts.file().size();
      }
    },
    RESET_VECTOR(
        RefusalReason.WRONG_SLOT_ADDRESS,
        "the model is of bootloaders that do not look at the reset vector") {
      @Override
      boolean isIn(Facts facts) {
        return facts.device().more().stream().anyMatch(Expectation.ResetsWithin.class::isInstance);
      }
    },
    SPARE_SECTOR_ELSEWHERE(
        RefusalReason.TOO_BIG,
        "the verifier is told of the secondary slot alone, where a padded file must fit; in move"
            + " mode the primary one may have a sector more, and then takes an image larger by it") {
      @Override
      boolean isIn(Facts facts) {
        BootConfig config = facts.device().config();
        return config.mode() instanceof Mode.SwapMove
            && config.primary().size() > config.secondary().size()
            && facts.end() <= config.imageSizeMax();
      }
    },
    RESERVED_WORD(
        RefusalReason.BAD_HEADER, "the bootloader does not read the last word of the header") {
      @Override
      boolean isIn(Facts facts) {
        return facts.header().reserved() != 0;
      }
    },
    BIG_ENDIAN(
        "the model is of little-endian devices, and the magic is another one to them; nobody has"
            + " recorded others") {
      @Override
      boolean isIn(Facts facts) {
        return facts.header().order() == ByteOrder.BIG_ENDIAN;
      }
    },
    KEY_IN_FULL(
        "the image carries its key whole, for bootloaders that keep only hashes of keys; this one"
            + " knows keys by their hash") {
      @Override
      boolean isIn(Facts facts) {
        return facts.device().policy().trust() instanceof Trust.Signatures trust
            && trust.keyName() == Trust.KeyName.HASH
            && facts.any(TlvType.PUBKEY, _ -> true);
      }
    },
    PADDED_FOR_OFFSET(
        "the image is padded to the size of the slot, and its trailer would lie behind the slot"
            + " where offset mode wants it: without the padding it is good") {
      @Override
      boolean isIn(Facts facts) {
        BootConfig config = facts.device().config();
        return config.mode() instanceof Mode.SwapOffset
            && facts.file().size() == config.secondary().size()
            && facts.end() <= config.imageSizeMax();
      }
    };

    private static final Set<TlvType> HASHES =
        EnumSet.of(TlvType.SHA256, TlvType.SHA384, TlvType.SHA512);
    private static final Set<TlvType> SIGNATURES =
        EnumSet.of(TlvType.RSA2048, TlvType.RSA3072, TlvType.ECDSA_SIG, TlvType.ED25519);
    private static final Set<TlvType> WRAPPED_KEYS =
        Arrays.stream(EncryptionScheme.values())
            .map(EncryptionScheme::tlv)
            .collect(Collectors.toUnmodifiableSet());

    /// What the verifier says; empty where it is the bootloader that refuses.
    private final Optional<RefusalReason> reason;

    private final String words;

    Cause(RefusalReason reason, String words) {
      this.reason = Optional.of(reason);
      this.words = words;
    }

    Cause(String words) {
      this.reason = Optional.empty();
      this.words = words;
    }

    abstract boolean isIn(Facts facts);

    static Optional<Cause> of(Judged judged) throws MalformedException {
      Optional<RefusalReason> said =
          judged.verifier() instanceof ImageVerdict.Refused refused
              ? Optional.of(refused.reason())
              : Optional.empty();
      Facts facts = Facts.of(judged);
      return Arrays.stream(values())
          .filter(cause -> cause.reason.equals(said) && cause.isIn(facts))
          .findFirst();
    }
  }

  /// What the bootloader's walk meets in an image.
  private record Facts(
      Bytes file, Judged.Device device, ImageHeader header, List<TlvWalk.Entry> entries, long end) {
    static Facts of(Judged judged) throws MalformedException {
      ImageHeader header = ImageHeader.read(judged.file());
      TlvWalk walk = TlvWalk.of(judged.file(), header);
      return new Facts(judged.file(), judged.device(), header, walk.entries(), walk.end());
    }

    HashAlgorithm hash() {
      return device.policy().trust().hash();
    }

    long count(Set<TlvType> types) {
      return entries.stream().filter(tlv -> types.stream().anyMatch(tlv::is)).count();
    }

    boolean any(TlvType type, IntPredicate size) {
      return entries.stream().anyMatch(tlv -> tlv.is(type) && size.test(tlv.length()));
    }
  }

  private static void compare(String set, Judged judged, List<String> unexplained)
      throws MalformedException {
    String mode = judged.device().config().mode().getClass().getSimpleName();
    if (judged.agree()) {
      count(
          "%s, %-12s agree: %s"
              .formatted(set, mode, judged.verifierAccepts() ? "accepted" : "refused"));
      return;
    }
    Optional<Cause> cause = Cause.of(judged);
    if (cause.isEmpty()) {
      unexplained.add(judged.toString());
      return;
    }
    count("%s, differ: %s".formatted(set, cause.get()));
  }

  private static synchronized void count(String what) {
    COUNTS.merge(what, 1, Integer::sum);
  }

  @AfterAll
  static void print() {
    System.out.println("verifier and bootloader, judging every recorded image for its devices");
    COUNTS.forEach((what, count) -> System.out.println("  %-66s %5d".formatted(what, count)));
    for (Cause cause : Cause.values()) {
      System.out.println("  " + cause + ": " + cause.words);
    }
  }

  @Test
  void on_every_image_of_imgtools_set_they_agree_or_differ_for_a_listed_cause()
      throws MalformedException {
    RecordedImages images = new RecordedImages(Vectors.of("mcuboot"));
    List<String> unexplained = new ArrayList<>();
    List<String> notHex = new ArrayList<>();
    for (Entry entry : images.entries(notHex)) {
      for (Judged.Device device : images.devices(entry)) {
        compare("mcuboot", Judged.of(entry.name(), entry.file(), device), unexplained);
      }
    }
    notHex.forEach(_ -> count("mcuboot, no HEX at all: no image to judge"));
    assertThat(unexplained).isEmpty();
  }

  @Test
  void the_model_judges_every_image_of_imgtools_set_as_the_real_code_did()
      throws MalformedException {
    RecordedImages images = new RecordedImages(Vectors.of("mcuboot"));
    List<String> different = new ArrayList<>();
    for (Entry entry : images.entries(new ArrayList<>())) {
      if (entry.verdict().isPresent()) {
        Judged judged = Judged.of(entry.name(), entry.file(), images.asRecorded(entry));
        boolean accepted = entry.verdict().get().equals("accept");
        if (judged.bootloaderAccepts() == accepted) {
          count("mcuboot, model as recorded: " + (accepted ? "accepted" : "refused"));
        } else {
          different.add(entry.verdict().get() + ", but " + judged);
        }
      }
    }
    assertThat(different).isEmpty();
  }

  @Test
  void on_every_image_of_the_boot_set_they_agree_or_differ_for_a_listed_cause()
      throws MalformedException {
    Recorded recorded = new Recorded(Vectors.of("boot"));
    Map<String, Set<Judged.Device>> devices = devices(recorded);
    List<String> unexplained = new ArrayList<>();
    for (var entry : devices.entrySet()) {
      Bytes file = recorded.image(entry.getKey());
      for (Judged.Device device : entry.getValue()) {
        compare("boot", Judged.of(entry.getKey(), file, device), unexplained);
      }
      count("boot, images");
    }
    assertThat(unexplained).isEmpty();
  }

  /// No recorded image has it, though the real code is known to do so.
  @Test
  void what_stands_in_the_wrong_area_is_a_cause_too() throws MalformedException {
    Bytes file =
        Devices.image("1.1.0", 4300, 0, 0, Tlv.of(TlvType.KEYHASH.code(), Bytes.filled(32, 1)));
    Judged judged = Judged.of("moved", file, new Judged.Device(Devices.SMALL, Optional.empty()));
    assertThat(judged.bootloaderAccepts()).isTrue();
    assertThat(Cause.of(judged)).contains(Cause.PROTECTED_BUT_OUTSIDE);
  }

  /// Of every image those it was recorded on, as far as they take updates at all.
  private static Map<String, Set<Judged.Device>> devices(Recorded recorded)
      throws MalformedException {
    Map<String, Set<Judged.Device>> devices = new LinkedHashMap<>();
    for (String name : recorded.imageNames()) {
      devices.put(name, new LinkedHashSet<>());
    }
    Map<String, String> files = new LinkedHashMap<>();
    files.put("vectors.json", "vectors");
    files.put("chains.json", "vectors");
    files.put("sweeps.json", "sweeps");
    files.put("pairs.json", "pairs");
    files.put("tables.json", "tables");
    for (var file : files.entrySet()) {
      for (CborFields vector : recorded.entries(file.getKey(), file.getValue())) {
        Judged.Device device =
            device(
                recorded.config(recorded.device(vector.text("device"))),
                new SecurityCounter(vector.optionalInteger("counter").orElse(0L)));
        if (!device.config().slotsCompatible()) {
          count("boot, recordings on devices that take no update at all");
          continue;
        }
        Set<String> names = new LinkedHashSet<>();
        for (String part : List.of("start", "steps", "axes")) {
          Optional<CborItem> pieces = vector.item(new CborText(part));
          if (pieces.isPresent()) {
            collectImages(pieces.get(), names);
          }
        }
        for (String name : names) {
          Optional.ofNullable(devices.get(name)).orElseThrow().add(device);
        }
      }
    }
    for (var entry : devices.entrySet()) {
      if (entry.getValue().isEmpty()) {
        Optional<Recorded.Device> other = recorded.trusting(entry.getKey());
        if (other.isPresent() && recorded.config(other.get()).slotsCompatible()) {
          entry.getValue().add(device(recorded.config(other.get()), SecurityCounter.ZERO));
        }
        count("boot, images on no recorded device, judged on the first with their key");
      }
      assertThat(entry.getValue()).as(entry.getKey()).isNotEmpty();
    }
    return devices;
  }

  private static Judged.Device device(BootConfig config, SecurityCounter counter) {
    boolean counts = config.policy().rollback() == BootPolicy.Rollback.COUNTER_IN_DEVICE;
    return new Judged.Device(config, counts ? Optional.of(counter) : Optional.empty());
  }

  private static void collectImages(CborItem item, Set<String> names) throws MalformedException {
    switch (item) {
      case CborMap map -> {
        for (var entry : map.entries().entrySet()) {
          if (entry.getKey().equals(new CborText("image"))
              && entry.getValue() instanceof CborText(String name)) {
            names.add(name);
          } else {
            collectImages(entry.getValue(), names);
          }
        }
      }
      case CborList list -> {
        for (CborItem each : list.items()) {
          collectImages(each, names);
        }
      }
      default -> {}
    }
  }
}
