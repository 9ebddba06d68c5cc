// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.compression.Compression;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.ContentKeySource;
import dev.sealift.image.encryption.EncryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.encryption.FreshContentKey;
import dev.sealift.image.hex.HexFile;
import dev.sealift.image.hex.HexImage;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.LocalKey;
import dev.sealift.testkit.Vectors;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A recorded `imgtool sign` command line, as options of [ImageSigner]. It knows what the signer
/// can do; the first option beyond that is its reason to pass the vector over.
final class ImgtoolCommand {
  /// The command asks for something the signer does not do.
  static final class NotSupported extends Exception {
    private static final long serialVersionUID = 1L;

    NotSupported(String what) {
      super(what);
    }
  }

  private static final Map<String, String> LONG =
      Map.ofEntries(
          Map.entry("-H", "--header-size"),
          Map.entry("-S", "--slot-size"),
          Map.entry("-v", "--version"),
          Map.entry("-R", "--erased-val"),
          Map.entry("-L", "--load-addr"),
          Map.entry("-F", "--rom-fixed"),
          Map.entry("-e", "--endian"),
          Map.entry("-k", "--key"),
          Map.entry("-s", "--security-counter"),
          Map.entry("-d", "--dependencies"),
          Map.entry("-M", "--max-sectors"),
          Map.entry("-E", "--encrypt"),
          Map.entry("-c", "--clear"),
          Map.entry("-x", "--hex-addr"));

  private static final Set<String> FLAGS =
      Set.of(
          "--pad-header",
          "--non-bootable",
          "--pure",
          "--pad",
          "--confirm",
          "--test",
          "--overwrite-only",
          "--clear",
          "--save-enctlv");

  private static final Set<String> VALUES =
      Set.of(
          "--header-size",
          "--slot-size",
          "--version",
          "--erased-val",
          "--load-addr",
          "--rom-fixed",
          "--endian",
          "--key",
          "--public-key-format",
          "--sha",
          "--security-counter",
          "--dependencies",
          "--boot-record",
          "--vid",
          "--cid",
          "--align",
          "--max-align",
          "--max-sectors",
          "--sig-out",
          "--encrypt",
          "--encrypt-keylen",
          "--hmac-sha",
          "--compression",
          "--hex-addr");

  private static final Pattern DEPENDENCY =
      Pattern.compile("\\(\\s*(\\d+)\\s*,\\s*([^)\\s]+)\\s*\\)");

  private final Vectors vectors;
  private final Map<String, String> values = new TreeMap<>();
  private final Set<String> flags = new HashSet<>();
  private final List<Tlv> custom = new ArrayList<>();
  private final List<Tlv> customFiles = new ArrayList<>();
  private final List<String> operands = new ArrayList<>();

  ImgtoolCommand(Vectors vectors, List<String> argv) throws NotSupported {
    this.vectors = vectors;
    Deque<String> rest = new ArrayDeque<>(argv);
    rest.pop();
    while (!rest.isEmpty()) {
      take(rest);
    }
  }

  private void take(Deque<String> rest) throws NotSupported {
    String word = rest.pop();
    if (!word.startsWith("-")) {
      operands.add(word);
      return;
    }
    String option = LONG.getOrDefault(word, word);
    if (FLAGS.contains(option)) {
      flags.add(option);
    } else if (VALUES.contains(option)) {
      values.put(option, rest.pop());
    } else if (option.equals("--custom-tlv")) {
      int type = (int) number(rest.pop());
      String value = rest.pop();
      custom.add(
          Tlv.of(
              type,
              value.startsWith("0x") ? Bytes.ofHex(value.substring(2)) : Bytes.ofUtf8(value)));
    } else if (option.equals("--custom-tlv-file")) {
      customFiles.add(Tlv.of((int) number(rest.pop()), vectors.file(rest.pop())));
    } else {
      throw new NotSupported(option);
    }
  }

