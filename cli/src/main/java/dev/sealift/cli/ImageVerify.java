// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.Expectation;
import dev.sealift.image.ImageReport;
import dev.sealift.image.ImageVerdict;
import dev.sealift.image.ImageVerifier;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.RefusalReason;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.Trust;
import dev.sealift.image.VerifiedImage;
import dev.sealift.image.encryption.DecryptionKey;
import dev.sealift.image.key.VerifyingKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Says of each image whether it may be trusted, and why not.
@Command(
    name = "verify",
    description = "Check images as the bootloader does, and more carefully.",
    footer = {
      "",
      "Example: sealift image verify --key image.pub.pem app-1.1.0.bin",
      "         sealift image verify --device nrf52840 --key image.pub.pem app.bin"
    })
final class ImageVerify extends Verb {
  private final List<Path> keys = new ArrayList<>();
  private final List<Path> decryption = new ArrayList<>();
  @Mixin private Passwords passwords = new Passwords();
  private boolean hashOnly;
  private final SlotOptions slots = new SlotOptions();
  private String installed = "";
  private String counter = "";
  private final ImageExpectations facts = new ImageExpectations();
  private boolean asBootloader;
  private String device = "";
  private String imageNumber = "0";
  private @Nullable Path installedImage;
  private final List<Path> files = new ArrayList<>();

  ImageVerify(Console console) {
    super(console);
  }

  @Override
  void declare(Options options) {
    options.values(
        "-k --key",
        "FILE",
        "trusted key as PEM (public, or private for its public half); may be repeated",
        value -> keys.add(Path.of(value)));
    options.values(
        "--decrypt",
        "FILE",
        "the device's private key, to look into encrypted images; may be repeated",
        value -> decryption.add(Path.of(value)));
    options.flag(
        "--hash-only", "no key: only say whether the file is whole", () -> hashOnly = true);
    slots.declare(options);
    options.value(
        "--installed-version", "VERSION", "refuse what is older", value -> installed = value);
    options.value(
        "--counter", "N", "refuse a lower or missing security counter", value -> counter = value);
    facts.declare(options);
    options.flag(
        "--as-bootloader",
        "with --device: what its bootloader says decides; what only we refuse is a warning",
        () -> asBootloader = true);
    options.value(
        "--device",
        "NAME|FILE",
        "a device profile ('sealift virtual profiles'): what its bootloader would say too; its "
            + "keys are taken where none are given",
        value -> device = value);
    options.value(
        "--image",
        "N",
        "with --device: which of its images this is, default 0",
        value -> imageNumber = value);
    options.value(
        "--installed",
        "FILE",
        "with --device: the image it runs now, for the profile's rule of downgrades",
        value -> installedImage = Path.of(value));
    options.operands("FILE", "images", value -> files.add(Path.of(value)));
  }

  /// What is asked of every file.
  private record Judge(
      Trust trust,
      List<DecryptionKey> opening,
      List<Expectation> expected,
      Optional<Target> target) {}

  private record Target(
      DeviceProfile profile, int image, Optional<Bytes> installed, SecurityCounter counter) {
    DeviceVerdict verdict(Bytes candidate) {
      return DeviceVerdict.of(profile, image, candidate, installed, counter);
    }
  }

  @Override
  Outcome carryOut() {
    Judge judge = judge();
    Exit gravest = Exit.DONE;
    for (Path file : files.subList(0, files.size() - 1)) {
      try {
        Outcome one = verdict(file, judge);
        gravest = gravest.graver(one.exit());
        console().end(one);
      } catch (Failure failure) {
        // A file that cannot be read says nothing about the others.
        console()
            .fail(failure.exit(), String.valueOf(failure.getMessage()), failure.hint().orElse(""));
        gravest = gravest.graver(failure.exit());
      }
    }
    Outcome last = verdict(files.getLast(), judge);
    return new Outcome(gravest.graver(last.exit()), last.lines(), last.json());
  }

  private Judge judge() {
    List<DecryptionKey> opening =
        decryption.stream()
            .map(key -> Keys.readDecryption(key, passwords.source(console())))
            .toList();
    if (device.isEmpty()) {
      if (installedImage != null || !imageNumber.equals("0") || asBootloader) {
        throw Failure.usage("--installed, --image and --as-bootloader are for --device");
      }
      return new Judge(trust(), opening, expectations(), Optional.empty());
    }
    DeviceProfile profile = Profiles.read(device);
    if (hashOnly) {
      profile = profile.trusting(new dev.sealift.boot.Trust.HashOnly());
    } else if (!keys.isEmpty()) {
      profile = trustingKeys(profile);
    }
    Trust trust =
        switch (profile.boot().policy().trust()) {
          case dev.sealift.boot.Trust.HashOnly _ -> new Trust.HashOnly();
          case dev.sealift.boot.Trust.Signatures signatures -> new Trust.Keys(signatures.keys());
        };
    int image = Numbers.parseInt("--image", imageNumber, 0, profile.boot().images().size() - 1);
    Optional<Bytes> running = Optional.ofNullable(installedImage).map(Files::readImage);
    int slot = profile.boot().area(image, Slot.PRIMARY).size();
    if (running.isPresent() && running.get().size() > slot) {
      throw Failure.refused(
          "%s has %d bytes, the slot of %s %d"
              .formatted(installedImage, running.get().size(), profile.name(), slot));
    }
    SecurityCounter stored =
        counter.isEmpty() ? SecurityCounter.ZERO : new SecurityCounter(counterNumber());
    return new Judge(
        trust, opening, expectations(), Optional.of(new Target(profile, image, running, stored)));
  }

