// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Dependency;
import dev.sealift.image.HashAlgorithm;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.ImageUuid;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.Manifest;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SignatureScheme;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.Tlv;
import dev.sealift.image.TlvArea;
import dev.sealift.image.compression.Compression;
import dev.sealift.image.compression.Lzma2Settings;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.ContentKeySource;
import dev.sealift.image.encryption.EncryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The options of `sign` as those of the signer of images, and what a person should be told about
/// them. What does not fit its field is refused here, with imgtool's exit code.
record SignRequest(SignOptions options, OptionalLong hexAddress, Optional<String> warning) {
  private static final long U32_MAX = 0xffff_ffffL;
  private static final String VERSION_NUMBER = "(?:0|[1-9][0-9]*)";

  private static final Pattern VERSION =
      Pattern.compile(
          VERSION_NUMBER
              + "(?:\\."
              + VERSION_NUMBER
              + "(?:\\."
              + VERSION_NUMBER
              + "(?:\\+"
              + VERSION_NUMBER
              + ")?)?)?");

  private static final Pattern DEPENDENCY =
      Pattern.compile("[\\s,]*\\(\\s*([0-9]{1,20})\\s*,\\s*([0-9.+]+)\\s*\\)[\\s,]*");

  static SignRequest of(Given given, Io io) throws RefusedException, IOException {
    SignOptions.Padding padding = padding(given);
    List<Tlv> custom = custom(given, new Folder(io));
    boolean bigEndian = given.text("--endian", "little").equals("big");
    SignOptions options =
        SignOptions.of(version(given), headerRoom(given), slot(given, padding)).toBuilder()
            .padding(padding)
            .erasedValue(erasedValue(given, padding))
            .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
            .typeForm(bigEndian ? Tlv.TypeForm.BYTE_THEN_ZERO : Tlv.TypeForm.NUMBER)
            .placement(placement(given))
            .bootability(
                given.has("--non-bootable")
                    ? SignOptions.Bootability.NON_BOOTABLE
                    : SignOptions.Bootability.BOOTABLE)
            .keyForm(
                given.text("--public-key-format", "hash").equals("full")
                    ? SignOptions.KeyForm.FULL
                    : SignOptions.KeyForm.HASH)
            .hash(
                given
                    .text("--sha")
                    .filter(sha -> !sha.equals("auto"))
                    .map(sha -> HashAlgorithm.valueOf("SHA" + sha)))
            .signedOver(
                given.has("--pure") ? SignatureScheme.Over.IMAGE : SignatureScheme.Over.DIGEST)
            .signatureForm(
                given.has("--pad-sig")
                    ? SignOptions.SignatureForm.PADDED
                    : SignOptions.SignatureForm.AS_LONG_AS_IT_IS)
            .protectedData(protectedData(given, custom, new Folder(io)))
            .compression(compression(given))
            .lzma2(lzma2(given))
            .secrecy(secrecy(given, io))
            .build();
    return new SignRequest(options, hexAddress(given), warning(custom));
  }

  private static OptionalLong hexAddress(Given given) throws RefusedException {
    return given.has("--hex-addr")
        ? OptionalLong.of(address(given, "--hex-addr"))
        : OptionalLong.empty();
  }