  private static long number(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.startsWith("0b") ? Long.parseLong(lower.substring(2), 2) : Long.decode(lower);
  }

  private Optional<String> value(String option) {
    return Optional.ofNullable(values.get(option));
  }

  private long number(String option, long otherwise) {
    return value(option).map(ImgtoolCommand::number).orElse(otherwise);
  }

  Image sign() throws NotSupported, MalformedException, SigningException {
    return sign(new SignOptions.Secrecy.Plain());
  }

  /// With a content key by the roll of the dice.
  Image encrypt() throws NotSupported, MalformedException, SigningException {
    return sign(secrecy(contentKeys()));
  }

  /// With the content key of a recorded image.
  Image encrypt(FreshContentKey recorded)
      throws NotSupported, MalformedException, SigningException {
    contentKeys();
    return sign(secrecy(() -> recorded));
  }

  private SignOptions.Secrecy secrecy(ContentKeySource contentKeys) {
    return flags.contains("--clear")
        ? new SignOptions.Secrecy.InClear(contentKeys)
        : new SignOptions.Secrecy.Encrypted(contentKeys);
  }

  private ContentKeySource contentKeys() throws MalformedException {
    EncryptionKey key = EncryptionKey.read(vectors.file(value("--encrypt").orElseThrow()).toUtf8());
    EncryptionScheme scheme =
        value("--hmac-sha").equals(Optional.of("512"))
            ? EncryptionScheme.ECIES_X25519_SHA512
            : key.schemes().getFirst();
    ContentKeySize size =
        value("--encrypt-keylen").equals(Optional.of("256"))
            ? ContentKeySize.AES_256
            : ContentKeySize.AES_128;
    return key.contentKeys(scheme, size, new SecureRandom());
  }

  private Image sign(SignOptions.Secrecy secrecy)
      throws NotSupported, MalformedException, SigningException {
    Bytes input = input();
    SignOptions options = options().toBuilder().secrecy(secrecy).build();
    if (value("--key").isEmpty()) {
      return ImageSigner.hashOnly(input, options);
    }
    return ImageSigner.sign(input, options, key().signing(new SecureRandom()));
  }

  /// The tool fills the gaps of HEX with 0xff, whatever erased flash reads.
  private Bytes input() throws MalformedException {
    Bytes file = vectors.file(operands.get(0));
    return isHex(0) ? HexFile.read(file).flat(0xff) : file;
  }

  private boolean isHex(int operand) {
    return operands.get(operand).endsWith(".hex");
  }

  /// The file that the command writes.
  Bytes output(Image image) throws NotSupported, MalformedException {
    if (!isHex(1)) {
      return image.write();
    }
    long address =
        value("--hex-addr").isPresent()
            ? number("--hex-addr", 0)
            : HexImage.address(
                HexFile.read(vectors.file(operands.get(0))).address(), options().header());
    boolean marked = flags.contains("--confirm") || flags.contains("--test");
    HexImage.Trailer trailer =
        marked && !flags.contains("--overwrite-only")
            ? HexImage.Trailer.IMAGE_OK_AND_MAGIC
            : HexImage.Trailer.MAGIC;
    return HexImage.of(image, address, options().slot(), trailer).write();
  }

  private LocalKey key() throws NotSupported {
    try {
      return KeyFile.readPrivate(RecordedKeys.pem(value("--key").orElseThrow()));
    } catch (MalformedException e) {
      throw new NotSupported("key type");
    }
  }

