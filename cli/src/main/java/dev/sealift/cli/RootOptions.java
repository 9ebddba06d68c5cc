// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Fraction;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Scope;
import dev.sealift.permit.Terms;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.KeyId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/// What goes into a root: the options that making one and changing one share. What is not given is
/// as it was in the root before, or else a default.
final class RootOptions {
  @Option(
      names = "--root-key",
      paramLabel = "FILE",
      description = "public key of somebody who may change the root; repeat for each")
  private List<Path> rootKeys = new ArrayList<>();

  @Option(
      names = "--root-threshold",
      paramLabel = "N",
      defaultValue = "",
      description = "root signatures that are enough; more than half of them unless told")
  private String rootThreshold = "";

  @Option(
      names = "--release",
      paramLabel = "FILE",
      description = "public key of a release engineer; repeat for each")
  private List<Path> release = new ArrayList<>();

  @Option(
      names = "--threshold",
      paramLabel = "N",
      defaultValue = "",
      description = "release signatures that are enough; more than half of them unless told")
  private String releaseThreshold = "";

  @Option(
      names = "--approve",
      paramLabel = "FILE",
      description = "public key of an operator who approves where releases go; repeat for each")
  private List<Path> approve = new ArrayList<>();

  @Option(
      names = "--approve-threshold",
      paramLabel = "N",
      defaultValue = "",
      description = "approvals that are enough; more than half of them unless told")
  private String approveThreshold = "";

  @Option(
      names = "--freshness",
      paramLabel = "FILE",
      description = "public key that says what is news ('trust serve'); any one is enough")
  private List<Path> freshness = new ArrayList<>();

  @Option(
      names = "--operate",
      paramLabel = "FILE",
      description = "public key of a technician; any one is enough")
  private List<Path> operate = new ArrayList<>();

  @Option(
      names = "--scope",
      paramLabel = "ROLE:SCOPE",
      description = "what a role may speak for: " + Scopes.FORM)
  private List<String> scopes = new ArrayList<>();

