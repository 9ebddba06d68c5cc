// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.HashAlgorithm;
import dev.sealift.image.Image;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SignatureScheme;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.compression.Compression;
import dev.sealift.image.key.GivenSignature;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.keys.KeyPlace;
import dev.sealift.keys.PublicHalf;
import dev.sealift.keys.Signer;
import dev.sealift.keys.Signers;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Makes a signed image out of a binary.
@Command(
    name = "sign",
    description = "Make a signed MCUboot image out of a binary.",
    footer = {
      "",
      "Example: sealift image sign --key image.pem --version 1.1.0 --pad-header",
      "           --slot-size 0x60000 zephyr.bin app-1.1.0.bin"
    })
final class ImageSign extends Verb {
  private @Nullable String key;
  @Mixin private SignerOptions signers = new SignerOptions();
  private String version = "";
  private final SlotOptions slots = new SlotOptions();
  private String device = "";
  private String imageNumber = "0";
  private String headerSize = "0x200";
  private boolean padHeader;
  private boolean pad;
  private boolean confirm;
  private String sha = "auto";
  private boolean pure;
  private String publicKeyFormat = "hash";
  private boolean padSig;
  private boolean deterministic;
  private @Nullable Path toSign;
  private @Nullable Path signature;
  private String loadAddress = "";
  private String romFixed = "";
  private boolean nonBootable;
  private String erasedValue = "0xff";
  private String endian = "little";
  private final ProtectedOptions protectedOptions = new ProtectedOptions();
  private final SecrecyOptions secrecyOptions = new SecrecyOptions();
  private String compression = "disabled";
  private String hexAddr = "";
  private @Nullable Path input;
  private @Nullable Path output;

  ImageSign(Console console) {
    super(console);
  }

  @Override
  void declare(Options options) {
    options.value(
        "-k --key",
        "KEY",
        KeyPlace.FORMS + "; without it the image has a hash only",
        value -> key = value);
    options.required(
        "-v --version",
        "VERSION",
        "major.minor.revision+build, the last two may be left out",
        value -> version = value);
    slots.declare(options);
    options.value(
        "--device",
        "NAME|FILE",
        "a device profile that says all about the slot ('sealift virtual profiles')",
        value -> device = value);
    options.value(
        "--image",
        "N",
        "with --device: which of its images this is, default 0",
        value -> imageNumber = value);
    options.value(
        "-H --header-size",
        "BYTES",
        "room of the header, default 0x200 as Zephyr has it",
        value -> headerSize = value);
    options.flag(
        "--pad-header",
        "put the header before the input, instead of over zeros at its start",
        () -> padHeader = true);
    options.flag("--pad", "fill the slot: the bootloader will try the image", () -> pad = true);
    options.flag(
        "--confirm",
        "fill the slot, confirmed: the bootloader keeps the image",
        () -> confirm = true);
    options.value(
        "--sha",
        "BITS",
        "hash of the image: 256, 384, 512, or what goes with the key (default)",
        value -> sha = value);
    options.flag("--pure", "ed25519 only: sign the image itself, not its hash", () -> pure = true);
    options.value(
        "--public-key-format",
        "FORM",
        "how the image names the key: hash (default) or full",
        value -> publicKeyFormat = value);
    options.flag(
        "--pad-sig",
        "ECDSA signatures of one length; bootloaders on Mbed TLS refuse them",
        () -> padSig = true);
    options.flag(
        "--deterministic",
        "the same signature each time (RFC 6979), for builds that reproduce",
        () -> deterministic = true);
    options.value(
        "--to-sign",
        "FILE",
        "first step of signing elsewhere: write what is to be signed, and no image; "
            + "with --public",
        value -> toSign = Path.of(value));
    options.value(
        "--signature",
        "FILE",
        "second step: take this signature, raw or base64, and check it; with --public",
        value -> signature = Path.of(value));
    options.value(
        "-L --load-addr",
        "ADDRESS",
        "the image is copied to RAM at this address",
        value -> loadAddress = value);
    options.value(
        "-F --rom-fixed",
        "ADDRESS",
        "the image runs at this address only (direct-XIP)",
        value -> romFixed = value);
    options.flag(
        "--non-bootable", "the bootloader is not to start the image", () -> nonBootable = true);
    options.value(
        "-R --erased-val",
        "BYTE",
        "what erased flash reads: 0xff (default) or 0",
        value -> erasedValue = value);
    options.value("-e --endian", "ORDER", "little (default) or big", value -> endian = value);
    protectedOptions.declare(options);
    secrecyOptions.declare(options);
    options.value(
        "--compression",
        "HOW",
        "lzma2, lzma2armthumb or disabled (default); given up where nothing gets smaller",
        value -> compression = value);
    options.value(
        "-x --hex-addr",
        "ADDRESS",
        "where an OUTPUT in Intel HEX begins, if not where the INPUT says",
        value -> hexAddr = value);
    options.operand("INPUT", "the binary, or Intel HEX (.hex)", value -> input = Path.of(value));
    options.optionalOperand(
        "OUTPUT", "the image; .hex: Intel HEX", value -> output = Path.of(value));
  }

