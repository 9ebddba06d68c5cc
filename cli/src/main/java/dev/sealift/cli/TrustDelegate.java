// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Certificate;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Scope;
import dev.sealift.permit.Signed;
import dev.sealift.suit.cose.CoseSigner;
import dev.sealift.suit.cose.KeyId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Gives another key a part in a role.
@Command(
    name = "delegate",
    description = "Let another key speak for a role, within limits and until a beacon.",
    sortOptions = false,
    footer = {
      "",
      "Example: sealift trust delegate --role operate --key operator.pem",
      "           --for technician.pub.pem --deployment acme.example/plant-7",
      "           --until-beacon 500 -o technician.cbor",
      "         sealift trust delegate --add technician.cbor --key second.pem"
    })
final class TrustDelegate extends Verb {
  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "",
      description = "release, approve, freshness or operate")
  private String role = "";

  @Option(
      names = "--for",
      paramLabel = "FILE",
      description = "public key of whoever may speak from now on")
  private @Nullable Path holder;

  @Option(
      names = "--vendor",
      paramLabel = "DOMAIN|UUID",
      description = "only for devices of this vendor; may be repeated")
  private List<String> vendors = new ArrayList<>();

  @Option(
      names = "--class",
      paramLabel = "NAME|UUID",
      description = "only for this class of devices, by name of the last --vendor or by UUID")
  private List<String> classes = new ArrayList<>();

  @Option(
      names = "--deployment",
      paramLabel = "ID",
      description = "only in this deployment, a UUID or DOMAIN/NAME; may be repeated")
  private List<String> deployments = new ArrayList<>();

  @Option(
      names = "--image",
      paramLabel = "N[:SLOT]",
      description = "only for this image of a device; may be repeated")
  private List<String> images = new ArrayList<>();

  @Option(
      names = "--sequence",
      paramLabel = "[E:]N-[E:]N",
      description = "only for releases from the first to the last")
  private List<String> sequences = new ArrayList<>();

  @Option(
      names = "--until-beacon",
      paramLabel = "N",
      defaultValue = "",
      description = "ends when a beacon with a higher number is heard")
  private String untilBeacon = "";

  @Option(
      names = "--serial",
      paramLabel = "N",
      defaultValue = "",
      description = "a number of the certificate; the seconds since 1970 unless told")
  private String serial = "";

  @Option(
      names = "--add",
      paramLabel = "FILE",
      description = "a certificate to add a signature to, instead of making one")
  private @Nullable Path existing;

  @Mixin private SigningKeys keys = new SigningKeys();

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "the devices' root, to say whether the signatures are enough there")
  private @Nullable Path root;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "where the certificate goes")
  private @Nullable Path output;

  TrustDelegate(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path target = target();
    Optional<Root> trusted = Optional.ofNullable(root).map(Roots::read);
    Signed<Certificate> certificate =
        keys.sign(
            console(),
            existing == null ? Signed.unsigned(fresh()) : SignedFiles.certificate(existing),
            (so, signer) -> signed(so, signer, trusted));
    Files.write(target, certificate.encode());
    List<String> lines = new ArrayList<>();
    lines.add("wrote " + target);
    TrustWords.lines(certificate).forEach(line -> lines.add("  " + line));
    trusted.ifPresent(known -> lines.add("  " + enough(certificate, known)));
    return Outcome.done(lines, TrustWords.json(certificate));
  }

  private static Signed<Certificate> signed(
      Signed<Certificate> certificate, CoseSigner signer, Optional<Root> trusted) {
    requireMayGive(certificate.content(), signer.keyId(), trusted);
    if (certificate.keyIds().contains(signer.keyId())) {
      throw Failure.refused(
          "key %s has signed this certificate already; a key counts once"
              .formatted(signer.keyId()));
    }
    return certificate.signedBy(signer);
  }

  private Path target() {
    if (existing != null) {
      boolean others =
          !role.isEmpty()
              || holder != null
              || !untilBeacon.isEmpty()
              || !serial.isEmpty()
              || !scope().isEmpty();
      if (others) {
        throw Failure.usage("--add only adds a signature; what is signed stays as it is");
      }
      return output == null ? existing : output;
    }
    if (output == null) {
      throw Failure.usage("give -o FILE, where the certificate goes");
    }
    return output;
  }

  private Certificate fresh() {
    if (role.isEmpty() || holder == null || untilBeacon.isEmpty()) {
      throw Failure.usage("give --role, --for and --until-beacon, or --add a signature to a file");
    }
    Role given = RootOptions.role("--role", role);
    if (given == Role.ROOT) {
      throw Failure.refused("the role root is never delegated; 'trust root rotate' changes it");
    }
    Scope scope = Scopes.of("the scope", given, scope());
    return new Certificate(
        given,
        CoseKeys.readPublic(holder),
        scope,
        Numbers.parse("--until-beacon", untilBeacon, 1, Long.MAX_VALUE),
        serial.isEmpty()
            ? Instant.now().getEpochSecond()
            : Numbers.parse("--serial", serial, 0, Long.MAX_VALUE));
  }

  private List<String> scope() {
    List<String> words = new ArrayList<>();
    vendors.forEach(text -> words.add("vendor=" + text));
    classes.forEach(text -> words.add("class=" + text));
    deployments.forEach(text -> words.add("deployment=" + text));
    images.forEach(text -> words.add("image=" + text));
    sequences.forEach(text -> words.add("sequence=" + text));
    return words;
  }

  /// A key of the root that may not give this role away is a mistake. One that the root does not
  /// know may have a certificate of its own.
  private static void requireMayGive(Certificate certificate, KeyId id, Optional<Root> trusted) {
    Optional<Role> issuer = trusted.flatMap(root -> root.key(id).flatMap(root::roleOf));
    if (issuer.isPresent() && !certificate.mayBeGivenBy(issuer.get())) {
      throw Failure.refused(
          "key %s has the role %s, which cannot give the role %s away"
              .formatted(id, issuer.get(), certificate.role()));
    }
  }

  private static String enough(Signed<Certificate> certificate, Root root) {
    List<String> counts = new ArrayList<>();
    for (var entry : root.roles().entrySet()) {
      Role role = entry.getKey();
      int signed = certificate.signers(root, role).size();
      if (signed == 0 || !certificate.content().mayBeGivenBy(role)) {
        continue;
      }
      int threshold = entry.getValue().threshold();
      if (signed >= threshold) {
        return "enough for devices of root version " + root.version();
      }
      counts.add("%d of %d signatures of %s".formatted(signed, threshold, role));
    }
    return counts.isEmpty()
        ? "no key of the root has signed it: its signer needs a certificate too"
        : "not enough yet: " + String.join(", ", counts);
  }
}
