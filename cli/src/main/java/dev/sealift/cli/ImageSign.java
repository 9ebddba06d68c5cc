// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.Dependency;
import dev.sealift.image.Image;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageUuid;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.compression.Compression;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.ContentKeySource;
import dev.sealift.image.encryption.EncryptionKey;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.encryption.KeyEncryptionKey;
import dev.sealift.keys.KeyPlace;
import dev.sealift.keys.Signer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      description = {KeyPlace.FORMS + ";", "without it the image has a hash only"})
  private @Nullable String key;

  @Mixin private SignerOptions signers = new SignerOptions();

  @Option(
      names = {"-v", "--version"},
      paramLabel = "VERSION",
      required = true,
      description = "major.minor.revision+build, the last two may be left out")
  private String version = "";

  @Option(
      names = {"-S", "--slot-size"},
      paramLabel = "BYTES",
      required = true,
      description = "size of the slot; image and trailer must fit")
  private String slotSize = "";

  @Option(
      names = {"-H", "--header-size"},
      paramLabel = "BYTES",
      defaultValue = "0x200",
      description = "room of the header, default 0x200 as Zephyr has it")
  private String headerSize = "";

  @Option(
      names = "--pad-header",
      description = "put the header before the input, instead of over zeros at its start")
  private boolean padHeader;

  @Option(
      names = "--align",
      paramLabel = "BYTES",
      defaultValue = "4",
      description = "flash write unit, default 4")
  private String align = "";

  @Option(
      names = "--max-align",
      paramLabel = "BYTES",
      defaultValue = "",
      description = "largest write unit of the bootloader's build: 8, 16 or 32")
  private String maxAlign = "";

  @Option(
      names = {"-M", "--max-sectors"},
      paramLabel = "N",
      defaultValue = "128",
      description = "sectors the bootloader's build allows for, default 128")
  private String maxSectors = "";

  @Option(
      names = "--overwrite-only",
      description = "for a bootloader that overwrites instead of swapping")
  private boolean overwriteOnly;

  @Option(names = "--pad", description = "fill the slot: the bootloader will try the image")
  private boolean pad;

  @Option(
      names = "--confirm",
      description = "fill the slot, confirmed: the bootloader keeps the image")
  private boolean confirm;

  @Option(
      names = {"-s", "--security-counter"},
      paramLabel = "N",
      defaultValue = "",
      description = "number, or 'auto' from the version")
  private String securityCounter = "";

  @Option(
      names = "--sequence",
      paramLabel = "[EPOCH:]N",
      defaultValue = "",
      description = "the release's sequence number, protected by the image's signature")
  private String sequence = "";

  @Option(
      names = {"-d", "--dependency"},
      paramLabel = "IMAGE:VERSION",
      description = "needs that image at least at that version; may be given again")
  private List<String> dependencies = new ArrayList<>();

  @Option(
      names = "--vid",
      paramLabel = "NAME|UUID",
      defaultValue = "",
      description = "vendor: a domain name or UUID")
  private String vendor = "";

  @Option(
      names = "--cid",
      paramLabel = "NAME|UUID",
      defaultValue = "",
      description = "class of device: a name or UUID")
  private String deviceClass = "";

  @Option(
      names = {"-E", "--encrypt"},
      paramLabel = "FILE",
      description =
          "encrypt for the device with this key: PEM of its public half, or the base64 of a key"
              + " encryption key")
  private @Nullable Path encrypt;

  @Option(
      names = "--encrypt-keylen",
      paramLabel = "BITS",
      defaultValue = "",
      description = "size of the content key: 128 (default) or 256")
  private String encryptKeylen = "";

  @Option(
      names = "--hmac-sha",
      paramLabel = "BITS",
      defaultValue = "",
      description = "hash in the wrapping of the content key: 256 (default); 512 with x25519 only")
  private String hmacSha = "";

  @Option(
      names = {"-c", "--clear"},
      description = "an encrypted image for the primary slot: with key and flag, payload in clear")
  private boolean clear;

  @Option(
      names = "--compression",
      paramLabel = "HOW",
      defaultValue = "disabled",
      description =
          "lzma2, lzma2armthumb or disabled (default); given up where nothing gets smaller")
  private String compression = "";

  @Option(
      names = {"-x", "--hex-addr"},
      paramLabel = "ADDRESS",
      defaultValue = "",
      description = "where an OUTPUT in Intel HEX begins, if not where the INPUT says")
  private String hexAddr = "";

  @Parameters(index = "0", paramLabel = "INPUT", description = "the binary, or Intel HEX (.hex)")
  private @Nullable Path input;

  @Parameters(index = "1", paramLabel = "OUTPUT", description = "the image; .hex: Intel HEX")
  private @Nullable Path output;

  ImageSign(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    SignOptions options = options();
    Path source = Given.required(input);
    Path target = Given.required(output);
    ImageFile in = ImageFile.readOrRefuse(source, options.erasedValue());
    Optional<HexOutput> hex = HexOutput.asked(target, hexAddr, in, options);
    Bytes binary = in.content();
    Image image;
    try {
      image = key == null ? ImageSigner.hashOnly(binary, options) : signed(key, binary, options);
    } catch (SigningException e) {
      throw Failure.refused("cannot sign " + source + ": " + e.getMessage());
    }
    Bytes file = hex.isPresent() ? hex.get().write(image) : image.write();
    Files.write(target, file);
    String digest = image.hash().map(Bytes::toHex).orElse("");
    List<String> lines = new ArrayList<>();
    lines.add("wrote %s: version %s, %d bytes".formatted(target, image.version(), file.size()));
    lines.add("digest " + digest);
    boolean encrypted = image.header().isEncrypted();
    boolean compressed = image.header().isCompressed();
    if (encrypted) {
      lines.add(clear ? "payload in clear: for the primary slot only" : "encrypted");
    }
    if (compressed) {
      lines.add("compressed from %d bytes to %d".formatted(binary.size(), image.payload().size()));
    } else if (options.compression().isPresent()) {
      lines.add("not compressed: that would not make it smaller");
    }
    if (key == null) {
      lines.add("not signed: no --key was given, and no careful bootloader starts it");
    }
    return Outcome.done(
        lines,
        CborMap.builder()
            .put("file", target.toString())
            .put("version", image.version().toString())
            .put("size", file.size())
            .put("digest", digest)
            .put("signed", key != null)
            .put("encrypted", encrypted && !clear)
            .put("compressed", compressed)
            .build());
  }

  private Image signed(String with, Bytes binary, SignOptions options) throws SigningException {
    try (Signer signer = signers.open(with, console())) {
      return ImageSigner.sign(binary, options, SignerOptions.forImages(signer));
    }
  }

  private SignOptions options() {
    try {
      ImageVersion wanted = ImageVersion.parse(version);
      int alignment = Numbers.parseInt("--align", align, 1, 32);
      int alignmentMax =
          maxAlign.isEmpty()
              ? Math.max(8, alignment)
              : Numbers.parseInt("--max-align", maxAlign, 8, 32);
      SlotLayout slot =
          new SlotLayout(
              Numbers.parse("--slot-size", slotSize, 1, SlotLayout.SIZE_MAX),
              overwriteOnly ? SlotLayout.Mode.OVERWRITE_ONLY : SlotLayout.Mode.SWAP_SCRATCH,
              alignment,
              alignmentMax,
              Numbers.parseInt("--max-sectors", maxSectors, 1, 0xffff));
      SignOptions.HeaderRoom room =
          new SignOptions.HeaderRoom(
              Numbers.parseInt("--header-size", headerSize, 32, 0xffff),
              padHeader ? SignOptions.Source.PREPENDED : SignOptions.Source.RESERVED);
      return SignOptions.of(wanted, room, slot).toBuilder()
          .padding(padding())
          .protectedData(protectedData())
          .compression(compression())
          .secrecy(secrecy())
          .build();
    } catch (MalformedException | IllegalArgumentException e) {
      throw Failure.usage("cannot sign like that: " + e.getMessage());
    }
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

  private SignOptions.Secrecy secrecy() {
    if (encrypt == null) {
      if (clear || !encryptKeylen.isEmpty() || !hmacSha.isEmpty()) {
        throw Failure.usage("--clear, --encrypt-keylen and --hmac-sha go with --encrypt FILE");
      }
      return new SignOptions.Secrecy.Plain();
    }
    ContentKeySource contentKeys = contentKeys(Keys.readEncryption(encrypt));
    return clear
        ? new SignOptions.Secrecy.InClear(contentKeys)
        : new SignOptions.Secrecy.Encrypted(contentKeys);
  }

  /// A key encryption key wraps content keys of its own size, so that is what it gets.
  private ContentKeySource contentKeys(EncryptionKey encryption) {
    ContentKeySize size =
        switch (encryptKeylen) {
          case "" ->
              encryption instanceof KeyEncryptionKey kek ? kek.size() : ContentKeySize.AES_128;
          case "128" -> ContentKeySize.AES_128;
          case "256" -> ContentKeySize.AES_256;
          default ->
              throw Failure.usage("--encrypt-keylen is 128 or 256, not '" + encryptKeylen + "'");
        };
    EncryptionScheme scheme =
        switch (hmacSha) {
          case "", "auto", "256" -> encryption.schemes().getFirst();
          case "512" -> EncryptionScheme.ECIES_X25519_SHA512;
          default -> throw Failure.usage("--hmac-sha is 256 or 512, not '" + hmacSha + "'");
        };
    return encryption.contentKeys(scheme, size, new SecureRandom());
  }

  private SignOptions.Padding padding() {
    if (confirm) {
      return SignOptions.Padding.CONFIRMED;
    }
    return pad ? SignOptions.Padding.PADDED : SignOptions.Padding.NONE;
  }

  private SignOptions.Protected protectedData() throws MalformedException {
    Optional<UUID> vid =
        vendor.isEmpty() ? Optional.empty() : Optional.of(ImageUuid.vendor(vendor));
    if (vid.isEmpty() && !deviceClass.isEmpty() && !ImageUuid.isRaw(deviceClass)) {
      throw Failure.usage("--cid by name needs --vid, the class is named within its vendor");
    }
    Optional<UUID> cid =
        deviceClass.isEmpty()
            ? Optional.empty()
            : Optional.of(ImageUuid.deviceClass(vid.orElse(new UUID(0, 0)), deviceClass));
    List<Dependency> needed = new ArrayList<>();
    for (String dependency : dependencies) {
      int colon = dependency.indexOf(':');
      if (colon < 1) {
        throw Failure.usage("--dependency is IMAGE:VERSION, not '" + dependency + "'");
      }
      needed.add(
          new Dependency(
              Numbers.parseInt("the image of --dependency", dependency.substring(0, colon), 0, 255),
              ImageVersion.parse(dependency.substring(colon + 1))));
    }
    return new SignOptions.Protected(
        counter(),
        Optional.empty(),
        needed,
        vid,
        cid,
        sequence.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(Sequences.parse("--sequence", sequence).value().longValueExact()),
        List.of());
  }

  private SignOptions.Counter counter() {
    return switch (securityCounter) {
      case "" -> new SignOptions.Counter.None();
      case "auto" -> new SignOptions.Counter.FromVersion();
      default ->
          new SignOptions.Counter.Is(
              new SecurityCounter(
                  Numbers.parse("--security-counter", securityCounter, 0, 0xffff_ffffL)));
    };
  }
}