  private SignOptions options() throws MalformedException, NotSupported {
    int align = (int) number("--align", 1);
    SlotLayout slot =
        new SlotLayout(
            number("--slot-size", 0),
            flags.contains("--overwrite-only")
                ? SlotLayout.Mode.OVERWRITE_ONLY
                : SlotLayout.Mode.SWAP_SCRATCH,
            align,
            (int) number("--max-align", Math.max(8, align)),
            (int) number("--max-sectors", SlotLayout.SECTORS_MAX_DEFAULT));
    ImageVersion version = ImageVersion.parse(value("--version").orElseThrow());
    SignOptions.HeaderRoom room =
        new SignOptions.HeaderRoom(
            (int) number("--header-size", 0),
            flags.contains("--pad-header")
                ? SignOptions.Source.PREPENDED
                : SignOptions.Source.RESERVED);
    return SignOptions.of(version, room, slot).toBuilder()
        .padding(padding())
        .erasedValue((int) number("--erased-val", 0xff))
        .order(
            value("--endian").equals(Optional.of("big"))
                ? ByteOrder.BIG_ENDIAN
                : ByteOrder.LITTLE_ENDIAN)
        .typeForm(
            value("--endian").equals(Optional.of("big"))
                ? Tlv.TypeForm.BYTE_THEN_ZERO
                : Tlv.TypeForm.NUMBER)
        .placement(placement())
        .bootability(
            flags.contains("--non-bootable")
                ? SignOptions.Bootability.NON_BOOTABLE
                : SignOptions.Bootability.BOOTABLE)
        .keyForm(
            value("--public-key-format").equals(Optional.of("full"))
                ? SignOptions.KeyForm.FULL
                : SignOptions.KeyForm.HASH)
        .hash(
            value("--sha")
                .filter(sha -> !sha.equals("auto"))
                .map(sha -> HashAlgorithm.valueOf("SHA" + sha)))
        .signedOver(
            flags.contains("--pure") ? SignatureScheme.Over.IMAGE : SignatureScheme.Over.DIGEST)
        .protectedData(protectedData())
        .compression(
            value("--compression")
                .filter(how -> !how.equals("disabled"))
                .map(how -> how.equals("lzma2") ? Compression.LZMA2 : Compression.LZMA2_ARM_THUMB))
        .build();
  }

  private SignOptions.Padding padding() {
    if (flags.contains("--confirm")) {
      return SignOptions.Padding.CONFIRMED;
    }
    return flags.contains("--pad") || flags.contains("--test")
        ? SignOptions.Padding.PADDED
        : SignOptions.Padding.NONE;
  }

  private SignOptions.Placement placement() {
    if (number("--load-addr", 0) != 0) {
      return new SignOptions.Placement.Ram(number("--load-addr", 0));
    }
    return number("--rom-fixed", 0) != 0
        ? new SignOptions.Placement.Rom(number("--rom-fixed", 0))
        : new SignOptions.Placement.InSlot();
  }

  private SignOptions.Protected protectedData() throws MalformedException {
    List<Dependency> dependencies = new ArrayList<>();
    Matcher matcher = DEPENDENCY.matcher(value("--dependencies").orElse(""));
    while (matcher.find()) {
      dependencies.add(
          new Dependency(Integer.parseInt(matcher.group(1)), ImageVersion.parse(matcher.group(2))));
    }
    Optional<UUID> vendor = Optional.empty();
    if (value("--vid").isPresent()) {
      vendor = Optional.of(ImageUuid.vendor(value("--vid").orElseThrow()));
    }
    Optional<UUID> deviceClass = Optional.empty();
    if (value("--cid").isPresent()) {
      deviceClass =
          Optional.of(
              ImageUuid.deviceClass(vendor.orElse(new UUID(0, 0)), value("--cid").orElseThrow()));
    }
    List<Tlv> all = new ArrayList<>(custom);
    all.addAll(customFiles);
    return new SignOptions.Protected(
        counter(),
        value("--boot-record"),
        dependencies,
        vendor,
        deviceClass,
        OptionalLong.empty(),
        all);
  }

  private SignOptions.Counter counter() {
    Optional<String> text = value("--security-counter");
    if (text.isEmpty()) {
      return new SignOptions.Counter.None();
    }
    return text.get().equalsIgnoreCase("auto")
        ? new SignOptions.Counter.FromVersion()
        : new SignOptions.Counter.Is(new SecurityCounter(number(text.get())));
  }
}