  @Override
  Outcome carryOut() {
    SignOptions options = options();
    Path source = Given.required(input);
    if (toSign != null) {
      return toBeSigned(source, toSign, options);
    }
    if (output == null) {
      throw Failure.usage("say where the image goes: OUTPUT is missing");
    }
    Path target = output;
    ImageFile in = ImageFile.readOrRefuse(source, options.erasedValue());
    Optional<HexOutput> hex = HexOutput.asked(target, hexAddr, in, options);
    Bytes binary = in.content();
    Image image;
    try {
      image =
          signature != null
              ? signedElsewhere(signature, binary, options)
              : key == null ? ImageSigner.hashOnly(binary, options) : signed(key, binary, options);
    } catch (SigningException e) {
      throw Failure.refused("cannot sign " + source + ": " + e.getMessage());
    }
    Bytes file = hex.isPresent() ? hex.get().write(image) : image.write();
    Files.write(target, file);
    String digest = image.hash().map(Bytes::toHex).orElse("");
    List<String> lines = new ArrayList<>();
    lines.add("wrote " + target + ": version " + image.version() + ", " + file.size() + " bytes");
    lines.add("digest " + digest);
    boolean encrypted = image.header().isEncrypted();
    boolean compressed = image.header().isCompressed();
    if (encrypted) {
      lines.add(
          secrecyOptions.isClear() ? "payload in clear: for the primary slot only" : "encrypted");
    }
    if (compressed) {
      lines.add("compressed from %d bytes to %d".formatted(binary.size(), image.payload().size()));
    } else if (options.compression().isPresent()) {
      lines.add("not compressed: that would not make it smaller");
    }
    boolean isSigned = key != null || signature != null;
    if (!isSigned) {
      lines.add("not signed: no --key was given, and no careful bootloader starts it");
    }
    return Outcome.done(
        lines,
        CborMap.builder()
            .put("file", target.toString())
            .put("version", image.version().toString())
            .put("size", file.size())
            .put("digest", digest)
            .put("signed", isSigned)
            .put("encrypted", encrypted && !secrecyOptions.isClear())
            .put("compressed", compressed)
            .build());
  }

  private Outcome toBeSigned(Path source, Path target, SignOptions options) {
    if (key != null || signature != null) {
      throw Failure.usage("--to-sign goes with --public, and with neither --key nor --signature");
    }
    ImageSigner.Message message;
    try {
      message =
          ImageSigner.message(
              ImageFile.readOrRefuse(source, options.erasedValue()).content(),
              options,
              signerElsewhere());
    } catch (SigningException e) {
      throw Failure.refused("cannot sign " + source + ": " + e.getMessage());
    }
    Files.write(target, message.message());
    return Outcome.done(
        List.of(
            "wrote %s: %d bytes for the holder of the key to sign"
                .formatted(target, message.message().size()),
            "digest " + message.digest().toHex(),
            "then the same command with --signature FILE in place of --to-sign"),
        CborMap.builder()
            .put("file", target.toString())
            .put("size", message.message().size())
            .put("digest", message.digest().toHex())
            .build());
  }

  private VerifyingKey signerElsewhere() {
    return signers
        .publicHalf()
        .orElseThrow(() -> Failure.usage("signing elsewhere needs the public half: --public FILE"))
        .forImages()
        .orElseThrow(() -> Failure.refused("the key of --public signs no images"));
  }

  private Image signedElsewhere(Path file, Bytes binary, SignOptions options)
      throws SigningException {
    if (key != null) {
      throw Failure.usage("--signature and --key exclude each other");
    }
    VerifyingKey publicKey = signerElsewhere();
    Bytes message = ImageSigner.message(binary, options, publicKey).message();
    Bytes given = GivenSignatures.read(file);
    Bytes genuine =
        PublicHalf.of(publicKey)
            .genuine(message, given)
            .orElseThrow(
                () ->
                    Failure.refused(
                        "%s holds no signature of this image by key %s"
                            .formatted(file, publicKey)));
    return ImageSigner.sign(binary, options, new GivenSignature(publicKey, genuine));
  }

