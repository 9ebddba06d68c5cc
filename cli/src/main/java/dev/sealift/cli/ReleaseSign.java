// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.permit.ReleaseSummary;
import dev.sealift.suit.cose.CoseSigner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Adds a signature to a release, once one's own build is found in it.
@Command(
    name = "sign",
    description = "Add your signature to a release, in the file itself.",
    footer = {
      "",
      "With --image it is signed only if it holds what you have built yourself:",
      "a binary, or an image signed by whatever key.",
      "",
      "Example: sealift release sign app-1.1.0.sealift --key bob.pem",
      "           --image build/zephyr/zephyr.bin",
      "         sealift release sign app-1.1.0.sealift",
      "           --key 'pkcs11:token=T;object=K?module-path=/usr/lib/library.so'",
      "         sealift release sign app-1.1.0.sealift",
      "           --key 'cmd:our-signer --slot 3' --public bob.pub.pem"
    })
final class ReleaseSign extends Verb {
  @Mixin private SigningKeys keys = new SigningKeys();

  @Option(
      names = "--image",
      paramLabel = "[N[:SLOT]=]FILE",
      description = "your own build of an image, default image 0; may be repeated")
  private List<String> builds = new ArrayList<>();

  @Parameters(paramLabel = "FILE", description = "a release")
  private @Nullable Path file;

  ReleaseSign(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path target = Given.required(file);
    Releases.Named named = Releases.named(target);
    List<String> remarks = new ArrayList<>();
    if (!builds.isEmpty()) {
      remarks.addAll(new BuildComparison(target, named).compare(builds));
    }
    List<String> ids = new ArrayList<>();
    Bundle bundle =
        keys.sign(
            console(),
            named.file().bundle(),
            (so, signer) -> {
              ids.add(signer.keyId().toString());
              return signedBy(target, so, signer);
            });
    ReleaseFile signed = Releases.write(target, named.file(), bundle);
    return Releases.brief(
        "signed %s with key %s".formatted(target, String.join(" and key ", ids)),
        target,
        signed,
        remarks);
  }

  private static Bundle signedBy(Path target, Bundle bundle, CoseSigner signer) {
    try {
      boolean hasSigned =
          ReleaseSummary.of(bundle, Optional.empty(), Map.of()).signatures().stream()
              .anyMatch(signature -> signature.keyId().equals(Optional.of(signer.keyId())));
      if (hasSigned) {
        throw Failure.refused(
            "key %s has signed %s already; a key counts once".formatted(signer.keyId(), target));
      }
      return bundle.signedBy(signer);
    } catch (MalformedException e) {
      throw Failure.refused("cannot sign " + target + ": " + e.getMessage());
    }
  }
}
