// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.bytes.cbor.CborBool;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.Image;
import dev.sealift.image.ImageVerdict;
import dev.sealift.image.ImageVerifier;
import dev.sealift.image.RefusalReason;
import dev.sealift.image.Tlv;
import dev.sealift.image.TlvArea;
import dev.sealift.image.TlvType;
import dev.sealift.image.Trust;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.hex.HexFile;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.LockedPem;
import dev.sealift.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Every recorded command line of MCUboot's own tool, run through ours in a copy of their folder.
class ImgtoolVectorTest {
  private static final Vectors VECTORS = Vectors.of("mcuboot");
  private static final Set<Integer> SIGNATURES = Set.of(0x20, 0x22, 0x23, 0x24);
  private static final CborFields ROOT = root();
  private static final Map<String, Integer> COUNTS = new TreeMap<>();
  private static final List<String> NOTES = new ArrayList<>();

  /// Where ours does not end as imgtool does; the table in docs/imgtool.md gives the reasons. By
  /// what is on the command line, as other folders have other names.
  private enum Difference {
    PURE_WITHOUT_A_KEY,
    GIVEN_SIGNATURE_NOT_BASE64,
    GIVEN_SIGNATURE_WRONG,
    PURE_WITH_A_PUBLIC_KEY,
    DUMP_OF_BIG_ENDIAN
  }