  private DeviceProfile trustingKeys(DeviceProfile profile) {
    List<VerifyingKey> trusted = keys.stream().map(Keys::readPublic).toList();
    try {
      return profile.trusting(
          new dev.sealift.boot.Trust.Signatures(trusted.getFirst().type(), trusted));
    } catch (IllegalArgumentException _) {
      throw Failure.usage("a bootloader knows one kind of key, these are several");
    }
  }

  private long counterNumber() {
    return Numbers.parse("--counter", counter, 0, 0xffff_ffffL);
  }

  private Trust trust() {
    if (hashOnly == !keys.isEmpty()) {
      throw Failure.usage(
          "give --key FILE, or --hash-only to check without a signature, or --device");
    }
    List<VerifyingKey> trusted = keys.stream().map(Keys::readPublic).toList();
    return hashOnly ? new Trust.HashOnly() : new Trust.Keys(trusted);
  }

  private List<Expectation> expectations() {
    List<Expectation> expected = new ArrayList<>();
    if (slots.isGiven()) {
      expected.add(new Expectation.FitsSlot(slots.layout()));
    }
    if (!installed.isEmpty()) {
      try {
        expected.add(new Expectation.VersionAtLeast(ImageVersion.parse(installed)));
      } catch (MalformedException e) {
        throw Failure.usage("--installed-version: " + e.getMessage());
      }
    }
    if (!counter.isEmpty()) {
      expected.add(new Expectation.CounterAtLeast(new SecurityCounter(counterNumber())));
    }
    expected.addAll(facts.expectations());
    return expected;
  }

  /// Our own check is the stricter one, so both are said: what is refused here may boot all the
  /// same, and what is fine may not fit the device.
  private Outcome verdict(Path file, Judge judge) {
    Bytes content;
    try {
      content = ImageFile.read(file, ImageFile.ERASED).content();
    } catch (MalformedException e) {
      return own(file, new ImageVerdict.Refused(RefusalReason.BAD_HEX, e.getMessage(), e.offset()));
    }
    ImageReport report = ImageVerifier.report(content, judge.trust, judge.opening, judge.expected);
    Outcome own = own(file, report.verdict());
    List<String> lines = new ArrayList<>(own.lines());
    for (ImageReport.Passed passed : report.passed()) {
      lines.add("  ok  %-13s %s".formatted(passed.check(), passed.sentence()));
    }
    if (judge.target.isEmpty()) {
      return new Outcome(own.exit(), lines, with(own.json(), "checks", checks(report)));
    }
    DeviceVerdict device = judge.target.get().verdict(content);
    lines.addAll(device.lines());
    Exit exit = device.isTaken() ? own.exit() : Exit.REFUSED;
    CborMap json = with(own.json(), "checks", checks(report));
    if (asBootloader && device.isTaken() && own.exit() == Exit.REFUSED) {
      lines.set(0, lines.getFirst().replace(": refused, ", ": accepted with a warning, "));
      json = with(json, "verdict", new CborText("accept"));
      exit = Exit.DONE;
    }
    return new Outcome(exit, lines, with(json, "device", device.json()));
  }

  /// The same with this entry, in the place of one of that name.
  private static CborMap with(CborMap map, String name, CborItem item) {
    CborItem key = new CborText(name);
    CborMap.Builder builder = CborMap.builder();
    map.entries().forEach((k, value) -> builder.put(k, k.equals(key) ? item : value));
    if (!map.entries().containsKey(key)) {
      builder.put(key, item);
    }
    return builder.build();
  }

  private static CborList checks(ImageReport report) {
    return new CborList(
        report.passed().stream()
            .<CborItem>map(
                passed ->
                    CborMap.builder()
                        .put("check", passed.check())
                        .put("sentence", passed.sentence())
                        .build())
            .toList());
  }

  private static Outcome own(Path file, ImageVerdict verdict) {
    return switch (verdict) {
      case ImageVerdict.Verified(var image) -> accepted(file, image);
      case ImageVerdict.Refused(var reason, var sentence, var offset) ->
          new Outcome(
              Exit.REFUSED,
              List.of(
                  "%s: refused, %s".formatted(file, sentence),
                  "  reason %s, at offset %d".formatted(reason.code(), offset)),
              CborMap.builder()
                  .put("file", file.toString())
                  .put("verdict", "reject")
                  .put("reason", reason.code())
                  .put("sentence", sentence)
                  .put("offset", offset)
                  .build());
    };
  }

  private static Outcome accepted(Path file, VerifiedImage image) {
    List<String> lines = new ArrayList<>();
    lines.add(file + ": accepted, version " + image.version());
    lines.add("  digest " + image.digest().toHex());
    lines.add(
        image.signers().isEmpty()
            ? "  not signed: only the hash was checked"
            : "  signed by key " + image.signers().getFirst().hash().toHex());
    String secrecy =
        switch (image.secrecy()) {
          case PLAIN -> "plain";
          case ENCRYPTED -> {
            lines.add("  encrypted, and opened with the key given");
            yield "encrypted";
          }
          case ENCRYPTED_IN_CLEAR -> {
            lines.add("  flagged as encrypted, but in clear: only for the primary slot");
            yield "encrypted-in-clear";
          }
        };
    CborMap.Builder json =
        CborMap.builder()
            .put("file", file.toString())
            .put("verdict", "accept")
            .put("version", image.version().toString())
            .put("digest", image.digest().toHex())
            .put("payload", secrecy);
    if (image.image().header().isCompressed()) {
      lines.add(
          "  compressed, %d bytes become %d"
              .formatted(image.image().payload().size(), image.payload().size()));
      json.put("decompressed-size", image.payload().size());
    }
    return Outcome.done(lines, json.build());
  }
}
