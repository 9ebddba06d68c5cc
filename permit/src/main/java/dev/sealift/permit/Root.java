// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.KeyId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a device trusts: the keys, the roles they have, how many of a role are enough, which roles
/// together may install, and what it asks beside. A key has one role; a policy that no keys could
/// meet cannot be written down. The next root is signed by enough root keys of both.
public record Root(
    long version,
    long epoch,
    Map<Role, Grant> roles,
    List<CoseKey> keys,
    List<Set<Role>> policy,
    Terms terms)
    implements SignedObject {

  public static final int KEYS_MAX = 64;
  public static final int CLAUSES_MAX = 8;

  /// What a device takes as a root unless it says otherwise, in bytes as encoded: ten keys in five
  /// roles need 500.
  public static final int BYTES_MAX = 2048;

  /// A role's keys, as indices into the list of all keys, and how many of them are enough.
  public record Grant(int threshold, List<Integer> keys, Optional<Scope> scope) {
    public Grant {
      keys = List.copyOf(keys);
    }
  }

  private static final int VERSION = 1;
  private static final int EPOCH = 2;
  private static final int ROLES = 3;
  private static final int KEYS = 4;
  private static final int POLICY = 5;

  public Root {
    Map<Role, Grant> copy = new EnumMap<>(Role.class);
    copy.putAll(roles);
    roles = Collections.unmodifiableMap(copy);
    keys = List.copyOf(keys);
    policy = policy.stream().map(Set::copyOf).toList();
    fault(version, epoch, roles, keys, policy, terms)
        .ifPresent(
            fault -> {
              throw new IllegalArgumentException(fault);
            });
  }

  /// A root for a maker's own devices: `threshold` of the release keys are enough, and as many of
  /// the root keys for recovery.
  public static Root simple(
      long epoch, List<CoseKey> rootKeys, List<CoseKey> releaseKeys, int threshold) {
    List<CoseKey> keys = new ArrayList<>(rootKeys);
    keys.addAll(releaseKeys);
    Map<Role, Grant> roles = new EnumMap<>(Role.class);
    roles.put(Role.ROOT, new Grant(threshold, indices(0, rootKeys.size()), Optional.empty()));
    roles.put(
        Role.RELEASE,
        new Grant(threshold, indices(rootKeys.size(), keys.size()), Optional.empty()));
    return new Root(
        1,
        epoch,
        roles,
        keys,
        List.of(Set.of(Role.RELEASE), Set.of(Role.ROOT)),
        Terms.standard(0, Terms.Freshness.Mode.OPEN));
  }

  @Override
  public SignedKind kind() {
    return SignedKind.ROOT;
  }

  public Optional<CoseKey> key(KeyId id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  public Optional<Grant> grant(Role role) {
    return Optional.ofNullable(roles.get(role));
  }

  public Optional<Role> roleOf(CoseKey key) {
    int index = keys.indexOf(key);
    return roles.entrySet().stream()
        .filter(entry -> entry.getValue().keys().contains(index))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  @Override
  public Bytes encode() {
    CborMap.Builder byRole = CborMap.builder();
    roles.forEach(
        (role, grant) -> {
          List<CborItem> parts = new ArrayList<>();
          parts.add(CborInt.of(grant.threshold()));
          parts.add(integers(grant.keys()));
          grant.scope().ifPresent(scope -> parts.add(scope.toCbor()));
          byRole.put(role.id(), new CborList(parts));
        });
    CborMap.Builder map =
        CborMap.builder()
            .put(VERSION, version)
            .put(EPOCH, epoch)
            .put(ROLES, byRole.build())
            .put(KEYS, new CborList(keys.stream().<CborItem>map(CoseKey::toCbor).toList()))
            .put(
                POLICY,
                new CborList(
                    policy.stream()
                        .map(clause -> integers(clause.stream().map(Role::id).sorted().toList()))
                        .toList()));
    terms.put(map);
    return Cbor.deterministic(map.build());
  }

  public static Root decode(Bytes bytes) throws MalformedException {
    CborFields fields = CborFields.of(Cbor.strict(bytes), "root");
    fields.onlyKeys(
        VERSION,
        EPOCH,
        ROLES,
        KEYS,
        POLICY,
        Terms.TIME,
        Terms.FRESHNESS,
        Terms.CROWDS,
        Terms.CONFIRMATION,
        Terms.TRIES);
    List<CoseKey> keys = new ArrayList<>();
    for (CborItem key : fields.list(KEYS)) {
      keys.add(CoseKey.fromCbor(key));
    }
    Map<Role, Grant> roles = new EnumMap<>(Role.class);
    for (var entry : fields.required(CborInt.of(ROLES), CborMap.class).entries().entrySet()) {
      roles.put(role(entry.getKey()), grant(entry.getValue()));
    }
    List<Set<Role>> policy = new ArrayList<>();
    for (CborItem clause : fields.list(POLICY)) {
      Set<Role> all = new HashSet<>();
      for (CborItem id : CborFields.expect(clause, CborList.class, "policy clause").items()) {
        if (!all.add(role(id))) {
          throw new MalformedException("policy clause names a role twice", 0);
        }
      }
      policy.add(all);
    }
    long version = fields.integer(VERSION);
    long epoch = fields.integer(EPOCH);
    Terms terms = Terms.read(fields);
    Optional<String> fault = fault(version, epoch, roles, keys, policy, terms);
    if (fault.isPresent()) {
      throw new MalformedException("root: " + fault.get(), 0);
    }
    return new Root(version, epoch, roles, keys, policy, terms);
  }

  static Role role(CborItem item) throws MalformedException {
    long id = CborFields.toLong(CborFields.expect(item, CborInt.class, "role"), "role");
    Optional<Role> role = Role.ofId(id);
    if (role.isEmpty()) {
      throw new MalformedException("role " + id + " is not known", 0);
    }
    return role.get();
  }

  private static Grant grant(CborItem item) throws MalformedException {
    CborList parts = CborFields.expect(item, CborList.class, "role");
    if (parts.size() < 2 || parts.size() > 3) {
      throw new MalformedException("role of " + parts.size() + " parts", 0);
    }
    List<Integer> keys = new ArrayList<>();
    for (CborItem index : CborFields.expect(parts.get(1), CborList.class, "role's keys").items()) {
      keys.add(small(index, "key index"));
    }
    return new Grant(
        small(parts.get(0), "threshold"),
        keys,
        parts.size() == 2 ? Optional.empty() : Optional.of(Scope.fromCbor(parts.get(2))));
  }

  private static int small(CborItem item, String what) throws MalformedException {
    long value = CborFields.toLong(CborFields.expect(item, CborInt.class, what), what);
    if (value < 0 || value > KEYS_MAX) {
      throw new MalformedException("%s %d".formatted(what, value), 0);
    }
    return (int) value;
  }

  private static Optional<String> fault(
      long version,
      long epoch,
      Map<Role, Grant> roles,
      List<CoseKey> keys,
      List<Set<Role>> policy,
      Terms terms) {
    if (version < 1 || epoch < 0 || epoch > SequenceNumber.PART_MAX) {
      return Optional.of("version %d, epoch %d".formatted(version, epoch));
    }
    if (keys.size() > KEYS_MAX || new HashSet<>(keys).size() != keys.size()) {
      return Optional.of("a key is there twice, or more than %d are".formatted(KEYS_MAX));
    }
    Set<Integer> given = new HashSet<>();
    for (var entry : roles.entrySet()) {
      Grant grant = entry.getValue();
      for (int index : grant.keys()) {
        if (index < 0 || index >= keys.size()) {
          return Optional.of("%s has key %d of %d".formatted(entry.getKey(), index, keys.size()));
        }
        if (!given.add(index)) {
          return Optional.of("key %d has two roles".formatted(index));
        }
      }
      if (grant.threshold() < 1 || grant.threshold() > grant.keys().size()) {
        return Optional.of(
            "%s wants %d of %d keys"
                .formatted(entry.getKey(), grant.threshold(), grant.keys().size()));
      }
    }
    if (policy.isEmpty() || policy.size() > CLAUSES_MAX) {
      return Optional.of("policy of %d clauses".formatted(policy.size()));
    }
    for (Set<Role> clause : policy) {
      if (clause.isEmpty() || !roles.keySet().containsAll(clause)) {
        return Optional.of("policy asks for roles that nobody has: " + clause);
      }
      if (!clause.contains(Role.RELEASE) && !clause.contains(Role.ROOT)) {
        return Optional.of("policy lets install what nobody has released: " + clause);
      }
      if (clause.contains(Role.FRESHNESS) || clause.contains(Role.OPERATE)) {
        return Optional.of("policy asks for roles that allow nothing: " + clause);
      }
    }
    if (!roles.containsKey(Role.ROOT)) {
      return Optional.of("nobody has the root's role, so it could never be changed");
    }
    if (terms.freshness().mode() != Terms.Freshness.Mode.OPEN
        && !roles.containsKey(Role.FRESHNESS)) {
      return Optional.of("freshness is asked for, and nobody can speak of it");
    }
    return terms.fault();
  }

  private static List<Integer> indices(int from, int to) {
    return java.util.stream.IntStream.range(from, to).boxed().toList();
  }

  private static CborItem integers(List<Integer> values) {
    return new CborList(values.stream().<CborItem>map(CborInt::of).toList());
  }
}
