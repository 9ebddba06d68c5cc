// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborBool;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.encryption.ContentKey;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.encryption.FreshContentKey;
import dev.sealift.image.hex.HexFile;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.testkit.Vectors;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Images made by MCUboot's own tool and judged by its own C code: read, written back, verified and
/// signed again; and the hostile ones, refused.
class ImageVectorTest {
  private static final Vectors VECTORS = Vectors.of("mcuboot");
  private static final CborFields ROOT = root();
  private static final Map<String, Integer> COUNTS = new TreeMap<>();
  private static final List<String> NOTES = new ArrayList<>();

  private static final List<DecryptionKey> DECRYPTION_KEYS = decryptionKeys();

  private static CborFields root() {
    try {
      return CborFields.of(VECTORS.json("vectors.json"), "vectors");
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void print() {
    System.out.println("mcuboot image vectors in " + VECTORS.folder().getFileName());
    COUNTS.forEach((what, count) -> System.out.println("  %-46s %4d".formatted(what, count)));
    NOTES.forEach(note -> System.out.println("  note: " + note));
  }

  private static void count(String what) {
    COUNTS.merge(what, 1, Integer::sum);
  }

  private static List<CborFields> list(String name) throws MalformedException {
    List<CborFields> all = new ArrayList<>();
    for (CborItem item : ROOT.list(name)) {
      all.add(CborFields.of(item, name));
    }
    return all;
  }

  private static CborFields fields(CborFields of, String name) throws MalformedException {
    return CborFields.of(of.required(new CborText(name)), name);
  }

  private static Optional<CborFields> optionalFields(CborFields of, String name)
      throws MalformedException {
    Optional<CborItem> item = of.item(new CborText(name));
    return item.isPresent() && item.get() instanceof CborMap
        ? Optional.of(CborFields.of(item.get(), name))
        : Optional.empty();
  }

  /// Intel HEX is told by its name, and taken as the flash that it describes.
  private static Bytes image(String file) throws MalformedException {
    Bytes bytes = VECTORS.file(file);
    return file.endsWith(".hex") ? HexFile.read(bytes).flat(0xff) : bytes;
  }

  @Test
  void every_recorded_image_is_read_as_recorded_and_written_back() throws MalformedException {
    for (CborFields vector : list("vectors")) {
      String name = vector.text("name");
      String file = fields(vector, "output").text("file");
      Bytes bytes = image(file);
      Image image = Image.read(bytes);
      assertThat(image.write()).as(name).isEqualTo(bytes);
      compare(name, vector, image);
      assertThat(TlvWalk.of(bytes, image.header()).fault()).as(name).isEmpty();
      assertThat(new ImageSummary(image, List.of()).lines()).as(name).isNotEmpty();
      count("read: as recorded, written back the same");
    }
  }

  private static void compare(String name, CborFields vector, Image image)
      throws MalformedException {
    CborFields header = fields(vector, "header");
    CborFields version = fields(header, "version");
    ImageHeader expected =
        new ImageHeader(
            vector.text("endian").equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
            header.integer("load_addr"),
            (int) header.integer("hdr_size"),
            (int) header.integer("protect_tlv_size"),
            header.integer("img_size"),
            Long.decode(header.text("flags")),
            new ImageVersion(
                (int) version.integer("major"),
                (int) version.integer("minor"),
                (int) version.integer("revision"),
                version.integer("build")),
            header.integer("pad1"));
    assertThat(image.header()).as(name).isEqualTo(expected);
    List<Image.Entry> entries = new ArrayList<>();
    for (CborItem item : vector.list("tlvs")) {
      CborFields tlv = CborFields.of(item, "tlv");
      int type = Integer.decode(tlv.text("type"));
      Tlv.TypeForm form =
          tlv.optionalText("type_bytes").equals(Optional.of("%02x00".formatted(type)))
              ? Tlv.TypeForm.BYTE_THEN_ZERO
              : Tlv.TypeForm.NUMBER;
      entries.add(
          new Image.Entry(
              tlv.optionalBool("protected").orElseThrow()
                  ? TlvArea.Kind.PROTECTED
                  : TlvArea.Kind.UNPROTECTED,
              (int) tlv.integer("offset"),
              new Tlv(type, form, Bytes.ofHex(tlv.text("value")))));
    }
    assertThat(image.entries()).as(name).isEqualTo(entries);
    assertThat((long) image.size()).as(name).isEqualTo(vector.integer("image_end"));
    CborFields region = fields(vector, "hash_region");
    assertThat((long) image.hashRegionSize()).as(name).isEqualTo(region.integer("length"));
    CborFields digest = fields(vector, "digest");
    assertThat(image.hash().map(Bytes::toHex)).as(name).contains(digest.text("value"));
    if (!image.header().isEncrypted()) {
      HashAlgorithm hash =
          HashAlgorithm.valueOf(digest.text("algorithm").toUpperCase(java.util.Locale.ROOT));
      assertThat(hash.digest(image.hashRegion())).as(name).isEqualTo(image.hash().orElseThrow());
    }
  }

  @Test
  void every_image_of_our_key_types_is_judged_as_the_bootloader_judges_it()
      throws MalformedException {
    for (CborFields vector : list("vectors")) {
      String file = fields(vector, "output").text("file");
      String name = vector.text("name");
      Bytes bytes = image(file);
      Image image = Image.read(bytes);
      Optional<CborFields> signature = optionalFields(vector, "signature");
      if (signature.isEmpty()) {
        Trust trust = new Trust.HashOnly();
        judge(name, vector, image, trust, verify(bytes, trust, List.of()));
        continue;
      }
      CborFields key = key(signature.get().text("key"));
      if (KeyType.named(key.text("type")).isEmpty()) {
        count("verify: skipped, key type " + key.text("type"));
        continue;
      }
      VerifyingKey right = publicKey(key);
      judge(name, vector, image, Trust.in(right), verify(bytes, Trust.in(right), List.of()));
      for (VerifyingKey wrong : wrongKeys(right, image)) {
        assertThat(verify(bytes, Trust.in(wrong), List.of()))
            .as("%s with a wrong key", name)
            .isInstanceOf(ImageVerdict.Refused.class);
        count("verify: refused with a wrong key");
      }
    }
  }

  private static void judge(
      String name, CborFields vector, Image image, Trust trust, ImageVerdict verdict)
      throws MalformedException {
    Optional<CborFields> encryption = optionalFields(vector, "encryption");
    if (encryption.isPresent()) {
      judgeEncrypted(name, encryption.get(), image.write(), trust, verdict);
    }
    Optional<CborFields> compression = optionalFields(vector, "compression");
    if (compression.isPresent() && image.header().isCompressed() && !isDefect(vector)) {
      judgeCompressed(name, compression.get(), verdict);
    }
    Optional<CborFields> check = optionalFields(vector, "bootloader_check");
    String bootloader =
        check.isPresent() && !check.get().text("verdict").equals("not run")
            ? check.get().text("verdict")
            : isDefect(vector) || isSignaturePadded(vector)
                ? "defect"
                : image.header().has(ImageFlag.NON_BOOTABLE) ? "no-bootable-image" : "accept";
    if (bootloader.equals("accept")) {
      assertThat(verdict).as(name).isInstanceOf(ImageVerdict.Verified.class);
      count("verify: accepted, as by the bootloader");
    } else {
      assertThat(verdict).as(name).isInstanceOf(ImageVerdict.Refused.class);
      count("verify: refused, as by the bootloader");
      NOTES.add(name + ": " + ((ImageVerdict.Refused) verdict).sentence());
    }
  }

  /// The command should have been refused, or the image made in another way: no device can open it,
  /// or what it opens is not what the image says.
  private static boolean isDefect(CborFields vector) throws MalformedException {
    return vector.text("category").equals("defect");
  }

  /// What the recorded bootloader refuses on P-256 is no better on P-384, where none was built.
  private static boolean isSignaturePadded(CborFields vector) throws MalformedException {
    return vector.list("argv").contains(new CborText("--pad-sig"));
  }

  private static void judgeCompressed(String name, CborFields facts, ImageVerdict verdict)
      throws MalformedException {
    if (!(verdict instanceof ImageVerdict.Verified(var image))) {
      throw new AssertionError(name + ": " + verdict);
    }
    assertThat(image.image().header().isCompressed()).as(name).isTrue();
    assertThat((long) image.payload().size()).as(name).isEqualTo(facts.integer("decompressed_len"));
    assertThat(image.payload().sha256().toHex())
        .as(name)
        .isEqualTo(facts.text("decompressed_sha256"));
    count("verify: decompressed as recorded, " + facts.text("kind"));
  }

  private static ImageVerdict verify(Bytes file, Trust trust, List<Expectation> expectations) {
    return ImageVerifier.verify(file, trust, DECRYPTION_KEYS, expectations);
  }

  /// Without the device's key nothing can be said of an image whose payload is closed to it; with
  /// the key the state of its payload is as recorded.
  private static void judgeEncrypted(
      String name, CborFields facts, Bytes file, Trust trust, ImageVerdict verdict)
      throws MalformedException {
    ImageVerdict without = ImageVerifier.verify(file, trust, List.of(), List.of());
    boolean clear = facts.item(new CborText("clear")).equals(Optional.of(new CborBool(true)));
    if (verdict instanceof ImageVerdict.Verified(var image)) {
      assertThat(image.secrecy())
          .as(name)
          .isEqualTo(
              clear ? VerifiedImage.Secrecy.ENCRYPTED_IN_CLEAR : VerifiedImage.Secrecy.ENCRYPTED);
      assertThat(new ImageSummary(image.image(), DECRYPTION_KEYS).lines())
          .as(name)
          .anyMatch(line -> line.startsWith("encryption    "))
          .anyMatch(line -> line.endsWith(clear ? "lies in clear" : "as the image says"));
    }
    if (clear) {
      assertThat(without).as(name).isInstanceOf(ImageVerdict.Verified.class);
      count("verify: encrypted in clear, whole without the key too");
    } else {
      assertThat(((ImageVerdict.Refused) without).reason())
          .as(name)
          .isIn(RefusalReason.ENCRYPTED, RefusalReason.ENC_KEY);
      count("verify: encrypted, closed without the key");
    }
  }

  private static DecryptionKey decryptionKey(String name) throws MalformedException {
    return DecryptionKey.read(VECTORS.file(key(name).text("file")).toUtf8());
  }

  private static List<DecryptionKey> decryptionKeys() {
    List<DecryptionKey> found = new ArrayList<>();
    try {
      CborFields keys = fields(ROOT, "keys");
      for (CborItem name : keys.map().entries().keySet()) {
        String text = VECTORS.file(fields(keys, ((CborText) name).value()).text("file")).toUtf8();
        try {
          found.add(DecryptionKey.read(text));
        } catch (MalformedException _) {
          count("decryption keys: refused, only sign");
        }
      }
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
    return found;
  }

  private static CborFields key(String name) throws MalformedException {
    return fields(fields(ROOT, "keys"), name);
  }

  private static VerifyingKey publicKey(CborFields key) throws MalformedException {
    return KeyFile.readPublic(RecordedKeys.pem(key.text("file")));
  }

  /// The recorded keys of the same type that did not sign the image.
  private static List<VerifyingKey> wrongKeys(VerifyingKey right, Image image)
      throws MalformedException {
    List<VerifyingKey> wrong = new ArrayList<>();
    CborFields keys = fields(ROOT, "keys");
    for (CborItem name : keys.map().entries().keySet()) {
      CborFields key = fields(keys, ((CborText) name).value());
      if (key.text("type").equals(right.type().toString())) {
        VerifyingKey other = publicKey(key);
        boolean named =
            image.unprotectedArea().all(TlvType.KEYHASH).stream()
                .anyMatch(tlv -> tlv.value().equals(other.hash()));
        if (!other.equals(right) && !wrong.contains(other) && !named) {
          wrong.add(other);
        }
      }
    }
    return wrong;
  }

  @Test
  void every_reproducible_image_of_our_key_types_is_signed_again_the_same()
      throws MalformedException, SigningException {
    for (CborFields vector : list("vectors")) {
      Optional<CborItem> reproducible = vector.item(new CborText("byte_reproducible"));
      if (!reproducible.equals(Optional.of(new CborBool(true)))) {
        count("sign: skipped, not reproducible");
        continue;
      }
      Optional<CborFields> compression = optionalFields(vector, "compression");
      if (compression.isPresent() && compression.get().optionalText("fallback").isEmpty()) {
        count("sign: skipped, compressed, see below");
        continue;
      }
      try {
        ImgtoolCommand command = command(vector);
        assertThat(command.output(command.sign()))
            .as(vector.text("name"))
            .isEqualTo(VECTORS.file(fields(vector, "output").text("file")));
        count("sign: the same bytes");
      } catch (ImgtoolCommand.NotSupported e) {
        count("sign: skipped, " + e.getMessage());
      }
    }
  }

  private static ImgtoolCommand command(CborFields vector)
      throws MalformedException, ImgtoolCommand.NotSupported {
    if (vector.optionalText("tool").filter(tool -> !tool.equals("imgtool")).isPresent()) {
      throw new ImgtoolCommand.NotSupported(vector.text("tool"));
    }
    List<String> argv = new ArrayList<>();
    for (CborItem word : vector.list("argv")) {
      argv.add(((CborText) word).value());
    }
    if (argv.isEmpty()) {
      throw new ImgtoolCommand.NotSupported("made by hand");
    }
    return new ImgtoolCommand(VECTORS, argv);
  }

  @Test
  void every_encrypted_or_compressed_image_is_made_again()
      throws MalformedException, SigningException {
    for (CborFields vector : list("vectors")) {
      Optional<CborFields> encryption = optionalFields(vector, "encryption");
      Optional<CborFields> compression = optionalFields(vector, "compression");
      if ((encryption.isEmpty() && compression.isEmpty()) || isDefect(vector)) {
        continue;
      }
      String name = vector.text("name");
      Image recorded = Image.read(VECTORS.file(fields(vector, "output").text("file")));
      try {
        ImgtoolCommand command = command(vector);
        Image made =
            encryption.isPresent()
                ? command.encrypt(recordedContentKey(encryption.get(), recorded))
                : command.sign();
        if (recorded.header().isCompressed()) {
          assertSameBesidesTheStream(name, recorded, made);
          judgeCompressed(
              name, compression.orElseThrow(), verify(made.write(), signer(vector), List.of()));
          count("make: compressed, the same but for the stream");
        } else {
          assertSameBesidesSignatures(name, recorded, made);
          count("make: encrypted, the same ciphertext and TLVs");
        }
      } catch (ImgtoolCommand.NotSupported e) {
        count("make: skipped, " + e.getMessage());
      }
    }
  }

  private static Trust signer(CborFields vector) throws MalformedException {
    Optional<CborFields> signature = optionalFields(vector, "signature");
    return signature.isEmpty()
        ? new Trust.HashOnly()
        : Trust.in(publicKey(key(signature.get().text("key"))));
  }

  /// The dice of the recording: its content key, and that key wrapped.
  private static FreshContentKey recordedContentKey(CborFields facts, Image recorded)
      throws MalformedException {
    Tlv wrapped =
        recorded.unprotectedArea().tlvs().stream()
            .filter(tlv -> EncryptionScheme.ofTlv(tlv.type()).isPresent())
            .findFirst()
            .orElseThrow();
    return new FreshContentKey(
        ContentKey.ofRaw(Bytes.ofHex(facts.text("cek"))),
        EncryptionScheme.ofTlv(wrapped.type()).orElseThrow(),
        wrapped.value());
  }

  /// RSA and ECDSA signatures have dice in them; all else must be the same bytes.
  private static void assertSameBesidesSignatures(String name, Image recorded, Image made) {
    assertThat(made.header()).as(name).isEqualTo(recorded.header());
    assertThat(made.fill()).as(name).isEqualTo(recorded.fill());
    assertThat(made.payload()).as(name).isEqualTo(recorded.payload());
    assertThat(made.protectedArea()).as(name).isEqualTo(recorded.protectedArea());
    List<Tlv> expected = recorded.unprotectedArea().tlvs();
    assertThat(withoutDice(made.unprotectedArea().tlvs()))
        .as(name)
        .isEqualTo(withoutDice(expected));
    if (expected.stream().noneMatch(ImageVectorTest::hasDice)) {
      assertThat(made.write()).as(name).isEqualTo(recorded.write());
      count("make: encrypted, all the same bytes");
    }
  }

  private static boolean hasDice(Tlv tlv) {
    return tlv.is(TlvType.ECDSA_SIG) || tlv.is(TlvType.RSA2048) || tlv.is(TlvType.RSA3072);
  }

  private static List<Tlv> withoutDice(List<Tlv> tlvs) {
    return tlvs.stream().map(tlv -> hasDice(tlv) ? Tlv.of(tlv.type(), Bytes.EMPTY) : tlv).toList();
  }

  /// Other encoders find other matches: what depends on the stream is its size, and whatever is
  /// computed over it. What the image becomes is signed apart from that, and must be the same.
  private static void assertSameBesidesTheStream(String name, Image recorded, Image made) {
    assertThat(made.header().flags()).as(name).isEqualTo(recorded.header().flags());
    assertThat(made.header().version()).as(name).isEqualTo(recorded.header().version());
    assertThat(made.payload().first(2)).as(name).isEqualTo(recorded.payload().first(2));
    boolean dice = recorded.unprotectedArea().tlvs().stream().anyMatch(ImageVectorTest::hasDice);
    assertThat(withoutStream(made.protectedArea().orElseThrow(), dice))
        .as(name)
        .isEqualTo(withoutStream(recorded.protectedArea().orElseThrow(), dice));
    assertThat(types(made.unprotectedArea())).as(name).isEqualTo(types(recorded.unprotectedArea()));
    assertThat(made.payload().size())
        .as("%s, within a tenth of the tool's", name)
        .isLessThan(recorded.payload().size() * 11 / 10);
  }

  private static List<Tlv> withoutStream(TlvArea area, boolean dice) {
    return area.tlvs().stream()
        .map(
            tlv ->
                tlv.is(TlvType.COMP_DEC_SIZE) || (dice && tlv.is(TlvType.DECOMP_SIGNATURE))
                    ? Tlv.of(tlv.type(), Bytes.EMPTY)
                    : tlv)
        .toList();
  }

  private static List<Integer> types(TlvArea area) {
    return area.tlvs().stream().map(Tlv::type).toList();
  }

  @Test
  void no_defect_of_the_tool_is_made_again() throws MalformedException, SigningException {
    for (CborFields vector : list("vectors")) {
      if (!isDefect(vector)) {
        continue;
      }
      String name = vector.text("name");
      Image recorded = Image.read(VECTORS.file(fields(vector, "output").text("file")));
      try {
        ImgtoolCommand command = command(vector);
        boolean encrypted = recorded.header().isEncrypted();
        Image made = encrypted ? command.encrypt() : command.sign();
        assertThat(made.write()).as(name).isNotEqualTo(recorded.write());
        ImageVerdict verdict = verify(made.write(), signer(vector), List.of());
        if (made.header().has(ImageFlag.NON_BOOTABLE)) {
          assertThat(((ImageVerdict.Refused) verdict).reason())
              .as(name)
              .isEqualTo(RefusalReason.NON_BOOTABLE);
        } else {
          assertThat(((ImageVerdict.Verified) verdict).image().secrecy())
              .as(name)
              .isEqualTo(VerifiedImage.Secrecy.ENCRYPTED);
        }
        count("defects: made right");
      } catch (MalformedException e) {
        NOTES.add(name + ": " + e.getMessage());
        count("defects: refused");
      } catch (ImgtoolCommand.NotSupported e) {
        count("defects: skipped, " + e.getMessage());
      }
    }
  }

  @Test
  void every_encryption_that_the_tool_refuses_is_refused() throws MalformedException {
    for (CborFields error : list("errors")) {
      List<CborItem> argv = error.list("argv");
      boolean encrypts =
          argv.contains(new CborText("-E")) || argv.contains(new CborText("--encrypt"));
      if (!encrypts || error.integer("exit") != 2 || keylen(argv)) {
        continue;
      }
      assertThatThrownBy(() -> command(error).encrypt())
          .as(error.text("name"))
          .isInstanceOfAny(
              MalformedException.class, SigningException.class, IllegalArgumentException.class);
      count("errors: refused as by the tool");
    }
  }

  /// Sizes other than the two cannot even be written down here.
  private static boolean keylen(List<CborItem> argv) {
    return argv.contains(new CborText("--encrypt-keylen"));
  }

  @Test
  void every_hostile_image_is_refused_and_every_control_accepted() throws MalformedException {
    List<String> wrong = new ArrayList<>();
    for (CborFields hostile : list("hostile")) {
      judgeHostile(hostile, wrong);
    }
    assertThat(wrong).isEmpty();
  }

  private static void judgeHostile(CborFields hostile, List<String> wrong)
      throws MalformedException {
    String name = hostile.text("name");
    String label = "hostile: " + hostile.text("strength") + " " + hostile.text("required_verdict");
    boolean accept = hostile.text("required_verdict").equals("accept");
    CborFields trusted = key(hostile.text("trusted_key"));
    if (KeyType.named(trusted.text("type")).isEmpty()) {
      count("hostile: skipped, key type " + trusted.text("type"));
      return;
    }
    Optional<List<Expectation>> expectations = expectations(optionalFields(hostile, "context"));
    if (expectations.isEmpty()) {
      count("hostile: skipped, context");
      NOTES.add(name + ": context not supported");
      return;
    }
    Bytes file;
    try {
      file = image(hostile.text("file"));
    } catch (MalformedException e) {
      count(label + ": refused");
      if (accept) {
        wrong.add(name + " was refused: " + e.getMessage());
      }
      if (!hostile.text("reason_code").equals(RefusalReason.BAD_HEX.name())) {
        NOTES.add("%s: our reason is BAD_HEX (%s)".formatted(name, e.getMessage()));
      }
      return;
    }
    Optional<String> device = hostile.optionalText("encryption_key");
    ImageVerdict verdict =
        ImageVerifier.verify(
            file,
            Trust.in(publicKey(trusted)),
            device.isPresent() ? List.of(decryptionKey(device.get())) : List.of(),
            expectations.get());
    boolean reject = hostile.text("required_verdict").equals("reject");
    switch (verdict) {
      case ImageVerdict.Verified _ -> {
        count(label + ": accepted");
        if (reject) {
          wrong.add(name + " was accepted");
        }
      }
      case ImageVerdict.Refused(var reason, var sentence, _) -> {
        count(label + ": refused");
        if (accept) {
          wrong.add(name + " was refused: " + sentence);
        }
        if (reject && !reason.name().equals(hostile.text("reason_code"))) {
          NOTES.add(
              "%s: our reason is %s, recorded is %s (%s)"
                  .formatted(name, reason, hostile.text("reason_code"), sentence));
        }
      }
    }
  }

  /// What the recorded device knows, as expectations; empty when a fact has no counterpart here.
  private static Optional<List<Expectation>> expectations(Optional<CborFields> context)
      throws MalformedException {
    List<Expectation> all = new ArrayList<>();
    if (context.isEmpty()) {
      return Optional.of(all);
    }
    CborFields facts = context.get();
    for (CborItem key : facts.map().entries().keySet()) {
      String fact = ((CborText) key).value();
      switch (fact) {
        case "installed_version" ->
            all.add(new Expectation.VersionAtLeast(ImageVersion.parse(facts.text(fact))));
        case "stored_security_counter" ->
            all.add(new Expectation.CounterAtLeast(new SecurityCounter(facts.integer(fact))));
        case "images" -> all.add(new Expectation.ImagesPresent(versions(fields(facts, fact))));
        case "slot_address" -> all.add(new Expectation.RunsAt(facts.integer(fact)));
        case "exec_ram_start" ->
            all.add(
                new Expectation.LoadsWithin(
                    new Expectation.AddressRange(
                        facts.integer(fact), facts.integer("exec_ram_size"))));
        case "primary_slot_address" ->
            all.add(
                new Expectation.ResetsWithin(
                    new Expectation.AddressRange(
                        facts.integer(fact), facts.integer("primary_slot_size"))));
        case "slot_size" -> all.add(new Expectation.FitsSlot(slot(facts)));
        case "device_vendor_id" ->
            all.add(new Expectation.VendorIs(java.util.UUID.fromString(facts.text(fact))));
        case "device_class_id" ->
            all.add(new Expectation.DeviceClassIs(java.util.UUID.fromString(facts.text(fact))));
        case "policy",
            "mode",
            "align",
            "max_sectors",
            "exec_ram_size",
            "primary_slot_size",
            "security_counter_required" -> {}
        case "device_key_bits" ->
            all.add(
                new Expectation.ContentKeyIs(
                    ContentKeySize.ofBytes((int) facts.integer(fact) / 8).orElseThrow()));
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(all);
  }

  private static SlotLayout slot(CborFields facts) throws MalformedException {
    int align = (int) (long) facts.optionalInteger("align").orElse(1L);
    boolean overwrite = facts.optionalText("mode").orElse("swap").startsWith("overwrite");
    return new SlotLayout(
        facts.integer("slot_size"),
        overwrite ? SlotLayout.Mode.OVERWRITE_ONLY : SlotLayout.Mode.SWAP_SCRATCH,
        align,
        Math.max(8, align),
        (int) (long) facts.optionalInteger("max_sectors").orElse(128L));
  }

  private static Map<Integer, ImageVersion> versions(CborFields images) throws MalformedException {
    Map<Integer, ImageVersion> versions = new HashMap<>();
    for (CborItem key : images.map().entries().keySet()) {
      String number = ((CborText) key).value();
      versions.put(Integer.valueOf(number), ImageVersion.parse(images.text(number)));
    }
    return versions;
  }
}
