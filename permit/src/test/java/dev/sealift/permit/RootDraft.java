// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.suit.cose.CoseKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A root that is being thought about: may say what no root may.
record RootDraft(
    long version,
    long epoch,
    Map<Role, Root.Grant> roles,
    List<CoseKey> keys,
    List<Set<Role>> policy,
    Terms terms) {

  static RootDraft of(Root root) {
    return new RootDraft(
        root.version(), root.epoch(), root.roles(), root.keys(), root.policy(), root.terms());
  }

  static RootDraft after(Root root) {
    return of(root).version(root.version() + 1);
  }

  Root root() {
    return new Root(version, epoch, roles, keys, policy, terms);
  }

  RootDraft version(long other) {
    return new RootDraft(other, epoch, roles, keys, policy, terms);
  }

  RootDraft epoch(long other) {
    return new RootDraft(version, other, roles, keys, policy, terms);
  }

  RootDraft keys(List<CoseKey> others) {
    return new RootDraft(version, epoch, roles, others, policy, terms);
  }

  /// With another key in the place of one.
  RootDraft key(int index, CoseKey other) {
    List<CoseKey> others = new ArrayList<>(keys);
    others.set(index, other);
    return keys(others);
  }

  RootDraft grant(Role role, Root.Grant grant) {
    Map<Role, Root.Grant> others = new EnumMap<>(Role.class);
    others.putAll(roles);
    others.put(role, grant);
    return new RootDraft(version, epoch, others, keys, policy, terms);
  }

  RootDraft grant(Role role, int threshold, Integer... indices) {
    return grant(role, new Root.Grant(threshold, Arrays.asList(indices), Optional.empty()));
  }

  RootDraft scope(Role role, Scope scope) {
    Root.Grant grant = Optional.ofNullable(roles.get(role)).orElseThrow();
    return grant(role, new Root.Grant(grant.threshold(), grant.keys(), Optional.of(scope)));
  }

  RootDraft without(Role role) {
    Map<Role, Root.Grant> others = new EnumMap<>(Role.class);
    others.putAll(roles);
    others.remove(role);
    return new RootDraft(version, epoch, others, keys, policy, terms);
  }

  RootDraft policy(List<Set<Role>> clauses) {
    return new RootDraft(version, epoch, roles, keys, clauses, terms);
  }

  RootDraft terms(Terms others) {
    return new RootDraft(version, epoch, roles, keys, policy, others);
  }
}
