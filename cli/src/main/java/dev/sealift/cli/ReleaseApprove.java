// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.ActivationRule;
import dev.sealift.permit.ApprovalPlan;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Certificate;
import dev.sealift.permit.DeploymentId;
import dev.sealift.permit.Endorsement;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import dev.sealift.permit.Targets;
import dev.sealift.suit.cose.CoseSigner;
import dev.sealift.suit.cose.KeyId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// An operator's word on a release: a plan in stages, signed by several, and brought into the
/// release file one stage at a time.
@Command(
    name = "approve",
    description = "Approve a release for a deployment, in stages; put a stage into the release.",
    sortOptions = false,
    footer = {
      "",
      "A plan holds one signed word for each stage. Later ones stay with you until they",
      "are wanted, so that nobody else can widen a campaign.",
      "",
      "Example: sealift release approve app-1.1.0.sealift --key operator.pem",
      "           --deployment acme.example/plant-7 --stage 1%% --stage 10%% --stage all",
      "           -o plan.cbor",
      "         sealift release approve --plan plan.cbor --key second.pem",
      "         sealift release approve app-1.1.0.sealift --plan plan.cbor --use 2"
    })
final class ReleaseApprove extends Verb {
  private static final int SALT_BYTES = 8;
  private static final Pattern DAILY =
      Pattern.compile("(?:daily[ =]?)?([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})");

  @Option(
      names = "--deployment",
      paramLabel = "ID",
      defaultValue = "",
      description = "whose devices: a UUID, or DOMAIN/NAME")
  private String deployment = "";

  @Option(
      names = "--stage",
      paramLabel = "DEVICES",
      description =
          "for which devices: 1%%, all, list=FILE or serials=FIRST-LAST; repeat for each stage, "
              + "all unless told")
  private List<String> stages = new ArrayList<>();

  @Option(
      names = "--salt",
      paramLabel = "HEX",
      defaultValue = "",
      description = "what draws the samples; by dice unless told")
  private String salt = "";

  @Option(
      names = "--not-before",
      paramLabel = "TIME",
      defaultValue = "",
      description = "may run from then on, as 2026-12-01, 2026-12-01T08:30:00Z or +7d")
  private String notBefore = "";

  @Option(
      names = "--not-after",
      paramLabel = "TIME",
      defaultValue = "",
      description = "may be installed until then")
  private String notAfter = "";

  @Option(
      names = "--activation",
      paramLabel = "RULE",
      defaultValue = "at-once",
      description =
          "when it may begin to run: at-once (default), daily 22:00-04:00 (UTC), consent of "
              + "somebody there, or session")
  private String activation = "";

