// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.HashAlgorithm;
import dev.sealift.image.Image;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SignatureScheme;
import dev.sealift.image.SigningException;
import dev.sealift.image.hex.HexImage;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.SigningKey;
import dev.sealift.image.key.VerifyingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// `sign`, also called `create`: makes an image out of a binary.
final class SignCommand {
  private SignCommand() {}

  static Command sign() {
    return new Command(
        "sign",
        "Make an image, signed or not; files whose name ends in .hex are Intel HEX.",
        List.of(
            Option.text("SIZE", "size of the header, 32 to 65535, or auto", "--header-size", "-H")
                .required(),
            Option.number("size of the slot; 0 to check nothing", "--slot-size", "-S").required(),
            Option.text("VERSION", "major[.minor[.revision[+build]]]", "--version", "-v")
                .required(),
            Option.flag("put the header before the input, which has no room", "--pad-header"),
            Option.oneOf(List.of("0", "0xff"), "what erased flash reads", "--erased-val", "-R"),
            Option.oneOf(
                List.of("0", "0xff"), "what fills the header put before the input", "--pad-value"),
            Option.number("address in RAM that the image is copied to", "--load-addr", "-L"),
            Option.number("address in flash that the image is built for", "--rom-fixed", "-F"),
            Option.flag("mark the image as not to be booted", "--non-bootable"),
            Option.oneOf(List.of("little", "big"), "byte order of the image", "--endian", "-e"),
            Option.text("FILE", "private key that signs", "--key", "-k"),
            Option.oneOf(
                List.of("hash", "full"), "how the image names its key", "--public-key-format"),
            Option.oneOf(List.of("auto", "256", "384", "512"), "the hash of the image", "--sha"),
            Option.flag("sign the image and not its hash; ed25519 only", "--pure"),
            Option.flag("pad ECDSA signatures, for MCUboot before 1.5", "--pad-sig"),
            Option.text("FILE", "write the signature there too, in base64", "--sig-out"),
            Option.oneOf(
                List.of("payload", "digest"),
                "write what is to be signed elsewhere, instead of an image",
                "--vector-to-sign"),
            Option.text("FILE", "signature made elsewhere, in base64", "--fix-sig"),
            Option.text("FILE", "public key of the signature made elsewhere", "--fix-sig-pubkey"),
            Option.text("NUMBER", "security counter, or auto", "--security-counter", "-s"),
            Option.text(
                "LIST", "other images needed: \"(number, version), ...\"", "--dependencies", "-d"),
            Option.text("TYPE", "boot record of this software type", "--boot-record"),
            Option.pair("TAG", "VALUE", "protected TLV, text or 0x and hex", "--custom-tlv"),
            Option.pair(
                "TAG", "FILE", "protected TLV with the content of a file", "--custom-tlv-file"),
            Option.text("VENDOR", "vendor, as a UUID or a domain name", "--vid"),
            Option.text("CLASS", "class of devices, as a UUID or a name", "--cid"),
            Option.text("FILE", "manifest of several images, in YAML", "--manifest"),
            Option.text("FILE", "not taken: a Python pickle", "--edt-config"),
            Option.flag("fill the slot up to its trailer, to be tried once", "--pad"),
            Option.flag("the same, marked as confirmed", "--confirm"),
            Option.flag("the same as --pad", "--test"),
            Option.oneOf(
                List.of("1", "2", "4", "8", "16", "32"), "write alignment of the flash", "--align"),
            Option.oneOf(
                List.of("8", "16", "32"), "largest write alignment of both slots", "--max-align"),
            Option.count("sectors of the slot, 128 if not given", "--max-sectors", "-M"),
            Option.flag("trailer of a bootloader that overwrites", "--overwrite-only"),
            Option.flag("trailer of a bootloader that keeps key TLVs", "--save-enctlv"),
            Option.text("FILE", "key of the device that decrypts", "--encrypt", "-E"),
            Option.oneOf(
                List.of("128", "256"),
                "bits of the content key, 128 if not given",
                "--encrypt-keylen"),
            Option.oneOf(List.of("auto", "256", "512"), "hash that wraps for x25519", "--hmac-sha"),
            Option.flag("leave the payload in clear, for the primary slot", "--clear", "-c"),
            Option.oneOf(
                List.of("disabled", "lzma2", "lzma2armthumb"),
                "compress the payload",
                "--compression"),
            Option.count("size of the dictionary in bytes", "--compression-lzma-dictsize"),
            Option.count("position bits", "--compression-lzma-pb"),
            Option.count("literal context bits", "--compression-lzma-lc"),
            Option.count("literal position bits", "--compression-lzma-lp"),
            Option.count("preset, 0 to 9", "--compression-lzma-preset"),
            Option.number("address of the image in an Intel HEX output", "--hex-addr", "-x")),
        List.of("INFILE", "OUTFILE"),
        SignCommand::make);
  }