  private static CborFields root() {
    try {
      return CborFields.of(VECTORS.json("vectors.json"), "vectors");
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void print() {
    System.out.println("imgtool command lines of " + VECTORS.folder().getFileName());
    COUNTS.forEach((what, count) -> System.out.println("  %-60s %4d".formatted(what, count)));
    NOTES.forEach(note -> System.out.println("  note: " + note));
  }

  private static void count(String what) {
    COUNTS.merge(what, 1, Integer::sum);
  }

  private static List<CborFields> list(CborFields of, String name) throws MalformedException {
    List<CborFields> all = new ArrayList<>();
    for (CborItem item : of.list(name)) {
      all.add(CborFields.of(item, name));
    }
    return all;
  }

  private static Optional<CborFields> fields(CborFields of, String name) throws MalformedException {
    Optional<CborItem> item = of.item(new CborText(name));
    return item.isPresent() && item.get() instanceof CborMap
        ? Optional.of(CborFields.of(item.get(), name))
        : Optional.empty();
  }

  private static List<String> argv(CborFields of) throws MalformedException {
    return of.list("argv").stream().map(item -> ((CborText) item).value()).toList();
  }

  private static Optional<String> text(CborFields of, String name) throws MalformedException {
    return of.item(new CborText(name)).isPresent() ? of.optionalText(name) : Optional.empty();
  }

  private static List<String> lines(CborFields of) throws MalformedException {
    Optional<CborItem> stdout = of.item(new CborText("stdout"));
    return stdout.isPresent() && stdout.get() instanceof CborList(var items)
        ? items.stream().map(item -> ((CborText) item).value()).toList()
        : List.of();
  }

  private static Workbench.Run run(Workbench bench, CborFields of) throws MalformedException {
    List<String> argv = argv(of);
    return bench.run(argv, text(of, "stdin").orElse(password(argv)));
  }

  /// Of the key that is named, where the recording forgot what was typed.
  private static String password(List<String> argv) throws MalformedException {
    for (CborItem item : fields(ROOT, "keys").orElseThrow().map().entries().values()) {
      CborFields key = CborFields.of(item, "key");
      if (argv.contains(key.text("file")) && text(key, "password").isPresent()) {
        return key.text("password") + "\n";
      }
    }
    return "";
  }

  @Test
  void every_image_is_made_again() throws MalformedException {
    List<String> wrong = new ArrayList<>();
    try (Workbench bench = new Workbench(VECTORS.folder())) {
      for (CborFields vector : list(ROOT, "vectors")) {
        if (argv(vector).isEmpty()) {
          count("vectors: put together by hand, no command line");
          continue;
        }
        make(bench, vector, wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void make(Workbench bench, CborFields vector, List<String> wrong)
      throws MalformedException {
    String name = vector.text("name");
    String file = fields(vector, "output").orElseThrow().text("file");
    bench.remove(file);
    Workbench.Run run = run(bench, vector);
    Optional<Bytes> made = bench.file(file);
    bench.restore(file);
    boolean defect = vector.text("category").equals("defect");
    if (run.exit() != 0) {
      assertThat(run.isOneSentence()).as("%s: %s", name, run.err()).isTrue();
      assertThat(made).as(name).isEmpty();
      if (defect) {
        count("vectors: defect refused");
        NOTES.add(name + ": " + run.err().strip());
      } else {
        wrong.add(name + ": " + run.err().strip());
      }
      return;
    }
    if (made.isEmpty()) {
      wrong.add(name + ": nothing was written");
      return;
    }
    Bytes recorded = VECTORS.file(file);
    boolean same = made.get().equals(recorded);
    if (defect) {
      assertThat(same).as(name).isFalse();
      accepted(vector, made.get());
      count("vectors: defect made right");
    } else if (same) {
      count("vectors: made again, byte for byte");
    } else if (isReproducible(vector) && !isCompressed(file, recorded)) {
      wrong.add(name + ": reproducible, but other bytes");
    } else {
      Bytes flat = flat(file, made.get());
      Bytes recordedFlat = flat(file, recorded);
      compare(vector, Image.read(flat), Image.read(recordedFlat));
      accepted(vector, flat);
      assertThat(program(vector, flat)).as(name).isEqualTo(program(vector, recordedFlat));
      count(
          isReproducible(vector)
              ? "vectors: made again with another LZMA2 stream"
              : "vectors: made again, field by field, and verified");
    }
  }

  private static boolean isReproducible(CborFields vector) throws MalformedException {
    return vector.item(new CborText("byte_reproducible")).equals(Optional.of(new CborBool(true)));
  }

  private static boolean isCompressed(String file, Bytes recorded) throws MalformedException {
    return !ImageFile.isHex(file) && Image.read(recorded).header().isCompressed();
  }

  private static Bytes flat(String file, Bytes content) throws MalformedException {
    return ImageFile.isHex(file) ? HexFile.read(content).flat(0xff) : content;
  }

  /// All that dice do not decide.
  private static void compare(CborFields vector, Image made, Image recorded)
      throws MalformedException {
    String name = vector.text("name");
    boolean compressed = recorded.header().isCompressed();
    assertThat(made.header().flags()).as(name).isEqualTo(recorded.header().flags());
    assertThat(made.header().version()).as(name).isEqualTo(recorded.header().version());
    assertThat(made.header().loadAddress()).as(name).isEqualTo(recorded.header().loadAddress());
    assertThat(made.header().headerSize()).as(name).isEqualTo(recorded.header().headerSize());
    assertThat(made.header().order()).as(name).isEqualTo(recorded.header().order());
    assertThat(made.fill()).as(name).isEqualTo(recorded.fill());
    assertThat(types(made.unprotectedArea())).as(name).isEqualTo(types(recorded.unprotectedArea()));
    if (compressed) {
      if (!recorded.header().isEncrypted()) {
        assertThat(made.payload().first(2)).as(name).isEqualTo(recorded.payload().first(2));
      }
      assertThat(types(made.protectedArea().orElseThrow()))
          .as(name)
          .isEqualTo(types(recorded.protectedArea().orElseThrow()));
      return;
    }
    assertThat(made.header()).as(name).isEqualTo(recorded.header());
    assertThat(made.protectedArea()).as(name).isEqualTo(recorded.protectedArea());
    for (int i = 0; i < made.unprotectedArea().tlvs().size(); i++) {
      Tlv one = made.unprotectedArea().tlvs().get(i);
      Tlv other = recorded.unprotectedArea().tlvs().get(i);
      boolean dice =
          SIGNATURES.contains(one.type()) || EncryptionScheme.ofTlv(one.type()).isPresent();
      if (!dice) {
        assertThat(one).as("%s, TLV %d", name, i).isEqualTo(other);
      } else if (argv(vector).contains("--pad-sig")) {
        // The longest signatures are one byte longer than the padding.
        assertThat(one.size()).as(name).isBetween(other.size() - 1, other.size() + 1);
      } else if (!one.is(TlvType.ECDSA_SIG)) {
        assertThat(one.size()).as("%s, TLV %d", name, i).isEqualTo(other.size());
      }
    }
    if (recorded.rest().isEmpty()) {
      assertThat(made.rest().size()).as(name).isZero();
    } else {
      assertThat(made.write().size()).as(name).isEqualTo(recorded.write().size());
      Bytes rest = recorded.rest();
      int trailer = Math.min(64, Math.min(rest.size(), made.rest().size()));
      assertThat(made.rest().from(made.rest().size() - trailer))
          .as(name)
          .isEqualTo(rest.from(rest.size() - trailer));
    }
  }

  private static List<Integer> types(TlvArea area) {
    return area.tlvs().stream().map(Tlv::type).toList();
  }

  private static void accepted(CborFields vector, Bytes file) throws MalformedException {
    String name = vector.text("name");
    switch (judged(vector, unpadded(Image.read(file)))) {
      case ImageVerdict.Verified _ -> {}
      case ImageVerdict.Refused(var reason, var sentence, _) ->
          assertThat(reason).as("%s: %s", name, sentence).isEqualTo(RefusalReason.NON_BOOTABLE);
    }
  }

  /// What the device would run; nothing of what it would not.
  private static Optional<Bytes> program(CborFields vector, Bytes file) throws MalformedException {
    return judged(vector, unpadded(Image.read(file))) instanceof ImageVerdict.Verified(var image)
        ? Optional.of(image.payload())
        : Optional.empty();
  }

  /// Without the zeros that old bootloaders want behind a signature, and that are none of it.
  private static Bytes unpadded(Image image) {
    List<Tlv> tlvs =
        image.unprotectedArea().tlvs().stream()
            .map(
                tlv ->
                    tlv.is(TlvType.ECDSA_SIG)
                        ? Tlv.of(
                            TlvType.ECDSA_SIG, tlv.value().first(2 + tlv.value().at(1)), tlv.form())
                        : tlv)
            .toList();
    return new Image(
            image.header(),
            image.fill(),
            image.payload(),
            image.protectedArea(),
            new TlvArea(tlvs),
            image.rest())
        .write();
  }

  /// With the signer's key, and the device's where the image is encrypted.
  private static ImageVerdict judged(CborFields vector, Bytes file) throws MalformedException {
    List<DecryptionKey> device = new ArrayList<>();
    Optional<CborFields> encryption = fields(vector, "encryption");
    if (encryption.isPresent()) {
      device.add(DecryptionKey.read(pem(encryption.get().text("key"), "file")));
    }
    int encrypt = argv(vector).indexOf("-E");
    if (encryption.isEmpty() && encrypt >= 0) {
      // A defect: no key is recorded, as no key opens what imgtool made.
      String publicHalf = argv(vector).get(encrypt + 1);
      for (CborItem key : fields(ROOT, "keys").orElseThrow().map().entries().keySet()) {
        if (keyFile(((CborText) key).value(), "public").equals(publicHalf)) {
          device.add(DecryptionKey.read(pem(((CborText) key).value(), "file")));
        }
      }
    }
    Optional<CborFields> signature = fields(vector, "signature");
    Trust trust =
        signature.isPresent()
            ? Trust.in(KeyFile.readPublic(pem(signature.get().text("key"), "public")))
            : new Trust.HashOnly();
    return ImageVerifier.verify(file, trust, device, List.of());
  }

  private static String pem(String key, String half) throws MalformedException {
    String pem = VECTORS.file(keyFile(key, half)).toUtf8();
    Optional<LockedPem> locked = LockedPem.find(pem);
    if (locked.isEmpty()) {
      return pem;
    }
    String typed = key(key).text("password");
    Secret password = Secret.of(typed.getBytes(StandardCharsets.UTF_8));
    return ((LockedPem.Unlocking.Unlocked) locked.get().unlock(password)).pem();
  }

  /// A key in another container has no public file of its own: the private one will do.
  private static String keyFile(String key, String half) throws MalformedException {
    return text(key(key), half).orElse(key(key).text("file"));
  }

  private static CborFields key(String name) throws MalformedException {
    return fields(fields(ROOT, "keys").orElseThrow(), name).orElseThrow();
  }

  @Test
  void every_recorded_image_is_judged_as_recorded_or_more_strictly() throws MalformedException {
    List<String> wrong = new ArrayList<>();
    try (Workbench bench = new Workbench(VECTORS.folder())) {
      for (CborFields vector : list(ROOT, "vectors")) {
        Optional<CborFields> verifications = fields(vector, "imgtool_verify");
        if (verifications.isEmpty()) {
          continue;
        }
        for (CborItem key : verifications.get().map().entries().keySet()) {
          CborFields one = fields(verifications.get(), ((CborText) key).value()).orElseThrow();
          verify(bench, vector, one, wrong);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void verify(
      Workbench bench, CborFields vector, CborFields verification, List<String> wrong)
      throws MalformedException {
    String name = vector.text("name") + " " + String.join(" ", argv(verification));
    Workbench.Run run = run(bench, verification);
    boolean recorded = verification.integer("exit") == 0;
    if (run.exit() == 0 && recorded) {
      assertThat(run.out().toUtf8().lines()).as(name).isEqualTo(lines(verification));
      count("verify: accepted, same words");
    } else if (run.exit() == 0) {
      assertThat(vector.text("endian")).as(name).isEqualTo("big");
      count("verify: accepted, imgtool cannot read big endian");
    } else {
      assertThat(run.exit()).as(name).isEqualTo(1);
      assertThat(run.isOneSentence()).as("%s: %s", name, run.err()).isTrue();
      if (!recorded) {
        count("verify: refused, as by imgtool");
      } else if (vector.text("category").equals("defect")
          || run.err().contains("has no value")
          || run.err().contains("--pad-sig")) {
        count("verify: refused, and by a bootloader too");
        NOTES.add(name + ": " + run.err().strip());
      } else {
        wrong.add(name + ": " + run.err().strip());
      }
    }
  }

  @Test
  void every_step_of_external_signing_is_taken() throws MalformedException {
    List<String> wrong = new ArrayList<>();
    try (Workbench bench = new Workbench(VECTORS.folder())) {
      for (CborFields step : list(ROOT, "external_signing")) {
        Optional<CborFields> export = fields(step, "vector_to_sign");
        if (export.isPresent()) {
          export(bench, step, export.get(), wrong);
        }
        Optional<CborFields> sign = fields(step, "sign");
        if (sign.isPresent()) {
          signElsewhere(bench, step, sign.get());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void export(
      Workbench bench, CborFields step, CborFields export, List<String> wrong)
      throws MalformedException {
    String file = step.text("tosign_file");
    bench.remove(file);
    Workbench.Run run = run(bench, export);
    Optional<Bytes> made = bench.file(file);
    bench.restore(file);
    if (run.exit() != export.integer("exit") || made.isEmpty()) {
      wrong.add(file + ": " + run.err().strip());
      return;
    }
    Bytes recorded = VECTORS.file(file);
    if (made.get().equals(recorded)) {
      count("external: exported, byte for byte");
    } else {
      // With padding behind it, what imgtool exports is nothing that one should sign.
      assertThat(argv(export)).as(file).containsAnyOf("--pad", "--confirm", "--test");
      assertThat(recorded.startsWith(made.get())).as(file).isTrue();
      count("external: exported without the padding that imgtool adds");
    }
  }

  private static void signElsewhere(Workbench bench, CborFields step, CborFields sign)
      throws MalformedException {
    List<String> argv = argv(sign);
    String file = argv.getLast();
    bench.remove(file);
    Workbench.Run run = run(bench, sign);
    Optional<Bytes> made = bench.file(file);
    bench.restore(file);
    if (sign.integer("exit") == 0) {
      // Recorded because imgtool stores a signature that is none.
      assertThat(run.exit()).as(file).isEqualTo(1);
      assertThat(run.isOneSentence()).as(run.err()).isTrue();
      assertThat(made).as(file).isEmpty();
      count("external: difference " + Difference.GIVEN_SIGNATURE_WRONG);
    } else {
      assertThat(run.exit()).as(run.err()).isEqualTo(0);
      CborFields last = vector(step.text("final_vector"));
      assertThat(made).contains(VECTORS.file(fields(last, "output").orElseThrow().text("file")));
      count("external: difference " + Difference.PURE_WITH_A_PUBLIC_KEY);
    }
  }

  private static CborFields vector(String name) throws MalformedException {
    for (CborFields vector : list(ROOT, "vectors")) {
      if (vector.text("name").equals(name)) {
        return vector;
      }
    }
    throw new AssertionError("no vector is called " + name);
  }

  @Test
  void every_other_command_gives_the_recorded_output() throws MalformedException {
    List<String> wrong = new ArrayList<>();
    try (Workbench bench = new Workbench(VECTORS.folder())) {
      for (CborFields command : list(ROOT, "commands")) {
        command(bench, command, wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void command(Workbench bench, CborFields command, List<String> wrong)
      throws MalformedException {
    String name = command.text("name");
    List<String> argv = argv(command);
    Optional<String> output = text(command, "output_file");
    output.ifPresent(bench::remove);
    List<String> before = bench.listing();
    Workbench.Run run = run(bench, command);
    Optional<Bytes> made = output.flatMap(bench::file);
    output.ifPresent(bench::restore);
    if (argv.isEmpty()) {
      assertThat(run.exit()).isZero();
      assertThat(run.out().toUtf8()).contains("dumpinfo", "keygen", "sign", "verify");
      count("commands: help in our own words");
      return;
    }
    if (run.exit() == 0 && command.integer("exit") == 1 && argv.getFirst().equals("dumpinfo")) {
      Bytes image = VECTORS.file(argv.getLast());
      assertThat(image.startsWith(Bytes.ofHex("96f3b83d"))).as(name).isTrue();
      count("commands: difference " + Difference.DUMP_OF_BIG_ENDIAN);
      return;
    }
    if (run.exit() != command.integer("exit")) {
      wrong.add("%s: exit %d, %s".formatted(name, run.exit(), run.err().strip()));
      return;
    }
    if (run.exit() != 0) {
      assertThat(run.isOneSentence()).as("%s: %s", name, run.err()).isTrue();
      if (output.isEmpty()) {
        assertThat(bench.listing()).as(name).isEqualTo(before);
      }
    }
    Optional<Bytes> recorded = output.map(VECTORS::file);
    Optional<String> stdout = text(command, "stdout_file");
    if (!made.equals(recorded)) {
      wrong.add(name + ": another file");
    } else if (stdout.isPresent() && !run.out().equals(VECTORS.file(stdout.get()))) {
      wrong.add(name + ": other output:\n" + run.out().toUtf8());
    } else {
      count(run.exit() == 0 ? "commands: same output" : "commands: same exit code, a sentence");
    }
  }

  @Test
  void every_odd_command_line_ends_with_the_recorded_exit_code() throws MalformedException {
    List<String> wrong = new ArrayList<>();
    try (Workbench bench = new Workbench(VECTORS.folder())) {
      // Described in the notes of the vectors, and not shipped.
      bench.write("payloads/bad.hex", Bytes.ofUtf8("this is not hex\n"));
      bench.write("payloads/tlv64k.dat", Bytes.filled(0x1_0000, 0));
      for (CborFields error : list(ROOT, "errors")) {
        odd(bench, error, wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void odd(Workbench bench, CborFields error, List<String> wrong)
      throws MalformedException {
    String name = error.text("name");
    List<String> argv = argv(error);
    List<String> before = bench.listing();
    Workbench.Run run = run(bench, error);
    List<String> after = bench.listing();
    Optional<Bytes> made = argv.isEmpty() ? Optional.empty() : output(bench, before, after);
    long exit = error.integer("exit");
    Optional<Difference> difference = difference(argv, exit);
    if (difference.isPresent()) {
      assertThat(run.exit()).as(name).isIn(1, 2);
      assertThat(run.isOneSentence()).as("%s: %s", name, run.err()).isTrue();
      assertThat(made).as(name).isEmpty();
      count("errors: difference " + difference.get());
      return;
    }
    if (run.exit() != exit) {
      wrong.add("%s: exit %d and not %d, %s".formatted(name, run.exit(), exit, run.err().strip()));
      return;
    }
    if (exit != 0) {
      assertThat(run.isOneSentence()).as("%s: %s", name, run.err()).isTrue();
      // Where imgtool writes a file and fails then, ours writes none.
      assertThat(made).as(name).isEmpty();
      count("errors: exit %d, one sentence, nothing written".formatted(exit));
      return;
    }
    Optional<String> digest = text(error, "output_sha256");
    if (digest.isPresent() && !digest.equals(made.map(bytes -> bytes.sha256().toHex()))) {
      wrong.add(name + ": other bytes");
      return;
    }
    if (argv.getFirst().equals("verify")) {
      assertThat(run.out().toUtf8().lines()).as(name).isEqualTo(lines(error));
    }
    count("errors: exit 0, as recorded");
  }

  /// The file that a run left, which is taken away again.
  private static Optional<Bytes> output(Workbench bench, List<String> before, List<String> after) {
    List<String> more = new ArrayList<>(after);
    more.removeAll(before);
    assertThat(more).hasSizeLessThan(2);
    Optional<Bytes> made = more.stream().findFirst().flatMap(bench::file);
    more.forEach(bench::remove);
    return made;
  }

  private static Optional<Difference> difference(List<String> argv, long exit) {
    if (exit != 0) {
      return Optional.empty();
    }
    if (argv.contains("--pure") && !argv.contains("-k") && !argv.contains("--fix-sig")) {
      return Optional.of(Difference.PURE_WITHOUT_A_KEY);
    }
    return argv.contains("--fix-sig")
        ? Optional.of(Difference.GIVEN_SIGNATURE_NOT_BASE64)
        : Optional.empty();
  }
}