  private static Optional<String> warning(List<Tlv> custom) {
    return custom.isEmpty() || !custom.getLast().value().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the last protected TLV, %s, has no value: MCUboot takes it for an unprotected one and refuses the image"
                .formatted(custom.getLast().name()));
  }

  private static ImageVersion version(Given given) throws RefusedException {
    String text = given.text("--version").orElseThrow();
    return version(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
  }

  private static ImageVersion version(String text) throws RefusedException {
    if (!VERSION.matcher(text).matches()) {
      throw RefusedException.usage(
          "\"%s\" is no version: expected major[.minor[.revision[+build]]], as in 1.2.3+4"
              .formatted(text));
    }
    try {
      return ImageVersion.parse(text);
    } catch (MalformedException e) {
      throw RefusedException.failed("version " + text + ": " + e.getMessage());
    }
  }

  private static SignOptions.HeaderRoom headerRoom(Given given) throws RefusedException {
    String text = given.text("--header-size").orElseThrow();
    BigInteger size =
        text.toLowerCase(Locale.ROOT).equals("auto")
            ? BigInteger.valueOf(ImageHeader.SIZE)
            : number("-H / --header-size", text);
    if (size.compareTo(BigInteger.valueOf(ImageHeader.SIZE)) < 0) {
      throw RefusedException.usage("the header has at least 32 bytes, not " + size);
    }
    return new SignOptions.HeaderRoom(
        (int) within(size, 0xffff, "the size of the header"),
        given.has("--pad-header") || given.has("--pad-value")
            ? SignOptions.Source.PREPENDED
            : SignOptions.Source.RESERVED);
  }

  private static BigInteger number(String what, String text) throws RefusedException {
    Optional<BigInteger> number = Numbers.based(text);
    if (number.isEmpty()) {
      throw Given.noNumber(what, text);
    }
    return number.get();
  }

  private static long within(BigInteger number, long max, String what) throws RefusedException {
    if (number.signum() < 0 || number.compareTo(BigInteger.valueOf(max)) > 0) {
      throw RefusedException.failed("%s must be 0 to %d, is %s".formatted(what, max, number));
    }
    return number.longValueExact();
  }

  private static SignOptions.Padding padding(Given given) {
    if (given.has("--confirm")) {
      return SignOptions.Padding.CONFIRMED;
    }
    return given.has("--pad") || given.has("--test")
        ? SignOptions.Padding.PADDED
        : SignOptions.Padding.NONE;
  }

  /// A slot of no size, or of less, is one whose size nobody looks at.
  private static SlotLayout slot(Given given, SignOptions.Padding padding) throws RefusedException {
    BigInteger size = given.number("--slot-size").orElseThrow();
    BigInteger most = BigInteger.valueOf(SlotLayout.SIZE_MAX);
    boolean unchecked = size.signum() <= 0 || size.compareTo(most) > 0;
    if (unchecked && padding != SignOptions.Padding.NONE) {
      throw RefusedException.usage(
          "a slot of %s bytes cannot be filled, one of 1 to %s can".formatted(size, most));
    }
    int align = Integer.parseInt(given.text("--align", "1"));
    int alignMax = given.text("--max-align").map(Integer::parseInt).orElse(Math.max(8, align));
    return new SlotLayout(
        unchecked ? SlotLayout.SIZE_MAX : size.longValueExact(),
        given.has("--overwrite-only")
            ? SlotLayout.Mode.OVERWRITE_ONLY
            : SlotLayout.Mode.SWAP_SCRATCH,
        align,
        alignMax,
        sectors(given),
        OptionalInt.empty(),
        given.has("--save-enctlv") ? SlotLayout.KeptKey.TLV : SlotLayout.KeptKey.RAW);
  }

  private static int sectors(Given given) throws RefusedException {
    BigInteger sectors =
        given.count("--max-sectors").orElse(BigInteger.valueOf(SlotLayout.SECTORS_MAX_DEFAULT));
    if (sectors.signum() < 1 || sectors.bitLength() > 16) {
      throw RefusedException.usage("a slot has 1 to 65535 sectors, not " + sectors);
    }
    return sectors.intValueExact();
  }

  private static int erasedValue(Given given, SignOptions.Padding padding) throws RefusedException {
    int erased = given.text("--erased-val", "0xff").equals("0") ? 0 : 0xff;
    if (!given.has("--pad-value")) {
      return erased;
    }
    int fill = given.text("--pad-value", "0xff").equals("0") ? 0 : 0xff;
    if (fill != erased && padding != SignOptions.Padding.NONE) {
      throw RefusedException.usage(
          "--pad-value other than --erased-val is taken for the header only:"
              + " a trailer is made of what erased flash reads");
    }
    return fill;
  }

  private static SignOptions.Placement placement(Given given) throws RefusedException {
    long load = address(given, "--load-addr");
    long fixed = address(given, "--rom-fixed");
    if (load != 0 && fixed != 0) {
      throw RefusedException.usage("--load-addr and --rom-fixed exclude each other");
    }
    if (load != 0) {
      return new SignOptions.Placement.Ram(load);
    }
    return fixed == 0 ? new SignOptions.Placement.InSlot() : new SignOptions.Placement.Rom(fixed);
  }

  /// 0 is the same as not given.
  private static long address(Given given, String option) throws RefusedException {
    return within(given.number(option).orElse(BigInteger.ZERO), U32_MAX, option);
  }

  private static SignOptions.Protected protectedData(Given given, List<Tlv> custom, Folder folder)
      throws RefusedException {
    Optional<String> bootRecord = given.text("--boot-record");
    int most = SignOptions.Protected.BOOT_RECORD_SIZE_MAX;
    if (bootRecord.isPresent() && bootRecord.get().length() > most) {
      throw RefusedException.usage(
          "the software type of a boot record has at most %d characters, \"%s\" has %d"
              .formatted(most, bootRecord.get(), bootRecord.get().length()));
    }
    Optional<UUID> vendor = vendor(given);
    return new SignOptions.Protected(
        counter(given),
        bootRecord,
        dependencies(given),
        vendor,
        deviceClass(given, vendor),
        OptionalLong.empty(),
        custom,
        manifest(given, folder));
  }

  private static Optional<Manifest> manifest(Given given, Folder folder) throws RefusedException {
    Optional<String> name = given.text("--manifest");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Manifest(ManifestFile.digests(name.get(), folder)));
    } catch (IllegalArgumentException e) {
      throw RefusedException.failed(
          "cannot use the manifest " + name.get() + ": " + e.getMessage());
    }
  }

  private static SignOptions.Counter counter(Given given) throws RefusedException {
    Optional<String> text = given.text("--security-counter");
    if (text.isEmpty()) {
      return new SignOptions.Counter.None();
    }
    if (text.get().toLowerCase(Locale.ROOT).equals("auto")) {
      return new SignOptions.Counter.FromVersion();
    }
    long value =
        within(number("-s / --security-counter", text.get()), U32_MAX, "the security counter");
    return new SignOptions.Counter.Is(new SecurityCounter(value));
  }

  private static List<Dependency> dependencies(Given given) throws RefusedException {
    List<Dependency> dependencies = new ArrayList<>();
    Optional<String> text = given.text("--dependencies");
    if (text.isEmpty()) {
      return dependencies;
    }
    Matcher matcher = DEPENDENCY.matcher(text.get());
    int at = 0;
    while (at < text.get().length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        break;
      }
      long number = within(new BigInteger(matcher.group(1)), 0xff, "the number of an image");
      dependencies.add(new Dependency((int) number, version(matcher.group(2))));
      at = matcher.end();
    }
    if (dependencies.isEmpty() || at < text.get().length()) {
      throw RefusedException.usage(
          "--dependencies \"%s\": expected (number, version), as in \"(1, 1.2.3), (2, 2.0.0)\""
              .formatted(text.get()));
    }
    return dependencies;
  }

  private static Optional<UUID> vendor(Given given) throws RefusedException {
    Optional<String> text = given.text("--vid");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    checkName("--vid", text.get());
    try {
      return Optional.of(ImageUuid.vendor(text.get()));
    } catch (MalformedException e) {
      throw RefusedException.failed("--vid: " + e.getMessage());
    }
  }

  private static Optional<UUID> deviceClass(Given given, Optional<UUID> vendor)
      throws RefusedException {
    Optional<String> text = given.text("--cid");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    checkName("--cid", text.get());
    if (vendor.isEmpty() && !ImageUuid.isRaw(text.get())) {
      throw RefusedException.failed(
          "--cid \"%s\" is a name, and names need --vid".formatted(text.get()));
    }
    try {
      return Optional.of(ImageUuid.deviceClass(vendor.orElse(new UUID(0, 0)), text.get()));
    } catch (MalformedException e) {
      throw RefusedException.failed("--cid: " + e.getMessage());
    }
  }

  private static void checkName(String option, String name) throws RefusedException {
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw RefusedException.failed(option + " has characters that cannot be printed");
    }
  }

  /// Those of the command line first, then those of files, as imgtool orders them.
  private static List<Tlv> custom(Given given, Folder folder) throws RefusedException {
    List<Tlv> tlvs = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (List<String> pair : given.pairs("--custom-tlv")) {
      tlvs.add(custom(pair.getFirst(), value(pair.getLast()), seen));
    }
    for (List<String> pair : given.pairs("--custom-tlv-file")) {
      tlvs.add(custom(pair.getFirst(), folder.read(pair.getLast()), seen));
    }
    int size = TlvArea.HEAD_SIZE + tlvs.stream().mapToInt(Tlv::size).sum();
    if (size > TlvArea.SIZE_MAX) {
      throw RefusedException.failed(
          "the custom TLVs take %d bytes, a TLV area has at most %d"
              .formatted(size, TlvArea.SIZE_MAX));
    }
    return tlvs;
  }

  private static Bytes value(String text) throws RefusedException {
    if (!text.startsWith("0x")) {
      return Bytes.ofUtf8(text);
    }
    String digits = text.substring(2);
    if (digits.length() % 2 != 0) {
      throw RefusedException.usage("custom TLV %s: a digit is missing".formatted(text));
    }
    try {
      return Bytes.ofHex(digits);
    } catch (IllegalArgumentException e) {
      throw RefusedException.failed("custom TLV %s is not hex".formatted(text));
    }
  }

  private static Tlv custom(String tag, Bytes value, Set<Integer> seen) throws RefusedException {
    BigInteger type =
        Numbers.based(tag)
            .orElseThrow(
                () -> RefusedException.failed("\"%s\" is no type of a TLV".formatted(tag)));
    int low = SignOptions.Protected.CUSTOM_TYPE_MIN;
    int high = SignOptions.Protected.CUSTOM_TYPE_MAX;
    if (type.compareTo(BigInteger.valueOf(low)) < 0
        || type.compareTo(BigInteger.valueOf(high)) > 0) {
      throw RefusedException.usage(
          "custom TLVs have types 0x%x to 0x%x, not %s".formatted(low, high, tag));
    }
    if (!seen.add(type.intValueExact())) {
      throw RefusedException.usage("custom TLV %s is there twice".formatted(tag));
    }
    if (value.size() > Tlv.VALUE_SIZE_MAX) {
      throw RefusedException.failed(
          "custom TLV %s has %d bytes, at most %d fit"
              .formatted(tag, value.size(), Tlv.VALUE_SIZE_MAX));
    }
    return Tlv.of(type.intValueExact(), value);
  }

  private static Optional<Compression> compression(Given given) {
    return switch (given.text("--compression", "disabled")) {
      case "lzma2" -> Optional.of(Compression.LZMA2);
      case "lzma2armthumb" -> Optional.of(Compression.LZMA2_ARM_THUMB);
      default -> Optional.empty();
    };
  }

  private static Lzma2Settings lzma2(Given given) throws RefusedException {
    Lzma2Settings usual = Lzma2Settings.USUAL;
    try {
      return new Lzma2Settings(
          count(given, "--compression-lzma-dictsize", usual.dictionarySize()),
          count(given, "--compression-lzma-lc", usual.lc()),
          count(given, "--compression-lzma-lp", usual.lp()),
          count(given, "--compression-lzma-pb", usual.pb()),
          count(given, "--compression-lzma-preset", usual.preset()));
    } catch (IllegalArgumentException e) {
      throw RefusedException.failed(String.valueOf(e.getMessage()));
    }
  }

  private static int count(Given given, String option, int otherwise) throws RefusedException {
    BigInteger number = given.count(option).orElse(BigInteger.valueOf(otherwise));
    return (int) within(number, Integer.MAX_VALUE, option);
  }

  /// Without a key to encrypt for, the other options of encryption say nothing.
  private static SignOptions.Secrecy secrecy(Given given, Io io)
      throws RefusedException, IOException {
    Optional<String> name = given.text("--encrypt");
    if (name.isEmpty()) {
      return new SignOptions.Secrecy.Plain();
    }
    EncryptionKey key = encryptionKey(name.get(), io);
    EncryptionScheme scheme = key.schemes().getFirst();
    if (given.text("--hmac-sha", "auto").equals("512")) {
      scheme = EncryptionScheme.ECIES_X25519_SHA512;
      if (!key.schemes().contains(scheme)) {
        throw RefusedException.usage("--hmac-sha 512 goes with x25519 keys only");
      }
    }
    ContentKeySize size =
        given.text("--encrypt-keylen", "128").equals("256")
            ? ContentKeySize.AES_256
            : ContentKeySize.AES_128;
    ContentKeySource keys = key.contentKeys(scheme, size, io.random());
    return given.has("--clear")
        ? new SignOptions.Secrecy.InClear(keys)
        : new SignOptions.Secrecy.Encrypted(keys);
  }

  private static EncryptionKey encryptionKey(String name, Io io)
      throws RefusedException, IOException {
    String pem;
    try {
      pem = Key.unlocked(name, io);
      Key.of(pem);
    } catch (MalformedException e) {
      throw RefusedException.failed("cannot encrypt for " + name + ": " + e.getMessage());
    }
    try {
      return EncryptionKey.read(pem);
    } catch (MalformedException e) {
      throw RefusedException.usage("cannot encrypt for " + name + ": " + e.getMessage());
    }
  }
}