  private Image signed(String with, Bytes binary, SignOptions options) throws SigningException {
    try (Signer signer =
        signers.open(
            with, deterministic ? Signers.Ecdsa.ALIKE : Signers.Ecdsa.AT_ONCE, console())) {
      return ImageSigner.sign(binary, options, SignerOptions.forImages(signer));
    }
  }

  private SignOptions options() {
    if (deterministic && key == null) {
      throw Failure.usage("--deterministic goes with --key");
    }
    try {
      ImageVersion wanted = ImageVersion.parse(version);
      SlotLayout slot = slot();
      SignOptions.HeaderRoom room =
          new SignOptions.HeaderRoom(
              Numbers.parseInt("--header-size", headerSize, 32, 0xffff),
              padHeader ? SignOptions.Source.PREPENDED : SignOptions.Source.RESERVED);
      return SignOptions.of(wanted, room, slot).toBuilder()
          .padding(padding())
          .erasedValue(Numbers.parseInt("--erased-val", erasedValue, 0, 0xff))
          .order(order())
          .placement(placement())
          .bootability(
              nonBootable ? SignOptions.Bootability.NON_BOOTABLE : SignOptions.Bootability.BOOTABLE)
          .keyForm(keyForm())
          .hash(hash())
          .signedOver(pure ? SignatureScheme.Over.IMAGE : SignatureScheme.Over.DIGEST)
          .signatureForm(
              padSig
                  ? SignOptions.SignatureForm.PADDED
                  : SignOptions.SignatureForm.AS_LONG_AS_IT_IS)
          .protectedData(protectedOptions.protectedData())
          .compression(compression())
          .secrecy(secrecyOptions.secrecy())
          .build();
    } catch (MalformedException | IllegalArgumentException e) {
      throw Failure.usage("cannot sign like that: " + e.getMessage());
    }
  }

  private ByteOrder order() {
    return switch (endian) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw Failure.usage("--endian is little or big, not '" + endian + "'");
    };
  }

  private SignOptions.Placement placement() {
    if (!loadAddress.isEmpty() && !romFixed.isEmpty()) {
      throw Failure.usage("--load-addr and --rom-fixed exclude each other");
    }
    if (!loadAddress.isEmpty()) {
      return new SignOptions.Placement.Ram(
          Numbers.parse("--load-addr", loadAddress, 0, 0xffff_ffffL));
    }
    return romFixed.isEmpty()
        ? new SignOptions.Placement.InSlot()
        : new SignOptions.Placement.Rom(Numbers.parse("--rom-fixed", romFixed, 0, 0xffff_ffffL));
  }

  private SignOptions.KeyForm keyForm() {
    return switch (publicKeyFormat) {
      case "hash" -> SignOptions.KeyForm.HASH;
      case "full" -> SignOptions.KeyForm.FULL;
      default ->
          throw Failure.usage("--public-key-format is hash or full, not '" + publicKeyFormat + "'");
    };
  }

  private Optional<HashAlgorithm> hash() {
    return switch (sha) {
      case "auto" -> Optional.empty();
      case "256" -> Optional.of(HashAlgorithm.SHA256);
      case "384" -> Optional.of(HashAlgorithm.SHA384);
      case "512" -> Optional.of(HashAlgorithm.SHA512);
      default -> throw Failure.usage("--sha is auto, 256, 384 or 512, not '" + sha + "'");
    };
  }

  private SlotLayout slot() {
    if (device.isEmpty()) {
      return slots.layout();
    }
    slots.requireNone();
    DeviceProfile profile = Profiles.read(device);
    return profile
        .boot()
        .layout(Numbers.parseInt("--image", imageNumber, 0, profile.boot().images().size() - 1));
  }

  private Optional<Compression> compression() {
    return switch (compression) {
      case "disabled" -> Optional.empty();
      case "lzma2" -> Optional.of(Compression.LZMA2);
      case "lzma2armthumb" -> Optional.of(Compression.LZMA2_ARM_THUMB);
      default ->
          throw Failure.usage(
              "--compression is lzma2, lzma2armthumb or disabled, not '%s'".formatted(compression));
    };
  }

  private SignOptions.Padding padding() {
    if (confirm) {
      return SignOptions.Padding.CONFIRMED;
    }
    return pad ? SignOptions.Padding.PADDED : SignOptions.Padding.NONE;
  }
}
