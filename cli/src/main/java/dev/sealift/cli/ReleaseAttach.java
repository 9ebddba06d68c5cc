// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Certificate;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import dev.sealift.permit.SignedObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Puts into a release what else a device has to be shown.
@Command(
    name = "attach",
    description = "Put news, certificates or a new root into a release file. No image byte moves.",
    sortOptions = false,
    footer = {"", "Example: sealift release attach app-1.1.0.sealift --beacon beacon.cbor"})
final class ReleaseAttach extends Verb {
  @Option(names = "--beacon", paramLabel = "FILE", description = "news, in the place of older news")
  private @Nullable Path beacon;

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "of a key that has signed and is not in the root; may be repeated")
  private List<Path> certificates = new ArrayList<>();

  @Option(
      names = "--root-update",
      paramLabel = "FILE",
      description = "the next root, signed by both; repeat for each after it")
  private List<Path> roots = new ArrayList<>();

  @Option(
      names = "--hint",
      description = "let devices of other classes turn it away before they verify anything")
  private boolean hint;

  @Option(
      names = "--remove",
      paramLabel = "PART",
      description = "take out first: beacon, certificates, endorsements or root-updates")
  private List<String> removed = new ArrayList<>();

  @Parameters(paramLabel = "FILE", description = "a release")
  private @Nullable Path file;

  ReleaseAttach(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    if (beacon == null && certificates.isEmpty() && roots.isEmpty() && !hint && removed.isEmpty()) {
      throw Failure.usage("give --beacon, --certificate, --root-update, --hint or --remove");
    }
    Path target = Given.required(file);
    Releases.Named named = Releases.named(target);
    List<String> remarks = new ArrayList<>();
    Bundle bundle = named.file().bundle();
    for (String part : removed) {
      bundle = without(bundle, part);
      remarks.add("took out: " + part);
    }
    if (beacon != null) {
      bundle = withNews(target, bundle, SignedFiles.beacon(beacon), remarks);
    }
    if (!certificates.isEmpty()) {
      bundle = withCertificates(target, bundle, remarks);
    }
    if (!roots.isEmpty()) {
      bundle = withRoots(target, bundle, remarks);
    }
    if (hint) {
      bundle =
          bundle.withHint(
              new Bundle.Hint(named.release().deviceClass().tag(), named.release().sequence()));
      remarks.add("hint: class and sequence");
    }
    ReleaseFile changed = Releases.write(target, named.file(), bundle);
    return Releases.brief("changed " + target, target, changed, remarks);
  }

  private static Bundle without(Bundle bundle, String part) {
    return switch (part) {
      case "beacon" ->
          new Bundle(
              bundle.envelope(),
              bundle.certificates(),
              bundle.endorsements(),
              Optional.empty(),
              bundle.rootUpdates(),
              bundle.hint());
      case "certificates" -> bundle.withCertificates(List.of());
      case "endorsements" -> bundle.withEndorsements(List.of());
      case "root-updates" -> bundle.withRootUpdates(List.of());
      default ->
          throw Failure.usage(
              "--remove must be beacon, certificates, endorsements or root-updates, is '%s'"
                  .formatted(part));
    };
  }

  private static Bundle withNews(
      Path target, Bundle bundle, Signed<Beacon> news, List<String> remarks) {
    Optional<Long> before =
        bundle.beacon().map(bytes -> decoded(target, bytes, Beacon::decode).content().number());
    long number = news.content().number();
    if (before.filter(old -> old > number).isPresent()) {
      throw Failure.refused(
          "%s has beacon %d, this is number %d: older news are no news"
              .formatted(target, before.get(), number));
    }
    remarks.add(
        "beacon %d%s"
            .formatted(number, before.map(old -> ", in the place of number " + old).orElse("")));
    return bundle.withBeacon(news);
  }

  private Bundle withCertificates(Path target, Bundle bundle, List<String> remarks) {
    List<Signed<Certificate>> all = new ArrayList<>();
    for (Bytes bytes : bundle.certificates()) {
      all.add(decoded(target, bytes, Certificate::decode));
    }
    for (Path source : certificates) {
      Signed<Certificate> added = SignedFiles.certificate(source);
      all.removeIf(old -> old.content().key().equals(added.content().key()));
      all.add(added);
      remarks.add("certificate of key " + added.content().key().id());
    }
    return bundle.withCertificates(all);
  }

  /// In their order: a device takes them one after the other.
  private Bundle withRoots(Path target, Bundle bundle, List<String> remarks) {
    List<Signed<Root>> all = new ArrayList<>();
    for (Bytes bytes : bundle.rootUpdates()) {
      all.add(decoded(target, bytes, Root::decode));
    }
    for (Path source : roots) {
      Signed<Root> added = Roots.readSigned(source);
      if (!Roots.isSigned(added) || !Roots.isComplete(added, added.content())) {
        throw Failure.refused(
                "%s is not signed by enough of its own root keys: no device would take it"
                    .formatted(source))
            .hint("'sealift trust root sign %s --key KEY' adds a signature".formatted(source));
      }
      all.removeIf(old -> old.content().version() == added.content().version());
      all.add(added);
      remarks.add("root version " + added.content().version());
    }
    all.sort(Comparator.comparingLong(root -> root.content().version()));
    return bundle.withRootUpdates(all);
  }

  private static <T extends SignedObject> Signed<T> decoded(
      Path target, Bytes bytes, Signed.Decoder<T> decoder) {
    try {
      return Signed.decode(bytes, decoder);
    } catch (MalformedException e) {
      throw Failure.refused("%s is no release: %s".formatted(target, e.getMessage()));
    }
  }
}