  private static void make(Given given, Io io) throws RefusedException, IOException {
    String infile = given.operand(0);
    String outfile = given.operand(1);
    Folder folder = new Folder(io);
    SigningKeys.checkTogether(given);
    checkTaken(given);
    if (!folder.has(infile)) {
      throw RefusedException.usage("there is no file " + infile);
    }
    ImageFile input = ImageFile.read(infile, folder);
    SignRequest request = SignRequest.of(given, io);
    Optional<String> exported = given.text("--vector-to-sign");
    if (exported.isPresent()) {
      Optional<VerifyingKey> signer = SigningKeys.exportedFor(given, io);
      ImageSigner.Message message = message(input.content(), request.options(), signer);
      folder.write(outfile, exported.get().equals("digest") ? message.digest() : message.region());
      return;
    }
    Optional<SigningKey> key = SigningKeys.read(given, io);
    Image image = image(given, input.content(), request.options(), key);
    folder.write(
        outfile,
        ImageFile.isHex(outfile)
            ? input.toHex(image, request.options(), request.hexAddress(), trailer(given))
            : image.write());
    Optional<String> signatureFile = given.text("--sig-out");
    if (signatureFile.isPresent()) {
      folder.write(signatureFile.get(), base64(signature(image, key.orElseThrow())));
    }
    request.warning().ifPresent(sentence -> io.err().println("imgtool: warning: " + sentence));
  }

  /// Options that are known, and asked for by builds, but of which nothing can be made here.
  private static void checkTaken(Given given) throws RefusedException {
    if (given.has("--edt-config")) {
      throw RefusedException.failed(
          "--edt-config is a Python pickle, a program of its own that is not run;"
              + " give what it says by the other options");
    }
    if (given.has("--vector-to-sign") && ImageFile.isHex(given.operand(1))) {
      throw RefusedException.usage("what is to be signed elsewhere is bytes, not Intel HEX");
    }
  }

  private static HexImage.Trailer trailer(Given given) {
    boolean imageOk = given.has("--confirm") || given.has("--test");
    return imageOk && !given.has("--overwrite-only")
        ? HexImage.Trailer.IMAGE_OK_AND_MAGIC
        : HexImage.Trailer.MAGIC;
  }

  /// Where nothing is known of the key, the hash says enough of it: what is exported depends on no
  /// more.
  private static ImageSigner.Message message(
      Bytes binary, SignOptions options, Optional<VerifyingKey> signer) throws RefusedException {
    try {
      if (signer.isPresent()) {
        return ImageSigner.message(binary, options, signer.get());
      }
      KeyType type =
          options.signedOver() == SignatureScheme.Over.IMAGE
              ? KeyType.ED25519
              : switch (options.hash().orElse(HashAlgorithm.SHA256)) {
                case SHA256 -> KeyType.ECDSA_P256;
                case SHA384 -> KeyType.ECDSA_P384;
                case SHA512 -> KeyType.ED25519;
              };
      return ImageSigner.message(binary, options, type);
    } catch (SigningException e) {
      throw RefusedException.usage(String.valueOf(e.getMessage()));
    }
  }

  private static Image image(
      Given given, Bytes binary, SignOptions options, Optional<SigningKey> key)
      throws RefusedException {
    try {
      return key.isPresent()
          ? ImageSigner.sign(binary, options, key.get())
          : ImageSigner.hashOnly(binary, options);
    } catch (SigningException e) {
      String sentence = String.valueOf(e.getMessage());
      // A signature that does not fit is no wrong usage.
      throw given.has("--fix-sig")
          ? RefusedException.failed(sentence)
          : RefusedException.usage(sentence);
    }
  }

  private static Bytes signature(Image image, SigningKey key) {
    return image
        .unprotectedArea()
        .first(SignatureScheme.of(key.publicKey().type()).tlv())
        .orElseThrow()
        .value();
  }

  private static Bytes base64(Bytes bytes) {
    return Bytes.ofUtf8(
        new String(Base64.getEncoder().encode(bytes.toArray()), StandardCharsets.US_ASCII));
  }
}