  @Option(
      names = "--serial",
      paramLabel = "N",
      defaultValue = "",
      description =
          "number of the first stage, the others count on; the seconds since 1970 unless told")
  private String serial = "";

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "a plan to sign too, or to use a stage of")
  private @Nullable Path existing;

  @Option(
      names = "--use",
      paramLabel = "N",
      defaultValue = "",
      description = "put stage N into the release file, in the place of the one before")
  private String use = "";

  @Mixin private SigningKeys keys = new SigningKeys();

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "the devices' root, to say who still has to sign")
  private @Nullable Path root;

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "that of a key that is not in the root itself")
  private List<Path> certificates = new ArrayList<>();

  @Option(
      names = "--fleet",
      paramLabel = "N",
      defaultValue = "0",
      description = "devices of the deployment, to say how many each stage is")
  private String fleet = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "where the plan goes")
  private @Nullable Path output;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "a release")
  private @Nullable Path file;

  ReleaseApprove(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Optional<Releases.Named> release = Optional.ofNullable(file).map(Releases::named);
    Optional<Root> trusted = Optional.ofNullable(root).map(Roots::read);
    requireOneWay(release);
    ApprovalPlan plan =
        existing == null ? fresh(release.orElseThrow()) : SignedFiles.plan(existing);
    release.ifPresent(named -> requireOfThis(plan, named));
    List<Signed<Certificate>> known = known(release);
    ApprovalPlan signed = signedBy(plan, trusted, known);
    Optional<Path> target =
        Optional.ofNullable(output)
            .or(() -> keys.areGiven() ? Optional.ofNullable(existing) : Optional.empty());
    target.ifPresent(path -> Files.write(path, signed.encode()));
    List<String> lines = new ArrayList<>();
    CborMap.Builder json = CborMap.builder();
    TrustWords.planJson(signed, trusted, known).entries().forEach(json::put);
    if (!use.isEmpty()) {
      lines.add(use(release.orElseThrow(), signed));
      json.put("used", Numbers.parse("--use", use, 1, signed.stages().size()));
    }
    target.ifPresent(path -> lines.add("wrote " + path));
    if (keys.areGiven()) {
      planLines(signed, trusted, known, Numbers.parse("--fleet", fleet, 0, Integer.MAX_VALUE))
          .forEach(line -> lines.add("  " + line));
    }
    return Outcome.done(lines, json.build());
  }

  private void requireOneWay(Optional<Releases.Named> release) {
    boolean makes = existing == null;
    if (makes && (release.isEmpty() || deployment.isEmpty())) {
      throw Failure.usage("give a release and --deployment to make a plan, or --plan FILE");
    }
    boolean terms =
        !deployment.isEmpty()
            || !stages.isEmpty()
            || !salt.isEmpty()
            || !notBefore.isEmpty()
            || !notAfter.isEmpty()
            || !serial.isEmpty()
            || !activation.equals("at-once");
    if (!makes && terms) {
      throw Failure.usage("a plan that is there is signed or used as it is; give --key or --use");
    }
    if (!makes && !keys.areGiven() && use.isEmpty()) {
      throw Failure.usage("give --key to sign the plan, or --use N to use a stage of it");
    }
    if (makes && output == null && stages.size() > 1) {
      throw Failure.usage("give -o FILE for the plan: its later stages would be lost");
    }
    if (makes && output == null && use.isEmpty()) {
      throw Failure.usage(
          "give -o FILE for the plan; --use 1 puts its first stage into the release");
    }
    if (!use.isEmpty() && release.isEmpty()) {
      throw Failure.usage("--use needs the release that the stage goes into");
    }
  }

  private static void requireOfThis(ApprovalPlan plan, Releases.Named named) {
    var planned = plan.stages().getFirst().content().manifest();
    if (!planned.equals(named.digest())) {
      throw Failure.refused(
          "the plan is for another release: manifest %s, this is %s"
              .formatted(planned.value().toHex(), named.digest().value().toHex()));
    }
  }

  private ApprovalPlan fresh(Releases.Named named) {
    Instant now = Instant.now();
    DeploymentId whose = Identity.deployment("--deployment", deployment);
    Bytes drawn = salt.isEmpty() ? dice() : Hex.parse("--salt", salt);
    long first =
        serial.isEmpty()
            ? now.getEpochSecond()
            : Numbers.parse("--serial", serial, 0, Long.MAX_VALUE - ApprovalPlan.STAGES_MAX);
    List<Endorsement> words = new ArrayList<>();
    try {
      for (String stage : stages.isEmpty() ? List.of("all") : stages) {
        words.add(
            new Endorsement(
                named.digest(),
                whose,
                Stages.parse(stage, named.release().vendor(), drawn),
                moment("--not-before", notBefore, now),
                moment("--not-after", notAfter, now),
                first + words.size(),
                activation()));
      }
      return ApprovalPlan.unsigned(words);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("no plan can be made of that: " + e.getMessage());
    }
  }

  private static Bytes dice() {
    byte[] bytes = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Bytes.owning(bytes);
  }

  private static Optional<Long> moment(String what, String text, Instant now) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Times.moment(what, text, now));
  }

  private ActivationRule activation() {
    Matcher daily = DAILY.matcher(activation.strip());
    if (daily.matches()) {
      return new ActivationRule.Daily(
          second(daily.group(1), daily.group(2)), second(daily.group(3), daily.group(4)));
    }
    return switch (activation.strip()) {
      case "at-once" -> new ActivationRule.AtOnce();
      case "consent" -> new ActivationRule.OnConsent();
      case "session" -> new ActivationRule.WithSession();
      default ->
          throw Failure.usage(
              "--activation must be at-once, 'daily 22:00-04:00', consent or session, is '%s'"
                  .formatted(activation));
    };
  }

  private static int second(String hour, String minute) {
    return 3600 * Numbers.parseInt("the hour of --activation", hour, 0, 23)
        + 60 * Numbers.parseInt("the minute of --activation", minute, 0, 59);
  }

  /// The certificates that were given, and those that lie in the release already.
  private List<Signed<Certificate>> known(Optional<Releases.Named> release) {
    List<Signed<Certificate>> known = new ArrayList<>();
    certificates.forEach(source -> known.add(SignedFiles.certificate(source)));
    for (Bytes slice :
        release.map(named -> named.file().bundle().certificates()).orElse(List.of())) {
      try {
        known.add(Signed.decode(slice, Certificate::decode));
      } catch (MalformedException e) {
        throw Failure.refused("%s is no release: %s".formatted(file, e.getMessage()));
      }
    }
    return known;
  }

  private ApprovalPlan signedBy(
      ApprovalPlan plan, Optional<Root> trusted, List<Signed<Certificate>> known) {
    BiFunction<ApprovalPlan, CoseSigner, ApprovalPlan> step =
        (so, signer) -> {
          trusted.ifPresent(is -> Voices.require(is, Role.APPROVE, signer.keyId(), known));
          if (so.stages().getFirst().keyIds().contains(signer.keyId())) {
            throw Failure.refused(
                "key %s has signed this plan already; a key counts once".formatted(signer.keyId()));
          }
          return so.signedBy(signer);
        };
    return existing == null
        ? keys.sign(console(), plan, step)
        : keys.signIfGiven(console(), plan, step);
  }

  /// Puts one stage's word into the release, in the place of any other for the same deployment.
  private String use(Releases.Named named, ApprovalPlan plan) {
    int number = Numbers.parseInt("--use", use, 1, plan.stages().size());
    Signed<Endorsement> word = plan.stages().get(number - 1);
    if (word.keyIds().isEmpty()) {
      throw Failure.refused("nobody has signed the plan; 'release approve --plan' does");
    }
    Path target = Given.required(file);
    List<Signed<Endorsement>> words = new ArrayList<>();
    for (Bytes slice : named.file().bundle().endorsements()) {
      Signed<Endorsement> other = decoded(target, slice);
      if (!other.content().deployment().equals(word.content().deployment())) {
        words.add(other);
      }
    }
    words.add(word);
    Bundle bundle = named.file().bundle().withEndorsements(words);
    ReleaseFile changed = Releases.write(target, named.file(), bundle);
    return "changed %s: stage %d of %d, for %s; the images stay at byte %d"
        .formatted(
            target, number, plan.stages().size(), word.content().targets(), changed.imageOffset());
  }

  private static Signed<Endorsement> decoded(Path target, Bytes slice) {
    try {
      return Signed.decode(slice, Endorsement::decode);
    } catch (MalformedException e) {
      throw Failure.refused("%s is no release: %s".formatted(target, e.getMessage()));
    }
  }

  /// A plan in lines; with a root also who still has to sign, with a fleet how many each stage is.
  static List<String> planLines(
      ApprovalPlan plan, Optional<Root> root, List<Signed<Certificate>> certificates, long fleet) {
    List<String> lines = new ArrayList<>(TrustWords.planLines(plan));
    int number = 0;
    for (Signed<Endorsement> stage : plan.stages()) {
      number++;
      Targets targets = stage.content().targets();
      lines.add(
          "stage %d   %s, number %d"
              .formatted(number, Stages.words(targets, fleet), stage.content().serial()));
      root.ifPresent(known -> lines.add("          " + wanting(stage, known, certificates)));
    }
    List<KeyId> signers = plan.stages().getFirst().keyIds();
    if (signers.isEmpty()) {
      lines.add("signed    by nobody");
    }
    signers.forEach(id -> lines.add("signed    by key " + id));
    return lines;
  }

  /// How many approvers a stage needs: the more devices, the more where the root says so.
  static int threshold(Endorsement stage, Root root) {
    return root.terms()
        .threshold(
            stage.targets().fraction(),
            root.grant(Role.APPROVE).map(Root.Grant::threshold).orElse(1));
  }

  /// Approvers of the root, and those whom a certificate at hand makes one.
  static int approvers(
      Signed<Endorsement> stage, Root root, List<Signed<Certificate>> certificates) {
    long delegated =
        certificates.stream()
            .map(Signed::content)
            .filter(certificate -> certificate.role() == Role.APPROVE)
            .map(certificate -> certificate.key().id())
            .filter(id -> root.key(id).isEmpty())
            .distinct()
            .filter(stage.keyIds()::contains)
            .count();
    return stage.signers(root, Role.APPROVE).size() + Math.toIntExact(delegated);
  }

  private static String wanting(
      Signed<Endorsement> stage, Root root, List<Signed<Certificate>> certificates) {
    int threshold = threshold(stage.content(), root);
    int count = approvers(stage, root, certificates);
    if (count >= threshold) {
      return "enough: %d of %d approvers".formatted(count, threshold);
    }
    List<String> lacking =
        root.grant(Role.APPROVE).map(Root.Grant::keys).orElse(List.of()).stream()
            .map(index -> root.keys().get(index).id())
            .filter(id -> !stage.keyIds().contains(id))
            .map(KeyId::toString)
            .toList();
    return "not enough: %d of %d approvers; still any %d of %s"
        .formatted(
            count,
            threshold,
            threshold - count,
            lacking.isEmpty() ? "nobody the root knows" : String.join(", ", lacking));
  }
}