  @Option(
      names = "--policy",
      paramLabel = "ROLES",
      defaultValue = "",
      description =
          "who together may install: roles joined by +, ways parted by commas; "
              + "'release,root' unless told, 'release+approve,root' where there are approve keys")
  private String policy = "";

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "",
      description =
          "how sure a device must be of its news: open, bounded or strict; "
              + "bounded where there is a freshness key, else open")
  private String mode = "";

  @Option(
      names = "--crowd",
      paramLabel = "PART=N",
      description = "more than that part of a deployment needs N approvers, as 10%%=2")
  private List<String> crowds = new ArrayList<>();

  @Option(
      names = "--confirm",
      paramLabel = "RULE",
      defaultValue = "",
      description =
          "what keeps an image on trial: self-test (default), or contact, for both the self-test "
              + "and a server or beacon that was reached")
  private String confirm = "";

  @Option(
      names = "--tries",
      paramLabel = "N",
      defaultValue = "",
      description = "how often one release may fail its self-test, default 3")
  private String tries = "";

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "",
      description = "the least that a device's clock shows; now unless told")
  private String time = "";

  @Option(
      names = "--epoch",
      paramLabel = "N",
      defaultValue = "",
      description = "epoch of sequence numbers, default 1; raising it revokes all before")
  private String epoch = "";

  private final Map<KeyId, String> names = new HashMap<>();

  /// A role's keys before they have indices.
  private record Holders(List<CoseKey> keys, int threshold, Optional<Scope> scope) {}

  /// The first root of a maker.
  Root first(long version, Instant now) {
    if (rootKeys.isEmpty()) {
      throw Failure.usage("give --root-key FILE: without one the root could never be changed")
          .hint("'sealift key new root.pem' makes one, to be kept offline");
    }
    if (release.isEmpty()) {
      throw Failure.usage("give --release FILE: somebody must say what a release is");
    }
    return root(version, Optional.empty(), EnumSet.noneOf(Role.class), now);
  }

  /// The root that comes after another one, without the roles `dropped`.
  Root next(Root before, Set<Role> dropped, Instant now) {
    return root(before.version() + 1, Optional.of(before), dropped, now);
  }

  private Root root(long version, Optional<Root> before, Set<Role> dropped, Instant now) {
    Map<Role, Holders> roles = new EnumMap<>(Role.class);
    before.ifPresent(old -> old.roles().forEach((role, grant) -> roles.put(role, of(old, grant))));
    dropped.forEach(roles::remove);
    set(roles, Role.ROOT, rootKeys, "--root-threshold", rootThreshold);
    set(roles, Role.RELEASE, release, "--threshold", releaseThreshold);
    set(roles, Role.APPROVE, approve, "--approve-threshold", approveThreshold);
    set(roles, Role.FRESHNESS, freshness, "", "");
    set(roles, Role.OPERATE, operate, "", "");
    scopes.forEach(text -> scope(roles, text));
    List<CoseKey> keys = new ArrayList<>();
    Map<Role, Root.Grant> grants = new EnumMap<>(Role.class);
    roles.forEach(
        (role, holders) -> {
          List<Integer> indices = new ArrayList<>();
          for (CoseKey key : holders.keys()) {
            indices.add(keys.size());
            keys.add(key);
          }
          grants.put(role, new Root.Grant(holders.threshold(), indices, holders.scope()));
        });
    try {
      return new Root(
          version,
          epoch(before),
          grants,
          keys,
          policy(before, grants.keySet()),
          terms(before, grants.keySet(), now));
    } catch (IllegalArgumentException e) {
      throw Failure.refused("no root can be made of that: " + e.getMessage());
    }
  }

  private static Holders of(Root root, Root.Grant grant) {
    return new Holders(
        grant.keys().stream().map(index -> root.keys().get(index)).toList(),
        grant.threshold(),
        grant.scope());
  }

  private void set(
      Map<Role, Holders> roles, Role role, List<Path> files, String option, String threshold) {
    Optional<Holders> before = Optional.ofNullable(roles.get(role));
    if (files.isEmpty() && before.isEmpty()) {
      if (!threshold.isEmpty()) {
        throw Failure.usage("%s is given, and no key of the role %s".formatted(option, role));
      }
      return;
    }
    List<CoseKey> keys =
        files.isEmpty() ? before.orElseThrow().keys() : files.stream().map(this::key).toList();
    int usual = option.isEmpty() ? 1 : keys.size() / 2 + 1;
    int enough =
        threshold.isEmpty()
            ? before.map(Holders::threshold).orElse(usual)
            : Numbers.parseInt(option, threshold, 1, keys.size());
    if (enough > keys.size()) {
      throw Failure.usage(
          "the role %s wants %d signatures and would have %s%s"
              .formatted(
                  role,
                  enough,
                  Releases.count(keys.size(), "key"),
                  option.isEmpty() ? "" : "; give " + option + " too"));
    }
    roles.put(role, new Holders(keys, enough, before.flatMap(Holders::scope)));
  }

  private CoseKey key(Path file) {
    CoseKey key = CoseKeys.readPublic(file);
    names.put(key.id(), String.valueOf(file.getFileName()));
    return key;
  }

  /// The keys that were given, by the names of their files.
  Map<KeyId, String> names() {
    return names;
  }

  private static void scope(Map<Role, Holders> roles, String text) {
    int colon = text.indexOf(':');
    Role role = role("--scope", colon < 0 ? text : text.substring(0, colon));
    Holders holders = roles.get(role);
    if (colon < 0 || holders == null) {
      throw Failure.usage(
          colon < 0
              ? "--scope is a role, a colon and a scope, as release:vendor=acme.example; is '%s'"
                  .formatted(text)
              : "--scope is for the role %s, which has no key".formatted(role));
    }
    Scope scope = Scopes.parse("--scope", role, text.substring(colon + 1));
    roles.put(role, new Holders(holders.keys(), holders.threshold(), Optional.of(scope)));
  }

  static Role role(String what, String name) {
    return Arrays.stream(Role.values())
        .filter(role -> role.toString().equals(name.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "%s: '%s' is no role; there are %s"
                        .formatted(what, name, Arrays.toString(Role.values()))));
  }

  private long epoch(Optional<Root> before) {
    return epoch.isEmpty()
        ? before.map(Root::epoch).orElse(Sequences.EPOCH_FIRST)
        : Numbers.parse("--epoch", epoch, before.map(Root::epoch).orElse(0L), Sequences.EPOCH_MAX);
  }

  private List<Set<Role>> policy(Optional<Root> before, Set<Role> roles) {
    if (!policy.isEmpty()) {
      List<Set<Role>> clauses = new ArrayList<>();
      for (String clause : policy.split(",", -1)) {
        Set<Role> all = EnumSet.noneOf(Role.class);
        for (String role : clause.split("\\+", -1)) {
          all.add(role("--policy", role));
        }
        clauses.add(all);
      }
      return clauses;
    }
    // A policy of somebody's own stays; the usual one follows the roles there are.
    return before
        .filter(old -> !old.policy().equals(usualPolicy(old.roles().keySet())))
        .map(Root::policy)
        .orElseGet(() -> usualPolicy(roles));
  }

  private static List<Set<Role>> usualPolicy(Set<Role> roles) {
    return List.of(
        roles.contains(Role.APPROVE) ? Set.of(Role.RELEASE, Role.APPROVE) : Set.of(Role.RELEASE),
        Set.of(Role.ROOT));
  }

  private Terms terms(Optional<Root> before, Set<Role> roles, Instant now) {
    Optional<Terms> old = before.map(Root::terms);
    Terms.Freshness.Mode wanted = mode(before, roles);
    Terms.Freshness freshness =
        old.map(
                terms ->
                    new Terms.Freshness(
                        wanted, terms.freshness().timeJumpMax(), terms.freshness().numberJumpMax()))
            .orElseGet(() -> Terms.Freshness.of(wanted));
    return new Terms(
        time.isEmpty() ? now.getEpochSecond() : Times.moment("--time", time, now),
        freshness,
        crowds.isEmpty()
            ? old.map(Terms::crowds).orElse(List.of())
            : crowds.stream().map(RootOptions::crowd).toList(),
        confirm.isEmpty()
            ? old.map(Terms::confirmation).orElse(Terms.ConfirmRule.SELF_TEST)
            : confirmRule(),
        tries.isEmpty()
            ? old.map(Terms::tries).orElse(Terms.TRIES_DEFAULT)
            : Numbers.parseInt("--tries", tries, 1, Terms.TRIES_MAX));
  }

  /// As it was; but the usual one follows the roles there are.
  private Terms.Freshness.Mode mode(Optional<Root> before, Set<Role> roles) {
    if (!mode.isEmpty()) {
      return mode("--mode", mode);
    }
    return before
        .filter(old -> mode(old) != usualMode(old.roles().keySet()))
        .map(RootOptions::mode)
        .orElseGet(() -> usualMode(roles));
  }

  static Terms.Freshness.Mode mode(String what, String name) {
    return Terms.Freshness.Mode.named(name)
        .orElseThrow(
            () ->
                Failure.usage("%s must be open, bounded or strict, is '%s'".formatted(what, name)));
  }

  private static Terms.Freshness.Mode mode(Root root) {
    return root.terms().freshness().mode();
  }

  private static Terms.Freshness.Mode usualMode(Set<Role> roles) {
    return roles.contains(Role.FRESHNESS)
        ? Terms.Freshness.Mode.BOUNDED
        : Terms.Freshness.Mode.OPEN;
  }

  private static Terms.Crowd crowd(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw Failure.usage("--crowd must be like 10%%=2, is '%s'".formatted(text));
    }
    Fraction above = Fractions.parse("--crowd", text.substring(0, equals));
    return new Terms.Crowd(
        above, Numbers.parseInt("--crowd", text.substring(equals + 1), 1, Root.KEYS_MAX));
  }

  private Terms.ConfirmRule confirmRule() {
    return switch (confirm) {
      case "self-test" -> Terms.ConfirmRule.SELF_TEST;
      case "contact" -> Terms.ConfirmRule.SELF_TEST_AND_CONTACT;
      default ->
          throw Failure.usage("--confirm must be self-test or contact, is '%s'".formatted(confirm));
    };
  }
}
